//! Lists that people search and take away: the register by name, as a page and as files, and what
//! an inspector gets back, worst first. Hostile names break none of them.

use super::*;

/// Names that would run, break a row, widen a page or turn it round.
const ODD: [(&str, &str); 4] = [
    ("ODD1", "=cmd|' /C calc'!A0"),
    ("ODD2", "<img src=x onerror=alert(1)>"),
    ("ODD3", "Huile d'argan \"à l'ancienne\", Été"),
    ("ODD4", "زَيْتُ أَرْڭانِ الفُتُوَّة"),
];

/// A party's name that a spreadsheet would run.
const RUNS: &str = "=HYPERLINK(\"https://x.example\",\"boutique fictive\")";

fn odd() -> &'static Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(|| {
        let mut world = statements();
        let long = "W".repeat(120);
        let shop = Registration { name: RUNS.to_owned(), role: Role::Shop, ..party("odd-shop") };
        person(&mut world, "odd-shop", 30, shop);
        for (number, name) in ODD.into_iter().chain([("LONG", long.as_str())]) {
            let mut declared = LotDeclaration { packed_on: at(-30).day(), ..world.lot(number, 10) };
            declared.facts.campaign = campaign().as_str().into();
            declared.expires_on = Some(at(300).day());
            declared.name = name.into();
            world.log(declared.draft(&world.draft("coop")), "coop#key-1", 20).unwrap();
        }
        over(&world, ScanHeaders::default())
    })
}

/// The lots that a search finds, by the rows of its CSV.
fn found(query: &str) -> Vec<String> {
    let file = odd().get(&format!("/register?format=csv&text={query}"));
    let text = file.text();
    let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .into_records()
        .map(|row| row.unwrap().get(2).unwrap().to_owned());
    let mut lots: Vec<String> = rows.collect();
    lots.dedup();
    lots
}

/// Case, accents, marks and the forms of one Arabic letter make no difference, to people and to
/// programs alike.
#[test]
fn names_are_found_however_they_are_written() {
    let cases = [
        ("HUILE%20ETE", "coop/ODD3"),
        ("%C3%A9t%C3%A9%20Ancienne", "coop/ODD3"),
        ("%D8%B2%D9%8A%D8%AA%20%D8%A7%D8%B1%DA%AD%D8%A7%D9%86", "coop/ODD4"),
        ("%D8%A7%D9%84%D9%81%D8%AA%D9%88%D9%87", "coop/ODD4"),
        ("odd1", "coop/ODD1"),
    ];
    for (query, lot) in cases {
        assert_eq!(found(query), [lot], "{query}");
        let path = format!("/api/v1/lots?text={query}");
        let answer: serde_json::Value = serde_json::from_slice(&odd().get(&path).body).unwrap();
        assert_eq!((&answer["total"], &answer["orMore"]), (&1.into(), &false.into()), "{answer}");
        assert_eq!(answer["lots"].as_array().unwrap().len(), 1, "{query}");
    }
    // Each word counts; signs alone name nothing; by certifier as well.
    assert_eq!(found("huile%20ancienne%20nowhere"), [""; 0]);
    assert_eq!(found("%3C%3E%20---"), [""; 0]);
    assert_eq!(found("fictive%20RIF"), ["coop/LEFT"]);
    assert_eq!(found(&"x%20".repeat(65)), [""; 0]);
}

#[test]
fn a_list_says_how_many_there_are_and_as_of_when() {
    let size = odd().ledger.view().size;
    let (root, hex) = (odd().ledger.view().root.to_string(), odd().ledger.view().root.hex());
    let page = odd().get("/register?lang=en");
    assert!(page.words().contains("14 of 14 lots"), "{}", page.words());
    assert!(page.words().contains(&format!("As of entry {}", size - 1)));
    assert!(page.text().contains(&root));
    assert!(odd().get("/register?lang=en&text=odd").words().contains("4 of 4 lots"));
    // Nothing of a name is markup, and nothing may run.
    let page = odd().get("/register?lang=en&text=%3Cimg%20src%3Dx%20onerror").text();
    assert!(!page.contains("<img") && page.contains("value=\"&#60;img src=x onerror\""));

    let file = odd().get("/register?format=csv");
    assert_eq!(file.is("content-type"), "text/csv; charset=utf-8");
    let text = file.text();
    assert!(text.starts_with("\u{feff}log_size,root_hex,lot,"));
    assert!(text.contains(",'=cmd|' /C calc'!A0,") && !text.contains(",=cmd"));
    assert!(text.lines().skip(1).all(|line| line.starts_with(&format!("{size},{hex},coop/"))));
    // A row a certificate, one for a lot without any.
    assert_eq!(text.lines().count(), 1 + 10 + 5, "{text}");

    let json: serde_json::Value =
        serde_json::from_slice(&odd().get("/register?format=json&text=odd2").body).unwrap();
    assert_eq!((&json["log_size"], &json["total"]), (&size.into(), &1.into()));
    assert_eq!(json["rows"][0]["product_name"], ODD[1].1);
}

