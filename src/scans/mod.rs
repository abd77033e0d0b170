//! HOW OFTEN A CODE IS SEEN: sessions by unit, month and country, off the log, erasable. Nothing of
//! a reader reaches a disk, and what is not sure is not counted. Not here: who sends a request
//! (`web`), and what is said of many scans (`verify`).

mod book;
mod counts;
mod sessions;

pub use book::{Scans, Unit, Visit};
pub use counts::Country;
