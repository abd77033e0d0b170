//! Which papers there are, in which forms. Not here: what each says (its own file), a table
//! (`table`), the bytes of a form (`delimited`, `xlsx`).

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::table::{Paper, PaperError};
use super::told::Told;
use super::{delimited, eu931, fsma204, onssa, sheet, xlsx};
use crate::consignment::ConsignmentFacts;
use crate::verify::ConsignmentReport;

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

impl Paper {
    /// Its bytes.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(&self, form: PaperForm) -> Result<Vec<u8>, PaperError> {
        match form {
            PaperForm::Csv => delimited::write(self),
            PaperForm::Xlsx => xlsx::write(self),
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
