//! Lists and documents in every dress that spreadsheets, editors and programs give them: nothing
//! genuine is called otherwise, and no altered character passes for being dressed.

use serde_json::Value;
use tasdiq::reader::{Content, read_file, read_text};

use super::*;

const ENDS: [&str; 3] = ["\n", "\r\n", "\r"];
const WORDS: [&str; 7] = ["Palette 7", "12,5 kg", "vu; ok", "Café", "7", "", "رصيف 3"];
const HEADS: [&str; 6] = ["Code", "QR-Code", " url ", "Étiquette", "الرمز", "LIEN"];

/// A cell as a spreadsheet writes it.
fn cell(text: &str, separator: char, dice: &mut Dice) -> String {
    let must = text.contains([separator, '"', '\n', '\r']);
    if must || dice.below(4) == 0 {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A list of these codes in some dress, and the line of each.
fn listed(codes: &[String], dice: &mut Dice) -> (String, Vec<u64>) {
    let separator = *dice.of(&[';', '\t', ',']);
    let end = *dice.of(&ENDS);
    let (before, after) = (dice.below(3), dice.below(3));
    let columns = before + after + 1;
    let named = dice.below(2) == 0;
    let (mut text, mut line, mut lines) = (String::new(), 1, Vec::new());
    let mut put = |row: String| {
        text.push_str(&row);
        text.push_str(end);
        line += 1;
        line - 1
    };
    if dice.below(3) == 0 {
        put(format!("{}sep={separator}", if dice.below(2) == 0 { "\u{feff}" } else { "" }));
    }
    if named {
        let heads = (0..columns).map(|at| match at == before {
            true => (*dice.of(&HEADS)).to_owned(),
            false => format!("colonne {at}"),
        });
        put(heads.collect::<Vec<_>>().join(&separator.to_string()));
    }
    for code in codes {
        if dice.below(4) == 0 {
            put(separator.to_string().repeat(columns - 1));
        }
        let row = (0..columns).map(|at| match at == before {
            true => cell(code, separator, dice),
            false => {
                let word = *dice.of(&WORDS);
                cell(word, separator, dice)
            }
        });
        let row = row.collect::<Vec<_>>().join(&separator.to_string());
        lines.push(put(row));
    }
    (text, lines)
}

#[test]
fn a_list_is_read_in_every_dress() {
    let (desk, mut dice) = (Desk::new(), Dice::new());
    for _ in 0..rounds(600) {
        let count = 1 + dice.below(4);
        let codes: Vec<String> = (0..count).map(|_| dice.of(&desk.codes).clone()).collect();
        let (text, lines) = listed(&codes, &mut dice);
        let read = read_file(text.as_bytes(), usize::MAX);
        let line =
            |one: &tasdiq::reader::Exhibit| one.line.unwrap_or_else(|| panic!("{one:?} {text:?}"));
        let found: Vec<_> = read.iter().map(|one| (line(one), &one.content)).collect();
        let wanted: Vec<Content> = codes.iter().map(|code| Content::Code(code.clone())).collect();
        let wanted: Vec<_> = lines.iter().copied().zip(&wanted).collect();
        assert_eq!(found, wanted, "{text:?}");
        let Content::Code(code) = &read[0].content else { panic!() };
        assert_eq!(desk.exit(code), 0, "{text:?}");
    }
}

#[test]
fn an_altered_code_in_a_list_never_passes_and_is_never_lost() {
    let (desk, mut dice) = (Desk::new(), Dice::new());
    for _ in 0..rounds(600) {
        let mut codes: Vec<String> = (0..3).map(|_| dice.of(&desk.codes).clone()).collect();
        let altered = dice.below(3);
        let code = codes[altered].clone();
        let place = PATH_AT + dice.below(code.len() - PATH_AT);
        let old = code.as_bytes()[place];
        let new = *dice.of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if old == new || old == b'/' {
            continue;
        }
        let new = char::from(new);
        codes[altered] = format!("{}{new}{}", &code[..place], &code[place + 1..]);
        let (text, lines) = listed(&codes, &mut dice);
        let read = read_file(text.as_bytes(), usize::MAX);
        let of_line = read
            .iter()
            .find(|one| one.line == Some(lines[altered]))
            .unwrap_or_else(|| panic!("{lines:?} {altered} {text:?} {read:?}"));
        let exit = match of_line.content.evidence() {
            Some(Evidence::Code(code)) => desk.exit(code),
            _ => 2,
        };
        assert!(exit != 0, "{text:?}");
    }
}

/// The same JSON in another dress: order of members, white space, escapes.
fn dressed_json(value: &Value, dice: &mut Dice) -> String {
    let gap = |dice: &mut Dice| *dice.of(&["", "", " ", "\n  ", "\r\n\t"]);
    match value {
        Value::Object(members) => {
            let mut all: Vec<_> = members.iter().collect();
            for at in (1..all.len()).rev() {
                all.swap(at, dice.below(at + 1));
            }
            let members = all.into_iter().map(|(name, value)| {
                let (name, before) = (dressed_text(name, dice), gap(dice));
                format!("{before}{name}{}:{}{}", gap(dice), gap(dice), dressed_json(value, dice))
            });
            format!("{{{}{}}}", members.collect::<Vec<_>>().join(","), gap(dice))
        }
        Value::Array(items) => {
            let items =
                items.iter().map(|item| format!("{}{}", gap(dice), dressed_json(item, dice)));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Value::String(text) => dressed_text(text, dice),
        other => other.to_string(),
    }
}

fn dressed_text(text: &str, dice: &mut Dice) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        '/' if dice.below(2) == 0 => "\\/".to_owned(),
        c if c.is_ascii() && dice.below(12) == 0 => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[test]
fn a_document_is_the_same_in_every_dress_and_another_when_altered() {
    let (desk, mut dice) = (Desk::new(), Dice::new());
    let pack = Pack::open(&desk.pack[..], &desk.trust).unwrap();
    let judge = |text: &str| {
        let content = read_text(text);
        let evidence = content.evidence().expect("a document");
        verify(evidence, &desk.trust, Some(&pack), desk.world.now, Policy::Shop)
    };
    let is_certificate =
        |leaf: &&Vec<u8>| String::from_utf8_lossy(leaf).contains("\"DigitalConformityCredential\"");
    let statement = desk.world.leaves.iter().find(is_certificate).expect("a certificate");
    let exact = String::from_utf8(statement.clone()).unwrap();
    let value: Value = serde_json::from_str(&exact).unwrap();
    let honest = judge(&exact);
    for _ in 0..rounds(200) {
        let text = dressed_json(&value, &mut dice);
        let report = judge(&text);
        assert_eq!(report.exit_code, honest.exit_code, "{text}\n{:#?}", report.checks);
        let letters: Vec<usize> = exact
            .bytes()
            .enumerate()
            .filter(|(_, b)| b.is_ascii_alphanumeric())
            .map(|(at, _)| at)
            .collect();
        let place = *dice.of(&letters);
        let new = char::from(*dice.of(b"0123456789abcdefXYZ"));
        if exact.as_bytes()[place] == new as u8 {
            continue;
        }
        let changed = format!("{}{new}{}", &exact[..place], &exact[place + 1..]);
        let Ok(value) = serde_json::from_str::<Value>(&changed) else { continue };
        let text = dressed_json(&value, &mut dice);
        assert_ne!(judge(&text).exit_code, 0, "{text}");
    }
}
