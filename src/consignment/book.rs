//! A consignment as status data: it knows its lots and their certificates, as of the instant that
//! its proof of status speaks for. Not here: whether the records are true (`facts`).

use super::form::{ConsignedLot, Consignment};
use crate::names::LotKey;
use crate::register::{CertificateRecord, Inherited, LotRecord, LotTrace};
use crate::statement::Timestamp;
use crate::trust::{Counted, StatusData};

/// The records of a consignment.
pub(crate) struct ConsignmentStatus<'a> {
    pub consignment: &'a Consignment,
    /// The instant that counts for its age (docs/FORMAT.md, freshness).
    pub as_of: Timestamp,
    /// Who signed its checkpoint, counted once for all its certificates.
    pub counted: Counted,
}

impl ConsignmentStatus<'_> {
    fn find(&self, is: impl Fn(&&CertificateRecord) -> bool) -> Option<CertificateRecord> {
        self.consignment.document.certificate_records.iter().find(is).cloned()
    }

    fn lot_told(&self, key: &LotKey) -> Option<&ConsignedLot> {
        self.consignment.document.lots.iter().find(|lot| lot.record.lot == *key)
    }
}

impl StatusData for ConsignmentStatus<'_> {
    fn issued_at(&self) -> Timestamp {
        self.as_of
    }

    fn covers(&self) -> u64 {
        self.consignment.manifest.sequence
    }

    fn checkpoint(&self) -> &str {
        &self.consignment.document.checkpoint
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.counted.clone())
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.find(|record| record.mark.index == index)
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.find(|record| record.serial == serial)
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.lot_told(key).map(|lot| lot.record.clone())
    }

    fn inherited(&self, key: &LotKey) -> Option<Inherited> {
        self.lot_told(key)?.goods.as_ref()?.inherited.clone()
    }

    fn knows_descent(&self) -> bool {
        true
    }

    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        let told = self.lot_told(key)?;
        Some(LotTrace::of_record(&told.goods.clone().unwrap_or_default()))
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        let records = self.consignment.document.certificate_records.iter();
        records.filter(|record| record.lot == *key).cloned().collect()
    }
}
