//! `.tlog-proof` files: inclusion proof and signed checkpoint, to be checked without the log.
//! Not the leaf: whoever checks brings it. C2SP tlog-proof, `c2sp.org/tlog-proof@v1`.

use std::fmt;

use super::checkpoint::{Checkpoint, verify_checkpoint};
use super::error::LogError;
use super::hash::Hash;
use super::note::Note;
use super::note_key::NoteKey;
use super::proof::verify_inclusion;
use super::spelling::{decimal, from_base64};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Most hashes in a file: a path in a tree of fewer than 2^64 leaves has at most 64 siblings.
const HASHES_MAX: usize = 64;

/// A proof file. Written by `Display` in the form that [`ProofFile::parse`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// Place of the leaf in the log, from 0.
    pub index: u64,
    /// The inclusion proof, leaf's sibling first.
    pub proof: Vec<Hash>,
    /// The signed checkpoint as the log published it, with all its signatures.
    pub checkpoint: String,
}

impl ProofFile {
    /// Reads a file. Nothing in it is believed before [`Self::verify`]. An `extra` line is checked
    /// for its form and dropped: nothing authenticates it.
    ///
    /// # Errors
    /// `malformed_proof_file`, `malformed_hash`, `malformed_note`.
    pub fn parse(file: &str) -> Result<Self, LogError> {
        let refuse = |what| LogError::ProofFile { what };
        let (head, checkpoint) =
            file.split_once("\n\n").ok_or(refuse("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(refuse("the first line is not c2sp.org/tlog-proof@v1"));
        }
        if let Some(extra) = lines.next_if(|line| line.starts_with("extra ")) {
            extra
                .strip_prefix("extra ")
                .and_then(from_base64)
                .ok_or(refuse("the extra line is not canonical base64"))?;
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal)
            .ok_or(refuse("no line `index <plain decimal>`"))?;
        let proof =
            lines.take(HASHES_MAX + 1).map(Hash::from_base64).collect::<Result<Vec<_>, _>>()?;
        if proof.len() > HASHES_MAX {
            return Err(refuse("more than 64 hashes"));
        }
        Note::parse(checkpoint)?;
        Ok(Self { index, proof, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that the leaf with hash `leaf` is in the log `origin`, by the signature of `key`.
    /// Cosignatures are left to the caller's policy.
    ///
    /// # Errors
    /// Those of [`verify_checkpoint`] and [`verify_inclusion`].
    pub fn verify(&self, leaf: &Hash, key: &NoteKey, origin: &str) -> Result<Checkpoint, LogError> {
        let checkpoint = verify_checkpoint(&self.checkpoint, key, origin)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nindex {}", self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash::empty_root;
    use super::*;

    #[test]
    fn one_spelling() {
        let checkpoint = "a\n1\nb\n\n\u{2014} a YWJjZGU=\n".to_owned();
        for count in [0, 1, 64] {
            let proof = vec![empty_root(); count];
            let file = ProofFile { index: 70, proof, checkpoint: checkpoint.clone() };
            let text = file.to_string();
            assert_eq!(ProofFile::parse(&text).as_ref(), Ok(&file));
            let extra = text.replacen("index", "extra YQ==\nindex", 1);
            assert_eq!(ProofFile::parse(&extra), Ok(file));
            for (good, bad) in [
                ("@v1", "@v2"),
                ("index 70", "index 070"),
                ("index 70", "index 70 "),
                ("index 70\n", ""),
                ("index 70", "extra YQ\nindex 70"),
                ("index 70", "extra YQ==\nextra YQ==\nindex 70"),
                ("index 70", "index 70\nindex 70"),
                ("\n\na\n", "\na\n"),
                ("\u{2014}", "-"),
            ] {
                assert!(ProofFile::parse(&text.replacen(good, bad, 1)).is_err(), "{bad:?}");
            }
        }
        let proof = vec![empty_root(); 65];
        let long = ProofFile { index: 70, proof, checkpoint }.to_string();
        assert_eq!(ProofFile::parse(&long).unwrap_err().code(), "malformed_proof_file");
    }
}
