//! Tests of languages, texts, figures and plurals, over the files of `assets/locales`.

use std::collections::{BTreeMap, BTreeSet};

use strum::VariantNames;

use fluent_bundle::FluentResource;

use super::figures::months;
use super::texts::{source, texts as bundle};
use super::*;
use crate::catalog::BaseUnit;
use crate::label::LeftOut;
use crate::register::{CertificateStatus, Grade, LotStatus, OriginWord, PriceWord};
use crate::seal::KeyStanding;
use crate::statement::{Custody, CustodyModel, KeyPurpose, Reason, Role, Sampler, StatusAction};
use crate::statement::{Day, Timestamp};
use crate::verify::{
    CheckName, CheckResult, FAIR_TRADE_REASONS, Indication, Policy, Signal, SubIndication,
};

/// Texts that are the same in French and English. Names of languages are in their own.
const SAME_IN_FRENCH: [&str; 18] = [
    "site-name",
    "unit-gram",
    "unit-kilogram",
    "unit-millilitre",
    "unit-litre",
    "title-scan",
    "scheme-kind-halal",
    "dates-lot",
    "home-figure-lots",
    "pager-label",
    "column-lot",
    "column-date",
    "column-code",
    "inspect-format-page",
    "lot-title",
    "party-lots",
    "span-minutes",
    "footer-api",
];
const SAME_IN_ARABIC: [&str; 2] = ["title-scan", "footer-api"];
const SAME_IN_SPANISH: [&str; 10] = [
    "site-name",
    "no",
    "unit-gram",
    "unit-kilogram",
    "unit-millilitre",
    "unit-litre",
    "title-scan",
    "scheme-kind-halal",
    "role-inspector",
    "footer-api",
];

/// Kinds of events (TraceabilityEvent).
const EVENTS: [&str; 12] = [
    "transform",
    "ship",
    "receive",
    "settle",
    "pack",
    "unpack",
    "out",
    "loss",
    "sample",
    "destroy",
    "observe",
    "void",
];

/// Words of the register and of reports that pages look up by family and code.
const REQUIRED: [(&str, &[&str]); 26] = [
    ("certificate-status", CertificateStatus::VARIANTS),
    ("lot-status", LotStatus::VARIANTS),
    ("lot-status", &["uncertified", "undeclared"]),
    ("fair-trade", CertificateStatus::VARIANTS),
    ("fair-trade", &["none"]),
    ("fair-trade", &FAIR_TRADE_REASONS),
    ("reason", Reason::VARIANTS),
    ("action", StatusAction::VARIANTS),
    ("indication", Indication::VARIANTS),
    ("sub-indication", SubIndication::VARIANTS),
    ("check-result", CheckResult::VARIANTS),
    ("check", CheckName::VARIANTS),
    ("signal", Signal::VARIANTS),
    ("left-out", LeftOut::VARIANTS),
    ("policy", Policy::VARIANTS),
    ("role", Role::VARIANTS),
    ("key-purpose", KeyPurpose::VARIANTS),
    ("key-standing", KeyStanding::VARIANTS),
    ("custody", Custody::VARIANTS),
    ("custody-model", CustodyModel::VARIANTS),
    ("sampler", Sampler::VARIANTS),
    ("sign", &["IG", "AO", "LA"]),
    ("price", PriceWord::VARIANTS),
    ("origin", OriginWord::VARIANTS),
    ("grade", Grade::VARIANTS),
    ("event", &EVENTS),
];

/// Each has a headline, one sentence and what to do.
const VERDICTS: &str = "valid not-yet-valid expired suspended withdrawn scope-reduced \
    superseded held recalled exhausted not-genuine unchecked unknown status-unknown \
    unusual \
    no-certificate lot-missing code-expired label-void key-suspect unsigned unsigned-unfit authentic";

