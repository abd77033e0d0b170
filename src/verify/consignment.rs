//! The verdict on a consignment: manifest, checkpoint, entries, what follows from them, who
//! shipped; then each certificate of its lots as in a dossier. What was taken back, is held or
//! recalled, is genuine and not fit. Not here: what each part must say (`consignment`).

use serde::Serialize;

use super::Policy;
use super::checks::Checks;
use super::dossier::{
    self, Fault, LOT_WORD, Opened, is_newer, non_withdrawal, signed_manifest, tree_of,
};
use super::policy::dossier_time;
use super::quorum;
use super::report::{CheckName, Report, SubIndication, severity};
use crate::consignment::{
    Consignment, ConsignmentError, ConsignmentFacts, ConsignmentStatus, ShippedLot, dossier_of,
};
use crate::dossier::{Entries, newer_trust, proven};
use crate::label::LeftOut;
use crate::names::LotKey;
use crate::register::{CertificateStatus, LotStatus};
use crate::seal::KeyStanding;
use crate::statement::Timestamp;
use crate::trust::{StatusData, Trust, TrustError};

/// Checks in the order they are laid; what follows a fault is not run.
const ORDER: [CheckName; 8] = [
    CheckName::Host,
    CheckName::Manifest,
    CheckName::Checkpoint,
    CheckName::Inclusion,
    CheckName::Records,
    CheckName::StatementSignature,
    CheckName::IssuerKey,
    CheckName::LotStatus,
];

/// What was found about a consignment.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsignmentReport {
    /// Always `ConsignmentReport`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of this form.
    pub version: u32,
    /// On the file and the shipment; its exit code says whether they are genuine.
    pub report: Report,
    /// How far the shipment has come, in a word; None when it is not genuine.
    pub state: Option<String>,
    /// The entry that took it back, if one did.
    pub voided: Option<u64>,
    /// Its lots.
    pub lots: Vec<LotVerdict>,
    /// On each certificate of its lots, by lot, oldest first.
    pub certificates: Vec<Report>,
    /// As of a report: the worst of the shipment and of the certificates that are in force or
    /// ended; one that another took the place of counts no more.
    pub exit_code: u8,
}

/// One lot of a consignment, in its smallest unit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LotVerdict {
    /// Which.
    pub lot: LotKey,
    /// How much was shipped.
    pub sent: u64,
    /// Its status now, what it inherits included.
    pub status: LotStatus,
}

/// A verdict, and what may be written into papers: nothing of what is not genuine.
pub struct JudgedConsignment {
    /// The verdict.
    pub report: ConsignmentReport,
    /// What it says; None unless every part follows from signed entries.
    pub facts: Option<ConsignmentFacts>,
}

/// Judges a consignment under a trust snapshot, or under its own if that is newer and of one root.
/// `book` is newer status data at hand, if any.
#[must_use]
pub fn judge_consignment(
    bytes: &[u8],
    trust: &Trust,
    book: Option<&dyn StatusData>,
    now: Timestamp,
    policy: Policy,
) -> JudgedConsignment {
    let read = Consignment::read(bytes);
    let within = read.as_ref().ok().map(|read| newer_trust(&read.trust_bytes(), trust));
    let newest = match &within {
        Some(Ok(Some(own))) => own,
        _ => trust,
    };
    let mut checks = Checks::new(newest, book, now, policy);
    let consignment = match &read {
        Ok(consignment) => consignment,
        Err(error) => return unread(checks, error),
    };
    let version = consignment.document.version;
    checks.pass(CheckName::Format, format!("consignment, version {version}"));
    if consignment.dressed {
        checks.leave_out(LeftOut::JsonForm);
    }
    checks.subject = consignment.manifest.shipment.clone();
    checks.trust_data();
    let fault = within.as_ref().and_then(|own| own.as_ref().err());
    let (opened, facts) = match open(&mut checks, consignment, fault) {
        Ok(opened) => opened,
        Err((check, why, text)) => {
            checks.fail(check, why, text);
            let rest = ORDER.iter().skip_while(|name| **name != check).skip(1);
            checks.not_run(&rest.copied().collect::<Vec<_>>());
            return judged(checks.report(), Vec::new(), None);
        }
    };
    let counted = newest.quorum(&consignment.document.checkpoint);
    let witnessed = quorum::time(&counted);
    let as_of = dossier_time(opened.listed_at, witnessed);
    let own = ConsignmentStatus { consignment, as_of, counted };
    let newer = book.filter(|book| is_newer(*book, &own));
    let status = newer.unwrap_or(&own);
    checks.book = Some(status);
    checks.status_data();
    if newer.is_some() {
        quorum::check(&mut checks, own.checkpoint());
    }
    shipper(&mut checks, &facts);
    lots(&mut checks, &facts, status);
    let mut reports = Vec::new();
    for record in &consignment.document.certificate_records {
        let mut own = Checks::new(newest, Some(status), now, policy);
        own.trust_data();
        own.status_data();
        // Its parts were found before, when its record was compared.
        if let Ok(dossier) = dossier_of(consignment, &opened.entries, record) {
            own.subject = facts.domain.certificate_id(record.serial);
            dossier::certificate(&mut own, &dossier, &opened);
            if newer.is_none() {
                own.remark(CheckName::LotStatus, LOT_WORD);
                own.remark(CheckName::InheritedStatus, LOT_WORD);
            }
            non_withdrawal(&mut own, &dossier, &opened, witnessed);
        }
        reports.push(own.report());
    }
    judged(checks.report(), reports, Some((facts, status, now)))
}

