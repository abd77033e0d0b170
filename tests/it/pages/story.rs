//! The demonstration's story of goods, as its ledger has it and as its pages show it.

use tasdiq::demo::{self, script};
use tasdiq::ledger::{Home, OpenOptions};
use tasdiq::names::PartySlug;
use tasdiq::register::{LotStatus, Price, PricesOf, Register};
use tasdiq::statement::first_goods_rules;
use tasdiq::trace::{Balance, Direction, ShipmentState, Status};

use super::*;

/// A service over a demonstration ledger, made once.
pub(super) fn demonstration() -> &'static Service {
    static MADE: OnceLock<(tempfile::TempDir, Service)> = OnceLock::new();
    let (_, service) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (made, _turn) = crate::made::made();
        made.copied(folder.path());
        let home = Home::at(&folder.path().join("tasdiq-data"));
        let ledger = Ledger::open(&home, &OpenOptions::default()).unwrap();
        let url = serve(&ledger, ScanHeaders::default());
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        (folder, Service { url, ledger, agent: config.new_agent() })
    });
    service
}

fn register() -> Register {
    demonstration().ledger.view().register.clone()
}

fn balance(register: &Register, key: &LotKey) -> Balance {
    register.trace().balance(register.lot_handle(key).unwrap()).unwrap()
}

/// The path of a lot's signed code.
fn code(key: &LotKey) -> String {
    let url = label_of(&demonstration().ledger, key, None, now()).unwrap().url();
    format!("/{}", url.splitn(4, '/').nth(3).unwrap())
}

fn packed(html: &[u8]) -> usize {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    std::io::Write::write_all(&mut packed, html).unwrap();
    packed.finish().unwrap().len()
}

#[test]
fn ten_tonnes_of_five_cooperatives_are_518_jars_and_every_gram_is_somewhere() {
    let (register, script) = (register(), script().unwrap());
    let filled = |key: &LotKey| balance(&register, key).filled;
    assert_eq!(script.fruit.iter().map(filled).collect::<Vec<_>>(), [2_000_000; 5]);
    let steps: Vec<u64> = script.steps.iter().map(filled).collect();
    assert_eq!(steps, [5_700_000, 2_680_000, 440_000, 215_000]);
    let oil = balance(&register, script.steps.last().unwrap());
    assert_eq!((oil.consumed, oil.lost, oil.free), (213_000, 2_000, 0));
    let jars: Vec<Balance> = script.jars.iter().map(|key| balance(&register, key)).collect();
    assert_eq!(jars.iter().map(|jar| jar.filled).collect::<Vec<_>>(), [75_000, 80_000, 58_000]);
    for (key, jar) in script.jars.iter().zip(&jars) {
        assert_eq!(jar.labelled, jar.filled, "as many labels as jars");
        // Nothing of it is held, late, or reached by the recall beside it.
        let lot = register.lot(key).unwrap();
        assert_eq!(lot.status(now()), LotStatus::Released);
        assert_eq!(register.inherited_status(key), LotStatus::Released);
        let above = register.trace().reached(register.lot_handle(key).unwrap(), Direction::Up).lots;
        assert_eq!(register.origins_among(&above, 10).count, 5);
        assert_eq!(register.certificates_of(key).count(), 3);
    }
    // 140 L abroad; two small jars are missing at one shop.
    let exporter = register.holder(&script.exporter).unwrap();
    let abroad = script.jars.iter().map(|key| {
        let lot = register.lot_handle(key).unwrap();
        register.trace().holding(lot, exporter).out
    });
    assert_eq!(abroad.collect::<Vec<_>>(), [50_000, 50_000, 40_000]);
    assert_eq!(jars.iter().map(|jar| jar.disputed).collect::<Vec<_>>(), [500, 0, 0]);
    assert_eq!(register.trace().conserved(), None);
    let open = register.shipments_of(None, Some(&script.shops[3]));
    let states: Vec<ShipmentState> = open.map(|shipment| shipment.state).collect();
    assert_eq!(states, [ShipmentState::Disputed]);
}

