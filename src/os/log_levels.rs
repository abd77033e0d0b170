//! From which level on lines are written: one level for all rooms of the program, and others for
//! some of them. Not here: what a line looks like (`log_lines`).

use std::str::FromStr;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// Rooms that write lines.
const ROOMS: [&str; 7] = ["cli", "cosign", "door", "ledger", "store", "web", "witness"];

/// Levels, as somebody asked for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLevels {
    all: Option<LevelFilter>,
    rooms: Vec<(&'static str, LevelFilter)>,
}

impl LogLevels {
    /// What is written, where `level` holds for rooms of which nothing is said.
    #[must_use]
    pub fn targets(&self, level: LevelFilter) -> Targets {
        let rooms = self.rooms.iter().map(|(room, level)| (format!("tasdiq::{room}"), *level));
        Targets::new().with_default(self.all.unwrap_or(level)).with_targets(rooms)
    }
}

/// `LEVEL`, `ROOM=LEVEL`, or several of them, parted by commas; each is said once.
impl FromStr for LogLevels {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut levels = Self::default();
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                None if levels.all.is_none() => levels.all = Some(level(part)?),
                None => return Err("it says two levels for all rooms".to_owned()),
                Some((name, word)) => {
                    let room =
                        ROOMS.iter().find(|room| **room == name.trim()).ok_or_else(|| {
                            format!("{name:?} writes no lines; rooms that do: {}", ROOMS.join(", "))
                        })?;
                    if levels.rooms.iter().any(|(known, _)| known == room) {
                        return Err(format!("it says two levels for {room}"));
                    }
                    levels.rooms.push((room, level(word.trim())?));
                }
            }
        }
        Ok(levels)
    }
}

fn level(word: &str) -> Result<LevelFilter, String> {
    const WORDS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let known = WORDS.contains(&word).then(|| word.parse().ok()).flatten();
    known.ok_or_else(|| format!("{word:?} is none of {}", WORDS.join(", ")))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn one_level_for_all_and_others_for_some_rooms() {
        let of = |text: &str| text.parse::<LogLevels>().unwrap().targets(LevelFilter::INFO);
        let cases = [
            ("warn", "web", Level::INFO, false),
            ("debug", "web", Level::DEBUG, true),
            ("web=debug", "web", Level::DEBUG, true),
            ("web=debug", "ledger", Level::DEBUG, false),
            ("web=debug", "ledger", Level::INFO, true),
            ("warn, web=off ,ledger=trace", "web", Level::ERROR, false),
            ("warn, web=off ,ledger=trace", "ledger", Level::TRACE, true),
            ("warn, web=off ,ledger=trace", "store", Level::INFO, false),
        ];
        for (text, room, level, told) in cases {
            let target = format!("tasdiq::{room}::part");
            assert_eq!(of(text).would_enable(&target, &level), told, "{text} {room} {level}");
        }
        for text in ["", "loud", "info,warn", "wbe=debug", "web=", "web=1", "web=info,web=warn"] {
            assert!(text.parse::<LogLevels>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn rooms_are_those_that_write_lines() {
        let mut found = std::collections::BTreeSet::new();
        let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![src.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let writes = |line: &str| {
                    line.starts_with("use tracing::") && !line.contains("level_filters")
                };
                if text.lines().any(writes) {
                    let room = path.strip_prefix(&src).unwrap().components().next().unwrap();
                    found.insert(room.as_os_str().to_str().unwrap().to_owned());
                }
            }
        }
        found.remove("os");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ROOMS);
    }
}
