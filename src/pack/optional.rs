//! The optional columns of a pack's tables: what few rows have, and rows without take no byte for.
//! Set 1, named by the manifest; a number is never given to another column.
//! Not here: how a sparse column is written (`codec`).

use std::collections::BTreeMap;

use super::codec::{Block, Filling, Read};
use crate::limits::PRODUCERS_MAX;
use crate::names::{Gtin, LotKey, LotNumber, PartySlug};
use crate::register::{
    CertificateRecord, CertificateStatus, GoodsRecord, Inherited, InputCertificate, OriginWord,
    Superseded,
};
use crate::statement::{LocalNames, StatusAction, Timestamp};

/// The number of this set of columns.
pub(super) const COLUMN_SET: u32 = 1;

/// Columns of lots.
const NAMES: u64 = 1;
const FILLED: u64 = 2;
const CONSUMED: u64 = 3;
const OUT: u64 = 4;
const ORIGIN: u64 = 5;
const MODEL: u64 = 6;
const PRODUCERS: u64 = 7;
const INHERITED: u64 = 8;
const INPUT_CERTIFICATE: u64 = 9;
/// The last of them.
pub(super) const LOT_COLUMNS: u64 = INPUT_CERTIFICATE;

/// Columns of certificates.
const SUPERSEDES: u64 = 1;
const SUPERSEDED: u64 = 2;
/// The last of them.
pub(super) const CERTIFICATE_COLUMNS: u64 = SUPERSEDED;

/// Names by language, as places of words.
pub(super) fn put_names(into: &mut Filling, names: &LocalNames) {
    let mut values = Vec::new();
    for (language, name) in names {
        values.push(into.place(language));
        values.push(into.place(name));
    }
    into.optional(NAMES, values);
}

pub(super) fn get_names(block: &Block, row: usize) -> Read<LocalNames> {
    let (pairs, rest) = block.optional(NAMES, row).as_chunks::<2>();
    if !rest.is_empty() {
        return Err("a name has no language".to_owned());
    }
    let mut names = BTreeMap::new();
    for [language, name] in pairs {
        names.insert(block.word_at(*language)?.to_owned(), block.word_at(*name)?.to_owned());
    }
    Ok(names)
}

pub(super) fn put_goods(into: &mut Filling, goods: &GoodsRecord) {
    let figures = [(FILLED, goods.filled), (CONSUMED, goods.consumed), (OUT, goods.out)];
    for (column, figure) in figures {
        into.optional(column, figure.into_iter().collect());
    }
    let origin = goods.origin.map(|word| into.place(word.into()));
    into.optional(ORIGIN, origin.into_iter().collect());
    let model = goods.model.map(|model| into.place(model.into()));
    into.optional(MODEL, model.into_iter().collect());
    let named = goods.producers.iter().take(PRODUCERS_MAX);
    let producers = named.map(|slug| into.place(slug.as_str())).collect();
    into.optional(PRODUCERS, producers);
    let input = goods.input_certificate.map(|one| [into.place(one.status.word()), one.serial]);
    into.optional(INPUT_CERTIFICATE, input.into_iter().flatten().collect());
    let Some(inherited) = &goods.inherited else { return };
    let (owner, number) = owner_and_number(&inherited.via);
    let values = vec![
        into.place(inherited.action.into()),
        into.place(inherited.reason.word()),
        inherited.since.seconds().cast_unsigned(),
        into.place(inherited.by.as_str()),
        inherited.index,
        into.place(&owner),
        into.place(number),
    ];
    into.optional(INHERITED, values);
}

pub(super) fn get_goods(block: &Block, row: usize) -> Read<GoodsRecord> {
    let figure = |column| match block.optional(column, row) {
        [] => Ok(None),
        [figure] => Ok(Some(*figure)),
        _ => Err("a figure stands twice".to_owned()),
    };
    let word = |column| figure(column)?.map(|place| block.word_at(place)).transpose();
    let unknown = |error: strum::ParseError| error.to_string();
    let origin: Option<Result<OriginWord, _>> = word(ORIGIN)?.map(str::parse);
    let model = word(MODEL)?.map(str::parse).transpose();
    let producers = block.optional(PRODUCERS, row);
    if producers.len() > PRODUCERS_MAX {
        return Err("a lot has more producers than are named".to_owned());
    }
    let producers = producers.iter().map(|place| party(block.word_at(*place)?));
    Ok(GoodsRecord {
        filled: figure(FILLED)?,
        consumed: figure(CONSUMED)?,
        out: figure(OUT)?,
        origin: origin.transpose().map_err(unknown)?,
        model: model.map_err(unknown)?,
        producers: producers.collect::<Read<_>>()?,
        inherited: get_inherited(block, row)?,
        input_certificate: get_input_certificate(block, row)?,
    })
}

