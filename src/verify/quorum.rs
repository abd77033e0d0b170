//! Whether enough witnesses signed a checkpoint: the trust snapshot names them and their quorum.
//! Not here: gathering cosignatures.

use super::checks::Checks;
use super::report::{CheckName, SubIndication};
use crate::log::{Note, WitnessPolicy};
use crate::statement::Timestamp;
use crate::trust::Counted;
use crate::trust::Trust;

/// Lays the check of the quorum over the checkpoint note that the evidence rests on.
pub(super) fn check(checks: &mut Checks<'_>, note: &str) {
    let counted = checks.trust.quorum(note);
    lay(checks, counted);
}

/// Lays the check of a quorum that was counted.
pub(super) fn lay(checks: &mut Checks<'_>, counted: Counted) {
    let (name, why) = (CheckName::WitnessQuorum, SubIndication::WitnessQuorumMissing);
    let quorum = match counted {
        Ok(quorum) => quorum,
        Err(reason) => return checks.absent(name, why, reason),
    };
    let signed: Vec<String> =
        quorum.signed.iter().map(|(witness, at)| format!("{witness} {at}")).collect();
    if !quorum.refuted.is_empty() {
        let text = format!("the cosignature of {} does not verify", quorum.refuted.join(", "));
        return checks.fail(name, SubIndication::SigCryptoFailure, text);
    }
    match quorum.at {
        Some(at) if quorum.met => {
            let age = checks.now.seconds().saturating_sub(at.seconds());
            checks.pass(name, signed.join(", "));
            checks.age(age);
        }
        _ => {
            let signed = if signed.is_empty() { "nobody".to_owned() } else { signed.join(", ") };
            let text = format!("signed by {signed}; missing: {}", quorum.missing.join(", "));
            checks.absent(name, why, text);
        }
    }
}

/// When the quorum had seen a checkpoint; None while no quorum is known to have signed it.
pub(super) fn witnessed_at(trust: &Trust, note: &str) -> Option<Timestamp> {
    time(&trust.quorum(note))
}

/// When the quorum that was counted had seen the checkpoint.
pub(super) fn time(counted: &Counted) -> Option<Timestamp> {
    let quorum = counted.as_ref().ok().filter(|quorum| quorum.refuted.is_empty());
    quorum.and_then(|quorum| quorum.at)
}

impl Trust {
    /// Counts the cosignatures of a checkpoint (a signed note) by the policy in this snapshot.
    ///
    /// # Errors
    /// Why nobody can be counted: no policy, one that asks for no witness, or what is no note.
    pub fn quorum(&self, note: &str) -> Counted {
        let text = self.witness_policy.as_deref().ok_or("the trust snapshot names no witnesses")?;
        let policy = WitnessPolicy::parse(text).map_err(|error| error.to_string())?;
        if !policy.asks() {
            return Err("the trust snapshot asks for no witness".to_owned());
        }
        let note = Note::parse(note).map_err(|error| error.to_string())?;
        Ok(policy.evaluate(&note))
    }
}
