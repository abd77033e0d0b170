//! The form of texts in new statements: no characters that hide, reorder or break lines; names of
//! a length people can read; and the folding under which two names look alike.
//! Not here: Unicode Normalization Form C, which the strict profile asks of every string.
//! Source: Unicode Standard Annex 44, general categories
//! (<https://www.unicode.org/reports/tr44/#General_Category_Values>).

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

use crate::limits::NAME_CHARS_MAX;

/// What is wrong with a text of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// A character that shows nothing: a control, a mark of direction, a line separator, one of
    /// private use.
    Hidden {
        /// The beginning of the text, its hidden characters escaped.
        text: String,
        /// The first such character's number.
        code_point: u32,
    },
    /// White space at the beginning or the end.
    Edge {
        /// The beginning of the text.
        text: String,
    },
}

impl std::fmt::Display for TextFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hidden { text, code_point } => {
                write!(f, "the text \"{text}\" holds U+{code_point:04X}, which shows nothing")
            }
            Self::Edge { text } => {
                write!(f, "the text \"{text}\" begins or ends with white space")
            }
        }
    }
}

/// The first fault of a text, if it has one.
#[must_use]
pub fn text_fault(text: &str) -> Option<TextFault> {
    if plain(text) {
        return None;
    }
    if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
        return Some(TextFault::Hidden { text: shown(text), code_point: u32::from(hidden) });
    }
    let edge = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    edge.then(|| TextFault::Edge { text: shown(text) })
}

/// Whether a text is of printable ASCII without white space at its edges: nearly all are.
fn plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
}

/// Whether a character shows nothing of itself. The joiners (U+200C, U+200D) stay: Persian, Amazigh
/// in Arabic script and emoji need them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse};
    let hides = matches!(
        get_general_category(c),
        Control | Format | PrivateUse | LineSeparator | ParagraphSeparator
    );
    hides && !matches!(c, '\u{200c}' | '\u{200d}')
}

/// The beginning of a text for a message, what hides in it escaped.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(40) {
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// Whether a name has 1 to [`NAME_CHARS_MAX`] characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let chars = text.chars().take(NAME_CHARS_MAX.saturating_add(1)).count();
    (1..=NAME_CHARS_MAX).contains(&chars)
}

/// Characters of the id of a recipe or material.
const TERM_CHARS_MAX: usize = 64;

/// Whether a text can be the id of a recipe or material: 1 to 64 of `a-z`, `0-9` and `-`, not a
/// hyphen first or last.
#[must_use]
pub fn is_term_id(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=TERM_CHARS_MAX).contains(&text.len())
        && text.bytes().all(letter)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The form under which names are compared: without case, accents, marks, signs and white space,
/// and with the forms of one Arabic letter as one (alef, hamza, ta marbuta, ya).
#[must_use]
pub fn folded_name(name: &str) -> String {
    let letters = name.nfkd().filter(|c| c.is_alphanumeric() && !is_mark(*c));
    let mut folded = String::new();
    for c in letters.flat_map(char::to_lowercase) {
        match c {
            'آ' | 'أ' | 'إ' | 'ٱ' => folded.push('ا'),
            'ؤ' => folded.push('و'),
            'ئ' | 'ى' | 'ی' => folded.push('ي'),
            'ة' | 'ہ' => folded.push('ه'),
            'ک' => folded.push('ك'),
            'ء' | 'ـ' => {}
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ø' => folded.push('o'),
            'ı' => folded.push('i'),
            other => folded.push(lookalike(other)),
        }
    }
    folded
}

fn is_mark(c: char) -> bool {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    matches!(get_general_category(c), EnclosingMark | NonspacingMark | SpacingMark)
}

/// The Latin letter that a Greek or Cyrillic one is drawn as; the letter itself otherwise.
fn lookalike(c: char) -> char {
    const PAIRS: [(char, char); 30] = [
        ('а', 'a'),
        ('в', 'b'),
        ('е', 'e'),
        ('к', 'k'),
        ('м', 'm'),
        ('н', 'h'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('т', 't'),
        ('у', 'y'),
        ('х', 'x'),
        ('і', 'i'),
        ('ј', 'j'),
        ('ѕ', 's'),
        ('ԁ', 'd'),
        ('ո', 'n'),
        ('α', 'a'),
        ('β', 'b'),
        ('ε', 'e'),
        ('η', 'n'),
        ('ι', 'i'),
        ('κ', 'k'),
        ('ν', 'v'),
        ('ο', 'o'),
        ('ρ', 'p'),
        ('τ', 't'),
        ('υ', 'u'),
        ('χ', 'x'),
        ('ω', 'w'),
    ];
    PAIRS.iter().find(|(drawn, _)| *drawn == c).map_or(c, |(_, latin)| *latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_stands_at_the_edge_is_a_fault() {
        for good in
            ["", "a b", "Coopérative «Amane»", "أركان", "نمی\u{200c}دانم", "ⵜⴰⵙⴰⵜ", "👩\u{200d}🌾"]
        {
            assert_eq!(text_fault(good), None, "{good:?}");
        }
        for bad in [
            "a\0b",
            "a\tb",
            "a\nb",
            "\u{7f}",
            "a\u{ad}b",
            "\u{feff}a",
            "\u{200b}",
            "\u{202e}abc",
            "\u{2066}x\u{2069}",
            "\u{61c}",
            "\u{2028}",
            "\u{2029}",
            "\u{e000}",
            "\u{e0041}",
            "\u{85}",
        ] {
            let fault = text_fault(bad);
            assert!(matches!(fault, Some(TextFault::Hidden { .. })), "{bad:?}: {fault:?}");
            assert!(!fault.unwrap().to_string().chars().any(is_hidden));
        }
        for edge in [" a", "a ", "\u{a0}a", "a\u{3000}", " "] {
            assert!(matches!(text_fault(edge), Some(TextFault::Edge { .. })), "{edge:?}");
        }
    }

    #[test]
    fn names_have_a_length() {
        assert!(is_name("a") && is_name(&"é".repeat(120)));
        assert!(!is_name("") && !is_name(&"é".repeat(121)));
    }

    #[test]
    fn names_that_look_alike_fold_to_one() {
        let alike = [
            ("Coopérative Amane", "COOPERATIVE  amane"),
            ("Coopérative Amane", "Cооperative Аmаne"),
            ("تعاونية أركان", "تعاونيه اركان"),
            ("Certif-Vert", "Certif Vert."),
            ("Cœur", "coeur"),
            ("Ａmane", "amane"),
        ];
        for (one, other) in alike {
            assert_eq!(folded_name(one), folded_name(other), "{one} {other}");
        }
        assert_ne!(folded_name("Amane 1"), folded_name("Amane 2"));
    }
}
