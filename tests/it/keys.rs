//! Keys and authority over ten years: rotation, compromise and confirmation, bulk withdrawal, root
//! succession. All judged at log time, never by the signer's clock.

use tasdiq::catalog::Catalog;
use tasdiq::log::{encode_leaf, genesis_prev, leaf_hash};
use tasdiq::names::Word;
use tasdiq::pack::{Pack, PackFile};
use tasdiq::register::{Party, Refusal, Register, Replayer};
use tasdiq::seal::{KeyStanding, Signer, seal};
use tasdiq::statement::*;
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{
    CheckName, Evidence, Indication, Policy, Report, Signal, SubIndication, verify,
};

use crate::world::{World, key, party, slug};

pub fn code(result: Result<u64, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code(), |_| "ok")
}

/// A lot with some litres certified, a certificate each second.
pub fn certified(count: u64) -> World {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    for serial in 0..count {
        world.certify(serial, "L1", 1, "bio-maroc").unwrap();
    }
    world
}

fn key_event(world: &mut World, short: &str, event: KeyEvent) -> &'static str {
    let who = short.split_once('#').unwrap().0;
    let change = KeyChange { party: slug(who), verification_method: world.method(short), event };
    let unsigned = change.draft(&world.draft("authority"));
    match who {
        "authority" => code(world.log(unsigned, "authority#root", 1)),
        _ => code(world.by_registrar(unsigned)),
    }
}

fn add_key(world: &mut World, short: &str, number: u8) {
    let (who, name) = short.split_once('#').unwrap();
    let change = world.new_key(who, name, number, KeyPurpose::Assertion);
    let unsigned = change.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
}

fn logged_at(world: &World, serial: u64) -> Timestamp {
    world.register.certificate(serial).unwrap().record.mark.logged_at
}

/// The certifier's first key was stolen at the log time of certificate 1; key-2 is its new one.
fn stolen(world: &mut World) {
    let (since, known_at) = (logged_at(world, 1), world.now);
    assert_eq!(key_event(world, "atlas#key-1", KeyEvent::Compromised { since, known_at }), "ok");
    add_key(world, "atlas#key-2", 11);
}

fn confirm(world: &mut World, serials: &[u64], signer: (&str, u8)) -> &'static str {
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: SerialRanges::of(serials.iter().copied()).pop(),
        entries: Vec::new(),
        voids: Vec::new(),
    };
    confirm_as(world, &claim, signer)
}

fn confirm_as(world: &mut World, claim: &Reconfirmation, signer: (&str, u8)) -> &'static str {
    let who = signer.0.split_once('#').unwrap().0;
    let unsigned = claim.draft(&world.draft(who));
    code(world.log(unsigned, signer.0, signer.1))
}

/// An inspector's verdict on the label of a certificate, with no network.
pub fn offline(world: &World, serial: u64) -> Report {
    offline_at(world, serial, world.now)
}

pub fn offline_at(world: &World, serial: u64, at: Timestamp) -> Report {
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let file = world.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    let index = world.register.certificate(serial).unwrap().record.mark.index;
    let url = world.label("L1", index, 4);
    verify(Evidence::Code(&url), &trust, Some(&pack as &dyn StatusData), at, Policy::Shop)
}

pub fn evidence(report: &Report, name: CheckName) -> &str {
    &report.checks.iter().find(|check| check.check == name).unwrap().evidence
}

pub fn atlas(world: &World) -> &Party {
    world.register.party(&slug("atlas")).unwrap()
}

