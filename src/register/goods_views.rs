//! What is asked of goods by whoever shows them: a lot's balance by holder and scheme, its way up
//! and down, shipments, with lots and parties by name. Reads only; each answer is bounded or an
//! iterator. Not here: figures themselves (`trace`), statements, which the log holds.

use std::collections::BTreeMap;

use super::Register;
use super::goods_book;
use super::names::NameId;
use super::records::Lot;
use crate::names::{LotKey, PartySlug, Word};
use crate::statement::{EventId, GoodsRules, Timestamp};
use crate::trace::{
    Balance, EventHandle, Holder, Holding, LotHandle, Model, Opening, Origin, RecipeId, SchemeId,
    ShipmentView, Way,
};

/// What there is of a lot and where it went.
#[derive(Clone, Debug)]
pub struct GoodsBalance {
    /// The lot.
    pub lot: LotKey,
    /// What it is made of: the id of a material.
    pub material: Word,
    /// Code of its smallest unit.
    pub unit: Word,
    /// Who declared it.
    pub producer: PartySlug,
    /// What it opened with.
    pub opening: Opening,
    /// The figures.
    pub balance: Balance,
    /// How many have or had some of it.
    pub holders: usize,
    /// By scheme whose cover is kept, or that certifies some of it.
    pub schemes: Vec<SchemeCover>,
    /// Where its goods come from, in one word.
    pub origin: Origin,
    /// The chain-of-custody model that follows from what went in.
    pub model: Model,
}

/// What of a lot a scheme covers and certifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeCover {
    /// The scheme.
    pub scheme: Word,
    /// What it covers, smallest unit; None: its cover is not kept.
    pub cover: Option<u64>,
    /// The least covered share, in per mille, below which nothing is certified.
    pub least: Option<u32>,
    /// What certificates in force certify.
    pub certified: u64,
}

/// What one holder has of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsShare {
    /// Who.
    pub holder: PartySlug,
    /// How much, and where.
    pub holding: Holding,
}

/// The lots that one comes from which come from no other here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Nearest first, at most as many as were asked for.
    pub lots: Vec<LotKey>,
    /// How many there are.
    pub count: usize,
}

/// The word for where a lot's goods come from.
#[must_use]
pub const fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Traced => "traced",
        Origin::Partly => "partly",
        Origin::Declared => "declared",
    }
}

/// The word for a chain-of-custody model, as certificates have it.
#[must_use]
pub const fn model_word(model: Model) -> &'static str {
    match model {
        Model::IdentityPreserved => "identity-preserved",
        Model::Segregated => "segregated",
        Model::ControlledBlending => "controlled-blending",
        Model::MassBalance => "mass-balance",
    }
}

impl Register {
    /// Whether the rules of goods are in force, so that there are figures.
    #[must_use]
    pub fn has_goods(&self) -> bool {
        self.keeps_goods()
    }

    /// The lists of goods of the rulebook in force.
    #[must_use]
    pub fn goods_rules_in_force(&self) -> &GoodsRules {
        &self.facts.goods.rules
    }

    /// From when on a material is traced; None: the rules of goods are not in force.
    #[must_use]
    pub fn traced_from(&self, material: &str) -> Option<Timestamp> {
        self.facts.goods.traced_from(material)
    }

    /// Schemes whose cover is kept, with the least covered share in per mille, by id; the
    /// catalogue's that no rulebook left out, and those that the one in force names.
    #[must_use]
    pub fn covered_schemes(&self) -> Vec<(String, u32)> {
        match self.has_goods() {
            true => goods_book::covered(&self.facts.goods.rules, self.catalog),
            false => Vec::new(),
        }
    }

