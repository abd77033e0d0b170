//! A certificate on paper: what its page says, the code of its lot, and the dossier within, so that
//! the paper can be checked without its paper. Set in the reader's direction, as many pages as it
//! takes. Not here: which facts and words (`web`).

use std::sync::Arc;

use super::error::SheetError;
use super::grid::{PAGE_HEIGHT_UM, PAGE_WIDTH_UM};
use super::item::{Item, modules, pt};
use super::pdf::{Attached, PdfHead, pdf};
use super::typeset::{Block, Style, TypeSetter};
use crate::label::Symbol;
use crate::statement::Timestamp;

/// Width of a module of the code, in micrometres.
const MODULE_UM: u32 = 400;

/// White around what is printed, in micrometres.
const MARGIN_UM: u32 = 18_000;

/// Width of the column of labels, in micrometres.
const LABELS_UM: u32 = 48_000;

/// Space between columns, in micrometres.
const GAP_UM: u32 = 4_000;

/// Height of the line at the foot, in micrometres.
const FOOT_UM: u32 = 12_000;

/// Facts under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperSection {
    /// The heading.
    pub title: String,
    /// What is said, and how it is called.
    pub rows: Vec<(String, String)>,
    /// Whole sentences below.
    pub sentences: Vec<String>,
}

/// A certificate to be set.
#[derive(Clone, Debug)]
pub struct CertificatePaper<'a> {
    /// Name of the house, at the top.
    pub house: &'a str,
    /// What the paper is, with its number.
    pub title: &'a str,
    /// The scheme.
    pub scheme: &'a str,
    /// The state in a word, as of `dated`.
    pub status: &'a str,
    /// What that rests on, and how it is checked now.
    pub lead: &'a str,
    /// The code of its lot.
    pub code: &'a Symbol,
    /// Below the code.
    pub code_caption: &'a str,
    /// The facts.
    pub sections: &'a [PaperSection],
    /// On every page.
    pub foot: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// Whether it is read from the right.
    pub rtl: bool,
    /// When what it says was so.
    pub dated: Timestamp,
    /// File name of the dossier.
    pub dossier_name: &'a str,
    /// What the dossier is.
    pub dossier_words: &'a str,
    /// Its bytes.
    pub dossier: &'a [u8],
}

impl CertificatePaper<'_> {
    /// The paper as PDF/A-3B, its dossier attached byte for byte.
    ///
    /// # Errors
    /// `drawing`.
    pub fn pdf(&self, setter: &mut TypeSetter) -> Result<Vec<u8>, SheetError> {
        let mut flow = Flow::new(setter, self.rtl, self.foot);
        flow.head(self);
        for section in self.sections {
            flow.section(section);
        }
        let pages = flow.finish();
        let head = PdfHead {
            title: self.title,
            language: self.language,
            rtl: self.rtl,
            dated: self.dated,
        };
        let attached = Attached {
            name: self.dossier_name,
            media_type: "application/json",
            description: self.dossier_words,
            content: self.dossier,
        };
        pdf(&head, &pages, Some(&attached))
    }
}

/// Content that flows down pages.
struct Flow<'a> {
    setter: &'a mut TypeSetter,
    rtl: bool,
    foot: &'a str,
    pages: Vec<Vec<Item>>,
    page: Vec<Item>,
    y: f32,
}

impl<'a> Flow<'a> {
    fn new(setter: &'a mut TypeSetter, rtl: bool, foot: &'a str) -> Self {
        Self { setter, rtl, foot, pages: Vec::new(), page: Vec::new(), y: pt(MARGIN_UM) }
    }

    fn width() -> f32 {
        pt(PAGE_WIDTH_UM) - 2.0 * pt(MARGIN_UM)
    }

    fn style(&self, size: f32, bold: bool) -> Style {
        Style { size, bold, rtl: self.rtl }
    }

    /// The left edge of a column: `from` the side where reading begins.
    fn column(&self, from: f32, width: f32) -> f32 {
        let left = pt(MARGIN_UM);
        if self.rtl { left + Self::width() - from - width } else { left + from }
    }

    fn put(&mut self, from: f32, width: f32, y: f32, block: Block) {
        let x = self.column(from, width);
        self.page.push(Item::Text { x, y, block: Arc::new(block) });
    }

    /// Begins a page if so much does not fit any more.
    fn room(&mut self, height: f32) {
        if self.y + height > pt(PAGE_HEIGHT_UM - MARGIN_UM - FOOT_UM) {
            self.end_page();
        }
    }

    fn end_page(&mut self) {
        let width = Self::width();
        let style = self.style(7.5, false);
        let block = self.setter.set(self.foot, style, width);
        let y = pt(PAGE_HEIGHT_UM - MARGIN_UM) - block.height;
        let line = Item::Bar { x: pt(MARGIN_UM), y: y - 4.0, width, height: 0.5 };
        self.page.push(line);
        self.put(0.0, width, y, block);
        self.pages.push(std::mem::take(&mut self.page));
        self.y = pt(MARGIN_UM);
    }

