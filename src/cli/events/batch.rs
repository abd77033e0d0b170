//! Events on their way into the log: asked about all at once, in their order, so that what follows
//! from each counts for the next; signed here from what was read, never from what was answered.
//! Not here: reading them (`rows`, `kinds`).

use std::collections::{BTreeMap, HashMap};

use anyhow::bail;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::common::goods::LotFigures;
use super::super::common::keys::Registered;
use super::super::common::lookup;
use super::super::common::output::progress;
use super::super::common::service::{CHUNK_ROWS_MAX, Source, Submitted};
use super::kinds::ReadEvent;
use crate::catalog::BaseUnit;
use crate::client::ServerProblem;
use crate::limits::PREPARE_BYTES_MAX;
use crate::names::{LotKey, PartySlug};
use crate::seal::seal;
use crate::statement::{Domain, Draft, Event, Timestamp};

/// One event and how far it came, as printed.
#[derive(Debug, Serialize)]
pub struct EventEntry {
    /// The file.
    pub file: String,
    /// The line it begins in.
    pub line: u64,
    /// The issuer's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind; empty of one that could not be read.
    pub kind: &'static str,
    /// How far it came.
    #[serde(flatten)]
    pub state: EventState,
    /// Lots that a rule holds by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    #[serde(skip)]
    event: Option<Event>,
    #[serde(skip)]
    units: BTreeMap<LotKey, BaseUnit>,
}

/// How far an event came.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum EventState {
    /// Judged; not signed.
    Ready,
    /// In the log now.
    Logged {
        /// Place in the log.
        index: u64,
        /// The statement's id.
        id: String,
    },
    /// In the log before, with the same content.
    Already {
        /// Place in the log.
        index: u64,
        /// The statement's id.
        id: String,
    },
    /// Not signed, or refused.
    Refused {
        /// The stable code.
        code: String,
        /// What was wrong and what to do.
        detail: String,
    },
}

/// What would follow, or followed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// Of the lots that the events touch, by key; at most 500.
    #[serde(default)]
    pub balances: Vec<LotFigures>,
    /// How many lots they touch.
    #[serde(default, rename = "balanceCount")]
    pub count: usize,
}

/// Events and who would sign them.
pub struct EventBatch<'a> {
    /// The ledger.
    pub source: &'a Source,
    /// Its names.
    pub domain: &'a Domain,
    /// Who signs.
    pub issuer: &'a PartySlug,
    /// Its public name.
    pub issuer_name: String,
    /// The instant of signing.
    pub now: Timestamp,
}

/// The answer to one event.
#[derive(Deserialize)]
struct Item {
    unsigned: Option<Value>,
    existing: Option<Existing>,
    problem: Option<ServerProblem>,
    #[serde(default)]
    holds: Vec<String>,
}

#[derive(Deserialize)]
struct Existing {
    id: String,
    index: u64,
}

impl EventEntry {
    /// An event as it was read.
    pub fn new(
        file: String,
        line: u64,
        name: Option<String>,
        read: Result<ReadEvent, Vec<String>>,
    ) -> Self {
        let (kind, state, event, units) = match read {
            Ok(ReadEvent { event, units }) => {
                (event.kind.word(), EventState::Ready, Some(event), units)
            }
            Err(faults) => ("", refused("row", faults.join("; ")), None, BTreeMap::new()),
        };
        Self { file, line, name, kind, state, holds: Vec::new(), event, units }
    }

    /// Where it stands, for people.
    #[must_use]
    pub fn place(&self) -> String {
        let name = self.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        format!("{}:{}:{name} {}", self.file, self.line, self.kind).trim_end().to_owned()
    }
}

