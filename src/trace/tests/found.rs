//! What random histories found, each in the fewest acts that show it.

use super::examples::{COOP, SHOP, Scene, answer, code, part};
use super::wish::FOOD;
use crate::trace::{
    Act, Destination, EventHandle, Holder, LotHandle, Part, Purpose, Settled, Settlement, Unit,
};

const BOX: Unit = Unit(1);
const PALLET: Unit = Unit(2);

fn pack(scene: &mut Scene, unit: Unit, parts: Vec<Part>, units: Vec<Unit>) -> EventHandle {
    scene.event(COOP, Act::Pack { unit, parts, units })
}

fn unpack(scene: &mut Scene, by: Holder, unit: Unit, parts: Vec<Part>) -> EventHandle {
    scene.event(by, Act::Unpack { unit, parts, units: Vec::new() })
}

/// A box goes to the shop in a pallet, and the shop takes it out.
fn travels(scene: &mut Scene, oil: LotHandle, quantity: u64) {
    pack(scene, PALLET, vec![], vec![BOX]);
    let (to, parts, units) = (Destination::Holder(SHOP), vec![], vec![PALLET]);
    let of = scene.event(COOP, Act::Ship { to, parts, units, purpose: Purpose::Sale });
    scene.event(SHOP, Act::Receive { of, answers: vec![answer(oil, quantity, 0, 0)] });
    unpack(scene, SHOP, PALLET, vec![]);
    assert_eq!(scene.trace.unit(BOX), Some((SHOP, None)));
}

/// Nobody who packed it gets it back by saying that he did not.
#[test]
fn a_box_that_went_on_in_a_pallet_stays_packed() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let packed = pack(&mut scene, BOX, vec![part(oil, 100)], vec![]);
    travels(&mut scene, oil, 100);
    assert_eq!(code(scene.act(COOP, Act::Void { of: packed })), "cannot_void");
    assert_eq!(scene.trace.holding(oil, COOP).free, 900);
    assert_eq!(scene.trace.holding(oil, SHOP).packed, 100);
    unpack(&mut scene, SHOP, BOX, vec![]);
    assert_eq!(scene.trace.holding(oil, SHOP).free, 100);
    assert_eq!(scene.trace.conserved(), None);
}

/// Nor does he put back into it what he took out before it went.
#[test]
fn a_box_that_went_on_in_a_pallet_is_not_filled_up_from_afar() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    pack(&mut scene, BOX, vec![part(oil, 100)], vec![]);
    let taken = unpack(&mut scene, COOP, BOX, vec![part(oil, 40)]);
    travels(&mut scene, oil, 60);
    assert_eq!(code(scene.act(COOP, Act::Void { of: taken })), "cannot_void");
    unpack(&mut scene, SHOP, BOX, vec![]);
    assert_eq!(scene.trace.holding(oil, SHOP).free, 60);
    assert_eq!(scene.trace.conserved(), None);
}

/// Taken back in their turn, all of them can be: each unit knows what changed it last.
#[test]
fn packings_are_taken_back_from_the_last_to_the_first() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    let first = pack(&mut scene, BOX, vec![part(oil, 100)], vec![]);
    let second = pack(&mut scene, PALLET, vec![part(oil, 10)], vec![BOX]);
    let third = unpack(&mut scene, COOP, PALLET, vec![]);
    for (of, told) in [
        (first, "cannot_void"),
        (second, "cannot_void"),
        (third, "taken in"),
        (first, "cannot_void"),
        (second, "taken in"),
        (first, "taken in"),
    ] {
        assert_eq!(code(scene.act(COOP, Act::Void { of })), told, "{of:?}");
    }
    assert_eq!(scene.trace.holding(oil, COOP).free, 1_000);
    assert_eq!((scene.trace.unit(BOX), scene.trace.unit(PALLET)), (None, None));
}

/// Kernels that the shop refused, of which some never came home; and the settlement of those.
fn missing_on_the_way_back(scene: &mut Scene, how: Settled) -> (LotHandle, [EventHandle; 2]) {
    let oil = scene.primary(FOOD, 1_000);
    let ship = scene.ship(COOP, SHOP, &[part(oil, 1_000)], Purpose::Sale);
    let refused = Act::Receive { of: ship, answers: vec![answer(oil, 0, 1_000, 0)] };
    let of = scene.event(SHOP, refused);
    let of = scene.event(COOP, Act::Receive { of, answers: vec![answer(oil, 900, 0, 100)] });
    let lines = vec![Settlement { lot: oil, quantity: part(oil, 100).quantity, how }];
    let settled = scene.event(COOP, Act::Settle { of, lines, third: true });
    (oil, [ship, settled])
}

/// What came back in a settlement and went on is not there to be missing again.
#[test]
fn what_was_found_on_the_way_back_and_sold_stays_found() {
    let mut scene = Scene::new();
    let (oil, [_, settled]) = missing_on_the_way_back(&mut scene, Settled::Returned);
    scene.ship(COOP, SHOP, &[part(oil, 1_000)], Purpose::Sale);
    assert_eq!(code(scene.act(COOP, Act::Void { of: settled })), "cannot_void");
    assert_eq!(scene.trace.conserved(), None);
}

/// Nor is that settlement taken back when the shipment it belongs to was reclaimed.
#[test]
fn of_a_reclaimed_shipment_no_settlement_is_taken_back() {
    let mut scene = Scene::new();
    let (_, [ship, settled]) = missing_on_the_way_back(&mut scene, Settled::Lost);
    scene.event(COOP, Act::Reclaim { of: ship });
    assert_eq!(code(scene.act(COOP, Act::Void { of: settled })), "cannot_void");
    assert_eq!(scene.trace.conserved(), None);
}

/// Nor does a pallet in between keep a box with who was never meant to have it.
#[test]
fn a_box_that_lay_in_a_pallet_comes_back_with_its_shipment() {
    let mut scene = Scene::new();
    let oil = scene.primary(FOOD, 1_000);
    pack(&mut scene, BOX, vec![part(oil, 100)], vec![]);
    let (to, parts, units) = (Destination::Holder(SHOP), vec![], vec![BOX]);
    let ship = scene.event(COOP, Act::Ship { to, parts, units, purpose: Purpose::Sale });
    scene.event(SHOP, Act::Receive { of: ship, answers: vec![answer(oil, 100, 0, 0)] });
    scene.event(SHOP, Act::Pack { unit: PALLET, parts: vec![], units: vec![BOX] });
    unpack(&mut scene, SHOP, PALLET, vec![]);
    scene.event(COOP, Act::Reclaim { of: ship });
    assert_eq!(scene.trace.holding(oil, COOP).free, 1_000);
    assert_eq!(scene.trace.unit(BOX), None);
    assert_eq!(scene.trace.conserved(), None);
}
