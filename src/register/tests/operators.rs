//! Abuses of certificates of operators and of what rests on them.

use super::goods::Goods;
use super::row::Row;
use super::world::slug;
use crate::names::Word;
use crate::register::Refusal;
use crate::statement::*;

const FAIR: &str = "fairtrade";
const DAY: i64 = 86_400;

pub(super) const ROWS: [Row; 13] = [
    ("operator_role", "an inspector certified as a producer", "mismatch", || {
        let mut goods = stocked();
        let name = goods.world.register.party(&slug("inspection")).unwrap();
        let party_name = Word::new(&name.registration.name);
        let claim = goods.operator(1_000, FAIR, 0);
        goods.certified(OperatorCertificate { party: slug("inspection"), party_name, ..claim })
    }),
    ("assessed_later", "certified before anybody looked", "future", || {
        let mut goods = stocked();
        let claim = goods.operator(1_000, FAIR, 0);
        goods.certified(OperatorCertificate { assessed_on: tomorrow(&goods), ..claim })
    }),
    ("decided_later", "decided tomorrow", "future", || {
        let mut goods = stocked();
        let mut claim = goods.operator(1_000, FAIR, 0);
        claim.facts.decision_date = tomorrow(&goods);
        goods.certified(claim)
    }),
    ("operator_outlives", "longer than the accreditation", "outlives_scope", || {
        let mut goods = stocked();
        let claim = goods.operator(1_000, FAIR, 0);
        let valid_until = Timestamp::parse("2028-06-01T00:00:00Z").unwrap();
        goods.certified(OperatorCertificate { valid_until, ..claim })
    }),
    ("decision_old", "the whole summer covered after the fact", "decision_old", || {
        let mut goods = stocked();
        let claim = goods.operator(1_000, FAIR, 0);
        goods.later(2 * DAY);
        goods.certified(claim)
    }),
    ("scope_overlap", "two certifiers with a volume each", "scope_overlap", || {
        let mut goods = stocked();
        goods.certify_coop(FAIR, 1)?;
        goods.world.join(Role::Certifier, "rif", 12);
        let all = || ["all".to_owned()].into();
        let scope = Scope { schemes: all(), products: all(), regions: all() };
        let given = Accreditation { scope, party: slug("rif"), ..goods.world.accreditation() };
        goods.say("registrar", |draft| given.draft(draft))?;
        goods.world.agree("rif", "coop", &[FAIR]);
        let rif = goods.world.register.party(&slug("rif")).unwrap();
        let accreditation = Word::new(&rif.accreditations.last().unwrap().id);
        let claim = OperatorCertificate { accreditation, ..goods.operator(1_001, FAIR, 1) };
        goods.say("rif", |draft| claim.draft(draft))
    }),
    ("operator_named", "a harvest of who is not certified", "operator_not_certified", || {
        stocked().rest(1, None)
    }),
    ("operator_scheme", "organic taken for fair trade", "mismatch", || {
        let mut goods = stocked();
        goods.certify_coop(FAIR, 10_000_000)?;
        goods.certify_coop("bio-maroc", 10_000_000)?;
        goods.rest(1, Some(1_001))
    }),
    ("operator_suspended", "on a suspended certificate", "operator_not_certified", || {
        let mut goods = stocked();
        goods.certify_coop(FAIR, 10_000_000)?;
        goods.stop(StatusAction::Suspend, Reason::Nonconformity)?;
        goods.rest(1, Some(1_000))
    }),
    ("operator_covers", "a harvest of another region", "operator_not_certified", || {
        let mut goods = stocked();
        let mut claim = goods.operator(1_000, FAIR, 10_000_000);
        claim.facts.regions = vec!["MA-01".to_owned()];
        goods.certified(claim)?;
        goods.rest(1, Some(1_000))
    }),
    ("cover_withdrawn", "anew on a cover that was a fraud", "cover_withdrawn", || {
        let mut goods = stocked();
        goods.certify_coop(FAIR, 10_000_000)?;
        goods.stop(StatusAction::Withdraw, Reason::FraudSuspected)?;
        goods.certify_coop(FAIR, 10_000_000)?;
        goods.rest(1, Some(1_001))
    }),
    ("volume_exceeded", "more than was certified of the harvest", "volume_exceeded", || {
        let mut goods = stocked();
        goods.certify_coop(FAIR, 1)?;
        goods.rest(100_000, Some(1_000))
    }),
    ("operator_fraud", "oil on a certificate that was a fraud", "cover_withdrawn", || {
        let mut goods = stocked();
        goods.certify(1, "coop/K", 100_000, FAIR)?;
        goods.declared(&[("H", "argane", 10_000)]);
        let serial = 1_000 + goods.world.register.operators().count() as u64;
        let mut claim = goods.operator(serial, FAIR, 0);
        claim.facts.materials = vec!["argane".to_owned()];
        goods.certified(claim)?;
        goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/H", 10_000)])?;
        goods.stop_of(serial, StatusAction::Withdraw, Reason::FraudSuspected)?;
        let rests_on = Some(Word::new(&goods.world.domain.certificate_id(serial)));
        let model = CustodyModel::MassBalance;
        let claim = goods.certificate(2, "coop/H", 1, FAIR, model, rests_on);
        goods.say("atlas", |draft| claim.draft(draft))
    }),
];

/// 100 kg of kernels K of `coop`.
fn stocked() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods
}

fn tomorrow(goods: &Goods) -> Day {
    Day::from_days(goods.world.now.day().days() + 1)
}

impl Goods {
    fn certified(&mut self, claim: OperatorCertificate) -> Result<u64, Refusal> {
        self.say("atlas", |draft| claim.draft(draft))
    }

    /// Certificate 0 of the kernels, resting on the certificate with a serial.
    fn rest(&mut self, quantity: u64, on: Option<u64>) -> Result<u64, Refusal> {
        let rests_on = on.map(|serial| Word::new(&self.world.domain.certificate_id(serial)));
        let model = CustodyModel::MassBalance;
        let claim = self.certificate(0, "coop/K", quantity, FAIR, model, rests_on);
        self.say("atlas", |draft| claim.draft(draft))
    }

    fn stop(&mut self, action: StatusAction, reason: Reason) -> Result<u64, Refusal> {
        self.stop_of(1_000, action, reason)
    }

    /// From the beginning of today on.
    fn stop_of(
        &mut self,
        serial: u64,
        action: StatusAction,
        reason: Reason,
    ) -> Result<u64, Refusal> {
        let change = StatusChange {
            target: StatusTarget::Certificate(serial),
            action,
            reason,
            effective_from: self.world.now.day().start(),
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        self.say("atlas", |draft| change.draft(draft))
    }
}
