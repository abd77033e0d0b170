//! The scan page as values for its template, in the order people read it. Claims stand in it only
//! where the report has them; the rest of the facts come from the register entry of the same lot.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Ask, Frame};
use super::goods::{Goods, Linked};
use super::map;
use super::price;
use super::scan_goods::{self, ScanGoods};
use super::told::{Call, hides, local, party_name, visible};
use super::verdict::{Headline, PageVerdict};
use super::words::{Name, Words};
use crate::catalog::{Catalog, SchemeKind};
use crate::label::ScanCode;
use crate::names::{Gtin, LotKey, LotNumber, Serial};
use crate::register::{Certificate, CertificateStatus, Lot, LotStatus, Register};
use crate::statement::Timestamp;
use crate::verify::{
    CertificateSummary, Check, CheckResult, Claims, FAIR_TRADE_REASONS, FitnessAt, Indication,
    Report, Signal,
};
use crate::web::App;
use crate::web::verdict::Judge;

/// Lots listed for a product code without a lot number.
const LOTS_LISTED_MAX: usize = 50;

/// Room that is made for a page at once.
const HTML_BYTES: usize = 32_768;

/// What no scan can prove, as text ids.
const LIMITS: [&str; 5] = [
    "not-proven-copied",
    "not-proven-contents",
    "not-proven-refilled",
    "not-proven-sample",
    "not-proven-signer",
];

/// A text of the page's language, as it is kept where nothing is put into it.
type Text = Cow<'static, str>;

#[derive(Template)]
#[template(path = "scan.html")]
pub(super) struct ScanView {
    f: Frame,
    w: Words,
    verdict: Band,
    /// The issuer's notice and its heading.
    notice: Option<(String, Name)>,
    /// Of recalled or withdrawn goods: why, and whom to call.
    reason: Option<String>,
    /// Of goods that are recalled or held through what they were made of: which input.
    input: Option<(Linked, String)>,
    call: Option<Call>,
    /// Of a recalled lot what does not help at once is folded.
    recalled: bool,
    /// Whom to call in doubt.
    doubt: Option<Call>,
    notes: Vec<String>,
    facts: Option<Facts>,
    lots: Vec<LotLink>,
    checks: Vec<(Text, Text, &'static str)>,
    report_href: String,
    code: String,
}

/// The verdict's band.
pub(super) struct Band {
    pub label: String,
    pub tone: &'static str,
    pub icon: &'static str,
    pub word: String,
    pub sentence: String,
    pub action: String,
    pub checked: String,
}

/// A lot of the product, to choose.
struct LotLink {
    href: String,
    lot: String,
    packed: String,
}

/// What a genuine code's certificate and lot say.
struct Facts {
    product: Name,
    compare: Vec<PageRow>,
    says: Vec<PageRow>,
    dated: [Dated; 2],
    cooperative: Name,
    cooperative_href: String,
    region: Name,
    map: Option<Cow<'static, str>>,
    goods: Option<ScanGoods>,
    price: String,
    /// What it does not show of the premium.
    premium: String,
    fair_trade: (&'static str, String),
    others: Vec<Other>,
    not_covered: Vec<String>,
    proof: Vec<PageRow>,
    certificate_href: String,
    certificate_title: String,
    proof_href: String,
    statement_href: String,
}

/// One line of a list of facts.
#[derive(Clone)]
pub(super) struct PageRow {
    pub label: String,
    pub value: String,
    /// The value's language, or empty.
    pub lang: &'static str,
    /// A code or number that reads from the left in every language.
    pub ltr: bool,
    /// Where it leads, or empty.
    pub href: String,
}

/// Status at one date.
struct Dated {
    title: String,
    certificate: String,
    lot: String,
    good: bool,
    why: Vec<String>,
}

/// Another certificate of the lot.
struct Other {
    scheme: Name,
    certifier: Name,
    status: String,
    good: bool,
    until: String,
    href: String,
}

impl PageRow {
    pub fn text(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), lang: "", ltr: false, href: String::new() }
    }

