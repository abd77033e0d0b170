//! The recorder and the images themselves, on a few shell commands whose outcome is known.

use std::path::Path;
use std::process::Command;

use super::{Model, Recorder, images};

/// Every file of a folder, with its bytes; a folder ends in a slash.
fn list(folder: &Path, below: &str, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = folder.read_dir().unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            found.push((format!("{name}/"), String::new()));
            list(&path, &format!("{name}/"), found);
        } else {
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn only_what_was_synced_is_left() {
    for (script, left) in [
        ("printf a > f", &[][..]),
        ("printf a > f; sync f", &[("f", "a")]),
        ("printf a > f; sync f; printf b >> f", &[("f", "a")]),
        ("printf a > f; sync f; printf b >> f; sync -d f", &[("f", "ab")]),
        ("printf a > f; sync f; : > f", &[("f", "a")]),
        ("printf a > f; sync .", &[("f", "")]),
        ("printf a > f; sync f; mv f g", &[("f", "a")]),
        ("printf a > f; sync f; mv f g; sync .", &[("g", "a")]),
        ("printf a > f; sync f; rm f", &[("f", "a")]),
        ("printf a > f; sync f; rm f; sync .", &[]),
        ("mkdir d; printf a > d/f; sync d/f", &[]),
        ("mkdir d; printf a > d/f; sync .", &[("d/", "")]),
        ("mkdir d; printf a > d/f; sync . d d/f", &[("d/", ""), ("d/f", "a")]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::new(folder.path());
        let mut shell = Command::new("sh");
        assert!(recorder.run(shell.args(["-c", script]).current_dir(folder.path())).success());
        recorder.ack(7);
        let failures = images(&recorder.trace(), 1, Model::Strict, 0, &mut |image, last_acked| {
            let mut found = Vec::new();
            list(image, "", &mut found);
            let names = left.iter().map(|(name, bytes)| ((*name).into(), (*bytes).into()));
            let expected: Vec<(String, String)> = names.collect();
            let right = found == expected && last_acked == Some(7);
            if right { Ok(()) } else { Err(format!("{script}: {found:?}")) }
        });
        assert_eq!(failures, Vec::<String>::new());
    }
}
