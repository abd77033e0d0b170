//! Certificates of operators from a table to their page: `issue --what operators` with its faults,
//! dry run and second run, what page and API tell, and what they say of a stolen key.

use super::sheets::{book, cell};
use super::*;

const HEADS: &str = "operator,scheme,edition,materials,regions,volumes,decision_date,valid_until\n";

/// A certifier, and what its tables say.
struct Desk {
    goods: Goods,
    today: tasdiq::statement::Day,
}

impl Desk {
    fn open() -> Self {
        let goods = Goods::new();
        let public = goods.keygen("cert");
        goods.bench.good(&format!(
            "register certifier --id cert --name Certificateur-fictif --scheme fairtrade bio-maroc \
             --product all --region all --from 2020-01-01 --until 2099-12-31 --public {public}"
        ));
        goods.bench.good("register agreement --certifier cert --client coop,export");
        let today = tasdiq::statement::Day::parse(&goods.today).unwrap();
        Self { goods, today }
    }

    /// Fruit of this year, so much of it certified under fair trade.
    fn row(&self, operator: &str, volumes: &str) -> String {
        let until = self.today.plus_months(12).unwrap();
        let materials = "argan-fruit|argan-kernels|argane";
        let today = self.today;
        format!("{operator},fairtrade,2024,{materials},MA-09,{volumes},{today},{until}\n")
    }

    fn issue(&self, text: &str, more: &str) -> (i32, Value, String) {
        self.issue_file(&self.goods.file(text), more)
    }

    fn issue_file(&self, file: &str, more: &str) -> (i32, Value, String) {
        let line =
            format!("issue {file} --what operators --key cert.pem --issuer cert --json {more}");
        let (code, out, err) = self.goods.bench.run(&line);
        let report = serde_json::from_str(&out);
        assert!(report.is_ok(), "{code}\n{out}\n{err}");
        (code, report.unwrap(), err)
    }

    fn page(&self, path: &str, accept: &str) -> (u16, String) {
        let url = format!("{}{path}", self.goods.service.url);
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let request = config.new_agent().get(url).header("accept", accept);
        let mut answer = request.call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }
}

/// A table as a workbook.
fn spreadsheet(text: &str) -> Vec<u8> {
    let row = |(row, line): (usize, &str)| {
        let cells = ('A'..).zip(line.split(';'));
        let cells = cells.map(|(column, text)| cell(&format!("{column}{row}"), text));
        format!("<row r=\"{row}\">{}</row>", cells.collect::<String>())
    };
    book(&(1..).zip(text.lines()).map(row).collect::<String>())
}

#[test]
fn operators_are_certified_from_a_table_and_shown() {
    let desk = Desk::open();
    let fruit = format!("argan-fruit:{}:1000 kg", desk.goods.year);
    let text = format!("{HEADS}{}{}", desk.row("coop", &fruit), desk.row("export", ""));
    // A look ahead signs nothing; then all of it is signed, and again nothing is.
    let size = desk.goods.size();
    let (code, seen, told) = desk.issue(&text, "--dry-run");
    assert_eq!((code, desk.goods.size()), (0, size), "{seen:#}");
    assert!(told.contains("1000 kg") && told.contains("export (1)"), "{told}");
    let (code, done, _) = desk.issue(&text, "--yes");
    assert_eq!(
        (code, &done["logged"], &done["rows"][0]["operator"]),
        (0, &2.into(), &"coop".into())
    );
    let (code, again, _) = desk.issue(&text, "--yes");
    assert_eq!((code, &again["already"], &again["signed"]), (0, &2.into(), &0.into()), "{again:#}");
    // French heads, names for ids, another figure: a renewal, which is told before it is signed.
    let more = format!(
        "Opérateur;Référentiel;Édition;Produits;Régions;Volumes certifiés;Date de décision;Fin de \
         validité\ncoop;Max Havelaar;2024;argan-fruit|Huile d'argane;Souss-Massa;\
         argan-fruit:{}:1200 kg;{};{}\n",
        desk.goods.year,
        desk.today,
        desk.today.plus_months(6).unwrap()
    );
    let (code, seen, told) = desk.issue(&more, "--dry-run");
    assert_eq!(code, 0, "{seen:#}");
    // A spreadsheet is read as its text is: the very same would be signed.
    let sheet = spreadsheet(&more);
    std::fs::write(desk.goods.bench.path("operators.xlsx"), sheet).unwrap();
    let (code, of_sheet, _) = desk.issue_file("operators.xlsx", "--dry-run");
    assert_eq!((code, &of_sheet["sha256"]), (0, &seen["sha256"]), "{of_sheet:#}");
    assert!(told.contains("FURTHER certificate under fairtrade, beside 0"), "{told}");
    shown(&desk);
    tables(&desk, &fruit);
    stolen(&desk);
}

