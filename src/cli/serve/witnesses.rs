//! The witnesses of a ledger that is served: reads the policy, starts the keeper. Not here: what a
//! quorum is (`log`), asking (`witness`).

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use crate::cosign::{Cosigner, outside_view};
use crate::ledger::{CosignedFile, Home, Ledger, Published};
use crate::log::{NoteKey, PolicyWitness, WitnessPolicy, verify_checkpoint};
use crate::witness::{WitnessFolder, witness_router};

/// A policy and the file it was read from.
pub struct PolicyFile {
    name: String,
    policy: WitnessPolicy,
}

/// The policy of a file, or of the data folder's. None: there is none.
///
/// # Errors
/// A policy that cannot be read.
pub fn read_policy(home: &Home, file: Option<&Path>) -> anyhow::Result<Option<PolicyFile>> {
    let own = home.folder().join("witness-policy");
    let path = match file {
        Some(path) => path,
        None if own.is_file() => &own,
        None => return Ok(None),
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| name.clone())?;
    let policy = WitnessPolicy::parse(&text).with_context(|| name.clone())?;
    Ok(Some(PolicyFile { name, policy }))
}

/// What the witnesses have signed of this log, to compare with before anything is signed. Those
/// that do not answer are told on stderr.
///
/// # Errors
/// A folder without ledger.
pub fn seen_by_witnesses(home: &Home, file: &PolicyFile) -> anyhow::Result<Vec<Published>> {
    let key = NoteKey::parse(&home.config()?.log_key)?;
    let witnesses: Vec<PolicyWitness> = file.policy.witnesses().cloned().collect();
    let mut seen = outside_view(&witnesses, key.name());
    // What this log did not sign says nothing about it: no witness can stop a log with rubbish.
    seen.retain(|(from, note)| match verify_checkpoint(note, &key, key.name()) {
        Ok(_) => true,
        Err(error) => {
            eprintln!("tasdiq: what {from} shows is no checkpoint of this log: {error}");
            false
        }
    });
    Ok(seen.into_iter().map(|(from, note)| Published { from, note }).collect())
}

/// Names the witnesses of a policy to the ledger and starts to ask them.
///
/// # Errors
/// A policy that is for another log.
pub fn attend(ledger: &Ledger, home: &Home, file: PolicyFile) -> anyhow::Result<Cosigner> {
    let PolicyFile { name, policy } = file;
    if !policy.knows(ledger.log_key()) {
        bail!("{name}: it does not name this log, {}", ledger.log_key());
    }
    let silent: Vec<_> = policy.witnesses().filter(|w| w.url.is_none()).collect();
    for witness in silent {
        eprintln!("tasdiq: witness {} has no address in the policy: not asked", witness.name);
    }
    keep(ledger, home, policy)
}

fn keep(ledger: &Ledger, home: &Home, policy: WitnessPolicy) -> anyhow::Result<Cosigner> {
    let history = CosignedFile::open(&home.folder().join("cosigned"))?;
    ledger.set_witnesses(policy, history);
    Ok(Cosigner::start(ledger.clone(), home.folder().join("evidence")))
}

/// The demonstration's own witness: as real as any, but in the same process, so it proves nothing.
/// Serves on a free port of the loopback until the runtime ends.
///
/// # Errors
/// Files, the listener.
pub fn demo_witness(
    ledger: &Ledger,
    home: &Home,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<Cosigner> {
    let folder = home.folder().join("demo-witness");
    let witness = match WitnessFolder::open(&folder) {
        Ok(witness) => witness,
        Err(_) => WitnessFolder::make(&folder, "demo-witness.invalid/not-independent")?,
    };
    let log: NoteKey = witness.add_log(&ledger.log_key().to_string())?;
    let key = witness.key().clone();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let url = Some(format!("http://{}", listener.local_addr()?));
    runtime.spawn(async move { axum::serve(listener, witness_router(witness)).await });
    let logs = [crate::log::PolicyLog { key: log, url: None }];
    let witnesses = [PolicyWitness { name: "demo-witness".to_owned(), key, url }];
    keep(ledger, home, WitnessPolicy::of(&logs, &witnesses, 1)?)
}
