//! Backups under load, restores, and old copies that must not sign.

use super::*;

#[test]
fn a_backup_under_load_is_whole_and_signs_nothing_unseen() {
    let place = Place::new();
    let service = place.serve("--data data");
    let stop = AtomicBool::new(false);
    let (backed_up, again) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut next = 0;
            while !stop.load(Ordering::SeqCst) {
                service.submit(next..next + 5);
                next += 5;
            }
        });
        let backed_up = place.json("backup one.tar --data data");
        place.bad("backup one.tar --data data", 2, "never overwritten");
        let again = place.json("backup two.tar --data data --without-keys");
        stop.store(true, Ordering::SeqCst);
        writing.join().unwrap();
        (backed_up, again)
    });
    let (size, later) = (backed_up["size"].as_u64().unwrap(), again["size"].as_u64().unwrap());
    assert!(size >= original().2 && size < later, "written meanwhile: {size}, {later}");
    assert_eq!((backed_up["keys"].as_u64(), again["keys"].as_u64()), (Some(8), Some(0)));
    let names = Command::new("tar").arg("tf").arg(place.path("one.tar")).output().unwrap();
    let names = String::from_utf8(names.stdout).unwrap();
    assert!(names.contains("keys/serials-0.pem"), "{names}");
    assert!(names.contains("keys/log-1.pem") && !names.contains("passphrase"), "{names}");

    let published = format!("{}/", service.url);
    place.good(&format!("export copy --url {published}"));
    let root = place.root();
    let audit = format!("audit --tiles copy --root {root}");
    let now_at = place.json(&audit)["size"].as_u64().unwrap();
    assert!(now_at > size);
    service.stop();

    place.bad("restore one.tar --data data", 2, "not empty");
    let restored = place.json(&format!("restore one.tar --data new --root {root}"));
    assert_eq!(restored["size"].as_u64(), Some(size));
    assert_eq!(place.json("audit --data new")["sidecars"], SIDECARS);
    place.bad("serve --data new", 2, "keys/passphrase: it is not here and the key files are");
    assert!(!place.path("new/keys/passphrase").exists(), "none is made up");
    fs::copy(place.path("data/keys/passphrase"), place.path("new/keys/passphrase")).unwrap();
    place.does_not_sign("--data new", "not yet compared");
    // A view from before the backup tells nothing; a newer one that more was published.
    fs::copy(place.path("new/published-checkpoint"), place.path("same")).unwrap();
    place.copy(&original().0.path().join("data/published-checkpoint"), "older");
    place.does_not_sign("--data new --published older", "older than that");
    let why = format!("has {size} entries, but a checkpoint of {now_at} was published");
    place.does_not_sign("--data new --published copy", &why);
    place.does_not_sign("--data new --published same", &why);
    place.bad("serve --data new --published missing", 2, "cannot be read");
    place.good("import copy --data new --continue");
    assert!(!place.path("new/restored").exists());
    assert_eq!(place.signs("--data new", 901), "");
    assert_eq!(place.json("audit --data new")["size"].as_u64(), Some(now_at + 1));

    // The same comparison at once, and the operator who takes the risk.
    place.bad("restore two.tar --data bare --published copy", 3, "was published");
    place.good("restore one.tar --data risk");
    fs::copy(place.path("data/keys/passphrase"), place.path("risk/keys/passphrase")).unwrap();
    assert!(place.signs("--data risk --accept-restored", 902).contains("NOT COMPARED"));
    assert_eq!(place.signs("--data risk", 903), "");

    let good = fs::read(place.path("two.tar")).unwrap();
    fs::write(place.path("short.tar"), &good[..good.len() / 2]).unwrap();
    let (code, _, err) = place.run("restore short.tar --data short");
    assert!(code != 0 && !place.path("short/ledger.json").exists(), "{err}");
    fs::write(place.path("none.tar"), b"not a backup").unwrap();
    place.bad("restore none.tar --data none", 2, "not a whole backup");
}

/// A service in the instant after it signed: the guard knows more than is shown.
struct Behind {
    source: FolderSource,
    older: Vec<u8>,
    asked: AtomicU64,
}

impl LogSource for Behind {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match *part == Part::Checkpoint && self.asked.fetch_add(1, Ordering::SeqCst) < 3 {
            true => Ok(Some(self.older.clone())),
            false => self.source.fetch(part),
        }
    }
}

