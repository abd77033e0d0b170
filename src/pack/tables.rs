//! The three tables of a pack and how their records stand in columns: lots by key, certificates by
//! log index, serials. Not here: bytes (`codec`), files (`container`).

use std::collections::BTreeMap;

use super::codec::{Block, Filling, PackColumn, Read, Schema};
use super::optional::{
    CERTIFICATE_COLUMNS, LOT_COLUMNS, get_goods, get_names, get_renewal, lot_key, owner_and_number,
    party, put_goods, put_names, put_renewal,
};
use crate::log::Hash;
use crate::names::{LotKey, Word};
use crate::register::{CertificateRecord, GoodsRecord, LotRecord, StatusEvent};
use crate::seal::LogPosition;
use crate::statement::{Day, Timestamp};
use PackColumn::{Step, Word as W};

/// A kind of rows.
pub(super) trait PackTable: 'static {
    type Record: 'static;
    /// Its place among the tables of a file.
    const PLACE: usize;
    const SCHEMA: Schema;
    /// What rows are sorted and found by.
    fn key(record: &Self::Record) -> Vec<u8>;
    fn put(record: &Self::Record, into: &mut Filling);
    fn get(block: &Block, row: usize) -> Read<Self::Record>;
}

/// Number of tables.
pub(super) const TABLES: usize = 3;

/// Lots by key.
pub(super) struct LotTable;
/// Certificates by log index.
pub(super) struct CertificateTable;
/// Serials, each with the log index of its certificate.
pub(super) struct SerialTable;

/// A lot and where its certificates stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedLot {
    /// The lot.
    pub record: LotRecord,
    /// Log indexes of its certificates, rising.
    pub certificates: Vec<u64>,
    /// What is known of its goods: nothing of one on its producer's word that no event is of.
    pub goods: GoodsRecord,
}

/// A serial and the log index of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SerialAt {
    pub serial: u64,
    pub index: u64,
}

/// Bytes that sort as lot keys do: GTINs, then parties; then lot numbers.
pub(super) fn lot_key_bytes(key: &LotKey) -> Vec<u8> {
    let (tag, owner) = match key {
        LotKey::Gtin(gtin, _) => (0, gtin.as_str()),
        LotKey::Party(party, _) => (1, party.as_str()),
    };
    [&[tag], owner.as_bytes(), &[0], key.number().as_str().as_bytes()].concat()
}

impl PackTable for LotTable {
    type Record = PackedLot;
    const PLACE: usize = 0;
    const SCHEMA: Schema = Schema {
        columns: &[W, W, W, W, W, W, Step, Step],
        numbers: true,
        lists: true,
        events: true,
        digests: false,
        optional: LOT_COLUMNS,
        rows: 256,
    };

    fn key(record: &PackedLot) -> Vec<u8> {
        lot_key_bytes(&record.record.lot)
    }

    fn put(PackedLot { record, certificates, goods }: &PackedLot, into: &mut Filling) {
        put_lot_key(into, &record.lot);
        let words = [
            record.product.as_str(),
            record.name.as_str(),
            record.producer.as_str(),
            record.region.as_str(),
            record.unit.as_str(),
        ];
        for (place, word) in words.into_iter().enumerate() {
            into.word(place + 1, word);
        }
        into.int(6, record.quantity);
        into.int(7, record.packed_on.days().cast_unsigned());
        into.list(certificates.clone());
        put_events(into, &record.events);
        put_names(into, &record.names);
        put_goods(into, goods);
    }

    fn get(block: &Block, row: usize) -> Read<PackedLot> {
        let record = LotRecord {
            lot: get_lot_key(block, row, 0)?,
            product: Word::new(block.word(1, row)?),
            name: Word::new(block.word(2, row)?),
            producer: party(block.word(3, row)?)?,
            region: Word::new(block.word(4, row)?),
            unit: Word::new(block.word(5, row)?),
            quantity: block.int(6, row)?,
            packed_on: Day::from_days(block.int(7, row)?.cast_signed()),
            events: get_events(block, row)?,
            names: get_names(block, row)?,
        };
        let certificates = block.lists.get(row).cloned().unwrap_or_default();
        Ok(PackedLot { record, certificates, goods: get_goods(block, row)? })
    }
}

