//! The rows of a CSV that `tasdiq issue` reads: columns, spellings, and a fault for each row that
//! cannot be. Not here: what the ledger says of them (`batch`).

use std::collections::HashMap;

use anyhow::{Error, bail};

use super::super::common::cells::Cells;
use super::columns::What;
use super::operators;
use super::terms::{material, parts, region, scheme};
use crate::catalog::{BaseUnit, Catalog};
use crate::ledger::{CertificateRequest, LotRequest, OperatorRequest};
use crate::names::{Gtin, LotKey, LotNumber, PartySlug};
use crate::reader::{Headed, folded, parse_quantity, quantity_of, read_headed};

/// One row.
pub struct IssueRow {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// The lot or operator, as written.
    pub subject: String,
    /// What it asks for, or what is wrong and what to do.
    pub request: Result<RowRequest, String>,
}

/// What one row asks for.
#[derive(Clone, Debug)]
pub enum RowRequest {
    /// A certificate, and the unit its quantity was written in.
    Certificate(CertificateRequest, Option<BaseUnit>),
    /// A lot.
    Lot(LotRequest),
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
}

/// Reads a table with a head, as spreadsheets save it.
///
/// # Errors
/// A file that is no such table; faults of single rows stand in the rows.
pub fn read_rows(bytes: &[u8], what: What, issuer: &PartySlug) -> anyhow::Result<IssueRows> {
    let known = what.columns();
    let table = read_headed(bytes, &|cell| known.named(cell).is_some());
    let Headed { head, rows: table, above, other_sheets } = table.map_err(Error::msg)?;
    let (columns, mut others) = known.of(&head)?;
    others.extend(other_sheets.iter().map(|sheet| format!("sheet {sheet}")));
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut rows = Vec::new();
    for row in table {
        let line = row.line;
        let cells = Cells { columns: &columns, row: &row, faults: row.faults.clone().into() };
        let subject = cells.shown(what.subject());
        let request = match what {
            What::Certificates => certificate(&cells, issuer),
            What::Lots => declaration(&cells, issuer),
            What::Operators => operators::row(&cells, issuer).map(RowRequest::Operator),
        };
        if row.cut {
            cells.fault("the row is longer than any that is read");
        }
        let extra = row.cells.iter().skip(head.cells.len()).any(|cell| !cell.is_empty());
        if extra {
            cells.fault("the row has more cells than the head");
        }
        let mut faults = cells.faults.into_inner();
        if let Some(key) = request.as_ref().map(RowRequest::key) {
            match seen.get(&key) {
                Some(before) => {
                    let subject = what.subject();
                    faults.push(format!("the same {subject} and scheme stand in line {before}"));
                }
                None => drop(seen.insert(key, line)),
            }
        }
        let request = match request {
            Some(request) if faults.is_empty() => Ok(request),
            _ => Err(faults.join("; ")),
        };
        rows.push(IssueRow { line, subject, request });
    }
    if rows.is_empty() {
        bail!("the table has no rows; --example prints one to start from");
    }
    Ok(IssueRows { rows, others, above })
}

fn certificate(cells: &Cells<'_>, issuer: &PartySlug) -> Option<RowRequest> {
    let lot = cells.needed_identifier("lot");
    let lot = lot.and_then(|lot| cells.good("lot", lot.parse::<LotKey>()));
    let scheme = scheme(cells);
    let edition = cells.needed("edition");
    let quantity = cells.amount("quantity");
    let quantity = quantity.and_then(|text| cells.good("quantity", parse_quantity(&text)));
    let decision = cells.needed_day("decision_date");
    let from = cells.day("valid_from");
    let until = cells.needed_day("valid_until");
    if let (Some(until), Some(first)) = (until, from.or(decision))
        && until < first
    {
        cells.fault(format!("valid_until {until} is before the first day of validity"));
    }
    let custody_model = cells.optional("custody_model");
    let not_covered = cells.optional("not_covered").unwrap_or_default();
    let (quantity, lot, until) = (quantity?, lot?, until?);
    let request = CertificateRequest {
        issuer: issuer.to_string(),
        lot: lot.to_string(),
        scheme: scheme?,
        scheme_edition: edition?,
        quantity: Some(quantity.smallest),
        decision_date: decision?.to_string(),
        valid_from: from.map(|day| day.to_string()),
        valid_until: until.to_string(),
        custody_model,
        laboratory_reports: Vec::new(),
        not_covered: parts(&not_covered).map(str::to_owned).collect(),
    };
    Some(RowRequest::Certificate(request, quantity.unit))
}

