//! `tasdiq register reconfirm`: a certifier stands by certificates that a stolen key made suspect.

use std::path::PathBuf;

use anyhow::Context;

use super::super::common::keys::{Passphrase, registered};
use super::super::common::selection::{Chosen, ListedCertificate, method_of};
use super::super::common::service::{At, Source};
use super::super::common::signing_session::SigningSession;
use super::super::{Global, Outcome};
use crate::names::PartySlug;
use crate::os::now;
use crate::register::CertificateStatus;
use crate::seal::KeyStanding;
use crate::statement::{Reconfirmation, SerialRanges};
use crate::trust::Trust;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register reconfirm --id my-certifier --suspect-key key-1 --dry-run\n  \
    tasdiq register reconfirm --id my-certifier --suspect-key key-1 --serials 7,10-25 \\\n      \
        --as new-key.pem\n\n\
    Go through the certificates first: withdraw those that the certifier did not sign\n\
    (tasdiq status withdraw), confirm the others.")]
pub struct Args {
    /// The certifier.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// The name of its compromised key.
    #[arg(long, value_name = "KEY")]
    suspect_key: String,
    #[command(flatten)]
    chosen: Chosen,
    /// Key file or PKCS#11 URI of the certifier, in force.
    #[arg(long = "as", value_name = "KEYFILE", required_unless_present = "dry_run")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let party = PartySlug::parse(&args.id)?;
    let source = Source::open(&args.at, global)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let (_, method) = method_of(&format!("{party}#{}", args.suspect_key), &domain)?;
    let chosen = args.chosen.signed_with(&method);
    let listed = chosen.list(&source, &trust)?;
    let sets = suspects(&listed, &trust, &party, &method)?;
    if args.chosen.dry_run {
        args.chosen.shown("confirm", &sets, global.json)?;
        return Ok(Outcome::Passed);
    }
    let signer = args.signer.as_ref().context("--as KEYFILE is missing")?;
    let signer = registered(args.passphrase.open(signer)?, signer, &party, &trust)?;
    let desk = SigningSession { source, trust, domain, signer, now: now() };
    let consent = args.chosen.consent;
    if !args.chosen.shown("confirm", &sets, global.json)? {
        return desk.file(&[], consent, global.json);
    }
    let claims = sets.into_iter().map(|set| {
        let claim = Reconfirmation {
            party: party.clone(),
            verification_method: method.clone(),
            serials: Some(set),
            entries: Vec::new(),
            voids: Vec::new(),
        };
        Ok(claim.draft(&desk.draft()))
    });
    desk.file(&claims.collect::<anyhow::Result<Vec<_>>>()?, consent, global.json)
}

/// Those within the window of the compromise that nobody confirmed yet; what was withdrawn was
/// not the certifier's, or is over anyway.
fn suspects(
    listed: &[ListedCertificate],
    trust: &Trust,
    party: &PartySlug,
    method: &str,
) -> anyhow::Result<Vec<SerialRanges>> {
    let keys = trust.party(party).map(|party| party.keys.as_slice()).unwrap_or_default();
    let key = keys.iter().find(|key| key.verification_method == method);
    let key = key.with_context(|| format!("{method} is not on record"))?;
    let suspect = |one: &&ListedCertificate| {
        key.standing(one.logged_at) == KeyStanding::Suspect
            && one.confirmed.is_none()
            && one.status != CertificateStatus::Withdrawn
    };
    Ok(SerialRanges::of(listed.iter().filter(suspect).map(|one| one.serial)))
}