fn get_input_certificate(block: &Block, row: usize) -> Read<Option<InputCertificate>> {
    let (place, serial) = match block.optional(INPUT_CERTIFICATE, row) {
        [] => return Ok(None),
        [place, serial] => (*place, *serial),
        _ => return Err("a certificate of an input is cut short".to_owned()),
    };
    let fallen = [CertificateStatus::Suspended, CertificateStatus::Withdrawn];
    let word = block.word_at(place)?;
    let status = fallen.into_iter().find(|status| status.word() == word);
    let status = status.ok_or("a certificate of an input is neither suspended nor withdrawn")?;
    Ok(Some(InputCertificate { status, serial }))
}

fn get_inherited(block: &Block, row: usize) -> Read<Option<Inherited>> {
    let values = match block.optional(INHERITED, row) {
        [] => return Ok(None),
        values => <[u64; 7]>::try_from(values).map_err(|_| "an inherited status is cut short")?,
    };
    let [action, reason, since, by, index, owner, number] = values;
    let unknown = |error: strum::ParseError| error.to_string();
    let action = block.word_at(action)?.parse().map_err(unknown)?;
    if !matches!(action, StatusAction::Hold | StatusAction::Recall) {
        return Err("what a lot inherits is neither a hold nor a recall".to_owned());
    }
    Ok(Some(Inherited {
        action,
        reason: block.word_at(reason)?.parse().map_err(unknown)?,
        since: Timestamp::from_seconds(since.cast_signed()),
        by: party(block.word_at(by)?)?,
        index,
        via: lot_key(block.word_at(owner)?, block.word_at(number)?)?,
    }))
}

/// What a certificate renews, and what renews it.
pub(super) fn put_renewal(into: &mut Filling, record: &CertificateRecord) {
    into.optional(SUPERSEDES, record.supersedes.into_iter().collect());
    let next = record.superseded.map(|next| [next.by, next.from.seconds().cast_unsigned()]);
    into.optional(SUPERSEDED, next.into_iter().flatten().collect());
}

pub(super) fn get_renewal(block: &Block, row: usize) -> Read<(Option<u64>, Option<Superseded>)> {
    let before = match block.optional(SUPERSEDES, row) {
        [] => None,
        [serial] => Some(*serial),
        _ => return Err("a certificate renews more than one".to_owned()),
    };
    let next = match block.optional(SUPERSEDED, row) {
        [] => None,
        [by, from] => {
            Some(Superseded { by: *by, from: Timestamp::from_seconds(from.cast_signed()) })
        }
        _ => return Err("a certificate is renewed by other than one".to_owned()),
    };
    Ok((before, next))
}

pub(super) fn party(text: &str) -> Read<PartySlug> {
    PartySlug::parse(text).map_err(|error| error.to_string())
}

/// `g` and a GTIN or `p` and a party, and the lot number.
pub(super) fn owner_and_number(key: &LotKey) -> (String, &str) {
    let owner = match key {
        LotKey::Gtin(gtin, _) => format!("g{gtin}"),
        LotKey::Party(party, _) => format!("p{party}"),
    };
    (owner, key.number().as_str())
}

/// Undoes [`owner_and_number`].
pub(super) fn lot_key(owner: &str, number: &str) -> Read<LotKey> {
    let number = LotNumber::parse(number).map_err(|error| error.to_string())?;
    if let Some(gtin) = owner.strip_prefix('g') {
        let gtin = Gtin::parse(gtin).map_err(|error| error.to_string())?;
        return Ok(LotKey::Gtin(gtin, number));
    }
    let slug = owner.strip_prefix('p').ok_or("a lot has no owner")?;
    Ok(LotKey::Party(party(slug)?, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{CustodyModel, Reason};

    #[test]
    fn goods_come_back() {
        let slug = |text| PartySlug::parse(text).unwrap();
        let goods = GoodsRecord {
            filled: Some(215_000),
            consumed: Some(0),
            out: None,
            origin: Some(OriginWord::Partly),
            model: Some(CustodyModel::ControlledBlending),
            producers: vec![slug("coop-b"), slug("coop-a")],
            inherited: Some(Inherited {
                action: StatusAction::Recall,
                reason: Reason::Safety,
                since: Timestamp::from_seconds(1_780_000_000),
                by: slug("coop-a"),
                index: 7,
                via: "coop-a/K26A".parse().unwrap(),
            }),
            input_certificate: Some(InputCertificate {
                status: CertificateStatus::Withdrawn,
                serial: 41,
            }),
        };
        let mut filling = Filling::default();
        put_goods(&mut filling, &GoodsRecord::default());
        filling.block.rows += 1;
        assert!(filling.block.optional.is_empty());
        put_goods(&mut filling, &goods);
        filling.block.rows += 1;
        assert_eq!(get_goods(&filling.block, 0).unwrap(), GoodsRecord::default());
        assert_eq!(get_goods(&filling.block, 1).unwrap(), goods);
    }
}
