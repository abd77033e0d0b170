//! Which entries of the log a lot's way back rests on: what is folded anew to recompute it. Not
//! here: the fold (`path_fold`), who reads and seals them (`dossier`).

use std::collections::BTreeSet;

use super::Register;
use super::records::Lot;
use super::status::StatusEvent;
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::StatusTarget;
use crate::trace::{LotHandle, Opening};

impl Register {
    /// The log entries that a lot's way back rests on, over so many lots at most: declarations and
    /// changes of status of the lots, events, the certificates of the lots with what changed them
    /// and what they rest on, certificates and capacities of their producers, mandates, every
    /// rulebook that speaks of goods. None: there is no such lot, or it goes on beyond so many.
    #[must_use]
    pub fn path_entries(&self, key: &LotKey, most: usize) -> Option<BTreeSet<u64>> {
        let trace = self.trace();
        let path = trace.path(self.lot_handle(key)?, most);
        if !path.whole {
            return None;
        }
        let mut wanted: BTreeSet<u64> = self.facts.goods.rulebooks.iter().copied().collect();
        let mut others = BTreeSet::new();
        for event in &path.events {
            wanted.extend(self.index_of_event(*event));
            others.extend(trace.made(*event).fills.into_iter().map(|(lot, _)| lot));
        }
        // What else came out of a transformation spent of the same ceiling.
        let others = others.into_iter().filter_map(|lot| self.lot_by_handle(lot));
        wanted.extend(others.map(|lot| lot.mark.index));
        for (handle, lot) in
            path.lots.iter().filter_map(|lot| Some((*lot, self.lot_by_handle(*lot)?)))
        {
            wanted.insert(lot.mark.index);
            wanted.extend(self.facts.goods.undeclared.get(&handle.0));
            wanted.extend(indexes(&lot.record.events));
            for found in self.certificates_of(&lot.record.lot) {
                let record = &found.record;
                wanted.insert(record.mark.index);
                wanted.extend(record.events.iter().map(|event| event.mark.index));
                wanted.extend(self.grounds_of(&record.issuer, &record.accreditation));
            }
            self.operators_of_path(handle, &lot, &mut wanted);
        }
        // Releases of what is inherited are about the lots they lift it for, also where a newer
        // hold or recall reaches those again.
        let lots: BTreeSet<LotKey> =
            path.lots.iter().filter_map(|lot| self.lot_named(*lot)).collect();
        let of_path = |index: &u64| match self.change(*index).map(|change| &change.target) {
            Some(StatusTarget::Lot(key)) => lots.contains(key),
            _ => false,
        };
        wanted.extend(self.facts.goods.lifts.keys().copied().filter(of_path));
        self.rewritten_on_path(&lots, &mut wanted);
        // Whoever signed in another's name shows that it may.
        let mandates =
            wanted.iter().filter_map(|index| Some(self.under_mandate(*index)?.mark.index));
        let mandates: Vec<u64> = mandates.collect();
        wanted.extend(mandates);
        Some(wanted)
    }

    /// Changes of status of the path's lots and of their certificates that were taken out or stand
    /// again, and what did that: what was done while they stood rests on them.
    fn rewritten_on_path(&self, lots: &BTreeSet<LotKey>, wanted: &mut BTreeSet<u64>) {
        let rights = &self.facts.rights;
        let mut serials: BTreeSet<u64> = lots
            .iter()
            .flat_map(|lot| self.certificates_of(lot))
            .map(|it| it.record.serial)
            .collect();
        let operators = self.operators().filter(|it| wanted.contains(&it.mark.index));
        serials.extend(operators.map(|operator| operator.serial));
        let lots: BTreeSet<&LotKey> =
            lots.iter().filter(|lot| rights.rewritten_lots.contains_key(*lot)).collect();
        serials.retain(|serial| rights.rewritten_certificates.contains_key(serial));
        if lots.is_empty() && serials.is_empty() {
            return;
        }
        let meant = |target: &StatusTarget| match target {
            StatusTarget::Lot(key) => lots.contains(key),
            StatusTarget::Certificate(serial) => serials.contains(serial),
            StatusTarget::Certificates(all) => all.iter().any(|serial| serials.contains(&serial)),
            StatusTarget::Party(_) => false,
        };
        for (index, change) in rights.changes.iter().filter(|(_, change)| meant(&change.target)) {
            let marks = [change.confirmed, change.settled, change.voided];
            wanted.extend(marks.into_iter().flatten().map(|mark| mark.index).chain([*index]));
        }
    }

    /// What lets a lot count under schemes that certify operators: the certificates of its producer
    /// that are about it or certify a volume of its season, and the producer's capacities.
    fn operators_of_path(&self, handle: LotHandle, lot: &Lot, wanted: &mut BTreeSet<u64>) {
        let view = self.trace().lot_view(handle);
        if view.is_none_or(|view| view.opening == Opening::Declared) {
            return;
        }
        let facts = &lot.record;
        let counted = self.counted_as(lot).map(|(material, _)| material);
        let of_season = |material: &str, campaign: &str| {
            counted.as_deref() == Some(material) && *lot.campaign == *campaign
        };
        let mut any = false;
        for operator in self.operators_of(&facts.producer) {
            let about = operator.names(&facts.product, &facts.region);
            let mut volumes = operator.facts.volumes.iter();
            if !about && !volumes.any(|row| of_season(&row.material, &row.campaign)) {
                continue;
            }
            any = true;
            wanted.insert(operator.mark.index);
            wanted.extend(operator.confirmed().map(|mark| mark.index));
            wanted.extend(indexes(operator.events()));
            wanted.extend(self.grounds_of(&operator.issuer, &operator.accreditation));
        }
        if let Some(material) = counted.filter(|_| any) {
            let stated = self.capacity_figures(&facts.producer);
            // Whether a figure waits depends on those of other campaigns.
            let stated = stated.filter(|(product, ..)| *product == &*material);
            wanted.extend(stated.flat_map(|(.., figures)| figures.iter().map(|one| one.index)));
        }
    }

    /// What a certificate rests on: its certifier as a whole, and its accreditation.
    fn grounds_of(&self, issuer: &PartySlug, accreditation: &Word) -> Vec<u64> {
        let Some(issuer) = self.party(issuer) else { return Vec::new() };
        let own = issuer.events.iter().map(|event| event.mark.index);
        let given = issuer.accreditations.iter().filter(|one| *one.id == **accreditation);
        let given = given.flat_map(|given| {
            let changed = given.events.iter().map(|event| event.mark.index);
            changed.chain([given.mark.index])
        });
        own.chain(given).collect()
    }
}

/// Where changes of status were logged, and where they were taken back.
fn indexes(events: &[StatusEvent]) -> impl Iterator<Item = u64> {
    let marks = events.iter().flat_map(|event| [Some(event.mark), event.voided]);
    marks.flatten().map(|mark: LogPosition| mark.index)
}
