//! A certificate at its own address: a page for people, the signed statement as `application/vc`,
//! its proof of inclusion or its dossier, by suffix or by what the client accepts.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error;
use super::frame::{Ask, Frame, page};
use super::scan_view::PageRow;
use super::words::{Name, Words};
use crate::door::Lane;
use crate::ledger::{LedgerError, dossier_file, proof_file};
use crate::log::Leaf;
use crate::names::PartySlug;
use crate::register::{Certificate, CertificateRecord, CertificateStatus, Register, StatusEvent};
use crate::seal::attach;
use crate::statement::CertificateClaim;
use crate::trust::Standing;
use crate::web::api::receipt_of;
use crate::web::{App, Problem, parallel};

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    f: Frame,
    w: Words,
    scheme: Name,
    serial: u64,
    status: String,
    good: bool,
    who: Vec<PageRow>,
    lot: String,
    attested: Vec<PageRow>,
    laboratories: Vec<Vec<PageRow>>,
    not_covered: Vec<String>,
    history: Vec<Vec<PageRow>>,
    proof: Vec<PageRow>,
    /// Whether there is a vc+jwt of it.
    jwt: bool,
    suspect: bool,
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
    let Some(found) = serial.and_then(|serial| view.register.certificate(serial)) else {
        let detail = format!("there is no certificate {stem} in the register");
        return error::unknown(&app, &ask, "certificate_unknown", detail);
    };
    let index = found.record.mark.index;
    match suffix {
        // Its name begins with `application/vc`: it is looked for first.
        "" if ask.wants("application/vc+jwt") => {
            jwt(&app, index).unwrap_or_else(Problem::into_response)
        }
        "jwt" => jwt(&app, index).unwrap_or_else(Problem::into_response),
        "" if ask.wants("application/vc") || ask.wants("application/json") => {
            signed(&app, index).unwrap_or_else(broken)
        }
        "" => match of(&app, &ask, &view.register, &found) {
            Ok(shown) => page(StatusCode::OK, &shown),
            Err(error) => broken(error),
        },
        "json" => signed(&app, index).unwrap_or_else(broken),
        "tlog-proof" => proof(&app, index).unwrap_or_else(broken),
        "receipt" => {
            receipt_of(&app, index).unwrap_or_else(|error| Problem::from(error).into_response())
        }
        "tasdiq" => dossier(&app, found.record.serial).await.unwrap_or_else(pending),
        _ => {
            let forms = ".json, .jwt, .tlog-proof, .receipt and .tasdiq";
            let detail = format!("a certificate is served as {forms}, not as .{suffix}");
            error::unknown(&app, &ask, "form_unknown", detail)
        }
    }
}

fn broken(error: LedgerError) -> Response {
    Problem::new(500, "entry_unreadable", error.to_string()).into_response()
}

/// The signed statement, byte for byte as it was accepted.
fn signed(app: &App, index: u64) -> Result<Response, LedgerError> {
    let leaf = app.ledger.entry(index)?;
    let parsed = Leaf::parse(&leaf)
        .map_err(|error| LedgerError::Broken { index, reason: error.to_string() })?;
    Ok(file("application/vc", parsed.statement.to_vec()))
}

/// The vc+jwt that its certifier signed with it.
fn jwt(app: &App, index: u64) -> Result<Response, Problem> {
    let detached = app.ledger.sidecar(index)?.ok_or_else(|| {
        let detail = "its certifier submitted no vc+jwt with this certificate; \
            application/vc is there";
        Problem::new(404, "no_sidecar", detail)
    })?;
    let statement = app.ledger.statement(index)?;
    let whole = attach(&statement, &String::from_utf8_lossy(&detached))
        .map_err(|error| LedgerError::Broken { index, reason: error.to_string() })?;
    Ok(file("application/vc+jwt", whole.into_bytes()))
}

