//! The one writer over stores in memory: what it acknowledges, when it stops, what it finds again.
//! Not here: a store on disk whose process or power goes (`crash`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tasdiq::catalog::Catalog;
use tasdiq::ledger::{
    Config, Ledger, Receipt, ServiceKeys, SubmitError, intake, keep_status_lists,
};
use tasdiq::log::{Leaf, encode_leaf, leaf_hash};
use tasdiq::os::now;
use tasdiq::register::{Register, Replayer};
use tasdiq::seal::Signer;
use tasdiq::statement::*;
use tasdiq::store::{Batch, Fault, FaultyStore, MemoryStore, Store};

use crate::world::{World, key, party};

type Outcome = Result<Receipt, SubmitError>;

/// Opens the world's ledger on a store.
fn start(world: &World, store: &Arc<dyn Store>, guard: Option<&Path>) -> Ledger {
    let config = Config::new(&world.domain, &key(1).public(), key(5).public(), true).unwrap();
    let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
    Ledger::start(config, keys, store.clone(), guard.map(Path::to_path_buf)).unwrap()
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

/// Submits signed statements in one call, as the API does.
fn submit(ledger: &Ledger, bodies: &[Vec<u8>]) -> Vec<Outcome> {
    let view = ledger.view();
    let read = |body: &Vec<u8>| intake(body, &view.register, now());
    let statements: Result<Vec<_>, _> = bodies.iter().map(read).collect();
    ledger.append_blocking(statements.unwrap())
}

fn one(ledger: &Ledger, body: &[u8]) -> Outcome {
    submit(ledger, &[body.to_vec()]).remove(0)
}

/// Submits one after another: each needs the keys registered by those before.
fn submit_each(ledger: &Ledger, bodies: &[Vec<u8>]) {
    bodies.iter().for_each(|body| drop(one(ledger, body).unwrap()));
}

/// A world of today: founded long ago, with cooperative `coop` and certifier `atlas`, whose
/// accreditation stands for years.
fn world() -> World {
    let mut world = World::founded();
    world.now = now().plus_seconds(-3_600); // each statement takes a second
    let certifier = Registration { role: Role::Certifier, ..party("atlas") };
    for claim in [certifier, party("coop")] {
        world.by_registrar(claim.draft(&world.draft("authority"))).unwrap();
    }
    for (who, number) in [("atlas", 10), ("coop", 20)] {
        let change = world.new_key(who, "key-1", number, KeyPurpose::Assertion);
        world.by_registrar(change.draft(&world.draft("authority"))).unwrap();
    }
    let valid_until = world.now.plus_seconds(5 * 365 * 86_400);
    let accreditation = Accreditation { valid_until, ..world.accreditation() };
    world.by_registrar(accreditation.draft(&world.draft("authority"))).unwrap();
    world
}

/// The bytes of a lot's declaration.
fn lot(world: &mut World, number: &str) -> Vec<u8> {
    world.declare(number, 10).unwrap();
    world.leaves.last().unwrap().clone()
}

fn lots(world: &mut World, numbers: std::ops::Range<u32>) -> Vec<Vec<u8>> {
    numbers.map(|number| lot(world, &format!("L{number}"))).collect()
}

fn certificate(world: &mut World, serial: u64, number: &str) -> Vec<u8> {
    world.certify(serial, number, 5, "bio-maroc").unwrap();
    world.leaves.last().unwrap().clone()
}

/// The code of a refusal.
fn code(outcome: &Outcome) -> &'static str {
    outcome.as_ref().unwrap_err().code()
}

/// Every receipt's entry is where it says, with its hash, and the checkpoint is of all entries.
fn kept<'a>(ledger: &Ledger, receipts: impl IntoIterator<Item = &'a Receipt>) {
    for receipt in receipts {
        let entry = ledger.entry(receipt.index).unwrap();
        assert_eq!(leaf_hash(&entry), receipt.leaf_hash, "entry {}", receipt.index);
    }
    same_register(&ledger.view().register, replay(ledger).register());
}

