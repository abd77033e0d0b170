//! Kinds `out`, `loss`, `sample`, `destroy`: goods leave the balance, by sale or for a cause.
//! Not here: how much there is to leave (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, given, inconsistent, read_party};
use super::lines::{LineMembers, LotLine, read_lines, some_line, written};
use super::members::{json_of, own};
use crate::limits::EVENT_LINES_MAX;
use crate::names::PartySlug;
use crate::statement::{Domain, StatementError};

/// Goods leave by a channel of sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// By which.
    pub channel: Channel,
    /// What.
    pub lots: Vec<LotLine>,
}

/// Goods are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Why.
    pub cause: LossCause,
    /// What.
    pub lots: Vec<LotLine>,
}

/// A sample is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What for.
    pub cause: SampleCause,
    /// What.
    pub lots: Vec<LotLine>,
    /// Whose goods, where another than the holder signs; never the issuer.
    pub holder: Option<PartySlug>,
}

/// Goods are destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destruction {
    /// Why.
    pub cause: DestructionCause,
    /// What.
    pub lots: Vec<LotLine>,
    /// They had left already and were brought back: they count as recovered and never re-enter.
    pub from_out: bool,
}

/// Channels of sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// To consumers.
    Retail,
    /// To trade, in large quantities.
    Wholesale,
    /// To trade, in small quantities.
    SemiWholesale,
    /// By the net.
    Online,
    /// To canteens, hotels, associations.
    Community,
    /// As an ingredient.
    Industry,
    /// Abroad.
    Export,
}

/// Causes of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossCause {
    /// It spoilt.
    Spoilage,
    /// It broke, leaked or was spilt.
    Damage,
    /// It was stolen, or is not to be found.
    Theft,
    /// Its time was over.
    Expired,
    /// It settled and was left behind.
    Sediment,
    /// It dried.
    Moisture,
    /// Scales differ.
    Weighing,
    /// What filtering, cleaning and machines keep.
    Process,
    /// More was entered than there is.
    EntryError,
    /// Anything else.
    Other,
}

/// What a sample is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleCause {
    /// A laboratory analyses it.
    Analysis,
    /// An inspection keeps it.
    Inspection,
    /// It is kept to be compared later.
    Retention,
    /// Buyers try it.
    Promotion,
}

/// Why goods are destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DestructionCause {
    /// They were recalled.
    Recall,
    /// A requirement is not met.
    Nonconformity,
    /// They spoilt.
    Spoilage,
    /// They were damaged.
    Damage,
    /// Their time was over.
    Expired,
    /// Anything else.
    Other,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutMembers {
    channel: Channel,
    lots: Vec<LineMembers>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LossMembers {
    cause: LossCause,
    lots: Vec<LineMembers>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleMembers {
    cause: SampleCause,
    lots: Vec<LineMembers>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DestroyMembers {
    cause: DestructionCause,
    lots: Vec<LineMembers>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    from: Option<Source>,
}

/// Where destroyed goods come from, if they are not the issuer's stock.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    Out,
}

fn lots_of(
    envelope: &Envelope<'_>,
    members: &[LineMembers],
) -> Result<Vec<LotLine>, StatementError> {
    some_line(&[members.len()])?;
    read_lines(envelope, "lots", members, EVENT_LINES_MAX)
}

impl Outgoing {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: OutMembers = own(envelope)?;
        Ok(Self { channel: members.channel, lots: lots_of(envelope, &members.lots)? })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&OutMembers { channel: self.channel, lots: written(domain, &self.lots) })
    }
}

impl Loss {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: LossMembers = own(envelope)?;
        Ok(Self { cause: members.cause, lots: lots_of(envelope, &members.lots)? })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&LossMembers { cause: self.cause, lots: written(domain, &self.lots) })
    }
}

impl Sample {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: SampleMembers = own(envelope)?;
        let holder = members.holder.map(|did| read_party(envelope, "holder", &did)).transpose()?;
        if holder.as_ref() == Some(envelope.issuer) {
            return Err(inconsistent("holder", "is left out where the holder itself signs"));
        }
        Ok(Self { cause: members.cause, lots: lots_of(envelope, &members.lots)?, holder })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        let holder = self.holder.as_ref().map(|party| domain.did(party));
        json_of(&SampleMembers { cause: self.cause, lots: written(domain, &self.lots), holder })
    }
}

impl Destruction {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: DestroyMembers = own(envelope)?;
        let lots = lots_of(envelope, &members.lots)?;
        Ok(Self { cause: members.cause, lots, from_out: members.from.is_some() })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        let from = self.from_out.then_some(Source::Out);
        json_of(&DestroyMembers { cause: self.cause, lots: written(domain, &self.lots), from })
    }
}
