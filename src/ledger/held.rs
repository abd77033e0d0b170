//! Why a lot is held, with the figures, for whoever touches it: receipts, dry runs, reports,
//! labels. Not here: the rule that holds it (`register`).

use serde::{Deserialize, Serialize};

use crate::catalog::BaseUnit;
use crate::names::PartySlug;
use crate::register::{Lot, Register, in_effect};
use crate::statement::{Reason, StatusAction, Timestamp};

/// A lot that is held: it may not be sold until that is lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// Why: `capacity` for the ledger's own rule.
    #[schema(value_type = String)]
    pub reason: Reason,
    /// Who laid it; left out where a rule of the ledger did.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartySlug>,
    /// With a hold for capacity: what may be released in the campaign, smallest unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    /// With a hold for capacity: what is declared in it with this lot, smallest unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<u64>,
    /// Unit code.
    pub unit: String,
}

impl Held {
    /// What holds a lot at `now`; None where nothing does, or it is recalled.
    #[must_use]
    pub fn of(register: &Register, lot: &Lot, now: Timestamp) -> Option<Self> {
        let record = &lot.record;
        let unit = record.unit.to_string();
        let hold = in_effect(&record.events, now).filter(|it| it.action == StatusAction::Hold)?;
        if lot.rule_hold(now).is_none() {
            let (reason, by) = (hold.reason, Some(hold.by.clone()));
            return Some(Self { reason, by, capacity: None, declared: None, unit });
        }
        let producer = &record.producer;
        let capacity = register.capacity(producer, &record.product, &lot.campaign, now);
        let others = register.season_total(producer, &record.product, &lot.campaign);
        let own = if lot.counted { 0 } else { record.quantity };
        Some(Self {
            reason: hold.reason,
            by: None,
            capacity,
            declared: Some(others.saturating_add(own)),
            unit,
        })
    }

    /// One line for people: `HELD: capacity 2,000 kg, 3,801 kg declared`.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.declared, &self.by) {
            (Some(declared), _) => {
                let capacity = amount(self.capacity.unwrap_or_default(), &self.unit);
                format!("HELD: capacity {capacity}, {} declared", amount(declared, &self.unit))
            }
            (None, Some(by)) => format!("HELD: {}, by {by}", self.reason.word()),
            (None, None) => format!("HELD: {}", self.reason.word()),
        }
    }
}

/// A quantity for people, its whole part in groups of three: `3,801 kg`.
fn amount(quantity: u64, unit: &str) -> String {
    let text =
        BaseUnit::of_code(unit).map_or_else(|| quantity.to_string(), |unit| unit.display(quantity));
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut grouped = String::with_capacity(text.len() + whole / 3);
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place < whole && (whole - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(letter);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_people() {
        let held = Held {
            reason: Reason::Capacity,
            by: None,
            capacity: Some(2_000_000),
            declared: Some(3_801_500),
            unit: "GRM".to_owned(),
        };
        assert_eq!(held.words(), "HELD: capacity 2,000 kg, 3,801.5 kg declared");
        assert_eq!(amount(1_234_567, "H87"), "1,234,567");
        assert_eq!(amount(999, "MLT"), "999 mL");
        let by = PartySlug::parse("coop").ok();
        let own = Held { by, capacity: None, declared: None, reason: Reason::Safety, ..held };
        assert_eq!(own.words(), "HELD: safety, by coop");
    }
}
