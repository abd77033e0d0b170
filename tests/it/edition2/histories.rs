//! Random histories of signed statements, many and short: what was accepted is booked a second time
//! in a plain model, and the same log gives the same register, from any cut on. Not here: cover,
//! custody and status, which another program recomputes (`balance`).

use tasdiq::log::Hash;
use tasdiq::register::{GoodsRecords, Register, Snapshot, SnapshotError};
use tasdiq::seal::LogPosition;

use super::account::Account;
use super::player::Player;
use super::*;
use crate::snapshot::{bytes_of, empty_like};

/// Of refusals that the contract of goods names, each has to be met so often in all.
const LEAST: u32 = 100;

/// The codes that refuse something of goods, all of them in one table.
const CODES: [&str; 33] = [
    "cannot_void",
    "cover_exceeded",
    "custody_upgraded",
    "event_exists",
    "event_time",
    "extract_exceeded",
    "future",
    "insufficient",
    "labels_exceeded",
    "lot_closed",
    "lot_held",
    "lot_overfilled",
    "lot_recalled",
    "lot_twice",
    "lot_unknown",
    "not_holder",
    "not_producer",
    "not_receiver",
    "operator_not_certified",
    "out_of_season",
    "quantity_exceeded",
    "quantity_not_whole",
    "quantity_range",
    "receipt_sum",
    "recipe_mismatch",
    "recipe_unknown",
    "shipment_state",
    "sscc_check_digit",
    "sscc_in_use",
    "terms_differ",
    "unit_mismatch",
    "volume_exceeded",
    "yield_exceeded",
];

/// What every history begins with: the register before, and the account of what was logged.
struct Beginning {
    goods: Goods,
    account: Account,
}

fn statements(world: &World, from: usize) -> Vec<(Statement, LogPosition)> {
    let leaves = world.leaves.iter().zip(&world.times).enumerate().skip(from);
    let read = |(index, (bytes, at)): (usize, (&Vec<u8>, &Timestamp))| {
        let mark = LogPosition { index: index as u64, logged_at: *at };
        (Statement::parse(bytes, &world.domain).unwrap(), mark)
    };
    leaves.map(read).collect()
}

impl Beginning {
    fn new() -> Self {
        let mut goods = Goods::new();
        goods.is_compared = false;
        let mut account = Account::default();
        for (statement, mark) in statements(&goods.world, 0) {
            account.book(&statement, mark.logged_at).unwrap();
        }
        Self { goods, account }
    }
}

/// So many steps from a seed; the codes of what was told, or what is wrong.
fn run(
    beginning: &Beginning,
    seed: u64,
    steps: usize,
    told: &mut BTreeMap<&'static str, u32>,
) -> Result<(), String> {
    let first = beginning.goods.world.leaves.len();
    let mut player = Player::from(beginning.goods.clone(), seed);
    for step in 0..steps {
        let _told = if step % 2 == 0 { player.step() } else { player.abuse() };
        if let Some(lot) = player.goods().world.register.trace().conserved() {
            return Err(format!("step {step}: {lot:?} does not add up"));
        }
    }
    let goods = player.goods();
    for (code, count) in &goods.told {
        *told.entry(code).or_default() += count;
    }
    let mut account = beginning.account.clone();
    let logged = statements(&goods.world, first);
    for (statement, mark) in &logged {
        let booked = account.book(statement, mark.logged_at);
        booked.map_err(|what| format!("entry {}: {what}", mark.index))?;
    }
    account.same(&goods.world)?;
    told_of_all(&goods.world.register)?;
    let cut = usize::try_from(seed).unwrap_or_default() % (logged.len() + 1);
    replayed(&beginning.goods.world.register, &goods.world.register, &logged, cut)
}

/// What is told of the goods of all lots at once is what is told of each.
fn told_of_all(register: &Register) -> Result<(), String> {
    let Some(at) = register.last_at() else { return Ok(()) };
    let mut all = GoodsRecords::new(register, at);
    for key in register.lots().map(|lot| lot.record.lot) {
        let (one, of_all) = (register.goods_record(&key, at), all.of(&key));
        if one != of_all {
            return Err(format!("goods of {key}: {one:?}, of all {of_all:?}"));
        }
        if all.is_made_of_others(&key) != register.is_made_of_others(&key) {
            return Err(format!("{key} is made of others, or is not"));
        }
    }
    Ok(())
}

