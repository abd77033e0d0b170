//! Errors as RFC 9457 problem documents: stable `type` and `code`, words for people in `detail`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

use super::codes::{self, ProblemCode};
use super::refusals::Refused;
use crate::door::Busy;
use crate::ledger::{LedgerError, SubmitError, Unmet};
use crate::names::IdError;
use crate::seal::{ACCEPT_SIGNATURE, OpeningError, REQUEST_SIGNATURE};
use crate::statement::StatementError;

/// When a key that signed too many requests may try again, in seconds.
const RATE_SECONDS: u32 = 60;

/// When a caller that found no room may try again, in seconds.
const BUSY_SECONDS: u32 = 2;

/// A problem document.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable URI of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    #[schema(value_type = ProblemCode)]
    pub code: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// What was wrong and what to do.
    pub detail: String,
    /// The line of a group that was refused, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Seconds after which it is worth trying again, for `Retry-After`.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u32>,
    /// The kind of the statement it is about, for the operator.
    #[serde(skip)]
    #[schema(ignore)]
    pub statement: Option<&'static str>,
}

impl Problem {
    /// A problem with a status, a stable code and words.
    #[must_use]
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        // Every test that is refused something looks.
        debug_assert!(codes::known(code).is_some(), "{code} is not in web/codes.rs");
        let code = codes::known(code).unwrap_or("internal");
        let reason = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
        Self {
            kind: format!("/api#problem-{code}"),
            status,
            code,
            title: reason.unwrap_or("Error"),
            detail: detail.into(),
            line: None,
            retry_after: None,
            statement: None,
        }
    }
}

impl Problem {
    /// A fault of ours; its words stay with us.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(500, "internal", "the service failed on this request; try again, then tell us")
    }
}

/// The HTTP status that goes with a refused statement.
pub fn status_of(fault: &SubmitError) -> u16 {
    match fault {
        SubmitError::Malformed(StatementError::TooLarge { .. })
        | SubmitError::GroupTooLarge { .. } => 413,
        SubmitError::Malformed(
            StatementError::NotJson { .. }
            | StatementError::NotUtf8 { .. }
            | StatementError::TooDeep,
        ) => 400,
        SubmitError::Opening(OpeningError::TooLarge { .. }) => 413,
        SubmitError::SerialReserved { .. }
        | SubmitError::DocumentErased { .. }
        | SubmitError::Undone { .. } => 409,
        SubmitError::Quota { .. } | SubmitError::DocumentQuota { .. } => 429,
        SubmitError::Refused(refusal) if refusal.is_conflict() => 409,
        SubmitError::Malformed(_)
        | SubmitError::Seal(_)
        | SubmitError::Refused(_)
        | SubmitError::Opening(_)
        | SubmitError::Log(_) => 422,
        SubmitError::Stopped { .. } | SubmitError::Unsure { .. } | SubmitError::DocumentNotKept => {
            503
        }
    }
}

impl From<&SubmitError> for Problem {
    fn from(fault: &SubmitError) -> Self {
        let detail = match fault {
            SubmitError::Stopped { .. } => without_paths(&fault.to_string()),
            _ => fault.to_string(),
        };
        let retry_after = match fault {
            SubmitError::Quota { seconds, .. } | SubmitError::DocumentQuota { seconds, .. } => {
                u32::try_from(*seconds).ok()
            }
            _ => None,
        };
        Self { retry_after, ..Self::new(status_of(fault), fault.code(), detail) }
    }
}

impl From<SubmitError> for Problem {
    fn from(fault: SubmitError) -> Self {
        Self::from(&fault)
    }
}

impl From<Busy> for Problem {
    fn from(busy: Busy) -> Self {
        // It was refused before its work began.
        Self::new(503, "too_busy", format!("{busy}; nothing was taken in"))
    }
}

/// Words for whoever asks, without the names of this machine's files, which are the operator's.
pub fn without_paths(text: &str) -> String {
    let told = |word: &str| {
        let bare = word.trim_matches(|c: char| "\"'`(),;:".contains(c));
        let first = bare.split('/').next().unwrap_or_default();
        // Names of logs and witnesses are a host and a path, and addresses have a scheme.
        let named = !bare.contains('/') || bare.contains("://") || is_host(first);
        if named { word.to_owned() } else { word.replace(bare, "a file of the service") }
    };
    text.split(' ').map(told).collect::<Vec<_>>().join(" ")
}

/// Whether the first part of a name with slashes is a host rather than a folder.
fn is_host(first: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    first.contains('.') && first.chars().all(letters) && !first.starts_with('.')
}

impl From<LedgerError> for Problem {
    fn from(fault: LedgerError) -> Self {
        match fault {
            LedgerError::Submit(fault) => fault.into(),
            LedgerError::LabelRefused { .. } => Self::new(409, fault.code(), fault.to_string()),
            LedgerError::Request { unmet, code, reason } => {
                let status = match unmet {
                    Unmet::Unsigned => 401,
                    Unmet::NotFound => 404,
                    Unmet::Conflict => 409,
                    Unmet::TooLarge => 413,
                    Unmet::Invalid => 422,
                    Unmet::TooOften => 429,
                    Unmet::NotNow => 503,
                };
                let retry_after = (status == 429).then_some(RATE_SECONDS);
                Self { retry_after, ..Self::new(status, code, reason) }
            }
            ours => {
                // Paths and storage words are for the operator, not for whoever asked.
                error!(code = ours.code(), error = %ours, "an answer could not be given");
                Self::internal()
            }
        }
    }
}

impl From<IdError> for Problem {
    fn from(fault: IdError) -> Self {
        Self::new(400, fault.code(), fault.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, body).into_response();
        let told = Refused { code: self.code, statement: self.statement };
        response.extensions_mut().insert(told);
        let headers = response.headers_mut();
        let soon = self.code.ends_with("_busy").then_some(BUSY_SECONDS);
        if let Some(seconds) = self.retry_after.or(soon) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == REQUEST_SIGNATURE {
            // What is to be signed, in the words of RFC 9421; a 401 names a scheme (RFC 9110).
            let scheme = HeaderValue::from_static("Signature");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
            let wanted = HeaderValue::from_static(ACCEPT_SIGNATURE);
            headers.insert(HeaderName::from_static("accept-signature"), wanted);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_this_machine_are_not_told() {
        let cases = [
            (
                "the guard /var/lib/x/guard: No space left",
                "the guard a file of the service: No space left",
            ),
            ("(tasdiq-data/keys/log.pem) is gone", "(a file of the service) is gone"),
            ("./a and ../b/c", "a file of the service and a file of the service"),
            ("of ledger.example/log, 9 entries", "of ledger.example/log, 9 entries"),
            ("seen at https://w.example/a/b", "seen at https://w.example/a/b"),
            ("witness w.example:8090/w1 has signed", "witness w.example:8090/w1 has signed"),
        ];
        for (text, told) in cases {
            assert_eq!(without_paths(text), told);
        }
    }
}
