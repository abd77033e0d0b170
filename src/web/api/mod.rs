//! The API by resource: one file each. Handlers translate between HTTP and the ledger; they decide
//! nothing.

mod answers;
mod answers_of_all;
mod catalog;
mod certificate_forms;
mod certificates;
mod consignments;
mod context;
mod documents;
mod health;
mod labels;
mod log;
mod lots;
mod openapi;
mod operations;
mod parties;
mod prepare;
mod routes;
mod scitt;
mod shapes;
mod statements;
mod status;
mod trust;
mod verify;

pub(super) use certificate_forms::{CertificateForm, FORMS};
pub(super) use consignments::consignment;
pub(super) use health::{Cosigned, DayCount, Health, health_of};
pub use openapi::openapi_json;
pub use routes::routes;
