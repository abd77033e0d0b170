//! `tasdiq register agreement|capacity|prefix-grant|mandate`: what clients and certifiers agreed
//! on, what a cooperative can produce, whose GTINs another may use, who acts in whose name.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use super::super::common::lookup;
use super::super::common::lookup::{AgreementFacts, PartyFacts};
use super::super::common::signing_session::{Filed, SigningSession, ToFile};
use super::super::{Global, Outcome};
use super::common::{Common, capacity as capacity_of, codes, open, open_for};
use crate::catalog::Catalog;
use crate::ledger::KeyName;
use crate::limits::{AGREEMENT_MONTHS_MAX, MANDATE_MONTHS_MAX};
use crate::names::{Gtin, PartySlug};
use crate::reader::Noun;
use crate::seal::ScopeStanding;
use crate::statement::{
    Agreement, CapacityStatement, Day, GrantedNumbers, Mandate, MandatedAct, PrefixGrant, Role,
    Scope,
};

/// Months of an agreement whose end is not said; the convention that a cooperative signs.
const MONTHS_DEFAULT: u32 = 36;

/// Months of a mandate whose end is not said.
const MANDATE_MONTHS_DEFAULT: u32 = 12;

/// Options of `agreement`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register agreement --certifier my-certifier --client my-coop,other-coop\n  \
    tasdiq register agreement --certifier my-certifier --client all --scheme bio-maroc\n  \
    tasdiq register agreement --certifier my-certifier --id my-coop --as my-coop.pem\n\n\
    The registrar signs from the paper that the client signed, and that is told; with --id a\n\
    client signs its own. Without one no certificate of this certifier is taken. Clients are\n\
    cooperatives, and, to be certified as operators, processors, exporters, shops and carriers.")]
pub struct AgreementArgs {
    /// Who certifies.
    #[arg(long, value_name = "SLUG")]
    certifier: String,
    /// Whose goods, from paper: short names, or `all` for every cooperative on record.
    #[arg(long, value_name = "SLUG,...", num_args = 1.., value_delimiter = ',',
        required_unless_present = "id", conflicts_with = "id")]
    client: Vec<String>,
    /// The client that signs for itself, with --as.
    #[arg(long, value_name = "SLUG", requires = "signer")]
    id: Option<String>,
    /// Under which schemes, by code or name; all that the certifier is accredited for if left out.
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    scheme: Vec<String>,
    /// First day; today if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Last day, at most 37 months after the first; 36 months if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Options of `capacity`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register capacity --id my-coop --capacity argane:2026:12000L\n  \
    tasdiq register capacity --id my-coop --capacity argane:2026:12000L \\\n      \
        --by my-certifier --as mine.pem\n\n\
    A raised figure waits 72 hours, unless the root signs. Of the authority's figure and a\n\
    certifier's the smaller one counts.")]
