//! The page that checks by itself: one HTML file that carries its style, its words and its script,
//! joined from the modules of `assets/app`. Served at `/check` and written by an export; the same
//! bytes of a release everywhere. Not here: what the modules do, HTTP.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, SchemeKind};

/// The modules in the order they are run: each imports only from those before it.
const MODULES: [(&str, &str); 32] = [
    ("bytes", include_str!("../assets/app/bytes.js")),
    ("canonical", include_str!("../assets/app/canonical.js")),
    ("ed25519", include_str!("../assets/app/ed25519.js")),
    ("time", include_str!("../assets/app/time.js")),
    ("names", include_str!("../assets/app/names.js")),
    ("tree", include_str!("../assets/app/tree.js")),
    ("note", include_str!("../assets/app/note.js")),
    ("claim", include_str!("../assets/app/claim.js")),
    ("statement", include_str!("../assets/app/statement.js")),
    ("status", include_str!("../assets/app/status.js")),
    ("trust", include_str!("../assets/app/trust.js")),
    ("block", include_str!("../assets/app/block.js")),
    ("pack", include_str!("../assets/app/pack.js")),
    ("label", include_str!("../assets/app/label.js")),
    ("dress", include_str!("../assets/app/dress.js")),
    ("address", include_str!("../assets/app/address.js")),
    ("elements", include_str!("../assets/app/elements.js")),
    ("reading", include_str!("../assets/app/reading.js")),
    ("checks", include_str!("../assets/app/checks.js")),
    ("certificate", include_str!("../assets/app/certificate.js")),
    ("code", include_str!("../assets/app/code.js")),
    ("dossier", include_str!("../assets/app/dossier.js")),
    ("judge", include_str!("../assets/app/judge.js")),
    ("sources", include_str!("../assets/app/sources.js")),
    ("inquiry", include_str!("../assets/app/inquiry.js")),
    ("words_ar", include_str!("../assets/app/words_ar.js")),
    ("words_en", include_str!("../assets/app/words_en.js")),
    ("words_es", include_str!("../assets/app/words_es.js")),
    ("words_fr", include_str!("../assets/app/words_fr.js")),
    ("words", include_str!("../assets/app/words.js")),
    ("steps", include_str!("../assets/app/steps.js")),
    ("page", include_str!("../assets/app/page.js")),
];

/// Texts of the pages that this one says too, by how their ids begin.
const SHARED: [&str; 7] = [
    "action-",
    "certificate-status-",
    "check-",
    "lot-status-",
    "reason-",
    "signal-",
    "sub-indication-",
];

/// The languages of those texts.
const LOCALES: [(&str, &str); 4] = [
    ("ar", include_str!("../assets/locales/ar.ftl")),
    ("en", include_str!("../assets/locales/en.ftl")),
    ("es", include_str!("../assets/locales/es.ftl")),
    ("fr", include_str!("../assets/locales/fr.ftl")),
];

/// The page, and what may run in it.
#[derive(Debug)]
pub struct CheckPage {
    /// The whole file.
    pub html: String,
    /// What a `Content-Security-Policy` must say of scripts: the hash of the one there is.
    pub script_source: String,
    /// The same of styles.
    pub style_source: String,
}

/// The page of this release.
#[must_use]
pub fn check_page() -> &'static CheckPage {
    static PAGE: OnceLock<CheckPage> = OnceLock::new();
    PAGE.get_or_init(|| {
        let script = script();
        let style = include_str!("../assets/app/check.css");
        let source =
            |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let (script_source, style_source) = (source(&script), source(style));
        // Data stands in a script element too: nothing in it may end that.
        let facts = facts().to_string().replace('<', "\\u003c");
        let html = include_str!("../assets/app/check.html")
            .replacen("{style}", style, 1)
            .replacen("{facts}", &facts, 1)
            .replacen("{script}", &script, 1);
        CheckPage { html, script_source, style_source }
    })
}

/// All modules as one script: each a function that is given what it imports and gives what it
/// exports. Comments and the space before a line are left out.
fn script() -> String {
    MODULES.iter().map(|(name, text)| module(name, text)).collect()
}

fn module(name: &str, text: &str) -> String {
    let (mut body, mut exports) = (String::new(), Vec::new());
    let (mut comment, mut import) = (false, None::<String>);
    for line in text.lines().map(str::trim) {
        comment |= line.starts_with("/**");
        if comment || line.starts_with("//") || line.is_empty() {
            comment &= !line.ends_with("*/");
            continue;
        }
        if let Some(mut begun) = import.take().or_else(|| begins_import(line)) {
            begun.push_str(line);
            match ended(&begun) {
                Some(whole) => body.push_str(&whole),
                None => import = Some(begun),
            }
            continue;
        }
        let own = line.strip_prefix("export ");
        exports.extend(own.and_then(exported));
        body.push_str(own.unwrap_or(line));
        body.push('\n');
    }
    format!("const m_{name} = (() => {{\n{body}return {{ {} }};\n}})();\n", exports.join(", "))
}

