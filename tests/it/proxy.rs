//! A service behind nginx, under an authority of its own: the block and the unit that
//! `docs/OPERATING.md` gives run here, every client command goes through them, and a certificate
//! that is not believed is called that.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::Bench;

/// The first block of a kind in the document.
fn block(kind: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/OPERATING.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (_, rest) = document.split_once(&format!("```{kind}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// nginx; ends when it goes out of sight.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let id = self.0.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().ok();
        self.0.wait().ok();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn here(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("-v").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok()
}

fn openssl(bench: &Bench, line: &str) {
    let made = Command::new("openssl").args(line.split(' ')).current_dir(bench.path("")).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// An authority of our own, and a certificate of it for `localhost`.
fn authority(bench: &Bench) {
    openssl(
        bench,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -keyout ca.key \
         -out ca.pem -subj /CN=fictive",
    );
    openssl(
        bench,
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout site.key -out \
         site.csr -subj /CN=localhost",
    );
    bench.write("ext", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
    openssl(
        bench,
        "x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext \
         -out site.pem",
    );
}

/// nginx with the document's block, in front of a service.
fn proxy(bench: &Bench, port: u16, service: &str) -> Proxy {
    let folder = bench.path("").display().to_string();
    let block = block("nginx")
        .replace("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl"))
        .replace("ledger.example;", "localhost;")
        .replace("/etc/ssl/tasdiq/ledger.example.pem", &format!("{folder}/site.pem"))
        .replace("/etc/ssl/tasdiq/ledger.example.key", &format!("{folder}/site.key"))
        .replace("http://127.0.0.1:8080", service);
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary = temporary.map(|name| format!("{name}_temp_path {folder}/{name};\n")).concat();
    let conf = format!(
        "daemon off;\nuser root;\npid {folder}/nginx.pid;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{block}}}\n"
    );
    bench.write("nginx.conf", &conf);
    let log = format!("{folder}/nginx.log");
    let child = Command::new("nginx")
        .args(["-e", &log, "-p", &folder, "-c", &format!("{folder}/nginx.conf")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let proxy = Proxy(child);
    let until = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(Instant::now() < until, "nginx does not answer: {log}");
        std::thread::sleep(Duration::from_millis(50));
    }
    proxy
}

/// The command of the document's unit, with this binary, this folder and a free port.
fn by_unit(bench: &Bench) -> Command {
    let unit = block("ini");
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let (program, rest) = line.split_once(' ').unwrap();
    assert_eq!(program, "/usr/local/bin/tasdiq");
    let rest = rest.replace("/var/lib/tasdiq", "tasdiq-data").replace(":8080", ":0");
    let mut command = bench.command();
    command.args(rest.split(' '));
    command
}

#[test]
fn every_client_command_works_behind_nginx_and_an_authority_of_ones_own() {
    if !here("nginx") || !here("openssl") {
        eprintln!("skipped: nginx (Debian: nginx-light) or openssl is not here");
        return;
    }
    let port = free_port();
    let bench = Bench::new();
    bench.good(&format!("init --host localhost:{port} --name Autorite"));
    bench.with_parties();
    let service = bench.started(by_unit(&bench));
    authority(&bench);
    let _proxy = proxy(&bench, port, &service.url);
    let url = format!("https://localhost:{port}");
    let at = format!("--url {url} --cacert ca.pem");
    bench.write(
        "lots.csv",
        "lot;product;quantity;pack_size;region;campaign;packed_on\n\
         L1;argane;800 L;250 mL;MA-09;2020;30/10/2020\n\
         L2;argane;8 L;250 mL;MA-09;2020;30/10/2020\n",
    );
    bench.write(
        "certificates.csv",
        "lot;scheme;edition;quantity;decision_date;valid_until\n\
         coop/L1;bio-maroc;2018;800 L;02/11/2020;01/11/2099\n",
    );
    std::fs::copy(bench.path("tasdiq-data/keys/registrar-1.pem"), bench.path("registrar.pem"))
        .unwrap();
    let root = {
        let config: serde_json::Value =
            serde_json::from_str(&bench.read("tasdiq-data/ledger.json")).unwrap();
        config["root"].as_str().unwrap().to_owned()
    };
    for line in [
        "issue lots.csv --what lots --key coop.pem --issuer coop --yes",
        "issue certificates.csv --key certifier.pem --issuer cert --yes --report done.csv",
    ] {
        bench.good(&format!("{line} {at}"));
    }
    let done = bench.read("done.csv");
    let (_, serial) = done.split_once("/certificates/").unwrap();
    let serial: String = serial.chars().take_while(char::is_ascii_digit).collect();
    for line in [
        &format!("status suspend {serial} --reason complaint --key certifier.pem --issuer cert"),
        &format!("status reinstate {serial} --reason other --key certifier.pem --issuer cert"),
        &format!("dossier {serial} --out jar.tasdiq"),
        "register capacity --id coop --capacity argane:2020:900001L --as registrar.pem --yes",
        "rulebook show",
        "trust --out trust.json",
        "pack --out daily.pack",
        "label coop/L1 --out label.txt",
        "trace coop/L1",
        "reach coop/L1",
        "balance coop/L1",
        "shipments --to coop",
        "audit --trust trust.json",
    ] {
        bench.good(&format!("{line} {at}"));
    }
    let label = bench.read("label.txt");
    bench.good(&format!("verify --url {url} --cacert ca.pem --root {root} {}", label.trim()));
    bench.good(&format!("export copy --root {root} {at}"));
    // The environment names the authority too.
    for (name, value) in [("SSL_CERT_FILE", "ca.pem"), ("TASDIQ_CACERT", "ca.pem")] {
        let mut command = bench.command();
        let done = command.args(["trust", "--out", "trust.json", "--url", &url]).env(name, value);
        assert!(done.status().unwrap().success(), "{name}");
    }
    told_what_is_wrong(&bench, port);
}

/// A certificate that is not believed is no silence.
fn told_what_is_wrong(bench: &Bench, port: u16) {
    let local = format!("https://localhost:{port}");
    let (code, out, err) = bench.run(&format!("trust --out t.json --url {local}"));
    let fault = format!("the certificate of localhost:{port} is not trusted");
    assert!(code == 2 && out.is_empty() && err.contains(&fault), "{err}");
    assert!(err.contains("--cacert") && !err.to_lowercase().contains("offline"), "{err}");
    assert!(!err.contains("no answer"), "{err}");
    // By another name than the certificate has.
    let (code, _, err) =
        bench.run(&format!("trust --out t.json --url https://127.0.0.1:{port} --cacert ca.pem"));
    assert!(code == 2 && err.contains("not trusted: it is of another host"), "{err}");
    for (file, word) in [("no.pem", "No such file"), ("ext", "holds no certificate")] {
        let (code, _, err) =
            bench.run(&format!("trust --out t.json --url {local} --cacert {file}"));
        assert!(code == 2 && err.contains(word) && err.contains(file), "{err}");
        let mut command = bench.command();
        command.args(["trust", "--out", "t.json", "--url", &local]).env("SSL_CERT_FILE", file);
        assert_eq!(command.output().unwrap().status.code(), Some(2));
    }
    // Who asks nobody needs no roots.
    let mut command = bench.command();
    command.args(["catalogue", "regions"]).env("SSL_CERT_FILE", "no.pem");
    assert!(command.output().unwrap().status.success());
    assert!(!bench.path("t.json").exists());
}

#[test]
fn the_unit_of_the_document_is_one_that_systemd_takes() {
    let unit = block("ini").replace("/usr/local/bin/tasdiq", env!("CARGO_BIN_EXE_tasdiq"));
    let bench = Bench::new();
    bench.write("tasdiq.service", &unit);
    let file = bench.path("tasdiq.service");
    let Ok(judged) = Command::new("systemd-analyze").arg("verify").arg(&file).output() else {
        eprintln!("skipped: systemd-analyze is not here");
        return;
    };
    let said = String::from_utf8_lossy(&judged.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("tasdiq.service")).collect();
    assert!(ours.is_empty(), "{ours:?}");
}
