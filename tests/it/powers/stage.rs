//! A small ledger under edition 2 with a party of every role, as a register without a log. Oil is
//! not traced there, so that a lot of it is what it was before; kernels are.

use serde_json::Value;
use tasdiq::catalog::Catalog;
use tasdiq::names::{LotKey, PartySlug};
use tasdiq::register::{Actor, Power, Refusal, Register, Target};
use tasdiq::seal::{LogPosition, Signer as _, SoftKey, seal};
use tasdiq::statement::{
    Accreditation, Agreement, Capacity, CertificateClaim, CertificateFacts, Day, Domain, Draft,
    GoodsRules, KeyChange, KeyEvent, KeyPurpose, LabelIssue, LotDeclaration, LotOrigin, NewKey,
    OperatorCertificate, OperatorFacts, Reason, Registration, Role, Rulebook, Scope, Statement,
    StatusAction, StatusChange, StatusTarget, Timestamp, TracedFrom,
};

pub use crate::world::slug;
use crate::world::{key, new_key, of_oil, oil, party};

/// The edition whose powers are tried: goods.
const EDITION: u32 = 2;

pub const HOST: &str = "ledger.example";

/// Actors that are parties, with their role and slug.
pub const ROLES: [(Actor, Role, &str); 8] = [
    (Actor::Certifier, Role::Certifier, "certifier"),
    (Actor::Cooperative, Role::Cooperative, "cooperative"),
    (Actor::Shop, Role::Shop, "shop"),
    (Actor::Carrier, Role::Carrier, "carrier"),
    (Actor::Laboratory, Role::Laboratory, "laboratory"),
    (Actor::Inspector, Role::Inspector, "inspector"),
    (Actor::Processor, Role::Processor, "processor"),
    (Actor::Exporter, Role::Exporter, "exporter"),
];

/// Whether goods can be with an actor.
pub fn holds(actor: Actor) -> bool {
    use Actor::{Carrier, Cooperative, Exporter, Processor, Shop};
    matches!(actor, Cooperative | Shop | Carrier | Processor | Exporter)
}

/// Whether an actor can stand to a target as a row says; else the pair is `-` in the file.
pub fn can_stand_so(actor: Actor, row: &Power) -> bool {
    use tasdiq::register::Act;
    let party = !actor.is_authority();
    match (row.act, row.target) {
        (Act::Settle | Act::ObserveGoods, target) => {
            actor != Actor::Service && holds(actor) == (target == Target::Own)
        }
        (Act::Undo, Target::Own) => party,
        (Act::DrawExtract, Target::Own) => holds(actor),
        (Act::InspectLot, _) => actor == Actor::Inspector,
        (Act::HoldLot, Target::Other) => !matches!(actor, Actor::Inspector | Actor::Service),
        (Act::HoldLot | Act::RecallLot, Target::Own) => actor == Actor::Cooperative,
        (Act::Agree | Act::GrantNumbers, Target::Own) => party,
        (Act::SuspendCertificate | Act::WithdrawCertificate, Target::Own) => {
            actor == Actor::Certifier
        }
        (Act::Void, Target::Own) => {
            matches!(actor, Actor::Certifier | Actor::Cooperative | Actor::Root | Actor::Registrar)
        }
        (_, Target::Certified) => actor == Actor::Certifier,
        (Act::ReleaseLot, Target::LaidBySelf) => {
            matches!(actor, Actor::Certifier | Actor::Cooperative | Actor::Inspector)
        }
        (_, Target::LaidBySelf) => actor == Actor::Certifier,
        // A service key signs nothing else, whatever the table says.
        _ => actor != Actor::Service,
    }
}

#[derive(Clone)]
pub struct Stage {
    pub register: Register,
    pub domain: &'static Domain,
    pub now: Timestamp,
    /// The table that a try is judged by; what comes before it is judged by the real one.
    pub table: &'static [Power],
    key: std::sync::Arc<SoftKey>,
}

