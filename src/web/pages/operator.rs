//! The page of a certificate of an operator: who is certified for what, since when and how long,
//! how much of which harvest counts and what of it is left. Not here: certificates of lots
//! (`certificate`), which rest on it, and the forms for programs.

use askama::Template;

use super::certificate_rows::{event_rows, proof_rows};
use super::frame::{Ask, Frame};
use super::scan_facts::PageRow;
use super::told::party_name;
use super::words::{Name, Words};
use crate::ledger::LedgerError;
use crate::names::PartySlug;
use crate::register::{CertificateStatus, OperatorRecord, Register, VolumeUse};
use crate::statement::Claim;
use crate::trust::Standing;
use crate::web::App;

#[derive(Template)]
#[template(path = "operator.html")]
pub(super) struct OperatorPage {
    f: Frame,
    w: Words,
    scheme: Name,
    serial: u64,
    status: String,
    good: bool,
    suspect: bool,
    who: Vec<PageRow>,
    materials: Vec<Name>,
    regions: Vec<Name>,
    volumes: Vec<Volume>,
    not_covered: Vec<String>,
    history: Vec<Vec<PageRow>>,
    proof: Vec<PageRow>,
    /// Whether there is a vc+jwt of it.
    jwt: bool,
}

/// What is certified of a harvest, and what of it was used.
struct Volume {
    material: Name,
    campaign: String,
    stated: String,
    counts: String,
    used: String,
    left: String,
}

/// One certificate of an operator in a list.
pub(super) struct OperatorListed {
    pub href: String,
    pub scheme: Name,
    pub status: String,
    pub good: bool,
    pub suspect: bool,
    pub rows: Vec<PageRow>,
}

/// The page of one.
///
/// # Errors
/// An entry that cannot be read.
pub(super) fn of(
    app: &App,
    ask: &Ask,
    register: &Register,
    record: &OperatorRecord,
) -> Result<OperatorPage, LedgerError> {
    let (w, now, index) = (ask.w, app.ledger.now(), record.mark.index);
    let statement = app.ledger.statement(index)?;
    let Claim::OperatorCertificate(claim) = &statement.claim else {
        return Err(LedgerError::Broken { index, reason: "it certifies no operator".to_owned() });
    };
    let status = register.operator_status(record, now);
    let suspect = register.is_operator_suspect(record);
    let word = w.certificate(status).into_owned();
    let scheme = w.scheme(&record.scheme);
    let title = w.with("operator-title", "serial", &record.serial.to_string());
    let f = ask.frame(app, format!("{word} – {title} – {}", scheme.text));
    let following = app.ledger.standing() == Standing::Following;
    let mut who = who(&f, register, record);
    who.insert(4, PageRow::text(w.t("certificate-assessed-on"), w.day(claim.assessed_on)));
    let facts = &record.facts;
    let key = &record.verification_method;
    Ok(OperatorPage {
        w,
        serial: record.serial,
        // What does not follow its log any more cannot say that nothing ended since.
        good: status == CertificateStatus::Valid && following && !suspect,
        status: word,
        suspect,
        who,
        materials: facts.materials.iter().map(|id| w.product(id, id)).collect(),
        regions: facts.regions.iter().map(|iso| w.region(iso)).collect(),
        volumes: register.volume_uses(record, now).iter().map(|row| volume(w, row)).collect(),
        not_covered: facts.not_covered.clone(),
        history: record.events().iter().map(|event| event_rows(w, register, event)).collect(),
        proof: proof_rows(w, record.serial, record.mark, key, &record.digest),
        // A store that cannot be read shows itself elsewhere.
        jwt: app.ledger.sidecar(index).is_ok_and(|sidecar| sidecar.is_some()),
        scheme,
        f,
    })
}

/// Who certifies whom, under what, decided when, counting from when to when.
fn who(f: &Frame, register: &Register, record: &OperatorRecord) -> Vec<PageRow> {
    let w = f.w;
    let party = |label: &str, slug: &PartySlug| {
        let href = f.link(&format!("/parties/{slug}"));
        PageRow::text(w.t(label), party_name(w, register, slug)).to(href)
    };
    vec![
        party("operator-party", &record.party),
        party("who-certifier", &record.issuer),
        PageRow::code(w.t("who-accreditation"), record.accreditation.clone()),
        PageRow::text(w.t("who-scheme-edition"), record.facts.scheme_edition.clone()),
        PageRow::text(w.t("who-decision-date"), w.day(record.facts.decision_date)),
        PageRow::text(w.t("operator-counts-from"), w.day(record.counts_from().day())),
        PageRow::text(w.t("who-valid-until"), w.day(record.valid_until.day())),
    ]
}

fn volume(w: Words, row: &VolumeUse) -> Volume {
    let told = |quantity: u64| w.quantity(quantity, &row.unit);
    Volume {
        material: w.product(&row.material, &row.material),
        campaign: row.campaign.to_string(),
        stated: told(row.stated),
        counts: told(row.counts),
        used: told(row.used),
        left: told(row.left),
    }
}

/// The certificates of an operator, the newest first, as its page lists them; and how many more.
pub(super) fn listed(
    f: &Frame,
    register: &Register,
    party: &PartySlug,
    now: crate::statement::Timestamp,
) -> (Vec<OperatorListed>, usize) {
    const LISTED_MAX: usize = 50;
    let w = f.w;
    let one = |record: &OperatorRecord| {
        let status = register.operator_status(record, now);
        let suspect = register.is_operator_suspect(record);
        OperatorListed {
            href: f.link(&format!("/certificates/{}", record.serial)),
            scheme: w.scheme(&record.scheme),
            status: w.certificate(status).into_owned(),
            good: status == CertificateStatus::Valid && !suspect,
            suspect,
            rows: vec![
                PageRow::text(w.t("who-certifier"), party_name(w, register, &record.issuer)),
                PageRow::text(w.t("operator-counts-from"), w.day(record.counts_from().day())),
                PageRow::text(w.t("who-valid-until"), w.day(record.valid_until.day())),
            ],
        }
    };
    let mut all = register.operators_of(party).rev();
    let listed: Vec<OperatorListed> = all.by_ref().take(LISTED_MAX).map(one).collect();
    (listed, all.count())
}
