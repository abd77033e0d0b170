//! Labels on sheets: each in its cell, from the first that is free, shifted as the printer needs.

use std::sync::Arc;

use super::error::SheetError;
use super::face::{LabelContent, LabelShape};
use super::grid::LabelGrid;
use super::item::{Item, pt};
use super::pdf::{PdfHead, pdf};
use super::ruler::{RulerWords, ruler};
use super::typeset::TypeSetter;
use crate::label::Symbol;
use crate::statement::Timestamp;

/// How labels are put on sheets.
#[derive(Clone, Debug)]
pub struct SheetOrder<'a> {
    /// The sheet.
    pub grid: &'static LabelGrid,
    /// The place of the first free cell, as [`LabelGrid::place`] has it.
    pub first: u32,
    /// To the right, in micrometres; negative to the left.
    pub dx_um: i32,
    /// Downwards, in micrometres; negative upwards.
    pub dy_um: i32,
    /// Width of a module, in micrometres.
    pub x_dimension_um: u32,
    /// Title of the document.
    pub title: &'a str,
    /// Its language (BCP 47).
    pub language: &'a str,
    /// The instant of the register that the labels are of.
    pub dated: Timestamp,
    /// The words of a first page with rulers; none of it if left out.
    pub ruler: Option<&'a RulerWords>,
}

/// Labels on A4 sheets, as PDF, in their order. `labels` are contents with their symbols.
///
/// # Errors
/// `grid_too_small`, `drawing`.
pub fn label_sheets<'a>(
    setter: &mut TypeSetter,
    order: &SheetOrder<'_>,
    labels: impl Iterator<Item = (&'a LabelContent, &'a Arc<Symbol>)>,
) -> Result<Vec<u8>, SheetError> {
    let (grid, cells) = (order.grid, order.grid.cells());
    let shift = (signed(order.dx_um), signed(order.dy_um));
    let shape = LabelShape::new(grid, order.x_dimension_um);
    let mut pages: Vec<Vec<Item>> = Vec::new();
    if let Some(words) = order.ruler {
        pages.push(ruler(setter, grid, words, shift));
    }
    let (mut kept, mut sheet) = (None, Vec::new());
    let mut cell = order.first;
    for (content, symbol) in labels {
        if cell >= cells {
            pages.push(std::mem::take(&mut sheet));
            cell = 0;
        }
        let (x, y) = grid.corner_um(cell);
        let items = shape.lay(setter, content, symbol, &mut kept)?;
        sheet.extend(items.iter().map(|item| item.moved(pt(x) + shift.0, pt(y) + shift.1)));
        cell += 1;
    }
    pages.push(sheet);
    let head = PdfHead {
        title: order.title,
        language: order.language,
        rtl: order.ruler.is_some_and(|words| words.rtl),
        dated: order.dated,
    };
    pdf(&head, &pages, None)
}

/// A shift in points.
fn signed(um: i32) -> f32 {
    let length = pt(um.unsigned_abs());
    if um < 0 { -length } else { length }
}
