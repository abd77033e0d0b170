//! Statements and members that came with editions 2 and 3, events aside: the rulebook's lists,
//! operator certificates, prices, extracts, mandates; names, contacts, renewals, recalls, releases.

use serde_json::json;
use tasdiq::catalog::*;
use tasdiq::statement::*;

use super::good::{certificate, day, domain, lot, lot_key, registration, slug, time, unsigned};
use super::of_events::event_of;
use super::{By, Case, Unsigned};

pub(super) fn fraction(n: u64, d: u64) -> Fraction {
    Fraction::of(n, d).unwrap()
}

pub(super) fn ratio(from: &str, to: &str, ceiling: (u64, u64), warn: Option<(u64, u64)>) -> Ratio {
    let warn = warn.map(|(n, d)| fraction(n, d));
    Ratio { from: from.into(), to: to.into(), ceiling: fraction(ceiling.0, ceiling.1), warn }
}

pub(super) fn recipes() -> Vec<Recipe> {
    vec![
        Recipe {
            id: "amlou".into(),
            ratios: vec![
                ratio("amandes", "amlou", (3, 1), None),
                ratio("argane", "amlou", (4, 1), None),
            ],
            shares: Vec::new(),
            minor: vec!["argane".into()],
        },
        Recipe {
            id: "argan-press".into(),
            ratios: vec![
                ratio("argan-kernels", "argane", (55_000, 90_600), Some((52_000, 90_600))),
                ratio("argan-kernels", "argane-cosmetique", (55_000, 90_600), None),
            ],
            shares: vec![vec!["argane".into(), "argane-cosmetique".into()]],
            minor: Vec::new(),
        },
    ]
}

pub(super) fn rulebook() -> Unsigned {
    let material = |text: &str| text.to_owned();
    let from = |month, day| DayOfYear::of(month, day).unwrap();
    let goods = GoodsRules {
        recipes: recipes(),
        chains: vec![Chain {
            from: material("argan-fruit"),
            to: material("argane"),
            hold: fraction(35, 906),
        }],
        seasons: vec![
            Season { material: material("argan-fruit"), from: from(6, 1), to: from(9, 30) },
            Season { material: material("olives"), from: from(10, 1), to: from(2, 29) },
        ],
        materials: vec![AddedMaterial {
            id: "argane-cosmetique".into(),
            names: [("fr".into(), "Huile d'argane cosmétique".into())].into(),
            unit: "MLT".into(),
            hs_code: "151590".into(),
            origin: MaterialOrigin::Derived,
            density: Some([906, 925]),
        }],
        traced_from: vec![TracedFrom {
            material: material("argane"),
            at: time("2027-01-01T00:00:00Z"),
        }],
        covered_schemes: vec![
            CoveredScheme { scheme: "bio-maroc".into(), least: Some(950) },
            CoveredScheme { scheme: "fairtrade".into(), least: None },
        ],
        uncovered: vec![Uncovered {
            scheme: "halal-maroc".into(),
            reason: "Atteste un lieu, pas un lot".into(),
        }],
        tolerances: vec![Tolerance { material: material("argan-fruit-dry"), per_mille: 30 }],
        keeping: vec![
            Keeping {
                material: material("argan-fruit"),
                keeps: Some(36),
                declare_within: Some(60),
            },
            Keeping { material: material("olives"), keeps: None, declare_within: Some(10) },
        ],
    };
    let claim = Rulebook { version: 2, edition: 2, goods };
    unsigned(By::Registrar, "", |draft| claim.draft(draft))
}

pub(super) fn operator_certificate() -> Unsigned {
    let claim = OperatorCertificate {
        serial: 1_048_584,
        party: By::Cooperative.party(),
        party_name: "Coopérative fictive".into(),
        scheme: "bio-maroc".into(),
        scheme_name: "Bio Maroc".into(),
        accreditation: domain().url("statements/accreditation").into(),
        valid_from: time("2026-06-01T00:00:00Z"),
        valid_until: time("2027-05-31T23:59:59Z"),
        assessed_on: day("2026-05-20"),
        facts: OperatorFacts {
            materials: vec!["argan-fruit".into(), "argane".into()],
            regions: vec!["MA-07".into(), "MA-09".into()],
            decision_date: day("2026-05-28"),
            scheme_edition: "2018".into(),
            volumes: vec![
                Volume { material: "argan-fruit".into(), campaign: "2026".into(), quantity: 1 },
                Volume {
                    material: "argan-fruit".into(),
                    campaign: "2026/27".into(),
                    quantity: 9_007_199_254_740_991,
                },
            ],
            not_covered: vec!["Parcelles en conversion".into()],
        },
    };
    unsigned(By::Certifier, "operator", |draft| claim.draft(draft))
}

