//! What was found of a list, worst first: one line each, and the same as CSV. Each line is opened
//! by sending it alone again. Not here: what was found of one thing (`inspect_one`).

use askama::Template;
use axum::response::Response;

use super::frame::{Ask, Frame};
use super::inspect_one::reason;
use super::scan_view::check_row;
use super::table::Table;
use super::told::visible;
use super::verdict::PageVerdict;
use super::words::{Name, Words};
use crate::verify::{CheckResult, Policy, Report, severity};
use crate::web::App;
use crate::web::verdict::Judge;

/// Bytes of codes that a page of results holds once more, to ask for a line alone or for a file.
/// The signature in a code does not compress: of a thousand codes it would be most of the page.
const AGAIN_BYTES_MAX: usize = 12_000;

/// Cells of a row that are shown beside a verdict.
const BESIDE_SHOWN_MAX: usize = 4;

/// Checks that are named where they did not pass.
const FAILED_SHOWN_MAX: usize = 3;

/// Columns of the sender's own that a file of results brings back.
const BESIDE_COLUMNS_MAX: usize = 40;

#[derive(Template)]
#[template(path = "inspect_result.html")]
pub(super) struct ListPage {
    f: Frame,
    w: Words,
    summary: String,
    checked: String,
    policy: String,
    rows: Vec<ResultRow>,
    /// The codes once more; empty where files were among them or there are too many.
    again: String,
    policy_name: &'static str,
}

/// One thing that was judged.
struct ResultRow {
    /// Its place in what was sent.
    place: usize,
    subject: String,
    href: Option<String>,
    tone: &'static str,
    verdict: String,
    certificate: String,
    lot_status: String,
    lot: String,
    product: Option<Name>,
    cooperative: String,
    reason: String,
    failed: String,
}

impl ListPage {
    pub fn of(
        app: &App,
        judge: &Judge,
        ask: &Ask,
        policy: Policy,
        verdicts: &[PageVerdict],
    ) -> Self {
        let w = ask.w;
        let title = format!("{} – {}", w.t("inspect-results"), w.t("site-name"));
        let f = ask.frame(app, title);
        let rows = worst_first(verdicts).map(|(place, it)| row(&f, w, place, it)).collect();
        let codes = verdicts.iter().filter(|verdict| verdict.of_code && of_text(verdict));
        let texts: Vec<&str> = codes.map(|verdict| verdict.report.subject.as_str()).collect();
        let again = texts.join("\n");
        let whole = texts.len() == verdicts.len() && again.len() <= AGAIN_BYTES_MAX;
        Self {
            w,
            summary: summary(w, verdicts),
            checked: w.with("verdict-checked-at", "instant", &w.instant(judge.now)),
            policy: w.word("policy", policy.name()).into_owned(),
            rows,
            again: if whole { again } else { String::new() },
            policy_name: policy.name(),
            f,
        }
    }
}

/// Whether it was typed, with nothing beside it that would be lost.
fn of_text(verdict: &PageVerdict) -> bool {
    verdict.place.file.is_none() && verdict.place.beside.is_empty()
}

/// With their places in what was sent.
fn worst_first(verdicts: &[PageVerdict]) -> impl Iterator<Item = (usize, &PageVerdict)> {
    let mut placed: Vec<(usize, &PageVerdict)> = verdicts.iter().enumerate().collect();
    placed.sort_by_key(|(_, verdict)| severity(verdict.report.exit_code));
    placed.into_iter()
}

fn summary(w: Words, verdicts: &[PageVerdict]) -> String {
    let count = |code: u8| {
        let found = verdicts.iter().filter(|verdict| verdict.report.exit_code == code).count();
        w.number(u64::try_from(found).unwrap_or(u64::MAX))
    };
    let total = w.number(u64::try_from(verdicts.len()).unwrap_or(u64::MAX));
    let values = [
        ("total", total.as_str()),
        ("passed", &count(0)),
        ("unfit", &count(4)),
        ("undecided", &count(3)),
        ("failed", &count(1)),
        ("unreadable", &count(2)),
    ];
    w.with_all("inspect-summary", &values)
}

fn row(f: &Frame, w: Words, place: usize, verdict: &PageVerdict) -> ResultRow {
    let report = &verdict.report;
    let claims = report.claims.as_ref();
    let now = report.fitness.as_ref().map(|fitness| &fitness.now);
    let text = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    ResultRow {
        place,
        subject: named(w, verdict),
        href: claims.map(|claims| f.link(&format!("/{}", claims.lot.path()))),
        tone: verdict.headline.tone(),
        verdict: verdict.headline.word(w).into_owned(),
        certificate: text(now.map(|now| w.certificate(now.certificate).into_owned())),
        lot_status: text(now.map(|now| w.lot(now.lot).into_owned())),
        lot: text(claims.map(|claims| claims.lot.to_string())),
        product: claims.map(|claims| w.product(&claims.product, &claims.product_name)),
        cooperative: text(claims.map(|claims| visible(&claims.cooperative_name))),
        reason: reason(w, report),
        failed: failed(w, report),
    }
}

