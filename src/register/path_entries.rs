//! Which entries of the log a lot's way back rests on: what is folded anew to recompute it. Not
//! here: the fold (`path_fold`), who reads and seals them (`dossier`).

use std::collections::BTreeSet;

use super::Register;
use super::records::Lot;
use super::status::StatusEvent;
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
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
            wanted.extend(indexes(&lot.record.events));
            for found in self.certificates_of(&lot.record.lot) {
                let record = &found.record;
                wanted.insert(record.mark.index);
                wanted.extend(record.events.iter().map(|event| event.mark.index));
                wanted.extend(self.grounds_of(&record.issuer, &record.accreditation));
            }
            self.operators_of_path(handle, &lot, &mut wanted);
        }
        // Releases of what is inherited are about the lots they lift it for.
        let places: BTreeSet<u32> = path.lots.iter().map(|lot| lot.0).collect();
        let lifts = self.facts.goods.lifts.iter();
        let lifts = lifts.filter(|(_, pairs)| pairs.iter().any(|pair| places.contains(&pair.1)));
        wanted.extend(lifts.map(|(index, _)| *index));
        // Whoever signed in another's name shows that it may.
        let mandates =
            wanted.iter().filter_map(|index| Some(self.under_mandate(*index)?.mark.index));
        let mandates: Vec<u64> = mandates.collect();
        wanted.extend(mandates);
        Some(wanted)
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
