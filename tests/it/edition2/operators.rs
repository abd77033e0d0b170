//! Certificates of operators: who is certified for what since when, what their volumes let count,
//! and what rests on them.

use super::*;

const FAIR: &str = "fairtrade";

/// 100 kg of kernels K of `coop`, and 50 L of oil in five lots to be pressed from them.
fn kernels() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&["A", "B", "C", "D", "E"].map(|number| (number, "argane", 10_000)));
    goods
}

/// 20 kg of the kernels are pressed.
fn press(goods: &mut Goods, lot: &str) -> u64 {
    goods.make("argan-press", &[("coop/K", 20_000)], &[(lot, 10_000)]).unwrap();
    goods.cover(lot, FAIR)
}

/// What a lot counts, in fruit.
fn fruit(goods: &Goods, lot: &str) -> u64 {
    goods.counted[lot].0
}

fn change_by(goods: &mut Goods, who: &str, change: StatusChange) -> Result<u64, Refusal> {
    goods.say(who, |draft| change.draft(draft))
}

fn change(goods: &Goods, serial: u64, action: StatusAction) -> StatusChange {
    StatusChange {
        target: StatusTarget::Certificate(serial),
        action,
        reason: Reason::Nonconformity,
        effective_from: goods.world.now,
        notice: Default::default(),
        return_to: None,
        lifts: vec![],
    }
}

fn set(goods: &mut Goods, who: &str, serial: u64, action: StatusAction) {
    let change = change(goods, serial, action);
    change_by(goods, who, change).unwrap();
}

/// The second certifier, accredited for all and asked by `coop`.
fn with_rif(goods: &mut Goods) {
    goods.world.join(Role::Certifier, "rif", 12);
    let all = || ["all".to_owned()].into();
    let scope = Scope { schemes: all(), products: all(), regions: all() };
    let given = Accreditation { scope, party: slug("rif"), ..goods.world.accreditation() };
    let unsigned = given.draft(&goods.world.draft("authority"));
    goods.world.by_registrar(unsigned).unwrap();
    goods.world.agree("rif", "coop", &[FAIR, "bio-maroc"]);
}

fn accreditation(goods: &Goods, who: &str) -> Word {
    let party = goods.world.register.party(&slug(who)).unwrap();
    Word::new(&party.accreditations.last().unwrap().id)
}

fn operator_by(goods: &mut Goods, who: &str, claim: OperatorCertificate) -> Result<u64, Refusal> {
    let claim = OperatorCertificate { accreditation: accreditation(goods, who), ..claim };
    goods.say(who, |draft| claim.draft(draft))
}

