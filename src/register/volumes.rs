//! What certificates of operators let count of a harvest: each lot that a certificate or a draw
//! makes use of it for counts against the certified volume of its campaign, in the first material
//! of its chain, once and for good. Not here: which certificate covers a lot (`operators`).

use std::collections::{BTreeMap, BTreeSet};

use super::Register;
use super::operators::OperatorRecord;
use super::records::Lot;
use super::status::CertificateStatus;
use super::uses::{Season, Uses};
use crate::names::Word;
use crate::statement::Timestamp;
use crate::trace::{LotHandle, Opening};

/// What a certificate of an operator says of a harvest, and what became of it: smallest units of
/// its material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeUse {
    /// Material id.
    pub material: Word,
    /// Campaign.
    pub campaign: Word,
    /// Unit code.
    pub unit: Word,
    /// What this certificate states.
    pub stated: u64,
    /// What counts now, whoever certifies: the newest figure, no more than the registered capacity;
    /// nothing of a material that others of its chain come before.
    pub counts: u64,
    /// What lots of the operator used of it, whoever certified.
    pub used: u64,
    /// What is left to be used under this certificate: nothing while it is not in force.
    pub left: u64,
}

/// What a lot can count of a certified volume, in the first material of its chain.
pub(super) struct Room {
    pub place: u32,
    pub season: Season,
    /// What the whole lot counts.
    counted: u64,
    /// The volume: the newest figure, at most the capacity.
    pub volume: u64,
    /// What all others have used.
    pub others: u64,
}

impl Room {
    /// The most that the lot may have used: what the others leave of the volume.
    pub fn most(&self) -> u64 {
        self.volume.saturating_sub(self.others).min(self.counted)
    }

    /// What a part of the lot counts, rounded up.
    pub fn needs(&self, part: u64, whole: u64) -> u64 {
        let product = u128::from(part).saturating_mul(self.counted.into());
        u64::try_from(product.div_ceil(u128::from(whole).max(1))).unwrap_or(u64::MAX)
    }

    /// What part of the lot counts for so much, rounded down.
    fn part(&self, count: u64, whole: u64) -> u64 {
        if count >= self.counted {
            return whole;
        }
        let product = u128::from(count).saturating_mul(whole.into());
        u64::try_from(product / u128::from(self.counted).max(1)).unwrap_or(u64::MAX)
    }
}

impl Register {
    /// What a lot can count under a scheme; None: it counts nothing. `and` is a certificate whose
    /// figure is asked though it may be withdrawn.
    pub(super) fn room(
        &self,
        lot: &Lot,
        scheme: &Word,
        and: Option<&OperatorRecord>,
        uses: &Uses,
        at: Timestamp,
    ) -> Option<Room> {
        let place = self.lots.place(&lot.record.lot)?;
        let (material, counted) = self.counted_as(lot)?;
        let (party, campaign) = (lot.record.producer.clone(), lot.campaign.clone());
        let season = Season { party, scheme: scheme.clone(), material, campaign };
        let volume = self.certified_volume(&season, and, at);
        let used = uses.of(place, scheme);
        let others = uses.total(&season).saturating_sub(used);
        Some(Room { place, season, counted, volume, others })
    }

    /// The volume that is certified: the newest figure, whoever certifies, and no more than the
    /// registered capacity. Where none is stated it is none.
    fn certified_volume(
        &self,
        season: &Season,
        and: Option<&OperatorRecord>,
        at: Timestamp,
    ) -> u64 {
        let Season { party, scheme, material, campaign } = season;
        let stands = |operator: &&OperatorRecord| {
            operator.scheme == *scheme
                && (operator.status(at) != CertificateStatus::Withdrawn
                    || and.is_some_and(|named| named.serial == operator.serial))
        };
        let figure = |operator: &OperatorRecord| {
            let mut stated = operator.facts.volumes.iter();
            let row = stated.find(|row| *row.material == **material && *row.campaign == **campaign);
            row.map(|row| row.quantity)
        };
        let newest = self.operators_of(party).rev().filter(stands).find_map(figure);
        let capacity = self.capacity(party, material, campaign, at);
        newest.unwrap_or_default().min(capacity.unwrap_or_default())
    }

    /// What a certificate of an operator says of each harvest, and what of that is used.
    #[must_use]
    pub fn volume_uses(&self, operator: &OperatorRecord, at: Timestamp) -> Vec<VolumeUse> {
        let in_force = self.operator_status(operator, at) == CertificateStatus::Valid;
        let rows = operator.facts.volumes.iter().map(|row| {
            let (material, campaign) = (Word::new(&row.material), Word::new(&row.campaign));
            let (party, scheme) = (operator.party.clone(), operator.scheme.clone());
            let (first, _) = self.facts.goods.first_of(&row.material, 1);
            let season = Season { party, scheme, material, campaign };
            let counts = match first == season.material {
                true => self.certified_volume(&season, None, at),
                false => 0,
            };
            let used = self.facts.operators.uses.total(&season);
            let unit = self.catalog.material(&row.material);
            VolumeUse {
                unit: Word::new(unit.map_or("", |known| known.unit.code())),
                stated: row.quantity,
                counts,
                used,
                left: if in_force { counts.saturating_sub(used) } else { 0 },
                material: season.material,
                campaign: season.campaign,
            }
        });
        rows.collect()
    }

    /// What certificates of its producer let count of a lot that is drawn from now, by scheme in
    /// its smallest unit. It is used up then: the whole lot counts, as far as there is room.
    pub(super) fn let_count(
        &self,
        lot: LotHandle,
        uses: &mut Uses,
        at: Timestamp,
    ) -> BTreeMap<Word, u64> {
        let mut covers = BTreeMap::new();
        let view = self.goods.trace.lot_view(lot);
        let primary = view.is_some_and(|view| view.opening == Opening::Primary);
        let Some(row) = self.lots.row(lot.0).filter(|_| primary) else { return covers };
        let producer = self.names.party(row.producer);
        let own = self.operators_of(&producer);
        let schemes: BTreeSet<Word> = own.map(|operator| operator.scheme.clone()).collect();
        let lot = self.lot(&self.key_of_lot(row)).filter(|_| !schemes.is_empty());
        let Some(lot) = lot else { return covers };
        for scheme in schemes {
            if self.operator_for(&lot, &scheme, at).is_none() {
                continue;
            }
            let Some(room) = self.room(&lot, &scheme, None, uses, at) else { continue };
            let most = room.most();
            uses.raise(room.place, &room.season, most);
            covers.insert(scheme, room.part(most, lot.record.quantity));
        }
        covers
    }

    /// A lot that was never there gives back what it used.
    pub(super) fn give_back(&mut self, lot: &Lot) {
        let place = self.lots.place(&lot.record.lot);
        let Some((place, (material, _))) = place.zip(self.counted_as(lot)) else { return };
        let season = |scheme| {
            let (party, campaign) = (lot.record.producer.clone(), lot.campaign.clone());
            Season { party, scheme, material: material.clone(), campaign }
        };
        self.facts.operators.uses.give_back(place, season);
    }
}
