//! Work on many items on all processors, and work that blocks, off the threads that serve
//! connections: each kind in places of its own. Not a pool: thread starts cost microseconds.

use std::thread;

use super::Problem;
use crate::door::{self, Lane};

/// Items below which another thread costs more than it brings.
const CHUNK_MIN: usize = 16;

/// `work` on each item, in order, on all processors.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_parts(items, CHUNK_MIN, work)
}

/// As [`map`], for items that each are worth a thread.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_parts(items, 1, work)
}

fn in_parts<T: Sync, R: Send>(items: &[T], least: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let chunk = items.len().div_ceil(threads).max(least);
    if items.len() <= chunk {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(chunk)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let joined = parts.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Runs a look-up on a thread that may block; see [`blocking_in`].
///
/// # Errors
/// As [`blocking_in`].
pub async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Problem> {
    blocking_in(Lane::Common, work).await
}

/// Runs `work` on a thread that may block, once its kind has a free place. The place stays taken
/// until it is done, also when nobody waits for it any more.
///
/// # Errors
/// `too_busy`; `internal` if it panicked.
pub async fn blocking_in<R: Send + 'static>(
    lane: Lane,
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Problem> {
    let place = door::place(lane).await?;
    let placed = move || {
        let done = work();
        drop(place);
        done
    };
    tokio::task::spawn_blocking(placed).await.map_err(|_| Problem::internal())
}
