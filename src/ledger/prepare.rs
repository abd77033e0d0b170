//! Unsigned statements for signers: fills in what the register knows and gives the serial. A serial
//! is kept for a certifier that signed its request, and what is certified already gets the
//! certificate. Not here: which serials are kept (`reservations`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::replaced::{Replaces, replaced};
use super::{Ledger, LedgerError, Requester, Unmet};
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Word};
use crate::register::{CertificateStatus, Lot, Register};
use crate::statement::{
    CertificateClaim, CertificateFacts, CustodyModel, Day, Draft, LaboratoryReport, LocalNames,
    LotDeclaration, LotFacts, LotOrigin, Timestamp,
};

/// What a certifier wants to certify.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateRequest {
    /// The certifier.
    pub issuer: String,
    /// `GTIN/LOT` or `party/LOT`.
    pub lot: String,
    /// Scheme id.
    pub scheme: String,
    /// Edition of the standard or specification.
    pub scheme_edition: String,
    /// Quantity in the smallest unit (g, mL, piece); the declared quantity if left out.
    pub quantity: Option<u64>,
    /// Day of the decision, `YYYY-MM-DD`.
    pub decision_date: String,
    /// First day of validity; the decision date if left out.
    pub valid_from: Option<String>,
    /// Last day of validity.
    pub valid_until: String,
    /// Chain of custody; `segregated` if left out.
    pub custody_model: Option<String>,
    /// Commitments to laboratory bulletins.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub laboratory_reports: Vec<LaboratoryReport>,
    /// What is not covered.
    #[serde(default)]
    pub not_covered: Vec<String>,
    /// Serial of the certificate whose place it takes: of the same certifier, lot and scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<u64>,
    /// Whether it takes the place of the one certificate that its certifier gave the lot under the
    /// scheme and that none has taken the place of; refused where there is none, or several.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub renewal: bool,
}

/// What a cooperative wants to declare.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LotRequest {
    /// The cooperative.
    pub producer: String,
    /// GTIN; left out for a lot that the cooperative names itself.
    pub gtin: Option<String>,
    /// Lot number.
    pub lot: String,
    /// Id of a product or material of the catalogue, or of a material of the rulebook in force.
    pub product: String,
    /// For a material whose lots may be either: `primary` where the cooperative harvested or made
    /// it itself, `derived` where transformations fill it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Name on the label; the catalogue's French name if left out.
    pub name: Option<String>,
    /// That name in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
    /// Quantity in the smallest unit (g, mL, piece).
    pub quantity: u64,
    /// Quantity in one sales unit.
    pub pack_size: u64,
    /// Region of origin, ISO 3166-2.
    pub region: String,
    /// Campaign, e.g. `2026`.
    pub campaign: String,
    /// Day of packing.
    pub packed_on: String,
    /// Best before, if any.
    pub expires_on: Option<String>,
    /// Who signs under the mandate; the cooperative if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Id of the mandate under which it is declared in the cooperative's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<String>,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// To be signed.
    Unsigned(Value),
    /// In the log already, with the same facts.
    Existing {
        /// The statement's id.
        id: String,
        /// Where it stands.
        index: u64,
    },
}