/// A certificate of a lot that rests on the certificate of its producer with a serial.
fn rest(
    goods: &mut Goods,
    serial: u64,
    lot: &str,
    quantity: u64,
    operator: Option<u64>,
) -> Result<u64, Refusal> {
    let rests_on = operator.map(|serial| Word::new(&goods.world.domain.certificate_id(serial)));
    let model = CustodyModel::MassBalance;
    let claim = goods.certificate(serial, lot, quantity, FAIR, model, rests_on);
    goods.say("atlas", |draft| claim.draft(draft))
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

// Cover: the larger of both, judged at each draw.

#[test]
fn draws_are_covered_by_what_their_producers_certificate_lets_count() {
    let mut goods = kernels();
    // It comes after pressing began: later draws are covered.
    assert_eq!(press(&mut goods, "coop/A"), 0);
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    assert_eq!(press(&mut goods, "coop/B"), 10_000);
    assert_eq!(code(rest(&mut goods, 0, "coop/A", 1, Some(1_000))), "cover_exceeded");
    assert_eq!(code(rest(&mut goods, 0, "coop/B", 10_000, Some(1_000))), "ok");
    // Suspended, and withdrawn: later draws take none; what was drawn before keeps it.
    set(&mut goods, "atlas", 1_000, StatusAction::Suspend);
    assert_eq!(press(&mut goods, "coop/C"), 0);
    set(&mut goods, "atlas", 1_000, StatusAction::Reinstate);
    assert_eq!(press(&mut goods, "coop/D"), 10_000);
    set(&mut goods, "atlas", 1_000, StatusAction::Withdraw);
    assert_eq!(press(&mut goods, "coop/E"), 0);
    assert_eq!(goods.cover("coop/B", FAIR), 10_000);
}

#[test]
fn cover_is_the_larger_of_both_and_never_their_sum() {
    let mut goods = kernels();
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    rest(&mut goods, 0, "coop/K", 60_000, Some(1_000)).unwrap();
    assert_eq!(press(&mut goods, "coop/A"), 10_000);
    // A newer figure lets less count than is certified: 6 of 10 parts.
    goods.certify_coop(FAIR, all / 2).unwrap();
    assert_eq!(press(&mut goods, "coop/B"), 6_000);
}

#[test]
fn one_gram_of_each_lot_drawn_in_time_freezes_nothing() {
    let mut goods = kernels();
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    goods.declared(&[("S", "argan-kernels", 100_000)]);
    goods.make("split", &[("coop/K", 1)], &[("coop/S", 1)]).unwrap();
    set(&mut goods, "atlas", 1_000, StatusAction::Withdraw);
    goods.make("split", &[("coop/K", 99_999)], &[("coop/S", 99_999)]).unwrap();
    assert_eq!(goods.cover("coop/S", FAIR), 1);
}

#[test]
fn drawing_gram_by_gram_gains_no_cover_of_a_volume() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000);
    let half = fruit(&goods, "coop/K").div_ceil(2);
    goods.certify_coop(FAIR, half).unwrap();
    goods.declared(&[("S", "argan-kernels", 1_000)]);
    for _ in 0..10 {
        goods.make("split", &[("coop/K", 100)], &[("coop/S", 100)]).unwrap();
    }
    assert_eq!(goods.cover("coop/S", FAIR), 500);
}

#[test]
fn what_opened_before_it_was_traced_is_covered_by_no_volume() {
    let mut rules = first_goods_rules().unwrap();
    let at = Timestamp::parse("2026-09-10T09:00:00Z").unwrap();
    rules.traced_from = vec![TracedFrom { material: "argane".into(), at }];
    let mut goods = Goods::under(rules);
    let material = "argane".to_owned();
    goods.capacity("coop", "argane", 100_000);
    goods.world.now = Timestamp::parse("2026-09-10T08:00:00Z").unwrap();
    // Oil that is said to be there an hour before tracing begins: there is nothing to ask.
    goods.declared(&[("OLD", "argane", 50_000)]);
    let mut claim = goods.operator(1_000, FAIR, 0);
    claim.facts.volumes = vec![Volume { material, campaign: "2026".into(), quantity: 50_000 }];
    operator_by(&mut goods, "atlas", claim).unwrap();
    goods.later(2 * 3_600);
    goods.declared(&[("J", "argane", 50_000)]);
    goods.make("pack-off", &[("coop/OLD", 50_000)], &[("coop/J", 50_000)]).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/J", 1, Some(1_000))), "cover_exceeded");
    // Only what somebody certified on the spot would have been: that rests on nothing.
    assert_eq!(code(rest(&mut goods, 0, "coop/OLD", 50_000, None)), "ok");
}

// Volumes: per party, scheme, chain and campaign, whoever certifies.

#[test]
fn no_volume_stated_is_none() {
    let mut goods = kernels();
    goods.certify_coop(FAIR, 0).unwrap();
    assert_eq!(press(&mut goods, "coop/A"), 0);
    let refused = rest(&mut goods, 0, "coop/K", 1, Some(1_000)).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("volume_exceeded", true));
    // Of another campaign, or of another material of the chain: none of this one either.
    for (material, campaign) in [("argan-fruit", "2025"), ("argan-kernels", "2026")] {
        let serial = 1_000 + goods.world.register.operators().count() as u64;
        let mut claim = goods.operator(serial, FAIR, 0);
        let (material, campaign) = (material.to_owned(), campaign.to_owned());
        claim.facts.volumes = vec![Volume { material, campaign, quantity: 9_000_000 }];
        operator_by(&mut goods, "atlas", claim).unwrap();
        assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(serial))), "volume_exceeded");
    }
}

