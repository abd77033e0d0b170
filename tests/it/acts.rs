//! Acts told before they are done, with the built binary: nothing that cannot be undone is done
//! without an answer; what is held is told; agreements, numbers, capacities and keys by their own
//! verbs; the edition is shown and raised.

use serde_json::Value;

use crate::cli::Bench;

fn size(bench: &Bench) -> u64 {
    bench.json("audit")["entries"].as_u64().unwrap()
}

fn refused(bench: &Bench, line: &str, code: &str) {
    let (exit, out, err) = bench.run(&format!("{line} --json"));
    assert_eq!(exit, 1, "{line}: {out}{err}");
    let filed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(filed[0]["code"], code, "{line}: {filed}");
}

/// Runs without `--yes` and without a terminal: exit 2, and the figures on stderr.
fn asked(bench: &Bench, line: &str) -> String {
    let before = size(bench);
    let (exit, out, err) = bench.run(line);
    assert!(exit == 2 && out.is_empty(), "{line}: {exit} {out}{err}");
    assert!(err.contains("finality") && err.contains("--yes"), "{line}: {err}");
    assert_eq!(size(bench), before, "{line}: something was logged");
    err
}

#[test]
fn what_cannot_be_undone_is_asked_first() {
    let bench = Bench::founded();
    bench.issue();
    let public = bench.good("keygen --out next.pem").trim().to_owned();
    bench.good("label coop/L5 --serials 2 --format text --yes");

    let recall = asked(
        &bench,
        "status --target coop/L5 --action recall --reason safety --key coop.pem --issuer coop",
    );
    for words in ["coop/L5", "argan", "Cooperative (coop)", "800 L", "labels out", "CANNOT BE"] {
        assert!(recall.to_lowercase().contains(&words.to_lowercase()), "{words}: {recall}");
    }
    assert!(recall.contains("labels out    2"), "{recall}");
    // A certifier's own withdrawal can be annulled by the authority; the authority's cannot.
    let own = asked(
        &bench,
        "status --target 1 --action withdraw --reason error --key certifier.pem --issuer cert",
    );
    assert!(own.contains("the authority, within 30 days"), "{own}");
    let by = asked(&bench, "status --target 1 --action withdraw --reason error");
    assert!(by.contains("CANNOT BE UNDONE"), "{by}");
    asked(&bench, "status withdraw --serials 2-4 --reason error");
    let party = asked(&bench, "status --target party cert --action withdraw --reason error");
    assert!(party.contains("19 in force lose their scope"), "{party}");
    let stolen = "register key compromised --id cert --since 2020-01-01T00:00:00Z";
    let stolen = asked(&bench, stolen);
    assert!(stolen.contains("20 become suspect") && stolen.contains("none: it can"), "{stolen}");
    asked(&bench, "register key retire --id coop --as coop.pem");
    let scope = asked(&bench, "register scope withdraw --id cert --reason nonconformity");
    assert!(scope.contains("19 in force lose"), "{scope}");
    let ceased = asked(&bench, "register scope withdraw --id cert --reason ceased");
    assert!(ceased.contains("19 in force stand"), "{ceased}");
    let key = format!("register key add --id authority --name registrar-2 --public {public}");
    let key = asked(&bench, &key);
    assert!(key.contains("ACTS AS THE AUTHORITY"), "{key}");
    let labels = asked(&bench, "label coop/L5 --serials 3");
    assert!(labels.contains("3195 of 3200"), "{labels}");
    asked(&bench, "label void --lot coop/L5 --serials 5J785DMM");
    let root = "register succeed-root --key tasdiq-data/keys/root-next.pem --next after.pem";
    let root = asked(&bench, root);
    assert!(root.contains("registrar-1"), "{root}");
    assert!(!bench.path("after.pem").exists(), "a key was made though nobody agreed");
}

