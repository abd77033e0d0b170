//! `tasdiq documents`: the commitment to a document, and erasing one that is kept off the log. Not
//! here: sending one, which `submit` does.

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::json;
use zeroize::Zeroizing;

use super::common::ask::question;
use super::common::documents::read_bytes;
use super::common::output::{say, say_json};
use super::common::service::{At, Source};
use super::common::verdict::clean;
use super::common::words::tr;
use super::{Consent, Global, Outcome};
use crate::ledger::{Home, documents_of, erase_document, holds_document};
use crate::limits::OPENED_BYTES_MAX;
use crate::log::Leaf;
use crate::os::random;
use crate::seal::Opening;
use crate::statement::{Commitment, Statement};

/// What to do.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "Examples:\n  \
    tasdiq documents commit bulletin.pdf\n  \
    tasdiq submit certificate.signed.json --document bulletin.pdf --salt SALT\n  \
    tasdiq documents erase 1742\n\n\
    docs/OPERATING.md, \"Documents off the log\", says what an erasure reaches.")]
pub enum Act {
    /// Draws a salt and says the commitment to put into a statement.
    Commit(CommitArgs),
    /// Erases the documents kept for a statement, for good; its entry in the log stays.
    Erase(EraseArgs),
}

/// Options of `commit`.
#[derive(Debug, clap::Args)]
pub struct CommitArgs {
    /// The document.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Options of `erase`.
#[derive(Debug, clap::Args)]
pub struct EraseArgs {
    /// A statement's id or log index, or one commitment.
    #[arg(value_name = "ID|INDEX|COMMITMENT")]
    of: String,
    #[command(flatten)]
    consent: Consent,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    match act {
        Act::Commit(args) => commit(args, global),
        Act::Erase(args) => erase(args, global),
    }
}

fn commit(args: &CommitArgs, global: &Global) -> anyhow::Result<Outcome> {
    let document = Zeroizing::new(read_bytes(&args.file)?);
    if document.len() > OPENED_BYTES_MAX {
        bail!("it has {} bytes; a service keeps at most {OPENED_BYTES_MAX}", document.len());
    }
    let salt = random::<16>().context("random source")?;
    let opening = Opening { salt, document };
    let (commitment, salt) = (opening.commitment(), opening.salt_text());
    if global.json {
        say_json(&json!({ "commitment": commitment, "salt": salt }))?;
    } else {
        say(format!("commitment {commitment}"))?;
        say(format!("salt       {salt}"))?;
        eprintln!("who has the document needs the salt too to prove it: keep both");
    }
    Ok(Outcome::Passed)
}

fn erase(args: &EraseArgs, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    home.config()?;
    let named = named(&args.of, &home, global)?;
    let kept: Vec<Commitment> =
        named.into_iter().filter(|commitment| holds_document(&home, commitment)).collect();
    if kept.is_empty() {
        bail!("no document of {} is kept here", clean(&args.of));
    }
    for commitment in &kept {
        eprintln!("To do: erase the document of {commitment}");
    }
    eprintln!(
        "finality  CANNOT BE UNDONE: the key is destroyed. Backups made before still hold document \
         and key"
    );
    question(&tr("ask-do", &[]), args.consent)?;
    for commitment in &kept {
        erase_document(&home, commitment)?;
    }
    if global.json {
        say_json(&json!({ "erased": kept }))?;
    } else {
        kept.iter().try_for_each(|commitment| say(format!("{commitment}: erased")))?;
    }
    Ok(Outcome::Passed)
}

/// The commitments of what was named.
fn named(of: &str, home: &Home, global: &Global) -> anyhow::Result<Vec<Commitment>> {
    if let Some(commitment) = Commitment::parse(of) {
        return Ok(vec![commitment]);
    }
    let Ok(index) = of.parse::<u64>() else { return Ok(documents_of(home, of)?) };
    let leaf = Source::open(&At { url: None }, global)?.leaf(index)?;
    let domain = home.config()?.domain()?;
    let statement = Statement::parse(Leaf::parse(&leaf)?.statement, &domain)?;
    Ok(statement.claim.commitments())
}
