//! The trust snapshot that a file of either kind carries. Not here: what else stands in them
//! (`form`, `trace_form`).

use super::DossierError;
use super::form::Dossier;
use super::trace_form::{TraceDossier, is_trace};
use crate::trust::Trust;

/// The trust snapshot that a dossier carries. With `root` it is that root's or refused; without,
/// it is marked as unpinned, and no verdict under it can pass.
///
/// # Errors
/// A file that is no dossier; a snapshot that cannot be believed.
pub fn dossier_trust(bytes: &[u8], root: Option<&str>) -> Result<Trust, DossierError> {
    let within = match is_trace(bytes) {
        true => TraceDossier::read(bytes)?.trust_bytes(),
        false => Dossier::read(bytes)?.trust_bytes(),
    };
    let trust = Trust::open(&within, root)?;
    Ok(if root.is_some() { trust } else { trust.unpinned() })
}
