//! What the operating system says of this process and machine (Linux `/proc`).

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::ledger::Home;

/// How long a service may take to start.
const START_SECONDS_MAX: u64 = 120;

/// Bytes of a `kB` row of this process's status, e.g. `VmRSS`; 0 where there is none.
#[must_use]
pub fn memory_bytes(row: &str) -> u64 {
    memory_of("self", row)
}

/// Bytes of a `kB` row of a process's status; 0 where there is none.
#[must_use]
pub fn memory_of(process: &str, row: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let found = status.lines().find_map(|line| line.strip_prefix(row)?.strip_prefix(':'));
    let kib = found.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default().saturating_mul(1_024)
}

/// The peak of a child's resident memory, asked for without pause until it ends.
///
/// # Errors
/// A child that fails.
pub fn memory_peak_until_exit(mut child: Child) -> anyhow::Result<u64> {
    let id = child.id().to_string();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(memory_of(&id, "VmHWM"));
        if let Some(status) = child.try_wait()? {
            break status;
        }
    };
    if status.success() { Ok(peak) } else { bail!("the command ended with {status}") }
}

/// Starts this program once more as a service over a data folder, reads its resident memory when it
/// takes connections, and kills it.
///
/// # Errors
/// It does not come up.
pub fn service_bytes(home: &Home) -> anyhow::Result<u64> {
    let program = std::env::current_exe().context("where this program is")?;
    let mut command = Command::new(program);
    command.arg("serve").arg("--data").arg(home.folder());
    command.args(["--listen", "127.0.0.1:0", "--quota", "0"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let start = Instant::now();
    let limit = Duration::from_secs(START_SECONDS_MAX);
    while !home.address().exists() && start.elapsed() < limit && child.try_wait()?.is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let bytes = memory_of(&child.id().to_string(), "VmRSS");
    let up = home.address().exists();
    let _ = child.kill();
    child.wait()?;
    if up { Ok(bytes) } else { bail!("the service over {} did not start", home.folder().display()) }
}

/// The load averages of the last 1, 5 and 15 minutes, as the system writes them.
#[must_use]
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Cores this process may use.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
