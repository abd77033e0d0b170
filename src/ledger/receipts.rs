//! Receipts of entries for supply-chain tools (RFC 9942), signed by a key of their own under the
//! state that witnesses have seen. A ledger without that key gives none. Not here: their bytes.

use crate::log::{Inclusion, receipt};
use crate::seal::{Signer, SoftKey};
use crate::statement::KeyPurpose;

use super::signing::{Signing, newest};
use super::{Ledger, LedgerError, Unmet};
use crate::os::now;

impl Ledger {
    /// Hands over the private keys that sign receipts, once.
    pub fn set_receipt_keys(&self, keys: Vec<SoftKey>) {
        // A second call changes nothing.
        let _ = self.receipt_keys.set(keys);
    }

    /// The public keys receipts are verified with: all that were ever added and not stolen, since
    /// old receipts are still about.
    #[must_use]
    pub fn receipt_keys(&self) -> Vec<[u8; 32]> {
        let view = self.view();
        let keys = view.register.authority().map(|party| party.keys.clone()).unwrap_or_default();
        let of_receipts = keys
            .iter()
            .filter(|key| key.purpose == KeyPurpose::Receipt && key.compromised.is_none());
        of_receipts.map(|key| key.public).collect()
    }

    /// The receipt of an entry: COSE_Sign1 over the root of the tree that holds it.
    ///
    /// # Errors
    /// `no_receipt_key`; an index beyond the log.
    pub fn receipt_of(&self, index: u64) -> Result<Vec<u8>, LedgerError> {
        let live = self.view();
        let held = self.receipt_keys.get().map(Vec::as_slice).unwrap_or_default();
        let key = newest(held, &live.register, KeyPurpose::Receipt, now());
        let Signing { key, .. } = key.ok_or_else(|| {
            let reason =
                "this ledger signs no receipts: it has no receipt key that its root has in force";
            LedgerError::unmet(Unmet::NotFound, "no_receipt_key", reason)
        })?;
        let view = self.view_covering(index);
        let path = self.inclusion(index, view.size)?;
        let inclusion = Inclusion { size: view.size, index, path: &path, root: view.root };
        Ok(receipt(&inclusion, &key.public(), &|message| key.sign_bytes(message)))
    }
}
