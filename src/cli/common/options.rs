//! Options every verb takes, and what a verb can come to.

use std::path::PathBuf;

use super::words::Tongue;
use crate::os::log_levels::LogLevels;
use crate::statement::parse_multikey;

/// Options every verb takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The data folder of the ledger.
    #[arg(
        long,
        global = true,
        env = "TASDIQ_DATA",
        default_value = "./tasdiq-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// What is told on stderr as it goes on: off, error, warn, info, debug or trace; default: info
    /// for verbs that serve or follow, warn for the others. A room of the program may have a level
    /// of its own: `warn,web=debug`.
    #[arg(long, global = true, env = "TASDIQ_LOG", value_name = "LEVEL,ROOM=LEVEL")]
    pub log_level: Option<LogLevels>,
    /// Machine-readable output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Believe TLS certificates under those of this file (PEM) and no others; if left out, under
    /// those of SSL_CERT_FILE and SSL_CERT_DIR, else the system's.
    #[arg(long, global = true, env = "TASDIQ_CACERT", value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// The language of help, questions, faults and results; that of the locale if left out.
    #[arg(long, global = true, env = "TASDIQ_LANG", value_enum, value_name = "LANG")]
    pub lang: Option<Tongue>,
    /// The settings file that was read, if one was.
    #[arg(skip)]
    pub settings_file: Option<PathBuf>,
}

/// Reads `--root`: a root key as Multikey.
///
/// # Errors
/// It is none.
pub fn root_key(text: &str) -> Result<String, String> {
    let text = text.trim();
    let known = parse_multikey(text).map(|_| text.to_owned());
    known.ok_or_else(|| "it must be a root key as `tasdiq trust` prints it (z6Mk...)".to_owned())
}

/// What a verb came to; the exit code follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done, or passed.
    Passed,
    /// 1: not genuine, or a fault was found, or rows were refused.
    Failed,
    /// 2: an input could not be read; the others were judged.
    Unreadable,
    /// 3: could not be decided.
    Undecided,
    /// 4: genuine but not fit.
    Unfit,
}

impl Outcome {
    /// The exit code; an error of usage gives 2 as well.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Unreadable => 2,
            Self::Undecided => 3,
            Self::Unfit => 4,
        }
    }
}
