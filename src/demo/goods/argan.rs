//! Argan oil of five cooperatives: ten tonnes of ripe fruit, dried, pulped, cracked, pressed,
//! filled into 518 jars, and these in cartons and pallets to a container abroad and four shops.

use super::tale::{Born, Tale, after, must};
use crate::demo::cast::{EXPORTER, JARS, PICKERS, PREFIX, PRESSER, SHOPS, Script, jars, script};
use crate::ledger::LedgerError;
use crate::names::{LotKey, LotNumber, PartySlug, Sscc, UnitKey};
use crate::statement::{
    Channel, Commitment, Day, EventKind, Loss, LossCause, Outgoing, Receiver, ShipPurpose, Shipment,
};

/// Grams of ripe fruit that each cooperative brings.
const FRUIT: u64 = 2_000_000;
/// What it becomes: recipe, material, quantity, days after the harvest.
const STEPS: [(&str, &str, u64, i64); 4] = [
    ("argan-fruit-dry", "argan-fruit-dry", 5_700_000, 21),
    ("argan-nut", "argan-nuts", 2_680_000, 36),
    ("argan-kernel", "argan-kernels", 440_000, 51),
    ("argan-press", "argane", 215_000, 62),
];
/// Millilitres that settle and are left behind.
const SEDIMENT: u64 = 2_000;
const SCHEMES: [&str; 3] = ["sdoq-ig", "bio-maroc", "fairtrade"];

/// Cartons for abroad: which jars, how many in one, how many cartons, on which pallet.
const CARTONS: [(usize, u64, u64, usize); 3] = [(0, 20, 10, 0), (1, 20, 5, 1), (2, 10, 4, 1)];
/// Jars for each shop, by size; of those of the last, two are missing when they arrive.
const ORDERS: [[u64; 3]; 4] = [[40, 20, 6], [30, 20, 6], [20, 10, 6], [10, 10, 0]];
const MISSING: u64 = 2;
/// Jars that each shop has sold by now, by size.
const SOLD: [[u64; 3]; 4] = [[26, 11, 2], [30, 20, 6], [7, 3, 0], [2, 1, 0]];

pub fn tell(tale: &mut Tale<'_>) -> Result<(), LedgerError> {
    let script = must(script())?;
    // The last of it happens 88 days after the harvest.
    let picked = tale.harvest_of("argan-fruit", 95)?;
    fruit(tale, &script, picked)?;
    steps(tale, &script, picked)?;
    tale.send()?;
    filled(tale, &script, after(picked, 70))?;
    tale.send()?;
    abroad(tale, after(picked, 74))?;
    shops(tale, after(picked, 75))?;
    tale.send()
}

/// The harvest, brought together: what of it is covered follows from its growers' certificates.
fn fruit(tale: &mut Tale<'_>, script: &Script, picked: Day) -> Result<(), LedgerError> {
    for (place, (by, lot)) in PICKERS.iter().zip(&script.fruit).enumerate() {
        let day = after(picked, i64::try_from(place).unwrap_or_default() - 4);
        let (material, quantity, pack, harvest) = ("argan-fruit", FRUIT, 25_000, true);
        let born = Born { lot, by, material, quantity, pack, day, harvest };
        tale.lot(&born)?;
        if *by != PRESSER {
            let sent = tale.ship(by, after(picked, 2), PRESSER, (&[(lot, FRUIT)], &[]))?;
            tale.receive(PRESSER, after(picked, 3), &sent, &[(lot, FRUIT, 0)])?;
        }
    }
    Ok(())
}

/// From fruit to oil.
fn steps(tale: &mut Tale<'_>, script: &Script, picked: Day) -> Result<(), LedgerError> {
    let mut inputs: Vec<(&LotKey, u64)> = script.fruit.iter().map(|lot| (lot, FRUIT)).collect();
    for ((recipe, material, quantity, days), lot) in STEPS.into_iter().zip(&script.steps) {
        let (day, pack) = (after(picked, days), 25_000);
        let by = PRESSER;
        tale.lot(&Born { lot, by, material, quantity, pack, day, harvest: false })?;
        tale.make(PRESSER, day, recipe, (&inputs, &[(lot, quantity)]))?;
        inputs = vec![(lot, quantity)];
    }
    let (oil, quantity) = must(inputs.first().copied())?;
    let what = Loss { cause: LossCause::Sediment, lots: super::tale::lines(&[(oil, SEDIMENT)]) };
    tale.event(PRESSER, (after(picked, 69), 0), EventKind::Loss(what))?;
    debug_assert!(quantity > SEDIMENT);
    Ok(())
}

/// Oil in jars, certified, each with a label.
fn filled(tale: &mut Tale<'_>, script: &Script, day: Day) -> Result<(), LedgerError> {
    let oil = must(script.steps.last())?;
    let mut outputs = Vec::new();
    let sizes = JARS.iter().zip(&script.jars);
    let born = |(size, count, _): &(u64, u64, &str), lot| {
        let (by, material, harvest) = (PRESSER, "argane", false);
        Born { lot, by, material, quantity: size * count, pack: *size, day, harvest }
    };
    let all: Vec<Born<'_>> = sizes.map(|(jar, lot)| born(jar, lot)).collect();
    for one in &all {
        tale.lot(one)?;
        outputs.push((one.lot, one.quantity));
    }
    let drawn = outputs.iter().map(|(_, quantity)| quantity).sum();
    tale.make(PRESSER, day, "pack-off", (&[(oil, drawn)], &outputs))?;
    for one in &all {
        tale.certify(one, &SCHEMES, day)?;
        tale.label(one.lot, one.quantity / one.pack)?;
    }
    Ok(())
}

