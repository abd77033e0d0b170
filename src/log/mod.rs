//! IN WHAT ORDER: leaf, RFC 6962 tree, tiles, signed notes, checkpoints, proofs, sequencing.
//! Not here: storage, signing keys, clocks and the network; nothing here decides what is true.
//! Formats: RFC 6962 and 9162, C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles,
//! tlog-proof, tlog-policy, tlog-witness.
//!
//! One walk from a statement to a proof that anybody can check:
//! ```
//! use tasdiq::log::{Checkpoint, Sequencer, Tree, empty_root, verify_inclusion};
//! use tasdiq::statement::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp::parse("2026-11-23T14:04:15Z")?;
//! let mut sequencer = Sequencer::start("tasdiq.example/log");
//! let mut tree = Tree::new();
//! assert_eq!(tree.root(), empty_root());
//! for statement in [r#"{"lot":1}"#, r#"{"lot":2}"#] {
//!     tree.append(sequencer.next(now, statement.as_bytes())?.hash);
//! }
//! let checkpoint =
//!     Checkpoint { origin: "tasdiq.example/log".into(), size: tree.size(), root: tree.root() };
//! let leaf = tree.leaf(1).ok_or("no leaf 1")?;
//! let proof = tree.inclusion(1, checkpoint.size)?;
//! verify_inclusion(&leaf, 1, checkpoint.size, &proof, &checkpoint.root)?;
//! # Ok(())
//! # }
//! ```

mod checkpoint;
mod compare;
mod cosignature;
mod edge;
mod error;
mod hash;
mod hash_tile;
mod leaf;
mod nodes;
mod note;
mod note_key;
mod policy;
mod proof;
mod proof_file;
mod receipt;
mod sequence;
mod spelling;
mod tile;
mod tile_path;
mod tiled;
mod tree;
#[cfg(test)]
mod vectors;
mod witness;

pub use checkpoint::{Checkpoint, verify_checkpoint};
pub use compare::{Compared, compare};
pub use cosignature::cosign;
pub use edge::Edge;
pub use error::LogError;
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use hash_tile::HashTile;
pub use leaf::{Leaf, encode_leaf, genesis_prev};
pub use note::{NOTE_BYTES_MAX, Note, NoteSignature, sign_note};
pub use note_key::{NoteAlgorithm, NoteKey};
pub use policy::{PolicyLog, PolicyWitness, Quorum, WitnessPolicy};
pub use proof::{verify_consistency, verify_inclusion};
pub use proof_file::ProofFile;
pub use receipt::{Inclusion, cose_key, cose_key_set, receipt, thumbprint};
pub use sequence::{Sequenced, Sequencer};
pub use tile::{bundle_of, cut_tile, entries_of, partial_width, push_entry, tiles_at, tiles_of};
pub use tile_path::{TILE_WIDTH, TileLevel, TilePath};
pub use tiled::{HashTiles, TiledTree};
pub use tree::Tree;
pub use witness::{AddCheckpoint, WitnessRefusal, monitoring_name};
