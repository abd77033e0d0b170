//! `tasdiq pay` and `tasdiq extract`: what was paid for shipped goods, by the seller and confirmed
//! by the buyer, or undone by who said it; and the part of a certificate that goes with one
//! shipment. Not here: whether both sides say the same, and how much is left (`register`).

use std::path::PathBuf;

use anyhow::{Context, bail};

use super::common::ask::question;
use super::common::goods::{ShipmentFigures, amount, pages};
use super::common::keys::Passphrase;
use super::common::lookup;
use super::common::output::table;
use super::common::service::At;
use super::common::signing_session::SigningSession;
use super::common::words::{Worded, tr};
use super::{Consent, Global, Outcome};
use crate::catalog::BaseUnit;
use crate::log::Leaf;
use crate::names::{LotKey, PartySlug};
use crate::os::{now, percent};
use crate::reader::parse_day;
use crate::statement::{
    CertificateExtract, Claim, Commitment, Event, EventId, EventKind, EventName, Offset,
    PriceBasis, PricePaid, PriceTerms, Quantity, Receiver, Statement, UndoReason, Undoing, Undone,
};

/// Who signs, on which ledger.
#[derive(Debug, clap::Args)]
pub struct Signer {
    /// Key file or PKCS#11 URI.
    #[arg(
        long = "as",
        alias = "key",
        env = "TASDIQ_KEY",
        hide_env_values = true,
        value_name = "KEYFILE"
    )]
    key: PathBuf,
    /// Who signs.
    #[arg(long, env = "TASDIQ_ISSUER", value_name = "SLUG")]
    issuer: String,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

/// Options of `pay`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq pay my-coop/K26A --ship my-coop/4K7Q0123456789ABCDEFGHJKMN --scheme fairtrade \\\n      \
        --quantity \"440 kg\" --amount 3520000 --premium 176000 --currency MAD \\\n      \
        --paid-on 2026-11-05 --invoice uQm9... --as coop.pem --issuer my-coop\n  \
    tasdiq pay --confirms 1742 --as shop.pem --issuer my-shop\n  \
    tasdiq pay --undo 1742 --as coop.pem --issuer my-coop\n\n\
    Amounts are whole numbers of the currency's minor unit. With --terms only a commitment to them\n\
    is logged. The invoice is a commitment: tasdiq documents commit FILE.")]
pub struct PayArgs {
    /// `GTIN/LOT` or `party/LOT`.
    #[arg(required_unless_present_any = ["confirms", "undo"])]
    lot: Option<LotKey>,
    /// Confirms the seller's statement at this log index, with the same terms; as the buyer.
    #[arg(long, value_name = "INDEX", conflicts_with_all = ["lot", "ship", "scheme", "quantity",
        "amount", "premium", "currency", "terms", "paid_on", "invoice"])]
    confirms: Option<u64>,
    /// Undoes what was said at this log index, of a price or to confirm one: by who said it, within
    /// 45 days. A price that another confirms is undone only after the confirmation.
    #[arg(long, value_name = "INDEX", conflicts_with_all = ["lot", "confirms", "ship", "scheme",
        "quantity", "amount", "premium", "currency", "terms", "paid_on", "invoice"])]
    undo: Option<u64>,
    /// With --undo: why.
    #[arg(long, value_parser = ["incorrect-data", "did-not-occur"], default_value = "incorrect-data")]
    reason: String,
    /// The shipment it is paid for: its address, or the end of it, `party/NAME`.
    #[arg(long, required_unless_present_any = ["confirms", "undo"])]
    ship: Option<String>,
    /// The scheme it was sold under.
    #[arg(long, required_unless_present_any = ["confirms", "undo"])]
    scheme: Option<String>,
    /// How much of the lot.
    #[arg(long, required_unless_present_any = ["confirms", "undo"])]
    quantity: Option<String>,
    /// Price of the quantity without premium, in the currency's minor unit.
    #[arg(long, requires = "currency", conflicts_with = "terms")]
    amount: Option<u64>,
    /// Premium beside it, in the same unit.
    #[arg(long, default_value_t = 0)]
    premium: u64,
    /// ISO 4217.
    #[arg(long, requires = "amount")]
    currency: Option<String>,
    /// Instead of the figures: a commitment to them.
    #[arg(long, value_name = "COMMITMENT")]
    terms: Option<String>,
    /// Up to where the seller bears the costs.
    #[arg(long, value_parser = ["ex-works", "free-on-board", "delivered"], default_value = "ex-works")]
    basis: String,
    /// Day of payment.
    #[arg(long, required_unless_present_any = ["confirms", "undo"], value_name = "DAY")]
    paid_on: Option<String>,
    /// The commitment to the invoice.
    #[arg(long, required_unless_present_any = ["confirms", "undo"], value_name = "COMMITMENT")]
    invoice: Option<String>,
    #[command(flatten)]
    signer: Signer,
}

