//! The languages of the pages: which one a reader gets, its texts, dates and numbers.
//! Not here: names of products and regions (`statement`, the catalogue), HTML, the pages' layout.
//! Texts: Project Fluent, `assets/locales`. Dates and numbers: Unicode CLDR `fr`, `ar-MA`, `en`.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use strum::IntoStaticStr;

use crate::catalog::BaseUnit;
use crate::statement::{Day, Timestamp};

/// A language the pages are complete in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Language {
    /// French.
    Fr,
    /// Arabic as written in Morocco.
    Ar,
    /// English.
    En,
}

type Texts = FluentBundle<FluentResource>;

/// Quality of an `Accept-Language` range in thousandths (RFC 9110 section 12.4.2: three decimals).
type Thousandths = u16;

/// Ranges of one `Accept-Language` looked at; browsers send fewer than ten.
const RANGES_MAX: usize = 32;

impl Language {
    /// All of them, in the order the pages offer them.
    pub const ALL: [Self; 3] = [Self::Fr, Self::Ar, Self::En];

    /// The language of a page: `?lang=` if it names one, else the best of `Accept-Language`. French
    /// for who asks for nothing; English, the most widely read abroad, for other languages.
    #[must_use]
    pub fn choose(query: Option<&str>, accept_language: Option<&str>) -> Self {
        if let Some(language) = query.and_then(Self::of_tag) {
            return language;
        }
        let Some(header) = accept_language.filter(|header| !header.trim().is_empty()) else {
            return Self::Fr;
        };
        let ranges: Vec<(&str, Thousandths)> =
            header.split(',').take(RANGES_MAX).filter_map(range).collect();
        let mut best: Option<(Self, Thousandths)> = None;
        for &(tag, quality) in &ranges {
            let found = if tag == "*" { Self::any(&ranges) } else { Self::of_tag(tag) };
            let better = best.is_none_or(|(_, best)| quality > best);
            if let Some(language) = found.filter(|_| quality > 0 && better) {
                best = Some((language, quality));
            }
        }
        best.map_or(Self::En, |(language, _)| language)
    }

    /// What `*` stands for: the first language the header does not name.
    fn any(ranges: &[(&str, Thousandths)]) -> Option<Self> {
        let named = |language| ranges.iter().any(|(tag, _)| Self::of_tag(tag) == Some(language));
        Self::ALL.into_iter().find(|language| !named(*language))
    }

    /// The language of a tag, by its primary subtag: `ar` and `AR-ma` are Arabic.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// The tag for `lang=` (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::Ar => "ar-MA",
            Self::En => "en",
        }
    }

    /// The short code, for `?lang=` and names of the catalogue.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The direction for `dir=`.
    #[must_use]
    pub fn dir(self) -> &'static str {
        if self == Self::Ar { "rtl" } else { "ltr" }
    }

    /// Its name in itself.
    #[must_use]
    pub fn autonym(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::Ar => "العربية",
            Self::En => "English",
        }
    }

    /// Grouping mark of thousands and the decimal mark.
    fn marks(self) -> (char, char) {
        match self {
            Self::Fr => ('\u{202F}', ','),
            Self::Ar => ('.', ','),
            Self::En => (',', '.'),
        }
    }

    /// The months of CLDR, January first; `ar-MA` has names of its own.
    fn months(self) -> &'static str {
        match self {
            Self::Fr => {
                "janvier février mars avril mai juin juillet août septembre octobre novembre \
                 décembre"
            }
            Self::Ar => "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
            Self::En => {
                "January February March April May June July August September October November \
                 December"
            }
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Fr => include_str!("../../assets/locales/fr.ftl"),
            Self::Ar => include_str!("../../assets/locales/ar.ftl"),
            Self::En => include_str!("../../assets/locales/en.ftl"),
        }
    }

    fn texts(self) -> &'static Texts {
        static FR: OnceLock<Texts> = OnceLock::new();
        static AR: OnceLock<Texts> = OnceLock::new();
        static EN: OnceLock<Texts> = OnceLock::new();
        let cell = match self {
            Self::Fr => &FR,
            Self::Ar => &AR,
            Self::En => &EN,
        };
        cell.get_or_init(|| {
            let mut texts =
                FluentBundle::new_concurrent(vec![self.tag().parse().unwrap_or_default()]);
            // A line that does not parse leaves its id missing, which shows; tests rule both out.
            let resource = FluentResource::try_new(self.source().to_owned());
            let _duplicates = texts.add_resource(resource.unwrap_or_else(|(readable, _)| readable));
            texts
        })
    }
}

/// One range of `Accept-Language` and its quality; None if it is malformed.
fn range(text: &str) -> Option<(&str, Thousandths)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let Some(weight) = parts.next() else {
        return Some((tag, 1_000));
    };
    let (name, value) = weight.split_once('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    if !name.eq_ignore_ascii_case("q") || !digits || !matches!(whole, "0" | "1") {
        return None;
    }
    let quality: Thousandths = format!("{whole}{decimals:0<3}").parse().ok()?;
    (quality <= 1_000).then_some((tag, quality))
}