/// Source text by id, with the lines of its selectors, as `assets/locales` keeps them.
fn lines(language: Language) -> BTreeMap<&'static str, String> {
    let mut by_id = BTreeMap::new();
    let mut last = "";
    for line in source(language).lines().filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            let text: &mut String = by_id.get_mut(last).expect("a line goes on with a message");
            text.push('\n');
            text.push_str(line);
            continue;
        }
        let (id, text) =
            line.split_once(" = ").unwrap_or_else(|| panic!("{line:?} begins no message"));
        assert!(by_id.insert(id, text.to_owned()).is_none(), "{id} stands twice in {language:?}");
        last = id;
    }
    by_id
}

fn values(line: &str) -> BTreeSet<&str> {
    line.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect()
}

#[test]
fn files_parse_and_hold_the_same_ids_and_values() {
    let english = lines(Language::En);
    for language in Language::COMPLETE {
        assert!(FluentResource::try_new(source(language).to_owned()).is_ok(), "{language:?}");
        let texts = lines(language);
        assert!(texts.keys().eq(english.keys()), "ids of {language:?} differ from English");
        for (id, line) in texts {
            assert!(bundle(language).has_message(id), "{language:?} {id}");
            assert!(!t(language, id).trim().is_empty(), "{language:?} {id} is empty");
            assert_eq!(values(&line), values(&english[id]), "{language:?} {id}");
        }
    }
}

#[test]
fn every_text_is_translated() {
    let english = lines(Language::En);
    let same = |language| -> BTreeSet<&str> {
        let texts = lines(language);
        texts.into_iter().filter(|(id, line)| *line == english[id]).map(|(id, _)| id).collect()
    };
    assert_eq!(same(Language::Fr), BTreeSet::from(SAME_IN_FRENCH));
    assert_eq!(same(Language::Ar), BTreeSet::from(SAME_IN_ARABIC));
    assert_eq!(same(Language::Es), BTreeSet::from(SAME_IN_SPANISH));
}

#[test]
fn every_word_of_the_register_has_a_text() {
    for (family, codes) in REQUIRED {
        for code in codes {
            let text = word(Language::En, family, code);
            assert!(!text.starts_with(&format!("{family}-")), "{text} is missing");
        }
    }
    for verdict in VERDICTS.split_whitespace() {
        for part in ["", "-sentence", "-action"] {
            let id = format!("verdict-{verdict}{part}");
            assert_ne!(t(Language::En, &id), id);
        }
    }
}

/// Else a line could begin with the mark.
#[test]
fn french_marks_do_not_part_from_their_word() {
    for (id, line) in lines(Language::Fr) {
        // The marks of selectors stand between spaces.
        let line: String = line.lines().skip(usize::from(line.contains("->"))).collect();
        for mark in [':', ';', '?', '!', '»'] {
            assert!(!line.contains(&format!(" {mark}")), "{id} has a plain space before {mark}");
        }
        assert!(!line.contains("« "), "{id} has a plain space after «");
    }
}

#[test]
fn a_missing_text_shows_its_id() {
    assert_eq!(t(Language::Fr, "no-such-text"), "no-such-text");
    assert_eq!(t_with(Language::Fr, "no-such-text", &[("a", "b")]), "no-such-text");
}

#[test]
fn a_value_is_isolated_from_the_direction_around_it() {
    let text = t_with(Language::Ar, "lot-title", &[("lot", "A-1")]);
    assert_eq!(text, "الحصة \u{2068}A-1\u{2069}");
}

