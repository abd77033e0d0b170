//! `tasdiq register succeed-root`: the root that the present one committed to takes over, and makes
//! the root after it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::super::common::keys::{Passphrase, Registered};
use super::super::common::service::{At, Source};
use super::super::common::signing_session::SigningSession;
use super::super::common::token;
use super::super::{Consent, Global, Outcome};
use crate::ledger::Home;
use crate::names::PartySlug;
use crate::os::now;
use crate::seal::{KeyRecord, Signer};
use crate::statement::{KeptKey, KeyPurpose, RootSuccession, multikey, root_commitment};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register succeed-root --key root-next.pem --next root-after.pem\n  \
    tasdiq register succeed-root --key root-next.pem --next root-after.pem --drop registrar-1\n\n\
    Run it when the root key is lost or stolen, or every few years. The keys of the authority\n\
    that are in force go on unless dropped; all others end. ledger.json keeps naming the first\n\
    root: readers follow from it. Move both key files offline afterwards.")]
pub struct Args {
    /// The next root key, made when the ledger was founded (or by the last succession).
    #[arg(long, value_name = "KEYFILE")]
    key: PathBuf,
    /// Where the key of the root after it is written; one that is there already is used.
    #[arg(long, value_name = "KEYFILE")]
    next: PathBuf,
    /// A key of the authority that does not go on, e.g. registrar-1; again for each.
    #[arg(long, value_name = "KEY")]
    drop: Vec<String>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let key = args.passphrase.open(&args.key)?;
    let source = Source::open(&args.at, global)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let issuer = PartySlug::authority();
    let authority = trust.party(&issuer).context("the ledger has no authority")?;
    let roots = authority.keys.iter().filter(|key| key.purpose == KeyPurpose::Root).count();
    let method = format!("{}#root-{}", domain.did(&issuer), roots.saturating_add(1));
    let keeps = kept(&authority.keys, &args.drop)?;
    let mut claim = RootSuccession {
        verification_method: method.clone(),
        public: key.public(),
        // Asked before the key of the root after it is made.
        successor: [0; 32],
        keeps,
    };
    let issuer_name = authority.name.clone();
    let signer = Registered { key, issuer, issuer_name, method };
    let desk = SigningSession { source, trust, domain, signer, now: now() };
    desk.agreed(&[claim.draft(&desk.draft())], args.consent)?;
    let next = next_key(&args.next, &args.passphrase)?;
    if next.public() == claim.public {
        bail!("--next must be another key than --key");
    }
    claim.successor = root_commitment(&next.public());
    let unsigned = claim.draft(&desk.draft());
    let outcome = desk.file(&[unsigned], Consent { yes: true }, global.json)?;
    if matches!(outcome, Outcome::Passed) {
        eprintln!(
            "The root is now {} (publish this fingerprint too; the first stays valid).\n\
             Keep {} and {} offline.",
            multikey(&claim.public),
            token::shown(&args.key),
            token::shown(&args.next)
        );
    }
    Ok(outcome)
}

/// The authority's keys in force that go on.
fn kept(keys: &[KeyRecord], dropped: &[String]) -> anyhow::Result<Vec<KeptKey>> {
    let fragment =
        |key: &KeyRecord| key.verification_method.rsplit('#').next().unwrap_or_default().to_owned();
    for name in dropped {
        if !keys.iter().any(|key| fragment(key) == *name) {
            bail!("--drop {name}: the authority has no such key");
        }
    }
    let goes_on = |key: &&KeyRecord| {
        key.purpose != KeyPurpose::Root
            && key.retired.is_none()
            && key.compromised.is_none()
            && !dropped.contains(&fragment(key))
    };
    let kept: Vec<KeptKey> = keys
        .iter()
        .filter(goes_on)
        .map(|key| KeptKey {
            verification_method: key.verification_method.clone(),
            public: key.public,
            purpose: key.purpose,
        })
        .collect();
    for (purpose, what) in [(KeyPurpose::Service, "service"), (KeyPurpose::Log, "log")] {
        if !kept.iter().any(|key| key.purpose == purpose) {
            bail!("no {what} key would go on; the ledger cannot run without one");
        }
    }
    Ok(kept)
}

/// The key of the root after this one, written before its hash is told to anybody.
fn next_key(path: &Path, passphrase: &Passphrase) -> anyhow::Result<Box<dyn Signer>> {
    if path.exists() || token::uri_of(path).is_some() {
        return passphrase.open(path);
    }
    Ok(Box::new(Home::make_key(path, &passphrase.for_new_key(path)?)?))
}
