//! Unsigned certificates of operators for certifiers: fills in what the register knows and gives
//! the serial, of the one sequence; what is certified already gets that certificate. Not here:
//! certificates of lots (`prepare`), which serials are kept (`reservations`).

use serde::{Deserialize, Serialize};

use super::prepare::{
    Numbered, Prepared, day, draft, invalid, no_free_serial, numbers_for, party_name, scheme_name,
    slug, unknown_party,
};
use super::{Ledger, LedgerError, Requester};
use crate::names::{LotKey, LotNumber, PartySlug, Word};
use crate::register::Register;
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{Claim, OperatorCertificate, OperatorFacts, Timestamp, Volume};

/// What a certifier wants to certify an operator for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperatorRequest {
    /// The certifier.
    pub issuer: String,
    /// The operator.
    pub party: String,
    /// Scheme id.
    pub scheme: String,
    /// Edition of the standard or specification.
    pub scheme_edition: String,
    /// Material ids, each once.
    pub materials: Vec<String>,
    /// Regions, ISO 3166-2, each once.
    pub regions: Vec<String>,
    /// What is certified of a material in a campaign, smallest unit; none stated is none.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub volumes: Vec<Volume>,
    /// Day of the decision, `YYYY-MM-DD`.
    pub decision_date: String,
    /// Day of the assessment; the decision date if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessed_on: Option<String>,
    /// First day of validity; the decision date if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Last day of validity.
    pub valid_until: String,
    /// What is not covered.
    #[serde(default)]
    pub not_covered: Vec<String>,
}

/// What a row asks for.
enum Row {
    Existing(Prepared),
    New(PartySlug, Box<OperatorCertificate>),
}

/// The unsigned certificates for the rows of one request, in their order. The serials are kept for
/// `by`, who signed the request; without a signature they are free, and kept for nobody.
///
/// # Errors
/// Of a row: `unknown_party`, `unknown_term`, `out_of_scope`, `not_authorised` (another's row), and
/// faults of its members. Of all: serials that cannot be kept.
pub fn prepare_operators(
    ledger: &Ledger,
    requests: &[OperatorRequest],
    by: Option<&Requester>,
    now: Timestamp,
) -> Result<Vec<Result<Prepared, LedgerError>>, LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let rows: Vec<Result<Row, LedgerError>> =
        requests.iter().map(|request| row(ledger, register, request, by, now)).collect();
    let purposes = rows.iter().map(|row| match row {
        Ok(Row::New(issuer, claim)) => numbered(issuer, claim),
        _ => None,
    });
    let numbers = numbers_for(ledger, register, purposes.collect(), by.is_some(), now)?;
    let prepared = rows.into_iter().zip(numbers).map(|(row, number)| match row? {
        Row::Existing(existing) => Ok(existing),
        Row::New(issuer, mut claim) => {
            claim.serial = number.ok_or_else(no_free_serial)?;
            let name = party_name(register, &issuer);
            let draft = draft(register, &issuer, &name, claim.valid_from);
            Ok(Prepared::Unsigned(claim.draft(&draft)))
        }
    });
    Ok(prepared.collect())
}

/// What its number is kept for. No scheme has a colon in its id, so it is never a lot's.
fn numbered(issuer: &PartySlug, claim: &OperatorCertificate) -> Option<Numbered> {
    let lot = LotKey::Party(claim.party.clone(), LotNumber::parse("0").ok()?);
    Some(Numbered { issuer: issuer.clone(), lot, scheme: format!("operator:{}", claim.scheme) })
}

/// The certificate that a row asks for, but for its serial.
fn row(
    ledger: &Ledger,
    register: &Register,
    request: &OperatorRequest,
    by: Option<&Requester>,
    now: Timestamp,
) -> Result<Row, LedgerError> {
    let issuer = slug("issuer", &request.issuer)?;
    if let Some(by) = by.filter(|by| by.party != issuer) {
        let reason = format!("the request is signed by {}, the row is of {issuer}", by.party);
        return Err(invalid("not_authorised", reason));
    }
    let certifier = register.party(&issuer).ok_or_else(|| unknown_party(&issuer))?;
    let party = slug("party", &request.party)?;
    register.party(&party).ok_or_else(|| unknown_party(&party))?;
    let decided = day("decisionDate", &request.decision_date)?;
    let or_decided = |member, text: &Option<String>| {
        text.as_deref().map_or(Ok(decided), |text| day(member, text))
    };
    let mut claim = OperatorCertificate {
        serial: 0,
        party_name: party_name(register, &party).into(),
        party,
        scheme: Word::new(&request.scheme),
        scheme_name: scheme_name(register, &request.scheme)?.into(),
        accreditation: Word::default(),
        valid_from: or_decided("validFrom", &request.valid_from)?.start(),
        valid_until: day("validUntil", &request.valid_until)?.end(),
        assessed_on: or_decided("assessedOn", &request.assessed_on)?,
        facts: OperatorFacts {
            materials: sorted(&request.materials),
            regions: sorted(&request.regions),
            decision_date: decided,
            scheme_edition: Word::new(&request.scheme_edition),
            volumes: by_season(&request.volumes),
            not_covered: request.not_covered.clone(),
        },
    };
    if let Some(existing) = existing(ledger, register, &issuer, &claim)? {
        return Ok(Row::Existing(existing));
    }
    let covers = |record: &&AccreditationRecord| {
        let ScopeStanding::InForce(scope) = record.at(now) else { return false };
        let mut materials = claim.facts.materials.iter();
        materials.all(|material| {
            let mut regions = claim.facts.regions.iter();
            regions.all(|region| scope.covers(&claim.scheme, material, region))
        })
    };
    let accreditation = certifier.accreditations.iter().rev().find(covers).ok_or_else(|| {
        let (materials, regions) =
            (claim.facts.materials.join(", "), claim.facts.regions.join(", "));
        let reason = format!(
            "no accreditation of {issuer} in force covers scheme {}, all of {materials}, in all \
             of {regions}",
            claim.scheme
        );
        invalid("out_of_scope", reason)
    })?;
    claim.accreditation = Word::new(&accreditation.id);
    Ok(Row::New(issuer, Box::new(claim)))
}

/// As a certificate names them: in ascending order. What stands twice is refused when it is read.
fn sorted(terms: &[String]) -> Vec<String> {
    let mut terms = terms.to_vec();
    terms.sort_unstable();
    terms
}

fn by_season(volumes: &[Volume]) -> Vec<Volume> {
    let mut volumes = volumes.to_vec();
    volumes.sort_by(|a, b| (&a.material, &a.campaign).cmp(&(&b.material, &b.campaign)));
    volumes
}

/// The very certificate that this issuer gave this operator.
fn existing(
    ledger: &Ledger,
    register: &Register,
    issuer: &PartySlug,
    claim: &OperatorCertificate,
) -> Result<Option<Prepared>, LedgerError> {
    for known in register.operators_of(&claim.party).filter(|known| known.issuer == *issuer) {
        let same = known.scheme == claim.scheme
            && (known.valid_from, known.valid_until) == (claim.valid_from, claim.valid_until)
            && known.facts == claim.facts;
        if !same {
            continue;
        }
        let statement = ledger.statement(known.mark.index)?;
        let assessed = match &statement.claim {
            Claim::OperatorCertificate(logged) => logged.assessed_on,
            _ => continue,
        };
        if assessed == claim.assessed_on {
            let id = register.domain().certificate_id(known.serial);
            return Ok(Some(Prepared::Existing { id, index: known.mark.index }));
        }
    }
    Ok(None)
}
