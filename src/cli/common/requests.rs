//! Requests signed with a registered key (RFC 9421): what a service answers to nobody else.

use super::keys::Registered;
use crate::client::{Client, ClientError};
use crate::limits::REQUEST_SECONDS_MAX;
use crate::os::now;
use crate::os::random;
use crate::seal::{RequestHeaders, RequestTarget, RequestTerms, sign_request};

/// A request with a body of JSON, or none, that somebody signs.
pub struct SignedCall<'a> {
    method: &'a str,
    path: &'a str,
    body: &'a [u8],
    headers: RequestHeaders,
}

impl<'a> SignedCall<'a> {
    /// Signs a request, good for one call within five minutes.
    ///
    /// # Errors
    /// What the key's device says.
    pub fn new(
        signer: &Registered,
        method: &'a str,
        path: &'a str,
        body: &'a [u8],
    ) -> anyhow::Result<Self> {
        let created = now();
        let nonce = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let keyid = signer.method.clone();
        let expires = created.plus_seconds(REQUEST_SECONDS_MAX);
        let terms = RequestTerms { keyid, created, expires, nonce };
        let headers =
            sign_request(&RequestTarget { method, path, query: None }, body, &terms, &*signer.key)?;
        Ok(Self { method, path, body, headers })
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
        client.call(self.method, self.path, self.body, &headers)
    }
}
