//! What happens to the lots of the demonstration: they are declared and certified; one certificate is
//! logged by a thief; one is suspended, one withdrawn, one lot is recalled.

use std::time::Duration;

use anyhow::Context;

use super::cast::{ROBBED, ROTATES, certifier_slug, edition};
use super::keys::DemoKey;
use super::notices;
use super::plan::{LotPlan, Scene};
use super::stage::{Stage, unsigned};
use crate::ledger::{CertificateRequest, now as clock, prepare_certificate, prepare_lot};
use crate::statement::{
    Day, KeyEvent, LotKey, Reason, StatusAction, StatusChange, StatusTarget, Timestamp,
};

/// A lot, the scheme it is certified under, the place of the certifier in the cast.
pub(super) type Row<'a> = (&'a LotPlan, &'static str, usize);

/// All certificates of a plan.
pub(super) fn certificates(plan: &[LotPlan]) -> impl Iterator<Item = Row<'_>> {
    plan.iter().flat_map(|lot| lot.schemes.iter().map(move |(scheme, by)| (lot, *scheme, *by)))
}

impl Stage<'_> {
    /// Declares every lot of the plan.
    pub fn declare(&self, plan: &[LotPlan]) -> anyhow::Result<()> {
        let mut sealed = Vec::new();
        for lot in plan {
            let key = self.key(&lot.request.producer, "key-1")?;
            sealed.push(self.seal(&unsigned(prepare_lot(self.ledger, &lot.request)?)?, key)?);
        }
        self.submit(&sealed).map(|_| ())
    }

    /// Certifies lots with each certifier's key of this name; the answer is the last log time.
    pub fn certify(&self, rows: &[Row<'_>], key: &str) -> anyhow::Result<Option<Timestamp>> {
        let mut sealed = Vec::new();
        for (lot, scheme, certifier) in rows {
            let issuer = certifier_slug(*certifier);
            let request = self.certificate(lot, scheme, &issuer);
            let draft = unsigned(prepare_certificate(self.ledger, &request, clock())?)?;
            sealed.push(self.seal(&draft, self.key(&issuer, key)?)?);
        }
        Ok(self.submit(&sealed)?.last().map(|receipt| receipt.logged_at))
    }

    fn certificate(&self, lot: &LotPlan, scheme: &str, issuer: &str) -> CertificateRequest {
        let today = self.now.day().days();
        let day = |days: i64| Day::from_days(days).to_string();
        let packed = lot.packed_on.days();
        let (from, until) = match lot.scene {
            Scene::Expired => (packed, today - 5),
            Scene::NotYetValid => (today + 30, today + 760),
            _ => (packed, packed + 730),
        };
        let origin = scheme.starts_with("sdoq");
        CertificateRequest {
            issuer: issuer.to_owned(),
            lot: lot_key(lot),
            scheme: scheme.to_owned(),
            scheme_edition: edition(scheme).to_owned(),
            quantity: None,
            decision_date: day(packed),
            valid_from: Some(day(from)),
            valid_until: day(until),
            custody_model: Some(
                if origin { "identity-preserved" } else { "segregated" }.to_owned(),
            ),
            laboratory_reports: Vec::new(),
            not_covered: vec!["Transport après la sortie de la coopérative".to_owned()],
        }
    }

    /// A thief signs one certificate; the theft is noticed, a new key takes over.
    pub fn rob(&self, plan: &[LotPlan], last: Option<Timestamp>) -> anyhow::Result<()> {
        // Log times count whole seconds: nothing before the theft may share its second.
        while last.is_some_and(|last| clock() <= last) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let rows: Vec<_> =
            certificates(plan).filter(|(lot, ..)| lot.scene == Scene::Suspect).collect();
        let since = self.certify(&rows, "key-1")?.context("no certificate is suspect")?;
        let slug = certifier_slug(ROBBED);
        let (old, new) = (self.key(&slug, "key-1")?, self.key(&slug, "key-2")?);
        let theft = KeyEvent::Compromised { since, known_at: clock().max(since) };
        self.by_registrar(&[self.key_change(old, theft), self.added(new)])
    }

    /// Suspends, withdraws and recalls what the plan says, with notices to the public.
    pub fn change_status(&self, plan: &[LotPlan]) -> anyhow::Result<()> {
        let mut sealed = Vec::new();
        for lot in plan {
            let (action, reason, notice) = match lot.scene {
                Scene::Suspended => {
                    (StatusAction::Suspend, Reason::Paperwork, notices::suspension())
                }
                Scene::Withdrawn => {
                    (StatusAction::Withdraw, Reason::LabResult, notices::withdrawal())
                }
                Scene::Recalled => (StatusAction::Recall, Reason::Safety, notices::recall()),
                _ => continue,
            };
            let key = lot_key(lot).parse::<LotKey>()?;
            let (target, signer) = if action == StatusAction::Recall {
                (StatusTarget::Lot(key), self.key(&lot.request.producer, "key-1")?)
            } else {
                self.certificate_of(lot, &key)?
            };
            let change = StatusChange { target, action, reason, effective_from: clock(), notice };
            let name = format!("status-{}-{}", lot.request.producer, lot.request.lot);
            let issuer_name = self.name_of(signer);
            let draft = self.draft(&name, &signer.party, &issuer_name, |draft| change.draft(draft));
            sealed.push(self.seal(&draft, signer)?);
        }
        self.submit(&sealed).map(|_| ())
    }

    /// The first certificate of a lot, and its certifier's newest key.
    fn certificate_of(
        &self,
        lot: &LotPlan,
        key: &LotKey,
    ) -> anyhow::Result<(StatusTarget, &DemoKey)> {
        let view = self.ledger.view();
        let known = view.register.lot(key).context("a lot is missing")?;
        let serial = *known.certificates.first().context("a certificate is missing")?;
        let certifier = lot.schemes.first().map_or(0, |(_, certifier)| *certifier);
        let name = if matches!(certifier, ROTATES | ROBBED) { "key-2" } else { "key-1" };
        Ok((StatusTarget::Certificate(serial), self.key(&certifier_slug(certifier), name)?))
    }

    fn name_of(&self, key: &DemoKey) -> String {
        let view = self.ledger.view();
        view.register.party(&key.party).map_or_else(String::new, |p| p.registration.name.clone())
    }
}

/// `GTIN/LOT` or `party/LOT`.
pub(super) fn lot_key(lot: &LotPlan) -> String {
    let request = &lot.request;
    match &request.gtin {
        Some(gtin) => format!("{gtin:0>14}/{}", request.lot),
        None => format!("{}/{}", request.producer, request.lot),
    }
}
