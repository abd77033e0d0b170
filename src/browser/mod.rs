//! The page that checks by itself: one HTML file that carries its style, its words and its script,
//! joined from the modules of `assets/app`. Served at `/check` and written by an export; the same
//! bytes of a release everywhere. Not here: what the modules do, HTTP.

mod page;
mod script;
mod squeeze;
mod words;

pub use page::{CheckPage, check_page};
