//! Certificates and labels: certified is at most what is there and what is covered of it, and no
//! jar gets two labels.

use super::*;

/// 100 kg of certified kernels and 100 kg that are not, both of `coop`.
fn half_covered() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.kernels("coop/L", 100_000);
    goods.certify(0, "coop/K", 100_000, "fairtrade").unwrap();
    goods
}

#[test]
fn certified_is_at_most_what_was_filled_and_covered() {
    let mut goods = half_covered();
    goods.declared(&[("H", "argane", 98_468)]);
    assert_eq!(code(goods.certify(1, "coop/H", 1, "fairtrade")), "quantity_exceeded");
    let inputs = [("coop/K", 100_000), ("coop/L", 100_000)];
    goods.make("argan-press", &inputs, &[("coop/H", 98_468)]).unwrap();
    // By share, never through the ceiling: half of it, not 60,706.
    let handle = goods.world.register.lot_handle(&key("coop/H")).unwrap();
    let refused = goods.certify(1, "coop/H", 49_235, "fairtrade").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cover under fairtrade 49,234 of 98,468 mL; 49,235 mL would be certified"
    );
    assert_eq!((refused.code(), refused.is_conflict()), ("cover_exceeded", true));
    // Each jar would be a blend.
    assert_eq!(code(goods.certify(1, "coop/H", 49_234, "fairtrade")), "blend_not_allowed");
    assert!(!goods.world.register.trace().balance(handle).unwrap().closed);
    // A scheme whose cover is not kept asks for what is there alone.
    assert_eq!(code(goods.certify(1, "coop/H", 98_469, "nm-mark")), "quantity_exceeded");
}

#[test]
fn a_blend_is_not_called_segregated() {
    let mut rules = first_goods_rules().unwrap();
    for covered in &mut rules.covered_schemes {
        covered.least = Some(500);
    }
    if !rules.covered_schemes.iter().any(|one| one.scheme == "fairtrade") {
        rules.covered_schemes.push(CoveredScheme { scheme: "fairtrade".into(), least: Some(500) });
        rules.covered_schemes.sort_by(|one, other| one.scheme.cmp(&other.scheme));
    }
    let mut goods = Goods::under(rules);
    goods.kernels("coop/K", 69_700);
    goods.kernels("coop/L", 30_300);
    let segregated = CustodyModel::Segregated;
    goods.certify_as(0, "coop/K", 69_700, "fairtrade", segregated).unwrap();
    goods.declared(&[("H", "argane", 50_000)]);
    let inputs = [("coop/K", 69_700), ("coop/L", 30_300)];
    goods.make("argan-press", &inputs, &[("coop/H", 50_000)]).unwrap();
    let refused = goods.certify_as(1, "coop/H", 30_000, "fairtrade", segregated);
    assert_eq!(words(refused), "segregated claimed, controlled blending derived: 697 per mille");
    let blended = CustodyModel::ControlledBlending;
    assert_eq!(code(goods.certify_as(1, "coop/H", 30_000, "fairtrade", blended)), "ok");
}

#[test]
fn a_later_certificate_covers_later_draws_and_a_suspended_one_none() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("A", "argane", 10_000), ("B", "argane", 10_000), ("C", "argane", 10_000)]);
    let press = |goods: &mut Goods, lot: &str| {
        goods.make("argan-press", &[("coop/K", 20_000)], &[(lot, 10_000)]).unwrap();
    };
    press(&mut goods, "coop/A");
    goods.certify(0, "coop/K", 100_000, "fairtrade").unwrap();
    press(&mut goods, "coop/B");
    let suspend = StatusTarget::Certificate(0);
    goods.world.status(suspend, StatusAction::Suspend, "atlas#key-1", 10).unwrap();
    // What lets the fruit itself count, too.
    let (operator, _) = goods.operators["fairtrade"];
    let suspend = |goods: &mut Goods, action| {
        let operator = StatusTarget::Certificate(operator);
        goods.world.status(operator, action, "atlas#key-1", 10).unwrap();
    };
    suspend(&mut goods, StatusAction::Suspend);
    press(&mut goods, "coop/C");
    suspend(&mut goods, StatusAction::Reinstate);
    assert_eq!(
        ["coop/A", "coop/B", "coop/C"].map(|lot| goods.cover(lot, "fairtrade")),
        [0, 10_000, 0]
    );
    let mut certify = |serial, lot| code(goods.certify(serial, lot, 10_000, "fairtrade"));
    assert_eq!(certify(1, "coop/A"), "cover_exceeded");
    assert_eq!(certify(1, "coop/B"), "ok");
    // When it was filled its producer was suspended, too.
    assert_eq!(certify(2, "coop/C"), "operator_not_certified");
}

