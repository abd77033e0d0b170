//! The rows of a CSV that `tasdiq issue` reads: columns, spellings, and a fault for each row that
//! cannot be. Not here: what the ledger says of them (`batch`).

use std::collections::HashMap;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::quantity::{parse_quantity, quantity_of};
use crate::ledger::{CertificateRequest, LotRequest};
use crate::statement::{BaseUnit, Catalog, Day, Gtin, LotKey, LotNumber, PartySlug};

/// What the rows ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Certificates for declared lots.
    Certificates,
    /// Declarations of lots.
    Lots,
}

/// One row.
pub struct Row {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// The lot, as written.
    pub lot: String,
    /// What it asks for, or what is wrong and what to do.
    pub request: Result<Request, String>,
}

/// What one row asks for.
#[derive(Clone, Debug)]
pub enum Request {
    /// A certificate, and the unit its quantity was written in.
    Certificate(CertificateRequest, Option<BaseUnit>),
    /// A lot.
    Lot(LotRequest),
}

impl What {
    /// A file to start from.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Certificates => {
                "lot,scheme,edition,quantity,decision_date,valid_from,valid_until,not_covered\n\
                 06111234567895/A24B017,bio-maroc,2018,800 L,2026-11-02,2026-11-02,2027-11-01,\n\
                 my-coop/L7,bio-maroc,2018,12.5 kg,2026-11-02,,2027-11-01,organoleptic quality\n"
            }
            Self::Lots => {
                "lot,gtin,product,quantity,pack_size,region,campaign,packed_on,expires_on,name\n\
                 A24B017,06111234567895,argane,800 L,250 mL,MA-09,2026,2026-10-30,2028-10-29,\n\
                 L7,,argane,120 L,500 mL,MA-09,2026,2026-10-30,,Huile d'argane\n"
            }
        }
    }

    /// Columns that must be there, then those that may be; as in the example.
    fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Certificates => (
                &["lot", "scheme", "edition", "quantity", "decision_date", "valid_until"],
                &["valid_from", "custody_model", "not_covered"],
            ),
            Self::Lots => (
                &["lot", "product", "quantity", "pack_size", "region", "campaign", "packed_on"],
                &["gtin", "name", "expires_on", "producer"],
            ),
        }
    }
}

/// Reads a CSV with a header; commas or semicolons.
///
/// # Errors
/// A file that is no such CSV; faults of single rows stand in the rows.
pub fn read_rows(bytes: &[u8], what: What, issuer: &PartySlug) -> anyhow::Result<Vec<Row>> {
    let text = std::str::from_utf8(bytes).context("the CSV is not UTF-8: save it as CSV UTF-8")?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = columns_of(reader.headers()?, what)?;
    let mut seen: HashMap<(String, String), u64> = HashMap::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map(csv::Position::line).unwrap_or_default();
                let detail = format!("the row has not as many cells as the header ({error})");
                rows.push(Row { line, lot: String::new(), request: Err(detail) });
                continue;
            }
        };
        let line = record.position().map(csv::Position::line).unwrap_or_default();
        let cells = Cells { columns: &columns, record: &record };
        let lot = cells.text("lot").to_owned();
        let request = match what {
            What::Certificates => certificate(&cells, issuer),
            What::Lots => declaration(&cells, issuer),
        };
        let key = (cells.text("gtin").to_owned() + &lot, cells.text("scheme").to_owned());
        let request = match seen.get(&key) {
            Some(before) => Err(format!("the same lot and scheme stand in line {before}")),
            None => request,
        };
        seen.entry(key).or_insert(line);
        rows.push(Row { line, lot, request });
    }
    if rows.is_empty() {
        bail!("the CSV has no rows; --example prints one to start from");
    }
    Ok(rows)
}

/// Where each known column stands. `decision_date`, `decisionDate` and `Decision date` are one.
fn columns_of(
    header: &csv::StringRecord,
    what: What,
) -> anyhow::Result<HashMap<&'static str, usize>> {
    let folded = |name: &str| name.to_lowercase().replace(['_', '-', ' '], "");
    let (must, may) = what.columns();
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let mut known = must.iter().chain(may);
        let Some(column) = known.find(|column| folded(column) == folded(name)) else {
            bail!(
                "the column {name:?} is not known; columns are {}, and may be {}",
                must.join(", "),
                may.join(", ")
            );
        };
        if columns.insert(*column, place).is_some() {
            bail!("the column {column} stands twice");
        }
    }
    let missing: Vec<_> =
        must.iter().filter(|column| !columns.contains_key(**column)).copied().collect();
    if !missing.is_empty() {
        bail!("columns are missing: {}; --example prints a file to start from", missing.join(", "));
    }
    Ok(columns)
}

/// The cells of a row, by column.
struct Cells<'a> {
    columns: &'a HashMap<&'static str, usize>,
    record: &'a csv::StringRecord,
}

