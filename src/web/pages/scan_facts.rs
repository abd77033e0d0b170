//! What a genuine code's certificate and lot say, as values for the scan page: what to compare, who
//! says so, two dates, other certificates, proof. Not here: the band, and goods (`scan_goods`).

use std::borrow::Cow;

use super::band::{product, reason};
use super::frame::Frame;
use super::goods::Goods;
use super::map;
use super::price::{self, Ladder};
use super::scan_goods::ScanGoods;
use super::told::{local, party_name};
use super::words::{Name, Words};
use crate::catalog::{Catalog, SchemeKind};
use crate::names::{LotKey, Serial};
use crate::register::{Certificate, CertificateStatus, Lot, LotStatus, Register};
use crate::verify::{
    CertificateSummary, Claims, FAIR_TRADE_REASONS, FitnessAt, Indication, Report, Signal,
};
use crate::web::verdict::Judge;

/// What a genuine code's certificate and lot say.
pub(super) struct Facts {
    pub compare: Vec<PageRow>,
    pub says: Vec<PageRow>,
    /// Where they differ, or are not good.
    pub dated: Vec<Dated>,
    pub cooperative: Name,
    pub cooperative_href: String,
    pub region: Name,
    pub map: Option<Cow<'static, str>>,
    pub goods: Option<ScanGoods>,
    pub price: String,
    /// What it does not show of the premium.
    pub premium: String,
    pub ladder: Option<Ladder>,
    pub fair_trade: (&'static str, String),
    pub others: Vec<Other>,
    pub not_covered: Vec<String>,
    pub proof: Vec<PageRow>,
    pub certificate_href: String,
    pub certificate_title: String,
    pub proof_href: String,
    pub statement_href: String,
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
pub(super) struct Dated {
    pub title: String,
    pub certificate: String,
    pub lot: String,
    pub good: bool,
    pub why: Vec<String>,
}

/// Another certificate of the lot.
pub(super) struct Other {
    pub scheme: Name,
    pub certifier: Name,
    pub status: String,
    pub good: bool,
    pub until: String,
    pub href: String,
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

impl Facts {
    pub fn of(
        w: Words,
        f: &Frame,
        judge: &Judge,
        report: &Report,
        claims: &Claims,
        recalled: bool,
    ) -> Self {
        let register = &judge.view.register;
        let lot = register.lot(&claims.lot);
        let summary = &claims.certificate;
        let certificate = register.certificate(summary.serial);
        let number = summary.serial.to_string();
        let goods = Goods { w, f, register };
        let shown = lot.as_ref().and_then(|lot| ScanGoods::of(&goods, lot, claims, judge.now));
        let map = shown.as_ref().and_then(|shown| shown.map.clone()).map(Cow::Owned);
        let said = lot.as_ref().map(|lot| (lot, price::said(&goods, lot)));
        let ladder = said
            .as_ref()
            .and_then(|(lot, (_, record))| price::ladder(&goods, lot, record.as_ref()?));
        Self {
            compare: compare(w, report, claims, lot.as_ref(), recalled),
            says: says(w, f, claims, certificate.as_ref()),
            dated: dated(w, register, report),
            cooperative: local(w, &claims.cooperative_name, &claims.cooperative_names),
            cooperative_href: f.link(&format!("/parties/{}", claims.cooperative)),
            region: w.region(&claims.region),
            map: map.or_else(|| map::paths(&claims.region).map(Cow::Borrowed)),
            premium: price::not_proven(&goods, lot.as_ref()),
            price: said.map(|(_, (sentence, _))| sentence).unwrap_or_default(),
            ladder,
            goods: shown,
            fair_trade: fair_trade(w, report, claims),
            others: others(w, f, report, claims),
            not_covered: certificate.as_ref().map(Certificate::not_covered).unwrap_or_default(),
            proof: proof(w, judge, summary),
            certificate_href: f.link(&format!("/certificates/{number}")),
            certificate_title: w.with("certificate-title", "serial", &number),
            proof_href: format!("/certificates/{number}.tlog-proof"),
            statement_href: format!("/certificates/{number}.json"),
        }
    }
}

/// When it was checked, where it stands in the log, who outside has signed that.
fn proof(w: Words, judge: &Judge, summary: &CertificateSummary) -> Vec<PageRow> {
    let logged = w.instant(summary.logged_at);
    let entry = [("index", summary.index.to_string()), ("instant", logged)];
    let entry = entry.each_ref().map(|(name, value)| (*name, value.as_str()));
    vec![
        PageRow::text(w.t("proof-checked-at"), w.instant(judge.now)),
        PageRow::text(w.t("proof-position"), w.with_all("proof-entry", &entry)),
        PageRow::text(w.t("proof-witnesses"), witnesses(w, judge.witnesses)),
    ]
}

/// How many outsiders have signed the log's newest state.
fn witnesses(w: Words, signed: usize) -> String {
    match signed {
        0 => w.t("proof-witnesses-none").into_owned(),
        count => w.with("proof-witnesses-count", "count", count),
    }
}

/// What the jar in the hand must say too, beside what the band names. Of recalled goods first what
/// tells them from others.
fn compare(
    w: Words,
    report: &Report,
    claims: &Claims,
    lot: Option<&Lot>,
    recalled: bool,
) -> Vec<PageRow> {
    let mut rows = Vec::new();
    // The pack bears the declared name, whatever the reader's language calls it.
    let declared = local(w, &claims.product_name, &claims.product_names);
    if declared.text != product(w, claims).text {
        rows.push(PageRow::name(w.t("compare-product"), declared));
    }
    let mut dates = vec![PageRow::text(w.t("compare-packed-on"), w.day(claims.packed_on))];
    if let Some(end) = lot.and_then(|lot| lot.expires_on) {
        dates.push(PageRow::text(w.t("compare-best-before"), w.day(end)));
    }
    if let LotKey::Gtin(gtin, _) = &claims.lot {
        dates.push(PageRow::code(w.t("compare-gtin"), gtin.as_str()));
    }
    let net = lot.map(|lot| {
        let pack = w.quantity(lot.pack_size, &lot.record.unit);
        PageRow::text(w.t("compare-net-quantity"), pack)
    });
    // A serial that nobody signed names no unit: the report has none then.
    let serial = claims.serial.as_ref().and_then(|serial| Serial::parse(serial).ok());
    let serial = match serial {
        Some(serial) => Some(PageRow::code(w.t("compare-serial"), serial.grouped())),
        None if report.item.contains(&Signal::NotSerialised) => {
            Some(PageRow::text(w.t("compare-serial"), w.t("compare-no-serial")))
        }
        None => None,
    };
    if recalled {
        rows.insert(0, PageRow::code(w.t("compare-lot"), claims.lot.number().as_str()));
        rows.extend(dates.into_iter().chain(net).chain(serial));
    } else {
        rows = net.into_iter().chain(rows).chain(serial).chain(dates).collect();
    }
    rows
}

/// Who says so, under what, until when.
fn says(w: Words, f: &Frame, claims: &Claims, certificate: Option<&Certificate>) -> Vec<PageRow> {
    let summary = &claims.certificate;
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
        let quantity = w.quantity(summary.quantity, &claims.unit);
        rows.push(PageRow::text(w.t("who-certified-quantity"), quantity));
    }
    if let Some(custody) = summary.custody {
        rows.push(PageRow::text(w.t("who-key-custody"), w.spelled("custody", custody)));
    }
    if let Some(named) = claims.named {
        let href = f.link(&format!("/certificates/{named}"));
        rows.push(PageRow::text(w.t("certificate-supersedes"), named.to_string()).to(href));
    }
    rows
}

fn dated(w: Words, register: &Register, report: &Report) -> Vec<Dated> {
    let answer = |title: &str, at: &FitnessAt| Dated {
        title: format!("{} – {}", w.t(title), w.day(at.at.day())),
        certificate: w.certificate(at.certificate).into_owned(),
        lot: w.lot(at.lot).into_owned(),
        good: is_passed(report) && is_good(at),
        why: why(w, register, at),
    };
    let Some(fitness) = report.fitness.as_ref() else { return Vec::new() };
    let (then, now) = (&fitness.on_packing_date, &fitness.now);
    if is_good(then) && is_good(now) {
        return Vec::new();
    }
    vec![answer("dates-packing", then), answer("dates-now", now)]
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
