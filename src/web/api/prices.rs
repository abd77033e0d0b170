//! `/api/v1/prices`: what prices add up to, by scheme, year of payment, campaign of the lots and
//! currency; of all parties, or of one as seller or as buyer. Never added: two currencies, and what
//! one side alone says to what was paid. Not here: the sums (`register::prices`).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::names::{PartySlug, Word};
use crate::register::{PriceGroup, PriceSum, PriceTotal, PricesOf, Register};
use crate::web::body::Query;
use crate::web::{App, Problem, parallel};

/// Rows in one page.
const PAGE_MAX: usize = 200;

/// Rows in one page if nothing is said.
const PAGE_DEFAULT: usize = 50;

/// Which prices; all that is given must match.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceFilter {
    /// Of this party alone: its short name.
    party: Option<String>,
    /// With `party`: what it sold for (`seller`, if left out), or bought for (`buyer`).
    side: Option<String>,
    /// Scheme id.
    scheme: Option<String>,
    /// The year of payment.
    year: Option<i32>,
    /// The campaign of the lots, `2026` or `2026/27`.
    season: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// Rows in a page, 1 to 200; 50 if left out.
    limit: Option<usize>,
}

/// A page of totals.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PricePage {
    /// Those that match, by scheme, year, campaign and currency.
    prices: Vec<PriceTotalShape>,
    /// How many match.
    total: usize,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// What prices of one scheme, year, campaign and currency come to.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct PriceTotalShape {
    /// Scheme id.
    scheme: String,
    /// The year they were paid in.
    year: i32,
    /// The campaign of the lots.
    season: String,
    /// ISO 4217; null: of those that keep their figures to themselves.
    currency: Option<String>,
    /// What was paid, as far as two sides say so: confirmed and audited.
    paid: PriceSumShape,
    /// Seller and buyer signed the same.
    confirmed: PriceSumShape,
    /// The seller stated it, a certifier bore it out: the buyer is none of the ledger's parties.
    audited: PriceSumShape,
    /// The seller alone says so: never counted as paid.
    one_sided: PriceSumShape,
    /// Money went the other way on the lot too, or who bore it out took that back.
    disputed: PriceSumShape,
    /// How many have a commitment for terms.
    undisclosed: u64,
}

/// Some prices.
#[derive(Serialize, utoipa::ToSchema)]
struct PriceSumShape {
    /// How many.
    count: u64,
    /// What they come to without premium, in the currency's minor unit: digits.
    #[schema(pattern = "^[0-9]{1,39}$")]
    amount: String,
    /// Their premiums, likewise.
    #[schema(pattern = "^[0-9]{1,39}$")]
    premium: String,
}

/// What prices come to.
#[utoipa::path(get, path = "/api/v1/prices", tag = "goods", params(PriceFilter),
    responses(
        (status = 200, description = "A page of totals", body = PricePage),
        (status = 400, description = "A member that cannot be read", body = Problem),
    ))]
pub async fn totals(
    State(app): State<App>,
    Query(filter): Query<PriceFilter>,
) -> Result<Json<PricePage>, Problem> {
    let view = app.ledger.view();
    parallel::blocking(move || page(&view.register, &filter)).await?.map(Json)
}

fn page(register: &Register, filter: &PriceFilter) -> Result<PricePage, Problem> {
    let whose = whose(filter)?;
    let after = filter.after.as_deref().map(cursor).transpose()?;
    let limit = filter.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let fits = |one: &PriceTotal| {
        let group = &one.group;
        filter.scheme.as_deref().is_none_or(|scheme| *group.scheme == *scheme)
            && filter.year.is_none_or(|year| group.year == year)
            && filter.season.as_deref().is_none_or(|season| *group.season == *season)
    };
    let total = register.price_totals(&whose, None).filter(fits).count();
    let mut found = register.price_totals(&whose, after.as_ref()).filter(fits);
    let rows: Vec<PriceTotal> = found.by_ref().take(limit).collect();
    let more = found.next().is_some();
    let next = rows.last().filter(|_| more).map(|one| told(&one.group));
    Ok(PricePage { prices: rows.into_iter().map(PriceTotalShape::of).collect(), total, next })
}

fn whose(filter: &PriceFilter) -> Result<PricesOf, Problem> {
    let party = filter.party.as_deref().map(PartySlug::parse).transpose()?;
    match (party, filter.side.as_deref()) {
        (None, None) => Ok(PricesOf::All),
        (Some(party), None | Some("seller")) => Ok(PricesOf::Seller(party)),
        (Some(party), Some("buyer")) => Ok(PricesOf::Buyer(party)),
        _ => {
            let detail = "`side` is `seller` or `buyer`, of a `party`";
            Err(Problem::new(400, "side_unknown", detail))
        }
    }
}

fn told(group: &PriceGroup) -> String {
    let PriceGroup { scheme, year, season, currency } = group;
    format!("{scheme},{year},{season},{currency}")
}

fn cursor(text: &str) -> Result<PriceGroup, Problem> {
    let mut parts = text.split(',');
    let mut next = || parts.next().map(Word::new);
    let year = |text: Word| text.parse::<i32>().ok();
    let read = (next(), next().and_then(year), next(), next(), next());
    let (Some(scheme), Some(year), Some(season), Some(currency), None) = read else {
        let detail = "`after` must be `next` of the page before";
        return Err(Problem::new(400, "cursor_form", detail));
    };
    Ok(PriceGroup { scheme, year, season, currency })
}

impl PriceTotalShape {
    fn of(one: PriceTotal) -> Self {
        let PriceTotal { group, sums } = one;
        let currency = Some(group.currency.to_string()).filter(|code| !code.is_empty());
        Self {
            scheme: group.scheme.to_string(),
            year: group.year,
            season: group.season.to_string(),
            currency,
            paid: sums.paid().into(),
            confirmed: sums.confirmed.into(),
            audited: sums.audited.into(),
            one_sided: sums.one_sided.into(),
            disputed: sums.disputed.into(),
            undisclosed: sums.undisclosed,
        }
    }
}

impl From<PriceSum> for PriceSumShape {
    fn from(sum: PriceSum) -> Self {
        let PriceSum { count, amount, premium } = sum;
        Self { count, amount: amount.to_string(), premium: premium.to_string() }
    }
}
