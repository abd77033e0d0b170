//! What a person types, pastes or scans to name a lot or a unit, signed label or not.
//! Not a search: the text is either one of these forms or refused.

use ed25519_dalek::VerifyingKey;

use super::address::{Address, TEXT_BYTES_MAX, TOKEN_LIKE_MIN};
use super::payload::{Label, TOKEN_CHARACTERS};
use super::{LabelError, base41};
use crate::statement::{Gtin, IdError, LotKey, LotNumber, PartySlug, Serial};

/// Characters of a token that hold version, key hint and the index's first byte.
const HINT_CHARACTERS: usize = 6;

/// A code that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanCode {
    /// A label of a ledger; its signature is not yet checked.
    Signed(Label),
    /// A product by GTIN, maybe a lot and a unit of it. Nothing in it is signed.
    Plain {
        /// The product.
        gtin: Gtin,
        /// The lot, if given.
        lot: Option<LotNumber>,
        /// The unit, if given.
        serial: Option<Serial>,
    },
    /// A lot of a party without a GTIN. Nothing in it is signed.
    PlainLot {
        /// The lot.
        key: LotKey,
        /// The unit, if given.
        serial: Option<Serial>,
    },
}

impl ScanCode {
    /// Reads a full address, a host with a path, a path, `GTIN`, `GTIN/LOT`, `PARTY/LOT` or a GS1
    /// element string `(01)GTIN(10)LOT(21)SERIAL`. A label read from a path has an empty host:
    /// whoever knows the host fills it in, or uses [`ScanCode::parse_path`].
    ///
    /// # Errors
    /// `not_a_label`, the faults of a token, the faults of identifiers.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return Err(LabelError::foreign(text));
        }
        if let Some(address) = Address::of_url(text)? {
            return Self::read(&address, text);
        }
        if text.starts_with('(') {
            return read_elements(text);
        }
        let (head, tail) = text.split_once('/').unwrap_or((text, ""));
        let segments = text.split('/').count();
        // No party's name and no GTIN has a dot or a colon: it is a host.
        let below_host = segments > 1 && head.contains(['.', ':']);
        if below_host && let Ok(address) = Address::of_host_and_path(text) {
            return Self::read(&address, text);
        }
        let is_path = text.starts_with('/')
            || (head.len() >= TOKEN_LIKE_MIN && !tail.is_empty())
            || (segments > 2 && (head == "01" || head.eq_ignore_ascii_case("lot")));
        if is_path {
            Self::parse_path("", text)
        } else if segments == 1 {
            Gtin::parse(text).map(|gtin| Self::Plain { gtin, lot: None, serial: None }).map_err(
                |error| match error {
                    IdError::GtinForm { .. } => LabelError::foreign(text),
                    other => other.into(),
                },
            )
        } else {
            Ok(Self::of_key(text.to_ascii_uppercase().parse()?, None))
        }
    }

    /// Reads the path of a request to `host`, with or without its leading slash.
    ///
    /// # Errors
    /// As [`ScanCode::parse`].
    pub fn parse_path(host: &str, path: &str) -> Result<Self, LabelError> {
        Self::read(&Address::of_path(host, path)?, path)
    }

    /// The signed label, if it is one.
    #[must_use]
    pub fn label(&self) -> Option<&Label> {
        if let Self::Signed(label) = self { Some(label) } else { None }
    }

    /// The lot it names, if it names one.
    #[must_use]
    pub fn lot_key(&self) -> Option<LotKey> {
        match self {
            Self::Signed(label) => Some(label.key.clone()),
            Self::Plain { gtin, lot, .. } => lot.clone().map(|lot| LotKey::Gtin(gtin.clone(), lot)),
            Self::PlainLot { key, .. } => Some(key.clone()),
        }
    }

    /// The unit it names, if it names one.
    #[must_use]
    pub fn serial(&self) -> Option<&Serial> {
        match self {
            Self::Signed(label) => label.serial.as_ref(),
            Self::Plain { serial, .. } | Self::PlainLot { serial, .. } => serial.as_ref(),
        }
    }

    fn of_key(key: LotKey, serial: Option<Serial>) -> Self {
        match key {
            LotKey::Gtin(gtin, lot) => Self::Plain { gtin, lot: Some(lot), serial },
            LotKey::Party(..) => Self::PlainLot { key, serial },
        }
    }

    fn read(address: &Address, text: &str) -> Result<Self, LabelError> {
        if let Some(label) = Label::read(address)? {
            return Ok(Self::Signed(label));
        }
        let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
        let (party, lot, serial) = match segments.as_slice() {
            ["01", gtin, rest @ ..] => return read_gs1(gtin, rest, text),
            ["LOT", party, lot] => (party, lot, None),
            ["LOT", party, lot, serial] => (party, lot, Some(Serial::parse(serial)?)),
            _ => return Err(LabelError::foreign(text)),
        };
        let key = LotKey::Party(PartySlug::parse(party)?, LotNumber::parse(lot)?);
        Ok(Self::PlainLot { key, serial })
    }
}

