//! The house law, as far as it can be counted: lengths, headers, what a `mod.rs` holds, which
//! module may know which, and what must not stand in any file. Clippy and rustfmt enforce the rest.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

const LINES_MAX: usize = 600;
const COLUMNS_MAX: usize = 100;

/// The pure core and what each of its modules may know; a module knows itself and `limits` too.
const CORE: [(&str, &[&str]); 16] = [
    ("limits", &[]),
    ("names", &[]),
    ("catalog", &[]),
    ("browser", &["catalog"]),
    ("statement", &["names", "catalog"]),
    ("seal", &["names", "catalog", "statement"]),
    ("log", &["names", "statement"]),
    ("trace", &[]),
    ("register", &["names", "catalog", "statement", "seal", "log", "trace"]),
    ("trust", &["names", "catalog", "statement", "seal", "log", "register"]),
    ("pack", &["names", "catalog", "statement", "seal", "log", "register", "trust"]),
    ("dossier", &["names", "catalog", "statement", "seal", "log", "register", "trust"]),
    (
        "consignment",
        &["names", "catalog", "statement", "seal", "log", "trace", "register", "trust", "dossier"],
    ),
    ("label", &["names", "catalog", "statement"]),
    (
        "verify",
        &[
            "names",
            "catalog",
            "statement",
            "seal",
            "log",
            "register",
            "trust",
            "pack",
            "dossier",
            "consignment",
            "label",
        ],
    ),
    (
        "reader",
        &[
            "names",
            "catalog",
            "statement",
            "seal",
            "log",
            "trust",
            "dossier",
            "consignment",
            "label",
            "verify",
        ],
    ),
];

/// Shell modules and what of the shell each may know. All of them know the core; none knows `cli`.
const SHELL: [(&str, &[&str]); 19] = [
    ("os", &[]),
    ("store", &[]),
    ("door", &[]),
    ("photo", &[]),
    ("papers", &[]),
    ("sheet", &[]),
    ("scans", &["os"]),
    ("client", &["os"]),
    ("pkcs11", &["os"]),
    ("ledger", &["os", "store"]),
    ("source", &["os", "store", "ledger", "client"]),
    ("audit", &["os", "ledger", "source"]),
    ("transfer", &["os", "store", "ledger", "client", "source", "audit"]),
    ("hooks", &["os", "ledger", "client"]),
    ("monitor", &["os", "ledger", "client", "hooks", "source", "audit"]),
    ("cosign", &["os", "ledger", "client"]),
    ("witness", &["os", "ledger", "door"]),
    ("demo", &["os", "ledger"]),
    ("web", &["os", "ledger", "hooks", "scans", "photo", "door", "demo", "papers", "sheet"]),
];

/// Time, randomness, files, network, processes: the shell's.
const IMPURE: [&str; 12] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "getrandom",
    "tokio",
    "async fn",
    "unsafe",
];

/// A text file and its path below the repository.
struct File {
    path: String,
    text: String,
}

impl File {
    /// Lines that say something to the compiler, outside tests: no comments, no test module.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let own = self.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = own.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        lines.filter(|(_, line)| !line.starts_with("//"))
    }

    /// The module a source file belongs to: its folder, or its own name.
    fn module(&self) -> &str {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Compiled in tests only, as its `mod.rs` says.
    fn is_test(&self) -> bool {
        self.path.ends_with("/vectors.rs") || self.path.starts_with("src/trace/tests/")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "tasdiq-data", "__pycache__"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if SKIPPED.contains(&name) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// All text files below a folder of the repository; what is no UTF-8 is no text.
fn files(folder: &str) -> Vec<File> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        let path = path.strip_prefix(root()).ok()?.to_str()?.to_owned();
        Some(File { path, text })
    };
    paths.into_iter().filter_map(read).collect()
}

