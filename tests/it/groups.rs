//! Groups of statements that are logged together or not at all: each line judged as if it came
//! alone, what is there already, bounds, refusals that name the line, and what others can do to
//! one. Kills and power cuts: `crash`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tasdiq::ledger::{Ledger, Receipt, SubmitError, intake};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::statement::{KeyChange, KeyEvent, KeyPurpose};
use tasdiq::store::{Fault, FaultyStore, MemoryStore, Store};

use crate::cli::Bench;
use crate::small;
use crate::support::{Answer, COOPERATIVE, Key, TestApp, lot_request};

const ATOMIC: &str = "/api/v1/statements?atomic=true";
const NDJSON: &str = "application/x-ndjson";

fn group(app: &TestApp, lines: &[Vec<u8>]) -> Answer {
    app.post(ATOMIC, NDJSON, &lines.join(&b'\n'))
}

fn size(app: &TestApp) -> u64 {
    app.ledger.view().size
}

/// Refused whole: code and line are told, and nothing is in the log that was not.
fn refused(app: &TestApp, lines: &[Vec<u8>], status: u16, code: &str, line: usize) {
    let before = size(app);
    let answer = group(app, lines);
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text());
    let problem = answer.json();
    assert_eq!(problem["line"], line, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with(&format!("line {line}: ")), "{detail}");
    assert!(detail.ends_with("; nothing of the group was logged"), "{detail}");
    assert_eq!(size(app), before, "{code}");
}

/// Index, whether it was there, and tree size of each line.
fn places(answer: &Answer) -> Vec<(u64, bool, u64)> {
    assert_eq!((answer.status, answer.kind.as_str()), (200, NDJSON), "{}", answer.text());
    let place = |line: &Value| {
        let receipt = &line["receipt"];
        let duplicate = receipt["duplicate"].as_bool().unwrap();
        assert_eq!(line["status"], if duplicate { 200 } else { 201 });
        let (index, size) = (&receipt["index"], &receipt["treeSize"]);
        (index.as_u64().unwrap(), duplicate, size.as_u64().unwrap())
    };
    answer.lines().iter().map(place).collect()
}

fn key_of(app: &TestApp, party: &str) -> (Key, Vec<u8>) {
    let domain = app.domain();
    let party = PartySlug::parse(party).unwrap();
    let key = Key::fresh(format!("{}#key-1", domain.did(&party)));
    let public = tasdiq::seal::Signer::public(&key.secret);
    let event = KeyEvent::Added(crate::world::new_key(public, KeyPurpose::Assertion));
    let authority = PartySlug::authority();
    let draft = app.draft(&domain, &format!("statements/key-of-{party}"), &authority, now());
    let change = KeyChange { party, verification_method: key.method.clone(), event };
    let signed = app.registrar.sign(&change.draft(&draft));
    (key, signed)
}

#[test]
fn all_or_nothing_and_the_line_is_named() {
    let (app, cooperative, _) = TestApp::with_parties();
    let lot = |number: &str| cooperative.sign(&app.prepared("lots", lot_request(number)));
    let (one, two, three) = (lot("L-1"), lot("L-2"), lot("L-3"));
    let other = lot("L-1");
    let junk = b"{\"a\":".to_vec();
    refused(&app, &[one.clone(), two.clone(), junk.clone()], 400, "not_json", 3);
    refused(&app, &[one.clone(), vec![], two.clone()], 400, "not_json", 2);
    // The first line that is refused is named, whatever is wrong with those behind it.
    if other != one {
        refused(&app, &[one.clone(), other, junk], 409, "lot_exists", 2);
    }
    let mut forged = two.clone();
    let at = forged.len() - 10;
    forged[at] = if forged[at] == b'2' { b'3' } else { b'2' };
    refused(&app, &[one.clone(), forged, three.clone()], 422, "signature_invalid", 2);
    let before = size(&app);
    let answer = group(&app, &[one.clone(), two.clone(), three]);
    let end = before + 3;
    assert_eq!(places(&answer), [0, 1, 2].map(|n| (before + n, false, end)));
    // A typing error is no other way of being taken in.
    let body = [one, two].join(&b'\n');
    for query in ["atomic=yes", "atomic", "atomc=true"] {
        let answer = app.post(&format!("/api/v1/statements?{query}"), NDJSON, &body);
        assert_eq!((answer.status, answer.code()), (400, "query_form".to_owned()), "{query}");
    }
    let text = app.get("/metrics").text();
    assert!(text.contains("outcome=\"refused\",code=\"group_refused\""), "{text}");
}

