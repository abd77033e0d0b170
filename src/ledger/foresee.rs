//! What the log would answer to prepared statements, told before anybody signs: the same rules over
//! the same register, each row counting for those behind it. Not here: the rules (`register`),
//! filling in (`prepare`).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Held, Ledger, LedgerError, Prepared, Requester, SubmitError, Unmet};
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateStatus, Refusal, Register};
use crate::seal::{LogPosition, SoftKey, seal};
use crate::statement::{
    CertificateClaim, Claim, Domain, KeyPurpose, OperatorCertificate, Statement, Timestamp,
};

/// Keys of an issuer that are tried, the newest first.
const KEYS_MAX: usize = 4;

/// What was prepared, and what follows from signing it.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What was prepared.
    pub prepared: Prepared,
    /// What will hold its lot once it is signed; None of what is in the log already.
    pub held: Option<Held>,
    /// Certificates that its issuer gave the same lot or operator under the same scheme, withdrawn
    /// ones left out: a further one stands beside them.
    pub beside: Vec<u64>,
    /// Of an event: the lots that a rule will hold by it.
    pub holds: Vec<LotKey>,
}

impl From<Prepared> for Foreseen {
    /// Without a look at what follows.
    fn from(prepared: Prepared) -> Self {
        Self { prepared, held: None, beside: Vec::new(), holds: Vec::new() }
    }
}

/// Judges what was prepared as if it were signed at `now` and came in this order; what the log
/// would refuse is a fault. `by` is who asked, else any key of the issuer's may have signed.
#[must_use]
pub fn foresee(
    ledger: &Ledger,
    prepared: Vec<Result<Prepared, LedgerError>>,
    by: Option<&Requester>,
    now: Timestamp,
) -> Vec<Result<Foreseen, LedgerError>> {
    let mut register = ledger.view().register.clone();
    foresee_on(&mut register, prepared, by, now).0
}

/// The same of events; beside the answers the lots that they touch, and the register that would
/// follow from those that the log would take.
#[must_use]
pub fn foresee_events(
    ledger: &Ledger,
    prepared: Vec<Result<Prepared, LedgerError>>,
    by: Option<&Requester>,
    now: Timestamp,
) -> (Vec<Result<Foreseen, LedgerError>>, BTreeSet<LotKey>, Register) {
    let mut register = ledger.view().register.clone();
    let (foreseen, touched) = foresee_on(&mut register, prepared, by, now);
    (foreseen, touched, register)
}

fn foresee_on(
    register: &mut Register,
    prepared: Vec<Result<Prepared, LedgerError>>,
    by: Option<&Requester>,
    now: Timestamp,
) -> (Vec<Result<Foreseen, LedgerError>>, BTreeSet<LotKey>) {
    let domain = register.domain().clone();
    let touched = BTreeSet::new();
    let mut ahead = Ahead { register, domain: &domain, by, now, touched };
    let foreseen = prepared.into_iter().map(|row| ahead.take(row?)).collect();
    (foreseen, ahead.touched)
}

/// The register as the rows before left it.
struct Ahead<'a> {
    register: &'a mut Register,
    domain: &'a Domain,
    by: Option<&'a Requester>,
    now: Timestamp,
    /// Lots of the events taken so far.
    touched: BTreeSet<LotKey>,
}

