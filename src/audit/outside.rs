//! What an audit compares with a log besides itself: checkpoints that witnesses signed, and the
//! documents that are made of the register: trust snapshot and pack. Not here: the replay (`run`).

use std::collections::BTreeMap;

use super::report::{Pins, WitnessReport, fault};
use crate::log::{Compared, Hash, Note, Tree, entries_of};
use crate::pack::{PackFile, pack_root_of};
use crate::register::{AuditFault, Register};
use crate::source::{LogSource, PackData, Part, SourceError};
use crate::statement::Timestamp;
use crate::trust::{StatusData, Trust, TrustError};
use crate::verify::LogTimes;

/// Pages of the history of cosigned checkpoints that are read: 29 years, one an hour.
const PAGES_MAX: u64 = 1_000;

/// What is looked at besides the log.
#[derive(Default)]
pub(super) struct OutsideChecks {
    /// The history of cosigned checkpoints.
    notes: Vec<String>,
    times: LogTimes,
    witnesses: Option<WitnessReport>,
    trust: Option<Trust>,
    /// Size and hash of the pack.
    pack: Option<(u64, Hash)>,
    /// Snapshots of the register: size and digest of each.
    snapshots: Vec<(u64, Hash)>,
    /// A document that is not genuine: told after all faults of the log itself.
    unreadable: Option<AuditFault>,
    /// Registers at the sizes that documents reflect, once reached.
    registers: BTreeMap<u64, Option<Register>>,
}

impl OutsideChecks {
    /// Fetches what there is. To be called before the checkpoint is fetched, which is then as new.
    pub fn fetch(
        source: &dyn LogSource,
        pins: &Pins,
        empty: &Register,
    ) -> Result<Result<Self, AuditFault>, SourceError> {
        let mut this = Self { snapshots: source.snapshots(empty), ..Self::default() };
        this.registers.extend(this.snapshots.iter().map(|(size, _)| (*size, None)));
        if pins.witnesses.is_some() {
            for page in 0..PAGES_MAX {
                let Some(bytes) = source.fetch(&Part::Cosigned(page))? else { break };
                let Ok(found) = entries_of(&bytes) else {
                    return Ok(Err(fault(0, "cosigned_invalid", "a page of notes is malformed")));
                };
                this.notes
                    .extend(found.iter().map(|note| String::from_utf8_lossy(note).into_owned()));
            }
        }
        let trust = source.fetch(&Part::Trust)?;
        this.unreadable = this.documents(trust, source.pack()?).err();
        Ok(Ok(this))
    }

    /// Opens the documents that are served; the pack under the trust snapshot beside it. Whose root
    /// that is does not matter here: what they say is compared with the replayed register.
    fn documents(
        &mut self,
        trust: Option<Vec<u8>>,
        pack: Option<PackData>,
    ) -> Result<(), AuditFault> {
        let refuse = |error: TrustError| fault(0, error.code(), error);
        let Some(trust) = trust else { return Ok(()) };
        let trust = Trust::open(&trust, None).map_err(refuse)?;
        self.registers.insert(trust.sequence, None);
        if let Some(pack) = pack {
            let pack = PackFile::read(pack).and_then(|file| file.open(&trust)).map_err(refuse)?;
            self.registers.insert(pack.covers(), None);
            self.pack = Some((pack.covers(), pack.root()));
        }
        self.trust = Some(trust);
        Ok(())
    }

    /// Counts the cosignatures of the published checkpoint, which bound the log times of all its
    /// entries as those of older ones do.
    pub fn published(&mut self, pins: &Pins, checkpoint: &str) -> Result<(), AuditFault> {
        let Some(policy) = &pins.witnesses else { return Ok(()) };
        self.notes.push(checkpoint.to_owned());
        self.times = LogTimes::of(&self.notes, &pins.log_key, policy)?;
        let quorum = Note::parse(checkpoint).map(|note| policy.evaluate(&note));
        let quorum = quorum.unwrap_or_default();
        let missing = quorum.missing.into_iter().chain(quorum.refuted).collect();
        self.witnesses = Some(WitnessReport {
            quorum: quorum.met,
            at: quorum.at,
            signed: quorum.signed.into_iter().map(|(name, _)| name).collect(),
            missing,
            checkpoints: self.notes.len().saturating_sub(1) as u64,
        });
        Ok(())
    }

