//! One piece of evidence, every door: what the command says of it from files, the inspection page,
//! the API and the scan page say too, and it is what `tests/vectors/evidence` keeps, which
//! `TASDIQ_BLESS=1` writes anew. The keys are for nothing else. Format: docs/FORMAT.md section 7.

mod cases;
mod desk;
mod files;

use std::collections::BTreeSet;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use tasdiq::statement::Timestamp;

use crate::kept;
use crate::pages::parts;
use tasdiq::seal::Signer as _;

use crate::world::{HOST, key};
use cases::{Case, Given, Input};
use desk::{Desk, NOW};

const SUB_INDICATIONS: [&str; 16] = [
    "FORMAT_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "HASH_FAILURE",
    "REVOKED",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "NO_POE",
    "TRY_LATER",
    "LOG_PROOF_FAILURE",
    "AUTHORITY_FAILURE",
    "KEY_SUSPECT",
    "WITNESS_QUORUM_MISSING",
    "STATUS_STALE",
    "TRUST_FAILURE",
    "ROOT_NOT_PINNED",
    "LABEL_UNSIGNED",
    "SERIAL_NOT_ISSUED",
];

/// What an inspector has, in a folder.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn of(desk: &Desk) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("trust"), &desk.trust).unwrap();
        std::fs::write(folder.path().join("pack"), &desk.pack).unwrap();
        Self { folder }
    }

    /// The reports of the command, in the order of the input.
    fn command(&self, case: &Case) -> Vec<Value> {
        let at = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(crate::program::TASDIQ);
        command.env_clear().args(["verify", "--offline", "--json", "--policy", case.policy]);
        if case.given != Given::Nothing {
            command.arg("--trust").arg(at("trust"));
        }
        if !matches!(case.given, Given::Nothing | Given::NoPack) {
            command.arg("--pack").arg(at("pack"));
        }
        if case.given == Given::Stranger {
            command.args(["--root", &tasdiq::statement::multikey(&key(77).public())]);
        }
        let late = Timestamp::parse(NOW).unwrap().plus_seconds(60 * 86_400).to_string();
        command.args(["--at", if case.given == Given::Late { &late } else { NOW }]);
        match &case.input {
            Input::Code(text) => command.arg(text),
            Input::File(bytes) => {
                std::fs::write(at("input"), bytes).unwrap();
                command.arg(at("input"))
            }
            Input::Proof { leaf, file } => {
                std::fs::write(at("leaf"), leaf).unwrap();
                std::fs::write(at("input"), file).unwrap();
                command.arg("--leaf").arg(at("leaf")).arg(at("input"))
            }
        };
        let output = command.output().unwrap();
        let told = serde_json::from_slice(&output.stdout).expect(&case.name);
        let reports = match told {
            Value::Array(all) => all,
            one => vec![one],
        };
        let worst = reports.iter().map(exit).min_by_key(|code| rank(*code));
        assert_eq!(
            output.status.code(),
            worst.map(|code| i32::try_from(code).unwrap()),
            "{}",
            case.name
        );
        reports
    }
}

fn exit(report: &Value) -> u64 {
    report["exitCode"].as_u64().unwrap()
}

fn rank(exit: u64) -> usize {
    [1, 2, 3, 4, 0].iter().position(|code| *code == exit).unwrap()
}

/// The reports of the inspection page; None if it refused the whole.
fn inspected(desk: &Desk, case: &Case) -> Option<Vec<Value>> {
    let policy = ("policy", "", case.policy.as_bytes());
    let mut fields = vec![policy, ("format", "", &b"json"[..])];
    match &case.input {
        Input::Code(text) => fields.push(("codes", "", text.as_bytes())),
        Input::File(bytes) => fields.push(("file", "x", bytes)),
        Input::Proof { leaf, file } => {
            fields.extend([("file", "x", file.as_bytes()), ("file", "y", leaf)]);
        }
    }
    let (kind, body) = parts(&fields);
    let answer = desk.app.post("/inspect", &kind, &body);
    let (status, text) = (answer.status, answer.text());
    assert!(matches!(status, 200 | 422), "{}: {status} {text}", case.name);
    (status == 200).then(|| answer.json()["reports"].as_array().unwrap().clone())
}

