//! Checks of a signed statement, alone or with its proof of inclusion, and the checks every verdict
//! about a certificate shares: key and accreditation at log time, status at two dates.

use ed25519_dalek::VerifyingKey;
use serde_json::Value;

use super::checks::Checks;
use super::goods;
use super::quorum;
use super::renewal::{Renewals, Standing, contact, names, standing};
use super::report::{CertificateSummary, CheckName, Claims, Fitness, FitnessAt, SubIndication};
use super::scope;
use super::signal::Signal;
use crate::label::LeftOut;
use crate::log::{Hash, Leaf, NoteKey, ProofFile, leaf_hash};
use crate::register::{
    CertificateRecord, CertificateStatus, LotRecord, LotStatus, PartyRecord, StatusEvent, in_effect,
};
use crate::seal::{
    Jwt, KeyRecord, KeyStanding, LogPosition, ScopeStanding, SealError, parted, verify_proof,
    verify_sidecar,
};
use crate::statement::{
    Claim, Credential, Reason, Statement, StatementError, StatusAction, Timestamp, canonicalised,
    parse_document,
};
use crate::trust::Trust;

/// Checks that follow once the statement is known to be in the log.
const LATER: [CheckName; 5] = [
    CheckName::IssuerKey,
    CheckName::Accreditation,
    CheckName::Binding,
    CheckName::CertificateStatus,
    CheckName::LotStatus,
];

/// Whether a verdict on a leaf needs status data: only a certificate's has a status that may end.
pub(super) fn has_status(leaf: &[u8]) -> bool {
    // Of what cannot be read, everything is asked.
    let statement = Leaf::parse(leaf).ok().map(|leaf| leaf.statement);
    let value = statement.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok());
    let types = value.as_ref().and_then(|value| value.get("type")?.as_array());
    types.is_none_or(|types| types.iter().any(|kind| kind == "DigitalConformityCredential"))
}

/// A leaf with its proof: the log's word for place and time.
pub(super) fn judge_proof(checks: &mut Checks<'_>, leaf: &[u8], file: &str) {
    let canonical = match Leaf::parse(leaf) {
        Ok(_) => None,
        Err(_) => canonicalised(leaf).filter(|leaf| Leaf::parse(leaf).is_ok()),
    };
    if canonical.is_some() {
        checks.leave_out(LeftOut::JsonForm);
    }
    let leaf = canonical.as_deref().unwrap_or(leaf);
    let parsed = match Leaf::parse(leaf) {
        Ok(parsed) => parsed,
        Err(error) => {
            checks.fail(CheckName::Format, SubIndication::FormatFailure, error.to_string());
            return checks.not_run(&LATER);
        }
    };
    let mark = LogPosition { index: parsed.index, logged_at: parsed.logged_at };
    // A proof that was cut accuses nobody.
    let proof = match ProofFile::parse(file) {
        Ok(proof) => proof,
        Err(error) => {
            checks.unreadable(CheckName::Inclusion, error.to_string());
            return checks.not_run(&LATER);
        }
    };
    let proven = NoteKey::parse(&checks.trust.log_key).and_then(|key| {
        let origin = format!("{}/log", checks.trust.host);
        proof.verify(&leaf_hash(leaf), &key, &origin)
    });
    match proven {
        Ok(checkpoint) if proof.index == mark.index => {
            checks.pass(CheckName::Checkpoint, format!("tree of {} entries", checkpoint.size));
            quorum::check(checks, &proof.checkpoint);
            checks.pass(CheckName::Inclusion, format!("entry {}", mark.index));
        }
        Ok(_) => {
            let (index, of_leaf) = (proof.index, mark.index);
            let text = format!("the proof is for entry {index}, the leaf says {of_leaf}");
            checks.fail(CheckName::Inclusion, SubIndication::LogProofFailure, text);
        }
        Err(error) => {
            let why = SubIndication::LogProofFailure;
            checks.fail(CheckName::Inclusion, why, error.to_string());
        }
    }
    judge(checks, parsed.statement, Some(mark));
}

