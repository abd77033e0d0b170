//! `/api/v1/statements`: takes signed statements in, one, up to a thousand lines, or a group that
//! is logged whole or not at all, and gives entries and their proofs out. Not here: the rules
//! (`register`), the order (`ledger`).

use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::answers::{IMMUTABLE, json_bytes, proof_text};
use super::file_shapes::{Leaf, SignedStatement, StatementOrSubmission};
use crate::door::Lane;
use crate::ledger::{
    Receipt, Submission, SubmitError, fits_group, group_fault, intake, intake_group, kept_group,
};
use crate::limits::{BULK_BYTES_MAX, BULK_LINES_MAX, SUBMISSION_BYTES_MAX};
use crate::register::Register;
use crate::seal::parted;
use crate::statement::Statement;
use crate::web::body::{self, Path, Query};
use crate::web::problem::status_of;
use crate::web::{App, Problem, parallel};

/// How statements are taken in.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubmitTerms {
    /// The lines are a group: all are logged, in one batch, or none. At most 400 lines and 480 rows
    /// of the store: one for each begun 8,192 bytes of a leaf, one for a vc+jwt.
    #[serde(default)]
    #[param(required = false)]
    atomic: bool,
}

/// Takes in one signed statement, or one a line as NDJSON.
///
/// A certificate may come with its vc+jwt, detached (RFC 7515 appendix F), which is kept beside its
/// entry: `{"statement":{...},"jwt":"protected..signature"}`; the statement stays canonical within.
/// A statement may come with the document that one of its commitments is of:
/// `{"statement":{...},"document":"BASE64","salt":"BASE64URL"}` (at most 4,000,000 bytes; 16 bytes
/// of salt). It is compared with the commitment and kept off the log, encrypted, before the
/// statement is logged; with a statement that is in the log already it adds nothing.
///
/// One statement: 201 and its receipt, 200 if it was logged before, else a problem. NDJSON: 200 and
/// one answer a line, in the order of the lines; lines that are refused do not hold up the others.
///
/// With `atomic=true` the lines are a group. They are judged in their order, each as if it came
/// alone; if all are good they are logged in one batch, with one durable write, and answered a line
/// each. A line that is in the log already has its old receipt and holds up nothing. If one is
/// refused nothing is logged, and the answer is its problem, which names the line.
#[utoipa::path(post, path = "/api/v1/statements", tag = "statements", params(SubmitTerms),
    request_body(description = "A statement in canonical JSON (RFC 8785), or a certificate with \
        its vc+jwt, or a statement with a document; or one of them a line",
        content((SignedStatement = "application/vc"), (StatementOrSubmission = "application/json"),
            (String = "application/x-ndjson"))),
    responses(
        (status = 201, description = "Logged: the receipt", body = Receipt),
        (status = 200, description = "Logged before: the receipt; of NDJSON one answer a line, each \
            of this form",
            content((Receipt = "application/json"), (LineAnswer = "application/x-ndjson"))),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 409, description = "Conflicts with what the ledger holds", body = Problem),
        (status = 413, description = "Too large, too many lines, or a group of more than a batch \
            takes", body = Problem),
        (status = 415, description = "Another media type", body = Problem),
        (status = 422, description = "Breaks a rule", body = Problem),
        (status = 429, description = "More of one party than a day takes; see Retry-After",
            body = Problem),
        (status = 503, description = "The ledger accepts no writes", body = Problem),
    ))]
