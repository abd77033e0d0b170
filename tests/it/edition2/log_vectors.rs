//! A log that traces goods, statement by statement, in `tests/vectors/register/goods`: fruit is
//! pressed to oil that is certified, labelled, shipped, answered, paid, recalled and released, and
//! between them what a register must refuse. Each case tells the figures of the lots it changed.

use super::balance::figures;
use super::mandates::mandate;
use super::money::price;
use super::*;
use crate::kept;
use crate::world::key as secret;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use tasdiq::catalog::Catalog;
use tasdiq::names::{LotNumber, UnitKey};
use tasdiq::register::Register;
use tasdiq::seal::{LogPosition, Signer as _, public_key, seal, verify_proof};

const FOLDER: &str = "register/goods";
const FAIR: &str = "fairtrade";

/// The log so far, and what was told of its lots.
struct Log {
    goods: Goods,
    cases: Vec<Value>,
    after: Option<String>,
    known: BTreeMap<String, Value>,
}

/// The figures of all lots, with what is known of the price of each.
fn told(world: &World) -> BTreeMap<String, Value> {
    let one = |lot: tasdiq::register::Lot| {
        let mut told = figures(world, &lot);
        told["price"] = json!(world.register.price_word(&lot.record.lot));
        (lot.record.lot.to_string(), told)
    };
    world.register.lots().map(one).collect()
}

/// A case without what came of it.
fn case(number: usize, name: &str, after: Option<&String>, at: Timestamp, bytes: &[u8]) -> Value {
    json!({
        "name": format!("{number:03}_{name}"),
        "host": crate::world::HOST,
        "root": multikey(&secret(1).public()),
        "after": after,
        "loggedAt": at,
        "bytes": BASE64_STANDARD.encode(bytes),
    })
}

impl Log {
    /// What a world stands on: no lot yet, rules of edition 2 in force.
    fn begun() -> Self {
        let goods = Goods::new();
        let (mut cases, mut after) = (vec![], None);
        let world = &goods.world;
        for (place, (bytes, at)) in world.leaves.iter().zip(&world.times).enumerate() {
            let mut founding = case(place, "founding", after.as_ref(), *at, bytes);
            founding["expect"] = json!("ok");
            after = Some(founding["name"].as_str().unwrap().to_owned());
            cases.push(founding);
        }
        let known = told(world);
        Self { goods, cases, after, known }
    }

