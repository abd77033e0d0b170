//! The modules of `assets/app` as one script: they stand in one scope, one after another, without
//! what they import from each other, so no name may stand twice. Not here: what is left out within
//! a module (`squeeze`).

use super::squeeze::squeezed;

/// The modules in the order they are run: each imports only from those before it. Where that leaves
/// a choice, those stand together that say alike: it packs a hundredth closer.
pub(super) const MODULES: [(&str, &str); 29] = [
    ("bytes", include_str!("../../assets/app/bytes.js")),
    ("names", include_str!("../../assets/app/names.js")),
    ("time", include_str!("../../assets/app/time.js")),
    ("canonical", include_str!("../../assets/app/canonical.js")),
    ("terms", include_str!("../../assets/app/terms.js")),
    ("claim", include_str!("../../assets/app/claim.js")),
    ("status", include_str!("../../assets/app/status.js")),
    ("ed25519", include_str!("../../assets/app/ed25519.js")),
    ("note", include_str!("../../assets/app/note.js")),
    ("statement", include_str!("../../assets/app/statement.js")),
    ("trust", include_str!("../../assets/app/trust.js")),
    ("tree", include_str!("../../assets/app/tree.js")),
    ("dossier", include_str!("../../assets/app/dossier.js")),
    ("block", include_str!("../../assets/app/block.js")),
    ("pack", include_str!("../../assets/app/pack.js")),
    ("label", include_str!("../../assets/app/label.js")),
    ("certificate", include_str!("../../assets/app/certificate.js")),
    ("dress", include_str!("../../assets/app/dress.js")),
    ("elements", include_str!("../../assets/app/elements.js")),
    ("address", include_str!("../../assets/app/address.js")),
    ("reading", include_str!("../../assets/app/reading.js")),
    ("code", include_str!("../../assets/app/code.js")),
    ("checks", include_str!("../../assets/app/checks.js")),
    ("judge", include_str!("../../assets/app/judge.js")),
    ("sources", include_str!("../../assets/app/sources.js")),
    ("words", include_str!("../../assets/app/words.js")),
    ("inquiry", include_str!("../../assets/app/inquiry.js")),
    ("steps", include_str!("../../assets/app/steps.js")),
    ("page", include_str!("../../assets/app/page.js")),
];

/// All of them as one script.
pub(super) fn script() -> String {
    MODULES.iter().map(|(_, text)| in_one_scope(&squeezed(text))).collect()
}

/// A module without its imports, and its names without the mark that others may have them.
fn in_one_scope(module: &str) -> String {
    let lines = module.lines().filter(|line| !line.starts_with("import{"));
    lines.fold(String::new(), |text, line| {
        text + line.strip_prefix("export ").unwrap_or(line) + "\n"
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::squeeze::pieces;
    use super::*;

    #[test]
    fn modules_import_only_from_those_before_them() {
        for (place, (name, text)) in MODULES.iter().enumerate() {
            for from in text.split(" from './").skip(1) {
                let from = from.split(".js'").next().unwrap();
                let known = MODULES[..place].iter().any(|(before, _)| *before == from);
                assert!(known, "{name} imports {from}");
            }
            // A name that was changed on its way would be lost.
            for import in text.split("\nimport ").skip(1) {
                let names = import.split(" from ").next().unwrap();
                assert!(!names.contains(" as "), "{name}: {names}");
            }
        }
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

    /// One scope: each name at its top belongs to one module.
    #[test]
    fn no_name_stands_twice() {
        let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (module, text) in MODULES {
            for line in text.lines() {
                let line = line.strip_prefix("export ").unwrap_or(line);
                let line = line.strip_prefix("async ").unwrap_or(line);
                let kinds = ["function* ", "function ", "const ", "let ", "class "];
                let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else {
                    continue;
                };
                let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                assert!(!name.is_empty(), "{module}: {line}");
                owners.entry(name).or_default().push(module);
            }
        }
        assert!(owners.len() > 300, "{}", owners.len());
        owners.retain(|_, modules| modules.len() > 1);
        assert_eq!(owners, BTreeMap::new());
    }

    #[test]
    fn nothing_but_gaps_is_lost() {
        for (name, text) in MODULES {
            let all = pieces(text);
            assert_eq!(all.iter().map(|(_, piece)| *piece).collect::<String>(), text, "{name}");
            let told = |text: &str| {
                let kept = pieces(text)
                    .into_iter()
                    .filter(|(kind, _)| *kind != super::super::squeeze::Kind::Gap);
                kept.map(|(_, piece)| piece.to_owned()).collect::<Vec<_>>()
            };
            let commas = |pieces: Vec<String>| -> Vec<String> {
                pieces.into_iter().filter(|piece| piece != ",").collect()
            };
            assert_eq!(commas(told(&squeezed(text))), commas(told(text)), "{name}");
        }
        let script = script();
        let left = |line: &&str| line.starts_with("import") || line.starts_with("export ");
        assert_eq!(script.lines().find(left), None);
        assert!(!script.contains("</script") && !script.contains("<!--"));
        assert!(!script.contains("\n//") && !script.contains("/**"));
    }
}
