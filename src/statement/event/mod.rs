//! WHERE goods went: one event a statement, of twelve kinds, each in the file of its family. Own
//! type `TraceabilityEvent` (docs/FORMAT.md section 1.8).
//! Not here: what an event does to a balance and who may sign it (`register`).

mod form;
mod id;
mod lines;
mod members;
mod observe;
mod offset;
mod out;
mod pack;
mod receive;
mod settle;
mod ship;
mod transform;
mod undo;

pub use form::{Event, EventKind};
pub use id::{EventId, EventName};
pub use lines::LotLine;
pub use observe::{Finding, Observation, ObservedStep};
pub use offset::Offset;
pub use out::{
    Channel, Destruction, DestructionCause, Loss, LossCause, Outgoing, Sample, SampleCause,
};
pub use pack::Packing;
pub use receive::{Arrival, Discrepancy, Received};
pub use settle::{Settled, SettledLot, Settlement};
pub use ship::{ShipPurpose, Shipment};
pub use transform::Transformation;
pub(super) use undo::read_event;
pub use undo::{UndoReason, Undoing, Undone};
