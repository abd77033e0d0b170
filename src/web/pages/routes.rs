//! Routes of the pages. Whatever no route takes is read as a code.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Extension, Router};

use super::home_code::KeptCodes;
use super::scan::KeptScan;
use super::{
    app_files, audit, certificate, check, event, home, inspect, lot, party, party_lists, register,
    scan, story,
};
use crate::limits::PHOTO_BYTES_MAX;
use crate::web::App;

/// Bytes of an inspection: a photo, and 1 MB for the other fields of the form.
const INSPECT_BYTES_MAX: usize = PHOTO_BYTES_MAX + 1_000_000;

/// The pages' routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route(
            "/inspect",
            get(inspect::form)
                .post(inspect::submit)
                .layer(DefaultBodyLimit::max(INSPECT_BYTES_MAX)),
        )
        .route("/app/{hash}/{file}", get(app_files::file))
        .route("/check", get(check::check))
        .route("/register", get(register::register))
        .route("/parties", get(party_lists::parties))
        .route("/parties/{id}", get(party::party))
        .route("/certificates/{file}", get(certificate::certificate))
        .route("/events/{party}/{file}", get(event::event))
        .route("/audit", get(audit::audit))
        .route("/lots/{owner}/{file}", get(lot::lot))
        .route("/story", get(story::story))
        .fallback(scan::scan)
        .layer(Extension(Arc::new(KeptScan::default())))
        .layer(Extension(Arc::new(KeptCodes::default())))
}
