//! Labels: one code for a lot for whoever asks; serials for whoever signs for them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use super::prepare::refused;
use super::statements::problem;
use crate::label::Label;
use crate::ledger::{intake, issue_labels, label_of, now};
use crate::statement::LotKey;
use crate::web::{App, Problem};

/// Which lot; all certified lots if left out.
#[derive(Deserialize)]
pub struct Wanted {
    lot: Option<String>,
}

/// Labels.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Labels {
    labels: Vec<Printed>,
}

/// One label.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Printed {
    /// `GTIN/LOT` or `party/LOT`.
    lot: String,
    /// The text of the QR code.
    text: String,
    /// The unit's serial, if any.
    serial: Option<String>,
}

/// `GET /api/v1/labels`.
pub async fn print(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Labels>, Problem> {
    let view = app.ledger.view();
    let lots: Vec<LotKey> = match &wanted.lot {
        Some(text) => vec![
            text.parse::<LotKey>()
                .map_err(|fault| Problem::new(400, fault.code(), fault.to_string()))?,
        ],
        None => {
            let certified = view.register.lots().filter(|lot| !lot.certificates.is_empty());
            certified.map(|lot| lot.declaration.lot.clone()).collect()
        }
    };
    let now = now();
    let labels: Result<Vec<Label>, _> =
        lots.iter().map(|lot| label_of(&app.ledger, lot, None, now)).collect();
    Ok(answer(labels.map_err(|error| refused(&error))?))
}

/// `POST /api/v1/labels`: the body is a signed `LabelIssue`.
pub async fn issue(State(app): State<App>, body: Bytes) -> Result<Json<Labels>, Problem> {
    let now = now();
    let statement = intake(&body, &app.ledger.view().register, now);
    let statement = statement.map_err(|error| problem(&error))?;
    let labels = issue_labels(&app.ledger, statement, now).await;
    Ok(answer(labels.map_err(|error| refused(&error))?))
}

fn answer(labels: Vec<Label>) -> Json<Labels> {
    let printed = labels.into_iter().map(|label| Printed {
        lot: label.key.to_string(),
        text: label.url(),
        serial: label.serial.map(|serial| serial.as_str().to_owned()),
    });
    Json(Labels { labels: printed.collect() })
}
