//! The words of one page: texts by id, names of products, regions and schemes, quantities, status
//! words, all in one language. Not the texts themselves (`assets/locales`).

use std::borrow::Cow;

use axum::http::HeaderMap;

use super::names::named;
use crate::catalog::{BaseUnit, Catalog};
use crate::register::{CertificateStatus, LotStatus};
use crate::statement::{Day, Timestamp};
use crate::web::language::{self, Language, Value};

/// Texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct Words {
    pub language: Language,
}

/// A name as it is shown, with the language it is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Name {
    pub text: String,
    /// Empty where it is the page's own.
    pub lang: &'static str,
}

impl Words {
    /// The language asked for by `?lang=`, else the browser's best.
    pub fn asked(query: Option<&str>, headers: &HeaderMap) -> Self {
        let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
        Self { language: Language::choose(query.and_then(lang_of), accepted) }
    }

    /// The text with this id.
    pub fn t(self, id: &str) -> Cow<'static, str> {
        language::t(self.language, id)
    }

    /// The text with this id before what it names: French sets the colon off.
    pub fn colon(self, id: &str) -> String {
        let gap = if self.language.fallback() == Language::Fr { "\u{a0}" } else { "" };
        format!("{}{gap}:", self.t(id))
    }

    /// The text with this id and one value in it: words, or a count that its plural follows.
    pub fn with<'a>(self, id: &str, name: &'a str, value: impl Into<Value<'a>>) -> String {
        self.with_all(id, &[(name, value.into())])
    }

    /// The text with this id and values in it.
    pub fn with_all<'a, V: Copy + Into<Value<'a>>>(
        self,
        id: &str,
        values: &[(&'a str, V)],
    ) -> String {
        language::t_with(self.language, id, values)
    }

    /// The word for a code of the register.
    pub fn word(self, family: &str, code: &str) -> Cow<'static, str> {
        language::word(self.language, family, code)
    }

    /// The word for a value of the register that is spelled as in its documents.
    pub fn spelled(self, family: &str, value: impl Into<&'static str>) -> Cow<'static, str> {
        self.word(family, value.into())
    }

    pub fn day(self, day: Day) -> String {
        language::date(self.language, day)
    }

    pub fn instant(self, at: Timestamp) -> String {
        language::instant(self.language, at)
    }

    /// A span of time in its largest whole unit.
    pub fn lasting(self, seconds: u64) -> String {
        let (id, count) = match seconds {
            0..=119 => ("span-seconds", seconds),
            120..=7_199 => ("span-minutes", seconds / 60),
            7_200..=172_799 => ("span-hours", seconds / 3_600),
            _ => ("span-days", seconds / 86_400),
        };
        self.with(id, "count", count)
    }

    pub fn number(self, number: u64) -> String {
        language::number(self.language, number)
    }

    /// A quantity in the smallest unit (UN/ECE Recommendation 20), as people write it.
    pub fn quantity(self, quantity: u64, unit: &str) -> String {
        match BaseUnit::of_code(unit) {
            Some(unit) => language::quantity(self.language, quantity, unit),
            None => format!("{} {unit}", self.number(quantity)),
        }
    }

    /// An amount in the minor unit of a currency, as people write it.
    pub fn money(self, amount: u128, currency: &str) -> String {
        language::money(self.language, amount, currency)
    }

    pub fn certificate(self, status: CertificateStatus) -> Cow<'static, str> {
        self.word("certificate-status", status.word())
    }

    pub fn lot(self, status: LotStatus) -> Cow<'static, str> {
        self.word("lot-status", status.word())
    }

    /// A product or material of the catalogue; `declared` is the name to fall back to.
    pub fn product(self, id: &str, declared: &str) -> Name {
        let catalog = Catalog::builtin().ok();
        if let Some(found) = catalog.and_then(|catalog| catalog.product(id)) {
            return self.name(id, &found.name_fr, &found.name_ar, &found.name_en);
        }
        match catalog.and_then(|catalog| catalog.material(id)) {
            Some(found) => self.name(id, &found.name_fr, &found.name_ar, &found.name_en),
            None => Name { text: declared.to_owned(), lang: "" },
        }
    }

    /// A recipe of a rulebook or built in, as what was done; of one that no text is for, its id.
    pub fn recipe(self, id: &str) -> String {
        let key = format!("recipe-{id}");
        let text = self.t(&key);
        if *text == key { self.with("recipe-other", "recipe", id) } else { text.into_owned() }
    }

    pub fn region(self, iso: &str) -> Name {
        match Catalog::builtin().ok().and_then(|catalog| catalog.region(iso)) {
            Some(found) => self.name(iso, &found.name_fr, &found.name_ar, &found.name_en),
            None => Name { text: iso.to_owned(), lang: "" },
        }
    }

    pub fn scheme(self, id: &str) -> Name {
        match Catalog::builtin().ok().and_then(|catalog| catalog.scheme(id)) {
            Some(found) => self.name(id, &found.name_fr, "", &found.name_en),
            None => Name { text: id.to_owned(), lang: "" },
        }
    }

    /// The name in the page's language, else the French one, marked as French.
    fn name(self, id: &str, fr: &str, ar: &str, en: &str) -> Name {
        let own = match self.language {
            Language::Ar => ar,
            Language::En => en,
            Language::Fr => fr,
            Language::Es | Language::Zgh => "",
        };
        let own = if own.is_empty() { named(self.language, id).unwrap_or_default() } else { own };
        if own.is_empty() {
            Name { text: fr.to_owned(), lang: "fr" }
        } else {
            Name { text: own.to_owned(), lang: "" }
        }
    }
}

/// The value of `lang` in a query string.
pub(super) fn lang_of(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang="))
}