    /// House, title, scheme and state beside the code.
    fn head(&mut self, paper: &CertificatePaper<'_>) {
        let module = pt(MODULE_UM);
        let code = paper.code;
        let side = modules(code.width_with_quiet_zone()) * module;
        let words = Self::width() - side - pt(GAP_UM);
        let mark = 18.0;
        let top = self.y;
        let x = self.column(0.0, mark);
        self.page.push(Item::Mark { x, y: top, side: mark });
        let house = self.setter.set(paper.house, self.style(12.0, true), words - mark - 6.0);
        self.put(mark + 6.0, words - mark - 6.0, top + 1.0, house);
        let mut y = top + mark + 14.0;
        for (text, size, bold, after) in [
            (paper.title, 19.0, true, 2.0),
            (paper.scheme, 12.0, false, 8.0),
            (paper.status, 14.0, true, 2.0),
            (paper.lead, 9.5, false, 8.0),
        ] {
            let block = self.setter.set(text, self.style(size, bold), words);
            let height = block.height;
            self.put(0.0, words, y, block);
            y += height + after;
        }
        let x = self.column(words + pt(GAP_UM), side);
        let quiet = (side - modules(code.width()) * module) / 2.0;
        let symbol = Arc::new(code.clone());
        self.page.push(Item::Code { x: x + quiet, y: top + quiet, module, symbol });
        let caption = self.setter.set(paper.code_caption, self.style(7.5, false), side);
        let below = top + side + caption.height;
        self.put(words + pt(GAP_UM), side, top + side, caption);
        self.y = y.max(below + 8.0);
    }

    fn section(&mut self, section: &PaperSection) {
        let whole = Self::width();
        let title = self.setter.set(&section.title, self.style(12.0, true), whole);
        self.room(title.height + 40.0);
        self.page.push(Item::Bar { x: pt(MARGIN_UM), y: self.y, width: whole, height: 0.75 });
        self.y += 5.0;
        let height = title.height;
        self.put(0.0, whole, self.y, title);
        self.y += height + 3.0;
        let (labels, gap) = (pt(LABELS_UM), pt(GAP_UM));
        let values = whole - labels - gap;
        for (label, value) in &section.rows {
            let label = self.setter.set(label, self.style(9.5, false), labels);
            let value = self.setter.set(value, self.style(9.5, true), values);
            let height = label.height.max(value.height);
            self.room(height);
            self.put(0.0, labels, self.y, label);
            self.put(labels + gap, values, self.y, value);
            self.y += height + 2.0;
        }
        for sentence in &section.sentences {
            let block = self.setter.set(sentence, self.style(9.5, false), whole);
            let height = block.height;
            self.room(height);
            self.put(0.0, whole, self.y, block);
            self.y += height + 3.0;
        }
        self.y += 6.0;
    }

    fn finish(mut self) -> Vec<Vec<Item>> {
        self.end_page();
        self.pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Level;

    /// Names of old entries hold anything; a paper is made all the same, twice the same.
    #[test]
    fn whatever_a_name_holds_a_paper_is_made() {
        let names = [
            "\u{feff}\u{202e}evil\u{202c}\u{2066}open".to_owned(),
            "\u{e000}\u{e100}\u{f8ff}\u{0}\u{1b}[31m".to_owned(),
            "<img onerror=x> =cmd|' /C calc'!A0".to_owned(),
            "\u{1f36f} 蜂蜜 नमस्ते \u{300}\u{300}\u{64b}".to_owned(),
            "M".repeat(4_000),
            "لا".repeat(600),
            String::new(),
        ];
        let rows = names.iter().map(|name| (name.clone(), name.clone())).collect();
        let section = PaperSection { title: names.concat(), rows, sentences: names.to_vec() };
        let code = Symbol::new("HTTPS://EXAMPLE/01/06111234567895", Level::Medium).unwrap();
        for rtl in [false, true] {
            let paper = CertificatePaper {
                house: &names[0],
                title: &names[1],
                scheme: &names[2],
                status: &names[3],
                lead: &names[4],
                code: &code,
                code_caption: &names[5],
                sections: std::slice::from_ref(&section),
                foot: &names[0],
                language: "ar-MA",
                rtl,
                dated: Timestamp::parse("2026-11-28T12:00:00Z").unwrap(),
                dossier_name: "certificate-1.tasdiq",
                dossier_words: "a dossier",
                dossier: b"{}",
            };
            let first = paper.pdf(&mut TypeSetter::new()).unwrap();
            assert!(first.starts_with(b"%PDF-1.7"));
            assert!(first == paper.pdf(&mut TypeSetter::new()).unwrap(), "other bytes");
        }
    }
}
