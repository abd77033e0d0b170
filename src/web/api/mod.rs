//! The API by resource: one file each. Handlers translate between HTTP and the ledger; they decide
//! nothing.

mod answers;
mod log;
mod operations;
mod prepare;
mod routes;
mod statements;
mod trust;

pub use routes::routes;
