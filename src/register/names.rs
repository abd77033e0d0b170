//! Texts that recur in thousands of rows (product, scheme, region, unit, party, key), each kept
//! once and named by a number. Numbers are given in the order of first use in the log, so the same
//! log gives the same numbers.

use imbl::{OrdMap, Vector};

use crate::names::{PartySlug, Word};

/// A text of a register's [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameId(pub u32);

impl NameId {
    /// No text.
    pub const NONE: Self = Self(u32::MAX);
}

/// All texts, by number and by themselves.
#[derive(Clone, Default)]
pub(super) struct Names {
    texts: Vector<Word>,
    ids: OrdMap<Word, u32>,
}

impl Names {
    /// The number of a text, given now if it has none yet.
    pub fn of(&mut self, text: &str) -> NameId {
        if let Some(id) = self.ids.get(text) {
            return NameId(*id);
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let word = Word::new(text);
        self.texts.push_back(word.clone());
        self.ids.insert(word, id);
        NameId(id)
    }

    /// The number of a text that has one.
    pub fn known(&self, text: &str) -> Option<NameId> {
        self.ids.get(text).copied().map(NameId)
    }

    /// The text of a number; empty for [`NameId::NONE`].
    pub fn text(&self, id: NameId) -> Word {
        let text = usize::try_from(id.0).ok().and_then(|place| self.texts.get(place));
        text.cloned().unwrap_or_default()
    }

    /// The party of a number that was given for one.
    pub fn party(&self, id: NameId) -> PartySlug {
        PartySlug::known(self.text(id))
    }

    /// Whether a number was given.
    pub fn has(&self, id: NameId) -> bool {
        usize::try_from(id.0).is_ok_and(|place| place < self.texts.len())
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Word> {
        self.texts.iter()
    }
}
