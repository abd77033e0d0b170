//! What one request holds: permits for its bytes and places for its work, from their taking until
//! its answer has been weighed. Handlers reach it without being handed it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use super::places::{Busy, DoorPlace, DoorPlaces, Lane};

tokio::task_local! {
    static HELD: Arc<HeldPlace>;
}

/// What one request holds.
#[derive(Debug)]
pub(super) struct HeldPlace {
    places: Arc<DoorPlaces>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    bytes: Option<OwnedSemaphorePermit>,
    taken: Vec<(Lane, DoorPlace)>,
}

impl HeldPlace {
    pub fn new(places: Arc<DoorPlaces>) -> Arc<Self> {
        Arc::new(Self { places, kept: Mutex::default() })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the permit of bytes that arrived.
    pub fn keep(&self, permit: OwnedSemaphorePermit) {
        match &mut self.kept().bytes {
            Some(kept) if Arc::ptr_eq(kept.semaphore(), permit.semaphore()) => kept.merge(permit),
            kept => *kept = Some(permit),
        }
    }

    /// Gives everything back; work still under way keeps its own place.
    pub fn release(&self) {
        *self.kept() = Kept::default();
    }

    async fn place(&self, lane: Lane) -> Result<DoorPlace, Busy> {
        let known = |kept: &Kept| {
            kept.taken.iter().find(|(taken, _)| *taken == lane).map(|(_, place)| place.clone())
        };
        if let Some(place) = known(&self.kept()) {
            return Ok(place);
        }
        let place = self.places.take(lane).await?;
        self.kept().taken.push((lane, place.clone()));
        Ok(place)
    }
}

/// Runs a handler with what it holds.
pub(super) async fn inside<T>(held: Arc<HeldPlace>, handler: impl Future<Output = T>) -> T {
    HELD.scope(held, handler).await
}

/// A place for work of a kind: the one this request has already, else the next that is free. None
/// outside a served request, where nobody else waits. Whoever blocks takes it along.
///
/// # Errors
/// [`Busy`] after some seconds.
pub async fn place(lane: Lane) -> Result<Option<DoorPlace>, Busy> {
    match HELD.try_with(Arc::clone) {
        Ok(held) => held.place(lane).await.map(Some),
        Err(_) => Ok(None),
    }
}