/// What a page of results may weigh as it is sent.
const RESULTS_GZIP_BYTES_MAX: usize = 60_000;

#[test]
fn a_thousand_results_are_light_worst_first_and_files() {
    let service = service();
    let table: String = (0..1_000)
        .map(|place| {
            let (number, _) = LOTS[place % LOTS.len()];
            format!("{};box {place};=1+1\n", service.code(number).0)
        })
        .collect();
    let table = format!("code;box;note\n{table}");
    let (kind, body) = parts(&[("file", "boxes.csv", table.as_bytes())]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, &page.body).unwrap();
    let sent = gzip.finish().unwrap().len();
    println!("{} B, {sent} B compressed", page.body.len());
    assert!(sent <= RESULTS_GZIP_BYTES_MAX, "{sent} B");
    // The worst stand above the good; each says its line and the sender's own cells.
    let words = page.words();
    let at = |word: &str| words.find(word).unwrap();
    assert!(at("RECALLED") < at("Genuine and in force"), "worst first");
    assert!(words.contains("line 2 ") && words.contains("box 999"));

    let (kind, body) = parts(&[("file", "boxes.csv", table.as_bytes()), ("format", "", b"csv")]);
    let file = service.post("/inspect", &kind, &body).text();
    assert!(file.starts_with("\u{feff}log_size,file,line,code,verdict,"));
    assert!(file.lines().next().unwrap().ends_with(",box,note"));
    assert_eq!(file.lines().count(), 1_001);
    assert_eq!(file.matches(",'=1+1\r\n").count(), 1_000, "no cell runs");
    // One of them alone, with all its checks.
    let (kind, body) = parts(&[("file", "boxes.csv", table.as_bytes()), ("only", "", b"5")]);
    let one = service.post("/inspect?lang=en", &kind, &body);
    assert!(one.words().contains("box 5") && one.text().contains("class=\"checks\""));
    assert!(one.text().contains("class=\"verdict full bad\""), "the sixth is recalled");
}