#[test]
fn what_is_there_already_fails_nothing() {
    let (app, cooperative, _) = TestApp::with_parties();
    let lot = |number: &str| cooperative.sign(&app.prepared("lots", lot_request(number)));
    let (one, two, three) = (lot("L-1"), lot("L-2"), lot("L-3"));
    let there = app.logged(&one)["index"].as_u64().unwrap();
    let before = size(&app);
    let sent = [two.clone(), one.clone(), three.clone(), two.clone()];
    let end = before + 2;
    let first = group(&app, &sent);
    let expected =
        [(before, false, end), (there, true, end), (before + 1, false, end), (before, true, end)];
    assert_eq!(places(&first), expected);
    // The same group again, and with one line more.
    let again = group(&app, &sent);
    assert!(places(&again).iter().all(|(_, duplicate, _)| *duplicate));
    assert_eq!(size(&app), end);
    let more = group(&app, &[one, two, three, lot("L-4")]);
    assert_eq!(places(&more)[3], (end, false, end + 1));
}

#[test]
fn a_line_is_judged_after_those_before_it() {
    let app = TestApp::start();
    let (key, added) = key_of(&app, "fictional-7");
    let mut request = lot_request("K-1");
    request["producer"] = "fictional-7".into();
    // A declaration by a party that the same group registers, under a key that it adds.
    app.register(COOPERATIVE, tasdiq::statement::Role::Cooperative);
    let mut unsigned = app.prepared("lots", lot_request("K-1"));
    let text = unsigned.to_string().replace(COOPERATIVE, "fictional-7");
    let text = text.replace("Test fictional-7", "Fictional cooperative 7");
    unsigned = serde_json::from_str(&text).unwrap();
    let lot = key.sign(&unsigned);
    let registered = app.registration(7);
    let lines = [registered.clone(), added.clone(), lot.clone()];
    refused(&app, &[lot.clone(), registered.clone(), added.clone()], 422, "unknown_party", 1);
    refused(&app, &[registered.clone(), lot.clone(), added.clone()], 422, "unknown_key", 2);
    let mut other = added.clone();
    other.extend_from_slice(b" ");
    refused(&app, &[registered, added, lot.clone(), other], 422, "not_canonical", 4);
    assert_eq!(places(&group(&app, &lines)).len(), 3);
    // Line by line a good statement waits for nobody; without a group this one came too early.
    assert_eq!(app.submit(&lot).status, 200);
}

#[test]
fn bounds() {
    let (app, cooperative, _) = TestApp::with_parties();
    let lots: Vec<Vec<u8>> = (0..401).map(|number| app.registration(number)).collect();
    let before = size(&app);
    let large = group(&app, &lots);
    assert_eq!((large.status, large.code()), (413, "group_too_large".to_owned()));
    let detail = large.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("401 lines that take 401 rows"), "{detail}");
    assert!(detail.contains("at most 400 lines and 480 rows"), "{detail}");
    let wide = vec![vec![b' '; 59_000]; 61];
    let detail = group(&app, &wide).json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("61 lines that take 488 rows"), "{detail}");
    assert_eq!(app.post(ATOMIC, NDJSON, &vec![b'\n'; 2_000_000]).code(), "group_too_large");
    assert_eq!(size(&app), before);
    // The largest group is one batch: one checkpoint covers it, and none part of it.
    let whole = places(&group(&app, &lots[..400]));
    let end = before + 400;
    let expected: Vec<_> = (before..end).map(|index| (index, false, end)).collect();
    assert_eq!(whole, expected);
    // A share of the day that does not hold a group holds nothing of it, and is not spent.
    app.ledger.set_quota(2);
    let lot = |number: &str| cooperative.sign(&app.prepared("lots", lot_request(number)));
    let three = [lot("Q-1"), lot("Q-2"), lot("Q-3")];
    refused(&app, &three, 429, "quota", 3);
    assert_eq!(places(&group(&app, &three[..2])).len(), 2);
}

