//! From a statement to the row of the table of powers it needs: what is done, and how the one who
//! signs stands to what it is done to. Counts from edition 1 on.
//! Not here: the table (`powers`), what else an act must keep (the other `rules_*`).

use super::powers::{Act, Actor, Denied, Target, allowed};
use super::records::{CertificateRecord, Lot, Party};
use super::refusal::Refusal;
use super::rules::Case;
use super::rules_event::possesses;
use super::status::StatusEvent;
use crate::names::{LotKey, PartySlug};
use crate::statement::{
    Claim, Event, EventKind, KeyChange, KeyEvent, KeyPurpose, PricePaid, Reason, Receiver, Role,
    ShipPurpose, StatusAction, StatusChange, StatusTarget,
};

impl Case<'_> {
    /// Whether the table of powers allows this statement.
    pub(super) fn power(&self) -> Result<(), Refusal> {
        let by = &self.statement.issuer;
        let other = |party: &PartySlug| if party == by { Target::Own } else { Target::Other };
        match &self.statement.claim {
            Claim::Registration(claim) => self.may(Act::Register, other(&claim.party)),
            Claim::Accreditation(claim) => self.may(Act::Accredit, other(&claim.party)),
            Claim::ScopeChange(claim) => self.may(Act::ChangeScope, other(&claim.party)),
            Claim::Rulebook(_) => self.may(Act::SetRulebook, Target::Own),
            Claim::KeyChange(claim) => self.key_power(claim),
            Claim::Agreement(claim) => self.may(Act::Agree, other(&claim.client)),
            Claim::PrefixGrant(claim) => self.may(Act::GrantNumbers, other(&claim.from)),
            Claim::Capacity(claim) => self.may(Act::StateCapacity, other(&claim.party)),
            Claim::Lot(_) => self.may(Act::DeclareLot, Target::Own),
            Claim::Certificate(_) => self.may(Act::Certify, Target::Other),
            Claim::StatusChange(claim) => self.status_power(claim),
            Claim::LabelIssue(claim) => {
                let lot = self.known_lot(&claim.lot)?;
                let certified = self.certified_by(&lot, by);
                let target = if certified { Target::Certified } else { Target::Other };
                self.may(Act::IssueLabels, target)
            }
            Claim::LabelVoid(claim) => {
                let lot = self.known_lot(&claim.lot)?;
                let own = lot.label_runs.iter().any(|run| run.by == *by);
                self.may(
                    Act::VoidLabels,
                    if own { Target::LaidBySelf } else { Target::LaidByOther },
                )
            }
            Claim::Reconfirmation(claim) => {
                let target = other(&claim.party);
                if !claim.voids.is_empty() {
                    self.may(Act::Void, target)?;
                }
                if claim.voids.is_empty() || claim.serials.is_some() || !claim.entries.is_empty() {
                    self.may(Act::Confirm, target)?;
                }
                Ok(())
            }
            Claim::StatusList(_) | Claim::StatusIndex(_) => {
                self.may(Act::PublishStatus, Target::Own)
            }
            // Its authority is the hash that the root before committed to.
            Claim::RootSuccession(_) => Ok(()),
            Claim::Event(claim) if claim.voids_recall().is_some() => {
                self.may(Act::Void, Target::Other)
            }
            Claim::Event(claim) => self.event_power(claim),
            Claim::OperatorCertificate(_) => self.may(Act::CertifyOperator, Target::Other),
            Claim::PricePaid(claim) => self.price_power(claim),
            Claim::CertificateExtract(claim) => {
                let own = self.is_shipper(&claim.consignment);
                self.may(Act::DrawExtract, if own { Target::Own } else { Target::Other })
            }
            Claim::Mandate(claim) => self.may(Act::GiveMandate, other(&claim.party)),
        }
    }

    fn price_power(&self, claim: &PricePaid) -> Result<(), Refusal> {
        let by = &self.statement.issuer;
        let side = |own| if own { Target::Own } else { Target::Other };
        if claim.confirms.is_none() {
            return self.may(Act::StatePrice, side(claim.seller == *by));
        }
        let own = matches!(&claim.buyer, Receiver::Party(buyer) if buyer == by);
        self.may(Act::ConfirmPrice, side(own))
    }

    fn event_power(&self, claim: &Event) -> Result<(), Refusal> {
        let third = !possesses(self.whose.registration.role);
        let side = |third| if third { Target::Other } else { Target::Own };
        match &claim.kind {
            EventKind::Transform(_) => self.may(Act::Transform, Target::Own),
            EventKind::Ship(what) if what.purpose == ShipPurpose::RecallReturn => {
                self.may(Act::ReturnRecalled, Target::Own)
            }
            EventKind::Ship(_) => self.may(Act::Ship, Target::Own),
            EventKind::Receive(_) => self.may(Act::Receive, Target::Own),
            EventKind::Settle(_) => self.may(Act::Settle, side(third)),
            EventKind::Pack(_) | EventKind::Unpack(_) => self.may(Act::Pack, Target::Own),
            EventKind::Out(_) => self.may(Act::SendOut, Target::Own),
            EventKind::Loss(_) => self.may(Act::Lose, Target::Own),
            EventKind::Sample(what) => self.may(Act::Sample, side(what.holder.is_some())),
            EventKind::Destroy(_) => self.may(Act::Destroy, Target::Own),
            EventKind::Observe(_) => self.may(Act::ObserveGoods, side(third)),
            EventKind::Void(what) => self.may(Act::Undo, side(!self.is_own_word(what)?)),
        }
    }

    /// Whether an inspector signs, in the scope of its registration.
    fn inspects(&self, lot: &Lot) -> bool {
        let inspector = self.issuer.registration.role == Role::Inspector;
        inspector && self.register.edition() >= 2 && self.in_scope(lot)
    }

    pub(super) fn may(&self, act: Act, target: Target) -> Result<(), Refusal> {
        // Under a mandate it is the power of who gave it, and neither may be barred.
        let actor = Actor::of(self.whose.registration.role, self.key.purpose);
        let is_barred = |party: &Party| !actor.is_authority() && party.is_barred(self.now);
        let barred = is_barred(self.issuer) || is_barred(self.whose);
        match allowed(self.register.powers, actor, barred, act, target) {
            Ok(()) => Ok(()),
            Err(Denied::Barred) => {
                self.not_barred(self.issuer).and_then(|()| self.not_barred(self.whose))
            }
            Err(Denied::NotAllowed) => Err(self.not_authorised(act.words())),
        }
    }

    fn key_power(&self, claim: &KeyChange) -> Result<(), Refusal> {
        let own = claim.party == self.statement.issuer;
        let target = if own { Target::Own } else { Target::Other };
        let act = match &claim.event {
            KeyEvent::Added(key) if key.purpose == KeyPurpose::Label => Act::AddLabelKey,
            KeyEvent::Added(_) => Act::AddKey,
            KeyEvent::Retired => Act::RetireKey,
            KeyEvent::Compromised { .. } => Act::ReportKey,
        };
        // A root key of the past is the root's business, whoever it is of.
        let record = self.register.party(&claim.party);
        let record = record.and_then(|party| party.key(&claim.verification_method));
        let root = record.is_some_and(|record| record.purpose == KeyPurpose::Root);
        if root && self.key.purpose != KeyPurpose::Root {
            return Err(self.not_authorised(act.words()));
        }
        self.may(act, target)
    }

    fn status_power(&self, claim: &StatusChange) -> Result<(), Refusal> {
        let latest = self.latest();
        match &claim.target {
            StatusTarget::Party(party) if party.is_authority() => {
                self.may(Act::ChangeParty, Target::Own)
            }
            StatusTarget::Party(_) => self.may(Act::ChangeParty, Target::Other),
            StatusTarget::Certificate(serial) => self.certificate_power(*serial, claim.action),
            StatusTarget::Certificates(serials) => {
                serials.iter().try_for_each(|one| self.certificate_power(one, claim.action))
            }
            StatusTarget::Lot(key) => {
                let lot = self.known_lot(key)?;
                let target = self.lot_target(&lot);
                match claim.action {
                    StatusAction::Hold if self.inspects(&lot) => self.may(Act::InspectLot, target),
                    StatusAction::Hold => self.may(Act::HoldLot, target),
                    StatusAction::Recall => self.may(Act::RecallLot, target),
                    _ if !self.lift_power(claim, key)? => Ok(()),
                    _ => {
                        let hold = super::in_effect(&lot.record.events, latest);
                        self.may(Act::ReleaseLot, self.laid(hold, lot.mark.index))?;
                        self.rule_hold_lifted(hold, &lot)
                    }
                }
            }
        }
    }

    fn certificate_power(&self, serial: u64, action: StatusAction) -> Result<(), Refusal> {
        let certificate = self.register.issued(serial);
        let certificate = certificate.ok_or(Refusal::CertificateUnknown { serial })?;
        let own = self.acts_as(&certificate.issuer, &certificate.accreditation);
        let target = if own { Target::Own } else { Target::Other };
        match action {
            StatusAction::Suspend => self.may(Act::SuspendCertificate, target),
            StatusAction::Withdraw => self.may(Act::WithdrawCertificate, target),
            _ => {
                let laid = super::in_effect(&certificate.events, self.latest());
                let by = laid.map(|event| &event.by);
                // A successor stands in for the certifier that laid it.
                let laid_by_own = own && by.is_some_and(|by| *by == certificate.issuer);
                let target = match by {
                    Some(by) if *by == self.statement.issuer || laid_by_own => Target::LaidBySelf,
                    Some(_) => Target::LaidByOther,
                    None if own => Target::LaidBySelf,
                    None => Target::LaidByOther,
                };
                if target == Target::LaidBySelf && !own && !self.issuer.is_authority() {
                    return Err(self.not_authorised(Act::ReinstateCertificate.words()));
                }
                self.may(Act::ReinstateCertificate, target)
            }
        }
    }

    /// Whether the one who signs issued the certificate, or was named to act for who did.
    pub(super) fn acts_for(&self, certificate: &CertificateRecord) -> bool {
        self.acts_as(&certificate.issuer, &certificate.accreditation)
    }

    /// Whether the one who signs is a certifier, or was named to act for it under an accreditation.
    pub(super) fn acts_as(&self, certifier: &PartySlug, accreditation: &str) -> bool {
        if *certifier == self.statement.issuer {
            return true;
        }
        let issuer = self.register.party(certifier);
        let given = issuer.and_then(|it| it.accreditation(accreditation));
        given.and_then(|given| given.successor(self.now)) == Some(&self.statement.issuer)
    }

    fn lot_target(&self, lot: &Lot) -> Target {
        let by = &self.statement.issuer;
        if lot.record.producer == *by {
            Target::Own
        } else if self.certified_by(lot, by) {
            Target::Certified
        } else {
            Target::Other
        }
    }

    pub(super) fn laid(&self, hold: Option<&StatusEvent>, declared_at: u64) -> Target {
        match hold {
            // A rule lays its hold with the entry that it judges: no statement says so.
            Some(event) if event.mark.index == declared_at => Target::LaidByRule,
            // What was made of stolen goods is the authority's business alone.
            Some(event)
                if self.register.laid_by_rule(event) && event.reason != Reason::KeyCompromise =>
            {
                Target::LaidByRule
            }
            Some(event) if event.by == self.statement.issuer => Target::LaidBySelf,
            _ => Target::LaidByOther,
        }
    }

    /// A certifier lifts a rule's hold only where it is accredited for product and region.
    pub(super) fn rule_hold_lifted(
        &self,
        hold: Option<&StatusEvent>,
        lot: &Lot,
    ) -> Result<(), Refusal> {
        let by_rule = self.laid(hold, lot.mark.index) == Target::LaidByRule;
        if !by_rule || self.issuer.is_authority() {
            return Ok(());
        }
        if self.in_scope(lot) {
            return Ok(());
        }
        Err(self.not_authorised("lift a hold of the ledger's rules outside its accreditation"))
    }

    /// Whether a party has certified a lot, or acts for who did.
    pub(super) fn certified_by(&self, lot: &Lot, party: &PartySlug) -> bool {
        let mut known = self.register.certificates_of(&lot.record.lot).map(|found| found.record);
        known.any(|found| found.issuer == *party || self.acts_for(&found))
    }

    /// The lot of a GTIN, if it has one.
    pub(super) fn gtin_of(lot: &LotKey) -> Option<&crate::names::Gtin> {
        match lot {
            LotKey::Gtin(gtin, _) => Some(gtin),
            LotKey::Party(..) => None,
        }
    }
}