impl Ahead<'_> {
    fn take(&mut self, prepared: Prepared) -> Result<Foreseen, LedgerError> {
        let Prepared::Unsigned(unsigned) = &prepared else {
            return Ok(prepared.into());
        };
        let issuer = issuer_of(unsigned, self.domain)?;
        let mark = LogPosition { index: self.register.size(), logged_at: self.now };
        let mut refused: Option<Refusal> = None;
        for method in self.methods(&issuer).into_iter().take(KEYS_MAX) {
            let statement = self.as_signed(unsigned, &method)?;
            let beside = self.beside(&statement);
            match self.register.fold(&statement, mark) {
                Ok(()) => {
                    let held = self.held(&statement.claim);
                    let holds = self.lots_of_event(mark);
                    return Ok(Foreseen { prepared, held, beside, holds });
                }
                // That one key may not sign says less than what another meets.
                Err(fault) if fault.is_of_key() => refused = refused.or(Some(fault)),
                Err(fault) => return Err(SubmitError::from(fault).into()),
            }
        }
        match refused {
            Some(fault) => Err(SubmitError::from(fault).into()),
            None => Ok(prepared.into()),
        }
    }

    /// The keys that may have signed, by name; one that nobody has, if there is none.
    fn methods(&self, issuer: &PartySlug) -> Vec<String> {
        if let Some(by) = self.by {
            return vec![by.verification_method.clone()];
        }
        let keys = self.register.party(issuer).map(|party| party.keys.iter());
        let may_sign =
            keys.into_iter().flatten().filter(|key| key.purpose == KeyPurpose::Assertion);
        let names = may_sign.rev().map(|key| key.verification_method.to_string());
        let names: Vec<String> = names.collect();
        match names.is_empty() {
            true => vec![format!("{}#key-1", self.domain.did(issuer))],
            false => names,
        }
    }

    /// The statement, with a proof of a key of no worth: nobody verifies it.
    fn as_signed(&self, unsigned: &Value, method: &str) -> Result<Statement, LedgerError> {
        let nobody = SoftKey::from_secret(&[0; 32]);
        let bytes = seal(unsigned, method, self.now, &nobody).map_err(SubmitError::from)?;
        Ok(Statement::parse(&bytes, self.domain).map_err(SubmitError::from)?)
    }

    /// Takes up the lots of the event that was folded last; the answer is those it holds.
    fn lots_of_event(&mut self, mark: LogPosition) -> Vec<LotKey> {
        let Some(event) = self.register.event_of_index(mark.index) else { return Vec::new() };
        let view = self.register.trace().event_view(event);
        // What undoes an event has no lots of its own.
        let of = view.and_then(|view| view.of);
        let events = std::iter::once(event).chain(of);
        let lots: BTreeSet<LotKey> = events
            .flat_map(|event| self.register.trace().lots_of(event))
            .filter_map(|lot| self.register.lot_named(lot))
            .collect();
        let held = |lot: &&LotKey| {
            let events = self.register.lot(lot).map(|lot| lot.record.events);
            events.is_some_and(|events| events.iter().any(|event| event.mark.index == mark.index))
        };
        let holds = lots.iter().filter(held).cloned().collect();
        self.touched.extend(lots);
        holds
    }

    fn held(&self, claim: &Claim) -> Option<Held> {
        let key = match claim {
            Claim::Lot(lot) => &lot.lot,
            Claim::Certificate(certificate) => &certificate.lot,
            _ => return None,
        };
        Held::of(self.register, &self.register.lot(key)?, self.now)
    }

    fn beside(&self, statement: &Statement) -> Vec<u64> {
        let (lot, scheme) = match &statement.claim {
            // It takes another's place: nothing is certified twice.
            Claim::Certificate(claim) if claim.supersedes().is_some() => return Vec::new(),
            Claim::Certificate(CertificateClaim { lot, scheme, .. }) => (lot, scheme),
            Claim::OperatorCertificate(claim) => return self.beside_operator(statement, claim),
            _ => return Vec::new(),
        };
        let all = self.register.certificates_of(lot).map(|found| found.record);
        let same = all.filter(|known| {
            known.issuer == statement.issuer
                && known.scheme == *scheme
                && known.status(self.now) != CertificateStatus::Withdrawn
        });
        same.map(|known| known.serial).collect()
    }

    /// The same of an operator: a further one is a renewal, and the newest figures count.
    fn beside_operator(&self, statement: &Statement, claim: &OperatorCertificate) -> Vec<u64> {
        let same = self.register.operators_of(&claim.party).filter(|known| {
            known.issuer == statement.issuer
                && known.scheme == claim.scheme
                && known.status(self.now) != CertificateStatus::Withdrawn
        });
        same.map(|known| known.serial).collect()
    }
}

fn issuer_of(unsigned: &Value, domain: &Domain) -> Result<PartySlug, LedgerError> {
    let did = unsigned["issuer"]["id"].as_str().unwrap_or_default();
    domain.party_of(did).ok_or_else(|| {
        let reason = format!("issuer {did:?} is no party of this ledger");
        LedgerError::unmet(Unmet::Invalid, "shape", reason)
    })
}
