//! Which of the service's keys signs now: the newest of its purpose that the register has in force
//! and that is here. Keys are rotated by the root; a stolen or retired one signs nothing more. Not
//! here: key files (`home`).

use super::{HaltKind, Ledger, LedgerError, Unmet};
use crate::register::Register;
use crate::seal::{KeyRecord, KeyStanding, Signer, SoftKey};
use crate::statement::{KeyPurpose, Timestamp, multikey};

/// The keys the running service holds; several of one purpose while one follows another.
pub struct ServiceKeys {
    /// Signs checkpoints. It is the log's identity: there is one, for ever.
    pub log: SoftKey,
    /// Sign status lists, label issues, trust snapshots, packs and dossiers.
    pub service: Vec<SoftKey>,
    /// Sign labels.
    pub label: Vec<SoftKey>,
}

/// A key of the service's own that may sign.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// The key.
    pub key: &'a SoftKey,
    /// What the register has of it.
    pub record: &'a KeyRecord,
}

impl Signing<'_> {
    /// Its registered name.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.record.verification_method
    }
}

/// The keys of a purpose that the authority has in force at `now`, newest first.
fn in_force(
    register: &Register,
    purpose: KeyPurpose,
    now: Timestamp,
) -> impl Iterator<Item = &KeyRecord> {
    // Log time never runs behind what is logged, whatever the clock says.
    let now = register.last_at().map_or(now, |last| last.max(now));
    let records =
        register.authority().into_iter().flat_map(|authority| authority.keys.iter().rev());
    records.filter(move |record| {
        // An end counts at once, not from the second after it.
        let ended = record.retired.is_some() || record.compromised.is_some();
        record.purpose == purpose && !ended && record.standing(now) == KeyStanding::InForce
    })
}

/// The newest of `held` that the authority has in force for a purpose at `now`.
pub(super) fn newest<'a>(
    held: &'a [SoftKey],
    register: &'a Register,
    purpose: KeyPurpose,
    now: Timestamp,
) -> Option<Signing<'a>> {
    in_force(register, purpose, now).find_map(|record| {
        let key = held.iter().find(|key| key.public() == record.public)?;
        Some(Signing { key, record })
    })
}

impl Ledger {
    /// The key that signs the service's own statements and files.
    ///
    /// # Errors
    /// `no_keys`, `no_key_in_force`, `clock`.
    pub fn service_key<'a>(
        &'a self,
        register: &'a Register,
        now: Timestamp,
    ) -> Result<Signing<'a>, LedgerError> {
        self.clock_is_believed()?;
        let found = newest(&self.keys()?.service, register, KeyPurpose::Service, now);
        found.ok_or_else(|| not_here("service", register, KeyPurpose::Service, now))
    }

    /// The key that signs labels.
    ///
    /// # Errors
    /// `no_keys`, `no_key_in_force`, `clock`.
    pub fn label_key<'a>(
        &'a self,
        register: &'a Register,
        now: Timestamp,
    ) -> Result<Signing<'a>, LedgerError> {
        self.clock_is_believed()?;
        let found = newest(&self.keys()?.label, register, KeyPurpose::Label, now);
        found.ok_or_else(|| not_here("label", register, KeyPurpose::Label, now))
    }
}

impl Ledger {
    /// Nothing is dated and signed by a clock that is not believed.
    fn clock_is_believed(&self) -> Result<(), LedgerError> {
        match &self.view().stopped {
            Some(halt) if halt.kind == HaltKind::Clock => {
                Err(LedgerError::unmet(Unmet::NotNow, "clock", halt.to_string()))
            }
            _ => Ok(()),
        }
    }
}

fn not_here(word: &str, register: &Register, purpose: KeyPurpose, now: Timestamp) -> LedgerError {
    let known: Vec<String> = in_force(register, purpose, now)
        .map(|record| format!("{} ({})", record.verification_method, multikey(&record.public)))
        .collect();
    let reason = if known.is_empty() {
        format!(
            "no {word} key is in force: whoever holds the authority's root key decides on the next \
             one (docs/roles/operator.md); its file goes into keys/ as {word}-2.pem or the \
             next number, and the service is started again"
        )
    } else {
        format!(
            "no {word} key that is in force is here: none of keys/{word}-N.pem is {}; put it \
             there and start the service again; whether one that is there becomes a key of the \
             authority is decided by whoever holds its root key",
            known.join(" or ")
        )
    };
    LedgerError::unmet(Unmet::NotNow, "no_key_in_force", reason)
}
