//! The verdict in words: reports come from `verify`, over one published state; here they only get a
//! headline, a tone and a sentence. Nothing is decided here that the report does not say.

use std::borrow::Cow;
use std::sync::Arc;

use strum::IntoStaticStr;

use super::told::local;
use super::words::Words;
use crate::label::{LabelError, Scan, ScanCode};
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateStatus, LotStatus, StatusEvent, in_effect};
use crate::statement::{Day, StatusAction, Timestamp};
use crate::verify::{
    Check, CheckName, CheckResult, Evidence, FitnessAt, Indication, Policy, Report, Signal,
    SubIndication,
};
use crate::web::language::Value;
use crate::web::verdict::Judge;

/// Age of the status data, in seconds, from which on a page tells it: a minute.
const AGE_TOLD_FROM_SECONDS: i64 = 60;

/// What was found, and the one line it comes down to.
pub(super) struct PageVerdict {
    pub headline: Headline,
    pub report: Report,
    /// The code, where it was one and could be read.
    pub code: Option<ScanCode>,
    /// Why it could not.
    pub fault: Option<LabelError>,
    /// Whether it is about a code and not about a document.
    pub of_code: bool,
    /// Where it stood in a list.
    pub place: PlaceOnPage,
    /// What holds or recalls a lot that nobody certified: the report has no certificate to tell it
    /// with.
    pub alone: Option<LotAlone>,
    /// The day its sentence names.
    date: Option<Day>,
}

/// What was said of a lot that nobody certified, and whose it is.
pub(super) struct LotAlone {
    pub producer: PartySlug,
    pub event: StatusEvent,
}

/// Where something stood in a list, and the other cells of its row.
#[derive(Clone, Debug, Default)]
pub(super) struct PlaceOnPage {
    pub file: Option<Arc<str>>,
    pub line: Option<u64>,
    pub beside: Vec<(String, String)>,
}

impl Judge {
    /// The verdict on a code.
    pub(super) fn on_code(&self, text: &str, policy: Policy) -> PageVerdict {
        let scan = Scan::of(text);
        let report = self.report(Evidence::Scan(&scan), policy);
        let headline = Headline::of(&report);
        let (code, fault) = (scan.code().cloned(), scan.ways.err());
        let lot = code.as_ref().and_then(ScanCode::lot_key);
        let expiry = code.as_ref().and_then(ScanCode::label).map(|label| label.expiry());
        let date = match headline {
            Headline::CodeExpired => expiry,
            Headline::Exhausted => lot.as_ref().and_then(|lot| self.last_event(lot)),
            _ => headline.date(&report).or_else(|| self.since(lot.as_ref())),
        };
        // What is refuted or not known is not explained by what befell the lot it names.
        let alone = lot.as_ref().filter(|_| report.fitness.is_none() && headline.is_of_lot());
        let alone = alone.and_then(|lot| self.alone(lot));
        let place = PlaceOnPage::default();
        PageVerdict { headline, report, code, fault, of_code: true, place, alone, date }
    }

    /// The verdict on what cannot be judged more than other text that is no code, and counts as
    /// much.
    pub(super) fn on_nothing(&self, what: &str, policy: Policy) -> PageVerdict {
        let verdict = self.on_code(what, policy);
        PageVerdict { of_code: false, ..verdict }
    }

    /// The verdict on a signed document.
    pub(super) fn on_document(&self, evidence: Evidence<'_>, policy: Policy) -> PageVerdict {
        let report = self.report(evidence, policy);
        let headline = Headline::of(&report);
        let date = headline.date(&report);
        let place = PlaceOnPage::default();
        let (code, fault, alone) = (None, None, None);
        PageVerdict { headline, report, code, fault, of_code: false, place, alone, date }
    }

