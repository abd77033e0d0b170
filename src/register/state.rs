//! The register: what is true now, as a value. Cloning it costs nothing (shared trees), so readers
//! keep a consistent snapshot while the writer folds on.
//! Not here: how entries change it (`fold`) and which are refused (`rules`).

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::{HashMap, HashSet, OrdMap, OrdSet};

use super::powers::{POWERS, Power};
use super::records::{Certificate, Lot, Party};
use super::rights::{AgreementRecord, ChangeRecord, Rights, RulebookState};
use super::status::CertificateStatus;
use crate::seal::{KeyRecord, Mark};
use crate::statement::{
    AUTHORITY, Catalog, Custody, Day, Domain, KeyPurpose, LotKey, PartySlug, StatusPurpose,
    Timestamp, Word,
};

/// What the log says, folded.
#[derive(Clone)]
pub struct Register {
    pub(super) domain: Arc<Domain>,
    pub(super) catalog: &'static Catalog,
    pub(super) root: [u8; 32],
    pub(super) root_successor: Option<[u8; 32]>,
    pub(super) size: u64,
    pub(super) last_at: Option<Timestamp>,
    pub(super) parties: OrdMap<PartySlug, Arc<Party>>,
    pub(super) public_keys: HashSet<[u8; 32]>,
    pub(super) lots: OrdMap<LotKey, Arc<Lot>>,
    pub(super) certificates: OrdMap<u64, Arc<Certificate>>,
    pub(super) serial_at: OrdMap<u64, u64>,
    pub(super) digests: OrdMap<[u8; 32], u64>,
    pub(super) ids: OrdMap<[u8; 16], u64>,
    pub(super) seasons: HashMap<(PartySlug, Word, Word), u64>,
    pub(super) flagged: [OrdSet<u64>; 2],
    pub(super) lists: BTreeMap<(StatusPurpose, u64), ListState>,
    pub(super) status_index: Option<Mark>,
    pub(super) status_indexes: OrdMap<u64, u64>,
    pub(super) next_serial: u64,
    pub(super) per_day: OrdMap<i64, u64>,
    pub(super) rights: Rights,
    pub(super) powers: &'static [Power],
}

/// The versions of one status list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListState {
    /// The entries that hold them, oldest first.
    pub versions: Vec<Mark>,
    /// Since when the newest no longer says what the register says.
    pub stale_since: Option<Timestamp>,
}

impl ListState {
    /// Whether the newest version says what the register says.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.versions.is_empty() && self.stale_since.is_none()
    }

    /// The version that stood at `at`.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Option<Mark> {
        self.versions.iter().rev().find(|mark| mark.logged_at <= at).copied()
    }
}

impl Register {
    /// The register of an empty log whose root key is `root` (pinned outside the log).
    #[must_use]
    pub fn new(domain: Domain, root: [u8; 32], catalog: &'static Catalog) -> Self {
        Self {
            domain: Arc::new(domain),
            catalog,
            root,
            root_successor: None,
            size: 0,
            last_at: None,
            parties: OrdMap::new(),
            public_keys: HashSet::new(),
            lots: OrdMap::new(),
            certificates: OrdMap::new(),
            serial_at: OrdMap::new(),
            digests: OrdMap::new(),
            ids: OrdMap::new(),
            seasons: HashMap::new(),
            flagged: [OrdSet::new(), OrdSet::new()],
            lists: BTreeMap::new(),
            status_index: None,
            status_indexes: OrdMap::new(),
            next_serial: 0,
            per_day: OrdMap::new(),
            rights: Rights::default(),
            powers: POWERS,
        }
    }

    /// The ledger's names.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Products, schemes and regions.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// The pinned root key: the first one.
    #[must_use]
    pub fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// The root key now: the pinned one, or the last that succeeded it.
    #[must_use]
    pub fn current_root(&self) -> [u8; 32] {
        let keys = self.authority().map(|party| party.keys.as_slice()).unwrap_or_default();
        let roots = keys.iter().rev().find(|key| key.purpose == KeyPurpose::Root);
        roots.map_or(self.root, |key| key.public)
    }

    /// SHA-256 of the root key that may come next, as the present root committed to it.
    #[must_use]
    pub fn root_successor(&self) -> Option<&[u8; 32]> {
        self.root_successor.as_ref()
    }

    /// Status of a certificate at an instant: its own events and dates, its certifier as a whole,
    /// and the accreditation it was issued under.
    #[must_use]
    pub fn status_of(&self, certificate: &Certificate, at: Timestamp) -> CertificateStatus {
        let issuer = self.party(&certificate.issuer).map(AsRef::as_ref);
        let lot = self.lot(&certificate.claim.lot);
        let region = lot.map(|lot| lot.declaration.facts.region.as_str());
        certificate.status_in(issuer, region, at)
    }

