//! Kind `void`: a statement shall count as not made, if nothing rests on it. Also how one event
//! names another. Not here: what rests on what, and who may (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, given, inconsistent};
use super::id::EventId;
use super::members::{json_of, own};
use crate::names::LotKey;
use crate::statement::{Domain, StatementError};

/// A statement shall count as not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoing {
    /// Which.
    pub of: Undone,
    /// Why.
    pub reason: UndoReason,
    /// What is right instead, of the same kind of statement.
    pub replaced_by: Option<Undone>,
}

/// What can be undone, by its `id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// An event.
    Event(EventId),
    /// The declaration of a lot.
    Declaration(LotKey),
    /// A change of status: the recall of a wrong lot.
    Change(String),
    /// What was said of a price, by its seller or by who bore it out.
    Price(String),
}

/// Why a statement is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoReason {
    /// It did not happen.
    DidNotOccur,
    /// It happened otherwise.
    IncorrectData,
    /// A recall was of another lot.
    WrongLot,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    of: String,
    reason: UndoReason,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
}

impl Undoing {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        let of = Undone::read(envelope, "of", &members.of, members.reason)?;
        if members.of == envelope.id || members.replaced_by.as_deref() == Some(envelope.id) {
            return Err(inconsistent("of", "a statement cannot undo or replace itself"));
        }
        let of_lot = matches!(of, Undone::Event(_) | Undone::Declaration(_));
        if of_lot && members.reason == UndoReason::WrongLot {
            return Err(inconsistent("reason", "wrong-lot is for changes of status alone"));
        }
        let by = members.replaced_by.as_deref();
        let read = |iri| Undone::read(envelope, "replacedBy", iri, members.reason);
        let replaced_by = by.map(read).transpose()?;
        if replaced_by.as_ref().is_some_and(|by| *by == of || !by.is_like(&of)) {
            let reason = "must be another statement of the same kind";
            return Err(inconsistent("replacedBy", reason));
        }
        Ok(Self { of, reason: members.reason, replaced_by })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&Members {
            of: self.of.iri(domain),
            reason: self.reason,
            replaced_by: self.replaced_by.as_ref().map(|by| by.iri(domain)),
        })
    }
}

impl Undone {
    fn read(
        envelope: &Envelope<'_>,
        at: &'static str,
        iri: &str,
        reason: UndoReason,
    ) -> Result<Self, StatementError> {
        let domain = envelope.domain;
        let event = || domain.event_of(iri).map(Self::Event);
        let declaration = || domain.declared_lot_of(iri).map(Self::Declaration);
        let other = || domain.is_statement_id(iri).then(|| Self::by_content(iri, reason));
        event().or_else(declaration).or_else(other).ok_or_else(|| {
            inconsistent(at, format!("{iri} is no event, declaration, price or recall here"))
        })
    }

    /// A statement whose id follows from its content: the reason says of which kind.
    #[must_use]
    pub fn by_content(id: &str, reason: UndoReason) -> Self {
        match reason {
            UndoReason::WrongLot => Self::Change(id.to_owned()),
            UndoReason::DidNotOccur | UndoReason::IncorrectData => Self::Price(id.to_owned()),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    fn iri(&self, domain: &Domain) -> String {
        match self {
            Self::Event(event) => domain.event_iri(event),
            Self::Declaration(lot) => domain.declaration_id(lot),
            Self::Change(iri) | Self::Price(iri) => iri.clone(),
        }
    }
}

/// Reads the `id` of another event.
pub(in crate::statement) fn read_event(
    envelope: &Envelope<'_>,
    at: &'static str,
    iri: &str,
) -> Result<EventId, StatementError> {
    let event = envelope.domain.event_of(iri).filter(|_| iri != envelope.id);
    event.ok_or_else(|| inconsistent(at, format!("{iri} is no other event of this ledger")))
}