    pub fn code(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { ltr: true, ..Self::text(label, value) }
    }

    /// The same line, leading to another page.
    pub fn to(self, href: String) -> Self {
        Self { href, ..self }
    }

    pub fn name(label: impl Into<String>, name: Name) -> Self {
        Self { lang: name.lang, ..Self::text(label, name.text) }
    }
}

impl Band {
    pub fn of(w: Words, verdict: &PageVerdict, now: Timestamp) -> Self {
        Self {
            label: w.t("verdict-label").into_owned(),
            tone: verdict.headline.tone(),
            icon: verdict.headline.icon(),
            word: verdict.headline.word(w).into_owned(),
            sentence: verdict.sentence(w),
            action: verdict.action(w).into_owned(),
            checked: verdict.checked(w, now),
        }
    }
}

impl ScanView {
    pub fn of(app: &App, judge: &Judge, ask: &Ask, found: PageVerdict) -> Self {
        let w = ask.w;
        let register = &judge.view.register;
        let report = &found.report;
        let f = ask.frame(app, title(w, found.headline, report));
        let facts = report.claims.as_ref().map(|claims| Facts::of(w, &f, judge, report, claims));
        let lots = match (&found.code, found.headline) {
            (Some(ScanCode::Plain { gtin, .. }), Headline::LotMissing) => {
                lots_of(register, gtin).into_iter().map(|lot| link(&f, w, &lot)).collect()
            }
            _ => Vec::new(),
        };
        let unfit = report.claims.as_ref().filter(|_| found.headline.is_of_lot());
        let goods = Goods { w, f: &f, register };
        let input = unfit.and_then(|claims| scan_goods::input(&goods, claims, judge.now));
        let contact = report.fitness.as_ref().and_then(|fitness| fitness.now.contact.as_ref());
        let contact = contact.map(|contact| &contact.party);
        let maker = report.claims.as_ref().map(|claims| &claims.cooperative);
        // Once is enough.
        let doubtful = maker.filter(|_| contact.is_none());
        Self {
            w,
            verdict: Band::of(w, &found, judge.now),
            notice: notice(w, register, report),
            reason: report.fitness.as_ref().and_then(|fitness| reason(w, &fitness.now)),
            input,
            call: contact.and_then(|slug| Call::of(w, register, slug)),
            recalled: found.headline == Headline::Recalled,
            doubt: doubtful.and_then(|slug| Call::of(w, register, slug)),
            notes: notes(w, report),
            facts,
            lots,
            checks: report.checks.iter().map(|check| check_row(w, check)).collect(),
            report_href: format!("{}?format=json", ask.own_path()),
            code: report.subject.clone(),
            f,
        }
    }

    pub fn html(&self) -> String {
        // A page of a genuine label has 25 to 30 kB.
        let mut html = String::with_capacity(HTML_BYTES);
        self.render_into(&mut html).map(|()| html).unwrap_or_default()
    }

    fn limits(&self) -> [&'static str; 5] {
        LIMITS
    }
}

/// Name, result in words and tone of a check.
pub(super) fn check_row(w: Words, check: &Check) -> (Text, Text, &'static str) {
    let tone = match check.result {
        CheckResult::Pass => "ok",
        CheckResult::Fail => "bad",
        _ => "unknown",
    };
    (w.spelled("check", check.check), w.spelled("check-result", check.result), tone)
}

/// The verdict first, so that a tab and a screen reader say it first.
fn title(w: Words, headline: Headline, report: &Report) -> String {
    let word = headline.word(w);
    match &report.claims {
        Some(claims) => {
            let product = w.product(&claims.product, &claims.product_name);
            format!("{word} – {} – {}", product.text, claims.lot.number())
        }
        None => format!("{word} – {}", w.t("site-name")),
    }
}