/// What did not pass though it had to; the rest is told of a line alone.
fn failed(w: Words, report: &Report) -> String {
    let open = report.checks.iter();
    let open = open.filter(|check| check.required && check.result != CheckResult::Pass);
    let told = open.take(FAILED_SHOWN_MAX).map(|check| {
        let (name, result, _) = check_row(w, check);
        format!("{name}: {result}")
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// What was judged, behind file and line it stood in and before the other cells of its row.
fn named(w: Words, verdict: &PageVerdict) -> String {
    let place = &verdict.place;
    let file = place.file.as_ref().map(ToString::to_string);
    let line = place.line.map(|line| w.with("inspect-line", "line", &w.number(line)));
    let beside = place.beside.iter().take(BESIDE_SHOWN_MAX).map(|(_, cell)| visible(cell));
    let parts = file.into_iter().chain(line).chain([what(verdict)]).chain(beside);
    // Each in its own direction (UAX 9): a line's word is Arabic where the code is not.
    let isolated = parts.map(|part| format!("\u{2068}{part}\u{2069}"));
    isolated.collect::<Vec<_>>().join(" · ")
}

/// The serial of a code whose lot stands beside it; else its text.
fn what(verdict: &PageVerdict) -> String {
    let claims = verdict.report.claims.as_ref();
    let serial = claims.filter(|_| verdict.of_code).and_then(|claims| claims.serial.clone());
    serial.unwrap_or_else(|| visible(short(&verdict.report.subject).as_str()))
}

/// The last 40 characters of a long text: a code's lot and serial stand there.
fn short(subject: &str) -> String {
    let length = subject.chars().count();
    match length.checked_sub(40) {
        None | Some(0..=8) => subject.to_owned(),
        Some(skipped) => format!("…{}", subject.chars().skip(skipped).collect::<String>()),
    }
}

/// Heads of the columns behind `log_size`; the sender's own follow.
const HEADS: [&str; 20] = [
    "file",
    "line",
    "code",
    "verdict",
    "exit_code",
    "reason",
    "lot",
    "product",
    "product_name",
    "cooperative",
    "hs_code",
    "certificate",
    "scheme",
    "certifier",
    "certified_quantity",
    "unit",
    "certificate_status",
    "lot_status",
    "policy",
    "checked_at",
];

/// All of it as CSV, worst first.
pub(super) fn csv(judge: &Judge, policy: Policy, verdicts: &[PageVerdict]) -> Response {
    let mut own: Vec<&str> = Vec::new();
    for (head, _) in verdicts.iter().flat_map(|verdict| &verdict.place.beside) {
        if !own.contains(&head.as_str()) && own.len() < BESIDE_COLUMNS_MAX {
            own.push(head);
        }
    }
    let rows = worst_first(verdicts).map(|(_, verdict)| {
        let beside = own.iter().map(|head| {
            let found = verdict.place.beside.iter().find(|(own, _)| own == head);
            found.map(|(_, cell)| cell.clone()).unwrap_or_default()
        });
        cells(judge, policy, verdict).into_iter().chain(beside).collect()
    });
    let rows = rows.collect();
    let heads = HEADS.iter().copied().chain(own.iter().copied()).collect();
    Table { log_size: judge.view.size, heads, rows }.answer("tasdiq-results.csv")
}

fn cells(judge: &Judge, policy: Policy, verdict: &PageVerdict) -> Vec<String> {
    let (report, place) = (&verdict.report, &verdict.place);
    let claims = report.claims.as_ref();
    let now = report.fitness.as_ref().map(|fitness| &fitness.now);
    let lot = claims.and_then(|claims| judge.view.register.lot(&claims.lot));
    let certificate = claims.map(|claims| &claims.certificate);
    let why = report.authenticity.sub_indication.map(<&'static str>::from).map(str::to_owned);
    let cells = [
        place.file.as_ref().map(ToString::to_string),
        place.line.map(|line| line.to_string()),
        Some(report.subject.clone()),
        Some(verdict.headline.id().to_owned()),
        Some(report.exit_code.to_string()),
        why.or_else(|| now.and_then(|now| now.reason.clone())),
        claims.map(|claims| claims.lot.to_string()),
        claims.map(|claims| claims.product.clone()),
        claims.map(|claims| claims.product_name.clone()),
        claims.map(|claims| claims.cooperative_name.clone()),
        lot.map(|lot| lot.hs_code.to_string()),
        certificate.map(|it| it.serial.to_string()),
        certificate.map(|it| it.scheme.clone()),
        certificate.map(|it| it.certifier.to_string()),
        certificate.map(|it| it.quantity.to_string()),
        claims.map(|claims| claims.unit.clone()),
        now.map(|now| now.certificate.word().to_owned()),
        now.map(|now| now.lot.word().to_owned()),
        Some(policy.name().to_owned()),
        Some(judge.now.to_string()),
    ];
    cells.into_iter().map(Option::unwrap_or_default).collect()
}