    /// The day of the newest event of a lot.
    fn last_event(&self, lot: &LotKey) -> Option<Day> {
        let trace = self.view.register.trace();
        let events = trace.events_of(self.view.register.lot_handle(lot)?);
        let at = events.filter_map(|event| trace.event_view(event)).map(|event| event.at).max()?;
        Some(Timestamp::from_seconds(at).day())
    }

    /// What bars a lot by itself.
    fn alone(&self, lot: &LotKey) -> Option<LotAlone> {
        let record = self.view.register.lot(lot)?.record;
        let event = in_effect(&record.events, self.now)?;
        let bars = matches!(event.action, StatusAction::Hold | StatusAction::Recall);
        bars.then(|| LotAlone { producer: record.producer.clone(), event: event.clone() })
    }

    /// Since when the lot has the status it has; for lots without a certificate.
    fn since(&self, lot: Option<&LotKey>) -> Option<Day> {
        let lot = self.view.register.lot(lot?)?;
        Some(in_effect(&lot.record.events, self.now)?.effective_from.day())
    }
}

/// The one line a report comes down to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Headline {
    NotGenuine,
    Recalled,
    Withdrawn,
    Suspended,
    Held,
    ScopeReduced,
    Expired,
    NotYetValid,
    Superseded,
    Exhausted,
    CodeExpired,
    LabelVoid,
    KeySuspect,
    StatusUnknown,
    Unchecked,
    NoCertificate,
    /// Of a code without signature: its lot is not in order.
    UnsignedUnfit,
    /// Of a code without signature: its lot is certified.
    Unsigned,
    LotMissing,
    Unknown,
    /// A genuine statement that is no certificate: it has no fitness.
    Authentic,
    /// In force, and seen more often than one unit is.
    Unusual,
    Valid,
}

impl Headline {
    /// From the report alone.
    fn of(report: &Report) -> Self {
        let told = |signal: Signal| report.item.contains(&signal);
        if report.authenticity.indication == Indication::TotalFailed {
            // What cannot be read accuses nobody: it is mistyped, or something else.
            return if report.exit_code == 2 { Self::Unknown } else { Self::NotGenuine };
        }
        if told(Signal::NoLabelSignature) {
            return Self::unsigned(report);
        }
        if let Some(unfit) = report.fitness.as_ref().and_then(|f| Self::unfit(&f.now)) {
            return unfit;
        }
        match (report.authenticity.indication, &report.fitness) {
            (Indication::Indeterminate, _) => Self::undecided(report),
            (_, None) => Self::Authentic,
            (_, Some(_)) if told(Signal::LabelVoid) => Self::LabelVoid,
            (_, Some(_)) if told(Signal::LotEnded) => Self::Exhausted,
            (_, Some(_)) if told(Signal::ExpiredLabel) => Self::CodeExpired,
            (_, Some(fitness)) if fitness.fit && told(Signal::UnusualScans) => Self::Unusual,
            (_, Some(fitness)) if fitness.fit => Self::Valid,
            (_, Some(_)) => Self::Unchecked,
        }
    }

    /// Nothing in the code is signed: what is known of its lot is told, a recall first.
    fn unsigned(report: &Report) -> Self {
        let told = |signal: Signal| report.item.contains(&signal);
        let unfit = report.fitness.as_ref().and_then(|fitness| Self::unfit(&fitness.now));
        let of_label =
            |check: &Check| matches!(check.check, CheckName::LabelSignature | CheckName::Host);
        let good = |check: &Check| check.result == CheckResult::Pass || check.check.is_fitness();
        let checked = |check: &Check| !check.required || of_label(check) || good(check);
        if unfit == Some(Self::Recalled) || told(Signal::UncertifiedLotRecalled) {
            Self::Recalled
        } else if unfit.is_some()
            || told(Signal::UncertifiedLotHeld)
            || told(Signal::LotEnded)
            || report.fitness.as_ref().is_some_and(|fitness| !fitness.fit)
        {
            Self::UnsignedUnfit
        } else if report.item.iter().any(|signal| signal.is_of_uncertified()) {
            Self::NoCertificate
        } else if told(Signal::LotMissing) {
            Self::LotMissing
        } else if told(Signal::LotUnknown) {
            Self::Unknown
        } else if report.fitness.is_some() && report.checks.iter().all(checked) {
            Self::Unsigned
        } else {
            Self::Unchecked
        }
    }