fn unread(mut checks: Checks<'_>, error: &ConsignmentError) -> JudgedConsignment {
    let text = format!("{}: {error}", error.code());
    if error.is_unreadable() {
        checks.unreadable(CheckName::Format, text);
    } else {
        checks.fail(CheckName::Format, SubIndication::FormatFailure, text);
    }
    checks.not_run(&ORDER);
    judged(checks.report(), Vec::new(), None)
}

/// Manifest, checkpoint, entries and what follows from them, each on the ground of the one before.
fn open(
    checks: &mut Checks<'_>,
    consignment: &Consignment,
    within: Option<&TrustError>,
) -> Result<(Opened, ConsignmentFacts), Fault> {
    let (trust, manifest) = (checks.trust, &consignment.manifest);
    let document = &consignment.document;
    if manifest.host != trust.host {
        let text = format!("it is of {}, the trust snapshot of {}", manifest.host, trust.host);
        return Err((CheckName::Host, SubIndication::TrustFailure, text));
    }
    checks.pass(CheckName::Host, manifest.host.clone());
    let (made, foreign) = (manifest.issued_at, consignment.foreign_member());
    signed_manifest(&consignment.signed, made, foreign, trust, within)?;
    checks.pass(CheckName::Manifest, format!("{} members, made {made}", manifest.members.len()));
    let tree = tree_of(&document.checkpoint, manifest.sequence, trust)
        .map_err(|text| (CheckName::Checkpoint, SubIndication::LogProofFailure, text))?;
    checks.pass(CheckName::Checkpoint, format!("tree of {} entries", tree.size));
    let leaves = proven(&document.entries, &tree)
        .map_err(|text| (CheckName::Inclusion, SubIndication::LogProofFailure, text))?;
    checks.pass(CheckName::Inclusion, format!("{} entries", leaves.len()));
    let records = |text| (CheckName::Records, SubIndication::HashFailure, text);
    let domain = trust.domain().map_err(|error| records(error.to_string()))?;
    let own: Vec<u64> =
        document.certificate_records.iter().map(|record| record.mark.index).collect();
    let entries = Entries::read(&leaves, &own, &domain, trust).map_err(records)?;
    let facts = ConsignmentFacts::derive(consignment, &entries, trust).map_err(records)?;
    // Where no lot is certified there is no list; then its own date is all that there is.
    let listed_at = match manifest.places.status_index {
        Some(index) => entries.at(index).map_err(records)?.mark.logged_at,
        None => manifest.issued_at,
    };
    let text = format!("{} lots and {} units follow", facts.lots.len(), facts.units.len());
    checks.pass(CheckName::Records, text);
    Ok((Opened { leaves, entries, listed_at }, facts))
}