/// Faults by line and column; nothing of a faulty row is signed.
fn tables(desk: &Desk, fruit: &str) {
    let faulty = |row: String| {
        let (code, report, _) = desk.issue(&format!("{HEADS}{row}"), "--yes");
        let row = &report["rows"][0];
        assert_eq!((code, &row["line"], &row["outcome"]), (1, &2.into(), &"refused".into()));
        format!("{}: {}", row["code"].as_str().unwrap(), row["detail"].as_str().unwrap())
    };
    let good = desk.row("coop", fruit);
    let cases = [
        (good.replace("argan-fruit|", "argan-fruit|argan-fruit|"), "names one of them twice"),
        (good.replace("argan-fruit|", "unheard-of|"), "not in the catalogue"),
        (good.replace("MA-09", "MA-99"), "column E (regions): region \"MA-99\" is not in"),
        (good.replace(fruit, "argan-fruit:1000 kg"), "material:campaign:quantity"),
        (good.replace(fruit, "argan-fruit:20266:1 kg"), "no campaign"),
        (good.replace(fruit, "olives:2026:1 kg"), "not among the materials"),
        (good.replace(fruit, "argan-fruit:2026:1 L"), "column F (volumes): \"1 L\""),
        (good.replace("coop", "nobody"), "unknown_party"),
        // Nobody asked for it; an authority's word on paper is no word of theirs.
        (good.replace("coop", "rival"), "not_asked"),
        (good.replace("coop", "s1"), "not_asked"),
    ];
    for (row, expected) in cases {
        let fault = faulty(row.clone());
        assert!(fault.contains(expected), "{row}: {fault}");
    }
    // All faults of a row at once, cell by cell, in French where that is asked for.
    let many = good.replace("argan-fruit|", "unheard-of|").replace("MA-09", "Sous-Masa");
    let many = format!("{HEADS}{}", many.replace(",2024,", ",,"));
    let (_, report, _) = desk.issue(&many, "--dry-run --lang fr");
    let faults = report["rows"][0]["faults"].as_array().unwrap();
    let columns: Vec<&str> = faults.iter().filter_map(|fault| fault["column"].as_str()).collect();
    assert_eq!(columns, ["edition", "materials", "regions"], "{report:#}");
    let region = faults[2]["detail"].as_str().unwrap();
    assert!(region.contains("pas au catalogue") && region.contains("MA-09"), "{region}");
    let twice = format!("{HEADS}{good}{good}");
    let (_, report, _) = desk.issue(&twice, "--dry-run");
    let fault = report["rows"][1]["detail"].as_str().unwrap();
    assert!(fault.contains("same operator and scheme stand in line 2"), "{fault}");
}

