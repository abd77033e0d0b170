//! What an auditor knows beforehand, and what an audit came to: how much of what was checked, and
//! the first fault with its entry. Not here: the audit (`run`).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ledger::Config;
use crate::log::{Checkpoint, NoteKey, WitnessPolicy};
use crate::names::Word;
use crate::register::{AuditFault, MaterialTotal, PriceTotal};
use crate::source::SourceError;
use crate::statement::{Domain, Timestamp};

/// What the auditor knows beforehand.
#[derive(Clone, Debug)]
pub struct Pins {
    /// The ledger's names.
    pub domain: Domain,
    /// The root key.
    pub root: [u8; 32],
    /// The log's key.
    pub log_key: NoteKey,
    /// An older checkpoint that this log must contain; its signature is the caller's to verify.
    pub since: Option<Checkpoint>,
    /// Who must have cosigned, if anybody.
    pub witnesses: Option<WitnessPolicy>,
}

impl Pins {
    /// What the folder of a ledger says of itself. No witnesses: only a trust snapshot names them.
    ///
    /// # Errors
    /// A host or key in it that is none.
    pub fn of(config: &Config) -> Result<Self, SourceError> {
        let broken = |reason: String| SourceError::unreadable("ledger.json", reason);
        Ok(Self {
            domain: config.domain().map_err(|fault| broken(format!("host: {fault}")))?,
            root: config.root_key().map_err(|fault| broken(format!("root: {fault}")))?,
            log_key: NoteKey::parse(&config.log_key)
                .map_err(|fault| broken(format!("log key: {fault}")))?,
            since: None,
            witnesses: None,
        })
    }
}

/// What the witnesses came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WitnessReport {
    /// Whether the published checkpoint has its quorum.
    pub quorum: bool,
    /// When it had.
    pub at: Option<Timestamp>,
    /// Witnesses that signed it.
    pub signed: Vec<String>,
    /// Witnesses that did not, or not well.
    pub missing: Vec<String>,
    /// Cosigned checkpoints of the past that this log contains.
    pub checkpoints: u64,
}

/// What was checked, and the first fault.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// The log.
    pub origin: String,
    /// Entries under the checkpoint.
    pub size: u64,
    /// Entries replayed: form, chain, signature, authority at log time, rules.
    pub entries: u64,
    /// Hash tiles compared with the entries.
    pub tiles: u64,
    /// Status lists among the entries, each equal to the register at its place.
    pub status_lists: u64,
    /// Sidecars that the source has, each good under the key of its entry.
    pub sidecars: u64,
    /// The edition of the rules at its end.
    pub edition: u32,
    /// Lots the log folds to.
    pub lots: u64,
    /// Certificates the log folds to.
    pub certificates: u64,
    /// What there is of each material, recomputed from the events: nothing before goods are
    /// followed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub materials: BTreeMap<Word, MaterialTotal>,
    /// What prices add up to, by scheme, year, campaign and currency: as above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceTotal>,
    /// Whether an older checkpoint was found to be the beginning of this log.
    pub consistent_with_older: Option<bool>,
    /// What the witnesses signed; None: the trust snapshot names none.
    pub witnesses: Option<WitnessReport>,
    /// Documents (trust snapshot, pack) found to say what the register says.
    pub documents: u64,
    /// Whether nobody compared the root key with one known beforehand: then even a clean log may be
    /// another's.
    pub root_not_pinned: bool,
    /// Milliseconds it took.
    pub elapsed_ms: u64,
    /// What cannot be right and proves nothing against the log by itself, each with the first entry
    /// it shows at: `log_time_ahead`, later than the reader's clock.
    pub findings: Vec<AuditFault>,
    /// The first fault; None: the log is clean.
    pub fault: Option<AuditFault>,
}

pub(super) fn fault(index: u64, code: &str, reason: impl ToString) -> AuditFault {
    AuditFault { index, code: code.to_owned(), reason: reason.to_string() }
}
