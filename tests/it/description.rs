//! The description of the API against what the service answers: every answer of a program's way has
//! the shape that is described, with no member that is not; every code that a problem may bear
//! stands in it, and no other; what it points to is served. Not here: random requests (`./test`).

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use strum::VariantNames;
use tasdiq::names::IdError;
use tasdiq::photo::PhotoError;
use tasdiq::register::{GoodsRefusal, Refusal};
use tasdiq::seal::SealError;
use tasdiq::sheet::SheetError;
use tasdiq::statement::{Role, StatementError, StatusAction};

use crate::support::{CERTIFIER, COOPERATIVE, GTIN, TestApp, certificate_request, lot_request};
use crate::vectors;

fn described() -> Value {
    serde_json::from_str(tasdiq::web::openapi_json()).unwrap()
}

/// A value is what a component of the description asks for.
fn fits(name: &str, value: &Value) -> Value {
    let api = described();
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"), "components": api["components"],
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(value).map(|it| it.to_string()).collect();
    assert!(faults.is_empty(), "{name}: {faults:?} {value}");
    schema
}

/// The same, and it has no member that the component does not know.
fn keeps(name: &str, value: &Value) {
    let api = described();
    let schema = fits(name, value);
    let mut unknown = Vec::new();
    strangers(&api, &schema, value, name, &mut unknown);
    assert!(unknown.is_empty(), "{name} does not describe {unknown:?}");
}

/// Members of objects that no property of their schema describes.
fn strangers(api: &Value, schema: &Value, value: &Value, at: &str, unknown: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = api.pointer(reference.trim_start_matches('#')).unwrap();
        return strangers(api, target, value, at, unknown);
    }
    let ways = ["oneOf", "anyOf", "allOf"].iter().filter_map(|way| schema[*way].as_array());
    let ways: Vec<&Value> = ways.flatten().collect();
    match value {
        Value::Array(items) => {
            for item in items.iter().filter(|_| schema["items"].is_object()) {
                strangers(api, &schema["items"], item, at, unknown);
            }
        }
        Value::Object(members) if ways.is_empty() => {
            let Some(properties) = schema["properties"].as_object() else { return };
            for (name, member) in members {
                match properties.get(name) {
                    Some(property) => {
                        strangers(api, property, member, &format!("{at}.{name}"), unknown);
                    }
                    None if schema["additionalProperties"].is_object() => {}
                    None => unknown.push(format!("{at}.{name}")),
                }
            }
        }
        Value::Object(_) => {
            let tried = ways.iter().map(|way| {
                let mut found = Vec::new();
                strangers(api, way, value, at, &mut found);
                found
            });
            unknown.extend(tried.min_by_key(Vec::len).unwrap_or_default());
        }
        _ => {}
    }
}

#[test]
fn answers_of_a_programs_way_have_the_shapes_that_are_described() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let prepared = app.post_json("/api/v1/prepare", &json!({"lots": [lot_request("L-1")]})).json();
    keeps("PrepareAnswer", &prepared);
    let unsigned = &prepared["prepared"][0]["unsigned"];
    keeps("UnsignedStatement", unsigned);
    let signed = cooperative.sign(unsigned);
    keeps("SignedStatement", &serde_json::from_slice(&signed).unwrap());
    let first = app.submit(&signed);
    assert_eq!(first.status, 201);
    keeps("Receipt", &first.json());
    keeps("Receipt", &app.submit(&signed).json());
    let two = cooperative.sign(&app.prepared("lots", lot_request("L-2")));
    let lines: [&[u8]; 3] = [&two, b"{", &signed];
    let bulk = app.post("/api/v1/statements", "application/x-ndjson", &lines.join(&b'\n'));
    for line in bulk.lines() {
        keeps("LineAnswer", &line);
    }
    let group = app.post("/api/v1/statements?atomic=true", "application/x-ndjson", b"{}");
    assert_eq!(group.status, 422);
    keeps("Problem", &group.json());
    app.logged(&certifier.sign(&app.prepared("certificates", certificate_request("L-1"))));
    let leaf = app.get(&format!("/api/v1/statements/{}", first.json()["index"])).json();
    keeps("Leaf", &leaf);
    let status = app.change_status(&certifier, CERTIFIER, 0, StatusAction::Suspend);
    assert_eq!(status.status, 201);
    app.settle();
    for (path, shape) in [
        (format!("/api/v1/lots/{GTIN}/L-1"), "LotShape"),
        ("/api/v1/lots".to_owned(), "LotPage"),
        ("/api/v1/certificates/0".to_owned(), "CertificateShape"),
        (format!("/api/v1/parties/{COOPERATIVE}"), "PartyShape"),
        (format!("/api/v1/parties/{CERTIFIER}"), "PartyShape"),
        ("/api/v1/labels".to_owned(), "LabelPage"),
        ("/status/suspension-0".to_owned(), "SignedStatement"),
        ("/status".to_owned(), "SignedStatement"),
        ("/api/v1/witnesses".to_owned(), "WitnessesShape"),
        ("/api/v1/products".to_owned(), "ProductList"),
        ("/api/v1/schemes".to_owned(), "SchemeList"),
        ("/api/v1/regions".to_owned(), "RegionList"),
        ("/api/v1/rulebook".to_owned(), "RulebookShape"),
        ("/api/v1/limits".to_owned(), "Limits"),
        ("/api/v1/log/health".to_owned(), "Health"),
        ("/trust".to_owned(), "TrustSnapshot"),
        ("/schemas".to_owned(), "SchemaList"),
    ] {
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        keeps(shape, &answer.json());
    }
    let judged = app.post_json("/api/v1/verify", &json!({"inputs": ["coop/none", "x"]})).json();
    keeps("VerifyAnswer", &judged);
}

