//! What the operating system says of this process and machine (Linux `/proc`), and this program
//! once more, as a service in a process of its own.

use std::fs;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::load::get;
use crate::ledger::Home;
use crate::store::SledStore;

/// How long a service may take to start.
const START_MAX: Duration = Duration::from_secs(1_800);

/// How long whoever held the store may take to let go of it.
const PATIENCE: Duration = Duration::from_secs(300);

/// The one setting that a service over a copied folder needs.
const PASSPHRASE: &str = "TASDIQ_PASSPHRASE";

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

/// A service in a process of its own. It is killed when this is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub took: Duration,
    child: Child,
}

impl Running {
    /// Starts this program as a service over a data folder and waits for its first answer, which
    /// must tell of `entries` at least.
    ///
    /// # Errors
    /// It does not come up, misses entries, or takes no more in.
    pub fn start(home: &Home, entries: u64) -> anyhow::Result<Self> {
        wait_until_free(home)?;
        let _ = fs::remove_file(home.address());
        let program = std::env::current_exe().context("where this program is")?;
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(home.folder());
        command.args(["--listen", "127.0.0.1:0", "--quota", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        // Settings of another ledger's service are not this one's; the passphrase is.
        let settings = std::env::vars_os().map(|(name, _)| name);
        for name in settings.filter(|name| name != PASSPHRASE) {
            if name.to_string_lossy().starts_with("TASDIQ_") {
                command.env_remove(name);
            }
        }
        let start = Instant::now();
        let child = command.spawn()?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut running = Self { address, took: Duration::ZERO, child };
        let checkpoint = running.first_answer(home, start)?;
        running.took = start.elapsed();
        let size = checkpoint.lines().nth(1).and_then(|line| line.parse::<u64>().ok());
        let size = size.context("a checkpoint without size")?;
        ensure!(size >= entries, "{size} of {entries} entries came back");
        ensure!(metric(running.address, "tasdiq_writes_stopped")? == 0, "writes are stopped");
        Ok(running)
    }

    /// The checkpoint, as soon as it is given.
    fn first_answer(&mut self, home: &Home, start: Instant) -> anyhow::Result<String> {
        while start.elapsed() < START_MAX {
            if let Some(status) = self.child.try_wait()? {
                bail!("the service over {} ended with {status}", home.folder().display());
            }
            let told = fs::read_to_string(home.address()).unwrap_or_default();
            if let Some(Ok(address)) = told.strip_prefix("http://").map(str::parse) {
                self.address = address;
                return Ok(String::from_utf8(get(address, "/log/checkpoint")?)?);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        bail!("the service over {} did not start", home.folder().display())
    }

    /// Its resident memory.
    #[must_use]
    pub fn memory(&self) -> u64 {
        memory_of(&self.child.id().to_string(), "VmRSS")
    }

    /// Asks it to stop, as a service manager does, and waits.
    ///
    /// # Errors
    /// It ends otherwise.
    pub fn stop(mut self) -> anyhow::Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the service ended with {status}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until nobody holds the store: a large ledger takes a while to close.
///
/// # Errors
/// It is held for too long.
pub fn wait_until_free(home: &Home) -> anyhow::Result<()> {
    let start = Instant::now();
    while SledStore::is_held(&home.store()) {
        ensure!(start.elapsed() < PATIENCE, "{} is still held", home.folder().display());
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// A figure that a service tells of itself.
///
/// # Errors
/// It does not answer, or tells no such figure.
pub fn metric(address: SocketAddr, name: &str) -> anyhow::Result<u64> {
    let text = String::from_utf8(get(address, "/metrics")?)?;
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.and_then(|value| value.parse().ok()).with_context(|| format!("no figure {name}"))
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
