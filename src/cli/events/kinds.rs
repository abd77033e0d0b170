//! From the rows of one event to what is signed: instants, quantities, lots, units and events as
//! people write them, kind by kind. Not here: rows and groups (`rows`), what the ledger answers.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::common::words::{Worded, tr};
use super::columns::{Kind, words_of};
use super::names::Names;
use super::rows::Group;
use crate::catalog::BaseUnit;
use crate::names::{LotKey, LotNumber, PartySlug, Sscc, UnitKey};
use crate::reader::{ReadFault, parse_day, parse_quantity};
use crate::statement::{
    Arrival, Commitment, Destruction, Discrepancy, Domain, Event, EventId, EventKind, Loss,
    LotLine, Observation, Offset, Outgoing, Packing, Quantity, QuantityError, Received, Receiver,
    Sample, SettledLot, Settlement, Shipment, Timestamp, Transformation, UndoReason, Undoing,
    Undone, whole_quantity,
};

/// Noon: when something happened of which only the day is told.
const NOON_SECONDS: i64 = 12 * 3_600;

/// Who says it, and how names become ids.
pub struct Speaker<'a> {
    /// Who signs.
    pub issuer: &'a PartySlug,
    /// The ledger's names.
    pub domain: &'a Domain,
    /// The secret of the issuer's names.
    pub names: &'a Names,
    /// The offset of clocks that say none.
    pub offset: Offset,
    /// The id of the mandate that it signs under.
    pub mandate: Option<&'a str>,
}

/// An event that was read, and the units in which quantities of its lots were written.
pub struct ReadEvent {
    /// What is signed.
    pub event: Event,
    /// By lot.
    pub units: BTreeMap<LotKey, BaseUnit>,
}

/// A group on its way, with what its cells say.
struct Reading<'a> {
    speaker: &'a Speaker<'a>,
    group: Group,
    units: BTreeMap<LotKey, BaseUnit>,
}

/// Reads one event.
///
/// # Errors
/// All that is wrong with it, each with its line.
pub fn read_event(speaker: &Speaker<'_>, group: Group) -> Result<ReadEvent, Vec<String>> {
    let mut reading = Reading { speaker, group, units: BTreeMap::new() };
    let event = reading.event();
    match event {
        Some(event) if reading.group.faults.is_empty() => {
            Ok(ReadEvent { event, units: reading.units })
        }
        _ => {
            // A cell may be read more than once.
            let mut seen = std::collections::HashSet::new();
            let faults = reading.group.faults.into_iter();
            Err(faults.filter(|fault| seen.insert(fault.clone())).collect())
        }
    }
}

