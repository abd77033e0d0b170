//! A dossier as status data: it knows one certificate and one lot, as of the instant that its
//! proof of status speaks for. Not here: whether the records are true (`records`).

use super::form::Dossier;
use crate::names::LotKey;
use crate::register::{CertificateRecord, LotRecord};
use crate::statement::Timestamp;
use crate::trust::StatusData;

/// The records of a dossier.
pub(crate) struct DossierStatus<'a> {
    pub dossier: &'a Dossier,
    /// The instant that counts for its age (docs/FORMAT.md, freshness).
    pub as_of: Timestamp,
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

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        let record = &self.dossier.document.certificate_record;
        if record.lot == *key { vec![record.clone()] } else { Vec::new() }
    }
}
