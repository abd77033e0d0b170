//! Shapes of the description that have a text of their own: documents and parts of documents with a
//! JSON Schema in `schemas/`, put in whole, and those of other standards, pointed to. Not here:
//! shapes that follow from our types, which carry them.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::schema_texts::{schema_address, schema_text};

/// Deepest chain of references in a schema.
const REFERENCES_MAX: usize = 16;

macro_rules! shapes {
    ($($name:ident = $schema:expr;)*) => {
        $(
            /// A shape of the description.
            pub struct $name;

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    raw($schema)
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )*
    };
}

shapes! {
    SignedStatement = statement(true);
    UnsignedStatement = statement(false);
    LabelIssueStatement = of_file("label-issue");
    TrustSnapshot = of_file("trust");
    Consignment = of_file("consignment");
    TraceDossier = of_file("trace-dossier");
    VerificationReport = of_file("verification-report");
    StatusEvent = part("dossier", "/$defs/event");
    LogMark = part("dossier", "/$defs/mark");
    LaboratoryReport = part("certificate", "/properties/credentialSubject/properties/\
        batchCertificate/properties/laboratoryReports/items");
    KeyRecord = part("trust", "/properties/parties/items/properties/keys/items");
    AccreditationRecord = part("trust",
        "/properties/parties/items/properties/accreditations/items");
    Contact = part("trust", "/$defs/contact");
    CapacityFigure = part("registration", "/properties/credentialSubject/properties/registration/\
        properties/capacities/items");
    CertifiedVolume = part("operator-certificate", "/properties/credentialSubject/properties/\
        operatorCertificate/properties/volumes/items");
    GoodsRules = goods_rules();
    NamesByLanguage = json!({
        "type": "object",
        "description": "A name by language: ar, en, es, fr, zgh.",
        "additionalProperties": {"type": "string"},
    });
    EventBody = elsewhere(
        "What happened to goods: the members of a TraceabilityEvent's `credentialSubject`, by kind.",
        &schema_address("traceability-event"),
    );
    DidDocument = elsewhere(
        "A DID document with the keys in force.",
        "https://www.w3.org/TR/did-1.0/",
    );
    LinkedProduct = elsewhere("A schema.org Product.", "https://schema.org/Product");
    LinkedContext = elsewhere(
        "A JSON-LD context of all terms of our own.",
        "https://www.w3.org/TR/json-ld11/#the-context",
    );
    JsonSchema = elsewhere(
        "A JSON Schema, draft 2020-12.",
        "https://json-schema.org/draft/2020-12/schema",
    );
    Limits = json!({
        "type": "object",
        "description": "Every limit by its name, the unit last.",
        "additionalProperties": {"type": ["integer", "string", "array"]},
    });
    Leaf = json!({
        "type": "object",
        "description": "An entry as it is hashed: canonical JSON (docs/FORMAT.md 2).",
        "required": ["index", "loggedAt", "prev", "statement"],
        "properties": {
            "index": {"type": "integer", "minimum": 0},
            "loggedAt": {"type": "string", "description": "Log time."},
            "prev": {"type": "string", "description": "The leaf hash before it, base64."},
            "statement": {"$ref": "#/components/schemas/SignedStatement"},
        },
    });
    Submission = json!({
        "type": "object",
        "description": "A statement with what stays beside the log: a certificate with its vc+jwt, \
            or a statement with the document that one of its commitments is of.",
        "required": ["statement"],
        "properties": {
            "statement": {"$ref": "#/components/schemas/SignedStatement"},
            "jwt": {"type": "string", "description": "Detached: `protected..signature`."},
            "document": {"type": "string", "description": "Base64, at most 4,000,000 bytes."},
            "salt": {"type": "string", "description": "16 bytes, base64url."},
        },
    });
    StatementOrSubmission = json!({"anyOf": [
        {"$ref": "#/components/schemas/SignedStatement"},
        {"$ref": "#/components/schemas/Submission"},
    ]});
    Bytes = json!({"type": "string", "format": "binary"});
}

/// Properties of the code's own shapes whose type the code may not name: component, property, and
/// the shape of each of its items.
const OF_THE_CORE: [(&str, &str, &str); 3] = [
    ("CertificateRequest", "laboratoryReports", "LaboratoryReport"),
    ("OperatorRequest", "volumes", "CertifiedVolume"),
    ("EventRequest", "event", "EventBody"),
];

/// Names the shapes of properties that rooms below this one carry.
pub fn name_shapes_of_the_core(api: &mut Value) {
    for (component, property, shape) in OF_THE_CORE {
        let at = format!("/components/schemas/{component}/properties/{property}");
        let Some(Value::Object(found)) = api.pointer_mut(&at) else { continue };
        let reference = json!({"$ref": format!("#/components/schemas/{shape}")});
        if found.contains_key("items") {
            found.insert("items".to_owned(), reference);
        } else {
            found.remove("type");
            found.insert("allOf".to_owned(), json!([reference]));
        }
    }
}

