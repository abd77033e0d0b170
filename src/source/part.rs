//! What a source can be asked for: parts of a log and documents beside it, each by the one path it
//! is served at. Not here: the offline pack, which may be too large to be held as bytes
//! (`pack_data`).

use std::fmt;

use crate::log::{TileLevel, TilePath};
use crate::names::PartySlug;
use crate::statement::ListName;

/// A part of a log, or a document beside it. Written by `Display` as messages call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The newest signed checkpoint.
    Checkpoint,
    /// The key that checkpoints are verified with.
    LogKey,
    /// A tile of hashes, or a bundle of entries.
    Tile(TilePath),
    /// The sidecars of the 256 entries from 256 times this number on.
    Sidecars(u64),
    /// A page of the history of cosigned checkpoints.
    Cosigned(u64),
    /// The trust snapshot.
    Trust,
    /// The index of status lists.
    StatusIndex,
    /// A status list.
    StatusList(ListName),
    /// The JSON-LD context.
    Context,
    /// The DID document of the authority.
    AuthorityDid,
    /// The DID document of another party.
    PartyDid(PartySlug),
}

impl Part {
    /// Reads a part of a log from its path below `log`; None for any other spelling than its own.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let part = match path.split_once('/') {
            None if path == "checkpoint" => Self::Checkpoint,
            None if path == "vkey" => Self::LogKey,
            Some(("tile", _)) => Self::Tile(TilePath::parse(path).ok()?),
            Some(("sidecars", page)) => Self::Sidecars(page.parse().ok()?),
            Some(("cosigned", page)) => Self::Cosigned(page.parse().ok()?),
            _ => return None,
        };
        (part.to_string() == path).then_some(part)
    }

    /// Where a service serves it, without leading slash.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Checkpoint | Self::LogKey | Self::Tile(_) => format!("log/{self}"),
            Self::Sidecars(_) | Self::Cosigned(_) => format!("log/{self}"),
            document => document.to_string(),
        }
    }

    /// Where a folder of static files has it: the index of status lists cannot be a file `status`,
    /// which is a folder there.
    #[must_use]
    pub fn file(&self) -> String {
        if *self == Self::StatusIndex { "status/index.json".to_owned() } else { self.path() }
    }

    /// Whether it is a bundle of entries.
    #[must_use]
    pub fn is_bundle(&self) -> bool {
        matches!(self, Self::Tile(TilePath { level: TileLevel::Entries, .. }))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("checkpoint"),
            Self::LogKey => f.write_str("vkey"),
            Self::Tile(path) => path.fmt(f),
            Self::Sidecars(page) => write!(f, "sidecars/{page}"),
            Self::Cosigned(page) => write!(f, "cosigned/{page}"),
            Self::Trust => f.write_str("trust"),
            Self::StatusIndex => f.write_str("status"),
            Self::StatusList(name) => write!(f, "status/{name}"),
            Self::Context => f.write_str("ns/tasdiq/v1"),
            Self::AuthorityDid => f.write_str(".well-known/did.json"),
            Self::PartyDid(party) => write!(f, "parties/{party}/did.json"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_one_spelling() {
        for good in ["checkpoint", "vkey", "tile/0/x001/067.p/3", "sidecars/0", "cosigned/1000"] {
            let part = Part::parse(good).unwrap();
            assert_eq!((part.to_string(), part.path()), (good.into(), format!("log/{good}")));
            assert_eq!(part.file(), part.path());
        }
        for bad in ["", "trust", "checkpoint/", "tile", "tile/0/0", "sidecars/07", "cosigned/+0"] {
            assert_eq!(Part::parse(bad), None, "{bad:?}");
        }
        assert!(Part::parse("tile/entries/000").unwrap().is_bundle());
        assert!(!Part::parse("tile/0/000").unwrap().is_bundle());
    }

    #[test]
    fn documents_lie_where_they_are_served() {
        let list = Part::StatusList(ListName::parse("revocation-0").unwrap());
        let party = Part::PartyDid(PartySlug::parse("coop").unwrap());
        for (part, path) in [
            (Part::Trust, "trust"),
            (list, "status/revocation-0"),
            (Part::Context, "ns/tasdiq/v1"),
            (Part::AuthorityDid, ".well-known/did.json"),
            (party, "parties/coop/did.json"),
        ] {
            assert_eq!((part.path().as_str(), part.file().as_str()), (path, path));
        }
        let index = Part::StatusIndex;
        assert_eq!((index.path().as_str(), index.file().as_str()), ("status", "status/index.json"));
    }
}
