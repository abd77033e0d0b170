//! The inspection page as values for its templates: the form with what was wrong, and the table of
//! verdicts with every check behind each.

use askama::Template;

use super::frame::{Ask, Frame};
use super::inspect_input::{FILES_MAX, InputFault};
use super::scan_view::{check_row, reading};
use super::verdict::PageVerdict;
use super::words::{Name, Words};
use crate::limits::{INSPECT_CODES_MAX, PHOTO_BYTES_MAX};
use crate::verify::{Check, Policy, Report, severity};
use crate::web::App;
use crate::web::verdict::Judge;

#[derive(Template)]
#[template(path = "inspect.html")]
pub(super) struct FormPage {
    f: Frame,
    w: Words,
    /// What was wrong, with its code.
    fault: Option<(String, String)>,
    policies: Vec<(&'static str, String, bool)>,
    list_label: String,
    photo_hint: String,
}

#[derive(Template)]
#[template(path = "inspect_result.html")]
pub(super) struct ResultPage {
    f: Frame,
    w: Words,
    summary: String,
    checked: String,
    policy: String,
    rows: Vec<ResultRow>,
    /// The codes once more, for the same as JSON; empty where files were among them.
    again: String,
    policy_name: &'static str,
}

/// One thing that was judged.
struct ResultRow {
    subject: String,
    /// The end of the subject, which tells codes apart.
    short: String,
    href: Option<String>,
    tone: &'static str,
    verdict: String,
    certificate: String,
    lot_status: String,
    lot: String,
    product: Option<Name>,
    cooperative: String,
    reason: String,
    signals: Vec<String>,
    checks: Vec<CheckLine>,
}

/// One check in words.
struct CheckLine {
    name: String,
    result: String,
    tone: &'static str,
    evidence: String,
    age: String,
}

impl FormPage {
    pub fn of(app: &App, ask: &Ask, policy: Policy, fault: Option<&InputFault>) -> Self {
        let w = ask.w;
        let title = format!("{} – {}", w.t("inspect-title"), w.t("site-name"));
        let megabytes = (PHOTO_BYTES_MAX / 1_000_000).to_string();
        let choice = |each: Policy| {
            (each.name(), w.word("policy", each.name()).into_owned(), each == policy)
        };
        Self {
            f: ask.frame(app, title),
            w,
            fault: fault
                .map(|fault| (Self::words(w, fault), w.with("error-code", "code", fault.code))),
            policies: Policy::ALL.into_iter().map(choice).collect(),
            list_label: w.with("inspect-list-label", "count", &codes_max(w)),
            photo_hint: w.with("inspect-photo-hint", "size", &megabytes),
        }
    }

