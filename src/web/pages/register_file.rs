//! The register as CSV or JSON: a row for each certificate of a lot, one for a lot without any.
//! Codes and dates as programs take them, names as they were declared. Not here: the page.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::frame::Ask;
use super::register_filter::Filter;
use super::table::Table;
use crate::ledger::View;
use crate::names::LotKey;
use crate::os::percent;
use crate::register::{Lot, Register};
use crate::statement::Timestamp;
use crate::web::App;

/// Lots of one file: 5,000 x 0.4 kB; `Link` names the next one.
const LOTS_MAX: usize = 5_000;

/// Heads of the columns behind `log_size`.
const HEADS: [&str; 18] = [
    "root_hex",
    "lot",
    "product",
    "product_name",
    "cooperative",
    "cooperative_name",
    "region",
    "hs_code",
    "quantity",
    "unit",
    "packed_on",
    "lot_status",
    "certificate",
    "scheme",
    "certifier",
    "certificate_status",
    "valid_from",
    "valid_until",
];

/// The file that an address asks for by `format`; None: the page.
pub(super) fn asked(
    app: &App,
    ask: &Ask,
    filter: &Filter,
    after: Option<&LotKey>,
) -> Option<Response> {
    let format = ask.value("format").filter(|format| format == "csv" || format == "json")?;
    let (view, now) = (app.ledger.view(), app.ledger.now());
    let found = view.register.find_lots(&filter.0, after, LOTS_MAX, now);
    let rows = found.lots.iter().flat_map(|lot| rows(&view, lot, now)).collect();
    let table = Table { log_size: view.size, heads: HEADS.to_vec(), rows };
    let next = found.next.map(|key| {
        let key = percent::value(&key.to_string());
        format!("/register?{}after={key}&format={format}", filter.query())
    });
    let mut answer = match format.as_str() {
        "csv" => table.answer("tasdiq-register.csv"),
        _ => as_json(&view, &table, next.as_deref(), filter, now),
    };
    let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        answer.headers_mut().insert(header::LINK, link);
    }
    Some(answer)
}

fn as_json(
    view: &View,
    table: &Table<'_>,
    next: Option<&str>,
    filter: &Filter,
    now: Timestamp,
) -> Response {
    let all = view.register.count_lots(&filter.0, now);
    let row = |row: &Vec<String>| {
        let cells = table.heads.iter().zip(row).skip(1);
        let cells = cells.map(|(head, cell)| ((*head).to_owned(), json!(cell)));
        Value::Object(cells.collect::<Map<_, _>>())
    };
    let rows: Vec<Value> = table.rows.iter().map(row).collect();
    let headers = [(header::CACHE_CONTROL, "no-store")];
    let body = json!({
        "log_size": view.size,
        "root": view.root.to_string(),
        "total": all.lots,
        "or_more": all.or_more,
        "rows": rows,
        "next": next,
    });
    (headers, Json(body)).into_response()
}

fn rows(view: &View, lot: &Lot, now: Timestamp) -> Vec<Vec<String>> {
    let register = &view.register;
    let facts = of_lot(register, lot, &view.root.hex(), now);
    let of_certificate = register.certificates_of(&lot.record.lot).map(|found| {
        let record = found.record;
        let status = register.status_of(&record, now).word();
        let cells = [
            record.serial.to_string(),
            record.scheme.to_string(),
            record.issuer.to_string(),
            status.to_owned(),
            record.valid_from.to_string(),
            record.valid_until.to_string(),
        ];
        facts.iter().cloned().chain(cells).collect::<Vec<_>>()
    });
    let of_certificates: Vec<Vec<String>> = of_certificate.collect();
    if !of_certificates.is_empty() {
        return of_certificates;
    }
    let none = std::iter::repeat_n(String::new(), HEADS.len().saturating_sub(facts.len()));
    vec![facts.iter().cloned().chain(none).collect()]
}

fn of_lot(register: &Register, lot: &Lot, root: &str, now: Timestamp) -> Vec<String> {
    let facts = &lot.record;
    let producer = register.party(&facts.producer).map(|party| party.name.to_string());
    vec![
        root.to_owned(),
        facts.lot.to_string(),
        facts.product.to_string(),
        facts.name.to_string(),
        facts.producer.to_string(),
        producer.unwrap_or_default(),
        facts.region.to_string(),
        lot.hs_code.to_string(),
        facts.quantity.to_string(),
        facts.unit.to_string(),
        facts.packed_on.to_string(),
        register.status_of_lot(lot, now).word().to_owned(),
    ]
}
