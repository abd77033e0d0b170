//! Events, one or more good ones of each kind. What an event does, and who may sign it, is judged
//! in the register.

use tasdiq::names::*;
use tasdiq::statement::*;

use super::good::{domain, lot_key, slug, time, unsigned};
use super::{By, Case, Unsigned};

pub(super) fn name(of: &str) -> EventName {
    EventName::parse(&format!("{of:0>26}")).unwrap()
}

pub(super) fn event_of(party: &str, of: &str) -> EventId {
    EventId { issuer: slug(party), name: name(of) }
}

pub(super) fn lot(text: &str) -> LotKey {
    text.parse().unwrap()
}

pub(super) fn line(text: &str, quantity: u64) -> LotLine {
    LotLine { lot: lot(text), quantity }
}

pub(super) fn sscc() -> UnitKey {
    UnitKey::Sscc(Sscc::parse("106141412345678908").unwrap())
}

pub(super) fn own_unit() -> UnitKey {
    UnitKey::parse_path("unit/cooperative-fictive/PAL-7").unwrap()
}

/// An event of the cooperative on a morning in Agadir.
pub(super) fn event(kind: EventKind) -> Event {
    Event {
        name: name("4K7Q"),
        at: time("2026-10-30T09:12:00Z"),
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind,
    }
}

pub(super) fn signed(by: By, event: &Event) -> Unsigned {
    unsigned(by, "", |draft| event.draft(draft))
}

pub(super) fn transform() -> Unsigned {
    let kind = EventKind::Transform(Transformation {
        recipe: "argan-press".into(),
        inputs: vec![
            line("cooperative-fictive/K26A", 440_000),
            line("cooperative-fictive/K26B", 9_007_199_254_740_991),
        ],
        outputs: vec![line("06111234567895/A24B017", 215_000)],
    });
    let document = Some(Commitment::from([7; 32]));
    let place = Event { region: Some("MA-09".into()), document, ..event(kind) };
    signed(By::Cooperative, &place)
}

pub(super) fn shipment(to: Receiver, purpose: ShipPurpose) -> Shipment {
    Shipment {
        to,
        purpose,
        lots: vec![line("06111234567895/A24B017", 1_000)],
        units: vec![sscc(), own_unit()],
        carrier: None,
        returns: None,
    }
}

