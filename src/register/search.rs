//! One search of lots, for programs and people: what is asked, how many are looked at in one go,
//! and where the next goes on. Not here: words and pages of the answer.

use super::{Lot, Register};
use crate::names::LotKey;
use crate::statement::Timestamp;

/// Lots looked at in one go: 20,000 x 0.3 us x filters, well below 100 ms; a rare match in a large
/// register goes on by the cursor.
const EXAMINED_MAX: usize = 20_000;

/// Words a lot or its certificates may have as status; `uncertified` is a lot without any.
pub const STATUS_WORDS: [&str; 12] = [
    "released",
    "held",
    "recalled",
    "exhausted",
    "valid",
    "not-yet-valid",
    "expired",
    "suspended",
    "withdrawn",
    "scope-reduced",
    "superseded",
    "uncertified",
];

/// What lots are sought by; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct LotQuery {
    /// Product id.
    pub product: Option<String>,
    /// Short name of the cooperative.
    pub cooperative: Option<String>,
    /// Short name of a certifier that certified it.
    pub certifier: Option<String>,
    /// Region, ISO 3166-2.
    pub region: Option<String>,
    /// One of [`STATUS_WORDS`], of the lot or of one of its certificates.
    pub status: Option<String>,
    /// A part of `GTIN/LOT` or `party/LOT`, in upper case.
    pub part: Option<String>,
}

/// Lots that were found, by key.
#[derive(Debug)]
pub struct FoundLots {
    /// Those that match, at most as many as were asked for.
    pub lots: Vec<Lot>,
    /// The last one looked at, if more may follow.
    pub next: Option<LotKey>,
}

impl Register {
    /// At most `most` lots that match at `now`, from `after` on (exclusive), of the first 20,000
    /// there.
    #[must_use]
    pub fn find_lots(
        &self,
        query: &LotQuery,
        after: Option<&LotKey>,
        most: usize,
        now: Timestamp,
    ) -> FoundLots {
        let candidates: Box<dyn Iterator<Item = _>> = match after {
            Some(key) => Box::new(self.lots_after(key)),
            None => Box::new(self.lots()),
        };
        let (mut lots, mut last) = (Vec::new(), None);
        for (examined, lot) in candidates.enumerate() {
            if examined >= EXAMINED_MAX || lots.len() >= most {
                return FoundLots { lots, next: last };
            }
            last = Some(lot.record.lot.clone());
            if query.takes(self, &lot, now) {
                lots.push(lot);
            }
        }
        FoundLots { lots, next: None }
    }
}

impl LotQuery {
    /// Whether a lot is one that is sought.
    #[must_use]
    pub fn takes(&self, register: &Register, lot: &Lot, now: Timestamp) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let facts = &lot.record;
        let certificates = || register.certificates_of(&facts.lot).map(|found| found.record);
        let has_status = |word: &str| match word {
            "uncertified" => lot.certificates.is_empty(),
            word => {
                register.status_of_lot(lot, now).word() == word
                    || certificates().any(|found| register.status_of(&found, now).word() == word)
            }
        };
        is(&self.product, &facts.product)
            && is(&self.region, &facts.region)
            && is(&self.cooperative, facts.producer.as_str())
            && self
                .part
                .as_deref()
                .is_none_or(|part| facts.lot.to_string().to_ascii_uppercase().contains(part))
            && self.certifier.as_deref().is_none_or(|certifier| {
                certificates().any(|certificate| certificate.issuer.as_str() == certifier)
            })
            && self.status.as_deref().is_none_or(has_status)
    }
}