/// The unsigned certificates for the rows of one request, in their order. The serials are kept for
/// `by`, who signed the request; without a signature they are free, and kept for nobody.
///
/// # Errors
/// Of a row: `unknown_party`, `lot_unknown`, `out_of_scope`, `already_certified` with other facts,
/// `not_renewable` where nothing, or no single certificate, gives way, `not_authorised` (another's
/// row), and faults of its members. Of all: serials that cannot be kept.
pub fn prepare_certificates(
    ledger: &Ledger,
    requests: &[CertificateRequest],
    by: Option<&Requester>,
    now: Timestamp,
) -> Result<Vec<Result<Prepared, LedgerError>>, LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let rows: Vec<Result<Row, LedgerError>> = requests
        .iter()
        .map(|request| certificate_row(ledger, register, request, by, now))
        .collect();
    let purposes = rows.iter().map(|row| match row {
        Ok(Row::New(issuer, claim)) => {
            let (lot, scheme) = (claim.lot.clone(), claim.scheme.to_string());
            Some(Numbered { issuer: issuer.clone(), lot, scheme })
        }
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

/// What a serial is asked for.
pub(super) struct Numbered {
    pub issuer: PartySlug,
    pub lot: LotKey,
    pub scheme: String,
}

/// The serials of the rows that need one. Only this is done under the lock, which the writer asks
/// for too.
pub(super) fn numbers_for(
    ledger: &Ledger,
    register: &Register,
    rows: Vec<Option<Numbered>>,
    signed: bool,
    now: Timestamp,
) -> Result<Vec<Option<u64>>, LedgerError> {
    let next = register.next_serial();
    let mut reservations = ledger.door().reservations();
    let mut giving = reservations.begin(register, next, signed, now);
    let number = |row: Option<Numbered>| match row? {
        row if signed => giving.reserved(&row.issuer, &row.lot, &row.scheme),
        _ => giving.free(),
    };
    let numbers = rows.into_iter().map(number).collect();
    let fresh = giving.fresh();
    drop(reservations);
    ledger.door().remember_kept(fresh, now)?;
    Ok(numbers)
}

/// What a row asks for.
enum Row {
    Existing(Prepared),
    New(PartySlug, Box<CertificateClaim>),
}

/// The certificate that a row asks for, but for its serial.
fn certificate_row(
    ledger: &Ledger,
    register: &Register,
    request: &CertificateRequest,
    by: Option<&Requester>,
    now: Timestamp,
) -> Result<Row, LedgerError> {
    let issuer = slug("issuer", &request.issuer)?;
    if let Some(by) = by.filter(|by| by.party != issuer) {
        let reason = format!("the request is signed by {}, the row is of {issuer}", by.party);
        return Err(invalid("not_authorised", reason));
    }
    let party = register.party(&issuer).ok_or_else(|| unknown_party(&issuer))?;
    let key: LotKey = request.lot.parse().map_err(refuse("lot"))?;
    let lot = register.lot(&key).ok_or_else(|| lot_unknown(&key))?;
    let mut facts = certificate_facts(request, &lot)?;
    let operator = register.operator_for(&lot, &request.scheme, now);
    let operator = operator.filter(|_| register.needs_operator(&key, &request.scheme));
    facts.operator_certificate =
        operator.map(|serial| Word::new(&register.domain().certificate_id(serial)));
    let decision = facts.decision_date;
    let first =
        request.valid_from.as_deref().map_or(Ok(decision), |text| day("validFrom", text))?;
    let mut claim = CertificateClaim {
        serial: 0,
        client: lot.record.producer.clone(),
        client_name: party_name(register, &lot.record.producer).into(),
        scheme: Word::new(&request.scheme),
        scheme_name: scheme_name(register, &request.scheme)?.into(),
        lot: key,
        accreditation: Word::default(),
        valid_from: first.start(),
        valid_until: day("validUntil", &request.valid_until)?.end(),
        assessed_on: decision,
        facts,
    };
    let asked = Replaces::of(request);
    if let Some(existing) = existing(ledger, register, &issuer, &lot, (&claim, asked), now)? {
        return Ok(Row::Existing(existing));
    }
    let replaced = replaced(register, &issuer, (&claim.lot, &claim.scheme), asked, now)?;
    claim.facts.supersedes =
        replaced.map(|serial| Word::new(&register.domain().certificate_id(serial)));
    let covers = |record: &&crate::seal::AccreditationRecord| {
        let declared = &lot.record;
        let crate::seal::ScopeStanding::InForce(scope) = record.at(now) else { return false };
        scope.covers(&claim.scheme, &declared.product, &declared.region)
    };
    let accreditation = party.accreditations.iter().rev().find(covers).ok_or_else(|| {
        let reason = format!(
            "no accreditation of {issuer} in force covers scheme {}, product {}, region {}",
            claim.scheme, lot.record.product, lot.record.region
        );
        invalid("out_of_scope", reason)
    })?;
    claim.accreditation = Word::new(&accreditation.id);
    Ok(Row::New(issuer, Box::new(claim)))
}

pub(super) fn no_free_serial() -> LedgerError {
    let reason = "no serial is free in the window; send fewer rows in one request".to_owned();
    invalid("no_free_serial", reason)
}

/// The unsigned declaration for a request.
///
/// # Errors
/// `unknown_party`, `unknown_term`, `lot_exists` with other facts, and faults of the members.
pub fn prepare_lot(ledger: &Ledger, request: &LotRequest) -> Result<Prepared, LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let producer = slug("producer", &request.producer)?;
    let party = register.party(&producer).ok_or_else(|| unknown_party(&producer))?;
    let product = made_of(register, &request.product).ok_or_else(|| {
        invalid("unknown_term", format!("product {:?} is not in the catalogue", request.product))
    })?;
    let origin = request.origin.as_deref().map(|word| match word {
        "primary" => Ok(LotOrigin::Primary),
        "derived" => Ok(LotOrigin::Derived),
        _ => Err(invalid("shape", format!("origin {word:?} is neither primary nor derived"))),
    });
    let number = LotNumber::parse(&request.lot).map_err(refuse("lot"))?;
    let lot = match &request.gtin {
        Some(gtin) => LotKey::Gtin(Gtin::parse(gtin).map_err(refuse("gtin"))?, number),
        None => LotKey::Party(producer.clone(), number),
    };
    let packed_on = day("packedOn", &request.packed_on)?;
    let claim = LotDeclaration {
        lot,
        name: Word::new(request.name.as_ref().unwrap_or(&product.name)),
        hs_code: Word::new(&product.hs_code),
        packed_on,
        expires_on: request.expires_on.as_deref().map(|text| day("expiresOn", text)).transpose()?,
        facts: LotFacts {
            product: Word::new(&request.product),
            region: Word::new(&request.region),
            quantity: request.quantity,
            unit: Word::new(&product.unit),
            campaign: Word::new(&request.campaign),
            pack_size: request.pack_size,
            origin: origin.transpose()?,
            names: request.names.clone(),
            mandate: request.mandate.as_deref().map(Word::new),
        },
    };
    if let Some(known) = register.lot(&claim.lot) {
        // What a lot opens with is no fact of the register's row.
        let facts = LotFacts { origin: None, mandate: None, ..claim.facts.clone() };
        let told = LotDeclaration { facts, ..claim.clone() };
        if known.declaration() == told && known.record.producer == producer {
            let id = register.domain().declaration_id(&claim.lot);
            return Ok(Prepared::Existing { id, index: known.mark.index });
        }
        let reason = format!("lot {} is declared already, with other facts", claim.lot);
        return Err(LedgerError::unmet(Unmet::Conflict, "lot_exists", reason));
    }
    let signer = request.issuer.as_deref().map(|text| slug("issuer", text)).transpose()?;
    let issuer = match &signer {
        Some(signer) => register.party(signer).ok_or_else(|| unknown_party(signer))?,
        None => party,
    };
    let facts = &issuer.registration;
    let draft = draft(register, &facts.party, &facts.name, packed_on.start());
    Ok(Prepared::Unsigned(claim.draft(&draft)))
}

/// What a lot is made of: its name, code and unit.
struct MadeOf {
    name: String,
    hs_code: String,
    unit: String,
}

fn made_of(register: &Register, id: &str) -> Option<MadeOf> {
    if let Some(known) = register.catalog().material(id) {
        let (name, hs_code) = (known.name_fr.clone(), known.hs6.clone());
        return Some(MadeOf { name, hs_code, unit: known.unit.code().to_owned() });
    }
    let added = register.goods_rules_in_force().materials.iter().find(|it| it.id == id)?;
    let names = serde_json::to_value(&added.names).unwrap_or_default();
    let named = |language: &str| names[language].as_str().map(str::to_owned);
    let name = named("fr").or_else(|| named("en")).or_else(|| named("ar"))?;
    Some(MadeOf { name, hs_code: added.hs_code.clone(), unit: added.unit.clone() })
}

fn certificate_facts(
    request: &CertificateRequest,
    lot: &Lot,
) -> Result<CertificateFacts, LedgerError> {
    let declared = &lot.record;
    let custody = request.custody_model.as_deref().unwrap_or("segregated");
    let custody_model: CustodyModel = custody
        .parse()
        .map_err(|_| invalid("shape", format!("custodyModel {custody:?} is unknown")))?;
    Ok(CertificateFacts {
        product: declared.product.clone(),
        hs_code: lot.hs_code.clone(),
        quantity: request.quantity.unwrap_or(declared.quantity),
        unit: declared.unit.clone(),
        decision_date: day("decisionDate", &request.decision_date)?,
        scheme_edition: Word::new(&request.scheme_edition),
        custody_model,
        laboratory_reports: request.laboratory_reports.clone(),
        not_covered: request.not_covered.clone(),
        supersedes: None,
        operator_certificate: None,
    })
}

/// The certificate this issuer gave this lot under this scheme, unless it is over.
fn existing(
    ledger: &Ledger,
    register: &Register,
    issuer: &PartySlug,
    lot: &Lot,
    (claim, asked): (&CertificateClaim, Replaces),
    now: Timestamp,
) -> Result<Option<Prepared>, LedgerError> {
    let all = register.certificates_of(&lot.record.lot).map(|found| found.record);
    for known in all.filter(|c| c.issuer == *issuer && c.scheme == claim.scheme) {
        let dates = (known.valid_from, known.valid_until);
        let same = known.quantity == claim.facts.quantity
            && dates == (claim.valid_from, claim.valid_until)
            && asked.allows(known.supersedes)
            && same_facts(&ledger.certificate_claim(known.mark.index)?.facts, &claim.facts);
        if same {
            asked.not_given_up(&known)?;
            let id = register.domain().certificate_id(known.serial);
            return Ok(Some(Prepared::Existing { id, index: known.mark.index }));
        }
        let left = lot.record.quantity.saturating_sub(known.quantity);
        let over = known.status(now) == CertificateStatus::Withdrawn;
        if asked == Replaces::Nothing && !over && claim.facts.quantity > left {
            let reason = format!(
                "lot {} has certificate {} under this scheme already, with other facts; one that \
                 takes its place says so (issue --replaces)",
                claim.lot, known.serial
            );
            return Err(LedgerError::unmet(Unmet::Conflict, "already_certified", reason));
        }
    }
    Ok(None)
}

/// The same, whichever certificate of its producer it rests on, and whichever gave way to it.
fn same_facts(known: &CertificateFacts, asked: &CertificateFacts) -> bool {
    let (operator_certificate, supersedes) =
        (known.operator_certificate.clone(), known.supersedes.clone());
    *known == CertificateFacts { operator_certificate, supersedes, ..asked.clone() }
}

pub(super) fn draft<'a>(
    register: &'a Register,
    issuer: &'a PartySlug,
    issuer_name: &'a str,
    valid_from: Timestamp,
) -> Draft<'a> {
    let domain = register.domain();
    Draft { domain, id: String::new(), issuer, issuer_name, valid_from, valid_until: None }
}

