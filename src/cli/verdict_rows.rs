//! Verdicts as a table that spreadsheets open: the worst first, each with its place and with the
//! other columns of the list it stood in.

use std::io;

use super::verdict::{clean, verdict};
use super::verify::{Judged, Verdict, worst_first};
use crate::verify::Report;

/// Columns of the answer; those of the list stand behind them.
const COLUMNS: [&str; 8] =
    ["verdict", "exit_code", "file", "line", "code", "lot", "product", "reason"];

/// Prints verdicts as CSV.
///
/// # Errors
/// Standard output that is closed.
pub fn tell(judged: &[Judged]) -> anyhow::Result<()> {
    let mut heads: Vec<&str> = Vec::new();
    for (head, _) in judged.iter().flat_map(|one| &one.beside) {
        if !heads.contains(&head.as_str()) {
            heads.push(head);
        }
    }
    let mut rows = csv::Writer::from_writer(io::stdout().lock());
    rows.write_record(COLUMNS.iter().chain(&heads).map(|head| guarded(head)))?;
    for one in worst_first(judged) {
        let mut row = answer(one);
        row.extend(heads.iter().map(|head| {
            let cell = one.beside.iter().find(|(known, _)| known == head);
            cell.map(|(_, cell)| cell.clone()).unwrap_or_default()
        }));
        rows.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    rows.flush()?;
    Ok(())
}

fn answer(one: &Judged) -> Vec<String> {
    let claims = |of: &Report, what: fn(&crate::verify::Claims) -> String| {
        of.claims.as_ref().map(what).unwrap_or_default()
    };
    let (word, code, lot, product, reason) = match &one.verdict {
        Verdict::Report(report) => (
            verdict(report),
            report.subject.clone(),
            claims(report, |claims| claims.lot.to_string()),
            claims(report, |claims| claims.product_name.clone()),
            report.authenticity.sub_indication.map(|why| format!("{why:?}")).unwrap_or_default(),
        ),
        Verdict::Refused { subject, code, detail } => (
            "NOT GENUINE".to_owned(),
            subject.clone(),
            String::new(),
            String::new(),
            format!("{detail} [{code}]"),
        ),
        Verdict::Unreadable { subject, code, detail } => (
            "UNREADABLE".to_owned(),
            subject.clone(),
            String::new(),
            String::new(),
            format!("{detail} [{code}]"),
        ),
    };
    let line = one.line.map(|line| line.to_string()).unwrap_or_default();
    let file = one.file.clone().unwrap_or_default();
    vec![word, one.verdict.exit_code().to_string(), file, line, code, lot, product, reason]
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: &str) -> String {
    let cell = clean(cell);
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell,
    }
}