/// A signed statement, as submitted also with its vc+jwt, which must then be good too; `logged` is
/// where the log has it, if a proof said so.
pub(super) fn judge(checks: &mut Checks<'_>, bytes: &[u8], logged: Option<LogPosition>) {
    let Ok(domain) = checks.trust.domain() else { return checks.not_run(&LATER) };
    let mut dressed = false;
    let mut read = || -> Result<_, (&'static str, String)> {
        let (bytes, sidecar) = parted(bytes).map_err(|error| (error.code(), error.to_string()))?;
        let statement = match Statement::parse(bytes, &domain) {
            Err(error) => match canonicalised(bytes) {
                Some(canonical) => {
                    dressed = true;
                    Statement::parse(&canonical, &domain)
                }
                None => Err(error),
            },
            read => read,
        };
        let statement = statement.map_err(|error| (error.code(), error.to_string()))?;
        Ok((statement, sidecar))
    };
    let read = read();
    if dressed {
        checks.leave_out(LeftOut::JsonForm);
    }
    match read {
        Ok((statement, sidecar)) => {
            let method = &statement.proof.verification_method;
            judge_read(checks, &statement, method, logged, &|key| {
                verify_proof(&statement, key)?;
                sidecar.as_ref().map_or(Ok(()), |jwt| verify_sidecar(&statement, jwt, key))
            });
        }
        Err((code, reason)) => match credential(bytes) {
            Ok(()) => malformed(checks, code, &reason),
            Err(reason) => {
                checks.unreadable(CheckName::StatementProfile, reason);
                checks.not_run(&LATER);
            }
        },
    }
}

/// A whole vc+jwt: another signature under the same key over the same content.
pub(super) fn judge_jwt(checks: &mut Checks<'_>, jws: &str) {
    let Ok(domain) = checks.trust.domain() else { return checks.not_run(&LATER) };
    match Jwt::parse(jws, &domain) {
        Ok(jwt) => {
            let method = &jwt.verification_method;
            judge_read(checks, &jwt.credential, method, None, &|key| jwt.verify(key));
        }
        Err(error @ SealError::JwtDamaged { .. }) => {
            checks.unreadable(CheckName::StatementProfile, format!("{}: {error}", error.code()));
            checks.not_run(&LATER);
        }
        Err(error) => malformed(checks, error.code(), &error.to_string()),
    }
}

/// Whether bytes that are no statement are meant to be a credential: JSON of an issuer's about a
/// subject.
///
/// # Errors
/// What they are not.
fn credential(bytes: &[u8]) -> Result<(), String> {
    let said = |error: &StatementError| format!("{}: {error}", error.code());
    let wrapped = parted(bytes).map_or(bytes, |(statement, _)| statement);
    let value = match parse_document(wrapped.trim_ascii()) {
        Err(error) if error.is_unreadable() => return Err(said(&error)),
        // What breaks the profile otherwise is judged.
        Err(_) => return Ok(()),
        Ok(value) => value,
    };
    let named = |kind: &str| match value.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|found| found == kind),
        found => found.is_some_and(|found| found == kind),
    };
    if value.is_array() {
        return Err("it is a list of documents: hand in each alone, or one a line".to_owned());
    }
    if named("VerifiablePresentation") || named("EnvelopedVerifiableCredential") {
        return Err("it is a wrapping of credentials: hand in the credential within".to_owned());
    }
    if value.get("proof").is_some_and(Value::is_array) {
        return Err("its proof is a list: hand in the credential with one proof alone".to_owned());
    }
    let has = |member: &str| value.get(member).is_some();
    if has("issuer") || has("credentialSubject") || has("statement") {
        return Ok(());
    }
    Err(match value.get("type").and_then(Value::as_str) {
        Some(Trust::KIND) => "it is a trust snapshot: give it with --trust".to_owned(),
        _ => "it is no statement: it has neither an issuer nor a credentialSubject".to_owned(),
    })
}

fn malformed(checks: &mut Checks<'_>, code: &str, reason: &str) {
    let text = format!("{code}: {reason}");
    checks.fail(CheckName::StatementProfile, SubIndication::FormatFailure, text);
    checks.not_run(&LATER);
}

/// Whether what was read is signed by a key.
type SignedBy<'a> = dyn Fn(&VerifyingKey) -> Result<(), SealError> + 'a;

fn judge_read(
    checks: &mut Checks<'_>,
    said: &Credential,
    method: &str,
    logged: Option<LogPosition>,
    signed_by: &SignedBy<'_>,
) {
    let trust = checks.trust;
    checks.subject.clone_from(&said.id);
    checks.pass(CheckName::StatementProfile, said.claim.kind());
    let issuer = trust.party(&said.issuer);
    let key = issuer.and_then(|party| party.key(method));
    let Some(key) = key else {
        let why = SubIndication::NoSigningCertificateFound;
        checks.absent(CheckName::IssuerKey, why, format!("{method} is not in the trust snapshot"));
        checks.not_run(&[CheckName::StatementSignature]);
        return checks.not_run(&LATER[1..]);
    };
    if let Err(error) = key.verifying_key().and_then(|public| signed_by(&public)) {
        let text = match error {
            SealError::Jwt { .. } => format!("{}: {error}", error.code()),
            _ => format!("does not verify under {method}"),
        };
        checks.fail(CheckName::StatementSignature, SubIndication::SigCryptoFailure, text);
        return checks.not_run(&LATER);
    }
    checks.pass(CheckName::StatementSignature, method);
    match &said.claim {
        Claim::Certificate(claim) => {
            certificate(checks, said, claim.serial, logged);
        }
        _ => match logged {
            Some(mark) => key_at(checks, key, mark.logged_at, None),
            None => checks.absent(
                CheckName::Inclusion,
                SubIndication::NoPoe,
                "without its proof file nobody knows when it was logged",
            ),
        },
    }
}

