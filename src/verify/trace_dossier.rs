//! The verdict on a trace dossier: manifest, checkpoint, entries and signatures, then what they
//! give, folded anew: ceilings, balances, cover, custody, compared with what the service says.
//! What a path cannot show is said in so many words. Not here: the fold (`register::PathFold`).

use super::checks::Checks;
use super::dossier::{Fault, signed_manifest, tree_of};
use super::policy::dossier_time;
use super::report::{CheckName, CheckResult, Report, SubIndication};
use super::{Policy, goods, quorum};
use crate::catalog::Catalog;
use crate::dossier::{Entries, TraceDossier, newer_trust, proven};
use crate::label::LeftOut;
use crate::names::LotKey;
use crate::register::{
    CertificateRecord, CertificateStatus, CustodyTold, GoodsRecord, Inherited, LotRecord, LotTrace,
    OriginWord, PathFold,
};
use crate::statement::{Claim, Timestamp, parse_multikey};
use crate::trust::{StatusData, Trust, TrustError};

/// What no path can show.
const BEYOND: &str = "whether nothing else drew on these lots or used the volumes certified, and \
    whether none of these events was taken back, is shown by pack or audit, not by a path";

/// Checks in the order they are laid; what follows a fault is not run.
const ORDER: [CheckName; 5] = [
    CheckName::Host,
    CheckName::Manifest,
    CheckName::Checkpoint,
    CheckName::Inclusion,
    CheckName::Records,
];

/// What the entries of a trace dossier give.
struct Followed {
    record: LotRecord,
    trace: LotTrace,
    certificates: Vec<CertificateRecord>,
    /// Where the lot's declaration was undone.
    undeclared: Option<u64>,
    /// When the newest entry was logged.
    last_at: Timestamp,
}

/// Judges a trace dossier under a trust snapshot, or under its own if that is newer.
pub(super) fn judge(bytes: &[u8], trust: &Trust, now: Timestamp, policy: Policy) -> Report {
    let read = TraceDossier::read(bytes);
    let within = read.as_ref().ok().map(|dossier| newer_trust(&dossier.trust_bytes(), trust));
    let newest = match &within {
        Some(Ok(Some(own))) => own,
        _ => trust,
    };
    let mut checks = Checks::new(newest, None, now, policy);
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
    checks.subject = dossier.manifest.lot.to_string();
    checks.pass(CheckName::Format, format!("trace dossier, version {}", dossier.document.version));
    if dossier.dressed {
        checks.leave_out(LeftOut::JsonForm);
    }
    checks.trust_data();
    let refused = within.as_ref().and_then(|own| own.as_ref().err());
    let followed = match open(&mut checks, dossier, refused) {
        Ok(followed) => followed,
        Err((check, why, text)) => {
            checks.fail(check, why, text);
            let rest = ORDER.iter().skip_while(|name| **name != check).skip(1);
            checks.not_run(&rest.copied().collect::<Vec<_>>());
            return checks.report();
        }
    };
    let witnessed = quorum::witnessed_at(newest, &dossier.document.checkpoint);
    let as_of = dossier_time(followed.last_at.max(dossier.manifest.issued_at), witnessed);
    let book = TraceBook { dossier, followed, as_of };
    checks.book = Some(&book);
    checks.status_data();
    let lot = book.followed.record.clone();
    let own = lot.status(now);
    let (fit, word) = match book.followed.undeclared {
        Some(index) => (false, format!("its declaration was undone, entry {index}")),
        None => (own == crate::register::LotStatus::Released, own.word().to_owned()),
    };
    let result = if fit { CheckResult::Pass } else { CheckResult::Fail };
    checks.require(CheckName::LotStatus, result, format!("{word}; that of the entries here"));
    goods::gather(&mut checks, &lot);
    goods::lay(&mut checks, &lot, None);
    for check in [CheckName::MassBalance, CheckName::InheritedStatus] {
        checks.remark(check, BEYOND);
    }
    checks.report()
}

