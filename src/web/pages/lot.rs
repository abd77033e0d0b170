//! The page of a lot's goods: where all of it is, with whom, what it came from and what became of
//! it, what happened. For people who want more than a scan shows; figures are the register's.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::account::{self, Entry, Held};
use super::drawing::{self, Flow};
use super::error;
use super::frame::{Ask, Frame, page};
use super::genealogy::{Family, family};
use super::goods::{Goods, Linked, lot_path};
use super::list_file::{self, FileLinks};
use super::lot_events::{Happened, happened};
use super::lot_lists;
use super::price;
use super::scan_facts::PageRow;
use super::told::visible;
use super::words::{Name, Words};
use crate::door::Lane;
use crate::names::{Gtin, LotKey, LotNumber, PartySlug};
use crate::register::{
    CertificateStatus, Lot, LotStatus, PriceWord, in_effect, model_word, origin_word,
};
use crate::statement::Timestamp;
use crate::trace::{Direction, LotHandle, Way};
use crate::web::api::{LotForm, lot_form};
use crate::web::body::Path as ApiPath;
use crate::web::language::Language;
use crate::web::{App, Problem, parallel};

/// Inputs that are drawn, and that are listed.
const INPUTS_MAX: usize = 6;
/// See [`INPUTS_MAX`].
const INPUTS_LISTED_MAX: usize = 200;

#[derive(Template)]
#[template(path = "lot.html")]
struct LotPage {
    f: Frame,
    w: Words,
    product: Name,
    number: String,
    status: String,
    /// Class of the status.
    tone: &'static str,
    scan_href: String,
    warning: Option<Warning>,
    facts: Vec<PageRow>,
    filled: String,
    inputs: Vec<Input>,
    note: Option<String>,
    lines: Vec<Entry>,
    flows: String,
    holders: Vec<Held>,
    holders_more: String,
    family: Family,
    certificates: Vec<Certified>,
    events: Vec<Happened>,
    events_more: String,
    /// Holders and events as files.
    files: [FileLinks; 2],
}

/// A hold or recall, its own or inherited, and how far it has come.
struct Warning {
    title: String,
    from: Option<(String, Linked, String)>,
    reason: String,
    notice: Option<Name>,
    progress: Vec<PageRow>,
}

/// What went in.
struct Input {
    lot: String,
    href: String,
    product: Name,
    by: Name,
    text: String,
    /// In parts of what went in together.
    share: u64,
}

/// All that went in, by what was drawn for this lot.
#[derive(Default)]
struct Inputs {
    listed: Vec<Input>,
    /// What of it is in no product, in words.
    note: Option<String>,
    /// How much that is, where it can be compared.
    rest: u64,
    /// No recipe explains it.
    unexplained: bool,
}

/// A certificate and its account.
struct Certified {
    href: String,
    scheme: Name,
    certifier: Name,
    status: String,
    good: bool,
    suspect: bool,
    account: Vec<Entry>,
}

