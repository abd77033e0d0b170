//! READING A CODE: one function for all doors, forgiving what scanners, messages and people do to a
//! text and nothing that could be another code (docs/FORMAT.md 5.1). Where a text can be read in
//! more than one way, a signature or the register decides. Not here: whether it is genuine.

use ed25519_dalek::VerifyingKey;

use super::address::{self, Address, TEXT_BYTES_MAX};
use super::code::ScanCode;
use super::dress::{self, Bare, GROUP_SEPARATOR, LeftOut, TOKEN_LIKE_MIN};
use super::elements::{self, Elements};
use super::payload::{Label, TOKEN_CHARACTERS, read_token};
use super::{LabelError, base41};
use crate::limits::CODE_READINGS_MAX;
use crate::names::{Gtin, IdError, LotKey, LotNumber, PartySlug, Serial};

/// Characters of a token that hold version, key hint and the index's first byte.
const HINT_CHARACTERS: usize = 6;

/// Segments of a label's path, one more for a slash that was put in.
const SEGMENTS_MAX: usize = 8;

/// Longest text behind a token, in characters: `/LOT/`, a party of 32, lot and serial of 20.
const SEGMENTS_LONGEST: usize = 80;

/// One way to read a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it names. A label's host is lower case and without a port that the scheme has anyway.
    pub code: ScanCode,
    /// The host, if the text was an address.
    pub host: Option<String>,
    /// The host as it was written, lower case: some ledgers have `:443` in their name.
    pub written: Option<String>,
    /// Whether the address begins with `http:`.
    pub plain_http: bool,
    /// What was left out, or read as something else.
    pub left_out: Vec<LeftOut>,
}

/// A text and what it is read as: read once, for whoever needs it.
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    /// The text.
    pub text: &'a str,
    /// The ways to read it, see [`read_code`].
    pub ways: Result<Vec<Reading>, LabelError>,
    /// Whether white space stands within it where words may begin, and what follows are not plainly
    /// words: then it accuses nobody.
    pub doubtful: bool,
}

impl<'a> Scan<'a> {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let doubtful = dress::is_parted(text) && dress::among_words(text).is_empty();
        Self { text, ways: read_code(text), doubtful }
    }

    /// What the exact reading names.
    #[must_use]
    pub fn code(&self) -> Option<&ScanCode> {
        self.ways.as_ref().ok()?.first().map(|reading| &reading.code)
    }
}

impl ScanCode {
    /// The likeliest reading of a text, see [`read_code`]. A label read from a path has an empty
    /// host.
    ///
    /// # Errors
    /// As [`read_code`].
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let first = read_code(text)?.into_iter().next();
        first.map(|reading| reading.code).ok_or_else(|| LabelError::foreign(text))
    }

    /// Reads the path of a request to `host`, with or without its leading slash.
    ///
    /// # Errors
    /// As [`read_code`].
    pub fn parse_path(host: &str, path: &str) -> Result<Self, LabelError> {
        Self::parse(&format!("https://{host}/{}", path.strip_prefix('/').unwrap_or(path)))
    }
}

/// The ways to read a full address, a host with a path, a path, `GTIN`, `GTIN/LOT`, `PARTY/LOT` or
/// a GS1 element string, the exact one first; never none and at most [`CODE_READINGS_MAX`]. All are
/// of a label, or none is.
///
/// # Errors
/// `not_a_label`, `two_addresses`, the faults of a token, the faults of identifiers;
/// [`LabelError::is_unreadable`] tells those that accuse nobody.
pub fn read_code(text: &str) -> Result<Vec<Reading>, LabelError> {
    if text.trim().is_empty() || text.len() > TEXT_BYTES_MAX {
        return Err(LabelError::foreign(text.trim()));
    }
    // Browsers drop tabs and line breaks in an address, and see another one then.
    const DROPPED: [char; 3] = ['\t', '\n', '\r'];
    let joined = text.contains(DROPPED).then(|| text.replace(DROPPED, ""));
    if std::iter::once(text).chain(joined.as_deref()).any(|text| dress::addresses(text) > 1) {
        return Err(LabelError::TwoAddresses);
    }
    let mut ways: Vec<Reading> = Vec::new();
    let mut first_fault = None;
    let whole = dress::undress(text);
    let within = dress::among_words(text).into_iter().map(|address| dress::undress(&address));
    let within: Vec<Bare> = within.filter(|within| within.text != whole.text).collect();
    let all = std::iter::once((&whole, false)).chain(within.iter().map(|within| (within, true)));
    for (bare, words) in all {
        let found = ways_of(bare).unwrap_or_else(|fault| vec![Err(fault)]);
        for way in found {
            match way {
                Ok(reading) if ways.iter().any(|known| same(known, &reading)) => {}
                Ok(mut reading) if ways.len() < CODE_READINGS_MAX => {
                    reading.left_out.splice(0..0, bare.left_out.iter().copied());
                    if words {
                        note(&mut reading, LeftOut::Words);
                    }
                    ways.push(reading);
                }
                Ok(_) => {}
                Err(fault) => {
                    first_fault.get_or_insert(fault);
                }
            }
        }
    }
    if ways.is_empty() {
        return Err(first_fault.unwrap_or_else(|| LabelError::foreign(&whole.text)));
    }
    Ok(ways)
}

