//! Ledgers in which a lot and its certificate are in every state there is, with labels of each, and
//! what a reader has of them: trust snapshot, packs, dossiers. Not a test.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;

use tasdiq::catalog::SchemeKind;
use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::pack::{Sealing, seal_pack};
use tasdiq::seal::Signer as _;
use tasdiq::statement::*;

use crate::dossier::story::{Story, keep_lists};
use crate::edition2::story::pressed;
use crate::world::{HOST, World, key, say, slug};

/// What a reader has of one ledger.
pub struct Data {
    pub world: World,
    pub trust: Vec<u8>,
    pub pack: Vec<u8>,
    /// The same pack under a checkpoint that no witness has signed.
    pub unwitnessed: Vec<u8>,
    /// Lot numbers of `coop`, the log index of the certificate that labels name, its serial.
    pub lots: Vec<(String, u64, u64)>,
}

impl Data {
    fn of(world: World, lots: Vec<(String, u64, u64)>) -> Self {
        let trust = world.trust_file();
        let pack = |note: &str| {
            let sealing = Sealing {
                checkpoint: note,
                trust: &trust,
                now: world.now,
                method: &world.method("authority#service-1"),
                signer: &key(3),
            };
            seal_pack(&world.register, &sealing).unwrap()
        };
        let (pack, unwitnessed) = (pack(&world.checkpoint()), pack(&world.unwitnessed()));
        Self { world, trust, pack, unwitnessed, lots }
    }

    /// A label for a lot of `coop`: who signs it, for which host, until when.
    pub fn label(&self, lot: &str, index: u64, signer: u8, host: &str, until: &str) -> String {
        let signer = key(signer);
        let header = Header {
            key_hint: key_hint(&signer.public()),
            index: u32::try_from(index).unwrap(),
            expiry_day: expiry_day_of(Day::parse(until).unwrap()),
            schemes: SchemeBits::of(&[SchemeKind::Organic]),
        };
        let lot = format!("coop/{lot}").parse().unwrap();
        Label::sign(host, lot, None, header, |message| signer.sign(message)).unwrap().url()
    }

    /// A label as it is printed.
    pub fn printed(&self, lot: &str, index: u64) -> String {
        self.label(lot, index, 4, HOST, "2027-05-31")
    }

    /// Dossiers of these serials, with the lists that are current.
    pub fn dossiers(self, serials: &[u64]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>, Self) {
        let Self { mut world, lots, .. } = self;
        keep_lists(&mut world);
        let story = Story::over(world);
        let note = story.unwitnessed();
        let made = serials.iter().map(|serial| story.dossier(*serial)).collect();
        let bare = serials.iter().map(|serial| story.dossier_under(*serial, &note)).collect();
        (made, bare, Self::of(story.into_world(), lots))
    }
}

/// Names of states, and how many lots each has in [`ledger`].
const STATES: [&str; 14] = [
    "valid",
    "fair",
    "suspended",
    "withdrawn",
    "held",
    "recalled",
    "expired",
    "not-yet",
    "superseded",
    "superseded-suspended",
    "reinstated",
    "suspect",
    "scope-reduced",
    "uncertified",
];

/// A ledger with so many lots of each state.
pub fn ledger(each: usize) -> Data {
    let mut world = World::peopled();
    // Before the rules that forbid it: a label key of a cooperative.
    let own = world.new_key("coop", "label-x", 31, KeyPurpose::Label);
    world.log(own.draft(&world.draft("coop")), "coop#key-1", 20).unwrap();
    world.raise(1);
    world.agree("atlas", "coop", &["bio-maroc", "fairtrade"]);
    world.join(Role::Certifier, "rif", 12);
    world.agree("rif", "coop", &["bio-maroc"]);
    world.raise(3);
    let second = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    world.by_registrar(second.draft(&world.draft("authority"))).unwrap();
    let label = world.new_key("authority", "label-2", 6, KeyPurpose::Label);
    world.log(label.draft(&world.draft("authority")), "authority#root", 1).unwrap();
    // A new key waits three days.
    world.now = world.now.plus_seconds(4 * 86_400);
    let mut lots = Vec::new();
    for (number, state) in (0..each).flat_map(|_| STATES).enumerate() {
        let (lot, serial) = (format!("L{number}"), 2 * number as u64);
        world.declare(&lot, 1).unwrap();
        let index = born(&mut world, state, &lot, serial);
        lots.push((lot, index, serial));
    }
    for (place, (lot, _, serial)) in lots.iter().enumerate() {
        changed(&mut world, STATES[place % STATES.len()], lot, *serial);
    }
    stolen(&mut world, "atlas", "key-2");
    stolen(&mut world, "authority", "label-2");
    narrowed(&mut world);
    Data::of(world, lots)
}