#[test]
fn renewals_and_certifiers_have_one_volume_and_the_newest_figure_holds() {
    let mut goods = kernels();
    goods.kernels("coop/L", 100_000);
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    rest(&mut goods, 0, "coop/K", 100_000, Some(1_000)).unwrap();
    assert_eq!(code(rest(&mut goods, 1, "coop/L", 1, Some(1_000))), "volume_exceeded");
    // A renewal with the same figure is not once more as much.
    goods.certify_coop(FAIR, all).unwrap();
    assert_eq!(code(rest(&mut goods, 1, "coop/L", 1, Some(1_001))), "volume_exceeded");
    goods.certify_coop(FAIR, all + all / 2).unwrap();
    assert_eq!(code(rest(&mut goods, 1, "coop/L", 50_001, Some(1_002))), "volume_exceeded");
    assert_eq!(code(rest(&mut goods, 1, "coop/L", 50_000, Some(1_002))), "ok");
    // Another certifier's, once the first one's are withdrawn, counts what was used before.
    with_rif(&mut goods);
    for serial in 1_000..=1_002 {
        set(&mut goods, "atlas", serial, StatusAction::Withdraw);
    }
    goods.kernels("coop/M", 100_000);
    let claim = goods.operator(1_003, FAIR, all + all / 2);
    operator_by(&mut goods, "rif", claim).unwrap();
    assert_eq!(code(rest(&mut goods, 2, "coop/M", 1, Some(1_003))), "volume_exceeded");
    // Under another scheme nothing is used.
    goods.certify_coop("bio-maroc", all).unwrap();
    assert_eq!(code(goods.certify(3, "coop/M", 100_000, "bio-maroc")), "ok");
}

#[test]
fn a_certificate_that_is_withdrawn_gives_nothing_back_and_a_declaration_does() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.kernels("coop/L", 100_000);
    goods.declared(&[("S", "argan-kernels", 100_000)]);
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    goods.make("split", &[("coop/K", 1)], &[("coop/S", 1)]).unwrap();
    // The harvest that was drawn from counts whole.
    assert_eq!(code(rest(&mut goods, 0, "coop/L", 1, Some(1_000))), "volume_exceeded");
    let drawn = goods.last("coop");
    goods.undo("coop", Undone::Event(drawn)).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/L", 1, Some(1_000))), "volume_exceeded");
    goods.undo("coop", Undone::Declaration(key("coop/K"))).unwrap();
    rest(&mut goods, 0, "coop/L", 100_000, Some(1_000)).unwrap();
    set(&mut goods, "atlas", 0, StatusAction::Withdraw);
    goods.kernels("coop/M", 100_000);
    assert_eq!(code(rest(&mut goods, 1, "coop/M", 1, Some(1_000))), "volume_exceeded");
    assert_eq!(code(rest(&mut goods, 1, "coop/L", 100_000, Some(1_000))), "ok");
}

#[test]
fn no_volume_is_above_the_registered_capacity() {
    let mut goods = Goods::new();
    let most = 10_000_000;
    goods.declared(&[("F", "argan-fruit", most), ("G", "argan-fruit", 1)]);
    assert_eq!(goods.status("coop/G"), "held");
    goods.certify_coop(FAIR, 2 * most).unwrap();
    rest(&mut goods, 0, "coop/F", most, Some(1_000)).unwrap();
    goods.change("registrar", "coop/G", StatusAction::Release).unwrap();
    let refused = rest(&mut goods, 1, "coop/G", 1, Some(1_000)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "1 g asked of 10,000,000 g certified of argan-fruit, campaign 2026, under fairtrade; \
         other lots of coop use 10,000,000 g"
    );
}

#[test]
fn what_is_made_of_a_harvest_counts_nothing_more() {
    let mut goods = kernels();
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    rest(&mut goods, 0, "coop/K", 100_000, Some(1_000)).unwrap();
    assert_eq!(press(&mut goods, "coop/A"), 10_000);
    assert_eq!(code(rest(&mut goods, 1, "coop/A", 10_000, Some(1_000))), "ok");
}

