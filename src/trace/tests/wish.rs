//! Random acts: eight numbers become an act that is plausible in the state it meets, so that most
//! of what is tried goes far, and what is refused is refused for one thing.

use std::collections::BTreeMap;

use super::model::{Model, Pot};
use crate::trace::{
    Act, Answer, Book, Cause, Chain, Channel, Covered, Declaration, Destination, Draw, Event,
    EventHandle, Holder, LotHandle, Material, MaterialRule, Model as Custody, Opening, Part,
    Purpose, Quantity, Rate, Ratio, Recipe, RecipeId, SchemeId, Settled, Settlement, Status, Unit,
    Way,
};

/// Units that there are.
pub const UNITS: u32 = 9;

/// The numbers of one act.
pub type Wish = [u16; 8];

pub const FRUIT: Material = Material(0);
pub const KERNELS: Material = Material(1);
pub const FOOD: Material = Material(2);
pub const COSMETIC: Material = Material(3);
pub const AMLOU: Material = Material(4);
pub const ALMONDS: Material = Material(5);

pub const CRACK: RecipeId = RecipeId(1);
pub const PRESS: RecipeId = RecipeId(2);
pub const MIX: RecipeId = RecipeId(3);

pub const BIO: SchemeId = SchemeId(1);
pub const FAIR: SchemeId = SchemeId(2);

/// A rule book like that of the demonstration, with one of each kind of rule.
pub fn book() -> Book {
    let rate = |from, to, n, d, warn| {
        let ceiling = Ratio { n, d };
        Rate { from, to, ceiling, warn: Ratio { n: warn, d } }
    };
    let recipe = |id, rates, shares, minor| Recipe { id, rates, shares, minor };
    let oils = vec![vec![FOOD, COSMETIC]];
    Book {
        version: 1,
        recipes: vec![
            recipe(CRACK, vec![rate(FRUIT, KERNELS, 1, 10, 1)], Vec::new(), Vec::new()),
            recipe(
                PRESS,
                vec![
                    rate(KERNELS, FOOD, 55_000, 90_600, 52_000),
                    rate(KERNELS, COSMETIC, 55_000, 90_600, 52_000),
                ],
                oils,
                Vec::new(),
            ),
            recipe(
                MIX,
                vec![rate(ALMONDS, AMLOU, 1, 1, 1), rate(FOOD, AMLOU, 9, 10, 9)],
                Vec::new(),
                vec![FOOD],
            ),
        ],
        chains: vec![
            Chain { from: FRUIT, to: FOOD, hold: Ratio { n: 35, d: 1000 } },
            Chain { from: KERNELS, to: FOOD, hold: Ratio { n: 58, d: 100 } },
        ],
        materials: vec![
            MaterialRule { material: FRUIT, tolerance: 30, keeps: 40, declare_within: 60 },
            MaterialRule { material: KERNELS, tolerance: 5, keeps: 0, declare_within: 60 },
        ],
        covered: vec![Covered { scheme: BIO, least: 950 }, Covered { scheme: FAIR, least: 200 }],
    }
}

struct Dice {
    numbers: Wish,
    at: usize,
}

impl Dice {
    /// One of so many.
    fn one(&mut self, of: usize) -> usize {
        self.at += 1;
        // Numbers are used again in another light when they run out.
        let number = usize::from(self.numbers[self.at % 8]);
        (number >> (self.at / 8 * 3)) % of.max(1)
    }

    fn part(&mut self, of: i128) -> u64 {
        let most = u64::try_from(of.max(0)).unwrap();
        match self.one(8) {
            // As often all of it, once too much.
            0..3 => most.max(1),
            3 => most + 1,
            _ => (self.one(9_973) as u64 * most / 9_973).max(1),
        }
    }
}

fn quantity(of: u64) -> Quantity {
    Quantity::new(of.max(1)).unwrap()
}

/// The act that a wish is in this state; half an hour or days later than the last one. Some whole
/// histories are more about one thing.
pub fn event(model: &Model, wish: &Wish, about: u16, now: &mut i64) -> Event {
    let mut dice = Dice { numbers: *wish, at: 7 };
    *now += [1_800, 86_400, 9 * 86_400, 60][usize::from(wish[7] % 4)];
    let mut issuer = Holder(dice.one(4) as u32);
    let often = wish[3].is_multiple_of(2) && model.lots.len() > 3;
    let mut act = match about % 8 {
        0 if often => units(model, &mut dice, &mut issuer),
        1 if often && wish[2].is_multiple_of(3) => certify(model, &mut dice),
        _ => act(model, &mut dice, &mut issuer, *now),
    };
    if wish[5].is_multiple_of(12) {
        super::bent::bend(&mut act, model, usize::from(wish[4]));
    }
    let at = if wish[6].is_multiple_of(23) { *now - 20 * 86_400 } else { *now - 60 };
    Event { at, logged_at: *now, issuer, act }
}