/// The log replayed from its entries, trusting nothing.
fn replay(ledger: &Ledger) -> Replayer {
    let view = ledger.view();
    let domain = view.register.domain().clone();
    let empty = Register::new(domain, key(1).public(), Catalog::builtin().unwrap());
    let mut replayer = Replayer::new(empty);
    for index in 0..view.size {
        replayer.take_bytes(&ledger.entry(index).unwrap()).unwrap();
    }
    replayer
}

fn same_register(live: &Register, folded: &Register) {
    assert_eq!((live.size(), live.last_at()), (folded.size(), folded.last_at()));
    assert!(live.parties().eq(folded.parties()));
    assert!(live.lots().eq(folded.lots()));
    assert!(live.certificates().eq(folded.certificates()));
    assert!(live.lists().eq(folded.lists()));
    assert_eq!(live.status_index(), folded.status_index());
    for purpose in StatusPurpose::ALL {
        assert_eq!(live.flagged(purpose), folded.flagged(purpose));
    }
}

#[test]
fn a_statement_sent_twice_is_one_entry() {
    let mut world = world();
    let ledger = start(&world, &memory(), None);
    submit_each(&ledger, &world.leaves);
    let body = lot(&mut world, "L1");
    let first = one(&ledger, &body).unwrap();
    assert!(!first.duplicate);
    for receipt in submit(&ledger, &[body.clone(), body.clone()]) {
        let receipt = receipt.unwrap();
        assert!(receipt.duplicate);
        assert_eq!((receipt.index, receipt.leaf_hash), (first.index, first.leaf_hash));
        assert_eq!(receipt.logged_at, first.logged_at);
    }
    let twins = lot(&mut world, "L2");
    let twins = submit(&ledger, &[twins.clone(), twins]);
    let twins: Vec<_> = twins.into_iter().map(Result::unwrap).collect();
    assert_eq!([twins[0].duplicate, twins[1].duplicate], [false, true]);
    assert_eq!(twins[0].index, twins[1].index);
    assert_eq!(ledger.view().size, first.index + 2);
    kept(&ledger, &twins);
}

#[test]
fn a_lot_and_its_certificate_go_in_together_and_one_refusal_stops_no_other() {
    let mut world = world();
    let ledger = start(&world, &memory(), None);
    submit_each(&ledger, &world.leaves);
    let (lot, first) = (lot(&mut world, "L1"), certificate(&mut world, 0, "L1"));
    let unknown = certificate_of_no_lot(&world);
    let second = certificate(&mut world, 1, "L1");
    let outcomes = submit(&ledger, &[lot, first, unknown, second]);
    assert_eq!(code(&outcomes[2]), "lot_unknown");
    let good: Vec<_> = outcomes.into_iter().filter_map(Result::ok).collect();
    let indexes: Vec<_> = good.iter().map(|receipt| receipt.index).collect();
    assert_eq!(indexes, (indexes[0]..indexes[0] + 3).collect::<Vec<_>>());
    assert_eq!(ledger.view().register.certificates().count(), 2);
    kept(&ledger, &good);
}

/// A certificate of a lot that nobody declared, well signed.
fn certificate_of_no_lot(world: &World) -> Vec<u8> {
    let claim = world.certificate(9, "L9", 5, "bio-maroc");
    let unsigned = claim.draft(&world.draft("atlas"));
    let method = world.method("atlas#key-1");
    tasdiq::seal::seal(&unsigned, &method, world.now, &key(10)).unwrap()
}

