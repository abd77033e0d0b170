//! Lots driven at random through all that can befall them, by the command line alone: after each
//! round page, report, offline verdict and paper say what a model of a few lines says, in every
//! complete language. With `TASDIQ_LONG=1` more lots and rounds.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tasdiq::web::language::{Language, t};

use crate::cli::{Bench, Service};
use crate::powerloss::Random;

fn is_long() -> bool {
    std::env::var("TASDIQ_LONG").is_ok_and(|value| value == "1")
}

/// What is certified of a lot, as the model has it.
#[derive(Clone, Debug)]
struct Certificate {
    serial: u64,
    window: &'static str,
    /// `suspended`, `withdrawn`, or nothing.
    said: &'static str,
}

/// A lot, its certificates, each in the place of the one before, and its label.
#[derive(Clone, Debug)]
struct Lot {
    number: String,
    chain: Vec<Certificate>,
    goods: &'static str,
    label: String,
}

/// Worst first, as the band shows one of them.
const WORST: [&str; 8] = [
    "recalled",
    "withdrawn",
    "suspended",
    "held",
    "expired",
    "not-yet-valid",
    "superseded",
    "valid",
];

impl Lot {
    fn newest(&mut self) -> &mut Certificate {
        self.chain.last_mut().unwrap()
    }

    /// The status of a certificate handed in by itself.
    fn of_paper(&self, place: usize) -> &'static str {
        let certificate = &self.chain[place];
        match certificate.said {
            "" if place + 1 < self.chain.len() => "superseded",
            "" => certificate.window,
            said => said,
        }
    }

    /// The status that counts for its label, which names the first.
    fn of_label(&self) -> &'static str {
        let mut way = (0..self.chain.len()).map(|place| self.of_paper(place));
        way.find(|status| *status != "superseded").unwrap()
    }

    fn worse(&self, certificate: &'static str) -> &'static str {
        let both = [self.goods, certificate];
        WORST.into_iter().find(|word| both.contains(word)).unwrap()
    }

    /// What the page of its label says: a label has an end of its own, which no renewal puts off.
    fn on_scan(&self) -> &'static str {
        match self.worse(self.of_label()) {
            "valid" if self.chain[0].window == "expired" => "code-expired",
            word => word,
        }
    }

    /// What can befall it now; what is for good comes seldom, so that the rest is met often.
    fn acts(&self) -> Vec<&'static str> {
        let (newest, first) = (self.chain.last().unwrap(), &self.chain[0]);
        let mut acts = match self.goods {
            "released" => vec!["hold", "hold", "recall"],
            "held" => vec!["release", "release", "release", "recall"],
            _ => vec![],
        };
        match newest.said {
            "" => acts.extend(["suspend", "suspend", "withdraw"]),
            "suspended" => acts.extend(["reinstate", "reinstate", "reinstate", "withdraw"]),
            _ => {}
        }
        if newest.said.is_empty() && self.goods == "released" {
            acts.extend(["renew", "renew", "correct"]);
        }
        if self.chain.len() > 1 && first.said.is_empty() {
            acts.push("suspend the old one");
        }
        acts
    }
}

struct Driven {
    bench: Bench,
    service: Service,
    lots: Vec<Lot>,
    random: Random,
    files: u32,
}

impl Driven {
    fn new(count: usize, seed: u64) -> Self {
        let bench = Bench::new();
        bench.good("init --host 127.0.0.1:8080 --name Autorite");
        bench.with_parties();
        let service = bench.serve();
        let mut driven = Self { bench, service, lots: Vec::new(), random: Random(seed), files: 0 };
        driven.bench.good(
            "register party --id coop --role cooperative --name Cooperative --region MA-09 \
             --phone +212500000001 --name-ar تعاونية --yes",
        );
        driven.declare(count);
        driven
    }

