//! The sidecars beside a log (docs/FORMAT.md, sidecars): each vc+jwt that a source has must be good
//! under the key of its entry. They are not in the tree, so one that is missing is no fault. Not
//! here: the entries, which were replayed before.

use std::sync::atomic::{AtomicU64, Ordering};

use super::report::fault;
use super::run::Stop;
use super::source::LogSource;
use crate::log::{Leaf, TILE_WIDTH, TileLevel, TilePath, entries_of};
use crate::register::Register;
use crate::seal::verify_sidecar;
use crate::statement::Statement;
use crate::verify::AuditFault;

/// Verifies the sidecars of a log of `size` entries that fold to `register`, on all cores; the
/// answer is how many there are, or the fault of the first entry.
pub(super) fn check(source: &dyn LogSource, register: &Register, size: u64) -> Result<u64, Stop> {
    let pages = size.div_ceil(u64::from(TILE_WIDTH));
    let next = AtomicU64::new(0);
    let work = || -> Result<u64, Stop> {
        let mut found = 0;
        loop {
            let page = next.fetch_add(1, Ordering::Relaxed);
            if page >= pages {
                return Ok(found);
            }
            found += check_page(source, register, page, size)?;
        }
    };
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let broke_off = || Err(fault(0, "audit_broke_off", "a thread broke off: run it again"));
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|_| broke_off().map_err(Stop::from)))
            .collect()
    });
    let mut found = 0;
    let mut first: Option<AuditFault> = None;
    for part in parts {
        match part {
            Ok(count) => found += count,
            Err(Stop::Fault(fault)) if first.as_ref().is_none_or(|f| fault.index < f.index) => {
                first = Some(fault);
            }
            Err(Stop::Fault(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    first.map_or(Ok(found), |fault| Err(fault.into()))
}

fn check_page(
    source: &dyn LogSource,
    register: &Register,
    page: u64,
    size: u64,
) -> Result<u64, Stop> {
    let Some(bytes) = source.sidecars(page)? else { return Ok(0) };
    let invalid = |index, reason: String| Stop::from(fault(index, "sidecar_invalid", reason));
    let first = page.saturating_mul(u64::from(TILE_WIDTH));
    let width = size.saturating_sub(first).min(u64::from(TILE_WIDTH));
    let sidecars =
        entries_of(&bytes).map_err(|error| invalid(first, format!("sidecars/{page}: {error}")))?;
    let there = sidecars.len() as u64;
    if there < width {
        let reason = format!("sidecars/{page} ends before it");
        return Err(invalid(first.saturating_add(there), reason));
    }
    let width = u16::try_from(width).unwrap_or(TILE_WIDTH);
    // The page may be newer than the checkpoint: what is beyond is not judged.
    let judged = sidecars.get(..usize::from(width)).unwrap_or_default();
    if judged.iter().all(|sidecar| sidecar.is_empty()) {
        return Ok(0);
    }
    let tile = TilePath { level: TileLevel::Entries, index: page, width };
    let bundle = source.fetch(&tile.to_string())?.unwrap_or_default();
    let entries = entries_of(&bundle).map_err(|e| invalid(first, format!("{tile}: {e}")))?;
    if entries.len() != judged.len() {
        return Err(invalid(first, format!("{tile} is not what was replayed")));
    }
    let mut found = 0;
    for (index, (entry, sidecar)) in (first..).zip(entries.into_iter().zip(judged)) {
        if !sidecar.is_empty() {
            verify(register, entry, sidecar).map_err(|reason| invalid(index, reason))?;
            found += 1;
        }
    }
    Ok(found)
}

/// Under the key that the entry names, which was in force when it was logged: that was replayed.
fn verify(register: &Register, entry: &[u8], sidecar: &[u8]) -> Result<(), String> {
    let leaf = Leaf::parse(entry).map_err(|error| error.to_string())?;
    let statement =
        Statement::parse(leaf.statement, register.domain()).map_err(|error| error.to_string())?;
    let method = &statement.proof.verification_method;
    let (_, key) = register.key(method).ok_or_else(|| format!("{method} is unknown"))?;
    let key = key.verifying_key().map_err(|error| error.to_string())?;
    let detached = std::str::from_utf8(sidecar).map_err(|_| "it is not UTF-8".to_owned())?;
    verify_sidecar(&statement, detached, &key).map_err(|error| error.to_string())
}
