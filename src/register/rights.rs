//! What parties may use and need beside keys and accreditations: the rulebook in force, agreements,
//! numbers of goods, capacities, names; and every change of status, so that it can be confirmed or
//! voided. Values only; the fold alone changes them. Not here: the rules that ask them.

use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use super::pairs;
use super::status::StatusEvent;
use crate::limits::WAIT_SECONDS;
use crate::names::{Gtin, LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{Agreement, Day, GrantedNumbers, StatusTarget, Timestamp, folded_name};

/// The rulebook in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulebookState {
    /// Its version.
    pub version: u64,
    /// The edition of the rules.
    pub edition: u32,
    /// Where the log has it.
    pub mark: LogPosition,
}

/// A client's agreement with a certifier, as logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementRecord {
    /// What was agreed.
    pub agreement: Agreement,
    /// Where the log has it.
    pub mark: LogPosition,
}

/// Whose a prefix of GTINs is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixRecord {
    /// The party.
    pub party: PartySlug,
    /// The first instant it counts at.
    pub counts_from: Timestamp,
}

/// What a GTIN stands for: set by the first lot under it that was certified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GtinRecord {
    /// Who declared that lot.
    pub party: PartySlug,
    /// Product id.
    pub product: Word,
    /// Unit code.
    pub unit: Word,
    /// Quantity in one sales unit, smallest unit.
    pub pack_size: u64,
}

/// One figure of a capacity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityRecord {
    /// Smallest unit of the product.
    pub quantity: u64,
    /// The first instant it counts at.
    pub counts_from: Timestamp,
    /// Who stated it.
    pub by: PartySlug,
    /// Where the log has it.
    pub index: u64,
}

/// A change of status, as logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// Of what.
    pub target: StatusTarget,
    /// What it does.
    pub event: StatusEvent,
    /// The key that signed it.
    pub verification_method: Word,
    /// Where it was confirmed: it is then not suspect.
    pub confirmed: Option<LogPosition>,
    /// Where the authority confirmed it: what a certifier did is then final.
    pub settled: Option<LogPosition>,
    /// Where it was voided: it is then as if never logged.
    pub voided: Option<LogPosition>,
}

/// How a key of a party was ended, and by whose key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEnd {
    /// The key that was retired or reported.
    pub key: Word,
    /// The key that signed this.
    pub signed_with: Word,
    /// Where the log has it.
    pub mark: LogPosition,
}

/// Whose an entry is that is no certificate, lot or change of status, and which key signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignedEntry {
    pub party: PartySlug,
    pub verification_method: Word,
    pub logged_at: Timestamp,
}

type CapacityKey = (PartySlug, Word, Word);

/// All of them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rights {
    pub rulebook: Option<RulebookState>,
    /// Where the edition was put in force from which on packs, trust snapshots and dossiers have
    /// their later forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later_forms: Option<u64>,
    #[serde(with = "pairs")]
    pub agreements: OrdMap<PartySlug, Vec<AgreementRecord>>,
    #[serde(with = "pairs")]
    pub prefixes: OrdMap<String, PrefixRecord>,
    /// Prefixes that an ordinary key of the authority took from a party, and when.
    #[serde(with = "pairs")]
    pub freed: OrdMap<String, Timestamp>,
    #[serde(with = "pairs")]
    pub grants: OrdMap<PartySlug, Vec<(PartySlug, GrantedNumbers)>>,
    #[serde(with = "pairs")]
    pub gtins: OrdMap<Gtin, GtinRecord>,
    #[serde(with = "pairs")]
    pub capacities: OrdMap<CapacityKey, Vec<CapacityRecord>>,
    #[serde(with = "pairs")]
    pub names: OrdMap<String, Vec<PartySlug>>,
    #[serde(with = "pairs")]
    pub changes: OrdMap<u64, ChangeRecord>,
    #[serde(with = "pairs")]
    pub key_ends: OrdMap<PartySlug, Vec<KeyEnd>>,
    #[serde(with = "pairs")]
    pub confirmed: OrdMap<u64, LogPosition>,
    #[serde(with = "pairs")]
    pub signed: OrdMap<u64, SignedEntry>,
    /// Lots that capacity held and a release made count.
    #[serde(with = "pairs::of_set")]
    pub counted_late: OrdSet<LotKey>,
    /// The last entry that changed what older entries had recorded of a certificate, by serial.
    #[serde(with = "pairs")]
    pub rewritten_certificates: OrdMap<u64, u64>,
    /// The same of a lot.
    #[serde(with = "pairs")]
    pub rewritten_lots: OrdMap<LotKey, u64>,
}

impl Rights {
    /// Whether the newest agreement of client and certifier that names the scheme is in force.
    pub fn agreed(
        &self,
        client: &PartySlug,
        certifier: &PartySlug,
        scheme: &str,
        today: Day,
    ) -> bool {
        let known = self.agreements.get(client).into_iter().flatten().rev();
        let mut naming = known.map(|record| &record.agreement).filter(|agreement| {
            agreement.certifier == *certifier && agreement.schemes.contains(scheme)
        });
        naming.next().is_some_and(|newest| (newest.from..=newest.until).contains(&today))
    }

    /// Whether the client has an agreement in force under any scheme, with this certifier or, None,
    /// with any.
    pub fn agreed_at_all(
        &self,
        client: &PartySlug,
        certifier: Option<&PartySlug>,
        today: Day,
    ) -> bool {
        let known = self.agreements.get(client).into_iter().flatten();
        let mut known = known.map(|record| &record.agreement);
        known.any(|one| {
            certifier.is_none_or(|wanted| *wanted == one.certifier)
                && one.schemes.iter().any(|it| self.agreed(client, &one.certifier, it, today))
        })
    }

