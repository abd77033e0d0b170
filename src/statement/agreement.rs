//! What parties grant each other: a client's agreement with a certifier, and the use of GTINs by
//! another party. Own types `Agreement` and `PrefixGrant`.
//! Not here: which acts need one (`register`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, given, inconsistent, only_true, own_context};
use super::{Day, StatementError};
use crate::limits::AGREEMENT_MONTHS_MAX;
use crate::names::{Gtin, PartySlug};

/// A client lets a certifier act for it: the convention that a cooperative signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Whose goods are certified.
    pub client: PartySlug,
    /// Who certifies them.
    pub certifier: PartySlug,
    /// Under which schemes; at least one.
    pub schemes: BTreeSet<String>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Signed by the registrar from a paper that the client signed.
    pub on_paper: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    certifier: String,
    schemes: Vec<String>,
    from: Day,
    until: Day,
    #[serde(default, deserialize_with = "only_true", skip_serializing_if = "is_false")]
    on_paper: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}

impl Agreement {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let client = party(envelope, "credentialSubject.id", &members.id)?;
        let certifier = party(envelope, "certifier", &members.certifier)?;
        let last = members.from.plus_months(AGREEMENT_MONTHS_MAX);
        if members.until < members.from || last.is_none_or(|last| members.until > last) {
            let reason =
                format!("must lie from {} to {AGREEMENT_MONTHS_MAX} months after it", members.from);
            return Err(inconsistent("until", reason));
        }
        let schemes: BTreeSet<String> = members.schemes.iter().cloned().collect();
        if schemes.is_empty() || !schemes.iter().eq(&members.schemes) {
            return Err(inconsistent("schemes", "at least one, in ascending order, each once"));
        }
        let Members { from, until, on_paper, .. } = members;
        Ok(Self { client, certifier, schemes, from, until, on_paper })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let members = Members {
            id: draft.domain.did(&self.client),
            certifier: draft.domain.did(&self.certifier),
            schemes: self.schemes.iter().cloned().collect(),
            from: self.from,
            until: self.until,
            on_paper: self.on_paper,
        };
        let name = format!("Agreement of {} with {}", self.client, self.certifier);
        draft.credential("Agreement", own_context(draft.domain), &name, json!(members))
    }
}

/// A party lets another pack under its GTINs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixGrant {
    /// Whose numbers they are.
    pub from: PartySlug,
    /// Which.
    pub numbers: GrantedNumbers,
    /// Who may use them.
    pub to: PartySlug,
}

/// Numbers that another party may use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GrantedNumbers {
    /// All GTINs that begin with these digits, from the second of fourteen.
    Prefix(String),
    /// One GTIN.
    Gtin(Gtin),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GrantMembers {
    id: String,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    gtin: Option<String>,
    to: String,
}

impl PrefixGrant {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: GrantMembers = envelope.subject()?;
        let from = party(envelope, "credentialSubject.id", &members.id)?;
        let to = party(envelope, "to", &members.to)?;
        let numbers = match (members.prefix, members.gtin) {
            (Some(prefix), None) if is_gtin_prefix(&prefix) => GrantedNumbers::Prefix(prefix),
            (Some(_), None) => return Err(inconsistent("prefix", GTIN_PREFIX_FORM)),
            (None, Some(text)) => {
                let gtin = Gtin::parse(&text)
                    .map_err(|fault| StatementError::Identifier { at: "gtin", fault })?;
                if gtin.as_str() != text {
                    return Err(inconsistent("gtin", "must be written with fourteen digits"));
                }
                GrantedNumbers::Gtin(gtin)
            }
            _ => return Err(inconsistent("prefix", "either prefix or gtin must stand there")),
        };
        Ok(Self { from, numbers, to })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let (prefix, gtin) = match &self.numbers {
            GrantedNumbers::Prefix(prefix) => (Some(prefix.clone()), None),
            GrantedNumbers::Gtin(gtin) => (None, Some(gtin.as_str().to_owned())),
        };
        let id = draft.domain.did(&self.from);
        let members = GrantMembers { id, prefix, gtin, to: draft.domain.did(&self.to) };
        let name = format!("GTINs of {} for {}", self.from, self.to);
        draft.credential("PrefixGrant", own_context(draft.domain), &name, json!(members))
    }
}

/// What a prefix of GTINs looks like, for a message.
pub(super) const GTIN_PREFIX_FORM: &str = "a prefix of GTINs has 7 to 12 digits";

/// Whether a text is a prefix of GTINs (a GS1 company prefix): 7 to 12 digits.
#[must_use]
pub fn is_gtin_prefix(text: &str) -> bool {
    (7..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn party(
    envelope: &Envelope<'_>,
    at: &'static str,
    did: &str,
) -> Result<PartySlug, StatementError> {
    let found = envelope.domain.party_of(did);
    found.ok_or_else(|| inconsistent(at, format!("{did} is no party of this ledger")))
}
