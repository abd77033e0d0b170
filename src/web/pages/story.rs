//! The demonstration's story: the way of an oil from the harvest to the jar, step by step, with
//! what went wrong beside it. Every figure is read from the register, every link leads to where it
//! can be seen. Only where all parties are fictional.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::account::{self, Entry};
use super::error;
use super::frame::{Ask, Frame, page};
use super::goods::{Goods, Linked};
use super::map;
use super::story_trade::{Trade, trade};
use super::words::{Name, Words};
use crate::demo::{Script, over_yield, script};
use crate::door::Lane;
use crate::label::{Level, Symbol};
use crate::ledger::label_of;
use crate::names::LotKey;
use crate::register::{CertificateStatus, Lot};
use crate::statement::Timestamp;
use crate::trace::{Direction, Way};
use crate::web::{App, Problem, parallel};

/// Micrometres a module of the code that is shown: its size on the page is the style's.
const MODULE_UM: u32 = 500;

/// What each step looks like, in a box of 24 by 24.
const ICONS: [&str; 4] = [
    "M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2 2M16.4 16.4l2 2M5.6 18.4l2-2M16.4 7.6l2-2M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8",
    "M12 3c5 3 7 6 7 10a7 7 0 0 1-14 0c0-4 2-7 7-10M12 6v13",
    "M5 15c0-5 4-9 9-9 3 0 5 2 5 5 0 5-4 8-9 8-3 0-5-1-5-4M9 15c2-1 4-3 5-5",
    "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11",
];

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPage {
    f: Frame,
    w: Words,
    title: String,
    fruit: Vec<Picked>,
    map: String,
    regions: String,
    presser: Linked,
    steps: Vec<Step>,
    jars: Vec<Jar>,
    jar_count: u64,
    lost: String,
    certified: Vec<(Name, Name)>,
    packed: String,
    trade: Trade,
    balance: Vec<Entry>,
    filled: String,
    oil_href: String,
    scan: Option<(String, String)>,
    beside: Vec<Beside>,
    recall: Recall,
    refused: Option<String>,
    claimant: Linked,
    claim_href: String,
}

/// A harvest.
struct Picked {
    by: Linked,
    region: Name,
    text: String,
    day: String,
    href: String,
}

/// What the fruit became, once more.
struct Step {
    icon: &'static str,
    what: String,
    product: Name,
    text: String,
    day: String,
    href: String,
    /// The most that it could be, in words, and what it is of that, in thousandths.
    limit: String,
    part: u64,
}

/// Jars of one size.
struct Jar {
    size: String,
    count: String,
    href: String,
    /// Where a scan of one leads.
    scan: Option<String>,
}

/// A shorter way.
struct Beside {
    title: Name,
    steps: Vec<(Name, String, String)>,
    scan: Option<String>,
}

/// A lot that was recalled, and what was made of it.
struct Recall {
    by: Linked,
    product: Name,
    href: String,
    text: String,
    jar: Name,
    scan: Option<String>,
    stated: String,
    seen: String,
}

/// The story.
pub(super) async fn story(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = Ask::of(&uri, &headers);
    // Codes cost a signature each: not on a thread that serves others.
    let work = move || answer(&app, &ask);
    parallel::blocking_in(Lane::Judge, work).await.unwrap_or_else(Problem::into_response)
}

fn answer(app: &App, ask: &Ask) -> Response {
    let f = ask.frame(app, ask.w.t("story-link"));
    let view = app.ledger.view();
    let goods = Goods { w: ask.w, f: &f, register: &view.register };
    let told = script().filter(|_| app.ledger.config().demo);
    match told.and_then(|script| Told { app, goods, script, now: app.ledger.now() }.page()) {
        Some(shown) => page(StatusCode::OK, &shown),
        None => error::not_found(app, ask),
    }
}

/// What the telling has at hand.
struct Told<'a> {
    app: &'a App,
    goods: Goods<'a>,
    script: Script,
    now: Timestamp,
}