#[test]
fn one_code_takes_the_screen_with_what_a_paper_is_compared_with() {
    let service = service();
    let code = service.code("VALID").0;
    let (kind, body) = parts(&[("codes", "", code.as_bytes()), ("policy", "", b"audit")]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    assert!(page.text().contains("class=\"verdict full ok\""), "{}", page.words());
    for told in [
        "Genuine and in force",
        "Reference (certificate)",
        "HS code",
        "151590",
        "Certified quantity",
        "Of it left for labels",
        "Partie fictive atlas",
        "Age of the data",
        "Every check",
        "Audit: outside witnesses",
    ] {
        assert!(page.words().contains(told), "{told}: {}", page.words());
    }
    // The next code is one Enter away, under the policy that was chosen.
    assert!(page.text().contains("autofocus") && page.text().contains("value=\"audit\""));
    // Of what is not genuine nothing is told.
    let (kept, last) = code.split_at(code.len() - 1);
    let forged = format!("{kept}{}", if last == "A" { "B" } else { "A" });
    let (kind, body) = parts(&[("codes", "", forged.as_bytes())]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    assert!(!page.words().contains("HS code"), "{}", page.words());
}

/// The desk alone runs scripts, of this service alone, and may ask for the camera.
#[test]
fn the_desk_runs_its_own_scripts_and_no_other_page_any() {
    let service = service();
    let page = service.get("/inspect");
    let policy = page.is("content-security-policy");
    for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "media-src blob:"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && page.is("permissions-policy") == "camera=(self)");
    for other in ["/", "/register", "/audit"] {
        let other = service.get(other);
        assert!(!other.is("content-security-policy").contains("script-src"));
        assert_eq!(other.is("permissions-policy"), "camera=()");
    }
    let html = page.text();
    let script = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let file = service.get(script);
    assert_eq!((file.status, file.is("x-content-type-options")), (200, "nosniff"));
    assert!(file.is("cache-control").contains("immutable"));
    let list = service.get(&script.replace("inspect.js", "files.json"));
    let list: serde_json::Value = serde_json::from_slice(&list.body).unwrap();
    use sha2::Digest;
    let digest: String =
        sha2::Sha256::digest(&file.body).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(list["inspect.js"], digest);
    for missing in ["/app/0000000000000000/inspect.js", &script.replace("inspect.js", "x.js")] {
        assert_eq!(service.get(missing).status, 404, "{missing}");
    }
}

#[test]
fn odd_requests_get_plain_answers() {
    let service = service();
    let long = "zz-ZZ;q=0.9,".repeat(853);
    for (path, accept) in [("/register", long.as_str()), ("/inspect?lang=zz", "en")] {
        let page = service.get_with(path, &[("accept", "text/html"), ("accept-language", accept)]);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains("<h1>"), "{path}");
    }
    for (code, verdict) in [
        ("WIFI:T:WPA;S:cafe;P:secret;;", "Unknown code"),
        ("https://other.example/lot/coop/VALID", "Not checked"),
        ("=cmd|' /C calc'!A0", "Unknown code"),
    ] {
        let (kind, body) = parts(&[("codes", "", code.as_bytes())]);
        let page = service.post("/inspect?lang=en", &kind, &body);
        assert_eq!(page.status, 200, "{code}");
        let tone = page.text().contains("verdict full ok");
        assert!(!tone, "{code}: {verdict}: {}", page.words());
    }
    // A picture is refused by what its head says, whatever little follows.
    let mut huge = Vec::new();
    let mut encoder = png::Encoder::new(&mut huge, 30_000, 30_000);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[]).unwrap();
    drop(writer);
    let (kind, body) = parts(&[("photo", "huge.png", &huge)]);
    let page = service.post("/inspect?lang=en", &kind, &body);
    assert_eq!(page.status, 422);
    assert!(page.words().contains("at most 12 MB and 50 million pixels"), "{}", page.words());
    let page = service.get("/register?text=%3Cimg%20onerror%3D1%3E%E2%80%AE&after=nowhere");
    assert!(page.status == 200 && !page.text().contains("<img"));
}

/// What a list of a page is as a file: heads, and rows by head.
fn list(service: &Service, path: &str, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let ask = |form: &str| service.get(&format!("{path}?list={name}&format={form}"));
    let (csv, json) = (ask("csv"), ask("json"));
    assert_eq!((csv.status, json.status), (200, 200), "{path} {name}");
    assert_eq!(csv.is("content-type"), "text/csv; charset=utf-8");
    let file = format!("attachment; filename=\"tasdiq-{name}.csv\"");
    assert_eq!(csv.is("content-disposition"), file);
    let text = csv.text();
    let mut rows = csv::Reader::from_reader(text.strip_prefix('\u{feff}').unwrap().as_bytes());
    let heads: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> =
        rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(json["total"], rows.len(), "{path} {name}");
    let size = service.ledger.view().size;
    assert_eq!(json["log_size"], size);
    for (row, object) in rows.iter().zip(json["rows"].as_array().unwrap()) {
        assert_eq!(row[0], size.to_string());
        for (head, cell) in heads.iter().zip(row).skip(1) {
            // The same cells; in a table a guard stands before what a spreadsheet would run.
            let plain = object[head].as_str().unwrap();
            assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), plain, "{path} {name} {head}");
        }
    }
    (heads, rows)
}

