//! What no rulebook may say, who may loosen one, and what an older ledger brings along.

use super::*;
use tasdiq::register::LotStatus;
use tasdiq::trace::Origin;

fn fraction(n: u64, d: u64) -> Fraction {
    Fraction::of(n, d).unwrap()
}

fn recipe(id: &str, pairs: &[(&str, &str, Fraction)]) -> Recipe {
    let ratio = |(from, to, ceiling): &(&str, &str, Fraction)| Ratio {
        from: (*from).into(),
        to: (*to).into(),
        ceiling: *ceiling,
        warn: None,
    };
    let ratios = pairs.iter().map(ratio).collect();
    Recipe { id: id.into(), ratios, shares: vec![], minor: vec![] }
}

/// A rulebook that would be version 2 of an edition 1 ledger.
fn first(goods: GoodsRules) -> Result<u64, Refusal> {
    let mut world = before_goods();
    let unsigned = Rulebook { goods, ..Rulebook::plain(2, 2) }.draft(&world.draft("authority"));
    world.by_registrar(unsigned)
}

#[test]
fn an_earlier_release_takes_no_edition_2() {
    let mut world = World::newest();
    world.register = world.register.knowing(1);
    let unsigned = Rulebook::plain(2, 2).draft(&world.draft("authority"));
    let refused = world.by_registrar(unsigned).unwrap_err();
    assert_eq!(refused.code(), "newer_edition");
    assert!(refused.to_string().contains("up to 1"), "{refused}");
    assert_eq!(world.register.trace().lot_count(), 0);
}

#[test]
fn recipes_do_not_grow_goods_round_a_loop() {
    let rules = |recipes| GoodsRules { recipes, ..GoodsRules::default() };
    let loops = vec![
        recipe("back", &[("argane", "argan-kernels", fraction(925, 1_000))]),
        recipe("press", &[("argan-kernels", "argane", fraction(1_000, 906))]),
    ];
    assert_eq!(code(first(rules(loops))), "recipe_cycle");
    let nowhere = vec![recipe("brew", &[("water", "argane", fraction(1, 1))])];
    assert_eq!(code(first(rules(nowhere))), "unknown_term");
    let sort = recipe("sort", &[("dattes-majhoul-tafilalet", "dattes-boufeggous", fraction(1, 1))]);
    let catalog = tasdiq::catalog::Catalog::builtin().unwrap();
    let sign = |id: &str| catalog.product(id).unwrap().sign.clone();
    if sign("dattes-majhoul-tafilalet") == "IG" && sign("dattes-boufeggous") == "IG" {
        assert_eq!(code(first(rules(vec![sort]))), "recipe_renames");
    }
    assert_eq!(code(first(first_goods_rules().unwrap())), "ok");
}

#[test]
fn tracing_begins_neither_in_the_past_nor_later_than_it_was_said_to() {
    let traced = |at: &str| GoodsRules {
        traced_from: vec![TracedFrom {
            material: "argane".into(),
            at: Timestamp::parse(at).unwrap(),
        }],
        ..first_goods_rules().unwrap()
    };
    let past = first(traced("2026-05-31T00:00:00Z")).unwrap_err();
    assert_eq!((past.code(), past.is_conflict()), ("rulebook_order", true));
    let mut goods = Goods::under(traced("2026-10-01T00:00:00Z"));
    // Until then a lot opens with what it declares.
    goods.declare("coop/H", "argane", 5_000).unwrap();
    assert_eq!(goods.balance("coop/H").free, 5_000);
    let later = Rulebook { goods: traced("2027-01-01T00:00:00Z"), ..Rulebook::plain(3, 2) };
    let unsigned = later.draft(&goods.world.draft("authority"));
    assert_eq!(code(goods.world.by_registrar(unsigned)), "rulebook_order");
    let same = Rulebook { goods: traced("2026-10-01T00:00:00Z"), ..Rulebook::plain(3, 2) };
    let unsigned = same.draft(&goods.world.draft("authority"));
    assert_eq!(code(goods.world.by_registrar(unsigned)), "ok");
}

