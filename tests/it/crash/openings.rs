//! Documents off the log while the service dies: each that a logged statement brought is there, and
//! none that no logged statement did.

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tasdiq::ledger::{Home, OpenOptions, Requester, holds_document};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::seal::{Opening, decode_key, seal_for_submission};
use tasdiq::statement::{Commitment, Domain};

use super::{Service, agent, points, serve, tasdiq};
use crate::cli::Bench;
use crate::openings::paired;
use crate::powerloss::{Model, Random, Recorder, images};
use crate::support::{Key, restart};

/// Rounds of kills: in a gate's time, and in all.
const ROUNDS: (usize, usize) = (4, 50);

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
    fn new(pem: &str) -> Self {
        let secret = decode_key(pem, b"correct horse").unwrap();
        let domain = Domain::parse("127.0.0.1:8080").unwrap();
        let method = format!("{}#key-1", domain.did(&PartySlug::parse("cert").unwrap()));
        let (next, acked) = (AtomicU64::new(1), AtomicU64::new(0));
        Self { key: Key { method, secret }, next, sent: Mutex::default(), acked }
    }

    /// Certifies lots, each with a bulletin, until nobody answers; `kept` is told of each that was
    /// acknowledged.
    fn run(&self, url: &str, random: &mut Random, kept: &dyn Fn(u64)) {
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
            kept(self.acked.fetch_add(1, Ordering::Relaxed) + 1);
        }
    }
}

/// A list of lots of one jar.
fn lots(count: u64) -> String {
    let lot = |number| format!("L{number};argane;250 mL;250 mL;MA-09;2020;2020-10-30\n");
    let head = "lot;product;quantity;pack_size;region;campaign;packed_on\n".to_owned();
    head + &(1..=count).map(lot).collect::<String>()
}

#[test]
fn killed_again_and_again_a_document_is_there_before_its_statement() {
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(5, |s| s.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let bench = Bench::founded();
    bench.write("lots.csv", &lots(LOTS));
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    let certifier = Certifier::new(&bench.read("certifier.pem"));
    let mut random = Random(seed);
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    for round in 0..if long { ROUNDS.1 } else { ROUNDS.0 } {
        let service = bench.serve();
        let url = service.url.clone();
        std::thread::scope(|scope| {
            let mut drawn = Random(seed + 1 + round as u64);
            let (certifier, url) = (&certifier, &url);
            scope.spawn(move || certifier.run(url, &mut drawn, &|_| ()));
            std::thread::sleep(Duration::from_millis(200 + random.below(600)));
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
    assert!(acked <= logged && acked > 3, "too slow a machine to learn anything on");
}

/// Of a ledger: each logged certificate's document opens. Gives how many there are.
fn all_open(home: &Home, sent: &[(u64, Commitment)]) -> Result<u64, String> {
    let ledger = restart(home, &OpenOptions::default());
    let view = ledger.view();
    let party = PartySlug::parse("cert").unwrap();
    let by = Requester { party, verification_method: String::new() };
    let mut logged = 0;
    for (number, commitment) in sent {
        let lot = view.register.lot(&format!("coop/L{number}").parse().unwrap());
        if lot.is_some_and(|lot| !lot.certificates.is_empty()) {
            let opened = ledger.document(commitment, &by);
            opened.map_err(|error| format!("L{number} is logged, its document not: {error}"))?;
            logged += 1;
        } else if holds_document(home, commitment) && view.stopped.is_none() {
            return Err(format!("L{number} is not logged, its document is kept"));
        }
    }
    Ok(logged)
}

#[test]
fn without_power_a_document_is_there_before_its_statement() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path().canonicalize().unwrap();
    let recorder = Recorder::new(&data);
    let home = Home::at(&data);
    let run = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = tasdiq(&data, &words);
        command.current_dir(keys.path()).env_remove("TASDIQ_PASSPHRASE").stdin(Stdio::null());
        command.stdout(Stdio::piped());
        recorder.prepare(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{line}");
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(keys.path().join("word"), "correct horse").unwrap();
    std::fs::write(keys.path().join("lots.csv"), lots(300)).unwrap();
    run("init --host 127.0.0.1:8080 --name Autorite");
    let public = |name: &str| {
        run(&format!("keygen --out {name}.pem --passphrase-file word")).trim().to_owned()
    };
    let (certifier, coop) = (public("certifier"), public("coop"));
    run(&format!(
        "register certifier --id cert --name Certificateur --scheme bio-maroc --product argane \
         --region all --from 2020-01-01 --until 2099-12-31 --public {certifier}"
    ));
    run(&format!(
        "register cooperative --id coop --name Cooperative --region MA-09 --agrees cert --public {coop}"
    ));
    run("issue lots.csv --what lots --key coop.pem --issuer coop --yes --passphrase-file word");
    let pem = std::fs::read_to_string(keys.path().join("certifier.pem")).unwrap();
    let certifier = Certifier::new(&pem);
    for seed in [1, 2] {
        let mut command = serve(&data);
        recorder.prepare(&mut command);
        let mut service = Service::start(command, &home);
        std::thread::scope(|scope| {
            let (certifier, url, recorder) = (&certifier, service.url.clone(), &recorder);
            let kept = move |number| recorder.ack(number);
            scope.spawn(move || certifier.run(&url, &mut Random(seed), &kept));
            std::thread::sleep(Duration::from_millis(700));
            service.stop();
        });
    }
    let sent = certifier.sent.lock().unwrap();
    let sent: Vec<_> = sent.iter().map(|(number, it)| (*number, it.commitment())).collect();
    let trace = recorder.trace();
    let points = points();
    for (model, seed) in [(Model::Strict, 5), (Model::Torn, 6)] {
        let mut most = 0;
        let failures = images(&trace, points, model, seed, &mut |image, last_acked| {
            let home = Home::at(image);
            if !home.has_ledger() {
                return Ok(());
            }
            let logged = all_open(&home, &sent)?;
            most = most.max(logged);
            match last_acked {
                Some(acked) if logged < acked => {
                    Err(format!("{acked} acknowledged, {logged} there"))
                }
                _ => Ok(()),
            }
        });
        println!(
            "{model:?}: {points} images, at most {most} documents, {} failures",
            failures.len()
        );
        assert_eq!(failures, Vec::<String>::new());
        assert!(most > 5, "{most} documents");
    }
}
