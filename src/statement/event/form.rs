//! The form of an event: what all kinds share, and which kind it is. Quantities, lots and parties
//! of a kind stand in the file of its family.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::envelope::{Envelope, given, inconsistent, own_context, shape};
use super::id::{EventId, EventName};
use super::observe::Observation;
use super::offset::Offset;
use super::out::{Destruction, Loss, Outgoing, Sample};
use super::pack::Packing;
use super::receive::Arrival;
use super::settle::Settlement;
use super::ship::Shipment;
use super::transform::Transformation;
use super::undo::{Undoing, Undone};
use crate::names::PartySlug;
use crate::statement::{Commitment, Domain, StatementError, Timestamp, canonical_bytes};

/// What happened to goods, once, as one party states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name among its issuer's events.
    pub name: EventName,
    /// When it happened.
    pub at: Timestamp,
    /// The offset of the clock there.
    pub offset: Offset,
    /// Where, ISO 3166-2 (`MA-09`), if it is told.
    pub region: Option<String>,
    /// A document behind it, which rests off the log.
    pub document: Option<Commitment>,
    /// The `id` of the [`crate::statement::Mandate`] it is signed under, if for another.
    pub mandate: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// The twelve kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Lots are drawn and others filled.
    Transform(Transformation),
    /// Goods leave for a receiver.
    Ship(Shipment),
    /// A receiver says what came.
    Receive(Arrival),
    /// What was disputed is settled.
    Settle(Settlement),
    /// Goods go into a logistic unit.
    Pack(Packing),
    /// Goods come out of a logistic unit.
    Unpack(Packing),
    /// Goods leave the ledger by a channel of sale.
    Out(Outgoing),
    /// Goods are lost.
    Loss(Loss),
    /// A sample is taken.
    Sample(Sample),
    /// Goods are destroyed.
    Destroy(Destruction),
    /// Somebody looks, and nothing moves.
    Observe(Observation),
    /// A statement shall count as not made.
    Void(Undoing),
}

/// Members that every kind has; the others are read by the kind.
#[derive(Deserialize)]
struct Common {
    id: String,
    kind: String,
    at: Timestamp,
    offset: String,
    #[serde(default, deserialize_with = "given")]
    region: Option<String>,
    #[serde(default, deserialize_with = "given")]
    document: Option<Commitment>,
    #[serde(default, deserialize_with = "given")]
    mandate: Option<String>,
}

impl Event {
    /// The `id` of the change of status that it takes back, as the recall of a wrong lot.
    #[must_use]
    pub fn voids_recall(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Void(Undoing { of: Undone::Change(id), .. }) => Some(id),
            _ => None,
        }
    }

    /// The `id` of what was said of a price that it takes back.
    #[must_use]
    pub fn undoes_price(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Void(Undoing { of: Undone::Price(id), .. }) => Some(id),
            _ => None,
        }
    }

    /// Whether it is about goods: not, if it takes a recall back or what was said of a price.
    #[must_use]
    pub fn is_of_goods(&self) -> bool {
        self.voids_recall().is_none() && self.undoes_price().is_none()
    }

    /// What names it, signed by `issuer`.
    #[must_use]
    pub fn id(&self, issuer: &PartySlug) -> EventId {
        EventId { issuer: issuer.clone(), name: self.name }
    }

    /// The name that its content makes, for an issuer who gave it none: said twice it is one.
    #[must_use]
    pub fn content_name(&self, issuer: &PartySlug, domain: &Domain) -> EventName {
        use sha2::{Digest, Sha256};
        let mut subject = self.subject(domain);
        if let Some(members) = subject.as_object_mut() {
            members.remove("id");
        }
        let mut hash = Sha256::new_with_prefix(b"tasdiq-event-v1\0");
        hash.update(domain.did(issuer));
        hash.update(b"\0");
        hash.update(canonical_bytes(&subject));
        EventName::of_hash(&hash.finalize().into())
    }

    pub(in crate::statement) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let common: Common = envelope.subject()?;
        let id = envelope.domain.event_of(&common.id).filter(|id| id.issuer == *envelope.issuer);
        let id = id.filter(|_| common.id == envelope.id).ok_or_else(|| {
            let place = envelope.domain.url(&format!("events/{}/", envelope.issuer));
            let reason = format!("must be {place} and 26 characters, here and in the subject");
            inconsistent("id", reason)
        })?;
        let offset = Offset::parse(&common.offset).ok_or_else(|| {
            inconsistent("offset", "must be written +HH:MM or -HH:MM, -12:00 to +14:00")
        })?;
        if !common.region.iter().all(|region| is_region(region)) {
            return Err(inconsistent("region", "must be a code of ISO 3166-2, such as MA-09"));
        }
        let kind = EventKind::read(&common.kind, envelope)?;
        if let Some(mandate) = &common.mandate {
            if !envelope.domain.is_statement_id(mandate) {
                return Err(inconsistent("mandate", "must be the id of a Mandate"));
            }
            if !matches!(kind, EventKind::Ship(_) | EventKind::Receive(_)) {
                return Err(inconsistent("mandate", "goes with ship and receive only"));
            }
        }
        let Common { at, region, document, mandate, .. } = common;
        Ok(Self { name: id.name, at, offset, region, document, mandate, kind })
    }

    /// The unsigned statement. `draft.id` is replaced by the event's own.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let id = draft.domain.event_iri(&self.id(draft.issuer));
        let mut subject = self.subject(draft.domain);
        subject["id"] = json!(id);
        let draft = Draft { id, ..draft.clone() };
        let title = format!("Event: {}", self.kind.word());
        draft.credential("TraceabilityEvent", own_context(draft.domain), &title, subject)
    }

    /// What it says, without its id.
    fn subject(&self, domain: &Domain) -> Value {
        let mut subject = self.kind.members(domain);
        subject["kind"] = json!(self.kind.word());
        subject["at"] = json!(self.at);
        subject["offset"] = json!(self.offset.to_string());
        let optional = [
            ("region", self.region.clone()),
            ("document", self.document.map(|document| document.to_string())),
            ("mandate", self.mandate.clone()),
        ];
        for (member, text) in optional {
            if let Some(text) = text {
                subject[member] = json!(text);
            }
        }
        subject
    }
}

