//! `tasdiq label`: prints the QR code of lots, or of each unit of a lot: as text, pictures, sheets
//! of labels, or commands of a label printer.

mod sheets;
mod void;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;

use self::sheets::{Printing, SheetArgs};
use super::common::keys::{Passphrase, Registered, label_key};
use super::common::label_rows::{LabelRow, LabelRows};
use super::common::output::{progress, raw, say, say_json, write_to};
use super::common::service::{At, Source};
use super::common::signing_session::{SigningSession, key_or};
use super::{Consent, Global, Outcome};
use crate::client::ClientError;
use crate::label::{Level, ScanCode, Symbol, X_DIMENSION_UM, dots_per_module};
use crate::ledger::{Home, KeyName, LedgerError};
use crate::limits::LABEL_SERIALS_MAX;
use crate::log::Leaf;
use crate::names::AUTHORITY;
use crate::names::{LotKey, PartySlug};
use crate::os::percent;
use crate::statement::{Claim, LabelIssue, Statement};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq label                                        one text for every certified lot\n  \
    tasdiq label 06111234567895/A24B017 --format png --out label.png\n  \
    tasdiq label my-coop/L7 --serials 500 --format svg --out labels/\n  \
    tasdiq label my-coop/L7 --serials 63 --format pdf --grid avery-l7160 --out labels.pdf\n  \
    tasdiq label my-coop/L7 --copies 21 --format pdf --ruler --start 4 --dx 0.5 --out l.pdf\n  \
    tasdiq label --reprint 1220 --format svg --out labels/\n  \
    tasdiq label void --lot my-coop/L7 --serials 5J785DMM,CDWD6H6Q\n\n\
    Serials are logged before they are handed out, never exceed the lot's sales units, and go to\n\
    who signed their issue alone. What is held, recalled, suspended or withdrawn has no labels:\n\
    exit code 4.")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    act: Option<void::Act>,
    /// `GTIN/LOT` or `party/LOT`; every certified lot if left out.
    #[arg(value_name = "GTIN/LOT")]
    lots: Vec<String>,
    /// Text prints one QR text a line; svg and png a picture each; pdf sheets of labels; zip SVG
    /// and PNG of whole labels; zpl what label printers take.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// One label for each of N units of each lot, with serials of their own.
    #[arg(long, value_name = "N", value_parser = within(1, LABEL_SERIALS_MAX))]
    serials: Option<u32>,
    /// The labels of a label issue again, with the same serials: its log index.
    #[arg(long, value_name = "ENTRY", conflicts_with_all = ["lots", "serials"])]
    reprint: Option<u64>,
    /// File (text, or a single label) or folder to write.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Width of one module, in micrometres.
    #[arg(long, default_value_t = X_DIMENSION_UM, value_parser = within(100, 5_000))]
    x_dimension_um: u32,
    /// Error correction: M, or Q for labels from 21 mm; if left out M, on whole labels Q where it
    /// fits.
    #[arg(long, value_enum, ignore_case = true)]
    level: Option<LevelName>,
    /// Resolution of a PNG or a label printer, in dots an inch.
    #[arg(long, default_value_t = 300, value_parser = within(72, 2_400))]
    dpi: u32,
    /// With --serials or --reprint: key file or PKCS#11 URI that signs the issue and the request;
    /// the service's in the data folder if left out.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE")]
    key: Option<PathBuf>,
    /// With --serials or --reprint: who signs, the authority or a certifier of the lot.
    #[arg(long, env = "TASDIQ_ISSUER", default_value = AUTHORITY, value_name = "SLUG")]
    issuer: String,
    #[command(flatten)]
    sheet: SheetArgs,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Svg,
    Png,
    Pdf,
    Zip,
    Zpl,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Zip => "zip",
            Self::Zpl => "zpl",
        }
    }
}