/// A certificate is found in the book by its serial and must be the very statement logged there.
fn certificate(
    checks: &mut Checks<'_>,
    said: &Credential,
    serial: u64,
    logged: Option<LogPosition>,
) {
    let found = checks.book.and_then(|book| {
        let record = book.certificate(serial)?;
        let lot = book.lot(&record.lot)?;
        Some((record, lot))
    });
    match found {
        Some((record, lot)) if record.digest == Hash::new(said.digest) => {
            if logged.is_some_and(|mark| mark != record.mark) {
                let text = "the proof and the status data name different entries";
                checks.fail(CheckName::Binding, SubIndication::LogProofFailure, text);
                return;
            }
            checks.pass(CheckName::Binding, format!("logged as entry {}", record.mark.index));
            record_checks(checks, &record, &lot, Renewals::Left);
        }
        Some(_) => {
            let text = format!("serial {serial} was logged with other content");
            checks.fail(CheckName::Binding, SubIndication::HashFailure, text);
            checks.not_run(&[CheckName::CertificateStatus, CheckName::LotStatus]);
        }
        None => {
            let text = format!("serial {serial} is not in the status data at hand");
            checks.absent(CheckName::Binding, SubIndication::TryLater, text);
            checks.not_run(&LATER[..2]);
            checks.not_run(&LATER[3..]);
        }
    }
}

/// Key and accreditation at log time, status at two dates, claims.
pub(super) fn record_checks(
    checks: &mut Checks<'_>,
    record: &CertificateRecord,
    lot: &LotRecord,
    renewals: Renewals,
) {
    let found = standing(checks, record, lot, checks.now, renewals);
    grounds(checks, record, lot);
    if found.record.serial != record.serial {
        checks.signal(Signal::Superseded);
        grounds(checks, &found.record, lot);
    }
    if let Some(serial) = found.missing {
        let text = format!("certificate {serial}, which takes its place, is not at hand");
        checks.absent(CheckName::Binding, SubIndication::TryLater, text);
    }
    if lot.events.iter().any(|event| event.voided.is_some()) {
        checks.signal(Signal::RecallVoided);
    }
    goods::gather(checks, lot);
    let fitness = fitness(checks, record, lot, renewals);
    let (certificate, lot_now) = (fitness.now.certificate, fitness.now.lot);
    let status = [
        (CheckName::CertificateStatus, certificate == CertificateStatus::Valid, certificate.word()),
        (CheckName::LotStatus, lot_now == LotStatus::Released, lot_now.word()),
    ];
    for (check, good, word) in status {
        if good {
            checks.pass(check, word);
        } else {
            checks.fail(check, SubIndication::TryLater, word);
        }
    }
    goods::lay(checks, lot, Some(&found.record));
    let mut fitness = fitness;
    fitness.fit &= !checks.failed(CheckName::Custody);
    let held = in_effect(&lot.events, checks.now).filter(|_| lot_now == LotStatus::Held);
    if held.is_some_and(|event| event.reason == Reason::Capacity) {
        checks.signal(Signal::HeldForCapacity);
    }
    checks.fitness = Some(fitness);
    let named = (found.record.serial != record.serial).then_some(record.serial);
    checks.claims = Some(Claims { named, ..claims(checks, &found.record, lot) });
}

/// Key and accreditation of a certificate when the log recorded it.
fn grounds(checks: &mut Checks<'_>, record: &CertificateRecord, lot: &LotRecord) {
    let trust = checks.trust;
    let issuer = trust.party(&record.issuer);
    match issuer.and_then(|party| party.key(&record.verification_method)) {
        Some(key) => key_at(checks, key, record.mark.logged_at, record.confirmed),
        None => {
            let text = format!("{} is not in the trust snapshot", record.verification_method);
            checks.absent(CheckName::IssuerKey, SubIndication::NoSigningCertificateFound, text);
        }
    }
    accreditation(checks, issuer, record, lot);
}