#[test]
fn while_one_certifiers_is_in_force_no_other_certifies_the_same() {
    let mut goods = kernels();
    with_rif(&mut goods);
    goods.certify_coop(FAIR, 1_000).unwrap();
    let other = goods.operator(1_001, FAIR, 9_000_000);
    let refused = operator_by(&mut goods, "rif", other.clone()).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("scope_overlap", true));
    // One material in common is enough; none, another scheme, or after it ends: taken.
    let mut one = other.clone();
    one.facts.volumes = vec![];
    one.facts.materials = vec!["argan-kernels".into(), "olives".into()];
    assert_eq!(code(operator_by(&mut goods, "rif", one.clone())), "scope_overlap");
    one.facts.materials = vec!["olives".into()];
    assert_eq!(code(operator_by(&mut goods, "rif", one)), "ok");
    let scheme_name = goods.operator(0, "bio-maroc", 0).scheme_name;
    let bio = OperatorCertificate { scheme: "bio-maroc".into(), scheme_name, ..other.clone() };
    assert_eq!(
        code(operator_by(&mut goods, "rif", OperatorCertificate { serial: 1_002, ..bio })),
        "ok"
    );
    let serial = 1_003;
    let valid_from = Timestamp::parse("2027-06-01T00:00:00Z").unwrap();
    let valid_until = Timestamp::parse("2027-12-31T23:59:59Z").unwrap();
    let next = OperatorCertificate { serial, valid_from, valid_until, ..other.clone() };
    assert_eq!(code(operator_by(&mut goods, "rif", next)), "ok");
    // Suspended it still stands in the way, withdrawn it does not.
    set(&mut goods, "atlas", 1_000, StatusAction::Suspend);
    let other = OperatorCertificate { serial: 1_004, ..other };
    assert_eq!(code(operator_by(&mut goods, "rif", other.clone())), "certificate_suspended");
    set(&mut goods, "atlas", 1_000, StatusAction::Withdraw);
    // Who was suspended does not get rid of it so: the authority confirms it first.
    assert_eq!(code(operator_by(&mut goods, "rif", other)), "certificate_suspended");
}

// Since when: from the decision on, and nothing stopped it when the lot was logged.

#[test]
fn what_was_harvested_before_the_decision_is_not_covered_after_the_fact() {
    let mut goods = kernels();
    let all = fruit(&goods, "coop/K");
    let decided = |days: i64, goods: &Goods| {
        let mut claim = goods.operator(1_000, FAIR, all);
        claim.valid_from = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        claim.facts.decision_date = Day::from_days(goods.world.now.day().days() - days);
        claim
    };
    // The next day the harvest of before is as bare as it was, from whenever it says it is valid.
    goods.later(DAY);
    goods.declared(&[("X", "argane", 10_000), ("Y", "argane", 10_000)]);
    let claim = decided(0, &goods);
    operator_by(&mut goods, "atlas", claim).unwrap();
    assert_eq!(press(&mut goods, "coop/X"), 0);
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_000))), "operator_not_certified");
    // Nor does a decision that was taken long ago.
    let mut claim = decided(61, &goods);
    claim.serial = 1_001;
    let refused = operator_by(&mut goods, "atlas", claim).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("decision_old", false));
    let mut claim = decided(60, &goods);
    claim.serial = 1_001;
    assert_eq!(code(operator_by(&mut goods, "atlas", claim)), "ok");
    assert_eq!(press(&mut goods, "coop/Y"), 10_000);
}

#[test]
fn the_papers_of_a_newcomer_are_older() {
    let mut goods = Goods::new();
    // Within 90 days of its registration: harvested before it, decided ten months ago.
    goods.world.now = Timestamp::parse("2026-07-15T08:00:00Z").unwrap();
    let mut claim = goods.lot("coop", "K", "argan-kernels", 100_000);
    claim.facts.origin = Some(LotOrigin::Primary);
    claim.packed_on = day("2026-05-20");
    goods.declare_as("coop/K", &claim).unwrap();
    let all = fruit(&goods, "coop/K");
    let mut papers = goods.operator(1_000, FAIR, all);
    papers.valid_from = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    papers.facts.decision_date = day("2025-07-14");
    assert_eq!(code(operator_by(&mut goods, "atlas", papers.clone())), "decision_old");
    papers.facts.decision_date = day("2025-07-15");
    assert_eq!(code(operator_by(&mut goods, "atlas", papers.clone())), "ok");
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 100_000, Some(1_000))), "ok");
    // After them: no more.
    goods.world.now = Timestamp::parse("2026-08-31T09:00:00Z").unwrap();
    papers.serial = 1_001;
    papers.facts.decision_date = day("2026-07-01");
    assert_eq!(code(operator_by(&mut goods, "atlas", papers)), "decision_old");
}

