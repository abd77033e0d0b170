//! Verdicts over codes and statements with a trust snapshot and a pack: what passes, what fails,
//! what
//! stays undecided, and that a missing check never counts as passed.

use tasdiq::pack::{Pack, Sealing, seal_pack};
use tasdiq::statement::*;
use tasdiq::trust::{LiveStatus, Standing, StatusData, Trust, TrustError};
use tasdiq::verify::{
    CheckName, CheckResult, Evidence, Indication, Policy, Report, Signal, SubIndication, verify,
};

use crate::world::{World, key, slug};

/// A lot with one certificate, as an offline inspector sees it.
fn certified() -> (World, u64) {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    let index = world.certify(0, "L1", 100, "fairtrade").unwrap();
    (world, index)
}

fn offline(world: &World, evidence: Evidence<'_>, policy: Policy) -> Report {
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let file = world.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    verify(evidence, &trust, Some(&pack as &dyn StatusData), world.now, policy)
}

fn result(report: &Report, name: CheckName) -> CheckResult {
    report.checks.iter().find(|check| check.check == name).unwrap().result
}

#[test]
fn a_genuine_label_passes_offline() {
    let (world, index) = certified();
    let url = world.label("L1", index, 4);
    for policy in [Policy::Shop, Policy::Customs] {
        let report = offline(&world, Evidence::Code(&url), policy);
        assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
        assert_eq!(report.authenticity.indication, Indication::TotalPassed);
        assert_eq!(report.fitness.as_ref().unwrap().fair_trade, "valid");
        assert_eq!(report.claims.as_ref().unwrap().cooperative, slug("coop"));
    }
}

#[test]
fn without_a_pack_the_status_is_unknown() {
    let (world, index) = certified();
    let url = world.label("L1", index, 4);
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let report = verify(Evidence::Code(&url), &trust, None, world.now, Policy::Shop);
    assert_eq!(report.exit_code, 3);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::TryLater));
    assert_eq!(result(&report, CheckName::LabelSignature), CheckResult::Pass);
    assert_eq!(result(&report, CheckName::CertificateStatus), CheckResult::NotRun);
}

#[test]
fn a_changed_character_fails_wherever_it_stands() {
    let (world, index) = certified();
    let url = world.label("L1", index, 4);
    let first = "https://ledger.example/".len();
    for place in first..url.len() {
        let old = url.as_bytes()[place];
        let new = if old == b'7' { '8' } else { '7' };
        let mut changed = url.clone();
        changed.replace_range(place..=place, &new.to_string());
        let report = offline(&world, Evidence::Code(&changed), Policy::Shop);
        assert_eq!(report.exit_code, 1, "place {place}: {changed}");
        assert!(report.claims.is_none() && report.fitness.is_none());
    }
}

#[test]
fn unknown_keys_and_newer_entries_stay_undecided() {
    let (mut world, index) = certified();
    let foreign = world.label("L1", index, 99);
    let report = offline(&world, Evidence::Code(&foreign), Policy::Shop);
    assert_eq!(report.exit_code, 3);
    let why = SubIndication::NoSigningCertificateFound;
    assert_eq!(report.authenticity.sub_indication, Some(why));
    let (trust, pack) = (world.trust_file(), world.pack_file());
    world.declare("L2", 10).unwrap();
    let newer = world.certify(1, "L2", 10, "bio-maroc").unwrap();
    let url = world.label("L2", newer, 4);
    let trust = Trust::open(&trust, None).unwrap();
    let pack = Pack::open(&pack[..], &trust).unwrap();
    let report = verify(Evidence::Code(&url), &trust, Some(&pack), world.now, Policy::Shop);
    assert_eq!(report.exit_code, 3);
    assert_eq!(result(&report, CheckName::LabelSignature), CheckResult::Pass);
}

#[test]
fn a_label_pointing_at_another_lots_certificate_fails() {
    let (mut world, index) = certified();
    world.declare("L2", 10).unwrap();
    let url = world.label("L2", index, 4);
    let report = offline(&world, Evidence::Code(&url), Policy::Shop);
    assert_eq!(report.exit_code, 1);
    assert_eq!(result(&report, CheckName::Binding), CheckResult::Fail);
}

