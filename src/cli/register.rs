//! `tasdiq register`: the registrar's work: parties, accreditations; each act is a statement signed
//! by the authority's registrar key. Not here: keys (`register_keys`), agreements, numbers and
//! capacities (`rights`), what is confirmed or voided (`settle`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::desk::{Desk, key_or};
use super::keys::Passphrase;
use super::source::At;
use super::{
    Consent, Global, Outcome, enrol, lookup, reconfirm, register_keys, rights, scope, settle,
    succession,
};
use crate::ledger::{Home, KeyName};
use crate::reader::quantity_of;
use crate::seal::Signer;
use crate::statement::{
    Accreditation, Capacity, Catalog, Custody, Day, PartySlug, Registration, Role, Scope,
};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register certifier --id my-certifier --name \"My certifier\" \\\n      \
        --scheme bio-maroc --product argane --region MA-09 --until 2028-12-31 --public z6Mk...\n  \
    tasdiq register cooperative --id my-coop --name \"My cooperative\" --region MA-09 \\\n      \
        --capacity argane:2026:12000L --agrees my-certifier --public z6Mk...\n  \
    tasdiq register agreement --certifier my-certifier --client my-coop,other-coop\n  \
    tasdiq register key compromised --id my-coop --name key-1 --since 2026-11-01T00:00:00Z\n  \
    tasdiq register reconfirm --id my-certifier --suspect-key key-1 --as new-key.pem\n  \
    tasdiq register scope narrow --id my-certifier --product argane --reason nonconformity\n  \
    tasdiq register succeed-root --key root-next.pem --next root-after.pem\n\n\
    What cannot be undone is shown and asked first; --yes is the answer where nobody is there.")]
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
    Key(register_keys::Act),
    /// Certificates that a stolen key made suspect: the certifier stands by them.
    Reconfirm(reconfirm::Args),
    /// Entries that are suspect, or not final yet, are confirmed.
    Confirm(settle::Args),
    /// Changes of status that are suspect, or not final yet, count as never logged.
    Void(settle::Args),
    /// A client lets a certifier act for it.
    Agreement(rights::AgreementArgs),
    /// What a cooperative can produce in a campaign.
    Capacity(rights::CapacityArgs),
    /// A party lets another use its GTINs.
    PrefixGrant(rights::GrantArgs),
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
    /// Key file or PKCS#11 URI of who signs; if left out the authority's registrar key in the data
    /// folder, or its root key where the authority's own keys are changed.
    #[arg(long = "as", env = "TASDIQ_AS", hide_env_values = true, value_name = "KEYFILE")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    pub consent: Consent,
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
    /// Another party's name looks the same, and both are meant.
    #[arg(long)]
    pub same_name: bool,
}

#[derive(Debug, clap::Args)]
struct PartyArgs {
    #[command(flatten)]
    who: Who,
    /// What it does.
    #[arg(long, value_enum)]
    role: RoleName,
    /// Its region, ISO 3166-2; again for each further one.
    #[arg(long, value_name = "MA-09")]
    region: Vec<String>,
    /// Prefix of the GTINs that are its own, 7 to 12 digits; again for each.
    #[arg(long, value_name = "DIGITS")]
    gtin_prefix: Vec<String>,
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
    /// First day of the accreditation; today if left out. No certificate begins before it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
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

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    match &args.act {
        Act::Party(args) => party(args, global),
        Act::Accredit(args) => accredit(args, global),
        Act::Key(act) => register_keys::run(act, global),
        Act::Confirm(args) => settle::run(args, settle::Settles::Confirms, global),
        Act::Void(args) => settle::run(args, settle::Settles::Voids, global),
        Act::Agreement(args) => rights::agreement(args, global),
        Act::Capacity(args) => rights::capacity(args, global),
        Act::PrefixGrant(args) => rights::prefix_grant(args, global),
        Act::Reconfirm(args) => reconfirm::run(args, global),
        Act::Scope(act) => scope::run(act, global),
        Act::SucceedRoot(args) => succession::run(args, global),
        Act::Certifier(args) => enrol::certifier(args, global),
        Act::Cooperative(args) => enrol::cooperative(args, global),
    }
}

