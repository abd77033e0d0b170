//! The PKCS#11 URI (RFC 7512): which module, which token, which object, and where the PIN is.
//! Strict: what is unknown or stands twice is refused. Not here: anything that touches a token.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::TokenError;
use crate::limits::PKCS11_URI_BYTES_MAX;
use crate::os::percent;

const SCHEME: &str = "pkcs11:";

/// Attributes that choose a token and an object.
const PATH: [&str; 9] = [
    "token",
    "manufacturer",
    "serial",
    "model",
    "slot-id",
    "slot-manufacturer",
    "slot-description",
    "object",
    "id",
];

/// Raw characters beside letters and digits (RFC 7512 section 2.3); others are percent-encoded.
const RAW: &str = "-._~:[]@!$'()*+,=";

/// Where the PIN is, as the URI says.
#[derive(Clone, PartialEq, Eq)]
pub enum PinSource {
    /// In the URI itself.
    Value(Zeroizing<String>),
    /// In a file, on its first line.
    File(PathBuf),
}

/// Says where, never what.
impl fmt::Debug for PinSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("Value(..)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// A PKCS#11 URI. Its text form leaves out the PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUri {
    path: BTreeMap<String, String>,
    id: Option<Vec<u8>>,
    module: Option<PathBuf>,
    pin: Option<PinSource>,
}

impl TokenUri {
    /// Whether a text where a key file is expected is meant as such a URI.
    #[must_use]
    pub fn looks_like(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads `pkcs11:token=...;object=...?module-path=...`.
    ///
    /// # Errors
    /// [`TokenError::Uri`]: not such a URI (RFC 7512 section 2.3), or one with attributes that are
    /// unknown, stand twice, or choose something else than a key.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() > PKCS11_URI_BYTES_MAX {
            return Err(malformed(format!("it is longer than {PKCS11_URI_BYTES_MAX} bytes")));
        }
        let rest = text.get(SCHEME.len()..).filter(|_| Self::looks_like(text));
        let rest = rest.ok_or_else(|| malformed("it does not begin with pkcs11:"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self { path: BTreeMap::new(), id: None, module: None, pin: None };
        for (name, value) in attributes(path, ';', "&")? {
            uri.choose(name, value)?;
        }
        for (name, value) in attributes(query, '&', "/?|")? {
            uri.ask(name, value)?;
        }
        Ok(uri)
    }

    fn choose(&mut self, name: &str, value: Zeroizing<Vec<u8>>) -> Result<(), TokenError> {
        match name {
            "id" => self.id = Some(value.to_vec()),
            "type" if *value == b"private" || *value == b"public" => {}
            "type" => return Err(malformed("type= is neither private nor public: no key to sign")),
            "slot-id" => {
                let number = text_of(name, &value)?;
                if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(malformed("slot-id= is no number"));
                }
                self.path.insert(name.to_owned(), number);
            }
            _ if PATH.contains(&name) => {
                self.path.insert(name.to_owned(), text_of(name, &value)?);
            }
            _ => return Err(malformed(format!("the attribute {name} is not supported"))),
        }
        Ok(())
    }

    fn ask(&mut self, name: &str, value: Zeroizing<Vec<u8>>) -> Result<(), TokenError> {
        match name {
            "module-path" => self.module = Some(PathBuf::from(filled(name, &value)?)),
            "pin-value" | "pin-source" if self.pin.is_some() => {
                return Err(malformed("it has both pin-value and pin-source"));
            }
            "pin-value" => {
                self.pin = Some(PinSource::Value(Zeroizing::new(text_of(name, &value)?)));
            }
            "pin-source" => self.pin = Some(PinSource::File(pin_file(&filled(name, &value)?)?)),
            "module-name" => {
                return Err(malformed("module-name is not supported; write module-path="));
            }
            _ => return Err(malformed(format!("the query attribute {name} is not supported"))),
        }
        Ok(())
    }

    /// An attribute that chooses token, slot or object: its text.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.path.get(name).map(String::as_str)
    }

    /// The object's identifier (`CKA_ID`).
    #[must_use]
    pub fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The module's file.
    #[must_use]
    pub fn module(&self) -> Option<&PathBuf> {
        self.module.as_ref()
    }

    /// Where the PIN is.
    #[must_use]
    pub fn pin(&self) -> Option<&PinSource> {
        self.pin.as_ref()
    }

    /// The same for the object of this identifier.
    #[must_use]
    pub fn with_id(&self, id: &[u8]) -> Self {
        Self { id: Some(id.to_vec()), ..self.clone() }
    }
}

