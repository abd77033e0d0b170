//! What packs know of the goods of all lots, asked of one after the other: what lies above and
//! below many lots is looked at once for all of them. Not here: what that is (`goods_facts`).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::Register;
use super::goods_facts::Above;
use super::goods_record::GoodsRecord;
use super::input_certificates::is_fallen;
use crate::limits::TRACE_LOTS_MAX;
use crate::names::{LotKey, PartySlug};
use crate::statement::Timestamp;
use crate::trace::{Direction, EventHandle, LotHandle, Path, Sources, Trace, Upstream};

/// What a register says of the goods of its lots at an instant.
pub struct GoodsRecords<'a> {
    register: &'a Register,
    at: Timestamp,
    /// The figures, with what has ended by then.
    now: Cow<'a, Trace>,
    sources: Sources,
    upstream: Upstream<'a>,
    producers: HashMap<EventHandle, Vec<PartySlug>>,
    /// By number: whether a certificate that was suspended or withdrawn is one of the lot or of one
    /// above it, or of their producers.
    below_fallen: Vec<bool>,
}

impl<'a> GoodsRecords<'a> {
    /// Looks at all lots, events and certificates.
    #[must_use]
    pub fn new(register: &'a Register, at: Timestamp) -> Self {
        let now = register.trace_at(at);
        let sources = Sources::new(&now);
        let upstream = Upstream::new(register.trace());
        let below_fallen = below_fallen(register, at);
        let producers = HashMap::new();
        Self { register, at, now, sources, upstream, producers, below_fallen }
    }

    /// What [`Register::goods_record`] says of a lot. What one inherits is sought without an end.
    pub fn of(&mut self, key: &LotKey) -> GoodsRecord {
        let (register, at) = (self.register, self.at);
        register.goods_record_by(key, at, |lot| {
            let source = || self.sources.of(&self.now, lot);
            let inherited = register.inherited_of(key, self.now.inherited_status(lot), source, at);
            let mut path = None;
            let fallen = marked(&self.below_fallen, lot).then(|| {
                let path = path.insert(self.upstream.path(lot, TRACE_LOTS_MAX));
                register.input_certificate(key, path, at)
            });
            let producers = self.producers(lot, path);
            Above { producers, inherited, input_certificate: fallen.flatten() }
        })
    }

    /// Lots that one transformation filled, and nothing else, have the same producers.
    fn producers(&mut self, lot: LotHandle, path: Option<Path>) -> Vec<PartySlug> {
        let filling = self.upstream.only_filling(lot);
        if let Some(known) = filling.and_then(|filling| self.producers.get(&filling)) {
            return known.clone();
        }
        let path = path.unwrap_or_else(|| self.upstream.path(lot, TRACE_LOTS_MAX));
        let producers = self.register.producers(&path);
        if let Some(filling) = filling {
            self.producers.insert(filling, producers.clone());
        }
        producers
    }

    /// Whether a lot was made of others, so that what is said of them reaches it.
    #[must_use]
    pub fn is_made_of_others(&self, key: &LotKey) -> bool {
        self.register.lot_handle(key).is_some_and(|lot| self.upstream.is_filled(lot))
    }
}

fn marked(marks: &[bool], lot: LotHandle) -> bool {
    let at = usize::try_from(lot.0).ok();
    at.and_then(|at| marks.get(at)).copied().unwrap_or_default()
}

fn below_fallen(register: &Register, at: Timestamp) -> Vec<bool> {
    let certificates = register.certificates_by_index().map(|found| found.record);
    let fallen = certificates.filter(|record| is_fallen(register.status_of(record, at)));
    let mut lots: BTreeSet<LotHandle> =
        fallen.filter_map(|record| register.lot_handle(&record.lot)).collect();
    let operators = register.operators().filter(|operator| is_fallen(operator.status(at)));
    let parties: BTreeSet<&PartySlug> = operators.map(|operator| &operator.party).collect();
    if !parties.is_empty() {
        let produced = register.lots().filter(|lot| parties.contains(&lot.record.producer));
        lots.extend(produced.filter_map(|lot| register.lot_handle(&lot.record.lot)));
    }
    if lots.is_empty() {
        return Vec::new();
    }
    let from: Vec<LotHandle> = lots.into_iter().collect();
    let reached = register.trace().reached_from(&from, Direction::Down);
    let mut marks = vec![false; register.lot_count()];
    for lot in from.iter().chain(&reached.lots) {
        let at = usize::try_from(lot.0).ok();
        if let Some(mark) = at.and_then(|at| marks.get_mut(at)) {
            *mark = true;
        }
    }
    marks
}
