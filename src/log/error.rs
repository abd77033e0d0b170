//! What can be wrong with a log, grouped by whose fault it is.
//! Not here: faults of the statement inside a leaf ([`crate::seal`]) and of storage.

use super::tile_path::TilePath;

/// A fault in a log's bytes, proofs or signatures. [`LogError::code`] is stable; messages are not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    // --- malformed input: whoever made these bytes did not follow the format ---
    /// A text that is not 32 bytes in canonical base64.
    #[error("{text:?} is not a hash; write 32 bytes in canonical base64 (44 characters)")]
    Hash {
        /// The start of what was found.
        text: String,
    },
    /// Bytes that are not a leaf.
    #[error("malformed leaf: {what}")]
    Leaf {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A text that is not a signed note.
    #[error("malformed signed note: {what}")]
    Note {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A text that is not a verifier key.
    #[error("malformed verifier key: {what}")]
    Key {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A verifier key of a signature type that is not implemented; a reader may skip it.
    #[error("verifier key of type 0x{algorithm:02x}; only 0x01 and 0x04 are understood")]
    KeyType {
        /// The signature type byte.
        algorithm: u8,
    },
    /// A note text that is not a checkpoint.
    #[error("malformed checkpoint: {what}")]
    Checkpoint {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A text that is not a tile path.
    #[error("{path:?} is not a tile path such as tile/0/x001/067 or tile/entries/000.p/17")]
    TilePath {
        /// The start of what was found.
        path: String,
    },
    /// Bytes that are not an entry bundle.
    #[error("malformed entry bundle: {what}")]
    Bundle {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A text that is not a `.tlog-proof` file.
    #[error("malformed proof file: {what}")]
    ProofFile {
        /// What is wrong and what was expected.
        what: &'static str,
    },
    /// A text that is not a witness policy.
    #[error("malformed policy, line {line}: {what}")]
    Policy {
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
        /// What is wrong and what was expected.
        what: &'static str,
    },

    // --- proof refuted: well formed, and not true ---
    /// The hashes do not lead from this leaf at this index to this root.
    #[error("inclusion refuted: leaf {index} is not proven to be in the tree of size {size}")]
    Inclusion {
        /// Index claimed for the leaf.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The hashes do not show the new tree to extend the old one.
    #[error("consistency refuted: the tree of size {new} is not proven to extend that of {old}")]
    Consistency {
        /// Size of the old tree.
        old: u64,
        /// Size of the new tree.
        new: u64,
    },
    /// A signature by a known key does not verify.
    #[error("the signature of {name} does not verify; the note was altered or forged")]
    Signature {
        /// Name of the key.
        name: String,
    },
    /// No signature by the key that was asked for.
    #[error("no signature of {name} with the trusted key; take the note from the log itself")]
    Unsigned {
        /// Name of the key.
        name: String,
    },
    /// A checkpoint of another log.
    #[error("checkpoint of {found:?}, not of {wanted:?}")]
    Origin {
        /// The origin in the checkpoint.
        found: String,
        /// The origin that was asked for.
        wanted: String,
    },

    // --- no answer: the question is beyond this tree, or a tile of it is lost ---
    /// An index at or beyond the size of the tree.
    #[error("index {index} is not in a tree of size {size}; ask for a smaller index")]
    Index {
        /// The index asked for.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A size beyond what there is.
    #[error("size {size} is above {max}; ask for a smaller size")]
    Size {
        /// The size asked for.
        size: u64,
        /// The largest size possible.
        max: u64,
    },
    /// A tile that no tree of this size or smaller has.
    #[error("{path} is not in a tree of size {size}; take the path from a verified checkpoint")]
    Tile {
        /// The tile asked for.
        path: TilePath,
        /// Size of the tree.
        size: u64,
    },
    /// A full tile of this tree that is not where full tiles are kept.
    #[error("{path} is missing; restore it from a backup")]
    TileMissing {
        /// The tile.
        path: TilePath,
    },
    /// A tile that does not hold what the tree above it says.
    #[error("{path} is damaged; restore it from a backup")]
    TileDamaged {
        /// The tile.
        path: TilePath,
    },
    /// A leaf too long for the 16-bit length prefix of an entry bundle.
    #[error("leaf of {bytes} bytes, at most {max}; send a smaller statement")]
    LeafTooLarge {
        /// Length of the leaf, in bytes.
        bytes: usize,
        /// Largest length, in bytes.
        max: usize,
    },
}

impl LogError {
    /// The stable name of this fault, in `snake_case`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "malformed_hash",
            Self::Leaf { .. } => "malformed_leaf",
            Self::Note { .. } => "malformed_note",
            Self::Key { .. } => "malformed_verifier_key",
            Self::KeyType { .. } => "key_type_not_understood",
            Self::Checkpoint { .. } => "malformed_checkpoint",
            Self::TilePath { .. } => "malformed_tile_path",
            Self::Bundle { .. } => "malformed_entry_bundle",
            Self::ProofFile { .. } => "malformed_proof_file",
            Self::Policy { .. } => "malformed_policy",
            Self::Inclusion { .. } => "inclusion_refuted",
            Self::Consistency { .. } => "consistency_refuted",
            Self::Signature { .. } => "signature_refuted",
            Self::Unsigned { .. } => "signature_missing",
            Self::Origin { .. } => "origin_mismatch",
            Self::Index { .. } => "index_out_of_range",
            Self::Size { .. } => "size_out_of_range",
            Self::Tile { .. } => "tile_out_of_range",
            Self::TileMissing { .. } => "tile_missing",
            Self::TileDamaged { .. } => "tile_damaged",
            Self::LeafTooLarge { .. } => "leaf_too_large",
        }
    }
}
