//! Setting text: shaped, broken into lines, each run in the direction it is read ([UAX
//! 9](https://www.unicode.org/reports/tr9/)), each glyph with the characters it stands for, so that
//! what is copied from a paper is what was written. Not here: drawing.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    Alignment, BaseDirection, Cluster, FontContext, FontFamily, FontFamilyName, FontWeight,
    LayoutContext, LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
};
use skrifa::{FontRef, MetadataProvider};

use super::faces::{FACES, FAMILIES};

/// Empty glyphs that stand for letters within ligatures, one for each character from U+0600 on
/// (`assets/fonts/cut-print.sh`); nobody writes them.
const EMPTY_FIRST: char = '\u{e000}';
const PRIVATE_LAST: char = '\u{f8ff}';

/// The empty glyph that stands for a right-to-left mark, and the mark, which ends every text.
const EMPTY_MARK: char = '\u{e100}';
const RIGHT_TO_LEFT: char = '\u{200f}';

/// Width of that glyph in its size: what readers of PDF need to tell it from its neighbour.
const MARK_WIDTH: f32 = 0.12;

/// What is shown for a character that no face has.
const UNKNOWN: char = '\u{fffd}';

/// Heights of a line in its size: room for Arabic marks.
const LINE_HEIGHT: f32 = 1.3;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Size, in points.
    pub size: f32,
    pub bold: bool,
    /// Whether the paragraph is read from the right.
    pub rtl: bool,
}

/// Text that was set.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// What was written, without what no face has, and a mark of direction; ranges of glyphs are of
    /// it, in bytes.
    pub text: String,
    pub runs: Vec<GlyphRun>,
    pub lines: usize,
    /// In points.
    pub height: f32,
}

/// Glyphs of one face and direction in one line.
#[derive(Clone, Debug)]
pub(super) struct GlyphRun {
    /// Place in [`FACES`].
    pub face: usize,
    pub size: f32,
    /// Where the first stands, from the block's left.
    pub x: f32,
    /// From the block's top.
    pub baseline: f32,
    /// From the left.
    pub glyphs: Vec<SetGlyph>,
}

/// One glyph. Lengths are in points, `y` is up.
#[derive(Clone, Debug)]
pub(super) struct SetGlyph {
    pub id: u32,
    pub x: f32,
    pub y: f32,
    pub advance: f32,
    /// What of its advance is the gap behind it.
    pub gap: f32,
    /// The characters it stands for.
    pub text: Range<usize>,
}

/// Sets text in the faces of this program. Costs some milliseconds to make.
pub struct TypeSetter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    /// Identity of each face's data.
    ids: Vec<u64>,
    faces: Vec<FontRef<'static>>,
}

impl std::fmt::Debug for TypeSetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypeSetter").field("faces", &self.ids.len()).finish_non_exhaustive()
    }
}

impl Default for TypeSetter {
    fn default() -> Self {
        Self::new()
    }
}