/// The URI without its PIN, fit to be shown and to be used again.
impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = PATH.iter().filter_map(|name| Some((*name, self.path.get(*name)?)));
        let mut parts: Vec<String> =
            named.map(|(name, text)| format!("{name}={}", percent::value(text))).collect();
        if let Some(id) = &self.id {
            let bytes: String = id.iter().map(|byte| format!("%{byte:02x}")).collect();
            parts.push(format!("id={bytes}"));
        }
        write!(f, "{SCHEME}{}", parts.join(";"))?;
        let module = self.module.as_ref().map(|path| ("module-path", path));
        let source = match &self.pin {
            Some(PinSource::File(path)) => Some(("pin-source", path)),
            _ => None,
        };
        for (place, (name, path)) in [module, source].into_iter().flatten().enumerate() {
            let mark = if place == 0 { '?' } else { '&' };
            // Two slashes alone at the beginning of a path would name a host (RFC 8089 section 2).
            let start = match name {
                "pin-source" if path.to_string_lossy().starts_with("//") => "file://",
                "pin-source" => "file:",
                _ => "",
            };
            write!(f, "{mark}{name}={start}{}", percent::path(&path.to_string_lossy()))?;
        }
        Ok(())
    }
}

fn malformed(reason: impl Into<String>) -> TokenError {
    TokenError::Uri { reason: reason.into() }
}

/// Name and decoded value of each attribute.
type Attributes<'a> = Vec<(&'a str, Zeroizing<Vec<u8>>)>;

/// The attributes, in order; a name twice is refused (RFC 7512 section 2.3).
fn attributes<'a>(text: &'a str, separator: char, raw: &str) -> Result<Attributes<'a>, TokenError> {
    let mut found: Attributes<'a> = Vec::new();
    for part in text.split(separator).filter(|_| !text.is_empty()) {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| malformed("an attribute is not written name=value"))?;
        let named = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(named) {
            return Err(malformed("the name of an attribute is not of letters, digits, - and _"));
        }
        if found.iter().any(|(other, _)| *other == name) {
            return Err(malformed(format!("{name} stands twice")));
        }
        found.push((name, decoded(name, value, raw)?));
    }
    Ok(found)
}

fn decoded(name: &str, value: &str, raw: &str) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(value.len()));
    let mut rest = value.chars();
    while let Some(next) = rest.next() {
        if next == '%' {
            let mut digit = || rest.next().and_then(|c| c.to_digit(16));
            let byte = digit().zip(digit()).and_then(|(h, l)| u8::try_from(h * 16 + l).ok());
            bytes.push(byte.ok_or_else(|| {
                malformed(format!("{name}= has a % without two hexadecimal digits"))
            })?);
        } else if next.is_ascii_alphanumeric() || RAW.contains(next) || raw.contains(next) {
            bytes.extend(u8::try_from(next));
        } else {
            return Err(malformed(format!(
                "{name}= has a character that must be percent-encoded (a space is %20)"
            )));
        }
    }
    Ok(bytes)
}

fn text_of(name: &str, bytes: &[u8]) -> Result<String, TokenError> {
    let text = std::str::from_utf8(bytes).map_err(|_| malformed(format!("{name}= is no UTF-8")))?;
    Ok(text.to_owned())
}

fn filled(name: &str, bytes: &[u8]) -> Result<String, TokenError> {
    let text = text_of(name, bytes)?;
    if text.is_empty() { Err(malformed(format!("{name}= is empty"))) } else { Ok(text) }
}

