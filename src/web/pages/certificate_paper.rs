//! A certificate as a paper: PDF/A-3 with the dossier within, in the reader's language. It says
//! what held when the status lists were last published, never when it was printed, and stays the
//! same bytes until they are published again; so what is left of its quantity is not on it. Not
//! here: how it is set (`sheet`).

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::scan_facts::PageRow;
use super::words::Words;
use crate::door::Lane;
use crate::label::{Level, Symbol};
use crate::ledger::{LedgerError, certificate_label, dossier_file};
use crate::register::CertificateRecord;
use crate::sheet::{CertificatePaper, PaperSection, TypeSetter};
use crate::statement::Timestamp;
use crate::web::kept_papers::PaperKey;
use crate::web::{App, Problem, parallel};

/// What the page of a certificate says, for its paper.
pub(super) struct PaperFacts {
    pub w: Words,
    pub serial: u64,
    pub scheme: String,
    pub status: String,
    /// What bars it or its goods beside its status.
    pub notices: Vec<String>,
    pub who: Vec<PageRow>,
    pub lot: String,
    pub attested: Vec<PageRow>,
    pub laboratories: Vec<Vec<PageRow>>,
    pub not_covered: Vec<String>,
    pub history: Vec<Vec<PageRow>>,
    pub proof: Vec<PageRow>,
}

/// Isolates what reads from the left (UAX 9 section 2.4).
fn isolated(code: &str) -> String {
    format!("\u{2066}{code}\u{2069}")
}

/// The paper of a certificate whose page this is.
pub(super) async fn paper(app: &App, page: PaperFacts, record: CertificateRecord) -> Response {
    let language = page.w.language;
    let answered = made(app, page, record).await;
    match answered {
        Ok((serial, bytes)) => {
            let name = format!("inline; filename=\"certificate-{serial}.pdf\"");
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
                (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
                (header::VARY, HeaderValue::from_static("accept, accept-language")),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("inline")),
                ),
            ];
            (headers, bytes).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn made(
    app: &App,
    page: PaperFacts,
    record: CertificateRecord,
) -> Result<(u64, Vec<u8>), Problem> {
    app.settled().await;
    let serial = record.serial;
    let shared = app.clone();
    let made = parallel::blocking_in(Lane::Large, move || {
        let (app, view) = (&shared, shared.ledger.view());
        let index = view.register.status_index();
        let lot = view.register.lot(&record.lot);
        let key = PaperKey {
            serial,
            language: page.w.language,
            status_index: index.map(|mark| mark.index),
            changes: record.events.len() + lot.map_or(0, |lot| lot.record.events.len()),
            standing: page.standing(),
        };
        if let Some(kept) = app.papers.kept(&key) {
            return Ok(kept.to_vec());
        }
        let now = app.ledger.now();
        let dossier = dossier_file(&app.ledger, serial, now)?;
        let told = told_at(&record, index.map(|mark| mark.logged_at), now);
        let bytes = set(app, &page, &record, &dossier, told)?;
        app.papers.keep(key, &bytes);
        Ok(bytes)
    })
    .await?;
    if made.is_err() {
        app.stale_lists.notify_one();
    }
    made.map(|bytes| (serial, bytes))
}

impl PaperFacts {
    /// The state in words, and what bars it or its goods.
    fn standing(&self) -> String {
        std::iter::once(&self.status).chain(&self.notices).cloned().collect::<Vec<_>>().join(" – ")
    }
}

/// The instant as of which a paper speaks: the newest status index, or what came later of the days
/// and changes that its state follows from.
fn told_at(record: &CertificateRecord, listed: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let changes = record.events.iter().map(|event| event.effective_from);
    let own = [record.valid_from, record.valid_until].into_iter().chain(changes);
    let passed = own.filter(|at| *at <= now);
    listed.into_iter().chain(passed).fold(record.mark.logged_at, Timestamp::max)
}

fn set(
    app: &App,
    page: &PaperFacts,
    record: &CertificateRecord,
    dossier: &[u8],
    told: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let w = page.w;
    let label = certificate_label(&app.ledger, record, app.ledger.now())?;
    let code = Symbol::new(&label.url(), Level::Medium).map_err(|error| LedgerError::Broken {
        index: record.mark.index,
        reason: error.to_string(),
    })?;
    let serial = page.serial.to_string();
    let title = w.with("certificate-title", "serial", &serial);
    let at = w.instant(told);
    let lead = w.with("paper-lead", "at", &at);
    let foot = w.with_all("paper-foot", &[("serial", serial.as_str()), ("at", at.as_str())]);
    let sections = sections(app, page);
    let name = format!("certificate-{serial}.tasdiq");
    let paper = CertificatePaper {
        house: &w.t("site-name"),
        title: &title,
        scheme: &page.scheme,
        status: &page.standing(),
        lead: &lead,
        code: &code,
        code_caption: &w.t("paper-code"),
        sections: &sections,
        foot: &foot,
        language: w.language.tag(),
        rtl: w.language.dir() == "rtl",
        dated: told,
        dossier_name: &name,
        dossier_words: &w.t("paper-dossier"),
        dossier,
    };
    Ok(paper.pdf(&mut TypeSetter::new())?)
}

/// What the page says, in its order.
fn sections(app: &App, page: &PaperFacts) -> Vec<PaperSection> {
    let w = page.w;
    let section = |title: String, rows: &[PageRow], sentences: Vec<String>| PaperSection {
        title,
        rows: rows.iter().map(written).collect(),
        sentences,
    };
    let t = |id: &str| w.t(id).into_owned();
    let mut attested = page.attested.clone();
    attested.extend(page.laboratories.iter().flatten().cloned());
    let covered =
        if page.not_covered.is_empty() { vec![t("none")] } else { page.not_covered.clone() };
    let history: Vec<PageRow> = page.history.iter().flatten().cloned().collect();
    let unchanged =
        if history.is_empty() { vec![t("certificate-history-none")] } else { Vec::new() };
    let mut sections = vec![
        section(t("who-title"), &page.who, vec![t("certificate-lead")]),
        section(page.lot.clone(), &attested, Vec::new()),
        section(t("who-not-covered"), &[], covered),
    ];
    sections.push(section(t("certificate-history"), &history, unchanged));
    let mut proof = page.proof.clone();
    proof.push(PageRow::code(w.t("audit-root-key"), app.ledger.config().root.clone()));
    let how =
        ["paper-how-code", "paper-how-file", "paper-how-compare", "certificate-not-qualified"];
    sections.push(section(t("proof-title"), &proof, how.map(t).to_vec()));
    sections
}

/// A row as it is written on paper: what reads from the left keeps its order.
fn written(row: &PageRow) -> (String, String) {
    let value = if row.ltr { isolated(&row.value) } else { row.value.clone() };
    (row.label.clone(), value)
}
