//! What follows for a lot from its events, as readers get it: the few facts that packs and dossiers
//! carry (`GoodsRecord`), and all that a report tells (`LotTrace`). Values only, in words and
//! smallest units. Not here: how they follow (`goods_facts`), what a verdict makes of them.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::status::{CertificateStatus, Inherited};
use crate::names::{LotKey, PartySlug, Word};
use crate::statement::{CustodyModel, Day, Timestamp};

/// Where a lot's goods come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum OriginWord {
    /// All of it from lots traced from their declaration on.
    Traced,
    /// Some of it.
    Partly,
    /// None of it: on its producer's word.
    Declared,
}

/// What packs and dossiers know of a lot's goods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoodsRecord {
    /// What was filled, smallest unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled: Option<u64>,
    /// What was drawn into other lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumed: Option<u64>,
    /// What left the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<u64>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginWord>,
    /// The chain of custody that follows from its events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<CustodyModel>,
    /// Who produced what it is made of, by their share, five at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub producers: Vec<PartySlug>,
    /// The hold or recall that reaches it from what it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<Inherited>,
    /// What became of a certificate that the lot's own rest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_certificate: Option<InputCertificate>,
}

/// A certificate that those of a lot rest on, of an input or of an operator, and does not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InputCertificate {
    /// `suspended` or `withdrawn`.
    pub status: CertificateStatus,
    /// Its serial.
    pub serial: u64,
}

/// All that a report tells of where a lot's goods come from and went. Lists are bounded; their
/// counts are of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LotTrace {
    /// Where it comes from, in one word.
    pub origin: OriginWord,
    /// The chain of custody that follows from its events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelTold>,
    /// What schemes cover of it, by scheme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cover: Vec<CoverTold>,
    /// The lots that it began as, the largest share first; of evidence that names no lots only
    /// their producers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<OriginTold>,
    /// How many there are; None: more than were walked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_count: Option<u64>,
    /// What became of it and of what it was made of, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepTold>,
    /// How many there are; None: more than were walked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_count: Option<u64>,
    /// How much there was of it and where that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<CustodyTold>,
    /// The hold or recall that reaches it from what it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<Inherited>,
    /// What became of a certificate that the lot's own rest on: the worst of all, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_certificate: Option<InputCertificate>,
    /// What is known of the price paid for it.
    #[serde(default)]
    pub price: PriceWord,
}

/// A chain-of-custody model (ISO 22095:2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelTold {
    /// The model.
    pub word: CustodyModel,
    /// The least covered share of the schemes that it is certified under, in per mille, rounded
    /// down; None: no scheme is, or the evidence does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_mille: Option<u16>,
}

/// What a scheme covers of a lot, smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoverTold {
    /// The scheme.
    pub scheme: Word,
    /// What it covers; None: its cover is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered: Option<u64>,
    /// The same of all that was filled, in per mille, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_mille: Option<u16>,
    /// What certificates in force certify.
    pub certified: u64,
}

/// A lot that another began as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginTold {
    /// Who declared it.
    pub producer: PartySlug,
    /// Its public name, where the evidence knows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub producer_name: String,
    /// The lot, where the evidence names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotKey>,
    /// What it is: a product or material id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Word>,
    /// Where it is from, ISO 3166-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Word>,
    /// Day of harvest or packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Its share by what was drawn, in per mille, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_mille: Option<u16>,
}

/// Who stands behind a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Grade {
    /// A third party: certifier, laboratory, inspector or the authority.
    Signed,
    /// Whoever had the goods.
    Stated,
    /// Nobody: it follows by rule.
    Computed,
}

