//! `tasdiq serve`: serves a ledger until it is told to stop. While it runs, `DATA/address` says how
//! other verbs reach it.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context;

use super::output::say;
use super::witnesses::attend;
use super::{Global, Outcome};
use crate::ledger::{Home, Ledger, OpenOptions};
use crate::web::{self, App, Settings};

/// Where a service listens unless told otherwise.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq serve\n  \
    tasdiq serve --data /var/lib/tasdiq --listen 127.0.0.1:8080 --guard /mnt/other/guard\n\n\
    It speaks plain HTTP: put a TLS proxy in front. Stop it with Ctrl-C or SIGTERM.")]
pub struct Args {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "TASDIQ_LISTEN", default_value = LISTEN_DEFAULT, value_name = "IP:PORT")]
    listen: String,
    /// File that remembers the last published checkpoint; best on another disk.
    #[arg(long, env = "TASDIQ_GUARD", value_name = "FILE")]
    guard: Option<PathBuf>,
    /// Whose cosignatures are asked for and how many must be there (C2SP tlog-policy); default:
    /// the file `witness-policy` of the data folder, if there is one.
    #[arg(long, env = "TASDIQ_WITNESS_POLICY", value_name = "FILE")]
    witness_policy: Option<PathBuf>,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let ledger = Ledger::open(&home, &OpenOptions { guard: args.guard.clone() })?;
    let _keeper = attend(&ledger, &home, args.witness_policy.as_deref())?;
    let view = ledger.view();
    if let Some(reason) = &view.stopped {
        eprintln!(
            "WRITES ARE STOPPED: {reason}\n\
             Reads are served, nothing is signed. Restore the newest copy of the data folder; \
             do not delete the guard file to get going."
        );
    }
    let host = ledger.config().host.clone();
    run_service(ledger, &home, &args.listen, |url| {
        say(format!(
            "Serving the ledger of {host}, {} entries, on {url}\n  \
             checkpoint  {url}/log/checkpoint\n  \
             trust       {url}/trust\n  \
             API         {url}/api\n\
             Ctrl-C stops it.",
            view.size
        ))
    })?;
    Ok(Outcome::Passed)
}

/// Serves a ledger until Ctrl-C or SIGTERM. `on_ready` gets the base address once connections are
/// taken.
///
/// # Errors
/// The address cannot be listened on, what `on_ready` says, what the server says.
pub fn run_service(
    ledger: Ledger,
    home: &Home,
    listen: &str,
    on_ready: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}; choose another --listen"))?;
        let url = format!("http://{}", reachable(listener.local_addr()?));
        let stop = stop_signal()?;
        let address = home.address();
        fs::write(&address, &url).with_context(|| address.display().to_string())?;
        let served = match on_ready(&url) {
            Ok(()) => {
                let app = App::new(ledger, Settings { public_url: url });
                web::serve(app, listener, stop).await.context("the server stopped")
            }
            Err(error) => Err(error),
        };
        fs::remove_file(&address).ok();
        served
    })
}

/// Done at Ctrl-C or SIGTERM.
///
/// # Errors
/// Signals that cannot be listened to.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// An address that this machine reaches: a wildcard becomes the loopback.
fn reachable(local: SocketAddr) -> SocketAddr {
    if local.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), local.port())
    } else {
        local
    }
}
