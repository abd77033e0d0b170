//! Golden vectors as the integration tests keep them: cases, and what stands beside them. Not here:
//! how a case is kept, which the library's own tests share (`tests/vectors/kept.rs`).

#[path = "../vectors/kept.rs"]
mod cases;

use serde_json::Value;

pub use cases::{folder, kept};

/// The cases that a folder keeps, in the order of their files.
pub fn read(from: &str) -> Vec<Value> {
    let files = cases::files(from);
    assert!(!files.is_empty(), "{from} holds no case");
    files.values().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// A file beside the cases of a folder is the one made here.
pub fn file(path: &str, made: &[u8]) {
    let place = folder(path);
    if cases::blessed() {
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, made).unwrap();
    }
    let kept = std::fs::read(&place).unwrap_or_default();
    assert!(kept == made, "{path} differs; TASDIQ_BLESS=1 writes it anew");
}