/// The qualifiers behind a GTIN in a GS1 Digital Link, in their order (URI Syntax 1.6 section 4.4).
fn read_gs1(gtin: &str, rest: &[&str], text: &str) -> Result<ScanCode, LabelError> {
    let (lot, serial) = match rest {
        [] => (None, None),
        ["10", lot] => (Some(lot), None),
        ["21", serial] => (None, Some(serial)),
        ["10", lot, "21", serial] => (Some(lot), Some(serial)),
        _ => return Err(LabelError::foreign(text)),
    };
    Ok(ScanCode::Plain {
        gtin: Gtin::parse(gtin)?,
        lot: lot.map(|lot| LotNumber::parse(lot)).transpose()?,
        serial: serial.map(|serial| Serial::parse(serial)).transpose()?,
    })
}

/// `(01)GTIN(10)LOT(21)SERIAL` as printed under a barcode; lot and serial are optional, in any
/// order. A lot number may hold brackets itself, so only `(10)` and `(21)` end one.
fn read_elements(text: &str) -> Result<ScanCode, LabelError> {
    let foreign = || LabelError::foreign(text);
    let text_upper = text.to_ascii_uppercase();
    let rest = text_upper.strip_prefix("(01)").ok_or_else(foreign)?;
    let marks = |ai: &str| rest.find(ai);
    let (lot_at, serial_at) = (marks("(10)"), marks("(21)"));
    let end = lot_at.into_iter().chain(serial_at).min().unwrap_or(rest.len());
    let value = |start: Option<usize>, next: Option<usize>| {
        let start = start?;
        let stop = next.filter(|next| *next > start).unwrap_or(rest.len());
        rest.get(start + 4..stop).map(str::trim)
    };
    Ok(ScanCode::Plain {
        gtin: Gtin::parse(rest.get(..end).unwrap_or_default().trim())?,
        lot: value(lot_at, serial_at).map(LotNumber::parse).transpose()?,
        serial: value(serial_at, lot_at).map(Serial::parse).transpose()?,
    })
}

/// Whether a part of the text is too long to be anything but a token, however damaged.
#[must_use]
pub fn bears_token(text: &str) -> bool {
    let mut parts = text.split(['/', '?', '#', ' ', '\t']);
    parts.any(|part| part.chars().count() >= TOKEN_LIKE_MIN)
}

/// Whether one changed character among the token's first six hides a label that verifies. There
/// the version and the key's hint stand: changed, they make the key look unknown, and a verifier
/// that finds this true says "altered" instead. `known` gives the label keys with a hint.
#[must_use]
pub fn one_character_away(text: &str, known: &dyn Fn([u8; 2]) -> Vec<VerifyingKey>) -> bool {
    let Ok(Some(address)) = Address::of_url(text.trim()) else { return false };
    let Some((token, _)) = address.token() else { return false };
    if token.chars().count() != TOKEN_CHARACTERS {
        return false;
    }
    let candidates = (0..HINT_CHARACTERS).flat_map(|place| {
        base41::ALPHABET.iter().map(move |digit| replace(token, place, char::from(*digit)))
    });
    candidates.filter(|candidate| candidate != token).any(|candidate| {
        let mut changed = address.clone();
        if let Some(first) = changed.segments.first_mut() {
            *first = candidate;
        }
        let Ok(Some(label)) = Label::read(&changed) else { return false };
        known(label.header.key_hint).iter().any(|key| label.verify(key).is_ok())
    })
}

