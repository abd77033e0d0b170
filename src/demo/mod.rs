//! The demonstration ledger: real origin products, fictional parties, every status at least once;
//! all of it through the same way in as an API client's bytes.

mod harvests;
mod lots;
mod make;
mod parties;
mod story;

pub use make::{examples, make};
pub use story::Example;