/// Options of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    tasdiq extract --certificate 17 --ship my-coop/4K7Q0123456789ABCDEFGHJKMN \\\n      \
        --quantity \"25 L\" --as coop.pem --issuer my-coop")]
pub struct ExtractArgs {
    /// The certificate's serial.
    #[arg(long, value_name = "SERIAL")]
    certificate: u64,
    /// The shipment it goes with: its address, or the end of it, `party/NAME`.
    #[arg(long)]
    ship: String,
    /// The lot, if it is not the certificate's own.
    #[arg(long)]
    lot: Option<LotKey>,
    /// How much of it.
    #[arg(long)]
    quantity: String,
    #[command(flatten)]
    signer: Signer,
}

impl Signer {
    fn desk(&self, global: &Global) -> anyhow::Result<SigningSession> {
        let issuer = PartySlug::parse(&self.issuer)?;
        SigningSession::open(&self.at, global, &self.key, &self.passphrase, &issuer)
    }
}

/// Runs `pay`.
///
/// # Errors
/// What keeps it from being done.
pub fn pay(args: &PayArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = args.signer.desk(global)?;
    if let Some(index) = args.undo {
        return undo(args, &desk, index, global);
    }
    let claim = match args.confirms {
        Some(index) => confirmed(&desk, index)?,
        None => stated(args, &desk)?,
    };
    eprintln!("As {}:\n{}", desk.signer.issuer, table(&price_lines(&desk, &claim)?));
    question(&tr("ask-sign", &[]), args.signer.consent)?;
    desk.file(&[claim.draft(&desk.draft())], args.signer.consent, global.json)
}

/// Runs `extract`.
///
/// # Errors
/// What keeps it from being done.
pub fn extract(args: &ExtractArgs, global: &Global) -> anyhow::Result<Outcome> {
    let desk = args.signer.desk(global)?;
    let consignment = event_of(&desk, &args.ship)?;
    let certified = lookup::lot_of(&desk.source, args.certificate)?
        .with_context(|| format!("there is no certificate {}", args.certificate))?;
    let lot = args.lot.clone().unwrap_or(certified.lot);
    let (quantity, unit) = quantity_of(&desk, &lot, &args.quantity)?;
    let rows = vec![
        vec!["certificate".to_owned(), args.certificate.to_string()],
        vec!["shipment".to_owned(), consignment.to_string()],
        vec!["lot".to_owned(), lot.to_string()],
        vec!["quantity".to_owned(), amount(quantity, &unit)],
    ];
    eprintln!("As {}:\n{}", desk.signer.issuer, table(&rows));
    question(&tr("ask-sign-for-good", &[]), args.signer.consent)?;
    let certificate = args.certificate;
    let claim = CertificateExtract { certificate, consignment, lot, quantity };
    desk.file(&[claim.draft(&desk.draft())], args.signer.consent, global.json)
}

/// What the seller says.
fn stated(args: &PayArgs, desk: &SigningSession) -> anyhow::Result<PricePaid> {
    let lot = args.lot.clone().context("the lot is missing")?;
    let ship = event_of(desk, args.ship.as_deref().unwrap_or_default())?;
    let (quantity, _) = quantity_of(desk, &lot, args.quantity.as_deref().unwrap_or_default())?;
    let commitment = |name: &str, text: &str| {
        Commitment::parse(text)
            .with_context(|| format!("--{name}: a commitment is u and 43 characters"))
    };
    let terms = match (&args.terms, args.amount, &args.currency) {
        (Some(terms), ..) => PriceTerms::Committed(commitment("terms", terms)?),
        (None, Some(amount), Some(currency)) => {
            let (currency, premium) = (currency.clone(), args.premium);
            PriceTerms::Open { currency, amount, premium }
        }
        _ => bail!("say --amount and --currency, or --terms"),
    };
    let paid_on = parse_day(args.paid_on.as_deref().unwrap_or_default());
    let paid_on = paid_on.map_err(|fault| anyhow::anyhow!(fault.worded().1));
    Ok(PricePaid {
        lot,
        buyer: receiver_of(desk, &ship)?,
        ship,
        seller: desk.signer.issuer.clone(),
        scheme: args.scheme.clone().unwrap_or_default(),
        quantity,
        terms,
        basis: basis_of(&args.basis),
        paid_on: paid_on.context("--paid-on")?,
        invoice: commitment("invoice", args.invoice.as_deref().unwrap_or_default())?,
        confirms: None,
    })
}

/// The same, said by the buyer too.
fn confirmed(desk: &SigningSession, index: u64) -> anyhow::Result<PricePaid> {
    let statement = logged(desk, index)?;
    let id = statement.id.clone();
    let Claim::PricePaid(price) = &statement.claim else {
        bail!("entry {index} says nothing of a price");
    };
    if price.confirms.is_some() {
        bail!("entry {index} confirms another itself");
    }
    Ok(PricePaid { confirms: Some(id), ..price.clone() })
}

