//! The built binary, as people use it: a ledger is founded and served, parties registered, lots
//! declared and certified, labels printed and verified with and without a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub use crate::program::Service;
use crate::program::{ran, tasdiq};

/// A folder with a ledger, and the ways to run the command in it.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A founded ledger with a certifier and a cooperative.
    pub fn founded() -> Self {
        let bench = Self::new();
        bench.good("init --host 127.0.0.1:8080 --name Autorite");
        bench.with_parties();
        bench
    }

    pub fn with_parties(&self) {
        let certifier = self.good("keygen --out certifier.pem").trim().to_owned();
        let coop = self.good("keygen --out coop.pem").trim().to_owned();
        self.good(&format!(
            "register certifier --id cert --name Certificateur --scheme bio-maroc sdoq-ig \
             --product argane --region all --from 2020-01-01 --until 2099-12-31 \
             --public {certifier}"
        ));
        self.good(&format!(
            "register cooperative --id coop --name Cooperative --region MA-09 \
             --capacity argane:2020:900000L --agrees cert --public {coop}"
        ));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn command(&self) -> Command {
        let mut command = tasdiq(self.folder.path());
        command.env("TASDIQ_PASSPHRASE", "correct horse");
        command
    }

    /// Runs with these arguments: exit code, stdout, stderr.
    pub fn run_args(&self, args: &[&str]) -> (i32, String, String) {
        ran(self.command().args(args))
    }

    /// Runs with arguments parted by spaces.
    pub fn run(&self, line: &str) -> (i32, String, String) {
        self.run_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs, expects exit code 0, gives stdout.
    pub fn good(&self, line: &str) -> String {
        let (code, out, err) = self.run(line);
        assert_eq!(code, 0, "{line}\n{out}{err}");
        out
    }

    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.good(&format!("{line} --json"))).unwrap()
    }

    /// A witness of this ledger; its policy is in the data folder from now on.
    pub fn witness(&self) -> crate::attended::TestWitness {
        let config: Value = serde_json::from_str(&self.read("tasdiq-data/ledger.json")).unwrap();
        let log = config["logKey"].as_str().unwrap();
        let witness = crate::attended::TestWitness::start("w1", &log.parse().unwrap());
        let policy = format!("log {log}\n{}quorum w1\n", witness.line());
        self.write("tasdiq-data/witness-policy", &policy);
        witness
    }

    pub fn serve(&self) -> Service {
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        self.started(command)
    }

    /// A service that this command starts.
    pub fn started(&self, mut command: Command) -> Service {
        let service = Service::of(&mut command);
        assert_eq!(self.read("tasdiq-data/address"), service.url);
        service
    }

    /// Twenty lots and their certificates; one certificate of them ended long ago.
    pub fn issue(&self) {
        let mut lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n".to_owned();
        let mut rows =
            "lot,scheme,edition,quantity,decision_date,valid_from,valid_until\n".to_owned();
        for n in 1..=20 {
            lots += &format!("L{n};argane;800 L;250 mL;MA-09;2020;2020-10-30\n");
            let until = if n == 20 { "2021-01-31" } else { "2099-11-01" };
            rows += &format!("coop/L{n},bio-maroc,2018,800 L,2020-11-02,,{until}\n");
        }
        self.write("lots.csv", &lots);
        self.write("certificates.csv", &rows);
        self.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
        self.good("issue certificates.csv --key certifier.pem --issuer cert --yes");
    }

    /// The label of a lot.
    pub fn label(&self, lot: &str) -> String {
        self.good(&format!("label {lot}")).trim().to_owned()
    }
}