#[test]
fn a_backup_waits_until_what_the_guard_knows_is_shown() {
    let place = Place::new();
    let older = fs::read(place.path("data/published-checkpoint")).unwrap();
    place.signs("--data data", 910);
    place.good("export copy --data data");
    let source = FolderSource::new(&place.path("copy"));
    let source = Behind { source, older, asked: AtomicU64::new(0) };
    let options = BackupOptions { keys: false, passphrase: false };
    let home = Home::at(&place.path("data"));
    // Without a service nothing more will be shown, and nobody waits.
    fs::write(place.path("data/address"), "http://127.0.0.1:1").unwrap();
    let file = place.path("at-once.tar");
    let made = backup(&source, &home, &file, options, &mut |_, _| {}).unwrap();
    assert_eq!((made.size, source.asked.into_inner()), (original().2 + 1, 4));
}

/// A witness of the demonstration ledger, followed by the ledger in `data`.
fn witness(place: &Place) -> Running {
    let vkey = fs::read(place.path("data/ledger.json")).unwrap();
    let vkey: Value = serde_json::from_slice(&vkey).unwrap();
    let vkey = vkey["logKey"].as_str().unwrap();
    place.good("witness init --data outside --name witness.example/w1");
    place.good(&format!("witness add-log {vkey} --data outside"));
    let mut command = place.command("witness serve --data outside --listen 127.0.0.1:0");
    let (service, lines) = Service::saying(command.stderr(Stdio::null()), 2);
    let policy = format!("log {vkey}\nwitness w1 {} {}\nquorum w1\n", lines[1], service.url);
    fs::write(place.path("data/witness-policy"), policy).unwrap();
    Running(service)
}

#[test]
fn a_witness_tells_an_old_copy_and_clears_a_restored_one() {
    let place = Place::new();
    let witness = witness(&place);
    place.copy(&place.path("data"), "old");
    let service = place.serve("--data data");
    assert_eq!(service.submit(1..2).0, 201);
    let cosigned = || {
        let note = String::from_utf8(service.get("log/checkpoint")).unwrap();
        let newest = note.lines().nth(1) == Some(&(original().2 + 1).to_string());
        newest && note.contains("\u{2014} witness.example/w1 ")
    };
    let mut tries = (0..200).map(|_| std::thread::sleep(std::time::Duration::from_millis(50)));
    assert!(tries.any(|()| cosigned()), "the witness does not sign");
    place.good("backup one.tar --data data");
    service.stop();
    let size = original().2;
    let why = format!("has {size} entries, but a checkpoint of {} was published", size + 1);
    place.does_not_sign("--data old", &why);
    // The policy came with the backup; what the witness signed is as new as the backup.
    place.good("restore one.tar --data new");
    fs::copy(place.path("data/keys/passphrase"), place.path("new/keys/passphrase")).unwrap();
    assert_eq!(place.signs("--data new", 2), "");
    assert!(!place.path("new/restored").exists());
    drop(witness);
    place.good("restore one.tar --data late");
    fs::copy(place.path("data/keys/passphrase"), place.path("late/keys/passphrase")).unwrap();
    place.does_not_sign("--data late", "not yet compared");
}

#[test]
fn an_old_copy_does_not_sign() {
    let place = Place::new();
    place.copy(&place.path("data"), "old");
    let guard = "--data data --guard elsewhere";
    let service = place.serve(guard);
    let second = place.run("serve --data data --listen 127.0.0.1:0");
    assert_eq!(second.0, 2, "two services on one folder");
    assert!(second.2.contains("in use by another process: stop it first"), "{}", second.2);
    assert_eq!(service.submit(1..2).0, 201, "the first goes on");
    assert_eq!(service.stop(), "");
    for name in ["elsewhere", "elsewhere.synced", "data/published-checkpoint.synced"] {
        let note = fs::read(place.path(name)).unwrap();
        assert_eq!(note, fs::read(place.path("data/published-checkpoint")).unwrap(), "{name}");
    }
    // The old folder copied back by hand: only the guard elsewhere knows.
    place.does_not_sign("--data old --guard elsewhere", "this is an old copy");
    fs::write(place.path("elsewhere"), b"").unwrap();
    place.does_not_sign("--data old --guard elsewhere", "this is an old copy");

    let said = place.signs(guard, 2);
    assert!(said.contains("elsewhere was cut off"), "{said}");
    fs::write(place.path("elsewhere"), b"what is this?").unwrap();
    place.does_not_sign(guard, "holds no checkpoint");
    place.good("init --data other --host other.example");
    fs::copy(place.path("other/published-checkpoint"), place.path("elsewhere")).unwrap();
    place.does_not_sign(guard, "the checkpoint of another log, other.example/log");
    fs::remove_file(place.path("elsewhere")).unwrap();
    assert_eq!(place.signs(guard, 3), "");
}
