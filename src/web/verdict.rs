//! Verdicts of the service: the verifier's, over the live register. Pages and API both come here.

use std::sync::{Arc, Mutex, PoisonError};

use super::App;
use crate::ledger::{View, now};
use crate::statement::Timestamp;
use crate::verify::{Evidence, LiveBook, Policy, Report, Trust, verify};

/// The trust snapshot of the newest view, made once per log size.
#[derive(Default)]
pub struct TrustCache(Mutex<Option<Arc<Trust>>>);

impl TrustCache {
    /// The snapshot for a view. It is the register's own, so its age is none.
    fn of(&self, app: &App, view: &View, now: Timestamp) -> Arc<Trust> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trust) = held.as_ref().filter(|trust| trust.sequence == view.size) {
            return trust.clone();
        }
        let log_key = app.ledger.log_key().to_string();
        let trust = Trust::of(&view.register, &log_key, &view.checkpoint, Vec::new(), now);
        let trust = Arc::new(trust);
        *held = Some(trust.clone());
        trust
    }
}

/// Judges one piece of evidence now.
pub fn report(app: &App, evidence: Evidence<'_>, policy: Policy) -> Report {
    let (view, now) = (app.ledger.view(), now());
    let trust = app.trust.of(app, &view, now);
    let book = LiveBook { register: &view.register, now };
    verify(evidence, &trust, Some(&book), now, policy)
}

/// Judges a signed statement now.
pub fn statement_report(app: &App, bytes: &[u8], policy: Policy) -> Report {
    report(app, Evidence::Statement(bytes), policy)
}

/// Judges many codes, on all cores.
pub async fn reports(app: &App, inputs: Vec<String>, policy: Policy) -> Vec<Report> {
    let app = app.clone();
    let judged = tokio::task::spawn_blocking(move || {
        let judge = |part: &[String]| -> Vec<Report> {
            part.iter().map(|text| report(&app, Evidence::Code(text), policy)).collect()
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = inputs.len().div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            let judge = &judge;
            let parts: Vec<_> =
                inputs.chunks(share).map(|part| scope.spawn(move || judge(part))).collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        })
    });
    judged.await.unwrap_or_default()
}
