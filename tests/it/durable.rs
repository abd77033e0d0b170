//! Files that people rely on, through the built binary: a full disk leaves the old one whole, what
//! cannot be read is not absent, keys are secret from the start, what was cut off goes on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tasdiq::ledger::{Founding, Home, found};
use tasdiq::os::now;
use tasdiq::statement::Domain;
use tasdiq::transfer::export::{ExportOptions, export};

use crate::program;
use crate::support::near;

/// A folder with a ledger in `data`, a copy of it in `copy`, and what a test does there.
struct Place(tempfile::TempDir);

/// A ledger and its export, made once.
fn original() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let founding = Founding {
            domain: Domain::parse("files.example").unwrap(),
            authority_name: "Test authority".to_owned(),
            demo: true,
            edition: tasdiq::limits::EDITION_MAX,
            goods: tasdiq::statement::first_goods_rules().unwrap(),
        };
        let ledger = found(&Home::at(&folder.path().join("data")), &founding, now()).unwrap();
        ledger.sync_guard().unwrap();
        let source = near(ledger);
        export(&source, &folder.path().join("copy"), &ExportOptions::default(), &mut |_, _| {})
            .unwrap();
        drop(source);
        program::let_go(&folder.path().join("data"));
        folder
    });
    made.path()
}

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for name in ["data", "copy"] {
            let mut copy = Command::new("cp");
            copy.arg("-a").arg(original().join(name)).arg(place.path(name));
            assert!(copy.status().unwrap().success());
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a line of a shell in which `tasdiq` is the binary: exit code, and all that was said.
    fn run(&self, line: &str) -> (i32, String) {
        let mut command = Command::new("sh");
        let line = line.replace("tasdiq", program::TASDIQ);
        program::quiet(&mut command).current_dir(self.0.path()).args(["-c", &line]);
        let (code, out, err) = program::ran(&mut command);
        (code, out + &err)
    }

    fn good(&self, line: &str) -> String {
        let (code, said) = self.run(line);
        assert_eq!(code, 0, "{line}\n{said}");
        said
    }

    fn bad(&self, line: &str, expected: i32, why: &str) {
        let (code, said) = self.run(line);
        assert!(code == expected && said.contains(why), "{line}: {code}\n{said}");
    }

    fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    fn new_files(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).unwrap().map(|file| file.unwrap().file_name());
        let names = names.map(|name| name.into_string().unwrap());
        names.filter(|name| name.contains(".new")).collect()
    }
}

/// A disk on which no file grows beyond 512 bytes; the shell takes the signal away, so that the
/// program is told as by a full disk.
const FULL: &str = "trap '' XFSZ; ulimit -f 1; exec ";

#[test]
fn a_full_disk_leaves_the_old_file() {
    let place = Place::new();
    let lines = [
        ("trust.json", "tasdiq trust --tiles copy --out trust.json"),
        ("daily.pack", "tasdiq pack --tiles copy --out daily.pack"),
    ];
    for (name, line) in lines {
        place.bad(&format!("{FULL}{line}"), 2, "File too large");
        assert!(!place.path(name).exists(), "no part of one is left");
        place.good(line);
        let good = fs::read(place.path(name)).unwrap();
        place.bad(&format!("{FULL}{line}"), 2, "File too large");
        assert_eq!(fs::read(place.path(name)).unwrap(), good);
        assert_eq!(place.new_files(), Vec::<String>::new());
    }
    place.bad(&format!("{FULL}tasdiq backup one.tar --data data"), 2, "File too large");
    assert!(!place.path("one.tar").exists() && place.new_files().is_empty());
}

#[test]
fn what_cannot_be_compared_is_not_overwritten() {
    let place = Place::new();
    for (name, verb) in [("trust.json", "trust"), ("daily.pack", "pack")] {
        let line = format!("tasdiq {verb} --tiles copy --out {name}");
        for lies in ["", "{", "something else"] {
            fs::write(place.path(name), lies).unwrap();
            place.bad(&line, 2, "remove it to begin anew");
            assert_eq!(fs::read_to_string(place.path(name)).unwrap(), lies);
        }
        fs::remove_file(place.path(name)).unwrap();
        fs::create_dir(place.path(name)).unwrap();
        place.bad(&line, 2, "remove it to begin anew");
        fs::remove_dir(place.path(name)).unwrap();
        // What is no file is written to.
        place.good(&format!("tasdiq {verb} --tiles copy --out /dev/null"));
        place.good(&line);
        let again = place.good(&line);
        assert!(!again.contains("cannot be had"), "a copy has no changes to give: {again}");
    }
}