/// The text with this id; the id itself, visibly, if there is none.
#[must_use]
pub fn t(language: Language, key: &str) -> Cow<'static, str> {
    let texts = language.texts();
    match texts.get_message(key).and_then(|message| message.value()) {
        Some(pattern) => texts.format_pattern(pattern, None, &mut Vec::new()),
        None => Cow::Owned(key.to_owned()),
    }
}

/// The text with this id and values put in, each isolated so that it cannot turn the direction of
/// the text around it (Unicode UAX 9 section 2.4). Not escaped for HTML.
#[must_use]
pub fn t_with(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let texts = language.texts();
    let Some(pattern) = texts.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let args: FluentArgs<'_> = values.iter().copied().collect();
    texts.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// The words for a code of the register: `word(Fr, "indication", "TOTAL_PASSED")` is the text
/// `indication-total-passed`.
#[must_use]
pub fn word(language: Language, family: &str, code: &str) -> Cow<'static, str> {
    // A page asks for some fifty: one allocation for each.
    let length = family.len().saturating_add(1).saturating_add(code.len());
    let mut key = String::with_capacity(length);
    key.push_str(family);
    key.push('-');
    key.extend(code.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }));
    t(language, &key)
}

/// A day: `23 novembre 2026`, `23 نونبر 2026`, `23 November 2026`.
#[must_use]
pub fn date(language: Language, day: Day) -> String {
    let (year, month, day) = day.ymd();
    let before = usize::try_from(month).unwrap_or_default().saturating_sub(1);
    let month = language.months().split(' ').nth(before).unwrap_or_default();
    let ordinal = if language == Language::Fr && day == 1 { "er" } else { "" };
    format!("{day}{ordinal} {month} {year}")
}

/// An instant to the minute, in UTC: `23 novembre 2026 à 14:04 UTC`.
#[must_use]
pub fn instant(language: Language, at: Timestamp) -> String {
    let second_of_day = at.seconds().rem_euclid(86_400);
    let (hour, minute) = (second_of_day / 3_600, second_of_day / 60 % 60);
    let joint = match language {
        Language::Fr => " à ",
        Language::Ar => " على الساعة ",
        Language::En => ", ",
    };
    format!("{}{joint}{hour:02}:{minute:02} UTC", date(language, at.day()))
}

/// A whole number with its thousands grouped.
#[must_use]
pub fn number(language: Language, value: u64) -> String {
    grouped(language, &value.to_string())
}

fn grouped(language: Language, digits: &str) -> String {
    let (group, _) = language.marks();
    let mut grouped = String::with_capacity(digits.len().saturating_mul(2));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    grouped
}

/// A quantity in the smallest unit, for people: 12,500 g is `12,5 kg` in French.
#[must_use]
pub fn quantity(language: Language, amount: u64, unit: BaseUnit) -> String {
    let (small, large) = match unit {
        BaseUnit::Gram => ("unit-gram", "unit-kilogram"),
        BaseUnit::Millilitre => ("unit-millilitre", "unit-litre"),
        BaseUnit::Piece => ("unit-piece", ""),
    };
    if large.is_empty() || amount < 1_000 {
        return format!("{}\u{A0}{}", number(language, amount), t(language, small));
    }
    let (_, decimal) = language.marks();
    let mut figure = number(language, amount / 1_000);
    let thousandths = format!("{:03}", amount % 1_000);
    let decimals = thousandths.trim_end_matches('0');
    if !decimals.is_empty() {
        figure.push(decimal);
        figure.push_str(decimals);
    }
    format!("{figure}\u{A0}{}", t(language, large))
}

