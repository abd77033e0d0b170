//! The model of transformations, cover, certificates, and of what leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Codes, Effect, Flows, Model, Pot};
use crate::trace::{
    Act, Event, HeldFor, Holder, LotHandle, Material, Model as Custody, Opening, Way,
};

/// A fraction of whole numbers that stay small.
fn plus((a, b): (i128, i128), (c, d): (i128, i128)) -> (i128, i128) {
    let (n, d) = (a * d + c * b, b * d);
    let (mut x, mut y) = (n.abs(), d);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (n / x.max(1), d / x.max(1))
}

impl Model {
    fn material(&self, lot: LotHandle) -> Material {
        self.lots[lot.0 as usize].born.material
    }

    pub fn opened_at(&self, lot: LotHandle) -> Option<i64> {
        let row = &self.lots[lot.0 as usize];
        if row.born.opening != Opening::Derived {
            return Some(row.at);
        }
        let fills = self.events.iter().filter(|one| one.stands);
        let fills = fills.filter(|one| one.effect.fills.iter().any(|(of, _)| *of == lot));
        fills.map(|one| one.event.at).min()
    }

    fn harvested(&self, lot: LotHandle) -> Option<i32> {
        self.roots(lot).iter().filter_map(|root| self.lots[root.0 as usize].born.harvested).min()
    }

    pub fn transform(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Transform { way, draws, fills } = &event.act else { return };
        let lots = draws.iter().map(|draw| draw.lot).chain(fills.iter().map(|fill| fill.lot));
        if draws.is_empty() || fills.is_empty() {
            codes.insert("event_empty");
        }
        if !self.all_known(lots, codes) {
            return;
        }
        for draw in draws {
            let (lot, grams) = (draw.lot, i128::from(draw.quantity.get()));
            self.moves(lot, codes);
            self.take_free(lot, event.issuer, grams, codes);
            if self.opened_at(lot).is_some_and(|at| event.at < at) {
                codes.insert("event_time");
            }
            let row = &self.lots[lot.0 as usize];
            let most = draw.certified.map_or(i128::MAX, i128::from).min(self.filled(lot));
            let left = self.sum(lot, |pot| {
                matches!(pot, Pot::Free(_) | Pot::In(_) | Pot::Transit(_) | Pot::Back(_))
                    || matches!(pot, Pot::Dispute(_))
            });
            let above = row.labels + self.pot(lot, Pot::Consumed) + grams > most;
            if row.labels > 0 && (above || row.on_goods + grams > left) {
                codes.insert("labelled");
            }
            effect.moves.push((lot, Pot::Free(event.issuer), Pot::Consumed, grams));
            effect.closes.push(lot);
            effect.draws.push(lot);
            let claimed = row.mass_balance.then_some(Custody::MassBalance);
            effect.model = effect.model.max(claimed).max(Some(self.custody(lot)));
        }
        for fill in fills {
            let (lot, grams) = (fill.lot, i128::from(fill.quantity.get()));
            let row = &self.lots[lot.0 as usize];
            self.moves(lot, codes);
            if row.closers > 0 || row.born.opening != Opening::Derived {
                codes.insert("lot_closed");
            }
            if self.filled(lot) + grams > i128::from(row.born.quantity.get()) {
                codes.insert("lot_overfilled");
            }
            effect.moves.push((lot, Pot::World, Pot::Free(event.issuer), grams));
            effect.fills.push((lot, grams));
        }
        self.of_whom(event.issuer, codes, effect);
        self.yields(*way, event, codes, effect);
    }

    fn of_whom(&self, issuer: Holder, codes: &mut Codes, effect: &mut Effect) {
        let fills = effect.fills.iter();
        let whose: BTreeSet<Holder> =
            fills.map(|(lot, _)| self.lots[lot.0 as usize].born.producer).collect();
        if whose == BTreeSet::from([issuer]) {
            return;
        }
        if whose.len() > 1 {
            codes.insert("not_producer");
        }
        let Some(of) = whose.first().copied() else { return };
        let taken: Vec<_> =
            effect.moves.iter().filter(|it| it.2 == Pot::Consumed).copied().collect();
        for (lot, _, _, grams) in taken {
            if self.pot(lot, Pot::Toll(issuer, of)) < grams {
                codes.insert("not_producer");
            }
            effect.moves.push((lot, Pot::Toll(issuer, of), Pot::World, grams));
        }
    }

