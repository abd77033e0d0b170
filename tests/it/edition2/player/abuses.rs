//! What a player tries that no rule lets pass, or only by chance: each kind is against another
//! rule, of other goods and figures each time.

use tasdiq::names::Word;
use tasdiq::statement::{Quantity, Statement};

use super::*;

/// What every history begins with.
const KERNELS: [&str; 3] = ["coop/K0", "coop/K1", "coop/K2"];

/// Kinds of abuse.
const KINDS: u64 = 31;

impl Player {
    pub(in crate::edition2) fn abuse(&mut self) -> Result<u64, Refusal> {
        let lot = self.dice.one(&self.lots).clone();
        let (who, free) = self.holder_of(&lot);
        let some = 1 + self.dice.below(free.max(1));
        match self.dice.below(KINDS) {
            0 => self.lose_at(who, &lot, i64::try_from(301 + some).unwrap()),
            1 => self.lose_at(who, &lot, -DAY * i64::try_from(some).unwrap()),
            2 => self.name_again(&lot),
            3 => self.harvest_out_of_season(),
            4 => self.wrong_unit(),
            5 => self.other_terms(),
            6 => self.extract_too_much(),
            7 => self.certify_resting_on_nothing(),
            8 => self.certify_beyond_volume(),
            9 => self.certify_beyond_cover(&lot),
            10 => self.certify_beyond(&lot, some),
            11 => self.certify_stronger(&lot),
            12 => self.label_all(&lot),
            13 => self.make_for_another(some),
            14 | 15 => self.answer_wrongly(),
            16 => self.goods.make("brew", &[(&lot, 1)], &[(&self.lots[0].clone(), 1)]),
            17 => self.goods.make("argan-nut", &[(&lot, 1)], &[(&self.lots[0].clone(), 1)]),
            18 => self.goods.make("group", &[(&lot, 1)], &[(&lot, 1)]),
            19 => self.overfill(),
            20 => self.goods.make("split", &[(&lot, 1)], &[("coop/K0", 1)]),
            21 => self.goods.out(who, &[(&format!("{lot}-{some}"), 1)]),
            22 => self.refill(who, &lot),
            23 => self.sscc(who, &lot),
            24 => self.text_of_quantity(),
            25 => self.number_of_quantity(who, &lot),
            26 => self.out_of_nothing(),
            27 => self.goods.out(who, &[(&lot, free + some)]),
            28 => self.undo_twice(),
            29 => self.sell_recalled(),
            _ => self.goods.out("route", &[(&lot, some)]),
        }
    }

    fn lose_at(&mut self, who: &str, lot: &str, seconds: i64) -> Result<u64, Refusal> {
        let (name, lots) = (self.goods.next_name(), lines(&[(lot, 1)]));
        let what = EventKind::Loss(Loss { cause: LossCause::Other, lots });
        let at = self.goods.world.now.plus_seconds(seconds);
        let event = Event { at, ..self.goods.event(name, what) };
        self.goods.say(who, |draft| event.draft(draft))
    }

    /// The name of an event that is there, for something else.
    fn name_again(&mut self, lot: &str) -> Result<u64, Refusal> {
        let Some(of) = self.events.last().cloned() else { return self.wrong_unit() };
        let lots = lines(&[(lot, 5_000 + self.dice.below(5_000))]);
        let what = EventKind::Loss(Loss { cause: LossCause::Other, lots });
        let event = self.goods.event(of.name, what);
        self.goods.say(of.issuer.as_str(), |draft| event.draft(draft))
    }

    fn harvest_out_of_season(&mut self) -> Result<u64, Refusal> {
        let number = format!("S{}", self.lots.len());
        let mut claim = self.goods.lot("coop", &number, "argan-fruit", 1_000);
        let spring = Day::parse("2026-05-31").unwrap().days();
        claim.packed_on = Day::from_days(spring - i64::try_from(self.dice.below(100)).unwrap());
        self.goods.say("coop", |draft| claim.draft(draft))
    }

    fn wrong_unit(&mut self) -> Result<u64, Refusal> {
        let unit = *self.dice.one(&["MLT", "H87"]);
        let mut claim = self.goods.lot("coop", "UNIT", "argan-kernels", 1_000);
        claim.facts.unit = unit.into();
        self.goods.say("coop", |draft| claim.draft(draft))
    }

    /// Kernels of `coop`, sold to `souk` and taken over.
    fn sold(&mut self, quantity: u64) -> Option<(EventId, String)> {
        let has = |lot: &&String| self.goods.holding(lot, "coop").free >= quantity;
        let lot = self.lots.iter().find(has)?.clone();
        self.goods.ship("coop", "souk", &[(&lot, quantity)]).ok()?;
        let ship = self.goods.last("coop");
        self.goods.receive("souk", &ship, &[(&lot, quantity, 0, 0)]).ok()?;
        Some((ship, lot))
    }