#[test]
fn what_was_signed_elsewhere_is_asked_before_it_is_submitted() {
    let bench = Bench::founded();
    bench.issue();
    let did = "did:web:127.0.0.1%3A8080:parties:coop";
    let recall = serde_json::json!({
        "@context": ["https://www.w3.org/ns/credentials/v2",
            "https://127.0.0.1:8080/ns/tasdiq/v1"],
        "type": ["StatusChange", "VerifiableCredential"],
        "issuer": {"type": ["CredentialIssuer"], "id": did, "name": "Cooperative"},
        "name": "Change of status",
        "validFrom": "2020-11-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://127.0.0.1:8080/lot/coop/L1", "statusChange": "recall",
            "reason": "safety", "effectiveFrom": "2020-11-01T00:00:00Z",
            "notice": {"ar": "أعيدوه", "fr": "Rapportez-le"}},
    });
    bench.write("recall.json", &recall.to_string());
    bench.good("sign recall.json --key coop.pem --issuer coop --out signed.json");
    let told = asked(&bench, "submit signed.json");
    assert!(told.contains("coop/L1") && told.contains("CANNOT BE UNDONE"), "{told}");
    bench.good("submit signed.json --yes");
}

#[test]
fn a_stranger_is_never_told_how_to_become_the_authority() {
    let bench = Bench::founded();
    let stranger = bench.good("keygen --out stranger.pem").trim().to_owned();
    let authority = "--id authority";
    for line in [
        format!("register key add --id cert --name key-2 --public {stranger} --as stranger.pem"),
        format!("register key add --id authority --name k --public {stranger} --as stranger.pem"),
        format!("register key add --id authority --name k --public {stranger} --as certifier.pem"),
        "register accredit --id cert --scheme all --product all --region all --until 2099-01-01 \
         --as certifier.pem"
            .to_owned(),
        "status --target party cert --action suspend --reason error --key certifier.pem".to_owned(),
        "rulebook raise --as stranger.pem".to_owned(),
        "register key retire --id cert --as stranger.pem".to_owned(),
    ] {
        let (exit, out, err) = bench.run(&line);
        assert!(exit == 2 && out.is_empty(), "{line}: {exit} {out}{err}");
        assert!(!err.contains(authority) && !err.contains("key add"), "{line}: {err}");
    }
}

#[test]
fn agreements_are_signed_by_the_client_or_from_its_paper() {
    let bench = Bench::founded();
    let [mine, other] =
        ["mine", "other"].map(|name| bench.good(&format!("keygen --out {name}.pem")));
    bench.good(&format!(
        "register certifier --id second --name Second --scheme bio-maroc --product all \
         --region all --from 2020-01-01 --until 2099-12-31 --public {}",
        mine.trim()
    ));
    bench.good(&format!(
        "register cooperative --id alone --name Alone --region MA-09 --region MA-10 \
         --gtin-prefix 6111234 --public {}",
        other.trim()
    ));
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
         A1,argane,8 L,250 mL,MA-10,2020,2020-10-30\n",
    );
    bench.good("issue lots.csv --what lots --key other.pem --issuer alone --yes");
    bench.write(
        "c.csv",
        "lot,scheme,edition,quantity,decision_date,valid_until\n\
         alone/A1,bio-maroc,2018,8 L,2020-11-02,2099-11-01\n",
    );
    let issue = "issue c.csv --key mine.pem --issuer second --yes";
    let (exit, _, err) = bench.run(issue);
    assert!(exit == 1 && err.contains("not_asked") && err.contains("agreement"), "{err}");
    // Nobody else signs for the client; it does so itself.
    let own = "register agreement --certifier second --id alone --as";
    assert_eq!(bench.run(&format!("{own} coop.pem")).0, 2);
    bench.good(&format!("{own} other.pem"));
    bench.good(issue);
    // From paper, for all; what stands already is left alone.
    let all = "register agreement --certifier second --client all";
    let outcomes: Vec<Value> = bench.json(all).as_array().unwrap().clone();
    let words: Vec<&str> = outcomes.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(words, ["already", "logged"], "{outcomes:?}");
    assert_eq!(bench.run("register agreement --certifier coop --client all").0, 2);
    let service = bench.serve();
    let again = bench.json(all);
    assert!(again.as_array().unwrap().iter().all(|row| row["outcome"] == "already"), "{again}");
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    let party: Value = client.get_json("/api/v1/parties/alone").unwrap();
    assert_eq!(party["regions"], serde_json::json!(["MA-10"]));
    assert_eq!(party["gtinPrefixes"][0]["prefix"], "6111234");
    assert_eq!(party["agreements"][0]["certifier"], "second");
    assert_eq!(party["agreements"][0]["onPaper"], false);
    // Registering it again with less does not take its numbers away.
    bench.good(&format!(
        "register cooperative --id alone --name Alone2 --region MA-09 --public {}",
        other.trim()
    ));
    let party: Value = client.get_json("/api/v1/parties/alone").unwrap();
    assert_eq!(party["gtinPrefixes"][0]["prefix"], "6111234");
    // Lent numbers.
    let grant = "register prefix-grant --id alone --to coop --prefix 6111234 --yes --as";
    assert_eq!(bench.run(&format!("{grant} coop.pem")).0, 2);
    bench.good(&format!("{grant} other.pem"));
    let coop: Value = client.get_json("/api/v1/parties/coop").unwrap();
    assert_eq!(coop["granted"][0]["from"], "alone");
    let look = "register cooperative --id twin --name COOPERATIVE --region MA-09 --public";
    let twin = bench.good("keygen --out twin.pem");
    refused(&bench, &format!("{look} {}", twin.trim()), "name_taken");
    bench.good(&format!("{look} {} --same-name", twin.trim()));
    let rules: Value = client.get_json("/api/v1/rulebook").unwrap();
    assert_eq!((&rules["edition"], &rules["newest"]), (&3.into(), &3.into()));
    let limits: Value = client.get_json("/api/v1/limits").unwrap();
    assert_eq!(limits["waitSeconds"], 259_200);
}

