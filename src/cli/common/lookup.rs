//! What the register says of a lot, a certificate or a party: what a summary before an
//! act shows. Not here: the log and its documents (`service`).

use std::collections::BTreeSet;

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::service::Source;
use crate::client::{Client, ClientError};
use crate::ledger::Held;
use crate::log::Leaf;
use crate::names::{LotKey, PartySlug};
use crate::os::percent;
use crate::register::{CertificateStatus, LotStatus};
use crate::statement::{
    Capacity, Contact, Day, Domain, GoodsRules, LocalNames, MandatedAct, Role, Statement, Timestamp,
};

/// A lot, as `/api/v1/lots` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LotInWords {
    /// `GTIN/LOT` or `party/LOT`.
    pub lot: LotKey,
    /// The product's name as declared.
    pub product_name: String,
    /// The cooperative.
    pub cooperative: PartySlug,
    /// Its name.
    pub cooperative_name: String,
    /// Declared quantity, smallest unit.
    pub quantity: u64,
    /// Quantity in one sales unit.
    pub pack_size: u64,
    /// Unit code.
    pub unit: String,
    /// Status now.
    pub status: LotStatus,
    /// Serials put on labels.
    pub labels_issued: u64,
    /// What holds it, if it is held.
    #[serde(default)]
    pub held: Option<Held>,
    /// Its certificates, oldest first.
    pub certificates: Vec<CertificateInWords>,
}

/// A certificate, as `/api/v1/certificates` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateInWords {
    /// Serial.
    pub serial: u64,
    /// Scheme id.
    pub scheme: String,
    /// The certifier.
    pub certifier: PartySlug,
    /// Status now.
    pub status: CertificateStatus,
}

/// A party, as `/api/v1/parties` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartyFacts {
    /// Short name.
    pub party: PartySlug,
    /// Public name.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Region, ISO 3166-2, if it works in one.
    pub region: Option<String>,
    /// Further regions.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Its number in the register it comes from.
    pub registered_id: String,
    /// What its newest registration says it can produce.
    pub capacities: Vec<Capacity>,
    /// What may be released, by campaign.
    #[serde(default)]
    pub seasons: Vec<SeasonFacts>,
    /// Its prefixes of GTINs.
    #[serde(default)]
    pub gtin_prefixes: Vec<PrefixFacts>,
    /// Its agreements with certifiers, oldest first.
    #[serde(default)]
    pub agreements: Vec<AgreementFacts>,
    /// Who may act in its name.
    #[serde(default)]
    pub mandates: Vec<MandateFacts>,
    /// Its name in other languages.
    #[serde(default)]
    pub names: LocalNames,
    /// How the public reaches it.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// Log index of its first registration.
    pub index: u64,
}

/// A party lets another act in its name.
#[derive(Clone, Debug, Deserialize)]
pub struct MandateFacts {
    /// Who may act.
    pub to: PartySlug,
    /// What it may do.
    pub acts: BTreeSet<MandatedAct>,
    /// Whether it counts now.
    pub counts: bool,
    /// Log index.
    pub index: u64,
}

/// The id of the mandate under which one party does something in another's name now.
///
/// # Errors
/// There is none that counts now and names the act.
pub fn mandate(
    source: &Source,
    domain: &Domain,
    (whose, by): (&PartySlug, &PartySlug),
    act: Option<MandatedAct>,
) -> anyhow::Result<String> {
    let party = party(source, whose)?.with_context(|| format!("{whose} is not registered"))?;
    let may = |it: &&MandateFacts| {
        it.to == *by && it.counts && act.is_none_or(|act| it.acts.contains(&act))
    };
    let found = party.mandates.iter().find(may).with_context(|| {
        format!(
            "{whose} lets {by} do nothing of the kind now: {whose} signs a mandate, `tasdiq \
             register mandate --id {whose} --to {by} --act declare,ship,receive --as ITS-KEY`"
        )
    })?;
    let leaf = source.leaf(found.index)?;
    let statement = Statement::parse(Leaf::parse(&leaf)?.statement, domain)?;
    Ok(statement.id.clone())
}

