//! The signed address in a label's QR code: what it says, what its signature covers, its token.
//! Pure; keys come from outside, and whether one may sign labels is for `register` to say.
//!
//! ```text
//! https://HOST/TOKEN/01/GTIN14/10/LOT[/21/SERIAL]      GS1 Digital Link, the token in its stem
//! https://HOST/TOKEN/LOT/PARTY/LOT[/SERIAL]            without a GTIN
//! TOKEN  = base41(header 10 || signature 64), 111 characters
//! header = version 1 || key hint 2 || log index 4 (BE) || expiry day 2 (BE) || scheme bits 1
//! signed = "tasdiq-qr-v1" 00 || header || host || 1D || GTIN14 or LOT:PARTY || 1D || lot
//!          || 1D || serial, empty if there is none
//! ```

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::address::{Address, exact};
use super::{LabelError, ScanCode, base41, read_code};
use crate::catalog::SchemeKind;
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Serial};
use crate::statement::Day;

/// The suite byte of labels this module makes and reads: Ed25519 over the layout above.
pub const VERSION: u8 = 1;

/// Length of a token in characters: 74 bytes in base41, 74 / 2 * 3.
pub const TOKEN_CHARACTERS: usize = 111;

const SIGNED_PREFIX: &[u8] = b"tasdiq-qr-v1\0";
const SEPARATOR: u8 = 0x1d;
const HEADER_BYTES: usize = 10;
/// 2020-01-01, in days since 1970-01-01.
const EXPIRY_EPOCH_DAYS: i64 = 18_262;

/// A label: everything its QR code says. Parsed is not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Host with port, lower case; empty when a path alone was read.
    pub host: String,
    /// The lot.
    pub key: LotKey,
    /// The unit, if labels are numbered.
    pub serial: Option<Serial>,
    /// What the token says besides the signature.
    pub header: Header,
    /// Ed25519 over the signed bytes.
    pub signature: [u8; 64],
}

/// The token's header without its version byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Names the label key, see [`key_hint`]; keys may share one.
    pub key_hint: [u8; 2],
    /// Log index of the lot's certificate.
    pub index: u32,
    /// Last day the label counts, in days since 2020-01-01.
    pub expiry_day: u16,
    /// What the certificate stands for.
    pub schemes: SchemeBits,
}

/// What a label's certificate stands for, one bit each; 64 and 128 are reserved and kept as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SchemeBits(pub u8);

impl SchemeBits {
    /// Fair trade.
    pub const FAIR_TRADE: Self = Self(1);
    /// Organic farming.
    pub const ORGANIC: Self = Self(2);
    /// Geographical indication or designation of origin.
    pub const GEOGRAPHICAL: Self = Self(4);
    /// Agricultural label.
    pub const AGRICULTURAL_LABEL: Self = Self(8);
    /// Halal.
    pub const HALAL: Self = Self(16);
    /// Quality or food safety.
    pub const QUALITY: Self = Self(32);

    /// The bits of these kinds.
    #[must_use]
    pub fn of(kinds: &[SchemeKind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | Self::bit(*kind).0))
    }

    /// Whether all bits of `other` are set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Without the two reserved bits.
    #[must_use]
    pub fn known(self) -> Self {
        Self(self.0 & 0x3f)
    }

    fn bit(kind: SchemeKind) -> Self {
        match kind {
            SchemeKind::FairTrade => Self::FAIR_TRADE,
            SchemeKind::Organic => Self::ORGANIC,
            SchemeKind::Geographical => Self::GEOGRAPHICAL,
            SchemeKind::AgriculturalLabel => Self::AGRICULTURAL_LABEL,
            SchemeKind::Halal => Self::HALAL,
            SchemeKind::Quality => Self::QUALITY,
        }
    }
}

impl Header {
    /// The last day the label counts.
    #[must_use]
    pub fn expiry(&self) -> Day {
        Day::from_days(EXPIRY_EPOCH_DAYS + i64::from(self.expiry_day))
    }

    fn bytes(&self) -> [u8; HEADER_BYTES] {
        let [hint_0, hint_1] = self.key_hint;
        let [index_0, index_1, index_2, index_3] = self.index.to_be_bytes();
        let [day_0, day_1] = self.expiry_day.to_be_bytes();
        let schemes = self.schemes.0;
        [VERSION, hint_0, hint_1, index_0, index_1, index_2, index_3, day_0, day_1, schemes]
    }
}

