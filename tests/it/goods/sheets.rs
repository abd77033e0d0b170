//! Spreadsheets where tables are read: as programs save them, and as somebody makes them who means
//! harm. `tests/fixtures/sheets/make.py` made the files.

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::time::Instant;

use tasdiq::reader::read_sheet;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

fn fixture(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sheets");
    std::fs::read(folder.join(name)).unwrap()
}

/// The parts of a book, by name.
fn parts(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: &String| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        (name.clone(), bytes)
    };
    names.iter().map(read).collect()
}

fn book_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A book whose one sheet has this XML within `sheetData`.
pub(super) fn book(data: &str) -> Vec<u8> {
    let mut parts = parts(&fixture("formula.xlsx"));
    let sheet = parts.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
    let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    sheet.1 = format!("<worksheet xmlns=\"{namespace}\"><sheetData>{data}</sheetData></worksheet>")
        .into();
    book_of(&parts)
}

pub(super) fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn rows_are_read_as_they_are_seen() {
    let sheet = read_sheet(&fixture("events.xlsx")).unwrap();
    assert_eq!(
        (sheet.name.as_str(), sheet.others.as_slice()),
        ("Opérations", &["Vide".to_owned()][..])
    );
    let cells = |row: usize| sheet.rows[row].cells.join("|");
    assert_eq!(sheet.rows.len(), 6);
    assert_eq!(cells(0), "Coopérative fictive, octobre 2026");
    assert_eq!(cells(2), "p1|transformation|2026-10-30 09:12:00|argan-press|entrée|coop/K1|440");
    assert_eq!(cells(4), "p2|perte|2026-10-30 09:12:00|||coop/K2|0001.005|autre");
    assert_eq!(cells(5), "p3|perte|2026-10-30|||coop/K2|0,5|autre");
    assert_eq!((sheet.rows[2].line, sheet.rows[2].numbers.as_slice()), (3, &[6][..]));
    assert!(sheet.rows.iter().all(|row| row.faults.is_empty()));
    let formula = read_sheet(&fixture("formula.xlsx")).unwrap();
    assert!(formula.rows[2].faults[0].contains("cell G3 is a formula (=400+40)"), "{formula:?}");
}

#[test]
fn no_spreadsheet_takes_more_than_its_limits() {
    let refused = |bytes: &[u8], word: &str| {
        let begun = Instant::now();
        let fault = read_sheet(bytes).unwrap_err();
        assert!(fault.contains(word), "{word}: {fault}");
        assert!(begun.elapsed().as_secs() < 20, "{word}");
    };
    // A bomb: 30 MB of one letter in some 30 kB, as a part that is read and as one that is not.
    for name in ["xl/sharedStrings.xml", "xl/media/picture.png"] {
        let mut bomb = parts(&fixture("formula.xlsx"));
        bomb.push((name.to_owned(), vec![b'a'; 30_000_000]));
        let bomb = book_of(&bomb);
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        refused(&bomb, "unpacked it has more than 20000000 bytes");
    }
    let mut styles = parts(&fixture("formula.xlsx"));
    styles.retain(|(name, _)| !name.ends_with("styles.xml"));
    styles.push(("xl/styles.xml".to_owned(), "<xf/>".repeat(600_000).into()));
    refused(&book_of(&styles), "of cell styles");
    let many: Vec<(String, Vec<u8>)> =
        (0..600).map(|n| (format!("part-{n}"), Vec::new())).collect();
    refused(&book_of(&many), "600 parts");
    refused(&[b"PK\x03\x04".as_slice(), &vec![0; 5_000_000]].concat(), "5000004 bytes");
    // Far away cells: a dense table of them would have 16 thousand million.
    let far = format!("<row r=\"1\">{}</row>", cell("A1", "lot") + &cell("XFD1", "x"));
    refused(&book(&far), "XFD1 is not empty");
    let beyond = format!("<row r=\"1\">{}</row>", cell("ZZZZZZZZZZ1", "x"));
    refused(&book(&beyond), "");
    let wide: String = (0..1_000_000).map(|_| "<c><v>1</v></c>".to_owned()).collect();
    refused(&book(&format!("<row r=\"1\">{wide}</row>")), "at most 40 columns");
    let long: String = (1..=2_011)
        .map(|row| format!("<row r=\"{row}\">{}</row>", cell(&format!("A{row}"), "x")))
        .collect();
    refused(&book(&long), "more than 2010 rows");
    let twice = format!("<row r=\"1\">{}{}</row>", cell("A1", "1 kg"), cell("A1", "2 kg"));
    refused(&book(&twice), "A1 stands in it twice");
    // A shared formula whose number asks for a list of four thousand million.
    let shared = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"4294967290\" ref=\"A1:A2\">1</f>\
                  <v>1</v></c></row>";
    let read = read_sheet(&book(shared)).unwrap();
    assert!(read.rows[0].faults[0].contains("is a formula"), "{read:?}");
}

#[test]
fn a_file_that_is_cut_or_changed_is_a_fault_and_no_more() {
    let whole = fixture("events.xlsx");
    for end in (0..whole.len()).step_by(97) {
        assert!(read_sheet(&whole[..end]).is_err(), "{end}");
    }
    // One byte changed: rows or a fault, in the parts as they are packed and as they are read.
    for at in (0..whole.len()).step_by(61) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _rows_or_fault = read_sheet(&bytes);
    }
    let whole = parts(&whole);
    for (place, (_, bytes)) in whole.iter().enumerate() {
        for at in (0..bytes.len()).step_by(bytes.len().div_ceil(40).max(1)) {
            let mut changed = whole.clone();
            changed[place].1[at] ^= 0x15;
            let _rows_or_fault = read_sheet(&book_of(&changed));
            changed[place].1.truncate(at);
            let _rows_or_fault = read_sheet(&book_of(&changed));
        }
    }
}

#[test]
fn events_and_lots_are_read_from_spreadsheets() {
    let goods = Goods::new();
    for name in ["events.xlsx", "formula.xlsx", "lots.xlsx"] {
        std::fs::write(goods.bench.path(name), fixture(name)).unwrap();
    }
    let look = |file: &str| goods.say_file("coop", file, "--dry-run").1;
    let read = look("events.xlsx");
    let events = read["events"].as_array().unwrap();
    assert_eq!(events.len(), 3, "{read:#}");
    // Read and judged: no lot of them is declared here.
    assert!(events.iter().all(|event| event["code"] == "lot_unknown"), "{read:#}");
    assert_eq!((&events[1]["line"], &events[1]["kind"]), (&5.into(), &"loss".into()));
    let formula = look("formula.xlsx");
    let fault = formula["events"][0]["detail"].as_str().unwrap();
    assert!(
        fault.contains("line 3: cell G3 is a formula") && fault.contains("paste its value"),
        "{fault}"
    );
    let (_, out, _) = goods
        .bench
        .run("issue lots.xlsx --what lots --key coop.pem --issuer coop --dry-run --json");
    let report: Value = serde_json::from_str(&out).unwrap();
    let told = |row: usize| report["rows"][row]["detail"].as_str().unwrap_or_default().to_owned();
    assert_ne!(report["rows"][0]["code"], "row", "{report:#}");
    for (row, word) in [
        (1, "(gtin): \"6111234567894\" is a number of a spreadsheet"),
        (2, "(lot): \"24017\" is a number of a spreadsheet"),
        (3, "month stands first"),
        (4, "four digits"),
    ] {
        assert!(told(row).contains(word), "{row}: {}", told(row));
    }
    assert_ne!(report["rows"][5]["code"], "row", "{report:#}");
}
