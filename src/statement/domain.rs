//! The names one ledger gives to things: its host, the log's origin, DIDs and addresses, and back.
//! Every address in a statement is built and read here. Not a URL parser; nothing is resolved.
//! Sources: W3C did:web (host and port in the identifier), C2SP tlog-tiles (origin), GS1 Digital
//! Link.

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::EventId;
use crate::limits::STATUS_LIST_SERIALS;
use crate::names::{AUTHORITY, IdError, LotKey, PartySlug, UnitKey};

/// W3C Verifiable Credentials 2.0 context, first in every statement.
pub const CONTEXT_VC: &str = "https://www.w3.org/ns/credentials/v2";
/// UNTP 0.7.0 context, second in statements of UNTP types.
pub const CONTEXT_UNTP: &str = "https://vocabulary.uncefact.org/untp/0.7.0/context/";

/// The public name of one ledger: lower-case host, with `:port` if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    host: String,
    did: String,
}

/// Which bitstring status list, and for what (W3C Bitstring Status List 1.0 section 2.1).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum StatusPurpose {
    /// Withdrawn for good.
    Revocation,
    /// Not in force for the time being.
    Suspension,
}

impl StatusPurpose {
    /// Both purposes.
    pub const ALL: [Self; 2] = [Self::Revocation, Self::Suspension];

    /// The word in `statusPurpose` and in list names.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl Domain {
    /// A ledger at `host`, e.g. `ledger.example` or `127.0.0.1:8080`; upper case is folded.
    ///
    /// # Errors
    /// `host_form` for anything but letters, digits, dots, hyphens and one port.
    pub fn parse(host: &str) -> Result<Self, IdError> {
        let host = host.to_ascii_lowercase();
        let (name, port) = host.split_once(':').unwrap_or((&host, "80"));
        let name_ok = !name.is_empty()
            && name.len() <= 100
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if !name_ok || port.len() > 5 || port.parse::<u16>().is_err() {
            return Err(IdError::HostForm { text: host.chars().take(40).collect() });
        }
        let did = format!("did:web:{}", host.replace(':', "%3A"));
        Ok(Self { host, did })
    }

