//! `tasdiq webhook`: where a party wants to be told what becomes of the goods that it holds. Not
//! here: what is told (`hooks`).

use anyhow::Context;
use serde_json::{Value, json};

use super::common::ask::question;
use super::common::output::{say, say_json};
use super::common::requests::SignedCall;
use super::common::signing_session::{Author, SigningSession};
use super::common::words::tr;
use super::{Consent, Global, Outcome};
use crate::ledger::KeyName;
use crate::os::percent;

/// Where it is asked.
const PATH: &str = "/api/v1/webhooks";

/// What to do.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "Examples:\n  \
    tasdiq webhook add https://shop.example/tasdiq --key shop.pem --issuer my-shop \\\n    \
        --url https://ledger.example\n  \
    tasdiq webhook list --key shop.pem --issuer my-shop --url https://ledger.example\n\n\
    docs/OPERATING.md, \"Shops\", says what is told and how a receiver checks it.")]
pub enum Act {
    /// Adds an address: https, of the public internet.
    Add(AddArgs),
    /// Shows this party's addresses and what waits for them.
    List(ListArgs),
    /// Removes one.
    Remove(RemoveArgs),
}

/// Options of `add`.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The address.
    #[arg(value_name = "ADDRESS")]
    address: String,
    #[command(flatten)]
    author: Author,
}

/// Options of `list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    author: Author,
}

/// Options of `remove`.
#[derive(Debug, clap::Args)]
pub struct RemoveArgs {
    /// The id that `list` shows.
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    author: Author,
    #[command(flatten)]
    consent: Consent,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    match act {
        Act::Add(args) => {
            let desk = args.author.desk(global, KeyName::Service)?;
            let body = json!({ "url": args.address }).to_string();
            let bytes = ask(&desk, "POST", PATH, body.as_bytes())?;
            let added: Value = serde_json::from_slice(&bytes).context("the answer")?;
            if global.json {
                say_json(&added)?;
            } else {
                say(shown(&added))?;
            }
        }
        Act::List(args) => {
            let desk = args.author.desk(global, KeyName::Service)?;
            let bytes = ask(&desk, "GET", PATH, b"")?;
            let list: Value = serde_json::from_slice(&bytes).context("the answer")?;
            if global.json {
                say_json(&list)?;
            } else {
                let all = list["webhooks"].as_array().cloned().unwrap_or_default();
                all.iter().try_for_each(|one| say(shown(one)))?;
                if all.is_empty() {
                    eprintln!("none");
                }
            }
        }
        Act::Remove(args) => {
            let desk = args.author.desk(global, KeyName::Service)?;
            before_it_is_lost(&desk, args)?;
            ask(&desk, "DELETE", &format!("{PATH}/{}", percent::value(&args.id)), b"")?;
            eprintln!("{} is told nothing more", args.id);
        }
    }
    Ok(Outcome::Passed)
}

/// What waits for an address goes with it, and is never told: that is shown and asked first.
fn before_it_is_lost(desk: &SigningSession, args: &RemoveArgs) -> anyhow::Result<()> {
    let list: Value =
        serde_json::from_slice(&ask(desk, "GET", PATH, b"")?).context("the answer")?;
    let all = list["webhooks"].as_array().cloned().unwrap_or_default();
    let waits = |one: &&Value| one["id"] == args.id && one["pending"].as_u64() != Some(0);
    if let Some(one) = all.iter().find(waits) {
        eprintln!("To do: remove {}", shown(one));
        eprintln!("finality  what waits for it is never told: CANNOT BE UNDONE");
        question(&tr("ask-do", &[]), args.consent)?;
    }
    Ok(())
}

fn ask(desk: &SigningSession, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
    let call = SignedCall::new(&desk.signer, method, path, body)?;
    Ok(call.send(desk.source.service()?)?)
}

fn shown(hook: &Value) -> String {
    let text = |name: &str| hook[name].as_str().unwrap_or_default().to_owned();
    let gone = if hook["gone"] == true { ", answered 410" } else { "" };
    format!(
        "{}  {}\n  since {}, {} waiting{gone}\n  signed by {}",
        text("id"),
        text("url"),
        text("since"),
        hook["pending"],
        text("publicKey")
    )
}
