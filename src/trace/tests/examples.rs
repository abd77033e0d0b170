//! What the rules say in figures, and how each was tried to be bent.

use super::wish::{self, ALMONDS, AMLOU, BIO, COSMETIC, FAIR, FOOD, FRUIT, KERNELS, MIX, PRESS};
use crate::trace::{
    Act, Answer, Book, Cause, Channel, Declaration, Destination, Direction, Draw, Event,
    EventHandle, HeldFor, Holder, LotHandle, Material, Model, Opening, Origin, Outcome, Part,
    Purpose, Quantity, Resting, SchemeId, Settled, Settlement, Short, Status, Trace, Unit, Way,
};

pub const COOP: Holder = Holder(1);
pub const SHOP: Holder = Holder(2);
const PRESSER: Holder = Holder(3);
const DAY: i64 = 86_400;

/// A trace under the tests' rule book, and its clock.
pub struct Scene {
    pub trace: Trace,
    now: i64,
}

fn grams(quantity: u64) -> Quantity {
    Quantity::new(quantity).unwrap()
}

pub fn part(lot: LotHandle, quantity: u64) -> Part {
    Part { lot, quantity: grams(quantity) }
}

fn draw(lot: LotHandle, quantity: u64, covers: &[(SchemeId, u64)]) -> Draw {
    Draw { lot, quantity: grams(quantity), covers: covers.to_vec(), certified: None }
}

pub fn code<T>(result: Result<T, Short>) -> &'static str {
    result.map_or_else(|short| short.code(), |_| "taken in")
}

impl Scene {
    pub fn new() -> Self {
        Self::under(wish::book())
    }

    fn under(book: Book) -> Self {
        let mut scene = Self { trace: Trace::default(), now: 20_000 * DAY };
        scene.act(COOP, Act::Book(book)).unwrap();
        scene
    }

    pub fn act(&mut self, issuer: Holder, act: Act) -> Result<Outcome, Short> {
        self.now += 60;
        self.trace.apply(&Event { at: self.now, logged_at: self.now, issuer, act })
    }

    pub fn event(&mut self, issuer: Holder, act: Act) -> EventHandle {
        self.act(issuer, act).unwrap().event.unwrap()
    }

    fn born(
        &mut self,
        producer: Holder,
        material: Material,
        opening: Opening,
        q: u64,
    ) -> LotHandle {
        let harvested = i32::try_from(self.now / DAY).ok();
        let quantity = grams(q);
        let born = Declaration { material, producer, quantity, opening, harvested };
        self.act(producer, Act::Declare(born)).unwrap().lot.unwrap()
    }

    pub fn primary(&mut self, material: Material, quantity: u64) -> LotHandle {
        self.born(COOP, material, Opening::Primary, quantity)
    }

    fn derived(&mut self, material: Material, quantity: u64) -> LotHandle {
        self.born(COOP, material, Opening::Derived, quantity)
    }

    fn make(&mut self, way: Way, draws: &[Draw], fills: &[Part]) -> Result<Outcome, Short> {
        let (draws, fills) = (draws.to_vec(), fills.to_vec());
        self.act(COOP, Act::Transform { way, draws, fills })
    }

    fn press(&mut self, draws: &[Draw], fills: &[Part]) -> Result<Outcome, Short> {
        self.make(Way::Book(PRESS), draws, fills)
    }

    pub fn ship(
        &mut self,
        from: Holder,
        to: Holder,
        parts: &[Part],
        purpose: Purpose,
    ) -> EventHandle {
        let (to, parts) = (Destination::Holder(to), parts.to_vec());
        self.event(from, Act::Ship { to, parts, units: Vec::new(), purpose })
    }

    fn certify(&mut self, lot: LotHandle, scheme: SchemeId, q: u64) -> Result<Outcome, Short> {
        self.act(Holder(9), Act::Certify { lot, scheme, quantity: grams(q), model: None })
    }
}

pub fn answer(lot: LotHandle, accepted: u64, refused: u64, missing: u64) -> Answer {
    Answer { lot, accepted, refused, missing }
}

