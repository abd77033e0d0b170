//! Goods through the built binary and a real service: a ledger under a rulebook with recipes, its
//! parties, and short ways to say what happened. The tests stand in the files beside this one.

use std::cell::RefCell;

use serde_json::Value;
use tasdiq::catalog::Catalog;
use tasdiq::os::now;
use tasdiq::statement::{GoodsRules, Season, first_goods_rules};

use crate::cli::{Bench, Service};

mod inputs;
mod mandate;
mod operators;
mod races;
mod reach;
mod recall;
mod rulebook;
mod sheets;
mod story;
mod undone;

/// A ledger that is served, and whose parties have keys here.
pub struct Goods {
    pub bench: Bench,
    pub service: Service,
    /// The instant at which everything here happens.
    pub at: String,
    pub today: String,
    pub year: String,
    files: RefCell<u32>,
}

/// The demonstration's rules, with argan fruit in season all year, so that a test may harvest it
/// today.
pub fn rules() -> GoodsRules {
    let mut rules = first_goods_rules().unwrap();
    rules.seasons.retain(|season| season.material != "argan-fruit");
    let all_year = |text: &str| serde_json::from_value(serde_json::json!(text)).unwrap();
    let (from, to) = (all_year("01-01"), all_year("12-31"));
    rules.seasons.push(Season { material: "argan-fruit".into(), from, to });
    rules.seasons.sort_by(|a, b| (&a.material, a.from).cmp(&(&b.material, b.from)));
    rules
}

impl Goods {
    /// Cooperatives `coop` and `rival`, shops `s1` to `s4`, exporter `export`; `coop` may declare
    /// 1,000 t of ripe argan fruit this year.
    pub fn new() -> Self {
        let bench = Bench::new();
        bench.good("init --host 127.0.0.1:8080 --name Autorite");
        bench.write("rules.json", &serde_json::to_string(&rules()).unwrap());
        bench.good("rulebook propose rules.json --as tasdiq-data/keys/root.pem --yes");
        let (service, instant) = (bench.serve(), now());
        let today = instant.day().to_string();
        let at = instant.to_string();
        let year = today[..4].to_owned();
        let goods = Self { bench, service, at, today, year, files: RefCell::default() };
        for coop in ["coop", "rival"] {
            let public = goods.keygen(coop);
            goods.bench.good(&format!(
                "register cooperative --id {coop} --name Cooperative-fictive-{coop} --region MA-09 \
                 --capacity argan-fruit:{}:9000000000000000 --public {public}",
                goods.year
            ));
        }
        for (role, who) in
            [("shop", "s1"), ("shop", "s2"), ("shop", "s3"), ("shop", "s4"), ("exporter", "export")]
        {
            let public = goods.keygen(who);
            goods
                .bench
                .good(&format!("register party --id {who} --name Fictif-{who} --role {role}"));
            goods.bench.good(&format!("register key add --id {who} --public {public} --yes"));
        }
        goods
    }

    fn keygen(&self, who: &str) -> String {
        self.bench.good(&format!("keygen --out {who}.pem")).trim().to_owned()
    }

    /// A new file with this text.
    pub fn file(&self, text: &str) -> String {
        *self.files.borrow_mut() += 1;
        let name = format!("table-{}.csv", self.files.borrow());
        self.bench.write(&name, text);
        name
    }

    /// Lots of a cooperative: number, material, quantity with its unit, and what they come from.
    pub fn declare(&self, who: &str, lots: &[(&str, &str, &str, &str)]) {
        let catalog = Catalog::builtin().unwrap();
        let mut text =
            "lot,product,quantity,pack_size,region,campaign,packed_on,origin\n".to_owned();
        for (number, material, quantity, origin) in lots {
            let packs = catalog.material(material).unwrap().packs;
            let size = packs.0.max(250).min(packs.1);
            text += &format!(
                "{number},{material},{quantity},{size},MA-09,{},{},{origin}\n",
                self.year, self.today
            );
        }
        let file = self.file(&text);
        let line = format!("issue {file} --what lots --key {who}.pem --issuer {who} --yes --json");
        let report: Value = serde_json::from_str(&self.bench.good(&line)).unwrap();
        assert_eq!(report["held"], 0, "{report}");
    }

    /// Runs `events` over a table; the exit code and the report.
    pub fn say(&self, who: &str, text: &str) -> (i32, Value) {
        self.say_file(who, &self.file(text), "--yes")
    }

    pub fn say_file(&self, who: &str, file: &str, more: &str) -> (i32, Value) {
        let (code, out, err) =
            self.bench.run(&format!("events {file} --as {who}.pem --issuer {who} --json {more}"));
        let report = serde_json::from_str(&out);
        assert!(report.is_ok(), "{code}\n{out}\n{err}");
        (code, report.unwrap())
    }

    /// The same where all of it is logged.
    pub fn said(&self, who: &str, text: &str) -> Value {
        let (code, report) = self.say(who, text);
        assert_eq!((code, &report["refused"]), (0, &Value::from(0)), "{report:#}");
        report
    }

    /// The refusal of the one event of a table: code and words.
    pub fn refused(&self, who: &str, text: &str) -> (String, String) {
        let (code, report) = self.say(who, text);
        assert_eq!((code, &report["logged"]), (1, &Value::from(0)), "{report:#}");
        let event = &report["events"][0];
        let text = |member: &str| event[member].as_str().unwrap_or_default().to_owned();
        (text("code"), text("detail"))
    }

    /// A transformation as a table.
    pub fn making(
        &self,
        name: &str,
        recipe: &str,
        inputs: &[(&str, &str)],
        outputs: &[(&str, &str)],
    ) -> String {
        let mut text = "name,kind,at,recipe,side,lot,quantity\n".to_owned();
        let sides = inputs.iter().map(|line| ("input", line));
        for (side, (lot, quantity)) in sides.chain(outputs.iter().map(|line| ("output", line))) {
            text += &format!("{name},transform,{},{recipe},{side},{lot},{quantity}\n", self.at);
        }
        text
    }

    /// What the service answers.
    pub fn get(&self, path: &str) -> Value {
        let answer = ureq::get(format!("{}{path}", self.service.url)).call().unwrap();
        serde_json::from_reader(answer.into_body().into_reader()).unwrap()
    }

    /// A page, as it is served.
    pub fn page(&self, path: &str) -> String {
        let answer = ureq::get(format!("{}{path}", self.service.url)).call().unwrap();
        answer.into_body().read_to_string().unwrap()
    }

    pub fn balance(&self, lot: &str) -> Value {
        self.get(&format!("/api/v1/lots/{lot}/balance"))
    }

    /// Entries of the log.
    pub fn size(&self) -> u64 {
        self.get("/api/v1/log/health")["size"].as_u64().unwrap()
    }
}

/// Whether a lot's figures add up.
pub fn adds_up(balance: &Value) -> bool {
    let figure = |name: &str| balance["balance"][name].as_u64().unwrap();
    let parts = ["free", "packed", "inTransit", "disputed", "consumed", "out"];
    figure("filled") == parts.iter().map(|name| figure(name)).sum::<u64>()
}
