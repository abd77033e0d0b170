//! Lots, certificates and parties as the API shows them: what was claimed, its status now, and the
//! changes since, with names filled in. Not here: look-ups and filters.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::file_shapes::{self, CapacityFigure, LogMark, NamesByLanguage};
use crate::ledger::{Held, Ledger, LedgerError};
use crate::names::{LotKey, PartySlug};
use crate::register::{
    AgreementRecord, CapacityRecord, Certificate, CertificateStatus, Inherited, Lot, LotStatus,
    MandateRecord, Party, PrefixRecord, Register, StatusEvent,
};
use crate::seal::{AccreditationRecord, KeyRecord, LogPosition};
use crate::statement::{
    Capacity, Contact, CustodyModel, Day, GrantedNumbers, LaboratoryReport, LocalNames,
    MandatedAct, Reason, Role, StatusAction, Timestamp,
};

/// A lot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotShape {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// Product id.
    pub product: String,
    /// The product's name as declared.
    pub product_name: String,
    /// The same in other languages.
    #[schema(value_type = NamesByLanguage)]
    #[serde(skip_serializing_if = "LocalNames::is_empty")]
    pub product_names: LocalNames,
    /// HS code.
    pub hs_code: String,
    /// The cooperative.
    #[schema(value_type = String)]
    pub cooperative: PartySlug,
    /// Its name.
    pub cooperative_name: String,
    /// Region of origin, ISO 3166-2.
    pub region: String,
    /// Declared quantity, smallest unit.
    pub quantity: u64,
    /// Quantity in one sales unit.
    pub pack_size: u64,
    /// Unit code.
    pub unit: String,
    /// Campaign.
    pub campaign: String,
    /// Day of packing.
    #[schema(value_type = String)]
    pub packed_on: Day,
    /// Best before, if any.
    #[schema(value_type = Option<String>)]
    pub expires_on: Option<Day>,
    /// Status now: `released`, `held`, `recalled` or `exhausted` (nobody has anything left of it),
    /// the worst of what is said of it and of what it was made of.
    #[schema(value_type = String)]
    pub status: LotStatus,
    /// The hold or recall that reaches it from a lot it was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<InheritedShape>,
    /// Why it is held and how much is too much, if it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Log index of the entry that undid its declaration: there are no such goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undeclared_at: Option<u64>,
    /// Serials put on labels.
    pub labels_issued: u64,
    /// Log index of the declaration.
    pub index: u64,
    /// Log time of the declaration.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
    /// Its certificates, oldest first.
    pub certificates: Vec<CertificateShape>,
    /// Holds, releases, recalls.
    #[schema(value_type = Vec<file_shapes::StatusEvent>)]
    pub events: Vec<StatusEvent>,
}

/// A certificate.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateShape {
    /// Serial.
    pub serial: u64,
    /// The statement's id.
    pub id: String,
    /// The lot.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// Scheme id.
    pub scheme: String,
    /// Edition of the standard or specification.
    pub scheme_edition: String,
    /// The certifier.
    #[schema(value_type = String)]
    pub certifier: PartySlug,
    /// Its name.
    pub certifier_name: String,
    /// Certified quantity, smallest unit.
    pub quantity: u64,
    /// Unit code.
    pub unit: String,
    /// Day of the decision.
    #[schema(value_type = String)]
    pub decision_date: Day,
    /// First instant.
    #[schema(value_type = String)]
    pub valid_from: Timestamp,
    /// Last instant.
    #[schema(value_type = String)]
    pub valid_until: Timestamp,
    /// Chain of custody.
    #[schema(value_type = String)]
    pub custody_model: CustodyModel,
    /// Status now.
    #[schema(value_type = String)]
    pub status: CertificateStatus,
    /// Whether its key may have been in foreign hands when it was signed, and nobody stood by it
    /// since: then it says nothing, whatever its status.
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
    /// Commitments to laboratory bulletins.
    #[schema(value_type = Vec<file_shapes::LaboratoryReport>)]
    pub laboratory_reports: Vec<LaboratoryReport>,
    /// What is not covered.
    pub not_covered: Vec<String>,
    /// Suspensions, reinstatements, the withdrawal.
    #[schema(value_type = Vec<file_shapes::StatusEvent>)]
    pub events: Vec<StatusEvent>,
    /// Where its certifier confirmed it again, if its key was suspect.
    #[schema(value_type = Option<LogMark>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<LogPosition>,
    /// The serial of the certificate that it renews or corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<u64>,
    /// The serial of the certificate that renews or corrects it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<u64>,
}

