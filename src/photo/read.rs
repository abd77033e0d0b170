//! Reading a picture in this process, whatever it costs: decoded, looked at, and a net for panics.
//! Not here: the process that bounds it (`child`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::{PhotoError, find, pdf, picture};
use crate::limits::PHOTO_BYTES_MAX;

/// What was found in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The text of each code, once each, from the top left on; empty only beside what is attached.
    pub codes: Vec<String>,
    /// How many codes more there seem to be: symbols with their corners that no text was read from.
    pub unread: usize,
    /// The files attached to a PDF.
    #[serde(default)]
    pub attached: Vec<AttachedFile>,
    /// Pages of a PDF that were not looked at.
    #[serde(default)]
    pub pages_left: usize,
}

/// A file attached to a PDF.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Its name as the PDF has it.
    pub name: String,
    /// What is in it, as text.
    pub text: String,
}

/// Reads the codes in a PNG, JPEG or PDF here and now: in no bounded time. Services and commands
/// call [`super::read_codes`].
///
/// # Errors
/// `photo_too_large`, `photo_unreadable`, `photo_without_qr`, `photo_too_many_codes`.
pub fn read_here(bytes: &[u8]) -> Result<Found, PhotoError> {
    if bytes.len() > PHOTO_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    // Foreign bytes meet two large decoders: a panic in either is their fault, not ours.
    let read = catch_unwind(AssertUnwindSafe(|| match pdf::is_pdf(bytes) {
        true => pdf::read(bytes),
        false => find::find(&picture::decode(bytes)?),
    }));
    read.unwrap_or_else(|_| Err(PhotoError::unreadable("the decoder gave up")))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::imageops::{FilterType, resize, rotate90};
    use image::{GrayImage, ImageFormat};

    use super::picture::decode;
    use super::*;
    use crate::label::{Level, Symbol};

    /// A text as long as a label's: version 7-M.
    fn text() -> String {
        let token = "06A".repeat(37);
        format!("https://ID.TASDIQ.MA/{token}/01/06111234567895/10/A24B017/21/K7Q2M9XD")
    }

    /// The one code of a picture that shows no other.
    fn codes(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
        let found = read_here(bytes)?;
        assert_eq!(found.unread, 0);
        Ok(found.codes)
    }

    fn own_png() -> Vec<u8> {
        Symbol::new(&text(), Level::Medium).unwrap().png(5, 300).unwrap()
    }

    fn encoded(photo: &GrayImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        photo.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn own_symbols_are_read_also_scaled_and_rotated() {
        let png = own_png();
        assert_eq!(codes(&png).unwrap(), [text()]);
        let photo = decode(&png).unwrap();
        let side = photo.width();
        let resized = |width, height| resize(&photo, width, height, FilterType::Triangle);
        let photos = [
            rotate90(&photo),
            resized(side * 3, side * 3),
            resized(side * 8, side * 8),
            resized(side * 3 / 5, side * 3 / 5),
            resized(side * 2, side * 3 / 2),
        ];
        for (case, photo) in photos.iter().enumerate() {
            for format in [ImageFormat::Png, ImageFormat::Jpeg] {
                let read = codes(&encoded(photo, format));
                assert_eq!(read, Ok(vec![text()]), "{case} {format:?}");
            }
        }
    }

    /// Light and dark squares at random.
    fn clutter(side: u32, square: u32, seed: u32) -> GrayImage {
        let mut state = seed;
        let squares: Vec<u8> = (0..(side / square + 1).pow(2))
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 31 == 0 { 20 } else { 235 }
            })
            .collect();
        GrayImage::from_fn(side, side, |x, y| {
            let place = (y / square) * (side / square + 1) + x / square;
            image::Luma([squares[place as usize]])
        })
    }

    /// Clutter beside a code is no other code.
    #[test]
    fn clutter_is_no_code() {
        let own = decode(&own_png()).unwrap();
        for (square, seed) in [(1, 1), (2, 2), (3, 3), (5, 4), (8, 5), (13, 6), (3, 7), (2, 8)] {
            let mut photo = clutter(1_200, square, seed);
            image::imageops::overlay(&mut photo, &own, 400, 400);
            let read = codes(&encoded(&photo, ImageFormat::Png));
            assert_eq!(read, Ok(vec![text()]), "squares of {square}");
        }
    }

    #[test]
    fn transparent_ground_is_white() {
        let photo = decode(&own_png()).unwrap();
        let clear = image::RgbaImage::from_fn(photo.width(), photo.height(), |x, y| {
            image::Rgba([0, 0, 0, 255 - photo.get_pixel(x, y).0[0]])
        });
        let mut bytes = Cursor::new(Vec::new());
        clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert_eq!(codes(&bytes.into_inner()).unwrap(), [text()]);
    }

    /// The header of a PNG of 30,000 by 30,000 pixels, without a picture.
    fn huge_header() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 30_000, 30_000);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        // A reader looks for the first chunk of picture before it tells the size.
        writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c]).unwrap();
        drop(writer);
        bytes
    }

    #[test]
    fn faults() {
        let cut = own_png().into_iter().take(120).collect::<Vec<u8>>();
        let white = encoded(&GrayImage::from_pixel(90, 70, image::Luma([255])), ImageFormat::Png);
        let cases = [
            (vec![0; PHOTO_BYTES_MAX + 1], "photo_too_large"),
            (huge_header(), "photo_too_large"),
            (cut, "photo_unreadable"),
            (b"GIF89a".to_vec(), "photo_unreadable"),
            (Vec::new(), "photo_unreadable"),
            (white, "photo_without_qr"),
        ];
        for (case, (bytes, code)) in cases.into_iter().enumerate() {
            assert_eq!(codes(&bytes).unwrap_err().code(), code, "{case}");
        }
    }
}
