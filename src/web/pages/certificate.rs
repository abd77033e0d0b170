//! A certificate at its own address: the page for people. Not here: what programs get there, by
//! suffix or by what they accept (`web::api`).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::account::{self, Entry};
use super::certificate_paper::{PaperFacts, paper};
use super::certificate_rows::{event_rows, proof_rows};
use super::error;
use super::frame::{Ask, Frame, page};
use super::goods::{Goods, lot_path};
use super::operator;
use super::scan_facts::PageRow;
use super::told::party_name;
use super::words::{Name, Words};
use crate::ledger::LedgerError;
use crate::names::PartySlug;
use crate::register::{
    Certificate, CertificateRecord, CertificateStatus, OperatorRecord, Register,
};
use crate::seal::KeyStanding;
use crate::statement::CertificateClaim;
use crate::trust::Standing;
use crate::web::api::{CertificateForm, FORMS, OPERATOR_FORMS};
use crate::web::{App, Problem};

/// The suffix of the same on paper.
const PAPER: &str = "pdf";

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    f: Frame,
    w: Words,
    scheme: Name,
    serial: u64,
    status: String,
    good: bool,
    /// What bars its goods, if something does.
    lot_barred: Option<String>,
    who: Vec<PageRow>,
    lot: String,
    goods_href: String,
    attested: Vec<PageRow>,
    laboratories: Vec<Vec<PageRow>>,
    not_covered: Vec<String>,
    /// What its quantity was spent on.
    account: Vec<Entry>,
    history: Vec<Vec<PageRow>>,
    proof: Vec<PageRow>,
    /// Address of the same on paper.
    paper: String,
    /// Whether there is a vc+jwt of it.
    jwt: bool,
    suspect: bool,
}

impl CertificatePage {
    /// The same for its paper.
    fn facts(self) -> PaperFacts {
        PaperFacts {
            w: self.w,
            serial: self.serial,
            scheme: self.scheme.text,
            status: self.status,
            notices: [
                self.lot_barred,
                self.suspect.then(|| self.w.t("signal-suspect-key").into_owned()),
            ]
            .into_iter()
            .flatten()
            .collect(),
            who: self.who,
            lot: self.lot,
            attested: self.attested,
            laboratories: self.laboratories,
            not_covered: self.not_covered,
            history: self.history,
            proof: self.proof,
        }
    }
}

/// The certificate with the serial in the address.
pub(super) async fn certificate(
    State(app): State<App>,
    Path(file): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    let (stem, suffix) = file.split_once('.').unwrap_or((&file, ""));
    let view = app.ledger.view();
    let canonical = |serial: &u64| serial.to_string() == stem;
    let serial = stem.parse::<u64>().ok().filter(canonical);
    if let Some(record) = serial.and_then(|serial| view.register.operator(serial)) {
        return of_operator(&app, &ask, &view.register, record, suffix).await;
    }
    let Some(found) = serial.and_then(|serial| view.register.certificate(serial)) else {
        let detail = format!("there is no certificate {stem} in the register");
        return error::unknown(&app, &ask, "certificate_unknown", detail);
    };
    if let Some(form) = CertificateForm::asked(suffix, |media| ask.wants(media)) {
        return form.of(&app, found.record.serial, found.record.mark.index).await;
    }
    if !matches!(suffix, "" | PAPER) {
        let detail = format!("a certificate is served as {FORMS} and .{PAPER}, not as .{suffix}");
        return error::unknown(&app, &ask, "form_unknown", detail);
    }
    match of(&app, &ask, &view.register, &found) {
        Ok(shown) if suffix == PAPER => paper(&app, shown.facts(), found.record).await,
        Ok(shown) => page(StatusCode::OK, &shown),
        Err(error) => unreadable(&error),
    }
}

/// The same of a certificate of an operator: it is about no lot, so it has no dossier.
async fn of_operator(
    app: &App,
    ask: &Ask,
    register: &Register,
    record: &OperatorRecord,
    suffix: &str,
) -> Response {
    match CertificateForm::asked(suffix, |media| ask.wants(media)) {
        Some(CertificateForm::Dossier) => {}
        Some(form) => return form.of(app, record.serial, record.mark.index).await,
        None if suffix.is_empty() => {
            return match operator::of(app, ask, register, record) {
                Ok(shown) => page(StatusCode::OK, &shown),
                Err(error) => unreadable(&error),
            };
        }
        None => {}
    }
    let detail =
        format!("a certificate of an operator is served as {OPERATOR_FORMS}, not as .{suffix}");
    error::unknown(app, ask, "form_unknown", detail)
}

fn unreadable(error: &LedgerError) -> Response {
    Problem::new(500, "entry_unreadable", error.to_string()).into_response()
}

