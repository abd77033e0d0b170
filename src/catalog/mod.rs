//! PRODUCTS, SCHEMES, REGIONS, MATERIALS: the tables that come with a release, read-only. A row
//! once used keeps its meaning: the register is a fold of the log.

mod error;
mod material;
mod season;
mod tables;
mod unit;

pub use error::CatalogError;
pub use material::{Material, MaterialOrigin};
pub use season::DayOfYear;
pub use tables::{Catalog, Product, Region, Scheme, SchemeKind};
pub use unit::BaseUnit;