/// The reports of the API.
fn asked(desk: &Desk, case: &Case) -> Vec<Value> {
    let text = match &case.input {
        Input::Code(text) => text.clone(),
        Input::File(bytes) => String::from_utf8(bytes.clone()).unwrap(),
        Input::Proof { .. } => unreachable!("it takes two files"),
    };
    let answer =
        desk.app.post_json("/api/v1/verify", &json!({"inputs": [text], "policy": case.policy}));
    assert_eq!(answer.status, 200, "{}: {}", case.name, answer.text());
    answer.json()["reports"].as_array().unwrap().clone()
}

/// What must be the same at every door: all but the words, the instant and where it stood; `row` if
/// a form takes it for a row of a list, which leaves out less.
fn facts(report: &Value, row: bool) -> Value {
    if exit(report) == 2 {
        return json!({"exitCode": 2});
    }
    let mut facts = report.clone();
    let members = facts.as_object_mut().unwrap();
    members.remove("place");
    members.remove("subject");
    if row {
        members.remove("reading");
    }
    for check in members["checks"].as_array_mut().into_iter().flatten() {
        check
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !["evidence", "dataAgeSeconds"].contains(&name.as_str()));
    }
    facts
}

/// What is kept of a report.
fn kept(report: &Value) -> Value {
    let mut kept = Map::new();
    let mut put = |name: &str, value: &Value| {
        if !value.is_null() && *value != json!([]) {
            kept.insert(name.to_owned(), value.clone());
        }
    };
    put("exitCode", &report["exitCode"]);
    if exit(report) != 2 {
        put("indication", &report["authenticity"]["indication"]);
        put("subIndication", &report["authenticity"]["subIndication"]);
        put("lot", &report["claims"]["lot"]);
        put("certificate", &report["fitness"]["now"]["certificate"]);
        put("lotStatus", &report["fitness"]["now"]["lot"]);
        put("item", &report["item"]);
        let bad = |check: &&Value| check["result"] == "fail";
        let failed = report["checks"].as_array().into_iter().flatten().filter(bad);
        put("failed", &failed.map(|check| check["check"].clone()).collect());
        put("foreignHost", &report["reading"]["foreignHost"]);
        put("leftOut", &report["reading"]["leftOut"]);
    }
    put("line", &report["place"]["line"]);
    Value::Object(kept)
}

/// The doors a case can come by; where one gave other reports than the command, that is told.
fn at_every_door(
    desk: &Desk,
    case: &Case,
    command: &[Value],
    faults: &mut Vec<String>,
) -> Vec<&'static str> {
    let mut doors = vec!["command"];
    match case.given {
        Given::Both => {}
        Given::Service => doors.clear(),
        _ => return doors,
    }
    let row =
        matches!(&case.input, Input::Code(text) if text.trim().contains([';', ',', '\t', '|']));
    let facts = |report: &Value| facts(report, row);
    let wanted: Vec<Value> = command.iter().map(facts).collect();
    let mut compare = |door: &str, reports: &[Value]| {
        let found: Vec<Value> = reports.iter().map(facts).collect();
        if found != wanted {
            let both = found.iter().zip(&wanted).find(|(one, other)| one != other);
            let counts = (found.len(), wanted.len());
            faults.push(format!("{} by {door} {counts:?}: {}", case.name, difference(both)));
        }
    };
    let lines = matches!(&case.input, Input::Code(text) if text.contains(['\n', '\r', '\t']));
    if !lines {
        match inspected(desk, case) {
            Some(reports) => compare("inspect", &reports),
            // A file that cannot be read is told as a whole.
            None => compare("inspect", &vec![json!({"exitCode": 2}); command.len()]),
        }
        doors.push("inspect");
    }
    let text = match &case.input {
        Input::Code(text) => Some(text.clone()),
        Input::File(bytes) => String::from_utf8(bytes.clone()).ok(),
        Input::Proof { .. } => None,
    };
    let is_list = case.name.starts_with("list") || command.len() > 1;
    if let Some(text) = text.filter(|text| !is_list && !text.is_empty()) {
        compare("api", &asked(desk, case));
        doors.push("api");
        if case.page {
            let path = text.get(format!("https://{HOST}").len()..).unwrap();
            let answer = desk.app.get_as(path, "application/json");
            match answer.status {
                200 | 404 if answer.kind == "application/json" => compare("page", &[answer.json()]),
                _ => compare("page", &[json!({"exitCode": 2})]),
            }
            doors.push("page");
        }
    }
    doors
}