impl PackTable for CertificateTable {
    type Record = CertificateRecord;
    const PLACE: usize = 1;
    const SCHEMA: Schema = Schema {
        columns: &[W, W, W, W, W, Step, Step, Step, Step, Step, Step, Step, Step],
        numbers: true,
        lists: true,
        events: true,
        digests: true,
        optional: CERTIFICATE_COLUMNS,
        rows: 256,
    };

    fn key(record: &CertificateRecord) -> Vec<u8> {
        record.mark.index.to_be_bytes().to_vec()
    }

    fn put(record: &CertificateRecord, into: &mut Filling) {
        put_lot_key(into, &record.lot);
        let words = [
            record.issuer.as_str(),
            record.verification_method.as_str(),
            record.accreditation.as_str(),
            record.scheme.as_str(),
        ];
        for (place, word) in words.into_iter().enumerate() {
            into.word(place + 1, word);
        }
        let (from, until) = (record.valid_from.day().days(), record.valid_until.day().days());
        let second = |at: Timestamp| at.seconds().rem_euclid(86_400).cast_unsigned();
        let ints = [
            record.mark.index,
            record.serial,
            record.mark.logged_at.seconds().cast_unsigned(),
            record.quantity,
            from.cast_unsigned(),
            second(record.valid_from),
            until.wrapping_sub(from).cast_unsigned(),
            second(record.valid_until),
        ];
        for (place, value) in ints.into_iter().enumerate() {
            into.int(place + 5, value);
        }
        into.block.digests.push(*record.digest.as_bytes());
        // Where it was confirmed again: index and log time, if it was.
        let confirmed = record.confirmed.map(|mark| [mark.index, seconds_of(mark.logged_at)]);
        into.list(confirmed.into_iter().flatten().collect());
        put_events(into, &record.events);
        put_renewal(into, record);
    }

    fn get(block: &Block, row: usize) -> Read<CertificateRecord> {
        let int = |column| block.int(column, row);
        let at = |day: u64, second: u64| {
            let days = day.cast_signed().saturating_mul(86_400);
            Timestamp::from_seconds(days.saturating_add(second.cast_signed()))
        };
        let from = int(9)?;
        let (supersedes, superseded) = get_renewal(block, row)?;
        Ok(CertificateRecord {
            mark: LogPosition {
                index: int(5)?,
                logged_at: Timestamp::from_seconds(int(7)?.cast_signed()),
            },
            serial: int(6)?,
            lot: get_lot_key(block, row, 0)?,
            issuer: party(block.word(1, row)?)?,
            verification_method: Word::new(block.word(2, row)?),
            accreditation: Word::new(block.word(3, row)?),
            scheme: Word::new(block.word(4, row)?),
            quantity: int(8)?,
            valid_from: at(from, int(10)?),
            valid_until: at(from.wrapping_add(int(11)?), int(12)?),
            digest: Hash::new(block.digests.get(row).copied().ok_or("a digest is missing")?),
            confirmed: get_confirmed(block, row)?,
            events: get_events(block, row)?,
            supersedes,
            superseded,
        })
    }
}

impl PackTable for SerialTable {
    type Record = SerialAt;
    const PLACE: usize = 2;
    const SCHEMA: Schema = Schema {
        columns: &[Step, Step],
        numbers: false,
        lists: false,
        events: false,
        digests: false,
        optional: 0,
        rows: 1_024,
    };

    fn key(record: &SerialAt) -> Vec<u8> {
        record.serial.to_be_bytes().to_vec()
    }

    fn put(record: &SerialAt, into: &mut Filling) {
        into.int(0, record.serial);
        into.int(1, record.index);
    }

    fn get(block: &Block, row: usize) -> Read<SerialAt> {
        Ok(SerialAt { serial: block.int(0, row)?, index: block.int(1, row)? })
    }
}

/// Whose the lot number is in column 0, the number beside it.
fn put_lot_key(into: &mut Filling, key: &LotKey) {
    let (owner, number) = owner_and_number(key);
    into.word(0, &owner);
    into.block.numbers.push(number.to_owned());
}

fn get_lot_key(block: &Block, row: usize, column: usize) -> Read<LotKey> {
    let number = block.numbers.get(row).ok_or("a lot number is missing")?;
    lot_key(block.word(column, row)?, number)
}