fn open(
    checks: &mut Checks<'_>,
    dossier: &TraceDossier,
    within: Option<&TrustError>,
) -> Result<Followed, Fault> {
    let (trust, manifest) = (checks.trust, &dossier.manifest);
    if manifest.host != trust.host {
        let text = format!("it is of {}, the trust snapshot of {}", manifest.host, trust.host);
        return Err((CheckName::Host, SubIndication::TrustFailure, text));
    }
    checks.pass(CheckName::Host, manifest.host.clone());
    signed_manifest(&dossier.signed, manifest.issued_at, dossier.foreign_member(), trust, within)?;
    let members = manifest.members.len();
    checks.pass(CheckName::Manifest, format!("{members} members, made {}", manifest.issued_at));
    let proof = |check, text| (check, SubIndication::LogProofFailure, text);
    let tree = tree_of(&dossier.document.checkpoint, manifest.sequence, trust)
        .map_err(|text| proof(CheckName::Checkpoint, text))?;
    checks.pass(CheckName::Checkpoint, format!("tree of {} entries", tree.size));
    let leaves = proven(&dossier.document.entries, &tree)
        .map_err(|text| proof(CheckName::Inclusion, text))?;
    checks.pass(CheckName::Inclusion, format!("{} entries", leaves.len()));
    let records = |text| (CheckName::Records, SubIndication::HashFailure, text);
    let domain = trust.domain().map_err(|error| records(error.to_string()))?;
    let entries = Entries::read(&leaves, &[], &domain, trust).map_err(records)?;
    let followed = follow(dossier, &entries, trust).map_err(records)?;
    let count = leaves.len();
    checks.pass(CheckName::Records, format!("{count} signed entries give what is said; {BEYOND}"));
    Ok(followed)
}

/// Folds the entries anew and compares what follows with what the service says.
fn follow(dossier: &TraceDossier, entries: &Entries, trust: &Trust) -> Result<Followed, String> {
    let (manifest, stated) = (&dossier.manifest, &dossier.document.goods);
    let domain = trust.domain().map_err(|error| error.to_string())?;
    let catalog = Catalog::builtin().map_err(|error| error.to_string())?;
    let root = parse_multikey(trust.first_root()).ok_or("the root key cannot be read")?;
    let statements = entries.iter().map(|entry| &entry.statement);
    let mut fold = PathFold::new(domain, root, catalog, statements);
    let (mut rulebook, mut indexes) = (None, Vec::new());
    let mut last_at = Timestamp::from_seconds(0);
    for entry in entries.iter() {
        let index = entry.mark.index;
        if let Claim::Rulebook(claim) = &entry.statement.claim {
            if rulebook.is_some_and(|before: u64| claim.version != before.saturating_add(1)) {
                let before = rulebook.unwrap_or_default();
                let found = claim.version;
                return Err(format!("entry {index}: rulebook {found} follows rulebook {before}"));
            }
            rulebook = Some(claim.version);
        }
        fold.fold(&entry.statement, entry.mark.logged_at)
            .map_err(|refusal| format!("entry {index}: {}: {refusal}", refusal.code()))?;
        indexes.push(index);
        last_at = entry.mark.logged_at;
    }
    if rulebook.unwrap_or_default() != manifest.rulebook {
        let found = rulebook.unwrap_or_default();
        return Err(format!("rulebook {} is in force, and {found} is the last", manifest.rulebook));
    }
    let register = fold.register();
    let key = &manifest.lot;
    let lot = register.lot(key).ok_or_else(|| format!("lot {key} is declared by no entry"))?;
    let found = register.goods_record(key, manifest.issued_at);
    let place = |place: u64| {
        let found = usize::try_from(place).ok().and_then(|place| indexes.get(place));
        found.copied().unwrap_or(place)
    };
    let moved = |it: Inherited| Inherited { index: place(it.index), ..it };
    // Of old stock of which nothing on the path tells, what left it may be told all the same.
    let whole = register.lot_handle(key).and_then(|lot| register.trace().balance(lot));
    let filled = found.filled.or(stated.filled.and(whole).map(|balance| balance.filled));
    let found = GoodsRecord { inherited: found.inherited.map(moved), filled, ..found };
    compare(stated, &found)?;
    let mut trace = register
        .lot_trace(key, manifest.issued_at)
        .ok_or_else(|| format!("no goods are followed of lot {key}"))?;
    trace.steps.iter_mut().for_each(|step| step.index = place(step.index));
    trace.inherited.clone_from(&stated.inherited);
    trace.input_certificate = stated.input_certificate;
    let told = trace.model.as_mut().zip(stated.model);
    if let Some((model, weaker)) = told {
        model.word = model.word.max(weaker);
    }
    // Who has how much now is not on the path; what left of it is the service's word.
    trace.custody = LotTrace::of_record(stated).custody.or(Some(CustodyTold::default()));
    let certificates = register.certificates_of(key).map(|found| CertificateRecord {
        mark: crate::seal::LogPosition {
            index: place(found.record.mark.index),
            ..found.record.mark
        },
        ..found.record
    });
    let certificates = certificates.collect();
    let undeclared = register.undeclared_at(key).map(place);
    Ok(Followed { record: lot.record, trace, certificates, undeclared, last_at })
}

