//! Signed HTTP requests: HTTP Message Signatures (RFC 9421) over method, path, query and the digest
//! of the body (RFC 9530), in the one profile of docs/FORMAT.md 1.7. For answers that hold a secret
//! and for numbers kept for somebody. Not here: whose key it is, and that a nonce counts once.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::proof::verifies_strictly;
use super::{SealError, Signer};
use crate::limits::{CLOCK_SKEW_SECONDS, REQUEST_HEADER_BYTES_MAX, REQUEST_SECONDS_MAX};
use crate::statement::Timestamp;

/// The stable code of every fault of a signed request.
pub const REQUEST_SIGNATURE: &str = "request_signature";

/// What must be covered, in this order, and the tag, as `Accept-Signature` asks for it (RFC 9421
/// section 5.1).
pub const ACCEPT_SIGNATURE: &str = "sig=(\"@method\" \"@path\" \"@query\" \"content-digest\");\
     created;expires;keyid;alg=\"ed25519\";nonce;tag=\"tasdiq\"";

/// The covered components, in their order.
const COVERED: &str = "(\"@method\" \"@path\" \"@query\" \"content-digest\")";

/// The application that such a signature is for (RFC 9421 section 2.3, `tag`).
const TAG: &str = "tasdiq";

/// The label that our own requests bear; readers take any.
const LABEL: &str = "sig";

/// What of a request is signed beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTarget<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path as it travels, percent-encoded, from its first slash on.
    pub path: &'a str,
    /// What stands behind the `?`, as it travels; None if there is no `?`.
    pub query: Option<&'a str>,
}

/// The parameters of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestTerms {
    /// Name of the key: a verification method.
    pub keyid: String,
    /// When it was signed.
    pub created: Timestamp,
    /// Until when it counts: at most 300 s later.
    pub expires: Timestamp,
    /// A text that this key never uses again.
    pub nonce: String,
}

/// The values of the three header fields of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHeaders {
    /// `Content-Digest` (RFC 9530).
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

/// The three header fields as they came: every value of each, so that one that stands twice is
/// seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedHeaders {
    /// Values of `Content-Digest`.
    pub content_digest: Vec<String>,
    /// Values of `Signature-Input`.
    pub signature_input: Vec<String>,
    /// Values of `Signature`.
    pub signature: Vec<String>,
}

/// A request whose signature is well-formed and of now; whether it verifies is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRequest {
    /// Its parameters.
    pub terms: RequestTerms,
    base: String,
    signature: [u8; 64],
}

/// A fault of a signed request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A header field is missing.
    #[error("the request has no {header}; sign it as docs/FORMAT.md 1.7 says, e.g. `tasdiq label`")]
    Missing {
        /// Its name.
        header: &'static str,
    },
    /// A header field stands twice.
    #[error("{header} stands {count} times in the request; one signature, each field once")]
    Twice {
        /// Its name.
        header: &'static str,
        /// How often.
        count: usize,
    },
    /// A header field is not in its one spelling.
    #[error("{header} has not the form it must have: {reason}")]
    Form {
        /// Its name.
        header: &'static str,
        /// What is off.
        reason: &'static str,
    },
    /// The body is not what the digest says.
    #[error("the body is not the one that Content-Digest is of; sign the body that is sent")]
    Digest,
    /// It lives too long, or ends before it begins.
    #[error("a signature counts for 1 to {REQUEST_SECONDS_MAX} s, this one for {seconds} s")]
    Lifetime {
        /// For how long it was made.
        seconds: i64,
    },
    /// It was signed in the future.
    #[error("the request was signed at {created}, and here it is {now}; set the clock")]
    Future {
        /// When it says it was signed.
        created: Timestamp,
        /// The reader's clock.
        now: Timestamp,
    },
    /// Its time is over.
    #[error("the signature counted until {expires}, and here it is {now}; sign the request again")]
    Expired {
        /// Its last instant.
        expires: Timestamp,
        /// The reader's clock.
        now: Timestamp,
    },
    /// It does not verify.
    #[error(
        "the request's signature does not verify under {keyid} for this method, path and query"
    )]
    Signature {
        /// The key's name.
        keyid: String,
    },
}

impl RequestError {
    /// The stable code: one for all, whatever a thief got wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        REQUEST_SIGNATURE
    }
}

