//! Parts of the core, each alone on one core: what the whole-process figures are made of.
//! Not here: HTTP, store and threads (`tasdiq bench`). Run with `cargo bench`.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has no figure")]

use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use tasdiq::bench::{BenchFolder, World};
use tasdiq::catalog::Catalog;
use tasdiq::label::{Label, Level, Symbol, X_DIMENSION_UM};
use tasdiq::ledger::{Home, Ledger, intake, label_of};
use tasdiq::log::{Hash, Tree, leaf_hash};
use tasdiq::os::now;
use tasdiq::register::{PreparedEntry, Preparer, Register, Replayer, Signatures, signing_key};
use tasdiq::seal::{LogPosition, SoftKey, seal, verify_proof};
use tasdiq::statement::{Domain, Statement};

fn main() {
    divan::main();
}

/// A ledger with one certified lot, and statements that are not in it yet.
struct Fixture {
    register: Register,
    label: Label,
    ledger: Ledger,
    domain: Domain,
    declaration: Vec<u8>,
    certificate: Vec<u8>,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let folder = BenchFolder::make(&std::env::temp_dir()).unwrap();
    let (world, ledger) = World::found(&Home::at(&folder.path().join("data"))).unwrap();
    for bytes in [world.declaration(0), world.certificate(0), world.declaration(1)] {
        let statement = intake(&bytes.unwrap(), &ledger.view().register, now()).unwrap();
        ledger.append_blocking(vec![statement]).pop().unwrap().unwrap();
    }
    let register = ledger.view().register.clone();
    Fixture {
        label: label_of(&ledger, &world.lot(0).unwrap(), None, now()).unwrap(),
        domain: register.domain().clone(),
        declaration: world.declaration(2).unwrap(),
        certificate: world.certificate(1).unwrap(),
        register,
        ledger,
    }
});

/// Lots, and as many certificates, in the log that is replayed.
const REPLAYED: u64 = 1_000;

/// A log as an auditor reads it, and the register it folds to.
struct Logged {
    entries: Vec<Vec<u8>>,
    empty: Register,
    full: Register,
}

static LOGGED: LazyLock<Logged> = LazyLock::new(|| {
    let folder = BenchFolder::make(&std::env::temp_dir()).unwrap();
    let (world, ledger) = World::found(&Home::at(&folder.path().join("data"))).unwrap();
    let declared = world.declarations(0..REPLAYED).unwrap();
    for bytes in declared.into_iter().chain(world.certificates(0..REPLAYED).unwrap()) {
        let statement = intake(&bytes, &ledger.view().register, now()).unwrap();
        ledger.append_blocking(vec![statement]).pop().unwrap().unwrap();
    }
    let (config, view) = (ledger.config(), ledger.view());
    let (domain, root) = (config.domain().unwrap(), config.root_key().unwrap());
    Logged {
        entries: (0..view.size).map(|index| ledger.entry(index).unwrap()).collect(),
        empty: Register::new(domain, root, Catalog::builtin().unwrap()),
        full: view.register.clone(),
    }
});

impl Logged {
    /// The entries prepared under a register: one that knows no key leaves the signatures out.
    fn prepared(&self, register: &Register) -> Vec<PreparedEntry> {
        let mut preparer = Preparer::new(register, Signatures::Check);
        let numbered = (0..).zip(&self.entries);
        numbered.map(|(index, bytes)| preparer.entry(bytes, index).unwrap()).collect()
    }
}

#[divan::bench]
fn audit_forms_without_signatures(bencher: Bencher) {
    let logged = &*LOGGED;
    let count = ItemsCount::new(logged.entries.len());
    bencher.counter(count).bench(|| logged.prepared(black_box(&logged.empty)));
}

#[divan::bench]
fn audit_forms_and_signatures(bencher: Bencher) {
    let logged = &*LOGGED;
    let count = ItemsCount::new(logged.entries.len());
    bencher.counter(count).bench(|| logged.prepared(black_box(&logged.full)));
}

#[divan::bench]
fn audit_rules_and_fold(bencher: Bencher) {
    let logged = &*LOGGED;
    let (prepared, count) = (logged.prepared(&logged.full), ItemsCount::new(logged.entries.len()));
    bencher.counter(count).bench(|| {
        let mut replayer = Replayer::new(logged.empty.clone());
        prepared.iter().for_each(|entry| {
            black_box(replayer.take(black_box(entry)).unwrap());
        });
        replayer
    });
}

impl Fixture {
    fn parse(&self, bytes: &[u8]) -> Statement {
        Statement::parse(bytes, &self.domain).unwrap()
    }
}

#[divan::bench]
fn parse_lot_strictly(bencher: Bencher) {
    let fixture = &*FIXTURE;
    bencher.bench(|| fixture.parse(black_box(&fixture.declaration)));
}

#[divan::bench]
fn parse_certificate_strictly(bencher: Bencher) {
    let fixture = &*FIXTURE;
    bencher.bench(|| fixture.parse(black_box(&fixture.certificate)));
}

#[divan::bench]
fn verify_certificate_proof(bencher: Bencher) {
    let fixture = &*FIXTURE;
    let statement = fixture.parse(&fixture.certificate);
    let key = signing_key(&fixture.register, &statement, now()).unwrap().verifying_key().unwrap();
    bencher.bench(|| verify_proof(black_box(&statement), &key).unwrap());
}

#[divan::bench]
fn seal_certificate(bencher: Bencher) {
    let mut unsigned: serde_json::Value = serde_json::from_slice(&FIXTURE.certificate).unwrap();
    unsigned.as_object_mut().unwrap().remove("proof");
    let key = SoftKey::from_secret(&[7; 32]);
    bencher.bench(|| seal(black_box(&unsigned), "did:web:x#key-1", now(), &key).unwrap());
}

#[divan::bench]
fn fold_certificate(bencher: Bencher) {
    let fixture = &*FIXTURE;
    let statement = fixture.parse(&fixture.certificate);
    let mark = LogPosition { index: fixture.register.size(), logged_at: now() };
    bencher
        .with_inputs(|| fixture.register.clone())
        .bench_values(|mut register| register.fold(black_box(&statement), mark).unwrap());
}

#[divan::bench(args = [1_000, 100_000])]
fn inclusion_proof(bencher: Bencher, size: u64) {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&index.to_be_bytes())));
    bencher.bench(|| -> Vec<Hash> { tree.inclusion(black_box(size / 3), size).unwrap() });
}

#[divan::bench]
fn verify_label(bencher: Bencher) {
    let fixture = &*FIXTURE;
    let text = fixture.label.url();
    let public = tasdiq::seal::Signer::public(&fixture.ledger.keys().unwrap().label[0]);
    let key = tasdiq::seal::public_key(&public).unwrap();
    bencher.bench(|| Label::parse(black_box(&text)).unwrap().verify(&key).unwrap());
}

#[divan::bench]
fn symbol_as_svg(bencher: Bencher) {
    let text = FIXTURE.label.url();
    let lines = FIXTURE.label.human_lines();
    bencher.bench(|| {
        Symbol::new(black_box(&text), Level::Medium).unwrap().svg(X_DIMENSION_UM, &lines)
    });
}
