//! What figures are about: lots, holders, materials, schemes, units, events, each a number that
//! whoever asks gave to it. What they are called is not known here.

use super::bytes::handle;

handle! {
    /// A lot: the number of its declaration among all of them, from 0.
    LotHandle;
    /// Who has goods.
    Holder;
    /// What goods are made of.
    Material;
    /// A certification scheme. Below 2^31.
    SchemeId;
    /// An event that was taken in: its number among all of them, from 0.
    EventHandle;
    /// A logistic unit: a carton, a pallet.
    Unit;
    /// A recipe of the rule book.
    RecipeId;
}

/// Stands for a number that is not there.
pub(super) const NONE: u32 = u32::MAX;

/// A place in a vector as rows hold it. No log has as many entries as to overflow it.
pub(super) fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}

/// The same, back; a place that is not there lies behind every vector.
pub(super) fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
