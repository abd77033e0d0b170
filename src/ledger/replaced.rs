//! Which certificate a new one takes the place of: the one that was named, or the only one of its
//! certifier, lot and scheme that stands. Not here: whether the log lets it (`register`).

use super::{CertificateRequest, LedgerError, Unmet};
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateRecord, CertificateStatus, Register};
use crate::statement::Timestamp;

/// What a request says of the certificates that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replaces {
    /// It is a further one.
    Nothing,
    /// It takes the place of the only one that stands.
    Current,
    /// It takes the place of the one with this serial.
    Serial(u64),
}

impl Replaces {
    pub fn of(request: &CertificateRequest) -> Self {
        match request.supersedes {
            Some(serial) => Self::Serial(serial),
            None if request.renewal => Self::Current,
            None => Self::Nothing,
        }
    }

    /// Whether a certificate that took the place of `known` is what is asked for.
    pub fn allows(self, known: Option<u64>) -> bool {
        match self {
            // The same facts again are the same certificate, whichever gave way to it.
            Self::Nothing | Self::Current => true,
            Self::Serial(serial) => known == Some(serial),
        }
    }

    /// What was said before and gave way since is not said again by itself: it may be an old file
    /// that is run once more, or a correction that is taken back.
    ///
    /// # Errors
    /// `not_renewable`.
    pub fn not_given_up(self, known: &CertificateRecord) -> Result<(), LedgerError> {
        match known.superseded.as_ref().filter(|_| self == Self::Current) {
            None => Ok(()),
            Some(next) => {
                let reason = format!(
                    "certificate {} says the same and gave way to {}; to say it anew, name the \
                     certificate whose place it is to take, by its serial",
                    known.serial, next.by
                );
                Err(LedgerError::unmet(Unmet::Conflict, "not_renewable", reason))
            }
        }
    }
}

/// The serial of the certificate that gives way.
///
/// # Errors
/// `not_renewable`: it takes the only one's place, and there is none, or there are several.
pub(super) fn replaced(
    register: &Register,
    issuer: &PartySlug,
    (lot, scheme): (&LotKey, &str),
    asked: Replaces,
    now: Timestamp,
) -> Result<Option<u64>, LedgerError> {
    match asked {
        Replaces::Nothing => return Ok(None),
        Replaces::Serial(serial) => return Ok(Some(serial)),
        Replaces::Current => {}
    }
    let gives_way = |record: &CertificateRecord| {
        record.scheme == scheme
            && record.superseded.is_none()
            && record.status(now) != CertificateStatus::Withdrawn
            && acts_for(register, issuer, record, now)
    };
    let all = register.certificates_of(lot).map(|found| found.record);
    let serials: Vec<u64> = all.filter(gives_way).map(|record| record.serial).collect();
    let reason = match serials.as_slice() {
        [one] => return Ok(Some(*one)),
        [] => {
            format!("{issuer} has no certificate of lot {lot} under {scheme} that could give way")
        }
        several => {
            let told: Vec<String> = several.iter().map(ToString::to_string).collect();
            let told = told.join(", ");
            format!("{told} of lot {lot} under {scheme} could give way: name one by its serial")
        }
    };
    Err(LedgerError::unmet(Unmet::Conflict, "not_renewable", reason))
}

/// Whether a certifier issued a certificate, or was named to act for who did.
fn acts_for(
    register: &Register,
    issuer: &PartySlug,
    record: &CertificateRecord,
    now: Timestamp,
) -> bool {
    let given =
        || register.party(&record.issuer)?.accreditation(&record.accreditation)?.successor(now);
    record.issuer == *issuer || given() == Some(issuer)
}
