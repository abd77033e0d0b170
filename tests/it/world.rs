//! A register in memory with an authority, a certifier and a cooperative, and short ways to make
//! signed statements: for tests of rules and verdicts that need no store and no service.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::Value;
use tasdiq::catalog::{Catalog, SchemeKind};
use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::log::{
    Checkpoint, Note, NoteAlgorithm, NoteKey, Tree, cosign, encode_leaf, genesis_prev, leaf_hash,
    sign_note,
};
use tasdiq::names::{PartySlug, Word};
use tasdiq::pack::{Sealing, seal_pack};
use tasdiq::register::{Refusal, Register};
use tasdiq::seal::{LogPosition, Signer, SoftKey, seal};
use tasdiq::statement::*;
use tasdiq::trust::Trust;

/// The ledger's host in these tests.
pub const HOST: &str = "ledger.example";

/// The number of the witness's key.
pub const WITNESS: u8 = 250;

/// A register and the keys of its parties.
#[derive(Clone)]
pub struct World {
    pub domain: Domain,
    pub register: Register,
    pub now: Timestamp,
    pub leaves: Vec<Vec<u8>>,
    /// The log time of each.
    pub times: Vec<Timestamp>,
    count: std::cell::Cell<u32>,
}

/// A value of a text that lives as long as the tests do, made once: there are few of each kind.
fn kept<T: Send + Sync + 'static>(text: &str, make: impl FnOnce(&str) -> T) -> &'static T {
    static KEPT: Mutex<BTreeMap<(TypeId, String), &'static (dyn Any + Send + Sync)>> =
        Mutex::new(BTreeMap::new());
    let mut all = KEPT.lock().unwrap();
    let one = all.entry((TypeId::of::<T>(), text.to_owned()));
    one.or_insert_with(|| Box::leak(Box::new(make(text)))).downcast_ref().unwrap()
}

/// The key of a party in this world, by a number of its own.
pub fn key(number: u8) -> SoftKey {
    SoftKey::from_secret(&[number; 32])
}

pub fn slug(text: &str) -> PartySlug {
    PartySlug::parse(text).unwrap()
}

impl World {
    /// An authority with root (key 1), registrar (2), service (3), label key (4), log key (5); the
    /// next root is key 101.
    pub fn founded() -> Self {
        let domain = Domain::parse(HOST).unwrap();
        let catalog = Catalog::builtin().unwrap();
        let register = Register::new(domain.clone(), key(1).public(), catalog);
        let now = Timestamp::parse("2026-06-01T08:00:00Z").unwrap();
        let mut world = Self {
            domain,
            register,
            now,
            leaves: vec![],
            times: vec![],
            count: Default::default(),
        };
        let successor = commitment_text(&root_commitment(&key(101).public()));
        let authority = Registration {
            role: Role::Authority,
            successor: Some(successor),
            ..party("authority")
        };
        world.log(authority.draft(&world.draft("authority")), "authority#root", 1).unwrap();
        let keys = [
            ("registrar-1", 2, KeyPurpose::Assertion),
            ("service-1", 3, KeyPurpose::Service),
            ("label-1", 4, KeyPurpose::Label),
            ("log-1", 5, KeyPurpose::Log),
        ];
        for (name, number, purpose) in keys {
            let change = world.new_key("authority", name, number, purpose);
            world.log(change.draft(&world.draft("authority")), "authority#root", 1).unwrap();
        }
        world
    }

    /// Founded, with certifier `atlas` (key 10, argan and saffron in MA-09 under two schemes, until
    /// the end of 2027) and cooperative `coop` (key 20, 1,000 L of argan oil capacity in 2026).
    pub fn peopled() -> Self {
        let mut world = Self::founded();
        let certifier = Registration { role: Role::Certifier, ..party("atlas") };
        let capacity =
            Capacity { product: "argane".into(), campaign: "2026".into(), quantity: 1_000_000 };
        let coop = Registration { capacities: vec![capacity], ..party("coop") };
        world.by_registrar(certifier.draft(&world.draft("authority"))).unwrap();
        world.by_registrar(coop.draft(&world.draft("authority"))).unwrap();
        for (who, number) in [("atlas", 10), ("coop", 20)] {
            let change = world.new_key(who, "key-1", number, KeyPurpose::Assertion);
            world.by_registrar(change.draft(&world.draft("authority"))).unwrap();
        }
        let accreditation = world.accreditation();
        world.by_registrar(accreditation.draft(&world.draft("authority"))).unwrap();
        world
    }

