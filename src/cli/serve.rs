//! `tasdiq serve`: serves a ledger until it is told to stop. While it runs, `DATA/address` says how
//! other verbs reach it.

pub(super) mod memory;
mod webhooks;
pub(super) mod witnesses;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use axum::http::HeaderName;

use super::common::editions::edition_line;
use super::common::output::say;
use super::{Global, Outcome};
use crate::client::Client;
use crate::cosign::TimeKeeper;
use crate::door;
use crate::ledger::{Halt, HaltKind, Home, KeyName, Ledger, OpenOptions, Published};
use crate::limits::QUOTA_DEFAULT;
use crate::scans::Scans;
use crate::web::{self, App, ScanHeaders, Settings};
use webhooks::Telling;
use witnesses::{attend, read_policy, seen_by_witnesses};

/// Where a service listens unless told otherwise.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

/// How long a stop waits for threads that block.
pub const RUNTIME_STOP: Duration = Duration::from_millis(500);

/// What `--accept-restored` means.
const ACCEPTED: &str = "\
RESTORED AND NOT COMPARED: from here on this ledger signs again. If anything was published after the
backup was made, two histories of one log are now signed by one key: everybody who compares sees a
fork, and labels and certificates of the lost part are unknown here.";

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq serve\n  \
    tasdiq serve --data /var/lib/tasdiq --listen 127.0.0.1:8080 --guard /mnt/other/guard\n  \
    tasdiq serve --config /etc/tasdiq/settings.toml --show-settings\n\n\
    It speaks plain HTTP: put a TLS proxy in front. Stop it with Ctrl-C or SIGTERM.")]
pub struct Args {
    /// Settings file (TOML): what options and variables do not say; default: the file
    /// `settings.toml` of the data folder, if there is one.
    #[arg(long, env = "TASDIQ_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Prints every setting in force and where it comes from; nothing is served.
    #[arg(long)]
    pub show_settings: bool,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "TASDIQ_LISTEN", default_value = LISTEN_DEFAULT, value_name = "IP:PORT")]
    listen: String,
    /// File that remembers the last published checkpoint; best on another disk.
    #[arg(long, env = "TASDIQ_GUARD", value_name = "FILE")]
    guard: Option<PathBuf>,
    /// Checkpoint that was published, to compare with before anything is signed: address of an
    /// export, a monitor or a service, or a file.
    #[arg(long, value_name = "URL|FILE")]
    published: Vec<String>,
    /// Signs from a restored backup that was compared with nothing.
    #[arg(long)]
    accept_restored: bool,
    /// Believes the clock although it is far from the last entry: you have compared it.
    #[arg(long, env = "TASDIQ_ACCEPT_CLOCK")]
    accept_clock: bool,
    /// Statements of one party taken in on a day (UTC), 0 for any number; the authority's are not
    /// counted.
    #[arg(long, env = "TASDIQ_QUOTA", default_value_t = QUOTA_DEFAULT, value_name = "N")]
    quota: u64,
    /// Tells shops by webhook at private addresses and over plain HTTP too.
    #[arg(long, env = "TASDIQ_WEBHOOK_PRIVATE")]
    webhook_private: bool,
    /// Header in which the proxy says a reader's country in two letters; without it no country is
    /// counted.
    #[arg(long, env = "TASDIQ_COUNTRY_HEADER", value_name = "NAME")]
    country_header: Option<HeaderName>,
    /// Header in which the proxy says a reader's address, the last if they are several; without it
    /// all readers behind one proxy are one network.
    #[arg(long, env = "TASDIQ_ADDRESS_HEADER", value_name = "NAME")]
    address_header: Option<HeaderName>,
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
    let policy = read_policy(&home, args.witness_policy.as_deref())?;
    let mut published: Vec<Published> =
        args.published.iter().map(|from| published(from)).collect::<anyhow::Result<_>>()?;
    if let Some(policy) = &policy {
        published.extend(seen_by_witnesses(&home, policy)?);
    }
    if args.accept_restored && home.restored()?.is_some() {
        eprintln!("{ACCEPTED}");
    }
    let options = OpenOptions {
        guard: args.guard.clone(),
        published,
        accept_restored: args.accept_restored,
        accept_clock: args.accept_clock,
        clock: None,
    };
    let ledger = Ledger::open(&home, &options)?;
    ledger.set_quota(args.quota);
    let _keeper = policy.map(|policy| attend(&ledger, &home, policy)).transpose()?;
    let _time = TimeKeeper::start(&ledger);
    let view = ledger.view();
    let host = ledger.config().host.clone();
    let rules = edition_line(view.register.edition());
    let readers =
        ScanHeaders { country: args.country_header.clone(), address: args.address_header.clone() };
    let webhook_private = args.webhook_private;
    let shops = ServiceOptions { webhook_private, readers, ..ServiceOptions::default() };
    let file = global.settings_file.as_ref();
    let file = file.map(|file| format!("  settings    {}\n", file.display())).unwrap_or_default();
    run_service(ledger, &home, &args.listen, shops, |url| {
        say(format!(
            "Serving the ledger of {host}, {} entries, on {url}\n  \
             rules       {rules}\n  \
             checkpoint  {url}/log/checkpoint\n  \
             trust       {url}/trust\n  \
             API         {url}/api\n\
             {file}\
             Ctrl-C stops it.",
            view.size
        ))
    })?;
    Ok(Outcome::Passed)
}