#[test]
fn a_harvest_said_to_be_from_before_a_suspension_is_not_covered() {
    let mut goods = Goods::new();
    goods.certify_coop(FAIR, 9_000_000).unwrap();
    goods.later(3 * DAY);
    set(&mut goods, "atlas", 1_000, StatusAction::Suspend);
    goods.later(DAY);
    let mut claim = goods.lot("coop", "K", "argan-kernels", 100_000);
    claim.facts.origin = Some(LotOrigin::Primary);
    claim.packed_on = day("2026-09-11");
    goods.declare_as("coop/K", &claim).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_000))), "operator_not_certified");
    set(&mut goods, "atlas", 1_000, StatusAction::Reinstate);
    // Not later, either: it was suspended when the lot was logged.
    let refused = rest(&mut goods, 0, "coop/K", 1, Some(1_000)).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("operator_not_certified", false));
    assert!(refused.to_string().contains("it was suspended when entry"), "{refused}");
    // A lot of oil is asked when it was first filled, too.
    goods.kernels("coop/L", 100_000);
    goods.declared(&[("H", "argane", 10_000)]);
    set(&mut goods, "atlas", 1_000, StatusAction::Suspend);
    goods.make("argan-press", &[("coop/L", 20_000)], &[("coop/H", 5_000)]).unwrap();
    set(&mut goods, "atlas", 1_000, StatusAction::Reinstate);
    goods.make("argan-press", &[("coop/L", 20_000)], &[("coop/H", 5_000)]).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/H", 1, Some(1_000))), "operator_not_certified");
}

#[test]
fn nothing_new_rests_on_a_cover_that_was_withdrawn_for_fraud() {
    let withdrawn = |from: &str| {
        let mut goods = kernels();
        let all = fruit(&goods, "coop/K");
        goods.certify_coop(FAIR, all).unwrap();
        assert_eq!(press(&mut goods, "coop/A"), 10_000);
        rest(&mut goods, 0, "coop/A", 5_000, Some(1_000)).unwrap();
        goods.later(DAY);
        let effective_from = Timestamp::parse(from).unwrap();
        let reason = Reason::FraudSuspected;
        let change = change(&goods, 1_000, StatusAction::Withdraw);
        let change = StatusChange { reason, effective_from, ..change };
        change_by(&mut goods, "atlas", change).unwrap();
        let refused = rest(&mut goods, 1, "coop/A", 5_000, Some(1_000));
        // The one from before stays, and bears the signal.
        let old = goods.world.register.certificate(0).unwrap().record;
        assert_eq!(old.status(goods.world.now).word(), "valid");
        refused
    };
    let refused = withdrawn("2026-09-10T00:00:00Z").unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("cover_withdrawn", true));
    // From a day after the harvest on: what was covered stays so.
    assert_eq!(code(withdrawn("2026-09-11T00:00:00Z")), "ok");
    // A newer certificate, for the oil itself, does not get round it.
    let mut goods = kernels();
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    press(&mut goods, "coop/A");
    let change = StatusChange {
        reason: Reason::FraudSuspected,
        ..change(&goods, 1_000, StatusAction::Withdraw)
    };
    change_by(&mut goods, "atlas", change).unwrap();
    goods.certify_coop(FAIR, all).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/A", 1, Some(1_001))), "cover_withdrawn");
}

// What a certificate of a lot asks.

