//! WHO claims it: proofs over statements, signed requests, keys and their files, the [`Signer`]
//! trait, and the records that say which key may claim what and when. Not here: what is claimed
//! (`statement`) and whether it is accepted (`register`).

mod authority;
mod did;
mod error;
mod jwt;
mod key_file;
mod proof;
mod request;
mod scope;
mod signer;
mod submission;

pub use authority::{Compromise, KeyRecord, KeyStanding, LogPosition, Point};
pub use did::{did_document, jwk};
pub use error::SealError;
pub use jwt::{Jwt, attach, is_jwt, seal_for_submission, sign_jwt, verify_sidecar, wrap};
pub use key_file::{KeyNonces, PLAIN_KEY, decode_key, encode_key, is_encrypted};
pub use proof::{public_key, seal, verifies, verify_proof, verify_signed};
pub use request::{
    ACCEPT_SIGNATURE, REQUEST_SIGNATURE, ReceivedHeaders, RequestError, RequestHeaders,
    RequestTarget, RequestTerms, SignedRequest, sign_request,
};
pub use scope::{AccreditationRecord, ScopeEvent, ScopeStanding};
pub use signer::{Signer, SoftKey};
pub use submission::{
    Opening, OpeningError, SentOpening, Submitted, parted, submitted, with_opening,
};
