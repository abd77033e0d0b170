//! A row of the table: a rule, and what is tried against it. Not here: the rows.

use crate::register::Refusal;

/// What is tried: all that leads to it is good, the last statement is not.
pub(super) type Abuse = fn() -> Result<u64, Refusal>;

/// A rule, what gets through without it, the code it refuses that with, and how it is tried.
pub(super) type Row = (&'static str, &'static str, &'static str, Abuse);
