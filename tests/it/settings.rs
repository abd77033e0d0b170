//! Settings of `serve` in a file, by the built binary: which of file, environment and command line
//! counts, where each value comes from, what a file may not be or say, and that no secret is shown.
//! A service that takes them is one that runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{self, Service};
use crate::support::TestApp;

/// A ledger's folder and a file `settings.toml` beside it.
struct Place {
    data: PathBuf,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        Self { data, folder }
    }

    /// With a ledger in it.
    fn founded() -> Self {
        let (home, folder) = TestApp::start().into_home();
        program::let_go(home.folder());
        Self { data: home.folder().to_owned(), folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("settings.toml")
    }

    fn written(&self, text: &str) -> PathBuf {
        fs::write(self.file(), text).unwrap();
        fs::set_permissions(self.file(), fs::Permissions::from_mode(0o644)).unwrap();
        self.file()
    }

    fn serve(&self) -> Command {
        let mut command = program::tasdiq(self.folder.path());
        command.arg("serve");
        command
    }

    /// Exit code and stderr with the file as it is.
    fn refused(&self, file: &Path) -> (i32, String) {
        let (code, out, err) =
            program::ran(self.serve().arg("--show-settings").arg("--config").arg(file));
        assert_eq!(out, "");
        (code, err)
    }
}