fn act(model: &Model, dice: &mut Dice, issuer: &mut Holder, now: i64) -> Act {
    let kind = dice.one(30);
    if model.lots.len() < 4 || kind < 4 {
        return declare(model, dice, now);
    }
    match kind {
        4..11 => transform(model, dice, issuer),
        11..14 => ship(model, dice, issuer),
        14..17 => answer(model, dice, issuer),
        17 => settle(model, dice, issuer, 2),
        18 | 19 => units(model, dice, issuer),
        20 | 21 => leave(model, dice, issuer),
        22..25 => {
            let back = dice.one(6);
            Act::Void { of: EventHandle(model.events.len().saturating_sub(back + 1) as u32) }
        }
        25 | 26 => certify(model, dice),
        27 => label(model, dice),
        28 => status(model, dice),
        _ => other(model, dice),
    }
}

fn declare(model: &Model, dice: &mut Dice, now: i64) -> Act {
    let opening = match dice.one(8) {
        0..4 => Opening::Derived,
        4 => Opening::Declared,
        _ => Opening::Primary,
    };
    let materials = match opening {
        Opening::Derived => [KERNELS, FOOD, COSMETIC, FOOD, AMLOU],
        _ => [FRUIT, KERNELS, FRUIT, ALMONDS, FOOD],
    };
    let material = materials[dice.one(5)];
    let size = if opening == Opening::Derived { 40_000 } else { 100_000 };
    let quantity = quantity(dice.one(size) as u64 + 1);
    let day = i32::try_from(now / 86_400).unwrap();
    let harvested = [Some(day), Some(day - 30), Some(day - 70), None][dice.one(4)];
    let producer = Holder((model.lots.len() % 3) as u32);
    Act::Declare(Declaration { material, producer, quantity, opening, harvested })
}

fn lot(model: &Model, dice: &mut Dice) -> LotHandle {
    let one = dice.one(model.lots.len() + 1) as u32;
    LotHandle(if one as usize == model.lots.len() && dice.one(4) > 0 { 0 } else { one })
}

/// A lot of a material that somebody has of, who is the issuer from now on.
fn stock(
    model: &Model,
    dice: &mut Dice,
    issuer: &mut Holder,
    fits: &dyn Fn(Material) -> bool,
) -> Vec<LotHandle> {
    let free = model.pots.iter().filter(|((lot, pot), grams)| {
        let material = model.lots[lot.0 as usize].born.material;
        matches!(pot, Pot::Free(_)) && **grams > 0 && fits(material)
    });
    let free: Vec<_> = free.map(|((lot, pot), _)| (*lot, *pot)).collect();
    let Some((first, Pot::Free(holder))) = free.get(dice.one(free.len())).copied() else {
        return vec![lot(model, dice)];
    };
    if dice.one(24) > 0 {
        *issuer = holder;
    }
    let mut lots = vec![first];
    let others = free.iter().filter(|(lot, pot)| *pot == Pot::Free(holder) && *lot != first);
    let others: Vec<_> = others.map(|(lot, _)| *lot).collect();
    if dice.one(2) == 0 && !others.is_empty() {
        lots.push(others[dice.one(others.len())]);
    }
    if dice.one(40) == 0 {
        lots.push(first);
    }
    lots
}

fn parts(model: &Model, dice: &mut Dice, lots: &[LotHandle], holder: Holder) -> Vec<Part> {
    let part = |lot: &LotHandle| {
        let quantity = quantity(dice.part(model.pot(*lot, Pot::Free(holder))));
        Part { lot: *lot, quantity }
    };
    lots.iter().map(part).collect()
}

