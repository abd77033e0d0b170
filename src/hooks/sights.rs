//! What is told of goods: what a holder is to know of each lot, compared with what it was told
//! before. Whatever made the difference is found: an entry, a void, a hold that ended by itself,
//! hours without the service. Pure. Not here: sending (`outbox`), what is so (`register`).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strum::IntoStaticStr;

use crate::limits::HOOK_LOTS_MAX;
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateStatus, LotSight, LotStatus, Register};
use crate::statement::Timestamp;

/// What holders know, by party and lot.
pub type Sights = BTreeMap<(PartySlug, LotKey), LotSight>;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
pub enum HookEvent {
    /// A lot, or one it was made of, is recalled.
    #[strum(serialize = "lot.recalled")]
    LotRecalled,
    /// The same, held.
    #[strum(serialize = "lot.held")]
    LotHeld,
    /// It may be sold again.
    #[strum(serialize = "lot.released")]
    LotReleased,
    /// Nobody has anything left of it.
    #[strum(serialize = "lot.exhausted")]
    LotExhausted,
    /// A certificate of it is not in force for the time being.
    #[strum(serialize = "certificate.suspended")]
    CertificateSuspended,
    /// A certificate of it ended for good.
    #[strum(serialize = "certificate.withdrawn")]
    CertificateWithdrawn,
    /// A certificate of it that was suspended is in force again.
    #[strum(serialize = "certificate.reinstated")]
    CertificateReinstated,
}

/// Lots, with the certificate where it is one's.
type Touched = Vec<(LotKey, Option<u64>)>;

/// One thing that a holder is told, of one or more lots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whom.
    pub party: PartySlug,
    /// What happened.
    pub event: HookEvent,
    /// To which lots, at most [`HOOK_LOTS_MAX`]; with the certificate where it is one's.
    pub lots: Touched,
}

/// What is to be told: by party and event, lots in their order. A lot that somebody first has is
/// told only if it may not be sold.
#[must_use]
pub fn changes(before: &Sights, now: &Sights) -> Vec<Change> {
    let mut found: BTreeMap<(&PartySlug, HookEvent), Touched> = BTreeMap::new();
    let unseen = LotSight { status: LotStatus::Released, ended: BTreeMap::new() };
    for ((party, lot), sight) in now {
        let known = before.get(&(party.clone(), lot.clone()));
        let was = known.unwrap_or(&unseen);
        let mut tell = |event, serial| {
            found.entry((party, event)).or_default().push((lot.clone(), serial));
        };
        match sight.status {
            status if status == was.status => {}
            LotStatus::Recalled => tell(HookEvent::LotRecalled, None),
            LotStatus::Held => tell(HookEvent::LotHeld, None),
            LotStatus::Released => tell(HookEvent::LotReleased, None),
            LotStatus::Exhausted if matches!(was.status, LotStatus::Held | LotStatus::Recalled) => {
                tell(HookEvent::LotReleased, None);
            }
            LotStatus::Exhausted if known.is_some() => tell(HookEvent::LotExhausted, None),
            LotStatus::Exhausted => {}
        }
        for (serial, status) in &sight.ended {
            if was.ended.get(serial) != Some(status) {
                let event = match status {
                    CertificateStatus::Withdrawn => HookEvent::CertificateWithdrawn,
                    _ => HookEvent::CertificateSuspended,
                };
                tell(event, Some(*serial));
            }
        }
        for serial in was.ended.keys().filter(|serial| !sight.ended.contains_key(serial)) {
            tell(HookEvent::CertificateReinstated, Some(*serial));
        }
    }
    let parts = found.into_iter().flat_map(|((party, event), lots)| {
        let parts: Vec<_> = lots.chunks(HOOK_LOTS_MAX).map(<[_]>::to_vec).collect();
        parts.into_iter().map(move |lots| Change { party: party.clone(), event, lots })
    });
    parts.collect()
}

impl Change {
    /// The message: `type`, `timestamp`, and `data` with the party, the entries that are taken
    /// account of, and each lot with its address, status and the lot that it inherits it from.
    #[must_use]
    pub fn payload(&self, register: &Register, now: Timestamp) -> Value {
        let event: &str = self.event.into();
        let lots = self.lots.iter().map(|(key, serial)| Self::lot(register, key, *serial, now));
        json!({
            "type": event,
            "timestamp": now,
            "data": {
                "shop": self.party,
                "logSize": register.size(),
                "lots": lots.collect::<Vec<_>>(),
            },
        })
    }

