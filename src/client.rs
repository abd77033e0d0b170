//! The one HTTP client of the command line: a base address, timeouts, and problem documents
//! (RFC 9457) turned into errors with their code. Not here: what the answers mean.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Longest wait for a connection.
const CONNECT_SECONDS: u64 = 5;

/// Longest wait for a whole answer: a pack of 10^6 lots over 50 Mbit/s.
const ANSWER_SECONDS: u64 = 120;

/// Largest answer: a pack of 10^7 lots and certificates.
const ANSWER_BYTES_MAX: u64 = 1 << 30;

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
    /// The service says no.
    #[error("{url}: {problem}")]
    Refused {
        /// What was asked.
        url: String,
        /// Why.
        problem: Problem,
    },
    /// The answer is not what this version expects.
    #[error("{url}: the answer is not understood ({reason}); is it a Tasdiq of this version?")]
    Form {
        /// What was asked.
        url: String,
        /// What is off.
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
            Self::Refused { problem, .. } => &problem.code,
            Self::Form { .. } => "answer_form",
        }
    }
}

/// A problem document, as far as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Error, Deserialize, serde::Serialize)]
#[error("{detail} [{code}]")]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    #[serde(default)]
    pub code: String,
    /// What was wrong and what to do.
    #[serde(default)]
    pub detail: String,
}

/// A service at an address.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
}

impl Client {
    /// A client of the service at `base`, e.g. `http://127.0.0.1:8080`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let base = base.trim().trim_end_matches('/');
        let rest = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://"));
        let Some(host) = rest.filter(|rest| !rest.is_empty() && !rest.contains([' ', '?', '#']))
        else {
            return Err(ClientError::Address { text: base.chars().take(60).collect() });
        };
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(CONNECT_SECONDS)))
            .timeout_global(Some(Duration::from_secs(ANSWER_SECONDS)))
            .user_agent(concat!("tasdiq/", env!("CARGO_PKG_VERSION")));
        // A proxy of the environment cannot reach a service on this machine.
        if ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own)) {
            config = config.proxy(None);
        }
        Ok(Self { base: base.to_owned(), agent: config.build().into() })
    }

    /// The address, without trailing slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The bytes at a path (with its leading slash).
    ///
    /// # Errors
    /// [`ClientError::Unreachable`], [`ClientError::Refused`].
    pub fn get(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let url = format!("{}{path}", self.base);
        let answer = self.agent.get(&url).call();
        body_of(&url, answer)
    }

    /// The JSON at a path.
    ///
    /// # Errors
    /// As [`Self::get`], and [`ClientError::Form`].
    pub fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let bytes = self.get(path)?;
        serde_json::from_slice(&bytes).map_err(|error| self.form(path, error))
    }

    /// Posts a body; the bytes of the answer.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Vec<u8>, ClientError> {
        self.post_with(path, kind, body, &[])
    }

    /// Posts a body with further header fields.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn post_with(
        &self,
        path: &str,
        kind: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Result<Vec<u8>, ClientError> {
        let url = format!("{}{path}", self.base);
        let request = self.agent.post(&url).header("content-type", kind);
        let with = |request: ureq::RequestBuilder<_>, (name, value): &(&str, &str)| {
            request.header(*name, *value)
        };
        let answer = headers.iter().fold(request, with).send(body);
        body_of(&url, answer)
    }

    /// Posts JSON; the JSON of the answer.
    ///
    /// # Errors
    /// As [`Self::get_json`].
    pub fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, ClientError> {
        let bytes = self.post(path, "application/json", body.to_string().as_bytes())?;
        serde_json::from_slice(&bytes).map_err(|error| self.form(path, error))
    }

    /// An answer from this path that is not understood.
    pub fn form(&self, path: &str, reason: impl ToString) -> ClientError {
        ClientError::Form { url: format!("{}{path}", self.base), reason: reason.to_string() }
    }
}

fn body_of(
    url: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, ClientError> {
    let unreachable = |error: ureq::Error| {
        let (url, reason) = (url.to_owned(), error.to_string());
        ClientError::Unreachable { url, reason }
    };
    let mut answer = answer.map_err(unreachable)?;
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    let body = body.map_err(unreachable)?;
    if status.is_success() {
        return Ok(body);
    }
    let problem = serde_json::from_slice(&body).unwrap_or_else(|_| Problem {
        status: status.as_u16(),
        code: format!("http_{}", status.as_u16()),
        detail: format!("the service answered {status}"),
    });
    Err(ClientError::Refused { url: url.to_owned(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(Client::new("http://127.0.0.1:8080/").unwrap().base(), "http://127.0.0.1:8080");
        for text in ["", "127.0.0.1:8080", "ftp://host", "https://", "http://a b"] {
            assert_eq!(Client::new(text).unwrap_err().code(), "service_address", "{text}");
        }
    }

    #[test]
    fn nobody_there() {
        // Port 1 of this machine: refused at once.
        let error = Client::new("http://127.0.0.1:1").unwrap().get("/trust").unwrap_err();
        assert_eq!(error.code(), "service_unreachable");
    }
}
