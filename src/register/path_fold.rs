//! Folding the entries of a path alone, as if they were a log of their own: figures are judged as
//! in the log, powers and signatures are not. What others did with the same lots is not there, so a
//! path shows no balance but that what it tells is possible. Capacity is over lots beside a path,
//! and so is what of a certified volume is used: a lot alone stays within it.
//! Not here: which entries a path needs (`dossier`), whether they were logged (`dossier`).

use std::collections::BTreeMap;

use super::Register;
use super::goods_acts::Translator;
use super::goods_book::book;
use super::refusal::Refusal;
use super::rules::Case;
use super::uses::Uses;
use crate::catalog::Catalog;
use crate::names::{LotKey, PartySlug};
use crate::seal::LogPosition;
use crate::statement::{
    Claim, Domain, Event, EventId, EventKind, LotLine, Reason, Reconfirmation, Statement, Timestamp,
};
use crate::trace::Act;

/// A register of the entries of a path.
pub struct PathFold {
    register: Register,
    /// Of shipments in units, what their receipts say was in them.
    arrived: BTreeMap<EventId, Vec<LotLine>>,
    /// Where each entry stands on the path, by its digest.
    places: BTreeMap<[u8; 32], u64>,
}

impl PathFold {
    /// Of no entry yet; `root` is the ledger's first root key. `all` are the statements to come.
    #[must_use]
    pub fn new<'a>(
        domain: Domain,
        root: [u8; 32],
        catalog: &'static Catalog,
        all: impl Iterator<Item = &'a Statement>,
    ) -> Self {
        let mut arrived = BTreeMap::new();
        for statement in all {
            let Claim::Event(Event { kind: EventKind::Receive(what), .. }) = &statement.claim
            else {
                continue;
            };
            let sent = what.lots.iter().map(|line| LotLine {
                lot: line.lot.clone(),
                quantity: [line.refused, line.missing]
                    .iter()
                    .fold(line.accepted, |sum, part| sum.saturating_add(*part)),
            });
            arrived.entry(what.of.clone()).or_insert_with(|| sent.collect());
        }
        let places = BTreeMap::new();
        Self { register: Register::new(domain, root, catalog), arrived, places }
    }

    /// The next entry. Its index here is its place on the path.
    ///
    /// # Errors
    /// The figure that it goes beyond; a lot or an event that it rests on and that is not there.
    pub fn fold(&mut self, statement: &Statement, logged_at: Timestamp) -> Result<(), Refusal> {
        let mark = LogPosition { index: self.register.size(), logged_at };
        let register = &mut self.register;
        // Who used which part of a certified volume first is not told by a path: each lot may use
        // all of it, and no more.
        register.facts.operators.uses = Uses::default();
        self.places.insert(statement.digest, mark.index);
        match &statement.claim {
            Claim::Event(claim) if claim.is_of_goods() => {
                register.goods_until(logged_at);
                register.mandate_within(statement, logged_at)?;
                if let Some(claim) = on_path(register, &self.arrived, claim, &statement.issuer) {
                    let whose = register.in_whose_name(statement);
                    register.event_figures(&claim, whose, logged_at)?;
                    register.event_taken(&claim, statement, mark);
                }
                register.mandate_kept(statement, mark);
                register.keep(statement, mark);
            }
            Claim::Certificate(claim) => {
                if register.keeps_goods() {
                    let mut translator = Translator::new(register, logged_at);
                    let act = register.certifying(claim, &mut translator)?;
                    register.takes(act, &translator)?;
                    let missing = || Refusal::LotUnknown { lot: claim.lot.to_string() };
                    let lot = register.lot(&claim.lot).ok_or_else(missing)?;
                    let handle = register.handle(&claim.lot)?;
                    let case = Case::of_path(register, statement, logged_at)?;
                    case.rests_on_operator(claim, &lot, handle)?;
                } else {
                    register.handle(&claim.lot)?;
                }
                register.take(statement, mark);
            }
            Claim::Rulebook(claim) => {
                if claim.edition >= 2 {
                    let mut translator = Translator::new(register, logged_at);
                    let book = book(claim, register.catalog, &mut translator.names);
                    register.takes(Act::Book(book), &translator)?;
                }
                register.take(statement, mark);
            }
            Claim::Lot(claim) => {
                if register.lots.place(&claim.lot).is_some() {
                    let index = mark.index;
                    return Err(Refusal::LotExists { lot: claim.lot.to_string(), index });
                }
                register.mandate_within(statement, logged_at)?;
                register.take(statement, mark);
                register.change_lot(&claim.lot, |changes| {
                    changes.events.retain(|event| event.reason != Reason::Capacity);
                });
                register.lot_status_told(&claim.lot, logged_at);
            }
            Claim::Reconfirmation(claim) => {
                // It names entries by their place in the log.
                let here = |named: &[(u64, [u8; 32])]| {
                    let known = named.iter().map(|(_, digest)| (self.places.get(digest), *digest));
                    known.filter_map(|(place, digest)| Some((*place?, digest))).collect()
                };
                let (entries, voids) = (here(&claim.entries), here(&claim.voids));
                let claim = Reconfirmation { entries, voids, ..claim.clone() };
                register.goods_until(logged_at);
                register.confirmed(&claim, statement, mark);
                register.keep(statement, mark);
            }
            _ => register.take(statement, mark),
        }
        Ok(())
    }

    /// The register of the path.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }
}

/// An event as far as it is about lots of the path; None: it is about none. What a transformation
/// draws and fills is all of the path.
fn on_path(
    register: &Register,
    arrived: &BTreeMap<EventId, Vec<LotLine>>,
    claim: &Event,
    issuer: &PartySlug,
) -> Option<Event> {
    let known = |lot: &LotKey| register.lots.place(lot).is_some();
    let mut claim = claim.clone();
    let id = EventId { issuer: issuer.clone(), name: claim.name };
    let empty = match &mut claim.kind {
        EventKind::Ship(what) => {
            // What travelled in units is told by its receipt.
            if !what.units.is_empty()
                && let Some(lots) = arrived.get(&id)
            {
                what.lots.clone_from(lots);
            }
            what.units.clear();
            what.lots.retain(|line| known(&line.lot));
            what.lots.is_empty()
        }
        EventKind::Receive(what) => {
            what.lots.retain(|line| known(&line.lot));
            what.lots.is_empty()
        }
        EventKind::Settle(what) => {
            what.lots.retain(|one| known(&one.line.lot));
            what.lots.is_empty()
        }
        _ => false,
    };
    (!empty).then_some(claim)
}
