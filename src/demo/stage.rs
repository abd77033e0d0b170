//! The stage of the demonstration: the ledger being filled, everybody's keys, and the one way in:
//! a draft is sealed with its party's key and its bytes are taken in, as an API client's would be.

use anyhow::{Context, bail};
use serde_json::Value;

use super::keys::DemoKey;
use crate::ledger::{KeyName, Ledger, Prepared, Receipt, intake, now as clock};
use crate::seal::{SoftKey, seal};
use crate::statement::{Draft, PartySlug, Statement, Timestamp};

/// The ledger being filled, and everybody's keys.
pub(super) struct Stage<'a> {
    pub ledger: &'a Ledger,
    pub registrar: SoftKey,
    pub keys: &'a [DemoKey],
    pub authority: PartySlug,
    pub authority_name: String,
    pub now: Timestamp,
}

impl Stage<'_> {
    /// The key of a party.
    pub fn key(&self, party: &str, name: &str) -> anyhow::Result<&DemoKey> {
        let mut keys = self.keys.iter();
        keys.find(|key| key.party.as_str() == party && key.name == name)
            .with_context(|| format!("{party} has no {name}"))
    }

    /// The name a key is registered under.
    pub fn method(&self, key: &DemoKey) -> String {
        format!("{}#{}", self.ledger.view().register.domain().did(&key.party), key.name)
    }

    /// Signs statements of the authority's with the registrar's key and logs them.
    pub fn by_registrar(&self, drafts: &[Value]) -> anyhow::Result<()> {
        let did = self.ledger.view().register.domain().did(&self.authority);
        let method = format!("{did}#{}", KeyName::Registrar.stem());
        let seal = |draft| seal(draft, &method, self.now, &self.registrar);
        let sealed = drafts.iter().map(seal).collect::<Result<Vec<_>, _>>()?;
        self.submit(&sealed).map(|_| ())
    }

    /// What `make` drafts in the authority's envelope, under an id of its own.
    pub fn authority_draft(&self, name: &str, make: impl FnOnce(&Draft<'_>) -> Value) -> Value {
        self.draft(name, &self.authority, &self.authority_name, make)
    }

    /// What `make` drafts in an envelope of `issuer`.
    pub fn draft(
        &self,
        name: &str,
        issuer: &PartySlug,
        issuer_name: &str,
        make: impl FnOnce(&Draft<'_>) -> Value,
    ) -> Value {
        let view = self.ledger.view();
        let domain = view.register.domain();
        let id = domain.url(&format!("statements/{name}"));
        make(&Draft { domain, id, issuer, issuer_name, valid_from: self.now, valid_until: None })
    }

    /// Signs for a fictional party.
    pub fn seal(&self, unsigned: &Value, key: &DemoKey) -> anyhow::Result<Vec<u8>> {
        Ok(seal(unsigned, &self.method(key), self.now, &key.key)?)
    }

    /// Takes bytes in and logs them; one refusal is the end.
    pub fn submit(&self, sealed: &[Vec<u8>]) -> anyhow::Result<Vec<Receipt>> {
        let view = self.ledger.view();
        let take = |bytes: &Vec<u8>| -> anyhow::Result<Statement> {
            Ok(intake(bytes, &view.register, clock())?)
        };
        let statements = sealed.iter().map(take).collect::<anyhow::Result<Vec<_>>>()?;
        let receipts = self.ledger.append_blocking(statements);
        receipts.into_iter().map(|receipt| Ok(receipt?)).collect()
    }
}

/// The draft that was prepared.
pub(super) fn unsigned(prepared: Prepared) -> anyhow::Result<Value> {
    match prepared {
        Prepared::Unsigned(draft) => Ok(draft),
        Prepared::Existing { id, .. } => bail!("{id} is logged already"),
    }
}