fn rust(folder: &str) -> Vec<File> {
    files(folder).into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// The modules a line names after `crate::`, one or a list in braces.
fn named(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for rest in line.split("crate::").skip(1) {
        let list = rest.strip_prefix('{').and_then(|list| list.split('}').next());
        for item in list.unwrap_or(rest).split(", ").take(if list.is_some() { 99 } else { 1 }) {
            let end = item.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(item.len());
            names.push(&item[..end]);
        }
    }
    names
}

#[test]
fn files_and_lines_have_an_end() {
    let mut faults = Vec::new();
    for file in [rust("src"), rust("tests")].iter().flatten() {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            faults.push(format!("{}: {lines} lines; at most {LINES_MAX}", file.path));
        }
        for (at, line) in file.text.lines().enumerate() {
            let columns = line.chars().count();
            // What cannot be broken: an address in a comment, a message in quotes.
            let excepted = line.contains("https://") || line.contains('"') || line.ends_with('\\');
            if columns > COLUMNS_MAX && !excepted {
                faults.push(format!("{}:{}: {columns} columns", file.path, at + 1));
            }
        }
    }
    report(&faults);
}

/// Scripts of the page and their tests.
fn scripts() -> Vec<File> {
    let all =
        [files("assets/app"), files("tests/app"), files("tests/browser")].into_iter().flatten();
    all.filter(|file| file.path.ends_with(".js") || file.path.ends_with(".mjs")).collect()
}

#[test]
fn scripts_keep_to_the_same_limits() {
    let mut faults = Vec::new();
    for file in scripts() {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            faults.push(format!("{}: {lines} lines; at most {LINES_MAX}", file.path));
        }
        if !file.text.starts_with("// ") {
            faults.push(format!("{}: no header", file.path));
        }
        for (at, line) in file.text.lines().enumerate() {
            if line.chars().count() > COLUMNS_MAX && !line.contains("https://") {
                faults.push(format!("{}:{}: too long", file.path, at + 1));
            }
        }
    }
    report(&faults);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = [rust("src"), rust("tests")]
        .into_iter()
        .flatten()
        .filter(|file| !file.text.starts_with("//! ") || file.text.starts_with("//! \n"));
    report(&silent.map(|file| format!("{}: no header", file.path)).collect::<Vec<_>>());
}

#[test]
fn a_mod_file_is_a_list() {
    // The last: the library by its own name, for worlds that its own tests share with `tests/it`.
    const ALLOWED: [&str; 7] = [
        "mod ",
        "pub mod ",
        "pub use ",
        "pub(crate) use ",
        "pub(crate) mod ",
        "pub(super) use ",
        "extern crate self as ",
    ];
    let mut faults = Vec::new();
    for file in rust("src") {
        if !(file.path.ends_with("/mod.rs") || file.path.ends_with("/lib.rs")) {
            continue;
        }
        let attribute = |line: &str| {
            ["#[cfg(", "#[macro_use", "#[path"].iter().any(|start| line.starts_with(start))
        };
        let code: Vec<&str> =
            file.code().map(|(_, line)| line).filter(|line| !attribute(line)).collect();
        for item in code.join(" ").split(';').map(str::trim).filter(|item| !item.is_empty()) {
            if !ALLOWED.iter().any(|start| item.starts_with(start)) {
                faults.push(format!("{}: {item}", file.path));
            }
        }
    }
    report(&faults);
}

#[test]
fn modules_know_only_what_stands_before_them() {
    let mut faults = Vec::new();
    let is_core = |name: &str| CORE.iter().any(|(core, _)| *core == name);
    for file in rust("src").iter().filter(|file| !file.is_test()) {
        let module = file.module();
        let core = CORE.iter().find(|(name, _)| *name == module);
        let shell = SHELL.iter().find(|(name, _)| *name == module);
        for (at, line) in file.code() {
            for name in named(line) {
                let own =
                    name == module || name == "limits" || !name.starts_with(char::is_lowercase);
                let known = match (core, shell) {
                    (Some((_, known)), _) => known.contains(&name),
                    (_, Some((_, known))) => is_core(name) || known.contains(&name),
                    _ => name != "cli" || module == "main",
                };
                if !own && !known {
                    faults.push(format!("{}:{at}: {module} must not know {name}", file.path));
                }
            }
        }
    }
    report(&faults);
}