fn declaration(cells: &Cells<'_>, issuer: &PartySlug) -> Option<RowRequest> {
    let number = cells.needed_identifier("lot");
    let number = number.filter(|number| cells.good("lot", LotNumber::parse(number)).is_some());
    let gtin = cells.identifier("gtin");
    let gtin = gtin.and_then(|gtin| cells.good("gtin", Gtin::parse(&gtin)));
    if let Some(producer) = cells.optional("producer").filter(|text| *text != issuer.to_string()) {
        cells.fault(format!("producer {producer} is not who signs ({issuer})"));
    }
    let catalog = cells.good("product", Catalog::builtin())?;
    let named = cells.needed("product");
    let product = named.as_ref().and_then(|name| material(cells, catalog, name));
    let region = cells.needed("region").and_then(|text| region(cells, catalog, &text));
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
            cells.fault(format!("origin {word:?} is neither primary nor derived"));
            None
        }
    });
    let packed_on = cells.needed_day("packed_on");
    let (expires_on, name) = (cells.day("expires_on"), cells.optional("name"));
    Some(RowRequest::Lot(LotRequest {
        producer: issuer.to_string(),
        gtin: gtin.map(|gtin| gtin.to_string()),
        lot: number?,
        quantity: quantity?,
        pack_size: pack_size?,
        product: product?.id.clone(),
        origin: origin.flatten().map(str::to_owned),
        name,
        region: region?,
        campaign: campaign?,
        packed_on: packed_on?.to_string(),
        expires_on: expires_on.map(|day| day.to_string()),
    }))
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, what: What) -> anyhow::Result<Vec<IssueRow>> {
        Ok(read_rows(text.as_bytes(), what, &PartySlug::parse("me").unwrap())?.rows)
    }

    #[test]
    fn the_examples_are_good() {
        for what in [What::Certificates, What::Lots, What::Operators] {
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
            ("me/L1,bio-maroc,,1 kg,2026-11-02,2027-11-01", "edition is empty"),
            ("L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01", "lot:"),
            ("me/L1,bio-maroc,1", "quantity is empty; decision_date is empty"),
            ("me/L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01,x", "more cells"),
        ];
        for (row, expected) in cases {
            let rows = read(&format!("{head}{row}\n"), What::Certificates).unwrap();
            let fault = rows[0].request.as_ref().unwrap_err();
            assert!(fault.contains(expected), "{row}: {fault}");
            assert_eq!(rows[0].line, 2);
        }
        let good = "me/L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01\n";
        let rows = read(&format!("{head}{good}{good}"), What::Certificates).unwrap();
        assert!(rows[1].request.as_ref().unwrap_err().contains("line 2"));
        assert!(read("lot,scheme\nx,y\n", What::Certificates).is_err());
        assert!(read("lot,what\nx,y\n", What::Certificates).is_err());
    }

    const HEAD: &str =
        "lot;scheme;edition;quantity;decision_date;valid_from;valid_until;not_covered";

    fn only(text: &str) -> Result<CertificateRequest, String> {
        let mut rows = read(text, What::Certificates).unwrap();
        assert_eq!(rows.len(), 1);
        match rows.remove(0).request? {
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
        let told: Vec<_> = rows.iter().map(|row| (row.line, row.request.is_ok())).collect();
        assert_eq!(told, [(3, false), (5, false)]);
        let fault = rows[1].request.as_ref().unwrap_err();
        for word in
            ["made a number", "catalogue", "edition is empty", "may mean", "no day", "U+0000"]
        {
            assert!(fault.contains(word), "{word}: {fault}");
        }
    }

    #[test]
    fn one_lot_in_two_spellings_is_one() {
        let row = "bio-maroc;2018;800 L;2026-11-02;;2027-11-01;";
        let rows = read(&format!("{HEAD}\nme/L8;{row}\nME/L8;{row}\n"), What::Certificates);
        let rows = rows.unwrap();
        assert!(rows[0].request.is_ok());
        assert!(rows[1].request.as_ref().unwrap_err().contains("stand in line 2"));
    }

    #[test]
    fn encodings_and_other_files_are_named() {
        for (bytes, word) in [
            (b"lot;sch\xe9ma\n".as_slice(), "Windows-1252"),
            (b"\xff\xfel\0o\0", "UTF-16"),
            (b"PK\x03\x04", "XLSX"),
        ] {
            let issuer = PartySlug::parse("me").unwrap();
            let fault = read_rows(bytes, What::Lots, &issuer).err().unwrap().to_string();
            assert!(fault.contains(word), "{fault}");
        }
    }
}
