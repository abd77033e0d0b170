//! Why a statement about goods is refused: the rules of edition 2, each with a stable code and the
//! figures, already in words (`goods_words`). Not here: all other rules (`refusal`).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::statement::{Day, Timestamp};

/// A rule on goods that a statement breaks. Quantities are text with their unit.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "a figure of a variant is what its name says")]
pub enum GoodsRefusal {
    /// More came out than the inputs give.
    #[error("{asked} asked; {inputs} give at most {most} ({recipe}){together}")]
    YieldExceeded {
        asked: String,
        inputs: String,
        most: String,
        recipe: String,
        together: &'static str,
    },
    /// No such recipe in the rulebook in force.
    #[error("there is no recipe {recipe} in rulebook {version}")]
    RecipeUnknown { recipe: String, version: u64 },
    /// A material that is not of the recipe.
    #[error("{material} is no material of recipe {recipe}, rulebook {version}")]
    RecipeMismatch { material: String, recipe: String, version: u64 },
    /// Another unit than the material's.
    #[error("{what} is in {found}, but {material} is counted in {expected}")]
    UnitMismatch { what: &'static str, material: String, found: String, expected: String },
    /// A rulebook with a pair that has no ceiling.
    #[error("recipe {recipe} states no ceiling from {from} to {to}")]
    RecipeUnbounded { recipe: String, from: String, to: String },
    /// A rulebook whose recipes lead back to a material and give more of it.
    #[error("recipes lead from {material} back to it and give more of it than went in")]
    RecipeCycle { material: String },
    /// A rulebook that makes one protected name of another.
    #[error("recipe {recipe} makes {to} of {from}: both are protected names")]
    RecipeRenames { recipe: String, from: String, to: String },
    /// A rulebook that says something twice, or too much of it.
    #[error("the rulebook: {what}")]
    RulebookForm { what: String },
    /// A material traced from another instant than before.
    #[error(
        "{material} from {at}: tracing begins neither before its rulebook is logged nor later than \
        it was said to"
    )]
    RulebookOrder { material: String, at: Timestamp },
    /// A holder has less of it.
    #[error("lot {lot}: available {available}, asked {asked}; held by {holder}")]
    Insufficient { lot: String, available: String, asked: String, holder: String },
    /// The issuer never had any of it.
    #[error("{holder} holds nothing of lot {lot}")]
    NotHolder { lot: String, holder: String },
    /// The lot is another's.
    #[error(
        "lots of {producer} are filled from what {producer} sent for processing: of lot {lot} \
        {available} are left, asked {asked}"
    )]
    NotProducer { lot: String, producer: String, available: String, asked: String },
    /// More would be filled than was declared.
    #[error("lot {lot} declares {declared}, {filled} are filled, asked {asked}")]
    LotOverfilled { lot: String, declared: String, filled: String, asked: String },
    /// It takes nothing more.
    #[error("lot {lot} is closed: {why}")]
    LotClosed { lot: String, why: &'static str },
    /// A lot that stands twice in one event.
    #[error("lot {lot} stands on both sides of the event, or twice")]
    LotTwice { lot: String },
    /// No such lot.
    #[error("lot {lot} is not declared{why}")]
    LotUnknown { lot: String, why: String },
    /// Held, itself or by descent.
    #[error("lot {lot} is held{through}; it may be lost, sampled, destroyed, returned or observed")]
    LotHeld { lot: String, through: String },
    /// Recalled, itself or by descent.
    #[error(
        "lot {lot} is recalled{through}; it may be lost, sampled, destroyed, returned or observed"
    )]
    LotRecalled { lot: String, through: String },
    /// More is certified than is in the lot.
    #[error(
        "lot {lot} holds {filled}, {certified} of it are certified under this scheme, {asked} \
        more are asked for"
    )]
    QuantityExceeded { lot: String, filled: String, certified: String, asked: String },
    /// More is certified than is covered.
    #[error("cover under {scheme} {cover} of {filled}; {asked} would be certified")]
    CoverExceeded { scheme: String, cover: String, filled: String, asked: String },
    /// Too little of the lot is covered.
    #[error(
        "{share} per mille of lot {lot} are covered under {scheme}; nothing of a lot is certified \
        below {least}"
    )]
    BlendNotAllowed { lot: String, scheme: String, share: u16, least: u16 },
    /// A stronger custody model than the lot's.
    #[error("{claimed} claimed, {derived} derived: {share} per mille")]
    CustodyUpgraded { claimed: &'static str, derived: &'static str, share: u16 },
    /// More labels than there are goods left.
    #[error(
        "lot {lot}: labels for {available} are left ({labelled} labelled, {consumed} consumed), \
        asked {asked}"
    )]
    LabelsExceeded {
        lot: String,
        available: String,
        labelled: String,
        consumed: String,
        asked: String,
    },
    /// What is labelled cannot become something else.
    #[error(
        "lot {lot}: {labelled} are labelled and {consumed} consumed; {available} can still be \
        drawn, asked {asked}"
    )]
    Labelled { lot: String, available: String, labelled: String, consumed: String, asked: String },
    /// More labels are given back than were issued.
    #[error("lot {lot}: labels for {labelled} are out, asked {asked}")]
    NotLabelled { lot: String, labelled: String, asked: String },
    /// Goods are sent to their holder.
    #[error("goods are not sent to their holder")]
    ToSelf,
    /// Answered by another than the one who must, or sent to one who takes no goods.
    #[error("{reason}")]
    NotReceiver { reason: String },
    /// It is no shipment, was undone, or was answered already.
    #[error("{event} {state}")]
    ShipmentState { event: String, state: String },
    /// An answer that does not add up to what was sent.
    #[error("lot {lot}: {sent}, the answer adds up to {sum}")]
    ReceiptSum { lot: String, sent: String, sum: String },
    /// It happened before what it rests on.
    #[error("it happened {at}, before {earliest}: {what}")]
    EventTime { at: String, earliest: String, what: &'static str },
    /// A sample that is more than a third party may take.
    #[error("lot {lot}: a sample of another's goods is at most {most}, asked {asked}")]
    SampleExceeded { lot: String, most: String, asked: String },
    /// A unit whose number is another's.
    #[error("unit {unit}: {reason}")]
    SsccOwner { unit: String, reason: String },
    /// A unit that is in use, or was until lately.
    #[error("unit {unit} {state}")]
    SsccInUse { unit: String, state: String },
    /// A unit that is empty, inside another, on its way, or another's.
    #[error("unit {unit} is not at hand: it is empty, inside another, on its way, or another's")]
    UnitState { unit: String },
    /// Too many units and lots, one inside another.
    #[error("at most {most} units and lots together, and four levels, one inside another")]
    UnitContents { most: u32 },
    /// An event without lines.
    #[error("the event names nothing that anything happened to")]
    EventEmpty,
    /// Something rests on it.
    #[error("{event} cannot be undone: {resting}")]
    CannotVoid { event: String, resting: String },
    /// Too long ago for its issuer.
    #[error(
        "{event} was logged {logged_at}; its issuer undoes it within {days} days, the authority \
        later"
    )]
    VoidLate { event: String, logged_at: Timestamp, days: i64 },
    /// The name stands for another event of the issuer.
    #[error("the name {id} is that of entry {index}; give this event another")]
    EventExists { id: String, index: u64 },
    /// Harvested outside the season.
    #[error("{material} is not harvested on {day}: its season is {seasons}")]
    OutOfSeason { material: String, day: Day, seasons: String },
    /// A harvest of another campaign.
    #[error("{material} harvested on {day} is of campaign {expected}, not {campaign}")]
    CampaignDay { material: String, day: Day, campaign: String, expected: String },
    /// A release that names what holds nothing of the lot.
    #[error("{id} holds neither {target} nor a lot that it comes from")]
    LiftsNothing { target: String, id: String },
    /// Where the lot or one of its origins is from, the scheme does not reach.
    #[error("{scheme} asks for {expected}; lot {lot} is of {found}")]
    OriginRegion { scheme: String, lot: String, found: String, expected: String },
    /// It comes from more lots than are looked at.
    #[error(
        "lot {lot} comes from {count} lots; where each is from is looked at for {most} at most: \
        certify the lots that it was put together from, or fewer together"
    )]
    OriginsTooMany { lot: String, count: usize, most: usize },
    /// No certificate of the producer carries a certificate of its lot.
    #[error("lot {lot} under {scheme}: {reason}")]
    OperatorNotCertified { lot: String, scheme: String, reason: String },
    /// More of a harvest is certified than its operator's certificate lets count.
    #[error(
        "{asked} asked of {volume} certified of {material}, campaign {campaign}, under {scheme}; \
        other lots of {party} use {used}"
    )]
    VolumeExceeded {
        asked: String,
        volume: String,
        material: String,
        campaign: String,
        scheme: String,
        party: String,
        used: String,
    },
    /// Another certifier's certificate of the operator is in force.
    #[error(
        "certificate {serial} of {certifier} certifies {party} for {material} under {scheme} \
        until {until}"
    )]
    ScopeOverlap {
        serial: u64,
        certifier: String,
        party: String,
        material: String,
        scheme: String,
        until: Timestamp,
    },
    /// A decision on an operator that was logged long after it was taken.
    #[error("decided on {decided}: its log time is at most {most} later")]
    DecisionOld { decided: Day, most: &'static str },
    /// The cover was withdrawn for fraud from before the harvest.
    #[error(
        "certificate {serial} of {party} was withdrawn for fraud from {since}; lot {lot} was \
        harvested on {harvested}"
    )]
    CoverWithdrawn { serial: u64, party: String, since: Day, lot: String, harvested: Day },
    /// A price of goods that were not sold so.
    #[error("the price is bound to no sale: {reason}")]
    PriceUnbound { reason: String },
    /// More is priced than was taken over.
    #[error(
        "lot {lot}: {accepted} of the shipment were accepted and not returned, {priced} have a \
        price, asked {asked}"
    )]
    PriceExceeded { lot: String, accepted: String, priced: String, asked: String },
    /// Two sides of a price that do not say the same.
    #[error("{member} is not what the seller stated in entry {index}")]
    TermsDiffer { member: &'static str, index: u64 },
    /// A part of a certificate for which there is no ground.
    #[error("no extract of certificate {serial}: {reason}")]
    ExtractRefused { serial: u64, reason: String },
    /// More is extracted than is certified or shipped.
    #[error(
        "certificate {serial}: {most} {what}, {drawn} went with consignments already, asked {asked}"
    )]
    ExtractExceeded { serial: u64, what: &'static str, most: String, drawn: String, asked: String },
    /// A statement in another's name without a mandate for it.
    #[error("nobody let it act so: {reason}")]
    NotMandated { reason: String },
}

impl GoodsRefusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Whether it conflicts with what the ledger holds, rather than with a rule on the statement
    /// itself.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::RulebookOrder { .. }
                | Self::Insufficient { .. }
                | Self::NotHolder { .. }
                | Self::LotOverfilled { .. }
                | Self::LotClosed { .. }
                | Self::LotHeld { .. }
                | Self::LotRecalled { .. }
                | Self::QuantityExceeded { .. }
                | Self::CoverExceeded { .. }
                | Self::LabelsExceeded { .. }
                | Self::Labelled { .. }
                | Self::NotLabelled { .. }
                | Self::ShipmentState { .. }
                | Self::SsccOwner { .. }
                | Self::SsccInUse { .. }
                | Self::UnitState { .. }
                | Self::CannotVoid { .. }
                | Self::VoidLate { .. }
                | Self::EventExists { .. }
                | Self::VolumeExceeded { .. }
                | Self::ScopeOverlap { .. }
                | Self::CoverWithdrawn { .. }
                | Self::PriceExceeded { .. }
                | Self::TermsDiffer { .. }
                | Self::ExtractRefused { .. }
                | Self::ExtractExceeded { .. }
        )
    }
}
