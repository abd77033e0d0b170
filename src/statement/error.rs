//! What can be wrong with the bytes of a statement, each fault under a stable code.
//! Not here: whether a well-formed statement may be accepted ([`crate::register::Refusal`]).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use super::{QuantityError, TimeError};
use crate::limits::NESTING_MAX;
use crate::names::IdError;

/// A statement that breaks the strict ingestion profile or its type's shape. Always the sender's.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum StatementError {
    /// More bytes than a log entry can hold.
    #[error("the statement is {bytes} bytes; at most {max} are accepted")]
    TooLarge {
        /// Bytes received.
        bytes: usize,
        /// The most that its type may have.
        max: usize,
    },
    /// Not UTF-8.
    #[error("the bytes are not UTF-8 from byte {at} on")]
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// Not JSON, or something follows the document.
    #[error("not a JSON document: {reason}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The parser's words.
        reason: String,
    },
    /// Nested deeper than any statement type needs.
    #[error("nested deeper than {NESTING_MAX} levels")]
    TooDeep,
    /// A member name stands twice in one object.
    #[error("the member {key:?} stands twice in one object")]
    DuplicateKey {
        /// The name.
        key: String,
    },
    /// A member name with characters outside printable ASCII.
    #[error("the member name {key:?} has characters outside printable ASCII")]
    KeyNotAscii {
        /// The name.
        key: String,
    },
    /// A number with a fraction or an exponent.
    #[error("a number has a fraction or an exponent; quantities are integers in the smallest unit")]
    NumberNotInteger,
    /// An integer beyond 2^53 - 1.
    #[error("an integer is beyond 2^53 - 1 (9007199254740991)")]
    NumberRange,
    /// A string that is not in Unicode Normalization Form C.
    #[error("the string {text:?} is not in Unicode Normalization Form C (NFC)")]
    NotNfc {
        /// The string's beginning.
        text: String,
    },
    /// The bytes differ from their canonical form.
    #[error(
        "the bytes differ from their canonical form (RFC 8785) from byte {at} on; sort members, \
        drop white space"
    )]
    NotCanonical {
        /// Offset of the first difference.
        at: usize,
    },
    /// `@context` is not exactly the one of the statement's type.
    #[error("@context must be exactly {expected}")]
    #[strum(serialize = "context_mismatch")]
    Context {
        /// The array as JSON.
        expected: String,
    },
    /// `type` names no statement type of this ledger.
    #[error("type {found} is no statement type; expected one of the types in /api/v1/openapi.json")]
    UnknownType {
        /// What stood there.
        found: String,
    },
    /// `proof` is missing, a list, or has other members than the seven.
    #[error(
        "proof must be one object of exactly @context, created, cryptosuite, proofPurpose, \
        proofValue, type, verificationMethod: {reason}"
    )]
    ProofShape {
        /// What is off.
        reason: String,
    },
    /// `proof.@context` differs from `@context`.
    #[error("proof.@context must equal @context")]
    ProofContext,
    /// `proofValue` is not `z` and the canonical base58btc of 64 bytes.
    #[error("proofValue must be 'z' and the base58btc of exactly 64 bytes")]
    ProofValue,
    /// `verificationMethod` is not a key of the issuer.
    #[error("verificationMethod must start with the issuer's id and '#'")]
    VerificationMethod,
    /// A member is missing, of the wrong kind, or unknown to a type of ours.
    #[error("{at}: {reason}")]
    Shape {
        /// The object, e.g. `credentialSubject`.
        at: &'static str,
        /// What is off.
        reason: String,
    },
    /// Members that must agree do not.
    #[error("{at}: {reason}")]
    Inconsistent {
        /// The member.
        at: &'static str,
        /// What disagrees.
        reason: String,
    },
    /// An identifier with a fault of its own.
    #[error("{at}: {fault}")]
    Identifier {
        /// The member.
        at: &'static str,
        /// The fault.
        fault: IdError,
    },
    /// A quantity that cannot be.
    #[error("{at}: {fault}")]
    Quantity {
        /// The member.
        at: &'static str,
        /// The fault.
        fault: QuantityError,
    },
    /// An instant or a day in another spelling.
    #[error(transparent)]
    #[strum(serialize = "time_form")]
    Time(#[from] TimeError),
}

impl StatementError {
    /// Whether the bytes are no JSON document that all readers read alike: a file cut short,
    /// damaged or rewritten by a program on the way, rather than one that says something wrong.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Self::TooLarge { .. }
                | Self::NotUtf8 { .. }
                | Self::NotJson { .. }
                | Self::TooDeep
                | Self::DuplicateKey { .. }
                | Self::NumberNotInteger
                | Self::NotNfc { .. }
        )
    }

    /// The stable code of the rule broken.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identifier { fault, .. } => fault.code(),
            Self::Quantity { fault, .. } => fault.code(),
            _ => self.into(),
        }
    }
}
