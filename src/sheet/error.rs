//! Why something cannot be printed. Not here: why there is no label (`ledger`).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

/// Why something cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum SheetError {
    /// No sheet of that name.
    #[error("there is no sheet {name:?}; there are {known}")]
    GridUnknown {
        /// As asked.
        name: String,
        /// Those there are.
        known: String,
    },
    /// A first cell that the sheet has not.
    #[error("cell {start} is none of sheet {grid}: its cells are 1 to {cells}")]
    GridStart {
        /// The sheet.
        grid: &'static str,
        /// As asked, from 1.
        start: u32,
        /// How many it has.
        cells: u32,
    },
    /// A label that a cell does not hold.
    #[error(
        "a label of {grid} is {width_mm} by {height_mm} mm; the code with its quiet zone takes \
         {side_mm} mm, and its text {text_mm} mm beside it or below: choose a larger sheet, or a \
         smaller x-dimension"
    )]
    GridTooSmall {
        /// The sheet.
        grid: &'static str,
        /// Its label.
        width_mm: String,
        /// Its label.
        height_mm: String,
        /// The code with its quiet zone.
        side_mm: String,
        /// What the text needs at least.
        text_mm: String,
    },
    /// More than one answer carries.
    #[error("{bytes} bytes are more than one answer carries ({most}): ask for fewer labels")]
    SheetTooLarge {
        /// What it came to.
        bytes: usize,
        /// The most there may be.
        most: usize,
    },
    /// The writer's fault.
    #[error("it cannot be drawn: {reason}")]
    Drawing {
        /// What the writer says.
        reason: String,
    },
}

impl SheetError {
    /// The fault's name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    pub(super) fn drawing(reason: impl std::fmt::Debug) -> Self {
        Self::Drawing { reason: format!("{reason:?}").chars().take(300).collect() }
    }
}
