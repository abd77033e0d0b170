//! A demonstration for phones: the code that is drawn leads a device of the network to the page,
//! says what it is, and is worth nothing anywhere else.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::cli::Bench;
use crate::drawn;
use crate::made::{Terminal, made};
use crate::program::{TASDIQ, let_go, quiet, ran, tasdiq};

fn get(url: &str) -> (u16, String) {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let request = config.new_agent().get(url).header("accept", "text/html");
    let mut answer = request.call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

#[test]
fn a_phone_of_the_network_scans_a_code_and_no_other_ledger_takes_it() {
    let (made, _turn) = made();
    if !made.phone {
        eprintln!("skipped: this machine is in no network");
        return;
    }
    let (bench, host) = (Bench::new(), &made.host);
    made.copied(&bench.path(""));
    let mut command = tasdiq(&bench.path(""));
    command.args(["demo", "--phone", "--listen", host]);
    let demo = Terminal::of(&mut command);
    let said = &demo.said;
    let told = said.join("\n");
    for words in ["DEMONSTRATION ONLY", "plain http", &format!("http://{host}/"), "Ctrl-C stops it"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    // The terminal's code, and the page's.
    let shown = drawn::read(&drawn::in_terminal(said).unwrap());
    assert!(shown.starts_with(&format!("http://{host}/")), "{shown}");
    let (_, home) = get(&format!("http://{host}/?lang=en"));
    let code = drawn::read(&drawn::on_page(&home).unwrap());
    assert!(code.starts_with(&format!("http://{host}/")) && home.contains("plain http"), "{code}");
    for code in [&shown, &code] {
        let (status, page) = get(code);
        assert!(status == 200 && page.contains("<section class=\"verdict ok\""), "{code}");
    }
    // A label still says https, and the code is told to be none.
    let codes = bench.read("tasdiq-data/examples/codes.csv");
    assert!(codes.contains(&format!("https://{host}/")) && !codes.contains("http://"), "{codes}");
    let (exit, out, err) = bench.run_args(&["verify", &code]);
    assert!(exit == 0 && out.contains("begins with http: as no label"), "{exit} {out}{err}");
    worth_nothing_elsewhere(&code);
    drop(demo);
    let_go(&bench.path("tasdiq-data"));
    refused_otherwise(&bench, host);
}

/// By another ledger's files, its service, and its pages.
fn worth_nothing_elsewhere(code: &str) {
    let other = Bench::founded();
    other.issue();
    other.good("trust --out trust.json");
    other.good("pack --out daily.pack");
    let offline = ["verify", "--offline", "--trust", "trust.json", "--pack", "daily.pack", code];
    let (exit, out, err) = other.run_args(&offline);
    assert!([1, 3].contains(&exit) && !out.contains("PASSED"), "{exit} {out}{err}");
    let service = other.serve();
    let path = code.splitn(4, '/').nth(3).unwrap();
    let (_, page) = get(&format!("{}/{path}?lang=en", service.url));
    assert!(!page.contains("verdict ok") && page.contains("<section class=\"verdict "), "{page}");
}

/// A demonstration under another address, a ledger that is none, and no address of a network.
fn refused_otherwise(bench: &Bench, host: &str) {
    let ip = host.split(':').next().unwrap();
    let port = TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().port();
    let elsewhere = format!("{ip}:{port}");
    let line = ["demo", "--phone", "--listen", &elsewhere];
    let (exit, out, err) = bench.run_args(&line);
    assert!(exit == 2 && out.is_empty() && err.contains(&format!("was made as {host}")), "{err}");
    let real = Bench::founded();
    let before = std::fs::read(real.path("tasdiq-data/ledger.json")).unwrap();
    let (exit, out, err) = real.run_args(&line);
    assert!(exit == 2 && out.is_empty() && err.contains("no demonstration"), "{err}");
    assert_eq!(std::fs::read(real.path("tasdiq-data/ledger.json")).unwrap(), before);
    let none = Bench::new();
    let (exit, _, err) = none.run_args(&["demo", "--phone", "--listen", "127.0.0.1:0"]);
    assert!(exit == 2 && err.contains("--listen IP:PORT"), "{err}");
    assert!(!none.path("tasdiq-data").exists(), "nothing is made for what cannot be shown");
}

#[test]
fn without_a_network_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut alone = Command::new("unshare");
    alone.args(["--user", "--map-root-user", "--net", "--"]).stdin(Stdio::null());
    let can = alone.arg("true").status().is_ok_and(|status| status.success());
    if !can {
        eprintln!("skipped: no namespace without a network can be made here");
        return;
    }
    let mut alone = Command::new("unshare");
    alone.args(["--user", "--map-root-user", "--net", "--", TASDIQ, "demo", "--phone"]);
    let (exit, out, err) = ran(quiet(&mut alone).current_dir(folder.path()));
    assert!(exit == 2 && out.is_empty() && err.contains("in no network"), "{exit} {out}{err}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
