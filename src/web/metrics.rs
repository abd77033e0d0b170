//! What the service counted and measured since it started, and what its ledger holds, as the text
//! that Prometheus reads. Labels come from short lists of our own: no caller can make one.
//! Not here: figures of the writer's batches, which the ledger measures, and of refusals.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::App;
use super::refusals::{Refusals, Refused};
use crate::ledger::{BatchFigures, Ledger, Receipt, SubmitError};

/// Counters and histograms of one service.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    statements: Family<Vec<(&'static str, &'static str)>, Counter>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    submit_seconds: Histogram,
    /// What was refused.
    pub refusals: Refusals,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WitnessLabel {
    witness: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    status: u16,
}

impl Metrics {
    /// All at nought, beside what the writer of the same ledger measures.
    pub fn new(batches: &BatchFigures) -> Self {
        let statements = Family::<Vec<_>, Counter>::default();
        let requests = Family::<RequestLabels, Counter>::default();
        let submit_seconds = seconds();
        let request_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        for outcome in ["accepted", "duplicate"] {
            statements.get_or_create_owned(&vec![("outcome", outcome)]);
        }
        let mut registry = Registry::default();
        registry.register("tasdiq_statements", "Statements submitted", statements.clone());
        registry.register("tasdiq_requests", "Requests answered", requests.clone());
        let help = "From a request's header until the head of its answer";
        registry.register("tasdiq_request_seconds", help, request_seconds.clone());
        let help = "From the last byte of a submission until its answer";
        registry.register("tasdiq_submit_seconds", help, submit_seconds.clone());
        let help = "Entries that became durable together";
        registry.register("tasdiq_batch_entries", help, batches.entries.clone());
        let help = "Until the disk had a batch";
        registry.register("tasdiq_commit_seconds", help, batches.commit_seconds.clone());
        let refusals = Refusals::new(&mut registry);
        Self { registry, statements, requests, request_seconds, submit_seconds, refusals }
    }

    /// Counts the outcomes of one submission, which took so long.
    pub fn submitted(&self, outcomes: &[Result<Receipt, SubmitError>], took: Duration) {
        self.submit_seconds.observe(took.as_secs_f64());
        for outcome in outcomes {
            let labels = match outcome {
                Ok(receipt) if receipt.duplicate => vec![("outcome", "duplicate")],
                Ok(_) => vec![("outcome", "accepted")],
                Err(fault) => vec![("outcome", "refused"), ("code", fault.code())],
            };
            self.statements.get_or_create(&labels).inc();
        }
    }

    /// All figures, those of the ledger as they are now.
    pub fn text(&self, ledger: &Ledger) -> String {
        let mut text = String::new();
        // Writing into a string has no way to fail.
        let _ = prometheus_text::encode(&mut text, &gauges(ledger));
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }
}

/// 0.5 ms to 8 s.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 15))
}

fn gauges(ledger: &Ledger) -> Registry {
    let view = ledger.view();
    let register = &view.register;
    let age = |at| ledger.now().seconds().saturating_sub(at);
    let age = register.last_at().map_or(0, |at| age(at.seconds()));
    let mut registry = Registry::default();
    let mut gauge = |name: &str, help: &str, value: u64| {
        registry.register(name, help, ConstGauge::new(value));
    };
    gauge("tasdiq_log_entries", "Entries under the newest checkpoint", view.size);
    let help = "Since the newest entry was logged and its checkpoint signed";
    gauge("tasdiq_checkpoint_age_seconds", help, age.try_into().unwrap_or_default());
    gauge("tasdiq_lots", "Lots declared", register.lot_count().try_into().unwrap_or(u64::MAX));
    gauge("tasdiq_next_serial", "The next free serial of a certificate", register.next_serial());
    gauge("tasdiq_store_bytes", "Bytes the store takes on disk", ledger.disk_bytes());
    let help = "1 if no more statements are accepted";
    gauge("tasdiq_writes_stopped", help, view.stopped.is_some().into());
    witnesses(ledger, &mut registry);
    registry
}

/// How the witnesses stand that the policy names. Without a policy there is none, and none missing.
fn witnesses(ledger: &Ledger, registry: &mut Registry) {
    let standing = ledger.witness_standing();
    let count = |count: usize| ConstGauge::new(u64::try_from(count).unwrap_or(u64::MAX));
    registry.register("tasdiq_witnesses", "Named by the policy", count(standing.len()));
    let missing = standing.iter().filter(|it| it.error.is_some() || it.signed_at.is_none());
    let help = "Witnesses that did not sign when they were asked last, or never did";
    registry.register("tasdiq_witnesses_missing", help, count(missing.count()));
    let age = Family::<WitnessLabel, Gauge>::default();
    let now = ledger.now().seconds();
    for witness in standing {
        let Some(at) = witness.signed_at else { continue };
        let age = age.get_or_create_owned(&WitnessLabel { witness: witness.name });
        age.set(now.saturating_sub(at.seconds()));
    }
    let help = "Since a witness signed last, by its own clock";
    registry.register("tasdiq_witness_cosignature_age_seconds", help, age);
}

/// Counts every request by the kind of route that answered, with what status and how soon; a
/// refusal also by its code.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or("code", |path| class(path.as_str()));
    let begun = Instant::now();
    let response = next.run(request).await;
    let (metrics, status) = (&app.metrics, response.status().as_u16());
    metrics.requests.get_or_create(&RequestLabels { route, status }).inc();
    let took = begun.elapsed().as_secs_f64();
    metrics.request_seconds.get_or_create(&RouteLabel { route }).observe(took);
    if status >= 400 {
        let refused = response.extensions().get().copied();
        let Refused { code, statement } = refused.unwrap_or(Refused::UNNAMED);
        metrics.refusals.count(route, status, code, || statement);
    }
    response
}

/// The kind of a route of the one list; what no route takes is read as a code.
fn class(path: &str) -> &'static str {
    match path {
        "/api/v1/statements" => "submit",
        "/api/v1/verify" => "verify",
        "/healthz" | "/readyz" | "/metrics" => "operations",
        "/docs/FORMAT.md" => "api",
        path if path.starts_with("/api") || path.starts_with("/schemas") => "api",
        path if path.starts_with("/log/") => "log",
        path if path.starts_with("/status") => "status",
        path if path.starts_with("/.well-known/") || path.ends_with("/did.json") => "keys",
        "/trust" | "/ns/tasdiq/v1" => "keys",
        _ => "page",
    }
}