#[test]
fn what_a_rulebook_loosens_the_root_signs() {
    let mut goods = Goods::new();
    let mut next = |key: &str, number: u8, change: &dyn Fn(&mut GoodsRules)| {
        let version = goods.world.register.rulebook().unwrap().version + 1;
        let mut rules = first_goods_rules().unwrap();
        change(&mut rules);
        let claim = Rulebook { goods: rules, ..Rulebook::plain(version, 2) };
        let unsigned = claim.draft(&goods.world.draft("authority"));
        code(goods.world.log(unsigned, key, number))
    };
    let higher = |rules: &mut GoodsRules| {
        let press = rules.recipes.iter_mut().find(|one| one.id == "argan-press").unwrap();
        press.ratios[0].ceiling = fraction(1, 1);
    };
    let unseasoned = |rules: &mut GoodsRules| rules.seasons.clear();
    let uncovered = |rules: &mut GoodsRules| {
        rules.covered_schemes.retain(|one| one.scheme != "fairtrade");
        let reason = "essai".to_owned();
        rules.uncovered.push(Uncovered { scheme: "fairtrade".into(), reason });
    };
    // By it kernels that were declared would count for as little fruit.
    let chained = |rules: &mut GoodsRules| {
        let (from, to) = ("argan-fruit".into(), "argan-kernels".into());
        rules.chains.push(Chain { from, to, hold: fraction(1, 1) });
        rules.chains.sort_by(|one, other| (&one.from, &one.to).cmp(&(&other.from, &other.to)));
    };
    for looser in [&higher as &dyn Fn(&mut GoodsRules), &unseasoned, &uncovered, &chained] {
        assert_eq!(next("authority#registrar-1", 2, looser), "key_purpose");
    }
    assert_eq!(next("authority#registrar-1", 2, &|_| {}), "ok");
    assert_eq!(next("authority#root", 1, &higher), "ok");
    // Where the rulebook names none, the catalogue's season is what is widened.
    assert_eq!(next("authority#root", 1, &unseasoned), "ok");
    let all_year = |rules: &mut GoodsRules| {
        let day = |text| tasdiq::catalog::DayOfYear::parse(text).unwrap();
        let (from, to) = (day("01-01"), day("12-31"));
        rules.seasons = vec![Season { material: "argan-fruit".into(), from, to }];
    };
    assert_eq!(next("authority#registrar-1", 2, &all_year), "key_purpose");
}

/// What the figures take in a snapshot.
fn bytes_of_figures(world: &World) -> usize {
    let mut bytes = Vec::new();
    world.register.trace().encode(&mut bytes);
    bytes.len()
}

#[test]
fn a_ledger_without_goods_does_not_grow() {
    let mut world = before_goods();
    let empty = bytes_of_figures(&world);
    for number in 0..50 {
        world.declare(&format!("L{number}"), 1).unwrap();
    }
    assert_eq!(bytes_of_figures(&world), empty);
    assert!(empty < 200, "{empty}");
    world.raise(2);
    let a_lot = (bytes_of_figures(&world) - empty) / 50;
    assert!((150..200).contains(&a_lot), "{a_lot}");
}

#[test]
fn lots_of_before_are_there_in_full_on_their_producers_word() {
    let mut world = before_goods();
    world.declare("L1", 100).unwrap();
    world.declare("L2", 100).unwrap();
    world.certify(0, "L1", 100, "fairtrade").unwrap();
    let hold = StatusTarget::Lot(key("coop/L2"));
    world.status(hold, StatusAction::Hold, "coop#key-1", 20).unwrap();
    let claim = Rulebook { goods: first_goods_rules().unwrap(), ..Rulebook::plain(2, 2) };
    let unsigned = claim.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    let mut goods = Goods::of(world);
    let handle = goods.world.register.lot_handle(&key("coop/L1")).unwrap();
    assert_eq!(goods.world.register.trace().origin(handle), Origin::Declared);
    assert_eq!(goods.balance("coop/L1").free, 100_000);
    assert_eq!(code(goods.out("coop", &[("coop/L1", 1_000)])), "ok");
    assert_eq!(code(goods.out("coop", &[("coop/L2", 1_000)])), "lot_held");
    goods.change("coop", "coop/L2", StatusAction::Release).unwrap();
    assert_eq!(code(goods.out("coop", &[("coop/L2", 1_000)])), "ok");
    assert_eq!(goods.world.register.inherited_status(&key("coop/L1")), LotStatus::Released);
}
