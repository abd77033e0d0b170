//! A certifier's first hour on the command line: a sheet as spreadsheets write it becomes
//! certificates in one round, things are named as people call them, what happened is in a file, and
//! one form changes every status.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::Bench;

const HEADS: [&str; 15] = [
    "N° de lot",
    "Code article",
    "Produit",
    "Quantité",
    "Unité",
    "Contenance",
    "Région",
    "Campagne",
    "Conditionné le",
    "DDM",
    "Référentiel",
    "Édition",
    "Date de décision",
    "Fin de validité",
    "Observations",
];

/// Row, column (from 0), what is planted, what stands there once it is corrected, and what the
/// message says that leads there.
const PLANTED: [(usize, usize, &str, &str, &str); 12] = [
    (3, 2, "Huile d'argann", "argane", "argane (Argane"),
    (5, 3, "1,250", "1250", "write 1250 L or 1.25 L"),
    (7, 12, "11/25/2020", "25/11/2020", "write 25/11/2020"),
    (9, 8, "30/10/20", "30/10/2020", "year of four digits"),
    (11, 4, "lb", "L", "nearest"),
    (13, 6, "Sous-Masa", "MA-09", "MA-09 (Souss-Massa)"),
    (15, 10, "Bio-Marok", "bio-maroc", "bio-maroc"),
    (17, 1, "6111234567896", "6111234567895", "must be 5"),
    (19, 7, "", "2020", "write e.g. 2026"),
    (21, 3, "12,5 kg", "12,5 L", "mL or L"),
    (23, 0, "L22", "L23", "line 23"),
    (25, 13, "01/11/2019", "01/11/2099", "write a later day"),
];

/// The sheet's rows; with mistakes or without.
fn rows(mistakes: bool) -> Vec<[String; 15]> {
    let row = |n: usize| {
        let oil = n % 2 == 1;
        let (product, region) = match n % 6 {
            1 => ("Huile d'argane", "Souss-Massa"),
            3 => ("ARGANE", "souss massa"),
            5 => ("زيت أركان", "سوس-ماسة"),
            _ => ("Safran de Taliouine", "Souss-Massa"),
        };
        let (quantity, unit, pack) = match n % 4 {
            1 | 3 => (format!("{},5", 10 + n), "L", "250 mL"),
            2 => (format!("0,{}", 450 + n), "kg", "2 g"),
            _ => (format!("{}", 400 + n), "g", "2 g"),
        };
        let gtin = if [1, 17, 33].contains(&n) { "6111234567895" } else { "" };
        let scheme = if oil { "Bio Maroc" } else { "bio-maroc" };
        let mut cells = [
            format!("L{n}"),
            gtin.to_owned(),
            product.to_owned(),
            quantity,
            unit.to_owned(),
            pack.to_owned(),
            region.to_owned(),
            "2020".to_owned(),
            "30/10/2020".to_owned(),
            String::new(),
            scheme.to_owned(),
            "2018".to_owned(),
            "02/11/2020".to_owned(),
            "01/11/2099".to_owned(),
            "vérifié".to_owned(),
        ];
        let planted = PLANTED.iter().find(|(row, ..)| *row == n);
        if let Some((_, column, wrong, right, _)) = planted {
            cells[*column] = if mistakes { *wrong } else { *right }.to_owned();
        }
        cells
    };
    (1..=40).map(row).collect()
}

fn csv(rows: &[[String; 15]]) -> String {
    let line = |cells: &[String]| {
        let quoted = cells.iter().map(|cell| match cell.contains(';') {
            true => format!("\"{cell}\""),
            false => cell.clone(),
        });
        quoted.collect::<Vec<_>>().join(";") + "\r\n"
    };
    let heads = HEADS.map(str::to_owned);
    line(&heads) + &rows.iter().map(|row| line(row)).collect::<String>()
}

/// A ledger whose certifier may certify all under Bio Maroc and whose cooperative has oil and
/// saffron.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.good("init --host 127.0.0.1:8080 --name Autorite");
    let certifier = bench.good("keygen --out certifier.pem").trim().to_owned();
    let coop = bench.good("keygen --out coop.pem").trim().to_owned();
    let registered = [
        "register",
        "certifier",
        "--id",
        "cert",
        "--name",
        "Certificateur fictif",
        "--scheme",
        "Bio Maroc",
        "--product",
        "all",
        "--region",
        "all",
        "--from",
        "2020-01-01",
        "--until",
        "2099-12-31",
        "--public",
        &certifier,
    ];
    let (code, _, err) = bench.run_args(&registered);
    assert_eq!(code, 0, "{err}");
    let registered = [
        "register",
        "cooperative",
        "--id",
        "coop",
        "--name",
        "Coopérative fictive",
        "--region",
        "Souss-Massa",
        "--gtin-prefix",
        "6111234",
        "--capacity",
        "Huile d'argane:2020:900000L",
        "--capacity",
        "Safran de Taliouine:2020:900kg",
        "--agrees",
        "cert:Bio Maroc",
        "--public",
        &coop,
    ];
    let (code, _, err) = bench.run_args(&registered);
    assert_eq!(code, 0, "{err}");
    bench
}

