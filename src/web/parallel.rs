//! Work on many items on all processors, off the threads that serve connections.
//! Not a pool: a call is for tens of milliseconds of work, and thread starts cost microseconds.

use std::thread;

use super::Problem;

/// Items below which another thread costs more than it brings.
const CHUNK_MIN: usize = 16;

/// `work` on each item, in order, on all processors.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let chunk = items.len().div_ceil(threads).max(CHUNK_MIN);
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

/// Runs `work` on a thread that may block.
///
/// # Errors
/// `internal` if it panicked.
pub async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())
}