/// Signs a request.
///
/// # Errors
/// [`SealError::Unsignable`] for texts that have no place in a header; what the device says.
pub fn sign_request(
    target: &RequestTarget<'_>,
    body: &[u8],
    terms: &RequestTerms,
    signer: &dyn Signer,
) -> Result<RequestHeaders, SealError> {
    if !is_text(&terms.keyid) || !is_nonce(&terms.nonce) {
        let reason = "keyid and nonce are visible ASCII, the nonce of 16 to 128 characters";
        return Err(SealError::Unsignable { reason: reason.to_owned() });
    }
    let parameters = format!(
        "{COVERED};created={};expires={};keyid=\"{}\";alg=\"ed25519\";nonce=\"{}\";tag=\"{TAG}\"",
        terms.created.seconds(),
        terms.expires.seconds(),
        terms.keyid,
        terms.nonce
    );
    let content_digest = digest_of(body);
    let signature = signer.sign(base_of(target, &content_digest, &parameters).as_bytes())?;
    Ok(RequestHeaders {
        content_digest,
        signature_input: format!("{LABEL}={parameters}"),
        signature: format!("{LABEL}=:{}:", BASE64_STANDARD.encode(signature)),
    })
}

impl SignedRequest {
    /// Reads the signature of a request that came at `now`.
    ///
    /// # Errors
    /// [`RequestError`], all but the last kind: that is [`Self::verify`]'s.
    pub fn read(
        target: &RequestTarget<'_>,
        body: &[u8],
        headers: &ReceivedHeaders,
        now: Timestamp,
    ) -> Result<Self, RequestError> {
        let input = one("Signature-Input", &headers.signature_input)?;
        let signature = one("Signature", &headers.signature)?;
        let content_digest = one("Content-Digest", &headers.content_digest)?;
        let (label, parameters) = labelled("Signature-Input", input)?;
        let (label_too, signature) = labelled("Signature", signature)?;
        if label != label_too {
            return Err(form("Signature", "its label is not that of Signature-Input"));
        }
        let terms = RequestTerms::read(parameters)?;
        let signature = signature_bytes(signature)?;
        if content_digest != digest_of(body) {
            return Err(match content_digest.strip_prefix("sha-256=:") {
                Some(_) => RequestError::Digest,
                None => form("Content-Digest", "it is written sha-256=:BASE64:"),
            });
        }
        terms.of_now(now)?;
        Ok(Self { base: base_of(target, content_digest, parameters), terms, signature })
    }

    /// Verifies it under the key that [`RequestTerms::keyid`] names, strictly.
    ///
    /// # Errors
    /// [`RequestError::Signature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), RequestError> {
        let signature = Signature::from_bytes(&self.signature);
        if verifies_strictly(key, self.base.as_bytes(), &signature) {
            return Ok(());
        }
        Err(RequestError::Signature { keyid: self.terms.keyid.clone() })
    }
}

impl RequestTerms {
    /// Until when the nonce must be remembered: as long as a reader takes the request.
    #[must_use]
    pub fn remembered_until(&self) -> Timestamp {
        self.expires.plus_seconds(CLOCK_SKEW_SECONDS)
    }

    /// Reads the covered components and the parameters: these six, each once, in any order.
    fn read(parameters: &str) -> Result<Self, RequestError> {
        let refuse = |reason| form("Signature-Input", reason);
        let mut rest = parameters.strip_prefix(COVERED).ok_or_else(|| {
            refuse("covered are \"@method\" \"@path\" \"@query\" \"content-digest\", in this order")
        })?;
        let (mut created, mut expires, mut keyid, mut alg, mut nonce, mut tag) =
            (None, None, None, None, None, None);
        while !rest.is_empty() {
            let (name, value, after) = parameter(rest).ok_or_else(|| {
                refuse("a parameter is written ;NAME=NUMBER or ;NAME=\"TEXT\", with no space")
            })?;
            rest = after;
            let place = match name {
                "created" => &mut created,
                "expires" => &mut expires,
                "keyid" => &mut keyid,
                "alg" => &mut alg,
                "nonce" => &mut nonce,
                "tag" => &mut tag,
                _ => return Err(refuse("it has another parameter than those of the profile")),
            };
            if place.replace(value).is_some() {
                return Err(refuse("it has a parameter twice"));
            }
        }
        let text = |value: Option<Value<'_>>, reason| match value {
            Some(Value::Text(text)) => Ok(text.to_owned()),
            _ => Err(refuse(reason)),
        };
        let instant = |value: Option<Value<'_>>, reason| match value {
            Some(Value::Number(seconds)) => Ok(Timestamp::from_seconds(seconds)),
            _ => Err(refuse(reason)),
        };
        let terms = Self {
            keyid: text(keyid, "keyid=\"VERIFICATION METHOD\" is missing")?,
            created: instant(created, "created=SECONDS is missing")?,
            expires: instant(expires, "expires=SECONDS is missing")?,
            nonce: text(nonce, "nonce=\"TEXT\" is missing")?,
        };
        if text(alg, "alg=\"ed25519\" is missing")? != "ed25519" {
            return Err(refuse("alg is \"ed25519\""));
        }
        if text(tag, "tag=\"tasdiq\" is missing")? != TAG {
            return Err(refuse("tag is \"tasdiq\""));
        }
        if !is_nonce(&terms.nonce) {
            return Err(refuse("a nonce has 16 to 128 characters"));
        }
        Ok(terms)
    }

    fn of_now(&self, now: Timestamp) -> Result<(), RequestError> {
        let (created, expires) = (self.created, self.expires);
        let seconds = expires.seconds().saturating_sub(created.seconds());
        if !(1..=REQUEST_SECONDS_MAX).contains(&seconds) {
            return Err(RequestError::Lifetime { seconds });
        }
        if created > now.plus_seconds(CLOCK_SKEW_SECONDS) {
            return Err(RequestError::Future { created, now });
        }
        if now > self.remembered_until() {
            return Err(RequestError::Expired { expires, now });
        }
        Ok(())
    }
}

