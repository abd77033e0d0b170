//! A photo as grey levels: PNG or JPEG under a limit of pixels and memory, on white, and never more
//! than four million pixels of it.

use std::io::Cursor;

use image::imageops::thumbnail;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader};

use super::PhotoError;
use crate::limits::{PHOTO_DECODED_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SCALED_PIXELS_MAX};

/// The grey levels of a PNG or JPEG, scaled down to what is looked at.
pub(super) fn decode(bytes: &[u8]) -> Result<GrayImage, PhotoError> {
    let (width, height) = reader(bytes)?.into_dimensions().map_err(PhotoError::unreadable)?;
    if u64::from(width) * u64::from(height) > PHOTO_PIXELS_MAX {
        return Err(PhotoError::TooLarge);
    }
    let mut reader = reader(bytes)?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(PHOTO_DECODED_BYTES_MAX);
    reader.limits(limits);
    let photo = reader.decode().map_err(PhotoError::unreadable)?;
    Ok(on_white(&scaled(photo)))
}

fn reader(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, PhotoError> {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(PhotoError::unreadable)?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg) => Ok(reader),
        _ => Err(PhotoError::unreadable("another format")),
    }
}

/// At most so many pixels, of the same shape as near as whole ones allow.
fn scaled(photo: DynamicImage) -> DynamicImage {
    let pixels = u64::from(photo.width()) * u64::from(photo.height());
    if pixels <= PHOTO_SCALED_PIXELS_MAX {
        return photo;
    }
    // The factor in thousandths, rounded down: 1000 * sqrt(most / pixels).
    let thousandths = (PHOTO_SCALED_PIXELS_MAX * 1_000_000 / pixels).isqrt();
    let side = |length: u32| {
        u32::try_from(u64::from(length) * thousandths / 1_000).unwrap_or(u32::MAX).max(1)
    };
    let (width, height) = (side(photo.width()), side(photo.height()));
    if photo.color().has_alpha() {
        DynamicImage::ImageLumaA8(thumbnail(&photo.to_luma_alpha8(), width, height))
    } else {
        DynamicImage::ImageLuma8(thumbnail(&photo.to_luma8(), width, height))
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
