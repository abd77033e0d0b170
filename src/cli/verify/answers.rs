//! Answers to many inputs, as text, as a table or as JSON: the worst first, but for JSON, which
//! keeps the order of the inputs. Any number of them in a bounded memory: what waits for its place
//! is spooled to a file of the system's temporary folder.

use std::io::{BufRead, BufReader, Seek, Write, stdout};

use anyhow::Context;
use serde_json::json;
use tempfile::{SpooledTempFile, spooled_tempfile};

use super::super::Outcome;
use super::super::common::output::{raw, say, say_json};
use super::super::common::verdict::{clean, verdict};
use super::judged::{Judged, JudgedInput};
use crate::os::terminal::{shown, shown_json};
use crate::papers::guarded;
use crate::verify::{Claims, Report, WORST_FIRST, severity};

/// Bytes that wait in memory, of each exit code.
const IN_MEMORY: usize = 1 << 20;

/// Columns of the table; those of the list stand behind them.
const COLUMNS: [&str; 8] =
    ["verdict", "exit_code", "file", "line", "code", "lot", "product", "reason"];

/// How answers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines; the whole report where there is one alone.
    Text,
    /// A table.
    Csv,
    /// A report, or an array of them.
    Json,
}

/// Answers on their way out.
pub struct VerdictList {
    form: Form,
    /// The first, which may be the only one.
    first: Option<Judged>,
    /// How many ended in each exit code.
    counts: [u64; 5],
    /// What waits, by exit code: lines, or rows as JSON.
    waiting: [SpooledTempFile; 5],
    /// Heads of the lists' other columns, in the order they came.
    heads: Vec<String>,
}

impl VerdictList {
    /// None yet.
    #[must_use]
    pub fn new(form: Form) -> Self {
        let waiting = WORST_FIRST.map(|_| spooled_tempfile(IN_MEMORY));
        Self { form, first: None, counts: [0; 5], waiting, heads: Vec::new() }
    }

    /// Takes one more.
    ///
    /// # Errors
    /// Standard output that cannot be written, or a temporary folder that is full.
    pub fn put(&mut self, judged: Judged) -> anyhow::Result<()> {
        let before: u64 = self.counts.iter().sum();
        let place = severity(judged.verdict.exit_code());
        if let Some(count) = self.counts.get_mut(place) {
            *count += 1;
        }
        if before == 0 {
            self.first = Some(judged);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            if self.form == Form::Json {
                raw(b"[\n")?;
            }
            self.keep(&first, true)?;
        }
        self.keep(&judged, false)
    }

    fn keep(&mut self, judged: &Judged, first: bool) -> anyhow::Result<()> {
        let line = match self.form {
            Form::Json => {
                let text = serde_json::to_string_pretty(&judged.json())?.replace('\n', "\n  ");
                let text = format!("{}  {text}", if first { "" } else { ",\n" });
                return raw(shown_json(&text).as_bytes());
            }
            Form::Text => judged.line_of_many().replace('\n', "\u{fffd}"),
            Form::Csv => {
                for (head, _) in &judged.beside {
                    if !self.heads.contains(head) {
                        self.heads.push(head.clone());
                    }
                }
                serde_json::to_string(&(answer(judged), &judged.beside))?
            }
        };
        match self.waiting.get_mut(severity(judged.verdict.exit_code())) {
            Some(waiting) => writeln!(waiting, "{line}").context("the temporary folder"),
            None => Ok(()),
        }
    }

    /// Tells what waits. The worst of all is how the verb ends.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn finish(mut self) -> anyhow::Result<Outcome> {
        let only = self.first.take();
        match (self.form, &only) {
            (Form::Json, Some(only)) => say_json(&only.json())?,
            (Form::Json, None) if self.counts == [0; 5] => say_json(&json!([]))?,
            (Form::Json, None) => raw(b"\n]\n")?,
            (Form::Text, Some(only)) if only.verdict.exit_code() == 2 => {
                eprintln!("{}", only.whole());
            }
            (Form::Text, Some(only)) => say(only.whole())?,
            (Form::Text, None) => self.lines()?,
            (Form::Csv, only) => {
                if let Some(only) = only {
                    self.keep(only, true)?;
                }
                self.table()?;
            }
        }
        let worst = self.counts.iter().position(|count| *count > 0);
        Ok(match worst.and_then(|place| WORST_FIRST.get(place)) {
            Some(0) => Outcome::Passed,
            Some(1) => Outcome::Failed,
            Some(3) => Outcome::Undecided,
            Some(4) => Outcome::Unfit,
            // Or nothing was judged.
            _ => Outcome::Unreadable,
        })
    }

    fn lines(&mut self) -> anyhow::Result<()> {
        for (code, waiting) in WORST_FIRST.iter().zip(&mut self.waiting) {
            each_line(waiting, |line| match code {
                2 => {
                    eprintln!("{line}");
                    Ok(())
                }
                _ => raw(shown(&format!("{line}\n")).as_bytes()),
            })?;
        }
        let [failed, unreadable, undecided, unfit, passed] = self.counts;
        let all: u64 = self.counts.iter().sum();
        say(format!(
            "{all} inputs: {passed} passed, {failed} not genuine, {unreadable} unreadable, \
             {undecided} undecided, {unfit} not fit"
        ))
    }

    fn table(&mut self) -> anyhow::Result<()> {
        let mut rows = csv::Writer::from_writer(stdout().lock());
        let heads = &self.heads;
        let columns = COLUMNS.iter().copied().chain(heads.iter().map(String::as_str));
        rows.write_record(columns.map(|cell| guarded(&clean(cell))))?;
        for waiting in &mut self.waiting {
            each_line(waiting, |line| {
                let (mut row, beside): (Vec<String>, Vec<(String, String)>) =
                    serde_json::from_str(line)?;
                row.extend(heads.iter().map(|head| {
                    let cell = beside.iter().find(|(known, _)| known == head);
                    cell.map(|(_, cell)| cell.clone()).unwrap_or_default()
                }));
                Ok(rows.write_record(row.iter().map(|cell| guarded(&clean(cell))))?)
            })?;
        }
        rows.flush()?;
        Ok(())
    }
}

/// Goes through what was spooled.
fn each_line(
    spooled: &mut SpooledTempFile,
    mut with: impl FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    spooled.rewind().context("the temporary folder")?;
    for line in BufReader::new(spooled).lines() {
        with(&line.context("the temporary folder")?)?;
    }
    Ok(())
}

/// The answer as a row of [`COLUMNS`].
fn answer(one: &Judged) -> Vec<String> {
    let claims =
        |of: &Report, what: fn(&Claims) -> String| of.claims.as_ref().map(what).unwrap_or_default();
    let (word, code, lot, product, reason) = match &one.verdict {
        JudgedInput::Report(report) => (
            verdict(report),
            report.subject.clone(),
            claims(report, |claims| claims.lot.to_string()),
            claims(report, |claims| claims.product_name.clone()),
            report.authenticity.sub_indication.map(|why| format!("{why:?}")).unwrap_or_default(),
        ),
        JudgedInput::Refused { subject, code, detail } => (
            "NOT GENUINE".to_owned(),
            subject.clone(),
            String::new(),
            String::new(),
            format!("{detail} [{code}]"),
        ),
        JudgedInput::Unreadable { subject, code, detail } => (
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
