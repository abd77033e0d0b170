//! `tasdiq issue`: declares lots and certifies lots or operators, many at once, from a table: shows
//! what it is about to sign, asks, signs here, submits in bulk, reports each row. The same file
//! again changes nothing.

mod batch;
mod both;
mod columns;
mod held;
mod operators;
mod rows;
mod same;
mod shown;

use std::path::PathBuf;

use anyhow::{Context, bail};

use super::common::ask::question;
use super::common::documents::read_bytes;
use super::common::keys::{Passphrase, registered};
use super::common::lookup;
use super::common::output::raw;
use super::common::report::ReportTo;
use super::common::service::{At, Source};
use super::common::words::tr;
use super::{Consent, Global, Outcome};
use crate::names::PartySlug;
use crate::os::now;
use crate::statement::MandatedAct;
use batch::{BatchEntry, IssueBatch, RowState, digest_of, is_final};
pub use columns::What;
pub use rows::{IssueRows, RowParties, read_rows};
use shown::{Told, count, report, show, show_reading};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq issue --example > certificates.csv\n  \
    tasdiq issue certificates.csv --issuer me --dry-run\n  \
    tasdiq issue certificates.csv --key mine.pem --issuer me --url https://ledger.example\n  \
    tasdiq issue lots.csv --what lots --key coop.pem --issuer my-coop --yes --json\n  \
    tasdiq issue renewed.csv --replaces --key mine.pem --issuer me --dry-run\n  \
    tasdiq issue operators.xlsx --what operators --key mine.pem --issuer me\n  \
    tasdiq issue season.xlsx --what lots-and-certificates --issuer me --key mine.pem \\\n      \
        --producer my-coop --producer-key coop.pem --report done.csv\n\n\
    Tables: CSV (`;`, tab or comma; UTF-8, UTF-16, Windows-1252) or XLSX, heads in English,\n\
    French or Arabic. Quantities: 800000 (g, mL or pieces), 800 L, 12,5 kg, or a column unit.\n\
    Days: YYYY-MM-DD or DD/MM/YYYY. Products, schemes, regions: codes or names, as `tasdiq\n\
    catalogue` lists them. Several things not covered, materials, regions and volumes\n\
    (material:campaign:quantity) are parted by |.\n\n\
    Only a cooperative declares its lots: with lots-and-certificates its own key signs the\n\
    declarations, the certifier's the certificates. Exit code 1 if any row was refused.")]
pub struct Args {
    /// The table, CSV or XLSX; `-` is stdin.
    #[arg(value_name = "FILE", required_unless_present = "example")]
    csv: Option<PathBuf>,
    /// What the rows are.
    #[arg(long, value_enum, default_value = "certificates")]
    what: What,
    /// Key file or PKCS#11 URI.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE",
        required_unless_present_any = ["dry_run", "example"])]
    key: Option<PathBuf>,
    /// Who signs.
    #[arg(long, env = "TASDIQ_ISSUER", value_name = "SLUG", required_unless_present = "example")]
    issuer: Option<String>,
    /// Whose lots they are, where the rows do not say it.
    #[arg(long, value_name = "SLUG")]
    producer: Option<String>,
    /// Key file or PKCS#11 URI of a cooperative whose lots are declared here; again for each.
    #[arg(long, value_name = "KEYFILE")]
    producer_key: Vec<PathBuf>,
    /// With --what lots: in whose name, under a mandate of that cooperative (`tasdiq register
    /// mandate`).
    #[arg(long = "for", value_name = "SLUG", conflicts_with = "producer")]
    whose: Option<String>,
    /// Renew or correct: each certificate takes the place of the one that the lot has under its
    /// scheme, and labels that are out stay good. Where a lot has several, a column `replaces` says
    /// which, by serial.
    #[arg(long)]
    replaces: bool,
    /// Only check and show; sign nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    report: ReportTo,
    #[command(flatten)]
    consent: Consent,
    /// Print a CSV to start from.
    #[arg(long)]
    example: bool,
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
    let (Some(csv), Some(issuer), false) = (&args.csv, &args.issuer, args.example) else {
        raw(args.what.example().as_bytes())?;
        return Ok(Outcome::Passed);
    };
    args.report.ready(std::slice::from_ref(csv))?;
    let issuer = PartySlug::parse(issuer)?;
    let named = |slug: &Option<String>| slug.as_deref().map(PartySlug::parse).transpose();
    let producer = named(&args.producer).context("--producer")?;
    let whose = named(&args.whose).context("--for")?;
    if args.replaces && args.what != What::Certificates {
        bail!("--replaces is for certificates of lots that are declared: leave --what out");
    }
    if whose.is_some() && args.what != What::Lots {
        bail!("--for is for declarations of lots: --what lots");
    }
    let producer = producer.as_ref().or(whose.as_ref());
    let of = RowParties { issuer: &issuer, producer, renewal: args.replaces };
    let read = read_rows(&read_bytes(csv)?, args.what, of);
    let read = read.with_context(|| csv.display().to_string())?;
    show_reading(&read);
    let IssueRows { mut rows, above, .. } = read;
    let key = match &args.key {
        Some(path) if !args.dry_run => Some((args.passphrase.open(path)?, path)),
        _ => None,
    };
    let source = Source::open(&args.at, global)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let signer = key.map(|(key, path)| registered(key, path, &issuer, &trust)).transpose()?;
    let signer = signer.as_ref();
    if let Some(whose) = &whose {
        let declares = Some(MandatedAct::Declare);
        let mandate = lookup::mandate(&source, &domain, (whose, &issuer), declares)?;
        rows.iter_mut().for_each(|row| row.under(&issuer, &mandate));
    }
    let batch =
        IssueBatch { source: &source, domain: &domain, issuer: &issuer, signer, now: now() };
    let mut entries = match args.what {
        What::Certificates | What::Lots | What::Operators => batch.prepare(rows, args.what)?,
        What::Both => declared_first(&batch, rows, args, &trust)?,
    };
    // Declarations are signed by then: what is left are certificates.
    let what = if args.what == What::Both { What::Certificates } else { args.what };
    held::foretell(&batch, &mut entries)?;
    let mut digest = digest_of(&entries);
    let ready = count(&entries, |state| matches!(state, RowState::Ready(_)));
    if ready > 0 {
        let told = is_final(&entries, what);
        show(&entries, &issuer, told.then_some(digest.as_str()));
    }
    let mut signed = 0;
    if let (Some(signer), true) = (signer, ready > 0) {
        question(&tr("ask-sign", &[]), args.consent)?;
        digest = batch
            .sign_and_submit(&mut entries, what, signer)
            .context("stopped on the way; run the same command again, it takes up what is left")?;
        signed = ready;
        held::tell(&source, &mut entries)?;
    }
    report(&entries, &Told { signed, above, digest: &digest }, args, global)?;
    let refused = count(&entries, |state| matches!(state, RowState::Refused { .. }));
    Ok(if refused > 0 { Outcome::Failed } else { Outcome::Passed })
}

/// Declares what is not declared and has certificates of it prepared; in the file's order.
fn declared_first(
    batch: &IssueBatch<'_>,
    rows: Vec<rows::IssueRow>,
    args: &Args,
    trust: &crate::trust::Trust,
) -> anyhow::Result<Vec<BatchEntry>> {
    let both::Declared { rows, ended, at } = both::declare(batch, rows, args, trust)?;
    let mut entries = batch.prepare(rows, What::Certificates)?;
    for entry in &mut entries {
        entry.declared = at.get(&entry.line).copied();
    }
    entries.extend(ended);
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}