    /// Entries folded.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Log time of the newest entry.
    #[must_use]
    pub fn last_at(&self) -> Option<Timestamp> {
        self.last_at
    }

    /// A party.
    #[must_use]
    pub fn party(&self, slug: &PartySlug) -> Option<&Arc<Party>> {
        self.parties.get(slug)
    }

    /// The authority, once registered.
    #[must_use]
    pub fn authority(&self) -> Option<&Arc<Party>> {
        self.parties.get(&PartySlug::parse(AUTHORITY).ok()?)
    }

    /// All parties, by slug.
    pub fn parties(&self) -> impl Iterator<Item = &Arc<Party>> {
        self.parties.values()
    }

    /// A lot.
    #[must_use]
    pub fn lot(&self, key: &LotKey) -> Option<&Arc<Lot>> {
        self.lots.get(key)
    }

    /// All lots, by key.
    pub fn lots(&self) -> impl DoubleEndedIterator<Item = &Arc<Lot>> {
        self.lots.values()
    }

    /// Number of lots.
    #[must_use]
    pub fn lot_count(&self) -> usize {
        self.lots.len()
    }

    /// Lots from `after` on (exclusive), by key: for pages.
    pub fn lots_after(&self, after: &LotKey) -> impl Iterator<Item = &Arc<Lot>> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.lots.range::<_, LotKey>((Excluded(after), Unbounded)).map(|(_, lot)| lot)
    }

    /// The certificate with a serial.
    #[must_use]
    pub fn certificate(&self, serial: u64) -> Option<&Arc<Certificate>> {
        self.certificates.get(&serial)
    }

    /// The certificate logged at an index.
    #[must_use]
    pub fn certificate_at(&self, index: u64) -> Option<&Arc<Certificate>> {
        self.certificates.get(self.serial_at.get(&index)?)
    }

    /// All certificates, by serial.
    pub fn certificates(&self) -> impl DoubleEndedIterator<Item = &Arc<Certificate>> {
        self.certificates.values()
    }

    /// All certificates, by log index.
    pub fn certificates_by_index(&self) -> impl Iterator<Item = &Arc<Certificate>> {
        self.serial_at.values().filter_map(|serial| self.certificates.get(serial))
    }

    /// One above the highest serial reached from 0 in steps of at most
    /// [`SERIAL_WINDOW`](crate::limits::SERIAL_WINDOW). Serials far above it, which older rules let
    /// in, stay valid and are skipped.
    #[must_use]
    pub fn next_serial(&self) -> u64 {
        self.next_serial
    }

    /// Whether no certificate can have a serial any more. The rules of the first release let any
    /// statement have any id; later ones look at certificates alone.
    #[must_use]
    pub fn serial_taken(&self, serial: u64) -> bool {
        self.certificates.contains_key(&serial)
            || self.edition() == 0
                && self.index_of_id(&self.domain.certificate_id(serial)).is_some()
    }

    /// The rulebook in force; None for the rules of the first release.
    #[must_use]
    pub fn rulebook(&self) -> Option<RulebookState> {
        self.rights.rulebook
    }

    /// The edition of the rules in force.
    #[must_use]
    pub fn edition(&self) -> u32 {
        self.rights.rulebook.map_or(0, |state| state.edition)
    }

    /// The change of status that an entry made.
    #[must_use]
    pub fn change(&self, index: u64) -> Option<&ChangeRecord> {
        self.rights.changes.get(&index)
    }

    /// All changes of status, by log index.
    pub fn changes(&self) -> impl Iterator<Item = (u64, &ChangeRecord)> {
        self.rights.changes.iter().map(|(index, change)| (*index, change))
    }

    /// Where an entry that was suspect was confirmed.
    #[must_use]
    pub fn confirmed_at(&self, index: u64) -> Option<Mark> {
        self.rights.confirmed.get(&index).copied()
    }

    /// The last entry that changed what older entries had recorded of a certificate: that
    /// confirmed or voided a change of its status, or found a key stolen.
    #[must_use]
    pub fn certificate_rewritten_at(&self, serial: u64) -> Option<u64> {
        self.rights.rewritten_certificates.get(&serial).copied()
    }

    /// The same of a lot.
    #[must_use]
    pub fn lot_rewritten_at(&self, key: &LotKey) -> Option<u64> {
        self.rights.rewritten_lots.get(key).copied()
    }

    /// Agreements of a client, in the order of the log.
    #[must_use]
    pub fn agreements(&self, client: &PartySlug) -> &[AgreementRecord] {
        self.rights.agreements.get(client).map_or(&[], Vec::as_slice)
    }

    /// The most a party may have released of a product in a campaign at an instant; None without
    /// limit.
    #[must_use]
    pub fn capacity(
        &self,
        party: &PartySlug,
        product: &str,
        campaign: &str,
        at: Timestamp,
    ) -> Option<u64> {
        if self.edition() == 0 {
            let party = self.parties.get(party)?;
            let mut stated = party.registration.capacities.iter();
            let same = stated.find(|one| one.product == product && one.campaign == campaign);
            return same.map(|one| one.quantity);
        }
        self.rights.capacity(party, product, campaign, at)
    }

    /// What is certified and in force of a lot, by scheme, in its smallest unit.
    #[must_use]
    pub fn certified_in_force(&self, lot: &Lot, at: Timestamp) -> BTreeMap<Word, u64> {
        let known = lot.certificates.iter().filter_map(|serial| self.certificate(*serial));
        let mut sums: BTreeMap<Word, u64> = BTreeMap::new();
        for found in known.filter(|found| self.status_of(found, at) == CertificateStatus::Valid) {
            let sum = sums.entry(found.claim.scheme.clone()).or_default();
            *sum = sum.saturating_add(found.claim.facts.quantity);
        }
        sums
    }

    /// The same register judged by another table of powers: for tests of the table.
    #[doc(hidden)]
    #[must_use]
    pub fn with_powers(self, powers: &'static [Power]) -> Self {
        Self { powers, ..self }
    }

    /// Where a statement with this digest stands: a statement sent twice is found here.
    #[must_use]
    pub fn index_of_digest(&self, digest: &[u8; 32]) -> Option<u64> {
        self.digests.get(digest).copied()
    }

    /// The digest of the statement at a log index, found by looking at all: for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn digest_at(&self, index: u64) -> Option<[u8; 32]> {
        self.digests.iter().find(|(_, at)| **at == index).map(|(digest, _)| *digest)
    }

    /// Where a statement with this id stands.
    #[must_use]
    pub fn index_of_id(&self, id: &str) -> Option<u64> {
        self.ids.get(&short_id(id)).copied()
    }

    /// The key with this name, and whose it is. Before the first entry only the root is known.
    #[must_use]
    pub fn key(&self, verification_method: &str) -> Option<(PartySlug, KeyRecord)> {
        let (did, _) = verification_method.split_once('#')?;
        let slug = self.domain.party_of(did)?;
        match self.parties.get(&slug) {
            Some(party) => Some((slug, party.key(verification_method)?.clone())),
            None if self.size == 0 => {
                let root = self.root_record();
                (root.verification_method == verification_method).then_some((slug, root))
            }
            None => None,
        }
    }

    /// The root key as a record; it counts from the first entry on.
    #[must_use]
    pub fn root_record(&self) -> KeyRecord {
        let first = Timestamp::from_seconds(0);
        KeyRecord {
            verification_method: format!("did:web:{}#root", self.domain.host().replace(':', "%3A")),
            public: self.root,
            purpose: KeyPurpose::Root,
            custody: Custody::Own,
            schemes: Vec::new(),
            not_after: None,
            parties: Vec::new(),
            counts_from: None,
            added: Mark { index: 0, logged_at: first },
            retired: None,
            compromised: None,
        }
    }

    /// All label keys, with whose they are.
    pub fn label_keys(&self) -> impl Iterator<Item = (&Arc<Party>, &KeyRecord)> {
        self.parties.values().flat_map(|party| {
            let labels = party.keys.iter().filter(|key| key.purpose == KeyPurpose::Label);
            labels.map(move |key| (party, key))
        })
    }

    /// Serials withdrawn (revocation) or suspended now.
    #[must_use]
    pub fn flagged(&self, purpose: StatusPurpose) -> &OrdSet<u64> {
        match purpose {
            StatusPurpose::Revocation => &self.flagged[0],
            StatusPurpose::Suspension => &self.flagged[1],
        }
    }

    /// The status lists that exist or must exist.
    pub fn lists(&self) -> impl Iterator<Item = ((StatusPurpose, u64), &ListState)> {
        self.lists.iter().map(|(name, state)| (*name, state))
    }

    /// The newest status index.
    #[must_use]
    pub fn status_index(&self) -> Option<Mark> {
        self.status_index
    }

    /// The status index whose lists reflect all entries below `covers`.
    #[must_use]
    pub fn status_index_covering(&self, covers: u64) -> Option<u64> {
        self.status_indexes.get(&covers).copied()
    }

    /// Entries logged on a day (UTC), by the log's own times.
    #[must_use]
    pub fn entries_on(&self, day: Day) -> u64 {
        self.per_day.get(&day.days()).copied().unwrap_or_default()
    }

    /// What is declared so far for a party, product and campaign.
    #[must_use]
    pub fn season_total(&self, party: &PartySlug, product: &str, campaign: &str) -> u64 {
        let key = (party.clone(), Word::new(product), Word::new(campaign));
        self.seasons.get(&key).copied().unwrap_or_default()
    }
}

/// The first 16 bytes of SHA-256 over an id: enough to tell ids apart, a third of the memory.
pub(super) fn short_id(id: &str) -> [u8; 16] {
    use sha2::{Digest, Sha256};
    let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}
