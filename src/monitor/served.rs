//! What the service serves beside its log, against what the log folds to: status lists, their
//! index, the trust snapshot. Not here: the log itself (`follow`).

use super::error::MonitorError;
use super::event::{Event, Kind, Severity};
use super::round::Monitor;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::log::Leaf;
use crate::seal::{LogPosition, verify_proof};
use crate::source::{FolderSource, LogSource, Part};
use crate::statement::{ListName, Statement, Timestamp, multikey};
use crate::trust::Trust;

/// How long a logged document may wait for a published checkpoint, in seconds: the minute that
/// witnesses may take, and one for the rounds around it.
const PUBLISHED_SECONDS: i64 = 120;

/// A signed document that the log has too.
struct Served {
    part: Part,
    bytes: Option<Vec<u8>>,
}

impl Monitor {
    /// Compares every document.
    pub(super) fn documents(&mut self, now: Timestamp) -> Result<Vec<Event>, MonitorError> {
        let mut events = Vec::new();
        let mut served = Vec::new();
        for (part, _) in self.logged_documents() {
            served.push(Served { bytes: self.source.served(&part)?, part });
        }
        let trust = self.source.served(&Part::Trust)?;
        // What was served may be newer than the checkpoint that was fetched before it.
        if served.iter().any(|document| self.is_unknown(document)) {
            events.extend(self.newest(now)?);
        }
        for document in &served {
            events.extend(self.compare(document, now));
        }
        match trust {
            Some(bytes) => events.extend(self.trust(&bytes, now)?),
            None => events.push(missing("/trust")),
        }
        Ok(events)
    }

    /// Each document, and where the log has its newest version.
    fn logged_documents(&self) -> Vec<(Part, LogPosition)> {
        let register = self.held.register();
        let lists = register.lists().filter_map(|((purpose, list), state)| {
            let name = ListName { purpose, list };
            Some((Part::StatusList(name), *state.versions.last()?))
        });
        let index = register.status_index().map(|mark| (Part::StatusIndex, mark));
        lists.chain(index).collect()
    }

    fn is_unknown(&self, document: &Served) -> bool {
        let bytes = document.bytes.as_deref().unwrap_or_default();
        let register = self.held.register();
        Statement::parse(trimmed(bytes), register.domain())
            .is_ok_and(|statement| register.index_of_digest(&statement.digest).is_none())
    }

    fn compare(&self, document: &Served, now: Timestamp) -> Option<Event> {
        let Served { part, bytes } = document;
        let (path, bytes) = (format!("/{part}"), bytes.as_deref());
        let documents = self.logged_documents();
        let (_, newest) = documents.iter().find(|(known, _)| known == part)?;
        // A copy of static files has no place for the index: `status` is a folder there.
        if *part == Part::StatusIndex && bytes.is_none_or(|bytes| !bytes.starts_with(b"{")) {
            return None;
        }
        let Some(bytes) = bytes else { return Some(missing(&path)) };
        if self.logged(newest.index).as_deref() == Some(trimmed(bytes)) {
            return None;
        }
        let register = self.held.register();
        let known = Statement::parse(trimmed(bytes), register.domain())
            .ok()
            .and_then(|statement| register.index_of_digest(&statement.digest));
        match known {
            Some(index) if index < newest.index => self.is_over(newest.logged_at, now).then(|| {
                let text = format!(
                    "{path} serves entry {index}; the log has a newer one since {}: entry {}",
                    newest.logged_at, newest.index
                );
                Event::new(Kind::OldDocument, text).at(newest.index).lasting(path)
            }),
            None if self.is_on_its_way(bytes, newest, now) => None,
            _ => {
                let text = format!("{path} is not what the log has as entry {}", newest.index);
                Some(Event::new(Kind::WrongDocument, text).at(newest.index).lasting(path))
            }
        }
    }

    /// A version that is logged, and served, before the checkpoint that has it: witnesses may take
    /// a minute. It must be newer than the one held, of now, and signed.
    fn is_on_its_way(&self, bytes: &[u8], newest: &LogPosition, now: Timestamp) -> bool {
        let register = self.held.register();
        let Ok(statement) = Statement::parse(trimmed(bytes), register.domain()) else {
            return false;
        };
        let made = statement.valid_from;
        let age = now.seconds().saturating_sub(made.seconds());
        let key = register.key(&statement.proof.verification_method);
        made >= newest.logged_at
            && age <= PUBLISHED_SECONDS.saturating_add(self.options.slack)
            && age >= -CLOCK_SKEW_SECONDS
            && key.is_some_and(|key| {
                key.verifying_key().is_ok_and(|key| verify_proof(&statement, &key).is_ok())
            })
    }

    fn is_over(&self, at: Timestamp, now: Timestamp) -> bool {
        now.seconds().saturating_sub(at.seconds()) > self.options.slack
    }

    /// The trust snapshot, against the register at exactly the size it reflects.
    fn trust(&mut self, bytes: &[u8], now: Timestamp) -> Result<Vec<Event>, MonitorError> {
        let wrong = |text: String| Event::new(Kind::WrongDocument, text).lasting("/trust");
        let pinned = multikey(&self.pins.root);
        let trust = match Trust::open(bytes, Some(&pinned)) {
            Ok(trust) => trust,
            Err(error) => return Ok(vec![wrong(format!("/trust: {}: {error}", error.code()))]),
        };
        if trust.log_key != self.pins.log_key.to_string() {
            return Ok(vec![wrong("/trust names another log key".to_owned())]);
        }
        // A snapshot may be older than the log; that alone is no rollback.
        let ours = self.held.tree().root_at(trust.sequence).map(|root| root.to_string());
        let known = ours.is_some_and(|root| trust.checkpoint.lines().nth(2) == Some(&root));
        let mut events = if known { Vec::new() } else { self.advance(&trust.checkpoint, now)? };
        if events.iter().any(|event| event.level == Severity::Fault) {
            return Ok(events);
        }
        if trust.sequence < self.held.size() {
            let since = self.leaf(trust.sequence).map(|(_, at)| at);
            if since.is_none_or(|at| self.is_over(at, now)) {
                let text =
                    format!("/trust reflects {} of {} entries", trust.sequence, self.held.size());
                events.push(Event::new(Kind::OldDocument, text).lasting("/trust"));
            }
            return Ok(events);
        }
        let register = self.held.register();
        let founding = trust.founding.clone();
        let ours = Trust::of(register, &trust.log_key, &trust.checkpoint, founding, now);
        let pairs = ours.parties.iter().zip(&trust.parties);
        if let Some((ours, _)) = pairs.into_iter().find(|(ours, theirs)| ours != theirs) {
            events
                .push(wrong(format!("/trust says something else of {} than the log", ours.party)));
        } else if ours.parties.len() != trust.parties.len() {
            events.push(wrong("/trust has other parties than the log".to_owned()));
        }
        Ok(events)
    }

    /// The statement of an entry, from the copy.
    fn logged(&self, index: u64) -> Option<Vec<u8>> {
        self.leaf(index).map(|(statement, _)| statement)
    }

    fn leaf(&self, index: u64) -> Option<(Vec<u8>, Timestamp)> {
        let copy = FolderSource::new(self.state.folder());
        let entry = copy.entry(index, self.held.size()).ok()?;
        let leaf = Leaf::parse(&entry).ok()?;
        Some((leaf.statement.to_vec(), leaf.logged_at))
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}

fn missing(path: &str) -> Event {
    let text = format!("{path} is not served, and the log has it");
    Event::new(Kind::MissingDocument, text).lasting(path)
}