fn transform(model: &Model, dice: &mut Dice, issuer: &mut Holder) -> Act {
    let ways = [Way::Book(CRACK), Way::Book(PRESS), Way::Book(MIX), Way::Group, Way::Book(PRESS)];
    let mut way = ways[dice.one(5)];
    let input = |it: Material| match way {
        Way::Book(CRACK) => it == FRUIT,
        Way::Book(PRESS) => it == KERNELS,
        Way::Book(MIX) => it == ALMONDS || it == FOOD,
        _ => true,
    };
    let lots = stock(model, dice, issuer, &input);
    let drawn = parts(model, dice, &lots, *issuer);
    let first = model.lots.get(lots[0].0 as usize).map_or(FRUIT, |lot| lot.born.material);
    let output = |it: Material| match way {
        Way::Book(CRACK) => it == KERNELS,
        Way::Book(PRESS) => it == FOOD || it == COSMETIC,
        Way::Book(MIX) => it == AMLOU,
        _ => it == first,
    };
    let open = |lot: &LotHandle, strict: bool| {
        let row = &model.lots[lot.0 as usize];
        let own = row.born.producer == *issuer || !strict;
        row.born.opening == Opening::Derived && output(row.born.material) && own && row.closers == 0
    };
    let all = || (0..model.lots.len() as u32).map(LotHandle);
    let mut open_lots: Vec<LotHandle> = all().filter(|lot| open(lot, true)).collect();
    if open_lots.is_empty() || dice.one(6) == 0 {
        open_lots.extend(all().filter(|lot| open(lot, false)));
    }
    let sum: i128 = drawn.iter().map(|part| i128::from(part.quantity.get())).sum();
    let most = match way {
        Way::Book(CRACK) => sum / 10,
        Way::Book(PRESS) => sum * 55_000 / 90_600,
        _ => sum,
    };
    let mut fills = Vec::new();
    let mut left = most;
    for _ in 0..=dice.one(2) {
        let one = match open_lots.is_empty() {
            true => lot(model, dice),
            false => open_lots.swap_remove(dice.one(open_lots.len())),
        };
        let row = model.lots.get(one.0 as usize);
        let room = row.map_or(9, |lot| i128::from(lot.born.quantity.get()) - model.filled(one));
        let grams = dice.part(left.min(room));
        fills.push(Part { lot: one, quantity: quantity(grams) });
        left -= i128::from(grams);
    }
    if dice.one(60) == 0 {
        way = Way::Book(RecipeId(9));
    }
    let draws = drawn.into_iter().map(|part| draw(model, dice, part)).collect();
    Act::Transform { way, draws, fills }
}

fn draw(model: &Model, dice: &mut Dice, part: Part) -> Draw {
    let filled = model.lots.get(part.lot.0 as usize).map_or(1, |_| model.filled(part.lot));
    let filled = u64::try_from(filled).unwrap();
    let covers = [
        vec![(BIO, filled), (FAIR, filled)],
        vec![(BIO, filled)],
        vec![(FAIR, filled / 2 + 1), (BIO, filled * 97 / 100), (FAIR, 7)],
        Vec::new(),
    ];
    let covers = covers[dice.one(4)].clone();
    let certified = [None, Some(filled), Some(filled / 2)][dice.one(3)];
    Draw { lot: part.lot, quantity: part.quantity, covers, certified }
}

fn at_hand(model: &Model, holder: Holder) -> Vec<Unit> {
    let own = model.units.iter().filter(|(_, it)| it.holder == holder && it.rests_since.is_none());
    own.map(|(unit, _)| *unit).collect()
}

fn ship(model: &Model, dice: &mut Dice, issuer: &mut Holder) -> Act {
    let lots = stock(model, dice, issuer, &|_| true);
    let mut parts = parts(model, dice, &lots, *issuer);
    let own = at_hand(model, *issuer);
    let mut units = Vec::new();
    if !own.is_empty() && dice.one(2) == 0 {
        units.push(own[dice.one(own.len())]);
        if dice.one(2) == 0 {
            parts.clear();
        }
    }
    let to = match dice.one(10) {
        0 => Destination::Commitment,
        1 => Destination::Holder(*issuer),
        _ => Destination::Holder(Holder((issuer.0 + 1 + dice.one(3) as u32) % 4)),
    };
    let purposes = [Purpose::Sale, Purpose::Processing, Purpose::Processing, Purpose::RecallReturn];
    Act::Ship { to, parts, units, purpose: purposes[dice.one(4)] }
}

/// Something that waits for an answer.
fn waiting(
    model: &Model,
    dice: &mut Dice,
    which: fn(Pot) -> Option<u32>,
) -> Option<(u32, BTreeMap<LotHandle, i128>)> {
    let pots = model.pots.iter().filter(|(_, grams)| **grams > 0);
    let mut all: BTreeMap<u32, BTreeMap<LotHandle, i128>> = BTreeMap::new();
    for ((lot, pot), grams) in pots {
        if let Some(of) = which(*pot) {
            all.entry(of).or_default().insert(*lot, *grams);
        }
    }
    let all: Vec<_> = all.into_iter().collect();
    all.get(dice.one(all.len())).cloned()
}

