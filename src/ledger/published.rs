//! What the ledger has published: the register, tree size and checkpoint that belong together, and
//! the receipts that prove an entry under it. Everything here is durable.

use std::sync::Arc;

use super::{Halt, Held};
use crate::log::Hash;
use crate::register::Register;
use crate::statement::Timestamp;

/// One published state; readers keep it as long as they like.
#[derive(Clone)]
pub struct View {
    /// What is true.
    pub register: Register,
    /// Entries under the checkpoint.
    pub size: u64,
    /// The root.
    pub root: Hash,
    /// The signed checkpoint note, as served.
    pub checkpoint: Arc<str>,
    /// Why no more entries are accepted, if so.
    pub stopped: Option<Arc<Halt>>,
}

/// Proof that a statement is in the log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The statement's id.
    pub id: String,
    /// Place in the log.
    pub index: u64,
    /// RFC 6962 leaf hash.
    #[schema(value_type = String)]
    pub leaf_hash: Hash,
    /// Log time.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
    /// Whether it was in the log before.
    pub duplicate: bool,
    /// Tree size of the checkpoint.
    pub tree_size: u64,
    /// Sibling hashes, leaf side first (RFC 9162 section 2.1.3).
    #[schema(value_type = Vec<String>)]
    pub inclusion_proof: Vec<Hash>,
    /// The checkpoint that covers it (C2SP tlog-checkpoint).
    #[schema(value_type = String)]
    pub checkpoint: Arc<str>,
    /// Of a declaration: what holds its lot, if it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}
