//! What goes on, as lines on stderr: words first, then figures by name. Whoever chose the words, no
//! line steers a terminal and none looks like two. Not here: what a verb tells the person who
//! called it (`cli`), and when something is told (where it happens).

use std::fmt::{self, Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use super::now;
use super::terminal::shown;

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStart {
    /// Time, level and room: for the log of a service.
    Time,
    /// `tasdiq:`, for the person who called a verb.
    Name,
}

/// Writes what goes on to stderr from here on, down to these levels. The first call of a process
/// counts.
pub fn write_log(levels: Targets, start: LineStart) {
    // Whoever set another up before knows why.
    let _ = tracing::subscriber::set_global_default(lines(levels, start, std::io::stderr));
}

fn lines<W>(levels: Targets, start: LineStart, to: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(to).event_format(LogLine(start));
    tracing_subscriber::registry().with(levels).with(lines)
}

struct LogLine(LineStart);

impl<S, N> FormatEvent<S, N> for LogLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut told = Told::default();
        event.record(&mut told);
        match self.0 {
            LineStart::Name => write!(line, "tasdiq: ")?,
            LineStart::Time => {
                let (level, target) = (event.metadata().level(), event.metadata().target());
                let room = target.split("::").nth(1).unwrap_or(target);
                write!(line, "{} {level:<5} {room}: ", now())?;
            }
        }
        writeln!(line, "{}{}", told.words, told.figures)
    }
}

/// The parts of a line.
#[derive(Default)]
struct Told {
    words: String,
    figures: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.words = in_line(value);
            return;
        }
        let plain = |c: char| !c.is_whitespace() && !['"', '=', '\\'].contains(&c);
        let value = match value.chars().all(plain) && !value.is_empty() {
            true => in_line(value),
            false => in_line(&format!("\"{}\"", value.replace('"', "\\\""))),
        };
        // Writing into a string has no way to fail.
        let _ = write!(self.figures, " {}={value}", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// A text as it may stand in a line: as [`shown`], and nothing in it begins another line.
fn in_line(text: &str) -> String {
    shown(text).replace('\n', "\\n").replace('\t', "\\t")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::level_filters::LevelFilter;

    use super::*;

    /// What is written while something goes on.
    fn written(level: LevelFilter, start: LineStart, what: impl FnOnce()) -> String {
        let bytes: Arc<Mutex<Vec<u8>>> = Arc::default();
        let held = bytes.clone();
        let to = move || Held(held.clone());
        let levels = Targets::new().with_default(level);
        tracing::subscriber::with_default(lines(levels, start, to), what);
        String::from_utf8(bytes.lock().unwrap().clone()).unwrap()
    }

    struct Held(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Held {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn words_then_figures() {
        let line = written(LevelFilter::INFO, LineStart::Name, || {
            tracing::warn!(path = "a/b", size = 7, reason = %"no \"space\"", "not written");
        });
        assert_eq!(line, "tasdiq: not written path=a/b size=7 reason=\"no \\\"space\\\"\"\n");
        let line = written(LevelFilter::INFO, LineStart::Time, || tracing::info!("begun"));
        let (at, rest) = line.split_once(' ').unwrap();
        assert!(crate::statement::Timestamp::parse(at).is_ok(), "{line}");
        assert_eq!(rest, "INFO  os: begun\n");
    }

    #[test]
    fn a_level_keeps_what_is_below_it_silent() {
        let told = || {
            tracing::error!("one");
            tracing::info!("two");
            tracing::debug!("three");
        };
        assert_eq!(written(LevelFilter::OFF, LineStart::Name, told), "");
        let line = written(LevelFilter::INFO, LineStart::Name, told);
        assert_eq!(line, "tasdiq: one\ntasdiq: two\n");
    }

    #[test]
    fn nothing_steers_a_terminal_or_begins_a_line() {
        let evil = "a\u{1b}]0;owned\u{7}\n2026-01-01T00:00:00Z ERROR\r\tb\u{9b}\u{202e}\u{2028}";
        let line = written(LevelFilter::INFO, LineStart::Time, || {
            let error = std::io::Error::other(evil);
            tracing::error!(reason = evil, %error, debug = ?evil, "words: {evil}");
            tracing::error!(error = &error as &dyn std::error::Error, "{evil}");
        });
        let hidden = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}".contains(c);
        assert!(!line.contains(hidden), "{line}");
        assert_eq!(line.lines().count(), 2, "{line}");
        assert!(line.contains("a\\u{1b}]0;owned\\u{7}\\n2026"), "{line}");
    }
}
