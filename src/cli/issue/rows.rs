//! The rows of a CSV that `tasdiq issue` reads: columns, spellings, and a fault for each row that
//! cannot be. Not here: what the ledger says of them (`batch`).

use std::collections::HashMap;

use anyhow::{Error, bail};

use super::super::common::cells::{CellFault, Cells};
use super::super::common::words::{day_in_words, tr};
use super::columns::{NAME_COLUMNS, What};
use super::operators;
use crate::catalog::{BaseUnit, Catalog, Material};
use crate::ledger::{CertificateRequest, LotRequest, OperatorRequest};
use crate::names::{Gtin, LotKey, LotNumber, PartySlug};
use crate::reader::{Headed, Noun, folded, parse_quantity, quantity_of, read_headed};
use crate::statement::{Day, LocalNames};

/// One row.
pub struct IssueRow {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// The lot or operator, as written.
    pub subject: String,
    /// What it asks for, or all that is wrong and what to write.
    pub request: Result<RowRequest, Vec<CellFault>>,
}

impl IssueRow {
    /// Has a lot declared in its cooperative's name.
    pub fn under(&mut self, signer: &PartySlug, mandate: &str) {
        if let Ok(RowRequest::Lot(lot)) = &mut self.request {
            (lot.issuer, lot.mandate) = (Some(signer.to_string()), Some(mandate.to_owned()));
        }
    }
}

/// What one row asks for.
#[derive(Clone, Debug)]
pub enum RowRequest {
    /// A certificate, and the unit its quantity was written in.
    Certificate(CertificateRequest, Option<BaseUnit>),
    /// A lot.
    Lot(LotRequest),
    /// A lot and, once it is declared, a certificate of it.
    Both(LotRequest, Box<CertificateRequest>, Option<BaseUnit>),
    /// A certificate of an operator.
    Operator(OperatorRequest),
}

/// Rows of a file, and its columns that mean nothing here.
pub struct IssueRows {
    /// The rows, in order; empty ones are left out.
    pub rows: Vec<IssueRow>,
    /// Heads of columns that are not read.
    pub others: Vec<String>,
    /// Rows above the head, such as a title.
    pub above: usize,
    /// The encoding of a text that is not UTF-8.
    pub encoding: Option<&'static str>,
    /// A day that is not written year first, as it was read, in words.
    pub day_read: Option<(String, String)>,
}

/// Whom the rows are about where they do not say it.
#[derive(Clone, Copy, Debug)]
pub struct RowParties<'a> {
    /// Who signs: the certifier, or the cooperative that declares.
    pub issuer: &'a PartySlug,
    /// Whose lots they are, where another signs.
    pub producer: Option<&'a PartySlug>,
    /// Whether each certificate takes the place of the one that the lot has.
    pub renewal: bool,
}

/// Reads a table with a head, as spreadsheets save it.
///
/// # Errors
/// A file that is no such table; faults of single rows stand in the rows.
pub fn read_rows(bytes: &[u8], what: What, of: RowParties<'_>) -> anyhow::Result<IssueRows> {
    let known = what.columns();
    let table = read_headed(bytes, &|cell| known.named(cell).is_some());
    let Headed { head, rows: table, above, other_sheets, encoding } = table.map_err(Error::msg)?;
    let (columns, mut others) = known.of(&head)?;
    others.extend(other_sheets.iter().map(|sheet| format!("sheet {sheet}")));
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut rows = Vec::new();
    let mut day_read = None;
    for row in table {
        let line = row.line;
        let cells = Cells::of(&columns, &row, head.cells.len());
        let subject = cells.shown(what.subject());
        let request = match what {
            What::Certificates => certificate(&cells, of, Subject::Named),
            What::Lots => declaration(&cells, of.producer.unwrap_or(of.issuer)),
            What::Both => both(&cells, of),
            What::Operators => operators::row(&cells, of.issuer).map(RowRequest::Operator),
        };
        if day_read.is_none() {
            day_read = other_way(&cells);
        }
        let mut faults = cells.into_faults();
        if let Some(key) = request.as_ref().map(RowRequest::key) {
            match seen.get(&key) {
                Some(before) => {
                    let before = before.to_string();
                    let what = tr(what.twice(), &[("line", &before)]);
                    faults.push(CellFault::of_row(&what));
                }
                None => drop(seen.insert(key, line)),
            }
        }
        let request = match request {
            Some(request) if faults.is_empty() => Ok(request),
            _ => Err(faults),
        };
        rows.push(IssueRow { line, subject, request });
    }
    if rows.is_empty() {
        bail!("the table has no rows; --example prints one to start from");
    }
    Ok(IssueRows { rows, others, above, encoding, day_read })
}

