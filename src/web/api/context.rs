//! `/ns/tasdiq/v1`: the JSON-LD context that defines the terms of our own, for readers that process
//! statements as linked data. A term that stands here never changes; later editions add terms.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::answers::json_bytes;
use super::file_shapes::LinkedContext;
use crate::statement::{Domain, canonical_bytes};
use crate::web::App;

/// Types and members that hold plain values.
const TERMS: [&str; 86] = [
    "Agreement",
    "Capacity",
    "CertificateExtract",
    "KeyChange",
    "LabelIssue",
    "LabelVoid",
    "Mandate",
    "PrefixGrant",
    "PricePaid",
    "Reconfirmation",
    "RootSuccession",
    "Rulebook",
    "ScopeChange",
    "StatusChange",
    "StatusIndex",
    "TraceabilityEvent",
    "accepted",
    "accreditationId",
    "acts",
    "amount",
    "as",
    "basis",
    "campaign",
    "capacities",
    "cause",
    "certifier",
    "channel",
    "commitment",
    "count",
    "country",
    "covers",
    "currency",
    "custody",
    "custodyModel",
    "discrepancy",
    "document",
    "edition",
    "entry",
    "gtin",
    "gtinPrefixes",
    "hsCode",
    "invoice",
    "keyChange",
    "kind",
    "laboratory",
    "list",
    "material",
    "missing",
    "narrowedTo",
    "notCovered",
    "offset",
    "onPaper",
    "origin",
    "packSize",
    "parties",
    "phone",
    "prefix",
    "premium",
    "product",
    "purpose",
    "quantity",
    "reason",
    "recipe",
    "refused",
    "region",
    "regions",
    "result",
    "returnTo",
    "role",
    "sameName",
    "sampledBy",
    "scheme",
    "schemeEdition",
    "schemes",
    "scopeChange",
    "serials",
    "signature",
    "statementDigest",
    "statusChange",
    "step",
    "successor",
    "terms",
    "to",
    "unit",
    "url",
    "version",
];

/// Members that hold an instant.
const INSTANTS: [&str; 5] = ["at", "effectiveFrom", "knownAt", "notAfter", "since"];

/// Members that hold addresses of things (lots, events, parties, certificates), or objects that do.
const ADDRESSES: [&str; 15] = [
    "carrier",
    "confirms",
    "consignment",
    "holder",
    "lifts",
    "lot",
    "lots",
    "mandate",
    "of",
    "replacedBy",
    "returns",
    "seller",
    "ship",
    "supersedes",
    "units",
];

/// Members that hold objects, whose own members stand above.
const OBJECTS: [&str; 15] = [
    "batchCertificate",
    "buyer",
    "contact",
    "cosigner",
    "entries",
    "inputs",
    "keeps",
    "laboratoryReports",
    "lists",
    "lotDeclaration",
    "operatorCertificate",
    "outputs",
    "registration",
    "voids",
    "volumes",
];

/// Lists of a rulebook: tables, which say nothing row by row, and pairs of numbers whose order
/// counts.
const TABLES: [&str; 9] = [
    "chains",
    "coveredSchemes",
    "keeping",
    "materials",
    "recipes",
    "seasons",
    "tolerances",
    "tracedFrom",
    "uncovered",
];

/// How long a reader may keep it: a newer release may add terms.
const A_DAY: &str = "public, max-age=86400";

/// Members that hold a day.
const DAYS: [&str; 4] = ["decisionDate", "from", "paidOn", "until"];

/// The context of our own terms.
#[utoipa::path(get, path = "/ns/tasdiq/v1", tag = "trust",
    responses((status = 200, description = "A JSON-LD context", body = LinkedContext,
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
    for term in OBJECTS {
        define(term, json!({"@id": format!("{base}{term}")}));
    }
    for term in TABLES {
        define(term, json!({"@id": format!("{base}{term}"), "@type": "@json"}));
    }
    for term in ADDRESSES {
        define(term, json!({"@id": format!("{base}{term}"), "@type": "@id"}));
    }
    for term in ["names", "notice"] {
        define(term, json!({"@id": format!("{base}{term}"), "@container": "@language"}));
    }
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
