//! The verdict on a dossier: manifest, checkpoint, entries, records, then the checks that every
//! verdict on a certificate shares, with the dossier as status data unless newer data is at hand.
//! Not here: what each part must say (`form`, `records`, `withdrawal`).

use crate::dossier::Dossier;
use crate::dossier::DossierStatus;
use crate::dossier::{Entries, compare, newer_trust, proven};
use crate::dossier::{index, listed};
use crate::label::LeftOut;
use crate::limits::STATUS_INDEX_AGE_SECONDS_MAX;
use crate::log::{Checkpoint, Leaf, NoteKey, verify_checkpoint};
use crate::register::CertificateStatus;
use crate::seal::LogPosition;
use crate::statement::{Signed, Timestamp};
use crate::trust::{StatusData, Trust, TrustError};
use crate::trust::{check_signature, may_sign};
use crate::verify::checks::Checks;
use crate::verify::policy::dossier_time;
use crate::verify::{CheckName, Policy, Report, SubIndication, quorum, statement};

/// Checks in the order they are laid; what follows a fault is not run.
const ORDER: [CheckName; 11] = [
    CheckName::Host,
    CheckName::Manifest,
    CheckName::Checkpoint,
    CheckName::Inclusion,
    CheckName::Records,
    CheckName::StatementSignature,
    CheckName::IssuerKey,
    CheckName::Accreditation,
    CheckName::NonWithdrawal,
    CheckName::CertificateStatus,
    CheckName::LotStatus,
];

/// Evidence of the one thing that no entry can prove.
pub(super) const LOT_WORD: &str = "a hold or recall is proven by its entry; that there is none is \
    the service's signed word";

/// A fault and the check it belongs to.
pub(super) type Fault = (CheckName, SubIndication, String);

/// What was found in a dossier whose every part is proven.
pub(super) struct Opened {
    pub leaves: Vec<Vec<u8>>,
    pub entries: Entries,
    pub listed_at: Timestamp,
}

/// Judges a dossier under a trust snapshot, or under its own if that is newer and of one root.
pub(in crate::verify) fn judge(
    bytes: &[u8],
    trust: &Trust,
    book: Option<&dyn StatusData>,
    now: Timestamp,
    policy: Policy,
) -> Report {
    let read = Dossier::read(bytes);
    let within = read.as_ref().ok().map(|dossier| newer_trust(&dossier.trust_bytes(), trust));
    let newest = match &within {
        Some(Ok(Some(own))) => own,
        _ => trust,
    };
    let (own, witnessed);
    let mut checks = Checks::new(newest, book, now, policy);
    let dossier = match &read {
        Ok(dossier) => dossier,
        Err(error) => {
            let text = format!("{}: {error}", error.code());
            if error.is_unreadable() {
                checks.unreadable(CheckName::Format, text);
            } else {
                checks.fail(CheckName::Format, SubIndication::FormatFailure, text);
            }
            checks.not_run(&ORDER);
            return checks.report();
        }
    };
    checks.pass(CheckName::Format, format!("dossier, version {}", dossier.document.version));
    if dossier.dressed {
        checks.leave_out(LeftOut::JsonForm);
    }
    checks.trust_data();
    let opened =
        match open(&mut checks, dossier, within.as_ref().and_then(|own| own.as_ref().err())) {
            Ok(opened) => opened,
            Err((check, why, text)) => {
                checks.fail(check, why, text);
                let rest = ORDER.iter().skip_while(|name| **name != check).skip(1);
                checks.not_run(&rest.copied().collect::<Vec<_>>());
                return checks.report();
            }
        };
    witnessed = quorum::witnessed_at(newest, &dossier.document.checkpoint);
    own = DossierStatus { dossier, as_of: dossier_time(opened.listed_at, witnessed) };
    let newer = book.filter(|book| is_newer(*book, &own));
    checks.book = Some(newer.unwrap_or(&own));
    checks.status_data();
    if newer.is_some() {
        quorum::check(&mut checks, own.checkpoint());
    }
    certificate(&mut checks, dossier, &opened);
    if newer.is_none() {
        checks.remark(CheckName::LotStatus, LOT_WORD);
        if own.knows_descent() {
            checks.remark(CheckName::InheritedStatus, LOT_WORD);
        }
    }
    non_withdrawal(&mut checks, dossier, &opened, witnessed);
    checks.report()
}

/// Whether status data at hand reflects more of the log, or as much of it and of later.
pub(super) fn is_newer(book: &dyn StatusData, own: &dyn StatusData) -> bool {
    (book.covers(), book.issued_at()) > (own.covers(), own.issued_at())
}

