//! What became of the certificates that those of a lot rest on, of inputs and of operators: told
//! beside the verdict, in every kind of evidence, and greener nowhere. The chain of custody that
//! a certificate claims, asked again whenever it is judged.

use super::told::{forged_of, judged, reports, told};
use super::*;
use crate::dossier::story::Story;
use tasdiq::pack::{Pack, PackFile};
use tasdiq::register::{CertificateRecord, LotRecord, LotTrace};
use tasdiq::trust::{LiveStatus, Standing, StatusData, Trust};
use tasdiq::verify::{CheckName, CheckResult, Evidence, Policy, Report, Signal, verify};

const FAIR: &str = "fairtrade";

/// Oil O of `coop`, pressed from its kernels K; both are certified, 0 and 1, and rest on the
/// certificate of their maker, 1000. Of the kernels there is one under another scheme, 2.
fn pressed() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("O", "argane", 10_000)]);
    let (all, _) = goods.counted["coop/K"];
    goods.certify_coop(FAIR, all).unwrap();
    rest(&mut goods, 1, "coop/K", 100_000);
    goods.certify(2, "coop/K", 100_000, "nm-mark").unwrap();
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/O", 10_000)]).unwrap();
    rest(&mut goods, 0, "coop/O", 10_000);
    goods
}

fn rest(goods: &mut Goods, serial: u64, lot: &str, quantity: u64) {
    let rests_on = Some(Word::new(&goods.world.domain.certificate_id(1_000)));
    let model = CustodyModel::MassBalance;
    let claim = goods.certificate(serial, lot, quantity, FAIR, model, rests_on);
    goods.say("atlas", |draft| claim.draft(draft)).unwrap();
}

/// The story goes on with a change of status of a certificate.
fn after(story: Story, who: &str, serial: u64, action: StatusAction, reason: Reason) -> Story {
    let mut goods = Goods::resumed(story.into_world(), 800);
    let change = StatusChange {
        target: StatusTarget::Certificate(serial),
        action,
        reason,
        effective_from: goods.world.now,
        notice: Default::default(),
        return_to: None,
        lifts: vec![],
    };
    goods.say(who, |draft| change.draft(draft)).unwrap();
    told(goods)
}

/// What is told of inputs live, from a pack, a dossier, and the file of the way back. It changes no
/// verdict.
fn signals(story: &Story, serial: u64, lot: &str) -> [Option<Signal>; 4] {
    let [live, pack, dossier] = reports(story, serial);
    let way_back = judged(story, &story.way_back(lot));
    [live, pack, dossier, way_back].map(|report| {
        assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
        let of_inputs = [Signal::InputCertificateSuspended, Signal::InputCertificateWithdrawn];
        let mut told = report.item.iter().filter(|signal| of_inputs.contains(signal));
        let first = told.next().copied();
        assert!(told.next().is_none(), "{:?}", report.item);
        let named = report.trace.unwrap().input_certificate;
        assert_eq!(named.is_some(), first.is_some());
        first
    })
}

const SUSPENDED: [Option<Signal>; 4] = [Some(Signal::InputCertificateSuspended); 4];
const WITHDRAWN: [Option<Signal>; 4] = [Some(Signal::InputCertificateWithdrawn); 4];

#[test]
fn a_jar_says_what_became_of_the_certificate_of_its_input() {
    use Reason::Nonconformity;
    use StatusAction::{Reinstate, Suspend, Withdraw};
    let mut story = told(pressed());
    assert_eq!(signals(&story, 0, "coop/O"), [None; 4]);
    // One under a scheme that the oil is not certified under says nothing of it.
    story = after(story, "atlas", 2, Withdraw, Nonconformity);
    assert_eq!(signals(&story, 0, "coop/O"), [None; 4]);
    for (action, expected) in [(Suspend, SUSPENDED), (Reinstate, [None; 4]), (Withdraw, WITHDRAWN)]
    {
        story = after(story, "atlas", 1, action, Nonconformity);
        assert_eq!(signals(&story, 0, "coop/O"), expected, "{action:?}");
    }
    // Another in force for as much stands for it, one for less does not.
    for (quantity, expected) in [(99_999, WITHDRAWN), (100_000, [None; 4])] {
        let story = after(told(pressed()), "atlas", 1, Withdraw, Nonconformity);
        let mut goods = Goods::resumed(story.into_world(), 900);
        rest(&mut goods, 3, "coop/K", quantity);
        assert_eq!(signals(&told(goods), 0, "coop/O"), expected, "{quantity}");
    }
}

