//! A part of a ledger with goods, signed: lots, what fills them, certificates, and jars sent,
//! received and sold. In an order that the rules take. Not here: which lots draw on which
//! (`graph`).

use std::ops::Range;

use anyhow::Context;

use super::graph::{self, JAR, JARS, Making, Node, OUTPUTS, Plan};
use super::world::{Party, World, on_all_cores};
use crate::names::{LotKey, LotNumber};
use crate::statement::{
    Arrival, Channel, Discrepancy, Event, EventId, EventKind, EventName, LotLine, LotOrigin,
    Offset, Outgoing, Received, Receiver, ShipPurpose, Shipment, Transformation,
};

/// What a lot of the graph is sent of in a load of shipments.
const SENT: u64 = 1_000;

type Signed = anyhow::Result<Vec<Vec<u8>>>;

/// What an event is among those of one lot, for its name.
#[derive(Clone, Copy)]
enum Step {
    Make = 1,
    Ship = 2,
    Receive = 3,
    Sell = 4,
    MakeJars = 5,
}

/// The statements of a part, in the order in which they are logged. Each list is signed on all
/// cores; the next ones rest on it.
///
/// # Errors
/// As [`World::declaration`].
pub fn part(world: &World, plan: Plan, part: u64) -> anyhow::Result<[Vec<Vec<u8>>; 7]> {
    let jars = part.saturating_mul(JARS)..part.saturating_add(1).saturating_mul(JARS);
    let sold = jars.start..jars.start.saturating_add(plan.sold);
    let nodes: Vec<Node> =
        (0..=graph::levels(part)).flat_map(|level| graph::nodes(part, level)).collect();
    let filled = (part > 0).then_some(LotOrigin::Derived);
    Ok([
        on_all_cores(jars.clone(), |number| world.declared(&world.lot(number)?, (JAR, filled)))?,
        on_all_cores(places(&nodes), |place| {
            let node = nodes.get(usize::try_from(place)?).context("a lot is missing")?;
            let derived = (node.level > 0).then_some(LotOrigin::Derived);
            world.declared(&lot_of(*node)?, (graph::quantity(node.level), derived))
        })?,
        makings(world, part)?,
        on_all_cores(jars, |number| world.jar_certificate(number, filled.is_some()))?,
        on_all_cores(sold.clone(), |number| shipped(world, number, JAR))?,
        on_all_cores(sold.clone(), |number| received(world, number, JAR))?,
        on_all_cores(sold, |number| sold_at(world, number, JAR))?,
    ])
}

/// Shipments of some of the lots of these numbers, to measure events coming in.
///
/// # Errors
/// As [`part`].
pub fn shipments(world: &World, numbers: Range<u64>) -> Signed {
    on_all_cores(numbers, |number| shipped(world, number, SENT))
}

/// The lot of a node.
///
/// # Errors
/// None in practice: the number's form is fixed.
pub fn lot_of(node: Node) -> anyhow::Result<LotKey> {
    let number = format!("G{:02}N{:07}", node.level, node.number);
    Ok(LotKey::Party(Party::Cooperative.slug()?, LotNumber::parse(&number)?))
}

fn places(list: &[impl Sized]) -> Range<u64> {
    0..list.len() as u64
}

fn makings(world: &World, part: u64) -> Signed {
    let of_levels = (1..=graph::levels(part)).flat_map(|level| graph::makings(part, level));
    let all: Vec<(Vec<Node>, Making)> = of_levels.collect();
    let mut signed = on_all_cores(places(&all), |place| {
        let (outputs, making) = all.get(usize::try_from(place)?).context("one is missing")?;
        let first = outputs.first().context("it fills nothing")?;
        let lots = outputs.iter().map(|node| lot_of(*node)).collect::<anyhow::Result<Vec<_>>>()?;
        let number = first.level.saturating_mul(1 << 32).saturating_add(first.number);
        made(world, (Step::Make, number), "group", (making, lots))
    })?;
    signed.extend(on_all_cores(0..graph::jar_makings(part), |group| {
        let first = part.saturating_mul(JARS).saturating_add(group.saturating_mul(OUTPUTS));
        let numbers = first..first.saturating_add(OUTPUTS);
        let lots = numbers.map(|number| world.lot(number)).collect::<anyhow::Result<Vec<_>>>()?;
        let making = graph::of_jars(part, group);
        made(world, (Step::MakeJars, first), "pack-off", (&making, lots))
    })?);
    Ok(signed)
}

fn made(
    world: &World,
    name: (Step, u64),
    recipe: &str,
    (making, outputs): (&Making, Vec<LotKey>),
) -> anyhow::Result<Vec<u8>> {
    let line = |lot: LotKey, quantity: u64| LotLine { lot, quantity };
    let drawn = making.draws.iter().map(|(node, quantity)| Ok(line(lot_of(*node)?, *quantity)));
    let what = Transformation {
        recipe: recipe.to_owned(),
        inputs: drawn.collect::<anyhow::Result<_>>()?,
        outputs: outputs.into_iter().map(|lot| line(lot, making.each)).collect(),
    };
    event(world, Party::Cooperative, name, EventKind::Transform(what))
}

fn shipped(world: &World, number: u64, quantity: u64) -> anyhow::Result<Vec<u8>> {
    let what = Shipment {
        to: Receiver::Party(Party::Shop.slug()?),
        purpose: ShipPurpose::Sale,
        lots: vec![LotLine { lot: world.lot(number)?, quantity }],
        units: Vec::new(),
        carrier: None,
        returns: None,
    };
    event(world, Party::Cooperative, (Step::Ship, number), EventKind::Ship(what))
}

fn received(world: &World, number: u64, accepted: u64) -> anyhow::Result<Vec<u8>> {
    let (lot, name) = (world.lot(number)?, name_of(Step::Ship, number)?);
    let what = Arrival {
        of: EventId { issuer: Party::Cooperative.slug()?, name },
        lots: vec![Received { lot, accepted, refused: 0, missing: 0 }],
        discrepancy: Discrepancy::None,
    };
    event(world, Party::Shop, (Step::Receive, number), EventKind::Receive(what))
}

fn sold_at(world: &World, number: u64, quantity: u64) -> anyhow::Result<Vec<u8>> {
    let lots = vec![LotLine { lot: world.lot(number)?, quantity }];
    let what = Outgoing { channel: Channel::Retail, lots };
    event(world, Party::Shop, (Step::Sell, number), EventKind::Out(what))
}

fn event(
    world: &World,
    party: Party,
    (step, number): (Step, u64),
    kind: EventKind,
) -> anyhow::Result<Vec<u8>> {
    let (region, document, mandate) = (None, None, None);
    let offset = Offset::of_minutes(0).context("an offset of no minutes")?;
    let (name, at) = (name_of(step, number)?, world.at());
    world.event(party, Event { name, at, offset, region, document, mandate, kind })
}

fn name_of(step: Step, number: u64) -> anyhow::Result<EventName> {
    EventName::parse(&format!("{}{number:025}", step as u8)).context("the name of an event")
}