fn begins_import(line: &str) -> Option<String> {
    line.starts_with("import ").then(String::new)
}

/// An import that has its end: `import { a, b } from './x.js';` becomes `const { a, b } = m_x;`.
fn ended(import: &str) -> Option<String> {
    let (names, from) = import.strip_prefix("import ")?.split_once(" from './")?;
    let module = from.strip_suffix(".js';")?;
    Some(format!("const {} = m_{module};\n", names.replace(" as ", ": ")))
}

/// The name that an exported declaration gives.
fn exported(declaration: &str) -> Option<&str> {
    let words = declaration.split([' ', '(', ';', '=']);
    words
        .filter(|word| !word.is_empty())
        .find(|word| !["async", "function", "function*", "const", "class", "let"].contains(word))
}

/// What the page is told as data: the shared texts, and what schemes stand for.
fn facts() -> Value {
    let locales = LOCALES.map(|(language, text)| (language.to_owned(), texts(text)));
    let mut kinds = Map::new();
    let mut names = Map::new();
    let catalog = Catalog::builtin().ok();
    for scheme in catalog.into_iter().flat_map(|catalog| catalog.schemes()) {
        let words: Vec<&str> = scheme.kinds.iter().copied().map(kind_word).collect();
        kinds.insert(scheme.id.clone(), json!(words));
        names.insert(scheme.id.clone(), json!({ "en": scheme.name_en, "fr": scheme.name_fr }));
    }
    json!({ "words": Map::from_iter(locales), "kinds": kinds, "schemes": names })
}

/// The texts of a locale that the page says, which are lines without variables.
fn texts(locale: &str) -> Value {
    let lines = locale.lines().filter_map(|line| line.split_once(" = "));
    let shared = lines.filter(|(id, _)| SHARED.iter().any(|start| id.starts_with(start)));
    Value::Object(shared.map(|(id, text)| (id.to_owned(), json!(text))).collect())
}

fn kind_word(kind: SchemeKind) -> &'static str {
    match kind {
        SchemeKind::FairTrade => "fair-trade",
        SchemeKind::Organic => "organic",
        SchemeKind::Geographical => "geographical",
        SchemeKind::AgriculturalLabel => "agricultural-label",
        SchemeKind::Halal => "halal",
        SchemeKind::Quality => "quality",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn modules_import_only_from_those_before_them() {
        for (place, (name, text)) in MODULES.iter().enumerate() {
            for from in text.split(" from './").skip(1) {
                let from = from.split(".js'").next().unwrap();
                let known = MODULES[..place].iter().any(|(before, _)| *before == from);
                assert!(known, "{name} imports {from}");
            }
        }
        let script = script();
        let left = |line: &&str| line.starts_with("import ") || line.starts_with("export ");
        assert_eq!(script.lines().find(left), None);
        assert!(!script.contains("</script"));
    }

    #[test]
    fn every_module_of_the_folder_is_in_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/app");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut found: Vec<String> =
            names.filter_map(|name| Some(name.to_str()?.strip_suffix(".js")?.to_owned())).collect();
        // Those of the inspector's desk are files of the service.
        found.retain(|name| !name.starts_with("inspect"));
        found.sort();
        let mut known: Vec<&str> = MODULES.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(found, known);
    }

    #[test]
    fn the_page_is_small_and_whole() {
        let CheckPage { html, script_source, .. } = check_page();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(html.as_bytes()).unwrap();
        let bytes = gzip.finish().unwrap().len();
        assert!(bytes < 75_000, "{bytes} bytes as gzip");
        assert!(!html.contains("{style}") && !html.contains("src=") && !html.contains("@import"));
        assert!(script_source.starts_with("'sha256-"));
        let (_, own) = html.split_once("<script type=\"module\">").unwrap();
        let own = own.split("</script>").next().unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(own));
        assert_eq!(*script_source, format!("'sha256-{hash}'"));
    }

    /// The tests of the modules know schemes by this file.
    #[test]
    fn schemes_are_those_of_the_catalogue() {
        let kept = include_str!("../tests/app/schemes.json");
        assert_eq!(serde_json::from_str::<Value>(kept).unwrap(), facts()["kinds"]);
    }
}
