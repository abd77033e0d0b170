//! Certificates as data, as the signed statement, and their proofs. The address
//! `/certificates/{serial}` is the pages': it picks one of the answers here, or its own page.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::answers::{json_bytes, logged_statement, proof_text};
use super::shapes::CertificateShape;
use crate::ledger::now;
use crate::web::body::Path;
use crate::web::{App, Problem};

/// One certificate with its status now.
#[utoipa::path(get, path = "/api/v1/certificates/{serial}", tag = "certificates",
    params(("serial" = u64, Path, description = "Serial")),
    responses(
        (status = 200, description = "The certificate", body = CertificateShape),
        (status = 404, description = "No such certificate", body = Problem),
    ))]
pub async fn one(
    State(app): State<App>,
    Path(serial): Path<String>,
) -> Result<Json<CertificateShape>, Problem> {
    let serial = serial
        .parse()
        .map_err(|_| Problem::new(400, "serial_form", "a serial is a plain decimal number"))?;
    let view = app.ledger.view();
    let certificate = view.register.certificate(serial).ok_or_else(|| unknown(serial))?;
    Ok(Json(CertificateShape::of(&view.register, certificate, now())))
}

/// The signed statement of a certificate, `application/vc`, byte for byte.
///
/// # Errors
/// `certificate_unknown`.
pub fn statement_response(app: &App, serial: u64) -> Result<Response, Problem> {
    Ok(json_bytes("application/vc", logged_statement(app, index_of(app, serial)?)?))
}

/// The `.tlog-proof` of a certificate.
///
/// # Errors
/// `certificate_unknown`.
pub fn proof_response(app: &App, serial: u64) -> Result<Response, Problem> {
    proof_text(app, index_of(app, serial)?)
}

fn index_of(app: &App, serial: u64) -> Result<u64, Problem> {
    let view = app.ledger.view();
    let certificate = view.register.certificate(serial).ok_or_else(|| unknown(serial))?;
    Ok(certificate.mark.index)
}

fn unknown(serial: u64) -> Problem {
    let detail = format!("there is no certificate with serial {serial}");
    Problem::new(404, "certificate_unknown", detail)
}