    /// The buyer confirms a price that the seller did not state.
    fn other_terms(&mut self) -> Result<u64, Refusal> {
        let quantity = 2 + self.dice.below(20);
        let Some((ship, lot)) = self.sold(quantity) else { return self.pay() };
        let claim = super::super::money::price(&self.goods, &ship, "souk", quantity);
        let claim = PricePaid { lot: key(&lot), ..claim };
        let stated = self.goods.pay("coop", &claim)?;
        let confirms = Some(self.goods.id_at(stated));
        let mut other = PricePaid { confirms, ..claim };
        match self.dice.below(3) {
            0 => other.quantity -= 1,
            1 => other.scheme = "bio-maroc".into(),
            _ => other.basis = PriceBasis::Delivered,
        }
        self.goods.pay("souk", &other)
    }

    fn extract_too_much(&mut self) -> Result<u64, Refusal> {
        let quantity = 2 + self.dice.below(20);
        let Some((ship, lot)) = self.sold(quantity) else { return self.pay() };
        let serial = self.serial;
        let filled = self.goods.balance(&lot).filled;
        self.goods.certify(serial, &lot, filled, "fairtrade")?;
        self.serial += 1;
        let quantity = quantity + 1 + self.dice.below(filled);
        let claim =
            CertificateExtract { certificate: serial, consignment: ship, lot: key(&lot), quantity };
        self.goods.say("coop", |draft| claim.draft(draft))
    }

    fn certify_with(
        &mut self,
        lot: &str,
        quantity: u64,
        model: CustodyModel,
        rests_on: Option<Word>,
    ) -> Result<u64, Refusal> {
        let scheme = "fairtrade";
        let claim = self.goods.certificate(self.serial, lot, quantity, scheme, model, rests_on);
        let done = self.goods.say("atlas", |draft| claim.draft(draft));
        self.serial += u64::from(done.is_ok());
        done
    }

    fn certify_resting_on_nothing(&mut self) -> Result<u64, Refusal> {
        let lot = *self.dice.one(&KERNELS);
        let other = self.goods.world.domain.certificate_id(1_000 + self.dice.below(900));
        let rests_on = (self.dice.below(2) == 0).then(|| Word::new(&other));
        self.certify_with(lot, 1, CustodyModel::MassBalance, rests_on)
    }

    /// All of a harvest, by a certificate of its producer for a gram of it.
    fn certify_beyond_volume(&mut self) -> Result<u64, Refusal> {
        let fruit = 1 + self.dice.below(9);
        self.goods.certify_coop("fairtrade", fruit)?;
        let (serial, _) = self.goods.operators["fairtrade"];
        let rests_on = Some(Word::new(&self.goods.world.domain.certificate_id(serial)));
        let lot = *self.dice.one(&KERNELS);
        let filled = self.goods.balance(lot).filled.max(1);
        self.certify_with(lot, filled, CustodyModel::MassBalance, rests_on)
    }

    fn certify_beyond_cover(&mut self, lot: &str) -> Result<u64, Refusal> {
        let filled = self.goods.balance(lot).filled.max(1);
        let rests_on = self.goods.rests_on(lot, filled, "fairtrade");
        self.certify_with(lot, filled, CustodyModel::MassBalance, rests_on)
    }

    fn certify_beyond(&mut self, lot: &str, more: u64) -> Result<u64, Refusal> {
        let filled = self.goods.balance(lot).filled;
        let rests_on = self.goods.rests_on(lot, filled, "fairtrade");
        self.certify_with(lot, filled + more, CustodyModel::MassBalance, rests_on)
    }

    /// Two lots of kernels become one lot that claims to be of one.
    fn certify_stronger(&mut self, lot: &str) -> Result<u64, Refusal> {
        let has = |lot: &str| self.goods.holding(lot, "coop").free > 0;
        let two: Vec<&str> = KERNELS.into_iter().filter(|lot| has(lot)).take(2).collect();
        let lot = match two[..] {
            [one, other] => {
                for kernels in [one, other] {
                    let filled = self.goods.balance(kernels).filled;
                    let rests_on = self.goods.rests_on(kernels, filled, "fairtrade");
                    let mass = CustodyModel::MassBalance;
                    let _tried = self.certify_with(kernels, filled, mass, rests_on);
                }
                let made = self.derived("argan-kernels");
                let done = self.goods.make("group", &[(one, 1), (other, 1)], &[(&made, 2)]);
                self.keep("coop", &done);
                made
            }
            _ => lot.to_owned(),
        };
        let rests_on = self.goods.rests_on(&lot, 1, "fairtrade");
        self.certify_with(&lot, 1, CustodyModel::IdentityPreserved, rests_on)
    }

