//! The codes that the first page shows: the one of the newest lot that is in order, and in a
//! demonstration an example of each status. Found once a second and log size, by a bounded look.
//! Not here: the page, and what makes a lot be in order (`verify`).

use std::sync::{Arc, Mutex, PoisonError};

use super::verdict::Headline;
use crate::label::Label;
use crate::ledger::{label_of, open_label};
use crate::names::LotKey;
use crate::register::CertificateStatus;
use crate::statement::Timestamp;
use crate::trust::Standing;
use crate::verify::Policy;
use crate::web::App;
use crate::web::verdict::Judge;

/// Certificates looked at for the code, from the newest back: 1 us each.
const LOOKED_AT_MAX: usize = 200;

/// Codes judged for it, of certificates that are in force: 0.2 ms each.
const JUDGED_MAX: usize = 16;

/// Lots looked at for examples: a demonstration has fewer.
const EXAMPLES_LOOKED_AT_MAX: usize = 500;

/// What was found last.
#[derive(Default)]
pub(super) struct KeptCodes {
    newest: Mutex<Option<Arc<Codes>>>,
}

/// The codes of one log size, standing and second.
pub(super) struct Codes {
    size: u64,
    standing: Standing,
    now: Timestamp,
    /// The label of the newest lot in order; None where none is among the newest.
    pub label: Option<Label>,
    /// An example of each status, best first; of a demonstration alone.
    pub examples: Vec<Example>,
}

/// A code to try.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Example {
    pub headline: Headline,
    /// Its path here.
    pub path: String,
    /// The lot's name; empty for what is no lot here.
    pub name: String,
}

impl KeptCodes {
    /// The codes of this second.
    pub fn of(&self, app: &App, judge: &Judge) -> Arc<Codes> {
        let same = |codes: &&Arc<Codes>| {
            codes.size == judge.view.size
                && codes.standing == judge.standing
                && codes.now == judge.now
        };
        let known = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.as_ref().filter(same) {
            return known.clone();
        }
        let demo = app.ledger.config().demo;
        let codes = Arc::new(Codes {
            size: judge.view.size,
            standing: judge.standing,
            now: judge.now,
            label: newest(app, judge),
            examples: if demo { examples(app, judge) } else { Vec::new() },
        });
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(codes.clone());
        codes
    }
}

/// The label of the newest lot whose code a scan finds genuine and in force now.
fn newest(app: &App, judge: &Judge) -> Option<Label> {
    let register = &judge.view.register;
    let lots = register.certificates_by_index().rev().map(|certificate| {
        let valid = register.status_of(&certificate.record, judge.now) == CertificateStatus::Valid;
        valid.then(|| certificate.record.lot.clone())
    });
    first_good(lots, |lot| {
        let sold = register.lot(lot).is_some_and(|lot| lot.units() > 0);
        let label = open_label(&app.ledger, lot, judge.now).ok().filter(|_| sold)?;
        let found = judge.on_code(&label.url(), Policy::Shop);
        (found.headline == Headline::Valid).then_some(label)
    })
}

/// The first that is good, by so few looks and judgements that a register of any size costs alike.
fn first_good<T>(
    lots: impl Iterator<Item = Option<LotKey>>,
    good: impl FnMut(&LotKey) -> Option<T>,
) -> Option<T> {
    let candidates = lots.take(LOOKED_AT_MAX).flatten().take(JUDGED_MAX);
    let candidates: Vec<LotKey> = candidates.collect();
    candidates.iter().find_map(good)
}

/// The first lot of each headline, with a forged and an unknown code at the end.
fn examples(app: &App, judge: &Judge) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut genuine = None;
    for lot in judge.view.register.lots().take(EXAMPLES_LOOKED_AT_MAX) {
        let key = &lot.record.lot;
        let signed = label_of(&app.ledger, key, None, judge.now).map(|label| label.url());
        let plain = || format!("https://{}/{}", judge.view.register.domain().host(), key.path());
        let url = signed.unwrap_or_else(|_| plain());
        let headline = judge.on_code(&url, Policy::Shop).headline;
        let Some(path) = path_of(&url) else { continue };
        if headline == Headline::Valid && genuine.is_none() {
            genuine = Some(path.to_owned());
        }
        if examples.iter().all(|example| example.headline != headline) {
            let (path, name) = (path.to_owned(), lot.record.name.to_string());
            examples.push(Example { headline, path, name });
        }
    }
    examples.sort_by_key(|example| std::cmp::Reverse(example.headline));
    let other = |headline, path: String| Example { headline, path, name: String::new() };
    if let Some(path) = genuine {
        let forged = path.replacen("/10/", "/10/X", 1).replacen("/LOT/", "/LOT/X", 1);
        examples.push(other(Headline::NotGenuine, forged));
    }
    examples.push(other(Headline::Unknown, "/01/09506000134352/10/NOWHERE".to_owned()));
    examples
}

/// The path of an address.
pub(super) fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').and_then(|slash| rest.get(slash..))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn lot(number: usize) -> LotKey {
        format!("coop/L{number}").parse().unwrap()
    }

    /// Of a million certificates a few hundred are looked at, and a dozen judged.
    #[test]
    fn a_register_of_a_million_costs_as_much_as_a_small_one() {
        for (valid, judged) in [(false, 0), (true, JUDGED_MAX)] {
            let seen = Cell::new(0);
            let all = (0..1_000_000).map(|number| {
                seen.set(seen.get() + 1);
                valid.then(|| lot(number))
            });
            let asked = Cell::new(0);
            let found = first_good(all, |_| {
                asked.set(asked.get() + 1);
                None::<()>
            });
            assert_eq!((found, asked.get()), (None, judged));
            assert!(seen.get() <= LOOKED_AT_MAX, "{}", seen.get());
        }
        let found = first_good((0..).map(|number| (number > 9).then(|| lot(number))), |found| {
            (*found == lot(12)).then_some("twelve")
        });
        assert_eq!(found, Some("twelve"));
    }
}
