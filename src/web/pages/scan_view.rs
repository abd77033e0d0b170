//! The scan page as values for its template, in the order people read it. Claims stand in it only
//! where the report has them; the rest of the facts come from the register entry of the same lot.

use std::borrow::Cow;

use askama::Template;

use super::band::{Band, product};
use super::frame::{Ask, Frame};
use super::scan_facts::Facts;
use super::share::Share;
use super::told::{Call, hides, party_name, visible};
use super::verdict::{Headline, PageVerdict};
use super::words::{Name, Words};
use crate::label::ScanCode;
use crate::names::{Gtin, LotKey, LotNumber};
use crate::os::percent;
use crate::register::{Lot, Register};
use crate::verify::{Check, CheckResult, Indication, Report};
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
    /// Of a recalled lot what does not help at once is folded.
    recalled: bool,
    /// Whom to call in doubt.
    doubt: Option<Call>,
    notes: Vec<String>,
    facts: Option<Facts>,
    lots: Vec<LotLink>,
    checks: Vec<(Text, Text, &'static str)>,
    report_href: String,
    /// The page that shows each step of the check.
    check_href: String,
    share: Option<Share>,
    printed: String,
    code: String,
}

/// A lot of the product, to choose.
struct LotLink {
    href: String,
    lot: String,
    packed: String,
}

impl ScanView {
    pub fn of(app: &App, judge: &Judge, ask: &Ask, found: PageVerdict) -> Self {
        let w = ask.w;
        let register = &judge.view.register;
        let report = &found.report;
        let f = ask.frame(app, title(w, found.headline, report));
        let recalled = found.headline == Headline::Recalled;
        let facts = report.claims.as_ref();
        let facts = facts.map(|claims| Facts::of(w, &f, judge, report, claims, recalled));
        let lots = match (&found.code, found.headline) {
            (Some(ScanCode::Plain { gtin, .. }), Headline::LotMissing) => {
                lots_of(register, gtin).into_iter().map(|lot| link(&f, w, &lot)).collect()
            }
            _ => Vec::new(),
        };
        let verdict = Band::of(w, &f, register, &found, judge.now);
        let maker = report.claims.as_ref().map(|claims| &claims.cooperative);
        // Once is enough.
        let doubtful = maker.filter(|_| verdict.call.is_none());
        let code = found.code.as_ref().and_then(ScanCode::label).map(|label| label.url());
        let code = code.unwrap_or_else(|| report.subject.clone());
        Self {
            w,
            verdict,
            notice: notice(w, register, &found),
            recalled,
            doubt: doubtful.and_then(|slug| Call::of(w, register, slug)),
            notes: notes(w, report),
            facts,
            lots,
            checks: report.checks.iter().map(|check| check_row(w, check)).collect(),
            report_href: format!("{}?format=json", ask.own_path()),
            check_href: format!("{}#{}", f.link("/check"), fragment(&code)),
            share: share(app, judge, ask, &found),
            printed: w.instant(judge.now),
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

/// A code behind the `#` of an address: a label's characters stand there as they are.
fn fragment(code: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"$*+-.:/_~".contains(&byte);
    if code.bytes().all(plain) { code.into() } else { percent::path(code).into() }
}

/// How the page is passed on, where there is something to pass on.
fn share(app: &App, judge: &Judge, ask: &Ask, found: &PageVerdict) -> Option<Share> {
    let claims = found.report.claims.as_ref()?;
    let w = ask.w;
    let host = judge.view.register.domain().host();
    let base = match app.settings.public_url.as_str() {
        "" => format!("https://{host}"),
        own => own.to_owned(),
    };
    let (word, product) = (found.headline.word(w), product(w, claims));
    let lot = claims.lot.number().to_string();
    let said = [("verdict", &*word), ("product", &product.text), ("lot", &lot)];
    let signed = found.code.as_ref().is_some_and(|code| code.label().is_some());
    Some(Share::of(w, &base, &ask.own_path(), &said, signed))
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
            format!("{word} – {} – {}", product(w, claims).text, claims.lot.number())
        }
        None => format!("{word} – {}", w.t("site-name")),
    }
}

/// The issuer's notice in the page's language, else in one it was given in, with its heading.
fn notice(w: Words, register: &Register, found: &PageVerdict) -> Option<(String, Name)> {
    let (by, notice) = match (&found.report.fitness, &found.alone) {
        (Some(fitness), _) => (fitness.now.by.as_ref(), &fitness.now.notice),
        (None, Some(alone)) => (Some(&alone.event.by), &alone.event.notice),
        (None, None) => return None,
    };
    let by = by.map(|slug| party_name(w, register, slug)).unwrap_or_default();
    let heading = w.with("verdict-notice", "by", &by);
    let own = w.language.code();
    if let Some(text) = notice.get(own) {
        return Some((heading, Name { text: visible(text), lang: "" }));
    }
    ["fr", "ar", "en", "es", "zgh"].into_iter().find_map(|lang| {
        let text = visible(notice.get(lang)?);
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
