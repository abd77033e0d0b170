//! What goes wrong: fruit that is recalled, with all that was made of it; and more oil claimed than
//! the kernels give, which the ledger refuses.

use std::collections::BTreeMap;

use super::tale::{Born, Tale, after, lines, must};
use crate::demo::cast::{CLAIMANT, RECALLER, SHOPS, SMALL_PRESSER, own, script};
use crate::ledger::{Ledger, LedgerError, Prepared, Unmet, foresee};
use crate::names::{LotKey, PartySlug};
use crate::statement::{
    Channel, Destruction, DestructionCause, Draft, Event, EventKind, EventName, Finding,
    Observation, ObservedStep, Offset, Outgoing, Reason, Receiver, ReturnTo, ShipPurpose, Shipment,
    StatusAction, StatusChange, StatusTarget, Timestamp, Transformation,
};

/// What the small oil is made of, step by step: lot, recipe, material, quantity, days after the
/// harvest.
const STEPS: [(&str, &str, &str, u64, i64); 4] = [
    ("DRY", "argan-fruit-dry", "argan-fruit-dry", 342_000, 20),
    ("NUTS", "argan-nut", "argan-nuts", 160_000, 34),
    ("KERNELS", "argan-kernel", "argan-kernels", 26_000, 48),
    ("OIL", "argan-press", "argane", 12_500, 60),
];
const FRUIT: u64 = 600_000;
const JARS: u64 = 12_500;
const KERNELS: u64 = 100_000;
/// Millilitres claimed of these kernels: one more than they can give.
const CLAIMED: u64 = 60_707;

pub fn tell(tale: &mut Tale<'_>) -> Result<(), LedgerError> {
    let [fruit, jars] = must(script())?.recalled;
    small_oil(tale, &fruit, &jars)?;
    tale.send()?;
    recalled(tale, &fruit, &jars)?;
    claimed(tale)
}

/// Fruit of one cooperative, pressed and sold by another.
fn small_oil(tale: &mut Tale<'_>, fruit: &LotKey, jars: &LotKey) -> Result<(), LedgerError> {
    let picked = tale.harvest_of("argan-fruit", 95)?;
    let (material, quantity) = ("argan-fruit", FRUIT);
    let (pack, by, day) = (25_000, RECALLER, after(picked, -3));
    let born = Born { lot: fruit, by, material, quantity, pack, day, harvest: true };
    tale.lot(&born)?;
    let by = SMALL_PRESSER;
    let sent = tale.ship(RECALLER, after(picked, 1), by, (&[(fruit, FRUIT)], &[]))?;
    tale.receive(by, after(picked, 2), &sent, &[(fruit, FRUIT, 0)])?;
    let mut input = (fruit.clone(), FRUIT);
    for (number, recipe, material, quantity, days) in STEPS {
        let (lot, day, pack) = (must(own(by, number))?, after(picked, days), 5_000);
        let pack = pack.max(quantity / 100);
        tale.lot(&Born { lot: &lot, by, material, quantity, pack, day, harvest: false })?;
        tale.make(by, day, recipe, (&[(&input.0, input.1)], &[(&lot, quantity)]))?;
        input = (lot, quantity);
    }
    let (material, day) = ("argane", after(picked, 66));
    let born = Born { lot: jars, by, material, quantity: JARS, pack: 250, day, harvest: false };
    tale.lot(&born)?;
    tale.make(by, day, "pack-off", (&[(&input.0, input.1)], &[(jars, JARS)]))?;
    tale.certify(&born, &["sdoq-ig"], day)?;
    tale.label(jars, JARS / 250)?;
    let shop = SHOPS[0];
    let sent = tale.ship(by, after(day, 4), shop, (&[(jars, 7_500)], &[]))?;
    tale.receive(shop, after(day, 6), &sent, &[(jars, 7_500, 0)])?;
    let what = Outgoing { channel: Channel::Retail, lots: lines(&[(jars, 1_500)]) };
    tale.event(shop, (after(day, 12), 600), EventKind::Out(what)).map(|_| ())
}