/// A code with one character of its token changed.
fn altered(code: &str) -> String {
    let at = code.find("/LOT/").unwrap() - 10;
    let other = if code.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

#[test]
fn what_cannot_be_read_accuses_nobody_and_is_named() {
    let bench = Bench::founded();
    bench.issue();
    bench.good("trust --out trust.json");
    bench.good("pack --out daily.pack");
    bench.write("empty.json", "{}");
    bench.write("cut.json", "{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"");
    bench.write("letter.txt", "Dear reader,\nthis is no list.\n");
    bench.write("head.csv", "n;code\n;;\n");
    let good = bench.label("coop/L1");
    bench.write("mail.txt", &format!("scan this {good}\n"));
    bench.write("codes.tsv", &format!("n\tcode\n1\t{good}\n"));
    let verify = "verify --offline --trust trust.json --pack daily.pack";
    for file in ["empty.json", "cut.json", "letter.txt", "head.csv", "trust.json", "http://"] {
        let (code, out, err) = bench.run(&format!("{verify} {file}"));
        assert!(code == 2 && out.is_empty() && err.contains(file), "{file}: {code} {out} {err}");
        assert!(err.starts_with("UNREADABLE"), "{err}");
    }
    for file in ["mail.txt", "codes.tsv"] {
        bench.good(&format!("{verify} {file}"));
    }
    // Of several, each is named by its file.
    let (code, out, err) = bench.run(&format!("{verify} mail.txt cut.json codes.tsv"));
    assert_eq!(code, 2, "{out}{err}");
    let places = ["(mail.txt, line 1)", "(codes.tsv, line 2, n: 1)"];
    assert!(places.iter().all(|place| out.contains(place)), "{out}");
    assert!(err.contains("cut.json"), "{err}");
}

#[test]
fn a_trust_snapshot_never_goes_back() {
    let bench = Bench::founded();
    bench.good("trust --out old.json");
    bench.good("export copy");
    bench.issue();
    bench.good("trust --out trust.json");
    let new = bench.read("trust.json");
    let (code, _, err) = bench.run("trust --tiles copy --out trust.json");
    assert!(code == 1 && err.contains("pack_rollback") && err.contains("trust.json"), "{err}");
    assert_eq!(bench.read("trust.json"), new);
    bench.good("trust --out old.json");
    // Another ledger's does not take its place either.
    let other = Bench::founded();
    other.good("trust --out other.json");
    bench.write("other.json", &other.read("other.json"));
    let (code, _, err) = bench.run("trust --out other.json");
    assert!(code == 1 && err.contains("trust_root"), "{code} {err}");
}

#[test]
fn issuing_twice_changes_nothing() {
    let bench = Bench::founded();
    bench.issue();
    let size = bench.json("trust --out trust.json")["sequence"].clone();
    let again = bench.json("issue certificates.csv --key certifier.pem --issuer cert");
    assert_eq!((again["already"].as_u64(), again["signed"].as_u64()), (Some(20), Some(0)));
    assert_eq!(bench.json("trust --out trust.json")["sequence"], size);
}

#[test]
fn issuing_reports_each_row_and_signs_only_when_agreed() {
    let bench = Bench::founded();
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
        L1,argane,800 L,250 mL,MA-09,2020,2020-10-30\n\
        L2,argane,800 kg,250 mL,MA-09,2020,2020-10-30\n\
        L3,nothing,800 L,250 mL,MA-09,2020,2020-10-30\n",
    );
    let line = "issue lots.csv --what lots --key coop.pem --issuer coop";
    let (code, _, err) = bench.run(line);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--yes") && err.contains("800 L"), "{err}");
    let (code, out, _) = bench.run(&format!("{line} --dry-run --json"));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["signed"].as_u64()), (1, Some(0)));
    let (code, out, _) = bench.run(&format!("{line} --yes --json"));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, report["logged"].as_u64(), report["refused"].as_u64()),
        (1, Some(1), Some(2))
    );
    assert_eq!(report["rows"][1]["line"], 3);
    assert_eq!(report["rows"][1]["outcome"], "refused");
    // A certificate for more than was declared is refused by the ledger.
    bench.write(
        "c.csv",
        "lot,scheme,edition,quantity,decision_date,valid_until\n\
        coop/L1,bio-maroc,2018,801 L,2020-11-02,2099-11-01\n\
        coop/L9,bio-maroc,2018,1 L,2020-11-02,2099-11-01\n",
    );
    let (code, out, _) = bench.run("issue c.csv --key certifier.pem --issuer cert --yes --json");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(report["rows"][0]["code"], "quantity_exceeded");
    assert_eq!(report["rows"][1]["code"], "lot_unknown");
    // Somebody else's key does not sign.
    let (code, _, err) = bench.run("issue c.csv --key coop.pem --issuer cert --yes");
    assert!(code == 2 && err.contains("not registered for cert"), "{err}");
}

