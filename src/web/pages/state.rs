//! What the pages keep between requests.

use super::scan::Kept;

/// Shared by all pages.
#[derive(Default)]
pub(super) struct Pages {
    /// Scan pages of this second.
    pub kept: Kept,
}