    fn undecided(report: &Report) -> Self {
        let signed = report.checks.iter().any(|check| {
            check.check == CheckName::LabelSignature && check.result == CheckResult::Pass
        });
        match report.authenticity.sub_indication {
            Some(SubIndication::KeySuspect) => Self::KeySuspect,
            Some(SubIndication::TryLater | SubIndication::StatusStale) if signed => {
                Self::StatusUnknown
            }
            _ => Self::Unchecked,
        }
    }

    fn unfit(now: &FitnessAt) -> Option<Self> {
        let lot = match now.lot {
            LotStatus::Recalled => Some(Self::Recalled),
            LotStatus::Held => Some(Self::Held),
            LotStatus::Exhausted => Some(Self::Exhausted),
            LotStatus::Released => None,
        };
        let certificate = match now.certificate {
            CertificateStatus::Withdrawn => Some(Self::Withdrawn),
            CertificateStatus::Suspended => Some(Self::Suspended),
            CertificateStatus::ScopeReduced => Some(Self::ScopeReduced),
            CertificateStatus::Expired => Some(Self::Expired),
            CertificateStatus::NotYetValid => Some(Self::NotYetValid),
            CertificateStatus::Superseded => Some(Self::Superseded),
            CertificateStatus::Valid => None,
        };
        lot.into_iter().chain(certificate).min()
    }

    /// The day its sentence names, where the report tells it.
    fn date(self, report: &Report) -> Option<Day> {
        let certificate = report.claims.as_ref().map(|claims| &claims.certificate);
        let at = match self {
            Self::Valid | Self::Expired | Self::Unsigned => certificate.map(|c| c.valid_until),
            Self::NotYetValid => certificate.map(|c| c.valid_from),
            _ => report.fitness.as_ref().and_then(|fitness| fitness.now.since),
        };
        at.map(Timestamp::day)
    }

    /// Whether it says that the goods are held or recalled.
    pub fn is_of_lot(self) -> bool {
        matches!(self, Self::Recalled | Self::Held | Self::UnsignedUnfit)
    }

    /// The middle of its text ids.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The colour's name; the icon and the word say the same without it.
    pub fn tone(self) -> &'static str {
        match self {
            Self::NotGenuine | Self::Recalled | Self::Withdrawn => "bad",
            Self::Suspended
            | Self::Held
            | Self::ScopeReduced
            | Self::Expired
            | Self::Exhausted
            | Self::CodeExpired
            | Self::LabelVoid
            | Self::Unusual => "warn",
            Self::NotYetValid
            | Self::Superseded
            | Self::UnsignedUnfit
            | Self::Unsigned
            | Self::LotMissing => "info",
            Self::KeySuspect
            | Self::StatusUnknown
            | Self::Unchecked
            | Self::NoCertificate
            | Self::Unknown => "unknown",
            Self::Authentic | Self::Valid => "ok",
        }
    }

    /// The icon's drawing in a 24 by 24 box.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Valid | Self::Authentic => "M6 13l4 4 8-9",
            Self::NotGenuine | Self::Withdrawn => "M8 8l8 8M16 8l-8 8",
            Self::Recalled => "M12 6v7M12 17v.5",
            Self::Suspended | Self::Held => "M9.5 7v10M14.5 7v10",
            Self::Expired | Self::NotYetValid | Self::CodeExpired => "M12 6v6l4 3",
            Self::ScopeReduced | Self::Exhausted | Self::LabelVoid | Self::NoCertificate => {
                "M7 12h10"
            }
            Self::Unsigned | Self::UnsignedUnfit => "M12 11v6M12 7v.5",
            // An eye.
            Self::Unusual => "M5 12q7-8 14 0q-7 8-14 0M12 11.5v1",
            Self::Superseded | Self::LotMissing => "M6 12h11M13 8l4 4-4 4",
            Self::KeySuspect | Self::StatusUnknown | Self::Unchecked | Self::Unknown => {
                "M9 9.5a3 3 0 1 1 4.5 2.6q-1.5.8-1.5 2M12 17.5v.3"
            }
        }
    }

    pub fn word(self, w: Words) -> Cow<'static, str> {
        w.t(&format!("verdict-{}", self.id()))
    }
}

