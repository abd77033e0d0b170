//! What prices of a party, or of all, add up to, in words: what two sides signed first, and apart
//! from it what one alone says and what is disputed. Not here: single prices (`price`), the sums
//! (`register::prices`).

use super::scan_facts::PageRow;
use super::words::Words;
use crate::register::{PriceSum, PriceTotal, PricesOf, Register};

/// Rows that are shown of one list.
const SHOWN_MAX: usize = 12;

/// A row for each scheme, year, campaign and currency; of more than are shown the last says so.
pub(super) fn rows(w: Words, register: &Register, whose: &PricesOf) -> Vec<PageRow> {
    let mut totals = register.price_totals(whose, None);
    let mut rows: Vec<PageRow> = totals.by_ref().take(SHOWN_MAX).map(|one| row(w, &one)).collect();
    let more = totals.count();
    if more > 0 {
        let count = w.number(u64::try_from(more).unwrap_or(u64::MAX));
        rows.push(PageRow::text(w.t("lot-price"), w.with("and-more", "count", &count)));
    }
    rows
}

fn row(w: Words, one: &PriceTotal) -> PageRow {
    let group = &one.group;
    let year = group.year.to_string();
    let scheme = w.scheme(&group.scheme).text;
    let named = [("scheme", &*scheme), ("year", &*year), ("season", &*group.season)];
    let told = |id: &str, sum: PriceSum| {
        let count = w.number(sum.count);
        let (amount, premium) =
            (w.money(sum.amount, &group.currency), w.money(sum.premium, &group.currency));
        let values = [("amount", &*amount), ("premium", &*premium), ("count", &*count)];
        (sum.count > 0).then(|| w.with_all(id, &values))
    };
    let hidden = one.sums.undisclosed;
    let parts = [
        told("prices-paid", one.sums.paid()),
        told("prices-one-sided", one.sums.one_sided),
        told("prices-disputed", one.sums.disputed),
        (hidden > 0).then(|| w.with("prices-undisclosed", "count", &w.number(hidden))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    PageRow::text(w.with_all("prices-of", &named), parts.join(" "))
}
