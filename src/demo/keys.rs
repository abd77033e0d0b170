//! Keys of the fictional parties, kept as key files in `demo-keys/` so that anybody can sign for
//! them. That makes them worthless for anything real, which the folder's README says.

use std::path::Path;

use crate::ledger::{Home, LedgerError, random, write_file};
use crate::seal::{Nonces, SoftKey, encode_key};
use crate::statement::{Custody, PartySlug};

/// The folder of the key files.
const FOLDER: &str = "demo-keys";
/// Their passphrase, told in the file `passphrase` beside them.
const PASSPHRASE: &str = "demonstration";

const README: &str = "\
NOT FOR USE. These are the private keys of the fictional parties of a demonstration ledger: anybody
may read them, so nothing signed with them means anything. File names are PARTY.KEY.pem; the
passphrase of all of them stands in the file `passphrase`.
";

/// A key of a fictional party.
pub(super) struct DemoKey {
    pub party: PartySlug,
    /// What follows the `#` in the key's name.
    pub name: &'static str,
    pub custody: Custody,
    pub key: SoftKey,
}

impl DemoKey {
    pub fn new(party: &str, name: &'static str, custody: Custody) -> anyhow::Result<Self> {
        let key = SoftKey::from_secret(&zeroize::Zeroizing::new(random()?));
        Ok(Self { party: PartySlug::parse(party)?, name, custody, key })
    }
}

/// Writes the key files, on two threads: making a key of a passphrase is slow by design.
pub(super) fn write_all(home: &Home, keys: &[DemoKey]) -> anyhow::Result<()> {
    let folder = home.folder().join(FOLDER);
    write_file(&folder.join("README"), README.as_bytes(), 0o644)?;
    write_file(&folder.join("passphrase"), PASSPHRASE.as_bytes(), 0o600)?;
    let half = keys.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let write = |part: &[DemoKey]| part.iter().try_for_each(|key| write_one(&folder, key));
        let parts: Vec<_> =
            keys.chunks(half).map(|part| scope.spawn(move || write(part))).collect();
        parts.into_iter().try_for_each(|part| match part.join() {
            Ok(written) => written,
            Err(_) => anyhow::bail!("writing key files broke off"),
        })
    })
}

fn write_one(folder: &Path, key: &DemoKey) -> anyhow::Result<()> {
    let path = folder.join(format!("{}.{}.pem", key.party, key.name));
    let pem = encode_key(&key.key, PASSPHRASE.as_bytes(), Nonces(random()?))
        .map_err(|fault| LedgerError::Key { path: path.display().to_string(), fault })?;
    Ok(write_file(&path, pem.as_bytes(), 0o600)?)
}
