//! HOW MUCH, FROM WHERE, WITH WHOM: balance, genealogy, custody, cover, recipes and reach, as
//! figures folded from acts. Pure, and below the register, which asks before it takes an act in and
//! applies it then: the same acts give the same figures and the same bytes.
//! Not here: who may act (`register`), what is signed (`statement`), names, keys, words.

mod act;
mod apply;
mod balance;
mod book;
mod bytes;
mod cover;
mod custody;
mod genealogy;
mod handles;
mod holdings;
mod packed;
mod path;
mod quantity;
mod reach;
mod recipe;
mod reclaim;
mod rows;
mod settle;
mod shipment;
mod short;
mod snapshot;
mod state;
mod sweep;
mod told;
mod transform;
mod units;
mod upstream;
mod view;
mod void;
mod weight;
mod wide;

#[cfg(test)]
mod tests;

pub use act::{
    Act, Answer, Cause, Channel, Declaration, Destination, Draw, Event, HeldFor, Opening, Outcome,
    Part, Purpose, Settled, Settlement, Status,
};
pub use balance::Balance;
pub use book::{Book, Chain, Covered, MaterialRule, Rate, Recipe};
pub use bytes::{Damaged, Reader};
pub use custody::Origin;
pub use genealogy::Direction;
pub use handles::{EventHandle, Holder, LotHandle, Material, RecipeId, SchemeId, Unit};
pub use path::{Made, Path, SHARE_WHOLE};
pub use quantity::{Model, QUANTITY_MAX, Quantity, Ratio, floor_share, per_mille};
pub use reach::Progress;
pub use recipe::Way;
pub use short::{Resting, Short};
pub use state::{Holding, Trace};
pub use sweep::Reached;
pub use told::{Move, Moved, ShipmentLine, ShipmentState, ShipmentView};
pub use upstream::{Sources, Upstream};
pub use view::{EventView, LotView, SentLine, ShipView};
pub use weight::Weight;