/// Labels, and where they came from: the ledger, and who signs for those with serials.
struct Drawn {
    rows: Vec<LabelRow>,
    source: Source,
    signer: Option<Registered>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelName {
    #[value(name = "M")]
    Medium,
    #[value(name = "Q")]
    Quartile,
}

/// A whole number within bounds.
fn within(least: u32, most: u32) -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(least)..=i64::from(most))
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    if let Some(act) = &args.act {
        return void::run(act, global);
    }
    if args.format != Format::Text && args.out.is_none() {
        bail!("--out PATH is needed: a file, or of pictures a folder");
    }
    match printed(args, global) {
        Err(error) if is_refused(&error) => {
            eprintln!("tasdiq: {error:#}");
            Ok(Outcome::Unfit)
        }
        outcome => outcome,
    }
}

fn printed(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let drawn = drawn(args, global)?;
    match (args.format, &args.out) {
        (Format::Text, _) => texts(args, global, &drawn.rows),
        (Format::Svg | Format::Png, _) => pictures(args, global, &drawn.rows),
        (format, Some(out)) => {
            let level = args.level.map(|level| match level {
                LevelName::Medium => "M",
                LevelName::Quartile => "Q",
            });
            let (sheet, x_dimension_um, dpi) = (&args.sheet, args.x_dimension_um, args.dpi);
            let printing = Printing { sheet, format, level, x_dimension_um, dpi, out };
            let Drawn { rows, source, signer } = &drawn;
            sheets::print(&printing, global, source, signer.as_ref(), rows)
        }
        (_, None) => bail!("--out FILE is needed"),
    }
}

/// The labels asked for. One that is refused refuses all: nothing is printed then.
fn drawn(args: &Args, global: &Global) -> anyhow::Result<Drawn> {
    let lots = args.lots.iter().map(|text| lot_key(text)).collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(entry) = args.reprint {
        return again(args, global, entry);
    }
    if let Some(count) = args.serials {
        return with_serials(args, global, &lots, count);
    }
    let source = Source::open(&args.at, global)?;
    if !lots.is_empty() {
        let rows = without_serials(&source, &lots)?;
        return Ok(Drawn { rows, source, signer: None });
    }
    let LabelRows { labels, left_out, .. } = source.labels(None)?;
    if left_out > 0 {
        eprintln!(
            "{left_out} certified lots have no label now: held, recalled, suspended or withdrawn; \
             name one to be told why"
        );
    }
    Ok(Drawn { rows: labels, source, signer: None })
}

fn without_serials(source: &Source, lots: &[LotKey]) -> anyhow::Result<Vec<LabelRow>> {
    let each = lots.iter().map(|lot| Ok(source.labels(Some(lot))?.labels));
    Ok(each.collect::<anyhow::Result<Vec<_>>>()?.concat())
}

/// Whether the lot may not be labelled now, which is no error of who asks.
fn is_refused(error: &anyhow::Error) -> bool {
    let near = error.downcast_ref::<LedgerError>().map(LedgerError::code);
    let code = near.or_else(|| error.downcast_ref::<ClientError>().map(ClientError::code));
    code == Some("label_refused")
}

fn lot_key(text: &str) -> anyhow::Result<LotKey> {
    text.parse().with_context(|| format!("{text:?}: a lot is written GTIN/LOT or party/LOT"))
}

/// Issues serials: one signed statement a lot.
fn with_serials(
    args: &Args,
    global: &Global,
    lots: &[LotKey],
    count: u32,
) -> anyhow::Result<Drawn> {
    if lots.is_empty() {
        bail!("--serials needs the lots by name: tasdiq label GTIN/LOT --serials {count}");
    }
    let desk = desk(args, global)?;
    // Before the first is logged: all of the lots, or none.
    without_serials(&desk.source, lots)?;
    let verification_method = label_key(&desk.trust, desk.now)?;
    let draft = |lot: &LotKey| {
        let verification_method = verification_method.clone();
        LabelIssue { lot: lot.clone(), count, verification_method }.draft(&desk.draft())
    };
    let issues: Vec<_> = lots.iter().map(draft).collect();
    desk.agreed(&issues, args.consent)?;
    let mut rows = Vec::new();
    for (lot, unsigned) in lots.iter().zip(issues) {
        let issued = desk.source.issue_labels(&desk.sign(&unsigned)?, &desk.signer)?;
        if let Some(entry) = issued.entry {
            eprintln!("{lot}: entry {entry}; the same again: tasdiq label --reprint {entry}");
        }
        rows.extend(issued.labels);
    }
    Ok(Drawn { rows, source: desk.source, signer: Some(desk.signer) })
}

