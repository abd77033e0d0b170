//! Which service answers for a data folder: the one that holds it, and no other. Not here: what a
//! verb asks it (`service`).

use std::fs;

use anyhow::{Context, bail};

use crate::client::Client;
use crate::ledger::Home;
use crate::log::{NoteKey, verify_checkpoint};
use crate::store::SledStore;

/// The service that holds this data folder. Whatever else answers at the address it once had is
/// not asked: a folder that no process holds answers for itself. Stderr tells which it is.
pub(in crate::cli) fn running_service(home: &Home) -> Option<Client> {
    let address = fs::read_to_string(home.address()).ok()?;
    let (address, folder) = (address.trim(), home.folder().display());
    if !SledStore::is_held(&home.store()) {
        eprintln!("tasdiq: no service holds {folder} any more (it had {address}): read directly");
        // What a killed service left; if it cannot be removed, it is found out again.
        let _ = fs::remove_file(home.address());
        return None;
    }
    let client = Client::new(address).ok()?;
    match is_of(home, &client) {
        Ok(()) => {
            eprintln!("tasdiq: asking the service at {address}, which holds {folder}");
            Some(client)
        }
        Err(error) => {
            eprintln!("tasdiq: {address} is not asked for {folder}: {error:#}");
            None
        }
    }
}

/// Whether a service is of the ledger of this folder: its log key, and a checkpoint under it.
fn is_of(home: &Home, client: &Client) -> anyhow::Result<()> {
    let own = NoteKey::parse(&home.config()?.log_key)?;
    let found = client.get("/log/vkey")?;
    let found = String::from_utf8_lossy(&found);
    if found.trim() != own.to_string() {
        bail!("the log of another ledger answers there, {:.200}", found.trim().escape_debug());
    }
    let note = client.get("/log/checkpoint")?;
    verify_checkpoint(&String::from_utf8_lossy(&note), &own, own.name())
        .context("its checkpoint is not signed by this ledger's log key")?;
    Ok(())
}
