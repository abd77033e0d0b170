//! `tasdiq monitor`: follows a log as an outsider and tells what is wrong or was watched for.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::audit::pins_of;
use super::common::output::say;
use super::{Global, Outcome};
use crate::audit::Pins;
use crate::client::Client;
use crate::log::WitnessPolicy;
use crate::monitor::{
    Event, Hooks, Kind, Monitor, MonitorOptions, MonitorState, Round, Severity, Watch,
};
use crate::os::now;
use crate::trust::Trust;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("pinned").required(true).multiple(true).args(["trust", "root"]))]
#[command(after_help = "Examples:\n  \
    tasdiq monitor --url https://ledger.example --trust trust.json --state ./watch\n  \
    tasdiq monitor --url https://ledger.example --root z6Mk... --state ./watch --once\n  \
    tasdiq monitor ... --watch certifier=certif-atlas --watch lot=06111234567895/A1 \\\n    \
    --webhook https://watch.example/hook\n\n\
    The state folder holds a copy of the log (tasdiq audit --tiles DIR --trust FILE reads it), the \
    last verified checkpoint, and evidence of what was wrong.\n\
    Exit codes of --once: 0 nothing wrong, 1 a fault was found, 2 usage, 3 the log cannot be \
    reached.\n\
    --json writes one event a line; nothing is written where there is none.")]
pub struct Args {
    /// The service whose log is followed.
    #[arg(long, value_name = "URL")]
    url: String,
    /// The trust snapshot whose root and log key are pinned.
    #[arg(long, env = "TASDIQ_TRUST", value_name = "FILE")]
    trust: Option<PathBuf>,
    /// The root key (z6Mk...); the trust snapshot is then fetched and must be of this root.
    #[arg(long, value_name = "KEY", value_parser = super::common::options::root_key)]
    root: Option<String>,
    /// The folder in which the monitor remembers.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// One round only, for cron and CI.
    #[arg(long)]
    once: bool,
    /// Seconds from one round to the next.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, conflicts_with = "once",
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// Seconds without new entry or cosignature after which the log counts as stalled.
    #[arg(long, value_name = "SECONDS", default_value_t = 90_000,
        value_parser = clap::value_parser!(i64).range(0..))]
    stall: i64,
    /// Seconds on top of every deadline, for clocks that differ.
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(i64).range(0..=86_400))]
    slack: i64,
    /// What to look out for: certifier=PARTY, lot=GTIN/LOT, party=PARTY, key=DID#KEY. Repeatable.
    #[arg(long, value_name = "WHAT")]
    watch: Vec<Watch>,
    /// Where to send events (Standard Webhooks 1.0.0, signed v1a). Repeatable.
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
    /// Compare the log alone, not the status lists and trust snapshot served beside it.
    #[arg(long)]
    log_only: bool,
}

/// Runs the verb.
///
/// # Errors
/// A trust file or state folder that cannot be used.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    for url in &args.webhook {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            bail!("--webhook {url}: write http://HOST/PATH or https://HOST/PATH");
        }
    }
    let client = Client::new(&args.url)?;
    let Some((pins, witnesses)) = pins(args, &client)? else { return Ok(Outcome::Undecided) };
    let state = MonitorState::open(&args.state, &pins)?;
    let mut hooks = Hooks::open(&state, args.webhook.clone())?;
    if !args.webhook.is_empty() {
        eprintln!("tasdiq: webhooks are signed by {}", hooks.public_key());
    }
    for url in hooks.gone() {
        eprintln!("tasdiq: {url} answered 410 before and hears nothing (webhooks.json)");
    }
    let options = MonitorOptions {
        stall: args.stall,
        slack: args.slack,
        watches: args.watch.clone(),
        witnesses,
        log_only: args.log_only,
    };
    let (mut monitor, events) = Monitor::open(client, pins, state, options)?;
    let mut teller = Teller { origin: monitor.origin(), json: global.json };
    events.iter().try_for_each(|event| teller.tell(event))?;
    loop {
        let round = monitor.round(now())?;
        let told = if args.once { &round.events } else { &round.news };
        told.iter().try_for_each(|event| teller.tell(event))?;
        for event in round.news.iter().filter(|event| event.kind != Kind::Grown) {
            hooks.tell(&event.payload(&teller.origin, now()), now())?;
        }
        deliver(&mut hooks)?;
        if args.once {
            let outcome = outcome(&round);
            if outcome == Outcome::Passed && !global.json {
                say(format!("Nothing wrong with {} entries", monitor.size()))?;
            }
            return Ok(outcome);
        }
        let until = Instant::now() + Duration::from_secs(args.every);
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(500).min(until - Instant::now()));
            deliver(&mut hooks)?;
        }
    }
}

fn deliver(hooks: &mut Hooks) -> anyhow::Result<()> {
    for remark in hooks.deliver(now())? {
        eprintln!("tasdiq: webhook {remark}");
    }
    Ok(())
}

fn outcome(round: &Round) -> Outcome {
    if round.has_fault() {
        return Outcome::Failed;
    }
    if !round.is_whole() {
        return Outcome::Undecided;
    }
    Outcome::Passed
}

/// Whom to believe, and whose cosignatures to ask for.
type Pinned = (Pins, Option<WitnessPolicy>);

/// Root, log key and witnesses from the trust file, or from the service's own under the pinned
/// root. None: the service cannot be reached.
fn pins(args: &Args, client: &Client) -> anyhow::Result<Option<Pinned>> {
    let bytes = match &args.trust {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => match client.get("/trust") {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("tasdiq: {error}");
                return Ok(None);
            }
        },
    };
    let trust = Trust::open(&bytes, args.root.as_deref()).context("trust snapshot")?;
    let policy = trust.witness_policy.as_deref().map(WitnessPolicy::parse);
    let policy = policy.transpose().context("the trust snapshot's witness policy")?;
    Ok(Some((pins_of(&trust)?, policy)))
}

/// Writes events to stdout.
struct Teller {
    origin: String,
    json: bool,
}

impl Teller {
    fn tell(&mut self, event: &Event) -> anyhow::Result<()> {
        if self.json {
            return say(event.payload(&self.origin, now()));
        }
        if event.level == Severity::Notice {
            eprintln!("{}", event.line(now()));
            return Ok(());
        }
        say(event.line(now()))
    }
}