impl Cells<'_> {
    /// Empty when the cell or the column is not there.
    fn text(&self, column: &str) -> &str {
        let place = self.columns.get(column).copied();
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn needed(&self, column: &str) -> Result<String, String> {
        match self.text(column) {
            "" => Err(format!("{column} is empty")),
            text => Ok(text.to_owned()),
        }
    }

    fn optional(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn day(&self, column: &str) -> Result<Option<Day>, String> {
        let text = self.optional(column);
        text.map(|text| Day::parse(&text).map_err(|error| format!("{column}: {error}"))).transpose()
    }

    fn needed_day(&self, column: &str) -> Result<Day, String> {
        self.day(column)?.ok_or_else(|| format!("{column} is empty"))
    }
}

fn certificate(cells: &Cells<'_>, issuer: &PartySlug) -> Result<Request, String> {
    let lot: LotKey = cells.needed("lot")?.parse().map_err(|error| format!("lot: {error}"))?;
    let scheme = cells.needed("scheme")?;
    let catalog = Catalog::builtin().map_err(|error| error.to_string())?;
    if catalog.scheme(&scheme).is_none() {
        return Err(format!("scheme {scheme:?} is not in the catalogue"));
    }
    let quantity = parse_quantity(&cells.needed("quantity")?)?;
    let decision = cells.needed_day("decision_date")?;
    let from = cells.day("valid_from")?;
    let until = cells.needed_day("valid_until")?;
    if until < from.unwrap_or(decision) {
        return Err(format!("valid_until {until} is before the first day of validity"));
    }
    let not_covered = cells.text("not_covered").split('|').map(str::trim);
    let request = CertificateRequest {
        issuer: issuer.to_string(),
        lot: lot.to_string(),
        scheme,
        scheme_edition: cells.needed("edition")?,
        quantity: Some(quantity.smallest),
        decision_date: decision.to_string(),
        valid_from: from.map(|day| day.to_string()),
        valid_until: until.to_string(),
        custody_model: cells.optional("custody_model"),
        laboratory_reports: Vec::new(),
        not_covered: not_covered.filter(|text| !text.is_empty()).map(str::to_owned).collect(),
    };
    Ok(Request::Certificate(request, quantity.unit))
}

fn declaration(cells: &Cells<'_>, issuer: &PartySlug) -> Result<Request, String> {
    let number = cells.needed("lot")?;
    LotNumber::parse(&number).map_err(|error| format!("lot: {error}"))?;
    let gtin = cells.optional("gtin");
    if let Some(gtin) = &gtin {
        Gtin::parse(gtin).map_err(|error| format!("gtin: {error}"))?;
    }
    if let Some(producer) = cells.optional("producer").filter(|text| *text != issuer.to_string()) {
        return Err(format!("producer {producer} is not who signs ({issuer})"));
    }
    let id = cells.needed("product")?;
    let catalog = Catalog::builtin().map_err(|error| error.to_string())?;
    let product =
        catalog.product(&id).ok_or_else(|| format!("product {id:?} is not in the catalogue"))?;
    let region = cells.needed("region")?;
    if catalog.region(&region).is_none() {
        return Err(format!("region {region:?} is not one of MA-01 to MA-12"));
    }
    Ok(Request::Lot(LotRequest {
        producer: issuer.to_string(),
        gtin,
        lot: number,
        quantity: quantity_of(&cells.needed("quantity")?, product.unit)?,
        pack_size: quantity_of(&cells.needed("pack_size")?, product.unit)?,
        product: id,
        name: cells.optional("name"),
        region,
        campaign: cells.needed("campaign")?,
        packed_on: cells.needed_day("packed_on")?.to_string(),
        expires_on: cells.day("expires_on")?.map(|day| day.to_string()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, what: What) -> anyhow::Result<Vec<Row>> {
        read_rows(text.as_bytes(), what, &PartySlug::parse("me").unwrap())
    }

    #[test]
    fn the_examples_are_good() {
        for what in [What::Certificates, What::Lots] {
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
        let Ok(Request::Certificate(request, unit)) = &rows[0].request else { panic!() };
        assert_eq!((request.quantity, *unit), (Some(12_500), Some(BaseUnit::Gram)));
    }

    #[test]
    fn faults_name_their_line() {
        let head = "lot,scheme,edition,quantity,decision_date,valid_until\n";
        let cases = [
            ("me/L1,none,1,1 kg,2026-11-02,2027-11-01", "catalogue"),
            ("me/L1,bio-maroc,1,a lot,2026-11-02,2027-11-01", "unit"),
            ("me/L1,bio-maroc,1,1 kg,02/11/2026,2027-11-01", "YYYY-MM-DD"),
            ("me/L1,bio-maroc,1,1 kg,2026-11-02,2025-11-01", "before"),
            ("me/L1,bio-maroc,,1 kg,2026-11-02,2027-11-01", "edition is empty"),
            ("L1,bio-maroc,1,1 kg,2026-11-02,2027-11-01", "lot:"),
            ("me/L1,bio-maroc,1", "as many cells"),
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
}
