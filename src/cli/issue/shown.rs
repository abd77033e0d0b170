//! What `tasdiq issue` shows before it asks, and says when it is done: on a terminal, as JSON and
//! as a file. Not here: the rows' way into the log (`batch`).

use serde_json::json;

use super::super::Global;
use super::super::common::output::{say, say_json, table};
use super::super::common::report::ReportRow;
use super::super::common::words::tr;
use super::Args;
use super::batch::{BatchEntry, Ready, RowState, is_final, summary};
use super::rows::IssueRows;
use crate::names::PartySlug;

/// Lots named before the question; the report names all.
const HELD_SHOWN_MAX: usize = 20;

/// What was signed, and how the file was read.
pub struct Told<'a> {
    /// Statements that were signed.
    pub signed: usize,
    /// Rows above the head.
    pub above: usize,
    /// Digest of what was signed, or would be.
    pub digest: &'a str,
}

/// How many rows came so far.
pub fn count(entries: &[BatchEntry], wanted: impl Fn(&RowState) -> bool) -> usize {
    entries.iter().filter(|entry| wanted(&entry.state)).count()
}

/// How a file was read, where that is not plain, on stderr.
pub fn show_reading(read: &IssueRows) {
    if let Some(encoding) = read.encoding {
        eprintln!("{}", tr("told-encoding", &[("encoding", encoding)]));
    }
    if !read.others.is_empty() {
        eprintln!("{}", tr("told-columns", &[("columns", &read.others.join(", "))]));
    }
    if read.above > 0 {
        eprintln!("{}", tr("told-above", &[("count", &read.above.to_string())]));
    }
    if let Some((written, day)) = &read.day_read {
        eprintln!("{}", tr("told-day", &[("written", written), ("day", day)]));
    }
    let faulty = read.rows.iter().filter(|row| row.request.is_err()).count();
    if faulty > 0 {
        let (faulty, rows) = (faulty.to_string(), read.rows.len().to_string());
        eprintln!("{}", tr("told-faulty", &[("count", &faulty), ("rows", &rows)]));
    }
}

/// What is about to be signed, on stderr.
pub fn show(entries: &[BatchEntry], issuer: &PartySlug, digest: Option<&str>) {
    let already = count(entries, |state| matches!(state, RowState::Already { .. }));
    let refused = count(entries, |state| matches!(state, RowState::Refused { .. }));
    let mut lines = summary(entries);
    lines.push(vec![tr("told-sum-already", &[]), already.to_string()]);
    lines.push(vec![tr("told-sum-refused", &[]), refused.to_string()]);
    let digest = digest.map_or_else(|| tr("told-sum-digest-later", &[]), str::to_owned);
    lines.push(vec!["SHA-256".to_owned(), digest]);
    eprintln!("{}\n{}", tr("told-as", &[("party", issuer.as_str())]), table(&lines));
    let held = entries.iter().filter_map(|entry| Some((entry.subject(), entry.held.as_ref()?)));
    let held: Vec<String> = held.map(|(lot, held)| format!("  {lot}: {}", held.words())).collect();
    if !held.is_empty() {
        let shown = held.iter().take(HELD_SHOWN_MAX).cloned().collect::<Vec<_>>().join("\n");
        let count = held.len().to_string();
        eprintln!("{}\n{shown}", tr("told-some-held", &[("count", &count)]));
    }
    show_replaced(entries);
    let further: Vec<String> = entries
        .iter()
        .filter_map(|entry| match &entry.state {
            RowState::Ready(ready) => {
                Some(format!("  line {}: {}: {}", entry.line, entry.subject(), further(ready)?))
            }
            _ => None,
        })
        .collect();
    if !further.is_empty() {
        let shown = further.iter().take(HELD_SHOWN_MAX).cloned().collect::<Vec<_>>().join("\n");
        let count = further.len().to_string();
        eprintln!("{}\n{shown}", tr("told-some-certified", &[("count", &count)]));
    }
}

/// Which certificates give way to which rows, on stderr.
fn show_replaced(entries: &[BatchEntry]) {
    let replaced = entries.iter().filter_map(|entry| match &entry.state {
        RowState::Ready(ready) => Some((entry, ready.replaces?)),
        _ => None,
    });
    for (entry, serial) in replaced.take(HELD_SHOWN_MAX) {
        let line = entry.line.to_string();
        let place = tr("told-line", &[("line", &line), ("subject", entry.subject())]);
        let values = [("place", place.as_str()), ("serial", &serial.to_string())];
        eprintln!("  {}", tr("told-would-replace", &values));
    }
}

/// What a row adds to, where the lot has such a certificate already.
fn further(ready: &Ready) -> Option<String> {
    let known: Vec<String> = ready.beside.iter().map(ToString::to_string).collect();
    let kind = &ready.kind;
    (!known.is_empty()).then(|| {
        format!(
            "a FURTHER certificate under {kind}, beside {}: --replaces corrects or renews",
            known.join(", ")
        )
    })
}

