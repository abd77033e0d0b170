//! The page of a party: who it is, what it may do, with which keys, and what it did last.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::error;
use super::frame::{Ask, Frame, page};
use super::goods::Goods;
use super::list_file::{self, FileLinks};
use super::operator::{self, OperatorListed};
use super::party_goods::{PartyGoods, releases};
use super::party_lists;
use super::price_totals;
use super::scan_facts::PageRow;
use super::told::{Call, local};
use super::words::{Name, Words};
use crate::names::PartySlug;
use crate::os::percent;
use crate::register::{Party, PricesOf};
use crate::seal::{AccreditationRecord, KeyRecord};
use crate::statement::{Role, Scope, Timestamp};
use crate::web::{App, Problem, parallel};

#[derive(Template)]
#[template(path = "party.html")]
struct PartyPage {
    f: Frame,
    w: Words,
    name: Name,
    /// How the public reaches it.
    call: Option<Call>,
    facts: Vec<PageRow>,
    accreditations: Vec<Scoped>,
    /// What it is certified for as an operator, and how many more there are.
    operators: Vec<OperatorListed>,
    operators_more: String,
    goods: Option<PartyGoods>,
    /// What its prices add up to, as seller and as buyer.
    prices: [(&'static str, Vec<PageRow>); 2],
    keys: Vec<Vec<PageRow>>,
    lots_href: Option<String>,
    /// Its lists as files, in the order of the page.
    files: [FileLinks; 5],
    did_href: String,
}

/// An accreditation with its scope in words.
struct Scoped {
    rows: Vec<PageRow>,
    /// Heading and terms.
    scope: [(String, Vec<Name>); 3],
}

/// A party.
pub(super) async fn party(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    let view = app.ledger.view();
    let found = PartySlug::parse(&id).ok().and_then(|slug| view.register.party(&slug).cloned());
    let Some(party) = found else {
        return error::not_found(&app, &ask);
    };
    let work = move || {
        let (view, now) = (app.ledger.view(), app.ledger.now());
        let rows = |list: &str| party_lists::rows_of(&view, &party, list, now);
        let file = list_file::asked(&app, &ask, &view, rows);
        file.unwrap_or_else(|| page(StatusCode::OK, &of(&app, &ask, &party)))
    };
    parallel::blocking(work).await.unwrap_or_else(Problem::into_response)
}

fn of(app: &App, ask: &Ask, party: &Party) -> PartyPage {
    let w = ask.w;
    let registered = &party.registration;
    let slug = &registered.party;
    let role = w.spelled("role", registered.role).into_owned();
    let now = app.ledger.now();
    let status = party_lists::standing(party, now);
    let mut facts = vec![
        PageRow::text(w.t("party-role"), role.clone()),
        PageRow::text(w.t("party-status"), w.word("party-status", status)),
        PageRow::code(w.t("party-number"), registered.registered_id.clone()),
        PageRow::text(w.t("party-registered-on"), w.day(registered.registered_on)),
    ];
    if let Some(region) = &registered.region {
        facts.push(PageRow::name(w.t("origin-region"), w.region(region)));
    }
    facts.push(PageRow::code(w.t("column-entry"), party.mark.index.to_string()));
    let name = local(w, &party.name, &party.names);
    let f = ask.frame(app, format!("{} – {role}", name.text));
    let view = app.ledger.view();
    let goods = Goods { w, f: &f, register: &view.register };
    if let Some(count) = releases(&goods, slug) {
        facts.push(PageRow::text(w.t("party-releases"), w.number(count)));
    }
    let (operators, more) = operator::listed(&f, &view.register, slug, now);
    let operators_more = goods.more(more);
    let goods = PartyGoods::of(&goods, slug);
    let filter = match registered.role {
        Role::Cooperative => Some("cooperative"),
        Role::Certifier => Some("certifier"),
        _ => None,
    };
    let lots_href = filter
        .map(|filter| f.link(&format!("/register?{filter}={}", percent::value(slug.as_str()))));
    let did_href = if party.is_authority() {
        "/.well-known/did.json".to_owned()
    } else {
        format!("/parties/{slug}/did.json")
    };
    PartyPage {
        w,
        name,
        call: Call::of(w, &view.register, slug),
        goods,
        prices: [
            ("prices-sold", price_totals::rows(w, &view.register, &PricesOf::Seller(slug.clone()))),
            (
                "prices-bought",
                price_totals::rows(w, &view.register, &PricesOf::Buyer(slug.clone())),
            ),
        ],
        operators,
        operators_more,
        facts,
        accreditations: party.accreditations.iter().map(|a| scoped(w, a, now)).collect(),
        keys: party.keys.iter().map(|key| key_rows(w, key, now)).collect(),
        files: party_lists::LISTS.map(|list| FileLinks::of(&f, &format!("/parties/{slug}"), list)),
        lots_href,
        did_href,
        f,
    }
}

fn scoped(w: Words, record: &AccreditationRecord, now: Timestamp) -> Scoped {
    let scope = record.scope_at(now);
    let names = |terms: &std::collections::BTreeSet<String>, name: &dyn Fn(&str) -> Name| {
        let one = |term: &String| match term.as_str() {
            Scope::ALL => Name { text: w.t("party-scope-all").into_owned(), lang: "" },
            term => name(term),
        };
        terms.iter().map(one).collect::<Vec<Name>>()
    };
    Scoped {
        rows: vec![
            PageRow::text(w.t("who-valid-from"), w.day(record.valid_from.day())),
            PageRow::text(w.t("who-valid-until"), w.day(record.valid_until.day())),
            PageRow::code(w.t("column-entry"), record.mark.index.to_string()),
        ],
        scope: [
            ("party-scope-schemes", names(&scope.schemes, &|id| w.scheme(id))),
            ("party-scope-products", names(&scope.products, &|id| w.product(id, id))),
            ("party-scope-regions", names(&scope.regions, &|iso| w.region(iso))),
        ]
        .map(|(heading, names)| (w.t(heading).into_owned(), names)),
    }
}

fn key_rows(w: Words, key: &KeyRecord, now: Timestamp) -> Vec<PageRow> {
    let name = key.verification_method.rsplit('#').next().unwrap_or_default();
    let public = crate::statement::multikey(&key.public);
    vec![
        PageRow::code(w.t("party-key-name"), format!("{name} {public}")),
        PageRow::text(w.t("party-key-purpose"), w.spelled("key-purpose", key.purpose)),
        PageRow::text(w.t("party-key-custody"), w.spelled("key-holder", key.custody)),
        PageRow::text(w.t("party-key-added"), w.instant(key.added.logged_at)),
        PageRow::text(w.t("party-key-standing"), w.spelled("key-standing", key.standing(now))),
    ]
}
