//! `tasdiq register`: the registrar's work: parties, accreditations, keys. Each act is a statement
//! signed by the authority's registrar key (for the authority's own keys: by its root).

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::Value;

use super::desk::{Desk, key_or};
use super::keys::Passphrase;
use super::quantity::quantity_of;
use super::source::At;
use super::{Global, Outcome, enrol, reconfirm, scope, succession};
use crate::ledger::{Home, KeyName};
use crate::statement::{
    Accreditation, Capacity, Catalog, Custody, Day, KeyChange, KeyEvent, KeyPurpose, NewKey,
    PartySlug, Registration, Role, Scope, Timestamp, parse_multikey,
};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register certifier --id my-certifier --name \"My certifier\" \\\n      \
        --scheme bio-maroc --product argane --region MA-09 --until 2028-12-31 --public z6Mk...\n  \
    tasdiq register cooperative --id my-coop --name \"My cooperative\" --region MA-09 \\\n      \
        --capacity argane:2026:12000L --public z6Mk...\n  \
    tasdiq register key compromised --id my-coop --name key-1 --since 2026-11-01T00:00:00Z\n  \
    tasdiq register reconfirm --id my-certifier --suspect-key key-1 --as new-key.pem\n  \
    tasdiq register scope narrow --id my-certifier --product argane --reason nonconformity\n  \
    tasdiq register succeed-root --key root-next.pem --next root-after.pem")]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Registers a party, or changes its registration.
    Party(PartyArgs),
    /// Accredits a certifier for schemes, products and regions.
    Accredit(AccreditArgs),
    /// Adds a key, retires one, or reports one in foreign hands.
    #[command(subcommand)]
    Key(KeyAct),
    /// Certificates that a stolen key made suspect: the certifier stands by them.
    Reconfirm(reconfirm::Args),
    /// Narrows, suspends, reinstates or withdraws an accreditation.
    #[command(subcommand)]
    Scope(scope::Act),
    /// The next root key takes over from a lost, stolen or old one.
    SucceedRoot(succession::Args),
    /// A certifier in one go: party, accreditation, key.
    Certifier(enrol::CertifierArgs),
    /// A cooperative in one go: party, key.
    Cooperative(enrol::CooperativeArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Key file or PKCS#11 URI of the authority; if left out its registrar key in the data folder,
    /// or its root key where the authority's own keys are changed.
    #[arg(long = "as", env = "TASDIQ_AS", hide_env_values = true, value_name = "KEYFILE")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// Short name in addresses: letters, digits, hyphens.
    #[arg(long, value_name = "SLUG")]
    pub id: String,
    /// Public name; a legal person's, never a private one's.
    #[arg(long)]
    pub name: String,
    /// Its number in the register it comes from.
    #[arg(long)]
    pub number: Option<String>,
}

#[derive(Debug, clap::Args)]
struct PartyArgs {
    #[command(flatten)]
    who: Who,
    /// What it does.
    #[arg(long, value_enum)]
    role: RoleName,
    /// Its region, ISO 3166-2.
    #[arg(long, value_name = "MA-09")]
    region: Option<String>,
    /// What it can produce, e.g. argane:2026:12000L; again for each product and campaign.
    #[arg(long, value_name = "PRODUCT:CAMPAIGN:QUANTITY")]
    capacity: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(super) struct ScopeArgs {
    /// Schemes it may certify under, or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    scheme: Vec<String>,
    /// Products, or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    product: Vec<String>,
    /// Regions, ISO 3166-2, or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    region: Vec<String>,
    /// Last day of the accreditation.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: String,
}

#[derive(Debug, clap::Args)]
struct AccreditArgs {
    /// The certifier.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// Accreditation number.
    #[arg(long)]
    number: Option<String>,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Subcommand)]
enum KeyAct {
    /// Adds a key.
    Add(AddArgs),
    /// Retires a key; what it signed stays good.
    Retire(KeyArgs),
    /// Reports a key in foreign hands.
    Compromised(CompromisedArgs),
}

