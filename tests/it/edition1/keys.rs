//! Keys: when a new one counts, who agrees to it, what a label key may label, and how far back a
//! report reaches. Not here: what was signed in the window of a stolen key (`windows`).

use tasdiq::names::PartySlug;
use tasdiq::register::Refusal;
use tasdiq::seal::Signer as _;
use tasdiq::statement::*;

use super::{DAY, certified, code, later, report, say, second_key, two_of_each};
use crate::world::{World, key, slug};

const HOURS_72: i64 = 72 * 3_600;

fn added(world: &World, who: &str, name: &str, number: u8) -> KeyChange {
    world.new_key(who, name, number, KeyPurpose::Assertion)
}

fn cosigned(world: &World, claim: KeyChange, by: &str, number: u8) -> KeyChange {
    let message = claim.cosigned_bytes(&world.domain);
    let signature = key(number).sign(&message).unwrap();
    with_cosigner(claim, Cosigner { verification_method: world.method(by), signature })
}

fn with_cosigner(claim: KeyChange, cosigner: Cosigner) -> KeyChange {
    let KeyEvent::Added(new) = claim.event else { unreachable!() };
    KeyChange { event: KeyEvent::Added(NewKey { cosigner: Some(cosigner), ..new }), ..claim }
}

fn ended(world: &World, key: &str) -> KeyChange {
    KeyChange {
        party: slug(key.split_once('#').unwrap().0),
        verification_method: world.method(key),
        event: KeyEvent::Retired,
    }
}

/// Certificate 0 of lot L1, signed with a key of `atlas`.
fn certify_with(world: &mut World, name: &str, number: u8) -> Result<u64, Refusal> {
    let claim = world.certificate(0, "L1", 1, "bio-maroc");
    let unsigned = claim.draft(&world.draft("atlas"));
    world.log(unsigned, name, number)
}

fn ready() -> World {
    let mut world = two_of_each();
    world.declare("L1", 100).unwrap();
    world
}

#[test]
fn a_registrar_cannot_sign_as_a_certifier_with_a_second_key() {
    let mut world = ready();
    let claim = added(&world, "atlas", "key-2", 11);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "key_waits");
    // A waiting key agrees to no further one.
    let third = added(&world, "atlas", "key-3", 13);
    let third = cosigned(&world, third, "atlas#key-2", 11);
    assert_eq!(say(&mut world, "registrar", |draft| third.draft(draft)), "cosigner");
    later(&mut world, HOURS_72 - 4);
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "key_waits");
    later(&mut world, 2);
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "ok");
}

#[test]
fn the_party_can_end_a_waiting_key() {
    let mut world = ready();
    let claim = added(&world, "atlas", "key-2", 11);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let claim = ended(&world, "atlas#key-2");
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    later(&mut world, HOURS_72);
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "key_retired");
}

#[test]
fn a_registrar_that_ends_the_partys_key_first_waits_as_well() {
    for reported in [false, true] {
        let mut world = ready();
        if reported {
            assert_eq!(report(&mut world, "registrar", "atlas#key-1", 1), "ok");
        } else {
            let claim = ended(&world, "atlas#key-1");
            assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
        }
        later(&mut world, 60);
        let claim = added(&world, "atlas", "key-2", 11);
        assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
        assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "key_waits");
        later(&mut world, HOURS_72);
        assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "ok");
    }
}

#[test]
fn a_key_counts_at_once_where_the_root_the_party_or_nobody_else_is_asked() {
    let mut world = ready();
    second_key(&mut world);
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "ok", "the root added it");
    let mut world = ready();
    let claim = added(&world, "atlas", "key-2", 11);
    let claim = cosigned(&world, claim, "atlas#key-1", 10);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "ok", "the party agreed");
    // The party reported its only key itself and asks for another.
    let mut world = ready();
    assert_eq!(report(&mut world, "atlas", "atlas#key-1", 1), "ok");
    later(&mut world, 60);
    let claim = added(&world, "atlas", "key-2", 11);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(code(certify_with(&mut world, "atlas#key-2", 11)), "ok", "it has no other");
}