    /// The party that a prefix inside or around this one belongs to, if it is another's.
    pub fn prefix_of_other(&self, prefix: &str, party: &PartySlug) -> Option<(&str, &PartySlug)> {
        let clash = self.prefixes.iter().find(|(known, record)| {
            record.party != *party
                && (known.starts_with(prefix) || prefix.starts_with(known.as_str()))
        });
        clash.map(|(known, record)| (known.as_str(), &record.party))
    }

    /// Whether a prefix inside or around this one was taken from a party less than 72 hours ago.
    pub fn freed_lately(&self, prefix: &str, now: Timestamp) -> bool {
        self.freed.iter().any(|(freed, at)| {
            let overlaps = freed.starts_with(prefix) || prefix.starts_with(freed.as_str());
            overlaps && now < at.plus_seconds(WAIT_SECONDS)
        })
    }

    /// Whose a GTIN is: of the party with its prefix, else of the first that had a lot under it
    /// certified.
    pub fn gtin_owner(&self, gtin: &Gtin, at: Timestamp) -> Option<&PartySlug> {
        let registered = self.digits_owner(gtin.as_str(), at);
        registered.or_else(|| self.gtins.get(gtin).map(|record| &record.party))
    }

    /// The party with a prefix of a GTIN or an SSCC.
    pub fn digits_owner(&self, digits: &str, at: Timestamp) -> Option<&PartySlug> {
        // A prefix is compared with the GTIN-14 or SSCC from its second digit.
        let digits = digits.get(1..).unwrap_or_default();
        (7..=12).find_map(|length| {
            let record = self.prefixes.get(digits.get(..length)?)?;
            (record.counts_from <= at).then_some(&record.party)
        })
    }

    /// Whether `to` may use an SSCC of `owner`.
    pub fn digits_granted(&self, owner: &PartySlug, to: &PartySlug, digits: &str) -> bool {
        let digits = digits.get(1..).unwrap_or_default();
        let mut granted = self.grants.get(to).into_iter().flatten();
        granted.any(|(from, numbers)| {
            let prefix = match numbers {
                GrantedNumbers::Prefix(prefix) => prefix.as_str(),
                GrantedNumbers::Gtin(_) => return false,
            };
            from == owner && digits.starts_with(prefix)
        })
    }

    /// Whether `to` may use a GTIN of `owner`.
    pub fn granted(&self, owner: &PartySlug, to: &PartySlug, gtin: &Gtin) -> bool {
        let digits = gtin.as_str().get(1..).unwrap_or_default();
        let mut granted = self.grants.get(to).into_iter().flatten();
        granted.any(|(from, numbers)| {
            from == owner
                && match numbers {
                    GrantedNumbers::Prefix(prefix) => digits.starts_with(prefix.as_str()),
                    GrantedNumbers::Gtin(one) => one == gtin,
                }
        })
    }

    /// The most a party may have released of a product in a campaign: the authority's figure and a
    /// certifier's, whichever is less; nothing where only other campaigns of the product have one.
    /// None: no limit was ever stated for the product.
    pub fn capacity(
        &self,
        party: &PartySlug,
        product: &str,
        campaign: &str,
        at: Timestamp,
    ) -> Option<u64> {
        let first = (party.clone(), Word::new(product), Word::default());
        let stated = self.capacities.range(first..);
        let stated = stated.take_while(|((who, what, _), _)| who == party && **what == *product);
        let mut any = false;
        let mut figures: &[CapacityRecord] = &[];
        for ((_, _, when), found) in stated {
            any |= found.iter().any(|one| one.counts_from <= at);
            if **when == *campaign {
                figures = found;
            }
        }
        let counting = |one: &&CapacityRecord| one.counts_from <= at;
        let newest = |own: bool| {
            let mut figures = figures.iter().rev().filter(counting);
            figures.find(|one| one.by.is_authority() == own).map(|one| one.quantity)
        };
        match (newest(true), newest(false)) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (None, None) => any.then_some(0),
            (one, other) => one.or(other),
        }
    }

    /// Another party whose name looks like this one.
    pub fn name_of_other(&self, name: &str, party: &PartySlug) -> Option<&PartySlug> {
        self.names.get(&folded_name(name))?.iter().find(|known| *known != party)
    }
}

impl super::Register {
    /// The prefixes of GTINs that are a party's, with when each counts.
    pub fn prefixes_of<'a>(
        &'a self,
        party: &'a PartySlug,
    ) -> impl Iterator<Item = (&'a str, &'a PrefixRecord)> {
        let own =
            self.facts.rights.prefixes.iter().filter(move |(_, record)| record.party == *party);
        own.map(|(prefix, record)| (prefix.as_str(), record))
    }

    /// The numbers that others lent a party: whose, and which.
    #[must_use]
    pub fn granted_to(&self, party: &PartySlug) -> &[(PartySlug, GrantedNumbers)] {
        self.facts.rights.grants.get(party).map_or(&[], Vec::as_slice)
    }

    /// The figures of a party's capacities, by product and campaign, oldest first.
    pub fn capacity_figures<'a>(
        &'a self,
        party: &'a PartySlug,
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a [CapacityRecord])> {
        let first = (party.clone(), Word::default(), Word::default());
        let stated = self.facts.rights.capacities.range(first..);
        let own = stated.take_while(move |((who, ..), _)| who == party);
        own.map(|((_, product, campaign), figures)| {
            (product.as_str(), campaign.as_str(), figures.as_slice())
        })
    }
}
