//! Who is certified: cooperatives, and as operators processors, exporters, shops and carriers, once
//! they asked a certifier for it themselves, or on paper.

use super::*;

const FAIR: &str = "fairtrade";

/// 100 kg of kernels K of `coop`, which is certified for all of them.
fn kernels() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("A", "argane", 10_000)]);
    let (all, _) = goods.counted["coop/K"];
    goods.certify_coop(FAIR, all).unwrap();
    goods
}

fn operator_by(goods: &mut Goods, claim: OperatorCertificate) -> Result<u64, Refusal> {
    goods.say("atlas", |draft| claim.draft(draft))
}

/// A certificate of another operator than `coop`, for its oil.
fn of_operator(goods: &Goods, who: &str, serial: u64) -> OperatorCertificate {
    let mut claim = goods.operator(serial, FAIR, 0);
    let name = goods.world.register.party(&slug(who)).unwrap().registration.name.clone();
    (claim.party, claim.party_name) = (slug(who), name.as_str().into());
    claim.facts.materials = vec!["argane".into()];
    claim
}

fn agreement(goods: &Goods, client: &str) -> Agreement {
    Agreement { on_paper: false, ..goods.world.agreement("atlas", client, &[FAIR]) }
}

#[test]
fn a_processor_that_asked_for_it_is_certified_and_its_oil_rests_on_that() {
    let mut goods = kernels();
    let claim = of_operator(&goods, "moulin", 1_001);
    assert_eq!(code(operator_by(&mut goods, claim.clone())), "not_asked");
    let asked = agreement(&goods, "moulin");
    goods.say("moulin", |draft| asked.draft(draft)).unwrap();
    assert_eq!(code(operator_by(&mut goods, claim)), "ok");
    // It buys kernels and presses them into a lot of its own.
    goods.ship("coop", "moulin", &[("coop/K", 20_000)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("moulin", &sent, &[("coop/K", 20_000, 0, 0)]).unwrap();
    goods.declare("moulin/H", "argane", 10_000).unwrap();
    goods.make_as("moulin", "argan-press", &[("coop/K", 20_000)], &[("moulin/H", 10_000)]).unwrap();
    let certify = |goods: &mut Goods, quantity: u64, operator: u64| {
        let model = CustodyModel::MassBalance;
        let rests_on = Some(Word::new(&goods.world.domain.certificate_id(operator)));
        let mut claim = goods.certificate(0, "coop/A", quantity, FAIR, model, rests_on);
        let client = goods.world.register.party(&slug("moulin")).unwrap();
        claim.client_name = client.registration.name.as_str().into();
        (claim.client, claim.lot) = (slug("moulin"), key("moulin/H"));
        goods.say("atlas", |draft| claim.draft(draft))
    };
    // Not on the certificate of who sold the kernels, and not beyond what they were covered for.
    assert_eq!(code(certify(&mut goods, 10_000, 1_000)), "operator_not_certified");
    assert_eq!(code(certify(&mut goods, 10_001, 1_001)), "quantity_exceeded");
    assert_eq!(code(certify(&mut goods, 10_000, 1_001)), "ok");
}

#[test]
fn whoever_has_goods_signs_its_own_agreement_and_nobody_elses() {
    let mut goods = Goods::new();
    for who in ["coop", "moulin", "export", "souk", "route"] {
        let claim = agreement(&goods, who);
        assert_eq!(code(goods.say(who, |draft| claim.draft(draft))), "ok", "{who}");
        goods.later(1);
    }
    let claim = agreement(&goods, "moulin");
    for who in ["coop", "export", "atlas", "souk"] {
        assert_eq!(code(goods.say(who, |draft| claim.draft(draft))), "not_authorised", "{who}");
    }
    // An inspector, or a certifier of itself, is no client, on paper neither.
    for who in ["inspection", "atlas"] {
        let own = agreement(&goods, who);
        assert_eq!(code(goods.say(who, |draft| own.draft(draft))), "not_authorised", "{who}");
        let paper = Agreement { on_paper: true, ..own };
        let refused = goods.say("registrar", |draft| paper.draft(draft)).unwrap_err();
        assert!(refused.to_string().contains("one that goods can be with"), "{refused}");
    }
    // A later one that ends sooner ends it: nothing is certified after its last day.
    let short = Agreement { until: goods.world.now.day(), ..agreement(&goods, "export") };
    goods.say("export", |draft| short.draft(draft)).unwrap();
    goods.later(DAY);
    let claim = of_operator(&goods, "export", 1_000);
    assert_eq!(code(operator_by(&mut goods, claim)), "not_asked");
}

#[test]
fn before_goods_only_cooperatives_agree() {
    let mut goods = Goods::of(before_goods());
    assert_eq!(goods.world.register.edition(), 1);
    let own = agreement(&goods, "souk");
    assert_eq!(code(goods.say("souk", |draft| own.draft(draft))), "mismatch");
    let paper = Agreement { on_paper: true, ..own };
    assert_eq!(code(goods.say("registrar", |draft| paper.draft(draft))), "mismatch");
    let coop = agreement(&goods, "rival");
    assert_eq!(code(goods.say("rival", |draft| coop.draft(draft))), "ok");
}