#[test]
fn nobody_elses_refusal_touches_a_group_and_none_is_parted() {
    let app = TestApp::start();
    let (good, bad) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let before = size(&app);
    std::thread::scope(|scope| {
        for thread in 0..6_u64 {
            let (app, good, bad) = (&app, &good, &bad);
            scope.spawn(move || {
                for round in 0..8 {
                    let first = 10_000 * (thread + 1) + 100 * round;
                    let mut lines: Vec<_> =
                        (first..first + 90).map(|number| app.registration(number)).collect();
                    match (thread + round) % 3 {
                        // A group whose last line is refused, beside groups and single lines.
                        0 => {
                            lines.push(b"[]".to_vec());
                            assert_eq!(group(app, &lines).json()["line"], 91);
                            bad.fetch_add(1, Ordering::Relaxed);
                        }
                        1 => {
                            let places = places(&group(app, &lines));
                            assert!(places.windows(2).all(|two| two[0].0 + 1 == two[1].0));
                            assert!(places.iter().all(|place| place.2 == places[0].2));
                            good.fetch_add(90, Ordering::Relaxed);
                        }
                        _ => {
                            let all = app.post("/api/v1/statements", NDJSON, &lines.join(&b'\n'));
                            assert!(all.lines().iter().all(|line| line["status"] == 201));
                            good.fetch_add(90, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    assert_eq!(size(&app), before + good.into_inner() as u64);
    assert_eq!(bad.into_inner(), 16);
}

fn whole(ledger: &Ledger, lines: &[Vec<u8>]) -> Vec<Result<Receipt, SubmitError>> {
    let view = ledger.view();
    let read = |line: &Vec<u8>| intake(line, &view.register, now()).unwrap();
    ledger.append_whole_blocking(lines.iter().map(read).collect())
}

#[test]
fn a_store_that_fails_keeps_a_group_whole_or_not_at_all() {
    for fault in [Fault::NotApplied, Fault::LostAtReopen, Fault::Kept, Fault::Full] {
        let founding = small::founding();
        let nth = founding.len() as u64 + 2;
        let store: Arc<dyn Store> = Arc::new(FaultyStore::failing(nth, fault).healing());
        let ledger = small::open(store.clone(), None).unwrap();
        small::found(&ledger, &founding).unwrap();
        let there = small::lot(1);
        let index = small::take(&ledger, &there).unwrap().index;
        let group = [small::lot(2), there, small::lot(3), small::lot(2)];
        let before = ledger.view().size;
        let told = if fault == Fault::Full { "writes_stopped" } else { "may_be_logged" };
        let codes: Vec<_> = whole(&ledger, &group)
            .iter()
            .map(|answer| answer.as_ref().map_or_else(SubmitError::code, |_| "there"))
            .collect();
        assert_eq!(codes, [told, "there", told, told], "{fault:?}");
        let start = std::time::Instant::now();
        while ledger.view().stopped.is_some() {
            assert!(start.elapsed().as_secs() < 20, "{:?}", ledger.view().stopped);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let kept = fault == Fault::Kept;
        assert_eq!(ledger.view().size, before + if kept { 2 } else { 0 }, "{fault:?}");
        let again: Vec<_> = whole(&ledger, &group).into_iter().map(Result::unwrap).collect();
        let places: Vec<_> = again.iter().map(|receipt| receipt.index).collect();
        assert_eq!(places, [before, index, before + 1, before], "{fault:?}");
        assert!(again[1].duplicate && again[3].duplicate && again[0].duplicate == kept);
    }
}

#[test]
fn the_writer_bounds_groups_itself() {
    let ledger = small::open(Arc::new(MemoryStore::new()), None).unwrap();
    small::found(&ledger, &small::founding()).unwrap();
    let lots: Vec<_> = (0..401).map(small::lot).collect();
    let answers = whole(&ledger, &lots);
    assert_eq!(answers[0].as_ref().unwrap_err().code(), "group_too_large");
    assert!(answers[1..].iter().all(|it| it.as_ref().unwrap_err().code() == "group_refused"));
    assert!(whole(&ledger, &lots[1..]).iter().all(Result::is_ok));
    assert!(whole(&ledger, &[]).is_empty());
}

#[test]
fn submitted_near_and_far() {
    let bench = Bench::founded();
    let service = bench.serve();
    let lot = |number: u32| {
        serde_json::json!({ "producer": "coop", "lot": format!("N{number}"), "product": "argane",
            "quantity": 800_000, "packSize": 250, "region": "MA-09", "campaign": "2020",
            "packedOn": "2020-10-30" })
    };
    let asked = serde_json::json!({ "lots": (0..3).map(lot).collect::<Vec<_>>() }).to_string();
    let prepare = ureq::post(format!("{}/api/v1/prepare", service.url));
    let mut answer = prepare.header("content-type", "application/json").send(asked).unwrap();
    let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let unsigned = answer["prepared"].as_array().unwrap().iter();
    let unsigned: Vec<String> = unsigned.map(|row| format!("{}\n", row["unsigned"])).collect();
    bench.write("unsigned.ndjson", &unsigned.concat());
    bench.good("sign unsigned.ndjson --key coop.pem --issuer coop --out good.ndjson");
    let text = bench.read("good.ndjson");
    let mut broken: Vec<&str> = text.lines().collect();
    broken.insert(2, "{}");
    bench.write("broken.ndjson", &broken.join("\n"));
    let size = || bench.json("audit")["size"].as_u64();
    let before = size();
    let (mut told, mut first) = ("entry ", true);
    for at in [String::new(), format!(" --url {}", service.url)] {
        let (code, out, err) = bench.run(&format!("submit broken.ndjson --atomic --yes{at}"));
        assert_eq!(code, 1, "{out}{err}");
        assert!(err.contains("broken.ndjson:3: refused: line 3: "), "{err}");
        assert!(err.contains("none of the "), "{err}");
        let (code, out, _) = bench.run(&format!("submit broken.ndjson --atomic --yes --json{at}"));
        let rows: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &rows[0]["input"]), (1, &"broken.ndjson:3".into()), "{out}");
        if first {
            assert_eq!(size(), before);
        }
        let out = bench.good(&format!("submit good.ndjson --atomic --yes{at}"));
        assert_eq!(out.matches(told).count(), 3, "{out}");
        (told, first) = ("already in the log, entry ", false);
    }
    service.stop();
    // Near, with no service.
    let (code, _, err) = bench.run("submit broken.ndjson --atomic --yes");
    assert!(code == 1 && err.contains("broken.ndjson:3: refused"), "{err}");
}
