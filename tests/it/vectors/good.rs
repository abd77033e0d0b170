//! A good statement of each type, with fictional parties, for the vectors to write and to spoil.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use tasdiq::names::LotKey;
use tasdiq::seal::Signer as _;
use tasdiq::statement::{
    Accreditation, CertificateClaim, CertificateFacts, CurrentList, Custody, CustodyModel, Day,
    Domain, Draft, KeptKey, KeyChange, KeyEvent, KeyPurpose, LabelIssue, LaboratoryReport,
    LotDeclaration, LotFacts, NewKey, Reason, Reconfirmation, Registration, Role, RootSuccession,
    Sampler, Scope, ScopeChange, ScopeEventKind, SerialRanges, StatusAction, StatusChange,
    StatusIndex, StatusList, StatusPurpose, StatusTarget, Timestamp, root_commitment,
};

use super::{By, CREATED, Case, HOST, Unsigned};

pub fn domain() -> Domain {
    Domain::parse(HOST).unwrap()
}

pub use crate::world::slug;

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn lot_key() -> LotKey {
    "06111234567895/A24B017".parse().unwrap()
}

/// Puts a claim into an envelope signed by `by`.
pub fn unsigned(by: By, id: &str, make: impl FnOnce(&Draft<'_>) -> Value) -> Unsigned {
    let (domain, issuer) = (domain(), by.party());
    let issuer_name = match by {
        By::Registrar | By::Service | By::NextRoot => "Autorité fictive",
        By::Certifier => "Certificateur fictif",
        By::Cooperative => "Coopérative fictive",
    };
    let draft = Draft {
        domain: &domain,
        // Without a name of its own a statement has the id its content makes.
        id: if id.is_empty() { String::new() } else { domain.url(&format!("statements/{id}")) },
        issuer: &issuer,
        issuer_name,
        valid_from: time(CREATED),
        valid_until: None,
    };
    Unsigned { value: make(&draft), by }
}

pub fn registration() -> Unsigned {
    let claim = Registration {
        party: By::Cooperative.party(),
        name: "Coopérative fictive تعاونية خيالية".into(),
        registered_id: "ODCO-0000".into(),
        registered_on: day("2024-02-29"),
        role: Role::Cooperative,
        region: Some("MA-09".into()),
        capacities: vec![tasdiq::statement::Capacity {
            product: "argan-oil".into(),
            campaign: "2026".into(),
            quantity: 9_007_199_254_740_991,
        }],
        successor: None,
        regions: Vec::new(),
        gtin_prefixes: Vec::new(),
        same_name: false,
        contact: None,
        names: Default::default(),
    };
    unsigned(By::Registrar, "registration", |draft| claim.draft(draft))
}

pub fn accreditation() -> Unsigned {
    let terms = |terms: &[&str]| terms.iter().map(|&term| term.to_owned()).collect();
    let claim = Accreditation {
        party: By::Certifier.party(),
        name: "Certificateur fictif".into(),
        registered_id: "SEMAC-0000".into(),
        registered_on: day("2026-01-02"),
        scope: Scope {
            schemes: terms(&["terroir-du-maroc"]),
            products: terms(&[Scope::ALL]),
            regions: terms(&["MA-09", "MA-07"]),
        },
        valid_from: time("2026-01-02T00:00:00Z"),
        valid_until: time("2028-12-31T23:59:59Z"),
    };
    unsigned(By::Registrar, "accreditation", |draft| claim.draft(draft))
}

pub fn lot() -> Unsigned {
    let claim = LotDeclaration {
        lot: lot_key(),
        name: "Huile d'argan à goûter, زيت أركان".into(),
        hs_code: "151590".into(),
        packed_on: day("2026-11-20"),
        expires_on: Some(day("2028-05-20")),
        facts: LotFacts {
            product: "argan-oil".into(),
            region: "MA-09".into(),
            quantity: 500_000,
            unit: "MLT".into(),
            campaign: "2026".into(),
            pack_size: 250,
            origin: None,
            names: Default::default(),
            mandate: None,
        },
    };
    unsigned(By::Cooperative, "lot", |draft| claim.draft(draft))
}

pub fn certificate() -> Unsigned {
    let claim = CertificateClaim {
        serial: 1_048_583,
        client: By::Cooperative.party(),
        client_name: "Coopérative fictive".into(),
        scheme: "terroir-du-maroc".into(),
        scheme_name: "Terroir du Maroc".into(),
        lot: lot_key(),
        accreditation: domain().url("statements/accreditation").into(),
        valid_from: time("2026-11-23T00:00:00Z"),
        valid_until: time("2027-11-22T23:59:59Z"),
        assessed_on: day("2026-11-22"),
        facts: CertificateFacts {
            product: "argan-oil".into(),
            hs_code: "151590".into(),
            quantity: 500_000,
            unit: "MLT".into(),
            decision_date: day("2026-11-23"),
            scheme_edition: "2024".into(),
            custody_model: CustodyModel::IdentityPreserved,
            laboratory_reports: vec![LaboratoryReport {
                commitment: format!("u{}", BASE64_URL_SAFE_NO_PAD.encode([7; 32])),
                laboratory: "Laboratoire fictif".into(),
                sampled_by: Sampler::Certifier,
            }],
            not_covered: vec!["Résidus de pesticides".into()],
            supersedes: None,
            operator_certificate: None,
        },
    };
    unsigned(By::Certifier, "certificate", |draft| claim.draft(draft))
}

pub fn key_change(event: KeyEvent) -> Unsigned {
    let claim = KeyChange {
        party: By::Certifier.party(),
        verification_method: By::Certifier.method(),
        event,
    };
    unsigned(By::Registrar, "key", |draft| claim.draft(draft))
}

pub fn key_added(purpose: KeyPurpose) -> Unsigned {
    let label = purpose == KeyPurpose::Label;
    key_change(KeyEvent::Added(NewKey {
        public: By::Certifier.key().public(),
        purpose,
        custody: Custody::Own,
        schemes: if label { vec!["terroir-du-maroc".into()] } else { Vec::new() },
        not_after: label.then(|| time("2027-12-31T23:59:59Z")),
        parties: Vec::new(),
        cosigner: None,
    }))
}

pub fn key_compromised() -> Unsigned {
    let (since, known_at) = (time("2026-11-01T00:00:00Z"), time("2026-11-20T08:00:00Z"));
    key_change(KeyEvent::Compromised { since, known_at })
}

fn status_change(target: StatusTarget, action: StatusAction, reason: Reason) -> Unsigned {
    let notice = [("ar", "لا تستهلك هذا المنتوج"), ("fr", "Ne pas consommer")];
    let recall = action == StatusAction::Recall;
    let notice = notice.into_iter().filter(|_| recall).map(|(a, b)| (a.into(), b.into())).collect();
    let claim = StatusChange {
        target,
        action,
        reason,
        effective_from: time(CREATED),
        notice,
        return_to: None,
        lifts: Vec::new(),
    };
    unsigned(By::Certifier, "change", |draft| claim.draft(draft))
}

pub fn status_list() -> Unsigned {
    let serials = [1_048_576, 1_048_583, 2_097_151];
    let claim = StatusList::of(StatusPurpose::Revocation, 1, serials.into_iter());
    unsigned(By::Service, "list", |draft| claim.draft(draft))
}

pub fn status_index() -> Unsigned {
    let lists = [("revocation-0", 40), ("suspension-0", 41)];
    let list = |(list, entry): (&str, u64)| CurrentList { list: list.to_owned(), entry };
    let lists = lists.into_iter().map(list).collect();
    let claim = StatusIndex { id: domain().url("status"), covers: 42, lists };
    unsigned(By::Service, "index", |draft| claim.draft(draft))
}

pub fn label_issue() -> Unsigned {
    let claim = LabelIssue {
        lot: "cooperative-fictive/L.1+2".parse().unwrap(),
        count: 10_000,
        verification_method: format!("{}#label-1", domain().did(&By::Service.party())),
    };
    unsigned(By::Service, "labels", |draft| claim.draft(draft))
}

pub fn reconfirmation() -> Unsigned {
    let claim = Reconfirmation {
        party: By::Certifier.party(),
        verification_method: By::Certifier.method(),
        serials: SerialRanges::of([7, 10, 11, 12, 9_007_199_254_740_991]).pop(),
        entries: vec![(41, [7; 32]), (42, [255; 32])],
        voids: Vec::new(),
    };
    unsigned(By::Certifier, "reconfirmation", |draft| claim.draft(draft))
}

pub fn scope_change(event: ScopeEventKind) -> Unsigned {
    let notice = [("fr".to_owned(), "Portée réduite".to_owned())];
    let claim = ScopeChange {
        party: By::Certifier.party(),
        accreditation: domain().url("statements/accreditation"),
        event,
        reason: Reason::Nonconformity,
        effective_from: time(CREATED),
        notice: notice.into(),
        successor: None,
    };
    unsigned(By::Registrar, "scope", |draft| claim.draft(draft))
}

pub fn narrowing() -> Unsigned {
    let set = |term: &str| [term.to_owned()].into();
    let (schemes, products) = (set("terroir-du-maroc"), set(Scope::ALL));
    scope_change(ScopeEventKind::Narrow(Scope { schemes, products, regions: set("MA-09") }))
}

pub fn succession() -> Unsigned {
    let key = By::NextRoot.key();
    let kept = |by: By, purpose| KeptKey {
        verification_method: by.method(),
        public: by.key().public(),
        purpose,
    };
    let claim = RootSuccession {
        verification_method: By::NextRoot.method(),
        public: key.public(),
        successor: root_commitment(&By::Registrar.key().public()),
        keeps: vec![
            kept(By::Registrar, KeyPurpose::Assertion),
            kept(By::Service, KeyPurpose::Service),
        ],
    };
    unsigned(By::NextRoot, "root-2", |draft| claim.draft(draft))
}

/// Many certificates withdrawn by one statement.
pub fn bulk_withdrawal() -> Unsigned {
    let serials = SerialRanges::of([0, 1, 2, 3, 17, 20, 21]).pop().unwrap();
    status_change(
        StatusTarget::Certificates(serials),
        StatusAction::Withdraw,
        Reason::KeyCompromise,
    )
}

pub fn withdrawal() -> Unsigned {
    let target = StatusTarget::Certificate(1_048_583);
    status_change(target, StatusAction::Withdraw, Reason::LabResult)
}

/// One or more of each type.
pub fn goods() -> Vec<Case> {
    let recall = status_change(StatusTarget::Lot(lot_key()), StatusAction::Recall, Reason::Safety);
    let party = StatusTarget::Party(By::Certifier.party());
    let suspension = status_change(party, StatusAction::Suspend, Reason::FraudSuspected);
    let goods = [
        ("good_registration", registration()),
        ("good_accreditation", accreditation()),
        ("good_lot", lot()),
        ("good_certificate", certificate()),
        ("good_key_added", key_added(KeyPurpose::Assertion)),
        ("good_label_key_added", key_added(KeyPurpose::Label)),
        ("good_key_retired", key_change(KeyEvent::Retired)),
        ("good_key_compromised", key_compromised()),
        ("good_certificate_withdrawn", withdrawal()),
        ("good_lot_recalled", recall),
        ("good_party_suspended", suspension),
        ("good_status_list", status_list()),
        ("good_status_index", status_index()),
        ("good_label_issue", label_issue()),
        ("good_certificates_withdrawn", bulk_withdrawal()),
        ("good_reconfirmation", reconfirmation()),
        ("good_scope_narrowed", narrowing()),
        ("good_scope_suspended", scope_change(ScopeEventKind::Suspend)),
        ("good_scope_withdrawn", scope_change(ScopeEventKind::Withdraw)),
        ("good_root_succession", succession()),
    ];
    goods.into_iter().map(|(name, unsigned)| unsigned.case(name, "ok")).collect()
}