#[test]
fn ten_years_of_rotation_kill_no_certificate() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    for year in 0..10_u8 {
        let (name, number) = (format!("atlas#key-{}", year + 1), 10 + year);
        if year > 0 {
            add_key(&mut world, &name, number);
            let old = format!("atlas#key-{year}");
            assert_eq!(key_event(&mut world, &old, KeyEvent::Retired), "ok");
            let late = world.certificate(99, "L1", 1, "bio-maroc").draft(&world.draft("atlas"));
            // Within the very second of its retirement, too.
            world.now = world.now.plus_seconds(-1);
            assert_eq!(code(world.log(late, &old, number - 1)), "key_retired");
        }
        let mut yearly = world.accreditation();
        yearly.valid_from = world.now;
        yearly.valid_until = world.now.plus_seconds(2 * 366 * 86_400);
        let unsigned = yearly.draft(&world.draft("authority"));
        world.by_registrar(unsigned).unwrap();
        let newest = Word::new(&atlas(&world).accreditations.last().unwrap().id);
        let mut claim = world.certificate(u64::from(year), "L1", 1, "bio-maroc");
        claim.accreditation = newest;
        (claim.valid_from, claim.valid_until) = (world.now, world.now.plus_seconds(366 * 86_400));
        let unsigned = claim.draft(&world.draft("atlas"));
        assert_eq!(code(world.log(unsigned, &name, number)), "ok", "year {year}");
        world.now = world.now.plus_seconds(365 * 86_400);
    }
    for serial in 0..10 {
        let certificate = world.register.certificate(serial).unwrap().record;
        assert_eq!(certificate.key_standing(&atlas(&world).keys), KeyStanding::InForce);
        let trust = Trust::open(&world.trust_file(), None).unwrap();
        let file = world.pack_file();
        let pack = Pack::open(&file[..], &trust).unwrap();
        let bytes = &world.leaves[usize::try_from(certificate.mark.index).unwrap()];
        let evidence = Evidence::Statement(bytes);
        let report = verify(evidence, &trust, Some(&pack), world.now, Policy::Shop);
        assert_eq!(report.authenticity.indication, Indication::TotalPassed, "{report:#?}");
    }
}

#[test]
fn a_stolen_key_taints_a_window_until_its_party_confirms() {
    let mut world = certified(4);
    stolen(&mut world);
    // Before the window: good. Within: suspect.
    assert_eq!(offline(&world, 0).exit_code, 0);
    for serial in 1..4 {
        let report = offline(&world, serial);
        assert_eq!(report.exit_code, 3, "{serial}");
        assert_eq!(report.authenticity.sub_indication, Some(SubIndication::KeySuspect));
        assert!(report.item.contains(&Signal::SuspectKey));
    }
    assert_eq!(confirm(&mut world, &[1, 3], ("atlas#key-2", 11)), "ok");
    for (serial, exit) in [(0, 0), (1, 0), (2, 3), (3, 0)] {
        let report = offline(&world, serial);
        assert_eq!(report.exit_code, exit, "{serial}: {report:#?}");
    }
    let at = world.register.size() - 1;
    let text = format!("suspect, and confirmed again by entry {at} ");
    let report = offline(&world, 1);
    assert!(evidence(&report, CheckName::IssuerKey).contains(&text));
    let standing = |serial| {
        world.register.certificate(serial).unwrap().record.key_standing(&atlas(&world).keys)
    };
    assert_eq!((standing(1), standing(2)), (KeyStanding::InForce, KeyStanding::Suspect));
    // By entry and digest.
    let two = world.register.certificate(2).unwrap().record;
    let mut claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: None,
        entries: vec![(two.mark.index, [0; 32])],
        voids: Vec::new(),
    };
    assert_eq!(confirm_as(&mut world, &claim, ("atlas#key-2", 11)), "entry_mismatch");
    claim.entries = vec![(two.mark.index, *two.digest.as_bytes())];
    assert_eq!(confirm_as(&mut world, &claim, ("atlas#key-2", 11)), "ok");
    assert_eq!(offline(&world, 2).exit_code, 0);
}

