//! Lists of the log's page as files: entries per day, witnesses, status lists, what prices add up
//! to. Not here: the page, and the health of the log for programs (`api`).

use super::list_file::Rows;
use super::party_lists::prices;
use crate::ledger::View;
use crate::register::PricesOf;
use crate::web::api::Health;

/// The lists of the log's page, in its order.
pub(super) const LISTS: [&str; 4] = ["days", "witnesses", "status-lists", "prices"];

/// The rows of a list of the log's page.
pub(super) fn rows_of<'a>(view: &'a View, health: &'a Health, list: &str) -> Option<Rows<'a>> {
    match list {
        "days" => Some(Rows {
            heads: vec!["day", "entries"],
            all: Box::new(
                health
                    .entries_per_day
                    .iter()
                    .map(|one| vec![one.day.to_string(), one.entries.to_string()]),
            ),
        }),
        "witnesses" => Some(Rows {
            heads: vec!["witness", "signed_at", "lag_seconds", "lag_entries"],
            all: Box::new(health.witnesses.iter().map(|one| {
                vec![
                    one.name.clone(),
                    told(one.at.as_ref()),
                    told(one.lag_seconds.as_ref()),
                    told(one.lag_entries.as_ref()),
                ]
            })),
        }),
        "status-lists" => Some(Rows {
            heads: vec!["status_list", "entry", "logged_at", "stale_since"],
            all: Box::new(health.status_lists.iter().map(|one| {
                vec![
                    one.list.clone(),
                    told(one.entry.as_ref()),
                    told(one.logged_at.as_ref()),
                    told(one.stale_since.as_ref()),
                ]
            })),
        }),
        "prices" => Some(prices(&view.register, [PricesOf::All])),
        _ => None,
    }
}

fn told<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
