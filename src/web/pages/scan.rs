//! The scan page: what a shopper sees when a camera opens the code. Every address that is no other
//! route comes here; what names no code gets an error page. Pages are kept for one log size and
//! second, since a label is scanned by many at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, headers};
use super::scan_view::ScanView;
use super::state::Pages;
use super::verdict::{Headline, Verdict};
use super::{error, gzip};
use crate::label::{LabelError, read_code};
use crate::statement::Timestamp;
use crate::verify::{Policy, Standing};
use crate::web::App;
use crate::web::verdict::Judge;

/// Pages kept at most: 2,000 of 25 kB and their compressed forms of 8 kB are 66 MB.
const KEPT_MAX: usize = 2_000;

/// Rendered pages of one log size, standing and second.
#[derive(Default)]
pub(super) struct Kept {
    newest: Mutex<Generation>,
}

#[derive(Default)]
struct Generation {
    size: u64,
    now: Option<Timestamp>,
    standing: Standing,
    pages: HashMap<(String, &'static str), Arc<Rendered>>,
}

/// One page, and its compressed form once somebody asked for it.
pub(super) struct Rendered {
    status: StatusCode,
    json: bool,
    body: Bytes,
    gzip: OnceLock<Bytes>,
}

/// Any address: a code, or nothing here.
pub(super) async fn scan(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    let json = ask.wants("application/json") || ask.value("format").as_deref() == Some("json");
    let rendered = match kept(&app, &pages, &ask, json) {
        Ok(rendered) => rendered,
        Err(fault) => return error::code_fault(&app, &ask, &fault),
    };
    // Reports are small: what compresses them on the way is for slow readers, not for scanners.
    rendered.answer(!json && gzip::accepted(&headers))
}

/// Judges the code in an address; a code nobody registered is not found.
fn find(judge: &Judge, ask: &Ask) -> Result<(StatusCode, Verdict), LabelError> {
    let host = judge.view.register.domain().host();
    let text = format!("https://{host}{}", ask.path);
    read_code(&text)?;
    let verdict = judge.on_code(&text, Policy::Shop);
    let unknown = verdict.headline == Headline::Unknown;
    Ok((if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK }, verdict))
}

fn kept(app: &App, pages: &Pages, ask: &Ask, json: bool) -> Result<Arc<Rendered>, LabelError> {
    let judge = app.judge();
    let form = if json { "json" } else { ask.w.language.code() };
    let key = (format!("{}?{}", ask.path, ask.query), form);
    let of_now = |generation: &Generation| {
        generation.size == judge.view.size
            && generation.now == Some(judge.now)
            && generation.standing == judge.standing
    };
    {
        let generation = pages.kept.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if of_now(&generation)
            && let Some(rendered) = generation.pages.get(&key)
        {
            return Ok(rendered.clone());
        }
    }
    let (status, verdict) = find(&judge, ask)?;
    let body = if json {
        serde_json::to_vec(&verdict.report).unwrap_or_default()
    } else {
        ScanView::of(app, &judge, ask, verdict).html().into_bytes()
    };
    let body = Bytes::from(body);
    let rendered = Arc::new(Rendered { status, json, body, gzip: OnceLock::new() });
    let mut generation = pages.kept.newest.lock().unwrap_or_else(PoisonError::into_inner);
    if !of_now(&generation) || generation.pages.len() >= KEPT_MAX {
        let (size, now, standing) = (judge.view.size, Some(judge.now), judge.standing);
        *generation = Generation { size, now, standing, pages: HashMap::new() };
    }
    generation.pages.insert(key, rendered.clone());
    Ok(rendered)
}

impl Rendered {
    fn answer(&self, compressed: bool) -> Response {
        if self.json {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            return (self.status, no_store(), kind, self.body.clone()).into_response();
        }
        let mut head = headers();
        if !compressed {
            return (self.status, head, self.body.clone()).into_response();
        }
        let body = self.gzip.get_or_init(|| Bytes::from(gzip::compress(&self.body)));
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        (self.status, head, body.clone()).into_response()
    }
}

fn no_store() -> [(header::HeaderName, &'static str); 2] {
    [(header::CACHE_CONTROL, "no-store"), (header::VARY, "accept, accept-language")]
}
