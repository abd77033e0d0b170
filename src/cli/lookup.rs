//! What the register says of a lot, a certificate or a party, asked of a service or read from the
//! data folder: what a summary before an act shows. Not here: the log and its documents (`source`).

use anyhow::bail;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::source::{ONLY_READ, Source, query_value};
use crate::client::{Client, ClientError};
use crate::ledger::{Held, Ledger, now};
use crate::register::{CertificateStatus, LotStatus, Register};
use crate::statement::{Capacity, Day, LotKey, PartySlug, Role, Timestamp};
use crate::web::{LotShape, PartyShape, RulebookShape};

/// A lot, as `/api/v1/lots` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LotFacts {
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
    pub certificates: Vec<CertificateFacts>,
}

/// A certificate, as `/api/v1/certificates` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
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
    /// Log index of its first registration.
    pub index: u64,
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
}

/// A lot; None if it is not declared.
///
/// # Errors
/// The service's, or a form that is not understood.
pub fn lot(source: &Source, key: &LotKey) -> anyhow::Result<Option<LotFacts>> {
    let path = format!("/api/v1/lots/{}", query_value(&key.to_string()));
    found(source, &path, |ledger| {
        let lot = ledger.view().register.lot(key);
        Ok(lot.map(|lot| LotShape::of(ledger, lot, now())).transpose()?.map(|lot| json!(lot)))
    })
}

/// The lot that a certificate is for, with the certificate among its own; None if there is none.
///
/// # Errors
/// As [`lot`].
pub fn lot_of(source: &Source, serial: u64) -> anyhow::Result<Option<LotFacts>> {
    let path = format!("/api/v1/certificates/{serial}");
    #[derive(Deserialize)]
    struct Lot {
        lot: LotKey,
    }
    let known: Option<Lot> = found(source, &path, |ledger| {
        let found = ledger.view().register.certificate(serial);
        Ok(found.map(|one| json!({"lot": one.record.lot})))
    })?;
    known.map_or(Ok(None), |known| lot(source, &known.lot))
}

/// A party; None if it is not registered.
///
/// # Errors
/// As [`lot`].
pub fn party(source: &Source, slug: &PartySlug) -> anyhow::Result<Option<PartyFacts>> {
    found(source, &format!("/api/v1/parties/{slug}"), |ledger| {
        let register = &ledger.view().register;
        Ok(register.party(slug).map(|party| json!(PartyShape::of(register, party, now()))))
    })
}

/// All cooperatives, by short name.
///
/// # Errors
/// As [`lot`].
pub fn cooperatives(source: &Source) -> anyhow::Result<Vec<PartyFacts>> {
    let local = |register: &Register| -> anyhow::Result<Vec<PartyFacts>> {
        let all = register.parties().filter(|it| it.registration.role == Role::Cooperative);
        let facts =
            all.map(|it| serde_json::from_value(json!(PartyShape::of(register, it, now()))));
        Ok(facts.collect::<Result<_, _>>()?)
    };
    match source {
        Source::Local(ledger) => local(&ledger.view().register),
        Source::Remote(client) => pages(client, "/api/v1/parties?role=cooperative", "parties"),
        Source::Copy(_) => bail!(ONLY_READ),
    }
}

/// All lots that are held, by key.
///
/// # Errors
/// As [`lot`].
pub fn held_lots(source: &Source) -> anyhow::Result<Vec<LotFacts>> {
    let local = |ledger: &Ledger| -> anyhow::Result<Vec<LotFacts>> {
        let view = ledger.view();
        let held = view.register.lots().filter(|lot| lot.status(now()) == LotStatus::Held);
        let facts =
            held.map(|lot| Ok(serde_json::from_value(json!(LotShape::of(ledger, lot, now())?))?));
        facts.collect()
    };
    match source {
        Source::Local(ledger) => local(ledger),
        Source::Remote(client) => pages(client, "/api/v1/lots?status=held&limit=500", "lots"),
        Source::Copy(_) => bail!(ONLY_READ),
    }
}

/// The rulebook in force. A service of the first release has none to tell.
///
/// # Errors
/// As [`lot`].
pub fn rulebook(source: &Source) -> anyhow::Result<RulebookFacts> {
    let known = found(source, "/api/v1/rulebook", |ledger| {
        Ok(Some(json!(RulebookShape::of(&ledger.view().register))))
    })?;
    let none = RulebookFacts { version: 0, edition: 0, index: None, logged_at: None, newest: 0 };
    Ok(known.unwrap_or(none))
}

fn found<T: DeserializeOwned>(
    source: &Source,
    path: &str,
    local: impl FnOnce(&Ledger) -> anyhow::Result<Option<serde_json::Value>>,
) -> anyhow::Result<Option<T>> {
    match source {
        Source::Local(ledger) => Ok(local(ledger)?.map(serde_json::from_value).transpose()?),
        Source::Remote(client) => match client.get_json(path) {
            Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
            known => Ok(Some(known?)),
        },
        Source::Copy(_) => bail!(ONLY_READ),
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
        after = format!("&after={}", query_value(next));
    }
}
