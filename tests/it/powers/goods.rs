//! How each act of goods is tried: who has goods, and the event itself.

use serde_json::Value;
use tasdiq::names::{LotKey, UnitKey};
use tasdiq::statement::{
    Arrival, CertificateExtract, Channel, Commitment, Day, Destruction, DestructionCause,
    Discrepancy, Event, EventId, EventKind, EventName, Loss, LossCause, LotLine, Mandate,
    MandatedAct, Observation, ObservedStep, Offset, Outgoing, Packing, PriceBasis, PricePaid,
    PriceTerms, Received, Receiver, Sample, SampleCause, Settled, SettledLot, Settlement,
    ShipPurpose, Shipment, Transformation, UndoReason, Undoing, Undone,
};

use super::acts::{Made, Who};
use super::stage::{Stage, holds, lot_key, slug};

pub const ACTS: [&str; 16] = [
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
    "state-price",
    "confirm-price",
    "draw-extract",
    "give-mandate",
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
        "state-price" | "confirm-price" => Some(priced(stage, who, act, own)),
        "draw-extract" if own != holder => None,
        "draw-extract" => Some(consigned(stage, who, own)),
        "give-mandate" => Some(Made::default()),
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

/// A sale that was received, or went abroad; to be confirmed also with its price.
fn priced(stage: &mut Stage, who: &Who, act: &str, own: bool) -> Made {
    let holder = holds(who.actor);
    let (lot, by) = match act {
        "state-price" if holder => (stocked(stage, who), who.slug),
        _ => (kernels(stage, "coop"), "coop"),
    };
    let confirms = act == "confirm-price";
    let to = match own && confirms && holder {
        true => who.slug,
        false if by == "shop" => "carrier",
        false => "shop",
    };
    let sent = if confirms && !own {
        happened(stage, by, abroad(&lot))
    } else {
        let sent = happened(stage, by, ship(&lot, to, ShipPurpose::Sale));
        happened(stage, to, receive(&lot, &sent, 0));
        sent
    };
    let mut made = Made { lot: Some(lot), event: Some(sent), ..Made::default() };
    made.to = (!confirms || own).then_some(to);
    if confirms {
        let unsigned = price(stage, "coop", &made, None);
        made.id = unsigned["id"].as_str().map(str::to_owned);
        stage.log(unsigned, "coop#key-1");
    }
    made
}

/// A certified lot that who tries sent, or another.
fn consigned(stage: &mut Stage, who: &Who, own: bool) -> Made {
    let producer = if who.slug == "cooperative" && own { who.slug } else { "coop" };
    let (lot, serial) = stage.certified(producer, "atlas");
    let by = if own { who.slug } else { "coop" };
    if by != producer {
        let sent = happened(stage, producer, ship(&lot, by, ShipPurpose::Sale));
        happened(stage, by, receive(&lot, &sent, 0));
    }
    let event = happened(stage, by, abroad(&lot));
    Made { lot: Some(lot), serial, event: Some(event), ..Made::default() }
}

fn buyer_abroad() -> Receiver {
    let commitment = Commitment::of(&[7; 16], b"a buyer");
    Receiver::Elsewhere { commitment, country: "FR".into() }
}

fn abroad(lot: &LotKey) -> EventKind {
    let (lots, to, purpose) = (lines(lot, 5_000), buyer_abroad(), ShipPurpose::Sale);
    EventKind::Ship(Shipment { to, purpose, lots, units: vec![], carrier: None, returns: None })
}

/// What `who` says was paid: as seller, or to confirm what the other said.
fn price(stage: &Stage, who: &str, made: &Made, confirms: Option<String>) -> Value {
    let ship = made.event.clone().unwrap();
    let party = |to: &&str| Receiver::Party(slug(to));
    let claim = PricePaid {
        lot: made.lot.clone().unwrap(),
        seller: slug(if confirms.is_some() { "coop" } else { who }),
        buyer: made.to.as_ref().map_or_else(buyer_abroad, party),
        ship,
        scheme: "fairtrade".into(),
        quantity: 5_000,
        terms: PriceTerms::Open { currency: "MAD".into(), amount: 100, premium: 0 },
        basis: PriceBasis::Delivered,
        paid_on: Day::parse("2026-06-01").unwrap(),
        invoice: Commitment::of(&[1; 16], b"an invoice"),
        confirms,
    };
    claim.draft(&stage.draft(who))
}

/// What is no event.
fn paper(stage: &Stage, who: &Who, act: &str, own: bool, made: &Made) -> Option<Value> {
    Some(match act {
        "state-price" => price(stage, who.slug, made, None),
        "confirm-price" if own => {
            let named = Made { to: Some(who.slug), lot: made.lot.clone(), ..made.with_event() };
            price(stage, who.slug, &named, made.id.clone())
        }
        "confirm-price" => price(stage, who.slug, made, made.id.clone()),
        "draw-extract" => {
            let (lot, consignment) = (made.lot.clone()?, made.event.clone()?);
            let certificate = made.serial;
            let claim = CertificateExtract { certificate, consignment, lot, quantity: 1_000 };
            claim.draft(&stage.draft(who.slug))
        }
        "give-mandate" => {
            let party = slug(if own { who.slug } else { "coop" });
            let to = slug(if who.slug == "shop" { "carrier" } else { "shop" });
            let (acts, until) = ([MandatedAct::Ship].into(), Day::parse("2026-12-31").unwrap());
            Mandate { party, to, acts, until }.draft(&stage.draft(who.slug))
        }
        _ => return None,
    })
}

pub fn statement(stage: &Stage, who: &Who, act: &str, own: bool, made: &Made) -> Value {
    if let Some(unsigned) = paper(stage, who, act, own, made) {
        return unsigned;
    }
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