#[test]
fn only_suspect_certificates_of_ones_own_can_be_confirmed() {
    let mut world = certified(3);
    assert_eq!(confirm(&mut world, &[1], ("atlas#key-1", 10)), "key_state");
    stolen(&mut world);
    // Outside the window, unknown, with the stolen key, by others.
    assert_eq!(confirm(&mut world, &[0], ("atlas#key-2", 11)), "not_suspect");
    assert_eq!(confirm(&mut world, &[1, 7], ("atlas#key-2", 11)), "certificate_unknown");
    assert_eq!(confirm(&mut world, &[1], ("atlas#key-1", 10)), "key_compromised");
    assert_eq!(confirm(&mut world, &[1], ("authority#registrar-1", 2)), "not_authorised");
    assert_eq!(confirm(&mut world, &[1], ("coop#key-1", 20)), "not_authorised");
    let rival = Registration { role: Role::Certifier, ..party("rival") };
    let unsigned = rival.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    add_key(&mut world, "rival#key-1", 30);
    assert_eq!(confirm(&mut world, &[1], ("rival#key-1", 30)), "mismatch");
    let foreign = Reconfirmation {
        party: slug("rival"),
        verification_method: world.method("rival#key-1"),
        serials: SerialRanges::of([1]).pop(),
        entries: Vec::new(),
        voids: Vec::new(),
    };
    let (since, known_at) = (logged_at(&world, 0), world.now);
    key_event(&mut world, "rival#key-1", KeyEvent::Compromised { since, known_at });
    add_key(&mut world, "rival#key-2", 31);
    assert_eq!(confirm_as(&mut world, &foreign, ("rival#key-2", 31)), "not_authorised");
    // A new certificate under the new key is not suspect; the confirmed one not twice.
    let claim = world.certificate(9, "L1", 1, "bio-maroc");
    let unsigned = claim.draft(&world.draft("atlas"));
    world.log(unsigned, "atlas#key-2", 11).unwrap();
    assert_eq!(confirm(&mut world, &[9], ("atlas#key-2", 11)), "not_suspect");
    assert_eq!(confirm(&mut world, &[1], ("atlas#key-2", 11)), "ok");
    assert_eq!(confirm(&mut world, &[1, 2], ("atlas#key-2", 11)), "not_suspect");
    assert_eq!(world.register.certificate(2).unwrap().record.confirmed, None);
    let suspend = StatusTarget::Party(slug("atlas"));
    world.status(suspend, StatusAction::Suspend, "authority#registrar-1", 2).unwrap();
    assert_eq!(confirm(&mut world, &[2], ("atlas#key-2", 11)), "party_barred");
}

#[test]
fn what_a_thief_confirmed_is_suspect_again() {
    let mut world = certified(3);
    stolen(&mut world);
    assert_eq!(confirm(&mut world, &[1], ("atlas#key-2", 11)), "ok");
    let between = world.now.plus_seconds(1);
    world.now = world.now.plus_seconds(10);
    assert_eq!(confirm(&mut world, &[2], ("atlas#key-2", 11)), "ok");
    let (size, held) = (world.register.size(), world.pack_file());
    let compromised = KeyEvent::Compromised { since: between, known_at: world.now };
    assert_eq!(key_event(&mut world, "atlas#key-2", compromised), "ok");
    let confirmed = |serial| world.register.certificate(serial).unwrap().record.confirmed.is_some();
    assert_eq!((confirmed(1), confirmed(2)), (true, false));
    assert_eq!((offline(&world, 1).exit_code, offline(&world, 2).exit_code), (0, 3));
    // A pack that is brought up to date knows that too.
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let whole = world.pack_file();
    let newest = PackFile::read(whole.clone()).unwrap();
    let delta = PackFile::read(newest.delta_since(&world.register, size).unwrap()).unwrap();
    assert!(Pack::open(held, &trust).unwrap().updated(&delta, &trust).unwrap() == whole);
    add_key(&mut world, "atlas#key-3", 12);
    assert_eq!(confirm(&mut world, &[2], ("atlas#key-3", 12)), "ok");
    assert_eq!(offline(&world, 2).exit_code, 0);
}

