//! The one byte form of a statement: strict JSON in, RFC 8785 (JCS) bytes out.
//! Not a general JSON parser: floats, big integers, duplicate keys, non-ASCII keys and strings that
//! are not NFC are refused, so that `serde_json`'s sorted output *is* JCS (a test compares both).

use std::cell::Cell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};
use unicode_normalization::{IsNormalized, is_nfc, is_nfc_quick};

use super::{StatementError, json_cost};
use crate::limits::{INTEGER_MAX, JSON_COST_MAX, NESTING_MAX, STATEMENT_BYTES_MAX};

/// Parses one JSON document under the strict profile.
///
/// # Errors
/// The code of the first rule broken: size, UTF-8, syntax, nesting, duplicate key, key characters,
/// number form, NFC.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, StatementError> {
    if bytes.len() > STATEMENT_BYTES_MAX {
        return Err(StatementError::TooLarge { bytes: bytes.len(), max: STATEMENT_BYTES_MAX });
    }
    parse_document(bytes)
}

/// Like [`parse_strict`] without the size limit of a statement, for packs and trust files: but not
/// one that costs more memory than [`JSON_COST_MAX`], since nobody vouches for it yet.
///
/// # Errors
/// As [`parse_strict`], but for the size.
pub fn parse_document(bytes: &[u8]) -> Result<Value, StatementError> {
    if json_cost(bytes) > JSON_COST_MAX {
        let reason = "it holds more values than any such document".to_owned();
        return Err(StatementError::NotJson { line: 1, column: 1, reason });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| StatementError::NotUtf8 { at: error.valid_up_to() })?;
    let fault = Cell::new(None);
    let mut parser = serde_json::Deserializer::from_str(text);
    let seed = Strict { depth: 0, fault: &fault };
    let value = seed.deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    value.map_err(|error| match fault.take() {
        Some(fault) => fault,
        None if error.to_string().starts_with("recursion limit") => StatementError::TooDeep,
        None => StatementError::NotJson {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        },
    })
}

/// The canonical bytes of a value that came from [`parse_strict`] or was built with ASCII keys and
/// integers: sorted keys, no white space (RFC 8785).
#[must_use]
pub fn canonical_bytes(value: &Value) -> Vec<u8> {
    // A `Value` has string keys only, so serialising it into memory has no way to fail.
    serde_json::to_vec(value).unwrap_or_default()
}

/// The canonical bytes of a document that is the same JSON in another dress: a mark of its
/// encoding, other white space, order of members or escapes, as editors and `jq` write it. A proof
/// covers the canonical form, so whoever reads may take it; the log takes exact bytes alone. None
/// if the bytes are canonical, or break the profile otherwise: duplicate members, floats, strings
/// that are not NFC.
#[must_use]
pub fn canonicalised(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii();
    let canonical = canonical_bytes(&parse_document(plain).ok()?);
    (canonical != bytes).then_some(canonical)
}

/// One value at one depth; the fault is carried beside serde's own error to keep its type.
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<Option<StatementError>>,
}

impl<'a> Strict<'a> {
    fn refuse<E: serde::de::Error>(&self, fault: StatementError) -> E {
        let message = fault.to_string();
        self.fault.set(Some(fault));
        E::custom(message)
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<Strict<'a>, E> {
        if self.depth >= NESTING_MAX {
            return Err(self.refuse(StatementError::TooDeep));
        }
        Ok(Strict { depth: self.depth + 1, fault: self.fault })
    }

    fn integer<E: serde::de::Error>(&self, number: i64) -> Result<Value, E> {
        if (-INTEGER_MAX..=INTEGER_MAX).contains(&number) {
            Ok(Value::Number(Number::from(number)))
        } else {
            Err(self.refuse(StatementError::NumberRange))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.integer(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        match i64::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => Err(self.refuse(StatementError::NumberRange)),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // Integers beyond 64 bits come as floats too.
        let whole = value.fract() == 0.0 && value.abs() > INTEGER_MAX as f64;
        Err(self.refuse(if whole {
            StatementError::NumberRange
        } else {
            StatementError::NumberNotInteger
        }))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        if !is_normalized(value) {
            return Err(self.refuse(StatementError::NotNfc { text: clip(value) }));
        }
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.deeper()?)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key::<Key>()? {
            let key = key.0;
            if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(self.refuse(StatementError::KeyNotAscii { key: clip(&key) }));
            }
            if members.contains_key(&key) {
                return Err(self.refuse(StatementError::DuplicateKey { key: clip(&key) }));
            }
            let value = access.next_value_seed(self.deeper()?)?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

/// A member name, read as a plain string.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Key).map_err(D::Error::custom)
    }
}

/// Whether a text is in Unicode Normalization Form C (UAX 15); ASCII always is.
pub(super) fn is_normalized(text: &str) -> bool {
    text.is_ascii()
        || match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => true,
            IsNormalized::No => false,
            IsNormalized::Maybe => is_nfc(text),
        }
}

/// At most 40 characters of a foreign text, for a message.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        parse_strict(bytes).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn each_rule_has_its_code() {
        let deep = "[".repeat(10_000);
        let cases: [(&[u8], &str); 14] = [
            (br#"{"a":18446744073709551616}"#, "number_range"),
            (br#"{"a":1,"b":[true,null,"x"]}"#, "ok"),
            (br#"{"a":1,"a":2}"#, "duplicate_key"),
            (br#"{"a":{"b":1,"b":1}}"#, "duplicate_key"),
            (br#"{"a":1.5}"#, "number_not_integer"),
            (br#"{"a":1e3}"#, "number_not_integer"),
            (br#"{"a":9007199254740992}"#, "number_range"),
            (br#"{"a":-9007199254740992}"#, "number_range"),
            (b"{\"a\":\"e\xcc\x81\"}", "not_nfc"),
            ("{\"é\":1}".as_bytes(), "key_not_ascii"),
            (b"{\"a\":\"\xff\"}", "not_utf8"),
            (br#"{"a":1"#, "not_json"),
            (br#"{"a":1} x"#, "not_json"),
            (deep.as_bytes(), "too_deep"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(code(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(code(&vec![b' '; STATEMENT_BYTES_MAX + 1]), "too_large");
    }

    #[test]
    fn our_bytes_are_jcs() {
        let texts = [
            r#"{"b":"\u0001\u001f\u007f\"\\\/\n\r\t\b\f","a":[1,-2,9007199254740991],"€":0}"#,
            r#"{"z":{"y":null,"x":true},"A":"أركان","a":"Kelâat M'Gouna 😀","":[]}"#,
        ];
        for text in texts {
            let value: Value = serde_json::from_str(text).unwrap();
            let other = serde_json_canonicalizer::to_vec(&value).unwrap();
            assert_eq!(canonical_bytes(&value), other);
        }
    }
}
