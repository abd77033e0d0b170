//! A dossier as status data: it knows one certificate and one lot, as of the instant that its
//! proof of status speaks for. Not here: whether the records are true (`records`).

use super::form::Dossier;
use crate::names::LotKey;
use crate::register::{CertificateRecord, GoodsRecord, Inherited, LotRecord, LotTrace};
use crate::statement::Timestamp;
use crate::trust::StatusData;

/// The records of a dossier.
pub(crate) struct DossierStatus<'a> {
    pub dossier: &'a Dossier,
    /// The instant that counts for its age (docs/FORMAT.md, freshness).
    pub as_of: Timestamp,
}

impl DossierStatus<'_> {
    fn goods(&self, key: &LotKey) -> Option<&GoodsRecord> {
        let document = &self.dossier.document;
        document.goods.as_ref().filter(|_| document.lot_record.lot == *key)
    }
}

impl StatusData for DossierStatus<'_> {
    fn issued_at(&self) -> Timestamp {
        self.as_of
    }

    fn covers(&self) -> u64 {
        self.dossier.manifest.sequence
    }

    fn checkpoint(&self) -> &str {
        &self.dossier.document.checkpoint
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        let record = &self.dossier.document.certificate_record;
        (record.mark.index == index).then(|| record.clone())
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        let record = &self.dossier.document.certificate_record;
        (record.serial == serial).then(|| record.clone())
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        let record = &self.dossier.document.lot_record;
        (record.lot == *key).then(|| record.clone())
    }

    fn knows_descent(&self) -> bool {
        self.dossier.document.version >= 2
    }

    fn inherited(&self, key: &LotKey) -> Option<Inherited> {
        self.goods(key)?.inherited.clone()
    }

    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        let own = self.knows_descent() && self.dossier.document.lot_record.lot == *key;
        own.then(|| LotTrace::of_record(&self.goods(key).cloned().unwrap_or_default()))
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        let record = &self.dossier.document.certificate_record;
        if record.lot == *key { vec![record.clone()] } else { Vec::new() }
    }
}
