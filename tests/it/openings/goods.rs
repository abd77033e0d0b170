//! What stands in papers of goods and is nobody else's business: a buyer's name, an order's number,
//! a price, a person's name. Committed to in the log, it is nowhere that anybody may look, is found
//! by who may read it, and is gone once it is erased.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use flate2::read::DeflateDecoder;
use serde_json::{Value, json};
use tasdiq::names::PartySlug;
use tasdiq::seal::decode_key;
use tasdiq::statement::*;

use super::{all_files, draw_up, holds};
use crate::cli::{Bench, Service};
use crate::edition2::{key, lines};
use crate::support::Key;

const HOST: &str = "127.0.0.1:8080";
const SHIPS: [&str; 2] = ["00000000000000000000000042", "00000000000000000000000043"];

/// A word that no other file may hold, in a document of its own.
struct Secret {
    word: &'static str,
    document: String,
    commitment: String,
    salt: String,
    /// Who submitted it, and somebody who did not.
    by: &'static str,
    other: &'static str,
}

impl Secret {
    fn kept(bench: &Bench, word: &'static str, document: Value, by: &'static str) -> Self {
        let document = String::from_utf8(canonical_bytes(&document)).unwrap();
        bench.write(&format!("secret/{word}"), &document);
        let told = bench.json(&format!("documents commit secret/{word}"));
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let other = if by == "coop" { "cert" } else { "coop" };
        let (commitment, salt) = (text("commitment"), text("salt"));
        Self { word, document, commitment, salt, by, other }
    }

    fn commitment(&self) -> Commitment {
        Commitment::parse(&self.commitment).unwrap()
    }

    fn submit(&self, bench: &Bench, file: &str) {
        let Self { word, salt, .. } = self;
        bench.good(&format!("submit {file} --document secret/{word} --salt {salt}"));
    }

    /// What would give it away.
    fn traces(&self) -> [String; 3] {
        let encoded = BASE64_STANDARD.encode(&self.document);
        [self.word.to_owned(), encoded, self.salt.clone()]
    }
}