#[test]
fn the_window_can_only_grow_backwards() {
    let mut world = certified(3);
    world.now = world.now.plus_seconds(10);
    let (since, known_at) = (logged_at(&world, 2), world.now);
    let mut report = |since| {
        let event = KeyEvent::Compromised { since, known_at };
        key_event(&mut world, "atlas#key-1", event)
    };
    assert_eq!(report(since), "ok");
    assert_eq!(report(since), "key_state");
    assert_eq!(report(since.plus_seconds(1)), "key_state");
    assert_eq!(report(since.plus_seconds(-1)), "ok");
    let exits: Vec<u8> = (0..3).map(|serial| offline(&world, serial).exit_code).collect();
    assert_eq!(exits, [0, 3, 3]);
}

#[test]
fn a_back_dated_certificate_is_judged_by_its_log_time() {
    let mut world = certified(1);
    let before = world.now;
    world.now = world.now.plus_seconds(3_600);
    let (since, known_at) = (world.now, world.now);
    key_event(&mut world, "atlas#key-1", KeyEvent::Compromised { since, known_at });
    world.now = world.now.plus_seconds(3_600);
    // The thief writes a time from before the theft into everything it signs.
    let claim = world.certificate(5, "L1", 50, "bio-maroc");
    let unsigned = claim.draft(&Draft { valid_from: before, ..world.draft("atlas") });
    let method = world.method("atlas#key-1");
    let forged = seal(&unsigned, &method, before, &key(10)).unwrap();
    assert_eq!(code(world.log_bytes(&forged)), "key_compromised");
    // An operator that logs it all the same is found out by an audit.
    let catalog = Catalog::builtin().unwrap();
    let register = Register::new(world.domain.clone(), key(1).public(), catalog);
    let mut replayer = Replayer::new(register);
    let mut prev = genesis_prev(&world.domain.origin());
    let mut at = Timestamp::parse("2026-06-01T08:00:00Z").unwrap();
    for (index, statement) in world.leaves.iter().chain([&forged]).enumerate() {
        let parsed = Statement::parse(statement, &world.domain).unwrap();
        at = if statement == &forged { world.now } else { parsed.proof.created.max(at) };
        let index = index as u64;
        let leaf = encode_leaf(index, at, &prev, statement);
        prev = leaf_hash(&leaf);
        match replayer.take_bytes(&leaf) {
            Ok(_) => assert_ne!(statement, &forged),
            Err(fault) => {
                assert_eq!(statement, &forged, "{fault}");
                assert_eq!((fault.index, fault.code.as_str()), (index, "key_compromised"));
                return;
            }
        }
    }
    panic!("the forged entry passed");
}

fn change_many(
    world: &mut World,
    serials: impl IntoIterator<Item = u64>,
    action: StatusAction,
    signer: (&str, u8),
) -> &'static str {
    let target = StatusTarget::Certificates(SerialRanges::of(serials).pop().unwrap());
    code(world.status(target, action, signer.0, signer.1))
}

#[test]
fn many_certificates_are_withdrawn_by_one_statement() {
    let mut world = certified(10);
    let mine = ("atlas#key-1", 10);
    assert_eq!(change_many(&mut world, 3..12, StatusAction::Withdraw, mine), "certificate_unknown");
    let other = ("coop#key-1", 20);
    assert_eq!(change_many(&mut world, 3..7, StatusAction::Withdraw, other), "not_authorised");
    assert_eq!(change_many(&mut world, [1], StatusAction::Suspend, mine), "ok");
    assert_eq!(change_many(&mut world, 3..7, StatusAction::Withdraw, mine), "ok");
    assert_eq!(change_many(&mut world, 5..9, StatusAction::Withdraw, mine), "final");
    let authority = ("authority#registrar-1", 2);
    assert_eq!(change_many(&mut world, [8, 9], StatusAction::Withdraw, authority), "ok");
    let flagged: Vec<u64> =
        world.register.flagged(StatusPurpose::Revocation).iter().copied().collect();
    assert_eq!(flagged, [3, 4, 5, 6, 8, 9]);
    let stale = world.register.lists().filter(|(_, list)| list.stale_since.is_some()).count();
    assert_eq!(stale, 2);
    for serial in 0..10 {
        let withdrawn = flagged.contains(&serial);
        assert_eq!(offline(&world, serial).exit_code == 4, withdrawn || serial == 1, "{serial}");
    }
}

