//! Rows that declare a lot and certify it: first the declarations, each signed by its cooperative's
//! own key, then the certificates of the lots that are declared. A certifier declares nothing in
//! another's name. Not here: signing and submitting (`batch`).

use std::collections::{BTreeMap, HashMap};

use anyhow::bail;

use super::super::Consent;
use super::super::common::ask::question;
use super::super::common::keys::{Registered, registered};
use super::super::common::token;
use super::super::common::words::tr;
use super::batch::{BatchEntry, IssueBatch, RowState, digest_of, key_of, refused};
use super::columns::What;
use super::rows::{IssueRow, RowRequest};
use super::shown::{count, show};
use super::{Args, held};
use crate::names::PartySlug;
use crate::trust::Trust;

/// What came of the declarations.
pub struct Declared {
    /// Certificates of the lots that are declared now.
    pub rows: Vec<IssueRow>,
    /// Rows that end here: faults, refusals, and what a look ahead cannot judge.
    pub ended: Vec<BatchEntry>,
    /// Where the declarations stand, by line.
    pub at: HashMap<u64, u64>,
}

/// A row of a lot and the row of its certificate.
type Pair = (IssueRow, IssueRow);

/// Declares the lots of rows that are not declared yet.
///
/// # Errors
/// What concerns all of them; nobody agreed; a key that belongs to no cooperative of the file.
pub fn declare(
    batch: &IssueBatch<'_>,
    rows: Vec<IssueRow>,
    args: &Args,
    trust: &Trust,
) -> anyhow::Result<Declared> {
    let (pairs, ended) = parted(rows);
    let mut done = Declared { rows: Vec::new(), ended, at: HashMap::new() };
    let keys = keys_of(args, &pairs, trust)?;
    for (producer, pairs) in pairs {
        let signer = keys.iter().find(|key| key.issuer == producer);
        let own = IssueBatch { issuer: &producer, signer: None, ..*batch };
        let (lots, certificates): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let mut entries = own.prepare(lots, What::Lots)?;
        held::foretell(&own, &mut entries)?;
        let ready = count(&entries, |state| matches!(state, RowState::Ready(_)));
        if let (Some(signer), true) = (signer, ready > 0) {
            declare_own(&own, &mut entries, signer, args.consent)?;
        }
        for (entry, certificate) in entries.into_iter().zip(certificates) {
            done.take(entry, certificate, &producer, args);
        }
    }
    Ok(done)
}

/// Rows by whose lots they are, and those that cannot be read.
fn parted(rows: Vec<IssueRow>) -> (BTreeMap<PartySlug, Vec<Pair>>, Vec<BatchEntry>) {
    let mut pairs: BTreeMap<PartySlug, Vec<Pair>> = BTreeMap::new();
    let mut ended = Vec::new();
    for IssueRow { line, subject, request } in rows {
        let of = |request| IssueRow { line, subject: subject.clone(), request: Ok(request) };
        match request {
            Ok(RowRequest::Both(declared, certificate, unit)) => {
                // The rows were read with names that are well formed.
                let Ok(producer) = PartySlug::parse(&declared.producer) else { continue };
                let pair = (
                    of(RowRequest::Lot(declared)),
                    of(RowRequest::Certificate(*certificate, unit)),
                );
                pairs.entry(producer).or_default().push(pair);
            }
            Ok(_) => {}
            Err(faults) => ended.push(BatchEntry::faulty(line, subject, What::Both, faults)),
        }
    }
    (pairs, ended)
}

/// The cooperatives' keys, each with the cooperative that it is registered for.
fn keys_of(
    args: &Args,
    pairs: &BTreeMap<PartySlug, Vec<Pair>>,
    trust: &Trust,
) -> anyhow::Result<Vec<Registered>> {
    let mut keys = Vec::new();
    for path in args.producer_key.iter().filter(|_| !args.dry_run) {
        let key = args.passphrase.open(path)?;
        let public = key.public();
        let has = |slug: &&PartySlug| {
            let party = trust.party(slug);
            party.is_some_and(|party| party.keys.iter().any(|key| key.public == public))
        };
        let Some(producer) = pairs.keys().find(has) else {
            bail!(tr("told-key-of-nobody", &[("key", &token::shown(path).to_string())]));
        };
        keys.push(registered(key, path, producer, trust)?);
    }
    Ok(keys)
}

/// Shows the declarations of one cooperative, asks, signs and submits them.
fn declare_own(
    own: &IssueBatch<'_>,
    entries: &mut [BatchEntry],
    signer: &Registered,
    consent: Consent,
) -> anyhow::Result<()> {
    show(entries, own.issuer, Some(&digest_of(entries)));
    question(&tr("ask-declare", &[("party", own.issuer.as_str())]), consent)?;
    own.sign_and_submit(entries, What::Lots, signer)?;
    Ok(())
}

impl Declared {
    /// Goes on with the certificate of a lot that is declared; else says why not.
    fn take(
        &mut self,
        entry: BatchEntry,
        certificate: IssueRow,
        producer: &PartySlug,
        args: &Args,
    ) {
        let state = match entry.state {
            RowState::Already { index, .. } | RowState::Logged { index, .. } => {
                self.at.insert(entry.line, index);
                self.rows.push(certificate);
                return;
            }
            RowState::Ready(_) if args.dry_run && !args.producer_key.is_empty() => {
                RowState::Declarable { producer: producer.to_string() }
            }
            RowState::Ready(_) | RowState::Declarable { .. } => {
                let party = [("party", producer.as_str())];
                refused("not_declared", tr("told-not-declared", &party))
            }
            RowState::Refused { code, detail, .. } => {
                refused(&code, tr("told-declaration-refused", &[("detail", &detail)]))
            }
        };
        let key = certificate.request.as_ref().ok().and_then(key_of);
        self.ended.push(BatchEntry { state, key, ..entry });
    }
}
