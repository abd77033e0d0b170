//! The register as CSV or JSON: a row for each certificate of a lot, one for a lot without any.
//! Codes and dates as programs take them, names as they were declared. Not here: the page.

use axum::response::Response;

use super::frame::Ask;
use super::list_file::{Form, Part};
use super::register_filter::Filter;
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
    let form = Form::asked(ask)?;
    let (view, now) = (app.ledger.view(), app.ledger.now());
    let found = view.register.find_lots(&filter.0, after, LOTS_MAX, now);
    let rows = found.lots.iter().flat_map(|lot| rows(&view, lot, now)).collect();
    let next = found.next.map(|key| {
        let key = percent::value(&key.to_string());
        format!("/register?{}after={key}&format={}", filter.query(), form.word())
    });
    let all = view.register.count_lots(&filter.0, now);
    let (total, or_more) = (all.lots, all.or_more);
    let part = Part { heads: HEADS.to_vec(), rows, total, or_more, next };
    Some(form.answer(&view, "tasdiq-register", part))
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
        register.lot_word(lot, now).to_owned(),
    ]
}
