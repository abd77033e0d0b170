//! The scan page: what a shopper sees when a camera opens the code. Every address that is no other
//! route comes here; what names no code gets an error page. Pages are kept for one log size and
//! second, since a label is scanned by many at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, finished, headers};
use super::scan_view::ScanView;
use super::verdict::{Headline, PageVerdict};
use super::{error, gzip};
use crate::door::Lane;
use crate::label::{LabelError, Level, ScanCode, Symbol, read_code};
use crate::names::Serial;
use crate::scans::Unit;
use crate::statement::Timestamp;
use crate::trust::Standing;
use crate::verify::{CheckName, CheckResult, Indication, Policy, Report};
use crate::web::language::Language;
use crate::web::scanned::visit;
use crate::web::verdict::Judge;
use crate::web::{App, Problem, parallel};

/// Bytes of pages kept at most: 1,000 of 25 kB and their compressed forms of 8 kB.
const KEPT_BYTES_MAX: usize = 33_000_000;

/// What it takes to know that a page was asked for, beside its path.
const ASKED_BYTES: usize = 64;

/// One module of a printed code, in micrometres.
const MODULE_UM: u32 = 400;

/// Longest address read as a code, in bytes: a label's has 180, with every escape 540.
const ADDRESS_BYTES_MAX: usize = 2_048;

/// Rendered pages of one log size, standing and second.
#[derive(Default)]
pub(super) struct KeptScan {
    newest: Mutex<Generation>,
}

#[derive(Default)]
struct Generation {
    size: u64,
    now: Option<Timestamp>,
    standing: Standing,
    /// None: asked for once. Most labels are, and their pages are not kept: memory that was just
    /// used is faster than fresh memory.
    pages: HashMap<Key, Option<Arc<Rendered>>>,
    bytes: usize,
}

/// What a page depends on beside the state: the path, JSON or a language, and whether the reader
/// chose it.
type Key = (String, &'static str, bool);

/// One page, and its compressed form once somebody asked for it.
pub(super) struct Rendered {
    status: StatusCode,
    form: Form,
    /// The unit that was looked at, where its code is genuine and its serial was issued.
    unit: Option<Unit>,
    body: Bytes,
    gzip: OnceLock<Bytes>,
}

/// What is asked of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The page.
    Page(Language),
    /// The report.
    Json,
}

/// Any address: a code, or nothing here.
pub(super) async fn scan(
    State(app): State<App>,
    Extension(pages): Extension<Arc<KeptScan>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    if ask.path.len() > ADDRESS_BYTES_MAX {
        let detail = format!("no address here is longer than {ADDRESS_BYTES_MAX} bytes");
        return Problem::new(414, "address_too_long", detail).into_response();
    }
    let json = ask.wants("application/json") || ask.value("format").as_deref() == Some("json");
    let picture = ask.value("format").as_deref() == Some("svg");
    let ask = ask.without_query();
    if method != Method::GET && method != Method::HEAD {
        return read_only(&app, &ask, &method);
    }
    if picture {
        // Drawing takes longer than judging: not on a thread that serves others.
        let work = move || code_picture(&app, &ask);
        let drawn = parallel::blocking_in(Lane::Judge, work).await;
        return drawn.unwrap_or_else(Problem::into_response);
    }
    let rendered = match kept(&app, &pages, &ask, json) {
        Ok(rendered) => rendered,
        Err(fault) => return error::code_fault(&app, &ask, &fault),
    };
    // Outside the kept pages: one that is shown again is a scan again.
    if let Form::Page(_) = rendered.form
        && let Some(unit) = rendered.unit
        && let Some(visit) = visit(&app.settings.scan_headers, &method, &headers, &extensions)
    {
        let _ = app.settings.scans.count(visit, unit, app.ledger.now());
    }
    // Reports are small: what compresses them on the way is for slow readers, not for scanners.
    rendered.answer(!json && gzip::accepted(&headers))
}

/// A code's address can be read, and nothing else.
fn read_only(app: &App, ask: &Ask, method: &Method) -> Response {
    let view = app.ledger.view();
    let host = view.register.domain().host();
    if let Err(fault) = read_code(&format!("https://{host}{}", ask.path)) {
        return error::code_fault(app, ask, &fault);
    }
    let detail = format!("{method} is not possible here; a code can be read");
    let allow = [(header::ALLOW, "GET, HEAD")];
    (allow, Problem::new(405, "method_not_allowed", detail)).into_response()
}

