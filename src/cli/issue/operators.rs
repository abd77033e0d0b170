//! A row of `tasdiq issue --what operators`: whom it certifies for which materials, regions and
//! volumes. Not here: rows of lots and of their certificates (`rows`).

use super::super::common::cells::Cells;
use super::super::common::words::day_in_words;
use crate::catalog::Catalog;
use crate::ledger::OperatorRequest;
use crate::names::PartySlug;
use crate::reader::{Noun, code_of, quantity_of};
use crate::statement::{Campaign, Day, OperatorCertificate, Volume};

/// What a row asks for; its faults are kept with the cells.
pub fn row(cells: &Cells<'_>, issuer: &PartySlug) -> Option<OperatorRequest> {
    let party = cells.needed_identifier("operator");
    let party = party.and_then(|party| cells.good("operator", PartySlug::parse(&party)));
    let scheme = cells.needed_named("scheme", Noun::Scheme);
    let edition = cells.needed("edition");
    let materials = listed(cells, "materials", Noun::Material);
    let regions = listed(cells, "regions", Noun::Region);
    let volumes = volumes(cells, materials.as_deref());
    let decision = cells.needed_day("decision_date");
    let (assessed, from) = (cells.day("assessed_on"), cells.day("valid_from"));
    let until = cells.needed_day("valid_until");
    if let (Some(until), Some(first)) = (until, from.or(decision))
        && until < first
    {
        let (value, first) = (day_in_words(until), day_in_words(first));
        cells.fault_of("valid_until", "fault-day-order", &[("value", &value), ("first", &first)]);
    }
    if let (Some(assessed), Some(decision)) = (assessed, decision)
        && decision < assessed
    {
        let (value, last) = (day_in_words(assessed), day_in_words(decision));
        cells.fault_of("assessed_on", "fault-day-late", &[("value", &value), ("last", &last)]);
    }
    let not_covered = cells.several("not_covered");
    Some(OperatorRequest {
        issuer: issuer.to_string(),
        party: party?.to_string(),
        scheme: scheme?.to_owned(),
        scheme_edition: edition?,
        materials: materials?,
        regions: regions?,
        volumes: volumes?,
        decision_date: decision?.to_string(),
        assessed_on: assessed.map(|day| day.to_string()),
        valid_from: from.map(|day| day.to_string()),
        valid_until: until?.to_string(),
        not_covered,
    })
}

/// Codes of several of a kind, in ascending order; each once. None if one of them is not known.
fn listed(cells: &Cells<'_>, column: &str, noun: Noun) -> Option<Vec<String>> {
    let text = cells.needed(column)?;
    let read = |part: &String| cells.good(column, code_of(noun, part)).map(str::to_owned);
    let read: Vec<Option<String>> = cells.several(column).iter().map(read).collect();
    let mut all = read.into_iter().collect::<Option<Vec<String>>>()?;
    if all.is_empty() {
        cells.fault_of(column, "fault-empty", &[]);
    }
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    if all.len() < count {
        cells.fault_of(column, "fault-named-twice", &[("value", &text)]);
    }
    Some(all)
}

/// Volumes of materials that the row names, where these are known; each once. None at a fault.
fn volumes(cells: &Cells<'_>, named: Option<&[String]>) -> Option<Vec<Volume>> {
    let mut volumes: Vec<Volume> = Vec::new();
    let mut good = true;
    for part in cells.several("volumes") {
        let Some(volume) = volume(cells, &part) else {
            good = false;
            continue;
        };
        let material = [("value", volume.material.as_str())];
        if named.is_some_and(|named| !named.contains(&volume.material)) {
            cells.fault_of("volumes", "fault-volume-material", &material);
        }
        let key = |volume: &Volume| (volume.material.clone(), volume.campaign.clone());
        if volumes.iter().any(|known| key(known) == key(&volume)) {
            let [material] = material;
            let values = [material, ("campaign", &volume.campaign)];
            cells.fault_of("volumes", "fault-volume-twice", &values);
        }
        volumes.push(volume);
    }
    volumes.sort_by(|a, b| (&a.material, &a.campaign).cmp(&(&b.material, &b.campaign)));
    good.then_some(volumes)
}

/// `material:campaign:quantity`.
fn volume(cells: &Cells<'_>, part: &str) -> Option<Volume> {
    let fields: Vec<&str> = part.split(':').map(str::trim).collect();
    let [name, campaign, quantity] = fields[..] else {
        cells.fault_of("volumes", "fault-volume", &[("value", part)]);
        return None;
    };
    let known = Campaign::parse(campaign).is_some();
    if !known {
        cells.fault_of("volumes", "fault-campaign", &[("value", campaign)]);
    }
    let material = cells.good("volumes", code_of(Noun::Material, name))?;
    let unit = Catalog::builtin().ok()?.material(material)?.unit;
    let quantity = cells.good("volumes", quantity_of(quantity, unit))?;
    let volume = Volume { material: material.to_owned(), campaign: campaign.to_owned(), quantity };
    known.then_some(volume)
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