#[test]
fn a_held_lot_is_told_wherever_it_is_touched() {
    let bench = Bench::founded();
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
         H1,argane,700000 L,250 mL,MA-09,2020,2020-10-30\n\
         H4,argane,100 L,250 mL,MA-09,2020,2020-10-30\n\
         H2,argane,300801 L,250 mL,MA-09,2020,2020-10-30\n\
         H3,argane,100 L,250 mL,MA-09,2021,2021-10-30\n",
    );
    let words = "HELD: capacity 900,000 L, 1,000,901 L declared";
    let none = "HELD: capacity 0 mL, 100 L declared";
    let line = "issue lots.csv --what lots --key coop.pem --issuer coop --yes";
    let held = |line: &str| -> Vec<bool> {
        let report = bench.json(line);
        assert_eq!(report["held"], 2, "{report}");
        let rows = report["rows"].as_array().unwrap();
        let told = &rows[2]["held"];
        assert_eq!(told["reason"], "capacity");
        assert_eq!(
            (told["capacity"].as_u64(), told["declared"].as_u64()),
            (Some(900_000_000), Some(1_000_901_000)),
            "{told}"
        );
        rows.iter().map(|row| row["held"].is_object()).collect()
    };
    // The dry run says what the ledger will do: by the data folder, and by a service.
    assert_eq!(held(&format!("{line} --dry-run")), [false, false, true, true]);
    let service = bench.serve();
    assert_eq!(held(&format!("{line} --dry-run")), [false, false, true, true]);
    let (exit, out, err) = bench.run(&format!("{line} --dry-run"));
    assert!(exit == 0 && out.contains(words) && out.contains(none), "{out}{err}");
    assert!(err.contains(words), "before the question too: {err}");
    assert_eq!(held(line), [false, false, true, true]);
    let (_, out, _) = bench.run(line);
    assert!(out.contains(words) && out.contains("already"), "{out}");
    // A certificate for it is taken, and says so.
    bench.write(
        "c.csv",
        "lot,scheme,edition,quantity,decision_date,valid_until\n\
         coop/H2,bio-maroc,2018,8 L,2020-11-02,2099-11-01\n\
         coop/H4,bio-maroc,2018,8 L,2020-11-02,2099-11-01\n",
    );
    let out = bench.good("issue c.csv --key certifier.pem --issuer cert --yes");
    assert_eq!(out.matches(words).count(), 1, "{out}");
    // The receipt that a program gets.
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    let lot: Value = client.get_json("/api/v1/lots/coop/H2").unwrap();
    assert_eq!((&lot["status"], &lot["held"]["reason"]), (&"held".into(), &"capacity".into()));
    let index = lot["index"].as_u64().unwrap();
    let leaf: Value = client.get_json(&format!("/api/v1/statements/{index}")).unwrap();
    bench.write("again.json", &leaf["statement"].to_string());
    let receipt = bench.json("submit again.json --yes");
    assert_eq!(receipt[0]["receipt"]["held"]["declared"], 1_000_901_000_u64, "{receipt}");
    assert!(bench.good("submit again.json --yes").contains(words));
    // Once released it is held no more, and counts.
    bench.good("status --target coop/H2 --action release --reason other");
    let receipt = bench.json("submit again.json --yes");
    assert!(receipt[0]["receipt"]["held"].is_null(), "{receipt}");
    assert!(service.stop());
    // A hold that somebody laid is told with who.
    bench
        .good("status --target coop/H4 --action hold --reason safety --key coop.pem --issuer coop");
    let (_, out, _) = bench.run(line);
    assert!(out.contains("HELD: safety, by coop"), "{out}");
}

