//! WHOSE WORD COUNTS: the trust snapshot (root, parties, keys, accreditations at a log size) and
//! the questions a verifier asks about status. Not here: the verdict ([`crate::verify`]).

mod document;
mod roots;
mod status_data;
pub(crate) use document::{NEXT_UPDATE_SECONDS, check_signature, may_sign, read_version, split};
pub use document::{Trust, TrustError};
pub use status_data::{Counted, Issue, LiveStatus, Seen, SerialIssues, Standing, StatusData};