impl Told<'_> {
    fn lot(&self, key: &LotKey) -> Option<Lot> {
        self.goods.register.lot(key)
    }

    fn filled(&self, key: &LotKey) -> Option<u64> {
        let handle = self.goods.register.lot_handle(key)?;
        self.goods.register.trace().balance(handle).map(|balance| balance.filled)
    }

    /// None where the ledger holds no such story: a demonstration of an earlier release.
    fn page(&self) -> Option<StoryPage> {
        let (goods, w) = (&self.goods, self.goods.w);
        let oil = self.lot(self.script.steps.last()?)?;
        let balance =
            goods.register.trace().balance(goods.register.lot_handle(&oil.record.lot)?)?;
        let fruit = self.script.fruit.iter().map(|key| self.picked(key));
        let fruit: Vec<(Picked, Lot)> = fruit.collect::<Option<_>>()?;
        let picked = fruit.iter().fold(0_u64, |sum, (_, lot)| sum + lot.record.quantity);
        let mut regions: Vec<&str> = fruit.iter().map(|(_, lot)| &*lot.record.region).collect();
        regions.dedup();
        let named: Vec<String> = regions.iter().map(|iso| w.region(iso).text).collect();
        let jars: Vec<(Jar, u64)> =
            self.script.jars.iter().map(|key| self.jar(key)).collect::<Option<_>>()?;
        let jar_count = jars.iter().map(|(_, count)| count).sum();
        let fruit_text = goods.of(&fruit.first()?.1, picked);
        let first_jar = self.script.jars.first()?;
        let [kernels, _] = &self.script.claimed;
        let claimant = goods.linked(&self.lot(kernels)?.record.producer);
        let trade = trade(goods, &oil.record.producer, &self.script)?;
        let units = [
            ("cartons", trade.cartons.as_str()),
            ("pallets", trade.pallets.as_str()),
            ("containers", trade.containers.as_str()),
        ];
        Some(StoryPage {
            w,
            title: w
                .with_all("story-title", &[("fruit", &fruit_text), ("jars", &w.number(jar_count))]),
            map: map::marked(&regions),
            regions: named.join(" · "),
            presser: goods.linked(&oil.record.producer),
            steps: self.steps()?,
            jar_count,
            lost: goods.of(&oil, balance.lost),
            certified: self.certified(first_jar),
            packed: w.with_all("story-packed", &units),
            balance: account::lines(goods, &oil, &balance),
            filled: goods.of(&oil, balance.filled),
            oil_href: goods.lot_link(&oil.record.lot),
            scan: self.code(first_jar),
            beside: self.script.beside.iter().map(|way| self.beside(way)).collect::<Option<_>>()?,
            recall: self.recall()?,
            refused: over_yield(&self.app.ledger, self.now),
            claimant,
            claim_href: goods.lot_link(kernels),
            fruit: fruit.into_iter().map(|(picked, _)| picked).collect(),
            jars: jars.into_iter().map(|(jar, _)| jar).collect(),
            trade,
            f: goods.f.clone(),
        })
    }

    fn picked(&self, key: &LotKey) -> Option<(Picked, Lot)> {
        let (goods, lot) = (&self.goods, self.lot(key)?);
        let picked = Picked {
            by: goods.linked(&lot.record.producer),
            region: goods.w.region(&lot.record.region),
            text: goods.of(&lot, self.filled(key)?),
            day: goods.w.day(lot.record.packed_on),
            href: goods.lot_link(key),
        };
        Some((picked, lot))
    }

    /// Each step with the most that the rulebook lets come of it.
    fn steps(&self) -> Option<Vec<Step>> {
        let (goods, trace) = (&self.goods, self.goods.register.trace());
        let step = |(key, icon): (&LotKey, &'static str)| {
            let (lot, handle) = (self.lot(key)?, goods.register.lot_handle(key)?);
            let event = trace.fillings_of(handle).next()?;
            let way = trace.way_of(event)?;
            let id = goods.register.recipe_named(way);
            let rules = goods.register.goods_rules_in_force();
            let recipe = rules.recipes.iter().find(|recipe| *recipe.id == *id);
            let ratios = || recipe.into_iter().flat_map(|recipe| &recipe.ratios);
            let mut most = 0_u128;
            for (input, drawn) in trace.made(event).draws {
                let from = goods.lot(input)?.record.product;
                let ratio = ratios().find(|it| *it.from == *from && *it.to == *lot.record.product);
                let ceiling = ratio.map(|ratio| ratio.ceiling)?;
                most += u128::from(drawn) * u128::from(ceiling.n()) / u128::from(ceiling.d());
            }
            let filled = self.filled(key)?;
            let part = u128::from(filled) * 1_000 / most.max(1);
            let most = goods.of(&lot, u64::try_from(most).unwrap_or(u64::MAX));
            Some(Step {
                icon,
                what: if matches!(way, Way::Book(_)) { goods.w.recipe(&id) } else { String::new() },
                product: goods.product(&lot),
                text: goods.of(&lot, filled),
                day: goods.w.day(lot.record.packed_on),
                href: goods.lot_link(key),
                limit: goods.w.with("story-limit", "quantity", &most),
                part: u64::try_from(part).unwrap_or(1_000).min(1_000),
            })
        };
        self.script.steps.iter().zip(ICONS).map(step).collect()
    }

    fn jar(&self, key: &LotKey) -> Option<(Jar, u64)> {
        let (goods, lot) = (&self.goods, self.lot(key)?);
        let count = self.filled(key)?.checked_div(lot.pack_size)?;
        let jar = Jar {
            size: goods.of(&lot, lot.pack_size),
            count: goods.w.number(count),
            href: goods.lot_link(key),
            scan: self.scan(key),
        };
        Some((jar, count))
    }

    /// Certifier and scheme of the certificates in force.
    fn certified(&self, key: &LotKey) -> Vec<(Name, Name)> {
        let goods = &self.goods;
        let all = goods.register.certificates_of(key).map(|found| found.record);
        let valid = all.filter(|record| {
            goods.register.status_of(record, self.now) == CertificateStatus::Valid
        });
        valid.map(|it| (goods.w.scheme(&it.scheme), goods.party(&it.issuer))).collect()
    }

    /// The address that a label of a lot leads to here.
    fn scan(&self, key: &LotKey) -> Option<String> {
        let url = label_of(&self.app.ledger, key, None, self.now).ok()?.url();
        let path = url.splitn(4, '/').nth(3)?;
        Some(self.goods.f.link(&format!("/{path}")))
    }

    /// The same with its code as a drawing.
    fn code(&self, key: &LotKey) -> Option<(String, String)> {
        let label = label_of(&self.app.ledger, key, None, self.now).ok()?;
        let symbol = Symbol::new(&self.app.drawn(&label), Level::Medium).ok()?;
        Some((self.scan(key)?, symbol.svg(MODULE_UM, &[])))
    }

    fn beside(&self, way: &[LotKey]) -> Option<Beside> {
        let goods = &self.goods;
        let step = |key: &LotKey| {
            let lot = self.lot(key)?;
            let text = goods.of(&lot, self.filled(key)?);
            Some((goods.product(&lot), text, goods.lot_link(key)))
        };
        let steps: Vec<_> = way.iter().map(step).collect::<Option<_>>()?;
        let title = steps.last()?.0.clone();
        Some(Beside { title, steps, scan: self.scan(way.last()?) })
    }

    fn recall(&self) -> Option<Recall> {
        let (goods, w) = (&self.goods, self.goods.w);
        let [source, jars] = &self.script.recalled;
        let (lot, jar) = (self.lot(source)?, self.lot(jars)?);
        let handle = goods.register.lot_handle(source)?;
        let trace = goods.register.trace();
        let progress = trace.progress(handle);
        let left = progress.filled.saturating_sub(progress.consumed).max(1);
        let share = |part: u128| {
            let percent = u64::try_from(part * 100 / left).unwrap_or(u64::MAX);
            w.with("percent", "percent", &w.number(percent))
        };
        let reached = trace.reached(handle, Direction::Down).lots.len();
        let reached = w.number(u64::try_from(reached).unwrap_or(u64::MAX));
        let by = goods.linked(&lot.record.producer);
        let maker = goods.party(&jar.record.producer);
        let values = [
            ("name", by.name.text.as_str()),
            ("count", reached.as_str()),
            ("maker", maker.text.as_str()),
        ];
        Some(Recall {
            text: w.with_all("story-recall-text", &values),
            product: goods.product(&lot),
            href: goods.lot_link(source),
            by,
            jar: goods.product(&jar),
            scan: self.scan(jars),
            stated: share(progress.stated),
            seen: share(progress.seen),
        })
    }
}