const BOTH: &str = "--what lots-and-certificates --issuer cert --producer coop";

/// Runs `issue` on a file and gives its exit code and JSON.
fn issue(bench: &Bench, file: &str, more: &str) -> (i32, Value) {
    let (code, out, err) = bench.run(&format!("issue {file} {BOTH} {more} --json"));
    let report = serde_json::from_str(&out);
    (code, report.unwrap_or_else(|_| unreachable!("{code} {out}{err}")))
}

/// All planted mistakes are told at once, each with its line, its column and what to write.
fn twelve_faults(report: &Value, name: &str) {
    let refused: Vec<&Value> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["outcome"] == "refused")
        .collect();
    assert_eq!(refused.len(), PLANTED.len(), "{name}: {refused:#?}");
    for (row, (n, column, wrong, _, said)) in refused.iter().zip(PLANTED) {
        assert_eq!(row["line"], n as u64 + 1, "{name}");
        let faults = row["faults"].as_array().unwrap();
        let detail = row["detail"].as_str().unwrap();
        assert_eq!(faults.len(), 1, "{name}: {detail}");
        assert!(detail.contains(said), "{name}: {detail}");
        // A row that stands twice has no cell that is wrong.
        if n != 23 {
            let letter = char::from(b'A' + column as u8).to_string();
            assert_eq!(faults[0]["place"], letter, "{name}: {detail}");
            assert_eq!(faults[0]["head"], HEADS[column], "{name}");
            assert!(detail.contains(&format!("column {letter} ({})", HEADS[column])), "{detail}");
            assert_eq!(faults[0]["value"].as_str().unwrap_or_default(), wrong, "{name}");
        }
    }
}

#[test]
fn a_certifiers_sheet_becomes_certificates_in_one_round() {
    let bench = bench();
    bench.write("sheet.csv", &csv(&rows(true)));
    bench.write("right.csv", &csv(&rows(false)));
    let keys = "--key certifier.pem --producer-key coop.pem";
    let _service = bench.serve();
    let (code, report) = issue(&bench, "sheet.csv", &format!("{keys} --dry-run"));
    assert_eq!(code, 1);
    twelve_faults(&report, "CSV");
    let declarable = |row: &&Value| row["outcome"] == "declarable";
    assert_eq!(report["rows"].as_array().unwrap().iter().filter(declarable).count(), 28);
    // Nobody but the cooperative declares, and the file says who must.
    let (code, report) = issue(&bench, "right.csv", "--key certifier.pem --yes");
    assert_eq!((code, report["refused"].as_u64()), (1, Some(40)));
    assert_eq!(report["rows"][0]["code"], "not_declared");
    let detail = report["rows"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("--producer-key") && detail.contains("--issuer coop"), "{detail}");
    // A certifier's key declares nothing.
    let (code, _, err) = bench.run(&format!(
        "issue right.csv {BOTH} --key certifier.pem --producer-key certifier.pem --yes"
    ));
    assert!(code == 2 && err.contains("certifier.pem is not one of a cooperative"), "{err}");
    let size = bench.json("trust --out trust.json")["sequence"].clone();
    let (code, report) = issue(&bench, "right.csv", &format!("{keys} --yes --report done.csv"));
    assert_eq!((code, report["logged"].as_u64()), (0, Some(40)), "{report:#}");
    let after = bench.json("trust --out trust.json")["sequence"].clone();
    assert!(after.as_u64().unwrap() >= size.as_u64().unwrap() + 80);
    let done = bench.read("done.csv");
    assert_eq!(done.lines().count(), 41);
    assert!(
        done.contains("right.csv,2,L1,logged,") && done.contains("declared as entry"),
        "{done}"
    );
    // Other spellings of the same sheet say the same: all is there already.
    let wide: Vec<u8> = [0xfffe_u16.to_be_bytes().to_vec()]
        .into_iter()
        .chain(
            csv(&rows(false)).replace(';', "\t").encode_utf16().map(|it| it.to_le_bytes().to_vec()),
        )
        .flatten()
        .collect();
    std::fs::write(bench.path("wide.csv"), wide).unwrap();
    let (code, report) = issue(&bench, "wide.csv", "--dry-run");
    assert_eq!((code, report["already"].as_u64()), (0, Some(40)), "{report:#}");
    as_spreadsheets(&bench);
}

