//! What one thing handed to `tasdiq verify` came to, and where it stood. Not here: how many of them
//! are told (`answers`), the report itself (`verify`).

use serde_json::{Value, json};

use super::super::common::verdict::{brief, clean, full};
use crate::dossier::DossierError;
use crate::verify::{CheckResult, Report};

/// Cells of a row that are printed beside a verdict.
const BESIDE_SHOWN_MAX: usize = 6;

/// What one exhibit came to, and where it stood.
pub struct Judged {
    /// The file it was read from.
    pub file: Option<String>,
    /// The line of a list in which its row begins.
    pub line: Option<u64>,
    /// The column of a table, from 1.
    pub column: Option<usize>,
    /// The other cells of its row, under their heads.
    pub beside: Vec<(String, String)>,
    /// What it came to.
    pub verdict: JudgedInput,
}

/// What one exhibit came to.
pub enum JudgedInput {
    /// It was judged.
    Report(Box<Report>),
    /// It could not be read.
    Unreadable {
        /// What was looked at.
        subject: String,
        /// The stable code.
        code: &'static str,
        /// What was wrong and what to do.
        detail: String,
    },
    /// A dossier that carries keys of another root, or none that can be believed.
    Refused {
        /// What was looked at.
        subject: String,
        /// The stable code.
        code: &'static str,
        /// What was wrong and what to do.
        detail: String,
    },
}

impl From<JudgedInput> for Judged {
    fn from(verdict: JudgedInput) -> Self {
        Self { file: None, line: None, column: None, beside: Vec::new(), verdict }
    }
}

impl Judged {
    /// All of it, for people, where nothing else was asked.
    #[must_use]
    pub fn whole(&self) -> String {
        match &self.verdict {
            JudgedInput::Report(report) => full(report),
            _ => self.line_of_many(),
        }
    }

    /// One line of many.
    #[must_use]
    pub fn line_of_many(&self) -> String {
        match (&self.verdict, self.place()) {
            (JudgedInput::Report(report), Some(place)) => format!("{}  ({place})", brief(report)),
            (JudgedInput::Report(report), None) => brief(report),
            (JudgedInput::Refused { subject, code, detail }, _) => {
                format!("NOT GENUINE {}: {detail} [{code}]", clean(subject))
            }
            (JudgedInput::Unreadable { subject, code, detail }, place) => {
                let place = place.filter(|_| self.line.is_some());
                let place = place.map(|place| format!("  ({place})")).unwrap_or_default();
                let subject = shortened(&clean(subject));
                format!("UNREADABLE  {subject}: {detail} [{code}]{place}")
            }
        }
    }

    /// File and line, and the other cells of the row, as they are printed.
    fn place(&self) -> Option<String> {
        let file = self.file.as_deref().map(clean);
        let line = self.line.map(|line| format!("line {line}"));
        let beside = self.beside.iter().take(BESIDE_SHOWN_MAX);
        let beside = beside.map(|(head, cell)| format!("{}: {}", clean(head), clean(cell)));
        let parts: Vec<String> = file.into_iter().chain(line).chain(beside).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The report, with its place in a list if it stood in one.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut value = self.verdict.json();
        if self.line.is_some() {
            let cells = self.beside.iter().map(|(head, cell)| (head.clone(), json!(cell)));
            value["place"] = json!({
                "file": self.file, "line": self.line, "column": self.column,
                "cells": Value::Object(cells.collect()),
            });
        }
        value
    }
}

/// The beginning of a long text: the rest says nothing to a reader.
#[must_use]
pub fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl JudgedInput {
    /// Of a report; one that could not be read is told as that.
    pub fn of(report: Report) -> Self {
        if report.exit_code != 2 {
            return Self::Report(Box::new(report));
        }
        let failed = report.checks.into_iter().find(|check| check.result == CheckResult::Fail);
        let detail = failed.map(|check| check.evidence).unwrap_or_default();
        Self::Unreadable { subject: report.subject, code: "format", detail }
    }

    /// Names what was looked at by its file, where it says nothing of itself.
    #[must_use]
    pub fn about(mut self, file: &str) -> Self {
        if let Self::Refused { subject, .. } | Self::Unreadable { subject, .. } = &mut self {
            *subject = match subject.as_str() {
                "" => file.to_owned(),
                own if own == file => return self,
                own => format!("{file}: {own}"),
            };
        }
        self
    }

    /// A dossier whose own trust snapshot cannot be used.
    pub fn of_error(error: &DossierError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        let subject = String::new();
        match error {
            error if error.is_unreadable() => Self::Unreadable { subject, code, detail },
            _ => Self::Refused { subject, code, detail },
        }
    }

    /// A code on a paper that carries the dossier of another certificate.
    pub fn borrowed(text: &str) -> Self {
        let detail = "it names another certificate or lot than the dossier attached to the paper: \
            one of the two is borrowed"
            .to_owned();
        Self::Refused { subject: shortened(text), code: "paper_mixed", detail }
    }

    /// Nothing says whom to trust.
    pub fn untrusted() -> Self {
        let detail = "whom to trust is not known: give --trust FILE".to_owned();
        Self::Unreadable { subject: String::new(), code: "trust", detail }
    }

    /// As `verify` ends.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Report(report) => report.exit_code,
            Self::Refused { .. } => 1,
            Self::Unreadable { .. } => 2,
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Report(report) => json!(report),
            Self::Refused { subject, code, detail } => {
                json!({ "type": "Refused", "subject": subject, "code": code, "detail": detail,
                    "exitCode": 1 })
            }
            Self::Unreadable { subject, code, detail } => {
                json!({ "type": "Unreadable", "subject": subject, "code": code, "detail": detail,
                    "exitCode": 2 })
            }
        }
    }
}
