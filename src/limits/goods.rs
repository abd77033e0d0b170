//! Figures of goods: rulebooks, events, units, how far a way is walked, and what of it travels.
//! Those that judge entries belong to an edition: another figure is another edition. Not here:
//! figures that a rulebook states.

use super::{DOSSIER_OBJECTS_MAX, DOSSIER_VALUES_MAX};

/// Pairs of materials in all recipes of a rule book: what is known of the field has 26.
pub const BOOK_RATES_MAX: usize = 256;

/// Materials that recipes can lead back to. Circles are looked for with exact fractions that grow
/// by 53 bits a step: 64 steps over 256 pairs of 54 digits each way are 50 million products.
pub const BOOK_CYCLIC_MAX: usize = 64;

/// Steps from a harvest to a product over which a chain's share is followed through recipes.
pub const CHAIN_STEPS_MAX: usize = 16;

/// What may be missing at a receipt and is a loss, in per mille, where the rule book says nothing.
pub const TOLERANCE_PER_MILLE: u16 = 5;

/// After so long a shipper settles a shipment that nobody answered, in seconds: 30 days.
pub const UNANSWERED_SECONDS: i64 = 30 * 86_400;

/// So long a unit is not filled again once it was emptied or left, in seconds: 12 months.
pub const UNIT_REST_SECONDS: i64 = 365 * 86_400;

/// Units inside one another: piece, case, pallet, container.
pub const UNIT_DEPTH_MAX: u8 = 4;

/// Units and lots in all inside a unit, and in one shipment: a pallet of 256 cases of 16 lots.
pub const UNIT_CONTENTS_MAX: u32 = 4_096;

/// A sample of a third party is at most so many smallest units, or one in [`SAMPLE_SHARE`] where
/// that is more: 2 kg or 2 L.
pub const SAMPLE_MAX: u64 = 2_000;

/// See [`SAMPLE_MAX`].
pub const SAMPLE_SHARE: u64 = 100;

/// Lots that an answer about reach lists at most; it counts the others.
pub const REACH_LISTED_MAX: usize = 10_000;

/// Lots on the way back that the rules on origins look at when a lot is certified, each of them: a
/// lot that comes from more is refused. So many are looked at within a tenth of a second.
pub const ORIGINS_JUDGED_MAX: usize = 100_000;

/// Days within which who stated an event undoes it.
pub const VOID_DAYS: i64 = 45;

/// The same of goods that left the ledger.
pub const VOID_LEFT_DAYS: i64 = 7;

/// Days after a party's registration, or after a material is first traced, in which stock from
/// before is declared full.
pub const OLD_STOCK_DAYS: i64 = 90;

/// Days from the decision on an operator to its log time.
pub const OPERATOR_DECISION_DAYS: i64 = 60;

/// The same in months, while its party or its materials are new.
pub const OPERATOR_DECISION_MONTHS: u32 = 12;

/// Days after a party's registration, or after a material is first traced, in which an older
/// decision on an operator is taken.
pub const OPERATOR_NEW_DAYS: i64 = 90;

/// Days for which an inspector holds a lot.
pub const INSPECTOR_HOLD_DAYS: i64 = 14;

/// What rests on an event is listed up to so many.
pub const RESTING_LISTED_MAX: usize = 10;

/// Lots on the way back that a report looks at: walking so many takes some milliseconds.
pub const TRACE_LOTS_MAX: usize = 1_000;

/// Steps, and origins, that a report lists of a lot.
pub const TRACE_LISTED_MAX: usize = 64;

/// Producers that a pack or a dossier names of a lot.
pub const PRODUCERS_MAX: usize = 5;

/// Holders that a report names of a lot.
pub const HOLDERS_LISTED_MAX: usize = 10;

/// Largest trace dossier read or made, in bytes: 1,600 entries of some 8 kB with their proofs, or
/// 5,000 of 2 kB, and a trust snapshot.
pub const TRACE_DOSSIER_BYTES_MAX: usize = 16_000_000;

/// Objects and lists in a trace dossier: as many to a byte as in a dossier of a certificate.
pub const TRACE_DOSSIER_OBJECTS_MAX: usize = 4 * DOSSIER_OBJECTS_MAX;

/// Values in a trace dossier.
pub const TRACE_DOSSIER_VALUES_MAX: usize = 4 * DOSSIER_VALUES_MAX;

/// Lots that a trace dossier goes back over.
pub const TRACE_DOSSIER_LOTS_MAX: usize = 10_000;
