//! The public register: lots by name, product, cooperative, certifier, lot number, region and
//! status, a page at a time. A plain form; the address of a page says all that it shows.
//! Not here: the search (`register::search`), and the same as a file (`register_file`).

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, Frame, page};
use super::register_file;
use super::register_filter::Filter;
use super::told::{local, party_name};
use super::words::{Name, Words};
use crate::names::{LotKey, PartySlug};
use crate::os::percent;
use crate::register::{CertificateStatus, Lot, LotQuery, Register};
use crate::statement::{Role, Timestamp};
use crate::web::{App, Problem, parallel};

/// Rows of a page.
const ROWS: usize = 25;

/// Options of one choice, so that a page stays a page; who knows a name can write it into the
/// address.
const OPTIONS_MAX: usize = 500;

/// Status words of the form; others can be written into the address.
const STATUSES: [&str; 10] = [
    "valid",
    "not-yet-valid",
    "expired",
    "suspended",
    "withdrawn",
    "scope-reduced",
    "held",
    "recalled",
    "uncertified",
    "undeclared",
];

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    f: Frame,
    w: Words,
    text: String,
    fields: Vec<Field>,
    /// Whether a choice is made: the form is open then.
    chosen: bool,
    /// How many are shown of how many.
    count: String,
    /// As of which entry, and the root under its checkpoint.
    as_of: String,
    root: String,
    rows: Vec<Entry>,
    next: Option<String>,
    looked_at_all: bool,
    /// The same as files, from where this page begins.
    csv: String,
    json: String,
}

/// One choice of the form.
struct Field {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

/// One option of a choice.
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

/// One lot.
struct Entry {
    href: String,
    lot: String,
    product: Name,
    cooperative: String,
    certificates: Vec<Listed>,
    lot_status: String,
    lot_good: bool,
}

/// One certificate of a lot.
struct Listed {
    href: String,
    scheme: Name,
    certifier: String,
    status: String,
    good: bool,
    suspect: bool,
}

/// The register.
pub(super) async fn register(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    let work = move || answer(&app, &ask);
    parallel::blocking(work).await.unwrap_or_else(Problem::into_response)
}

fn answer(app: &App, ask: &Ask) -> Response {
    let filter = Filter::of(ask);
    let after = ask.value("after").and_then(|text| text.parse::<LotKey>().ok());
    if let Some(file) = register_file::asked(app, ask, &filter, after.as_ref()) {
        return file;
    }
    let view = app.ledger.view();
    let now = app.ledger.now();
    let found = view.register.find_lots(&filter.0, after.as_ref(), ROWS, now);
    let all = view.register.count_lots(&filter.0, now);
    let w = ask.w;
    let f = ask.frame(app, format!("{} – {}", w.t("register-title"), w.t("site-name")));
    let number = |count: usize| w.number(u64::try_from(count).unwrap_or(u64::MAX));
    let (shown, total) = (number(found.lots.len()), number(all.lots));
    let count = if all.or_more { "register-shown-of-more" } else { "register-shown" };
    let from = after.map(|key| format!("after={}&", percent::value(&key.to_string())));
    let file = |form: &str| {
        let from = from.as_deref().unwrap_or_default();
        f.link(&format!("/register?{}{from}format={form}", filter.query()))
    };
    let rows = found.lots.into_iter().map(|lot| entry(&f, w, &view.register, &lot, now)).collect();
    let next = found.next.map(|key| {
        let key = percent::value(&key.to_string());
        f.link(&format!("/register?{}after={key}", filter.query()))
    });
    let last = w.number(view.size.saturating_sub(1));
    let register = RegisterPage {
        fields: fields(&filter.0, w, &view.register),
        chosen: LotQuery { text: None, ..filter.0.clone() } != LotQuery::default(),
        text: filter.0.text.clone().unwrap_or_default(),
        count: w.with_all(count, &[("shown", shown.as_str()), ("total", &total)]),
        as_of: w.with("register-as-of", "entry", &last),
        root: view.root.to_string(),
        csv: file("csv"),
        json: file("json"),
        rows,
        looked_at_all: next.is_none(),
        next,
        w,
        f,
    };
    page(StatusCode::OK, &register)
}

/// The choices of the form.
fn fields(query: &LotQuery, w: Words, register: &Register) -> Vec<Field> {
    let field = |name, label: &str, choices: Vec<(String, String)>, chosen: &Option<String>| {
        let any = Choice {
            value: String::new(),
            text: w.t("register-any").into_owned(),
            selected: false,
        };
        let options = choices.into_iter().map(|(value, text)| {
            let selected = chosen.as_ref() == Some(&value);
            Choice { value, text, selected }
        });
        let options = std::iter::once(any).chain(options).collect();
        Field { name, label: w.t(label).into_owned(), options }
    };
    let parties = |role: Role| {
        let of_role = register.parties().filter(move |party| party.registration.role == role);
        let named = of_role.take(OPTIONS_MAX).map(|party| {
            (party.party.as_str().to_owned(), local(w, &party.name, &party.names).text)
        });
        named.collect::<Vec<_>>()
    };
    let catalog = register.catalog();
    let products = catalog.products().map(|p| (p.id.clone(), w.product(&p.id, &p.id).text));
    let regions = catalog.regions().map(|r| (r.iso.clone(), w.region(&r.iso).text));
    let statuses = STATUSES.iter().map(|word| {
        let family = match *word {
            "held" | "recalled" | "uncertified" | "undeclared" => "lot-status",
            _ => "certificate-status",
        };
        ((*word).to_owned(), w.word(family, word).into_owned())
    });
    vec![
        field("product", "register-product", products.collect(), &query.product),
        field(
            "cooperative",
            "register-cooperative",
            parties(Role::Cooperative),
            &query.cooperative,
        ),
        field("certifier", "register-certifier", parties(Role::Certifier), &query.certifier),
        field("region", "register-region", regions.collect(), &query.region),
        field("status", "register-status", statuses.collect(), &query.status),
    ]
}

fn entry(f: &Frame, w: Words, register: &Register, lot: &Lot, now: Timestamp) -> Entry {
    let record = &lot.record;
    let name = |slug: &PartySlug| party_name(w, register, slug);
    let listed = register.certificates_of(&record.lot).map(|found| {
        let certificate = found.record;
        let status = register.status_of(&certificate, now);
        let suspect = register.is_certificate_suspect(&certificate);
        Listed {
            href: f.link(&format!("/certificates/{}", certificate.serial)),
            scheme: w.scheme(&certificate.scheme),
            certifier: name(&certificate.issuer),
            status: w.certificate(status).into_owned(),
            good: status == CertificateStatus::Valid && !suspect,
            suspect,
        }
    });
    Entry {
        href: f.link(&format!("/{}", record.lot.path())),
        lot: record.lot.to_string(),
        product: w.product(&record.product, &record.name),
        cooperative: name(&record.producer),
        certificates: listed.collect(),
        lot_status: w.word("lot-status", register.lot_word(lot, now)).into_owned(),
        lot_good: register.is_lot_good(lot, now),
    }
}
