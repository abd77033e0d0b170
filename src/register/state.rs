//! The register: what is true now, as a value. Cloning it costs nothing (shared trees), so readers
//! keep a consistent snapshot while the writer folds on.
//! Not here: how entries change it (`fold`) and which are refused (`rules`).

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::{HashSet, OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use super::certificates::Certificates;
use super::digests::{Digests, Ids};
use super::goods_state::{Goods, GoodsFacts};
use super::lots::Lots;
use super::names::Names;
use super::operators::Operators;
use super::pairs;
use super::powers::{POWERS, Power};
use super::records::Party;
use super::rights::{AgreementRecord, ChangeRecord, Rights, RulebookState};
use crate::catalog::Catalog;
use crate::limits::EDITION_MAX;
use crate::names::AUTHORITY;
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::{KeyRecord, LogPosition};
use crate::statement::{Day, Domain, KeyPurpose, StatusPurpose, Timestamp};

/// What the log says, folded.
#[derive(Clone)]
pub struct Register {
    pub(super) domain: Arc<Domain>,
    pub(super) catalog: &'static Catalog,
    pub(super) powers: &'static [Power],
    pub(super) newest: u32,
    pub(super) root: Arc<KeyRecord>,
    pub(super) names: Names,
    pub(super) lots: Lots,
    pub(super) certificates: Certificates,
    pub(super) digests: Digests,
    pub(super) ids: Ids,
    pub(super) goods: Goods,
    pub(super) public_keys: HashSet<[u8; 32]>,
    pub(super) facts: Facts,
}

/// All that is few beside lots and certificates: what stands in a snapshot as JSON.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    pub size: u64,
    pub last_at: Option<Timestamp>,
    pub root_successor: Option<[u8; 32]>,
    #[serde(with = "pairs")]
    pub parties: OrdMap<PartySlug, Arc<Party>>,
    #[serde(with = "pairs")]
    pub seasons: OrdMap<(PartySlug, Word, Word), u64>,
    pub flagged: [Flagged; 2],
    #[serde(with = "pairs::of_tree")]
    pub lists: BTreeMap<(StatusPurpose, u64), ListState>,
    pub status_index: Option<LogPosition>,
    #[serde(with = "pairs")]
    pub status_indexes: OrdMap<u64, u64>,
    pub next_serial: u64,
    #[serde(with = "pairs")]
    pub per_day: OrdMap<i64, u64>,
    pub today: Today,
    pub rights: Rights,
    pub goods: GoodsFacts,
    pub operators: Operators,
}

/// Serials with a flag in a status list.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Flagged(#[serde(with = "pairs::of_set")] pub OrdSet<u64>);

/// Entries of each party on the newest day of the log.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Today {
    pub day: i64,
    #[serde(with = "pairs")]
    pub entries: OrdMap<PartySlug, u64>,
}

/// The versions of one status list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListState {
    /// The entries that hold them, oldest first.
    pub versions: Vec<LogPosition>,
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
    pub fn at(&self, at: Timestamp) -> Option<LogPosition> {
        self.versions.iter().rev().find(|mark| mark.logged_at <= at).copied()
    }
}

impl Register {
    /// The register of an empty log whose root key is `root` (pinned outside the log).
    #[must_use]
    pub fn new(domain: Domain, root: [u8; 32], catalog: &'static Catalog) -> Self {
        let root = Arc::new(root_record(&domain, root));
        Self {
            domain: Arc::new(domain),
            catalog,
            powers: POWERS,
            newest: EDITION_MAX,
            root,
            names: Names::default(),
            lots: Lots::default(),
            certificates: Certificates::default(),
            digests: Digests::default(),
            ids: Ids::default(),
            goods: Goods::default(),
            public_keys: HashSet::new(),
            facts: Facts::default(),
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
        &self.root.public
    }

    /// The root key now: the pinned one, or the last that succeeded it.
    #[must_use]
    pub fn current_root(&self) -> [u8; 32] {
        let keys = self.authority().map(|party| party.keys.as_slice()).unwrap_or_default();
        let roots = keys.iter().rev().find(|key| key.purpose == KeyPurpose::Root);
        roots.map_or(self.root.public, |key| key.public)
    }

    /// SHA-256 of the root key that may come next, as the present root committed to it.
    #[must_use]
    pub fn root_successor(&self) -> Option<&[u8; 32]> {
        self.facts.root_successor.as_ref()
    }

    /// Entries folded.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.facts.size
    }

