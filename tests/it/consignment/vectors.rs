//! Consignments for any reader, in `tests/vectors/consignment`: to a buyer abroad in a pallet, to a
//! shop that answers, taken back, held, with openings and extracts; and what a service, or whoever
//! hands the file on, can do to them. Each with the verdict that every reader must come to.

use serde_json::{Value, json};
use tasdiq::consignment::with_openings;
use tasdiq::statement::{
    CertificateExtract, EventKind, Packing, StatusAction, Timestamp, Undone, canonical_bytes,
};
use tasdiq::trust::Trust;
use tasdiq::verify::{Policy, judge_consignment};

use super::stage::{self, Stage, buyer, note, opening};
use super::value;
use crate::dossier::story::keep_lists;
use crate::edition2::lines;
use crate::kept;

const FOLDER: &str = "consignment";

/// Exit code and sub-indication that are meant.
type Meant = (u8, Option<&'static str>);

const GOOD: Meant = (0, None);
const UNFIT: Meant = (4, None);
const OTHER: Meant = (1, Some("HASH_FAILURE"));

/// What the files are judged under: the oldest snapshot, since each file brings its own.
struct Kept {
    trust: Trust,
    cases: Vec<Value>,
}

impl Kept {
    fn new(stage: &Stage) -> Self {
        let file = stage.goods.world.trust_file();
        kept::file(&format!("{FOLDER}/trust.snapshot"), &file);
        Self { trust: Trust::open(&file, None).unwrap(), cases: vec![] }
    }

    fn put(&mut self, stage: &Stage, case: (&str, &str), bytes: &[u8], meant: Meant) {
        self.put_at(stage.goods.world.now.plus_seconds(60), case, bytes, [meant; 3]);
    }

    fn put_at(
        &mut self,
        at: Timestamp,
        (name, says): (&str, &str),
        bytes: &[u8],
        meant: [Meant; 3],
    ) {
        let mut expect = serde_json::Map::new();
        for (policy, meant) in Policy::ALL.into_iter().zip(meant) {
            let report = judge_consignment(bytes, &self.trust, None, at, policy).report;
            let why = json!(report.report.authenticity.sub_indication);
            let found = (report.exit_code, why.as_str());
            assert_eq!(found, meant, "{name} {policy:?}: {:#?}", report.report.checks);
            let codes: Vec<u8> = report.certificates.iter().map(|one| one.exit_code).collect();
            let sent = report.lots.iter().map(|lot| (lot.lot.to_string(), json!(lot.sent)));
            let verdict = json!({
                "exitCode": report.exit_code, "subIndication": why, "certificates": codes,
                "state": report.state, "sent": sent.collect::<serde_json::Map<_, _>>(),
            });
            expect.insert(policy.name().to_owned(), verdict);
        }
        let file = format!("{name}.tasdiq");
        kept::file(&format!("{FOLDER}/{file}"), bytes);
        self.cases.push(json!({
            "name": name, "says": says, "file": file, "trust": "trust.snapshot",
            "root": self.trust.root, "at": at, "expect": expect,
        }));
    }
}

/// The place of an entry in a file.
fn place(file: &Value, index: &Value) -> usize {
    let entries = file["entries"].as_array().unwrap();
    entries.iter().position(|entry| entry["leaf"]["index"] == *index).unwrap()
}

fn insert(stage: &Stage, file: &mut Value, index: u64) {
    let entries = file["entries"].as_array_mut().unwrap();
    entries.push(stage.entry(index));
    entries.sort_by_key(|entry| entry["leaf"]["index"].as_u64());
}

/// What a service can do that signs whatever it likes.
fn by_the_service(kept: &mut Kept, stage: &Stage, other_packing: u64) {
    let file = value(&stage.consignment(&stage.ship));
    let other = value(&stage.consignment(&stage.inland));
    let mut put = |case: (&str, &str), meant, change: &dyn Fn(&mut Value)| {
        let mut changed = file.clone();
        change(&mut changed);
        kept.put(stage, case, &stage.signed_again(changed), meant);
    };
    let sum = ("quantity-stated", "more is said to be sent than the signed lines and units hold");
    put(sum, OTHER, &|file| file["lots"][0]["sent"] = json!(130_001));
    let leaf = ("quantity-changed", "a signed quantity is another: its leaf is not in the log");
    put(leaf, (1, Some("LOG_PROOF_FAILURE")), &|file| {
        let at = place(file, &file["manifest"]["places"]["shipment"]);
        let quantity = "/leaf/statement/credentialSubject/lots/0/quantity";
        *file["entries"][at].pointer_mut(quantity).unwrap() = json!(1);
    });
    put(("lot-dropped", "one of the lots shipped is not told"), OTHER, &|file| {
        file["lots"].as_array_mut().unwrap().remove(2);
    });
    put(("event-dropped", "what packed the carton is left out"), OTHER, &|file| {
        let index = file["manifest"]["places"]["packings"].as_array_mut().unwrap().remove(0);
        let at = place(file, &index);
        file["entries"].as_array_mut().unwrap().remove(at);
    });
    let swapped = ("event-swapped", "a genuine packing of another unit stands in place of one");
    put(swapped, OTHER, &|file| {
        let index = file["manifest"]["places"]["packings"][0].clone();
        let at = place(file, &index);
        file["entries"].as_array_mut().unwrap().remove(at);
        insert(stage, file, other_packing);
        file["manifest"]["places"]["packings"][0] = json!(other_packing);
        let packings = file["manifest"]["places"]["packings"].as_array_mut().unwrap();
        packings.sort_by_key(Value::as_u64);
    });
    let shipment = ("shipment-of-another", "another genuine shipment is named in its place");
    put(shipment, OTHER, &|file| {
        file["manifest"]["places"]["shipment"] = other["manifest"]["places"]["shipment"].clone();
    });
    put(("record-changed", "a lot is said to be of another region"), OTHER, &|file| {
        file["lots"][0]["record"]["region"] = json!("MA-07");
    });
    put(
        ("received-unsigned", "goods are said to be accepted, and nobody signed"),
        OTHER,
        &|file| {
            file["lots"][0]["accepted"] = json!(130_000);
        },
    );
    put(("voided-unsigned", "it is said to be taken back, and nobody did"), OTHER, &|file| {
        file["shipment"]["state"] = json!("undone");
    });
    put(("certificate-of-another", "a certificate is said to be of another lot"), OTHER, &|file| {
        file["certificateRecords"][0]["lot"] = json!("coop/F2");
    });
}

/// What whoever hands it on can do.
fn by_the_bearer(kept: &mut Kept, stage: &Stage, opened: &[u8]) {
    let good = stage.consignment(&stage.ship);
    let mut put = |case: (&str, &str), meant, change: &dyn Fn(&mut Value)| {
        let mut file = value(&good);
        change(&mut file);
        kept.put(stage, case, &canonical_bytes(&file), meant);
    };
    put(("entry-removed", "an entry is gone, and the manifest names it"), OTHER, &|file| {
        file["entries"].as_array_mut().unwrap().pop();
    });
    let other = value(&stage.consignment(&stage.inland));
    put(("lots-of-another", "the lots are those of another shipment"), OTHER, &|file| {
        file["lots"] = other["lots"].clone();
    });
    let empty = ("openings-empty", "an optional member is written out empty: a second spelling");
    put(empty, (1, Some("FORMAT_FAILURE")), &|file| file["openings"] = json!([]));
    let mut forged = value(opened);
    for one in forged["openings"].as_array_mut().unwrap() {
        if one["opening"]["name"].is_string() {
            one["opening"]["name"] = json!("Un autre (fictif)");
        }
    }
    let other = ("opening-forged", "an opening is not what the commitment is over");
    kept.put(stage, other, &canonical_bytes(&forged), OTHER);
    let cut = ("cut-in-half", "its second half is gone");
    kept.put(stage, cut, &good[..good.len() / 2], (2, Some("FORMAT_FAILURE")));
}

/// An older list, of before the withdrawal, with its genuine proof; the service signs it.
fn with_older_list(stage: &Stage, before: &Value, after: &[u8]) -> Vec<u8> {
    let mut older = value(after);
    let list = |file: &Value| file["manifest"]["places"]["lists"]["revocation-0"].clone();
    let (old, new) = (list(before), list(&older));
    let at = place(&older, &new);
    older["entries"].as_array_mut().unwrap().remove(at);
    insert(stage, &mut older, old.as_u64().unwrap());
    older["manifest"]["places"]["lists"]["revocation-0"] = old;
    stage.signed_again(older)
}

fn begun() -> (Stage, u64) {
    let mut stage = Stage::exported();
    for (certificate, quantity) in [(1, 20_000), (0, 60_000)] {
        let lot = stage.goods.world.register.certificate(certificate).unwrap().record.lot;
        let consignment = stage.ship.clone();
        let claim = CertificateExtract { certificate, consignment, lot, quantity };
        stage.goods.say("coop", |draft| claim.draft(draft)).unwrap();
    }
    let what =
        Packing { unit: stage::unit("SACK"), lots: lines(&[("coop/F2", 100)]), units: vec![] };
    let other = stage.goods.event_as("coop", EventKind::Pack(what)).unwrap();
    keep_lists(&mut stage.goods.world);
    (stage, other)
}

#[test]
fn consignments_for_any_reader() {
    let (mut stage, other) = begun();
    let mut kept = Kept::new(&stage);
    let ship = stage.ship.clone();
    let bytes = stage.consignment(&ship);
    let abroad = ("abroad", "in a pallet and loose, to a buyer abroad, with parts of certificates");
    kept.put(&stage, abroad, &bytes, GOOD);
    let opened = with_openings(&bytes, &opening(stage::SALT, &buyer())).unwrap();
    let opened = with_openings(&opened, &opening(stage::NOTE_SALT, &note())).unwrap();
    kept.put(&stage, ("opened", "buyer and delivery note are opened"), &opened, GOOD);
    let (stale, at) = ((3, Some("STATUS_STALE")), stage.goods.world.now.plus_seconds(3 * 86_400));
    let old = ("three-days-old", "status of three days ago is enough for a shop alone");
    kept.put_at(at, old, &bytes, [GOOD, stale, stale]);
    by_the_service(&mut kept, &stage, other);
    by_the_bearer(&mut kept, &stage, &opened);
    let inland = stage.inland.clone();
    stage.goods.receive("souk", &inland, &[("coop/F2", 8_000, 1_000, 1_000)]).unwrap();
    let answered = ("answered", "its receiver took most of it, sent some back and misses some");
    kept.put(&stage, answered, &stage.consignment(&inland), GOOD);
    stage.goods.ship("coop", "souk", &[("coop/F2", 3_000)]).unwrap();
    let third = stage.goods.last("coop");
    stage.goods.undo("coop", Undone::Event(third.clone())).unwrap();
    let voided = stage.consignment(&third);
    kept.put(&stage, ("taken-back", "the shipper took it back"), &voided, UNFIT);
    let mut hidden = value(&voided);
    hidden["shipment"]["state"] = json!("waiting");
    hidden["shipment"].as_object_mut().unwrap().remove("voided");
    let told = ("taken-back-hidden", "that it was taken back is not said");
    kept.put(&stage, told, &stage.signed_again(hidden), OTHER);
    let before = value(&stage.consignment(&ship));
    stage.withdraw(0);
    let after = stage.consignment(&ship);
    kept.put(&stage, ("withdrawn", "one certificate was withdrawn"), &after, UNFIT);
    let older = with_older_list(&stage, &before, &after);
    let list = ("older-status-list", "the list is a genuine older one, of before the withdrawal");
    kept.put(&stage, list, &older, (1, None));
    stage.goods.change("inspection", "coop/F1", StatusAction::Hold).unwrap();
    let held = stage.consignment(&ship);
    kept.put(&stage, ("held", "fruit is held, and the oil by descent"), &held, UNFIT);
    let mut other = value(&held);
    other["lots"][2]["goods"]["inherited"]["reason"] = json!("safety");
    let told = ("hold-of-another", "another hold is told than the one that was laid");
    kept.put(&stage, told, &stage.signed_again(other), OTHER);
    kept::kept(FOLDER, &kept.cases);
}
