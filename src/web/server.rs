//! Running the service: listens, keeps status lists, stops cleanly.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{App, router};
use crate::ledger::{Ledger, keep_status_lists, now};

/// Time between two looks at the status lists: a withdrawal is in a list within a minute.
const KEEPER_SECONDS: u64 = 10;

/// Serves until `stop` is done.
///
/// # Errors
/// The listener's.
pub async fn serve(
    app: App,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let over = Arc::new(AtomicBool::new(false));
    let keeper = spawn_keeper(app.ledger.clone(), over.clone())?;
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(stop).await;
    over.store(true, Ordering::Relaxed);
    keeper.thread().unpark();
    // The keeper holds the ledger: it must be gone before the store is let go.
    let _ = tokio::task::spawn_blocking(move || keeper.join()).await;
    served
}

fn spawn_keeper(
    ledger: Ledger,
    over: Arc<AtomicBool>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("keeper".to_owned()).spawn(move || {
        while !over.load(Ordering::Relaxed) {
            if let Err(error) = keep_status_lists(&ledger, now()) {
                eprintln!("tasdiq: status lists: {error}; the next round tries again");
            }
            std::thread::park_timeout(Duration::from_secs(KEEPER_SECONDS));
        }
    })
}
