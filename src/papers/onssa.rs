//! `onssa`: the documents of a dossier for export from Morocco, by `export-documents.csv`, with
//! what the ledger holds of each and what must be added; in French, as its readers work.
//! Not here: whether a document is needed in a case, which its trigger says and a person decides.

use super::Cell;
use super::told::{Told, net_mass};
use crate::catalog::{Catalog, SchemeKind};
use crate::consignment::{Committed, ShippedCertificate, ShippedLot};

pub(super) const HEADS: [&str; 8] = [
    "Document",
    "Produits",
    "Destination",
    "Délivré par",
    "Exigence",
    "Base ou déclencheur",
    "Ce que le registre contient",
    "À joindre ou à vérifier",
];

/// The table, as it comes with a release.
const DOCUMENTS: &str = include_str!("../../assets/data/export-documents.csv");

/// Places of its columns: family, destination, names, issuer, need, basis, confidence.
const USED: [usize; 8] = [0, 1, 2, 3, 4, 5, 6, 11];

pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Cell>> {
    let mut table = csv::Reader::from_reader(DOCUMENTS.as_bytes());
    let records = table.records().filter_map(Result::ok);
    let cells = records.map(|record| USED.map(|place| record.get(place).unwrap_or("").to_owned()));
    let of_goods = cells.filter(|[family, ..]| told.facts.lots.iter().any(|it| is_of(family, it)));
    let mut rows: Vec<_> = of_goods.map(|cells| row(told, cells)).collect();
    rows.push(vec![
        Cell::text("Fichier d'expédition (.tasdiq)"),
        Cell::text("tous"),
        Cell::text("toutes"),
        Cell::text("registre"),
        Cell::text(""),
        Cell::text("se vérifie hors ligne : tasdiq consignment"),
        Cell::text(told.facts.domain.event_iri(&told.facts.id)),
        Cell::text(verdict_fr(told)),
    ]);
    rows
}

fn verdict_fr(told: &Told<'_>) -> String {
    match (&told.facts.voided, told.report.exit_code) {
        (Some(voided), _) => {
            format!("EXPÉDITION ANNULÉE par {} (entrée {})", voided.by, voided.mark.index)
        }
        (None, 0) => "authentique, certificats en vigueur".to_owned(),
        (None, 4) => "AUTHENTIQUE MAIS NON CONFORME : voir l'état des lots".to_owned(),
        (None, 1) => "UN CERTIFICAT N'EST PAS AUTHENTIQUE".to_owned(),
        (None, _) => "NON TRANCHÉ : données insuffisantes".to_owned(),
    }
}

fn row(told: &Told<'_>, cells: [String; 8]) -> Vec<Cell> {
    let [family, destination, name, name_fr, issuer, need, basis, confidence] = cells;
    let (held, add) = of_document(told, &name);
    let need = match need.split_whitespace().next().unwrap_or_default() {
        "M" => format!("obligatoire{}", need.trim_start_matches('M')),
        "C" => format!("selon le cas{}", need.trim_start_matches('C')),
        "V" => "facultatif".to_owned(),
        "N" => "non demandé".to_owned(),
        _ => need,
    };
    let add = if confidence == "read" { add } else { format!("{add} (exigence à vérifier)") };
    vec![
        Cell::text(name_fr),
        Cell::text(family),
        Cell::text(destination),
        Cell::text(issuer),
        Cell::text(need),
        Cell::text(basis),
        Cell::text(held),
        Cell::text(add),
    ]
}

/// Whether a family of products may be that of a lot, by its HS code and its certificates; of a
/// family that is not known here a person decides.
fn is_of(family: &str, lot: &ShippedLot) -> bool {
    let code = lot.declaration.hs_code.as_str();
    let chapter: u8 = code.get(..2).and_then(|digits| digits.parse().ok()).unwrap_or_default();
    let under = |kinds: &[SchemeKind]| lot.certificates.iter().any(|one| is_under(one, kinds));
    match family {
        "all food of plant origin" => (6..=24).contains(&chapter),
        "fresh fruit, plants, herbs, nuts in shell, seeds" => (6..=14).contains(&chapter),
        "processed oils, powders, cosmetics" => matches!(chapter, 11 | 15 | 33),
        "honey and animal origin" => (1..=5).contains(&chapter),
        "honey" => code.starts_with("0409"),
        "olive oil" => code.starts_with("1509") || code.starts_with("1510"),
        "olive/table products" => matches!(chapter, 7 | 15 | 20),
        "saffron" => code.starts_with("091020"),
        "herbs, spices, dried fruit" => matches!(chapter, 8 | 9 | 12),
        "cosmetics (argan, prickly-pear seed oil, rose water)" => chapter == 33,
        "organic (any)" => under(&[SchemeKind::Organic]),
        "IG / AO / LA product" => under(&[SchemeKind::Geographical, SchemeKind::AgriculturalLabel]),
        "fair trade claim" => under(&[SchemeKind::FairTrade]),
        "halal claim" => under(&[SchemeKind::Halal]),
        _ if family.starts_with("argan oil") => lot.declaration.facts.product.contains("argan"),
        _ => true,
    }
}