/// The dry run asks the same rules as the log, each row counting for those behind it.
#[test]
fn the_dry_run_is_the_real_run_without_signing() {
    let bench = Bench::founded();
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
         L1,argane,100 L,250 mL,MA-09,2020,2020-10-30\n\
         L2,argane,100 L,250 mL,MA-09,2099,2099-10-30\n",
    );
    bench.write(
        "c.csv",
        "lot,scheme,edition,quantity,decision_date,valid_until\n\
         coop/L1,bio-maroc,2018,60 L,2020-11-02,2098-11-01\n\
         coop/L1,sdoq-ig,2018,101 L,2020-11-02,2098-11-01\n\
         coop/L1,bio-maroc,2019,60 L,2020-11-02,2098-11-01\n",
    );
    let codes = |line: &str| -> Vec<Value> {
        let (_, out, err) = bench.run(&format!("{line} --json"));
        let report: Value = serde_json::from_str(&out).expect(&err);
        let rows = report["rows"].as_array().unwrap().iter();
        rows.map(|row| row["code"].clone()).collect()
    };
    let compared = |line: &str, expected: &[Value]| {
        let (before, told) = (size(&bench), codes(&format!("{line} --dry-run")));
        assert_eq!((size(&bench), told.as_slice()), (before, expected), "{line}");
        assert_eq!(codes(line), told, "{line}");
    };
    let lots = "issue lots.csv --what lots --key coop.pem --issuer coop --yes";
    let certificates = "issue c.csv --key certifier.pem --issuer cert --yes";
    compared(lots, &[Value::Null, "future".into()]);
    let service = bench.serve();
    let row = |row: &str| bench.write("c.csv", &format!("{}{row}\n", CERTIFICATES_HEAD));
    compared(certificates, &[Value::Null, "quantity_exceeded".into(), "row".into()]);
    // A changed row of a certified lot is a further certificate, and is told to be one.
    row("coop/L1,bio-maroc,2018,30 L,2020-11-02,2098-11-01");
    let report = bench.json(&format!("{certificates} --dry-run"));
    assert_eq!(report["rows"][0]["beside"], serde_json::json!([0]), "{report}");
    let (exit, out, err) = bench.run(&format!("{certificates} --dry-run"));
    assert!(exit == 0 && out.contains("a FURTHER certificate"), "{out}{err}");
    assert!(err.contains("certified already"), "before the question: {err}");
    // What programs ask says the same.
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    let asked = serde_json::json!({ "check": true, "lots": [{
        "producer": "coop", "lot": "L9", "product": "argane", "quantity": 950_000_000,
        "packSize": 250, "region": "MA-09", "campaign": "2020", "packedOn": "2020-10-30" }]});
    let body = asked.to_string().into_bytes();
    let answer = client.post("/api/v1/prepare", "application/json", &body).unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["prepared"][0]["held"]["reason"], "capacity", "{answer}");
}

/// The head of a table of certificates.
const CERTIFICATES_HEAD: &str = "lot,scheme,edition,quantity,decision_date,valid_until\n";

