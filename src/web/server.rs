//! Running the service: listens, keeps status lists, stops cleanly.

use std::future::Future;

use super::{App, router};

/// Serves until `stop` is done.
///
/// # Errors
/// The listener's.
pub async fn serve(
    app: App,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await
}