fn answer(model: &Model, dice: &mut Dice, issuer: &mut Holder) -> Act {
    let which = |pot| match pot {
        Pot::Transit(of) | Pot::Back(of) => Some(of),
        _ => None,
    };
    let Some((of, sent)) = waiting(model, dice, which) else {
        let of = EventHandle(dice.one(model.events.len()) as u32);
        return Act::Receive { of, answers: Vec::new() };
    };
    if dice.one(12) > 0 {
        *issuer = match model.events[of as usize].event.act {
            Act::Ship { to: Destination::Holder(to), .. } => to,
            Act::Receive { of, .. } => model.events[of.0 as usize].event.issuer,
            _ => *issuer,
        };
    }
    if dice.one(8) == 0 {
        return settle(model, dice, issuer, 0);
    }
    let mut answers = Vec::new();
    for (lot, grams) in sent {
        let sent = u64::try_from(grams).unwrap();
        let (refused, missing) = match dice.one(8) {
            0..3 => (0, 0),
            3 => (sent, 0),
            4 => (0, sent * 3 / 100),
            5 => (0, sent * 3 / 100 + 1),
            _ => (sent / 3, sent / 4),
        };
        let missing = if dice.one(30) == 0 { missing + 1 } else { missing };
        let accepted = sent.saturating_sub(refused + missing.min(sent - refused));
        answers.push(Answer { lot, accepted, refused, missing });
    }
    Act::Receive { of: EventHandle(of), answers }
}

fn settle(model: &Model, dice: &mut Dice, issuer: &mut Holder, third: usize) -> Act {
    let which = |pot| match pot {
        Pot::Dispute(of) | Pot::Transit(of) => Some(of),
        _ => None,
    };
    let Some((of, open)) = waiting(model, dice, which) else {
        return Act::Settle { of: EventHandle(0), lines: Vec::new(), third: false };
    };
    let whole = matches!(model.events[of as usize].event.act, Act::Ship { .. });
    let mut lines = Vec::new();
    let how = [Settled::Lost, Settled::Returned, Settled::Accepted][dice.one(3)];
    for (lot, grams) in open {
        let all = u64::try_from(grams).unwrap();
        let grams = if whole && dice.one(6) > 0 { all } else { dice.part(grams) };
        lines.push(Settlement { lot, quantity: quantity(grams), how });
    }
    let mut ship = of;
    while let Act::Receive { of, .. } = model.events[ship as usize].event.act {
        ship = of.0;
    }
    let shipment = &model.events[ship as usize].event;
    if dice.one(8) > 0 {
        *issuer = match (&shipment.act, how) {
            (Act::Ship { to: Destination::Holder(to), .. }, Settled::Accepted) => *to,
            _ => shipment.issuer,
        };
    }
    let of = EventHandle(if dice.one(3) == 0 { ship } else { of });
    Act::Settle { of, lines, third: dice.one(5) < third }
}

fn units(model: &Model, dice: &mut Dice, issuer: &mut Holder) -> Act {
    let (unit, own) = (Unit(dice.one(UNITS as usize) as u32), at_hand(model, *issuer));
    if dice.one(3) == 0 && !own.is_empty() {
        let unit = own[dice.one(own.len())];
        let goods = model.goods_in(unit);
        if dice.one(2) == 0 || goods.is_empty() {
            return Act::Unpack { unit, parts: Vec::new(), units: Vec::new() };
        }
        let (lot, grams) = goods[dice.one(goods.len())];
        let quantity = quantity(dice.part(grams));
        return Act::Unpack { unit, parts: vec![Part { lot, quantity }], units: Vec::new() };
    }
    let lots = stock(model, dice, issuer, &|_| true);
    let parts = parts(model, dice, &lots, *issuer);
    let own = at_hand(model, *issuer);
    // One that holds others, more often than not.
    let units = match (dice.one(3), own.iter().max_by_key(|unit| model.depth(**unit))) {
        (0, Some(deepest)) => vec![*deepest],
        (1, Some(_)) => vec![own[dice.one(own.len())]],
        _ => Vec::new(),
    };
    Act::Pack { unit, parts, units }
}

