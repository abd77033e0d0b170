//! What shops are told of the goods that they hold: the feed, the forms of a lot for their own
//! pages, and webhooks, with a real service and a real receiver.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tasdiq::client::Client;
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::statement::{
    Arrival, Discrepancy, Domain, Draft, Event, EventId, EventKind, EventName, LotLine, Offset,
    Received, Receiver, ShipPurpose, Shipment, Transformation,
};

use crate::cli::{Bench, Service};
use crate::stage::{Request, Server};

/// A ledger with goods: of lot L1 half went into JAR, and 10 L of that to the shop `souk`.
struct Shop {
    bench: Bench,
    events: u32,
}

fn lines(lots: &[(&str, u64)]) -> Vec<LotLine> {
    let line =
        |(lot, quantity): &(&str, u64)| LotLine { lot: lot.parse().unwrap(), quantity: *quantity };
    lots.iter().map(line).collect()
}

impl Shop {
    fn open() -> Self {
        let bench = Bench::founded();
        bench.issue();
        for (role, id) in [("shop", "souk"), ("shop", "marche")] {
            let key = bench.good(&format!("keygen --out {id}.pem"));
            bench.good(&format!(
                "register party --role {role} --id {id} --name Boutique-{id} --number {id}"
            ));
            bench.good(&format!(
                "register key add --id {id} --public {} --purpose assertion",
                key.trim()
            ));
        }
        let today = now().day();
        bench.write(
            "jars.csv",
            &format!(
                "lot;product;quantity;pack_size;region;campaign;packed_on\n\
                 JAR;argane;400 L;250 mL;MA-09;2026;{today}\n"
            ),
        );
        bench.good("issue jars.csv --what lots --key coop.pem --issuer coop --yes");
        let mut shop = Self { bench, events: 0 };
        let (inputs, outputs) = (lines(&[("coop/L1", 400_000)]), lines(&[("coop/JAR", 400_000)]));
        let split = Transformation { recipe: "split".into(), inputs, outputs };
        shop.event("coop", EventKind::Transform(split));
        let shipped = shop.ship("souk", &[("coop/JAR", 10_000)]);
        shop.receive("souk", &shipped, &[("coop/JAR", 10_000)]);
        shop
    }

    fn event(&mut self, who: &str, kind: EventKind) -> EventId {
        self.events += 1;
        let domain = Domain::parse("127.0.0.1:8080").unwrap();
        let issuer = PartySlug::parse(who).unwrap();
        let name = EventName::parse(&format!("{:026}", self.events)).unwrap();
        let (region, document, mandate) = (None, None, None);
        let offset = Offset::of_minutes(60).unwrap();
        let at = now();
        let event = Event { name, at, offset, region, document, mandate, kind };
        let draft = Draft {
            domain: &domain,
            id: String::new(),
            issuer: &issuer,
            issuer_name: &self.name_of(who),
            valid_from: at,
            valid_until: None,
        };
        self.bench.write("event.json", &event.draft(&draft).to_string());
        self.bench.good(&format!(
            "sign event.json --key {who}.pem --issuer {who} --out signed-event.json"
        ));
        self.bench.good("submit signed-event.json --yes");
        EventId { issuer, name }
    }

    fn name_of(&self, who: &str) -> String {
        match who {
            "coop" => "Cooperative".to_owned(),
            other => format!("Boutique-{other}"),
        }
    }

    fn ship(&mut self, to: &str, lots: &[(&str, u64)]) -> EventId {
        let to = Receiver::Party(PartySlug::parse(to).unwrap());
        let (units, carrier, returns) = (vec![], None, None);
        let purpose = ShipPurpose::Sale;
        let what = Shipment { to, purpose, lots: lines(lots), units, carrier, returns };
        self.event("coop", EventKind::Ship(what))
    }

    fn receive(&mut self, who: &str, of: &EventId, lots: &[(&str, u64)]) {
        let read = |line: LotLine| Received {
            lot: line.lot,
            accepted: line.quantity,
            refused: 0,
            missing: 0,
        };
        let lots = lines(lots).into_iter().map(read).collect();
        let what = Arrival { of: of.clone(), lots, discrepancy: Discrepancy::None };
        self.event(who, EventKind::Receive(what));
    }

