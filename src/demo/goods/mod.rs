//! The story of goods in the demonstration, from the harvest to the shop: oil of five cooperatives'
//! argan, saffron, honey and dates beside it, a recall, a refused claim, a dispute. Each step is a
//! statement of who took it, signed and logged. Not here: how it is shown (`web`).

mod argan;
mod beside;
mod chapters;
mod recall;
mod rules;
mod tale;

pub use recall::over_yield;

pub(super) use chapters::tell;
pub(super) use rules::rules;
