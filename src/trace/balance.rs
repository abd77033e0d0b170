//! What there is of a lot and where it went; and that no gram came from nothing: at all times
//! filled = free + packed + in transit + disputed + consumed + out.

use super::act::{Act, Destination, Event, Outcome, Part};
use super::handles::{EventHandle, Holder, LotHandle};
use super::rows::{HoldingRow, Kind, LotRow, Marks, Role};
use super::short::Short;
use super::state::Trace;
use super::transform::distinct;
use crate::limits::{SAMPLE_MAX, SAMPLE_SHARE};

/// What became of a lot, in its smallest unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What its declaration says there is, or will be.
    pub declared: u64,
    /// What there was of it so far.
    pub filled: u64,
    /// At hand, with all holders.
    pub free: u64,
    /// In units at hand.
    pub packed: u64,
    /// On its way.
    pub in_transit: u64,
    /// Missing and not settled.
    pub disputed: u64,
    /// Became something else.
    pub consumed: u64,
    /// Sold, given away, or gone to somebody named by a commitment.
    pub gone: u64,
    /// Lost.
    pub lost: u64,
    /// Taken as samples.
    pub sampled: u64,
    /// Destroyed before it left.
    pub destroyed: u64,
    /// Of what is gone, what was brought back and destroyed.
    pub recovered: u64,
    /// Labels x pack size.
    pub labelled: u64,
    /// Of it, what is on goods that are left.
    pub outstanding: u64,
    /// Takes nothing more.
    pub closed: bool,
}

impl Balance {
    /// All that left the ledger.
    #[must_use]
    pub const fn out(&self) -> u64 {
        self.gone + self.lost + self.sampled + self.destroyed
    }

    /// There was some of it, and nothing of it is left with anybody.
    #[must_use]
    pub const fn is_exhausted(&self) -> bool {
        self.filled > 0 && self.free + self.packed + self.in_transit + self.disputed == 0
    }

    /// Nor can anybody have a unit of it: what left was destroyed, sampled, lost or brought back,
    /// and not all of it became other lots.
    #[must_use]
    pub const fn is_ended(&self) -> bool {
        self.is_exhausted() && self.consumed < self.filled && self.gone == self.recovered
    }

    /// Whether every gram is somewhere, and none is twice.
    #[must_use]
    pub fn is_conserved(&self) -> bool {
        let parts = [self.free, self.packed, self.in_transit, self.disputed, self.consumed];
        let out = [self.gone, self.lost, self.sampled, self.destroyed];
        let left = [self.free, self.packed, self.in_transit, self.disputed];
        let left: u128 = left.iter().map(|part| u128::from(*part)).sum();
        let sum: u128 = parts.iter().chain(&out).map(|part| u128::from(*part)).sum();
        sum == u128::from(self.filled)
            && self.filled <= self.declared
            && self.recovered <= self.gone
            && self.labelled <= self.filled
            && self.outstanding <= self.labelled
            && u128::from(self.outstanding) <= left
    }
}

fn balance_of(row: &LotRow, holdings: impl Iterator<Item = HoldingRow>) -> Balance {
    let mut balance = Balance {
        declared: row.declared,
        filled: row.filled,
        consumed: row.consumed,
        gone: row.gone,
        lost: row.lost,
        sampled: row.sampled,
        destroyed: row.destroyed,
        recovered: row.recovered,
        labelled: row.labelled,
        outstanding: row.outstanding,
        closed: row.closers > 0,
        ..Balance::default()
    };
    for row in holdings {
        // Sums over holders are at most what was filled; in foreign bytes they may be anything.
        balance.free = balance.free.saturating_add(row.free);
        balance.packed = balance.packed.saturating_add(row.packed);
        balance.in_transit = balance.in_transit.saturating_add(row.transit);
        balance.disputed = balance.disputed.saturating_add(row.disputed);
    }
    balance
}

