//! A paper as one table, and which papers and forms there are. Cells hold a text, a whole number or
//! a blank that says what belongs there. Not here: the bytes of a form (`delimited`, `xlsx`).

use strum::{EnumString, IntoStaticStr, VariantNames};
use thiserror::Error;

use super::told::Told;
use super::{eu931, fsma204, onssa, sheet};
use crate::consignment::ConsignmentFacts;
use crate::statement::is_hidden;
use crate::verify::ConsignmentReport;

/// Characters of a cell: what is longer is cut, which is told.
const CELL_CHARS_MAX: usize = 1_000;

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
pub enum PaperKind {
    /// What goes with food in the Union: Implementing Regulation (EU) No 931/2011, Article 3.
    #[strum(serialize = "931")]
    Eu931,
    /// Key data elements of shipping: the FDA's Food Traceability Rule, 21 CFR 1.1340.
    #[strum(serialize = "fsma204")]
    Fsma204,
    /// The documents of a dossier for export from Morocco.
    #[strum(serialize = "onssa")]
    Onssa,
    /// All of it, to read.
    #[strum(serialize = "sheet")]
    Sheet,
}

/// In which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum PaperForm {
    /// RFC 4180, UTF-8 with a mark of its encoding.
    #[default]
    Csv,
    /// Office Open XML (ISO/IEC 29500), one worksheet.
    Xlsx,
}

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

impl Paper {
    /// Its bytes.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(&self, form: PaperForm) -> Result<Vec<u8>, PaperError> {
        match form {
            PaperForm::Csv => super::delimited::write(self),
            PaperForm::Xlsx => super::xlsx::write(self),
        }
    }
}

/// A paper of a consignment, with what was found about it.
#[must_use]
pub fn paper(kind: PaperKind, facts: &ConsignmentFacts, report: &ConsignmentReport) -> Paper {
    let told = Told { facts, report };
    let (name, heads, rows) = match kind {
        PaperKind::Eu931 => ("EU 931-2011", eu931::HEADS.to_vec(), eu931::rows(&told)),
        PaperKind::Fsma204 => ("FSMA 204 shipping", fsma204::HEADS.to_vec(), fsma204::rows(&told)),
        PaperKind::Onssa => ("ONSSA", onssa::HEADS.to_vec(), onssa::rows(&told)),
        PaperKind::Sheet => ("Consignment", sheet::HEADS.to_vec(), sheet::rows(&told)),
    };
    Paper { name, heads, rows }
}