    fn sell_recalled(&mut self) -> Result<u64, Refusal> {
        let lot = *self.dice.one(&KERNELS);
        let _told = self.goods.change("coop", lot, StatusAction::Recall);
        self.goods.out("coop", &[(lot, 1)])
    }

    fn label_all(&mut self, lot: &str) -> Result<u64, Refusal> {
        let count = self.goods.balance(lot).filled + 1 + self.dice.below(9);
        self.goods.label(lot, u32::try_from(count).unwrap())
    }

    /// A press makes a lot of `coop` of kernels that were sold to it.
    fn make_for_another(&mut self, some: u64) -> Result<u64, Refusal> {
        let lot = self.dice.one(&self.lots).clone();
        let purpose = *self.dice.one(&[ShipPurpose::Sale, ShipPurpose::Processing]);
        self.goods.ship_for("coop", "moulin", &[(&lot, some)], purpose)?;
        let ship = self.goods.last("coop");
        self.goods.receive("moulin", &ship, &[(&lot, some, 0, 0)])?;
        let made = self.derived("argan-kernels");
        let more = self.dice.below(2);
        let done = self.goods.make_as("moulin", "group", &[(&lot, some)], &[(&made, some)]);
        self.keep("moulin", &done);
        match more {
            0 => done,
            _ => self.goods.make_as("moulin", "group", &[(&lot, 1)], &[(&made, 1)]),
        }
    }

    /// A shipment is answered by another, or with a gram more or less, or of another lot.
    fn answer_wrongly(&mut self) -> Result<u64, Refusal> {
        if self.sent.is_empty() {
            return self.undo_twice();
        }
        let (of, mut who, parts) = self.dice.one(&self.sent).clone();
        let mut answers: Vec<(String, u64, u64, u64)> =
            parts.into_iter().map(|(lot, quantity)| (lot, quantity, 0, 0)).collect();
        match self.dice.below(4) {
            0 => who = *self.dice.one(&HOLDERS),
            1 => answers[0].1 += 1,
            2 => answers[0].2 = 1 + self.dice.below(9),
            _ => answers[0].0 = self.dice.one(&self.lots).clone(),
        }
        answers.sort_unstable();
        answers.dedup_by(|one, other| one.0 == other.0);
        let told: Vec<_> =
            answers.iter().map(|(lot, a, r, m)| (lot.as_str(), *a, *r, *m)).collect();
        let done = self.goods.receive(who, &of, &told);
        self.keep(who, &done);
        done
    }

    fn overfill(&mut self) -> Result<u64, Refusal> {
        let number = format!("O{}", self.lots.len());
        let declared = 1 + self.dice.below(20);
        let mut claim = self.goods.lot("coop", &number, "argan-kernels", declared);
        claim.facts.origin = Some(LotOrigin::Derived);
        self.goods.say("coop", |draft| claim.draft(draft))?;
        let made = format!("coop/{number}");
        self.lots.push(made.clone());
        let (from, more) = (self.dice.one(&self.lots).clone(), declared + self.dice.below(3));
        let done = self.goods.make("split", &[(&from, more)], &[(&made, more)]);
        self.keep("coop", &done);
        done
    }

    /// A gram more comes out than went in.
    fn out_of_nothing(&mut self) -> Result<u64, Refusal> {
        let (lot, made) = (*self.dice.one(&KERNELS), self.derived("argan-kernels"));
        let some = self.goods.holding(lot, "coop").free.clamp(1, 2_000);
        let more = some + self.dice.below(3);
        let done = self.goods.make("split", &[(lot, some)], &[(&made, more)]);
        self.keep("coop", &done);
        done
    }

    fn refill(&mut self, who: &str, lot: &str) -> Result<u64, Refusal> {
        let Some(name) = self.units.last().cloned() else { return self.pack(who, lot, 1) };
        let owner = name.split_once('/').unwrap().0;
        let what = Packing { unit: unit(&name), lots: lines(&[(lot, 1)]), units: vec![] };
        let done = self.goods.event_as(owner, EventKind::Pack(what));
        self.keep(owner, &done);
        done
    }

    fn undo_twice(&mut self) -> Result<u64, Refusal> {
        let done = self.undo();
        match (done, self.events.last().cloned()) {
            (Ok(_), Some(of)) => self.goods.undo(of.issuer.as_str(), Undone::Event(of.clone())),
            (done, _) => done,
        }
    }

