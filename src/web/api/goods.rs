//! `/api/v1/lots/{owner}/{lot}/balance`, `trace`, `reach`, `events`: what there is of a lot, what
//! it was made of, what became of it. Pages with a cursor, totals always. Not here: the figures
//! (`trace`), the shapes (`goods_shapes`).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::answers::logged_statement;
use super::goods_shapes::{
    EventShape, HolderShape, LotBalance, MadeShape, ProgressShape, ReachedShape, StepShape, moved,
    opening_word,
};
use super::lots::unknown_lot;
use crate::door::Lane;
use crate::names::{LotKey, PartySlug};
use crate::register::{Register, StatusesAt, origin_word};
use crate::statement::Timestamp;
use crate::trace::{Direction, LotHandle, Opening, Reached};
use crate::web::body::{Path, Query};
use crate::web::{App, Problem, parallel};

/// Rows of a page, if nothing is said.
const PAGE_DEFAULT: usize = 50;

/// Holders or lots in one page.
const PAGE_MAX: usize = 200;

/// Events in one page: each is read from the log.
const EVENTS_MAX: usize = 100;

/// Holders named of one lot of a list, transformations of one step, origins.
const NAMED_MAX: usize = 20;

/// A page of steps ends once its transformations have so many lines.
const STEP_LINES_MAX: usize = 10_000;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// Rows in a page, 1 to 200 (of events 100); 50 if left out.
    limit: Option<usize>,
}

/// What a lot was made of.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceAnswer {
    /// The lot.
    #[schema(value_type = String)]
    lot: LotKey,
    /// Where its goods come from: `traced`, `partly` or `declared`.
    origin: &'static str,
    /// The lots that it began as and that were made of no other, nearest first; at most 20.
    origins: Vec<String>,
    /// How many there are.
    origin_count: usize,
    /// Lots on the way, over all levels, without itself.
    total: usize,
    /// A page of them: itself first, then the nearest first.
    steps: Vec<StepShape>,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// What became of a lot.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReachAnswer {
    /// The lot.
    #[schema(value_type = String)]
    lot: LotKey,
    /// Lots that were made of it, over all levels, each counted once.
    total: usize,
    /// How far a recall of it and of them has come.
    progress: ProgressShape,
    /// A page of them: itself first, then the nearest first.
    lots: Vec<ReachedShape>,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// What happened to a lot.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventsAnswer {
    /// The lot.
    #[schema(value_type = String)]
    lot: LotKey,
    /// Events of it that stand.
    total: usize,
    /// A page of them, newest first.
    events: Vec<EventShape>,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// A lot that figures are asked of.
struct Asked<'a> {
    register: &'a Register,
    key: LotKey,
    handle: LotHandle,
    now: Timestamp,
    statuses: StatusesAt<'a>,
}

/// A page of lots on a way.
struct Page {
    lots: Vec<LotHandle>,
    /// Lots on the way beside the one that is asked of.
    total: usize,
    /// Place of the first.
    skip: usize,
}

impl Page {
    /// A page, with the lot itself as the first of all.
    fn of(lot: LotHandle, reached: &Reached, skip: usize, limit: usize) -> Self {
        let all = std::iter::once(lot).chain(reached.lots.iter().copied());
        Self { lots: all.skip(skip).take(limit).collect(), total: reached.lots.len(), skip }
    }

    /// The cursor of the next page, if this one told so many.
    fn next(&self, told: usize) -> Option<String> {
        let end = self.skip.saturating_add(told);
        (end <= self.total).then(|| end.to_string())
    }
}

/// The balance of a lot, by holder and by scheme.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}/balance", tag = "goods",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
        PageQuery,
    ),
    responses(
        (status = 200, description = "The balance", body = LotBalance),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no goods are kept", body = Problem),
    ))]
