//! Glyphs as curves, for what is drawn without a font: bitmaps and SVG.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::faces::FACES;
use super::typeset::Block;

/// One step of an outline, in points, `y` down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Quad([f32; 4]),
    Curve([f32; 6]),
    Close,
}

/// The outlines of a block whose upper left corner stands here.
pub(super) fn outlines(block: &Block, x: f32, y: f32) -> Vec<Step> {
    let mut steps = Vec::new();
    for run in &block.runs {
        let Some(font) = FACES.get(run.face).and_then(|face| FontRef::new(face.data).ok()) else {
            continue;
        };
        let glyphs = font.outline_glyphs();
        let mut at = x + run.x;
        for glyph in &run.glyphs {
            let mut pen = Pen { steps, x: at + glyph.x, y: y + run.baseline - glyph.y };
            if let Some(outline) = glyphs.get(GlyphId::new(glyph.id)) {
                let settings = DrawSettings::unhinted(Size::new(run.size), LocationRef::default());
                // A glyph that cannot be drawn is one of a damaged file: tests draw every one.
                let _ = outline.draw(settings, &mut pen);
            }
            steps = pen.steps;
            at += glyph.advance;
        }
    }
    steps
}

struct Pen {
    steps: Vec<Step>,
    x: f32,
    y: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x, self.y - y)
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Line(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let ((ax, ay), (x, y)) = (self.at(cx0, cy0), self.at(x, y));
        self.steps.push(Step::Quad([ax, ay, x, y]));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
        self.steps.push(Step::Curve([ax, ay, bx, by, x, y]));
    }

    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}