/// A campaign of a product.
#[derive(Clone, Debug, Deserialize)]
pub struct SeasonFacts {
    /// Product id.
    pub product: String,
    /// Campaign.
    pub campaign: String,
    /// What may be released, smallest unit.
    pub capacity: Option<u64>,
    /// What is declared, smallest unit.
    pub declared: u64,
}

/// A prefix of GTINs.
#[derive(Clone, Debug, Deserialize)]
pub struct PrefixFacts {
    /// Its digits.
    pub prefix: String,
}

/// An agreement.
#[derive(Clone, Debug, Deserialize)]
pub struct AgreementFacts {
    /// Who certifies.
    pub certifier: PartySlug,
    /// Under which schemes.
    pub schemes: Vec<String>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Log index.
    pub index: u64,
}

/// The rulebook in force.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulebookFacts {
    /// Its version; 0 while none was logged.
    pub version: u64,
    /// The edition of the rules.
    pub edition: u32,
    /// Log index.
    pub index: Option<u64>,
    /// Log time.
    pub logged_at: Option<Timestamp>,
    /// The newest edition that the ledger's release knows.
    pub newest: u32,
    /// What it says of goods, from edition 2 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<GoodsRules>,
}

/// A lot; None if it is not declared.
///
/// # Errors
/// The service's, or a form that is not understood.
pub fn lot(source: &Source, key: &LotKey) -> anyhow::Result<Option<LotInWords>> {
    let path = format!("/api/v1/lots/{}", percent::path(&key.to_string()));
    found(source, &path)
}

/// The lot that a certificate is for, with the certificate among its own; None if there is none.
///
/// # Errors
/// As [`lot`].
pub fn lot_of(source: &Source, serial: u64) -> anyhow::Result<Option<LotInWords>> {
    let path = format!("/api/v1/certificates/{serial}");
    #[derive(Deserialize)]
    struct Lot {
        lot: LotKey,
    }
    let known: Option<Lot> = found(source, &path)?;
    known.map_or(Ok(None), |known| lot(source, &known.lot))
}

/// A party; None if it is not registered.
///
/// # Errors
/// As [`lot`].
pub fn party(source: &Source, slug: &PartySlug) -> anyhow::Result<Option<PartyFacts>> {
    found(source, &format!("/api/v1/parties/{slug}"))
}

/// All cooperatives, by short name.
///
/// # Errors
/// As [`lot`].
pub fn cooperatives(source: &Source) -> anyhow::Result<Vec<PartyFacts>> {
    pages(source.service()?, "/api/v1/parties?role=cooperative", "parties")
}

/// All lots that are held, by key.
///
/// # Errors
/// As [`lot`].
pub fn held_lots(source: &Source) -> anyhow::Result<Vec<LotInWords>> {
    pages(source.service()?, "/api/v1/lots?status=held&limit=500", "lots")
}

/// The rulebook in force. A service of the first release has none to tell.
///
/// # Errors
/// As [`lot`].
pub fn rulebook(source: &Source) -> anyhow::Result<RulebookFacts> {
    let known = found(source, "/api/v1/rulebook")?;
    let none = RulebookFacts {
        version: 0,
        edition: 0,
        index: None,
        logged_at: None,
        newest: 0,
        goods: None,
    };
    Ok(known.unwrap_or(none))
}

fn found<T: DeserializeOwned>(source: &Source, path: &str) -> anyhow::Result<Option<T>> {
    match source.service()?.get_json(path) {
        Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
        known => Ok(Some(known?)),
    }
}

/// All pages of a list whose path has a query already.
fn pages<T: DeserializeOwned>(client: &Client, path: &str, member: &str) -> anyhow::Result<Vec<T>> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let mut page: serde_json::Value = client.get_json(&format!("{path}{after}"))?;
        let rows: Vec<T> = serde_json::from_value(page[member].take())?;
        all.extend(rows);
        let Some(next) = page["next"].as_str() else { return Ok(all) };
        after = format!("&after={}", percent::value(next));
    }
}
