//! The API described by its own code: OpenAPI 3.1 at `/api/v1/openapi.json`, and `/api`, the same
//! as a page for people. Not here: what a route does; each handler carries its own description.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{self, RefOr};
use utoipa::{Modify, OpenApi};

use super::answers::{BRIEF, json_bytes};
use super::answers_of_all::{AnswersOfAll, operations as operations_of};
use super::file_shapes::{self, name_shapes_of_the_core};
use super::{
    catalog, certificates, consignments, context, documents, feed, goods, health, label_sheets,
    labels, log, lot_forms, lots, operations, parties, prepare, prices, schema_files, scitt,
    shipments, statements, status, trace_file, trust, verify, webhooks,
};
use crate::label::escape_markup;
use crate::web::codes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tasdiq",
        description = "A certification and traceability ledger. Signed statements in; entries, \
            proofs, verdicts and labels out. A signature is its own authorisation: there are no \
            accounts. Faults are problem documents (RFC 9457) with a stable `code`."
    ),
    external_docs(
        url = "/docs/FORMAT.md",
        description = "All formats, byte by byte; their JSON Schemas stand at /schemas"
    ),
    paths(
        statements::submit,
        statements::entry,
        statements::proof,
        documents::one,
        scitt::receipt,
        scitt::keys,
        scitt::key,
        prepare::prepare,
        lots::list,
        lots::one,
        feed::feed,
        lot_forms::lot,
        webhooks::add,
        webhooks::list,
        webhooks::remove,
        trace_file::file,
        goods::balance,
        goods::trace,
        goods::reach,
        goods::events,
        shipments::list,
        prices::totals,
        certificates::one,
        consignments::consignment,
        parties::list,
        parties::one,
        catalog::products,
        catalog::schemes,
        catalog::regions,
        catalog::limits,
        catalog::rulebook,
        verify::verify,
        labels::list,
        labels::issue,
        label_sheets::print,
        label_sheets::grids,
        trust::trust,
        trust::pack,
        health::health,
        log::checkpoint,
        log::vkey,
        log::cosigned,
        log::sidecars,
        log::witnesses,
        log::tile,
        status::index,
        status::list,
        parties::authority_did,
        parties::party_did,
        context::context,
        schema_files::list,
        schema_files::schema,
        schema_files::format,
        operations::healthz,
        operations::readyz,
        operations::metrics,
    ),
    components(schemas(
        crate::ledger::CertificateRequest,
        crate::ledger::EventRequest,
        crate::ledger::LotRequest,
        crate::ledger::OperatorRequest,
        file_shapes::CertifiedVolume,
        file_shapes::EventBody,
        file_shapes::LaboratoryReport,
        file_shapes::Submission
    )),
    modifiers(&AsItIs, &AnswersOfAll)
)]
struct Document;

/// What holds for all operations: faults are problem documents of their own media type, and any
/// request may meet one that its operation does not name (a host, a pace, a full house).
struct AsItIs;

const PROBLEM: &str = "application/problem+json";

impl Modify for AsItIs {
    fn modify(&self, document: &mut openapi::OpenApi) {
        for item in document.paths.paths.values_mut() {
            for operation in operations_of(item) {
                let responses = &mut operation.responses.responses;
                for (status, response) in responses.iter_mut() {
                    let RefOr::T(response) = response else { continue };
                    if status.as_str() >= "400"
                        && let Some(problem) = response.content.shift_remove("application/json")
                    {
                        response.content.insert(PROBLEM.to_owned(), problem);
                    }
                }
                responses.insert("default".to_owned(), RefOr::T(any_problem()));
            }
        }
    }
}

fn any_problem() -> openapi::Response {
    let problem = openapi::Ref::from_schema_name("Problem");
    openapi::ResponseBuilder::new()
        .description("Any other problem: its `code` says which")
        .content(PROBLEM, openapi::Content::new(Some(problem)))
        .build()
}

/// The description with what readers look for first at its beginning.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InOrder {
    openapi: Value,
    info: Value,
    external_docs: Value,
    paths: Value,
    components: Value,
}

