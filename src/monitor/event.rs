//! What a monitor says: kind, level, words, place. The same event as a line, as JSON and as the
//! payload of a webhook. Not here: when it is said.

use serde::Serialize;
use serde_json::{Value, json};

use crate::statement::Timestamp;

/// Characters of an event's words: a webhook's payload stays below 20 kB (Standard Webhooks 1.0.0)
/// with 4 bytes a character and as much again for escapes.
const TEXT_MAX: usize = 2_000;

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is wrong with the log or with what is served.
    Fault,
    /// The log could not be read.
    Unreachable,
    /// What a watch asked for.
    Watch,
    /// Good to know.
    Notice,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal, $level:ident;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[doc = $doc])* $name,)* }

        impl Kind {
            /// The dotted name, stable.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// How much it matters.
            #[must_use]
            pub fn level(self) -> Severity {
                match self { $(Self::$name => Severity::$level,)* }
            }
        }
    };
}

kinds! {
    /// Two signed checkpoints that cannot both be true.
    Fork = "log.fork", Fault;
    /// A signed checkpoint that the served tiles and entries do not hash to.
    Inconsistent = "log.inconsistent", Fault;
    /// A smaller checkpoint than the one seen before.
    Rollback = "log.rollback", Fault;
    /// A checkpoint that is none, or not signed by the log.
    BadCheckpoint = "log.checkpoint_invalid", Fault;
    /// No sign of life for too long.
    Stalled = "log.stalled", Fault;
    /// An entry dated later than this machine's clock, or than witnesses saw it.
    TimeAhead = "log.time_ahead", Fault;
    /// The log cannot be read.
    Unreachable = "log.unreachable", Unreachable;
    /// An entry that breaks a rule, or is not what was logged.
    BadEntry = "entry.invalid", Fault;
    /// A status list that does not show in time what was withdrawn or suspended.
    LateList = "status.late", Fault;
    /// The daily entry that names the current lists is missing.
    LateIndex = "status.index_late", Fault;
    /// A served document that is older than the log.
    OldDocument = "document.old", Fault;
    /// A served document that says something else than the log.
    WrongDocument = "document.differs", Fault;
    /// A document that must be served and is not.
    MissingDocument = "document.missing", Fault;
    /// Too few witnesses have signed the checkpoint.
    MissingWitness = "witness.missing", Fault;
    /// One witness has not signed for too long.
    LateWitness = "witness.late", Notice;
    /// A watched certifier signed a certificate.
    WatchedCertificate = "watch.certificate", Watch;
    /// Something happened to a watched lot.
    WatchedLot = "watch.lot", Watch;
    /// Something happened to a watched party.
    WatchedParty = "watch.party", Watch;
    /// Something happened to a watched key, or was signed with it.
    WatchedKey = "watch.key", Watch;
    /// New entries, all good.
    Grown = "log.grown", Notice;
    /// The local copy was damaged; it is made again.
    MirrorDamaged = "monitor.mirror_damaged", Notice;
    /// What was told before is no longer so.
    Resolved = "monitor.resolved", Notice;
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What.
    pub kind: Kind,
    /// How much it matters.
    pub level: Severity,
    /// In words.
    pub text: String,
    /// Log index, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Files of the state folder that prove it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Names what lasts, so that it is told once and not in every round.
    #[serde(skip)]
    pub lasting: Option<String>,
}

impl Event {
    /// Something that happened once.
    #[must_use]
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        let text: String = text.into().chars().take(TEXT_MAX).collect();
        let (level, evidence) = (kind.level(), Vec::new());
        Self { kind, level, text, index: None, evidence, lasting: None }
    }

    /// At an entry.
    #[must_use]
    pub fn at(self, index: u64) -> Self {
        Self { index: Some(index), ..self }
    }

    /// Which lasts; `what` tells it from others of its kind.
    #[must_use]
    pub fn lasting(self, what: impl std::fmt::Display) -> Self {
        let key = format!("{}:{what}", self.kind.name());
        Self { lasting: Some(key), ..self }
    }

    /// Proven by these files.
    #[must_use]
    pub fn with_evidence(self, evidence: Vec<String>) -> Self {
        Self { evidence, ..self }
    }

    /// As a line for people.
    #[must_use]
    pub fn line(&self, now: Timestamp) -> String {
        let level = match self.level {
            Severity::Fault => "FAULT ",
            Severity::Unreachable => "ERROR ",
            Severity::Watch | Severity::Notice => "",
        };
        let evidence: String = self.evidence.iter().map(|file| format!(" [{file}]")).collect();
        format!("{now} {level}{}: {}{evidence}", self.kind.name(), self.text)
    }

    /// As JSON, with when and of which log it is told: also the payload of a webhook.
    #[must_use]
    pub fn payload(&self, origin: &str, now: Timestamp) -> Value {
        let mut data = json!(self);
        data["origin"] = json!(origin);
        json!({"type": self.kind, "timestamp": now, "data": data})
    }
}
