//! What stands around a code when people hand it over: characters nobody sees, quotes, the marks of
//! scanners. Taken off here, and named; never a character of the code itself.
//! Not here: what of an address is left out (`address`), what the rest says (`reading`).

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

/// Separates the elements of a GS1 element string (FNC1 as scanners send it).
pub(super) const GROUP_SEPARATOR: char = '\u{1d}';

/// Shortest segment taken for a token, in characters: a party's name has at most 32.
pub(super) const TOKEN_LIKE_MIN: usize = 33;

/// What was left out, or read as something else, on the way to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum LeftOut {
    /// Controls, line breaks, zero-width characters, marks of direction, soft hyphens.
    InvisibleCharacters,
    /// Quotes, brackets or `URL:` around it.
    Quotes,
    /// Words before or behind an address.
    Words,
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

/// A text without its dress. Separators of elements are still in it.
pub(super) struct Bare {
    pub text: String,
    /// Whether a scanner said that it is a GS1 element string.
    pub elements: bool,
    pub left_out: Vec<LeftOut>,
}

/// A text without the breaks that a mail makes in long lines (quoted-printable, RFC 2045 section
/// 6.7); no code has them.
fn mended(text: &str) -> String {
    text.replace("=\r\n", "").replace("=\n", "")
}

/// Takes off what is around a text.
pub(super) fn undress(text: &str) -> Bare {
    let text = mended(text);
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
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Without one layer of dress, and what it was.
fn layer(text: &str) -> (&str, Option<LeftOut>) {
    if let Some(rest) = symbology(text) {
        return (rest, Some(LeftOut::SymbologyIdentifier));
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

/// What stands behind the mark by which a scanner names the kind of symbol.
fn symbology(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    let mark = characters.next() == Some(']')
        && characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.next().is_some_and(|c| c.is_ascii_alphanumeric());
    mark.then_some(characters.as_str())
}

/// The first three characters in upper case.
fn head(text: &str) -> String {
    text.chars().take(3).collect::<String>().to_ascii_uppercase()
}

/// Longest text in which an address is sought among words, in bytes.
const AMONG_WORDS_MAX: usize = 600;

/// Places at which an address among words may end, at most.
const ENDS_MAX: usize = 4;

/// Words by which people name a code, with a colon behind them; any other word with a colon may be
/// what a phone does with it: `tel:`, `WIFI:`, `javascript:`.
const LABEL_WORDS: [&str; 13] = [
    "code",
    "qr",
    "url",
    "link",
    "address",
    "lot",
    "batch",
    "lien",
    "adresse",
    "enlace",
    "رمز",
    "الرمز",
    "رابط",
];

/// The one address among words, in the ways it may end: at each white space behind its token. None
/// where nothing stands around it, and where what does may be more than words: another address, an
/// action of a phone, another code, what goes on with the address.
pub(super) fn among_words(text: &str) -> Vec<String> {
    if text.len() > AMONG_WORDS_MAX || stands_alone(text) {
        return Vec::new();
    }
    let text = mended(text);
    let spaced = text.chars().filter_map(|c| match c {
        c if is_break(c) => Some('\n'),
        c if c.is_whitespace() => Some(' '),
        c if is_invisible(c) => None,
        c => Some(c),
    });
    let spaced: String = spaced.collect();
    let relative = spaced.trim_start().starts_with("//");
    let spaced = if relative { format!("https:{}", spaced.trim_start()) } else { spaced };
    let lower = spaced.to_ascii_lowercase();
    let starts = ["https://", "http://"].map(|scheme| lower.find(scheme));
    let Some(start) = starts.into_iter().flatten().min() else {
        return Vec::new();
    };
    let (before, address) = spaced.split_at(start);
    let Some(path) = start_of_path(address).filter(|_| stand_before(before)) else {
        return Vec::new();
    };
    let spaces = address.char_indices().filter(|(at, c)| *at >= path && c.is_whitespace());
    let mut ends: Vec<usize> = spaces.map(|(at, _)| at).collect();
    ends.dedup_by(|next, before| *next == *before + 1);
    ends.truncate(ENDS_MAX);
    let whole = (!before.trim().is_empty()).then_some(address.len());
    let found = ends.into_iter().chain(whole).filter_map(|end| {
        let (address, behind) = address.split_at(end);
        let alone = before.trim().is_empty() && behind.trim().is_empty();
        // Lines may have broken it anywhere; spaces only behind the token.
        let kept = |(at, c): &(usize, char)| *c != '\n' && (*at < path || *c != ' ');
        let address: String = address.char_indices().filter(kept).map(|(_, c)| c).collect();
        // What begins so behind a slash may be its next part.
        let goes_on =
            address.ends_with('/') && behind.trim_start().starts_with(|c: char| c.is_ascii_digit());
        // A break alone may have parted the code itself: only a word shows that it did not.
        let parted = !behind.starts_with('\n') || begins_with_a_word(behind);
        (!alone && !goes_on && parted && are_words(behind)).then_some(address)
    });
    found.collect()
}

/// Whether it is an address with nothing around it, as cameras and browsers give one: the work of
/// looking for words is saved.
fn stands_alone(text: &str) -> bool {
    let begins = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    (begins("https://") || begins("http://")) && !text.contains(char::is_whitespace)
}

/// Whether white space stands behind the token of an address, so that what follows may be a part of
/// it or not.
pub(super) fn is_parted(text: &str) -> bool {
    if stands_alone(text) {
        return false;
    }
    let text = mended(text.trim());
    let lower = text.to_ascii_lowercase();
    let start = lower.find("https://").or_else(|| lower.find("http://")).unwrap_or_default();
    let address = text.get(start..).unwrap_or_default();
    let path = start_of_path(address).and_then(|path| address.get(path..));
    path.is_some_and(|path| path.contains(|c: char| c.is_whitespace()))
}

/// Line breaks, tabs, and what else programs drop within an address.
fn is_break(c: char) -> bool {
    c.is_whitespace() && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// A word that is no part of a code: three letters or more, not all of them capitals.
fn begins_with_a_word(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches([',', '.', '!', ';']);
    word.chars().count() > 2
        && word.chars().all(char::is_alphabetic)
        && word.chars().any(|c| !c.is_ascii_uppercase())
}

/// Whether these are words and nothing that a program, a phone or a person could take for an
/// address, a code or a part of one.
fn are_words(text: &str) -> bool {
    let plain = |word: &str| {
        let dotted = word.split('.').skip(1).any(|part| part.starts_with(char::is_alphanumeric));
        let element = word.contains('(') && word.contains(|c: char| c.is_ascii_digit());
        !dotted
            && !element
            && !word.contains(['/', '\\', '%', '@', '=', '?', '&', '#', '|', '^', ':'])
    };
    text.split_whitespace().all(plain) && !another_code(text)
}

/// Whether what stands before an address are words, the last of them perhaps a mark or the name of
/// a code with a colon.
fn stand_before(before: &str) -> bool {
    let (words, last) = before.rsplit_once(char::is_whitespace).unwrap_or(("", before));
    let opening = |text: &str| text.chars().all(|c| "([{<>\"'`*•·–—-«‹„“‘".contains(c));
    let mark = symbology(last).is_some_and(str::is_empty);
    let mut words: Vec<&str> = words.split_whitespace().collect();
    let named = |word: &&str| {
        let name = word.strip_suffix(':').map(str::to_lowercase);
        // No scheme of an address begins with a digit.
        let number = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
        name.is_some_and(|name| LABEL_WORDS.contains(&name.as_str()) || number(&name))
    };
    words.pop_if(|word| named(&&**word));
    (mark || opening(last) || named(&last)) && words.iter().all(|word| are_words(word))
}

/// Where the path of an address begins, behind its token if it has one.
fn start_of_path(address: &str) -> Option<usize> {
    let host = address.find("://")? + 3;
    let path = host + address.get(host..)?.find('/')? + 1;
    let first = address.get(path..)?.find('/');
    Some(first.filter(|length| *length >= TOKEN_LIKE_MIN).map_or(path, |length| path + length))
}

/// Whether a word among these is long enough for a token.
fn another_code(words: &str) -> bool {
    let of_token = |c: char| c.is_ascii_alphanumeric() || "$*+-.%_".contains(c);
    words.split(|c: char| !of_token(c)).any(|run| run.len() >= TOKEN_LIKE_MIN)
}

/// How many addresses stand in a text, those within the query of another left out.
pub(super) fn addresses(text: &str) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let within = |word: &str| {
        let path = word.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        path.matches("https://").count() + path.matches("http://").count()
    };
    // Without its scheme one may begin the text.
    let relative = usize::from(text.trim_start().starts_with("//"));
    words.map(within).sum::<usize>() + relative
}