    /// The next statement, and what must come of it.
    fn put(
        &mut self,
        name: &str,
        expect: &str,
        who: &str,
        make: impl FnOnce(&Draft<'_>) -> Value,
    ) -> u64 {
        let (party, short, number) = signer(who);
        let world = &mut self.goods.world;
        let unsigned = make(&world.draft(party));
        world.now = world.now.plus_seconds(1);
        let bytes = seal(&unsigned, &world.method(&short), world.now, &secret(number)).unwrap();
        let result = world.log_bytes(&bytes);
        let mut case = case(self.cases.len(), name, self.after.as_ref(), world.now, &bytes);
        case["expect"] = json!(expect);
        match &result {
            Ok(_) => {
                let now = told(world);
                let changed = now.iter().filter(|(lot, told)| self.known.get(*lot) != Some(told));
                let changed: serde_json::Map<String, Value> =
                    changed.map(|(lot, told)| (lot.clone(), told.clone())).collect();
                case["lots"] = Value::Object(changed);
                self.known = now;
                self.after = Some(case["name"].as_str().unwrap().to_owned());
            }
            Err(refusal) => case["says"] = json!(refusal.to_string()),
        }
        let found = crate::world::code(result.clone());
        assert_eq!(found, expect, "{name}: {}", words(result.clone()));
        self.cases.push(case);
        result.unwrap_or_default()
    }

    fn event(&mut self, name: &str, expect: &str, who: &str, kind: EventKind) -> EventId {
        let unique = self.goods.next_name();
        let claim = self.goods.event(unique, kind);
        self.put(name, expect, who, |draft| claim.draft(draft));
        self.goods.last(who)
    }

    fn lot(&mut self, (name, expect): (&str, &str), lot: &str, material: &str, quantity: u64) {
        let (who, number) = lot.split_once('/').unwrap();
        let claim = self.goods.lot(who, number, material, quantity);
        self.put(name, expect, who, |draft| claim.draft(draft));
    }

    fn make(
        &mut self,
        (name, expect): (&str, &str),
        recipe: &str,
        inputs: &[(&str, u64)],
        outputs: &[(&str, u64)],
    ) -> EventId {
        let (inputs, outputs) = (lines(inputs), lines(outputs));
        let what = Transformation { recipe: recipe.into(), inputs, outputs };
        self.event(name, expect, "coop", EventKind::Transform(what))
    }

    fn ship(
        &mut self,
        (name, expect): (&str, &str),
        who: &str,
        to: Receiver,
        lots: &[(&str, u64)],
        units: Vec<UnitKey>,
    ) -> EventId {
        let (lots, purpose) = (lines(lots), ShipPurpose::Sale);
        let what = Shipment { to, purpose, lots, units, carrier: None, returns: None };
        self.event(name, expect, who, EventKind::Ship(what))
    }

    fn receive(
        &mut self,
        (name, expect): (&str, &str),
        who: &str,
        of: &EventId,
        (lot, accepted, refused, missing): (&str, u64, u64, u64),
    ) -> EventId {
        let lots = vec![Received { lot: key(lot), accepted, refused, missing }];
        let clean = refused + missing == 0;
        let discrepancy = if clean { Discrepancy::None } else { Discrepancy::Short };
        let what = Arrival { of: of.clone(), lots, discrepancy };
        self.event(name, expect, who, EventKind::Receive(what))
    }

    fn certify(&mut self, case: (&str, &str), serial: u64, lot: &str, quantity: u64, scheme: &str) {
        let rests_on = (scheme == FAIR).then(|| {
            let serial = self.goods.operators[FAIR].0;
            Word::new(&self.goods.world.domain.certificate_id(serial))
        });
        let model = CustodyModel::MassBalance;
        let claim = self.goods.certificate(serial, lot, quantity, scheme, model, rests_on);
        self.put(case.0, case.1, "atlas", |draft| claim.draft(draft));
    }

    fn status(
        &mut self,
        (name, expect): (&str, &str),
        who: &str,
        lot: &str,
        (action, lifts): (StatusAction, &[u64]),
    ) -> u64 {
        let lifts = lifts.iter().map(|index| self.goods.id_at(*index)).collect();
        let notice = [("fr", "Ne pas consommer."), ("ar", "لا تستهلكوا.")];
        let notice = notice.map(|(language, text)| (language.to_owned(), text.to_owned()));
        let change = StatusChange {
            target: StatusTarget::Lot(key(lot)),
            action,
            reason: Reason::Nonconformity,
            effective_from: self.goods.world.now,
            notice: if action == StatusAction::Recall { notice.into() } else { BTreeMap::new() },
            return_to: None,
            lifts,
        };
        self.put(name, expect, who, |draft| change.draft(draft))
    }
}

fn to(who: &str) -> Receiver {
    Receiver::Party(slug(who))
}

/// Harvest, and what may not be made of it.
fn pressed(log: &mut Log) {
    log.lot(("fruit", "ok"), "coop/F", "argan-fruit", 2_000_000);
    log.lot(("fruit_twice", "id_taken"), "coop/F", "argan-fruit", 1_000_000);
    log.lot(("fruit_above_capacity", "ok"), "coop/X", "argan-fruit", 8_000_001);
    let claim = log.goods.operator(1_000, FAIR, 2_000_000);
    log.put("operator_certified", "ok", "atlas", |draft| claim.draft(draft));
    log.goods.operators.insert(FAIR.to_owned(), (1_000, 2_000_000));
    for (lot, material, quantity) in [
        ("coop/D", "argan-fruit-dry", 570_000),
        ("coop/N", "argan-nuts", 268_000),
        ("coop/K", "argan-kernels", 44_000),
        ("coop/H", "argane", 21_500),
        ("coop/J", "argane", 30_000),
    ] {
        log.lot((&format!("{material}_declared"), "ok"), lot, material, quantity);
    }
    let (fruit, dry) = ([("coop/F", 1_000_000)], [("coop/D", 570_000)]);
    let held = ("drawn_while_held", "lot_held");
    log.make(held, "argan-fruit-dry", &[("coop/X", 1_000_000)], &dry);
    log.make(("dried", "ok"), "argan-fruit-dry", &fruit, &dry);
    let nuts = [("coop/N", 268_000)];
    log.make(("drawn_twice", "insufficient"), "argan-nut", &[("coop/D", 570_001)], &nuts);
    log.make(("cracked", "ok"), "argan-nut", &dry, &nuts);
    let kernels = [("coop/K", 44_000)];
    log.make(
        ("more_than_declared", "lot_overfilled"),
        "argan-kernel",
        &nuts,
        &[("coop/K", 44_001)],
    );
    log.make(("shelled", "ok"), "argan-kernel", &nuts, &kernels);
    let too_much = ("above_the_ceiling", "yield_exceeded");
    log.make(too_much, "argan-press", &kernels, &[("coop/J", 26_711)]);
    let unknown = ("recipe_of_nobody", "recipe_unknown");
    log.make(unknown, "argan-alchemy", &kernels, &[("coop/H", 1_000)]);
    let other = ("recipe_of_other_goods", "recipe_mismatch");
    log.make(other, "argan-nut", &kernels, &[("coop/H", 1_000)]);
    log.make(("pressed", "ok"), "argan-press", &[("coop/K", 43_000)], &[("coop/H", 21_000)]);
}

/// What is certified, labelled and lost of the oil.
fn certified(log: &mut Log) {
    log.certify(("certified_above_filled", "quantity_exceeded"), 0, "coop/H", 21_001, FAIR);
    let without = ("certified_without_operator", "operator_not_certified");
    log.certify(without, 0, "coop/H", 21_000, "bio-maroc");
    log.certify(("certified", "ok"), 0, "coop/H", 20_000, FAIR);
    let closed = ("filled_after_certificate", "lot_closed");
    log.make(closed, "argan-press", &[("coop/K", 1_000)], &[("coop/H", 500)]);
    let label = |log: &Log, count| LabelIssue {
        lot: key("coop/H"),
        count,
        verification_method: log.goods.world.method("authority#label-1"),
    };
    let claim = label(log, 40);
    log.put("labelled", "ok", "service", |draft| claim.draft(draft));
    let claim = label(log, 41);
    log.put("labelled_above_certified", "labels_exceeded", "service", |draft| claim.draft(draft));
    let loss = |quantity| {
        EventKind::Loss(Loss { cause: LossCause::Sediment, lots: lines(&[("coop/H", quantity)]) })
    };
    let lost = log.event("lost", "ok", "coop", loss(500));
    log.event("lost_more_than_there_is", "insufficient", "coop", loss(21_001));
    let undone = |of| Undoing { of, reason: UndoReason::IncorrectData, replaced_by: None };
    let void = EventKind::Void(undone(Undone::Event(lost)));
    log.event("loss_taken_back", "ok", "coop", void);
    log.event("lost_in_truth", "ok", "coop", loss(250));
}

/// Sent, answered, disputed, settled, paid.
fn sold(log: &mut Log) -> EventId {
    let sent = log.ship(("shipped", "ok"), "coop", to("souk"), &[("coop/H", 10_000)], vec![]);
    let not_his = ("shipped_of_another", "not_holder");
    log.ship(not_his, "rival", to("souk"), &[("coop/H", 1)], vec![]);
    let line = |accepted, refused, missing| ("coop/H", accepted, refused, missing);
    log.receive(("received_by_another", "not_receiver"), "rival", &sent, line(10_000, 0, 0));
    log.receive(("received_more", "receipt_sum"), "souk", &sent, line(10_001, 0, 0));
    let received = log.receive(("received", "ok"), "souk", &sent, line(9_000, 500, 500));
    log.receive(("received_twice", "shipment_state"), "souk", &sent, line(10_000, 0, 0));
    let back = ("refused_goods_are_back", "ok");
    log.receive(back, "coop", &received, line(500, 0, 0));
    let line = LotLine { lot: key("coop/H"), quantity: 300 };
    let lots = vec![SettledLot { line, settled: Settled::Lost }];
    let settlement = Settlement { of: received, lots };
    log.event("settled_in_part", "ok", "coop", EventKind::Settle(settlement));
    let claim = PricePaid { lot: key("coop/H"), ..price(&log.goods, &sent, "souk", 9_000) };
    let more = PricePaid { quantity: 9_001, ..claim.clone() };
    log.put("paid_for_more", "price_exceeded", "coop", |draft| more.draft(draft));
    let stated = log.put("price_stated", "ok", "coop", |draft| claim.draft(draft));
    let confirms = Some(log.goods.id_at(stated));
    let terms = PriceTerms::Open { currency: "MAD".into(), amount: 1_000_000, premium: 0 };
    let other = PricePaid { confirms: confirms.clone(), terms, ..claim.clone() };
    log.put("price_of_other_terms", "terms_differ", "souk", |draft| other.draft(draft));
    let same = PricePaid { confirms, ..claim };
    log.put("price_confirmed", "ok", "souk", |draft| same.draft(draft));
    sent
}

/// In a unit to a buyer abroad, with a part of the certificate; and in another's name.
fn exported(log: &mut Log) {
    let unit = UnitKey::Own(slug("coop"), LotNumber::parse("CARTON").unwrap());
    let pack = |quantity| Packing {
        unit: unit.clone(),
        lots: lines(&[("coop/H", quantity)]),
        units: vec![],
    };
    log.event("packed", "ok", "coop", EventKind::Pack(pack(4_000)));
    log.event("packed_twice", "sscc_in_use", "coop", EventKind::Pack(pack(1)));
    log.event("unpacked_in_part", "ok", "coop", EventKind::Unpack(pack(1_000)));
    let commitment = Commitment::of(&[7; 16], b"a buyer");
    let abroad = Receiver::Elsewhere { commitment, country: "FR".into() };
    let lots = [("coop/H", 2_000)];
    let gone = log.ship(("shipped_abroad", "ok"), "coop", abroad, &lots, vec![unit]);
    let part = |quantity| CertificateExtract {
        certificate: 0,
        consignment: gone.clone(),
        lot: key("coop/H"),
        quantity,
    };
    let claim = part(5_001);
    log.put("extract_above_shipped", "extract_exceeded", "coop", |draft| claim.draft(draft));
    let claim = part(5_000);
    log.put("extract", "ok", "coop", |draft| claim.draft(draft));
    let letter = mandate("rival", &[MandatedAct::Ship], "2027-09-30");
    let index = log.put("mandate", "ok", "coop", |draft| letter.draft(draft));
    let id = log.goods.id_at(index);
    let mut acting = |name: &str, expect: &str, kind: EventKind| {
        let unique = log.goods.next_name();
        let claim = Event { mandate: Some(id.clone()), ..log.goods.event(unique, kind) };
        log.put(name, expect, "rival", |draft| claim.draft(draft));
    };
    let ship = |to| Shipment {
        to,
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/H", 750)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    acting("shipped_in_its_name", "ok", EventKind::Ship(ship(to("souk"))));
    let of = log.goods.last("rival");
    let lots = vec![Received { lot: key("coop/H"), accepted: 750, refused: 0, missing: 0 }];
    let receipt = Arrival { of, lots, discrepancy: Discrepancy::None };
    let claim = {
        let unique = log.goods.next_name();
        log.goods.event(unique, EventKind::Receive(receipt))
    };
    let claim = Event { mandate: Some(id), ..claim };
    let beyond = "received_beyond_the_mandate";
    log.put(beyond, "not_mandated", "rival", |draft| claim.draft(draft));
}

/// A recall of the fruit reaches the oil, and is lifted from it.
fn recalled(log: &mut Log, sent: &EventId) {
    let last = log.ship(("shipped_last", "ok"), "coop", to("souk"), &[("coop/H", 10)], vec![]);
    let line = ("coop/H", 10, 0, 0);
    let received = log.receive(("received_last", "ok"), "souk", &last, line);
    let hold = (StatusAction::Hold, &[][..]);
    let undone = |of| {
        let (reason, replaced_by) = (UndoReason::DidNotOccur, None);
        EventKind::Void(Undoing { of, reason, replaced_by })
    };
    log.lot(("more_fruit", "ok"), "coop/V", "argan-fruit", 1_000);
    log.status(("more_fruit_held", "ok"), "inspection", "coop/V", hold);
    let never = undone(Undone::Declaration(key("coop/V")));
    log.event("declaration_undone_while_held", "lot_held", "coop", never);
    let held = log.status(("kernels_held", "ok"), "inspection", "coop/K", hold);
    let drawn = ("drawn_while_its_origin_is_held", "lot_held");
    log.make(drawn, "pack-off", &[("coop/H", 1)], &[("coop/J", 1)]);
    let release = (StatusAction::Release, &[held][..]);
    log.status(("lifted_by_its_holder", "not_authorised"), "coop", "coop/H", release);
    log.status(("kernels_released", "ok"), "registrar", "coop/K", (StatusAction::Release, &[]));
    let recall = (StatusAction::Recall, &[][..]);
    let recalled = log.status(("fruit_recalled", "ok"), "coop", "coop/F", recall);
    let barred = ("shipped_while_its_origin_is_recalled", "lot_recalled");
    log.ship(barred, "coop", to("souk"), &[("coop/H", 1)], vec![]);
    let out = |quantity| {
        let lots = lines(&[("coop/H", quantity)]);
        EventKind::Out(Outgoing { channel: Channel::Retail, lots })
    };
    log.event("sold_while_its_origin_is_recalled", "lot_recalled", "souk", out(1));
    let never = undone(Undone::Event(received));
    log.event("receipt_undone_while_recalled", "lot_recalled", "souk", never);
    let lost = Loss { cause: LossCause::Sediment, lots: lines(&[("coop/H", 100)]) };
    log.event("lost_while_recalled", "ok", "souk", EventKind::Loss(lost));
    let release = (StatusAction::Release, &[recalled][..]);
    log.status(("lifted_by_another", "not_authorised"), "atlas", "coop/H", release);
    log.status(("oil_released", "ok"), "registrar", "coop/H", release);
    log.event("sold_again", "ok", "souk", out(1_000));
    let late = "shipment_taken_back_after_its_receipt";
    log.event(late, "cannot_void", "coop", undone(Undone::Event(sent.clone())));
}

/// Edition 3 of the same rules: a certificate is renewed, a recall says what to do.
fn renewed(log: &mut Log) {
    log.goods.world.register = log.goods.world.register.clone().knowing(3);
    let rules = Rulebook { goods: first_goods_rules().unwrap(), ..Rulebook::plain(3, 3) };
    log.put("edition_3", "ok", "root", |draft| rules.draft(draft));
    let rests_on = Some(Word::new(&log.goods.world.domain.certificate_id(1_000)));
    let model = CustodyModel::MassBalance;
    let mut claim = log.goods.certificate(1, "coop/H", 21_001, FAIR, model, rests_on);
    claim.facts.supersedes = Some(Word::new(&log.goods.world.domain.certificate_id(0)));
    log.put("renewed_above_filled", "quantity_exceeded", "atlas", |draft| claim.draft(draft));
    claim.facts.quantity = 21_000;
    log.put("renewed", "ok", "atlas", |draft| claim.draft(draft));
    let recall = (StatusAction::Recall, &[][..]);
    log.status(("oil_recalled", "ok"), "coop", "coop/H", recall);
    let what = Destruction {
        cause: DestructionCause::Recall,
        lots: lines(&[("coop/H", 600)]),
        from_out: true,
    };
    log.event("brought_back_and_destroyed", "ok", "souk", EventKind::Destroy(what));
    let what = Destruction {
        cause: DestructionCause::Recall,
        lots: lines(&[("coop/H", 401)]),
        from_out: true,
    };
    let more = "more_brought_back_than_sold";
    log.event(more, "insufficient", "souk", EventKind::Destroy(what));
}

/// A register that reads the cases from nothing comes to the same.
fn replayed(cases: &[Value]) {
    let domain = Domain::parse(crate::world::HOST).unwrap();
    let root = parse_multikey(cases[0]["root"].as_str().unwrap()).unwrap();
    let mut register = Register::new(domain.clone(), root, Catalog::builtin().unwrap());
    for case in cases {
        let bytes = BASE64_STANDARD.decode(case["bytes"].as_str().unwrap()).unwrap();
        let statement = Statement::parse(&bytes, &domain).unwrap();
        let logged_at = Timestamp::parse(case["loggedAt"].as_str().unwrap()).unwrap();
        let mark = LogPosition { index: register.size(), logged_at };
        let name = &case["name"];
        match register.fold(&statement, mark) {
            Ok(()) => assert_eq!(case["expect"], "ok", "{name}"),
            Err(refusal) => {
                assert_eq!(case["expect"], refusal.code(), "{name}");
                assert_eq!(case["says"], json!(refusal.to_string()), "{name}");
            }
        }
        let key = register.key(&statement.proof.verification_method).unwrap();
        verify_proof(&statement, &public_key(&key.public).unwrap()).unwrap();
    }
}

#[test]
fn a_log_that_traces_goods_for_any_reader() {
    let mut log = Log::begun();
    pressed(&mut log);
    certified(&mut log);
    let sent = sold(&mut log);
    exported(&mut log);
    recalled(&mut log, &sent);
    renewed(&mut log);
    let refused = log.cases.iter().filter(|case| case["expect"] != "ok").count();
    assert!(refused >= 25, "{refused}");
    replayed(&kept::kept(FOLDER, &log.cases));
}
