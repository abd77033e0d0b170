//! `tasdiq register`: the registrar's work: parties, accreditations; each act is a statement signed
//! by the authority's registrar key. Not here: keys (`keys`), agreements, numbers and
//! capacities (`rights`), what is confirmed or voided (`settle`).

mod common;
mod enrol;
mod keys;
mod reconfirm;
mod rights;
mod scope;
mod settle;
mod succession;
use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use super::{Global, Outcome};
use crate::ledger::KeyName;
use crate::names::PartySlug;
use crate::statement::Role;
use common::{Common, PartyFacts, ScopeArgs, Who, accreditation, open, registration};

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
    Key(keys::Act),
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
    /// A party lets another declare, ship or receive in its name.
    Mandate(rights::MandateArgs),
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
struct PartyArgs {
    #[command(flatten)]
    who: Who,
    /// What it does.
    #[arg(long, value_parser = role())]
    role: Role,
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

/// What a party may be registered as: anything but the authority.
fn role() -> impl TypedValueParser<Value = Role> {
    let roles = Role::VARIANTS.iter().filter(|role| **role != <&str>::from(Role::Authority));
    PossibleValuesParser::new(roles).try_map(|role| role.parse())
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    match &args.act {
        Act::Party(args) => party(args, global),
        Act::Accredit(args) => accredit(args, global),
        Act::Key(act) => keys::run(act, global),
        Act::Confirm(args) => settle::run(args, settle::Settles::Confirms, global),
        Act::Void(args) => settle::run(args, settle::Settles::Voids, global),
        Act::Agreement(args) => rights::agreement(args, global),
        Act::Capacity(args) => rights::capacity(args, global),
        Act::PrefixGrant(args) => rights::prefix_grant(args, global),
        Act::Mandate(args) => rights::mandate(args, global),
        Act::Reconfirm(args) => reconfirm::run(args, global),
        Act::Scope(act) => scope::run(act, global),
        Act::SucceedRoot(args) => succession::run(args, global),
        Act::Certifier(args) => enrol::certifier(args, global),
        Act::Cooperative(args) => enrol::cooperative(args, global),
    }
}

fn party(args: &PartyArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let facts = PartyFacts {
        regions: &args.region,
        prefixes: &args.gtin_prefix,
        capacities: &args.capacity,
    };
    let claim = registration(&desk, &args.who, args.role, &facts)?;
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
