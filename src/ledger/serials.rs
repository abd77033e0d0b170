//! Serials of labels: drawn from a secret seed, the lot and a running number by a permutation of 40
//! bits. So the same issue gives the same serials, none comes twice in a lot, nobody outside can
//! guess one, and whether one was issued is told by turning it back (docs/FORMAT.md 5.1). The seed
//! is no label key: who steals one of those does not learn which serials are out.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::home::{Home, drawn};
use super::{Ledger, LedgerError, Unmet};
use crate::log::Leaf;
use crate::names::{LotKey, Serial};
use crate::register::Register;
use crate::seal::{LogPosition, Signer, SoftKey};
use crate::statement::{Claim, LabelIssue, Statement};
use crate::trust::{Issue, SerialIssues};

/// Rounds of the permutation: ten, as in FF1 (NIST SP 800-38G), whose construction it is with
/// SHA-256 as the keyed function; four would do against who sees few serials (Luby and Rackoff).
const ROUNDS: u8 = 10;

/// Bits of half a serial, and their mask.
const HALF_BITS: u32 = 20;
const HALF: u64 = (1 << HALF_BITS) - 1;

/// Issues of earlier releases whose serials are kept at hand: 64 of 10,000 are 10 MB.
const SETS_MAX: usize = 64;

/// Whether a serial was issued for a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialStanding {
    /// It was, by the label issue logged here.
    Issued(LogPosition),
    /// No issue has it.
    NotIssued,
    /// This ledger cannot tell: the seed is not here.
    Unknown,
}

/// A seed, and the log index from which it counts.
struct Seed {
    from: u64,
    /// Whether what was issued before it is lost; else it was drawn from label keys.
    anew: bool,
    secret: Zeroizing<[u8; 32]>,
}

/// Where the serials of an issue come from.
enum Origin<'a> {
    Seed(&'a Seed),
    /// The label key that the issue names: how the first release did it.
    LabelKey,
    /// Nobody knows any more.
    Lost,
}

/// The seeds of a ledger, and where they lie.
#[derive(Default)]
pub(super) struct Seeds {
    home: Option<Home>,
    seeds: Vec<Seed>,
    /// Serials of issues that label keys were the seed of.
    sets: HashMap<u64, Arc<HashSet<u64>>>,
}

impl Seeds {
    /// Those in a data folder: `keys/serials-N.pem`, `keys/serials-N-anew.pem`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn open(home: &Home) -> Result<Self, LedgerError> {
        let mut found: Vec<(u64, bool, PathBuf)> = Vec::new();
        for file in fs::read_dir(home.folder().join("keys")).into_iter().flatten().flatten() {
            let name = file.file_name().into_string().unwrap_or_default();
            found.extend(place_of_file(&name).map(|(from, anew)| (from, anew, file.path())));
        }
        found.sort_unstable();
        let passphrase = if found.is_empty() { Zeroizing::default() } else { home.passphrase()? };
        let read = |(from, anew, path): (u64, bool, PathBuf)| -> Result<Seed, LedgerError> {
            let secret = Home::read_key(&path, &passphrase)?.secret();
            Ok(Seed { from, anew, secret })
        };
        let seeds = found.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { home: Some(home.clone()), seeds, sets: HashMap::new() })
    }

    /// Makes the first seed, for issues from log index `from` on, if there is none.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn ensure(&mut self, from: u64) -> Result<(), LedgerError> {
        if !self.seeds.is_empty() {
            return Ok(());
        }
        let anew = self.is_imported();
        let secret = match &self.home {
            None => Zeroizing::new(drawn()?),
            Some(home) => {
                let suffix = if anew { "-anew" } else { "" };
                let path = home.folder().join(format!("keys/serials-{from}{suffix}.pem"));
                Home::make_key(&path, &home.passphrase()?)?.secret()
            }
        };
        self.seeds.push(Seed { from, anew, secret });
        Ok(())
    }

    /// Whether the log was brought here without its seeds: only a ledger that was founded here and
    /// has none is one of the first release.
    fn is_imported(&self) -> bool {
        self.home.as_ref().is_some_and(|home| home.folder().join("imported").exists())
    }

    fn origin(&self, index: u64) -> Origin<'_> {
        if let Some(seed) = self.seeds.iter().rev().find(|seed| seed.from <= index) {
            return Origin::Seed(seed);
        }
        let lost = self.seeds.first().map_or_else(|| self.is_imported(), |first| first.anew);
        if lost { Origin::Lost } else { Origin::LabelKey }
    }
}

