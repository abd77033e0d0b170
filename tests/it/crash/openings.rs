//! Documents off the log while the service dies: each that a logged statement brought is there, and
//! none that no logged statement did.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::seal::{Opening, decode_key, seal_for_submission};
use tasdiq::statement::Domain;

use super::agent;
use crate::cli::Bench;
use crate::openings::paired;
use crate::powerloss::Random;
use crate::support::Key;

/// Rounds of kills: in a gate's time, and in all.
const ROUNDS: (usize, usize) = (6, 50);

/// Lots to certify; a round does not get through more than some dozens.
const LOTS: u64 = 2_000;

/// The certifier of a bench.
struct Certifier {
    key: Key,
    next: AtomicU64,
    sent: Mutex<Vec<(u64, Opening)>>,
    acked: AtomicU64,
}

impl Certifier {
    fn new(bench: &Bench) -> Self {
        let secret = decode_key(&bench.read("certifier.pem"), b"correct horse").unwrap();
        let domain = Domain::parse("127.0.0.1:8080").unwrap();
        let method = format!("{}#key-1", domain.did(&PartySlug::parse("cert").unwrap()));
        let (next, acked) = (AtomicU64::new(1), AtomicU64::new(0));
        Self { key: Key { method, secret }, next, sent: Mutex::default(), acked }
    }

    /// Certifies lots, each with a bulletin, until nobody answers.
    fn run(&self, url: &str, random: &mut Random) {
        let agent = agent();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            assert!(number <= LOTS, "there are no more lots");
            let size = 1 + random.below(60_000) as usize;
            let document = format!("bulletin {number} ").repeat(size / 12 + 1).into_bytes();
            let opening = Opening { salt: [number as u8; 16], document: document.into() };
            let asked = json!({ "certificates": [{ "issuer": "cert",
                "lot": format!("coop/L{number}"), "scheme": "bio-maroc", "schemeEdition": "2018",
                "decisionDate": "2020-11-02", "validUntil": "2099-11-01",
                "laboratoryReports": [{ "commitment": opening.commitment(),
                    "laboratory": "Laboratoire", "sampledBy": "laboratory" }] }] });
            let post = |path: &str, body: &[u8]| -> Option<Value> {
                let request = agent.post(format!("{url}{path}"));
                let sent = request.header("content-type", "application/json").send(body);
                serde_json::from_str(&sent.ok()?.body_mut().read_to_string().ok()?).ok()
            };
            let Some(answer) = post("/api/v1/prepare", asked.to_string().as_bytes()) else {
                return;
            };
            let unsigned = &answer["prepared"][0]["unsigned"];
            assert!(unsigned.is_object(), "{answer}");
            let (key, method) = (&self.key.secret, &self.key.method);
            let signed = seal_for_submission(unsigned, method, now(), key).unwrap();
            let body = paired(&signed, &opening);
            self.sent.lock().unwrap().push((number, opening));
            let Some(receipt) = post("/api/v1/statements", &body) else { return };
            assert!(receipt["index"].is_u64(), "{receipt}");
            self.acked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[test]
fn killed_again_and_again_a_document_is_there_before_its_statement() {
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(5, |s| s.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let bench = Bench::founded();
    let mut lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n".to_owned();
    for number in 1..=LOTS {
        lots += &format!("L{number};argane;250 mL;250 mL;MA-09;2020;2020-10-30\n");
    }
    bench.write("lots.csv", &lots);
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    let certifier = Certifier::new(&bench);
    let mut random = Random(seed);
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    for round in 0..if long { ROUNDS.1 } else { ROUNDS.0 } {
        let service = bench.serve();
        let url = service.url.clone();
        std::thread::scope(|scope| {
            let mut drawn = Random(seed + 1 + round as u64);
            let (certifier, url) = (&certifier, &url);
            scope.spawn(move || certifier.run(url, &mut drawn));
            std::thread::sleep(Duration::from_millis(30 + random.below(300)));
            drop(service); // it is killed
        });
    }
    let service = bench.serve();
    let agent = agent();
    let get = |path: &str, headers: &[(&str, String)]| {
        let request = agent.get(format!("{}{path}", service.url));
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, value));
        let mut answer = request.call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    };
    let (mut logged, sent) = (0, certifier.sent.lock().unwrap());
    for (number, opening) in sent.iter() {
        let lot: Value =
            serde_json::from_str(&get(&format!("/api/v1/lots/coop/L{number}"), &[]).1).unwrap();
        let certified = !lot["certificates"].as_array().unwrap().is_empty();
        logged += usize::from(certified);
        let path = format!("/api/v1/documents/{}", opening.commitment());
        let key = &certifier.key;
        let headers = key.sign_request_of("GET", &path, b"", &key.terms());
        let (status, text) = get(&path, &headers);
        assert_eq!(status, if certified { 200 } else { 404 }, "L{number}: {text}");
    }
    let documents = std::fs::read_dir(bench.path("tasdiq-data/documents")).unwrap();
    let sealed = documents.filter(|file| {
        file.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "sealed")
    });
    let acked = certifier.acked.load(Ordering::Relaxed) as usize;
    println!("{} sent, {acked} acknowledged, {logged} logged", sent.len());
    assert_eq!(sealed.count(), logged, "orphans");
    assert!(acked <= logged && acked > 6, "too slow a machine to learn anything on");
}