/// What the operator does about a stop.
fn advice(halt: &Halt, home: &Home) -> &'static str {
    match halt.kind {
        HaltKind::Clock => "Set the clock right, or compare it and start with --accept-clock.",
        HaltKind::Room | HaltKind::Guard => "It goes on by itself once there is room.",
        HaltKind::Store => "Let the folder be written, or bring another disk; then start again.",
        HaltKind::Keys | HaltKind::Outside if !home.key(KeyName::Log).exists() => {
            "That is right for a mirror; whoever continues the log puts its key files there."
        }
        HaltKind::Keys => "Put the key files back.",
        HaltKind::Outside => {
            "Bring the newest copy of the log; do not delete the guard file to get going."
        }
    }
}

/// The checkpoint that an address, an export's folder or a file shows.
///
/// # Errors
/// It cannot be read.
pub fn published(from: &str) -> anyhow::Result<Published> {
    let hint = "the published checkpoint cannot be read";
    let bytes = if from.starts_with("http://") || from.starts_with("https://") {
        let base = from.trim_end_matches('/').trim_end_matches("/log/checkpoint");
        Client::new(base)?.get("/log/checkpoint").context(hint)?
    } else {
        let export = Path::new(from).join("log/checkpoint");
        let path = if export.is_file() { export } else { PathBuf::from(from) };
        fs::read(&path).with_context(|| format!("{hint}: {}", path.display()))?
    };
    let note = String::from_utf8(bytes).context(hint)?;
    Ok(Published { from: from.to_owned(), note })
}

/// How a service tells shops, and what it believes of its readers.
#[derive(Debug, Default)]
pub struct ServiceOptions {
    /// Webhooks to private addresses too.
    pub webhook_private: bool,
    /// What the proxy in front says of a reader.
    pub readers: ScanHeaders,
    /// Draws codes that phones of this network open; of a demonstration alone.
    pub phones: bool,
}

/// Serves a ledger until Ctrl-C or SIGTERM, and tells shops by webhook. `on_ready` gets the base
/// address once connections are taken.
///
/// # Errors
/// The address cannot be listened on, what `on_ready` says, what the server says.
pub fn run_service(
    ledger: Ledger,
    home: &Home,
    listen: &str,
    options: ServiceOptions,
    on_ready: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    door::raise_file_limit();
    if let Some(halt) = &ledger.view().stopped {
        let (reason, advice) = (halt.for_operator(), advice(halt, home));
        eprintln!("WRITES ARE STOPPED: {reason}\nReads are served, nothing is signed. {advice}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let kept = ledger.clone();
    let telling = telling(&ledger, home, options.webhook_private);
    let scans = counted(home);
    let webhooks = telling.as_ref().map(|it| it.webhooks.clone());
    let served = runtime.block_on(async {
        let listener = door::listen(listen)
            .with_context(|| format!("cannot listen on {listen}; choose another --listen"))?;
        let url = format!("http://{}", reachable(listener.local_addr()?));
        let stop = stop_signal()?;
        let address = home.address();
        if let Err(error) = fs::write(&address, &url) {
            // Reads are served from a folder that cannot be written too.
            eprintln!(
                "tasdiq: {}: {error}: other verbs do not find this service by its folder; give \
                 them --url {url}",
                address.display()
            );
        }
        // Visitors are told the ledger's own address, not the one behind the proxy.
        let own = options.phones || ledger.view().register.domain().is_loopback();
        let public_url = if own { url.clone() } else { String::new() };
        let served = match on_ready(&url) {
            Ok(()) => {
                let (scan_headers, phones) = (options.readers, options.phones);
                let known = Settings { public_url, webhooks, scans, ..Settings::default() };
                let settings = Settings { scan_headers, phones, ..known };
                let app = App::new(ledger, settings);
                web::serve(app, listener, stop).await.context("the server stopped")
            }
            Err(error) => Err(error),
        };
        fs::remove_file(&address).ok();
        served
    });
    drop(telling);
    // Work that outlasts its callers ends with the process.
    runtime.shutdown_timeout(RUNTIME_STOP);
    kept.sync_guard()?;
    kept.save_snapshot();
    served
}

/// The counts of scans; a service whose folder cannot be read or written counts in memory.
fn counted(home: &Home) -> Scans {
    Scans::open(&home.scans()).unwrap_or_else(|error| {
        eprintln!("tasdiq: {error}: scans are counted in memory only");
        Scans::default()
    })
}

/// Who is told by webhook; a service whose folder cannot be written serves all the same.
fn telling(ledger: &Ledger, home: &Home, private: bool) -> Option<Telling> {
    match Telling::start(ledger, home, private) {
        Ok(telling) => Some(telling),
        Err(error) => {
            eprintln!("tasdiq: {error}: nobody is told by webhook");
            None
        }
    }
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
