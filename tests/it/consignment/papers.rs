//! Papers of a consignment: every sum is the file's, what is not known is a marked blank, and no
//! cell is a formula, whatever names it holds.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::json;
use tasdiq::consignment::with_openings;
use tasdiq::papers::{Cell, Paper, PaperForm, PaperKind, paper};
use tasdiq::statement::*;
use tasdiq::verify::JudgedConsignment;

use super::judge;
use super::stage::{self, Stage, abroad, buyer, note, opening};
use crate::dossier::story::keep_lists;
use crate::edition2::lines;

const KINDS: [PaperKind; 4] =
    [PaperKind::Eu931, PaperKind::Fsma204, PaperKind::Onssa, PaperKind::Sheet];

fn of(judged: &JudgedConsignment, kind: PaperKind) -> Paper {
    let paper = paper(kind, judged.facts.as_ref().unwrap(), &judged.report);
    assert!(paper.rows.iter().all(|row| row.len() == paper.heads.len()), "{kind:?}");
    paper
}

/// Rows by the heads of their columns.
fn rows(paper: &Paper) -> Vec<BTreeMap<&'static str, Cell>> {
    let named = |row: &Vec<Cell>| paper.heads.iter().copied().zip(row.iter().cloned()).collect();
    paper.rows.iter().map(named).collect()
}

/// The rows of a CSV file as any reader of CSV has them.
fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let read = |row: Result<csv::StringRecord, _>| row.unwrap().iter().map(str::to_owned).collect();
    table.records().map(read).collect()
}

#[test]
fn sums_are_those_of_the_file_and_blanks_are_marked() {
    let stage = Stage::exported();
    let judged = judge(&stage, &stage.consignment(&stage.ship));
    let sent = [Cell::Number(130_000), Cell::Number(50_000), Cell::Number(10_000)];
    let eu = rows(&of(&judged, PaperKind::Eu931));
    let quantities: Vec<_> = eu.iter().map(|row| row["(b) Quantity"].clone()).collect();
    assert_eq!(quantities, sent);
    assert_eq!(eu[0]["(b) Quantity in words"], Cell::Text("130 kg".to_owned()));
    assert_eq!(eu[2]["(b) Unit"], Cell::Text("mL".to_owned()));
    for blank in
        ["(e) Dispatched to: name", "(e) Dispatched to: address", "(c) Dispatched by: address"]
    {
        assert!(matches!(eu[0][blank], Cell::Blank(_)), "{blank}");
    }
    let fda = rows(&of(&judged, PaperKind::Fsma204));
    let quantities: Vec<_> = fda.iter().map(|row| row["Quantity"].clone()).collect();
    assert_eq!(quantities, sent);
    assert_eq!(fda[0]["Traceability lot code"], Cell::Text("coop/F1".to_owned()));
    assert_eq!(fda[0]["Recipient: country"], Cell::Text("FR".to_owned()));
    assert_eq!(fda[0]["Reference document type"], Cell::Text("shipment in the ledger".to_owned()));
    let sheet = of(&judged, PaperKind::Sheet);
    let all: Vec<_> =
        sheet.rows.iter().filter(|row| row[0] == Cell::Text("all lots".to_owned())).collect();
    assert_eq!((&all[0][3], &all[1][3]), (&Cell::Number(180_000), &Cell::Number(10_000)));
    let text = format!("{:?}", sheet.rows);
    assert!(text.contains("named, not shown") && text.contains("to be added: net mass"));
    let list = format!("{:?}", of(&judged, PaperKind::Onssa).rows);
    for said in [
        "Facture commerciale",
        "document engagé, non montré",
        "3 lots, 2 unités logistiques",
        "certificats de lot : n° 0 (fairtrade, valid)",
        "masse nette à compléter",
    ] {
        assert!(list.contains(said), "{said} in {list}");
    }
    // Oil and fruit are no honey.
    assert!(!list.contains("authentic") && !list.contains("SISCOLE : "), "{list}");
}

#[test]
fn what_was_opened_stands_in_the_papers() {
    let stage = Stage::exported();
    let bytes = stage.consignment(&stage.ship);
    let bytes = with_openings(&bytes, &opening(stage::SALT, &buyer())).unwrap();
    let bytes = with_openings(&bytes, &opening(stage::NOTE_SALT, &note())).unwrap();
    let judged = judge(&stage, &bytes);
    let eu = rows(&of(&judged, PaperKind::Eu931)).remove(0);
    for (head, said) in [
        ("(c) Dispatched by: address", "3 chemin Inventé, Taroudant (fictif)"),
        ("(d) Consignor (owner), if other: name", "Donneur d'ordre fictif"),
        ("(e) Dispatched to: name", "Acheteur fictif SARL"),
        ("(e) Dispatched to: address", "1 rue Inventée, 00000 Nulle-Part (fictif)"),
        ("(f) Consignee (owner), if other: name", "Propriétaire fictif"),
        ("(h) Date of dispatch", "2026-09-10"),
        ("Verdict on the file", "genuine, certificates in force"),
    ] {
        assert_eq!(eu[head], Cell::Text(said.to_owned()), "{head}");
    }
    let fda = rows(&of(&judged, PaperKind::Fsma204)).remove(0);
    assert_eq!(fda["Reference document number"], Cell::Text("BL-2026-0042".to_owned()));
}