pub(super) fn price(terms: PriceTerms, confirms: Option<String>, by: By) -> Unsigned {
    let claim = PricePaid {
        lot: lot_key(),
        ship: event_of("cooperative-fictive", "S1"),
        seller: By::Cooperative.party(),
        buyer: Receiver::Party(slug("boutique-fictive")),
        scheme: "fairtrade".into(),
        quantity: 25_000,
        terms,
        basis: PriceBasis::ExWorks,
        paid_on: day("2026-11-20"),
        invoice: Commitment::from([7; 32]),
        confirms,
    };
    unsigned(by, "", |draft| claim.draft(draft))
}

pub(super) fn price_paid() -> Unsigned {
    let (amount, premium) = (1_250_000, 187_500);
    price(PriceTerms::Open { currency: "MAD".into(), amount, premium }, None, By::Cooperative)
}

pub(super) fn price_committed() -> Unsigned {
    let confirms = domain().url("statements/00000000000000000000000000");
    price(PriceTerms::Committed(Commitment::from([9; 32])), Some(confirms), By::Certifier)
}

pub(super) fn extract() -> Unsigned {
    let claim = CertificateExtract {
        certificate: 1_048_583,
        consignment: event_of("cooperative-fictive", "S1"),
        lot: lot_key(),
        quantity: 12_000,
    };
    unsigned(By::Cooperative, "", |draft| claim.draft(draft))
}

pub(super) fn mandate() -> Unsigned {
    let claim = Mandate {
        party: By::Cooperative.party(),
        to: slug("union-fictive"),
        acts: [MandatedAct::Declare, MandatedAct::Receive, MandatedAct::Ship].into(),
        until: day("2027-12-23"),
    };
    unsigned(By::Cooperative, "", |draft| claim.draft(draft))
}

pub(super) fn registration_reached() -> Unsigned {
    let mut made = registration();
    let own = &mut made.value["credentialSubject"]["registration"];
    own["contact"] = json!({"phone": "+212500000000", "url": "https://coop.example/rappel"});
    own["names"] = json!({"ar": "تعاونية خيالية", "fr": "Coopérative fictive", "zgh": "ⵜⴰⴷⵔⴰⵡⵜ"});
    made
}

pub(super) fn registration_as(role: &str) -> Unsigned {
    let mut made = registration();
    made.value["credentialSubject"]["registration"]["role"] = json!(role);
    made
}

pub(super) fn lot_named() -> Unsigned {
    let mut made = lot();
    let own = &mut made.value["credentialSubject"]["lotDeclaration"];
    own["names"] = json!({"ar": "زيت أركان", "en": "Argan oil", "es": "Aceite de argán"});
    own["mandate"] = json!(domain().url("statements/00000000000000000000000000"));
    made
}

pub(super) fn certificate_renewed() -> Unsigned {
    let mut made = certificate();
    let own = &mut made.value["credentialSubject"]["batchCertificate"];
    own["supersedes"] = json!(domain().certificate_id(1_048_500));
    own["operatorCertificate"] = json!(domain().certificate_id(1_048_584));
    made
}

pub(super) fn change(action: StatusAction, change: impl FnOnce(&mut StatusChange)) -> Unsigned {
    let mut claim = StatusChange {
        target: StatusTarget::Lot(lot_key()),
        action,
        reason: Reason::Safety,
        effective_from: time(super::CREATED),
        notice: Default::default(),
        return_to: None,
        lifts: Vec::new(),
    };
    change(&mut claim);
    unsigned(By::Cooperative, "", |draft| claim.draft(draft))
}

pub(super) fn recall() -> Unsigned {
    change(StatusAction::Recall, |claim| {
        claim.return_to = Some(ReturnTo::Shop);
        claim.notice.insert("ar".into(), "أعيدوا المنتوج إلى المتجر".into());
        claim.notice.insert("fr".into(), "Rapportez le produit au magasin".into());
    })
}

pub(super) fn release() -> Unsigned {
    let event = domain().event_iri(&event_of("cooperative-fictive", "T1"));
    let lifts = [domain().declaration_id(&lot_key()), event, domain().url("statements/hold-1")];
    change(StatusAction::Release, |claim| claim.lifts = lifts.into())
}

/// One good statement of each new type; the format's examples are their subjects.
pub fn types() -> Vec<(&'static str, Unsigned)> {
    vec![
        ("good_rulebook_of_goods", rulebook()),
        ("good_operator_certificate", operator_certificate()),
        ("good_price_paid", price_paid()),
        ("good_certificate_extract", extract()),
        ("good_mandate", mandate()),
    ]
}

pub fn goods() -> Vec<Case> {
    let mut goods = types();
    goods.extend([
        ("good_price_committed_and_confirmed", price_committed()),
        ("good_registration_with_contact_and_names", registration_reached()),
        ("good_registration_of_a_processor", registration_as("processor")),
        ("good_registration_of_an_exporter", registration_as("exporter")),
        ("good_lot_with_names_under_mandate", lot_named()),
        ("good_certificate_that_renews", certificate_renewed()),
        ("good_recall_with_return", recall()),
        ("good_release_that_lifts", release()),
    ]);
    goods.into_iter().map(|(name, unsigned)| unsigned.case(name, "ok")).collect()
}
