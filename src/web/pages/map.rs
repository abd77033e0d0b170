//! The outline of the regions with one of them marked, drawn into the page.

use std::collections::HashMap;
use std::sync::OnceLock;

/// `id="rN"` of a path is the region's number in ISO 3166-2.
const OUTLINE: &str = include_str!("../../../assets/data/morocco-regions.svg");

/// The paths of the map, `MA-09` marked by the class `h`; None for a region it does not have.
pub(super) fn paths(region: &str) -> Option<&'static str> {
    static MAPS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let maps = MAPS.get_or_init(|| {
        let start = OUTLINE.find("<path").unwrap_or_default();
        let end = OUTLINE.rfind("</svg>").unwrap_or(OUTLINE.len());
        let drawing = OUTLINE.get(start..end).unwrap_or_default();
        let marked = |number: u8| {
            let mut map = drawing.replace(&format!("id=\"r{number}\" "), "class=\"h\" ");
            for other in 1..=12 {
                map = map.replace(&format!("id=\"r{other}\" "), "");
            }
            (format!("MA-{number:02}"), map.trim().to_owned())
        };
        (1..=12).map(marked).collect()
    });
    maps.get(region).map(String::as_str)
}
