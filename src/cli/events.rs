//! `tasdiq events`: what happened to goods, from tables: shows what it is about to sign and what
//! would follow, asks once, signs here, submits, reports each. The same file again changes nothing.

mod batch;
mod columns;
mod kinds;
mod names;
mod receive;
mod rows;

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::json;

use super::common::ask::question;
use super::common::documents::read_bytes;
use super::common::goods::{LotFigures, amount};
use super::common::keys::{Passphrase, registered};
use super::common::lookup;
use super::common::output::{raw, say, say_json, table};
use super::common::report::{ReportRow, ReportTo};
use super::common::service::{At, Source};
use super::common::words::tr;
use super::{Consent, Global, Outcome};
use crate::limits::EVENTS_A_RUN_MAX;
use crate::names::PartySlug;
use crate::os::now;
use crate::statement::Offset;
use batch::{EventBatch, EventEntry, EventState};
use columns::Kind;
use kinds::{Speaker, read_event};
use names::Names;
use rows::{EventTable, read_table};

/// Lots whose balance is shown before the question; the report names all.
const SHOWN_MAX: usize = 20;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq events --example transform > events.csv\n  \
    tasdiq events october.xlsx --issuer my-coop --dry-run\n  \
    tasdiq events october.xlsx november.csv --as coop.pem --issuer my-coop\n  \
    tasdiq events receive my-coop/4K7Q0123456789ABCDEFGHJKMN --all --as shop.pem --issuer my-shop\n\n\
    One row is one line of an event; rows with the same name are one event. Quantities: 12.5 kg,\n\
    800 L, 440000 (g, mL or pieces). Instants: 2026-10-30 09:12, or a day. A name stands for one\n\
    event for ever: run the file again and nothing changes. Exit code 1 if any was refused.")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    short: Option<Short>,
    /// Tables of events, CSV or XLSX; `-` is stdin.
    #[arg(value_name = "FILE", required_unless_present = "example")]
    files: Vec<PathBuf>,
    /// Key file or PKCS#11 URI.
    #[arg(long = "as", alias = "key", env = "TASDIQ_KEY", hide_env_values = true,
        value_name = "KEYFILE", required_unless_present_any = ["dry_run", "example"])]
    key: Option<PathBuf>,
    /// Who signs.
    #[arg(long, env = "TASDIQ_ISSUER", value_name = "SLUG", required_unless_present = "example")]
    issuer: Option<String>,
    /// In whose name, under a mandate of that party (`tasdiq register mandate`); in one's own if
    /// left out.
    #[arg(long = "for", value_name = "SLUG")]
    whose: Option<String>,
    /// Offset of clocks that say none.
    #[arg(long, value_name = "+HH:MM", default_value = "+01:00", allow_hyphen_values = true)]
    offset: String,
    /// File with the secret that names become ids with; beside the key file if left out.
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Only check and show; sign nothing.
    #[arg(long)]
    dry_run: bool,
    /// Log all of them together, or none.
    #[arg(long)]
    atomic: bool,
    /// Print a table to start from.
    #[arg(long, value_enum, value_name = "KIND")]
    example: Option<Kind>,
    #[command(flatten)]
    report: ReportTo,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    at: At,
}

