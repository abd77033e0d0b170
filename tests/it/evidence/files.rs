//! What people hand in as files: what is judged nowhere, statements and entries in every dress,
//! proof files, dossiers, photos.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use serde_json::{Value, json};
use tasdiq::label::{Level, Symbol};
use tasdiq::ledger;
use tasdiq::log::Leaf;
use tasdiq::statement::Timestamp;

use super::cases::{Cases, Given, Input};
use super::desk::{Desk, GTIN, NOW};
use crate::world::HOST;

/// All files.
pub fn all(desk: &Desk, cases: &mut Cases) {
    foreign_files(cases);
    documents(desk, cases);
    proofs(desk, cases);
    dossiers(desk, cases);
    pictures(desk, cases);
}

/// What is judged nowhere.
fn foreign_files(cases: &mut Cases) {
    let files: [(&str, &[u8]); 8] = [
        ("a spreadsheet", b"PK\x03\x04\x14\0\x06\0"),
        ("a PDF", b"%PDF-1.7\n"),
        ("a drawing", b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
        ("a web page", b"<!DOCTYPE html><html></html>"),
        ("a packed file", b"\x1f\x8b\x08\0"),
        ("a private key", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"),
        ("a pack", b"tasdiqP1"),
        ("bytes", &[1, 2, 3, 254, 255]),
    ];
    for (name, bytes) in files {
        cases.file(format!("file: {name}"), bytes);
    }
}

/// Signed statements and entries of the log, in other dresses and altered.
fn documents(desk: &Desk, cases: &mut Cases) {
    let of = |index: u64| desk.app.ledger.entry(index).unwrap();
    let leaf = of(desk.index("L1"));
    let statement = |leaf: &[u8]| String::from_utf8(Leaf::parse(leaf).unwrap().statement.to_vec());
    let exact = statement(&leaf).unwrap();
    let value: Value = serde_json::from_str(&exact).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let quantity = "\"quantity\":10000";
    assert!(exact.contains(quantity));
    let named = [
        ("a certificate", exact.clone()),
        ("a certificate, pretty", pretty.clone()),
        ("a certificate with lines of Windows", pretty.replace('\n', "\r\n")),
        ("a certificate with a byte order mark", format!("\u{feff}{exact}")),
        ("a certificate with escapes", exact.replace('/', "\\/").replace('é', "\\u00e9")),
        ("a certificate, altered", exact.replace(quantity, "\"quantity\":90000")),
        (
            "a certificate, altered and pretty",
            pretty.replace("\"quantity\": 10000", "\"quantity\": 90000"),
        ),
        (
            "a certificate, a member twice",
            exact.replace(quantity, &format!("{quantity},{quantity}")),
        ),
        ("a certificate, a float", exact.replace(quantity, "\"quantity\":10000.0")),
        ("a certificate, decomposed", exact.replace('é', "e\u{301}")),
        ("a certificate, cut", exact[..exact.len() / 2].to_owned()),
        ("a certificate, a member more", exact.replacen('{', "{\"a\":1,", 1)),
        ("a certificate without its proof", without(&value, "proof")),
        ("its proof as an array", with_array(&value)),
        (
            "a presentation",
            json!({"type": ["VerifiablePresentation"], "verifiableCredential": [value]})
                .to_string(),
        ),
        ("an array of certificates", json!([value]).to_string()),
        ("other JSON", "{\"a\":1}".to_owned()),
        ("no JSON", "{\"a\":".to_owned()),
        ("two a file", format!("{exact}\n{exact}\n")),
        ("a certificate that is suspended", statement(&of(desk.index("S1"))).unwrap()),
        ("a certificate under a stolen key", statement(&of(desk.index("K1"))).unwrap()),
        ("a declaration", statement(&of(desk.index("L1") - 1)).unwrap()),
        ("a registration", statement(&of(5)).unwrap()),
        ("an entry of the log", String::from_utf8(leaf.clone()).unwrap()),
    ];
    for (name, text) in named {
        cases.file(format!("document: {name}"), text);
    }
    // A document in a cell is a cell, whatever stands in it.
    let cell = format!("\"{}\"", exact.replace('"', "\"\""));
    cases.file("list: a document beside", format!("code;doc\n{};{cell}\n", desk.label("L1")));
    let leaf: Value = serde_json::from_slice(&leaf).unwrap();
    let pretty = serde_json::to_string_pretty(&leaf).unwrap();
    cases.file("document: an entry, pretty", &pretty);
    cases.file("document: an entry, altered", pretty.replace(": 10000", ": 90000"));
}

fn without(value: &Value, member: &str) -> String {
    let mut value = value.clone();
    value.as_object_mut().unwrap().remove(member);
    value.to_string()
}

fn with_array(value: &Value) -> String {
    let mut value = value.clone();
    value["proof"] = json!([value["proof"].take()]);
    value.to_string()
}

/// Proof files with their entries.
fn proofs(desk: &Desk, cases: &mut Cases) {
    let of = |lot: &str| {
        let index = desk.index(lot);
        let leaf = desk.app.ledger.entry(index).unwrap();
        (leaf, ledger::proof_file(&desk.app.ledger, index).unwrap().to_string())
    };
    let ((leaf, file), (suspended, of_suspended)) = (of("L1"), of("S1"));
    let proof = file.lines().nth(3).unwrap();
    let spoilt = file.replacen(proof, &format!("{}{}", flipped(&proof[..1]), &proof[1..]), 1);
    let altered = String::from_utf8(leaf.clone()).unwrap().replace(":10000,", ":90000,");
    let signature = file.lines().last().unwrap();
    let end = signature.len() - 8;
    let forged =
        format!("{}{}{}", &signature[..end], flipped(&signature[end..=end]), &signature[end + 1..]);
    let named = [
        ("with lines of Windows", leaf.clone(), file.replace('\n', "\r\n")),
        ("without its last line's end", leaf.clone(), file.trim_end().to_owned()),
        ("cut", leaf.clone(), file[..file.len() / 3].to_owned()),
        ("whole", leaf.clone(), file.clone()),
        ("of a suspended certificate", suspended, of_suspended),
        ("a hash altered", leaf.clone(), spoilt),
        ("the entry altered", altered.into_bytes(), file.clone()),
        ("the checkpoint's signature altered", leaf.clone(), file.replacen(signature, &forged, 1)),
        ("its index altered", leaf, file.replacen("index ", "index 1", 1)),
    ];
    for (name, leaf, file) in named {
        cases.put(format!("proof: {name}"), Input::Proof { leaf, file });
    }
}

/// Another letter of base64.
fn flipped(letter: &str) -> &'static str {
    if letter == "A" { "B" } else { "A" }
}

/// Dossiers, whole and damaged.
fn dossiers(desk: &Desk, cases: &mut Cases) {
    let now = Timestamp::parse(NOW).unwrap();
    let of = |serial| {
        String::from_utf8(ledger::dossier_file(&desk.app.ledger, serial, now).unwrap()).unwrap()
    };
    let good = of(1);
    let (start, end) = (good.find("\"entries\"").unwrap_or(good.len() / 2), good.len());
    let named = [
        ("whole", good.clone()),
        ("with lines of Windows", format!("{good}\r\n")),
        ("with a byte order mark", format!("\u{feff}{good}")),
        ("of a suspended certificate", of(6)),
        ("of a withdrawn certificate", of(7)),
        ("cut", good[..end / 2].to_owned()),
        ("of another host", good.replace("ledger.example", "ledger.examqle")),
        ("a number altered", {
            let place = start + good[start..].find(|c: char| c.is_ascii_digit()).unwrap();
            let new = if &good[place..=place] == "7" { "8" } else { "7" };
            format!("{}{new}{}", &good[..place], &good[place + 1..])
        }),
    ];
    for (name, text) in &named {
        cases.file(format!("dossier: {name}"), text);
    }
    for (name, given) in [("late", Given::Late), ("nothing given", Given::Nothing)] {
        cases.file(format!("dossier: whole, {name}"), &good).given = given;
        cases.file(format!("dossier: a number altered, {name}"), &named[7].1).given = given;
    }
    let audit = cases.file("dossier: whole under audit", &good);
    audit.policy = "audit";
}

/// Photos of labels.
fn pictures(desk: &Desk, cases: &mut Cases) {
    let symbol = |text: &str| {
        let png = Symbol::new(text, Level::Medium).unwrap().png(5, 300).unwrap();
        image::load_from_memory(&png).unwrap().to_luma8()
    };
    let (good, bad) = (symbol(&desk.label("L1")), symbol(&desk.label("R1")));
    let plain = symbol(&format!("https://{HOST}/01/{GTIN}/10/A24B017"));
    let mut black = good.clone();
    black.pixels_mut().for_each(|pixel| pixel.0[0] = 255 - pixel.0[0]);
    cases.file("picture: of a label", png(&good));
    cases.file("picture: white on black", png(&black));
    cases.file("picture: of two, one recalled", png(&beside(&good, &bad)));
    cases.file("picture: of an unsigned code", png(&plain));
    cases.file("picture: of nothing", png(&GrayImage::from_pixel(200, 200, Luma([255]))));
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn beside(one: &GrayImage, other: &GrayImage) -> GrayImage {
    let height = one.height().max(other.height());
    let mut both = GrayImage::from_pixel(one.width() + other.width() + 60, height, Luma([255]));
    image::imageops::overlay(&mut both, one, 0, 0);
    image::imageops::overlay(&mut both, other, i64::from(one.width()) + 60, 0);
    both
}
