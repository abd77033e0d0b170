//! One search of lots, for programs and people: what is asked, how many are looked at in one go,
//! where the next goes on, and how many there are. Not here: words and pages of the answer.

use std::collections::HashMap;

use super::{Lot, Register};
use crate::names::{LotKey, PartySlug};
use crate::statement::{Timestamp, folded_name};

/// Lots looked at in one go: 20,000 x 0.3 us x filters, well below 100 ms; a rare match in a large
/// register goes on by the cursor.
const EXAMINED_MAX: usize = 20_000;

/// Words of a search: one bit each. More than that no name has, so nothing matches.
const WORDS_MAX: usize = 64;

/// Words a lot or its certificates may have as status; `uncertified` is a lot without any.
pub const STATUS_WORDS: [&str; 13] = [
    "released",
    "held",
    "recalled",
    "exhausted",
    "undeclared",
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Words, each a part of `GTIN/LOT` or `party/LOT`, or of a name of the product, of who
    /// produced it or of who certified it; compared as [`folded_name`] does.
    pub text: Option<String>,
}

/// Lots that were found, by key.
#[derive(Debug)]
pub struct FoundLots {
    /// Those that match, at most as many as were asked for.
    pub lots: Vec<Lot>,
    /// The last one looked at, if more may follow.
    pub next: Option<LotKey>,
}

/// How many lots match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotCount {
    /// Those counted.
    pub lots: usize,
    /// Whether there may be more: the register holds more lots than are looked at.
    pub or_more: bool,
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
        let mut sieve = Sieve::new(self, query, now);
        let (mut lots, mut last) = (Vec::new(), None);
        for (examined, lot) in candidates.enumerate() {
            if examined >= EXAMINED_MAX || lots.len() >= most {
                return FoundLots { lots, next: last };
            }
            last = Some(lot.record.lot.clone());
            if sieve.takes(&lot) {
                lots.push(lot);
            }
        }
        FoundLots { lots, next: None }
    }

    /// How many lots match at `now`, of the first 20,000; of a search for nothing all.
    #[must_use]
    pub fn count_lots(&self, query: &LotQuery, now: Timestamp) -> LotCount {
        if *query == LotQuery::default() {
            return LotCount { lots: self.lot_count(), or_more: false };
        }
        let mut sieve = Sieve::new(self, query, now);
        let lots = self.lots().take(EXAMINED_MAX).filter(|lot| sieve.takes(lot)).count();
        LotCount { lots, or_more: self.lot_count() > EXAMINED_MAX }
    }
}

impl LotQuery {
    /// Whether a lot is one that is sought.
    #[must_use]
    pub fn takes(&self, register: &Register, lot: &Lot, now: Timestamp) -> bool {
        Sieve::new(register, self, now).takes(lot)
    }
}

/// One search at work: its words folded once, and which of them each name holds.
struct Sieve<'a> {
    register: &'a Register,
    query: &'a LotQuery,
    now: Timestamp,
    /// None where no name can match.
    words: Option<Vec<String>>,
    /// By name or short name, as bits of `words`.
    of_product: HashMap<String, u64>,
    of_party: HashMap<PartySlug, u64>,
}

impl<'a> Sieve<'a> {
    fn new(register: &'a Register, query: &'a LotQuery, now: Timestamp) -> Self {
        let words = query.text.as_deref().map_or(Some(Vec::new()), |text| {
            let words = text.split_whitespace().map(folded_name).filter(|word| !word.is_empty());
            let words: Vec<String> = words.take(WORDS_MAX.saturating_add(1)).collect();
            // What is signs alone is in no name.
            (1..=WORDS_MAX).contains(&words.len()).then_some(words)
        });
        let (of_product, of_party) = (HashMap::new(), HashMap::new());
        Self { register, query, now, words, of_product, of_party }
    }

    fn takes(&mut self, lot: &Lot) -> bool {
        let (query, register, now) = (self.query, self.register, self.now);
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let facts = &lot.record;
        let certificates = || register.certificates_of(&facts.lot).map(|found| found.record);
        let has_status = |word: &str| match word {
            "uncertified" => lot.certificates.is_empty(),
            word => {
                register.lot_word(lot, now) == word
                    || certificates().any(|found| register.status_of(&found, now).word() == word)
            }
        };
        is(&query.product, &facts.product)
            && is(&query.region, &facts.region)
            && is(&query.cooperative, facts.producer.as_str())
            && query.certifier.as_deref().is_none_or(|certifier| {
                certificates().any(|certificate| certificate.issuer.as_str() == certifier)
            })
            && query.status.as_deref().is_none_or(has_status)
            && self.names(lot)
    }

    /// Whether each word is in a name of the lot.
    fn names(&mut self, lot: &Lot) -> bool {
        let Some(words) = self.words.as_deref() else { return false };
        let all = (0..words.len()).fold(0, |all, place| all | bit(place));
        let facts = &lot.record;
        let mut held = if all == 0 { 0 } else { held_in(words, &facts.lot.to_string()) };
        if held & all != all {
            held |= self.in_product(lot) | self.in_party(&facts.producer);
        }
        if held & all != all {
            let found = self.register.certificates_of(&facts.lot);
            let issuers: Vec<PartySlug> = found.map(|found| found.record.issuer.clone()).collect();
            held = issuers.iter().fold(held, |held, issuer| held | self.in_party(issuer));
        }
        held & all == all
    }

    fn in_product(&mut self, lot: &Lot) -> u64 {
        let facts = &lot.record;
        let Some(words) = self.words.as_deref() else { return 0 };
        let mut held = 0;
        for name in std::iter::once(&*facts.name).chain(facts.names.values().map(String::as_str)) {
            held |= match self.of_product.get(name) {
                Some(known) => *known,
                None => {
                    let known = held_in(words, name);
                    self.of_product.insert(name.to_owned(), known);
                    known
                }
            };
        }
        if let Some(known) = self.of_product.get(&*facts.product) {
            return held | known;
        }
        let catalog = self.register.catalog();
        let product = catalog.product(&facts.product);
        let material = catalog.material(&facts.product);
        let product = product.map(|it| [&it.name_fr, &it.name_ar, &it.name_en]);
        let material = material.map(|it| [&it.name_fr, &it.name_ar, &it.name_en]);
        let names = product.into_iter().chain(material).flatten();
        let own = held_in(words, &facts.product);
        let known = names.fold(own, |held, name| held | held_in(words, name));
        self.of_product.insert(facts.product.to_string(), known);
        held | known
    }

    fn in_party(&mut self, slug: &PartySlug) -> u64 {
        let Some(words) = self.words.as_deref() else { return 0 };
        if let Some(known) = self.of_party.get(slug) {
            return *known;
        }
        let party = self.register.party(slug);
        let names = party.iter().flat_map(|party| {
            std::iter::once(&*party.name).chain(party.names.values().map(String::as_str))
        });
        let own = held_in(words, slug.as_str());
        let known = names.fold(own, |held, name| held | held_in(words, name));
        self.of_party.insert(slug.clone(), known);
        known
    }
}

/// Which of the words a name holds.
fn held_in(words: &[String], name: &str) -> u64 {
    let name = folded_name(name);
    let held = words.iter().enumerate().filter(|(_, word)| name.contains(word.as_str()));
    held.fold(0, |bits, (place, _)| bits | bit(place))
}

fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or_default()
}
