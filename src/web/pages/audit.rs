//! The health of the log for auditors and operators: size, age, witnesses, entries per day, status
//! lists, and how to check all of it oneself. Not the audit itself: that is for the one who doubts.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::audit_lists;
use super::frame::{Ask, Frame, page};
use super::list_file::{self, FileLinks};
use super::price_totals;
use super::scan_facts::PageRow;
use super::words::Words;
use crate::log::{TILE_WIDTH, tiles_of};
use crate::register::PricesOf;
use crate::web::App;
use crate::web::api::{Cosigned, DayCount, Health, health_of};

/// Height of the tallest bar, in units of the drawing.
const BAR_UNITS: u64 = 60;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    w: Words,
    facts: Vec<PageRow>,
    witnesses: Vec<PageRow>,
    quorum: Option<bool>,
    lists: Vec<PageRow>,
    /// What prices add up to.
    prices: Vec<PageRow>,
    days: Vec<Bar>,
    summary: String,
    stopped: Option<String>,
    checkpoint: String,
    tiles: Vec<String>,
    url: String,
    root_key: String,
    /// Its lists as files, in the order of the page.
    files: [FileLinks; 4],
}

/// One day of the drawing and of the table beside it.
struct Bar {
    day: String,
    entries: String,
    x: usize,
    y: u64,
    height: u64,
}

/// The page of the log.
pub(super) async fn audit(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    let w = ask.w;
    let health = health_of(&app, app.ledger.now());
    let view = app.ledger.view();
    let rows = |list: &str| audit_lists::rows_of(&view, &health, list);
    if let Some(file) = list_file::asked(&app, &ask, &view, rows) {
        return file;
    }
    let (days, summary) = bars(w, &health.entries_per_day);
    let f = ask.frame(&app, format!("{} – {}", w.t("audit-title"), w.t("site-name")));
    let audit = AuditPage {
        files: audit_lists::LISTS.map(|list| FileLinks::of(&f, "/audit", list)),
        f,
        w,
        facts: facts(w, &health),
        witnesses: witnesses(w, &health),
        quorum: health.quorum_met,
        lists: lists(w, &health),
        prices: price_totals::rows(w, &view.register, &PricesOf::All),
        days,
        summary,
        tiles: newest_tiles(health.size),
        stopped: health.stopped,
        checkpoint: health.checkpoint,
        url: match app.settings.public_url.as_str() {
            "" => format!("https://{}", app.ledger.config().host),
            url => url.to_owned(),
        },
        root_key: health.root_key,
    };
    page(StatusCode::OK, &audit)
}

fn facts(w: Words, health: &Health) -> Vec<PageRow> {
    let mut facts = vec![
        PageRow::code(w.t("audit-origin"), health.origin.clone()),
        PageRow::text(w.t("audit-entries"), w.number(health.size)),
    ];
    if let (Some(at), Some(age)) = (health.newest_entry, health.checkpoint_age_seconds) {
        facts.push(PageRow::text(w.t("audit-last"), w.instant(at)));
        facts.push(PageRow::text(w.t("audit-age"), w.lasting(age)));
    }
    facts.push(PageRow::code(w.t("audit-root"), health.root.clone()));
    facts.push(PageRow::code(w.t("audit-key"), health.log_key.clone()));
    facts.push(PageRow::code(w.t("audit-root-key"), health.root_key.clone()));
    facts
}

fn witnesses(w: Words, health: &Health) -> Vec<PageRow> {
    let row = |witness: &Cosigned| {
        let mut parts = Vec::new();
        match witness.lag_seconds {
            Some(seconds) => {
                parts.push(w.with("audit-witness-lag", "age", &w.lasting(seconds)));
            }
            None => parts.push(w.t("audit-witness-never").into_owned()),
        }
        if let Some(behind) = witness.lag_entries.filter(|behind| *behind > 0) {
            parts.push(w.with("audit-witness-behind", "count", behind));
        }
        if witness.error.is_some() {
            parts.push(w.t("audit-witness-error").into_owned());
        }
        PageRow::text(witness.name.clone(), parts.join(" · "))
    };
    health.witnesses.iter().map(row).collect()
}

fn lists(w: Words, health: &Health) -> Vec<PageRow> {
    let mut rows: Vec<PageRow> = Vec::new();
    for list in &health.status_lists {
        let text = match (list.logged_at, list.stale_since) {
            (Some(at), None) => w.with("audit-list-current", "at", &w.instant(at)),
            (_, Some(since)) => w.with("audit-list-stale", "since", &w.instant(since)),
            (None, None) => w.t("audit-list-none").into_owned(),
        };
        rows.push(PageRow::text(list.list.clone(), text).to(format!("/status/{}", list.list)));
    }
    if let Some(at) = health.status_index_at {
        rows.push(PageRow::text(w.t("audit-list-index"), w.instant(at)).to("/status".to_owned()));
    }
    rows
}

/// The bars, and the same in a sentence.
fn bars(w: Words, days: &[DayCount]) -> (Vec<Bar>, String) {
    let most = days.iter().map(|day| day.entries).max().unwrap_or_default();
    let all = days.iter().fold(0_u64, |sum, day| sum.saturating_add(day.entries));
    let bar = |(x, day): (usize, &DayCount)| {
        let share = day.entries.saturating_mul(BAR_UNITS).checked_div(most).unwrap_or_default();
        // A day with any entry at all is seen.
        let height = if day.entries == 0 { 0 } else { share.max(1) };
        Bar {
            day: w.day(day.day),
            entries: w.number(day.entries),
            x: x.saturating_mul(10),
            y: BAR_UNITS.saturating_sub(height),
            height,
        }
    };
    let (all, most) = (w.number(all), w.number(most));
    let summary = w.with_all("audit-days-summary", &[("all", all.as_str()), ("most", &most)]);
    (days.iter().enumerate().map(bar).collect(), summary)
}

/// The last tile of each level: where reading the log by hand begins.
fn newest_tiles(size: u64) -> Vec<String> {
    let ends = |path: &crate::log::TilePath| {
        let next = crate::log::TilePath { index: path.index.saturating_add(1), width: 1, ..*path };
        path.width < TILE_WIDTH || next.check(size).is_err()
    };
    tiles_of(size).filter(ends).map(|path| format!("/log/{path}")).collect()
}
