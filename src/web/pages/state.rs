//! What the pages keep between requests.

use super::scan::Kept;
use super::verdict::Bench;

/// Shared by all pages.
#[derive(Default)]
pub(super) struct Pages {
    /// Gives verdicts.
    pub bench: Bench,
    /// Scan pages of this second.
    pub kept: Kept,
}
