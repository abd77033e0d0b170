//! A PDF as a picture of each page, and the files attached to it. What its pages say in words is
//! not read: only codes and dossiers can be judged.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, GrayImage, RgbaImage};

use super::{AttachedFile, Found, PhotoError, find};
use crate::limits::{
    DOSSIER_BYTES_MAX, PDF_ATTACHED_MAX, PDF_PAGE_PIXELS_MAX, PDF_PAGES_MAX, PDF_TREE_DEPTH_MAX,
};

/// Pixels of a point: 300 an inch, 3 and more for a module of 0.25 mm.
const SCALE: f32 = 300.0 / 72.0;

/// Whether bytes are a PDF by their beginning.
#[must_use]
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The codes on the pages of a PDF, and what is attached to it.
///
/// # Errors
/// `photo_unreadable`, `photo_without_qr`, `photo_too_large`, `photo_too_many_codes`.
pub(super) fn read(bytes: &[u8]) -> Result<Found, PhotoError> {
    let pdf = Pdf::new(bytes.to_vec())
        .map_err(|error| PhotoError::unreadable(format!("the PDF: {error:?}")))?;
    let mut found = Found { attached: attached(&pdf)?, ..Found::default() };
    let pages = pdf.pages();
    let cache = RenderCache::new();
    for page in pages.iter().take(PDF_PAGES_MAX) {
        match find::find(&drawn(page, &cache)) {
            Ok(page) => {
                found.unread += page.unread;
                let new = page.codes.into_iter().filter(|code| !found.codes.contains(code));
                let new: Vec<String> = new.collect();
                found.codes.extend(new);
            }
            Err(PhotoError::WithoutQr) => {}
            Err(other) => return Err(other),
        }
    }
    found.pages_left = pages.len().saturating_sub(PDF_PAGES_MAX);
    if found.codes.is_empty() && found.attached.is_empty() {
        return Err(PhotoError::WithoutQr);
    }
    Ok(found)
}

/// A page in grey on white.
fn drawn<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>) -> GrayImage {
    let (width, height) = page.render_dimensions();
    let most = (PDF_PAGE_PIXELS_MAX / (width * height).max(1.0)).sqrt();
    let scale = SCALE.min(most);
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let picture =
        render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(picture.width()), u32::from(picture.height()));
    let colours = RgbaImage::from_raw(width, height, picture.data_as_u8_slice().to_vec());
    colours.map(|colours| DynamicImage::ImageRgba8(colours).into_luma8()).unwrap_or_default()
}

/// The files of the document's name tree (ISO 32000-1 section 7.11.4) that are text.
fn attached(pdf: &Pdf) -> Result<Vec<AttachedFile>, PhotoError> {
    let root: Option<Dict<'_>> = pdf.xref().get(pdf.xref().root_id());
    let names = root.and_then(|root| root.get::<Dict<'_>>("Names"));
    let mut found = Vec::new();
    if let Some(tree) = names.and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles")) {
        gather(&tree, 0, &mut found)?;
    }
    Ok(found)
}

fn gather(node: &Dict<'_>, depth: usize, found: &mut Vec<AttachedFile>) -> Result<(), PhotoError> {
    if depth > PDF_TREE_DEPTH_MAX {
        return Err(PhotoError::TooLarge);
    }
    for child in node.get::<Array<'_>>("Kids").iter().flat_map(|kids| kids.iter::<Object<'_>>()) {
        if let Object::Dict(child) = child {
            gather(&child, depth + 1, found)?;
        }
    }
    let names = node.get::<Array<'_>>("Names");
    for named in names.iter().flat_map(|names| names.iter::<Object<'_>>()) {
        let Object::Dict(file) = named else { continue };
        let Some(streams) = file.get::<Dict<'_>>("EF") else { continue };
        let stream = streams.get::<Stream<'_>>("UF").or_else(|| streams.get::<Stream<'_>>("F"));
        let Some(stream) = stream else { continue };
        if found.len() >= PDF_ATTACHED_MAX {
            return Err(PhotoError::TooLarge);
        }
        let content = stream.decoded();
        let content = content.map_err(|_| PhotoError::unreadable("a file attached to the PDF"))?;
        if content.len() > DOSSIER_BYTES_MAX {
            return Err(PhotoError::TooLarge);
        }
        let name = file.get::<PdfString<'_>>("F").or_else(|| file.get::<PdfString<'_>>("UF"));
        // UTF-16 comes down to its letters: only an ending of ASCII is looked for.
        let name = name.map(|name| String::from_utf8_lossy(name.as_bytes()).replace('\0', ""));
        // What is no text is no dossier; that it cannot be read is told of it, not left out.
        let text = String::from_utf8_lossy(&content).into_owned();
        found.push(AttachedFile { name: name.unwrap_or_default(), text });
    }
    Ok(())
}