/// A schema with these members and no others.
fn raw(schema: Value) -> RefOr<Schema> {
    let members = match schema {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let members: Extensions = members.into_iter().collect();
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).extensions(Some(members)).into()
}

/// What an object is, and where its form stands.
fn elsewhere(words: &str, url: &str) -> Value {
    json!({"type": "object", "description": words, "externalDocs": {"url": url}})
}

/// A schema of ours, read. Each stands in the program: an empty one is seen by a test.
fn read(name: &str) -> Value {
    let text = schema_text(name).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

/// A whole schema, and where it is served.
fn of_file(name: &str) -> Value {
    part(name, "")
}

/// A part of a schema, without references.
fn part(name: &str, pointer: &str) -> Value {
    let schema = read(name);
    let found = schema.pointer(pointer).unwrap_or(&Value::Null);
    let mut part = inlined(found, &schema["$defs"], 0);
    if let Value::Object(members) = &mut part {
        members.insert("externalDocs".to_owned(), json!({"url": schema_address(name)}));
    }
    part
}

/// A schema with what it refers to put in its place.
fn inlined(schema: &Value, definitions: &Value, depth: usize) -> Value {
    match schema {
        Value::Object(members) if depth < REFERENCES_MAX => {
            let name = members.get("$ref").and_then(Value::as_str);
            let name = name.and_then(|text| text.strip_prefix("#/$defs/"));
            let of =
                name.map(|name| inlined(&definitions[name], definitions, depth.saturating_add(1)));
            let mut all = match of {
                Some(Value::Object(of)) => of,
                _ => Map::new(),
            };
            for (name, member) in members {
                if !["$ref", "$schema", "$id", "$defs"].contains(&name.as_str()) {
                    all.insert(name.clone(), inlined(member, definitions, depth));
                }
            }
            without_places(&mut all);
            Value::Object(all)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| inlined(item, definitions, depth)).collect())
        }
        plain => plain.clone(),
    }
}

/// Lists whose items have a place each: tools for descriptions read `prefixItems` wrongly, so that
/// here each item is one of those; the file says which stands where.
fn without_places(members: &mut Map<String, Value>) {
    let Some(Value::Array(places)) = members.remove("prefixItems") else { return };
    members.insert("maxItems".to_owned(), json!(places.len()));
    members.insert("items".to_owned(), json!({"anyOf": places}));
}

/// What all statements have in common, signed or about to be; each type has a schema of its own.
fn statement(signed: bool) -> Value {
    let schema = read("agreement");
    let own = |name: &str| inlined(&schema["properties"][name], &schema["$defs"], 0);
    let mut properties = Map::new();
    let mut required = vec!["@context", "type", "id", "issuer", "name", "validFrom"];
    for name in ["id", "issuer", "name", "validFrom", "validUntil"] {
        properties.insert(name.to_owned(), own(name));
    }
    required.push("credentialSubject");
    if signed {
        required.push("proof");
        properties.insert("proof".to_owned(), own("proof"));
    }
    let certificate = read("certificate");
    let of_certificates = &certificate["properties"]["credentialStatus"];
    let status = inlined(of_certificates, &certificate["$defs"], 0);
    properties.insert("credentialStatus".to_owned(), status);
    let texts = json!({"type": "array", "items": {"type": "string"}});
    properties.insert("@context".to_owned(), texts.clone());
    properties.insert("type".to_owned(), texts);
    properties.insert(
        "credentialSubject".to_owned(),
        json!({
            "type": "object",
            "description": "What is claimed; its members follow from `type`.",
            "externalDocs": {"url": "/schemas"},
        }),
    );
    let words = match signed {
        true => "A statement: a W3C Verifiable Credential 2.0 with one proof (docs/FORMAT.md 1).",
        false => "A statement without its proof: sign it as docs/FORMAT.md 1.2 says.",
    };
    json!({
        "type": "object", "description": words, "required": required, "properties": properties,
        "externalDocs": {"url": "/schemas", "description": "A schema for each type"},
    })
}

/// What a rulebook says of goods: its subject without what names it.
fn goods_rules() -> Value {
    let mut rules = part("rulebook", "/properties/credentialSubject");
    for name in ["id", "version", "edition"] {
        if let Some(Value::Object(properties)) = rules.get_mut("properties") {
            properties.remove(name);
        }
    }
    if let Value::Object(members) = &mut rules {
        members.remove("required");
    }
    rules
}
