//! The script of the page as it is sent, squeezed and in one scope: it comes to the verdicts of the
//! modules it is made of, on every golden vector. Needs node.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tasdiq::browser::check_page;

/// The names that a module gives to others.
fn exports(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("export "));
    lines
        .filter_map(|line| {
            let mut words = line.split([' ', '(', '=', '*']).filter(|word| !word.is_empty());
            words.find(|word| !["async", "function", "const", "class", "let"].contains(word))
        })
        .collect()
}

#[test]
fn the_script_as_it_is_sent_passes_every_vector() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let (app, tests) = (folder.path().join("assets/app"), folder.path().join("tests/app"));
    fs::create_dir_all(&app).unwrap();
    fs::create_dir_all(&tests).unwrap();
    symlink(root.join("tests/vectors"), folder.path().join("tests/vectors")).unwrap();
    for name in ["vectors.test.mjs", "schemes.json"] {
        fs::copy(root.join("tests/app").join(name), tests.join(name)).unwrap();
    }
    let (_, script) = check_page().html.split_once("<script type=\"module\">").unwrap();
    let script = script.split("</script>").next().unwrap();
    let mut all = script.to_owned();
    for entry in fs::read_dir(root.join("assets/app")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".js") || name.starts_with("inspect") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let names = exports(&text).join(", ");
        all.push_str(&format!("export {{ {names} }};\n"));
        fs::write(app.join(&name), format!("export {{ {names} }} from './all.mjs';\n")).unwrap();
    }
    fs::write(app.join("all.mjs"), all).unwrap();
    fs::write(folder.path().join("package.json"), "{\"type\":\"module\"}").unwrap();
    let run = Command::new("node").arg("--test").arg(tests.join("vectors.test.mjs")).output();
    let run = run.expect("node is needed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
