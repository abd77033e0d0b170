//! A row of `tasdiq issue --what operators`: whom it certifies for which materials, regions and
//! volumes. Not here: rows of lots and of their certificates (`rows`).

use super::super::common::cells::Cells;
use super::terms::{material, parts, region, scheme};
use crate::catalog::Catalog;
use crate::ledger::OperatorRequest;
use crate::names::PartySlug;
use crate::reader::quantity_of;
use crate::statement::{Campaign, Day, OperatorCertificate, Volume};

/// What a row asks for; its faults are kept with the cells.
pub fn row(cells: &Cells<'_>, issuer: &PartySlug) -> Option<OperatorRequest> {
    let party = cells.needed_identifier("operator");
    let party = party.and_then(|party| cells.good("operator", PartySlug::parse(&party)));
    let scheme = scheme(cells);
    let edition = cells.needed("edition");
    let catalog = cells.good("materials", Catalog::builtin())?;
    let materials = listed(cells, "materials", |name| {
        material(cells, catalog, name).map(|material| material.id.clone())
    });
    let regions = listed(cells, "regions", |text| region(cells, catalog, text));
    let volumes = volumes(cells, catalog, materials.as_deref().unwrap_or_default());
    let decision = cells.needed_day("decision_date");
    let (assessed, from) = (cells.day("assessed_on"), cells.day("valid_from"));
    let until = cells.needed_day("valid_until");
    if let (Some(until), Some(first)) = (until, from.or(decision))
        && until < first
    {
        cells.fault(format!("valid_until {until} is before the first day of validity"));
    }
    if let (Some(assessed), Some(decision)) = (assessed, decision)
        && decision < assessed
    {
        cells.fault(format!("assessed_on {assessed} is after the decision"));
    }
    let not_covered = cells.optional("not_covered").unwrap_or_default();
    Some(OperatorRequest {
        issuer: issuer.to_string(),
        party: party?.to_string(),
        scheme: scheme?,
        scheme_edition: edition?,
        materials: materials?,
        regions: regions?,
        volumes,
        decision_date: decision?.to_string(),
        assessed_on: assessed.map(|day| day.to_string()),
        valid_from: from.map(|day| day.to_string()),
        valid_until: until?.to_string(),
        not_covered: parts(&not_covered).map(str::to_owned).collect(),
    })
}

/// Several of a kind, parted by `|`, in ascending order; each once.
fn listed(
    cells: &Cells<'_>,
    column: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let text = cells.needed(column)?;
    let mut all: Vec<String> = parts(&text).filter_map(read).collect();
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    if all.len() < count {
        cells.fault(format!("{column}: {text:?} names one of them twice"));
    }
    Some(all)
}

/// `material:campaign:quantity`, parted by `|`; of materials that the row names, each once.
fn volumes(cells: &Cells<'_>, catalog: &Catalog, named: &[String]) -> Vec<Volume> {
    let text = cells.optional("volumes").unwrap_or_default();
    let mut volumes: Vec<Volume> = Vec::new();
    for part in parts(&text) {
        let fields: Vec<&str> = part.split(':').map(str::trim).collect();
        let [name, campaign, quantity] = fields[..] else {
            let example = "argan-fruit:2026:12000 kg";
            cells.fault(format!("volumes: {part:?} is not material:campaign:quantity ({example})"));
            continue;
        };
        let Some(material) = material(cells, catalog, name) else { continue };
        if !named.contains(&material.id) {
            cells.fault(format!("volumes: {} is not among the materials", material.id));
        }
        if Campaign::parse(campaign).is_none() {
            cells.fault(format!("volumes: {campaign:?} is no campaign: write 2026, or 2026/27"));
        }
        let same = |known: &Volume| known.material == material.id && known.campaign == campaign;
        if volumes.iter().any(same) {
            cells.fault(format!("volumes: {} of {campaign} stands twice", material.id));
        }
        let read = quantity_of(quantity, material.unit);
        let Some(quantity) = cells.good("volumes", read) else { continue };
        let (material, campaign) = (material.id.clone(), campaign.to_owned());
        volumes.push(Volume { material, campaign, quantity });
    }
    volumes.sort_by(|a, b| (&a.material, &a.campaign).cmp(&(&b.material, &b.campaign)));
    volumes
}

/// What of a prepared certificate is another than was asked for, if anything is.
#[must_use]
pub fn differences(
    asked: &OperatorRequest,
    claim: &OperatorCertificate,
) -> Vec<(&'static str, bool)> {
    let facts = &claim.facts;
    let or_decided =
        |text: &Option<String>| Day::parse(text.as_ref().unwrap_or(&asked.decision_date));
    vec![
        ("operator", claim.party.to_string() == asked.party),
        ("scheme", claim.scheme == asked.scheme),
        ("edition", facts.scheme_edition == asked.scheme_edition),
        ("materials", facts.materials == asked.materials),
        ("regions", facts.regions == asked.regions),
        ("volumes", facts.volumes == asked.volumes),
        ("decision_date", facts.decision_date.to_string() == asked.decision_date),
        ("assessed_on", or_decided(&asked.assessed_on) == Ok(claim.assessed_on)),
        ("valid_from", or_decided(&asked.valid_from).map(Day::start) == Ok(claim.valid_from)),
        ("valid_until", Day::parse(&asked.valid_until).map(Day::end) == Ok(claim.valid_until)),
        ("not_covered", facts.not_covered == asked.not_covered),
    ]
}
