//! Quantities and what is done with them: whole smallest units (gram, millilitre, piece), products
//! in 128 bits, one floor at the end. Not here: which unit it is, and text.

use super::bytes::{row, words};
use super::wide::Wide;

/// Largest quantity: 2^53 - 1, the largest integer that every reader of JSON keeps exact.
pub const QUANTITY_MAX: u64 = (1 << 53) - 1;

/// A quantity of goods in the smallest unit: 1 to 2^53 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u64);

impl Quantity {
    /// The smallest.
    pub const ONE: Self = Self(1);

    /// None: it is 0 or above [`QUANTITY_MAX`].
    #[must_use]
    pub const fn new(quantity: u64) -> Option<Self> {
        if quantity == 0 || quantity > QUANTITY_MAX { None } else { Some(Self(quantity)) }
    }

    /// The number of smallest units.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

row! {
    /// A fraction n / d. Both lie in 1 to 2^53 - 1, or n is 0.
    pub Ratio {
        /// What stands above.
        n: u64,
        /// What stands below.
        d: u64,
    }
}

impl Ratio {
    /// One to one.
    pub const ONE: Self = Self { n: 1, d: 1 };

    /// None: a member is out of range.
    #[must_use]
    pub const fn new(n: u64, d: u64) -> Option<Self> {
        if n > QUANTITY_MAX || d == 0 || d > QUANTITY_MAX { None } else { Some(Self { n, d }) }
    }

    /// floor(quantity x n / d). Saturates where the quantity is above 2^75: 400 lots of 2^53 - 1
    /// are below 2^62.
    #[must_use]
    pub fn floor_of(self, quantity: u128) -> u128 {
        quantity.saturating_mul(u128::from(self.n)).checked_div(u128::from(self.d)).unwrap_or(0)
    }
}

/// floor(a x b / c); 0 where c is 0. For figures of one lot, all below 2^64.
#[must_use]
pub fn floor_share(a: u64, b: u64, c: u64) -> u64 {
    let floor = (u128::from(a) * u128::from(b)).checked_div(u128::from(c)).unwrap_or(0);
    u64::try_from(floor).unwrap_or(u64::MAX)
}

/// The part of `part` in `whole`, in per mille, rounded down.
#[must_use]
pub fn per_mille(part: u64, whole: u64) -> u16 {
    u16::try_from(floor_share(part, 1000, whole)).unwrap_or(u16::MAX)
}

words! {
    /// Chain-of-custody models, strongest first (ISO 22095:2020).
    pub Model {
        /// From one origin, never mixed.
        IdentityPreserved,
        /// Only certified with certified.
        Segregated,
        /// Mixed in a known share.
        ControlledBlending,
        /// Booked, not separated.
        MassBalance,
    }
}

impl Model {
    /// The model with a number; the weakest where there is none.
    pub(super) fn of_place(place: u8) -> Self {
        Self::ALL.get(usize::from(place)).copied().unwrap_or(Self::MassBalance)
    }
}

/// An exact sum of fractions. It grows by the digits of each fraction, so whoever adds has a bound
/// on their number: at most the 64 outputs or 400 inputs of one event.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    above: Wide,
    below: Wide,
}

impl Sum {
    pub fn zero() -> Self {
        Self { above: Wide::from(0), below: Wide::from(1) }
    }

    /// Adds n / d; d is not 0.
    pub fn add(&mut self, n: &Wide, d: &Wide) {
        self.above = self.above.times(d).plus(&n.times(&self.below));
        self.below = self.below.times(d);
    }

    /// Whether it is above a whole number.
    pub fn is_above(&self, whole: u128) -> bool {
        self.above > self.below.times(&Wide::from(whole))
    }

    /// Whether it is below a whole number.
    pub fn is_below(&self, whole: u128) -> bool {
        self.above < self.below.times(&Wide::from(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_whole_and_has_an_end() {
        assert_eq!(Quantity::new(0), None);
        assert_eq!(Quantity::new(QUANTITY_MAX + 1), None);
        assert_eq!(Quantity::new(QUANTITY_MAX).map(Quantity::get), Some(QUANTITY_MAX));
    }

    #[test]
    fn a_product_is_floored_once() {
        let press = Ratio::new(55_000, 90_600).unwrap();
        assert_eq!(press.floor_of(100_000), 60_706);
        // Line by line a hundred lots of 1,000 g would give 60,700.
        assert_eq!(100 * press.floor_of(1_000), 60_700);
        let largest = Ratio::new(QUANTITY_MAX, 1).unwrap();
        assert_eq!(largest.floor_of(1 << 62), u128::from(QUANTITY_MAX) << 62);
    }

    #[test]
    fn a_sum_of_fractions_is_exact() {
        let mut thirds = Sum::zero();
        for _ in 0..3 {
            thirds.add(&Wide::from(1), &Wide::from(3));
        }
        assert!(!thirds.is_above(1) && !thirds.is_below(1));
        // 1 - 1/(2^53-1) + 1/(2^53-2) is above 1 by less than any float sees.
        let (one, next) = (u128::from(QUANTITY_MAX), u128::from(QUANTITY_MAX - 1));
        let mut close = Sum::zero();
        close.add(&Wide::from(one - 1), &Wide::from(one));
        close.add(&Wide::from(1), &Wide::from(next));
        assert!(close.is_above(1));
    }
}
