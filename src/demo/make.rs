//! Makes the demonstration ledger: founds it, then plays the plan. Every statement is drafted,
//! sealed with its party's key and taken in from its bytes, as an API client's would be.

use anyhow::bail;

use super::cast::{CERTIFIERS, COOPERATIVES, ROBBED, ROTATES, certifier_slug, cooperative_slug};
use super::examples::write_files;
use super::keys::{DemoKey, write_all};
use super::plan::{LotPlan, Scene, lots};
use super::stage::Stage;
use super::story::certificates;
use crate::ledger::{
    Founding, Home, KeyName, Ledger, OpenOptions, found, keep_status_lists, now as clock,
};
use crate::statement::{Custody, Domain, PartySlug, Timestamp};

/// Opens the ledger of a data folder, or makes a complete demonstration ledger if there is none.
///
/// # Errors
/// A folder that holds a demonstration that was not finished, files, keys, or statements refused.
pub fn make(home: &Home, domain: &Domain, now: Timestamp) -> anyhow::Result<Ledger> {
    if home.has_ledger() {
        let ledger = Ledger::open(home, &OpenOptions::default())?;
        if ledger.config().demo && !home.folder().join("examples/codes.csv").exists() {
            bail!(
                "{} holds a demonstration that was not finished; remove the folder",
                home.folder().display()
            );
        }
        return Ok(ledger);
    }
    let authority_name = "Autorité fictive de démonstration".to_owned();
    let founding =
        Founding { domain: domain.clone(), authority_name: authority_name.clone(), demo: true };
    let ledger = found(home, &founding, now)?;
    let registrar = Home::read_key(&home.key(KeyName::Registrar), &home.passphrase()?)?;
    let keys = all_keys()?;
    let stage = Stage {
        ledger: &ledger,
        registrar,
        keys: &keys,
        authority: PartySlug::authority(),
        authority_name,
        now,
    };
    let plan = lots(ledger.view().register.catalog(), now.day());
    std::thread::scope(|scope| {
        let files = scope.spawn(|| write_all(home, &keys));
        play(&stage, &plan)?;
        files.join().unwrap_or_else(|_| bail!("writing key files broke off"))
    })?;
    write_files(home.folder(), &ledger, &plan, clock())?;
    Ok(ledger)
}

/// A first key for everybody, a second one for the two certifiers that need it.
fn all_keys() -> anyhow::Result<Vec<DemoKey>> {
    let mut keys = Vec::new();
    for place in 0..COOPERATIVES.len() {
        keys.push(DemoKey::new(&cooperative_slug(place), "key-1", Custody::Operator)?);
    }
    for place in 0..CERTIFIERS.len() {
        keys.push(DemoKey::new(&certifier_slug(place), "key-1", Custody::Own)?);
    }
    for place in [ROTATES, ROBBED] {
        keys.push(DemoKey::new(&certifier_slug(place), "key-2", Custody::Own)?);
    }
    keys.push(DemoKey::new("laboratoire-fictif", "key-1", Custody::Own)?);
    keys.push(DemoKey::new("boutique-fictive", "key-1", Custody::Own)?);
    Ok(keys)
}

fn play(stage: &Stage<'_>, plan: &[LotPlan]) -> anyhow::Result<()> {
    stage.register_all(plan)?;
    stage.authorise_all()?;
    stage.declare(plan)?;
    let (new_key, old_key): (Vec<_>, Vec<_>) = certificates(plan)
        .filter(|(lot, ..)| lot.scene != Scene::Suspect)
        .partition(|(lot, _, certifier)| *certifier == ROTATES && lot.cooperative >= 12);
    stage.certify(&old_key, "key-1")?;
    stage.rotate()?;
    let last = stage.certify(&new_key, "key-2")?;
    stage.rob(plan, last)?;
    stage.change_status(plan)?;
    keep_status_lists(stage.ledger, clock())?;
    Ok(())
}
