//! Unsigned statements: the envelope each type's draft is put into before it is signed.
//! Not here: signing ([`crate::seal`]) and the identifiers' randomness, which the caller brings.

use serde_json::{Value, json};

use super::content_id::with_content_id;
use super::{Domain, Timestamp};
use crate::names::PartySlug;

/// The envelope of a statement to be.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The ledger it is meant for.
    pub domain: &'a Domain,
    /// The credential's `id`, unique for ever; empty for one made from the content, as all types
    /// have it whose id is not fixed.
    pub id: String,
    /// Who will sign.
    pub issuer: &'a PartySlug,
    /// The issuer's public name.
    pub issuer_name: &'a str,
    /// First instant of validity.
    pub valid_from: Timestamp,
    /// Last instant of validity, if it ends.
    pub valid_until: Option<Timestamp>,
}

impl Draft<'_> {
    /// Puts a subject into its envelope.
    #[must_use]
    pub fn credential(&self, kind: &str, context: Value, name: &str, subject: Value) -> Value {
        let mut credential = json!({
            "@context": context,
            "type": [kind, "VerifiableCredential"],
            "id": self.id,
            "issuer": {
                "type": ["CredentialIssuer"],
                "id": self.domain.did(self.issuer),
                "name": self.issuer_name,
            },
            "name": name,
            "validFrom": self.valid_from,
            "credentialSubject": subject,
        });
        if let Some(until) = self.valid_until {
            credential["validUntil"] = json!(until);
        }
        if self.id.is_empty() { with_content_id(self.domain, credential) } else { credential }
    }
}
