//! What went wrong, in words: a page for people, a problem document for programs.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, Frame, page};
use super::words::Words;
use crate::label::LabelError;
use crate::web::codes;
use crate::web::refusals::Refused;
use crate::web::{App, Problem};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    w: Words,
    word: String,
    text: String,
    code: String,
    detail: String,
}

/// An error of a page; `detail` says which thing, if one, in English.
pub(super) fn answer(
    app: &App,
    ask: &Ask,
    status: StatusCode,
    code: &str,
    detail: &str,
) -> Response {
    let w = ask.w;
    if ask.path.starts_with("/api/") || !ask.takes_html() {
        let detail = match detail {
            "" => format!("nothing is served at {}; the addresses are listed at /api", ask.path),
            detail => detail.to_owned(),
        };
        return Problem::new(status.as_u16(), code, detail).into_response();
    }
    let text = w.t(&format!("error-{}-text", status.as_u16())).into_owned();
    let word = w.t(&format!("error-{}-title", status.as_u16())).into_owned();
    let error = ErrorPage {
        f: ask.frame(app, format!("{word} – {}", w.t("site-name"))),
        w,
        word,
        text,
        code: w.with("error-code", "code", code),
        detail: detail.to_owned(),
    };
    let mut response = page(status, &error);
    if let Some(code) = codes::known(code) {
        response.extensions_mut().insert(Refused { code, statement: None });
    }
    response
}

/// Nothing stands at this address; a program is told more, in English.
pub(super) fn unknown(app: &App, ask: &Ask, code: &str, detail: String) -> Response {
    if ask.takes_html() {
        return not_found(app, ask);
    }
    Problem::new(StatusCode::NOT_FOUND.as_u16(), code, detail).into_response()
}

/// Nothing stands at this address.
pub(super) fn not_found(app: &App, ask: &Ask) -> Response {
    answer(app, ask, StatusCode::NOT_FOUND, "not_found", "")
}

/// An address that cannot be read as a code: foreign ones are not found, damaged ones are bad.
pub(super) fn code_fault(app: &App, ask: &Ask, fault: &LabelError) -> Response {
    if matches!(fault, LabelError::NotALabel { .. }) {
        return not_found(app, ask);
    }
    answer(app, ask, StatusCode::BAD_REQUEST, fault.code(), &fault.to_string())
}
