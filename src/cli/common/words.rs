//! What the command line says, in English or French: texts of `assets/locales/cli.*.ftl`, by id.
//! Not here: pages (`web::language`), what a service answers, which is English.

use std::sync::OnceLock;

use clap::ValueEnum;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::names::IdError;
use crate::reader::ReadFault;
use crate::statement::Day;
use crate::web::{Language, date};

/// A language that the command line speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

type Texts = FluentBundle<FluentResource>;

static SPOKEN: OnceLock<Tongue> = OnceLock::new();

impl Tongue {
    /// The language of the arguments, else of the environment: `--lang`, `TASDIQ_LANG`, then the
    /// first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set (POSIX 8.2). English for any other.
    #[must_use]
    pub fn of(arguments: &[String], variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let named = |text: &str| <Self as ValueEnum>::from_str(text, true).ok();
        let own = arguments.iter().take_while(|it| *it != "--").enumerate().find_map(|(at, it)| {
            let text = match it.strip_prefix("--lang=") {
                Some(text) => text,
                None if it == "--lang" => arguments.get(at.checked_add(1)?)?,
                None => return None,
            };
            named(text)
        });
        let set = |name: &&str| variable(name).filter(|text| !text.is_empty());
        let locale = || {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set)?;
            let primary = locale.split(['_', '.', '@']).next()?;
            named(primary)
        };
        let told = || variable("TASDIQ_LANG").as_deref().and_then(named);
        own.or_else(told).or_else(locale).unwrap_or_default()
    }

    /// Speaks this language from now on; the first one said stays.
    pub fn speak(self) {
        SPOKEN.get_or_init(|| self);
    }

    /// The language that is spoken.
    #[must_use]
    pub fn spoken() -> Self {
        SPOKEN.get().copied().unwrap_or_default()
    }

    fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("../../../assets/locales/cli.en.ftl"),
            Self::Fr => include_str!("../../../assets/locales/cli.fr.ftl"),
        }
    }

    fn texts(self) -> &'static Texts {
        static EN: OnceLock<Texts> = OnceLock::new();
        static FR: OnceLock<Texts> = OnceLock::new();
        let (cell, tag) = match self {
            Self::En => (&EN, "en"),
            Self::Fr => (&FR, "fr"),
        };
        cell.get_or_init(|| {
            let mut texts = FluentBundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
            // No marks around values: a terminal and a table show them.
            texts.set_use_isolating(false);
            let resource = FluentResource::try_new(self.source().to_owned());
            let _duplicates = texts.add_resource(resource.unwrap_or_else(|(readable, _)| readable));
            texts
        })
    }

    /// The text with this id and values put in; the id itself, visibly, if there is none.
    #[must_use]
    pub fn say(self, id: &str, values: &[(&str, &str)]) -> String {
        let texts = self.texts();
        let Some(pattern) = texts.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let args: FluentArgs<'_> = values.iter().copied().collect();
        texts.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// The text with this id, if there is one.
    #[must_use]
    pub fn text(self, id: &str) -> Option<String> {
        self.texts().has_message(id).then(|| self.say(id, &[]))
    }
}

/// The text with this id in the language that is spoken.
#[must_use]
pub fn tr(id: &str, values: &[(&str, &str)]) -> String {
    Tongue::spoken().say(id, values)
}

/// A day in words: `2 November 2026`.
#[must_use]
pub fn day_in_words(day: Day) -> String {
    let language = match Tongue::spoken() {
        Tongue::En => Language::En,
        Tongue::Fr => Language::Fr,
    };
    date(language, day)
}