#[test]
fn a_hundred_kilograms_of_kernels_give_60_706_and_no_more() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 100_000);
    let (one, two) = (scene.derived(FOOD, 60_706), scene.derived(FOOD, 60_707));
    let all = draw(kernels, 100_000, &[]);
    let refused = scene.press(std::slice::from_ref(&all), &[part(two, 60_707)]).unwrap_err();
    let told =
        Short::YieldExceeded { material: FOOD, asked: 60_707, most: 60_706, together: false };
    assert_eq!(refused, told);
    // Two lots of oil do not get a ceiling each.
    let twice = scene.press(std::slice::from_ref(&all), &[part(one, 60_706), part(two, 60_706)]);
    assert_eq!(code(twice), "yield_exceeded");
    let taken = scene.press(&[all], &[part(one, 60_706)]).unwrap();
    // Above 0.52 kg/kg: held until somebody releases it.
    assert_eq!(taken.held, [(one, HeldFor::Yield)]);
}

#[test]
fn the_order_and_the_number_of_lines_move_nothing() {
    let mut scene = Scene::new();
    let kernels: Vec<_> = (0..100).map(|_| scene.primary(KERNELS, 1_000)).collect();
    let oil = scene.derived(FOOD, 60_706);
    let mut draws: Vec<_> = kernels.iter().map(|lot| draw(*lot, 1_000, &[])).collect();
    let act = |draws: &[Draw]| {
        let event = Act::Transform {
            way: Way::Book(PRESS),
            draws: draws.to_vec(),
            fills: vec![part(oil, 60_706)],
        };
        Event { at: scene.now, logged_at: scene.now, issuer: COOP, act: event }
    };
    assert_eq!(code(scene.trace.judge(&act(&draws))), "taken in");
    draws.reverse();
    assert_eq!(code(scene.trace.judge(&act(&draws))), "taken in");
}

#[test]
fn a_split_of_100_g_fills_no_64_lots_of_100_g() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 100);
    let lots: Vec<_> = (0..64).map(|_| scene.derived(KERNELS, 100)).collect();
    let fills: Vec<_> = lots.iter().map(|lot| part(*lot, 100)).collect();
    let split = scene.make(Way::Split, &[draw(kernels, 100, &[])], &fills);
    assert_eq!(code(split), "yield_exceeded");
    let fills: Vec<_> = lots.iter().take(50).map(|lot| part(*lot, 2)).collect();
    assert_eq!(code(scene.make(Way::Split, &[draw(kernels, 100, &[])], &fills)), "taken in");
    assert_eq!(scene.trace.custody(lots[0], None), (Model::IdentityPreserved, None));
}

#[test]
fn food_oil_and_cosmetic_oil_share_one_ceiling() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 100_000);
    let (food, cosmetic) = (scene.derived(FOOD, 60_706), scene.derived(COSMETIC, 60_706));
    let all = [draw(kernels, 100_000, &[])];
    let both = scene.press(&all, &[part(food, 60_706), part(cosmetic, 60_706)]);
    assert_eq!(code(both), "yield_exceeded");
    let more = scene.press(&all, &[part(food, 30_353), part(cosmetic, 30_354)]);
    assert_eq!(code(more), "yield_exceeded");
    let half = scene.press(&all, &[part(food, 30_353), part(cosmetic, 30_353)]);
    assert_eq!(code(half), "taken in");
}

#[test]
fn cover_goes_by_share_and_never_through_the_ceiling() {
    let mut scene = Scene::new();
    let (covered, not) = (scene.primary(KERNELS, 100_000), scene.primary(KERNELS, 100_000));
    let oil = scene.derived(FOOD, 98_468);
    let draws = [draw(covered, 100_000, &[(BIO, 100_000)]), draw(not, 100_000, &[])];
    scene.press(&draws, &[part(oil, 98_468)]).unwrap();
    assert_eq!(scene.trace.cover(oil, BIO), Some(49_234));
    assert_eq!(scene.trace.custody(oil, Some(BIO)), (Model::ControlledBlending, Some(500)));
    assert_eq!(code(scene.certify(oil, BIO, 49_235)), "cover_exceeded");
}

