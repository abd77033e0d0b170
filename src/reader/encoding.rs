//! The text of a table in the encodings that spreadsheets save: UTF-8, UTF-16 with its mark, and
//! Windows-1252, which has no mark and is therefore told. Not here: codes and statements, which are
//! UTF-8 alone.

use std::borrow::Cow;

/// A text and the encoding that it was read in, where that is not UTF-8.
pub(super) type Decoded<'a> = (Cow<'a, str>, Option<&'static str>);

/// What Windows-1252 has from 0x80 to 0x9F; five of these bytes mean nothing.
const UPPER: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// The text of bytes that are no spreadsheet file.
///
/// # Errors
/// Bytes that are no text, or of an encoding that cannot be told from others.
pub(super) fn decoded(bytes: &[u8]) -> Result<Decoded<'_>, String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Ok((Cow::Owned(utf16(rest, u16::from_le_bytes)?), UTF_16)),
        [0xfe, 0xff, rest @ ..] => Ok((Cow::Owned(utf16(rest, u16::from_be_bytes)?), UTF_16)),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok((Cow::Borrowed(text.trim_start_matches('\u{feff}')), None)),
            Err(_) => Ok((Cow::Owned(windows_1252(bytes)?), Some("Windows-1252"))),
        },
    }
}

const UTF_16: Option<&str> = Some("UTF-16");

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err("its text is UTF-16 and cut or broken: save it as CSV UTF-8".to_owned()),
    }
}

fn windows_1252(bytes: &[u8]) -> Result<String, String> {
    let strange = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    if bytes.iter().any(strange) {
        return Err("it is no table: save the sheet as CSV UTF-8".to_owned());
    }
    let upper = bytes.iter().filter(|byte| **byte >= 0xc0).count();
    let plain = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let read = |byte: &u8| match *byte {
        0x80..=0x9f => UPPER.get(usize::from(*byte - 0x80)).copied().flatten(),
        other => Some(char::from(other)),
    };
    // French has few letters with accents; Arabic in an older encoding has no others.
    let text: Option<String> = bytes.iter().map(read).collect();
    text.filter(|_| upper <= plain).ok_or_else(|| {
        "its text is neither UTF-8 nor Windows-1252 but another older encoding (Arabic, MacRoman): \
         save it as CSV UTF-8"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_spreadsheets_are_read_and_told() {
        let told = |bytes: &[u8]| decoded(bytes).map(|(text, from)| (text.into_owned(), from));
        let text = "Lot;Quantité\nœuvre – 12,5 kg;«€»\n".to_owned();
        let bytes: Vec<u8> = text
            .chars()
            .map(|c| match UPPER.iter().position(|it| *it == Some(c)) {
                Some(place) => 0x80 + u8::try_from(place).unwrap(),
                None => u8::try_from(u32::from(c)).unwrap(),
            })
            .collect();
        assert_eq!(told(&bytes), Ok((text.clone(), Some("Windows-1252"))));
        assert_eq!(told(format!("\u{feff}{text}").as_bytes()), Ok((text.clone(), None)));
        let (mut little, mut big) = (vec![0xff, 0xfe], vec![0xfe, 0xff]);
        for unit in text.encode_utf16() {
            little.extend(unit.to_le_bytes());
            big.extend(unit.to_be_bytes());
        }
        assert_eq!(told(&little), Ok((text.clone(), UTF_16)));
        assert_eq!(told(&big), Ok((text, UTF_16)));
        little.pop();
        assert!(told(&little).unwrap_err().contains("UTF-16"));
        assert!(told(b"\xff\xfe\x00\xd8").is_err());
        // Arabic as Windows-1256 has it, a byte that means nothing, and no text at all.
        for bytes in [b"lot;\xc7\xe1\xcf\xdd\xda\xc9\n".as_slice(), b"abc;\x81\n", b"a\x01\xe9"] {
            assert!(told(bytes).is_err());
        }
    }
}
