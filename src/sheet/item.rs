//! What stands on a page, before it is drawn as PDF, bitmap or SVG. Lengths are in points of 1/72
//! inch, from the upper left corner.

use std::sync::Arc;

use super::typeset::Block;
use crate::label::Symbol;

/// Points of a micrometre.
pub(super) const PT_PER_UM: f32 = 72.0 / 25_400.0;

/// Micrometres as points.
#[expect(clippy::cast_precision_loss, reason = "lengths on paper: below 2^24 um")]
pub(super) fn pt(um: u32) -> f32 {
    um as f32 * PT_PER_UM
}

/// A count of modules as a length in modules.
#[expect(clippy::cast_precision_loss, reason = "at most 185 modules")]
pub(super) fn modules(count: usize) -> f32 {
    count as f32
}

/// One thing on a page.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// Set text, its upper left corner here.
    Text { x: f32, y: f32, block: Arc<Block> },
    /// A symbol without its quiet zone, its upper left corner here.
    Code { x: f32, y: f32, module: f32, symbol: Arc<Symbol> },
    /// A filled rectangle.
    Bar { x: f32, y: f32, width: f32, height: f32 },
    /// The mark of the house, in a square of this side.
    Mark { x: f32, y: f32, side: f32 },
}

impl Item {
    /// The same elsewhere.
    pub fn moved(&self, dx: f32, dy: f32) -> Self {
        let mut item = self.clone();
        match &mut item {
            Self::Text { x, y, .. }
            | Self::Code { x, y, .. }
            | Self::Bar { x, y, .. }
            | Self::Mark { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
        }
        item
    }
}

/// The mark's outline in a square of 24: an octagram, and the tick in it.
pub(super) const MARK_SIDE: f32 = 24.0;
/// Corners of the octagram.
pub(super) const MARK_STAR: [(f32, f32); 16] = [
    (12.0, 0.0),
    (15.5, 3.5),
    (20.5, 3.5),
    (20.5, 8.5),
    (24.0, 12.0),
    (20.5, 15.5),
    (20.5, 20.5),
    (15.5, 20.5),
    (12.0, 24.0),
    (8.5, 20.5),
    (3.5, 20.5),
    (3.5, 15.5),
    (0.0, 12.0),
    (3.5, 8.5),
    (3.5, 3.5),
    (8.5, 3.5),
];
/// Corners of the tick, as an area that is left white.
pub(super) const MARK_TICK: [(f32, f32); 6] =
    [(6.15, 13.35), (10.5, 17.7), (17.85, 9.85), (16.15, 8.15), (10.5, 14.3), (7.85, 11.65)];
