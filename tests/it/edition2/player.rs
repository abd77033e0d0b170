//! Whoever plays at random: what it does next, to which goods, and what it remembers of it. Not
//! here: what is compared after it (`balance`).

use tasdiq::names::{LotNumber, UnitKey};
use tasdiq::trace::{EventHandle, LotHandle};

use super::*;

mod abuses;

/// Draws small numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // A linear congruential generator; its upper bits are as good as these tests need.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

/// What was sent: its event, to whom, and how much of which lot.
type Sent = (EventId, &'static str, Vec<(String, u64)>);

/// A history of whatever the register takes of what is tried.
pub(super) struct Player {
    goods: Goods,
    dice: Dice,
    lots: Vec<String>,
    sent: Vec<Sent>,
    events: Vec<EventId>,
    units: Vec<String>,
    /// Statements that held or recalled a lot.
    changes: Vec<String>,
    /// What lets `rival` act in the name of `coop`.
    mandate: String,
    serial: u64,
    pub(super) taken: u32,
}

const HOLDERS: [&str; 5] = ["coop", "rival", "souk", "moulin", "export"];

impl Player {
    pub(super) fn new(seed: u64) -> Self {
        Self::from(Goods::new(), seed)
    }

    /// One that begins in a world as it stands.
    pub(super) fn from(mut goods: Goods, seed: u64) -> Self {
        let dice = Dice(seed);
        let given = super::mandates::mandate("rival", &super::mandates::ALL, "2027-09-30");
        let mandate = goods.let_act(&given);
        let (lots, sent, events) = (vec![], vec![], vec![]);
        let (units, changes, serial, taken) = (vec![], vec![], 0, 0);
        let mut player =
            Self { goods, dice, lots, sent, events, units, changes, mandate, serial, taken };
        for number in 0..3 {
            let lot = format!("coop/K{number}");
            player.goods.kernels(&lot, 1 + player.dice.below(2_000));
            player.lots.push(lot);
        }
        player
    }

    /// The world as it stands.
    pub(super) fn into_goods(self) -> Goods {
        self.goods
    }

    pub(super) fn goods(&self) -> &Goods {
        &self.goods
    }

    pub(super) fn step(&mut self) -> Result<u64, Refusal> {
        let (lot, to) = (self.dice.one(&self.lots).clone(), *self.dice.one(&HOLDERS));
        let (who, free) = self.holder_of(&lot);
        let most = if self.dice.below(4) == 0 { 700 } else { free / 2 + 1 };
        let quantity = 1 + self.dice.below(most);
        let lots = [(lot.as_str(), quantity)];
        let done = match self.dice.below(28) {
            0..=2 => self.make(&lot, quantity),
            3..=4 => self.send(who, to, &lot, quantity),
            5 => self.abroad(who, &lot, quantity),
            6..=8 => self.answer(),
            9 => self.settle(),
            10 => self.pack(who, &lot, quantity),
            11 => self.unpack(who),
            12 => self.out(who, &lots),
            13 => self.lose(who, &lots),
            14 => self.destroy(who, &lot, quantity),
            15..=16 => self.undo(),
            17 => self.certify(&lot, quantity),
            20 | 25..=26 => self.operate(),
            21..=22 => self.mandated(to, &lot, quantity),
            23 => self.pay(),
            24 => self.extract(),
            18..=19 => self.goods.label(&lot, u32::try_from(1 + quantity % 4).unwrap()),
            _ => self.say_status(&lot),
        };
        self.taken += u32::from(done.is_ok());
        if self.dice.below(25) == 0 {
            let days = 1 + self.dice.below(12);
            self.goods.later(i64::try_from(days).unwrap() * DAY);
        }
        done
    }

    /// Into a new lot or one that is there.
    fn make(&mut self, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let (recipe, material, output) = *self.dice.one(&[
            ("group", "argan-kernels", quantity),
            ("split", "argan-kernels", quantity),
            ("argan-press", "argane", (quantity / 2).max(1)),
            ("pack-off", "argane", quantity),
        ]);
        let made = match self.dice.below(3) {
            0 => self.dice.one(&self.lots).clone(),
            _ => self.derived(material),
        };
        let mut inputs = vec![(lot, quantity)];
        let other = self.dice.one(&self.lots).clone();
        if self.dice.below(3) == 0 && other != lot {
            inputs.push((other.as_str(), 1));
            inputs.sort_unstable();
        }
        let done = self.goods.make(recipe, &inputs, &[(made.as_str(), output)]);
        self.keep("coop", &done);
        done
    }

    fn derived(&mut self, material: &str) -> String {
        let number = format!("D{}", self.lots.len());
        let mut claim = self.goods.lot("coop", &number, material, 3_000);
        claim.facts.origin = (material != "argane").then_some(LotOrigin::Derived);
        self.goods.say("coop", |draft| claim.draft(draft)).unwrap();
        self.lots.push(format!("coop/{number}"));
        format!("coop/{number}")
    }

    /// Somebody who has something of a lot free, and how much.
    fn holder_of(&mut self, lot: &str) -> (&'static str, u64) {
        let had = |who: &&&'static str| self.goods.holding(lot, who).free > 0;
        let all: Vec<&'static str> = HOLDERS.iter().filter(had).copied().collect();
        let who = if all.is_empty() { HOLDERS[0] } else { *self.dice.one(&all) };
        (who, self.goods.holding(lot, who).free)
    }

    fn keep(&mut self, who: &str, done: &Result<u64, Refusal>) {
        if done.is_ok() {
            self.events.push(self.goods.last(who));
        }
    }

    fn send(
        &mut self,
        who: &'static str,
        to: &'static str,
        lot: &str,
        quantity: u64,
    ) -> Result<u64, Refusal> {
        let purpose = *self.dice.one(&[ShipPurpose::Sale, ShipPurpose::RecallReturn]);
        let own = self.units.iter().filter(|unit| unit.starts_with(&format!("{who}/")));
        let units: Vec<String> = own.cloned().collect();
        let packed = self.dice.below(2) == 0 && !units.is_empty();
        let units = if packed { vec![unit(self.dice.one::<String>(&units))] } else { vec![] };
        let (carrier, returns) = (None, None);
        let what = Shipment {
            to: Receiver::Party(slug(to)),
            purpose,
            lots: lines(&[(lot, quantity)]),
            units,
            carrier,
            returns,
        };
        let done = self.goods.event_as(who, EventKind::Ship(what));
        self.keep(who, &done);
        if done.is_ok() {
            let register = &self.goods.world.register;
            let of = self.goods.last(who);
            let newest = u32::try_from(register.trace().event_count() - 1).unwrap();
            let lines = register.trace().shipment(EventHandle(newest)).unwrap();
            let name = |handle: LotHandle| {
                let mut all = register.lots().map(|lot| lot.record.lot);
                all.find(|key| register.lot_handle(key) == Some(handle)).unwrap().to_string()
            };
            let parts = lines.iter().map(|line| (name(line.lot), line.sent)).collect();
            self.sent.push((of, to, parts));
        }
        done
    }

    fn abroad(&mut self, who: &str, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let commitment = Commitment::of(&[7; 16], b"a buyer");
        let to = Receiver::Elsewhere { commitment, country: "FR".into() };
        let (purpose, units, carrier, returns) = (ShipPurpose::Sale, vec![], None, None);
        let lots = lines(&[(lot, quantity)]);
        let what = Shipment { to, purpose, lots, units, carrier, returns };
        let done = self.goods.event_as(who, EventKind::Ship(what));
        self.keep(who, &done);
        done
    }

    /// All of it, all but one, or in three parts; what is refused is answered too.
    fn answer(&mut self) -> Result<u64, Refusal> {
        if self.sent.is_empty() {
            return self.goods.lose("souk", &[("coop/K0", u64::from(u32::MAX))]);
        }
        let (of, who, parts) = self.dice.one(&self.sent).clone();
        let how = self.dice.below(4);
        let answer = |(lot, quantity): &(String, u64)| {
            let (refused, missing) = match how {
                0 => (quantity / 3, quantity / 3),
                1 => (0, 1),
                _ => (0, 0),
            };
            (lot.clone(), quantity - refused - missing, refused, missing)
        };
        let answers: Vec<_> = parts.iter().map(answer).collect();
        let told: Vec<_> =
            answers.iter().map(|(lot, a, r, m)| (lot.as_str(), *a, *r, *m)).collect();
        let done = self.goods.receive(who, &of, &told);
        self.keep(who, &done);
        let refused = answers.iter().filter(|it| it.2 > 0).map(|it| (it.0.clone(), it.2));
        let refused: Vec<_> = refused.collect();
        if done.is_ok() && !refused.is_empty() {
            let shipper = *HOLDERS.iter().find(|it| **it == of.issuer.as_str()).unwrap();
            self.sent.push((self.goods.last(who), shipper, refused));
        }
        done
    }

    fn out(&mut self, who: &str, lots: &[(&str, u64)]) -> Result<u64, Refusal> {
        let done = self.goods.out(who, lots);
        self.keep(who, &done);
        done
    }

    fn lose(&mut self, who: &str, lots: &[(&str, u64)]) -> Result<u64, Refusal> {
        let done = self.goods.lose(who, lots);
        self.keep(who, &done);
        done
    }

    fn settle(&mut self) -> Result<u64, Refusal> {
        if self.sent.is_empty() {
            return self.goods.lose("souk", &[("coop/K0", u64::from(u32::MAX))]);
        }
        let (of, to, parts) = self.dice.one(&self.sent).clone();
        let settled = *self.dice.one(&[Settled::Lost, Settled::Returned, Settled::Accepted]);
        let whole = self.dice.below(3) == 0;
        let line = |(lot, quantity): &(String, u64)| SettledLot {
            line: LotLine { lot: key(lot), quantity: if whole { *quantity } else { 1 } },
            settled,
        };
        let mut lots: Vec<SettledLot> = parts.iter().map(line).collect();
        lots.sort_by_key(|one| one.line.lot.to_string());
        let who = if settled == Settled::Accepted { to } else { of.issuer.as_str() };
        let what = EventKind::Settle(Settlement { of: of.clone(), lots });
        let done = self.goods.event_as(who, what);
        self.keep(who, &done);
        done
    }

    fn pack(&mut self, who: &str, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let name = format!("{who}/U{}", self.goods.next);
        let own = self.units.iter().filter(|unit| unit.starts_with(&format!("{who}/")));
        let own: Vec<String> = own.cloned().collect();
        let nested = self.dice.below(2) == 0 && !own.is_empty();
        let units = if nested { vec![unit(self.dice.one::<String>(&own))] } else { vec![] };
        let lots = lines(&[(lot, quantity)]);
        let what = Packing { unit: unit(&name), lots, units };
        let done = self.goods.event_as(who, EventKind::Pack(what));
        self.keep(who, &done);
        if done.is_ok() {
            self.units.push(name);
        }
        done
    }

    fn unpack(&mut self, who: &str) -> Result<u64, Refusal> {
        if self.units.is_empty() {
            return self.goods.lose("souk", &[("coop/K0", u64::from(u32::MAX))]);
        }
        let unit = unit(self.dice.one::<String>(&self.units));
        let what = Packing { unit, lots: vec![], units: vec![] };
        let done = self.goods.event_as(who, EventKind::Unpack(what));
        self.keep(who, &done);
        done
    }

    fn destroy(&mut self, who: &str, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let from_out = self.dice.below(2) == 0;
        let lots = lines(&[(lot, quantity)]);
        let what = Destruction { cause: DestructionCause::Recall, lots, from_out };
        let done = self.goods.event_as(who, EventKind::Destroy(what));
        self.keep(who, &done);
        done
    }

    fn undo(&mut self) -> Result<u64, Refusal> {
        if self.dice.below(6) == 0 {
            let lot = self.dice.one(&self.lots).clone();
            return self.goods.undo("coop", Undone::Declaration(key(&lot)));
        }
        let of = match self.events.is_empty() {
            true => EventId { issuer: slug("coop"), name: name(0) },
            false => self.dice.one(&self.events).clone(),
        };
        // Also by who gave the mandate, and by who did not say it.
        let who = if self.dice.below(4) == 0 { "coop" } else { of.issuer.as_str() }.to_owned();
        self.goods.undo(&who, Undone::Event(of))
    }

    /// Goods of `coop` are sent in its name, also to who acts.
    fn mandated(&mut self, to: &'static str, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let to = if self.dice.below(2) == 0 { "rival" } else { to };
        let what = Shipment {
            to: Receiver::Party(slug(to)),
            purpose: ShipPurpose::Sale,
            lots: lines(&[(lot, quantity)]),
            units: vec![],
            carrier: None,
            returns: None,
        };
        let id = self.mandate.clone();
        let done = self.goods.mandated("rival", &id, EventKind::Ship(what));
        self.keep("rival", &done);
        if done.is_ok() {
            let parts = vec![(lot.to_owned(), quantity)];
            self.sent.push((self.goods.last("rival"), to, parts));
        }
        done
    }

    /// A price of something sent, confirmed as often as not.
    fn pay(&mut self) -> Result<u64, Refusal> {
        if self.sent.is_empty() {
            return self.goods.lose("souk", &[("coop/K0", u64::from(u32::MAX))]);
        }
        let (of, to, parts) = self.dice.one(&self.sent).clone();
        let (lot, sent) = self.dice.one(&parts).clone();
        let quantity = 1 + self.dice.below(sent);
        let claim = super::money::price(&self.goods, &of, to, quantity);
        // What went to who acts was sold by who gave the mandate.
        let seller = if of.issuer.as_str() == to { "coop" } else { of.issuer.as_str() };
        let claim = PricePaid { lot: key(&lot), seller: slug(seller), ..claim };
        let done = self.goods.pay(seller, &claim);
        match done {
            Ok(index) if self.dice.below(2) == 0 => {
                let confirms = Some(self.goods.id_at(index));
                self.goods.pay(to, &PricePaid { confirms, ..claim })
            }
            done => done,
        }
    }

    fn extract(&mut self) -> Result<u64, Refusal> {
        let serial = self.dice.below(self.serial.max(1));
        let known = self.goods.world.register.certificate(serial);
        let (Some(found), false) = (known, self.sent.is_empty()) else { return self.pay() };
        let (of, _, parts) = self.dice.one(&self.sent).clone();
        let quantity = 1 + self.dice.below(parts[0].1);
        let (lot, consignment) = (found.record.lot, of.clone());
        let claim = CertificateExtract { certificate: serial, consignment, lot, quantity };
        self.goods.say(of.issuer.as_str(), |draft| claim.draft(draft))
    }

    fn certify(&mut self, lot: &str, quantity: u64) -> Result<u64, Refusal> {
        let scheme = *self.dice.one(&["bio-maroc", "fairtrade"]);
        let model = *self.dice.one(&[CustodyModel::MassBalance, CustodyModel::Segregated]);
        if self.serial > 0 && self.dice.below(3) == 0 {
            return self.suspend();
        }
        let done = self.goods.certify_as(self.serial, lot, quantity, scheme, model);
        self.serial += u64::from(done.is_ok());
        done
    }

    /// The cooperative is certified for some fruit, or a certificate of it stops or goes on.
    fn operate(&mut self) -> Result<u64, Refusal> {
        let scheme = *self.dice.one(&["bio-maroc", "fairtrade"]);
        let known = self.goods.world.register.operators().count() as u64;
        if known == 0 || self.dice.below(2) == 0 {
            let fruit = self.dice.below(60_000);
            return self.goods.certify_coop(scheme, fruit);
        }
        let serial = 1_000 + self.dice.below(known);
        let action = match self.dice.below(9) {
            0 => StatusAction::Withdraw,
            1..=4 => StatusAction::Suspend,
            _ => StatusAction::Reinstate,
        };
        self.set_status(serial, action)
    }

    /// Or takes that back.
    fn suspend(&mut self) -> Result<u64, Refusal> {
        let serial = self.dice.below(self.serial);
        let action = match self.dice.below(9) {
            0 => StatusAction::Withdraw,
            1..=4 => StatusAction::Suspend,
            _ => StatusAction::Reinstate,
        };
        self.set_status(serial, action)
    }

    fn set_status(&mut self, serial: u64, action: StatusAction) -> Result<u64, Refusal> {
        let fraud = action == StatusAction::Withdraw && self.dice.below(2) == 0;
        let change = StatusChange {
            target: StatusTarget::Certificate(serial),
            action,
            reason: if fraud { Reason::FraudSuspected } else { Reason::Nonconformity },
            effective_from: self.goods.world.now,
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        self.goods.say("atlas", |draft| change.draft(draft))
    }

    /// Holds, recalls, releases, and what descends is lifted.
    fn say_status(&mut self, lot: &str) -> Result<u64, Refusal> {
        let by = *self.dice.one(&["registrar", "coop", "atlas", "inspection"]);
        let what = *self.dice.one(&[StatusAction::Hold, StatusAction::Release]);
        let what = if self.dice.below(12) == 0 { StatusAction::Recall } else { what };
        let lifts = match (what, self.changes.is_empty()) {
            (StatusAction::Release, false) if self.dice.below(2) == 0 => {
                vec![self.dice.one(&self.changes).clone()]
            }
            _ => vec![],
        };
        let done = self.goods.change_lifting(by, lot, what, lifts);
        if done.is_ok() && what != StatusAction::Release {
            let bytes = self.goods.world.leaves.last().unwrap();
            let statement: Value = serde_json::from_slice(bytes).unwrap();
            self.changes.push(statement["id"].as_str().unwrap().to_owned());
        }
        done
    }
}

fn unit(text: &str) -> UnitKey {
    let (owner, number) = text.split_once('/').unwrap();
    UnitKey::Own(slug(owner), LotNumber::parse(number).unwrap())
}