/// The file of `pin-source`: `file:PATH` (RFC 8089, on this machine) or an absolute path.
fn pin_file(source: &str) -> Result<PathBuf, TokenError> {
    let path = match source.strip_prefix("file:") {
        Some(rest) => match rest.strip_prefix("//") {
            Some(place) => place.strip_prefix("localhost").unwrap_or(place),
            None => rest,
        },
        None if source.starts_with('/') => source,
        None => return Err(malformed("pin-source= is not file:PATH; commands are not run")),
    };
    if path.is_empty() || (source.starts_with("file://") && !path.starts_with('/')) {
        return Err(malformed("pin-source= names no file on this machine"));
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> TokenUri {
        TokenUri::parse(text).unwrap()
    }

    fn reason(text: &str) -> String {
        let error = TokenUri::parse(text).unwrap_err();
        assert_eq!(error.code(), "token_uri");
        error.to_string()
    }

    #[test]
    fn attributes_are_read_decoded() {
        let uri = read(
            "PKCS11:token=Ma%20cl%C3%A9;object=a&b;id=%00%ff1;slot-id=7;type=private\
             ?module-path=/usr/lib/p.so&pin-source=file:///etc/pin%20file",
        );
        assert_eq!(uri.attribute("token"), Some("Ma cl\u{e9}"));
        assert_eq!(uri.attribute("object"), Some("a&b"));
        assert_eq!(uri.attribute("slot-id"), Some("7"));
        assert_eq!(uri.attribute("serial"), None);
        assert_eq!(uri.id(), Some([0, 0xff, b'1'].as_slice()));
        assert_eq!(uri.module(), Some(&PathBuf::from("/usr/lib/p.so")));
        assert_eq!(uri.pin(), Some(&PinSource::File("/etc/pin file".into())));
        assert_eq!(read("pkcs11:"), read("pkcs11:?"));
        assert_eq!(
            read("pkcs11:object=a?pin-value=").pin(),
            Some(&PinSource::Value(String::new().into()))
        );
    }

    #[test]
    fn the_file_of_a_pin() {
        for (source, path) in [
            ("file:/etc/pin", "/etc/pin"),
            ("file:pin.txt", "pin.txt"),
            ("file://localhost/etc/pin", "/etc/pin"),
            ("/etc/pin", "/etc/pin"),
            ("file:////etc/pin", "//etc/pin"),
        ] {
            let uri = read(&format!("pkcs11:?pin-source={source}"));
            assert_eq!(uri.pin(), Some(&PinSource::File(path.into())), "{source}");
            assert_eq!(read(&uri.to_string()).pin(), uri.pin(), "{uri}");
        }
        for source in ["|cat", "pin.txt", "file:", "file://other/pin", "file://", "https:/x"] {
            assert!(reason(&format!("pkcs11:?pin-source={source}")).contains("pin-source"));
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, word) in [
            ("pkcs12:token=a", "begin"),
            ("pkcs11", "begin"),
            ("pkcs11:token", "name=value"),
            ("pkcs11:token=a;", "name=value"),
            ("pkcs11:=a", "name of an attribute"),
            ("pkcs11:to ken=a", "name of an attribute"),
            ("pkcs11:token=a;token=b", "token stands twice"),
            ("pkcs11:token=a%4", "token= has a %"),
            ("pkcs11:token=a%+4", "token= has a %"),
            ("pkcs11:token=%ff", "token= is no UTF-8"),
            ("pkcs11:token=a b", "percent-encoded"),
            ("pkcs11:token=a/b", "percent-encoded"),
            ("pkcs11:token=cl\u{e9}", "percent-encoded"),
            ("pkcs11:token=a#b", "percent-encoded"),
            ("pkcs11:tokens=a", "tokens is not supported"),
            ("pkcs11:library-version=3", "not supported"),
            ("pkcs11:type=cert", "type="),
            ("pkcs11:slot-id=0x1", "slot-id"),
            ("pkcs11:module-path=a", "not supported"),
            ("pkcs11:?module-name=softhsm2", "module-path"),
            ("pkcs11:?module-path=", "module-path= is empty"),
            ("pkcs11:?colour=red", "colour is not supported"),
            ("pkcs11:?pin-value=1;module-path=/a", "percent-encoded"),
            ("pkcs11:?pin-value=1234&pin-source=file:/a", "both"),
        ] {
            assert!(reason(text).contains(word), "{text}: {}", reason(text));
        }
        let long = format!("pkcs11:object={}", "a".repeat(PKCS11_URI_BYTES_MAX));
        assert!(reason(&long).contains("longer"));
        assert!(!TokenUri::looks_like("pkcs1\u{e9}"));
    }

    #[test]
    fn a_pin_is_never_shown() {
        let secret = "731955";
        let start = "pkcs11:token=a%3Bb;id=%01?pin-value=";
        let uri = read(&format!("{start}{secret}&module-path=/a%20b"));
        assert_eq!(uri.to_string(), "pkcs11:token=a%3Bb;id=%01?module-path=/a%20b");
        assert!(!format!("{uri:?}").contains(secret));
        for text in [
            format!("pkcs11:?pin-value={secret}%"),
            format!("pkcs11:?pin-value={secret}&pin-value={secret}"),
            format!("pkcs11:?pin-value={secret} "),
            format!("pkcs11:?{secret}"),
        ] {
            assert!(!reason(&text).contains(secret), "{}", reason(&text));
        }
        let file = read("pkcs11:object=x%2Fy?pin-source=file:/etc/pin");
        assert_eq!(file.to_string(), "pkcs11:object=x%2Fy?pin-source=file:/etc/pin");
        assert_eq!(read(&file.to_string()), file);
    }
}