impl Label {
    /// Signs a label; `sign` is the label key's pure Ed25519.
    ///
    /// # Errors
    /// Those of `sign`, e.g. of a signing device.
    pub fn sign<E>(
        host: &str,
        key: LotKey,
        serial: Option<Serial>,
        header: Header,
        sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
    ) -> Result<Self, E> {
        let host = host.to_ascii_lowercase();
        let mut label = Self { host, key, serial, header, signature: [0; 64] };
        label.signature = sign(&label.signed_bytes())?;
        Ok(label)
    }

    /// The bytes the signature covers. The host is among them, so that a genuine token shows
    /// nothing on a foreign host.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let item = match &self.key {
            LotKey::Gtin(gtin, _) => gtin.as_str().to_owned(),
            LotKey::Party(party, _) => format!("LOT:{}", party.as_str().to_ascii_uppercase()),
        };
        let serial = self.serial.as_ref().map_or("", Serial::as_str);
        let mut bytes = [SIGNED_PREFIX, self.header.bytes().as_slice()].concat();
        bytes.extend_from_slice(self.host.as_bytes());
        for field in [item.as_str(), self.key.number().as_str(), serial] {
            bytes.push(SEPARATOR);
            bytes.extend_from_slice(field.as_bytes());
        }
        bytes
    }

    /// Checks the signature under one label key, strictly (no weak keys, one encoding).
    ///
    /// # Errors
    /// `label_signature`.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), LabelError> {
        let signature = Signature::from_bytes(&self.signature);
        let verified = key.verify_strict(&self.signed_bytes(), &signature);
        if cfg!(fuzzing) { Ok(()) } else { verified.map_err(|_| LabelError::Signature) }
    }

    /// The last day the label counts.
    #[must_use]
    pub fn expiry(&self) -> Day {
        self.header.expiry()
    }

    /// The 111 characters of header and signature.
    #[must_use]
    pub fn token(&self) -> String {
        let bytes = [self.header.bytes().as_slice(), self.signature.as_slice()].concat();
        base41::encode(bytes.as_chunks().0)
    }

    /// The text of the QR code: all but the scheme in upper case, for the dense alphanumeric mode.
    #[must_use]
    pub fn url(&self) -> String {
        self.address("https")
    }

    /// The same over plain HTTP, which labels never say: for the pages of a demonstration that
    /// phones open with no certificate. The signature covers the host all the same, and whoever
    /// reads it tells it (`plain-http`).
    #[must_use]
    pub fn plain_url(&self) -> String {
        self.address("http")
    }

    fn address(&self, scheme: &str) -> String {
        let path = self.key.path();
        let serial = match (&self.serial, &self.key) {
            (None, _) => String::new(),
            (Some(serial), LotKey::Gtin(..)) => format!("/21/{serial}"),
            (Some(serial), LotKey::Party(..)) => format!("/{serial}"),
        };
        let rest = format!("{}/{}/{path}{serial}", self.host, self.token());
        format!("{scheme}://{}", rest.to_ascii_uppercase())
    }

    /// The likeliest reading of a label's full address, see [`read_code`].
    ///
    /// # Errors
    /// As [`read_code`]; `not_a_label` for an address without a token.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let ways = read_code(text)?.into_iter();
        let mut labels = ways.filter(|way| way.host.is_some()).filter_map(|way| match way.code {
            ScanCode::Signed(label) => Some(label),
            _ => None,
        });
        labels.next().ok_or_else(|| LabelError::foreign(text))
    }

    /// Reads a label; None if the address has no token.
    pub(super) fn read(address: &Address) -> Result<Option<Self>, LabelError> {
        let Some((token, rest)) = address.token() else { return Ok(None) };
        let (header, signature) = read_token(token)?;
        let (key, serial) = read_lot(rest)?;
        Ok(Some(Self { host: address.host.clone(), key, serial, header, signature }))
    }
}