    pub fn accreditation(&self) -> Accreditation {
        let set = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        Accreditation {
            party: slug("atlas"),
            name: "Certificateur fictif Atlas".into(),
            registered_id: "FICTIF-ACC-1".into(),
            registered_on: Day::parse("2026-01-01").unwrap(),
            scope: Scope {
                schemes: set(&["bio-maroc", "fairtrade"]),
                products: set(&["argane", "safran-taliouine"]),
                regions: set(&["MA-09"]),
            },
            valid_from: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2027-12-31T23:59:59Z").unwrap(),
        }
    }

    pub fn new_key(&self, who: &str, name: &str, number: u8, purpose: KeyPurpose) -> KeyChange {
        KeyChange {
            party: slug(who),
            verification_method: self.method(&format!("{who}#{name}")),
            event: KeyEvent::Added(new_key(key(number).public(), purpose)),
        }
    }

    /// `party#name` as a key's full name.
    pub fn method(&self, short: &str) -> String {
        let (who, name) = short.split_once('#').unwrap();
        format!("{}#{name}", self.domain.did(&slug(who)))
    }

    /// An envelope issued by `who`, with an id of its own; under edition 1 with the id its content
    /// makes and the name the register has.
    pub fn draft(&self, who: &str) -> Draft<'static> {
        self.count.set(self.count.get() + 1);
        let domain = kept(HOST, |host| Domain::parse(host).unwrap());
        assert_eq!(domain, &self.domain);
        let issuer = kept(who, slug);
        let first = self.register.edition() == 0;
        let known = self.register.party(issuer).filter(|_| !first);
        let name = known.map_or("Partie fictive".to_owned(), |it| it.registration.name.clone());
        let id = self.domain.url(&format!("statements/{}", self.count.get()));
        Draft {
            domain,
            id: if first { id } else { String::new() },
            issuer,
            issuer_name: kept(&name, str::to_owned),
            valid_from: self.now,
            valid_until: None,
        }
    }

    /// [`Self::peopled`] under the newest rules, with an agreement of `coop` with `atlas`.
    pub fn newest() -> Self {
        let mut world = Self::peopled();
        world.raise(1);
        world.agree("atlas", "coop", &["bio-maroc", "fairtrade"]);
        world
    }

    /// The next version of the rulebook, with this edition.
    pub fn raise(&mut self, edition: u32) {
        let version = self.register.rulebook().map_or(1, |state| state.version + 1);
        let unsigned = Rulebook::plain(version, edition).draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
    }

    /// An agreement from paper, from today on for three years.
    pub fn agree(&mut self, certifier: &str, client: &str, schemes: &[&str]) {
        let claim = self.agreement(certifier, client, schemes);
        let unsigned = claim.draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
    }

    pub fn agreement(&self, certifier: &str, client: &str, schemes: &[&str]) -> Agreement {
        let from = self.now.day();
        Agreement {
            client: slug(client),
            certifier: slug(certifier),
            schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
            from,
            until: from.plus_months(36).unwrap(),
            on_paper: true,
        }
    }

    /// A party with this role and one key; certifiers are accredited like `atlas`.
    pub fn join(&mut self, role: Role, who: &str, number: u8) {
        let registration = Registration { role, ..party(who) };
        let unsigned = registration.draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
        let change = self.new_key(who, "key-1", number, KeyPurpose::Assertion);
        let unsigned = change.draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
        if role == Role::Certifier {
            let given = Accreditation { party: slug(who), ..self.accreditation() };
            let unsigned = given.draft(&self.draft("authority"));
            self.by_registrar(unsigned).unwrap();
        }
    }

    /// Signs and folds a statement a second later; `short` is `party#key`.
    pub fn log(&mut self, unsigned: Value, short: &str, number: u8) -> Result<u64, Refusal> {
        self.now = self.now.plus_seconds(1);
        let bytes = seal(&unsigned, &self.method(short), self.now, &key(number)).unwrap();
        self.log_bytes(&bytes)
    }

    pub fn log_bytes(&mut self, bytes: &[u8]) -> Result<u64, Refusal> {
        let statement = Statement::parse(bytes, &self.domain).unwrap();
        let mark = LogPosition { index: self.register.size(), logged_at: self.now };
        self.register.fold(&statement, mark)?;
        self.leaves.push(bytes.to_vec());
        self.times.push(self.now);
        Ok(mark.index)
    }

    pub fn by_registrar(&mut self, unsigned: Value) -> Result<u64, Refusal> {
        self.log(unsigned, "authority#registrar-1", 2)
    }

    pub fn by_certifier(&mut self, unsigned: Value) -> Result<u64, Refusal> {
        self.log(unsigned, "atlas#key-1", 10)
    }

    /// A lot of `litres` of argan oil.
    pub fn lot(&self, number: &str, litres: u64) -> LotDeclaration {
        oil(&format!("coop/{number}"), litres * 1_000)
    }

    pub fn declare(&mut self, number: &str, litres: u64) -> Result<u64, Refusal> {
        let unsigned = self.lot(number, litres).draft(&self.draft("coop"));
        self.log(unsigned, "coop#key-1", 20)
    }

    /// A certificate of `litres` of a lot under a scheme, a year from June 2026.
    pub fn certificate(
        &self,
        serial: u64,
        number: &str,
        litres: u64,
        scheme: &str,
    ) -> CertificateClaim {
        let party = self.register.party(&slug("atlas")).unwrap();
        let known = self.register.catalog().scheme(scheme);
        let known = known.filter(|_| self.register.edition() > 0);
        let client = self.register.party(&slug("coop")).filter(|_| known.is_some());
        let client = client.map_or("Coopérative fictive", |it| it.registration.name.as_str());
        CertificateClaim {
            serial,
            client: slug("coop"),
            client_name: client.into(),
            scheme: scheme.into(),
            scheme_name: known.map_or(scheme, |known| known.name_fr.as_str()).into(),
            lot: format!("coop/{number}").parse().unwrap(),
            accreditation: Word::new(&party.accreditations[0].id),
            valid_from: Timestamp::parse("2026-06-01T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2027-05-31T23:59:59Z").unwrap(),
            assessed_on: Day::parse("2026-05-25").unwrap(),
            facts: of_oil(litres * 1_000),
        }
    }

    pub fn certify(
        &mut self,
        serial: u64,
        number: &str,
        litres: u64,
        scheme: &str,
    ) -> Result<u64, Refusal> {
        let claim = self.certificate(serial, number, litres, scheme);
        let unsigned = claim.draft(&self.draft("atlas"));
        self.by_certifier(unsigned)
    }

    pub fn status(
        &mut self,
        target: StatusTarget,
        action: StatusAction,
        short: &str,
        number: u8,
    ) -> Result<u64, Refusal> {
        let change = StatusChange {
            target,
            action,
            reason: Reason::Nonconformity,
            effective_from: self.now,
            notice: Default::default(),
            return_to: None,
            lifts: Vec::new(),
        };
        let who = short.split_once('#').unwrap().0.to_owned();
        let unsigned = change.draft(&self.draft(&who));
        self.log(unsigned, short, number)
    }
}

