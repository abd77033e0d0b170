//! Consignments: that a shipment's file says what was shipped and every sum follows, that no part
//! can be swapped, dropped, changed or hidden, what was taken back or recalled is told; openings.

#[path = "consignment/attacks.rs"]
mod attacks;
#[path = "consignment/papers.rs"]
mod papers;
#[path = "consignment/service.rs"]
mod service;
#[path = "consignment/stage.rs"]
pub mod stage;
#[path = "consignment/vectors.rs"]
mod vectors;

use serde_json::{Value, json};
use tasdiq::consignment::{Committed, consignment_trust, with_openings};
use tasdiq::statement::{StatusAction, Undone};
use tasdiq::trust::Trust;
use tasdiq::verify::{
    CheckName, CheckResult, Indication, JudgedConsignment, Policy, SubIndication, judge_consignment,
};

use stage::{Stage, buyer, note, opening};

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Judged by a reader who has the trust snapshot.
fn judge(stage: &Stage, bytes: &[u8]) -> JudgedConsignment {
    judge_as(stage, bytes, Policy::Audit)
}

fn judge_as(stage: &Stage, bytes: &[u8], policy: Policy) -> JudgedConsignment {
    let trust = Trust::open(&stage.goods.world.trust_file(), None).unwrap();
    judge_consignment(bytes, &trust, None, stage.goods.world.now, policy)
}

#[test]
fn it_says_what_was_shipped_and_every_sum_follows() {
    let stage = Stage::exported();
    let bytes = stage.consignment(&stage.ship);
    let judged = judge(&stage, &bytes);
    let report = &judged.report;
    assert_eq!(report.exit_code, 0, "{:#?}", report.report.checks);
    assert_eq!((report.state.as_deref(), report.voided), (Some("left"), None));
    let facts = judged.facts.unwrap();
    let sent: Vec<_> =
        facts.lots.iter().map(|lot| (lot.record.lot.to_string(), lot.sent, lot.loose)).collect();
    let told = |lot: &str, sent, loose| (lot.to_owned(), sent, loose);
    // 120 kg went into the carton and 20 kg came out of it again.
    assert_eq!(
        sent,
        [
            told("coop/F1", 130_000, 30_000),
            told("coop/F2", 50_000, 0),
            told("coop/H", 10_000, 10_000)
        ]
    );
    let units: Vec<_> = facts.units.iter().map(|unit| unit.unit.path()).collect();
    assert_eq!(units, ["unit/coop/PALLET", "unit/coop/CARTON"]);
    assert_eq!(facts.units[1].within.as_ref(), Some(&facts.units[0].unit));
    let serials: Vec<Vec<u64>> = facts
        .lots
        .iter()
        .map(|lot| lot.certificates.iter().map(|one| one.record.serial).collect())
        .collect();
    assert_eq!(serials, [vec![0], vec![1], vec![]]);
    assert_eq!(report.certificates.len(), 2);
    assert!(report.certificates.iter().all(|report| report.exit_code == 0));
    assert_eq!((facts.shipper.party.as_str(), facts.receiver.is_none()), ("coop", true));
    // The file alone is enough, with the root that the reader knows; without one nothing passes.
    let root = Trust::open(&stage.goods.world.trust_file(), None).unwrap().root;
    let now = stage.goods.world.now;
    let own = consignment_trust(&bytes, Some(&root)).unwrap();
    assert_eq!(judge_consignment(&bytes, &own, None, now, Policy::Audit).report.exit_code, 0);
    let unpinned = consignment_trust(&bytes, None).unwrap();
    let report = judge_consignment(&bytes, &unpinned, None, now, Policy::Shop).report;
    let why = report.report.authenticity.sub_indication;
    assert_eq!((report.exit_code, why), (3, Some(SubIndication::RootNotPinned)));
    assert_eq!(consignment_trust(&bytes, Some("z6MkfakeRoot")).unwrap_err().code(), "trust_root");
    // The same JSON in another dress is the same consignment.
    let pretty = serde_json::to_vec_pretty(&value(&bytes)).unwrap();
    assert_eq!(judge(&stage, &pretty).report.exit_code, 0);
    assert_eq!(stage.consignment(&stage.ship), bytes, "the same state gives the same bytes");
}

#[test]
fn what_its_receiver_signed_is_told_and_nothing_before() {
    let mut stage = Stage::exported();
    let bytes = stage.consignment(&stage.inland);
    let judged = judge(&stage, &bytes);
    assert_eq!((judged.report.exit_code, judged.report.state.as_deref()), (0, Some("waiting")));
    let facts = judged.facts.unwrap();
    assert_eq!(facts.receiver.unwrap().party.as_str(), "souk");
    assert_eq!(facts.lots[0].accepted, 0);
    let inland = stage.inland.clone();
    stage.goods.receive("souk", &inland, &[("coop/F2", 8_000, 1_000, 1_000)]).unwrap();
    let judged = judge(&stage, &stage.consignment(&inland));
    assert_eq!(judged.report.exit_code, 0, "{:#?}", judged.report.report.checks);
    let facts = judged.facts.unwrap();
    let lot = &facts.lots[0];
    assert_eq!((lot.sent, lot.accepted, lot.refused, lot.missing), (10_000, 8_000, 1_000, 1_000));
    assert_eq!(facts.state, "disputed", "what is missing weighs more than what comes back");
    assert!(facts.answered.is_some());
}

