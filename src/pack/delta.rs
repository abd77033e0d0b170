//! Making packs and deltas of a register, and making the newer pack of an older one and a delta.
//! What comes out must have the hash that the new manifest signs: a delta itself needs no trust.

use super::codec::Read;
use super::container::assemble;
use super::form::BlockKind;
use super::manifest::{PackManifest, Sealing, WHAT};
use super::reader::{Pack, PackFile, rows_of};
use super::tables::{CertificateTable, LotTable, PackTable};
use super::writer::{Contents, PackWriter};
use crate::log::Hash;
use crate::register::Register;
use crate::seal::SealError;
use crate::statement::Domain;
use crate::trust::{StatusData, Trust, TrustError};

/// The signed pack of a register.
///
/// # Errors
/// What the signer says; a record too large for a block.
pub fn seal_pack(register: &Register, sealing: &Sealing<'_>) -> Result<Vec<u8>, SealError> {
    let contents = Contents::of_register(register).map_err(unsealable)?;
    seal_contents(register.domain(), register.size(), &contents, sealing)
}

/// The signed pack of contents that were made before.
///
/// # Errors
/// What the signer says; more than four gigabytes of trust snapshot.
pub fn seal_contents(
    domain: &Domain,
    sequence: u64,
    contents: &Contents,
    sealing: &Sealing<'_>,
) -> Result<Vec<u8>, SealError> {
    let manifest = PackManifest::seal(domain, sequence, contents, sealing)?;
    assemble(BlockKind::Whole, 0, &manifest, sealing.trust, contents).map_err(unsealable)
}

fn unsealable(reason: String) -> SealError {
    SealError::Unsignable { reason }
}

impl PackFile<'_> {
    /// The same pack under a new manifest and trust snapshot: for a log that stands still.
    ///
    /// # Errors
    /// As [`seal_contents`]; a file that is no whole pack of this host and sequence.
    pub fn seal_again(&self, domain: &Domain, sealing: &Sealing<'_>) -> Result<Vec<u8>, SealError> {
        let old = PackManifest::unverified(&self.container.manifest).map_err(unsealable)?;
        let edition = old.edition.unwrap_or_default();
        let contents = self.container.contents(old.lots, old.certificates, edition);
        let contents = contents.map_err(unsealable)?;
        seal_contents(domain, old.sequence, &contents, sealing)
    }

    /// What a register of this pack's sequence changed since it had `since` entries, under this
    /// pack's manifest; the whole pack where one of `since` entries is of an older form.
    ///
    /// # Errors
    /// A register of another size; a record too large for a block.
    pub fn delta_since(&self, register: &Register, since: u64) -> Result<Vec<u8>, SealError> {
        let own = PackManifest::unverified(&self.container.manifest).map_err(unsealable)?;
        if own.sequence != register.size() {
            return Err(unsealable("the register is of another size".to_owned()));
        }
        if register.later_forms().is_some_and(|at| since <= at) {
            return self.container.all().map_err(unsealable);
        }
        let contents = Contents::changes(register, since).map_err(unsealable)?;
        let (manifest, trust) = (&self.container.manifest, &self.container.trust);
        assemble(BlockKind::Delta, since, manifest, trust, &contents).map_err(unsealable)
    }
}

impl Pack<'_> {
    /// The newer pack that a delta makes of this one.
    ///
    /// # Errors
    /// [`TrustError::Rollback`] for an older one; a delta that is not genuine under `trust`, that
    /// begins after this pack, or does not give what its manifest signs.
    pub fn updated(&self, delta: &PackFile<'_>, trust: &Trust) -> Result<Vec<u8>, TrustError> {
        let damaged = |reason: String| TrustError::Damaged { reason };
        let part = &delta.container;
        let manifest = PackManifest::open(&part.manifest, part.form, trust)?;
        self.admits(manifest.sequence)?;
        if !delta.is_delta() || part.since > self.covers() {
            let reason =
                format!("it holds changes from {} on, not from {}", part.since, self.covers());
            return Err(TrustError::Form { what: WHAT, reason });
        }
        if part.form != self.container.form {
            let reason = "pack and changes are of different forms: fetch a whole pack".to_owned();
            return Err(TrustError::Form { what: WHAT, reason });
        }
        if !Hash::sha256(&part.trust).matches(&manifest.trust_digest) {
            return Err(damaged("its trust snapshot was altered".to_owned()));
        }
        let edition = manifest.edition.unwrap_or_default();
        let mut writer = PackWriter::again(part.form, edition);
        merge::<LotTable>(self.rows::<LotTable>(), rows_of::<LotTable>(part), |lot| {
            writer.lot(lot)
        })
        .map_err(damaged)?;
        let certificates = rows_of::<CertificateTable>(part);
        merge::<CertificateTable>(self.rows::<CertificateTable>(), certificates, |record| {
            writer.certificate(record)
        })
        .map_err(damaged)?;
        let contents = writer.finish().map_err(damaged)?;
        if contents.root != manifest.blocks_digest {
            let reason = "pack and changes do not give what is signed: fetch a whole pack";
            return Err(damaged(reason.to_owned()));
        }
        assemble(BlockKind::Whole, 0, &part.manifest, &part.trust, &contents).map_err(damaged)
    }

    /// Whether a pack of this sequence may take this one's place.
    ///
    /// # Errors
    /// [`TrustError::Rollback`].
    pub fn admits(&self, sequence: u64) -> Result<(), TrustError> {
        let held = self.covers();
        if sequence < held {
            return Err(TrustError::Rollback { held, found: sequence });
        }
        Ok(())
    }
}

/// Both in order, the newer row where both have one.
fn merge<T: PackTable>(
    old: impl Iterator<Item = Read<T::Record>>,
    new: impl Iterator<Item = Read<T::Record>>,
    mut put: impl FnMut(&T::Record) -> Read<()>,
) -> Read<()> {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    loop {
        let keys = (old.peek().map(key_of::<T>), new.peek().map(key_of::<T>));
        let next = match keys {
            (None, None) => return Ok(()),
            (Some(held), Some(found)) if held == found => {
                old.next();
                new.next()
            }
            (Some(held), Some(found)) if held < found => old.next(),
            (Some(_), None) => old.next(),
            _ => new.next(),
        };
        if let Some(record) = next {
            put(&record?)?;
        }
    }
}

/// A row that cannot be read sorts first, so that its fault is met at once.
fn key_of<T: PackTable>(row: &Read<T::Record>) -> Vec<u8> {
    row.as_ref().map(T::key).unwrap_or_default()
}
