//! The list of verbs, and the one way from arguments to an exit code.

use std::process::ExitCode;

use clap::Parser;
use rustix::process::{Resource, Rlimit, setrlimit};
use tracing::level_filters::LevelFilter;

use super::serve::memory::give_memory_back;
use super::{
    Global, Outcome, audit, backup, balance, bench, consignment, demo, documents, dossier, events,
    export, import, init, issue, keygen, label, monitor, pack, pay, prices, register, restore,
    rulebook, serve, sign, status, submit, trace, trust, verify, webhook, witness,
};
use crate::os::log_lines::{LineStart, write_log};
use crate::photo::{VERB, run_child};

/// A certification and traceability ledger: signed certificates in a provable log, QR codes.
#[derive(Debug, Parser)]
#[command(name = "tasdiq", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Makes a demonstration ledger with fictional parties and serves it.
    Demo(demo::Args),
    /// Makes a real, empty ledger: keys, authority, first entries.
    Init(init::Args),
    /// Serves a ledger.
    Serve(serve::Args),
    /// Makes an Ed25519 key, in an encrypted file or on a PKCS#11 token, and prints its public key.
    Keygen(keygen::Args),
    /// Registers parties, accredits certifiers, adds, retires or reports keys.
    Register(Box<register::Args>),
    /// Says which edition of the rules holds, or raises it.
    #[command(subcommand)]
    Rulebook(rulebook::Act),
    /// Signs unsigned statements with a key file or token, offline.
    Sign(sign::Args),
    /// Certifies (or declares) many lots from a CSV: shows, signs here, submits, reports.
    Issue(issue::Args),
    /// Says what happened to goods, from tables: shows what follows, signs here, submits, reports.
    Events(Box<events::Args>),
    /// Says what a lot was made of, or what became of it.
    Trace(trace::TraceArgs),
    /// Lists all that was made of a lot, with whom it is, and how far a recall has come.
    Reach(trace::ReachArgs),
    /// Says how much of lots there is, where and with whom.
    Balance(balance::BalanceArgs),
    /// Lists shipments and how far they have come.
    Shipments(balance::ShipmentsArgs),
    /// Says what prices add up to, by scheme, year, campaign and currency.
    Prices(prices::Args),
    /// Says what was paid for shipped goods, or confirms or undoes what was said.
    Pay(Box<pay::PayArgs>),
    /// Takes the part of a certificate that goes with one shipment.
    Extract(Box<pay::ExtractArgs>),
    /// Suspends, reinstates, withdraws; holds, releases, recalls.
    Status(Box<status::Args>),
    /// Submits signed statements.
    Submit(submit::Args),
    /// Commits to documents that stay off the log, and erases them.
    #[command(subcommand)]
    Documents(documents::Act),
    /// Prints the QR code of lots as text, SVG or PNG.
    Label(Box<label::Args>),
    /// Verifies codes, photos, statements, vc+jwt, proof files and dossiers, offline or online.
    Verify(verify::Args),
    /// Writes the trust snapshot.
    Trust(trust::Args),
    /// Writes the offline pack.
    Pack(pack::Args),
    /// Writes the dossier of a certificate: a file that verifies with no server.
    Dossier(dossier::Args),
    /// Verifies a shipment's file offline and writes papers from it: EU 931/2011, FSMA 204, ONSSA.
    Consignment(Box<consignment::Args>),
    /// Replays a whole log and names the first fault.
    Audit(audit::Args),
    /// Follows a log as an outsider: forks, stalls, faults, and what it was asked to watch.
    Monitor(monitor::Args),
    /// Says where a party is told what becomes of its goods.
    #[command(subcommand)]
    Webhook(webhook::Act),
    /// Is a witness for other logs: signs what only grows, keeps evidence of what does not.
    Witness(witness::Args),
    /// Writes the log as static files any web server can host.
    Export(export::Args),
    /// Makes a ledger of an export, or brings one the entries it is missing.
    Import(import::Args),
    /// Writes one file with all a ledger needs, while its service runs.
    Backup(backup::Args),
    /// Makes a ledger of a backup; it signs only after it was compared with what was published.
    Restore(restore::Args),
    /// The part of a process that reads one photo; see `photo::read_codes`.
    #[command(name = VERB, hide = true)]
    ReadPhoto,
    /// Measures this machine against the budgets.
    Bench(bench::Args),
}

impl Verb {
    fn run(&self, global: &Global) -> anyhow::Result<Outcome> {
        match self {
            Self::Demo(args) => demo::run(args, global),
            Self::Init(args) => init::run(args, global),
            Self::Serve(args) => serve::run(args, global),
            Self::Keygen(args) => keygen::run(args, global),
            Self::Register(args) => register::run(args, global),
            Self::Rulebook(act) => rulebook::run(act, global),
            Self::Sign(args) => sign::run(args, global),
            Self::Issue(args) => issue::run(args, global),
            Self::Events(args) => events::run(args, global),
            Self::Pay(args) => pay::pay(args, global),
            Self::Extract(args) => pay::extract(args, global),
            Self::Trace(args) => trace::trace(args, global),
            Self::Reach(args) => trace::reach(args, global),
            Self::Balance(args) => balance::balance(args, global),
            Self::Shipments(args) => balance::shipments(args, global),
            Self::Prices(args) => prices::run(args, global),
            Self::Status(args) => status::run(args, global),
            Self::Submit(args) => submit::run(args, global),
            Self::Documents(act) => documents::run(act, global),
            Self::Label(args) => label::run(args, global),
            Self::Verify(args) => verify::run(args, global),
            Self::Trust(args) => trust::run(args, global),
            Self::Pack(args) => pack::run(args, global),
            Self::Dossier(args) => dossier::run(args, global),
            Self::Consignment(args) => consignment::run(args, global),
            Self::Audit(args) => audit::run(args, global),
            Self::Monitor(args) => monitor::run(args, global),
            Self::Webhook(act) => webhook::run(act, global),
            Self::Witness(args) => witness::run(args, global),
            Self::Export(args) => export::run(args, global),
            Self::Import(args) => import::run(args, global),
            Self::Backup(args) => backup::run(args, global),
            Self::Restore(args) => restore::run(args, global),
            Self::ReadPhoto => {
                run_child()?;
                Ok(Outcome::Passed)
            }
            Self::Bench(args) => bench::run(args, global),
        }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = no_core_dumps() {
        eprintln!("tasdiq: core dumps cannot be turned off, and may hold keys: {error}");
    }
    if let Verb::Demo(_) | Verb::Serve(_) | Verb::Witness(_) = cli.verb {
        give_memory_back();
    }
    let (level, start) = match cli.verb {
        Verb::Demo(_) | Verb::Serve(_) | Verb::Witness(_) | Verb::Monitor(_) => {
            (LevelFilter::INFO, LineStart::Time)
        }
        _ => (LevelFilter::WARN, LineStart::Name),
    };
    write_log(cli.global.log_level.unwrap_or(level), start);
    match cli.verb.run(&cli.global) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            eprintln!("tasdiq: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A core dump holds what the process held: private keys and passphrases among it.
fn no_core_dumps() -> std::io::Result<()> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    Ok(setrlimit(Resource::Core, none)?)
}
