//! Golden vectors of statements, named by their fault, for this code and any other reader.
//! Made here and compared with `tests/vectors/statement/`, which `TASDIQ_BLESS=1` writes. The keys
//! are for nothing else. Format: docs/FORMAT.md section 1.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tasdiq::names::PartySlug;
use tasdiq::seal::{Signer as _, SoftKey, public_key, seal, verify_proof};
use tasdiq::statement::{
    Claim, Domain, Draft, Statement, canonical_bytes, multikey, parse_multikey,
};

use crate::kept::kept;
use good::{domain, slug, time};

mod good;
mod of_bytes;
mod of_claims;
mod of_edition1;
mod of_event_faults;
mod of_events;
mod of_goods;
mod of_goods_faults;
mod of_keys;
mod register;
mod renewals;
mod sidecars;

const HOST: &str = "tasdiq.example";
const CREATED: &str = "2026-11-23T14:04:15Z";

/// Who signs, with which key.
#[derive(Clone, Copy)]
enum By {
    Registrar,
    Service,
    Certifier,
    Cooperative,
    NextRoot,
}

/// A statement before it is signed.
#[derive(Clone)]
struct Unsigned {
    value: Value,
    by: By,
}

/// What a reader receives.
enum Bytes {
    Whole(Vec<u8>),
    /// `before` and `after`, each so many times: for what is too large to write down.
    Repeated(&'static str, &'static str, usize),
}

struct Case {
    name: &'static str,
    expect: &'static str,
    public: [u8; 32],
    bytes: Bytes,
}

impl By {
    fn key(self) -> SoftKey {
        SoftKey::from_secret(&[61 + self as u8; 32])
    }

    fn party(self) -> PartySlug {
        slug(match self {
            Self::Registrar | Self::Service | Self::NextRoot => "authority",
            Self::Certifier => "certificateur-fictif",
            Self::Cooperative => "cooperative-fictive",
        })
    }

    fn method(self) -> String {
        let fragment = match self {
            Self::Registrar => "registrar-1",
            Self::Service => "service-1",
            Self::NextRoot => "root-2",
            Self::Certifier | Self::Cooperative => "key-1",
        };
        format!("{}#{fragment}", domain().did(&self.party()))
    }
}

impl Unsigned {
    fn sealed(&self) -> Vec<u8> {
        seal(&self.value, &self.by.method(), time(CREATED), &self.by.key()).unwrap()
    }

    /// The signed statement as JSON, to be spoilt.
    fn signed(&self) -> Value {
        serde_json::from_slice(&self.sealed()).unwrap()
    }

    fn case(&self, name: &'static str, expect: &'static str) -> Case {
        self.bytes(name, expect, self.sealed())
    }

    fn bytes(&self, name: &'static str, expect: &'static str, bytes: Vec<u8>) -> Case {
        Case { name, expect, public: self.by.key().public(), bytes: Bytes::Whole(bytes) }
    }

    /// One member changed before signing; `at` is a JSON pointer.
    fn with(&self, name: &'static str, expect: &'static str, at: &str, value: Value) -> Case {
        let mut changed = self.clone();
        set(&mut changed.value, at, value);
        changed.case(name, expect)
    }

    /// One member changed after signing.
    fn spoilt(&self, name: &'static str, expect: &'static str, at: &str, value: Value) -> Case {
        let mut signed = self.signed();
        set(&mut signed, at, value);
        self.bytes(name, expect, canonical_bytes(&signed))
    }
}

/// Sets or, with null, removes the member at a JSON pointer.
fn set(document: &mut Value, at: &str, value: Value) {
    let (parent, member) = at.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(member).unwrap();
    } else {
        assert_ne!(parent.insert(member.to_owned(), value.clone()), Some(value), "{at}");
    }
}

/// A case as its file has it.
fn written(case: &Case) -> Value {
    let mut value = json!({
        "name": case.name,
        "host": HOST,
        "publicKey": multikey(&case.public),
        "expect": case.expect,
    });
    match &case.bytes {
        Bytes::Whole(bytes) => {
            value["bytes"] = json!(BASE64_STANDARD.encode(bytes));
            let statement = Statement::parse(bytes, &domain()).ok();
            if let Some(id) =
                statement.and_then(|it| it.credential.content_id).filter(|_| case.expect == "ok")
            {
                value["contentId"] = json!(id);
            }
        }
        Bytes::Repeated(before, after, count) => {
            value["repeat"] = json!({"before": before, "after": after, "count": count});
        }
    }
    value
}

