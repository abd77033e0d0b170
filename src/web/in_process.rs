//! The service's routes without a network: a request in, its answer out, for commands that open a
//! ledger themselves. Beside it does what a running service does: status lists follow what is
//! submitted. Not here: the routes.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::Runtime;
use tracing::warn;

use super::{App, Settings, router};
use crate::ledger::{Ledger, keep_status_lists};

/// Where statements are submitted.
const STATEMENTS: &str = "/api/v1/statements";

/// A service of this process.
pub struct InProcess {
    ledger: Ledger,
    routes: TowerToHyperService<axum::Router>,
    runtime: Runtime,
}

impl InProcess {
    /// Over a ledger that is opened here.
    ///
    /// # Errors
    /// Threads that the system does not give.
    pub fn new(ledger: Ledger) -> std::io::Result<Self> {
        let routes = router(App::new(ledger.clone(), Settings::default()));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { ledger, routes: TowerToHyperService::new(routes), runtime })
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The answer to a request. Blocks; not to be called by a thread that serves connections.
    ///
    /// # Errors
    /// A body that breaks off.
    pub fn answer(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, String> {
        let submits = request.method() == Method::POST && request.uri().path() == STATEMENTS;
        if request.uri().path().ends_with(".tasdiq") {
            self.keep_lists();
        }
        let answer = self.runtime.block_on(async {
            let answer = match self.routes.call(request.map(Body::from)).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
            Ok(Response::from_parts(head, body.to_vec()))
        });
        if submits {
            self.keep_lists();
        }
        answer
    }

    /// What a service does within a minute; if it cannot now, the next start does.
    fn keep_lists(&self) {
        if let Err(error) = keep_status_lists(&self.ledger, self.ledger.now()) {
            warn!(%error, "the status lists will be brought up to date later");
        }
    }
}
