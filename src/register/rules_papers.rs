//! Rules on certificates, labels and rulebooks from edition 2 on: certified is at most what is in
//! the lot and what is covered of it, labels are at most what is left. Not here: what editions
//! before ask too (`rules_lots`, `rules_rights`).

use super::Register;
use super::fold_renewal::Renewal;
use super::goods_acts::{Translator, least, model, quantity, said};
use super::goods_book::{book, known, loosens};
use super::goods_refusal::GoodsRefusal;
use super::goods_words::amount;
use super::records::Lot;
use super::refusal::Refusal;
use super::rules::Case;
use super::status::LotStatus;
use super::switch::refuse;
use crate::catalog::SchemeKind;
use crate::limits::ORIGINS_JUDGED_MAX;
use crate::names::{LotKey, Word};
use crate::seal::KeyRecord;
use crate::statement::{CertificateClaim, KeyPurpose, LabelIssue, LabelVoid, Rulebook, Timestamp};
use crate::trace::{Act, Direction, LotHandle, Opening};

impl Register {
    /// Whether the figures take an act that is no event.
    pub(super) fn takes(&self, act: Act, translator: &Translator<'_>) -> Result<(), Refusal> {
        let event = said(act, translator.now);
        let judged = self.trace_at(translator.now).judge(&event);
        let told = |short| self.speaker(&translator.names).refusal(short, &event.act);
        judged.map(|_| ()).map_err(|short| told(short).into())
    }

    /// What is certified of a lot under a certificate's scheme beside it: each chain of renewals
    /// once, without the one whose place it takes.
    pub(super) fn certified_beside(&self, claim: &CertificateClaim, now: Timestamp) -> u64 {
        let quantity = claim.facts.quantity;
        let from = claim.valid_from;
        let renewal = claim.supersedes().map(|of| Renewal { of, quantity, from });
        let own = if renewal.is_some() { quantity } else { 0 };
        self.certified_once(&claim.lot, &claim.scheme, now, renewal).saturating_sub(own)
    }

    /// A certificate as an act: all that is certified under its scheme then.
    pub(super) fn certifying(
        &self,
        claim: &CertificateClaim,
        translator: &mut Translator<'_>,
    ) -> Result<Act, Refusal> {
        let before = self.certified_beside(claim, translator.now);
        Ok(Act::Certify {
            lot: self.handle(&claim.lot)?,
            scheme: translator.scheme(&claim.scheme),
            quantity: quantity(before.saturating_add(claim.facts.quantity)),
            model: Some(model(claim.facts.custody_model)),
        })
    }

    /// The schemes that a label signed with a key names: of those in force, the key's, or all.
    fn named_by(&self, key: &KeyRecord, lot: &LotKey, now: Timestamp) -> Vec<Word> {
        let certified = self.certified_in_force(lot, self.labels_stand_under(lot, now));
        let named = |scheme: &Word| {
            key.schemes.is_empty() || key.schemes.iter().any(|named| **named == **scheme)
        };
        certified.into_keys().filter(named).collect()
    }

    /// The schemes on a lot's labels, those of an issue among them.
    pub(super) fn on_labels(&self, claim: &LabelIssue, now: Timestamp) -> Vec<Word> {
        let place = self.lots.place(&claim.lot);
        let known = place.and_then(|place| self.facts.goods.on_labels.get(&place));
        let mut all = known.cloned().unwrap_or_default();
        if let Some(key) = self.key(&claim.verification_method) {
            all.extend(self.named_by(key, &claim.lot, now));
        }
        all.sort();
        all.dedup();
        all
    }

    /// A lot and all that it came from, nearest first.
    ///
    /// # Errors
    /// It came from more lots than are looked at.
    pub(super) fn way_back(&self, lot: LotHandle) -> Result<Vec<LotHandle>, Refusal> {
        let above = self.goods.trace.reached(lot, Direction::Up).lots;
        let (count, most) = (above.len(), ORIGINS_JUDGED_MAX);
        if count > most {
            let lot = self.speaker(&self.names).lot(lot);
            return Err(GoodsRefusal::OriginsTooMany { lot, count, most }.into());
        }
        Ok(std::iter::once(lot).chain(above).collect())
    }

    /// An issue of labels as an act.
    pub(super) fn labelling(&self, claim: &LabelIssue, now: Timestamp) -> Result<Act, Refusal> {
        let lot = self.handle(&claim.lot)?;
        let under = self.labels_stand_under(&claim.lot, now);
        let certified = self.certified_in_force(&claim.lot, under);
        let certified = least(&self.on_labels(claim, now), &certified);
        let pack_size = self.lots.row(lot.0).map_or(1, |row| row.pack_size);
        Ok(Act::Label { lot, count: claim.count.into(), pack_size, certified })
    }

    /// Spoilt labels as an act.
    pub(super) fn unlabelling(&self, claim: &LabelVoid) -> Result<Act, Refusal> {
        let lot = self.handle(&claim.lot)?;
        let pack_size = self.lots.row(lot.0).map_or(1, |row| row.pack_size);
        Ok(Act::Unlabel { lot, count: claim.serials.len() as u64, pack_size })
    }
}

