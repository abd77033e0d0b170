//! The offline pack: it answers as the live register does, a delta makes the same bytes as a whole
//! one, and what is older, cut, altered, of another ledger or signed by a spent key is refused.

use serde_json::Value;
use tasdiq::names::{LotKey, PartySlug};
use tasdiq::pack::{Pack, PackFile, Sealing, pack_root_of, seal_pack};
use tasdiq::statement::*;
use tasdiq::trust::{LiveStatus, Standing, StatusData, Trust};
use tasdiq::verify::*;

use crate::support::{CERTIFIER, TestApp};
use crate::world::{World, key};

/// A world with `count` lots, each certified, in an order of their own.
fn grown(world: &mut World, from: u64, to: u64) {
    for number in from..to {
        let lot = format!("L{:04}", number * 7919 % 10_007);
        world.declare(&lot, 1).unwrap();
        world.certify(number, &lot, 1, "fairtrade").unwrap();
    }
}

/// Two lots without and some with certificates, and every kind of event.
fn eventful() -> World {
    let mut world = World::peopled();
    grown(&mut world, 0, 12);
    world.declare("BARE", 1).unwrap();
    world.declare("LARGE", 900).unwrap();
    let last = format!("L{:04}", 11 * 7919 % 10_007);
    world.declare("TWICE", 3).unwrap();
    world.certify(900, "TWICE", 2, "fairtrade").unwrap();
    world.certify(77, "TWICE", 1, "bio-maroc").unwrap();
    for (serial, actions) in [
        (3, vec![StatusAction::Suspend, StatusAction::Reinstate]),
        (4, vec![StatusAction::Suspend]),
        (5, vec![StatusAction::Withdraw]),
    ] {
        for action in actions {
            world.status(StatusTarget::Certificate(serial), action, "atlas#key-1", 10).unwrap();
        }
    }
    let lot = |number: &str| StatusTarget::Lot(format!("coop/{number}").parse().unwrap());
    world.status(lot(&last), StatusAction::Recall, "coop#key-1", 20).unwrap();
    let mut notice = std::collections::BTreeMap::new();
    notice.insert("fr".to_owned(), "Ne pas vendre".to_owned());
    notice.insert("ar".to_owned(), "لا تبع".to_owned());
    let change = StatusChange {
        target: lot("TWICE"),
        action: StatusAction::Hold,
        reason: Reason::LabResult,
        effective_from: world.now,
        notice,
        return_to: None,
        lifts: Vec::new(),
    };
    let unsigned = change.draft(&world.draft("atlas"));
    world.by_certifier(unsigned).unwrap();
    world
}

fn trust_of(world: &World) -> Trust {
    Trust::open(&world.trust_file(), None).unwrap()
}

/// Every question a verdict asks, to the pack and to the live register.
fn answers_agree(world: &World, file: &[u8]) {
    let pack = Pack::open(file, &trust_of(world)).unwrap();
    let checkpoint = world.checkpoint();
    let register = &world.register;
    let (now, standing) = (world.now, Standing::Following);
    let live = LiveStatus {
        register,
        checkpoint: &checkpoint,
        now,
        standing,
        serials: None,
        counted: None,
    };
    assert_eq!((pack.covers(), pack.checkpoint()), (live.covers(), live.checkpoint()));
    assert_eq!(pack.issued_at(), world.now);
    let mut keys: Vec<LotKey> = register.lots().map(|lot| lot.record.lot).collect();
    keys.extend(
        ["coop/NONE", "coop/A", "coop/ZZZZ", "a/A", "zz/Z"].map(|key| key.parse().unwrap()),
    );
    keys.push("06111234567895/L0001".parse().unwrap());
    for key in keys {
        assert_eq!(pack.lot(&key), live.lot(&key), "{key}");
        assert_eq!(pack.certificates_of(&key), live.certificates_of(&key), "{key}");
    }
    for index in (0..register.size() + 2).chain([u64::MAX]) {
        assert_eq!(pack.certificate_at(index), live.certificate_at(index), "{index}");
    }
    let serials = register.certificates().map(|certificate| certificate.record.serial);
    for serial in serials.chain([899, 5_000, u64::MAX]) {
        assert_eq!(pack.certificate(serial), live.certificate(serial), "{serial}");
    }
    pack.check().unwrap();
    assert_eq!(pack.damage(), None);
    assert_eq!(pack.root(), pack_root_of(register).unwrap());
}

