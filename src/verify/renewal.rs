//! Which certificate stands now in the place of one that was renewed or corrected, and how the
//! public is told of a lot: names in its languages, whom to call, what to do.
//! Not here: what a status means for the verdict (`statement`).

use super::checks::Checks;
use super::report::ContactTold;
use super::scope;
use crate::names::PartySlug;
use crate::register::{CertificateRecord, CertificateStatus, LotRecord};
use crate::seal::KeyStanding;
use crate::statement::{LocalNames, Timestamp};

/// Whether those that took a certificate's place are looked up: for a label that names it they
/// are, for the certificate itself handed in as a document they are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewals {
    /// The last of them counts.
    Followed,
    /// The certificate alone counts.
    Left,
}

/// A certificate and its status at an instant.
pub(super) struct Standing {
    pub record: CertificateRecord,
    pub status: CertificateStatus,
    /// The serial of one that takes its place and is not in the status data, or does not belong
    /// there.
    pub missing: Option<u64>,
}

/// The certificate that counts at an instant for one that may have given way: each on the way must
/// be neither suspended nor withdrawn nor out of scope itself.
pub(super) fn standing(
    checks: &Checks<'_>,
    record: &CertificateRecord,
    lot: &LotRecord,
    at: Timestamp,
    renewals: Renewals,
) -> Standing {
    let status_of = |record: &CertificateRecord| {
        scope::status(checks.trust.party(&record.issuer), record, lot, at)
    };
    let mut record = record.clone();
    loop {
        let status = status_of(&record);
        let next = record
            .superseded
            .filter(|_| status == CertificateStatus::Superseded && renewals == Renewals::Followed);
        let Some(next) = next else { return Standing { record, status, missing: None } };
        // Each was logged after the one before: what a file says cannot lead in a circle.
        let found = checks.book.and_then(|book| book.certificate(next.by)).filter(|found| {
            found.supersedes == Some(record.serial)
                && found.lot == record.lot
                && found.scheme == record.scheme
                && found.mark.index > record.mark.index
        });
        match found {
            // A thief's renewal takes no place: else a stolen key spoilt all labels that are out.
            Some(found) if is_suspect(checks, &found) => record.superseded = None,
            Some(found) => record = found,
            None => return Standing { record, status, missing: Some(next.by) },
        }
    }
}

/// Whether a certificate was signed with a key that may have been in foreign hands, and nobody
/// stood by it since.
fn is_suspect(checks: &Checks<'_>, record: &CertificateRecord) -> bool {
    let issuer = checks.trust.party(&record.issuer);
    issuer.is_some_and(|party| record.key_standing(&party.keys) == KeyStanding::Suspect)
}

/// How the public reaches a party, if it said so.
pub(super) fn contact(checks: &Checks<'_>, slug: &PartySlug) -> Option<ContactTold> {
    let party = checks.trust.party(slug)?;
    let contact = party.contact.clone()?;
    Some(ContactTold { party: slug.clone(), phone: contact.phone, url: contact.url })
}

/// A party's names in other languages.
pub(super) fn names(checks: &Checks<'_>, slug: &PartySlug) -> LocalNames {
    checks.trust.party(slug).map(|party| party.names.clone()).unwrap_or_default()
}
