//! Parties: registration and accreditation, both UNTP 0.7.0 Digital Identity Anchors.
//! Not here: keys of a party ([`super::key`]) and whether the issuer may say so (`register`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::agreement::{GTIN_PREFIX_FORM, is_false, is_gtin_prefix};
use super::draft::Draft;
use super::envelope::{
    Envelope, filled, given, inconsistent, named, only_true, read_party, shape, untp_context,
};
use super::local_names::check_names;
use super::{Contact, Day, Domain, LocalNames, StatementError, Timestamp};
use crate::names::PartySlug;

/// What a party does. Roles come from the register, never from a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// Registers parties and accredits certifiers.
    Authority,
    /// Signs certificates.
    Certifier,
    /// Declares lots.
    Cooperative,
    /// Sells.
    Shop,
    /// Moves goods.
    Carrier,
    /// Analyses samples.
    Laboratory,
    /// Inspects.
    Inspector,
    /// Makes goods of others' and its own; may declare derived lots.
    Processor,
    /// Sells abroad; may declare derived lots.
    Exporter,
}

/// A party is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The party.
    pub party: PartySlug,
    /// Its public name; a legal person's, never a private one's.
    pub name: String,
    /// Its number in the register it comes from.
    pub registered_id: String,
    /// Since when it stands there.
    pub registered_on: Day,
    /// What it does.
    pub role: Role,
    /// Its region, ISO 3166-2, if it works in one.
    pub region: Option<String>,
    /// Further regions it works in.
    pub regions: Vec<String>,
    /// Prefixes of the GTINs that are its own: digits, 7 to 12 each.
    pub gtin_prefixes: Vec<String>,
    /// The registrar knows that another party's name looks the same.
    pub same_name: bool,
    /// What it can produce in a campaign, by product.
    pub capacities: Vec<Capacity>,
    /// The authority only: SHA-256 of the next root key, as base64url (pre-commitment).
    pub successor: Option<String>,
    /// How the public reaches it; legal persons only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Its name in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
}

/// Declared capacity of a cooperative for one product and campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capacity {
    /// Product id of the catalogue.
    pub product: String,
    /// Campaign: `2026`, or `2026/27` where the season runs over New Year.
    pub campaign: String,
    /// Quantity in the product's smallest unit (g, mL, piece).
    pub quantity: u64,
}

/// A certifier may certify, within a scope and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accreditation {
    /// The certifier.
    pub party: PartySlug,
    /// Its public name.
    pub name: String,
    /// Its accreditation number.
    pub registered_id: String,
    /// Since when.
    pub registered_on: Day,
    /// What it may certify.
    pub scope: Scope,
    /// First instant.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_until: Timestamp,
}

/// Schemes, products and regions; `all` stands for every one of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Scheme ids.
    pub schemes: BTreeSet<String>,
    /// Product ids.
    pub products: BTreeSet<String>,
    /// Regions, ISO 3166-2.
    pub regions: BTreeSet<String>,
}

impl Scope {
    /// The word that stands for every term of a list.
    pub const ALL: &'static str = "all";

    /// What of this scope lies outside another: the first list and term.
    #[must_use]
    pub fn first_outside<'a>(&'a self, other: &Self) -> Option<(&'static str, &'a str)> {
        let lists = [
            ("scheme", &self.schemes, &other.schemes),
            ("product", &self.products, &other.products),
            ("region", &self.regions, &other.regions),
        ];
        lists.into_iter().find_map(|(list, own, wide)| {
            let outside = |term: &&String| !wide.contains(Self::ALL) && !wide.contains(*term);
            own.iter().find(outside).map(|term| (list, term.as_str()))
        })
    }

    /// Whether scheme, product and region are all inside.
    #[must_use]
    pub fn covers(&self, scheme: &str, product: &str, region: &str) -> bool {
        let inside = |set: &BTreeSet<String>, term| set.contains(Self::ALL) || set.contains(term);
        inside(&self.schemes, scheme)
            && inside(&self.products, product)
            && inside(&self.regions, region)
    }

    pub(super) fn uris(&self, domain: &Domain) -> Vec<String> {
        let list = |name: &'static str, set: &BTreeSet<String>| -> Vec<String> {
            set.iter().map(|term| domain.term(name, term)).collect()
        };
        [
            list("schemes", &self.schemes),
            list("products", &self.products),
            list("regions", &self.regions),
        ]
        .concat()
    }

    pub(super) fn read(
        at: &'static str,
        uris: &[String],
        domain: &Domain,
    ) -> Result<Self, StatementError> {
        let mut scope = Self::default();
        for uri in uris {
            let take = |list, set: &mut BTreeSet<String>| {
                domain.term_of(list, uri).map(|term| set.insert(term.to_owned())).is_some()
            };
            if !(take("schemes", &mut scope.schemes)
                || take("products", &mut scope.products)
                || take("regions", &mut scope.regions))
            {
                return Err(inconsistent(
                    at,
                    format!("{uri} is no scheme, product or region of this ledger"),
                ));
            }
        }
        if scope.schemes.is_empty() || scope.products.is_empty() || scope.regions.is_empty() {
            return Err(inconsistent(
                at,
                "must name at least one scheme, one product and one region (or 'all')",
            ));
        }
        Ok(scope)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    id: String,
    registered_name: String,
    registered_id: String,
    registered_date: Day,
    register_type: String,
    #[serde(default)]
    registration_scope: Vec<String>,
    registration: Option<RegistrationMembers>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RegistrationMembers {
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    gtin_prefixes: Vec<String>,
    #[serde(default, deserialize_with = "only_true", skip_serializing_if = "is_false")]
    same_name: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    capacities: Vec<Capacity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(default, deserialize_with = "named", skip_serializing_if = "LocalNames::is_empty")]
    names: LocalNames,
}