impl Reading<'_> {
    fn event(&mut self) -> Option<Event> {
        let kind = self.group.needed("kind");
        let kind = kind.and_then(|(line, text)| self.good(line, "kind", Kind::of_word(&text)));
        let time = self.time();
        let region = self.group.shared("region").map(|(_, text)| text);
        let document = self.group.shared("document");
        let document = document.and_then(|(line, text)| {
            let read = Commitment::parse(&text);
            self.good(line, "document", read.ok_or("a commitment is u and 43 characters"))
        });
        let kind = self.kind(kind?)?;
        let (at, offset) = time?;
        // Any name will do until the content is known.
        let name = match &self.group.name {
            Some(name) => self.speaker.names.of(name),
            None => crate::statement::EventName::of_hash(&[0; 32]),
        };
        let mandate = self.speaker.mandate.map(str::to_owned);
        if mandate.is_some() && !matches!(kind, EventKind::Ship(_) | EventKind::Receive(_)) {
            self.group.fault(self.group.line, tr("fault-not-mandated", &[]));
        }
        let event = Event { name, at, offset, region, document, mandate, kind };
        Some(match self.group.name {
            Some(_) => event,
            None => {
                let name = event.content_name(self.speaker.issuer, self.speaker.domain);
                Event { name, ..event }
            }
        })
    }

    /// What succeeded; a fault is kept.
    fn good<T>(&mut self, line: u64, column: &str, read: Result<T, impl Worded>) -> Option<T> {
        read.map_err(|fault| self.group.fault_in(line, column, &fault)).ok()
    }

    fn time(&mut self) -> Option<(Timestamp, Offset)> {
        let offset = match self.group.shared("offset") {
            Some((line, text)) => self.good(line, "offset", offset_of(&text))?,
            None => self.speaker.offset,
        };
        let (line, text) = self.group.needed("at")?;
        self.good(line, "at", instant_of(&text, offset))
    }

    /// A word of a list.
    fn word<T: DeserializeOwned>(&mut self, column: &'static str) -> Option<T> {
        let (line, text) = self.group.needed(column)?;
        self.good(line, column, word_of(&text))
    }

    fn word_or<T: DeserializeOwned>(&mut self, column: &'static str, otherwise: T) -> Option<T> {
        match self.group.shared(column) {
            Some((line, text)) => self.good(line, column, word_of(&text)),
            None => Some(otherwise),
        }
    }

    fn party(&mut self, column: &'static str) -> Option<Option<PartySlug>> {
        let Some((line, text)) = self.group.shared(column) else { return Some(None) };
        self.good(line, column, PartySlug::parse(&text)).map(Some)
    }

    fn event_in(&mut self, column: &'static str) -> Option<EventId> {
        let (line, text) = self.group.needed(column)?;
        let id = self.id_of(&text);
        self.good(line, column, id)
    }

    /// An event by address, by party and id, or by the issuer's own name for it.
    fn id_of(&self, text: &str) -> Result<EventId, String> {
        let Speaker { issuer, domain, names, .. } = self.speaker;
        if text.contains("://") {
            let foreign = || format!("{text:?} is no event of {}", domain.host());
            return domain.event_of(text).ok_or_else(foreign);
        }
        let short = EventId::parse_path(&format!("events/{text}"));
        Ok(short.unwrap_or_else(|| EventId { issuer: (*issuer).clone(), name: names.of(text) }))
    }

    /// A quantity of a lot, and the unit it was written in.
    fn amount(&mut self, line: u64, column: &str, lot: &LotKey, text: &str) -> Option<u64> {
        let Quantity { smallest, unit } = self.good(line, column, quantity_of(text))?;
        if let Some(unit) = unit {
            let before = self.units.insert(lot.clone(), unit);
            if before.is_some_and(|before| before != unit) {
                let lot = lot.to_string();
                self.group.fault_in(line, column, &tr("fault-two-units", &[("lot", &lot)]));
            }
        }
        Some(smallest)
    }

    /// The lines with a lot, each once.
    fn lots(&mut self) -> Vec<(u64, LotKey, super::rows::EventRow)> {
        let rows: Vec<_> = self.group.rows.clone();
        let mut lots: Vec<(u64, LotKey, super::rows::EventRow)> = Vec::new();
        for row in rows {
            let Some(text) = row.get("lot") else { continue };
            let key = self.good(row.line, "lot", text.parse::<LotKey>());
            let Some(key) = key else { continue };
            if let Some((before, ..)) = lots.iter().find(|(_, known, _)| *known == key) {
                let before = *before;
                let (lot, before) = (key.to_string(), before.to_string());
                let values = [("lot", lot.as_str()), ("line", &before)];
                self.group.fault_in(row.line, "lot", &tr("fault-lot-twice", &values));
            }
            lots.push((row.line, key, row));
        }
        lots
    }

    /// Lots with a quantity, of one side where there are two.
    fn lines(&mut self, side: Option<&str>) -> Vec<LotLine> {
        let mut lines = Vec::new();
        for (line, lot, row) in self.lots() {
            if side.is_some() && side_of(row.get("side")).ok() != side {
                continue;
            }
            let Some(text) = row.get("quantity") else {
                self.group.fault_in(line, "quantity", &tr("fault-empty", &[]));
                continue;
            };
            let quantity = self.amount(line, "quantity", &lot, text);
            lines.extend(quantity.map(|quantity| LotLine { lot, quantity }));
        }
        lines
    }

    /// Units that stand in a column, one a row.
    fn units_in(&mut self, column: &'static str) -> Vec<UnitKey> {
        let rows = self.group.rows.iter();
        let said: Vec<(u64, String)> =
            rows.filter_map(|row| Some((row.line, row.get(column)?.to_owned()))).collect();
        let mut units = Vec::new();
        for (line, text) in said {
            units.extend(self.good(line, column, unit_of(&text)));
        }
        units
    }

    fn kind(&mut self, kind: Kind) -> Option<EventKind> {
        Some(match kind {
            Kind::Transform => EventKind::Transform(self.transform()?),
            Kind::Ship => EventKind::Ship(self.ship()?),
            Kind::Receive => EventKind::Receive(self.receive()?),
            Kind::Settle => EventKind::Settle(self.settle()?),
            Kind::Pack => EventKind::Pack(self.packing()?),
            Kind::Unpack => EventKind::Unpack(self.packing()?),
            Kind::Out => {
                self.group.only(&["channel", "lot", "quantity"]);
                let channel = self.word("channel");
                let lots = self.some_lines();
                EventKind::Out(Outgoing { channel: channel?, lots })
            }
            Kind::Loss => {
                self.group.only(&["cause", "lot", "quantity"]);
                let cause = self.word("cause");
                let lots = self.some_lines();
                EventKind::Loss(Loss { cause: cause?, lots })
            }
            Kind::Sample => {
                self.group.only(&["cause", "holder", "lot", "quantity"]);
                let (cause, holder) = (self.word("cause"), self.party("holder"));
                let lots = self.some_lines();
                let holder = holder?.filter(|holder| holder != self.speaker.issuer);
                EventKind::Sample(Sample { cause: cause?, lots, holder })
            }
            Kind::Destroy => {
                self.group.only(&["cause", "from", "lot", "quantity"]);
                let cause = self.word("cause");
                let from = self.group.shared("from");
                let from_out = from.map(|(line, text)| match text.as_str() {
                    "out" => Some(true),
                    _ => self.good(line, "from", Err::<bool, _>("is empty, or out")),
                });
                let lots = self.some_lines();
                let from_out = from_out.unwrap_or(Some(false))?;
                EventKind::Destroy(Destruction { cause: cause?, lots, from_out })
            }
            Kind::Observe => EventKind::Observe(self.observe()?),
            Kind::Void => EventKind::Void(self.void()?),
        })
    }

    fn some_lines(&mut self) -> Vec<LotLine> {
        let lines = self.lines(None);
        if lines.is_empty() {
            self.group.fault(self.group.line, tr("fault-no-lot", &[]));
        }
        lines
    }

    fn transform(&mut self) -> Option<Transformation> {
        self.group.only(&["recipe", "side", "lot", "quantity"]);
        let recipe = self.group.needed("recipe");
        for (line, _, row) in self.lots() {
            self.good(line, "side", side_of(row.get("side")));
        }
        let (inputs, outputs) = (self.lines(Some("input")), self.lines(Some("output")));
        let (_, recipe) = recipe?;
        Some(Transformation { recipe, inputs, outputs })
    }

    fn ship(&mut self) -> Option<Shipment> {
        self.group
            .only(&["to", "country", "purpose", "carrier", "returns", "lot", "quantity", "unit"]);
        let to = self.receiver();
        let purpose = self.word("purpose");
        let carrier = self.party("carrier");
        let returns = self.group.shared("returns").map(|(line, text)| {
            let id = self.id_of(&text);
            self.good(line, "returns", id)
        });
        let (lots, units) = (self.lines(None), self.units_in("unit"));
        let returns = match returns {
            Some(found) => Some(found?),
            None => None,
        };
        Some(Shipment { to: to?, purpose: purpose?, lots, units, carrier: carrier?, returns })
    }

    fn receiver(&mut self) -> Option<Receiver> {
        let (line, text) = self.group.needed("to")?;
        let Some((_, country)) = self.group.shared("country") else {
            return self.good(line, "to", PartySlug::parse(&text)).map(Receiver::Party);
        };
        let read = Commitment::parse(&text);
        let commitment = read.ok_or("with a country it is the commitment to who receives");
        let commitment = self.good(line, "to", commitment)?;
        Some(Receiver::Elsewhere { commitment, country })
    }

    fn receive(&mut self) -> Option<Arrival> {
        self.group.only(&["of", "lot", "accepted", "refused", "missing", "discrepancy"]);
        let of = self.event_in("of");
        let mut lots = Vec::new();
        for (line, lot, row) in self.lots() {
            let mut part = |column: &'static str| match row.get(column) {
                Some(text) if !is_nothing(text) => self.amount(line, column, &lot, text),
                _ => Some(0),
            };
            let parts = (part("accepted"), part("refused"), part("missing"));
            if let (Some(accepted), Some(refused), Some(missing)) = parts {
                lots.push(Received { lot, accepted, refused, missing });
            }
        }
        if lots.is_empty() {
            self.group.fault(self.group.line, tr("fault-no-lot", &[]));
        }
        let off = lots.iter().any(|line| line.refused > 0 || line.missing > 0);
        let came = lots.iter().any(|line| line.accepted > 0);
        let likely = match (off, came) {
            (false, _) => Discrepancy::None,
            (true, false) => Discrepancy::Denied,
            (true, true) => Discrepancy::Short,
        };
        let discrepancy = self.word_or("discrepancy", likely);
        Some(Arrival { of: of?, lots, discrepancy: discrepancy? })
    }

    fn settle(&mut self) -> Option<Settlement> {
        self.group.only(&["of", "lot", "quantity", "settled"]);
        let of = self.event_in("of");
        let lines = self.some_lines();
        let rows = self.lots();
        let mut lots = Vec::new();
        for line in lines {
            let Some((at, _, row)) = rows.iter().find(|(_, lot, _)| *lot == line.lot) else {
                continue;
            };
            let settled = match row.get("settled") {
                Some(text) => self.good(*at, "settled", word_of(text)),
                None => self.good(*at, "settled", Err("is empty: lost, returned or accepted")),
            };
            lots.extend(settled.map(|settled| SettledLot { line, settled }));
        }
        Some(Settlement { of: of?, lots })
    }

    fn packing(&mut self) -> Option<Packing> {
        self.group.only(&["unit", "lot", "quantity", "inner"]);
        let unit = self.group.needed("unit");
        let unit = unit.and_then(|(line, text)| self.good(line, "unit", unit_of(&text)));
        let (lots, units) = (self.lines(None), self.units_in("inner"));
        Some(Packing { unit: unit?, lots, units })
    }

    fn observe(&mut self) -> Option<Observation> {
        self.group.only(&["step", "lot", "result", "of"]);
        let step = self.word("step");
        let result = self.group.shared("result").map(|(line, text)| {
            let word = word_of(&text);
            self.good(line, "result", word)
        });
        let of = self.group.shared("of").map(|(line, text)| {
            let id = self.id_of(&text);
            self.good(line, "of", id)
        });
        let lots: Vec<LotKey> = self.lots().into_iter().map(|(_, lot, _)| lot).collect();
        if lots.is_empty() {
            self.group.fault(self.group.line, tr("fault-no-lot", &[]));
        }
        let result = result.map_or(Some(None), |found| found.map(Some))?;
        let of = of.map_or(Some(None), |found| found.map(Some))?;
        Some(Observation { step: step?, lots, result, of })
    }

    fn void(&mut self) -> Option<Undoing> {
        self.group.only(&["of", "reason", "replaced_by"]);
        let of = self.group.needed("of");
        let replaced = self.group.shared("replaced_by");
        let reason: UndoReason = self.word("reason")?;
        let of = of.and_then(|(line, text)| {
            let undone = self.undone(&text, reason);
            self.good(line, "of", undone)
        });
        let replaced = replaced.map(|(line, text)| {
            let undone = self.undone(&text, reason);
            self.good(line, "replaced_by", undone)
        });
        let replaced_by = replaced.map_or(Some(None), |found| found.map(Some))?;
        Some(Undoing { of: of?, reason, replaced_by })
    }

    /// An event as everywhere, `declaration LOT`, or the id of what was said of a price.
    fn undone(&self, text: &str, reason: UndoReason) -> Result<Undone, String> {
        let domain = self.speaker.domain;
        if let Some(lot) = text.strip_prefix("declaration ") {
            let lot = lot.trim().parse::<LotKey>();
            return lot.map(Undone::Declaration).map_err(|fault| fault.to_string());
        }
        if let Some(lot) = domain.declared_lot_of(text) {
            return Ok(Undone::Declaration(lot));
        }
        if domain.event_of(text).is_none() && domain.is_statement_id(text) {
            return Ok(Undone::by_content(text, reason));
        }
        self.id_of(text).map(Undone::Event)
    }
}

