//! What time does to authority, with the built binary and a real ledger: a stolen key, a scope
//! narrowed, the next root; followed by verify, trust and audit.

use serde_json::Value;

use crate::cli::Bench;

fn refusal(bench: &Bench, line: &str) -> String {
    let (code, out, _) = bench.run(&format!("{line} --json"));
    assert_eq!(code, 1, "{line}: {out}");
    let filed: Value = serde_json::from_str(&out).unwrap();
    filed[0]["code"].as_str().unwrap().to_owned()
}

fn verdict(bench: &Bench, code: &str) -> (i32, String) {
    let (exit, out, _) = bench.run_args(&["verify", code]);
    (exit, out)
}

#[test]
fn a_stolen_key_from_report_to_confirmation() {
    let bench = Bench::founded();
    bench.issue();
    let labels = ["L1", "L5", "L9"].map(|lot| bench.label(&format!("coop/{lot}")));
    bench
        .good("register key compromised --id cert --name key-1 --since 2020-01-01T00:00:00Z --yes");
    let (exit, out) = verdict(&bench, &labels[0]);
    assert!(exit == 3 && out.contains("misused"), "{exit} {out}");
    let public = bench.good("keygen --out new.pem");
    // Its last key was just ended by an ordinary key of the authority: only the root adds at once.
    bench.good(&format!(
        "register key add --id cert --name key-2 --as tasdiq-data/keys/root.pem --public {}",
        public.trim()
    ));
    // A running service answers the same questions as the folder.
    let count = |line: &str| bench.json(line)["certificates"].as_u64().unwrap();
    let all = "status withdraw --signed-by cert#key-1 --reason key-compromise --dry-run";
    assert_eq!(count(all), 20);
    let service = bench.serve();
    assert_eq!(count(all), 20);
    assert_eq!(count(&format!("{all} --logged-to 2021-01-01T00:00:00Z")), 0);
    assert_eq!(count("register reconfirm --id cert --suspect-key key-1 --dry-run"), 20);
    // Nothing without a word of consent; then what the thief made is withdrawn, the rest confirmed.
    let withdraw =
        "status withdraw --serials 4-6 --reason key-compromise --key new.pem --issuer cert";
    assert_eq!(bench.run(withdraw).0, 2);
    let filed = bench.json(&format!("{withdraw} --yes"));
    assert_eq!(filed.as_array().unwrap().len(), 1);
    assert_eq!(bench.json(&format!("{withdraw} --yes")).as_array().unwrap().len(), 0);
    // What matches nothing is no success; a key or serial that nobody has is named.
    let refused = |what: &str, words: &str| {
        let line = format!("status withdraw {what} --reason error --key new.pem --issuer cert");
        let (code, out, err) = bench.run(&format!("{line} --yes"));
        assert!(code == 2 && out.is_empty() && err.contains(words), "{what}: {code} {out} {err}");
    };
    refused("--serials 4,99,100", "has serial 99-100");
    refused("--signed-by cert#key-7", "is not on record; keys of cert: key-1, key-2");
    refused("--signed-by nobody#key-1", "nobody is not registered");
    refused("--signed-by cert#key-1 --logged-to 2021-01-01T00:00:00Z", "matches");
    let (code, _, err) = bench.run(&format!("{withdraw} --yes"));
    assert!(code == 0 && err.contains("withdrawn already"), "{code} {err}");
    let confirm = "register reconfirm --id cert --suspect-key key-1 --yes --as";
    assert_eq!(bench.run(&format!("{confirm} certifier.pem")).0, 2);
    bench.good(&format!("{confirm} new.pem --serials 0-7"));
    assert_eq!(verdict(&bench, &labels[0]).0, 0);
    assert_eq!(verdict(&bench, &labels[2]).0, 3);
    assert!(service.stop());
    bench.good(&format!("{confirm} new.pem"));
    assert_eq!(verdict(&bench, &labels[2]).0, 0);
    // The withdrawn one was never confirmed.
    assert_eq!(verdict(&bench, &labels[1]).0, 3);
    bench.good("audit");
}

