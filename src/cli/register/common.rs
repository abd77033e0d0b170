//! What the acts of `register` have in common: who signs, which party, what a registration and an
//! accreditation say. Not here: the acts (`register`, `enrol`, `register_keys`, `rights`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::super::common::keys::Passphrase;
use super::super::common::lookup;
use super::super::common::service::At;
use super::super::common::signing_session::{SigningSession, key_or};
use super::super::common::words::Worded;
use super::super::{Consent, Global};
use crate::catalog::Catalog;
use crate::ledger::{Home, KeyName};
use crate::names::PartySlug;
use crate::reader::{Noun, ReadFault, code_of, quantity_of};
use crate::seal::Signer;
use crate::statement::{
    Accreditation, Capacity, Contact, Custody, Day, LocalNames, Registration, Role, Scope,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Common {
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
pub(in crate::cli) struct Who {
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
    #[command(flatten)]
    public: PublicFacts,
}

/// How the public is told of a party; what is not given stays as it is on record.
#[derive(Debug, clap::Args)]
struct PublicFacts {
    /// Telephone that the public calls, shown where goods are recalled or in doubt; of a legal
    /// person, never a private one. Empty takes it away.
    #[arg(long, value_name = "+212...")]
    phone: Option<String>,
    /// Address of its pages for the public. Empty takes it away.
    #[arg(long, value_name = "https://...")]
    site: Option<String>,
    /// Its name in French, where --name is in another language; empty takes it away, as with the
    /// others.
    #[arg(long, value_name = "NAME")]
    name_fr: Option<String>,
    /// In Arabic.
    #[arg(long, value_name = "NAME")]
    name_ar: Option<String>,
    /// In English.
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// In Spanish.
    #[arg(long, value_name = "NAME")]
    name_es: Option<String>,
    /// In Amazigh.
    #[arg(long, value_name = "NAME")]
    name_zgh: Option<String>,
}

impl PublicFacts {
    /// How it is reached, over what is on record.
    fn contact(&self, before: Option<&Contact>) -> Option<Contact> {
        let over = |given: &Option<String>, known: Option<&String>| match given {
            Some(given) => Some(given.trim().to_owned()).filter(|text| !text.is_empty()),
            None => known.cloned(),
        };
        // People write it in groups.
        let digits = |text: &String| text.replace([' ', '\u{a0}', '.', '-', '(', ')'], "");
        let phone = over(&self.phone.as_ref().map(digits), before.and_then(|it| it.phone.as_ref()));
        let url = over(&self.site, before.and_then(|it| it.url.as_ref()));
        (phone.is_some() || url.is_some()).then_some(Contact { phone, url })
    }

    /// Its names in other languages, over what is on record.
    fn names(&self, before: Option<&LocalNames>) -> LocalNames {
        let mut names = before.cloned().unwrap_or_default();
        let given = [
            ("fr", &self.name_fr),
            ("ar", &self.name_ar),
            ("en", &self.name_en),
            ("es", &self.name_es),
            ("zgh", &self.name_zgh),
        ];
        for (language, name) in given {
            match name.as_deref().map(str::trim) {
                Some("") => drop(names.remove(language)),
                Some(name) => drop(names.insert(language.to_owned(), name.to_owned())),
                None => {}
            }
        }
        names
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ScopeArgs {
    /// Schemes it may certify under, by code or name (`tasdiq catalogue`), or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    scheme: Vec<String>,
    /// Products, by code or name, or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    product: Vec<String>,
    /// Regions, ISO 3166-2 or by name, or `all`.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
    region: Vec<String>,
    /// First day of the accreditation; today if left out. No certificate begins before it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Last day of the accreditation.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum CustodyName {
    /// The party itself.
    #[value(name = "self")]
    Own,
    /// The service.
    Operator,
}

pub(in crate::cli) fn open(
    common: &Common,
    global: &Global,
    default: KeyName,
) -> anyhow::Result<SigningSession> {
    open_for(common, global, default, &[PartySlug::authority()])
}

/// As [`open`], for the first of several parties that has the key.
pub(in crate::cli) fn open_for(
    common: &Common,
    global: &Global,
    default: KeyName,
    issuers: &[PartySlug],
) -> anyhow::Result<SigningSession> {
    let key = key_or(common.signer.as_ref(), Home::at(&global.data).newest_key(default));
    SigningSession::open_for(&common.at, global, &key, &common.passphrase, issuers)
}

impl Common {
    /// Opens another key file, with the same passphrase.
    pub(in crate::cli) fn key(&self, path: &Path) -> anyhow::Result<Box<dyn Signer>> {
        self.passphrase.open(path)
    }
}

/// What a registration says beside the name, as given on the command line.
pub(in crate::cli) struct PartyFacts<'a> {
    pub regions: &'a [String],
    pub prefixes: &'a [String],
    pub capacities: &'a [String],
}

/// The registration of a party. What is on record of it and not given anew stays as it is.
pub(in crate::cli) fn registration(
    desk: &SigningSession,
    who: &Who,
    role: Role,
    facts: &PartyFacts<'_>,
) -> anyhow::Result<Registration> {
    let party = PartySlug::parse(&who.id)?;
    let known = lookup::party(&desk.source, &party)?;
    let before = known.as_ref();
    let mut regions = codes(Noun::Region, "--region", facts.regions)?;
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
        contact: who.public.contact(before.and_then(|it| it.contact.as_ref())),
        names: who.public.names(before.map(|it| &it.names)),
    })
}

/// The codes of what people name on the command line; `all` stays.
///
/// # Errors
/// A word that names nothing, or several.
pub(in crate::cli) fn codes(
    noun: Noun,
    option: &str,
    words: &[String],
) -> anyhow::Result<Vec<String>> {
    let code = |word: &String| match word.as_str() {
        Scope::ALL => Ok(word.clone()),
        word => code_of(noun, word)
            .map(str::to_owned)
            .map_err(|fault| anyhow::anyhow!("{option}: {}", fault.worded().1)),
    };
    words.iter().map(code).collect()
}

/// Reads `product:campaign:quantity`.
///
/// # Errors
/// Another form, a product that is not known.
pub(in crate::cli) fn capacity(text: &str) -> anyhow::Result<Capacity> {
    let [product, campaign, quantity] = text.split(':').collect::<Vec<_>>()[..] else {
        bail!("--capacity {text:?}: write product:campaign:quantity, e.g. argane:2026:12000L");
    };
    let fault = |fault: ReadFault| anyhow::anyhow!("--capacity {text:?}: {}", fault.worded().1);
    let product = code_of(Noun::Material, product).map_err(fault)?;
    let known = Catalog::builtin()?.material(product);
    let known = known.with_context(|| format!("product {product:?} is not in the catalogue"))?;
    let quantity = quantity_of(quantity, known.unit).map_err(fault)?;
    Ok(Capacity { product: product.to_owned(), campaign: campaign.to_owned(), quantity })
}

pub(in crate::cli) fn accreditation(
    desk: &SigningSession,
    slug: &PartySlug,
    name: &str,
    number: Option<&String>,
    scope: &ScopeArgs,
) -> anyhow::Result<Accreditation> {
    let first = scope.from.as_deref().map_or(Ok(desk.now.day()), Day::parse).context("--from")?;
    let set = |noun, option: &str, words: &[String]| {
        codes(noun, option, words).map(|codes| codes.into_iter().collect::<BTreeSet<_>>())
    };
    Ok(Accreditation {
        party: slug.clone(),
        name: name.to_owned(),
        registered_id: number.cloned().unwrap_or_else(|| slug.to_string()),
        registered_on: desk.now.day(),
        scope: Scope {
            schemes: set(Noun::Scheme, "--scheme", &scope.scheme)?,
            products: set(Noun::Product, "--product", &scope.product)?,
            regions: set(Noun::Region, "--region", &scope.region)?,
        },
        valid_from: first.start(),
        valid_until: Day::parse(&scope.until)?.end(),
    })
}

impl From<CustodyName> for Custody {
    fn from(name: CustodyName) -> Self {
        match name {
            CustodyName::Own => Self::Own,
            CustodyName::Operator => Self::Operator,
        }
    }
}
