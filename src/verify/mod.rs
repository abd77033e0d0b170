//! CAN I BELIEVE IT: `verify(evidence, trust, book, now, policy) -> Report`, a pure function that
//! fails closed: what was not checked is never counted as passed. The same report from command,
//! API and pages, online and offline (shaped on ETSI EN 319 102-1).
//! Not here: the network, the clock, words for people (codes only).

mod checks;
mod code;
mod consignment;
mod dossier;
mod enclosed;
mod goods;
mod judge;
mod label_key;
mod log_times;
mod policy;
mod quorum;
mod renewal;
mod report;
mod scope;
mod signal;
mod statement;
mod trace_dossier;

pub use consignment::{ConsignmentReport, JudgedConsignment, LotVerdict, judge_consignment};
pub use enclosed::verify_enclosed;
pub use judge::{Evidence, verify};
pub use log_times::LogTimes;
pub use policy::Policy;
pub use report::{
    Authenticity, CertificateSummary, Check, CheckName, CheckResult, Claims, ContactTold,
    FAIR_TRADE_REASONS, Fitness, FitnessAt, Indication, Report, SubIndication, WORST_FIRST,
    severity,
};
pub use signal::{CodeReading, Signal};
