//! A name in several languages, as registrations, lots and materials bear it beside their first
//! one, and how a party can be reached. Not here: which language a page shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::envelope::inconsistent;
use super::{StatementError, is_name};

/// LocalNames by language: `ar`, `en`, `es`, `fr`, `zgh`, each of 1 to 120 characters.
pub type LocalNames = BTreeMap<String, String>;

/// Languages that names and public notices may be in (BCP 47).
pub(super) const LANGUAGES: [&str; 5] = ["ar", "en", "es", "fr", "zgh"];

/// Longest address of a party's own pages, in bytes.
const URL_BYTES_MAX: usize = 200;

/// How the public reaches a legal person: at least one of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// A telephone number in international form: `+` and 8 to 15 digits (ITU-T E.164).
    #[serde(default, deserialize_with = "super::envelope::given")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An address of its own: `https://`, at most 200 bytes of printable ASCII.
    #[serde(default, deserialize_with = "super::envelope::given")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// LocalNames that stand in a statement are of languages we speak and of a length people can read.
pub(super) fn check_names(names: &LocalNames) -> Result<(), StatementError> {
    let good = |(language, name): (&String, &String)| {
        LANGUAGES.contains(&language.as_str()) && is_name(name)
    };
    if names.iter().all(good) {
        return Ok(());
    }
    Err(inconsistent("names", "1 to 120 characters each, in ar, en, es, fr or zgh"))
}

impl Contact {
    pub(super) fn check(&self) -> Result<(), StatementError> {
        let dialled = |number: &String| {
            let digits = number.strip_prefix('+').unwrap_or_default();
            (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !self.phone.iter().all(dialled) {
            return Err(inconsistent("contact.phone", "must be + and 8 to 15 digits"));
        }
        let addressed = |url: &String| {
            let rest = url.strip_prefix("https://").unwrap_or_default();
            let host = rest.split('/').next().unwrap_or_default();
            let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}@".contains(&byte);
            !host.is_empty() && url.len() <= URL_BYTES_MAX && url.bytes().all(plain)
        };
        if !self.url.iter().all(addressed) {
            return Err(inconsistent(
                "contact.url",
                "must be an https address of at most 200 bytes",
            ));
        }
        if self.phone.is_none() && self.url.is_none() {
            return Err(inconsistent("contact", "phone or url must stand there"));
        }
        Ok(())
    }
}