fn succeed(world: &mut World, claim: &RootSuccession, signer: u8) -> &'static str {
    let unsigned = claim.draft(&world.draft("authority"));
    let short = format!("authority#{}", claim.verification_method.rsplit('#').next().unwrap());
    code(world.log(unsigned, &short, signer))
}

#[test]
fn the_committed_root_takes_over_and_readers_follow() {
    let mut world = certified(1);
    let old_trust = world.trust_file();
    let (old_root, new_root) = (multikey(&key(1).public()), multikey(&key(101).public()));
    let mut claim = world.succession();
    claim.keeps.retain(|kept| !kept.verification_method.ends_with("#registrar-1"));
    assert_eq!(succeed(&mut world, &claim, 101), "ok");
    assert_eq!(
        (world.register.current_root(), *world.register.root()),
        (key(101).public(), key(1).public())
    );
    // The old root and what the new one does not keep are retired.
    let again = world.new_key("authority", "service-2", 50, KeyPurpose::Service);
    let unsigned = again.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned.clone(), "authority#root", 1)), "key_retired");
    let unregistered = party("late").draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unregistered)), "key_retired");
    assert_eq!(code(world.log(unsigned, "authority#root-2", 101)), "ok");
    // Who pinned the old root, the new one, or none, accepts; who pinned another does not.
    let file = world.trust_file();
    for pinned in [None, Some(&old_root), Some(&new_root)] {
        let trust = Trust::open(&file, pinned.map(String::as_str)).unwrap();
        assert_eq!((&trust.root, trust.genesis_root.as_ref()), (&new_root, Some(&old_root)));
    }
    let foreign = multikey(&key(77).public());
    assert_eq!(Trust::open(&file, Some(&foreign)).unwrap_err().code(), "trust_root");
    assert_eq!(Trust::open(&old_trust, Some(&new_root)).unwrap_err().code(), "trust_root");
    assert_eq!(offline(&world, 0).exit_code, 0);
    // A device renews its snapshot across the succession, and never back.
    let held = Trust::open(&old_trust, Some(&old_root)).unwrap();
    let renewed = held.renewed(&file).unwrap().unwrap();
    assert_eq!(renewed.root, new_root);
    assert_eq!(renewed.renewed(&old_trust).unwrap_err().code(), "trust_root");
    // And once more.
    let third = RootSuccession {
        verification_method: world.method("authority#root-3"),
        public: key(102).public(),
        successor: root_commitment(&key(103).public()),
        ..world.succession()
    };
    let keeps = third.keeps.iter().filter(|k| !k.verification_method.ends_with("#registrar-1"));
    let third = RootSuccession { keeps: keeps.cloned().collect(), ..third };
    assert_eq!(succeed(&mut world, &third, 102), "ok");
    for pinned in [&old_root, &new_root, &multikey(&key(102).public())] {
        Trust::open(&world.trust_file(), Some(pinned)).unwrap();
    }
}