#[test]
fn a_claim_of_the_label_that_no_certificate_bears_any_more_is_told() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    let index = world.certify(1, "L1", 100, "fairtrade").unwrap();
    // It points to the certificate of fair trade and stands for organic farming too.
    let url = world.label("L1", index, 4);
    let told = |world: &World| {
        let report = offline(world, Evidence::Code(&url), Policy::Shop);
        let statuses = report.claims.unwrap().certificates.into_iter().map(|c| c.status.word());
        let told = report.item.contains(&Signal::ClaimNotInForce);
        (report.exit_code, told, statuses.collect::<Vec<_>>())
    };
    assert_eq!(told(&world), (0, false, vec!["valid", "valid"]));
    let target = StatusTarget::Certificate(0);
    world.status(target, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    assert_eq!(told(&world), (0, true, vec!["withdrawn", "valid"]));
    let target = StatusTarget::Certificate(1);
    world.status(target, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    assert_eq!(told(&world), (4, false, vec!["withdrawn", "withdrawn"]), "the verdict tells it");
}

#[test]
fn genuine_but_not_fit() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let lot = StatusTarget::Lot("coop/L1".parse().unwrap());
    world.status(lot, StatusAction::Recall, "coop#key-1", 20).unwrap();
    let report = offline(&world, Evidence::Code(&url), Policy::Shop);
    assert_eq!((report.exit_code, report.fitness.unwrap().now.lot.word()), (4, "recalled"));
    let target = StatusTarget::Certificate(0);
    world.status(target, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    let report = offline(&world, Evidence::Code(&url), Policy::Shop);
    let fitness = report.fitness.unwrap();
    assert_eq!((report.exit_code, fitness.now.certificate.word()), (4, "withdrawn"));
    assert_eq!(fitness.on_packing_date.certificate.word(), "not-yet-valid");
}

#[test]
fn stale_data_never_passes() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let (trust, pack) = (world.trust_file(), world.pack_file());
    let trust = Trust::open(&trust, None).unwrap();
    let pack = Pack::open(&pack[..], &trust).unwrap();
    world.now = world.now.plus_seconds(3 * 86_400);
    let judge = |now, policy| verify(Evidence::Code(&url), &trust, Some(&pack), now, policy);
    assert_eq!(judge(world.now, Policy::Shop).exit_code, 0);
    let customs = judge(world.now, Policy::Customs);
    assert_eq!(customs.exit_code, 3);
    assert_eq!(customs.authenticity.sub_indication, Some(SubIndication::StatusStale));
    let ten_years_ago = world.now.plus_seconds(-10 * 365 * 86_400);
    assert_eq!(judge(ten_years_ago, Policy::Shop).exit_code, 3);
}

/// The service key, or who has it, writes any later date on an old pack: what witnesses saw does
/// not change with it.
#[test]
fn a_pack_dated_anew_is_as_old_as_what_its_witnesses_saw() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let (seen, then) = (world.checkpoint(), world.now);
    world.now = world.now.plus_seconds(30 * 86_400);
    let trust_file = world.trust_file();
    let sealing = Sealing {
        checkpoint: &seen,
        trust: &trust_file,
        now: world.now,
        method: &world.method("authority#service-1"),
        signer: &key(3),
    };
    let file = seal_pack(&world.register, &sealing).unwrap();
    let trust = Trust::open(&trust_file, None).unwrap();
    let pack = Pack::open(&file[..], &trust).unwrap();
    assert_eq!((pack.issued_at(), pack.as_of(Some(then))), (world.now, then));
    for policy in Policy::ALL {
        let report = verify(Evidence::Code(&url), &trust, Some(&pack), world.now, policy);
        let why = report.authenticity.sub_indication;
        assert_eq!((report.exit_code, why), (3, Some(SubIndication::StatusStale)), "{policy:?}");
        let fresh = report.checks.iter().find(|c| c.check == CheckName::StatusFreshness).unwrap();
        assert_eq!(fresh.data_age_seconds, Some(30 * 86_400), "not 0 s old");
    }
}

#[test]
fn a_pack_later_than_the_trust_snapshot_knows_no_less_of_the_log() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let (old_register, old_checkpoint) = (world.register.clone(), world.checkpoint());
    let old_pack = world.pack_file();
    world.status(StatusTarget::Certificate(0), StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    let trust_file = world.trust_file();
    let trust = Trust::open(&trust_file, None).unwrap();
    let sealed = |now| {
        let sealing = Sealing {
            checkpoint: &old_checkpoint,
            trust: &trust_file,
            now,
            method: &world.method("authority#service-1"),
            signer: &key(3),
        };
        seal_pack(&old_register, &sealing).unwrap()
    };
    for later in [0, 1, 86_400] {
        let file = sealed(world.now.plus_seconds(later));
        let error = Pack::open(&file[..], &trust).err().unwrap();
        assert_eq!(error.code(), "pack_redated", "{later} s after the snapshot");
    }
    // Older in both is only old: it is told, and the age counts.
    let pack = Pack::open(&old_pack[..], &trust).unwrap();
    let report = verify(Evidence::Code(&url), &trust, Some(&pack), world.now, Policy::Shop);
    let check = report.checks.iter().find(|check| check.check == CheckName::Pack).unwrap();
    assert!(check.evidence.contains("older than the trust snapshot"), "{}", check.evidence);
    assert_eq!(check.data_age_seconds, Some(1));
}