/// Page and API of it, where it is linked, and what its volume is after a draw.
fn shown(desk: &Desk) {
    let goods = &desk.goods;
    for (language, words) in [
        ("en", ["Operator certificate \u{2068}0\u{2069}", "1,000", "Left"]),
        ("fr", ["Certificat d’opérateur \u{2068}0\u{2069}", "1\u{202f}000", "Reste"]),
        ("ar", ["شهادة متعامل \u{2068}0\u{2069}", "1.000", "الباقي"]),
    ] {
        let (status, page) = desk.page(&format!("/certificates/0?lang={language}"), "text/html");
        assert_eq!(status, 200);
        for word in words {
            assert!(page.contains(word), "{language} {word}: {page}");
        }
    }
    let (_, party) = desk.page("/parties/coop?lang=en", "text/html");
    assert!(party.contains("/certificates/0?lang=en"), "{party}");
    // Forms for programs; of no lot, so no dossier.
    for (path, accept, words) in [
        ("/certificates/0", "application/vc", "operatorCertificate"),
        ("/certificates/0.json", "*/*", "operatorCertificate"),
        ("/certificates/0.tlog-proof", "*/*", "c2sp.org/tlog-proof"),
    ] {
        let (status, text) = desk.page(path, accept);
        assert!(status == 200 && text.contains(words), "{path} {text}");
    }
    let (status, text) = desk.page("/certificates/0.tasdiq", "application/json");
    assert!(status == 404 && text.contains("form_unknown"), "{text}");
    // A lot's certificate leads to what it rests on, and what is certified of it is used.
    goods.declare("coop", &[("F", "argan-fruit", "400 kg", "")]);
    let until = desk.today.plus_months(6).unwrap();
    let file = goods.file(&format!(
        "lot,scheme,edition,quantity,decision_date,valid_until,custody_model\n\
         coop/F,fairtrade,2024,400 kg,{},{until},segregated\n",
        desk.today
    ));
    goods.bench.good(&format!("issue {file} --key cert.pem --issuer cert --yes"));
    let (_, page) = desk.page("/certificates/2?lang=en", "text/html");
    assert!(page.contains("operator’s certificate") && page.contains("/certificates/0?lang=en"));
    let (_, page) = desk.page("/certificates/0?lang=en", "text/html");
    let cells: Vec<&str> = page.split("data-label").collect();
    let cell = |label: &str| cells.iter().find(|it| it.contains(label)).unwrap().to_string();
    assert!(cell("\"Used by lots\"").contains("400\u{a0}kg"), "{page}");
    assert!(cell("\"Left\"").contains("600\u{a0}kg"), "{page}");
    // While it is suspended nothing is left, and it is no more green.
    goods.bench.good(
        "status --target 0 --action suspend --reason nonconformity --key cert.pem --issuer cert \
         --yes",
    );
    let (_, page) = desk.page("/certificates/0?lang=en", "text/html");
    assert!(page.contains("warn-word") && page.contains("suspended"), "{page}");
    let cells: Vec<&str> = page.split("data-label").collect();
    let left = cells.iter().find(|it| it.contains("\"Left\"")).unwrap();
    assert!(!left.contains("600"), "{left}");
    goods.bench.good(
        "status --target 0 --action reinstate --reason other --key cert.pem --issuer cert --yes",
    );
}

/// What a stolen key may have signed is green in no list.
fn stolen(desk: &Desk) {
    let green = |path: &str| {
        let (status, page) = desk.page(path, "text/html");
        assert_eq!(status, 200, "{path}");
        let main = page.split("<main").nth(1).unwrap().to_owned();
        (main.contains("ok-word"), main.contains("may have been"))
    };
    let pages = [
        "/certificates/0?lang=en",
        "/certificates/2?lang=en",
        "/lots/coop/F?lang=en",
        "/register?lot=F&lang=en",
        "/parties/coop?lang=en",
    ];
    for path in pages {
        assert!(!green(path).1, "{path}");
    }
    desk.goods
        .bench
        .good("register key compromised --id cert --name key-1 --since 2020-06-01T00:00:00Z --yes");
    for path in pages {
        let (_, told) = green(path);
        assert!(told, "{path}");
    }
    assert!(!green("/certificates/0?lang=en").0);
    assert!(!green("/certificates/2?lang=en").0);
    assert!(!green("/parties/coop?lang=en").0);
    for serial in [0, 2] {
        let told = desk.goods.get(&format!("/api/v1/certificates/{serial}"));
        assert_eq!(told["suspectKey"], true, "{told:#}");
    }
    let lot = desk.goods.get("/api/v1/lots/coop/F");
    assert_eq!(lot["certificates"][0]["suspectKey"], true, "{lot:#}");
}