pub async fn balance(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<LotBalance>, Problem> {
    of_lot(app, path, move |asked, _| {
        let limit = page.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
        let after = page.after.as_deref().map(PartySlug::parse).transpose()?;
        let told = asked.register.goods_balance(&asked.key, asked.now);
        let told = told.ok_or_else(|| unknown_lot(&asked.key))?;
        let mut shape = LotBalance::of(asked.register, told, asked.now);
        let mut shares = asked.register.shares_of(&asked.key, after.as_ref());
        shape.holders = shares.by_ref().take(limit).map(HolderShape::from).collect();
        let more = shares.next().is_some();
        let last = shape.holders.last().filter(|_| more);
        shape.next = last.map(|holder| holder.party.to_string());
        Ok(shape)
    })
    .await
}

/// What a lot was made of, over all levels: inputs with quantities, events, origins.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}/trace", tag = "goods",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
        PageQuery,
    ),
    responses(
        (status = 200, description = "The way back", body = TraceAnswer),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no goods are kept", body = Problem),
    ))]
pub async fn trace(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<TraceAnswer>, Problem> {
    of_lot(app, path, move |asked, _| {
        let (skip, limit) = place(&page)?;
        let reached = asked.register.trace().reached(asked.handle, Direction::Up);
        let page = Page::of(asked.handle, &reached, skip, limit);
        let origins = asked.register.origins_among(&reached.lots, NAMED_MAX);
        let (mut told, mut lines, mut steps) = (0, 0_usize, Vec::new());
        for lot in &page.lots {
            if lines >= STEP_LINES_MAX {
                break;
            }
            let step = asked.step(*lot);
            lines = lines.saturating_add(step.as_ref().map_or(0, StepShape::lines));
            told += 1;
            steps.extend(step);
        }
        Ok(TraceAnswer {
            origin: origin_word(asked.register.trace().origin(asked.handle)),
            origins: origins.lots.iter().map(ToString::to_string).collect(),
            origin_count: origins.count,
            lot: asked.key,
            total: page.total,
            next: page.next(told),
            steps,
        })
    })
    .await
}

/// What became of a lot, over all levels: lots with holders, and how far a recall has come.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}/reach", tag = "goods",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
        PageQuery,
    ),
    responses(
        (status = 200, description = "Lots made of it", body = ReachAnswer),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no goods are kept", body = Problem),
    ))]
pub async fn reach(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<ReachAnswer>, Problem> {
    of_lot(app, path, move |asked, _| {
        let (skip, limit) = place(&page)?;
        let trace = asked.register.trace();
        let reached = trace.reached(asked.handle, Direction::Down);
        let page = Page::of(asked.handle, &reached, skip, limit);
        Ok(ReachAnswer {
            progress: trace.progress_of(asked.handle, &reached).into(),
            lots: page.lots.iter().filter_map(|lot| asked.reached(*lot)).collect(),
            lot: asked.key,
            total: page.total,
            next: page.next(page.lots.len()),
        })
    })
    .await
}

/// The events of a lot, newest first, as they were signed.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}/events", tag = "goods",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
        PageQuery,
    ),
    responses(
        (status = 200, description = "Events of it", body = EventsAnswer),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no goods are kept", body = Problem),
    ))]