/// The issuer's notice in the page's language, else in one it was given in, with its heading.
fn notice(w: Words, register: &Register, report: &Report) -> Option<(String, Name)> {
    let now = &report.fitness.as_ref()?.now;
    let by = now.by.as_ref().map(|slug| party_name(w, register, slug)).unwrap_or_default();
    let heading = w.with("verdict-notice", "by", &by);
    let own = w.language.code();
    if let Some(text) = now.notice.get(own) {
        return Some((heading, Name { text: visible(text), lang: "" }));
    }
    ["fr", "ar", "en", "es", "zgh"].into_iter().find_map(|lang| {
        let text = visible(now.notice.get(lang)?);
        Some((heading.clone(), Name { text, lang }))
    })
}

/// Signals about this very code, where it leads and what was left out; a refuted one has none worth
/// reading.
fn notes(w: Words, report: &Report) -> Vec<String> {
    if report.authenticity.indication == Indication::TotalFailed {
        return Vec::new();
    }
    let signals = report.item.iter().map(|signal| w.spelled("signal", signal).into_owned());
    let hidden = hidden(report).then(|| w.t("text-hidden").into_owned());
    signals.chain(reading(w, report)).chain(hidden).collect()
}

/// Whether a text on the page was shown without characters that show nothing.
fn hidden(report: &Report) -> bool {
    let notice = report.fitness.iter().flat_map(|fitness| fitness.now.notice.values());
    let names = report.claims.iter().flat_map(|claims| {
        [&claims.product_name, &claims.cooperative_name, &claims.certificate.certifier_name]
    });
    notice.chain(names).any(|text| hides(text))
}

/// How the code was read, where there is something to tell of that.
pub(super) fn reading(w: Words, report: &Report) -> impl Iterator<Item = String> {
    let host = report.reading.foreign_host.as_ref();
    let host = host.map(|host| w.with("reading-foreign-host", "host", host));
    let words: Vec<_> =
        report.reading.left_out.iter().map(|what| w.spelled("left-out", what)).collect();
    let left_out =
        (!words.is_empty()).then(|| w.with("reading-left-out", "what", &words.join(", ")));
    host.into_iter().chain(left_out)
}

/// The lots under a product code, by lot number, as many as are listed.
pub(super) fn lots_of(register: &Register, gtin: &Gtin) -> Vec<Lot> {
    // `!` is the lowest character of a lot number: only the lot `!` itself does not come after it.
    let Ok(lowest) = LotNumber::parse("!") else { return Vec::new() };
    let lowest = LotKey::Gtin(gtin.clone(), lowest);
    let of_product = |lot: &Lot| matches!(&lot.record.lot, LotKey::Gtin(found, _) if found == gtin);
    let rest = register.lots_after(&lowest).take_while(of_product);
    register.lot(&lowest).into_iter().chain(rest).take(LOTS_LISTED_MAX).collect()
}

fn link(f: &Frame, w: Words, lot: &Lot) -> LotLink {
    let record = &lot.record;
    LotLink {
        href: f.link(&format!("/{}", record.lot.path())),
        lot: record.lot.number().to_string(),
        packed: w.day(record.packed_on),
    }
}

