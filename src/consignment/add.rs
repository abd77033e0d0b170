//! Openings added to a consignment that is at hand, each compared with what its entries commit to;
//! nothing that was signed changes. Not here: what an opening is (`opening`), the verdict.

use serde_json::{Value, json};

use super::ConsignmentError;
use super::form::Consignment;
use super::opening::{Committed, SentOpening, commitments};
use crate::limits::{CONSIGNMENT_BYTES_MAX, CONSIGNMENT_OPENINGS_MAX};
use crate::log::Leaf;
use crate::statement::{Claim, Commitment, Domain, Statement, canonical_bytes, parse_document};

impl Consignment {
    /// What its entries commit to; what cannot be read commits to nothing.
    fn commitments(&self) -> Vec<(Committed, Commitment)> {
        let Ok(domain) = Domain::parse(&self.manifest.host) else { return Vec::new() };
        let ship = self.manifest.places.shipment;
        let of_entry = |leaf: &Value| {
            let bytes = canonical_bytes(leaf);
            let leaf = Leaf::parse(&bytes).ok()?;
            let statement = Statement::parse(leaf.statement, &domain).ok()?;
            let counts = leaf.index == ship || matches!(statement.claim, Claim::Certificate(_));
            counts.then(|| commitments(&statement.claim))
        };
        let entries = self.document.entries.iter();
        entries.filter_map(|entry| of_entry(&entry.leaf)).flatten().collect()
    }
}

/// A consignment with openings added to it: a JSON object
/// `{"salt","opening"|"document","commitment"?}`, or a list of such.
///
/// # Errors
/// What is no consignment; an opening that opens none of its commitments, or one twice; too much.
pub fn with_openings(bytes: &[u8], openings: &[u8]) -> Result<Vec<u8>, ConsignmentError> {
    let mut consignment = Consignment::read(bytes)?;
    if openings.len() > CONSIGNMENT_BYTES_MAX {
        return Err(ConsignmentError::too_large(openings.len(), None));
    }
    let fault = |place, reason| ConsignmentError::Opening { place, reason };
    let parsed = parse_document(openings.trim_ascii());
    let parsed = match parsed.map_err(|error| fault(1, error.to_string()))? {
        Value::Array(list) => list,
        one => vec![one],
    };
    let named = consignment.commitments();
    for (place, value) in (1_usize..).zip(parsed) {
        let opening: SentOpening =
            serde_json::from_value(value).map_err(|error| fault(place, error.to_string()))?;
        let opened = opening.matched(&named).map_err(|reason| fault(place, reason))?;
        let all = &mut consignment.document.openings;
        if all.iter().any(|one| one.commitment == Some(opened.commitment)) {
            return Err(fault(place, format!("{} is opened already", opened.commitment)));
        }
        if all.len() >= CONSIGNMENT_OPENINGS_MAX {
            let reason = format!("a consignment takes {CONSIGNMENT_OPENINGS_MAX} at most");
            return Err(fault(place, reason));
        }
        all.push(SentOpening { commitment: Some(opened.commitment), ..opening });
    }
    consignment.document.openings.sort_by_key(|opening| opening.commitment);
    let bytes = canonical_bytes(&json!(consignment.document));
    match bytes.len() > CONSIGNMENT_BYTES_MAX {
        true => Err(ConsignmentError::too_large(bytes.len(), None)),
        false => Ok(bytes),
    }
}