#[test]
fn a_recalled_harvest_reaches_its_jars_and_a_claim_above_the_yield_is_refused() {
    let (register, script) = (register(), script().unwrap());
    let [fruit, jars] = &script.recalled;
    assert_eq!(register.inherited_status(jars), LotStatus::Recalled);
    let handle = register.lot_handle(fruit).unwrap();
    assert_eq!(register.trace().own_status(handle), Status::Recalled);
    assert_eq!(register.trace().reached(handle, Direction::Down).lots.len(), 5);
    let progress = register.trace().progress(handle);
    assert_eq!((progress.stated, progress.seen), (11_000, 8_000));
    // Asked of the ledger anew each time; what it refused left no trace.
    let words = demo::over_yield(&demonstration().ledger, now()).unwrap();
    assert_eq!(
        words,
        "60,707 mL asked; 100,000 g of argan-kernels give at most 60,706 mL \
         (argan-press, rulebook 1)"
    );
    let [kernels, oil] = &script.claimed;
    assert_eq!(balance(&register, kernels).free, 100_000);
    assert_eq!(balance(&register, oil).filled, 0);
}

#[test]
fn the_story_tells_the_registers_figures_in_every_language() {
    let service = demonstration();
    let told = [
        (Language::En, ["10,000\u{a0}kg", "215\u{a0}L", "300 × 250\u{a0}mL", "500\u{a0}mL"]),
        (Language::Fr, ["10\u{202f}000\u{a0}kg", "215\u{a0}L", "300 × 250\u{a0}mL", "518"]),
        (Language::Ar, ["10.000\u{a0}كلغ", "215\u{a0}لتر", "300 × 250\u{a0}مل", "518"]),
    ];
    for (language, figures) in told {
        let page = service.get(&format!("/story?lang={}", language.code()));
        assert_eq!(page.status, 200);
        let words = page.words();
        for figure in figures {
            assert!(words.contains(figure), "{language:?}: {figure} is missing");
        }
        assert!(words.contains("60,707 mL asked; 100,000 g of argan-kernels"));
        for family in ["story-", "balance-", "recipe-", "journey-", "recall-", "event-"] {
            assert!(!words.contains(family), "{language:?}: a text of {family} is missing");
        }
        let html = page.text();
        assert!(html.contains(&format!("dir=\"{}\"", language.dir())));
        assert!(!html.contains("<script") && !html.contains("style=\""));
        assert!(packed(&page.body) <= 20 * 1024, "{language:?}: {}", packed(&page.body));
    }
    // Every address that it leads to is there.
    let html = service.get("/story").text();
    let links = html.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut seen = 0;
    for link in links.collect::<std::collections::BTreeSet<_>>() {
        assert_eq!(service.get(&format!("/{link}")).status, 200, "{link}");
        seen += 1;
    }
    assert!(seen > 40, "{seen} links");
    // A ledger without such a story has no such page.
    assert_eq!(super::service().get("/story").status, 404);
}

#[test]
fn the_way_back_of_a_jar_is_a_file_that_verifies_alone() {
    use tasdiq::verify::{Evidence, Policy, verify};
    let (service, script) = (demonstration(), script().unwrap());
    let trust = service.get("/trust").body;
    let trust = tasdiq::trust::Trust::open(&trust, None).unwrap();
    for key in &script.jars {
        let file = service.get(&format!("/api/v1/lots/{key}/trace.tasdiq"));
        assert_eq!(file.status, 200);
        let report = verify(Evidence::Dossier(&file.body), &trust, None, now(), Policy::Shop);
        // Nobody outside has cosigned a demonstration; nothing else is amiss.
        let failed: Vec<_> = report
            .checks
            .iter()
            .filter(|laid| laid.result == tasdiq::verify::CheckResult::Fail)
            .collect();
        assert!(failed.is_empty(), "{failed:#?}");
        assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
        assert_eq!(report.trace.unwrap().origins.len(), 5);
    }
}

