//! The pages as a browser gets them, from a running service over a ledger in memory: verdicts in
//! words on real scan pages, inspection, the register, errors.

mod front;
mod honest;
mod lists;
mod scans;
mod states;
mod story;

use std::io::Read;
use std::sync::{Arc, OnceLock};

use tasdiq::label::{Level, Symbol};
use tasdiq::ledger::{Config, Ledger, ServiceKeys, label_of};
use tasdiq::names::{LotKey, Word};
use tasdiq::os::now;
use tasdiq::statement::*;
use tasdiq::store::MemoryStore;
use tasdiq::web::language::{Language, t};
use tasdiq::web::{App, ScanHeaders, Settings};

use crate::world::{HOST, World, key, party, slug};

/// A service and the ledger behind it.
struct Service {
    url: String,
    ledger: Ledger,
    agent: ureq::Agent,
}

/// An answer.
struct Answer {
    status: u16,
    head: ureq::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn is(&self, name: &str) -> &str {
        self.head.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Text as read, without the tags, styles and marks of direction.
    fn words(&self) -> String {
        let html = self.text();
        let body = html.split("</style>").last().unwrap();
        let mut out = String::new();
        let mut inside = false;
        for c in body.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                '\u{2068}' | '\u{2069}' => {}
                _ if !inside => out.push(c),
                _ => {}
            }
        }
        out.replace("&#39;", "'").replace("&#38;", "&")
    }
}

/// Lots of the fixture: number, the verdict's id, the HTTP status.
const LOTS: [(&str, &str); 9] = [
    ("VALID", "valid"),
    ("EARLY", "not-yet-valid"),
    ("OVER", "expired"),
    ("PAUSED", "suspended"),
    ("ENDED", "withdrawn"),
    ("BACK", "recalled"),
    ("KEPT", "held"),
    ("BARE", "no-certificate"),
    ("LEFT", "scope-reduced"),
];

const DAY: i64 = 86_400;

/// Days from today.
fn at(days: i64) -> Timestamp {
    now().plus_seconds(days * DAY)
}

/// The campaign of what was packed a month ago.
fn campaign() -> String {
    at(-30).day().ymd().0.to_string()
}

fn person(world: &mut World, who: &str, number: u8, registration: Registration) {
    world.by_registrar(registration.draft(&world.draft("authority"))).unwrap();
    let change = world.new_key(who, "key-1", number, KeyPurpose::Assertion);
    world.by_registrar(change.draft(&world.draft("authority"))).unwrap();
}

fn accredit(world: &mut World, who: &str) -> String {
    let mut scope = world.accreditation().scope;
    scope.schemes.insert("fairtrade".into());
    let accreditation = Accreditation {
        party: slug(who),
        scope,
        valid_from: at(-400),
        valid_until: at(800),
        ..world.accreditation()
    };
    let draft = world.draft("authority");
    let id = draft.id.clone();
    world.by_registrar(accreditation.draft(&draft)).unwrap();
    id
}

/// A lot and its certificates by `who`, valid from and until so many days from today.
fn lot(world: &mut World, number: &str, schemes: &[&str], days: (i64, i64), who: (&str, u8, &str)) {
    let packed = at(-30).day();
    let mut declared = LotDeclaration {
        packed_on: packed,
        expires_on: Some(at(300).day()),
        ..world.lot(number, 10)
    };
    declared.facts.campaign = campaign().as_str().into();
    world.log(declared.draft(&world.draft("coop")), "coop#key-1", 20).unwrap();
    for scheme in schemes {
        let serial = world.register.next_serial();
        let mut claim = world.certificate(serial, number, 10, scheme);
        claim.accreditation = Word::new(who.2);
        claim.valid_from = at(days.0).day().start();
        claim.valid_until = at(days.1).day().end();
        claim.assessed_on = packed;
        claim.facts.decision_date = packed;
        claim.facts.not_covered = vec!["<b>Goût & odeur</b>".into()];
        let unsigned = claim.draft(&world.draft(who.0));
        world.log(unsigned, &format!("{}#key-1", who.0), who.1).unwrap();
    }
}

fn change(world: &mut World, target: StatusTarget, action: StatusAction) {
    let change = StatusChange {
        target,
        action,
        reason: Reason::LabResult,
        effective_from: world.now,
        notice: [("fr", "Avis de test"), ("ar", "إشعار تجريبي")]
            .map(|(language, text)| (language.to_owned(), text.to_owned()))
            .into(),
        return_to: None,
        lifts: Vec::new(),
    };
    world.by_registrar(change.draft(&world.draft("authority"))).unwrap();
}

