//! `tasdiq witness`: a witness for other logs: remembers what it has seen of each, signs only what
//! extends that, and keeps evidence of logs that contradict themselves.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::common::output::{say, say_json};
use super::serve::{RUNTIME_STOP, stop_signal};
use super::{Global, Outcome};
use crate::door;
use crate::statement::Domain;
use crate::witness::{WitnessFolder, witness_router};

/// A name of a witness.
const EXAMPLE: &str = "witness.example/w1";

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq witness init --name witness.example/w1\n  \
    tasdiq witness add-log 'ledger.example/log+1a2b3c4d+AeK...'\n  \
    tasdiq witness serve --listen 127.0.0.1:8090\n  \
    tasdiq witness show\n\n\
    The witness lives in DATA/witness. Run it elsewhere than the logs it follows: a witness that\n\
    the operator of a log controls proves nothing.")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Makes a witness with a fresh key and prints its verifier key.
    Init {
        /// Its name in signature lines: a host and path without scheme.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Follows a log from now on.
    AddLog {
        /// The log's verifier key, as at /log/vkey.
        #[arg(value_name = "VKEY")]
        vkey: String,
    },
    /// Serves add-checkpoint and the monitoring addresses.
    Serve {
        /// Where to listen.
        #[arg(
            long,
            env = "TASDIQ_LISTEN",
            default_value = "127.0.0.1:8090",
            value_name = "IP:PORT"
        )]
        listen: String,
    },
    /// Tells what it follows and the evidence it holds; exit code 1 if a log is proven to have
    /// forked.
    Show,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let folder: PathBuf = global.data.join("witness");
    match &args.action {
        Action::Init { name } => {
            if name.contains("://") {
                anyhow::bail!("--name {name}: write host and path without scheme, e.g. {EXAMPLE}");
            }
            let host = name.split('/').next().unwrap_or_default();
            Domain::parse_new(host).with_context(|| format!("--name {name}, e.g. {EXAMPLE}"))?;
            let witness = WitnessFolder::make(&folder, name)?;
            tell_key(&witness, global)?;
            Ok(Outcome::Passed)
        }
        Action::AddLog { vkey } => {
            let key = WitnessFolder::open(&folder)?.add_log(vkey)?;
            if global.json {
                say_json(&json!({ "origin": key.name(), "vkey": key.to_string() }))?;
            } else {
                say(format!("Following {}", key.name()))?;
            }
            Ok(Outcome::Passed)
        }
        Action::Serve { listen } => serve(WitnessFolder::open(&folder)?, listen, global),
        Action::Show => show(&WitnessFolder::open(&folder)?, global),
    }
}

fn tell_key(witness: &WitnessFolder, global: &Global) -> anyhow::Result<()> {
    if global.json {
        return say_json(&json!({ "name": witness.name(), "vkey": witness.key().to_string() }));
    }
    say(witness.key())?;
    eprintln!(
        "Whoever relies on this witness puts into the policy:\n  \
         witness NAME {} https://YOUR-HOST",
        witness.key()
    );
    Ok(())
}

fn serve(witness: WitnessFolder, listen: &str, global: &Global) -> anyhow::Result<Outcome> {
    let (name, key) = (witness.name().to_owned(), witness.key().to_string());
    door::raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = door::listen(listen)
            .with_context(|| format!("cannot listen on {listen}; choose another --listen"))?;
        let url = format!("http://{}", listener.local_addr()?);
        if global.json {
            say_json(&json!({ "url": url, "name": name, "vkey": key }))?;
        } else {
            say(format!("Witness {name} on {url}\n{key}\nCtrl-C stops it."))?;
        }
        door::serve(witness_router(witness), listener, stop_signal()?, |_, _| {}).await;
        Ok(Outcome::Passed)
    });
    runtime.shutdown_timeout(RUNTIME_STOP);
    served
}

fn show(witness: &WitnessFolder, global: &Global) -> anyhow::Result<Outcome> {
    let logs = witness.logs()?;
    let evidence = witness.evidence()?;
    let size_of = |note: &Option<String>| {
        let size = note.as_deref().and_then(|note| note.split('\n').nth(1));
        size.map_or_else(|| "nothing signed yet".into(), |size| format!("{size} entries signed"))
    };
    if global.json {
        let logs: Vec<_> = logs
            .iter()
            .map(|(key, note)| json!({ "origin": key.name(), "checkpoint": note }))
            .collect();
        say_json(&json!({ "name": witness.name(), "vkey": witness.key().to_string(),
            "logs": logs, "evidence": evidence }))?;
    } else {
        say(format!("Witness {}\n{}", witness.name(), witness.key()))?;
        for (key, note) in &logs {
            say(format!("  log       {}, {}", key.name(), size_of(note)))?;
        }
        for item in &evidence {
            let kind = if item.proven { "EVIDENCE" } else { "suspect " };
            say(format!("  {kind}  {}: {} (evidence/{})", item.origin, item.reason, item.file))?;
        }
    }
    let forked = evidence.iter().any(|item| item.proven);
    Ok(if forked { Outcome::Failed } else { Outcome::Passed })
}
