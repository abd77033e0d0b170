//! What a person types, pastes or scans to name a lot or a unit, signed label or not.
//! Not a search, and not how a text is read (`reading`).

use super::payload::Label;
use crate::names::{Gtin, LotKey, LotNumber, Serial};

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
            Self::Plain { gtin, lot, .. } => lot.map(|lot| LotKey::Gtin(gtin.clone(), lot)),
            Self::PlainLot { key, .. } => Some(key.clone()),
        }
    }

    /// The unit it names, if it names one. Of an unsigned code it is a claim that nobody checked.
    #[must_use]
    pub fn serial(&self) -> Option<&Serial> {
        match self {
            Self::Signed(label) => label.serial.as_ref(),
            Self::Plain { serial, .. } | Self::PlainLot { serial, .. } => serial.as_ref(),
        }
    }

    pub(super) fn of_key(key: LotKey, serial: Option<Serial>) -> Self {
        match key {
            LotKey::Gtin(gtin, lot) => Self::Plain { gtin, lot: Some(lot), serial },
            LotKey::Party(..) => Self::PlainLot { key, serial },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::one_character_away;

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
            ("https://example.com/shop/01/06111234567895", ""),
            ("https://example.com/p/01/06111234567895/22/2A/10/A24B017/21/12345?17=271231", lot),
            ("/01/06111234567895/10/A/21/K7", "06111234567895/A"),
            ("]d20106111234567895\u{1d}10A24B017\u{1d}17271231", lot),
            ("010611123456789510A24B017\u{1d}21K7Q2M9XD", unit),
            ("(01)06111234567895(10)A24B017(17)261231", lot),
            ("\u{feff}\u{ab} 06111234567895/A24B017 \u{bb}", lot),
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
            ("https://example.com/01/06111234567895/10/A/17/271231", "not_a_label"),
            ("http://a.example/lot/COOP/A https://a.example/lot/COOP/B", "two_addresses"),
            ("https://a.example/lot/COOP/Ahttps://a.example/lot/COOP/B", "two_addresses"),
            ("ftp://example.com/01/06111234567895", "not_a_label"),
            ("(02)06111234567895", "not_a_label"),
            ("https://exa mple/01/06111234567895", "host_form"),
            ("06111234567896", "gtin_check_digit"),
            ("06111234567896/A", "gtin_check_digit"),
            ("06111234567895/A/B", "lot_character"),
            ("(01)06111234567895(10)", "not_a_label"),
            ("/01/06111234567895/10/%zz/", "ok:06111234567895/%ZZ"),
        ];
        for (text, expected) in cases {
            assert_eq!(describe(text), expected.trim_start_matches("ok:"), "{text}");
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
