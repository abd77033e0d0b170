//! Which language a reader gets, and what it is called, written and directed like.
//! Not here: its texts (`texts`), its dates and numbers (`figures`).

use strum::IntoStaticStr;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Language {
    /// French.
    Fr,
    /// Arabic as written in Morocco.
    Ar,
    /// English.
    En,
    /// Spanish.
    Es,
    /// Standard Moroccan Amazigh in Tifinagh: the words that were reviewed, else French.
    Zgh,
}

/// Quality of an `Accept-Language` range in thousandths (RFC 9110 section 12.4.2: three decimals).
type Thousandths = u16;

/// Ranges of one `Accept-Language` looked at; browsers send fewer than ten.
const RANGES_MAX: usize = 32;

/// Primary subtags that stand for Amazigh: the family, and its varieties in Morocco.
const AMAZIGH: [&str; 5] = ["zgh", "ber", "tzm", "shi", "rif"];

impl Language {
    /// All of them, in the order the pages offer them.
    pub const ALL: [Self; 5] = [Self::Fr, Self::Ar, Self::En, Self::Es, Self::Zgh];

    /// Those whose texts are complete.
    pub const COMPLETE: [Self; 4] = [Self::Fr, Self::Ar, Self::En, Self::Es];

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

    /// What `*` stands for: the first complete language the header does not name.
    fn any(ranges: &[(&str, Thousandths)]) -> Option<Self> {
        let named = |language| ranges.iter().any(|(tag, _)| Self::of_tag(tag) == Some(language));
        Self::COMPLETE.into_iter().find(|language| !named(*language))
    }

    /// The language of a tag, by its primary subtag: `ar` and `AR-ma` are Arabic.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        if AMAZIGH.iter().any(|tag| primary.eq_ignore_ascii_case(tag)) {
            return Some(Self::Zgh);
        }
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// The tag for `lang=` (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar-MA",
            other => other.code(),
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
            Self::Es => "Español",
            Self::Zgh => "ⵜⴰⵎⴰⵣⵉⵖⵜ",
        }
    }

    /// The language that what it has no text for is written in.
    #[must_use]
    pub fn fallback(self) -> Self {
        if self == Self::Zgh { Self::Fr } else { self }
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
