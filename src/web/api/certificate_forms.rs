//! A certificate as programs take it, at `/certificates/{serial}` with a suffix or by what they
//! accept: the signed statement, its vc+jwt, its proofs of inclusion, its dossier. Not here: the
//! page for people, which registers the address.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::scitt::receipt_of;
use crate::door::Lane;
use crate::ledger::{LedgerError, dossier_file, proof_file};
use crate::log::Leaf;
use crate::seal::attach;
use crate::web::{App, Problem, parallel};

/// The suffixes there are, for a message.
pub const FORMS: &str = ".json, .jwt, .tlog-proof, .receipt and .tasdiq";

/// Those of a certificate of an operator.
pub const OPERATOR_FORMS: &str = ".json, .jwt, .tlog-proof and .receipt";

/// A form for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateForm {
    /// The signed statement as it was accepted, `application/vc`.
    Signed,
    /// The vc+jwt its certifier signed with it, `application/vc+jwt`.
    Jwt,
    /// Its `.tlog-proof` ([C2SP tlog-proof](https://c2sp.org/tlog-proof)).
    Proof,
    /// Its COSE receipt ([RFC 9942](https://www.rfc-editor.org/rfc/rfc9942)).
    Receipt,
    /// Its dossier.
    Dossier,
}

impl CertificateForm {
    /// The form that a suffix names, or what is accepted where there is none; None for the page.
    pub fn asked(suffix: &str, wants: impl Fn(&str) -> bool) -> Option<Self> {
        match suffix {
            // Its name begins with `application/vc`: it is looked for first.
            "" if wants("application/vc+jwt") => Some(Self::Jwt),
            "" if wants("application/vc") || wants("application/json") => Some(Self::Signed),
            "json" => Some(Self::Signed),
            "jwt" => Some(Self::Jwt),
            "tlog-proof" => Some(Self::Proof),
            "receipt" => Some(Self::Receipt),
            "tasdiq" => Some(Self::Dossier),
            _ => None,
        }
    }

    /// The certificate with a serial, logged at an index, in this form. Only one of a lot has a
    /// dossier.
    pub async fn of(self, app: &App, serial: u64, index: u64) -> Response {
        match self {
            Self::Signed => signed(app, index).unwrap_or_else(broken),
            Self::Jwt => jwt(app, index).unwrap_or_else(Problem::into_response),
            Self::Proof => proof(app, index).unwrap_or_else(broken),
            Self::Receipt => {
                receipt_of(app, index).unwrap_or_else(|error| Problem::from(error).into_response())
            }
            Self::Dossier => dossier(app, serial).await.unwrap_or_else(pending),
        }
    }
}

fn broken(error: LedgerError) -> Response {
    Problem::new(500, "entry_unreadable", error.to_string()).into_response()
}

/// The signed statement, byte for byte as it was accepted.
fn signed(app: &App, index: u64) -> Result<Response, LedgerError> {
    let leaf = app.ledger.entry(index)?;
    let parsed = Leaf::parse(&leaf)
        .map_err(|error| LedgerError::Broken { index, reason: error.to_string() })?;
    Ok(file("application/vc", parsed.statement.to_vec()))
}

/// The vc+jwt that its certifier signed with it.
fn jwt(app: &App, index: u64) -> Result<Response, Problem> {
    let detached = app.ledger.sidecar(index)?.ok_or_else(|| {
        let detail = "its certifier submitted no vc+jwt with this certificate; \
            application/vc is there";
        Problem::new(404, "no_sidecar", detail)
    })?;
    let statement = app.ledger.statement(index)?;
    let whole = attach(&statement, &String::from_utf8_lossy(&detached))
        .map_err(|error| LedgerError::Broken { index, reason: error.to_string() })?;
    Ok(file("application/vc+jwt", whole.into_bytes()))
}

/// Its `.tlog-proof` under the newest checkpoint.
fn proof(app: &App, index: u64) -> Result<Response, LedgerError> {
    let text = proof_file(&app.ledger, index)?.to_string();
    Ok(file("text/plain; charset=utf-8", text.into_bytes()))
}

/// Its dossier; while the status lists lag behind, their keeper is woken.
async fn dossier(app: &App, serial: u64) -> Result<Response, Problem> {
    app.settled().await;
    let ledger = app.ledger.clone();
    let make = move || dossier_file(&ledger, serial, ledger.now());
    let made = parallel::blocking_in(Lane::Large, make).await?;
    if made.is_err() {
        app.stale_lists.notify_one();
    }
    Ok(file("application/json", made?))
}

/// A problem; what is only not ready yet says when to ask again.
fn pending(problem: Problem) -> Response {
    let later = (problem.status == 503).then_some((header::RETRY_AFTER, "2"));
    let mut response = problem.into_response();
    if let Some((name, seconds)) = later {
        response.headers_mut().insert(name, HeaderValue::from_static(seconds));
    }
    response
}

fn file(media: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}
