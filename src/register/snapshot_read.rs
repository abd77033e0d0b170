//! A register read back from its snapshot, in parts that can be read beside one another. Pure: who
//! reads has the bytes, and says on which threads. Not here: the layout and writing (`snapshot`).

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Register;
use super::certificates::{CertificateChanges, Certificates};
use super::digests::Digests;
use super::goods_state::Goods;
use super::lots::{LotChanges, Lots};
use super::names::{NameId, Names};
use super::rows::{CertificateRow, Fixed, LotRow};
use super::snapshot::{DIGEST_BYTES, Head, MAGIC, Snapshot, SnapshotError};
use super::state::Facts;
use crate::log::Hash;
use crate::trace::{Reader, Trace};

/// Bytes of an id and its place.
const ID_BYTES: usize = 24;

/// What stands as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    facts: Facts,
    lots: Vec<(u32, LotChanges)>,
    certificates: Vec<(u32, CertificateChanges)>,
}

impl Snapshot {
    /// Reads a snapshot of the ledger whose empty register is `empty`. Nothing is read before the
    /// digest was compared.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn read(bytes: &[u8], empty: &Register) -> Result<Self, SnapshotError> {
        SnapshotParts::check(bytes)?;
        let parts = SnapshotParts::of(bytes)?;
        parts.read(empty, || parts.goods())
    }
}

/// The parts of a snapshot, so that what takes long is done beside one another: its digest, the
/// figures of goods, all else. What is read is of use only where [`SnapshotParts::check`] agrees.
pub struct SnapshotParts<'a> {
    digest: Hash,
    head: &'a [u8],
    before: &'a [u8],
    goods: &'a [u8],
    after: &'a [u8],
}

/// The figures of goods of a snapshot.
pub struct SnapshotGoods(Trace);

impl<'a> SnapshotParts<'a> {
    /// Where the parts begin and end.
    ///
    /// # Errors
    /// [`SnapshotError`]: another format, or cut.
    pub fn of(bytes: &'a [u8]) -> Result<Self, SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { what };
        let (body, digest) = bytes.split_last_chunk().ok_or_else(|| damaged("it is cut"))?;
        let rest = body.strip_prefix(MAGIC);
        let mut rest = rest.ok_or(SnapshotError::Other { what: "format" })?;
        let head = u32::take(&mut rest).and_then(|length| part(&mut rest, u64::from(length)));
        let head = head.ok_or_else(|| damaged("its head"))?;
        let from = rest;
        skip_names(&mut rest).ok_or_else(|| damaged("names"))?;
        for (each, what) in [
            (LotRow::BYTES, "lots"),
            (CertificateRow::BYTES, "certificates"),
            (DIGEST_BYTES, "digests"),
            (ID_BYTES, "ids"),
        ] {
            skip_rows(&mut rest, each).ok_or_else(|| damaged(what))?;
        }
        let (before, _) = from.split_at(from.len().saturating_sub(rest.len()));
        let goods = u64::take(&mut rest).and_then(|length| part(&mut rest, length));
        let goods = goods.ok_or_else(|| damaged("goods"))?;
        Ok(Self { digest: Hash::new(*digest), head, before, goods, after: rest })
    }

    /// Compares the digest at the end of a snapshot with its bytes.
    ///
    /// # Errors
    /// It is another.
    pub fn check(bytes: &[u8]) -> Result<(), SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { what };
        let (body, digest) = bytes.split_last_chunk().ok_or_else(|| damaged("it is cut"))?;
        let found: [u8; DIGEST_BYTES] = Sha256::digest(body).into();
        if found == *digest { Ok(()) } else { Err(damaged("its digest is another")) }
    }

    /// Reads the figures of goods.
    ///
    /// # Errors
    /// [`SnapshotError`]: they are damaged.
    pub fn goods(&self) -> Result<SnapshotGoods, SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { what };
        let mut bytes = Reader::new(self.goods);
        let trace = Trace::decode(&mut bytes).map_err(|fault| damaged(fault.what))?;
        if !bytes.rest().is_empty() {
            return Err(damaged("goods"));
        }
        Ok(SnapshotGoods(trace))
    }

    /// Reads all else, for the ledger whose empty register is `empty`; the figures are asked for
    /// last.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn read(
        &self,
        empty: &Register,
        goods: impl FnOnce() -> Result<SnapshotGoods, SnapshotError>,
    ) -> Result<Snapshot, SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { what };
        let head: Head = from_json(Some(self.head), "its head")?;
        head.is_of(empty)?;
        let mut register = empty.clone();
        let mut rest = self.before;
        register.names = read_names(&mut rest)?;
        let lots: Vec<LotRow> = read_rows(&mut rest).ok_or_else(|| damaged("lots"))?;
        let certificates = read_rows(&mut rest).ok_or_else(|| damaged("certificates"))?;
        let digests: Vec<[u8; 32]> = read_rows(&mut rest).ok_or_else(|| damaged("digests"))?;
        register.digests = Digests::of(digests);
        for _ in 0..u64::take(&mut rest).ok_or_else(|| damaged("ids"))? {
            let id = Fixed::take(&mut rest).zip(Fixed::take(&mut rest));
            let (id, index) = id.ok_or_else(|| damaged("ids"))?;
            register.ids.restore(id, index);
        }
        rest = self.after;
        let events: Vec<u64> = read_rows(&mut rest).ok_or_else(|| damaged("events"))?;
        let told = u64::take(&mut rest).and_then(|length| part(&mut rest, length));
        let told: Read = from_json(told, "its facts")?;
        if !rest.is_empty() {
            return Err(damaged("more follows"));
        }
        register.facts = told.facts;
        register.restore_lots(lots, told.lots).ok_or_else(|| damaged("a lot"))?;
        register
            .restore_certificates(certificates, told.certificates)
            .ok_or_else(|| damaged("a certificate"))?;
        register.restore_keys();
        register.goods = Goods { trace: goods()?.0, events: events.into(), ..Goods::default() };
        if !register.goods_fit() {
            return Err(damaged("goods"));
        }
        if register.digests.iter().len() as u64 != head.size || register.size() != head.size {
            return Err(damaged("its size"));
        }
        Ok(Snapshot { register, root: head.root, prev: head.prev, digest: self.digest })
    }
}

