//! How much of an answer is taken, in bytes after inflation and in time, by what is asked for.
//! Not here: taking it (`service`).

use crate::limits::{
    ANSWER_BYTES_MAX, ANSWER_SECONDS_MAX, BUNDLE_BYTES_MAX, CONSIGNMENT_BYTES_MAX,
    COSIGNED_PAGE_BYTES_MAX, DOCUMENT_BYTES_MAX, DOCUMENT_SECONDS_MAX, DOSSIER_BYTES_MAX,
    NOTE_BYTES_MAX, PACK_BYTES_MAX, PACK_SECONDS_MAX, PRINTED_BYTES_MAX, SIDECAR_PAGE_BYTES_MAX,
    TILE_BYTES_MAX, TRUST_BYTES_MAX,
};

/// Where the offline pack is served.
pub const PACK: &str = "api/v1/packs/latest";

/// How much of an answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Bytes, inflated.
    pub bytes: u64,
    pub seconds: u64,
}

impl Bounds {
    /// The bounds of what is at a path, with its leading slash; queries do not count.
    pub fn of(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let bytes = match path {
            PACK => return Self { bytes: PACK_BYTES_MAX, seconds: PACK_SECONDS_MAX },
            "trust" | "trust.json" => TRUST_BYTES_MAX,
            "log/checkpoint" | "log/vkey" | "healthz" => NOTE_BYTES_MAX,
            path if path.starts_with("log/tile/entries/") => BUNDLE_BYTES_MAX,
            path if path.starts_with("log/tile/") => TILE_BYTES_MAX,
            path if path.starts_with("log/sidecars/") => SIDECAR_PAGE_BYTES_MAX,
            path if path.starts_with("log/cosigned/") => COSIGNED_PAGE_BYTES_MAX,
            path if path.starts_with("events/") => CONSIGNMENT_BYTES_MAX as u64,
            path if path.ends_with(".tasdiq") => DOSSIER_BYTES_MAX as u64,
            "api/v1/label-sheets" => PRINTED_BYTES_MAX as u64,
            path if path.starts_with("api/") => ANSWER_BYTES_MAX,
            _ => DOCUMENT_BYTES_MAX,
        };
        let small = bytes <= DOCUMENT_BYTES_MAX;
        Self { bytes, seconds: if small { DOCUMENT_SECONDS_MAX } else { ANSWER_SECONDS_MAX } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_bounds() {
        let bytes = |path: &str| Bounds::of(path).bytes;
        assert_eq!(bytes("/log/tile/0/x001/067.p/3"), TILE_BYTES_MAX);
        assert_eq!(bytes("/log/tile/entries/000"), BUNDLE_BYTES_MAX);
        assert_eq!(bytes("/trust"), TRUST_BYTES_MAX);
        assert_eq!(bytes("/api/v1/packs/latest?since=7"), PACK_BYTES_MAX);
        assert_eq!(bytes("/api/v1/statements"), ANSWER_BYTES_MAX);
        assert_eq!(bytes("/certificates/7.tasdiq"), DOSSIER_BYTES_MAX as u64);
        assert_eq!(bytes("/events/coop/4K7Q.tasdiq"), CONSIGNMENT_BYTES_MAX as u64);
        for small in ["/status", "/status/revocation-0", "/.well-known/did.json", "/anything"] {
            assert_eq!(
                Bounds::of(small),
                Bounds { bytes: DOCUMENT_BYTES_MAX, seconds: DOCUMENT_SECONDS_MAX }
            );
        }
        // A mirror below a folder of another host is asked by the same paths.
        assert_eq!(bytes("/log/checkpoint"), NOTE_BYTES_MAX);
    }
}
