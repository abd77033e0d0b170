//! A connection's stream, counting for its seat: when a header begins, and whether the caller
//! reads what is sent. The first header is waited for here, where a connection costs least.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::seat::{Phase, Seat};
use super::seats::Seats;

/// Bytes dropped of what a refused caller still sends: a body half as large again as the largest.
const DROPPED_BYTES_MAX: usize = 24_000_000;

/// Bytes of a first header that are kept here; from then on its connection has buffers of its own.
const EARLY_BYTES_MAX: usize = 4_096;

/// The stream of one connection.
pub(super) struct Stream {
    tcp: TcpStream,
    seats: Arc<Seats>,
    seat: Arc<Seat>,
    /// Bytes that came before anybody read.
    early: Vec<u8>,
    /// Bytes dropped since the last answer was sent; None before.
    dropped: Option<usize>,
}

impl Stream {
    pub fn new(tcp: TcpStream, seats: Arc<Seats>, seat: Arc<Seat>) -> Self {
        Self { tcp, seats, seat, early: Vec::new(), dropped: None }
    }

    /// Waits until the first header is whole, or too long to be kept here, or the caller is gone.
    /// Until then a connection is a task and the bytes that came: a flood of those that never ask
    /// leaves next to nothing behind.
    ///
    /// # Errors
    /// The connection's.
    pub async fn first_header(&mut self) -> io::Result<()> {
        while !ends_header(&self.early) && self.early.len() < EARLY_BYTES_MAX {
            if poll_fn(|cx| self.poll_early(cx)).await? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn poll_early(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut scratch = [0; EARLY_BYTES_MAX];
        let mut buffer = ReadBuf::new(&mut scratch);
        ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut buffer))?;
        if !buffer.filled().is_empty() {
            self.seat.heard(self.seats.now());
        }
        self.early.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Drops what a refused caller still sends. A connection closed on unread bytes takes the
    /// answer with it, which the caller then never reads.
    fn poll_drop_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 8_192];
        while self.dropped.unwrap_or_default() < DROPPED_BYTES_MAX && !self.seats.is_stopping() {
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut buffer));
            let bytes = buffer.filled().len();
            if read.is_err() || bytes == 0 {
                break;
            }
            self.dropped = Some(self.dropped.unwrap_or_default().saturating_add(bytes));
        }
        Poll::Ready(())
    }

    fn wrote(&self, outcome: &Poll<io::Result<usize>>, wanted: usize) {
        match outcome {
            Poll::Ready(Ok(bytes)) => self.seat.left(*bytes, *bytes >= wanted),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.seat.stuck(self.seats.now()),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() {
            let bytes = self.early.len().min(buffer.remaining());
            buffer.put_slice(&self.early[..bytes]);
            self.early.drain(..bytes);
            if self.early.is_empty() {
                self.early = Vec::new();
            }
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.tcp).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.seat.heard(self.seats.now());
        }
        outcome
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.tcp).poll_write(cx, bytes);
        self.wrote(&outcome, bytes.len());
        outcome
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.tcp).poll_write_vectored(cx, parts);
        self.wrote(&outcome, parts.iter().map(|part| part.len()).sum());
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.dropped.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
            self.dropped = Some(0);
            // From here on it has the time of a header, and makes room like one.
            self.seat.enter(Phase::Idle, self.seats.now());
            self.seat.heard(self.seats.now());
        }
        ready!(self.poll_drop_rest(cx));
        Poll::Ready(Ok(()))
    }
}

/// Whether an empty line stands in it: what ends a header, with either end of line.
fn ends_header(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    // The last one is not ended.
    lines.next_back();
    lines.skip(1).any(|line| matches!(line, b"" | b"\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_ends_a_header() {
        let whole = ["GET / HTTP/1.1\r\n\r\n", "a\r\nb: c\r\n\r\nbody", "a\nb: c\n\n", "a\n\r\n"];
        for text in whole {
            assert!(ends_header(text.as_bytes()), "{text:?}");
        }
        for text in ["", "\r", "\r\n", "GET / HTTP/1.1\r\n", "a\r\nb: c\r\n\r", "a\r\nb: c\r\nd"] {
            assert!(!ends_header(text.as_bytes()), "{text:?}");
        }
    }
}
