//! The page that shows whether a printer scales or shifts: rulers of 100 mm, and the edges of every
//! label of the sheet. Printed on plain paper and held against the sheet, before labels are wasted.

use std::sync::Arc;

use super::grid::LabelGrid;
use super::item::{Item, pt};
use super::typeset::{Style, TypeSetter};

/// Length of a ruler, in micrometres.
const RULER_UM: u32 = 100_000;

/// Width of a line, in micrometres.
const LINE_UM: u32 = 100;

/// What the page says, in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulerWords {
    /// What it is for.
    pub title: String,
    /// What to do with it.
    pub sentences: Vec<String>,
    /// Whether they are read from the right.
    pub rtl: bool,
}

/// The page, shifted like the labels.
pub(super) fn ruler(
    setter: &mut TypeSetter,
    grid: &LabelGrid,
    words: &RulerWords,
    (dx, dy): (f32, f32),
) -> Vec<Item> {
    let mut items = Vec::new();
    for cell in 0..grid.cells() {
        let (x, y) = grid.corner_um(cell);
        frame(&mut items, x, y, grid.width_um, grid.height_um);
    }
    let (left, top) = (55_000, 130_000);
    // White under the words, so that the lines of labels do not run through them: they end there.
    items.retain(|item| !meets(item, pt(left - 5_000), pt(top - 5_000), pt(110_000), pt(115_000)));
    bar(&mut items, left, top, RULER_UM, LINE_UM);
    bar(&mut items, left, top, LINE_UM, RULER_UM);
    for mm in 0..=100 {
        let length = match mm {
            mm if mm % 10 == 0 => 4_000,
            mm if mm % 5 == 0 => 2_500,
            _ => 1_500,
        };
        bar(&mut items, left + mm * 1_000, top, LINE_UM, length);
        bar(&mut items, left, top + mm * 1_000, length, LINE_UM);
    }
    let width = pt(80_000);
    let style = |size, bold| Style { size, bold, rtl: words.rtl };
    let mut y = pt(top + 12_000);
    let title = std::iter::once((&words.title, style(13.0, true)));
    for (text, style) in title.chain(words.sentences.iter().map(|text| (text, style(10.0, false))))
    {
        let block = Arc::new(setter.set(text, style, width));
        let height = block.height;
        items.push(Item::Text { x: pt(left + 12_000), y, block });
        y += height + 4.0;
    }
    items.into_iter().map(|item| item.moved(dx, dy)).collect()
}

fn bar(items: &mut Vec<Item>, x: u32, y: u32, width: u32, height: u32) {
    items.push(Item::Bar { x: pt(x), y: pt(y), width: pt(width), height: pt(height) });
}

fn frame(items: &mut Vec<Item>, x: u32, y: u32, width: u32, height: u32) {
    bar(items, x, y, width, LINE_UM);
    bar(items, x, y + height, width, LINE_UM);
    bar(items, x, y, LINE_UM, height);
    bar(items, x + width, y, LINE_UM, height);
}

/// Whether a bar runs through a rectangle.
fn meets(item: &Item, left: f32, top: f32, across: f32, down: f32) -> bool {
    let Item::Bar { x, y, width, height } = item else { return false };
    x + width > left && *x < left + across && y + height > top && *y < top + down
}
