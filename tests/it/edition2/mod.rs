//! The rules of edition 2, each tried by the abuse it is against and by what honest people need,
//! over a register in memory.

use std::collections::BTreeMap;

use serde_json::Value;
use tasdiq::names::{LotKey, Word};
use tasdiq::register::Refusal;
use tasdiq::statement::*;
use tasdiq::trace::Holding;

use crate::world;
use crate::world::{World, code, signer, slug};

mod account;
mod balance;
mod clients;
pub(crate) mod goods;
mod histories;
mod inputs;
mod log_vectors;
mod mandates;
mod misuse;
mod money;
mod moves;
mod operators;
mod papers;
mod path_vectors;
mod player;
mod prices;
mod rulebooks;
mod status;
mod stolen;
pub mod story;
mod told;
mod way_back;
mod yields;

const DAY: i64 = 86_400;

/// The words of a refusal.
fn words(result: Result<u64, Refusal>) -> String {
    result.map_or_else(|refusal| refusal.to_string(), |index| format!("entry {index}"))
}

pub(crate) use goods::{Goods, key, lines};
use goods::{before_goods, name};
