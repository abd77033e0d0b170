//! The service under measurement: in this process, on a runtime of its own, on a free port.

use std::net::SocketAddr;
use std::thread::JoinHandle;

use anyhow::{Context, anyhow};
use tokio::sync::oneshot;

use crate::ledger::Ledger;
use crate::web::{self, App, Settings};

/// A running service.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Service {
    /// Serves a ledger.
    ///
    /// # Errors
    /// No port, no thread.
    pub fn start(ledger: Ledger) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let public_url = format!("http://{address}");
        let settings = Settings { public_url, ..Settings::default() };
        let app = App::new(ledger, settings);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("service".to_owned()).spawn(move || {
            let stopped = async { drop(stopped.await) };
            runtime.block_on(web::serve(app, listener, stopped))
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Stops cleanly: when it returns, the ledger's store is closed if nobody else holds it.
    ///
    /// # Errors
    /// What the server says.
    pub fn stop(mut self) -> anyhow::Result<()> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let thread = self.thread.take().context("it was stopped before")?;
        thread.join().map_err(|_| anyhow!("the service's thread broke off"))??;
        Ok(())
    }
}
