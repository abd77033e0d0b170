//! The letters of Tifinagh as a style that holds them, for pages in Amazigh: few devices have them
//! all, and a page loads nothing. Not here: how they were cut (`assets/fonts/cut-tifinagh.sh`).

use std::sync::OnceLock;

use base64::Engine as _;

/// The 33 letters of IRCAM, of Noto Sans Tifinagh (SIL Open Font License, `assets/fonts/OFL.txt`).
const LETTERS: &[u8] = include_bytes!("../../../assets/fonts/noto-sans-tifinagh-ircam.woff2");

/// The style that brings them, and with them the list of fonts of every page.
pub(super) fn css() -> &'static str {
    static CSS: OnceLock<String> = OnceLock::new();
    CSS.get_or_init(|| {
        let font = base64::prelude::BASE64_STANDARD.encode(LETTERS);
        format!(
            "@font-face{{font-family:Tifinagh;font-display:swap;unicode-range:U+2D30-2D7F;\
             src:url(data:font/woff2;base64,{font}) format(\"woff2\")}}\
             html{{font-family:Tifinagh,system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}}"
        )
    })
}
