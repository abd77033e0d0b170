//! The rules of edition 1, each tried by the abuse it is against and by what honest people need.
//! Not here: who may do which act at all (the table of powers, tried pair by pair elsewhere).

use tasdiq::names::LotKey;
use tasdiq::register::{CertificateStatus, LotStatus, Refusal};
use tasdiq::statement::*;

use crate::world::{World, code, said, say, signer, slug};

mod changes;
mod forms;
mod goods;
mod history;
mod keys;
mod labels;
mod windows;

const DAY: i64 = 86_400;

/// The newest rules, and beside `atlas` and `coop` a second certifier `rif` and a second
/// cooperative `rival`.
fn two_of_each() -> World {
    let mut world = World::newest();
    world.join(Role::Certifier, "rif", 12);
    world.join(Role::Cooperative, "rival", 21);
    world
}

/// The newest rules, `coop`'s lot L1 of 100 L, and certificate 0 for all of it under `bio-maroc`.
fn certified() -> World {
    let mut world = two_of_each();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    world
}

fn later(world: &mut World, seconds: i64) {
    world.now = world.now.plus_seconds(seconds);
}

fn lot(number: &str) -> LotKey {
    format!("coop/{number}").parse().unwrap()
}

fn lot_status(world: &World, number: &str) -> LotStatus {
    world.register.lot(&lot(number)).unwrap().status(world.now)
}

fn certificate_status(world: &World, serial: u64) -> CertificateStatus {
    let certificate = world.register.certificate(serial).unwrap().record;
    world.register.status_of(&certificate, world.now)
}

/// A change of status as `who`, effective now.
fn change(world: &mut World, who: &str, target: StatusTarget, action: StatusAction) -> Changed {
    let (_, key, number) = signer(who);
    Changed(world.status(target, action, &key, number))
}

/// What came of a change of status.
struct Changed(Result<u64, Refusal>);

impl Changed {
    fn code(self) -> &'static str {
        code(self.0)
    }

    fn index(self) -> u64 {
        self.0.unwrap()
    }
}

fn cert(serial: u64) -> StatusTarget {
    StatusTarget::Certificate(serial)
}

fn of_lot(number: &str) -> StatusTarget {
    StatusTarget::Lot(lot(number))
}

/// An entry by index and digest, as a re-confirmation names it.
fn entry(world: &World, index: u64) -> (u64, [u8; 32]) {
    let bytes = &world.leaves[usize::try_from(index).unwrap()];
    (index, Statement::parse(bytes, &world.domain).unwrap().digest)
}

/// Confirms and voids entries signed with `atlas#key-1`, as `who`.
fn settle(world: &mut World, who: &str, entries: &[u64], voids: &[u64]) -> &'static str {
    settle_of(world, who, "atlas#key-1", entries, voids)
}

fn settle_of(
    world: &mut World,
    who: &str,
    key: &str,
    entries: &[u64],
    voids: &[u64],
) -> &'static str {
    let named = |indexes: &[u64]| indexes.iter().map(|index| entry(world, *index)).collect();
    let claim = Reconfirmation {
        party: slug(key.split_once('#').unwrap().0),
        verification_method: world.method(key),
        serials: None,
        entries: named(entries),
        voids: named(voids),
    };
    say(world, who, |draft| claim.draft(draft))
}

/// A report that a key was in foreign hands since some seconds ago, by `who`.
fn report(world: &mut World, who: &str, key: &str, seconds: i64) -> &'static str {
    let claim = KeyChange {
        party: slug(key.split_once('#').unwrap().0),
        verification_method: world.method(key),
        event: KeyEvent::Compromised {
            since: world.now.plus_seconds(-seconds),
            known_at: world.now,
        },
    };
    say(world, who, |draft| claim.draft(draft))
}

/// A second key of `atlas`, added by the root.
fn second_key(world: &mut World) {
    let claim = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    assert_eq!(say(world, "root", |draft| claim.draft(draft)), "ok");
}

/// A lot of another producer under any key, of 100 L.
fn declared(world: &World, key: &str) -> LotDeclaration {
    LotDeclaration { lot: key.parse().unwrap(), ..world.lot("X", 100) }
}