#[test]
fn a_live_register_is_as_old_as_the_last_who_vouched_for_it() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let (trust_file, checkpoint) = (world.trust_file(), world.checkpoint());
    let trust = Trust::open(&trust_file, None).unwrap();
    let seen = world.now;
    world.now = world.now.plus_seconds(3 * 86_400);
    let judge = |standing, policy| {
        let (register, checkpoint) = (&world.register, checkpoint.as_str());
        let book = LiveStatus {
            register,
            checkpoint,
            now: world.now,
            standing,
            serials: None,
            counted: None,
        };
        verify(Evidence::Code(&url), &trust, Some(&book), world.now, policy)
    };
    let age = |report: &Report| {
        let all = report.checks.iter();
        let fresh = all.clone().find(|check| check.check == CheckName::StatusFreshness).unwrap();
        (report.exit_code, fresh.result, fresh.data_age_seconds.unwrap())
    };
    let three_days = world.now.seconds() - seen.seconds();
    let (pass, stale) = (CheckResult::Pass, CheckResult::Stale);
    assert_eq!(age(&judge(Standing::Following, Policy::Customs)), (0, pass, 0));
    assert_eq!(age(&judge(Standing::Stopped, Policy::Shop)), (0, pass, three_days));
    assert_eq!(age(&judge(Standing::Stopped, Policy::Customs)), (3, stale, three_days));
    // More of the log is known to exist: of no age at all can it be said that nothing ended since.
    assert_eq!(age(&judge(Standing::Behind, Policy::Shop)), (3, stale, three_days));
}

#[test]
fn a_compromised_label_key_fails_and_a_suspect_certifier_key_is_undecided() {
    let (mut world, index) = certified();
    let url = world.label("L1", index, 4);
    let stolen = |world: &World, who: &str, short: &str| KeyChange {
        party: slug(who),
        verification_method: world.method(short),
        event: KeyEvent::Compromised {
            since: Timestamp::parse("2026-06-01T08:00:00Z").unwrap(),
            known_at: world.now,
        },
    };
    let unsigned = stolen(&world, "atlas", "atlas#key-1").draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    let report = offline(&world, Evidence::Code(&url), Policy::Shop);
    assert_eq!(report.exit_code, 3);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::KeySuspect));
    let unsigned =
        stolen(&world, "authority", "authority#label-1").draft(&world.draft("authority"));
    world.log(unsigned, "authority#root", 1).unwrap();
    let report = offline(&world, Evidence::Code(&url), Policy::Shop);
    assert_eq!(report.exit_code, 1);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::Revoked));
}

#[test]
fn a_statement_is_judged_by_its_own_bytes() {
    let (world, index) = certified();
    let bytes = &world.leaves[usize::try_from(index).unwrap()];
    let report = offline(&world, Evidence::Statement(bytes), Policy::Shop);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let changed = text.replace("\"quantity\":100000", "\"quantity\":900000");
    assert_ne!(text, changed);
    let report = offline(&world, Evidence::Statement(changed.as_bytes()), Policy::Shop);
    assert_eq!(report.exit_code, 1);
    let why = Some(SubIndication::SigCryptoFailure);
    assert_eq!(report.authenticity.sub_indication, why);
}

#[test]
fn what_cannot_be_read_accuses_nobody() {
    let (world, _) = certified();
    // Only JSON about a subject is a statement.
    for text in ["nonsense", "http://", "https://\u{e9}vil.example/x", "06111234567890/A1"] {
        let report = offline(&world, Evidence::Code(text), Policy::Shop);
        let why = Some(SubIndication::FormatFailure);
        assert_eq!((report.exit_code, report.authenticity.sub_indication), (2, why), "{text}");
    }
    let trust = world.trust_file();
    let half = &world.leaves[1][..world.leaves[1].len() / 2];
    for (bytes, exit) in
        [(&b"{}"[..], 2), (b"{\"a\":[]}", 2), (&trust, 2), (half, 2), (b"{\"issuer\":1}", 1)]
    {
        let report = offline(&world, Evidence::Statement(bytes), Policy::Shop);
        assert_eq!(report.exit_code, exit, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn tampered_files_are_refused() {
    let (world, _) = certified();
    let trust_file = world.trust_file();
    let swap = |file: &[u8], from: &str, to: &str| {
        let text = String::from_utf8(file.to_vec()).unwrap();
        assert!(text.contains(from));
        text.replace(from, to).into_bytes()
    };
    let other = swap(&trust_file, "Partie fictive atlas", "Partie fictive bandit");
    assert_eq!(Trust::open(&other, None).unwrap_err().code(), "trust_signature");
    let pinned = multikey(&tasdiq::seal::Signer::public(&key(77)));
    let refused = Trust::open(&trust_file, Some(&pinned));
    assert!(matches!(refused, Err(TrustError::Root { .. })));
}