impl World {
    /// The succession to the root with key 101, whose own successor is key 102; all keys go on.
    pub fn succession(&self) -> RootSuccession {
        let authority = self.register.authority().unwrap();
        let kept = authority.keys.iter().filter(|key| key.purpose != KeyPurpose::Root);
        let kept = kept.map(|key| KeptKey {
            verification_method: key.verification_method.clone(),
            public: key.public,
            purpose: key.purpose,
        });
        RootSuccession {
            verification_method: self.method("authority#root-2"),
            public: key(101).public(),
            successor: root_commitment(&key(102).public()),
            keeps: kept.collect(),
        }
    }

    /// Logs [`Self::succession`].
    pub fn succeed_root(&mut self) {
        let unsigned = self.succession().draft(&self.draft("authority"));
        self.log(unsigned, "authority#root-2", 101).unwrap();
    }

    /// The certifier's first key was stolen before certificate 0; its second confirms that one.
    pub fn compromise_and_confirm(&mut self) {
        let since = self.register.certificate(0).unwrap().record.mark.logged_at;
        let stolen = KeyChange {
            party: slug("atlas"),
            verification_method: self.method("atlas#key-1"),
            event: KeyEvent::Compromised { since, known_at: self.now },
        };
        self.by_registrar(stolen.draft(&self.draft("authority"))).unwrap();
        let second = self.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
        self.by_registrar(second.draft(&self.draft("authority"))).unwrap();
        let claim = Reconfirmation {
            party: slug("atlas"),
            verification_method: self.method("atlas#key-1"),
            serials: SerialRanges::of([0]).pop(),
            entries: Vec::new(),
            voids: Vec::new(),
        };
        self.log(claim.draft(&self.draft("atlas")), "atlas#key-2", 11).unwrap();
    }

