//! The verdict in words: reports come from `verify`, over one published state; here they only get a
//! headline, a tone and a sentence. Nothing is decided here that the report does not say.

use std::borrow::Cow;

use super::words::Words;
use crate::label::ScanCode;
use crate::register::{CertificateStatus, LotStatus, in_effect};
use crate::statement::{Day, LotKey, Timestamp};
use crate::verify::{
    CheckName, CheckResult, Evidence, FitnessAt, Indication, Policy, Report, SubIndication,
};
use crate::web::verdict::Judge;

/// What was found, and the one line it comes down to.
pub(super) struct Verdict {
    pub headline: Headline,
    pub report: Report,
    /// The code, where it was one and could be read.
    pub code: Option<ScanCode>,
    /// Whether it is about a code and not about a document.
    pub of_code: bool,
    /// The day its sentence names.
    date: Option<Day>,
}

impl Judge {
    /// The verdict on a code.
    pub(super) fn on_code(&self, text: &str, policy: Policy) -> Verdict {
        let report = self.report(Evidence::Code(text), policy);
        let code = ScanCode::parse(text).ok();
        let lot = code.as_ref().and_then(ScanCode::lot_key);
        let known = lot.as_ref().is_some_and(|key| self.view.register.lot(key).is_some());
        let unsigned = code.as_ref().is_some_and(|code| code.label().is_none());
        let headline = match Headline::of(&report) {
            Headline::Unchecked if unsigned && !known => match lot {
                None => Headline::LotMissing,
                Some(_) => Headline::Unknown,
            },
            other => other,
        };
        let expiry = code.as_ref().and_then(ScanCode::label).map(|label| label.expiry());
        let date = match headline {
            Headline::CodeExpired => expiry,
            _ => headline.date(&report).or_else(|| self.since(lot.as_ref())),
        };
        Verdict { headline, report, code, of_code: true, date }
    }

    /// The verdict on a signed document.
    pub(super) fn on_document(&self, evidence: Evidence<'_>, policy: Policy) -> Verdict {
        let report = self.report(evidence, policy);
        let headline = Headline::of(&report);
        let date = headline.date(&report);
        Verdict { headline, report, code: None, of_code: false, date }
    }

    /// Since when the lot has the status it has; for lots without a certificate.
    fn since(&self, lot: Option<&LotKey>) -> Option<Day> {
        let lot = self.view.register.lot(lot?)?;
        Some(in_effect(&lot.events, self.now)?.effective_from.day())
    }
}

/// The one line a report comes down to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    KeySuspect,
    StatusUnknown,
    Unchecked,
    NoCertificate,
    LotMissing,
    Unknown,
    /// A genuine statement that is no certificate: it has no fitness.
    Authentic,
    Valid,
}

impl Headline {
    fn of(report: &Report) -> Self {
        let item = |signal: &str| report.item.iter().any(|found| found == signal);
        if report.authenticity.indication == Indication::TotalFailed {
            // What cannot be read accuses nobody: it is mistyped, or something else.
            return if report.exit_code == 2 { Self::Unknown } else { Self::NotGenuine };
        }
        if item("uncertified-lot-recalled") {
            return Self::Recalled;
        }
        if item("uncertified-lot-held") {
            return Self::Held;
        }
        if let Some(unfit) = report.fitness.as_ref().and_then(|f| Self::unfit(&f.now)) {
            return unfit;
        }
        match (report.authenticity.indication, &report.fitness) {
            (Indication::Indeterminate, _) => Self::undecided(report),
            (_, None) => Self::Authentic,
            (_, Some(_)) if item("expired-label") => Self::CodeExpired,
            (_, Some(fitness)) if fitness.fit => Self::Valid,
            (_, Some(_)) => Self::Unchecked,
        }
    }

    fn undecided(report: &Report) -> Self {
        if report.item.iter().any(|item| item.starts_with("uncertified-lot-")) {
            return Self::NoCertificate;
        }
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
            Self::Valid | Self::Expired => certificate.map(|c| c.valid_until),
            Self::NotYetValid => certificate.map(|c| c.valid_from),
            _ => report.fitness.as_ref().and_then(|fitness| fitness.now.since),
        };
        at.map(Timestamp::day)
    }

    /// The middle of its text ids.
    pub fn id(self) -> &'static str {
        match self {
            Self::NotGenuine => "not-genuine",
            Self::Recalled => "recalled",
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Held => "held",
            Self::ScopeReduced => "scope-reduced",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Superseded => "superseded",
            Self::Exhausted => "exhausted",
            Self::CodeExpired => "code-expired",
            Self::KeySuspect => "key-suspect",
            Self::StatusUnknown => "status-unknown",
            Self::Unchecked => "unchecked",
            Self::NoCertificate => "no-certificate",
            Self::LotMissing => "lot-missing",
            Self::Unknown => "unknown",
            Self::Authentic => "authentic",
            Self::Valid => "valid",
        }
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
            | Self::CodeExpired => "warn",
            Self::NotYetValid | Self::Superseded | Self::LotMissing => "info",
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
            Self::ScopeReduced | Self::Exhausted | Self::NoCertificate => "M7 12h10",
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

impl Verdict {
    /// The sentence below the word: what it rests on, from the report alone.
    pub fn sentence(&self, w: Words) -> String {
        let claims = self.report.claims.as_ref();
        let certifier = claims.map_or("", |claims| &claims.certificate.certifier_name);
        let date = self.date.map(|day| w.day(day)).unwrap_or_default();
        let id = format!("verdict-{}-sentence", self.headline.id());
        w.with_all(&id, &[("certifier", certifier), ("date", &date)])
    }

    /// What to do.
    pub fn action(&self, w: Words) -> Cow<'static, str> {
        w.t(&format!("verdict-{}-action", self.headline.id()))
    }
}