/// The recall, six days ago, and what came back since.
fn recalled(tale: &mut Tale<'_>, fruit: &LotKey, jars: &LotKey) -> Result<(), LedgerError> {
    let today = tale.today;
    let notice = [
        ("fr", "Résidu trouvé sur ces fruits : ne pas consommer ce qui en a été fait."),
        ("ar", "وُجدت بقايا على هذه الثمار: لا تستهلكوا ما صُنع منها."),
        ("en", "A residue was found on this fruit: do not consume what was made of it."),
    ];
    let notice: BTreeMap<String, String> =
        notice.into_iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect();
    let change = StatusChange {
        target: StatusTarget::Lot(fruit.clone()),
        action: StatusAction::Recall,
        reason: Reason::LabResult,
        effective_from: after(today, -6).start().plus_seconds(9 * 3_600),
        notice,
        return_to: Some(ReturnTo::Shop),
        lifts: Vec::new(),
    };
    let at = change.effective_from;
    let body = tale.stage.signed(RECALLER, at, |draft| change.draft(draft))?;
    tale.stage.submit(vec![body])?;
    let (shop, by) = (SHOPS[0], SMALL_PRESSER);
    let what = Shipment {
        to: Receiver::Party(must(PartySlug::parse(by).ok())?),
        purpose: ShipPurpose::RecallReturn,
        lots: lines(&[(jars, 6_000)]),
        units: Vec::new(),
        carrier: None,
        returns: None,
    };
    let sent = tale.event(shop, (after(today, -4), 0), EventKind::Ship(what))?;
    tale.receive(by, after(today, -3), &sent, &[(jars, 6_000, 0)])?;
    let (cause, from_out) = (DestructionCause::Recall, false);
    let what = Destruction { cause, lots: lines(&[(jars, 8_000)]), from_out };
    let gone = tale.event(by, (after(today, -2), 0), EventKind::Destroy(what))?;
    let (step, result) = (ObservedStep::Destroying, Some(Finding::Conformant));
    let what = Observation { step, lots: vec![jars.clone()], result, of: Some(gone) };
    tale.event("certif-atlas", (after(today, -2), 60), EventKind::Observe(what))?;
    tale.send()
}

/// More oil than the kernels give: sent in like all else, and refused.
fn claimed(tale: &mut Tale<'_>) -> Result<(), LedgerError> {
    let [kernels, oil] = must(script())?.claimed;
    let picked = tale.harvest_of("argan-fruit", 95)?;
    let (by, day, material) = (CLAIMANT, after(picked, 40), "argan-kernels");
    let quantity = KERNELS;
    let born = Born { lot: &kernels, by, material, quantity, pack: 25_000, day, harvest: true };
    tale.lot(&born)?;
    let (material, quantity, day) = ("argane", 70_000, after(picked, 62));
    tale.lot(&Born { lot: &oil, by, material, quantity, pack: 25_000, day, harvest: false })?;
    tale.send()?;
    tale.make(by, day, "argan-press", (&[(&kernels, KERNELS)], &[(&oil, CLAIMED)]))?;
    match tale.send() {
        Err(LedgerError::Submit(refused)) if refused.code() == "yield_exceeded" => Ok(()),
        Err(other) => Err(other),
        Ok(()) => Err(LedgerError::unmet(
            Unmet::Invalid,
            "demo",
            "more oil was taken than the kernels give".to_owned(),
        )),
    }
}

/// What a ledger answers to that claim now, in its own words: asked of it each time.
#[must_use]
pub fn over_yield(ledger: &Ledger, now: Timestamp) -> Option<String> {
    let [kernels, oil] = script()?.claimed;
    let view = ledger.view();
    let issuer = PartySlug::parse(CLAIMANT).ok()?;
    let party = view.register.party(&issuer)?;
    let kind = EventKind::Transform(Transformation {
        recipe: "argan-press".to_owned(),
        inputs: lines(&[(&kernels, KERNELS)]),
        outputs: lines(&[(&oil, CLAIMED)]),
    });
    // Its lots were packed days ago: only the yield is wrong with it.
    let at = view.register.lot(&oil)?.record.packed_on.start().plus_seconds(9 * 3_600);
    let (region, document, mandate) = (party.registration.region.clone(), None, None);
    let (name, offset) = (EventName::of_hash(&[0x3c; 32]), Offset::of_minutes(60)?);
    let event = Event { name, at, offset, region, document, mandate, kind };
    let draft = Draft {
        domain: view.register.domain(),
        id: String::new(),
        issuer: &issuer,
        issuer_name: &party.name,
        valid_from: at,
        valid_until: None,
    };
    let asked = Prepared::Unsigned(event.draft(&draft));
    let answer = foresee(ledger, vec![Ok(asked)], None, now).pop()?;
    answer.err().map(|refused| refused.to_string())
}
