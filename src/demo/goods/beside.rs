//! Saffron, honey and dates, each by a short way: from the harvest into packs and to a shop.

use super::tale::{Born, Tale, after, must};
use crate::demo::cast::{DATES, HONEY, HONEY_MATERIAL, SAFFRON, SHOPS, script};
use crate::ledger::LedgerError;
use crate::names::LotKey;
use crate::statement::{
    Channel, Day, EventKind, Finding, Observation, ObservedStep, Outgoing, Sample, SampleCause,
};

pub fn tell(tale: &mut Tale<'_>) -> Result<(), LedgerError> {
    let script = must(script())?;
    let [saffron, honey, dates] = script.beside.as_slice() else { return must(None) };
    self::saffron(tale, saffron)?;
    self::honey(tale, honey)?;
    self::dates(tale, dates)?;
    tale.send()
}

/// Flowers, dried in the days after; designation of origin: each step in its region.
fn saffron(tale: &mut Tale<'_>, lots: &[LotKey]) -> Result<(), LedgerError> {
    let [flowers, bulk, packs] = lots else { return must(None) };
    let day = tale.harvest_of("saffron-flowers", 24)?;
    let by = SAFFRON;
    let (material, quantity) = ("saffron-flowers", 180_000);
    let born = Born { lot: flowers, by, material, quantity, pack: 1, day, harvest: true };
    tale.lot(&born)?;
    let (material, quantity, harvest) = ("safran-taliouine", 1_080, false);
    let dried = after(day, 2);
    tale.lot(&Born { lot: bulk, by, material, quantity, pack: 100, day: dried, harvest })?;
    tale.make(by, dried, "saffron-flowers", (&[(flowers, 180_000)], &[(bulk, quantity)]))?;
    let day = after(day, 8);
    let born = Born { lot: packs, by, material, quantity, pack: 2, day, harvest };
    tale.lot(&born)?;
    tale.make(by, day, "pack-off", (&[(bulk, quantity)], &[(packs, quantity)]))?;
    tale.certify(&born, &["sdoq-ao"], day)?;
    tale.label(packs, quantity / 2)?;
    sold(tale, (by, after(day, 3)), 0, (packs, 240), 96)
}

/// One lot from hive to pot; its certifier looks at it, and the cooperative takes a sample.
fn honey(tale: &mut Tale<'_>, lots: &[LotKey]) -> Result<(), LedgerError> {
    let [pots] = lots else { return must(None) };
    let day = tale.harvest_of(HONEY_MATERIAL, 60)?;
    let (material, quantity) = (HONEY_MATERIAL, 400_000);
    let by = HONEY;
    let born = Born { lot: pots, by, material, quantity, pack: 500, day, harvest: true };
    tale.lot(&born)?;
    let what = Sample {
        cause: SampleCause::Analysis,
        lots: super::tale::lines(&[(pots, 1_000)]),
        holder: None,
    };
    tale.event(by, (after(day, 4), 0), EventKind::Sample(what))?;
    let (step, result) = (ObservedStep::Inspecting, Some(Finding::Conformant));
    let what = Observation { step, lots: vec![pots.clone()], result, of: None };
    tale.event("certif-atlas", (after(day, 9), 0), EventKind::Observe(what))?;
    tale.certify(&born, &["sdoq-ig"], day)?;
    tale.label(pots, 798)?;
    sold(tale, (by, after(day, 14)), 1, (pots, 120_000), 45_000)
}

/// Dates, sorted.
fn dates(tale: &mut Tale<'_>, lots: &[LotKey]) -> Result<(), LedgerError> {
    let [received, boxes] = lots else { return must(None) };
    let day = tale.harvest_of("dates-received", 32)?;
    let by = DATES;
    let (material, quantity) = ("dates-received", 900_000);
    let born = Born { lot: received, by, material, quantity, pack: 25_000, day, harvest: true };
    tale.lot(&born)?;
    let (material, quantity) = ("dattes-majhoul-tafilalet", 810_000);
    let day = after(day, 9);
    let born = Born { lot: boxes, by, material, quantity, pack: 1_000, day, harvest: false };
    tale.lot(&born)?;
    tale.make(by, day, "dates-sort", (&[(received, 900_000)], &[(boxes, quantity)]))?;
    tale.certify(&born, &["sdoq-ig"], day)?;
    tale.label(boxes, quantity / 1_000)?;
    sold(tale, (by, after(day, 4)), 2, (boxes, 300_000), 80_000)
}

/// Sent to a shop, received, and some of it sold.
fn sold(
    tale: &mut Tale<'_>,
    (by, day): (&str, Day),
    shop: usize,
    (lot, quantity): (&LotKey, u64),
    out: u64,
) -> Result<(), LedgerError> {
    let shop = must(SHOPS.get(shop))?;
    let sent = tale.ship(by, day, shop, (&[(lot, quantity)], &[]))?;
    tale.receive(shop, after(day, 2), &sent, &[(lot, quantity, 0)])?;
    let what = Outgoing { channel: Channel::Retail, lots: super::tale::lines(&[(lot, out)]) };
    tale.event(shop, (after(day, 7), 600), EventKind::Out(what)).map(|_| ())
}
