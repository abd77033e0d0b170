//! What lay in the logistic units of a shipment, from the packings in the log: a unit is filled
//! once, taken out of, and goes its way as a whole. Not here: who may pack (`register`).

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{LotKey, UnitKey};
use crate::statement::{EventKind, LotLine, Packing, Shipment};

/// A logistic unit and what lies in it itself, in the lots' smallest units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedUnit {
    /// The unit.
    pub unit: UnitKey,
    /// The unit that it lies in.
    pub within: Option<UnitKey>,
    /// Goods.
    pub lots: BTreeMap<LotKey, u64>,
    /// Other units.
    pub units: BTreeSet<UnitKey>,
}

/// Units by what was packed into them, so far.
#[derive(Default)]
pub(crate) struct Packings(BTreeMap<UnitKey, PackedUnit>);

impl Packings {
    /// Takes a packing in, or a taking out; other events change nothing.
    ///
    /// # Errors
    /// More is taken out than is in.
    pub fn take(&mut self, event: &EventKind) -> Result<(), String> {
        match event {
            EventKind::Pack(what) => {
                let lots = what.lots.iter().map(|line| (line.lot.clone(), line.quantity));
                let (lots, units) = (lots.collect(), what.units.iter().cloned().collect());
                let (unit, within) = (what.unit.clone(), None);
                self.0.insert(what.unit.clone(), PackedUnit { unit, within, lots, units });
                Ok(())
            }
            EventKind::Unpack(what) => self.take_out(what),
            _ => Ok(()),
        }
    }

    fn take_out(&mut self, what: &Packing) -> Result<(), String> {
        let path = what.unit.path();
        let short = || format!("more was taken out of {path} than was in it");
        let unit = self.0.get_mut(&what.unit).ok_or_else(short)?;
        if what.lots.is_empty() && what.units.is_empty() {
            unit.lots.clear();
            unit.units.clear();
        }
        for LotLine { lot, quantity } in &what.lots {
            let left = unit.lots.get(lot).and_then(|had| had.checked_sub(*quantity));
            match left.ok_or_else(short)? {
                0 => unit.lots.remove(lot),
                left => unit.lots.insert(lot.clone(), left),
            };
        }
        for inner in &what.units {
            if !unit.units.remove(inner) {
                return Err(short());
            }
        }
        Ok(())
    }

    /// The units of a shipment with all in them, outer ones before inner ones.
    ///
    /// # Errors
    /// A unit that nothing packed, or that is there twice.
    pub fn of(&self, shipment: &Shipment) -> Result<Vec<PackedUnit>, String> {
        let mut next: Vec<(Option<UnitKey>, UnitKey)> =
            shipment.units.iter().rev().map(|unit| (None, unit.clone())).collect();
        let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some((within, unit)) = next.pop() {
            let path = unit.path();
            let found = self.0.get(&unit).ok_or(format!("no entry packed the unit {path}"))?;
            if !seen.insert(unit.clone()) {
                return Err(format!("the unit {path} is there twice"));
            }
            let inner = found.units.iter().rev();
            next.extend(inner.map(|inner| (Some(unit.clone()), inner.clone())));
            all.push(PackedUnit { within, ..found.clone() });
        }
        Ok(all)
    }
}

/// What a shipment holds of each lot, loose and in its units.
pub(crate) fn totals(shipment: &Shipment, units: &[PackedUnit]) -> BTreeMap<LotKey, u64> {
    let loose = shipment.lots.iter().map(|line| (&line.lot, line.quantity));
    let packed = units.iter().flat_map(|unit| unit.lots.iter().map(|(lot, many)| (lot, *many)));
    let mut totals: BTreeMap<LotKey, u64> = BTreeMap::new();
    for (lot, quantity) in loose.chain(packed) {
        let sum = totals.entry(lot.clone()).or_default();
        *sum = sum.saturating_add(quantity);
    }
    totals
}
