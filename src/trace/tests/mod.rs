//! The room against what its contracts say, and against a model that is slow and plain.

mod examples;
mod history;
mod model;
mod model_goods;
mod model_reclaim;
mod model_trade;
mod reach;
mod wish;