#[test]
fn verdicts_without_a_network() {
    let bench = Bench::founded();
    bench.issue();
    let [good, suspended, recalled, expired] =
        ["L1", "L2", "L3", "L20"].map(|lot| bench.label(&format!("coop/{lot}")));
    bench.good(
        "status --target 1 --action suspend --reason lab-result --key certifier.pem --issuer cert",
    );
    bench.good(
        "status --target coop/L3 --action recall --reason safety --notice-fr Rapportez-le --notice-ar أعيدوه \
         --yes --key coop.pem --issuer coop",
    );
    bench.good("trust --out trust.json");
    bench.good("pack --out daily.pack");
    let verify = |more: &[&str]| {
        let mut args = vec!["verify", "--offline", "--trust", "trust.json"];
        args.extend_from_slice(more);
        bench.run_args(&args)
    };
    let packed = |input: &str| verify(&["--pack", "daily.pack", input]);
    let (code, out, err) = packed(&good);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("PASSED") && out.contains("Cooperative"), "{out}");
    assert_eq!(packed(&altered(&good)).0, 1);
    assert_eq!(packed(&good.replace("127.0.0.1", "127.0.0.2")).0, 1);
    assert_eq!(verify(&[&good]).0, 3);
    for (code, word) in [(&suspended, "suspended"), (&recalled, "recalled"), (&expired, "expired")]
    {
        let (exit, out, _) = packed(code);
        assert!(exit == 4 && out.contains(word), "{exit} {out}");
    }
    assert_eq!(verify(&["--pack", "daily.pack", "--at", "2099-12-31", &good]).0, 3);
    // What is no label, and what is missing.
    assert_eq!(packed("hello").0, 2);
    assert_eq!(packed("no-such-file.png").0, 2);
    assert_eq!(bench.run_args(&["verify", "--data", "nothing", &good]).0, 2);
    assert_eq!(bench.run("verify").0, 2);
    // Several inputs: the worst counts, and each has its report.
    bench.write("codes.csv", &format!("n,code\n1,{good}\n2,{suspended}\n"));
    assert_eq!(packed("codes.csv").0, 4);
    let (code, out, _) = verify(&["--json", "--pack", "daily.pack", "codes.csv", &altered(&good)]);
    let reports: Value = serde_json::from_str(&out).unwrap();
    let codes: Vec<_> = reports.as_array().unwrap().iter().map(|r| r["exitCode"].clone()).collect();
    assert_eq!((code, codes), (1, vec![0.into(), 4.into(), 1.into()]));
    // A photo of the label.
    bench.good("label coop/L1 --format png --out label.png");
    assert_eq!(packed("label.png").0, 0);
    // A pinned root that is another one.
    let other = bench.good("keygen --out other.pem");
    assert_eq!(verify(&["--pack", "daily.pack", "--root", other.trim(), &good]).0, 1);
}

