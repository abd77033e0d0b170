//! The consignment: one signed JSON file that proves a shipment with no server: what went in which
//! units, its lots and their certificates with status, under one checkpoint; and openings that
//! whoever hands it on adds. Not here: papers made of it (`papers`), the verdict (`verify`).

mod add;
mod book;
mod certified;
mod error;
mod facts;
mod form;
mod make;
mod opening;
mod units;

pub use add::with_openings;
pub use error::ConsignmentError;
pub use facts::{ConsignmentFacts, NamedParty, ShippedCertificate, ShippedLot, Voided};
pub use form::{consignment_trust, is_consignment};
pub use make::seal_consignment;
pub use opening::{Committed, Opened};
pub use units::PackedUnit;

pub(crate) use book::ConsignmentStatus;
pub(crate) use certified::dossier_of;
pub(crate) use form::Consignment;
