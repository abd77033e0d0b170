//! The demonstration ledger: fictional parties with fictional lots over real products and schemes,
//! with every status a scan can meet. All of it takes the way in that everybody's statements take.
//! Not here: any shortcut past signatures or rules, any real party.

mod cast;
mod examples;
mod keys;
mod make;
mod notices;
mod parties;
mod plan;
mod season;
mod stage;
mod story;

pub use examples::{Example, examples};
pub use make::make;
