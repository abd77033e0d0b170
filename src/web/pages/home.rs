//! The first page: what this is, where to go, and in a demonstration one example of each status.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::frame::{Ask, Frame, page};
use super::verdict::Headline;
use super::words::Words;
use crate::door::Lane;
use crate::ledger::label_of;
use crate::statement::Role;
use crate::verify::Policy;
use crate::web::verdict::Judge;
use crate::web::{App, Problem, parallel};

/// Lots looked at for examples: a demonstration has fewer.
const LOTS_LOOKED_AT_MAX: usize = 500;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
    w: Words,
    examples: Vec<Example>,
    /// Name and figure.
    figures: Vec<(String, String)>,
}

/// A code to try.
struct Example {
    headline: Headline,
    tone: &'static str,
    word: String,
    href: String,
    text: String,
}

/// The first page.
pub(super) async fn home(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    // Examples cost a signature each: not on a thread that serves others.
    let work = move || answer(&app, &ask);
    parallel::blocking_in(Lane::Judge, work).await.unwrap_or_else(Problem::into_response)
}

fn answer(app: &App, ask: &Ask) -> Response {
    let w = ask.w;
    let judge = app.judge();
    let f = ask.frame(app, w.t("home-title"));
    let examples = if f.demo { examples(app, &judge, &f) } else { Vec::new() };
    let figures = figures(w, &judge);
    page(StatusCode::OK, &HomePage { f, w, examples, figures })
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

/// The first lot of each headline, with a forged and an unknown code at the end.
fn examples(app: &App, judge: &Judge, f: &Frame) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut genuine = None;
    for lot in judge.view.register.lots().take(LOTS_LOOKED_AT_MAX) {
        let key = &lot.record.lot;
        let signed = label_of(&app.ledger, key, None, judge.now).map(|label| label.url());
        let plain = || format!("https://{}/{}", judge.view.register.domain().host(), key.path());
        let url = signed.unwrap_or_else(|_| plain());
        let headline = judge.on_code(&url, Policy::Shop).headline;
        let Some(path) = path_of(&url) else { continue };
        if headline == Headline::Valid && genuine.is_none() {
            genuine = Some(path.to_owned());
        }
        if examples.iter().all(|example| example.headline != headline) {
            examples.push(example(f, headline, path, lot.record.name.to_string()));
        }
    }
    examples.sort_by_key(|example| std::cmp::Reverse(example.headline));
    if let Some(path) = genuine {
        let forged = path.replacen("/10/", "/10/X", 1).replacen("/LOT/", "/LOT/X", 1);
        examples.push(example(f, Headline::NotGenuine, &forged, String::new()));
    }
    examples.push(example(f, Headline::Unknown, "/01/09506000134352/10/NOWHERE", String::new()));
    examples
}

fn example(f: &Frame, headline: Headline, path: &str, text: String) -> Example {
    let word = headline.word(f.w).into_owned();
    Example { headline, tone: headline.tone(), word, href: f.link(path), text }
}

/// The path of an address.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').and_then(|slash| rest.get(slash..))
}