/// A buyer and lots whose names steer, if anything does.
fn hostile() -> (Stage, JudgedConsignment) {
    let mut stage = Stage::exported();
    let names = ["=cmd|'/C calc'!A0", "+1+1", "@SUM(A1)", "-2"];
    let mut lots = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let mut claim = stage.goods.lot("coop", &format!("E{number}"), "argan-fruit", 5_000);
        claim.name = (*name).into();
        stage.goods.say("coop", |draft| claim.draft(draft)).unwrap();
        lots.push(format!("coop/E{number}"));
    }
    let named: Vec<(&str, u64)> = lots.iter().map(|lot| (lot.as_str(), 4_000)).collect();
    let object = json!({
        "address": format!("=HYPERLINK(\"http://x\")\r\n\t{}", "a".repeat(5_000)),
        "name": format!("@\u{202e}fictif\u{0}{}", "n".repeat(120)),
    });
    let what = Shipment {
        to: abroad(&object),
        purpose: ShipPurpose::Sale,
        lots: lines(&named),
        units: vec![],
        carrier: None,
        returns: None,
    };
    stage.goods.event_as("coop", EventKind::Ship(what)).unwrap();
    let id = stage.goods.last("coop");
    keep_lists(&mut stage.goods.world);
    let bytes = stage.consignment(&id);
    let bytes = with_openings(&bytes, &opening(stage::SALT, &object)).unwrap();
    let judged = judge(&stage, &bytes);
    assert_eq!(judged.report.exit_code, 0, "{:#?}", judged.report.report.checks);
    (stage, judged)
}

#[test]
fn no_cell_of_any_paper_is_a_formula() {
    let (_stage, judged) = hostile();
    for kind in KINDS {
        let paper = of(&judged, kind);
        let table = read_csv(&paper.write(PaperForm::Csv).unwrap());
        assert_eq!(table.len(), paper.rows.len() + 1);
        let mut guarded = 0;
        for cell in table.iter().skip(1).flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{kind:?}: {cell}");
            assert!(!cell.chars().any(|c| c == '\u{202e}' || c.is_control()), "{kind:?}: {cell:?}");
            assert!(cell.chars().count() <= 1_010, "{kind:?}: {}", cell.len());
            guarded += usize::from(cell.starts_with('\''));
        }
        assert!(kind == PaperKind::Onssa || guarded >= 4, "{kind:?}: {guarded}");
        let bytes = paper.write(PaperForm::Xlsx).unwrap();
        assert_eq!(bytes, paper.write(PaperForm::Xlsx).unwrap(), "the same file, the same bytes");
        let sheet = inside(&bytes, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{kind:?} holds a formula");
        let text = r#"t="inlineStr"><is><t xml:space="preserve">=cmd|"#;
        assert!(kind == PaperKind::Onssa || sheet.contains(text), "the name is there, as text");
    }
}

/// One member of an XLSX file: a zip whose members are deflated.
fn inside(bytes: &[u8], name: &str) -> String {
    let at = bytes.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
    let header = &bytes[at - 30..];
    assert_eq!(&header[..4], b"PK\x03\x04");
    let extra = usize::from(u16::from_le_bytes([header[28], header[29]]));
    let data = &bytes[at + name.len() + extra..];
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(data).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_paper_of_what_was_taken_back_says_so_in_every_row() {
    let mut stage = Stage::exported();
    let inland = stage.inland.clone();
    stage.goods.undo("coop", Undone::Event(inland.clone())).unwrap();
    let judged = judge(&stage, &stage.consignment(&inland));
    for kind in [PaperKind::Eu931, PaperKind::Fsma204] {
        for row in rows(&of(&judged, kind)) {
            let Cell::Text(verdict) = &row["Verdict on the file"] else { panic!("{row:?}") };
            assert!(verdict.starts_with("VOIDED by coop"), "{verdict}");
        }
    }
    assert!(format!("{:?}", of(&judged, PaperKind::Onssa)).contains("EXPÉDITION ANNULÉE"));
    assert!(format!("{:?}", of(&judged, PaperKind::Sheet)).contains("VOIDED by coop"));
}
