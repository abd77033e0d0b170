//! Random histories: the room and the model are asked the same, and every verdict and every figure
//! is compared; the same acts give the same bytes. Not here: that all of it fails without a rule
//! (`missed`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::env;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::model::{Codes, Effect, Flows, Model, Pot};
use super::off::Off;
use super::wish::{self, BIO, FAIR, Wish};
use crate::trace::sweep::Quest;
use crate::trace::{
    Act, Direction, Event, Holder, LotHandle, Opening, Origin, Outcome, Reader, SchemeId, Short,
    Sources, Status, Trace, Unit, Upstream,
};

pub const SEED: [u8; 32] = *b"how much, from where, with whom?";

/// Rules that histories can reach and break.
pub const RULES: [&str; 33] = [
    "blend_not_allowed",
    "cannot_void",
    "cover_exceeded",
    "custody_upgraded",
    "event_empty",
    "event_time",
    "insufficient",
    "labelled",
    "labels_exceeded",
    "lot_closed",
    "lot_held",
    "lot_overfilled",
    "lot_recalled",
    "lot_twice",
    "lot_unknown",
    "not_holder",
    "not_labelled",
    "not_producer",
    "not_receiver",
    "quantity_exceeded",
    "receipt_sum",
    "recipe_cycle",
    "recipe_mismatch",
    "recipe_unbounded",
    "recipe_unknown",
    "rulebook_form",
    "sample_exceeded",
    "shipment_state",
    "sscc_in_use",
    "to_self",
    "unit_contents",
    "unit_state",
    "yield_exceeded",
];

/// How often each verdict was given.
pub type Counts = BTreeMap<&'static str, u32>;

fn verdict(
    told: &Result<Outcome, Short>,
    expected: &Result<Effect, Codes>,
) -> Result<&'static str, String> {
    match (told, expected) {
        (Ok(outcome), Ok(effect)) if outcome.held == effect.held => Ok("taken in"),
        (Err(short), Err(codes)) if codes.contains(short.code()) => Ok(short.code()),
        // Of what is not there nothing else can be said, so the model says no more.
        (Err(short), Err(codes)) if codes.contains("lot_unknown") => Ok(short.code()),
        (Err(short), Err(codes)) if codes.contains("unit_state") => Ok(short.code()),
        _ => Err(format!("{told:?}, expected {expected:?}")),
    }
}

/// Every figure of one lot.
fn compare_lot(trace: &Trace, model: &Model, lot: LotHandle) -> Result<(), String> {
    let same = |what: &str, told: i128, expected: i128| match told == expected {
        true => Ok(()),
        false => Err(format!("{what} of {lot:?}: {told}, expected {expected}")),
    };
    let sum = |which: &dyn Fn(Pot) -> bool| model.sum(lot, which);
    let told = trace.balance(lot).ok_or("no balance")?;
    same("filled", told.filled.into(), model.filled(lot))?;
    same("free", told.free.into(), sum(&|pot| matches!(pot, Pot::Free(_))))?;
    same("packed", told.packed.into(), sum(&|pot| matches!(pot, Pot::In(_))))?;
    let moving = |pot| matches!(pot, Pot::Transit(_) | Pot::Back(_));
    same("in transit", told.in_transit.into(), sum(&moving))?;
    same("disputed", told.disputed.into(), sum(&|pot| matches!(pot, Pot::Dispute(_))))?;
    same("consumed", told.consumed.into(), model.pot(lot, Pot::Consumed))?;
    same("gone", told.gone.into(), sum(&|pot| matches!(pot, Pot::Gone(_))))?;
    same("lost", told.lost.into(), model.pot(lot, Pot::Lost))?;
    same("sampled", told.sampled.into(), model.pot(lot, Pot::Sampled))?;
    same("destroyed", told.destroyed.into(), model.pot(lot, Pot::Destroyed))?;
    same("recovered", told.recovered.into(), sum(&|pot| matches!(pot, Pot::Recovered(_))))?;
    same("labelled", told.labelled.into(), model.lots[lot.0 as usize].labels)?;
    same("labels out", told.outstanding.into(), model.lots[lot.0 as usize].on_goods)?;
    same("closed", told.closed.into(), (model.lots[lot.0 as usize].closers > 0).into())?;
    for holder in (0..4).map(Holder) {
        let had = trace.holding(lot, holder);
        same("a holder's", had.free.into(), model.pot(lot, Pot::Free(holder)))?;
        same("a holder's gone", had.out.into(), model.pot(lot, Pot::Gone(holder)))?;
        let packed = model.units.iter().filter(|(_, it)| it.holder == holder && !it.on_its_way);
        let packed = packed.map(|(unit, _)| model.pot(lot, Pot::In(*unit))).sum();
        same("a holder's packed", had.packed.into(), packed)?;
        let sent = sum(&|pot| match pot {
            Pot::Transit(of) => model.events[of as usize].event.issuer == holder,
            Pot::Back(of) | Pot::Dispute(of) => shipper(model, of) == holder,
            _ => false,
        });
        same("a holder's sent", i128::from(had.in_transit) + i128::from(had.disputed), sent)?;
    }
    Ok(())
}