#[test]
fn drawing_gram_by_gram_gains_no_cover() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 1_000);
    let (oil, whole) = (scene.derived(KERNELS, 1_000), [(BIO, 500)]);
    for _ in 0..1_000 {
        scene.make(Way::Group, &[draw(kernels, 1, &whole)], &[part(oil, 1)]).unwrap();
    }
    // A single gram carries floor(1 x 500 / 1000).
    assert_eq!(scene.trace.cover(oil, BIO), Some(0));
    let kernels = scene.primary(KERNELS, 1_000);
    let last = scene.derived(KERNELS, 500);
    let first = scene.derived(KERNELS, 500);
    scene.make(Way::Group, &[draw(kernels, 500, &whole)], &[part(first, 500)]).unwrap();
    scene.make(Way::Group, &[draw(kernels, 500, &whole)], &[part(last, 500)]).unwrap();
    // The last 500 g are covered by half like the first.
    assert_eq!(scene.trace.cover(last, BIO), Some(250));
}

#[test]
fn two_outputs_divide_what_is_covered() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 1_000);
    let (one, two) = (scene.derived(KERNELS, 600), scene.derived(KERNELS, 400));
    let draws = [draw(kernels, 1_000, &[(BIO, 700), (BIO, 300), (FAIR, 9_999)])];
    scene.make(Way::Split, &draws, &[part(one, 600), part(two, 400)]).unwrap();
    // The larger of what covers, never the sum, and never more than there is.
    let cover = |lot, scheme| scene.trace.cover(lot, scheme).unwrap();
    assert_eq!((cover(one, BIO), cover(two, BIO)), (420, 280));
    assert_eq!((cover(one, FAIR), cover(two, FAIR)), (600, 400));
}

#[test]
fn later_certificates_cover_later_draws() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 1_000);
    let (before, after) = (scene.derived(KERNELS, 500), scene.derived(KERNELS, 500));
    scene.make(Way::Split, &[draw(kernels, 500, &[])], &[part(before, 500)]).unwrap();
    let draws = [draw(kernels, 500, &[(BIO, 1_000)])];
    scene.make(Way::Split, &draws, &[part(after, 500)]).unwrap();
    let cover = |lot| scene.trace.cover(lot, BIO);
    assert_eq!((cover(before), cover(after)), (Some(0), Some(500)));
}

#[test]
fn a_blend_of_697_per_mille_is_certified_for_nothing() {
    let mut scene = Scene::new();
    let (yes, no) = (scene.primary(KERNELS, 697), scene.primary(KERNELS, 303));
    let blend = scene.derived(KERNELS, 1_000);
    let draws = [draw(yes, 697, &[(BIO, 697), (FAIR, 697)]), draw(no, 303, &[])];
    scene.make(Way::Group, &draws, &[part(blend, 1_000)]).unwrap();
    let refused = scene.certify(blend, BIO, 697).unwrap_err();
    let told = Short::BlendNotAllowed { lot: blend, scheme: BIO, share: 697, least: 950 };
    assert_eq!(refused, told);
    let claim = |model| Act::Certify { lot: blend, scheme: FAIR, quantity: grams(697), model };
    let refused = scene.act(Holder(9), claim(Some(Model::Segregated))).unwrap_err();
    let (claimed, derived) = (Model::Segregated, Model::ControlledBlending);
    assert_eq!(refused, Short::CustodyUpgraded { lot: blend, claimed, derived, share: 697 });
    assert_eq!(code(scene.act(Holder(9), claim(Some(derived)))), "taken in");
}

#[test]
fn a_little_oil_in_amlou_counts_for_no_share() {
    let mut scene = Scene::new();
    let (almonds, oil) = (scene.primary(ALMONDS, 2_000), scene.primary(FOOD, 200));
    let (few, more) = (scene.derived(AMLOU, 1_000), scene.derived(AMLOU, 1_000));
    let mix = |nuts, drops| [draw(almonds, nuts, &[(BIO, 2_000)]), draw(oil, drops, &[])];
    scene.make(Way::Book(MIX), &mix(950, 50), &[part(few, 990)]).unwrap();
    scene.make(Way::Book(MIX), &mix(949, 51), &[part(more, 990)]).unwrap();
    assert_eq!(scene.trace.cover(few, BIO), Some(990));
    assert_eq!(scene.trace.cover(more, BIO), Some(0));
}

