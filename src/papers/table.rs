//! A paper as one table: cells hold a text, a whole number or a blank that says what belongs there.
//! Not here: which papers there are (`kinds`), the bytes of a form (`delimited`, `xlsx`).

use thiserror::Error;

use crate::statement::is_hidden;

/// Characters of a cell: what is longer is cut, which is told.
const CELL_CHARS_MAX: usize = 1_000;

/// Why a paper cannot be written.
#[derive(Debug, Error)]
#[error("the paper cannot be written: {reason}")]
pub struct PaperError {
    /// What the writer says.
    pub reason: String,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text, without what hides in it.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Left for whoever fills it in: what belongs there.
    Blank(&'static str),
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What its worksheet is called.
    pub name: &'static str,
    /// The head of each column.
    pub heads: Vec<&'static str>,
    /// Rows, as many cells each as there are heads.
    pub rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// A text from anywhere: what hides or steers in it is shown as such, and it has an end.
    pub fn text(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
        let mut kept: String = text.chars().take(CELL_CHARS_MAX).map(shown).collect();
        if text.chars().nth(CELL_CHARS_MAX).is_some() {
            kept.push_str(" […]");
        }
        Self::Text(kept)
    }

    /// A text that may be missing.
    pub fn or_blank(text: Option<impl AsRef<str>>, missing: &'static str) -> Self {
        let text = text.filter(|text| !text.as_ref().trim().is_empty());
        text.map_or(Self::Blank(missing), Self::text)
    }

    /// What is shown where a form has texts only.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Blank(what) => format!("[{what}]"),
        }
    }
}
