//! Whole numbers of any length, for comparing fractions exactly: plus, times, compare, no more.
//! Their length is bounded by whoever multiplies (see `quantity::Sum` and `book`).

use std::cmp::Ordering;

/// A whole number >= 0; digits of 64 bits, the lowest first, none of the highest is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wide(Vec<u64>);

impl From<u128> for Wide {
    fn from(number: u128) -> Self {
        let low = u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
        let high = u64::try_from(number >> 64).unwrap_or_default();
        Self(vec![low, high]).trimmed()
    }
}

impl Wide {
    pub fn plus(&self, other: &Self) -> Self {
        let mut digits = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = 0;
        for place in 0..self.0.len().max(other.0.len()) {
            let sum = carry + self.digit(place) + other.digit(place);
            carry = split(sum, &mut digits);
        }
        split(carry, &mut digits);
        Self(digits).trimmed()
    }

    pub fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0_u64; self.0.len() + other.0.len() + 1];
        for (shift, factor) in self.0.iter().enumerate() {
            let mut carry = 0_u128;
            let own = digits.iter_mut().skip(shift);
            let others = other.0.iter().copied().chain(std::iter::repeat(0));
            for (digit, one) in own.zip(others) {
                let sum = u128::from(*digit) + u128::from(*factor) * u128::from(one) + carry;
                *digit = u64::try_from(sum & u128::from(u64::MAX)).unwrap_or_default();
                carry = sum >> 64;
            }
        }
        Self(digits).trimmed()
    }

    fn digit(&self, place: usize) -> u128 {
        u128::from(self.0.get(place).copied().unwrap_or_default())
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

/// Appends the low 64 bits; the answer is what lies above.
fn split(sum: u128, digits: &mut Vec<u64>) -> u128 {
    digits.push(u64::try_from(sum & u128::from(u64::MAX)).unwrap_or_default());
    sum >> 64
}

impl Ord for Wide {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn it_counts_as_128_bits_do(a: u64, b: u64, c: u64, d: u64) {
            let [a, b, c, d] = [a, b, c, d].map(u128::from);
            let product = |x: u128, y: u128| Wide::from(x).times(&Wide::from(y));
            proptest::prop_assert_eq!(product(a, b), Wide::from(a * b));
            proptest::prop_assert_eq!(
                product(a, b).cmp(&product(c, d)), (a * b).cmp(&(c * d))
            );
            let sum = Wide::from((a * b) >> 1).plus(&Wide::from((c * d) >> 1));
            proptest::prop_assert_eq!(sum, Wide::from(((a * b) >> 1) + ((c * d) >> 1)));
            // (ab)(cd) in whatever order.
            proptest::prop_assert_eq!(
                product(a, b).times(&product(c, d)), product(a, c).times(&product(b, d))
            );
        }
    }
}
