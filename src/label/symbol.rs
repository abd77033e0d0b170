//! The QR symbol of a text: a square of modules, without its quiet zone.
//! Not here: pictures of it (`render`), and what the text says (`payload`). ISO/IEC 18004.

use qrcode::{Color, EcLevel, QrCode};

use super::LabelError;

/// How much damage a symbol survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// M, about 15 % of the codewords; the default.
    #[default]
    Medium,
    /// Q, about 25 %; for labels from 21 mm.
    Quartile,
}

/// Dark modules side by side in a row of a symbol, counted from its corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DarkRun {
    /// Modules to the left of it.
    pub x: usize,
    /// Rows above it.
    pub y: usize,
    /// How many.
    pub length: usize,
}

/// A QR symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

impl Symbol {
    /// The smallest symbol of an ASCII text. Other text is refused: the encoder might pick Kanji
    /// mode for it, which readers turn into other characters.
    ///
    /// # Errors
    /// `symbol` for text that is not ASCII or too long for a QR code.
    pub fn new(text: &str, level: Level) -> Result<Self, LabelError> {
        if !text.is_ascii() {
            return Err(LabelError::Symbol { reason: "the text is not ASCII".to_owned() });
        }
        let level = match level {
            Level::Medium => EcLevel::M,
            Level::Quartile => EcLevel::Q,
        };
        let code = QrCode::with_error_correction_level(text, level)
            .map_err(|error| LabelError::Symbol { reason: error.to_string() })?;
        let width = code.width();
        let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { width, dark })
    }

    /// Modules along one side, without the quiet zone: 21 to 177.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows from the top, each from the left; true is dark.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks(self.width.max(1))
    }

    /// All dark modules, as runs within rows.
    pub fn dark_runs(&self) -> impl Iterator<Item = DarkRun> {
        self.rows().enumerate().flat_map(|(y, row)| {
            let mut x = 0;
            row.chunk_by(|left, right| left == right).filter_map(move |run| {
                let found = DarkRun { x, y, length: run.len() };
                x += run.len();
                (run.first() == Some(&true)).then_some(found)
            })
        })
    }

    /// Whether a module is dark, counted from the quiet zone's top left corner.
    pub(super) fn dark_with_quiet_zone(&self, x: usize, y: usize, quiet: usize) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(quiet), y.checked_sub(quiet)) else { return false };
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_label_is_version_7_at_m_and_9_at_q() {
        let token = "06A".repeat(37);
        let text = format!("https://ID.TASDIQ.MA/{token}/01/06111234567895/10/A24B017/21/K7Q2M9XD");
        assert_eq!(Symbol::new(&text, Level::Medium).unwrap().width(), 45);
        assert_eq!(Symbol::new(&text, Level::Quartile).unwrap().width(), 53);
    }

    #[test]
    fn what_no_symbol_carries_is_refused() {
        for text in ["تصديق".to_owned(), "A".repeat(5_000)] {
            assert_eq!(Symbol::new(&text, Level::Medium).unwrap_err().code(), "symbol");
        }
    }
}