/// The signature base (RFC 9421 section 2.5). Its fixed text alone is longer than the 64 bytes that
/// a statement's proof is over, and no other thing that is signed here begins with its quote.
fn base_of(target: &RequestTarget<'_>, content_digest: &str, parameters: &str) -> String {
    let query = format!("?{}", target.query.unwrap_or_default());
    let covered = [
        ("@method", target.method),
        ("@path", target.path),
        ("@query", &query),
        ("content-digest", content_digest),
    ];
    signature_base(&covered, parameters)
}

/// One line a component, then the parameters.
fn signature_base(covered: &[(&str, &str)], parameters: &str) -> String {
    let lines = covered.iter().map(|(name, value)| format!("\"{name}\": {value}\n"));
    lines.collect::<String>() + "\"@signature-params\": " + parameters
}

/// `Content-Digest` of a body (RFC 9530 section 2).
fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(body)))
}

/// The one value of a header field, of printable ASCII.
fn one<'a>(header: &'static str, values: &'a [String]) -> Result<&'a str, RequestError> {
    let value = match values {
        [] => return Err(RequestError::Missing { header }),
        [one] => one,
        more => return Err(RequestError::Twice { header, count: more.len() }),
    };
    if value.len() > REQUEST_HEADER_BYTES_MAX {
        return Err(form(header, "it is too long"));
    }
    if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(form(header, "it holds other than printable ASCII"));
    }
    Ok(value)
}

/// `LABEL=VALUE` (RFC 9421 section 4), a dictionary of one member.
fn labelled<'a>(header: &'static str, text: &'a str) -> Result<(&'a str, &'a str), RequestError> {
    let parted = text.split_once('=').filter(|(label, _)| {
        let mut letters = label.bytes();
        letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
            && label.len() <= 32
    });
    parted.ok_or_else(|| form(header, "it is written LABEL=VALUE, the label in small letters"))
}

/// The 64 bytes of `:BASE64:`, in the one spelling.
fn signature_bytes(text: &str) -> Result<[u8; 64], RequestError> {
    let inner = text.strip_prefix(':').and_then(|text| text.strip_suffix(':'));
    let bytes = inner.and_then(|inner| BASE64_STANDARD.decode(inner).ok());
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| form("Signature", "it is one signature, LABEL=:BASE64 OF 64 BYTES:"))
}

/// The value of a parameter.
enum Value<'a> {
    Number(i64),
    Text(&'a str),
}

/// The first parameter, `;NAME=VALUE`, and what stands behind it.
fn parameter(text: &str) -> Option<(&str, Value<'_>, &str)> {
    let (name, rest) = text.strip_prefix(';')?.split_once('=')?;
    if let Some(quoted) = rest.strip_prefix('"') {
        let (value, after) = quoted.split_once('"')?;
        return is_text(value).then_some((name, Value::Text(value), after));
    }
    let end = rest.find(';').unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(end)?;
    let number: i64 = digits.parse().ok()?;
    // A sign or a zero in front is another spelling.
    (number >= 0 && number.to_string() == digits).then_some((name, Value::Number(number), after))
}

/// Visible ASCII that needs no escape in a quoted text.
fn is_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

fn is_nonce(text: &str) -> bool {
    is_text(text) && (16..=128).contains(&text.len())
}

fn form(header: &'static str, reason: &'static str) -> RequestError {
    RequestError::Form { header, reason }
}

#[cfg(test)]
mod tests;