    /// What was wrong, in words.
    pub fn words(w: Words, fault: &InputFault) -> String {
        let megabytes = format!("{} MB", PHOTO_BYTES_MAX / 1_000_000);
        match fault.code {
            "nothing_to_check" => w.t("inspect-nothing").into_owned(),
            "too_many_codes" => w.with("inspect-too-many", "count", &codes_max(w)),
            "photo_without_qr" => w.t("inspect-photo-none").into_owned(),
            "photo_too_slow" => w.t("inspect-photo-slow").into_owned(),
            "photo_too_many_codes" => w.t("inspect-photo-many").into_owned(),
            "photo_busy" | "too_busy" => w.t("error-503-text").into_owned(),
            "photo_too_large" | "upload_too_large" => w.with("error-413-text", "limit", &megabytes),
            "upload_broken" => w.t("error-400-text").into_owned(),
            "too_many_files" => {
                let most = u64::try_from(FILES_MAX).unwrap_or(u64::MAX);
                w.with("inspect-too-many-files", "count", &w.number(most))
            }
            _ if fault.detail.is_empty() => w.t("inspect-file-unreadable").into_owned(),
            // What it is instead is told in English, isolated from the words around it.
            _ => format!("{} \u{2068}{}\u{2069}", w.t("inspect-file-unreadable"), fault.detail),
        }
    }
}

fn codes_max(w: Words) -> String {
    w.number(u64::try_from(INSPECT_CODES_MAX).unwrap_or(u64::MAX))
}

impl ResultPage {
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
        let mut worst_first: Vec<&PageVerdict> = verdicts.iter().collect();
        worst_first.sort_by_key(|verdict| severity(verdict.report.exit_code));
        let rows = worst_first.into_iter().map(|verdict| row(&f, w, verdict)).collect();
        let codes = verdicts.iter().filter(|verdict| verdict.of_code);
        let texts: Vec<&str> = codes.map(|verdict| verdict.report.subject.as_str()).collect();
        let whole = texts.len() == verdicts.len();
        Self {
            w,
            summary: summary(w, verdicts),
            checked: w.with("verdict-checked-at", "instant", &w.instant(judge.now)),
            policy: w.word("policy", policy.name()).into_owned(),
            rows,
            again: if whole { texts.join("\n") } else { String::new() },
            policy_name: policy.name(),
            f,
        }
    }
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

fn row(f: &Frame, w: Words, verdict: &PageVerdict) -> ResultRow {
    let report = &verdict.report;
    let claims = report.claims.as_ref();
    let now = report.fitness.as_ref().map(|fitness| &fitness.now);
    let text = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let signals = report.item.iter().map(|signal| w.spelled("signal", signal).into_owned());
    ResultRow {
        short: named(w, verdict),
        subject: report.subject.clone(),
        href: claims.map(|claims| f.link(&format!("/{}", claims.lot.path()))),
        tone: verdict.headline.tone(),
        verdict: verdict.headline.word(w).into_owned(),
        certificate: text(now.map(|now| w.certificate(now.certificate).into_owned())),
        lot_status: text(now.map(|now| w.lot(now.lot).into_owned())),
        lot: text(claims.map(|claims| claims.lot.to_string())),
        product: claims.map(|claims| w.product(&claims.product, &claims.product_name)),
        cooperative: text(claims.map(|claims| claims.cooperative_name.clone())),
        reason: reason(w, report),
        signals: signals.chain(reading(w, report)).collect(),
        checks: report.checks.iter().map(|check| check_line(w, check)).collect(),
    }
}

/// What was judged, behind file and line it stood in and before the other cells of its row.
fn named(w: Words, verdict: &PageVerdict) -> String {
    let place = &verdict.place;
    let file = place.file.as_ref().map(ToString::to_string);
    let line = place.line.map(|line| w.with("inspect-line", "line", &w.number(line)));
    if file.is_none() && line.is_none() {
        return short(&verdict.report.subject);
    }
    let beside = place.beside.iter().take(BESIDE_SHOWN_MAX).map(|(_, cell)| cell.clone());
    let parts = file.into_iter().chain(line).chain([short(&verdict.report.subject)]).chain(beside);
    // Each in its own direction (UAX 9): a line's word is Arabic where the code is not.
    let isolated = parts.map(|part| format!("\u{2068}{part}\u{2069}"));
    isolated.collect::<Vec<_>>().join(" · ")
}

/// Cells of a row that are shown beside a verdict.
const BESIDE_SHOWN_MAX: usize = 4;

/// The last 40 characters of a long text: a code's lot and serial stand there.
fn short(subject: &str) -> String {
    let length = subject.chars().count();
    match length.checked_sub(40) {
        None | Some(0..=8) => subject.to_owned(),
        Some(skipped) => format!("…{}", subject.chars().skip(skipped).collect::<String>()),
    }
}

/// Why it is not a pass: the sub-indication, else what the change of status gave as its reason.
fn reason(w: Words, report: &Report) -> String {
    if let Some(why) = report.authenticity.sub_indication {
        return w.spelled("sub-indication", why).into_owned();
    }
    let now = report.fitness.as_ref().map(|fitness| &fitness.now);
    match now.and_then(|now| now.reason.as_ref()) {
        Some(reason) => w.word("reason", reason).into_owned(),
        None => "–".to_owned(),
    }
}

fn check_line(w: Words, check: &Check) -> CheckLine {
    let (name, result, tone) = check_row(w, check);
    let (name, result) = (name.into_owned(), result.into_owned());
    let age = check.data_age_seconds.map(|age| format!("{age} s")).unwrap_or_default();
    CheckLine { name, result, tone, evidence: check.evidence.clone(), age }
}
