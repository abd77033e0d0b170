//! `tasdiq register certifier|cooperative`: a party in one go. What is on record already is left
//! out, and what can be seen to fail is said before anything is signed: a second try does no harm.

use anyhow::{Context, bail};

use super::super::common::lookup;
use super::super::common::signing_session::{Filed, SigningSession, ToFile};
use super::super::{Global, Outcome};
use super::common::{
    Common, CustodyName, PartyFacts, ScopeArgs, Who, accreditation, open, registration,
};
use super::keys::{key_change, key_name, public_key};
use super::rights::Terms;
use crate::catalog::Catalog;
use crate::ledger::KeyName;
use crate::names::PartySlug;
use crate::register::known_terms;
use crate::seal::{KeyRecord, ScopeStanding};
use crate::statement::{Accreditation, KeyEvent, KeyPurpose, NewKey, Registration, Role};

/// Options of `certifier`.
#[derive(Debug, clap::Args)]
pub struct CertifierArgs {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    key: FirstKey,
    #[command(flatten)]
    common: Common,
}

/// Options of `cooperative`.
#[derive(Debug, clap::Args)]
pub struct CooperativeArgs {
    #[command(flatten)]
    who: Who,
    /// Its region, ISO 3166-2 or by name; again for each further one.
    #[arg(long, value_name = "MA-09", required = true)]
    region: Vec<String>,
    /// Prefix of the GTINs that are its own, 7 to 12 digits; again for each.
    #[arg(long, value_name = "DIGITS")]
    gtin_prefix: Vec<String>,
    /// A certifier that it has an agreement with, on the paper it signed; without schemes all that
    /// the certifier is accredited for; again for each.
    #[arg(long, value_name = "CERTIFIER[:SCHEME,...]")]
    agrees: Vec<String>,
    /// What it can produce, e.g. argane:2026:12000L; again for each product and campaign.
    #[arg(long, value_name = "PRODUCT:CAMPAIGN:QUANTITY")]
    capacity: Vec<String>,
    #[command(flatten)]
    key: FirstKey,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct FirstKey {
    /// Its public key, as `tasdiq keygen` prints it.
    #[arg(long, value_name = "z6Mk...")]
    public: String,
    /// The key's name.
    #[arg(long, default_value = "key-1")]
    key_name: String,
    /// Who holds the private key.
    #[arg(long, value_enum, default_value = "self")]
    custody: CustodyName,
}

/// Registers a certifier with its accreditation and first key.
///
/// # Errors
/// What keeps it from being done.
pub fn certifier(args: &CertifierArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let who = &args.who;
    let slug = PartySlug::parse(&who.id)?;
    let none = PartyFacts { regions: &[], prefixes: &[], capacities: &[] };
    let party = registration(&desk, who, Role::Certifier, &none)?;
    let scope = accreditation(&desk, &slug, &who.name, who.number.as_ref(), &args.scope)?;
    let parts = vec![
        registered(&desk, &party)?,
        accredited(&desk, &scope)?,
        first_key(&desk, &slug, &args.key)?,
    ];
    desk.file_what_is_new(parts, args.common.consent, global.json)
}

/// Registers a cooperative with its first key.
///
/// # Errors
/// What keeps it from being done.
pub fn cooperative(args: &CooperativeArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let slug = PartySlug::parse(&args.who.id)?;
    let facts = PartyFacts {
        regions: &args.region,
        prefixes: &args.gtin_prefix,
        capacities: &args.capacity,
    };
    let party = registration(&desk, &args.who, Role::Cooperative, &facts)?;
    let mut parts = vec![registered(&desk, &party)?, first_key(&desk, &slug, &args.key)?];
    let known = lookup::party(&desk.source, &slug)?;
    let agreed = known.map(|party| party.agreements).unwrap_or_default();
    for text in &args.agrees {
        let (certifier, schemes) = text.split_once(':').unwrap_or((text, ""));
        let schemes: Vec<String> =
            schemes.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let terms = Terms::of(&desk, certifier, &schemes, None, None);
        parts.push(
            terms.with_context(|| format!("--agrees {text}"))?.to_file(&desk, &slug, &agreed),
        );
    }
    desk.file_what_is_new(parts, args.common.consent, global.json)
}

/// The registration, unless the register says the same.
fn registered(desk: &SigningSession, claim: &Registration) -> anyhow::Result<ToFile> {
    let draft = claim.draft(&desk.draft());
    let Some(known) = lookup::party(&desk.source, &claim.party)? else {
        return Ok(ToFile::New(draft));
    };
    if known.role != claim.role {
        let role: &str = known.role.into();
        bail!(
            "{} is registered already, as {} ({role}): choose another --id",
            claim.party,
            known.name
        );
    }
    let same = known.name == claim.name
        && known.region == claim.region
        && known.regions == claim.regions
        && known.gtin_prefixes.len() == claim.gtin_prefixes.len()
        && known.gtin_prefixes.iter().all(|it| claim.gtin_prefixes.contains(&it.prefix))
        && known.registered_id == claim.registered_id
        && known.capacities == claim.capacities
        && known.names == claim.names
        && known.contact == claim.contact;
    Ok(if same {
        ToFile::There(Filed::there(&draft, known.index, None))
    } else {
        ToFile::New(draft)
    })
}

/// The accreditation, unless one with the same scope and end is in force.
///
/// # Errors
/// A term that is not in the catalogue, an end that is over.
pub(in crate::cli) fn accredited(
    desk: &SigningSession,
    claim: &Accreditation,
) -> anyhow::Result<ToFile> {
    known_terms(Catalog::builtin()?, &claim.scope)?;
    if claim.valid_until <= claim.valid_from {
        bail!("--until {} is over already", claim.valid_until.day());
    }
    let draft = claim.draft(&desk.draft());
    let known = desk.trust.party(&claim.party).map(|party| party.accreditations.as_slice());
    let same = known.unwrap_or_default().iter().find(|record| {
        record.valid_until == claim.valid_until
            && record.valid_from <= claim.valid_from
            && matches!(record.at(desk.now), ScopeStanding::InForce(scope) if *scope == claim.scope)
    });
    Ok(match same {
        Some(record) => {
            ToFile::There(Filed::there(&draft, record.mark.index, Some(record.id.clone())))
        }
        None => ToFile::New(draft),
    })
}

/// The key, unless it is the party's under this name. One that is anybody else's, or was the
/// party's under another name, is refused as the register would.
fn first_key(desk: &SigningSession, slug: &PartySlug, key: &FirstKey) -> anyhow::Result<ToFile> {
    let public = public_key(&key.public)?;
    let event = KeyEvent::Added(NewKey {
        public,
        purpose: KeyPurpose::Assertion,
        custody: key.custody.into(),
        schemes: Vec::new(),
        not_after: None,
        parties: Vec::new(),
        cosigner: None,
    });
    let draft = key_change(desk, slug, &key.key_name, event)?;
    let name = key_name(desk, slug, &key.key_name);
    let all = || desk.trust.parties.iter().flat_map(|party| &party.keys);
    let named: Option<&KeyRecord> = all().find(|known| known.verification_method == name);
    match (named, all().find(|known| known.public == public)) {
        (Some(known), _) if known.public == public => {
            if known.retired.is_some() || known.compromised.is_some() {
                bail!("{name} is on record and no longer in force: make a new key (keygen)");
            }
            Ok(ToFile::There(Filed::there(&draft, known.added.index, None)))
        }
        (Some(_), _) => bail!("{name} is another key: name this one with --key-name"),
        (None, Some(known)) => bail!(
            "--public is on record already, as {}: every key is used once (keygen makes one)",
            known.verification_method
        ),
        (None, None) => Ok(ToFile::New(draft)),
    }
}