/// The version is looked at before the length: a later one may have another.
pub(super) fn read_token(token: &str) -> Result<(Header, [u8; 64]), LabelError> {
    let first: String = token.chars().take(3).collect();
    let length = token.chars().count();
    let read = base41::decode(&first).map_err(|error| match error {
        LabelError::TokenGroup { .. } if length != TOKEN_CHARACTERS => {
            LabelError::TokenLength { length }
        }
        other => other,
    });
    match read?.as_flattened() {
        [VERSION, _] => {}
        [version, ..] => return Err(LabelError::VersionUnknown { version: *version, length }),
        [] => return Err(LabelError::TokenLength { length: 0 }),
    }
    if length != TOKEN_CHARACTERS {
        return Err(LabelError::TokenLength { length });
    }
    let pairs = base41::decode(token)?;
    let refuse = || LabelError::TokenLength { length };
    let (header, signature) =
        pairs.as_flattened().split_first_chunk::<HEADER_BYTES>().ok_or_else(refuse)?;
    let [_, hint_0, hint_1, index_0, index_1, index_2, index_3, day_0, day_1, schemes] = *header;
    let header = Header {
        key_hint: [hint_0, hint_1],
        index: u32::from_be_bytes([index_0, index_1, index_2, index_3]),
        expiry_day: u16::from_be_bytes([day_0, day_1]),
        schemes: SchemeBits(schemes),
    };
    Ok((header, signature.try_into().map_err(|_| refuse())?))
}

/// The lot and unit in the segments behind the token. Too few or too many of them were cut, or are
/// more than one code: that accuses nobody, as a changed one does.
fn read_lot(segments: &[String]) -> Result<(LotKey, Option<Serial>), LabelError> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let gtin = |text| exact(text, 14..=14, Gtin::parse, Gtin::as_str);
    let lot = |text| exact(text, 1..=20, LotNumber::parse, LotNumber::as_str);
    let unit = |text| exact(text, 8..=20, Serial::parse, Serial::as_str).map(Some);
    let party = |text: &str| {
        let cut = !(1..=32).contains(&text.len());
        PartySlug::parse(text).map_err(|error| LabelError::Damaged { error, cut })
    };
    match segments.as_slice() {
        ["01", item, "10", number] => Ok((LotKey::Gtin(gtin(item)?, lot(number)?), None)),
        ["01", item, "10", number, "21", serial] => {
            Ok((LotKey::Gtin(gtin(item)?, lot(number)?), unit(serial)?))
        }
        ["LOT", who, number] => Ok((LotKey::Party(party(who)?, lot(number)?), None)),
        ["LOT", who, number, serial] => {
            Ok((LotKey::Party(party(who)?, lot(number)?), unit(serial)?))
        }
        [first, rest @ ..] => {
            let whole = match first.len() {
                2 => matches!(rest.len(), 3 | 5),
                3 => matches!(rest.len(), 2 | 3),
                _ => false,
            };
            let reason = "01/GTIN/10/LOT, 01/GTIN/10/LOT/21/SERIAL, LOT/PARTY/LOT or \
                          LOT/PARTY/LOT/SERIAL must stand behind the token";
            Err(if whole { LabelError::Malformed { reason } } else { LabelError::Cut })
        }
        [] => Err(LabelError::Cut),
    }
}

/// The hint by which a token names its key: the first bytes of the public key's SHA-256.
#[must_use]
pub fn key_hint(public: &[u8; 32]) -> [u8; 2] {
    let hash: [u8; 32] = Sha256::digest(public).into();
    let [first, second, ..] = hash;
    [first, second]
}

