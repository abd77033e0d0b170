//! Where a figure falls short of what an act asks, with the figures. What lots and holders are
//! called, and the words, are those of whoever asked.

use super::handles::{EventHandle, Holder, LotHandle, Material, RecipeId, SchemeId, Unit};
use super::quantity::Model;

/// What an act breaks. Quantities are in the lot's smallest unit, times in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a figure of a variant is what its name says")]
pub enum Short {
    /// More came out than the inputs give.
    YieldExceeded { material: Material, asked: u128, most: u128, together: bool },
    /// No such recipe in the book in force.
    RecipeUnknown { recipe: RecipeId },
    /// A material that is not of the recipe.
    RecipeMismatch { material: Material },
    /// A book with a pair that has no ceiling.
    RecipeUnbounded { recipe: RecipeId, from: Material, to: Material },
    /// A book whose recipes lead back to a material and give more of it.
    RecipeCycle { material: Material },
    /// A book that says something twice, too much of it, or what nobody can mean.
    RulebookForm { what: &'static str },
    /// A holder has less of it.
    Insufficient { lot: LotHandle, holder: Holder, available: u64, asked: u64 },
    /// The issuer has nothing of it and never had.
    NotHolder { lot: LotHandle, holder: Holder },
    /// The lot is another's, and nothing was sent here to make it of.
    NotProducer { lot: LotHandle, producer: Holder, available: u64, asked: u64 },
    /// More would be filled than was declared.
    LotOverfilled { lot: LotHandle, declared: u64, filled: u64, asked: u64 },
    /// It takes nothing more: something was drawn from it, certified, labelled, or it opened full.
    LotClosed { lot: LotHandle },
    /// A lot or unit that stands twice in one event.
    LotTwice { lot: LotHandle },
    /// No such lot, or its declaration was undone.
    LotUnknown { lot: LotHandle },
    /// Held, itself or through `by`.
    LotHeld { lot: LotHandle, by: LotHandle },
    /// Recalled, itself or through `by`.
    LotRecalled { lot: LotHandle, by: LotHandle },
    /// More is certified than is in the lot.
    QuantityExceeded { lot: LotHandle, filled: u64, asked: u64 },
    /// More is certified than is covered.
    CoverExceeded { lot: LotHandle, scheme: SchemeId, cover: u64, filled: u64, asked: u64 },
    /// Too little of the lot is covered for any of it to be certified; shares in per mille.
    BlendNotAllowed { lot: LotHandle, scheme: SchemeId, share: u16, least: u16 },
    /// A stronger custody model than the lot's.
    CustodyUpgraded { lot: LotHandle, claimed: Model, derived: Model, share: u16 },
    /// More labels than there are goods left.
    LabelsExceeded { lot: LotHandle, available: u64, labelled: u64, consumed: u64, asked: u64 },
    /// What is labelled cannot be consumed.
    Labelled { lot: LotHandle, available: u64, labelled: u64, consumed: u64, asked: u64 },
    /// More labels are given back than were issued.
    NotLabelled { lot: LotHandle, labelled: u64, asked: u64 },
    /// Goods are sent to their holder.
    ToSelf,
    /// Answered by another than the one who must.
    NotReceiver { of: EventHandle, receiver: Option<Holder> },
    /// It is no shipment, was undone, or was answered already.
    ShipmentState { of: EventHandle, answered: Option<EventHandle> },
    /// An answer that does not add up to what was sent; None: a lot of it, or of none.
    ReceiptSum { of: EventHandle, lot: LotHandle, sent: Option<u64>, sum: u64 },
    /// It happened before what it rests on.
    EventTime { at: i64, earliest: i64 },
    /// A sample that is more than a third party may take.
    SampleExceeded { lot: LotHandle, most: u64, asked: u64 },
    /// A unit that is in use, or was until lately.
    SsccInUse { unit: Unit, until: Option<i64> },
    /// A unit that is empty, inside another, on its way, or another's.
    UnitState { unit: Unit },
    /// Too many units and lots, one inside another.
    UnitContents { unit: Option<Unit>, most: u32 },
    /// An event without lines.
    Empty,
    /// Something rests on it: the first ten.
    CannotVoid { resting: Vec<Resting> },
}

/// What rests on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resting {
    /// Another event.
    Event(EventHandle),
    /// Certificates of a lot.
    Certificates(LotHandle),
    /// Labels of a lot.
    Labels(LotHandle),
    /// A price or an extract.
    Price(EventHandle),
    /// It is undone already, or undoes another, or there is none.
    Itself(EventHandle),
}

impl Short {
    /// The stable name of the rule.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::YieldExceeded { .. } => "yield_exceeded",
            Self::RecipeUnknown { .. } => "recipe_unknown",
            Self::RecipeMismatch { .. } => "recipe_mismatch",
            Self::RecipeUnbounded { .. } => "recipe_unbounded",
            Self::RecipeCycle { .. } => "recipe_cycle",
            Self::RulebookForm { .. } => "rulebook_form",
            Self::Insufficient { .. } => "insufficient",
            Self::NotHolder { .. } => "not_holder",
            Self::NotProducer { .. } => "not_producer",
            Self::LotOverfilled { .. } => "lot_overfilled",
            Self::LotClosed { .. } => "lot_closed",
            Self::LotTwice { .. } => "lot_twice",
            Self::LotUnknown { .. } => "lot_unknown",
            Self::LotHeld { .. } => "lot_held",
            Self::LotRecalled { .. } => "lot_recalled",
            Self::QuantityExceeded { .. } => "quantity_exceeded",
            Self::CoverExceeded { .. } => "cover_exceeded",
            Self::BlendNotAllowed { .. } => "blend_not_allowed",
            Self::CustodyUpgraded { .. } => "custody_upgraded",
            Self::LabelsExceeded { .. } => "labels_exceeded",
            Self::Labelled { .. } => "labelled",
            Self::NotLabelled { .. } => "not_labelled",
            Self::ToSelf => "to_self",
            Self::NotReceiver { .. } => "not_receiver",
            Self::ShipmentState { .. } => "shipment_state",
            Self::ReceiptSum { .. } => "receipt_sum",
            Self::EventTime { .. } => "event_time",
            Self::SampleExceeded { .. } => "sample_exceeded",
            Self::SsccInUse { .. } => "sscc_in_use",
            Self::UnitState { .. } => "unit_state",
            Self::UnitContents { .. } => "unit_contents",
            Self::Empty => "event_empty",
            Self::CannotVoid { .. } => "cannot_void",
        }
    }
}
