//! Lots and certificates of a register as values: what the rows say, in words. Each is made when it
//! is asked for and holds shared texts, so it costs some 0.3 us. Not here: the rows themselves.

use super::Register;
use super::records::{Certificate, CertificateRecord, Lot, LotRecord};
use super::rows::{self, CertificateRow, LotRow, NO_DAY};
use super::status::CertificateStatus;
use crate::log::Hash;
use crate::names::{Gtin, LotKey};
use crate::seal::LogPosition;
use crate::statement::Timestamp;
use crate::trace::Direction;

impl Register {
    /// A lot.
    #[must_use]
    pub fn lot(&self, key: &LotKey) -> Option<Lot> {
        self.lot_of(self.lots.place(key)?)
    }

    /// All lots, by key.
    pub fn lots(&self) -> impl DoubleEndedIterator<Item = Lot> {
        self.lots.by_key().filter_map(|place| self.lot_of(place))
    }

    /// Number of lots.
    #[must_use]
    pub fn lot_count(&self) -> usize {
        self.lots.len()
    }

    /// Lots from `after` on (exclusive), by key: for pages.
    pub fn lots_after(&self, after: &LotKey) -> impl Iterator<Item = Lot> {
        self.lots.after(after).filter_map(|place| self.lot_of(place))
    }

    /// The certificate with a serial.
    #[must_use]
    pub fn certificate(&self, serial: u64) -> Option<Certificate> {
        self.certificate_of(self.certificates.place(serial)?)
    }

    /// The certificate logged at an index.
    #[must_use]
    pub fn certificate_at(&self, index: u64) -> Option<Certificate> {
        self.certificate_of(self.certificates.place_at(index)?)
    }

    /// All certificates, by serial.
    pub fn certificates(&self) -> impl DoubleEndedIterator<Item = Certificate> {
        self.certificates.by_serial().filter_map(|place| self.certificate_of(place))
    }

    /// Number of certificates.
    #[must_use]
    pub fn certificate_count(&self) -> usize {
        self.certificates.len()
    }

    /// All certificates, by log index.
    pub fn certificates_by_index(&self) -> impl DoubleEndedIterator<Item = Certificate> {
        let places = 0..super::lots::place_of(self.certificates.len());
        places.filter_map(|place| self.certificate_of(place))
    }

    /// The certificates of a lot, oldest first.
    pub fn certificates_of(&self, lot: &LotKey) -> impl Iterator<Item = Certificate> {
        let first = self.lots.place(lot).and_then(|place| self.lots.first_certificate(place));
        self.certificates.chain(first).filter_map(|place| self.certificate_of(place))
    }

    /// The log indexes of a lot's certificates, rising.
    pub fn certificate_indexes_of(&self, lot: &LotKey) -> impl Iterator<Item = u64> {
        let first = self.lots.place(lot).and_then(|place| self.lots.first_certificate(place));
        let chain = self.certificates.chain(first);
        chain.filter_map(|place| Some(self.certificates.row(place)?.index))
    }

    /// Whether no certificate can have a serial any more. The rules of the first release let any
    /// statement have any id; later ones look at certificates alone.
    #[must_use]
    pub fn serial_taken(&self, serial: u64) -> bool {
        self.certificates.place(serial).is_some()
            || self.operator(serial).is_some()
            || self.edition() == 0
                && self.ids.index_of(&self.domain.certificate_id(serial)).is_some()
    }

    /// Where the newest statement with this id stands.
    #[must_use]
    pub fn index_of_id(&self, id: &str) -> Option<u64> {
        let certificate = self.domain.serial_of(id).and_then(|serial| {
            let row = self.certificates.row(self.certificates.place(serial)?)?;
            Some(row.index)
        });
        let lot = self.domain.declared_lot_of(id).and_then(|key| {
            let row = self.lots.row(self.lots.place(&key)?)?;
            Some(row.index)
        });
        self.ids.index_of(id).max(certificate).max(lot)
    }

