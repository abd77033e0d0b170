//! The states a shopper can meet, each brought about by real statements: what the band says in
//! every complete language, what it leads with, and that nothing anybody wrote leaves its place.

use tasdiq::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use tasdiq::seal::Signer;

use super::*;
use crate::world::say;

/// Statements of a world with lots in each state, from edition 3 on.
fn all_states() -> World {
    let mut world = statements();
    world.raise(1);
    world.agree("atlas", "coop", &["bio-maroc", "fairtrade"]);
    world.raise(3);
    let known = world.register.party(&slug("coop")).unwrap().registration.clone();
    let contact = Contact { phone: Some("+212500000001".into()), url: None };
    let names = [("ar".to_owned(), "تعاونية خيالية".to_owned())];
    let reachable = Registration { contact: Some(contact), names: names.into(), ..known };
    assert_eq!(say(&mut world, "registrar", |draft| reachable.draft(draft)), "ok");
    let accreditation = world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone();
    let by_atlas = ("atlas", 10, accreditation.as_str());
    for number in ["RENEWED", "GONE", "CALLED"] {
        lot(&mut world, number, &["bio-maroc"], (-20, 200), by_atlas);
    }
    lot(&mut world, "HALF", &["bio-maroc", "fairtrade"], (-20, 200), by_atlas);
    let of = |world: &World, number: &str| -> (LotKey, Vec<u64>) {
        let key: LotKey = format!("coop/{number}").parse().unwrap();
        let serials = world.register.lot(&key).unwrap().certificates.to_vec();
        (key, serials)
    };
    let (key, serials) = of(&world, "RENEWED");
    renew(&mut world, &key, serials[0], &accreditation);
    let (_, serials) = of(&world, "HALF");
    change(&mut world, StatusTarget::Certificate(serials[0]), StatusAction::Withdraw);
    let (key, _) = of(&world, "GONE");
    let lots = vec![LotLine { lot: key, quantity: 10_000 }];
    let kind =
        EventKind::Destroy(Destruction { cause: DestructionCause::Expired, lots, from_out: false });
    let gone = Event {
        name: EventName::parse(&format!("{:026}", 1)).unwrap(),
        at: world.now,
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind,
    };
    assert_eq!(say(&mut world, "coop", |draft| gone.draft(draft)), "ok");
    let (key, _) = of(&world, "CALLED");
    let recall = StatusChange {
        target: StatusTarget::Lot(key),
        action: StatusAction::Recall,
        reason: Reason::Safety,
        effective_from: world.now,
        notice: [("fr", "Avis fictif : éclats de verre"), ("ar", "إشعار خيالي: شظايا زجاج")]
            .map(|(language, text)| (language.to_owned(), text.to_owned()))
            .into(),
        return_to: Some(ReturnTo::Shop),
        lifts: Vec::new(),
    };
    assert_eq!(say(&mut world, "coop", |draft| recall.draft(draft)), "ok");
    world
}

/// A certificate that takes the place of another.
fn renew(world: &mut World, lot: &LotKey, old: u64, accreditation: &str) {
    let serial = world.register.next_serial();
    let mut claim = world.certificate(serial, lot.number().as_str(), 10, "bio-maroc");
    claim.accreditation = Word::new(accreditation);
    claim.valid_from = at(-1).day().start();
    claim.valid_until = at(300).day().end();
    claim.assessed_on = at(-30).day();
    claim.facts.decision_date = at(-30).day();
    claim.facts.supersedes = Some(world.domain.certificate_id(old).as_str().into());
    assert_eq!(say(world, "atlas", |draft| claim.draft(draft)), "ok");
}

/// A service over all of them, and the day they were logged.
fn states() -> &'static (Day, Service) {
    static STATES: OnceLock<(Day, Service)> = OnceLock::new();
    STATES.get_or_init(|| {
        let world = all_states();
        (world.now.day(), over(&world, ScanHeaders::default()))
    })
}