#[test]
fn old_stock_is_declared_and_says_so() {
    let mut scene = Scene::new();
    let old = scene.born(COOP, FOOD, Opening::Declared, 1_000);
    assert_eq!(code(scene.certify(old, BIO, 1_000)), "taken in");
    assert_eq!(scene.trace.origin(old), Origin::Declared);
    // A lot that nothing traced went into is covered by nothing.
    let empty = scene.derived(FOOD, 1_000);
    assert_eq!(code(scene.certify(empty, BIO, 1)), "quantity_exceeded");
    let (new, both) = (scene.primary(FOOD, 10), scene.derived(FOOD, 20));
    scene.make(Way::Group, &[draw(old, 10, &[]), draw(new, 10, &[])], &[part(both, 20)]).unwrap();
    assert_eq!(scene.trace.origin(both), Origin::Partly);
    assert_eq!(code(scene.certify(both, BIO, 1)), "cover_exceeded");
}

#[test]
fn fifteen_kilograms_missing_of_a_thousand_are_weighing() {
    let mut scene = Scene::new();
    let fruit = scene.primary(FRUIT, 2_000_000);
    for (missing, disputed) in [(30_000, 0), (30_001, 30_001)] {
        let of = scene.ship(COOP, SHOP, &[part(fruit, 1_000_000)], Purpose::Sale);
        let answers = vec![answer(fruit, 1_000_000 - missing, 0, missing)];
        scene.event(SHOP, Act::Receive { of, answers });
        let balance = scene.trace.balance(fruit).unwrap();
        assert_eq!((balance.lost, balance.disputed), (30_000, disputed));
    }
    assert_eq!(scene.trace.shipment(EventHandle(2)).unwrap()[0].disputed, 30_001);
    let sold = scene.ship(SHOP, COOP, &[part(fruit, 1_000_000)], Purpose::Sale);
    let answers = vec![answer(fruit, 985_000, 0, 15_000)];
    scene.event(COOP, Act::Receive { of: sold, answers });
    assert_eq!(scene.trace.balance(fruit).unwrap().lost, 45_000);
}

#[test]
fn the_last_kilogram_and_not_one_gram_more() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 41_250);
    let out = |q| Act::Out { channel: Channel::Retail, parts: vec![part(kernels, q)] };
    let refused = scene.act(COOP, out(50_000)).unwrap_err();
    let (available, asked) = (41_250, 50_000);
    assert_eq!(refused, Short::Insufficient { lot: kernels, holder: COOP, available, asked });
    scene.act(COOP, out(40_250)).unwrap();
    assert_eq!(code(scene.act(COOP, out(1_001))), "insufficient");
    assert_eq!(code(scene.act(SHOP, out(1))), "not_holder");
    scene.act(COOP, out(1_000)).unwrap();
    assert!(scene.trace.balance(kernels).unwrap().is_exhausted());
}

#[test]
fn no_circle_of_lots() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 100);
    let (one, two) = (scene.derived(KERNELS, 200), scene.derived(KERNELS, 200));
    scene.make(Way::Group, &[draw(kernels, 100, &[])], &[part(one, 100)]).unwrap();
    scene.make(Way::Group, &[draw(one, 100, &[])], &[part(two, 100)]).unwrap();
    let back = scene.make(Way::Group, &[draw(two, 100, &[])], &[part(one, 100)]);
    assert_eq!(code(back), "lot_closed");
    let itself = scene.make(Way::Group, &[draw(two, 50, &[])], &[part(two, 50)]);
    assert_eq!(code(itself), "lot_twice");
}

#[test]
fn labels_count_over_all_certificates_and_what_was_drawn() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 100_000);
    let label = |count| Act::Label { lot: oil, count, pack_size: 250, certified: 100_000 };
    assert_eq!(code(scene.act(COOP, label(401))), "labels_exceeded");
    scene.act(COOP, label(400)).unwrap();
    assert_eq!(code(scene.act(COOP, label(1))), "labels_exceeded");
    // What bears labels is not drawn whole into another lot and labelled again.
    let other = scene.derived(FOOD, 100_000);
    let again = scene.make(Way::Split, &[draw(oil, 1, &[])], &[part(other, 1)]);
    assert_eq!(code(again), "labelled");
}

