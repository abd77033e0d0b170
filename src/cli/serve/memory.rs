//! How a service gives memory back that a burst of callers took: settings of the C library's
//! allocator, which it reads when a process starts.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// Blocks from 128 KiB on are the system's again at once, wherever they were freed; without it each
/// thread's arena keeps up to 64 MB for good. Of smaller ones each arena keeps up to 1 MiB at its
/// end for reuse: there are two or three, and what 1,100 connections held is 16 MB.
const SETTINGS: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "131072"), ("MALLOC_TRIM_THRESHOLD_", "1048576")];

/// Starts this program once more, in this process, with the settings that are not there yet. What
/// the operator set stands; other C libraries do not read them.
pub fn give_memory_back() {
    let missing = SETTINGS.iter().filter(|(name, _)| std::env::var_os(name).is_none());
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() || !cfg!(target_env = "gnu") {
        return;
    }
    let Ok(own) = std::env::current_exe() else { return };
    let mut again = Command::new(own);
    again.args(std::env::args_os().skip(1)).envs(missing.into_iter().copied());
    // It comes back only if it failed; then memory is kept, and all else is the same.
    let error = again.exec();
    eprintln!("tasdiq: memory of bursts will be kept: {error}");
}
