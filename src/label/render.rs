//! Pictures of a symbol: SVG for print shops, PNG for label printers, half blocks for terminals.
//! Not page layout. All include the quiet zone of four modules (ISO/IEC 18004 section 6.3.8).

use std::fmt::Write as _;

use super::{Label, LabelError, Symbol};
use crate::names::LotKey;

/// Light modules around a symbol.
pub const QUIET_MODULES: usize = 4;

/// Width of one module when nothing else is asked for, in micrometres.
pub const X_DIMENSION_UM: u32 = 330;

/// Largest module in a PNG, in dots: 185 * 32 = 5,920 dots a side, 4.4 MB as bits.
const DOTS_PER_MODULE_MAX: u32 = 32;

/// Height of a line of text below a symbol, in tenths of a module.
const LINE_TENTHS: usize = 60;

impl Label {
    /// The lines for people below a symbol: item, lot, and the unit in groups of four.
    #[must_use]
    pub fn human_lines(&self) -> Vec<String> {
        let item = match &self.key {
            LotKey::Gtin(gtin, _) => format!("GTIN {gtin}"),
            LotKey::Party(party, _) => party.to_string(),
        };
        let serial = self.serial.iter().map(|serial| format!("SN {}", serial.grouped()));
        [item, format!("LOT {}", self.key.number())].into_iter().chain(serial).collect()
    }
}

impl Symbol {
    /// Modules along one side with the quiet zone.
    #[must_use]
    pub fn width_with_quiet_zone(&self) -> usize {
        self.width() + 2 * QUIET_MODULES
    }