impl EventKind {
    /// The word in `kind`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Transform(_) => "transform",
            Self::Ship(_) => "ship",
            Self::Receive(_) => "receive",
            Self::Settle(_) => "settle",
            Self::Pack(_) => "pack",
            Self::Unpack(_) => "unpack",
            Self::Out(_) => "out",
            Self::Loss(_) => "loss",
            Self::Sample(_) => "sample",
            Self::Destroy(_) => "destroy",
            Self::Observe(_) => "observe",
            Self::Void(_) => "void",
        }
    }

    /// Whether it may hold so many lines that its statement may be as large as any.
    #[must_use]
    pub fn is_large(&self) -> bool {
        matches!(
            self,
            Self::Transform(_)
                | Self::Ship(_)
                | Self::Receive(_)
                | Self::Settle(_)
                | Self::Pack(_)
                | Self::Loss(_)
                | Self::Destroy(_)
        )
    }

    fn read(word: &str, envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        match word {
            "transform" => Transformation::read(envelope).map(Self::Transform),
            "ship" => Shipment::read(envelope).map(Self::Ship),
            "receive" => Arrival::read(envelope).map(Self::Receive),
            "settle" => Settlement::read(envelope).map(Self::Settle),
            "pack" => Packing::read(envelope).map(Self::Pack),
            "unpack" => Packing::read_any(envelope).map(Self::Unpack),
            "out" => Outgoing::read(envelope).map(Self::Out),
            "loss" => Loss::read(envelope).map(Self::Loss),
            "sample" => Sample::read(envelope).map(Self::Sample),
            "destroy" => Destruction::read(envelope).map(Self::Destroy),
            "observe" => Observation::read(envelope).map(Self::Observe),
            "void" => Undoing::read(envelope).map(Self::Void),
            other => Err(shape("kind", format!("{other:?} is no kind of event"))),
        }
    }

    fn members(&self, domain: &Domain) -> Value {
        match self {
            Self::Transform(one) => one.members(domain),
            Self::Ship(one) => one.members(domain),
            Self::Receive(one) => one.members(domain),
            Self::Settle(one) => one.members(domain),
            Self::Pack(one) | Self::Unpack(one) => one.members(domain),
            Self::Out(one) => one.members(domain),
            Self::Loss(one) => one.members(domain),
            Self::Sample(one) => one.members(domain),
            Self::Destroy(one) => one.members(domain),
            Self::Observe(one) => one.members(domain),
            Self::Void(one) => one.members(domain),
        }
    }
}

/// Two letters, a hyphen, one to three letters or digits.
fn is_region(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, part)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=3).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}