/// What `--show-settings --json` says, by name.
fn shown(command: &mut Command) -> impl Fn(&str) -> Value + use<> {
    let (code, out, err) = program::ran(command.args(["--show-settings", "--json"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
    move |name| rows.iter().find(|row| row["name"] == name).unwrap().clone()
}

#[test]
fn the_command_line_counts_then_the_environment_then_the_file() {
    let place = Place::new();
    let file = place.written(&format!(
        "data = {:?}\n# how many\nquota = 7\nlisten = \"127.0.0.2:0\"\nlog-level = \"warn,web=off\"\n\
         webhook-private = true\naddress-header = \"X-Real-IP\"\n",
        place.data
    ));
    let path = file.display().to_string();
    let of = |row: Value| {
        let value = row["value"].as_array().map_or("-", |value| value[0].as_str().unwrap());
        (value.to_owned(), row["origin"].as_str().unwrap().to_owned())
    };
    let is = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let mut command = place.serve();
    command.arg("--config").arg(&file).env("TASDIQ_LISTEN", "127.0.0.3:0");
    command.env("TASDIQ_WEBHOOK_PRIVATE", "false").args(["--quota", "9"]);
    let row = shown(&mut command);
    assert_eq!(of(row("quota")), is("9", "command line"));
    assert_eq!(of(row("listen")), is("127.0.0.3:0", "environment"));
    assert_eq!(row("listen")["variable"], "TASDIQ_LISTEN");
    assert_eq!(of(row("webhook-private")), is("false", "environment"));
    assert_eq!(of(row("log-level")), is("warn,web=off", "file"));
    assert_eq!((&row("log-level")["line"], &row("log-level")["file"]), (&5.into(), &path.into()));
    assert_eq!(row("data")["value"][0], place.data.display().to_string());
    assert_eq!(of(row("guard")), is("-", "default"));
    let row = shown(place.serve().arg("--config").arg(&file));
    assert_eq!(of(row("quota")), is("7", "file"));
    assert_eq!(of(row("webhook-private")), is("true", "file"));
    // The data folder's own file, where none is named.
    fs::write(place.data.join("settings.toml"), "quota = 11\n").unwrap();
    fs::write(place.data.join("witness-policy"), "quorum none\n").unwrap();
    let row = shown(place.serve().arg("--data").arg(&place.data));
    assert_eq!(of(row("quota")), is("11", "file"));
    assert_eq!(row("witness-policy")["origin"], "data folder");
    let (code, out, _) = program::ran(place.serve().arg("--show-settings"));
    assert_eq!(code, 0);
    let quota = out.lines().find(|line| line.trim_start().starts_with("quota ")).unwrap();
    let words: Vec<&str> = quota.split_whitespace().collect();
    assert_eq!(words, ["quota", "50000", "default"], "{out}");
}

#[test]
fn a_service_takes_them() {
    let place = Place::founded();
    let guard = place.folder.path().join("guard");
    let file = place.written(&format!(
        "data = {:?}\nlisten = \"127.0.0.2:0\"\nguard = {:?}\n",
        place.data, guard
    ));
    let (service, lines) = Service::saying(place.serve().arg("--config").arg(&file), 6);
    assert!(service.url.starts_with("http://127.0.0.2:"), "{}", service.url);
    assert_eq!(lines[5], format!("  settings    {}", file.display()));
    assert!(guard.is_file());
    assert!(service.stop());
}

#[test]
fn what_is_no_setting_is_a_fault_with_its_line() {
    let place = Place::new();
    let cases = [
        ("\nqouta = 1\n", 2, "the nearest is quota"),
        ("webhook_private = true\n", 1, "the nearest is webhook-private"),
        ("quota = 1\n\nquota = 2\n", 3, "duplicate key"),
        ("quota = \"many\"\n", 1, "'many'"),
        ("quota = -1\n", 1, "-1"),
        ("quota = true\n", 1, "a text or a number"),
        ("webhook-private = \"yes\"\n", 1, "write true or false"),
        ("listen = [\"a\", \"b\"]\n", 1, "one value, and no list"),
        ("log-level = \"loud\"\n", 1, "loud"),
        ("log-level = \"wbe=debug\"\n", 1, "writes no lines"),
        ("guard = \"guard\"\n", 1, "must begin with /"),
        ("address-header = \"a b\"\n", 1, "address-header"),
        ("accept-clock = true\n", 1, "said once"),
        ("accept-restored = true\n", 1, "said once"),
        ("passphrase = \"kanarienvogel\"\n", 1, "no secret"),
        ("config = \"/x\"\n", 1, "no setting"),
        ("show-settings = true\n", 1, "no setting"),
        ("json = true\n", 1, "no setting"),
        ("[serve]\nquota = 1\n", 1, "in no table"),
        ("quota = 1 2\n", 1, ""),
    ];
    for (text, line, words) in cases {
        let file = place.written(text);
        let (code, err) = place.refused(&file);
        let at = format!("tasdiq: {}:{line}: ", file.display());
        assert_eq!(code, 2, "{text}: {err}");
        assert!(err.starts_with(&at) && err.contains(words), "{text}: {err}");
        assert!(!err.contains("kanarienvogel"), "{err}");
    }
    fs::write(place.data.join("settings.toml"), format!("data = {:?}\n", place.data)).unwrap();
    let (code, _, err) = program::ran(place.serve().arg("--data").arg(&place.data));
    assert!(code == 2 && err.contains("does not say where that is"), "{err}");
}

#[test]
fn what_others_may_write_and_what_is_no_file_is_not_read() {
    let place = Place::new();
    let told = |file: &Path, words: &str| {
        let (code, err) = place.refused(file);
        assert!(code == 2 && err.contains(words), "{words}: {err}");
    };
    let file = place.written("quota = 1\n");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o646)).unwrap();
    told(&file, "everybody on this machine may write it");
    told(place.folder.path(), "it is no file");
    told(Path::new("/dev/zero"), "it is no file");
    told(Path::new("/nowhere/settings.toml"), "No such file");
    let pipe = place.folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    told(&pipe, "it is no file");
    told(&place.written(&format!("quota = 1 # {}\n", "x".repeat(70_000))), "more than 65536 bytes");
    fs::write(place.file(), b"quota = 1 # \xff\n").unwrap();
    told(&place.file(), "not UTF-8");
    let own = fs::metadata(place.written("quota = 1\n")).unwrap();
    if std::os::unix::fs::MetadataExt::uid(&own) == 0 {
        std::os::unix::fs::chown(place.file(), Some(65_534), None).unwrap();
        told(&place.file(), "it is the file of user 65534");
    }
}

#[test]
fn no_secret_is_shown() {
    let place = Place::new();
    let file = place.written("published = [\"https://name:kanarienvogel@monitor.example/x\"]\n");
    let mut command = place.serve();
    command.arg("--config").arg(&file).env("TASDIQ_PASSPHRASE", "kanarienvogel");
    let (code, out, err) = program::ran(command.arg("--show-settings"));
    assert_eq!(code, 0, "{err}");
    assert!(!format!("{out}{err}").contains("kanarienvogel"), "{out}{err}");
    assert!(out.contains("https://(set, not shown)@monitor.example/x"), "{out}");
    assert!(out.contains("environment TASDIQ_PASSPHRASE"), "{out}");
}

/// The file that docs/OPERATING.md shows is one that is taken.
#[test]
fn the_file_of_the_document_is_taken() {
    let text = include_str!("../../docs/OPERATING.md");
    let block = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let place = Place::new();
    let file = place.written(block);
    let row = shown(place.serve().arg("--config").arg(&file));
    for line in block.lines() {
        let name = line.split(' ').next().unwrap();
        assert_eq!(row(name)["origin"], "file", "{name}");
    }
}