#[test]
fn a_price_is_told_where_both_sides_stand_by_it_and_never_as_paid_where_one_does() {
    let (service, script) = (demonstration(), script().unwrap());
    let [both, one, none] = &script.jars[..] else { panic!("three sizes") };
    let pages = |key: &LotKey, language: &str| {
        [code(key), format!("/lots/{key}")].map(|path| {
            let page = service.get(&format!("{path}?lang={language}"));
            assert_eq!(page.status, 200, "{path}");
            page.words()
        })
    };
    for (language, amount, premium) in [
        ("en", "380.00\u{a0}MAD for 1\u{a0}L", "19.00\u{a0}MAD for 1\u{a0}L"),
        ("fr", "380,00\u{a0}MAD pour 1\u{a0}L", "19,00\u{a0}MAD pour 1\u{a0}L"),
        ("ar", "380,00\u{a0}MAD مقابل 1\u{a0}لتر", "19,00\u{a0}MAD مقابل 1\u{a0}لتر"),
    ] {
        // A scan shows them as a ladder, the lot's page in a sentence.
        let [scan, lot] = pages(both, language);
        let figure = |text: &str| text.split(' ').next().unwrap().to_owned();
        for told in [amount, premium] {
            assert!(scan.contains(&figure(told)), "{language}: {scan}");
            assert!(lot.contains(told), "{language}: {lot}");
        }
        for words in [one, none].into_iter().flat_map(|key| pages(key, language)) {
            // Behind a figure: an address holds any letters.
            assert!(!words.contains("\u{a0}MAD"), "{language}: {words}");
        }
    }
    let one_sided = "A price is stated by one side alone: it does not count as paid.";
    for words in pages(one, "en") {
        assert!(words.contains(one_sided) && !words.contains("price paid is confirmed"), "{words}");
    }
    // What a scan does not show depends on what two sides signed.
    for (language, paid, not_paid) in [
        (
            "en",
            "A premium is signed on two sides as paid for 50\u{a0}L of this lot.",
            "It does not show that the fair-trade premium was paid.",
        ),
        (
            "fr",
            "Une prime est signée des deux côtés comme payée pour 50\u{a0}L de ce lot.",
            "Il ne montre pas que la prime de développement a été payée.",
        ),
        (
            "ar",
            "وقّع طرفان على أداء علاوة عن 50\u{a0}لتر من هذه الحصة.",
            "لا يثبت أن منحة التنمية قد أديت.",
        ),
    ] {
        let [scan, _] = pages(both, language);
        assert!(scan.contains(paid) && !scan.contains(not_paid), "{language}: {scan}");
        for key in [one, none] {
            let [scan, _] = pages(key, language);
            assert!(!scan.contains(paid) && scan.contains(not_paid), "{language}: {scan}");
        }
    }
    let [scan, _] = pages(none, "en");
    assert!(scan.contains("is not recorded for this lot"), "{scan}");
    let words = service.get("/story?lang=en").words();
    assert!(words.contains("380.00\u{a0}MAD for 1\u{a0}L") && words.contains(one_sided), "{words}");
    assert_eq!(words.matches("MAD").count(), 2, "{words}");
    // The feed gives it where it is confirmed, and no word of it elsewhere.
    let feed = service.get(&format!("/api/v1/feed?shop={}", script.shops[0])).text();
    let feed: serde_json::Value = serde_json::from_str(&feed).unwrap();
    let price = |key: &LotKey| {
        let lots = feed["lots"].as_array().unwrap();
        let lot = lots.iter().find(|lot| lot["lot"] == key.to_string()).unwrap();
        lot.get("price").cloned()
    };
    let told = price(both).unwrap();
    assert_eq!((&told["amount"], &told["quantity"]), (&1_900_000.into(), &50_000.into()), "{told}");
    assert_eq!((&told["premium"], &told["audited"]), (&95_000.into(), &false.into()), "{told}");
    assert_eq!((price(one), price(none)), (None, None));
}

