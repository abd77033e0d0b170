//! A certificate for one lot: a UNTP 0.7.0 Digital Conformity Credential that attests a batch
//! (ISO/IEC 17067 type 1b), with what ISO/IEC 17065 section 7.7 asks; ours under
//! `batchCertificate`. Not an operator certificate, and never shown as one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::domain::StatusPurpose;
use super::draft::Draft;
use super::envelope::{Envelope, given, inconsistent, read_party, shape, untp_context};
use super::lot::read_lot;
use super::{Day, Domain, StatementError, Timestamp};
use crate::limits::STATUS_LIST_SERIALS;
use crate::names::{LotKey, PartySlug, Word};

/// A certifier certifies a quantity of a lot under one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateClaim {
    /// Serial: the number in the id and the place in the status lists.
    pub serial: u64,
    /// The cooperative it is issued to.
    pub client: PartySlug,
    /// The client's public name.
    pub client_name: Word,
    /// Scheme id of the catalogue.
    pub scheme: Word,
    /// The scheme's name as signed.
    pub scheme_name: Word,
    /// The lot.
    pub lot: LotKey,
    /// The `id` of the accreditation it is issued under.
    pub accreditation: Word,
    /// First instant of validity.
    pub valid_from: Timestamp,
    /// Last instant of validity.
    pub valid_until: Timestamp,
    /// Day of assessment.
    pub assessed_on: Day,
    /// Members of our own.
    pub facts: CertificateFacts,
}

/// What UNTP has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateFacts {
    /// Product id of the catalogue.
    pub product: Word,
    /// HS code, six digits (HS 2022).
    pub hs_code: Word,
    /// Certified quantity, smallest unit.
    pub quantity: u64,
    /// UN/ECE Recommendation 20 code of the smallest unit.
    pub unit: Word,
    /// Day of the certification decision.
    pub decision_date: Day,
    /// Edition of the standard or specification.
    pub scheme_edition: Word,
    /// Chain of custody (ISO 22095).
    pub custody_model: CustodyModel,
    /// Salted commitments to laboratory bulletins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laboratory_reports: Vec<LaboratoryReport>,
    /// What the certificate does not cover, in the certifier's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_covered: Vec<String>,
    /// The `id` of the certificate that this one renews or corrects.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Word>,
    /// The `id` of the operator certificate that it rests on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub operator_certificate: Option<Word>,
}

/// Chain-of-custody models, strongest first (ISO 22095:2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum CustodyModel {
    /// From one origin, never mixed.
    IdentityPreserved,
    /// Only certified with certified.
    Segregated,
    /// Mixed in a known share.
    ControlledBlending,
    /// Booked, not separated.
    MassBalance,
}

/// A bulletin of analysis, committed to without publishing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LaboratoryReport {
    /// `u` + base64url of SHA-256 over a 16-byte salt and the document's bytes.
    pub commitment: String,
    /// The laboratory's public name.
    pub laboratory: String,
    /// Who took the sample.
    pub sampled_by: Sampler,
}

/// Who took a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Sampler {
    /// The certifier.
    Certifier,
    /// An inspector.
    Inspector,
    /// The laboratory.
    Laboratory,
    /// The seller itself: the weakest.
    Cooperative,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    assessor_level: String,
    attestation_type: String,
    issued_to_party: Named,
    authorisation: Vec<Authorisation>,
    reference_scheme: Named,
    conformity_assessment: Vec<Assessment>,
    batch_certificate: CertificateFacts,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub id: String,
    pub name: Word,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authorisation {
    pub endorsement_evidence: Link,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(rename = "linkURL")]
    pub link_url: Word,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assessment {
    assessment_date: Day,
    assessed_product: Vec<AssessedProduct>,
    conformance: bool,
}

#[derive(Deserialize)]
struct AssessedProduct {
    product: Batch,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    id: String,
    batch_number: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StatusEntry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, rename = "id")]
    _id: Option<String>,
    status_purpose: String,
    status_list_index: u64,
    status_list_credential: String,
}