/// What came of each row.
///
/// # Errors
/// Stdout or the report's file cannot be written.
pub fn report(
    entries: &[BatchEntry],
    told: &Told<'_>,
    args: &Args,
    global: &Global,
) -> anyhow::Result<()> {
    args.report.write(entries.iter().map(|entry| row_of(entry, args)))?;
    let Told { signed, above, digest } = *told;
    // In a dry run of more rows than numbers are kept for, what will be signed is not known.
    let known = signed > 0 || (args.dry_run && is_final(entries, args.what));
    let logged = count(entries, |state| matches!(state, RowState::Logged { .. }));
    let already = count(entries, |state| matches!(state, RowState::Already { .. }));
    let refused = count(entries, |state| matches!(state, RowState::Refused { .. }));
    let held = entries.iter().filter(|entry| entry.held.is_some()).count();
    if global.json {
        return say_json(&json!({
            "issuer": args.issuer,
            "dryRun": args.dry_run,
            "signed": signed,
            "sha256": known.then_some(digest),
            "rowsAboveHead": above,
            "logged": logged,
            "already": already,
            "refused": refused,
            "held": held,
            "rows": entries,
        }));
    }
    entries.iter().try_for_each(say_row)?;
    let counts = [signed, logged, already, refused].map(|count| count.to_string());
    let names = ["signed", "logged", "already", "refused"];
    let counts: Vec<(&str, &str)> =
        names.into_iter().zip(counts.iter().map(String::as_str)).collect();
    say(tr("told-counts", &counts))?;
    if held > 0 {
        say(tr("told-held", &[("count", &held.to_string())]))?;
    }
    if signed > 0 {
        say(tr("told-digest", &[("digest", digest)]))?;
    }
    Ok(())
}

/// One line for people: on stderr what was refused.
fn say_row(entry: &BatchEntry) -> anyhow::Result<()> {
    let line = entry.line.to_string();
    let place = tr("told-line", &[("line", &line), ("subject", entry.subject())]);
    let held = entry.held.as_ref().map(|held| format!("; {}", held.words()));
    let held = held.unwrap_or_default();
    if let Some(index) = entry.declared {
        say(tr("told-declared", &[("place", &place), ("index", &index.to_string())]))?;
    }
    let place = [("place", place.as_str())];
    let with = |id: &str, values: &[(&str, &str)]| tr(id, &[&place, values].concat());
    match &entry.state {
        RowState::Ready(ready) => {
            let further = further(ready).map(|text| format!("; {text}")).unwrap_or_default();
            let would = match ready.replaces {
                Some(serial) => with("told-would-replace", &[("serial", &serial.to_string())]),
                None => with("told-would-sign", &[]),
            };
            say(format!("{would}{further}{held}"))
        }
        RowState::Declarable { producer } => {
            say(format!("{}{held}", with("told-would-declare", &[("party", producer)])))
        }
        RowState::Logged { index, id } => {
            let index = index.to_string();
            say(format!("{}{held}", with("told-logged", &[("index", &index), ("id", id)])))
        }
        RowState::Already { index, .. } => {
            say(format!("{}{held}", with("told-already", &[("index", &index.to_string())])))
        }
        RowState::Refused { code, detail, .. } => {
            eprintln!("{}", with("told-refused", &[("detail", detail), ("code", code)]));
            Ok(())
        }
    }
}

/// A row of the report's file.
fn row_of(entry: &BatchEntry, args: &Args) -> ReportRow {
    let file = args.csv.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let held = entry.held.as_ref().map(|held| held.words());
    let declared = entry.declared.map(|index| format!("declared as entry {index}"));
    let status: Vec<String> = declared.into_iter().chain(held).collect();
    let row = ReportRow {
        file,
        line: Some(entry.line),
        subject: entry.subject().to_owned(),
        status: status.join("; "),
        ..ReportRow::default()
    };
    let outcome = |word: &str| word.to_owned();
    match &entry.state {
        RowState::Ready(_) => ReportRow { outcome: outcome("ready"), ..row },
        RowState::Declarable { .. } => ReportRow { outcome: outcome("declarable"), ..row },
        RowState::Logged { index, id } => {
            ReportRow { outcome: outcome("logged"), entry: Some(*index), id: id.clone(), ..row }
        }
        RowState::Already { index, id } => {
            ReportRow { outcome: outcome("already"), entry: Some(*index), id: id.clone(), ..row }
        }
        RowState::Refused { code, detail, .. } => ReportRow {
            outcome: outcome("refused"),
            code: code.clone(),
            detail: detail.clone(),
            ..row
        },
    }
}
