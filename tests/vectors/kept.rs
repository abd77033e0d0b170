//! How golden vectors are kept: one file a case, `tests/vectors/FOLDER/NAME.json`, and in
//! `counts.json` how many each folder holds, so that none goes missing unseen. `TASDIQ_BLESS=1`
//! writes them anew. Part of the library's own tests and of the integration tests. Not here: what a
//! case means; whoever makes it runs what this gives back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Tests of one program run side by side, and share the counts.
static COUNTS: Mutex<()> = Mutex::new(());

/// Whether what is kept is to be written anew.
pub fn blessed() -> bool {
    std::env::var_os("TASDIQ_BLESS").is_some()
}

/// A folder of the vectors.
pub fn folder(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(folder)
}

/// The cases of a folder as it keeps them, in the order in which they were made: they are the ones
/// made here, each in a file named after it, and as many as are counted.
pub fn kept(to: &str, made: &[Value]) -> Vec<Value> {
    let place = folder(to);
    let named = made.iter().map(|case| {
        let text = serde_json::to_string_pretty(case).unwrap() + "\n";
        (file_name(case["name"].as_str().unwrap()), text)
    });
    let named: Vec<(String, String)> = named.collect();
    let expected: BTreeMap<String, String> = named.iter().cloned().collect();
    assert!(!made.is_empty() && expected.len() == made.len(), "{to}: two cases have one name");
    if blessed() {
        std::fs::create_dir_all(&place).unwrap();
        for gone in files(to).keys().filter(|file| !expected.contains_key(*file)) {
            std::fs::remove_file(place.join(gone)).unwrap();
        }
        for (file, text) in &expected {
            std::fs::write(place.join(file), text).unwrap();
        }
    }
    let mut found = files(to);
    let other: Vec<&String> = expected
        .keys()
        .chain(found.keys())
        .filter(|file| expected.get(*file) != found.get(*file))
        .collect();
    assert!(other.is_empty(), "{to} differs in {other:?}; TASDIQ_BLESS=1 writes it anew");
    counted(to, made.len());
    let texts = named.iter().map(|(file, _)| found.remove(file).unwrap());
    texts.map(|text| serde_json::from_str(&text).unwrap()).collect()
}

/// `counts.json` says how many cases a folder holds.
fn counted(of: &str, count: usize) {
    let _held = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let path = folder("counts.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
    let mut counts: BTreeMap<String, usize> = serde_json::from_str(&text).unwrap();
    if blessed() && counts.insert(of.to_owned(), count) != Some(count) {
        std::fs::write(&path, serde_json::to_string_pretty(&counts).unwrap() + "\n").unwrap();
    }
    assert_eq!(counts.get(of), Some(&count), "counts.json on {of}");
}

/// The JSON files of a folder, by name.
pub fn files(of: &str) -> BTreeMap<String, String> {
    let Ok(listed) = std::fs::read_dir(folder(of)) else { return BTreeMap::new() };
    let paths = listed.map(|file| file.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let file = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    paths.map(file).collect()
}

/// A case's file: its name in lower case, with a hyphen for whatever no file system minds.
fn file_name(case: &str) -> String {
    let mut name = String::new();
    for letter in case.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned() + ".json"
}