/// A public key that nobody else has.
pub fn public(number: u8) -> [u8; 32] {
    key(number).public()
}

impl Stage {
    pub fn new(table: &'static [Power]) -> Self {
        let domain: &'static Domain = Box::leak(Box::new(Domain::parse(HOST).unwrap()));
        let catalog = Catalog::builtin().unwrap();
        let register = Register::new(domain.clone(), public(1), catalog).knowing(EDITION);
        let now = Timestamp::parse("2026-06-01T08:00:00Z").unwrap();
        let mut stage = Self { register, domain, now, table, key: key(99).into() };
        stage.root(stage.registration("authority", Role::Authority));
        for (name, number, purpose) in [
            ("registrar-1", 2, KeyPurpose::Assertion),
            ("registrar-2", 3, KeyPurpose::Assertion),
            ("service-1", 4, KeyPurpose::Service),
            ("label-1", 5, KeyPurpose::Label),
        ] {
            let key = stage.new_key("authority", name, number, purpose);
            stage.root(key);
        }
        let goods = GoodsRules {
            traced_from: vec![TracedFrom {
                material: "argane".into(),
                at: Timestamp::parse("2030-01-01T00:00:00Z").unwrap(),
            }],
            ..GoodsRules::default()
        };
        let rulebook = Rulebook { goods, ..Rulebook::plain(1, EDITION) };
        stage.root(rulebook.draft(&stage.draft("authority")));
        let others = [(Role::Certifier, "atlas"), (Role::Cooperative, "coop")];
        let parties = ROLES.iter().map(|(_, role, slug)| (*role, *slug)).chain(others);
        for (place, (role, who)) in parties.enumerate() {
            let number = u8::try_from(place).unwrap();
            let registration = stage.registration(who, role);
            stage.root(registration);
            let key = stage.new_key(who, "key-1", 10 + number, KeyPurpose::Assertion);
            stage.root(key);
            let key = stage.new_key(who, "key-2", 30 + number, KeyPurpose::Assertion);
            stage.root(key);
        }
        for who in ["certifier", "atlas"] {
            let accreditation = stage.accreditation(who);
            stage.root(accreditation);
            for client in ["cooperative", "coop"] {
                let agreement = stage.agreement(client, who, true);
                stage.root(agreement);
            }
        }
        stage
    }

    /// The same, tries judged by another table.
    pub fn judged_by(&self, table: &'static [Power]) -> Self {
        Self { table, ..self.clone() }
    }