/// A day of a row that is not written year first, as written and in words.
fn other_way(cells: &Cells<'_>) -> Option<(String, String)> {
    const DAYS: [&str; 6] =
        ["assessed_on", "decision_date", "valid_from", "valid_until", "packed_on", "expires_on"];
    DAYS.iter().find_map(|column| {
        let written = cells.shown(column);
        let day = crate::reader::parse_day(&written).ok()?;
        (!written.starts_with(&day.to_string())).then(|| (written, day_in_words(day)))
    })
}

/// The lot that a cell names with its owner, or with the GTIN or producer beside it.
fn lot_key(cells: &Cells<'_>, producer: Option<&PartySlug>) -> Option<LotKey> {
    let text = cells.needed_identifier("lot")?;
    if text.contains('/') {
        return cells.good("lot", text.parse::<LotKey>());
    }
    let gtin = cells.identifier("gtin");
    let owner = match gtin {
        Some(gtin) => cells.good("gtin", Gtin::parse(&gtin))?.to_string(),
        None => match (cells.optional("producer"), producer) {
            (Some(slug), _) => cells.good("producer", PartySlug::parse(&slug))?.to_string(),
            (None, Some(slug)) => slug.to_string(),
            (None, None) => {
                cells.fault_of("lot", "fault-lot-owner", &[("value", &text)]);
                return None;
            }
        },
    };
    cells.good("lot", format!("{owner}/{text}").parse::<LotKey>())
}

/// What a certificate of a row is about.
#[derive(Clone, Copy)]
enum Subject<'a> {
    /// A lot that the row names.
    Named,
    /// The lot that the row declares, if it could be read.
    Declared(Option<&'a LotRequest>),
}

