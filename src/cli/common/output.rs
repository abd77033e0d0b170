//! Writing for people and programs: lines and JSON on stdout, tables, a progress bar on stderr.
//! A reader that closed the pipe ends the output, not the program.

use std::io::{ErrorKind, Write};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::os::files;
use crate::os::terminal::{shown, shown_json};

/// Writes a line to stdout, as [`shown`].
///
/// # Errors
/// Stdout cannot be written, other than by a closed pipe.
pub fn say(line: impl std::fmt::Display) -> anyhow::Result<()> {
    raw(shown(&format!("{line}\n")).as_bytes())
}

/// Writes JSON to stdout, for programs.
///
/// # Errors
/// As [`say`].
pub fn say_json<T: serde::Serialize>(item: &T) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(item)? + "\n";
    raw(shown_json(&text).as_bytes())
}

/// Writes bytes to stdout as they are.
///
/// # Errors
/// As [`say`].
pub fn raw(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("stdout"),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all, or stdout for `-`.
///
/// # Errors
/// The file cannot be written; the old one is then as it was.
pub fn write_to(path: &std::path::Path, bytes: &[u8]) -> anyhow::Result<()> {
    if path.as_os_str() == "-" {
        return raw(bytes);
    }
    files::replace(path, bytes, 0o644).with_context(|| path.display().to_string())
}

/// Rows in columns as wide as their widest cell.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell: &String| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A progress bar on stderr; invisible when stderr is no terminal.
#[must_use]
pub fn progress(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX)).with_message(what);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// As [`progress`], over bytes.
#[must_use]
pub fn progress_bytes(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_line_up() {
        let rows =
            vec![vec!["a".to_owned(), "b".to_owned()], vec!["éé".to_owned(), "c".to_owned()]];
        assert_eq!(super::table(&rows), "  a   b\n  éé  c");
    }
}