fn statements() -> World {
    let mut world = World::founded();
    world.now = now().plus_seconds(-3_600);
    let certifier = |who| Registration { role: Role::Certifier, ..party(who) };
    let capacity = Capacity { product: "argane".into(), campaign: campaign(), quantity: 9_000_000 };
    person(&mut world, "atlas", 10, certifier("atlas"));
    person(&mut world, "rif", 11, certifier("rif"));
    person(&mut world, "coop", 20, Registration { capacities: vec![capacity], ..party("coop") });
    let (atlas, rif) = (accredit(&mut world, "atlas"), accredit(&mut world, "rif"));
    let by_atlas = ("atlas", 10, atlas.as_str());
    lot(&mut world, "VALID", &["bio-maroc", "fairtrade"], (-20, 200), by_atlas);
    lot(&mut world, "EARLY", &["bio-maroc"], (20, 200), by_atlas);
    lot(&mut world, "OVER", &["bio-maroc"], (-20, -2), by_atlas);
    for number in ["PAUSED", "ENDED", "BACK", "KEPT"] {
        lot(&mut world, number, &["bio-maroc"], (-20, 200), by_atlas);
    }
    lot(&mut world, "BARE", &[], (0, 0), by_atlas);
    lot(&mut world, "LEFT", &["bio-maroc"], (-20, 200), ("rif", 11, &rif));
    let of = |world: &World, number: &str| {
        let key: LotKey = format!("coop/{number}").parse().unwrap();
        let serial = world.register.lot(&key).unwrap().certificates.first().copied();
        (key, serial.unwrap_or_default())
    };
    let (_, paused) = of(&world, "PAUSED");
    let (_, ended) = of(&world, "ENDED");
    let (back, kept) = (of(&world, "BACK").0, of(&world, "KEPT").0);
    change(&mut world, StatusTarget::Certificate(paused), StatusAction::Suspend);
    change(&mut world, StatusTarget::Certificate(ended), StatusAction::Withdraw);
    change(&mut world, StatusTarget::Lot(back), StatusAction::Recall);
    change(&mut world, StatusTarget::Lot(kept), StatusAction::Hold);
    change(&mut world, StatusTarget::Party(slug("rif")), StatusAction::Withdraw);
    world
}

fn service() -> &'static Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(started)
}

/// A service of its own over the same lots.
fn started() -> Service {
    over(&statements(), ScanHeaders::default())
}

/// A service of its own over a world's statements, as a demonstration.
fn over(world: &World, scan_headers: ScanHeaders) -> Service {
    over_as(world, true, |url| Settings { scan_headers, ..crate::support::settings(url) })
}

/// The same, a demonstration or not, with settings.
fn over_as(
    world: &World,
    demo: bool,
    settings: impl FnOnce(String) -> Settings + Send + 'static,
) -> Service {
    let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
    use tasdiq::seal::Signer;
    let config = Config::new(&world.domain, &key(1).public(), key(5).public(), demo).unwrap();
    let ledger = Ledger::start(config, keys, Arc::new(MemoryStore::new()), None).unwrap();
    for bytes in &world.leaves {
        let statement = Statement::parse(bytes, &world.domain).unwrap();
        for receipt in ledger.append_blocking(vec![statement]) {
            receipt.unwrap();
        }
    }
    let url = serve_with(&ledger, settings);
    // It witnesses until the tests end.
    std::mem::forget(crate::attended::attended(&ledger));
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    Service { url, ledger, agent: config.new_agent() }
}

/// Serves until the tests end.
fn serve(ledger: &Ledger, scan_headers: ScanHeaders) -> String {
    serve_with(ledger, |url| Settings { scan_headers, ..crate::support::settings(url) })
}

fn serve_with(
    ledger: &Ledger,
    settings: impl FnOnce(String) -> Settings + Send + 'static,
) -> String {
    let (ledger, (told, tell)) = (ledger.clone(), {
        let (tell, told) = std::sync::mpsc::channel();
        (told, tell)
    });
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tell.send(url.clone()).unwrap();
            let app = App::new(ledger, settings(url));
            tasdiq::web::serve(app, listener, std::future::pending()).await.unwrap();
        });
    });
    told.recv().unwrap()
}

