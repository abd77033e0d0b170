//! `tasdiq demo`: makes a demonstration ledger with fictional parties if the data folder is empty,
//! serves it, and shows where to look.

mod phones;

use std::io::IsTerminal;

use anyhow::Context;

use super::serve::witnesses::demo_witness;
use super::serve::{LISTEN_DEFAULT, ServiceOptions, run_service};
use super::{Global, Outcome};
use crate::demo::{Example, examples, make};
use crate::label::{Level, Symbol};
use crate::ledger::{Home, Ledger, OpenOptions};
use crate::os::now;
use crate::statement::Domain;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq demo\n  \
    tasdiq demo --data /tmp/demo --listen 127.0.0.1:9000\n  \
    tasdiq demo --phone --data ./tasdiq-phone")]
pub struct Args {
    /// Where to listen; default: 127.0.0.1:8080, with --phone this machine's address in its
    /// network.
    #[arg(long, env = "TASDIQ_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    /// The host that stands in codes and names; default: the listening address.
    #[arg(long, env = "TASDIQ_HOST", value_name = "HOST")]
    host: Option<String>,
    /// Shows codes that a phone of the same network really opens, over plain http: for a
    /// demonstration only.
    #[arg(long, conflicts_with = "host")]
    phone: bool,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let listen = match args.phone {
        true => phones::address(args.listen.as_deref())?.to_string(),
        false => args.listen.clone().unwrap_or_else(|| LISTEN_DEFAULT.to_owned()),
    };
    // Tried before a ledger is made for it.
    let free = std::net::TcpListener::bind(&listen);
    drop(free.with_context(|| format!("cannot listen on {listen}; choose another --listen"))?);
    if args.phone && home.has_ledger() {
        phones::fits(&home.config()?, &listen, &global.data.display().to_string())?;
    }
    let ledger = if home.has_ledger() {
        Ledger::open(&home, &OpenOptions::default())?
    } else {
        let host = args.host.clone().filter(|_| !args.phone).unwrap_or_else(|| host_of(&listen));
        let domain = Domain::parse_new(&host).context("--host")?;
        eprintln!("Making a demonstration ledger in {} ...", global.data.display());
        make(&home, &domain, now())?
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _keeper = demo_witness(&ledger, &home, &runtime)?;
    let told = Told {
        size: ledger.view().size,
        examples: examples(&ledger, now()),
        phone: args.phone,
        data: global.data.display().to_string(),
    };
    // A demonstration on this machine alone tells receivers on this machine.
    let own = ledger.view().register.domain().is_loopback();
    let options =
        ServiceOptions { webhook_private: own, phones: args.phone, ..ServiceOptions::default() };
    run_service(ledger, &home, &listen, options, |base| told.tell(base))?;
    Ok(Outcome::Passed)
}

/// What is said once connections are taken.
struct Told {
    size: u64,
    examples: Vec<Example>,
    phone: bool,
    data: String,
}

impl Told {
    fn tell(&self, base: &str) -> anyhow::Result<()> {
        println!("Tasdiq demonstration: {} log entries. All parties are fictional.\n", self.size);
        println!(
            "  home       {base}/\n  story      {base}/story\n  register   {base}/register\n  \
             inspect    {base}/inspect"
        );
        println!("  API        {base}/api\n  log        {base}/log/checkpoint\n");
        println!("Its witness runs in the same process: it shows the quorum, it proves nothing.\n");
        println!("Codes by status (labels say https; here the same path answers over plain http):");
        for example in &self.examples {
            let path = example.code.splitn(4, '/').nth(3).unwrap_or_default();
            println!("  {:<14} {:<28} {base}/{path}", example.status, example.lot.to_string());
        }
        if let Some(example) = self.examples.first() {
            let code = match self.phone {
                true => example.code.replacen("https://", "http://", 1),
                false => example.code.clone(),
            };
            if self.phone {
                println!("\n{}", PHONES.replace("ADDRESS", base));
            }
            let symbol = Symbol::new(&code, Level::Medium)?;
            println!("\n{code}\n{}", symbol.terminal(std::io::stdout().is_terminal()));
        }
        println!("Ctrl-C stops it; the data stay in {}.", self.data);
        Ok(())
    }
}

/// What is said to who brings a phone.
const PHONES: &str = "\
FOR PHONES, A DEMONSTRATION ONLY. Join the phone to the network of this machine and scan the code
below, or open ADDRESS there. It is plain http: anybody in this network can read along, and open
these pages too. Printed labels say https, which a phone opens only of a service with a certificate;
no other ledger takes these codes. If the phone finds nothing: guest networks part devices from each
other, and this machine's firewall may keep the port shut.";

/// The host that a listening address is named after: names hold no IPv6 addresses.
fn host_of(listen: &str) -> String {
    match listen.rsplit_once("]:") {
        Some((_, port)) => format!("localhost:{port}"),
        None => listen.to_owned(),
    }
}