impl PageVerdict {
    /// The sentence below the word: what it rests on, from the report alone.
    pub fn sentence(&self, w: Words) -> String {
        let claims = self.report.claims.as_ref();
        let certifier = claims
            .map(|claims| &claims.certificate)
            .map_or_else(String::new, |it| local(w, &it.certifier_name, &it.certifier_names).text);
        let date = self.date.map(|day| w.day(day)).unwrap_or_default();
        let id = format!("verdict-{}-sentence", self.headline.id());
        let status = self.status(w);
        let now = self.report.fitness.as_ref().map(|fitness| &fitness.now);
        let newer = now.and_then(|now| now.superseded_by).map(|serial| serial.to_string());
        let newer = newer.unwrap_or_default();
        let seen = self.report.seen.unwrap_or_default();
        let values = [
            ("certifier", Value::from(&certifier)),
            ("date", Value::from(&date)),
            ("status", Value::from(&status)),
            ("newer", Value::from(&newer)),
            ("count", Value::from(seen.sessions)),
        ];
        let sentence = w.with_all(&id, &values);
        if self.headline != Headline::Unusual || seen.countries == 0 {
            return sentence;
        }
        format!("{sentence} {}", w.with("unusual-places", "count", seen.countries))
    }

    /// What stands against the lot, in words.
    fn status(&self, w: Words) -> String {
        let now = self.report.fitness.as_ref().map(|fitness| &fitness.now);
        let certificate = now.filter(|now| now.certificate != CertificateStatus::Valid);
        let lot = now.filter(|now| now.lot != LotStatus::Released);
        let words = [
            lot.map(|now| w.lot(now.lot)),
            certificate.map(|now| w.certificate(now.certificate)),
            self.report
                .item
                .iter()
                .find(|signal| signal.is_of_uncertified())
                .map(|_| w.lot(LotStatus::Held)),
            self.report.item.contains(&Signal::LotEnded).then(|| w.lot(LotStatus::Exhausted)),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// When it was checked, and as of when the data is, where that is not now.
    pub fn checked(&self, w: Words, now: Timestamp) -> String {
        let of_status = |check: &&Check| check.check == CheckName::StatusFreshness;
        let status = self.report.checks.iter().find(of_status);
        let age = status.and_then(|check| check.data_age_seconds).unwrap_or_default();
        let checked = w.with("verdict-checked-now", "date", &w.day(now.day()));
        if age <= AGE_TOLD_FROM_SECONDS {
            return checked;
        }
        let age = w.lasting(u64::try_from(age).unwrap_or_default());
        format!("{checked} · {}", w.with("verdict-data-age", "age", &age))
    }

    /// What to do.
    pub fn action(&self, w: Words) -> Cow<'static, str> {
        let now = self.report.fitness.as_ref().map(|fitness| &fitness.now);
        let recalled = self.headline == Headline::Recalled;
        let alone = || self.alone.as_ref().and_then(|alone| alone.event.return_to);
        let to = now.and_then(|now| now.return_to).or_else(alone);
        if let Some(to) = to.filter(|_| recalled) {
            return w.spelled("verdict-recalled-action", to);
        }
        w.t(&format!("verdict-{}-action", self.headline.id()))
    }
}
