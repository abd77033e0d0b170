//! `tasdiq demo`: makes a demonstration ledger with fictional parties if the data folder is empty,
//! serves it, and shows where to look.

use std::io::IsTerminal;

use anyhow::Context;

use super::serve::witnesses::demo_witness;
use super::serve::{ServiceOptions, is_loopback, run_service};
use super::{Global, Outcome};
use crate::demo::{examples, make};
use crate::label::{Level, Symbol};
use crate::ledger::{Home, Ledger, OpenOptions};
use crate::os::now;
use crate::statement::Domain;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tasdiq demo\n  tasdiq demo --data /tmp/demo --listen 127.0.0.1:9000"
)]
pub struct Args {
    /// Where to listen.
    #[arg(long, env = "TASDIQ_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: String,
    /// The host that stands in codes and names; default: the listening address.
    #[arg(long, env = "TASDIQ_HOST", value_name = "HOST")]
    host: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    // Tried before a ledger is made for it.
    let free = std::net::TcpListener::bind(&args.listen);
    drop(
        free.with_context(|| format!("cannot listen on {}; choose another --listen", args.listen))?,
    );
    let ledger = if home.has_ledger() {
        Ledger::open(&home, &OpenOptions::default())?
    } else {
        let host = args.host.clone().unwrap_or_else(|| host_of(&args.listen));
        let domain = Domain::parse_new(&host).context("--host")?;
        eprintln!("Making a demonstration ledger in {} ...", global.data.display());
        make(&home, &domain, now())?
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _keeper = demo_witness(&ledger, &home, &runtime)?;
    let shown = examples(&ledger, now());
    let size = ledger.view().size;
    // A demonstration on this machine tells receivers on this machine.
    let own = is_loopback(ledger.config().host.as_str());
    let options = ServiceOptions { webhook_private: own, ..ServiceOptions::default() };
    run_service(ledger, &home, &args.listen, options, |base| {
        println!("Tasdiq demonstration: {size} log entries. All parties are fictional.\n");
        println!(
            "  home       {base}/\n  story      {base}/story\n  register   {base}/register\n  inspect    {base}/inspect"
        );
        println!("  API        {base}/api\n  log        {base}/log/checkpoint\n");
        println!("Its witness runs in the same process: it shows the quorum, it proves nothing.\n");
        println!("Codes by status (labels say https; here the same path answers over plain http):");
        for example in &shown {
            let path = example.code.splitn(4, '/').nth(3).unwrap_or_default();
            println!("  {:<14} {:<28} {base}/{path}", example.status, example.lot.to_string());
        }
        if let Some(example) = shown.first() {
            let symbol = Symbol::new(&example.code, Level::Medium)?;
            println!("\n{}\n{}", example.code, symbol.terminal(std::io::stdout().is_terminal()));
        }
        println!("Ctrl-C stops it; the data stay in {}.", global.data.display());
        Ok(())
    })?;
    Ok(Outcome::Passed)
}

/// The host that a listening address is named after: names hold no IPv6 addresses.
fn host_of(listen: &str) -> String {
    match listen.rsplit_once("]:") {
        Some((_, port)) => format!("localhost:{port}"),
        None => listen.to_owned(),
    }
}