#[test]
fn a_party_ends_its_own_keys_and_cosigns_its_next() {
    let bench = Bench::founded();
    bench.issue();
    let publics = ["a", "b", "c"].map(|name| bench.good(&format!("keygen --out {name}.pem")));
    let [first, second, label] = publics.each_ref().map(|text| text.trim());
    // Without a co-signature it waits, and that is said.
    let (exit, _, err) =
        bench.run(&format!("register key add --id cert --name key-2 --public {first}"));
    assert!(exit == 0 && err.contains("counts from") && err.contains("--cosign"), "{err}");
    let (exit, _, err) = bench
        .run("status --target 1 --action suspend --reason complaint --key a.pem --issuer cert");
    assert!(exit == 2 && err.contains("counts from"), "{err}");
    let (exit, _, err) = bench.run(&format!(
        "register key add --id cert --name key-3 --public {second} --cosign coop.pem"
    ));
    assert!(exit == 2 && err.contains("no key of cert"), "{err}");
    bench.good(&format!(
        "register key add --id cert --name key-3 --public {second} --cosign certifier.pem"
    ));
    bench.good("status --target 1 --action suspend --reason complaint --key b.pem --issuer cert");
    // A label key of its own.
    let line = format!(
        "register key add --id cert --name label-1 --purpose label --scheme bio-maroc \
         --party coop --public {label} --as b.pem"
    );
    refused(&bench, &line, "key_scope");
    let today = tasdiq::os::now().day().plus_months(12).unwrap().to_string();
    bench.good(&format!("{line} --until {today}"));
    // It reports its first key with another, 90 days back at most, and nobody else's.
    let report = "register key compromised --id cert --name key-1 --yes --as b.pem --since";
    refused(&bench, &format!("{report} 2020-01-01T00:00:00Z"), "since_too_early");
    let since = tasdiq::os::now().plus_seconds(-86_400);
    bench.good(&format!("{report} {since}"));
    assert_eq!(bench.run("register key retire --id coop --yes --as b.pem").0, 2);
    bench.good("register key retire --id coop --yes --as coop.pem");
    bench.good("audit");
}

#[test]
fn the_authority_confirms_and_voids_by_log_index() {
    let bench = Bench::founded();
    bench.issue();
    let withdraw = "--action withdraw --reason error --key certifier.pem --issuer cert --yes";
    let index = |serial: u32| {
        let filed = bench.json(&format!("status --target {serial} {withdraw}"));
        filed[0]["index"].as_u64().unwrap()
    };
    let code = bench.label("coop/L3");
    let (one, two) = (index(1), index(2));
    let void = format!("register void --entries {one}");
    let told = asked(&bench, &void);
    assert!(told.contains("withdraw certificate 1") && told.contains("CANNOT BE"), "{told}");
    bench.good(&format!("{void} --yes"));
    // Two equal acts differ in their second.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    refused(&bench, &format!("{void} --yes"), "status_order");
    bench.good(&format!("register confirm --entries {two} --yes"));
    refused(&bench, &format!("register void --entries {two} --yes"), "final");
    // A party confirms, and never voids.
    let by = format!("register void --entries {two} --id cert --as certifier.pem --yes");
    refused(&bench, &by, "not_authorised");
    assert_eq!(bench.run("register void --entries 99999 --yes").0, 2);
    let (exit, out, _) = bench.run_args(&["verify", &code]);
    assert_eq!(exit, 4, "certificate 2 stays withdrawn: {out}");
    assert_eq!(bench.run_args(&["verify", &bench.label("coop/L2")]).0, 0);
    bench.good("audit");
}