#[test]
fn a_scope_is_narrowed_and_the_root_succeeded() {
    let bench = Bench::founded();
    bench.issue();
    let label = bench.label("coop/L1");
    let old = bench.json("trust --out old.json")["root"].as_str().unwrap().to_owned();
    let keys = "tasdiq-data/keys";
    // Nobody but the committed key.
    bench.good("keygen --out thief.pem");
    let thief = "register succeed-root --yes --key thief.pem --next thief-next.pem";
    assert_eq!(refusal(&bench, thief), "successor_mismatch");
    let succeed =
        format!("register succeed-root --yes --key {keys}/root-next.pem --next after.pem");
    assert_eq!(bench.run(&format!("{succeed} --drop nobody")).0, 2);
    assert_eq!(bench.run(&format!("{succeed} --drop log-1")).0, 2);
    bench.good(&succeed);
    let add = "register key add --id authority --name service-2 --purpose service --yes --public";
    let public = bench.good("keygen --out service-2.pem");
    let (code, _, err) = bench.run(&format!("{add} {}", public.trim()));
    assert!(code == 2 && err.contains("no longer in force"), "{err}");
    bench.good(&format!("{add} {} --as {keys}/root-next.pem", public.trim()));
    // Who pinned either root follows; the ledger, its registrar and its audits go on.
    let new = bench.json("trust --out new.json")["root"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    bench.good("pack --out pack.json");
    for root in [&old, &new] {
        let line = format!("verify --offline --trust new.json --pack pack.json --root {root}");
        let args: Vec<&str> = line.split(' ').chain([label.as_str()]).collect();
        let (code, out, err) = bench.run_args(&args);
        assert_eq!(code, 0, "{root}: {out}{err}");
    }
    let stale = format!("verify --offline --trust old.json --pack pack.json --root {new}");
    let args: Vec<&str> = stale.split(' ').chain([label.as_str()]).collect();
    assert_eq!(bench.run_args(&args).0, 1);
    bench.good("register succeed-root --yes --key after.pem --next last.pem");
    bench.good("register scope suspend --id cert --reason complaint");
    assert_eq!(verdict(&bench, &label).0, 0);
    bench.good("register scope reinstate --id cert --reason complaint");
    let narrow = "register scope narrow --id cert --reason nonconformity --scheme";
    assert_eq!(refusal(&bench, &format!("{narrow} eu-organic")), "scope_wider");
    bench.good(&format!("{narrow} sdoq-ig"));
    let (exit, out) = verdict(&bench, &label);
    assert!(exit == 4 && out.contains("scope"), "{exit} {out}");
    bench.good("audit");
    // From outside, with the snapshot of either time: the first root leads to the others.
    let service = bench.serve();
    bench.good("export static");
    assert!(service.stop());
    for trust in ["old.json", "new.json", "static/trust"] {
        bench.good(&format!("audit --tiles static --trust {trust}"));
    }
}

/// Retires a key of the service's own.
fn retire(bench: &Bench, name: &str) {
    bench.good(&format!("register key retire --id authority --name {name} --yes"));
}

/// Makes a key in a file and registers it for the service.
fn follow(bench: &Bench, word: &str, number: u32, file: &str) {
    let public = bench.good(&format!("keygen --out {file}"));
    let purpose = if word == "scitt" { "receipt" } else { word };
    bench.good(&format!(
        "register key add --id authority --name {word}-{number} --purpose {purpose} \
         --custody operator --yes --public {}",
        public.trim()
    ));
}

#[test]
fn label_keys_follow_one_another() {
    let bench = Bench::founded();
    bench.issue();
    let old = bench.label("coop/L1");
    // With the only label key retired there are no new labels; what was printed stays good.
    retire(&bench, "label-1");
    let (code, _, err) = bench.run("label coop/L2");
    assert!(code == 2 && err.contains("label-2.pem"), "{code} {err}");
    assert_eq!(verdict(&bench, &old).0, 0);
    follow(&bench, "label", 2, "tasdiq-data/keys/label-2.pem");
    let new = bench.label("coop/L1");
    assert_ne!(new, old);
    for code in [&old, &new] {
        assert_eq!(verdict(&bench, code).0, 0, "{code}");
    }
    // A key that is registered and not here: nothing is logged that could not be printed.
    follow(&bench, "label", 3, "label-3.pem");
    let size = || bench.json("audit")["entries"].as_u64().unwrap();
    let before = size();
    let (code, _, err) = bench.run("label coop/L3 --serials 2 --format text --yes");
    assert!(code == 2 && err.contains("#label-3 is not here"), "{code} {err}");
    assert_eq!(size(), before);
    retire(&bench, "label-3");
    let drawn = bench.good("label coop/L3 --serials 2 --format text --yes");
    assert_eq!(drawn.lines().count(), 2);
}

#[test]
fn a_stolen_service_key_is_followed_by_another() {
    let bench = Bench::founded();
    bench.issue();
    let label = bench.label("coop/L1");
    // The next one signs lists, snapshots, packs and dossiers.
    bench.good("pack --out before.pack");
    let since = "2020-01-01T00:00:00Z";
    bench.good(&format!(
        "register key compromised --id authority --name service-1 --since {since} --yes"
    ));
    let (code, _, err) = bench.run("trust --out none.json");
    assert!(code == 2 && err.contains("service-2.pem"), "{code} {err}");
    follow(&bench, "service", 2, "tasdiq-data/keys/service-2.pem");
    bench.good("trust --out trust.json");
    bench.good("pack --out after.pack");
    bench.good("status withdraw --serials 4 --reason nonconformity --yes");
    bench.good("dossier coop/L1 --out jar.tasdiq");
    let service = bench.serve();
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    let list: Value = serde_json::from_slice(&client.get("/status/revocation-0").unwrap()).unwrap();
    let method = list["proof"]["verificationMethod"].as_str().unwrap();
    assert!(method.ends_with("#service-2"), "{method}");
    follow(&bench, "scitt", 2, "tasdiq-data/keys/scitt-2.pem");
    assert!(service.stop());
    retire(&bench, "scitt-1");
    let service = bench.serve();
    let client = tasdiq::client::Client::new(&service.url).unwrap();
    client.get("/certificates/0.receipt").unwrap();
    assert!(service.stop());

    let offline = |pack: &str, code: &str| {
        bench.run_args(&["verify", "--offline", "--trust", "trust.json", "--pack", pack, code]).0
    };
    assert_eq!(offline("after.pack", &label), 0);
    // What the thief could have signed is refused by who knows of the theft.
    assert_ne!(offline("before.pack", &label), 0);
    bench.good("verify --offline --trust trust.json jar.tasdiq");
    bench.good("audit");
}

#[test]
fn a_party_is_registered_once_and_wholly() {
    let bench = Bench::new();
    bench.good("init --host 127.0.0.1:8080 --name Autorite");
    let [mine, other] =
        ["mine", "other"].map(|name| bench.good(&format!("keygen --out {name}.pem")));
    let size = || bench.json("trust --out now.json")["sequence"].as_u64().unwrap();
    let certifier = |id: &str, terms: &str, key: &str| {
        format!("register certifier --id {id} --name Nom --region all {terms} --public {key}")
    };
    let terms = "--scheme bio-maroc --product argane --until 2099-12-31";
    let before = size();
    let refused = |line: String, words: &str| {
        let (code, out, err) = bench.run(&line);
        assert!(code == 2 && err.contains(words), "{line}: {code} {out} {err}");
    };
    for (bad, words) in [
        ("--scheme nosuch --product argane --until 2099-12-31", "nosuch"),
        ("--scheme bio-maroc --product nosuch --until 2099-12-31", "nosuch"),
        ("--scheme bio-maroc --product argane --until 2020-12-31", "is over already"),
    ] {
        refused(certifier("one", bad, mine.trim()), words);
    }
    refused(
        format!("register cooperative --id c --name C --region XX-1 --public {}", mine.trim()),
        "XX-1",
    );
    assert_eq!(size(), before, "nothing was logged of what was refused");
    let line = certifier("one", terms, mine.trim());
    let outcomes = |line: &str| -> Vec<String> {
        let filed = bench.json(line);
        let rows = filed.as_array().unwrap().iter();
        rows.map(|row| row["outcome"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(outcomes(&line), ["logged"; 3]);
    let after = size();
    refused(certifier("two", terms, mine.trim()), "on record already, as");
    refused(certifier("one", terms, other.trim()), "--key-name");
    refused(
        format!("register cooperative --id one --name C --region MA-09 --public {}", other.trim()),
        "is registered already",
    );
    // A second try does no harm, here and by a service.
    assert_eq!(outcomes(&line), ["already"; 3]);
    let again = "register accredit --id one --region all";
    assert_eq!(outcomes(&format!("{again} {terms}")), ["already"]);
    assert_eq!(size(), after);
    let _service = bench.serve();
    assert_eq!(outcomes(&line), ["already"; 3]);
    let coop = format!(
        "register cooperative --id c --name C --region MA-09 --capacity argane:2026:9L --public {}",
        other.trim()
    );
    assert_eq!(outcomes(&coop), ["logged"; 2]);
    assert_eq!(outcomes(&coop), ["already"; 2]);
    assert_eq!(outcomes(&coop.replace(":9L", ":10L")), ["logged", "already"]);
}

#[test]
fn what_cannot_be_meant_is_an_error_of_usage_everywhere() {
    let bench = Bench::founded();
    bench.good("trust --out trust.json");
    bench.good("pack --out daily.pack");
    bench.good("export copy");
    bench.good("backup one.tar");
    for line in [
        "trust --out x.json",
        "pack --out x.pack",
        "import copy --data x",
        "restore one.tar --data x",
        "verify --pack daily.pack coop/L1",
        "monitor --url http://127.0.0.1:1 --state watch --once",
    ] {
        let (code, out, err) = bench.run(&format!("{line} --root bogus"));
        assert!(code == 2 && out.is_empty() && err.contains("--root"), "{line}: {code} {err}");
    }
    bench.write("bad", "no checkpoint\n");
    for (line, words) in [
        ("audit --trust trust.json --since bad", "--since bad"),
        ("audit --tiles nowhere", "nowhere"),
        ("verify typo.tasdiq --offline", "typo.tasdiq"),
        ("verify coop/L1 --offline --trust bad", "bad"),
        ("register key add --id authority --name n --public z6Mk --as mine.pem", "--as"),
        ("witness init --name https://w.example/w1 --data w", "without scheme"),
        ("restore trust.json --data x", "trust.json is not a whole backup"),
    ] {
        let (code, out, err) = bench.run(line);
        assert!(code == 2 && out.is_empty() && err.contains(words), "{line}: {code} {out} {err}");
    }
    // A log with less than the older checkpoint is behind, which is no fork.
    bench.write("now", &bench.read("copy/log/checkpoint"));
    let public = bench.good("keygen --out other.pem");
    bench.good(&format!("register key add --id cert --name key-2 --public {}", public.trim()));
    bench.good("export newer");
    bench.good("audit --tiles newer --trust trust.json --since now");
    bench.write("newest", &bench.read("newer/log/checkpoint"));
    let (code, out, _) = bench.run("audit --tiles copy --trust trust.json --since newest");
    assert!(code == 1 && out.contains("log_behind") && !out.contains("fork"), "{out}");
    // Another root than the pack's is a verdict, on stdout.
    let other = bench.good("keygen --out root.pem");
    let (code, out, _) =
        bench.run(&format!("verify --pack daily.pack --root {} coop/L1", other.trim()));
    assert!(code == 1 && out.starts_with("NOT GENUINE daily.pack"), "{code} {out}");
    // Restored without keys it serves reads: compared with what was published, that is no doubt.
    bench.good("backup public.tar --without-keys");
    bench.good("restore public.tar --data mirror --published newer");
}
