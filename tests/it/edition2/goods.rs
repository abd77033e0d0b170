//! A world under the rules of goods, and short ways to say what happens to them: for tests of
//! rules, here and in the library. Not here: what is tried of them.

use std::collections::BTreeMap;

use tasdiq::names::{LotKey, Word};
use tasdiq::register::Refusal;
use tasdiq::statement::*;
use tasdiq::trace::{Balance, Holding};

use serde_json::Value;

use super::world::{World, said, signer, slug};

/// A world under the demonstration's rulebook, and names for its events.
#[derive(Clone)]
pub struct Goods {
    pub world: World,
    pub next: u32,
    /// What lots of `coop` count of argan fruit, with their quantities.
    pub counted: BTreeMap<String, (u64, u64)>,
    /// The newest certificate of `coop` under a scheme, and the fruit it lets count.
    pub operators: BTreeMap<String, (u64, u64)>,
    /// How often each code was told.
    pub told: BTreeMap<&'static str, u32>,
    /// Whether all figures are recomputed by the other program in the end (`balance`).
    pub is_compared: bool,
}

/// The register knows edition 2 and nothing of it is in force: parties of every kind are there from
/// edition 1.
pub fn before_goods() -> World {
    let mut world = World::newest();
    world.register = world.register.clone().knowing(2);
    for (role, who) in [
        (Role::Cooperative, "rival"),
        (Role::Shop, "souk"),
        (Role::Carrier, "route"),
        (Role::Inspector, "inspection"),
    ] {
        world.join(role, who, signer(who).2);
    }
    world
}

impl Goods {
    pub fn of(world: World) -> Self {
        Self::resumed(world, 0)
    }

    /// In force since 2026-06-01; argan fruit of 10 t is what `coop` may declare in 2026, and it is
    /// September.
    pub fn new() -> Self {
        Self::under(first_goods_rules().unwrap())
    }

    pub fn under(goods: GoodsRules) -> Self {
        let mut world = before_goods();
        let claim = Rulebook { goods, ..Rulebook::plain(2, 2) };
        let unsigned = claim.draft(&world.draft("authority"));
        world.by_registrar(unsigned).unwrap();
        for (role, who) in [(Role::Processor, "moulin"), (Role::Exporter, "export")] {
            world.join(role, who, signer(who).2);
        }
        let mut goods = Self::of(world);
        goods.accredited_for_all();
        let schemes = ["bio-maroc", "fairtrade", "nm-mark", "sdoq-ao", "sdoq-ig"];
        goods.world.agree("atlas", "coop", &schemes);
        goods.capacity("coop", "argan-fruit", 10_000_000);
        goods.world.now = Timestamp::parse("2026-09-10T08:00:00Z").unwrap();
        goods
    }

    /// One that goes on in a world as it stands, with names from a number on.
    pub fn resumed(world: World, next: u32) -> Self {
        let (counted, operators, told) = Default::default();
        Self { world, next, counted, operators, told, is_compared: true }
    }

    pub fn accredited_for_all(&mut self) {
        let all = || ["all".to_owned()].into();
        let scope = Scope { schemes: all(), products: all(), regions: all() };
        let given = Accreditation { scope, ..self.world.accreditation() };
        let unsigned = given.draft(&self.world.draft("authority"));
        self.world.by_registrar(unsigned).unwrap();
    }

    /// A figure by the root, which counts at once.
    pub fn capacity(&mut self, who: &str, product: &str, quantity: u64) {
        let capacity = Capacity { product: product.into(), campaign: "2026".into(), quantity };
        let claim = CapacityStatement { party: slug(who), capacity };
        let unsigned = claim.draft(&self.world.draft("authority"));
        self.world.log(unsigned, "authority#root", 1).unwrap();
    }

