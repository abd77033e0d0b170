//! The ledger that the evidence is about, at one instant: a service in memory whose clock stands
//! still, and the trust snapshot and pack that an inspector took from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tasdiq::catalog::SchemeKind;
use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::ledger::{
    self, Clock, ClockReading, Config, Ledger, OpenOptions, ServiceKeys, SystemClock, TakenFrom,
};
use tasdiq::log::{TilePath, push_entry};
use tasdiq::names::{LotKey, Serial};
use tasdiq::seal::Signer as _;
use tasdiq::statement::*;
use tasdiq::store::MemoryStore;
use tempfile::TempDir;

use crate::support::TestApp;
use crate::world::{HOST, World, key, slug};

pub const GTIN: &str = "06111234567895";

/// The instant at which all is judged, unless a case says later.
pub const NOW: &str = "2026-06-20T12:00:00Z";

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
struct Still;

impl Clock for Still {
    fn read(&self) -> ClockReading {
        ClockReading { wall: Timestamp::parse(NOW).unwrap(), ..SystemClock.read() }
    }
}

/// The service, and what an inspector has of it.
pub struct Desk {
    pub app: TestApp,
    pub trust: Vec<u8>,
    pub pack: Vec<u8>,
    /// Log indexes of the certificates, by lot number.
    indexes: BTreeMap<&'static str, u64>,
    _folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let (world, indexes) = history();
        let now = Timestamp::parse(NOW).unwrap();
        let ledger = ledger_of(&world);
        ledger::keep_status_lists(&ledger, now).unwrap();
        let trust = ledger::trust_file(&ledger, now).unwrap().to_vec();
        let pack = ledger::pack_file(&ledger, now).unwrap().bytes.to_vec();
        let (home, folder) = TestApp::start().into_home();
        let app = TestApp::of(ledger, &home);
        Self { app, trust, pack, indexes, _folder: folder }
    }

    /// The signed label of a lot of `coop`, or of one under a GTIN.
    pub fn label(&self, lot: &'static str) -> String {
        self.signed(lot, self.indexes[lot], 4, None)
    }

    /// A label that names an entry of the log, signed by a key of one's choice.
    pub fn signed(&self, lot: &str, index: u64, signer: u8, serial: Option<&str>) -> String {
        let signer = key(signer);
        let header = Header {
            key_hint: key_hint(&signer.public()),
            index: u32::try_from(index).unwrap(),
            expiry_day: expiry_day_of(Day::parse("2027-05-31").unwrap()),
            schemes: SchemeBits::of(&[SchemeKind::Organic]),
        };
        let key: LotKey = key_of(lot).parse().unwrap();
        let serial = serial.map(|serial| Serial::parse(serial).unwrap());
        Label::sign(HOST, key, serial, header, |message| signer.sign(message)).unwrap().url()
    }

    pub fn index(&self, lot: &str) -> u64 {
        self.indexes[lot]
    }
}

/// `GTIN/LOT` or `party/LOT`.
pub fn key_of(lot: &str) -> String {
    if lot.contains('/') { lot.to_owned() } else { format!("coop/{lot}") }
}

