//! Papers as XLSX (ISO/IEC 29500): one worksheet, texts as texts, so that none is a formula, and
//! numbers as numbers, so that columns sort and add up; the same paper gives the same bytes.
//! Not here: what stands in the cells, and the archive (`zip`).

use std::fmt::Write;

use super::zip::archive;
use super::{Cell, Paper, PaperError};
use crate::label::escape_markup;

/// The largest whole number that a spreadsheet keeps exactly: 2^53 - 1 in a float.
const NUMBER_MAX: u64 = (1 << 53) - 1;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Styles of cells by their number: plain, a head, a blank. Readers ask for all that stands here.
const STYLES: &str = concat!(
    r#"<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>"#,
    r#"<font><b/><sz val="11"/><name val="Calibri"/></font>"#,
    r#"<font><i/><sz val="11"/><name val="Calibri"/></font></fonts>"#,
    r#"<fills count="2"><fill><patternFill patternType="none"/></fill>"#,
    r#"<fill><patternFill patternType="gray125"/></fill></fills>"#,
    r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
    r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>"#,
    r#"</cellStyleXfs>"#,
    r#"<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
    r#"<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>"#,
    r#"<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>"#,
    r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"#,
);

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let part = |(name, word): (&str, &str)| {
        format!(r#"<Override PartName="/xl/{name}.xml" ContentType="{kind}.{word}+xml"/>"#)
    };
    let parts =
        [("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles")];
    let parts: String = parts.into_iter().map(part).collect();
    let types = format!(
        concat!(
            r#"{}<Types xmlns="{}/content-types"><Default Extension="rels" "#,
            r#"ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
            r#"<Default Extension="xml" ContentType="application/xml"/>{}</Types>"#
        ),
        HEAD, PACKAGE, parts
    );
    let name = text_of(paper.name);
    let book = format!(
        concat!(
            r#"{}<workbook xmlns="{}" xmlns:r="{}"><sheets>"#,
            r#"<sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
        HEAD, MAIN, RELATED, name
    );
    let styles = format!(r#"{HEAD}<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>"#);
    let to_book = related(&[("officeDocument", "xl/workbook.xml")]);
    let to_parts = related(&[("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]);
    archive(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", to_book.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", to_parts.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", worksheet(paper).as_bytes()),
    ])
}

fn related(to: &[(&str, &str)]) -> String {
    let mut text = format!(r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships">"#);
    for (number, (kind, target)) in (1..).zip(to) {
        put(
            &mut text,
            format_args!(
                r#"<Relationship Id="rId{number}" Type="{RELATED}/{kind}" Target="{target}"/>"#
            ),
        );
    }
    text + "</Relationships>"
}

/// Heads that stay while rows scroll, and can be sorted by.
fn worksheet(paper: &Paper) -> String {
    let (columns, last) = (paper.heads.len().max(1), paper.rows.len().saturating_add(1));
    let mut text = format!(
        concat!(
            r#"{}<worksheet xmlns="{}"><sheetViews><sheetView workbookViewId="0">"#,
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#,
            r#"</sheetView></sheetViews><cols>"#,
            r#"<col min="1" max="{}" width="24" customWidth="1"/></cols><sheetData>"#
        ),
        HEAD, MAIN, columns
    );
    let heads: Vec<Cell> = paper.heads.iter().map(Cell::text).collect();
    row(&mut text, 1, &heads, 1);
    for (number, cells) in (2_usize..).zip(&paper.rows) {
        row(&mut text, number, cells, 0);
    }
    let corner = column(columns.saturating_sub(1));
    put(
        &mut text,
        format_args!(r#"</sheetData><autoFilter ref="A1:{corner}{last}"/></worksheet>"#),
    );
    text
}

fn row(text: &mut String, number: usize, cells: &[Cell], style: u8) {
    put(text, format_args!(r#"<row r="{number}">"#));
    for (place, cell) in cells.iter().enumerate() {
        let at = format!("{}{number}", column(place));
        match cell {
            Cell::Number(many) if *many <= NUMBER_MAX => {
                put(text, format_args!(r#"<c r="{at}"><v>{many}</v></c>"#));
            }
            cell => {
                let style = if matches!(cell, Cell::Blank(_)) { 2 } else { style };
                let shown = text_of(&cell.shown());
                let cell = format_args!(
                    r#"<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">"#
                );
                put(text, cell);
                text.push_str(&shown);
                text.push_str("</t></is></c>");
            }
        }
    }
    text.push_str("</row>");
}

/// A text in XML 1.0, which has no place for some characters.
fn text_of(text: &str) -> String {
    let shown = |c: char| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c };
    escape_markup(&text.chars().map(shown).collect::<String>())
}

/// The letters of a column: A to Z, AA and on.
fn column(place: usize) -> String {
    let letter =
        |number: usize| char::from(b'A'.saturating_add(u8::try_from(number % 26).unwrap_or(0)));
    match place / 26 {
        0 => letter(place).to_string(),
        more => format!("{}{}", column(more.saturating_sub(1)), letter(place)),
    }
}

/// Writing to a text never fails.
fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _written = text.write_fmt(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        let names: Vec<_> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
