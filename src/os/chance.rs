//! What only the operating system can give: the time of day and random bytes.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::statement::Timestamp;

/// The clock of the shell.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Random bytes from the operating system.
///
/// # Errors
/// The operating system has none to give.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| io::Error::other(format!("no random bytes from the system: {error}")))?;
    Ok(bytes)
}
