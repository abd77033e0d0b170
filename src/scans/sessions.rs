//! Who was counted for which unit within a day: keyed hashes in memory, never on disk, and nothing
//! that gives an address back. Not here: what is counted (`counts`).

use std::collections::{HashSet, VecDeque};
use std::io;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::limits::{SESSION_SECONDS, SESSIONS_A_NETWORK_MAX, SESSIONS_MAX};
use crate::os::random;

/// Bytes of a user agent that are looked at.
const AGENT_BYTES_MAX: usize = 512;

/// A session, as it is remembered.
type Trace = [u8; 16];

/// The key of one day; with it goes all that could tie a trace to a reader.
struct DayKey {
    day: i64,
    secret: [u8; 32],
}

/// Sessions of the last day.
#[derive(Default)]
pub(super) struct Sessions {
    /// The newest first: today's and the one before.
    keys: VecDeque<DayKey>,
    known: HashSet<Trace>,
    /// When each was begun, oldest first.
    begun: VecDeque<(i64, Trace)>,
}

impl Sessions {
    /// Whether a reader begins a session with a unit now; if so it is remembered for a day. A
    /// network begins a few with a unit, whatever browsers it shows.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn begins(
        &mut self,
        address: IpAddr,
        agent: &str,
        unit: u64,
        now: i64,
    ) -> io::Result<bool> {
        self.forget(now);
        self.turn(now.div_euclid(SESSION_SECONDS))?;
        let network = network(address);
        let end = agent.floor_char_boundary(AGENT_BYTES_MAX);
        let agent = agent.get(..end).unwrap_or_default().as_bytes();
        let reader = self.traces(&[b"reader", &network, &unit.to_be_bytes(), agent]);
        if self.is_known(&reader) || self.begun.len().saturating_add(2) > SESSIONS_MAX {
            return Ok(false);
        }
        let places = (0..SESSIONS_A_NETWORK_MAX)
            .map(|place| self.traces(&[b"network", &network, &unit.to_be_bytes(), &[place]]))
            .find(|place| !self.is_known(place));
        let Some(place) = places else { return Ok(false) };
        for trace in [reader.first(), place.first()].into_iter().flatten() {
            self.known.insert(*trace);
            self.begun.push_back((now, *trace));
        }
        Ok(true)
    }

    fn is_known(&self, traces: &[Trace]) -> bool {
        traces.iter().any(|trace| self.known.contains(trace))
    }

    /// Drops what is older than a day.
    fn forget(&mut self, now: i64) {
        while let Some((at, trace)) = self.begun.front().copied() {
            if now.saturating_sub(at) < SESSION_SECONDS {
                break;
            }
            self.begun.pop_front();
            self.known.remove(&trace);
        }
        if self.begun.is_empty() {
            // What was large for an hour is not large for ever.
            self.begun.shrink_to(1_024);
            self.known.shrink_to(1_024);
        }
    }

    /// Makes a day's key, and drops all but the one before it.
    fn turn(&mut self, day: i64) -> io::Result<()> {
        if self.keys.front().is_none_or(|key| key.day != day) {
            self.keys.push_front(DayKey { day, secret: random()? });
            self.keys.truncate(2);
        }
        Ok(())
    }

    /// What a session would be remembered as, under today's key and under the one before.
    fn traces(&self, parts: &[&[u8]]) -> Vec<Trace> {
        self.keys.iter().filter_map(|key| trace(&key.secret, parts)).collect()
    }
}

/// HMAC-SHA-256 over the parts, each with its length before it.
fn trace(secret: &[u8; 32], parts: &[&[u8]]) -> Option<Trace> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().first_chunk().copied()
}

/// The network of an address: /24 of IPv4, /48 of IPv6.
fn network(address: IpAddr) -> [u8; 6] {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            [0, 0, 0, a, b, c]
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, e, f, ..] = address.octets();
            [a, b, c, d, e, f]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = SESSION_SECONDS;

    fn from(last: [u8; 4]) -> IpAddr {
        IpAddr::from(last)
    }

    #[test]
    fn a_reader_counts_once_a_day_and_a_network_twice() {
        let mut sessions = Sessions::default();
        let mut begins =
            |address, agent: &str, unit, now| sessions.begins(address, agent, unit, now).unwrap();
        // Late in a day: the next key does not make the reader another.
        let late = 20_000 * DAY - 60;
        assert!(begins(from([192, 0, 2, 1]), "a", 7, late));
        assert!(!begins(from([192, 0, 2, 1]), "a", 7, late + 120));
        assert!(!begins(from([192, 0, 2, 99]), "a", 7, late), "the same network");
        assert!(begins(from([192, 0, 2, 1]), "b", 7, late));
        for browser in 0..50 {
            assert!(!begins(from([192, 0, 2, 1]), &format!("x{browser}"), 7, late), "{browser}");
        }
        assert!(begins(from([192, 0, 2, 1]), "a", 8, late), "another unit");
        assert!(begins(from([198, 51, 100, 1]), "a", 7, late), "another network");
        assert!(begins(from([192, 0, 2, 1]), "a", 7, late + DAY), "the next day");
        let (v6, mapped) = ("2001:db8:1::1".parse().unwrap(), "::ffff:192.0.2.7".parse().unwrap());
        assert!(begins(v6, "a", 7, late));
        assert!(!begins("2001:db8:1:ffff::2".parse().unwrap(), "a", 7, late), "one /48");
        assert!(!begins(mapped, "a", 7, late + DAY), "an IPv4 address in another dress");
    }

    #[test]
    fn nothing_is_kept_longer_than_a_day_nor_without_bound() {
        let mut sessions = Sessions::default();
        for unit in 0..u64::try_from(SESSIONS_MAX).unwrap() {
            let _ = sessions.begins(from([192, 0, 2, 1]), "a", unit, 0).unwrap();
        }
        assert_eq!((sessions.begun.len(), sessions.known.len()), (SESSIONS_MAX, SESSIONS_MAX));
        assert!(!sessions.begins(from([203, 0, 113, 1]), "a", 1, 0).unwrap(), "nobody is counted");
        assert!(sessions.begins(from([203, 0, 113, 1]), "a", 1, DAY).unwrap());
        assert_eq!((sessions.begun.len(), sessions.known.len()), (2, 2));
        assert!(sessions.keys.len() <= 2);
    }

    #[test]
    fn a_trace_holds_neither_address_nor_agent() {
        let mut sessions = Sessions::default();
        let agent = "Mozilla/5.0 (fictive)";
        assert!(sessions.begins(from([192, 0, 2, 77]), agent, 1, 0).unwrap());
        let other = &mut Sessions::default();
        assert!(other.begins(from([192, 0, 2, 77]), agent, 1, 0).unwrap());
        assert!(sessions.known.is_disjoint(&other.known), "without the key nothing is found again");
    }
}