    fn yields(&self, way: Way, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Transform { draws, .. } = &event.act else { return };
        let mut drawn: BTreeMap<Material, i128> = BTreeMap::new();
        let mut made: BTreeMap<Material, i128> = BTreeMap::new();
        for draw in draws {
            *drawn.entry(self.material(draw.lot)).or_default() += i128::from(draw.quantity.get());
        }
        for (lot, grams) in &effect.fills {
            *made.entry(self.material(*lot)).or_default() += grams;
        }
        let (shares, minor, mut over) = self.ceilings(way, &drawn, &made, codes);
        if !over[0].is_empty() {
            codes.insert("yield_exceeded");
        }
        let group = |it: &Material| -> Vec<Material> {
            shares.iter().find(|share| share.contains(it)).cloned().unwrap_or(vec![*it])
        };
        if let Way::Book(_) = way {
            self.chains(event, &made, &group, &mut over[1]);
        }
        let held: BTreeSet<Material> = over[1].iter().flat_map(group).collect();
        for (lot, _) in &effect.fills {
            if held.contains(&self.material(*lot)) {
                effect.held.push((*lot, HeldFor::Yield));
            }
        }
        self.too_old(event, effect);
        effect.held.sort_unstable();
        self.flow(event, &made, &group, &minor, effect);
    }

    /// The recipe's shares, its minor inputs, and the outputs above ceilings and above warnings.
    fn ceilings(
        &self,
        way: Way,
        drawn: &BTreeMap<Material, i128>,
        made: &BTreeMap<Material, i128>,
        codes: &mut Codes,
    ) -> (Vec<Vec<Material>>, Vec<Material>, [BTreeSet<Material>; 2]) {
        let mut shares: Vec<Vec<Material>> = Vec::new();
        let mut minor: Vec<Material> = Vec::new();
        let mut over: [BTreeSet<Material>; 2] = Default::default();
        match way {
            Way::Book(id) => {
                let Some(recipe) = self.book.recipes.iter().find(|recipe| recipe.id == id) else {
                    codes.insert("recipe_unknown");
                    return (shares, minor, over);
                };
                (shares, minor) = (recipe.shares.clone(), recipe.minor.clone());
                let input = |it: &Material| recipe.rates.iter().any(|rate| rate.from == *it);
                if !drawn.keys().all(|it| input(it) || minor.contains(it))
                    || !made.keys().all(|it| recipe.rates.iter().any(|rate| rate.to == *it))
                {
                    codes.insert("recipe_mismatch");
                }
                for (strict, over) in over.iter_mut().enumerate() {
                    let most = |to: Material| -> i128 {
                        let rates = recipe.rates.iter().filter(|rate| rate.to == to);
                        let part = |rate: &crate::trace::Rate| {
                            let warned = strict == 1 && rate.warn.d != 0;
                            let ratio = if warned { rate.warn } else { rate.ceiling };
                            let from = drawn.get(&rate.from).copied().unwrap_or(0);
                            from * i128::from(ratio.n) / i128::from(ratio.d)
                        };
                        rates.map(part).sum()
                    };
                    over.extend(made.iter().filter(|it| *it.1 > most(*it.0)).map(|it| *it.0));
                    for share in &shares {
                        let some = share.iter().filter_map(|it| Some((*made.get(it)?, most(*it))));
                        let sum = some.fold((0, 1), |sum, (a, m)| plus(sum, (a, m.max(1))));
                        if sum.0 > sum.1 {
                            over.extend(share);
                        }
                    }
                }
            }
            _ => {
                let same = drawn.keys().chain(made.keys()).collect::<BTreeSet<_>>().len() == 1;
                if !same {
                    codes.insert("recipe_mismatch");
                }
                if made.iter().any(|(it, grams)| *grams > drawn.get(it).copied().unwrap_or(0)) {
                    codes.insert("yield_exceeded");
                }
            }
        }
        (shares, minor, over)
    }

