//! The table that checks are laid on, and the report drawn from it: any failure fails, anything
//! missing leaves it undecided. Not here: the checks.

use super::Policy;
use super::report::{
    Authenticity, Check, CheckName, CheckResult, Claims, Fitness, Indication, Report, SubIndication,
};
use super::signal::{CodeReading, Signal};
use crate::label::LeftOut;
use crate::register::LotTrace;
use crate::statement::Timestamp;
use crate::trust::Seen;
use crate::trust::{StatusData, Trust};

/// The table the checks are laid on.
pub(super) struct Checks<'a> {
    pub trust: &'a Trust,
    pub book: Option<&'a dyn StatusData>,
    pub now: Timestamp,
    pub policy: Policy,
    pub subject: String,
    pub checks: Vec<Check>,
    pub item: Vec<Signal>,
    pub reading: CodeReading,
    pub seen: Option<Seen>,
    pub fitness: Option<Fitness>,
    pub claims: Option<Claims>,
    pub trace: Option<LotTrace>,
    sub_indication: Option<(Indication, SubIndication)>,
    unreadable: bool,
}

impl<'a> Checks<'a> {
    pub fn new(
        trust: &'a Trust,
        book: Option<&'a dyn StatusData>,
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
            seen: None,
            fitness: None,
            claims: None,
            trace: None,
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

    /// Damage met on the way outranks every other finding: what was not found may have been there.
    fn damage(&mut self) {
        let Some(damage) = self.book.and_then(StatusData::damage) else { return };
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

    /// A check that this evidence must carry, whatever the policy: one that is missing leaves it
    /// undecided.
    pub fn require(&mut self, check: CheckName, result: CheckResult, evidence: impl Into<String>) {
        self.tell(check, result, evidence);
        if let Some(laid) = self.checks.last_mut() {
            laid.required = true;
        }
        match result {
            CheckResult::Fail if !check.is_fitness() => {
                self.indicate(Indication::TotalFailed, SubIndication::HashFailure);
            }
            CheckResult::Absent | CheckResult::Stale | CheckResult::NotRun => {
                self.indicate(Indication::Indeterminate, SubIndication::TryLater);
            }
            CheckResult::Pass | CheckResult::Fail => {}
        }
    }

    /// A check that is told and bars nothing, whatever came of it.
    pub fn tell(&mut self, check: CheckName, result: CheckResult, evidence: impl Into<String>) {
        self.lay(check, result, evidence);
    }

    /// Tells something about this very code, once.
    pub fn signal(&mut self, signal: Signal) {
        if !self.item.contains(&signal) {
            self.item.push(signal);
        }
    }

    /// Whether a check on the table failed.
    pub fn failed(&self, check: CheckName) -> bool {
        self.checks.iter().any(|laid| laid.check == check && laid.result == CheckResult::Fail)
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
            // Of evidence that is about no certificate.
            (Indication::TotalPassed, None)
                if self.checks.iter().any(|check| check.result == CheckResult::Fail) =>
            {
                4
            }
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
            seen: self.seen.filter(|_| genuine),
            claims: self.claims.filter(|_| genuine),
            trace: self.trace.filter(|_| genuine),
            checks: self.checks,
            exit_code,
            edition: self.trust.edition,
        }
    }
}
