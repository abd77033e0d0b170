//! The page that checks by itself judges as the library does: codes and dossiers of ledgers in
//! every state, and files with a changed bit, handed to the modules of `assets/app` under node.
//! With `TASDIQ_LONG=1` in thousands. Needs node; the modules' own tests are `tests/app`.

mod flips;
mod joined;
mod page;
mod states;

use std::collections::BTreeMap;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tasdiq::dossier::dossier_trust;
use tasdiq::label::Scan;
use tasdiq::log::Hash;
use tasdiq::pack::{Pack, PackFile};
use tasdiq::reader::read_file;
use tasdiq::seal::{Signer as _, seal};
use tasdiq::statement::{StatusAction, Timestamp, canonical_bytes, multikey};
use tasdiq::trust::{StatusData, Trust, TrustError};
use tasdiq::verify::{Evidence, Policy, Report, verify};

use crate::world::{HOST, key};
use flips::is_spelling;
use states::{Data, ledger, made_of};

/// Files that cases name by their place.
#[derive(Default)]
struct Files(Vec<Vec<u8>>);

impl Files {
    fn put(&mut self, bytes: &[u8]) -> usize {
        let known = self.0.iter().position(|file| file == bytes);
        known.unwrap_or_else(|| {
            self.0.push(bytes.to_vec());
            self.0.len() - 1
        })
    }
}

/// What is handed in, and with what; a file may have one bit changed.
#[derive(Clone)]
struct Asked {
    name: String,
    evidence: Handed,
    trust: Option<usize>,
    pack: Option<usize>,
    root: Option<String>,
    at: Timestamp,
    policy: Policy,
    flip: Option<(usize, usize, u8)>,
}

#[derive(Clone)]
enum Handed {
    Code(String),
    File(usize),
}

/// As the command ends: a report, or an exit code alone.
enum Found {
    Report(Box<Report>),
    Exit(u8),
}

fn of_error(error: &TrustError) -> Found {
    Found::Exit(if matches!(error, TrustError::Form { .. }) { 2 } else { 1 })
}

impl Asked {
    fn bytes(&self, files: &Files, place: usize) -> Vec<u8> {
        let mut bytes = files.0[place].clone();
        if let Some((file, at, bit)) = self.flip
            && file == place
        {
            bytes[at] ^= 1 << bit;
        }
        bytes
    }

    /// What `verify --offline` does with these files.
    fn found(&self, files: &Files) -> Found {
        let bytes = |place: usize| self.bytes(files, place);
        let opened = self.opened(files);
        let (trust, pack) = match opened {
            Ok(found) => found,
            Err(error) => return of_error(&error),
        };
        let book = pack.as_ref().map(|pack| -> &dyn StatusData { pack });
        let report = match &self.evidence {
            Handed::Code(text) => {
                let scan = Scan::of(text);
                let trust = trust.expect("a code needs a trust snapshot");
                verify(Evidence::Scan(&scan), &trust, book, self.at, self.policy)
            }
            Handed::File(place) => {
                let found = read_file(&bytes(*place), 1).into_iter().next().unwrap();
                let Some(Evidence::Dossier(bytes)) = found.content.evidence() else {
                    return Found::Exit(2);
                };
                let within = trust.map_or_else(|| dossier_trust(bytes, self.root.as_deref()), Ok);
                let trust = match within {
                    Ok(trust) => trust,
                    Err(error) => return Found::Exit(if error.is_unreadable() { 2 } else { 1 }),
                };
                verify(Evidence::Dossier(bytes), &trust, book, self.at, self.policy)
            }
        };
        match report.exit_code {
            2 => Found::Exit(2),
            _ => Found::Report(Box::new(report)),
        }
    }

    fn opened(&self, files: &Files) -> Result<(Option<Trust>, Option<Pack<'static>>), TrustError> {
        let file = self.pack.map(|place| PackFile::read(self.bytes(files, place))).transpose()?;
        let within = file.as_ref().map(|file| file.trust_bytes().to_vec());
        let given = self.trust.map(|place| self.bytes(files, place)).or(within);
        let Some(given) = given else { return Ok((None, None)) };
        let trust = Trust::open(&given, self.root.as_deref())?;
        let Some(file) = file else { return Ok((Some(trust), None)) };
        let trust = file.newest_trust(&trust)?;
        let pack = file.open(&trust)?;
        pack.look_through()?;
        Ok((Some(trust), Some(pack)))
    }