fn certificate(cells: &Cells<'_>, of: RowParties<'_>, subject: Subject<'_>) -> Option<RowRequest> {
    let lot = match subject {
        Subject::Declared(lot) => lot.and_then(declared_key),
        Subject::Named => lot_key(cells, of.producer),
    };
    let scheme = cells.needed_named("scheme", Noun::Scheme);
    let edition = cells.needed("edition");
    let quantity = match subject {
        Subject::Declared(lot) => lot.map(|lot| {
            let certified = certified_amount(cells, lot);
            (certified.unwrap_or(lot.quantity), None)
        }),
        Subject::Named => {
            let amount = cells.amount("quantity");
            let read = amount.and_then(|text| cells.good("quantity", parse_quantity(&text)));
            read.map(|quantity| (quantity.smallest, quantity.unit))
        }
    };
    let decision = cells.needed_day("decision_date");
    let from = cells.day("valid_from");
    let until = cells.needed_day("valid_until");
    if let (Some(until), Some(first)) = (until, from.or(decision))
        && until < first
    {
        let values = [("value", day_in_words(until)), ("first", day_in_words(first))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        cells.fault_of("valid_until", "fault-day-order", &values);
    }
    let custody_model = cells.optional("custody_model");
    let not_covered = cells.several("not_covered");
    let supersedes = cells.optional("replaces").and_then(|text| replaced(cells, &text));
    let ((quantity, unit), lot, until) = (quantity?, lot?, until?);
    let request = CertificateRequest {
        issuer: of.issuer.to_string(),
        lot: lot.to_string(),
        scheme: scheme?.to_owned(),
        scheme_edition: edition?,
        quantity: Some(quantity),
        decision_date: decision?.to_string(),
        valid_from: from.map(|day| day.to_string()),
        valid_until: until.to_string(),
        custody_model,
        laboratory_reports: Vec::new(),
        not_covered,
        renewal: of.renewal && supersedes.is_none(),
        supersedes,
    };
    Some(RowRequest::Certificate(request, unit))
}

/// The serial of the certificate that gives way: a number, or the end of its address.
fn replaced(cells: &Cells<'_>, text: &str) -> Option<u64> {
    let serial = text.rsplit('/').next().unwrap_or_default().parse().ok();
    if serial.is_none() {
        cells.fault_of("replaces", "fault-serial", &[("value", text)]);
    }
    serial
}

/// A lot's key, as its declaration makes it.
fn declared_key(lot: &LotRequest) -> Option<LotKey> {
    let owner = lot.gtin.as_deref().unwrap_or(&lot.producer);
    format!("{owner}/{}", lot.lot).parse().ok()
}

/// What of a lot is certified, where a column says less than all.
fn certified_amount(cells: &Cells<'_>, lot: &LotRequest) -> Option<u64> {
    let text = cells.optional_amount("certified_quantity")?;
    let product = Catalog::builtin().ok()?.material(&lot.product)?;
    let quantity = cells.good("certified_quantity", quantity_of(&text, product.unit))?;
    if quantity > lot.quantity {
        let declared = product.unit.display(lot.quantity);
        cells.fault_of("certified_quantity", "fault-above-declared", &[("declared", &declared)]);
        return None;
    }
    Some(quantity)
}

fn both(cells: &Cells<'_>, of: RowParties<'_>) -> Option<RowRequest> {
    let producer = match cells.optional("producer") {
        Some(slug) => cells.good("producer", PartySlug::parse(&slug)),
        None if of.producer.is_none() => {
            cells.row_fault(&tr("fault-no-producer", &[]));
            None
        }
        None => of.producer.cloned(),
    };
    // The rest is read all the same: all faults of a row are told at once.
    let lot = match declaration(cells, producer.as_ref().unwrap_or(of.issuer)) {
        Some(RowRequest::Lot(lot)) => Some(lot),
        _ => None,
    };
    match (producer, certificate(cells, of, Subject::Declared(lot.as_ref())), lot) {
        (Some(_), Some(RowRequest::Certificate(request, unit)), Some(lot)) => {
            Some(RowRequest::Both(lot, Box::new(request), unit))
        }
        _ => None,
    }
}

fn declaration(cells: &Cells<'_>, producer: &PartySlug) -> Option<RowRequest> {
    let (number, gtin) = lot_and_gtin(cells, producer);
    if let Some(other) = cells.optional("producer").filter(|text| *text != producer.to_string()) {
        let values = [("value", other.as_str()), ("signer", producer.as_str())];
        cells.fault_of("producer", "fault-not-producer", &values);
    }
    let product = cells.needed_named("product", Noun::Material);
    let catalog = Catalog::builtin().ok()?;
    let product = product.and_then(|id| catalog.material(id));
    let region = cells.needed_named("region", Noun::Region);
    let amount = |column: &str| {
        let text = cells.amount(column)?;
        match product {
            Some(product) => cells.good(column, quantity_of(&text, product.unit)),
            None => cells.good(column, parse_quantity(&text)).map(|quantity| quantity.smallest),
        }
    };
    let (quantity, pack_size) = (amount("quantity"), amount("pack_size"));
    let campaign = cells.needed("campaign");
    let origin = cells.optional("origin").map(|word| match folded(&word).as_str() {
        "primary" | "primaire" => Some("primary"),
        "derived" | "derive" => Some("derived"),
        _ => {
            cells.fault_of("origin", "fault-origin", &[("value", &word)]);
            None
        }
    });
    let packed_on = cells.needed_day("packed_on");
    let (expires_on, name) = (cells.day("expires_on"), cells.optional("name"));
    expiry_after(cells, packed_on, expires_on);
    Some(RowRequest::Lot(LotRequest {
        producer: producer.to_string(),
        gtin: gtin?.map(|gtin| gtin.to_string()),
        lot: number?,
        quantity: quantity?,
        pack_size: pack_size?,
        product: product.map(|product: &Material| product.id.clone())?,
        origin: origin.flatten().map(str::to_owned),
        name,
        names: names(cells),
        region: region?.to_owned(),
        campaign: campaign?,
        packed_on: packed_on?.to_string(),
        expires_on: expires_on.map(|day| day.to_string()),
        issuer: None,
        mandate: None,
    }))
}

/// The name on the label in other languages.
fn names(cells: &Cells<'_>) -> LocalNames {
    let told =
        |(column, language): (&str, &str)| Some((language.to_owned(), cells.optional(column)?));
    NAME_COLUMNS.into_iter().filter_map(told).collect()
}

/// A lot's number and its GTIN, if it has one: in columns of their own, or as `GTIN/LOT`.
fn lot_and_gtin(cells: &Cells<'_>, producer: &PartySlug) -> (Option<String>, Option<Option<Gtin>>) {
    let text = cells.needed_identifier("lot");
    let beside = match cells.identifier("gtin") {
        Some(gtin) => cells.good("gtin", Gtin::parse(&gtin)).map(Some),
        None if cells.shown("gtin").is_empty() => Some(None),
        None => None,
    };
    let Some(text) = text else { return (None, beside) };
    let good =
        |number: &str| cells.good("lot", LotNumber::parse(number)).map(|number| number.to_string());
    let Some((owner, number)) = text.split_once('/') else { return (good(&text), beside) };
    let named = match Gtin::parse(owner) {
        _ if owner == producer.as_str() => Some(None),
        gtin => cells.good("lot", gtin).map(Some),
    };
    match (named, beside) {
        (Some(Some(one)), Some(Some(other))) if one != other => {
            let values = [("value", one.as_str()), ("other", other.as_str())];
            cells.fault_of("lot", "fault-two-gtins", &values);
            (good(number), None)
        }
        (Some(None), beside) | (beside @ None, _) => (good(number), beside),
        (named, _) => (good(number), named),
    }
}

/// Nothing keeps until a day before it was packed.
fn expiry_after(cells: &Cells<'_>, packed_on: Option<Day>, expires_on: Option<Day>) {
    if let (Some(packed), Some(expires)) = (packed_on, expires_on)
        && expires < packed
    {
        let values = [("value", day_in_words(expires)), ("first", day_in_words(packed))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        cells.fault_of("expires_on", "fault-day-order", &values);
    }
}

impl RowRequest {
    /// What no two rows of a file may share: lot or operator, and scheme, as parsed.
    fn key(&self) -> String {
        match self {
            Self::Certificate(request, _) => format!("{} {}", request.lot, request.scheme),
            Self::Operator(request) => format!("{} {}", request.party, request.scheme),
            Self::Lot(request) => {
                format!("{} {}", request.gtin.as_deref().unwrap_or_default(), request.lot)
            }
            Self::Both(_, request, _) => format!("{} {}", request.lot, request.scheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::common::cells::told;
    use super::*;

    fn read(text: &str, what: What) -> anyhow::Result<Vec<IssueRow>> {
        let (issuer, coop) =
            (PartySlug::parse("me").unwrap(), PartySlug::parse("my-coop").unwrap());
        let producer = (what == What::Both).then_some(&coop);
        let of = RowParties { issuer: &issuer, producer, renewal: false };
        Ok(read_rows(text.as_bytes(), what, of)?.rows)
    }

    #[test]
    fn the_examples_are_good() {
        for what in [What::Certificates, What::Lots, What::Both, What::Operators] {
            for row in read(what.example(), what).unwrap() {
                assert!(row.request.is_ok(), "{:?}", row.request);
            }
        }
    }

    #[test]
    fn spreadsheets_of_other_countries() {
        let text = "\u{feff}Lot;Scheme;Edition;Quantity;Decision date;Valid until\r\n\
                    me/L1;bio-maroc;2018;12,5 kg;2026-11-02;2027-11-01\r\n";
        let rows = read(text, What::Certificates).unwrap();
        let Ok(RowRequest::Certificate(request, unit)) = &rows[0].request else { panic!() };
        assert_eq!((request.quantity, *unit), (Some(12_500), Some(BaseUnit::Gram)));
    }

    #[test]
    fn faults_name_their_line() {
        let head = "lot,scheme,edition,quantity,decision_date,valid_until\n";
        let cases = [
            ("me/L1,none,1,1 kg,2026-11-02,2027-11-01", "catalogue"),
            ("me/L1,bio-maroc,1,a lot,2026-11-02,2027-11-01", "unit"),
            ("me/L1,bio-maroc,1,1 kg,02/11/26,2027-11-01", "YYYY-MM-DD"),
            ("me/L1,bio-maroc,1,1 kg,2026-11-02,2025-11-01", "before"),
            ("me/L1,bio-maroc,,1 kg,2026-11-02,2027-11-01", "column C (edition): it is empty"),
            ("L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01", "column A (lot)"),
            ("me/L1,bio-maroc,1", "column D (quantity): it is empty"),
            ("me/L1,bio-maroc,1", "column E (decision_date): it is empty"),
            ("me/L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01,x", "more cells"),
        ];
        for (row, expected) in cases {
            let rows = read(&format!("{head}{row}\n"), What::Certificates).unwrap();
            let fault = told(rows[0].request.as_ref().unwrap_err());
            assert!(fault.contains(expected), "{row}: {fault}");
            assert_eq!(rows[0].line, 2);
        }
        let good = "me/L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01\n";
        let rows = read(&format!("{head}{good}{good}"), What::Certificates).unwrap();
        assert!(told(rows[1].request.as_ref().unwrap_err()).contains("line 2"));
        assert!(read("lot,scheme\nx,y\n", What::Certificates).is_err());
        assert!(read("lot,what\nx,y\n", What::Certificates).is_err());
    }

    const HEAD: &str =
        "lot;scheme;edition;quantity;decision_date;valid_from;valid_until;not_covered";

    fn only(text: &str) -> Result<CertificateRequest, String> {
        let mut rows = read(text, What::Certificates).unwrap();
        assert_eq!(rows.len(), 1);
        match rows.remove(0).request.map_err(|faults| told(&faults))? {
            RowRequest::Certificate(request, _) => Ok(request),
            _ => panic!(),
        }
    }

    #[test]
    fn tables_in_every_dress() {
        let row = "me/L2;bio-maroc;2018;800 L;2026-11-02;;2027-11-01;";
        let dresses = [
            format!("{HEAD}\r\n{row}\r\n;;;;;;;\r\n;;;;;;;\r\n"),
            format!("sep=;\r\n{HEAD}\r\n{row}\r\n"),
            format!("{HEAD}\n{row}\n").replace(';', "\t"),
            format!("{HEAD};;\r{row};;\r"),
            format!("n;{HEAD};inspecteur\n1;{row};X\n"),
            format!(
                "{}\n{row}\n",
                "Lot;Schéma;Édition;Quantité;Date de décision;Valable du;\
                Fin de validité;Non couvert"
            ),
            format!(
                "{}\n{row}\n",
                "الدفعة;المخطط;الطبعة;الكمية;تاريخ القرار;صالح من;صالح إلى;\
                غير مشمول"
            ),
            format!("{HEAD}\n{}\n", row.replace("2026-11-02", "02/11/2026")),
            format!("{HEAD}\n{}\n", row.replace("me/L2", "=\"me/L2\"")),
        ];
        for text in dresses {
            let request = only(&text).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
            let told = (request.lot.as_str(), request.quantity, request.decision_date.as_str());
            assert_eq!(told, ("me/L2", Some(800_000), "2026-11-02"), "{text:?}");
        }
        let composed = only(&format!("{HEAD}\n{row}qualite\u{301}\n")).unwrap();
        assert_eq!(composed.not_covered, ["qualit\u{e9}"]);
    }

    #[test]
    fn all_faults_of_a_row_with_the_line_an_editor_shows() {
        let text = format!(
            "{HEAD}\r\n\r\nme/L1;bio-maroc;1;1 kg;2026-11-02;;2027-11-01;\"two\r\nlines\"\r\n\
             6,11123E+12/A;none;;1,250 L;46328;;2027-11-01;a\0b\r\n"
        );
        let rows = read(&text, What::Certificates).unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.line, row.request.is_ok())).collect();
        assert_eq!(read, [(3, false), (5, false)]);
        let fault = told(rows[1].request.as_ref().unwrap_err());
        for word in ["made a number", "catalogue", "(edition)", "may mean", "no day", "U+0000"] {
            assert!(fault.contains(word), "{word}: {fault}");
        }
    }

    #[test]
    fn one_lot_in_two_spellings_is_one() {
        let row = "bio-maroc;2018;800 L;2026-11-02;;2027-11-01;";
        let rows = read(&format!("{HEAD}\nme/L8;{row}\nME/L8;{row}\n"), What::Certificates);
        let rows = rows.unwrap();
        assert!(rows[0].request.is_ok());
        assert!(told(rows[1].request.as_ref().unwrap_err()).contains("stand in line 2"));
    }

    #[test]
    fn tables_of_older_encodings_are_read_and_told() {
        let (me, text) = (
            PartySlug::parse("me").unwrap(),
            "Lot;Schéma;Édition;Quantité;\
            Date de décision;Fin de validité;Non couvert\n\
            me/L2;bio-maroc;2018;12,5 kg;02/11/2026;01/11/2027;qualité\n",
        );
        let older: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let mut wide = vec![0xff, 0xfe];
        text.encode_utf16().for_each(|unit| wide.extend(unit.to_le_bytes()));
        for (bytes, encoding) in
            [(text.as_bytes(), None), (&older, Some("Windows-1252")), (&wide, Some("UTF-16"))]
        {
            let of = RowParties { issuer: &me, producer: None, renewal: false };
            let read = read_rows(bytes, What::Certificates, of).unwrap();
            assert_eq!(read.encoding, encoding);
            let Ok(RowRequest::Certificate(request, _)) = &read.rows[0].request else { panic!() };
            assert_eq!(request.not_covered, ["qualité"]);
            let day = ("02/11/2026".to_owned(), "2 November 2026".to_owned());
            assert_eq!(read.day_read, Some(day));
        }
        let of = RowParties { issuer: &me, producer: None, renewal: false };
        let fault = read_rows(b"PK\x03\x04", What::Lots, of).err().unwrap().to_string();
        assert!(fault.contains("XLSX"), "{fault}");
    }

    #[test]
    fn a_lot_is_named_with_its_owner_in_one_cell_or_in_two() {
        let text = "lot;gtin;scheme;edition;quantity;unité;decision_date;valid_until\n\
            A1;6111234567895;IGP;1;12,5;kg;2/11/2026;1/11/2027\n\
            A1;06111234567896;IGP;1;12,5;kg;2/11/2026;1/11/2027\n\
            A1;;IGP;1;12,5;lb;2/11/2026;1/11/2027\n\
            me/A2;;IGP;1;800;;2/11/2026;1/11/2027\n";
        let rows = read(text, What::Certificates).unwrap();
        let Ok(RowRequest::Certificate(request, unit)) = &rows[0].request else { panic!() };
        assert_eq!((request.lot.as_str(), request.quantity), ("06111234567895/A1", Some(12_500)));
        assert_eq!((request.scheme.as_str(), *unit), ("sdoq-ig", Some(BaseUnit::Gram)));
        let fault = told(rows[1].request.as_ref().unwrap_err());
        assert!(fault.contains("column B (gtin)") && fault.contains("must be 5"), "{fault}");
        let fault = told(rows[2].request.as_ref().unwrap_err());
        assert!(fault.contains("column F (unité)") && fault.contains("GTIN/LOT"), "{fault}");
        let fault = told(rows[3].request.as_ref().unwrap_err());
        assert!(fault.contains("column F (unité): it is empty"), "{fault}");
    }

    #[test]
    fn a_row_that_declares_and_certifies_says_all_its_faults() {
        let head = "lot;product;quantity;pack_size;region;campaign;packed_on;scheme;edition;\
                    decision_date;valid_until;certified_quantity\n";
        let good = "L1;huile d'argane;800 L;250 mL;Souss Massa;2026;30/10/2026;bio-maroc;2018;\
                    02/11/2026;01/11/2027;500 L\n";
        let rows = read(&format!("{head}{good}"), What::Both).unwrap();
        let Ok(RowRequest::Both(lot, certificate, _)) = &rows[0].request else {
            panic!("{:?}", rows[0].request)
        };
        assert_eq!((lot.producer.as_str(), lot.product.as_str()), ("my-coop", "argane"));
        assert_eq!((lot.region.as_str(), certificate.quantity), ("MA-09", Some(500_000)));
        assert_eq!(certificate.lot, "my-coop/L1");
        let bad = good.replace("800 L", "8 kg").replace("Souss Massa", "Souss").replace("IGP", "");
        let bad = bad.replace("01/11/2027", "11/25/2027").replace("bio-maroc", "bio");
        let rows = read(&format!("{head}{bad}"), What::Both).unwrap();
        let faults = rows[0].request.as_ref().unwrap_err();
        let columns: Vec<_> = faults.iter().filter_map(|fault| fault.column.as_deref()).collect();
        assert_eq!(columns, ["region", "quantity", "scheme", "valid_until"], "{}", told(faults));
        let more = good.replace("500 L", "900 L");
        let rows = read(&format!("{head}{more}"), What::Both).unwrap();
        assert!(told(rows[0].request.as_ref().unwrap_err()).contains("800 L"));
        let (me, none) = (PartySlug::parse("me").unwrap(), None);
        let of = RowParties { issuer: &me, producer: none, renewal: false };
        let rows = read_rows(format!("{head}{good}").as_bytes(), What::Both, of).unwrap().rows;
        assert!(told(rows[0].request.as_ref().unwrap_err()).contains("--producer"));
    }
}