#[test]
fn a_traced_lot_rests_on_a_certificate_of_its_producer_that_covers_it() {
    let mut goods = kernels();
    let refused = rest(&mut goods, 0, "coop/K", 1, None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "lot coop/K under fairtrade: it names no certificate of its producer"
    );
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_000))), "certificate_unknown");
    let mut claim = goods.operator(1_000, FAIR, 0);
    claim.facts.volumes = vec![];
    claim.facts.materials = vec!["argane".into()];
    operator_by(&mut goods, "atlas", claim.clone()).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_000))), "operator_not_certified");
    // Of another region, of another scheme, of another party.
    claim.facts.materials = vec!["argan-kernels".into()];
    claim.facts.regions = vec!["MA-07".into()];
    claim.serial = 1_001;
    operator_by(&mut goods, "atlas", claim.clone()).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_001))), "operator_not_certified");
    goods.certify_coop("bio-maroc", 9_000_000).unwrap();
    let serial = goods.operators["bio-maroc"].0;
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(serial))), "mismatch");
    goods.world.agree("atlas", "rival", &[FAIR]);
    let rival = goods.world.register.party(&slug("rival")).unwrap().registration.name.clone();
    let mut claim = goods.operator(1_003, FAIR, 9_000_000);
    (claim.party, claim.party_name) = (slug("rival"), rival.as_str().into());
    operator_by(&mut goods, "atlas", claim).unwrap();
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_003))), "operator_not_certified");
    // A scheme that certifies goods asks for none.
    assert_eq!(code(goods.certify(0, "coop/K", 1, "nm-mark")), "ok");
}

#[test]
fn what_the_certifier_may_not_certify_is_refused() {
    let mut goods = Goods::new();
    with_rif(&mut goods);
    let claim = |goods: &Goods| goods.operator(1_000, FAIR, 1_000);
    let mut tried = claim(&goods);
    tried.party = slug("rival");
    tried.party_name =
        goods.world.register.party(&slug("rival")).unwrap().record.name.as_str().into();
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "not_asked");
    let mut tried = claim(&goods);
    tried.party_name = "Autre nom fictif".into();
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "fact_differs");
    let mut tried = claim(&goods);
    tried.facts.materials = vec!["argan-fruit".into(), "unheard-of".into()];
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "unknown_term");
    let mut tried = claim(&goods);
    tried.facts.decision_date = Day::from_days(goods.world.now.day().days() + 1);
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "future");
    let mut tried = claim(&goods);
    tried.valid_until = Timestamp::parse("2028-01-01T00:00:00Z").unwrap();
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "outlives_scope");
    let mut tried = claim(&goods);
    tried.serial = 1_000_000;
    assert_eq!(code(operator_by(&mut goods, "atlas", tried)), "serial_window");
    // The first accreditation is for oil and saffron of one region.
    let party = goods.world.register.party(&slug("rif")).unwrap();
    let narrow = Word::new(&party.accreditations.first().unwrap().id);
    let tried = OperatorCertificate { accreditation: narrow, ..claim(&goods) };
    assert_eq!(code(goods.say("rif", |draft| tried.draft(draft))), "out_of_scope");
    // A serial stands for one certificate, of a lot or of an operator.
    let good = claim(&goods);
    operator_by(&mut goods, "atlas", good).unwrap();
    goods.kernels("coop/K", 1);
    assert_eq!(code(rest(&mut goods, 1_000, "coop/K", 1, Some(1_001))), "id_taken");
    let again = claim(&goods);
    assert_eq!(code(operator_by(&mut goods, "atlas", again)), "id_taken");
}

#[test]
fn beside_a_suspended_certificate_no_other_serves() {
    let mut goods = kernels();
    with_rif(&mut goods);
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    goods.certify_coop(FAIR, all).unwrap();
    set(&mut goods, "registrar", 1_001, StatusAction::Suspend);
    // Neither the one before it, nor a new one of this certifier or of a friend.
    assert_eq!(press(&mut goods, "coop/A"), 0);
    let refused = rest(&mut goods, 0, "coop/K", 1, Some(1_000)).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("certificate_suspended", true));
    assert_eq!(code(goods.certify_coop(FAIR, all)), "certificate_suspended");
    let claim = goods.operator(1_002, FAIR, all);
    assert_eq!(code(operator_by(&mut goods, "rif", claim)), "certificate_suspended");
    // What the authority laid only it lifts.
    let lift = change(&goods, 1_001, StatusAction::Reinstate);
    assert_eq!(code(change_by(&mut goods, "atlas", lift.clone())), "not_authorised");
    assert_eq!(code(change_by(&mut goods, "registrar", lift)), "ok");
    assert_eq!(code(rest(&mut goods, 0, "coop/K", 1, Some(1_000))), "ok");
}

