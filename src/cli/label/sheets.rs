//! `tasdiq label --format pdf|zip|zpl`: labels as they are printed, made by the very routes a
//! service has. Not here: which labels (`label`).

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;

use super::super::common::label_rows::LabelRow;
use super::super::common::output::{progress, say, say_json, write_to};
use super::super::common::service::Source;
use super::super::{Global, Outcome};
use super::Format;
use crate::cli::common::keys::Registered;
use crate::limits::PRINTED_LABELS_MAX;

/// Furthest that sheets are shifted, in micrometres.
const SHIFT_UM_MAX: i32 = 20_000;

/// How labels are put on paper.
#[derive(Debug, Clone, clap::Args)]
pub struct SheetArgs {
    /// The sheet: maker and number, as avery-l7160; for zip and zpl the size of one label.
    #[arg(long, default_value = "avery-l7160", value_name = "SHEET")]
    pub grid: String,
    /// The first free label of the first sheet, from 1, row by row.
    #[arg(long, default_value_t = 1, value_name = "CELL")]
    pub start: u32,
    /// How far everything is moved to the right, in millimetres; negative to the left.
    #[arg(long, default_value = "0", value_name = "MM", allow_hyphen_values = true, value_parser = micrometres)]
    pub dx: i32,
    /// How far everything is moved down, in millimetres; negative up.
    #[arg(long, default_value = "0", value_name = "MM", allow_hyphen_values = true, value_parser = micrometres)]
    pub dy: i32,
    /// How often each label without a serial is printed.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub copies: u32,
    /// Begin with a test page: rulers of 100 mm and the edges of the labels.
    #[arg(long)]
    pub ruler: bool,
    /// Language of the products' names and of the test page: fr, ar, en or es.
    #[arg(long, default_value = "fr", value_name = "LANGUAGE")]
    pub names: String,
}

/// Millimetres, with three decimals at most, as micrometres.
fn micrometres(text: &str) -> Result<i32, String> {
    let wrong = || "it is millimetres, such as 0.5 or -1.25, and at most 20".to_owned();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let digits = digits.replace(',', ".");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 3 || !plain(whole) || !plain(part) {
        return Err(wrong());
    }
    let um: i32 = format!("{whole}{part:0<3}").parse().map_err(|_| wrong())?;
    if um > SHIFT_UM_MAX { Err(wrong()) } else { Ok(sign * um) }
}

/// What is printed, besides the labels.
pub struct Printing<'a> {
    pub sheet: &'a SheetArgs,
    pub format: Format,
    /// None: as much as the label holds.
    pub level: Option<&'a str>,
    pub x_dimension_um: u32,
    pub dpi: u32,
    pub out: &'a Path,
}

/// Prints rows into a file, or into some where one does not hold them.
///
/// # Errors
/// What the ledger refuses; a file that cannot be written.
pub fn print(
    printing: &Printing<'_>,
    global: &Global,
    source: &Source,
    signer: Option<&Registered>,
    rows: &[LabelRow],
) -> anyhow::Result<Outcome> {
    let Printing { sheet, format, level, x_dimension_um, dpi, out } = *printing;
    if rows.is_empty() {
        bail!("there is no label to print: no lot is certified");
    }
    let copies = if rows.iter().any(|row| row.serial.is_some()) { 1 } else { sheet.copies };
    let each = (PRINTED_LABELS_MAX / copies as usize).max(1);
    let parts: Vec<&[LabelRow]> = rows.chunks(each).collect();
    let bar = progress(parts.len(), "printing");
    let mut files = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let labels: Vec<_> =
            part.iter().map(|row| json!({"lot": row.lot, "serial": row.serial})).collect();
        let first = place == 0;
        let order = json!({
            "labels": labels,
            "copies": copies,
            "format": format.name(),
            "grid": sheet.grid,
            "start": if first { sheet.start } else { 1 },
            "dx_um": sheet.dx,
            "dy_um": sheet.dy,
            "x_dimension_um": x_dimension_um,
            "level": level,
            "dpi": dpi,
            "language": sheet.names,
            "ruler": sheet.ruler && first,
        });
        let bytes = source.label_sheets(order.to_string().as_bytes(), signer)?;
        let file = numbered(out, place);
        write_to(&file, &bytes).with_context(|| file.display().to_string())?;
        files.push(file);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if global.json {
        say_json(&files)?;
    } else {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let count = rows.len() * copies as usize;
        say(format!("{count} labels written to {}", names.join(", ")))?;
    }
    Ok(Outcome::Passed)
}

/// The name of the first file as given, of the others with a number behind it.
fn numbered(out: &Path, place: usize) -> PathBuf {
    if place == 0 {
        return out.to_owned();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let suffix = out.extension().map(|suffix| format!(".{}", suffix.to_string_lossy()));
    out.with_file_name(format!("{stem}-{}{}", place + 1, suffix.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_millimetres() {
        let cases = [("0", 0), ("0.5", 500), ("-1,25", -1_250), ("20", 20_000)];
        for (text, um) in cases {
            assert_eq!(micrometres(text), Ok(um));
        }
        for text in ["", "-", ".5", "1.2345", "1e3", "21", "1 mm", "+1"] {
            assert!(micrometres(text).is_err(), "{text}");
        }
    }

    #[test]
    fn files_are_numbered_from_the_second_on() {
        let out = Path::new("a/labels.pdf");
        let names = [0, 1, 11].map(|place| numbered(out, place).display().to_string());
        assert_eq!(names, ["a/labels.pdf", "a/labels-2.pdf", "a/labels-12.pdf"]);
    }
}
