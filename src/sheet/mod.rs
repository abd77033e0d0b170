//! WHAT IS PRINTED: labels on sheets, in files and for label printers, and certificates on paper.
//! One layout of a label serves PDF, bitmap, SVG and ZPL. Takes symbols and words, does no I/O.
//! Not here: what a label says ([`crate::label`]), who may have it (`ledger`), the words (`web`).

mod bitmap;
mod certificate;
mod error;
mod face;
mod faces;
mod grid;
mod item;
mod labels;
mod outline;
mod pdf;
mod ruler;
mod svg;
mod typeset;
mod zpl;

pub use bitmap::{Bitmap, label_bitmap};
pub use certificate::{CertificatePaper, PaperSection};
pub use error::SheetError;
pub use face::{LabelContent, LabelShape, SetLabel};
pub use grid::{GRIDS, LabelGrid, grid};
pub use labels::{SheetOrder, label_sheets};
pub use ruler::RulerWords;
pub use svg::label_svg;
pub use typeset::TypeSetter;
pub use zpl::zpl;
