//! Whether what a ledger prepared is what a row asked for: whoever signs does not trust whoever
//! prepares. Not here: operators (`operators`), what is signed then (`batch`).

use crate::catalog::{BaseUnit, Catalog};
use crate::ledger::{CertificateRequest, LotRequest};
use crate::names::LotKey;
use crate::statement::{CertificateClaim, Day, LotDeclaration, LotOrigin};

/// A certificate with what its row asked for; `unit` is the one its quantity was written in.
///
/// # Errors
/// What differs.
pub fn same_certificate(
    asked: &CertificateRequest,
    unit: Option<BaseUnit>,
    claim: &CertificateClaim,
) -> Result<(), String> {
    let facts = &claim.facts;
    let from = asked.valid_from.as_ref().unwrap_or(&asked.decision_date);
    let custody = asked.custody_model.as_deref().unwrap_or("segregated");
    if let Some(unit) = unit.filter(|unit| unit.code() != facts.unit) {
        return Err(format!("the lot is declared in {}, the row in {}", facts.unit, unit.code()));
    }
    let pairs = [
        ("lot", claim.lot.to_string() == asked.lot),
        ("scheme", claim.scheme == asked.scheme),
        ("edition", facts.scheme_edition == asked.scheme_edition),
        ("quantity", asked.quantity.is_none_or(|quantity| quantity == facts.quantity)),
        ("decision_date", facts.decision_date.to_string() == asked.decision_date),
        ("valid_from", Day::parse(from).map(Day::start) == Ok(claim.valid_from)),
        ("valid_until", Day::parse(&asked.valid_until).map(Day::end) == Ok(claim.valid_until)),
        ("custody_model", <&str>::from(facts.custody_model) == custody),
        ("not_covered", facts.not_covered == asked.not_covered),
        ("replaces", replaces_as_asked(asked, claim)),
        ("laboratory_reports", facts.laboratory_reports == asked.laboratory_reports),
    ];
    first_difference(&pairs)
}

/// Whether it takes the place of what was named, of any where one is sought, of none else.
fn replaces_as_asked(asked: &CertificateRequest, claim: &CertificateClaim) -> bool {
    match asked.supersedes {
        Some(named) => claim.supersedes() == Some(named),
        None => claim.facts.supersedes.is_some() == asked.renewal,
    }
}

/// A declaration with what its row asked for.
///
/// # Errors
/// What differs.
pub fn same_lot(asked: &LotRequest, claim: &LotDeclaration) -> Result<(), String> {
    let facts = &claim.facts;
    let owner = asked.gtin.as_ref().unwrap_or(&asked.producer);
    let key: Result<LotKey, _> = format!("{owner}/{}", asked.lot).parse();
    let product = Catalog::builtin().ok().and_then(|catalog| catalog.material(&asked.product));
    let origin = facts.origin.map(|origin| match origin {
        LotOrigin::Primary => "primary",
        LotOrigin::Derived => "derived",
    });
    let pairs = [
        ("lot", key.as_ref() == Ok(&claim.lot)),
        ("product", facts.product == asked.product),
        ("origin", origin == asked.origin.as_deref()),
        ("hs_code", product.is_some_and(|product| product.hs6 == claim.hs_code)),
        ("unit", product.is_some_and(|product| product.unit.code() == facts.unit)),
        ("name", asked.name.as_ref().is_none_or(|name| *name == claim.name)),
        ("names", facts.names == asked.names),
        ("mandate", facts.mandate.as_deref() == asked.mandate.as_deref()),
        ("quantity", facts.quantity == asked.quantity),
        ("pack_size", facts.pack_size == asked.pack_size),
        ("region", facts.region == asked.region),
        ("campaign", facts.campaign == asked.campaign),
        ("packed_on", claim.packed_on.to_string() == asked.packed_on),
        ("expires_on", claim.expires_on.map(|day| day.to_string()) == asked.expires_on),
    ];
    first_difference(&pairs)
}

/// The first member that differs.
///
/// # Errors
/// Its name.
pub fn first_difference(pairs: &[(&str, bool)]) -> Result<(), String> {
    match pairs.iter().find(|(_, same)| !same) {
        Some((member, _)) => {
            Err(format!("the ledger prepared another {member} than asked for; it was not signed"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Word;
    use crate::statement::{CertificateFacts, CustodyModel};

    fn asked(supersedes: Option<u64>, renewal: bool) -> CertificateRequest {
        CertificateRequest {
            issuer: "me".to_owned(),
            lot: "coop/L1".to_owned(),
            scheme: "bio-maroc".to_owned(),
            scheme_edition: "2018".to_owned(),
            quantity: Some(5),
            decision_date: "2026-11-02".to_owned(),
            valid_from: None,
            valid_until: "2027-11-01".to_owned(),
            custody_model: None,
            laboratory_reports: Vec::new(),
            not_covered: Vec::new(),
            supersedes,
            renewal,
        }
    }

    fn prepared(supersedes: Option<&str>) -> CertificateClaim {
        let day = |text| Day::parse(text).unwrap();
        CertificateClaim {
            serial: 7,
            client: crate::names::PartySlug::parse("coop").unwrap(),
            client_name: "Coopérative fictive".into(),
            scheme: "bio-maroc".into(),
            scheme_name: "Bio Maroc".into(),
            lot: "coop/L1".parse().unwrap(),
            accreditation: Word::default(),
            valid_from: day("2026-11-02").start(),
            valid_until: day("2027-11-01").end(),
            assessed_on: day("2026-11-02"),
            facts: CertificateFacts {
                product: "argane".into(),
                hs_code: "151590".into(),
                quantity: 5,
                unit: "MLT".into(),
                decision_date: day("2026-11-02"),
                scheme_edition: "2018".into(),
                custody_model: CustodyModel::Segregated,
                laboratory_reports: Vec::new(),
                not_covered: Vec::new(),
                supersedes: supersedes.map(Word::new),
                operator_certificate: None,
            },
        }
    }

    #[test]
    fn a_certificate_takes_no_other_place_than_was_asked_for() {
        let (six, eight) =
            (Some("https://l.example/certificates/6"), Some("https://l.example/certificates/8"));
        for (of, renewal, found, good) in [
            (None, false, None, true),
            (None, false, six, false),
            (None, true, six, true),
            (None, true, None, false),
            (Some(6), false, six, true),
            (Some(6), false, eight, false),
            (Some(6), false, None, false),
        ] {
            let judged = same_certificate(&asked(of, renewal), None, &prepared(found));
            assert_eq!(judged.is_ok(), good, "{of:?} {renewal} {found:?}: {judged:?}");
        }
        let other = CertificateRequest { quantity: Some(6), ..asked(None, false) };
        assert!(same_certificate(&other, None, &prepared(None)).unwrap_err().contains("quantity"));
    }
}
