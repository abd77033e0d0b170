//! The JSON Schemas in `schemas/`: each good vector keeps to the schema of its type and no other,
//! malformed ones to none; trust snapshots, packs and reports keep to theirs.
//! Not what a schema cannot say: signatures, calendar days, members that must agree.

use std::collections::BTreeMap;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};
use tasdiq::names::PartySlug;
use tasdiq::pack::{Pack, PackFile};
use tasdiq::statement::{
    Domain, KeyEvent, KeyPurpose, Reason, Role, Scope, ScopeChange, ScopeEventKind, Statement,
    StatusAction, StatusTarget,
};
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{Evidence, Policy, Report, verify};

use crate::vectors;
use crate::world::{World, slug};

const STATEMENTS: [&str; 22] = [
    "accreditation",
    "agreement",
    "capacity",
    "certificate",
    "certificate-extract",
    "key-change",
    "label-issue",
    "label-void",
    "lot",
    "mandate",
    "operator-certificate",
    "prefix-grant",
    "price-paid",
    "reconfirmation",
    "registration",
    "root-succession",
    "rulebook",
    "scope-change",
    "status-change",
    "status-index",
    "status-list",
    "traceability-event",
];
const DOCUMENTS: [&str; 6] =
    ["consignment", "dossier", "pack", "trace-dossier", "trust", "verification-report"];

fn schema(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{name} is no JSON Schema");
    assert_eq!(schema["$id"], format!("urn:tasdiq:schema:{name}"));
    jsonschema::validator_for(&schema).unwrap()
}

fn statement_schemas() -> BTreeMap<&'static str, Validator> {
    STATEMENTS.into_iter().map(|name| (name, schema(name))).collect()
}

fn cases() -> Vec<Value> {
    vectors::statements().collect()
}

