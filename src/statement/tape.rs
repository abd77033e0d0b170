//! A statement in canonical form, read in one pass without copying: every value with its place in
//! the bytes, so that a part can be hashed where it stands. Accepts exactly the bytes that are
//! their own canonical form under the strict profile ([`super::canonical`], which names the fault
//! of all others; a test compares both). Not here: reading types from it (`tape_reader`).

use std::borrow::Cow;

use super::canonical::is_normalized;
use crate::limits::{INTEGER_MAX, NESTING_MAX, STATEMENT_BYTES_MAX};

/// All values of a document, each before those it holds.
pub(super) struct Tape<'a> {
    bytes: &'a [u8],
    cells: Vec<Cell<'a>>,
}

/// One value and where it stands.
pub(super) struct Cell<'a> {
    /// The member's name; empty in lists and at the top.
    pub key: Cow<'a, str>,
    pub value: Scalar<'a>,
    /// First byte: of the name for a member, of the value otherwise.
    from: usize,
    /// First byte of the value.
    start: usize,
    /// The byte after the value.
    end: usize,
    /// The cell after the last one it holds.
    pub next: usize,
}

/// What a cell holds itself.
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Cow<'a, str>),
    List,
    Object,
}

/// One value of a tape, with all it holds.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    pub tape: &'t Tape<'t>,
    pub cell: &'t Cell<'t>,
    /// The cell after this one.
    pub below: usize,
}

impl<'a> Tape<'a> {
    /// Reads a document; None for bytes that are not canonical or break the strict profile.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        // Certificates have a value every 20 bytes.
        let cells = Vec::with_capacity(bytes.len() / 20);
        let mut scan = Scan { text, at: 0, cells };
        scan.value(Cow::Borrowed(""), 0, 0)?;
        (scan.at == bytes.len()).then_some(Self { bytes, cells: scan.cells })
    }

    /// The whole document.
    pub fn top(&self) -> Option<Node<'_>> {
        self.node(0)
    }

    /// All texts of the document, names of members aside.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let text = |cell: &'_ Cell<'_>| matches!(cell.value, Scalar::Text(_));
        self.cells.iter().filter(move |cell| text(cell)).map(|cell| match &cell.value {
            Scalar::Text(text) => text.as_ref(),
            _ => "",
        })
    }

    pub fn node(&self, at: usize) -> Option<Node<'_>> {
        let cell = self.cells.get(at)?;
        Some(Node { tape: self, cell, below: at.saturating_add(1) })
    }
}

impl<'t> Node<'t> {
    /// The values it holds, in their order.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let mut at = self.below;
        std::iter::from_fn(move || {
            let node = self.tape.node(at).filter(|_| at < self.cell.next)?;
            at = node.cell.next;
            Some(node)
        })
    }

    /// The member of an object by its name.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        matches!(self.cell.value, Scalar::Object)
            .then(|| self.items().find(|member| member.cell.key == key))
            .flatten()
    }

    pub fn is_object(self) -> bool {
        matches!(self.cell.value, Scalar::Object)
    }

    pub fn is_list(self) -> bool {
        matches!(self.cell.value, Scalar::List)
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<&'t str> {
        if let Scalar::Text(text) = &self.cell.value { Some(text) } else { None }
    }

    /// The canonical bytes of the value.
    pub fn bytes(self) -> &'t [u8] {
        self.tape.bytes.get(self.cell.start..self.cell.end).unwrap_or_default()
    }

    /// The canonical bytes of this object without some of its members, which stand in their order,
    /// in parts. All of it where none is given.
    pub fn without(self, members: [Option<Node<'t>>; 2]) -> [&'t [u8]; 3] {
        let part = |range| self.tape.bytes.get(range).unwrap_or_default();
        let byte = |at: usize| self.tape.bytes.get(at).copied();
        let mut parts: [&[u8]; 3] = Default::default();
        let mut from = self.cell.start;
        for (place, member) in members.into_iter().flatten().enumerate() {
            let (mut first, mut end) = (member.cell.from, member.cell.end);
            // With the comma before it; the first member with the one after it, if there is one.
            if first > from && byte(first.wrapping_sub(1)) == Some(b',') {
                first = first.saturating_sub(1);
            } else if byte(end) == Some(b',') {
                end = end.saturating_add(1);
            }
            if let Some(slot) = parts.get_mut(place) {
                *slot = part(from..first);
            }
            from = end;
        }
        if let Some(last) = parts.last_mut() {
            *last = part(from..self.cell.end);
        }
        parts
    }
}

