//! Ledgers of earlier releases, made by their own binaries (`tests/fixtures/releases/make.py`):
//! they open, audit clean, and fold to the register that the release itself told of; their codes
//! and papers stay readable and never come out better than the release judged them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::program;

/// What a release left: its folder, and what it told of the whole.
struct Release {
    folder: PathBuf,
    facts: Value,
}

fn releases() -> Vec<Release> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/releases");
    let folders = fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<Release> = folders
        .filter(|folder| folder.is_dir())
        .map(|folder| Release { facts: json(&folder.join("facts.json")), folder })
        .collect();
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    assert!(!found.is_empty());
    found
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

impl Release {
    fn fact(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap()
    }

    /// Runs in the release's folder, which only reads there: exit code, stdout, stderr.
    fn run(&self, words: &[&str]) -> (i32, String, String) {
        program::ran(program::tasdiq(&self.folder).args(words))
    }

    fn good(&self, words: &[&str]) -> Value {
        let (code, out, err) = self.run(&[words, &["--json"]].concat());
        assert_eq!(code, 0, "{words:?}\n{out}{err}");
        serde_json::from_str(&out).unwrap_or_default()
    }

    /// The data folder as the release left it, without keys.
    fn unpacked(&self, to: &Path) -> String {
        fs::create_dir(to).unwrap();
        let archive = fs::File::open(self.folder.join("data.tar.gz")).unwrap();
        tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(to).unwrap();
        text(to)
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A service that only reads, since no keys are there.
struct Reading(program::Service);

impl Reading {
    fn of(data: &str) -> Self {
        let mut command = program::tasdiq(Path::new(data));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data", data]);
        Self(program::Service::of(command.stderr(Stdio::null())))
    }

    fn get(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}{path}", self.0.url)).call().unwrap();
        serde_json::from_reader(answer.body_mut().as_reader()).unwrap()
    }

    fn pages(&self, path: &str, member: &str) -> Value {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}?limit=500{after}"));
            found.extend(page[member].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Value::Array(found),
            }
        }
    }
}

/// All that was told must be told again; more may be.
fn agrees(told: &Value, now: &Value, at: &str) {
    match (told, now) {
        (Value::Object(told), Value::Object(now)) => {
            for (name, value) in told {
                let found = now.get(name).unwrap_or(&Value::Null);
                agrees(value, found, &format!("{at}.{name}"));
            }
        }
        (Value::Array(told), Value::Array(now)) => {
            assert_eq!(told.len(), now.len(), "{at}: as many as before");
            for (place, (told, now)) in told.iter().zip(now).enumerate() {
                agrees(told, now, &format!("{at}[{place}]"));
            }
        }
        _ => assert_eq!(told, now, "{at}"),
    }
}

/// Compares a data folder with what the release told of its own.
fn same_register(release: &Release, data: &str) {
    let mut audit = json(&release.folder.join("audit.json"));
    let told = audit.as_object_mut().unwrap();
    told.retain(|name, _| !["elapsedMs", "tiles"].contains(&name.as_str()));
    agrees(&audit, &release.good(&["audit", "--data", data]), "audit");
    let service = Reading::of(data);
    let told = json(&release.folder.join("register.json"));
    agrees(&told["lots"], &service.pages("/api/v1/lots", "lots"), "lots");
    agrees(&told["parties"], &service.pages("/api/v1/parties", "parties"), "parties");
    for certificate in told["certificates"].as_array().unwrap() {
        let serial = certificate["serial"].as_u64().unwrap();
        let path = format!("/api/v1/certificates/{serial}");
        agrees(certificate, &service.get(&path), &path);
    }
    for (name, bits) in told["lists"].as_object().unwrap() {
        let found = service.get(&format!("/status/{name}"));
        assert_eq!(found["credentialSubject"]["encodedList"], *bits, "{name}");
    }
}

#[test]
fn a_data_folder_of_an_earlier_release_opens() {
    for release in releases() {
        let place = tempfile::tempdir().unwrap();
        let data = release.unpacked(&place.path().join("data"));
        same_register(&release, &data);
        same_register(&release, &data);
    }
}

#[test]
fn an_export_of_an_earlier_release_is_audited_and_imported() {
    for release in releases() {
        let audit = release.good(&["audit", "--tiles", "copy", "--trust", "trust.json"]);
        agrees(&release.facts["size"], &audit["size"], "size");
        assert_eq!((&audit["fault"], &audit["documents"]), (&Value::Null, &Value::from(2)));
        let place = tempfile::tempdir().unwrap();
        let data = text(&place.path().join("data"));
        release.good(&["import", "copy", "--data", &data, "--root", release.fact("root")]);
        same_register(&release, &data);
    }
}

#[test]
fn a_backup_of_an_earlier_release_is_restored() {
    for release in releases() {
        let place = tempfile::tempdir().unwrap();
        let data = text(&place.path().join("data"));
        release.good(&["restore", "backup.tar", "--data", &data, "--root", release.fact("root")]);
        same_register(&release, &data);
    }
}

/// Exit codes: 0 passed, 1 not genuine, 2 unreadable, 3 not decided, 4 not fit.
#[test]
fn what_an_earlier_release_printed_is_readable_and_never_greener() {
    for release in releases() {
        let made = release.fact("made");
        let table = fs::read_to_string(release.folder.join("inputs.csv")).unwrap();
        let mut kinds = 0;
        for row in table.lines().skip(1) {
            let [what, before, input] = row.splitn(3, ',').collect::<Vec<_>>().try_into().unwrap();
            let mut words = vec!["verify", "--offline", "--trust", "trust.json"];
            words.extend(["--pack", "daily.pack", "--at", made, input]);
            let leaf = input.strip_suffix(".tlog-proof").map(|stem| format!("{stem}.leaf"));
            leaf.iter().for_each(|leaf| words.extend(["--leaf", leaf]));
            let (code, out, err) = release.run(&words);
            assert!(code != 2, "{what} cannot be read\n{out}{err}");
            assert!(code != 0 || before == "0", "{what} was {before} and is green\n{out}");
            if what == "good" {
                assert_eq!(code, 0, "{out}{err}");
                kinds += 1;
            }
        }
        assert!(kinds > 0);
    }
}
