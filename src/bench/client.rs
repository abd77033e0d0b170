//! A minimal HTTP/1.1 client for load: one kept connection, whole answers, no interpretation.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// One kept connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// The network's.
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::new(stream), line: String::new(), body: Vec::new() })
    }

    /// Sends one request and reads its answer; the answer is status and body.
    ///
    /// # Errors
    /// The network's.
    pub fn ask(&mut self, head: &str, body: &[u8]) -> std::io::Result<(u16, &[u8])> {
        let mut request = Vec::with_capacity(head.len() + body.len() + 64);
        write!(request, "{head}host: bench\r\ncontent-length: {}\r\n\r\n", body.len())?;
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.read_line()?;
        let status = self.line.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        let (mut length, mut chunked) = (0_usize, false);
        loop {
            self.read_line()?;
            let line = self.line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            chunked |= line == "transfer-encoding: chunked";
        }
        self.body.clear();
        if chunked {
            self.read_chunks()?
        } else {
            self.read_exactly(length)?
        }
        Ok((status, &self.body))
    }

    fn read_chunks(&mut self) -> std::io::Result<()> {
        loop {
            self.read_line()?;
            let length = usize::from_str_radix(self.line.trim_end(), 16).unwrap_or(0);
            self.read_exactly(length)?;
            self.read_line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn read_exactly(&mut self, length: usize) -> std::io::Result<()> {
        let taken = self.stream.by_ref().take(length as u64).read_to_end(&mut self.body)?;
        if taken == length { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }

    fn read_line(&mut self) -> std::io::Result<()> {
        self.line.clear();
        match self.stream.read_line(&mut self.line)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Sends requests on several connections until `count` are answered or `limit` is over; the answer is
/// how many were answered well a second.
///
/// # Errors
/// The network's.
pub fn load(
    address: &str,
    connections: usize,
    count: usize,
    limit: Duration,
    request: &(dyn Fn(usize) -> (String, Vec<u8>) + Sync),
) -> std::io::Result<f64> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let good = std::sync::atomic::AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| -> std::io::Result<()> {
        let worker = || -> std::io::Result<()> {
            let mut connection = Connection::open(address)?;
            while started.elapsed() < limit {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if at >= count {
                    break;
                }
                let (head, body) = request(at);
                let (status, _) = connection.ask(&head, &body)?;
                if (200..300).contains(&status) {
                    good.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            }
            Ok(())
        };
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or(Ok(())))
    })?;
    let seconds = started.elapsed().as_secs_f64();
    Ok(good.into_inner() as f64 / seconds)
}
