//! The suite every engine passes: what the contract says, tried.
//! Not a test of durability: that is `tests/it/powerloss.rs`. DESIGN, "Stores".

use super::{Batch, Store, StoreError, VALUE_BYTES_MAX, prefix_end};

/// Makes a new, empty store.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Store>;

/// Closes a store and opens it again.
pub type Reopen<'a> = &'a dyn Fn(Box<dyn Store>) -> Box<dyn Store>;

type Outcome = Result<(), String>;

type Case = fn(&dyn Store) -> Outcome;

/// Runs the suite on stores from `make`; `reopen` for engines that outlive their process.
///
/// # Errors
/// What the engine did, and the case in which it did it.
pub fn conformance(make: Make<'_>, reopen: Option<Reopen<'_>>) -> Result<(), String> {
    let cases: [(&str, Case); 8] = [
        ("a batch is atomic", batch_is_atomic),
        ("a conflict changes nothing", conflict_changes_nothing),
        ("a refusal changes nothing", refusal_changes_nothing),
        ("rows are overwritten", rows_are_overwritten),
        ("values of every size", values_of_every_size),
        ("scans are ordered", scans_are_ordered),
        ("scans stop", scans_stop),
        ("one of two writers wins", one_writer_wins),
    ];
    for (name, case) in cases {
        case(make().as_ref()).map_err(|what| format!("{name}: {what}"))?;
    }
    let Some(reopen) = reopen else { return Ok(()) };
    rows_outlive_the_store(make(), reopen).map_err(|what| format!("rows outlive: {what}"))
}

fn batch_is_atomic(store: &dyn Store) -> Outcome {
    equal(&read(store, b"h")?, &None, "a new store")?;
    let batch = Batch::expecting(b"h", None);
    commit(store, &batch.put(b"h", b"1").put(b"a", b"x").put(b"b", b""))?;
    for (key, value) in [(b"h", &b"1"[..]), (b"a", b"x"), (b"b", b"")] {
        equal(&read(store, key)?, &Some(value.to_vec()), "a row put")?;
    }
    let empty = Batch::expecting(b"h", Some(b"1"));
    commit(store, &empty)?;
    commit(store, &empty.put(b"h", b"2"))
}

fn conflict_changes_nothing(store: &dyn Store) -> Outcome {
    commit(store, &Batch::expecting(b"h", None).put(b"h", b"1").put(b"a", b"x"))?;
    for expected in [None, Some(&b"2"[..]), Some(b""), Some(b"1 ")] {
        let batch = Batch::expecting(b"h", expected).put(b"h", b"3").put(b"a", b"y");
        match store.commit(&batch.put(b"b", b"z")) {
            Err(StoreError::Conflict) => {}
            other => return Err(format!("expecting {expected:?} gave {other:?}")),
        }
    }
    match store.commit(&Batch::expecting(b"none", Some(b"1")).put(b"h", b"3")) {
        Err(StoreError::Conflict) => {}
        other => return Err(format!("expecting a row that is not there gave {other:?}")),
    }
    let rows = collect(store, b"", &[0xff], usize::MAX)?;
    equal(&rows, &vec![row(b"a", b"x"), row(b"h", b"1")], "rows after conflicts")?;
    commit(store, &Batch::expecting(b"h", Some(b"1")).put(b"h", b"2"))
}

fn refusal_changes_nothing(store: &dyn Store) -> Outcome {
    let batch = || Batch::expecting(b"h", None).put(b"h", b"1");
    let many = (0..512u16).fold(batch(), |batch, n| batch.put(n.to_be_bytes(), b""));
    let (key, value) = (batch().put([0; 65], b""), batch().put(b"a", [0; VALUE_BYTES_MAX + 1]));
    for refused in [many, key, value] {
        match store.commit(&refused) {
            Err(StoreError::Refused { .. }) => {}
            other => return Err(format!("a batch over a limit gave {other:?}")),
        }
    }
    equal(&collect(store, b"", &[0xff], usize::MAX)?, &vec![], "rows after refusals")?;
    let full = (0..511u16).fold(batch(), |batch, n| batch.put(n.to_be_bytes(), b""));
    commit(store, &full)?;
    equal(&collect(store, b"", &[0xff], usize::MAX)?.len(), &512, "rows of a full batch")
}

fn rows_are_overwritten(store: &dyn Store) -> Outcome {
    let mut head: Option<Vec<u8>> = None;
    for n in 0..60u8 {
        let next = vec![n; usize::from(n) * 300]; // crosses the size at which values are split
        let batch = Batch::expecting(b"h", head.as_deref());
        commit(store, &batch.put(b"h", b"earlier in the batch").put(b"h", next.clone()))?;
        equal(&read(store, b"h")?, &Some(next.clone()), "the last value")?;
        head = Some(next);
    }
    commit(store, &Batch::expecting(b"h", head.as_deref()).put(b"h", vec![1; 60_000]))?;
    commit(store, &Batch::expecting(b"h", Some(&[1; 60_000])).put(b"h", vec![2; 8_193]))?;
    equal(&read(store, b"h")?, &Some(vec![2; 8_193]), "a shorter value after a longer one")
}