fn shipper(model: &Model, mut of: u32) -> Holder {
    while let Act::Receive { of: before, .. } = model.events[of as usize].event.act {
        of = before.0;
    }
    model.events[of as usize].event.issuer
}

/// Cover, custody, origin, status and kin of one lot.
fn compare_kind(trace: &Trace, model: &Model, lot: LotHandle) -> Result<(), String> {
    let row = &model.lots[lot.0 as usize];
    let derived = row.born.opening == Opening::Derived && !row.gone;
    for scheme in [BIO, FAIR, SchemeId(3)].into_iter().filter(|_| derived) {
        let told = trace.cover(lot, scheme).map(i128::from);
        let expected = model.carried.get(&(lot, Flows::Cover(scheme))).copied().unwrap_or(0);
        if told != Some(expected) {
            return Err(format!("cover {scheme:?} of {lot:?}: {told:?}, expected {expected}"));
        }
    }
    let (told, expected) = (trace.custody(lot, None).0, model.custody(lot));
    if told != expected {
        return Err(format!("custody of {lot:?}: {told:?}, expected {expected:?}"));
    }
    let opened = |lot: &LotHandle| model.lots[lot.0 as usize].born.opening == Opening::Primary;
    let roots = model.roots(lot);
    let traced = roots.iter().filter(|root| opened(root)).count();
    let expected = match traced {
        0 => Origin::Declared,
        some if some == roots.len() => Origin::Traced,
        _ => Origin::Partly,
    };
    let status = (trace.inherited_status(lot), model.inherited(lot));
    if trace.origin(lot) != expected || status.0 != status.1 {
        return Err(format!("origin {:?} or status {status:?} of {lot:?}", trace.origin(lot)));
    }
    for direction in [Direction::Up, Direction::Down] {
        let (barred, from) = (BTreeSet::new(), [lot]);
        let quest = Quest { from: &from, direction, barred: &barred };
        let (mut told, swept) = (trace.reached(lot, direction).lots, trace.swept(&quest));
        if told != swept || trace.walked(&quest, usize::MAX).as_ref() != Some(&swept) {
            return Err(format!("{direction:?} of {lot:?}: {told:?}, swept {swept:?}"));
        }
        told.sort_unstable();
        let expected: Vec<_> = model.reach(lot, direction, &|_| false).into_iter().collect();
        if told != expected {
            return Err(format!("{direction:?} of {lot:?}: {told:?}, expected {expected:?}"));
        }
    }
    Ok(())
}