    /// Lots whose certificate is in force, over, or to come.
    fn declare(&mut self, count: usize) {
        let mut lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n".to_owned();
        let mut rows = String::new();
        let numbers: Vec<String> = (0..count).map(|n| format!("L{n}")).collect();
        let mut windows = Vec::new();
        for (place, number) in numbers.iter().enumerate() {
            lots += &format!("{number};argane;800 L;250 mL;MA-09;2020;2020-10-30\n");
            let window = match place % 5 {
                3 => "expired",
                4 => "not-yet-valid",
                _ => "valid",
            };
            windows.push(window);
            rows += &Self::row(number, window, "800 L", "");
        }
        self.bench.write("lots.csv", &lots);
        self.bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
        let serials = self.issue(&rows, "");
        for (place, (number, window)) in numbers.into_iter().zip(windows).enumerate() {
            let label = self.bench.label(&format!("coop/{number}"));
            let first = Certificate { serial: serials[place], window, said: "" };
            self.lots.push(Lot { number, chain: vec![first], goods: "released", label });
        }
    }

    fn row(number: &str, window: &str, quantity: &str, except: &str) -> String {
        let (from, until) = match window {
            "expired" => ("2020-11-02", "2021-01-31"),
            "not-yet-valid" => ("2098-01-01", "2099-11-01"),
            _ => ("2020-11-02", "2099-11-01"),
        };
        format!("coop/{number},bio-maroc,2018,{quantity},2020-11-02,{from},{until},{except}\n")
    }

    /// The serials of what a table became.
    fn issue(&mut self, rows: &str, more: &str) -> Vec<u64> {
        self.files += 1;
        let name = format!("certificates-{}.csv", self.files);
        let head = "lot,scheme,edition,quantity,decision_date,valid_from,valid_until,not_covered\n";
        self.bench.write(&name, &format!("{head}{rows}"));
        let line = format!("issue {name} --key certifier.pem --issuer cert --yes {more}");
        let report = self.bench.json(&line);
        let serial = |row: &Value| {
            let id = row["id"].as_str().unwrap_or_else(|| unreachable!("{report:#}"));
            id.rsplit('/').next().unwrap().parse().unwrap()
        };
        let serials = report["rows"].as_array().unwrap().iter().map(serial).collect();
        // The same file again changes nothing.
        let again = self.bench.json(&line);
        assert_eq!((&again["signed"], &again["refused"]), (&0.into(), &0.into()), "{again:#}");
        serials
    }

    /// One act of each lot that anything can befall.
    fn round(&mut self) {
        for place in 0..self.lots.len() {
            let acts = self.lots[place].acts();
            if acts.is_empty() {
                continue;
            }
            let act = acts[self.random.below(acts.len() as u64) as usize];
            self.act(place, act);
        }
    }

    fn act(&mut self, place: usize, act: &str) {
        let certifier = "--reason lab-result --key certifier.pem --issuer cert --yes";
        let own = "--reason safety --key coop.pem --issuer coop --yes";
        let mut lot = self.lots[place].clone();
        let (first, newest, name) =
            (lot.chain[0].serial, lot.newest().serial, format!("coop/{}", lot.number));
        let good = |line: String| drop(self.bench.good(&line));
        match act {
            "hold" => good(format!("status hold {name} {own}")),
            "release" => good(format!("status release {name} {own}")),
            "recall" => good(format!(
                "status recall {name} {own} --notice-fr Rapportez-le --notice-ar أعيدوه \
                 --return-to shop"
            )),
            "suspend" => good(format!("status suspend {newest} {certifier}")),
            "reinstate" => good(format!("status reinstate {newest} {certifier}")),
            "withdraw" => good(format!("status withdraw {newest} {certifier}")),
            "suspend the old one" => good(format!("status suspend {first} {certifier}")),
            "renew" | "correct" => {
                let (quantity, except) = match act {
                    "renew" => ("800 L", format!("rien-{}", lot.chain.len())),
                    _ => ("799 L", format!("odeur-{}", lot.chain.len())),
                };
                let row = Self::row(&lot.number, "valid", quantity, &except);
                let serial = self.issue(&row, "--replaces")[0];
                lot.chain.push(Certificate { serial, window: "valid", said: "" });
            }
            other => unreachable!("{other}"),
        }
        match act {
            "hold" => lot.goods = "held",
            "release" => lot.goods = "released",
            "recall" => lot.goods = "recalled",
            "suspend" => lot.newest().said = "suspended",
            "reinstate" => lot.newest().said = "",
            "withdraw" => lot.newest().said = "withdrawn",
            "suspend the old one" => lot.chain[0].said = "suspended",
            _ => {}
        }
        self.lots[place] = lot;
    }

