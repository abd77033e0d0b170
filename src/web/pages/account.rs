//! Where a lot's goods are, as accounts for people: the sentence on a scan page, the lines of a
//! balance, who holds how much, and what a certificate's quantity was spent on.

use super::goods::{Goods, Linked};
use super::words::Name;
use crate::names::LotKey;
use crate::register::{CertificateRecord, Lot};
use crate::statement::Timestamp;
use crate::trace::Balance;

/// Holders that are listed.
const HOLDERS_MAX: usize = 50;

/// One line of a balance.
#[derive(Clone)]
pub(super) struct Entry {
    pub label: String,
    pub quantity: u64,
    pub text: String,
    /// `ok`, `warn`, `bad` or nothing.
    pub tone: &'static str,
}

/// What one party has of a lot.
pub(super) struct Held {
    pub party: Linked,
    pub role: String,
    pub region: Option<Name>,
    pub parts: Vec<Entry>,
}

/// One line on where all of a lot is: what is certified, filled, gone, left, and missing.
pub(super) fn sentence(
    goods: &Goods<'_>,
    lot: &Lot,
    scheme: &str,
    now: Timestamp,
) -> Option<String> {
    let key = &lot.record.lot;
    let balance = goods.register.trace().balance(goods.register.lot_handle(key)?)?;
    let certified = goods.register.certified_in_force(key, now);
    let certified = certified.get(scheme).copied().unwrap_or_default();
    let gone = balance.filled.saturating_sub(left(&balance)).saturating_sub(balance.disputed);
    let told = |quantity: u64| goods.of(lot, quantity);
    let values = [
        ("certified", told(certified)),
        ("filled", told(balance.filled)),
        ("gone", told(gone)),
        ("left", told(left(&balance))),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut text = goods.w.with_all("balance-sentence", &values);
    if balance.disputed > 0 {
        text.push(' ');
        text.push_str(&goods.w.with("balance-missing", "quantity", &told(balance.disputed)));
    }
    Some(text)
}

fn left(balance: &Balance) -> u64 {
    let left = [balance.packed, balance.in_transit];
    left.iter().fold(balance.free, |sum, part| sum.saturating_add(*part))
}

/// Where all that was filled is: lines that add up to it. What does not add up says so.
pub(super) fn lines(goods: &Goods<'_>, lot: &Lot, balance: &Balance) -> Vec<Entry> {
    let parts = [
        ("balance-free", balance.free, "ok"),
        ("balance-packed", balance.packed, "ok"),
        ("balance-transit", balance.in_transit, "ok"),
        ("balance-consumed", balance.consumed, ""),
        ("balance-sold", balance.gone, ""),
        ("balance-lost", balance.lost, "warn"),
        ("balance-sampled", balance.sampled, ""),
        ("balance-destroyed", balance.destroyed, "warn"),
        ("balance-disputed", balance.disputed, "bad"),
        ("balance-unexplained", unexplained(balance), "bad"),
    ];
    parts
        .into_iter()
        .filter(|(_, quantity, _)| *quantity > 0)
        .map(|(id, quantity, tone)| entry(goods, lot, id, quantity, tone))
        .collect()
}

fn entry(goods: &Goods<'_>, lot: &Lot, id: &str, quantity: u64, tone: &'static str) -> Entry {
    let (label, text) = (goods.w.t(id).into_owned(), goods.of(lot, quantity));
    Entry { label, quantity, text, tone }
}

/// Filled and nowhere: nothing, or the figures are broken.
fn unexplained(balance: &Balance) -> u64 {
    let parts = [balance.packed, balance.in_transit, balance.disputed, balance.consumed];
    let there = parts.iter().fold(balance.free, |sum, part| sum.saturating_add(*part));
    balance.filled.saturating_sub(there.saturating_add(balance.out()))
}

/// Who holds or held how much, the largest first, and how many more there are.
pub(super) fn holders(goods: &Goods<'_>, lot: &Lot) -> (Vec<Held>, usize) {
    let shares = goods.register.shares_of(&lot.record.lot, None);
    let mut shares: Vec<_> = shares.collect();
    let left = shares.len().saturating_sub(HOLDERS_MAX);
    shares.sort_by_key(|share| {
        std::cmp::Reverse((share.holding.free + share.holding.packed, share.holding.out))
    });
    shares.truncate(HOLDERS_MAX);
    let told = |share: &crate::register::GoodsShare| {
        let held = &share.holding;
        let parts = [
            ("balance-free", held.free, "ok"),
            ("balance-packed", held.packed, "ok"),
            ("balance-transit", held.in_transit, ""),
            ("balance-disputed", held.disputed, "bad"),
            ("balance-sold", held.out, ""),
        ];
        let parts = parts.into_iter().filter(|(_, quantity, _)| *quantity > 0);
        let (role, region) = goods.role_and_region(&share.holder);
        Held {
            party: goods.linked(&share.holder),
            role,
            region,
            parts: parts.map(|(id, sum, tone)| entry(goods, lot, id, sum, tone)).collect(),
        }
    };
    // Whoever has nothing of it any more is told by the events.
    let held = shares.iter().map(told).filter(|held| !held.parts.is_empty()).collect();
    (held, left)
}

/// What a certificate certifies, what of its lot is on labels, what of it is left for more.
pub(super) fn of_certificate(
    goods: &Goods<'_>,
    record: &CertificateRecord,
    key: &LotKey,
) -> Vec<Entry> {
    let handle = goods.register.lot_handle(key);
    let balance = handle.and_then(|handle| goods.register.trace().balance(handle));
    let (Some(lot), Some(balance)) = (goods.register.lot(key), balance) else { return Vec::new() };
    let spent = balance.labelled.saturating_add(balance.consumed);
    let rest = record.quantity.min(balance.filled).saturating_sub(spent);
    vec![
        entry(goods, &lot, "account-certified", record.quantity, "ok"),
        entry(goods, &lot, "account-labelled", balance.labelled, ""),
        entry(goods, &lot, "account-consumed", balance.consumed, ""),
        entry(goods, &lot, "account-remaining", rest, ""),
    ]
}
