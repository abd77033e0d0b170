//! The one door: evidence in, report out. Runs the checks of the evidence's kind, then draws the
//! verdict from them under the policy: any failure fails, anything missing leaves it undecided.

use super::report::{
    Authenticity, Check, CheckName, CheckResult, Claims, Fitness, Indication, Report, SubIndication,
};
use super::signal::{CodeReading, Signal};
use super::{Policy, StatusBook, Trust, code, dossier, quorum, statement};
use crate::label::{LeftOut, Scan};
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::statement::Timestamp;

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
    /// The bytes of a dossier.
    Dossier(&'a [u8]),
}

/// Judges evidence under a trust snapshot; `book` is the status data at hand, if any.
#[must_use]
pub fn verify(
    evidence: Evidence<'_>,
    trust: &Trust,
    book: Option<&dyn StatusBook>,
    now: Timestamp,
    policy: Policy,
) -> Report {
    if let Evidence::Dossier(bytes) = evidence {
        return dossier::judge(bytes, trust, book, now, policy);
    }
    let mut bench = Bench::new(trust, book, now, policy);
    bench.trust_data();
    match evidence {
        Evidence::Proof { leaf, .. } if !statement::has_status(leaf) => {}
        _ => bench.status_data(),
    }
    match evidence {
        Evidence::Dossier(_) => {}
        Evidence::Code(text) => code::judge(&mut bench, &Scan::of(text)),
        Evidence::Scan(scan) => code::judge(&mut bench, scan),
        Evidence::Statement(bytes) => statement::judge(&mut bench, bytes, None),
        Evidence::Jwt(text) => statement::judge_jwt(&mut bench, text),
        Evidence::Proof { leaf, file } => statement::judge_proof(&mut bench, leaf, file),
    }
    bench.report()
}

fn from_the_future(age: i64) -> String {
    format!("made {} s after now: this clock or the data is off", age.saturating_neg())
}

/// The table the checks are laid on.
pub(super) struct Bench<'a> {
    pub trust: &'a Trust,
    pub book: Option<&'a dyn StatusBook>,
    pub now: Timestamp,
    pub policy: Policy,
    pub subject: String,
    pub checks: Vec<Check>,
    pub item: Vec<Signal>,
    pub reading: CodeReading,
    pub fitness: Option<Fitness>,
    pub claims: Option<Claims>,
    sub_indication: Option<(Indication, SubIndication)>,
    unreadable: bool,
}

impl<'a> Bench<'a> {
    pub fn new(
        trust: &'a Trust,
        book: Option<&'a dyn StatusBook>,
        now: Timestamp,
        policy: Policy,
    ) -> Self {
        Self {
            trust,
            book,
            now,
            policy,
            subject: String::new(),
            checks: Vec::new(),
            item: Vec::new(),
            reading: CodeReading::default(),
            fitness: None,
            claims: None,
            sub_indication: None,
            unreadable: false,
        }
    }

    /// Notes what was left out on the way to what is judged.
    pub fn leave_out(&mut self, what: LeftOut) {
        if !self.reading.left_out.contains(&what) {
            self.reading.left_out.push(what);
        }
    }

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
                let counted = quorum::count(self.trust, book.checkpoint());
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

    /// Damage met on the way outranks every other finding: what was not found may have been there.
    fn damage(&mut self) {
        let Some(damage) = self.book.and_then(StatusBook::damage) else { return };
        self.checks.retain(|check| check.check != CheckName::Pack);
        self.sub_indication = None;
        self.fail(CheckName::Pack, SubIndication::TrustFailure, damage);
    }

    /// Puts a check on the table that decides nothing by itself.
    pub fn lay(&mut self, check: CheckName, result: CheckResult, evidence: impl Into<String>) {
        let required = self.policy.requires(check);
        let evidence = evidence.into();
        self.checks.push(Check { check, result, required, evidence, data_age_seconds: None });
    }

    pub fn age(&mut self, seconds: i64) {
        if let Some(check) = self.checks.last_mut() {
            check.data_age_seconds = Some(seconds);
        }
    }

    pub fn pass(&mut self, check: CheckName, evidence: impl Into<String>) {
        self.lay(check, CheckResult::Pass, evidence);
    }