pub async fn events(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<EventsAnswer>, Problem> {
    of_lot(app, path, move |asked, app| {
        let limit = page.limit.unwrap_or(PAGE_DEFAULT).clamp(1, EVENTS_MAX);
        let before = page.after.as_deref().map(number).transpose()?;
        let trace = asked.register.trace();
        let total = trace.events_of(asked.handle).count();
        let all = trace.events_of(asked.handle);
        let indexed = all.filter_map(|it| Some((asked.register.index_of_event(it)?, it)));
        let mut rest = indexed.filter(|(index, _)| before.is_none_or(|before| *index < before));
        let mut events = Vec::new();
        for (index, event) in rest.by_ref().take(limit) {
            events.push(asked.event(app, index, event)?);
        }
        let more = rest.next().is_some();
        let next = events.last().filter(|_| more).map(|last: &EventShape| last.index.to_string());
        Ok(EventsAnswer { lot: asked.key, total, events, next })
    })
    .await
}

/// Looks a lot of the path up and answers off the threads of connections.
async fn of_lot<T: Send + 'static>(
    app: App,
    (owner, number): (String, String),
    answer: impl FnOnce(Asked<'_>, &App) -> Result<T, Problem> + Send + 'static,
) -> Result<Json<T>, Problem> {
    let key: LotKey = format!("{owner}/{number}").parse()?;
    let work = move || {
        let view = app.ledger.view();
        let register = &view.register;
        if register.lot(&key).is_none() {
            return Err(unknown_lot(&key));
        }
        let handle = register.lot_handle(&key).ok_or_else(no_goods)?;
        let now = app.ledger.now();
        let statuses = register.statuses_at(now);
        answer(Asked { register, key, handle, now, statuses }, &app)
    };
    parallel::blocking_in(Lane::Reach, work).await?.map(Json)
}

fn no_goods() -> Problem {
    let detail = "this ledger keeps no goods yet: the rules of edition 2 are not in force";
    Problem::new(404, "no_goods", detail)
}

/// A cursor that is a number.
fn number(text: &str) -> Result<u64, Problem> {
    let wrong = || Problem::new(400, "cursor_form", "`after` must be `next` of the page before");
    text.parse().map_err(|_| wrong())
}

fn place(page: &PageQuery) -> Result<(usize, usize), Problem> {
    let skip = page.after.as_deref().map(number).transpose()?.unwrap_or_default();
    let limit = page.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    Ok((usize::try_from(skip).unwrap_or(usize::MAX), limit))
}

impl Asked<'_> {
    fn step(&self, lot: LotHandle) -> Option<StepShape> {
        let (register, trace) = (self.register, self.register.trace());
        let (view, balance) = (trace.lot_view(lot)?, trace.balance(lot)?);
        let known = register.lot_by_handle(lot)?;
        let made = trace.fillings_of(lot).take(NAMED_MAX);
        Some(StepShape {
            made_by: made.filter_map(|event| MadeShape::of(register, event)).collect(),
            made_count: match view.opening {
                Opening::Derived => trace.fillings_of(lot).count(),
                _ => 0,
            },
            material: known.record.product.to_string(),
            region: known.record.region.to_string(),
            packed_on: known.record.packed_on.to_string(),
            opening: opening_word(view.opening),
            unit: known.record.unit.to_string(),
            filled: balance.filled,
            status: self.statuses.of(&known, Some(lot)),
            producer: known.record.producer,
            lot: known.record.lot,
        })
    }

    fn reached(&self, lot: LotHandle) -> Option<ReachedShape> {
        let (register, trace) = (self.register, self.register.trace());
        let known = register.lot_by_handle(lot)?;
        let shares = register.shares_after(lot, None).take(NAMED_MAX);
        let made_of = trace.neighbours(lot, Direction::Up);
        let named = made_of.iter().take(NAMED_MAX).filter_map(|lot| register.lot_named(*lot));
        Some(ReachedShape {
            made_of: named.collect(),
            made_of_count: made_of.len(),
            holders: shares.map(HolderShape::from).collect(),
            holder_count: trace.holdings_of(lot).count(),
            material: known.record.product.to_string(),
            unit: known.record.unit.to_string(),
            status: self.statuses.of(&known, Some(lot)),
            balance: trace.balance(lot)?.into(),
            producer: known.record.producer,
            lot: known.record.lot,
        })
    }

    fn event(
        &self,
        app: &App,
        index: u64,
        event: crate::trace::EventHandle,
    ) -> Result<EventShape, Problem> {
        let trace = self.register.trace();
        let view = trace.event_view(event).ok_or_else(Problem::internal)?;
        let bytes = logged_statement(app, index)?;
        let mut signed: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|_| Problem::internal())?;
        Ok(EventShape {
            index,
            logged_at: Timestamp::from_seconds(view.logged_at),
            issuer: self.register.holder_named(view.issuer),
            kind: trace.kind_word(event).unwrap_or_default().to_owned(),
            moved: moved(self.register, event, Some(self.handle)),
            event: signed.get_mut("credentialSubject").map(|it| it.take()).unwrap_or_default(),
        })
    }
}
