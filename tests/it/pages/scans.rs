//! Scans of one unit, counted: what counts, what does not, what is said from when on, and what one
//! person at home can do to a rival's jar.

use tasdiq::ledger::{Requester, issue_labels};

use super::*;

/// A service that believes its proxy, and the paths of two units of lot VALID.
fn counted() -> (Service, [String; 2]) {
    let mut world = statements();
    let scan_headers = ScanHeaders {
        country: Some("x-country".parse().unwrap()),
        address: Some("x-address".parse().unwrap()),
    };
    let lot: LotKey = "coop/VALID".parse().unwrap();
    let service = over(&world, scan_headers);
    world.now = now();
    let claim =
        LabelIssue { lot, count: 2, verification_method: world.method("authority#label-1") };
    let unsigned = claim.draft(&world.draft("authority"));
    let method = world.method("authority#service-1");
    let bytes = tasdiq::seal::seal(&unsigned, &method, world.now, &key(3)).unwrap();
    let by = Requester { party: slug("authority"), verification_method: method };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let issued = runtime.block_on(issue_labels(&service.ledger, &bytes, &by, world.now)).unwrap();
    let paths: Vec<String> = issued
        .labels
        .iter()
        .map(|label| format!("/{}", label.url().splitn(4, '/').nth(3).unwrap()))
        .collect();
    (service, paths.try_into().unwrap())
}

const BROWSER: &str = "Mozilla/5.0 (fictive)";

impl Service {
    fn scan(&self, path: &str, agent: &str, address: &str, country: &str) -> Answer {
        let headers = [
            ("accept", "text/html"),
            ("user-agent", agent),
            ("x-address", address),
            ("x-country", country),
        ];
        self.get_with(&format!("{path}?lang=en"), &headers)
    }

    fn report(&self, path: &str) -> serde_json::Value {
        let answer = self.get_with(path, &[("accept", "application/json")]);
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// Pages are kept for the second they are of.
fn a_second_later() {
    std::thread::sleep(std::time::Duration::from_millis(1_100));
}

#[test]
fn a_unit_seen_in_three_countries_is_told_and_accused_of_nothing() {
    let (service, [path, other]) = counted();
    // Machines, previews and programs: none of them counts.
    for place in 0..40 {
        let address = format!("203.0.{place}.1");
        service.scan(&path, "WhatsApp/2.23", &address, "FR");
        service.get_with(&path, &[("accept", "text/html"), ("x-address", &address)]);
        let early = [("user-agent", BROWSER), ("x-address", &*address), ("purpose", "prefetch")];
        service.get_with(&path, &early);
        let program =
            [("user-agent", BROWSER), ("x-address", &*address), ("accept", "application/json")];
        service.get_with(&path, &program);
        let head = service.agent.head(format!("{}{path}", service.url));
        head.header("user-agent", BROWSER).header("x-address", &address).call().unwrap();
    }
    // One household with a hundred browsers is two readers.
    for browser in 0..100 {
        service.scan(&path, &format!("{BROWSER} {browser}"), "198.51.100.7", "MA");
    }
    // The same reader again and again is one.
    for _ in 0..5 {
        service.scan(&path, BROWSER, "192.0.2.1", "FR");
        service.scan(&path, BROWSER, "192.0.2.200", "FR");
    }
    for place in 0..4 {
        service.scan(&path, BROWSER, &format!("203.0.{place}.1"), "ES");
    }
    a_second_later();
    assert!(service.scan(&path, BROWSER, "192.0.2.1", "FR").text().contains("verdict ok"));
    assert!(service.report(&path)["seen"].is_null(), "how often it was seen is nobody's business");
    service.scan(&path, BROWSER, "203.0.113.9", "ES");
    a_second_later();
    for language in Language::COMPLETE {
        let page = service.get(&format!("{path}?lang={}", language.code()));
        assert_eq!(page.status, 200);
        assert!(page.text().contains("<section class=\"verdict warn\""), "{language:?}");
        let words = page.words();
        for id in ["verdict-unusual", "verdict-unusual-action", "signal-unusual-scans"] {
            assert!(words.contains(t(language, id).as_ref()), "{language:?} {id}");
        }
        assert!(words.contains('8') && words.contains('3'), "{language:?}");
    }
    let words = service.get(&format!("{path}?lang=en")).words();
    assert!(words.contains("was seen 8 times in 30 days. In 3 countries."), "{words}");
    let report = service.report(&path);
    assert_eq!(report["seen"], serde_json::json!({ "sessions": 8, "countries": 3 }));
    assert!(report["item"].as_array().unwrap().contains(&"unusual-scans".into()));
    assert_eq!((&report["exitCode"], &report["fitness"]["fit"]), (&0.into(), &true.into()));
    // Its neighbour is untouched, and so is the lot without a serial.
    assert!(service.scan(&other, BROWSER, "192.0.2.1", "FR").text().contains("verdict ok"));
    let (_, plain) = service.code("VALID");
    assert!(service.get(&plain).text().contains("verdict ok"));
}

#[test]
fn the_limits_say_how_scans_are_counted() {
    let limits: serde_json::Value =
        serde_json::from_slice(&service().get("/api/v1/limits").body).unwrap();
    assert_eq!(limits["seenSessionsUnusual"], 25);
    assert_eq!(
        (&limits["seenAbroadUnusual"], &limits["seenCountriesUnusual"]),
        (&8.into(), &3.into())
    );
    assert_eq!((&limits["seenDays"], &limits["sessionSeconds"]), (&30.into(), &86_400.into()));
    assert!(limits["scanPreviewers"].as_array().unwrap().contains(&"whatsapp".into()));
    let words = service().get(&format!("{}?lang=en", service().code("VALID").1)).words();
    assert!(words.contains("counted by serial, month and country"), "the page says so too");
}