impl Facts {
    fn of(w: Words, f: &Frame, judge: &Judge, report: &Report, claims: &Claims) -> Self {
        let register = &judge.view.register;
        let lot = register.lot(&claims.lot);
        let summary = &claims.certificate;
        let certificate = register.certificate(summary.serial);
        let number = summary.serial.to_string();
        let logged = w.instant(summary.logged_at);
        let entry = [("index", summary.index.to_string()), ("instant", logged)];
        let entry = entry.each_ref().map(|(name, value)| (*name, value.as_str()));
        let goods = Goods { w, f, register };
        let shown = lot.as_ref().and_then(|lot| ScanGoods::of(&goods, lot, claims, judge.now));
        let map = shown.as_ref().and_then(|shown| shown.map.clone()).map(Cow::Owned);
        Self {
            product: w.product(&claims.product, &claims.product_name),
            compare: compare(w, report, claims, lot.as_ref()),
            says: says(w, summary, certificate.as_ref(), &claims.unit),
            dated: dated(w, register, report),
            cooperative: local(w, &claims.cooperative_name, &claims.cooperative_names),
            cooperative_href: f.link(&format!("/parties/{}", claims.cooperative)),
            region: w.region(&claims.region),
            map: map.or_else(|| map::paths(&claims.region).map(Cow::Borrowed)),
            premium: price::not_proven(&goods, lot.as_ref()),
            price: lot.as_ref().map(|lot| price::told(&goods, lot)).unwrap_or_default(),
            goods: shown,
            fair_trade: fair_trade(w, report, claims),
            others: others(w, f, report, claims),
            not_covered: certificate.as_ref().map(Certificate::not_covered).unwrap_or_default(),
            proof: vec![
                PageRow::text(w.t("proof-position"), w.with_all("proof-entry", &entry)),
                PageRow::text(w.t("proof-witnesses"), witnesses(w, judge.witnesses)),
            ],
            certificate_href: f.link(&format!("/certificates/{number}")),
            certificate_title: w.with("certificate-title", "serial", &number),
            proof_href: format!("/certificates/{number}.tlog-proof"),
            statement_href: format!("/certificates/{number}.json"),
        }
    }
}

/// How many outsiders have signed the log's newest state.
fn witnesses(w: Words, signed: usize) -> String {
    match signed {
        0 => w.t("proof-witnesses-none").into_owned(),
        count => w.with("proof-witnesses-count", "count", &count.to_string()),
    }
}

/// What the jar in the hand must say too.
fn compare(w: Words, report: &Report, claims: &Claims, lot: Option<&Lot>) -> Vec<PageRow> {
    let product = local(w, &claims.product_name, &claims.product_names);
    let mut rows = vec![PageRow::name(w.t("compare-product"), product)];
    if let Some(lot) = lot {
        let pack = w.quantity(lot.pack_size, &lot.record.unit);
        rows.push(PageRow::text(w.t("compare-net-quantity"), pack));
    }
    rows.push(PageRow::code(w.t("compare-lot"), claims.lot.number().as_str()));
    // A serial that nobody signed names no unit: the report has none then.
    let serial = claims.serial.as_ref().and_then(|serial| Serial::parse(serial).ok());
    if let Some(serial) = serial {
        rows.push(PageRow::code(w.t("compare-serial"), serial.grouped()));
    } else if report.item.contains(&Signal::NotSerialised) {
        rows.push(PageRow::text(w.t("compare-serial"), w.t("compare-no-serial")));
    }
    rows.push(PageRow::text(w.t("compare-packed-on"), w.day(claims.packed_on)));
    if let Some(end) = lot.and_then(|lot| lot.expires_on) {
        rows.push(PageRow::text(w.t("compare-best-before"), w.day(end)));
    }
    if let LotKey::Gtin(gtin, _) = &claims.lot {
        rows.push(PageRow::code(w.t("compare-gtin"), gtin.as_str()));
    }
    rows
}

/// Who says so, under what, until when.
fn says(
    w: Words,
    summary: &CertificateSummary,
    certificate: Option<&Certificate>,
    unit: &str,
) -> Vec<PageRow> {
    let mut rows = vec![
        PageRow::name(
            w.t("who-certifier"),
            local(w, &summary.certifier_name, &summary.certifier_names),
        ),
        PageRow::name(w.t("who-scheme"), w.scheme(&summary.scheme)),
        PageRow::text(w.t("who-valid-until"), w.day(summary.valid_until.day())),
    ];
    if let Some(certificate) = certificate {
        rows.push(PageRow::text(w.t("who-decision-date"), w.day(certificate.decided_on)));
        let quantity = w.quantity(summary.quantity, unit);
        rows.push(PageRow::text(w.t("who-certified-quantity"), quantity));
    }
    if let Some(custody) = summary.custody {
        rows.push(PageRow::text(w.t("who-key-custody"), w.spelled("custody", custody)));
    }
    rows
}

