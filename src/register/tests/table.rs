//! The table of rules and their abuses, and what is asked of it: each rule is in it, and is missed.
//! Not here: the abuses.

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use super::row::{Abuse, Row};
use super::{events, money, operators, papers};
use crate::register::switch::without;

/// Rules that another one stands behind: without them the same is refused all the same.
const BEHIND: [(&str, &str); 4] = [
    ("certified_filled", "the figures are asked what is certified, too"),
    ("lift_recall", "the table of powers"),
    ("operator_role", "an agreement is of whom goods can be with"),
    ("renewal_quantity", "the figures are asked what is certified, too"),
];

/// Where the rules stand.
const SOURCES: [&str; 8] = [
    include_str!("../rules_born.rs"),
    include_str!("../rules_event.rs"),
    include_str!("../rules_mandate.rs"),
    include_str!("../rules_money.rs"),
    include_str!("../rules_operators.rs"),
    include_str!("../rules_papers.rs"),
    include_str!("../rules_renewal.rs"),
    include_str!("../rules_status.rs"),
];

fn rows() -> Vec<Row> {
    [&money::ROWS[..], &events::ROWS, &operators::ROWS, &papers::ROWS].concat()
}

/// The names of all rules that refuse.
fn rules() -> BTreeSet<&'static str> {
    let name = |part: &'static str| part.trim_start().strip_prefix('"')?.split('"').next();
    SOURCES.iter().flat_map(|text| text.split("refuse(").skip(1).filter_map(name)).collect()
}

#[test]
fn each_rule_that_is_switched_off_lets_its_abuse_through() {
    let mut wrong = Vec::new();
    // What panics is told with the others.
    let run = |tried: Abuse| catch_unwind(tried).map_err(|_| "it panics".to_owned());
    for (rule, abuse, code, tried) in rows() {
        let on = run(tried).map(|done| done.map_err(|refusal| refusal.code()));
        if on != Ok(Err(code)) {
            wrong.push(format!("{abuse}: {on:?}, not {code}"));
        }
        let off = without(rule, || run(tried)).map(|done| done.map_err(|it| it.to_string()));
        let stood_behind = BEHIND.iter().find(|(behind, _)| *behind == rule);
        match (&off, stood_behind) {
            (Ok(Ok(_)), None) | (Ok(Err(_)), Some(_)) => {}
            _ => wrong.push(format!("{abuse}: without {rule} {off:?}, {stood_behind:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_rule_is_left_out() {
    let named: BTreeSet<&str> = rows().iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(named, rules());
    assert!(BEHIND.iter().all(|(rule, _)| named.contains(rule)));
    assert!(named.len() > 50, "{}", named.len());
}