#[test]
fn drawing_gram_by_gram_gains_no_cover() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000);
    goods.certify(0, "coop/K", 500, "fairtrade").unwrap();
    goods.declared(&[("S", "argan-kernels", 1_000)]);
    for _ in 0..10 {
        goods.make("split", &[("coop/K", 100)], &[("coop/S", 100)]).unwrap();
    }
    assert_eq!(code(goods.certify(1, "coop/S", 501, "fairtrade")), "cover_exceeded");
}

/// 100 L of certified oil.
fn oil() -> Goods {
    let mut goods = half_covered();
    goods.kernels("coop/M", 100_000);
    goods.certify(1, "coop/M", 100_000, "fairtrade").unwrap();
    goods.declared(&[("H", "argane", 100_000), ("J", "argane", 100_000)]);
    let inputs = [("coop/K", 100_000), ("coop/M", 100_000)];
    goods.make("argan-press", &inputs, &[("coop/H", 100_000)]).unwrap();
    goods.certify(2, "coop/H", 100_000, "fairtrade").unwrap();
    goods
}

#[test]
fn what_bears_labels_is_not_drawn_and_labelled_again() {
    let mut goods = oil();
    assert_eq!(code(goods.label("coop/H", 401)), "labels_exceeded");
    assert_eq!(code(goods.label("coop/H", 400)), "ok");
    assert_eq!(code(goods.label("coop/H", 1)), "labels_exceeded");
    let drawn = goods.make("pack-off", &[("coop/H", 1)], &[("coop/J", 1)]).unwrap_err();
    assert_eq!((drawn.code(), drawn.is_conflict()), ("labelled", true));
}

#[test]
fn labels_are_not_asked_for_after_all_was_drawn() {
    let mut goods = oil();
    goods.make("pack-off", &[("coop/H", 100_000)], &[("coop/J", 100_000)]).unwrap();
    assert_eq!(code(goods.label("coop/H", 1)), "labels_exceeded");
    goods.certify(3, "coop/J", 100_000, "fairtrade").unwrap();
    assert_eq!(code(goods.label("coop/J", 400)), "ok");
}

#[test]
fn labels_of_lost_goods_are_not_asked_for_twice() {
    let mut goods = oil();
    goods.lose("coop", &[("coop/H", 50_000)]).unwrap();
    assert_eq!(code(goods.label("coop/H", 200)), "ok");
    let again = goods.label("coop/H", 200).unwrap_err();
    assert_eq!((again.code(), again.is_conflict()), ("labels_exceeded", true));
    assert_eq!(code(goods.label("coop/H", 1)), "labels_exceeded");
}

#[test]
fn a_certificate_that_ends_leaves_no_labels_and_no_draws_of_what_is_labelled() {
    let mut goods = oil();
    goods.label("coop/H", 100).unwrap();
    let withdraw = StatusTarget::Certificate(2);
    goods.world.status(withdraw, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    assert_eq!(code(goods.label("coop/H", 1)), "label_refused");
    let drawn = goods.make("pack-off", &[("coop/H", 1)], &[("coop/J", 1)]);
    assert_eq!(code(drawn), "labelled");
}

#[test]
fn a_protected_name_asks_where_its_fruit_is_from() {
    let mut goods = half_covered();
    goods.declared(&[("H", "argane", 40_000)]);
    let known = goods.world.register.catalog().product("argane").unwrap().regions.clone();
    assert!(known.iter().any(|region| region == "MA-09"), "{known:?}");
    goods.make("argan-press", &[("coop/K", 100_000)], &[("coop/H", 40_000)]).unwrap();
    // It is of the region, and nothing of it is covered.
    assert_eq!(code(goods.certify(1, "coop/H", 40_000, "sdoq-ig")), "cover_exceeded");
    // A designation of origin asks where it was pressed, too.
    let refused = goods.certify(1, "coop/H", 40_000, "sdoq-ao");
    assert_eq!(code(refused), "origin_region");
}
