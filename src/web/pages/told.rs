//! What people wrote, as a page shows it: names in the reader's language or marked with their own,
//! without characters that show nothing, and how to reach whom the page names.
//! Not here: the page's own words (`words`).

use super::words::{Name, Words};
use crate::names::PartySlug;
use crate::register::Register;
use crate::statement::{Contact, LocalNames, is_hidden};

/// Languages that names are given in.
const LANGUAGES: [&str; 5] = ["fr", "ar", "en", "es", "zgh"];

/// A text without the characters that show nothing; what parted words parts them still. Older
/// entries may hold some, new ones are refused.
pub(super) fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_hidden(c) => None,
        c => Some(c),
    };
    text.chars().filter_map(shown).collect::<String>().trim().to_owned()
}

/// Whether something in a text shows nothing.
pub(super) fn hides(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// The name in the reader's language, else the first one, marked with its language where that can
/// be told.
pub(super) fn local(w: Words, first: &str, names: &LocalNames) -> Name {
    let own = w.language.code();
    if let Some(name) = names.get(own) {
        return Name { text: visible(name), lang: "" };
    }
    let lang = language_of(first, names);
    Name { text: visible(first), lang: if lang == own { "" } else { lang } }
}

/// The language under which the same name is given, else that of its letters; empty for none.
fn language_of(name: &str, names: &LocalNames) -> &'static str {
    let same = |language: &&str| names.get(*language).is_some_and(|given| given == name);
    let arabic = |c: char| matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}');
    let tifinagh = |c: char| matches!(c, '\u{2d30}'..='\u{2d7f}');
    match LANGUAGES.into_iter().find(same) {
        Some(language) => language,
        None if name.chars().any(arabic) => "ar",
        None if name.chars().any(tifinagh) => "zgh",
        None => "",
    }
}

/// A party's registered name in the reader's language, else its first.
pub(super) fn party_name(w: Words, register: &Register, slug: &PartySlug) -> String {
    let known = register.party(slug);
    known.map_or_else(|| slug.to_string(), |party| local(w, &party.name, &party.names).text)
}

/// How to reach a party.
pub(super) struct Call {
    /// Whom.
    pub whom: String,
    /// The same as what to do.
    pub do_call: String,
    /// `+` and digits.
    pub phone: Option<String>,
    /// An https address.
    pub url: Option<String>,
}

impl Call {
    /// How a party is reached, if it says so.
    pub fn of(w: Words, register: &Register, slug: &PartySlug) -> Option<Self> {
        let Contact { phone, url } = register.party(slug)?.contact.clone()?;
        // What leads out of the page is looked at once more.
        let dials = |number: &String| {
            let digits = number.strip_prefix('+').unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let leads = |url: &String| url.starts_with("https://") && !hides(url);
        let name = party_name(w, register, slug);
        let whom = w.with("call-whom", "name", &name);
        let do_call = w.with("call-phone", "name", &name);
        Some(Self { whom, do_call, phone: phone.filter(dials), url: url.filter(leads) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn what_hides_is_left_out() {
        assert_eq!(visible("a\u{202e}b\u{200d}c\n d\u{feff}"), "ab\u{200d}c  d");
        assert!(hides("a\u{200e}") && !hides("زيت\u{200c} أركان"));
    }

    #[test]
    fn a_name_is_the_readers_or_marked_with_its_own_language() {
        let names = LocalNames::from([
            ("ar".to_owned(), "تعاونية".to_owned()),
            ("fr".to_owned(), "Coopérative".to_owned()),
        ]);
        let shown = |language, first: &str, names: &LocalNames| {
            let name = local(Words { language }, first, names);
            (name.text, name.lang)
        };
        let told = |text: &str, lang| (text.to_owned(), lang);
        assert_eq!(shown(Language::Ar, "Coopérative", &names), told("تعاونية", ""));
        assert_eq!(shown(Language::En, "Coopérative", &names), told("Coopérative", "fr"));
        let none = LocalNames::new();
        assert_eq!(shown(Language::En, "تعاونية", &none), told("تعاونية", "ar"));
        assert_eq!(shown(Language::Ar, "تعاونية", &none), told("تعاونية", ""));
        assert_eq!(shown(Language::Fr, "ⵜⴰⵎⵙⵙⵓⵔⵜ", &none), told("ⵜⴰⵎⵙⵙⵓⵔⵜ", "zgh"));
        assert_eq!(shown(Language::Fr, "Coop", &none), told("Coop", ""));
    }
}
