//! `tasdiq submit`: submits signed statements, in bulk where there are many, with a receipt each.

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::common::ask::before_signed;
use super::common::documents::{Document, read_bytes, read_documents};
use super::common::output::{progress, say, say_json, write_to};
use super::common::service::{At, CHUNK_ROWS_MAX, Source, Submitted};
use super::common::told::ActPlace;
use super::{Consent, Global, Outcome};
use crate::client::ServerProblem;
use crate::ledger::Held;
use crate::seal::{Opening, submitted, with_opening};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq submit certificate.signed.json --url https://ledger.example\n  \
    tasdiq submit signed/ --receipts receipts.ndjson\n  \
    tasdiq submit season.ndjson --atomic\n\n\
    Submitting the same statement again gives the same entry. Exit code 1 if any was refused.\n\
    With --atomic all are logged together or none: at most 400 statements, and what one batch\n\
    takes (480 rows: one for each begun 8,192 bytes of an entry, one for a vc+jwt).\n\
    What cannot be undone is shown and asked first; --yes is the answer where nobody is there.")]
pub struct Args {
    /// Signed statements: JSON files, NDJSON files, folders of them.
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// File for the receipts, one JSON a line.
    #[arg(long, value_name = "FILE")]
    receipts: Option<PathBuf>,
    /// Log all of them together, or none.
    #[arg(long)]
    atomic: bool,
    /// A document that the one statement commits to: the service keeps it off the log.
    #[arg(long, value_name = "FILE", requires = "salt")]
    document: Option<PathBuf>,
    /// The salt of that commitment, as `documents commit` told it.
    // One in sixty-four begins with a hyphen.
    #[arg(long, value_name = "TEXT", requires = "document", allow_hyphen_values = true)]
    salt: Option<String>,
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
    let documents = read_documents(&args.inputs)?;
    let source = Source::open(&args.at, global)?;
    let bytes = sent(args, &documents)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let place = ActPlace { source: &source, trust: &trust, domain: &domain };
    before_signed(&place, &bytes, args.consent)?;
    if args.atomic {
        return match source.submit_group(&bytes)? {
            Ok(group) => {
                let answers: Vec<Submitted> = group.into_iter().map(Ok).collect();
                told(args, global, &documents, &answers)
            }
            Err(problem) => refused(global, &documents, &problem),
        };
    }
    let bar = progress(bytes.len(), "submitting");
    let mut answers = Vec::with_capacity(bytes.len());
    for chunk in bytes.chunks(CHUNK_ROWS_MAX) {
        answers.extend(source.submit(chunk)?);
        bar.inc(u64::try_from(chunk.len()).unwrap_or_default());
    }
    bar.finish_and_clear();
    told(args, global, &documents, &answers)
}

/// What is sent: the statements as they are, or one with the document that it commits to.
fn sent(args: &Args, documents: &[Document]) -> anyhow::Result<Vec<Vec<u8>>> {
    let (Some(path), Some(salt)) = (&args.document, &args.salt) else {
        return Ok(documents.iter().map(|document| document.bytes.clone()).collect());
    };
    let [only] = documents else {
        bail!("--document goes with one statement, and there are {}", documents.len());
    };
    let salt = Opening::salt_of(salt).context("--salt is 16 bytes in base64url without padding")?;
    let opening = Opening { salt, document: Zeroizing::new(read_bytes(path)?) };
    Ok(vec![with_opening(&submitted(&only.bytes)?, &opening)])
}

/// Tells what became of each statement.
fn told(
    args: &Args,
    global: &Global,
    documents: &[Document],
    answers: &[Submitted],
) -> anyhow::Result<Outcome> {
    let refused = answers.iter().filter(|answer| answer.is_err()).count();
    if let Some(path) = &args.receipts {
        let receipts = answers.iter().flatten().map(|accepted| format!("{}\n", accepted.receipt));
        write_to(path, receipts.collect::<String>().as_bytes())?;
    }
    if global.json {
        let rows: Vec<Value> = documents.iter().zip(answers).map(row_of).collect();
        say_json(&rows)?;
    } else {
        for (document, answer) in documents.iter().zip(answers) {
            tell(document, answer)?;
        }
        if answers.len() > 1 {
            say(format!("{} in the log, {refused} refused", answers.len() - refused))?;
        }
    }
    Ok(if refused > 0 { Outcome::Failed } else { Outcome::Passed })
}

/// Tells why nothing of a group was logged.
fn refused(
    global: &Global,
    documents: &[Document],
    problem: &ServerProblem,
) -> anyhow::Result<Outcome> {
    let at = problem.line.and_then(|line| documents.get(line.checked_sub(1)?));
    let place = at.map(Document::place);
    if global.json {
        say_json(&[json!({ "input": place, "problem": problem })])?;
    } else {
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        eprintln!("{place}refused: {problem}");
        // What may be in the log is told so by the problem itself.
        if problem.status != 503 {
            eprintln!("none of the {} statements was logged", documents.len());
        }
    }
    Ok(Outcome::Failed)
}

fn row_of((document, answer): (&Document, &Submitted)) -> Value {
    let place = document.place();
    match answer {
        Ok(accepted) => json!({ "input": place, "receipt": accepted.receipt }),
        Err(problem) => json!({ "input": place, "problem": problem }),
    }
}

fn tell(document: &Document, answer: &Submitted) -> anyhow::Result<()> {
    let place = document.place();
    match answer {
        Ok(accepted) => {
            let how = if accepted.duplicate { "already in the log, entry" } else { "entry" };
            let held = serde_json::from_value::<Held>(accepted.receipt["held"].clone()).ok();
            let held = held.map(|held| format!("; {}", held.words())).unwrap_or_default();
            say(format!("{place}: {how} {}  {}{held}", accepted.index, accepted.id))
        }
        Err(problem) => {
            eprintln!("{place}: refused: {problem}");
            Ok(())
        }
    }
}