    /// An SVG drawing of physical size, `x_dimension_um` micrometres a module, with `lines` of
    /// text below. Its units are modules; every run of dark modules in a row is one rectangle.
    #[must_use]
    pub fn svg(&self, x_dimension_um: u32, lines: &[String]) -> String {
        let width = self.width_with_quiet_zone();
        // The text ends two modules above the lower edge, so that it is not cut.
        let text_tenths = if lines.is_empty() { 0 } else { lines.len() * LINE_TENTHS + 20 };
        let height_tenths = width * 10 + text_tenths;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" \
             viewBox=\"0 0 {width} {}\"><path fill=\"#fff\" d=\"M0 0h{width}v{}H0z\"/>\
             <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"",
            millimetres(width * 10, x_dimension_um),
            millimetres(height_tenths, x_dimension_um),
            tenths(height_tenths),
            tenths(height_tenths),
        );
        for run in self.dark_runs() {
            let (x, y, length) = (run.x + QUIET_MODULES, run.y + QUIET_MODULES, run.length);
            let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
        }
        svg.push_str("\"/>");
        for (line, text) in lines.iter().enumerate() {
            let baseline = tenths(width * 10 + (line + 1) * LINE_TENTHS - 15);
            svg.push_str(&text_line(text, width, &baseline));
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// A black-and-white PNG with whole dots per module and its resolution in `pHYs`.
    ///
    /// # Errors
    /// `symbol` if the image cannot be written.
    pub fn png(&self, dots_per_module: u32, dpi: u32) -> Result<Vec<u8>, LabelError> {
        let dots = dots_per_module.clamp(1, DOTS_PER_MODULE_MAX);
        let scale = usize::try_from(dots).unwrap_or(1);
        let modules = self.width_with_quiet_zone();
        let side = modules * scale;
        let mut data = Vec::with_capacity(side * side.div_ceil(8));
        for y in 0..modules {
            let mut row = vec![0_u8; side.div_ceil(8)];
            for x in (0..side).filter(|x| !self.dark_at(x / scale, y)) {
                if let Some(byte) = row.get_mut(x / 8) {
                    *byte |= 0x80 >> (x % 8);
                }
            }
            for _ in 0..scale {
                data.extend_from_slice(&row);
            }
        }
        let side = u32::try_from(side).unwrap_or(u32::MAX);
        write_png(side, side, dpi, &data)
            .map_err(|error| LabelError::Symbol { reason: error.to_string() })
    }

    /// Two rows of modules a line, for terminals. With `colour`, black on white by ANSI codes on
    /// any ground; without, the light modules are the blocks, right for light text on dark ground.
    #[must_use]
    pub fn terminal(&self, colour: bool) -> String {
        let side = self.width_with_quiet_zone();
        let (start, end) =
            if colour { ("\x1b[38;5;16;48;5;231m", "\x1b[0m\n") } else { ("", "\n") };
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            text.push_str(start);
            for x in 0..side {
                // The last line of an odd side has no lower row; it shows as quiet zone.
                let (upper, lower) = (self.dark_at(x, y), self.dark_at(x, y + 1));
                text.push(match (upper == colour, lower == colour) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push_str(end);
        }
        text
    }

    fn dark_at(&self, x: usize, y: usize) -> bool {
        self.dark_with_quiet_zone(x, y, QUIET_MODULES)
    }
}

/// Whole dots a module at `dpi` dots an inch: nearest to `x_dimension_um`, at least 1.
#[must_use]
pub fn dots_per_module(x_dimension_um: u32, dpi: u32) -> u32 {
    let dots = (u64::from(x_dimension_um) * u64::from(dpi) + 12_700) / 25_400;
    u32::try_from(dots).unwrap_or(u32::MAX).clamp(1, DOTS_PER_MODULE_MAX)
}

/// A picture of one bit a dot, 1 white, in rows of whole bytes, with its resolution.
pub(crate) fn write_png(
    width: u32,
    height: u32,
    dpi: u32,
    data: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let per_metre = u32::try_from((u64::from(dpi) * 10_000 + 127) / 254).unwrap_or(u32::MAX);
    let unit = png::Unit::Meter;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(bytes)
}

/// A centred line, at most 5 modules high and no wider than the symbol (0.6 em a character).
fn text_line(text: &str, width: usize, baseline: &str) -> String {
    let fitting = (width - 2) * 100 / (6 * text.chars().count().max(1));
    format!(
        "<text x=\"{}\" y=\"{baseline}\" font-size=\"{}\" font-family=\"monospace\" \
         text-anchor=\"middle\">{}</text>",
        tenths(width * 5),
        tenths(fitting.min(50)),
        escape_markup(text),
    )
}

/// Modules, in tenths, as millimetres with three decimals.
fn millimetres(module_tenths: usize, x_dimension_um: u32) -> String {
    let tenths = u64::try_from(module_tenths).unwrap_or_default();
    let um = tenths * u64::from(x_dimension_um) / 10;
    format!("{}.{:03}", um / 1_000, um % 1_000)
}

fn tenths(value: usize) -> String {
    if value.is_multiple_of(10) {
        (value / 10).to_string()
    } else {
        format!("{}.{}", value / 10, value % 10)
    }
}

/// Escapes text for XML and HTML.
#[must_use]
pub fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Level;

    fn symbol() -> Symbol {
        Symbol::new("HTTPS://EXAMPLE/01/06111234567895", Level::Medium).unwrap()
    }

    #[test]
    fn svg_has_every_dark_module_once_and_physical_size() {
        let symbol = symbol();
        let svg = symbol.svg(X_DIMENSION_UM, &["LOT A<B".to_owned()]);
        let side = symbol.width_with_quiet_zone();
        let um = side * 330;
        let width = format!("width=\"{}.{:03}mm\"", um / 1000, um % 1000);
        assert!(svg.contains(&width) && svg.contains("LOT A&lt;B"), "{svg}");
        let path = svg.split("crispEdges\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut dark = 0;
        for run in path.split('M').skip(1) {
            let (at, run) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = run.split_once('v').unwrap().0.parse().unwrap();
            dark += length;
            assert!((x..x + length).all(|x| symbol.dark_at(x, y)));
        }
        assert_eq!(dark, symbol.rows().flatten().filter(|dark| **dark).count());
    }

    #[test]
    fn dots_are_whole() {
        assert_eq!([203, 300, 600].map(|dpi| dots_per_module(330, dpi)), [3, 4, 8]);
        assert_eq!(dots_per_module(1, 72), 1);
    }

    #[test]
    fn png_tells_its_resolution_and_has_every_module() {
        let symbol = symbol();
        let bytes = symbol.png(4, 300).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let dims = reader.info().pixel_dims.unwrap();
        assert_eq!((dims.xppu, dims.unit), (11_811, png::Unit::Meter));
        let side = symbol.width_with_quiet_zone() * 4;
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut data).unwrap();
        let row_bytes = data.len() / side;
        for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
            let light = data[y * row_bytes + x / 8] & (0x80 >> (x % 8)) != 0;
            assert_eq!(light, !symbol.dark_at(x / 4, y / 4), "{x} {y}");
        }
    }

    #[test]
    fn terminal_has_two_rows_a_line() {
        let symbol = symbol();
        let text = symbol.terminal(false);
        let side = symbol.width_with_quiet_zone();
        assert_eq!(text.lines().count(), side.div_ceil(2));
        assert!(text.lines().all(|line| line.chars().count() == side));
        assert_eq!(text.lines().next().unwrap(), "█".repeat(side));
        assert!(symbol.terminal(true).contains("\x1b[38;5;16;48;5;231m"));
    }
}
