//! Rules that a test switches off: everywhere, or at one place that asks for them. Each place that
//! is met is remembered. Not here: what has to notice (`missed`).

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;

/// A rule and one place that asks for it.
pub type Place = (&'static str, &'static Location<'static>);

thread_local! {
    static MET: RefCell<BTreeSet<Place>> = const { RefCell::new(BTreeSet::new()) };
}

/// What is switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Off {
    #[default]
    Nothing,
    Rule(&'static str),
    Place(Place),
}

impl Off {
    /// Whether what breaks a rule is let pass. A place is a line of the act's own file, also where
    /// several acts ask by one function.
    #[track_caller]
    pub fn lets_pass(self, rule: &'static str) -> bool {
        let place = (rule, Location::caller());
        match self {
            Self::Nothing => {
                MET.with_borrow_mut(|met| _ = met.insert(place));
                false
            }
            Self::Rule(off) => off == rule,
            Self::Place(off) => off == place,
        }
    }
}

/// The places that refused something on this thread.
pub fn met() -> BTreeSet<Place> {
    MET.with_borrow(Clone::clone)
}
