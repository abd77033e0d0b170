//! Places for work that keeps a thread: each kind of work has its own, so that none starves
//! another, and who finds none waits only so long.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{
    PHOTO_PLACES, PLACES_COMMON, PLACES_DELTA, PLACES_INTAKE, PLACES_JUDGE, PLACES_LARGE,
    PLACES_REACH, QUEUE_SECONDS_MAX,
};

/// A kind of work with places of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Look-ups in the store and the register.
    Common,
    /// Statements on their way to the writer.
    Intake,
    /// Verdicts on codes and documents.
    Judge,
    /// Files made for one caller: packs and their deltas, dossiers, bundles, labels.
    Large,
    /// What changed in the pack since a caller's own.
    Delta,
    /// Ways of goods over all levels, and what else goes through all events.
    Reach,
    /// Pictures in a process of their own.
    Photo,
}

impl Lane {
    const ALL: [(Self, usize); 7] = [
        (Self::Common, PLACES_COMMON),
        (Self::Intake, PLACES_INTAKE),
        (Self::Judge, PLACES_JUDGE),
        (Self::Large, PLACES_LARGE),
        (Self::Delta, PLACES_DELTA),
        (Self::Reach, PLACES_REACH),
        (Self::Photo, PHOTO_PLACES),
    ];
}

/// A place taken; free again when its last holder drops it.
pub type DoorPlace = Arc<OwnedSemaphorePermit>;

/// All places of a kind stayed taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("too much is asked at once; ask again in a moment")]
pub struct Busy;

/// The places of one service.
#[derive(Debug)]
pub(super) struct DoorPlaces([Arc<Semaphore>; 7]);

impl DoorPlaces {
    pub fn new() -> Self {
        Self(Lane::ALL.map(|(_, places)| Arc::new(Semaphore::new(places))))
    }

    /// Waits for a place.
    pub async fn take(&self, lane: Lane) -> Result<DoorPlace, Busy> {
        let found = Lane::ALL.iter().zip(&self.0).find(|((known, _), _)| *known == lane);
        let (_, places) = found.ok_or(Busy)?;
        let patience = Duration::from_secs(QUEUE_SECONDS_MAX);
        match tokio::time::timeout(patience, places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(Arc::new(place)),
            _ => Err(Busy),
        }
    }
}
