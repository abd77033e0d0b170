//! The writer over stores that fail: nothing acknowledged is lost, a fault stops the writer, reopening
//! recovers, and a copy of the log that is old or of another branch is never signed.

use std::fs;
use std::sync::Arc;

use tasdiq::ledger::{SubmitError, entry_key, intake, now};
use tasdiq::store::{Batch, Fault, FaultyStore, MemoryStore, Store};
use tasdiq::verify::Replayer;

use crate::small::{certificate, config, found, founding, lot, lot_key, open, shown, take};

#[test]
fn a_lot_and_its_certificate_go_in_one_job() {
    let ledger = open(Arc::new(MemoryStore::new()), None).unwrap();
    found(&ledger, &founding()).unwrap();
    let view = ledger.view();
    let both = [lot(1), certificate(1)];
    let both = both.iter().map(|bytes| intake(bytes, &view.register, now()).unwrap()).collect();
    let receipts: Vec<_> = ledger.append_blocking(both).into_iter().map(Result::unwrap).collect();
    assert_eq!((receipts[0].index, receipts[1].index), (10, 11));
    // The other order is refused row by row.
    let wrong = [certificate(2), lot(2)];
    let wrong = wrong.iter().map(|bytes| intake(bytes, &view.register, now()).unwrap()).collect();
    let answers = ledger.append_blocking(wrong);
    assert_eq!(answers[0].as_ref().unwrap_err().code(), "lot_unknown");
    assert_eq!(answers[1].as_ref().unwrap().index, 12);
}

#[test]
fn the_same_statement_again_has_the_same_index() {
    let ledger = open(Arc::new(MemoryStore::new()), None).unwrap();
    found(&ledger, &founding()).unwrap();
    let bytes = lot(1);
    let first = take(&ledger, &bytes).unwrap();
    let again = take(&ledger, &bytes).unwrap();
    assert!(!first.duplicate && again.duplicate);
    assert_eq!((first.index, first.leaf_hash), (again.index, again.leaf_hash));
    assert_eq!(first.logged_at, again.logged_at);
    let view = ledger.view();
    let twice = vec![intake(&lot(2), &view.register, now()).unwrap(); 2];
    let answers: Vec<_> = ledger.append_blocking(twice).into_iter().map(Result::unwrap).collect();
    assert_eq!((answers[0].index, answers[1].index), (11, 11));
    assert_eq!(ledger.view().size, 12);
}

#[test]
fn folding_the_log_again_gives_the_same_register() {
    let store = Arc::new(MemoryStore::new());
    let ledger = open(store.clone(), None).unwrap();
    found(&ledger, &founding()).unwrap();
    for number in 1..300 {
        take(&ledger, &lot(number)).unwrap();
    }
    take(&ledger, &certificate(7)).unwrap();
    tasdiq::ledger::keep_status_lists(&ledger, now()).unwrap();
    let view = ledger.view();
    let catalog = view.register.catalog();
    let empty =
        tasdiq::register::Register::new(crate::small::domain(), *view.register.root(), catalog);
    let mut replayer = Replayer::new(empty);
    for index in 0..view.size {
        replayer.take_bytes(&ledger.entry(index).unwrap()).unwrap();
    }
    assert_eq!(shown(replayer.register()), shown(&view.register));
    drop(ledger);
    let again = open(store, None).unwrap().view();
    assert_eq!(shown(&again.register), shown(&view.register));
    assert_eq!((again.size, again.root), (view.size, view.root));
}

#[test]
fn every_fault_at_every_commit_stops_the_writer_and_loses_nothing_told() {
    let founding = founding();
    for fault in [Fault::NotApplied, Fault::LostAtReopen, Fault::Kept] {
        for nth in 1..=14 {
            let store = Arc::new(FaultyStore::failing(nth, fault));
            let ledger = open(store.clone(), None).unwrap();
            let mut rows: Vec<Vec<u8>> = founding.clone();
            rows.extend((1..=4).map(lot));
            let mut told = Vec::new();
            for bytes in &rows {
                match take(&ledger, bytes) {
                    Ok(receipt) => told.push((receipt.index, receipt.leaf_hash)),
                    Err(error) => {
                        assert_eq!(error.code(), "writes_stopped", "{fault:?} {nth}");
                        break;
                    }
                }
            }
            assert_eq!(told.len() as u64, nth - 1, "{fault:?} {nth}");
            let view = ledger.view();
            assert!(view.stopped.as_ref().is_some_and(|why| why.contains("restart")));
            // It stays stopped, whatever comes; what it shows is what it told.
            let error = take(&ledger, &lot(9)).unwrap_err();
            let refused = matches!(error, SubmitError::Stopped { .. } | SubmitError::Refused(_));
            assert!(refused, "{error}");
            assert_eq!(view.size, nth - 1);
            drop(ledger);
            store.reopen();
            let ledger = open(store, None).unwrap();
            let kept = u64::from(fault == Fault::Kept);
            assert_eq!(ledger.view().size, nth - 1 + kept, "{fault:?} {nth}");
            for (index, hash) in told {
                let leaf = ledger.entry(index).unwrap();
                assert_eq!(tasdiq::log::leaf_hash(&leaf), hash, "{fault:?} {nth}");
            }
            // All rows sent again: each stands once.
            rows.iter().for_each(|bytes| drop(take(&ledger, bytes).unwrap()));
            assert_eq!(ledger.view().size, 14, "{fault:?} {nth}");
            assert!(ledger.view().register.lot(&lot_key(4)).is_some());
        }
    }
}

