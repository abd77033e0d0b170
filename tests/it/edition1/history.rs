//! Random histories: replaying the same entries gives the same register, whatever was refused on
//! the way, and a ledger of the first release is judged as it always was.
//! `TASDIQ_SEED=N` tries the histories of one seed again.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tasdiq::register::{Refusal, Register};
use tasdiq::seal::{KeyRecord, LogPosition};
use tasdiq::statement::*;

use super::{change, report, settle};
use crate::snapshot::goes_on;
use crate::world::{World, slug};

/// Codes of rules that came with edition 1.
const LATER: [&str; 20] = [
    "id_form",
    "text_form",
    "name_form",
    "serial_window",
    "campaign_form",
    "campaign_day",
    "fact_differs",
    "pack_size",
    "gtin_mismatch",
    "gtin_owner",
    "prefix_taken",
    "name_taken",
    "not_asked",
    "key_scope",
    "key_waits",
    "cosigner",
    "since_too_early",
    "certificate_suspended",
    "label_refused",
    "newer_edition",
];

/// One act: which, on what, how much, how long after the one before.
type Act = (u8, u8, u8, u32);

fn histories() -> impl Strategy<Value = (Vec<Act>, Option<usize>)> {
    let act = (0_u8..18, 0_u8..6, 1_u8..40, 1_u32..400_000);
    (prop::collection::vec(act, 10..45), prop::option::of(0_usize..25))
}

fn runner() -> TestRunner {
    let seed = std::env::var("TASDIQ_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let seed = seed.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap()
    });
    println!("TASDIQ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// The code that came of an act.
fn tried(world: &mut World, (kind, on, amount, seconds): Act) -> &'static str {
    use StatusAction::{Hold, Recall, Reinstate, Release, Suspend, Withdraw};
    world.now = world.now.plus_seconds(i64::from(seconds));
    let (number, serial) = (format!("L{on}"), u64::from(on));
    let last = world.register.size().saturating_sub(u64::from(amount) % 8 + 1);
    let target = |action| match action {
        Hold | Release | Recall => super::of_lot(&number),
        _ => super::cert(serial),
    };
    let who = ["atlas", "coop", "registrar", "root", "atlas-2"][usize::from(amount) % 5];
    let mut to = |action| change(world, who, target(action), action).code();
    match kind {
        0 | 1 => super::code(world.declare(&number, u64::from(amount) * 10)),
        2 | 3 => super::code(world.certify(serial, &number, u64::from(amount), "bio-maroc")),
        4 => super::code(world.certify(serial + 7, &number, u64::from(amount), "fairtrade")),
        5 => to(Suspend),
        6 => to(Reinstate),
        7 => to(Withdraw),
        8 => to(Hold),
        9 => to(Release),
        10 if amount > 35 => to(Recall),
        10 | 11 => settle(world, who, &[last], &[]),
        12 => settle(world, who, &[], &[last]),
        13 => report(world, who, ["atlas#key-1", "atlas#key-2"][usize::from(on % 2)], 90_000),
        14 => {
            let claim = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
            super::say(world, who, |draft| claim.draft(draft))
        }
        15 => {
            let lot = super::lot(&number);
            let verification_method = world.method("authority#label-1");
            let claim = LabelIssue { lot, count: amount.into(), verification_method };
            super::say(world, "service", |draft| claim.draft(draft))
        }
        16 => {
            let capacity = Capacity {
                product: "argane".into(),
                campaign: "2026".into(),
                quantity: u64::from(amount) * 40_000,
            };
            let claim = CapacityStatement { party: slug("coop"), capacity };
            super::say(world, who, |draft| claim.draft(draft))
        }
        _ => {
            let target = StatusTarget::Party(slug(["atlas", "coop"][usize::from(on % 2)]));
            let action = if amount > 20 { Reinstate } else { Suspend };
            change(world, who, target, action).code()
        }
    }
}

/// A world made by folding another's entries anew.
fn replayed(world: &World) -> World {
    let register =
        Register::new(world.domain.clone(), *world.register.root(), world.register.catalog());
    let mut again = World::founded();
    (again.register, again.now) = (register, world.now);
    (again.leaves, again.times) = (world.leaves.clone(), world.times.clone());
    for ((index, bytes), at) in (0..).zip(&world.leaves).zip(&world.times) {
        let statement = Statement::parse(bytes, &world.domain).unwrap();
        let folded: Result<(), Refusal> =
            again.register.fold(&statement, LogPosition { index, logged_at: *at });
        assert_eq!(folded, Ok(()), "entry {index}");
    }
    again
}