    /// The log's verifier key.
    pub fn log_key(&self) -> NoteKey {
        NoteKey::new(&self.domain.origin(), NoteAlgorithm::Ed25519, key(5).public()).unwrap()
    }

    /// The leaves as the log has them: chained, each with its place and time.
    pub fn log_leaves(&self) -> Vec<Vec<u8>> {
        let mut prev = genesis_prev(&self.domain.origin());
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for ((index, statement), at) in (0..).zip(&self.leaves).zip(&self.times) {
            let leaf = encode_leaf(index, *at, &prev, statement);
            prev = leaf_hash(&leaf);
            leaves.push(leaf);
        }
        leaves
    }

    /// The tree over them.
    pub fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        self.log_leaves().iter().for_each(|leaf| tree.append(leaf_hash(leaf)));
        tree
    }

    /// A signed checkpoint over the leaves so far, cosigned by the one witness.
    pub fn checkpoint(&self) -> String {
        let mut note = Note::parse(&self.unwitnessed()).unwrap();
        let sign = |message: &[u8]| key(WITNESS).sign_bytes(message);
        note.signatures.push(cosign(&note.text, &self.witness(), self.now, &sign));
        note.to_string()
    }

    /// A signed checkpoint that no witness has seen.
    pub fn unwitnessed(&self) -> String {
        let tree = self.tree();
        let (origin, size, root) = (self.domain.origin(), tree.size(), tree.root());
        let text = Checkpoint { origin, size, root }.to_text();
        sign_note(&text, &self.log_key(), &|message| key(5).sign_bytes(message))
    }

    fn witness(&self) -> NoteKey {
        let algorithm = NoteAlgorithm::CosignatureV1;
        NoteKey::new("witness.example/w1", algorithm, key(WITNESS).public()).unwrap()
    }

    /// The signed trust snapshot.
    pub fn trust_file(&self) -> Vec<u8> {
        self.trust_signed("authority#service-1", 3)
    }

    /// The trust snapshot, signed by a key of one's choice.
    pub fn trust_signed(&self, short: &str, number: u8) -> Vec<u8> {
        let keys = &self.register.authority().unwrap().keys;
        let indexes = keys.iter().map(|key| usize::try_from(key.added.index).unwrap());
        let founding = indexes.map(|at| serde_json::from_slice(&self.leaves[at]).unwrap());
        let log_key = self.log_key().to_string();
        let checkpoint = self.checkpoint();
        let trust = Trust::of(&self.register, &log_key, &checkpoint, founding.collect(), self.now);
        let policy = format!("log {log_key}\nwitness w1 {}\nquorum w1\n", self.witness());
        let trust = trust.with_witnesses(Some(policy));
        trust.seal(&self.method(short), &key(number)).unwrap()
    }

    /// The signed pack.
    pub fn pack_file(&self) -> Vec<u8> {
        self.pack_signed("authority#service-1", 3)
    }

    /// The pack, signed by a key of one's choice.
    pub fn pack_signed(&self, short: &str, number: u8) -> Vec<u8> {
        let sealing = Sealing {
            checkpoint: &self.checkpoint(),
            trust: &self.trust_file(),
            now: self.now,
            method: &self.method(short),
            signer: &key(number),
        };
        seal_pack(&self.register, &sealing).unwrap()
    }

    /// A label for a lot, pointing at a log index, signed by a key.
    pub fn label(&self, number: &str, index: u64, signer: u8) -> String {
        let signer = key(signer);
        let header = Header {
            key_hint: key_hint(&signer.public()),
            index: u32::try_from(index).unwrap(),
            expiry_day: expiry_day_of(Day::parse("2027-05-31").unwrap()),
            schemes: SchemeBits::of(&[SchemeKind::Organic]),
        };
        let lot = format!("coop/{number}").parse().unwrap();
        Label::sign(HOST, lot, None, header, |message| signer.sign(message)).unwrap().url()
    }
}