/// The page of a lot.
pub(super) async fn lot(
    State(app): State<App>,
    Path((owner, number)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if LotForm::asked(&number).is_some() {
        let asked = ApiPath((owner, number));
        let form = lot_form(State(app), asked, uri, headers).await;
        return form.unwrap_or_else(Problem::into_response);
    }
    let ask = Ask::of(&uri, &headers);
    let work = move || answer(&app, &ask, &owner, &number);
    parallel::blocking_in(Lane::Reach, work).await.unwrap_or_else(Problem::into_response)
}

/// A lot by its owner, a product number or a party, and its number.
fn key_of(owner: &str, number: &str) -> Option<LotKey> {
    let number = LotNumber::parse(number).ok()?;
    if let Ok(gtin) = Gtin::parse(owner) {
        return Some(LotKey::Gtin(gtin, number));
    }
    Some(LotKey::Party(PartySlug::parse(owner).ok()?, number))
}

fn answer(app: &App, ask: &Ask, owner: &str, number: &str) -> Response {
    let view = app.ledger.view();
    let register = &view.register;
    let found = key_of(owner, number).and_then(|key| register.lot(&key));
    let found = found.and_then(|lot| Some((register.lot_handle(&lot.record.lot)?, lot)));
    let Some((handle, lot)) = found else {
        let detail = format!("there are no goods of lot {owner}/{number} in the register");
        return error::unknown(app, ask, "lot_unknown", detail);
    };
    let rows = |list: &str| lot_lists::rows_of(register, &lot.record.lot, handle, list);
    if let Some(file) = list_file::asked(app, ask, &view, rows) {
        return file;
    }
    let w = ask.w;
    let product = w.product(&lot.record.product, &lot.record.name);
    let title = w.with("lot-title", "lot", lot.record.lot.number().as_str());
    let f = ask.frame(app, format!("{title} – {}", product.text));
    let now = app.ledger.now();
    let shown = of(&Goods { w, f: &f, register }, handle, &lot, now);
    page(StatusCode::OK, &shown)
}

fn of(goods: &Goods<'_>, handle: LotHandle, lot: &Lot, now: Timestamp) -> LotPage {
    let (w, trace) = (goods.w, goods.register.trace());
    let key = &lot.record.lot;
    let balance = trace.balance(handle).unwrap_or_default();
    let status = goods.register.lot_word(lot, now);
    let inputs = inputs(goods, handle);
    let lines = account::lines(goods, lot, &balance);
    let (holders, left) = account::holders(goods, lot);
    let (events, events_left) = happened(goods, handle, lot);
    LotPage {
        f: goods.f.clone(),
        w,
        product: goods.product(lot),
        number: key.number().to_string(),
        status: w.word("lot-status", status).into_owned(),
        tone: tone(status),
        scan_href: goods.f.link(&format!("/{}", key.path())),
        warning: warning(goods, handle, lot, now),
        facts: facts(goods, handle, lot),
        filled: goods.of(lot, balance.filled),
        flows: flows(goods, lot, &inputs, &lines),
        note: inputs.note,
        inputs: inputs.listed,
        lines,
        holders,
        holders_more: goods.more(left),
        family: family(goods, handle, lot),
        certificates: certificates(goods, lot, now),
        events,
        events_more: goods.more(events_left),
        files: lot_lists::LISTS.map(|list| FileLinks::of(goods.f, &lot_path(key), list)),
    }
}

/// What is used up is neither good nor bad: who has a jar of it may well have bought it.
fn tone(status: &str) -> &'static str {
    match status {
        "released" => "ok-word",
        "exhausted" => "muted",
        _ => "bad-word",
    }
}

fn facts(goods: &Goods<'_>, handle: LotHandle, lot: &Lot) -> Vec<PageRow> {
    let (w, trace, record) = (goods.w, goods.register.trace(), &lot.record);
    let producer = goods.linked(&record.producer);
    let (model, _) = trace.custody(handle, None);
    let origin = origin_word(trace.origin(handle));
    let packed =
        if goods.register.is_made_of_others(&record.lot) { "column-packed-on" } else { "lot-day" };
    let mut rows = vec![
        PageRow::name(w.t("lot-declared-by"), producer.name).to(producer.href),
        PageRow::name(w.t("origin-region"), w.region(&record.region)),
        PageRow::text(w.t(packed), w.day(record.packed_on)),
        PageRow::text(w.t("lot-declared"), goods.of(lot, record.quantity)),
        PageRow::text(w.t("lot-origin"), w.word("origin", origin)),
    ];
    if let Some(mandate) = goods.register.under_mandate(lot.mark.index) {
        let signed = goods.linked(&mandate.to);
        rows.insert(1, PageRow::name(w.t("lot-declared-for"), signed.name).to(signed.href));
    }
    if goods.register.is_made_of_others(&record.lot) {
        rows.push(PageRow::text(
            w.t("who-custody-model"),
            w.word("custody-model", model_word(model)),
        ));
    }
    if goods.register.price_word(&record.lot) != PriceWord::None {
        rows.push(PageRow::text(w.t("lot-price"), price::told(goods, lot)));
    }
    rows
}