pub struct CapacityArgs {
    /// The cooperative.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// What it can produce; again for each product and campaign.
    #[arg(long, value_name = "PRODUCT:CAMPAIGN:QUANTITY", required = true)]
    capacity: Vec<String>,
    /// The certifier that states it, under an agreement, with --as; the registrar if left out.
    #[arg(long, value_name = "SLUG", requires = "signer")]
    by: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Options of `prefix-grant`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register prefix-grant --id my-brand --to my-coop --prefix 6111234 --as my-brand.pem")]
pub struct GrantArgs {
    /// Whose numbers they are; signs with --as.
    #[arg(long, value_name = "SLUG", requires = "signer")]
    id: String,
    /// Who may use them.
    #[arg(long, value_name = "SLUG")]
    to: String,
    /// All GTINs with this prefix, 7 to 12 digits.
    #[arg(long, value_name = "DIGITS", required_unless_present = "gtin", conflicts_with = "gtin")]
    prefix: Option<String>,
    /// One GTIN.
    #[arg(long, value_name = "GTIN")]
    gtin: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Options of `mandate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register mandate --id my-coop --to my-union --act declare,ship --as my-coop.pem\n  \
    tasdiq events october.csv --for my-coop --issuer my-union --as my-union.pem\n\n\
    For a cooperative without a telephone or a computer: it signs once, in person. What is signed\n\
    under it says so, and the cooperative can undo it within 45 days. A newer one to the same\n\
    party takes the place of this.")]
pub struct MandateArgs {
    /// In whose name; signs with --as.
    #[arg(long, value_name = "SLUG", requires = "signer")]
    id: String,
    /// Who may act.
    #[arg(long, value_name = "SLUG")]
    to: String,
    /// What it may do.
    #[arg(long = "act", value_enum, value_name = "ACT,...", required = true, num_args = 1..,
        value_delimiter = ',')]
    acts: Vec<MandatedName>,
    /// Last day, at most 13 months from today; 12 months if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// What another may do in a party's name.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum MandatedName {
    /// Declare lots.
    Declare,
    /// Ship goods.
    Ship,
    /// Receive goods.
    Receive,
}

impl From<MandatedName> for MandatedAct {
    fn from(name: MandatedName) -> Self {
        match name {
            MandatedName::Declare => Self::Declare,
            MandatedName::Ship => Self::Ship,
            MandatedName::Receive => Self::Receive,
        }
    }
}

/// Lets another party act in one's name.
///
/// # Errors
/// What keeps it from being done.
pub fn mandate(args: &MandateArgs, global: &Global) -> anyhow::Result<Outcome> {
    let party = PartySlug::parse(&args.id)?;
    let desk = open_for(&args.common, global, KeyName::Registrar, std::slice::from_ref(&party))?;
    let default = desk.now.day().plus_months(MANDATE_MONTHS_DEFAULT).context("--until")?;
    let until = args.until.as_deref().map_or(Ok(default), Day::parse).context("--until")?;
    let last = desk.now.day().plus_months(MANDATE_MONTHS_MAX);
    if until < desk.now.day() || last.is_none_or(|last| until > last) {
        bail!("--until {until}: from today to {MANDATE_MONTHS_MAX} months from today");
    }
    let acts = args.acts.iter().map(|name| MandatedAct::from(*name)).collect();
    let claim =
        Mandate { party, to: known(&desk, &PartySlug::parse(&args.to)?)?.party, acts, until };
    desk.file(&[claim.draft(&desk.draft())], args.common.consent, global.json)
}

/// What an agreement is about, beside the client.
pub(in crate::cli) struct Terms {
    certifier: PartySlug,
    schemes: BTreeSet<String>,
    from: Day,
    until: Day,
    until_given: bool,
}

/// Records agreements, one statement a client.
///
/// # Errors
/// What keeps it from being done.
pub fn agreement(args: &AgreementArgs, global: &Global) -> anyhow::Result<Outcome> {
    let own = args.id.as_deref().map(PartySlug::parse).transpose()?;
    let desk = match &own {
        Some(client) => {
            open_for(&args.common, global, KeyName::Registrar, std::slice::from_ref(client))?
        }
        None => open(&args.common, global, KeyName::Registrar)?,
    };
    let terms = Terms::of(
        &desk,
        &args.certifier,
        &args.scheme,
        args.from.as_deref(),
        args.until.as_deref(),
    )?;
    let clients = match own {
        Some(client) => vec![known(&desk, &client)?],
        None if args.client == ["all"] => lookup::cooperatives(&desk.source)?,
        None => args
            .client
            .iter()
            .map(|text| known(&desk, &PartySlug::parse(text)?))
            .collect::<anyhow::Result<_>>()?,
    };
    let parts =
        clients.iter().map(|client| terms.to_file(&desk, &client.party, &client.agreements));
    desk.file_what_is_new(parts.collect(), args.common.consent, global.json)
}

fn known(desk: &SigningSession, slug: &PartySlug) -> anyhow::Result<PartyFacts> {
    let party = lookup::party(&desk.source, slug)?;
    party.with_context(|| format!("{slug} is not registered"))
}

impl Terms {
    /// Terms with a certifier; its accredited schemes if none are given.
    ///
    /// # Errors
    /// No such certifier, no accreditation in force, days that are none.
    pub(in crate::cli) fn of(
        desk: &SigningSession,
        certifier: &str,
        schemes: &[String],
        from: Option<&str>,
        until: Option<&str>,
    ) -> anyhow::Result<Self> {
        let certifier = PartySlug::parse(certifier)?;
        let party = desk.trust.party(&certifier).filter(|party| party.role == Role::Certifier);
        let party = party.with_context(|| format!("there is no certifier {certifier}"))?;
        let named = codes(Noun::Scheme, "--scheme", schemes)?;
        let mut named: BTreeSet<String> = named.into_iter().collect();
        if named.is_empty() {
            for record in &party.accreditations {
                if let ScopeStanding::InForce(scope) = record.at(desk.now) {
                    named.extend(scope.schemes.iter().cloned());
                }
            }
        }
        if named.remove(Scope::ALL) {
            let all = Catalog::builtin()?.schemes().filter(|scheme| scheme.is_certification());
            named.extend(all.map(|scheme| scheme.id.clone()));
        }
        if named.is_empty() {
            bail!("{certifier} has no accreditation in force: name the schemes with --scheme");
        }
        let from_day = from.map_or(Ok(desk.now.day()), Day::parse).context("--from")?;
        let default = from_day.plus_months(MONTHS_DEFAULT).context("--from")?;
        let until_day = until.map_or(Ok(default), Day::parse).context("--until")?;
        let last = from_day.plus_months(AGREEMENT_MONTHS_MAX);
        if until_day < from_day || last.is_none_or(|last| until_day > last) {
            bail!("--until {until_day}: at most {AGREEMENT_MONTHS_MAX} months after {from_day}");
        }
        let until_given = until.is_some();
        Ok(Self { certifier, schemes: named, from: from_day, until: until_day, until_given })
    }

    /// The agreement of a client, unless the newest ones say the same.
    pub(in crate::cli) fn to_file(
        &self,
        desk: &SigningSession,
        client: &PartySlug,
        before: &[AgreementFacts],
    ) -> ToFile {
        let claim = Agreement {
            client: client.clone(),
            certifier: self.certifier.clone(),
            schemes: self.schemes.clone(),
            from: self.from,
            until: self.until,
            on_paper: desk.signer.issuer != *client,
        };
        let draft = claim.draft(&desk.draft());
        let stands = |scheme: &String| {
            let newest = before
                .iter()
                .rev()
                .find(|one| one.certifier == self.certifier && one.schemes.contains(scheme))?;
            let runs = (newest.from..=newest.until).contains(&self.from);
            let as_long = !self.until_given || newest.until == self.until;
            (runs && as_long).then_some(newest.index)
        };
        let standing: Option<Vec<u64>> = self.schemes.iter().map(stands).collect();
        match standing.and_then(|indexes| indexes.into_iter().max()) {
            Some(index) => ToFile::There(Filed::there(&draft, index, None)),
            None => ToFile::New(draft),
        }
    }
}

/// States what a cooperative can produce.
///
/// # Errors
/// What keeps it from being done.
pub fn capacity(args: &CapacityArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = match &args.by {
        Some(certifier) => {
            let certifier = PartySlug::parse(certifier)?;
            open_for(&args.common, global, KeyName::Registrar, &[certifier])?
        }
        None => open(&args.common, global, KeyName::Registrar)?,
    };
    let party = PartySlug::parse(&args.id)?;
    let draft = |text: &String| {
        let claim = CapacityStatement { party: party.clone(), capacity: capacity_of(text)? };
        Ok(claim.draft(&desk.draft()))
    };
    let drafts = args.capacity.iter().map(draft).collect::<anyhow::Result<Vec<_>>>()?;
    desk.file(&drafts, args.common.consent, global.json)
}

/// Lends GTINs to another party.
///
/// # Errors
/// What keeps it from being done.
pub fn prefix_grant(args: &GrantArgs, global: &Global) -> anyhow::Result<Outcome> {
    let from = PartySlug::parse(&args.id)?;
    let desk = open_for(&args.common, global, KeyName::Registrar, std::slice::from_ref(&from))?;
    let numbers = match (&args.prefix, &args.gtin) {
        (Some(prefix), _) => GrantedNumbers::Prefix(prefix.clone()),
        (None, Some(gtin)) => GrantedNumbers::Gtin(Gtin::parse(gtin).context("--gtin")?),
        (None, None) => bail!("--prefix or --gtin is missing"),
    };
    let to = PartySlug::parse(&args.to)?;
    let claim = PrefixGrant { from, numbers, to };
    desk.file(&[claim.draft(&desk.draft())], args.common.consent, global.json)
}
