//! Runs processes under the recorder, which is built with `cc` the first time.
//! Not the trace's form (`trace`).

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;

use super::Trace;
use super::trace::ack_record;

/// Records what processes write below one folder, which is empty at first.
///
/// A process acknowledges number N by appending `acked N\n` to the file `ack` in the folder; one
/// that is not recorded itself calls [`Recorder::ack`].
pub struct Recorder {
    folder: PathBuf,
    trace: tempfile::NamedTempFile,
}

impl Recorder {
    pub fn new(folder: &Path) -> Self {
        let folder = folder.canonicalize().unwrap();
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "the folder must be empty");
        Self { folder, trace: tempfile::NamedTempFile::new().unwrap() }
    }

    /// Makes `command` record itself when it is started.
    pub fn prepare(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", library())
            .env("TASDIQ_TRACE", self.trace.path())
            .env("TASDIQ_TRACE_DIR", &self.folder);
    }

    /// Runs `command` to its end, recorded. Runs follow one another in one trace: a restart.
    pub fn run(&self, command: &mut Command) -> ExitStatus {
        self.prepare(command);
        command.status().unwrap()
    }

    /// Records that `number` was acknowledged to whoever waited for it.
    pub fn ack(&self, number: u64) {
        let mut trace = OpenOptions::new().append(true).open(self.trace.path()).unwrap();
        trace.write_all(&ack_record(number)).unwrap();
    }

    /// Runs `command` until the first write from its event `from` on, where it is killed. A kill
    /// from outside could part a write from its record.
    pub fn run_until_killed(&self, command: &mut Command, from: u64) {
        let status = self.run(command.env("TASDIQ_TRACE_KILL", from.to_string()));
        assert!(!status.success(), "it ended before event {from}");
    }

    /// What was recorded up to now.
    pub fn trace(&self) -> Trace {
        Trace::parse(&std::fs::read(self.trace.path()).unwrap(), &self.folder)
    }
}

/// The recorder, built once for this process.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/powerloss/recorder.c");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let draft = folder.join(format!("recorder.{}.so", std::process::id()));
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .args([&draft, &source])
            .args(["-ldl", "-lpthread"])
            .status()
            .expect("the power-loss test needs a C compiler, `cc`");
        assert!(built.success(), "cc refused {}", source.display());
        let library = folder.join("recorder.so");
        std::fs::rename(draft, &library).unwrap();
        library
    })
}