impl TypeSetter {
    /// With the faces of this program and none of the system's.
    #[must_use]
    pub fn new() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        let mut ids = Vec::new();
        for face in &FACES {
            let blob = Blob::new(Arc::new(face.data));
            ids.push(blob.id());
            collection.register_fonts(blob, None);
        }
        let faces = FACES.iter().filter_map(|face| FontRef::new(face.data).ok()).collect();
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        Self { fonts, layouts: LayoutContext::new(), ids, faces }
    }

    /// Sets a text in lines of at most this many points.
    pub(super) fn set(&mut self, text: &str, style: Style, width: f32) -> Block {
        let mut text = self.writable(text);
        loop {
            let (block, missing) = self.set_as_is(&text, style, width);
            // A mark on a letter of another face has no glyph there: both are shown as unknown.
            let unknown = |range: &Range<usize>| {
                text.get(range.clone()).is_none_or(|text| text.chars().all(|c| c == UNKNOWN))
            };
            let Some(missing) = missing.filter(|range| !unknown(range)) else { return block };
            let known = |(at, c): (usize, char)| if missing.contains(&at) { UNKNOWN } else { c };
            text = text.char_indices().map(known).collect();
        }
    }

    /// The text as it stands, and the characters of a cluster that its face has no glyph for.
    fn set_as_is(&mut self, text: &str, style: Style, width: f32) -> (Block, Option<Range<usize>>) {
        let weight = if style.bold { FontWeight::BOLD } else { FontWeight::NORMAL };
        let families = FAMILIES.map(|name| FontFamilyName::Named(Cow::Borrowed(name)));
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&families))));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(weight));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(LINE_HEIGHT)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        let base = if style.rtl { BaseDirection::Rtl } else { BaseDirection::Ltr };
        builder.set_base_direction(base);
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, parley::AlignmentOptions::default());
        let (mut runs, mut missing) = (Vec::new(), None);
        for line in layout.lines() {
            let mut set: Vec<(GlyphRun, bool)> = Vec::new();
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(glyphs) = item else { continue };
                let run = glyphs.run();
                let id = run.font().data.id();
                let Some(face) = self.ids.iter().position(|known| *known == id) else { continue };
                let rtl = run.is_rtl();
                let glyphs_of = from_the_left(run.clusters(), rtl, text);
                let without = glyphs_of.iter().find(|glyph| glyph.id == 0);
                missing = missing.or_else(|| without.map(|glyph| glyph.text.clone()));
                let (x, baseline) = (glyphs.offset(), glyphs.baseline());
                let run = GlyphRun { face, size: run.font_size(), x, baseline, glyphs: glyphs_of };
                set.push((run, rtl));
            }
            if style.rtl {
                self.told_in_order(&mut set, text);
            }
            runs.extend(set.into_iter().map(|(run, _)| run));
        }
        let (lines, height) = (layout.len(), layout.height());
        let text = format!("{text}{RIGHT_TO_LEFT}");
        (Block { text, runs, lines, height }, missing)
    }

    /// Makes the runs of a line that is read from the right such that readers of PDF find the
    /// letters in their order. The right edge stays; what is inserted moves the rest to the left.
    fn told_in_order(&self, line: &mut [(GlyphRun, bool)], text: &str) {
        // What stands to the right, in reading before it: text from the left, or a sign.
        let (mut shift, mut behind) = (0.0, false);
        for (run, rtl) in line.iter_mut().rev() {
            let gap = spaces_as_gaps(&mut run.glyphs, text);
            run.x += gap;
            if run.glyphs.is_empty() && gap <= 0.0 {
                continue;
            }
            if *rtl {
                let face = self.faces.get(run.face);
                let glyph = |c: char| face.and_then(|face| face.charmap().map(c));
                let empty = |c| glyph(empty_of(c)?).map(|id| id.to_u32());
                let glyphs = letter_by_letter(std::mem::take(&mut run.glyphs), text, empty);
                let id = glyph(EMPTY_MARK).map_or(0, |id| id.to_u32());
                let range = text.len()..text.len() + RIGHT_TO_LEFT.len_utf8();
                let advance = run.size * MARK_WIDTH;
                let mark = SetGlyph { id, x: 0.0, y: 0.0, advance, gap: 0.0, text: range };
                if glyphs.is_empty() && behind && gap > advance {
                    // A space alone: it ends in the mark.
                    run.x -= advance;
                    run.glyphs = vec![mark];
                } else {
                    let led = gap > advance && glyphs.first().is_some_and(|one| is_sign(one, text));
                    let (mut glyphs, extra) = marked(glyphs, text, &mark, behind);
                    if led {
                        run.x -= advance;
                        glyphs.insert(0, mark);
                    }
                    run.glyphs = glyphs;
                    shift += extra;
                }
            }
            run.x -= shift;
            let first = run.glyphs.first();
            let is_mark = |one: &SetGlyph| one.text.start >= text.len();
            behind = !*rtl || first.is_some_and(|one| is_sign(one, text) && !is_mark(one));
        }
    }

    /// As [`Self::set`], in at most so many lines: what is more is cut, and shows that it was.
    pub(super) fn set_within(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        lines: usize,
    ) -> Block {
        let whole = self.set(text, style, width);
        if whole.lines <= lines {
            return whole;
        }
        let characters: Vec<char> = text.chars().collect();
        let (mut fits, mut best) = (0..characters.len(), None);
        while fits.start < fits.end {
            let middle = usize::midpoint(fits.start, fits.end);
            let head = characters.get(..middle).unwrap_or_default().iter().collect::<String>();
            let cut = self.set(&format!("{}\u{2026}", head.trim_end()), style, width);
            if cut.lines <= lines {
                best = Some(cut);
                fits.start = middle + 1;
            } else {
                fits.end = middle;
            }
        }
        best.unwrap_or_else(|| self.set("\u{2026}", style, width))
    }

    /// The text as the faces can write it: no controls, nothing that shows nothing or turns what
    /// stands around it, and a sign for what none of the faces has.
    fn writable(&self, text: &str) -> String {
        let one = |c: char| match c {
            c if is_direction(c) => Some(c),
            c if is_hidden(c) => None,
            EMPTY_FIRST..=PRIVATE_LAST => Some(UNKNOWN),
            '\u{202f}' => Some('\u{a0}'),
            c if c.is_control() || c.is_whitespace() && c != '\u{a0}' => Some(' '),
            c if self.faces.iter().any(|face| face.charmap().map(c).is_some()) => Some(c),
            _ => Some(UNKNOWN),
        };
        text.chars().filter_map(one).collect()
    }
}

