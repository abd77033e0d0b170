//! Signed notes: a text and the signatures under it (C2SP signed-note).
//! Not what the text says: a checkpoint is read by [`super::Checkpoint`]. A parsed note proves
//! nothing until [`Note::verify`] said so.

use std::fmt;

use super::error::LogError;
use super::note_key::{NoteAlgorithm, NoteKey, is_key_name};
use super::spelling::{from_base64, to_base64};

/// Largest note, in bytes: 13 post-quantum cosignatures of near 5 kB, or 500 of Ed25519.
pub const NOTE_BYTES_MAX: usize = 65_536;

/// Most signatures in a note; the specification asks for at least 16.
pub const SIGNATURES_MAX: usize = 64;

/// A text with its signatures. Written by `Display` in the form that [`Note::parse`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is signed; ends with a newline.
    pub text: String,
    /// The signatures in their order, of known and unknown keys.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub key_id: [u8; 4],
    /// The signature after the key id; its form follows from the key's type.
    pub bytes: Vec<u8>,
}

/// Signs a note text (which ends with a newline) with the key whose private half is in `sign`.
#[must_use]
pub fn sign_note(text: &str, key: &NoteKey, sign: &dyn Fn(&[u8]) -> [u8; 64]) -> String {
    let signature = NoteSignature {
        name: key.name().to_owned(),
        key_id: key.key_id(),
        bytes: sign(text.as_bytes()).to_vec(),
    };
    Note { text: text.to_owned(), signatures: vec![signature] }.to_string()
}

impl Note {
    /// Splits a note at its last empty line and reads every signature line.
    ///
    /// # Errors
    /// `malformed_note`.
    pub fn parse(note: &str) -> Result<Self, LogError> {
        let refuse = |what| LogError::Note { what };
        if note.len() > NOTE_BYTES_MAX {
            return Err(refuse("more than 64 KiB"));
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(refuse("a control character other than newline"));
        }
        let (text, lines) =
            note.rsplit_once("\n\n").ok_or(refuse("no empty line before the signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(refuse("no newline at the end"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == SIGNATURES_MAX {
                return Err(refuse("more than 64 signatures"));
            }
            signatures.push(NoteSignature::parse(line)?);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Checks that `key` signed this note. Signatures of other keys are ignored.
    ///
    /// # Errors
    /// `signature_missing` without a line of this key, `signature_refuted` if any of its lines is
    /// bad.
    pub fn verify(&self, key: &NoteKey) -> Result<(), LogError> {
        if key.algorithm() == NoteAlgorithm::CosignatureV1 {
            return self.cosigned_at(key).map(|_| ());
        }
        for signature in self.of(key)? {
            if !key.has_signed(self.text.as_bytes(), &signature.bytes) {
                return Err(LogError::Signature { name: key.name().to_owned() });
            }
        }
        Ok(())
    }

    /// The lines of this key, at least one.
    pub(super) fn of(&self, key: &NoteKey) -> Result<Vec<&NoteSignature>, LogError> {
        let is_of = |line: &&NoteSignature| line.name == key.name() && line.key_id == key.key_id();
        let lines: Vec<_> = self.signatures.iter().filter(is_of).collect();
        if lines.is_empty() {
            return Err(LogError::Unsigned { name: key.name().to_owned() });
        }
        Ok(lines)
    }
}

impl NoteSignature {
    /// Reads one signature line, without its newline.
    ///
    /// # Errors
    /// `malformed_note`.
    pub fn parse(line: &str) -> Result<Self, LogError> {
        let refuse = |what| LogError::Note { what };
        let (name, signature) = line
            .strip_prefix("\u{2014} ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or(refuse("a signature line is an em dash, a name and a signature"))?;
        if !is_key_name(name) {
            return Err(refuse("the name of a key is empty or has spaces or a plus"));
        }
        let signature =
            from_base64(signature).ok_or(refuse("a signature is not canonical base64"))?;
        match signature.split_first_chunk() {
            Some((key_id, bytes)) if !bytes.is_empty() => {
                Ok(Self { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
            }
            _ => Err(refuse("a signature is shorter than 5 bytes")),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id[..], &self.bytes].concat();
        write!(f, "\u{2014} {} {}", self.name, to_base64(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VY\
        RlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    #[test]
    fn the_example_of_the_specification() {
        let note = Note::parse(NOTE).unwrap();
        assert_eq!(note.text, "This is an example message.\n");
        assert_eq!(note.verify(&NoteKey::parse(KEY).unwrap()), Ok(()));
        assert_eq!(note.to_string(), NOTE);
    }

    #[test]
    fn unknown_keys_are_ignored_and_known_ones_are_not() {
        let key = NoteKey::parse(KEY).unwrap();
        let mut note = Note::parse(NOTE).unwrap();
        let good = note.signatures.first().unwrap().clone();
        note.signatures.push(NoteSignature { name: "other".into(), ..good.clone() });
        note.signatures.push(NoteSignature { key_id: [0; 4], ..good.clone() });
        assert_eq!(note.verify(&key), Ok(()));
        note.signatures.push(NoteSignature { bytes: vec![0; 64], ..good });
        assert_eq!(note.verify(&key).unwrap_err().code(), "signature_refuted");
        note.signatures.drain(..1);
        note.signatures.pop();
        assert_eq!(note.verify(&key).unwrap_err().code(), "signature_missing");
    }

    #[test]
    fn the_last_empty_line_ends_the_text() {
        let signature = NOTE.rsplit_once("\n\n").unwrap().1;
        for text in ["a\n", "a\n\nb\n", "a\n\n", "\n", "\u{2014} a YWJjZGU=\n\n\u{2014}\n"] {
            let note = Note::parse(&format!("{text}\n{signature}")).unwrap();
            assert_eq!((note.text.as_str(), note.signatures.len()), (text, 1));
        }
    }

    #[test]
    fn malformed_notes() {
        let line = "\u{2014} a YWJjZGU=\n";
        assert!(Note::parse(&format!("a\n\n{}", line.repeat(64))).is_ok());
        for bad in [
            String::new(),
            "a\n".into(),
            "a\n\n".into(),
            format!("a\n{line}"),
            format!("a\n\n{}", line.trim_end()),
            format!("a\n\n{line}\n"),
            format!("a\n\n{line}b\n"),
            format!("a\t\n\n{line}"),
            format!("a\r\n\r\n{line}"),
            format!("a\n\n{}", line.repeat(65)),
            format!("{}\n\n{line}", "a".repeat(NOTE_BYTES_MAX)),
            "a\n\n- a YWJjZGU=\n".into(),
            "a\n\n\u{2014} a YWJjZA==\n".into(),
            "a\n\n\u{2014} a YWJjZGV=\n".into(),
            "a\n\n\u{2014} a YWJjZGU= \n".into(),
            "a\n\n\u{2014} a+b YWJjZGU=\n".into(),
            "a\n\n\u{2014}  YWJjZGU=\n".into(),
            "a\n\n\u{2014} a\u{a0}b YWJjZGU=\n".into(),
        ] {
            assert_eq!(Note::parse(&bad).unwrap_err().code(), "malformed_note", "{bad:?}");
        }
    }
}
