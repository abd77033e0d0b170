//! Reads QR codes in a photo or PDF somebody sent: untrusted bytes in, texts out. The decoders run
//! in a process of their own, which is killed when it is over its time or memory.
//! Not the judge of what the texts say (`label`).

mod child;
mod error;
mod find;
mod pdf;
mod picture;
mod read;

pub use child::{Program, VERB, read_codes, run_child};
pub use error::PhotoError;
pub use pdf::is_pdf;
pub(crate) use read::read_here;
pub use read::{AttachedFile, Found};