fn dated(w: Words, register: &Register, report: &Report) -> [Dated; 2] {
    let answer = |title: &str, at: Option<&FitnessAt>| {
        let day = at.map(|at| w.day(at.at.day())).unwrap_or_default();
        Dated {
            title: format!("{} – {day}", w.t(title)),
            certificate: at
                .map(|at| w.certificate(at.certificate).into_owned())
                .unwrap_or_default(),
            lot: at.map(|at| w.lot(at.lot).into_owned()).unwrap_or_default(),
            good: is_passed(report) && at.is_some_and(is_good),
            why: at.map(|at| why(w, register, at)).unwrap_or_default(),
        }
    };
    let fitness = report.fitness.as_ref();
    [
        answer("dates-packing", fitness.map(|fitness| &fitness.on_packing_date)),
        answer("dates-now", fitness.map(|fitness| &fitness.now)),
    ]
}

/// Since when, by whom, for what reason.
fn why(w: Words, register: &Register, at: &FitnessAt) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(since), Some(by)) = (at.since, &at.by) {
        let (day, by) = (w.day(since.day()), party_name(w, register, by));
        lines.push(w.with_all("verdict-since", &[("date", &day), ("by", &by)]));
    }
    lines.extend(reason(w, at));
    lines
}

/// For what reason.
fn reason(w: Words, at: &FitnessAt) -> Option<String> {
    let reason = at.reason.as_ref()?;
    Some(w.with("verdict-reason", "reason", &w.word("reason", reason)))
}

/// Nothing below the band is green where the band is not.
fn is_passed(report: &Report) -> bool {
    report.authenticity.indication == Indication::TotalPassed
}

fn is_good(at: &FitnessAt) -> bool {
    at.certificate == CertificateStatus::Valid && at.lot == LotStatus::Released
}

/// The report's word on fair trade, in a sentence that names the scheme.
fn fair_trade(w: Words, report: &Report, claims: &Claims) -> (&'static str, String) {
    let fitness = report.fitness.as_ref();
    let status = fitness.map_or("none", |fitness| fitness.fair_trade.as_str());
    let tone = match status {
        "valid" if is_passed(report) && fitness.is_some_and(|fitness| fitness.fit) => "ok",
        "valid" | "none" => "unknown",
        _ => "warn",
    };
    let is_fair = |summary: &&CertificateSummary| {
        let scheme = Catalog::builtin().ok().and_then(|catalog| catalog.scheme(&summary.scheme));
        // What else fails, fails a certificate in force.
        let fails = FAIR_TRADE_REASONS.contains(&status);
        let word = if fails { CertificateStatus::Valid.word() } else { status };
        summary.status.word() == word
            && scheme.is_some_and(|scheme| scheme.kinds.contains(&SchemeKind::FairTrade))
    };
    let named = claims.certificates.iter().find(is_fair);
    let scheme = named.map(|summary| w.scheme(&summary.scheme).text).unwrap_or_default();
    (tone, w.with(&format!("fair-trade-{status}"), "scheme", &scheme))
}

fn others(w: Words, f: &Frame, report: &Report, claims: &Claims) -> Vec<Other> {
    if claims.certificates.len() < 2 {
        return Vec::new();
    }
    let row = |c: &CertificateSummary| Other {
        scheme: w.scheme(&c.scheme),
        certifier: local(w, &c.certifier_name, &c.certifier_names),
        status: w.certificate(c.status).into_owned(),
        good: is_passed(report) && c.status == CertificateStatus::Valid,
        until: w.day(c.valid_until.day()),
        href: f.link(&format!("/certificates/{}", c.serial)),
    };
    let mut rows: Vec<Other> = claims.certificates.iter().take(20).map(row).collect();
    // What holds stands before what ended.
    rows.sort_by_key(|row| !row.good);
    rows
}
