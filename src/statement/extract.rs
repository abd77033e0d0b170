//! A part of a certificate that goes with one consignment, so that one certificate does not cover
//! any number of them. Own type `CertificateExtract`. Not here: how much is left (`register`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::event::{EventId, read_event};
use super::lot::read_lot_at;
use super::{StatementError, whole_quantity};
use crate::names::LotKey;

/// A part of a certificate that goes with one consignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateExtract {
    /// The certificate's serial.
    pub certificate: u64,
    /// The consignment: a shipment.
    pub consignment: EventId,
    /// The lot.
    pub lot: LotKey,
    /// How much of it, in its smallest unit.
    pub quantity: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    id: String,
    consignment: String,
    lot: String,
    quantity: i64,
}

impl CertificateExtract {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let certificate = envelope.domain.serial_of(&members.id).ok_or_else(|| {
            inconsistent("credentialSubject.id", "must be the id of a certificate of this ledger")
        })?;
        let quantity = whole_quantity(members.quantity)
            .map_err(|fault| StatementError::Quantity { at: "quantity", fault })?;
        Ok(Self {
            certificate,
            consignment: read_event(envelope, "consignment", &members.consignment)?,
            lot: read_lot_at(envelope, "lot", &members.lot)?,
            quantity,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let members = Members {
            id: domain.certificate_id(self.certificate),
            consignment: domain.event_iri(&self.consignment),
            lot: domain.lot_iri(&self.lot),
            quantity: i64::try_from(self.quantity).unwrap_or(i64::MAX),
        };
        let name = format!("Extract of certificate {} for lot {}", self.certificate, self.lot);
        draft.credential("CertificateExtract", own_context(domain), &name, json!(members))
    }
}
