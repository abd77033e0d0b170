//! An event of goods at its own address: what, who, when, which lots, what became of it; plain,
//! with the file of a shipment. Not here: that file (`web::api`), the journey of a lot.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::error;
use super::frame::{Ask, Frame, page};
use super::scan_facts::PageRow;
use super::told::party_name;
use super::words::{Name, Words};
use crate::ledger::LedgerError;
use crate::limits::EVENT_LINES_SHOWN;
use crate::names::PartySlug;
use crate::register::{ExtractRecord, Register};
use crate::statement::{Claim, Event, EventId, EventKind, EventName, Receiver};
use crate::trace::EventHandle;
use crate::web::api::consignment;
use crate::web::{App, Problem};

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage {
    f: Frame,
    w: Words,
    kind: String,
    /// Where it was taken back, if it was.
    voided: Option<String>,
    facts: Vec<PageRow>,
    lots: Vec<PageRow>,
    /// How many lines are not shown, in words.
    more: Option<String>,
    /// Of a shipment: extracts of certificates that go with it, and how many more there are.
    extracts: Vec<PageRow>,
    extracts_more: Option<String>,
    /// Of a shipment: its file.
    file: Option<String>,
}

/// The event with the name in the address.
pub(super) async fn event(
    State(app): State<App>,
    Path((party, file)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    let (stem, suffix) = file.split_once('.').unwrap_or((&file, ""));
    let id = PartySlug::parse(&party).ok().zip(EventName::parse(stem));
    let id = id.map(|(issuer, name)| EventId { issuer, name });
    let view = app.ledger.view();
    let found = id.and_then(|id| Some((view.register.event_with_id(&id)?, id)));
    let Some((found, id)) = found else {
        let detail = format!("there is no event {party}/{stem} in the register");
        return error::unknown(&app, &ask, "event_unknown", detail);
    };
    if suffix == "tasdiq" || suffix.is_empty() && ask.wants("application/json") {
        return consignment(&app, id).await;
    }
    if !suffix.is_empty() {
        let detail = format!("a shipment is served as .tasdiq, not as .{suffix}");
        return error::unknown(&app, &ask, "form_unknown", detail);
    }
    match of(&app, &ask, &view.register, (found, &id)) {
        Ok(shown) => page(StatusCode::OK, &shown),
        Err(error) => Problem::new(500, "entry_unreadable", error.to_string()).into_response(),
    }
}

fn of(
    app: &App,
    ask: &Ask,
    register: &Register,
    (found, id): (EventHandle, &EventId),
) -> Result<EventPage, LedgerError> {
    let w = ask.w;
    let index = register.index_of_event(found).unwrap_or_default();
    let statement = app.ledger.statement(index)?;
    let Claim::Event(event) = &statement.claim else {
        return Err(LedgerError::Broken { index, reason: "it is no event".to_owned() });
    };
    let kind = w.word("event", event.kind.word()).into_owned();
    let f = ask.frame(app, format!("{kind} – {id} – {}", w.t("site-name")));
    let moved = register.trace().moved(found);
    let hidden = moved.len().saturating_sub(EVENT_LINES_SHOWN);
    let lots = moved.iter().take(EVENT_LINES_SHOWN).filter_map(|line| {
        let lot = register.lot_by_handle(line.lot)?;
        let quantity = w.quantity(line.quantity, &lot.record.unit);
        let label = format!("{} – {quantity}", w.word("moved", line.how.word()));
        let href = f.link(&format!("/{}", lot.record.lot.path()));
        let name = w.product(&lot.record.product, &lot.record.name);
        let text = format!("{} ({})", name.text, lot.record.lot);
        Some(PageRow::name(label, Name { text, ..name }).to(href))
    });
    let lots = lots.collect();
    let (extracts, more) = extracts(&f, register, index);
    let more = (more > 0).then(|| w.with("happened-more", "count", &w.number(more as u64)));
    let voided = register.voided_by(found).map(|by| by.to_string());
    let shipment = register.trace().shipment_at(found);
    let mut facts = facts(&f, register, event, &id.issuer);
    if let Some(mandate) = register.under_mandate(index) {
        let whose = party_name(w, register, &mandate.party);
        let href = f.link(&format!("/parties/{}", mandate.party));
        facts.insert(1, PageRow::text(w.t("happened-for"), whose).to(href));
    }
    let logged = register.trace().event_view(found).map(|view| view.logged_at);
    let logged = logged.map(crate::statement::Timestamp::from_seconds);
    let entry = f.link(&format!("/api/v1/statements/{index}"));
    let entry_words = w.with("happened-entry", "index", &index.to_string());
    let entry_words = match logged {
        Some(at) => format!("{entry_words}, {}", w.instant(at)),
        None => entry_words,
    };
    facts.push(PageRow::text(w.t("happened-logged"), entry_words).to(entry));
    if let Some(view) = &shipment {
        facts.push(PageRow::text(
            w.t("happened-state"),
            w.word("shipment", view.state.word()).into_owned(),
        ));
    }
    Ok(EventPage {
        voided: voided.map(|by| w.with("happened-voided", "index", &by)),
        more: (hidden > 0).then(|| w.with("happened-more", "count", hidden)),
        extracts,
        extracts_more: more,
        file: shipment.map(|_| format!("/{}.tasdiq", id.path())),
        f,
        w,
        kind,
        facts,
        lots,
    })
}

/// Extracts that the shipper drew for a shipment, by certificate; and how many are not shown.
fn extracts(f: &Frame, register: &Register, ship: u64) -> (Vec<PageRow>, usize) {
    let w = f.w;
    let row = |extract: &ExtractRecord| {
        let unit = register.lot(&extract.lot).map(|lot| lot.record.unit).unwrap_or_default();
        let quantity = w.quantity(extract.quantity, &unit);
        let serial = extract.certificate.to_string();
        let label = format!("{} – {quantity}", w.with("certificate-title", "serial", &serial));
        let entry = w.with("happened-entry", "index", &extract.mark.index.to_string());
        let href = f.link(&format!("/certificates/{serial}"));
        PageRow::text(label, format!("{} ({entry})", extract.lot)).to(href)
    };
    let mut all = register.extracts_of_ship(ship, None);
    let shown: Vec<PageRow> = all.by_ref().take(EVENT_LINES_SHOWN).map(row).collect();
    (shown, all.count())
}

/// Who, when, where, to whom.
fn facts(f: &Frame, register: &Register, event: &Event, issuer: &PartySlug) -> Vec<PageRow> {
    let w = f.w;
    let party = |label: &str, party: &PartySlug| {
        let href = f.link(&format!("/parties/{party}"));
        PageRow::text(w.t(label), party_name(w, register, party)).to(href)
    };
    let mut rows = vec![
        party("happened-who", issuer),
        PageRow::text(w.t("happened-when"), w.instant(event.at)),
    ];
    if let Some(region) = &event.region {
        rows.push(PageRow::name(w.t("happened-where"), w.region(region)));
    }
    if let EventKind::Ship(shipment) = &event.kind {
        rows.push(match &shipment.to {
            Receiver::Party(to) => party("happened-to", to),
            Receiver::Elsewhere { country, .. } => {
                PageRow::text(w.t("happened-to"), w.with("happened-elsewhere", "country", country))
            }
        });
        if let Some(carrier) = &shipment.carrier {
            rows.push(party("happened-carrier", carrier));
        }
    }
    rows
}