/// Every list of a page goes out as CSV and JSON with the same cells, as of which log size.
#[test]
fn every_list_is_had_as_a_file() {
    let service = odd();
    let (heads, parties) = list(service, "/parties", "parties");
    assert_eq!(heads[..5], ["log_size", "root_hex", "party", "name", "role"]);
    assert_eq!(parties.len(), service.ledger.view().register.parties().count());
    let odd = parties.iter().find(|row| row[2] == "odd-shop").unwrap();
    assert_eq!(odd[3], format!("'{RUNS}"), "no cell runs");
    let (_, keys) = list(service, "/parties/atlas", "keys");
    assert_eq!(
        (keys.len(), keys[0][4].as_str(), keys[0][7].as_str()),
        (1, "assertion", "in-force")
    );
    let (_, days) = list(service, "/audit", "days");
    let entries: u64 = days.iter().map(|row| row[3].parse::<u64>().unwrap()).sum();
    assert_eq!(entries, service.ledger.view().size, "all was logged in the last month");
    assert!(!list(service, "/audit", "witnesses").1.is_empty());
    list(service, "/audit", "status-lists");
    for name in ["goods", "waiting", "prices", "operator-certificates"] {
        assert!(list(service, "/parties/coop", name).1.is_empty(), "{name}: goods came later");
    }
    // Pages name their lists; what is none is said to be none.
    let page = service.get("/audit?lang=en").text();
    assert!(page.contains("/audit?list=days&#38;format=csv&#38;lang=en"), "{page}");
    assert!(service.get("/register").text().contains("/parties?format=csv"));
    for (path, accept) in
        [("/audit?list=x&format=csv", "*/*"), ("/parties/coop?format=json", "a/b")]
    {
        let answer = service.get_with(path, &[("accept", accept)]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("list_unknown"), "{}", answer.text());
    }
    assert_eq!(service.get("/parties/nobody?list=keys&format=csv").status, 404);
    let part = service.get("/parties?list=parties&format=json&from=3");
    let part: serde_json::Value = serde_json::from_slice(&part.body).unwrap();
    assert_eq!(part["rows"].as_array().unwrap().len(), parties.len() - 3);
    assert_eq!(part["total"], parties.len());
}

/// Lists of goods: of the demonstration, which has some.
#[test]
fn lists_of_goods_add_up_as_files() {
    let service = super::story::demonstration();
    let script = tasdiq::demo::script().unwrap();
    let register = service.ledger.view().register.clone();
    let oil = script.steps.last().unwrap();
    let path = |key: &LotKey| format!("/lots/{key}");
    let (heads, events) = list(service, &path(oil), "events");
    assert_eq!(heads[2..5], ["lot", "event", "recipe"]);
    assert!(events.iter().any(|row| row[3] == "transform" && row[4] == "pack-off"), "{events:?}");
    let handle = register.lot_handle(oil).unwrap();
    assert_eq!(events.len(), register.trace().events_of(handle).count());
    let jar = &script.jars[0];
    let (heads, holders) = list(service, &path(jar), "holders");
    assert_eq!(heads[5..], ["free", "packed", "in_transit", "disputed", "gone", "unit"]);
    let there =
        |row: &Vec<String>| row[5..9].iter().map(|cell| cell.parse::<u64>().unwrap()).sum::<u64>();
    let balance = register.trace().balance(register.lot_handle(jar).unwrap()).unwrap();
    let sum: u64 = holders.iter().map(there).sum();
    assert_eq!(sum, balance.free + balance.packed + balance.in_transit + balance.disputed);
    let holder = holders.iter().find(|row| row[5] != "0" || row[6] != "0").unwrap();
    let (_, goods) = list(service, &format!("/parties/{}", holder[3]), "goods");
    assert!(goods.iter().any(|row| row[2] == jar.to_string()), "{goods:?}");
    let (heads, prices) = list(service, "/audit", "prices");
    assert_eq!(heads[2..7], ["side", "scheme", "year", "season", "currency"]);
    assert!(!prices.is_empty() && prices.iter().all(|row| row[2] == "all"));
    let seller = register.parties().find(|party| {
        let whose = tasdiq::register::PricesOf::Seller(party.registration.party.clone());
        register.price_totals(&whose, None).next().is_some()
    });
    let seller = format!("/parties/{}", seller.unwrap().registration.party);
    assert!(list(service, &seller, "prices").1.iter().any(|row| row[2] == "sold"));
}