/// Signs what the cooperative says.
fn signed(bench: &Bench, file: &str, make: impl FnOnce(&Draft<'_>) -> Value) {
    let (domain, issuer) = (Domain::parse(HOST).unwrap(), PartySlug::parse("coop").unwrap());
    let draft = Draft {
        domain: &domain,
        id: String::new(),
        issuer: &issuer,
        issuer_name: "Cooperative",
        valid_from: tasdiq::os::now(),
        valid_until: None,
    };
    bench.write("unsigned.json", &make(&draft).to_string());
    bench.good(&format!("sign unsigned.json --key coop.pem --issuer coop --out {file}"));
}

fn ship(name: &str, to: &Receiver, litres: u64, document: Option<Commitment>) -> Event {
    Event {
        name: EventName::parse(name).unwrap(),
        at: tasdiq::os::now(),
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document,
        mandate: None,
        kind: EventKind::Ship(Shipment {
            to: to.clone(),
            purpose: ShipPurpose::Sale,
            lots: lines(&[("coop/K1", litres * 1_000)]),
            units: vec![],
            carrier: None,
            returns: None,
        }),
    }
}

/// A certified lot, two shipments of it abroad and what was paid for one: each with a document.
fn told(bench: &Bench, url: &str) -> [Secret; 4] {
    let lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n\
                K1;argane;800 L;250 mL;MA-09;2020;2020-10-30\n";
    bench.write("lots.csv", lots);
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    let person = json!({ "analysed by": "CANARI-d84e-personne-fictive", "peroxide": "3" });
    let person = Secret::kept(bench, "CANARI-d84e-personne-fictive", person, "cert");
    draw_up(bench, url, "coop/K1", &person.commitment, "certificate.json");
    person.submit(bench, "certificate.json");
    let buyer = json!({ "address": "1 rue Fictive", "name": "CANARI-7c1d-acheteur-fictif" });
    let buyer = Secret::kept(bench, "CANARI-7c1d-acheteur-fictif", buyer, "coop");
    let to = Receiver::Elsewhere { commitment: buyer.commitment(), country: "FR".into() };
    signed(bench, "ship.json", |draft| ship(SHIPS[0], &to, 10, None).draft(draft));
    buyer.submit(bench, "ship.json");
    let order = json!({ "kind": "order", "number": "CANARI-52aa-commande" });
    let order = Secret::kept(bench, "CANARI-52aa-commande", order, "coop");
    let document = Some(order.commitment());
    signed(bench, "order.json", |draft| ship(SHIPS[1], &to, 5, document).draft(draft));
    order.submit(bench, "order.json");
    let terms = json!({ "amount": "CANARI-9e30-prix-4471", "currency": "MAD" });
    let terms = Secret::kept(bench, "CANARI-9e30-prix-4471", terms, "coop");
    let name = EventName::parse(SHIPS[0]).unwrap();
    let issuer = PartySlug::parse("coop").unwrap();
    let paid = PricePaid {
        lot: key("coop/K1"),
        ship: EventId { issuer: issuer.clone(), name },
        seller: issuer,
        buyer: to,
        scheme: "bio-maroc".into(),
        quantity: 10_000,
        terms: PriceTerms::Committed(terms.commitment()),
        basis: PriceBasis::ExWorks,
        paid_on: tasdiq::os::now().day(),
        invoice: Commitment::of(&[1; 16], b"an invoice that nobody shows"),
        confirms: None,
    };
    signed(bench, "price.json", |draft| paid.draft(draft));
    terms.submit(bench, "price.json");
    [person, buyer, order, terms]
}

/// All that anybody may ask for, as files.
fn kept(bench: &Bench, service: &Service) {
    let [first, second] = SHIPS.map(|name| format!("events/coop/{name}"));
    let entries = bench.json("audit")["size"].as_u64().unwrap();
    let statements = (0..entries).map(|index| format!("api/v1/statements/{index}"));
    let pages = [
        "",
        "register",
        "audit",
        "metrics",
        "parties/coop",
        "parties/cert",
        "lots/coop/K1",
        "lot/coop/K1",
        "lots/coop/K1.jsonld",
        "lots/coop/K1.svg",
        "certificates/0",
        "api",
        "api/v1/lots",
        "api/v1/lots/coop/K1",
        "api/v1/lots/coop/K1/balance",
        "api/v1/lots/coop/K1/trace",
        "api/v1/lots/coop/K1/reach",
        "api/v1/lots/coop/K1/events",
        "api/v1/lots/coop/K1/trace.tasdiq",
        "api/v1/shipments",
        "api/v1/prices",
        "api/v1/prices?party=coop",
        "api/v1/feed?shop=coop",
        "api/v1/certificates/0",
        "api/v1/log/health",
        "api/v1/parties",
        "readyz",
        &first,
        &second,
    ];
    let forms = [format!("{first}.tasdiq"), format!("{second}.tasdiq")];
    let pages = pages.into_iter().map(str::to_owned).chain(forms).chain(statements);
    let mut shown = 0;
    for path in pages {
        let config = ureq::get(format!("{}/{path}", service.url)).config();
        let mut answer = config.http_status_as_error(false).build().call().unwrap();
        let body = answer.body_mut().read_to_vec().unwrap();
        shown += usize::from(answer.status() == 200);
        let name = format!("page-{}", path.replace(['/', '?'], "-"));
        fs::write(bench.path(&name), body).unwrap();
    }
    assert!(shown > 35, "{shown} were shown");
    bench.good("export static");
    bench.good("pack --out daily.pack");
    bench.good("dossier 0 --out one.tasdiq");
    for (place, name) in SHIPS.iter().enumerate() {
        let file = format!("ship-{place}.tasdiq");
        bench.good(&format!("consignment coop/{name} --out {file}"));
        for (paper, form) in [
            ("931", "csv"),
            ("fsma204", "csv"),
            ("onssa", "csv"),
            ("sheet", "csv"),
            ("931", "xlsx"),
        ] {
            let out = format!("--paper {paper} --format {form} --out {place}-{paper}.{form}");
            bench.good(&format!("consignment {file} --trust trust.json {out}"));
        }
    }
}

/// The bytes of a file, and those that are deflated in it: blocks of a pack, members of a workbook.
fn laid_open(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    let number = |at: usize, end: usize| {
        let bytes = bytes[at..end].iter();
        bytes.fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let mut inflate = |from: &[u8]| {
        let _all = std::io::Read::read_to_end(&mut DeflateDecoder::new(from), &mut all);
    };
    if bytes.starts_with(b"tasdiqP") {
        let blocks = number(32, 40);
        let mut at = 52 + number(16, 20) + number(20, 24);
        let (mut entry, mut block) = (at, at + number(24, 32));
        at = block;
        while entry < at {
            let stored = number(entry + 32, entry + 36);
            inflate(&bytes[block + 4..block + stored]);
            (entry, block) = (entry + 37 + usize::from(bytes[entry + 36]), block + stored);
        }
        assert_eq!(block, at + blocks);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let header = |place: &usize| bytes[*place..].starts_with(b"PK\x03\x04");
        for place in (0..bytes.len()).filter(header) {
            let word = |at: usize| {
                usize::from(bytes[place + at]) | usize::from(bytes[place + at + 1]) << 8
            };
            inflate(&bytes[place + 30 + word(26) + word(28)..]);
        }
    }
    all
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    all_files(folder, &mut found);
    let laid = |(name, bytes): (String, Vec<u8>)| (name, laid_open(&bytes));
    found.into_iter().filter(|(name, _)| !name.contains("/secret/")).map(laid).collect()
}

/// What a party is shown of a document: the status, and the document.
fn shown(bench: &Bench, service: &Service, secret: &Secret, who: &str) -> (u16, String) {
    let (file, method) = match who {
        "coop" => ("coop.pem", format!("did:web:{}:parties:coop#key-1", HOST.replace(':', "%3A"))),
        "cert" => {
            ("certifier.pem", format!("did:web:{}:parties:cert#key-1", HOST.replace(':', "%3A")))
        }
        _ => (
            "tasdiq-data/keys/registrar-1.pem",
            format!("did:web:{}#registrar-1", HOST.replace(':', "%3A")),
        ),
    };
    let secret_key = decode_key(&bench.read(file), b"correct horse").unwrap();
    let key = Key { method, secret: secret_key };
    let path = format!("/api/v1/documents/{}", secret.commitment);
    let mut request = ureq::get(format!("{}{path}", service.url));
    for (name, value) in key.sign_request_of("GET", &path, b"", &key.terms()) {
        request = request.header(name, value);
    }
    let mut answer = request.config().http_status_as_error(false).build().call().unwrap();
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    let document = told["document"].as_str().map(|text| BASE64_STANDARD.decode(text).unwrap());
    (status, String::from_utf8(document.unwrap_or_default()).unwrap())
}

#[test]
fn names_orders_and_prices_are_nowhere_but_with_who_may_read_them() {
    let bench = Bench::founded();
    fs::create_dir(bench.path("secret")).unwrap();
    let mut command = bench.command();
    command.args(["--log-level", "trace", "serve", "--listen", "127.0.0.1:0"]);
    command.stderr(fs::File::create(bench.path("service.log")).unwrap());
    let service = bench.started(command);
    let secrets = told(&bench, &service.url);
    let root = bench.json("trust --out trust.json")["root"].as_str().unwrap().to_owned();
    kept(&bench, &service);
    // The search sees into what is deflated: what is public is found there.
    let folder = bench.path("");
    let all = files(&folder);
    for (name, word) in [("daily.pack", "coop"), ("0-931.xlsx", "K1"), ("0-931.csv", "K1")] {
        let found = all.iter().find(|(file, _)| file.ends_with(name));
        assert!(holds(&found.unwrap().1, word), "{word} is not seen in {name}");
    }
    assert!(all.len() > 120, "{}", all.len());
    for (name, bytes) in &all {
        for trace in secrets.iter().flat_map(Secret::traces) {
            assert!(!holds(bytes, &trace), "{name} holds {trace}");
        }
    }
    // Who submitted it and the authority read it; nobody else learns that there is one.
    for secret in &secrets {
        for who in [secret.by, "registrar"] {
            let (status, document) = shown(&bench, &service, secret, who);
            assert_eq!((status, document.contains(secret.word)), (200, true), "{who}");
        }
        assert_eq!(shown(&bench, &service, secret, secret.other).0, 404);
    }
    // The shipper adds what it knows for whom it concerns, and that is found.
    let buyer = &secrets[1];
    let salt = BASE64_URL_SAFE_NO_PAD.decode(&buyer.salt).map(|_| &buyer.salt).unwrap();
    let document: Value = serde_json::from_str(&buyer.document).unwrap();
    let opening = json!({ "salt": salt, "opening": document });
    bench.write("secret/opening.json", &opening.to_string());
    let line = format!("consignment ship-0.tasdiq --root {root} --opening secret/opening.json");
    bench.good(&format!("{line} --out secret/opened.tasdiq"));
    let paper = "--paper 931 --out secret/opened.csv";
    bench.good(&format!("consignment secret/opened.tasdiq --root {root} {paper}"));
    assert!(bench.read("secret/opened.csv").contains(buyer.word));
    for secret in &secrets {
        bench.good(&format!("documents erase {} --yes", secret.commitment));
        for who in [secret.by, "registrar"] {
            assert_eq!(shown(&bench, &service, secret, who).0, 404, "{who}");
        }
    }
    bench.good("audit");
    assert!(service.stop());
    bench.good("audit");
    let left: Vec<String> = fs::read_dir(bench.path("tasdiq-data/documents"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let opens = |name: &String| name.ends_with(".sealed") || name.ends_with(".key");
    assert!(left.len() >= 4 && !left.iter().any(opens), "{left:?}");
    for (name, bytes) in files(&folder) {
        for trace in secrets.iter().flat_map(Secret::traces) {
            assert!(!holds(&bytes, &trace), "{name} holds {trace}");
        }
    }
}