impl CertificateClaim {
    /// The serial of the certificate that it renews or corrects.
    #[must_use]
    pub fn supersedes(&self) -> Option<u64> {
        serial_in(self.facts.supersedes.as_ref())
    }

    /// The serial of the operator certificate that it rests on.
    #[must_use]
    pub fn rests_on(&self) -> Option<u64> {
        serial_in(self.facts.operator_certificate.as_ref())
    }

    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let subject: Attestation = envelope.subject()?;
        let valid_until = read_end(envelope)?;
        let ([assessment], [authorisation]) =
            (subject.conformity_assessment.as_slice(), subject.authorisation.as_slice())
        else {
            return Err(inconsistent(
                "credentialSubject",
                "one conformityAssessment and one authorisation are expected",
            ));
        };
        let lot = read_product(envelope, assessment)?;
        check_words(&subject)?;
        check_others(envelope, &subject.batch_certificate)?;
        let client = read_party(envelope, "issuedToParty", &subject.issued_to_party.id)?;
        let scheme = read_scheme(envelope, &subject.reference_scheme)?;
        Ok(Self {
            serial: read_serial(envelope)?,
            client,
            client_name: subject.issued_to_party.name,
            scheme: Word::new(scheme),
            scheme_name: subject.reference_scheme.name,
            lot,
            accreditation: authorisation.endorsement_evidence.link_url.clone(),
            valid_from: envelope.valid_from,
            valid_until,
            assessed_on: assessment.assessment_date,
            facts: subject.batch_certificate,
        })
    }

    /// The unsigned statement; its id and validity are the certificate's.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let id = domain.certificate_id(self.serial);
        let draft = Draft {
            id: id.clone(),
            valid_from: self.valid_from,
            valid_until: Some(self.valid_until),
            ..draft.clone()
        };
        let mut credential = draft.credential(
            "DigitalConformityCredential",
            untp_context(domain),
            &format!("{}: lot {}", self.scheme_name, self.lot),
            self.attestation(&draft),
        );
        credential["credentialStatus"] = status_entry(domain, self.serial);
        credential
    }

    fn attestation(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let scheme = json!({"id": domain.term("schemes", &self.scheme), "name": self.scheme_name});
        json!({
            "type": ["ConformityAttestation"],
            "id": format!("{}#attestation", draft.id),
            "name": format!("{} {}", self.scheme_name, self.facts.scheme_edition),
            "assessorLevel": "3rdParty",
            "assessmentLevel": "scheme-cab",
            "attestationType": "certification",
            "issuedToParty": {"id": domain.did(&self.client), "name": self.client_name},
            "authorisation": authorisation(domain, &self.accreditation),
            "referenceScheme": scheme,
            "conformityAssessment": [{
                "type": ["ConformityAssessment"],
                "id": format!("{}#assessment", draft.id),
                "name": "Assessment of one lot",
                "assessmentCriteria": [scheme],
                "assessmentDate": self.assessed_on,
                "assessedPerformance": [],
                "assessedProduct": [{
                    "product": {
                        "id": domain.lot_iri(&self.lot),
                        "name": self.facts.product,
                        "batchNumber": self.lot.number().as_str(),
                    },
                    "idVerifiedByCAB": true,
                }],
                "conformityTopic": conformity_topic(),
                "conformance": true,
            }],
            "batchCertificate": self.facts,
        })
    }
}

/// The serial in a member that was read as the id of a certificate of this ledger: its end.
fn serial_in(id: Option<&Word>) -> Option<u64> {
    id?.rsplit('/').next()?.parse().ok()
}

/// The entry of the revocation list that a serial has.
pub(super) fn status_entry(domain: &Domain, serial: u64) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": StatusPurpose::Revocation.word(),
        "statusListIndex": serial % STATUS_LIST_SERIALS,
        "statusListCredential": domain.status_list(StatusPurpose::Revocation, serial),
    })
}

/// The accreditation a certificate is issued under.
pub(super) fn authorisation(domain: &Domain, accreditation: &str) -> Value {
    json!([{
        "name": "Accreditation",
        "issuingAuthority": {
            "id": domain.did(&PartySlug::authority()),
            "name": "Authority of this ledger",
        },
        "endorsementEvidence": {"linkURL": accreditation, "linkName": "Accreditation"},
    }])
}