#[test]
fn labels_of_goods_that_are_lost_are_not_asked_for_twice() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 100_000);
    let label = |count| {
        let (pack_size, certified) = (250, 100_000);
        Act::Label { lot: oil, count, pack_size, certified }
    };
    let lost = |quantity| Act::Loss { cause: Cause::Damage, parts: vec![part(oil, quantity)] };
    let loss = scene.event(COOP, lost(50_000));
    scene.act(COOP, label(200)).unwrap();
    assert_eq!(code(scene.act(COOP, label(200))), "labels_exceeded");
    // What bears labels is all that is left: none of it becomes something else.
    let other = scene.derived(FOOD, 100_000);
    let drawn = scene.make(Way::Split, &[draw(oil, 1, &[])], &[part(other, 1)]);
    assert_eq!(code(drawn), "labelled");
    // Labelled goods break: what is left bears labels all the same.
    scene.event(COOP, lost(10_000));
    assert_eq!(code(scene.act(COOP, label(1))), "labels_exceeded");
    scene.event(COOP, Act::Void { of: loss });
    scene.act(COOP, label(160)).unwrap();
    assert_eq!(code(scene.act(COOP, label(1))), "labels_exceeded");
    assert_eq!(scene.trace.balance(oil).unwrap().outstanding, 90_000);
}

#[test]
fn a_recall_reaches_each_descendant_once_and_is_lifted_for_one() {
    let mut scene = Scene::new();
    let fruit = scene.primary(KERNELS, 100);
    let lots: Vec<_> = (0..4).map(|_| scene.derived(KERNELS, 100)).collect();
    let make = |scene: &mut Scene, from: &[(usize, u64)], to: usize, q| {
        let draws: Vec<_> = from.iter().map(|(at, q)| draw(lots[*at], *q, &[])).collect();
        scene.make(Way::Group, &draws, &[part(lots[to], q)]).unwrap();
    };
    let halves = [part(lots[0], 50), part(lots[1], 50)];
    scene.make(Way::Split, &[draw(fruit, 100, &[])], &halves).unwrap();
    make(&mut scene, &[(0, 50), (1, 50)], 2, 100);
    make(&mut scene, &[(2, 40)], 3, 40);
    let say = |lot, status| Act::Status { lot, status };
    scene.act(COOP, say(fruit, Status::Recalled)).unwrap();
    let reached = scene.trace.reached(fruit, Direction::Down);
    assert_eq!(reached.lots.len(), 4);
    assert_eq!(scene.trace.siblings(lots[0]), [lots[1]]);
    let out = Act::Out { channel: Channel::Retail, parts: vec![part(lots[3], 1)] };
    let refused = scene.act(COOP, out.clone()).unwrap_err();
    assert_eq!(refused, Short::LotRecalled { lot: lots[3], by: fruit });
    // Lifted for one way only, the other still leads there.
    scene.act(COOP, Act::Lift { source: fruit, lot: lots[0], lifted: true }).unwrap();
    assert_eq!(scene.trace.inherited_status(lots[3]), Status::Recalled);
    scene.act(COOP, Act::Lift { source: fruit, lot: lots[1], lifted: true }).unwrap();
    assert_eq!(scene.trace.inherited_status(lots[3]), Status::Released);
    scene.act(COOP, Act::Lift { source: fruit, lot: lots[1], lifted: false }).unwrap();
    let parts = vec![part(lots[3], 40)];
    let gone = scene.event(COOP, Act::Destroy { cause: Cause::Recall, parts, from_out: false });
    let seen = |seen| Act::Observe { lots: vec![lots[3]], seen };
    assert_eq!(scene.trace.progress(fruit).seen, 0);
    scene.act(Holder(9), seen(Some(gone))).unwrap();
    let progress = scene.trace.progress(fruit);
    assert_eq!((progress.lots, progress.stated, progress.seen), (5, 40, 40));
}

#[test]
fn what_comes_back_in_a_recall_counts_once() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let of = scene.ship(COOP, SHOP, &[part(oil, 1_000)], Purpose::Sale);
    scene.event(SHOP, Act::Receive { of, answers: vec![answer(oil, 1_000, 0, 0)] });
    scene.act(COOP, Act::Status { lot: oil, status: Status::Recalled }).unwrap();
    let of = scene.ship(SHOP, COOP, &[part(oil, 600)], Purpose::RecallReturn);
    scene.event(COOP, Act::Receive { of, answers: vec![answer(oil, 600, 0, 0)] });
    assert_eq!(scene.trace.progress(oil).stated, 600);
    let parts = vec![part(oil, 600)];
    scene.event(COOP, Act::Destroy { cause: Cause::Recall, parts, from_out: false });
    assert_eq!(scene.trace.progress(oil).stated, 600);
}