/// A hold or recall of an input.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InheritedShape {
    /// `hold` or `recall`.
    #[schema(value_type = String)]
    action: StatusAction,
    /// Why.
    #[schema(value_type = String)]
    reason: Reason,
    /// Since when.
    #[schema(value_type = String)]
    since: Timestamp,
    /// The lot that it was laid on.
    #[schema(value_type = String)]
    via: LotKey,
    /// Where the log has it.
    index: u64,
}

/// A party.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyShape {
    /// Short name.
    #[schema(value_type = String)]
    pub party: PartySlug,
    /// Its DID.
    pub did: String,
    /// Public name.
    pub name: String,
    /// The same in other languages.
    #[schema(value_type = NamesByLanguage)]
    #[serde(skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
    /// How the public reaches it.
    #[schema(value_type = Option<file_shapes::Contact>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// What it does.
    #[schema(value_type = String)]
    pub role: Role,
    /// Region, ISO 3166-2, if it works in one.
    pub region: Option<String>,
    /// Its number in the register it comes from.
    pub registered_id: String,
    /// Since when it stands there.
    #[schema(value_type = String)]
    pub registered_on: Day,
    /// Further regions it works in.
    pub regions: Vec<String>,
    /// What its newest registration says it can produce, by product and campaign.
    #[schema(value_type = Vec<CapacityFigure>)]
    pub capacities: Vec<Capacity>,
    /// What may be released of its products, and what is declared, by campaign.
    pub seasons: Vec<SeasonShape>,
    /// The prefixes of GTINs that are its own.
    pub gtin_prefixes: Vec<PrefixShape>,
    /// Numbers that others let it use.
    pub granted: Vec<GrantShape>,
    /// Its agreements with certifiers, oldest first.
    pub agreements: Vec<AgreementShape>,
    /// Who may act in its name, by party: of several to one the newest, which counts alone.
    pub mandates: Vec<MandateShape>,
    /// Whether it is suspended or withdrawn as a whole now.
    pub barred: bool,
    /// Log index of its first registration.
    pub index: u64,
    /// Keys with their history.
    #[schema(value_type = Vec<file_shapes::KeyRecord>)]
    pub keys: Vec<KeyRecord>,
    /// Accreditations.
    #[schema(value_type = Vec<file_shapes::AccreditationRecord>)]
    pub accreditations: Vec<AccreditationRecord>,
    /// Suspensions of the party as a whole.
    #[schema(value_type = Vec<file_shapes::StatusEvent>)]
    pub events: Vec<StatusEvent>,
}

/// What may be released of a product in a campaign, and what is declared.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeasonShape {
    /// Product id.
    pub product: String,
    /// Campaign.
    pub campaign: String,
    /// The figure that counts now, smallest unit; null while none counts.
    pub capacity: Option<u64>,
    /// Declared so far, held lots left out, smallest unit.
    pub declared: u64,
    /// Every figure stated, oldest first.
    pub figures: Vec<FigureShape>,
}

/// One figure of a capacity.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureShape {
    /// Smallest unit.
    pub quantity: u64,
    /// Who stated it.
    #[schema(value_type = String)]
    pub by: PartySlug,
    /// The first instant it counts at.
    #[schema(value_type = String)]
    pub counts_from: Timestamp,
}

/// A prefix of GTINs.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrefixShape {
    /// Its digits.
    pub prefix: String,
    /// The first instant it counts at.
    #[schema(value_type = String)]
    pub counts_from: Timestamp,
}

/// Numbers that another party lent.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantShape {
    /// Whose they are.
    #[schema(value_type = String)]
    pub from: PartySlug,
    /// All GTINs with this prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// This GTIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
}

