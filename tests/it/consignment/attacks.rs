//! What a consignment must stand: parts of another genuine one, lots dropped, quantities changed,
//! lists that are older, files that were cut or are far too large; and many lots.

use serde_json::{Value, json};
use tasdiq::consignment::with_openings;
use tasdiq::limits::{CONSIGNMENT_BYTES_MAX, CONSIGNMENT_ENTRIES_MAX};
use tasdiq::statement::{CertificateExtract, EventId, StatusAction, canonical_bytes};
use tasdiq::verify::Policy;

use super::stage::{Stage, buyer, opening};
use super::{judge, judge_as, value};
use crate::dossier::story::keep_lists;

/// The place of an entry in a file.
fn place(file: &Value, index: &Value) -> usize {
    let entries = file["entries"].as_array().unwrap();
    entries.iter().position(|entry| entry["leaf"]["index"] == *index).unwrap()
}

#[test]
fn no_part_can_be_swapped_dropped_or_hidden() {
    let stage = Stage::exported();
    let (ship, inland) = (stage.consignment(&stage.ship), stage.consignment(&stage.inland));
    let (file, other) = (value(&ship), value(&inland));
    for (name, _) in file.as_object().unwrap() {
        let mut swapped = file.clone();
        swapped[name] = other[name].clone();
        if swapped != file {
            let report = judge(&stage, &canonical_bytes(&swapped)).report;
            assert_eq!(report.exit_code, 1, "{name} of another consignment");
        }
        let mut short = file.clone();
        short.as_object_mut().unwrap().remove(name);
        let report = judge(&stage, &canonical_bytes(&short)).report;
        assert_eq!(report.exit_code, 1, "without {name}");
    }
    let mut hidden = file.clone();
    hidden["hidden"] = json!(true);
    assert_eq!(judge(&stage, &canonical_bytes(&hidden)).report.exit_code, 1);
    let mut empty = file.clone();
    empty["openings"] = json!([]);
    assert_eq!(judge(&stage, &canonical_bytes(&empty)).report.exit_code, 1, "a second spelling");
    for at in 0..file["entries"].as_array().unwrap().len() {
        let mut fewer = file.clone();
        fewer["entries"].as_array_mut().unwrap().remove(at);
        assert_eq!(judge(&stage, &canonical_bytes(&fewer)).report.exit_code, 1, "without {at}");
    }
    for list in ["lots", "certificateRecords"] {
        let mut fewer = file.clone();
        fewer[list].as_array_mut().unwrap().remove(0);
        assert_eq!(judge(&stage, &canonical_bytes(&fewer)).report.exit_code, 1, "{list}");
    }
}

#[test]
fn a_dishonest_service_contradicts_itself() {
    let stage = Stage::exported();
    let file = value(&stage.consignment(&stage.ship));
    let other = value(&stage.consignment(&stage.inland));
    let honest = stage.signed_again(file.clone());
    assert_eq!(judge(&stage, &honest).report.exit_code, 0);
    let found = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = file.clone();
        change(&mut changed);
        let report = judge(&stage, &stage.signed_again(changed)).report;
        assert_eq!(report.exit_code, 1, "{what}: {:#?}", report.report.checks);
        let last = report
            .report
            .checks
            .iter()
            .find(|check| check.result == tasdiq::verify::CheckResult::Fail);
        last.unwrap().evidence.clone()
    };
    let sent = found("quantity changed", &|file| file["lots"][0]["sent"] = json!(130_001));
    assert!(sent.contains("the shipment does not hold 130001 of coop/F1"), "{sent}");
    let dropped = found("lot dropped", &|file| {
        file["lots"].as_array_mut().unwrap().remove(2);
    });
    assert!(dropped.contains("10000 of coop/H was shipped and is not told"), "{dropped}");
    found("certificate of another lot", &|file| {
        file["certificateRecords"][0]["lot"] = json!("coop/F2");
    });
    found("another lot's record", &|file| {
        file["lots"][1]["record"] = file["lots"][0]["record"].clone();
    });
    found("accepted, and nobody signed for it", &|file| {
        file["lots"][0]["accepted"] = json!(130_000);
    });
    found("another shipment", &|file| {
        file["manifest"]["places"]["shipment"] = other["manifest"]["places"]["shipment"].clone();
    });
    found("a packing left out", &|file| {
        file["manifest"]["places"]["packings"].as_array_mut().unwrap().remove(0);
    });
    let fewer = found("what came out again left out", &|file| {
        file["manifest"]["places"]["packings"].as_array_mut().unwrap().remove(1);
    });
    assert!(fewer.contains("does not hold"), "{fewer}");
    found("said to be voided", &|file| file["shipment"]["state"] = json!("undone"));
    found("answered by what is no answer", &|file| {
        file["shipment"]["answered"] = file["manifest"]["places"]["shipment"].clone();
    });
    found("an extract that is none", &|file| {
        file["manifest"]["places"]["extracts"] = json!([file["manifest"]["places"]["shipment"]]);
    });
    found("a signature less", &|file| {
        let index = file["manifest"]["places"]["shipment"].clone();
        let at = place(file, &index);
        let quantity = &mut file["entries"][at]["leaf"]["statement"]["credentialSubject"]["lots"]
            [0]["quantity"];
        *quantity = json!(1);
    });
}