#[test]
fn pages_add_up_what_was_paid_and_keep_what_one_side_says_apart() {
    let (service, register) = (demonstration(), register());
    let known = register.price_totals(&PricesOf::All, None).next().unwrap();
    let (seller, buyer) = {
        let mut lots = register.lots();
        let found = lots.find_map(|lot| match register.price_of(&lot.record.lot) {
            Price::Confirmed(record) => Some((record.seller.clone(), record.buyer.unwrap())),
            _ => None,
        });
        found.unwrap()
    };
    assert_eq!((known.sums.paid().amount, known.sums.one_sided.amount), (1_900_000, 1_750_000));
    let paid = "Paid: 19,000.00\u{a0}MAD, and 950.00\u{a0}MAD of premium (1).";
    let alone = "One side alone says: 17,500.00\u{a0}MAD, and 875.00\u{a0}MAD of premium (1).";
    let own = [format!("/parties/{seller}"), format!("/parties/{buyer}"), "/audit".to_owned()];
    for path in own {
        let words = service.get(&format!("{path}?lang=en")).words();
        assert!(words.contains(paid) && words.contains(alone), "{path}: {words}");
    }
    for (language, paid) in [("fr", "19\u{202f}000,00\u{a0}MAD"), ("ar", "19.000,00\u{a0}MAD")] {
        let words = service.get(&format!("/parties/{seller}?lang={language}")).words();
        assert!(words.contains(paid) && !words.contains("prices-"), "{language}: {words}");
    }
    let answer = |query: &str| -> serde_json::Value {
        let page = service.get(&format!("/api/v1/prices{query}"));
        let text = page.text();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{query}: {text}"))
    };
    let all = answer("");
    let row = &all["prices"][0];
    assert_eq!(
        (&row["paid"]["amount"], &row["paid"]["premium"]),
        (&"1900000".into(), &"95000".into())
    );
    assert_eq!(
        (&row["oneSided"]["amount"], &row["disputed"]["count"]),
        (&"1750000".into(), &0.into())
    );
    assert_eq!((&row["scheme"], &row["currency"]), (&"fairtrade".into(), &"MAD".into()));
    assert_eq!(answer(&format!("?party={seller}"))["prices"], all["prices"]);
    assert_eq!(answer(&format!("?party={buyer}&side=buyer"))["prices"], all["prices"]);
    assert_eq!(answer(&format!("?party={buyer}"))["total"], 0);
    assert_eq!(answer("?scheme=bio-maroc")["total"], 0);
    for (query, code) in [
        ("?side=buyer", "side_unknown"),
        ("?party=x&side=both", "side_unknown"),
        ("?after=x", "cursor_form"),
        ("?limit=x", "query_form"),
    ] {
        let text = service.get(&format!("/api/v1/prices{query}")).text();
        assert!(text.contains(code), "{query}: {text}");
    }
}

#[test]
fn a_scan_tells_the_way_the_origins_and_where_all_of_it_is() {
    let (service, script) = (demonstration(), script().unwrap());
    let path = code(&script.jars[0]);
    for language in Language::ALL {
        let page = service.get(&format!("{path}?lang={}", language.code()));
        assert!(packed(&page.body) <= 14 * 1024, "{language:?}: {}", packed(&page.body));
        let html = page.text();
        let steps = html.matches("<li class=\"stated\"").count();
        assert_eq!((steps, html.matches("<li class=\"signed\"").count()), (7, 1));
        assert_eq!(html.matches("<path class=\"h\"").count(), 3, "three regions on the map");
        assert!(html.contains("<dl class=\"ladder\">"), "what was paid, as bars and as text");
        // One request: the picture of the code waits until somebody prints, nothing else is loaded.
        assert!(!html.contains("<script") && !html.contains("rel=\"stylesheet\""));
        assert!(!html.contains("@import") && !html.contains("url(http"));
        let loads = (html.matches(" src=\"").count(), html.matches("loading=\"lazy\"").count());
        assert_eq!(loads, (1, 1));
    }
    let words = service.get(&format!("{path}?lang=en")).words();
    for told in [
        "75\u{a0}L certified of 75\u{a0}L filled; 66.25\u{a0}L gone, 8.25\u{a0}L left.",
        "500\u{a0}mL is missing and not settled.",
        "Coopérative fictive Tamunt",
        "Guelmim-Oued Noun · 20%",
        "signed by a third party",
        "stated by who held it",
        "computed from the register",
        "Yes: certified as fair trade under Fairtrade International.",
        "The price paid is confirmed: seller and buyer signed the same.",
    ] {
        assert!(words.contains(told), "{told} is missing in {words}");
    }
}

