//! LIFE AFTER THE OPERATOR'S DISK: a log taken over from an export, an address or a backup into a
//! data folder, fully verified first; backups written while the service runs, and restored. Not
//! here: whether the result may sign (`ledger`).

mod archive;
mod error;
mod restore;
mod write;

pub use archive::Archive;
pub use error::BackupError;

pub use restore::restore;
pub use write::{BackedUp, BackupOptions, backup};