/// The shipper draws a part of a certificate for a shipment; where the log has it.
fn draw(stage: &mut Stage, of: &EventId, certificate: u64, quantity: u64) -> u64 {
    let lot = stage.goods.world.register.certificate(certificate).unwrap().record.lot;
    let claim = CertificateExtract { certificate, consignment: of.clone(), lot, quantity };
    stage.goods.say("coop", |draft| claim.draft(draft)).unwrap();
    stage.goods.world.register.size() - 1
}

#[test]
fn it_holds_its_extracts_and_names_one_dropped_or_foreign() {
    let mut stage = Stage::exported();
    let (ship, inland) = (stage.ship.clone(), stage.inland.clone());
    let own = [draw(&mut stage, &ship, 1, 20_000), draw(&mut stage, &ship, 0, 60_000)];
    let foreign = draw(&mut stage, &inland, 1, 5_000);
    let bytes = stage.consignment(&ship);
    let judged = judge(&stage, &bytes);
    assert_eq!(judged.report.exit_code, 0, "{:#?}", judged.report.report.checks);
    let told = judged.facts.unwrap().extracts;
    let told: Vec<_> = told.iter().map(|one| (one.certificate, one.quantity)).collect();
    assert_eq!(told, [(1, 20_000), (0, 60_000)], "in the order of the log");
    let file = value(&bytes);
    assert_eq!(file["manifest"]["places"]["extracts"], json!(own));
    let refused = |bytes: &[u8], said: &str| {
        let report = judge(&stage, bytes).report;
        assert_eq!(report.exit_code, 1, "{said}");
        assert!(
            report.report.checks.iter().any(|check| check.evidence.contains(said)),
            "{said}: {:#?}",
            report.report.checks
        );
    };
    let mut dropped = file.clone();
    let at = place(&file, &json!(own[0]));
    dropped["entries"].as_array_mut().unwrap().remove(at);
    refused(&canonical_bytes(&dropped), &format!("entries/{} is not the member", own[0]));
    // And by the service itself.
    refused(&stage.signed_again(dropped), &format!("entry {} is missing", own[0]));
    let mut unnamed = file.clone();
    unnamed["manifest"]["places"]["extracts"] = json!([own[0]]);
    refused(&stage.signed_again(unnamed), &format!("entry {} is an extract that is not", own[1]));
    let mut twice = file.clone();
    twice["manifest"]["places"]["extracts"] = json!([own[0], own[1], own[1]]);
    refused(&stage.signed_again(twice), "extracts stand each once");
    let mut other = file.clone();
    other["entries"].as_array_mut().unwrap().push(stage.entry(foreign));
    other["manifest"]["places"]["extracts"] = json!([own[0], own[1], foreign]);
    refused(
        &stage.signed_again(other),
        &format!("entry {foreign} is no extract for this shipment"),
    );
}

