//! The doors: whoever is anonymous costs a bounded time, memory and number, and honest callers are
//! answered meanwhile. Real sockets on the loopback. With `TASDIQ_LONG=1` in full size.

mod flood;
mod limits;
pub mod photos;
mod slow;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Whether tests run in full size.
fn long() -> bool {
    std::env::var_os("TASDIQ_LONG").is_some()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
    stream
}

/// All that comes back for these bytes, until the connection is closed.
fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = connect(address);
    // Whoever refuses a request early does not read all of it.
    let _ = stream.write_all(request);
    rest(&mut stream)
}

/// All that still comes.
fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer as it came.
fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// A request without a body.
fn request(line: &str, headers: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\n{headers}connection: close\r\n\r\n").into_bytes()
}

/// A POST with its body.
fn post(path: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: ledger.example\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
