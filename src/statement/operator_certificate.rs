//! A certificate for an operator: a UNTP 0.7.0 Digital Conformity Credential that attests an
//! organisation (ISO/IEC 17067 types 5 and 6: organic, fair trade, geographical indication); ours
//! under `operatorCertificate`. Serial and status lists are those of certificates of lots, which
//! rest on it. Not a certificate of any lot, and never shown as one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::certificate::{
    Authorisation, Named, authorisation, conformity_topic, read_end, read_scheme, read_serial,
    status_entry,
};
use super::draft::Draft;
use super::envelope::{Envelope, filled, inconsistent, read_party, untp_context};
use super::{Campaign, Day, StatementError, Timestamp, is_term_id, whole_quantity};
use crate::names::{PartySlug, Word};

/// A certifier certifies a party under one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorCertificate {
    /// Serial: the number in the id and the place in the status lists.
    pub serial: u64,
    /// The party it is issued to.
    pub party: PartySlug,
    /// That party's public name.
    pub party_name: Word,
    /// Scheme id of the catalogue.
    pub scheme: Word,
    /// The scheme's name as signed.
    pub scheme_name: Word,
    /// The `id` of the accreditation it is issued under.
    pub accreditation: Word,
    /// First instant of validity.
    pub valid_from: Timestamp,
    /// Last instant of validity.
    pub valid_until: Timestamp,
    /// Day of assessment.
    pub assessed_on: Day,
    /// Members of our own.
    pub facts: OperatorFacts,
}

/// What UNTP has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperatorFacts {
    /// Material ids, ascending; one at least.
    pub materials: Vec<String>,
    /// Regions, ISO 3166-2, ascending; one at least.
    pub regions: Vec<String>,
    /// Day of the certification decision.
    pub decision_date: Day,
    /// Edition of the standard or specification.
    pub scheme_edition: Word,
    /// What is certified of a material in a campaign, by both; none stated is none.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// What the certificate does not cover, in the certifier's words.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub not_covered: Vec<String>,
}

/// What is certified of a material in a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Material id, one of the certificate's.
    pub material: String,
    /// Campaign: `2026`, or `2026/27`.
    pub campaign: String,
    /// Quantity in the material's smallest unit: 1 to 2^53 - 1.
    pub quantity: u64,
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
    operator_certificate: OperatorFacts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assessment {
    assessment_date: Day,
    assessed_organisation: Named,
    conformance: bool,
}

impl OperatorCertificate {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let subject: Attestation = envelope.subject()?;
        let valid_until = read_end(envelope)?;
        let ([assessment], [authorisation]) =
            (subject.conformity_assessment.as_slice(), subject.authorisation.as_slice())
        else {
            let reason = "one conformityAssessment and one authorisation are expected";
            return Err(inconsistent("credentialSubject", reason));
        };
        if subject.assessor_level != "3rdParty" || subject.attestation_type != "certification" {
            return Err(inconsistent("assessorLevel", "must be 3rdParty, for a certification"));
        }
        if !assessment.conformance {
            return Err(inconsistent("conformance", "a certificate attests conformance"));
        }
        let party = read_party(envelope, "issuedToParty", &subject.issued_to_party.id)?;
        if assessment.assessed_organisation.id != subject.issued_to_party.id {
            return Err(inconsistent("assessedOrganisation", "must be the party it is issued to"));
        }
        let scheme = read_scheme(envelope, &subject.reference_scheme)?;
        subject.operator_certificate.check()?;
        Ok(Self {
            serial: read_serial(envelope)?,
            party,
            party_name: subject.issued_to_party.name,
            scheme: Word::new(scheme),
            scheme_name: subject.reference_scheme.name,
            accreditation: authorisation.endorsement_evidence.link_url.clone(),
            valid_from: envelope.valid_from,
            valid_until,
            assessed_on: assessment.assessment_date,
            facts: subject.operator_certificate,
        })
    }

    /// The unsigned statement; its id and validity are the certificate's.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let draft = Draft {
            id: domain.certificate_id(self.serial),
            valid_from: self.valid_from,
            valid_until: Some(self.valid_until),
            ..draft.clone()
        };
        let name = format!("{}: operator {}", self.scheme_name, self.party);
        let mut credential = draft.credential(
            "DigitalConformityCredential",
            untp_context(domain),
            &name,
            self.attestation(&draft),
        );
        credential["credentialStatus"] = status_entry(domain, self.serial);
        credential
    }

    fn attestation(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let scheme = json!({"id": domain.term("schemes", &self.scheme), "name": self.scheme_name});
        let party = json!({"id": domain.did(&self.party), "name": self.party_name});
        json!({
            "type": ["ConformityAttestation"],
            "id": format!("{}#attestation", draft.id),
            "name": format!("{} {}", self.scheme_name, self.facts.scheme_edition),
            "assessorLevel": "3rdParty",
            "assessmentLevel": "scheme-cab",
            "attestationType": "certification",
            "issuedToParty": party,
            "authorisation": authorisation(domain, &self.accreditation),
            "referenceScheme": scheme,
            "conformityAssessment": [{
                "type": ["ConformityAssessment"],
                "id": format!("{}#assessment", draft.id),
                "name": "Assessment of one operator",
                "assessmentCriteria": [scheme],
                "assessmentDate": self.assessed_on,
                "assessedPerformance": [],
                "assessedOrganisation": party,
                "conformityTopic": conformity_topic(),
                "conformance": true,
            }],
            "operatorCertificate": self.facts,
        })
    }
}

impl OperatorFacts {
    fn check(&self) -> Result<(), StatementError> {
        for (at, terms) in [("materials", &self.materials), ("regions", &self.regions)] {
            if terms.is_empty() || !terms.is_sorted_by(|a, b| a < b) {
                return Err(inconsistent(at, "at least one, in ascending order, each once"));
            }
        }
        if !self.materials.iter().all(|material| is_term_id(material)) {
            return Err(inconsistent("materials", "each the id of a material"));
        }
        let rising =
            |a: &Volume, b: &Volume| (&a.material, &a.campaign) < (&b.material, &b.campaign);
        if !self.volumes.is_sorted_by(rising) {
            return Err(inconsistent("volumes", "by material and campaign, each once"));
        }
        for volume in &self.volumes {
            if !self.materials.contains(&volume.material) {
                return Err(inconsistent("volumes", "of materials that the certificate names"));
            }
            if Campaign::parse(&volume.campaign).is_none() {
                return Err(inconsistent("campaign", "must be written 2026, or 2026/27"));
            }
            let quantity = i64::try_from(volume.quantity).unwrap_or(i64::MAX);
            whole_quantity(quantity)
                .map_err(|fault| StatementError::Quantity { at: "volumes", fault })?;
        }
        Ok(())
    }
}