#[test]
fn what_was_taken_back_says_so() {
    let mut stage = Stage::exported();
    let before = stage.consignment(&stage.inland);
    let inland = stage.inland.clone();
    stage.goods.undo("coop", Undone::Event(inland.clone())).unwrap();
    let bytes = stage.consignment(&inland);
    let judged = judge(&stage, &bytes);
    let report = &judged.report;
    assert_eq!(report.exit_code, 4);
    assert_eq!((report.state.as_deref(), report.voided.is_some()), (Some("undone"), true));
    assert_eq!(report.report.authenticity.indication, Indication::TotalPassed);
    assert_eq!(judged.facts.unwrap().voided.unwrap().by.as_str(), "coop");
    // A service that hides it contradicts itself: the entry is there, or the manifest is not.
    let mut hidden = value(&bytes);
    hidden["shipment"]["state"] = json!("waiting");
    hidden["shipment"].as_object_mut().unwrap().remove("voided");
    let hidden = stage.signed_again(hidden);
    assert_eq!(judge(&stage, &hidden).report.exit_code, 1);
    // What was true when it was made stays so, by its own date.
    assert_eq!(judge(&stage, &before).report.exit_code, 0);
}

#[test]
fn a_lot_that_is_held_recalled_or_loses_its_certificate_is_not_fit() {
    let mut stage = Stage::exported();
    stage.goods.change("inspection", "coop/F1", StatusAction::Hold).unwrap();
    let judged = judge(&stage, &stage.consignment(&stage.ship));
    assert_eq!(judged.report.exit_code, 4, "{:#?}", judged.report.report.checks);
    let status: Vec<_> = judged.report.lots.iter().map(|lot| lot.status.word()).collect();
    // The oil was made of this fruit.
    assert_eq!(status, ["held", "released", "held"]);
    let facts = judged.facts.unwrap();
    assert_eq!(facts.lots[2].inherited.as_ref().unwrap().via.to_string(), "coop/F1");
    let certified = &judged.report.certificates[0];
    let found = certified.checks.iter().find(|check| check.check == CheckName::InheritedStatus);
    assert_eq!(found.unwrap().result, CheckResult::Pass, "the fruit was made of nothing held");
    // A service that tells another hold than the one that was laid contradicts its entry.
    let file = value(&stage.consignment(&stage.ship));
    for (word, told) in [("reason", "safety"), ("action", "recall"), ("by", "coop")] {
        let mut other = file.clone();
        other["lots"][2]["goods"]["inherited"][word] = json!(told);
        let report = judge(&stage, &stage.signed_again(other)).report;
        assert_eq!(report.exit_code, 1, "{word}");
    }
    let mut stage = Stage::exported();
    stage.withdraw(0);
    let report = judge(&stage, &stage.consignment(&stage.ship)).report;
    let codes: Vec<_> = report.certificates.iter().map(|report| report.exit_code).collect();
    assert_eq!((report.exit_code, codes), (4, vec![4, 0]));
}

#[test]
fn openings_open_what_was_committed_to_and_nothing_else() {
    let stage = Stage::exported();
    let bytes = stage.consignment(&stage.ship);
    let opened = with_openings(&bytes, &opening(stage::SALT, &buyer())).unwrap();
    let opened = with_openings(&opened, &opening(stage::NOTE_SALT, &note())).unwrap();
    let judged = judge(&stage, &opened);
    assert_eq!(judged.report.exit_code, 0, "{:#?}", judged.report.report.checks);
    let facts = judged.facts.unwrap();
    let of: Vec<_> = facts.opened.iter().map(|opened| opened.of).collect();
    assert!(of.contains(&Committed::Receiver) && of.contains(&Committed::Document), "{of:?}");
    let refused = |openings: &[u8]| with_openings(&bytes, openings).unwrap_err();
    let wrong_salt = refused(&opening([8; 16], &buyer()));
    assert_eq!(wrong_salt.code(), "opening_mismatch");
    assert!(wrong_salt.to_string().contains("the commitments of this consignment are: u"));
    let mut other = buyer();
    other["name"] = json!("Acheteur tout autre (fictif)");
    assert_eq!(refused(&opening(stage::SALT, &other)).code(), "opening_mismatch");
    // An opening of another commitment, genuine as it is.
    let inland = stage.consignment(&stage.inland);
    let error = with_openings(&inland, &opening(stage::SALT, &buyer())).unwrap_err();
    assert!(error.to_string().contains("are: none"), "{error}");
    let twice = with_openings(&opened, &opening(stage::SALT, &buyer())).unwrap_err();
    assert!(twice.to_string().contains("opened already"), "{twice}");
    for bad in ["", "[]x", "{\"salt\":\"x\"}", "{\"salt\":\"AAAA\",\"opening\":{},\"more\":1}", "7"]
    {
        assert_eq!(refused(bad.as_bytes()).code(), "opening_mismatch", "{bad}");
    }
    // Who puts a foreign one into the file itself is told apart.
    let mut forged = value(&opened);
    let place = forged["openings"]
        .as_array()
        .unwrap()
        .iter()
        .position(|it| it["opening"]["name"].is_string());
    forged["openings"][place.unwrap()]["opening"]["name"] = json!("Un autre (fictif)");
    assert_eq!(judge(&stage, &stage::canonical(&forged)).report.exit_code, 1);
    let mut unnamed = value(&opened);
    unnamed["openings"][0].as_object_mut().unwrap().remove("commitment");
    assert_eq!(judge(&stage, &stage::canonical(&unnamed)).report.exit_code, 1);
}

#[test]
fn a_shipment_is_what_it_is_asked_for() {
    let stage = Stage::exported();
    let packing = stage.packing.clone();
    assert_eq!(stage.try_consignment(&packing).unwrap_err().code(), "shipment_unknown");
    let mut unknown = packing;
    unknown.issuer = crate::world::slug("souk");
    assert_eq!(stage.try_consignment(&unknown).unwrap_err().code(), "shipment_unknown");
}