    fn json(&self, found: &Found) -> Value {
        let evidence = match &self.evidence {
            Handed::Code(text) => json!({ "code": text }),
            Handed::File(place) => json!({ "file": place }),
        };
        let expect = match found {
            Found::Exit(exit) => json!({ "exitCode": exit }),
            Found::Report(report) => kept(report),
        };
        json!({
            "name": self.name, "evidence": evidence, "trust": self.trust, "pack": self.pack,
            "root": self.root, "now": self.at, "policy": self.policy, "flip": self.flip,
            "expect": expect,
        })
    }
}

/// What must be the same: the verdict, fitness, signals, and every check with its result.
fn kept(report: &Report) -> Value {
    let checks = report.checks.iter().map(|one| json!([one.check, one.result, one.required]));
    json!({
        "exitCode": report.exit_code,
        "authenticity": report.authenticity,
        "fitness": report.fitness,
        "item": report.item,
        "claims": report.claims,
        "foreignHost": report.reading.foreign_host,
        "leftOut": report.reading.left_out,
        "checks": checks.collect::<Vec<_>>(),
    })
}

/// Hands all to node. How often each sub-indication, status and exit code was met.
fn compared(files: &Files, asked: &[Asked]) -> BTreeMap<String, usize> {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases = Vec::new();
    for one in asked {
        let found = one.found(files);
        let mut words = vec![];
        match &found {
            Found::Exit(exit) => words.push(format!("exit {exit}")),
            Found::Report(report) => {
                words.push(format!("exit {}", report.exit_code));
                let why = report.authenticity.sub_indication;
                words.extend(why.map(|why| <&str>::from(why).to_owned()));
                if let Some(fitness) = &report.fitness {
                    words.push(format!("certificate {}", fitness.now.certificate.word()));
                    words.push(format!("lot {}", fitness.now.lot.word()));
                }
            }
        }
        words.into_iter().for_each(|word| *met.entry(word).or_default() += 1);
        cases.push(one.json(&found));
    }
    let all: Vec<String> = files.0.iter().map(|file| BASE64_STANDARD.encode(file)).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.json");
    std::fs::write(&path, json!({ "files": all, "cases": cases }).to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/app/equal.mjs");
    let answer = Command::new("node").arg(script).arg(&path).output().expect("node is needed");
    let told = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success(), "{told}{}", String::from_utf8_lossy(&answer.stderr));
    assert_eq!(told.trim(), format!("{} cases alike", asked.len()));
    met
}

fn is_long() -> bool {
    std::env::var_os("TASDIQ_LONG").is_some()
}

fn later(data: &Data, days: i64) -> Timestamp {
    data.world.now.plus_seconds(days * 86_400 + 60)
}

fn asked(name: String, evidence: Handed, data: (usize, Option<usize>), at: Timestamp) -> Asked {
    let (trust, pack) = data;
    let (root, policy, flip) = (None, Policy::Shop, None);
    Asked { name, evidence, trust: Some(trust), pack, root, at, policy, flip }
}

/// Codes of a ledger's lots: printed labels, and what becomes of them in other hands.
fn codes(data: &Data) -> Vec<(&'static str, String)> {
    let mut codes = Vec::new();
    for (lot, index, _) in &data.lots {
        let label = data.printed(lot, *index);
        let mut altered = label.clone();
        let at = altered.len() - 1;
        let last = if altered.ends_with('1') { "2" } else { "1" };
        altered.replace_range(at.., last);
        codes.push(("altered", altered));
        codes.push(("cut", label[..label.len() - 40].to_owned()));
        codes.push(("plain", format!("https://{HOST}/lot/coop/{lot}")));
        codes.push(("typed", format!("coop/{lot}")));
        codes.push(("strange key", data.label(lot, *index, 77, HOST, "2027-05-31")));
        codes.push(("key of the cooperative", data.label(lot, *index, 31, HOST, "2027-05-31")));
        codes.push(("stolen key", data.label(lot, *index, 6, HOST, "2027-05-31")));
        codes.push(("other host", data.label(lot, *index, 4, "other.example", "2027-05-31")));
        codes.push(("over", data.label(lot, *index, 4, HOST, "2026-06-01")));
        codes.push(("beyond", data.printed(lot, 900_000)));
        codes.push(("other entry", data.printed(lot, 3)));
        codes.push(("path", label["https://LEDGER.EXAMPLE".len()..].to_owned()));
        codes.push(("lure", label.replacen("LEDGER.EXAMPLE", "LURE.EXAMPLE", 1)));
        codes.push(("label", label));
    }
    codes.push(("gtin", "06111234567895".to_owned()));
    codes.push(("unknown", "06111234567895/NOTHING".to_owned()));
    codes.push(("elements", "(01)06111234567895(10)NOTHING(21)12345".to_owned()));
    codes
}

