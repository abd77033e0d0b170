//! Rules on the status of lots from edition 2 on: what a release lifts of what a lot inherits, who
//! may, and holds of inspectors and of rules. Not here: holds and recalls of a lot itself
//! (`rules_lots`, `rules_powers`).

use std::collections::BTreeSet;

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::powers::{Act, Target};
use super::refusal::Refusal;
use super::rules::Case;
use super::status::StatusEvent;
use super::switch::refuse;
use crate::names::LotKey;
use crate::statement::{StatusAction, StatusChange, StatusTarget};
use crate::trace::{Direction, LotHandle, Status};

/// What a release lifts.
#[derive(Default)]
pub(super) struct Lifted {
    /// Of these lots, what the released one inherits of them.
    pub sources: Vec<LotHandle>,
    /// What holds it itself.
    pub own: bool,
}

impl Register {
    /// The lots that an entry with this id holds or recalls now: one of a change of status or a
    /// declaration, those of an event whose rule held some.
    fn held_by(&self, id: &str) -> Vec<LotHandle> {
        let Some(index) = self.index_of_id(id) else { return Vec::new() };
        let lots = if let Some(change) = self.change(index) {
            let StatusTarget::Lot(key) = &change.target else { return Vec::new() };
            self.lots.place(key).map(LotHandle).into_iter().collect()
        } else if let Some(place) = self.lots.place_at(index) {
            vec![LotHandle(place)]
        } else {
            let event = self.goods.event_at(index);
            event.map(|event| self.goods.trace.lots_of(event)).unwrap_or_default()
        };
        // Only what holds now: what no longer does would be lifted of what comes later.
        let holds = |lot: &LotHandle| {
            let changed = self.lots.changed(lot.0);
            let said = self.goods.trace.own_status(*lot) != Status::Released;
            said && changed.is_some_and(|it| it.events.iter().any(|one| one.mark.index == index))
        };
        lots.into_iter().filter(holds).collect()
    }

    /// What a release of a lot lifts: without `lifts` what holds it itself.
    pub(super) fn lifted(&self, claim: &StatusChange, key: &LotKey) -> Result<Lifted, Refusal> {
        let mut lifted = Lifted::default();
        if claim.lifts.is_empty() {
            lifted.own = true;
            return Ok(lifted);
        }
        let lot = self.handle(key)?;
        let above = self.goods.trace.reached(lot, Direction::Up).lots;
        let above: BTreeSet<LotHandle> = above.into_iter().collect();
        for id in &claim.lifts {
            let found = self.held_by(id);
            let mut any = false;
            for source in found {
                if source == lot {
                    (lifted.own, any) = (true, true);
                } else if above.contains(&source) {
                    any = true;
                    if !lifted.sources.contains(&source) {
                        lifted.sources.push(source);
                    }
                }
            }
            if !any {
                let target = format!("lot {key}");
                refuse("lifts_something", GoodsRefusal::LiftsNothing { target, id: id.clone() })?;
            }
        }
        Ok(lifted)
    }

    /// Whether a rule of the ledger laid a hold, nobody's statement.
    pub(super) fn laid_by_rule(&self, event: &StatusEvent) -> bool {
        self.change(event.mark.index).is_none()
    }
}

impl Case<'_> {
    /// Who may lift what a lot inherits: a recall the authority alone, a hold who may lift that of
    /// the lot it comes from.
    pub(super) fn lift_power(&self, claim: &StatusChange, key: &LotKey) -> Result<bool, Refusal> {
        let lifted = self.register.lifted(claim, key)?;
        for source in &lifted.sources {
            let Some(row) = self.register.lots.row(source.0) else { continue };
            let lot = self.known_lot(&self.register.key_of_lot(row))?;
            let recalled = self.register.goods.trace.own_status(*source) == Status::Recalled;
            if recalled && !self.issuer.is_authority() {
                let act = "lift a recall for what descends from its lot";
                refuse("lift_recall", self.not_authorised(act))?;
            }
            let hold = super::in_effect(&lot.record.events, self.latest());
            let target =
                if recalled { Target::LaidByOther } else { self.laid(hold, lot.mark.index) };
            self.may(Act::ReleaseLot, target)?;
            self.rule_hold_lifted(hold, &lot)?;
        }
        Ok(lifted.own)
    }

    /// Whether a release lifts only what a lot inherits, so that it need not be held itself.
    pub(super) fn lifts_inherited_alone(&self, claim: &StatusChange, key: &LotKey) -> bool {
        let release = claim.action == StatusAction::Release && !claim.lifts.is_empty();
        release && self.register.lifted(claim, key).is_ok_and(|lifted| !lifted.own)
    }
}
