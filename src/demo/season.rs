//! Quantities of the demonstration: what a sales unit of each product holds, and what a cooperative
//! declares that it can produce in a campaign. Round example figures, nobody's statistics.

use std::collections::BTreeMap;

use super::plan::{LotPlan, Scene};
use crate::statement::{BaseUnit, Capacity, Product};

/// Quantity in one sales unit, in the product's smallest unit.
pub(super) fn pack_size(product: &Product) -> u64 {
    let kind = product.product_type.as_str();
    match product.unit {
        BaseUnit::Piece => 1,
        BaseUnit::Millilitre if kind == "essential oil" => 10,
        BaseUnit::Millilitre if kind == "olive oil" => 500,
        BaseUnit::Millilitre => 250,
        BaseUnit::Gram => match kind {
            "spice" if product.id.starts_with("safran") => 1,
            "spice" | "aromatic plant" => 50,
            "fresh fruit" => 5_000,
            "meat" => 12_000,
            "cheese" => 200,
            "honey" => 500,
            _ => 1_000,
        },
    }
}

/// What each season's lots of one cooperative need, with some room; a lot that is to be held goes
/// beyond it by half.
pub(super) fn capacities(lots: &[LotPlan], cooperative: usize) -> Vec<Capacity> {
    let mut seasons: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for lot in lots.iter().filter(|lot| lot.cooperative == cooperative) {
        let request = &lot.request;
        let season = (request.product.as_str(), request.campaign.as_str());
        let (total, held) = seasons.entry(season).or_default();
        *total += request.quantity;
        if lot.scene == Scene::Held {
            *held = request.quantity;
        }
    }
    let capacity = |((product, campaign), (total, held)): ((&str, &str), (u64, u64))| {
        let quantity = if held > 0 { total - held / 2 } else { total + total / 4 };
        Capacity { product: product.to_owned(), campaign: campaign.to_owned(), quantity }
    };
    seasons.into_iter().map(capacity).collect()
}