fn values_of_every_size(store: &dyn Store) -> Outcome {
    let sizes = [0, 1, 6_999, 8_191, 8_192, 8_193, 16_384, 16_385, 60_000, 65_535, VALUE_BYTES_MAX];
    let value = |size: usize| (0..size).map(|at| (at % 251) as u8).collect::<Vec<_>>();
    let batch = Batch::expecting(b"h", None).put([0xff; 64], value(20_000));
    let batch = sizes
        .iter()
        .fold(batch, |batch, &size| batch.put((size as u32).to_be_bytes(), value(size)));
    commit(store, &batch)?;
    for size in sizes {
        let found = read(store, &(size as u32).to_be_bytes())?;
        equal(&found, &Some(value(size)), "a value read")?;
    }
    let rows = collect(store, &[0], &[1], usize::MAX)?;
    let expected = sizes.map(|size| row(&(size as u32).to_be_bytes(), &value(size))).to_vec();
    equal(&rows, &expected, "values scanned")?;
    equal(&read(store, &[0xff; 64])?, &Some(value(20_000)), "a row with the longest key")
}

fn scans_are_ordered(store: &dyn Store) -> Outcome {
    let numbers: Vec<u64> = (0..300u64).map(|n| n * 7_919 % 300).collect();
    for chunk in numbers.chunks(40) {
        let start = Batch::expecting(b"none", None);
        let key = |n: &u64| [b"e", &n.to_be_bytes()[..]].concat();
        let batch = chunk.iter().fold(start, |batch, n| batch.put(key(n), n.to_be_bytes()));
        commit(store, &batch.put(b"f", b"beside"))?;
    }
    let keys = |from: &[u8], until: &[u8]| -> Result<Vec<u64>, String> {
        let rows = collect(store, from, until, usize::MAX)?;
        let number = |(key, _): &Row| key.iter().skip(1).fold(0, |n, b| n << 8 | u64::from(*b));
        Ok(rows.iter().map(number).collect())
    };
    let key = |n: u64| [b"e", &n.to_be_bytes()[..]].concat();
    equal(&keys(b"e", &prefix_end(b"e"))?, &(0..300).collect(), "all of a prefix")?;
    equal(&keys(&key(17), &key(42))?, &(17..42).collect(), "from 17 until 42")?;
    equal(&keys(&key(42), &key(42))?, &vec![], "an empty range")?;
    equal(&keys(&key(42), &key(17))?, &vec![], "a range that runs backwards")?;
    equal(&keys(&key(299), b"e\xff")?, &vec![299], "a bound that is no row")
}

fn scans_stop(store: &dyn Store) -> Outcome {
    let batch = Batch::expecting(b"none", None);
    commit(store, &(0..40u8).fold(batch, |batch, n| batch.put([n], [n])))?;
    let rows = collect(store, &[0], &[0xff], 3)?;
    equal(&rows, &vec![row(&[0], &[0]), row(&[1], &[1]), row(&[2], &[2])], "three rows")
}

fn one_writer_wins(store: &dyn Store) -> Outcome {
    for round in 0..20u8 {
        let head = read(store, b"h")?;
        let batch = |writer: u8| {
            Batch::expecting(b"h", head.as_deref()).put(b"h", [round, writer]).put(b"a", [writer])
        };
        let outcomes = std::thread::scope(|scope| {
            let writers = [1, 2, 3].map(|writer| {
                let batch = batch(writer);
                (writer, scope.spawn(move || store.commit(&batch)))
            });
            writers.map(|(writer, thread)| (writer, thread.join()))
        });
        let won: Vec<u8> =
            outcomes.iter().filter(|(_, o)| matches!(o, Ok(Ok(())))).map(|(w, _)| *w).collect();
        let lost = outcomes.iter().filter(|(_, o)| matches!(o, Ok(Err(StoreError::Conflict))));
        equal(&(won.len(), lost.count()), &(1, 2), "writers that won and lost")?;
        equal(&read(store, b"a")?, &Some(won), "the winner's row")?;
    }
    Ok(())
}

fn rows_outlive_the_store(mut store: Box<dyn Store>, reopen: Reopen<'_>) -> Outcome {
    let mut head: Option<Vec<u8>> = None;
    for n in 0..200u32 {
        let value = vec![n as u8; (n as usize * 997) % 20_000];
        let batch = Batch::expecting(b"h", head.as_deref()).put(b"h", n.to_be_bytes());
        commit(store.as_ref(), &batch.put([b"e", &n.to_be_bytes()[..]].concat(), value))?;
        head = Some(n.to_be_bytes().to_vec());
        if n % 50 == 49 {
            store = reopen(store);
        }
    }
    for n in 0..200u32 {
        let value = vec![n as u8; (n as usize * 997) % 20_000];
        let found = read(store.as_ref(), &[b"e", &n.to_be_bytes()[..]].concat())?;
        equal(&found, &Some(value), "a row after reopening")?;
    }
    equal(&read(store.as_ref(), b"h")?, &head, "the head after reopening")
}

type Row = (Vec<u8>, Vec<u8>);

fn row(key: &[u8], value: &[u8]) -> Row {
    (key.to_vec(), value.to_vec())
}

fn read(store: &dyn Store, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
    store.read(key).map_err(|error| format!("read {key:?}: {error}"))
}

fn commit(store: &dyn Store, batch: &Batch) -> Outcome {
    store.commit(batch).map_err(|error| format!("commit: {error}"))
}

/// Rows of a scan, at most `limit`.
fn collect(store: &dyn Store, from: &[u8], until: &[u8], limit: usize) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut visit = |key: &[u8], value: &[u8]| {
        rows.push(row(key, value));
        rows.len() < limit
    };
    store.scan(from, until, &mut visit).map_err(|error| format!("scan: {error}"))?;
    Ok(rows)
}

fn equal<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T, what: &str) -> Outcome {
    if found == expected {
        return Ok(());
    }
    let clip = |value: &T| format!("{value:?}").chars().take(200).collect::<String>();
    Err(format!("{what}: found {}, expected {}", clip(found), clip(expected)))
}