#[test]
fn it_answers_as_the_register_does() {
    let world = eventful();
    let file = world.pack_file();
    answers_agree(&world, &file);
    assert_eq!(file, world.pack_file(), "the same register, trust and time give the same bytes");
    answers_agree(&World::founded(), &World::founded().pack_file());
}

#[test]
fn block_edges() {
    let mut world = World::peopled();
    let mut from = 0;
    for count in [0, 1, 255, 256, 257, 513] {
        grown(&mut world, from, count);
        from = count;
        answers_agree(&world, &world.pack_file());
    }
}

#[test]
fn a_delta_makes_the_same_bytes() {
    let mut world = World::peopled();
    let mut held = vec![(world.register.size(), world.pack_file())];
    for count in [1, 3, 300] {
        grown(&mut world, held.len() as u64 * 400, held.len() as u64 * 400 + count);
        held.push((world.register.size(), world.pack_file()));
    }
    let withdrawn = StatusTarget::Certificate(400);
    world.status(withdrawn, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    let lot = world.register.lots().next().unwrap().record.lot;
    world.status(StatusTarget::Lot(lot), StatusAction::Recall, "coop#key-1", 20).unwrap();
    let whole = world.pack_file();
    held.push((world.register.size(), whole.clone()));
    let newest = PackFile::read(&whole[..]).unwrap();
    for (since, _) in &held {
        let delta = newest.delta_since(&world.register, *since).unwrap();
        let delta = PackFile::read(&delta[..]).unwrap();
        assert!(delta.is_delta());
        for (size, file) in &held {
            let pack = Pack::open(&file[..], &trust_of(&world)).unwrap();
            let made = pack.updated(&delta, &trust_of(&world));
            if size < since {
                assert_eq!(made.unwrap_err().code(), "trust_form", "{size} from {since}");
            } else {
                assert!(made.unwrap() == whole, "{size} from {since}");
            }
        }
        let refused = delta.open(&trust_of(&world)).err().unwrap();
        assert_eq!(refused.code(), "trust_form", "a delta is no pack");
    }
    let last = newest.delta_since(&world.register, world.register.size()).unwrap();
    let first = newest.delta_since(&world.register, 0).unwrap();
    assert!(last.len() * 2 < first.len(), "nothing changed: {} {}", last.len(), first.len());
    // A delta that leaves something out does not give what is signed.
    let old = Pack::open(&held[0].1[..], &trust_of(&world)).unwrap();
    let mut forged = newest.delta_since(&world.register, world.register.size()).unwrap();
    forged[8..16].fill(0);
    let forged = PackFile::read(&forged[..]).unwrap();
    let refused = old.updated(&forged, &trust_of(&world)).unwrap_err();
    assert_eq!(refused.code(), "pack_damaged");
    // An older one is never taken.
    let newest = Pack::open(&whole[..], &trust_of(&world)).unwrap();
    assert_eq!(newest.admits(held[2].0).unwrap_err().code(), "pack_rollback");
    assert!(newest.admits(newest.covers()).is_ok());
}

#[test]
fn any_byte_altered_is_found() {
    let world = eventful();
    let file = world.pack_file();
    let trust = trust_of(&world);
    let sound = |bytes: &[u8]| Pack::open(bytes, &trust).and_then(|pack| pack.check());
    sound(&file).unwrap();
    for place in 0..file.len() {
        // Every byte of header, directory and blocks, some of the JSON before them.
        if (52..file.len() - 4_000).contains(&place) && place % 61 != 0 {
            continue;
        }
        let mut altered = file.clone();
        altered[place] ^= 0xff;
        assert!(sound(&altered).is_err(), "byte {place} of {}", file.len());
    }
    for end in [0, 7, 51, 52, 900, file.len() / 2, file.len() - 1] {
        assert_eq!(sound(&file[..end]).unwrap_err().code(), "trust_form", "cut at {end}");
    }
    let longer = [&file[..], b"x"].concat();
    assert_eq!(sound(&longer).unwrap_err().code(), "trust_form");
}

#[test]
fn damage_fails_and_is_never_unknown() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    let index = world.certify(0, "L1", 100, "fairtrade").unwrap();
    let (label, file) = (world.label("L1", index, 4), world.pack_file());
    let statement = world.leaves[usize::try_from(index).unwrap()].clone();
    let trust = trust_of(&world);
    let blocks = [
        (Evidence::Code(&label), 0),
        (Evidence::Code("coop/L1"), 3),
        (Evidence::Statement(&statement), 0),
    ];
    for (number, (evidence, sound)) in blocks.into_iter().enumerate() {
        let judge = |bytes: &[u8]| {
            let pack = Pack::open(bytes, &trust).unwrap();
            verify(evidence, &trust, Some(&pack), world.now, Policy::Shop)
        };
        assert_eq!(judge(&file).exit_code, sound, "{number}");
        let mut damaged = file.clone();
        // The blocks are the end of the file; the header says how long they are.
        let blocks = u64::from_be_bytes(damaged[32..40].try_into().unwrap());
        let start = damaged.len() - usize::try_from(blocks).unwrap();
        damaged[start..].iter_mut().for_each(|byte| *byte ^= 0x55);
        let report = judge(&damaged);
        assert_eq!(report.exit_code, 1, "{report:#?}");
        let why = report.authenticity.sub_indication;
        assert_eq!(why, Some(SubIndication::TrustFailure), "{number}");
        let check = report.checks.iter().filter(|check| check.check == CheckName::Pack);
        assert!(check.map(|check| check.result).eq([CheckResult::Fail]));
        assert!(report.claims.is_none() && report.fitness.is_none());
    }
}

