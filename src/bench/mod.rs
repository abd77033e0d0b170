//! WHOLE-PROCESS FIGURES: a real ledger in a temporary folder, served on loopback, and clients over
//! real connections in the same process. Bounded in count and time. Figures, never tests.

mod client;
mod measure;
mod report;
mod world;

pub use measure::{Options, run};
pub use report::{Figure, table};