#[test]
fn its_status_stands_in_the_lists_and_is_its_certifiers() {
    let mut goods = Goods::new();
    with_rif(&mut goods);
    goods.certify_coop(FAIR, 1_000).unwrap();
    let status = |goods: &Goods| {
        let register = &goods.world.register;
        register.operator_status(register.operator(1_000).unwrap(), goods.world.now).word()
    };
    assert_eq!(status(&goods), "valid");
    let suspend = change(&goods, 1_000, StatusAction::Suspend);
    assert_eq!(code(change_by(&mut goods, "rif", suspend.clone())), "not_authorised");
    assert_eq!(code(change_by(&mut goods, "coop", suspend.clone())), "not_authorised");
    assert_eq!(code(change_by(&mut goods, "atlas", suspend)), "ok");
    assert_eq!(status(&goods), "suspended");
    let flagged = |goods: &Goods, purpose| goods.world.register.flagged(purpose).contains(&1_000);
    assert!(flagged(&goods, StatusPurpose::Suspension));
    set(&mut goods, "atlas", 1_000, StatusAction::Withdraw);
    assert!(flagged(&goods, StatusPurpose::Revocation));
    assert!(!flagged(&goods, StatusPurpose::Suspension));
    // The authority annuls what a certifier withdrew.
    let change = goods.world.register.changes().last().unwrap();
    let digest = goods.world.register.digest_at(change.0).unwrap();
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: goods.world.method("atlas#key-1"),
        serials: None,
        entries: vec![],
        voids: vec![(change.0, digest)],
    };
    goods.say("registrar", |draft| claim.draft(draft)).unwrap();
    assert_eq!(status(&goods), "suspended");
    assert!(!flagged(&goods, StatusPurpose::Revocation));
}

#[test]
fn a_narrower_accreditation_narrows_it_and_one_that_ceased_does_not() {
    let mut goods = kernels();
    with_rif(&mut goods);
    let all = fruit(&goods, "coop/K");
    goods.certify_coop(FAIR, all).unwrap();
    let set_of = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
    let scoped = |goods: &Goods, event, reason, successor| ScopeChange {
        party: slug("atlas"),
        accreditation: accreditation(goods, "atlas").to_string(),
        event,
        reason,
        effective_from: goods.world.now,
        notice: Default::default(),
        successor,
    };
    // Its certifier closes: it stands, and who was named in its place acts for it.
    let ceased = scoped(&goods, ScopeEventKind::Withdraw, Reason::Ceased, Some(slug("rif")));
    goods.say("registrar", |draft| ceased.draft(draft)).unwrap();
    assert_eq!(press(&mut goods, "coop/A"), 10_000);
    assert_eq!(code(goods.certify_coop(FAIR, all)), "out_of_scope");
    let suspend = change(&goods, 1_000, StatusAction::Suspend);
    assert_eq!(code(change_by(&mut goods, "rif", suspend)), "ok");
    set(&mut goods, "rif", 1_000, StatusAction::Reinstate);
    let claim = goods.operator(1_001, FAIR, all);
    assert_eq!(code(operator_by(&mut goods, "rif", claim)), "ok");
    // Narrowed to oil, the one of the other covers no kernels any more.
    let mut goods = kernels();
    goods.certify_coop(FAIR, all).unwrap();
    let scope = Scope {
        schemes: set_of(&["all"]),
        products: set_of(&["argane"]),
        regions: set_of(&["all"]),
    };
    let narrow = scoped(&goods, ScopeEventKind::Narrow(scope), Reason::Other, None);
    goods.say("registrar", |draft| narrow.draft(draft)).unwrap();
    assert_eq!(press(&mut goods, "coop/A"), 0);
}
