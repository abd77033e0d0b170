//! Every engine passes the conformance suite; sled keeps to its folder.
//! Not here: the loss of power (`powerloss`). DESIGN, "Stores".

use std::path::Path;

use tasdiq::store::{
    Batch, CACHE_BYTES_DEFAULT, Durability, FaultyStore, MemoryStore, SledStore, Store, conformance,
};

fn open(folder: &Path) -> SledStore {
    SledStore::open_with(folder, CACHE_BYTES_DEFAULT, Durability::Full).unwrap()
}

#[test]
fn memory_conforms() {
    conformance(&|| Box::new(MemoryStore::new()), None).unwrap();
}

#[test]
fn faulty_without_faults_conforms() {
    conformance(&|| Box::new(FaultyStore::seeded(0, 0)), None).unwrap();
}

#[test]
fn sled_conforms() {
    let root = tempfile::tempdir().unwrap();
    let path = std::cell::RefCell::new(root.path().to_path_buf());
    let make = || -> Box<dyn Store> {
        let count = std::fs::read_dir(root.path()).unwrap().count();
        *path.borrow_mut() = root.path().join(count.to_string());
        Box::new(open(&path.borrow()))
    };
    let reopen = |store: Box<dyn Store>| -> Box<dyn Store> {
        drop(store);
        Box::new(open(&path.borrow()))
    };
    conformance(&make, Some(&reopen)).unwrap();
}

#[test]
fn a_folder_in_use_is_named() {
    let root = tempfile::tempdir().unwrap();
    let held = open(root.path());
    let refused = SledStore::open(root.path()).unwrap_err();
    assert_eq!(refused.code(), "store_locked");
    assert!(refused.to_string().contains(root.path().to_str().unwrap()), "{refused}");
    drop(held);
    open(root.path());
}

#[test]
fn long_values_make_no_blob_files() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path());
    let value = |n: u32| vec![(n % 251) as u8; 60_000];
    for first in (0..2_000u32).step_by(50) {
        let keys = (first..first + 50).map(|n| [b"e", &n.to_be_bytes()[..]].concat());
        let batch = keys
            .zip(first..)
            .fold(Batch::expecting(b"none", None), |batch, (key, n)| batch.put(key, value(n)));
        // Full tiles among them: rows of 8,192 bytes that stay whole.
        store.commit(&batch.put([b"t", &first.to_be_bytes()[..]].concat(), [7; 8_192])).unwrap();
    }
    assert_eq!(std::fs::read_dir(root.path().join("rows/blobs")).unwrap().count(), 0);
    drop(store);
    let store = open(root.path());
    let mut rows = 0;
    let mut visit = |_: &[u8], found: &[u8]| {
        assert_eq!(found, value(rows));
        rows += 1;
        true
    };
    store.scan(b"e", b"f", &mut visit).unwrap();
    assert_eq!(rows, 2_000);
}

#[test]
fn full_tiles_alone_make_no_blob_files() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path());
    for first in (0..2_000u32).step_by(100) {
        // The longest keys, out of order, so that pages fill and split in the middle.
        let key = |n: u32| [&[b't'; 60][..], &n.reverse_bits().to_be_bytes()].concat();
        let batch = Batch::expecting(b"none", None);
        let batch = (first..first + 100).fold(batch, |batch, n| batch.put(key(n), [7; 8_192]));
        store.commit(&batch).unwrap();
    }
    assert_eq!(std::fs::read_dir(root.path().join("rows/blobs")).unwrap().count(), 0);
}

#[test]
fn what_this_version_cannot_have_written_is_refused() {
    let root = tempfile::tempdir().unwrap();
    drop(open(root.path()));
    std::fs::write(root.path().join("rows/blobs/1"), b"x").unwrap();
    let refused = SledStore::open(root.path()).unwrap_err();
    assert_eq!(refused.code(), "store_unusable");
    assert!(refused.to_string().contains("blobs"), "{refused}");
}

#[test]
fn an_interrupted_creation_or_snapshot_does_not_stop_the_next_start() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("rows.new")).unwrap();
    std::fs::write(root.path().join("rows.new/conf"), b"segment_size: 10485").unwrap();
    let store = open(root.path());
    store.commit(&Batch::expecting(b"h", None).put(b"h", b"1")).unwrap();
    drop(store);
    std::fs::write(root.path().join("rows/snap.FFFFFFFFFFFFFFFF.generating"), b"half").unwrap();
    assert_eq!(open(root.path()).read(b"h").unwrap(), Some(b"1".to_vec()));
}
