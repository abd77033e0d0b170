//! What was found of one thing, for who stands at a counter: the word, what it is of, the figures
//! of a paper, then every check. Not here: the verdict (`verify`), lists (`inspect_list`).

use askama::Template;

use super::account::{self, Entry};
use super::band::Band;
use super::frame::{Ask, Frame};
use super::goods::Goods;
use super::scan_facts::PageRow;
use super::scan_view::{check_row, reading};
use super::told::visible;
use super::verdict::PageVerdict;
use super::words::Words;
use crate::names::LotKey;
use crate::register::{CertificateRecord, Lot};
use crate::verify::{Check, Claims, Policy, Report};
use crate::web::App;
use crate::web::verdict::Judge;

#[derive(Template)]
#[template(path = "inspect_one.html")]
pub(super) struct OnePage {
    f: Frame,
    w: Words,
    verdict: Band,
    facts: Vec<PageRow>,
    signals: Vec<String>,
    checks: Vec<CheckLine>,
    subject: String,
    /// The code as it was read, if it was one.
    code: Option<String>,
    /// Where it stood, if it came in a list.
    place: String,
    policy: String,
    policy_name: &'static str,
    change_href: String,
}

/// One check in words.
struct CheckLine {
    name: String,
    result: String,
    tone: &'static str,
    evidence: String,
    age: String,
}

impl OnePage {
    pub fn of(app: &App, judge: &Judge, ask: &Ask, policy: Policy, found: &PageVerdict) -> Self {
        let (w, report) = (ask.w, &found.report);
        let f = ask.frame(app, format!("{} – {}", found.headline.word(w), w.t("site-name")));
        let signals = report.item.iter().map(|signal| w.spelled("signal", signal).into_owned());
        let line = found.place.line.map(|line| w.with("inspect-line", "line", &w.number(line)));
        let file = found.place.file.as_ref().map(ToString::to_string);
        let cells = found.place.beside.iter().map(|(_, cell)| visible(cell));
        let place = file.into_iter().chain(line).chain(cells);
        let place = place.map(|part| format!("\u{2068}{part}\u{2069}"));
        Self {
            verdict: Band::of(w, &f, &judge.view.register, found, judge.now),
            facts: facts(&f, w, judge, found),
            signals: signals.chain(reading(w, report)).collect(),
            checks: report.checks.iter().map(|check| check_line(w, check)).collect(),
            subject: visible(&report.subject),
            code: found.of_code.then(|| report.subject.clone()),
            place: place.collect::<Vec<_>>().join(" · "),
            policy: w.word("policy", policy.name()).into_owned(),
            policy_name: policy.name(),
            change_href: f.link(&format!("/inspect?policy={}", policy.name())),
            w,
            f,
        }
    }
}

/// What a paper is compared with. Nothing of what is not genuine.
fn facts(f: &Frame, w: Words, judge: &Judge, found: &PageVerdict) -> Vec<PageRow> {
    let Some(claims) = found.report.claims.as_ref() else { return Vec::new() };
    let (certificate, register) = (&claims.certificate, &judge.view.register);
    let lot = register.lot(&claims.lot);
    let record = register.certificate(certificate.serial).map(|found| found.record);
    let issuer = f.link(&format!("/parties/{}", certificate.certifier));
    let serial = certificate.serial.to_string();
    let mut rows = vec![
        PageRow::code(w.t("compare-lot"), claims.lot.to_string())
            .to(f.link(&format!("/{}", claims.lot.path()))),
        PageRow::code(w.t("inspect-reference"), serial.clone())
            .to(f.link(&format!("/certificates/{serial}"))),
    ];
    if let Some(lot) = &lot {
        rows.push(PageRow::code(w.t("certificate-hs-code"), lot.hs_code.to_string()));
    }
    rows.push(PageRow::text(
        w.t("who-certified-quantity"),
        w.quantity(certificate.quantity, &claims.unit),
    ));
    if let (Some(lot), Some(record)) = (&lot, &record) {
        rows.push(PageRow::text(w.t("inspect-remaining"), remaining(f, w, judge, lot, record)));
    }
    rows.push(PageRow::text(w.t("who-certifier"), visible(&certificate.certifier_name)).to(issuer));
    rows.push(PageRow::name(w.t("who-scheme"), w.scheme(&certificate.scheme)));
    rows.push(PageRow::text(w.t("column-cooperative"), visible(&claims.cooperative_name)));
    rows.extend(serial_row(w, claims));
    if let Some(age) = age(w, &found.report) {
        rows.push(PageRow::text(w.t("inspect-age"), age));
    }
    rows
}

fn serial_row(w: Words, claims: &Claims) -> Option<PageRow> {
    claims.serial.as_ref().map(|serial| PageRow::code(w.t("compare-serial"), serial.clone()))
}

/// What of a certified quantity is neither on labels nor in other lots. Where goods are not
/// followed only labels are known of.
fn remaining(f: &Frame, w: Words, judge: &Judge, lot: &Lot, record: &CertificateRecord) -> String {
    let goods = Goods { w, f, register: &judge.view.register };
    let key: &LotKey = &lot.record.lot;
    let last = account::of_certificate(&goods, record, key).pop();
    last.map_or_else(
        || {
            let labelled = lot.labels_issued.saturating_mul(lot.pack_size);
            w.quantity(record.quantity.saturating_sub(labelled), &lot.record.unit)
        },
        |Entry { text, .. }| text,
    )
}

/// The age of the oldest data behind a check that must pass.
fn age(w: Words, report: &Report) -> Option<String> {
    let ages = report.checks.iter().filter(|check| check.required);
    let oldest = ages.filter_map(|check| check.data_age_seconds).max()?;
    Some(w.lasting(u64::try_from(oldest).unwrap_or_default()))
}

/// Why it is not a pass: the sub-indication, else what the change of status gave as its reason.
pub(super) fn reason(w: Words, report: &Report) -> String {
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
    let age = check.data_age_seconds.and_then(|age| u64::try_from(age).ok());
    let age = age.map(|age| w.lasting(age)).unwrap_or_default();
    CheckLine { name, result, tone, evidence: check.evidence.clone(), age }
}
