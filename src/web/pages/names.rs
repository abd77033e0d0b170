//! Names of the catalogue in languages that its tables do not have: Spanish, and Arabic of schemes.
//! Not here: the catalogue, whose rows the rules read and nobody changes.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::web::Language;

/// id, ar, es; an empty cell says that there is no other name.
const TABLE: &str = include_str!("../../../assets/data/names.csv");

/// Arabic and Spanish.
type Names = [&'static str; 2];

/// The name of a product, material, region or scheme in this language, if the table has one.
pub(super) fn named(language: Language, id: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<&'static str, Names>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let row = |line: &'static str| {
            let mut cells = line.split(',');
            Some((cells.next()?, [cells.next()?, cells.next()?]))
        };
        TABLE.lines().skip(1).filter_map(row).collect()
    });
    let [ar, es] = names.get(id)?;
    let name = match language {
        Language::Ar => ar,
        Language::Es => es,
        Language::Fr | Language::En | Language::Zgh => return None,
    };
    (!name.is_empty()).then_some(*name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_name_of_the_catalogue_is_there_in_spanish() {
        let catalog = Catalog::builtin().unwrap();
        let products = catalog.products().map(|it| it.id.as_str());
        let schemes = catalog.schemes().map(|it| it.id.as_str());
        let regions = catalog.regions().map(|it| it.iso.as_str());
        let mut known: Vec<&str> = products.chain(schemes).chain(regions).collect();
        for id in &known {
            assert!(named(Language::Es, id).is_some(), "{id}");
        }
        // A comma would part a cell, and a row of nothing would be of nothing.
        known.sort_unstable();
        for line in TABLE.lines().skip(1) {
            assert_eq!(line.split(',').count(), 3, "{line}");
            let id = line.split(',').next().unwrap();
            assert!(known.binary_search(&id).is_ok() || catalog.material(id).is_some(), "{id}");
        }
        assert_eq!(named(Language::Ar, "sdoq-ig"), Some("البيان الجغرافي"));
        assert_eq!(named(Language::En, "argane"), None);
    }
}