/// A lot in every state, certified by `atlas`, and the indexes of the certificates.
fn history() -> (World, BTreeMap<&'static str, u64>) {
    let mut world = World::peopled();
    let mut indexes = BTreeMap::new();
    // Before the rules that forbid it: a GTIN without a grant, and a label key of a cooperative.
    let item = format!("{GTIN}/A24B017");
    let lot = LotDeclaration { lot: item.parse().unwrap(), ..world.lot("A24B017", 10) };
    world.log(lot.draft(&world.draft("coop")), "coop#key-1", 20).unwrap();
    let claim = CertificateClaim {
        lot: item.parse().unwrap(),
        ..world.certificate(0, "A24B017", 10, "bio-maroc")
    };
    let index = world.by_certifier(claim.draft(&world.draft("atlas"))).unwrap();
    indexes.insert("06111234567895/A24B017", index);
    let own = world.new_key("coop", "label-x", 21, KeyPurpose::Label);
    world.log(own.draft(&world.draft("coop")), "coop#key-1", 20).unwrap();
    world.raise(1);
    world.agree("atlas", "coop", &["bio-maroc", "fairtrade"]);
    for (name, number, purpose) in
        [("label-2", 6, KeyPurpose::Label), ("service-2", 7, KeyPurpose::Service)]
    {
        let change = world.new_key("authority", name, number, purpose);
        world.log(change.draft(&world.draft("authority")), "authority#root", 1).unwrap();
    }
    let second = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    world.by_registrar(second.draft(&world.draft("authority"))).unwrap();
    // A new key waits three days.
    world.now = world.now.plus_seconds(4 * 86_400);
    for (serial, number) in (1..).zip(["L1", "A(1)", "A.)", "L%2B", "B+'", "S1", "W1", "H1", "R1"])
    {
        world.declare(number, 10).unwrap();
        let mut claim = world.certificate(serial, number, 10, "bio-maroc");
        claim.facts.not_covered = vec!["qualité organoleptique".to_owned()];
        let index = world.by_certifier(claim.draft(&world.draft("atlas"))).unwrap();
        indexes.insert(number, index);
    }
    let windows = [
        ("E1", 20, "2026-06-01T00:00:00Z", "2026-06-10T23:59:59Z"),
        ("N1", 21, "2026-07-01T00:00:00Z", "2027-06-30T23:59:59Z"),
    ];
    for (number, serial, from, until) in windows {
        world.declare(number, 10).unwrap();
        let claim = CertificateClaim {
            valid_from: Timestamp::parse(from).unwrap(),
            valid_until: Timestamp::parse(until).unwrap(),
            ..world.certificate(serial, number, 10, "bio-maroc")
        };
        let index = world.by_certifier(claim.draft(&world.draft("atlas"))).unwrap();
        indexes.insert(number, index);
    }
    world.declare("K1", 10).unwrap();
    let claim = world.certificate(22, "K1", 10, "bio-maroc");
    let index = world.log(claim.draft(&world.draft("atlas")), "atlas#key-2", 11).unwrap();
    indexes.insert("K1", index);
    for number in ["U1", "UH", "UR"] {
        world.declare(number, 10).unwrap();
    }
    acts(&mut world);
    (world, indexes)
}

/// What was done with lots, certificates and keys afterwards.
fn acts(world: &mut World) {
    let certificates = [(6, StatusAction::Suspend), (7, StatusAction::Withdraw)];
    for (serial, action) in certificates {
        let target = StatusTarget::Certificate(serial);
        world.status(target, action, "atlas#key-1", 10).unwrap();
    }
    let lots = [
        ("H1", StatusAction::Hold),
        ("R1", StatusAction::Recall),
        ("UH", StatusAction::Hold),
        ("UR", StatusAction::Recall),
    ];
    for (number, action) in lots {
        let target = StatusTarget::Lot(key_of(number).parse().unwrap());
        world.status(target, action, "coop#key-1", 20).unwrap();
    }
    let stolen = [
        ("atlas", "key-2", "authority#registrar-1", 2),
        ("authority", "label-2", "authority#root", 1),
    ];
    for (who, name, short, number) in stolen {
        let change = KeyChange {
            party: slug(who),
            verification_method: world.method(&format!("{who}#{name}")),
            event: KeyEvent::Compromised {
                since: Timestamp::parse("2026-06-01T00:00:00Z").unwrap(),
                known_at: world.now,
            },
        };
        world.log(change.draft(&world.draft("authority")), short, number).unwrap();
    }
}

/// The service over these entries.
fn ledger_of(world: &World) -> Ledger {
    let leaves = world.log_leaves();
    let store = MemoryStore::new();
    let mut bundle = |path: &TilePath| {
        let first = usize::try_from(path.index * 256).unwrap();
        let mut bytes = Vec::new();
        for leaf in leaves.iter().skip(first).take(usize::from(path.width)) {
            push_entry(&mut bytes, leaf).unwrap();
        }
        Ok(bytes)
    };
    let mut from = TakenFrom { bundle: &mut bundle, sidecars: &mut |_| Ok(None) };
    ledger::take_over(&store, &world.tree(), &mut from, &mut |_| ()).unwrap();
    let config = Config::new(&world.domain, &key(1).public(), key(5).public(), true).unwrap();
    let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
    let options = OpenOptions { clock: Some(Arc::new(Still)), ..OpenOptions::default() };
    Ledger::start_with(config, keys, Arc::new(store), &options).unwrap()
}
