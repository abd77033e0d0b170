//! One checkpoint after the other: is it signed, does it continue what is held, are its entries
//! good. What is wrong is proven as far as it can be and kept. Not here: what is served beside the
//! log (`served`).

use std::path::Path;

use serde_json::json;

use super::error::MonitorError;
use super::event::{Event, Kind};
use super::judge::{late_by, step};
use super::mirror::{Recording, discard, drop_partial, set_aside, take_over};
use super::options::MonitorOptions;
use super::round::Monitor;
use super::state::{MonitorState, file};
use crate::audit::HeldLog;
use crate::log::{Checkpoint, Compared, Hash, TileLevel, Tree, tiles_at, verify_checkpoint};
use crate::register::{AuditFault, PreparedEntry, Register};
use crate::source::{LogSource, Part, SourceError};
use crate::statement::{Claim, Timestamp};

impl MonitorOptions {
    /// What an entry means for the watches and deadlines.
    fn hear(&self, before: &Register, entry: &PreparedEntry, events: &mut Vec<Event>) {
        let (statement, mark) = (entry.statement(), entry.mark());
        let watched = self.watches.iter().filter_map(|watch| watch.hear(before, statement, mark));
        events.extend(watched);
        if let Claim::StatusList(claim) = &statement.claim {
            let name = (claim.purpose, claim.list);
            let known = before.lists().find(|(list, _)| *list == name);
            let since = known.and_then(|(_, state)| state.stale_since);
            if let Some(late) = late_by(since, mark.logged_at, self.slack) {
                let (purpose, list) = (claim.purpose.word(), claim.list);
                let text = format!("{purpose}-{list} was logged {late} s after it was due");
                events.push(Event::new(Kind::LateList, text).at(mark.index));
            }
        }
    }
}

impl Monitor {
    /// Takes a note that should be the log's checkpoint as far as it holds.
    pub(super) fn advance(
        &mut self,
        note: &str,
        now: Timestamp,
    ) -> Result<Vec<Event>, MonitorError> {
        let origin = self.pins.domain.origin();
        let found = match verify_checkpoint(note, &self.pins.log_key, &origin) {
            Ok(found) => found,
            Err(error) => {
                let kept = self.state.keep(note, None)?;
                let event = Event::new(Kind::BadCheckpoint, format!("{}: {error}", error.code()));
                return Ok(vec![event.lasting("").with_evidence(vec![kept])]);
            }
        };
        let seen = self.seen.clone();
        let older = seen.as_ref().map(|(_, checkpoint)| checkpoint);
        match step(older, &found, |size| self.held.tree().root_at(size)) {
            Compared::Same => {
                if seen.is_some_and(|(known, _)| known != note) {
                    self.remember(note, &found, None)?;
                }
                Ok(Vec::new())
            }
            // Caches, and services that publish what witnesses have signed, may lag a moment.
            Compared::Behind if !self.is_settled(now) => Ok(Vec::new()),
            Compared::Behind => {
                let kept = self.state.keep(note, Some(&found))?;
                let before = older.map_or(0, |older| older.size);
                let text = format!("{} entries where there were {before} before", found.size);
                let event = Event::new(Kind::Rollback, text).lasting("").with_evidence(vec![kept]);
                Ok(vec![event])
            }
            Compared::Forked => {
                let text = format!("two signed trees of {} entries", found.size);
                Ok(vec![self.fork(note, &found, text)?])
            }
            Compared::Ahead => self.grow(note, &found, now),
        }
    }

    /// Whether the newest size has been known for longer than the slack.
    fn is_settled(&self, now: Timestamp) -> bool {
        let known = |at: Timestamp| now.seconds().saturating_sub(at.seconds());
        self.state.first_seen().is_none_or(|at| known(at) >= self.options.slack)
    }

    /// A larger tree: replays what is new.
    fn grow(
        &mut self,
        note: &str,
        found: &Checkpoint,
        now: Timestamp,
    ) -> Result<Vec<Event>, MonitorError> {
        let incoming = self.state.incoming();
        discard(&incoming).map_err(|error| file(&incoming, &error))?;
        let mut events = Vec::new();
        let before = self.held.size();
        let fault = {
            let Self { held, source, pins, options, .. } = self;
            let source = Recording { source, incoming: &incoming };
            let mut hear = |register: &Register, entry: &PreparedEntry| {
                options.hear(register, entry, &mut events)
            };
            held.follow(&source, pins, found, &mut hear)?
        };
        if let Some(fault) = fault {
            return Ok(vec![self.refused(note, found, &fault)?]);
        }
        // What was seen before a copy was lost must be the beginning of what is held now.
        if let Some((_, older)) = &self.seen
            && !self.held.tree().compare(older.size, &older.root).is_held()
        {
            self.held = HeldLog::new(&self.pins)?;
            let text = format!("{} entries do not continue the tree seen before", found.size);
            return Ok(vec![self.fork(note, found, text)?]);
        }
        let log = self.state.log();
        take_over(&incoming, &log, found.size).map_err(|error| file(&log, &error))?;
        self.remember(note, found, Some(now))?;
        drop_partial(&log, before, found.size);
        let new = found.size.saturating_sub(before);
        let text = format!("{new} new entries, {} in all: every one replayed and good", found.size);
        events.push(Event::new(Kind::Grown, text));
        Ok(events)
    }

