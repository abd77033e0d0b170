//! What this machine could do at most: signature checks, hashing, the disk of the chosen folder.
//! Measured in the same run as what is held beside it. Not here: what the ledger does of it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use ed25519_dalek::Signature;
use sha2::{Digest, Sha256};

use super::load::per_second;
use super::process::cores;
use super::report::{Figure, Unit};
use crate::seal::{Signer, SoftKey, public_key};

/// How long signatures are checked.
const CHECKING: Duration = Duration::from_millis(300);
/// Signatures that a core checks between two looks at the clock.
const CHECKS_AT_ONCE: u64 = 32;
/// Bytes hashed and written at a time.
const PIECE: usize = 1 << 20;
/// Pieces hashed.
const HASHED: u64 = 256;
/// Syncs whose median counts.
const SYNCS: usize = 200;

/// What one machine could do, alone.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// Strict Ed25519 checks a second, on all cores.
    pub signatures: u64,
    /// Bytes a second into SHA-256, on one core.
    pub hashed: u64,
    /// Appending 4 kB and syncing: the median.
    pub sync: Duration,
    /// Bytes a second written in order and synced.
    pub written: u64,
}

impl Machine {
    /// Measures this machine, and the disk of `folder` with so many bytes.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn measure(folder: &Path, bytes: u64) -> anyhow::Result<Self> {
        let file = folder.join("limits");
        let measured = Self {
            signatures: signature_checks()?,
            hashed: hashing(),
            sync: syncing(&file)?,
            written: writing(&file, bytes)?,
        };
        std::fs::remove_file(&file)?;
        Ok(measured)
    }

    /// Statements a second, if nothing counted but their signatures and their bytes on the disk.
    #[must_use]
    pub fn statements(&self, signatures: u64, bytes: u64) -> u64 {
        (self.signatures / signatures.max(1)).min(self.written / bytes.max(1))
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let rate = |what, value, unit, bound| Figure::new(what, value, unit, bound);
        vec![
            rate(
                "machine: strict Ed25519 checks, all cores",
                self.signatures,
                Unit::PerSecond,
                "the cores; the key is unpacked beforehand",
            ),
            rate("machine: SHA-256, one core", self.hashed, Unit::BytesPerSecond, "one core"),
            Figure::time("machine: append of 4 kB and sync, p50", self.sync, "the disk"),
            rate("machine: writing in order", self.written, Unit::BytesPerSecond, "the disk"),
        ]
    }
}

/// Strict checks a second on all cores, as labels are checked.
///
/// # Errors
/// A signature that does not verify: none in practice.
fn signature_checks() -> anyhow::Result<u64> {
    let secret = SoftKey::from_secret(&[0x33; 32]);
    let (key, message) = (public_key(&secret.public())?, [0x44; 64]);
    let signature = Signature::from_bytes(&secret.sign_bytes(&message));
    let check = || -> anyhow::Result<u64> {
        let (start, mut count) = (Instant::now(), 0_u64);
        while start.elapsed() < CHECKING {
            for _ in 0..CHECKS_AT_ONCE {
                let message = std::hint::black_box(message);
                key.verify_strict(&message, &signature).map_err(|error| anyhow!("{error}"))?;
            }
            count = count.saturating_add(CHECKS_AT_ONCE);
        }
        Ok(count)
    };
    let start = Instant::now();
    let count = std::thread::scope(|scope| -> anyhow::Result<u64> {
        let threads: Vec<_> = (0..cores()).map(|_| scope.spawn(check)).collect();
        let mut all = 0_u64;
        for thread in threads {
            let count = thread.join().map_err(|_| anyhow!("a checking thread broke off"))??;
            all = all.saturating_add(count);
        }
        Ok(all)
    })?;
    Ok(per_second(count, start.elapsed()))
}

/// Does something between two measurements of [`signature_checks`] and gives their mean beside it:
/// what else the machine does then weighs on both.
///
/// # Errors
/// What keeps it from being done.
pub fn beside_checks<T>(step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, u64)> {
    let before = signature_checks()?;
    let done = step()?;
    Ok((done, before.midpoint(signature_checks()?)))
}

fn hashing() -> u64 {
    let piece = vec![0x55; PIECE];
    let start = Instant::now();
    let mut hasher = Sha256::new();
    for _ in 0..HASHED {
        hasher.update(&piece);
    }
    std::hint::black_box(hasher.finalize());
    per_second(HASHED.saturating_mul(1 << 20), start.elapsed())
}

fn syncing(path: &Path) -> anyhow::Result<Duration> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut one = || -> anyhow::Result<Duration> {
        let start = Instant::now();
        file.write_all(&[0x66; 4_096])?;
        file.sync_all()?;
        Ok(start.elapsed())
    };
    let mut took = (0..SYNCS).map(|_| one()).collect::<anyhow::Result<Vec<_>>>()?;
    took.sort_unstable();
    took.get(SYNCS / 2).copied().context("no sync was timed")
}

fn writing(path: &Path, bytes: u64) -> anyhow::Result<u64> {
    let (mut file, piece) = (File::create(path)?, vec![0x77; PIECE]);
    let start = Instant::now();
    let mut written = 0_u64;
    while written < bytes {
        file.write_all(&piece)?;
        written = written.saturating_add(u64::try_from(PIECE)?);
    }
    file.sync_all()?;
    ensure!(written > 0, "nothing was written");
    Ok(per_second(written, start.elapsed()))
}
