//! Proof of non-withdrawal: the status index under the checkpoint names the current lists, and in
//! them the certificate's bits are what its entries say.
//! Not here: how old the proof may be (`policy`).

use super::form::Dossier;
use super::records::{Entries, Read};
use crate::limits::{CLOCK_SKEW_SECONDS, STATUS_LIST_SERIALS};
use crate::register::{CertificateRecord, CertificateStatus, certificate_status};
use crate::statement::{Claim, StatusIndex, StatusPurpose};

/// What the lists say of a certificate.
pub(crate) struct Listed {
    /// Entries below this are reflected in the lists.
    pub covers: u64,
    /// The lists whose bit is set.
    pub flags: Vec<StatusPurpose>,
    /// Says which entries it rests on.
    pub evidence: String,
}

/// The status index that the manifest names.
///
/// # Errors
/// The entry is missing or is none.
pub(crate) fn index<'a>(
    dossier: &Dossier,
    entries: &'a Entries,
) -> Result<(&'a Read, &'a StatusIndex), String> {
    let place = dossier.manifest.places.status_index;
    let entry = entries.at(place)?;
    match &entry.statement.claim {
        Claim::StatusIndex(index) => Ok((entry, index)),
        _ => Err(format!("entry {place} is no status index")),
    }
}

/// Reads the certificate's bits from the lists that the index names as current.
///
/// # Errors
/// Lists and entries that contradict each other: then the proof is none.
pub(crate) fn listed(dossier: &Dossier, entries: &Entries) -> Result<Listed, String> {
    let (at, index) = index(dossier, entries)?;
    let places = dossier.manifest.places;
    let record = &dossier.document.certificate_record;
    let mut flags = Vec::new();
    for purpose in StatusPurpose::ALL {
        let place = match purpose {
            StatusPurpose::Revocation => places.revocation,
            StatusPurpose::Suspension => places.suspension,
        };
        let entry = entries.at(place)?;
        let Claim::StatusList(list) = &entry.statement.claim else {
            return Err(format!("entry {place} is no status list"));
        };
        let name = format!("{}-{}", purpose.word(), record.serial / STATUS_LIST_SERIALS);
        let mut current = index.lists.iter().filter(|current| current.list == name);
        let named = current.next().is_some_and(|current| current.entry == place);
        if !named || current.next().is_some() || place >= index.covers {
            return Err(format!("the status index does not name entry {place} as {name}"));
        }
        let set = list.is_set(record.serial).filter(|_| list.purpose == purpose);
        let set = set.ok_or_else(|| format!("entry {place} is not the list {name}"))?;
        if set != expected(record, purpose, place) {
            let said = if set { "set" } else { "clear" };
            return Err(format!("the bit in {name}, entry {place}, is {said} against its entries"));
        }
        if set {
            flags.push(purpose);
        }
    }
    let evidence = format!(
        "status index {} of {}, lists {} and {}, covering {} entries",
        at.mark.index, at.mark.logged_at, places.revocation, places.suspension, index.covers
    );
    Ok(Listed { covers: index.covers, flags, evidence })
}

/// What a list logged as entry `place` must say, by the certificate's own changes before it.
fn expected(record: &CertificateRecord, purpose: StatusPurpose, place: u64) -> bool {
    let before = record.events.iter().filter(|event| event.mark.index < place);
    let events: Vec<_> = before.cloned().collect();
    let Some(last) = events.last() else { return false };
    // The change takes effect within the clock skew at the latest, as in the register.
    let soon = last.mark.logged_at.plus_seconds(CLOCK_SKEW_SECONDS);
    let status = certificate_status(&events, record.valid_from, record.valid_until, soon);
    match purpose {
        StatusPurpose::Revocation => status == CertificateStatus::Withdrawn,
        StatusPurpose::Suspension => status == CertificateStatus::Suspended,
    }
}