fn lines_refused(report: &Value) -> Vec<u64> {
    let refused = |row: &&Value| row["outcome"] == "refused";
    let rows = report["rows"].as_array().unwrap();
    rows.iter().filter(refused).map(|row| row["line"].as_u64().unwrap()).collect()
}

/// The same sheet as openpyxl and LibreOffice write it, where they are here.
fn as_spreadsheets(bench: &Bench) {
    let python = "import openpyxl, csv, sys, datetime\n\
        for name in ('sheet', 'right'):\n\
        \x20   book = openpyxl.Workbook()\n\
        \x20   page = book.active\n\
        \x20   rows = csv.reader(open(name + '.csv', encoding='utf-8'), delimiter=';')\n\
        \x20   for n, row in enumerate(rows):\n\
        \x20       for at, cell in enumerate(row):\n\
        \x20           value = cell\n\
        \x20           if n and at in (8, 12, 13):\n\
        \x20               try: value = datetime.datetime.strptime(cell, '%d/%m/%Y')\n\
        \x20               except ValueError: pass\n\
        \x20           if n and at in (1, 3, 7) and cell not in ('', '1,250'):\n\
        \x20               try: value = float(cell.replace(',', '.'))\n\
        \x20               except ValueError: pass\n\
        \x20           page.cell(n + 1, at + 1, value if value != '' else None)\n\
        \x20   book.save(name + '.xlsx')\n";
    let made = Command::new("python3").arg("-c").arg(python).current_dir(bench.path("")).output();
    match made {
        Ok(made) if made.status.success() => {
            let (_, report) = issue(bench, "sheet.xlsx", "--dry-run --producer-key coop.pem");
            let planted = PLANTED.map(|(row, ..)| row as u64 + 1);
            assert_eq!(lines_refused(&report), planted, "{report:#}");
            let (code, report) = issue(bench, "right.xlsx", "--dry-run");
            assert_eq!((code, report["already"].as_u64()), (0, Some(40)), "{report:#}");
        }
        _ => eprintln!("skipped: no python3 with openpyxl here"),
    }
    let office = Path::new("/usr/bin/soffice");
    if std::env::var_os("TASDIQ_LONG").is_none() || !office.exists() {
        eprintln!("skipped: the sheet by LibreOffice (TASDIQ_LONG=1, soffice)");
        return;
    }
    // Parted by 59 (`;`), 76 is UTF-8, 1036 French of France: an English office would take the
    // month first and write other days, which no reader can see.
    let profile = format!("-env:UserInstallation=file://{}", bench.path("profile").display());
    let convert = |from: &str, to: &str, out: &str| {
        let done = Command::new(office)
            .args([
                &profile,
                "--headless",
                "--infilter=CSV:59,34,76,1,,1036,false,true",
                "--convert-to",
                to,
            ])
            .args(["--outdir", out, from])
            .current_dir(bench.path(""))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    convert("right.csv", "xlsx:Calc MS Excel 2007 XML", "office");
    convert("sheet.csv", "xlsx:Calc MS Excel 2007 XML", "office");
    let (code, report) = issue(bench, "office/right.xlsx", "--dry-run");
    assert_eq!((code, report["already"].as_u64()), (0, Some(40)), "{report:#}");
    let (_, report) = issue(bench, "office/sheet.xlsx", "--dry-run --producer-key coop.pem");
    // It reads a year of two digits itself, and writes the day that it took it for.
    let planted = PLANTED.iter().filter(|(row, ..)| *row != 9);
    let planted: Vec<u64> = planted.map(|(row, ..)| *row as u64 + 1).collect();
    assert_eq!(lines_refused(&report), planted, "{report:#}");
}

#[test]
fn the_catalogue_says_what_may_be_written_and_in_french() {
    let bench = Bench::new();
    let all = bench.json("catalogue");
    for (kind, code, name) in [
        ("product", "argane", "Argan oil"),
        ("scheme", "bio-maroc", "Bio Maroc"),
        ("region", "MA-09", "Souss-Massa"),
        ("unit", "kg", "kilogram"),
        ("material", "argan-kernels", "Argan kernels"),
    ] {
        let found =
            all.as_array().unwrap().iter().find(|it| it["kind"] == kind && it["code"] == code);
        assert_eq!(found.unwrap()["en"], name);
    }
    let table = bench.good("catalogue regions --csv");
    assert!(table.starts_with("\u{feff}kind,code,fr,ar,en\r\n"), "{table}");
    assert_eq!(table.lines().count(), 13);
    let (code, out, _) = bench.run_args(&["catalogue", "--find", "huile d’argane"]);
    assert!(code == 0 && out.contains("argane"), "{out}");
    let (code, out, err) = bench.run_args(&["catalogue", "regions", "--find", "Sous-Masa"]);
    assert!(code == 1 && out.is_empty() && err.contains("MA-09"), "{err}");
    let (code, _, err) =
        bench.run_args(&["catalogue", "products", "--find", "miel", "--lang", "fr"]);
    assert!(code == 1 && err.contains("peut être") && err.contains("miel-haha"), "{err}");
    for (line, word) in [("--lang fr --help", "Certifie"), ("--help", "Declares and certifies")] {
        let help = bench.good(line);
        assert!(help.to_lowercase().contains(&word.to_lowercase()), "{help}");
    }
    let mut command = bench.command();
    let output = command.args(["--help"]).env("LC_ALL", "fr_MA.UTF-8").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("Vérifie codes"));
}