/// The picture of a signed code, for paper; of one that is refuted there is none.
fn code_picture(app: &App, ask: &Ask) -> Response {
    let drawn = || {
        let (_, found) = find(&app.judge(), ask).ok()?;
        let refuted = found.report.authenticity.indication == Indication::TotalFailed;
        let label = found.code.as_ref().and_then(ScanCode::label).filter(|_| !refuted)?;
        let symbol = Symbol::new(&app.drawn(label), Level::Medium).ok()?;
        Some(symbol.svg(MODULE_UM, &[]))
    };
    match drawn() {
        Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], no_store(), svg).into_response(),
        None => error::not_found(app, ask),
    }
}

/// The unit of a genuine code whose serial was issued.
fn unit(report: &Report) -> Option<Unit> {
    let issued = |name| {
        let mut checks = report.checks.iter();
        checks.any(|check| check.check == name && check.result == CheckResult::Pass)
    };
    let claims = report.claims.as_ref()?;
    let serial = Serial::parse(claims.serial.as_deref()?).ok()?;
    let counts = issued(CheckName::LabelSignature) && issued(CheckName::SerialIssued);
    counts.then(|| Unit::of(&claims.lot, &serial))
}

/// Judges the code in an address; a code nobody registered is not found. What cannot be read
/// accuses nobody; what was altered does, and is no fault.
fn find(judge: &Judge, ask: &Ask) -> Result<(StatusCode, PageVerdict), LabelError> {
    let host = judge.view.register.domain().host();
    let text = format!("https://{host}{}", ask.path);
    let mut verdict = judge.on_code(&text, Policy::Shop);
    if verdict.report.exit_code == 2
        && let Some(fault) = verdict.fault.take()
    {
        return Err(fault);
    }
    let unknown = verdict.headline == Headline::Unknown;
    Ok((if unknown { StatusCode::NOT_FOUND } else { StatusCode::OK }, verdict))
}

fn kept(app: &App, pages: &KeptScan, ask: &Ask, json: bool) -> Result<Arc<Rendered>, LabelError> {
    let judge = app.judge();
    let form = if json { "json" } else { ask.w.language.code() };
    let key = (ask.path.clone(), form, !json && !ask.query.is_empty());
    let of_now = |generation: &Generation| {
        generation.size == judge.view.size
            && generation.now == Some(judge.now)
            && generation.standing == judge.standing
    };
    {
        let generation = pages.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if of_now(&generation)
            && let Some(Some(rendered)) = generation.pages.get(&key)
        {
            return Ok(rendered.clone());
        }
    }
    let (status, verdict) = find(&judge, ask)?;
    let unit = unit(&verdict.report);
    let (form, body) = if json {
        (Form::Json, serde_json::to_vec(&verdict.report).unwrap_or_default())
    } else {
        let (language, html) = finished(ScanView::of(app, &judge, ask, verdict).html());
        (Form::Page(language), html.into_bytes())
    };
    let body = Bytes::from(body);
    let rendered = Arc::new(Rendered { status, form, unit, body, gzip: OnceLock::new() });
    let mut generation = pages.newest.lock().unwrap_or_else(PoisonError::into_inner);
    if !of_now(&generation) {
        *generation = Generation::new(&judge);
    }
    generation.keep(key, &rendered);
    Ok(rendered)
}

impl Generation {
    fn new(judge: &Judge) -> Self {
        let (size, now, standing) = (judge.view.size, Some(judge.now), judge.standing);
        Self { size, now, standing, ..Self::default() }
    }

    /// Keeps what was asked for before; else that it was asked for.
    fn keep(&mut self, key: Key, rendered: &Arc<Rendered>) {
        let asked = self.pages.contains_key(&key);
        // A page's compressed form, once somebody asks for it, is a third of it.
        let page = if asked { rendered.body.len() / 3 * 4 } else { ASKED_BYTES };
        let bytes = key.0.len().saturating_add(page);
        if self.bytes.saturating_add(bytes) > KEPT_BYTES_MAX {
            (self.pages, self.bytes) = (HashMap::new(), 0);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.pages.insert(key, asked.then(|| rendered.clone()));
    }
}

impl Rendered {
    fn answer(&self, compressed: bool) -> Response {
        let Form::Page(language) = self.form else {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            return (self.status, no_store(), kind, self.body.clone()).into_response();
        };
        let mut head = headers(language);
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
