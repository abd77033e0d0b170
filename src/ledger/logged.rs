//! What the register does not hold of a certificate, read from the logged statement: its client's
//! name and its laboratories. Costs a read and a parse, some 40 us.

use super::error::broken;
use super::{Ledger, LedgerError};
use crate::log::Leaf;
use crate::statement::{CertificateClaim, Claim, Statement};

impl Ledger {
    /// The statement logged at an index.
    ///
    /// # Errors
    /// The store's, or an entry that is missing.
    pub fn statement(&self, index: u64) -> Result<Statement, LedgerError> {
        let leaf = self.entry(index)?;
        let leaf = Leaf::parse(&leaf).map_err(broken(index))?;
        Statement::parse(leaf.statement, self.view().register.domain()).map_err(broken(index))
    }

    /// The certificate logged at an index, as it was signed.
    ///
    /// # Errors
    /// As [`Self::statement`]; what is no certificate.
    pub fn certificate_claim(&self, index: u64) -> Result<CertificateClaim, LedgerError> {
        match self.statement(index)?.credential.claim {
            Claim::Certificate(claim) => Ok(claim),
            _ => Err(broken(index)("it is no certificate")),
        }
    }
}