    pub fn say(
        &mut self,
        who: &str,
        make: impl FnOnce(&Draft<'_>) -> Value,
    ) -> Result<u64, Refusal> {
        let done = said(&mut self.world, who, make);
        self.count(&done);
        done
    }

    pub(super) fn count(&mut self, done: &Result<u64, Refusal>) {
        let code = done.as_ref().map_or_else(Refusal::code, |_| "ok");
        *self.told.entry(code).or_default() += 1;
    }

    /// What somebody signs, a second later.
    pub fn signed(&mut self, who: &str, unsigned: &Value) -> Vec<u8> {
        let (_, key, number) = signer(who);
        self.world.now = self.world.now.plus_seconds(1);
        let method = self.world.method(&key);
        let key = super::world::key(number);
        tasdiq::seal::seal(unsigned, &method, self.world.now, &key).unwrap()
    }

    pub fn later(&mut self, seconds: i64) {
        self.world.now = self.world.now.plus_seconds(seconds);
    }

    /// A lot, harvested or packed today.
    pub fn lot(&self, who: &str, number: &str, material: &str, quantity: u64) -> LotDeclaration {
        let known = self.world.register.catalog().material(material).unwrap();
        let facts = LotFacts {
            product: material.into(),
            region: "MA-09".into(),
            quantity,
            unit: known.unit.code().into(),
            campaign: "2026".into(),
            pack_size: known.packs.0.max(250).min(quantity),
            origin: None,
            names: Default::default(),
            mandate: None,
        };
        LotDeclaration {
            lot: key(&format!("{who}/{number}")),
            name: Word::new(&known.name_fr),
            hs_code: Word::new(&known.hs6),
            packed_on: self.world.now.day(),
            expires_on: None,
            facts,
        }
    }

    pub fn declare(&mut self, lot: &str, material: &str, quantity: u64) -> Result<u64, Refusal> {
        let (who, number) = lot.split_once('/').unwrap();
        let claim = self.lot(who, number, material, quantity);
        self.declare_as(lot, &claim)
    }

    pub fn declare_as(&mut self, lot: &str, claim: &LotDeclaration) -> Result<u64, Refusal> {
        let fruit =
            |goods: &Self| goods.world.register.season_total(&slug("coop"), "argan-fruit", "2026");
        let before = fruit(self);
        let (who, _) = lot.split_once('/').unwrap();
        let done = self.say(who, |draft| claim.draft(draft));
        self.counted.insert(lot.to_owned(), (fruit(self) - before, claim.facts.quantity));
        done
    }

    /// A certificate of `coop` for all of argan, decided two months ago.
    pub fn operator(&self, serial: u64, scheme: &str, fruit: u64) -> OperatorCertificate {
        let register = &self.world.register;
        let decided = Day::from_days(self.world.now.day().days() - 60);
        let party = register.party(&slug("atlas")).unwrap();
        let client = register.party(&slug("coop")).unwrap();
        let mut materials = vec!["argan-fruit", "argan-fruit-dry", "argan-nuts", "argan-kernels"];
        materials.push("argane");
        materials.sort_unstable();
        let (material, campaign) = ("argan-fruit".to_owned(), "2026".to_owned());
        let volume = Volume { material, campaign, quantity: fruit };
        OperatorCertificate {
            serial,
            party: slug("coop"),
            party_name: client.registration.name.as_str().into(),
            scheme: scheme.into(),
            scheme_name: register.catalog().scheme(scheme).unwrap().name_fr.as_str().into(),
            accreditation: Word::new(&party.accreditations.last().unwrap().id),
            valid_from: decided.start(),
            valid_until: Timestamp::parse("2027-05-31T23:59:59Z").unwrap(),
            assessed_on: decided,
            facts: OperatorFacts {
                materials: materials.into_iter().map(str::to_owned).collect(),
                regions: vec!["MA-09".to_owned()],
                decision_date: decided,
                scheme_edition: "2024".into(),
                volumes: (fruit > 0).then_some(volume).into_iter().collect(),
                not_covered: vec![],
            },
        }
    }

    /// What is covered of a lot that was filled.
    pub fn cover(&self, lot: &str, scheme: &str) -> u64 {
        let register = &self.world.register;
        let handle = register.lot_handle(&key(lot)).unwrap();
        let tasdiq::trace::Holder(number) = register.holder(&slug(scheme)).unwrap();
        register.trace().cover(handle, tasdiq::trace::SchemeId(number)).unwrap()
    }

    /// Certifies `coop` under a scheme, for so much fruit of 2026.
    pub fn certify_coop(&mut self, scheme: &str, fruit: u64) -> Result<u64, Refusal> {
        let serial = 1_000 + self.world.register.operators().count() as u64;
        let claim = self.operator(serial, scheme, fruit);
        let done = self.say("atlas", |draft| claim.draft(draft));
        if done.is_ok() {
            self.operators.insert(scheme.to_owned(), (serial, fruit));
        }
        done
    }

    /// The certificate of `coop` that one of its lot rests on, for as much fruit as its lots that
    /// were certified need and this one: so no other lot is covered by it.
    pub fn rests_on(&mut self, lot: &str, quantity: u64, scheme: &str) -> Option<Word> {
        let register = &self.world.register;
        if !register.needs_operator(&key(lot), scheme) {
            return None;
        }
        let (counted, whole) = self.counted.get(lot).copied().unwrap_or((0, 1));
        let needed = (counted * quantity).div_ceil(whole);
        let known = self.operators.get(scheme).copied();
        if known.is_none() || needed > 0 {
            let (_, before) = known.unwrap_or_default();
            let _asked = self.certify_coop(scheme, before + needed);
        }
        let (serial, _) = *self.operators.get(scheme)?;
        Some(Word::new(&self.world.domain.certificate_id(serial)))
    }

    /// Several lots of `coop`.
    pub fn declared(&mut self, lots: &[(&str, &str, u64)]) {
        for (number, material, quantity) in lots {
            self.declare(&format!("coop/{number}"), material, *quantity).unwrap();
        }
    }

    pub fn event_as(&mut self, who: &str, kind: EventKind) -> Result<u64, Refusal> {
        let name = self.next_name();
        let claim = self.event(name, kind);
        self.say(who, |draft| claim.draft(draft))
    }

    pub fn event(&self, name: EventName, kind: EventKind) -> Event {
        let (region, document, mandate) = (None, None, None);
        let offset = Offset::of_minutes(60).unwrap();
        Event { name, at: self.world.now, offset, region, document, mandate, kind }
    }

    pub fn next_name(&mut self) -> EventName {
        self.next += 1;
        name(self.next)
    }

    /// The id of the newest event of a party.
    pub fn last(&self, who: &str) -> EventId {
        EventId { issuer: slug(who), name: name(self.next) }
    }

    pub fn make(
        &mut self,
        recipe: &str,
        inputs: &[(&str, u64)],
        outputs: &[(&str, u64)],
    ) -> Result<u64, Refusal> {
        self.make_as("coop", recipe, inputs, outputs)
    }

    pub fn make_as(
        &mut self,
        who: &str,
        recipe: &str,
        inputs: &[(&str, u64)],
        outputs: &[(&str, u64)],
    ) -> Result<u64, Refusal> {
        let what = Transformation {
            recipe: recipe.into(),
            inputs: lines(inputs),
            outputs: lines(outputs),
        };
        self.event_as(who, EventKind::Transform(what))
    }

    pub fn ship(&mut self, who: &str, to: &str, lots: &[(&str, u64)]) -> Result<u64, Refusal> {
        self.ship_for(who, to, lots, ShipPurpose::Sale)
    }

    pub fn ship_for(
        &mut self,
        who: &str,
        to: &str,
        lots: &[(&str, u64)],
        purpose: ShipPurpose,
    ) -> Result<u64, Refusal> {
        let (units, carrier, returns) = (vec![], None, None);
        let to = Receiver::Party(slug(to));
        let what = Shipment { to, purpose, lots: lines(lots), units, carrier, returns };
        self.event_as(who, EventKind::Ship(what))
    }

    /// Answers with (lot, accepted, refused, missing).
    pub fn receive(
        &mut self,
        who: &str,
        of: &EventId,
        lots: &[(&str, u64, u64, u64)],
    ) -> Result<u64, Refusal> {
        let read = |(lot, accepted, refused, missing): &(&str, u64, u64, u64)| Received {
            lot: key(lot),
            accepted: *accepted,
            refused: *refused,
            missing: *missing,
        };
        let clean = lots.iter().all(|(_, _, refused, missing)| refused + missing == 0);
        let discrepancy = if clean { Discrepancy::None } else { Discrepancy::Short };
        let mut lots: Vec<Received> = lots.iter().map(read).collect();
        lots.sort_by_key(|line| line.lot.to_string());
        self.event_as(who, EventKind::Receive(Arrival { of: of.clone(), lots, discrepancy }))
    }

    pub fn lose(&mut self, who: &str, lots: &[(&str, u64)]) -> Result<u64, Refusal> {
        let what = Loss { cause: LossCause::Sediment, lots: lines(lots) };
        self.event_as(who, EventKind::Loss(what))
    }

    pub fn out(&mut self, who: &str, lots: &[(&str, u64)]) -> Result<u64, Refusal> {
        let what = Outgoing { channel: Channel::Retail, lots: lines(lots) };
        self.event_as(who, EventKind::Out(what))
    }

    pub fn undo(&mut self, who: &str, of: Undone) -> Result<u64, Refusal> {
        let (reason, replaced_by) = (UndoReason::IncorrectData, None);
        self.event_as(who, EventKind::Void(Undoing { of, reason, replaced_by }))
    }

    pub fn certify(
        &mut self,
        serial: u64,
        lot: &str,
        quantity: u64,
        scheme: &str,
    ) -> Result<u64, Refusal> {
        self.certify_as(serial, lot, quantity, scheme, CustodyModel::MassBalance)
    }

    pub fn certify_as(
        &mut self,
        serial: u64,
        lot: &str,
        quantity: u64,
        scheme: &str,
        custody_model: CustodyModel,
    ) -> Result<u64, Refusal> {
        let rests_on = self.rests_on(lot, quantity, scheme);
        let claim = self.certificate(serial, lot, quantity, scheme, custody_model, rests_on);
        self.say("atlas", |draft| claim.draft(draft))
    }

    pub fn certificate(
        &self,
        serial: u64,
        lot: &str,
        quantity: u64,
        scheme: &str,
        custody_model: CustodyModel,
        rests_on: Option<Word>,
    ) -> CertificateClaim {
        let (client, number) = lot.split_once('/').unwrap();
        assert_eq!(client, "coop");
        let record = self.world.register.lot(&key(lot)).unwrap();
        let mut claim = self.world.certificate(serial, number, 1, scheme);
        claim.facts.product = record.record.product.clone();
        claim.facts.unit = record.record.unit.clone();
        claim.facts.hs_code = record.hs_code.clone();
        claim.facts.quantity = quantity;
        claim.facts.custody_model = custody_model;
        claim.facts.operator_certificate = rests_on;
        let party = self.world.register.party(&slug("atlas")).unwrap();
        claim.accreditation = Word::new(&party.accreditations.last().unwrap().id);
        claim
    }

    /// Labels of the authority's key, which names every scheme.
    pub fn label(&mut self, lot: &str, count: u32) -> Result<u64, Refusal> {
        let claim = LabelIssue {
            lot: key(lot),
            count,
            verification_method: self.world.method("authority#label-1"),
        };
        let unsigned = claim.draft(&self.world.draft("authority"));
        let done = self.world.log(unsigned, "authority#service-1", 3);
        self.count(&done);
        done
    }

    pub fn change(&mut self, who: &str, lot: &str, action: StatusAction) -> Result<u64, Refusal> {
        self.change_lifting(who, lot, action, vec![])
    }

    pub fn change_lifting(
        &mut self,
        who: &str,
        lot: &str,
        action: StatusAction,
        lifts: Vec<String>,
    ) -> Result<u64, Refusal> {
        let change = StatusChange {
            target: StatusTarget::Lot(key(lot)),
            action,
            reason: Reason::Nonconformity,
            effective_from: self.world.now,
            notice: Default::default(),
            return_to: None,
            lifts,
        };
        self.say(who, |draft| change.draft(draft))
    }

    pub fn balance(&self, lot: &str) -> Balance {
        let register = &self.world.register;
        let handle = register.lot_handle(&key(lot)).unwrap();
        register.trace().balance(handle).unwrap()
    }

    pub fn holding(&self, lot: &str, who: &str) -> Holding {
        let register = &self.world.register;
        let handle = register.lot_handle(&key(lot)).unwrap();
        register
            .holder(&slug(who))
            .map_or_else(Holding::default, |holder| register.trace().holding(handle, holder))
    }

    pub fn status(&self, lot: &str) -> &'static str {
        self.world.register.lot(&key(lot)).unwrap().status(self.world.now).word()
    }

    /// 100 kg of kernels K of `coop`, cracked at home.
    pub fn kernels(&mut self, lot: &str, quantity: u64) {
        let (who, number) = lot.split_once('/').unwrap();
        let mut claim = self.lot(who, number, "argan-kernels", quantity);
        claim.facts.origin = Some(LotOrigin::Primary);
        self.declare_as(lot, &claim).unwrap();
    }
}

pub fn key(text: &str) -> LotKey {
    text.parse().unwrap()
}

pub fn name(number: u32) -> EventName {
    EventName::parse(&format!("{number:026}")).unwrap()
}

pub fn lines(lots: &[(&str, u64)]) -> Vec<LotLine> {
    lots.iter().map(|(lot, quantity)| LotLine { lot: key(lot), quantity: *quantity }).collect()
}