/// A registration as a cooperative; change what differs.
pub fn party(who: &str) -> Registration {
    Registration {
        party: slug(who),
        name: format!("Partie fictive {who}"),
        registered_id: "FICTIF-1".into(),
        registered_on: Day::parse("2026-01-01").unwrap(),
        role: Role::Cooperative,
        region: Some("MA-09".into()),
        capacities: vec![],
        successor: None,
        regions: Vec::new(),
        gtin_prefixes: Vec::new(),
        same_name: false,
        contact: None,
        names: Default::default(),
    }
}

/// A key as it is added, within no bounds of its own.
pub fn new_key(public: [u8; 32], purpose: KeyPurpose) -> NewKey {
    NewKey {
        public,
        purpose,
        custody: Custody::Own,
        schemes: vec![],
        not_after: None,
        parties: vec![],
        cosigner: None,
    }
}

/// A lot of so many millilitres of argan oil; change what differs.
pub fn oil(lot: &str, quantity: u64) -> LotDeclaration {
    LotDeclaration {
        lot: lot.parse().unwrap(),
        name: "Huile d'argane".into(),
        hs_code: "151590".into(),
        packed_on: Day::parse("2026-05-20").unwrap(),
        expires_on: None,
        facts: LotFacts {
            product: "argane".into(),
            region: "MA-09".into(),
            quantity,
            unit: "MLT".into(),
            campaign: "2026".into(),
            pack_size: 250,
            origin: None,
            names: Default::default(),
            mandate: None,
        },
    }
}

/// What a certificate says of so many millilitres of argan oil; change what differs.
pub fn of_oil(quantity: u64) -> CertificateFacts {
    CertificateFacts {
        product: "argane".into(),
        hs_code: "151590".into(),
        quantity,
        unit: "MLT".into(),
        decision_date: Day::parse("2026-05-30").unwrap(),
        scheme_edition: "2024".into(),
        custody_model: CustodyModel::Segregated,
        laboratory_reports: vec![],
        not_covered: vec![],
        supersedes: None,
        operator_certificate: None,
    }
}

/// The code of a refusal, `ok` if there is none.
pub fn code(result: Result<u64, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code(), |_| "ok")
}

/// The numbers of the parties' first keys.
const NUMBERS: [(&str, u8); 9] = [
    ("atlas", 10),
    ("rif", 12),
    ("coop", 20),
    ("rival", 21),
    ("souk", 22),
    ("moulin", 23),
    ("route", 24),
    ("inspection", 25),
    ("export", 26),
];

/// Whose name stands in the statement, and the key that signs it.
pub fn signer(who: &str) -> (&str, String, u8) {
    match who {
        "root" => ("authority", "authority#root".to_owned(), 1),
        "registrar" => ("authority", "authority#registrar-1".to_owned(), 2),
        "service" => ("authority", "authority#service-1".to_owned(), 3),
        "atlas-2" => ("atlas", "atlas#key-2".to_owned(), 11),
        "atlas-3" => ("atlas", "atlas#key-3".to_owned(), 13),
        _ => {
            let number = NUMBERS.iter().find(|(name, _)| *name == who).unwrap().1;
            (who, format!("{who}#key-1"), number)
        }
    }
}

/// Signs a claim as `who` and logs it a second later.
pub fn said(
    world: &mut World,
    who: &str,
    make: impl FnOnce(&Draft<'_>) -> Value,
) -> Result<u64, Refusal> {
    let (party, key, number) = signer(who);
    let unsigned = make(&world.draft(party));
    world.log(unsigned, &key, number)
}

/// The code of [`said`].
pub fn say(world: &mut World, who: &str, make: impl FnOnce(&Draft<'_>) -> Value) -> &'static str {
    code(said(world, who, make))
}
