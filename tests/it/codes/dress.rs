//! Dresses as they come: layers around and within a code, sheets that hold codes, JSON written
//! otherwise. Each is made from values that can be made smaller, so that a failure is shown by the
//! least that still fails; the printed seed brings it back.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::PATH_AT;

/// Tries so many values: a sample, or 10,000 in the long run.
pub fn each<S: Strategy>(sample: u32, all: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: Debug,
{
    let clock = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        u64::try_from(now.unwrap().as_nanos() & u128::from(u64::MAX)).unwrap()
    };
    let seed = std::env::var("TASDIQ_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(clock);
    println!("TASDIQ_TEST_SEED={seed}");
    let cases = if std::env::var_os("TASDIQ_LONG").is_some() { 10_000 } else { sample };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let bytes: Vec<u8> = seed.to_le_bytes().repeat(4);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let found = TestRunner::new_with_rng(config, rng).run(&all, test).map_err(|e| e.to_string());
    assert_eq!(found, Ok(()), "TASDIQ_TEST_SEED={seed}");
}

/// One layer of dress: which, and where or how much.
pub type Layer = (usize, usize);

/// Layers that change the address itself, stand within it, behind it, and around it.
const KINDS: [std::ops::Range<usize>; 4] = [0..12, 12..14, 14..21, 21..30];

/// At most one of each kind, the innermost first.
pub fn layers() -> impl Strategy<Value = Vec<Layer>> {
    let [address, within, behind, around] = KINDS.map(|kinds| option::of((kinds, any::<u16>())));
    (address, within, behind, around).prop_map(|(address, within, behind, around)| {
        // Without its scheme an address is not sought among words.
        let bare = address.is_some_and(|(kind, _)| kind == 11);
        let around = around.filter(|(kind, _)| !bare || *kind != 28);
        let all = [address, within, behind, around].into_iter().flatten();
        all.map(|(kind, much)| (kind, usize::from(much))).collect()
    })
}

/// A code in these layers of dress, the innermost first.
pub fn dressed(code: &str, layers: &[Layer]) -> String {
    layers.iter().fold(code.to_owned(), |code, layer| one_more(&code, *layer))
}

fn one_more(code: &str, (kind, much): Layer) -> String {
    let of = |all: &[&'static str]| all[much % all.len()];
    let at = |mark: &str| {
        let places: Vec<usize> = code.char_indices().map(|(at, _)| at).skip(9).collect();
        let place = places.get(much % places.len().max(1)).copied().unwrap_or(code.len());
        format!("{}{mark}{}", &code[..place], &code[place..])
    };
    let token = PATH_AT..PATH_AT + 111;
    let host = |new: &str| code.replacen("LEDGER.EXAMPLE/", new, 1);
    let in_token = |text: String| format!("{}{text}{}", &code[..token.start], &code[token.end..]);
    match kind {
        0 => code.to_lowercase(),
        1 => code.replacen("https://", "HTTP://", 1),
        2 => host("LEDGER.EXAMPLE:443/").replacen("http://", "https://", 1),
        3 => host("LEDGER.EXAMPLE./"),
        4 => host("LEDGER.EXAMPLE///"),
        5 => host("LEDGER.EXAMPLE/./"),
        6 => host(" LEDGER.EXAMPLE /"),
        7 => in_token(escaped(&code[token.clone()])),
        8 => in_token(code[token.clone()].replace('+', " ")),
        9 => escaped(code),
        10 => escaped(&escaped(code)),
        11 => code.replacen("https:", "", 1),
        12 => at(of(&["\u{200b}", "\u{feff}", "\u{ad}", "\u{202a}", "\u{200f}", "\u{2060}"])),
        13 => at(of(&["\n", "\r\n", "=\r\n", "\u{1d}"])),
        14 => format!("{code}{}", of(&[".", ",", ";", "!", ").", "'", "\"", "]}", "!!!!!"])),
        15 => format!("{code}{}", "/".repeat(1 + much % 3)),
        16 => format!("{code}?utm_source=x&u=https://a.example/"),
        17 => format!("{code}#top"),
        18 => format!("{code}{}", of(&["%20", "%0A", "%0D%0A", "%E2%80%8E", "%2520", "%2E"])),
        19 => format!("{code}{}", of(&["\u{2026}", "\u{60c}", "|", "\u{fe0f}", "~", "\u{2014}"])),
        20 => format!("{code}{}", of(&["&nbsp;", "&quot;", "&lrm;"])),
        21 => format!("{}{code}{}", of(&[" ", "\t", "\r\n", "\u{a0}"]), of(&["", "\n", "  "])),
        22 => format!("\"{code}\""),
        23 => format!("\u{ab} {code} \u{bb}"),
        24 => format!("<URL:{code}>"),
        25 => format!("]{}{code}", of(&["Q0", "Q1", "Q3", "d1", "C0"])),
        26 => format!("{code}{}", of(&[" (lot 7)", " vu lundi", " \u{2705}", " !"])),
        27 => format!(
            "{code}\n{}",
            of(&["Merci", "Bonjour, voici le code", "\u{634}\u{643}\u{631}\u{627}"])
        ),
        28 => {
            format!("{}{code}", of(&["> ", "Code: ", "1. ", "\u{2022} ", "\u{631}\u{645}\u{632} "]))
        }
        _ => format!("\u{2068}{code}\u{2069}"),
    }
}

/// Percent escapes as browsers write them.
fn escaped(text: &str) -> String {
    let marks = [('%', "%25"), ('*', "%2A"), ('+', "%2b"), ('$', "%24"), ('\'', "%27")];
    marks.iter().fold(text.to_owned(), |text, (mark, escape)| text.replace(*mark, escape))
}

const ENDS: [&str; 3] = ["\n", "\r\n", "\r"];
const WORDS: [&str; 7] = ["Palette 7", "12,5 kg", "vu; ok", "Café", "7", "", "رصيف 3"];
const HEADS: [&str; 6] = ["Code", "QR-Code", " url ", "Étiquette", "الرمز", "LIEN"];

/// A list as a spreadsheet saves it.
#[derive(Clone, Debug)]
pub struct Sheet {
    separator: char,
    end: &'static str,
    /// Columns before and behind that of the codes.
    beside: (usize, usize),
    head: Option<&'static str>,
    names_separator: bool,
    marked: bool,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    code: prop::sample::Index,
    empty_before: bool,
    quoted: bool,
    words: Vec<&'static str>,
}

pub fn sheets() -> impl Strategy<Value = Sheet> {
    let row =
        (any::<prop::sample::Index>(), any::<bool>(), any::<bool>(), vec(select(&WORDS[..]), 5));
    let row = row.prop_map(|(code, empty_before, quoted, words)| Row {
        code,
        empty_before,
        quoted,
        words,
    });
    let dress = (
        select(&[';', '\t', ',', '|'][..]),
        select(&ENDS[..]),
        (0..3usize, 0..3usize),
        option::of(select(&HEADS[..])),
        any::<bool>(),
        any::<bool>(),
        vec(row, 1..5),
    );
    dress.prop_map(|(separator, end, beside, head, names_separator, marked, rows)| Sheet {
        separator,
        end,
        beside,
        head,
        names_separator,
        marked,
        rows,
    })
}

impl Sheet {
    /// The codes of its rows, in order.
    pub fn codes(&self, all: &[String]) -> Vec<String> {
        self.rows.iter().map(|row| row.code.get(all).clone()).collect()
    }

    /// Its text with these codes, and the line of each.
    pub fn text(&self, codes: &[String]) -> (String, Vec<u64>) {
        let columns = self.beside.0 + self.beside.1 + 1;
        let separator = self.separator.to_string();
        let (mut text, mut line, mut lines) = (String::new(), 0, Vec::new());
        let mut put = |row: &str| {
            text.push_str(row);
            text.push_str(self.end);
            line += 1;
            line
        };
        if self.names_separator {
            put(&format!("{}sep={separator}", if self.marked { "\u{feff}" } else { "" }));
        }
        if let Some(head) = self.head {
            let heads = (0..columns).map(|at| match at == self.beside.0 {
                true => head.to_owned(),
                false => format!("colonne {at}"),
            });
            put(&heads.collect::<Vec<_>>().join(&separator));
        }
        for (row, code) in self.rows.iter().zip(codes) {
            if row.empty_before {
                put(&separator.repeat(columns - 1));
            }
            let mut words = row.words.iter();
            let cells = (0..columns).map(|at| {
                let text = if at == self.beside.0 { code } else { *words.next().unwrap() };
                self.cell(text, row.quoted)
            });
            lines.push(put(&cells.collect::<Vec<_>>().join(&separator)));
        }
        (text, lines)
    }

    fn cell(&self, text: &str, quoted: bool) -> String {
        let must = text.contains([self.separator, '"', '\n', '\r']);
        match must || quoted {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    }
}

/// How JSON is written otherwise.
#[derive(Clone, Debug)]
pub struct Json {
    turned: bool,
    gaps: bool,
    escapes: bool,
    numbers: Vec<u8>,
}

pub fn json_dresses() -> impl Strategy<Value = Json> {
    let parts = (any::<bool>(), any::<bool>(), any::<bool>(), vec(any::<u8>(), 64));
    parts.prop_map(|(turned, gaps, escapes, numbers)| Json { turned, gaps, escapes, numbers })
}

impl Json {
    /// The same JSON in this dress: order of members, white space, escapes.
    pub fn dress(&self, value: &Value) -> String {
        self.write(value, &mut self.numbers.iter().cycle())
    }

    fn gap(&self, numbers: &mut dyn Iterator<Item = &u8>) -> &'static str {
        let gaps = ["", "", " ", "\n  ", "\r\n\t"];
        let number = usize::from(*numbers.next().unwrap());
        if self.gaps { gaps[number % gaps.len()] } else { "" }
    }

    fn write(&self, value: &Value, numbers: &mut dyn Iterator<Item = &u8>) -> String {
        match value {
            Value::Object(members) => {
                let mut all: Vec<_> = members.iter().collect();
                if self.turned && !all.is_empty() {
                    let by = usize::from(*numbers.next().unwrap()) % all.len();
                    all.rotate_left(by);
                }
                let members = all.into_iter().map(|(name, value)| {
                    let (name, before) = (self.text(name, numbers), self.gap(numbers));
                    let (one, two) = (self.gap(numbers), self.gap(numbers));
                    format!("{before}{name}{one}:{two}{}", self.write(value, numbers))
                });
                let members: Vec<String> = members.collect();
                format!("{{{}{}}}", members.join(","), self.gap(numbers))
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| {
                    let gap = self.gap(numbers);
                    format!("{gap}{}", self.write(item, numbers))
                });
                format!("[{}]", items.collect::<Vec<_>>().join(","))
            }
            Value::String(text) => self.text(text, numbers),
            other => other.to_string(),
        }
    }

    fn text(&self, text: &str, numbers: &mut dyn Iterator<Item = &u8>) -> String {
        let escaped = text.chars().map(|c| {
            let number = if self.escapes { *numbers.next().unwrap() } else { 1 };
            match c {
                '"' | '\\' => format!("\\{c}"),
                '/' if number % 2 == 0 => "\\/".to_owned(),
                c if c.is_ascii() && number % 12 == 0 => format!("\\u{:04x}", u32::from(c)),
                c => c.to_string(),
            }
        });
        format!("\"{}\"", escaped.collect::<String>())
    }
}