/// Which side of a transformation a line is on.
fn side_of(text: Option<&str>) -> Result<&'static str, ReadFault> {
    let word = crate::reader::folded(text.unwrap_or_default());
    match word.as_str() {
        "input" | "in" | "entree" | "entrant" | "intrant" => Ok("input"),
        "output" | "out" | "sortie" | "sortant" | "produit" => Ok("output"),
        _ => Err(ReadFault::new("fault-side", [("value", text.unwrap_or_default())])),
    }
}

/// A word of a list, as statements have it or in French; spaces and underscores are hyphens.
fn word_of<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let word = text.trim().to_lowercase().replace([' ', '_'], "-");
    let read = |word: &str| serde_json::from_value(json!(word));
    read(&word).or_else(|fault| {
        let french = words_of(text).find_map(|word| read(word).ok());
        french.ok_or_else(|| fault.to_string())
    })
}

/// 18 digits of an SSCC, or `party/NUMBER`.
fn unit_of(text: &str) -> Result<UnitKey, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((party, number)) = digits.split_once('/') {
        let party = PartySlug::parse(party).map_err(|fault| fault.to_string())?;
        let number = LotNumber::parse(number).map_err(|fault| fault.to_string())?;
        return Ok(UnitKey::Own(party, number));
    }
    Sscc::parse(&digits).map(UnitKey::Sscc).map_err(|fault| fault.to_string())
}

