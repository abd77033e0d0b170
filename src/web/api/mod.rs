//! The API by resource: one file each, routes listed in `routes`.
//! Handlers translate; what is true is the register's and the verifier's business.

mod files;
mod labels;
mod log;
mod lookups;
mod lots;
mod names;
mod prepare;
mod routes;
mod statements;
mod verdicts;

pub use routes::routes;
