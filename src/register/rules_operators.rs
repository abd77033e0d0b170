//! Rules on certificates of operators, and on the certificates of lots that rest on them: who is
//! certified for what since when, that no two certifiers certify the same, and that no more is
//! certified than the operator was. Not here: what a draw takes of their cover (`volumes`).

use super::goods_refusal::GoodsRefusal;
use super::goods_words::amount;
use super::operators::OperatorRecord;
use super::records::Lot;
use super::refusal::Refusal;
use super::rules::{Case, not_after, same};
use super::status::CertificateStatus;
use super::switch::refuse;
use crate::limits::{OPERATOR_DECISION_DAYS, OPERATOR_DECISION_MONTHS, OPERATOR_NEW_DAYS};
use crate::statement::{CertificateClaim, OperatorCertificate, Timestamp};
use crate::trace::{LotHandle, Opening};

impl Case<'_> {
    /// A certificate of an operator.
    pub(super) fn operator_certificate(&self, claim: &OperatorCertificate) -> Result<(), Refusal> {
        self.serial_in_reach(claim.serial)?;
        let party = self.known_party(&claim.party)?;
        self.possessor(&claim.party, "role of the operator")
            .or_else(|it| refuse("operator_role", it))?;
        self.own_name()?;
        self.client_name(&claim.party, &claim.party_name)?;
        self.scheme(&claim.scheme)?;
        self.scheme_name(&claim.scheme, &claim.scheme_name)?;
        let facts = &claim.facts;
        facts.materials.iter().try_for_each(|material| self.product(material).map(|_| ()))?;
        facts.regions.iter().try_for_each(|region| self.region(region))?;
        not_after("assessmentDate", claim.assessed_on.start(), self.now)
            .or_else(|it| refuse("assessed_later", it))?;
        not_after("decisionDate", facts.decision_date.start(), self.now)
            .or_else(|it| refuse("decided_later", it))?;
        self.asked(&claim.party, &claim.scheme)?;
        self.operator_scope(claim)?;
        self.decided_lately(claim, party.mark.logged_at)?;
        self.alone(claim)
    }

    /// The accreditation covers each material in each region, and lasts as long.
    fn operator_scope(&self, claim: &OperatorCertificate) -> Result<(), Refusal> {
        self.not_before_scope(claim.valid_from, &claim.accreditation)?;
        for material in &claim.facts.materials {
            for region in &claim.facts.regions {
                let (accreditation, scheme) = (&claim.accreditation, &claim.scheme);
                let given = self.accredited_for(accreditation, scheme, material, region)?;
                if claim.valid_until > given.valid_until {
                    let (certificate, scope) = (claim.valid_until, given.valid_until);
                    let outlives = Refusal::OutlivesScope { certificate, scope };
                    refuse("operator_outlives", outlives)?;
                }
            }
        }
        Ok(())
    }

    /// It counts from its decision, so that is not long ago: what was harvested before cannot be
    /// covered after the fact. While its party or all its materials are new, papers are older.
    fn decided_lately(
        &self,
        claim: &OperatorCertificate,
        registered: Timestamp,
    ) -> Result<(), Refusal> {
        let (decided, today) = (claim.facts.decision_date, self.now.day());
        if today.days() - decided.days() <= OPERATOR_DECISION_DAYS {
            return Ok(());
        }
        let new = |since: Timestamp| {
            self.now <= since.plus_seconds(OPERATOR_NEW_DAYS.saturating_mul(86_400))
        };
        let goods = &self.register.facts.goods;
        let mut materials = claim.facts.materials.iter();
        let is_new = new(registered) || materials.all(|it| goods.traced_from(it).is_some_and(new));
        let last = decided.plus_months(OPERATOR_DECISION_MONTHS);
        if is_new && last.is_some_and(|last| today <= last) {
            return Ok(());
        }
        let most = if is_new { "12 months" } else { "60 days" };
        refuse("decision_old", GoodsRefusal::DecisionOld { decided, most })
    }

    /// For the same operator, scheme and material no other certifier's stands for the same time,
    /// and nobody's is suspended by another.
    fn alone(&self, claim: &OperatorCertificate) -> Result<(), Refusal> {
        let counts_from = claim.valid_from.max(claim.facts.decision_date.start());
        let beside = self.register.operators_of(&claim.party).filter_map(|other| {
            let mut both = other.facts.materials.iter();
            let both = both.find(|material| {
                claim.facts.materials.contains(material)
                    && self.register.operator_reaches(other, material, self.now)
            });
            both.filter(|_| other.scheme == claim.scheme).map(|material| (other, material))
        });
        let beside: Vec<(&OperatorRecord, &String)> = beside.collect();
        beside
            .iter()
            .try_for_each(|(other, _)| self.not_suspended(other.serial, other.events()))?;
        for (other, material) in beside {
            let own = self.acts_as(&other.issuer, &other.accreditation);
            let over = other.status(self.now) == CertificateStatus::Withdrawn;
            let meets =
                other.counts_from() <= claim.valid_until && counts_from <= other.valid_until;
            if meets && !own && !over {
                let overlap = GoodsRefusal::ScopeOverlap {
                    serial: other.serial,
                    certifier: other.issuer.to_string(),
                    party: claim.party.to_string(),
                    material: material.clone(),
                    scheme: claim.scheme.to_string(),
                    until: other.valid_until,
                };
                refuse("scope_overlap", overlap)?;
            }
        }
        Ok(())
    }

    /// A certificate of a traced lot under a scheme that certifies operators rests on one of its
    /// producer, and on no cover that was withdrawn for fraud.
    pub(super) fn rests_on_operator(
        &self,
        claim: &CertificateClaim,
        lot: &Lot,
        handle: LotHandle,
    ) -> Result<(), Refusal> {
        let missing = |reason: String| {
            let (lot, scheme) = (claim.lot.to_string(), claim.scheme.to_string());
            GoodsRefusal::OperatorNotCertified { lot, scheme, reason }
        };
        self.cover_stands(claim, handle)?;
        let Some(serial) = claim.rests_on() else {
            return match self.register.needs_operator(&claim.lot, &claim.scheme) {
                true => {
                    let reason = "it names no certificate of its producer".to_owned();
                    refuse("operator_named", missing(reason))
                }
                false => Ok(()),
            };
        };
        let operator = self.register.operator(serial);
        let operator = operator.ok_or(Refusal::CertificateUnknown { serial })?;
        same("scheme of the operator's certificate", &operator.scheme, &claim.scheme)
            .or_else(|it| refuse("operator_scheme", it))?;
        let mut about = self.register.operators_about(lot, &claim.scheme);
        about.try_for_each(|one| self.not_suspended(one.serial, one.events()))?;
        if operator.status(self.now) == CertificateStatus::Suspended {
            let reason = format!("certificate {serial} is suspended");
            refuse("operator_suspended", missing(reason))?;
        }
        if let Err(reason) = self.register.operator_covers(operator, lot, self.now) {
            refuse("operator_covers", missing(format!("certificate {serial}: {reason}")))?;
        }
        if let Some(refusal) = withdrawn_for_fraud(operator, lot) {
            refuse("operator_fraud", refusal)?;
        }
        self.within_volume(claim, lot, operator)
    }

    /// No harvest that the lot comes from was covered by what was withdrawn for fraud from before.
    fn cover_stands(&self, claim: &CertificateClaim, lot: LotHandle) -> Result<(), Refusal> {
        let (register, trace) = (self.register, &self.register.goods.trace);
        // Few ever are, and without one nobody needs to be looked at.
        let mut withdrawn = register.operators().filter(|it| it.scheme == claim.scheme);
        if !withdrawn.any(OperatorRecord::is_fraudulent) {
            return Ok(());
        }
        let origins = register.way_back(lot)?.into_iter().filter(|one| {
            trace.lot_view(*one).is_some_and(|view| view.opening == Opening::Primary)
        });
        for origin in origins {
            let Some(row) = register.lots.row(origin.0) else { continue };
            let origin = self.known_lot(&register.key_of_lot(row))?;
            let mut about = register.operators_about(&origin, &claim.scheme);
            if let Some(found) = about.find_map(|operator| withdrawn_for_fraud(operator, &origin)) {
                refuse("cover_withdrawn", found)?;
            }
        }
        Ok(())
    }

    /// All that is certified of a harvest counts against its operator's volume.
    fn within_volume(
        &self,
        claim: &CertificateClaim,
        lot: &Lot,
        operator: &OperatorRecord,
    ) -> Result<(), Refusal> {
        let register = self.register;
        let uses = &register.facts.operators.uses;
        let room = register.room(lot, &claim.scheme, Some(operator), uses, self.now);
        let Some(room) = room else { return Ok(()) };
        let certified = register.certified_beside(claim, self.now);
        let certified = certified.saturating_add(claim.facts.quantity);
        let needed = room.needs(certified, lot.record.quantity);
        if needed <= room.most() {
            return Ok(());
        }
        let season = &room.season;
        let unit = self.product(&season.material).unwrap_or_default();
        let told = |quantity: u64| amount(quantity.into(), unit);
        let exceeded = GoodsRefusal::VolumeExceeded {
            asked: told(needed),
            volume: told(room.volume),
            material: season.material.to_string(),
            campaign: season.campaign.to_string(),
            scheme: season.scheme.to_string(),
            party: season.party.to_string(),
            used: told(room.others),
        };
        refuse("volume_exceeded", exceeded)
    }
}

fn withdrawn_for_fraud(operator: &OperatorRecord, lot: &Lot) -> Option<GoodsRefusal> {
    let harvested = lot.record.packed_on;
    let event = operator.fraudulent_on(harvested)?;
    Some(GoodsRefusal::CoverWithdrawn {
        serial: operator.serial,
        party: operator.party.to_string(),
        since: event.effective_from.day(),
        lot: lot.record.lot.to_string(),
        harvested,
    })
}