#[test]
fn keys_are_secret_whatever_was_left_behind() {
    let place = Place::new();
    fs::write(place.path("passphrase"), "secret").unwrap();
    for left in ["b.new", "b.pem.new"] {
        fs::write(place.path(left), "left").unwrap();
        fs::set_permissions(place.path(left), fs::Permissions::from_mode(0o666)).unwrap();
    }
    place.good("umask 0; tasdiq keygen --out b.pem");
    assert_eq!(place.mode("b.pem"), 0o600);
    place.bad("tasdiq keygen --out b.pem", 2, "never overwritten");
    place.good("umask 0; tasdiq init --data fresh --host fresh.example");
    assert_eq!((place.mode("fresh/keys"), place.mode("fresh/keys/root.pem")), (0o700, 0o600));
    place.good("umask 0; tasdiq backup one.tar --data fresh");
    assert_eq!(place.mode("one.tar"), 0o600);
    place.good("umask 0; tasdiq restore one.tar --data again");
    assert_eq!((place.mode("again/keys"), place.mode("again/keys/log-1.pem")), (0o700, 0o600));
    for host in ["a.example:+80", ".a.example", "a.example.", "-a.example"] {
        place.bad(&format!("tasdiq init --data odd --host={host}"), 2, "host");
        assert!(!place.path("odd").exists());
    }
    place.bad("tasdiq witness init --data odd --name=-a.example/w1", 2, "--name -a.example/w1");
    // A plain key is taken, and warned of.
    place.good("openssl genpkey -algorithm ed25519 -out plain.pem");
    fs::write(place.path("empty.ndjson"), "{}\n").unwrap();
    let (_, said) = place.run(
        "tasdiq sign empty.ndjson --issuer authority --key plain.pem --out signed --data data",
    );
    assert!(said.contains("plain.pem: this private key is not encrypted"), "{said}");
    // An algorithm that is not read is named.
    place.good(
        "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1 -in plain.pem -out old.pem \
         -passout pass:secret",
    );
    place.bad(
        "tasdiq sign empty.ndjson --issuer authority --key old.pem --out signed --data data",
        2,
        "hmacWithSHA1",
    );
}

#[test]
fn no_process_leaves_a_core_dump() {
    let place = Place::new();
    place.good("tasdiq witness init --data w --name w.example/w1");
    let mut command = program::tasdiq(place.0.path());
    command.args("witness serve --data w --listen 127.0.0.1:0".split(' '));
    let service = program::Service::of(&mut command);
    let limits = fs::read_to_string(format!("/proc/{}/limits", service.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let figures: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(figures, ["0", "0"], "{core}");
}

#[test]
fn a_restore_that_was_cut_off_goes_on() {
    let place = Place::new();
    place.good("tasdiq backup one.tar --data data");
    place.good("tasdiq restore one.tar --data new");
    let config = fs::read_to_string(place.path("new/ledger.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let begun = serde_json::json!({ "logKey": config["logKey"], "root": config["root"] });
    let cut_off = |begun: &serde_json::Value| {
        fs::remove_file(place.path("new/ledger.json")).unwrap();
        fs::remove_file(place.path("new/restored")).ok();
        fs::write(place.path("new/importing"), begun.to_string()).unwrap();
    };
    cut_off(&begun);
    place.good("tasdiq restore one.tar --data new");
    assert!(place.path("new/restored").exists() && !place.path("new/importing").exists());
    place.bad("tasdiq restore one.tar --data new", 2, "not empty");
    let mut other = begun;
    other["root"] = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK".into();
    cut_off(&other);
    place.bad("tasdiq restore one.tar --data new", 2, "another ledger was interrupted");
    // The guard's new files of earlier releases do not stay.
    fs::write(place.path("data/published-checkpoint.synced.3.new"), "half").unwrap();
    fs::write(place.path("data/published-checkpoint.new"), "half").unwrap();
    place.good("tasdiq backup two.tar --data data");
    assert!(!place.path("data/published-checkpoint.synced.3.new").exists());
}

#[test]
fn a_key_file_of_a_copy_may_end_its_lines_either_way() {
    let place = Place::new();
    let vkey = place.path("copy/log/vkey");
    let text = fs::read_to_string(&vkey).unwrap().replace('\n', "\r\n");
    fs::write(&vkey, text).unwrap();
    let said = place.good("tasdiq audit --tiles copy --trust copy/trust");
    assert!(said.starts_with("CLEAN"), "{said}");
    // Nobody compared the root: it is done, and says so.
    place.bad("tasdiq import copy --data successor", 3, "ROOT_NOT_PINNED");
}