/// The labels of an issue that is in the log.
fn again(args: &Args, global: &Global, entry: u64) -> anyhow::Result<Drawn> {
    let desk = desk(args, global)?;
    let leaf = desk.source.leaf(entry)?;
    let leaf = Leaf::parse(&leaf).with_context(|| format!("entry {entry}"))?;
    let statement = Statement::parse(leaf.statement, &desk.domain)?;
    let ours = statement.issuer == desk.signer.issuer;
    if !ours || !matches!(statement.claim, Claim::LabelIssue(_)) {
        let (kind, issuer) = (statement.claim.kind(), &statement.issuer);
        bail!("entry {entry} is a {kind} of {issuer}, no label issue of {}", desk.signer.issuer);
    }
    let rows = desk.source.issue_labels(leaf.statement, &desk.signer)?.labels;
    Ok(Drawn { rows, source: desk.source, signer: Some(desk.signer) })
}

fn desk(args: &Args, global: &Global) -> anyhow::Result<SigningSession> {
    let key = key_or(args.key.as_ref(), Home::at(&global.data).newest_key(KeyName::Service));
    let issuer = PartySlug::parse(&args.issuer)?;
    SigningSession::open(&args.at, global, &key, &args.passphrase, &issuer)
}

fn texts(args: &Args, global: &Global, rows: &[LabelRow]) -> anyhow::Result<Outcome> {
    let text = if global.json {
        serde_json::to_string_pretty(rows)? + "\n"
    } else {
        rows.iter().map(|row| format!("{}\n", row.text)).collect()
    };
    match &args.out {
        Some(path) => write_to(path, text.as_bytes())?,
        None => raw(text.as_bytes())?,
    }
    Ok(Outcome::Passed)
}

fn pictures(args: &Args, global: &Global, rows: &[LabelRow]) -> anyhow::Result<Outcome> {
    let out = args.out.as_deref().unwrap_or(Path::new("."));
    let extension = if args.format == Format::Svg { "svg" } else { "png" };
    let single = rows.len() == 1 && out.extension().is_some_and(|found| found == extension);
    if !single && rows.len() > 1 && out.extension().is_some_and(|found| found == extension) {
        bail!("{} labels need a folder: --out {}", rows.len(), out.with_extension("").display());
    }
    let bar = progress(rows.len(), "drawing");
    let mut files = Vec::with_capacity(rows.len());
    for row in rows {
        let file = if single { out.to_owned() } else { out.join(file_name(row, extension)) };
        write_to(&file, &picture(args, row)?)?;
        files.push(file);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if global.json {
        say_json(&files)?;
    } else {
        say(format!("{} labels written to {}", files.len(), out.display()))?;
    }
    Ok(Outcome::Passed)
}

fn picture(args: &Args, row: &LabelRow) -> anyhow::Result<Vec<u8>> {
    let level = match args.level {
        None | Some(LevelName::Medium) => Level::Medium,
        Some(LevelName::Quartile) => Level::Quartile,
    };
    let symbol = Symbol::new(&row.text, level)?;
    if args.format == Format::Png {
        return Ok(symbol.png(dots_per_module(args.x_dimension_um, args.dpi), args.dpi)?);
    }
    let code = ScanCode::parse(&row.text)?;
    let lines = code.label().map(crate::label::Label::human_lines).unwrap_or_default();
    Ok(symbol.svg(args.x_dimension_um, &lines).into_bytes())
}

/// A file name of a label; what a file system might not take is written `%XX`.
fn file_name(row: &LabelRow, extension: &str) -> String {
    let name = percent::value(&row.lot.replace('/', "_"));
    let serial = row.serial.as_ref().map(|serial| format!("_{serial}")).unwrap_or_default();
    format!("{name}{serial}.{extension}")
}
