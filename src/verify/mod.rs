//! CAN I BELIEVE IT: `verify(evidence, trust, book, now, policy) -> Report`, a pure function that
//! fails closed: what was not checked is never counted as passed. The same report from command,
//! API and pages, online and offline (shaped on ETSI EN 319 102-1).
//! Not here: the network, the clock, words for people (codes only).

mod book;
mod checks;
mod code;
mod dossier;
mod judge;
mod label_key;
mod log_times;
mod pack;
mod policy;
mod quorum;
mod report;
mod roots;
mod scope;
mod signal;
mod statement;
mod trust;

pub use book::{Counted, Issue, LiveBook, SerialIssues, Standing, StatusBook};
pub use dossier::{DossierError, DossierSource, dossier_trust, is_dossier, seal_dossier};
pub use judge::{Evidence, verify};
pub use log_times::LogTimes;
pub use pack::{
    Contents, Pack, PackBytes, PackFile, PackWriter, PackedLot, Sealing, pack_root_of,
    seal_contents, seal_pack,
};
pub use policy::Policy;
pub use report::{
    Authenticity, CertificateSummary, Check, CheckName, CheckResult, Claims, Fitness, FitnessAt,
    Indication, Report, SubIndication, WORST_FIRST, severity,
};
pub use signal::{CodeReading, Signal};
pub use trust::{Trust, TrustError};
