//! What a party has of goods, as shops are told: its lots with how much is left, and the status of
//! each as it counts for who holds it, own or inherited. Reads only, in bounded steps. Not here:
//! the figures (`trace`), how they are told (feed, webhooks).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::records::Lot;
use super::status::LotStatus;
use super::{CertificateStatus, Inherited, Register};
use crate::names::{LotKey, PartySlug};
use crate::statement::Timestamp;
use crate::trace::{Holder, Holding, LotHandle, Status, Trace};

/// A lot of which a party has or had some.
#[derive(Clone, Debug)]
pub struct HeldLot {
    /// The lot.
    pub lot: Lot,
    /// What the party has of it, and what went out through it.
    pub holding: Holding,
    /// Its status: the worst of what is said of it and of what it inherits; `exhausted` where
    /// nobody has anything left of it.
    pub status: LotStatus,
    /// The hold or recall that reaches it from a lot it was made of.
    pub inherited: Option<Inherited>,
}

/// Lots that a party has, in the order in which they were declared.
#[derive(Clone, Debug, Default)]
pub struct HeldPage {
    /// The lots.
    pub lots: Vec<HeldLot>,
    /// The lot behind which the next page begins; None: there is no more.
    pub next: Option<LotKey>,
}

/// What a holder is told of one lot, in few bytes: it is compared with what was told before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotSight {
    /// Status of the lot, as of [`HeldLot`].
    pub status: LotStatus,
    /// Its certificates that are suspended or withdrawn, by serial.
    pub ended: BTreeMap<u64, CertificateStatus>,
}

/// The statuses of lots at one instant: what has ended by then is worked out once for all of them.
pub struct StatusesAt<'a> {
    trace: Cow<'a, Trace>,
    at: Timestamp,
}

impl StatusesAt<'_> {
    /// The worst of what is said of a lot and of what it was made of, `exhausted` where nobody has
    /// anything left of it; without its number in the figures, what is said of it alone.
    #[must_use]
    pub fn of(&self, lot: &Lot, handle: Option<LotHandle>) -> LotStatus {
        let own = lot.status(self.at);
        let Some(handle) = handle else { return own };
        match (own, self.trace.inherited_status(handle)) {
            (_, Status::Recalled) => LotStatus::Recalled,
            (LotStatus::Released, Status::Held) => LotStatus::Held,
            (LotStatus::Released, _) if is_exhausted(&self.trace, handle) => LotStatus::Exhausted,
            _ => own,
        }
    }
}

fn is_exhausted(trace: &Trace, lot: LotHandle) -> bool {
    trace.balance(lot).is_some_and(|balance| balance.is_exhausted())
}

/// Goods at one instant, so that holds which end by themselves are ended once for many lots.
struct GoodsAt<'a> {
    register: &'a Register,
    trace: Cow<'a, Trace>,
    at: Timestamp,
}

impl GoodsAt<'_> {
    /// Status without `exhausted`.
    fn barred(&self, lot: LotHandle) -> LotStatus {
        match self.trace.own_status(lot).max(self.trace.inherited_status(lot)) {
            Status::Recalled => LotStatus::Recalled,
            Status::Held => LotStatus::Held,
            Status::Released => LotStatus::Released,
        }
    }

    fn status(&self, lot: LotHandle) -> LotStatus {
        let status = self.barred(lot);
        let exhausted = status == LotStatus::Released && is_exhausted(&self.trace, lot);
        if exhausted { LotStatus::Exhausted } else { status }
    }

    fn told(&self, handle: LotHandle, lot: Lot, holding: Holding) -> HeldLot {
        let inherits = self.trace.inherited_status(handle) != Status::Released;
        let inherited = || self.register.inherited(&lot.record.lot, self.at);
        let inherited = inherits.then(inherited).flatten();
        HeldLot { status: self.status(handle), inherited, lot, holding }
    }

    fn sight(&self, handle: LotHandle, key: &LotKey) -> LotSight {
        use CertificateStatus::{Suspended, Withdrawn};
        let certificates = self.register.certificates_of(key);
        let ended = certificates.filter_map(|one| {
            let status = self.register.status_of(&one.record, self.at);
            matches!(status, Suspended | Withdrawn).then_some((one.record.serial, status))
        });
        LotSight { ended: ended.collect(), status: self.status(handle) }
    }
}