    /// Log time of the newest entry.
    #[must_use]
    pub fn last_at(&self) -> Option<Timestamp> {
        self.facts.last_at
    }

    /// A party.
    #[must_use]
    pub fn party(&self, slug: &PartySlug) -> Option<&Arc<Party>> {
        self.facts.parties.get(slug)
    }

    /// The authority, once registered.
    #[must_use]
    pub fn authority(&self) -> Option<&Arc<Party>> {
        self.facts.parties.get(&PartySlug::parse(AUTHORITY).ok()?)
    }

    /// All parties, by slug.
    pub fn parties(&self) -> impl Iterator<Item = &Arc<Party>> {
        self.facts.parties.values()
    }

    /// One above the highest serial reached from 0 in steps of at most
    /// [`SERIAL_WINDOW`](crate::limits::SERIAL_WINDOW). Serials far above it, which older rules let
    /// in, stay valid and are skipped.
    #[must_use]
    pub fn next_serial(&self) -> u64 {
        self.facts.next_serial
    }

    /// The rulebook in force; None for the rules of the first release.
    #[must_use]
    pub fn rulebook(&self) -> Option<RulebookState> {
        self.facts.rights.rulebook
    }

    /// The edition of the rules in force.
    #[must_use]
    pub fn edition(&self) -> u32 {
        self.facts.rights.rulebook.map_or(0, |state| state.edition)
    }

    /// The newest edition of the rules that this register knows.
    #[must_use]
    pub fn newest_edition(&self) -> u32 {
        self.newest
    }

    /// The same register as an earlier release knew it: the rules up to an edition. For tests of
    /// what such a release refuses.
    #[doc(hidden)]
    #[must_use]
    pub fn knowing(self, edition: u32) -> Self {
        Self { newest: edition.min(EDITION_MAX), ..self }
    }

    /// The change of status that an entry made.
    #[must_use]
    pub fn change(&self, index: u64) -> Option<&ChangeRecord> {
        self.facts.rights.changes.get(&index)
    }

    /// All changes of status, by log index.
    pub fn changes(&self) -> impl Iterator<Item = (u64, &ChangeRecord)> {
        self.facts.rights.changes.iter().map(|(index, change)| (*index, change))
    }

    /// Where an entry that was suspect was confirmed.
    #[must_use]
    pub fn confirmed_at(&self, index: u64) -> Option<LogPosition> {
        self.facts.rights.confirmed.get(&index).copied()
    }

    /// The last entry that changed what older entries had recorded of a certificate: that
    /// confirmed or voided a change of its status, or found a key stolen.
    #[must_use]
    pub fn certificate_rewritten_at(&self, serial: u64) -> Option<u64> {
        self.facts.rights.rewritten_certificates.get(&serial).copied()
    }

    /// The same of a lot.
    #[must_use]
    pub fn lot_rewritten_at(&self, key: &LotKey) -> Option<u64> {
        self.facts.rights.rewritten_lots.get(key).copied()
    }

