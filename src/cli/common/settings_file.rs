//! A settings file: plain values at the top of a TOML document, each with the line it stands on.
//! Who may have written it, and how large it is, is judged before it is read. Not here: which
//! settings there are, and what else says them (`settings`).

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, bail};
use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most bytes of a settings file.
const BYTES_MAX: u64 = 65_536;

/// Most values of a list.
const LIST_MAX: usize = 100;

/// One setting of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// What is said of it.
    pub value: Value,
    /// The line it stands on, from 1.
    pub line: usize,
}

/// A value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text or a whole number, as text.
    Text(String),
    /// `true` or `false`.
    Switch(bool),
    /// Several texts.
    List(Vec<String>),
}

/// Reads a settings file. A pipe, a device or a folder is none, nor is what others may write.
///
/// # Errors
/// What is wrong with it, with the line where there is one.
pub fn read(path: &Path) -> anyhow::Result<Vec<Entry>> {
    let named = || format!("settings file {}", path.display());
    let text = text_of(path).with_context(named)?;
    parsed(&text).map_err(|(line, fault)| anyhow::anyhow!("{}:{line}: {fault}", path.display()))
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    // Opening a pipe waits for nobody.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let about = file.metadata()?;
    if !about.is_file() {
        bail!("it is no file: a pipe, a device or a folder holds no settings");
    }
    if about.mode() & 0o002 != 0 {
        bail!("everybody on this machine may write it: chmod o-w it first");
    }
    let own = geteuid().as_raw();
    if ![0, own].contains(&about.uid()) {
        bail!("it is the file of user {}, and neither root's nor that of user {own}", about.uid());
    }
    let mut bytes = Vec::new();
    file.by_ref().take(BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > BYTES_MAX {
        bail!("it has more than {BYTES_MAX} bytes");
    }
    String::from_utf8(bytes).context("it is not UTF-8")
}

/// A line and what is wrong there.
type Fault = (usize, String);

fn parsed(text: &str) -> Result<Vec<Entry>, Fault> {
    let line_at = |place: usize| {
        let before = text.as_bytes().get(..place).unwrap_or(text.as_bytes());
        before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1)
    };
    let table = DeTable::parse(text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        (line_at(place), error.message().to_owned())
    })?;
    let mut entries = Vec::new();
    for (key, value) in table.get_ref() {
        let line = line_at(key.span().start);
        let name = key.get_ref().to_string();
        let value = value_of(value).map_err(|fault| (line, format!("{name}: {fault}")))?;
        entries.push(Entry { key: name, value, line });
    }
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

fn value_of(value: &Spanned<DeValue<'_>>) -> Result<Value, &'static str> {
    match value.get_ref() {
        DeValue::String(text) => Ok(Value::Text(text.to_string())),
        DeValue::Integer(number) if number.radix() == 10 => Ok(Value::Text(number.to_string())),
        DeValue::Boolean(on) => Ok(Value::Switch(*on)),
        DeValue::Array(items) if items.len() <= LIST_MAX => {
            let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) => Ok(text.to_string()),
                _ => Err("a list holds texts"),
            };
            items.iter().map(text).collect::<Result<_, _>>().map(Value::List)
        }
        DeValue::Array(_) => Err("the list is too long"),
        DeValue::Table(_) => Err("settings stand at the top of the file, in no table"),
        _ => Err("a setting is a text, a whole number, true or false, or a list of texts"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_lines() {
        let text = "# ours\nlisten = \"127.0.0.1:0\"\n\nquota = 50\nwebhook-private = true\n\
            published = [\n  \"https://a.example\",\n  \"/b\",\n]\n";
        let text_value = |text: &str| Value::Text(text.to_owned());
        let found = parsed(text).unwrap();
        let list = vec!["https://a.example".to_owned(), "/b".to_owned()];
        let wanted = [
            ("listen", text_value("127.0.0.1:0"), 2),
            ("quota", text_value("50"), 4),
            ("webhook-private", Value::Switch(true), 5),
            ("published", Value::List(list), 6),
        ];
        for (entry, (key, value, line)) in found.iter().zip(wanted) {
            assert_eq!((entry.key.as_str(), &entry.value, entry.line), (key, &value, line));
        }
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn what_is_no_setting_is_told_with_its_line() {
        let cases = [
            ("quota = 1\nquota = 2\n", 2),
            ("quota = 1\n\n[serve]\nquota = 2\n", 3),
            ("a.b = 1\n", 1),
            ("quota = 1.5\n", 1),
            ("quota = 0x10\n", 1),
            ("\n\nquota = 2026-01-01\n", 3),
            ("quota = [1]\n", 1),
            ("quota 1\n", 1),
            ("x = \"", 1),
        ];
        for (text, line) in cases {
            let (at, fault) = parsed(text).unwrap_err();
            assert_eq!(at, line, "{text:?}: {fault}");
            assert!(!fault.contains('\n'), "{fault}");
        }
        let long = format!("published = [{}]", "\"a\",".repeat(LIST_MAX + 1));
        assert!(parsed(&long).is_err());
        assert!(parsed(&"[".repeat(60_000)).is_err(), "depth is bounded");
    }
}