/// The members in which two reports differ.
fn difference(both: Option<(&Value, &Value)>) -> String {
    let Some((one, other)) = both else { return String::new() };
    let names: BTreeSet<&String> =
        [one, other].into_iter().flat_map(|value| value.as_object().unwrap().keys()).collect();
    let differing = names.into_iter().filter(|name| one[*name] != other[*name]);
    let shown = differing.map(|name| match (&one[name], &other[name]) {
        (Value::Array(these), Value::Array(those)) if these.len() == those.len() => {
            let pairs = these.iter().zip(those).filter(|(this, that)| this != that);
            pairs.map(|(this, that)| format!("{this} not {that}")).collect::<Vec<_>>().join(", ")
        }
        (this, that) => format!("{name} {this} not {that}"),
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn record(case: &Case, reports: &[Value], doors: &[&str]) -> Value {
    let mut record = json!({
        "name": case.name,
        "host": HOST,
        "now": NOW,
        "trust": "trust.snapshot",
        "policy": case.policy,
        "given": format!("{:?}", case.given).to_lowercase(),
        "doors": doors,
        "expect": reports.iter().map(kept).collect::<Vec<_>>(),
    });
    match &case.input {
        Input::Code(text) => record["code"] = json!(text),
        Input::File(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => record["text"] = json!(text),
            Err(_) => record["bytes"] = json!(BASE64_STANDARD.encode(bytes)),
        },
        Input::Proof { leaf, file } => {
            record["text"] = json!(file);
            record["leaf"] = json!(String::from_utf8(leaf.clone()).unwrap());
        }
    }
    record
}

#[test]
fn every_door_says_the_same_and_what_is_kept() {
    let desk = Desk::new();
    let files = Files::of(&desk);
    let cases = cases::all(&desk);
    let mut records = Vec::new();
    let (mut met, mut faults) = (BTreeSet::new(), Vec::new());
    for case in &cases {
        let reports = match case.given {
            Given::Service => asked(&desk, case),
            _ => files.command(case),
        };
        let doors = at_every_door(&desk, case, &reports, &mut faults);
        let subs = reports.iter().filter_map(|one| one["authenticity"]["subIndication"].as_str());
        met.extend(subs.map(str::to_owned));
        records.push(record(case, &reports, &doors));
    }
    let green = |record: &&Value| {
        record["expect"].as_array().unwrap().iter().all(|one| one["exitCode"] == 0)
    };
    let not_green = records.len() - records.iter().filter(green).count();
    println!("{} cases, {not_green} not green, met {met:?}", records.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for sub in SUB_INDICATIONS {
        assert!(met.contains(sub), "no case ends in {sub}");
    }
    assert!(records.len() >= 200 && not_green >= 60);
    kept::kept("evidence", &records);
    kept::file("evidence/trust.snapshot", &desk.trust);
    kept::file("evidence/status.pack", &desk.pack);
}
