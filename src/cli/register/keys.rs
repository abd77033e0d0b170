//! `tasdiq register key`: adds a key, retires one, reports one in foreign hands. A party ends its
//! own with any of its keys; all else is the authority's, and its own keys are its root's.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use serde_json::Value;

use super::super::common::signing_session::SigningSession;
use super::super::common::token;
use super::super::{Global, Outcome};
use super::common::{Common, CustodyName, open_for};
use crate::ledger::KeyName;
use crate::names::PartySlug;
use crate::statement::{
    Cosigner, Day, KeyChange, KeyEvent, KeyPurpose, NewKey, Timestamp, parse_multikey,
};

/// What happens to the key.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Adds a key.
    Add(Box<AddArgs>),
    /// Retires a key; what it signed stays good.
    Retire(KeyArgs),
    /// Reports a key in foreign hands.
    Compromised(CompromisedArgs),
}

/// Options of all three.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// Whose key.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// The key's name.
    #[arg(long, default_value = "key-1")]
    name: String,
    #[command(flatten)]
    common: Common,
}

/// Options of `add`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register key add --id my-coop --name key-2 --public z6Mk... --cosign old.pem\n  \
    tasdiq register key add --id my-certifier --name label-1 --purpose label \\\n      \
        --public z6Mk... --scheme bio-maroc --party my-coop --until 2027-06-30 --as mine.pem\n\n\
    A further key counts after 72 hours, unless a key of the party cosigns it or the root signs.")]
pub struct AddArgs {
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
    /// With --purpose label: the schemes it may put on a label.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "SCHEME")]
    scheme: Vec<String>,
    /// With --purpose label: the parties whose lots it labels.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "SLUG")]
    party: Vec<String>,
    /// Key file or PKCS#11 URI of a key that the party has in force: with it the new key counts at
    /// once.
    #[arg(long, value_name = "KEYFILE")]
    cosign: Option<PathBuf>,
}

/// Options of `compromised`.
#[derive(Debug, clap::Args)]
pub struct CompromisedArgs {
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
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    let key = match act {
        Act::Add(args) => &args.key,
        Act::Retire(key) | Act::Compromised(CompromisedArgs { key, .. }) => key,
    };
    let slug = PartySlug::parse(&key.id)?;
    let own = slug.is_authority();
    let by_party = match act {
        Act::Add(args) => matches!(args.purpose, PurposeName::Label),
        _ => true,
    };
    let default = if own { KeyName::Root } else { KeyName::Registrar };
    let authority = PartySlug::authority();
    let desk = if by_party && !own {
        open_for(&key.common, global, default, &[slug.clone(), authority])
    } else {
        open_for(&key.common, global, default, &[authority])
    };
    let desk = if own {
        desk.context(
            "the authority's own keys are decided on by whoever holds its root key, who names \
             that with --as",
        )?
    } else {
        desk?
    };
    let event = match act {
        Act::Add(args) => KeyEvent::Added(added(&desk, &slug, args)?),
        Act::Retire(_) => KeyEvent::Retired,
        Act::Compromised(args) => KeyEvent::Compromised {
            since: Timestamp::parse(&args.since)?,
            known_at: args.known_at.as_deref().map_or(Ok(desk.now), Timestamp::parse)?,
        },
    };
    let adds = matches!(event, KeyEvent::Added(_));
    let unsigned = key_change(&desk, &slug, &key.name, event)?;
    let outcome = desk.file(&[unsigned], key.common.consent, global.json)?;
    if adds && outcome == Outcome::Passed {
        tell_if_it_waits(&desk, &slug, &key.name)?;
    }
    Ok(outcome)
}

/// The key to be added, and the co-signature under it.
fn added(desk: &SigningSession, slug: &PartySlug, args: &AddArgs) -> anyhow::Result<NewKey> {
    let mut parties: Vec<PartySlug> =
        args.party.iter().map(|text| PartySlug::parse(text)).collect::<Result<_, _>>()?;
    parties.sort();
    parties.dedup();
    let mut new = NewKey {
        public: public_key(&args.public)?,
        purpose: args.purpose.into(),
        custody: args.custody.into(),
        schemes: args.scheme.clone(),
        not_after: args.until.as_deref().map(Day::parse).transpose()?.map(Day::end),
        parties,
        cosigner: None,
    };
    let Some(path) = &args.cosign else { return Ok(new) };
    let cosigner = args.key.common.key(path)?;
    let known = desk.trust.party(slug).map(|party| party.keys.as_slice()).unwrap_or_default();
    let record = known.iter().find(|key| key.public == cosigner.public());
    let record = record
        .with_context(|| format!("--cosign {}: it is no key of {slug}", token::shown(path)))?;
    let claim = KeyChange {
        party: slug.clone(),
        verification_method: key_name(desk, slug, &args.key.name),
        event: KeyEvent::Added(new.clone()),
    };
    new.cosigner = Some(Cosigner {
        verification_method: record.verification_method.clone(),
        signature: cosigner.sign(&claim.cosigned_bytes(&desk.domain))?,
    });
    Ok(new)
}

/// Says from when on a key counts, if that is not now.
fn tell_if_it_waits(desk: &SigningSession, slug: &PartySlug, name: &str) -> anyhow::Result<()> {
    let trust = desk.source.trust(None)?;
    let method = key_name(desk, slug, name);
    let keys = trust.party(slug).map(|party| party.keys.as_slice()).unwrap_or_default();
    let record = keys.iter().find(|key| key.verification_method == method);
    if let Some(from) = record.and_then(|key| key.counts_from).filter(|from| *from > desk.now) {
        eprintln!(
            "The key counts from {from} on. At once it counts when a key that {slug} has in force \
             cosigns it (--cosign), or when the root signs."
        );
    }
    Ok(())
}

/// The full name of a party's key, from its own name.
pub(in crate::cli) fn key_name(desk: &SigningSession, slug: &PartySlug, name: &str) -> String {
    let fragment = name.rsplit('#').next().unwrap_or(name);
    format!("{}#{fragment}", desk.domain.did(slug))
}

pub(in crate::cli) fn key_change(
    desk: &SigningSession,
    slug: &PartySlug,
    name: &str,
    event: KeyEvent,
) -> anyhow::Result<Value> {
    let verification_method = key_name(desk, slug, name);
    let claim = KeyChange { party: slug.clone(), verification_method, event };
    Ok(claim.draft(&desk.draft()))
}

pub(in crate::cli) fn public_key(text: &str) -> anyhow::Result<[u8; 32]> {
    // As people paste it: with quotes and spaces, or as a did:key.
    let plain = text.trim().trim_matches(['"', '\'']).trim();
    let plain = plain.strip_prefix("did:key:").unwrap_or(plain);
    parse_multikey(plain).with_context(|| {
        format!(
            "{text:?} is no Ed25519 public key as `tasdiq keygen` prints it (z6Mk...; `tasdiq keygen \
             --public KEYFILE` prints that of a key file)"
        )
    })
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