/// All codes under one ledger's data, by policy and instant.
fn all_codes(files: &mut Files, data: &Data, every: usize) -> Vec<Asked> {
    let (trust, pack) = (files.put(&data.trust), files.put(&data.pack));
    let bare = files.put(&data.unwitnessed);
    let mut all = Vec::new();
    for (place, (kind, code)) in codes(data).into_iter().enumerate() {
        for (turn, policy) in Policy::ALL.into_iter().enumerate() {
            let number = place * 3 + turn;
            if !number.is_multiple_of(every) {
                continue;
            }
            let pack = match number % 11 {
                9 => None,
                10 => Some(bare),
                _ => Some(pack),
            };
            let days = [0, 0, 0, 1, 8, 400][number / every % 6];
            let name = format!("{kind} {code}");
            let one = asked(name, Handed::Code(code.clone()), (trust, pack), later(data, days));
            let strange = multikey(&key(77).public());
            let root = (number % 97 == 96).then_some(strange);
            all.push(Asked { policy, root, ..one });
        }
    }
    all
}

/// A dossier with an entry that its proof does not lead to, sealed anew by the service.
fn unproven(dossier: &[u8], data: &Data) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(dossier).unwrap();
    value["entries"][0]["proof"][0] = json!(Hash::sha256(b"another"));
    let name = format!("entries/{}", value["entries"][0]["leaf"]["index"]);
    let mut manifest = value["manifest"].clone();
    manifest.as_object_mut().unwrap().remove("proof");
    manifest["members"][name] = json!(Hash::sha256(&canonical_bytes(&value["entries"][0])));
    let method = data.world.method("authority#service-1");
    let sealed = seal(&manifest, &method, data.world.now, &key(3)).unwrap();
    value["manifest"] = serde_json::from_slice(&sealed).unwrap();
    canonical_bytes(&value)
}

/// Dossiers of all certificates, with and without what a reader has at hand.
fn all_dossiers(files: &mut Files, data: Data, every: usize) -> (Vec<Asked>, Data) {
    let certified = data.lots.iter().filter(|(_, index, _)| *index > 0);
    let serials: Vec<u64> = certified.map(|(.., serial)| *serial).step_by(every).collect();
    let (made, bare, data) = data.dossiers(&serials);
    let (trust, pack) = (files.put(&data.trust), files.put(&data.pack));
    let root = Trust::open(&data.trust, None).unwrap().root;
    let mut all = Vec::new();
    let unproven: Vec<_> = made.iter().step_by(4).map(|file| unproven(file, &data)).collect();
    for (number, dossier) in made.iter().chain(&bare).chain(&unproven).enumerate() {
        let place = files.put(dossier);
        for (turn, policy) in Policy::ALL.into_iter().enumerate() {
            let at = later(&data, [0, 0, 3, 30][(number + turn) % 4]);
            let name = format!("dossier {number}");
            let one = asked(name, Handed::File(place), (trust, Some(pack)), at);
            let one = Asked { policy, ..one };
            all.push(match (number + turn) % 5 {
                0 => one,
                1 => Asked { pack: None, ..one },
                2 => Asked { trust: None, pack: None, ..one },
                3 => Asked { trust: None, pack: None, root: Some(root.clone()), ..one },
                _ => {
                    let root = Some(multikey(&key(77).public()));
                    Asked { trust: None, pack: None, root, ..one }
                }
            });
        }
    }
    (all, data)
}

