//! Vectors of what edition 3 asks: renewals, recalls, a recall of a wrong lot taken back. In the
//! form of `edition1.json`, for a register that knows this edition. File: `register/edition3.json`.

use serde_json::Value;
use tasdiq::statement::*;

use super::good::{domain, time};
use super::register::{
    CERTIFIER, COOPERATIVE, REGISTRAR, ROOT, Tree, certificate, compared, founded, lot,
};

/// The newest edition that the register of these vectors knows.
const NEWEST: u32 = 3;

/// A ledger under edition 3 with two lots of 500 L, and certificate 0 for 300 L of the first.
fn begun(tree: &mut Tree) -> String {
    let accreditation = founded(tree);
    let agreement = super::register::agreement();
    tree.rules(("raised", "accredited", "ok"), ROOT, 1, NEWEST);
    tree.put(("agreed", "raised", "ok"), COOPERATIVE, |d| agreement.draft(d));
    tree.put(("lot", "agreed", "ok"), COOPERATIVE, |d| lot("L1").draft(d));
    tree.put(("other_lot", "lot", "ok"), COOPERATIVE, |d| lot("L2").draft(d));
    let first = sized(certificate(0, &accreditation), 300_000, None);
    tree.put(("certified", "other_lot", "ok"), CERTIFIER, |d| first.draft(d));
    accreditation
}

fn sized(claim: CertificateClaim, quantity: u64, old: Option<u64>) -> CertificateClaim {
    let supersedes = old.map(|serial| domain().certificate_id(serial).as_str().into());
    CertificateClaim {
        facts: CertificateFacts { quantity, supersedes, ..claim.facts.clone() },
        ..claim
    }
}

fn of_renewals(tree: &mut Tree, accreditation: &str) {
    let new = |serial, quantity, old| sized(certificate(serial, accreditation), quantity, old);
    let mut put = |case, claim: CertificateClaim| tree.put(case, CERTIFIER, |d| claim.draft(d));
    put(("no_room_beside", "certified", "quantity_exceeded"), new(1, 300_000, None));
    put(("renewed", "certified", "ok"), new(1, 400_000, Some(0)));
    put(("renewed_twice", "renewed", "not_renewable"), new(2, 100, Some(0)));
    put(("renewed_in_turn", "renewed", "ok"), new(2, 500_000, Some(1)));
    put(("above_declared", "renewed_in_turn", "quantity_exceeded"), new(3, 500_001, Some(2)));
    put(("chain_counts_once", "renewed_in_turn", "quantity_exceeded"), new(3, 1, None));
    put(("smaller_again", "renewed_in_turn", "ok"), new(3, 100_000, Some(2)));
    put(("room_beside_the_smaller", "smaller_again", "ok"), new(4, 400_000, None));
    put(("unknown_serial", "certified", "certificate_unknown"), new(1, 100, Some(9)));
    let of_other = CertificateClaim { lot: "coop/L2".parse().unwrap(), ..new(1, 100, Some(0)) };
    put(("of_another_lot", "certified", "not_renewable"), of_other);
    let over = CertificateClaim {
        valid_from: time("2026-01-02T00:00:00Z"),
        valid_until: time("2026-02-01T00:00:00Z"),
        ..new(1, 300_000, Some(0))
    };
    put(("over_already", "certified", "not_renewable"), over);
    let pending =
        CertificateClaim { valid_from: time("2026-07-01T00:00:00Z"), ..new(1, 200_000, Some(0)) };
    put(("from_july_on", "certified", "ok"), pending);
    put(("larger_until_then", "from_july_on", "quantity_exceeded"), new(2, 200_001, None));
    put(("room_until_then", "from_july_on", "ok"), new(2, 200_000, None));
    let changed = |action| StatusChange {
        target: StatusTarget::Certificate(0),
        action,
        reason: Reason::Nonconformity,
        effective_from: time("2026-06-01T08:00:00Z"),
        notice: Default::default(),
        return_to: None,
        lifts: vec![],
    };
    let change = |tree: &mut Tree, case, action| {
        tree.put(case, CERTIFIER, |d| changed(action).draft(d));
    };
    change(tree, ("suspended", "certified", "ok"), StatusAction::Suspend);
    let renew = |tree: &mut Tree, case| {
        tree.put(case, CERTIFIER, |d| new(1, 300_000, Some(0)).draft(d));
    };
    renew(tree, ("suspended_stays", "suspended", "not_renewable"));
    change(tree, ("reinstated", "suspended", "ok"), StatusAction::Reinstate);
    renew(tree, ("reinstated_goes", "reinstated", "ok"));
    change(tree, ("withdrawn", "certified", "ok"), StatusAction::Withdraw);
    renew(tree, ("withdrawn_stays", "withdrawn", "not_renewable"));
    change(tree, ("withdrawn_later", "renewed", "ok"), StatusAction::Withdraw);
}