    /// Status of a certificate at an instant: its own events and dates, its certifier as a whole,
    /// and the accreditation it was issued under.
    #[must_use]
    pub fn status_of(&self, certificate: &CertificateRecord, at: Timestamp) -> CertificateStatus {
        let issuer = self.party(&certificate.issuer).map(|party| party.record.as_ref());
        let row = self.lots.place(&certificate.lot).and_then(|place| self.lots.row(place));
        let terms = row.map(|row| (self.names.text(row.product), self.names.text(row.region)));
        let (product, region) = terms.unwrap_or_default();
        certificate.status_in(issuer, &product, &region, at)
    }

    /// Of a lot and those it was made of, the entries that declared or filled them and are suspect:
    /// the first so many. It is information: nothing of it is held for that.
    #[must_use]
    pub fn suspect_origins(&self, key: &LotKey, most: usize) -> Vec<u64> {
        let Some(lot) = self.lot_handle(key) else { return Vec::new() };
        let trace = self.trace();
        let above = trace.nearest(lot, Direction::Up);
        let entries = std::iter::once(lot).chain(above).flat_map(|one| {
            let declared = self.lots.row(one.0).map(|row| row.index);
            let fills = trace.events_of(one).filter(move |event| trace.fills(*event, one));
            let fills = fills.filter_map(|event| self.goods.index_of(event));
            declared.into_iter().chain(fills).collect::<Vec<_>>()
        });
        entries.filter(|index| self.is_entry_suspect(*index)).take(most).collect()
    }

    pub(super) fn key_of_lot(&self, row: &LotRow) -> LotKey {
        if row.has_gtin {
            return LotKey::Gtin(Gtin::known(self.names.text(row.owner)), row.number);
        }
        LotKey::Party(self.names.party(row.owner), row.number)
    }

    pub(super) fn lot_of(&self, place: u32) -> Option<Lot> {
        let row = self.lots.row(place)?;
        let changed = self.lots.changed(place).cloned().unwrap_or_default();
        let certificates = self.certificates.chain(self.lots.first_certificate(place));
        let serials = certificates.filter_map(|place| Some(self.certificates.row(place)?.serial));
        let text = |id| self.names.text(id);
        Some(Lot {
            record: LotRecord {
                lot: self.key_of_lot(row),
                product: text(row.product),
                name: text(row.name),
                producer: self.names.party(row.producer),
                region: text(row.region),
                quantity: row.quantity,
                unit: text(row.unit),
                packed_on: rows::day(row.packed_on),
                events: changed.events,
                names: changed.names,
            },
            mark: mark(row.index, row.logged_at),
            hs_code: text(row.hs_code),
            campaign: text(row.campaign),
            pack_size: row.pack_size,
            expires_on: (row.expires_on != NO_DAY).then(|| rows::day(row.expires_on)),
            certificates: serials.collect(),
            labels_issued: changed.labels_issued,
            counted: !changed.uncounted,
            label_runs: changed.label_runs,
            labels_void: changed.labels_void,
        })
    }

    fn certificate_of(&self, place: u32) -> Option<Certificate> {
        let row: &CertificateRow = self.certificates.row(place)?;
        let changed = self.certificates.changed(place).cloned().unwrap_or_default();
        let text = |id| self.names.text(id);
        Some(Certificate {
            record: CertificateRecord {
                mark: mark(row.index, row.logged_at),
                serial: row.serial,
                lot: self.key_of_lot(self.lots.row(row.lot)?),
                issuer: self.names.party(row.issuer),
                verification_method: text(row.key),
                accreditation: text(row.accreditation),
                scheme: text(row.scheme),
                quantity: row.quantity,
                valid_from: Timestamp::from_seconds(row.valid_from),
                valid_until: Timestamp::from_seconds(row.valid_until),
                digest: Hash::new(*self.digests.at(row.index)?),
                events: changed.events,
                confirmed: changed.confirmed,
                supersedes: changed.supersedes,
                superseded: changed.superseded,
            },
            scheme_edition: text(row.scheme_edition),
            not_covered: text(row.not_covered),
            decided_on: rows::day(row.decided_on),
            assessed_on: rows::day(row.assessed_on),
            custody_model: row.custody,
        })
    }
}

fn mark(index: u64, logged_at: i64) -> LogPosition {
    LogPosition { index, logged_at: Timestamp::from_seconds(logged_at) }
}
