//! What happens in the demonstration, as data: which lots are declared, who certifies them under
//! which scheme, and which of them meets with which fate. The same every time but for the dates.

use super::cast::{COOPERATIVES, Cooperative, certifier_for, cooperative_slug};
use super::season::pack_size;
use crate::ledger::LotRequest;
use crate::statement::{Catalog, Day, Product};

/// Lots of each cooperative in the story.
const LOTS_EACH: usize = 10;
/// Lots declared but not certified, for trying `tasdiq issue`.
const UNCERTIFIED: usize = 300;

/// What becomes of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// Certified, nothing else.
    Plain,
    /// Waits for a certificate.
    Uncertified,
    /// Its certificate is suspended.
    Suspended,
    /// Its certificate is withdrawn.
    Withdrawn,
    /// Its producer recalls it.
    Recalled,
    /// Its certificate is over.
    Expired,
    /// Its certificate is still to begin.
    NotYetValid,
    /// It exceeds the declared capacity.
    Held,
    /// Its certificate was logged while the key was in foreign hands.
    Suspect,
}

/// One lot to be declared, and its certificates.
pub(super) struct LotPlan {
    /// Place of the cooperative in the cast.
    pub cooperative: usize,
    /// The declaration.
    pub request: LotRequest,
    /// Its fate.
    pub scene: Scene,
    /// Schemes it is certified under, each with the place of the certifier.
    pub schemes: Vec<(&'static str, usize)>,
    /// Whether it is kept for trying `tasdiq issue`.
    pub for_trying: bool,
    /// Day of packing.
    pub packed_on: Day,
}

/// All lots, in the order of their declaration.
pub(super) fn lots(catalog: &Catalog, today: Day) -> Vec<LotPlan> {
    let mut lots = Vec::new();
    for (place, coop) in COOPERATIVES.iter().enumerate() {
        for number in 0..LOTS_EACH {
            let scene = scene(place, number);
            let packed_on = Day::from_days(today.days() - age_days(scene, place, number));
            let Some(product) = product(catalog, coop, number) else { continue };
            let schemes = schemes(product, scene, place, number);
            let with_gtin = number.is_multiple_of(2);
            let request = request(place, number, product, with_gtin, packed_on);
            let for_trying = false;
            lots.push(LotPlan {
                cooperative: place,
                request,
                scene,
                schemes,
                for_trying,
                packed_on,
            });
        }
    }
    for nth in 0..UNCERTIFIED {
        let (place, round) = (nth % COOPERATIVES.len(), nth / COOPERATIVES.len());
        let first = COOPERATIVES.get(place).and_then(|coop| product(catalog, coop, 0));
        let Some(product) = first else { continue };
        let packed_on = Day::from_days(today.days() - 1 - number(nth % 40));
        let with_gtin = round.is_multiple_of(2);
        lots.push(LotPlan {
            cooperative: place,
            request: request(place, LOTS_EACH + round, product, with_gtin, packed_on),
            scene: Scene::Uncertified,
            schemes: Vec::new(),
            for_trying: true,
            packed_on,
        });
    }
    lots
}

fn product<'a>(catalog: &'a Catalog, coop: &Cooperative, number: usize) -> Option<&'a Product> {
    catalog.product(coop.products.get(number % 2)?)
}

/// The last lot of the first cooperatives has a fate of its own.
fn scene(cooperative: usize, number: usize) -> Scene {
    if number + 1 != LOTS_EACH {
        return Scene::Plain;
    }
    match cooperative {
        0 => Scene::Suspended,
        1 => Scene::Withdrawn,
        2 => Scene::Recalled,
        3 => Scene::Expired,
        4 => Scene::NotYetValid,
        5 => Scene::Held,
        6 => Scene::Suspect,
        7..=9 => Scene::Uncertified,
        _ => Scene::Plain,
    }
}

/// How long ago it was packed: spread over the last year.
fn age_days(scene: Scene, cooperative: usize, nth: usize) -> i64 {
    match scene {
        Scene::Expired => 360,
        Scene::NotYetValid | Scene::Held => 12,
        _ => 3 + number((cooperative * 29 + nth * 36) % 355),
    }
}

