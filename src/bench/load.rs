//! A small HTTP/1.1 client that loads a service: keep-alive, one thread a connection, requests made
//! before the clock starts. It reads answers that say their length, as the service's all do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

/// How long one answer may take.
const ANSWER_SECONDS_MAX: u64 = 60;

/// When the load ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// Every request was made once.
    AllSent,
    /// The time is over; requests are made again from the first.
    Elapsed(Duration),
}

/// How a service is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Where.
    pub address: SocketAddr,
    /// Connections, each with a thread.
    pub connections: usize,
    /// Requests sent on a connection before their answers are read (HTTP pipelining).
    pub depth: usize,
    /// When it ends.
    pub until: Until,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct LoadResult {
    /// Answers.
    pub answers: u64,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Time of each answer, shortest first; of each full pipeline if `depth` is above 1.
    pub latencies: Vec<Duration>,
}

impl LoadResult {
    /// How many a second, if every answer counts for `each`.
    #[must_use]
    pub fn per_second(&self, each: u64) -> u64 {
        per_second(self.answers.saturating_mul(each), self.took)
    }

    /// The latency that `percent` of the answers do not exceed.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Duration {
        let place = self.latencies.len().saturating_mul(percent) / 100;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get(place.min(last)).copied().unwrap_or_default()
    }
}

/// How many a second.
#[must_use]
pub fn per_second(count: u64, took: Duration) -> u64 {
    let rate = u128::from(count).saturating_mul(1_000_000) / took.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// The bytes of a request.
#[must_use]
pub fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The body of one answer, on a connection of its own.
///
/// # Errors
/// Nobody answers, or with another status than 200.
pub fn get(address: SocketAddr, path: &str) -> anyhow::Result<Vec<u8>> {
    let mut connection = Connection::open(address)?;
    connection.stream.get_mut().write_all(&request("GET", path, "", b""))?;
    connection.answer()?;
    Ok(connection.body)
}

impl Load {
    /// Loads the service; every answer must be 200 or 201.
    ///
    /// # Errors
    /// A connection that breaks, or an answer of another status, with its text.
    pub fn run(&self, requests: &[Vec<u8>]) -> anyhow::Result<LoadResult> {
        let (next, ready) = (AtomicUsize::new(0), Barrier::new(self.connections.saturating_add(1)));
        let (connections, start) = std::thread::scope(|scope| {
            let spawn = |_| scope.spawn(|| self.one_connection(requests, &next, &ready));
            let threads: Vec<_> = (0..self.connections).map(spawn).collect();
            ready.wait();
            let start = Instant::now();
            let ended = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
            (ended.collect::<Vec<_>>(), start)
        });
        let mut loaded = LoadResult { took: start.elapsed(), ..LoadResult::default() };
        for connection in connections {
            let (answers, latencies) =
                connection.map_err(|_| anyhow!("a thread of the client broke off"))??;
            loaded.answers = loaded.answers.saturating_add(answers);
            loaded.latencies.extend(latencies);
        }
        loaded.latencies.sort_unstable();
        Ok(loaded)
    }

    fn one_connection(
        &self,
        requests: &[Vec<u8>],
        next: &AtomicUsize,
        ready: &Barrier,
    ) -> anyhow::Result<(u64, Vec<Duration>)> {
        let connection = Connection::open(self.address);
        ready.wait();
        let (mut connection, start) = (connection?, Instant::now());
        let (mut answers, mut latencies, mut out) = (0_u64, Vec::new(), Vec::new());
        loop {
            out.clear();
            let mut sent = 0;
            while sent < self.depth {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let place = match self.until {
                    Until::AllSent => place,
                    Until::Elapsed(limit) if start.elapsed() >= limit => requests.len(),
                    Until::Elapsed(_) => place % requests.len().max(1),
                };
                let Some(request) = requests.get(place) else { break };
                out.extend_from_slice(request);
                sent = sent.saturating_add(1);
            }
            if sent == 0 {
                return Ok((answers, latencies));
            }
            let asked = Instant::now();
            connection.stream.get_mut().write_all(&out).context("the service hung up")?;
            for _ in 0..sent {
                connection.answer()?;
                answers = answers.saturating_add(1);
            }
            latencies.push(asked.elapsed());
        }
    }
}

/// One keep-alive connection.
struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).context("the service does not answer")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))?;
        let stream = BufReader::with_capacity(1 << 16, stream);
        Ok(Self { stream, line: String::new(), body: Vec::new() })
    }

    fn next_line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        if self.stream.read_line(&mut self.line).context("no answer")? == 0 {
            bail!("the service hung up");
        }
        Ok(self.line.trim_end())
    }

    /// Reads one answer into `body`.
    fn answer(&mut self) -> anyhow::Result<()> {
        let status = self.next_line()?.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = None;
        loop {
            let line = self.next_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse::<usize>().context("content-length")?);
            }
        }
        let length = length.context("an answer without content-length")?;
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).context("half an answer")?;
        if !matches!(status.as_str(), "200" | "201") {
            bail!("the service answered {status}: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(())
    }
}