fn is_under(certificate: &ShippedCertificate, kinds: &[SchemeKind]) -> bool {
    let scheme = Catalog::builtin().ok().and_then(|it| it.scheme(&certificate.record.scheme));
    scheme.is_some_and(|scheme| scheme.kinds.iter().any(|kind| kinds.contains(kind)))
}

/// What the ledger holds of a document, and what must be added.
fn of_document(told: &Told<'_>, name: &str) -> (String, String) {
    let attach = "original à joindre".to_owned();
    let by_kind = |kinds: &[SchemeKind]| (certified(told, kinds), attach.clone());
    match name {
        "Commercial invoice (pro forma for licences)" => document(told),
        "Packing list" => (packed(told), "masse brute, marques, conteneur".to_owned()),
        "Analysis bulletins for the lots exported" => bulletins(told),
        _ if name.starts_with("Operator certificate + COI") => by_kind(&[SchemeKind::Organic]),
        "NOP Import Certificate" | "GB COI / CH via TRACES" => by_kind(&[SchemeKind::Organic]),
        "SDOQ certificate of the operator" => {
            by_kind(&[SchemeKind::Geographical, SchemeKind::AgriculturalLabel])
        }
        _ if name.starts_with("Fairtrade / FfL") => by_kind(&[SchemeKind::FairTrade]),
        "Halal certificate" => by_kind(&[SchemeKind::Halal]),
        _ if name.starts_with("Analysis") => bulletins(told),
        _ => ("rien".to_owned(), attach),
    }
}

fn document(told: &Told<'_>) -> (String, String) {
    let facts = told.facts;
    let opened = facts.opened.iter().any(|opened| opened.of == Committed::Document);
    let number = told.of_document(&["number"]).map(|number| format!(", n° {number}"));
    match facts.event.document {
        None => ("rien".to_owned(), "original à joindre".to_owned()),
        Some(commitment) if opened => {
            let held = format!("document engagé et ouvert{}", number.unwrap_or_default());
            (held, format!("original à joindre ({commitment})"))
        }
        Some(commitment) => (
            "document engagé, non montré".to_owned(),
            format!("à ouvrir et joindre ({commitment})"),
        ),
    }
}

fn packed(told: &Told<'_>) -> String {
    let (lots, units) = (&told.facts.lots, &told.facts.units);
    let masses: Option<Vec<u64>> = lots.iter().map(net_mass).collect();
    let mass = match masses {
        Some(masses) => {
            let sum = masses.iter().fold(0_u64, |sum, mass| sum.saturating_add(*mass));
            format!("masse nette {sum} g")
        }
        None => "masse nette à compléter".to_owned(),
    };
    format!("{} lots, {} unités logistiques, {mass}", lots.len(), units.len())
}

fn bulletins(told: &Told<'_>) -> (String, String) {
    let certificates = || told.facts.lots.iter().flat_map(|lot| &lot.certificates);
    let named: usize = certificates().map(|one| one.claim.facts.laboratory_reports.len()).sum();
    let is_bulletin = |of| matches!(of, Committed::Bulletin(_));
    let opened = told.facts.opened.iter().filter(|opened| is_bulletin(opened.of)).count();
    let left = named.saturating_sub(opened);
    match named {
        0 => ("rien".to_owned(), "bulletins à joindre".to_owned()),
        _ => {
            let held = format!("{named} bulletins engagés par les certificats, {opened} ouverts");
            (held, format!("{left} bulletins à ouvrir et joindre"))
        }
    }
}

fn certified(told: &Told<'_>, kinds: &[SchemeKind]) -> String {
    let mut all = Vec::new();
    for lot in &told.facts.lots {
        for one in lot.certificates.iter().filter(|one| is_under(one, kinds)) {
            let (serial, scheme) = (one.record.serial, &one.record.scheme);
            all.push(format!("n° {serial} ({scheme}, {})", told.certificate_status(one)));
        }
    }
    match all.is_empty() {
        true => "rien".to_owned(),
        false => format!("certificats de lot : {}", all.join(" ; ")),
    }
}
