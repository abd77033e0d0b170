//! What is wrong with a table of the catalogue.

use thiserror::Error;

/// A table that cannot be read. Always a fault of the build.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("table {table}: {reason}")]
pub struct CatalogError {
    /// Which table.
    pub table: &'static str,
    /// What is off.
    pub reason: String,
}
