//! PRODUCTS, SCHEMES, REGIONS: the tables that come with a release, read-only. A row once used
//! keeps its meaning: the register is a fold of the log.

mod tables;
pub use tables::{BaseUnit, Catalog, CatalogError, Product, Region, Scheme, SchemeKind};