/// The files of a room that one of its files names by `super::`, as paths below the room.
fn neighbours<'a>(file: &File, room: &str, all: &'a [File]) -> Vec<&'a str> {
    let below =
        |path: &str| path.trim_end_matches(".rs").rsplit_once('/').map(|(at, _)| at.to_owned());
    let code: Vec<&str> = file.code().map(|(_, line)| line).collect();
    let code = code.join(" ");
    let mut named: Vec<String> = Vec::new();
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let (mut rest, mut folder) = (&code[at..], below(&file.path).unwrap_or_default());
        rest = &rest["super::".len()..];
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, folder) = (after, below(&folder).unwrap_or_default());
        }
        let list = rest.strip_prefix('{').and_then(|list| list.split("};").next());
        for item in list.unwrap_or(rest).split(", ").take(if list.is_some() { 99 } else { 1 }) {
            let name: String = item
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit())
                .collect();
            named.push(format!("{folder}/{name}.rs"));
        }
    }
    let own = all.iter().filter(|other| other.module() == room && other.path != file.path);
    own.filter(|other| named.contains(&other.path)).map(|other| other.path.as_str()).collect()
}

/// A stranger reads a room from its leaves up: no file of it needs, by whatever way, itself.
#[test]
fn no_circle_of_files_inside_a_room() {
    let all: Vec<File> = rust("src").into_iter().filter(|file| !file.is_test()).collect();
    let edges: Vec<(&str, Vec<&str>)> = all
        .iter()
        .map(|file| (file.path.as_str(), neighbours(file, file.module(), &all)))
        .collect();
    let mut left: Vec<&(&str, Vec<&str>)> = edges.iter().collect();
    // What names nobody that is left goes, until nothing does: circles stay, and what leads there.
    loop {
        let paths: Vec<&str> = left.iter().map(|(path, _)| *path).collect();
        let before = left.len();
        left.retain(|(_, named)| named.iter().any(|name| paths.contains(name)));
        if left.len() == before {
            break;
        }
    }
    // And what nobody that is left names.
    loop {
        let before = left.len();
        let named: Vec<&str> = left.iter().flat_map(|(_, named)| named.iter().copied()).collect();
        left.retain(|(path, _)| named.contains(path));
        if left.len() == before {
            break;
        }
    }
    let paths: Vec<&str> = left.iter().map(|(path, _)| *path).collect();
    let told = left.iter().map(|(path, named)| {
        let within: Vec<&str> = named.iter().copied().filter(|name| paths.contains(name)).collect();
        format!("{path} names {}", within.join(", "))
    });
    report(&told.collect::<Vec<_>>());
}

#[test]
fn the_core_is_pure() {
    let mut faults = Vec::new();
    for file in rust("src").iter().filter(|file| !file.is_test()) {
        if !CORE.iter().any(|(name, _)| *name == file.module()) {
            continue;
        }
        for (at, line) in file.code() {
            for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("{}:{at}: {word}", file.path));
            }
        }
    }
    report(&faults);
}

