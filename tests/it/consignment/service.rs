//! What the service hands out: the file of a shipment, its page, refusals; and what the command
//! makes of it, with no server.

use std::fs;

use serde_json::{Value, json};
use tasdiq::names::PartySlug;
use tasdiq::statement::*;

use super::stage::{SALT, abroad, buyer, opening};
use crate::cli::Bench;
use crate::edition2::lines;

const HOST: &str = "127.0.0.1:8080";
const NAME: &str = "00000000000000000000000042";

/// A ledger whose cooperative has shipped 10 L to a buyer abroad, and taken 1 L back to nobody.
fn shipped() -> Bench {
    let bench = Bench::founded();
    bench.issue();
    let kind = EventKind::Ship(Shipment {
        to: abroad(&buyer()),
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/L1", 10_000), ("coop/L2", 5_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    });
    say(&bench, NAME, kind);
    bench
}

/// Signs and submits an event of the cooperative.
fn say(bench: &Bench, name: &str, kind: EventKind) {
    let domain = Domain::parse(HOST).unwrap();
    let coop = PartySlug::parse("coop").unwrap();
    let now = tasdiq::os::now();
    let event = Event {
        name: EventName::parse(name).unwrap(),
        at: now,
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind,
    };
    let draft = Draft {
        domain: &domain,
        id: String::new(),
        issuer: &coop,
        issuer_name: "Cooperative",
        valid_from: now,
        valid_until: None,
    };
    bench.write("event.json", &event.draft(&draft).to_string());
    bench.good(&format!("sign event.json --key coop.pem --issuer coop --out {name}"));
    bench.good(&format!("submit {name}"));
}

fn get(url: &str, accept: &str) -> (u16, String) {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let answer = config.new_agent().get(url).header("accept", accept).call().unwrap();
    (answer.status().as_u16(), answer.into_body().read_to_string().unwrap())
}

#[test]
fn the_command_judges_and_writes_with_no_server() {
    let bench = shipped();
    let root = bench.json("trust --out trust.json")["root"].as_str().unwrap().to_owned();
    bench.good(&format!("consignment coop/{NAME} --out ship.tasdiq"));
    bench.good(&format!("consignment ship.tasdiq --root {root}"));
    bench.good("consignment ship.tasdiq --trust trust.json");
    let report = bench.json(&format!("consignment ship.tasdiq --root {root}"));
    assert_eq!((&report["exitCode"], &report["state"]), (&json!(0), &json!("left")));
    assert_eq!(report["lots"][0]["sent"], 10_000);
    let (code, out, _) = bench.run("consignment ship.tasdiq");
    assert!(code == 3 && out.contains("nobody compared its root"), "{code} {out}");
    let other =
        format!("{}{}", &root[..root.len() - 1], if root.ends_with('z') { 'y' } else { 'z' });
    assert_eq!(bench.run(&format!("consignment ship.tasdiq --root {other}")).0, 1);
    for (paper, form) in
        [("931", "csv"), ("931", "xlsx"), ("fsma204", "xlsx"), ("onssa", "csv"), ("sheet", "csv")]
    {
        let file = format!("{paper}.{form}");
        let line = format!("--root {root} --paper {paper} --format {form} --out {file}");
        bench.good(&format!("consignment ship.tasdiq {line}"));
        assert!(fs::metadata(bench.path(&file)).unwrap().len() > 500, "{file}");
    }
    assert!(bench.read("931.csv").contains("[to be added: name of the receiver]"));
    let opened = |salt: [u8; 16]| String::from_utf8(opening(salt, &buyer())).unwrap();
    bench.write("good.json", &opened(SALT));
    bench.write("bad.json", &opened([1; 16]));
    let with = format!("consignment ship.tasdiq --root {root} --opening");
    bench.good(&format!("{with} good.json --out opened.tasdiq"));
    bench.good(&format!("consignment opened.tasdiq --root {root} --paper 931 --out opened.csv"));
    assert!(bench.read("opened.csv").contains("Acheteur fictif SARL"));
    let (code, _, err) = bench.run(&format!("{with} bad.json --out wrong.tasdiq"));
    assert!(code == 1 && err.contains("the commitments of this consignment"), "{code} {err}");
    assert!(!bench.path("wrong.tasdiq").exists());
    // Nothing is written of what is not genuine.
    let text = bench.read("ship.tasdiq");
    bench.write("changed.tasdiq", &text.replacen("\"sent\":10000", "\"sent\":10001", 1));
    let paper = format!("--root {root} --paper sheet --out changed.csv");
    assert_eq!(bench.run(&format!("consignment changed.tasdiq {paper}")).0, 1);
    bench.write("half.tasdiq", &text[..text.len() / 2]);
    assert_eq!(bench.run(&format!("consignment half.tasdiq {paper}")).0, 2);
    fs::File::create(bench.path("huge.tasdiq")).unwrap().set_len(100_000_000).unwrap();
    let (code, _, err) = bench.run(&format!("consignment huge.tasdiq {paper}"));
    assert!(code == 2 && err.contains("larger than any consignment"), "{code} {err}");
    assert!(!bench.path("changed.csv").exists());
    let (code, _, err) = bench.run("consignment coop/none --out x");
    assert!(code == 2 && err.contains("party/NAME"), "{err}");
    assert_eq!(bench.run(&format!("consignment souk/{NAME} --out x")).0, 2);
    let (code, out, err) = bench.run("verify ship.tasdiq --offline --trust trust.json");
    assert!(code == 2 && err.contains("tasdiq consignment"), "{code} {out}{err}");
}

#[test]
fn a_shipment_has_a_page_and_a_file() {
    let bench = shipped();
    let service = bench.serve();
    let url = |path: &str| format!("{}{path}", service.url);
    let path = format!("/events/coop/{NAME}");
    for (language, words) in [
        ("fr", ["Expédié", "n’est pas inscrit ici", "Dossier d’expédition"]),
        ("ar", ["أُرسل", "غير مسجلة هنا", "ملف الشحنة"]),
        ("en", ["Sent", "not registered here", "verifies without a server"]),
    ] {
        let (status, page) = get(&url(&format!("{path}?lang={language}")), "text/html");
        assert_eq!(status, 200, "{page}");
        for word in words.into_iter().chain(["coop/L1", &format!("{path}.tasdiq")]) {
            assert!(page.contains(word), "{language}: {word} in {page}");
        }
        assert_eq!(page.contains("أركان"), language == "ar", "products in the reader's language");
    }
    let (status, file) = get(&url(&format!("{path}.tasdiq")), "*/*");
    assert_eq!(status, 200, "{file}");
    let file: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(
        (&file["type"], &file["lots"][0]["sent"]),
        (&json!("TasdiqConsignment"), &json!(10_000))
    );
    for (path, status, code) in [
        (format!("/events/coop/{}.tasdiq", "0".repeat(26)), 404, "event_unknown"),
        ("/events/coop/short.tasdiq".to_owned(), 404, "event_unknown"),
        (format!("/events/%3Cscript%3E/{NAME}.tasdiq"), 404, "event_unknown"),
        (format!("{path}.exe"), 404, "form_unknown"),
    ] {
        let (found, body) = get(&url(&path), "application/json");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((found, body["code"].as_str().unwrap()), (status, code), "{path}");
    }
    let address = format!("{}/events/coop/{NAME}", service.url);
    // What came over the network vouches for nothing by itself.
    let line = format!("consignment {address} --out by-url.tasdiq --url {}", service.url);
    assert_eq!(bench.run(&line).0, 3);
    let root = bench.json("trust --out trust.json")["root"].as_str().unwrap().to_owned();
    bench.good(&format!("{line} --root {root}"));
    // What is no shipment has a page and no file.
    let other = NAME.replace("42", "43");
    let what = Loss { cause: LossCause::Sediment, lots: lines(&[("coop/L3", 100)]) };
    say(&bench, &other, EventKind::Loss(what));
    let (status, page) = get(&url(&format!("/events/coop/{other}?lang=en")), "text/html");
    assert!(status == 200 && page.contains("Lost") && !page.contains(".tasdiq"), "{page}");
    let (status, body) = get(&url(&format!("/events/coop/{other}.tasdiq")), "*/*");
    assert!(status == 404 && body.contains("shipment_unknown"), "{body}");
    assert!(service.stop());
}