#[test]
fn signing_apart_and_submitting() {
    let bench = Bench::founded();
    let host = "127.0.0.1:8080";
    let did = "did:web:127.0.0.1%3A8080:parties:coop";
    let unsigned = serde_json::json!({
        "@context": ["https://www.w3.org/ns/credentials/v2",
            "https://vocabulary.uncefact.org/untp/0.7.0/context/",
            format!("https://{host}/ns/tasdiq/v1")],
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "id": format!("https://{host}/declarations/lot/coop/S1"),
        "issuer": {"type": ["CredentialIssuer"], "id": did, "name": "Cooperative"},
        "name": "Declaration of lot coop/S1",
        "validFrom": "2020-10-30T00:00:00Z",
        "credentialSubject": {},
    });
    bench.write("bad.json", &unsigned.to_string());
    let sign = "--key coop.pem --issuer coop --out signed";
    let (code, _, err) = bench.run(&format!("sign bad.json {sign}"));
    assert!(code == 2 && err.contains("bad.json") && !bench.path("signed").exists(), "{err}");
    // A status change of its own lot is simple enough to write by hand.
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
        S1,argane,8 L,250 mL,MA-09,2020,2020-10-30\n",
    );
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    let mut held = unsigned;
    held["@context"].as_array_mut().unwrap().remove(1);
    held["type"][0] = "StatusChange".into();
    // The id that its content makes is filled in.
    held.as_object_mut().unwrap().remove("id");
    held["credentialSubject"] = serde_json::json!({
        "id": format!("https://{host}/lot/coop/S1"), "statusChange": "hold",
        "reason": "paperwork", "effectiveFrom": "2020-11-01T00:00:00Z"});
    bench.write("held.json", &serde_json::to_string_pretty(&held).unwrap());
    bench.good(&format!("sign held.json {sign}"));
    assert_eq!(bench.run("sign held.json --key coop.pem --issuer cert --out x").0, 2);
    let first = bench.json("submit signed/held.signed.json --receipts receipts.ndjson");
    let receipt: Value = serde_json::from_str(&bench.read("receipts.ndjson")).unwrap();
    assert_eq!(first[0]["receipt"]["index"], receipt["index"]);
    let again = bench.json("submit signed");
    assert_eq!(again[0]["receipt"]["duplicate"], true);
    assert_eq!(again[0]["receipt"]["index"], receipt["index"]);
    // A changed byte is refused, and the exit code says so.
    let signed = bench.read("signed/held.signed.json");
    bench.write("forged.json", &signed.replace("paperwork", "complaint"));
    let (code, _, err) = bench.run("submit forged.json");
    assert!(code == 1 && err.contains("refused"), "{code} {err}");
}

#[test]
fn over_a_running_service() {
    let bench = Bench::new();
    bench.good("init --host 127.0.0.1:8080 --name Autorite");
    let _witness = bench.witness();
    let service = bench.serve();
    // The data folder is locked by the service; its address leads there.
    bench.with_parties();
    bench.issue();
    let again = bench.json("issue certificates.csv --key certifier.pem --issuer cert");
    assert_eq!(again["already"], 20);
    let url = service.url.clone();
    let root = bench.json(&format!("trust --url {url} --out trust.json"))["root"].clone();
    let root = root.as_str().unwrap();
    bench.good(&format!("trust --url {url} --out trust.json --root {root}"));
    bench.good(&format!("pack --url {url} --out daily.pack"));
    let all = bench.good(&format!("label --url {url}"));
    assert_eq!(all.lines().count(), 20);
    bench.good("label coop/L1 --serials 2 --format svg --out labels --yes");
    assert_eq!(fs::read_dir(bench.path("labels")).unwrap().count(), 2);
    bench.write("codes.txt", &all);
    for line in [
        "verify --trust trust.json --pack daily.pack codes.txt".to_owned(),
        format!("verify --url {url} --root {root} codes.txt"),
    ] {
        let (code, out, _) = bench.run(&line);
        assert!(code == 4 && out.contains("19 passed") && out.contains("1 not fit"), "{out}");
    }
    // A proof file; its entry comes from the service.
    let client = tasdiq::client::Client::new(&url).unwrap();
    let index = client.get_json::<Value>("/api/v1/certificates/1").unwrap();
    let index = index["index"].as_u64().expect("the certificate's index");
    let proof = client.get(&format!("/api/v1/statements/{index}/proof")).unwrap();
    fs::write(bench.path("c.tlog-proof"), &proof).unwrap();
    // For an auditor once a witness has seen it.
    crate::attended::until("a cosigned proof", || {
        let proof = client.get(&format!("/api/v1/statements/{index}/proof")).unwrap();
        fs::write(bench.path("c.tlog-proof"), &proof).unwrap();
        bench.run(&format!("verify --url {url} --root {root} --policy audit c.tlog-proof")).0 == 0
    });
    // What the service says of its own root vouches for nothing, whoever asks.
    for policy in ["shop", "customs", "audit"] {
        let line = format!("verify --url {url} --policy {policy} c.tlog-proof --json");
        let (code, out, _) = bench.run(&line);
        assert!(code == 3 && out.contains("ROOT_NOT_PINNED"), "{policy}: {code} {out}");
    }
    assert!(service.stop());
    assert!(!bench.path("tasdiq-data/address").exists());
    // Without the service the same verbs open the folder, also after one that was killed.
    bench.write("tasdiq-data/address", &url);
    assert_eq!(bench.json("trust --out trust.json")["root"], root);
    let (code, _, err) = bench.run(&format!("trust --url {url} --out x.json"));
    assert!(code == 2 && err.contains("no answer"), "{err}");
}

