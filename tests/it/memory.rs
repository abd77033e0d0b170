//! How much memory a store takes: not more than its cache and an allowance, whatever is read of it.
//! Each measurement is a process of its own, whose memory nothing else has grown.

use std::path::Path;
use std::process::Command;

use tasdiq::store::{Batch, CACHE_BYTES_DEFAULT, Durability, SledStore, Store};

/// Set in the process that measures: the folder of the store.
const FOLDER: &str = "TASDIQ_TEST_MEMORY_OF";

const ROWS: u64 = 200_000;

const ROW_BYTES: usize = 1_600;

const READS: u64 = 60_000;

/// Beyond the cache: pages that sled has not counted yet, 36 MB at most and 15 MB of these rows;
/// its buffers and its table of 22,000 pages, 10 MB; the rest is the allocator's.
const ALLOWANCE: u64 = 40_000_000;

fn key(index: u64) -> Vec<u8> {
    [b"e", &index.to_be_bytes()[..]].concat()
}

/// Numbers without order, the same each time.
fn mixed(index: u64) -> u64 {
    let mixed = (index ^ (index >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11
}

fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

fn fill(folder: &Path) {
    let store = SledStore::open_with(folder, CACHE_BYTES_DEFAULT, Durability::FlushOnlyForTests);
    let store = store.unwrap();
    for first in (0..ROWS).step_by(480) {
        let rows = first..ROWS.min(first + 480);
        let batch = rows.fold(Batch::expecting(b"none", None), |batch, index| {
            let words =
                (0..ROW_BYTES as u64 / 8).flat_map(|word| mixed(index ^ word << 32).to_be_bytes());
            batch.put(key(index), words.collect::<Vec<u8>>())
        });
        store.commit(&batch).unwrap();
    }
}

/// Not by itself: the process that measures.
#[test]
fn measured() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let before = resident();
    let store = SledStore::open(Path::new(&folder)).unwrap();
    let say = |what: &str| {
        println!("MEMORY {what} {}", resident().saturating_sub(before));
    };
    say("open");
    let mut rows = 0;
    store
        .scan(&key(0), &key(ROWS), &mut |_, row| {
            assert_eq!(row.len(), ROW_BYTES);
            rows += 1;
            true
        })
        .unwrap();
    assert_eq!(rows, ROWS);
    say("scanned");
    for read in 0..READS {
        assert!(store.read(&key(mixed(read) % ROWS)).unwrap().is_some());
    }
    say("read");
}

#[test]
fn a_store_keeps_within_its_cache() {
    let root = tempfile::tempdir().unwrap();
    fill(root.path());
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["memory::measured", "--exact", "--nocapture", "--test-threads=1"]);
    // As a service sets them for itself.
    child.env("MALLOC_MMAP_THRESHOLD_", "131072").env("MALLOC_TRIM_THRESHOLD_", "1048576");
    let output = child.env(FOLDER, root.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let figures: Vec<u64> = said
        .lines()
        .filter_map(|line| line.split_once("MEMORY ")?.1.split_once(' ')?.1.parse().ok())
        .collect();
    assert_eq!(figures.len(), 3, "{said}");
    println!("{said}");
    let most = CACHE_BYTES_DEFAULT + ALLOWANCE;
    assert!(figures.iter().all(|bytes| *bytes <= most), "above {most} bytes: {said}");
}