/// The reading under way.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    cells: Vec<Cell<'a>>,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(expected.as_bytes()).then(|| self.at += expected.len())
    }

    /// One value at a depth, and all it holds.
    fn value(&mut self, key: Cow<'a, str>, from: usize, depth: usize) -> Option<()> {
        if depth > NESTING_MAX {
            return None;
        }
        let (place, start) = (self.cells.len(), self.at);
        self.cells.push(Cell { key, value: Scalar::Null, from, start, end: 0, next: 0 });
        let value = match self.peek()? {
            b'"' => {
                let text = self.string()?;
                is_normalized(&text).then_some(Scalar::Text(text))?
            }
            b'{' => self.object(depth)?,
            b'[' => self.list(depth)?,
            b't' => self.take("true").map(|()| Scalar::Bool(true))?,
            b'f' => self.take("false").map(|()| Scalar::Bool(false))?,
            b'n' => self.take("null").map(|()| Scalar::Null)?,
            _ => Scalar::Integer(self.integer()?),
        };
        let (end, next) = (self.at, self.cells.len());
        let cell = self.cells.get_mut(place)?;
        (cell.value, cell.end, cell.next) = (value, end, next);
        Some(())
    }

    /// Members by name in rising order, each name once, of printable ASCII.
    fn object(&mut self, depth: usize) -> Option<Scalar<'a>> {
        self.take("{")?;
        if self.take("}").is_some() {
            return Some(Scalar::Object);
        }
        let mut last: Option<usize> = None;
        loop {
            let from = self.at;
            let key = self.string()?;
            let known = last.and_then(|place| self.cells.get(place));
            let rising = known.is_none_or(|cell| *cell.key < *key);
            if !rising || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
                return None;
            }
            self.take(":")?;
            last = Some(self.cells.len());
            self.value(key, from, depth.saturating_add(1))?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.take("}").map(|()| Scalar::Object),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Scalar<'a>> {
        self.take("[")?;
        if depth >= NESTING_MAX {
            return None;
        }
        if self.take("]").is_some() {
            return Some(Scalar::List);
        }
        loop {
            self.value(Cow::Borrowed(""), self.at, depth.saturating_add(1))?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.take("]").map(|()| Scalar::List),
            }
        }
    }

    /// An integer within 2^53 - 1 in its one spelling.
    fn integer(&mut self) -> Option<i64> {
        let rest = self.text.get(self.at..)?;
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let signs = rest.len() - digits.len();
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let digits = digits.get(..length)?;
        let plain = match digits.as_bytes() {
            [b'0'] => signs == 0,
            [first, ..] => *first != b'0',
            [] => false,
        };
        let number: i64 = plain.then(|| digits.parse().ok()).flatten()?;
        self.at += signs + length;
        let number = if signs == 0 { number } else { -number };
        (number.abs() <= INTEGER_MAX).then_some(number)
    }

    /// A string in its one spelling (RFC 8785 section 3.2.2.2): borrowed where nothing is escaped.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take("\"")?;
        let text = self.text;
        let (mut read, mut plain) = (String::new(), self.at);
        loop {
            let rest = text.as_bytes().get(self.at..)?;
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            self.at += rest.iter().position(special)?;
            let run = text.get(plain..self.at)?;
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    if read.is_empty() {
                        return Some(Cow::Borrowed(run));
                    }
                    read.push_str(run);
                    return Some(Cow::Owned(read));
                }
                b'\\' => {
                    read.push_str(run);
                    self.at += 1;
                    read.push(self.escaped()?);
                    plain = self.at;
                }
                _ => return None,
            }
        }
    }

    /// What follows a backslash: the short escapes, and lower-case `u00xx` for other controls.
    fn escaped(&mut self) -> Option<char> {
        let short = match self.peek()? {
            byte @ (b'"' | b'\\') => char::from(byte),
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'f' => '\u{c}',
            b'r' => '\r',
            _ => {
                self.take("u00")?;
                let digits = self.text.get(self.at..self.at.checked_add(2)?)?;
                let lower = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                let code = lower.then(|| u8::from_str_radix(digits, 16).ok()).flatten()?;
                self.at += 2;
                let needed = code < 0x20 && !matches!(code, 8 | 9 | 10 | 12 | 13);
                return needed.then(|| char::from(code));
            }
        };
        self.at += 1;
        Some(short)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::super::canonical::{canonical_bytes, parse_strict};
    use super::*;

    /// Canonical, with every kind of value, escape and character.
    const TEXTS: [&str; 4] = [
        r#"{"A":"","a":[1,-2,0,9007199254740991,{"":null},[],{}],"d":-9007199254740991}"#,
        r#"{"b":{"x":"\u0001\u001f\"\\\n\r\t\b\f/","y":true,"z":false},"c\"d\\":"Kelâat أركان 😀"}"#,
        r#"["é","a\nb","́x"]"#,
        r#"{"@context":["x"],"proof":{"a":1,"proofValue":"z"},"type":[]}"#,
    ];

    /// The tape must accept what the strict parser reads and the serialiser writes again, nothing
    /// else, and read the same from it. True if it is accepted.
    fn compare(bytes: &[u8]) -> bool {
        let value = parse_strict(bytes).ok().filter(|value| canonical_bytes(value) == bytes);
        let tape = Tape::parse(bytes);
        let read = tape.as_ref().map(|tape| Value::deserialize(tape.top().unwrap()).unwrap());
        assert_eq!(read, value, "{:?}", String::from_utf8_lossy(bytes));
        read.is_some()
    }

    #[test]
    fn it_accepts_what_is_its_own_canonical_form_and_nothing_else() {
        assert!(TEXTS.iter().all(|text| compare(text.as_bytes())));
        let others = [
            "",
            " ",
            "{",
            "1",
            "-0",
            "-",
            "01",
            "1.0",
            "1e3",
            "9007199254740992",
            "nul",
            "[1,]",
            "[1, 2]",
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,}"#,
            r#"{"é":1}"#,
            r#"{"a b":1}"#,
            r#""\/""#,
            r#""\u000a""#,
            r#""\u001F""#,
            r#""\u0041""#,
            r#""\u00e9""#,
            "\"e\u{301}\"",
            "\"\u{7f}\"",
            "\"\u{1}\"",
            "\"a",
            "{}x",
            r#""\ud83d\ude00""#,
            "99999999999999999999",
            r#"{"a"}"#,
            r#"{a:1}"#,
            r#"{"\u0001":1}"#,
        ];
        for text in others {
            compare(text.as_bytes());
        }
        for depth in (NESTING_MAX - 2..NESTING_MAX + 3).chain([5_000]) {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            compare(format!("{open}{{}}{close}").as_bytes());
            compare(format!(r#"{open}{{"a":{{}}}}{close}"#).as_bytes());
            compare(format!("{open}{close}").as_bytes());
            compare(format!("{open}1{close}").as_bytes());
        }
    }

    #[test]
    fn every_change_of_a_byte_is_judged_alike() {
        let bytes = [0, 0x1f, b' ', b'"', b'\\', b',', b':', b'0', b'-', b'{', b'}', b'u', 0xcc];
        for text in TEXTS.map(str::as_bytes) {
            for at in 0..text.len() {
                for byte in bytes {
                    let mut changed = text.to_vec();
                    changed[at] = byte;
                    compare(&changed);
                    changed.truncate(at);
                    compare(&changed);
                    changed.push(byte);
                    changed.extend_from_slice(&text[at..]);
                    compare(&changed);
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged_alike(text in r#"[\[\]{}",:\\a-c0-9eé\u{301}\x00-\x1f-]{0,40}"#) {
            compare(text.as_bytes());
            compare(&canonical_bytes(&Value::String(text)));
        }
    }

    #[test]
    fn an_object_without_a_member_is_what_the_serialiser_writes() {
        for text in TEXTS.into_iter().filter(|text| text.starts_with('{')).chain([r#"{"a":1}"#]) {
            let tape = Tape::parse(text.as_bytes()).unwrap();
            let top = tape.top().unwrap();
            for member in top.items() {
                let mut value: Value = serde_json::from_str(text).unwrap();
                value.as_object_mut().unwrap().remove(member.cell.key.as_ref()).unwrap();
                assert_eq!(top.without([Some(member), None]).concat(), canonical_bytes(&value));
            }
        }
    }
}
