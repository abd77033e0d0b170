//! Births and transformations: a lot is declared, goods are drawn from lots and fill others. A lot
//! that anything was taken from takes nothing more, so no circle of lots can exist.

use std::collections::BTreeSet;

use super::act::{Act, Declaration, Draw, Event, HeldFor, Opening, Outcome, Part};
use super::book::Recipe;
use super::cover::{self, Input};
use super::custody::Mixture;
use super::handles::{Holder, LotHandle, Material, NONE, place_of};
use super::quantity::Model;
use super::recipe::{self, Sums, Way};
use super::rows::{Brought, Kind, LotRow, Marks, NEVER, NO_DAY, PackedKey, Role};
use super::short::Short;
use super::state::Trace;
use crate::limits::RESTING_LISTED_MAX;

/// Days since 1970-01-01 of an instant.
pub(super) fn day_of(seconds: i64) -> i64 {
    seconds.div_euclid(86_400)
}

/// No lot may stand twice in what is listed.
#[cfg_attr(test, track_caller)]
pub(super) fn distinct(trace: &Trace, lots: impl Iterator<Item = LotHandle>) -> Result<(), Short> {
    let mut seen = BTreeSet::new();
    for lot in lots {
        if !seen.insert(lot) {
            trace.refuse(Short::LotTwice { lot })?;
        }
    }
    Ok(())
}

impl Trace {
    /// A new lot. One that opens full is its producer's; one that was declared long after its
    /// harvest is held.
    pub(super) fn declare(&mut self, event: &Event, what: &Declaration) -> Outcome {
        let lot = LotHandle(place_of(self.lots.len()));
        let full = what.opening != Opening::Derived;
        let filled = if full { what.quantity.get() } else { 0 };
        self.holdings.born(what.producer);
        self.lots.push_back(LotRow {
            declared: what.quantity.get(),
            filled,
            consumed: 0,
            gone: 0,
            lost: 0,
            sampled: 0,
            destroyed: 0,
            recovered: 0,
            labelled: 0,
            outstanding: 0,
            opened_at: if full { event.at } else { NEVER },
            material: what.material,
            producer: what.producer,
            line: NONE,
            carried: NONE,
            closers: 0,
            root: NONE,
            harvested: what.harvested.filter(|_| full).unwrap_or(NO_DAY),
            opening: what.opening,
            marks: Marks::default(),
            model: Model::IdentityPreserved,
            claimed: Model::IdentityPreserved,
        });
        self.change_holding(lot, what.producer, |row| row.free = filled);
        let within = self.rules.book.material(what.material).declare_within;
        let late = what.harvested.is_some_and(|day| {
            within > 0 && i64::from(day) + i64::from(within) < day_of(event.logged_at)
        });
        let late = late && what.opening == Opening::Primary;
        let held = late.then_some((lot, HeldFor::Late)).into_iter().collect();
        Outcome { lot: Some(lot), held, ..Outcome::default() }
    }

    /// Goods of some lots become goods of others.
    pub(super) fn transform(
        &mut self,
        event: &Event,
        way: Way,
        draws: &[Draw],
        fills: &[Part],
    ) -> Result<Outcome, Short> {
        if draws.is_empty() || fills.is_empty() {
            self.refuse(Short::Empty)?;
        }
        let lots = draws.iter().map(|draw| draw.lot);
        distinct(self, lots.chain(fills.iter().map(|fill| fill.lot)))?;
        let rules = self.rules.clone();
        let recipe = recipe::found(&rules, way)?;
        for fill in fills {
            self.fillable(fill)?;
        }
        let drawn = self.sums(draws.iter().map(|draw| (draw.lot, draw.quantity.get())))?;
        let made = self.sums(fills.iter().map(|fill| (fill.lot, fill.quantity.get())))?;
        if let Err(short) = recipe::materials(recipe, &drawn, &made) {
            self.refuse(short)?;
        }
        let above = recipe::above(recipe, &drawn, &made, recipe::ceiling);
        if let Some((material, asked, most, together)) = above.into_iter().next() {
            self.refuse(Short::YieldExceeded { material, asked, most, together })?;
        }
        let (inputs, mixture, aged) = self.draw(event, draws)?;
        self.of_whom(event.issuer, draws, fills)?;
        let (word, id) = way.word();
        let mut place = 0;
        let handle = self.push_event(event, Kind::Transform, |row| {
            (row.way, row.other) = (word, id);
            place = mixture.put(row);
        });
        for draw in draws {
            self.push_line(Role::Draw, draw.lot.0, draw.quantity.get(), 0);
        }
        for fill in fills {
            self.fill(event, fill, mixture, place);
            let material = self.known(fill.lot)?.material;
            let group = recipe.map_or_else(|| vec![material], |one| one.share_of(material));
            let together = group.iter().filter_map(|one| made.get(one)).sum();
            let quantity = fill.quantity.get();
            let flow = cover::filled(&rules, recipe, &inputs, quantity, together);
            for (key, quantity) in flow {
                self.carry(fill.lot, key, |known| known.saturating_add(quantity));
                let key = PackedKey::of(key);
                self.brought.push_back(Brought { quantity, key, lot: fill.lot });
            }
        }
        let mut held = self.above_usual(recipe, &inputs, &drawn, &made, fills);
        held.extend(fills.iter().filter(|_| aged).map(|fill| (fill.lot, HeldFor::Age)));
        held.sort_unstable();
        Ok(Outcome { event: Some(handle), lot: None, held })
    }

