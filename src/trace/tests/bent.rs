//! Acts that are plausible but for one thing: a line too few, twice, too many, of another lot, a
//! gram more; and rule books with one fault.

use super::model::Model;
use super::wish::{self, FOOD, FRUIT, KERNELS};
use crate::trace::{
    Act, Answer, Book, Draw, EventHandle, LotHandle, Part, Quantity, Rate, Ratio, Recipe, RecipeId,
    Settlement, Unit,
};

/// A line of some list.
trait Bends: Clone {
    /// The same of another lot or unit.
    fn of_other(&mut self, other: u32);
    /// A gram more.
    fn more(&mut self) {}
}

fn gram_more(quantity: &mut Quantity) {
    *quantity = Quantity::new(quantity.get() + 1).unwrap_or(*quantity);
}

macro_rules! lines {
    ($($line:ident: $more:expr),+) => {$(
        impl Bends for $line {
            fn of_other(&mut self, other: u32) {
                self.lot = LotHandle(other);
            }

            fn more(&mut self) {
                $more(self);
            }
        }
    )+};
}

lines! {
    Part: |it: &mut Part| gram_more(&mut it.quantity),
    Draw: |it: &mut Draw| gram_more(&mut it.quantity),
    Settlement: |it: &mut Settlement| gram_more(&mut it.quantity),
    Answer: |it: &mut Answer| it.accepted += 1
}

impl Bends for Unit {
    fn of_other(&mut self, other: u32) {
        self.0 = other;
    }
}

impl Bends for LotHandle {
    fn of_other(&mut self, other: u32) {
        self.0 = other;
    }
}

fn lines<T: Bends>(list: &mut Vec<T>, how: usize, other: u32) {
    let Some(mut one) = list.first().cloned() else { return };
    match how % 6 {
        0 => list.clear(),
        1 => list.push(one),
        2 => _ = list.pop(),
        3 => list[0].of_other(other),
        4 => {
            one.of_other(other);
            list.push(one);
        }
        _ => list[0].more(),
    }
}

/// Changes one thing. Lots and units are one more than there are, too.
pub fn bend(act: &mut Act, model: &Model, how: usize) {
    let place = how / 12;
    let lot = (place % (model.lots.len() + 2)) as u32;
    let (unit, second) = ((place as u32) % (wish::UNITS + 1), how / 6 % 2 == 1);
    match act {
        Act::Transform { draws, .. } if second => lines(draws, how, lot),
        Act::Transform { fills, .. } => lines(fills, how, lot),
        Act::Ship { units, .. } | Act::Pack { units, .. } | Act::Unpack { units, .. } if second => {
            lines(units, how, unit);
        }
        Act::Ship { parts, .. }
        | Act::Pack { parts, .. }
        | Act::Unpack { parts, .. }
        | Act::Out { parts, .. }
        | Act::Loss { parts, .. }
        | Act::Sample { parts, .. }
        | Act::Destroy { parts, .. } => lines(parts, how, lot),
        Act::Receive { answers, .. } => lines(answers, how, lot),
        Act::Settle { lines: all, .. } => lines(all, how, lot),
        Act::Observe { seen, .. } if second => {
            *seen = Some(EventHandle((place % (model.events.len() + 1)) as u32));
        }
        Act::Observe { lots, .. } => lines(lots, how, lot),
        _ => {}
    }
}

/// A rule book that says one thing otherwise; most of them may not.
pub fn book(how: usize, much: u64) -> Book {
    let mut book = wish::book();
    book.version += 1;
    let back = |n| {
        let ceiling = Ratio { n, d: 55_000 };
        let rates = vec![Rate { from: FOOD, to: KERNELS, ceiling, warn: Rate::NO_RATIO }];
        Recipe { id: RecipeId(9), rates, shares: Vec::new(), minor: Vec::new() }
    };
    match how {
        0 => book.recipes[1].rates[0].ceiling.n -= much,
        1 => book.covered[0].least = 900 + 2 * u16::try_from(much).unwrap(),
        2 => book.recipes[0].rates[0].ceiling = Rate::NO_RATIO,
        3 => book.recipes.push(book.recipes[0].clone()),
        // To and fro a gram is lost, or one is won.
        4 => book.recipes.push(back(90_600 + 1 - much % 2)),
        5 => book.materials[0].tolerance = 990 + u16::try_from(much).unwrap(),
        6 => book.chains.push(book.chains[0]),
        7 => book.recipes[0].shares.push(vec![FRUIT]),
        8 => book.covered[1].scheme = book.covered[0].scheme,
        _ => {}
    }
    book
}