impl Trace {
    /// Lots that were declared, those undeclared since among them.
    #[must_use]
    pub fn lot_count(&self) -> usize {
        self.lots.len()
    }

    /// Events that were taken in.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    /// What became of a lot; None: no such lot.
    #[must_use]
    pub fn balance(&self, lot: LotHandle) -> Option<Balance> {
        let holdings = self.holdings.of_lot(lot, Holder(0)).map(|(_, row)| row);
        Some(balance_of(self.row(lot)?, holdings))
    }

    /// The first lot whose figures do not add up; None: all do.
    #[must_use]
    pub fn conserved(&self) -> Option<LotHandle> {
        // Both stand by lot, so that each is gone through once.
        let mut holdings = self.holdings.from(LotHandle(0), Holder(0)).peekable();
        let mut lots = self.lots.iter().zip(0..).map(|(row, place)| (LotHandle(place), row));
        let broken = lots.find(|(lot, row)| {
            let own = std::iter::from_fn(|| holdings.next_if(|((of, _), _)| of == lot));
            !balance_of(row, own.map(|(_, row)| row)).is_conserved()
        });
        broken.map(|(lot, _)| lot)
    }

    /// The first lot on the lines of an event whose figures do not add up.
    #[must_use]
    pub fn broken_by(&self, event: EventHandle) -> Option<LotHandle> {
        let lines = self.lines_of(event).filter(|(_, line)| line.role.is_of_lot());
        let lots: std::collections::BTreeSet<u32> = lines.map(|(_, line)| line.lot).collect();
        lots.into_iter().map(LotHandle).find(|lot| self.is_broken(*lot))
    }

    /// Whether the figures of a lot do not add up.
    #[must_use]
    pub fn is_broken(&self, lot: LotHandle) -> bool {
        !self.balance(lot).is_some_and(|it| it.is_conserved())
    }

    /// A gram more of a lot than there is, to see that it is missed.
    #[cfg(test)]
    pub(crate) fn spill(&mut self, lot: LotHandle) {
        self.change(lot, |row| row.lost = row.lost.saturating_add(1));
    }

    /// What of a lot is not gone and not consumed; what is disputed counts.
    pub(super) fn left(&self, row: &LotRow) -> u64 {
        let used = [row.consumed, row.gone, row.lost, row.sampled, row.destroyed];
        used.iter().fold(row.filled, |left, used| left.saturating_sub(*used))
    }

    pub(super) fn disputed(&self, lot: LotHandle) -> u64 {
        self.holdings_of(lot).fold(0, |sum, (_, holding)| sum.saturating_add(holding.disputed))
    }

