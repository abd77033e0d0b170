//! The question a log asks a witness and the rules by which it is answered (C2SP tlog-witness,
//! add-checkpoint). Pure: what a witness remembers comes in, the verdict goes out.
//! Not here: HTTP, files, keys.

use std::fmt;

use thiserror::Error;

use super::checkpoint::{Checkpoint, verify_checkpoint};
use super::error::LogError;
use super::hash::{Hash, empty_root};
use super::note::Note;
use super::note_key::NoteKey;
use super::proof::verify_consistency;
use super::spelling::decimal;

/// Most hashes a log may send.
const HASHES_MAX: usize = 63;

/// A request to cosign a checkpoint. Written by `Display` as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size the log believes the witness has seen.
    pub old: u64,
    /// Consistency proof from there (RFC 6962 section 2.1.2).
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: String,
}

/// Why a witness does not sign.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WitnessRefusal {
    /// Not a request.
    #[error("the request is malformed: {0}")]
    Malformed(LogError),
    /// A log the witness does not follow.
    #[error("{origin} is not a log of this witness")]
    UnknownLog {
        /// Its origin.
        origin: String,
    },
    /// The log did not sign it, or not well.
    #[error("the checkpoint is not signed by the log: {0}")]
    Unsigned(LogError),
    /// The witness has seen another size.
    #[error("this witness has seen {size} entries, not {old}")]
    Conflict {
        /// The size it has seen.
        size: u64,
        /// The size the request names.
        old: u64,
    },
    /// The log has rewritten itself, or its proof is wrong.
    #[error("{reason}")]
    Inconsistent {
        /// What does not fit.
        reason: String,
    },
}

impl WitnessRefusal {
    /// The HTTP status of the answer (C2SP tlog-witness).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Unsigned(_) => 403,
            Self::UnknownLog { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent { .. } => 422,
        }
    }
}