    fn remember(
        &mut self,
        note: &str,
        of: &Checkpoint,
        first_seen: Option<Timestamp>,
    ) -> Result<(), MonitorError> {
        self.state.remember(note, first_seen)?;
        self.seen = Some((note.to_owned(), of.clone()));
        Ok(())
    }

    /// Entries that cannot be accepted: proven to be a fork, or signed as they are, or not what was
    /// signed at all. Everything fetched is kept.
    fn refused(
        &mut self,
        note: &str,
        found: &Checkpoint,
        fault: &AuditFault,
    ) -> Result<Event, MonitorError> {
        let incoming = self.state.incoming();
        let source = Recording { source: &self.source, incoming: &incoming };
        let served = served_tree(&source, found.size)?.filter(|tree| tree.root() == found.root);
        let older = self.seen.as_ref().map(|(_, checkpoint)| checkpoint.clone());
        match (served, older) {
            (Some(tree), Some(older)) if !tree.compare(older.size, &older.root).is_held() => {
                let differs =
                    (0..older.size).find(|at| self.held.tree().leaf(*at) != tree.leaf(*at));
                let at = differs.unwrap_or_default();
                let text =
                    format!("entry {at} is another one than in the signed tree of {}", older.size);
                Ok(self.fork(note, found, text)?.at(at))
            }
            (Some(_), _) => {
                let kept = self.keep_all(note, found)?;
                let text = format!("entry {}: {}: {}", fault.index, fault.code, fault.reason);
                let event = Event::new(Kind::BadEntry, text).at(fault.index);
                Ok(event.lasting(fault.index).with_evidence(kept))
            }
            (None, _) => {
                let kept = self.keep_all(note, found)?;
                let text = format!(
                    "the signed root of {} entries is not that of what is served (entry {}: {}: {})",
                    found.size, fault.index, fault.code, fault.reason
                );
                let event = Event::new(Kind::Inconsistent, text).at(fault.index);
                Ok(event.lasting("").with_evidence(kept))
            }
        }
    }

    /// Keeps both signed notes, and what was fetched.
    fn fork(
        &mut self,
        note: &str,
        found: &Checkpoint,
        text: String,
    ) -> Result<Event, MonitorError> {
        let mut kept = self.keep_all(note, found)?;
        if let Some((note, held)) = &self.seen {
            kept.push(self.state.keep(note, Some(held))?);
        }
        let event = Event::new(Kind::Fork, text).with_evidence(kept);
        let name = format!("fork-{}", MonitorState::place(found));
        if !self.state.evidence_is_full() {
            self.state.proven(&name, &json!(event))?;
        }
        Ok(event.lasting(name))
    }

    fn keep_all(&self, note: &str, found: &Checkpoint) -> Result<Vec<String>, MonitorError> {
        let kept = self.state.keep(note, Some(found))?;
        let name = format!("evidence/{}", MonitorState::place(found));
        let (incoming, place) = (self.state.incoming(), self.state.folder().join(&name));
        let fetched = incoming.is_dir() && !self.state.evidence_is_full();
        let put = if fetched { set_aside(&incoming, &place) } else { discard(&incoming) };
        put.map_err(|error| file(Path::new(&name), &error))?;
        Ok(if place.is_dir() { vec![kept, name] } else { vec![kept] })
    }
}

/// The tree of the lowest tiles as they are served; None if they are not whole.
fn served_tree(source: &dyn LogSource, size: u64) -> Result<Option<Tree>, SourceError> {
    let mut tree = Tree::new();
    for path in tiles_at(TileLevel::Hashes(0), size) {
        let tile = source.fetch(&Part::Tile(path))?.unwrap_or_default();
        if tile.len() != usize::from(path.width) * 32 {
            return Ok(None);
        }
        for hash in tile.chunks(32).filter_map(|hash| <[u8; 32]>::try_from(hash).ok()) {
            tree.append(Hash::new(hash));
        }
    }
    Ok(Some(tree))
}
