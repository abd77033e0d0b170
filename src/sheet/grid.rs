//! Sheets of labels on A4, as their makers cut them: sizes in micrometres, from the sheet's upper
//! left corner. The figures are the makers' own, as gLabels has them in its template files.

use std::fmt::Write as _;

use super::SheetError;

/// A4, in micrometres.
pub(super) const PAGE_WIDTH_UM: u32 = 210_000;
/// A4, in micrometres.
pub(super) const PAGE_HEIGHT_UM: u32 = 297_000;

/// A sheet of labels. All lengths are in micrometres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelGrid {
    /// Its name: maker and number.
    pub id: &'static str,
    /// Numbers of the same sheet.
    pub also: &'static str,
    /// Labels in a row.
    pub columns: u32,
    /// Rows of a sheet.
    pub rows: u32,
    /// Left edge of the first label.
    pub left_um: u32,
    /// Upper edge of the first label.
    pub top_um: u32,
    /// From one label to the next in its row.
    pub pitch_x_um: u32,
    /// From one row to the next.
    pub pitch_y_um: u32,
    /// Width of a label.
    pub width_um: u32,
    /// Height of a label.
    pub height_um: u32,
}

/// Of `columns` by `rows`; edge, pitch and size as (across, down).
const fn sheet(
    id: &'static str,
    also: &'static str,
    (columns, rows): (u32, u32),
    (left_um, top_um): (u32, u32),
    (pitch_x_um, pitch_y_um): (u32, u32),
    (width_um, height_um): (u32, u32),
) -> LabelGrid {
    LabelGrid {
        id,
        also,
        columns,
        rows,
        left_um,
        top_um,
        pitch_x_um,
        pitch_y_um,
        width_um,
        height_um,
    }
}

/// The sheets there are, smallest label first.
pub const GRIDS: [LabelGrid; 12] = [
    sheet("herma-4606", "4270", (5, 13), (9_500, 10_500), (38_000, 21_200), (38_000, 21_200)),
    sheet("avery-l7651", "L8651", (5, 13), (4_700, 10_900), (40_600, 21_200), (38_100, 21_200)),
    sheet("avery-l7654", "L4770", (4, 10), (10_000, 22_000), (48_500, 25_400), (45_700, 25_400)),
    sheet("herma-4608", "4272", (4, 11), (8_500, 8_500), (48_300, 25_400), (48_300, 25_400)),
    sheet("avery-j8157", "", (3, 11), (6_000, 14_000), (66_500, 24_300), (64_000, 24_300)),
    sheet("herma-4098", "", (3, 9), (7_800, 15_500), (66_500, 29_600), (63_500, 29_600)),
    sheet("herma-4677", "4103", (3, 7), (6_750, 15_500), (66_500, 38_100), (63_500, 38_100)),
    sheet("avery-l7160", "", (3, 7), (7_480, 15_490), (66_040, 38_100), (64_000, 38_100)),
    sheet("avery-l7162", "", (2, 8), (3_990, 12_980), (102_480, 33_900), (99_100, 33_900)),
    sheet("avery-l7163", "", (2, 7), (3_350, 15_170), (103_010, 38_100), (99_100, 38_100)),
    sheet("herma-4667", "4099", (2, 5), (8_000, 21_500), (99_000, 50_800), (96_000, 50_800)),
    sheet("avery-l7165", "", (2, 4), (4_670, 13_040), (101_640, 67_730), (99_060, 67_730)),
];

/// The sheet with this name: its own, or a number of the same sheet, in any case.
///
/// # Errors
/// `grid_unknown`.
pub fn grid(name: &str) -> Result<&'static LabelGrid, SheetError> {
    let is = |grid: &&LabelGrid| {
        let number = grid.id.split_once('-').map_or("", |(_, number)| number);
        [grid.id, number, grid.also].iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    GRIDS.iter().find(is).filter(|_| !name.is_empty()).ok_or_else(|| {
        let mut known = String::new();
        for grid in &GRIDS {
            let comma = if known.is_empty() { "" } else { ", " };
            let _ = write!(known, "{comma}{}", grid.id);
        }
        SheetError::GridUnknown { name: name.chars().take(40).collect(), known }
    })
}

impl LabelGrid {
    /// How many labels a sheet has.
    #[must_use]
    pub fn cells(&self) -> u32 {
        self.columns.saturating_mul(self.rows)
    }

    /// The place of a cell, counted from 0, of its number, counted from 1.
    ///
    /// # Errors
    /// `grid_start`: it has no such cell.
    pub fn place(&self, start: u32) -> Result<u32, SheetError> {
        let place = start.checked_sub(1).filter(|place| *place < self.cells());
        place.ok_or(SheetError::GridStart { grid: self.id, start, cells: self.cells() })
    }

    /// Upper left corner of a cell, counted from 0 row by row.
    pub(super) fn corner_um(&self, cell: u32) -> (u32, u32) {
        let (column, row) = (cell % self.columns.max(1), cell / self.columns.max(1));
        let x = self.left_um.saturating_add(self.pitch_x_um.saturating_mul(column));
        (x, self.top_um.saturating_add(self.pitch_y_um.saturating_mul(row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_lies_on_the_page_and_beside_its_neighbours() {
        for grid in &GRIDS {
            assert!(grid.pitch_x_um >= grid.width_um && grid.pitch_y_um >= grid.height_um);
            let (x, y) = grid.corner_um(grid.cells() - 1);
            assert!(x + grid.width_um <= PAGE_WIDTH_UM, "{}", grid.id);
            assert!(y + grid.height_um <= PAGE_HEIGHT_UM, "{}", grid.id);
        }
    }

    #[test]
    fn a_sheet_is_found_by_its_name_or_number() {
        for name in ["avery-l7651", "L7651", "l8651"] {
            assert_eq!(grid(name).unwrap().id, "avery-l7651");
        }
        for name in ["", "avery", "4"] {
            assert_eq!(grid(name).unwrap_err().code(), "grid_unknown");
        }
    }
}