    /// Eighteen digits as a unit: the last one is right for one in ten.
    fn sscc(&mut self, who: &str, lot: &str) -> Result<u64, Refusal> {
        let digits: Vec<u64> = (0..18).map(|_| self.dice.below(10)).collect();
        let weighed = digits.iter().take(17).enumerate();
        let sum: u64 = weighed.map(|(at, it)| it * if at % 2 == 0 { 3 } else { 1 }).sum();
        let right = digits[17] == (10 - sum % 10) % 10;
        let text: String = digits.iter().map(u64::to_string).collect();
        let named = format!("https://{}/00/{text}", crate::world::HOST);
        let change = |subject: &mut Value| subject["unit"] = named.into();
        let what = Packing { unit: unit("coop/X"), lots: lines(&[(lot, 1)]), units: vec![] };
        match self.read(who, EventKind::Pack(what), change) {
            Ok(bytes) => {
                assert!(right, "{text}");
                let done = self.goods.world.log_bytes(&bytes);
                self.goods.count(&done);
                done
            }
            Err(code) => {
                assert!(!right && code == "sscc_check_digit", "{text}: {code}");
                self.wrong_unit()
            }
        }
    }

    /// An event with one change, as bytes that a reader takes; else the code.
    fn read(
        &mut self,
        who: &str,
        kind: EventKind,
        change: impl FnOnce(&mut Value),
    ) -> Result<Vec<u8>, &'static str> {
        let name = self.goods.next_name();
        let mut unsigned = self.goods.event(name, kind).draft(&self.goods.world.draft(who));
        change(&mut unsigned["credentialSubject"]);
        let bytes = self.goods.signed(who, &unsigned);
        match Statement::parse(&bytes, &self.goods.world.domain) {
            Ok(_) => Ok(bytes),
            Err(fault) => {
                *self.goods.told.entry(fault.code()).or_default() += 1;
                Err(fault.code())
            }
        }
    }

    /// A quantity that no event may have.
    fn number_of_quantity(&mut self, who: &str, lot: &str) -> Result<u64, Refusal> {
        let far = i64::try_from(self.dice.below(1 << 40)).unwrap();
        let number = *self.dice.one(&[0, -1 - far, (1 << 53) + far, i64::MAX, 1 << 53]);
        let change = |subject: &mut Value| subject["lots"][0]["quantity"] = number.into();
        let what = Outgoing { channel: Channel::Retail, lots: lines(&[(lot, 1)]) };
        let read = self.read(who, EventKind::Out(what), change);
        assert!(matches!(read, Err("quantity_range" | "number_range")), "{number}: {read:?}");
        self.wrong_unit()
    }

    /// A quantity in a cell, read digit by digit, against the same in thousandths.
    fn text_of_quantity(&mut self) -> Result<u64, Refusal> {
        const MOST: i128 = (1 << 53) - 1;
        let unit = *self.dice.one(&["", " g", " kg", " t", " mL", " L", " pieces"]);
        let thousandths = match unit {
            " kg" | " L" => 1_000,
            " t" => 1_000_000,
            _ => 1,
        };
        let places = usize::try_from(self.dice.below(8)).unwrap();
        let whole = *self.dice.one(&[0, self.dice_number(), 9_007_199_254_740_991, 7]);
        let part = self.dice.below(10_u64.pow(u32::try_from(places).unwrap()));
        let minus = if self.dice.below(9) == 0 { "-" } else { "" };
        let text = match places {
            0 => format!("{minus}{whole}{unit}"),
            _ => format!("{minus}{whole}.{part:0places$}{unit}"),
        };
        let scale = 10_i128.pow(u32::try_from(places).unwrap());
        let all = (i128::from(whole) * scale + i128::from(part)) * thousandths;
        let fine = places > 0 && scale > thousandths;
        let expected = match (fine, all / scale) {
            (true, _) => Err("quantity_not_whole"),
            (false, exact) if minus.is_empty() && (1..=MOST).contains(&exact) => {
                Ok(u64::try_from(exact).unwrap())
            }
            _ => Err("quantity_range"),
        };
        let read = Quantity::parse(&text).map(|it| it.smallest).map_err(|fault| fault.code());
        assert_eq!(read, expected, "{text:?}");
        if let Err(code) = read {
            *self.goods.told.entry(code).or_default() += 1;
        }
        self.wrong_unit()
    }

    fn dice_number(&self) -> u64 {
        self.goods.world.register.size() * 7_919
    }
}