/// What the name of a seed's file says.
fn place_of_file(name: &str) -> Option<(u64, bool)> {
    let stem = name.strip_prefix("serials-")?.strip_suffix(".pem")?;
    let (digits, anew) = stem.strip_suffix("-anew").map_or((stem, false), |digits| (digits, true));
    let from: u64 = digits.parse().ok()?;
    (from.to_string() == digits).then_some((from, anew))
}

impl Seed {
    /// The key of a lot's permutation.
    fn key_of(&self, lot: &LotKey) -> Zeroizing<[u8; 32]> {
        let hash = Sha256::new()
            .chain_update(b"tasdiq-serials-v2\0")
            .chain_update(self.secret.as_slice())
            .chain_update(lot.to_string())
            .finalize();
        Zeroizing::new(hash.into())
    }
}

/// Half a serial out of the other half.
fn mixed(key: &[u8; 32], round: u8, half: u64) -> u64 {
    let hash = Sha256::new()
        .chain_update(key)
        .chain_update([round])
        .chain_update(half.to_be_bytes())
        .finalize();
    let bits = hash.iter().take(8).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    bits & HALF
}

/// The number on the label at a place.
fn permuted(key: &[u8; 32], place: u64) -> u64 {
    let (mut left, mut right) = ((place >> HALF_BITS) & HALF, place & HALF);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ mixed(key, round, right));
    }
    (left << HALF_BITS) | right
}

/// The place of a number on a label.
fn turned_back(key: &[u8; 32], number: u64) -> u64 {
    let (mut left, mut right) = ((number >> HALF_BITS) & HALF, number & HALF);
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ mixed(key, round, left), left);
    }
    (left << HALF_BITS) | right
}

fn serial_of(number: u64) -> Serial {
    let [_, _, _, random @ ..] = number.to_be_bytes();
    Serial::from_random(random)
}

/// The 40 bits of a serial of eight characters; None for one that was never drawn here.
fn number_of(serial: &Serial) -> Option<u64> {
    const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let text = serial.as_str();
    if text.len() != 8 {
        return None;
    }
    text.chars().try_fold(0_u64, |number, c| {
        let digit = u64::try_from(DIGITS.find(c)?).ok()?;
        Some((number << 5) | digit)
    })
}

/// The numbers of an issue of the first release: from the secret of the label key it names, and the
/// statement's digest.
fn of_label_key<'a>(
    secret: &'a [u8; 32],
    digest: &'a [u8; 32],
    count: u32,
) -> impl Iterator<Item = u64> + 'a {
    (0..count).map(move |place| {
        let hash = Sha256::new()
            .chain_update(b"tasdiq-serial-v1\0")
            .chain_update(secret)
            .chain_update(digest)
            .chain_update(place.to_be_bytes())
            .finalize();
        hash.iter().take(5).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte))
    })
}