pub(super) fn ship() -> Unsigned {
    let to = Receiver::Party(slug("boutique-fictive"));
    let carrier = Some(slug("transport-fictif"));
    let kind = EventKind::Ship(Shipment { carrier, ..shipment(to, ShipPurpose::Sale) });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn ship_abroad() -> Unsigned {
    let commitment = Commitment::of(b"0000000000000000", br#"{"name":"Acheteur fictif"}"#);
    let to = Receiver::Elsewhere { commitment, country: "FR".into() };
    signed(By::Cooperative, &event(EventKind::Ship(shipment(to, ShipPurpose::Sale))))
}

pub(super) fn ship_back() -> Unsigned {
    let to = Receiver::Party(slug("voisine-fictive"));
    let returns = Some(event_of("voisine-fictive", "R1"));
    let kind = EventKind::Ship(Shipment { returns, ..shipment(to, ShipPurpose::RecallReturn) });
    let mandate = Some(domain().url("statements/00000000000000000000000000"));
    signed(By::Cooperative, &Event { mandate, ..event(kind) })
}

pub(super) fn received(text: &str, [accepted, refused, missing]: [u64; 3]) -> Received {
    Received { lot: lot(text), accepted, refused, missing }
}

pub(super) fn receive() -> Unsigned {
    let kind = EventKind::Receive(Arrival {
        of: event_of("voisine-fictive", "S1"),
        lots: vec![
            received("06111234567895/A24B017", [985, 10, 5]),
            received("cooperative-fictive/K26A", [0, 0, 5]),
        ],
        discrepancy: Discrepancy::Short,
    });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn receive_all() -> Unsigned {
    let kind = EventKind::Receive(Arrival {
        of: event_of("voisine-fictive", "S1"),
        lots: vec![received("06111234567895/A24B017", [1_000, 0, 0])],
        discrepancy: Discrepancy::None,
    });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn settle() -> Unsigned {
    let settled =
        |text: &str, quantity, settled| SettledLot { line: line(text, quantity), settled };
    let kind = EventKind::Settle(Settlement {
        of: event_of("boutique-fictive", "R1"),
        lots: vec![
            settled("06111234567895/A24B017", 5, Settled::Lost),
            settled("cooperative-fictive/K26A", 5, Settled::Returned),
        ],
    });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn packing() -> Packing {
    Packing {
        unit: sscc(),
        lots: vec![line("06111234567895/A24B017", 12_000)],
        units: vec![own_unit()],
    }
}

pub(super) fn unpack() -> Unsigned {
    signed(By::Cooperative, &event(EventKind::Unpack(packing())))
}

pub(super) fn out() -> Unsigned {
    let lots = vec![line("06111234567895/A24B017", 250)];
    let kind = EventKind::Out(Outgoing { channel: Channel::SemiWholesale, lots });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn loss() -> Unsigned {
    let lots = vec![line("06111234567895/A24B017", 3)];
    signed(By::Cooperative, &event(EventKind::Loss(Loss { cause: LossCause::EntryError, lots })))
}

pub(super) fn sample() -> Unsigned {
    let kind = EventKind::Sample(Sample {
        cause: SampleCause::Analysis,
        lots: vec![line("06111234567895/A24B017", 500)],
        holder: Some(By::Cooperative.party()),
    });
    signed(By::Certifier, &event(kind))
}

pub(super) fn destroy() -> Unsigned {
    let kind = EventKind::Destroy(Destruction {
        cause: DestructionCause::Recall,
        lots: vec![line("06111234567895/A24B017", 250)],
        from_out: true,
    });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn observe() -> Unsigned {
    let kind = EventKind::Observe(Observation {
        step: ObservedStep::Destroying,
        lots: vec![lot_key(), lot("cooperative-fictive/K26A")],
        result: Some(Finding::Conformant),
        of: Some(event_of("cooperative-fictive", "D1")),
    });
    signed(By::Certifier, &event(kind))
}

pub(super) fn undo(of: Undone, reason: UndoReason, replaced_by: Option<Undone>) -> Unsigned {
    let kind = EventKind::Void(Undoing { of, reason, replaced_by });
    signed(By::Cooperative, &event(kind))
}

pub(super) fn undo_event() -> Unsigned {
    let of = |name| Undone::Event(event_of("cooperative-fictive", name));
    undo(of("E1"), UndoReason::IncorrectData, Some(of("E2")))
}

/// A good event of each kind; the format's examples are their subjects.
pub fn kinds() -> Vec<(&'static str, Unsigned)> {
    let pack = |kind: fn(Packing) -> EventKind| signed(By::Cooperative, &event(kind(packing())));
    vec![
        ("good_transform", transform()),
        ("good_ship", ship()),
        ("good_receive", receive()),
        ("good_settle", settle()),
        ("good_pack", pack(EventKind::Pack)),
        ("good_unpack", pack(EventKind::Unpack)),
        ("good_out", out()),
        ("good_loss", loss()),
        ("good_sample", sample()),
        ("good_destroy", destroy()),
        ("good_observe", observe()),
        ("good_void", undo_event()),
    ]
}

pub fn goods() -> Vec<Case> {
    let mut goods = kinds();
    let recall = domain().url("statements/00000000000000000000000000");
    goods.extend([
        ("good_ship_abroad", ship_abroad()),
        ("good_ship_back_under_mandate", ship_back()),
        ("good_receive_all", receive_all()),
        ("good_unpack_all", {
            let all = Packing { lots: Vec::new(), units: Vec::new(), ..packing() };
            signed(By::Cooperative, &event(EventKind::Unpack(all)))
        }),
        ("good_void_of_declaration", {
            undo(Undone::Declaration(lot_key()), UndoReason::DidNotOccur, None)
        }),
        (
            "good_void_of_price",
            undo(Undone::Price(recall.clone()), UndoReason::IncorrectData, None),
        ),
        ("good_void_of_recall", undo(Undone::Change(recall), UndoReason::WrongLot, None)),
        ("transform_of_400_inputs_and_64_outputs", transform_of(400, 64)),
    ]);
    goods.into_iter().map(|(name, unsigned)| unsigned.case(name, "ok")).collect()
}

pub(super) fn transform_of(inputs: usize, outputs: usize) -> Unsigned {
    let lines = |of: &str, count: usize| {
        (0..count).map(|n| line(&format!("x/{of}{n:03}"), 1)).collect::<Vec<LotLine>>()
    };
    let kind = EventKind::Transform(Transformation {
        recipe: "group".into(),
        inputs: lines("I", inputs),
        outputs: lines("O", outputs),
    });
    signed(By::Cooperative, &event(kind))
}
