//! The band of a scan page: icon, word, product and lot, what it rests on, why, what to do, when it
//! was checked. All of it follows from the report. Not here: what stands below it (`scan_view`).

use super::frame::Frame;
use super::goods::{Goods, Linked};
use super::scan_goods;
use super::told::{Call, local, party_name, visible};
use super::verdict::{Headline, PageVerdict};
use super::words::{Name, Words};
use crate::register::{CertificateStatus, LotStatus, Register};
use crate::statement::Timestamp;
use crate::verify::{Claims, FitnessAt, Report};

/// The verdict's band.
pub(super) struct Band {
    pub label: String,
    pub tone: &'static str,
    pub icon: &'static str,
    pub word: String,
    /// Of a genuine code: what it is of.
    pub product: Option<Name>,
    pub lot: String,
    /// What else holds for the lot, before what ended.
    pub holds: String,
    pub sentence: String,
    /// For what reason, by whom.
    pub why: Vec<String>,
    /// Of goods that are recalled or held through what they were made of: which input.
    pub input: Option<(Linked, String)>,
    pub action: String,
    /// The certificate that counts instead.
    pub newer: Option<(String, String)>,
    pub call: Option<Call>,
    pub checked: String,
}

impl Band {
    pub fn of(
        w: Words,
        f: &Frame,
        register: &Register,
        found: &PageVerdict,
        now: Timestamp,
    ) -> Self {
        let report = &found.report;
        let claims = report.claims.as_ref();
        let status = report.fitness.as_ref().map(|fitness| &fitness.now);
        let goods = Goods { w, f, register };
        let unfit = claims.filter(|_| found.headline.is_of_lot());
        let newer = status.filter(|_| found.headline == Headline::Superseded);
        let newer = newer.and_then(|status| status.superseded_by).map(|serial| {
            let title = w.with("certificate-title", "serial", &serial.to_string());
            (f.link(&format!("/certificates/{serial}")), title)
        });
        let contact = status.and_then(|status| status.contact.as_ref()).map(|it| &it.party);
        let recalled = found.headline == Headline::Recalled;
        let alone = found.alone.as_ref();
        let contact = contact.or(alone.filter(|_| recalled).map(|alone| &alone.producer));
        Self {
            label: w.t("verdict-label").into_owned(),
            tone: found.headline.tone(),
            icon: found.headline.icon(),
            word: found.headline.word(w).into_owned(),
            product: claims.map(|claims| product(w, claims)),
            lot: claims.map(|claims| claims.lot.number().to_string()).unwrap_or_default(),
            holds: holds(w, found.headline, report),
            sentence: found.sentence(w),
            why: match (status, alone) {
                (Some(status), _) => why(w, register, found.headline, status),
                (None, Some(alone)) => vec![reason_of(w, alone.event.reason.word())],
                (None, None) => Vec::new(),
            },
            input: unfit.and_then(|claims| scan_goods::input(&goods, claims, now)),
            action: found.action(w).into_owned(),
            newer,
            call: contact.and_then(|party| Call::of(w, register, party)),
            checked: found.checked(w, now),
        }
    }

    /// Whether nothing stands against it.
    pub fn is_good(&self) -> bool {
        self.tone == "ok"
    }
}

/// What it is: the name declared in the reader's language, else the catalogue's, else the declared
/// one.
pub(super) fn product(w: Words, claims: &Claims) -> Name {
    if let Some(name) = claims.product_names.get(w.language.code()) {
        return Name { text: visible(name), lang: "" };
    }
    let known = w.product(&claims.product, "");
    match known.lang {
        "" if !known.text.is_empty() => known,
        _ => local(w, &claims.product_name, &claims.product_names),
    }
}

/// The schemes under which the lot is certified all the same, where a certificate ended.
fn holds(w: Words, headline: Headline, report: &Report) -> String {
    use Headline::{Expired, NotYetValid, ScopeReduced, Superseded, Suspended, Withdrawn};
    let ended = matches!(
        headline,
        Expired | NotYetValid | ScopeReduced | Superseded | Suspended | Withdrawn
    );
    let released = report.fitness.as_ref().is_some_and(|it| it.now.lot == LotStatus::Released);
    let Some(claims) = report.claims.as_ref().filter(|_| ended && released) else {
        return String::new();
    };
    let own = claims.certificate.serial;
    let others = claims.certificates.iter().filter(|other| other.serial != own);
    let mut schemes: Vec<String> = others
        .filter(|other| other.status == CertificateStatus::Valid)
        .map(|other| w.scheme(&other.scheme).text)
        .collect();
    schemes.dedup();
    if schemes.is_empty() {
        return String::new();
    }
    w.with("verdict-else-holds", "schemes", &schemes.join(" · "))
}

/// For what reason, and by whom.
fn why(w: Words, register: &Register, headline: Headline, at: &FitnessAt) -> Vec<String> {
    let mut lines: Vec<String> = reason(w, at).into_iter().collect();
    // Who recalled says so below, with what it says.
    if headline != Headline::Recalled
        && let Some(by) = &at.by
    {
        lines.push(w.with("verdict-by", "by", &party_name(w, register, by)));
    }
    lines
}

/// For what reason.
pub(super) fn reason(w: Words, at: &FitnessAt) -> Option<String> {
    Some(reason_of(w, at.reason.as_ref()?))
}

fn reason_of(w: Words, reason: &str) -> String {
    w.with("verdict-reason", "reason", &w.word("reason", reason))
}
