//! Which lots are declared and how they are certified in the demonstration.

use super::cast::HONEY_MATERIAL;
use super::parties::{SMALL_COOPERATIVE, SMALL_PRODUCT, cooperative};
use crate::catalog::{BaseUnit, Catalog, Product};
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Word};
use crate::statement::{CertificateFacts, CustodyModel, Day, LotDeclaration, LotFacts};

/// Lots declared for each product that is used.
pub const LOTS_EACH: usize = 6;
/// Products whose first lots show the statuses, one each.
const SHOWN_FIRST: [&str; 7] = [
    "argane",
    "safran-taliouine",
    "miel-euphorbe-tadla-azilal",
    "dattes-majhoul-tafilalet",
    "huile-olive-ouezzane",
    "rose-kelaat-mgouna",
    "amande-tafraout",
];
/// Lots declared without certificate, for trying out `issue`.
pub const OPEN_LOTS: usize = 300;

/// A lot to be declared, and by whom.
pub struct Planned {
    pub producer: String,
    pub declaration: LotDeclaration,
    /// Sign under law 25-06, which picks the scheme.
    pub sign: String,
}

/// The certified lots: six of every recognised product whose region is known.
pub fn plan(catalog: &Catalog, today: Day) -> Vec<Planned> {
    let known = |product: &&Product| {
        product.status == "recognised" && product.hs6.len() == 6 && region(product).is_some()
    };
    let rank = |product: &&Product| {
        SHOWN_FIRST.iter().position(|id| *id == product.id).unwrap_or(SHOWN_FIRST.len())
    };
    let mut products: Vec<&Product> = catalog.products().filter(known).collect();
    products.sort_by_key(rank);
    // What is traced from the first day is told apart.
    let products = products.into_iter().enumerate();
    let products = products.filter(|(_, product)| product.id != HONEY_MATERIAL);
    let lots = products.flat_map(|(place, product)| {
        (0..LOTS_EACH).filter_map(move |which| lot(product, place, which, today))
    });
    lots.collect()
}

/// Lots that nobody has certified yet.
pub fn open_lots(catalog: &Catalog, today: Day) -> Vec<Planned> {
    let products: Vec<&Product> =
        catalog.products().filter(|p| p.status == "recognised" && region(p).is_some()).collect();
    let products: Vec<&Product> =
        products.into_iter().filter(|product| product.id != HONEY_MATERIAL).collect();
    let planned = (0..OPEN_LOTS).filter_map(|which| {
        let product = products.get(which % products.len().max(1))?;
        let region = region(product)?;
        let producer = cooperative(region, which)?;
        let key = LotKey::Party(slug(&producer)?, number(&format!("N{:03}", which + 1))?);
        Some(planned(product, key, &producer, region, packed(today, 1 + which % 40)))
    });
    planned.collect()
}

/// The last lot: it takes the small cooperative above its capacity.
pub fn excess(catalog: &Catalog, today: Day) -> Option<Planned> {
    let product = catalog.product(SMALL_PRODUCT)?;
    let key = LotKey::Party(slug(SMALL_COOPERATIVE)?, number("E26EXCES")?);
    let mut lot = planned(product, key, SMALL_COOPERATIVE, "MA-09", packed(today, 30));
    lot.declaration.facts.quantity = 2_000_000;
    Some(lot)
}

fn lot(product: &Product, place: usize, which: usize, today: Day) -> Option<Planned> {
    let region = region(product)?;
    let producer = cooperative(region, which)?;
    let number = number(&format!("L{:02}{which}", place + 1))?;
    let key = if which.is_multiple_of(2) {
        LotKey::Gtin(gtin(place)?, number)
    } else {
        LotKey::Party(slug(&producer)?, number)
    };
    let age = 20 + (place * 7 + which * 41) % 300;
    Some(planned(product, key, &producer, region, packed(today, age)))
}

fn planned(
    product: &Product,
    lot: LotKey,
    producer: &str,
    region: &str,
    packed_on: Day,
) -> Planned {
    let (quantity, pack_size) = match product.unit {
        BaseUnit::Millilitre => (120_000, 250),
        BaseUnit::Gram if product.id.starts_with("safran") => (4_000, 2),
        BaseUnit::Gram => (300_000, 500),
        BaseUnit::Piece => (600, 1),
    };
    let declaration = LotDeclaration {
        lot,
        name: Word::new(&product.name_fr),
        hs_code: Word::new(&product.hs6),
        packed_on,
        expires_on: Some(Day::from_days(packed_on.days() + 730)),
        facts: LotFacts {
            product: Word::new(&product.id),
            region: Word::new(region),
            quantity,
            unit: Word::new(product.unit.code()),
            campaign: Word::new(&packed_on.ymd().0.to_string()),
            pack_size,
            origin: None,
            names: Default::default(),
            mandate: None,
        },
    };
    Planned { producer: producer.to_owned(), declaration, sign: product.sign.clone() }
}

/// What a certifier attests of a lot.
pub fn facts(lot: &LotDeclaration, decision_date: Day, scheme: &str) -> CertificateFacts {
    CertificateFacts {
        product: lot.facts.product.clone(),
        hs_code: lot.hs_code.clone(),
        quantity: lot.facts.quantity,
        unit: lot.facts.unit.clone(),
        decision_date,
        scheme_edition: Word::new("édition fictive 2025"),
        custody_model: if scheme == "fairtrade" {
            CustodyModel::IdentityPreserved
        } else {
            CustodyModel::Segregated
        },
        laboratory_reports: Vec::new(),
        not_covered: vec!["Transport et entreposage après l'expédition".to_owned()],
        supersedes: None,
        operator_certificate: None,
    }
}

fn region(product: &Product) -> Option<&str> {
    let known = |region: &&String| super::parties::REGIONS.contains(&region.as_str());
    product.regions.iter().find(known).map(String::as_str)
}

fn packed(today: Day, days_ago: usize) -> Day {
    Day::from_days(today.days() - i64::try_from(days_ago).unwrap_or_default())
}

fn slug(text: &str) -> Option<PartySlug> {
    PartySlug::parse(text).ok()
}

fn number(text: &str) -> Option<LotNumber> {
    LotNumber::parse(text).ok()
}

/// A GTIN of the prefix that GS1 keeps for demonstrations (952), with its check digit.
fn gtin(place: usize) -> Option<Gtin> {
    let body = format!("952{:09}", 100_000 + place * 37);
    (0..10).find_map(|digit| Gtin::parse(&format!("{body}{digit}")).ok())
}