/// Short forms.
#[derive(Debug, clap::Subcommand)]
pub enum Short {
    /// Says that all of a shipment came.
    Receive(receive::Args),
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    if let Some(Short::Receive(args)) = &args.short {
        return receive::run(args, global);
    }
    if let Some(kind) = args.example {
        raw(kind.example().as_bytes())?;
        return Ok(Outcome::Passed);
    }
    args.report.ready(&args.files)?;
    let issuer = PartySlug::parse(args.issuer.as_deref().unwrap_or_default())?;
    let offset = Offset::parse(&args.offset);
    let offset = offset.context("--offset must be written +HH:MM, -12:00 to +14:00")?;
    let tables = args.files.iter().map(|file| {
        let read = read_bytes(file).and_then(|bytes| read_table(&bytes));
        Ok((file, read.with_context(|| file.display().to_string())?))
    });
    let tables: Vec<(&PathBuf, EventTable)> = tables.collect::<anyhow::Result<_>>()?;
    let key = match &args.key {
        Some(path) if !args.dry_run => Some((args.passphrase.open(path)?, path)),
        _ => None,
    };
    let source = Source::open(&args.at, global)?;
    let trust = source.trust(None)?;
    let domain = trust.domain()?;
    let names = secret(args)?;
    let mandate = match args.whose.as_deref().map(PartySlug::parse).transpose()? {
        Some(whose) => Some(lookup::mandate(&source, &domain, (&whose, &issuer), None)?),
        None => None,
    };
    let mandate = mandate.as_deref();
    let speaker = Speaker { issuer: &issuer, domain: &domain, names: &names, offset, mandate };
    let mut entries = entries_of(tables, &speaker);
    if entries.len() > EVENTS_A_RUN_MAX {
        bail!("{} events; at most {EVENTS_A_RUN_MAX} in one run: part them", entries.len());
    }
    let signer = key.map(|(key, path)| registered(key, path, &issuer, &trust)).transpose()?;
    let issuer_name = trust.party(&issuer).map(|party| party.name.clone()).with_context(|| {
        format!("{issuer} is not registered; register it with `tasdiq register`")
    })?;
    let (issuer, now) = (&issuer, now());
    let batch = EventBatch { source: &source, domain: &domain, issuer, issuer_name, now };
    let figures = batch.prepare(&mut entries)?;
    let ready = count(&entries, |state| matches!(state, EventState::Ready));
    if ready > 0 {
        show(&entries, &figures.balances, figures.count, issuer);
    }
    let mut signed = 0;
    if let (Some(signer), true) = (&signer, ready > 0) {
        let refused = refused(&entries);
        if args.atomic && refused > 0 {
            eprintln!("{refused} of the events would be refused, so none is signed (--atomic)");
        } else {
            question(&tr("ask-sign", &[]), args.consent)?;
            batch
                .sign_and_submit(&mut entries, signer, args.atomic)
                .context("stopped on the way; run the same command again, it takes up the rest")?;
            signed = ready;
        }
    }
    report(&entries, signed, &figures, args, global)?;
    Ok(if refused(&entries) > 0 { Outcome::Failed } else { Outcome::Passed })
}

/// The events of all tables, in their order; what is not read of them is told.
fn entries_of(tables: Vec<(&PathBuf, EventTable)>, speaker: &Speaker<'_>) -> Vec<EventEntry> {
    let mut entries = Vec::new();
    for (file, EventTable { groups, others, above, encoding }) in tables {
        let file = file.display().to_string();
        if let Some(encoding) = encoding {
            eprintln!("{file}: {}", tr("told-encoding", &[("encoding", encoding)]));
        }
        if !others.is_empty() {
            let others = others.join(", ");
            eprintln!("{file}: {}", tr("told-columns", &[("columns", &others)]));
        }
        if above > 0 {
            eprintln!("{file}: {}", tr("told-above", &[("count", &above.to_string())]));
        }
        entries.extend(groups.into_iter().map(|group| {
            let (line, name) = (group.line, group.name.clone());
            EventEntry::new(file.clone(), line, name, read_event(speaker, group))
        }));
    }
    entries
}

/// The secret of the issuer's names; in a look ahead without key none is made.
fn secret(args: &Args) -> anyhow::Result<Names> {
    let beside = args.key.as_deref().map(Names::file_beside);
    match (&args.names, args.dry_run) {
        (Some(file), false) => Names::open(file),
        (None, false) => Names::open(&beside.context("--as KEYFILE is missing")??),
        (Some(file), true) => Names::look(Some(file)),
        (None, true) => Names::look(beside.transpose().ok().flatten().as_deref()),
    }
}

fn count(entries: &[EventEntry], wanted: impl Fn(&EventState) -> bool) -> usize {
    entries.iter().filter(|entry| wanted(&entry.state)).count()
}

fn refused(entries: &[EventEntry]) -> usize {
    count(entries, |state| matches!(state, EventState::Refused { .. }))
}