/// A client's agreement with a certifier.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementShape {
    /// Who certifies.
    #[schema(value_type = String)]
    pub certifier: PartySlug,
    /// Under which schemes.
    pub schemes: Vec<String>,
    /// First day.
    #[schema(value_type = String)]
    pub from: Day,
    /// Last day.
    #[schema(value_type = String)]
    pub until: Day,
    /// Whether the registrar signed it from the client's paper.
    pub on_paper: bool,
    /// Log index.
    pub index: u64,
    /// Log time.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
}

impl PrefixShape {
    fn of((prefix, record): (&str, &PrefixRecord)) -> Self {
        Self { prefix: prefix.to_owned(), counts_from: record.counts_from }
    }
}

impl GrantShape {
    fn of((from, numbers): &(PartySlug, GrantedNumbers)) -> Self {
        let (prefix, gtin) = match numbers {
            GrantedNumbers::Prefix(prefix) => (Some(prefix.clone()), None),
            GrantedNumbers::Gtin(gtin) => (None, Some(gtin.to_string())),
        };
        Self { from: from.clone(), prefix, gtin }
    }
}

/// A party lets another act in its name.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MandateShape {
    /// Who may act.
    #[schema(value_type = String)]
    pub to: PartySlug,
    /// What it may do: `declare`, `receive`, `ship`.
    #[schema(value_type = Vec<String>)]
    pub acts: BTreeSet<MandatedAct>,
    /// First day.
    #[schema(value_type = String)]
    pub from: Day,
    /// Last day.
    #[schema(value_type = String)]
    pub until: Day,
    /// Whether it counts now.
    pub counts: bool,
    /// Log index.
    pub index: u64,
}

impl MandateShape {
    fn of(register: &Register, record: &MandateRecord, now: Timestamp) -> Self {
        Self {
            to: record.to.clone(),
            acts: record.acts.clone(),
            from: record.from,
            until: record.until,
            counts: register.mandate_counts(record, now.day()),
            index: record.mark.index,
        }
    }
}

/// As many at most as there are parties, however many were signed.
fn mandates(register: &Register, party: &PartySlug, now: Timestamp) -> Vec<MandateShape> {
    let all = register.mandates_of(party).map(|record| (&record.to, record));
    let newest: BTreeMap<_, _> = all.collect();
    newest.into_values().map(|record| MandateShape::of(register, record, now)).collect()
}

impl AgreementShape {
    fn of(record: &AgreementRecord) -> Self {
        let agreed = &record.agreement;
        Self {
            certifier: agreed.certifier.clone(),
            schemes: agreed.schemes.iter().cloned().collect(),
            from: agreed.from,
            until: agreed.until,
            on_paper: agreed.on_paper,
            index: record.mark.index,
            logged_at: record.mark.logged_at,
        }
    }
}

/// The campaigns that a figure was stated for.
fn seasons(register: &Register, party: &PartySlug, now: Timestamp) -> Vec<SeasonShape> {
    let figure = |one: &CapacityRecord| FigureShape {
        quantity: one.quantity,
        by: one.by.clone(),
        counts_from: one.counts_from,
    };
    let stated = register.capacity_figures(party);
    let season = stated.map(|(product, campaign, figures)| SeasonShape {
        product: product.to_owned(),
        campaign: campaign.to_owned(),
        capacity: register.capacity(party, product, campaign, now),
        declared: register.season_total(party, product, campaign),
        figures: figures.iter().map(figure).collect(),
    });
    season.collect()
}

impl InheritedShape {
    /// As the register tells it.
    #[must_use]
    pub fn of(told: Inherited) -> Self {
        let Inherited { action, reason, since, via, index, .. } = told;
        Self { action, reason, since, via, index }
    }
}

