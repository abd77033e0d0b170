//! What goes in bounds what comes out: ceilings, stock, lots that are closed, time and season,
//! capacity in the fruit, and whose lots may be filled.

use super::*;

#[test]
fn a_hundred_kilograms_of_kernels_give_60_706_millilitres() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 60_706), ("I", "argane", 60_707)]);
    let refused = goods.make("argan-press", &[("coop/K", 100_000)], &[("coop/I", 60_707)]);
    assert_eq!(
        words(refused),
        "60,707 mL asked; 100,000 g of argan-kernels give at most 60,706 mL (argan-press, \
         rulebook 2)"
    );
    let twice = [("coop/H", 60_706), ("coop/I", 60_706)];
    let refused = goods.make("argan-press", &[("coop/K", 100_000)], &twice);
    assert_eq!(code(refused), "yield_exceeded");
    goods.make("argan-press", &[("coop/K", 100_000)], &[("coop/H", 60_706)]).unwrap();
    // More than is usual: held until somebody releases it.
    assert_eq!(goods.status("coop/H"), "held");
    let held = goods.world.register.lot(&key("coop/H")).unwrap();
    assert_eq!(held.record.events[0].reason, Reason::Yield);
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "lot_held");
    assert_eq!(code(goods.change("coop", "coop/H", StatusAction::Release)), "not_authorised");
    assert_eq!(code(goods.change("atlas", "coop/H", StatusAction::Release)), "ok");
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "ok");
}

#[test]
fn food_oil_and_cosmetic_oil_spend_one_ceiling() {
    let mut rules = first_goods_rules().unwrap();
    rules.materials.push(AddedMaterial {
        id: "argane-cosmetique".into(),
        names: [("fr".to_owned(), "Huile d'argane cosmétique".to_owned())].into(),
        unit: "MLT".into(),
        hs_code: "151590".into(),
        origin: tasdiq::catalog::MaterialOrigin::Derived,
        density: None,
    });
    let press = rules.recipes.iter_mut().find(|recipe| recipe.id == "argan-press").unwrap();
    let cosmetic = Ratio { to: "argane-cosmetique".into(), ..press.ratios[0].clone() };
    press.ratios.push(cosmetic);
    press.shares.push(vec!["argane".into(), "argane-cosmetique".into()]);
    let mut goods = Goods::under(rules);
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 60_706)]);
    let mut claim = goods.lot("coop", "C", "argane", 60_706);
    claim.facts.product = "argane-cosmetique".into();
    goods.say("coop", |draft| claim.draft(draft)).unwrap();
    let both = |each| [("coop/C", each), ("coop/H", each)];
    let twice = goods.make("argan-press", &[("coop/K", 100_000)], &both(60_706));
    assert!(words(twice).ends_with("and other outputs spend of the same ceiling"));
    let over = goods.make("argan-press", &[("coop/K", 100_000)], &both(30_354));
    assert_eq!(code(over), "yield_exceeded");
    assert_eq!(code(goods.make("argan-press", &[("coop/K", 100_000)], &both(30_353))), "ok");
}

#[test]
fn a_split_of_100_g_fills_no_64_lots() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000);
    let numbers: Vec<String> = (0..64).map(|number| format!("coop/S{number:02}")).collect();
    for lot in &numbers {
        goods.declare(lot, "argan-kernels", 1_000).unwrap();
    }
    let all: Vec<(&str, u64)> = numbers.iter().map(|lot| (lot.as_str(), 1_000)).collect();
    assert_eq!(code(goods.make("split", &[("coop/K", 1_000)], &all)), "yield_exceeded");
    let parts: Vec<(&str, u64)> = numbers.iter().take(50).map(|lot| (lot.as_str(), 20)).collect();
    assert_eq!(code(goods.make("split", &[("coop/K", 1_000)], &parts)), "ok");
}

#[test]
fn nothing_is_drawn_that_is_not_there() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 41_250);
    goods.declared(&[("H", "argane", 20_000)]);
    let refused = goods.make("argan-press", &[("coop/K", 50_000)], &[("coop/H", 20_000)]);
    let refused = refused.unwrap_err();
    assert_eq!(refused.to_string(), "lot coop/K: available 41,250 g, asked 50,000 g; held by coop");
    assert_eq!((refused.code(), refused.is_conflict()), ("insufficient", true));
    let rival = goods.make_as("rival", "argan-press", &[("coop/K", 1_000)], &[("coop/H", 500)]);
    assert_eq!(words(rival), "rival holds nothing of lot coop/K");
    let none = goods.make("argan-press", &[("coop/Q", 1)], &[("coop/H", 1)]);
    assert_eq!(code(none), "lot_unknown");
    let same = goods.make("group", &[("coop/K", 1)], &[("coop/K", 1)]);
    assert_eq!(code(same), "lot_twice");
    assert_eq!(code(goods.make("brew", &[("coop/K", 1)], &[("coop/H", 1)])), "recipe_unknown");
    let other = goods.make("argan-nut", &[("coop/K", 1)], &[("coop/H", 1)]);
    assert_eq!(words(other), "argan-kernels is no material of recipe argan-nut, rulebook 2");
}