/// Questions, faults and results in French, where that is asked for.
fn told_in_french(bench: &Bench) {
    bench.write(
        "lots.csv",
        "Lot;Produit;Quantité;Contenance;Région;Campagne;Conditionné le\n\
        F1;argane;800 L;250 mL;MA-09;2020;30/10/2020\n\
        F2;argane;1,250 L;250 mL;MA-09;2020;30/10/20\n",
    );
    let line = "issue lots.csv --what lots --key coop.pem --issuer coop --lang fr";
    let (code, _, err) = bench.run(line);
    assert!(code == 2 && err.contains("donnez --yes"), "{err}");
    let (code, out, err) = bench.run(&format!("{line} --yes"));
    assert_eq!(code, 1);
    let plain = err.replace('\u{a0}', " ");
    let fault = "ligne 3 : F2 : refusé : colonne C (Quantité) : « 1,250 » peut vouloir dire 1250 L ou \
                 1.25 L";
    assert!(plain.contains(fault), "{err}");
    assert!(err.contains("colonne G (Conditionné le)") && err.contains("JJ/MM/AAAA"), "{err}");
    assert!(err.contains("30/10/2020 est le 30 octobre 2020"), "{err}");
    assert!(out.contains("1 inscrits"), "{out}");
}

#[test]
fn one_form_changes_every_status_and_what_happened_is_told() {
    let bench = Bench::founded();
    let _service = bench.serve();
    bench.issue();
    told_in_french(&bench);
    reported(&bench);
    let key = "--key certifier.pem --issuer cert";
    let own = "--key coop.pem --issuer coop";
    // By serial, by lot, by the rows of a file; the same options everywhere.
    bench.good(&format!("status suspend 1 --reason complaint {key}"));
    bench.good(&format!("status reinstate 1 --reason other {key}"));
    bench.good(&format!("status suspend coop/L2 --reason complaint {key} --yes"));
    let again = bench.run(&format!("status suspend coop/L2 --reason complaint {key} --yes"));
    assert!(again.2.contains("left out"), "{again:?}");
    bench.write("rows.csv", "Lot;N° de certificat\ncoop/L3;\n;4\n");
    let told =
        bench.json(&format!("status withdraw --list rows.csv --reason error {key} --dry-run"));
    assert_eq!((told["certificates"].as_u64(), told["act"].as_str()), (Some(2), Some("withdraw")));
    let line = format!("status withdraw --list rows.csv --reason error {key} --report status.csv");
    let (code, _, err) = bench.run(&line);
    assert!(code == 2 && err.contains("--yes") && !bench.path("status.csv").exists(), "{err}");
    bench.good(&format!("{line} --yes"));
    let out = bench.read("status.csv");
    assert!(out.contains("withdraw 2 certificates,logged,"), "{out}");
    // A certificate's lot is held and released, lots by their names.
    bench.good(&format!("status hold 5 --reason complaint {own} --yes"));
    let told =
        bench.json(&format!("status release coop/L5 coop/L6 --reason other {own} --dry-run"));
    assert_eq!(told["lots"], serde_json::json!(["coop/L5", "coop/L6"]));
    let (code, _, err) =
        bench.run(&format!("status hold coop/L5 coop/L6 --reason complaint {own}"));
    assert!(code == 2 && err.contains("To hold"), "{err}");
    let lot = bench.json(&format!("status release 5 --reason other {own} --dry-run"));
    let lot = lot["lots"][0].as_str().unwrap().to_owned();
    bench.good(&format!("status release {lot} --reason other {own}"));
    // For good: shown and asked; a recall needs its texts, and may say where to bring it.
    let recall = format!(
        "status recall coop/L7 --reason safety --notice-fr Rapportez-le --notice-ar أعيدوه \
         --return-to shop {own}"
    );
    let (code, _, err) = bench.run(&recall);
    assert!(code == 2 && err.contains("CANNOT BE UNDONE"), "{err}");
    bench.good(&format!("{recall} --yes"));
    let (code, _, err) =
        bench.run(&format!("status hold coop/L8 --return-to shop --reason error {own}"));
    assert!(code == 2 && err.contains("--return-to"), "{err}");
    let (code, _, err) = bench.run(&format!("status hold party:coop --reason error {own}"));
    assert!(code == 2 && err.contains("not parties"), "{err}");
    let (code, _, err) = bench.run(&format!("status suspend --reason error {key}"));
    assert!(code == 2 && err.contains("say which"), "{err}");
    bench.good("status suspend party:cert --reason other");
    bench.write("odd.csv", "serial;lot\n1;\nmany;\n;\n");
    let (code, _, err) = bench.run(&format!("status suspend --list odd.csv --reason error {key}"));
    assert!(code == 2 && err.contains("line 3") && !err.contains("line 2"), "{err}");
    for act in ["suspend", "reinstate", "withdraw", "hold", "release", "recall"] {
        let help = bench.good(&format!("status {act} --help"));
        for option in
            ["[TARGET]", "--list", "--serials", "--dry-run", "--report", "--yes", "--since"]
        {
            assert!(help.contains(option), "{act}: {help}");
        }
        assert!(bench.good("status --help").contains(act));
    }
}

