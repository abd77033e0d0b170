//! `tasdiq events receive`: says that all of a shipment came, the commonest answer, without a
//! table. Not here: any other answer, which a table states line by line.

use std::path::PathBuf;

use anyhow::{Context, bail};

use super::super::common::ask::question;
use super::super::common::goods::{ShipmentFigures, amount, pages};
use super::super::common::keys::Passphrase;
use super::super::common::output::{say, table};
use super::super::common::service::At;
use super::super::common::signing_session::SigningSession;
use super::super::common::words::tr;
use super::super::{Consent, Global, Outcome};
use super::names::Names;
use crate::names::PartySlug;
use crate::os::percent;
use crate::statement::{Arrival, Discrepancy, Event, EventKind, Offset, Received};

/// Options.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    tasdiq events receive my-coop/4K7Q0123456789ABCDEFGHJKMN --all --as shop.pem --issuer my-shop\n\n\
    What waits for an answer: tasdiq shipments --to my-shop --state waiting")]
pub struct Args {
    /// The shipment: its address, or the end of it, `party/NAME`.
    #[arg(value_name = "SHIP")]
    ship: String,
    /// All of it came and is accepted; anything else is said in a table.
    #[arg(long, required = true)]
    all: bool,
    /// Key file or PKCS#11 URI.
    #[arg(
        long = "as",
        alias = "key",
        env = "TASDIQ_KEY",
        hide_env_values = true,
        value_name = "KEYFILE"
    )]
    key: PathBuf,
    /// Who received it.
    #[arg(long, env = "TASDIQ_ISSUER", value_name = "SLUG")]
    issuer: String,
    /// File with the secret that names become ids with; beside the key file if left out.
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    at: At,
}

/// Runs it.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let issuer = PartySlug::parse(&args.issuer)?;
    let desk = SigningSession::open(&args.at, global, &args.key, &args.passphrase, &issuer)?;
    let id = match desk.domain.event_of(&args.ship) {
        Some(id) => id,
        None => crate::statement::EventId::parse_path(&format!("events/{}", args.ship))
            .context("the shipment is its address, or party/NAME with 26 characters")?,
    };
    let path = format!("/api/v1/shipments?ship={}", percent::value(&id.to_string()));
    let (_, found) = pages::<ShipmentFigures>(&desk.source, &path, "shipments", 1)?;
    let ship = found.into_iter().next().context("there is no such shipment")?;
    if let Some(index) = ship.answered {
        say(format!("answered already, by entry {index}; nothing was done"))?;
        return Ok(Outcome::Passed);
    }
    if ship.line_count > ship.lines.len() {
        bail!("it has {} lots: more than one answer holds", ship.line_count);
    }
    let file = match &args.names {
        Some(file) => file.clone(),
        None => Names::file_beside(&args.key)?,
    };
    let name = Names::open(&file)?.of(&format!("receive {id}"));
    let lots = ship.lines.iter().map(|line| Received {
        lot: line.lot.clone(),
        accepted: line.sent,
        refused: 0,
        missing: 0,
    });
    let arrival = Arrival { of: id, lots: lots.collect(), discrepancy: Discrepancy::None };
    let offset = Offset::of_minutes(60).context("an offset")?;
    let (region, document, mandate) = (None, None, None);
    let kind = EventKind::Receive(arrival);
    let event = Event { name, at: desk.now, offset, region, document, mandate, kind };
    let rows =
        ship.lines.iter().map(|line| vec![line.lot.to_string(), amount(line.sent, &line.unit)]);
    eprintln!("{issuer} received from {}:\n{}", ship.from, table(&rows.collect::<Vec<_>>()));
    question(&tr("ask-sign", &[]), args.consent)?;
    desk.file(&[event.draft(&desk.draft())], args.consent, global.json)
}