/// What is about to be signed and what would follow, on stderr.
fn show(entries: &[EventEntry], balances: &[LotFigures], touched: usize, issuer: &PartySlug) {
    let ready = entries.iter().filter(|entry| matches!(entry.state, EventState::Ready));
    let mut kinds: std::collections::BTreeMap<&str, usize> = Default::default();
    ready.for_each(|entry| *kinds.entry(entry.kind).or_default() += 1);
    let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{kind} ({n})")).collect();
    let already = count(entries, |state| matches!(state, EventState::Already { .. }));
    let lines = [
        [tr("told-sum-sign", &[]), kinds.join(", ")],
        [tr("told-sum-already", &[]), already.to_string()],
        [tr("told-sum-refused", &[]), refused(entries).to_string()],
        [tr("told-sum-touched", &[]), touched.to_string()],
    ];
    let who = tr("told-as", &[("party", issuer.as_str())]);
    eprintln!("{who}\n{}", table(&lines.map(Vec::from)));
    let mut rows = vec![head_of_balances()];
    rows.extend(balances.iter().take(SHOWN_MAX).map(|lot| balance_row(lot, issuer)));
    eprintln!("{}\n{}", tr("told-would-follow", &[]), table(&rows));
    let held = entries.iter().flat_map(|entry| &entry.holds).map(|lot| format!("  {lot}"));
    let held: Vec<String> = held.collect();
    if !held.is_empty() {
        let shown = held.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>().join("\n");
        let count = held.len().to_string();
        eprintln!("{}\n{shown}", tr("told-will-hold", &[("count", &count)]));
    }
}

fn head_of_balances() -> Vec<String> {
    let head = ["lot", "declared", "filled", "free with you", "free in all", "on its way"];
    head.into_iter().chain(["consumed", "out"]).map(str::to_owned).collect()
}

fn balance_row(lot: &LotFigures, issuer: &PartySlug) -> Vec<String> {
    let told = |quantity: u64| amount(quantity, &lot.unit);
    let own = lot.holders.iter().find(|holder| holder.party == *issuer);
    let it = &lot.balance;
    let mut row = vec![lot.lot.to_string(), told(it.declared), told(it.filled)];
    row.push(own.map_or_else(|| told(0), |own| told(own.free)));
    row.extend([it.free, it.in_transit, it.consumed, it.out].map(told));
    row
}

fn report(
    entries: &[EventEntry],
    signed: usize,
    figures: &batch::Followed,
    args: &Args,
    global: &Global,
) -> anyhow::Result<()> {
    let logged = count(entries, |state| matches!(state, EventState::Logged { .. }));
    let already = count(entries, |state| matches!(state, EventState::Already { .. }));
    let refused = refused(entries);
    args.report.write(entries.iter().map(row_of))?;
    if global.json {
        return say_json(&json!({
            "issuer": args.issuer,
            "dryRun": args.dry_run,
            "signed": signed,
            "logged": logged,
            "already": already,
            "refused": refused,
            "events": entries,
            "balances": figures.balances,
            "balanceCount": figures.count,
        }));
    }
    for entry in entries {
        let place = entry.place();
        let place = [("place", place.as_str())];
        let with = |id: &str, values: &[(&str, &str)]| tr(id, &[&place, values].concat());
        match &entry.state {
            EventState::Ready => say(with("told-would-sign", &[]))?,
            EventState::Logged { index, id } => {
                say(with("told-logged", &[("index", &index.to_string()), ("id", id)]))?;
            }
            EventState::Already { index, .. } => {
                let unnamed = entry.name.is_none();
                let id = if unnamed { "told-already-unnamed" } else { "told-already" };
                say(with(id, &[("index", &index.to_string())]))?;
            }
            EventState::Refused { code, detail } => {
                eprintln!("{}", with("told-refused", &[("detail", detail), ("code", code)]));
            }
        }
    }
    let counts = [signed, logged, already, refused].map(|count| count.to_string());
    let names = ["signed", "logged", "already", "refused"];
    let counts: Vec<(&str, &str)> =
        names.into_iter().zip(counts.iter().map(String::as_str)).collect();
    say(tr("told-counts", &counts))
}

