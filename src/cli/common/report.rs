//! `--report FILE`: what came of each row, as CSV that any spreadsheet opens and none takes a cell
//! of for a formula. One set of columns for all verbs. Not here: what verbs say on a terminal.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::output::write_to;
use super::words::tr;
use crate::papers::csv_of;

/// The columns.
const HEADS: [&str; 9] =
    ["file", "line", "subject", "outcome", "entry", "id", "status", "code", "detail"];

/// Option of the verbs that do many things at once.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ReportTo {
    /// Write what came of each row to this CSV: entries, ids, statuses, refusals.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What came of one row.
#[derive(Clone, Debug, Default)]
pub struct ReportRow {
    /// The file it stands in.
    pub file: String,
    /// Its line there.
    pub line: Option<u64>,
    /// A lot, an event's name, the title of a statement.
    pub subject: String,
    /// `logged`, `already`, `ready`, `declarable` or `refused`.
    pub outcome: String,
    /// Place in the log.
    pub entry: Option<u64>,
    /// The statement's id.
    pub id: String,
    /// What holds the lot, or what became of a certificate.
    pub status: String,
    /// Why it was refused: the stable code.
    pub code: String,
    /// What was wrong and what to do.
    pub detail: String,
}

impl ReportTo {
    /// Looks whether the file can be written, before anything is signed.
    ///
    /// # Errors
    /// Its folder is not there, or it is one of the tables that are read.
    pub fn ready(&self, read: &[PathBuf]) -> anyhow::Result<()> {
        let Some(path) = self.report.as_deref().filter(|path| path.as_os_str() != "-") else {
            return Ok(());
        };
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let there = folder.is_dir() && !path.is_dir();
        anyhow::ensure!(there, "--report {}: there is no such folder", path.display());
        let place = std::fs::canonicalize(path).ok();
        let same = |table: &PathBuf| std::fs::canonicalize(table).ok() == place;
        let over = place.is_some() && read.iter().any(same);
        anyhow::ensure!(!over, "--report {}: that is the table itself", path.display());
        Ok(())
    }

    /// Writes it, if it was asked for.
    ///
    /// # Errors
    /// The file cannot be written; what was logged is logged all the same.
    pub fn write(&self, rows: impl Iterator<Item = ReportRow>) -> anyhow::Result<()> {
        let Some(path) = &self.report else { return Ok(()) };
        let rows = rows.map(ReportRow::cells).collect::<Vec<_>>();
        let bytes = csv_of(&HEADS, &rows)?;
        write_to(path, &bytes).context("--report; what was logged is logged all the same")?;
        if path.as_os_str() != "-" {
            eprintln!("{}", tr("told-report", &[("file", &path.display().to_string())]));
        }
        Ok(())
    }
}

impl ReportRow {
    fn cells(self) -> Vec<String> {
        let number = |number: Option<u64>| number.map(|it| it.to_string()).unwrap_or_default();
        let Self { file, line, subject, outcome, entry, id, status, code, detail } = self;
        let (line, entry) = (number(line), number(entry));
        vec![file, line, subject, outcome, entry, id, status, code, detail]
    }
}
