//! Where bytes rest: one small trait, the suite every engine passes, and the engines.
//! Not here: what the rows mean (the ledger), nor any signature or rule. DESIGN, "Stores".
//!
//! [`Store`] reads rows, scans them in key order and commits one atomic batch on condition that a
//! row (the head) still holds what the writer last saw. That condition is what makes a fork of the
//! log impossible: of two writers with the same head, one is told [`StoreError::Conflict`].
//!
//! ```
//! use tasdiq::store::{Batch, MemoryStore, Store, StoreError};
//! let store = MemoryStore::new();
//! store.commit(&Batch::expecting(b"head", None).put(b"head", b"1"))?;
//! let stale = store.commit(&Batch::expecting(b"head", None).put(b"head", b"2"));
//! assert!(matches!(stale, Err(StoreError::Conflict)));
//! assert_eq!(store.read(b"head")?, Some(b"1".to_vec()));
//! # Ok::<(), StoreError>(())
//! ```

mod cause;
mod conformance;
mod contract;
mod faulty;
mod folder;
mod memory;
mod room;
mod sled;

pub use cause::Cause;
pub use conformance::conformance;
pub use contract::{BATCH_ROWS_MAX, Batch, PART_BYTES, Store, StoreError, rows_of};
pub(crate) use contract::{VALUE_BYTES_MAX, prefix_end};
pub use faulty::{Fault, FaultyStore};
pub use memory::MemoryStore;
pub use sled::{CACHE_BYTES_DEFAULT, Durability, SledStore};