/// Manifest, checkpoint, entries and records, each on the ground of the one before.
pub(super) fn open(
    checks: &mut Checks<'_>,
    dossier: &Dossier,
    within: Option<&TrustError>,
) -> Result<Opened, Fault> {
    let (trust, manifest) = (checks.trust, &dossier.manifest);
    if manifest.host != trust.host {
        let text = format!("it is of {}, the trust snapshot of {}", manifest.host, trust.host);
        return Err((CheckName::Host, SubIndication::TrustFailure, text));
    }
    checks.pass(CheckName::Host, manifest.host.clone());
    let foreign = manifest.foreign_member(&dossier.document);
    signed_manifest(&dossier.signed, manifest.issued_at, foreign, trust, within)?;
    let members = manifest.members.len();
    checks.pass(CheckName::Manifest, format!("{members} members, made {}", manifest.issued_at));
    let tree = tree_of(&dossier.document.checkpoint, manifest.sequence, trust)
        .map_err(|text| (CheckName::Checkpoint, SubIndication::LogProofFailure, text))?;
    checks.pass(CheckName::Checkpoint, format!("tree of {} entries", tree.size));
    let leaves = proven(&dossier.document.entries, &tree)
        .map_err(|text| (CheckName::Inclusion, SubIndication::LogProofFailure, text))?;
    checks.pass(CheckName::Inclusion, format!("{} entries", leaves.len()));
    let records = |text| (CheckName::Records, SubIndication::HashFailure, text);
    let domain = trust.domain().map_err(|error| records(error.to_string()))?;
    checks.subject = domain.certificate_id(manifest.serial);
    let own = manifest.places.certificate;
    let entries = Entries::read(&leaves, &[own], &domain, trust).map_err(records)?;
    compare(dossier, &entries, trust).map_err(records)?;
    let listed_at = index(dossier, &entries).map_err(records)?.0.mark.logged_at;
    checks.pass(CheckName::Records, "both records follow from signed entries");
    Ok(Opened { leaves, entries, listed_at })
}

/// A manifest is the service's, and every member is the one it names.
pub(super) fn signed_manifest(
    signed: &Signed,
    issued_at: Timestamp,
    foreign: Option<String>,
    trust: &Trust,
    within: Option<&TrustError>,
) -> Result<(), Fault> {
    let fault = |why, text: String| Err((CheckName::Manifest, why, text));
    let method = &signed.proof.verification_method;
    let Some(key) = trust.service_key(method) else {
        return fault(SubIndication::TrustFailure, format!("{method} is no key of the service"));
    };
    if check_signature(signed, &key.public, "manifest").is_err() {
        let text = format!("does not verify under {method}");
        return fault(SubIndication::SigCryptoFailure, text);
    }
    if let Err(error) = may_sign(key, issued_at, "dossier") {
        let revoked = key.compromised.is_some();
        let why = if revoked { SubIndication::Revoked } else { SubIndication::AuthorityFailure };
        return fault(why, error.to_string());
    }
    if let Some(name) = foreign {
        let text = format!("{name} is not the member that the manifest names");
        return fault(SubIndication::HashFailure, text);
    }
    match within {
        Some(error) => fault(SubIndication::TrustFailure, error.to_string()),
        None => Ok(()),
    }
}

/// A checkpoint is the log's, of a stated size, and of the same log as the trust snapshot's.
pub(super) fn tree_of(note: &str, size: u64, trust: &Trust) -> Result<Checkpoint, String> {
    let key = NoteKey::parse(&trust.log_key).map_err(|error| error.to_string())?;
    let origin = format!("{}/log", trust.host);
    let read = |note| verify_checkpoint(note, &key, &origin).map_err(|error| error.to_string());
    let tree = read(note)?;
    if tree.size != size {
        return Err("its size is not the one in the manifest".to_owned());
    }
    let known = read(&trust.checkpoint)?;
    if known.size == tree.size && known.root != tree.root {
        return Err(format!("the log signed two trees of {} entries: it has forked", tree.size));
    }
    Ok(tree)
}

/// The checks that every verdict on a certificate shares.
pub(super) fn certificate(checks: &mut Checks<'_>, dossier: &Dossier, opened: &Opened) {
    let place = dossier.manifest.places.certificate;
    let parsed = opened.leaves.iter().filter_map(|bytes| Leaf::parse(bytes).ok());
    // Found before, when the records were derived from it.
    if let Some(leaf) = parsed.into_iter().find(|leaf| leaf.index == place) {
        let mark = LogPosition { index: leaf.index, logged_at: leaf.logged_at };
        statement::judge(checks, leaf.statement, Some(mark));
    }
}

/// What the lists prove, held against the verdict on the status.
pub(super) fn non_withdrawal(
    checks: &mut Checks<'_>,
    dossier: &Dossier,
    opened: &Opened,
    witnessed: Option<Timestamp>,
) {
    const CHECK: CheckName = CheckName::NonWithdrawal;
    let found = match listed(dossier, &opened.entries) {
        Ok(found) => found,
        Err(text) => return checks.refute(CHECK, SubIndication::LogProofFailure, text),
    };
    let seen = witnessed.unwrap_or(opened.listed_at);
    let behind = seen.seconds().saturating_sub(opened.listed_at.seconds());
    let mark = dossier.document.certificate_record.mark;
    let status = checks.fitness.as_ref().map(|fitness| fitness.now.certificate);
    let ended = matches!(status, Some(CertificateStatus::Withdrawn | CertificateStatus::Suspended));
    if ended {
        checks.fail(CHECK, SubIndication::TryLater, found.evidence);
    } else if let Some(purpose) = found.flags.first() {
        let text = format!("the {} bit is set; {}", purpose.word(), found.evidence);
        checks.absent(CHECK, SubIndication::TryLater, text);
    } else if behind > STATUS_INDEX_AGE_SECONDS_MAX {
        let text = format!("{behind} s older than its checkpoint; {}", found.evidence);
        checks.stale(CHECK, SubIndication::StatusStale, text);
    } else if found.covers <= mark.index {
        let text = format!("entry {} came later; {}", mark.index, found.evidence);
        checks.absent(CHECK, SubIndication::TryLater, text);
    } else {
        checks.pass(CHECK, found.evidence);
    }
    checks.age(checks.now.seconds().saturating_sub(seen.seconds()));
}