    fn sums(&self, lots: impl Iterator<Item = (LotHandle, u64)>) -> Result<Sums, Short> {
        let mut sums = Sums::new();
        for (lot, quantity) in lots {
            let sum = sums.entry(self.known(lot)?.material).or_default();
            *sum = sum.saturating_add(u128::from(quantity));
        }
        Ok(sums)
    }

    /// Takes what goes in. The answer: what flows with it, what it is together, and whether
    /// something was older than its material keeps.
    fn draw(
        &mut self,
        event: &Event,
        draws: &[Draw],
    ) -> Result<(Vec<Input>, Mixture, bool), Short> {
        let (mut inputs, mut mixture, mut aged) = (Vec::new(), Mixture::nothing(), false);
        for draw in draws {
            let (lot, quantity) = (draw.lot, draw.quantity.get());
            let row = self.known(lot)?;
            self.moves(lot)?;
            self.take_free(lot, event.issuer, quantity)?;
            if row.opened_at != NEVER && event.at < row.opened_at {
                self.refuse(Short::EventTime { at: event.at, earliest: row.opened_at })?;
            }
            let (labelled, consumed) = (row.labelled, row.consumed);
            let most = row.filled.min(draw.certified.unwrap_or(u64::MAX));
            let bare = self.left(&row).saturating_sub(row.outstanding);
            let available = most.saturating_sub(labelled).saturating_sub(consumed).min(bare);
            if labelled > 0 && quantity > available {
                let asked = quantity;
                self.refuse(Short::Labelled { lot, available, labelled, consumed, asked })?;
            }
            let keeps = i64::from(self.rules.book.material(row.material).keeps);
            let until = i64::from(row.harvested) + keeps;
            aged |= keeps > 0 && row.harvested != NO_DAY && until < day_of(event.logged_at);
            let flow = self.drawn(lot, &row, quantity, &draw.covers);
            mixture = mixture.and(lot, &row);
            inputs.push(Input { material: row.material, quantity, flow });
            self.change(lot, |row| {
                row.consumed = row.consumed.saturating_add(quantity);
                row.closers = row.closers.saturating_add(1);
            });
        }
        Ok((inputs, mixture, aged))
    }

    /// Whether a lot takes so much more.
    fn fillable(&self, fill: &Part) -> Result<(), Short> {
        let lot = fill.lot;
        let row = self.known(lot)?;
        self.moves(lot)?;
        if row.opening != Opening::Derived || row.closers > 0 {
            self.refuse(Short::LotClosed { lot })?;
        }
        let (declared, filled, asked) = (row.declared, row.filled, fill.quantity.get());
        if filled.saturating_add(asked) > declared {
            self.refuse(Short::LotOverfilled { lot, declared, filled, asked })?;
        }
        Ok(())
    }

    fn fill(&mut self, event: &Event, fill: &Part, mixture: Mixture, place: u16) {
        let (lot, quantity) = (fill.lot, fill.quantity.get());
        self.change(lot, |row| row.filled = row.filled.saturating_add(quantity));
        self.change_holding(lot, event.issuer, |row| row.free = row.free.saturating_add(quantity));
        self.mix(lot, mixture, event.at);
        self.push_line(Role::Fill, lot.0, quantity, place);
    }