    /// Whether an entry can have been logged when it says.
    pub fn check_time(&self, index: u64, logged_at: Timestamp) -> Result<(), AuditFault> {
        self.times.check(index, logged_at)
    }

    /// The register has grown to its size.
    pub fn reached(&mut self, register: &Register) {
        if let Some(kept) = self.registers.get_mut(&register.size()) {
            *kept = Some(register.clone());
        }
    }

    /// After the replay: every cosigned checkpoint is the beginning of this log, and the documents
    /// say what the register says.
    pub fn compare(&self, tree: &Tree) -> Result<u64, AuditFault> {
        let seen = |how| {
            let mut seen = self.times.checkpoints();
            seen.find(|seen| tree.compare(seen.size, &seen.root) == how)
        };
        if let Some(forked) = seen(Compared::Forked) {
            let reason = format!("witnesses signed another root at {} entries", forked.size);
            return Err(fault(forked.size.saturating_sub(1), "fork", reason));
        }
        if let Some(ahead) = seen(Compared::Ahead) {
            let reason = format!("witnesses had seen {} entries: some were dropped", ahead.size);
            return Err(fault(tree.size(), "entries_dropped", reason));
        }
        if let Some(fault) = &self.unreadable {
            return Err(fault.clone());
        }
        let snapshots = self.snapshots_agree(tree)?;
        Ok(u64::from(self.trust_agrees()?) + u64::from(self.pack_agrees()?) + snapshots)
    }

    /// Snapshots of the register hold what the log folds to; how many there are to compare.
    fn snapshots_agree(&self, tree: &Tree) -> Result<u64, AuditFault> {
        let mut compared = 0;
        for (size, digest) in &self.snapshots {
            let Some(register) = self.register_at(*size) else { continue };
            let last = size.saturating_sub(1);
            let own = tree.root_at(*size).zip(tree.leaf(last));
            let own = own.map(|(root, prev)| register.snapshot_digest(&root, &prev));
            if own != Some(*digest) {
                let reason = format!(
                    "snapshots/register-{size} is not what the log folds to: delete it, and look \
                     for what was signed since it was written"
                );
                return Err(fault(last, "snapshot_differs", reason));
            }
            compared += 1;
        }
        Ok(compared)
    }

    fn register_at(&self, size: u64) -> Option<&Register> {
        self.registers.get(&size).and_then(Option::as_ref)
    }

    /// The trust snapshot's parties are the register's. False: there is none to compare.
    fn trust_agrees(&self) -> Result<bool, AuditFault> {
        let Some(trust) = &self.trust else { return Ok(false) };
        let Some(register) = self.register_at(trust.sequence) else { return Ok(false) };
        let own = Trust::of(register, &trust.log_key, "", Vec::new(), trust.issued_at);
        if own.parties == trust.parties {
            return Ok(true);
        }
        let last = trust.sequence.saturating_sub(1);
        let reason = "keys, accreditations or suspensions in the trust snapshot are not the log's";
        Err(fault(last, "trust_differs", reason))
    }

    /// The pack holds what the register at its size holds. False: there is none to compare.
    fn pack_agrees(&self) -> Result<bool, AuditFault> {
        let Some((size, root)) = self.pack else { return Ok(false) };
        let Some(register) = self.register_at(size) else { return Ok(false) };
        let own = pack_root_of(register).map_err(|reason| fault(0, "pack_differs", reason))?;
        if own == root {
            return Ok(true);
        }
        let last = size.saturating_sub(1);
        Err(fault(last, "pack_differs", "lots or certificates in the pack are not the log's"))
    }

    pub fn witnesses(&self) -> Option<WitnessReport> {
        self.witnesses.clone()
    }
}
