//! Witness policies: which logs and witnesses are known, and whose cosignatures make a checkpoint
//! count (C2SP tlog-policy). Pure: notes in, a verdict on the quorum out.
//! Not here: gathering cosignatures, and what a missing quorum means to a verdict.

use std::fmt;
use std::str::FromStr;

use super::error::LogError;
use super::note::Note;
use super::note_key::{NoteAlgorithm, NoteKey};
use crate::limits::{POLICY_BYTES_MAX, POLICY_NAMES_MAX};
use crate::statement::Timestamp;

/// The name that stands for "no cosignature is required".
const NONE: &str = "none";

/// A policy. Written by `Display` in a form that [`WitnessPolicy::parse`] reads; comments are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessPolicy {
    logs: Vec<PolicyLog>,
    members: Vec<Member>,
    quorum: Option<usize>,
}

/// A known log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key; the name is its origin.
    pub key: NoteKey,
    /// Where it is read or written.
    pub url: Option<String>,
}

/// A known witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name in the policy.
    pub name: String,
    /// Its key, of type 0x04.
    pub key: NoteKey,
    /// Its submission prefix (C2SP tlog-witness).
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Member {
    Witness(PolicyWitness),
    /// Met when `threshold` of its members are.
    Group {
        name: String,
        threshold: usize,
        members: Vec<usize>,
    },
}

/// What the cosignatures of one checkpoint come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quorum {
    /// Whether enough witnesses signed.
    pub met: bool,
    /// Witnesses that signed, and when (the latest, if several times).
    pub signed: Vec<(String, Timestamp)>,
    /// Witnesses without a signature.
    pub missing: Vec<String>,
    /// Witnesses with a signature that does not verify.
    pub refuted: Vec<String>,
    /// The newest instant at or after which witnesses enough for the quorum had seen the
    /// checkpoint; None if it is not met, or none is asked for.
    pub at: Option<Timestamp>,
}

impl WitnessPolicy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// `malformed_policy` with the line; `malformed_verifier_key`, `key_type_not_understood`.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let refuse = |line, what| LogError::Policy { line, what };
        if text.len() > POLICY_BYTES_MAX {
            return Err(refuse(0, "more than 64 KiB"));
        }
        let mut reading = Reading::default();
        for (place, line) in text.split('\n').enumerate() {
            let number = place.saturating_add(1);
            if line.bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f) {
                return Err(refuse(number, "a control character other than tab and newline"));
            }
            let items: Vec<&str> =
                line.split([' ', '\t']).filter(|item| !item.is_empty()).collect();
            if items.first().is_some_and(|item| !item.starts_with('#')) {
                reading.line(number, &items)?;
            }
        }
        let quorum = reading.quorum.ok_or(refuse(0, "there is no quorum line"))?;
        Ok(Self { logs: reading.logs, members: reading.members, quorum })
    }

    /// A policy over witnesses of which `threshold` must sign; none if it is 0.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(
        logs: &[PolicyLog],
        witnesses: &[PolicyWitness],
        threshold: usize,
    ) -> Result<Self, LogError> {
        let mut text = String::new();
        for log in logs {
            text.push_str(&definition(&["log", &log.key.to_string()], log.url.as_ref()));
        }
        for witness in witnesses {
            let key = witness.key.to_string();
            text.push_str(&definition(&["witness", &witness.name, &key], witness.url.as_ref()));
        }
        let names: Vec<&str> = witnesses.iter().map(|witness| witness.name.as_str()).collect();
        text.push_str(&match threshold {
            0 => format!("quorum {NONE}\n"),
            k => format!("group enough {k} {}\nquorum enough\n", names.join(" ")),
        });
        Self::parse(&text)
    }

    /// The known logs; none if the log is known from elsewhere.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The known witnesses.
    pub fn witnesses(&self) -> impl Iterator<Item = &PolicyWitness> {
        self.members.iter().filter_map(|member| match member {
            Member::Witness(witness) => Some(witness),
            Member::Group { .. } => None,
        })
    }

    /// The same without addresses: what a reader who only verifies needs.
    #[must_use]
    pub fn without_addresses(&self) -> Self {
        let mut plain = self.clone();
        plain.logs.iter_mut().for_each(|log| log.url = None);
        for member in &mut plain.members {
            if let Member::Witness(witness) = member {
                witness.url = None;
            }
        }
        plain
    }

    /// Whether it asks for any cosignature.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.quorum.is_some()
    }

    /// Whether a log may be judged by this policy: it is listed, or none is.
    #[must_use]
    pub fn knows(&self, log: &NoteKey) -> bool {
        self.logs.is_empty() || self.logs.iter().any(|known| known.key == *log)
    }

    /// Counts the cosignatures of a checkpoint. Lines of unknown keys are not looked at; one bad
    /// line of a witness counts it out.
    #[must_use]
    pub fn evaluate(&self, note: &Note) -> Quorum {
        let mut quorum = Quorum::default();
        quorum.at = self.complete(|witness| counted(&mut quorum, witness, note));
        quorum.met = self.quorum.is_none() || quorum.at.is_some();
        quorum
    }

    /// Since when the quorum is complete, if each witness has seen a checkpoint since then.
    fn complete(
        &self,
        mut since: impl FnMut(&PolicyWitness) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        // A member's time: since when at least its threshold had seen the checkpoint.
        let mut times: Vec<Option<Timestamp>> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            times.push(match member {
                Member::Witness(witness) => since(witness),
                Member::Group { threshold, members, .. } => {
                    let mut seen: Vec<Timestamp> = members
                        .iter()
                        .filter_map(|place| times.get(*place).copied().flatten())
                        .collect();
                    seen.sort_unstable_by(|a, b| b.cmp(a));
                    seen.get(threshold.saturating_sub(1)).copied()
                }
            });
        }
        self.quorum.and_then(|place| times.get(place).copied().flatten())
    }
}