#[derive(Debug, clap::Args)]
struct KeyArgs {
    /// Whose key.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// The key's name.
    #[arg(long, default_value = "key-1")]
    name: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// The public key, as `tasdiq keygen` prints it.
    #[arg(long, value_name = "z6Mk...")]
    public: String,
    /// What it may sign.
    #[arg(long, value_enum, default_value = "assertion")]
    purpose: PurposeName,
    /// Who holds the private key.
    #[arg(long, value_enum, default_value = "self")]
    custody: CustodyName,
    /// Last day of use.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
}

#[derive(Debug, clap::Args)]
struct CompromisedArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// First instant at which it may have been misused.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    since: String,
    /// When this became known; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    known_at: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Certifier,
    Cooperative,
    Shop,
    Carrier,
    Laboratory,
    Inspector,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum CustodyName {
    /// The party itself.
    #[value(name = "self")]
    Own,
    /// The service.
    Operator,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PurposeName {
    /// Statements.
    Assertion,
    /// QR codes.
    Label,
    /// The service's own statements (the authority's only).
    Service,
    /// Receipts (the authority's only); the service reads the keys from keys/scitt-N.pem.
    Receipt,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    match &args.act {
        Act::Party(args) => party(args, global),
        Act::Accredit(args) => accredit(args, global),
        Act::Key(act) => key(act, global),
        Act::Reconfirm(args) => reconfirm::run(args, global),
        Act::Scope(act) => scope::run(act, global),
        Act::SucceedRoot(args) => succession::run(args, global),
        Act::Certifier(args) => enrol::certifier(args, global),
        Act::Cooperative(args) => enrol::cooperative(args, global),
    }
}

fn party(args: &PartyArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let claim =
        registration(&desk, &args.who, args.role.into(), args.region.clone(), &args.capacity)?;
    desk.file(&[claim.draft(&desk.draft())], global.json)
}

fn accredit(args: &AccreditArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let slug = PartySlug::parse(&args.id)?;
    let party = desk.trust.party(&slug).with_context(|| format!("{slug} is not registered"))?;
    let claim =
        accreditation(&desk, &slug, &party.name.clone(), args.number.as_ref(), &args.scope)?;
    desk.file_what_is_new(vec![enrol::accredited(&desk, &claim)?], global.json)
}

fn key(act: &KeyAct, global: &Global) -> anyhow::Result<Outcome> {
    let (KeyAct::Add(AddArgs { key, .. })
    | KeyAct::Retire(key)
    | KeyAct::Compromised(CompromisedArgs { key, .. })) = act;
    let slug = PartySlug::parse(&key.id)?;
    let own = slug == PartySlug::authority();
    let signer = if own { KeyName::Root } else { KeyName::Registrar };
    let desk = open(&key.common, global, signer);
    let desk = if own {
        desk.context(
            "the authority's own keys are its root's business: name the root's key file with \
             --as (root.pem; after a succession the key that took over)",
        )?
    } else {
        desk?
    };
    let event = match act {
        KeyAct::Add(args) => KeyEvent::Added(NewKey {
            public: public_key(&args.public)?,
            purpose: args.purpose.into(),
            custody: args.custody.into(),
            schemes: Vec::new(),
            not_after: args.until.as_deref().map(Day::parse).transpose()?.map(Day::end),
            parties: Vec::new(),
            cosigner: None,
        }),
        KeyAct::Retire(_) => KeyEvent::Retired,
        KeyAct::Compromised(args) => KeyEvent::Compromised {
            since: Timestamp::parse(&args.since)?,
            known_at: args.known_at.as_deref().map_or(Ok(desk.now), Timestamp::parse)?,
        },
    };
    let unsigned = key_change(&desk, &slug, &key.name, event)?;
    desk.file(&[unsigned], global.json)
}

pub(super) fn open(common: &Common, global: &Global, default: KeyName) -> anyhow::Result<Desk> {
    let key = key_or(common.signer.as_ref(), Home::at(&global.data).newest_key(default));
    Desk::open(&common.at, global, &key, &common.passphrase, &PartySlug::authority())
}

pub(super) fn registration(
    desk: &Desk,
    who: &Who,
    role: Role,
    region: Option<String>,
    capacities: &[String],
) -> anyhow::Result<Registration> {
    let party = PartySlug::parse(&who.id)?;
    Ok(Registration {
        registered_id: who.number.clone().unwrap_or_else(|| party.to_string()),
        party,
        name: who.name.clone(),
        registered_on: desk.now.day(),
        role,
        region,
        capacities: capacities.iter().map(|text| capacity(text)).collect::<Result<_, _>>()?,
        successor: None,
        regions: Vec::new(),
        gtin_prefixes: Vec::new(),
        same_name: false,
    })
}

/// Reads `product:campaign:quantity`.
fn capacity(text: &str) -> anyhow::Result<Capacity> {
    let [product, campaign, quantity] = text.split(':').collect::<Vec<_>>()[..] else {
        bail!("--capacity {text:?}: write product:campaign:quantity, e.g. argane:2026:12000L");
    };
    let known = Catalog::builtin()?.product(product);
    let known = known.with_context(|| format!("product {product:?} is not in the catalogue"))?;
    let quantity = quantity_of(quantity, known.unit).map_err(anyhow::Error::msg)?;
    Ok(Capacity { product: product.to_owned(), campaign: campaign.to_owned(), quantity })
}

pub(super) fn accreditation(
    desk: &Desk,
    slug: &PartySlug,
    name: &str,
    number: Option<&String>,
    scope: &ScopeArgs,
) -> anyhow::Result<Accreditation> {
    let set = |terms: &[String]| terms.iter().cloned().collect::<BTreeSet<_>>();
    Ok(Accreditation {
        party: slug.clone(),
        name: name.to_owned(),
        registered_id: number.cloned().unwrap_or_else(|| slug.to_string()),
        registered_on: desk.now.day(),
        scope: Scope {
            schemes: set(&scope.scheme),
            products: set(&scope.product),
            regions: set(&scope.region),
        },
        valid_from: desk.now,
        valid_until: Day::parse(&scope.until)?.end(),
    })
}

/// The full name of a party's key, from its own name.
pub(super) fn key_name(desk: &Desk, slug: &PartySlug, name: &str) -> String {
    let fragment = name.rsplit('#').next().unwrap_or(name);
    format!("{}#{fragment}", desk.domain.did(slug))
}

pub(super) fn key_change(
    desk: &Desk,
    slug: &PartySlug,
    name: &str,
    event: KeyEvent,
) -> anyhow::Result<Value> {
    let verification_method = key_name(desk, slug, name);
    let claim = KeyChange { party: slug.clone(), verification_method, event };
    Ok(claim.draft(&desk.draft()))
}

pub(super) fn public_key(text: &str) -> anyhow::Result<[u8; 32]> {
    parse_multikey(text).with_context(|| {
        format!("{text:?} is no Ed25519 public key as `tasdiq keygen` prints it (z6Mk...)")
    })
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Certifier => Self::Certifier,
            RoleName::Cooperative => Self::Cooperative,
            RoleName::Shop => Self::Shop,
            RoleName::Carrier => Self::Carrier,
            RoleName::Laboratory => Self::Laboratory,
            RoleName::Inspector => Self::Inspector,
        }
    }
}

impl From<CustodyName> for Custody {
    fn from(name: CustodyName) -> Self {
        match name {
            CustodyName::Own => Self::Own,
            CustodyName::Operator => Self::Operator,
        }
    }
}

impl From<PurposeName> for KeyPurpose {
    fn from(name: PurposeName) -> Self {
        match name {
            PurposeName::Assertion => Self::Assertion,
            PurposeName::Label => Self::Label,
            PurposeName::Service => Self::Service,
            PurposeName::Receipt => Self::Receipt,
        }
    }
}
