//! The layout of one label in its cell: the code with its quiet zone, and beside it or below what
//! it says in words, clear of the edges where sheets are cut. The same for PDF, bitmap and SVG.

use std::sync::Arc;

use super::error::SheetError;
use super::grid::LabelGrid;
use super::item::{Item, PT_PER_UM, modules, pt};
use super::typeset::{Block, Style, TypeSetter};
use crate::label::Symbol;

/// Kept clear along each edge of a label, in micrometres: what a cutter or a feed may take.
const SAFE_UM: u32 = 1_500;

/// Least width of the text beside a code, in micrometres: a serial in groups of four, at 5 points.
const TEXT_WIDTH_UM: u32 = 13_000;

/// Least height of the text below a code, in micrometres.
const TEXT_HEIGHT_UM: u32 = 11_000;

/// Sizes tried, in points.
const SIZES: [f32; 9] = [8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0];

/// The size, in points, from which on a number that does not fit in a line is broken.
const SMALLEST_WHOLE: f32 = 4.5;

/// Widest line of a name that is read from the right, in sizes: as wide as a GTIN in its line.
const NAME_EM: f32 = 14.0;

/// Lines of the product's name at most.
const PRODUCT_LINES: usize = 2;

/// What one label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelContent {
    /// The text of its code.
    pub text: String,
    /// The product's name.
    pub product: String,
    /// Whether that name is read from the right.
    pub rtl: bool,
    /// What its lot is named by, item and lot, a line each.
    pub lines: Vec<String>,
    /// The unit, in groups of four.
    pub serial: Option<String>,
    /// Where it is checked.
    pub host: String,
}

impl LabelContent {
    /// Whether another label says the same but for its code and unit.
    fn is_like(&self, other: &Self) -> bool {
        let unit = self.serial.is_some() == other.serial.is_some();
        let names = self.product == other.product && self.rtl == other.rtl;
        unit && names && self.lines == other.lines && self.host == other.host
    }
}

/// The room of a label and the size of its code's modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelShape {
    grid: &'static LabelGrid,
    /// Width of a module, in points.
    module: f32,
}

/// The words of one label as they were set, kept for the next that says the same.
#[derive(Clone, Debug)]
pub struct SetLabel {
    content: LabelContent,
    size: f32,
    /// Product, lines, unit, host.
    blocks: Vec<Arc<Block>>,
}

/// Where the text stands.
#[derive(Clone, Copy)]
struct Room {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl LabelShape {
    /// A cell of a sheet, with modules of so many micrometres.
    #[must_use]
    pub fn new(grid: &'static LabelGrid, x_dimension_um: u32) -> Self {
        Self { grid, module: pt(x_dimension_um) }
    }

    /// The same for dots: modules of whole dots, as near to what was asked as they come.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "dots of a module: below 2^24")]
    pub fn in_dots(grid: &'static LabelGrid, dots_per_module: u32, dpi: u32) -> Self {
        Self { grid, module: dots_per_module as f32 * 72.0 / dpi.max(1) as f32 }
    }

    /// Whether code and text have room.
    #[must_use]
    pub fn holds(&self, symbol: &Symbol) -> bool {
        self.rooms(modules(symbol.width_with_quiet_zone()) * self.module).is_some()
    }

    /// Its width and height, in points.
    pub(super) fn size(&self) -> (f32, f32) {
        (pt(self.grid.width_um), pt(self.grid.height_um))
    }

    /// Places code and text. `kept` is the label before: what both say is not set again.
    pub(super) fn lay(
        &self,
        setter: &mut TypeSetter,
        content: &LabelContent,
        symbol: &Arc<Symbol>,
        kept: &mut Option<SetLabel>,
    ) -> Result<Vec<Item>, SheetError> {
        let side = modules(symbol.width_with_quiet_zone()) * self.module;
        let quiet = (side - modules(symbol.width()) * self.module) / 2.0;
        let (code, room) = self.rooms(side).ok_or_else(|| self.too_small(side))?;
        let like = kept.take().filter(|kept| kept.content.is_like(content));
        let again = like.and_then(|kept| kept.with_unit(setter, content, room));
        let set = match again {
            Some(set) => set,
            None => set_label(setter, content, room).ok_or_else(|| self.too_small(side))?,
        };
        let mut y = room.y + (room.height - set.height()).max(0.0) / 2.0;
        let (x, symbol) = (code.x + quiet, Arc::clone(symbol));
        let mut items = vec![Item::Code { x, y: code.y + quiet, module: self.module, symbol }];
        let last = set.blocks.len().saturating_sub(1);
        for (at, block) in set.blocks.iter().enumerate() {
            let mut x = room.x;
            if at == last {
                items.push(Item::Mark { x, y: y + set.size * 0.2, side: set.size });
                x += set.size * 1.25;
            }
            items.push(Item::Text { x, y, block: Arc::clone(block) });
            y += block.height;
        }
        *kept = Some(set);
        Ok(items)
    }

