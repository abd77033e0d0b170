//! What happens in the demonstration: who certifies which lot, and what befalls some of them.

use std::collections::BTreeMap;

use super::lots::{LOTS_EACH, Planned, facts};
use crate::catalog::Catalog;
use crate::names::{LotKey, Word};
use crate::register::Register;
use crate::statement::{
    CertificateClaim, Day, KeyEvent, Reason, StatusAction, StatusChange, StatusTarget, Timestamp,
};

/// One lot that shows a status.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// What it shows: a status word, or `rotated-key`, `suspect-key`.
    pub status: &'static str,
    /// The lot.
    pub lot: LotKey,
    /// The text of its label.
    pub code: String,
}

/// What the first lots of the first products show, in their order.
pub const SHOWN: [&str; 7] =
    ["valid", "suspended", "withdrawn", "recalled", "expired", "not-yet-valid", "suspect-key"];

/// A certificate to be, and who signs it with which key.
pub struct StorySigning {
    pub certifier: &'static str,
    pub key: &'static str,
    pub claim: CertificateClaim,
}

/// The certificates of a lot: by its sign, and for some organic and fair trade beside it.
pub fn certificates(
    place: usize,
    lot: &Planned,
    accreditation: &BTreeMap<&str, Word>,
    client_name: &str,
    today: Day,
    serial: &mut u64,
) -> Vec<StorySigning> {
    let by_sign = match lot.sign.as_str() {
        "AO" => "sdoq-ao",
        "LA" => "sdoq-la",
        _ => "sdoq-ig",
    };
    let shown = shown(place);
    let mut chosen = vec![match shown {
        Some("suspect-key") => ("certif-ombre", "terroir-du-maroc"),
        _ => ("certif-atlas", by_sign),
    }];
    if shown.is_none() && place.is_multiple_of(3) {
        chosen.push(("certif-vert", "bio-maroc"));
    }
    if shown.is_none() && place.is_multiple_of(4) || shown == Some("valid") {
        chosen.push(("certif-juste", "fairtrade"));
    }
    let claims = chosen.into_iter().filter_map(|(certifier, scheme)| {
        let declared = &lot.declaration;
        let (first, last) = validity(shown, declared.packed_on, today);
        let decision = declared.packed_on.max(Day::from_days(first.days() - 3)).min(today);
        let claim = CertificateClaim {
            serial: *serial,
            client: crate::names::PartySlug::parse(&lot.producer).ok()?,
            client_name: Word::new(client_name),
            scheme: Word::new(scheme),
            scheme_name: Word::new(&Catalog::builtin().ok()?.scheme(scheme)?.name_en),
            lot: declared.lot.clone(),
            accreditation: accreditation.get(certifier)?.clone(),
            valid_from: first.start(),
            valid_until: last.end(),
            assessed_on: decision,
            facts: facts(declared, decision, scheme),
        };
        *serial += 1;
        Some(StorySigning { certifier, key: "key-1", claim })
    });
    claims.collect()
}

/// What the lot at this place of the plan shows, if anything.
pub fn shown(place: usize) -> Option<&'static str> {
    let first = place.is_multiple_of(LOTS_EACH);
    SHOWN.get(place / LOTS_EACH).filter(|_| first).copied()
}

/// First and last day of a certificate.
fn validity(shown: Option<&str>, packed_on: Day, today: Day) -> (Day, Day) {
    let day = |base: Day, days: i64| Day::from_days(base.days() + days);
    match shown {
        Some("expired") => (packed_on, day(today, -2)),
        Some("not-yet-valid") => (day(today, 10), day(today, 375)),
        _ => (packed_on, day(today, 540)),
    }
}

/// The changes of status, with who signs them.
pub fn changes(
    register: &Register,
    lots: &[Planned],
    now: Timestamp,
) -> Vec<(String, StatusChange)> {
    let notice = |fr: &str, ar: &str, en: &str| -> BTreeMap<String, String> {
        [("fr", fr), ("ar", ar), ("en", en)]
            .into_iter()
            .map(|(language, text)| (language.to_owned(), text.to_owned()))
            .collect()
    };
    let change = |target, action, reason, notice| StatusChange {
        target,
        action,
        reason,
        effective_from: now.plus_seconds(-3_600),
        notice,
    };
    let lot = |status: &str| {
        let place = SHOWN.iter().position(|shown| *shown == status).unwrap_or_default();
        lots.get(place * LOTS_EACH)
    };
    let serial = |status: &str| {
        let known = lot(status).and_then(|lot| register.lot(&lot.declaration.lot));
        let first = known.and_then(|lot| lot.certificates.first().copied());
        StatusTarget::Certificate(first.unwrap_or_default())
    };
    let mut changes = vec![
        (
            "certif-atlas".to_owned(),
            change(
                serial("suspended"),
                StatusAction::Suspend,
                Reason::Paperwork,
                notice(
                    "Contrôle documentaire en cours : la certification est suspendue.",
                    "مراقبة وثائقية جارية: الشهادة موقوفة مؤقتا.",
                    "A check of the papers is under way: the certificate is suspended.",
                ),
            ),
        ),
        (
            "certif-atlas".to_owned(),
            change(
                serial("withdrawn"),
                StatusAction::Withdraw,
                Reason::LabResult,
                notice(
                    "Une analyse a montré un mélange : le certificat est retiré.",
                    "أظهر تحليل وجود خلط: سُحبت الشهادة.",
                    "An analysis showed a blend: the certificate is withdrawn.",
                ),
            ),
        ),
    ];
    // A recall is the producer's.
    if let Some(recalled) = lot("recalled") {
        changes.push((
            recalled.producer.clone(),
            change(
                StatusTarget::Lot(recalled.declaration.lot.clone()),
                StatusAction::Recall,
                Reason::Safety,
                notice(
                    "Ne pas consommer. Rapportez le produit au point de vente.",
                    "لا تستهلكوا هذا المنتوج. أعيدوه إلى نقطة البيع.",
                    "Do not consume. Bring the product back to the shop.",
                ),
            ),
        ));
    }
    changes
}

/// The window in which the stolen key may have been misused: it ends when this became known.
pub fn stolen(since: Timestamp, known_at: Timestamp) -> KeyEvent {
    KeyEvent::Compromised { since, known_at: known_at.max(since) }
}
