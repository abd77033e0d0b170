//! What a monitor was asked to look out for: a certifier's certificates, a lot and what descends
//! from it, a party, a shop's goods, a key.
//! Not here: faults, which are told without being asked for.

use std::str::FromStr;

use super::event::{Event, Kind};
use super::watch_goods as goods;
use crate::names::{LotKey, PartySlug};
use crate::register::Register;
use crate::seal::LogPosition;
use crate::statement::{Claim, KeyEvent, Statement, StatusChange, StatusTarget};

/// One thing to look out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Every new certificate of a certifier.
    Certifier(PartySlug),
    /// Declaration, certificates, labels and changes of status of a lot.
    Lot(LotKey),
    /// Registration, accreditations, keys and changes of status of a party.
    Party(PartySlug),
    /// Changes of a key, and everything signed with it.
    Key(String),
    /// What a lot becomes: every event, certificate, label and change of status of what descends
    /// from it, and its own holds, recalls and releases.
    Descendants(LotKey),
    /// What befalls goods that a shop, or any other party, holds: holds and recalls of them and of
    /// what they are made of, their certificates' too, and every event that moves them.
    Shop(PartySlug),
    /// Shipments to a party, and what becomes of them.
    ShipmentsTo(PartySlug),
}

impl FromStr for Watch {
    type Err = String;

    /// Parses `certifier=SLUG`, `lot=GTIN/LOT` (or `lot=PARTY/LOT`), `party=SLUG`, `key=DID#ID`,
    /// `descendants-of=LOT`, `shop=SLUG`, `shipments-to=SLUG`.
    fn from_str(text: &str) -> Result<Self, String> {
        let usage = "write certifier=PARTY, lot=GTIN/LOT, lot=PARTY/LOT, party=PARTY, key=DID#KEY, \
                     descendants-of=LOT, shop=PARTY or shipments-to=PARTY";
        let (what, value) = text.split_once('=').ok_or(usage)?;
        let party = || PartySlug::parse(value).map_err(|error| error.to_string());
        let lot = || value.parse().map_err(|error: crate::names::IdError| error.to_string());
        match what {
            "certifier" => party().map(Self::Certifier),
            "party" => party().map(Self::Party),
            "shop" => party().map(Self::Shop),
            "shipments-to" => party().map(Self::ShipmentsTo),
            "lot" => lot().map(Self::Lot),
            "descendants-of" => lot().map(Self::Descendants),
            "key" if value.contains('#') => Ok(Self::Key(value.to_owned())),
            _ => Err(usage.to_owned()),
        }
    }
}

impl Watch {
    /// What an entry means for this watch; `before` is the register before it.
    #[must_use]
    pub fn hear(
        &self,
        before: &Register,
        statement: &Statement,
        mark: LogPosition,
    ) -> Option<Event> {
        let (kind, text) = match self {
            Self::Certifier(party) => (Kind::WatchedCertificate, certified(party, statement)?),
            Self::Lot(lot) => (Kind::WatchedLot, of_lot(lot, before, statement)?),
            Self::Party(party) => (Kind::WatchedParty, of_party(party, statement)?),
            Self::Key(key) => (Kind::WatchedKey, of_key(key, statement)?),
            Self::Descendants(lot) => {
                (Kind::WatchedLot, goods::of_descendants(lot, before, statement)?)
            }
            Self::Shop(party) => (Kind::WatchedParty, goods::of_holder(party, before, statement)?),
            Self::ShipmentsTo(party) => {
                (Kind::WatchedParty, goods::of_shipments(party, before, statement)?)
            }
        };
        Some(Event::new(kind, format!("{text}, logged at {}", mark.logged_at)).at(mark.index))
    }
}

fn certified(party: &PartySlug, statement: &Statement) -> Option<String> {
    let Claim::Certificate(claim) = &statement.claim else { return None };
    (statement.issuer == *party).then(|| {
        format!(
            "{party} certified lot {} (certificate {}, {})",
            claim.lot, claim.serial, claim.scheme
        )
    })
}

fn of_lot(lot: &LotKey, before: &Register, statement: &Statement) -> Option<String> {
    let issuer = &statement.issuer;
    match &statement.claim {
        Claim::Lot(claim) if claim.lot == *lot => {
            Some(format!("lot {lot} was declared by {issuer}"))
        }
        Claim::Certificate(claim) if claim.lot == *lot => {
            Some(format!("lot {lot} got certificate {} of {issuer}", claim.serial))
        }
        Claim::LabelIssue(claim) if claim.lot == *lot => {
            Some(format!("lot {lot} got {} labels", claim.count))
        }
        Claim::StatusChange(change) => match &change.target {
            StatusTarget::Lot(target) if target == lot => {
                Some(changed(&format!("lot {lot}"), change, issuer))
            }
            StatusTarget::Certificate(serial) => {
                let of = before.certificate(*serial).filter(|known| known.record.lot == *lot);
                of.map(|_| changed(&format!("certificate {serial} of lot {lot}"), change, issuer))
            }
            _ => None,
        },
        _ => None,
    }
}

fn of_party(party: &PartySlug, statement: &Statement) -> Option<String> {
    let issuer = &statement.issuer;
    match &statement.claim {
        Claim::Registration(claim) if claim.party == *party => {
            Some(format!("{party} was registered"))
        }
        Claim::Accreditation(claim) if claim.party == *party => {
            Some(format!("{party} was accredited"))
        }
        Claim::KeyChange(claim) if claim.party == *party => {
            Some(format!("{party}: key {} was {}", claim.verification_method, done(&claim.event)))
        }
        Claim::StatusChange(change) if change.target == StatusTarget::Party(party.clone()) => {
            Some(changed(party.as_str(), change, issuer))
        }
        _ => None,
    }
}

fn of_key(key: &str, statement: &Statement) -> Option<String> {
    match &statement.claim {
        Claim::KeyChange(claim) if claim.verification_method == key => {
            Some(format!("key {key} was {}", done(&claim.event)))
        }
        claim if statement.proof.verification_method == key => {
            Some(format!("key {key} signed {} {}", claim.kind(), statement.id))
        }
        _ => None,
    }
}

fn done(event: &KeyEvent) -> &'static str {
    match event {
        KeyEvent::Added(_) => "added",
        KeyEvent::Retired => "retired",
        KeyEvent::Compromised { .. } => "reported compromised",
    }
}

fn changed(what: &str, change: &StatusChange, by: &PartySlug) -> String {
    let action: &str = change.action.into();
    format!("{what}: {action} by {by} ({}), from {}", change.reason.word(), change.effective_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watches_as_written() {
        let lot = "lot=06111234567895/A1";
        let goods = ["descendants-of=coop/A1", "shop=souk", "shipments-to=souk"];
        let good = ["certifier=certif-atlas", lot, "lot=coop/A1", "party=coop", "key=did:web:x#1"];
        for good in good.into_iter().chain(goods) {
            assert!(good.parse::<Watch>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "lot",
            "lot=A1",
            "descendants-of=A1",
            "shop=A b",
            "lot=06111234567890/A1",
            "certifier=A b",
            "key=x",
            "x=y",
        ] {
            assert!(bad.parse::<Watch>().is_err(), "{bad}");
        }
    }
}