#[test]
fn a_lot_takes_no_more_than_it_declares_and_nothing_once_it_is_used() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 20_000)]);
    let over = goods.make("argan-press", &[("coop/K", 50_000)], &[("coop/H", 20_001)]);
    assert_eq!(words(over), "lot coop/H declares 20,000 mL, 0 mL are filled, asked 20,001 mL");
    goods.make("argan-press", &[("coop/K", 25_000)], &[("coop/H", 10_000)]).unwrap();
    goods.make("argan-press", &[("coop/K", 10_000)], &[("coop/H", 4_000)]).unwrap();
    goods.out("coop", &[("coop/H", 1)]).unwrap();
    let closed = goods.make("argan-press", &[("coop/K", 10_000)], &[("coop/H", 4_000)]);
    assert_eq!(code(closed), "lot_closed");
    // What a harvest filled is never filled.
    let into = goods.make("group", &[("coop/K", 1)], &[("coop/H", 1)]);
    assert_eq!(code(into), "lot_closed");
}

#[test]
fn times_are_those_of_what_an_event_rests_on() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 20_000)]);
    let kind = |goods: &mut Goods, seconds: i64| {
        let what = Transformation {
            recipe: "argan-press".into(),
            inputs: lines(&[("coop/K", 25_000)]),
            outputs: lines(&[("coop/H", 10_000)]),
        };
        let at = goods.world.now.plus_seconds(seconds);
        let name = goods.next_name();
        let event = Event { at, ..goods.event(name, EventKind::Transform(what)) };
        code(goods.say("coop", |draft| event.draft(draft)))
    };
    assert_eq!(kind(&mut goods, 302), "future");
    assert_eq!(kind(&mut goods, -DAY), "event_time");
    assert_eq!(kind(&mut goods, 300), "ok");
    // Packed today, and filled tomorrow for the first time.
    goods.declared(&[("I", "argane", 20_000)]);
    goods.later(DAY);
    let late = goods.make("argan-press", &[("coop/K", 25_000)], &[("coop/I", 10_000)]);
    assert_eq!(code(late), "event_time");
}

#[test]
fn a_harvest_has_a_season_a_campaign_and_a_region_of_its_producer() {
    let mut goods = Goods::new();
    let declared = |goods: &mut Goods, number: &str, day: &str, campaign: &str, region: &str| {
        let mut claim = goods.lot("coop", number, "argan-fruit", 1_000);
        claim.packed_on = Day::parse(day).unwrap();
        claim.facts.campaign = campaign.into();
        claim.facts.region = region.into();
        goods.say("coop", |draft| claim.draft(draft))
    };
    let early = declared(&mut goods, "F1", "2026-05-31", "2026", "MA-09");
    assert_eq!(
        words(early),
        "argan-fruit is not harvested on 2026-05-31: its season is 06-01 to 09-30"
    );
    let last_year = declared(&mut goods, "F1", "2026-08-01", "2025", "MA-09");
    assert_eq!(code(last_year), "campaign_day");
    let elsewhere = declared(&mut goods, "F1", "2026-08-01", "2026", "MA-07");
    assert_eq!(code(elsewhere), "fact_differs");
    assert_eq!(code(declared(&mut goods, "F1", "2026-08-01", "2026", "MA-09")), "ok");
    assert_eq!(goods.status("coop/F1"), "released");
    // 60 days are over.
    assert_eq!(code(declared(&mut goods, "F2", "2026-07-01", "2026", "MA-09")), "ok");
    let held = goods.world.register.lot(&key("coop/F2")).unwrap();
    assert_eq!(held.record.events[0].reason, Reason::Late);
    let mut wrong = goods.lot("coop", "F3", "argan-fruit", 1_000);
    wrong.facts.unit = "MLT".into();
    let wrong = goods.say("coop", |draft| wrong.draft(draft));
    assert_eq!(words(wrong), "the lot is in MLT, but argan-fruit is counted in GRM");
}

