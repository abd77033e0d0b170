//! Names of events: 26 characters under the issuer's own slug, so that nobody can take a name that
//! another needs, and a retry of the issuer's program gives the same one.

use std::fmt;

use crate::names::PartySlug;

use super::super::crockford::{CHARACTERS, first_130_bits, is_130_bits};

/// The characters that an issuer gives an event: 26 of Crockford's base 32, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName([u8; CHARACTERS]);

/// What names an event in the ledger: `https://HOST/events/SLUG/NAME`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// Who signed it.
    pub issuer: PartySlug,
    /// Its name among that party's.
    pub name: EventName,
}

impl EventName {
    /// The name made from the first 130 bits of a hash: of HMAC-SHA-256 under 32 secret bytes kept
    /// beside the issuer's key, over the issuer's own name for the event.
    #[must_use]
    pub fn of_hash(hash: &[u8; 32]) -> Self {
        Self::parse(&first_130_bits(hash)).unwrap_or(Self([b'0'; CHARACTERS]))
    }

    /// Reads the 26 characters; None for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_130_bits(text).then(|| text.as_bytes().try_into().ok()).flatten().map(Self)
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl EventId {
    /// The path below a host: `events/{slug}/{name}`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("events/{}/{}", self.issuer, self.name)
    }

    /// Reads such a path; None for any other text.
    #[must_use]
    pub fn parse_path(path: &str) -> Option<Self> {
        let (slug, name) = path.strip_prefix("events/")?.split_once('/')?;
        Some(Self { issuer: PartySlug::parse(slug).ok()?, name: EventName::parse(name)? })
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventName({self})")
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.issuer, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(EventName::of_hash(&[0xff; 32]).as_str(), "Z".repeat(26));
        assert_eq!(EventName::of_hash(&[0; 32]).as_str(), "0".repeat(26));
        let good = "4K7Q0123456789ABCDEFGHJKMN";
        assert_eq!(EventName::parse(good).unwrap().to_string(), good);
        for bad in [
            "4k7q0123456789ABCDEFGHJKMN",
            "4I7Q0123456789ABCDEFGHJKMN",
            "4K7Q0123456789ABCDEFGHJKM",
            "4K7Q0123456789ABCDEFGHJKMNP",
            "",
        ] {
            assert_eq!(EventName::parse(bad), None, "{bad}");
        }
        let path = format!("events/coop/{good}");
        assert_eq!(EventId::parse_path(&path).unwrap().path(), path);
        for bad in ["events/coop", "events//4K7Q0123456789ABCDEFGHJKMN", "event/coop/x"] {
            assert_eq!(EventId::parse_path(bad), None, "{bad}");
        }
    }
}