/// Whether two ways come to the same, however they read it.
fn same(one: &Reading, other: &Reading) -> bool {
    one.code == other.code && one.host == other.host && one.written == other.written
}

type Way = Result<Reading, LabelError>;

fn ways_of(bare: &Bare) -> Result<Vec<Way>, LabelError> {
    let address = bare.text.contains("://") || bare.text.starts_with("//");
    if bare.elements && !address || elements::is_element_string(&bare.text) {
        return Ok(of_elements(&bare.text));
    }
    let text = bare.text.replace(GROUP_SEPARATOR, "");
    let separated = text.len() != bare.text.len();
    let mut ways: Vec<Way> = match address::of_url(&text)? {
        Some(addresses) => addresses.iter().map(|address| of_address(address, &text)).collect(),
        None => typed(&text),
    };
    for way in ways.iter_mut().flatten().filter(|_| separated) {
        note(way, LeftOut::InvisibleCharacters);
    }
    Ok(ways)
}

fn note(reading: &mut Reading, what: LeftOut) {
    if !reading.left_out.contains(&what) {
        reading.left_out.push(what);
    }
}

/// What has no scheme: a host with a path, a path, `GTIN`, `GTIN/LOT` or `PARTY/LOT`.
fn typed(text: &str) -> Vec<Way> {
    let text = &plain_digits(text);
    let (head, tail) = text.split_once('/').unwrap_or((text, ""));
    let segments = text.split('/').count();
    let all = |addresses: Vec<Address>| -> Vec<Way> {
        addresses.iter().map(|address| of_address(address, text)).collect()
    };
    // No party's name and no GTIN has a dot or a colon: it is a host.
    if segments > 1 && head.contains(['.', ':']) {
        let ways = address::of_host_and_path(text, false);
        if ways.iter().all(|way| way.fault.is_none()) {
            return all(ways);
        }
    }
    let is_path = text.starts_with('/')
        || (head.len() >= TOKEN_LIKE_MIN && !tail.is_empty())
        || (segments > 2 && (head == "01" || head.eq_ignore_ascii_case("lot")));
    if is_path {
        return all(address::of_path(text));
    }
    let texts = address::without_trailing(text);
    let ways = texts.into_iter().enumerate().map(|(place, text)| {
        let left_out = if place > 0 { vec![LeftOut::Punctuation] } else { Vec::new() };
        let code = if text.contains('/') {
            ScanCode::of_key(text.to_ascii_uppercase().parse::<LotKey>()?, None)
        } else {
            let gtin = Gtin::parse(text).map_err(|error| match error {
                IdError::GtinForm { .. } => LabelError::foreign(text),
                other => other.into(),
            })?;
            ScanCode::Plain { gtin, lot: None, serial: None }
        };
        Ok(Reading { code, host: None, written: None, plain_http: false, left_out })
    });
    ways.collect()
}

/// Arabic-Indic digits as ASCII, and no spaces around a slash.
fn plain_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10).unwrap_or(c),
        c => c,
    };
    let parts: Vec<String> =
        text.split('/').map(|part| part.trim().chars().map(digit).collect()).collect();
    parts.join("/")
}

fn of_address(address: &Address, text: &str) -> Way {
    let mut left_out = address.left_out.clone();
    let code = match address.token_at() {
        Some(0) => Label::read(address)?.map(ScanCode::Signed),
        Some(at) => {
            read_token(address.segments.get(at).map_or("", String::as_str))?;
            return Err(LabelError::Malformed { reason: "something stands before the token" });
        }
        None => None,
    };
    let code = match (code, &address.fault) {
        (Some(_), Some(error)) => {
            return Err(LabelError::Damaged { error: error.clone(), cut: false });
        }
        (None, Some(error)) => return Err(error.clone().into()),
        (Some(code), None) => code,
        (None, None) if address.is_wrapped() => return Err(LabelError::Wrapped),
        (None, None) => {
            let (code, others) = plain(address, text)?;
            left_out.extend(others);
            code
        }
    };
    let of_host = |host: &String| Some(host.clone()).filter(|host| !host.is_empty());
    let (host, written) = (of_host(&address.host), of_host(&address.written));
    Ok(Reading { code, host, written, plain_http: address.plain_http, left_out })
}

/// An address without a token: ours, or a GS1 Digital Link with any stem.
fn plain(address: &Address, text: &str) -> Result<(ScanCode, Vec<LeftOut>), LabelError> {
    let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
    let (party, lot, serial) = match segments.as_slice() {
        ["LOT", party, lot] => (party, lot, None),
        ["LOT", party, lot, serial] => (party, lot, Some(Serial::parse(serial)?)),
        _ => {
            let stems = segments.iter().enumerate().filter(|(_, segment)| **segment == "01");
            // A path of this service has no stem; elsewhere the key stands behind any.
            let stem =
                stems.map(|(at, _)| at).take_while(|at| *at == 0 || !address.host.is_empty());
            let at = stem.last().ok_or_else(|| LabelError::foreign(text))?;
            return gs1(segments.get(at + 1..).unwrap_or_default(), text);
        }
    };
    let key = LotKey::Party(PartySlug::parse(party)?, LotNumber::parse(lot)?);
    Ok((ScanCode::PlainLot { key, serial }, Vec::new()))
}