/// A report names events, and no cell of it starts a formula.
fn reported(bench: &Bench) {
    bench.write(
        "events.csv",
        "name;kind;at;cause;lot;quantity\n=1+1;loss;30/10/2020;theft;coop/L1;1 kg\n\
         +x;loss;31/31/2020;theft;coop/L2;1 L\n",
    );
    let (code, ..) =
        bench.run("events events.csv --as coop.pem --issuer coop --yes --report out.csv");
    assert_eq!(code, 1);
    let out = bench.read("out.csv");
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(out.contains("events.csv,2,'=1+1,refused,"), "{out}");
    assert!(out.contains("events.csv,3,'+x,refused,") && out.contains("column C (at)"), "{out}");
    let (code, _, err) =
        bench.run("events events.csv --as coop.pem --issuer coop --yes --report no/out.csv");
    assert!(code == 2 && err.contains("no such folder"), "{err}");
    let (code, _, err) =
        bench.run("events events.csv --as coop.pem --issuer coop --yes --report ./events.csv");
    assert!(code == 2 && err.contains("the table itself"), "{err}");
}

#[test]
fn the_root_key_is_left_elsewhere_at_once() {
    let bench = Bench::new();
    let told = bench.good("init --host 127.0.0.1:8080 --root-out safe/root");
    assert!(told.contains("safe/root/root.pem") && told.contains("never were"), "{told}");
    for name in ["root.pem", "root-next.pem"] {
        assert!(bench.path("safe/root").join(name).exists());
        assert!(!bench.path("tasdiq-data/keys").join(name).exists());
    }
    // It is the root: what only the root may do is done with it.
    let public = bench.good("keygen --out label-2.pem").trim().to_owned();
    bench.good(&format!(
        "register key add --id authority --name label-2 --purpose label --custody operator \
         --public {public} --as safe/root/root.pem --yes"
    ));
    // Nowhere below the data folder, over nobody's keys.
    for (folder, word) in
        [("two/keys", "lies in the data folder"), ("safe/root", "never overwritten")]
    {
        let (code, _, err) =
            bench.run(&format!("init --host 127.0.0.1:8080 --data two --root-out {folder}"));
        assert!(code == 2 && err.contains(word), "{err}");
        assert!(!bench.path("two/ledger.json").exists());
    }
    bench.good("init --host 127.0.0.1:8080 --data two --root-out elsewhere");
    // Without a passphrase given, the root has one of its own beside it.
    let mut command = bench.command();
    command.env_remove("TASDIQ_PASSPHRASE");
    let line = "init --host 127.0.0.1:8080 --data three --root-out third";
    assert!(command.args(line.split(' ')).output().unwrap().status.success());
    assert_ne!(bench.read("third/passphrase"), bench.read("three/keys/passphrase"));
}
