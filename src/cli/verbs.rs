//! The list of verbs, and the one way from arguments to an exit code.

use std::ffi::OsString;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use rustix::process::{Resource, Rlimit, setrlimit};
use tracing::level_filters::LevelFilter;

use super::common::help;
use super::common::settings::settle;
use super::common::words::Tongue;
use super::serve::memory::give_memory_back;
use super::{
    Global, Outcome, audit, backup, balance, bench, catalogue, consignment, demo, documents,
    dossier, events, export, import, init, issue, keygen, label, monitor, pack, pay, prices,
    register, restore, rulebook, serve, sign, status, submit, trace, trust, verify, webhook,
    witness,
};
use crate::client::believe;
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

/// What each of them does is said by `assets/locales/cli.*.ftl`.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    Demo(demo::Args),
    Init(init::Args),
    Serve(serve::Args),
    Keygen(keygen::Args),
    Catalogue(catalogue::Args),
    Register(Box<register::Args>),
    #[command(subcommand)]
    Rulebook(rulebook::Act),
    Sign(sign::Args),
    Issue(Box<issue::Args>),
    Events(Box<events::Args>),
    Trace(trace::TraceArgs),
    Reach(trace::ReachArgs),
    Balance(balance::BalanceArgs),
    Shipments(balance::ShipmentsArgs),
    Prices(prices::Args),
    Pay(Box<pay::PayArgs>),
    Extract(Box<pay::ExtractArgs>),
    Status(Box<status::Args>),
    Submit(submit::Args),
    #[command(subcommand)]
    Documents(documents::Act),
    Label(Box<label::Args>),
    Verify(verify::Args),
    Trust(trust::Args),
    Pack(pack::Args),
    Dossier(dossier::Args),
    Consignment(Box<consignment::Args>),
    Audit(audit::Args),
    Monitor(monitor::Args),
    #[command(subcommand)]
    Webhook(webhook::Act),
    Witness(witness::Args),
    Export(export::Args),
    Import(import::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    /// The part of a process that reads one photo; see `photo::read_codes`.
    #[command(name = VERB, hide = true)]
    ReadPhoto,
    Bench(bench::Args),
}

impl Verb {
    fn run(&self, global: &Global) -> anyhow::Result<Outcome> {
        match self {
            Self::Demo(args) => demo::run(args, global),
            Self::Init(args) => init::run(args, global),
            Self::Serve(args) => serve::run(args, global),
            Self::Keygen(args) => keygen::run(args, global),
            Self::Catalogue(args) => catalogue::run(args, global),
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

/// The command, with what each verb does in the language that is spoken.
fn command() -> clap::Command {
    let mut command = Cli::command();
    for name in names() {
        if let Some(text) = Tongue::spoken().text(&format!("verb-{name}")) {
            command =
                command.mut_subcommand(name, |verb| verb.about(text).long_about(None::<&str>));
        }
    }
    command
}

/// Says in French what clap has to say, and gives the exit code for it.
fn tell(error: &clap::Error) -> ExitCode {
    let terminal = if error.use_stderr() { stderr().is_terminal() } else { stdout().is_terminal() };
    let Some(answer) = help::answer(error, terminal) else { error.exit() };
    // Whoever shut its end reads nothing anyway.
    let _ = match error.use_stderr() {
        true => stderr().write_all(answer.as_bytes()),
        false => stdout().write_all(answer.as_bytes()),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The command as the code has it, in English.
#[cfg(test)]
pub fn plain_command() -> clap::Command {
    command()
}

/// The names of the verbs that people may call.
#[must_use]
pub fn names() -> Vec<String> {
    let command = Cli::command();
    let shown = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    shown.map(|verb| verb.get_name().to_owned()).collect()
}

/// What is wrong with the arguments, in the reader's language, or with a settings file.
fn refused(error: anyhow::Error) -> ExitCode {
    let error = match error.downcast::<clap::Error>() {
        Ok(error) => error,
        Err(error) => return ended(Err(error)),
    };
    if Tongue::spoken() != Tongue::Fr {
        error.exit();
    }
    // Once more, for words that cost time and are rarely asked for.
    let verb = |name: &str| Tongue::Fr.text(&format!("verb-{name}"));
    let again = help::in_french(command(), verb).try_get_matches();
    tell(&again.err().unwrap_or(error))
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let texts = arguments.iter().map(|it| it.to_string_lossy().into_owned());
    Tongue::of(&texts.collect::<Vec<_>>(), &|name| std::env::var(name).ok()).speak();
    let settled = settle(command(), &arguments)
        .and_then(|(matches, settings)| Ok((Cli::from_arg_matches(&matches)?, settings)));
    let (mut cli, settings) = match settled {
        Ok(settled) => settled,
        Err(error) => return refused(error),
    };
    if let Verb::Serve(args) = &cli.verb
        && args.show_settings
    {
        return ended(settings.show(cli.global.json).map(|()| Outcome::Passed));
    }
    cli.global.settings_file = settings.file;
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
    write_log(cli.global.log_level.clone().unwrap_or_default().targets(level), start);
    if let Some(file) = &cli.global.cacert {
        believe(file);
    }
    ended(cli.verb.run(&cli.global))
}

fn ended(outcome: anyhow::Result<Outcome>) -> ExitCode {
    match outcome {
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