/// A GTIN and the qualifiers behind it (GS1 Digital Link URI Syntax 1.6 section 4.4).
fn gs1(segments: &[&str], text: &str) -> Result<(ScanCode, Vec<LeftOut>), LabelError> {
    let (gtin, rest) = segments.split_first().ok_or_else(|| LabelError::foreign(text))?;
    let (pairs, odd) = rest.as_chunks::<2>();
    if !odd.is_empty() || pairs.iter().any(|[ai, _]| !["10", "21", "22", "235"].contains(ai)) {
        return Err(LabelError::foreign(text));
    }
    let value = |asked: &str| pairs.iter().find(|[ai, _]| *ai == asked).map(|[_, value]| *value);
    let others = pairs.iter().any(|[ai, _]| *ai == "22" || *ai == "235");
    unsigned(gtin, value("10"), value("21"), others)
}

/// A code by its parts. A serial of another maker's form is left out.
fn unsigned(
    gtin: &str,
    lot: Option<&str>,
    serial: Option<&str>,
    others: bool,
) -> Result<(ScanCode, Vec<LeftOut>), LabelError> {
    let own = serial.and_then(|serial| Serial::parse(serial).ok());
    let foreign = (serial.is_some() && own.is_none()).then_some(LeftOut::ForeignSerial);
    let others = others.then_some(LeftOut::OtherElements);
    let lot = lot.map(LotNumber::parse).transpose()?;
    let code = ScanCode::Plain { gtin: Gtin::parse(gtin)?, lot, serial: own };
    Ok((code, others.into_iter().chain(foreign).collect()))
}

/// A GS1 element string in all the ways it may be cut.
fn of_elements(text: &str) -> Vec<Way> {
    let text = text.to_ascii_uppercase();
    let texts = address::without_trailing(&text).into_iter().enumerate();
    let ways = texts.flat_map(|(place, text)| {
        let ways = elements::cut(text).into_iter();
        ways.map(move |Elements { gtin, lot, serial, others }| {
            let (code, mut left_out) = unsigned(&gtin, lot.as_deref(), serial.as_deref(), others)?;
            if place > 0 {
                left_out.push(LeftOut::Punctuation);
            }
            Ok(Reading { code, host: None, written: None, plain_http: false, left_out })
        })
    });
    ways.collect()
}

/// Whether one changed character hides a label that verifies: among the token's first six, where
/// the version and the key's hint stand (changed, they make the key look unknown), or in the place
/// of a slash (changed, it makes the text look cut). A verifier that finds this true says "altered"
/// instead. `known` gives the label keys with a hint.
#[must_use]
pub fn one_character_away(text: &str, known: &dyn Fn([u8; 2]) -> Vec<VerifyingKey>) -> bool {
    let bare = dress::undress(text);
    let Ok(Some(ways)) = address::of_url(&bare.text) else { return false };
    let Some(address) = ways.into_iter().next() else { return false };
    let Some((token, _)) = address.token() else { return false };
    // No label has more, and each is tried with many changes.
    if address.segments.len() > SEGMENTS_MAX || address.segments.iter().any(|s| s.len() > 200) {
        return false;
    }
    let verifies = |segments: Vec<String>| {
        let changed = Address { segments, ..address.clone() };
        let Ok(Some(label)) = Label::read(&changed) else { return false };
        known(label.header.key_hint).iter().any(|key| label.verify(key).is_ok())
    };
    let with_token = |token: String| {
        let rest = address.segments.iter().skip(1).cloned();
        [token].into_iter().chain(rest).collect::<Vec<_>>()
    };
    // A character that no token has is damage, and accuses nobody.
    let whole = token.len() == TOKEN_CHARACTERS
        && token.bytes().all(|letter| base41::ALPHABET.contains(&letter));
    let places = 0..if whole { HINT_CHARACTERS } else { 0 };
    let hints = places.flat_map(|place| {
        base41::ALPHABET.iter().map(move |digit| replace(token, place, char::from(*digit)))
    });
    let path = address.segments.join("/");
    let behind = TOKEN_CHARACTERS..path.chars().count().min(TOKEN_CHARACTERS + SEGMENTS_LONGEST);
    let slashes = behind.map(|place| replace(&path, place, '/'));
    hints.filter(|changed| changed != token).any(|token| verifies(with_token(token)))
        || slashes
            .filter(|changed| *changed != path)
            .any(|path| verifies(path.split('/').map(str::to_owned).collect()))
}

fn replace(token: &str, place: usize, digit: char) -> String {
    token.chars().enumerate().map(|(at, old)| if at == place { digit } else { old }).collect()
}
