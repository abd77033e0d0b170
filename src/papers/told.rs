//! What several papers tell alike: who, when, how much, what was opened, what the verdict is. Every
//! answer is the file's or a blank. Not here: which paper tells what.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Cell;
use crate::catalog::{BaseUnit, Catalog};
use crate::consignment::{Committed, ConsignmentFacts, NamedParty, ShippedCertificate, ShippedLot};
use crate::statement::{Day, Receiver};
use crate::verify::{ConsignmentReport, Indication, SubIndication};

/// A consignment and what was found about it.
pub(super) struct Told<'a> {
    pub facts: &'a ConsignmentFacts,
    pub report: &'a ConsignmentReport,
}

/// The word that a value has in statements.
pub(super) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|it| Some(it.as_str()?.to_owned()))
        .unwrap_or_default()
}

impl Told<'_> {
    /// The verdict in words; whatever is off stands first.
    pub fn verdict(&self) -> String {
        let report = self.report;
        if let Some(voided) = &self.facts.voided {
            let (by, index, why) = (&voided.by, voided.mark.index, word(voided.reason));
            return format!("VOIDED by {by} (entry {index}, {why}): nothing was shipped by it");
        }
        let why: Option<&'static str> =
            report.report.authenticity.sub_indication.map(|why: SubIndication| why.into());
        match (report.exit_code, report.report.authenticity.indication) {
            (0, _) => "genuine, certificates in force".to_owned(),
            (4, _) => "GENUINE BUT NOT FIT: see the status of lots and certificates".to_owned(),
            (1, _) => "A CERTIFICATE IS NOT GENUINE: see the status of certificates".to_owned(),
            (_, Indication::Indeterminate) => {
                format!("NOT DECIDED ({})", why.unwrap_or("see the certificates"))
            }
            _ => "NOT DECIDED: see the status of certificates".to_owned(),
        }
    }

    /// The day of dispatch at the place of dispatch.
    pub fn dispatched_on(&self) -> Day {
        let event = &self.facts.event;
        event.at.plus_seconds(i64::from(event.offset.minutes()).saturating_mul(60)).day()
    }

    /// What was opened of a commitment, if it is an object.
    fn object(&self, of: Committed) -> Option<&Map<String, Value>> {
        let found = self.facts.opened.iter().find(|opened| opened.of == of);
        found.and_then(|opened| opened.object.as_ref())
    }

    /// A text of the opened receiver.
    pub fn of_receiver(&self, path: &[&str]) -> Option<&str> {
        text(self.object(Committed::Receiver)?, path)
    }

    /// A text of the opened document.
    pub fn of_document(&self, path: &[&str]) -> Option<&str> {
        text(self.object(Committed::Document)?, path)
    }

    /// The receiver's name: the register's, else what was opened.
    pub fn receiver_name(&self) -> Cell {
        if let Some(party) = &self.facts.receiver {
            return named(party);
        }
        Cell::or_blank(self.of_receiver(&["name"]), "to be added: name of the receiver")
    }

    pub fn receiver_address(&self) -> Cell {
        let opened = self.of_receiver(&["address"]).or(self.of_document(&["to", "address"]));
        Cell::or_blank(opened, "to be added: address of the receiver")
    }

    pub fn shipper_address(&self) -> Cell {
        let opened = self.of_document(&["from", "address"]);
        Cell::or_blank(opened, "to be added: address of the shipper")
    }

    /// The country that goods leave for; None: they stay with a party of the ledger.
    pub fn country(&self) -> Option<&str> {
        match &self.facts.shipment.to {
            Receiver::Elsewhere { country, .. } => Some(country),
            Receiver::Party(_) => None,
        }
    }

    /// Status now of a certificate, in a word; its own checks decide whether it has one.
    pub fn certificate_status(&self, certificate: &ShippedCertificate) -> &'static str {
        let id = self.facts.domain.certificate_id(certificate.record.serial);
        let report = self.report.certificates.iter().find(|report| report.subject == id);
        match report {
            Some(report) if report.exit_code == 1 => "NOT GENUINE",
            Some(report) => match &report.fitness {
                Some(fitness) => fitness.now.certificate.word(),
                None => "not decided",
            },
            None => "not judged",
        }
    }

    /// Status now of a lot, in a word.
    pub fn lot_status(&self, lot: &ShippedLot) -> &'static str {
        let found = self.report.lots.iter().find(|found| found.lot == lot.record.lot);
        found.map_or("not judged", |found| found.status.word())
    }
}

fn text<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(object.get(*first)?, |value, name| value.get(name))?.as_str()
}

/// A party's public name with its short one.
pub(super) fn named(party: &NamedParty) -> Cell {
    match party.name.as_str() {
        "" => Cell::text(party.party.as_str()),
        name => Cell::text(format!("{name} ({})", party.party)),
    }
}

/// The unit of a lot's quantities: `g`, `mL` or `piece`.
pub(super) fn unit(lot: &ShippedLot) -> &'static str {
    match BaseUnit::of_code(&lot.declaration.facts.unit) {
        Some(BaseUnit::Gram) => "g",
        Some(BaseUnit::Millilitre) => "mL",
        Some(BaseUnit::Piece) => "piece",
        None => "",
    }
}

/// A lot's quantity for people: `12.5 kg`.
pub(super) fn amount(lot: &ShippedLot) -> String {
    let unit = BaseUnit::of_code(&lot.declaration.facts.unit);
    unit.map_or_else(|| lot.sent.to_string(), |unit| unit.display(lot.sent))
}

/// Grams, where the lot is kept by mass: of what is kept by volume or number the ledger knows none.
pub(super) fn net_mass(lot: &ShippedLot) -> Option<u64> {
    (BaseUnit::of_code(&lot.declaration.facts.unit) == Some(BaseUnit::Gram)).then_some(lot.sent)
}

/// What the lot is, by name and number of its declaration.
pub(super) fn description(lot: &ShippedLot) -> Cell {
    let declaration = &lot.declaration;
    Cell::text(format!("{} (HS {})", declaration.name, declaration.hs_code))
}

/// Where it comes from: a lot of this ledger is of Morocco, and says of which region.
pub(super) fn origin(lot: &ShippedLot) -> Cell {
    let region = &lot.declaration.facts.region;
    let known = Catalog::builtin().ok().and_then(|catalog| catalog.region(region));
    match known {
        Some(known) => Cell::text(format!("MA, {region} {}", known.name_en)),
        None => Cell::text(format!("MA, {region}")),
    }
}