    /// What a rulebook's lists would loosen of those in force, in a word: such a one is signed
    /// with the root key. None: nothing.
    #[must_use]
    pub fn loosened_by(&self, rules: &GoodsRules) -> Option<&'static str> {
        let goods = &self.facts.goods;
        goods.since.and_then(|_| goods_book::loosens(rules, &goods.rules, self.catalog))
    }

    /// The lot of a number in the figures.
    #[must_use]
    pub fn lot_named(&self, lot: LotHandle) -> Option<LotKey> {
        Some(self.key_of_lot(self.lots.row(lot.0)?))
    }

    /// The same with all that the register knows of it.
    #[must_use]
    pub fn lot_by_handle(&self, lot: LotHandle) -> Option<Lot> {
        self.lot_of(lot.0)
    }

    /// The log entry that undid the declaration of a lot.
    #[must_use]
    pub fn undeclared_at(&self, key: &LotKey) -> Option<u64> {
        self.facts.goods.undeclared.get(&self.lots.place(key)?).copied()
    }

    /// The lot of a number in the figures, and the code of its smallest unit.
    #[must_use]
    pub fn lot_and_unit(&self, lot: LotHandle) -> Option<(LotKey, Word)> {
        let row = self.lots.row(lot.0)?;
        Some((self.key_of_lot(row), self.names.text(row.unit)))
    }

    /// The party of a number in the figures.
    #[must_use]
    pub fn holder_named(&self, holder: Holder) -> PartySlug {
        self.names.party(NameId(holder.0))
    }

    /// The recipe that a transformation names: of the rulebook, or built in.
    #[must_use]
    pub fn recipe_named(&self, way: Way) -> Word {
        match way {
            Way::Group => Word::new("group"),
            Way::Split => Word::new("split"),
            Way::PackOff => Word::new("pack-off"),
            Way::Book(RecipeId(number)) => self.names.text(NameId(number)),
        }
    }

    /// The log entry that an event is.
    #[must_use]
    pub fn index_of_event(&self, event: EventHandle) -> Option<u64> {
        self.goods.index_of(event)
    }

    /// The event that a log entry is.
    #[must_use]
    pub fn event_of_index(&self, index: u64) -> Option<EventHandle> {
        self.goods.event_at(index)
    }

    /// The event with an id.
    #[must_use]
    pub fn event_with_id(&self, id: &EventId) -> Option<EventHandle> {
        self.goods.event_at(self.ids.index_of(&self.domain.event_iri(id))?)
    }

    /// What there is of a lot and where it went, at an instant; None: there are no figures of it.
    #[must_use]
    pub fn goods_balance(&self, key: &LotKey, at: Timestamp) -> Option<GoodsBalance> {
        let handle = self.lot_handle(key)?;
        let trace = &self.goods.trace;
        let (view, balance) = (trace.lot_view(handle)?, trace.balance(handle)?);
        let row = self.lots.row(handle.0)?;
        let (model, _) = trace.custody(handle, None);
        Some(GoodsBalance {
            lot: key.clone(),
            material: self.names.text(row.product),
            unit: self.names.text(row.unit),
            producer: self.names.party(row.producer),
            opening: view.opening,
            balance,
            holders: trace.holdings_of(handle).count(),
            schemes: self.schemes_of(key, handle, at),
            origin: trace.origin(handle),
            model,
        })
    }

    /// Who has or had how much of a lot, in the order in which they were first named in the log,
    /// from the one behind `after` on.
    pub fn shares_of<'a>(
        &'a self,
        key: &LotKey,
        after: Option<&PartySlug>,
    ) -> impl Iterator<Item = GoodsShare> + 'a {
        let handle = self.lot_handle(key);
        let after = after.and_then(|party| self.holder(party));
        handle.into_iter().flat_map(move |lot| self.shares_after(lot, after))
    }

    /// The same of a lot by its number.
    pub fn shares_after(
        &self,
        lot: LotHandle,
        after: Option<Holder>,
    ) -> impl Iterator<Item = GoodsShare> {
        let rows = self.goods.trace.holdings_behind(lot, after);
        rows.map(|(holder, holding)| GoodsShare { holder: self.holder_named(holder), holding })
    }

    pub(super) fn schemes_of(
        &self,
        key: &LotKey,
        lot: LotHandle,
        at: Timestamp,
    ) -> Vec<SchemeCover> {
        let mut certified = self.certified_in_force(key, at);
        let mut all = Vec::new();
        let filled = self.goods.trace.balance(lot).map_or(0, |it| it.filled);
        for (scheme, least) in self.schemes_that_cover(lot, &certified) {
            let number = self.names.known(&scheme).map(|id| SchemeId(id.0));
            let kept = number.and_then(|number| self.goods.trace.cover(lot, number));
            let certified = certified.remove(&*scheme).unwrap_or_default();
            // A lot that opened full is covered by what is certified of it.
            let cover = kept.unwrap_or_else(|| certified.min(filled));
            if cover > 0 || certified > 0 {
                let (cover, least) = (Some(cover), Some(least));
                all.push(SchemeCover { scheme, cover, least, certified });
            }
        }
        let others = certified.into_iter();
        all.extend(others.map(|(scheme, certified)| SchemeCover {
            scheme,
            cover: None,
            least: None,
            certified,
        }));
        all.sort_by(|one, other| one.scheme.cmp(&other.scheme));
        all
    }

    /// The schemes that can cover a lot, with the share that each asks for: one that opened full is
    /// covered by what is certified of it and by nothing else.
    fn schemes_that_cover(
        &self,
        lot: LotHandle,
        certified: &BTreeMap<Word, u64>,
    ) -> Vec<(Word, u32)> {
        let view = self.goods.trace.lot_view(lot);
        if view.is_some_and(|view| view.opening == Opening::Derived) {
            let all = self.covered_schemes().into_iter();
            return all.map(|(scheme, least)| (Word::new(&scheme), least)).collect();
        }
        let rules = &self.facts.goods.rules;
        let least = |scheme: &Word| goods_book::least_cover(rules, self.catalog, scheme);
        let own = certified.keys().filter(|_| self.has_goods());
        own.filter_map(|scheme| Some((scheme.clone(), least(scheme)?))).collect()
    }

    /// Of lots on a way back those that were made from none: at most `most` of them named.
    #[must_use]
    pub fn origins_among(&self, above: &[LotHandle], most: usize) -> Origins {
        let trace = &self.goods.trace;
        let derived = |lot: &&LotHandle| {
            trace.lot_view(**lot).is_some_and(|view| view.opening == Opening::Derived)
        };
        let first: Vec<&LotHandle> = above.iter().filter(|lot| !derived(lot)).collect();
        let lots = first.iter().take(most).filter_map(|lot| self.lot_named(**lot));
        Origins { lots: lots.collect(), count: first.len() }
    }

    /// Shipments, newest first: those from one party, to one, or all.
    pub fn shipments_of(
        &self,
        from: Option<&PartySlug>,
        to: Option<&PartySlug>,
    ) -> impl Iterator<Item = ShipmentView> {
        // A party that figures do not know sent and got nothing.
        let number = |party: &PartySlug| self.holder(party).unwrap_or(Holder(u32::MAX));
        self.goods.trace.shipments_between(from.map(number), to.map(number))
    }
}