    /// A check that refutes: the first one names the sub-indication.
    pub fn fail(&mut self, check: CheckName, why: SubIndication, evidence: impl Into<String>) {
        self.lay(check, CheckResult::Fail, evidence);
        if !check.is_fitness() {
            self.indicate(Indication::TotalFailed, why);
        }
    }

    /// Refutes even where a plain failure would only speak of fitness: the evidence itself is bad.
    pub fn refute(&mut self, check: CheckName, why: SubIndication, evidence: impl Into<String>) {
        self.lay(check, CheckResult::Fail, evidence);
        self.indicate(Indication::TotalFailed, why);
    }

    /// Evidence that is too old.
    pub fn stale(&mut self, check: CheckName, why: SubIndication, evidence: impl Into<String>) {
        self.miss(check, CheckResult::Stale, why, evidence);
    }

    /// Evidence that is missing and leaves it undecided under every policy.
    pub fn doubt(&mut self, check: CheckName, why: SubIndication, evidence: impl Into<String>) {
        self.lay(check, CheckResult::Absent, evidence);
        self.indicate(Indication::Indeterminate, why);
    }

    /// A check that this evidence cannot carry: told, and bars nothing.
    pub fn skip(&mut self, check: CheckName, why: &str) {
        self.lay(check, CheckResult::NotRun, why);
    }

    /// Tells something about this very code, once.
    pub fn signal(&mut self, signal: Signal) {
        if !self.item.contains(&signal) {
            self.item.push(signal);
        }
    }

    /// Adds words to the evidence of a check on the table.
    pub fn remark(&mut self, check: CheckName, words: &str) {
        for laid in self.checks.iter_mut().filter(|laid| laid.check == check) {
            laid.evidence = format!("{}; {words}", laid.evidence);
        }
    }

    pub fn absent(&mut self, check: CheckName, why: SubIndication, evidence: impl Into<String>) {
        self.miss(check, CheckResult::Absent, why, evidence);
    }

    fn miss(
        &mut self,
        check: CheckName,
        result: CheckResult,
        why: SubIndication,
        evidence: impl Into<String>,
    ) {
        self.lay(check, result, evidence);
        if self.policy.requires(check) {
            self.indicate(Indication::Indeterminate, why);
        }
    }

    /// A failure of form so deep that nothing shows what it was meant to be: nobody is accused.
    pub fn unreadable(&mut self, check: CheckName, evidence: impl Into<String>) {
        self.unreadable = true;
        self.fail(check, SubIndication::FormatFailure, evidence);
    }

    /// A check that was not reached; the reason that it was not is on the table already.
    pub fn not_run(&mut self, checks: &[CheckName]) {
        for check in checks {
            self.lay(*check, CheckResult::NotRun, "");
            if self.policy.requires(*check) && self.sub_indication.is_none() {
                self.indicate(Indication::Indeterminate, SubIndication::NoPoe);
            }
        }
    }

    /// A failure outranks what is missing; among equals the first stands.
    fn indicate(&mut self, indication: Indication, why: SubIndication) {
        match self.sub_indication {
            None => self.sub_indication = Some((indication, why)),
            Some((Indication::Indeterminate, _)) if indication == Indication::TotalFailed => {
                self.sub_indication = Some((indication, why));
            }
            Some(_) => {}
        }
    }

    pub fn report(mut self) -> Report {
        self.damage();
        let (indication, sub_indication) = match self.sub_indication {
            None => (Indication::TotalPassed, None),
            Some((indication, why)) => (indication, Some(why)),
        };
        let genuine = indication != Indication::TotalFailed;
        let fitness = self.fitness.filter(|_| genuine);
        let exit_code = match (indication, &fitness) {
            (Indication::TotalFailed, _) if self.unreadable => 2,
            (Indication::TotalFailed, _) => 1,
            (Indication::TotalPassed, Some(fitness)) if !fitness.fit => 4,
            (Indication::TotalPassed, _) => 0,
            (Indication::Indeterminate, _) => 3,
        };
        Report {
            kind: "VerificationReport".to_owned(),
            version: 1,
            subject: self.subject,
            policy: self.policy,
            validation_time: self.now,
            authenticity: Authenticity { indication, sub_indication },
            fitness,
            item: self.item,
            reading: self.reading,
            claims: self.claims.filter(|_| genuine),
            checks: self.checks,
            exit_code,
            edition: self.trust.edition,
        }
    }
}