#[test]
fn the_language_asked_for_else_the_best_of_the_browser() {
    use Language::{Ar, En, Es, Fr, Zgh};
    let cases = [
        (None, None, Fr),
        (Some("ar"), Some("en"), Ar),
        (Some("AR-ma"), None, Ar),
        (Some("xx"), Some("en;q=0.5"), En),
        (None, Some("fr;q=0.2, ar-MA;q=0.9, en;q=0.8"), Ar),
        (None, Some("en, fr"), En),
        (None, Some("fr;q=0, en;q=0.001"), En),
        (None, Some("de, es;q=0.5"), Es),
        (None, Some("de, it;q=0.5"), En),
        (Some("es-MX"), Some("fr"), Es),
        (Some("zgh-Latn"), None, Zgh),
        (None, Some("shi-Tfng, fr;q=0.9"), Zgh),
        (None, Some("ber"), Zgh),
        (None, Some("tzm;q=0.4, rif;q=0.5, fr;q=0.3"), Zgh),
        (None, Some("*"), Fr),
        (None, Some("fr;q=0, *"), Ar),
        (None, Some("fr;q=0, ar;q=0, en;q=0, es;q=0, *"), En),
        (None, Some("de, *;q=0.1"), Fr),
        (None, Some("ar;q=1.5, en;q=0.1"), En),
        (None, Some("ar;q=-1, fr;q=0.0000, en;q=0.1"), En),
        (None, Some(""), Fr),
        (None, Some(";;q=,=,\u{0}"), En),
    ];
    for (query, header, expected) in cases {
        assert_eq!(Language::choose(query, header), expected, "{query:?} {header:?}");
    }
}

#[test]
fn days_and_instants_in_the_words_of_each_language() {
    let day = Day::parse("2026-11-23").unwrap();
    let dates = Language::ALL.map(|language| date(language, day));
    let told = [
        "23 novembre 2026",
        "23 نونبر 2026",
        "23 November 2026",
        "23 de noviembre de 2026",
        "23 novembre 2026",
    ];
    assert_eq!(dates, told);
    let first = Timestamp::parse("2026-08-01T04:05:59Z").unwrap();
    let instants = Language::ALL.map(|language| instant(language, first));
    assert_eq!(instants[0], "1er août 2026 à 04:05 UTC");
    assert_eq!(instants[1], "1 غشت 2026 على الساعة 04:05 UTC");
    assert_eq!(instants[2], "1 August 2026, 04:05 UTC");
    assert_eq!(instants[3], "1 de agosto de 2026, 04:05 UTC");
    assert_eq!(instants[4], instants[0]);
    for language in Language::ALL {
        let months: BTreeSet<&str> = months(language).split(' ').collect();
        assert_eq!(months.len(), 12, "{language:?}");
    }
}

#[test]
fn numbers_are_grouped() {
    let numbers = Language::ALL.map(|language| number(language, 1_234_567));
    let told =
        ["1\u{202F}234\u{202F}567", "1.234.567", "1,234,567", "1.234.567", "1\u{A0}234\u{A0}567"];
    assert_eq!(numbers, told);
    assert_eq!(
        (number(Language::Es, 1_234), number(Language::Ar, 1_234)),
        ("1234".into(), "1.234".into())
    );
    assert_eq!(number(Language::En, 0), "0");
    assert_eq!(number(Language::En, 999), "999");
    assert_eq!(number(Language::En, 1_000), "1,000");
}

#[test]
fn money_in_its_own_digits() {
    let dirhams = Language::ALL.map(|language| money(language, 123_456_705, "MAD"));
    let told = [
        "1\u{202F}234\u{202F}567,05\u{A0}MAD",
        "1.234.567,05\u{A0}MAD",
        "1,234,567.05\u{A0}MAD",
        "1.234.567,05\u{A0}MAD",
        "1\u{A0}234\u{A0}567,05\u{A0}MAD",
    ];
    assert_eq!(dirhams, told);
    assert_eq!(money(Language::En, 1_250, "JPY"), "1,250\u{A0}JPY");
    assert_eq!(money(Language::En, 1_250, "TND"), "1.250\u{A0}TND");
}

#[test]
fn quantities_in_the_unit_people_use() {
    let grams = Language::ALL.map(|language| quantity(language, 12_500, BaseUnit::Gram));
    let told = ["12,5\u{A0}kg", "12,5\u{A0}كلغ", "12.5\u{A0}kg", "12,5\u{A0}kg", "12,5\u{A0}kg"];
    assert_eq!(grams, told);
    let oil = quantity(Language::En, 1_250_000_050, BaseUnit::Millilitre);
    assert_eq!(oil, "1,250,000.05\u{A0}L");
    assert_eq!(quantity(Language::Fr, 250, BaseUnit::Millilitre), "250\u{A0}mL");
    let pieces = |count| plain(quantity(Language::Fr, count, BaseUnit::Piece));
    assert_eq!([pieces(1), pieces(1_040)], ["1\u{A0}pièce", "1\u{202F}040\u{A0}pièces"]);
}

