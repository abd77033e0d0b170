//! READING: what a person hands in, whatever door it comes by: told apart by its content and split
//! into what can be judged, one by one, each with its place. Generous where nothing can be forged.
//! Not here: how the text of one code is read ([`crate::label`]), the verdict ([`crate::verify`]),
//! files and pictures, which the shells fetch.

mod blocks;
mod codes;
mod encoding;
mod exhibit;
mod fault;
mod headed;
mod kind;
mod lists;
mod sheet;
mod table;
mod terms;
mod values;

pub use blocks::read_blocks;
pub use exhibit::{Content, Exhibit, read_text};
pub use fault::ReadFault;
pub use headed::{Headed, read_headed};
pub use kind::{Kind, is_picture};
pub use lists::{read_file, read_list};
pub use sheet::{Sheet, column_letters, is_sheet, read_sheet};
pub use table::{Row, Table, folded};
pub use terms::{Noun, Term, code_of, terms};
pub use values::{cell_text, parse_day, parse_quantity, quantity_of, spoilt_gtin};