/// What was drawn for a lot, by lot, and whether by no recipe of a rulebook.
fn drawn_for(goods: &Goods<'_>, handle: LotHandle) -> (Vec<(Lot, u64)>, bool) {
    let trace = goods.register.trace();
    let (mut drawn, mut plain) = (BTreeMap::<LotHandle, u64>::new(), true);
    for event in trace.fillings_of(handle) {
        let made = trace.made(event);
        plain &= !matches!(trace.way_of(event), Some(Way::Book(_)));
        let all: u128 = made.fills.iter().map(|(_, quantity)| u128::from(*quantity)).sum();
        let own = made.fills.iter().filter(|(lot, _)| *lot == handle);
        let own: u128 = own.map(|(_, quantity)| u128::from(*quantity)).sum();
        for (lot, quantity) in made.draws {
            // Of what fills several lots each has its part of the draws.
            let part = (u128::from(quantity) * own).checked_div(all).unwrap_or_default();
            let sum = drawn.entry(lot).or_default();
            *sum = sum.saturating_add(u64::try_from(part).unwrap_or(u64::MAX));
        }
    }
    let mut all: Vec<(Lot, u64)> =
        drawn.into_iter().filter_map(|(lot, sum)| Some((goods.lot(lot)?, sum))).collect();
    all.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    (all, plain)
}

fn inputs(goods: &Goods<'_>, handle: LotHandle) -> Inputs {
    let (all, plain) = drawn_for(goods, handle);
    let Some(own) = goods.lot(handle).filter(|_| !all.is_empty()) else {
        return Inputs::default();
    };
    let whole = all.iter().fold(0_u64, |sum, (_, part)| sum.saturating_add(*part));
    let told = |(lot, sum): &(Lot, u64)| Input {
        lot: lot.record.lot.to_string(),
        href: goods.lot_link(&lot.record.lot),
        product: goods.product(lot),
        by: goods.party(&lot.record.producer),
        text: goods.of(lot, *sum),
        share: *sum,
    };
    let one_unit = all.iter().all(|(lot, _)| lot.record.unit == own.record.unit);
    let filled = goods.register.trace().balance(handle).map_or(0, |balance| balance.filled);
    let rest = if one_unit { whole.saturating_sub(filled) } else { 0 };
    let id = match (one_unit, plain) {
        (false, _) => Some("balance-other-unit"),
        (true, _) if rest == 0 => None,
        (true, false) => Some("balance-process"),
        (true, true) => Some("balance-difference"),
    };
    let note = id.map(|id| goods.w.with(id, "quantity", &goods.of(&own, rest)));
    let listed = all.iter().take(INPUTS_LISTED_MAX).map(told).collect();
    Inputs { listed, note, rest, unexplained: plain }
}

fn flows(goods: &Goods<'_>, lot: &Lot, inputs: &Inputs, lines: &[Entry]) -> String {
    let Inputs { listed, rest, unexplained, .. } = inputs;
    let flow = |input: &Input| Flow {
        label: input.by.text.clone(),
        quantity: input.share,
        text: input.text.clone(),
        tone: "in",
    };
    let mut left: Vec<Flow> = listed.iter().take(INPUTS_MAX).map(flow).collect();
    if let Some(others) = listed.get(INPUTS_MAX..).filter(|others| !others.is_empty()) {
        let quantity = others.iter().fold(0_u64, |sum, one| sum.saturating_add(one.share));
        let (label, text) = (goods.more(others.len()), String::new());
        left.push(Flow { label, quantity, text, tone: "in" });
    }
    let filled = lines.iter().fold(0_u64, |sum, line| sum.saturating_add(line.quantity));
    if left.is_empty() {
        let label = goods.party(&lot.record.producer).text;
        left.push(Flow { label, quantity: filled, text: goods.of(lot, filled), tone: "in" });
    }
    let into = left.iter().fold(0_u64, |sum, flow| sum.saturating_add(flow.quantity));
    let out = |line: &Entry| Flow {
        label: line.label.clone(),
        quantity: line.quantity,
        text: line.text.clone(),
        tone: line.tone,
    };
    let mut right: Vec<Flow> = lines.iter().map(out).collect();
    if *rest > 0 {
        let (id, tone) =
            if *unexplained { ("balance-unexplained", "bad") } else { ("balance-rest", "rest") };
        let (label, text) = (goods.w.t(id).into_owned(), goods.of(lot, *rest));
        right.push(Flow { label, quantity: *rest, text, tone });
    }
    let mirrored = goods.w.language == Language::Ar;
    let wholes = [into, filled.saturating_add(*rest)];
    drawing::balance([&left, &right], wholes, &goods.w.t("balance-drawing"), mirrored)
}