#[test]
fn a_batch_of_more_than_one_commit_keeps_its_order() {
    let mut world = world();
    let store = memory();
    let ledger = start(&world, &store, None);
    submit_each(&ledger, &world.leaves);
    let first = ledger.view().size;
    let bodies = lots(&mut world, 0..600);
    let receipts: Vec<_> = submit(&ledger, &bodies).into_iter().map(Result::unwrap).collect();
    assert!(receipts.iter().map(|receipt| receipt.index).eq(first..first + 600));
    kept(&ledger, &receipts);
    let (checkpoint, root) = (ledger.view().checkpoint.clone(), ledger.view().root);
    drop(ledger);
    let again = start(&world, &store, None);
    assert_eq!((again.view().checkpoint.clone(), again.view().root), (checkpoint, root));
}

#[test]
fn a_commit_that_fails_stops_the_writer_and_loses_nothing_acknowledged() {
    for fault in [Fault::NotApplied, Fault::LostAtReopen, Fault::Kept] {
        let mut world = world();
        let founded = world.leaves.len() as u64;
        let faulty = Arc::new(FaultyStore::failing(founded + 2, fault));
        let store: Arc<dyn Store> = faulty.clone();
        let folder = tempfile::tempdir().unwrap();
        let guard = folder.path().join("guard");
        let ledger = start(&world, &store, Some(&guard));
        submit_each(&ledger, &world.leaves);
        let acked = one(&ledger, &lot(&mut world, "L1")).unwrap();
        let before = (ledger.view().size, ledger.view().checkpoint.clone());
        let lost = lots(&mut world, 2..5);
        for outcome in submit(&ledger, &lost) {
            assert_eq!(code(&outcome), "may_be_logged", "{fault:?}");
        }
        assert!(ledger.view().stopped.is_some());
        faulty.reopen(); // it would take commits again: the writer must not try
        let late = lot(&mut world, "L9");
        // Each is told where it stands; what was logged before has its receipt.
        for (body, told) in [(&late, "writes_stopped"), (&lost[0], "may_be_logged")] {
            assert_eq!(code(&one(&ledger, body)), told, "{fault:?}");
        }
        assert!(one(&ledger, &world.leaves[0]).unwrap().duplicate);
        assert_eq!((ledger.view().size, ledger.view().checkpoint.clone()), before);
        assert_eq!(std::fs::read_to_string(&guard).unwrap(), *before.1);
        kept(&ledger, [&acked]);
        drop(ledger);

        let ledger = start(&world, &store, Some(&guard));
        assert_eq!(ledger.view().stopped, None, "{fault:?}");
        kept(&ledger, [&acked]);
        let again: Vec<_> = submit(&ledger, &lost).into_iter().map(Result::unwrap).collect();
        let was_kept = fault == Fault::Kept;
        assert!(again.iter().all(|receipt| receipt.duplicate == was_kept), "{fault:?}");
        assert!(again.iter().map(|r| r.index).eq(before.0..before.0 + 3), "{fault:?}");
        assert!(!one(&ledger, &late).unwrap().duplicate);
        kept(&ledger, again.iter().chain([&acked]));
    }
}