fn leave(model: &Model, dice: &mut Dice, issuer: &mut Holder) -> Act {
    let kind = dice.one(6);
    if kind == 0 {
        let gone = model.pots.iter().filter(|((_, pot), _)| matches!(pot, Pot::Gone(_)));
        let gone: Vec<_> = gone.map(|((lot, pot), grams)| (*lot, *pot, *grams)).collect();
        if let Some((lot, Pot::Gone(holder), grams)) = gone.get(dice.one(gone.len())).copied() {
            *issuer = holder;
            let quantity = quantity(dice.part(grams));
            let parts = vec![Part { lot, quantity }];
            return Act::Destroy { cause: Cause::Recall, parts, from_out: true };
        }
    }
    let lots = stock(model, dice, issuer, &|_| true);
    let parts = parts(model, dice, &lots, *issuer);
    let holder = *issuer;
    match kind {
        1 => Act::Loss { cause: Cause::Moisture, parts },
        2 => {
            *issuer = Holder(dice.one(4) as u32);
            Act::Sample { holder, parts }
        }
        3 => Act::Destroy { cause: Cause::Expired, parts, from_out: false },
        _ => Act::Out { channel: Channel::Retail, parts },
    }
}

fn certify(model: &Model, dice: &mut Dice) -> Act {
    // What was filled is what there is something to say of.
    let filled = model.events.iter().filter(|one| one.stands).flat_map(|one| &one.effect.fills);
    let filled: Vec<LotHandle> = filled.map(|(lot, _)| *lot).collect();
    let lot = match filled.is_empty() || dice.one(4) == 0 {
        true => lot(model, dice),
        false => filled[dice.one(filled.len())],
    };
    let filled = model.lots.get(lot.0 as usize).map_or(1, |_| model.filled(lot));
    let models = [
        None,
        None,
        Some(Custody::IdentityPreserved),
        Some(Custody::Segregated),
        Some(Custody::ControlledBlending),
        Some(Custody::MassBalance),
    ];
    let scheme = [BIO, FAIR, FAIR, SchemeId(3)][dice.one(4)];
    let cover = model.carried.get(&(lot, super::model::Flows::Cover(scheme))).copied();
    let most = if dice.one(2) == 0 { cover.unwrap_or(filled) } else { filled };
    Act::Certify { lot, scheme, quantity: quantity(dice.part(most)), model: models[dice.one(6)] }
}

fn label(model: &Model, dice: &mut Dice) -> Act {
    let lot = lot(model, dice);
    let filled = model.lots.get(lot.0 as usize).map_or(1, |_| model.filled(lot));
    let pack_size = [250, 100, 1, 3][dice.one(4)];
    let count = dice.part(filled / i128::from(pack_size));
    if dice.one(5) == 0 {
        return Act::Unlabel { lot, count, pack_size };
    }
    let certified = [u64::MAX, u64::try_from(filled).unwrap() / 2][dice.one(2)];
    Act::Label { lot, count, pack_size, certified }
}

fn status(model: &Model, dice: &mut Dice) -> Act {
    let one = lot(model, dice);
    if dice.one(4) == 0 {
        let source = lot(model, dice);
        return Act::Lift { source, lot: one, lifted: dice.one(4) > 0 };
    }
    // Released more often than not, or nothing would move in the end.
    let status = [Status::Held, Status::Recalled][dice.one(2)];
    let said = model.own.keys().next().copied();
    match said.filter(|_| dice.one(5) > 0) {
        Some(lot) => Act::Status { lot, status: Status::Released },
        None => Act::Status { lot: one, status },
    }
}

fn other(model: &Model, dice: &mut Dice) -> Act {
    let last = EventHandle(dice.one(model.events.len()) as u32);
    match dice.one(6) {
        5 => Act::Book(super::bent::book(dice.one(10), dice.one(40) as u64)),
        0 => Act::Pin { of: last },
        4 => reclaim(model, dice),
        1 => Act::Undeclare { lot: lot(model, dice) },
        2 => Act::Observe { lots: vec![lot(model, dice)], seen: None },
        _ => Act::Unpack { unit: Unit(dice.one(9) as u32), parts: Vec::new(), units: Vec::new() },
    }
}

/// A shipment, more often than not one that was received.
fn reclaim(model: &Model, dice: &mut Dice) -> Act {
    let ships = model.events.iter().enumerate();
    let ships = ships.filter(|(_, one)| matches!(one.event.act, Act::Ship { .. }));
    let (answered, others): (Vec<_>, Vec<_>) = ships.partition(|(_, one)| one.answered);
    let from = if dice.one(5) == 0 || answered.is_empty() { others } else { answered };
    let place = from.get(dice.one(from.len())).map_or(0, |(place, _)| *place);
    Act::Reclaim { of: EventHandle(u32::try_from(place).unwrap()) }
}