/// Files with one bit changed: the dossier, and trust snapshot and pack beside a code.
fn flips(files: &mut Files, data: Data, count: usize, seed: u64) -> Vec<Asked> {
    let serial = data.lots[0].2;
    let code = data.printed(&data.lots[0].0, data.lots[0].1);
    let (made, _, data) = data.dossiers(&[serial]);
    let (trust, pack) = (files.put(&data.trust), files.put(&data.pack));
    let dossier = files.put(&made[0]);
    let mut state = seed | 1;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut all = Vec::new();
    for number in 0..count {
        let file = [dossier, trust, pack][number % 3];
        let (at, bit) = (random(files.0[file].len()), random(8) as u8);
        let name =
            format!("bit {bit} of byte {at} of {}", ["dossier", "trust", "pack"][number % 3]);
        let of_dossier = file == dossier;
        let evidence = if of_dossier { Handed::File(dossier) } else { Handed::Code(code.clone()) };
        let books = (trust, (!of_dossier).then_some(pack));
        let one = asked(name, evidence, books, later(&data, 0));
        all.push(Asked { flip: Some((file, at, bit)), ..one });
    }
    all
}

#[test]
fn codes_and_dossiers_are_judged_as_here() {
    let mut files = Files::default();
    let (each, every) = if is_long() { (6, 1) } else { (1, 13) };
    let data = ledger(each);
    let mut all = all_codes(&mut files, &data, every);
    let (dossiers, _) = all_dossiers(&mut files, data, if is_long() { 1 } else { 3 });
    all.extend(dossiers);
    let befallen = [None, Some(StatusAction::Hold), Some(StatusAction::Recall)];
    for action in befallen.into_iter().skip(usize::from(!is_long()) * 2) {
        let data = made_of(action);
        all.extend(all_codes(&mut files, &data, if is_long() { 1 } else { 3 }));
        all.extend(all_dossiers(&mut files, data, 1).0);
    }
    let met = compared(&files, &all);
    if !is_long() {
        return;
    }
    println!("{} cases: {met:?}", all.len());
    let codes = all.iter().filter(|one| matches!(one.evidence, Handed::Code(_))).count();
    let green = met["exit 0"];
    assert!(codes >= 3_000 && green * 3 <= all.len() * 2, "{codes} codes, {green} green");
    for word in MET {
        let times = met.get(word).copied().unwrap_or_default();
        assert!(times >= 20, "{word} was met {times} times");
    }
}

/// What must be met often: all but what no file at hand can bring about.
const MET: [&str; 27] = [
    "FORMAT_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "HASH_FAILURE",
    "REVOKED",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "NO_POE",
    "TRY_LATER",
    "LOG_PROOF_FAILURE",
    "AUTHORITY_FAILURE",
    "KEY_SUSPECT",
    "WITNESS_QUORUM_MISSING",
    "STATUS_STALE",
    "ROOT_NOT_PINNED",
    "LABEL_UNSIGNED",
    "certificate valid",
    "certificate not-yet-valid",
    "certificate expired",
    "certificate suspended",
    "certificate withdrawn",
    "certificate scope-reduced",
    "certificate superseded",
    "lot released",
    "lot held",
    "lot recalled",
    "exit 0",
    "exit 1",
    "exit 4",
];

#[test]
fn a_changed_bit_is_green_nowhere() {
    let mut files = Files::default();
    let count = if is_long() { 2_000 } else { 30 };
    let seed = std::env::var("TASDIQ_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let all = flips(&mut files, ledger(1), count, seed.unwrap_or(7) * 2_654_435_761);
    let met = compared(&files, &all);
    println!("{met:?}");
    let green = all
        .iter()
        .filter(|one| matches!(one.found(&files), Found::Report(report) if report.exit_code == 0));
    for one in green {
        let (file, at, bit) = one.flip.unwrap();
        let trust = Trust::open(&files.0[one.trust.unwrap()], None).unwrap();
        let mut changed = files.0[file].clone();
        changed[at] ^= 1 << bit;
        let spelling = one.pack == Some(file) && is_spelling(&files.0[file], &changed, at, &trust);
        assert!(spelling, "{}: green", one.name);
    }
}