/// Currencies of ISO 4217 whose minor unit is none, and those in which it is a thousandth.
const WHOLE: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VUV", "XAF",
    "XOF", "XPF",
];
/// See [`WHOLE`].
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// An amount in the minor unit of a currency, for people: `380.00 MAD`.
#[must_use]
pub fn money(language: Language, amount: u128, currency: &str) -> String {
    let digits: usize = match currency {
        whole if WHOLE.contains(&whole) => 0,
        thousandths if THOUSANDTHS.contains(&thousandths) => 3,
        _ => 2,
    };
    let (_, decimal) = language.marks();
    let minor: u128 = [1, 10, 100, 1_000].get(digits).copied().unwrap_or(1);
    let mut figure = grouped(language, &(amount / minor).to_string());
    if digits > 0 {
        figure.push(decimal);
        figure.push_str(&format!("{:0digits$}", amount % minor));
    }
    format!("{figure}\u{A0}{currency}")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use strum::VariantNames;

    use super::*;
    use crate::label::LeftOut;
    use crate::register::{CertificateStatus, Grade, LotStatus, OriginWord, PriceWord};
    use crate::seal::KeyStanding;
    use crate::statement::{
        Custody, CustodyModel, KeyPurpose, Reason, Role, Sampler, StatusAction,
    };
    use crate::verify::{
        CheckName, CheckResult, FAIR_TRADE_REASONS, Indication, Policy, Signal, SubIndication,
    };

    /// Texts that are the same in French and English. Names of languages are in their own.
    const SAME_IN_FRENCH: [&str; 20] = [
        "site-name",
        "language-fr",
        "language-ar",
        "language-en",
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
        "inspect-code-label",
        "lot-title",
        "party-lots",
        "footer-api",
    ];
    const SAME_IN_ARABIC: [&str; 5] =
        ["language-fr", "language-ar", "language-en", "title-scan", "footer-api"];

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
        ("lot-status", &["uncertified"]),
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
        no-certificate lot-missing code-expired label-void key-suspect unsigned unsigned-unfit authentic";

    /// Source text by id: one line each, as `assets/locales` keeps them.
    fn lines(language: Language) -> BTreeMap<&'static str, &'static str> {
        let messages = language.source().lines().filter(|line| !line.starts_with(['#', ' ']));
        let pairs = messages.filter(|line| !line.is_empty()).map(|line| {
            line.split_once(" = ").unwrap_or_else(|| panic!("{line:?} is no message of one line"))
        });
        let all: Vec<_> = pairs.collect();
        let by_id: BTreeMap<_, _> = all.iter().copied().collect();
        assert_eq!(by_id.len(), all.len(), "an id stands twice in {language:?}");
        by_id
    }

    fn values(line: &str) -> BTreeSet<&str> {
        line.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect()
    }

    #[test]
    fn files_parse_and_hold_the_same_ids_and_values() {
        let english = lines(Language::En);
        for language in Language::ALL {
            assert!(FluentResource::try_new(language.source().to_owned()).is_ok(), "{language:?}");
            let texts = lines(language);
            assert!(texts.keys().eq(english.keys()), "ids of {language:?} differ from English");
            for (id, line) in texts {
                assert!(language.texts().has_message(id), "{language:?} {id}");
                assert!(!t(language, id).trim().is_empty(), "{language:?} {id} is empty");
                assert_eq!(values(line), values(english[id]), "{language:?} {id}");
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
            for mark in [':', ';', '?', '!', '»'] {
                assert!(
                    !line.contains(&format!(" {mark}")),
                    "{id} has a plain space before {mark}"
                );
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
        use Language::{Ar, En, Fr};
        let cases = [
            (None, None, Fr),
            (Some("ar"), Some("en"), Ar),
            (Some("AR-ma"), None, Ar),
            (Some("xx"), Some("en;q=0.5"), En),
            (None, Some("fr;q=0.2, ar-MA;q=0.9, en;q=0.8"), Ar),
            (None, Some("en, fr"), En),
            (None, Some("fr;q=0, en;q=0.001"), En),
            (None, Some("de, es;q=0.5"), En),
            (None, Some("*"), Fr),
            (None, Some("fr;q=0, *"), Ar),
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
        assert_eq!(dates, ["23 novembre 2026", "23 نونبر 2026", "23 November 2026"]);
        let first = Timestamp::parse("2026-08-01T04:05:59Z").unwrap();
        let instants = Language::ALL.map(|language| instant(language, first));
        assert_eq!(instants[0], "1er août 2026 à 04:05 UTC");
        assert_eq!(instants[1], "1 غشت 2026 على الساعة 04:05 UTC");
        assert_eq!(instants[2], "1 August 2026, 04:05 UTC");
        for language in Language::ALL {
            let months: BTreeSet<&str> = language.months().split(' ').collect();
            assert_eq!(months.len(), 12, "{language:?}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        let numbers = Language::ALL.map(|language| number(language, 1_234_567));
        assert_eq!(numbers, ["1\u{202F}234\u{202F}567", "1.234.567", "1,234,567"]);
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
        ];
        assert_eq!(dirhams, told);
        assert_eq!(money(Language::En, 1_250, "JPY"), "1,250\u{A0}JPY");
        assert_eq!(money(Language::En, 1_250, "TND"), "1.250\u{A0}TND");
    }

    #[test]
    fn quantities_in_the_unit_people_use() {
        let grams = Language::ALL.map(|language| quantity(language, 12_500, BaseUnit::Gram));
        assert_eq!(grams, ["12,5\u{A0}kg", "12,5\u{A0}كلغ", "12.5\u{A0}kg"]);
        let oil = quantity(Language::En, 1_250_000_050, BaseUnit::Millilitre);
        assert_eq!(oil, "1,250,000.05\u{A0}L");
        assert_eq!(quantity(Language::Fr, 250, BaseUnit::Millilitre), "250\u{A0}mL");
        assert_eq!(quantity(Language::Fr, 40, BaseUnit::Piece), "40\u{A0}pièce(s)");
    }
}
