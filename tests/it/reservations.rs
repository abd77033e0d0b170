//! Numbers of certificates: kept for whoever signed for them, never so that another has none; and a
//! party's share of a day.

use std::io::{Read, Write};

use serde_json::{Value, json};
use tasdiq::limits::{RESERVATIONS_MAX, SERIAL_WINDOW, SERIALS_UNRESERVED};
use tasdiq::os::now;
use tasdiq::statement::{KeyEvent, Role};

use crate::cli::Bench;
use crate::support::{CERTIFIER, GTIN, Key, TestApp, certificate_request, lot_request};

const PREPARE: &str = "/api/v1/prepare";

/// A ledger with this many lots to certify.
fn stage(lots: usize) -> (TestApp, Key, Key) {
    let (app, cooperative, certifier) = TestApp::with_parties();
    for first in (0..lots).step_by(1_000) {
        let names: Vec<String> =
            (first..lots.min(first + 1_000)).map(|n| format!("L{n}")).collect();
        declare(&app, &cooperative, &names);
    }
    (app, cooperative, certifier)
}

fn declare(app: &TestApp, key: &Key, names: &[String]) {
    let rows: Vec<Value> = names.iter().map(|name| lot_request(name)).collect();
    let prepared = app.post_json(PREPARE, &json!({ "lots": rows })).json();
    let prepared = prepared["prepared"].as_array().unwrap().clone();
    let signed = prepared.iter().map(|item| key.sign(&item["unsigned"]));
    let lines = signed.collect::<Vec<_>>().join(&b'\n');
    let answer = app.post("/api/v1/statements", "application/x-ndjson", &lines);
    assert!(answer.lines().iter().all(|line| line["status"] == 201), "{}", answer.text());
}

/// Asks for certificates of lots, signed or not; the unsigned certificates.
fn ask(app: &TestApp, by: Option<&Key>, issuer: &str, lots: std::ops::Range<usize>) -> Vec<Value> {
    let rows: Vec<Value> = lots
        .map(|n| {
            let mut row = certificate_request(&format!("L{n}"));
            row["issuer"] = json!(issuer);
            row
        })
        .collect();
    let body = serde_json::to_vec(&json!({ "certificates": rows })).unwrap();
    let answer = match by {
        Some(key) => app.post_signed(PREPARE, key, &body),
        None => app.post(PREPARE, "application/json", &body),
    };
    assert_eq!(answer.status, 200, "{}", answer.text());
    let prepared = answer.json()["prepared"].as_array().unwrap().clone();
    prepared
        .iter()
        .map(|item| {
            assert!(item["unsigned"].is_object(), "{item}");
            item["unsigned"].clone()
        })
        .collect()
}

fn serial(unsigned: &Value) -> u64 {
    unsigned["id"].as_str().unwrap().rsplit_once('/').unwrap().1.parse().unwrap()
}

fn serials(unsigned: &[Value]) -> Vec<u64> {
    unsigned.iter().map(serial).collect()
}

/// The certificate with another number, as all of it bears it.
fn renumbered(unsigned: &Value, number: u64) -> Value {
    let text = serde_json::to_string(unsigned).unwrap();
    let old = format!("/certificates/{}", serial(unsigned));
    let text = text.replace(&old, &format!("/certificates/{number}"));
    let mut changed: Value = serde_json::from_str(&text).unwrap();
    changed["credentialStatus"]["statusListIndex"] = json!(number);
    changed
}

#[test]
fn unsigned_requests_keep_nothing() {
    let (app, _, certifier) = stage(3);
    // An anonymous flood: the numbers it is told are told to everybody else as well.
    for _ in 0..50 {
        assert_eq!(serials(&ask(&app, None, CERTIFIER, 0..3)), [0, 1, 2]);
    }
    let mine = ask(&app, Some(&certifier), CERTIFIER, 0..3);
    assert_eq!(serials(&mine), [0, 1, 2]);
    for unsigned in &mine {
        app.logged(&certifier.sign(unsigned));
    }
}

#[test]
fn a_kept_number_is_refused_to_others_and_outlives_a_restart() {
    let (mut app, _, certifier) = stage(4);
    let other = app.register("certif-autre", Role::Certifier);
    app.accredit("certif-autre", &["sdoq-ao"]);
    let mine = ask(&app, Some(&certifier), CERTIFIER, 0..2);
    assert_eq!(serials(&mine), [0, 1]);
    let theirs = ask(&app, Some(&other), "certif-autre", 2..4);
    assert_eq!(serials(&theirs), [2, 3], "others get others");
    assert_eq!(serials(&ask(&app, None, CERTIFIER, 2..4)), [4, 5]);
    let stolen = renumbered(&theirs[0], 0);
    let taken = |app: &TestApp| {
        let answer = app.submit(&other.sign(&stolen));
        assert_eq!((answer.status, answer.code()), (409, "serial_reserved".to_owned()));
        let lines = app.post("/api/v1/statements", "application/x-ndjson", &other.sign(&stolen));
        assert_eq!(lines.lines()[0]["problem"]["code"], "serial_reserved");
    };
    taken(&app);
    app.restart();
    taken(&app);
    // The same request gets the same numbers again, before and after.
    assert_eq!(serials(&ask(&app, Some(&certifier), CERTIFIER, 0..2)), [0, 1]);
    app.logged(&certifier.sign(&mine[0]));
    app.logged(&other.sign(&theirs[0]));
    // A number that was kept for one lot may serve its keeper for another.
    app.logged(&certifier.sign(&renumbered(&ask(&app, None, CERTIFIER, 3..4)[0], 1)));
}