/// A row of the report's file.
fn row_of(entry: &EventEntry) -> ReportRow {
    let row = ReportRow {
        file: entry.file.clone(),
        line: Some(entry.line),
        subject: entry.name.clone().unwrap_or_else(|| entry.kind.to_owned()),
        status: entry.holds.iter().map(|lot| format!("holds {lot}")).collect::<Vec<_>>().join("; "),
        ..ReportRow::default()
    };
    let outcome = |word: &str| word.to_owned();
    match &entry.state {
        EventState::Ready => ReportRow { outcome: outcome("ready"), ..row },
        EventState::Logged { index, id } => {
            ReportRow { outcome: outcome("logged"), entry: Some(*index), id: id.clone(), ..row }
        }
        EventState::Already { index, id } => {
            ReportRow { outcome: outcome("already"), entry: Some(*index), id: id.clone(), ..row }
        }
        EventState::Refused { code, detail } => ReportRow {
            outcome: outcome("refused"),
            code: code.clone(),
            detail: detail.clone(),
            ..row
        },
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::statement::Domain;

    /// A table as it is read for `my-coop`.
    fn read(text: &str) -> Vec<Result<crate::statement::Event, Vec<String>>> {
        let (issuer, domain) =
            (PartySlug::parse("my-coop").unwrap(), Domain::parse("l.example").unwrap());
        let (names, offset) = (Names::look(None).unwrap(), Offset::of_minutes(60).unwrap());
        let (names, mandate) = (&names, None);
        let speaker = Speaker { issuer: &issuer, domain: &domain, names, offset, mandate };
        let groups = read_table(text.as_bytes()).unwrap().groups.into_iter();
        groups.map(|group| read_event(&speaker, group).map(|it| it.event)).collect()
    }

    #[test]
    fn every_sample_is_good() {
        for kind in Kind::value_variants() {
            let events = read(kind.example());
            assert!(!events.is_empty());
            for event in events {
                let event = event.unwrap_or_else(|faults| panic!("{kind:?}: {faults:?}"));
                assert_eq!(Kind::of_word(event.kind.word()), Ok(*kind));
            }
        }
    }

    #[test]
    fn rows_of_one_name_are_one_event_in_french_too() {
        let text = "Référence;Opération;Date;Recette;Sens;N° de lot;Quantité (kg)\n\
                    p1;transformation;30/10/2026 09:12;argan-press;entrée;my-coop/K1;440\n\
                    p2;perte;30/10/2026;;;my-coop/K2;1,5\n\
                    p1;;;;sortie;my-coop/H1;215 L\n";
        let events = read(text);
        assert_eq!(events.len(), 2);
        let crate::statement::EventKind::Transform(made) = &events[0].as_ref().unwrap().kind else {
            panic!()
        };
        assert_eq!((made.inputs[0].quantity, made.outputs[0].quantity), (440_000, 215_000));
        let fault = events[1].as_ref().unwrap_err().join("\n");
        assert!(fault.contains("line 3: cause: it is empty"), "{fault}");
    }

    #[test]
    fn rows_that_disagree_or_say_what_nobody_reads_are_faults() {
        for (text, word) in [
            (
                "name,kind,at,cause,lot,quantity\na,loss,2026-10-30,theft,my-coop/L,1 kg\n\
                 a,loss,2026-10-30,other,my-coop/M,1 kg\n",
                "rows of one event agree",
            ),
            (
                "name,kind,at,cause,lot,quantity\na,loss,2026-10-30,theft,my-coop/L,1 kg\n\
                 a,,,,my-coop/L,1 kg\n",
                "stands in line 2 already",
            ),
            (
                "name,kind,at,channel,recipe,lot,quantity\n\
                 a,out,2026-10-30,retail,argan-press,my-coop/L,1 kg\n",
                "(recipe): it says nothing",
            ),
            (
                "name,kind,at,recipe,side,lot,quantity\n\
                 a,transform,2026-10-30,argan-press,,my-coop/L,1 kg\n",
                "write input or output",
            ),
            ("name,kind,at,lot,quantity\na,sell,2026-10-30,my-coop/L,1 kg\n", "no kind of event"),
        ] {
            let events = read(text);
            let faults = events[0].as_ref().unwrap_err().join("\n");
            assert!(faults.contains(word), "{word}: {faults}");
        }
    }

    #[test]
    fn an_event_without_a_name_is_named_by_its_content() {
        let text = "kind,at,cause,lot,quantity\nloss,2026-10-30,theft,my-coop/L,1 kg\n\
                    ,,,my-coop/M,1 kg\nloss,2026-10-30,theft,my-coop/L,2 kg\n";
        let events: Vec<_> = read(text).into_iter().map(Result::unwrap).collect();
        assert_eq!(events.len(), 2);
        assert_ne!(events[0].name, events[1].name);
        assert_eq!(read(text)[0].as_ref().unwrap().name, events[0].name);
    }
}