/// Waits until the writer goes on by itself.
fn healed(ledger: &Ledger) {
    let start = Instant::now();
    while ledger.view().stopped.is_some() {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", ledger.view().stopped);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_heals_is_settled_without_a_restart() {
    for fault in [Fault::NotApplied, Fault::LostAtReopen, Fault::Kept, Fault::Full] {
        let mut world = world();
        let nth = world.leaves.len() as u64 + 2;
        let store: Arc<dyn Store> = Arc::new(FaultyStore::failing(nth, fault).healing());
        let folder = tempfile::tempdir().unwrap();
        let guard = folder.path().join("guard");
        let ledger = start(&world, &store, Some(&guard));
        submit_each(&ledger, &world.leaves);
        let acked = one(&ledger, &lot(&mut world, "L1")).unwrap();
        let size = ledger.view().size;
        let lost = lots(&mut world, 2..5);
        let told = if fault == Fault::Full { "writes_stopped" } else { "may_be_logged" };
        for outcome in submit(&ledger, &lost) {
            assert_eq!(code(&outcome), told, "{fault:?}");
            let words = outcome.unwrap_err().to_string();
            assert!(words.contains("no space left"), "{words}");
        }
        healed(&ledger);
        let was_kept = fault == Fault::Kept;
        assert_eq!(ledger.view().size, size + if was_kept { 3 } else { 0 }, "{fault:?}");
        assert_eq!(std::fs::read_to_string(&guard).unwrap(), *ledger.view().checkpoint);
        let again: Vec<_> = submit(&ledger, &lost).into_iter().map(Result::unwrap).collect();
        assert!(again.iter().all(|receipt| receipt.duplicate == was_kept), "{fault:?}");
        assert!(again.iter().map(|r| r.index).eq(size..size + 3), "{fault:?}");
        kept(&ledger, again.iter().chain([&acked]));
        drop(ledger);
        kept(&start(&world, &store, Some(&guard)), again.iter().chain([&acked]));
    }
}

#[test]
fn an_index_of_lists_that_was_refused_is_tried_in_the_next_round() {
    let (world, _, _, _) = guarded();
    let entries = world.leaves.len() as u64;
    // Two lists, and no room for their index.
    let store: Arc<dyn Store> = Arc::new(FaultyStore::failing(entries + 3, Fault::Full).healing());
    let ledger = start(&world, &store, None);
    submit_each(&ledger, &world.leaves);
    assert_eq!(keep_status_lists(&ledger, now()).unwrap_err().code(), "writes_stopped");
    assert_eq!(ledger.view().size, entries + 2);
    healed(&ledger);
    assert_eq!(keep_status_lists(&ledger, now()).unwrap(), 1, "the index alone");
    assert_eq!(keep_status_lists(&ledger, now()).unwrap(), 0);
    let Claim::StatusIndex(index) = claim_at(&ledger, entries + 2) else { panic!("no index") };
    assert_eq!(index.lists.len(), 2);
}

#[test]
fn through_many_faults_every_receipt_holds() {
    for seed in 1..=8 {
        let mut world = world();
        let faulty = Arc::new(FaultyStore::seeded(seed, 4));
        let store: Arc<dyn Store> = faulty.clone();
        let folder = tempfile::tempdir().unwrap();
        let guard = folder.path().join("guard");
        let mut ledger = start(&world, &store, Some(&guard));
        let mut bodies = world.leaves.clone();
        bodies.extend(lots(&mut world, 0..40));
        let (mut receipts, mut restarts) = (Vec::new(), 0);
        for body in &bodies {
            let receipt = loop {
                match one(&ledger, body) {
                    Ok(receipt) => break receipt,
                    Err(error) => assert_eq!(error.code(), "may_be_logged", "seed {seed}"),
                }
                restarts += 1;
                faulty.reopen();
                ledger = start(&world, &store, Some(&guard));
                assert_eq!(ledger.view().stopped, None, "seed {seed}");
            };
            receipts.push(receipt);
        }
        assert!(restarts > 3, "seed {seed}: only {restarts} faults");
        assert!(receipts.iter().map(|r| r.index).eq(0..bodies.len() as u64), "seed {seed}");
        kept(&ledger, &receipts);
    }
}

/// The rows of a store, in another.
fn copy(store: &Arc<dyn Store>) -> Arc<dyn Store> {
    let other = memory();
    let mut batches = Vec::new();
    let mut visit = |key: &[u8], value: &[u8]| {
        batches.push(Batch::expecting(b"none", None).put(key, value));
        true
    };
    store.scan(b"", b"z", &mut visit).unwrap();
    batches.iter().for_each(|batch| other.commit(batch).unwrap());
    other
}

/// A ledger that must not sign says why, refuses, serves reads, and leaves the guard as it is.
fn does_not_sign(ledger: &Ledger, guard: &Path, why: &str, body: &[u8]) {
    let view = ledger.view();
    let stopped = view.stopped.clone().unwrap();
    assert!(stopped.to_string().contains(why), "{stopped}");
    let told = std::fs::read(guard).unwrap();
    let refused = one(ledger, body).unwrap_err();
    assert_eq!(refused.code(), "writes_stopped");
    assert!(refused.to_string().contains(why), "{refused}");
    assert_eq!(keep_status_lists(ledger, now()).unwrap(), 0);
    assert_eq!(std::fs::read(guard).unwrap(), told);
    assert_eq!(ledger.view().size, view.size);
    kept(ledger, []);
    ledger.inclusion(0, view.size).unwrap();
    let bundle = format!("tile/entries/000.p/{}", view.size).parse().unwrap();
    assert!(ledger.tile(&bundle).unwrap().is_some());
}

#[test]
fn a_guard_file_knows_from_the_start_what_is_shown() {
    let (world, store, folder, _) = guarded();
    let fresh = folder.path().join("on-another-disk");
    let ledger = start(&world, &store, Some(&fresh));
    assert_eq!(std::fs::read_to_string(&fresh).unwrap(), *ledger.view().checkpoint);
}

/// A ledger with a certificate, its guard file, and a copy of its store.
fn guarded() -> (World, Arc<dyn Store>, tempfile::TempDir, PathBuf) {
    let mut world = world();
    let store = memory();
    let folder = tempfile::tempdir().unwrap();
    let guard = folder.path().join("guard");
    let ledger = start(&world, &store, Some(&guard));
    submit_each(&ledger, &world.leaves);
    let bodies = [lot(&mut world, "L1"), certificate(&mut world, 0, "L1")];
    submit_each(&ledger, &bodies);
    (world, store, folder, guard)
}

#[test]
fn an_old_copy_does_not_sign() {
    let (mut world, store, _folder, guard) = guarded();
    let old = copy(&store);
    one(&start(&world, &store, Some(&guard)), &lot(&mut world, "L2")).unwrap();
    let ledger = start(&world, &old, Some(&guard));
    let body = lot(&mut world, "L3");
    does_not_sign(&ledger, &guard, "old copy", &body);
    // The newest copy put back is all it takes.
    let ledger = start(&world, &store, Some(&guard));
    assert_eq!(ledger.view().stopped, None);
    one(&ledger, &body).unwrap();
}

#[test]
fn another_branch_does_not_sign() {
    let (mut world, store, _folder, guard) = guarded();
    let other = copy(&store);
    one(&start(&world, &store, Some(&guard)), &lot(&mut world, "L2")).unwrap();
    submit_each(&start(&world, &other, None), &lots(&mut world, 3..6));
    let ledger = start(&world, &other, Some(&guard));
    does_not_sign(&ledger, &guard, "another log", &lot(&mut world, "L7"));
}

#[test]
fn entries_that_do_not_fit_their_head_are_not_served() {
    let (world, store, _folder, _) = guarded();
    let head = store.read(b"h").unwrap().unwrap();
    let size = start(&world, &store, None).view().size;
    let entry = |index: u64| [b"e", &index.to_be_bytes()[..]].concat();
    let last = store.read(&entry(size - 1)).unwrap().unwrap();
    let text = String::from_utf8(last).unwrap().replace("bio-maroc", "fairtrade");
    let config = Config::new(&world.domain, &key(1).public(), key(5).public(), true).unwrap();
    let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
    store.commit(&Batch::expecting(b"h", Some(&head)).put(entry(size - 1), text)).unwrap();
    let broken = Ledger::start(config, keys, store, None).err().unwrap();
    assert_eq!(broken.code(), "ledger_broken");
}

#[test]
fn entries_and_tiles_are_compared_at_the_start() {
    let mut world = world();
    let store = memory();
    let ledger = start(&world, &store, None);
    submit_each(&ledger, &world.leaves);
    let receipts = submit(&ledger, &lots(&mut world, 0..600));
    let size = ledger.view().size;
    drop(ledger);
    kept(&start(&world, &store, None), receipts.iter().map(|receipt| receipt.as_ref().unwrap()));
    let head = store.read(b"h").unwrap().unwrap();
    let put = |key: &[u8], value: &[u8]| {
        store.commit(&Batch::expecting(b"h", Some(&head)).put(key, value)).unwrap();
    };
    let refused = || {
        let config = Config::new(&world.domain, &key(1).public(), key(5).public(), true).unwrap();
        let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
        let fault = Ledger::start(config, keys, store.clone(), None).err().unwrap();
        assert_eq!(fault.code(), "ledger_broken");
        fault.to_string()
    };
    let entry = [b"e", &100_u64.to_be_bytes()[..]].concat();
    let good = store.read(&entry).unwrap().unwrap();
    let leaf = Leaf::parse(&good).unwrap();
    put(&entry, &encode_leaf(100, leaf.logged_at.plus_seconds(-1), &leaf.prev, leaf.statement));
    assert_eq!(refused(), "entry 100: it differs from its hash in the tree");
    put(&entry, &good);
    let tile = tasdiq::ledger::tile_key(0, 1);
    let mut hashes = store.read(&tile).unwrap().unwrap();
    put(&tile, &hashes[..100]);
    assert!(refused().starts_with("entry 256: tile/0/001 is damaged"));
    hashes[40] ^= 1;
    put(&tile, &hashes);
    assert_eq!(refused(), format!("entry {size}: entries, tiles and head do not fit together"));
}

#[test]
fn after_a_withdrawal_one_call_lists_it_and_the_index_names_the_lists() {
    let (mut world, store, _folder, guard) = guarded();
    let ledger = start(&world, &store, Some(&guard));
    assert_eq!(ledger.view().stopped, None);
    assert_eq!(keep_status_lists(&ledger, now()).unwrap(), 3, "two lists and their index");
    assert_eq!(keep_status_lists(&ledger, now()).unwrap(), 0, "all is current");
    let (target, action) = (StatusTarget::Certificate(0), StatusAction::Withdraw);
    world.status(target, action, "atlas#key-1", 10).unwrap();
    one(&ledger, world.leaves.last().unwrap()).unwrap();
    let withdrawn = ledger.view().size;
    // A version of a list is named by its second.
    let later = now().plus_seconds(2);
    assert_eq!(keep_status_lists(&ledger, later).unwrap(), 2, "one list and the index");
    let Claim::StatusList(list) = claim_at(&ledger, withdrawn) else { panic!("no list") };
    assert_eq!((list.purpose, list.list), (StatusPurpose::Revocation, 0));
    let flagged = StatusList::of(StatusPurpose::Revocation, 0, [0].into_iter());
    assert_eq!(list, flagged);
    let Claim::StatusIndex(index) = claim_at(&ledger, withdrawn + 1) else { panic!("no index") };
    assert_eq!(index.covers, withdrawn + 1);
    let named: BTreeSet<_> = index.lists.iter().map(|l| (l.list.as_str(), l.entry)).collect();
    let view = ledger.view();
    let current = view.register.lists().map(|((purpose, _), state)| {
        assert!(state.is_current());
        let entry = state.versions.last().unwrap().index;
        (if purpose == StatusPurpose::Revocation { "revocation-0" } else { "suspension-0" }, entry)
    });
    assert_eq!(named, current.collect());
    assert!(named.contains(&("revocation-0", withdrawn)));
    assert_eq!(keep_status_lists(&ledger, now()).unwrap(), 0);
    kept(&ledger, []);
}

/// The claim of the statement at an index.
fn claim_at(ledger: &Ledger, index: u64) -> Claim {
    let entry = ledger.entry(index).unwrap();
    let leaf = tasdiq::log::Leaf::parse(&entry).unwrap();
    Statement::parse(leaf.statement, ledger.view().register.domain()).unwrap().credential.claim
}
