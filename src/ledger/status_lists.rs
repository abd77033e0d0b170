//! Keeps the status lists true: after a withdrawal or suspension the changed lists are appended to
//! the log, and an index entry names the current ones; at least daily even when nothing changed.

use super::intake::intake;
use super::{Ledger, LedgerError};
use crate::names::PartySlug;
use crate::register::Register;
use crate::seal::seal;
use crate::statement::{CurrentList, Draft, StatusIndex, StatusList, Timestamp};

/// How old an index of lists may get, in seconds: a day, less the time between two rounds.
const INDEX_AGE_SECONDS_MAX: i64 = 86_400 - 120;

/// How long a new certificate may stay outside the lists' index, in seconds: until then a dossier
/// has the service's word for its status, but no proof.
const INDEX_NEW_CERTIFICATE_SECONDS: i64 = 600;

/// One round: appends the lists that are out of date, and an index if one is due.
/// Returns how many entries were appended.
///
/// # Errors
/// What the ledger refuses; the next round tries again.
pub fn keep_status_lists(ledger: &Ledger, now: Timestamp) -> Result<usize, LedgerError> {
    let view = ledger.view();
    if view.stopped.is_some() || view.register.authority().is_none() {
        return Ok(0);
    }
    let register = &view.register;
    let mut appended = 0;
    // One list that is refused holds up neither the others nor their index.
    let mut refused = None;
    for ((purpose, list), state) in register.lists() {
        if !state.is_current() {
            let flagged = register.flagged(purpose).iter().copied();
            let statement = StatusList::of(purpose, list, flagged);
            let unsigned = statement.draft(&service_draft(register, &authority(), now));
            match append_own(ledger, &unsigned, now) {
                Ok(()) => appended += 1,
                Err(error) => refused = refused.or(Some(error)),
            }
        }
    }
    let register = &ledger.view().register;
    if status_index_due(register, now) {
        match append_index(ledger, now) {
            Ok(()) => appended += 1,
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    refused.map_or(Ok(appended), Err)
}

/// Whether a new status index is due: when a list is newer than the newest index, daily although
/// none is, and soon after a certificate that it does not cover.
#[must_use]
pub fn status_index_due(register: &Register, now: Timestamp) -> bool {
    let newest = register.certificates().next_back().map(|found| found.record.mark.index);
    let versions = register.lists().filter_map(|(_, state)| state.versions.last());
    let newest_list = versions.map(|version| version.index).max();
    let due = register.status_index().is_none_or(|mark| {
        let age = now.seconds().saturating_sub(mark.logged_at.seconds());
        newest_list > Some(mark.index)
            || age > INDEX_AGE_SECONDS_MAX
            || newest > Some(mark.index) && age > INDEX_NEW_CERTIFICATE_SECONDS
    });
    due && register.lists().next().is_some()
}

fn append_index(ledger: &Ledger, now: Timestamp) -> Result<(), LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let lists = register.lists().filter_map(|((purpose, list), state)| {
        Some(CurrentList {
            list: format!("{}-{list}", purpose.word()),
            entry: state.versions.last()?.index,
        })
    });
    let index = StatusIndex {
        id: register.domain().url("status"),
        covers: view.size,
        lists: lists.collect(),
    };
    let unsigned = index.draft(&service_draft(register, &authority(), now));
    append_own(ledger, &unsigned, now)
}

pub(super) fn authority() -> PartySlug {
    PartySlug::authority()
}

/// The envelope of a statement of the service's own.
fn service_draft<'a>(register: &'a Register, issuer: &'a PartySlug, now: Timestamp) -> Draft<'a> {
    let name = register.authority().map_or("", |party| party.registration.name.as_str());
    let domain = register.domain();
    let id = String::new();
    Draft { domain, id, issuer, issuer_name: name, valid_from: now, valid_until: None }
}

/// Signs with the service key and takes the same way in as everybody.
fn append_own(
    ledger: &Ledger,
    unsigned: &serde_json::Value,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let view = ledger.view();
    let own = ledger.service_key(&view.register, now)?;
    let bytes = seal(unsigned, own.method(), now, own.key).map_err(super::SubmitError::from)?;
    let statement = intake(&bytes, &view.register, now)?;
    ledger
        .append_blocking(vec![statement])
        .into_iter()
        .try_for_each(|receipt| receipt.map(|_| ()).map_err(LedgerError::from))
}