impl AddCheckpoint {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`WitnessRefusal::Malformed`].
    pub fn parse(body: &str) -> Result<Self, WitnessRefusal> {
        let refuse = |what| WitnessRefusal::Malformed(LogError::Note { what });
        let (head, note) = body.split_once("\n\n").ok_or(refuse("no empty line"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(refuse("the first line is not `old <plain decimal>`"))?;
        let proof =
            lines.take(HASHES_MAX + 1).map(Hash::from_base64).collect::<Result<Vec<_>, _>>();
        let proof = proof.map_err(WitnessRefusal::Malformed)?;
        if proof.len() > HASHES_MAX {
            return Err(refuse("more than 63 hashes"));
        }
        Ok(Self { old, proof, note: note.to_owned() })
    }

    /// The origin in the checkpoint, which nobody has verified yet.
    ///
    /// # Errors
    /// [`WitnessRefusal::Malformed`], also for a checkpoint with extension lines.
    pub fn origin(&self) -> Result<String, WitnessRefusal> {
        let note = Note::parse(&self.note).map_err(WitnessRefusal::Malformed)?;
        let checkpoint = Checkpoint::parse(&note.text).map_err(WitnessRefusal::Malformed)?;
        Ok(checkpoint.origin)
    }

    /// Judges the request against what the witness has seen of this log (None: nothing yet).
    ///
    /// # Errors
    /// Why it must not be signed.
    pub fn judge(
        &self,
        key: &NoteKey,
        seen: Option<&Checkpoint>,
    ) -> Result<Checkpoint, WitnessRefusal> {
        let new =
            verify_checkpoint(&self.note, key, key.name()).map_err(WitnessRefusal::Unsigned)?;
        if self.old > new.size {
            let what = "the old size is above the checkpoint's";
            return Err(WitnessRefusal::Malformed(LogError::Checkpoint { what }));
        }
        let size = seen.map_or(0, |checkpoint| checkpoint.size);
        if self.old != size {
            return Err(WitnessRefusal::Conflict { size, old: self.old });
        }
        let root = seen.map_or_else(empty_root, |checkpoint| checkpoint.root);
        let proven = match size {
            0 => self.proof.is_empty() && (new.size > 0 || new.root == empty_root()),
            _ => verify_consistency(size, new.size, &root, &new.root, &self.proof).is_ok(),
        };
        if proven {
            return Ok(new);
        }
        let reason = if size == new.size && root != new.root {
            format!("two roots at {size} entries: the log is forked")
        } else if size == new.size {
            format!("a proof between two equal sizes, {size}, is empty")
        } else {
            format!("the proof does not lead from {size} entries to {}", new.size)
        };
        Err(WitnessRefusal::Inconsistent { reason })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

/// The name of a log in a witness's monitoring addresses: lower-case hexadecimal SHA-256 of its
/// origin ([C2SP tlog-witness](https://c2sp.org/tlog-witness), monitoring retrieval).
#[must_use]
pub fn monitoring_name(origin: &str) -> String {
    Hash::sha256(origin.as_bytes()).hex()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::super::note::sign_note;
    use super::super::note_key::NoteAlgorithm;
    use super::super::tree::Tree;
    use super::*;
    use crate::log::leaf_hash;

    fn log_key() -> (SigningKey, NoteKey) {
        let secret = SigningKey::from_bytes(&[3; 32]);
        let public = secret.verifying_key().to_bytes();
        (secret, NoteKey::new("log.example/log", NoteAlgorithm::Ed25519, public).unwrap())
    }

    fn tree(size: u64, salt: u8) -> Tree {
        let mut tree = Tree::new();
        (0..size).for_each(|i| tree.append(leaf_hash(&[i as u8, if i < 3 { 0 } else { salt }])));
        tree
    }

    fn at(tree: &Tree) -> (Checkpoint, String) {
        let (secret, key) = log_key();
        let origin = key.name().to_owned();
        let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
        let sign = |bytes: &[u8]| secret.sign(bytes).to_bytes();
        let note = sign_note(&checkpoint.to_text(), &key, &sign);
        (checkpoint, note)
    }

    fn ask(old: u64, tree: &Tree) -> AddCheckpoint {
        let proof = if old == 0 { vec![] } else { tree.consistency(old, tree.size()).unwrap() };
        AddCheckpoint { old, proof, note: at(tree).1 }
    }

    fn status(request: &AddCheckpoint, seen: Option<&Checkpoint>) -> u16 {
        request.judge(&log_key().1, seen).map_or_else(|refusal| refusal.status(), |_| 200)
    }

    #[test]
    fn every_answer_of_the_specification() {
        let (five, eight) = (tree(5, 0), tree(8, 0));
        let seen = at(&five).0;
        assert_eq!(status(&ask(0, &five), None), 200);
        assert_eq!(status(&ask(5, &eight), Some(&seen)), 200);
        assert_eq!(status(&ask(5, &five), Some(&seen)), 200, "the same again");
        assert_eq!(status(&ask(0, &eight), Some(&seen)), 409);
        assert_eq!(status(&ask(4, &eight), Some(&seen)), 409);
        assert_eq!(status(&ask(5, &eight), None), 409);
        assert_eq!(status(&AddCheckpoint { old: 9, ..ask(5, &eight) }, Some(&seen)), 400);
        assert_eq!(status(&ask(5, &tree(8, 7)), Some(&seen)), 422, "another history");
        assert_eq!(status(&ask(5, &tree(5, 7)), Some(&seen)), 422, "another root");
        let idle = AddCheckpoint { proof: vec![empty_root()], ..ask(5, &five) };
        let refusal = idle.judge(&log_key().1, Some(&seen)).unwrap_err();
        assert_eq!(refusal.status(), 422, "a proof where none belongs");
        assert!(!refusal.to_string().contains("forked"), "{refusal}");
        let proof = ask(5, &eight).proof;
        assert_eq!(status(&AddCheckpoint { proof, ..ask(0, &eight) }, None), 422);
        let mut unsigned = ask(5, &eight);
        unsigned.note = unsigned.note.replacen("\n8\n", "\n9\n", 1);
        assert_eq!(status(&unsigned, Some(&seen)), 403);
        assert_eq!(status(&ask(0, &tree(0, 0)), None), 200, "an empty log");
    }

    #[test]
    fn requests_have_one_form() {
        let request = ask(5, &tree(8, 0));
        let text = request.to_string();
        assert_eq!(AddCheckpoint::parse(&text), Ok(request.clone()));
        assert_eq!(request.origin().unwrap(), "log.example/log");
        for bad in [
            text.replacen("old 5", "old 05", 1),
            text.replacen("old 5\n", "", 1),
            text.replacen("\n\n", "\n", 1),
            text.replacen("old 5\n", "old 5\nx\n", 1),
            text.replacen(
                "old 5\n",
                &format!("old 5\n{}", format!("{}\n", empty_root()).repeat(64)),
                1,
            ),
        ] {
            let read = AddCheckpoint::parse(&bad).and_then(|request| request.origin());
            assert_eq!(read.unwrap_err().status(), 400, "{bad}");
        }
        let note = request.note.replacen("\n\n", "\nextension\n\n", 1);
        assert_eq!(AddCheckpoint { note, ..request }.origin().unwrap_err().status(), 400);
    }
}
