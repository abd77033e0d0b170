//! The inspection page: a form, and the verdicts on what it sends, as a page or as JSON.
//! Nothing that is sent is kept.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::frame::{Ask, scripted};
use super::inspect_input::{AnswerForm, Input, InputFault, InputKind, Sent};
use super::inspect_list::{self, ListPage};
use super::inspect_one::OnePage;
use super::inspect_view::FormPage;
use super::verdict::{PageVerdict, PlaceOnPage};
use crate::door::Lane;
use crate::limits::FORM_BYTES_MAX;
use crate::log::ProofFile;
use crate::reader::{Content, Exhibit};
use crate::verify::{Evidence, Policy};
use crate::web::verdict::Judge;
use crate::web::{App, Problem, body, parallel};

/// The empty form.
pub(super) async fn form(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    let policy = ask.value("policy").and_then(|name| name.parse().ok());
    scripted(StatusCode::OK, &FormPage::of(&app, &ask, policy.unwrap_or(Policy::Customs), None))
}

/// The verdicts on a form.
pub(super) async fn submit(State(app): State<App>, request: Request) -> Response {
    let ask = Ask::of(request.uri(), request.headers());
    let mut json = ask.wants("application/json");
    let sent = match read(request).await {
        Ok(sent) => sent,
        Err(fault) => return refuse(&app, &ask, fault, json, Policy::Customs),
    };
    json |= sent.form == AnswerForm::Json;
    let (policy, form, only) = (sent.policy, sent.form, sent.only);
    let sent = match sent.with_photos(&app.settings.photo_reader).await {
        Ok(sent) => sent,
        Err(fault) => return refuse(&app, &ask, fault, json, policy),
    };
    // A thousand signatures take tens of milliseconds: not on a thread that serves others.
    let work = move || {
        let mut inputs = match sent.inputs() {
            Ok(inputs) => inputs,
            Err(fault) => return refuse(&app, &ask, fault, json, policy),
        };
        if let Some(place) = only.filter(|place| *place < inputs.len()) {
            inputs = inputs.split_off(place);
            inputs.truncate(1);
        }
        let judge = app.judge();
        let judged = |input| judged(&app, &judge, input, policy, &ask);
        let verdicts: Vec<PageVerdict> = inputs.iter().map(judged).collect();
        match (json, form) {
            (true, _) => as_json(verdicts),
            (false, AnswerForm::Csv) => inspect_list::csv(&judge, policy, &verdicts),
            (false, _) => shown(&app, &judge, &ask, policy, &verdicts),
        }
    };
    parallel::blocking_in(Lane::Judge, work).await.unwrap_or_else(Problem::into_response)
}

fn shown(
    app: &App,
    judge: &Judge,
    ask: &Ask,
    policy: Policy,
    verdicts: &[PageVerdict],
) -> Response {
    match verdicts {
        [one] => scripted(StatusCode::OK, &OnePage::of(app, judge, ask, policy, one)),
        many => scripted(StatusCode::OK, &ListPage::of(app, judge, ask, policy, many)),
    }
}

async fn read(request: Request) -> Result<Sent, InputFault> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.unwrap_or_default().starts_with("multipart/form-data") {
        let parts = Multipart::from_request(request, &()).await;
        return Sent::of_parts(parts.map_err(|_| InputFault::BROKEN)?).await;
    }
    let fault = |problem: Problem| match problem.status {
        413 => InputFault::TOO_LARGE,
        503 => InputFault::BUSY,
        _ => InputFault::BROKEN,
    };
    Sent::of_form(&body::bytes(request.into_body(), FORM_BYTES_MAX).await.map_err(fault)?)
}

/// The form again, with what was wrong in words.
fn refuse(app: &App, ask: &Ask, fault: InputFault, json: bool, policy: Policy) -> Response {
    if json {
        let text = FormPage::words(ask.w, &fault);
        return Problem::new(fault.status.as_u16(), fault.code, text).into_response();
    }
    scripted(fault.status, &FormPage::of(app, ask, policy, Some(&fault)))
}

fn judged(app: &App, judge: &Judge, input: &Input, policy: Policy, ask: &Ask) -> PageVerdict {
    let mut verdict = match &input.what {
        InputKind::Exhibit(exhibit) => on_exhibit(app, judge, exhibit, policy),
        InputKind::Unread => judge.on_nothing(&ask.w.t("inspect-photo-unread"), policy),
        InputKind::InputFault(fault) => judge.on_nothing(&FormPage::words(ask.w, fault), policy),
    };
    verdict.place.file.clone_from(&input.file);
    if let InputKind::Exhibit(exhibit) = &input.what {
        verdict.place.line = exhibit.line;
        verdict.place.beside.clone_from(&exhibit.beside);
    }
    verdict
}

fn on_exhibit(app: &App, judge: &Judge, exhibit: &Exhibit, policy: Policy) -> PageVerdict {
    match &exhibit.content {
        Content::Code(text) => judge.on_code(text, policy),
        Content::Unreadable { detail, .. } => judge.on_nothing(detail, policy),
        Content::Proof { leaf: None, file } => {
            // A proof speaks of a leaf; the one this log has there is either the one meant or not.
            let leaf = ProofFile::parse(file).map_err(|error| error.to_string());
            let index = leaf.map(|proof| proof.index);
            let leaf = index.and_then(|index| {
                let needed = |_| format!("entry {index} is needed beside its proof");
                app.ledger.entry(index).map_err(needed)
            });
            match leaf {
                Ok(leaf) => judge.on_document(Evidence::Proof { leaf: &leaf, file }, policy),
                Err(detail) => judge.on_nothing(&detail, policy),
            }
        }
        content => match content.evidence() {
            Some(evidence) => judge.on_document(evidence, policy),
            None => judge.on_nothing("", policy),
        },
    }
}

fn as_json(verdicts: Vec<PageVerdict>) -> Response {
    let reports = verdicts.into_iter().map(|verdict| {
        let mut report = json!(verdict.report);
        let PlaceOnPage { file, line, beside } = verdict.place;
        if line.is_some() || file.is_some() {
            let cells: Map<String, Value> =
                beside.into_iter().map(|(head, cell)| (head, json!(cell))).collect();
            report["place"] = json!({ "file": file, "line": line, "cells": cells });
        }
        report
    });
    let reports: Vec<Value> = reports.collect();
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"tasdiq-reports.json\""),
    ];
    (headers, Json(json!({ "reports": reports }))).into_response()
}