/// The serials of a lot's certificates.
fn serials(number: &str) -> Vec<u64> {
    let lot: LotKey = format!("coop/{number}").parse().unwrap();
    states().1.ledger.view().register.lot(&lot).unwrap().certificates.to_vec()
}

/// The path of a label that names the log entry of a lot's first certificate, or an entry to come.
fn label(number: &str, index: Option<u64>) -> String {
    let view = states().1.ledger.view();
    let lot: LotKey = format!("coop/{number}").parse().unwrap();
    let first = serials(number)[0];
    let index = index.unwrap_or(view.register.certificate(first).unwrap().record.mark.index);
    let signer = key(4);
    let header = Header {
        key_hint: key_hint(&signer.public()),
        index: u32::try_from(index).unwrap(),
        expiry_day: expiry_day_of(at(200).day()),
        schemes: SchemeBits(0),
    };
    let label = Label::sign(HOST, lot, None, header, |message| signer.sign(message)).unwrap();
    format!("/{}", label.url().splitn(4, '/').nth(3).unwrap())
}

/// Class of the verdict's band.
fn tone(page: &Answer) -> String {
    let html = page.text();
    let rest = html.split("<section class=\"verdict ").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The band alone, as read.
fn band(page: &Answer) -> String {
    let html = page.text();
    let band = html.split("<section class=\"verdict ").nth(1).unwrap();
    let band = band.split("</section>").next().unwrap().to_owned();
    Answer { status: page.status, head: page.head.clone(), body: band.into_bytes() }.words()
}

/// Each state of a scan: the lot, the state's id, its colour, the HTTP status, whether the band
/// names the lot.
const STATES: [(&str, &str, &str, u16, bool); 15] = [
    ("VALID", "valid", "ok", 200, true),
    ("EARLY", "not-yet-valid", "info", 200, true),
    ("OVER", "expired", "warn", 200, true),
    ("PAUSED", "suspended", "warn", 200, true),
    ("ENDED", "withdrawn", "bad", 200, true),
    ("BACK", "recalled", "bad", 200, true),
    ("CALLED", "recalled", "bad", 200, true),
    ("KEPT", "held", "warn", 200, true),
    ("LEFT", "scope-reduced", "warn", 200, true),
    ("RENEWED", "valid", "ok", 200, true),
    ("HALF", "withdrawn", "bad", 200, true),
    ("GONE", "exhausted", "warn", 200, true),
    ("NOBODY", "unknown", "unknown", 404, false),
    ("FORGED", "not-genuine", "bad", 200, false),
    ("TO-COME", "status-unknown", "unknown", 200, false),
];

fn path_of(number: &str) -> String {
    match number {
        "NOBODY" => "/lot/coop/NOBODY".to_owned(),
        "FORGED" => flip(&label("VALID", None)),
        "TO-COME" => label("VALID", Some(9_999)),
        number => label(number, None),
    }
}

#[test]
fn every_state_has_its_colour_word_sentence_and_advice() {
    let (_, service) = states();
    for (number, id, colour, status, named) in STATES {
        let path = path_of(number);
        for language in Language::COMPLETE {
            let page = service.get(&format!("{path}?lang={}", language.code()));
            let case = format!("{number} in {language:?}: {}", page.words());
            assert_eq!((page.status, tone(&page).as_str()), (status, colour), "{case}");
            let band = band(&page);
            assert!(band.contains(t(language, &format!("verdict-{id}")).as_ref()), "{case}");
            let advice = match number {
                "CALLED" => "verdict-recalled-action-shop".to_owned(),
                _ => format!("verdict-{id}-action"),
            };
            assert!(band.contains(t(language, &advice).as_ref()), "{case}");
            // Each sentence is whole: nothing that should have been put in is left open.
            assert!(!band.contains(['{', '}', '$']), "{case}");
            assert_eq!(band.contains(number), named, "{case}");
            if id != "unknown" {
                continue;
            }
            let form = service.get("/inspect").text();
            assert!(form.contains("name=\"codes\""), "a form to type it again is a link away");
        }
    }
}

#[test]
fn a_sentence_names_the_day_and_who_decided() {
    let (today, service) = states();
    let day = |days: i64| tasdiq::web::language::date(Language::En, at(days).day());
    // What was logged an hour ago may be of yesterday.
    let logged = || tasdiq::web::language::date(Language::En, *today);
    for (number, told) in [
        ("VALID", vec![day(200)]),
        ("EARLY", vec![day(20)]),
        ("OVER", vec![day(-2)]),
        ("PAUSED", vec![logged(), "a laboratory result".into(), "Partie fictive authority".into()]),
        ("ENDED", vec![logged(), "a laboratory result".into(), "Partie fictive authority".into()]),
        ("BACK", vec![logged(), "a laboratory result".into()]),
        ("GONE", vec![logged(), "destroyed".into()]),
    ] {
        let page = service.get(&format!("{}?lang=en", path_of(number)));
        for told in told {
            assert!(band(&page).contains(&told), "{number}: {told}: {}", band(&page));
        }
        // The hour and UTC are for who looks into the details.
        assert!(!band(&page).contains("UTC") && page.words().contains("UTC"), "{number}");
    }
}

/// What was renewed or corrected is as fit as what took its place; the paper itself is not.
#[test]
fn a_renewed_certificate_keeps_its_labels_green_and_says_where_it_went() {
    let (_, service) = states();
    let [old, new] = serials("RENEWED")[..] else { panic!() };
    let page = service.get(&format!("{}?lang=en", label("RENEWED", None)));
    assert_eq!(tone(&page), "ok");
    assert!(page.words().contains(t(Language::En, "signal-superseded").as_ref()));
    for serial in [old, new] {
        assert!(
            page.text().contains(&format!("href=\"/certificates/{serial}?lang=en\"")),
            "{serial}"
        );
    }
    let paper = service.get(&format!("/certificates/{old}.json"));
    let (kind, body) = parts(&[("file", "old.json", &paper.body)]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    assert!(page.words().contains(t(Language::En, "verdict-superseded").as_ref()));
}

#[test]
fn what_else_holds_is_said_before_what_ended() {
    let (_, service) = states();
    let page = service.get(&format!("{}?lang=en", label("HALF", None)));
    let band = band(&page);
    let holds = band.find("Still in force for this lot: Fairtrade International").unwrap();
    let ended = band.find("was withdrawn for good").unwrap();
    assert!(holds < ended, "{band}");
    // Where nothing else holds nothing is said of it.
    let page = service.get(&format!("{}?lang=en", label("ENDED", None)));
    assert!(!page.words().contains("Still in force"));
}

#[test]
fn a_recall_leads_from_what_to_do_to_whether_it_is_this_one() {
    let (_, service) = states();
    for language in Language::COMPLETE {
        let page = service.get(&format!("{}?lang={}", label("CALLED", None), language.code()));
        let html = page.text();
        let html = html.split("</style>").last().unwrap().replace("&#39;", "'");
        let mut rest = html.as_str();
        let reason = t(language, "reason-safety");
        let steps = [
            t(language, "verdict-recalled"),
            reason,
            t(language, "verdict-recalled-action-shop"),
            "href=\"tel:+212500000001\"".into(),
            t(language, "recall-compare-title"),
            ">CALLED<".into(),
            "<details".into(),
            t(language, "who-title"),
        ];
        for step in steps {
            let at = rest.find(step.as_ref());
            rest = &rest[at.unwrap_or_else(|| panic!("{language:?}: {step} is not next"))..];
        }
        assert!(html.contains("<details class=\"rest\"><summary>"), "folded: {language:?}");
    }
}

#[test]
fn a_good_page_folds_what_it_does_not_prove_and_repeats_nothing() {
    let (_, service) = states();
    let good = service.get(&format!("{}?lang=en", label("VALID", None)));
    assert!(!good.text().contains("<details open"));
    assert_eq!(good.words().matches("VALID").count(), 2, "band, address");
    let bad = service.get(&format!("{}?lang=en", label("PAUSED", None)));
    assert!(bad.text().contains("<details open"));
    assert!(bad.words().contains(t(Language::En, "dates-title").as_ref()));
}

#[test]
fn a_page_is_passed_on_checked_and_printed_without_a_script() {
    let (_, service) = states();
    let path = label("VALID", None);
    let page = service.get(&format!("{path}?lang=en"));
    let html = page.text();
    for link in [
        "href=\"mailto:?subject=",
        "href=\"sms:?&#38;body=",
        "href=\"/check?lang=en#https://LEDGER.EXAMPLE/",
    ] {
        assert!(html.contains(link), "{link}");
    }
    assert!(!html.contains("<script") && !html.contains("javascript:"));
    let code = html.split("<img class=\"print\" src=\"").nth(1).unwrap().split('"').next().unwrap();
    let picture = service.get(&code.replace("&#38;", "&"));
    assert_eq!((picture.status, picture.is("content-type")), (200, "image/svg+xml"));
    assert!(picture.text().starts_with("<svg"));
    // Of a code that is refuted there is no picture.
    assert_eq!(service.get(&format!("{}?format=svg", flip(&path))).status, 404);
    assert_eq!(service.get("/lot/coop/VALID?format=svg").status, 404);
}

#[test]
fn a_page_in_amazigh_says_what_is_french_and_brings_its_letters() {
    let (_, service) = states();
    let path = label("VALID", None);
    for tag in ["zgh", "ber", "tzm", "shi", "rif", "tzm-Latn"] {
        let headers = [("accept", "text/html"), ("accept-language", tag)];
        let page = service.get_with(&path, &headers);
        let html = page.text();
        assert!(html.contains("<html lang=\"zgh\" dir=\"ltr\">"), "{tag}");
        assert!(html.contains("role=\"status\" aria-label=\"Résultat"), "{tag}: {html}");
        assert!(html.matches("lang=\"fr\"").count() > 10, "{tag}: {html}");
        assert!(html.contains(">ⵜⴰⵎⵏⴰⴹⵜ"), "{tag}");
        assert!(page.words().contains(t(Language::Fr, "language-partial").as_ref()), "{tag}");
        assert!(page.is("content-security-policy").contains("font-src data:;"));
    }
    let page = service.get(&path);
    assert!(!page.is("content-security-policy").contains("font-src"));
    assert!(!page.text().contains("@font-face"));
}

/// Of an older ledger, which took any name: nothing anybody wrote is a tag, hides, or turns.
#[test]
fn what_parties_wrote_stays_text() {
    let mut world = World::founded();
    world.now = now().plus_seconds(-3_600);
    let hostile = format!("<img src=x onerror=alert(1)>\u{202e}{}\u{2066}", "W".repeat(120));
    let capacity = Capacity { product: "argane".into(), campaign: campaign(), quantity: 9_000_000 };
    let named = |who: &str, role| Registration {
        role,
        name: format!("{hostile} {who}"),
        capacities: if role == Role::Cooperative { vec![capacity.clone()] } else { vec![] },
        ..party(who)
    };
    person(&mut world, "atlas", 10, named("atlas", Role::Certifier));
    person(&mut world, "coop", 20, named("coop", Role::Cooperative));
    let accreditation = accredit(&mut world, "atlas");
    lot(&mut world, "ODD", &["bio-maroc"], (-20, 200), ("atlas", 10, &accreditation));
    let service = over(&world, ScanHeaders::default());
    let (_, path) = service.code("ODD");
    for language in Language::ALL {
        let page = service.get(&format!("{path}?lang={}", language.code()));
        let html = page.text();
        assert!(!html.contains("<img src=x") && html.contains("&#60;img src=x"), "{language:?}");
        assert!(!html.contains(['\u{202e}', '\u{2066}']), "{language:?}");
        let told = t(language, "text-hidden");
        assert!(page.words().contains(told.as_ref()), "{language:?}");
    }
}