fn party(args: &PartyArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let facts =
        Facts { regions: &args.region, prefixes: &args.gtin_prefix, capacities: &args.capacity };
    let claim = registration(&desk, &args.who, args.role.into(), &facts)?;
    desk.file(&[claim.draft(&desk.draft())], args.common.consent, global.json)
}

fn accredit(args: &AccreditArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let slug = PartySlug::parse(&args.id)?;
    let party = desk.trust.party(&slug).with_context(|| format!("{slug} is not registered"))?;
    let claim =
        accreditation(&desk, &slug, &party.name.clone(), args.number.as_ref(), &args.scope)?;
    desk.file_what_is_new(vec![enrol::accredited(&desk, &claim)?], args.common.consent, global.json)
}

pub(super) fn open(common: &Common, global: &Global, default: KeyName) -> anyhow::Result<Desk> {
    open_for(common, global, default, &[PartySlug::authority()])
}

/// As [`open`], for the first of several parties that has the key.
pub(super) fn open_for(
    common: &Common,
    global: &Global,
    default: KeyName,
    issuers: &[PartySlug],
) -> anyhow::Result<Desk> {
    let key = key_or(common.signer.as_ref(), Home::at(&global.data).newest_key(default));
    Desk::open_for(&common.at, global, &key, &common.passphrase, issuers)
}

impl Common {
    /// Opens another key file, with the same passphrase.
    pub(super) fn key(&self, path: &Path) -> anyhow::Result<Box<dyn Signer>> {
        self.passphrase.open(path)
    }
}

/// What a registration says beside the name, as given on the command line.
pub(super) struct Facts<'a> {
    pub regions: &'a [String],
    pub prefixes: &'a [String],
    pub capacities: &'a [String],
}

/// The registration of a party. What is on record of it and not given anew stays as it is.
pub(super) fn registration(
    desk: &Desk,
    who: &Who,
    role: Role,
    facts: &Facts<'_>,
) -> anyhow::Result<Registration> {
    let party = PartySlug::parse(&who.id)?;
    let known = lookup::party(&desk.source, &party)?;
    let before = known.as_ref();
    let mut regions: Vec<String> = facts.regions.to_vec();
    if regions.is_empty() {
        regions
            .extend(before.into_iter().flat_map(|it| it.region.iter().chain(&it.regions)).cloned());
    }
    let mut regions = regions.into_iter();
    let mut gtin_prefixes: Vec<String> = facts.prefixes.to_vec();
    if gtin_prefixes.is_empty() {
        let own = before.into_iter().flat_map(|it| &it.gtin_prefixes);
        gtin_prefixes.extend(own.map(|it| it.prefix.clone()));
    }
    let given = facts.capacities.iter().map(|text| capacity(text));
    let mut capacities = given.collect::<anyhow::Result<Vec<_>>>()?;
    if capacities.is_empty() {
        capacities.extend(before.into_iter().flat_map(|it| it.capacities.iter().cloned()));
    }
    Ok(Registration {
        registered_id: who.number.clone().unwrap_or_else(|| party.to_string()),
        party,
        name: who.name.clone(),
        registered_on: desk.now.day(),
        role,
        region: regions.next(),
        regions: regions.collect(),
        gtin_prefixes,
        same_name: who.same_name,
        capacities,
        successor: None,
    })
}

/// Reads `product:campaign:quantity`.
///
/// # Errors
/// Another form, a product that is not known.
pub(super) fn capacity(text: &str) -> anyhow::Result<Capacity> {
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
    let first = scope.from.as_deref().map_or(Ok(desk.now.day()), Day::parse).context("--from")?;
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
        valid_from: first.start(),
        valid_until: Day::parse(&scope.until)?.end(),
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
