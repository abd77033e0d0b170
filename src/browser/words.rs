//! What the page is told as data: its texts, ids once and for each language the texts in that
//! order, and what schemes stand for. Texts that the pages of the service say too come from their
//! locales, the others from `check.*.ftl` beside them. Not here: who chooses a language.

use serde_json::{Map, Value, json};

use crate::catalog::{Catalog, Scheme, SchemeKind};

/// Texts of the pages that this one says too, by how their ids begin; sorted.
const SHARED: [&str; 7] = [
    "action-",
    "certificate-status-",
    "check-",
    "lot-status-",
    "reason-",
    "signal-",
    "sub-indication-",
];

/// Of those, what no verdict of this page says: what takes scans, issues of serials, a headline, or
/// inputs of other lots.
const UNSAID: [&str; 11] = [
    "lot-status-exhausted",
    "lot-status-uncertified",
    "signal-title",
    "signal-serial-not-issued",
    "signal-label-void",
    "signal-unusual-scans",
    "signal-lot-ended",
    "signal-input-certificate-suspended",
    "signal-input-certificate-withdrawn",
    "signal-uncertified-lot-exhausted",
    "sub-indication-serial-not-issued",
];

/// The languages that are complete: texts of the service's pages, and this page's own.
const LOCALES: [(&str, &str, &str); 4] = [
    (
        "ar",
        include_str!("../../assets/locales/ar.ftl"),
        include_str!("../../assets/locales/check.ar.ftl"),
    ),
    (
        "en",
        include_str!("../../assets/locales/en.ftl"),
        include_str!("../../assets/locales/check.en.ftl"),
    ),
    (
        "es",
        include_str!("../../assets/locales/es.ftl"),
        include_str!("../../assets/locales/check.es.ftl"),
    ),
    (
        "fr",
        include_str!("../../assets/locales/fr.ftl"),
        include_str!("../../assets/locales/check.fr.ftl"),
    ),
];

/// Words of this page that are reviewed in Amazigh, and their ids there.
const AMAZIGH: [(&str, &str); 1] = [("certificate", "column-certificate")];

/// All of it: the words, and of each scheme the bits of its kinds and its name, which is French.
pub(super) fn facts() -> Value {
    let catalog = Catalog::builtin().ok();
    // Those of no kind are numbers of bodies, which nobody certifies a lot under.
    let claims = |scheme: &&Scheme| !scheme.kinds.is_empty();
    let all = catalog.into_iter().flat_map(|catalog| catalog.schemes()).filter(claims);
    let schemes = all.map(|scheme| {
        let bits = scheme.kinds.iter().fold(0, |bits, kind| bits | bit(*kind));
        (scheme.id.clone(), json!([bits, scheme.name_fr]))
    });
    let schemes: Map<String, Value> = schemes.collect();
    json!({ "words": words(), "schemes": schemes })
}

/// `ids` by how they begin, then the texts of each language in that order, one a line; `zgh` by id.
fn words() -> Value {
    let (mut words, mut ids) = (Map::new(), Map::new());
    for (language, shared, own) in LOCALES {
        let mut said = Vec::new();
        for start in std::iter::once("").chain(SHARED) {
            let (names, texts) = family(shared, own, start);
            ids.insert(start.to_owned(), json!(names.join(" ")));
            said.extend(texts);
        }
        words.insert(language.to_owned(), json!(said.join("\n")));
    }
    words.insert("ids".to_owned(), Value::Object(ids));
    words.insert("zgh".to_owned(), amazigh());
    Value::Object(words)
}

/// Texts whose ids begin alike (none of the others, if at all), and the rest of their ids, sorted.
fn family<'a>(shared: &'a str, own: &'a str, start: &str) -> (Vec<&'a str>, Vec<String>) {
    let of = |id: &str| SHARED.into_iter().find(|start| id.starts_with(start)).unwrap_or_default();
    let mut all = texts(shared, own);
    all.retain(|(id, _)| of(id) == start);
    all.sort_unstable();
    let all = all.into_iter().map(|(id, text)| (id.strip_prefix(start).unwrap_or(id), spelt(text)));
    all.unzip()
}

