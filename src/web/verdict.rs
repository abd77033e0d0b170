//! Verdicts on codes and statements against the live register: what the API and the pages both ask.
//! Not here: how a verdict comes about (`verify`) and its words for people (`pages`).

use std::sync::{Arc, PoisonError, RwLock};

use super::{App, parallel};
use crate::ledger::{Ledger, View};
use crate::log::Note;
use crate::names::{LotKey, Serial};
use crate::reader::read_text;
use crate::scans::{Scans, Unit};
use crate::statement::Timestamp;
use crate::trust::{Counted, Issue, LiveStatus, Seen, SerialIssues, Standing, StatusData, Trust};
use crate::verify::{Evidence, Policy, Report, verify};

/// Seconds a trust snapshot serves again while the log stands still.
const TRUST_SECONDS: i64 = 10;

/// One published state with what it takes to judge under it.
pub struct Judge {
    pub view: Arc<View>,
    units: Units,
    pub now: Timestamp,
    /// The newest checkpoint that witnesses have seen.
    checkpoint: Arc<str>,
    /// How many of them have.
    pub witnesses: usize,
    /// Whether the ledger still follows its log.
    pub standing: Standing,
    trust: Arc<Trust>,
    /// Who signed the checkpoint.
    counted: Counted,
    /// When the trust snapshot was made.
    made: Timestamp,
}

/// What the service knows of units beside the log: which serials were issued, how often each was
/// seen.
struct Units {
    ledger: Ledger,
    scans: Scans,
    now: Timestamp,
}

impl SerialIssues for Units {
    fn issue_of(&self, lot: &LotKey, serial: &Serial) -> Option<Issue> {
        self.ledger.issue_of(lot, serial)
    }

    fn seen(&self, lot: &LotKey, serial: &Serial) -> Option<Seen> {
        Some(self.scans.seen(Unit::of(lot, serial), self.now))
    }
}

/// The newest judge: made at most once a second and log size.
#[derive(Default)]
pub struct Bench {
    newest: RwLock<Option<Arc<Judge>>>,
}

impl Bench {
    /// The judge of this second.
    pub fn judge(&self, app: &App) -> Arc<Judge> {
        let (view, standing, now) = (app.ledger.view(), app.ledger.standing(), app.ledger.now());
        let known = self.newest.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known =
            known.filter(|judge| judge.view.size == view.size && judge.standing == standing);
        if let Some(judge) = known.as_ref().filter(|judge| judge.now == now) {
            return judge.clone();
        }
        let checkpoint = app.ledger.witnessed_view().checkpoint.clone();
        let policy = app.ledger.witness_policy();
        let signed = policy.zip(Note::parse(&checkpoint).ok());
        let signed = signed.map(|(policy, note)| policy.evaluate(&note));
        let witnesses = signed.as_ref().map_or(0, |quorum| quorum.signed.len());
        let age = |judge: &Judge| now.seconds().saturating_sub(judge.made.seconds());
        let kept = known.filter(|judge| (0..TRUST_SECONDS).contains(&age(judge)));
        let kept = kept.map(|judge| (judge.trust.clone(), judge.made));
        let (trust, made) = kept.unwrap_or_else(|| {
            // It knows the keys as of the same instant as the register.
            let register = &view.register;
            let checkpoint = &checkpoint;
            let book =
                LiveStatus { register, checkpoint, now, standing, serials: None, counted: None };
            let as_of = book.as_of(signed.as_ref().and_then(|quorum| quorum.at));
            let log_key = &app.ledger.config().log_key;
            // Founding statements are for readers of the file; here the register is trusted.
            let trust = Trust::of(register, log_key, &view.checkpoint, Vec::new(), as_of);
            let policy = policy.map(ToString::to_string);
            (Arc::new(trust.with_witnesses(policy)), now)
        });
        // Who asks for no witness counts none; else they are counted already.
        let counted = match (policy.filter(|policy| policy.asks()), signed) {
            (Some(_), Some(quorum)) => Ok(quorum),
            _ => trust.quorum(&checkpoint),
        };
        let (ledger, scans) = (app.ledger.clone(), app.settings.scans.clone());
        let units = Units { ledger, scans, now };
        let judge =
            Judge { view, units, now, checkpoint, witnesses, standing, trust, counted, made };
        let judge = Arc::new(judge);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(judge.clone());
        judge
    }
}

impl Judge {
    /// The report on one piece of evidence.
    pub fn report(&self, evidence: Evidence<'_>, policy: Policy) -> Report {
        let book = LiveStatus {
            register: &self.view.register,
            checkpoint: &self.checkpoint,
            now: self.now,
            standing: self.standing,
            serials: Some(&self.units),
            counted: Some(&self.counted),
        };
        verify(evidence, &self.trust, Some(&book), self.now, policy)
    }

    /// Reports on texts (see [`read_text`]), in order. Blocks for 0.1 ms a code; call it off the
    /// async threads for more than a few.
    pub fn reports(&self, inputs: &[String], policy: Policy) -> Vec<Report> {
        parallel::map(inputs, |input| {
            let content = read_text(input);
            self.report(content.evidence().unwrap_or(Evidence::Code(input)), policy)
        })
    }
}