    pub fn draft(&self, who: &str) -> Draft<'static> {
        let issuer: &'static PartySlug = Box::leak(Box::new(slug(who)));
        let party = self.register.party(issuer);
        let name = party.map_or_else(|| name(who), |party| party.registration.name.clone());
        Draft {
            domain: self.domain,
            id: String::new(),
            issuer,
            issuer_name: Box::leak(name.into_boxed_str()),
            valid_from: self.now,
            valid_until: None,
        }
    }

    /// Folds a statement a second later under the key's name; nobody looks at its signature here.
    pub fn try_log(&mut self, unsigned: &Value, by: &str) -> Result<u64, Refusal> {
        self.now = self.now.plus_seconds(1);
        let (who, key) = by.split_once('#').unwrap();
        let method = format!("{}#{key}", self.domain.did(&slug(who)));
        let bytes = seal(unsigned, &method, self.now, &*self.key).unwrap();
        let statement = Statement::parse(&bytes, self.domain).unwrap();
        let mark = LogPosition { index: self.register.size(), logged_at: self.now };
        self.register.fold(&statement, mark).map(|()| mark.index)
    }

    pub fn log(&mut self, unsigned: Value, by: &str) -> u64 {
        self.try_log(&unsigned, by).unwrap_or_else(|refusal| unreachable!("{unsigned}: {refusal}"))
    }

    pub fn root(&mut self, unsigned: Value) -> u64 {
        self.log(unsigned, "authority#root")
    }

    pub fn registration(&self, who: &str, role: Role) -> Value {
        let place = who.bytes().map(u32::from).sum::<u32>() % 1_000;
        let authority = role == Role::Authority;
        let claim = Registration {
            role,
            region: (!authority).then(|| "MA-09".to_owned()),
            capacities: ["argane", "argan-kernels"]
                .into_iter()
                .filter(|_| role == Role::Cooperative)
                .map(|product| Capacity {
                    product: product.into(),
                    campaign: "2026".into(),
                    quantity: 1_000_000,
                })
                .collect(),
            gtin_prefixes: if authority { vec![] } else { vec![format!("95210{place:04}")] },
            ..party(who)
        };
        claim.draft(&self.draft("authority"))
    }

    pub fn new_key(&self, who: &str, name: &str, number: u8, purpose: KeyPurpose) -> Value {
        self.key_draft("authority", who, name, number, purpose)
    }

    pub fn key_draft(
        &self,
        by: &str,
        who: &str,
        name: &str,
        number: u8,
        purpose: KeyPurpose,
    ) -> Value {
        let label = purpose == KeyPurpose::Label && who != "authority";
        let event = KeyEvent::Added(NewKey {
            schemes: if label { vec!["bio-maroc".into()] } else { vec![] },
            not_after: label.then(|| Timestamp::parse("2027-05-01T00:00:00Z").unwrap()),
            parties: if label { vec![slug("coop")] } else { vec![] },
            ..new_key(public(number), purpose)
        });
        self.key_event(by, who, name, event)
    }

    pub fn key_event(&self, by: &str, who: &str, name: &str, event: KeyEvent) -> Value {
        let party = slug(who);
        let verification_method = format!("{}#{name}", self.domain.did(&party));
        KeyChange { party, verification_method, event }.draft(&self.draft(by))
    }

    pub fn accreditation(&self, who: &str) -> Value {
        let set = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        let claim = Accreditation {
            party: slug(who),
            name: name(who),
            registered_id: "FICTIF-ACC".into(),
            registered_on: Day::parse("2026-01-01").unwrap(),
            scope: Scope {
                schemes: set(&["bio-maroc", "fairtrade"]),
                products: set(&["argane", "argan-kernels"]),
                regions: set(&["MA-09"]),
            },
            valid_from: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2027-12-31T23:59:59Z").unwrap(),
        };
        claim.draft(&self.draft("authority"))
    }

    pub fn agreement(&self, client: &str, certifier: &str, on_paper: bool) -> Value {
        let claim = Agreement {
            client: slug(client),
            certifier: slug(certifier),
            schemes: ["bio-maroc".to_owned(), "fairtrade".to_owned()].into(),
            from: Day::parse("2026-01-01").unwrap(),
            until: Day::parse("2028-12-31").unwrap(),
            on_paper,
        };
        claim.draft(&self.draft(if on_paper { "authority" } else { client }))
    }

    pub fn lot(&self, producer: &str, number: &str, litres: u64) -> LotDeclaration {
        oil(&format!("{producer}/{number}"), litres * 1_000)
    }

    /// 10 kg of kernels, cracked at home or to be filled today.
    pub fn kernels(&self, producer: &str, number: &str, primary: bool) -> LotDeclaration {
        let mut claim = self.lot(producer, number, 10);
        (claim.name, claim.hs_code) = ("Amandons d'argan".into(), "120799".into());
        claim.facts.product = "argan-kernels".into();
        claim.facts.unit = "GRM".into();
        claim.packed_on = self.now.day();
        claim.facts.origin = primary.then_some(LotOrigin::Primary);
        claim
    }

    pub fn declare(&mut self, producer: &str, number: &str, litres: u64) -> LotKey {
        let claim = self.lot(producer, number, litres);
        self.log(claim.draft(&self.draft(producer)), &format!("{producer}#key-1"));
        claim.lot
    }

    /// A certificate over a whole lot under `bio-maroc`, not logged.
    pub fn certificate(&self, certifier: &str, lot: &LotKey) -> Value {
        let known = self.register.lot(lot).unwrap();
        let party = self.register.party(&slug(certifier));
        let given = party.and_then(|party| party.accreditations.first());
        let scheme = self.register.catalog().scheme("bio-maroc").unwrap();
        let claim = CertificateClaim {
            serial: self.register.next_serial(),
            client: known.record.producer.clone(),
            client_name: name(known.record.producer.as_str()).as_str().into(),
            scheme: "bio-maroc".into(),
            scheme_name: scheme.name_en.as_str().into(),
            lot: lot.clone(),
            accreditation: given.map(|given| given.id.as_str()).unwrap_or_default().into(),
            valid_from: Timestamp::parse("2026-05-21T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2027-05-31T23:59:59Z").unwrap(),
            assessed_on: Day::parse("2026-05-21").unwrap(),
            facts: CertificateFacts {
                decision_date: Day::parse("2026-05-21").unwrap(),
                scheme_edition: "2025".into(),
                ..of_oil(known.record.quantity)
            },
        };
        claim.draft(&self.draft(certifier))
    }

    /// A certificate of the cooperative `coop` under `bio-maroc`, not logged.
    pub fn operator(&self, certifier: &str) -> Value {
        let party = self.register.party(&slug(certifier));
        let given = party.and_then(|party| party.accreditations.first());
        let scheme = self.register.catalog().scheme("bio-maroc").unwrap();
        let claim = OperatorCertificate {
            serial: self.register.next_serial(),
            party: slug("coop"),
            party_name: name("coop").as_str().into(),
            scheme: "bio-maroc".into(),
            scheme_name: scheme.name_en.as_str().into(),
            accreditation: given.map(|given| given.id.as_str()).unwrap_or_default().into(),
            valid_from: Timestamp::parse("2026-05-21T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2027-05-31T23:59:59Z").unwrap(),
            assessed_on: Day::parse("2026-05-21").unwrap(),
            facts: OperatorFacts {
                materials: vec!["argane".to_owned()],
                regions: vec!["MA-09".to_owned()],
                decision_date: Day::parse("2026-05-21").unwrap(),
                scheme_edition: "2025".into(),
                volumes: vec![],
                not_covered: vec![],
            },
        };
        claim.draft(&self.draft(certifier))
    }

    /// A declared and certified lot; gives its key and the certificate's serial.
    pub fn certified(&mut self, producer: &str, certifier: &str) -> (LotKey, u64) {
        let number = format!("L{}", self.register.size());
        let lot = self.declare(producer, &number, 10);
        let serial = self.register.next_serial();
        self.log(self.certificate(certifier, &lot), &format!("{certifier}#key-1"));
        (lot, serial)
    }

    pub fn change(&self, by: &str, target: StatusTarget, action: StatusAction) -> Value {
        let claim = StatusChange {
            target,
            action,
            reason: Reason::LabResult,
            effective_from: self.now,
            notice: Default::default(),
            return_to: None,
            lifts: Vec::new(),
        };
        claim.draft(&self.draft(by))
    }

    pub fn label_issue(&self, by: &str, lot: &LotKey) -> Value {
        let claim = LabelIssue {
            lot: lot.clone(),
            count: 20,
            verification_method: format!("{}#label-1", self.domain.did(&slug("authority"))),
        };
        claim.draft(&self.draft(by))
    }

    /// Suspends a party as a whole.
    pub fn bar(&mut self, who: &str) {
        let target = StatusTarget::Party(slug(who));
        let change = self.change("authority", target, StatusAction::Suspend);
        self.log(change, "authority#registrar-1");
    }
}

pub fn lot_key(producer: &str, number: &str) -> LotKey {
    format!("{producer}/{number}").parse().unwrap()
}

pub fn name(who: &str) -> String {
    party(who).name
}