fn counted(quorum: &mut Quorum, witness: &PolicyWitness, note: &Note) -> Option<Timestamp> {
    let name = witness.name.clone();
    match note.cosigned_at(&witness.key) {
        Ok(at) => {
            quorum.signed.push((name, at));
            Some(at)
        }
        Err(LogError::Unsigned { .. }) => {
            quorum.missing.push(name);
            None
        }
        Err(_) => {
            quorum.refuted.push(name);
            None
        }
    }
}

/// A file being read.
#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    members: Vec<Member>,
    /// Places that are a group's members already.
    used: Vec<usize>,
    quorum: Option<Option<usize>>,
}

impl Reading {
    fn line(&mut self, number: usize, items: &[&str]) -> Result<(), LogError> {
        let refuse = |what| LogError::Policy { line: number, what };
        if self.members.len() >= POLICY_NAMES_MAX || self.logs.len() >= POLICY_NAMES_MAX {
            return Err(refuse("too many logs, witnesses or groups"));
        }
        match items {
            ["log", key, url @ ..] if url.len() < 2 => {
                let key = key_of(key, NoteAlgorithm::Ed25519, refuse("a log's key is of type 1"))?;
                if self.logs.iter().any(|log| log.key.public() == key.public()) {
                    return Err(refuse("a log with this key was defined before"));
                }
                self.logs.push(PolicyLog { key, url: first(url) });
            }
            ["witness", name, key, url @ ..] if url.len() < 2 => {
                self.new_name(name).map_err(refuse)?;
                let wrong = refuse("a witness's key is of type 4");
                let key = key_of(key, NoteAlgorithm::CosignatureV1, wrong)?;
                let same =
                    |m: &Member| matches!(m, Member::Witness(w) if w.key.public() == key.public());
                if self.members.iter().any(same) {
                    return Err(refuse("a witness with this key was defined before"));
                }
                let (name, url) = ((*name).to_owned(), first(url));
                self.members.push(Member::Witness(PolicyWitness { name, key, url }));
            }
            ["group", name, threshold, members @ ..] => {
                self.new_name(name).map_err(refuse)?;
                let group = self.group(name, threshold, members).map_err(refuse)?;
                self.members.push(group);
            }
            ["quorum", name] if self.quorum.is_none() => {
                self.quorum = Some(match *name {
                    NONE => None,
                    name => Some(self.place(name).ok_or(refuse("the quorum is not defined"))?),
                });
            }
            ["quorum", _] => return Err(refuse("a second quorum line")),
            _ => {
                return Err(refuse(
                    "it is none of: log KEY [URL], witness NAME KEY [URL], \
                     group NAME all|any|K NAME..., quorum NAME|none",
                ));
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        name: &str,
        threshold: &str,
        names: &[&str],
    ) -> Result<Member, &'static str> {
        let mut members = Vec::with_capacity(names.len());
        for member in names {
            let place = self.place(member).ok_or("a member is not defined before")?;
            if self.used.contains(&place) {
                return Err("a member of more than one group, or twice of one");
            }
            self.used.push(place);
            members.push(place);
        }
        let threshold = match threshold {
            "all" => members.len(),
            "any" => 1,
            digits if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0') => {
                digits.parse().map_err(|_| "the threshold is too large")?
            }
            _ => return Err("the threshold is all, any or a number"),
        };
        if !(1..=members.len()).contains(&threshold) {
            return Err("the threshold is not between 1 and the number of members");
        }
        Ok(Member::Group { name: name.to_owned(), threshold, members })
    }