    fn lot(register: &Register, key: &LotKey, serial: Option<u64>, now: Timestamp) -> Value {
        let lot = register.lot(key);
        let mut told = json!({
            "lot": key,
            "url": register.domain().lot_iri(key),
            "name": lot.as_ref().map(|lot| lot.record.name.to_string()),
        });
        if let Some(inherited) = register.inherited(key, now) {
            told["inherited"] = json!({
                "via": inherited.via,
                "action": inherited.action,
                "reason": inherited.reason,
                "since": inherited.since,
                "index": inherited.index,
            });
        } else if let Some(event) = lot.as_ref().and_then(|lot| {
            crate::register::in_effect(&lot.record.events, now).filter(|it| !it.action.loosens())
        }) {
            told["own"] = json!({
                "action": event.action,
                "reason": event.reason,
                "since": event.effective_from,
                "index": event.mark.index,
                "notice": event.notice,
                "returnTo": event.return_to,
            });
        }
        if let Some(serial) = serial {
            told["certificate"] = json!(register.domain().certificate_id(serial));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(status: LotStatus, ended: &[(u64, CertificateStatus)]) -> LotSight {
        LotSight { status, ended: ended.iter().copied().collect() }
    }

    fn sights(all: &[(&str, &str, LotSight)]) -> Sights {
        let key = |party: &str, lot: &str| (PartySlug::parse(party).unwrap(), lot.parse().unwrap());
        all.iter().map(|(party, lot, sight)| (key(party, lot), sight.clone())).collect()
    }

    fn told(before: &Sights, now: &Sights) -> Vec<(String, &'static str, usize)> {
        let told = changes(before, now).into_iter();
        told.map(|it| (it.party.to_string(), it.event.into(), it.lots.len())).collect()
    }

    #[test]
    fn what_changed_is_told_once_and_to_each_holder() {
        use CertificateStatus::{Suspended, Withdrawn};
        use LotStatus::{Exhausted, Held, Recalled, Released};
        let none = Sights::new();
        let good = sights(&[
            ("souk", "coop/A", sight(Released, &[])),
            ("souk", "coop/B", sight(Released, &[])),
            ("marche", "coop/A", sight(Released, &[])),
        ]);
        assert!(told(&none, &good).is_empty() && told(&good, &good).is_empty());
        let recalled = sights(&[
            ("souk", "coop/A", sight(Recalled, &[(7, Suspended)])),
            ("souk", "coop/B", sight(Recalled, &[])),
            ("marche", "coop/A", sight(Recalled, &[(7, Suspended)])),
        ]);
        let all = told(&good, &recalled);
        let of = |party: &str, event, lots| (party.to_owned(), event, lots);
        assert_eq!(
            all,
            [
                of("marche", "lot.recalled", 1),
                of("marche", "certificate.suspended", 1),
                of("souk", "lot.recalled", 2),
                of("souk", "certificate.suspended", 1),
            ]
        );
        // Whoever comes when it is recalled already is told at once.
        assert_eq!(told(&none, &recalled).len(), 4);
        let after = sights(&[
            ("souk", "coop/A", sight(Released, &[(7, Withdrawn)])),
            ("souk", "coop/B", sight(Exhausted, &[])),
            ("marche", "coop/A", sight(Held, &[])),
        ]);
        assert_eq!(
            told(&recalled, &after),
            [
                of("marche", "lot.held", 1),
                of("marche", "certificate.reinstated", 1),
                of("souk", "lot.released", 2),
                of("souk", "certificate.withdrawn", 1),
            ]
        );
        assert_eq!(told(&good, &sights(&[("souk", "coop/A", sight(Exhausted, &[]))])).len(), 1);
        assert!(told(&none, &sights(&[("souk", "coop/A", sight(Exhausted, &[]))])).is_empty());
    }

    #[test]
    fn a_recall_of_many_lots_is_told_in_parts() {
        let many = |status| -> Sights {
            let lot = |number| format!("coop/L{number}").parse().unwrap();
            let souk = || PartySlug::parse("souk").unwrap();
            let lots = (0..HOOK_LOTS_MAX * 2 + 1).map(|it| ((souk(), lot(it)), sight(status, &[])));
            lots.collect()
        };
        let told = changes(&many(LotStatus::Released), &many(LotStatus::Recalled));
        let sizes: Vec<usize> = told.iter().map(|it| it.lots.len()).collect();
        assert_eq!(sizes, [HOOK_LOTS_MAX, HOOK_LOTS_MAX, 1]);
    }
}
