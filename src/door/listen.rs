//! Listening with room for a burst of callers, and as many files as the machine allows.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpSocket};

use crate::limits::{CONNECTIONS_MAX, FILES_WANTED, LISTEN_BACKLOG};

/// Listens on an address such as `127.0.0.1:8080` or `localhost:0`.
///
/// # Errors
/// The system's: no such address, or it is taken.
pub fn listen(address: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "it names no address");
    for address in address.to_socket_addrs()? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

/// Raises this process's soft limit of open files, as far as the hard one lets it.
pub fn raise_file_limit() {
    let now = getrlimit(Resource::Nofile);
    let wanted = now.maximum.map_or(FILES_WANTED, |hard| hard.min(FILES_WANTED));
    if now.current.is_some_and(|soft| soft < wanted) {
        // Where it is not allowed the cap on connections is lower.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..now });
    }
}

/// Connections at once: half of the files this process may open, so that the store, its guard and
/// the pipes of photo readers always find one.
pub(super) fn connections_max() -> usize {
    let soft = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(soft / 2).unwrap_or(usize::MAX).clamp(1, CONNECTIONS_MAX)
}
