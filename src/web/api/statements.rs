//! Statements in, leaves and proofs out. One statement a request, or up to 1,000 as NDJSON: parsed and
//! verified on all cores beside the async threads, then appended together.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::ledger::{Receipt, SubmitError, intake, now};
use crate::limits::BULK_LINES_MAX;
use crate::log::ProofFile;
use crate::statement::Statement;
use crate::web::{App, Problem};

/// One line of a bulk answer.
#[derive(Serialize)]
struct Line<'a> {
    line: usize,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<&'a Receipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// `POST /api/v1/statements`.
pub async fn submit(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/x-ndjson")) {
        return bulk(&app, &body).await.unwrap_or_else(IntoResponse::into_response);
    }
    let mut outcomes = take(&app, vec![body]).await;
    match outcomes.pop() {
        Some(Ok(receipt)) => {
            let status = if receipt.duplicate { StatusCode::OK } else { StatusCode::CREATED };
            (status, axum::Json(receipt)).into_response()
        }
        Some(Err(error)) => problem(&error).into_response(),
        None => Problem::new(500, "no_answer", "the ledger gave no answer").into_response(),
    }
}

async fn bulk(app: &App, body: &Bytes) -> Result<Response, Problem> {
    let lines: Vec<Bytes> = body
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .map(|line| body.slice_ref(line))
        .collect();
    if lines.len() > BULK_LINES_MAX {
        let detail = format!("{} lines; at most {BULK_LINES_MAX} are accepted", lines.len());
        return Err(Problem::new(413, "too_many_lines", detail));
    }
    let outcomes = take(app, lines).await;
    let mut answer = Vec::with_capacity(outcomes.len().saturating_mul(1_400));
    for (place, outcome) in outcomes.iter().enumerate() {
        let line = place.saturating_add(1);
        let line = match outcome {
            Ok(receipt) => {
                let status = if receipt.duplicate { 200 } else { 201 };
                Line { line, status, receipt: Some(receipt), problem: None }
            }
            Err(error) => {
                let problem = problem(error);
                Line { line, status: problem.status, receipt: None, problem: Some(problem) }
            }
        };
        // Plain members only: writing them into memory has no way to fail.
        let _ = serde_json::to_writer(&mut answer, &line);
        answer.push(b'\n');
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], answer).into_response())
}

/// Takes statements in, in order; each has its own outcome.
async fn take(app: &App, bodies: Vec<Bytes>) -> Vec<Result<Receipt, SubmitError>> {
    let ledger = app.ledger.clone();
    let read = tokio::task::spawn_blocking(move || read_all(&ledger.view().register, &bodies));
    let read = read.await.unwrap_or_default();
    let mut good = Vec::with_capacity(read.len());
    let mut outcomes: Vec<Option<SubmitError>> = Vec::with_capacity(read.len());
    for result in read {
        match result {
            Ok(statement) => {
                good.push(statement);
                outcomes.push(None);
            }
            Err(error) => outcomes.push(Some(error)),
        }
    }
    let mut receipts = app.ledger.append(good).await.into_iter();
    let gone = || SubmitError::Stopped { reason: "the ledger gave no answer".to_owned() };
    let outcome = |error: Option<SubmitError>| match error {
        Some(error) => Err(error),
        None => receipts.next().unwrap_or_else(|| Err(gone())),
    };
    let outcomes: Vec<_> = outcomes.into_iter().map(outcome).collect();
    app.count(&outcomes);
    outcomes
}

fn read_all(
    register: &crate::register::Register,
    bodies: &[Bytes],
) -> Vec<Result<Statement, SubmitError>> {
    let now = now();
    let read = |part: &[Bytes]| -> Vec<_> {
        part.iter().map(|bytes| intake(bytes, register, now)).collect()
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if bodies.len() < 16 || cores < 2 {
        return read(bodies);
    }
    std::thread::scope(|scope| {
        let share = bodies.len().div_ceil(cores);
        let parts: Vec<_> =
            bodies.chunks(share).map(|part| scope.spawn(move || read(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// A refusal as a problem document.
pub fn problem(error: &SubmitError) -> Problem {
    Problem::new(error.http_status(), error.code(), error.to_string())
}

/// `GET /api/v1/statements/{index}`: the leaf.
pub async fn leaf(State(app): State<App>, Path(index): Path<u64>) -> Result<Response, Problem> {
    let leaf = app.entry(index)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, leaf).into_response())
}

/// `GET /api/v1/statements/{index}/proof`: the `.tlog-proof`.
pub async fn proof(State(app): State<App>, Path(index): Path<u64>) -> Result<Response, Problem> {
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], proof_file(&app, index)?)
        .into_response())
}

/// The proof file of an entry under the newest checkpoint.
pub fn proof_file(app: &App, index: u64) -> Result<String, Problem> {
    let view = app.ledger.view();
    if index >= view.size {
        return Err(app.no_entry(index));
    }
    let proof = app.ledger.inclusion(index, view.size).map_err(|error| app.internal(&error))?;
    let file = ProofFile { index, proof, checkpoint: view.checkpoint.to_string() };
    Ok(file.to_string())
}
