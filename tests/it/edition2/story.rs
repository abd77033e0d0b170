//! The argan story end to end: ten tonnes of ripe fruit become 215 litres of oil in jars, and every
//! gram is somewhere at each step. And the same log folded anew.

use tasdiq::catalog::Catalog;
use tasdiq::register::{Register, Replayer, Snapshot};
use tasdiq::trace::Origin;

use super::*;
use crate::world::key as signer;
use tasdiq::seal::Signer;

/// Fruit, dry fruit, nuts, kernels, oil and jars, all of `coop`.
pub fn pressed() -> Goods {
    let mut goods = Goods::new();
    for number in 1..=5 {
        goods.declare(&format!("coop/F{number}"), "argan-fruit", 2_000_000).unwrap();
    }
    goods.declared(&[
        ("D", "argan-fruit-dry", 5_700_000),
        ("N", "argan-nuts", 2_680_000),
        ("K", "argan-kernels", 440_000),
        ("H", "argane", 215_000),
    ]);
    let fruit: Vec<String> = (1..=5).map(|number| format!("coop/F{number}")).collect();
    let fruit: Vec<(&str, u64)> = fruit.iter().map(|lot| (lot.as_str(), 2_000_000)).collect();
    goods.make("argan-fruit-dry", &fruit, &[("coop/D", 5_700_000)]).unwrap();
    goods.make("argan-nut", &[("coop/D", 5_700_000)], &[("coop/N", 2_680_000)]).unwrap();
    goods.make("argan-kernel", &[("coop/N", 2_680_000)], &[("coop/K", 440_000)]).unwrap();
    goods.make("argan-press", &[("coop/K", 440_000)], &[("coop/H", 215_000)]).unwrap();
    goods
}

#[test]
fn ten_tonnes_of_fruit_become_jars_and_nothing_else() {
    let mut goods = pressed();
    assert_eq!(goods.balance("coop/H").free, 215_000);
    assert!(goods.balance("coop/K").is_exhausted());
    goods.lose("coop", &[("coop/H", 2_000)]).unwrap();
    let jars = [("J250", 250, 300), ("J500", 500, 160), ("JL", 1_000, 58)];
    for (number, size, count) in jars {
        let mut claim = goods.lot("coop", number, "argane", size * count);
        claim.facts.pack_size = size;
        goods.say("coop", |draft| claim.draft(draft)).unwrap();
    }
    let all = [("coop/J250", 75_000), ("coop/J500", 80_000), ("coop/JL", 58_000)];
    goods.make("pack-off", &[("coop/H", 213_000)], &all).unwrap();
    let oil = goods.balance("coop/H");
    assert_eq!((oil.consumed, oil.lost, oil.free), (213_000, 2_000, 0));
    goods.ship("coop", "souk", &[("coop/J250", 25_000)]).unwrap();
    let sent = goods.last("coop");
    assert_eq!(goods.holding("coop/J250", "coop").in_transit, 25_000);
    goods.receive("souk", &sent, &[("coop/J250", 25_000, 0, 0)]).unwrap();
    goods.out("souk", &[("coop/J250", 250)]).unwrap();
    assert_eq!(goods.holding("coop/J250", "souk").free, 24_750);
    let register = &goods.world.register;
    assert_eq!(register.trace().conserved(), None);
    let jar = register.lot_handle(&key("coop/J250")).unwrap();
    assert_eq!(register.trace().origin(jar), Origin::Traced);
}

#[test]
fn the_same_log_folds_to_the_same_figures_and_a_snapshot_brings_them_back() {
    let mut goods = pressed();
    goods.certify(0, "coop/H", 100_000, "fairtrade").unwrap_err();
    goods.out("coop", &[("coop/H", 250)]).unwrap();
    let world = &goods.world;
    let catalog = Catalog::builtin().unwrap();
    let empty = Register::new(world.domain.clone(), signer(1).public(), catalog).knowing(2);
    let mut replayer = Replayer::new(empty.clone());
    for leaf in world.log_leaves() {
        replayer.take_bytes(&leaf).unwrap();
    }
    let (root, prev) = (world.tree().root(), replayer.prev());
    let bytes = |register: &Register| {
        let mut bytes = Vec::new();
        let mut put = |part: &[u8]| {
            bytes.extend_from_slice(part);
            Ok::<(), std::convert::Infallible>(())
        };
        register.snapshot(&root, &prev, &mut put).unwrap();
        bytes
    };
    let (one, two) = (bytes(&world.register), bytes(replayer.register()));
    assert!(one == two);
    let read = Snapshot::read(&one, &empty).unwrap();
    assert!(bytes(&read.register) == one);
    assert!(read.register.trace() == world.register.trace());
    assert_eq!(read.register.newest_edition(), 2);
}

#[test]
fn an_event_sent_twice_counts_once_and_its_name_stands_for_nothing_else() {
    let mut goods = pressed();
    let what = |quantity| {
        let lots = lines(&[("coop/H", quantity)]);
        EventKind::Loss(Loss { cause: LossCause::Sediment, lots })
    };
    let name = goods.next_name();
    let first = goods.event(name, what(500));
    goods.say("coop", |draft| first.draft(draft)).unwrap();
    let other = goods.event(name, what(501));
    let refused = goods.say("coop", |draft| other.draft(draft)).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("event_exists", true));
    // Another party's name is its own.
    assert_eq!(code(goods.say("rival", |draft| first.draft(draft))), "not_holder");
}
