//! The page as one file, with the hashes of what may run in it. Not here: how its script is joined
//! (`script`), its words (`words`).

use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::script::script;
use super::words::facts;

/// The page, and what may run in it.
#[derive(Debug)]
pub struct CheckPage {
    /// The whole file.
    pub html: String,
    /// What a `Content-Security-Policy` must say of scripts: the hash of the one there is.
    pub script_source: String,
    /// The same of styles.
    pub style_source: String,
}

/// The page of this release.
#[must_use]
pub fn check_page() -> &'static CheckPage {
    static PAGE: OnceLock<CheckPage> = OnceLock::new();
    PAGE.get_or_init(|| {
        let script = script();
        let style = &tight(include_str!("../../assets/app/check.css"));
        let source =
            |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let (script_source, style_source) = (source(&script), source(style));
        // Data stands in a script element too: nothing in it may end that.
        let facts = facts().to_string().replace('<', "\\u003c");
        let html = include_str!("../../assets/app/check.html")
            .replacen("{style}", style, 1)
            .replacen("{facts}", &facts, 1)
            .replacen("{script}", &script, 1);
        CheckPage { html, script_source, style_source }
    })
}

/// A style without the space that only people need; it holds no text with such marks.
fn tight(style: &str) -> String {
    let marks = [": ", "; ", ", ", " { ", " }", "{ "];
    let rules = style.lines().map(str::trim).filter(|line| !line.starts_with("/*"));
    let whole = rules.collect::<Vec<_>>().join(" ");
    marks.iter().fold(whole, |style, mark| style.replace(mark, mark.trim()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn the_page_is_small_and_whole() {
        let CheckPage { html, script_source, .. } = check_page();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(html.as_bytes()).unwrap();
        let bytes = gzip.finish().unwrap().len();
        // As it is sent it is packed closer: `app::page::it_is_light_as_it_is_sent` in `tests/it`.
        assert!(bytes < 65_000, "{bytes} bytes as gzip");
        assert!(!html.contains("{style}") && !html.contains("src=") && !html.contains("@import"));
        assert!(script_source.starts_with("'sha256-"));
        let (_, own) = html.split_once("<script type=\"module\">").unwrap();
        let own = own.split("</script>").next().unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(own));
        assert_eq!(*script_source, format!("'sha256-{hash}'"));
    }
}