#[test]
fn key_files_open_with_openssl_and_nowhere_say_the_secret() {
    let bench = Bench::new();
    let public = bench.good("keygen --out mine.pem");
    assert!(public.starts_with("z6Mk"));
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(bench.path("mine.pem")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    assert!(openssl(&bench.path("mine.pem"), "correct horse"));
    assert!(!openssl(&bench.path("mine.pem"), "wrong"));
    // Never overwritten, never without a passphrase.
    assert_eq!(bench.run("keygen --out mine.pem").0, 2);
    let output =
        bench.command().env("TASDIQ_PASSPHRASE", "").args(["keygen", "--out", "e.pem"]).output();
    assert_eq!(output.unwrap().status.code(), Some(2));
    let output =
        bench.command().env_remove("TASDIQ_PASSPHRASE").args(["keygen", "--out", "e.pem"]).output();
    assert_eq!(output.unwrap().status.code(), Some(2));
    assert!(!bench.path("e.pem").exists());
}

fn openssl(key: &Path, passphrase: &str) -> bool {
    let pass = format!("pass:{passphrase}");
    let mut command = Command::new("openssl");
    command.args(["pkey", "-noout", "-passin", &pass, "-in"]).arg(key);
    command.stderr(Stdio::null()).status().expect("openssl is installed").success()
}

#[test]
fn usage() {
    let bench = Bench::new();
    for line in
        ["", "nonsense", "init", "issue", "label", "serve", "trust --out t", "submit x.json"]
    {
        let (code, _, err) = bench.run(line);
        assert!(code == 2 && !err.is_empty(), "{line}: {code}");
    }
    for verb in [
        "init", "serve", "keygen", "register", "rulebook", "status", "sign", "submit", "issue",
        "label", "verify", "trust", "pack",
    ] {
        assert!(bench.good(&format!("{verb} --help")).contains("Examples:"), "{verb}");
    }
    for what in ["certificates", "lots"] {
        assert!(bench.good(&format!("issue --example --what {what}")).starts_with("lot,"));
    }
}

#[test]
fn keys_and_parties_over_time() {
    let bench = Bench::founded();
    bench.write(
        "lots.csv",
        "lot,product,quantity,pack_size,region,campaign,packed_on\n\
        L1,argane,8 L,250 mL,MA-09,2020,2020-10-30\n",
    );
    let public = bench.good("keygen --out second.pem");
    bench.good(&format!(
        "register key add --id coop --name key-2 --cosign coop.pem --public {}",
        public.trim()
    ));
    bench.good("register key retire --id coop --name key-1 --yes");
    let line = "issue lots.csv --what lots --issuer coop --yes --key";
    let (code, _, err) = bench.run(&format!("{line} coop.pem"));
    assert!(code == 2 && err.contains("no longer in force"), "{err}");
    bench.good(&format!("{line} second.pem"));
    bench
        .good("register key compromised --id coop --name key-2 --since 2020-01-01T00:00:00Z --yes");
    // The same public key is never registered twice.
    let again =
        bench.run(&format!("register key add --id cert --name k --public {}", public.trim()));
    assert_eq!(again.0, 1, "{}", again.2);
    bench.good("register party --id shop --name Boutique --role shop");
    // Keys of the authority are the root's business.
    let service = bench.good("keygen --out service-2.pem");
    let line = "register key add --id authority --name service-2 --purpose service --yes";
    let by_registrar = format!("{line} --as tasdiq-data/keys/registrar-1.pem --public {service}");
    assert_eq!(bench.run(&by_registrar).0, 1);
    bench.good(&format!("{line} --public {service}"));
    bench.good(
        "register accredit --id cert --scheme all --product all --region all --until 2099-01-01",
    );
    let (code, _, err) = bench.run("status --target party cert --action reinstate --reason other");
    assert!(code == 1 && err.contains("refused"), "{err}");
}

#[test]
fn a_dossier_needs_no_server() {
    let bench = Bench::new();
    bench.good("init --host 127.0.0.1:8080 --name Autorite");
    bench.with_parties();
    bench.issue();
    let root = bench.json("trust --out trust.json")["root"].as_str().unwrap().to_owned();
    bench.good("dossier coop/L1 --out one.tasdiq");
    // Told apart by its content, from the file alone.
    fs::rename(bench.path("one.tasdiq"), bench.path("one.bin")).unwrap();
    bench.good("verify one.bin --offline --trust trust.json");
    bench.good(&format!("verify one.bin --offline --root {root}"));
    let (code, out, _) = bench.run("verify one.bin --offline");
    assert!(code == 3 && out.contains("nobody compared its root"), "{code} {out}");
    let other =
        format!("{}{}", &root[..root.len() - 1], if root.ends_with('z') { 'y' } else { 'z' });
    let (code, out, _) = bench.run(&format!("verify one.bin --offline --root {other}"));
    assert!(code == 1 && out.contains("trust_root"), "{code} {out}");
    let text = bench.read("one.bin");
    bench
        .write("changed.tasdiq", &text.replacen("\"region\":\"MA-09\"", "\"region\":\"MA-10\"", 1));
    assert_eq!(bench.run(&format!("verify changed.tasdiq --offline --root {root}")).0, 1);
    bench.write("half.tasdiq", &text[..text.len() / 2]);
    assert_eq!(bench.run("verify half.tasdiq --offline --trust trust.json").0, 2);
    assert_eq!(bench.run(&format!("verify half.tasdiq --offline --root {root}")).0, 2);
    bench.write("codes.txt", "coop/L1\n");
    assert_eq!(bench.run("verify one.bin codes.txt --offline").0, 2, "a code needs more");
    assert_eq!(bench.run("dossier coop/L99 --out x.tasdiq").0, 2);
    assert_eq!(bench.run("dossier 999 --out x.tasdiq").0, 2);
    assert!(!bench.path("x.tasdiq").exists());
    // By a service too, and withdrawn since.
    let _witness = bench.witness();
    let service = bench.serve();
    let url = service.url.clone();
    crate::attended::until("a cosigned dossier", || {
        bench.good(&format!("dossier 1 --out two.tasdiq --url {url}"));
        bench.run(&format!("verify two.tasdiq --offline --root {root} --policy audit")).0 == 0
    });
    assert!(service.stop());
}
