//! One witness, asked over HTTP (C2SP tlog-witness): sends a checkpoint with its consistency proof,
//! believes nothing of the answer but a cosignature that verifies. Not here: several witnesses.

use std::time::Duration;

use crate::client::{Caller, is_own, why};
use crate::ledger::{Ledger, View};
use crate::limits::WITNESS_ANSWER_BYTES_MAX;
use crate::log::{
    AddCheckpoint, Note, NoteSignature, PolicyWitness, monitoring_name, verify_checkpoint,
};
use crate::statement::Timestamp;

/// How long asking one witness may take: it is asked once, once more from the size that it names,
/// and for what it has to show. A round waits as long (`cosigner`).
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// One witness and what it is believed to have seen.
pub struct WitnessClient {
    witness: PolicyWitness,
    agent: ureq::Agent,
    /// The size it has seen of this log, as far as known.
    seen: u64,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It signed, at this time.
    Signed(Vec<NoteSignature>, Timestamp),
    /// It says that it has signed a larger tree of this log than there is.
    Ahead {
        /// What it says to have seen.
        size: u64,
        /// A checkpoint of at least one entry more than there is, signed by the log: then it is
        /// true, and this log is an old copy.
        proof: Option<String>,
    },
    /// It holds that the log contradicts itself.
    Inconsistent {
        /// Its words.
        reason: String,
    },
    /// It did not sign for another reason; it is asked again.
    Failed {
        /// What went wrong.
        reason: String,
    },
}

impl WitnessClient {
    /// A client of a witness; None if the policy gives no address for it.
    #[must_use]
    pub fn new(witness: PolicyWitness) -> Option<Self> {
        let url = witness.url.as_ref()?;
        let agent = Caller::LEDGER.agent(is_own(url));
        Some(Self { witness, agent, seen: 0 })
    }

    /// The witness.
    #[must_use]
    pub fn witness(&self) -> &PolicyWitness {
        &self.witness
    }

    /// Asks for a cosignature of a published state. A witness that says it has seen another size is
    /// asked once more from there.
    pub fn ask(&mut self, ledger: &Ledger, view: &View) -> Asked {
        if self.seen > view.size {
            self.seen = 0;
        }
        for _ in 0..2 {
            let proof = match self.seen {
                0 => Ok(Vec::new()),
                seen => ledger.consistency(seen, view.size),
            };
            let proof = match proof {
                Ok(proof) => proof,
                Err(error) => return failed(error.to_string()),
            };
            let old = self.seen;
            let request = AddCheckpoint { old, proof, note: view.checkpoint.to_string() };
            let (status, body) = match self.post(&request.to_string()) {
                Ok(answer) => answer,
                Err(reason) => return failed(reason),
            };
            match status {
                200 => return self.believe(view, &body),
                409 => match conflict(&body) {
                    // Anybody may have shown it what this log published since.
                    Some(size) if size > view.size && size <= ledger.view().size => {
                        return failed(format!("it has seen {size} entries already"));
                    }
                    Some(size) if size > view.size => {
                        return Asked::Ahead { size, proof: self.proof(ledger) };
                    }
                    Some(size) if size != self.seen => self.seen = size,
                    _ => return failed("it answered 409 with no size that makes sense".to_owned()),
                },
                422 => return Asked::Inconsistent { reason: start_of(&body) },
                other => return failed(format!("it answered {other}: {}", start_of(&body))),
            }
        }
        failed("it names another size each time it is asked".to_owned())
    }

    /// What it shows at its monitoring address, if the log signed it and it is larger than the log.
    fn proof(&self, ledger: &Ledger) -> Option<String> {
        let key = ledger.log_key();
        let note = self.newest(key.name()).ok().flatten()?;
        let shown = verify_checkpoint(&note, key, key.name()).ok()?;
        (shown.size > ledger.view().size).then_some(note)
    }

    fn post(&self, body: &str) -> Result<(u16, String), String> {
        let base = self.witness.url.as_deref().unwrap_or_default().trim_end_matches('/');
        let url = format!("{base}/add-checkpoint");
        let sent = self.agent.post(&url).header("content-type", "text/plain; charset=utf-8");
        text_of(sent.send(body.as_bytes()))
    }

    /// The newest checkpoint it has signed of a log, from its monitoring address.
    ///
    /// # Errors
    /// What went wrong.
    pub fn newest(&self, origin: &str) -> Result<Option<String>, String> {
        let base = self.witness.url.as_deref().unwrap_or_default().trim_end_matches('/');
        let url = format!("{base}/{}/checkpoint", monitoring_name(origin));
        match text_of(self.agent.get(&url).call())? {
            (200, note) => Ok(Some(note)),
            (404, _) => Ok(None),
            (other, body) => Err(format!("it answered {other}: {}", start_of(&body))),
        }
    }

    /// Takes the lines of its own key, if they are good signatures of this very checkpoint.
    fn believe(&mut self, view: &View, body: &str) -> Asked {
        let Ok(own) = Note::parse(&view.checkpoint) else {
            return failed("the checkpoint is no note".to_owned());
        };
        let key = &self.witness.key;
        let signed = Note::parse(&format!("{}\n{body}", own.text));
        let judged = signed.and_then(|note| Ok((note.cosigned_at(key)?, note)));
        match judged {
            Ok((at, note)) => {
                self.seen = view.size;
                let of_it =
                    |line: &NoteSignature| line.name == key.name() && line.key_id == key.key_id();
                Asked::Signed(note.signatures.into_iter().filter(of_it).collect(), at)
            }
            Err(error) => failed(format!("its answer is no cosignature: {error}")),
        }
    }
}

fn text_of(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<(u16, String), String> {
    let mut answer = answer.map_err(|error| why(&error))?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(WITNESS_ANSWER_BYTES_MAX).read_to_vec();
    let body = body.map_err(|error| error.to_string())?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// The size in the body of a 409.
fn conflict(body: &str) -> Option<u64> {
    let digits = body.strip_suffix('\n').unwrap_or(body);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|_| plain)
}

fn start_of(body: &str) -> String {
    body.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn failed(reason: String) -> Asked {
    Asked::Failed { reason }
}