#[test]
fn nobody_signs_for_another() {
    let (app, cooperative, certifier) = stage(1);
    let body = serde_json::to_vec(&json!({ "certificates": [certificate_request("L0")] })).unwrap();
    for key in [&cooperative, &app.registrar] {
        let answer = app.post_signed(PREPARE, key, &body).json();
        assert_eq!(answer["prepared"][0]["problem"]["code"], "not_authorised", "{answer}");
    }
    let terms = certifier.terms();
    let headers = certifier.sign_request(PREPARE, &body, &terms);
    assert_eq!(app.post_with(PREPARE, &headers, &body).status, 200);
    assert_eq!(app.post_with(PREPARE, &headers, &body).code(), "request_signature");
    assert_eq!(app.post_with(PREPARE, &headers[..2], &body).code(), "request_signature");
    app.change_key(CERTIFIER, &certifier.method, KeyEvent::Retired);
    assert_eq!(app.post_signed(PREPARE, &certifier, &body).code(), "request_signature");
}

/// Seven certifiers sign for as many numbers as they may; every other still certifies.
#[test]
fn a_flood_of_certifiers_leaves_numbers_for_all() {
    let lots = RESERVATIONS_MAX + 1;
    let (mut app, _, certifier) = stage(lots);
    let reservable = usize::try_from(SERIAL_WINDOW - SERIALS_UNRESERVED).unwrap();
    let names: Vec<String> = (0..7).map(|n| format!("certif-{n}")).collect();
    let keys: Vec<Key> = names.iter().map(|name| app.register(name, Role::Certifier)).collect();
    names.iter().for_each(|name| app.accredit(name, &["sdoq-ao"]));
    let mut kept = std::collections::BTreeSet::new();
    for (name, key) in names.iter().zip(&keys) {
        kept.extend(serials(&ask(&app, Some(key), name, 0..lots)));
    }
    assert!(kept.iter().all(|number| *number < SERIAL_WINDOW), "within the window");
    for restarted in [false, true] {
        if restarted {
            app.restart();
        }
        // A number each for a bulk of a thousand rows, signed or not, that is kept for nobody.
        for by in [None, Some(&certifier)] {
            let free = serials(&ask(&app, by, CERTIFIER, 0..lots));
            let first = free[0];
            assert!(first >= u64::try_from(RESERVATIONS_MAX * 6).unwrap(), "{first}");
            let distinct: std::collections::BTreeSet<_> = free.iter().collect();
            assert_eq!(distinct.len(), lots);
            assert!(free.iter().all(|number| *number < SERIAL_WINDOW));
        }
    }
    let mine = ask(&app, None, CERTIFIER, 0..1);
    assert!(serial(&mine[0]) >= u64::try_from(reservable).unwrap(), "{}", serial(&mine[0]));
    app.logged(&certifier.sign(&mine[0]));
    // What was logged moved the window on; the numbers of others stay theirs.
    let next = ask(&app, Some(&certifier), CERTIFIER, 1..2);
    assert_eq!(serial(&next[0]), serial(&mine[0]) + 1);
    app.logged(&certifier.sign(&next[0]));
    app.logged(&keys[0].sign(&ask(&app, Some(&keys[0]), &names[0], 0..3)[2]));
}