/// Marks that join letters, or isolate what reads in another direction, and show nothing.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// Overrides of direction and other characters that show nothing, which only a hostile name has.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The glyphs of a run from the left, each with its characters. The clusters come as they are read:
/// in this order alone does what a ligature swallows follow the glyph it became.
fn from_the_left<'a>(
    clusters: impl Iterator<Item = Cluster<'a, ()>>,
    rtl: bool,
    text: &str,
) -> Vec<SetGlyph> {
    let mut joined: Vec<(Range<usize>, Vec<parley::Glyph>)> = Vec::new();
    for cluster in clusters {
        let range = cluster.text_range();
        match joined.last_mut().filter(|_| cluster.is_ligature_continuation()) {
            Some((first, _)) => *first = first.start.min(range.start)..first.end.max(range.end),
            None => joined.push((range, cluster.glyphs().collect())),
        }
    }
    if rtl {
        joined.reverse();
    }
    let shown = |(range, _): &(Range<usize>, _)| {
        !text.get(range.clone()).is_some_and(|text| text.chars().all(is_direction))
    };
    let set = joined.into_iter().filter(shown).flat_map(|(range, glyphs)| {
        let one = move |glyph: parley::Glyph| SetGlyph {
            id: glyph.id,
            x: glyph.x,
            y: glyph.y,
            advance: glyph.advance,
            gap: 0.0,
            text: range.clone(),
        };
        glyphs.into_iter().map(one)
    });
    set.collect()
}

/// Leaves gaps where spaces are, and tells how much comes before the first glyph: in a paragraph
/// that is read from the right, readers of PDF take a space beside a full stop for a word that is
/// read from the left, and swap the two. A gap between words they find themselves.
fn spaces_as_gaps(glyphs: &mut Vec<SetGlyph>, text: &str) -> f32 {
    let (mut before, mut kept) = (0.0, Vec::<SetGlyph>::with_capacity(glyphs.len()));
    for glyph in glyphs.drain(..) {
        let space = text.get(glyph.text.clone()).is_some_and(|text| text.trim().is_empty());
        match kept.last_mut() {
            Some(last) if space => {
                last.advance += glyph.advance;
                last.gap += glyph.advance;
            }
            None if space => before += glyph.advance,
            _ => kept.push(glyph),
        }
    }
    *glyphs = kept;
    before
}

/// The empty glyph's character for a letter.
fn empty_of(letter: char) -> Option<char> {
    let beyond = u32::from(letter).checked_sub(0x600).filter(|beyond| *beyond < 0x100)?;
    char::from_u32(u32::from(EMPTY_FIRST) + beyond)
}

/// With a right-to-left mark behind each sign that is no letter, and behind text that is read from
/// the left: readers of PDF guess directions anew, and take a sign with the gap behind it for text
/// from the left. It takes its width from the gap; how much it took beyond is told.
fn marked(
    glyphs: Vec<SetGlyph>,
    text: &str,
    mark: &SetGlyph,
    behind: bool,
) -> (Vec<SetGlyph>, f32) {
    let sign = |glyph: &SetGlyph| is_sign(glyph, text);
    let (mut set, mut extra) = (Vec::<SetGlyph>::with_capacity(glyphs.len() + 4), 0.0);
    let mut put = |set: &mut Vec<SetGlyph>, needed: bool| {
        let Some(left) = set.last_mut() else { return };
        if left.gap > mark.advance {
            left.gap -= mark.advance;
            left.advance -= mark.advance;
        } else if needed {
            extra += mark.advance;
        } else {
            return;
        }
        set.push(mark.clone());
    };
    for glyph in glyphs {
        if sign(&glyph) {
            put(&mut set, false);
        }
        set.push(glyph);
    }
    if behind {
        let needed = set.last().is_some_and(sign);
        put(&mut set, needed);
    }
    (set, extra)
}

/// Whether a glyph stands for no letter.
fn is_sign(glyph: &SetGlyph, text: &str) -> bool {
    let text = text.get(glyph.text.clone()).unwrap_or_default();
    !text.chars().any(|c| c.is_alphabetic() || is_combining(c))
}

