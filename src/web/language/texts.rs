//! Texts by id, with values put in: Project Fluent, `assets/locales`. Numbers go in as numbers, so
//! that a text can follow their plural. Not here: which language (`choice`), HTML.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::choice::Language;
use super::figures::number;

type Texts = FluentBundle<FluentResource>;

/// What is put into a text.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Words.
    Text(&'a str),
    /// A count, which the text's plural follows; written with its thousands grouped.
    Count(u64),
}

/// What templates and pages have in hand: words and counts, owned or not.
macro_rules! values {
    ($($kind:ty => |$value:ident| $made:expr,)*) => { $(
        impl<'a> From<$kind> for Value<'a> {
            fn from($value: $kind) -> Self {
                $made
            }
        }
    )* };
}

values! {
    &'a str => |text| Self::Text(text),
    &'a &str => |text| Self::Text(text),
    &'a String => |text| Self::Text(text),
    &'a &String => |text| Self::Text(text),
    &'a Cow<'_, str> => |text| Self::Text(text),
    u64 => |count| Self::Count(count),
    &u64 => |count| Self::Count(*count),
    usize => |count| Self::Count(u64::try_from(count).unwrap_or(u64::MAX)),
    &usize => |count| Self::Count(u64::try_from(*count).unwrap_or(u64::MAX)),
}

impl<'a> Value<'a> {
    /// As a text takes it. The plural rules at hand (`intl_pluralrules` 7) forget that Arabic goes
    /// by the last two digits: so the number that chooses the form is one below 101, and the one
    /// that is written goes with it in an option that nothing else reads.
    fn put(self, language: Language) -> FluentValue<'a> {
        let count = match self {
            Self::Text(text) => return text.into(),
            Self::Count(count) => count,
        };
        let chooses = match (language, count % 100) {
            (Language::Ar, 0..=2) if count > 100 => 100,
            (Language::Ar, last) if count > 100 => last,
            _ => count,
        };
        let options = FluentNumberOptions {
            minimum_integer_digits: usize::try_from(count).ok(),
            ..FluentNumberOptions::default()
        };
        // What is written is exact; what chooses need not be.
        let chooses = u32::try_from(chooses).unwrap_or(u32::MAX);
        FluentValue::Number(FluentNumber::new(f64::from(chooses), options))
    }
}

/// The source of a language's texts.
pub(super) fn source(language: Language) -> &'static str {
    match language {
        Language::Fr => include_str!("../../../assets/locales/fr.ftl"),
        Language::Ar => include_str!("../../../assets/locales/ar.ftl"),
        Language::En => include_str!("../../../assets/locales/en.ftl"),
        Language::Es => include_str!("../../../assets/locales/es.ftl"),
        Language::Zgh => include_str!("../../../assets/locales/zgh.ftl"),
    }
}

/// How a number in a text is written; None: as it is.
fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(figure) => {
            let count = figure.options.minimum_integer_digits?;
            Some(number(language, u64::try_from(count).ok()?))
        }
        _ => None,
    }
}

/// The texts of a language alone.
pub(super) fn texts(language: Language) -> &'static Texts {
    static BY_LANGUAGE: [OnceLock<Texts>; 5] = [const { OnceLock::new() }; 5];
    let place = Language::ALL.iter().position(|known| *known == language).unwrap_or_default();
    let [fr, ar, en, es, zgh] = &BY_LANGUAGE;
    let cell = [fr, ar, en, es, zgh].get(place).copied().unwrap_or(fr);
    cell.get_or_init(|| {
        let mut texts =
            FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        texts.set_formatter(Some(match language {
            Language::Fr => |value, _| written(Language::Fr, value),
            Language::Ar => |value, _| written(Language::Ar, value),
            Language::En => |value, _| written(Language::En, value),
            Language::Es => |value, _| written(Language::Es, value),
            Language::Zgh => |value, _| written(Language::Zgh, value),
        }));
        // A line that does not parse leaves its id missing, which shows; tests rule both out.
        let resource = FluentResource::try_new(source(language).to_owned());
        let _duplicates = texts.add_resource(resource.unwrap_or_else(|(readable, _)| readable));
        texts
    })
}

/// The texts that have this id: the language's own, else those it falls back to.
fn having(language: Language, key: &str) -> &'static Texts {
    let own = texts(language);
    if language.fallback() == language || own.has_message(key) {
        own
    } else {
        texts(language.fallback())
    }
}

/// The text with this id; the id itself, visibly, if there is none.
#[must_use]
pub fn t(language: Language, key: &str) -> Cow<'static, str> {
    let texts = having(language, key);
    match texts.get_message(key).and_then(|message| message.value()) {
        Some(pattern) => texts.format_pattern(pattern, None, &mut Vec::new()),
        None => Cow::Owned(key.to_owned()),
    }
}

/// The text with this id and values put in, each isolated so that it cannot turn the direction of
/// the text around it (Unicode UAX 9 section 2.4). Not escaped for HTML.
#[must_use]
pub fn t_with<'a, V>(language: Language, key: &str, values: &[(&'a str, V)]) -> String
where
    V: Copy + Into<Value<'a>>,
{
    let texts = having(language, key);
    let Some(pattern) = texts.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let put = |(name, value): &(&'a str, V)| {
        let value: Value<'a> = (*value).into();
        (*name, value.put(language))
    };
    let args: FluentArgs<'_> = values.iter().map(put).collect();
    texts.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// The words for a code of the register: `word(Fr, "indication", "TOTAL_PASSED")` is the text
/// `indication-total-passed`.
#[must_use]
pub fn word(language: Language, family: &str, code: &str) -> Cow<'static, str> {
    // A page asks for some fifty: one allocation for each.
    let length = family.len().saturating_add(1).saturating_add(code.len());
    let mut key = String::with_capacity(length);
    key.push_str(family);
    key.push('-');
    key.extend(code.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }));
    t(language, &key)
}