/// The names of the schemas a document keeps to.
fn kept(schemas: &BTreeMap<&'static str, Validator>, document: &Value) -> Vec<&'static str> {
    let keeps =
        |(name, schema): (&&'static str, &Validator)| schema.is_valid(document).then_some(*name);
    schemas.iter().filter_map(keeps).collect()
}

fn faults(schema: &Validator, document: &Value) -> String {
    let faults = schema.iter_errors(document).map(|fault| format!("{fault}"));
    faults.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_schema_is_known_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = names
        .filter_map(|name| Some(name.to_str()?.strip_suffix(".schema.json")?.to_owned()))
        .collect();
    names.sort();
    let mut known = [&STATEMENTS[..], &DOCUMENTS[..]].concat();
    known.sort_unstable();
    assert_eq!(names, known);
}

#[test]
fn good_statements_keep_to_their_schema_alone() {
    let schemas = statement_schemas();
    for case in cases().iter().filter(|case| case["expect"] == "ok") {
        let bytes = vectors::bytes_of(case);
        let domain = Domain::parse(case["host"].as_str().unwrap()).unwrap();
        let kind = Statement::parse(&bytes, &domain).unwrap().claim.kind();
        let document = serde_json::from_slice(&bytes).unwrap();
        let why = faults(&schemas[kind], &document);
        assert_eq!(kept(&schemas, &document), [kind], "{}: {why}", case["name"]);
    }
}

#[test]
fn malformed_statements_keep_to_none() {
    // A pattern knows no calendar.
    const BEYOND: [&str; 1] = ["valid_from_on_no_day"];
    const CODES: [&str; 5] =
        ["shape", "unknown_type", "context_mismatch", "proof_shape", "verification_method"];
    let schemas = statement_schemas();
    let malformed = cases().into_iter().filter(|case| {
        let is = |list: &[&str], member: &str| list.contains(&case[member].as_str().unwrap());
        is(&CODES, "expect") && !is(&BEYOND, "name") && case["name"] != "method_of_another_party"
    });
    let mut count = 0;
    for case in malformed {
        let document = serde_json::from_slice(&vectors::bytes_of(&case)).unwrap();
        let kept = kept(&schemas, &document);
        assert!(kept.is_empty(), "{} keeps to {kept:?}", case["name"]);
        count += 1;
    }
    assert!(count > 30, "only {count} cases");
}

#[test]
fn no_own_member_may_be_dropped_or_added() {
    let schemas = statement_schemas();
    for case in cases().iter().filter(|case| case["expect"] == "ok") {
        let document: Value = serde_json::from_slice(&vectors::bytes_of(case)).unwrap();
        for member in ["@context", "type", "id", "issuer", "credentialSubject", "proof"] {
            let mut short = document.clone();
            short.as_object_mut().unwrap().remove(member).unwrap();
            assert!(kept(&schemas, &short).is_empty(), "{} without {member}", case["name"]);
        }
        let mut long = document.clone();
        long["proof"]["nonce"] = json!("x");
        assert!(kept(&schemas, &long).is_empty(), "{} with a nonce", case["name"]);
    }
}

/// Some lots, one certified and labelled, one certificate withdrawn, one lot recalled.
fn world() -> (World, String) {
    let mut world = World::peopled();
    for (serial, lot) in [(0, "L1"), (1, "L2"), (2, "L3")] {
        world.declare(lot, 100).unwrap();
        world.certify(serial, lot, 100, "fairtrade").unwrap();
    }
    let index = world.register.certificate(0).unwrap().record.mark.index;
    let label = world.label("L1", index, 4);
    let withdrawn = StatusTarget::Certificate(1);
    world.status(withdrawn, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    let recalled = StatusTarget::Lot("coop/L3".parse().unwrap());
    world.status(recalled, StatusAction::Recall, "authority#registrar-1", 2).unwrap();
    (world, label)
}

#[test]
fn trust_snapshots_and_packs_keep_to_their_schema() {
    let (world, _) = world();
    let pack = world.pack_file();
    let manifest = PackFile::read(&pack[..]).unwrap().manifest_bytes().to_vec();
    for (name, file) in [("trust", world.trust_file()), ("pack", manifest)] {
        let (schema, file) = (schema(name), serde_json::from_slice::<Value>(&file).unwrap());
        assert!(schema.is_valid(&file), "{name}: {}", faults(&schema, &file));
        // A ledger without witnesses names none.
        let may_lack = |member: &&String| *member != "witnessPolicy";
        for member in file.as_object().unwrap().keys().filter(may_lack) {
            let mut short = file.clone();
            short.as_object_mut().unwrap().remove(member).unwrap();
            assert!(!schema.is_valid(&short), "{name} without {member}");
        }
        let mut long = file.clone();
        long["note"] = json!("x");
        assert!(!schema.is_valid(&long), "{name} with an unknown member");
    }
}

#[test]
fn reports_keep_to_their_schema() {
    let (world, label) = world();
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let file = world.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    let schema = schema("verification-report");
    let report = |code: &str, book: Option<&dyn StatusData>, policy| -> Report {
        verify(Evidence::Code(code), &trust, book, world.now, policy)
    };
    let altered = label.replace("/L1", "/L2");
    let expected = [(label.as_str(), 0), (&altered, 1), ("coop/L2", 3), ("coop/L3", 3), ("?", 2)];
    for policy in Policy::ALL {
        for (code, exit) in expected {
            let online = report(code, Some(&pack), policy);
            assert!(online.exit_code == exit || policy == Policy::Audit, "{code}: {online:?}");
            for report in [online, report(code, None, policy)] {
                let report = serde_json::to_value(report).unwrap();
                assert!(schema.is_valid(&report), "{code}: {}", faults(&schema, &report));
            }
        }
    }
    let good = serde_json::to_value(report(&label, Some(&pack), Policy::Shop)).unwrap();
    let edits = [
        ("/authenticity/indication", json!("PASSED")),
        ("/authenticity/indication", json!("TOTAL_FAILED")),
        ("/authenticity/subIndication", json!("TRY_LATER")),
        ("/checks/0/result", json!("absent")),
        ("/fitness/now/certificate", json!("fine")),
        ("/exitCode", json!(3)),
        ("/exitCode", json!(2)),
        ("/claims", json!(null)),
    ];
    for (at, value) in edits {
        let mut changed = good.clone();
        *changed.pointer_mut(at).unwrap() = value;
        assert!(!schema.is_valid(&changed), "{at}: {}", changed.pointer(at).unwrap());
    }
}

#[test]
fn histories_keep_to_their_schema_too() {
    let mut world = world().0;
    let authority = world.register.party(&PartySlug::parse("atlas").unwrap()).unwrap();
    let accreditation = authority.accreditations[0].id.clone();
    for event in [ScopeEventKind::Suspend, ScopeEventKind::Reinstate, narrowed()] {
        let change = ScopeChange {
            party: PartySlug::parse("atlas").unwrap(),
            accreditation: accreditation.clone(),
            event,
            reason: Reason::Complaint,
            effective_from: world.now,
            notice: [("fr".to_owned(), "Portée".to_owned())].into(),
            successor: None,
        };
        let unsigned = change.draft(&world.draft("authority"));
        world.by_registrar(unsigned).unwrap();
    }
    world.compromise_and_confirm();
    world.succeed_root();
    let file: Value = serde_json::from_slice(&world.trust_file()).unwrap();
    let schema = schema("trust");
    assert!(schema.is_valid(&file), "{}", faults(&schema, &file));
    assert!(file["genesisRoot"].is_string());
    let told = |party: &&Value| party["party"] == "atlas";
    let atlas = file["parties"].as_array().unwrap().iter().find(told).unwrap();
    assert_eq!(atlas["accreditations"][0]["events"][2]["action"], "narrow");
}

fn narrowed() -> ScopeEventKind {
    let set = |term: &str| [term.to_owned()].into();
    let (schemes, products) = (set("fairtrade"), set("argane"));
    ScopeEventKind::Narrow(Scope { schemes, products, regions: set("MA-09") })
}

/// A world under edition 1 in which all that its snapshots can tell has happened.
fn newest() -> World {
    let mut world = World::newest();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    let lot = StatusTarget::Lot("coop/L1".parse().unwrap());
    world.status(lot, StatusAction::Hold, "atlas#key-1", 10).unwrap();
    let waiting = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    let unsigned = waiting.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    let mut label = world.new_key("atlas", "label-1", 30, KeyPurpose::Label);
    let KeyEvent::Added(key) = &mut label.event else { unreachable!() };
    (key.schemes, key.parties) = (vec!["bio-maroc".into()], vec![slug("coop")]);
    key.not_after = Some(world.now.plus_seconds(86_400));
    let unsigned = label.draft(&world.draft("atlas"));
    world.by_certifier(unsigned).unwrap();
    world.join(Role::Certifier, "rif", 12);
    let atlas = world.register.party(&slug("atlas")).unwrap();
    let change = ScopeChange {
        party: slug("atlas"),
        accreditation: atlas.accreditations[0].id.clone(),
        event: ScopeEventKind::Withdraw,
        reason: Reason::Ceased,
        effective_from: world.now,
        notice: Default::default(),
        successor: Some(slug("rif")),
    };
    let unsigned = change.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    world
}

#[test]
fn snapshots_of_edition_1_keep_to_their_schema() {
    let world = newest();
    let file: Value = serde_json::from_slice(&world.trust_file()).unwrap();
    let schema = schema("trust");
    assert!(schema.is_valid(&file), "{}", faults(&schema, &file));
    assert_eq!((&file["version"], &file["edition"]), (&json!(2), &json!(1)));
    let told = file["parties"].as_array().unwrap();
    let atlas = told.iter().find(|party| party["party"] == "atlas").unwrap();
    assert!(atlas["keys"][1]["countsFrom"].is_string());
    assert_eq!(atlas["keys"][2]["parties"], json!(["coop"]));
    assert_eq!(atlas["accreditations"][0]["events"][0]["successor"], "rif");
    for (at, value) in [
        ("/version", json!(1)),
        ("/version", json!(3)),
        ("/edition", json!(0)),
        ("/edition", json!("1")),
    ] {
        let mut changed = file.clone();
        *changed.pointer_mut(at).unwrap() = value;
        assert!(!schema.is_valid(&changed), "{at}");
    }
    let mut short = file.clone();
    short.as_object_mut().unwrap().remove("edition").unwrap();
    assert!(!schema.is_valid(&short), "a version 2 without edition");
}

/// Files of the forms that go with edition 3, and what is told under it.
#[test]
fn later_forms_keep_to_their_schemas() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let trust_schema = schema("trust");
    let later: Value = serde_json::from_slice(&read("trust-3.json")).unwrap();
    for name in ["trust-1.json", "trust-2.json", "trust-3.json"] {
        let file = serde_json::from_slice(&read(name)).unwrap();
        assert!(trust_schema.is_valid(&file), "{name}: {}", faults(&trust_schema, &file));
    }
    for (version, edition) in [(2, 3), (2, 1), (3, 1), (1, 0)] {
        let mut changed = later.clone();
        (changed["version"], changed["edition"]) = (json!(version), json!(edition));
        assert!(!trust_schema.is_valid(&changed), "{version} {edition}");
    }
    let pack_schema = schema("pack");
    for name in ["pack-2.pack", "pack-3.pack"] {
        let bytes = read(name);
        let file = PackFile::read(&bytes[..]).unwrap();
        let mut manifest: Value = serde_json::from_slice(file.manifest_bytes()).unwrap();
        assert!(pack_schema.is_valid(&manifest), "{name}: {}", faults(&pack_schema, &manifest));
        manifest["version"] = json!(5 - manifest["version"].as_u64().unwrap());
        assert!(!pack_schema.is_valid(&manifest), "{name}");
    }
    let dossier_schema = schema("dossier");
    let report_schema = schema("verification-report");
    for (name, snapshot) in
        [("dossier-1.tasdiq", "trust-1.json"), ("dossier-2.tasdiq", "trust-3.json")]
    {
        let bytes = read(name);
        let dossier = serde_json::from_slice(&bytes).unwrap();
        assert!(dossier_schema.is_valid(&dossier), "{}", faults(&dossier_schema, &dossier));
        let mut trust = Trust::open(&read(snapshot), None).unwrap();
        if name == "dossier-2.tasdiq" {
            trust = tasdiq::dossier::dossier_trust(&bytes, None).unwrap();
        }
        let now = trust.issued_at;
        let report = verify(Evidence::Dossier(&bytes), &trust, None, now, Policy::Shop);
        let report = serde_json::to_value(report).unwrap();
        assert!(report_schema.is_valid(&report), "{}", faults(&report_schema, &report));
    }
    let bytes = read("pack-3.pack");
    let trust = Trust::open(PackFile::read(&bytes[..]).unwrap().trust_bytes(), None).unwrap();
    let pack = Pack::open(&bytes[..], &trust).unwrap();
    let recalled =
        verify(Evidence::Code("coop/L1"), &trust, Some(&pack), trust.issued_at, Policy::Shop);
    let report = serde_json::to_value(recalled).unwrap();
    assert!(report["fitness"]["now"]["contact"].is_object(), "{report}");
    assert!(report_schema.is_valid(&report), "{}", faults(&report_schema, &report));
}

#[test]
fn consignments_are_what_their_schema_says() {
    use crate::consignment::stage::{SALT, Stage, buyer, opening};
    let mut stage = Stage::exported();
    let bytes = stage.consignment(&stage.ship);
    let opened = tasdiq::consignment::with_openings(&bytes, &opening(SALT, &buyer())).unwrap();
    stage.goods.change("registrar", "coop/F1", tasdiq::statement::StatusAction::Hold).unwrap();
    let (held, inland) = (stage.consignment(&stage.ship), stage.consignment(&stage.inland));
    let schema = schema("consignment");
    for bytes in [&bytes, &opened, &held, &inland] {
        let file: Value = serde_json::from_slice(bytes).unwrap();
        assert!(schema.is_valid(&file), "{}", faults(&schema, &file));
        let mut more = file.clone();
        more["more"] = json!(1);
        assert!(!schema.is_valid(&more));
    }
}

/// Of the files for any reader each that has its form keeps to the schema, whatever else is wrong
/// with it, and no other does; nor does one with a member more or less.
#[test]
fn files_for_any_reader_keep_to_their_schemas() {
    const FORM: &str = "FORMAT_FAILURE";
    for (folder, name) in
        [("dossier", "dossier"), ("trace", "trace-dossier"), ("consignment", "consignment")]
    {
        let schema = schema(name);
        let mut kept = 0;
        for case in crate::kept::read(folder) {
            let path = crate::kept::folder(folder).join(case["file"].as_str().unwrap());
            let read = serde_json::from_slice(&std::fs::read(path).unwrap());
            let malformed = case["expect"]["shop"]["subIndication"] == FORM;
            let Ok::<Value, _>(mut file) = read else {
                assert!(malformed, "{}", case["name"]);
                continue;
            };
            // Of a member that stands twice this reader keeps one.
            if malformed {
                assert!(case["name"] == "duplicate-key" || !schema.is_valid(&file));
                continue;
            }
            assert!(schema.is_valid(&file), "{}: {}", case["name"], faults(&schema, &file));
            kept += 1;
            let members: Vec<String> = file.as_object().unwrap().keys().cloned().collect();
            for member in members.iter().filter(|one| !["goods", "openings"].contains(&&***one)) {
                let mut short = file.clone();
                short.as_object_mut().unwrap().remove(member).unwrap();
                assert!(!schema.is_valid(&short), "{folder} without {member}");
            }
            file["manifest"]["more"] = json!(1);
            assert!(!schema.is_valid(&file));
        }
        assert!(kept >= 10, "{folder}: {kept}");
    }
}

/// A dossier of a lot whose goods are followed names their hash too.
#[test]
fn dossiers_of_traced_lots_keep_to_their_schema() {
    let mut stage = crate::consignment::stage::Stage::exported();
    let world = std::mem::replace(&mut stage.goods.world, World::founded());
    let dossier = crate::dossier::story::Story::over(world).dossier(0);
    let file: Value = serde_json::from_slice(&dossier).unwrap();
    assert!(file["goods"].is_object() && file["manifest"]["members"]["goods"].is_string());
    let schema = schema("dossier");
    assert!(schema.is_valid(&file), "{}", faults(&schema, &file));
}

#[test]
fn what_a_pack_says_of_a_hold_that_ends_is_read_again() {
    let world = newest();
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let file = world.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    let lot = "coop/L1".parse().unwrap();
    let record = pack.lot(&lot).unwrap();
    let event = &world.register.lot(&lot).unwrap().record.events[0];
    assert_eq!(event.ends, Some(event.mark.logged_at.plus_seconds(30 * 86_400)));
    assert_eq!(&record.events[0], event);
    let written = serde_json::to_value(event).unwrap();
    let dossier: Value = serde_json::from_slice(
        &std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/dossier.schema.json"))
            .unwrap(),
    )
    .unwrap();
    let event = json!({"$ref": "#/$defs/event", "$defs": dossier["$defs"]});
    let schema = jsonschema::validator_for(&event).unwrap();
    assert!(schema.is_valid(&written), "{}", faults(&schema, &written));
}
