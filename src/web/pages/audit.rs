//! Facts of the log for anybody who wants to check it: size, root, checkpoint, key, where to read
//! it. Not the audit itself: that is the command `tasdiq audit`, run by the one who doubts.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::frame::{Ask, Frame, page};
use super::scan_view::Row;
use super::words::Words;
use crate::web::App;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    w: Words,
    facts: Vec<Row>,
    stopped: Option<String>,
    checkpoint: String,
    url: String,
}

/// The page of the log.
pub(super) async fn audit(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    let w = ask.w;
    let view = app.ledger.view();
    let config = app.ledger.config();
    let mut facts = vec![
        Row::code(w.t("audit-origin"), app.ledger.log_key().name()),
        Row::text(w.t("audit-entries"), w.number(view.size)),
        Row::code(w.t("audit-root"), view.root.to_string()),
        Row::code(w.t("audit-key"), config.log_key.clone()),
        Row::code(w.t("audit-root-key"), config.root.clone()),
        Row::text(w.t("proof-witnesses"), w.t("proof-witnesses-none")),
    ];
    if let Some(at) = view.register.last_at() {
        facts.push(Row::text(w.t("audit-last"), w.instant(at)));
    }
    let audit = AuditPage {
        f: ask.frame(&app, format!("{} – {}", w.t("audit-title"), w.t("site-name"))),
        w,
        facts,
        stopped: view.stopped.as_ref().map(|reason| reason.to_string()),
        checkpoint: view.checkpoint.to_string(),
        url: match app.settings.public_url.as_str() {
            "" => format!("https://{}", config.host),
            url => url.to_owned(),
        },
    };
    page(StatusCode::OK, &audit)
}
