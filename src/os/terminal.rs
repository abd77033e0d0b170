//! What is written to people: words of servers, files and statements among it must not steer the
//! terminal they are read on. Every line of this crate on stderr goes through here: what verbs say
//! by `eprintln!`, what goes on in a service by `log_lines`.

use std::borrow::Cow;
use std::fmt;
use std::io::Write;

/// As the standard library's, but nothing in the text steers a terminal, and a closed stderr is no
/// reason to panic.
macro_rules! eprintln {
    () => {
        $crate::os::terminal::tell(format_args!(""))
    };
    ($($part:tt)*) => {
        $crate::os::terminal::tell(format_args!($($part)*))
    };
}

/// Writes a line to stderr, as [`shown`].
pub fn tell(line: fmt::Arguments<'_>) {
    let line = format!("{line}\n");
    // Whoever closed stderr wants to hear nothing.
    let _ = std::io::stderr().lock().write_all(shown(&line).as_bytes());
}

/// A text as it may reach a terminal: control characters, but for line breaks and tabs, and all
/// that turns or hides the text around it, are written out as `\u{..}`.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |c| format!("\\u{{{:x}}}", u32::from(c)))
}

/// JSON as it may reach a terminal: the same characters as JSON's own escapes. In JSON they stand
/// in texts alone, so that it says the same.
#[must_use]
pub fn shown_json(text: &str) -> Cow<'_, str> {
    escaped(text, |c| {
        let mut units = [0; 2];
        c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    })
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let each = text.chars().map(|c| if is_hidden(c) { escape(c) } else { c.to_string() });
    Cow::Owned(each.collect())
}

/// Controls (C0 but line break and tab, DEL, C1), marks that turn the direction of writing, and
/// characters without width; but not the joiners that scripts need.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        let evil = "a\u{1b}]0;owned\u{7}\u{1b}[2J\rb\u{9b}31m\u{7f}\u{202e}txt\u{2066}\u{e0041}";
        let shown = shown(evil);
        assert!(!shown.contains(is_hidden), "{shown}");
        assert!(shown.starts_with("a\\u{1b}]0;owned\\u{7}"), "{shown}");
        let plain = "ligne\n\tتصديق ⵜⴰⵎⴰⵣⵉⵖⵜ e\u{301} \u{200d}";
        assert!(matches!(super::shown(plain), Cow::Borrowed(same) if same == plain));
    }

    #[test]
    fn json_says_the_same() {
        let text = "a\u{1b}\u{9b}\u{202e}\u{e0041}é";
        let json = serde_json::to_string(text).unwrap();
        let shown = shown_json(&json);
        assert!(!shown.contains(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