    /// Goods leave by a channel, are lost, sampled, destroyed, or come back to be destroyed.
    pub(super) fn leave(&mut self, event: &Event) -> Result<Outcome, Short> {
        let (kind, holder, word, parts) = match &event.act {
            Act::Out { channel, parts } => (Kind::Out, event.issuer, *channel as u8, parts),
            Act::Loss { cause, parts } => (Kind::Loss, event.issuer, *cause as u8, parts),
            Act::Sample { holder, parts } => (Kind::Sample, *holder, 0, parts),
            Act::Destroy { cause, parts, from_out } => {
                let kind = if *from_out { Kind::Recover } else { Kind::Destroy };
                (kind, event.issuer, *cause as u8, parts)
            }
            _ => return Err(Short::Empty),
        };
        if parts.is_empty() {
            self.refuse(Short::Empty)?;
        }
        distinct(self, parts.iter().map(|part| part.lot))?;
        let handle = self.push_event(event, kind, |row| (row.other, row.word) = (holder.0, word));
        for part in parts {
            let (lot, asked, row) = (part.lot, part.quantity.get(), self.known(part.lot)?);
            if kind == Kind::Out {
                self.moves(lot)?;
            }
            if holder != event.issuer {
                self.small_enough(lot, holder, asked)?;
            }
            if row.opened_at > event.at && row.filled > 0 {
                self.refuse(Short::EventTime { at: event.at, earliest: row.opened_at })?;
            }
            self.part_leaves(kind, holder, part)?;
            self.push_line(Role::Left, lot.0, asked, 0);
        }
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    fn part_leaves(&mut self, kind: Kind, holder: Holder, part: &Part) -> Result<(), Short> {
        let (lot, asked) = (part.lot, part.quantity.get());
        if kind == Kind::Recover {
            let had = self.has(lot, holder);
            let available = had.gone.saturating_sub(had.recovered);
            if available < asked {
                self.refuse(Short::Insufficient { lot, holder, available, asked })?;
            }
        } else {
            self.take_free(lot, holder, asked)?;
        }
        self.book_left(kind, lot, holder, asked, u64::saturating_add);
        let closes = u32::from(kind != Kind::Recover);
        self.change(lot, |row| {
            row.closers = row.closers.saturating_add(closes);
            if kind != Kind::Recover {
                row.labels_go(asked);
            }
        });
        Ok(())
    }

    /// Writes what left into the figures, or takes it out again.
    pub(super) fn book_left(
        &mut self,
        kind: Kind,
        lot: LotHandle,
        holder: Holder,
        quantity: u64,
        by: fn(u64, u64) -> u64,
    ) {
        self.change(lot, |row| {
            let figure = match kind {
                Kind::Loss => &mut row.lost,
                Kind::Sample => &mut row.sampled,
                Kind::Destroy => &mut row.destroyed,
                Kind::Recover => &mut row.recovered,
                _ => &mut row.gone,
            };
            *figure = by(*figure, quantity);
        });
        self.change_holding(lot, holder, |row| match kind {
            Kind::Out | Kind::Ship => row.gone = by(row.gone, quantity),
            Kind::Recover => row.recovered = by(row.recovered, quantity),
            _ => {}
        });
    }

    /// Whether a third party may take so much as a sample: a hundredth, or a little.
    fn small_enough(&self, lot: LotHandle, holder: Holder, asked: u64) -> Result<(), Short> {
        let share = self.has(lot, holder).free.checked_div(SAMPLE_SHARE).unwrap_or(0);
        let most = share.max(SAMPLE_MAX);
        if asked > most {
            self.refuse(Short::SampleExceeded { lot, most, asked })?;
        }
        Ok(())
    }

    /// Something was seen; a destruction that was seen by a third party says so.
    pub(super) fn observe(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Observe { lots, seen } = &event.act else { return Err(Short::Empty) };
        if lots.is_empty() {
            self.refuse(Short::Empty)?;
        }
        distinct(self, lots.iter().copied())?;
        for lot in lots {
            self.known(*lot)?;
        }
        let destroyed = |kind| matches!(kind, Kind::Destroy | Kind::Recover);
        if let Some(of) = seen
            && !self.standing(*of).is_some_and(|row| destroyed(row.kind))
        {
            self.refuse(Short::ShipmentState { of: *of, answered: None })?;
        }
        let handle = self.push_event(event, Kind::Observe, |row| {
            row.of = seen.map_or(row.of, |of| of.0);
        });
        for lot in lots {
            self.push_line(Role::Seen, lot.0, 0, 0);
        }
        if let Some(of) = seen {
            self.change_event(*of, |row| row.answered = row.answered.min(handle.0));
        }
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// Whether a lot's declaration was undone.
    #[must_use]
    pub fn is_undeclared(&self, lot: LotHandle) -> bool {
        self.row(lot).is_some_and(|row| row.marks.has(Marks::UNDECLARED))
    }

    /// To whom goods go, as rows hold it.
    pub(super) const fn destination(to: Destination) -> u32 {
        match to {
            Destination::Holder(holder) => holder.0,
            Destination::Commitment => super::handles::NONE,
        }
    }
}