#[test]
fn pressing_for_a_fee_fills_the_lots_of_who_sent_the_kernels() {
    let mut scene = Scene::new();
    let (kernels, oil) = (scene.primary(KERNELS, 1_000), scene.derived(FOOD, 600));
    let press = |q, made| {
        let draws = vec![draw(kernels, q, &[])];
        Act::Transform { way: Way::Book(PRESS), draws, fills: vec![part(oil, made)] }
    };
    let sale = scene.ship(COOP, PRESSER, &[part(kernels, 200)], Purpose::Sale);
    scene.event(PRESSER, Act::Receive { of: sale, answers: vec![answer(kernels, 200, 0, 0)] });
    assert_eq!(code(scene.act(PRESSER, press(200, 100))), "not_producer");
    let of = scene.ship(COOP, PRESSER, &[part(kernels, 800)], Purpose::Processing);
    scene.event(PRESSER, Act::Receive { of, answers: vec![answer(kernels, 800, 0, 0)] });
    assert_eq!(code(scene.act(PRESSER, press(801, 400))), "not_producer");
    assert_eq!(code(scene.act(PRESSER, press(800, 400))), "taken in");
    assert_eq!(scene.trace.holding(oil, PRESSER).free, 400);
}

#[test]
fn a_silent_shop_is_settled_by_the_shipper_after_a_month() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let of = scene.ship(COOP, SHOP, &[part(oil, 1_000)], Purpose::Sale);
    let line = |how| Settlement { lot: oil, quantity: grams(1_000), how };
    let settle = |how| Act::Settle { of, lines: vec![line(how)], third: false };
    assert_eq!(code(scene.act(COOP, settle(Settled::Lost))), "shipment_state");
    scene.now += 30 * DAY;
    assert_eq!(code(scene.act(COOP, settle(Settled::Accepted))), "shipment_state");
    scene.act(COOP, settle(Settled::Returned)).unwrap();
    assert_eq!(scene.trace.holding(oil, COOP).free, 1_000);
    let late = Act::Receive { of, answers: vec![answer(oil, 1_000, 0, 0)] };
    assert_eq!(code(scene.act(SHOP, late)), "shipment_state");
}

#[test]
fn refused_goods_come_home_once() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let of = scene.ship(COOP, SHOP, &[part(oil, 1_000)], Purpose::Sale);
    let answers = vec![answer(oil, 600, 400, 0)];
    let receipt = scene.event(SHOP, Act::Receive { of, answers });
    assert_eq!(scene.trace.holding(oil, COOP).in_transit, 400);
    let home = |q, refused| Act::Receive { of: receipt, answers: vec![answer(oil, q, refused, 0)] };
    assert_eq!(code(scene.act(SHOP, home(400, 0))), "not_receiver");
    assert_eq!(code(scene.act(COOP, home(0, 400))), "shipment_state");
    assert_eq!(code(scene.act(COOP, home(399, 0))), "receipt_sum");
    scene.act(COOP, home(400, 0)).unwrap();
    assert_eq!(code(scene.act(COOP, home(400, 0))), "shipment_state");
    assert_eq!(scene.trace.holding(oil, COOP).free, 400);
}

#[test]
fn pallets_travel_whole_and_rest_for_a_year() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let pack =
        |unit, parts: Vec<Part>, units: Vec<Unit>| Act::Pack { unit: Unit(unit), parts, units };
    scene.event(COOP, pack(1, vec![part(oil, 100)], vec![]));
    scene.event(COOP, pack(2, vec![part(oil, 50)], vec![Unit(1)]));
    assert_eq!(code(scene.act(COOP, pack(1, vec![part(oil, 1)], vec![]))), "sscc_in_use");
    let to = Destination::Holder(SHOP);
    let ship = |unit| {
        let (parts, units, purpose) = (Vec::new(), vec![Unit(unit)], Purpose::Sale);
        Act::Ship { to, parts, units, purpose }
    };
    assert_eq!(code(scene.act(COOP, ship(1))), "unit_state");
    let of = scene.event(COOP, ship(2));
    scene.event(SHOP, Act::Receive { of, answers: vec![answer(oil, 150, 0, 0)] });
    assert_eq!(scene.trace.unit(Unit(1)), Some((SHOP, Some(Unit(2)))));
    assert_eq!(scene.trace.holding(oil, SHOP).packed, 150);
    let unpack = |unit| Act::Unpack { unit: Unit(unit), parts: vec![], units: vec![] };
    scene.event(SHOP, unpack(2));
    scene.event(SHOP, unpack(1));
    assert_eq!(scene.trace.holding(oil, SHOP).free, 150);
    assert_eq!(code(scene.act(COOP, pack(1, vec![part(oil, 1)], vec![]))), "sscc_in_use");
    scene.now += 365 * DAY;
    assert_eq!(code(scene.act(COOP, pack(1, vec![part(oil, 1)], vec![]))), "taken in");
}