/// Without the marks that isolate what was put in.
fn plain(text: String) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

#[test]
fn counts_follow_the_plurals_of_each_language() {
    const COUNTS: [u64; 8] = [0, 1, 2, 3, 11, 100, 102, 1_003];
    let told =
        |language, id: &str| COUNTS.map(|count| plain(t_with(language, id, &[("count", count)])));
    assert_eq!(
        told(Language::Ar, "span-days"),
        ["0 يوم", "يوم واحد", "يومان", "3 أيام", "11 يوما", "100 يوم", "102 يوم", "1.003 أيام"],
        "Arabic counts by the last two digits"
    );
    assert_eq!(
        told(Language::Ar, "unusual-places"),
        [
            "في 0 بلد.",
            "في بلد واحد.",
            "في بلدين.",
            "في 3 بلدان.",
            "في 11 بلدا.",
            "في 100 بلد.",
            "في 102 بلد.",
            "في 1.003 بلدان."
        ]
    );
    let fr = told(Language::Fr, "journey-more");
    assert_eq!(
        (&*fr[0], &*fr[1], &*fr[2]),
        ("0 autre étape y figure.", "1 autre étape y figure.", "2 autres étapes y figurent.",)
    );
    let en = told(Language::En, "span-hours");
    assert_eq!((&*en[0], &*en[1], &*en[2]), ("0 hours", "1 hour", "2 hours"));
    assert_eq!(told(Language::Es, "span-days")[7], "1003 días");
    // Every text with a plural has a form for every count, in every language.
    let english = lines(Language::En);
    let plural = english.iter().filter(|(_, text)| text.contains("$count ->"));
    let ids: Vec<&str> = plural.map(|(id, _)| *id).collect();
    assert!(ids.len() > 12, "{ids:?}");
    for language in Language::COMPLETE {
        for id in &ids {
            for text in told(language, id) {
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{language:?} {id} {text}");
            }
        }
    }
    for id in ids {
        let arabic = &lines(Language::Ar)[id];
        for form in ["[zero]", "[one]", "[two]", "[few]", "[many]", "*[other]"] {
            assert!(arabic.contains(form), "{id} has no {form}");
        }
    }
}

/// Amazigh has the words that the glossary holds as attested, and no others.
#[test]
fn amazigh_is_what_was_reviewed_and_else_french() {
    let reviewed = include_str!("../../../assets/locales/zgh.reviewed");
    let reviewed: BTreeMap<&str, &str> =
        reviewed.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let texts = lines(Language::Zgh);
    assert!(texts.keys().eq(reviewed.keys()), "zgh.ftl and zgh.reviewed name other ids");
    let glossary = include_str!("../../../assets/data/glossary.csv");
    let mut rows = csv::Reader::from_reader(glossary.as_bytes());
    let head = rows.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|head| head == name).unwrap();
    let (key, word, status) = (column("key"), column("zgh"), column("zgh_status"));
    let known: BTreeMap<String, (String, String)> = rows
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[key].to_owned(), (row[word].to_owned(), row[status].to_owned())))
        .collect();
    for (id, term) in reviewed {
        let (word, status) = &known[term];
        assert_eq!(&texts[id], word, "{id}");
        assert!(status.contains("attested") || status.starts_with("CLDR"), "{term}: {status}");
        assert_eq!(t(Language::Zgh, id), word.as_str());
    }
    assert_eq!(t(Language::Zgh, "verdict-valid"), t(Language::Fr, "verdict-valid"));
    assert_eq!(known["lang_zgh"].0, Language::Zgh.autonym());
}