/// Its `.tlog-proof` under the newest checkpoint.
fn proof(app: &App, index: u64) -> Result<Response, LedgerError> {
    let text = proof_file(&app.ledger, index)?.to_string();
    Ok(file("text/plain; charset=utf-8", text.into_bytes()))
}

/// Its dossier; while the status lists lag behind, their keeper is woken.
async fn dossier(app: &App, serial: u64) -> Result<Response, Problem> {
    app.settled().await;
    let ledger = app.ledger.clone();
    let make = move || dossier_file(&ledger, serial, ledger.now());
    let made = parallel::blocking_in(Lane::Large, make).await?;
    if made.is_err() {
        app.stale_lists.notify_one();
    }
    Ok(file("application/json", made?))
}

/// A problem; what is only not ready yet says when to ask again.
fn pending(problem: Problem) -> Response {
    let later = (problem.status == 503).then_some((header::RETRY_AFTER, "2"));
    let mut response = problem.into_response();
    if let Some((name, seconds)) = later {
        response.headers_mut().insert(name, HeaderValue::from_static(seconds));
    }
    response
}

fn file(media: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
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
    let word = w.certificate(status).into_owned();
    let scheme = w.scheme(&claim.scheme);
    let title = w.with("certificate-title", "serial", &record.serial.to_string());
    let f = ask.frame(app, format!("{word} – {title} – {}", scheme.text));
    let issuer_name = super::scan_view::party_name(register, &record.issuer);
    Ok(CertificatePage {
        w,
        serial: record.serial,
        // What does not follow its log any more cannot say that nothing ended since.
        good: status == CertificateStatus::Valid && app.ledger.standing() == Standing::Following,
        status: word,
        who: who(&f, &claim, &record.issuer, &issuer_name),
        lot: w.with("lot-title", "lot", claim.lot.number().as_str()),
        attested: attested(&f, &claim),
        laboratories: laboratories(w, &claim),
        not_covered: claim.facts.not_covered,
        history: record.events.iter().map(|event| event_rows(w, register, event)).collect(),
        proof: proof_rows(w, record),
        // A store that cannot be read shows itself elsewhere.
        jwt: app.ledger.sidecar(record.mark.index).is_ok_and(|sidecar| sidecar.is_some()),
        suspect: record.key_standing(keys) != crate::seal::KeyStanding::InForce,
        scheme,
        f,
    })
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
    vec![
        PageRow::text(w.t("certificate-client"), claim.client_name.clone()).to(client),
        PageRow::code(w.t("compare-lot"), claim.lot.to_string()).to(lot),
        PageRow::name(w.t("column-product"), w.product(&facts.product, &facts.product)),
        PageRow::code(w.t("certificate-hs-code"), facts.hs_code.clone()),
        PageRow::text(w.t("who-certified-quantity"), w.quantity(facts.quantity, &facts.unit)),
        PageRow::text(w.t("who-custody-model"), w.spelled("custody-model", facts.custody_model)),
    ]
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

fn event_rows(w: Words, register: &Register, event: &StatusEvent) -> Vec<PageRow> {
    let by = super::scan_view::party_name(register, &event.by);
    vec![
        PageRow::text(w.t("column-change"), w.spelled("action", event.action)),
        PageRow::text(w.t("column-date"), w.instant(event.effective_from)),
        PageRow::text(w.t("column-reason"), w.spelled("reason", event.reason)),
        PageRow::text(w.t("column-by"), by),
        PageRow::code(w.t("column-entry"), event.mark.index.to_string()),
    ]
}

fn proof_rows(w: Words, record: &CertificateRecord) -> Vec<PageRow> {
    vec![
        PageRow::code(w.t("certificate-serial"), record.serial.to_string()),
        PageRow::code(w.t("column-entry"), record.mark.index.to_string()),
        PageRow::text(w.t("certificate-logged-at"), w.instant(record.mark.logged_at)),
        PageRow::code(w.t("certificate-signed-with"), record.verification_method.clone()),
        PageRow::code(w.t("certificate-digest"), record.digest.hex()),
    ]
}
