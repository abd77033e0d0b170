//! Where a rule refuses. Builds of the tests can switch one off, to see that something is let
//! through then; no other build can. Not here: the rules.

use super::refusal::Refusal;

/// Refuses, unless a test has switched the rule off to see that something gets through.
///
/// # Errors
/// The refusal.
pub(super) fn refuse(rule: &'static str, refusal: impl Into<Refusal>) -> Result<(), Refusal> {
    if is_off(rule) { Ok(()) } else { Err(refusal.into()) }
}

#[cfg(not(test))]
fn is_off(_: &str) -> bool {
    false
}

#[cfg(test)]
pub(super) use off::without;

#[cfg(test)]
use off::is_off;

#[cfg(test)]
mod off {
    use std::cell::Cell;

    thread_local! {
        static OFF: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    pub(super) fn is_off(rule: &'static str) -> bool {
        OFF.get() == Some(rule)
    }

    /// Does something on this thread while a rule is switched off.
    pub(in crate::register) fn without<T>(rule: &'static str, does: impl FnOnce() -> T) -> T {
        OFF.set(Some(rule));
        let done = does();
        OFF.set(None);
        done
    }
}