/// The shipment's signature was verified with its entry; whether its key may have been stolen then
/// is said here.
fn shipper(checks: &mut Checks<'_>, facts: &ConsignmentFacts) {
    let (trust, mark) = (checks.trust, facts.mark);
    checks.pass(CheckName::StatementSignature, format!("entry {}", mark.index));
    let party = trust.party(&facts.shipper.party);
    let key = party.and_then(|party| {
        party.keys.iter().find(|key| key.verification_method == facts.signed_with)
    });
    match key.map(|key| key.standing(mark.logged_at)) {
        Some(KeyStanding::InForce) => {
            checks.pass(CheckName::IssuerKey, facts.signed_with.clone());
        }
        _ => {
            let text = format!("{} may have been stolen at {}", facts.signed_with, mark.logged_at);
            checks.doubt(CheckName::IssuerKey, SubIndication::KeySuspect, text);
        }
    }
}

/// What a lot is now: its own status, or a worse one that reaches it.
fn status_of(lot: &ShippedLot, status: &dyn StatusData, now: Timestamp) -> LotStatus {
    let key = &lot.record.lot;
    let known = status.lot(key);
    let own = known.as_ref().unwrap_or(&lot.record).status(now);
    let above = status.inherited(key).or_else(|| lot.inherited.clone());
    let above = above.map_or(LotStatus::Released, |it| it.status());
    match (own, above) {
        (LotStatus::Recalled, _) | (_, LotStatus::Recalled) => LotStatus::Recalled,
        (LotStatus::Held, _) | (_, LotStatus::Held) => LotStatus::Held,
        (own, _) => own,
    }
}

fn is_barred(status: LotStatus) -> bool {
    matches!(status, LotStatus::Held | LotStatus::Recalled)
}

fn lots(checks: &mut Checks<'_>, facts: &ConsignmentFacts, status: &dyn StatusData) {
    let now = checks.now;
    let barred = facts.lots.iter().filter_map(|lot| {
        let found = status_of(lot, status, now);
        is_barred(found).then(|| format!("{} {}", lot.record.lot, found.word()))
    });
    let barred: Vec<String> = barred.collect();
    match barred.is_empty() {
        true => checks.pass(CheckName::LotStatus, format!("no hold or recall; {LOT_WORD}")),
        false => checks.fail(CheckName::LotStatus, SubIndication::TryLater, barred.join(", ")),
    }
}

fn judged(
    report: Report,
    certificates: Vec<Report>,
    found: Option<(ConsignmentFacts, &dyn StatusData, Timestamp)>,
) -> JudgedConsignment {
    let genuine = report.exit_code != 1 && report.exit_code != 2;
    let found = found.filter(|_| genuine);
    let told = |(facts, status, now): &(ConsignmentFacts, &dyn StatusData, Timestamp)| {
        let one = |lot: &ShippedLot| LotVerdict {
            lot: lot.record.lot.clone(),
            sent: lot.sent,
            status: status_of(lot, *status, *now),
        };
        facts.lots.iter().map(one).collect::<Vec<_>>()
    };
    let lots = found.as_ref().map(told).unwrap_or_default();
    let facts = found.map(|(facts, _, _)| facts);
    let voided = facts.as_ref().and_then(|facts| facts.voided.as_ref());
    let voided = voided.map(|voided| voided.mark.index);
    let unfit = voided.is_some() || lots.iter().any(|lot| is_barred(lot.status));
    let superseded = |report: &&Report| {
        let now = report.fitness.as_ref().map(|fitness| fitness.now.certificate);
        now != Some(CertificateStatus::Superseded)
    };
    let codes = certificates.iter().filter(superseded).map(|report| report.exit_code);
    let codes = codes.chain([report.exit_code, if unfit { 4 } else { 0 }]);
    let exit_code = codes.min_by_key(|code| severity(*code)).unwrap_or(report.exit_code);
    let report = ConsignmentReport {
        kind: "ConsignmentReport".to_owned(),
        version: 1,
        state: facts.as_ref().map(|facts| facts.state.clone()),
        voided,
        lots,
        certificates,
        exit_code,
        report,
    };
    JudgedConsignment { report, facts }
}
