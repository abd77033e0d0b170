//! Whose key may label what: owner, schemes, dates and thefts of label keys, judged over the
//! certificate that a label names; and serials that were never issued.

use tasdiq::catalog::SchemeKind;
use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::names::{LotKey, Serial};
use tasdiq::pack::Pack;
use tasdiq::register::{CertificateRecord, LotRecord};
use tasdiq::seal::{LogPosition, Signer};
use tasdiq::statement::*;
use tasdiq::trust::{Issue, StatusData, Trust};
use tasdiq::verify::{
    CheckName, CheckResult, Evidence, Policy, Report, Signal, SubIndication, verify,
};

use crate::world::{HOST, World, key, slug};

/// Two lots, one certified under each scheme of the certifier.
fn certified() -> (World, u64, u64) {
    let mut world = World::peopled();
    world.declare("BIO", 100).unwrap();
    world.declare("FAIR", 100).unwrap();
    let bio = world.certify(0, "BIO", 100, "bio-maroc").unwrap();
    let fair = world.certify(1, "FAIR", 100, "fairtrade").unwrap();
    (world, bio, fair)
}

fn add(world: &mut World, who: &str, number: u8, schemes: &[&str], not_after: Option<Timestamp>) {
    let mut change = world.new_key(who, &format!("label-{number}"), number, KeyPurpose::Label);
    if let KeyEvent::Added(new) = &mut change.event {
        new.schemes = schemes.iter().map(|scheme| (*scheme).to_owned()).collect();
        new.not_after = not_after;
    }
    let unsigned = change.draft(&world.draft("authority"));
    let done = match who {
        "authority" => world.log(unsigned, "authority#root", 1),
        _ => world.by_registrar(unsigned),
    };
    done.unwrap();
}

fn change(world: &mut World, short: &str, event: KeyEvent) {
    let party = slug(short.split_once('#').unwrap().0);
    let change = KeyChange { party, verification_method: world.method(short), event };
    let unsigned = change.draft(&world.draft("authority"));
    match short.starts_with("authority") {
        true => world.log(unsigned, "authority#root", 1).unwrap(),
        false => world.by_registrar(unsigned).unwrap(),
    };
}

fn labelled(
    number: &str,
    serial: Option<&str>,
    index: u64,
    by: u8,
    kinds: &[SchemeKind],
) -> String {
    let signer = key(by);
    let header = Header {
        key_hint: key_hint(&signer.public()),
        index: u32::try_from(index).unwrap(),
        expiry_day: expiry_day_of(Day::parse("2027-05-31").unwrap()),
        schemes: SchemeBits::of(kinds),
    };
    let lot = format!("coop/{number}").parse().unwrap();
    let serial = serial.map(|serial| Serial::parse(serial).unwrap());
    Label::sign(HOST, lot, serial, header, |message| signer.sign(message)).unwrap().url()
}

fn judge(world: &World, url: &str) -> Report {
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let file = world.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    verify(Evidence::Code(url), &trust, Some(&pack), world.now, Policy::Shop)
}

/// Exit code, and what came of the check of the key.
fn key_check(report: &Report) -> (u8, CheckResult) {
    let found = report.checks.iter().find(|check| check.check == CheckName::LabelKey).unwrap();
    (report.exit_code, found.result)
}

const GOOD: (u8, CheckResult) = (0, CheckResult::Pass);
const BAD: (u8, CheckResult) = (1, CheckResult::Fail);
const BIO: &[SchemeKind] = &[SchemeKind::Organic];
const FAIR: &[SchemeKind] = &[SchemeKind::FairTrade];

#[test]
fn only_the_authority_and_the_certifier_itself_label_a_certificate() {
    let (mut world, bio, _) = certified();
    let other = Registration { role: Role::Certifier, ..crate::world::party("rif") };
    world.by_registrar(other.draft(&world.draft("authority"))).unwrap();
    for (who, number, expected) in [("coop", 31, BAD), ("rif", 32, BAD), ("atlas", 33, GOOD)] {
        add(&mut world, who, number, &[], None);
        let url = labelled("BIO", None, bio, number, BIO);
        let report = judge(&world, &url);
        assert_eq!(key_check(&report), expected, "{who}");
        assert_eq!(report.claims.is_some(), expected == GOOD, "{who}: nothing is claimed");
    }
    let url = labelled("BIO", Some("FAKE2345"), bio, 31, &[SchemeKind::Organic, SchemeKind::Halal]);
    let report = judge(&world, &url);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::AuthorityFailure));
    // Without status data nobody knows when the certificate was logged, or whose it is.
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let report = verify(Evidence::Code(&url), &trust, None, world.now, Policy::Shop);
    assert_eq!(key_check(&report), (3, CheckResult::Absent));
}

#[test]
fn a_key_labels_its_schemes_and_their_kinds() {
    let (mut world, bio, fair) = certified();
    add(&mut world, "atlas", 31, &["bio-maroc"], None);
    add(&mut world, "authority", 32, &["bio-maroc"], None);
    add(&mut world, "atlas", 33, &[], None);
    let both = [SchemeKind::Organic, SchemeKind::FairTrade];
    let halal = [SchemeKind::Organic, SchemeKind::Halal];
    for (number, by, kinds, expected) in [
        ("BIO", 31, BIO, GOOD),
        ("BIO", 31, &both[..], BAD),
        ("FAIR", 31, FAIR, BAD),
        ("FAIR", 31, BIO, BAD),
        ("BIO", 32, BIO, GOOD),
        ("FAIR", 32, FAIR, BAD),
        // Without a list: all that its certifier was accredited for, or all of the authority's.
        ("BIO", 33, &both[..], GOOD),
        ("BIO", 33, &halal[..], BAD),
        ("BIO", 4, &halal[..], GOOD),
    ] {
        let index = if number == "BIO" { bio } else { fair };
        let report = judge(&world, &labelled(number, None, index, by, kinds));
        assert_eq!(key_check(&report), expected, "{number} by {by}: {kinds:?}");
    }
}

