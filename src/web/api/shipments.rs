//! `/api/v1/shipments`: who sent what to whom and how far each shipment has come, newest first,
//! with the number in each state. Not here: what an answer does (`trace`).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::answers::logged_statement;
use crate::door::Lane;
use crate::ledger::Ledger;
use crate::limits::EVENT_LINES_MAX;
use crate::names::{LotKey, PartySlug};
use crate::register::Register;
use crate::statement::{EventId, Timestamp};
use crate::trace::{LotHandle, Purpose, ShipmentState, ShipmentView};
use crate::web::body::Query;
use crate::web::{App, Problem, parallel};

/// Shipments in one page: each is read from the log.
const PAGE_MAX: usize = 100;

/// Shipments in one page if nothing is said.
const PAGE_DEFAULT: usize = 50;

/// Which shipments; all that is given must match.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShipmentFilter {
    /// Short name of who receives.
    to: Option<String>,
    /// Short name of who sent.
    from: Option<String>,
    /// `waiting`, `returning`, `disputed`, `settled`, `answered`, `left` (to somebody outside) or
    /// `undone`.
    state: Option<String>,
    /// One shipment: the end of its id, `party/NAME`.
    ship: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<u64>,
    /// Shipments in a page, 1 to 100; 50 if left out.
    limit: Option<usize>,
}

/// A page of shipments.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ShipmentPage {
    /// Those that match, newest first.
    shipments: Vec<ShipmentShape>,
    /// How many match, the state left aside, in each state.
    totals: ShipmentTotals,
    /// How many match.
    total: usize,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// Shipments by state.
#[derive(Default, Serialize, utoipa::ToSchema)]
struct ShipmentTotals {
    /// Nobody answered yet.
    waiting: usize,
    /// Something was refused and is not back.
    returning: usize,
    /// Something is missing and not settled.
    disputed: usize,
    /// Something was missing, or nobody answered, and that is settled.
    settled: usize,
    /// All of it is answered.
    answered: usize,
    /// Went to somebody outside.
    left: usize,
    /// Undone.
    undone: usize,
}

/// A shipment.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShipmentShape {
    /// Its id.
    id: String,
    /// Log index.
    index: u64,
    /// Who sent it.
    #[schema(value_type = String)]
    from: PartySlug,
    /// To whom; null: to somebody outside, whom the statement names by a commitment.
    #[schema(value_type = Option<String>)]
    to: Option<PartySlug>,
    /// `sale`, `transfer`, `processing`, `return` or `recall-return`.
    purpose: &'static str,
    /// When it was sent.
    #[schema(value_type = String)]
    at: Timestamp,
    /// Log time.
    #[schema(value_type = String)]
    logged_at: Timestamp,
    /// How far it has come.
    state: &'static str,
    /// Log index of the receipt, or of what settled all of it.
    answered: Option<u64>,
    /// Its lots, loose and in units together; at most 400.
    lines: Vec<ShipmentLineShape>,
    /// How many lots there are.
    line_count: usize,
}

/// One lot of a shipment.
#[derive(Serialize, utoipa::ToSchema)]
struct ShipmentLineShape {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    lot: LotKey,
    /// Code of the smallest unit.
    unit: String,
    /// Sent.
    sent: u64,
    /// Taken, as the receipt says.
    accepted: u64,
    /// Sent back.
    refused: u64,
    /// Not there, and more than the material's allowance.
    missing: u64,
    /// Not there, within the allowance: a loss.
    dried: u64,
    /// Of what is missing, what is not settled.
    disputed: u64,
}