    fn too_old(&self, event: &Event, effect: &mut Effect) {
        let Act::Transform { draws, .. } = &event.act else { return };
        let today = event.logged_at.div_euclid(86_400);
        let old = |lot: LotHandle| {
            let keeps = self.book.material(self.material(lot)).keeps;
            let day = self.harvested(lot);
            keeps > 0 && day.is_some_and(|day| today - i64::from(day) > i64::from(keeps))
        };
        if draws.iter().any(|draw| old(draw.lot)) {
            effect.held.extend(effect.fills.iter().map(|(lot, _)| (*lot, HeldFor::Age)));
        }
    }

    /// What flows with a draw.
    fn drawn(
        &self,
        lot: LotHandle,
        grams: i128,
        told: &[(crate::trace::SchemeId, u64)],
    ) -> BTreeMap<Flows, i128> {
        let filled = self.filled(lot).max(1);
        let mut all: BTreeMap<Flows, i128> = BTreeMap::new();
        if self.lots[lot.0 as usize].born.opening == Opening::Derived {
            let own = self.carried.iter().filter(|((of, _), _)| *of == lot);
            all.extend(own.map(|((_, key), part)| (*key, *part)));
        } else {
            for (scheme, cover) in told {
                let best = all.entry(Flows::Cover(*scheme)).or_default();
                *best = (*best).max(i128::from(*cover).min(filled));
            }
            if self
                .book
                .chains
                .iter()
                .any(|chain| chain.from == self.material(lot) || chain.to == self.material(lot))
            {
                all.insert(Flows::Origin(self.material(lot).0), filled);
            }
        }
        all.into_iter().map(|(key, part)| (key, grams * part / filled)).collect()
    }

    /// Chains of the tests' book lead from a harvest and from the product itself.
    fn chains(
        &self,
        event: &Event,
        made: &BTreeMap<Material, i128>,
        group: &dyn Fn(&Material) -> Vec<Material>,
        over: &mut BTreeSet<Material>,
    ) {
        let Act::Transform { draws, .. } = &event.act else { return };
        let mut origins: BTreeMap<u32, i128> = BTreeMap::new();
        for draw in draws {
            let flow = self.drawn(draw.lot, i128::from(draw.quantity.get()), &draw.covers);
            let own = flow.iter().filter_map(|(key, part)| match key {
                Flows::Origin(material) => Some((*material, *part)),
                Flows::Cover(_) => None,
            });
            let own: Vec<_> = own.collect();
            if own.is_empty() {
                return;
            }
            own.into_iter().for_each(|(it, part)| *origins.entry(it).or_default() += part);
        }
        for to in made.keys() {
            let chains: Vec<_> = self.book.chains.iter().filter(|chain| chain.to == *to).collect();
            if chains.is_empty() {
                continue;
            }
            let mut most = (0, 1);
            let mut known = true;
            for (from, part) in &origins {
                let hold = chains.iter().find(|chain| chain.from.0 == *from);
                let ratio = match hold {
                    Some(chain) => (i128::from(chain.hold.n), i128::from(chain.hold.d)),
                    None if *from == to.0 => (1, 1),
                    None => {
                        known = false;
                        continue;
                    }
                };
                most = plus(most, (part * ratio.0, ratio.1));
            }
            let asked: i128 = group(to).iter().filter_map(|it| made.get(it)).sum();
            if known && most.0 < asked * most.1 {
                over.insert(*to);
            }
        }
    }