    /// A page, its tags left out.
    fn page(&self, path: &str) -> String {
        let answer = ureq::get(format!("{}{path}", self.service.url)).call().unwrap();
        answer.into_body().read_to_string().unwrap().replace("&#39;", "'")
    }

    fn offline(&self, inputs: &[&str]) -> Vec<Value> {
        let mut args = vec!["verify", "--offline", "--trust", "trust.json", "--pack", "daily.pack"];
        args.extend(["--json"].iter().chain(inputs));
        let (_, out, err) = self.bench.run_args(&args);
        let told: Value = serde_json::from_str(&out).unwrap_or_else(|_| unreachable!("{out}{err}"));
        match told {
            Value::Array(all) => all,
            one => vec![one],
        }
    }

    /// Page, report and offline verdict of every label.
    fn labels_agree(&self) {
        self.bench.good("trust --out trust.json");
        self.bench.good("pack --out daily.pack");
        let labels: Vec<&str> = self.lots.iter().map(|lot| lot.label.as_str()).collect();
        let offline = self.offline(&labels);
        for (lot, offline) in self.lots.iter().zip(&offline) {
            let word = lot.on_scan();
            let path = format!("/{}", lot.label.splitn(4, '/').nth(3).unwrap());
            let live: Value =
                serde_json::from_str(&self.page(&format!("{path}?format=json"))).unwrap();
            let exit = if word == "valid" { 0 } else { 4 };
            let case = format!("{lot:?} {word}\n{live:#}");
            for report in [&live, offline] {
                assert_eq!(report["exitCode"], exit, "{case}");
                assert_eq!(report["authenticity"]["indication"], "TOTAL_PASSED", "{case}");
                let now = &report["fitness"]["now"];
                assert_eq!(now["certificate"], lot.of_label(), "{case}");
                assert_eq!(now["lot"], lot.goods, "{case}");
            }
            // They were asked a moment apart.
            let asked = |report: &Value| {
                let mut fitness = report["fitness"].clone();
                fitness["now"].as_object_mut().unwrap().remove("at");
                fitness
            };
            assert_eq!(asked(&live), asked(offline), "{case}");
            for language in Language::ALL {
                let page = self.page(&format!("{path}?lang={}", language.code()));
                let band = page.split("<section class=\"verdict ").nth(1).unwrap();
                let band = band.split("</section>").next().unwrap();
                let said =
                    if Language::COMPLETE.contains(&language) { language } else { Language::Fr };
                let title = t(said, &format!("verdict-{word}"));
                assert!(band.contains(title.as_ref()), "{language:?} {case}\n{band}");
                assert_eq!(band.starts_with("ok"), word == "valid", "{language:?} {case}");
                let phone = band.contains("tel:+212500000001");
                assert!(phone || word != "recalled", "{language:?} {case}");
            }
        }
    }

    /// A paper; until its status lists say what the register says it is not made, for a minute at
    /// most.
    fn paper(&self, serial: u64, code: &str) -> Vec<u8> {
        let url = format!("{}/certificates/{serial}.pdf?lang={code}", self.service.url);
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            match ureq::get(&url).call() {
                Ok(answer) => return answer.into_body().read_to_vec().unwrap(),
                Err(ureq::Error::StatusCode(503)) if Instant::now() < patience => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(error) => unreachable!("{url}: {error}"),
            }
        }
    }

    /// The papers of a lot's certificates: words in four languages, and the dossier within.
    fn papers_agree(&self, lot: &Lot) {
        for place in 0..lot.chain.len() {
            let (serial, status) = (lot.chain[place].serial, lot.of_paper(place));
            let word = lot.worse(status);
            for language in Language::COMPLETE {
                let code = language.code();
                let file = self.bench.path("paper.pdf");
                std::fs::write(&file, self.paper(serial, code)).unwrap();
                let text = words_of(&file);
                let title = t(language, &format!("certificate-status-{status}"));
                let case = format!("{lot:?} {serial} {status} {code}");
                if let Some(text) = text.filter(|_| language != Language::Ar) {
                    assert!(text.contains(title.as_ref()), "{case}: {title}\n{text}");
                }
                if language == Language::Fr {
                    let report = self.offline(&["paper.pdf"]);
                    let exit = report.iter().map(|one| one["exitCode"].as_u64().unwrap()).max();
                    let expected = if word == "valid" { 0 } else { 4 };
                    assert_eq!(exit, Some(expected), "{case} {report:#?}");
                }
            }
        }
    }
}