pub async fn submit(
    State(app): State<App>,
    Query(terms): Query<SubmitTerms>,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Problem> {
    match body::media_type(&headers).as_str() {
        "" | "application/json" | "application/vc" => {
            // Room for a statement that is too large to be refused by its own rule, with its words.
            submit_one(app, body::bytes(content, SUBMISSION_BYTES_MAX).await?).await
        }
        "application/x-ndjson" => {
            let content = body::bytes(content, BULK_BYTES_MAX).await?;
            let begun = Instant::now();
            let submit = move || match terms.atomic {
                true => submit_group(&app, &content, begun),
                false => submit_lines(&app, &content, begun),
            };
            let answers = parallel::blocking_in(Lane::Intake, submit).await??;
            let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
            Ok((kind, answers).into_response())
        }
        other => {
            let detail = format!(
                "{other} is not taken here; send application/json, application/vc, or one \
                 statement a line as application/x-ndjson"
            );
            Err(Problem::new(415, "unsupported_media_type", detail))
        }
    }
}

async fn submit_one(app: App, content: Bytes) -> Result<Response, Problem> {
    let begun = Instant::now();
    let view = app.ledger.view();
    let now = app.ledger.now();
    let ledger = app.ledger.clone();
    let take = move || {
        let taken = intake(&content, &view.register, now).and_then(|it| ledger.keep(it));
        let kind = match &taken {
            Ok(it) => Some(it.statement.claim.kind()),
            Err(SubmitError::Malformed(_)) => None,
            Err(_) => kind_sent(&content, &view.register),
        };
        (taken, kind)
    };
    let (taken, kind) = parallel::blocking_in(Lane::Intake, take).await?;
    let brings = taken.as_ref().is_ok_and(Submission::brings_document);
    let outcome = match taken {
        Ok(statement) => app.ledger.append(vec![statement]).await.pop(),
        Err(fault) => Some(Err(fault)),
    };
    let outcome = outcome.ok_or_else(Problem::internal)?;
    app.metrics.submitted(std::slice::from_ref(&outcome), begun.elapsed());
    app.nudge_keeper();
    if brings {
        let ledger = app.ledger.clone();
        parallel::blocking_in(Lane::Intake, move || ledger.settle_documents()).await?;
    }
    let receipt = outcome.map_err(|fault| Problem { statement: kind, ..fault.into() })?;
    let status = if receipt.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, axum::Json(receipt)).into_response())
}

/// The answer to one line: a receipt or a problem.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LineAnswer<'a> {
    /// Which, counted from 1.
    line: usize,
    /// 201 logged, 200 logged before, else as of the problem.
    status: u16,
    /// The receipt.
    #[schema(value_type = Option<Receipt>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<&'a Receipt>,
    /// Why it is not in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

fn submit_lines(app: &App, content: &[u8], begun: Instant) -> Result<Vec<u8>, Problem> {
    let (count, lines) = lines_of(content);
    if count > BULK_LINES_MAX {
        let detail = format!("{count} lines; send at most {BULK_LINES_MAX} at once");
        return Err(Problem::new(413, "too_many_lines", detail));
    }
    let outcomes = append_lines(app, &lines);
    app.ledger.settle_documents();
    app.metrics.submitted(&outcomes, begun.elapsed());
    let view = app.ledger.view();
    for (line, outcome) in lines.iter().zip(&outcomes) {
        let Err(fault) = outcome else { continue };
        let kind = || kind_sent(line, &view.register);
        app.metrics.refusals.count("submit", status_of(fault), fault.code(), kind);
    }
    app.nudge_keeper();
    answered(&outcomes)
}

fn submit_group(app: &App, content: &[u8], begun: Instant) -> Result<Vec<u8>, Problem> {
    let (count, lines) = lines_of(content);
    fits_group(count, &lines)?;
    let (view, at) = (app.ledger.view(), app.ledger.now());
    let taken = parallel::map(&lines, |line| intake(line, &view.register, at));
    let admits = |register: &Register, it: &Statement| app.ledger.admits(register, it, at);
    let group = intake_group(&lines, taken, &view.register, at, &admits);
    let outcomes = match group.and_then(|it| kept_group(it, |line| app.ledger.keep(line))) {
        Ok(group) => app.ledger.append_whole_blocking(group),
        Err(refused) => refused,
    };
    app.ledger.settle_documents();
    app.metrics.submitted(&outcomes, begun.elapsed());
    app.nudge_keeper();
    match group_fault(&outcomes) {
        None => answered(&outcomes),
        Some((None, fault)) => Err(fault.into()),
        Some((Some(line), fault)) => {
            let problem = Problem::from(fault);
            let detail =
                format!("line {line}: {}; nothing of the group was logged", problem.detail);
            let refused = lines.get(line.saturating_sub(1));
            let statement = refused.and_then(|line| kind_sent(line, &view.register));
            Err(Problem { line: u32::try_from(line).ok(), detail, statement, ..problem })
        }
    }
}

