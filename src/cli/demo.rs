//! `tasdiq demo`: makes a demonstration ledger with fictional parties and serves it.

use std::io::IsTerminal;

use anyhow::Context;

use super::output::{say, say_json};
use super::serve::{LISTEN_DEFAULT, run_service};
use super::{Global, Outcome};
use crate::demo::{self, Example};
use crate::label::{Level, Symbol};
use crate::ledger::{Home, Ledger, now};
use crate::statement::Domain;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq demo\n  \
    tasdiq demo --data /tmp/demo --listen 0.0.0.0:8080 --host 192.168.1.20:8080\n\n\
    A data folder that holds a ledger already is served as it is. All parties are fictional; their\n\
    keys lie in DATA/demo-keys, examples to try in DATA/examples. Ctrl-C stops it.")]
pub struct Args {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "TASDIQ_LISTEN", default_value = LISTEN_DEFAULT, value_name = "IP:PORT")]
    listen: String,
    /// Host that stands in every label, with port if any; the address listened on if left out.
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let host = args.host.as_deref().unwrap_or(&args.listen);
    let domain = Domain::parse(host)
        .with_context(|| format!("{host} cannot be the ledger's name; give --host"))?;
    let ledger = demo::make(&home, &domain, now())?;
    let shown = ledger.clone();
    run_service(ledger, &home, &args.listen, |url| show(&shown, &home, url, global.json))?;
    Ok(Outcome::Passed)
}

/// What to try first.
fn show(ledger: &Ledger, home: &Home, url: &str, json: bool) -> anyhow::Result<()> {
    let examples = demo::examples(ledger, now());
    let view = ledger.view();
    let register = &view.register;
    if json {
        return say_json(&serde_json::json!({
            "url": url,
            "entries": view.size,
            "lots": register.lot_count(),
            "data": home.folder(),
            "examples": examples,
        }));
    }
    say(format!(
        "Demonstration ledger (all parties are fictional): {} entries, {} lots, {} certificates\n\n  \
         home        {url}/\n  \
         API         {url}/api\n  \
         checkpoint  {url}/log/checkpoint\n  \
         keys, files {}/demo-keys, {}/examples\n",
        view.size,
        register.lot_count(),
        register.certificates().count(),
        home.folder().display(),
        home.folder().display(),
    ))?;
    for Example { status, lot, url } in &examples {
        say(format!("{status:14} {lot}\n  {url}"))?;
    }
    if let Some(first) = examples.first() {
        let symbol = Symbol::new(&first.url, Level::Medium)?;
        say(format!(
            "\n{}{} ({})",
            symbol.terminal(std::io::stdout().is_terminal()),
            first.lot,
            first.status
        ))?;
    }
    say("Ctrl-C stops it.")
}
