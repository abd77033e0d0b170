//! THE LOG AS STATIC FILES: tiles, checkpoint and documents that any web server can host, and that
//! `audit --tiles` and other readers of C2SP tlog-tiles read. Reads any
//! [`crate::audit::LogSource`].

mod write;

pub use write::{ExportError, Exported, export};