fn of_recalls(tree: &mut Tree) {
    let (ar, fr) = ("لا تستهلكوا هذا الزيت", "Ne consommez pas cette huile");
    let long = "a".repeat(301);
    let recalled = |texts: &[(&str, &str)], to| StatusChange {
        target: StatusTarget::Lot("coop/L1".parse().unwrap()),
        action: StatusAction::Recall,
        reason: Reason::Safety,
        effective_from: time("2026-06-01T08:00:00Z"),
        notice: texts.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        return_to: to,
        lifts: vec![],
    };
    for (name, texts, expect) in [
        ("recall_without_text", &[][..], "notice_missing"),
        ("recall_in_french_only", &[("fr", fr)], "notice_missing"),
        ("recall_in_arabic_only", &[("ar", ar)], "notice_missing"),
        ("recall_of_signs", &[("ar", ar), ("fr", "... !")], "notice_missing"),
        ("recall_too_long", &[("ar", ar), ("fr", &long)], "notice_missing"),
        ("recall_too_long_in_english", &[("ar", ar), ("en", &long), ("fr", fr)], "notice_missing"),
        ("recalled_at_300", &[("ar", ar), ("fr", &long[..300])], "ok"),
    ] {
        let claim = recalled(texts, None);
        tree.put((name, "certified", expect), COOPERATIVE, |d| claim.draft(d));
    }
    let id = std::cell::Cell::new(String::new());
    let claim = recalled(&[("ar", ar), ("fr", fr)], Some(ReturnTo::Destroy));
    tree.put(("recalled", "certified", "ok"), COOPERATIVE, |draft| {
        let value = claim.draft(draft);
        id.set(value["id"].as_str().unwrap().to_owned());
        value
    });
    let id = id.take();
    let mut back = |case, by, name: u8, of: &str| {
        let event = Event {
            name: EventName::of_hash(&[name; 32]),
            at: time("2026-06-01T08:00:00Z"),
            offset: Offset::of_minutes(60).unwrap(),
            region: None,
            document: None,
            mandate: None,
            kind: EventKind::Void(Undoing {
                of: Undone::Change(of.to_owned()),
                reason: UndoReason::WrongLot,
                replaced_by: None,
            }),
        };
        tree.put(case, by, |d| event.draft(d));
    };
    back(("taken_back_by_its_issuer", "recalled", "not_authorised"), COOPERATIVE, 1, &id);
    back(("taken_back", "recalled", "ok"), REGISTRAR, 2, &id);
    back(("taken_back_twice", "taken_back", "status_order"), REGISTRAR, 3, &id);
    let none = domain().url("statements/00000000000000000000000000");
    back(("taken_back_of_nothing", "recalled", "status_order"), REGISTRAR, 4, &none);
}

fn cases() -> Vec<Value> {
    let mut tree = Tree::for_newest(NEWEST);
    let accreditation = begun(&mut tree);
    of_renewals(&mut tree, &accreditation);
    of_recalls(&mut tree);
    tree.cases
}

#[test]
fn vectors_of_edition_3_hold() {
    compared("register/edition3", &cases());
}
