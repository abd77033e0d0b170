//! Verdicts on codes and statements against the live register: what the API and the pages both ask.
//! Not here: how a verdict comes about (`verify`).

use std::sync::{Arc, PoisonError};

use super::{App, parallel};
use crate::ledger::View;
use crate::statement::Timestamp;
use crate::verify::{Evidence, LiveBook, Policy, Report, Trust, verify};

/// Seconds a snapshot serves again while the log stands still.
const REUSE_SECONDS: i64 = 60;

/// The newest trust snapshot.
pub type TrustCache = Option<Arc<Trust>>;

/// Reports on the texts of codes, in order. Blocks for 0.1 ms a code; call it off the async threads
/// for more than a few.
pub fn reports(app: &App, inputs: &[String], policy: Policy, now: Timestamp) -> Vec<Report> {
    let view = app.ledger.view();
    let trust = trust(app, &view, now);
    parallel::map(inputs, |input| judge(&view, &trust, Evidence::Code(input), policy, now))
}

/// The report on one piece of evidence.
pub fn report(app: &App, evidence: Evidence<'_>, policy: Policy, now: Timestamp) -> Report {
    let view = app.ledger.view();
    judge(&view, &trust(app, &view, now), evidence, policy, now)
}

fn judge(
    view: &View,
    trust: &Trust,
    evidence: Evidence<'_>,
    policy: Policy,
    now: Timestamp,
) -> Report {
    let book = LiveBook { register: &view.register, now };
    verify(evidence, trust, Some(&book), now, policy)
}

fn trust(app: &App, view: &View, now: Timestamp) -> Arc<Trust> {
    let mut cache = app.trust.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh = |trust: &&Arc<Trust>| {
        trust.sequence == view.size
            && (0..REUSE_SECONDS).contains(&now.seconds().saturating_sub(trust.issued_at.seconds()))
    };
    if let Some(trust) = cache.as_ref().filter(fresh) {
        return trust.clone();
    }
    let log_key = &app.ledger.config().log_key;
    // The founding statements are for readers of the file; here the register itself is trusted.
    let trust = Arc::new(Trust::of(&view.register, log_key, &view.checkpoint, Vec::new(), now));
    *cache = Some(trust.clone());
    trust
}
