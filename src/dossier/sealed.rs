//! What every file that proves itself has in common, and the one way in which such a file is read:
//! strict JSON in its one byte form, a signed manifest inside, one kind and version for both. Not
//! here: what else stands in each (`form`, `trace_form`, `consignment`), who signed (`verify`).

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::log::Hash;
use crate::statement::{Signed, StatementError, canonical_bytes, canonicalised, parse_document};

/// A file that has its form; nothing in it is believed yet.
#[derive(Clone, Debug)]
pub(crate) struct SealedFile<D, M> {
    pub document: D,
    pub manifest: M,
    pub signed: Signed,
    /// Whether it came in another dress than its canonical form.
    pub dressed: bool,
}

/// What a document, or its manifest, says it is: `@context`, `type`, `version`.
pub(crate) type Head<'a> = (&'a Value, &'a str, u32);

/// The members that every document has.
pub(crate) trait SealedDocument: Serialize + DeserializeOwned {
    /// Objects and lists in it at most, then its values.
    const CROWD: (usize, usize);

    fn head(&self) -> Head<'_>;
    fn manifest(&self) -> &Value;
    fn trust(&self) -> &Value;
    /// The kinds of document and manifest that this one must have, and the version of both.
    fn expected(&self) -> (&'static str, &'static str, u32);
}

/// The members that every manifest has.
pub(crate) trait SealedManifest: Serialize + DeserializeOwned {
    fn head(&self) -> Head<'_>;
}

impl<D: SealedDocument, M: SealedManifest> SealedFile<D, M> {
    /// Reads a file whose size was looked at; `form` makes the fault of a form that it has not,
    /// and `what` is what it is called in one.
    pub fn read_as<E: From<StatementError>>(
        bytes: &[u8],
        what: &str,
        form: fn(String) -> E,
    ) -> Result<Self, E> {
        if is_crowded(bytes, D::CROWD) {
            return Err(form(format!("it holds more values than any {what}")));
        }
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let canonical = canonicalised(bytes);
        let dressed = canonical.is_some();
        let bytes = canonical.as_deref().unwrap_or(bytes);
        let told = |error: serde_json::Error| form(error.to_string());
        let document: D = serde_json::from_value(parse_document(bytes)?).map_err(told)?;
        let signed = Signed::split(document.manifest().clone())?;
        let claimed = Value::Object(signed.document.clone());
        let manifest: M = serde_json::from_value(claimed.clone()).map_err(told)?;
        let (kind, manifest_kind, version) = document.expected();
        let (context, found, stated) = document.head();
        let (manifest_context, manifest_found, manifest_stated) = manifest.head();
        for (is, must, v) in
            [(found, kind, stated), (manifest_found, manifest_kind, manifest_stated)]
        {
            if is != must || v != version {
                return Err(form(format!("it is not a {must}, version {version}")));
            }
        }
        if context != manifest_context {
            return Err(form("its @context is not the manifest's".to_owned()));
        }
        // An optional member written out empty would be a second spelling of the same file.
        if canonical_bytes(&json!(document)) != bytes || json!(manifest) != claimed {
            return Err(form("a member has a second spelling".to_owned()));
        }
        Ok(Self { document, manifest, signed, dressed })
    }

    /// The trust snapshot inside as a file.
    pub fn trust_bytes(&self) -> Vec<u8> {
        canonical_bytes(self.document.trust())
    }
}

/// Whether a text has more objects or values than it may, told before any is made.
fn is_crowded(bytes: &[u8], (objects_max, values_max): (usize, usize)) -> bool {
    let (mut objects, mut values) = (0_usize, 0_usize);
    for byte in bytes {
        objects = objects.saturating_add(usize::from(matches!(byte, b'{' | b'[')));
        values = values.saturating_add(usize::from(*byte == b','));
    }
    objects > objects_max || values > values_max
}

/// Which of the members found is not the one that a manifest names; None if each of `parts` is.
pub(crate) fn foreign_member(
    named: &BTreeMap<String, Hash>,
    found: &BTreeMap<String, Hash>,
    parts: usize,
) -> Option<String> {
    if found.len() != parts {
        return Some("one entry twice".to_owned());
    }
    let is_named = |(name, hash): &(&String, &Hash)| {
        named.get(*name).is_some_and(|member| member.matches(hash))
    };
    let other = found.iter().find(|member| !is_named(member));
    let missing = || named.keys().find(|name| !found.contains_key(*name));
    other.map(|(name, _)| name).or_else(missing).cloned()
}
