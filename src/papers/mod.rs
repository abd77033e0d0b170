//! WHAT IS FILLED IN: papers of a consignment, made from its file alone, as tables in CSV or XLSX.
//! What the file does not hold is a marked blank, never invented; every sum is the file's.
//! Not here: the verdict on the file (`verify`), reading it (`consignment`).

mod delimited;
mod eu931;
mod fsma204;
mod kinds;
mod onssa;
mod sheet;
mod table;
mod told;
mod xlsx;
mod zip;

pub use delimited::{csv_of, guarded};
pub use kinds::{PaperForm, PaperKind, paper};
pub use table::{Cell, Paper, PaperError};
pub use zip::archive;