/// What the key was worth when the log recorded the statement; `confirmed` is where its certifier
/// stood by it again.
fn key_at(
    checks: &mut Checks<'_>,
    key: &KeyRecord,
    logged_at: Timestamp,
    confirmed: Option<LogPosition>,
) {
    let name = &key.verification_method;
    match (key.standing(logged_at), confirmed) {
        (KeyStanding::InForce, _) => {
            checks.pass(CheckName::IssuerKey, format!("{name}, {logged_at}"));
        }
        (KeyStanding::Suspect, Some(mark)) => {
            let text = format!(
                "{name}, {logged_at}; suspect, and confirmed again by entry {} at {}",
                mark.index, mark.logged_at
            );
            checks.pass(CheckName::IssuerKey, text);
        }
        (KeyStanding::Suspect, None) => {
            checks.signal(Signal::SuspectKey);
            let text = format!("{name} may have been in foreign hands at {logged_at}");
            checks.absent(CheckName::IssuerKey, SubIndication::KeySuspect, text);
        }
        (KeyStanding::Compromised, _) => {
            let text = format!("{name} was known to be compromised at {logged_at}");
            checks.fail(CheckName::IssuerKey, SubIndication::Revoked, text);
        }
        (standing, _) => {
            let text = format!("{name} at {logged_at}: {standing:?}");
            checks.fail(CheckName::IssuerKey, SubIndication::AuthorityFailure, text);
        }
    }
}

/// The accreditation named in it covered it when it was logged, and its certifier was not barred.
fn accreditation(
    checks: &mut Checks<'_>,
    issuer: Option<&PartyRecord>,
    record: &CertificateRecord,
    lot: &LotRecord,
) {
    if let Some(event) = issuer.and_then(|party| scope::barred(&party.events, checks.now)) {
        checks.signal(match event.action {
            StatusAction::Withdraw => Signal::CertifierWithdrawn,
            _ => Signal::CertifierSuspended,
        });
    }
    let at = record.mark.logged_at;
    let Some((party, found)) =
        issuer.and_then(|party| Some((party, party.accreditation(&record.accreditation)?)))
    else {
        let text = format!("{} is not in the trust snapshot", record.accreditation);
        let why = SubIndication::NoSigningCertificateFound;
        return checks.absent(CheckName::Accreditation, why, text);
    };
    let before = party.events.iter().filter(|event| event.mark.index < record.mark.index);
    let before: Vec<StatusEvent> = before.cloned().collect();
    if let Some(event) = scope::barred(&before, at) {
        let text = format!("{}: {}", record.issuer, scope::told(event));
        return checks.fail(CheckName::Accreditation, SubIndication::AuthorityFailure, text);
    }
    match found.at_log(record.mark) {
        ScopeStanding::InForce(scope)
            if scope.covers(&record.scheme, &lot.product, &lot.region) =>
        {
            let mut text = found.id.clone();
            if let Some(event) = scope::barred(&party.events, checks.now) {
                text = format!("{text}; {}: {}", record.issuer, scope::told(event));
            }
            checks.pass(CheckName::Accreditation, text);
        }
        _ => {
            let text = format!("{} did not cover it at {at}", found.id);
            checks.fail(CheckName::Accreditation, SubIndication::AuthorityFailure, text);
        }
    }
}

fn fitness(
    checks: &Checks<'_>,
    record: &CertificateRecord,
    lot: &LotRecord,
    renewals: Renewals,
) -> Fitness {
    let at = |instant: Timestamp| {
        status_at(checks, &standing(checks, record, lot, instant, renewals), lot, instant)
    };
    let now = inherits(checks, at(checks.now), lot);
    let expired_label = checks.item.contains(&Signal::ExpiredLabel);
    Fitness {
        fit: now.certificate == CertificateStatus::Valid
            && now.lot == LotStatus::Released
            && !expired_label,
        on_packing_date: at(lot.packed_on.end()),
        fair_trade: goods::fair_trade(checks, lot, |record| {
            scope::status(checks.trust.party(&record.issuer), record, lot, checks.now)
        })
        .to_owned(),
        now,
    }
}

/// The status of now, of a lot that was made of one which is held or recalled: the worse counts.
fn inherits(checks: &Checks<'_>, now: FitnessAt, lot: &LotRecord) -> FitnessAt {
    let inherited = checks.book.and_then(|book| book.inherited(&lot.lot));
    let worse = |status| match now.lot {
        LotStatus::Recalled => false,
        LotStatus::Held => status == LotStatus::Recalled,
        LotStatus::Released | LotStatus::Exhausted => true,
    };
    let Some(inherited) = inherited.filter(|it| worse(it.status())) else { return now };
    let recalled = inherited.status() == LotStatus::Recalled;
    FitnessAt {
        lot: inherited.status(),
        since: Some(inherited.since),
        reason: Some(inherited.reason.word().to_owned()),
        by: Some(inherited.by),
        // What was said to do is about the other lot.
        notice: std::collections::BTreeMap::new(),
        return_to: None,
        contact: if recalled { contact(checks, &lot.producer) } else { now.contact },
        ..now
    }
}

