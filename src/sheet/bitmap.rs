//! A label in dots: modules of whole dots, black or white, for PNG and label printers, which shape
//! no Arabic and scale no code well. Not here: the commands of a printer (`zpl`).

use std::sync::Arc;

use tiny_skia::{FillRule, Mask, Path, PathBuilder, Transform};

use super::error::SheetError;
use super::face::{LabelContent, LabelShape, SetLabel};
use super::item::{Item, MARK_SIDE, MARK_STAR, MARK_TICK};
use super::outline::{Step, outlines};
use super::typeset::TypeSetter;
use crate::label::Symbol;

/// Share of a dot, in 255ths, from which on it is black.
const BLACK_FROM: u8 = 112;

/// Dots, a bit each, in rows of whole bytes from the top: 1 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    /// Dots in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Resolution.
    pub dpi: u32,
    /// Most significant bit first.
    pub bits: Vec<u8>,
}

impl Bitmap {
    fn white(width: u32, height: u32, dpi: u32) -> Self {
        let bits = vec![0; width.div_ceil(8) as usize * height as usize];
        Self { width, height, dpi, bits }
    }

    /// Bytes of a row.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    fn set(&mut self, x: u32, y: u32, black: bool) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = y as usize * self.stride() + x as usize / 8;
        if let Some(byte) = self.bits.get_mut(at) {
            let bit = 0x80 >> (x % 8);
            *byte = if black { *byte | bit } else { *byte & !bit };
        }
    }

    /// A PNG of it, with its resolution.
    ///
    /// # Errors
    /// `drawing` if it cannot be written.
    pub fn png(&self) -> Result<Vec<u8>, SheetError> {
        let white: Vec<u8> = self.bits.iter().map(|byte| !byte).collect();
        crate::label::write_png(self.width, self.height, self.dpi, &white)
            .map_err(SheetError::drawing)
    }
}

/// One label in dots. `kept` is what is left of the label before.
///
/// # Errors
/// `grid_too_small`, `drawing`.
pub fn label_bitmap(
    setter: &mut TypeSetter,
    shape: &LabelShape,
    content: &LabelContent,
    symbol: &Arc<Symbol>,
    dpi: u32,
    kept: &mut Option<SetLabel>,
) -> Result<Bitmap, SheetError> {
    let items = shape.lay(setter, content, symbol, kept)?;
    let scale = dots_per_point(dpi);
    let (width, height) = shape.size();
    let mut bitmap = Bitmap::white(dots(width * scale), dots(height * scale), dpi);
    for item in &items {
        match item {
            Item::Code { x, y, module, symbol } => {
                let (x, y, module) = (dots(x * scale), dots(y * scale), dots(module * scale));
                draw_code(&mut bitmap, symbol, x, y, module);
            }
            Item::Text { x, y, block } => {
                draw(&mut bitmap, &path(outlines(block, *x, *y)), scale, true)?;
            }
            Item::Bar { x, y, width, height } => {
                let corners = [(0.0, 0.0), (*width, 0.0), (*width, *height), (0.0, *height)];
                draw(&mut bitmap, &path(polygon(&corners, *x, *y, 1.0)), scale, true)?;
            }
            Item::Mark { x, y, side } => {
                let unit = side / MARK_SIDE;
                draw(&mut bitmap, &path(polygon(&MARK_STAR, *x, *y, unit)), scale, true)?;
                draw(&mut bitmap, &path(polygon(&MARK_TICK, *x, *y, unit)), scale, false)?;
            }
        }
    }
    Ok(bitmap)
}

/// Dots of a point.
#[expect(clippy::cast_precision_loss, reason = "a resolution: below 2^24")]
fn dots_per_point(dpi: u32) -> f32 {
    dpi as f32 / 72.0
}

/// A length in dots, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, from 0 on")]
fn dots(length: f32) -> u32 {
    length.max(0.0).round() as u32
}

fn draw_code(bitmap: &mut Bitmap, symbol: &Symbol, x: u32, y: u32, module: u32) {
    let mut top = y;
    for row in symbol.rows() {
        let mut left = x;
        for dark in row {
            if *dark {
                for dy in 0..module {
                    (0..module).for_each(|dx| bitmap.set(left + dx, top + dy, true));
                }
            }
            left += module;
        }
        top += module;
    }
}

/// A closed outline of straight lines.
pub(super) fn polygon(corners: &[(f32, f32)], x: f32, y: f32, unit: f32) -> Vec<Step> {
    let mut steps = Vec::with_capacity(corners.len() + 1);
    for (at, (dx, dy)) in corners.iter().enumerate() {
        let (x, y) = (x + dx * unit, y + dy * unit);
        steps.push(if at == 0 { Step::Move(x, y) } else { Step::Line(x, y) });
    }
    steps.push(Step::Close);
    steps
}

fn path(steps: Vec<Step>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for step in steps {
        match step {
            Step::Move(x, y) => path.move_to(x, y),
            Step::Line(x, y) => path.line_to(x, y),
            Step::Quad([ax, ay, x, y]) => path.quad_to(ax, ay, x, y),
            Step::Curve([ax, ay, bx, by, x, y]) => path.cubic_to(ax, ay, bx, by, x, y),
            Step::Close => path.close(),
        }
    }
    path.finish()
}

/// Fills a path, black or white; what is empty draws nothing. Only the dots around it are looked
/// at: a label is mostly white.
#[expect(clippy::cast_precision_loss, reason = "dots of a label: below 2^24")]
fn draw(
    bitmap: &mut Bitmap,
    path: &Option<Path>,
    scale: f32,
    black: bool,
) -> Result<(), SheetError> {
    let Some(path) = path else { return Ok(()) };
    let bounds = path.bounds();
    let left = dots((bounds.left() * scale).floor()).min(bitmap.width);
    let top = dots((bounds.top() * scale).floor()).min(bitmap.height);
    let right = dots((bounds.right() * scale).ceil() + 1.0).min(bitmap.width);
    let bottom = dots((bounds.bottom() * scale).ceil() + 1.0).min(bitmap.height);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    if width == 0 || height == 0 {
        return Ok(());
    }
    let mut mask =
        Mask::new(width, height).ok_or_else(|| SheetError::drawing("a label without room"))?;
    let place = Transform::from_scale(scale, scale).post_translate(-(left as f32), -(top as f32));
    mask.fill_path(path, FillRule::Winding, true, place);
    let rows = mask.data().chunks(width as usize);
    for (y, row) in (top..).zip(rows) {
        for (x, _) in (left..).zip(row).filter(|(_, share)| **share >= BLACK_FROM) {
            bitmap.set(x, y, black);
        }
    }
    Ok(())
}