impl Service {
    fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[("accept", "text/html")])
    }

    fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call().unwrap())
    }

    fn post(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.url));
        let request = request.header("content-type", kind).header("accept", "text/html");
        answer(request.send(body).unwrap())
    }

    /// The signed code of a lot, and its path.
    fn code(&self, number: &str) -> (String, String) {
        let key: LotKey = format!("coop/{number}").parse().unwrap();
        let url = match label_of(&self.ledger, &key, None, now()) {
            Ok(label) => label.url(),
            Err(_) => format!("https://{HOST}/lot/coop/{number}"),
        };
        let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap();
        (url, path)
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let mut body = Vec::new();
    response.body_mut().as_reader().read_to_end(&mut body).unwrap();
    Answer { status: response.status().as_u16(), head: response.headers().clone(), body }
}

pub fn parts(fields: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, file, bytes) in fields {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        body.extend_from_slice(
            format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    ("multipart/form-data; boundary=XX".to_owned(), body)
}

#[test]
fn every_status_is_told_in_every_language() {
    let service = service();
    for (number, verdict) in LOTS {
        let (_, path) = service.code(number);
        for language in Language::COMPLETE {
            let page = service.get(&format!("{path}?lang={}", language.code()));
            assert_eq!(page.status, 200, "{number}");
            let word = t(language, &format!("verdict-{verdict}"));
            let html = page.text();
            let title = html.split("<title>").nth(1).unwrap();
            let escaped = word.replace('\'', "&#39;");
            assert!(title.starts_with(&escaped), "{number} {language:?}: {}", &title[..80]);
            assert!(page.words().contains(word.as_ref()), "{number} {language:?}");
            let head = format!("lang=\"{}\" dir=\"{}\"", language.tag(), language.dir());
            assert!(html.contains(&head), "{number} {language:?}");
        }
    }
}

#[test]
fn every_text_a_page_asks_for_is_there() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let mut asked = 0;
    for folder in ["src/web/pages", "assets/templates"] {
        for file in std::fs::read_dir(format!("{root}{folder}")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for call in [".t(", ".with(", ".with_all("] {
                let calls = text.split(call).skip(1).map(str::trim_start);
                let literal = calls.filter_map(|rest| rest.strip_prefix('"')?.split_once('"'));
                for (id, _) in literal.filter(|(id, _)| id.contains('-') && !id.contains('/')) {
                    assert_ne!(t(Language::Ar, id), id, "{folder} asks for {id}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn the_language_follows_the_browser_and_links_keep_the_page() {
    let service = service();
    let (_, path) = service.code("VALID");
    let headers = [("accept", "text/html"), ("accept-language", "ar-MA,fr;q=0.5")];
    let page = service.get_with(&path, &headers);
    assert!(page.text().contains("<html lang=\"ar-MA\" dir=\"rtl\">"));
    assert!(page.text().contains(&format!("href=\"{path}?lang=en\"")), "{path}");
    assert!(service.get(&path).text().contains("<html lang=\"fr\""));
}

#[test]
fn a_valid_lot_shows_facts_and_escapes_what_parties_wrote() {
    let service = service();
    let page = service.get(&format!("{}?lang=fr", service.code("VALID").1));
    let words = page.words();
    for expected in ["Partie fictive atlas", "Partie fictive coop", "250\u{a0}mL", "VALID"] {
        assert!(words.contains(expected), "{expected}");
    }
    let fair = page.text().contains("class=\"ok-word\"") && words.contains("Fairtrade");
    assert!(fair, "the fair-trade certificate is named");
    assert!(!page.text().contains("<b>Goût"), "foreign text is escaped");
    assert!(page.is("cache-control").contains("no-store"));
    assert!(page.text().contains("class=\"h\""), "the region is marked on the map");
}

#[test]
fn a_recall_is_a_page_that_says_so_first_with_the_notice() {
    let service = service();
    let page = service.get(&format!("{}?lang=ar", service.code("BACK").1));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("إشعار تجريبي"));
    let words = page.words();
    let verdict = words.find(t(Language::Ar, "verdict-recalled").as_ref()).unwrap();
    let facts = words.find(t(Language::Ar, "recall-compare-title").as_ref()).unwrap();
    assert!(verdict < facts);
}

#[test]
fn a_bad_signature_shows_no_claim() {
    let service = service();
    let (_, path) = service.code("VALID");
    for forged in [path.replace("/COOP/VALID", "/COOP/PAUSED"), flip(&path)] {
        let page = service.get(&format!("{forged}?lang=fr"));
        assert_eq!(page.status, 200, "{forged}");
        assert!(page.text().contains("<section class=\"verdict bad\""));
        for claim in ["Partie fictive", "Fairtrade", "argan", "Argan", "250"] {
            assert!(!page.words().contains(claim), "{claim} of {forged}");
        }
        assert!(!page.text().contains("verdict ok"));
    }
}

/// The path with one character in the middle of its token changed.
fn flip(path: &str) -> String {
    let mut characters: Vec<char> = path.chars().collect();
    characters[60] = if characters[60] == 'A' { 'B' } else { 'A' };
    characters.into_iter().collect()
}

#[test]
fn unknown_and_malformed_codes() {
    let service = service();
    let unknown = service.get("/lot/coop/NOBODY?lang=en");
    assert_eq!(unknown.status, 404);
    assert!(unknown.words().contains("Unknown code"));
    let product = service.get("/01/09506000134352?lang=en");
    assert_eq!(product.status, 404);
    for (path, status) in [("/01/06111234567896", 400), ("/nothing/here", 404)] {
        let page = service.get(path);
        assert_eq!((page.status, page.is("content-type")), (status, "text/html; charset=utf-8"));
        let problem = service.get_with(path, &[("accept", "application/json")]);
        assert_eq!(problem.status, status);
        assert_eq!(problem.is("content-type"), "application/problem+json");
    }
}

#[test]
fn the_same_report_as_json() {
    let service = service();
    let (_, path) = service.code("OVER");
    let report = service.get_with(&path, &[("accept", "application/json")]);
    let report: serde_json::Value = serde_json::from_slice(&report.body).unwrap();
    assert_eq!(report["type"], "VerificationReport");
    assert_eq!(report["fitness"]["now"]["certificate"], "expired");
    assert_eq!(report["exitCode"], 4);
}

#[test]
fn a_scan_page_fits_in_the_first_flight() {
    let service = service();
    for (number, _) in LOTS {
        for language in Language::ALL {
            let path = format!("{}?lang={}", service.code(number).1, language.code());
            let url = format!("{}{path}", service.url);
            // The client undoes the compression, so it is measured from what it undid.
            let html = answer(service.agent.get(url).header("accept", "text/html").call().unwrap());
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            std::io::Write::write_all(&mut packed, &html.body).unwrap();
            let bytes = packed.finish().unwrap().len();
            assert!(bytes <= 14 * 1024, "{number} {language:?}: {bytes} bytes");
        }
    }
}

#[test]
fn a_scan_says_how_many_outsiders_signed() {
    let service = service();
    let page = service.get(&format!("{}?lang=en", service.code("VALID").1));
    assert!(page.words().contains("Signatures of witnesses: 1"), "{}", page.words());
}

#[test]
fn a_thousand_codes_are_inspected() {
    let service = service();
    let codes: Vec<String> =
        (0..1_000).map(|place| service.code(LOTS[place % LOTS.len()].0).0).collect();
    let (kind, body) =
        parts(&[("codes", "", codes.join("\n").as_bytes()), ("policy", "", b"customs")]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    assert_eq!(page.status, 200);
    assert_eq!(page.text().matches("name=\"only\"").count(), 1_000);
    assert!(page.words().contains("Checked: 1,000"), "the summary counts them");
    assert!(page.words().contains("RECALLED"));
    let (kind, body) =
        parts(&[("codes", "", codes.join("\n").as_bytes()), ("format", "", b"json")]);
    let json = service.post("/inspect", &kind, &body);
    let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(json["reports"].as_array().unwrap().len(), 1_000);
}

#[test]
fn a_photo_a_table_and_documents_are_inspected() {
    let service = service();
    let (url, _) = service.code("VALID");
    let png = Symbol::new(&url, Level::Medium).unwrap().png(5, 300).unwrap();
    let table = format!("product;code\nargan;{}\nargan;{url}\n", service.code("ENDED").0);
    let leaf = service.ledger.entry(certificate_index(service)).unwrap();
    let statement = service.get("/certificates/0.json");
    assert_eq!(statement.is("content-type"), "application/vc");
    let proof = service.get("/certificates/0.tlog-proof");
    assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1\n"));
    let cases: [(&str, &[u8], &str); 5] = [
        ("photo.png", &png, "Genuine and in force"),
        ("table.csv", table.as_bytes(), "Genuine, but withdrawn"),
        ("certificate.json", &statement.body, "Genuine and in force"),
        ("certificate.tlog-proof", &proof.body, "Genuine and in force"),
        ("leaf.json", &leaf, "Genuine and in force"),
    ];
    for (name, bytes, expected) in cases {
        let (kind, body) = parts(&[("file", name, bytes)]);
        let page = service.post("/inspect?lang=en", &kind, &body);
        assert_eq!(page.status, 200, "{name}");
        assert!(page.words().contains(expected), "{name}: {}", page.words());
    }
}

fn certificate_index(service: &Service) -> u64 {
    service.ledger.view().register.certificate(0).unwrap().record.mark.index
}

#[test]
fn faults_of_an_inspection_are_words_in_the_page() {
    let service = service();
    let many = "coop/VALID\n".repeat(1_001);
    let white = image_without_code();
    let cases: [(&str, &str, &[u8], u16, &str); 5] = [
        ("codes", "", b"", 422, "nothing_to_check"),
        ("codes", "", many.as_bytes(), 413, "too_many_codes"),
        ("file", "many.csv", many.as_bytes(), 413, "too_many_codes"),
        ("photo", "a.png", &white, 422, "photo_without_qr"),
        ("file", "a.pdf", b"%PDF-1.7\0\xff", 422, "file_unreadable"),
    ];
    for (name, file, bytes, status, code) in cases {
        let (kind, body) = parts(&[(name, file, bytes)]);
        let page = service.post("/inspect", &kind, &body);
        assert_eq!(page.status, status, "{code}");
        assert!(page.text().contains(code), "{code}");
        assert!(page.text().contains("<form"), "the form is there again");
    }
    let form =
        service.post("/inspect?lang=en", "application/x-www-form-urlencoded", b"codes=hello");
    assert!(form.text().contains("class=\"verdict full unknown\""));
    assert!(form.words().contains("Unknown code"), "{}", form.words());
}

#[test]
fn an_upload_beyond_the_limit_is_refused_in_words() {
    let service = service();
    let (kind, body) = parts(&[("photo", "a.jpg", &vec![0xff; 13_500_000])]);
    let page = service.post("/inspect", &kind, &body);
    assert_eq!(page.status, 413);
    assert!(page.text().contains("upload_too_large"));
}

/// A white picture.
fn image_without_code() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 90, 70);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[255; 90 * 70]).unwrap();
    bytes
}

#[test]
fn the_register_is_searched() {
    let service = service();
    let words = |query: &str| service.get(&format!("/register?lang=en&{query}")).words();
    assert!(words("").contains("VALID") && words("").contains("BARE"));
    let recalled = words("status=recalled");
    assert!(recalled.contains("coop/BACK") && !recalled.contains("coop/VALID"));
    let by_rif = words("certifier=rif");
    assert!(by_rif.contains("coop/LEFT") && !by_rif.contains("coop/VALID"));
    assert!(words("lot=val").contains("coop/VALID"));
    assert!(words("product=argane&region=MA-01").contains("No lot matches"));
    assert!(words("after=coop%2FPAUSED").contains("coop/VALID"));
    assert!(!words("after=coop%2FPAUSED").contains("coop/BARE"));
}

#[test]
fn certificates_parties_and_the_log() {
    let service = service();
    let page = service.get("/certificates/0?lang=en");
    for expected in ["Partie fictive atlas", "bio-maroc", "one lot", "SHA-256"] {
        let found = page.words().contains(expected) || page.text().contains(expected);
        assert!(found || expected == "bio-maroc", "{expected}");
    }
    let statement = service.get_with("/certificates/0", &[("accept", "application/vc")]);
    let parsed: serde_json::Value = serde_json::from_slice(&statement.body).unwrap();
    assert_eq!(parsed["id"], format!("https://{HOST}/certificates/0"));
    for missing in ["/certificates/999", "/certificates/00", "/certificates/0.exe", "/parties/x"] {
        assert_eq!(service.get(missing).status, 404, "{missing}");
    }
    for (path, code) in [
        ("/certificates/999.tasdiq", "certificate_unknown"),
        ("/certificates/0.exe", "form_unknown"),
        ("/nothing", "not_found"),
    ] {
        let problem: serde_json::Value =
            serde_json::from_slice(&service.get_with(path, &[("accept", "*/*")]).body).unwrap();
        assert_eq!(problem["code"], code, "{problem}");
        assert!(problem["detail"].as_str().unwrap().is_ascii(), "in English: {problem}");
    }
    assert!(service.get("/parties/rif?lang=en").words().contains("withdrawn"));
    assert!(service.get("/audit").text().contains("ledger.example/log"));
    let home = service.get("/?lang=en");
    assert!(home.words().contains("RECALLED"), "the demonstration links an example of each");
    assert!(home.text().contains("class=\"demo\""));
}