/// Shipments that match.
#[utoipa::path(get, path = "/api/v1/shipments", tag = "goods", params(ShipmentFilter),
    responses(
        (status = 200, description = "A page of shipments", body = ShipmentPage),
        (status = 400, description = "A member that cannot be read", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<ShipmentFilter>,
) -> Result<Json<ShipmentPage>, Problem> {
    parallel::blocking_in(Lane::Reach, move || page(&app, &filter)).await?.map(Json)
}

fn page(app: &App, filter: &ShipmentFilter) -> Result<ShipmentPage, Problem> {
    let ledger: &Ledger = &app.ledger;
    let view = ledger.view();
    let register = &view.register;
    let (from, to) = (party(filter.from.as_deref())?, party(filter.to.as_deref())?);
    let state = filter.state.as_deref().map(state_of).transpose()?;
    let only = filter.ship.as_deref().map(|text| shipment(register, text)).transpose()?;
    if filter.after.is_some_and(|after| i64::try_from(after).is_err()) {
        let detail = "`after` must be `next` of the page before";
        return Err(Problem::new(400, "cursor_form", detail));
    }
    let limit = filter.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let mut counts = [0_usize; ShipmentState::ALL.len()];
    let (mut found, mut more) = (Vec::new(), false);
    let all = || register.shipments_of(from.as_ref(), to.as_ref());
    let ships: Box<dyn Iterator<Item = ShipmentView>> = match only {
        Some(only) => Box::new(register.trace().shipment_at(only).into_iter().filter(|ship| {
            let is = |asked: &PartySlug, holder| register.holder(asked) == Some(holder);
            from.as_ref().is_none_or(|from| is(from, ship.from))
                && to.as_ref().is_none_or(|to| ship.to.is_some_and(|holder| is(to, holder)))
        })),
        None => Box::new(all()),
    };
    for ship in ships {
        let place = ShipmentState::ALL.iter().position(|state| *state == ship.state);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count = count.saturating_add(1);
        }
        let index = register.index_of_event(ship.event).unwrap_or_default();
        let fits = state.is_none_or(|state| state == ship.state)
            && filter.after.is_none_or(|after| index < after);
        more |= fits && found.len() == limit;
        if fits && found.len() < limit {
            found.push((index, ship));
        }
    }
    let next = found.last().filter(|_| more).map(|(index, _)| index.to_string());
    let of_state = |state: ShipmentState| {
        let place = ShipmentState::ALL.iter().position(|known| *known == state);
        place.and_then(|place| counts.get(place)).copied().unwrap_or_default()
    };
    let shapes = found.into_iter().map(|(index, ship)| shape(app, register, index, &ship));
    Ok(ShipmentPage {
        shipments: shapes.collect::<Result<_, Problem>>()?,
        total: state.map_or_else(|| counts.iter().sum(), of_state),
        totals: ShipmentTotals {
            waiting: of_state(ShipmentState::Waiting),
            returning: of_state(ShipmentState::Returning),
            disputed: of_state(ShipmentState::Disputed),
            settled: of_state(ShipmentState::Settled),
            answered: of_state(ShipmentState::Answered),
            left: of_state(ShipmentState::Left),
            undone: of_state(ShipmentState::Undone),
        },
        next,
    })
}

fn party(text: Option<&str>) -> Result<Option<PartySlug>, Problem> {
    Ok(text.map(PartySlug::parse).transpose()?)
}

fn state_of(word: &str) -> Result<ShipmentState, Problem> {
    let known = ShipmentState::ALL.into_iter().find(|state| state.word() == word);
    known.ok_or_else(|| {
        let words = ShipmentState::ALL.map(ShipmentState::word).join(", ");
        Problem::new(400, "unknown_filter", format!("state {word:?} is none of {words}"))
    })
}

fn shipment(register: &Register, text: &str) -> Result<crate::trace::EventHandle, Problem> {
    let id = EventId::parse_path(&format!("events/{text}"));
    let found = id.and_then(|id| register.event_with_id(&id));
    let found = found.filter(|event| register.trace().shipment_at(*event).is_some());
    found.ok_or_else(|| {
        Problem::new(404, "shipment_unknown", format!("{text:?} is no shipment of this ledger"))
    })
}

fn shape(
    app: &App,
    register: &Register,
    index: u64,
    ship: &ShipmentView,
) -> Result<ShipmentShape, Problem> {
    let trace = register.trace();
    let view = trace.event_view(ship.event).ok_or_else(Problem::internal)?;
    let lines = trace.shipment_lines(ship.event);
    let line_count = lines.len();
    let line = |told: &crate::trace::ShipmentLine| {
        let (lot, unit) = named(register, told.lot)?;
        let (sent, accepted, refused) = (told.sent, told.accepted, told.refused);
        let (missing, dried, disputed) = (told.missing, told.dried, told.disputed);
        Some(ShipmentLineShape { lot, unit, sent, accepted, refused, missing, dried, disputed })
    };
    let signed: serde_json::Value =
        serde_json::from_slice(&logged_statement(app, index)?).map_err(|_| Problem::internal())?;
    Ok(ShipmentShape {
        id: signed["id"].as_str().unwrap_or_default().to_owned(),
        index,
        from: register.holder_named(ship.from),
        to: ship.to.map(|to| register.holder_named(to)),
        purpose: purpose_word(ship.purpose),
        at: Timestamp::from_seconds(view.at),
        logged_at: Timestamp::from_seconds(view.logged_at),
        state: ship.state.word(),
        answered: ship.answered.and_then(|event| register.index_of_event(event)),
        lines: lines.iter().take(EVENT_LINES_MAX).filter_map(line).collect(),
        line_count,
    })
}

fn named(register: &Register, lot: LotHandle) -> Option<(LotKey, String)> {
    let (lot, unit) = register.lot_and_unit(lot)?;
    Some((lot, unit.to_string()))
}

const fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Sale => "sale",
        Purpose::Transfer => "transfer",
        Purpose::Processing => "processing",
        Purpose::Return => "return",
        Purpose::RecallReturn => "recall-return",
    }
}