impl LotShape {
    /// The lot as it stands at `now`.
    ///
    /// # Errors
    /// A logged certificate that cannot be read.
    pub fn of(ledger: &Ledger, lot: Lot, now: Timestamp) -> Result<Self, LedgerError> {
        let register = &ledger.view().register;
        let held = Held::of(register, &lot, now);
        let status = register.status_of_lot(&lot, now);
        let inherited = register.inherited(&lot.record.lot, now).map(InheritedShape::of);
        let undeclared_at = register.undeclared_at(&lot.record.lot);
        let Lot { record, mark, .. } = lot;
        let certificates = register.certificates_of(&record.lot);
        let certificates = certificates.map(|found| CertificateShape::of(ledger, found, now));
        Ok(Self {
            certificates: certificates.collect::<Result<_, _>>()?,
            lot: record.lot,
            product: record.product.into(),
            product_name: record.name.into(),
            product_names: record.names,
            hs_code: lot.hs_code.into(),
            cooperative_name: name_of(register, &record.producer),
            cooperative: record.producer,
            region: record.region.into(),
            quantity: record.quantity,
            pack_size: lot.pack_size,
            unit: record.unit.into(),
            campaign: lot.campaign.into(),
            packed_on: record.packed_on,
            expires_on: lot.expires_on,
            status,
            inherited,
            held,
            undeclared_at,
            labels_issued: lot.labels_issued,
            index: mark.index,
            logged_at: mark.logged_at,
            events: record.events,
        })
    }
}

impl CertificateShape {
    /// The certificate as it stands at `now`.
    ///
    /// # Errors
    /// As [`LotShape::of`].
    pub fn of(
        ledger: &Ledger,
        certificate: Certificate,
        now: Timestamp,
    ) -> Result<Self, LedgerError> {
        let register = &ledger.view().register;
        let not_covered = certificate.not_covered();
        let record = certificate.record;
        let facts = ledger.certificate_claim(record.mark.index)?.facts;
        Ok(Self {
            serial: record.serial,
            id: register.domain().certificate_id(record.serial),
            status: register.status_of(&record, now),
            suspect_key: register.is_certificate_suspect(&record),
            lot: record.lot,
            scheme: record.scheme.into(),
            scheme_edition: certificate.scheme_edition.into(),
            certifier_name: name_of(register, &record.issuer),
            certifier: record.issuer,
            quantity: record.quantity,
            unit: facts.unit.into(),
            decision_date: certificate.decided_on,
            valid_from: record.valid_from,
            valid_until: record.valid_until,
            custody_model: certificate.custody_model,
            accreditation: record.accreditation.into(),
            verification_method: record.verification_method.into(),
            index: record.mark.index,
            logged_at: record.mark.logged_at,
            laboratory_reports: facts.laboratory_reports,
            not_covered,
            events: record.events,
            confirmed: record.confirmed,
            supersedes: record.supersedes,
            superseded_by: record.superseded.map(|next| next.by),
        })
    }
}

impl PartyShape {
    /// The party as it stands at `now`.
    #[must_use]
    pub fn of(register: &Register, party: &Party, now: Timestamp) -> Self {
        let facts = &party.registration;
        Self {
            party: facts.party.clone(),
            did: register.domain().did(&facts.party),
            name: facts.name.clone(),
            names: party.names.clone(),
            contact: party.contact.clone(),
            role: facts.role,
            region: facts.region.clone(),
            registered_id: facts.registered_id.clone(),
            registered_on: facts.registered_on,
            regions: facts.regions.clone(),
            capacities: facts.capacities.clone(),
            seasons: seasons(register, &facts.party, now),
            gtin_prefixes: register.prefixes_of(&facts.party).map(PrefixShape::of).collect(),
            granted: register.granted_to(&facts.party).iter().map(GrantShape::of).collect(),
            agreements: register.agreements(&facts.party).iter().map(AgreementShape::of).collect(),
            mandates: mandates(register, &facts.party, now),
            barred: party.is_barred(now),
            index: party.mark.index,
            keys: party.keys.clone(),
            accreditations: party.accreditations.clone(),
            events: party.events.clone(),
        }
    }
}

fn name_of(register: &Register, slug: &PartySlug) -> String {
    register.party(slug).map(|party| party.registration.name.clone()).unwrap_or_default()
}
