//! Papers made of late, so that a certificate's is the same bytes until what it says changes, and
//! is set once however often it is fetched.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::language::Language;

/// Papers kept: 64 of some 100 kB.
const PAPERS_MAX: usize = 64;

/// What a paper's bytes depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PaperKey {
    /// The certificate.
    pub serial: u64,
    pub language: Language,
    /// The entry with the newest status index.
    pub status_index: Option<u64>,
    /// Changes of status of the certificate and its lot.
    pub changes: usize,
    /// The state in words: a day may end it, or a recall of what the goods were made of.
    pub standing: String,
}

/// The newest papers.
#[derive(Debug, Default)]
pub(crate) struct KeptPapers(Mutex<VecDeque<(PaperKey, Arc<[u8]>)>>);

impl KeptPapers {
    /// The paper, if it was made of late.
    pub(super) fn kept(&self, key: &PaperKey) -> Option<Arc<[u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps a paper; the oldest makes room.
    pub(super) fn keep(&self, key: PaperKey, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known.serial != key.serial || known.language != key.language);
        if kept.len() >= PAPERS_MAX {
            kept.pop_front();
        }
        kept.push_back((key, bytes.into()));
    }
}
