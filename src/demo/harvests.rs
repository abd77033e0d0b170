//! What the cooperatives of the demonstration harvest, what they can, and for what they are
//! certified: statements to be, not signed. Not here: the lots themselves (`lots`).

use std::collections::{BTreeMap, BTreeSet};

use super::lots::Planned;
use super::parties::Member;
use crate::catalog::{Catalog, MaterialOrigin, Scheme};
use crate::names::Word;
use crate::statement::{
    Capacity, CapacityStatement, Day, OperatorCertificate, OperatorFacts, Timestamp, Volume,
};

/// Who certifies the producers of harvested goods, under which scheme.
pub const OPERATOR_SCHEMES: [(&str, &str); 4] = [
    ("certif-atlas", "sdoq-ig"),
    ("certif-atlas", "sdoq-ao"),
    ("certif-vert", "bio-maroc"),
    ("certif-juste", "fairtrade"),
];

/// What one cooperative harvests.
pub struct Harvest {
    pub producer: String,
    /// By material and campaign, smallest unit.
    sums: BTreeMap<(String, String), u64>,
    regions: BTreeSet<String>,
    today: Day,
}

/// What is harvested of the lots, by cooperative.
pub fn harvests(catalog: &Catalog, lots: &[Planned], today: Day) -> Vec<Harvest> {
    let mut all: BTreeMap<&str, Harvest> = BTreeMap::new();
    let primary = |lot: &&Planned| {
        let material = catalog.material(&lot.declaration.facts.product);
        material.is_some_and(|known| known.origin == MaterialOrigin::Primary)
    };
    for lot in lots.iter().filter(primary) {
        let facts = &lot.declaration.facts;
        let harvest = all.entry(&lot.producer).or_insert_with(|| Harvest {
            producer: lot.producer.clone(),
            sums: BTreeMap::new(),
            regions: BTreeSet::new(),
            today,
        });
        let key = (facts.product.to_string(), facts.campaign.to_string());
        *harvest.sums.entry(key).or_default() += facts.quantity;
        harvest.regions.insert(facts.region.to_string());
    }
    all.into_values().collect()
}

impl Harvest {
    fn first_day(&self) -> Day {
        Day::from_days(self.today.days() - 360)
    }

    /// When it was stated and decided.
    pub fn at(&self) -> Timestamp {
        self.first_day().start()
    }

    /// Just what it harvests is what it can.
    pub fn capacities(&self, client: &Member) -> Vec<CapacityStatement> {
        let figures = self.sums.iter().map(|((product, campaign), quantity)| CapacityStatement {
            party: client.slug.clone(),
            capacity: Capacity {
                product: product.clone(),
                campaign: campaign.clone(),
                quantity: *quantity,
            },
        });
        figures.collect()
    }

    /// It is certified for all of it.
    pub fn operator(
        &self,
        serial: u64,
        client: &Member,
        scheme: &Scheme,
        accreditation: &str,
    ) -> OperatorCertificate {
        let volumes = self.sums.iter().map(|((material, campaign), quantity)| Volume {
            material: material.clone(),
            campaign: campaign.clone(),
            quantity: *quantity,
        });
        let materials: BTreeSet<&String> = self.sums.keys().map(|(material, _)| material).collect();
        OperatorCertificate {
            serial,
            party: client.slug.clone(),
            party_name: Word::new(&client.name),
            scheme: Word::new(&scheme.id),
            scheme_name: Word::new(&scheme.name_en),
            accreditation: Word::new(accreditation),
            valid_from: self.at(),
            valid_until: Day::from_days(self.today.days() + 360).end(),
            assessed_on: self.first_day(),
            facts: OperatorFacts {
                materials: materials.into_iter().cloned().collect(),
                regions: self.regions.iter().cloned().collect(),
                decision_date: self.first_day(),
                scheme_edition: Word::new("édition fictive 2025"),
                volumes: volumes.collect(),
                not_covered: Vec::new(),
            },
        }
    }
}