#[test]
fn a_key_labels_what_was_certified_before_its_end_however_new_it_is() {
    let (mut world, bio, fair) = certified();
    // New keys label older certificates.
    add(&mut world, "authority", 31, &[], None);
    let second = labelled("BIO", None, bio, 31, BIO);
    assert_eq!(key_check(&judge(&world, &second)), GOOD);
    change(&mut world, "authority#label-1", KeyEvent::Retired);
    assert_eq!(key_check(&judge(&world, &labelled("BIO", None, bio, 4, BIO))), GOOD);
    world.declare("LATE", 100).unwrap();
    let late = world.certify(2, "LATE", 100, "bio-maroc").unwrap();
    assert_eq!(key_check(&judge(&world, &labelled("LATE", None, late, 4, BIO))), BAD);
    assert_eq!(key_check(&judge(&world, &labelled("LATE", None, late, 31, BIO))), GOOD);
    // The same for a key whose end was named beforehand.
    let end = world.register.certificate(1).unwrap().record.mark.logged_at;
    add(&mut world, "atlas", 32, &["bio-maroc", "fairtrade"], Some(end));
    assert_eq!(key_check(&judge(&world, &labelled("FAIR", None, fair, 32, FAIR))), GOOD);
    assert_eq!(key_check(&judge(&world, &labelled("LATE", None, late, 32, BIO))), BAD);
}

#[test]
fn what_is_printed_outlives_the_standing_of_its_owner() {
    let (mut world, bio, _) = certified();
    add(&mut world, "atlas", 31, &["bio-maroc"], None);
    let url = labelled("BIO", None, bio, 31, BIO);
    let party = StatusTarget::Party(slug("atlas"));
    world.status(party, StatusAction::Suspend, "authority#registrar-1", 2).unwrap();
    assert_eq!(key_check(&judge(&world, &url)), GOOD);
}

/// A pack, and beside it what a register that keeps serials will know of one.
struct Listed<'a>(&'a Pack<'a>, Issue);

impl StatusData for Listed<'_> {
    fn issued_at(&self) -> Timestamp {
        self.0.issued_at()
    }
    fn covers(&self) -> u64 {
        self.0.covers()
    }
    fn checkpoint(&self) -> &str {
        self.0.checkpoint()
    }
    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.0.certificate_at(index)
    }
    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.0.certificate(serial)
    }
    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.0.lot(key)
    }
    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        self.0.certificates_of(key)
    }
    fn issue_of(&self, _: &LotKey, _: &Serial) -> Option<Issue> {
        Some(self.1)
    }
}

#[test]
fn a_serial_that_nobody_issued_is_undecided_where_the_list_is_at_hand() {
    let (mut world, bio, _) = certified();
    let url = labelled("BIO", Some("FAKE2345"), bio, 4, BIO);
    let at = |index, logged_at| Issue::Logged(LogPosition { index, logged_at });
    let listed = |world: &World, issue| {
        let trust = Trust::open(&world.trust_file(), None).unwrap();
        let file = world.pack_file();
        let pack = Pack::open(&file[..], &trust).unwrap();
        let book = Listed(&pack, issue);
        verify(Evidence::Code(&url), &trust, Some(&book), world.now, Policy::Customs)
    };
    let report = listed(&world, Issue::Never);
    let why = Some(SubIndication::SerialNotIssued);
    assert_eq!((report.exit_code, report.authenticity.sub_indication), (3, why));
    assert!(report.item.contains(&Signal::SerialNotIssued));
    let before = world.now;
    assert_eq!(listed(&world, at(0, before)).exit_code, 0);
    // Without a list it bars nothing, and says that it was not looked up.
    let report = judge(&world, &url);
    let check = report.checks.iter().find(|c| c.check == CheckName::SerialIssued).unwrap();
    assert_eq!((report.exit_code, check.result), (0, CheckResult::NotRun));
    assert!(!check.required && check.evidence.contains("no list"));
    // A stolen key: what was issued before stays good, all else that is known of it fails.
    let since = world.now.plus_seconds(1);
    world.now = world.now.plus_seconds(60);
    let known_at = world.now;
    change(&mut world, "authority#label-1", KeyEvent::Compromised { since, known_at });
    assert_eq!(listed(&world, at(0, before)).exit_code, 0);
    for issue in [at(0, since), Issue::Never] {
        let report = listed(&world, issue);
        assert_eq!(report.exit_code, 1);
        assert_eq!(report.authenticity.sub_indication, Some(SubIndication::Revoked));
    }
    let report = judge(&world, &url);
    assert_eq!(report.exit_code, 3, "without a list it may be older than the theft");
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::TryLater));
    let bare = labelled("BIO", None, bio, 4, BIO);
    assert_eq!(judge(&world, &bare).exit_code, 1, "without serial nothing speaks for it");
    // A label that was given back as spoilt is genuine and belongs on no jar.
    let void = Issue::Void(LogPosition { index: 0, logged_at: before });
    let report = listed(&world, void);
    assert_eq!(report.exit_code, 4);
    assert!(report.item.contains(&Signal::LabelVoid));
}
