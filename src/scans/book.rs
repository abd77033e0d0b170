//! The counts of a service: begun at a scan, asked by verdicts, saved now and then. What a crash
//! loses was not counted. Not here: which requests count (`web`).

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::counts::{Country, Counts};
use super::sessions::Sessions;
use crate::limits::SCAN_ROWS_MAX;
use crate::names::{LotKey, Serial};
use crate::os::files;
use crate::statement::Timestamp;
use crate::trust::Seen;

/// Bytes of a row in the file, and some.
const ROW_BYTES_MAX: u64 = 40;

/// A unit, told by a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(u64);

/// Who scans: kept for a day at most, as a keyed hash.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// From which address.
    pub address: IpAddr,
    /// With which browser.
    pub agent: &'a str,
    /// From which country, if that is known.
    pub country: Country,
}

/// The counts of a service; cheap to clone.
#[derive(Clone, Default)]
pub struct Scans(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Where they rest; None: in memory only.
    file: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sessions: Sessions,
    counts: Counts,
    changed: bool,
}

impl Unit {
    /// The unit with a serial of a lot.
    #[must_use]
    pub fn of(lot: &LotKey, serial: &Serial) -> Self {
        let text = format!("tasdiq-scan-v1\0{lot}\0{}", serial.as_str());
        let digest: [u8; 32] = Sha256::digest(text).into();
        Self(digest.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default())
    }
}

impl Scans {
    /// Those that rest in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder or the file cannot be used, or the file is no list of counts.
    pub fn open(folder: &Path) -> io::Result<Self> {
        files::private_folder(folder)?;
        let file = folder.join("counts");
        let most = ROW_BYTES_MAX.saturating_mul(SCAN_ROWS_MAX as u64);
        let counts = match files::read_at_most(&file, most)? {
            None => Counts::default(),
            Some(bytes) => {
                let text = String::from_utf8(bytes).unwrap_or_default();
                Counts::parse(&text).map_err(|line| {
                    let text = format!("{}: line {line} counts no scans", file.display());
                    io::Error::new(io::ErrorKind::InvalidData, text)
                })?
            }
        };
        let state = Mutex::new(State { counts, ..State::default() });
        Ok(Self(Arc::new(Shared { file: Some(file), state })))
    }

    /// Counts a scan if it begins a session; whether it did. Where the system gives no randomness
    /// nobody is counted.
    #[must_use]
    pub fn count(&self, visit: Visit<'_>, unit: Unit, now: Timestamp) -> bool {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = state.sessions.begins(visit.address, visit.agent, unit.0, now.seconds());
        let counted = begins.unwrap_or(false) && state.counts.add(unit.0, visit.country, now);
        state.changed |= counted;
        counted
    }

    /// What was seen of a unit lately.
    #[must_use]
    pub fn seen(&self, unit: Unit, now: Timestamp) -> Seen {
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.counts.seen(unit.0, now)
    }

    /// Saves what changed, and forgets what is old. Blocks.
    ///
    /// # Errors
    /// The file cannot be written; what was counted stays in memory.
    pub fn save(&self, now: Timestamp) -> io::Result<()> {
        let Some(file) = &self.0.file else { return Ok(()) };
        let text = {
            let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
            if !state.changed {
                return Ok(());
            }
            state.changed = false;
            state.counts.forget(now);
            state.counts.text()
        };
        files::replace(file, text.as_bytes(), 0o600).inspect_err(|_| {
            self.0.state.lock().unwrap_or_else(PoisonError::into_inner).changed = true;
        })
    }
}

impl std::fmt::Debug for Scans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scans").field("file", &self.0.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(last: u8, country: &str) -> Visit<'static> {
        let address = IpAddr::from([198, 51, last, 1]);
        Visit { address, agent: "Mozilla/5.0 (fictive)", country: Country::of(country) }
    }

    #[test]
    fn counts_outlast_a_stop_and_hold_nothing_of_a_reader() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("scans");
        let now = Timestamp::parse("2026-11-28T06:00:00Z").unwrap();
        let lot: LotKey = "coop/L1".parse().unwrap();
        let unit = Unit::of(&lot, &Serial::parse("4K7Q2M9X").unwrap());
        let scans = Scans::open(&folder).unwrap();
        for (place, country) in ["MA", "FR", "ES", "ES", "", "FR", "MA", "MA"].iter().enumerate() {
            assert!(scans.count(visit(u8::try_from(place).unwrap(), country), unit, now));
        }
        assert!(!scans.count(visit(0, "MA"), unit, now), "the same reader");
        let seen = scans.seen(unit, now);
        assert_eq!(seen, Seen { sessions: 8, countries: 3 });
        assert!(seen.is_unusual());
        assert!(!Seen { sessions: 24, countries: 2 }.is_unusual());
        assert!(!Seen { sessions: 7, countries: 5 }.is_unusual());
        assert!(Seen { sessions: 25, countries: 0 }.is_unusual());
        scans.save(now).unwrap();
        let text = std::fs::read_to_string(folder.join("counts")).unwrap();
        for told in ["198.51", "Mozilla", "4K7Q2M9X", "coop"] {
            assert!(!text.contains(told), "{told}: {text}");
        }
        let again = Scans::open(&folder).unwrap();
        assert_eq!(again.seen(unit, now), seen);
        // Whoever deletes the file has forgotten.
        std::fs::remove_file(folder.join("counts")).unwrap();
        assert_eq!(Scans::open(&folder).unwrap().seen(unit, now), Seen::default());
        std::fs::write(folder.join("counts"), "something else").unwrap();
        assert!(Scans::open(&folder).is_err(), "what cannot be read is not absent");
    }
}
