//! Cells that name something of the catalogue, by id or in a language: schemes, materials, regions;
//! and cells that hold several. Not here: what rows they stand in (`rows`, `operators`).

use super::super::common::cells::Cells;
use crate::catalog::{Catalog, Material, Region};
use crate::reader::folded;

/// The id of something in a catalogue, and its names.
type Names<T> = fn(&T) -> [&str; 4];

/// What of a catalogue a cell names: by id or by one of its names.
fn by_name<'a, T>(all: impl Iterator<Item = &'a T>, text: &str, names: Names<T>) -> Option<&'a T> {
    let text = folded(text);
    let mut all = all;
    all.find(|one| names(one).iter().any(|name| !name.is_empty() && folded(name) == text))
}

/// A material by id or name. Every product is one, under the same id.
pub fn material<'a>(cells: &Cells<'_>, catalog: &'a Catalog, name: &str) -> Option<&'a Material> {
    let names: Names<Material> = |p| [&p.id, &p.name_fr, &p.name_ar, &p.name_en];
    let found = by_name(catalog.materials(), name, names);
    if found.is_none() {
        cells.fault(format!("product {name:?} is not in the catalogue"));
    }
    found
}

/// The code of a region, by code or name.
pub fn region(cells: &Cells<'_>, catalog: &Catalog, text: &str) -> Option<String> {
    let names: Names<Region> = |r| [&r.iso, &r.name_fr, &r.name_ar, &r.name_en];
    let found = by_name(catalog.regions(), text, names).map(|region| region.iso.clone());
    if found.is_none() {
        cells.fault(format!("region {text:?} is not one of MA-01 to MA-12, nor its name"));
    }
    found
}

/// A scheme id, if the cell names one of the catalogue.
pub fn scheme(cells: &Cells<'_>) -> Option<String> {
    let scheme = cells.needed("scheme");
    let catalog = cells.good("scheme", Catalog::builtin());
    if let Some((catalog, scheme)) = catalog.zip(scheme.as_ref())
        && catalog.scheme(scheme).is_none()
    {
        cells.fault(format!("scheme {scheme:?} is not in the catalogue"));
    }
    scheme
}

/// The parts of a cell that holds several, parted by `|`.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim).filter(|text| !text.is_empty())
}
