//! A lot: what a cooperative declares before anybody certifies it; a UNTP 0.7.0 Digital Product
//! Passport of granularity `batch`, our own members under `lotDeclaration`.
//! Not here: the lot's state after it was declared (`register`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, untp_context};
use super::{Day, StatementError};
use crate::names::{LotKey, Word};

/// A lot is declared by the cooperative that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotDeclaration {
    /// GTIN and lot number, or party and lot number.
    pub lot: LotKey,
    /// The product's name as declared.
    pub name: Word,
    /// HS code, six digits (HS 2022).
    pub hs_code: Word,
    /// Day of packing.
    pub packed_on: Day,
    /// Best before, if any.
    pub expires_on: Option<Day>,
    /// Members of our own.
    pub facts: LotFacts,
}

/// What UNTP has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LotFacts {
    /// Product id of the catalogue.
    pub product: Word,
    /// Region of origin, ISO 3166-2.
    pub region: Word,
    /// Quantity in the smallest unit.
    pub quantity: u64,
    /// UN/ECE Recommendation 20 code of the smallest unit: `GRM`, `MLT` or `H87`.
    pub unit: Word,
    /// Campaign, e.g. `2026`.
    pub campaign: Word,
    /// Quantity in one sales unit, in the smallest unit.
    pub pack_size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    id: String,
    name: Word,
    id_granularity: String,
    batch_number: String,
    product_category: Vec<Category>,
    production_date: Day,
    expiry_date: Option<Day>,
    lot_declaration: LotFacts,
}

#[derive(Deserialize)]
struct Category {
    code: Word,
}

impl LotDeclaration {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let product: Product = envelope.subject()?;
        let lot = read_lot(envelope, &product.id)?;
        if product.id_granularity != "batch" {
            return Err(inconsistent("idGranularity", "must be 'batch'"));
        }
        if product.batch_number != lot.number().as_str() {
            return Err(inconsistent("batchNumber", "differs from the lot number in the id"));
        }
        let [category] = product.product_category.as_slice() else {
            return Err(inconsistent("productCategory", "must hold one HS code"));
        };
        if envelope.id != envelope.domain.declaration_id(&lot) {
            let expected = envelope.domain.declaration_id(&lot);
            return Err(inconsistent("id", format!("must be {expected}")));
        }
        if product.expiry_date.is_some_and(|day| day < product.production_date) {
            return Err(inconsistent("expiryDate", "is before productionDate"));
        }
        let facts = product.lot_declaration;
        if facts.quantity == 0 || facts.pack_size == 0 || facts.pack_size > facts.quantity {
            return Err(inconsistent(
                "packSize",
                "quantity and packSize must be at least 1, and packSize at most quantity",
            ));
        }
        Ok(Self {
            lot,
            name: product.name,
            hs_code: category.code.clone(),
            packed_on: product.production_date,
            expires_on: product.expiry_date,
            facts,
        })
    }

    /// The unsigned statement. `draft.id` is replaced by the one id this lot can have.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let iri = domain.lot_iri(&self.lot);
        let id_scheme = match &self.lot {
            LotKey::Gtin(..) => json!({"id": "https://ref.gs1.org/ai/01", "name": "GTIN and lot"}),
            LotKey::Party(..) => {
                json!({"id": domain.url("lot"), "name": "Self-issued party and lot"})
            }
        };
        let mut subject = json!({
            "type": ["Product"],
            "id": iri,
            "name": self.name,
            "idScheme": id_scheme,
            "idGranularity": "batch",
            "batchNumber": self.lot.number().as_str(),
            "productCategory": [{
                "code": self.hs_code,
                "name": "Harmonized System heading",
                "schemeId": "https://www.wcoomd.org/hs/2022",
                "schemeName": "HS 2022",
            }],
            "producedAtFacility": {"id": domain.did(draft.issuer), "name": draft.issuer_name},
            "productionDate": self.packed_on,
            "countryOfProduction": {"countryCode": "MA", "countryName": "Morocco"},
            "lotDeclaration": self.facts,
        });
        if let Some(day) = self.expires_on {
            subject["expiryDate"] = json!(day);
        }
        let draft = Draft { id: domain.declaration_id(&self.lot), ..draft.clone() };
        let name = format!("Declaration of lot {}", self.lot);
        draft.credential("DigitalProductPassport", untp_context(domain), &name, subject)
    }
}

/// Reads the address of a lot; a fault of an identifier keeps its own code.
pub(super) fn read_lot(envelope: &Envelope<'_>, iri: &str) -> Result<LotKey, StatementError> {
    if let Some(lot) = envelope.domain.lot_of(iri) {
        return Ok(lot);
    }
    let path = iri.strip_prefix(&envelope.domain.url("")).unwrap_or_default();
    match LotKey::parse_path(path) {
        Err(fault) if !path.is_empty() => {
            Err(StatementError::Identifier { at: "credentialSubject.id", fault })
        }
        _ => Err(inconsistent("credentialSubject.id", format!("{iri} is no lot of this ledger"))),
    }
}
