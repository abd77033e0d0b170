//! A register as bytes and back: the same at every size, whatever follows; refused with one byte
//! changed, cut, of other rules or another ledger.

use tasdiq::catalog::Catalog;
use tasdiq::log::Hash;
use tasdiq::register::{Register, Snapshot, SnapshotError};
use tasdiq::seal::LogPosition;
use tasdiq::statement::{Domain, Statement};

use crate::world::World;

const NONE: Hash = Hash::new([0; 32]);

/// The bytes of a register.
pub fn bytes_of(register: &Register) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = |part: &[u8]| {
        bytes.extend_from_slice(part);
        Ok::<(), std::convert::Infallible>(())
    };
    let digest = register.snapshot(&NONE, &NONE, &mut out).unwrap();
    assert_eq!(digest, register.snapshot_digest(&NONE, &NONE));
    assert_eq!(&bytes[bytes.len() - 32..], digest.as_bytes());
    bytes
}

/// The register of the same ledger before its first entry.
pub fn empty_like(register: &Register) -> Register {
    let new = Register::new(register.domain().clone(), *register.root(), register.catalog());
    new.knowing(register.newest_edition())
}

/// The register written and read again: its bytes are the same.
pub fn again(register: &Register) -> Register {
    let bytes = bytes_of(register);
    let read = Snapshot::read(&bytes, &empty_like(register)).unwrap();
    assert_eq!((read.root, read.prev), (NONE, NONE));
    assert!(bytes_of(&read.register) == bytes, "the bytes are others");
    read.register
}

/// From every one of `cuts` on, what was read goes on to what was folded.
pub fn goes_on(world: &World, cuts: impl Iterator<Item = usize>) {
    let whole = bytes_of(&world.register);
    let statements: Vec<Statement> =
        world.leaves.iter().map(|it| Statement::parse(it, &world.domain).unwrap()).collect();
    let fold = |register: &mut Register, at: usize| {
        let mark = LogPosition { index: at as u64, logged_at: world.times[at] };
        assert_eq!(register.fold(&statements[at], mark), Ok(()), "entry {at}");
    };
    for cut in cuts {
        let mut register = empty_like(&world.register);
        (0..cut).for_each(|at| fold(&mut register, at));
        let mut register = again(&register);
        (cut..statements.len()).for_each(|at| fold(&mut register, at));
        assert!(bytes_of(&register) == whole, "cut at {cut}");
    }
}

/// A small world of everything a register holds.
fn lived_in() -> World {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.declare("L2", 50).unwrap();
    world.certify(0, "L1", 60, "bio-maroc").unwrap();
    world.certify(1, "L1", 40, "bio-maroc").unwrap();
    world.certify(2, "L2", 50, "bio-maroc").unwrap();
    world
}

#[test]
fn each_byte_is_covered() {
    let register = lived_in().register;
    let (bytes, empty) = (bytes_of(&register), empty_like(&register));
    assert!(Snapshot::read(&bytes, &empty).is_ok());
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            changed[at] ^= bit;
            let read = Snapshot::read(&changed, &empty).map(drop);
            assert!(matches!(read, Err(SnapshotError::Damaged { .. })), "byte {at}: {read:?}");
            changed[at] ^= bit;
        }
    }
    for length in 0..bytes.len() {
        assert!(Snapshot::read(&bytes[..length], &empty).is_err(), "{length} bytes");
    }
    assert!(Snapshot::read(&[bytes, vec![0]].concat(), &empty).is_err());
}

/// Whoever can write the digest anew still makes no reader panic, and none that answers nonsense
/// about rows that are not there. One value for each byte, all five with `TASDIQ_LONG`.
#[test]
fn bytes_with_a_right_digest_are_read_or_refused() {
    use sha2::Digest;
    let register = lived_in().register;
    let (bytes, empty) = (bytes_of(&register), empty_like(&register));
    let body = bytes.len() - 32;
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    for at in 0..body {
        let values = [0, 1, 0x7f, 0xff, bytes[at].wrapping_add(1)];
        let few = at % values.len()..at % values.len() + 1;
        for value in &values[if long { 0..values.len() } else { few }] {
            let mut changed = bytes[..body].to_vec();
            changed[at] = *value;
            let digest = sha2::Sha256::digest(&changed);
            changed.extend_from_slice(&digest);
            let Ok(read) = Snapshot::read(&changed, &empty) else { continue };
            let register = read.register;
            for lot in register.lots() {
                assert_eq!(register.lot(&lot.record.lot).as_ref(), Some(&lot));
            }
            for found in register.certificates() {
                assert!(register.lot(&found.record.lot).is_some(), "byte {at}");
                assert!(register.certificate_at(found.record.mark.index).is_some(), "byte {at}");
            }
        }
    }
}

#[test]
fn of_another_ledger_it_is_not_read() {
    let register = lived_in().register;
    let bytes = bytes_of(&register);
    let catalog = Catalog::builtin().unwrap();
    let other = |what| Some(SnapshotError::Other { what });
    let host = Register::new(Domain::parse("other.example").unwrap(), *register.root(), catalog);
    assert_eq!(Snapshot::read(&bytes, &host).err(), other("ledger"));
    let root = Register::new(register.domain().clone(), [7; 32], catalog);
    assert_eq!(Snapshot::read(&bytes, &root).err(), other("root key"));
}

#[test]
fn from_every_size_it_goes_on_to_the_same_register() {
    let world = lived_in();
    goes_on(&world, 0..=world.leaves.len());
}
