//! An answer under way: its bytes are counted over all connections until the caller has read them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use super::seat::{Phase, Seat};
use super::seats::Seats;

/// Bytes an answer keeps in memory for this caller alone, told by whoever made it. What is shared
/// by all callers weighs nothing; without a word the length of the body counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight(pub u64);

/// The body of an answer.
pub(super) struct Answer {
    pub body: Body,
    pub seats: Arc<Seats>,
    pub seat: Arc<Seat>,
    /// Given back when the last byte is on its way.
    pub _room: Option<OwnedSemaphorePermit>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.seat.enter(Phase::Idle, self.seats.now());
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