#[test]
fn seeded_faults_lose_nothing_told() {
    let rows: Vec<Vec<u8>> = founding().into_iter().chain((1..=60).map(lot)).collect();
    for seed in 0..20 {
        let store = Arc::new(FaultyStore::seeded(seed, 6));
        let (mut ledger, mut told) = (open(store.clone(), None).unwrap(), Vec::new());
        for bytes in &rows {
            let mut tries = 0;
            let receipt = loop {
                match take(&ledger, bytes) {
                    Ok(receipt) => break receipt,
                    Err(error) => assert_eq!(error.code(), "writes_stopped", "seed {seed}"),
                }
                tries += 1;
                assert!(tries < 50, "seed {seed} never gets on");
                drop(ledger);
                store.reopen();
                ledger = open(store.clone(), None).unwrap();
            };
            told.push((receipt.index, receipt.leaf_hash));
        }
        assert_eq!(ledger.view().size, rows.len() as u64);
        for (index, hash) in told {
            assert_eq!(tasdiq::log::leaf_hash(&ledger.entry(index).unwrap()), hash);
        }
    }
}

#[test]
fn an_old_copy_or_another_branch_is_served_but_never_signed() {
    let folder = tempfile::tempdir().unwrap();
    let guard = folder.path().join("published-checkpoint");
    let founding = founding();
    let start = |guard: bool| {
        let store = Arc::new(MemoryStore::new());
        let path = folder.path().join("published-checkpoint");
        let ledger = open(store.clone(), guard.then_some(path)).unwrap();
        found(&ledger, &founding).unwrap();
        (store, ledger)
    };
    let (_, newest) = start(true);
    take(&newest, &lot(1)).unwrap();
    let published = newest.view().checkpoint.to_string();
    assert_eq!(fs::read_to_string(&guard).unwrap(), published);

    // An old copy: one entry less than what was published.
    let (old, _) = start(false);
    let behind = open(old, Some(guard.clone())).unwrap();
    let why = behind.view().stopped.clone().unwrap();
    assert!(why.contains("old copy"), "{why}");
    assert_eq!(take(&behind, &lot(2)).unwrap_err().code(), "writes_stopped");
    assert_eq!(behind.view().size, 10);

    // Another branch: as long, but with another last entry.
    let (other, fork) = start(false);
    take(&fork, &lot(2)).unwrap();
    drop(fork);
    let fork = open(other, Some(guard.clone())).unwrap();
    let why = fork.view().stopped.clone().unwrap();
    assert!(why.contains("another log"), "{why}");
    assert_eq!(take(&fork, &lot(3)).unwrap_err().code(), "writes_stopped");
    // Neither touched what was published.
    assert_eq!(fs::read_to_string(&guard).unwrap(), published);
}

#[test]
fn a_changed_row_keeps_the_ledger_shut() {
    let store = Arc::new(MemoryStore::new());
    let ledger = open(store.clone(), None).unwrap();
    found(&ledger, &founding()).unwrap();
    let mut bytes = ledger.entry(7).unwrap();
    drop(ledger);
    let at = bytes.iter().position(|byte| *byte == b'Z').unwrap() - 1;
    bytes[at] ^= 1;
    let head = store.read(b"h").unwrap();
    store.commit(&Batch::expecting(b"h", head.as_deref()).put(entry_key(7), bytes)).unwrap();
    let error = open(store, None).err().unwrap();
    assert_eq!(error.code(), "ledger_broken");
    assert!(error.to_string().contains("entry "), "{error}");
    assert_eq!(config().host, crate::world::HOST);
}
