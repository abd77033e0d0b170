//! The pages for each role in `docs/roles`: their blocks are pasted into a shell, one after the
//! other, against a demonstration or a ledger of one's own, and all must go well.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::made::{Terminal, made};
use crate::program::{TASDIQ, quiet};

/// What is told somewhere on the way through each page.
const TOLD: [(&str, &[&str]); 7] = [
    ("operator.md", &["tasdiq_log_entries", "CLEAN"]),
    ("shopper.md", &["NOT GENUINE", "exit code 1"]),
    ("certifier.md", &["300 logged", "commitment"]),
    ("cooperative.md", &["free        100 L", "out         20 L"]),
    ("inspector.md", &["exit code 3", "(sound)"]),
    ("auditor.md", &["CLEAN", "certif-atlas certified"]),
    ("programmer.md", &["\"exitCode\":0", "\"index\":", "\"code\":\"proof_shape\""]),
];

/// How a block of a page is run.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// In the shell of the page.
    Paste,
    /// In a terminal of its own, until the page ends.
    Service,
    /// Needs a network: `demo` tries it.
    Phone,
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/roles").join(name);
    fs::read_to_string(path).unwrap()
}

/// The blocks of a page that are pasted, in order.
fn blocks(text: &str) -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    for part in text.split("\n```sh").skip(1) {
        let (kind, rest) = part.split_once('\n').unwrap();
        let block = rest.split_once("\n```").unwrap().0;
        let kind = match kind.trim() {
            "" => Kind::Paste,
            "service" => Kind::Service,
            "phone" => Kind::Phone,
            other => unreachable!("a block of an unknown kind: {other}"),
        };
        found.push((kind, block.to_owned()));
    }
    found
}

fn shell(folder: &Path) -> Command {
    let mut command = Command::new("bash");
    let path = Path::new(TASDIQ).parent().unwrap().display().to_string();
    let path = format!("{path}:{}", std::env::var("PATH").unwrap_or_default());
    quiet(&mut command).env("PATH", path).env("LC_ALL", "C.UTF-8").current_dir(folder);
    command
}

/// Pastes a page into a shell of its own, in a folder of its own; gives what was told there.
fn pasted(name: &str, folder: &Path, host: &str) -> String {
    let mut terminal = None;
    let mut script = String::new();
    for (kind, block) in blocks(&page(name)) {
        let block = block.replace("127.0.0.1:8080", host);
        match kind {
            Kind::Paste => script.push_str(&format!("{block}\n")),
            Kind::Service => {
                // What comes before it is pasted before it.
                run(name, folder, &std::mem::take(&mut script));
                let listen = if block == "tasdiq demo" { "--listen" } else { "" };
                let host = if listen.is_empty() { "" } else { host };
                let line = format!("exec {block} {listen} {host}");
                terminal = Some(Terminal::of(shell(folder).args(["-c", line.as_str()])));
            }
            Kind::Phone => {}
        }
    }
    assert!(terminal.is_some() && !script.is_empty(), "{name} has nothing to paste");
    run(name, folder, &script)
}

fn run(name: &str, folder: &Path, script: &str) -> String {
    let path: PathBuf = folder.join("pasted.sh");
    fs::write(&path, format!("set -euo pipefail\n{script}")).unwrap();
    let output = shell(folder).arg("pasted.sh").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{name}: {}\n{script}\n{out}\n{err}", output.status);
    out + &err
}

/// Each in a folder of its own, with a copy of one demonstration, as if it were new. All of them in
/// the long run; else the operator's, which makes its own ledger, and another that is drawn.
#[test]
fn every_page_of_a_role_works_when_it_is_pasted() {
    let (made, _turn) = made();
    let folder = tempfile::tempdir().unwrap();
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(3, |seed| seed.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let drawn = 1 + seed % (TOLD.len() - 1);
    let all = std::env::var_os("TASDIQ_LONG").is_some();
    let pages = TOLD.iter().enumerate().filter(|(place, _)| all || [0, drawn].contains(place));
    for (_, (name, told)) in pages {
        let here = folder.path().join(name);
        fs::create_dir(&here).unwrap();
        if *name != "operator.md" {
            made.copied(&here);
        }
        let said = pasted(name, &here, &made.host);
        for told in *told {
            assert!(said.contains(told), "{name} does not say {told}:\n{said}");
        }
    }
}

/// Nothing in a block that an interactive shell would take for something else, and each picture and
/// page that is named is there.
#[test]
fn what_the_pages_name_is_there_and_what_is_pasted_is_plain() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> =
        fs::read_dir(root.join("docs/roles")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(pages.len(), 7);
    pages.push(root.join("README.md"));
    for path in pages {
        let text = fs::read_to_string(&path).unwrap();
        for (_, block) in blocks(&text) {
            for mark in ["!", "…", "z6Mk", "’", "\u{a0}", "\t"] {
                let shown = block.contains(mark) && !block.contains(&format!("'{mark}"));
                assert!(!shown, "{}: {mark:?} in\n{block}", path.display());
            }
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let file = path.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(file.exists(), "{}: {link} is not there", path.display());
            let Some(place) = link.split_once('#').map(|(_, place)| place) else { continue };
            let heads = fs::read_to_string(&file).unwrap();
            let known = heads.lines().filter_map(|line| line.strip_prefix("## "));
            let mut known = known.map(|head| head.to_lowercase().replace(' ', "-"));
            assert!(known.any(|head| head == place), "{}: {link}", path.display());
        }
    }
}