/// What the entries give must be what the service says; it may say more, never less, of what left.
fn compare(stated: &GoodsRecord, found: &GoodsRecord) -> Result<(), String> {
    let silent = |record: &GoodsRecord| record.origin.unwrap_or(OriginWord::Declared);
    let unlike = |what: &str, stated: String, found: String| {
        Err(format!("{what}: {stated} is said, {found} follows from the entries"))
    };
    if silent(stated) != silent(found) {
        let word = |record| <&str>::from(silent(record)).to_owned();
        return unlike("origin", word(stated), word(found));
    }
    if stated.filled != found.filled {
        let told = |filled: Option<u64>| filled.unwrap_or_default().to_string();
        return unlike("filled", told(stated.filled), told(found.filled));
    }
    // What lots beside the path use of a certified volume leaves less cover than the path shows.
    if stated.model < found.model {
        return unlike("custody", format!("{:?}", stated.model), format!("{:?}", found.model));
    }
    if stated.producers != found.producers {
        let told = |record: &GoodsRecord| format!("{:?}", record.producers);
        return unlike("producers", told(stated), told(found));
    }
    if found.consumed > stated.consumed {
        let told = |drawn: Option<u64>| drawn.unwrap_or_default().to_string();
        return unlike("consumed", told(stated.consumed), told(found.consumed));
    }
    let fallen = |record: &GoodsRecord| record.input_certificate.map(|one| one.status);
    let hides = match (fallen(stated), fallen(found)) {
        (None, Some(_)) => true,
        (Some(told), Some(hidden)) => told != hidden && hidden == CertificateStatus::Withdrawn,
        (_, None) => false,
    };
    if let Some(hidden) = found.input_certificate.filter(|_| hides) {
        let (serial, word) = (hidden.serial, hidden.status.word());
        return Err(format!("certificate {serial}, which it rests on, is {word}: not told"));
    }
    match (&stated.inherited, &found.inherited) {
        (None, Some(hidden)) => Err(format!(
            "the {} of lot {}, entry {}, is not told",
            hidden.action_word(),
            hidden.via,
            hidden.index
        )),
        (Some(told), Some(hidden)) if told.status() != hidden.status() => {
            unlike("inherited", told.action_word().to_owned(), hidden.action_word().to_owned())
        }
        _ => Ok(()),
    }
}

/// The path as status data: it knows its lot.
struct TraceBook<'a> {
    dossier: &'a TraceDossier,
    followed: Followed,
    as_of: Timestamp,
}

impl StatusData for TraceBook<'_> {
    fn issued_at(&self) -> Timestamp {
        self.as_of
    }

    fn covers(&self) -> u64 {
        self.dossier.manifest.sequence
    }

    fn checkpoint(&self) -> &str {
        &self.dossier.document.checkpoint
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.followed.certificates.iter().find(|record| record.mark.index == index).cloned()
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.followed.certificates.iter().find(|record| record.serial == serial).cloned()
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        (self.followed.record.lot == *key).then(|| self.followed.record.clone())
    }

    fn knows_descent(&self) -> bool {
        true
    }

    fn inherited(&self, key: &LotKey) -> Option<Inherited> {
        self.dossier.document.goods.inherited.clone().filter(|_| self.lot(key).is_some())
    }

    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        self.lot(key).map(|_| self.followed.trace.clone())
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        match self.lot(key) {
            Some(_) => self.followed.certificates.clone(),
            None => Vec::new(),
        }
    }
}