#[test]
fn capacities_are_stated_apart() {
    let bench = Bench::founded();
    let raise = "register capacity --id coop --capacity argane:2020:950000L";
    bench.good(raise);
    // By the certifier, under its agreement.
    bench.good(
        "register capacity --id coop --capacity argane:2020:1000L --by cert --as certifier.pem",
    );
    assert_eq!(bench.run(&format!("{raise} --by cert --as coop.pem")).0, 2);
    let service = bench.serve();
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    let coop: Value = client.get_json("/api/v1/parties/coop").unwrap();
    let season = &coop["seasons"][0];
    assert_eq!(season["capacity"], 1_000_000, "the smaller figure counts: {season}");
    let figures = season["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 3, "{season}");
    let waits = figures
        .iter()
        .filter(|one| one["countsFrom"].as_str().unwrap() > &*tasdiq::os::now().to_string());
    assert_eq!(waits.count(), 1, "the raised one waits: {season}");
}

#[test]
fn the_edition_is_shown_and_raised() {
    let bench = Bench::founded();
    let holds = bench.json("rulebook show");
    assert_eq!(holds["edition"], 3);
    assert!(holds["goods"]["recipes"].as_array().unwrap().len() > 5, "{holds}");
    assert!(bench.good("rulebook show").contains("edition 3"));
    assert!(bench.good("audit").contains("rules         edition 3"));
    // Nothing above it is known: raising says what holds, and logs nothing.
    let before = size(&bench);
    bench.good("rulebook raise");
    assert_eq!(size(&bench), before);
    assert_eq!(bench.run("rulebook raise --edition 9").0, 2);
}

#[test]
fn a_ledger_of_the_first_release_is_raised_once() {
    use tasdiq::ledger::{Founding, Home, found};
    use tasdiq::os::now;
    let bench = Bench::new();
    let domain = tasdiq::statement::Domain::parse("127.0.0.1:8080").unwrap();
    let name = "Autorité fictive".to_owned();
    let founding = Founding {
        domain,
        authority_name: name,
        demo: false,
        edition: 0,
        goods: Default::default(),
    };
    drop(found(&Home::at(&bench.path("tasdiq-data")), &founding, now()).unwrap());
    let run = |line: &str| crate::program::run(&bench.path("."), line);
    let (exit, out, err) = run("audit");
    assert!(exit == 0 && out.contains("edition 0") && out.contains("OPERATING.md"), "{out}{err}");
    let (exit, out, err) = run("rulebook raise");
    assert!(exit == 2 && out.is_empty(), "{exit} {out}{err}");
    assert!(err.contains("CANNOT BE UNDONE") && err.contains("edition now"), "{err}");
    assert!(run("rulebook show").1.contains("edition 0"));
    let (exit, out, err) = run("rulebook raise --edition 1 --yes");
    assert!(exit == 0 && err.contains("register agreement"), "{exit} {out}{err}");
    let (exit, out, _) = run("audit");
    assert!(exit == 0 && out.contains("rules         edition 1; this release knows 3"), "{out}");
    let (exit, _, err) = run("rulebook raise --yes");
    assert!(exit == 0 && err.contains("Goods are traced from now on"), "{exit} {err}");
    assert!(run("audit").1.contains("rules         edition 3\n"));
    assert_eq!(run("rulebook raise --yes").1.matches("edition 3").count(), 1);
}

/// Runs at a terminal of its own, where somebody types this: exit code, and what it showed.
fn typed(bench: &Bench, answer: &str, line: &str) -> (i32, String) {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let command = format!("{} {line}", crate::program::TASDIQ);
    let mut child = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(bench.path("."))
        .env("TASDIQ_PASSPHRASE", "correct horse")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script (util-linux) is installed");
    child.stdin.take().unwrap().write_all(format!("{answer}\n").as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    (done.status.code().unwrap(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn at_a_terminal_it_asks() {
    let bench = Bench::founded();
    bench.issue();
    let recall = "status --target coop/L1 --action recall --reason safety --notice-fr Rapportez-le \
         --notice-ar أعيدوه --key coop.pem --issuer coop";
    let before = size(&bench);
    for no in ["n", "", "perhaps"] {
        let (exit, shown) = typed(&bench, no, recall);
        assert!(exit == 2 && shown.contains("Do it? [y/N]"), "{no}: {exit} {shown}");
        assert!(shown.contains("CANNOT BE UNDONE"), "{shown}");
    }
    assert_eq!(size(&bench), before);
    let (exit, shown) = typed(&bench, "y", recall);
    assert!(exit == 0 && shown.contains("logged as entry"), "{exit} {shown}");
}