/// What can be told in the language that is spoken.
pub trait Worded {
    /// The stable code, and the words.
    fn worded(&self) -> (&'static str, String);
}

impl Worded for ReadFault {
    fn worded(&self) -> (&'static str, String) {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        (self.id, tr(self.id, &values))
    }
}

impl Worded for IdError {
    fn worded(&self) -> (&'static str, String) {
        let told = |id, text: &str| (id, tr(id, &[("value", text)]));
        match self {
            Self::GtinForm { text } => told("fault-gtin", text),
            Self::CheckDigit { text, expected } => {
                let id = "fault-gtin-check";
                (id, tr(id, &[("value", text), ("digit", &expected.to_string())]))
            }
            Self::GtinRestricted { text } => told("fault-gtin-restricted", text),
            Self::SlugForm { text } => told("fault-party", text),
            Self::LotPath { text } => told("fault-lot", text),
            other => ("fault-other", other.to_string()),
        }
    }
}

/// English alone.
impl Worded for String {
    fn worded(&self) -> (&'static str, String) {
        ("fault-other", self.clone())
    }
}

/// English alone.
impl Worded for &str {
    fn worded(&self) -> (&'static str, String) {
        ("fault-other", (*self).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// The values of each message, by id.
    fn lines(tongue: Tongue) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut last = None;
        for line in tongue.source().lines().filter(|line| !line.starts_with('#')) {
            let text = match line.split_once(" =") {
                Some((id, text)) if !line.starts_with(' ') => {
                    assert!(found.insert(id, BTreeSet::new()).is_none(), "{id} stands twice");
                    last = Some(id);
                    text
                }
                _ => line,
            };
            let values = text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next());
            let values: Vec<&str> = values.collect();
            found.entry(last.unwrap_or_default()).or_default().extend(values);
        }
        found.remove("");
        found
    }

    #[test]
    fn each_text_stands_in_both_languages_with_the_same_values() {
        let (english, french) = (lines(Tongue::En), lines(Tongue::Fr));
        assert!(english.len() > 50);
        assert_eq!(english, french);
        for tongue in [Tongue::En, Tongue::Fr] {
            assert!(FluentResource::try_new(tongue.source().to_owned()).is_ok(), "{tongue:?}");
            for id in english.keys() {
                assert!(!tongue.text(id).unwrap_or_default().trim().is_empty(), "{tongue:?} {id}");
            }
        }
        let same = english.keys().filter(|id| Tongue::En.text(id) == Tongue::Fr.text(id));
        assert_eq!(same.collect::<Vec<_>>(), [&"fault-other"]);
    }

    /// Ids that the sources name, and none that they do not.
    #[test]
    fn each_text_that_is_asked_for_is_there_and_none_is_left_over() {
        let mut sources = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = std::fs::read_to_string(path).unwrap();
                    let own = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
                    sources.push_str(own);
                }
            }
        }
        let known = lines(Tongue::En);
        let families = ["\"fault-", "\"ask-", "\"told-"];
        let mut asked = BTreeSet::new();
        for family in families {
            for (at, _) in sources.match_indices(family) {
                let id = sources[at + 1..].split('"').next().unwrap();
                assert!(known.contains_key(id), "{id} has no text");
                asked.insert(id);
            }
        }
        let verbs = crate::cli::verbs::names();
        for name in &verbs {
            assert!(known.contains_key(format!("verb-{name}").as_str()), "verb-{name}");
        }
        let verb = |id: &str| verbs.iter().any(|name| id.strip_prefix("verb-") == Some(name));
        let left: Vec<_> = known.keys().filter(|id| !asked.contains(**id) && !verb(id)).collect();
        assert!(left.is_empty(), "nobody asks for {left:?}");
    }

    #[test]
    fn the_language_is_that_of_the_arguments_then_of_the_environment() {
        let of = |arguments: &[&str], variables: &[(&str, &str)]| {
            let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Tongue::of(&arguments, &variable)
        };
        let french = [("LANG", "fr_MA.UTF-8")];
        assert_eq!(of(&[], &[]), Tongue::En);
        assert_eq!(of(&[], &french), Tongue::Fr);
        assert_eq!(of(&["--lang", "en"], &french), Tongue::En);
        assert_eq!(of(&["status", "--lang=fr"], &[]), Tongue::Fr);
        assert_eq!(of(&["--", "--lang=fr"], &[]), Tongue::En);
        assert_eq!(of(&[], &[("LC_ALL", "C"), ("LANG", "fr_FR")]), Tongue::En);
        assert_eq!(of(&[], &[("LC_ALL", ""), ("LANG", "fr_FR")]), Tongue::Fr);
        assert_eq!(of(&[], &[("TASDIQ_LANG", "fr"), ("LC_ALL", "de_DE")]), Tongue::Fr);
        assert_eq!(of(&["--lang"], &[]), Tongue::En);
    }
}
