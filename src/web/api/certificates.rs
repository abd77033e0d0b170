//! `/api/v1/certificates`: certificates as data, with their status now.
//! Not here: `/certificates/{serial}`, the page and the forms for programs (`certificate_forms`).

use axum::Json;
use axum::extract::State;

use super::operator_shape::{AnyCertificate, OperatorShape};
use super::shapes::CertificateShape;
use crate::web::body::Path;
use crate::web::{App, Problem, parallel};

/// One certificate with its status now.
#[utoipa::path(get, path = "/api/v1/certificates/{serial}", tag = "certificates",
    params(("serial" = u64, Path, description = "Serial")),
    responses(
        (status = 200, description = "The certificate, of a lot or of an operator",
            body = AnyCertificate),
        (status = 404, description = "No such certificate", body = Problem),
    ))]
pub async fn one(
    State(app): State<App>,
    Path(serial): Path<String>,
) -> Result<Json<AnyCertificate>, Problem> {
    let serial = serial
        .parse()
        .map_err(|_| Problem::new(400, "serial_form", "a serial is a plain decimal number"))?;
    let register = &app.ledger.view().register;
    if let Some(operator) = register.operator(serial) {
        let shape = OperatorShape::of(register, operator, app.ledger.now());
        return Ok(Json(AnyCertificate::Operator(Box::new(shape))));
    }
    let found = register.certificate(serial).ok_or_else(|| unknown(serial))?;
    let shape = move || CertificateShape::of(&app.ledger, found, app.ledger.now());
    Ok(Json(AnyCertificate::Lot(Box::new(parallel::blocking(shape).await??))))
}

fn unknown(serial: u64) -> Problem {
    let detail = format!("there is no certificate with serial {serial}");
    Problem::new(404, "certificate_unknown", detail)
}