#[test]
fn a_jar_of_a_recalled_harvest_leads_with_what_to_do_and_names_input_and_own_producer() {
    let (service, script) = (demonstration(), script().unwrap());
    let page = service.get(&format!("{}?lang=en", code(&script.recalled[1])));
    let words = page.words();
    let place = |text: &str| words.find(text).unwrap_or_else(|| panic!("{text}: {words}"));
    let order = [
        place("RECALLED: stop using it"),
        place("Reason: a laboratory result"),
        place("coop-fictive-19/FRUIT2"),
        place("Bring it back to the shop"),
        place("Coopérative fictive Tifaouine"),
        place("https://coop-fictive-14.example/"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    // What the other cooperative wrote stands on the page of its own lot.
    assert!(!words.contains("A residue was found"));
    let own = service.get("/lots/coop-fictive-19/FRUIT2?lang=en").words();
    assert!(own.contains("A residue was found") && own.contains("88%") && own.contains("64%"));
}

#[test]
fn a_lots_page_draws_its_family_and_flows_and_tells_them_in_tables() {
    let service = demonstration();
    let page = service.get("/lots/coop-fictive-18/DRY?lang=en");
    let (html, words) = (page.text(), page.words());
    // Five harvests in, the lot, three steps and three lots of jars out.
    assert_eq!(html.matches("<rect x=").count(), 12 + 1);
    assert_eq!(html.matches("data-label=\"Relation\"").count(), 12);
    assert!(words.contains("4,300\u{a0}kg of what went in is water"), "{words}");
    let jar = service.get("/lots/09521800000003/JAR250?lang=en");
    let words = jar.words();
    for told in ["Missing, in dispute", "Boutique fictive Nour", "On labels", "Packed for dispatch"]
    {
        assert!(words.contains(told) || told == "Packed for dispatch", "{told}");
    }
    assert!(jar.text().contains("class=\"bad\""), "what is missing is red");
    for missing in ["/lots/coop-fictive-18/NONE", "/lots/x/y", "/lots/%3Cb%3E/%22"] {
        assert_eq!(service.get(missing).status, 404, "{missing}");
    }
    // A certificate's account: all of 75 L is on labels.
    let record = register();
    let serial = record.certificates_of(&script().unwrap().jars[0]).next().unwrap().record.serial;
    let words = service.get(&format!("/certificates/{serial}?lang=en")).words();
    assert!(words.contains("On labels75\u{a0}L"), "{words}");
}

#[test]
fn a_partys_page_lists_what_it_holds_and_counts_what_a_certifier_lifted() {
    let service = demonstration();
    let words = service.get("/parties/boutique-fictive-1?lang=en").words();
    assert!(words.contains("Goods at hand") && words.contains("JAR250"), "{words}");
    assert!(words.contains("No shipment waits for its answer."));
    let words = service.get("/parties/certif-atlas?lang=en").words();
    assert!(words.contains("Holds it lifted0"), "{words}");
    assert!(PartySlug::parse("boutique-fictive-1").is_ok());
}

#[test]
fn every_recipe_that_an_authority_begins_with_has_words() {
    let rules = first_goods_rules().unwrap();
    let built_in = tasdiq::statement::BUILT_IN_RECIPES.iter().map(ToString::to_string);
    for id in rules.recipes.into_iter().map(|recipe| recipe.id).chain(built_in) {
        for language in Language::ALL {
            let key = format!("recipe-{id}");
            assert_ne!(t(language, &key), key, "{language:?}");
        }
    }
}