impl Registration {
    /// All regions it works in.
    pub fn all_regions(&self) -> impl Iterator<Item = &str> {
        self.region.iter().chain(&self.regions).map(String::as_str)
    }

    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let identity: Identity = envelope.subject()?;
        if identity.register_type != "business" {
            return Err(inconsistent("registerType", "must be 'business' or 'accreditation'"));
        }
        let own = identity
            .registration
            .ok_or_else(|| shape("credentialSubject", "registration is missing"))?;
        if !own.gtin_prefixes.iter().all(|prefix| is_gtin_prefix(prefix)) {
            return Err(inconsistent("gtinPrefixes", GTIN_PREFIX_FORM));
        }
        own.contact.iter().try_for_each(Contact::check)?;
        check_names(&own.names)?;
        Ok(Self {
            party: read_party(envelope, "credentialSubject.id", &identity.id)?,
            name: identity.registered_name,
            registered_id: identity.registered_id,
            registered_on: identity.registered_date,
            role: own.role,
            region: own.region,
            regions: own.regions,
            gtin_prefixes: own.gtin_prefixes,
            same_name: own.same_name,
            capacities: own.capacities,
            successor: own.successor,
            contact: own.contact,
            names: own.names,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let registration = RegistrationMembers {
            role: self.role,
            region: self.region.clone(),
            regions: self.regions.clone(),
            gtin_prefixes: self.gtin_prefixes.clone(),
            same_name: self.same_name,
            capacities: self.capacities.clone(),
            successor: self.successor.clone(),
            contact: self.contact.clone(),
            names: self.names.clone(),
        };
        let mut subject = identity(draft.domain, &self.party, &self.name, &self.registered_id);
        subject["registerType"] = json!("business");
        subject["registeredDate"] = json!(self.registered_on);
        subject["registration"] = json!(registration);
        let name = format!("Registration of {}", self.name);
        draft.credential("DigitalIdentityAnchor", untp_context(draft.domain), &name, subject)
    }
}

impl Accreditation {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let identity: Identity = envelope.subject()?;
        let valid_until =
            envelope.valid_until.ok_or_else(|| shape("validUntil", "an accreditation must end"))?;
        if valid_until <= envelope.valid_from {
            return Err(inconsistent("validUntil", "must be after validFrom"));
        }
        Ok(Self {
            party: read_party(envelope, "credentialSubject.id", &identity.id)?,
            name: identity.registered_name,
            registered_id: identity.registered_id,
            registered_on: identity.registered_date,
            scope: Scope::read("registrationScope", &identity.registration_scope, envelope.domain)?,
            valid_from: envelope.valid_from,
            valid_until,
        })
    }

    /// The unsigned statement; its validity is the accreditation's.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let mut subject = identity(draft.domain, &self.party, &self.name, &self.registered_id);
        subject["registerType"] = json!("accreditation");
        subject["registeredDate"] = json!(self.registered_on);
        subject["registrationScope"] = json!(self.scope.uris(draft.domain));
        let draft = Draft {
            valid_from: self.valid_from,
            valid_until: Some(self.valid_until),
            ..draft.clone()
        };
        let name = format!("Accreditation of {}", self.name);
        draft.credential("DigitalIdentityAnchor", untp_context(draft.domain), &name, subject)
    }
}

fn identity(domain: &Domain, party: &PartySlug, name: &str, number: &str) -> Value {
    json!({
        "type": ["RegisteredIdentity"],
        "id": domain.did(party),
        "registeredName": name,
        "registeredId": number,
        "idScheme": {"id": domain.url("register"), "name": "Register of this ledger"},
    })
}
