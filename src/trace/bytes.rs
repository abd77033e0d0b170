//! Rows as bytes: each value in a fixed number of them, little-endian, so that the same figures
//! give the same bytes. Reading takes any bytes and refuses what stands for nothing.

use std::hash::Hash;

use imbl::{OrdMap, OrdSet};

/// Bytes that are no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Where reading stopped.
    pub what: &'static str,
}

/// Bytes on their way in.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the first byte on.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn one<T: Fixed>(&mut self) -> Option<T> {
        T::take(&mut self.rest)
    }

    /// A count and as many rows. Nothing is set aside for rows that are not there.
    pub(super) fn rows<T: Fixed>(&mut self) -> Option<Vec<T>> {
        let count = usize::try_from(u64::take(&mut self.rest)?).ok()?;
        let (mut rows, rest) = self.rest.split_at_checked(count.checked_mul(T::BYTES)?)?;
        self.rest = rest;
        (0..count).map(|_| T::take(&mut rows)).collect()
    }

    /// Rows whose keys rise.
    pub(super) fn map<K, V>(&mut self) -> Option<OrdMap<K, V>>
    where
        K: Fixed + Ord + Clone,
        V: Fixed + Clone,
    {
        let rows: Vec<(K, V)> = self.rows()?;
        let rising = rows.windows(2).all(|two| matches!(two, [(one, _), (next, _)] if one < next));
        rising.then(|| OrdMap::from(rows))
    }

    pub(super) fn set<K: Fixed + Ord + Clone + Hash>(&mut self) -> Option<OrdSet<K>> {
        let rows: Vec<K> = self.rows()?;
        let rising = rows.windows(2).all(|two| matches!(two, [one, next] if one < next));
        rising.then(|| rows.into_iter().collect())
    }
}

pub(super) fn put_rows<'a, T: Fixed + 'a>(
    rows: impl ExactSizeIterator<Item = &'a T>,
    into: &mut Vec<u8>,
) {
    (rows.len() as u64).put(into);
    rows.for_each(|row| row.put(into));
}

/// What stands in a fixed number of bytes.
pub(super) trait Fixed: Sized {
    /// That number.
    const BYTES: usize;
    fn put(&self, into: &mut Vec<u8>);
    /// Takes it off the front; None where bytes are missing or stand for nothing.
    fn take(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl Fixed for $kind {
            const BYTES: usize = size_of::<$kind>();

            fn put(&self, into: &mut Vec<u8>) {
                into.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(<$kind>::from_le_bytes(*bytes))
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, i32, i64);

/// Seconds since 1970-01-01 that may stand at any byte: a row that has them is not made longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seconds([u8; 8]);

impl Seconds {
    pub const fn of(seconds: i64) -> Self {
        Self(seconds.to_le_bytes())
    }

    pub const fn get(self) -> i64 {
        i64::from_le_bytes(self.0)
    }
}

impl Fixed for Seconds {
    const BYTES: usize = 8;

    fn put(&self, into: &mut Vec<u8>) {
        self.get().put(into);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        i64::take(from).map(Self::of)
    }
}

macro_rules! tuples {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: Fixed),*> Fixed for ($($name,)*) {
            const BYTES: usize = 0 $(+ $name::BYTES)*;

            #[expect(non_snake_case, reason = "a name is its own type here")]
            fn put(&self, into: &mut Vec<u8>) {
                let ($($name,)*) = self;
                $($name.put(into);)*
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(($($name::take(from)?,)*))
            }
        }
    )*};
}

tuples! { A B; A B C; }

/// A struct of fixed width.
macro_rules! row {
    (
        $(#[$about:meta])*
        $sight:vis $name:ident { $($(#[$what:meta])* $member:ident: $kind:ty,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $sight struct $name {
            $($(#[$what])* pub $member: $kind,)*
        }

        impl $crate::trace::bytes::Fixed for $name {
            const BYTES: usize = 0 $(+ <$kind as $crate::trace::bytes::Fixed>::BYTES)*;

            fn put(&self, into: &mut Vec<u8>) {
                $($crate::trace::bytes::Fixed::put(&self.$member, into);)*
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($member: $crate::trace::bytes::Fixed::take(from)?,)* })
            }
        }
    };
}

/// An enumeration of one byte, numbered in the order in which it is written down.
macro_rules! words {
    ($(#[$about:meta])* $sight:vis $name:ident { $($(#[$what:meta])* $word:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        $sight enum $name {
            $($(#[$what])* $word,)*
        }

        impl $name {
            pub(super) const ALL: &'static [Self] = &[$(Self::$word,)*];
        }

        impl $crate::trace::bytes::Fixed for $name {
            const BYTES: usize = 1;

            fn put(&self, into: &mut Vec<u8>) {
                into.push(*self as u8);
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                let number = <u8 as $crate::trace::bytes::Fixed>::take(from)?;
                Self::ALL.get(usize::from(number)).copied()
            }
        }
    };
}

/// A number that stands for something outside this room.
macro_rules! handle {
    ($($(#[$about:meta])* $name:ident;)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $crate::trace::bytes::Fixed for $name {
            const BYTES: usize = 4;

            fn put(&self, into: &mut Vec<u8>) {
                $crate::trace::bytes::Fixed::put(&self.0, into);
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                $crate::trace::bytes::Fixed::take(from).map(Self)
            }
        }
    )*};
}

pub(super) use {handle, row, words};
