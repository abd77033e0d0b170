//! A demonstration ledger: fictional parties, certified lots in every status, and the way of some
//! goods from the harvest to the shop; every statement really signed and logged.
//! Not here: serving it (`web`), rules (`register`).

mod cast;
mod goods;
mod lots;
mod make;
mod parties;
mod stage;
mod story;

pub use cast::{Script, script};
pub use goods::over_yield;
pub use make::{examples, make};
pub use story::Example;