/// Everything that is told of a register: the trust snapshot and the pack's tables.
fn told(world: &World) -> [Vec<u8>; 2] {
    [world.trust_file(), world.pack_file()]
}

fn blocks(world: &World) -> serde_json::Value {
    let file = world.pack_file();
    let pack = tasdiq::pack::PackFile::read(&file[..]).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(pack.manifest_bytes()).unwrap();
    manifest["blocksDigest"].clone()
}

/// A world with a history: all under the first release's rules, or raised on the way.
fn lived(acts: &[Act], raised: Option<usize>) -> (World, Vec<&'static str>) {
    let mut world = World::peopled();
    let mut codes = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        if raised == Some(number) {
            let unsigned = Rulebook { version: 1, edition: 1 }.draft(&world.draft("authority"));
            world.log(unsigned, "authority#root", 1).unwrap();
            let claim = world.agreement("atlas", "coop", &["bio-maroc", "fairtrade"]);
            let unsigned = claim.draft(&world.draft("authority"));
            world.log(unsigned, "authority#root", 1).unwrap();
        }
        codes.push(tried(&mut world, *act));
    }
    (world, codes)
}

#[test]
fn a_replay_gives_the_same_register() {
    let outcome = runner().run(&histories(), |(acts, raised)| {
        let (world, _) = lived(&acts, raised);
        let again = replayed(&world);
        prop_assert_eq!(told(&world), told(&again));
        prop_assert_eq!(world.register.next_serial(), again.register.next_serial());
        for purpose in StatusPurpose::ALL {
            prop_assert_eq!(world.register.flagged(purpose), again.register.flagged(purpose));
            // The lists' flags are what the events say.
            let flagged = world.register.flagged(purpose);
            for certificate in world.register.certificates().map(|found| found.record) {
                let soon = world.now.plus_seconds(300);
                let status = certificate.status(soon).word();
                let word =
                    if purpose == StatusPurpose::Revocation { "withdrawn" } else { "suspended" };
                prop_assert_eq!(flagged.contains(&certificate.serial), status == word);
            }
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn a_register_that_was_read_from_a_snapshot_goes_on_as_the_one_that_was_folded() {
    let outcome = runner().run(&histories(), |(acts, raised)| {
        let (world, _) = lived(&acts, raised);
        let cuts = [0, 3, 7, 11].map(|part| world.leaves.len() * part / 11);
        goes_on(&world, cuts.into_iter());
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn certified_never_exceeds_declared_whatever_is_withdrawn_annulled_and_confirmed() {
    let outcome = runner().run(&histories(), |(acts, raised)| {
        let (world, _) = lived(&acts, raised);
        for lot in world.register.lots() {
            for (scheme, sum) in world.register.certified_in_force(&lot.record.lot, world.now) {
                prop_assert!(sum <= lot.record.quantity, "{}: {sum}", &*scheme);
            }
            prop_assert!(lot.labels_issued <= lot.units());
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn a_ledger_of_the_first_release_knows_nothing_of_edition_1() {
    let outcome = runner().run(&histories(), |(acts, _)| {
        let (mut world, codes) = lived(&acts, None);
        let foreign = codes.iter().find(|code| LATER.contains(code));
        prop_assert_eq!(foreign, None);
        let events = world.register.lots().flat_map(|lot| lot.record.events);
        let certificates = world.register.certificates().flat_map(|it| it.record.events);
        prop_assert!(events.chain(certificates).all(|event| event.ends.is_none()));
        let plain = |key: &KeyRecord| key.counts_from.is_none() && key.parties.is_empty();
        prop_assert!(world.register.parties().all(|party| party.keys.iter().all(plain)));
        let trust: serde_json::Value = serde_json::from_slice(&world.trust_file()).unwrap();
        prop_assert_eq!(&trust["version"], 1);
        prop_assert!(trust.get("edition").is_none());
        // Raising the edition changes nothing that was.
        let before = blocks(&world);
        let unsigned = Rulebook { version: 1, edition: 1 }.draft(&world.draft("authority"));
        let (root, number) = ("authority#root", 1);
        prop_assert!(world.log(unsigned, root, number).is_ok());
        prop_assert_eq!(before, blocks(&world));
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}
