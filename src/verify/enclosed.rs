//! The verdict on a code that stands on a paper with a dossier in it: what the dossier proves
//! speaks for the code too, if both are of one certificate. Not here: the dossier (`dossier`).

use super::checks::Checks;
use super::policy::dossier_time;
use super::{Evidence, Indication, Policy, Report, dossier, quorum, verify};
use crate::dossier::{Dossier, DossierStatus, newer_trust};
use crate::label::{Scan, ScanCode};
use crate::statement::Timestamp;
use crate::trust::{StatusData, Trust};

/// Judges the code of a paper that carries a dossier: by what the dossier proves of its
/// certificate, once the dossier itself holds. None where the code names another certificate or
/// lot: then one of the two is borrowed.
#[must_use]
pub fn verify_enclosed(
    text: &str,
    bytes: &[u8],
    trust: &Trust,
    book: Option<&dyn StatusData>,
    now: Timestamp,
    policy: Policy,
) -> Option<Report> {
    let alone = || verify(Evidence::Code(text), trust, book, now, policy);
    let Ok(read) = Dossier::read(bytes) else { return Some(alone()) };
    if !names(&Scan::of(text), &read) {
        return None;
    }
    let within = newer_trust(&read.trust_bytes(), trust);
    let newest = match &within {
        Ok(Some(own)) => own,
        _ => trust,
    };
    if dossier::judge(bytes, trust, book, now, policy).authenticity.indication
        == Indication::TotalFailed
    {
        return Some(alone());
    }
    let mut checks = Checks::new(newest, book, now, policy);
    let Ok(opened) = dossier::open(&mut checks, &read, within.as_ref().err()) else {
        return Some(alone());
    };
    let witnessed = quorum::witnessed_at(newest, &read.document.checkpoint);
    let own = DossierStatus { dossier: &read, as_of: dossier_time(opened.listed_at, witnessed) };
    let newer = book.filter(|book| dossier::is_newer(*book, &own));
    Some(verify(Evidence::Code(text), newest, Some(newer.unwrap_or(&own)), now, policy))
}

/// Whether a code names the certificate of a dossier, and its lot.
fn names(scan: &Scan<'_>, dossier: &Dossier) -> bool {
    let record = &dossier.document.certificate_record;
    let one = |code: &ScanCode| {
        let index = code.label().map(|label| u64::from(label.header.index));
        let lot = code.lot_key().is_none_or(|key| key == record.lot);
        lot && index.is_none_or(|index| index == record.mark.index)
    };
    // What cannot be read is judged as it is.
    scan.ways.as_ref().map_or(true, |ways| ways.iter().any(|reading| one(&reading.code)))
}
