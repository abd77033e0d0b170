//! `tasdiq issue`: certifies (or declares) many lots, or operators, from a CSV: shows what it is
//! about to sign, asks once, signs here, submits in bulk, reports each row. The same file again
//! changes nothing.

mod batch;
mod columns;
mod held;
mod operators;
mod rows;
mod terms;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::common::ask::question;
use super::common::documents::read_bytes;
use super::common::keys::{Passphrase, registered};
use super::common::output::{raw, say, say_json, table};
use super::common::service::{At, Source};
use super::{Consent, Global, Outcome};
use crate::names::PartySlug;
use crate::os::now;
use batch::{BatchEntry, IssueBatch, Ready, RowState, digest_of, is_final, summary};
pub use columns::What;
pub use rows::{IssueRows, read_rows};

/// Held lots named before the question; the report names all.
const HELD_SHOWN_MAX: usize = 20;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq issue --example > certificates.csv\n  \
    tasdiq issue certificates.csv --issuer me --dry-run\n  \
    tasdiq issue certificates.csv --key mine.pem --issuer me --url https://ledger.example\n  \
    tasdiq issue lots.csv --what lots --key coop.pem --issuer my-coop --yes --json\n  \
    tasdiq issue operators.xlsx --what operators --key mine.pem --issuer me\n\n\
    Quantities: 800000 (g, mL or pieces), 800 L, 12.5 kg. Days: YYYY-MM-DD. Several things not\n\
    covered, materials, regions and volumes (material:campaign:quantity) are parted by |. Exit code 1 if any row was refused.")]
pub struct Args {
    /// The CSV; `-` is stdin.
    #[arg(value_name = "CSV", required_unless_present = "example")]
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
    /// Only check and show; sign nothing.
    #[arg(long)]
    dry_run: bool,
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
    let issuer = PartySlug::parse(issuer)?;
    let IssueRows { rows, others, above } = read_rows(&read_bytes(csv)?, args.what, &issuer)
        .with_context(|| csv.display().to_string())?;
    if !others.is_empty() {
        eprintln!("These columns are not read: {}", others.join(", "));
    }
    if above > 0 {
        eprintln!("{above} rows above the head are not read");
    }
    let key = match &args.key {
        Some(path) if !args.dry_run => Some((args.passphrase.open(path)?, path)),
        _ => None,
    };
    let source = Source::open(&args.at, global)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let signer = key.map(|(key, path)| registered(key, path, &issuer, &trust)).transpose()?;
    let signer = signer.as_ref();
    let batch =
        IssueBatch { source: &source, domain: &domain, issuer: &issuer, signer, now: now() };
    let mut entries = batch.prepare(rows, args.what)?;
    held::foretell(&batch, &mut entries)?;
    let mut digest = digest_of(&entries);
    let ready = count(&entries, |state| matches!(state, RowState::Ready(_)));
    if ready > 0 {
        let told = is_final(&entries, args.what);
        show(&entries, &issuer, told.then_some(digest.as_str()));
    }
    let mut signed = 0;
    if let (Some(signer), true) = (signer, ready > 0) {
        question("Sign and submit?", args.consent)?;
        digest = batch
            .sign_and_submit(&mut entries, args.what, signer)
            .context("stopped on the way; run the same command again, it takes up what is left")?;
        signed = ready;
        held::tell(&source, &mut entries)?;
    }
    report(&entries, (signed, above), &digest, args, global)?;
    let refused = count(&entries, |state| matches!(state, RowState::Refused { .. }));
    Ok(if refused > 0 { Outcome::Failed } else { Outcome::Passed })
}

fn count(entries: &[BatchEntry], wanted: impl Fn(&RowState) -> bool) -> usize {
    entries.iter().filter(|entry| wanted(&entry.state)).count()
}