pub(super) fn party_name(register: &Register, slug: &PartySlug) -> String {
    register.party(slug).map(|party| party.registration.name.clone()).unwrap_or_default()
}

pub(super) fn scheme_name(register: &Register, id: &str) -> Result<String, LedgerError> {
    let scheme = register.catalog().scheme(id).filter(|scheme| scheme.is_certification());
    scheme
        .map(|scheme| scheme.name_en.clone())
        .ok_or_else(|| invalid("unknown_term", format!("scheme {id:?} is not in the catalogue")))
}

pub(super) fn slug(member: &'static str, text: &str) -> Result<PartySlug, LedgerError> {
    PartySlug::parse(text).map_err(refuse(member))
}

pub(super) fn day(member: &'static str, text: &str) -> Result<Day, LedgerError> {
    Day::parse(text).map_err(|error| invalid("time_form", format!("{member}: {error}")))
}

fn refuse(member: &'static str) -> impl Fn(crate::names::IdError) -> LedgerError {
    move |fault| invalid(fault.code(), format!("{member}: {fault}"))
}

pub(super) fn unknown_party(slug: &PartySlug) -> LedgerError {
    LedgerError::unmet(Unmet::NotFound, "unknown_party", format!("{slug} is not registered"))
}

pub(super) fn lot_unknown(key: &LotKey) -> LedgerError {
    LedgerError::unmet(Unmet::NotFound, "lot_unknown", format!("lot {key} is not declared"))
}

pub(super) fn invalid(code: &'static str, reason: String) -> LedgerError {
    LedgerError::unmet(Unmet::Invalid, code, reason)
}