fn amazigh() -> Value {
    let reviewed = include_str!("../../assets/locales/zgh.ftl");
    let said = AMAZIGH.iter().filter_map(|(own, id)| Some((*own, text_of(reviewed, id)?)));
    let french = LOCALES.iter().find(|(language, ..)| *language == "fr");
    let partial = french.and_then(|(_, shared, _)| text_of(shared, "language-partial"));
    let all = said.chain(partial.map(|text| ("partial", text)));
    Value::Object(all.map(|(id, text)| (id.to_owned(), json!(text))).collect())
}

/// The texts of a locale that the page says, which are lines without selectors.
fn texts<'a>(shared: &'a str, own: &'a str) -> Vec<(&'a str, &'a str)> {
    let said = |id: &str| SHARED.iter().any(|start| id.starts_with(start)) && !UNSAID.contains(&id);
    messages(shared).filter(|(id, _)| said(id)).chain(messages(own)).collect()
}

fn messages(locale: &str) -> impl Iterator<Item = (&str, &str)> {
    locale.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}

fn text_of<'a>(locale: &'a str, sought: &str) -> Option<&'a str> {
    messages(locale).find(|(id, _)| *id == sought).map(|(_, text)| text)
}

/// A text with its values as the page fills them: `{name}`.
fn spelt(text: &str) -> String {
    text.replace("{ $", "{").replace(" }", "}")
}

/// The bit of a label that stands for a kind (docs/FORMAT.md section 5).
fn bit(kind: SchemeKind) -> u8 {
    match kind {
        SchemeKind::FairTrade => 1,
        SchemeKind::Organic => 2,
        SchemeKind::Geographical => 4,
        SchemeKind::AgriculturalLabel => 8,
        SchemeKind::Halal => 16,
        SchemeKind::Quality => 32,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::script::MODULES;
    use super::*;

    fn values(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn every_language_says_all_with_the_same_values() {
        let [_, (_, shared, own), ..] = LOCALES;
        let english = texts(shared, own);
        let ids: BTreeSet<&str> = english.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), english.len(), "an id stands twice");
        for (language, shared, own) in LOCALES {
            let all = texts(shared, own);
            assert_eq!(all.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>(), ids, "{language}");
            for (id, text) in &all {
                let same = english.iter().find(|(known, _)| known == id).unwrap();
                assert_eq!(values(text), values(same.1), "{language} {id}");
                assert!(!text.trim().is_empty() && spelt(text).matches('{').count() < 6);
            }
        }
        let told = facts();
        assert!(SHARED.is_sorted(), "the page goes through them as JSON sorts them");
        let ids = told["words"]["ids"].as_object().unwrap().values();
        let said: usize = ids.map(|ids| ids.as_str().unwrap().split(' ').count()).sum();
        for language in ["ar", "en", "es", "fr"] {
            let texts: Vec<&str> = told["words"][language].as_str().unwrap().split('\n').collect();
            assert!(texts.len() == said && !texts.contains(&""), "{language}");
        }
        assert_eq!(told["words"]["zgh"].as_object().unwrap().len(), AMAZIGH.len() + 1);
    }

    /// What this page alone says is said somewhere, and nothing is left out that a module names.
    #[test]
    fn no_text_is_idle_and_none_is_missing() {
        let html = include_str!("../../assets/app/check.html");
        let script: String = MODULES.iter().map(|(_, text)| *text).collect();
        let [_, (_, _, own), ..] = LOCALES;
        for (id, _) in messages(own) {
            let by_rule = ["v-", "kind-"].iter().any(|start| id.starts_with(start));
            let named = script.contains(&format!("'{id}'"));
            assert!(by_rule || named || html.contains(&format!("data-w=\"{id}\"")), "{id}");
        }
        for id in UNSAID {
            let start = SHARED.iter().find(|start| id.starts_with(*start)).unwrap();
            let word = id.strip_prefix(start).unwrap();
            let constant = word.replace('-', "_").to_uppercase();
            let called = if *start == "signal-" { "signal(" } else { "" };
            let said = [word, &constant].map(|word| script.contains(&format!("{called}'{word}'")));
            assert_eq!(said, [false, false], "{id}");
        }
    }

    /// The tests of the modules know schemes by this file.
    #[test]
    fn schemes_are_those_of_the_catalogue() {
        let kept = include_str!("../../tests/app/schemes.json");
        assert_eq!(serde_json::from_str::<Value>(kept).unwrap(), facts()["schemes"]);
    }
}