    /// Agreements of a client, in the order of the log.
    #[must_use]
    pub fn agreements(&self, client: &PartySlug) -> &[AgreementRecord] {
        self.facts.rights.agreements.get(client).map_or(&[], Vec::as_slice)
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
            let party = self.facts.parties.get(party)?;
            let mut stated = party.registration.capacities.iter();
            let same = stated.find(|one| one.product == product && one.campaign == campaign);
            return same.map(|one| one.quantity);
        }
        self.facts.rights.capacity(party, product, campaign, at)
    }

    /// Where the edition was put in force from which on packs, trust snapshots and dossiers have
    /// their later forms, if it was: a pack of fewer entries has the older one.
    #[must_use]
    pub fn later_forms(&self) -> Option<u64> {
        self.facts.rights.later_forms
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
        self.digests.index_of(digest)
    }

    /// The digest of the statement at a log index.
    #[must_use]
    pub fn digest_at(&self, index: u64) -> Option<[u8; 32]> {
        self.digests.at(index).copied()
    }

    /// The key with this name. Before the first entry only the root is known.
    #[must_use]
    pub fn key(&self, verification_method: &str) -> Option<&KeyRecord> {
        let (did, _) = verification_method.split_once('#')?;
        match self.party(&self.domain.party_of(did)?) {
            Some(party) => party.key(verification_method),
            None => Some(self.root_record()).filter(|root| {
                self.facts.size == 0 && root.verification_method == verification_method
            }),
        }
    }

    /// Whose a key of this name is, by its name.
    #[must_use]
    pub fn owner_of_key(&self, verification_method: &str) -> Option<PartySlug> {
        let (did, _) = verification_method.split_once('#')?;
        self.domain.party_of(did)
    }

    /// The root key as a record; it counts from the first entry on.
    #[must_use]
    pub fn root_record(&self) -> &KeyRecord {
        &self.root
    }

    /// All label keys, with whose they are.
    pub fn label_keys(&self) -> impl Iterator<Item = (&Arc<Party>, &KeyRecord)> {
        self.facts.parties.values().flat_map(|party| {
            let labels = party.keys.iter().filter(|key| key.purpose == KeyPurpose::Label);
            labels.map(move |key| (party, key))
        })
    }

    /// Serials withdrawn (revocation) or suspended now.
    #[must_use]
    pub fn flagged(&self, purpose: StatusPurpose) -> &OrdSet<u64> {
        match purpose {
            StatusPurpose::Revocation => &self.facts.flagged[0].0,
            StatusPurpose::Suspension => &self.facts.flagged[1].0,
        }
    }

    /// The status lists that exist or must exist.
    pub fn lists(&self) -> impl Iterator<Item = ((StatusPurpose, u64), &ListState)> {
        self.facts.lists.iter().map(|(name, state)| (*name, state))
    }

    /// The newest status index.
    #[must_use]
    pub fn status_index(&self) -> Option<LogPosition> {
        self.facts.status_index
    }

    /// The status index whose lists reflect all entries below `covers`.
    #[must_use]
    pub fn status_index_covering(&self, covers: u64) -> Option<u64> {
        self.facts.status_indexes.get(&covers).copied()
    }

    /// Entries logged on a day (UTC), by the log's own times.
    #[must_use]
    pub fn entries_on(&self, day: Day) -> u64 {
        self.facts.per_day.get(&day.days()).copied().unwrap_or_default()
    }

    /// Entries of a party on the newest day (UTC) of the log, if that is the day of `at`.
    #[must_use]
    pub fn entries_today(&self, party: &PartySlug, at: Timestamp) -> u64 {
        let today = Some(&self.facts.today).filter(|it| it.day == at.day().days());
        today.and_then(|it| it.entries.get(party)).copied().unwrap_or_default()
    }

    /// What is declared so far for a party, product and campaign.
    #[must_use]
    pub fn season_total(&self, party: &PartySlug, product: &str, campaign: &str) -> u64 {
        let key = (party.clone(), Word::new(product), Word::new(campaign));
        self.facts.seasons.get(&key).copied().unwrap_or_default()
    }
}

/// The pinned root key as a record.
fn root_record(domain: &Domain, public: [u8; 32]) -> KeyRecord {
    let first = LogPosition { index: 0, logged_at: Timestamp::from_seconds(0) };
    let name = format!("did:web:{}#root", domain.host().replace(':', "%3A"));
    KeyRecord::root(name, public, first)
}
