//! The languages of the pages: which one a reader gets, its texts, dates and numbers. A language
//! that is complete in few words falls back to French, which its pages mark (`pages::foreign`). Not
//! here: names of products and regions (`statement`, the catalogue), HTML, the pages' layout.

mod choice;
mod figures;
mod quantity;
#[cfg(test)]
mod tests;
mod texts;

pub use choice::Language;
pub use figures::{date, instant, money, number};
pub use quantity::quantity;
pub use texts::{Value, t, t_with, word};