#[test]
fn an_older_status_list_proves_nothing() {
    let mut stage = Stage::exported();
    let before = value(&stage.consignment(&stage.ship));
    stage.withdraw(0);
    let bytes = stage.consignment(&stage.ship);
    assert_eq!(judge(&stage, &bytes).report.exit_code, 4);
    let mut older = value(&bytes);
    let list = |file: &Value| file["manifest"]["places"]["lists"]["revocation-0"].clone();
    let (old, new) = (list(&before), list(&older));
    assert_ne!(old, new);
    let at = place(&older, &new);
    older["entries"].as_array_mut().unwrap().remove(at);
    older["entries"].as_array_mut().unwrap().push(stage.entry(old.as_u64().unwrap()));
    let entries = older["entries"].as_array_mut().unwrap();
    entries.sort_by_key(|entry| entry["leaf"]["index"].as_u64());
    assert_eq!(judge(&stage, &canonical_bytes(&older)).report.exit_code, 1, "by who hands it on");
    older["manifest"]["places"]["lists"]["revocation-0"] = old;
    let report = judge(&stage, &stage.signed_again(older)).report;
    assert_eq!(report.exit_code, 1, "by the service: the index names another list");
    // Status that is old is told as such, under every policy in its time.
    let day = 86_400;
    for (policy, days, code) in [
        (Policy::Shop, 6, 0),
        (Policy::Shop, 8, 3),
        (Policy::Customs, 1, 0),
        (Policy::Customs, 3, 3),
        (Policy::Audit, 3, 3),
    ] {
        let mut later = Stage::exported();
        let bytes = later.consignment(&later.ship);
        later.goods.later(days * day);
        let report = judge_as(&later, &bytes, policy).report;
        assert_eq!(report.exit_code, code, "{policy:?} after {days} days");
    }
}

#[test]
fn sixty_four_lots_travel_in_one_file() {
    let mut stage = Stage::exported();
    let names: Vec<String> = (0..64).map(|number| format!("coop/M{number:02}")).collect();
    for (serial, lot) in (2..).zip(&names) {
        stage.goods.declare(lot, "argan-fruit", 10_000).unwrap();
        stage.goods.certify(serial, lot, 10_000, "nm-mark").unwrap();
    }
    let lots: Vec<(&str, u64)> = names.iter().map(|lot| (lot.as_str(), 9_000)).collect();
    stage.goods.ship("coop", "souk", &lots).unwrap();
    let id = stage.goods.last("coop");
    keep_lists(&mut stage.goods.world);
    let bytes = stage.consignment(&id);
    let judged = judge(&stage, &bytes);
    assert_eq!(judged.report.exit_code, 0, "{:#?}", judged.report.report.checks);
    let facts = judged.facts.unwrap();
    assert_eq!((facts.lots.len(), judged.report.certificates.len()), (64, 64));
    assert_eq!(facts.lots.iter().map(|lot| lot.sent).sum::<u64>(), 64 * 9_000);
    assert!(bytes.len() < 1_500_000, "{}", bytes.len());
}

#[test]
fn what_is_cut_or_too_large_is_not_read() {
    let stage = Stage::exported();
    let bytes = stage.consignment(&stage.ship);
    for at in [0, 1, 100, bytes.len() / 2, bytes.len() - 1] {
        let report = judge(&stage, &bytes[..at]).report;
        assert_eq!((report.exit_code, report.state), (2, None), "cut at {at}");
    }
    let mut padded = bytes.clone();
    padded.resize(100_000_000, b' ');
    let judged = judge(&stage, &padded);
    assert_eq!(judged.report.exit_code, 2);
    assert!(judged.report.report.checks[0].evidence.contains("100000000 bytes"));
    assert!(judged.facts.is_none());
    let mut large = buyer();
    large["address"] = json!("x".repeat(CONSIGNMENT_BYTES_MAX));
    let error = with_openings(&bytes, &opening([7; 16], &large)).unwrap_err();
    assert_eq!(error.code(), "consignment_too_large");
    for text in ["{}", "[]", "null", "{\"type\":\"TasdiqConsignment\"}"] {
        assert_eq!(judge(&stage, text.as_bytes()).report.exit_code, 1, "{text}");
    }
}

#[test]
fn more_entries_than_are_read_are_refused_with_figures() {
    // Five thousand entries, each folded and judged: a minute.
    if std::env::var_os("TASDIQ_LONG").is_none() {
        return;
    }
    let mut stage = Stage::exported();
    let entries = u64::try_from(CONSIGNMENT_ENTRIES_MAX).unwrap();
    for number in 0..entries {
        let action = if number % 2 == 0 { StatusAction::Hold } else { StatusAction::Release };
        stage.goods.change("registrar", "coop/F2", action).unwrap();
        stage.goods.later(1);
    }
    let error = stage.try_consignment(&stage.inland).unwrap_err();
    assert_eq!(error.code(), "consignment_too_large");
    assert!(
        error.to_string().contains(&format!("at most {CONSIGNMENT_BYTES_MAX} bytes")),
        "{error}"
    );
}