    fn new_name(&self, name: &str) -> Result<(), &'static str> {
        if name == NONE || self.place(name).is_some() {
            return Err("the name is taken");
        }
        Ok(())
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name() == name)
    }
}

impl Member {
    fn name(&self) -> &str {
        match self {
            Self::Witness(witness) => &witness.name,
            Self::Group { name, .. } => name,
        }
    }
}

fn key_of(text: &str, algorithm: NoteAlgorithm, wrong: LogError) -> Result<NoteKey, LogError> {
    let key = NoteKey::parse(text)?;
    if key.algorithm() == algorithm { Ok(key) } else { Err(wrong) }
}

fn first(items: &[&str]) -> Option<String> {
    items.first().map(|item| (*item).to_owned())
}

fn definition(items: &[&str], url: Option<&String>) -> String {
    let url = url.map(|url| format!(" {url}")).unwrap_or_default();
    format!("{}{url}\n", items.join(" "))
}

impl fmt::Display for WitnessPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for log in &self.logs {
            f.write_str(&definition(&["log", &log.key.to_string()], log.url.as_ref()))?;
        }
        let name = |place: &usize| self.members.get(*place).map_or(NONE, Member::name);
        for member in &self.members {
            match member {
                Member::Witness(PolicyWitness { name, key, url }) => {
                    f.write_str(&definition(&["witness", name, &key.to_string()], url.as_ref()))?;
                }
                Member::Group { name: own, threshold, members } => {
                    let names: Vec<&str> = members.iter().map(name).collect();
                    writeln!(f, "group {own} {threshold} {}", names.join(" "))?;
                }
            }
        }
        writeln!(f, "quorum {}", self.quorum.as_ref().map_or(NONE, name))
    }
}

impl FromStr for WitnessPolicy {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::super::cosignature::cosign;
    use super::*;

    const TEXT: &str = "tasdiq.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

    fn secret(number: u8) -> SigningKey {
        SigningKey::from_bytes(&[number; 32])
    }

    fn key(number: u8, algorithm: NoteAlgorithm) -> NoteKey {
        let public = secret(number).verifying_key().to_bytes();
        NoteKey::new(&format!("w{number}.example"), algorithm, public).unwrap()
    }

    fn witness(number: u8) -> String {
        format!("witness W{number} {}\n", key(number, NoteAlgorithm::CosignatureV1))
    }

    fn seconds(at: i64) -> Timestamp {
        Timestamp::from_seconds(at)
    }

    /// A checkpoint cosigned by these witnesses at these times.
    fn note(signers: &[(u8, i64)]) -> Note {
        let sign = |number: u8, at| {
            let key = key(number, NoteAlgorithm::CosignatureV1);
            cosign(TEXT, &key, seconds(at), &|bytes| secret(number).sign(bytes).to_bytes())
        };
        let signatures = signers.iter().map(|(number, at)| sign(*number, *at)).collect();
        Note { text: TEXT.to_owned(), signatures }
    }

    fn two_levels() -> WitnessPolicy {
        let witnesses: String = (1..=6).map(witness).collect();
        let text = format!(
            "# two organisations\n{witnesses}\n\tgroup X 2 W1 W2 W3\ngroup Y any W4 W5 W6 \n\
             group both all X Y\nquorum both\n"
        );
        WitnessPolicy::parse(&text).unwrap()
    }