#[test]
fn a_co_signature_is_the_partys_over_this_key() {
    let mut world = ready();
    let claim = added(&world, "atlas", "key-2", 11);
    let method = world.method("atlas#key-1");
    let forged = |signature| Cosigner { verification_method: method.clone(), signature };
    let other = added(&world, "atlas", "key-2", 13);
    let of_other = key(10).sign(&other.cosigned_bytes(&world.domain)).unwrap();
    let bare = key(10).sign(claim.verification_method.as_bytes()).unwrap();
    for signature in [[7; 64], of_other, bare] {
        let claim = with_cosigner(claim.clone(), forged(signature));
        assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "cosigner");
    }
    let by_another_key = cosigned(&world, claim.clone(), "atlas#key-1", 12);
    assert_eq!(say(&mut world, "registrar", |draft| by_another_key.draft(draft)), "cosigner");
    let unknown = cosigned(&world, claim.clone(), "atlas#key-9", 10);
    assert_eq!(say(&mut world, "registrar", |draft| unknown.draft(draft)), "cosigner");
    // Neither a label key nor an ended key agrees to anything.
    let label = NewKey {
        schemes: vec!["bio-maroc".into()],
        not_after: Some(world.now.plus_seconds(300 * DAY)),
        parties: vec![slug("coop")],
        ..new(world.new_key("atlas", "label-1", 30, KeyPurpose::Label))
    };
    let label = KeyChange {
        party: slug("atlas"),
        verification_method: world.method("atlas#label-1"),
        event: KeyEvent::Added(label),
    };
    assert_eq!(say(&mut world, "atlas", |draft| label.draft(draft)), "ok");
    let by_label = cosigned(&world, claim.clone(), "atlas#label-1", 30);
    assert_eq!(say(&mut world, "registrar", |draft| by_label.draft(draft)), "cosigner");
    let good = cosigned(&world, claim, "atlas#key-1", 10);
    let gone = ended(&world, "atlas#key-1");
    assert_eq!(say(&mut world, "registrar", |draft| gone.draft(draft)), "ok");
    // Not even in the second in which it ended.
    later(&mut world, -1);
    assert_eq!(say(&mut world, "registrar", |draft| good.draft(draft)), "cosigner");
    assert_eq!(say(&mut world, "registrar", |draft| good.draft(draft)), "cosigner");
}

fn new(claim: KeyChange) -> NewKey {
    let KeyEvent::Added(key) = claim.event else { unreachable!() };
    key
}

/// A label key of `who`, as it should be, with something changed.
fn label_key(world: &World, who: &str, change: impl FnOnce(&mut NewKey)) -> KeyChange {
    let claim = world.new_key(who, "label-1", 30, KeyPurpose::Label);
    let mut key = NewKey {
        schemes: vec!["bio-maroc".into()],
        not_after: Some(world.now.plus_seconds(300 * DAY)),
        parties: vec![slug("coop")],
        ..new(claim.clone())
    };
    change(&mut key);
    KeyChange { event: KeyEvent::Added(key), ..claim }
}

