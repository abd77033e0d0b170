//! The room against what its contracts say, and against a model that is slow and plain.

mod bent;
mod examples;
mod found;
mod history;
mod missed;
mod model;
mod model_book;
mod model_goods;
mod model_reclaim;
mod model_trade;
mod off;
mod reach;
mod wish;

pub(super) use off::Off;
