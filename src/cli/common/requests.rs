//! Requests signed with a registered key (RFC 9421): what a service answers to nobody else.

use super::keys::Registered;
use crate::client::{Client, ClientError};
use crate::limits::REQUEST_SECONDS_MAX;
use crate::os::now;
use crate::os::random;
use crate::seal::{RequestHeaders, RequestTarget, RequestTerms, sign_request};

/// A `POST` of JSON that somebody signs.
pub struct SignedPost<'a> {
    path: &'a str,
    body: &'a [u8],
    headers: RequestHeaders,
}

impl<'a> SignedPost<'a> {
    /// Signs a request, good for one call within five minutes.
    ///
    /// # Errors
    /// What the key's device says.
    pub fn new(signer: &Registered, path: &'a str, body: &'a [u8]) -> anyhow::Result<Self> {
        let created = now();
        let nonce = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let keyid = signer.method.clone();
        let expires = created.plus_seconds(REQUEST_SECONDS_MAX);
        let terms = RequestTerms { keyid, created, expires, nonce };
        let headers = sign_request(&target(path), body, &terms, &*signer.key)?;
        Ok(Self { path, body, headers })
    }

    /// Sends it.
    ///
    /// # Errors
    /// The client's.
    pub fn send(&self, client: &Client) -> Result<Vec<u8>, ClientError> {
        let headers = [
            ("content-digest", self.headers.content_digest.as_str()),
            ("signature-input", self.headers.signature_input.as_str()),
            ("signature", self.headers.signature.as_str()),
        ];
        client.post_with(self.path, "application/json", self.body, &headers)
    }
}

fn target(path: &str) -> RequestTarget<'_> {
    RequestTarget { method: "POST", path, query: None }
}
