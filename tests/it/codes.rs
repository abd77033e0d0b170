//! Codes as people hand them over: dressed by scanners and messages, cut, altered, without their
//! signature. What is forgiven passes, what is not never passes, and what is broken accuses nobody.

mod dress;
mod lists;

use proptest::prelude::*;
use proptest::sample::select;
use tasdiq::catalog::SchemeKind;
use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::names::Serial;
use tasdiq::pack::Pack;
use tasdiq::seal::Signer;
use tasdiq::statement::*;
use tasdiq::trust::Trust;
use tasdiq::verify::{
    CheckName, CheckResult, Evidence, Policy, Report, Signal, SubIndication, verify,
};

use crate::world::{HOST, World, key};
use dress::{dressed, each, layers};

/// Characters of tokens, and others people and attackers write.
const LETTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-._~!/?#%&:;'\"()[] é\u{ff34}";

/// A ledger with certified lots, some with odd numbers, and what an inspector has of it.
struct Desk {
    world: World,
    trust: Trust,
    pack: Vec<u8>,
    codes: Vec<String>,
}

impl Desk {
    fn new() -> Self {
        let mut world = World::peopled();
        let mut codes = Vec::new();
        for (serial, number) in (0..).zip(["L1", "A(1)", "A.)", "L%2B", "B+'"]) {
            world.declare(number, 100).unwrap();
            let index = world.certify(serial, number, 100, "bio-maroc").unwrap();
            codes.push(label(number, None, index));
            codes.push(label(number, Some("K7Q2M9XD"), index));
        }
        Self::of(world, codes)
    }

    fn of(world: World, codes: Vec<String>) -> Self {
        let trust = Trust::open(&world.trust_file(), None).unwrap();
        let pack = world.pack_file();
        Self { world, trust, pack, codes }
    }

    fn judge(&self, text: &str, policy: Policy) -> Report {
        let pack = Pack::open(&self.pack[..], &self.trust).unwrap();
        verify(Evidence::Code(text), &self.trust, Some(&pack), self.world.now, policy)
    }

    fn exit(&self, text: &str) -> u8 {
        self.judge(text, Policy::Shop).exit_code
    }
}

fn label(number: &str, serial: Option<&str>, index: u64) -> String {
    let signer = key(4);
    let header = Header {
        key_hint: key_hint(&signer.public()),
        index: u32::try_from(index).unwrap(),
        expiry_day: expiry_day_of(Day::parse("2027-05-31").unwrap()),
        schemes: SchemeBits::of(&[SchemeKind::Organic]),
    };
    let lot = format!("coop/{number}").parse().unwrap();
    let serial = serial.map(|serial| Serial::parse(serial).unwrap());
    Label::sign(HOST, lot, serial, header, |message| signer.sign(message)).unwrap().url()
}

/// Where the path of an address of this ledger begins.
const PATH_AT: usize = "https://".len() + HOST.len() + 1;

#[test]
fn a_dressed_code_is_never_called_not_genuine() {
    let desk = Desk::new();
    each(600, (select(desk.codes.clone()), layers()), |(code, layers)| {
        let text = dressed(&code, &layers);
        let report = desk.judge(&text, Policy::Shop);
        prop_assert_eq!(report.exit_code, 0, "{:?}\n{:#?}", text, report.checks);
        Ok(())
    });
}

/// One character of a code changed, left out or put in.
fn altered(code: &str, place: usize, change: Change) -> String {
    let (before, after) = code.split_at(place);
    match change {
        Change::To(letter) => format!("{before}{letter}{}", &after[1..]),
        Change::Out => format!("{before}{}", &after[1..]),
        Change::In(letter) => format!("{before}{letter}{after}"),
    }
}

#[derive(Clone, Copy, Debug)]
enum Change {
    To(char),
    Out,
    In(char),
}

#[test]
fn an_altered_code_never_passes_however_it_is_dressed() {
    let desk = Desk::new();
    let letters: Vec<char> = LETTERS.chars().collect();
    let change = prop_oneof![
        select(letters).prop_map(Change::To),
        Just(Change::Out),
        select(&['0', 'Z', '*'][..]).prop_map(Change::In),
    ];
    let all = (select(desk.codes.clone()), any::<prop::sample::Index>(), change, layers());
    each(800, all, |(code, place, change, layers)| {
        let place = PATH_AT + place.index(code.len() - PATH_AT);
        let old = char::from(code.as_bytes()[place]);
        // A space for a plus is no change.
        let harmless = |new: char| new == old || old == '+' && new == ' ';
        prop_assume!(!matches!(change, Change::To(new) if harmless(new)));
        let changed = altered(&code, place, change);
        let found = desk.exit(&changed);
        // What is left of a code where the token ended cannot be told from no token.
        prop_assert!([1, 2, 3].contains(&found), "{:?}: {}", changed, found);
        if changed.is_ascii() && changed.len() > PATH_AT + 111 {
            let both = dressed(&changed, &layers);
            prop_assert_ne!(desk.exit(&both), 0, "{:?}", both);
        }
        Ok(())
    });
}

