//! What a ledger says of goods, as its API does: balances, ways, shipments, and the words they are
//! shown in. Not here: verbs.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::Source;
use crate::catalog::BaseUnit;
use crate::names::{LotKey, PartySlug};
use crate::os::percent;
use crate::papers::guarded;

/// The figures of a lot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    pub declared: u64,
    pub filled: u64,
    pub free: u64,
    pub packed: u64,
    pub in_transit: u64,
    pub disputed: u64,
    pub consumed: u64,
    pub out: u64,
    pub labelled: u64,
    pub exhausted: bool,
}

/// What one holder has.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderFigures {
    pub party: PartySlug,
    pub free: u64,
    pub packed: u64,
    pub in_transit: u64,
    pub disputed: u64,
    pub sold: u64,
}

/// What a scheme covers and certifies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SchemeFigures {
    pub scheme: String,
    pub cover: Option<u64>,
    pub certified: u64,
}

/// A lot's balance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LotFigures {
    pub lot: LotKey,
    pub material: String,
    pub unit: String,
    pub producer: PartySlug,
    pub opening: String,
    pub origin: String,
    pub custody_model: String,
    pub status: String,
    pub inherited: String,
    pub balance: Figures,
    pub schemes: Vec<SchemeFigures>,
    pub holders: Vec<HolderFigures>,
    pub holder_count: usize,
}

/// A quantity of a lot in an event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MovedFigures {
    pub lot: LotKey,
    pub quantity: u64,
    pub unit: String,
}

/// A transformation on the way to a lot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MadeFigures {
    pub index: u64,
    pub issuer: PartySlug,
    pub at: String,
    pub recipe: String,
    pub inputs: Vec<MovedFigures>,
    pub outputs: Vec<MovedFigures>,
}

/// A lot on a way back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepFigures {
    pub lot: LotKey,
    pub material: String,
    pub producer: PartySlug,
    pub region: String,
    pub packed_on: String,
    pub opening: String,
    pub unit: String,
    pub filled: u64,
    pub status: String,
    pub made_by: Vec<MadeFigures>,
    pub made_count: usize,
}

/// A lot that was made of another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachedFigures {
    pub lot: LotKey,
    pub material: String,
    pub producer: PartySlug,
    pub unit: String,
    pub status: String,
    pub balance: Figures,
    pub holders: Vec<HolderFigures>,
    pub holder_count: usize,
    pub made_of: Vec<LotKey>,
    pub made_of_count: usize,
}

/// How far a recall has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgressFigures {
    pub lots: u64,
    pub filled: u128,
    pub consumed: u128,
    pub stated: u128,
    pub seen: u128,
}

/// A shipment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentFigures {
    pub id: String,
    pub index: u64,
    pub from: PartySlug,
    pub to: Option<PartySlug>,
    pub purpose: String,
    pub at: String,
    pub state: String,
    pub answered: Option<u64>,
    pub lines: Vec<SentFigures>,
    pub line_count: usize,
}

/// One lot of a shipment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SentFigures {
    pub lot: LotKey,
    pub unit: String,
    pub sent: u64,
    pub accepted: u64,
    pub refused: u64,
    pub missing: u64,
    pub dried: u64,
    pub disputed: u64,
}

/// The address of an answer about a lot.
#[must_use]
pub fn path_of(lot: &LotKey, what: &str) -> String {
    format!("/api/v1/lots/{}/{what}", percent::path(&lot.to_string()))
}

/// All pages of a list whose rows stand in `member`, at most `most` rows; the first page as it came
/// beside them.
///
/// # Errors
/// The service's, or a form that is not understood.
pub fn pages<T: DeserializeOwned>(
    source: &Source,
    path: &str,
    member: &str,
    most: usize,
) -> anyhow::Result<(Value, Vec<T>)> {
    let client = source.service()?;
    let (mut first, mut rows) = (None, Vec::new());
    let mut at = path.to_owned();
    loop {
        let mut page: Value = client.get_json(&at)?;
        let more: Vec<T> = serde_json::from_value(page[member].take())?;
        rows.extend(more);
        let next = page["next"].as_str().map(str::to_owned);
        first.get_or_insert(page);
        match next {
            Some(next) if rows.len() < most => {
                let join = if path.contains('?') { '&' } else { '?' };
                at = format!("{path}{join}after={}", percent::value(&next));
            }
            _ => {
                rows.truncate(most);
                return Ok((first.unwrap_or_default(), rows));
            }
        }
    }
}

/// A quantity for people: `12.5 kg`.
#[must_use]
pub fn amount(quantity: u64, unit: &str) -> String {
    let known = BaseUnit::of_code(unit);
    known.map_or_else(|| quantity.to_string(), |unit| unit.display(quantity))
}

/// Rows as CSV; cells that a spreadsheet would run as a formula are inert.
#[must_use]
pub fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Into memory, and all rows are as long: there is nothing to fail.
        let _written = writer.write_record(row.iter().map(|cell| guarded(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs() {
        let rows = [vec!["=1+1".to_owned(), "a,b".to_owned(), "-5".to_owned()]];
        assert_eq!(String::from_utf8(csv(&rows)).unwrap(), "'=1+1,\"a,b\",'-5\n");
    }
}