/// A quantity, read digit by digit: a point parts the fraction. What is written with commas or
/// grouped digits is read where it has one meaning.
fn quantity_of(text: &str) -> Result<Quantity, ReadFault> {
    const OTHERS: [char; 5] = [',', ' ', '\'', '\u{a0}', '\u{202f}'];
    match Quantity::parse(text) {
        // Units have more names than the one that is signed.
        Err(QuantityError::Unit { .. }) => parse_quantity(text),
        Err(QuantityError::Form { .. }) if text.contains(OTHERS) => parse_quantity(text),
        read => read.map_err(ReadFault::from),
    }
}

/// Nothing, in words of a quantity.
fn is_nothing(text: &str) -> bool {
    let digits = text.split_whitespace().next().unwrap_or_default();
    let number = digits.trim_end_matches(|c: char| c.is_alphabetic());
    !number.is_empty() && number.chars().all(|c| matches!(c, '0' | '.' | ','))
}

fn offset_of(text: &str) -> Result<Offset, String> {
    Offset::parse(text)
        .ok_or_else(|| format!("{text:?} must be written +HH:MM or -HH:MM, -12:00 to +14:00"))
}

/// An instant: a day and an hour there, `2026-10-30 09:12` or `30/10/2026 09:12:30`; with `Z` or an
/// offset behind it, of a clock that shows that. Of a day alone, noon.
///
/// # Errors
/// What it is not, and how to write it.
fn instant_of(text: &str, offset: Offset) -> Result<(Timestamp, Offset), ReadFault> {
    let refuse = || ReadFault::new("fault-instant", [("value", text)]);
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let day = parse_day(day)?;
    let (seconds, offset) = match time {
        None => (NOON_SECONDS, offset),
        Some(time) => clock_of(time, offset).ok_or_else(refuse)?,
    };
    let away = i64::from(offset.minutes()).saturating_mul(60);
    let at = day.start().plus_seconds(seconds.saturating_sub(away));
    // What no statement can hold.
    whole_quantity(at.seconds()).map_err(|_| refuse())?;
    Ok((at, offset))
}