#[test]
fn nothing_is_left_lying_about() {
    // Spelt in two halves, so that this file does not find itself.
    let anywhere = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let in_source = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("db", "g!(")];
    let print = concat!("print", "ln!(");
    let mut faults = Vec::new();
    for file in [rust("src"), rust("tests")].iter().flatten() {
        let may_print = file.path.starts_with("src/cli/")
            || file.path.starts_with("tests/")
            || file.path.contains("/tests/");
        for (at, line) in file.text.lines().enumerate() {
            let left = anywhere.iter().chain(&in_source).any(|word| line.contains(word));
            if left || (!may_print && line.contains(print)) {
                faults.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    report(&faults);
}

#[test]
fn no_path_of_one_machine() {
    let places = ["work", "home", "root", "Users"].map(|name| format!("/{name}/"));
    let mut faults = Vec::new();
    for file in files("") {
        for (at, line) in file.text.lines().enumerate() {
            // A path starts a word; in an address it follows a letter.
            let found = places.iter().any(|place| {
                line.match_indices(place.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}*)".contains(c))
                })
            });
            if found {
                faults.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    report(&faults);
}

/// Canonical bytes rest on both: sorted members, and numbers that are refused, not kept as text.
#[test]
fn json_is_built_plain() {
    let value: serde_json::Value = serde_json::from_str(r#"{"b":1,"a":{"d":2,"c":3}}"#).unwrap();
    assert_eq!(value.to_string(), r#"{"a":{"c":3,"d":2},"b":1}"#, "preserve_order is on");
    let huge = serde_json::from_str::<serde_json::Value>("1e400");
    assert!(huge.is_err(), "arbitrary_precision is on");
}

/// Whether a file of the repository has this test.
fn has_test(path: &str, name: &str) -> bool {
    let text = fs::read_to_string(root().join(path)).unwrap_or_default();
    let head = format!("fn {name}(");
    text.match_indices(&head).any(|(at, _)| {
        let before = text[..at].trim_end().rsplit("\n\n").next().unwrap_or_default();
        before.contains("#[test]") || text[..at].trim_end().ends_with("proptest! {")
    })
}

/// `rules::NAME` is in `tests/it/rules.rs` or in that module of `src`; a file is a script.
fn is_shown(test: &str) -> bool {
    let Some((module, name)) = test.rsplit_once("::") else {
        return has_test("tests/tidy.rs", test)
            || root().join("tests/interop").join(test).is_file();
    };
    let path = module.replace("::", "/");
    let places = [format!("tests/it/{path}.rs"), format!("src/{path}.rs")];
    places.iter().any(|place| has_test(place, name))
}

#[test]
fn threats_name_tests_that_exist() {
    let text = fs::read_to_string(root().join("docs/THREATS.md")).unwrap();
    let mut faults = Vec::new();
    let mut shown = 0;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let tests = cells.last().unwrap().trim();
        if cells.len() != 4 {
            faults.push(format!("docs/THREATS.md:{}: {} cells, not 4", at + 1, cells.len()));
        }
        for test in tests.split('`').skip(1).step_by(2) {
            shown += 1;
            if !is_shown(test) {
                faults.push(format!("docs/THREATS.md:{}: there is no test {test}", at + 1));
            }
        }
    }
    assert!(shown > 50, "{shown} tests are named");
    report(&faults);
}

/// Files that the map names stand where it says; it is how a stranger finds a place.
#[test]
fn the_map_names_files_that_exist() {
    let text = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let mut faults = Vec::new();
    let mut named = 0;
    for word in text.split('`').skip(1).step_by(2).filter(|word| !word.contains(' ')) {
        let is_path = word.contains('/') && !word.starts_with('/') && !word.contains('*');
        if !is_path && !word.ends_with(".rs") {
            continue;
        }
        named += 1;
        let there = [root().join(word), root().join("src").join(word)].iter().any(|at| at.exists());
        if !there {
            faults.push(format!("docs/ARCHITECTURE.md: there is no {word}"));
        }
    }
    assert!(named > 40, "{named} files are named");
    report(&faults);
}

/// Where signatures and hashes are taken unread for fuzzers alone. `src/main.rs` refuses to be
/// built with the flag.
#[test]
fn the_fuzzers_flag_stands_where_it_may() {
    const PLACES: [&str; 5] = [
        "src/label/payload.rs",
        "src/log/hash.rs",
        "src/log/note_key.rs",
        "src/main.rs",
        "src/seal/proof.rs",
    ];
    let flag = concat!("fuz", "zing");
    let mut found = Vec::new();
    for file in rust("src") {
        let named = file.code().filter(|(_, line)| line.contains("cfg") && line.contains(flag));
        found.extend(named.map(|_| file.path.clone()));
    }
    assert_eq!(found, PLACES);
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.contains(&format!("#[cfg({flag})]\ncompile_error!(")));
}