fn certificates(goods: &Goods<'_>, lot: &Lot, now: Timestamp) -> Vec<Certified> {
    let all = goods.register.certificates_of(&lot.record.lot).take(50).map(|found| {
        let record = found.record;
        let status = goods.register.status_of(&record, now);
        let suspect = goods.register.is_certificate_suspect(&record);
        Certified {
            href: goods.f.link(&format!("/certificates/{}", record.serial)),
            scheme: goods.w.scheme(&record.scheme),
            certifier: goods.party(&record.issuer),
            status: goods.w.certificate(status).into_owned(),
            good: status == CertificateStatus::Valid && !suspect,
            suspect,
            account: account::of_certificate(goods, &record, &lot.record.lot),
        }
    });
    all.collect()
}

fn warning(goods: &Goods<'_>, handle: LotHandle, lot: &Lot, now: Timestamp) -> Option<Warning> {
    let (w, trace) = (goods.w, goods.register.trace());
    let inherited = goods.register.inherited(&lot.record.lot, now);
    let own = in_effect(&lot.record.events, now);
    let status = goods.register.status_of_lot(lot, now);
    let title = match status {
        LotStatus::Recalled => w.t("verdict-recalled").into_owned(),
        LotStatus::Held => w.t("verdict-held").into_owned(),
        _ => return None,
    };
    let told = |reason: &str| w.with("verdict-reason", "reason", &w.word("reason", reason));
    let recalled = trace.own_status(handle) == crate::trace::Status::Recalled;
    let progress = if recalled { progress(goods, handle) } else { Vec::new() };
    if let Some(event) = own.filter(|_| lot.status(now) == status) {
        let own = event.notice.get(w.language.code()).map(|text| (text, ""));
        let text = own.or_else(|| event.notice.get("fr").map(|text| (text, "fr")));
        let notice = text.map(|(text, lang)| Name { text: visible(text), lang });
        let reason = told(event.reason.word());
        return Some(Warning { title, from: None, reason, notice, progress });
    }
    let inherited = inherited?;
    let source = goods.register.lot(&inherited.via)?;
    let link = Linked { name: goods.product(&source), href: goods.lot_link(&inherited.via) };
    let from = Some((w.colon("recall-input"), link, inherited.via.to_string()));
    Some(Warning { title, from, reason: told(inherited.reason.word()), notice: None, progress })
}

/// How many lots a recall reaches and what came back, as holders say and as others saw.
fn progress(goods: &Goods<'_>, handle: LotHandle) -> Vec<PageRow> {
    let (w, trace) = (goods.w, goods.register.trace());
    let progress = trace.progress(handle);
    let reached = trace.reached(handle, Direction::Down).lots.len();
    let reached = u64::try_from(reached).unwrap_or(u64::MAX);
    let at_most = |quantity: u128| u64::try_from(quantity).unwrap_or(u64::MAX);
    let left = progress.filled.saturating_sub(progress.consumed);
    let share = |part: u128| {
        let percent = (part * 100).checked_div(left.max(1)).unwrap_or_default();
        w.with("percent", "percent", &w.number(at_most(percent)))
    };
    vec![
        PageRow::text(w.t("recall-reached"), w.number(reached)),
        PageRow::text(w.t("recall-stated"), share(progress.stated)),
        PageRow::text(w.t("recall-seen"), share(progress.seen)),
    ]
}
