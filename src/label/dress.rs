//! What stands around a code when people hand it over: characters nobody sees, quotes, the marks of
//! scanners. Taken off here, and named; never a character of the code itself.
//! Not here: what of an address is left out (`address`), what the rest says (`reading`).

use serde::{Deserialize, Serialize};

/// Separates the elements of a GS1 element string (FNC1 as scanners send it).
pub(super) const GROUP_SEPARATOR: char = '\u{1d}';

/// What was left out, or read as something else, on the way to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// Controls, line breaks, zero-width characters, marks of direction, soft hyphens.
    InvisibleCharacters,
    /// Quotes, brackets or `URL:` around it.
    Quotes,
    /// The mark by which a scanner names the kind of symbol, such as `]Q1`.
    SymbologyIdentifier,
    /// Percent escapes that labels do not have.
    Escapes,
    /// Spaces in the token, read as `+`.
    Spaces,
    /// The port that the scheme has anyway.
    Port,
    /// The dot behind the host.
    HostDot,
    /// The query behind the address.
    Query,
    /// The fragment behind the address.
    Fragment,
    /// Slashes at the end.
    Slashes,
    /// Punctuation at the end.
    Punctuation,
    /// Elements besides GTIN, lot and serial.
    OtherElements,
    /// A serial that is no serial of a ledger.
    ForeignSerial,
    /// White space, order of members or escapes that the canonical form of a document has not.
    JsonForm,
}

impl LeftOut {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InvisibleCharacters => "invisible-characters",
            Self::Quotes => "quotes",
            Self::SymbologyIdentifier => "symbology-identifier",
            Self::Escapes => "escapes",
            Self::Spaces => "spaces",
            Self::Port => "port",
            Self::HostDot => "host-dot",
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::Slashes => "slashes",
            Self::Punctuation => "punctuation",
            Self::OtherElements => "other-elements",
            Self::ForeignSerial => "foreign-serial",
            Self::JsonForm => "json-form",
        }
    }
}

/// A text without its dress. Separators of elements are still in it.
pub(super) struct Bare {
    pub text: String,
    /// Whether a scanner said that it is a GS1 element string.
    pub elements: bool,
    pub left_out: Vec<LeftOut>,
}

/// Takes off what is around a text.
pub(super) fn undress(text: &str) -> Bare {
    let text = text.trim_matches(|c: char| c.is_whitespace());
    let kept: String =
        text.chars().filter(|c| !is_invisible(*c) || *c == GROUP_SEPARATOR).collect();
    let mut left_out = Vec::new();
    if kept.len() != text.len() {
        left_out.push(LeftOut::InvisibleCharacters);
    }
    let (mut rest, mut elements) = (kept.as_str(), false);
    loop {
        let trimmed = rest.trim_matches(|c: char| c.is_whitespace() || c == GROUP_SEPARATOR);
        let (next, taken) = layer(trimmed);
        if taken == Some(LeftOut::SymbologyIdentifier) {
            elements |= ["]C1", "]D2", "]E0", "]Q3"].contains(&head(trimmed).as_str());
        }
        left_out.extend(taken.filter(|taken| !left_out.contains(taken)));
        rest = next;
        if taken.is_none() {
            break;
        }
    }
    Bare { text: rest.to_owned(), elements, left_out }
}

/// Whether a character is dropped wherever it stands.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Without one layer of dress, and what it was.
fn layer(text: &str) -> (&str, Option<LeftOut>) {
    let mut characters = text.chars();
    if characters.next() == Some(']')
        && characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.next().is_some_and(|c| c.is_ascii_alphanumeric())
    {
        return (characters.as_str(), Some(LeftOut::SymbologyIdentifier));
    }
    let opened = |c: char| {
        "\"'`<\u{ab}\u{2039}\u{201c}\u{201e}\u{2018}\u{201a}\u{201d}\u{2019}\u{bb}\u{203a}"
            .contains(c)
    };
    // No lot number ends in one of these; those it may end in wait for the signature.
    let closed = |c: char| {
        "`\u{bb}\u{203a}\u{201d}\u{2019}\u{ab}\u{2039}\u{201c}\u{201e}\u{2018}\u{201a}".contains(c)
    };
    let bracketed =
        |rest: &&str| rest.trim_start().get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http"));
    let inner = text
        .strip_prefix(opened)
        .or_else(|| text.strip_suffix(closed))
        .or_else(|| {
            text.get(..4).filter(|head| head.eq_ignore_ascii_case("url:")).and(text.get(4..))
        })
        .or_else(|| text.strip_prefix(['(', '[', '{']).filter(bracketed));
    match inner {
        Some(inner) => (inner, Some(LeftOut::Quotes)),
        None => (text, None),
    }
}

/// The first three characters in upper case.
fn head(text: &str) -> String {
    text.chars().take(3).collect::<String>().to_ascii_uppercase()
}

/// How many addresses stand in a text, those within the query of another left out.
pub(super) fn addresses(text: &str) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let within = |word: &str| {
        let path = word.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        path.matches("https://").count() + path.matches("http://").count()
    };
    words.map(within).sum()
}