#[test]
fn the_same_harvest_is_not_declared_twice_as_fruit_and_as_kernels() {
    let mut goods = Goods::new();
    goods.declare("coop/F", "argan-fruit", 9_000_000).unwrap();
    assert_eq!(goods.status("coop/F"), "released");
    // 100 kg of kernels were at least 100 / 0.22 / 0.605 kg of fruit.
    goods.kernels("coop/K", 100_000);
    assert_eq!(goods.status("coop/K"), "released");
    goods.kernels("coop/L", 100_000);
    assert_eq!(goods.status("coop/L"), "held");
    // Held lots do not count, and a declaration that was wrong gives back what it counted.
    goods.undo("coop", Undone::Declaration(key("coop/F"))).unwrap();
    goods.kernels("coop/M", 1_200_000);
    assert_eq!(goods.status("coop/M"), "released");
    // No capacity is a capacity of nothing.
    goods.kernels("rival/K", 1);
    assert_eq!(goods.status("rival/K"), "held");
    // What is filled counts nothing.
    goods.declare("coop/H", "argane", 9_000_000).unwrap();
    assert_eq!(goods.status("coop/H"), "released");
}

#[test]
fn a_press_fills_lots_of_who_sent_the_kernels_and_no_others() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 40_000)]);
    let sale = ShipPurpose::Sale;
    goods.ship_for("coop", "moulin", &[("coop/K", 10_000)], sale).unwrap();
    let sold = goods.last("coop");
    goods.receive("moulin", &sold, &[("coop/K", 10_000, 0, 0)]).unwrap();
    let own = goods.make_as("moulin", "argan-press", &[("coop/K", 5_000)], &[("coop/H", 2_000)]);
    assert_eq!(code(own), "not_producer");
    let toll = ShipPurpose::Processing;
    goods.ship_for("coop", "moulin", &[("coop/K", 50_000)], toll).unwrap();
    let sent = goods.last("coop");
    goods.receive("moulin", &sent, &[("coop/K", 50_000, 0, 0)]).unwrap();
    let over = goods.make_as("moulin", "argan-press", &[("coop/K", 50_001)], &[("coop/H", 20_000)]);
    assert_eq!(code(over), "not_producer");
    let done = goods.make_as("moulin", "argan-press", &[("coop/K", 50_000)], &[("coop/H", 20_000)]);
    assert_eq!(code(done), "ok");
    goods.ship_for("moulin", "coop", &[("coop/H", 20_000)], ShipPurpose::Transfer).unwrap();
    let back = goods.last("moulin");
    goods.receive("coop", &back, &[("coop/H", 20_000, 0, 0)]).unwrap();
    assert_eq!(goods.holding("coop/H", "coop").free, 20_000);
    // A press declares what it fills, and no harvest.
    goods.declare("moulin/H", "argane", 5_000).unwrap();
    let mut fruit = goods.lot("moulin", "F", "argan-fruit", 5_000);
    fruit.facts.campaign = "2026".into();
    assert_eq!(code(goods.say("moulin", |draft| fruit.draft(draft))), "mismatch");
}

#[test]
fn old_stock_opens_full_for_some_time() {
    let mut goods = Goods::new();
    goods.world.now = Timestamp::parse("2026-08-01T08:00:00Z").unwrap();
    let mut old = goods.lot("coop", "OLD", "argane", 10_000);
    old.packed_on = Day::parse("2026-03-01").unwrap();
    goods.say("coop", |draft| old.draft(draft)).unwrap();
    assert_eq!(goods.balance("coop/OLD").free, 10_000);
    goods.declare("coop/NEW", "argane", 10_000).unwrap();
    assert_eq!(goods.balance("coop/NEW").free, 0);
    goods.later(90 * DAY);
    let mut late = goods.lot("coop", "LATE", "argane", 10_000);
    late.packed_on = Day::parse("2026-03-01").unwrap();
    goods.say("coop", |draft| late.draft(draft)).unwrap();
    assert_eq!(goods.balance("coop/LATE").free, 0);
}

#[test]
fn what_keeps_too_long_holds_what_is_made_of_it() {
    let mut goods = Goods::new();
    goods.declare("coop/F", "argan-fruit", 100_000).unwrap();
    goods.later(36 * 31 * DAY);
    let mut dry = goods.lot("coop", "D", "argan-fruit-dry", 50_000);
    dry.facts.origin = Some(LotOrigin::Derived);
    dry.facts.campaign = "2029".into();
    goods.say("coop", |draft| dry.draft(draft)).unwrap();
    goods.make("argan-fruit-dry", &[("coop/F", 100_000)], &[("coop/D", 50_000)]).unwrap();
    let held = goods.world.register.lot(&key("coop/D")).unwrap();
    assert_eq!(held.record.events[0].reason, Reason::Age);
    // An event that did not happen so holds nothing.
    let of = Undone::Event(goods.last("coop"));
    goods.undo("coop", of).unwrap();
    assert_eq!(goods.status("coop/D"), "released");
}