    fn serve(&self) -> Service {
        let mut command = self.bench.command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--webhook-private"]);
        self.bench.started(command)
    }

    fn recall(&self) {
        self.bench.good(
            "status --target coop/L1 --action recall --reason safety --notice-fr Rapportez-le \
             --notice-ar أعيدوه --key coop.pem --issuer coop --yes",
        );
    }
}

/// A receiver that keeps what it gets, and answers as it is told.
fn receiver(answers: &'static [u16]) -> (Server, Arc<Mutex<Vec<Request>>>) {
    let got: Arc<Mutex<Vec<Request>>> = Arc::default();
    let heard = Arc::clone(&got);
    let server = Server::start(move |request| {
        let mut heard = heard.lock().unwrap();
        heard.push(request);
        (*answers.get(heard.len() - 1).unwrap_or(&204), Vec::new())
    });
    (server, got)
}

/// The messages once there are so many; a minute is what is promised.
fn heard(got: &Mutex<Vec<Request>>, count: usize) -> Vec<Value> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let all: Vec<Value> = got
            .lock()
            .unwrap()
            .iter()
            .map(|request| serde_json::from_slice(&request.body).unwrap())
            .collect();
        if all.len() >= count {
            return all;
        }
        assert!(Instant::now() < until, "only {all:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_feed_says_what_a_shop_has_and_whether_it_may_be_sold() {
    let shop = Shop::open();
    let service = shop.serve();
    let client = Client::new(&service.url).unwrap();
    let feed =
        |who: &str| -> Value { client.get_json(&format!("/api/v1/feed?shop={who}")).unwrap() };
    let of_souk = feed("souk");
    let lot = &of_souk["lots"][0];
    assert_eq!(of_souk["lots"].as_array().unwrap().len(), 1, "{of_souk}");
    assert_eq!(
        [&lot["lot"], &lot["free"], &lot["freeUnits"], &lot["status"]],
        [&Value::from("coop/JAR"), &10_000.into(), &40.into(), &"released".into()]
    );
    assert!(lot.get("inherited").is_none());
    assert_eq!(feed("marche")["lots"], Value::Array(vec![]));
    let coop = feed("coop");
    assert_eq!(coop["lots"].as_array().unwrap().len(), 21, "all of its lots but none twice");
    // Pages of one lot each give the same lots.
    let (mut seen, mut path) = (Vec::new(), "/api/v1/feed?shop=coop&limit=1".to_owned());
    loop {
        let page: Value = client.get_json(&path).unwrap();
        let lots = page["lots"].as_array().unwrap();
        assert!(lots.len() <= 1);
        seen.extend(lots.iter().map(|lot| lot["lot"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/feed?shop=coop&limit=1&after={next}");
    }
    let all: Vec<Value> =
        coop["lots"].as_array().unwrap().iter().map(|lot| lot["lot"].clone()).collect();
    assert_eq!(seen, all);
    shop.recall();
    let lot = &feed("souk")["lots"][0];
    assert_eq!((&lot["status"], &lot["inherited"]["via"]), (&"recalled".into(), &"coop/L1".into()));
    assert_eq!(lot["inherited"]["reason"], "safety");
    // So does every list: nobody who looks for what is recalled misses what was made of it.
    let found: Value = client.get_json("/api/v1/lots?status=recalled").unwrap();
    let found: Vec<&Value> =
        found["lots"].as_array().unwrap().iter().map(|lot| &lot["lot"]).collect();
    assert_eq!(found, ["coop/JAR", "coop/L1"]);
    let jar: Value = client.get_json("/api/v1/lots/coop/JAR").unwrap();
    assert_eq!((&jar["status"], &jar["inherited"]["via"]), (&"recalled".into(), &"coop/L1".into()));
    // What nobody may ask for.
    for (query, status) in [
        ("?shop=nobody", 404),
        ("?shop=%3Cimg%3E", 404),
        ("", 400),
        ("?shop=souk&after=x", 400),
        ("?shop=souk&price=1", 400),
    ] {
        let answer = ureq_status(&format!("{}/api/v1/feed{query}", service.url), None);
        assert_eq!(answer.0, status, "{query}");
    }
    // A reader that has it already gets no body, until something changes.
    let url = format!("{}/api/v1/feed?shop=souk", service.url);
    let (status, tag) = ureq_status(&url, None);
    assert_eq!(status, 200);
    assert_eq!(ureq_status(&url, tag.as_deref()).0, 304);
    assert_eq!(ureq_status(&url, Some("W/\"other\"")).0, 200);
}

fn ureq_status(url: &str, tag: Option<&str>) -> (u16, Option<String>) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.get(url);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let answer = request.call().unwrap();
    let tag = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    let age = answer.headers().get("cache-control").map(|it| it.to_str().unwrap().to_owned());
    if answer.status().is_success() {
        assert_eq!(age.as_deref(), Some("public, max-age=30"), "{url}");
    }
    (answer.status().as_u16(), tag)
}

#[test]
fn pages_of_shops_show_a_certificate_only_while_the_lot_may_be_sold() {
    let shop = Shop::open();
    let service = shop.serve();
    let client = Client::new(&service.url).unwrap();
    let product = |lot: &str| -> Value { client.get_json(&format!("/lots/{lot}.jsonld")).unwrap() };
    let badge = |lot: &str, lang: &str| {
        let bytes = client.get(&format!("/lots/{lot}.svg?lang={lang}")).unwrap();
        assert!(bytes.len() <= 2_000, "{}", bytes.len());
        String::from_utf8(bytes).unwrap()
    };
    let good = product("coop/L1");
    assert_eq!(
        (&good["@type"], &good["@context"]),
        (&"Product".into(), &"https://schema.org".into())
    );
    let certified = &good["hasCertification"][0];
    assert_eq!(certified["certificationStatus"], "https://schema.org/CertificationActive");
    assert!(badge("coop/L1", "en").contains("bio-maroc · valid"));
    assert!(badge("coop/L1", "ar").contains("direction=\"rtl\""));
    // Of a certificate that ended, and of a lot without any.
    let ended = &product("coop/L20")["hasCertification"][0];
    assert_eq!(ended["certificationStatus"], "https://schema.org/CertificationInactive");
    assert!(badge("coop/L20", "en").contains("expired"));
    assert!(badge("coop/JAR", "en").contains("no certificate"));
    shop.recall();
    for lot in ["coop/L1", "coop/JAR"] {
        let recalled = product(lot);
        let states = recalled["hasCertification"].as_array().unwrap();
        assert!(!recalled.to_string().contains("CertificationActive"), "{recalled}");
        assert_eq!(states.is_empty(), lot == "coop/JAR");
        let properties = recalled["additionalProperty"].to_string();
        assert!(properties.contains("\"recalled\""), "{properties}");
        assert!(badge(lot, "en").contains(">recalled<"));
        assert!(badge(lot, "fr").contains(">rappel"));
    }
    let text = String::from_utf8(client.get("/lots/coop/L1.jsonld").unwrap()).unwrap();
    assert!(!text.contains('<'), "it can stand in a script element");
    for path in ["/lots/coop/L1.png", "/lots/coop/NONE.svg", "/lots/coop/a%2Fb.jsonld"] {
        let (status, _) = ureq_status(&format!("{}{path}", service.url), None);
        assert!(status == 404 || status == 400, "{path}: {status}");
    }
}

#[test]
fn what_a_stolen_key_signed_is_active_on_no_page() {
    let shop = Shop::open();
    shop.bench
        .good("register key compromised --id cert --name key-1 --since 2020-06-01T00:00:00Z --yes");
    let service = shop.serve();
    let client = Client::new(&service.url).unwrap();
    let product: Value = client.get_json("/lots/coop/L1.jsonld").unwrap();
    assert_eq!(product["hasCertification"].as_array().unwrap().len(), 1);
    assert!(!product.to_string().contains("CertificationActive"), "{product}");
    let badge = String::from_utf8(client.get("/lots/coop/L1.svg?lang=en").unwrap()).unwrap();
    assert!(badge.contains("Could not be confirmed") && !badge.contains("valid"), "{badge}");
    let feed: Value = client.get_json("/api/v1/feed?shop=coop&limit=1").unwrap();
    assert_eq!(feed["lots"][0]["certificates"][0]["suspectKey"], true, "{feed}");
}

#[test]
fn a_holder_is_told_of_a_recall_of_an_input_by_webhook() {
    let shop = Shop::open();
    let (server, got) = receiver(&[]);
    let service = shop.serve();
    let bench = &shop.bench;
    let hook = format!("webhook add {}/hook --key souk.pem --issuer souk", server.url());
    let added = bench.json(&hook);
    assert_eq!(bench.json(&hook)["id"], added["id"], "the same again is the same");
    shop.recall();
    let told = heard(&got, 1);
    assert_eq!(told[0]["type"], "lot.recalled");
    let lot = &told[0]["data"]["lots"][0];
    assert_eq!(
        (&told[0]["data"]["shop"], &lot["lot"], &lot["inherited"]["via"]),
        (&"souk".into(), &"coop/JAR".into(), &"coop/L1".into())
    );
    assert_eq!(got.lock().unwrap()[0].path, "/hook");
    let list = bench.json("webhook list --key souk.pem --issuer souk");
    assert_eq!(list["webhooks"][0]["url"], format!("{}/hook", server.url()));
    // Each party sees and removes its own alone.
    let others = bench.json("webhook list --key marche.pem --issuer marche");
    assert_eq!(others["webhooks"], Value::Array(vec![]));
    let id = added["id"].as_str().unwrap();
    let (exit, _, err) =
        bench.run(&format!("webhook remove {id} --key marche.pem --issuer marche"));
    assert!(exit == 2 && err.contains("no such webhook"), "{exit} {err}");
    // Nobody registers in another's name, or unsigned.
    let (exit, _, err) =
        bench.run(&format!("webhook add {}/theft --key marche.pem --issuer souk", server.url()));
    assert!(exit == 2 && err.contains("not registered for souk"), "{exit} {err}");
    let client = Client::new(&service.url).unwrap();
    let unsigned =
        client.post("/api/v1/webhooks", "application/json", b"{\"url\":\"https://a.b/\"}");
    assert!(unsigned.unwrap_err().to_string().contains("request_signature"));
    bench.good(&format!("webhook remove {id} --key souk.pem --issuer souk --yes"));
    assert_eq!(got.lock().unwrap().len(), 1, "told once");
}

#[test]
fn what_happened_while_nothing_ran_is_told_at_the_next_start() {
    let shop = Shop::open();
    let (server, got) = receiver(&[]);
    let hook = format!("webhook add {}/hook --key souk.pem --issuer souk", server.url());
    let service = shop.serve();
    shop.bench.good(&hook);
    // One look at least was made when the service stops.
    std::thread::sleep(Duration::from_secs(6));
    assert!(service.stop());
    shop.recall();
    let _service = shop.serve();
    assert_eq!(heard(&got, 1)[0]["type"], "lot.recalled");
}

#[test]
fn a_private_address_is_not_told_unless_the_operator_allows_it() {
    let shop = Shop::open();
    let (server, got) = receiver(&[]);
    let _service = shop.bench.serve();
    for url in [format!("{}/hook", server.url()), "file:///etc/passwd".into(), "https://".into()] {
        let (exit, _, err) =
            shop.bench.run(&format!("webhook add {url} --key souk.pem --issuer souk"));
        assert!(exit == 2 && err.contains("webhook_address"), "{url}: {exit} {err}");
    }
    let secure = server.url().replace("http:", "https:");
    shop.bench.good(&format!("webhook add {secure}/hook --key souk.pem --issuer souk"));
    shop.recall();
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let list = shop.bench.json("webhook list --key souk.pem --issuer souk");
        if list["webhooks"][0]["pending"] == 1 {
            break;
        }
        assert!(Instant::now() < until, "{list}");
        std::thread::sleep(Duration::from_millis(200));
    }
    std::thread::sleep(Duration::from_secs(6));
    assert!(got.lock().unwrap().is_empty(), "nobody came");
}