#[test]
fn a_partys_share_of_a_day() {
    let (mut app, cooperative, certifier) = stage(0);
    let before = app.ledger.view().size;
    app.ledger.set_quota(3);
    for lot in ["A", "B", "C"] {
        app.declare(&cooperative, lot);
    }
    let fourth = cooperative.sign(&app.prepared("lots", lot_request("D")));
    let full = |app: &TestApp| {
        let answer = app.submit(&fourth);
        assert_eq!((answer.status, answer.code()), (429, "quota".to_owned()));
        let line = app.post("/api/v1/statements", "application/x-ndjson", &fourth).lines();
        assert_eq!(line[0]["problem"]["code"], "quota");
    };
    full(&app);
    // What is there already costs nothing, nor does what a rule refuses; others have their own.
    let again = app.get(&format!("/api/v1/statements/{before}")).json();
    let again = serde_json::to_vec(&again["statement"]).unwrap();
    assert_eq!(app.submit(&again).status, 200);
    app.certify(&certifier, "A");
    for _ in 0..3 {
        let twice = certifier.sign(&{
            let mut unsigned = app.prepared("certificates", certificate_request("B"));
            unsigned["validFrom"] = json!("2050-01-01T00:00:00Z");
            unsigned
        });
        assert_eq!(app.submit(&twice).status, 422);
    }
    app.certify(&certifier, "B");
    app.certify(&certifier, "C");
    // The authority signs what must be signed.
    for n in 0..4 {
        app.register(&format!("coop-{n}"), Role::Cooperative);
    }
    // A restart forgets nothing: the log itself is counted.
    app.restart();
    app.ledger.set_quota(3);
    full(&app);
    let mut stream = std::net::TcpStream::connect(app.address).unwrap();
    let head = format!(
        "POST /api/v1/statements HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        fourth.len()
    );
    stream.write_all(&[head.as_bytes(), &fourth].concat()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let after = text.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
    let seconds: i64 = after.parse().unwrap();
    assert!(
        (now().seconds() + seconds) % 86_400 < 5 || seconds == 86_400,
        "until midnight: {seconds}"
    );
    app.ledger.set_quota(0);
    app.logged(&fourth);
    assert!(app.ledger.view().register.lot(&format!("{GTIN}/D").parse().unwrap()).is_some());
}

/// A line to a service that takes the signatures off its requests, and lets another certifier be
/// faster just before the first statements go through. One connection at a time.
struct Between {
    url: String,
    stop: std::sync::mpsc::Sender<()>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Between {
    fn start(to: &str, faster: impl FnOnce() + Send + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let to = to.trim_start_matches("http://").to_owned();
        let (stop, stopped) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut faster = Some(faster);
            for client in listener.incoming() {
                if stopped.try_recv().is_ok() {
                    return;
                }
                let mut client = client.unwrap();
                let Some((head, body)) = read_request(&mut client) else { continue };
                if head.starts_with("POST /api/v1/statements")
                    && let Some(faster) = faster.take()
                {
                    faster();
                }
                let kept = head.lines().filter(|line| {
                    let name = line.split(':').next().unwrap_or_default().to_lowercase();
                    !["signature", "signature-input", "connection"].contains(&name.as_str())
                });
                let head: String = kept.map(|line| format!("{line}\r\n")).collect();
                let mut service = std::net::TcpStream::connect(&to).unwrap();
                let request = format!("{head}connection: close\r\n\r\n");
                service.write_all(&[request.as_bytes(), &body].concat()).unwrap();
                let mut answer = Vec::new();
                service.read_to_end(&mut answer).unwrap();
                let _ = client.write_all(&answer);
            }
        });
        Self { url, stop, thread: Some(thread) }
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        let _ = self.stop.send(());
        let _ = std::net::TcpStream::connect(self.url.trim_start_matches("http://"));
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// The head of a request, to its last line, and its body.
fn read_request(client: &mut std::net::TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).ok()?.trim_end().to_owned();
    let length = head.to_lowercase();
    let length = length.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    client.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// `issue` whose numbers another takes on the way: they are not kept for it, and it goes on.
#[test]
fn issue_prepares_again_what_another_took() {
    let bench = std::sync::Arc::new(Bench::founded());
    let second = bench.good("keygen --out second.pem").trim().to_owned();
    bench.good(&format!(
        "register certifier --id cert2 --name Second --scheme sdoq-ig --product argane \
         --region all --from 2020-01-01 --until 2099-12-31 --public {second}"
    ));
    bench.good("register agreement --certifier cert2 --client coop");
    let mut lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n".to_owned();
    let head = "lot,scheme,edition,quantity,decision_date,valid_from,valid_until\n";
    let (mut mine, mut theirs) = (head.to_owned(), head.to_owned());
    for n in 1..=3 {
        lots += &format!("L{n};argane;800 L;250 mL;MA-09;2020;2020-10-30\n");
        mine += &format!("coop/L{n},bio-maroc,2018,800 L,2020-11-02,,2099-11-01\n");
        theirs += &format!("coop/L{n},sdoq-ig,2018,800 L,2020-11-02,,2099-11-01\n");
    }
    bench.write("lots.csv", &lots);
    bench.write("mine.csv", &mine);
    bench.write("theirs.csv", &theirs);
    let service = bench.serve();
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    let other = bench.clone();
    let between = Between::start(&service.url, move || {
        other.good("issue theirs.csv --key second.pem --issuer cert2 --yes");
    });
    let issue =
        format!("issue mine.csv --key certifier.pem --issuer cert --yes --url {}", between.url);
    let done = bench.json(&issue);
    assert_eq!((&done["logged"], &done["refused"]), (&json!(3), &json!(0)), "{done}");
    let ids: Vec<&str> = (0..3).map(|n| done["rows"][n]["id"].as_str().unwrap()).collect();
    let numbers: Vec<u64> =
        ids.iter().map(|id| id.rsplit_once('/').unwrap().1.parse().unwrap()).collect();
    assert_eq!(numbers, [3, 4, 5], "theirs are 0, 1, 2");
    let again = bench.json(&issue);
    assert_eq!(again["already"], 3);
    drop(between);
    assert!(service.stop());
}
