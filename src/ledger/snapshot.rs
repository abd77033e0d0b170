//! The two files inspectors carry: the trust snapshot and the offline pack, signed by the service
//! key. Made at most once per log size and ten seconds, since many may ask at once.

use std::sync::Arc;

use serde_json::Value;

use super::keeper::authority;
use super::{KeyName, Ledger, LedgerError, SubmitError};
use crate::log::Leaf;
use crate::register::Register;
use crate::statement::Timestamp;
use crate::verify::{Pack, Trust};

/// Seconds a file is handed out again while the log stands still.
const REUSE_SECONDS: i64 = 10;

/// The newest file of each kind.
#[derive(Default)]
pub(super) struct Files {
    trust: Option<Made>,
    pack: Option<Made>,
}

/// A file, the log size it reflects and when it was made.
#[derive(Clone)]
struct Made {
    size: u64,
    at: Timestamp,
    bytes: Arc<[u8]>,
}

impl Made {
    fn fresh(&self, size: u64, now: Timestamp) -> bool {
        self.size == size && (0..REUSE_SECONDS).contains(&(now.seconds() - self.at.seconds()))
    }
}

/// The signed trust snapshot.
///
/// # Errors
/// The store's or the signer's.
pub fn trust_file(ledger: &Ledger, now: Timestamp) -> Result<Arc<[u8]>, LedgerError> {
    let view = ledger.view();
    if let Some(made) = ledger.files().trust.as_ref().filter(|made| made.fresh(view.size, now)) {
        return Ok(made.bytes.clone());
    }
    let founding = founding(ledger, &view.register)?;
    let log_key = &ledger.config().log_key;
    let trust = Trust::of(&view.register, log_key, &view.checkpoint, founding, now);
    let sealed = trust.seal(&service_method(&view.register), &ledger.keys().service);
    let bytes: Arc<[u8]> = sealed.map_err(SubmitError::from)?.into();
    ledger.files().trust = Some(Made { size: view.size, at: now, bytes: bytes.clone() });
    Ok(bytes)
}

/// The signed offline pack.
///
/// # Errors
/// The signer's.
pub fn pack_file(ledger: &Ledger, now: Timestamp) -> Result<Arc<[u8]>, LedgerError> {
    let view = ledger.view();
    if let Some(made) = ledger.files().pack.as_ref().filter(|made| made.fresh(view.size, now)) {
        return Ok(made.bytes.clone());
    }
    let method = service_method(&view.register);
    let service = &ledger.keys().service;
    let sealed = Pack::seal(&view.register, &view.checkpoint, now, &method, service);
    let bytes: Arc<[u8]> = sealed.map_err(SubmitError::from)?.into();
    ledger.files().pack = Some(Made { size: view.size, at: now, bytes: bytes.clone() });
    Ok(bytes)
}

pub(super) fn service_method(register: &Register) -> String {
    format!("{}#{}", register.domain().did(&authority()), KeyName::Service.stem())
}

/// The root's own statements: the authority's registration and the keys the root added.
fn founding(ledger: &Ledger, register: &Register) -> Result<Vec<Value>, LedgerError> {
    let Some(party) = register.authority() else { return Ok(Vec::new()) };
    let mut statements = Vec::new();
    let mut indexes = vec![party.mark.index];
    indexes.extend(party.keys.iter().map(|key| key.added.index).filter(|i| *i != party.mark.index));
    for index in indexes {
        let leaf = ledger.entry(index)?;
        let broken = |reason: String| LedgerError::Broken { index, reason };
        let parsed = Leaf::parse(&leaf).map_err(|error| broken(error.to_string()))?;
        let statement: Value =
            serde_json::from_slice(parsed.statement).map_err(|error| broken(error.to_string()))?;
        statements.push(statement);
    }
    Ok(statements)
}