/// The sign of the product first; most lots have a second certificate.
fn schemes(
    product: &Product,
    scene: Scene,
    cooperative: usize,
    number: usize,
) -> Vec<(&'static str, usize)> {
    if scene == Scene::Uncertified {
        return Vec::new();
    }
    let first = match product.sign.as_str() {
        "AO" => "sdoq-ao",
        "LA" => "sdoq-la",
        _ => "sdoq-ig",
    };
    let second = match (cooperative * 3 + number) % 5 {
        _ if scene != Scene::Plain => None,
        _ if matches!(product.product_type.as_str(), "meat" | "cheese") => Some("halal-maroc"),
        _ if cooperative >= 20 => Some("terroir-du-maroc"),
        0 => Some("fairtrade"),
        1 => Some("eu-organic"),
        3 => Some("bio-maroc"),
        4 => Some("fair-for-life"),
        _ => None,
    };
    let schemes = [Some(first), second].into_iter().flatten();
    schemes.map(|scheme| (scheme, certifier_for(scheme, cooperative))).collect()
}

fn request(
    cooperative: usize,
    number: usize,
    product: &Product,
    with_gtin: bool,
    packed_on: Day,
) -> LotRequest {
    let region = COOPERATIVES.get(cooperative).map_or("", |coop| coop.region);
    let place = COOPERATIVES
        .get(cooperative)
        .and_then(|coop| coop.products.iter().position(|id| *id == product.id));
    let (year, month, _) = packed_on.ymd();
    let pack_size = pack_size(product);
    // 120 to 1,679 sales units: figures without meaning, spread out.
    let units = 120 + (cooperative * 389 + number * 211) as u64 % 1_560;
    LotRequest {
        producer: cooperative_slug(cooperative),
        gtin: with_gtin.then(|| demonstration_gtin(cooperative, place.unwrap_or_default())),
        lot: format!("L{:02}{month:02}{number:02}", year.rem_euclid(100)),
        product: product.id.clone(),
        name: None,
        quantity: units * pack_size,
        pack_size,
        region: region.to_owned(),
        campaign: year.to_string(),
        packed_on: packed_on.to_string(),
        expires_on: Some(Day::from_days(packed_on.days() + 730).to_string()),
    }
}

/// A GTIN-13 under 952, the prefix GS1 keeps for demonstrations (General Specifications 1.4.4).
fn demonstration_gtin(cooperative: usize, product: usize) -> String {
    let body = format!("952{:05}{:04}", 10_001 + cooperative, product + 1);
    // Weights 1 and 3 from the left of a GTIN-13 (General Specifications section 7.9.1).
    let sum = body.bytes().enumerate().fold(0_u32, |sum, (place, digit)| {
        sum + u32::from(digit - b'0') * if place.is_multiple_of(2) { 1 } else { 3 }
    });
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::statement::Gtin;

    #[test]
    fn the_plan_is_large_and_varied() {
        let lots = lots(Catalog::builtin().unwrap(), Day::parse("2026-11-23").unwrap());
        let story: Vec<_> = lots.iter().filter(|lot| !lot.for_trying).collect();
        assert_eq!((story.len(), lots.len()), (240, 540));
        let set = |pick: fn(&&LotPlan) -> String| story.iter().map(pick).collect::<BTreeSet<_>>();
        assert!(set(|lot| lot.request.product.clone()).len() >= 40);
        assert_eq!(set(|lot| lot.request.region.clone()).len(), 10);
        let with_gtin = story.iter().filter(|lot| lot.request.gtin.is_some()).count();
        assert_eq!(with_gtin, 120);
        let known =
            |lot: &LotPlan| lot.request.gtin.as_ref().is_none_or(|g| Gtin::parse(g).is_ok());
        assert!(lots.iter().all(known));
        let keys: BTreeSet<_> = lots
            .iter()
            .map(|lot| (&lot.request.producer, &lot.request.gtin, &lot.request.lot))
            .collect();
        assert_eq!(keys.len(), lots.len());
    }
}
