//! Goods as the API shows them: balances, holders, events on a way, shipments, in members of JSON.
//! Quantities are in a lot's smallest unit. Not here: look-ups and pages (`goods`, `shipments`).

use serde::Serialize;
use serde_json::Value;

use super::file_shapes::EventBody;
use crate::names::{LotKey, PartySlug};
use crate::register::{
    GoodsBalance, GoodsShare, LotStatus, Register, SchemeCover, model_word, origin_word,
};
use crate::statement::Timestamp;
use crate::trace::{Balance, EventHandle, Holding, LotHandle, Move, Opening, Progress};

/// What there is of a lot, and where it went: filled = free + packed + inTransit + disputed +
/// consumed + out.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BalanceShape {
    /// What its declaration says there is, or will be.
    pub declared: u64,
    /// What there was of it so far.
    pub filled: u64,
    /// At hand, with all holders.
    pub free: u64,
    /// In units at hand.
    pub packed: u64,
    /// On its way.
    pub in_transit: u64,
    /// Missing at a receipt and not settled.
    pub disputed: u64,
    /// Became something else.
    pub consumed: u64,
    /// All that left: sold, lost, sampled, destroyed.
    pub out: u64,
    /// Of it, sold, given away, or gone to somebody outside.
    pub sold: u64,
    /// Of it, lost.
    pub lost: u64,
    /// Of it, taken as samples.
    pub sampled: u64,
    /// Of it, destroyed before it was sold.
    pub destroyed: u64,
    /// Of what was sold, brought back and destroyed.
    pub recovered: u64,
    /// Labels x pack size.
    pub labelled: u64,
    /// Whether it takes nothing more.
    pub closed: bool,
    /// Whether nothing of it is left with anybody.
    pub exhausted: bool,
}

/// What one holder has of a lot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HolderShape {
    /// Short name.
    #[schema(value_type = String)]
    pub party: PartySlug,
    /// At hand.
    pub free: u64,
    /// In units at hand.
    pub packed: u64,
    /// Sent by it and not answered, or refused and not back.
    pub in_transit: u64,
    /// Sent by it and missing.
    pub disputed: u64,
    /// Sold through it.
    pub sold: u64,
}

/// What a scheme covers and certifies of a lot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemeShape {
    /// Scheme id.
    pub scheme: String,
    /// What it covers; null where the rulebook keeps no cover of it.
    pub cover: Option<u64>,
    /// The covered share, in per mille, below which nothing of a lot is certified under it.
    pub least: Option<u32>,
    /// What certificates in force certify.
    pub certified: u64,
}

/// The balance of a lot, by holder and scheme.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotBalance {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// Id of the material it is made of.
    pub material: String,
    /// Code of its smallest unit: `GRM`, `MLT`, `H87`.
    pub unit: String,
    /// Who declared it.
    #[schema(value_type = String)]
    pub producer: PartySlug,
    /// What it opened with: `primary`, `declared` (full, on its producer's word) or `derived`
    /// (empty, filled by transformations).
    pub opening: &'static str,
    /// Where its goods come from: `traced`, `partly` or `declared`.
    pub origin: &'static str,
    /// The chain-of-custody model that follows from what went in.
    pub custody_model: &'static str,
    /// Log index of the entry that undid its declaration: there are no such goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undeclared_at: Option<u64>,
    /// Its own status now, and that which reaches it from what it was made of.
    #[schema(value_type = String)]
    pub status: LotStatus,
    /// The latter.
    #[schema(value_type = String)]
    pub inherited: LotStatus,
    /// The figures over all holders.
    pub balance: BalanceShape,
    /// By scheme.
    pub schemes: Vec<SchemeShape>,
    /// By holder, in the order in which the log first names them: a page.
    pub holders: Vec<HolderShape>,
    /// How many holders there are.
    pub holder_count: usize,
    /// Cursor of the next page of holders; null at the end.
    pub next: Option<String>,
}

/// How far a recall has come, over a lot and all that was made of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressShape {
    /// Lots, the recalled one among them.
    pub lots: u64,
    /// What there was of them, in smallest units of all kinds together.
    #[schema(value_type = u64)]
    pub filled: u128,
    /// Of it, what became another of these lots.
    #[schema(value_type = u64)]
    pub consumed: u128,
    /// Destroyed, sampled, or back and still at hand, as holders state it.
    #[schema(value_type = u64)]
    pub stated: u128,
    /// Destroyed before the eyes of an inspector or certifier.
    #[schema(value_type = u64)]
    pub seen: u128,
}

/// A quantity of a lot in an event.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovedShape {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// How much; 0 of what was only looked at.
    pub quantity: u64,
    /// Code of the smallest unit.
    pub unit: String,
    /// What became of it: `drawn`, `filled`, `sent`, `accepted`, ...
    pub how: &'static str,
}

/// A transformation on the way to a lot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MadeShape {
    /// Log index of the event.
    pub index: u64,
    /// Who signed it.
    #[schema(value_type = String)]
    pub issuer: PartySlug,
    /// When it happened.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Log time.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
    /// The recipe, of the rulebook or built in.
    pub recipe: String,
    /// What went in.
    pub inputs: Vec<MovedShape>,
    /// What came out.
    pub outputs: Vec<MovedShape>,
}

