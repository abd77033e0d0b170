//! The first page: a code of the register that a phone reads, chosen among lots that are in order,
//! and what it says where there is none.

use super::*;
use crate::drawn;

fn texts(id: &str) -> String {
    t(Language::En, id).into_owned()
}

/// The page in English, and the text of the code that it shows.
fn front(service: &Service) -> (Answer, Option<String>) {
    let page = service.get("/?lang=en");
    assert_eq!(page.status, 200);
    let code = drawn::on_page(&page.text()).map(|picture| drawn::read(&picture));
    assert_eq!(code.is_some(), page.text().contains("class=\"shown\""));
    (page, code)
}

/// Of all lots one alone is in order, and it is the oldest.
#[test]
fn the_code_of_the_newest_lot_in_order_is_shown_and_opens() {
    let service = service();
    let (page, code) = front(service);
    let (url, path) = service.code("VALID");
    assert_eq!(code.as_deref(), Some(url.as_str()));
    assert!(page.text().contains(&format!("href=\"{path}?lang=en\"")), "{}", page.text());
    assert!(service.get(&path).text().contains("<section class=\"verdict ok\""));
    let words = page.words();
    for said in ["Argan oil", "VALID", "Partie fictive coop", "Partie fictive atlas"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(words.contains(&texts("home-code-scan")) && !words.contains("http://"), "{words}");
    assert!(!words.contains(&texts("home-first-title")));
    for door in ["/inspect?lang=en", "/register?lang=en", "/audit?lang=en", "#check"] {
        assert!(page.text().contains(&format!("href=\"{door}\"")), "{door}");
    }
}

#[test]
fn it_is_one_small_request_without_scripts_in_every_language() {
    for language in Language::ALL {
        let page = service().get(&format!("/?lang={}", language.code()));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        std::io::Write::write_all(&mut packed, &page.body).unwrap();
        let bytes = packed.finish().unwrap().len();
        assert!(bytes <= 14 * 1024, "{language:?}: {bytes} bytes");
        let html = page.text();
        for never in ["<script", "<link rel=\"stylesheet", "src=", "http://", "onload", "url("] {
            let html = html.replace("http://www.w3.org/2000/svg", "");
            // Amazigh brings its letters in the page itself.
            let inside = never == "url(" && language == Language::Zgh;
            assert!(inside || !html.contains(never), "{language:?}: {never}");
        }
        assert!(!html.contains("home-"), "{language:?}: a text is missing");
    }
}

#[test]
fn where_no_lot_is_in_order_no_code_is_shown() {
    let mut world = statements();
    change(&mut world, StatusTarget::Lot("coop/VALID".parse().unwrap()), StatusAction::Hold);
    let (page, code) = front(&over(&world, ScanHeaders::default()));
    assert_eq!(code, None);
    assert!(page.words().contains(&texts("home-code-none")), "{}", page.words());
    assert!(!page.words().contains(&texts("home-first-title")));
}

#[test]
fn an_empty_ledger_says_what_to_do_first() {
    let (page, code) = front(&over(&World::founded(), ScanHeaders::default()));
    assert_eq!(code, None);
    for said in ["home-first-title", "home-first-parties", "home-first-issue", "home-first-label"] {
        assert!(page.words().contains(&texts(said)), "{said}");
    }
    assert!(page.words().contains("tasdiq issue SHEET"), "{}", page.words());
    assert!(!page.words().contains(&texts("home-code-none")));
}

/// Names that would run, turn the page round or widen it are text, and short.
#[test]
fn hostile_names_are_text() {
    let mut world = World::founded();
    world.now = now().plus_seconds(-3_600);
    let evil = "<img src=x onerror=alert(1)>\u{202e}\u{2066}";
    let long = "W".repeat(120);
    let capacity = Capacity { product: "argane".into(), campaign: campaign(), quantity: 9_000_000 };
    let certifier = Registration { role: Role::Certifier, name: evil.into(), ..party("atlas") };
    let producer = Registration { capacities: vec![capacity], name: long, ..party("coop") };
    person(&mut world, "atlas", 10, certifier);
    person(&mut world, "coop", 20, producer);
    let atlas = accredit(&mut world, "atlas");
    lot(&mut world, "L'O%7E", &["bio-maroc"], (-20, 200), ("atlas", 10, &atlas));
    let service = over(&world, ScanHeaders::default());
    let (page, code) = front(&service);
    let html = page.text();
    assert!(!html.contains("<img") && html.contains("onerror=alert(1)"), "{html}");
    assert!(!html.contains(['\u{202e}', '\u{2066}']), "marks of direction are left out");
    let path = code.unwrap();
    let path = path.strip_prefix(&format!("https://{}", HOST.to_uppercase())).unwrap();
    assert!(service.get(path).text().contains("<section class=\"verdict ok\""), "{path}");
}

/// What draws codes for phones draws them of a demonstration alone.
#[test]
fn no_ledger_but_a_demonstration_draws_codes_of_plain_http() {
    let world = statements();
    for (demo, scheme) in [(true, "http://"), (false, "https://")] {
        let service =
            over_as(&world, demo, |url| Settings { phones: true, ..crate::support::settings(url) });
        let (page, code) = front(&service);
        let code = code.unwrap();
        assert!(code.starts_with(&format!("{scheme}{}", HOST.to_uppercase())), "{code}");
        let told = page.words().contains(&format!("http://{HOST}"));
        assert_eq!(told, demo, "{}", page.words());
        let (url, path) = service.code("VALID");
        assert_eq!(code.split_once("://").unwrap().1, url.split_once("://").unwrap().1);
        let picture = service.get(&format!("{path}?format=svg")).text();
        assert_eq!(drawn::read(&drawn::on_page(&picture).unwrap()), code);
    }
}