/// What is asked of all lots at once is what is asked of each.
fn compare_above(trace: &Trace) -> Result<(), String> {
    let (mut upstream, sources) = (Upstream::new(trace), Sources::new(trace));
    for lot in (0..trace.lot_count() as u32).map(LotHandle) {
        for most in [1, 3, 1_000] {
            let (one, many) = (trace.path(lot, most), upstream.path(lot, most));
            if (&one.lots, one.whole) != (&many.lots, many.whole)
                || trace.origins_of(&one) != trace.origins_of(&many)
            {
                return Err(format!("the way back of {lot:?}: {one:?}, of all {many:?}"));
            }
        }
        let worst = trace.inherited_status(lot);
        let mut from = trace.inherited_from(lot).into_iter();
        let one = from.find(|source| trace.own_status(*source) == worst);
        let one = one.filter(|_| worst != Status::Released);
        if one != sources.of(trace, lot)
            || upstream.is_filled(lot) != trace.fillings_of(lot).next().is_some()
        {
            return Err(format!("{lot:?} inherits of {one:?}, of {:?}", sources.of(trace, lot)));
        }
    }
    Ok(())
}

/// After every act of some lots, in turn; of all of them, and what is dear, at the end.
fn compare(trace: &Trace, model: &Model, step: usize, last: bool) -> Result<(), String> {
    if let Some(lot) = trace.conserved() {
        return Err(format!("{lot:?} does not add up: {:?}", trace.balance(lot)));
    }
    let in_turn = |lot: &LotHandle| last || (lot.0 as usize + step).is_multiple_of(5);
    for lot in (0..model.lots.len() as u32).map(LotHandle).filter(in_turn) {
        if last {
            compare_kind(trace, model, lot)?;
        }
        compare_lot(trace, model, lot)?;
    }
    if last {
        compare_above(trace)?;
    }
    for unit in (0..wish::UNITS).map(Unit) {
        let expected = model.units.get(&unit).filter(|it| it.rests_since.is_none());
        let expected = expected.map(|it| (it.holder, it.parent));
        if trace.unit(unit) != expected {
            return Err(format!("{unit:?}: {:?}, expected {expected:?}", trace.unit(unit)));
        }
    }
    Ok(())
}

/// Bytes come back as what they were, cut and altered ones as anything but a panic.
fn compare_bytes(trace: &Trace, wishes: &[Wish]) -> Result<(), String> {
    let mut bytes = Vec::new();
    trace.encode(&mut bytes);
    if trace.encoded_len() != bytes.len() {
        return Err(format!("{} bytes, {} expected", bytes.len(), trace.encoded_len()));
    }
    let mut reader = Reader::new(&bytes);
    let mut back = Trace::decode(&mut reader).map_err(|fault| format!("{fault:?}"))?;
    // What a test switched off is no part of the bytes.
    back.off = trace.off;
    if &back != trace || !reader.rest().is_empty() {
        return Err("its bytes are another's".to_owned());
    }
    for wish in wishes.iter().take(3) {
        let at = usize::from(wish[0]) * 7 % bytes.len().max(1);
        let mut other = bytes.clone();
        other[at] ^= 1 << (wish[1] % 8);
        if let Ok(other) = Trace::decode(&mut Reader::new(&other)) {
            let event = Event {
                at: 0,
                logged_at: 1 << 33,
                issuer: Holder(1),
                act: Act::Void { of: crate::trace::EventHandle(u32::from(wish[2] % 20)) },
            };
            let _ = other.judge(&event);
        }
        let _ = Trace::decode(&mut Reader::new(&bytes[..at]));
    }
    Ok(())
}

/// Runs one history; the first difference, and what led to it, is the error.
pub fn run(wishes: &[Wish], off: Off, counts: &mut Counts) -> Result<(), String> {
    let mut acts = Vec::new();
    let told = played(wishes, off, counts, &mut acts);
    let lines = || acts.iter().map(|act| format!("\n{act:?}")).collect::<String>();
    told.map_err(|what| format!("{what}\nafter:{}", lines()))
}

