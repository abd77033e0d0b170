//! Checkpoints: the size and root of a log at one moment, as a note text (C2SP tlog-checkpoint).
//! Exactly three lines: witnesses refuse extension lines, and so do we. Not the signatures: those
//! are in [`super::Note`].

use super::error::LogError;
use super::hash::{Hash, empty_root};
use super::note::Note;
use super::note_key::NoteKey;
use super::spelling::{clip, decimal};

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: its address without scheme, never empty, without line breaks.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the RFC 6962 tree over them.
    pub root: Hash,
}

/// Reads a signed checkpoint of the log `origin`: signature first, then text, then origin.
///
/// # Errors
/// `malformed_note`, `signature_missing`, `signature_refuted`, `malformed_checkpoint`,
/// `origin_mismatch`.
pub fn verify_checkpoint(note: &str, key: &NoteKey, origin: &str) -> Result<Checkpoint, LogError> {
    let note = Note::parse(note)?;
    note.verify(key)?;
    let checkpoint = Checkpoint::parse(&note.text)?;
    if checkpoint.origin != origin {
        let (found, wanted) = (clip(&checkpoint.origin), origin.to_owned());
        return Err(LogError::Origin { found, wanted });
    }
    Ok(checkpoint)
}

impl Checkpoint {
    /// The note text to sign.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Parses a note text.
    ///
    /// # Errors
    /// `malformed_checkpoint`.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let refuse = |what| LogError::Checkpoint { what };
        let mut lines = text.strip_suffix('\n').ok_or(refuse("no newline at the end"))?.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(refuse("it has not exactly three lines: origin, size, root"));
        };
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(refuse("the origin is empty or has control characters"));
        }
        let size = decimal(size).ok_or(refuse("the size is not a plain decimal"))?;
        let root = Hash::from_base64(root)
            .map_err(|_| refuse("the root is not 32 bytes in canonical base64"))?;
        if size == 0 && root != empty_root() {
            return Err(refuse("the root of size 0 is not SHA-256 of nothing"));
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines_and_nothing_else() {
        let text = "example.com/behind-the-sofa\n20852163\n\
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).unwrap();
        assert_eq!((checkpoint.size, checkpoint.to_text().as_str()), (20_852_163, text));
        for bad in [
            String::new(),
            "\n".into(),
            text.trim_end().into(),
            format!("{text}extension\n"),
            format!("{text}\n"),
            text.replace("208", "0208"),
            text.replace("20852163", "18446744073709551616"),
            text.replace("20852163", "0"),
            text.replace("example.com/behind-the-sofa", ""),
            text.replace("2I=", "2J="),
            text.replace("sofa\n", "sofa\r\n"),
        ] {
            let code = Checkpoint::parse(&bad).unwrap_err().code();
            assert_eq!(code, "malformed_checkpoint", "{bad:?}");
        }
    }
}
