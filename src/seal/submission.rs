//! The forms in which statements are sent: alone, or with what stays beside the log: the vc+jwt of
//! a certificate, and the opening of a commitment that the statement names. Not here: where they
//! are kept.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;
use zeroize::Zeroizing;

use super::SealError;
use crate::limits::OPENED_BYTES_MAX;
use crate::statement::{Claim, Commitment};

/// What was sent, in its parts; none of them is judged.
#[derive(Debug)]
pub struct Submitted<'a> {
    /// The statement's own bytes.
    pub statement: &'a [u8],
    /// Its vc+jwt, detached.
    pub jwt: Option<String>,
    /// The opening of a commitment.
    pub opening: Option<SentOpening<'a>>,
}

/// An opening as it is sent.
pub struct SentOpening<'a> {
    document: Cow<'a, str>,
    salt: Cow<'a, str>,
}

impl fmt::Debug for SentOpening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentOpening").finish_non_exhaustive()
    }
}

/// A document and its salt: who has them can prove what was committed to.
#[derive(PartialEq, Eq)]
pub struct Opening {
    /// The salt.
    pub salt: [u8; 16],
    /// The document's bytes.
    pub document: Zeroizing<Vec<u8>>,
}

/// What it holds is shown to nobody, not by mistake either.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("bytes", &self.document.len()).finish_non_exhaustive()
    }
}

/// Why an opening opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpeningError {
    /// The document is too large to be kept.
    #[error("the document has {bytes} bytes, at most {OPENED_BYTES_MAX} are kept")]
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// It is not written as it must be.
    #[error("the opening has not the form it must have: {reason}")]
    Form {
        /// What is off.
        reason: String,
    },
    /// The statement names no such commitment.
    #[error("document and salt give the commitment {given}; {named}")]
    Mismatch {
        /// What they give.
        given: Commitment,
        /// What the statement names.
        named: String,
    },
}

impl OpeningError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document_too_large",
            Self::Form { .. } => "document_form",
            Self::Mismatch { .. } => "document_mismatch",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapper<'a> {
    #[serde(borrow)]
    statement: &'a RawValue,
    #[serde(default)]
    jwt: Option<String>,
    #[serde(borrow, default)]
    document: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    salt: Option<Cow<'a, str>>,
}

/// The parts of what was sent: a plain statement, or
/// `{"statement":{...},"jwt":"protected..signature","document":"BASE64","salt":"BASE64URL"}`, of
/// which `jwt` and the last two may be left out.
///
/// # Errors
/// [`SealError::Wrapper`]: unknown or repeated members, one of the last two alone, or no JSON.
pub fn submitted(bytes: &[u8]) -> Result<Submitted<'_>, SealError> {
    let inner = bytes.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    // A canonical statement starts with `@context`.
    let first = |name: &[u8]| inner.is_some_and(|inner| inner.starts_with(name));
    let names: [&[u8]; 4] = [b"\"statement\"", b"\"jwt\"", b"\"document\"", b"\"salt\""];
    if !names.into_iter().any(first) {
        return Ok(Submitted { statement: bytes, jwt: None, opening: None });
    }
    let refuse = |reason: String| SealError::Wrapper { reason };
    let Wrapper { statement, jwt, document, salt } =
        serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
    let opening = match (document, salt) {
        (Some(document), Some(salt)) => Some(SentOpening { document, salt }),
        (None, None) => None,
        _ => return Err(refuse("document and salt come together".to_owned())),
    };
    Ok(Submitted { statement: statement.get().as_bytes(), jwt, opening })
}

/// The statement's own bytes and its sidecar, as [`submitted`] gives them.
///
/// # Errors
/// As [`submitted`].
pub fn parted(bytes: &[u8]) -> Result<(&[u8], Option<String>), SealError> {
    submitted(bytes).map(|sent| (sent.statement, sent.jwt))
}

/// The form of submission of a statement with the opening of a commitment that it names.
#[must_use]
pub fn with_opening(sent: &Submitted<'_>, opening: &Opening) -> Vec<u8> {
    let jwt = sent.jwt.as_ref().map(|jwt| format!(",\"jwt\":\"{jwt}\"")).unwrap_or_default();
    let document = BASE64_STANDARD.encode(opening.document.as_slice());
    let salt = BASE64_URL_SAFE_NO_PAD.encode(opening.salt);
    let rest = format!("{jwt},\"document\":\"{document}\",\"salt\":\"{salt}\"}}");
    [br#"{"statement":"#, sent.statement, rest.as_bytes()].concat()
}

impl SentOpening<'_> {
    /// Reads it, if it opens a commitment that the claim names.
    ///
    /// # Errors
    /// [`OpeningError`].
    pub fn read(&self, claim: &Claim) -> Result<Opening, OpeningError> {
        let form = |reason: &str| OpeningError::Form { reason: reason.to_owned() };
        // Four characters for three bytes: what cannot fit is not decoded.
        let bytes = self.document.len() / 4 * 3;
        if bytes.saturating_sub(2) > OPENED_BYTES_MAX {
            return Err(OpeningError::TooLarge { bytes });
        }
        let document = BASE64_STANDARD.decode(self.document.as_bytes());
        let document = document.map_err(|_| form("document is base64 (RFC 4648 section 4)"))?;
        let document = Zeroizing::new(document);
        if document.len() > OPENED_BYTES_MAX {
            return Err(OpeningError::TooLarge { bytes: document.len() });
        }
        let salt = Opening::salt_of(&self.salt);
        let salt = salt.ok_or_else(|| form("salt is 16 bytes in base64url without padding"))?;
        let opening = Opening { salt, document };
        let (given, named) = (opening.commitment(), claim.commitments());
        if named.contains(&given) {
            return Ok(opening);
        }
        let named: Vec<String> = named.iter().take(3).map(ToString::to_string).collect();
        let named = match named.as_slice() {
            [] => "the statement names no document".to_owned(),
            named => format!("the statement names {}", named.join(", ")),
        };
        Err(OpeningError::Mismatch { given, named })
    }
}

impl Opening {
    /// The commitment that it opens.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        Commitment::of(&self.salt, &self.document)
    }

    /// The salt from its text.
    #[must_use]
    pub fn salt_of(text: &str) -> Option<[u8; 16]> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
    }

    /// The salt as it is written.
    #[must_use]
    pub fn salt_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.salt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_and_nothing_is_shown() {
        let plain = br#"{"@context":[]}"#;
        assert_eq!(submitted(plain).unwrap().statement, plain);
        let text =
            br#" { "document":"AA==", "statement":{"a":1}, "salt":"AAAAAAAAAAAAAAAAAAAAAA"}"#;
        let sent = submitted(text).unwrap();
        assert_eq!((sent.statement, sent.jwt.is_none()), (&br#"{"a":1}"#[..], true));
        assert!(!format!("{sent:?}").contains("AA=="));
        for bad in [
            r#"{"statement":{},"document":"AA=="}"#,
            r#"{"statement":{},"salt":"AA=="}"#,
            r#"{"statement":{},"document":"AA==","salt":"AA","document":"AA=="}"#,
            r#"{"statement":{},"document":7,"salt":"AA"}"#,
            r#"{"document":"AA==","salt":"AA"}"#,
        ] {
            assert_eq!(submitted(bad.as_bytes()).unwrap_err().code(), "submission_form", "{bad}");
        }
    }
}
