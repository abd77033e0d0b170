//! Reads QR codes in a photo somebody sent: untrusted bytes in, texts out.
//! Not the judge of what the texts say (`label`); the caller sets the time limit, as decoding runs
//! to its end once begun.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader};
use rxing::{BarcodeFormat, DecodeHints};
use thiserror::Error;

use crate::limits::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX};

/// Halved at most this often, each time at a quarter of the cost.
const HALVINGS_MAX: usize = 3;

/// Shorter side, in pixels, below which a picture is enlarged rather than halved.
const SMALL_SIDE: u32 = 400;

/// A photo no code was read from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PhotoError {
    /// Too many bytes or pixels.
    #[error(
        "the photo is too large: at most {PHOTO_BYTES_MAX} bytes and {PHOTO_PIXELS_MAX} pixels"
    )]
    TooLarge,
    /// No PNG or JPEG, or a damaged one.
    #[error("the photo cannot be read: a PNG or JPEG is expected ({reason})")]
    Unreadable {
        /// What the decoder said.
        reason: String,
    },
    /// A picture in which no QR code was found.
    #[error("no QR code was found: take the photo closer, straight on and without glare")]
    WithoutQr,
}

impl PhotoError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "photo_too_large",
            Self::Unreadable { .. } => "photo_unreadable",
            Self::WithoutQr => "photo_without_qr",
        }
    }
}

/// The text of the QR code in a PNG or JPEG; the list is never empty.
///
/// # Errors
/// `photo_too_large`, `photo_unreadable`, `photo_without_qr`.
pub fn read_codes(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    if bytes.len() > PHOTO_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    // Foreign bytes meet two large decoders: a panic in either is their fault, not the server's.
    let read = catch_unwind(AssertUnwindSafe(|| find(&decode(bytes)?)));
    read.unwrap_or_else(|_| Err(unreadable("the decoder gave up")))
}

fn decode(bytes: &[u8]) -> Result<GrayImage, PhotoError> {
    let (width, height) = reader(bytes)?.into_dimensions().map_err(unreadable)?;
    if u64::from(width) * u64::from(height) > PHOTO_PIXELS_MAX {
        return Err(PhotoError::TooLarge);
    }
    let mut reader = reader(bytes)?;
    let mut limits = image::Limits::default();
    // Four bytes a pixel.
    limits.max_alloc = Some(PHOTO_PIXELS_MAX * 4);
    reader.limits(limits);
    reader.decode().map(|photo| on_white(&photo)).map_err(unreadable)
}

fn reader(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, PhotoError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(unreadable)?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg) => Ok(reader),
        _ => Err(unreadable("another format")),
    }
}

/// Grey levels; what is transparent shows white, as on a page.
fn on_white(photo: &DynamicImage) -> GrayImage {
    if !photo.color().has_alpha() {
        return photo.to_luma8();
    }
    let blended = photo.to_luma_alpha8();
    GrayImage::from_fn(blended.width(), blended.height(), |x, y| {
        let image::LumaA([grey, alpha]) = *blended.get_pixel(x, y);
        let over = u32::from(grey) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        image::Luma([u8::try_from(over / 255).unwrap_or(u8::MAX)])
    })
}

fn find(photo: &GrayImage) -> Result<Vec<String>, PhotoError> {
    if let Some(text) = find_at_scale(photo) {
        return Ok(vec![text]);
    }
    let mut scaled = photo.clone();
    if scaled.width().min(scaled.height()) < SMALL_SIDE {
        return find_at_scale(&doubled(photo)).map(|text| vec![text]).ok_or(PhotoError::WithoutQr);
    }
    for _ in 0..HALVINGS_MAX {
        if scaled.width().min(scaled.height()) < SMALL_SIDE {
            break;
        }
        scaled = halved(&scaled);
        if let Some(text) = find_at_scale(&scaled) {
            return Ok(vec![text]);
        }
    }
    Err(PhotoError::WithoutQr)
}

fn find_at_scale(photo: &GrayImage) -> Option<String> {
    // Trying harder costs ten times as much and finds little more at these sizes.
    let mut hints = DecodeHints { TryHarder: Some(false), ..DecodeHints::default() };
    let found = rxing::helpers::detect_in_luma_slice_with_hints(
        photo.as_raw(),
        photo.width(),
        photo.height(),
        Some(BarcodeFormat::QR_CODE),
        &mut hints,
    );
    found.ok().map(|code| code.getText().to_owned())
}

/// Half the size, by the mean of four pixels; an odd last row or column is dropped.
fn halved(photo: &GrayImage) -> GrayImage {
    GrayImage::from_fn(photo.width() / 2, photo.height() / 2, |x, y| {
        let at = |dx, dy| u16::from(photo.get_pixel(2 * x + dx, 2 * y + dy).0[0]);
        let sum = at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1);
        image::Luma([u8::try_from(sum / 4).unwrap_or(u8::MAX)])
    })
}

/// Twice the size.
fn doubled(photo: &GrayImage) -> GrayImage {
    GrayImage::from_fn(photo.width() * 2, photo.height() * 2, |x, y| *photo.get_pixel(x / 2, y / 2))
}

fn unreadable(reason: impl ToString) -> PhotoError {
    PhotoError::Unreadable { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use image::imageops::{FilterType, resize, rotate90};

    use super::*;
    use crate::label::{Level, Symbol};

    /// A text as long as a label's: version 7-M.
    fn text() -> String {
        let token = "06A".repeat(37);
        format!("https://ID.TASDIQ.MA/{token}/01/06111234567895/10/A24B017/21/K7Q2M9XD")
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
        assert_eq!(read_codes(&png).unwrap(), [text()]);
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
                let read = read_codes(&encoded(photo, format));
                assert_eq!(read, Ok(vec![text()]), "{case} {format:?}");
            }
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
        assert_eq!(read_codes(&bytes.into_inner()).unwrap(), [text()]);
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
            assert_eq!(read_codes(&bytes).unwrap_err().code(), code, "{case}");
        }
    }
}