/// One step of the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepTold {
    /// What it is: `declare`, `certify`, `hold`, or the kind of an event.
    pub what: Word,
    /// Who stands behind it.
    pub grade: Grade,
    /// Log index.
    pub index: u64,
    /// When it happened, as it says; of a declaration the start of its day.
    pub at: Timestamp,
    /// Who said it.
    pub by: PartySlug,
    /// To whom goods went; None: nobody here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartySlug>,
    /// The lot it is about: of a transformation the one it filled.
    pub lot: LotKey,
    /// How much of that lot, smallest unit; None: it moved nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// By which recipe, under which scheme, or for which reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Word>,
    /// Where, ISO 3166-2, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Word>,
}

/// How much there was of a lot and where that is, smallest unit. What the evidence does not say is
/// not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustodyTold {
    /// What there was of it so far.
    pub filled: u64,
    /// At hand, with all holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<u64>,
    /// In logistic units at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<u64>,
    /// On its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_transit: Option<u64>,
    /// Missing and not settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disputed: Option<u64>,
    /// Became other lots.
    pub consumed: u64,
    /// Left the ledger: sold, lost, sampled, destroyed.
    pub out: u64,
    /// Nothing of it is left with anybody. It stays fit for whoever has a jar of it.
    pub exhausted: bool,
    /// Nor can anybody have a unit of it: what left was destroyed, sampled, lost or brought back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
    /// Who has some of it, at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<HolderTold>,
    /// How many have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_count: Option<u64>,
}

/// What one holder has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderTold {
    /// Who.
    pub party: PartySlug,
    /// At hand, loose or in units.
    pub quantity: u64,
}

/// What there is of a material over all lots and where it is, smallest unit: filled is the sum of
/// the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaterialTotal {
    /// Lots.
    pub lots: u64,
    /// What there was so far.
    pub filled: u64,
    /// At hand.
    pub free: u64,
    /// In logistic units at hand.
    pub packed: u64,
    /// On its way.
    pub in_transit: u64,
    /// Missing and not settled.
    pub disputed: u64,
    /// Became something else.
    pub consumed: u64,
    /// Left the ledger.
    pub out: u64,
}

/// What is known of the price paid for a lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum PriceWord {
    /// Both sides signed the same, or the seller and, for a buyer who is none of the ledger's
    /// parties, a certifier.
    Confirmed,
    /// The seller alone: never shown as paid.
    OneSided,
    /// Committed to, not published.
    Undisclosed,
    /// Nothing.
    #[default]
    None,
}

impl CustodyTold {
    /// Whether every unit is somewhere and none twice, as far as the figures are there.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let gone = u128::from(self.consumed) + u128::from(self.out);
        let left = [self.free, self.packed, self.in_transit, self.disputed];
        let known: Vec<u128> = left.into_iter().flatten().map(u128::from).collect();
        let sum = known.iter().sum::<u128>() + gone;
        match known.len() {
            4 => sum == u128::from(self.filled),
            _ => sum <= u128::from(self.filled),
        }
    }
}

impl LotTrace {
    /// What a pack or a dossier tells: producers for origins, no steps. A record without an origin
    /// is of a lot that no event was logged of: on its producer's word.
    #[must_use]
    pub fn of_record(record: &GoodsRecord) -> Self {
        let custody = record.filled.map(|filled| {
            let (consumed, out) = (record.consumed.unwrap_or(0), record.out.unwrap_or(0));
            let exhausted = u128::from(consumed) + u128::from(out) == u128::from(filled);
            CustodyTold { filled, consumed, out, exhausted, ..CustodyTold::default() }
        });
        let named = |producer: &PartySlug| OriginTold {
            producer: producer.clone(),
            producer_name: String::new(),
            lot: None,
            product: None,
            region: None,
            on: None,
            per_mille: None,
        };
        Self {
            origin: record.origin.unwrap_or(OriginWord::Declared),
            model: record.model.map(|word| ModelTold { word, per_mille: None }),
            cover: Vec::new(),
            origins: record.producers.iter().map(named).collect(),
            origin_count: None,
            steps: Vec::new(),
            step_count: None,
            custody,
            inherited: record.inherited.clone(),
            input_certificate: record.input_certificate,
            price: PriceWord::None,
        }
    }
}
