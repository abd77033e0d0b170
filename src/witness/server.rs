//! The HTTP side of a witness (C2SP tlog-witness): add-checkpoint, the monitoring address, and for
//! people and machines what it follows and what it caught. Not here: the verdict (`folder`).

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use tracing::error;

use super::{WitnessError, WitnessFolder};
use crate::door::{self, Lane};
use crate::limits::WITNESS_BODY_BYTES_MAX;
use crate::log::WitnessRefusal;
use crate::os::now;

/// The routes of a witness; its submission and monitoring prefixes are both the root.
pub fn witness_router(folder: WitnessFolder) -> Router {
    Router::new()
        .route("/", get(about))
        .route("/vkey", get(vkey))
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/evidence", get(evidence))
        .route("/{log}/checkpoint", get(checkpoint))
        .layer(DefaultBodyLimit::max(WITNESS_BODY_BYTES_MAX))
        .with_state(Arc::new(folder))
}

type Shared = State<Arc<WitnessFolder>>;

async fn add_checkpoint(State(folder): Shared, body: String) -> Response {
    let judged = blocking(move || folder.add_checkpoint(&body, now())).await;
    let refusal = match judged {
        Ok(Ok(line)) => return (text("text/plain; charset=utf-8"), line).into_response(),
        Ok(Err(refusal)) => refusal,
        Err(error) => return failed(&error),
    };
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    match refusal {
        WitnessRefusal::Conflict { size, .. } => {
            (status, text("text/x.tlog.size"), format!("{size}\n")).into_response()
        }
        other => (status, format!("{other}\n")).into_response(),
    }
}

async fn checkpoint(State(folder): Shared, Path(log): Path<String>) -> Response {
    match blocking(move || folder.newest(&log)).await {
        Ok(Some(note)) => (text("text/plain; charset=utf-8"), note).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "no such log\n").into_response(),
        Err(error) => failed(&error),
    }
}

async fn evidence(State(folder): Shared) -> Response {
    match blocking(move || folder.evidence()).await {
        Ok(found) => Json(found).into_response(),
        Err(error) => failed(&error),
    }
}

async fn vkey(State(folder): Shared) -> String {
    format!("{}\n", folder.key())
}

async fn about(State(folder): Shared) -> Response {
    let told = blocking(move || -> Result<String, WitnessError> {
        let mut text = format!("Witness {}\n{}\n\n", folder.name(), folder.key());
        for (log, newest) in folder.logs()? {
            let size = newest.as_deref().and_then(|note| note.split('\n').nth(1)).unwrap_or("-");
            text.push_str(&format!("{} {size}\n", log.name()));
        }
        let caught = folder.evidence()?.len();
        text.push_str(&format!("\nEvidence against logs: {caught} (/evidence)\n"));
        Ok(text)
    });
    match told.await {
        Ok(told) => (text("text/plain; charset=utf-8"), told).into_response(),
        Err(error) => failed(&error),
    }
}

fn text(kind: &'static str) -> [(header::HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, kind)]
}

fn failed(error: &WitnessError) -> Response {
    error!(%error, "the witness gives no answer");
    (StatusCode::INTERNAL_SERVER_ERROR, "the witness cannot read or write its folder\n")
        .into_response()
}

/// Runs what touches files outside the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WitnessError> + Send + 'static,
) -> Result<T, WitnessError> {
    let gone = |error: tokio::task::JoinError| WitnessError::File {
        path: "witness".to_owned(),
        reason: error.to_string(),
    };
    let busy = |busy: door::Busy| WitnessError::File {
        path: "witness".to_owned(),
        reason: busy.to_string(),
    };
    let place = door::place(Lane::Common).await.map_err(busy)?;
    let placed = move || {
        let done = work();
        drop(place);
        done
    };
    tokio::task::spawn_blocking(placed).await.map_err(gone)?
}
