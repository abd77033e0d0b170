//! TELLING OTHERS UNASKED: webhooks (Standard Webhooks 1.0.0) of monitors and, for shops, of the
//! service: who wants to hear, what is due, what changed for the goods that somebody holds.
//! Not here: what is wrong with a log (`monitor`), who has what (`register`).

mod address;
mod book;
mod error;
mod key;
mod notifier;
mod outbox;
mod sights;

pub use address::shop_agent;
pub use book::{Hook, HookBook, HookRefused};
pub use error::HookError;
pub use notifier::{Notifier, Registered, Webhooks};
pub use outbox::{Carried, Load, Outbox};
pub use sights::{Change, HookEvent, Sights, changes};
