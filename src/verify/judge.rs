//! The one door: evidence in, report out. Runs the checks of the evidence's kind, then draws the
//! verdict from them under the policy: any failure fails, anything missing leaves it undecided.

use super::checks::Checks;
use super::dossier;
use super::report::{CheckName, Report, SubIndication};
use super::{Policy, code, quorum, statement, trace_dossier};
use crate::dossier::is_trace;
use crate::label::Scan;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::statement::Timestamp;
use crate::trust::{StatusData, Trust};

/// What is to be judged.
#[derive(Clone, Copy)]
pub enum Evidence<'a> {
    /// The text of a code, scanned or typed.
    Code(&'a str),
    /// The same, read already.
    Scan(&'a Scan<'a>),
    /// The bytes of a signed statement, or of one with its vc+jwt as it is submitted.
    Statement(&'a [u8]),
    /// A whole vc+jwt (JWS compact serialisation).
    Jwt(&'a str),
    /// A leaf of the log and the text of its `.tlog-proof`.
    Proof {
        /// The leaf's bytes.
        leaf: &'a [u8],
        /// The proof file.
        file: &'a str,
    },
    /// The bytes of a dossier, of a certificate or of a lot's way back.
    Dossier(&'a [u8]),
}

/// Judges evidence under a trust snapshot; `book` is the status data at hand, if any.
#[must_use]
pub fn verify(
    evidence: Evidence<'_>,
    trust: &Trust,
    book: Option<&dyn StatusData>,
    now: Timestamp,
    policy: Policy,
) -> Report {
    if let Evidence::Dossier(bytes) = evidence {
        if is_trace(bytes) {
            return trace_dossier::judge(bytes, trust, now, policy);
        }
        return dossier::judge(bytes, trust, book, now, policy);
    }
    let mut checks = Checks::new(trust, book, now, policy);
    checks.trust_data();
    match evidence {
        Evidence::Proof { leaf, .. } if !statement::has_status(leaf) => {}
        _ => checks.status_data(),
    }
    match evidence {
        Evidence::Dossier(_) => {}
        Evidence::Code(text) => code::judge(&mut checks, &Scan::of(text)),
        Evidence::Scan(scan) => code::judge(&mut checks, scan),
        Evidence::Statement(bytes) => statement::judge(&mut checks, bytes, None),
        Evidence::Jwt(text) => statement::judge_jwt(&mut checks, text),
        Evidence::Proof { leaf, file } => statement::judge_proof(&mut checks, leaf, file),
    }
    checks.report()
}

fn from_the_future(age: i64) -> String {
    format!("made {} s after now: this clock or the data is off", age.saturating_neg())
}

impl Checks<'_> {
    /// The trust snapshot was verified when it was opened: says how old it is.
    pub fn trust_data(&mut self) {
        let age = self.now.seconds().saturating_sub(self.trust.issued_at.seconds());
        let sequence = self.trust.sequence;
        if !self.trust.is_pinned() {
            let text = format!("nobody compared its root {}", self.trust.root);
            self.absent(CheckName::TrustSnapshot, SubIndication::RootNotPinned, text);
        } else if age < -CLOCK_SKEW_SECONDS {
            let text = format!("log size {sequence}; {}", from_the_future(age));
            self.stale(CheckName::TrustSnapshot, SubIndication::StatusStale, text);
        } else {
            self.pass(CheckName::TrustSnapshot, format!("log size {sequence}"));
        }
        self.age(age);
    }

    /// The book was verified when it was opened: says how old it is, and who saw its checkpoint.
    pub fn status_data(&mut self) {
        let sequence = self.trust.sequence;
        match self.book {
            Some(book) => {
                let covers = book.covers();
                let older = if covers < sequence { "; older than the trust snapshot" } else { "" };
                self.pass(CheckName::Pack, format!("covers {covers} log entries{older}"));
                let counted = book.counted();
                let counted = counted.unwrap_or_else(|| self.trust.quorum(book.checkpoint()));
                let since = |at: Timestamp| self.now.seconds().saturating_sub(at.seconds());
                let age = since(book.as_of(quorum::time(&counted)));
                let stated = since(book.issued_at());
                self.age(age);
                self.freshness(age, stated, book.outdated());
                quorum::lay(self, counted);
            }
            None => {
                let text = "no status data at hand";
                self.absent(CheckName::Pack, SubIndication::TryLater, text);
                self.absent(CheckName::StatusFreshness, SubIndication::TryLater, text);
            }
        }
    }

    /// Status data must be of late, known to be the newest, and not from the future: a clock behind
    /// the data by more than the skew is as useless as old data. `stated` is how old it says it is.
    fn freshness(&mut self, age: i64, stated: i64, outdated: Option<String>) {
        let limit = self.policy.status_age_seconds_max();
        let mut evidence = format!("{age} s old; the policy allows {limit} s");
        let future = stated.min(age) < -CLOCK_SKEW_SECONDS;
        if self.policy.is_fresh(age) && !future && outdated.is_none() {
            self.pass(CheckName::StatusFreshness, evidence);
        } else {
            if future {
                evidence = from_the_future(stated.min(age));
            } else if let Some(reason) = outdated {
                evidence = format!("{evidence}; {reason}");
            }
            self.stale(CheckName::StatusFreshness, SubIndication::StatusStale, evidence);
        }
        self.age(age);
    }
}
