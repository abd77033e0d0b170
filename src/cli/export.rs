//! `tasdiq export`: writes the log as static files any web server can host.

use std::path::PathBuf;

use super::output::{say, say_json};
use super::{Global, Outcome};
use crate::client::Client;
use crate::export::export;
use crate::ledger::Home;
use crate::verify::Trust;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq export ./copy --url http://127.0.0.1:8080\n  \
    tasdiq audit --tiles ./copy\n\n\
    Export from a running service: it also gives the trust snapshot and the DID documents.")]
pub struct Args {
    /// Folder to write.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The service to export from; default: the one of the data folder.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// A source that cannot be read, a folder that cannot be written.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let address = std::fs::read_to_string(home.address()).ok().map(|text| text.trim().to_owned());
    let url = args.url.clone().or(address).ok_or_else(|| {
        anyhow::anyhow!("no running service: start `tasdiq serve`, or name one with --url")
    })?;
    let client = Client::new(&url)?;
    let documents = documents(&client)?;
    let source = super::audit::open(Some(&url), None, &home)?;
    let done = export(source.as_ref(), &args.folder, &documents)?;
    if global.json {
        say_json(&done)?;
    } else {
        let folder = args.folder.display();
        say(format!("{} entries in {} files written to {folder}", done.size, done.files))?;
    }
    Ok(Outcome::Passed)
}

/// DID documents and status lists, under the paths they are served at.
fn documents(client: &Client) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let trust = Trust::open(&client.get("/trust")?, None)?;
    let mut paths = vec![".well-known/did.json".to_owned()];
    let parties = trust.parties.iter().filter(|party| party.party.as_str() != "authority");
    paths.extend(parties.map(|party| format!("parties/{}/did.json", party.party)));
    let mut documents = Vec::new();
    for path in paths {
        let bytes = client.get(&format!("/{path}"))?;
        documents.push((path, bytes));
    }
    for list in ["revocation-0", "suspension-0"] {
        if let Ok(bytes) = client.get(&format!("/status/{list}")) {
            documents.push((format!("status/{list}"), bytes));
        }
    }
    Ok(documents)
}