#[test]
fn a_wrong_length_or_alphabet_accuses_nobody() {
    let desk = Desk::new();
    let code = desk.codes[1].clone();
    let from = PATH_AT;
    for place in from..from + 111 {
        let shorter = format!("{}{}", &code[..place], &code[place + 1..]);
        assert_eq!(desk.exit(&shorter), 2, "{shorter}");
        let strange = format!("{}_{}", &code[..place], &code[place + 1..]);
        assert_eq!(desk.exit(&strange), 2, "{strange}");
        let other = if &code[place..=place] == "7" { "8" } else { "7" };
        let changed = format!("{}{other}{}", &code[..place], &code[place + 1..]);
        assert_eq!(desk.exit(&changed), 1, "{changed}");
    }
    for end in 9..code.len() - "/COOP/L1/K7Q2M9XD".len() {
        assert_eq!(desk.exit(&code[..end]), 2, "{}", &code[..end]);
    }
    for two in
        [format!("{code}\n{code}"), format!("{code}{code}"), format!("{code} {}", desk.codes[2])]
    {
        assert_eq!(desk.exit(&two), 2, "{two}");
    }
}

/// The token cut off, any host, an invented serial: nothing but the lot is known.
#[test]
fn a_code_without_its_token_passes_nowhere() {
    let desk = Desk::new();
    for text in [
        "coop/L1",
        "https://ledger.example/lot/coop/L1",
        "https://ledger.example/lot/coop/L1/FAKE2345",
        "https://evil.example/lot/COOP/L1/FAKE2345",
        "http://evil.example:81/lot/coop/L1.",
    ] {
        for policy in Policy::ALL {
            let report = desk.judge(text, policy);
            let why = report.authenticity.sub_indication;
            assert_eq!(report.exit_code, 3, "{text} {policy:?}");
            if policy != Policy::Audit {
                assert_eq!(why, Some(SubIndication::LabelUnsigned), "{text}");
            }
            assert!(report.item.contains(&Signal::NoLabelSignature), "{text}");
            let foreign = text.contains("evil");
            assert_eq!(report.item.contains(&Signal::ForeignHost), foreign, "{text}");
            assert_eq!(report.reading.foreign_host.is_some(), foreign, "{text}");
            // The lot is told, a unit is not.
            let claims = report.claims.as_ref().unwrap();
            assert_eq!((claims.lot.to_string().as_str(), &claims.serial), ("coop/L1", &None));
            assert!(report.fitness.as_ref().unwrap().fit);
            let signature =
                report.checks.iter().find(|c| c.check == CheckName::LabelSignature).unwrap();
            assert!(signature.required && signature.result == CheckResult::Absent);
        }
    }
    // With a token on a foreign host it is a lure.
    let lure = desk.codes[0].replace("LEDGER.EXAMPLE", "EVIL.EXAMPLE");
    let report = desk.judge(&lure, Policy::Shop);
    assert_eq!(report.exit_code, 1);
    assert_eq!(report.reading.foreign_host.as_deref(), Some("evil.example"));
}

#[test]
fn an_unsigned_code_tells_a_recall_and_still_decides_nothing() {
    let mut desk = Desk::new();
    let lot = StatusTarget::Lot("coop/L1".parse().unwrap());
    desk.world.status(lot, StatusAction::Recall, "coop#key-1", 20).unwrap();
    let desk = Desk::of(desk.world, desk.codes);
    let report = desk.judge("coop/L1", Policy::Customs);
    assert_eq!(report.exit_code, 3);
    assert_eq!(report.fitness.unwrap().now.lot.word(), "recalled");
    assert_eq!(desk.exit("coop/NOWHERE"), 3);
    assert_eq!(desk.exit(&desk.codes[0]), 4, "the signed one says so for sure");
}

#[test]
fn what_was_left_out_is_said() {
    let desk = Desk::new();
    let code = desk.codes[0].replacen("https://LEDGER.EXAMPLE", "http://LEDGER.EXAMPLE.:80", 1);
    let report = desk.judge(&format!("\u{feff}<{code}/?a=b>"), Policy::Shop);
    assert_eq!(report.exit_code, 0);
    assert!(report.item.contains(&Signal::PlainHttp));
    let words: Vec<&str> = report.reading.left_out.iter().map(<&str>::from).collect();
    assert_eq!(words, ["invisible-characters", "quotes", "port", "host-dot", "query", "slashes"]);
    let plain = desk.judge(&desk.codes[0], Policy::Shop);
    assert!(plain.reading.is_plain() && !plain.item.contains(&Signal::PlainHttp));
    assert!(plain.item.contains(&Signal::NotSerialised));
    assert!(!desk.judge(&desk.codes[1], Policy::Shop).item.contains(&Signal::NotSerialised));
}

/// Somebody copied the path alone: it is not accused, and does not pass.
#[test]
fn a_signed_path_without_its_host_is_undecided() {
    let desk = Desk::new();
    let path = desk.codes[0].strip_prefix("https://LEDGER.EXAMPLE").unwrap();
    assert_eq!(desk.exit(path), 3);
    let altered = path.replace("/L1", "/L2");
    assert_eq!(desk.exit(&altered), 1);
}
