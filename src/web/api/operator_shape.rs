//! Certificates of operators as the API shows them: what was claimed, and its status now. Not here:
//! certificates of lots (`shapes`), look-ups (`certificates`).

use serde::Serialize;

use super::file_shapes::{self, CertifiedVolume};
use super::shapes::CertificateShape;
use crate::names::PartySlug;
use crate::register::{CertificateStatus, OperatorRecord, Register, StatusEvent};
use crate::statement::{Day, Timestamp, Volume};

/// A certificate with its serial of the one sequence.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum AnyCertificate {
    /// Of a lot.
    Lot(Box<CertificateShape>),
    /// Of an operator.
    Operator(Box<OperatorShape>),
}

/// A certificate of an operator.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperatorShape {
    /// Serial.
    pub serial: u64,
    /// The statement's id.
    pub id: String,
    /// The operator.
    #[schema(value_type = String)]
    pub party: PartySlug,
    /// Scheme id.
    pub scheme: String,
    /// Edition of the standard or specification.
    pub scheme_edition: String,
    /// The certifier.
    #[schema(value_type = String)]
    pub certifier: PartySlug,
    /// Material ids.
    pub materials: Vec<String>,
    /// Regions, ISO 3166-2.
    pub regions: Vec<String>,
    /// What is certified of a material in a campaign, smallest unit; none stated is none.
    #[schema(value_type = Vec<CertifiedVolume>)]
    pub volumes: Vec<Volume>,
    /// What is not covered.
    pub not_covered: Vec<String>,
    /// Day of the decision.
    #[schema(value_type = String)]
    pub decision_date: Day,
    /// First instant at which it counts: not before its decision.
    #[schema(value_type = String)]
    pub counts_from: Timestamp,
    /// Last instant.
    #[schema(value_type = String)]
    pub valid_until: Timestamp,
    /// Status now.
    #[schema(value_type = String)]
    pub status: CertificateStatus,
    /// Whether its key may have been in foreign hands when it was signed, and nobody stood by it
    /// since.
    pub suspect_key: bool,
    /// The accreditation it was issued under.
    pub accreditation: String,
    /// The key it was signed with.
    pub verification_method: String,
    /// Log index.
    pub index: u64,
    /// Log time.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
    /// Suspensions, reinstatements, the withdrawal.
    #[schema(value_type = Vec<file_shapes::StatusEvent>)]
    pub events: Vec<StatusEvent>,
}

impl OperatorShape {
    /// It as it stands at `now`.
    #[must_use]
    pub fn of(register: &Register, operator: &OperatorRecord, now: Timestamp) -> Self {
        let facts = &operator.facts;
        Self {
            serial: operator.serial,
            id: register.domain().certificate_id(operator.serial),
            party: operator.party.clone(),
            scheme: operator.scheme.to_string(),
            scheme_edition: facts.scheme_edition.to_string(),
            certifier: operator.issuer.clone(),
            materials: facts.materials.clone(),
            regions: facts.regions.clone(),
            volumes: facts.volumes.clone(),
            not_covered: facts.not_covered.clone(),
            decision_date: facts.decision_date,
            counts_from: operator.counts_from(),
            valid_until: operator.valid_until,
            status: register.operator_status(operator, now),
            suspect_key: register.is_operator_suspect(operator),
            accreditation: operator.accreditation.to_string(),
            verification_method: operator.verification_method.to_string(),
            index: operator.mark.index,
            logged_at: operator.mark.logged_at,
            events: operator.events().to_vec(),
        }
    }
}
