//! Timestamped signatures of witnesses over a checkpoint (C2SP tlog-cosignature, type 0x04).
//! Not the check of consistency that a witness owes before it signs.

use super::error::LogError;
use super::note::{Note, NoteSignature};
use super::note_key::NoteKey;
use crate::statement::Timestamp;

/// The line by which a witness says that it saw the checkpoint `text` at time `at`. Times before
/// 1970 are written as 1970.
#[must_use]
pub fn cosign(
    text: &str,
    key: &NoteKey,
    at: Timestamp,
    sign: &dyn Fn(&[u8]) -> [u8; 64],
) -> NoteSignature {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    let signature = sign(&message(text, seconds));
    let bytes = [&seconds.to_be_bytes()[..], &signature].concat();
    NoteSignature { name: key.name().to_owned(), key_id: key.key_id(), bytes }
}

impl Note {
    /// Checks the cosignatures of `key` and says when the latest was made.
    ///
    /// # Errors
    /// `signature_missing` without a line of this key, `signature_refuted` if any of its lines is
    /// bad.
    pub fn cosigned_at(&self, key: &NoteKey) -> Result<Timestamp, LogError> {
        let refuted = || LogError::Signature { name: key.name().to_owned() };
        let mut latest = Timestamp::from_seconds(0);
        for line in self.of(key)? {
            let (seconds, signature) = line.bytes.split_first_chunk().ok_or_else(refuted)?;
            let seconds = u64::from_be_bytes(*seconds);
            if !key.has_signed(&message(&self.text, seconds), signature) {
                return Err(refuted());
            }
            let at = i64::try_from(seconds).map_err(|_| refuted())?;
            latest = latest.max(Timestamp::from_seconds(at));
        }
        Ok(latest)
    }
}

/// The signed bytes: a header, the time in seconds since 1970, the checkpoint text.
fn message(text: &str, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::super::note_key::NoteAlgorithm;
    use super::*;

    #[test]
    fn time_and_text_are_bound() {
        let private = SigningKey::from_bytes(&[9; 32]);
        let public = private.verifying_key().to_bytes();
        let key = NoteKey::new("w.example", NoteAlgorithm::CosignatureV1, public).unwrap();
        let sign = |bytes: &[u8]| private.sign(bytes).to_bytes();
        let text = "tasdiq.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let at = Timestamp::parse("2026-11-23T14:04:15Z").unwrap();
        let earlier = cosign(text, &key, at.plus_seconds(-5), &sign);
        let line = cosign(text, &key, at, &sign);
        let mut note = Note { text: text.into(), signatures: vec![line, earlier] };
        assert_eq!(Note::parse(&note.to_string()).as_ref(), Ok(&note));
        assert_eq!(note.cosigned_at(&key), Ok(at));
        assert_eq!(note.verify(&key), Ok(()));

        let plain = NoteKey::new("w.example", NoteAlgorithm::Ed25519, public).unwrap();
        assert_eq!(note.verify(&plain).unwrap_err().code(), "signature_missing");
        note.signatures[0].bytes[7] ^= 1;
        assert_eq!(note.cosigned_at(&key).unwrap_err().code(), "signature_refuted");
        note.signatures[0].bytes.truncate(3);
        assert_eq!(note.verify(&key).unwrap_err().code(), "signature_refuted");
    }
}