#[test]
fn a_thief_of_the_root_cannot_replace_it() {
    let mut world = certified(0);
    let good = world.succession();
    // Another key, signed by itself or by the stolen root.
    let mut own = good.clone();
    own.public = key(66).public();
    assert_eq!(succeed(&mut world, &own, 66), "successor_mismatch");
    let unsigned = own.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#root", 1)), "mismatch");
    // The committed hash with a root of its own, the commitment changed, a second root added.
    let registration = Registration {
        role: Role::Authority,
        successor: Some(commitment_text(&root_commitment(&key(66).public()))),
        ..party("authority")
    };
    let unsigned = registration.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#root", 1)), "not_authorised");
    let second = world.new_key("authority", "root-6", 66, KeyPurpose::Root);
    let unsigned = second.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#root", 1)), "not_authorised");
    // It can lock the root, and slip in a key of its own; the succession undoes both.
    let evil = world.new_key("authority", "service-6", 67, KeyPurpose::Service);
    let unsigned = evil.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#root", 1)), "ok");
    assert_eq!(key_event(&mut world, "authority#root", KeyEvent::Retired), "ok");
    let mut named = good.clone();
    named.verification_method = world.method("authority#root");
    assert_eq!(succeed(&mut world, &named, 101), "key_exists");
    let mut unknown = good.clone();
    unknown.keeps[0].public = key(67).public();
    assert_eq!(succeed(&mut world, &unknown, 101), "unknown_key");
    assert_eq!(succeed(&mut world, &good, 101), "ok");
    let list = StatusList::of(StatusPurpose::Revocation, 0, [].into_iter());
    let unsigned = list.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#service-6", 67)), "key_retired");
    assert_eq!(succeed(&mut world, &good, 101), "successor_mismatch");
}

/// A trust snapshot with other members, signed anew by a key under a name.
fn forged(world: &World, name: &str, number: u8, edit: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(&world.trust_file()).unwrap();
    value.as_object_mut().unwrap().remove("proof");
    edit(&mut value);
    seal(&value, &world.method(name), world.now, &key(number)).unwrap()
}

#[test]
fn a_broken_or_forged_chain_of_roots_is_refused() {
    let mut world = certified(0);
    let claim = world.succession();
    assert_eq!(succeed(&mut world, &claim, 101), "ok");
    let open = |file: &[u8]| Trust::open(file, None).map_err(|error| error.code());
    let service = ("authority#service-1", 3);
    assert!(open(&forged(&world, service.0, service.1, |_| {})).is_ok());
    let edited =
        |edit: &dyn Fn(&mut serde_json::Value)| open(&forged(&world, service.0, service.1, edit));
    let last = |value: &mut serde_json::Value| value["founding"].as_array_mut().unwrap().pop();
    // The succession left out; the first root left out; the chain from another root.
    let without = edited(&|value| {
        last(value);
    });
    assert_eq!(without.unwrap_err(), "trust_succession");
    let headless = edited(&|value| {
        value.as_object_mut().unwrap().remove("genesisRoot");
    });
    assert_eq!(headless.unwrap_err(), "trust_signature");
    let other = edited(&|value| value["genesisRoot"] = multikey(&key(66).public()).into());
    assert_eq!(other.unwrap_err(), "trust_signature");
    // A succession to a key that nobody committed to.
    let evil = RootSuccession { public: key(66).public(), ..claim };
    let draft = evil.draft(&world.draft("authority"));
    let method = world.method("authority#root-2");
    let evil = seal(&draft, &method, world.now, &key(66)).unwrap();
    let evil: serde_json::Value = serde_json::from_slice(&evil).unwrap();
    let replaced = edited(&|value| {
        last(value);
        value["founding"].as_array_mut().unwrap().push(evil.clone());
        value["root"] = multikey(&key(66).public()).into();
    });
    assert_eq!(replaced.unwrap_err(), "trust_succession");
    // A thief of the old root vouches for a service key before the succession: of no use.
    let key_of_thief = world.new_key("authority", "service-6", 67, KeyPurpose::Service);
    let draft = key_of_thief.draft(&world.draft("authority"));
    let slipped = seal(&draft, &world.method("authority#root"), world.now, &key(1)).unwrap();
    let slipped: serde_json::Value = serde_json::from_slice(&slipped).unwrap();
    let file = forged(&world, "authority#service-6", 67, |value| {
        let founding = value["founding"].as_array_mut().unwrap();
        founding.insert(1, slipped.clone());
    });
    assert_eq!(open(&file).unwrap_err(), "trust_signature");
}
