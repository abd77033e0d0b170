//! Lists and documents in every dress that spreadsheets, editors and programs give them: nothing
//! genuine is called otherwise, and no altered character passes for being dressed.

use proptest::prelude::*;
use serde_json::Value;
use tasdiq::reader::{Content, Exhibit, read_file, read_text};

use super::dress::{each, json_dresses, sheets};
use super::*;

/// What was read of a list: line and content of each, in order.
fn found(read: &[Exhibit]) -> Vec<(Option<u64>, Content)> {
    read.iter().map(|one| (one.line, one.content.clone())).collect()
}

#[test]
fn a_list_is_read_in_every_dress() {
    let desk = Desk::new();
    each(600, sheets(), |sheet| {
        let codes = sheet.codes(&desk.codes);
        let (text, lines) = sheet.text(&codes);
        let read = read_file(text.as_bytes(), usize::MAX);
        let wanted: Vec<_> = lines
            .iter()
            .zip(&codes)
            .map(|(line, code)| (Some(*line), Content::Code(code.clone())))
            .collect();
        prop_assert_eq!(found(&read), wanted, "{:?}", text);
        prop_assert_eq!(desk.exit(&codes[0]), 0, "{:?}", text);
        Ok(())
    });
}

#[test]
fn an_altered_code_in_a_list_never_passes_and_is_never_lost() {
    let desk = Desk::new();
    let place = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let letter = prop::sample::select(&b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[..]);
    each(600, (sheets(), place, letter), |(sheet, (which, place), letter)| {
        let mut codes = sheet.codes(&desk.codes);
        let altered = which.index(codes.len());
        let code = codes[altered].clone();
        let place = PATH_AT + place.index(code.len() - PATH_AT);
        let old = code.as_bytes()[place];
        prop_assume!(old != letter && old != b'/');
        let letter = char::from(letter);
        codes[altered] = format!("{}{letter}{}", &code[..place], &code[place + 1..]);
        let (text, lines) = sheet.text(&codes);
        let read = read_file(text.as_bytes(), usize::MAX);
        let of_line = read.iter().find(|one| one.line == Some(lines[altered]));
        prop_assert!(of_line.is_some(), "{:?} {:?}", text, read);
        let exit = match of_line.and_then(|one| one.content.evidence()) {
            Some(Evidence::Code(code)) => desk.exit(code),
            _ => 2,
        };
        prop_assert!(exit != 0, "{:?}", text);
        Ok(())
    });
}

#[test]
fn a_document_is_the_same_in_every_dress_and_another_when_altered() {
    let desk = Desk::new();
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
    let letters = exact.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric());
    let letters: Vec<usize> = letters.map(|(at, _)| at).collect();
    let change = (prop::sample::select(letters), prop::sample::select(&b"0123456789abcdefXYZ"[..]));
    each(200, (json_dresses(), change), |(dress, (place, letter))| {
        let text = dress.dress(&value);
        let report = judge(&text);
        prop_assert_eq!(report.exit_code, honest.exit_code, "{}\n{:#?}", text, report.checks);
        prop_assume!(exact.as_bytes()[place] != letter);
        let letter = char::from(letter);
        let changed = format!("{}{letter}{}", &exact[..place], &exact[place + 1..]);
        if let Ok(value) = serde_json::from_str::<Value>(&changed) {
            let text = dress.dress(&value);
            prop_assert_ne!(judge(&text).exit_code, 0, "{}", text);
        }
        Ok(())
    });
}