    /// Corner of the code with its quiet zone, and the room for the text: beside it, else below.
    fn rooms(&self, side: f32) -> Option<(Room, Room)> {
        let (width, height) = self.size();
        let safe = pt(SAFE_UM);
        if side > width || side > height {
            return None;
        }
        let code = |x, y| Room { x, y, width: side, height: side };
        let beside = width - side - safe;
        if beside >= pt(TEXT_WIDTH_UM) {
            let y = (height - side) / 2.0;
            let x = y.min(safe);
            let gap = x + side;
            let width = width - gap - safe;
            let room = Room { x: gap, y: safe, width, height: height - 2.0 * safe };
            return Some((code(x, y), room));
        }
        let below = height - side - safe;
        (below >= pt(TEXT_HEIGHT_UM)).then(|| {
            let room = Room { x: safe, y: side, width: width - 2.0 * safe, height: below };
            (code((width - side) / 2.0, 0.0), room)
        })
    }

    fn too_small(&self, side: f32) -> SheetError {
        let mm = |um: u32| format!("{}.{}", um / 1_000, um % 1_000 / 100);
        SheetError::GridTooSmall {
            grid: self.grid.id,
            width_mm: mm(self.grid.width_um),
            height_mm: mm(self.grid.height_um),
            side_mm: format!("{:.1}", side / PT_PER_UM / 1_000.0),
            text_mm: format!("{} or {}", mm(TEXT_WIDTH_UM), mm(TEXT_HEIGHT_UM)),
        }
    }
}

impl SetLabel {
    fn height(&self) -> f32 {
        self.blocks.iter().map(|block| block.height).sum()
    }

    /// With another unit; None if that does not fit in its line.
    fn with_unit(
        mut self,
        setter: &mut TypeSetter,
        content: &LabelContent,
        room: Room,
    ) -> Option<Self> {
        let Some(serial) = &content.serial else { return Some(self) };
        let style = Style { size: self.size, bold: true, rtl: false };
        let block = setter.set(&unit_line(serial), style, room.width);
        let at = self.blocks.len().checked_sub(2)?;
        let place = self.blocks.get_mut(at).filter(|known| known.lines == block.lines)?;
        *place = Arc::new(block);
        Some(self)
    }
}

/// The lines in the largest size in which all of them fit.
fn set_label(setter: &mut TypeSetter, content: &LabelContent, room: Room) -> Option<SetLabel> {
    SIZES.into_iter().find_map(|size| {
        let style = |bold, rtl| Style { size, bold, rtl };
        let name = style(false, content.rtl);
        // From the right it begins near the code too, not at the label's far edge.
        let width = if content.rtl { room.width.min(size * NAME_EM) } else { room.width };
        let mut blocks = vec![setter.set_within(&content.product, name, width, PRODUCT_LINES)];
        let unit = content.serial.as_deref().map(unit_line);
        for line in content.lines.iter().chain(&unit) {
            blocks.push(setter.set(line, style(true, false), room.width));
        }
        blocks.push(setter.set(&content.host, style(false, false), room.width - size * 1.25));
        let broken = blocks.iter().skip(1).any(|block| block.lines > 1);
        let blocks = blocks.into_iter().map(Arc::new).collect();
        let set = SetLabel { content: content.clone(), size, blocks };
        // Numbers are broken only where nothing smaller is left.
        (set.height() <= room.height && (!broken || size <= SMALLEST_WHOLE)).then_some(set)
    })
}

fn unit_line(serial: &str) -> String {
    format!("SN {serial}")
}