impl Case<'_> {
    /// Whether the figures take an act that is no event.
    fn takes(&self, act: Act, translator: &Translator<'_>) -> Result<(), Refusal> {
        self.register.takes(act, translator)
    }

    /// Certified under one scheme <= what is in the lot, and under a covered scheme its cover.
    pub(super) fn within_filled(&self, claim: &CertificateClaim, lot: &Lot) -> Result<(), Refusal> {
        let handle = self.register.handle(&claim.lot)?;
        let filled = self.register.goods.trace.balance(handle).map_or(0, |it| it.filled);
        let certified = self.register.certified_beside(claim, self.now);
        let asked = claim.facts.quantity;
        if certified.saturating_add(asked) > filled {
            let told = |quantity: u64| amount(quantity.into(), &lot.record.unit);
            let exceeded = GoodsRefusal::QuantityExceeded {
                lot: claim.lot.to_string(),
                filled: told(filled),
                certified: told(certified),
                asked: told(asked),
            };
            refuse("certified_filled", exceeded)?;
        }
        self.rests_on_operator(claim, lot, handle)?;
        if self.register.inherited_status(&claim.lot) == LotStatus::Recalled {
            let from = self.register.inherited_from(&claim.lot);
            let through = from.first().map_or(String::new(), |lot| format!(" through lot {lot}"));
            let lot = claim.lot.to_string();
            refuse("certified_recalled", GoodsRefusal::LotRecalled { lot, through })?;
        }
        self.origins_inside(claim, handle)?;
        let mut translator = Translator::new(self.register, self.now);
        let act = self.register.certifying(claim, &mut translator)?;
        self.takes(act, &translator)
    }

    /// A geographical sign asks for origins in the product's regions, a designation of origin also
    /// for every transformation there.
    fn origins_inside(&self, claim: &CertificateClaim, lot: LotHandle) -> Result<(), Refusal> {
        let scheme = self.register.catalog.scheme(&claim.scheme);
        let product = self.register.catalog.product(&claim.facts.product);
        let geographical = |kinds: &[SchemeKind]| kinds.contains(&SchemeKind::Geographical);
        let (Some(_), Some(product)) = (scheme.filter(|it| geographical(&it.kinds)), product)
        else {
            return Ok(());
        };
        if product.regions.is_empty() {
            return Ok(());
        }
        let outside = |lot: LotHandle, found: String| {
            let speaker = self.register.speaker(&self.register.names);
            let outside = GoodsRefusal::OriginRegion {
                scheme: claim.scheme.to_string(),
                lot: speaker.lot(lot),
                found,
                expected: product.regions.join(" or "),
            };
            refuse("origin_region", outside)
        };
        let trace = &self.register.goods.trace;
        let inside = |region: &str| product.regions.iter().any(|known| known == region);
        for one in self.register.way_back(lot)? {
            let derived = trace.lot_view(one).is_some_and(|it| it.opening == Opening::Derived);
            let row = self.register.lots.row(one.0);
            let region = row.map(|row| self.register.names.text(row.region)).unwrap_or_default();
            if !derived && !inside(&region) {
                outside(one, region.to_string())?;
            }
            if *claim.scheme != *"sdoq-ao" || !derived {
                continue;
            }
            for event in trace.events_of(one).filter(|event| trace.fills(*event, one)) {
                let told = self.register.facts.goods.regions.get(&event.0);
                if !told.is_some_and(|region| inside(region)) {
                    let found = told.map_or("no stated region", |region| region.as_str());
                    outside(one, format!("made in {found}"))?;
                }
            }
        }
        Ok(())
    }

    /// Labels per lot: with those that are out at most what is left of it.
    pub(super) fn labels_left(&self, claim: &LabelIssue) -> Result<(), Refusal> {
        let translator = Translator::new(self.register, self.now);
        self.takes(self.register.labelling(claim, self.now)?, &translator)
    }

    pub(super) fn labels_back(&self, claim: &LabelVoid) -> Result<(), Refusal> {
        let translator = Translator::new(self.register, self.now);
        self.takes(self.register.unlabelling(claim)?, &translator)
    }

    /// What a rulebook says of goods.
    pub(super) fn goods_rules(&self, claim: &Rulebook) -> Result<(), Refusal> {
        if claim.edition < 2 {
            return Ok(());
        }
        let (facts, catalog) = (&self.register.facts.goods, self.register.catalog);
        known(&claim.goods, facts, catalog)?;
        for one in &claim.goods.traced_from {
            let before = facts.traced_from(&one.material);
            let unchanged = before == Some(one.at);
            if !unchanged && (one.at < self.now || before.is_some_and(|before| one.at > before)) {
                let (material, at) = (one.material.clone(), one.at);
                refuse("rulebook_order", GoodsRefusal::RulebookOrder { material, at })?;
            }
        }
        let looser = facts.since.and_then(|_| loosens(&claim.goods, &facts.rules, catalog));
        if looser.is_some() && self.key.purpose != KeyPurpose::Root {
            let key = format!("what loosens {}: {}", looser.unwrap_or_default(), self.named_key());
            let purpose = self.key.purpose.into();
            refuse("rulebook_looser", Refusal::KeyPurpose { key, purpose })?;
        }
        let mut translator = Translator::new(self.register, self.now);
        let book = book(claim, catalog, &mut translator.names);
        self.takes(Act::Book(book), &translator)
    }

    fn named_key(&self) -> &str {
        &self.statement.proof.verification_method
    }
}