/// Status words at one instant, with the event that explains the worse of the two.
fn status_at(checks: &Checks<'_>, found: &Standing, lot: &LotRecord, at: Timestamp) -> FitnessAt {
    let (record, certificate) = (&found.record, found.status);
    let issuer = checks.trust.party(&record.issuer);
    let lot_now = lot.status(at);
    let explains = |event: &&StatusEvent, shown: bool| shown && event.effective_from <= at;
    let of_lot = in_effect(&lot.events, at).filter(|e| explains(e, lot_now != LotStatus::Released));
    let unfit = matches!(certificate, CertificateStatus::Suspended | CertificateStatus::Withdrawn);
    let event = of_lot.or_else(|| in_effect(&record.events, at).filter(|e| explains(e, unfit)));
    let cause = event.map(scope::Cause::of).or_else(|| {
        let reduced = certificate == CertificateStatus::ScopeReduced;
        issuer.filter(|_| reduced).and_then(|party| scope::reduced(party, record, lot, at))
    });
    let whom = match (lot_now, certificate) {
        (LotStatus::Recalled, _) => Some(&lot.producer),
        (_, CertificateStatus::Withdrawn) => cause.as_ref().map(|cause| cause.by),
        _ => None,
    };
    let given_way = record.superseded.filter(|_| certificate == CertificateStatus::Superseded);
    FitnessAt {
        contact: whom.and_then(|whom| contact(checks, whom)),
        return_to: cause.as_ref().and_then(|cause| cause.return_to),
        superseded_by: given_way.map(|next| next.by),
        at,
        certificate,
        lot: lot_now,
        since: cause.as_ref().map(|cause| cause.since),
        reason: cause.as_ref().map(|cause| cause.reason.word().to_owned()),
        by: cause.as_ref().map(|cause| cause.by.clone()),
        notice: cause.map(|cause| cause.notice.clone()).unwrap_or_default(),
    }
}

fn claims(checks: &Checks<'_>, record: &CertificateRecord, lot: &LotRecord) -> Claims {
    let name = |slug| checks.trust.party(slug).map(|party| party.name.clone()).unwrap_or_default();
    let all = checks.book.map(|book| book.certificates_of(&lot.lot)).unwrap_or_default();
    Claims {
        lot: lot.lot.clone(),
        product: lot.product.to_string(),
        product_name: lot.name.to_string(),
        product_names: lot.names.clone(),
        cooperative: lot.producer.clone(),
        cooperative_name: name(&lot.producer),
        cooperative_names: names(checks, &lot.producer),
        region: lot.region.to_string(),
        quantity: lot.quantity,
        unit: lot.unit.to_string(),
        packed_on: lot.packed_on,
        serial: None,
        certificate: summary(checks, record),
        named: None,
        certificates: all.iter().map(|record| summary(checks, record)).collect(),
    }
}

fn summary(checks: &Checks<'_>, record: &CertificateRecord) -> CertificateSummary {
    let issuer = checks.trust.party(&record.issuer);
    let key = issuer.and_then(|party| party.key(&record.verification_method));
    CertificateSummary {
        serial: record.serial,
        index: record.mark.index,
        logged_at: record.mark.logged_at,
        scheme: record.scheme.to_string(),
        certifier: record.issuer.clone(),
        certifier_name: issuer.map(|party| party.name.clone()).unwrap_or_default(),
        certifier_names: names(checks, &record.issuer),
        quantity: record.quantity,
        valid_from: record.valid_from,
        valid_until: record.valid_until,
        status: status_now(checks, record),
        custody: key.map(|key| key.custody),
        supersedes: record.supersedes,
        superseded_by: record.superseded.map(|next| next.by),
    }
}

/// Status of any certificate of the book, its scope included.
pub(super) fn status_now(checks: &Checks<'_>, record: &CertificateRecord) -> CertificateStatus {
    let lot = checks.book.and_then(|book| book.lot(&record.lot));
    let issuer = checks.trust.party(&record.issuer);
    match lot {
        Some(lot) => scope::status(issuer, record, &lot, checks.now),
        None => record.status(checks.now),
    }
}
