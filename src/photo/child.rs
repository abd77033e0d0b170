//! Reading a photo in a process of its own: this binary once more, with the picture on its standard
//! input and a line of JSON on its standard output. It bounds itself before it reads a byte, and is
//! killed when its time is over or nobody waits for it any more.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::{Found, PhotoError, read_here};
use crate::limits::{
    PDF_ANSWER_BYTES_MAX, PHOTO_ANSWER_BYTES_MAX, PHOTO_BYTES_MAX, PHOTO_CPU_SECONDS_MAX,
    PHOTO_MEMORY_BYTES_MAX, PHOTO_SECONDS_MAX,
};

/// What the command line calls the child's part; hidden from its help.
pub const VERB: &str = "read-photo";

/// The binary that reads photos: one whose command line has [`VERB`].
#[derive(Clone, Debug)]
pub struct Program(OsString);

impl Default for Program {
    /// This very program, even if its file was replaced since it started.
    fn default() -> Self {
        let own = Path::new("/proc/self/exe");
        let current = || std::env::current_exe().unwrap_or_default();
        Self(if own.exists() { own.into() } else { current().into() })
    }
}

impl Program {
    /// Another binary.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.into())
    }
}

/// What a child says, one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Found(Found),
    Fault { code: String, reason: String },
}

/// The child's part: bounds itself, reads a picture from standard input, says what it found.
///
/// # Errors
/// Pipes that broke.
pub fn run_child() -> io::Result<()> {
    let bound = |resource, most| {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit)
    };
    bound(Resource::As, PHOTO_MEMORY_BYTES_MAX)?;
    bound(Resource::Cpu, PHOTO_CPU_SECONDS_MAX)?;
    bound(Resource::Core, 0)?;
    bound(Resource::Fsize, 0)?;
    // Whatever the decoders may be talked into, they open no file and no connection.
    bound(Resource::Nofile, 0)?;
    let mut picture = Vec::new();
    let most = u64::try_from(PHOTO_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    io::stdin().lock().take(most).read_to_end(&mut picture)?;
    let word = match read_here(&picture) {
        Ok(found) => Word::Found(found),
        Err(PhotoError::Unreadable { reason }) => {
            Word::Fault { code: "photo_unreadable".to_owned(), reason }
        }
        Err(fault) => Word::Fault { code: fault.code().to_owned(), reason: String::new() },
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &word)?;
    out.flush()
}

/// The codes in a PNG, JPEG or PDF, read by a child.
///
/// # Errors
/// Those of `read_here`, `photo_too_slow` of a child killed at its limit, `photo_busy` where none
/// could be started.
pub async fn read_codes(program: &Program, bytes: &[u8]) -> Result<Found, PhotoError> {
    if bytes.len() > PHOTO_BYTES_MAX {
        return Err(PhotoError::TooLarge);
    }
    let mut child = Command::new(&program.0)
        .arg(VERB)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(PhotoError::busy)?;
    let patience = Duration::from_secs(PHOTO_SECONDS_MAX);
    let asked = tokio::time::timeout(patience, ask(&mut child, bytes)).await;
    let Ok(asked) = asked else {
        // Its place is free only when it is gone.
        let _ = child.kill().await;
        return Err(PhotoError::TooSlow);
    };
    let (answer, status) = asked.map_err(PhotoError::busy)?;
    match serde_json::from_slice(&answer) {
        Ok(Word::Found(found)) => Ok(found),
        Ok(Word::Fault { code, reason }) => Err(PhotoError::named(&code, &reason)),
        Err(_) => Err(ended(status)),
    }
}

async fn ask(child: &mut Child, bytes: &[u8]) -> io::Result<(Vec<u8>, ExitStatus)> {
    if let Some(mut stdin) = child.stdin.take() {
        // One that reads no more has said why, or is dead.
        let _ = stdin.write_all(bytes).await;
    }
    let mut answer = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(answer_max(bytes)).read_to_end(&mut answer).await?;
    }
    Ok((answer, child.wait().await?))
}

/// Most that is read of a child: what is attached to a PDF comes with its codes.
fn answer_max(bytes: &[u8]) -> u64 {
    if super::is_pdf(bytes) { PDF_ANSWER_BYTES_MAX } else { PHOTO_ANSWER_BYTES_MAX }
}

/// Why a child ended without a word.
fn ended(status: ExitStatus) -> PhotoError {
    let by = |signal: Signal| status.signal() == Some(signal.as_raw());
    if by(Signal::XCPU) || by(Signal::KILL) {
        PhotoError::TooSlow
    } else if by(Signal::ABORT) {
        // Out of its memory.
        PhotoError::TooLarge
    } else if status.code() == Some(2) {
        PhotoError::busy("this program does not read photos")
    } else {
        PhotoError::unreadable("the decoder gave up")
    }
}
