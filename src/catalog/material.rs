//! Materials: what lots are made of, each product of the catalogue and what products are made from,
//! with the table `assets/data/materials.csv`. Not here: what is made of what (`statement`).

use serde::{Deserialize, Serialize};

use super::error::CatalogError;
use super::season::DayOfYear;
use super::unit::BaseUnit;

/// What a lot is made of. Every product is one, under the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Id: 1 to 64 of `a-z`, `0-9` and `-`. Its meaning never changes.
    pub id: String,
    /// Name in French.
    pub name_fr: String,
    /// Name in Arabic; empty where the sources give none.
    pub name_ar: String,
    /// Name in English.
    pub name_en: String,
    /// Smallest unit.
    pub unit: BaseUnit,
    /// The least and the most that one sales unit holds, in the smallest unit.
    pub packs: (u64, u64),
    /// HS 2022 code, six digits.
    pub hs6: String,
    /// Where lots of it get their quantity from.
    pub origin: MaterialOrigin,
    /// Least and most density, in grams a litre, where it is known.
    pub density: Option<[u32; 2]>,
    /// First and last day of the harvest, where it is known; the last is before the first where the
    /// season runs over New Year.
    pub season: Option<(DayOfYear, DayOfYear)>,
}

/// Where lots of a material get their quantity from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialOrigin {
    /// From the harvest: a lot opens with what it declares.
    Primary,
    /// From other lots: a lot opens empty and is filled.
    Derived,
    /// From either: a lot is filled unless its declaration says `primary`.
    Either,
}

/// A row of the table.
#[derive(Deserialize)]
pub(super) struct MaterialRow {
    id: String,
    name_fr: String,
    name_ar: String,
    name_en: String,
    unit: String,
    packs: String,
    hs6: String,
    origin: String,
    density_g_per_l: String,
    season: String,
}

impl TryFrom<MaterialRow> for Material {
    type Error = CatalogError;

    fn try_from(row: MaterialRow) -> Result<Self, CatalogError> {
        let fault = |column: &str, cell: &str| CatalogError {
            table: "materials",
            reason: format!("{}: {column} {cell:?}", row.id),
        };
        let unit = BaseUnit::of_table(&row.unit).ok_or_else(|| fault("unit", &row.unit))?;
        let packs = pair(&row.packs, "-", |cell| cell.parse().ok());
        let packs = packs.ok_or_else(|| fault("packs", &row.packs))?;
        let origin = match row.origin.as_str() {
            "primary" => MaterialOrigin::Primary,
            "derived" => MaterialOrigin::Derived,
            "either" => MaterialOrigin::Either,
            other => return Err(fault("origin", other)),
        };
        let density = match row.density_g_per_l.as_str() {
            "" => None,
            cell => {
                let bounds = pair(cell, "-", |cell| cell.parse().ok());
                let (least, most) = bounds.ok_or_else(|| fault("density_g_per_l", cell))?;
                Some([least, most])
            }
        };
        let season = match row.season.as_str() {
            "" => None,
            cell => Some(pair(cell, "..", DayOfYear::parse).ok_or_else(|| fault("season", cell))?),
        };
        let MaterialRow { id, name_fr, name_ar, name_en, hs6, .. } = row;
        Ok(Self { id, name_fr, name_ar, name_en, unit, packs, hs6, origin, density, season })
    }
}

/// Two values parted by a mark.
fn pair<T>(cell: &str, mark: &str, read: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    let (first, last) = cell.split_once(mark)?;
    Some((read(first)?, read(last)?))
}
