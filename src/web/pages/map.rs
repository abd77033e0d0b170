//! The outline of the regions with some of them marked, drawn into the page.

use std::collections::HashMap;
use std::sync::OnceLock;

/// `id="rN"` of a path is the region's number in ISO 3166-2.
const OUTLINE: &str = include_str!("../../../assets/data/morocco-regions.svg");

/// The paths of the map with several regions marked.
pub(super) fn marked(regions: &[&str]) -> String {
    let mut map = drawing().to_owned();
    for number in 1..=12_u8 {
        let iso = format!("MA-{number:02}");
        let mark = if regions.contains(&iso.as_str()) { "class=\"h\" " } else { "" };
        map = map.replace(&format!("id=\"r{number}\" "), mark);
    }
    map.trim().to_owned()
}

fn drawing() -> &'static str {
    let start = OUTLINE.find("<path").unwrap_or_default();
    let end = OUTLINE.rfind("</svg>").unwrap_or(OUTLINE.len());
    OUTLINE.get(start..end).unwrap_or_default()
}

/// The paths of the map, `MA-09` marked by the class `h`; None for a region it does not have.
pub(super) fn paths(region: &str) -> Option<&'static str> {
    static MAPS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let maps = MAPS.get_or_init(|| {
        let of = |number: u8| {
            let iso = format!("MA-{number:02}");
            let map = marked(&[&iso]);
            (iso, map)
        };
        (1..=12).map(of).collect()
    });
    maps.get(region).map(String::as_str)
}
