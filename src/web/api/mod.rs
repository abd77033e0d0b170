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
mod feed;
mod file_shapes;
mod goods;
mod goods_shapes;
mod health;
mod label_sheets;
mod labels;
mod log;
mod lot_forms;
mod lots;
mod openapi;
mod operations;
mod operator_shape;
mod parties;
mod prepare;
mod prices;
mod routes;
mod schema_files;
mod schema_texts;
mod scitt;
mod shapes;
mod shipments;
mod statements;
mod status;
mod trace_file;
mod trust;
mod verify;
mod webhooks;

pub(super) use certificate_forms::{CertificateForm, FORMS, OPERATOR_FORMS};
pub(super) use consignments::consignment;
pub(super) use health::{Cosigned, DayCount, Health, health_of};
pub(super) use lot_forms::{LotForm, lot as lot_form};
pub use openapi::openapi_json;
pub use routes::routes;