impl EventBatch<'_> {
    /// The unsigned statement: valid from when it happened, so that a retry is the same one.
    fn unsigned(&self, event: &Event) -> Value {
        let (domain, issuer, issuer_name) = (self.domain, self.issuer, &self.issuer_name);
        let id = String::new();
        event.draft(&Draft {
            domain,
            id,
            issuer,
            issuer_name,
            valid_from: event.at,
            valid_until: None,
        })
    }

    /// Has the ledger judge all of them, in their order; what would follow from those it takes.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn prepare(&self, entries: &mut [EventEntry]) -> anyhow::Result<Followed> {
        once_each(entries);
        let mut asked: Vec<&mut EventEntry> =
            entries.iter_mut().filter(|it| matches!(it.state, EventState::Ready)).collect();
        if asked.is_empty() {
            return Ok(Followed::default());
        }
        let requests = asked.iter().filter_map(|entry| {
            let mut unsigned = self.unsigned(entry.event.as_ref()?);
            let event = unsigned["credentialSubject"].take();
            Some(json!({ "issuer": self.issuer, "event": event }))
        });
        let requests: Vec<Value> = requests.collect();
        const PATH: &str = "/api/v1/prepare";
        let body = json!({ "events": requests }).to_string().into_bytes();
        if body.len() > PREPARE_BYTES_MAX {
            bail!(
                "{} bytes of events; at most {PREPARE_BYTES_MAX} in one run: part them",
                body.len()
            );
        }
        let client = self.source.service()?;
        let bytes = client.post(PATH, "application/json", &body)?;
        let mut answer: Value = client.json(PATH, &bytes)?;
        let items: Vec<Item> = serde_json::from_value(answer["prepared"].take())
            .map_err(|fault| client.form(PATH, fault))?;
        let followed: Followed =
            serde_json::from_value(answer).map_err(|fault| client.form(PATH, fault))?;
        if items.len() != asked.len() {
            return Err(client.form(PATH, "another number of answers than of events").into());
        }
        for (entry, item) in asked.iter_mut().zip(items) {
            entry.holds = item.holds;
            entry.state = match (item.problem, item.existing, item.unsigned) {
                (Some(ServerProblem { code, detail, .. }), ..) => {
                    EventState::Refused { code, detail }
                }
                (_, Some(Existing { id, index }), _) => EventState::Already { index, id },
                (_, _, Some(_)) => EventState::Ready,
                _ => refused("unprepared", "the ledger gave no answer"),
            };
        }
        self.in_its_unit(&mut asked, &followed)?;
        Ok(followed)
    }

    /// Refuses what is written in another unit than its lot is counted in.
    fn in_its_unit(
        &self,
        entries: &mut [&mut EventEntry],
        followed: &Followed,
    ) -> anyhow::Result<()> {
        let told = followed.balances.iter().map(|lot| (lot.lot.clone(), lot.unit.clone()));
        let mut known: HashMap<LotKey, String> = told.collect();
        for entry in entries.iter_mut().filter(|it| matches!(it.state, EventState::Ready)) {
            for (lot, written) in std::mem::take(&mut entry.units) {
                let unit = match known.get(&lot) {
                    Some(unit) => unit.clone(),
                    None => match lookup::lot(self.source, &lot)? {
                        Some(found) => known.entry(lot.clone()).or_insert(found.unit).clone(),
                        None => continue,
                    },
                };
                if unit != written.code() {
                    let detail = format!(
                        "lot {lot} is counted in {unit}, the row writes {}",
                        written.code()
                    );
                    entry.state = refused("unit_mismatch", detail);
                }
            }
        }
        Ok(())
    }

    /// Signs what is ready and submits it.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn sign_and_submit(
        &self,
        entries: &mut [EventEntry],
        signer: &Registered,
        atomic: bool,
    ) -> anyhow::Result<()> {
        let ready = |entry: &&mut EventEntry| matches!(entry.state, EventState::Ready);
        let mut ready: Vec<&mut EventEntry> = entries.iter_mut().filter(ready).collect();
        let events = ready.iter().filter_map(|entry| entry.event.as_ref());
        let sealed = events
            .map(|event| seal(&self.unsigned(event), &signer.method, self.now, &*signer.key))
            .collect::<Result<Vec<_>, _>>()?;
        if atomic {
            match self.source.submit_group(&sealed)? {
                Ok(group) => put(&mut ready, group.into_iter().map(Ok)),
                Err(problem) => {
                    let line = problem.line.unwrap_or_default();
                    for (place, entry) in ready.iter_mut().enumerate() {
                        let (code, detail) = match place.checked_add(1) == Some(line) {
                            true => (problem.code.clone(), problem.detail.clone()),
                            false if line == 0 => (problem.code.clone(), problem.detail.clone()),
                            false => {
                                let why = "another of the group was refused";
                                ("group_refused".to_owned(), why.to_owned())
                            }
                        };
                        entry.state = EventState::Refused { code, detail };
                    }
                }
            }
            return Ok(());
        }
        let bar = progress(sealed.len(), "submitting");
        for (entries, sealed) in ready.chunks_mut(CHUNK_ROWS_MAX).zip(sealed.chunks(CHUNK_ROWS_MAX))
        {
            put(entries, self.source.submit(sealed)?.into_iter());
            bar.inc(u64::try_from(sealed.len()).unwrap_or_default());
        }
        bar.finish_and_clear();
        Ok(())
    }
}

/// Two events with one name are one: the later is a fault, whichever files they stand in.
fn once_each(entries: &mut [EventEntry]) {
    let mut seen: HashMap<crate::statement::EventName, String> = HashMap::new();
    for entry in entries {
        let Some(event) = &entry.event else { continue };
        if let Some(before) = seen.get(&event.name) {
            let detail = match entry.name {
                Some(_) => format!("the same name stands at {before}"),
                None => format!("the same event stands at {before}: give each a name"),
            };
            entry.state = refused("row", detail);
            entry.event = None;
            continue;
        }
        seen.insert(event.name, entry.place());
    }
}

fn put(entries: &mut [&mut EventEntry], answers: impl Iterator<Item = Submitted>) {
    for (entry, answer) in entries.iter_mut().zip(answers) {
        entry.state = match answer {
            Ok(placed) if placed.duplicate => {
                EventState::Already { index: placed.index, id: placed.id }
            }
            Ok(placed) => EventState::Logged { index: placed.index, id: placed.id },
            Err(ServerProblem { code, detail, .. }) => EventState::Refused { code, detail },
        };
    }
}

fn refused(code: &str, detail: impl Into<String>) -> EventState {
    EventState::Refused { code: code.to_owned(), detail: detail.into() }
}