/// The same entries give the same bytes, also over a snapshot that was written at a cut.
fn replayed(
    before: &Register,
    after: &Register,
    logged: &[(Statement, LogPosition)],
    cut: usize,
) -> Result<(), String> {
    let none = Hash::new([0; 32]);
    let mut register = before.clone();
    for (at, (statement, mark)) in logged.iter().enumerate() {
        if at == cut {
            let bytes = bytes_of(&register);
            let read = Snapshot::read(&bytes, &empty_like(&register));
            register = read.map_err(|fault| format!("cut at {cut}: {fault:?}"))?.register;
        }
        let folded = register.fold(statement, *mark);
        folded.map_err(|refusal| format!("entry {} again: {refusal}", mark.index))?;
    }
    match register.snapshot_digest(&none, &none) == after.snapshot_digest(&none, &none) {
        true => Ok(()),
        false => Err(format!("cut at {cut}: the same log gave another register")),
    }
}

/// The fewest steps with which a seed still fails: a history is the beginning of a longer one.
fn shrunk(beginning: &Beginning, seed: u64, steps: usize, what: String) -> (usize, String) {
    let mut shortest = (steps, what);
    for fewer in 1..steps {
        if let Err(what) = run(beginning, seed, fewer, &mut BTreeMap::new()) {
            shortest = (fewer, what);
            break;
        }
    }
    shortest
}

#[test]
fn what_is_accepted_is_booked_alike_and_replays_alike() {
    let told = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = told("TASDIQ_TEST_SEED").unwrap_or(2_026);
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    let count = told("TASDIQ_HISTORIES").unwrap_or(if long { 5_000 } else { 24 });
    println!("TASDIQ_TEST_SEED={seed}, {count} histories");
    let (beginning, mut codes) = (Beginning::new(), BTreeMap::new());
    for number in 0..count {
        let own = seed.wrapping_mul(1_000_003).wrapping_add(number);
        if let Err(what) = run(&beginning, own, 24, &mut codes) {
            let (steps, what) = shrunk(&beginning, own, 24, what);
            panic!("history {own} of TASDIQ_TEST_SEED={seed}, {steps} steps: {what}");
        }
    }
    println!("{codes:#?}");
    let seldom = |code: &&&str| codes.get(**code).is_none_or(|count| *count < LEAST);
    let seldom: Vec<_> = CODES.iter().filter(seldom).collect();
    assert!(!long || seldom.is_empty(), "met less than {LEAST} times: {seldom:?}");
}

/// A register with goods of every kind, after a random history.
fn lived_in() -> Register {
    let beginning = Beginning::new();
    let mut player = Player::from(beginning.goods.clone(), 7);
    for _ in 0..150 {
        let _told = player.step();
    }
    let register = &player.goods().world.register;
    assert!(register.trace().event_count() > 20);
    register.clone()
}

/// Every place of some bytes, or in a gate's time one of so many.
fn places(bytes: usize, one_of: usize) -> impl Iterator<Item = usize> {
    let step = if std::env::var_os("TASDIQ_LONG").is_some() { 1 } else { one_of };
    (0..bytes).step_by(step)
}

#[test]
fn no_byte_of_a_snapshot_of_goods_can_be_changed() {
    let register = lived_in();
    let (mut bytes, empty) = (bytes_of(&register), empty_like(&register));
    assert!(Snapshot::read(&bytes, &empty).is_ok());
    for at in places(bytes.len(), 997) {
        bytes[at] ^= 1;
        let read = Snapshot::read(&bytes, &empty).map(drop);
        assert!(matches!(read, Err(SnapshotError::Damaged { .. })), "byte {at}: {read:?}");
        bytes[at] ^= 1;
    }
}

/// Whoever writes the digest anew makes no reader panic, and no lot that does not add up.
#[test]
fn a_snapshot_of_goods_with_a_right_digest_is_read_or_refused() {
    use sha2::Digest;
    let register = lived_in();
    let (bytes, empty) = (bytes_of(&register), empty_like(&register));
    let body = bytes.len() - 32;
    let mut read = 0;
    for at in places(body, 499) {
        let mut changed = bytes[..body].to_vec();
        changed[at] = changed[at].wrapping_add(1);
        let digest = sha2::Sha256::digest(&changed);
        changed.extend_from_slice(&digest);
        let Ok(other) = Snapshot::read(&changed, &empty) else { continue };
        read += 1;
        assert_eq!(other.register.trace().conserved(), None, "byte {at}");
        for lot in other.register.lots() {
            let _told = other.register.lot_trace(&lot.record.lot, lot.mark.logged_at);
        }
    }
    println!("{read} of {body} bytes can be others");
}
