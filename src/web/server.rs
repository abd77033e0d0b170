//! Running the service: listens, keeps status lists, stops cleanly.
//! Not here: routes, and the file that tells other commands where the service listens.

use std::future::Future;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::{error, warn};

use super::{App, parallel, router};
use crate::door;
use crate::ledger::{Ledger, keep_status_lists};
use crate::limits::SCAN_SAVE_SECONDS;
use crate::scans::Scans;

/// Between two rounds of the keeper, in seconds: lists follow a withdrawal within a minute.
const KEEPER_SECONDS: u64 = 15;

/// How long a nudged keeper waits for more changes, in milliseconds: one list entry for a burst.
const NUDGE_MILLIS: u64 = 1_000;

/// How long a stop waits for the keeper's round, in milliseconds; it is whole or not logged.
const KEEPER_STOP_MILLIS: u64 = 500;

/// Serves until `stop` is done.
///
/// # Errors
/// None so far: what the system refuses is tried again.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let (scans, ledger) = (app.settings.scans.clone(), app.ledger.clone());
    let saver = tokio::spawn(save(scans.clone(), ledger.clone(), stopped.clone()));
    let keeper = tokio::spawn(keep(app.clone(), stopped));
    let signal = async move {
        stop.await;
        let _ = stopping.send(true);
    };
    let metrics = app.metrics.clone();
    let told = move |status, code| metrics.refusals.count("door", status, code, || None);
    door::serve(router(app), listener, signal, told).await;
    // A round that takes longer ends with the process, before or after its batch.
    let _ = tokio::time::timeout(Duration::from_millis(KEEPER_STOP_MILLIS), keeper).await;
    let _ = saver.await;
    save_once(&scans, &ledger).await;
    Ok(())
}

/// Done when the service stops.
async fn stop_of(stopped: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same as its word.
    let _ = stopped.wait_for(|stopping| *stopping).await;
}

/// Saves the counts of scans now and then, until the service stops.
async fn save(scans: Scans, ledger: Ledger, mut stopped: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(Duration::from_secs(SCAN_SAVE_SECONDS));
    loop {
        tokio::select! {
            () = stop_of(&mut stopped) => return,
            _ = rounds.tick() => {}
        }
        save_once(&scans, &ledger).await;
    }
}

async fn save_once(scans: &Scans, ledger: &Ledger) {
    let (scans, now) = (scans.clone(), ledger.now());
    match parallel::blocking(move || scans.save(now)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => warn!(%error, "counts of scans: the next round tries again"),
        Err(_) => error!("counts of scans: saving panicked; the next round tries again"),
    }
}

/// Appends status lists that fell behind, until the service stops.
async fn keep(app: App, mut stopped: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(Duration::from_secs(KEEPER_SECONDS));
    loop {
        tokio::select! {
            () = stop_of(&mut stopped) => return,
            _ = rounds.tick() => {}
            () = app.stale_lists.notified() => {
                tokio::time::sleep(Duration::from_millis(NUDGE_MILLIS)).await;
            }
        }
        app.metrics.refusals.flush();
        let ledger = app.ledger.clone();
        match parallel::blocking(move || keep_status_lists(&ledger, ledger.now())).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                warn!(code = error.code(), %error, "status lists: next round tries again")
            }
            Err(_) => error!("status lists: the keeper panicked; next round tries again"),
        }
    }
}
