//! How each act of goods is tried: who has goods, and the event itself.

use serde_json::Value;
use tasdiq::names::{LotKey, UnitKey};
use tasdiq::statement::{
    Arrival, Channel, Destruction, DestructionCause, Discrepancy, Event, EventId, EventKind,
    EventName, Loss, LossCause, LotLine, Observation, ObservedStep, Offset, Outgoing, Packing,
    Received, Receiver, Sample, SampleCause, Settled, SettledLot, Settlement, ShipPurpose,
    Shipment, Transformation, UndoReason, Undoing, Undone,
};

use super::acts::{Made, Who};
use super::stage::{Stage, holds, lot_key, slug};

pub const ACTS: [&str; 12] = [
    "transform",
    "ship",
    "return-recalled",
    "receive",
    "settle",
    "pack",
    "send-out",
    "lose",
    "sample",
    "destroy",
    "observe-goods",
    "undo",
];

/// The event and its id.
fn event(stage: &Stage, by: &str, kind: EventKind) -> (Value, EventId) {
    let name = EventName::parse(&format!("{:026}", stage.register.size())).unwrap();
    let claim = Event {
        name,
        at: stage.now,
        offset: Offset::of_minutes(0).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind,
    };
    (claim.draft(&stage.draft(by)), EventId { issuer: slug(by), name })
}

fn happened(stage: &mut Stage, by: &str, kind: EventKind) -> EventId {
    let (unsigned, id) = event(stage, by, kind);
    stage.log(unsigned, &format!("{by}#key-1"));
    id
}

fn lines(lot: &LotKey, quantity: u64) -> Vec<LotLine> {
    vec![LotLine { lot: lot.clone(), quantity }]
}

fn ship(lot: &LotKey, to: &str, purpose: ShipPurpose) -> EventKind {
    let (lots, to) = (lines(lot, 5_000), Receiver::Party(slug(to)));
    EventKind::Ship(Shipment { to, purpose, lots, units: vec![], carrier: None, returns: None })
}

fn receive(lot: &LotKey, of: &EventId, missing: u64) -> EventKind {
    let line = Received { lot: lot.clone(), accepted: 5_000 - missing, refused: 0, missing };
    let discrepancy = if missing == 0 { Discrepancy::None } else { Discrepancy::Short };
    EventKind::Receive(Arrival { of: of.clone(), lots: vec![line], discrepancy })
}

fn lose(lot: &LotKey) -> EventKind {
    EventKind::Loss(Loss { cause: LossCause::Other, lots: lines(lot, 1) })
}

fn look(lot: &LotKey) -> EventKind {
    let (step, lots) = (ObservedStep::Storing, vec![lot.clone()]);
    EventKind::Observe(Observation { step, lots, result: None, of: None })
}

/// Kernels of `coop`, or the cooperative's own.
fn kernels(stage: &mut Stage, producer: &str) -> LotKey {
    let claim = stage.kernels(producer, "GOODS", true);
    stage.log(claim.draft(&stage.draft(producer)), &format!("{producer}#key-1"));
    claim.lot
}

/// The same, half of them with who tries, if it can have any.
fn stocked(stage: &mut Stage, who: &Who) -> LotKey {
    if who.slug == "cooperative" {
        return kernels(stage, who.slug);
    }
    let lot = kernels(stage, "coop");
    if holds(who.actor) {
        let sent = happened(stage, "coop", ship(&lot, who.slug, ShipPurpose::Sale));
        happened(stage, who.slug, receive(&lot, &sent, 0));
    }
    lot
}

pub fn before(stage: &mut Stage, who: &Who, act: &str, own: bool) -> Option<Made> {
    let holder = holds(who.actor);
    let of = |lot: LotKey, event| Some(Made { lot: Some(lot), event, ..Made::default() });
    match act {
        "receive" => {
            let lot = kernels(stage, "coop");
            let to = if holder { who.slug } else { "shop" };
            let sent = happened(stage, "coop", ship(&lot, to, ShipPurpose::Sale));
            of(lot, Some(sent))
        }
        "settle" => {
            if own != holder {
                return None;
            }
            let lot = stocked(stage, who);
            let by = if holder { who.slug } else { "coop" };
            let to = if by == "shop" { "carrier" } else { "shop" };
            let sent = happened(stage, by, ship(&lot, to, ShipPurpose::Sale));
            let receipt = happened(stage, to, receive(&lot, &sent, 1_000));
            of(lot, Some(receipt))
        }
        "observe-goods" if own != holder => None,
        "undo" if own => {
            let lot = stocked(stage, who);
            let kind = if holder { lose(&lot) } else { look(&lot) };
            if !who.is_party() {
                return None;
            }
            let event = happened(stage, who.slug, kind);
            of(lot, Some(event))
        }
        "undo" => {
            let lot = kernels(stage, "coop");
            let event = happened(stage, "coop", lose(&lot));
            of(lot, Some(event))
        }
        "transform" => {
            let lot = stocked(stage, who);
            let makes = matches!(who.slug, "cooperative" | "processor" | "exporter");
            let by = if makes { who.slug } else { "coop" };
            let claim = stage.kernels(by, "MADE", false);
            stage.log(claim.draft(&stage.draft(by)), &format!("{by}#key-1"));
            Some(Made { lot: Some(lot), other: Some(claim.lot), ..Made::default() })
        }
        _ => {
            let lot = stocked(stage, who);
            of(lot, None)
        }
    }
}

pub fn statement(stage: &Stage, who: &Who, act: &str, own: bool, made: &Made) -> Value {
    let lot = made.lot.clone().unwrap_or_else(|| lot_key("coop", "GOODS"));
    let to = if who.slug == "shop" { "carrier" } else { "shop" };
    let of = || made.event.clone().unwrap();
    let kind = match act {
        "transform" => EventKind::Transform(Transformation {
            recipe: "split".into(),
            inputs: lines(&lot, 1_000),
            outputs: lines(made.other.as_ref().unwrap(), 1_000),
        }),
        "ship" => ship(&lot, to, ShipPurpose::Sale),
        "return-recalled" => ship(&lot, to, ShipPurpose::RecallReturn),
        "receive" => receive(&lot, &of(), 0),
        "settle" => {
            let line = LotLine { lot, quantity: 1_000 };
            let lots = vec![SettledLot { line, settled: Settled::Lost }];
            EventKind::Settle(Settlement { of: of(), lots })
        }
        "pack" => {
            let unit = UnitKey::parse_path(&format!("unit/{}/PAL-1", who.slug)).unwrap();
            EventKind::Pack(Packing { unit, lots: lines(&lot, 1_000), units: vec![] })
        }
        "send-out" => EventKind::Out(Outgoing { channel: Channel::Retail, lots: lines(&lot, 1) }),
        "lose" => lose(&lot),
        "sample" => {
            let holder = (!own).then(|| slug("coop"));
            let cause = SampleCause::Analysis;
            EventKind::Sample(Sample { cause, lots: lines(&lot, 10), holder })
        }
        "destroy" => EventKind::Destroy(Destruction {
            cause: DestructionCause::Other,
            lots: lines(&lot, 1),
            from_out: false,
        }),
        "observe-goods" => look(&lot),
        _ => {
            let (of, reason) = (Undone::Event(of()), UndoReason::DidNotOccur);
            EventKind::Void(Undoing { of, reason, replaced_by: None })
        }
    };
    event(stage, who.slug, kind).0
}