impl Ledger {
    /// Makes sure that there is a seed, before an issue is logged.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn ensure_seed(&self) -> Result<(), LedgerError> {
        let size = self.view().size;
        self.door().seeds().ensure(size)
    }

    /// The serials of a logged issue: the same each time.
    ///
    /// # Errors
    /// `serials_lost`, `no_key_in_force`.
    pub(super) fn serials_of(
        &self,
        issue: &LabelIssue,
        digest: &[u8; 32],
        index: u64,
    ) -> Result<Vec<Serial>, LedgerError> {
        let view = self.view();
        let runs = view.register.lot(&issue.lot).map(|lot| lot.label_runs).unwrap_or_default();
        let before = runs.iter().take_while(|run| run.mark.index < index);
        let first = before.fold(0_u64, |sum, run| sum.saturating_add(u64::from(run.count)));
        let seeds = self.door().seeds();
        match seeds.origin(index) {
            Origin::Seed(seed) => {
                let key = seed.key_of(&issue.lot);
                let places = first..first.saturating_add(u64::from(issue.count));
                Ok(places.map(|place| serial_of(permuted(&key, place))).collect())
            }
            Origin::LabelKey => {
                let secret = self.label_secret(&view.register, issue)?;
                Ok(of_label_key(&secret, digest, issue.count).map(serial_of).collect())
            }
            Origin::Lost => {
                let reason = format!(
                    "the serials of the label issue at entry {index} cannot be told again: the \
                     seed of its time, keys/serials-N.pem, is not here. Put it there and start the \
                     service again, or issue new serials"
                );
                Err(LedgerError::unmet(Unmet::Conflict, "serials_lost", reason))
            }
        }
    }

    /// Whether a serial was issued for a lot, and by which label issue. Not whether a code is
    /// genuine: its signature says that.
    #[must_use]
    pub fn serial_issued(&self, lot: &LotKey, serial: &Serial) -> SerialStanding {
        let view = self.view();
        let runs = view.register.lot(lot).map(|lot| lot.label_runs).unwrap_or_default();
        let Some(number) = number_of(serial).filter(|_| !runs.is_empty()) else {
            return SerialStanding::NotIssued;
        };
        if self.keys().is_err() {
            return SerialStanding::Unknown;
        }
        let mut standing = SerialStanding::NotIssued;
        let mut first = 0_u64;
        for run in runs {
            let end = first.saturating_add(u64::from(run.count));
            match self.has(run.mark.index, first..end, lot, number) {
                Some(true) => return SerialStanding::Issued(run.mark),
                Some(false) => {}
                None => standing = SerialStanding::Unknown,
            }
            first = end;
        }
        standing
    }

    /// Whether an issue, of a lot's places, has a number; None if that cannot be told.
    fn has(
        &self,
        issue: u64,
        places: std::ops::Range<u64>,
        lot: &LotKey,
        number: u64,
    ) -> Option<bool> {
        {
            let seeds = self.door().seeds();
            match seeds.origin(issue) {
                Origin::Seed(seed) => {
                    return Some(places.contains(&turned_back(&seed.key_of(lot), number)));
                }
                Origin::Lost => return None,
                Origin::LabelKey => {}
            }
            if let Some(set) = seeds.sets.get(&issue) {
                return Some(set.contains(&number));
            }
        }
        let set = Arc::new(self.set_of(issue)?);
        let mut seeds = self.door().seeds();
        if seeds.sets.len() >= SETS_MAX {
            seeds.sets.clear();
        }
        seeds.sets.insert(issue, set.clone());
        Some(set.contains(&number))
    }

    /// The numbers of an issue of the first release; None if its label key is not here.
    fn set_of(&self, index: u64) -> Option<HashSet<u64>> {
        let view = self.view();
        let entry = self.entry(index).ok()?;
        let statement = Leaf::parse(&entry).ok()?.statement;
        let statement = Statement::parse(statement, view.register.domain()).ok()?;
        let Claim::LabelIssue(issue) = &statement.claim else { return None };
        let secret = self.label_secret(&view.register, issue).ok()?;
        Some(of_label_key(&secret, &statement.digest, issue.count).collect())
    }

    /// The secret of the label key that an issue names, which may be retired by now.
    pub(super) fn label_secret(
        &self,
        register: &Register,
        issue: &LabelIssue,
    ) -> Result<Zeroizing<[u8; 32]>, LedgerError> {
        let named = register.key(&issue.verification_method).map(|record| record.public);
        let held = self.keys()?.label.iter().find(|key| Some(key.public()) == named);
        held.map(SoftKey::secret).ok_or_else(|| {
            let reason = format!("the label key {} is not here", issue.verification_method);
            LedgerError::unmet(Unmet::NotNow, "no_key_in_force", reason)
        })
    }
}

impl SerialIssues for Ledger {
    fn issue_of(&self, lot: &LotKey, serial: &Serial) -> Option<Issue> {
        match self.serial_issued(lot, serial) {
            SerialStanding::Unknown => None,
            SerialStanding::NotIssued => Some(Issue::Never),
            SerialStanding::Issued(mark) => Some(Issue::Logged(mark)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_of_forty_bits() {
        let key = [7; 32];
        let mut seen = HashSet::new();
        for place in (0..2_000).chain([HALF, HALF + 1, (1 << 40) - 1]) {
            let number = permuted(&key, place);
            assert!(number < 1 << 40 && seen.insert(number));
            assert_eq!(turned_back(&key, number), place);
            assert_ne!(permuted(&[8; 32], place), number);
        }
        // What a lot's first thousand labels bear says nothing of a guess: of 100,000 numbers, one
        // in a billion is among them.
        let guessed = (0..100_000_u64).map(|n| n * 10_995_116).filter(|n| seen.contains(n));
        assert_eq!(guessed.count(), 0);
    }

    #[test]
    fn the_text_of_a_number_and_back() {
        for number in [0, 1, 31, 32, (1 << 40) - 1, 0x12_3456_789A] {
            assert_eq!(number_of(&serial_of(number)), Some(number));
        }
        assert_eq!(number_of(&Serial::parse("123456789").unwrap()), None);
        let serial = Serial::parse("5J785DMM").unwrap();
        assert_eq!(serial_of(number_of(&serial).unwrap()), serial);
    }

    #[test]
    fn names_of_seed_files() {
        assert_eq!(place_of_file("serials-0.pem"), Some((0, false)));
        assert_eq!(place_of_file("serials-1220-anew.pem"), Some((1220, true)));
        for other in ["serials-.pem", "serials-007.pem", "serials-+7.pem", "serials-1.key", "x"] {
            assert_eq!(place_of_file(other), None, "{other}");
        }
    }
}
