//! Figures of how scans are counted (`scans`) and of when a unit was seen unusually often
//! (`trust::Seen`). Not here: all other limits (`limits`).

/// Days over which scans of one unit are counted together.
pub const SEEN_DAYS: u64 = 30;

/// Sessions of one unit in that time from which on it is told that it was seen unusually often: a
/// jar is looked at in the shop, at home and by some guests.
pub const SEEN_SESSIONS_UNUSUAL: u64 = 25;

/// The same where it was seen in [`SEEN_COUNTRIES_UNUSUAL`] countries: one jar is in one place.
pub const SEEN_ABROAD_UNUSUAL: u64 = 8;

/// See [`SEEN_ABROAD_UNUSUAL`].
pub const SEEN_COUNTRIES_UNUSUAL: u64 = 3;

/// Seconds for which the same reader of the same unit counts once: a day. Nothing of a reader is
/// kept longer, and nothing on disk.
pub const SESSION_SECONDS: i64 = 86_400;

/// Readers of one network (IPv4 /24, IPv6 /48) that count for one unit in that time: who makes up
/// browsers at home needs 13 days for 25.
pub const SESSIONS_A_NETWORK_MAX: u8 = 2;

/// Sessions in memory: 24 bytes each, twice, so 10 MB. Beyond them nobody is counted.
pub const SESSIONS_MAX: usize = 200_000;

/// Counts of one unit, month and country that are kept: 16 bytes each and a third more, so 11 MB.
/// Beyond them no unit is counted that is not yet; those of last month go first.
pub const SCAN_ROWS_MAX: usize = 500_000;

/// Seconds between two times at which counts are written: what a crash loses.
pub const SCAN_SAVE_SECONDS: u64 = 60;

/// What the user agents of machines hold, in lower case: they fetch previews or search the web.
pub const SCAN_PREVIEWERS: [&str; 19] = [
    "bot",
    "crawler",
    "spider",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "slack",
    "discord",
    "skype",
    "curl",
    "wget",
    "python",
    "java/",
    "go-http",
    "headless",
    "ureq",
    "axios",
    "okhttp",
];
