//! Labels for printers that speak ZPL II: each one bitmap, by `^GFA`, so that the printer neither
//! encodes nor shapes anything. Nothing that anybody named stands in it as text, so no name can be
//! a command. [ZPL II Programming Guide](https://docs.zebra.com/us/en/printers/software/zpl-pg.html),
//! `^GF`.

use std::fmt::Write as _;

use super::Bitmap;

/// The commands for one label, printed so often.
#[must_use]
pub fn zpl(bitmap: &Bitmap, times: usize) -> String {
    let (stride, bytes) = (bitmap.stride(), bitmap.bits.len());
    let mut text = String::with_capacity(bytes * 2 + 100);
    let (width, height) = (bitmap.width, bitmap.height);
    let _ = write!(text, "^XA^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{bytes},{bytes},{stride},");
    for byte in &bitmap.bits {
        let _ = write!(text, "{byte:02X}");
    }
    let _ = writeln!(text, "^FS^PQ{times}^XZ");
    text
}