fn change_service_key(world: &mut World, event: KeyEvent) {
    let change = KeyChange {
        party: PartySlug::authority(),
        verification_method: world.method("authority#service-1"),
        event,
    };
    let unsigned = change.draft(&world.draft("authority"));
    world.log(unsigned, "authority#root", 1).unwrap();
}

/// A world whose authority has a second service key.
fn two_service_keys() -> World {
    let mut world = World::peopled();
    let next = world.new_key("authority", "service-2", 33, KeyPurpose::Service);
    world.log(next.draft(&world.draft("authority")), "authority#root", 1).unwrap();
    world
}

#[test]
fn spent_keys_sign_nothing() {
    let mut world = two_service_keys();
    let before = world.pack_file();
    change_service_key(&mut world, KeyEvent::Retired);
    world.now = world.now.plus_seconds(60);
    let code = |file: &[u8], trust: &Trust| {
        Pack::open(file, trust).map(|_| "").unwrap_or_else(|error| error.code())
    };
    let second =
        |world: &World| Trust::open(&world.trust_signed("authority#service-2", 33), None).unwrap();
    let trust = second(&world);
    assert_eq!(code(&before, &trust), "", "made before its key was retired");
    assert_eq!(code(&world.pack_file(), &trust), "trust_signer", "made after");
    assert_eq!(code(&world.pack_signed("authority#service-2", 33), &trust), "");
    assert_eq!(code(&world.pack_signed("authority#service-2", 3), &trust), "trust_signature");
    assert_eq!(code(&world.pack_signed("authority#registrar-1", 2), &trust), "trust_signature");
    // A snapshot that leaves the retirement out renews nothing for whoever knows of it.
    let mut silent = two_service_keys();
    for lot in ["L1", "L2", "L3"] {
        silent.declare(lot, 1).unwrap();
    }
    silent.now = world.now;
    assert!(silent.register.size() > world.register.size());
    assert_eq!(trust.renewed(&silent.trust_file()).unwrap_err().code(), "trust_signer");
    let mut stolen = two_service_keys();
    let before = stolen.pack_file();
    let since = stolen.now;
    change_service_key(&mut stolen, KeyEvent::Compromised { since, known_at: since });
    assert_eq!(code(&before, &second(&stolen)), "trust_signer", "a thief writes any date");
}

