//! Bundles fetched and prepared ahead of the fold, on all cores, and handed on in the order of the
//! log. More threads than cores: while one waits for its server, another checks signatures.
//! Not here: what a bundle is (`bundle`), the fold (`run`).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::scope;

use super::bundle::{Bundle, fetch};
use crate::log::TilePath;
use crate::register::Register;
use crate::source::{LogSource, SourceError};

/// Threads for each core.
const THREADS_PER_CORE: usize = 2;

/// Bundles in memory at most, taken up and not folded: 4,096 entries.
const BUNDLES_AHEAD: usize = 16;

/// What a thread brings, and the place of its bundle; None: it broke off over it.
type Brought = (usize, Option<Result<Bundle, SourceError>>);

/// Hands the bundles of `paths` to `take` in their order; `take` gives the register to prepare the
/// next ones under. False: a thread broke off, and not all were handed on.
///
/// # Errors
/// What `take` says, and a source that cannot be read, at its place.
pub(super) fn in_order<E: From<SourceError>>(
    source: &dyn LogSource,
    paths: &mut (dyn Iterator<Item = TilePath> + Send),
    register: Register,
    take: &mut dyn FnMut(Bundle) -> Result<Register, E>,
) -> Result<bool, E> {
    let ahead = Ahead {
        state: Mutex::new(State { paths, given: 0, folded: 0, register, ended: false }),
        moved: Condvar::new(),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..cores * THREADS_PER_CORE {
            let sender: Sender<Brought> = sender.clone();
            let ahead = &ahead;
            scope.spawn(move || {
                while let Some((place, path, register)) = ahead.next() {
                    // Others wait for what this one brings: it must not just be gone.
                    let fetch = AssertUnwindSafe(|| fetch(source, &path, &register));
                    if sender.send((place, catch_unwind(fetch).ok())).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let outcome = fold(&ahead, &receiver, take);
        ahead.end();
        outcome
    })
}

fn fold<E: From<SourceError>>(
    ahead: &Ahead<'_>,
    receiver: &Receiver<Brought>,
    take: &mut dyn FnMut(Bundle) -> Result<Register, E>,
) -> Result<bool, E> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (place, bundle) in receiver {
        waiting.insert(place, bundle);
        while let Some(bundle) = waiting.remove(&next) {
            let Some(bundle) = bundle else { return Ok(false) };
            let register = take(bundle?)?;
            next += 1;
            ahead.folded(register);
        }
    }
    Ok(waiting.is_empty() && next == ahead.given())
}

/// What the threads share.
struct Ahead<'a> {
    state: Mutex<State<'a>>,
    moved: Condvar,
}

struct State<'a> {
    paths: &'a mut (dyn Iterator<Item = TilePath> + Send),
    given: usize,
    folded: usize,
    register: Register,
    ended: bool,
}

impl State<'_> {
    /// Whether the next bundle may be taken up: keys that are not folded yet leave signatures to
    /// the fold, so the first ones are few.
    fn has_room(&self) -> bool {
        self.given < self.folded + BUNDLES_AHEAD.min(1 + self.folded)
    }
}

impl Ahead<'_> {
    fn given(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).given
    }

    /// The next bundle, once there is room for it, and the newest register.
    fn next(&self) -> Option<(usize, TilePath, Register)> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .moved
            .wait_while(state, |state| !state.ended && !state.has_room())
            .unwrap_or_else(PoisonError::into_inner);
        if state.ended {
            return None;
        }
        let path = state.paths.next()?;
        let place = state.given;
        state.given += 1;
        Some((place, path, state.register.clone()))
    }

    fn folded(&self, register: Register) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.register, state.folded) = (register, state.folded + 1);
        self.moved.notify_all();
    }

    fn end(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::log::{TileLevel, tiles_at};
    use crate::source::Part;
    use crate::statement::Domain;

    /// A source that breaks off over one bundle and cannot be read from the next on.
    struct Broken(u64);

    impl LogSource for Broken {
        fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
            let Part::Tile(path) = part else { panic!("{part}") };
            assert_ne!(path.index, self.0, "it breaks off");
            Err(SourceError::unreadable(part, "gone"))
        }
    }

    #[test]
    fn a_thread_that_breaks_off_ends_it_and_is_told() {
        let domain = Domain::parse("ledger.example").unwrap();
        let register = Register::new(domain, [7; 32], Catalog::builtin().unwrap());
        let run = |source: &Broken| {
            let mut paths = tiles_at(TileLevel::Entries, 100_000);
            let mut take = |_| Ok::<_, SourceError>(register.clone());
            in_order(source, &mut paths, register.clone(), &mut take)
        };
        assert!(matches!(run(&Broken(0)), Ok(false)));
        assert!(run(&Broken(1)).is_err());
    }
}
