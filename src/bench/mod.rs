//! Measures this build on this machine against the budgets: a ledger in a temporary folder, its
//! service on the loopback, and a client that loads it. Not here: parts measured alone
//! (`benches/`).

mod at_size;
mod filling;
mod folder;
mod goods;
mod goods_reach;
mod graph;
mod limits;
mod load;
mod pack;
mod process;
mod reading;
mod report;
mod run;
mod scale;
mod service;
mod starts;
mod two_sizes;
mod world;
mod writing;

pub use at_size::{SizeOptions, run as run_at_size};
pub use folder::BenchFolder;
pub use graph::EVENTS_PERCENT;
pub use report::{Bound, Measured, Unit};
pub use run::{run, run_pack};
pub use scale::Scale;
pub use world::World;
