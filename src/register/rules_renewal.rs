//! Rules of edition 3: a certificate that takes another's place, a recall that says what to do, and
//! a recall of a wrong lot that the authority takes back.
//! Not here: what they do to the register (`fold_renewal`).

use super::fold_renewal::{Renewal, in_chains};
use super::records::{CertificateRecord, Lot};
use super::refusal::Refusal;
use super::rules::{Case, not_after};
use super::status::CertificateStatus;
use super::switch::refuse;
use crate::limits::{
    RECALL_NOTICE_CHARS_MAX, RECALL_NOTICE_EDITION, RECALL_NOTICE_LANGUAGES as LANGUAGES,
};
use crate::statement::{CertificateClaim, Event, StatusAction, StatusChange, StatusTarget};

impl Case<'_> {
    /// Whether a certificate may take the place of another, and has room there.
    pub(super) fn renewal(
        &self,
        claim: &CertificateClaim,
        lot: &Lot,
        old: u64,
    ) -> Result<(), Refusal> {
        let found = self.register.certificate(old);
        let found = found.ok_or(Refusal::CertificateUnknown { serial: old })?.record;
        self.renewable(claim, &found)?;
        let asked = claim.facts.quantity;
        let renewal = Renewal { of: old, quantity: asked, from: claim.valid_from };
        let key = &lot.record.lot;
        let all = self.register.certified_once(key, &claim.scheme, self.now, Some(renewal));
        let declared = lot.record.quantity;
        if all > declared {
            let exceeded = Refusal::QuantityExceeded {
                lot: key.to_string(),
                declared,
                certified: all.saturating_sub(asked),
                asked,
                unit: lot.record.unit.to_string(),
            };
            refuse("renewal_quantity", exceeded)?;
        }
        self.above_labels(claim, lot, &found)
    }

    /// A renewal lifts nothing: what is suspended, withdrawn or out of scope stays so, and one
    /// certificate gives way to one other.
    fn renewable(&self, claim: &CertificateClaim, old: &CertificateRecord) -> Result<(), Refusal> {
        let refused = |reason: String| Refusal::NotRenewable { serial: old.serial, reason };
        if !self.acts_for(old) {
            refuse("renewal_issuer", refused(format!("it was issued by {}", old.issuer)))?;
        }
        if old.lot != claim.lot {
            refuse("renewal_lot", refused(format!("it is of lot {}", old.lot)))?;
        }
        if old.scheme != claim.scheme {
            refuse("renewal_scheme", refused(format!("it is under scheme {}", old.scheme)))?;
        }
        if let Some(next) = old.superseded {
            refuse(
                "renewal_once",
                refused(format!("certificate {} takes its place already", next.by)),
            )?;
        }
        for at in [self.now, self.latest()] {
            let status = self.register.status_of(old, at);
            if matches!(
                status,
                CertificateStatus::Suspended
                    | CertificateStatus::Withdrawn
                    | CertificateStatus::ScopeReduced
            ) {
                refuse(
                    "renewal_status",
                    refused(format!("it is {}, which a renewal does not lift", status.word())),
                )?;
            }
        }
        if claim.valid_until < self.now {
            refuse("renewal_over", refused("the new one's last day is over already".to_owned()))?;
        }
        Ok(())
    }

    /// A smaller certificate still covers the labels that are out.
    fn above_labels(
        &self,
        claim: &CertificateClaim,
        lot: &Lot,
        old: &CertificateRecord,
    ) -> Result<(), Refusal> {
        let asked = claim.facts.quantity;
        if asked >= old.quantity {
            return Ok(());
        }
        let at = self.now.max(claim.valid_from);
        let known = self.register.certificates_of(&lot.record.lot).map(|found| found.record);
        let known = in_chains(known.filter(|record| record.scheme == claim.scheme));
        let chain = known.iter().find(|(_, record)| record.serial == old.serial);
        let chain = chain.map(|(first, _)| *first);
        let beside = known.iter().filter(|(first, record)| {
            Some(*first) != chain && self.register.status_of(record, at) == CertificateStatus::Valid
        });
        let covered = beside.fold(asked, |sum, (_, record)| sum.saturating_add(record.quantity));
        let units = covered.checked_div(lot.pack_size).unwrap_or_default();
        if lot.labels_issued <= units {
            return Ok(());
        }
        let (lot, issued) = (lot.record.lot.to_string(), lot.labels_issued);
        refuse("renewal_labels", Refusal::LabelsExceeded { lot, units, issued, asked: 0 })
    }

    /// A recall says what people are to do, so that they can read it.
    pub(super) fn recall_told(&self, claim: &StatusChange) -> Result<(), Refusal> {
        let bound = self.register.edition() >= RECALL_NOTICE_EDITION;
        if !bound || claim.action != StatusAction::Recall {
            return Ok(());
        }
        let refused = |reason: String| Refusal::NoticeMissing { reason };
        for language in LANGUAGES {
            let text = claim.notice.get(language);
            // Signs alone say nothing.
            if !text.is_some_and(|text| text.chars().any(char::is_alphabetic)) {
                refuse("notice_language", refused(format!("there is no text in {language}")))?;
            }
        }
        let long = |text: &String| text.chars().count() > RECALL_NOTICE_CHARS_MAX;
        match claim.notice.iter().find(|(_, text)| long(text)) {
            Some((language, _)) => {
                refuse("notice_length", refused(format!("the text in {language} is longer")))
            }
            None => Ok(()),
        }
    }

    /// The authority takes back the recall of a wrong lot, once.
    pub(super) fn recall_voided(&self, claim: &Event) -> Result<(), Refusal> {
        not_after("at", claim.at, self.latest()).or_else(|it| refuse("event_later", it))?;
        let id = claim.voids_recall().unwrap_or_default();
        let refused = |state| {
            refuse("recall_voided_once", Refusal::StatusOrder { target: id.to_owned(), state })
        };
        let change = self.register.index_of_id(id).and_then(|index| self.register.change(index));
        match change {
            Some(change)
                if change.event.action == StatusAction::Recall
                    && matches!(change.target, StatusTarget::Lot(_)) =>
            {
                if change.voided.is_some() {
                    refused("void already")
                } else {
                    Ok(())
                }
            }
            _ => refused("not the recall of a lot"),
        }
    }
}