#[test]
fn a_label_key_has_schemes_parties_and_an_end() {
    let mut world = ready();
    let now = world.now;
    let end = |days: i64| Some(now.plus_seconds(days * DAY));
    let many: Vec<PartySlug> = (0..65).map(|n| slug(&format!("c{n:03}"))).collect();
    let wrong = [
        ("no scheme", "key_scope", label_key(&world, "atlas", |it| it.schemes.clear())),
        (
            "another's scheme",
            "key_scope",
            label_key(&world, "atlas", |it| it.schemes = vec!["eu-organic".into()]),
        ),
        ("no party", "key_scope", label_key(&world, "atlas", |it| it.parties.clear())),
        ("65 parties", "key_scope", label_key(&world, "atlas", |it| it.parties = many)),
        ("a shop", "mismatch", label_key(&world, "atlas", |it| it.parties = vec![slug("rif")])),
        ("no end", "key_scope", label_key(&world, "atlas", |it| it.not_after = None)),
        ("14 months", "key_scope", label_key(&world, "atlas", |it| it.not_after = end(400))),
        ("over already", "key_scope", label_key(&world, "atlas", |it| it.not_after = end(-1))),
    ];
    for (what, expected, claim) in wrong {
        assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), expected, "{what}");
    }
    // Nobody but a certifier and the authority labels, whoever adds the key.
    let own = label_key(&world, "coop", |_| ());
    assert_eq!(say(&mut world, "coop", |draft| own.draft(draft)), "not_authorised");
    assert_eq!(say(&mut world, "registrar", |draft| own.draft(draft)), "key_scope");
    let scoped = KeyChange {
        event: KeyEvent::Added(NewKey {
            parties: vec![slug("coop")],
            ..new(added(&world, "atlas", "key-2", 11))
        }),
        ..added(&world, "atlas", "key-2", 11)
    };
    assert_eq!(say(&mut world, "root", |draft| scoped.draft(draft)), "key_scope");
    let good = label_key(&world, "atlas", |it| it.not_after = end(390));
    assert_eq!(say(&mut world, "atlas", |draft| good.draft(draft)), "ok");
}

#[test]
fn an_accreditation_that_ended_gives_no_label_key() {
    let mut world = certified();
    let accreditation = world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone();
    let claim = ScopeChange {
        party: slug("atlas"),
        accreditation,
        event: ScopeEventKind::Withdraw,
        reason: Reason::Nonconformity,
        effective_from: world.now,
        notice: Default::default(),
        successor: None,
    };
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let claim = label_key(&world, "atlas", |_| ());
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "key_scope");
}

#[test]
fn nobody_repudiates_two_years_by_a_report() {
    let mut world = ready();
    assert_eq!(report(&mut world, "atlas", "atlas#key-1", 91 * DAY), "since_too_early");
    assert_eq!(report(&mut world, "atlas", "atlas#key-1", 89 * DAY), "ok");
    assert_eq!(report(&mut world, "registrar", "atlas#key-1", 91 * DAY), "ok", "the authority may");
}

#[test]
fn a_barred_party_ends_its_keys_and_adds_none() {
    let mut world = ready();
    second_key(&mut world);
    let target = StatusTarget::Party(slug("atlas"));
    world.status(target, StatusAction::Suspend, "authority#registrar-1", 2).unwrap();
    let claim = label_key(&world, "atlas", |_| ());
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "party_barred");
    assert_eq!(report(&mut world, "atlas", "atlas#key-1", 1), "ok");
    let claim = ended(&world, "atlas#key-2");
    let unsigned = claim.draft(&world.draft("atlas"));
    assert_eq!(code(world.log(unsigned, "atlas#key-2", 11)), "ok");
}

#[test]
fn a_party_neither_adds_keys_to_itself_nor_touches_anothers() {
    let mut world = ready();
    let own = added(&world, "atlas", "key-2", 11);
    assert_eq!(say(&mut world, "atlas", |draft| own.draft(draft)), "not_authorised");
    for who in ["atlas", "coop"] {
        let claim = ended(&world, "rif#key-1");
        assert_eq!(say(&mut world, who, |draft| claim.draft(draft)), "not_authorised");
        assert_eq!(report(&mut world, who, "rif#key-1", 1), "not_authorised");
    }
    let root = ended(&world, "authority#root");
    assert_eq!(say(&mut world, "registrar", |draft| root.draft(draft)), "not_authorised");
    assert_eq!(say(&mut world, "registrar", ended_draft), "not_authorised");
}

/// The registrar ends a key of the authority.
fn ended_draft(draft: &Draft<'_>) -> serde_json::Value {
    KeyChange {
        party: slug("authority"),
        verification_method: format!("{}#label-1", draft.domain.did(&slug("authority"))),
        event: KeyEvent::Retired,
    }
    .draft(draft)
}