#[test]
fn of_another_ledger_or_checkpoint() {
    let mut world = World::peopled();
    let (older, file) = (world.checkpoint(), world.pack_file());
    let trust = trust_of(&world);
    let code =
        |trust: &Trust| Pack::open(&file[..], trust).map(|_| "").unwrap_or_else(|e| e.code());
    assert_eq!(code(&trust), "");
    let mut elsewhere = trust.clone();
    elsewhere.host = "other.example".into();
    assert_eq!(code(&elsewhere), "other_ledger");
    let file_of = |bytes: &[u8], known: &Trust| {
        PackFile::read(bytes).unwrap().newest_trust(known).map(|_| "").unwrap_or_else(|e| e.code())
    };
    let mut rooted_elsewhere = trust.clone();
    rooted_elsewhere.root = multikey(&tasdiq::seal::Signer::public(&key(77)));
    assert_eq!(file_of(&file, &rooted_elsewhere), "trust_root");
    world.declare("L1", 1).unwrap();
    let newer = trust_of(&world);
    let sealed = |checkpoint: &str| {
        let sealing = Sealing {
            checkpoint,
            trust: &world.trust_file(),
            now: world.now,
            method: &world.method("authority#service-1"),
            signer: &key(3),
        };
        let bytes = seal_pack(&world.register, &sealing).unwrap();
        Pack::open(&bytes[..], &newer).map(|_| "").unwrap_or_else(|error| error.code())
    };
    assert_eq!(sealed(&world.checkpoint()), "");
    assert_eq!(sealed(&older), "trust_form", "its sequence is not its checkpoint's size");
    let unsigned = world.checkpoint().replace("\n\u{2014}", "\n\n\u{2014}");
    assert_eq!(sealed(&unsigned), "trust_checkpoint");
    assert_eq!(sealed(&world.checkpoint().replacen("ledger", "edgerl", 1)), "trust_checkpoint");
}

#[test]
fn the_newer_trust_snapshot_is_used() {
    let mut world = World::peopled();
    let old = trust_of(&world);
    world.declare("L1", 1).unwrap();
    let (file, newer) = (world.pack_file(), trust_of(&world));
    let within = |known: &Trust| PackFile::read(&file[..]).unwrap().newest_trust(known).unwrap();
    assert_eq!(within(&old), newer);
    world.declare("L2", 1).unwrap();
    let newest = trust_of(&world);
    assert_eq!(within(&newest), newest);
    let pack = Pack::open(&file[..], &newest).unwrap();
    let report = verify(Evidence::Code("coop/L1"), &newest, Some(&pack), world.now, Policy::Shop);
    let check = report.checks.iter().find(|check| check.check == CheckName::Pack).unwrap();
    assert!(check.evidence.contains("older than the trust snapshot"), "{}", check.evidence);
}

#[test]
fn a_clock_ten_years_off_never_passes() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    let index = world.certify(0, "L1", 100, "fairtrade").unwrap();
    let label = world.label("L1", index, 4);
    let file = world.pack_file();
    let trust = trust_of(&world);
    let pack = Pack::open(&file[..], &trust).unwrap();
    let judge = |years: i64| {
        let now = world.now.plus_seconds(years * 365 * 86_400);
        verify(Evidence::Code(&label), &trust, Some(&pack), now, Policy::Shop)
    };
    assert_eq!(judge(0).exit_code, 0);
    for years in [-10, 10] {
        let report = judge(years);
        assert_eq!(report.exit_code, 3, "{years}");
        assert_eq!(report.authenticity.sub_indication, Some(SubIndication::StatusStale));
    }
    let off = "this clock or the data is off";
    let said = |name| {
        let report = judge(-10);
        let check = report.checks.iter().find(|check| check.check == name).unwrap().clone();
        (check.result, check.evidence.contains(off))
    };
    assert_eq!(said(CheckName::TrustSnapshot), (CheckResult::Stale, true));
    assert_eq!(said(CheckName::StatusFreshness), (CheckResult::Stale, true));
    // The trust snapshot alone tells it too, where the status data is live.
    let checkpoint = world.checkpoint();
    let past = world.now.plus_seconds(-86_400);
    let (register, standing) = (&world.register, Standing::Following);
    let live = LiveStatus {
        register,
        checkpoint: &checkpoint,
        now: past,
        standing,
        serials: None,
        counted: None,
    };
    let report = verify(Evidence::Code(&label), &trust, Some(&live), past, Policy::Shop);
    assert_eq!(report.exit_code, 3);
}

