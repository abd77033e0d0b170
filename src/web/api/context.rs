//! `/ns/tasdiq/v1`: the JSON-LD context that defines the terms of our own, for readers that process
//! statements as linked data. A term that stands here never changes; later editions add terms.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::answers::json_bytes;
use crate::statement::{Domain, canonical_bytes};
use crate::web::App;

/// Types and members that hold plain values.
const TERMS: [&str; 55] = [
    "Agreement",
    "Capacity",
    "KeyChange",
    "LabelIssue",
    "LabelVoid",
    "PrefixGrant",
    "Reconfirmation",
    "RootSuccession",
    "Rulebook",
    "ScopeChange",
    "StatusChange",
    "StatusIndex",
    "accreditationId",
    "campaign",
    "capacities",
    "certifier",
    "commitment",
    "count",
    "covers",
    "custody",
    "custodyModel",
    "edition",
    "entry",
    "gtin",
    "gtinPrefixes",
    "keyChange",
    "laboratory",
    "list",
    "narrowedTo",
    "notCovered",
    "onPaper",
    "packSize",
    "parties",
    "prefix",
    "product",
    "purpose",
    "quantity",
    "reason",
    "region",
    "regions",
    "role",
    "sameName",
    "sampledBy",
    "schemeEdition",
    "scopeChange",
    "signature",
    "serials",
    "statementDigest",
    "schemes",
    "statusChange",
    "successor",
    "to",
    "unit",
    "version",
    "hsCode",
];

/// Members that hold an instant.
const INSTANTS: [&str; 4] = ["effectiveFrom", "knownAt", "notAfter", "since"];

/// How long a reader may keep it: a newer release may add terms.
const A_DAY: &str = "public, max-age=86400";

/// Members that hold a day.
const DAYS: [&str; 3] = ["decisionDate", "from", "until"];

/// The context of our own terms.
#[utoipa::path(get, path = "/ns/tasdiq/v1", tag = "trust",
    responses((status = 200, description = "A JSON-LD context", body = Object,
        content_type = "application/ld+json")))]
pub async fn context(State(app): State<App>) -> Response {
    let bytes = context_document(app.ledger.view().register.domain());
    let kept = [(header::CACHE_CONTROL, A_DAY)];
    (kept, json_bytes("application/ld+json", bytes)).into_response()
}

/// The bytes of the context of a ledger's own terms.
#[must_use]
pub fn context_document(domain: &Domain) -> Vec<u8> {
    canonical_bytes(&document(&format!("{}#", domain.context())))
}

fn document(base: &str) -> Value {
    let mut terms = Map::new();
    terms.insert("@protected".to_owned(), Value::Bool(true));
    terms.insert("@version".to_owned(), json!(1.1));
    for term in TERMS {
        terms.insert(term.to_owned(), json!(format!("{base}{term}")));
    }
    let mut define = |term: &str, definition: Value| {
        terms.insert(term.to_owned(), definition);
    };
    for term in INSTANTS {
        let id = format!("{base}{term}");
        define(term, json!({"@id": id, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}));
    }
    let day = "http://www.w3.org/2001/XMLSchema#date";
    for term in DAYS {
        define(term, json!({"@id": format!("{base}{term}"), "@type": day}));
    }
    for term in [
        "batchCertificate",
        "lotDeclaration",
        "registration",
        "laboratoryReports",
        "lists",
        "entries",
        "keeps",
        "cosigner",
        "voids",
    ] {
        define(term, json!({"@id": format!("{base}{term}")}));
    }
    define("notice", json!({"@id": format!("{base}notice"), "@container": "@language"}));
    define(
        "verificationMethod",
        json!({"@id": "https://w3id.org/security#verificationMethod", "@type": "@id"}),
    );
    define(
        "publicKeyMultibase",
        json!({
            "@id": "https://w3id.org/security#publicKeyMultibase",
            "@type": "https://w3id.org/security#multibase",
        }),
    );
    json!({"@context": terms})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_stand_once_and_lead_to_this_ledger() {
        let context = document("https://ledger.example/ns/tasdiq/v1#");
        let terms = context["@context"].as_object().unwrap();
        assert_eq!(
            terms["batchCertificate"]["@id"],
            "https://ledger.example/ns/tasdiq/v1#batchCertificate"
        );
        assert_eq!(terms["@protected"], true);
        let mut sorted = TERMS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), TERMS.len());
    }
}
