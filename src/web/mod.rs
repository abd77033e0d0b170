//! The web service: one list of routes, the API by resource, pages for people. It shows and takes
//! in; nothing here decides what is true.

mod api;
mod app;
mod body;
mod codes;
mod deltas;
mod in_process;
mod kept_papers;
pub mod language;
mod metrics;
mod pages;
mod parallel;
mod problem;
mod refusals;
mod router;
mod scanned;
mod server;
mod signed;
mod verdict;

pub use api::openapi_json;
pub use app::{App, Settings};
pub use in_process::InProcess;
pub use language::{Language, date};
pub use problem::Problem;
pub(crate) use router::PERMISSIONS_POLICY;
pub use router::router;
pub use scanned::ScanHeaders;
pub use server::serve;