/// Takes back what was said of a price.
fn undo(
    args: &PayArgs,
    desk: &SigningSession,
    index: u64,
    global: &Global,
) -> anyhow::Result<Outcome> {
    let said = logged(desk, index)?;
    let Claim::PricePaid(price) = &said.claim else {
        bail!("entry {index} says nothing of a price");
    };
    let reason = match args.reason.as_str() {
        "did-not-occur" => UndoReason::DidNotOccur,
        _ => UndoReason::IncorrectData,
    };
    let of = Undone::Price(said.id.clone());
    let kind = EventKind::Void(Undoing { of, reason, replaced_by: None });
    let (region, document, mandate) = (None, None, None);
    let offset = Offset::of_minutes(0).context("the offset of UTC")?;
    let (name, at) = (EventName::of_hash(&[0; 32]), now());
    let event = Event { name, at, offset, region, document, mandate, kind };
    // Another time it is another event: the name is of its content.
    let name = event.content_name(&desk.signer.issuer, &desk.domain);
    let event = Event { name, ..event };
    let mut rows = price_lines(desk, price)?;
    rows.push(vec!["undone".to_owned(), format!("entry {index}, {}", args.reason)]);
    eprintln!("As {}:\n{}", desk.signer.issuer, table(&rows));
    question("Sign and submit? What is undone is not said again", args.signer.consent)?;
    desk.file(&[event.draft(&desk.draft())], args.signer.consent, global.json)
}

fn price_lines(desk: &SigningSession, price: &PricePaid) -> anyhow::Result<Vec<Vec<String>>> {
    let unit = lookup::lot(&desk.source, &price.lot)?.map(|lot| lot.unit).unwrap_or_default();
    let terms = match &price.terms {
        PriceTerms::Open { currency, amount, premium } => {
            format!("{amount} and a premium of {premium}, in the minor unit of {currency}")
        }
        PriceTerms::Committed(terms) => format!("committed to by {terms}"),
    };
    let buyer = match &price.buyer {
        Receiver::Party(party) => party.to_string(),
        Receiver::Elsewhere { country, .. } => format!("somebody in {country}"),
    };
    let mut rows = vec![
        vec!["lot".to_owned(), price.lot.to_string()],
        vec!["quantity".to_owned(), amount(price.quantity, &unit)],
        vec!["shipment".to_owned(), price.ship.to_string()],
        vec!["seller".to_owned(), price.seller.to_string()],
        vec!["buyer".to_owned(), buyer],
        vec!["scheme".to_owned(), price.scheme.clone()],
        vec!["paid".to_owned(), terms],
        vec!["on".to_owned(), price.paid_on.to_string()],
    ];
    rows.extend(price.confirms.iter().map(|id| vec!["confirms".to_owned(), id.clone()]));
    Ok(rows)
}

fn basis_of(word: &str) -> PriceBasis {
    match word {
        "free-on-board" => PriceBasis::FreeOnBoard,
        "delivered" => PriceBasis::Delivered,
        _ => PriceBasis::ExWorks,
    }
}

fn event_of(desk: &SigningSession, text: &str) -> anyhow::Result<EventId> {
    let short = || EventId::parse_path(&format!("events/{text}"));
    let found = desk.domain.event_of(text).or_else(short);
    found.context("a shipment is named by its address, or party/NAME with 26 characters")
}

/// To whom a shipment went, as its statement names it.
fn receiver_of(desk: &SigningSession, ship: &EventId) -> anyhow::Result<Receiver> {
    let path = format!("/api/v1/shipments?ship={}", percent::value(&ship.to_string()));
    let (_, found) = pages::<ShipmentFigures>(&desk.source, &path, "shipments", 1)?;
    let index = found.first().context("there is no such shipment")?.index;
    match &logged(desk, index)?.claim {
        Claim::Event(event) => match &event.kind {
            EventKind::Ship(ship) => Ok(ship.to.clone()),
            _ => bail!("{ship} is no shipment"),
        },
        _ => bail!("{ship} is no shipment"),
    }
}

fn logged(desk: &SigningSession, index: u64) -> anyhow::Result<Statement> {
    let leaf = desk.source.leaf(index)?;
    Ok(Statement::parse(Leaf::parse(&leaf)?.statement, &desk.domain)?)
}

/// A quantity of a lot, in the lot's own unit, and that unit's code.
fn quantity_of(desk: &SigningSession, lot: &LotKey, text: &str) -> anyhow::Result<(u64, String)> {
    let known =
        lookup::lot(&desk.source, lot)?.with_context(|| format!("lot {lot} is not declared"))?;
    let Quantity { smallest, unit } = Quantity::parse(text).context("--quantity")?;
    if unit.is_some_and(|unit| Some(unit) != BaseUnit::of_code(&known.unit)) {
        bail!("--quantity: lot {lot} is counted in {}", known.unit);
    }
    Ok((smallest, known.unit))
}
