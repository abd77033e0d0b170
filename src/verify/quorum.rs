//! Whether enough witnesses signed a checkpoint: the trust snapshot names them and their quorum.
//! Not here: gathering cosignatures.

use super::Trust;
use super::judge::Bench;
use super::report::{CheckName, SubIndication};
use crate::statement::Timestamp;

/// Lays the check of the quorum over the checkpoint note that the evidence rests on.
pub(super) fn check(bench: &mut Bench<'_>, _note: &str) {
    let text = "the trust snapshot names no witnesses";
    bench.absent(CheckName::WitnessQuorum, SubIndication::WitnessQuorumMissing, text);
}

/// When the quorum had seen a checkpoint; None while no quorum is known to have signed it.
pub(super) fn witnessed_at(_trust: &Trust, _note: &str) -> Option<Timestamp> {
    None
}