#[test]
fn the_command_keeps_a_pack_up_to_date() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L1");
    app.certify(&certifier, "L1");
    app.settle();
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| crate::program::run(folder.path(), line);
    let url = app.url("");
    let root = app.ledger.config().root.clone();
    let good = |line: &str| {
        let (code, out, err) = run(line);
        assert_eq!(code, 0, "{line}: {out}{err}");
        out
    };
    let at = |name: &str| folder.path().join(name);
    good(&format!("pack --url {url} --out held --root {root}"));
    std::fs::copy(at("held"), at("old")).unwrap();
    let first: Value = serde_json::from_str(&good("pack --check held --json")).unwrap();
    let label = app.get("/api/v1/labels").json()["labels"][0]["text"].as_str().unwrap().to_owned();
    let judged =
        |pack: &str| run(&format!("verify --offline --pack {pack} --root {root} {label}")).0;
    assert_eq!(judged("held"), 0);
    // What changed travels by wire, and by hand.
    app.declare(&cooperative, "L2");
    let serial = 0;
    let withdrawn = app.change_status(&certifier, CERTIFIER, serial, StatusAction::Withdraw);
    assert_eq!(withdrawn.status, 201, "{}", withdrawn.text());
    app.settle();
    let since = first["covers"].as_u64().unwrap();
    good(&format!("pack --url {url} --delta-since {since} --out changes"));
    let updated: Value =
        serde_json::from_str(&good(&format!("pack --url {url} --out held --json"))).unwrap();
    assert_eq!((&updated["how"], &updated["lots"]), (&"updated".into(), &2.into()));
    std::fs::copy(at("old"), at("carried")).unwrap();
    good("pack --in changes --out carried");
    assert_eq!((judged("old"), judged("held"), judged("carried")), (0, 4, 4));
    // Nothing older, cut or damaged takes its place.
    let held = std::fs::read(at("held")).unwrap();
    let (code, _, err) = run("pack --in old --out held");
    assert!(code == 1 && err.contains("pack_rollback"), "{code} {err}");
    std::fs::write(at("cut"), &held[..held.len() / 2]).unwrap();
    assert_eq!(run("pack --in cut --out held").0, 2);
    assert_eq!(judged("cut"), 2);
    let mut damaged = held.clone();
    let place = damaged.len() - 100;
    damaged[place] ^= 1;
    std::fs::write(at("damaged"), &damaged).unwrap();
    let (code, _, err) = run("pack --in damaged --out held");
    assert!(code == 1 && err.contains("pack_damaged"), "{code} {err}");
    assert_eq!(run("pack --check damaged").0, 1);
    assert_eq!(std::fs::read(at("held")).unwrap(), held);
    // Where a delta does not do, a whole pack is fetched.
    let mended = good(&format!("pack --url {url} --out damaged --json"));
    assert_eq!(serde_json::from_str::<Value>(&mended).unwrap()["how"], "whole");
    assert_eq!(judged("damaged"), 4);
    let other = multikey(&tasdiq::seal::Signer::public(&key(77)));
    assert_eq!(run(&format!("verify --offline --pack held --root {other} {label}")).0, 1);
    assert_eq!(run(&format!("verify --offline --pack held {label}")).0, 2);
    // The service: a newest pack has a tag, and knows no changes since what is still to come.
    let beyond = app.get("/api/v1/packs/latest?since=100000");
    assert_eq!((beyond.status, beyond.code().as_str()), (422, "pack_since"));
    let view = app.ledger.view();
    let latest = app.url("/api/v1/packs/latest");
    let tag = ureq::get(&latest).call().unwrap().headers()["etag"].clone();
    assert!(tag.to_str().unwrap().starts_with(&format!("\"{}-", view.size)), "{tag:?}");
    let same = ureq::get(&latest).header("if-none-match", &tag).call().unwrap();
    assert_eq!(same.status(), 304);
    let whole = app.get("/api/v1/packs/latest").body;
    let pack = PackFile::read(&whole[..]).unwrap();
    let trust = Trust::open(pack.trust_bytes(), Some(&root)).unwrap();
    assert_eq!(pack.open(&trust).unwrap().root(), pack_root_of(&view.register).unwrap());
}