/// Seconds of a day that a clock shows, and its offset: `09:12`, `09:12:30`, `09:12Z`,
/// `09:12:30+01:00`.
fn clock_of(text: &str, offset: Offset) -> Option<(i64, Offset)> {
    let (clock, offset) = match text.strip_suffix('Z') {
        Some(clock) => (clock, Offset::of_minutes(0)?),
        None => match text.find(['+', '-']) {
            Some(at) => {
                let (clock, told) = text.split_at_checked(at)?;
                (clock, Offset::parse(told)?)
            }
            None => (text, offset),
        },
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let number = |text: &str, most: i64| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| digits && *number <= most)
    };
    let seconds = match parts.as_slice() {
        [hour, minute] => number(hour, 23)? * 3_600 + number(minute, 59)? * 60,
        [hour, minute, second] => {
            number(hour, 23)? * 3_600 + number(minute, 59)? * 60 + number(second, 59)?
        }
        _ => return None,
    };
    Some((seconds, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_exact_or_refused() {
        let gram = Some(BaseUnit::Gram);
        for (text, smallest) in [("1.005 kg", 1_005), ("12.5 kg", 12_500), ("12,5 kg", 12_500)] {
            assert_eq!(quantity_of(text), Ok(Quantity { smallest, unit: gram }), "{text}");
        }
        for (text, word) in [
            ("0", "fault-quantity-range"),
            ("-1", "fault-quantity-range"),
            ("9007199254740992", "fault-quantity-range"),
            ("1.5 pieces", "fault-quantity-fine-pieces"),
            ("1e3", "fault-unit"),
            ("1,250 kg", "fault-quantity-two-ways"),
            ("4 lb", "fault-unit"),
        ] {
            let fault = quantity_of(text).unwrap_err();
            assert_eq!(fault.id, word, "{text}");
        }
        let litres = Quantity { smallest: 12_500, unit: Some(BaseUnit::Millilitre) };
        assert_eq!(quantity_of("12,5 litres"), Ok(litres));
    }

    #[test]
    fn instants_are_those_of_the_clock_there() {
        let here = Offset::parse("+01:00").unwrap();
        for (text, expected) in [
            ("2026-10-30 09:12", "2026-10-30T08:12:00Z"),
            ("30/10/2026 09:12:30", "2026-10-30T08:12:30Z"),
            ("2026-10-30T09:12:00Z", "2026-10-30T09:12:00Z"),
            ("2026-10-30T09:12:00+05:30", "2026-10-30T03:42:00Z"),
            ("2026-10-30", "2026-10-30T11:00:00Z"),
        ] {
            assert_eq!(instant_of(text, here).unwrap().0.to_string(), expected, "{text}");
        }
        for (text, word) in [
            ("30/10/26 09:12", "fault-day-year"),
            ("10/30/2026 09:12", "fault-day-month-first"),
            ("2026-10-30 25:00", "fault-instant"),
            ("2026-10-30 09:12+14:01", "fault-instant"),
            ("46328", "fault-day-number"),
            ("yesterday", "fault-day"),
        ] {
            assert_eq!(instant_of(text, here).unwrap_err().id, word, "{text}");
        }
        assert!(offset_of("+14:01").is_err() && offset_of("+14:00").is_ok());
    }
}