/// The bytes that a case stands for.
pub fn bytes_of(case: &Value) -> Vec<u8> {
    if let Some(bytes) = case["bytes"].as_str() {
        return BASE64_STANDARD.decode(bytes).unwrap();
    }
    let repeat = &case["repeat"];
    let count = usize::try_from(repeat["count"].as_u64().unwrap()).unwrap();
    let part = |name: &str| repeat[name].as_str().unwrap().repeat(count);
    (part("before") + &part("after")).into_bytes()
}

/// The cases of statements: of the first editions, and of goods.
pub fn statements() -> impl Iterator<Item = Value> {
    ["statement/first", "statement/goods"].into_iter().flat_map(crate::kept::read)
}

/// What this code says of a case.
fn outcome(case: &Value) -> &'static str {
    let domain = Domain::parse(case["host"].as_str().unwrap()).unwrap();
    let statement = match Statement::parse(&bytes_of(case), &domain) {
        Ok(statement) => statement,
        Err(error) => return error.code(),
    };
    let key = parse_multikey(case["publicKey"].as_str().unwrap()).unwrap();
    if case
        .get("contentId")
        .is_some_and(|id| Some(id.as_str().unwrap()) != statement.content_id.as_deref())
    {
        return "content_id";
    }
    verify_proof(&statement, &public_key(&key).unwrap())
        .map_or_else(|error| error.code(), |()| "ok")
}

#[test]
fn statement_vectors_hold() {
    let groups = [
        good::goods(),
        of_bytes::of_bytes(),
        of_bytes::of_proof(),
        of_claims::of_envelope(),
        of_claims::of_lots(),
        of_claims::of_certificates(),
        of_claims::of_parties(),
        of_claims::of_status(),
        of_keys::of_keys(),
        of_edition1::goods(),
        of_edition1::faults(),
    ];
    compared("statement/first", groups.iter().flatten(), outcome);
}

#[test]
fn vectors_of_goods_hold() {
    let groups = [
        of_goods::goods(),
        of_goods_faults::faults(),
        of_events::goods(),
        of_event_faults::faults(),
    ];
    compared("statement/goods", groups.iter().flatten(), outcome);
}

/// What is read of an event says all that was written.
#[test]
fn events_are_written_as_they_were_read() {
    for case in of_events::goods() {
        let Bytes::Whole(bytes) = &case.bytes else { unreachable!() };
        let (domain, statement) = (domain(), Statement::parse(bytes, &domain()).unwrap());
        let Claim::Event(event) = &statement.claim else { panic!("{}", case.name) };
        let draft = Draft {
            domain: &domain,
            id: String::new(),
            issuer: &statement.issuer,
            issuer_name: &statement.issuer_name,
            valid_from: statement.valid_from,
            valid_until: None,
        };
        let mut again = event.draft(&draft);
        // Titles are free.
        again["name"] = json!(statement.name);
        assert_eq!(canonical_bytes(&again), statement.document_bytes(), "{}", case.name);
    }
}

/// The format shows a subject of each new type and kind; the vectors' own.
#[test]
fn the_examples_of_goods_in_the_format_are_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMAT.md");
    let format = std::fs::read_to_string(path).unwrap().replace(",\n", ",");
    for (name, unsigned) in of_goods::types().into_iter().chain(of_events::kinds()) {
        let subject = match &unsigned.value["credentialSubject"] {
            // Of a certificate what is ours.
            subject if subject["operatorCertificate"].is_object() => {
                &subject["operatorCertificate"]
            }
            subject => subject,
        };
        let bytes = String::from_utf8(canonical_bytes(subject)).unwrap();
        assert!(format.contains(&bytes), "{name}: {bytes}");
    }
}

/// The cases are those of the folder, and come out as each says.
fn compared<'a>(
    folder: &str,
    cases: impl IntoIterator<Item = &'a Case>,
    outcome: impl Fn(&Value) -> &'static str,
) {
    let made: Vec<Value> = cases.into_iter().map(written).collect();
    let read = kept(folder, &made);
    let wrong: Vec<String> = read
        .iter()
        .map(|case| (case, outcome(case)))
        .filter(|(case, found)| case["expect"] != *found)
        .map(|(case, found)| format!("{}: {found}, not {}", case["name"], case["expect"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