/// The kind of a statement that was sent, for the operator; None where it is none.
fn kind_sent(sent: &[u8], register: &Register) -> Option<&'static str> {
    let (statement, _) = parted(sent).ok()?;
    let statement = Statement::parse(statement, register.domain()).ok()?;
    Some(statement.claim.kind())
}

/// How many lines a body has, and the first of them; an end of line behind the last one begins no
/// other.
fn lines_of(content: &[u8]) -> (usize, Vec<&[u8]>) {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    let count = content.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    (count, content.split(|byte| *byte == b'\n').take(BULK_LINES_MAX).collect())
}

/// One answer a line.
fn answered(outcomes: &[Result<Receipt, SubmitError>]) -> Result<Vec<u8>, Problem> {
    let mut answers = Vec::with_capacity(outcomes.len().saturating_mul(2_048));
    for (place, outcome) in outcomes.iter().enumerate() {
        let line = place.saturating_add(1);
        let answer = match outcome {
            Ok(receipt) => {
                let status = if receipt.duplicate { 200 } else { 201 };
                LineAnswer { line, status, receipt: Some(receipt), problem: None }
            }
            Err(fault) => {
                let problem = Problem::from(fault);
                LineAnswer { line, status: problem.status, receipt: None, problem: Some(problem) }
            }
        };
        serde_json::to_writer(&mut answers, &answer).map_err(|_| Problem::internal())?;
        answers.push(b'\n');
    }
    Ok(answers)
}

/// Verifies all lines side by side, then appends the good ones in their order.
fn append_lines(app: &App, lines: &[&[u8]]) -> Vec<Result<Receipt, SubmitError>> {
    let view = app.ledger.view();
    let at = app.ledger.now();
    let mut good: Vec<Submission> = Vec::with_capacity(lines.len());
    let take =
        |line: &&[u8]| intake(line, &view.register, at).and_then(|taken| app.ledger.keep(taken));
    let taken = parallel::map(lines, take);
    let faults: Vec<Option<SubmitError>> = taken
        .into_iter()
        .map(|outcome| match outcome {
            Ok(statement) => {
                good.push(statement);
                None
            }
            Err(fault) => Some(fault),
        })
        .collect();
    let mut receipts = app.ledger.append_blocking(good).into_iter();
    let gone = || SubmitError::Unsure { reason: "the writer gave no answer".to_owned() };
    let outcome = |fault| match fault {
        Some(fault) => Err(fault),
        None => receipts.next().unwrap_or_else(|| Err(gone())),
    };
    faults.into_iter().map(outcome).collect()
}

/// One entry of the log: the leaf as it is hashed.
#[utoipa::path(get, path = "/api/v1/statements/{index}", tag = "statements",
    params(("index" = u64, Path, description = "Log index")),
    responses(
        (status = 200, description = "The leaf", body = Leaf),
        (status = 404, description = "No such entry", body = Problem),
    ))]
pub async fn entry(State(app): State<App>, Path(index): Path<String>) -> Result<Response, Problem> {
    let index = known_index(&app, &index)?;
    let leaf = app.ledger.entry(index)?;
    Ok(([(header::CACHE_CONTROL, IMMUTABLE)], json_bytes("application/json", leaf)).into_response())
}

/// The proof that an entry is in the log, as a `.tlog-proof` file (C2SP tlog-proof).
#[utoipa::path(get, path = "/api/v1/statements/{index}/proof", tag = "statements",
    params(("index" = u64, Path, description = "Log index")),
    responses(
        (status = 200, description = "The proof file", body = String, content_type = "text/plain"),
        (status = 404, description = "No such entry", body = Problem),
    ))]
pub async fn proof(State(app): State<App>, Path(index): Path<String>) -> Result<Response, Problem> {
    let index = known_index(&app, &index)?;
    proof_text(&app, index)
}

pub(super) fn known_index(app: &App, text: &str) -> Result<u64, Problem> {
    let index: u64 = text.parse().map_err(|_| {
        Problem::new(400, "index_form", "a log index is a plain decimal number from 0 on")
    })?;
    let size = app.ledger.view().size;
    if index < size {
        Ok(index)
    } else {
        let detail = format!("the log has {size} entries, 0 to {}", size.saturating_sub(1));
        Err(Problem::new(404, "entry_unknown", detail))
    }
}
