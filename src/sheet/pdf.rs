//! Pages as PDF: text as text in embedded faces, codes as areas, dates as given, so that the same
//! content gives the same bytes. Papers that carry a file are PDF/A-3
//! ([ISO 19005-3](https://www.iso.org/standard/57229.html)), conformance level B.

use std::collections::HashMap;

use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::bitmap::polygon;
use super::error::SheetError;
use super::faces::FACES;
use super::grid::{PAGE_HEIGHT_UM, PAGE_WIDTH_UM};
use super::item::{Item, MARK_SIDE, MARK_STAR, MARK_TICK, pt};
use super::outline::Step;
use super::typeset::GlyphRun;
use crate::label::Symbol;
use crate::statement::Timestamp;

/// What a PDF says of itself.
#[derive(Clone, Debug)]
pub(super) struct PdfHead<'a> {
    pub title: &'a str,
    /// BCP 47.
    pub language: &'a str,
    pub rtl: bool,
    /// When what it says was so; the instant of printing is in no paper.
    pub dated: Timestamp,
}

/// A file that goes with a paper.
#[derive(Clone, Debug)]
pub(super) struct Attached<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    pub description: &'a str,
    pub content: &'a [u8],
}

/// A4 pages as PDF.
pub(super) fn pdf(
    head: &PdfHead<'_>,
    pages: &[Vec<Item>],
    attached: Option<&Attached<'_>>,
) -> Result<Vec<u8>, SheetError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .finish()
        .map_err(SheetError::drawing)?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(head));
    let mut fonts = HashMap::new();
    for items in pages {
        let size = PageSettings::from_wh(pt(PAGE_WIDTH_UM), pt(PAGE_HEIGHT_UM))
            .ok_or_else(|| SheetError::drawing("a page without room"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for item in items {
            draw(&mut surface, &mut fonts, item);
        }
        surface.finish();
        page.finish();
    }
    if let Some(file) = attached {
        let embedded = EmbeddedFile {
            path: file.name.to_owned(),
            mime_type: MimeType::new(file.media_type),
            description: Some(file.description.to_owned()),
            association_kind: AssociationKind::Source,
            data: file.content.to_vec().into(),
            modification_date: Some(date(head.dated)),
            compress: Some(true),
            location: None,
        };
        document.embed_file(embedded).ok_or_else(|| SheetError::drawing("one name twice"))?;
    }
    document.finish().map_err(SheetError::drawing)
}

fn metadata(head: &PdfHead<'_>) -> Metadata {
    let direction = if head.rtl { TextDirection::RightToLeft } else { TextDirection::LeftToRight };
    Metadata::new()
        .title(head.title.to_owned())
        .language(head.language.to_owned())
        .creator("Tasdiq".to_owned())
        .creation_date(date(head.dated))
        .text_direction(direction)
        .document_id(head.title.to_owned())
}

/// An instant in UTC.
fn date(at: Timestamp) -> DateTime {
    let text = at.to_string();
    let figure = |range: std::ops::Range<usize>| -> u16 {
        text.get(range).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    };
    let two = |range| u8::try_from(figure(range)).unwrap_or_default();
    DateTime::new(figure(0..4))
        .month(two(5..7))
        .day(two(8..10))
        .hour(two(11..13))
        .minute(two(14..16))
        .second(two(17..19))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn draw(surface: &mut Surface<'_>, fonts: &mut HashMap<usize, Font>, item: &Item) {
    match item {
        Item::Text { x, y, block } => {
            fill(surface, 0);
            for run in &block.runs {
                if let Some(font) = font(fonts, run.face) {
                    text(surface, font, run, &block.text, *x, *y);
                }
            }
        }
        Item::Code { x, y, module, symbol } => {
            area(surface, 0, code(symbol, *x, *y, *module));
        }
        Item::Bar { x, y, width, height } => {
            let mut path = PathBuilder::new();
            if let Some(bar) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(bar);
            }
            area(surface, 0, path.finish());
        }
        Item::Mark { x, y, side } => {
            let unit = side / MARK_SIDE;
            area(surface, 0, outline(&polygon(&MARK_STAR, *x, *y, unit)));
            area(surface, u8::MAX, outline(&polygon(&MARK_TICK, *x, *y, unit)));
        }
    }
}

fn font(fonts: &mut HashMap<usize, Font>, face: usize) -> Option<Font> {
    if let Some(font) = fonts.get(&face) {
        return Some(font.clone());
    }
    let font = Font::new(FACES.get(face)?.data.to_vec().into(), 0)?;
    fonts.insert(face, font.clone());
    Some(font)
}

fn text(surface: &mut Surface<'_>, font: Font, run: &GlyphRun, text: &str, x: f32, y: f32) {
    let glyphs: Vec<KrillaGlyph> = run
        .glyphs
        .iter()
        .map(|glyph| {
            KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.advance / run.size,
                glyph.x / run.size,
                glyph.y / run.size,
                0.0,
                glyph.text.clone(),
                None,
            )
        })
        .collect();
    let start = Point::from_xy(x + run.x, y + run.baseline);
    surface.draw_glyphs(start, &glyphs, font, text, run.size, false);
}

fn fill(surface: &mut Surface<'_>, grey: u8) {
    surface.set_fill(Some(Fill {
        paint: luma::Color::new(grey).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::NonZero,
    }));
}

fn area(surface: &mut Surface<'_>, grey: u8, path: Option<Path>) {
    if let Some(path) = path {
        fill(surface, grey);
        surface.draw_path(&path);
    }
}

/// The dark modules as one path: areas that touch leave no seam.
#[expect(clippy::cast_precision_loss, reason = "at most 177 modules")]
fn code(symbol: &Symbol, x: f32, y: f32, module: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    for run in symbol.dark_runs() {
        let (left, top) = (x + run.x as f32 * module, y + run.y as f32 * module);
        if let Some(bar) = Rect::from_xywh(left, top, run.length as f32 * module, module) {
            path.push_rect(bar);
        }
    }
    path.finish()
}

fn outline(steps: &[Step]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for step in steps {
        match *step {
            Step::Move(x, y) => path.move_to(x, y),
            Step::Line(x, y) => path.line_to(x, y),
            Step::Quad([ax, ay, x, y]) => path.quad_to(ax, ay, x, y),
            Step::Curve([ax, ay, bx, by, x, y]) => path.cubic_to(ax, ay, bx, by, x, y),
            Step::Close => path.close(),
        }
    }
    path.finish()
}
