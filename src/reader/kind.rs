//! What the bytes of a file are, by their content; its name says nothing. What nobody here judges
//! is named for what it is, with what to hand in instead.

use crate::consignment::is_consignment;
use crate::dossier::is_dossier;
use crate::seal::is_jwt;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A PNG or JPEG.
    Picture,
    /// A `.tlog-proof` file.
    Proof(&'a str),
    /// A dossier.
    Dossier(&'a str),
    /// A vc+jwt.
    Jwt(&'a str),
    /// Signed JSON, or JSON of another kind.
    Json(&'a str),
    /// A text: codes, one or many.
    Text(&'a str),
    /// What is judged nowhere: what it is, and what to do.
    Foreign(&'static str),
}

/// The beginnings of files that people hand in by mistake, and what to hand in instead.
const FOREIGN: [(&[u8], &str); 15] = [
    (b"%PDF-", "it is a PDF: hand in a picture of its code (PNG or JPEG), or the code as text"),
    (b"PK\x03\x04", "it is a spreadsheet (XLSX) or a ZIP: save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an old spreadsheet (XLS): save the sheet as CSV UTF-8"),
    (b"GIF8", "it is a GIF: hand in a PNG or JPEG"),
    (b"RIFF", "it is a WebP picture or a sound: hand in a PNG or JPEG"),
    (b"BM", "it is a bitmap (BMP): hand in a PNG or JPEG"),
    (b"II*\0", "it is a TIFF: hand in a PNG or JPEG"),
    (b"MM\0*", "it is a TIFF: hand in a PNG or JPEG"),
    (b"\x1f\x8b", "it is packed (gzip): unpack it first"),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"<svg", "it is a drawing (SVG): hand in a PNG or JPEG of it"),
    (b"-----BEGIN", "it is a key or a certificate in PEM; a private key is shown to nobody"),
    (b"tasdiqP", "it is a pack: give it with --pack"),
    (b"tasdiqD", "it is the changes of a pack: bring them in with pack --in"),
];

const UTF_16: &str = "its text is UTF-16, which spreadsheets call Unicode: save it as CSV UTF-8";
const OLDER: &str =
    "its text is not UTF-8 but an older encoding (such as Windows-1252): save it as CSV UTF-8";

/// Whether a text is foreign for its encoding alone, which tables may have.
pub(super) fn is_encoding(why: &str) -> bool {
    why == UTF_16 || why == OLDER
}

/// Whether a file begins as a PNG or JPEG does.
#[must_use]
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff")
}

impl<'a> Kind<'a> {
    /// What these bytes are. A text is given without the mark of its encoding.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        if is_picture(bytes) {
            return Self::Picture;
        }
        let heic = bytes.get(4..8) == Some(b"ftyp");
        let begins = |(start, _): &&(&[u8], &str)| bytes.starts_with(start);
        let bitmap_word = bytes.starts_with(b"BM") && !bytes.contains(&0);
        match FOREIGN.iter().find(begins) {
            Some((_, what)) if !bitmap_word => return Self::Foreign(what),
            _ if heic => {
                return Self::Foreign("it is a HEIC picture or a film: hand in a PNG or JPEG");
            }
            _ => {}
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Self::Foreign(of_no_text(bytes));
        };
        let text = text.trim_start_matches('\u{feff}');
        if text.contains('\0') {
            return Self::Foreign("it is no text, picture or document that is judged here");
        }
        Self::of_text(text)
    }

    /// What a text is.
    #[must_use]
    pub fn of_text(text: &'a str) -> Self {
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let lower = trimmed.get(..256).unwrap_or(trimmed).to_ascii_lowercase();
        if trimmed.starts_with("c2sp.org/tlog-proof@") {
            Self::Proof(text)
        } else if is_consignment(trimmed.as_bytes()) {
            Self::Foreign("it is a consignment: `tasdiq consignment FILE` judges it")
        } else if is_dossier(trimmed.as_bytes()) {
            Self::Dossier(trimmed)
        } else if is_jwt(trimmed) {
            Self::Jwt(trimmed)
        } else if trimmed.starts_with('{') || (trimmed.starts_with('[') && !is_bracketed(trimmed)) {
            Self::Json(trimmed)
        } else if lower.starts_with("<svg") || lower.starts_with("<?xml") {
            Self::Foreign("it is a drawing (SVG) or XML: hand in a PNG or JPEG of it, or the code")
        } else if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            Self::Foreign("it is a web page: hand in the code itself, or a picture of it")
        } else if trimmed.starts_with("-----BEGIN") {
            Self::Foreign("it is a key or a certificate in PEM; a private key is shown to nobody")
        } else {
            Self::Text(text)
        }
    }
}

/// Whether a bracket is the dress of an address, not a list of JSON.
fn is_bracketed(text: &str) -> bool {
    text.get(1..5).is_some_and(|head| head.eq_ignore_ascii_case("http"))
}

/// What bytes are that are no UTF-8.
fn of_no_text(bytes: &[u8]) -> &'static str {
    let strange = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    if bytes.iter().any(strange) {
        return "it is no PNG, JPEG, JSON, proof file or list of codes";
    }
    OLDER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_for_what_they_are() {
        let named: [(&[u8], &str); 12] = [
            (b"%PDF-1.7", "PDF"),
            (b"PK\x03\x04..", "XLSX"),
            (b"\xff\xfec\0o\0", "UTF-16"),
            (b"code\ncaf\xe9\n", "Windows-1252"),
            (b"\x01\x02\xfe", "no PNG"),
            (b"<?xml version='1.0'?><svg/>", "SVG"),
            (b"\n<!DOCTYPE html>", "web page"),
            (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", "PEM"),
            (b"\0\0\0\x18ftypheic", "HEIC"),
            (b"BM\0\0", "BMP"),
            (b"a\0b", "no text"),
            (b"\x1f\x8b\x08", "gzip"),
        ];
        for (bytes, word) in named {
            let Kind::Foreign(what) = Kind::of(bytes) else { panic!("{word}") };
            assert!(what.contains(word), "{what}");
        }
        assert_eq!(Kind::of(b"BMI-1/L1"), Kind::Text("BMI-1/L1"));
        assert_eq!(Kind::of(b"\xef\xbb\xbfcoop/A1"), Kind::Text("coop/A1"));
        assert_eq!(Kind::of(b" {}\n"), Kind::Json("{}"));
        assert_eq!(Kind::of(b"[{}]"), Kind::Json("[{}]"));
        assert!(matches!(Kind::of(b"[https://h.example/lot/COOP/A1]"), Kind::Text(_)));
    }
}
