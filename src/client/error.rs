//! Why there is no answer to use, and the problem documents of servers, whose words are cut and
//! cannot steer a terminal.

use serde::Deserialize;
use thiserror::Error;
use ureq::http::StatusCode;

use crate::os::terminal::shown;

/// Longest text of a server that is told, in characters.
const WORDS_MAX: usize = 1_000;

/// Why there is no answer to use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The text is no address.
    #[error("{text:?} is no address of a service: write http://HOST[:PORT] or https://HOST")]
    Address {
        /// What was given.
        text: String,
    },
    /// Nobody answers.
    #[error("{url}: no answer ({reason}); is the service running there?")]
    Unreachable {
        /// What was asked.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// Somebody answers with a TLS certificate that is not believed.
    #[error("{url}: the certificate of {host} is not trusted: {reason}")]
    Untrusted {
        /// What was asked.
        url: String,
        /// Whose certificate it is, or should be.
        host: String,
        /// Why.
        reason: String,
    },
    /// The roots that certificates shall be believed under cannot be read.
    #[error("the roots of TLS certificates in {path} cannot be used: {reason}")]
    Roots {
        /// File or folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// The service says no.
    #[error("{url}: {problem}")]
    Refused {
        /// What was asked.
        url: String,
        /// Why.
        problem: ServerProblem,
    },
    /// The answer is not what this version expects.
    #[error("{url}: the answer is not understood ({reason}); is it a Tasdiq of this version?")]
    Form {
        /// What was asked.
        url: String,
        /// What is off.
        reason: String,
    },
    /// The answer is longer than such a thing can be.
    #[error("{url}: the answer is longer than {most} bytes, which no such document is")]
    TooLarge {
        /// What was asked.
        url: String,
        /// How long it may be, inflated.
        most: u64,
    },
    /// The answer does not come to its end.
    #[error("{url}: only {bytes} bytes came in {seconds} s: too slow")]
    TooSlow {
        /// What was asked.
        url: String,
        /// What came, inflated.
        bytes: u64,
        /// For how long it was waited.
        seconds: u64,
    },
    /// The server sends to another one.
    #[error("{url}: it sends to {place}, which is not followed; give that address if it is meant")]
    Elsewhere {
        /// What was asked.
        url: String,
        /// Where it sends.
        place: String,
    },
    /// The answer cannot be put where it should go.
    #[error("{url}: the answer cannot be kept: {reason}")]
    Kept {
        /// What was asked.
        url: String,
        /// Why.
        reason: String,
    },
}

impl ClientError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Address { .. } => "service_address",
            Self::Unreachable { .. } => "service_unreachable",
            Self::Untrusted { .. } => "certificate_not_trusted",
            Self::Roots { .. } => "roots",
            Self::Refused { problem, .. } => &problem.code,
            Self::Form { .. } => "answer_form",
            Self::TooLarge { .. } => "answer_too_large",
            Self::TooSlow { .. } => "answer_too_slow",
            Self::Elsewhere { .. } => "answer_elsewhere",
            Self::Kept { .. } => "file",
        }
    }
}

/// A problem document, as far as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Error, Deserialize, serde::Serialize)]
#[error("{detail} [{code}]")]
pub struct ServerProblem {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    #[serde(default)]
    pub code: String,
    /// What was wrong and what to do.
    #[serde(default)]
    pub detail: String,
    /// The line of a group that it is about, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl ServerProblem {
    /// What a server says is wrong: its words are cut, and cannot steer a terminal.
    pub(super) fn read(status: StatusCode, body: &[u8]) -> Self {
        let said: Option<Self> = serde_json::from_slice(body).ok();
        let said = said.unwrap_or_else(|| Self {
            status: status.as_u16(),
            code: format!("http_{}", status.as_u16()),
            detail: format!("the service answered {status}"),
            line: None,
        });
        // What it is called for counts the answer's own status, whatever its body says.
        let (code, detail) = (words(&said.code), words(&said.detail));
        Self { status: status.as_u16(), code, detail, line: said.line }
    }
}

/// The beginning of a server's words, as they may reach a terminal.
pub(super) fn words(text: &str) -> String {
    shown(&text.chars().take(WORDS_MAX).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_cut_and_written_out() {
        let body = format!("{{\"status\":200,\"detail\":\"\\u001b[2J{}\"}}", "a".repeat(5_000));
        let problem = ServerProblem::read(StatusCode::BAD_REQUEST, body.as_bytes());
        assert_eq!(problem.status, 400, "not what the body says");
        assert!(problem.detail.starts_with("\\u{1b}[2Ja") && problem.detail.len() < 1_100);
        assert_eq!(ServerProblem::read(StatusCode::NOT_FOUND, b"<html>").code, "http_404");
    }
}