    /// Whose lots are filled: the issuer's own, or those of one who sent him the inputs to be made
    /// into them, and of those no more than he accepted.
    fn of_whom(&mut self, issuer: Holder, draws: &[Draw], fills: &[Part]) -> Result<(), Short> {
        let mut others = BTreeSet::new();
        for fill in fills {
            others.insert(self.known(fill.lot)?.producer);
        }
        if others.len() == 1 && others.contains(&issuer) {
            return Ok(());
        }
        let several = others.len() > 1;
        for producer in others {
            for draw in draws {
                let (lot, asked) = (draw.lot, draw.quantity.get());
                let available = self.toll_of(lot, issuer, producer);
                // Of several producers at once none could be told what is his.
                if several || available < asked {
                    self.refuse(Short::NotProducer { lot, producer, available, asked })?;
                }
                self.change_toll(lot, issuer, producer, |left| left.saturating_sub(asked));
            }
        }
        Ok(())
    }

    /// What a processor may still make into lots of who sent it.
    pub(super) fn toll_of(&self, lot: LotHandle, processor: Holder, of: Holder) -> u64 {
        self.toll.get(&(lot, processor, of)).copied().unwrap_or_default()
    }

    pub(super) fn change_toll(
        &mut self,
        lot: LotHandle,
        processor: Holder,
        of: Holder,
        change: impl FnOnce(u64) -> u64,
    ) {
        match change(self.toll_of(lot, processor, of)) {
            0 => self.toll.remove(&(lot, processor, of)),
            left => self.toll.insert((lot, processor, of), left),
        };
    }

    /// Outputs that are more than is usual, by step or over all steps.
    fn above_usual(
        &self,
        recipe: Option<&Recipe>,
        inputs: &[Input],
        drawn: &Sums,
        made: &Sums,
        fills: &[Part],
    ) -> Vec<(LotHandle, HeldFor)> {
        let Some(recipe) = recipe else { return Vec::new() };
        let step = recipe::above(Some(recipe), drawn, made, recipe::warning);
        let step = step.into_iter().map(|(material, ..)| material);
        let origins = cover::origins(inputs);
        let chain = origins.map(|of| recipe::above_chain(&self.rules, recipe, &of, made));
        let all = step.chain(chain.unwrap_or_default());
        let group: BTreeSet<Material> = all.flat_map(|one| recipe.share_of(one)).collect();
        let is_of =
            |fill: &&Part| self.row(fill.lot).is_some_and(|it| group.contains(&it.material));
        fills.iter().filter(is_of).map(|fill| (fill.lot, HeldFor::Yield)).collect()
    }

    /// Takes a transformation back; whether anything rests on it was asked.
    pub(super) fn untransform(&mut self, event: super::handles::EventHandle) {
        let Some(row) = self.event(event) else { return };
        let issuer = row.issuer;
        let lines: Vec<_> = self.lines_of(event).map(|(_, line)| *line).collect();
        let brought: Vec<_> = self.brought_by(event).copied().collect();
        let fills = || lines.iter().filter(|line| line.role == Role::Fill);
        let first = fills().next().and_then(|line| self.row(LotHandle(line.lot)));
        let producer = first.map_or(issuer, |row| row.producer);
        for line in lines.iter().filter(|line| line.role == Role::Draw) {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            self.change(lot, |row| {
                row.consumed = row.consumed.saturating_sub(quantity);
                row.closers = row.closers.saturating_sub(1);
            });
            self.change_holding(lot, issuer, |row| row.free = row.free.saturating_add(quantity));
            if producer != issuer {
                self.change_toll(lot, issuer, producer, |left| left.saturating_add(quantity));
            }
        }
        for one in brought {
            self.carry(one.lot, one.key.key(), |known| known.saturating_sub(one.quantity));
        }
        for line in fills() {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            self.change(lot, |row| row.filled = row.filled.saturating_sub(quantity));
            self.change_holding(lot, issuer, |row| row.free = row.free.saturating_sub(quantity));
        }
    }

    /// A declaration was wrong: nothing may have happened to its lot.
    pub(super) fn undeclare(&mut self, event: &Event) -> Result<(), Short> {
        let Act::Undeclare { lot } = event.act else { return Ok(()) };
        let row = self.known(lot)?;
        // Who looks at a lot does not bind its producer.
        let mut resting = self.resting_on_lot(lot, 0, |role| role != Role::Seen);
        resting.sort_unstable();
        resting.truncate(RESTING_LISTED_MAX);
        if !resting.is_empty() {
            self.refuse(Short::CannotVoid { resting })?;
        }
        self.change(lot, |row| {
            row.filled = 0;
            row.marks = row.marks.with(Marks::UNDECLARED);
        });
        self.change_holding(lot, row.producer, |row| row.free = 0);
        Ok(())
    }
}