/// The certificate of a lot; 0 where nobody certifies it.
fn born(world: &mut World, state: &str, lot: &str, serial: u64) -> u64 {
    let scheme = if state == "fair" { "fairtrade" } else { "bio-maroc" };
    let mut claim = world.certificate(serial, lot, 1, scheme);
    let at = |text| Timestamp::parse(text).unwrap();
    match state {
        "expired" => claim.valid_until = at("2026-06-05T12:00:00Z"),
        "not-yet" => claim.valid_from = at("2026-08-01T00:00:00Z"),
        "scope-reduced" => {
            let rif = world.register.party(&slug("rif")).unwrap();
            claim.accreditation = rif.accreditations[0].id.as_str().into();
        }
        "uncertified" => return 0,
        _ => {}
    }
    let who = match state {
        "suspect" => "atlas-2",
        "scope-reduced" => "rif",
        _ => "atlas",
    };
    assert_eq!(say(world, who, |draft| claim.draft(draft)), "ok", "{state}");
    world.register.size() - 1
}

/// What became of it.
fn changed(world: &mut World, state: &str, lot: &str, serial: u64) {
    let certificate = StatusTarget::Certificate(serial);
    let target = StatusTarget::Lot(format!("coop/{lot}").parse().unwrap());
    let mut does = |target: &StatusTarget, action| {
        world.status(target.clone(), action, "atlas#key-1", 10).unwrap();
    };
    match state {
        "suspended" => does(&certificate, StatusAction::Suspend),
        "withdrawn" => does(&certificate, StatusAction::Withdraw),
        "reinstated" => {
            does(&certificate, StatusAction::Suspend);
            does(&certificate, StatusAction::Reinstate);
        }
        "held" => {
            world.status(target, StatusAction::Hold, "coop#key-1", 20).unwrap();
        }
        "recalled" => {
            let text = |language: &str, text: &str| (language.to_owned(), text.to_owned());
            let change = StatusChange {
                target,
                action: StatusAction::Recall,
                reason: Reason::Safety,
                effective_from: world.now,
                notice: BTreeMap::from([text("fr", "Rapportez-la"), text("ar", "أرجعوه")]),
                return_to: Some(ReturnTo::Shop),
                lifts: Vec::new(),
            };
            assert_eq!(say(world, "coop", |draft| change.draft(draft)), "ok");
        }
        "superseded" | "superseded-suspended" => {
            let mut claim = world.certificate(serial + 1, lot, 1, "bio-maroc");
            claim.facts.supersedes = Some(world.domain.certificate_id(serial).as_str().into());
            assert_eq!(say(world, "atlas", |draft| claim.draft(draft)), "ok");
            if state == "superseded-suspended" {
                let newer = StatusTarget::Certificate(serial + 1);
                world.status(newer, StatusAction::Suspend, "atlas#key-1", 10).unwrap();
            }
        }
        _ => {}
    }
}

fn stolen(world: &mut World, who: &str, name: &str) {
    let change = KeyChange {
        party: slug(who),
        verification_method: world.method(&format!("{who}#{name}")),
        event: KeyEvent::Compromised {
            since: Timestamp::parse("2026-06-01T00:00:00Z").unwrap(),
            known_at: world.now,
        },
    };
    let (short, number) = match who {
        "authority" => ("authority#root", 1),
        _ => ("authority#registrar-1", 2),
    };
    world.log(change.draft(&world.draft("authority")), short, number).unwrap();
}

/// The accreditation of `rif` ends.
fn narrowed(world: &mut World) {
    let rif = world.register.party(&slug("rif")).unwrap();
    let change = ScopeChange {
        party: slug("rif"),
        accreditation: rif.accreditations[0].id.clone(),
        event: ScopeEventKind::Withdraw,
        reason: Reason::Complaint,
        effective_from: world.now,
        notice: BTreeMap::new(),
        successor: None,
    };
    world.by_registrar(change.draft(&world.draft("authority"))).unwrap();
}

/// A lot of jars made of fruit, under the rules of goods; `action` befalls the fruit.
pub fn made_of(action: Option<StatusAction>) -> Data {
    // Its balances are compared where they are what is tested.
    let mut goods = ManuallyDrop::new(pressed());
    goods.certify(0, "coop/H", 1, "nm-mark").unwrap();
    let index = goods.world.register.certificate(0).unwrap().record.mark.index;
    if let Some(action) = action {
        goods.change("coop", "coop/F3", action).unwrap();
    }
    let world = std::mem::replace(&mut goods.world, World::founded());
    Data::of(world, vec![("H".to_owned(), index, 0)])
}