/// Rows that do not stand as the fold would have put them are None.
impl Register {
    fn restore_lots(&mut self, rows: Vec<LotRow>, changes: Vec<(u32, LotChanges)>) -> Option<()> {
        let mut next = 0;
        for row in &rows {
            let named = [row.owner, row.producer, row.product, row.name, row.hs_code, row.region];
            let named = named.iter().chain([&row.unit, &row.campaign]);
            let key = row.key == NameId::NONE || self.names.has(row.key);
            if row.index < next || !key || !named.into_iter().all(|id| self.names.has(*id)) {
                return None;
            }
            next = row.index.checked_add(1)?;
        }
        self.lots = Lots::of(rows, &self.names)?;
        (next <= self.facts.size).then_some(())?;
        for (place, changed) in changes {
            self.lots.row(place)?;
            self.lots.change(place, |lot| *lot = changed);
        }
        Some(())
    }

    fn restore_certificates(
        &mut self,
        rows: Vec<CertificateRow>,
        changes: Vec<(u32, CertificateChanges)>,
    ) -> Option<()> {
        let mut next = 0;
        for row in &rows {
            let mut named =
                [row.issuer, row.key, row.accreditation, row.scheme, row.scheme_edition]
                    .into_iter()
                    .chain((row.not_covered != NameId::NONE).then_some(row.not_covered));
            let lot = self.lots.row(row.lot)?;
            if row.index < next || lot.index >= row.index || !named.all(|id| self.names.has(id)) {
                return None;
            }
            next = row.index.checked_add(1)?;
        }
        let behind = self.lots.all_certified(rows.iter().map(|row| row.lot))?;
        self.certificates = Certificates::of(rows)?;
        behind.into_iter().for_each(|(before, next)| self.certificates.link(before, next));
        (next <= self.facts.size).then_some(())?;
        for (place, changed) in changes {
            self.certificates.row(place)?;
            self.certificates.change(place, |certificate| *certificate = changed);
        }
        Some(())
    }

    /// The figures have the lots of the register, by their numbers, or nothing at all.
    fn goods_fit(&self) -> bool {
        let lots = if self.keeps_goods() { self.lots.len() } else { 0 };
        let (trace, events) = (&self.goods.trace, &self.goods.events);
        let rising = events.iter().zip(events.iter().skip(1)).all(|(one, next)| one < next);
        let named = events.last().is_none_or(|last| *last < self.facts.size);
        trace.lot_count() == lots && trace.event_count() == events.len() && rising && named
    }

    /// The public keys that are in use.
    fn restore_keys(&mut self) {
        let keys = self.facts.parties.values().flat_map(|party| &party.keys);
        self.public_keys = keys.map(|key| key.public).collect();
    }
}

fn read_names(rest: &mut &[u8]) -> Result<Names, SnapshotError> {
    let damaged = || SnapshotError::Damaged { what: "names" };
    let mut names = Names::default();
    for place in 0..u64::take(rest).ok_or_else(damaged)? {
        let length = Fixed::take(rest).map(u16::from_le_bytes).ok_or_else(damaged)?;
        let text = part(rest, u64::from(length)).and_then(|text| std::str::from_utf8(text).ok());
        let id = names.of(text.ok_or_else(damaged)?);
        // A text that stands twice would have had one number.
        if u64::from(id.0) != place {
            return Err(damaged());
        }
    }
    Ok(names)
}

/// Goes over names without reading them.
fn skip_names(rest: &mut &[u8]) -> Option<()> {
    for _ in 0..u64::take(rest)? {
        let length = Fixed::take(rest).map(u16::from_le_bytes)?;
        part(rest, u64::from(length))?;
    }
    Some(())
}

/// Goes over rows of so many bytes.
fn skip_rows(rest: &mut &[u8], each: usize) -> Option<()> {
    let count = u64::take(rest)?;
    part(rest, count.checked_mul(u64::try_from(each).ok()?)?).map(|_| ())
}

fn read_rows<T: Fixed>(rest: &mut &[u8]) -> Option<Vec<T>> {
    let count = usize::try_from(u64::take(rest)?).ok()?;
    let bytes = count.checked_mul(T::BYTES)?;
    let mut rows = part(rest, bytes as u64)?;
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        all.push(T::take(&mut rows)?);
    }
    Some(all)
}

/// Takes so many bytes off the front.
fn part<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (part, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(part)
}

fn from_json<'a, T: Deserialize<'a>>(
    bytes: Option<&'a [u8]>,
    what: &'static str,
) -> Result<T, SnapshotError> {
    let value = bytes.and_then(|bytes| serde_json::from_slice(bytes).ok());
    value.ok_or(SnapshotError::Damaged { what })
}