/// A day as days since 2020-01-01, held within what two bytes carry (to 2199-06-06).
#[must_use]
pub fn expiry_day_of(day: Day) -> u16 {
    let days = (day.days() - EXPIRY_EPOCH_DAYS).clamp(0, i64::from(u16::MAX));
    u16::try_from(days).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use ed25519_dalek::{Signer, SigningKey};

    use super::*;
    use crate::label::{ScanCode, one_character_away};

    fn signing_key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn label(key: &str, serial: Option<&str>) -> Label {
        let signing_key = signing_key();
        let header = Header {
            key_hint: key_hint(signing_key.verifying_key().as_bytes()),
            index: 70_000,
            expiry_day: expiry_day_of(Day::parse("2027-06-30").unwrap()),
            schemes: SchemeBits::of(&[SchemeKind::FairTrade, SchemeKind::Organic]),
        };
        let serial = serial.map(|serial| Serial::parse(serial).unwrap());
        let sign = |bytes: &[u8]| Ok::<_, Infallible>(signing_key.sign(bytes).to_bytes());
        Label::sign("ID.tasdiq.ma", key.parse().unwrap(), serial, header, sign).unwrap()
    }

    fn verifies(text: &str) -> bool {
        let key = signing_key().verifying_key();
        Label::parse(text).is_ok_and(|label| label.verify(&key).is_ok())
    }

    #[test]
    fn labels_round_trip() {
        for (key, serial) in [
            ("06111234567895/A24B017", Some("K7Q2M9XD")),
            ("06111234567895/A24B017", None),
            ("coop-fictive-1/L%1", Some("K7Q2M9XDK7Q2M9XDK7Q2")),
            ("coop-fictive-1/L1", None),
        ] {
            let label = label(key, serial);
            let url = label.url();
            assert_eq!(label.token().len(), TOKEN_CHARACTERS);
            assert_eq!(url.strip_prefix("https://").unwrap(), url[8..].to_ascii_uppercase());
            assert_eq!(Label::parse(&url).unwrap(), label);
            assert!(verifies(&url), "{url}");
        }
    }

    #[test]
    fn header_fields_are_read_back() {
        let label = label("06111234567895/A24B017", None);
        assert_eq!(label.expiry().to_string(), "2027-06-30");
        assert_eq!((label.header.index, label.header.schemes.0), (70_000, 3));
        assert!(label.header.schemes.contains(SchemeBits::ORGANIC));
        let edge = |day| expiry_day_of(Day::parse(day).unwrap());
        assert_eq!([edge("2019-12-31"), edge("2020-01-02"), edge("2300-01-01")], [0, 1, u16::MAX]);
        assert_eq!(Day::from_days(EXPIRY_EPOCH_DAYS).to_string(), "2020-01-01");
        let last = Header { expiry_day: u16::MAX, ..label.header };
        assert_eq!(last.expiry().to_string(), "2199-06-06");
    }

    #[test]
    fn what_scanners_change_is_forgiven() {
        let url = label("06111234567895/A24B017", Some("K7Q2M9XD")).url();
        let escaped = url.replace('*', "%2A").replace('$', "%24").replace('+', "%2b");
        for text in [
            url.to_lowercase(),
            url.to_uppercase(),
            url.replace("https", "http"),
            format!("  {url}/?utm=x#top\n"),
            escaped,
        ] {
            assert!(verifies(&text), "{text}");
        }
        let path = url.strip_prefix("https://ID.TASDIQ.MA").unwrap();
        let read = ScanCode::parse_path("id.tasdiq.ma", &path.to_lowercase()).unwrap();
        assert!(read.label().unwrap().verify(&signing_key().verifying_key()).is_ok());
        let bare = ScanCode::parse(path).unwrap();
        assert_eq!(bare.label().unwrap().host, "");
    }

    #[test]
    fn no_changed_character_verifies() {
        for url in [
            label("06111234567895/A24B017", Some("K7Q2M9X0")).url(),
            label("coop-1/L1", None).url(),
        ] {
            for (at, old) in url.char_indices() {
                for new in "017AIOLZ$.-+*/?#%:é ".chars().filter(|new| *new != old) {
                    // A form turns the one into the other, and back.
                    if (old, new) == ('+', ' ') {
                        continue;
                    }
                    let text = format!("{}{new}{}", &url[..at], &url[at + 1..]);
                    assert!(!verifies(&text), "{text}");
                }
                let text = format!("{}{}", &url[..at], &url[at + 1..]);
                // Without its `s` the scheme is http, which is forgiven.
                assert!(at == 4 || !verifies(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_changed_hint_is_told_from_an_unknown_key() {
        let key = signing_key().verifying_key();
        let hint = key_hint(key.as_bytes());
        let known = |asked| if asked == hint { vec![key] } else { Vec::new() };
        let nobody = |_| Vec::new();
        let url = label("06111234567895/A24B017", None).url();
        assert!(!one_character_away(&url, &known));
        for place in 0..6 {
            let at = "https://ID.TASDIQ.MA/".len() + place;
            for new in ["0", "7", "Z"].iter().filter(|new| **new != &url[at..=at]) {
                let text = format!("{}{new}{}", &url[..at], &url[at + 1..]);
                assert!(one_character_away(&text, &known), "{text}");
                assert!(!one_character_away(&text, &nobody));
            }
        }
        let later = format!("{}0{}", &url[..60], &url[61..]);
        assert!(!one_character_away(&later, &known));
    }
}
