//! When entries can have been logged, by what outsiders saw: an entry below a cosigned checkpoint's
//! size was logged before its witnesses signed, one at or above it after. Pure.
//! Not here: fetching the history of cosigned checkpoints (`audit`).

use crate::limits::CLOCK_SKEW_SECONDS;
use crate::log::{Checkpoint, Note, NoteKey, WitnessPolicy, verify_checkpoint};
use crate::register::AuditFault;
use crate::statement::Timestamp;

/// Checkpoints that a quorum of witnesses has signed, by size.
#[derive(Clone, Debug, Default)]
pub struct LogTimes {
    seen: Vec<(Checkpoint, Timestamp)>,
}

impl LogTimes {
    /// Of signed notes; those without a quorum bound nothing and are left out.
    ///
    /// # Errors
    /// `cosigned_invalid`: a note that the log did not sign; `fork`: two roots at one size.
    pub fn of(notes: &[String], log: &NoteKey, policy: &WitnessPolicy) -> Result<Self, AuditFault> {
        let fault = |index: u64, code: &str, reason: String| {
            let (code, index) = (code.to_owned(), index);
            AuditFault { index, code, reason }
        };
        let mut seen: Vec<(Checkpoint, Timestamp)> = Vec::new();
        for note in notes {
            let checkpoint = verify_checkpoint(note, log, log.name())
                .map_err(|error| fault(0, "cosigned_invalid", error.to_string()))?;
            let parsed = Note::parse(note)
                .map_err(|error| fault(0, "cosigned_invalid", error.to_string()))?;
            if let Some(at) = policy.evaluate(&parsed).at {
                seen.push((checkpoint, at));
            }
        }
        seen.sort_by_key(|(checkpoint, at)| (checkpoint.size, *at));
        for pair in seen.windows(2) {
            if let [(a, _), (b, _)] = pair
                && a.size == b.size
                && a.root != b.root
            {
                let reason = format!("witnesses signed two roots at {} entries: a fork", a.size);
                return Err(fault(a.size.saturating_sub(1), "fork", reason));
            }
        }
        Ok(Self { seen })
    }

    /// The checkpoints, by size: the log must contain each.
    pub fn checkpoints(&self) -> impl Iterator<Item = &Checkpoint> {
        self.seen.iter().map(|(checkpoint, _)| checkpoint)
    }

    /// Whether the log time of an entry is possible.
    ///
    /// # Errors
    /// `log_time_out_of_bounds`.
    pub fn check(&self, index: u64, logged_at: Timestamp) -> Result<(), AuditFault> {
        let split = self.seen.partition_point(|(checkpoint, _)| checkpoint.size <= index);
        let refuse = |reason: String| {
            let code = "log_time_out_of_bounds".to_owned();
            Err(AuditFault { index, code, reason })
        };
        // The earliest time at which its quorum was complete, of the first checkpoint that has it.
        if let Some((first, at)) = self.seen.get(split)
            && logged_at > at.plus_seconds(CLOCK_SKEW_SECONDS)
        {
            return refuse(format!(
                "logged at {logged_at}, but witnesses had seen {} entries at {at}",
                first.size
            ));
        }
        if let Some((last, at)) = split.checked_sub(1).and_then(|place| self.seen.get(place))
            && logged_at < at.plus_seconds(-CLOCK_SKEW_SECONDS)
        {
            return refuse(format!(
                "logged at {logged_at}, but at {at} witnesses had seen only {} entries",
                last.size
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::log::{Hash, NoteAlgorithm, cosign, sign_note};

    fn seconds(at: i64) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000 + at)
    }

    fn key(number: u8, name: &str, algorithm: NoteAlgorithm) -> (SigningKey, NoteKey) {
        let secret = SigningKey::from_bytes(&[number; 32]);
        let public = secret.verifying_key().to_bytes();
        (secret, NoteKey::new(name, algorithm, public).unwrap())
    }

    fn note(size: u64, root: u8, at: Option<i64>) -> String {
        let (secret, log) = key(1, "a.example/log", NoteAlgorithm::Ed25519);
        let (witness, own) = key(2, "w.example", NoteAlgorithm::CosignatureV1);
        let origin = log.name().to_owned();
        let text = Checkpoint { origin, size, root: Hash::new([root; 32]) }.to_text();
        let signed = sign_note(&text, &log, &|bytes| secret.sign(bytes).to_bytes());
        let mut note = Note::parse(&signed).unwrap();
        if let Some(at) = at {
            let sign = |bytes: &[u8]| witness.sign(bytes).to_bytes();
            note.signatures.push(cosign(&text, &own, seconds(at), &sign));
        }
        note.to_string()
    }

    fn times(notes: &[String]) -> Result<LogTimes, AuditFault> {
        let (_, log) = key(1, "a.example/log", NoteAlgorithm::Ed25519);
        let (_, own) = key(2, "w.example", NoteAlgorithm::CosignatureV1);
        let policy = WitnessPolicy::parse(&format!("witness w {own}\nquorum w\n")).unwrap();
        LogTimes::of(notes, &log, &policy)
    }

    #[test]
    fn between_two_sights() {
        let times = times(&[note(10, 1, Some(0)), note(20, 2, Some(10_000)), note(30, 3, None)]);
        let times = times.unwrap();
        assert_eq!(times.checkpoints().count(), 2, "no quorum, no bound");
        let skew = CLOCK_SKEW_SECONDS;
        for (index, at, good) in [
            (9, -90_000, true),
            (9, skew, true),
            (9, skew + 1, false),
            (10, -skew, true),
            (10, -skew - 1, false),
            (19, 10_000 + skew, true),
            (19, 10_001 + skew, false),
            (20, 9_999 - skew, false),
            (20, 90_000, true),
        ] {
            let found = times.check(index, seconds(at));
            assert_eq!(found.is_ok(), good, "{index} {at} {found:?}");
        }
    }

    #[test]
    fn two_roots_are_a_fork() {
        let notes = [note(10, 1, Some(0)), note(10, 2, Some(5))];
        assert_eq!(times(&notes).unwrap_err().code, "fork");
        let mut forged = note(10, 1, Some(0));
        forged = forged.replacen("\n10\n", "\n11\n", 1);
        assert_eq!(times(&[forged]).unwrap_err().code, "cosigned_invalid");
        assert!(times(&[]).unwrap().check(0, seconds(0)).is_ok());
    }
}