/// The text of a PDF by a foreign reader, if one is here.
fn words_of(file: &Path) -> Option<String> {
    let run = Command::new("pdftotext").arg(file).arg("-").output().ok()?;
    let text = String::from_utf8_lossy(&run.stdout);
    let shown = |c: &char| !matches!(c, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    Some(text.chars().filter(shown).collect())
}

#[test]
fn what_befalls_a_lot_is_told_alike_by_page_report_pack_and_paper() {
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(5, |seed| seed.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let (count, rounds, papers) = if is_long() { (60, 8, 12) } else { (5, 2, 1) };
    let mut driven = Driven::new(count, seed);
    driven.labels_agree();
    let mut met = std::collections::BTreeMap::<&str, u32>::new();
    for _ in 0..rounds {
        driven.round();
        driven.labels_agree();
        for lot in &driven.lots {
            *met.entry(lot.on_scan()).or_default() += 1;
        }
    }
    for lot in driven.lots.iter().take(papers) {
        driven.papers_agree(lot);
    }
    println!("{met:?}");
}

/// Which certificate gives way is never guessed, and what was given up is not said again by itself.
#[test]
fn a_renewal_takes_the_place_that_was_meant_or_none() {
    let bench = Bench::founded();
    let file = |name: &str, rows: &[&str]| {
        let head = "lot,scheme,edition,quantity,decision_date,valid_until,remplace\n";
        let rows: String = rows.iter().map(|row| format!("coop/{row}\n")).collect();
        bench.write(name, &format!("{head}{rows}"));
    };
    let issue = |name: &str, more: &str| {
        let line = format!("issue {name} --key certifier.pem --issuer cert --yes --json {more}");
        let (code, out, err) = bench.run(&line);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| unreachable!("{err}"));
        (code, report["rows"][0].clone())
    };
    let row = |lot: &str, quantity: &str, replaces: &str| {
        format!("{lot},bio-maroc,2018,{quantity},2020-11-02,2099-11-01,{replaces}")
    };
    bench.write(
        "lots.csv",
        "lot;product;quantity;pack_size;region;campaign;packed_on\n\
         A;argane;800 L;250 mL;MA-09;2020;2020-10-30\n\
         B;argane;800 L;250 mL;MA-09;2020;2020-10-30\n",
    );
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    // Nothing is there to give way.
    file("first.csv", &[&row("A", "800 L", "")]);
    let (code, told) = issue("first.csv", "--replaces");
    assert_eq!((code, &told["code"]), (1, &"not_renewable".into()), "{told}");
    assert_eq!(issue("first.csv", "").0, 0);
    // Other facts without saying so are no correction.
    file("second.csv", &[&row("A", "799 L", "")]);
    let (code, told) = issue("second.csv", "");
    assert_eq!((code, &told["code"]), (1, &"already_certified".into()), "{told}");
    let (code, told) = issue("second.csv", "--replaces --dry-run");
    assert_eq!((code, &told["replaces"]), (0, &0.into()), "{told}");
    let (code, told) = issue("second.csv", "--replaces");
    assert_eq!((code, &told["outcome"]), (0, &"logged".into()), "{told}");
    // Back to the first: not by itself, but by name.
    let (code, told) = issue("first.csv", "--replaces");
    assert_eq!((code, &told["code"]), (1, &"not_renewable".into()), "{told}");
    assert!(told["detail"].as_str().unwrap().contains("gave way to 1"), "{told}");
    file("third.csv", &[&row("A", "800 L", "1")]);
    let (code, told) = issue("third.csv", "");
    assert_eq!((code, &told["outcome"]), (0, &"logged".into()), "{told}");
    assert_eq!(issue("third.csv", "").1["outcome"], "already");
    // One that gave way gives way no more.
    file("fourth.csv", &[&row("A", "700 L", "1")]);
    assert_eq!(issue("fourth.csv", "").1["code"], "not_renewable");
    // Two that stand: which is meant is asked.
    let logged = |name: &str, more: &str| {
        let (code, told) = issue(name, more);
        assert_eq!((code, &told["outcome"]), (0, &"logged".into()), "{told}");
        told["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    };
    file("half.csv", &[&row("B", "400 L", "")]);
    file("other-half.csv", &[&row("B", "399 L", "")]);
    let halves = [logged("half.csv", ""), logged("other-half.csv", "")];
    file("which.csv", &[&row("B", "398 L", "")]);
    let (code, told) = issue("which.csv", "--replaces");
    let named = halves.join(", ");
    assert!(code == 1 && told["detail"].as_str().unwrap().contains(&named), "{told}");
    file("this.csv", &[&row("B", "398 L", &halves[1])]);
    let third = logged("this.csv", "--replaces");
    // What is suspended is not lifted by a renewal.
    let certifier = "--reason complaint --key certifier.pem --issuer cert --yes";
    bench.good(&format!("status suspend {third} {certifier}"));
    file("lifted.csv", &[&row("B", "397 L", &third)]);
    let (code, told) = issue("lifted.csv", "");
    assert_eq!((code, &told["code"]), (1, &"not_renewable".into()), "{told}");
    assert!(told["detail"].as_str().unwrap().contains("suspended"), "{told}");
    file("odd.csv", &[&row("B", "397 L", "five")]);
    assert_eq!(issue("odd.csv", "").1["faults"][0]["column"], "replaces");
    let (code, _, err) =
        bench.run("issue lots.csv --what lots --replaces --key coop.pem --issuer coop");
    assert!(code == 2 && err.contains("--replaces"), "{err}");
}

/// Of a lot that nobody certified too, a recall says why, where to bring it and whom to call.
#[test]
fn a_recall_of_an_uncertified_lot_says_what_to_do() {
    let driven = Driven::new(1, 1);
    driven.bench.write(
        "bare.csv",
        "lot;product;quantity;pack_size;region;campaign;packed_on\n\
         BARE;argane;800 L;250 mL;MA-09;2020;2020-10-30\n",
    );
    driven.bench.good("issue bare.csv --what lots --key coop.pem --issuer coop --yes");
    let band = |language: Language| {
        let page = driven.page(&format!("/lot/coop/BARE?lang={}", language.code()));
        let band = page.split("<section class=\"verdict ").nth(1).unwrap();
        (band.split("</section>").next().unwrap().to_owned(), page)
    };
    assert!(!band(Language::Fr).0.contains("tel:"));
    driven.bench.good(
        "status recall coop/BARE --reason safety --notice-fr Rapportez-le --notice-ar أعيدوه \
         --return-to cooperative --key coop.pem --issuer coop --yes",
    );
    // A forged code that names it is forged: what befell the lot explains nothing of it.
    let token = driven.lots[0].label.split('/').nth(3).unwrap();
    let forged = driven.page(&format!("/{token}/LOT/COOP/BARE?lang=fr"));
    let title = t(Language::Fr, "verdict-not-genuine").into_owned();
    assert!(forged.contains(&title) && !forged.contains("Rapportez-le"), "{forged}");
    assert!(!forged.contains(t(Language::Fr, "reason-safety").as_ref()), "{forged}");
    for language in Language::COMPLETE {
        let (band, page) = band(language);
        let said = |id: &str| t(language, id).into_owned();
        let case = format!("{language:?}: {band}");
        assert!(band.contains(&said("verdict-recalled")), "{case}");
        assert!(band.contains(&said("verdict-recalled-action-cooperative")), "{case}");
        assert!(band.contains(&said("reason-safety")), "{case}");
        assert!(band.contains("tel:+212500000001"), "{case}");
        let notice = if language == Language::Ar { "أعيدوه" } else { "Rapportez-le" };
        assert!(page.contains(notice), "{case}");
    }
}
