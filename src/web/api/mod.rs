//! The API by resource.

mod routes;

pub use routes::routes;