fn of(
    app: &App,
    ask: &Ask,
    register: &Register,
    found: &Certificate,
) -> Result<CertificatePage, LedgerError> {
    let w = ask.w;
    let record = &found.record;
    let claim = app.ledger.certificate_claim(record.mark.index)?;
    let issuer = register.party(&record.issuer);
    let keys = issuer.map(|party| party.keys.as_slice()).unwrap_or_default();
    let status = register.status_of(record, app.ledger.now());
    let suspect = record.key_standing(keys) != KeyStanding::InForce;
    let word = w.certificate(status).into_owned();
    // A certificate of goods that are held or recalled says so before anything else.
    let lot_status =
        register.lot(&record.lot).map(|lot| register.status_of_lot(&lot, app.ledger.now()));
    let lot_barred = lot_status.filter(|status| status.bars());
    let scheme = w.scheme(&claim.scheme);
    let title = w.with("certificate-title", "serial", &record.serial.to_string());
    let f = ask.frame(app, format!("{word} – {title} – {}", scheme.text));
    let issuer_name = party_name(w, register, &record.issuer);
    Ok(CertificatePage {
        w,
        serial: record.serial,
        // What does not follow its log any more cannot say that nothing ended since.
        good: status == CertificateStatus::Valid
            && app.ledger.standing() == Standing::Following
            && lot_barred.is_none()
            && !suspect,
        status: word,
        lot_barred: lot_barred
            .map(|status| format!("{} {}", w.colon("column-lot-status"), w.lot(status))),
        who: [renewals(&f, record), who(&f, &claim, &record.issuer, &issuer_name)].concat(),
        lot: w.with("lot-title", "lot", claim.lot.number().as_str()),
        goods_href: f.link(&lot_path(&claim.lot)),
        attested: attested(&f, &claim),
        laboratories: laboratories(w, &claim),
        not_covered: claim.facts.not_covered,
        account: account::of_certificate(&Goods { w, f: &f, register }, record, &claim.lot),
        history: record.events.iter().map(|event| event_rows(w, register, event)).collect(),
        proof: proof_rows(
            w,
            record.serial,
            record.mark,
            &record.verification_method,
            &record.digest,
        ),
        // A store that cannot be read shows itself elsewhere.
        jwt: app.ledger.sidecar(record.mark.index).is_ok_and(|sidecar| sidecar.is_some()),
        suspect,
        scheme,
        paper: f.link(&format!("/certificates/{}.{PAPER}", record.serial)),
        f,
    })
}

/// What took its place, and whose place it took.
fn renewals(f: &Frame, record: &CertificateRecord) -> Vec<PageRow> {
    let row = |id: &str, serial: u64| {
        let href = f.link(&format!("/certificates/{serial}"));
        PageRow::code(f.w.t(id), serial.to_string()).to(href)
    };
    let next = record.superseded.map(|next| row("certificate-superseded-by", next.by));
    let before = record.supersedes.map(|old| row("certificate-supersedes", old));
    next.into_iter().chain(before).collect()
}

/// ISO/IEC 17065 section 7.7: who certifies, under what, decided when, valid from when to when.
fn who(f: &Frame, claim: &CertificateClaim, issuer: &PartySlug, name: &str) -> Vec<PageRow> {
    let w = f.w;
    let party = f.link(&format!("/parties/{issuer}"));
    vec![
        PageRow::text(w.t("who-certifier"), name).to(party),
        PageRow::code(w.t("who-accreditation"), claim.accreditation.clone()),
        PageRow::name(w.t("who-scheme"), w.scheme(&claim.scheme)),
        PageRow::text(w.t("who-scheme-edition"), claim.facts.scheme_edition.clone()),
        PageRow::text(w.t("certificate-assessed-on"), w.day(claim.assessed_on)),
        PageRow::text(w.t("who-decision-date"), w.day(claim.facts.decision_date)),
        PageRow::text(w.t("who-valid-from"), w.day(claim.valid_from.day())),
        PageRow::text(w.t("who-valid-until"), w.day(claim.valid_until.day())),
    ]
}

fn attested(f: &Frame, claim: &CertificateClaim) -> Vec<PageRow> {
    let (w, facts) = (f.w, &claim.facts);
    let client = f.link(&format!("/parties/{}", claim.client));
    let lot = f.link(&format!("/{}", claim.lot.path()));
    let mut rows = vec![
        PageRow::text(w.t("certificate-client"), claim.client_name.clone()).to(client),
        PageRow::code(w.t("compare-lot"), claim.lot.to_string()).to(lot),
        PageRow::name(w.t("column-product"), w.product(&facts.product, &facts.product)),
        PageRow::code(w.t("certificate-hs-code"), facts.hs_code.clone()),
        PageRow::text(w.t("who-certified-quantity"), w.quantity(facts.quantity, &facts.unit)),
        PageRow::text(w.t("who-custody-model"), w.spelled("custody-model", facts.custody_model)),
    ];
    if let Some(serial) = claim.rests_on() {
        let href = f.link(&format!("/certificates/{serial}"));
        rows.push(PageRow::code(w.t("certificate-rests-on"), serial.to_string()).to(href));
    }
    rows
}

fn laboratories(w: Words, claim: &CertificateClaim) -> Vec<Vec<PageRow>> {
    let rows = |report: &crate::statement::LaboratoryReport| {
        let sampler = w.spelled("sampler", report.sampled_by);
        let name = format!("{} – {}", report.laboratory, w.with("who-sampled-by", "who", &sampler));
        vec![
            PageRow::text(w.t("who-laboratory"), name),
            PageRow::code(w.t("laboratory-commitment"), report.commitment.clone()),
        ]
    };
    claim.facts.laboratory_reports.iter().map(rows).collect()
}
