//! A connection's stream, counting for its seat: when a header begins, and whether the caller
//! reads what is sent.

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

/// The stream of one connection.
pub(super) struct Stream {
    pub tcp: TcpStream,
    pub seats: Arc<Seats>,
    pub seat: Arc<Seat>,
    /// Bytes dropped since the last answer was sent; None before.
    pub dropped: Option<usize>,
}

impl Stream {
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