/// A logistic unit of the presser's.
fn sscc(number: u64) -> Result<UnitKey, LedgerError> {
    let body = format!("0{PREFIX}{number:09}");
    let mut known = (0..10).filter_map(|digit| Sscc::parse(&format!("{body}{digit}")).ok());
    must(known.next().map(UnitKey::Sscc))
}

/// Cartons on two pallets, both to the exporter, by him in one container to a buyer abroad.
fn abroad(tale: &mut Tale<'_>, day: Day) -> Result<(), LedgerError> {
    let mut pallets: [Vec<UnitKey>; 2] = Default::default();
    let (mut number, mut sent) = (0, Vec::new());
    for (size, pieces, cartons, pallet) in CARTONS {
        let (lot, millilitres) = (must(jars(size))?, must(JARS.get(size))?.0);
        for _ in 0..cartons {
            number += 1;
            let carton = sscc(number)?;
            let minutes = i64::try_from(number).unwrap_or_default();
            let inside = [(&lot, pieces * millilitres)];
            tale.pack(PRESSER, (day, minutes), &carton, (&inside, &[]))?;
            must(pallets.get_mut(pallet))?.push(carton);
        }
        sent.push((lot, cartons * pieces * millilitres));
    }
    let mut units = Vec::new();
    for (place, cartons) in pallets.iter().enumerate() {
        let pallet = sscc(101 + u64::try_from(place).unwrap_or_default())?;
        tale.pack(PRESSER, (day, 120), &pallet, (&[], cartons))?;
        units.push(pallet);
    }
    let shipped = tale.ship(PRESSER, day, EXPORTER, (&[], &units))?;
    let came: Vec<_> = sent.iter().map(|(lot, quantity)| (lot, *quantity, 0)).collect();
    tale.receive(EXPORTER, after(day, 2), &shipped, &came)?;
    let exporter = must(PartySlug::parse(EXPORTER).ok())?;
    let container = UnitKey::Own(exporter, must(LotNumber::parse("CONTAINER-1").ok())?);
    tale.pack(EXPORTER, (after(day, 3), 60), &container, (&[], &units))?;
    // Who buys is opened to whom the exporter shows it, and to nobody else.
    let buyer = Commitment::of(&[0x5a; 16], b"{\"name\":\"Acheteur fictif\"}");
    let country = "FR".to_owned();
    let what = Shipment {
        to: Receiver::Elsewhere { commitment: buyer, country },
        purpose: ShipPurpose::Sale,
        lots: Vec::new(),
        units: vec![container],
        carrier: None,
        returns: None,
    };
    tale.event(EXPORTER, (after(day, 4), 0), EventKind::Ship(what)).map(|_| ())
}

/// One carton for each shop; of the last one two jars are missing, and nobody knows yet why.
fn shops(tale: &mut Tale<'_>, day: Day) -> Result<(), LedgerError> {
    for (place, (shop, order)) in SHOPS.iter().zip(ORDERS).enumerate() {
        let mut lots = Vec::new();
        for (size, count) in order.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let missing = if place == 3 && size == 0 { MISSING } else { 0 };
            let millilitres = must(JARS.get(size))?.0;
            lots.push((must(jars(size))?, count * millilitres, missing * millilitres));
        }
        let inside: Vec<_> = lots.iter().map(|(lot, sent, _)| (lot, *sent)).collect();
        let carton = sscc(201 + u64::try_from(place).unwrap_or_default())?;
        tale.pack(PRESSER, (day, 30), &carton, (&inside, &[]))?;
        let sent = tale.ship(PRESSER, day, shop, (&[], std::slice::from_ref(&carton)))?;
        let came: Vec<_> =
            lots.iter().map(|(lot, sent, missing)| (lot, sent - missing, *missing)).collect();
        let on = after(day, 2 + i64::try_from(place).unwrap_or_default());
        tale.receive(shop, on, &sent, &came)?;
        // What was missing opened the carton: nothing of it is packed any more.
        if lots.iter().all(|(_, _, missing)| *missing == 0) {
            let all = crate::statement::Packing { unit: carton, lots: vec![], units: vec![] };
            tale.event(shop, (on, 480), EventKind::Unpack(all))?;
        }
        let sold = must(SOLD.get(place))?.iter().zip(JARS).enumerate();
        let sold = sold.filter(|(_, (count, _))| **count > 0);
        let mut out = Vec::new();
        for (size, (count, (millilitres, ..))) in sold {
            out.push((must(jars(size))?, count * millilitres));
        }
        let out: Vec<_> = out.iter().map(|(lot, quantity)| (lot, *quantity)).collect();
        let what = Outgoing { channel: Channel::Retail, lots: super::tale::lines(&out) };
        tale.event(shop, (after(on, 6), 660), EventKind::Out(what))?;
    }
    Ok(())
}
