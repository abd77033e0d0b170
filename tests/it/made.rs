//! One demonstration for all tests that only need some: made once, by the binary, under an address
//! that phones reach where this machine is in a network. Each test serves a copy of it, one at a
//! time. Not a test.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::program::{let_go, tasdiq, terminate};

/// A demonstration that was made, and is served by nobody.
pub struct Made {
    folder: TempDir,
    /// Where it is served, and how it is named.
    pub host: String,
    /// Whether phones reach that.
    pub phone: bool,
}

/// A service in a terminal of its own.
pub struct Terminal {
    child: Child,
    /// What it said until it was ready.
    pub said: Vec<String>,
}

/// This machine's address on its way out, if there is one; nothing is sent.
fn own_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("198.51.100.1:9").ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_unspecified() => Some(ip),
        _ => None,
    }
}

/// The demonstration, and the turn to serve it.
pub fn made() -> (&'static Made, MutexGuard<'static, ()>) {
    static MADE: OnceLock<Made> = OnceLock::new();
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = MADE.get_or_init(|| {
        let own = own_address();
        let ip = own.unwrap_or(Ipv4Addr::LOCALHOST);
        let host = TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().to_string();
        let folder = tempfile::tempdir().unwrap();
        let mut command = tasdiq(folder.path());
        command.args(["demo", "--listen", &host]);
        drop(Terminal::of(&mut command));
        let_go(&folder.path().join("tasdiq-data"));
        Made { folder, host, phone: own.is_some() }
    });
    (made, turn)
}

impl Made {
    /// Puts a copy of its data into a folder.
    pub fn copied(&self, to: &Path) {
        let from = self.folder.path().join("tasdiq-data");
        assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
    }
}

impl Terminal {
    /// Starts a command and waits for the last line of a service that is ready.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let last = line.starts_with("Ctrl-C stops it");
            said.push(line);
            if last {
                break;
            }
        }
        // What it says later goes nowhere, and must not stop it.
        std::thread::spawn(move || lines.for_each(drop));
        let ready = said.last().is_some_and(|line| line.starts_with("Ctrl-C stops it"));
        assert!(ready, "it does not start: {command:?}: {said:#?}");
        Self { child, said }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        terminate(&self.child);
        self.child.wait().ok();
    }
}