fn get_confirmed(block: &Block, row: usize) -> Read<Option<LogPosition>> {
    match block.lists.get(row).map(Vec::as_slice) {
        None | Some([]) => Ok(None),
        Some([index, at]) => {
            let logged_at = Timestamp::from_seconds(at.cast_signed());
            Ok(Some(LogPosition { index: *index, logged_at }))
        }
        Some(_) => Err("a certificate is confirmed by other than one entry".to_owned()),
    }
}

fn seconds_of(at: Timestamp) -> u64 {
    at.seconds().cast_unsigned()
}

/// The bits in the number of an event's notices that say what follows them: its end; from the third
/// form on also what to do with the goods, and where it was voided.
const ENDS_BIT: u32 = 32;
const RETURN_BIT: u32 = 33;
const VOIDED_BIT: u32 = 34;

/// Each event: action, reason, effective from, by, index, log time, then the notices, then its end,
/// what to do with the goods, index and log time of what voided it, each if it has one.
fn put_events(into: &mut Filling, events: &[StatusEvent]) {
    let mut values = Vec::new();
    for event in events {
        values.push(into.place(event.action.into()));
        values.push(into.place(event.reason.word()));
        values.push(event.effective_from.seconds().cast_unsigned());
        values.push(into.place(event.by.as_str()));
        values.push(event.mark.index);
        values.push(event.mark.logged_at.seconds().cast_unsigned());
        let ends = event.ends.map(|end| end.seconds().cast_unsigned());
        let bit = |set: bool, place: u32| u64::from(set) << place;
        values.push(
            event.notice.len() as u64
                | bit(ends.is_some(), ENDS_BIT)
                | bit(event.return_to.is_some(), RETURN_BIT)
                | bit(event.voided.is_some(), VOIDED_BIT),
        );
        for (language, text) in &event.notice {
            values.push(into.place(language));
            values.push(into.place(text));
        }
        values.extend(ends);
        values.extend(event.return_to.map(|to| into.place(to.into())));
        let voided = event.voided.map(|mark| [mark.index, seconds_of(mark.logged_at)]);
        values.extend(voided.into_iter().flatten());
    }
    into.events(values);
}

/// A word that no action or reason has.
fn unknown(error: strum::ParseError) -> String {
    error.to_string()
}

fn get_events(block: &Block, row: usize) -> Read<Vec<StatusEvent>> {
    let mut values = block.events.get(row).into_iter().flatten().copied().peekable();
    let mut events = Vec::new();
    while values.peek().is_some() {
        let mut next = || values.next().ok_or_else(|| "an event is cut short".to_owned());
        let at = |seconds: u64| Timestamp::from_seconds(seconds.cast_signed());
        let action = block.word_at(next()?)?.parse().map_err(unknown)?;
        let reason = block.word_at(next()?)?.parse().map_err(unknown)?;
        let effective_from = at(next()?);
        let by = party(block.word_at(next()?)?)?;
        let mark = LogPosition { index: next()?, logged_at: at(next()?) };
        let told = next()?;
        let mut notice = BTreeMap::new();
        let bit = |place: u32| told >> place & 1 == 1;
        if told >> (if block.later { VOIDED_BIT } else { ENDS_BIT }) > 1 {
            return Err("an event says more than is known of events".to_owned());
        }
        for _ in 0..told & ((1 << ENDS_BIT) - 1) {
            let language = block.word_at(next()?)?.to_owned();
            notice.insert(language, block.word_at(next()?)?.to_owned());
        }
        let ends = bit(ENDS_BIT).then(|| next().map(at)).transpose()?;
        let return_to = bit(RETURN_BIT).then(&mut next).transpose()?;
        let return_to = return_to.map(|place| block.word_at(place)?.parse().map_err(unknown));
        let return_to = return_to.transpose()?;
        let voided = match bit(VOIDED_BIT) {
            true => Some(LogPosition { index: next()?, logged_at: at(next()?) }),
            false => None,
        };
        events.push(StatusEvent {
            action,
            reason,
            effective_from,
            by,
            notice,
            mark,
            ends,
            return_to,
            voided,
        });
    }
    Ok(events)
}