fn replace(token: &str, place: usize, digit: char) -> String {
    token.chars().enumerate().map(|(at, old)| if at == place { digit } else { old }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(text: &str) -> String {
        match ScanCode::parse(text) {
            Ok(ScanCode::Signed(_)) => "signed".to_owned(),
            Ok(code) => {
                let key = code.lot_key().map(|key| key.to_string()).unwrap_or_default();
                let serial = code.serial().map(|serial| format!("+{serial}")).unwrap_or_default();
                format!("{key}{serial}")
            }
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn what_people_type_and_paste() {
        let lot = "06111234567895/A24B017";
        let unit = "06111234567895/A24B017+K7Q2M9XD";
        let cases = [
            ("06111234567895/A24B017", lot),
            (" 6111234567895/a24b017 ", lot),
            ("01/06111234567895/10/A24B017", lot),
            ("/01/06111234567895/10/A24B017/", lot),
            ("https://id.example/01/06111234567895/10/a24b017?x=1#y", lot),
            ("id.example:8080/01/06111234567895/10/A24B017/21/K7Q2-M9XD", unit),
            ("HTTP://ID.EXAMPLE/01/06111234567895/10/A24B017/21/K7Q2M9XD", unit),
            ("(01)06111234567895(10)A24B017(21)K7Q2M9XD", unit),
            ("(01)06111234567895(21)K7Q2M9XD(10)A24B017", unit),
            ("(01) 06111234567895 (10) A(1)7", "06111234567895/A(1)7"),
            ("06111234567895", ""),
            ("/01/06111234567895", ""),
            ("Coop-Fictive/a?b%1", "coop-fictive/A?B%1"),
            ("lot/coop/A7", "coop/A7"),
            ("https://id.example/LOT/COOP/A7/K7Q2M9XD", "coop/A7+K7Q2M9XD"),
            ("lot/A7", "lot/A7"),
        ];
        for (text, expected) in cases {
            assert_eq!(describe(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        let cases = [
            ("", "not_a_label"),
            ("hello", "not_a_label"),
            ("https://example.com/", "not_a_label"),
            ("https://example.com/shop/01/06111234567895", "not_a_label"),
            ("ftp://example.com/01/06111234567895", "not_a_label"),
            ("(02)06111234567895", "not_a_label"),
            ("https://exa mple/01/06111234567895", "host_form"),
            ("06111234567896", "gtin_check_digit"),
            ("06111234567896/A", "gtin_check_digit"),
            ("06111234567895/A/B", "lot_character"),
            ("(01)06111234567895(10)", "lot_length"),
            ("/01/06111234567895/10/A/21/K7", "serial_form"),
            ("/01/06111234567895/10/%zz", "not_a_label"),
        ];
        for (text, expected) in cases {
            assert_eq!(describe(text), expected, "{text}");
        }
        assert_eq!(describe(&"A/".repeat(5_000)), "not_a_label");
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,200}") {
            let _ = ScanCode::parse(&text);
            let _ = Label::parse(&format!("https://h/{text}"));
            let _ = one_character_away(&format!("https://h/{text}"), &|_| Vec::new());
        }

        #[test]
        fn nothing_shaped_like_a_label_panics(
            token in "[0-9A-Z$*+.-]{105,115}", rest in "[0-9A-Za-z/%?#()é]{0,60}"
        ) {
            let text = format!("/{token}/01/{rest}");
            let _ = ScanCode::parse(&text);
            let _ = ScanCode::parse_path("host", &text);
            let _ = ScanCode::parse(&format!("(01){rest}(10){rest}(21)"));
        }
    }
}
