//! The first page: what this is, a code of the register to scan or open, the way from grove to
//! shelf, and a door for everybody; of an empty ledger what to do first. Not here: which code is
//! shown (`home_code`).

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, Frame, page};
use super::goods::Goods;
use super::home_code::{Codes, KeptCodes, path_of};
use super::told::local;
use super::words::{Name, Words};
use crate::door::Lane;
use crate::label::{Label, Level, Symbol};
use crate::register::Lot;
use crate::statement::Role;
use crate::web::verdict::Judge;
use crate::web::{App, Problem, parallel};

/// Micrometres a module of the code that is shown: its size on the page is the style's.
const MODULE_UM: u32 = 500;

/// The way of goods, as the page draws it: a text, and lines in a box of 24.
const STEPS: [(&str, &str); 4] = [
    (
        "home-how-declare",
        "M12 21v-8M12 13C7 13 5 10 5 7c0-3 3-5 7-5s7 2 7 5c0 3-2 6-7 6M12 17l4-3M7 21h10",
    ),
    ("home-how-certify", "M6 3h9l3 3v8M6 3v18h5M9 8h6M9 12h4M13 18l2.5 2.5L20 16"),
    ("home-how-log", "M4 6h6v5H4zM14 6h6v5h-6zM9 15h6v5H9zM10 8.5h4M7 11v2h10v-2M12 13v2"),
    (
        "home-how-scan",
        "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM13 13h3v3h-3zM13 8h3M8 13v3",
    ),
];

/// Whose door it is (its text, and with `-text` behind it what is there), where it leads, and lines
/// in a box of 24.
const DOORS: [(&str, &str, &str); 5] = [
    ("home-door-shopper", "#check", "M6 8h12l1 13H5zM9 8V6a3 3 0 0 1 6 0v2"),
    (
        "home-door-inspector",
        "/inspect",
        "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M15.5 15.5L21 21",
    ),
    ("home-door-certifier", "/register", "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4"),
    ("home-door-auditor", "/audit", "M4 5h16M4 10h16M4 15h9M14 18l2.5 2.5L21 16"),
    ("home-door-programmer", "/api", "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14"),
];

/// What makes an empty ledger a register: a text, and the command.
const FIRST: [(&str, &str); 4] = [
    ("home-first-parties", "tasdiq register certifier|cooperative ..."),
    ("home-first-agree", "tasdiq register agreement --certifier ID --client ID"),
    ("home-first-issue", "tasdiq issue SHEET --what lots-and-certificates"),
    ("home-first-label", "tasdiq label GTIN/LOT --format png --out label.png"),
];

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
    w: Words,
    shown: Option<Shown>,
    /// Whether anything was ever certified here.
    empty: bool,
    examples: Vec<Example>,
    /// Name and figure.
    figures: Vec<(String, String)>,
}

/// The code that is shown.
struct Shown {
    href: String,
    svg: String,
    product: Name,
    lot: String,
    /// Who declared and who certified it, in words.
    by: String,
    /// Who can scan it where it stands, in words.
    reach: String,
}

/// A code to try.
struct Example {
    tone: &'static str,
    word: String,
    href: String,
    text: String,
}

impl HomePage {
    fn steps(&self) -> [(&'static str, &'static str); 4] {
        STEPS
    }

    fn doors(&self) -> [(&'static str, &'static str, &'static str); 5] {
        DOORS
    }

    fn first(&self) -> [(&'static str, &'static str); 4] {
        FIRST
    }

    /// What is behind a door.
    fn behind(&self, door: &str) -> String {
        self.w.t(&format!("{door}-text")).into_owned()
    }

    /// A page keeps the language; a place on this page, and what is English, has none to keep.
    fn door(&self, to: &str) -> String {
        if to.starts_with('#') || to == "/api" { to.to_owned() } else { self.f.link(to) }
    }
}

/// The first page.
pub(super) async fn home(
    State(app): State<App>,
    Extension(codes): Extension<Arc<KeptCodes>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let ask = Ask::of(&uri, &headers);
    // Codes cost a signature each: not on a thread that serves others.
    let work = move || answer(&app, &codes, &ask);
    parallel::blocking_in(Lane::Judge, work).await.unwrap_or_else(Problem::into_response)
}

fn answer(app: &App, codes: &KeptCodes, ask: &Ask) -> Response {
    let (w, judge) = (ask.w, app.judge());
    let f = ask.frame(app, format!("{} – {}", w.t("site-name"), w.t("home-title")));
    let codes = codes.of(app, &judge);
    let shown = codes.label.as_ref().and_then(|label| shown(app, &judge, &f, label));
    let examples = tried(&codes, &f);
    let empty = judge.view.register.certificate_count() == 0;
    let figures = figures(w, &judge);
    page(StatusCode::OK, &HomePage { f, w, shown, empty, examples, figures })
}

/// A label as the page shows it.
fn shown(app: &App, judge: &Judge, f: &Frame, label: &Label) -> Option<Shown> {
    let (w, register) = (f.w, &judge.view.register);
    let lot = register.lot(&label.key)?;
    let certificate = register.certificate_at(label.header.index.into())?;
    let goods = Goods { w, f, register };
    let text = app.drawn(label);
    Some(Shown {
        href: f.link(path_of(&text)?),
        svg: Symbol::new(&text, Level::Medium).ok()?.svg(MODULE_UM, &[]),
        product: product(w, &lot),
        lot: label.key.number().to_string(),
        by: w.with_all(
            "home-code-by",
            &[
                ("cooperative", goods.party(&lot.record.producer).text.as_str()),
                ("certifier", goods.party(&certificate.record.issuer).text.as_str()),
            ],
        ),
        reach: reach(app, w),
    })
}

/// The product in the reader's language: as declared, else the catalogue's name for it.
fn product(w: Words, lot: &Lot) -> Name {
    let declared = local(w, &lot.record.name, &lot.record.names);
    if lot.record.names.contains_key(w.language.code()) {
        return declared;
    }
    let known = w.product(&lot.record.product, "");
    if known.lang.is_empty() && !known.text.is_empty() { known } else { declared }
}

/// Who can scan a code that this page shows.
fn reach(app: &App, w: Words) -> String {
    let view = app.ledger.view();
    let domain = view.register.domain();
    if app.for_phones() {
        w.with("home-code-phones", "address", &format!("http://{}", domain.host()))
    } else if domain.is_loopback() {
        w.with("home-code-alone", "host", domain.host())
    } else {
        w.t("home-code-scan").into_owned()
    }
}

fn tried(codes: &Codes, f: &Frame) -> Vec<Example> {
    let example = |it: &super::home_code::Example| Example {
        tone: it.headline.tone(),
        word: it.headline.word(f.w).into_owned(),
        href: f.link(&it.path),
        text: super::told::visible(&it.name),
    };
    codes.examples.iter().map(example).collect()
}

fn figures(w: Words, judge: &Judge) -> Vec<(String, String)> {
    let register = &judge.view.register;
    let parties = |role| register.parties().filter(|p| p.registration.role == role).count();
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    [
        ("home-figure-lots", count(register.lot_count())),
        ("home-figure-certifiers", count(parties(Role::Certifier))),
        ("home-figure-cooperatives", count(parties(Role::Cooperative))),
        ("home-figure-entries", judge.view.size),
    ]
    .map(|(id, figure)| (w.t(id).into_owned(), w.number(figure)))
    .to_vec()
}
