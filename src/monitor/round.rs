//! One round of a monitor: the checkpoint, what is new, what is served, what is overdue; and which
//! of it is told. Not here: each of these.

use std::collections::BTreeSet;

use super::error::MonitorError;
use super::event::{Event, Kind, Severity};
use super::judge::{Life, dated_ahead, index_late, late_lists, stalled_since};
use super::options::MonitorOptions;
use super::state::MonitorState;
use crate::audit::{HeldLog, Pins};
use crate::client::Client;
use crate::log::{Checkpoint, verify_checkpoint};
use crate::source::{FolderSource, LogSource, Part, UrlSource};
use crate::statement::Timestamp;

/// A monitor of one log.
pub struct Monitor {
    pub(super) source: UrlSource,
    pub(super) pins: Pins,
    pub(super) options: MonitorOptions,
    pub(super) state: MonitorState,
    pub(super) held: HeldLog,
    /// The newest checkpoint that was found good.
    pub(super) seen: Option<(String, Checkpoint)>,
}

/// What a round came to.
#[derive(Clone, Debug)]
pub struct Round {
    /// Everything that is so, also what was told before.
    pub events: Vec<Event>,
    /// What has to be told now: what is new, and what is over.
    pub news: Vec<Event>,
}

impl Round {
    /// Whether something is wrong.
    #[must_use]
    pub fn has_fault(&self) -> bool {
        self.events.iter().any(|event| event.level == Severity::Fault)
    }

    /// Whether the log could be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.events.iter().all(|event| event.level != Severity::Unreachable)
    }
}

impl Monitor {
    /// A monitor that goes on where its folder left off: the copy in it is replayed. The events say
    /// what was wrong with that copy, if anything.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn open(
        client: Client,
        pins: Pins,
        state: MonitorState,
        options: MonitorOptions,
    ) -> Result<(Self, Vec<Event>), MonitorError> {
        let mut held = HeldLog::new(&pins)?;
        let mut events = Vec::new();
        let mut seen = None;
        if let Some(note) = state.note()? {
            let damaged = |reason: String| Event::new(Kind::MirrorDamaged, reason);
            match verify_checkpoint(&note, &pins.log_key, &pins.domain.origin()) {
                Ok(checkpoint) => {
                    let copy = FolderSource::new(state.folder());
                    match held.follow(&copy, &pins, &checkpoint, &mut |_, _| ()) {
                        Ok(None) => {}
                        Ok(Some(fault)) => events.push(damaged(fault.to_string())),
                        Err(error) => events.push(damaged(error.to_string())),
                    }
                    seen = Some((note, checkpoint));
                }
                Err(error) => {
                    let reason = format!("log/checkpoint in the state folder: {error}");
                    return Err(MonitorError::MonitorState { reason });
                }
            }
        }
        let source = UrlSource::new(client);
        Ok((Self { source, pins, options, state, held, seen }, events))
    }

    /// Number of entries that are held and good.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.held.size()
    }

    /// The log.
    #[must_use]
    pub fn origin(&self) -> String {
        self.pins.domain.origin()
    }

    /// One round at `now`.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn round(&mut self, now: Timestamp) -> Result<Round, MonitorError> {
        let mut events = match self.look(now) {
            Ok(events) => events,
            Err(MonitorError::Source(error)) => {
                vec![Event::new(Kind::Unreachable, error.to_string()).lasting("")]
            }
            Err(error) => return Err(error),
        };
        let (cosigned, found) = self.witnesses(now)?;
        events.extend(found);
        events.extend(self.overdue(cosigned, now));
        let found: BTreeSet<String> = events.iter().filter_map(|e| e.lasting.clone()).collect();
        for name in self.state.forks() {
            let key =
                format!("fork-{}", name.trim_start_matches("fork-").trim_end_matches(".json"));
            let event = Event::new(Kind::Fork, "a fork was proven before: see the evidence")
                .with_evidence(vec![format!("evidence/{name}")])
                .lasting(key);
            if event.lasting.as_ref().is_some_and(|key| !found.contains(key)) {
                events.push(event);
            }
        }
        let news = self.news(&events)?;
        Ok(Round { events, news })
    }

    /// What is new among what lasts, what happened once, and what is over.
    fn news(&mut self, events: &[Event]) -> Result<Vec<Event>, MonitorError> {
        let fresh = |event: &&Event| {
            event.lasting.as_ref().is_none_or(|lasting| !self.state.was_told(lasting))
        };
        let mut news: Vec<Event> = events.iter().filter(fresh).cloned().collect();
        let lasting = events.iter().filter_map(|event| event.lasting.clone()).collect();
        for over in self.state.told(lasting)? {
            news.push(Event::new(Kind::Resolved, format!("no longer: {over}")));
        }
        Ok(news)
    }

    /// Checkpoint, entries, documents.
    fn look(&mut self, now: Timestamp) -> Result<Vec<Event>, MonitorError> {
        let mut events = self.newest(now)?;
        let whole = events.iter().all(|event| event.level != Severity::Fault);
        if whole && !self.options.log_only {
            events.extend(self.documents(now)?);
        }
        Ok(events)
    }

    /// Fetches the checkpoint and goes on to it.
    pub(super) fn newest(&mut self, now: Timestamp) -> Result<Vec<Event>, MonitorError> {
        let Some(note) = self.source.fetch(&Part::Checkpoint)? else {
            let text = "log/checkpoint is not served";
            return Ok(vec![Event::new(Kind::BadCheckpoint, text).lasting("")]);
        };
        self.advance(&String::from_utf8_lossy(&note), now)
    }

    /// What should have happened by now.
    fn overdue(&self, cosigned: Option<Timestamp>, now: Timestamp) -> Vec<Event> {
        let register = self.held.register();
        let slack = self.options.slack;
        let mut events = Vec::new();
        for (list, since) in late_lists(register, now, slack) {
            let text = format!("{list} does not show what changed at {since}");
            events.push(Event::new(Kind::LateList, text).lasting(list));
        }
        if let Some(last) = index_late(register, now, slack) {
            let text = format!("no entry has named the current status lists since {last}");
            events.push(Event::new(Kind::LateIndex, text).lasting(""));
        }
        let Some(first_seen) = self.state.first_seen() else { return events };
        let life = Life { last_entry: register.last_at(), first_seen, cosigned };
        if let (Some(last), Some(by)) = (life.last_entry, dated_ahead(&life, now, slack)) {
            let text = format!("the newest entry is dated {last}, which is later than {by}");
            events.push(Event::new(Kind::TimeAhead, text).lasting(""));
        }
        if let Some(since) = stalled_since(&life, now, self.options.stall) {
            let text = format!("no new entry and no cosignature since {since}");
            events.push(Event::new(Kind::Stalled, text).lasting(""));
        }
        events
    }
}
