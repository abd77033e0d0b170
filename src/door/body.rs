//! A request's body under way: counted for its seat, and in flight only as far as there is room for
//! its bytes over all connections. Not here: how large it may be, which each route says.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::held::HeldPlace;
use super::seat::{Phase, Seat};
use super::seats::Seats;
use crate::limits::{
    BODIES_BYTES_MAX, BODIES_SMALL_BYTES_MAX, BODY_SMALL_BYTES, QUEUE_SECONDS_MAX,
};

/// Why a body did not arrive whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BodyFault {
    /// Too many bytes of others are in flight.
    #[error("too many bytes are in flight; send it again in a moment")]
    Busy,
    /// It broke off, or its framing is wrong.
    #[error("it broke off before its end")]
    Broken,
}

/// Room for the bytes of bodies in flight: small ones have their own.
#[derive(Debug)]
pub(super) struct BodyRoom {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl BodyRoom {
    pub fn new() -> Self {
        Self {
            small: Arc::new(Semaphore::new(BODIES_SMALL_BYTES_MAX)),
            large: Arc::new(Semaphore::new(BODIES_BYTES_MAX)),
        }
    }

    /// The room for a body that says how long it is, if it does.
    pub fn of(&self, length: Option<u64>) -> Arc<Semaphore> {
        match length {
            Some(length) if length <= BODY_SMALL_BYTES => self.small.clone(),
            _ => self.large.clone(),
        }
    }
}

type Waiting = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, BodyFault>> + Send>>;

/// A body that takes a permit for each byte that arrives.
pub(super) struct Metered {
    pub body: Incoming,
    pub room: Arc<Semaphore>,
    pub held: Arc<HeldPlace>,
    pub seats: Arc<Seats>,
    pub seat: Arc<Seat>,
    /// Bytes that arrived and wait for their permit.
    pub waiting: Option<(Bytes, Waiting)>,
}

impl Metered {
    /// Hands on bytes that have their permit.
    fn pass(&mut self, bytes: Bytes, permit: OwnedSemaphorePermit) -> Frame<Bytes> {
        self.held.keep(permit);
        if self.body.is_end_stream() {
            self.seat.enter(Phase::Work, self.seats.now());
        }
        Frame::data(bytes)
    }

    fn take(&mut self, bytes: Bytes) -> Option<Frame<Bytes>> {
        self.seat.arrived(bytes.len());
        let permits = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if let Ok(permit) = self.room.clone().try_acquire_many_owned(permits) {
            return Some(self.pass(bytes, permit));
        }
        self.seats.make_room(Phase::Body);
        let room = self.room.clone();
        let patience = Duration::from_secs(QUEUE_SECONDS_MAX);
        let waiting = async move {
            match tokio::time::timeout(patience, room.acquire_many_owned(permits)).await {
                Ok(Ok(permit)) => Ok(permit),
                _ => Err(BodyFault::Busy),
            }
        };
        self.waiting = Some((bytes, Box::pin(waiting)));
        None
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        loop {
            if let Some((_, waiting)) = &mut self.waiting {
                let permit = ready!(waiting.as_mut().poll(cx));
                let bytes = self.waiting.take().map(|(bytes, _)| bytes).unwrap_or_default();
                return Poll::Ready(Some(permit.map(|permit| self.pass(bytes, permit))));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                None => {
                    self.seat.enter(Phase::Work, self.seats.now());
                    return Poll::Ready(None);
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(BodyFault::Broken))),
                // Trailers say nothing here.
                Some(Ok(frame)) => {
                    let Ok(bytes) = frame.into_data() else { continue };
                    if let Some(frame) = self.take(bytes) {
                        return Poll::Ready(Some(Ok(frame)));
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.waiting.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.waiting {
            None => self.body.size_hint(),
            Some(_) => SizeHint::default(),
        }
    }
}