/// The description, indented, with a newline at its end.
static JSON: LazyLock<String> = LazyLock::new(|| {
    // A document made of plain values: serialising has no way to fail.
    let mut api = serde_json::to_value(Document::openapi()).unwrap_or_default();
    name_shapes_of_the_core(&mut api);
    let in_order = InOrder {
        openapi: api["openapi"].take(),
        info: api["info"].take(),
        external_docs: api["externalDocs"].take(),
        paths: api["paths"].take(),
        components: api["components"].take(),
    };
    let mut text = serde_json::to_string_pretty(&in_order).unwrap_or_default();
    text.push('\n');
    text
});

static PAGE: LazyLock<String> = LazyLock::new(|| page(&JSON));

/// The OpenAPI 3.1 description of the API.
#[must_use]
pub fn openapi_json() -> &'static str {
    &JSON
}

/// `GET /api/v1/openapi.json`.
pub async fn document() -> Response {
    let brief = [(header::CACHE_CONTROL, BRIEF)];
    (brief, json_bytes("application/json", JSON.as_bytes())).into_response()
}

/// `GET /api`: the description as a page.
pub async fn human() -> Html<&'static str> {
    Html(&PAGE)
}

const HEAD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Tasdiq \
    API</title>\
    <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:0 auto;padding:1rem;\
    color:#1b1b1b;background:#fff}h2{margin:2rem 0 .5rem;border-top:1px solid \
    #ccc;padding-top:1rem}\
    code{overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .25rem 1.5rem}\
    article{margin:1.5rem 0}</style></head><body><main>";

/// Renders the description. It is our own text, yet escaped all the same.
fn page(json: &str) -> String {
    let api: Value = serde_json::from_str(json).unwrap_or_default();
    let mut html = HEAD.to_owned();
    let text = |value: &Value| escape_markup(value.as_str().unwrap_or_default());
    let intro = text(&api["info"]["description"]);
    // Writing into a string has no way to fail.
    let _ = write!(
        html,
        "<h1>Tasdiq API</h1><p>{intro}</p>\
         <p><a href=\"/api/v1/openapi.json\">OpenAPI 3.1</a> for programs. A problem's \
         <code>code</code> is also the end of its <code>type</code>. \
         <a href=\"/docs/FORMAT.md\">Formats</a>, <a href=\"/schemas\">JSON Schemas</a>, \
         <a href=\"#problems\">codes of problems</a>.</p>"
    );
    let mut tag = String::new();
    for (path, method, operation) in operations_by_tag(&api) {
        let of = text(&operation["tags"][0]);
        if of != tag {
            let _ = write!(html, "<h2 id=\"{of}\">{of}</h2>");
            tag = of;
        }
        let _ = write!(
            html,
            "<article><h3><code>{} {}</code></h3><p>{}</p><p>{}</p>",
            method.to_uppercase(),
            escape_markup(path),
            text(&operation["summary"]),
            text(&operation["description"])
        );
        list(&mut html, "Parameters", operation["parameters"].as_array().into_iter().flatten());
        let responses = operation["responses"].as_object();
        html.push_str("<dl>");
        for (status, response) in responses.into_iter().flatten() {
            let said = text(&response["description"]);
            let _ = write!(html, "<dt>{}</dt><dd>{said}</dd>", escape_markup(status));
        }
        html.push_str("</dl></article>");
    }
    problems(&mut html);
    html.push_str("</main></body></html>\n");
    html
}

/// Every code, where the `type` of a problem points to.
fn problems(html: &mut String) {
    html.push_str("<h2 id=\"problems\">Codes of problems</h2><ul>");
    for code in codes::all() {
        let _ = write!(html, "<li id=\"problem-{code}\"><code>{code}</code></li>");
    }
    html.push_str("</ul>");
}

fn list<'a>(html: &mut String, title: &str, parameters: impl Iterator<Item = &'a Value>) {
    let mut parameters = parameters.peekable();
    if parameters.peek().is_none() {
        return;
    }
    let _ = write!(html, "<p>{title}</p><dl>");
    for parameter in parameters {
        let text = |member: &str| escape_markup(parameter[member].as_str().unwrap_or_default());
        let (name, said) = (text("name"), text("description"));
        let _ = write!(html, "<dt><code>{name}</code></dt><dd>{said}</dd>");
    }
    html.push_str("</dl>");
}

/// Path, method and operation, in the order of their tags.
fn operations_by_tag(api: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, methods) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            found.push((path.as_str(), method.as_str(), operation));
        }
    }
    found.sort_by_key(|(path, _, operation)| (operation["tags"][0].as_str(), *path));
    found
}