impl Register {
    /// Status of a lot as it counts for whoever has some of it: the worst of what is said of the
    /// lot itself and of what it was made of, `exhausted` where nobody has anything left.
    #[must_use]
    pub fn status_of_lot(&self, lot: &Lot, at: Timestamp) -> LotStatus {
        let handle = self.lot_handle(&lot.record.lot);
        self.statuses_at(at).of(lot, handle)
    }

    /// The same as lists and pages tell it: `undeclared` of a lot whose declaration was undone.
    #[must_use]
    pub fn lot_word(&self, lot: &Lot, at: Timestamp) -> &'static str {
        match self.undeclared_at(&lot.record.lot) {
            Some(_) => "undeclared",
            None => self.status_of_lot(lot, at).word(),
        }
    }

    /// Whether nothing stands against what there is of a lot: it is neither held nor recalled, and
    /// its declaration was not undone. One that is used up stands as well as before.
    #[must_use]
    pub fn is_lot_good(&self, lot: &Lot, at: Timestamp) -> bool {
        self.undeclared_at(&lot.record.lot).is_none() && !self.status_of_lot(lot, at).bars()
    }

    /// The statuses of many lots at one instant.
    #[must_use]
    pub fn statuses_at(&self, at: Timestamp) -> StatusesAt<'_> {
        StatusesAt { trace: self.trace_at(at), at }
    }

    fn goods_at(&self, at: Timestamp) -> GoodsAt<'_> {
        GoodsAt { register: self, trace: self.trace_at(at), at }
    }

    /// Lots of which a party has something, and those that went out through it and are held or
    /// recalled now: at most `most` of them, after looking at no more than `looked_at` holdings.
    /// A page may be short, even empty, before the end.
    #[must_use]
    pub fn stock_of(
        &self,
        party: &PartySlug,
        after: Option<&LotKey>,
        (most, looked_at): (usize, usize),
        at: Timestamp,
    ) -> HeldPage {
        let Some(holder) = self.holder(party) else { return HeldPage::default() };
        let goods = self.goods_at(at);
        let after = after.and_then(|key| self.lot_handle(key));
        let mut page = HeldPage::default();
        let mut last = None;
        let mut holdings = goods.trace.holdings_after(after).peekable();
        let mut looked: usize = 0;
        while let Some(&(lot, who, holding)) = holdings.peek() {
            // A lot's holders stand together: a page ends between two lots.
            let full = page.lots.len() >= most || looked >= looked_at;
            if full && last != Some(lot) {
                page.next = last.and_then(|last: LotHandle| self.key_at(last));
                break;
            }
            holdings.next();
            (looked, last) = (looked.saturating_add(1), Some(lot));
            if who != holder || !concerns(&goods, lot, holding) {
                continue;
            }
            if let Some(known) = self.key_at(lot).and_then(|key| self.lot(&key)) {
                page.lots.push(goods.told(lot, known, holding));
            }
        }
        page
    }

    /// What each of some parties is to know of each lot that it has or had, at an instant. One walk
    /// over all holdings.
    #[must_use]
    pub fn sights_of(
        &self,
        parties: &[PartySlug],
        at: Timestamp,
    ) -> BTreeMap<(PartySlug, LotKey), LotSight> {
        let known = parties.iter().filter_map(|one| Some((self.holder(one)?, one)));
        let known: BTreeMap<Holder, &PartySlug> = known.collect();
        if known.is_empty() {
            return BTreeMap::new();
        }
        let goods = self.goods_at(at);
        let mut seen: Option<(LotHandle, LotKey, LotSight)> = None;
        let mut all = BTreeMap::new();
        for (lot, holder, _) in goods.trace.holdings_after(None) {
            let Some(party) = known.get(&holder) else { continue };
            if seen.as_ref().is_none_or(|(of, ..)| *of != lot) {
                seen = self.key_at(lot).map(|key| (lot, key.clone(), goods.sight(lot, &key)));
            }
            if let Some((_, key, sight)) = &seen {
                all.insert(((*party).clone(), key.clone()), sight.clone());
            }
        }
        all
    }

    fn key_at(&self, lot: LotHandle) -> Option<LotKey> {
        Some(self.key_of_lot(self.lots.row(lot.0)?))
    }
}

fn concerns(goods: &GoodsAt<'_>, lot: LotHandle, holding: Holding) -> bool {
    let here = [holding.free, holding.packed, holding.in_transit, holding.disputed];
    here.iter().any(|part| *part > 0) || holding.out > 0 && goods.barred(lot) != LotStatus::Released
}