/// What is about to be signed, on stderr.
fn show(entries: &[BatchEntry], issuer: &PartySlug, digest: Option<&str>) {
    let already = count(entries, |state| matches!(state, RowState::Already { .. }));
    let refused = count(entries, |state| matches!(state, RowState::Refused { .. }));
    let mut lines = summary(entries);
    lines.push(vec!["already in the log".to_owned(), already.to_string()]);
    lines.push(vec!["rows refused".to_owned(), refused.to_string()]);
    let digest = digest.unwrap_or("told at the end: numbers are given 500 rows at a time");
    lines.push(vec!["SHA-256".to_owned(), digest.to_owned()]);
    eprintln!("As {issuer}:\n{}", table(&lines));
    let held = entries.iter().filter_map(|entry| Some((entry.subject(), entry.held.as_ref()?)));
    let held: Vec<String> = held.map(|(lot, held)| format!("  {lot}: {}", held.words())).collect();
    if !held.is_empty() {
        let shown = held.iter().take(HELD_SHOWN_MAX).cloned().collect::<Vec<_>>().join("\n");
        eprintln!("{} of these lots are held; they may not be sold:\n{shown}", held.len());
    }
    let further: Vec<String> = entries
        .iter()
        .filter_map(|entry| match &entry.state {
            RowState::Ready(ready) => {
                Some(format!("  line {}: {}: {}", entry.line, entry.subject(), further(ready)?))
            }
            _ => None,
        })
        .collect();
    if !further.is_empty() {
        let shown = further.iter().take(HELD_SHOWN_MAX).cloned().collect::<Vec<_>>().join("\n");
        eprintln!("{} of these are certified already:\n{shown}", further.len());
    }
}

/// What a row adds to, where the lot has such a certificate already.
fn further(ready: &Ready) -> Option<String> {
    let known: Vec<String> = ready.beside.iter().map(ToString::to_string).collect();
    let kind = &ready.kind;
    (!known.is_empty()).then(|| {
        format!("a FURTHER certificate under {kind}, beside {}: not a correction", known.join(", "))
    })
}

fn report(
    entries: &[BatchEntry],
    (signed, above): (usize, usize),
    digest: &str,
    args: &Args,
    global: &Global,
) -> anyhow::Result<()> {
    // In a dry run of more rows than numbers are kept for, what will be signed is not known.
    let known = signed > 0 || (args.dry_run && is_final(entries, args.what));
    let logged = count(entries, |state| matches!(state, RowState::Logged { .. }));
    let already = count(entries, |state| matches!(state, RowState::Already { .. }));
    let refused = count(entries, |state| matches!(state, RowState::Refused { .. }));
    let held = entries.iter().filter(|entry| entry.held.is_some()).count();
    if global.json {
        return say_json(&json!({
            "issuer": args.issuer,
            "dryRun": args.dry_run,
            "signed": signed,
            "sha256": known.then_some(digest),
            "rowsAboveHead": above,
            "logged": logged,
            "already": already,
            "refused": refused,
            "held": held,
            "rows": entries,
        }));
    }
    for entry in entries {
        let place = format!("line {}: {}", entry.line, entry.subject());
        let held = entry.held.as_ref().map(|held| format!("; {}", held.words()));
        let held = held.unwrap_or_default();
        match &entry.state {
            RowState::Ready(ready) => {
                let further = further(ready).map(|text| format!("; {text}")).unwrap_or_default();
                say(format!("{place}: would be signed{further}{held}"))?;
            }
            RowState::Logged { index, id } => say(format!("{place}: entry {index}  {id}{held}"))?,
            RowState::Already { index, .. } => {
                say(format!("{place}: already in the log, entry {index}{held}"))?;
            }
            RowState::Refused { code, detail } => eprintln!("{place}: refused: {detail} [{code}]"),
        }
    }
    say(format!(
        "{signed} signed, {logged} logged, {already} already in the log, {refused} refused"
    ))?;
    if held > 0 {
        say(format!("{held} lots are HELD: they may not be sold until that is lifted"))?;
    }
    if signed > 0 {
        say(format!("SHA-256 of what was signed: {digest}"))?;
    }
    Ok(())
}