fn played(
    wishes: &[Wish],
    off: Off,
    counts: &mut Counts,
    acts: &mut Vec<Event>,
) -> Result<(), String> {
    let mut trace = Trace { off, ..Trace::default() };
    let (mut model, mut now) = (Model::default(), 1_790_000_000);
    let issuer = Holder(9);
    let book = Event { at: now, logged_at: now, issuer, act: Act::Book(wish::book()) };
    acts.push(book.clone());
    trace.apply(&book).map_err(|short| format!("{short:?}"))?;
    model.apply(&book).map_err(|codes| format!("{codes:?}"))?;
    for (step, wish) in wishes.iter().enumerate() {
        let event = wish::event(&model, wish, wishes[0][0], &mut now);
        let judged = trace.judge(&event);
        let before = judged.is_err().then(|| trace.clone());
        let told = trace.apply(&event);
        if told != judged {
            return Err("judged one way, applied another".to_owned());
        }
        let expected = model.apply(&event);
        let told = verdict(&told, &expected).map_err(|it| format!("{step} {event:?}: {it}"))?;
        *counts.entry(told).or_default() += 1;
        if before.is_some_and(|before| before != trace) {
            return Err("what was refused left a trace".to_owned());
        }
        let undone = matches!(event.act, Act::Void { .. }) && step.is_multiple_of(4);
        let last = step + 1 == wishes.len() || undone;
        acts.push(event);
        compare(&trace, &model, step, last).map_err(|it| format!("{step}: {it}"))?;
    }
    let mut again = Trace { off, ..Trace::default() };
    for event in acts {
        let _ = again.apply(event);
    }
    if again != trace {
        return Err("the same acts gave something else".to_owned());
    }
    compare_bytes(&trace, wishes)
}

pub fn runner(cases: u32, seed: [u8; 32]) -> TestRunner {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 3_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

pub fn histories() -> impl Strategy<Value = Vec<Wish>> {
    vec(any::<Wish>(), 1..160)
}

/// How many, and from what: `TASDIQ_HISTORIES` and `TASDIQ_TEST_SEED` choose others. `./test long`
/// asks an optimised build for 100,000.
pub fn chosen(gate: u32, long: u32) -> (u32, [u8; 32]) {
    let told = |name| env::var(name).ok();
    let count = told("TASDIQ_HISTORIES").and_then(|text| text.parse().ok());
    let usual = if told("TASDIQ_LONG").is_some() { long } else { gate };
    let mut seed = SEED;
    let own = told("TASDIQ_TEST_SEED").unwrap_or_default();
    seed.iter_mut().zip(own.as_bytes()).for_each(|(byte, own)| *byte ^= own);
    (count.unwrap_or(usual), seed)
}

#[test]
fn every_verdict_and_every_figure_is_the_models() {
    let (cases, seed) = chosen(100, 2_000);
    let own = env::var("TASDIQ_TEST_SEED").unwrap_or_default();
    println!("{cases} histories, TASDIQ_TEST_SEED={own:?}");
    let counts = RefCell::new(Counts::new());
    let found = runner(cases, seed).run(&histories(), |wishes| {
        run(&wishes, Off::Nothing, &mut counts.borrow_mut()).map_err(TestCaseError::fail)
    });
    let counts = counts.into_inner();
    println!("{counts:#?}");
    found.unwrap_or_else(|fault| panic!("TASDIQ_TEST_SEED={own:?}: {fault}"));
    // That a hundred meet every rule is luck; that each is missed where it is off, is not.
    let least = cases / 1_000;
    let seldom = |rule: &&&str| counts.get(**rule).copied().unwrap_or_default() < least;
    let seldom: Vec<_> = RULES.iter().filter(seldom).collect();
    assert!(seldom.is_empty(), "seen less than {least} times: {seldom:?}");
}
