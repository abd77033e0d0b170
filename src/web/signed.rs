//! A request's own signature (RFC 9421), taken from its head: who signed it, if it is signed. Not
//! here: what such a signature must be (`seal::request`), and what it opens.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::{App, Problem};
use crate::ledger::Requester;
use crate::seal::{ReceivedHeaders, RequestTarget};

/// What of a request's head is signed.
pub struct SignedHead {
    method: String,
    path: String,
    query: Option<String>,
    headers: ReceivedHeaders,
}

impl SignedHead {
    /// Whether somebody signed it, well or badly.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !self.headers.signature.is_empty() || !self.headers.signature_input.is_empty()
    }

    /// Who signed it, with this body.
    ///
    /// # Errors
    /// `request_signature`, `request_rate`.
    pub fn requester(&self, app: &App, body: &[u8]) -> Result<Requester, Problem> {
        let target =
            RequestTarget { method: &self.method, path: &self.path, query: self.query.as_deref() };
        Ok(app.ledger.requester(&target, body, &self.headers, app.ledger.now())?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedHead {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let values = |name: &str| {
            let values = parts.headers.get_all(name).into_iter();
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
        };
        Ok(Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(ToOwned::to_owned),
            headers: ReceivedHeaders {
                content_digest: values("content-digest"),
                signature_input: values("signature-input"),
                signature: values("signature"),
            },
        })
    }
}