    fn flow(
        &self,
        event: &Event,
        made: &BTreeMap<Material, i128>,
        group: &dyn Fn(&Material) -> Vec<Material>,
        minor: &[Material],
        effect: &mut Effect,
    ) {
        let Act::Transform { draws, .. } = &event.act else { return };
        let inputs: Vec<(Material, i128, BTreeMap<Flows, i128>)> = draws
            .iter()
            .map(|draw| {
                let grams = i128::from(draw.quantity.get());
                (self.material(draw.lot), grams, self.drawn(draw.lot, grams, &draw.covers))
            })
            .collect();
        let keys: BTreeSet<Flows> = inputs.iter().flat_map(|it| it.2.keys().copied()).collect();
        let all: i128 = inputs.iter().map(|it| it.1).sum();
        let little: i128 = inputs.iter().filter(|it| minor.contains(&it.0)).map(|it| it.1).sum();
        for (lot, grams) in effect.fills.clone() {
            for key in &keys {
                let part = match key {
                    Flows::Origin(_) => {
                        let sum: i128 = inputs.iter().filter_map(|it| it.2.get(key)).sum();
                        let own = group(&self.material(lot));
                        let whole: i128 = own.iter().filter_map(|it| made.get(it)).sum();
                        grams * sum / whole
                    }
                    Flows::Cover(scheme) => {
                        let least = self.book.covered.iter().find(|it| it.scheme == *scheme);
                        let least = least.map_or(1000, |it| i128::from(it.least));
                        let skip = little < all && little * 1000 <= (1000 - least) * all;
                        let counts: BTreeSet<Material> = inputs
                            .iter()
                            .map(|it| it.0)
                            .filter(|it| !(skip && minor.contains(it)))
                            .collect();
                        let share = |material: &Material| {
                            let own = || inputs.iter().filter(|it| it.0 == *material);
                            let cover: i128 = own().filter_map(|it| it.2.get(key)).sum();
                            grams * cover / own().map(|it| it.1).sum::<i128>()
                        };
                        counts.iter().map(share).min().unwrap_or(0)
                    }
                };
                effect.carries.push((lot, *key, part));
            }
        }
    }

    pub fn certify(&mut self, event: &Event, codes: &mut Codes) {
        let Act::Certify { lot, scheme, quantity, model } = &event.act else { return };
        let (filled, asked) = (self.filled(*lot), i128::from(quantity.get()));
        if asked > filled {
            codes.insert("quantity_exceeded");
        }
        let least = self.book.covered.iter().find(|it| it.scheme == *scheme);
        let derived = self.lots[lot.0 as usize].born.opening == Opening::Derived;
        let mut weakest = self.custody(*lot);
        if let Some(least) = least.filter(|_| derived) {
            let cover = self.carried.get(&(*lot, Flows::Cover(*scheme))).copied().unwrap_or(0);
            if asked > cover {
                codes.insert("cover_exceeded");
            }
            if cover * 1000 < i128::from(least.least) * filled {
                codes.insert("blend_not_allowed");
            }
            if cover < filled {
                weakest = weakest.max(Custody::ControlledBlending);
            }
        }
        let claimed = model.unwrap_or(weakest);
        if claimed < weakest {
            codes.insert("custody_upgraded");
        }
        if codes.is_empty() {
            let row = &mut self.lots[lot.0 as usize];
            (row.closers, row.certified) = (row.closers + 1, true);
            row.mass_balance |= claimed == Custody::MassBalance;
        }
    }

    pub fn leave(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let (holder, parts, to) = match &event.act {
            Act::Out { parts, .. } => (event.issuer, parts, Pot::Gone(event.issuer)),
            Act::Loss { parts, .. } => (event.issuer, parts, Pot::Lost),
            Act::Sample { holder, parts } => (*holder, parts, Pot::Sampled),
            Act::Destroy { parts, from_out: true, .. } => {
                (event.issuer, parts, Pot::Recovered(event.issuer))
            }
            Act::Destroy { parts, .. } => (event.issuer, parts, Pot::Destroyed),
            other => unreachable!("{other:?}"),
        };
        if !self.all_known(parts.iter().map(|part| part.lot), codes) {
            return;
        }
        for part in parts {
            let (lot, grams) = (part.lot, i128::from(part.quantity.get()));
            if matches!(event.act, Act::Out { .. }) {
                self.moves(lot, codes);
            }
            if self.opened_at(lot).is_some_and(|at| event.at < at) {
                codes.insert("event_time");
            }
            let free = self.pot(lot, Pot::Free(holder));
            if holder != event.issuer && grams > (free / 100).max(2_000) {
                codes.insert("sample_exceeded");
            }
            if let Pot::Recovered(_) = to {
                if self.pot(lot, to) + grams > self.pot(lot, Pot::Gone(holder)) {
                    codes.insert("insufficient");
                }
                effect.moves.push((lot, Pot::World, to, grams));
            } else {
                self.take_free(lot, holder, grams, codes);
                effect.moves.push((lot, Pot::Free(holder), to, grams));
                effect.closes.push(lot);
            }
        }
    }
}