    #[test]
    fn a_quorum_of_groups_and_when_it_was_complete() {
        let policy = two_levels();
        assert_eq!(policy.witnesses().count(), 6);
        for (signers, at) in [
            (&[(1, 10), (2, 20), (4, 30)][..], Some(10)),
            (&[(1, 10), (2, 20), (3, 15), (4, 30)], Some(15)),
            (&[(1, 10), (2, 20), (4, 5), (5, 50)], Some(10)),
            (&[(1, 10), (4, 30)], None),
            (&[(1, 10), (2, 20), (3, 30)], None),
            (&[], None),
        ] {
            let quorum = policy.evaluate(&note(signers));
            assert_eq!(quorum.at, at.map(seconds), "{signers:?}");
            assert_eq!((quorum.met, quorum.signed.len()), (at.is_some(), signers.len()));
            assert_eq!(quorum.missing.len(), 6 - signers.len());
        }
    }

    #[test]
    fn a_bad_line_counts_its_witness_out() {
        let policy = two_levels();
        let mut note = note(&[(1, 10), (2, 20), (4, 30)]);
        note.signatures[1].bytes[9] ^= 1;
        let quorum = policy.evaluate(&note);
        assert!(!quorum.met);
        assert_eq!(quorum.refuted, ["W2"]);
        assert_eq!(quorum.missing, ["W3", "W5", "W6"]);
    }

    #[test]
    fn none_asks_for_nothing() {
        let policy = WitnessPolicy::parse("quorum none").unwrap();
        assert!(!policy.asks());
        let quorum = policy.evaluate(&note(&[]));
        assert_eq!((quorum.met, quorum.at), (true, None));
    }

    #[test]
    fn written_and_read_again() {
        let policy = two_levels();
        assert_eq!(policy.to_string().parse(), Ok(policy.clone()));
        let key = key(9, NoteAlgorithm::Ed25519);
        let logs = [PolicyLog { key: key.clone(), url: Some("https://w9.example/".into()) }];
        let witnesses: Vec<_> = policy.witnesses().cloned().collect();
        let made = WitnessPolicy::of(&logs, &witnesses, 2).unwrap();
        assert_eq!(made.to_string().parse(), Ok(made.clone()));
        assert!(made.knows(&key) && made.asks());
        assert!(!WitnessPolicy::of(&logs, &[], 0).unwrap().asks());
    }

    #[test]
    fn refusals_name_the_line() {
        let log = key(9, NoteAlgorithm::Ed25519);
        let (one, two) = (witness(1), witness(2));
        for (text, line) in [
            (one.clone(), 0),
            ("quorum none\nquorum none\n".into(), 2),
            (format!("{one}quorum W2\n"), 2),
            (format!("{one}group G 2 W1\nquorum G\n"), 2),
            (format!("{one}group G 0 W1\nquorum G\n"), 2),
            (format!("{one}group G 01 W1\nquorum G\n"), 2),
            (format!("{one}group G some W1\nquorum G\n"), 2),
            (format!("{one}group G all\nquorum G\n"), 2),
            (format!("{one}group G all W1 W1\nquorum G\n"), 2),
            (format!("{one}group G all W1\ngroup H all W1\nquorum G\n"), 3),
            (format!("{one}group G all none\nquorum G\n"), 2),
            (format!("{one}{one}quorum W1\n"), 2),
            (format!("{one}{}quorum W1\n", one.replace("W1", "W3")), 2),
            (format!("{one}{}quorum W1\n", two.replace("W2", "none")), 2),
            (format!("log {log}\nlog {log}\nquorum none\n"), 2),
            (format!("log {} \nquorum none\n", key(1, NoteAlgorithm::CosignatureV1)), 1),
            (format!("witness W {log}\nquorum W\n"), 1),
            ("log a b c\nquorum none\n".into(), 1),
            ("quorum  none\r\n".into(), 1),
            ("Quorum none\n".into(), 1),
        ] {
            match WitnessPolicy::parse(&text) {
                Err(LogError::Policy { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