    /// The host of a ledger that is made now: as [`Self::parse`], which reads every form that
    /// ledgers were made with, but names and port must be what the network takes.
    ///
    /// # Errors
    /// `host_form`: a label that is empty, longer than 63 characters or with a hyphen at its
    /// edge, or a port other than 1 to 65535 in plain digits.
    pub fn parse_new(host: &str) -> Result<Self, IdError> {
        let domain = Self::parse(host)?;
        let (name, port) = domain.host.split_once(':').unwrap_or((&domain.host, "80"));
        let label = |label: &str| {
            let edge = label.starts_with('-') || label.ends_with('-');
            (1..=63).contains(&label.len()) && !edge
        };
        let plain = port.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == port);
        if plain && name.split('.').all(label) {
            return Ok(domain);
        }
        Err(IdError::HostForm { text: host.chars().take(40).collect() })
    }

    /// Host with port, lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host is the very machine that reads it, as a demonstration's is.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.host.split(':').next().unwrap_or_default();
        let of_ipv4 = |part: &str| part.parse::<u8>().is_ok();
        let parts = name.split('.');
        name == "localhost"
            || name.starts_with("127.") && parts.clone().count() == 4 && parts.clone().all(of_ipv4)
    }

    /// The log's origin line: host and path without scheme (C2SP tlog-tiles).
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}/log", self.host)
    }

    /// An address of this ledger; `path` without leading slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("https://{}/{path}", self.host)
    }

    /// The context that defines our own terms, served at this address.
    #[must_use]
    pub fn context(&self) -> String {
        self.url("ns/tasdiq/v1")
    }

    /// The DID of a party; the slug `authority` is the ledger's own `did:web`.
    #[must_use]
    pub fn did(&self, party: &PartySlug) -> String {
        if party.as_str() == AUTHORITY {
            self.did.clone()
        } else {
            format!("{}:parties:{party}", self.did)
        }
    }

    /// The party behind a DID of this ledger.
    #[must_use]
    pub fn party_of(&self, did: &str) -> Option<PartySlug> {
        let rest = did.strip_prefix(&self.did)?;
        if rest.is_empty() {
            return PartySlug::parse(AUTHORITY).ok();
        }
        let slug = PartySlug::parse(rest.strip_prefix(":parties:")?).ok()?;
        (slug.as_str() != AUTHORITY && self.did(&slug) == did).then_some(slug)
    }

    /// The `id` of a certificate.
    #[must_use]
    pub fn certificate_id(&self, serial: u64) -> String {
        self.url(&format!("certificates/{serial}"))
    }

    /// The serial in the `id` of a certificate of this ledger.
    #[must_use]
    pub fn serial_of(&self, id: &str) -> Option<u64> {
        let serial = self.path_of(id)?.strip_prefix("certificates/")?.parse().ok()?;
        (self.certificate_id(serial) == id).then_some(serial)
    }

    /// The address of a lot: a GS1 Digital Link with a GTIN, an address of ours without.
    #[must_use]
    pub fn lot_iri(&self, lot: &LotKey) -> String {
        self.url(&lot.path())
    }

    /// The lot behind an address of this ledger.
    #[must_use]
    pub fn lot_of(&self, iri: &str) -> Option<LotKey> {
        let lot = LotKey::parse_path(self.path_of(iri)?).ok()?;
        (self.lot_iri(&lot) == iri).then_some(lot)
    }

    /// The `id` of the statement that declares a lot.
    #[must_use]
    pub fn declaration_id(&self, lot: &LotKey) -> String {
        self.url(&format!("declarations/{}", lot.path()))
    }

    /// The lot behind the `id` of a declaration of this ledger.
    #[must_use]
    pub fn declared_lot_of(&self, id: &str) -> Option<LotKey> {
        let lot = LotKey::parse_path(self.path_of(id)?.strip_prefix("declarations/")?).ok()?;
        (self.declaration_id(&lot) == id).then_some(lot)
    }

    /// The address of a logistic unit: a GS1 Digital Link with an SSCC, an address of ours without.
    #[must_use]
    pub fn unit_iri(&self, unit: &UnitKey) -> String {
        self.url(&unit.path())
    }

    /// The logistic unit behind an address of this ledger.
    #[must_use]
    pub fn unit_of(&self, iri: &str) -> Option<UnitKey> {
        let unit = UnitKey::parse_path(self.path_of(iri)?).ok()?;
        (self.unit_iri(&unit) == iri).then_some(unit)
    }

    /// The `id` of an event.
    #[must_use]
    pub fn event_iri(&self, event: &EventId) -> String {
        self.url(&event.path())
    }

    /// The event behind an `id` of this ledger.
    #[must_use]
    pub fn event_of(&self, iri: &str) -> Option<EventId> {
        let event = EventId::parse_path(self.path_of(iri)?)?;
        (self.event_iri(&event) == iri).then_some(event)
    }

    /// Whether an address is one that statements of this ledger have whose id is made from their
    /// content, or that the first release gave them.
    #[must_use]
    pub fn is_statement_id(&self, iri: &str) -> bool {
        let name = self.path_of(iri).and_then(|path| path.strip_prefix("statements/"));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()))
    }

    /// The address of a term of a list of ours, e.g. `schemes/bio-maroc`.
    #[must_use]
    pub fn term(&self, list: &str, term: &str) -> String {
        self.url(&format!("{list}/{term}"))
    }

    /// The term behind such an address.
    #[must_use]
    pub fn term_of<'a>(&self, list: &str, uri: &'a str) -> Option<&'a str> {
        self.path_of(uri)?.strip_prefix(list)?.strip_prefix('/').filter(|term| !term.is_empty())
    }

    /// The address of the status list that holds `serial`.
    #[must_use]
    pub fn status_list(&self, purpose: StatusPurpose, serial: u64) -> String {
        self.status_list_number(purpose, serial / STATUS_LIST_SERIALS)
    }

    /// The address of the status list number `list`.
    #[must_use]
    pub fn status_list_number(&self, purpose: StatusPurpose, list: u64) -> String {
        self.url(&format!("status/{}-{list}", purpose.word()))
    }

    fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        url.strip_prefix("https://")?.strip_prefix(self.host.as_str())?.strip_prefix('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_that_is_this_machine_is_told_where_it_listens() {
        for (host, own) in [
            ("127.0.0.1:8080", true),
            ("127.1.2.3", true),
            ("127.example.1.2", false),
            ("127.1.2", false),
            ("LOCALHOST:8080", true),
            ("ledger.example", false),
            ("localhost.example", false),
            ("192.0.2.1:8080", false),
        ] {
            assert_eq!(Domain::parse(host).unwrap().is_loopback(), own, "{host}");
        }
    }

    #[test]
    fn hosts_of_new_ledgers() {
        for good in
            ["ledger.example", "127.0.0.1:8080", "LEDGER.example:443", "a", "xn--a-b.example"]
        {
            assert_eq!(Domain::parse_new(good), Domain::parse(good), "{good}");
            assert!(Domain::parse_new(good).is_ok(), "{good}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for old in [
            "a.example:+80",
            "a.example:080",
            "a.example:0",
            ".a.example",
            "a.example.",
            "a..b",
            "-a.example",
            "a-.example",
            "a.-b",
            &long,
        ] {
            assert!(Domain::parse(old).is_ok(), "what a ledger may be named is read: {old}");
            assert_eq!(Domain::parse_new(old).unwrap_err().code(), "host_form", "{old}");
        }
        for never in ["", ":80", "a:b", "a:99999", "a/b", "a b", "[::1]:80", "a@b"] {
            assert!(Domain::parse(never).is_err() && Domain::parse_new(never).is_err(), "{never}");
        }
    }
}