/// Vowels and other marks of Arabic, which stand on a letter.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// The glyphs of a run that is read from the right, each for one letter: readers of PDF turn such a
/// run glyph by glyph, which would turn the letters of a ligature round. Its glyph stands for the
/// first letter; empty ones to its left for the others.
fn letter_by_letter(
    glyphs: Vec<SetGlyph>,
    text: &str,
    empty: impl Fn(char) -> Option<u32>,
) -> Vec<SetGlyph> {
    let mut set: Vec<SetGlyph> = Vec::with_capacity(glyphs.len());
    let mut rest = glyphs.into_iter().peekable();
    while let Some(glyph) = rest.next() {
        let start = glyph.text.start;
        let letters: Vec<(usize, char)> = text
            .get(glyph.text.clone())
            .unwrap_or_default()
            .char_indices()
            .map(|(at, c)| (start + at, c))
            .collect();
        let mut cluster = vec![glyph];
        while let Some(next) = rest.next_if(|next| next.text.start == start) {
            cluster.push(next);
        }
        let ranges = letters.iter().map(|(at, c)| *at..*at + c.len_utf8());
        let ranges: Vec<Range<usize>> = ranges.collect();
        let (many, one) = (ranges.len(), cluster.len() == 1);
        if many > 1 && many == cluster.len() {
            // Letter and marks: the last read is the leftmost.
            for (glyph, range) in cluster.iter_mut().zip(ranges.iter().rev()) {
                glyph.text = range.clone();
            }
            set.extend(cluster);
            continue;
        }
        let others = letters.iter().skip(1).map(|(_, c)| empty(*c)).collect::<Option<Vec<u32>>>();
        match (others, cluster.pop()) {
            (Some(others), Some(ligature)) if many > 1 && one => {
                let marks = others.iter().zip(ranges.iter().skip(1)).rev();
                set.extend(marks.map(|(id, range)| SetGlyph {
                    id: *id,
                    x: 0.0,
                    y: 0.0,
                    advance: 0.0,
                    gap: 0.0,
                    text: range.clone(),
                }));
                let first = ranges.first().cloned().unwrap_or(ligature.text);
                set.push(SetGlyph { text: first, ..ligature });
            }
            (_, Some(last)) => {
                set.extend(cluster);
                set.push(last);
            }
            (_, None) => {}
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { size: 10.0, bold: false, rtl: false };

    /// Every character belongs to a glyph, also where two became one.
    #[test]
    fn no_character_is_lost_on_the_way() {
        let mut setter = TypeSetter::new();
        let texts = ["إلى لا اللآلئ 43-20 الدفعة", "coopérative fictive – efficace", "ⵜⴰⵎⴰⵣⵉⵖⵜ"];
        for text in texts {
            for rtl in [false, true] {
                let block = setter.set(text, Style { rtl, ..PLAIN }, 500.0);
                let mut held = vec![false; block.text.len()];
                for glyph in block.runs.iter().flat_map(|run| &run.glyphs) {
                    assert!(glyph.id != 0, "{text}: a glyph is missing");
                    held[glyph.text.clone()].fill(true);
                }
                let lost: Vec<char> =
                    text.char_indices().filter(|(at, _)| !held[*at]).map(|(_, c)| c).collect();
                assert!(lost.iter().all(|c| *c == ' '), "{text}: {lost:?}");
            }
        }
    }

    #[test]
    fn what_no_face_has_is_shown_as_such_and_never_refused() {
        let block = TypeSetter::new().set("蜂蜜 \u{0}\u{7} 🍯", PLAIN, 500.0);
        assert_eq!(block.text, "\u{fffd}\u{fffd}    \u{fffd}\u{200f}");
    }

    #[test]
    fn a_long_word_is_broken_and_a_long_text_is_cut_in_sight() {
        let mut setter = TypeSetter::new();
        let word = "M".repeat(120);
        let whole = setter.set(&word, PLAIN, 60.0);
        assert!(whole.lines > 10, "{}", whole.lines);
        let ends = whole
            .runs
            .iter()
            .map(|run| run.x + run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>());
        assert!(ends.into_iter().all(|end| end <= 60.5));
        let cut = setter.set_within(&word, PLAIN, 60.0, 2);
        assert!(cut.lines == 2 && cut.text.contains('\u{2026}'), "{}", cut.text);
        let short = setter.set_within("Miel", PLAIN, 60.0, 2);
        assert!(short.text.starts_with("Miel") && !short.text.contains('\u{2026}'));
    }
}