#[test]
fn what_is_covered_by_an_operators_certificate_bears_its_fraud_and_its_suspension() {
    use StatusAction::{Suspend, Withdraw};
    let story = told(pressed());
    let story = after(story, "registrar", 1_000, Suspend, Reason::Nonconformity);
    assert_eq!(signals(&story, 0, "coop/O"), SUSPENDED);
    // On the kernels too, whose own certificate rests on it.
    let live = story.register.lot_trace(&key("coop/K"), story.now).unwrap();
    assert_eq!(live.input_certificate.unwrap().serial, 1_000);
    // Withdrawn a day later for no fraud: what was covered stays so. For fraud from the day of the
    // harvest on it does not.
    let withdrawn = |reason: Reason, days: i64| {
        let mut goods = pressed();
        let from = goods.world.now;
        goods.later(DAY);
        let change = StatusChange {
            target: StatusTarget::Certificate(1_000),
            action: Withdraw,
            reason,
            effective_from: from.plus_seconds(days * DAY),
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("atlas", |draft| change.draft(draft)).unwrap();
        signals(&told(goods), 0, "coop/O")
    };
    assert_eq!(withdrawn(Reason::Nonconformity, 1), [None; 4]);
    assert_eq!(withdrawn(Reason::FraudSuspected, 1), [None; 4]);
    assert_eq!(withdrawn(Reason::FraudSuspected, 0), WITHDRAWN);
    assert_eq!(withdrawn(Reason::Nonconformity, 0), WITHDRAWN);
}

#[test]
fn a_delta_and_a_way_back_do_not_hide_it() {
    let goods = pressed();
    let (older, since) = (goods.world.pack_file(), goods.world.register.size());
    let story = told(goods);
    let story = after(story, "atlas", 1_000, StatusAction::Suspend, Reason::Nonconformity);
    let trust = Trust::open(&story.trust_file(), None).unwrap();
    let file = story.pack_file();
    let delta = PackFile::read(&file[..]).unwrap().delta_since(&story.register, since).unwrap();
    let held = Pack::open(&older[..], &trust).unwrap();
    let updated = held.updated(&PackFile::read(&delta[..]).unwrap(), &trust).unwrap();
    let pack = Pack::open(&updated[..], &trust).unwrap();
    for lot in ["coop/K", "coop/O"] {
        assert!(pack.trace(&key(lot)).unwrap().input_certificate.is_some(), "{lot}");
    }
    let hidden = forged_of(&story, "coop/O", |value| {
        value["goods"].as_object_mut().unwrap().remove("inputCertificate").unwrap();
    });
    let report = judged(&story, &hidden);
    assert_eq!(report.exit_code, 1, "{:#?}", report.checks);
    let told = report.checks.iter().any(|laid| laid.evidence.contains("certificate 1000"));
    assert!(told, "{:#?}", report.checks);
}

/// The live register, but for the chain of custody that it says a certificate claims.
struct Claiming<'a>(LiveStatus<'a>, (CustodyModel, CustodyModel));

impl StatusData for Claiming<'_> {
    fn issued_at(&self) -> Timestamp {
        self.0.issued_at()
    }
    fn covers(&self) -> u64 {
        self.0.covers()
    }
    fn checkpoint(&self) -> &str {
        self.0.checkpoint()
    }
    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.0.certificate_at(index)
    }
    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.0.certificate(serial)
    }
    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.0.lot(key)
    }
    fn knows_descent(&self) -> bool {
        true
    }
    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        self.0.trace(key)
    }
    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        self.0.certificates_of(key)
    }
    fn custody_claim(&self, _: &CertificateRecord) -> Option<(CustodyModel, CustodyModel)> {
        Some(self.1)
    }
}

#[test]
fn a_certificate_that_claims_more_than_its_lot_is_kept_apart_is_not_fit() {
    use CustodyModel::{ControlledBlending, MassBalance, Segregated};
    let story = told(pressed());
    // The writer asks it, and the register answers the same afterwards.
    assert_eq!(story.register.custody_claim(0).map(|(claimed, _)| claimed), Some(MassBalance));
    let custody = |report: &Report| {
        let laid = report.checks.iter().find(|laid| laid.check == CheckName::Custody).unwrap();
        (laid.result, laid.evidence.clone())
    };
    let [live, pack, _] = reports(&story, 0);
    assert!(custody(&live).1.contains("mass-balance is claimed"), "{:?}", custody(&live));
    assert!(custody(&pack).1.contains("not at hand"), "{:?}", custody(&pack));
    let (trust, checkpoint) = (Trust::open(&story.trust_file(), None).unwrap(), story.checkpoint());
    let record = story.register.certificate(0).unwrap().record;
    let label = story.label("O", record.mark.index, 4);
    let judge = |claim: (CustodyModel, CustodyModel)| {
        let live = LiveStatus {
            register: &story.register,
            checkpoint: &checkpoint,
            now: story.now,
            standing: Standing::Following,
            serials: None,
            counted: None,
        };
        let book = Claiming(live, claim);
        verify(Evidence::Code(&label), &trust, Some(&book), story.now, Policy::Shop)
    };
    let good = judge((ControlledBlending, ControlledBlending));
    assert_eq!((good.exit_code, custody(&good).0), (0, CheckResult::Pass));
    // Genuine, and not fit: no signature is wrong.
    let upgraded = judge((Segregated, ControlledBlending));
    assert_eq!((upgraded.exit_code, custody(&upgraded).0), (4, CheckResult::Fail));
    assert!(!upgraded.fitness.as_ref().unwrap().fit);
    assert!(custody(&upgraded).1.contains("segregated is claimed"), "{:?}", custody(&upgraded));
}