#[test]
fn an_event_is_undone_while_nothing_rests_on_it() {
    let mut scene = Scene::new();
    let kernels = scene.primary(KERNELS, 1_000);
    let (oil, other) = (scene.derived(FOOD, 600), scene.derived(FOOD, 600));
    let before = scene.trace.clone();
    let draws = [draw(kernels, 1_000, &[(BIO, 1_000)])];
    let made = scene.press(&draws, &[part(oil, 500)]).unwrap().event.unwrap();
    let next = scene.make(Way::Split, &[draw(oil, 500, &[])], &[part(other, 500)]);
    let next = next.unwrap().event.unwrap();
    let refused = scene.act(COOP, Act::Void { of: made }).unwrap_err();
    assert_eq!(refused, Short::CannotVoid { resting: vec![Resting::Event(next)] });
    let undo = scene.event(COOP, Act::Void { of: next });
    assert_eq!(code(scene.act(COOP, Act::Void { of: undo })), "cannot_void");
    assert_eq!(code(scene.act(COOP, Act::Void { of: next })), "cannot_void");
    scene.event(COOP, Act::Void { of: made });
    assert_eq!(scene.trace.balance(kernels), before.balance(kernels));
    assert_eq!(scene.trace.balance(oil), before.balance(oil));
    assert_eq!(scene.trace.cover(oil, BIO), Some(0));
}

#[test]
fn goods_that_went_abroad_under_papers_stay_there() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let to = Destination::Commitment;
    let (parts, purpose) = (vec![part(oil, 1_000)], Purpose::Sale);
    let of = scene.event(COOP, Act::Ship { to, parts, units: Vec::new(), purpose });
    assert!(scene.trace.event_view(of).unwrap().leaves);
    assert_eq!(scene.trace.holding(oil, COOP).out, 1_000);
    scene.act(COOP, Act::Pin { of }).unwrap();
    let refused = scene.act(COOP, Act::Void { of }).unwrap_err();
    assert_eq!(refused, Short::CannotVoid { resting: vec![Resting::Price(of)] });
    let parts = vec![part(oil, 1_001)];
    let back = Act::Destroy { cause: Cause::Recall, parts, from_out: true };
    assert_eq!(code(scene.act(COOP, back)), "insufficient");
}

#[test]
fn what_was_declared_late_or_kept_too_long_is_held() {
    let mut scene = Scene::new();
    let harvested = i32::try_from(scene.now / DAY).ok();
    scene.now += 41 * DAY;
    let late = Declaration {
        material: FRUIT,
        producer: COOP,
        quantity: grams(1_000),
        opening: Opening::Primary,
        harvested,
    };
    let lot = scene.act(COOP, Act::Declare(late)).unwrap().lot.unwrap();
    let kernels = scene.derived(KERNELS, 100);
    let made = scene.make(Way::Book(wish::CRACK), &[draw(lot, 1_000, &[])], &[part(kernels, 90)]);
    assert_eq!(made.unwrap().held, [(kernels, HeldFor::Age)]);
    scene.now += 20 * DAY;
    let held = scene.act(COOP, Act::Declare(late)).unwrap();
    assert_eq!(held.held, [(held.lot.unwrap(), HeldFor::Late)]);
    let undeclare = Act::Undeclare { lot };
    assert_eq!(code(scene.act(COOP, undeclare)), "cannot_void");
    scene.act(COOP, Act::Undeclare { lot: held.lot.unwrap() }).unwrap();
    assert_eq!(code(scene.certify(held.lot.unwrap(), BIO, 1)), "lot_unknown");
}
