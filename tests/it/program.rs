//! The built binary, as every test runs it: in a folder, with nothing of this environment that
//! speaks to it; and the services it becomes, which end when they go out of sight. Not a test, and
//! not a ledger to run it on (`cli`, `life`).

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Where the binary is.
pub const TASDIQ: &str = env!("CARGO_BIN_EXE_tasdiq");

/// The binary in a folder, with no terminal and none of its variables.
pub fn tasdiq(folder: &Path) -> Command {
    let mut command = Command::new(TASDIQ);
    quiet(&mut command).current_dir(folder);
    command
}

/// With nothing to read, and none of the variables that the binary heeds.
pub fn quiet(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TASDIQ_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null())
}

/// Runs it to its end: exit code, stdout, stderr.
pub fn ran(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The same of the binary in a folder, with arguments parted by spaces.
pub fn run(folder: &Path, line: &str) -> (i32, String, String) {
    ran(tasdiq(folder).args(line.split_whitespace()))
}

/// Waits until no process holds the store of a data folder any more: a writer's thread lets go of
/// it a little after its ledger is gone.
pub fn let_go(data: &Path) {
    let audit = || ran(tasdiq(data).args(["audit", "--data"]).arg(data)).0;
    while audit() != 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Asks a process to stop, as a service manager does.
pub fn terminate(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
}

/// A process that says on its first line at which address it is served.
pub struct Service {
    child: Child,
    pub url: String,
}

impl Service {
    /// Starts it; the last word of its first line is the address.
    pub fn of(command: &mut Command) -> Self {
        Self::saying(command, 1).0
    }

    /// The same, with the lines that it begins with.
    pub fn saying(command: &mut Command, count: usize) -> (Self, Vec<String>) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = lines.take(count).map(Result::unwrap).collect();
        let mut service = Self { child, url: String::new() };
        assert!(!lines.is_empty(), "it does not start: {}", service.said());
        service.url = lines[0].rsplit(' ').next().unwrap().to_owned();
        (service, lines)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits; whether it ended well.
    pub fn stop(mut self) -> bool {
        self.stopped()
    }

    /// Stops it, which must end well; what it wrote to stderr, if that was kept.
    pub fn last_words(mut self) -> String {
        assert!(self.stopped());
        self.said()
    }

    fn stopped(&mut self) -> bool {
        terminate(&self.child);
        self.child.wait().unwrap().success()
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut said).unwrap();
        }
        said
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
