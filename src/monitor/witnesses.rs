//! Who has cosigned the newest checkpoint, and who should have. Not here: what a policy asks
//! (`log`).

use super::error::MonitorError;
use super::event::{Event, Kind};
use super::judge::is_missing;
use super::round::Monitor;
use crate::log::Note;
use crate::statement::Timestamp;

impl Monitor {
    /// When enough witnesses had seen the newest checkpoint, and what is wrong with it.
    pub(super) fn witnesses(
        &mut self,
        now: Timestamp,
    ) -> Result<(Option<Timestamp>, Vec<Event>), MonitorError> {
        let Self { options, seen, state, .. } = self;
        let (Some(policy), Some((note, _))) = (&options.witnesses, seen) else {
            return Ok((None, Vec::new()));
        };
        // It was parsed before it was remembered.
        let Ok(note) = Note::parse(note) else { return Ok((None, Vec::new())) };
        let quorum = policy.evaluate(&note);
        state.signed(quorum.signed.iter().map(|(name, _)| name.clone()), quorum.met, now)?;
        let mut events = Vec::new();
        if !quorum.refuted.is_empty() {
            let text = format!("the cosignature of {} does not verify", quorum.refuted.join(", "));
            events.push(Event::new(Kind::MissingWitness, text).lasting("refuted"));
        }
        if !quorum.met && is_missing(state.last_quorum(), now, options.slack) {
            let signed: Vec<&str> = quorum.signed.iter().map(|(name, _)| name.as_str()).collect();
            let signed = if signed.is_empty() { "nobody".to_owned() } else { signed.join(", ") };
            let missing = quorum.missing.join(", ");
            let text = format!("no quorum: signed by {signed}; missing: {missing}");
            events.push(Event::new(Kind::MissingWitness, text).lasting("quorum"));
        }
        for name in &quorum.missing {
            if is_missing(state.last_signed(name), now, options.slack) {
                let text = match state.last_signed(name) {
                    Some(at) => format!("{name} has signed no checkpoint since {at}"),
                    None => format!("{name} has signed no checkpoint yet"),
                };
                events.push(Event::new(Kind::LateWitness, text).lasting(name));
            }
        }
        Ok((quorum.at, events))
    }
}
