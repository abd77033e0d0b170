//! FOLLOWING A LOG as an outsider: remembers what was seen, replays all that is new, compares what
//! is served with it, keeps evidence, tells by line and webhook. Not here: what makes an entry good
//! (`verify`), fetching and replaying (`audit`).

mod error;
mod event;
mod follow;
mod hooks;
mod judge;
mod mirror;
mod options;
mod round;
mod served;
mod state;
mod watch;
mod watch_goods;
mod witnesses;

pub use error::MonitorError;
pub use event::{Event, Kind, Severity};
pub use hooks::Hooks;
pub use judge::Life;
pub use options::MonitorOptions;
pub use round::{Monitor, Round};
pub use state::MonitorState;
pub use watch::Watch;