/// A lot on the way to another.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepShape {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// Id of the material.
    pub material: String,
    /// Who declared it.
    #[schema(value_type = String)]
    pub producer: PartySlug,
    /// Region of origin, ISO 3166-2.
    pub region: String,
    /// Harvested or packed on this day.
    pub packed_on: String,
    /// `primary`, `declared` or `derived`.
    pub opening: &'static str,
    /// Code of the smallest unit.
    pub unit: String,
    /// What there was of it.
    pub filled: u64,
    /// Status now.
    #[schema(value_type = String)]
    pub status: LotStatus,
    /// The newest transformations that filled it, newest first; at most 20.
    pub made_by: Vec<MadeShape>,
    /// How many filled it.
    pub made_count: usize,
}

/// A lot that was made of another.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReachedShape {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    pub lot: LotKey,
    /// Id of the material.
    pub material: String,
    /// Who declared it.
    #[schema(value_type = String)]
    pub producer: PartySlug,
    /// Code of the smallest unit.
    pub unit: String,
    /// Its own status now.
    #[schema(value_type = String)]
    pub status: LotStatus,
    /// Where it is now.
    pub balance: BalanceShape,
    /// With whom: the first 20, in the order in which the log first names them.
    pub holders: Vec<HolderShape>,
    /// How many holders there are.
    pub holder_count: usize,
    /// The lots it was made of directly: the first 20.
    #[schema(value_type = Vec<String>)]
    pub made_of: Vec<LotKey>,
    /// How many there are.
    pub made_of_count: usize,
}

/// An event of a lot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventShape {
    /// Log index.
    pub index: u64,
    /// Log time.
    #[schema(value_type = String)]
    pub logged_at: Timestamp,
    /// Who signed it.
    #[schema(value_type = String)]
    pub issuer: PartySlug,
    /// Kind: `transform`, `ship`, `receive`, ...
    pub kind: String,
    /// What it did to this lot.
    pub moved: Vec<MovedShape>,
    /// What was signed: the statement's `credentialSubject`.
    #[schema(value_type = EventBody)]
    pub event: Value,
}

impl From<Balance> for BalanceShape {
    fn from(told: Balance) -> Self {
        Self {
            declared: told.declared,
            filled: told.filled,
            free: told.free,
            packed: told.packed,
            in_transit: told.in_transit,
            disputed: told.disputed,
            consumed: told.consumed,
            out: told.out(),
            sold: told.gone,
            lost: told.lost,
            sampled: told.sampled,
            destroyed: told.destroyed,
            recovered: told.recovered,
            labelled: told.labelled,
            closed: told.closed,
            exhausted: told.is_exhausted(),
        }
    }
}

impl From<GoodsShare> for HolderShape {
    fn from(GoodsShare { holder: party, holding }: GoodsShare) -> Self {
        let Holding { free, packed, in_transit, disputed, out: sold, .. } = holding;
        Self { party, free, packed, in_transit, disputed, sold }
    }
}

impl From<SchemeCover> for SchemeShape {
    fn from(told: SchemeCover) -> Self {
        let SchemeCover { scheme, cover, least, certified } = told;
        Self { scheme: scheme.to_string(), cover, least, certified }
    }
}

impl From<Progress> for ProgressShape {
    fn from(told: Progress) -> Self {
        let Progress { lots, filled, consumed, stated, seen } = told;
        Self { lots, filled, consumed, stated, seen }
    }
}

/// The word for what a lot opened with.
pub const fn opening_word(opening: Opening) -> &'static str {
    match opening {
        Opening::Primary => "primary",
        Opening::Declared => "declared",
        Opening::Derived => "derived",
    }
}

impl LotBalance {
    /// A balance without its holders.
    pub fn of(register: &Register, told: GoodsBalance, now: Timestamp) -> Self {
        let status = register.lot(&told.lot);
        let status = status.map_or(LotStatus::Released, |lot| register.status_of_lot(&lot, now));
        Self {
            inherited: register.inherited_status(&told.lot),
            undeclared_at: register.undeclared_at(&told.lot),
            status,
            material: told.material.to_string(),
            unit: told.unit.to_string(),
            producer: told.producer,
            opening: opening_word(told.opening),
            origin: origin_word(told.origin),
            custody_model: model_word(told.model),
            balance: told.balance.into(),
            schemes: told.schemes.into_iter().map(Into::into).collect(),
            holders: Vec::new(),
            holder_count: told.holders,
            next: None,
            lot: told.lot,
        }
    }
}

/// The lines of an event that are of one lot, or of all.
pub fn moved(register: &Register, event: EventHandle, of: Option<LotHandle>) -> Vec<MovedShape> {
    let lines = register.trace().moved(event).into_iter();
    let lines = lines.filter(|line| of.is_none_or(|lot| line.lot == lot));
    let shape = |line: crate::trace::Moved| {
        let (lot, unit) = register.lot_and_unit(line.lot)?;
        let (unit, how) = (unit.to_string(), line.how.word());
        Some(MovedShape { lot, quantity: line.quantity, unit, how })
    };
    lines.filter_map(shape).collect()
}

impl StepShape {
    /// Lines of the transformations that are told.
    pub fn lines(&self) -> usize {
        self.made_by.iter().map(|made| made.inputs.len().saturating_add(made.outputs.len())).sum()
    }
}

impl MadeShape {
    /// A transformation.
    pub fn of(register: &Register, event: EventHandle) -> Option<Self> {
        let trace = register.trace();
        let view = trace.event_view(event)?;
        let all = moved(register, event, None);
        let (outputs, inputs) = all.into_iter().partition(|it| it.how == Move::Filled.word());
        Some(Self {
            index: register.index_of_event(event)?,
            issuer: register.holder_named(view.issuer),
            at: Timestamp::from_seconds(view.at),
            logged_at: Timestamp::from_seconds(view.logged_at),
            recipe: register.recipe_named(trace.way_of(event)?).to_string(),
            inputs,
            outputs,
        })
    }
}