#[test]
fn goods_in_the_description_are_those_of_files() {
    let mut stage = crate::consignment::stage::Stage::exported();
    let shipment = serde_json::from_slice(&stage.consignment(&stage.ship)).unwrap();
    fits("Consignment", &shipment);
    stage.goods.change("registrar", "coop/F1", StatusAction::Hold).unwrap();
    let held = serde_json::from_slice(&stage.consignment(&stage.ship)).unwrap();
    fits("Consignment", &held);
    let roles = "/components/schemas/TrustSnapshot/properties/parties/items/properties/role/enum";
    assert_eq!(*described().pointer(roles).unwrap(), json!(Role::VARIANTS));
    let good = vectors::statements().filter(|case| case["expect"] == "ok");
    for case in good {
        let statement = serde_json::from_slice(&vectors::bytes_of(&case)).unwrap();
        keeps("SignedStatement", &statement);
    }
}

/// Nothing is an object of which nothing is said: it has members, or says where its form stands.
#[test]
fn no_shape_is_left_open() {
    fn open(schema: &Value, at: &str, found: &mut Vec<String>) {
        match schema {
            Value::Object(members) => {
                // A document with a text of its own: that is tested where it stands.
                if members.contains_key("externalDocs") {
                    return;
                }
                let says = ["properties", "additionalProperties", "oneOf"];
                let says = says.iter().any(|name| members.contains_key(*name));
                let object = members.get("type").is_some_and(|kind| *kind == "object");
                if object && !says {
                    found.push(at.to_owned());
                }
                for (name, member) in members {
                    open(member, &format!("{at}/{name}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| open(item, at, found)),
            _ => {}
        }
    }
    let api = described();
    let mut found = Vec::new();
    open(&api["components"], "", &mut found);
    open(&api["paths"], "", &mut found);
    assert!(found.is_empty(), "{found:?}");
    let empty = |text: &str| api["components"]["schemas"][text]["properties"].is_object();
    for name in ["Consignment", "TraceDossier", "TrustSnapshot", "VerificationReport", "Receipt"] {
        assert!(empty(name), "{name} has no members");
    }
    let text = api.to_string();
    assert!(!text.contains("#/$defs"), "a reference leads into a file");
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at..].split('"').next().unwrap().rsplit('/').next().unwrap();
        assert!(!api["components"]["schemas"][name].is_null(), "{name} is not described");
    }
}

#[test]
fn what_the_description_points_to_is_served_as_it_stands_in_the_repository() {
    let (app, ..) = TestApp::with_parties();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = app.get("/schemas").json();
    let rows = list["schemas"].as_array().unwrap();
    let files = std::fs::read_dir(root.join("schemas")).unwrap();
    let files =
        files.filter(|it| it.as_ref().unwrap().path().to_string_lossy().contains(".schema."));
    assert_eq!(rows.len(), files.count());
    for row in rows {
        let url = row["url"].as_str().unwrap();
        let answer = app.get(url);
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (200, "application/schema+json"),
            "{url}"
        );
        assert_eq!(answer.body, std::fs::read(root.join(&url[1..])).unwrap(), "{url}");
        assert_eq!(answer.json()["$id"], row["id"]);
    }
    let format = app.get("/docs/FORMAT.md");
    assert_eq!(format.body, std::fs::read(root.join("docs/FORMAT.md")).unwrap());
    assert_eq!(format.kind, "text/markdown; charset=utf-8");
    for path in ["/schemas/none.schema.json", "/schemas/lot.json", "/schemas/..%2Fopenapi.json"] {
        assert_eq!(
            (app.get(path).status, app.get(path).code()),
            (404, "schema_unknown".to_owned())
        );
    }
    let kept = ureq::get(app.url("/schemas/lot.schema.json")).call().unwrap();
    let header = |name: &str| kept.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("cache-control"), "public, max-age=86400");
    assert_eq!(header("access-control-allow-origin"), "*");
    let again = app.get_with("/schemas/lot.schema.json", &[("if-none-match", header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let mut urls = BTreeSet::new();
    let text = tasdiq::web::openapi_json();
    for part in text.split("\"url\": \"").skip(1) {
        urls.insert(part.split('"').next().unwrap());
    }
    assert!(urls.contains("/docs/FORMAT.md") && urls.contains("/schemas/consignment.schema.json"));
    for url in urls.into_iter().filter(|url| url.starts_with('/')) {
        assert_eq!(app.get(url).status, 200, "{url}");
    }
}

/// Codes that stand in the sources where a problem is made, by what stands around them.
fn written() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    let mut folders: Vec<_> = ["web", "door", "ledger"].map(|room| root.join(room)).into();
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let makers = [
        "Problem::new(",
        "Self::new(",
        "unmet(",
        "invalid(",
        "missing(",
        "refusal(",
        "refuse(StatusCode::",
        "unknown(",
        "fault(",
        "answer(",
    ];
    for text in &texts {
        let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        for maker in makers {
            found.extend(text.split(maker).skip(1).filter_map(code_after));
        }
    }
    let tables =
        ["ledger/error.rs", "seal/submission.rs", "statement/quantity.rs", "label/error.rs"];
    for table in tables {
        let text = std::fs::read_to_string(root.join(table)).unwrap();
        let text = text.split("pub enum LedgerError").next().unwrap();
        found.extend(text.split("=> ").skip(1).filter_map(code_after));
    }
    found
}

/// The first argument that is a text, if only plain ones stand before it.
fn code_after(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_:&., \n".contains(c);
    let code = text.trim_start_matches(plain).strip_prefix('"')?.split('"').next()?;
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    (!code.is_empty() && code.chars().all(word)).then(|| code.to_owned())
}

#[test]
fn every_code_stands_in_the_description_and_no_other() {
    let api = described();
    let codes = api["components"]["schemas"]["ProblemCode"]["enum"].as_array().unwrap();
    let codes: BTreeSet<&str> = codes.iter().map(|code| code.as_str().unwrap()).collect();
    // By their types.
    let wrappers = ["goods", "identifier", "quantity"];
    let named = [
        Refusal::VARIANTS,
        GoodsRefusal::VARIANTS,
        StatementError::VARIANTS,
        IdError::VARIANTS,
        SealError::VARIANTS,
        PhotoError::VARIANTS,
        SheetError::VARIANTS,
    ];
    let named: BTreeSet<&str> =
        named.concat().into_iter().filter(|code| !wrappers.contains(code)).collect();
    assert!(named.is_subset(&codes));
    // By the sources. One of these is told to who opens a ledger, and to nobody over HTTP.
    let written = written();
    let written: BTreeSet<&str> =
        written.iter().map(String::as_str).filter(|code| *code != "no_checkpoint").collect();
    assert!(written.len() > 90, "{written:?}");
    let missing: Vec<_> = written.difference(&codes).collect();
    assert!(missing.is_empty(), "not in web/codes.rs: {missing:?}");
    // In a constant, in a tuple, and of enums of which few arise at a service.
    let elsewhere: BTreeSet<&str> = [
        "request_signature",
        "body_too_slow",
        "took_too_long",
        "leaf_too_large",
        "malformed_tile_path",
        "consignment_too_large",
        "dossier_too_large",
        "trace_too_large",
    ]
    .into();
    let nowhere: Vec<_> = codes
        .iter()
        .filter(|code| ![&named, &written, &elsewhere].iter().any(|all| all.contains(*code)))
        .collect();
    assert!(nowhere.is_empty(), "nobody answers with {nowhere:?}");
    let page = TestApp::start().get("/api").text();
    for code in codes {
        assert!(page.contains(&format!("<li id=\"problem-{code}\">")), "{code}");
    }
}
