//! What the register holds of each lot and certificate, in rows of fixed width: the facts that
//! verdicts, rules and lists ask for. They never change once they are folded; what does stands
//! beside them (`lots`, `certificates`). Everything else is read from the logged statement.

use super::names::NameId;
use crate::names::LotNumber;
use crate::statement::{CustodyModel, Day};

/// What stands in a snapshot in a fixed number of bytes, little-endian.
pub(super) trait Fixed: Sized {
    /// That number.
    const BYTES: usize;
    fn put(&self, into: &mut Vec<u8>);
    /// Takes it off the front; None where bytes are missing or stand for nothing.
    fn take(from: &mut &[u8]) -> Option<Self>;
}

/// A struct of fixed width.
macro_rules! row {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $member:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) struct $name {
            $($(#[$what])* pub $member: $kind,)*
        }

        impl Fixed for $name {
            const BYTES: usize = 0 $(+ <$kind as Fixed>::BYTES)*;

            fn put(&self, into: &mut Vec<u8>) {
                $(self.$member.put(into);)*
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($member: Fixed::take(from)?,)* })
            }
        }
    };
}

row! {
    /// A lot: 97 bytes in a snapshot.
    LotRow {
        index: u64,
        logged_at: i64,
        quantity: u64,
        pack_size: u64,
        packed_on: i32,
        /// [`NO_DAY`]: without.
        expires_on: i32,
        /// The GTIN or the party that its number is of.
        owner: NameId,
        producer: NameId,
        /// The key that signed it, from edition 1 on.
        key: NameId,
        product: NameId,
        name: NameId,
        hs_code: NameId,
        region: NameId,
        unit: NameId,
        campaign: NameId,
        has_gtin: bool,
        number: LotNumber,
    }
}

row! {
    /// A certificate: 85 bytes in a snapshot.
    CertificateRow {
        serial: u64,
        index: u64,
        logged_at: i64,
        valid_from: i64,
        valid_until: i64,
        quantity: u64,
        /// The row of its lot.
        lot: u32,
        issuer: NameId,
        key: NameId,
        accreditation: NameId,
        scheme: NameId,
        scheme_edition: NameId,
        /// What it does not cover, as JSON; [`NameId::NONE`]: it says nothing.
        not_covered: NameId,
        decided_on: i32,
        assessed_on: i32,
        custody: CustodyModel,
    }
}

const _: () = assert!(LotRow::BYTES == 97 && CertificateRow::BYTES == 85);

/// Stands for a day that is not there.
pub(super) const NO_DAY: i32 = i32::MIN;

/// A day as the rows hold it: days since 1970-01-01.
pub(super) fn packed_day(day: Day) -> i32 {
    // A day has a year of four digits: below 3 million.
    i32::try_from(day.days()).unwrap_or(NO_DAY)
}

/// The day of a row.
pub(super) fn day(days: i32) -> Day {
    Day::from_days(i64::from(days))
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl Fixed for $kind {
            const BYTES: usize = size_of::<$kind>();

            fn put(&self, into: &mut Vec<u8>) {
                into.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Fixed::take(from).map(<$kind>::from_le_bytes)
            }
        }
    )*};
}

numbers!(u8, u32, u64, i32, i64);

impl<const N: usize> Fixed for [u8; N] {
    const BYTES: usize = N;

    fn put(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(self);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk::<N>()?;
        *from = rest;
        Some(*bytes)
    }
}

impl Fixed for bool {
    const BYTES: usize = 1;

    fn put(&self, into: &mut Vec<u8>) {
        into.push(u8::from(*self));
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Fixed for NameId {
    const BYTES: usize = 4;

    fn put(&self, into: &mut Vec<u8>) {
        self.0.put(into);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        Fixed::take(from).map(Self)
    }
}

impl Fixed for LotNumber {
    const BYTES: usize = 20;

    fn put(&self, into: &mut Vec<u8>) {
        self.bytes().put(into);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let bytes: [u8; Self::BYTES] = Fixed::take(from)?;
        let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(Self::BYTES);
        let number = Self::parse(std::str::from_utf8(bytes.get(..length)?).ok()?).ok()?;
        (*number.bytes() == bytes).then_some(number)
    }
}

/// The models, in the order of their numbers.
const CUSTODY: [CustodyModel; 4] = [
    CustodyModel::IdentityPreserved,
    CustodyModel::Segregated,
    CustodyModel::ControlledBlending,
    CustodyModel::MassBalance,
];

impl Fixed for CustodyModel {
    const BYTES: usize = 1;

    fn put(&self, into: &mut Vec<u8>) {
        let place = CUSTODY.iter().zip(0_u8..).find(|(model, _)| *model == self);
        into.push(place.map_or(u8::MAX, |(_, place)| place));
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        CUSTODY.get(usize::from(u8::take(from)?)).copied()
    }
}