/// What all certificates here are about, by the vocabulary of UNTP.
pub(super) fn conformity_topic() -> Value {
    json!([{
        "id": "https://vocabulary.uncefact.org/conformity-topics/quality-performance",
        "name": "Quality performance",
    }])
}

fn check_words(subject: &Attestation) -> Result<(), StatementError> {
    let fixed = [
        ("assessorLevel", subject.assessor_level.as_str(), "3rdParty"),
        ("attestationType", subject.attestation_type.as_str(), "certification"),
    ];
    for (at, found, expected) in fixed {
        if found != expected {
            return Err(inconsistent(at, format!("must be {expected:?}, not {found:?}")));
        }
    }
    if subject.conformity_assessment.iter().any(|assessment| !assessment.conformance) {
        return Err(inconsistent("conformance", "a certificate attests conformance"));
    }
    if subject.batch_certificate.quantity == 0 {
        return Err(inconsistent("batchCertificate.quantity", "must be at least 1"));
    }
    Ok(())
}

/// Certificates that it names are others of this ledger.
fn check_others(envelope: &Envelope<'_>, facts: &CertificateFacts) -> Result<(), StatementError> {
    let others =
        [("supersedes", &facts.supersedes), ("operatorCertificate", &facts.operator_certificate)];
    for (at, other) in others {
        let good = |id: &Word| *id != *envelope.id && envelope.domain.serial_of(id).is_some();
        if !other.iter().all(good) {
            return Err(inconsistent(at, "must be the id of another certificate of this ledger"));
        }
    }
    Ok(())
}

fn read_product(
    envelope: &Envelope<'_>,
    assessment: &Assessment,
) -> Result<LotKey, StatementError> {
    let [assessed] = assessment.assessed_product.as_slice() else {
        return Err(inconsistent("assessedProduct", "exactly one lot is certified at a time"));
    };
    let lot = read_lot(envelope, &assessed.product.id)?;
    if assessed.product.batch_number != lot.number().as_str() {
        return Err(inconsistent("batchNumber", "differs from the lot number in the product id"));
    }
    Ok(lot)
}

/// The end, which a certificate has, after its beginning.
pub(super) fn read_end(envelope: &Envelope<'_>) -> Result<Timestamp, StatementError> {
    let end = envelope.valid_until.ok_or_else(|| shape("validUntil", "a certificate must end"))?;
    if end <= envelope.valid_from {
        return Err(inconsistent("validUntil", "must be after validFrom"));
    }
    Ok(end)
}

/// The scheme of this ledger that is referred to.
pub(super) fn read_scheme<'a>(
    envelope: &Envelope<'a>,
    scheme: &'a Named,
) -> Result<&'a str, StatementError> {
    let term = envelope.domain.term_of("schemes", &scheme.id);
    term.ok_or_else(|| inconsistent("referenceScheme", "is no scheme of this ledger"))
}

/// The serial from `id`, which `credentialStatus` must name too.
pub(super) fn read_serial(envelope: &Envelope<'_>) -> Result<u64, StatementError> {
    let domain = envelope.domain;
    let serial = domain.serial_of(envelope.id).ok_or_else(|| {
        inconsistent(
            "id",
            format!("must be {} with the serial allotted", domain.url("certificates/N")),
        )
    })?;
    let status = envelope
        .document
        .get("credentialStatus")
        .ok_or_else(|| shape("credentialStatus", "it is missing"))?;
    let entry = StatusEntry::deserialize(status).map_err(|e| shape("credentialStatus", e))?;
    if entry.kind != "BitstringStatusListEntry"
        || entry.status_purpose != StatusPurpose::Revocation.word()
        || entry.status_list_index != serial % STATUS_LIST_SERIALS
        || entry.status_list_credential != domain.status_list(StatusPurpose::Revocation, serial)
    {
        return Err(inconsistent(
            "credentialStatus",
            format!("must be the revocation entry of serial {serial}"),
        ));
    }
    Ok(serial)
}
