//! Lists of parties as files: all of them, and of one its goods, shipments that wait, prices, keys
//! and certificates as an operator. Codes and dates as programs take them. Not here: the page.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use super::frame::Ask;
use super::list_file::{self, Rows};
use super::party_goods;
use crate::ledger::View;
use crate::names::PartySlug;
use crate::register::{Party, PriceTotal, PricesOf, Register};
use crate::statement::{Timestamp, multikey};
use crate::trace::{LotHandle, ShipmentView};
use crate::web::{App, Problem, parallel};

/// All parties, as a file: CSV unless JSON is asked for.
pub(super) async fn parties(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let mut ask = Ask::of(&uri, &headers);
    if ask.value("format").is_none() {
        let form = if ask.wants("application/json") { "json" } else { "csv" };
        ask.query = format!("format={form}");
    }
    let work = move || {
        let (view, now) = (app.ledger.view(), app.ledger.now());
        let all = |list: &str| {
            let all = list.is_empty() || list == "parties";
            all.then(|| all_parties(&view, now))
        };
        let file = list_file::asked(&app, &ask, &view, all);
        file.unwrap_or_else(|| Problem::new(404, "list_unknown", "csv or json").into_response())
    };
    parallel::blocking(work).await.unwrap_or_else(Problem::into_response)
}

fn all_parties(view: &View, now: Timestamp) -> Rows<'_> {
    let row = move |party: &std::sync::Arc<Party>| {
        let registered = &party.registration;
        vec![
            registered.party.to_string(),
            party.name.to_string(),
            word(registered.role),
            standing(party, now).to_owned(),
            registered.region.as_ref().map(ToString::to_string).unwrap_or_default(),
            registered.registered_id.to_string(),
            registered.registered_on.to_string(),
            party.mark.index.to_string(),
        ]
    };
    Rows {
        heads: vec![
            "party",
            "name",
            "role",
            "status",
            "region",
            "registered_id",
            "registered_on",
            "entry",
        ],
        all: Box::new(view.register.parties().map(row)),
    }
}

fn word(value: impl Into<&'static str>) -> String {
    value.into().to_owned()
}

/// Whether a party may act now, in one word.
pub(super) fn standing(party: &Party, now: Timestamp) -> &'static str {
    match (party.is_withdrawn(now), party.is_barred(now)) {
        (true, _) => "withdrawn",
        (false, true) => "suspended",
        (false, false) => "active",
    }
}

/// The lists of one party's page, in its order.
pub(super) const LISTS: [&str; 5] = ["goods", "waiting", "prices", "operator-certificates", "keys"];

/// The rows of a list of one party's page.
pub(super) fn rows_of<'a>(
    view: &'a View,
    party: &'a Party,
    list: &str,
    now: Timestamp,
) -> Option<Rows<'a>> {
    let (register, slug) = (&view.register, &party.registration.party);
    match list {
        "goods" => Some(goods(register, slug)),
        "waiting" => Some(waiting(register, slug)),
        "prices" => {
            Some(prices(register, [PricesOf::Seller(slug.clone()), PricesOf::Buyer(slug.clone())]))
        }
        "operator-certificates" => Some(operators(register, slug, now)),
        "keys" => Some(keys(party, now)),
        _ => None,
    }
}

fn goods<'a>(register: &'a Register, slug: &PartySlug) -> Rows<'a> {
    let row = |(handle, quantity): (LotHandle, u64)| {
        let record = register.lot_by_handle(handle)?.record;
        Some(vec![
            record.lot.to_string(),
            record.product.to_string(),
            record.name.to_string(),
            quantity.to_string(),
            record.unit.to_string(),
        ])
    };
    Rows {
        heads: vec!["lot", "product", "product_name", "quantity", "unit"],
        all: Box::new(party_goods::held_by(register, slug).filter_map(row)),
    }
}

fn waiting<'a>(register: &'a Register, slug: &'a PartySlug) -> Rows<'a> {
    let row = |shipment: ShipmentView| {
        let at = register.trace().event_view(shipment.event)?.at;
        Some(vec![
            register.holder_named(shipment.from).to_string(),
            Timestamp::from_seconds(at).to_string(),
            register.index_of_event(shipment.event)?.to_string(),
        ])
    };
    let open: Vec<_> = party_goods::waiting_for(register, slug).filter_map(row).collect();
    Rows { heads: vec!["from", "sent_at", "entry"], all: Box::new(open.into_iter()) }
}

/// What prices add up to, of each of these: amounts in the smallest unit of their currency.
pub(super) fn prices<'a, const N: usize>(register: &'a Register, whose: [PricesOf; N]) -> Rows<'a> {
    let row = |side: &'static str, one: PriceTotal| {
        let sums = [one.sums.confirmed, one.sums.audited, one.sums.one_sided, one.sums.disputed];
        let group = [
            side.to_owned(),
            one.group.scheme.to_string(),
            one.group.year.to_string(),
            one.group.season.to_string(),
            one.group.currency.to_string(),
        ];
        let sums = sums.into_iter().flat_map(|sum| {
            [sum.count.to_string(), sum.amount.to_string(), sum.premium.to_string()]
        });
        let hidden = std::iter::once(one.sums.undisclosed.to_string());
        group.into_iter().chain(sums).chain(hidden).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = whose
        .iter()
        .flat_map(|whose| {
            let side = match whose {
                PricesOf::All => "all",
                PricesOf::Seller(_) => "sold",
                PricesOf::Buyer(_) => "bought",
            };
            register.price_totals(whose, None).map(move |one| row(side, one))
        })
        .collect();
    Rows {
        heads: vec![
            "side",
            "scheme",
            "year",
            "season",
            "currency",
            "confirmed",
            "confirmed_amount",
            "confirmed_premium",
            "audited",
            "audited_amount",
            "audited_premium",
            "one_sided",
            "one_sided_amount",
            "one_sided_premium",
            "disputed",
            "disputed_amount",
            "disputed_premium",
            "undisclosed",
        ],
        all: Box::new(rows.into_iter()),
    }
}

fn operators<'a>(register: &'a Register, slug: &'a PartySlug, now: Timestamp) -> Rows<'a> {
    let row = move |record: &crate::register::OperatorRecord| {
        vec![
            record.serial.to_string(),
            record.scheme.to_string(),
            record.issuer.to_string(),
            register.operator_status(record, now).word().to_owned(),
            register.is_operator_suspect(record).to_string(),
            record.valid_from.to_string(),
            record.valid_until.to_string(),
            record.mark.index.to_string(),
        ]
    };
    Rows {
        heads: vec![
            "certificate",
            "scheme",
            "certifier",
            "certificate_status",
            "suspect_key",
            "valid_from",
            "valid_until",
            "entry",
        ],
        all: Box::new(register.operators_of(slug).map(row)),
    }
}

fn keys(party: &Party, now: Timestamp) -> Rows<'_> {
    let row = move |key: &crate::seal::KeyRecord| {
        vec![
            key.verification_method.to_string(),
            multikey(&key.public),
            word(key.purpose),
            word(key.custody),
            key.added.logged_at.to_string(),
            word(key.standing(now)),
        ]
    };
    Rows {
        heads: vec!["key", "public_key", "purpose", "custody", "added_at", "standing"],
        all: Box::new(party.keys.iter().map(row)),
    }
}
