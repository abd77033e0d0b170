//! The model: every gram lies in a pot, an act moves grams between pots and is a list of moves, and
//! undoing it moves them back. Figures are i128, nothing is shared with the room but the acts. It
//! answers with every rule that an act breaks.

use std::collections::{BTreeMap, BTreeSet};

use crate::trace::{
    Act, Book, Declaration, Direction, Event, EventHandle, HeldFor, Holder, LotHandle,
    Model as Custody, Opening, SchemeId, Status, Unit,
};

/// Where grams lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pot {
    Free(Holder),
    In(Unit),
    Transit(u32),
    Back(u32),
    Dispute(u32),
    Consumed,
    Gone(Holder),
    Lost,
    Sampled,
    Destroyed,
    Recovered(Holder),
    Toll(Holder, Holder),
    /// Where they come from and what is only counted goes to: without bottom.
    World,
}

impl Pot {
    /// Where goods are that left.
    fn is_gone(self) -> bool {
        matches!(self, Self::Gone(_) | Self::Lost | Self::Sampled | Self::Destroyed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flows {
    Cover(SchemeId),
    Origin(u32),
}

#[derive(Clone, Debug)]
pub struct MLot {
    pub born: Declaration,
    pub at: i64,
    pub gone: bool,
    pub closers: i128,
    pub certified: bool,
    pub labels: i128,
    /// Of them, those on goods that are left.
    pub on_goods: i128,
    pub labelled_once: bool,
    pub mass_balance: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MUnit {
    pub holder: Holder,
    pub parent: Option<Unit>,
    /// In use; else since when it rests.
    pub rests_since: Option<i64>,
    pub on_its_way: bool,
}

/// What an act does.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    pub moves: Vec<(LotHandle, Pot, Pot, i128)>,
    pub carries: Vec<(LotHandle, Flows, i128)>,
    pub closes: Vec<LotHandle>,
    pub units: Vec<(Unit, Option<MUnit>)>,
    pub touched: BTreeSet<Unit>,
    pub draws: Vec<LotHandle>,
    pub fills: Vec<(LotHandle, i128)>,
    pub held: Vec<(LotHandle, HeldFor)>,
    /// The weakest model of what was drawn, as it was then.
    pub model: Option<Custody>,
}

#[derive(Clone, Debug)]
pub struct MEvent {
    pub event: Event,
    pub effect: Effect,
    pub before: Vec<(Unit, Option<MUnit>)>,
    pub stands: bool,
    pub pinned: bool,
    pub answered: bool,
    /// It was taken back though it was answered: its units are not what they were.
    pub reclaimed: bool,
    /// What lay in which unit as it was shipped.
    pub boxed: BTreeMap<(Unit, LotHandle), i128>,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub book: Book,
    pub lots: Vec<MLot>,
    pub pots: BTreeMap<(LotHandle, Pot), i128>,
    pub carried: BTreeMap<(LotHandle, Flows), i128>,
    pub events: Vec<MEvent>,
    pub units: BTreeMap<Unit, MUnit>,
    pub own: BTreeMap<LotHandle, Status>,
    pub lifted: BTreeSet<(LotHandle, LotHandle)>,
}

/// Broken rules.
pub type Codes = BTreeSet<&'static str>;

impl Model {
    pub fn pot(&self, lot: LotHandle, pot: Pot) -> i128 {
        self.pots.get(&(lot, pot)).copied().unwrap_or(0)
    }

    pub fn sum(&self, lot: LotHandle, which: impl Fn(Pot) -> bool) -> i128 {
        let own = self.pots.range((lot, Pot::Free(Holder(0)))..=(lot, Pot::World));
        own.filter(|((_, pot), _)| which(*pot)).map(|(_, grams)| grams).sum()
    }

    pub fn filled(&self, lot: LotHandle) -> i128 {
        self.sum(lot, |pot| !matches!(pot, Pot::World | Pot::Recovered(_) | Pot::Toll(..)))
    }

    pub fn lot(&self, lot: LotHandle) -> Option<&MLot> {
        self.lots.get(lot.0 as usize).filter(|lot| !lot.gone)
    }

    /// Judges an act and takes it in where no rule is broken.
    pub fn apply(&mut self, event: &Event) -> Result<Effect, Codes> {
        let mut codes = Codes::new();
        let mut effect = Effect::default();
        let mut boxed = BTreeMap::new();
        match &event.act {
            Act::Transform { .. } => self.transform(event, &mut codes, &mut effect),
            Act::Ship { .. } => boxed = self.ship(event, &mut codes, &mut effect),
            Act::Receive { .. } => self.receive(event, &mut codes, &mut effect),
            Act::Settle { .. } => self.settle(event, &mut codes, &mut effect),
            Act::Pack { .. } => self.pack(event, &mut codes, &mut effect),
            Act::Unpack { .. } => self.unpack(event, &mut codes, &mut effect),
            Act::Out { .. } | Act::Loss { .. } | Act::Sample { .. } | Act::Destroy { .. } => {
                self.leave(event, &mut codes, &mut effect);
            }
            Act::Observe { lots, seen } => {
                self.all_known(lots.iter().copied(), &mut codes);
                let destroyed = |of: &EventHandle| {
                    let one = self.events.get(of.0 as usize);
                    one.is_some_and(|it| it.stands && matches!(it.event.act, Act::Destroy { .. }))
                };
                if !seen.iter().all(destroyed) {
                    codes.insert("shipment_state");
                }
            }
            Act::Void { of } => return self.void(event, *of),
            Act::Reclaim { of } => return self.reclaim(event, *of),
            _ => return self.said(event),
        }
        if !codes.is_empty() {
            return Err(codes);
        }
        self.write(&effect);
        let before = self.set_units(&effect.units);
        if let Act::Receive { of, .. } | Act::Settle { of, .. } = &event.act {
            // A receipt that is settled line by line is not answered by it.
            let kind = self.events[of.0 as usize].event.act.clone();
            let settles = matches!(event.act, Act::Settle { .. });
            let one = &mut self.events[of.0 as usize];
            if !settles || matches!(kind, Act::Ship { .. }) && !one.answered {
                one.answered = true;
            }
        }
        self.push(event, effect.clone(), before, boxed);
        Ok(effect)
    }

    pub fn push(
        &mut self,
        event: &Event,
        effect: Effect,
        before: Vec<(Unit, Option<MUnit>)>,
        boxed: BTreeMap<(Unit, LotHandle), i128>,
    ) {
        let (event, stands, reclaimed) = (event.clone(), true, false);
        let (pinned, answered) = (false, false);
        let one = MEvent { event, effect, before, stands, pinned, answered, reclaimed, boxed };
        self.events.push(one);
    }

    pub fn set_units(&mut self, units: &[(Unit, Option<MUnit>)]) -> Vec<(Unit, Option<MUnit>)> {
        let mut before = Vec::new();
        for (unit, new) in units {
            let old = match new {
                Some(new) => self.units.insert(*unit, new.clone()),
                None => self.units.remove(unit),
            };
            before.push((*unit, old));
        }
        before
    }

    pub fn write(&mut self, effect: &Effect) {
        for (lot, from, to, grams) in &effect.moves {
            *self.pots.entry((*lot, *from)).or_default() -= grams;
            *self.pots.entry((*lot, *to)).or_default() += grams;
            if to.is_gone() {
                let row = &mut self.lots[lot.0 as usize];
                row.on_goods = (row.on_goods - grams).max(0);
            }
        }
        for (lot, key, grams) in &effect.carries {
            *self.carried.entry((*lot, *key)).or_default() += grams;
        }
        for lot in &effect.closes {
            self.lots[lot.0 as usize].closers += 1;
        }
    }

    pub fn void(&mut self, event: &Event, of: EventHandle) -> Result<Effect, Codes> {
        let barred = || Err(Codes::from(["cannot_void"]));
        let Some(one) = self.events.get(of.0 as usize).cloned() else { return barred() };
        let later = self.events.iter().skip(of.0 as usize + 1);
        let later = later.filter(|later| later.stands || later.reclaimed);
        let touched = later.flat_map(|later| &later.effect.touched);
        let mut again = touched.filter(|unit| one.effect.touched.contains(unit));
        let is_void = matches!(one.event.act, Act::Void { .. } | Act::Reclaim { .. });
        let closed = |lot: &LotHandle| self.lots[lot.0 as usize].closers > 0;
        let fills_closed = one.effect.fills.iter().any(|(lot, _)| closed(lot));
        if !one.stands || is_void || one.pinned || again.next().is_some() || fills_closed {
            return barred();
        }
        // Of a shipment that was reclaimed no answer is taken back.
        if let Act::Receive { of, .. } | Act::Settle { of, .. } = &one.event.act
            && !self.events[self.shipment(of.0) as usize].stands
        {
            return barred();
        }
        let mut after = self.clone();
        for (lot, from, to, grams) in &one.effect.moves {
            *after.pots.entry((*lot, *from)).or_default() += grams;
            *after.pots.entry((*lot, *to)).or_default() -= grams;
            if to.is_gone() {
                let row = &mut after.lots[lot.0 as usize];
                row.on_goods = (row.on_goods + grams).min(row.labels);
            }
        }
        let below =
            |((_, pot), grams): (&(LotHandle, Pot), &i128)| *pot != Pot::World && *grams < 0;
        if after.pots.iter().any(below) || after.more_back_than_gone() {
            return barred();
        }
        // Nothing may answer it, also where nothing was left to answer.
        if one.answered {
            return barred();
        }
        for (lot, key, grams) in &one.effect.carries {
            *after.carried.entry((*lot, *key)).or_default() -= grams;
        }
        for lot in &one.effect.closes {
            after.lots[lot.0 as usize].closers -= 1;
        }
        after.set_units(&one.before.iter().rev().cloned().collect::<Vec<_>>());
        after.events[of.0 as usize].stands = false;
        if let Act::Receive { of, .. } | Act::Settle { of, .. } = &one.event.act {
            let ship = matches!(after.events[of.0 as usize].event.act, Act::Ship { .. });
            let receive = matches!(one.event.act, Act::Receive { .. });
            let whole = one.effect.moves.iter().any(|it| matches!(it.1, Pot::Transit(_)));
            if receive || ship && whole {
                after.events[of.0 as usize].answered = false;
            }
        }
        *self = after;
        self.push(event, Effect::default(), Vec::new(), BTreeMap::new());
        Ok(Effect::default())
    }

    fn more_back_than_gone(&self) -> bool {
        self.pots.iter().any(|((lot, pot), grams)| match pot {
            Pot::Recovered(holder) => *grams > self.pot(*lot, Pot::Gone(*holder)),
            _ => false,
        })
    }

    /// Acts that are no events.
    fn said(&mut self, event: &Event) -> Result<Effect, Codes> {
        let mut codes = Codes::new();
        let lot_of = |act: &Act| match act {
            Act::Certify { lot, .. } | Act::Label { lot, .. } | Act::Unlabel { lot, .. } => {
                Some(*lot)
            }
            Act::Status { lot, .. } | Act::Lift { lot, .. } | Act::Undeclare { lot } => Some(*lot),
            _ => None,
        };
        if let Some(lot) = lot_of(&event.act)
            && !self.known(lot, &mut codes)
        {
            return Err(codes);
        }
        match &event.act {
            Act::Book(book) => {
                codes = super::model_book::faults(book);
                if codes.is_empty() {
                    self.book = book.clone();
                }
            }
            Act::Declare(born) => return Ok(self.declare(event, born)),
            Act::Undeclare { lot } => {
                let row = &self.lots[lot.0 as usize];
                let used = self
                    .events
                    .iter()
                    .filter(|one| one.stands)
                    .any(|one| one.effect.moves.iter().any(|(of, ..)| of == lot));
                if used || row.certified || row.labelled_once {
                    codes.insert("cannot_void");
                } else {
                    self.lots[lot.0 as usize].gone = true;
                    self.pots.retain(|(of, _), _| of != lot);
                }
            }
            Act::Certify { .. } | Act::Label { .. } | Act::Unlabel { .. } => {
                self.papers(event, &mut codes);
            }
            Act::Pin { of } => {
                let ship = self.events.get_mut(of.0 as usize);
                let ship =
                    ship.filter(|one| one.stands && matches!(one.event.act, Act::Ship { .. }));
                match ship {
                    Some(ship) => ship.pinned = true,
                    None => _ = codes.insert("shipment_state"),
                }
            }
            Act::Status { lot, status } => {
                self.own.insert(*lot, *status);
                self.own.retain(|_, status| *status != Status::Released);
            }
            Act::Lift { source, lot, lifted } => {
                if self.known(*source, &mut codes) {
                    match lifted {
                        true => self.lifted.insert((*source, *lot)),
                        false => self.lifted.remove(&(*source, *lot)),
                    };
                }
            }
            other => unreachable!("{other:?}"),
        }
        if codes.is_empty() { Ok(Effect::default()) } else { Err(codes) }
    }

    /// Certificates and labels.
    fn papers(&mut self, event: &Event, codes: &mut Codes) {
        match &event.act {
            Act::Certify { .. } => self.certify(event, codes),
            Act::Label { lot, count, pack_size, certified } => {
                let asked = i128::from(*count) * i128::from(*pack_size);
                self.moves(*lot, codes);
                let left = self.sum(*lot, |pot| {
                    matches!(pot, Pot::Free(_) | Pot::In(_) | Pot::Transit(_) | Pot::Back(_))
                });
                let row = &self.lots[lot.0 as usize];
                let all = row.labels + asked + self.pot(*lot, Pot::Consumed);
                let least = self.filled(*lot).min(i128::from(*certified));
                if row.on_goods + asked > left || all > least {
                    codes.insert("labels_exceeded");
                }
                if codes.is_empty() {
                    let row = &mut self.lots[lot.0 as usize];
                    row.closers += i128::from(!row.labelled_once);
                    (row.labels, row.labelled_once) = (row.labels + asked, true);
                    row.on_goods += asked;
                }
            }
            Act::Unlabel { lot, count, pack_size } => {
                let row = &mut self.lots[lot.0 as usize];
                let asked = i128::from(*count) * i128::from(*pack_size);
                match asked > row.labels {
                    true => _ = codes.insert("not_labelled"),
                    false => {
                        row.labels -= asked;
                        row.on_goods = (row.on_goods - asked).max(0).min(row.labels);
                    }
                }
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn declare(&mut self, event: &Event, born: &Declaration) -> Effect {
        let lot = LotHandle(self.lots.len() as u32);
        self.lots.push(MLot {
            born: *born,
            at: event.at,
            gone: false,
            closers: 0,
            certified: false,
            labels: 0,
            on_goods: 0,
            labelled_once: false,
            mass_balance: false,
        });
        let mut effect = Effect::default();
        if born.opening != Opening::Derived {
            let grams = i128::from(born.quantity.get());
            *self.pots.entry((lot, Pot::Free(born.producer))).or_default() += grams;
        }
        let rule = self.book.material(born.material);
        let today = event.logged_at.div_euclid(86_400);
        let late = born.harvested.is_some_and(|day| {
            rule.declare_within > 0 && today - i64::from(day) > i64::from(rule.declare_within)
        });
        if late && born.opening == Opening::Primary {
            effect.held.push((lot, HeldFor::Late));
        }
        effect
    }

    pub fn known(&self, lot: LotHandle, codes: &mut Codes) -> bool {
        let known = self.lot(lot).is_some();
        if !known {
            codes.insert("lot_unknown");
        }
        known
    }

    pub fn all_known(&self, lots: impl Iterator<Item = LotHandle>, codes: &mut Codes) -> bool {
        let (mut all, mut seen, mut some) = (true, BTreeSet::new(), false);
        for lot in lots {
            some = true;
            all &= self.known(lot, codes);
            if !seen.insert(lot) {
                codes.insert("lot_twice");
            }
        }
        if !some {
            codes.insert("event_empty");
        }
        all && some
    }

    /// Lots one step up or down.
    pub fn step(&self, lot: LotHandle, direction: Direction) -> BTreeSet<LotHandle> {
        let mut found = BTreeSet::new();
        for one in self.events.iter().filter(|one| one.stands) {
            let fills: Vec<LotHandle> = one.effect.fills.iter().map(|(lot, _)| *lot).collect();
            let (from, to) = match direction {
                Direction::Down => (&one.effect.draws, &fills),
                Direction::Up => (&fills, &one.effect.draws),
            };
            if from.contains(&lot) {
                found.extend(to);
            }
        }
        found
    }

    /// All a lot reaches, but through none of these.
    pub fn reach(
        &self,
        lot: LotHandle,
        direction: Direction,
        not: &dyn Fn(LotHandle) -> bool,
    ) -> BTreeSet<LotHandle> {
        let mut all: BTreeSet<LotHandle> = BTreeSet::new();
        loop {
            let from = all.iter().copied().chain([lot]);
            let more = from.flat_map(|one| self.step(one, direction)).filter(|one| !not(*one));
            let next: BTreeSet<LotHandle> =
                all.iter().copied().chain(more.collect::<Vec<_>>()).collect();
            if next == all {
                return all;
            }
            all = next;
        }
    }

    pub fn inherited(&self, lot: LotHandle) -> Status {
        let reaching = self.own.iter().filter(|(source, _)| {
            let not = |one| self.lifted.contains(&(**source, one));
            self.reach(**source, Direction::Down, &not).contains(&lot)
        });
        reaching.map(|(_, status)| *status).max().unwrap_or(Status::Released)
    }

    pub fn moves(&self, lot: LotHandle, codes: &mut Codes) {
        let own = self.own.get(&lot).copied().unwrap_or(Status::Released);
        match own.max(self.inherited(lot)) {
            Status::Released => {}
            Status::Held => _ = codes.insert("lot_held"),
            Status::Recalled => _ = codes.insert("lot_recalled"),
        }
    }

    pub fn take_free(&self, lot: LotHandle, holder: Holder, asked: i128, codes: &mut Codes) {
        if self.pot(lot, Pot::Free(holder)) < asked {
            // Which of the two depends on whether he ever had some.
            codes.extend(["insufficient", "not_holder"]);
        }
    }

    /// The model of a lot before any scheme is asked for.
    pub fn custody(&self, lot: LotHandle) -> Custody {
        let fills = self.events.iter().filter(|one| one.stands);
        let fills = fills.filter(|one| one.effect.fills.iter().any(|(of, _)| *of == lot));
        let model = fills.filter_map(|one| one.effect.model).max();
        let model = model.unwrap_or(Custody::IdentityPreserved);
        let roots = self.roots(lot);
        if roots.len() > 1 { model.max(Custody::Segregated) } else { model }
    }

    /// The lots with which it all began.
    pub fn roots(&self, lot: LotHandle) -> BTreeSet<LotHandle> {
        if self.lots[lot.0 as usize].born.opening != Opening::Derived {
            return BTreeSet::from([lot]);
        }
        self.step(lot, Direction::Up).into_iter().flat_map(|one| self.roots(one)).collect()
    }
}
