//! Reading a ledger back from its store: the tree from its right edge, the register from a snapshot
//! and what was logged since, or from the whole log. Every entry that is read must be the one in
//! the tree and follow the one before. Not here: what may be signed then (`may_sign`).

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use super::LedgerError;
use super::error::broken;
use super::layout::{HEAD, Head, entry_key};
use super::snapshots::Snapshots;
use super::tiles::{LogTree, stored_tree};
use crate::log::Sequencer;
use crate::register::{PreparedEntry, Preparer, Register, Replayer, Signatures, Snapshot};
use crate::store::{Store, StoreError};

/// Entries read, parsed and folded in one go.
const CHUNK_ENTRIES: usize = 4_096;

/// What the store holds, checked and folded.
pub(super) struct Loaded {
    pub tree: LogTree,
    pub register: Register,
    pub sequencer: Sequencer,
    pub head: Option<Head>,
}

/// Where a register may be taken up.
#[derive(Default)]
pub(super) struct ResumeFrom {
    pub snapshots: Option<Snapshots>,
    /// The newest, read while the store was opened.
    pub newest: Option<Snapshot>,
}

/// Reads the store; `register` is empty.
///
/// # Errors
/// The store's; entries, tiles and head that do not fit together.
pub(super) fn load(
    store: &Arc<dyn Store>,
    register: Register,
    kept: ResumeFrom,
) -> Result<Loaded, LedgerError> {
    let head: Option<Head> = match store.read(HEAD)? {
        Some(bytes) => Some(serde_json::from_slice(&bytes).map_err(broken(0))?),
        None => None,
    };
    let size = head.as_ref().map_or(0, |head| head.size);
    let tree = stored_tree(store, head.as_ref())?;
    let snapshot = match (&kept.snapshots, &head) {
        (Some(snapshots), Some(_)) => snapshots.fitting(&register, kept.newest, &tree)?,
        _ => None,
    };
    let from = snapshot.as_ref().map_or(0, |snapshot| snapshot.register.size());
    let replayer = match snapshot {
        Some(Snapshot { register, prev, .. }) => Replayer::resume(register, prev),
        None => Replayer::new(register),
    };
    let mut replay = Replay { tree, replayer };
    std::thread::scope(|scope| {
        let (filled, chunks) = sync_channel(1);
        let reader = scope.spawn(move || read_chunks(store.as_ref(), from..size, &filled));
        chunks.into_iter().try_for_each(|chunk| replay.take(&chunk))?;
        let broke_off = |_| broken(from)("the thread that read entries broke off");
        Ok::<(), LedgerError>(reader.join().map_err(broke_off)??)
    })?;
    let Replay { tree, replayer } = replay;
    let (prev, register) = (replayer.prev(), replayer.into_register());
    if register.size() != size {
        return Err(broken(register.size())("entries and head do not fit together"));
    }
    let sequencer = match &head {
        Some(head) => Sequencer::resume(size, prev, head.last_at),
        None => Sequencer::start(&register.domain().origin()),
    };
    Ok(Loaded { tree, register, sequencer, head })
}

/// Entries one behind the other: one block of memory that is the system's again afterwards.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Chunk {
    fn push(&mut self, leaf: &[u8]) {
        self.bytes.extend_from_slice(leaf);
        self.ends.push(self.bytes.len());
    }

    fn leaves(&self) -> Vec<&[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let leaf = |(start, end): (&usize, &usize)| self.bytes.get(*start..*end);
        starts.zip(&self.ends).filter_map(leaf).collect()
    }
}

/// Reads entries chunk by chunk, one ahead of whoever folds them; ends early where nobody does.
fn read_chunks(
    store: &dyn Store,
    entries: Range<u64>,
    filled: &SyncSender<Chunk>,
) -> Result<(), StoreError> {
    let mut chunk = Chunk::default();
    store.scan(&entry_key(entries.start), &entry_key(entries.end), &mut |_, bytes| {
        chunk.push(bytes);
        chunk.ends.len() < CHUNK_ENTRIES || filled.send(std::mem::take(&mut chunk)).is_ok()
    })?;
    // Nobody takes it where an entry before it was refused.
    let _ = filled.send(chunk);
    Ok(())
}

/// Entries being read back, each against its hash in the tree.
struct Replay {
    tree: LogTree,
    replayer: Replayer,
}

impl Replay {
    /// Parses a run of leaves on all cores, then chains and folds them in order.
    fn take(&mut self, chunk: &Chunk) -> Result<(), LedgerError> {
        for entry in prepared(&chunk.leaves(), self.replayer.register())? {
            let index = self.replayer.register().size();
            if entry.hash() != self.tree.leaf(index)? {
                return Err(broken(index)("it differs from its hash in the tree"));
            }
            self.replayer.take(&entry).map_err(|fault| broken(index)(fault.reason))?;
        }
        Ok(())
    }
}

fn prepared(leaves: &[&[u8]], register: &Register) -> Result<Vec<PreparedEntry>, LedgerError> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = leaves.len().div_ceil(cores).max(1);
    let read = |(part, first): (&[&[u8]], u64)| -> Result<Vec<PreparedEntry>, LedgerError> {
        let mut preparer = Preparer::new(register, Signatures::Trusted);
        let entries = (first..).zip(part).map(|(index, leaf)| {
            preparer.entry(leaf, index).map_err(|fault| broken(index)(fault.reason))
        });
        entries.collect()
    };
    std::thread::scope(|scope| {
        let firsts = (register.size()..).step_by(share);
        let parts: Vec<_> =
            leaves.chunks(share).zip(firsts).map(|part| scope.spawn(move || read(part))).collect();
        let mut all = Vec::with_capacity(leaves.len());
        for part in parts {
            let broke_off = |_| broken(register.size())("a thread that read entries broke off");
            all.extend(part.join().map_err(broke_off)??);
        }
        Ok(all)
    })
}
