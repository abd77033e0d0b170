//! Answers that hold a secret go to a signed request alone: serials on labels, asked for by
//! everybody who could want them. And who may print labels of what.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use tasdiq::ledger::SerialStanding;
use tasdiq::names::{LotKey, PartySlug, Serial};
use tasdiq::os::now;
use tasdiq::seal::{Signer, SoftKey};
use tasdiq::statement::{
    KeyChange, KeyEvent, KeyPurpose, LabelIssue, Reason, Role, StatusAction, StatusChange,
    StatusTarget,
};

use crate::cli::Bench;
use crate::support::{Answer, CERTIFIER, COOPERATIVE, GTIN, HOST, Key, TestApp};

const LABELS: &str = "/api/v1/labels";

/// A lot that is declared and certified.
fn stage() -> (TestApp, Key, Key) {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    (app, cooperative, certifier)
}

/// A label issue of the lot, signed by a key of `issuer`.
fn issue(app: &TestApp, key: &Key, issuer: &str, count: u32) -> Vec<u8> {
    let domain = app.domain();
    let issuer = PartySlug::parse(issuer).unwrap();
    let claim =
        LabelIssue { lot: lot(), count, verification_method: format!("did:web:{HOST}#label-1") };
    let nonce: String = Key::fresh(String::new()).terms().nonce;
    key.sign(&claim.draft(&app.draft(&domain, &format!("label-issues/{nonce}"), &issuer, now())))
}

fn lot() -> LotKey {
    format!("{GTIN}/L-1").parse().unwrap()
}

fn serials(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 201, "{}", answer.text());
    let labels = answer.json();
    let labels = labels["labels"].as_array().unwrap();
    labels.iter().map(|label| label["serial"].as_str().unwrap().to_owned()).collect()
}

/// It is refused as unsigned, tells nothing, and nothing is logged.
fn refused(app: &TestApp, answer: &Answer, told: &str) {
    let size = app.ledger.view().register.lot(&lot()).unwrap().labels_issued;
    assert_eq!((answer.status, answer.code()), (401, "request_signature".to_owned()), "{told}");
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(told), "{told}: {detail}");
    assert!(!answer.text().contains("HTTPS://") && !answer.text().contains("\"labels\""));
    assert_eq!(size, app.ledger.view().register.lot(&lot()).unwrap().labels_issued);
}

#[test]
fn the_public_log_tells_nobody_a_serial() {
    let (app, cooperative, certifier) = stage();
    let statement = issue(&app, &certifier, CERTIFIER, 5);
    refused(&app, &app.post(LABELS, "application/json", &statement), "has no Signature-Input");
    let first = app.post_signed(LABELS, &certifier, &statement);
    let handed = serials(&first);
    assert_eq!(handed.len(), 5);
    let index = first.json()["entry"].as_u64().unwrap();
    // The entry, as anybody reads it, is the very statement.
    let leaf = app.get(&format!("/api/v1/statements/{index}")).json();
    let replayed = serde_json::to_vec(&leaf["statement"]).unwrap();
    assert_eq!(replayed, statement);
    refused(&app, &app.post(LABELS, "application/json", &replayed), "has no Signature-Input");
    refused(&app, &app.post_signed(LABELS, &cooperative, &replayed), "the label issue is of");
    refused(&app, &app.post_signed(LABELS, &app.registrar, &replayed), "the label issue is of");
    // A proof of junk says that somebody has read the log, not that he signed it.
    let mut junk = leaf["statement"].clone();
    junk["proof"]["proofValue"] = json!(format!("z{}", bs58::encode([7; 64]).into_string()));
    let junk = serde_json::to_vec(&junk).unwrap();
    refused(&app, &app.post(LABELS, "application/json", &junk), "has no Signature-Input");
    let answer = app.post_signed(LABELS, &certifier, &junk);
    assert_eq!((answer.status, answer.code()), (422, "signature_invalid".to_owned()));
    // Its issuer gets the same serials again, and no more of them are spent.
    assert_eq!(serials(&app.post_signed(LABELS, &certifier, &replayed)), handed);
    assert_eq!(app.ledger.view().register.lot(&lot()).unwrap().labels_issued, 5);
    // What says what is to be signed.
    let mut stream = TcpStream::connect(app.address).unwrap();
    write!(
        stream,
        "POST {LABELS} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 401 ") && text.contains("www-authenticate: Signature"));
    assert!(
        text.contains(
            "accept-signature: sig=(\"@method\" \"@path\" \"@query\" \"content-digest\");"
        )
    );
}

#[test]
fn a_request_counts_once_and_for_what_it_says() {
    let (mut app, _, certifier) = stage();
    let statement = issue(&app, &certifier, CERTIFIER, 2);
    let other = issue(&app, &certifier, CERTIFIER, 3);
    let terms = certifier.terms();
    let good = certifier.sign_request(LABELS, &statement, &terms);
    let changed = |place: usize, value: &dyn Fn(&str) -> String| {
        let mut headers = good.clone();
        headers[place].1 = value(&headers[place].1);
        headers
    };
    // Another body under the digest, another digest under the signature.
    refused(&app, &app.post_with(LABELS, &good, &other), "not the one that Content-Digest");
    let digest = certifier.sign_request(LABELS, &other, &terms)[0].1.clone();
    let swapped = changed(0, &|_| digest.clone());
    refused(&app, &app.post_with(LABELS, &swapped, &other), "does not verify");
    // Another query; the same request elsewhere.
    let query = format!("{LABELS}?lot=x");
    refused(&app, &app.post_with(&query, &good, &statement), "does not verify");
    let elsewhere = app.post_with("/api/v1/prepare", &good, &statement);
    refused(&app, &elsewhere, "does not verify");
    let for_prepare = certifier.sign_request("/api/v1/prepare", &statement, &terms);
    refused(&app, &app.post_with(LABELS, &for_prepare, &statement), "does not verify");
    // The times a signature says, not its own.
    for (old, new) in [("created=", "created=1"), ("tag=\"tasdiq\"", "tag=\"other\"")] {
        let headers = changed(1, &|text| text.replacen(old, new, 1));
        assert_eq!(app.post_with(LABELS, &headers, &statement).status, 401, "{new}");
    }
    // Two signatures: as one field, as two fields, and in a field that is broken in two.
    let twice = changed(2, &|text| format!("{text}, sig2={}", &text[4..]));
    refused(&app, &app.post_with(LABELS, &twice, &statement), "it is one signature");
    let both = [good.clone(), good[1..2].to_vec()].concat();
    refused(&app, &app.post_with(LABELS, &both, &statement), "2 times");
    // None of these spent the nonce.
    let handed = serials(&app.post_with(LABELS, &good, &statement));
    refused(&app, &app.post_with(LABELS, &good, &statement), "nonce was used before");
    // Signed again with the same nonce: the thief's way around a changed `created`.
    let again = certifier.sign_request(LABELS, &other, &terms);
    refused(&app, &app.post_with(LABELS, &again, &other), "nonce was used before");
    // Not after a restart either; whoever signs anew gets the same serials.
    app.restart();
    refused(&app, &app.post_with(LABELS, &good, &statement), "nonce was used before");
    assert_eq!(serials(&app.post_signed(LABELS, &certifier, &statement)), handed);
}

#[test]
fn clocks() {
    let (app, _, certifier) = stage();
    let statement = issue(&app, &certifier, CERTIFIER, 2);
    let at = |created: i64, expires: i64| {
        let mut terms = certifier.terms();
        let base = now();
        (terms.created, terms.expires) = (base.plus_seconds(created), base.plus_seconds(expires));
        app.post_with(LABELS, &certifier.sign_request(LABELS, &statement, &terms), &statement)
    };
    refused(&app, &at(400, 500), "set the clock");
    refused(&app, &at(-700, -400), "counted until");
    refused(&app, &at(0, 301), "counts for 1 to 300 s");
    refused(&app, &at(0, 0), "counts for 1 to 300 s");
    refused(&app, &at(10, -10), "counts for 1 to 300 s");
    // Clocks that differ by less than five minutes are the clocks of honest people.
    let handed = serials(&at(-500, -250));
    assert_eq!(serials(&at(250, 500)), handed);
}

#[test]
fn one_nonce_sent_by_many_at_once_counts_once() {
    let (app, _, certifier) = stage();
    let statement = issue(&app, &certifier, CERTIFIER, 2);
    let headers = certifier.sign_request(LABELS, &statement, &certifier.terms());
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let send = || app.post_with(LABELS, &headers, &statement).status;
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 7, "{answers:?}");
    assert_eq!(app.ledger.view().register.lot(&lot()).unwrap().labels_issued, 2);
}

#[test]
fn only_keys_that_may() {
    let (app, cooperative, certifier) = stage();
    let statement = issue(&app, &certifier, CERTIFIER, 2);
    let handed = serials(&app.post_signed(LABELS, &certifier, &statement));
    // Nobody's key, another's key under the right name, a key of another purpose.
    let named = |secret: &SoftKey, method: &str| Key {
        method: method.to_owned(),
        secret: SoftKey::from_secret(&secret.secret()),
    };
    let nobody = Key::fresh(format!("{}9", certifier.method));
    refused(&app, &app.post_signed(LABELS, &nobody, &statement), "no key named");
    let forged = named(&cooperative.secret, &certifier.method);
    refused(&app, &app.post_signed(LABELS, &forged, &statement), "does not verify");
    let keys = app.ledger.keys().unwrap();
    let label = named(&keys.label[0], &format!("did:web:{HOST}#label-1"));
    refused(&app, &app.post_signed(LABELS, &label, &statement), "is a label key");
    let service = named(&keys.service[0], &format!("did:web:{HOST}#service-1"));
    refused(&app, &app.post_signed(LABELS, &service, &statement), "the label issue is of");
    // The service's key asks for the authority's own issues.
    let own = issue(&app, &app.registrar, "authority", 3);
    assert_eq!(serials(&app.post_signed(LABELS, &service, &own)).len(), 3);
    assert_eq!(serials(&app.post_signed(LABELS, &app.registrar, &own)).len(), 3);
    // A key that follows another asks for what the other signed; a retired one asks for nothing.
    let second = app.add_key(CERTIFIER, "key-2");
    app.change_key(CERTIFIER, &certifier.method, KeyEvent::Retired);
    refused(&app, &app.post_signed(LABELS, &certifier, &statement), "not in force");
    assert_eq!(serials(&app.post_signed(LABELS, &second, &statement)), handed);
    let stolen = KeyEvent::Compromised { since: now(), known_at: now() };
    app.change_key(CERTIFIER, &second.method, stolen);
    refused(&app, &app.post_signed(LABELS, &second, &statement), "not in force");
    // Nor does a party that is suspended.
    let third = app.add_key(CERTIFIER, "key-3");
    assert_eq!(serials(&app.post_signed(LABELS, &third, &statement)), handed);
    change(&app, StatusTarget::Party(PartySlug::parse(CERTIFIER).unwrap()), StatusAction::Suspend);
    refused(&app, &app.post_signed(LABELS, &third, &statement), "suspended or withdrawn");
}

/// Changes a status by the authority.
fn change(app: &TestApp, target: StatusTarget, action: StatusAction) {
    let domain = app.domain();
    let change = StatusChange {
        target,
        action,
        reason: Reason::LabResult,
        effective_from: now(),
        notice: Default::default(),
        return_to: None,
        lifts: Vec::new(),
    };
    let id = format!("statements/status-{}", app.ledger.view().size);
    let authority = PartySlug::authority();
    let unsigned = change.draft(&app.draft(&domain, &id, &authority, now()));
    app.logged(&app.registrar.sign(&unsigned));
}

#[test]
fn what_is_held_suspended_or_withdrawn_has_no_labels() {
    let (app, cooperative, certifier) = stage();
    app.declare(&cooperative, "L-2");
    app.certify(&certifier, "L-2");
    let one = format!("{LABELS}?lot={GTIN}/L-1");
    let listed = |app: &TestApp| {
        let page = app.get(LABELS).json();
        (page["labels"].as_array().unwrap().len(), page["leftOut"].as_u64().unwrap())
    };
    assert_eq!((app.get(&one).status, listed(&app)), (200, (2, 0)));
    let statement = issue(&app, &certifier, CERTIFIER, 2);
    let handed = serials(&app.post_signed(LABELS, &certifier, &statement));
    let none = |told: &str| {
        let before = app.ledger.view().size;
        for answer in [
            app.get(&one),
            app.post_signed(LABELS, &certifier, &statement),
            app.post_signed(LABELS, &certifier, &issue(&app, &certifier, CERTIFIER, 2)),
        ] {
            assert_eq!((answer.status, answer.code()), (409, "label_refused".to_owned()), "{told}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(told), "{told}: {detail}");
        }
        // The keeper's lists are all that may have been logged.
        let view = app.ledger.view();
        assert_eq!(view.register.lot(&lot()).unwrap().labels_issued, 2, "{before}");
        assert_eq!(listed(&app), (1, 1), "{told}");
    };
    change(&app, StatusTarget::Lot(lot()), StatusAction::Hold);
    none("is held since");
    change(&app, StatusTarget::Lot(lot()), StatusAction::Release);
    assert_eq!(serials(&app.post_signed(LABELS, &certifier, &statement)), handed);
    change(&app, StatusTarget::Certificate(0), StatusAction::Suspend);
    none("the newest, 0, is suspended");
    change(&app, StatusTarget::Certificate(0), StatusAction::Reinstate);
    assert_eq!(app.get(&one).status, 200);
    change(&app, StatusTarget::Certificate(0), StatusAction::Withdraw);
    none("the newest, 0, is withdrawn");
    change(&app, StatusTarget::Lot(lot()), StatusAction::Recall);
    none("is recalled since");
}

#[test]
fn a_serial_belongs_to_the_issue_that_bore_it() {
    let (mut app, _, certifier) = stage();
    let standing = |app: &TestApp, serial: &str| {
        app.ledger.serial_issued(&lot(), &Serial::parse(serial).unwrap())
    };
    assert_eq!(standing(&app, "5J785DMM"), SerialStanding::NotIssued);
    let (a, b) = (
        app.post_signed(LABELS, &certifier, &issue(&app, &certifier, CERTIFIER, 40)),
        app.post_signed(LABELS, &certifier, &issue(&app, &certifier, CERTIFIER, 60)),
    );
    let (first, second) = (serials(&a), serials(&b));
    let (of_first, of_second) = (a.json()["entry"].clone(), b.json()["entry"].clone());
    let all: std::collections::HashSet<_> = first.iter().chain(&second).collect();
    assert_eq!(all.len(), 100, "no serial comes twice");
    let whole = |app: &TestApp| {
        for (serials, entry) in [(&first, &of_first), (&second, &of_second)] {
            let index = entry.as_u64().unwrap();
            for serial in serials {
                let SerialStanding::Issued(mark) = standing(app, serial) else {
                    panic!("{serial}")
                };
                assert_eq!(mark.index, index);
            }
        }
        for invented in ["00000000", "ZZZZZZZZ", "5J785DMM", "FAKE2345", "FAKE23450"] {
            assert_eq!(standing(app, invented), SerialStanding::NotIssued, "{invented}");
        }
    };
    whole(&app);
    let other: LotKey = format!("{GTIN}/L-9").parse().unwrap();
    let known = Serial::parse(&first[0]).unwrap();
    assert_eq!(app.ledger.serial_issued(&other, &known), SerialStanding::NotIssued);
    app.restart();
    whole(&app);
    // A new label key draws no other serials; one of label keys does not tell which are out.
    let seed = app.home().folder().join("keys/serials-0.pem");
    assert!(seed.exists());
    std::fs::rename(&seed, seed.with_extension("away")).unwrap();
    std::fs::create_dir(app.home().folder().join("imported")).unwrap();
    app.restart();
    assert_eq!(standing(&app, &first[0]), SerialStanding::Unknown, "without the seed");
    std::fs::rename(seed.with_extension("away"), &seed).unwrap();
    app.restart();
    whole(&app);
}

/// A certifier's own label key: the service does not hold it and puts no serials on labels for it.
#[test]
fn a_label_key_that_is_not_here() {
    let (app, _, certifier) = stage();
    let own = Key::fresh(format!("{}-labels", certifier.method));
    let domain = app.domain();
    let authority = PartySlug::authority();
    let added = KeyEvent::Added(crate::world::new_key(own.secret.public(), KeyPurpose::Label));
    let change = KeyChange {
        party: PartySlug::parse(CERTIFIER).unwrap(),
        verification_method: own.method.clone(),
        event: added,
    };
    let unsigned = change.draft(&app.draft(&domain, "statements/own-label", &authority, now()));
    app.logged(&app.registrar.sign(&unsigned));
    let claim = LabelIssue { lot: lot(), count: 2, verification_method: own.method.clone() };
    let issuer = PartySlug::parse(CERTIFIER).unwrap();
    let unsigned = claim.draft(&app.draft(&domain, "label-issues/own", &issuer, now()));
    let answer = app.post_signed(LABELS, &certifier, &certifier.sign(&unsigned));
    assert_eq!((answer.status, answer.code()), (503, "no_key_in_force".to_owned()));
    assert_eq!(app.ledger.view().register.lot(&lot()).unwrap().labels_issued, 0);
}

/// A lot's labels are the certifier's or the authority's to issue, not whoever signs a request.
#[test]
fn a_stranger_issues_nothing() {
    let (app, cooperative, _) = stage();
    let stranger = app.register("certif-autre", Role::Certifier);
    for (key, who) in [(&stranger, "certif-autre"), (&cooperative, COOPERATIVE)] {
        let statement = issue(&app, key, who, 2);
        let answer = app.post_signed(LABELS, key, &statement);
        assert!(answer.status == 422 || answer.status == 201 && who == COOPERATIVE, "{who}");
        if answer.status == 422 {
            assert_eq!(answer.code(), "not_authorised");
        }
    }
    let page: Value = app.get(LABELS).json();
    assert!(page["labels"][0]["serial"].is_null());
}

/// `tasdiq label`, near and far: what it prints, what it does not, and the same again.
#[test]
fn labels_at_the_command_line() {
    let bench = Bench::founded();
    bench.issue();
    let (code, first, told) = bench.run("label coop/L1 --serials 3 --yes");
    assert_eq!((code, first.lines().count()), (0, 3), "{told}");
    let again = told.split_once("the same again: tasdiq ").unwrap().1.trim().to_owned();
    assert!(again.starts_with("label --reprint "), "{told}");
    let texts = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.rsplit_once('/').unwrap().1.to_owned()).collect()
    };
    assert_eq!(texts(&bench.good(&again)), texts(&first));
    let own = "--key certifier.pem --issuer cert";
    let (code, mine, told) = bench.run(&format!("label coop/L2 --serials 2 --yes {own}"));
    assert_eq!((code, mine.lines().count()), (0, 2), "{told}");
    let entry = told.rsplit(' ').next().unwrap().trim().to_owned();
    let reprint = format!("label --reprint {entry} {own}");
    assert_eq!(texts(&bench.good(&reprint)), texts(&mine));
    let (code, out, err) = bench.run(&format!("label --reprint {entry}"));
    assert!(code == 2 && out.is_empty() && err.contains("no label issue of authority"), "{err}");
    // Held: nothing is printed, whatever is asked for.
    let none = |line: &str, why: &str| {
        let (code, out, err) = bench.run(line);
        assert!(code == 4 && out.is_empty() && err.contains(why), "{line}: {code} {out} {err}");
    };
    bench.good(
        "status --target coop/L2 --action hold --reason complaint --key coop.pem --issuer coop",
    );
    let service = bench.serve();
    for far in [String::new(), format!(" --url {}", service.url)] {
        none(&format!("label coop/L2{far}"), "is held since");
        none(&format!("label coop/L1 coop/L2{far}"), "is held since");
        none(&format!("label coop/L1 coop/L2 --serials 1 --yes {own}{far}"), "is held since");
        none(&format!("{reprint}{far}"), "is held since");
        let (_, all, err) = bench.run(&format!("label{far}"));
        assert_eq!(all.lines().count(), 19);
        assert!(err.contains("1 certified lots have no label"), "{err}");
    }
    let issued = bench.json("audit")["entries"].as_u64().unwrap();
    bench.good("status withdraw --serials 2 --reason nonconformity --key certifier.pem --issuer cert --yes");
    none("label coop/L3", "is withdrawn");
    none(&format!("label coop/L3 --serials 1 --yes {own} --out x"), "is withdrawn");
    assert!(!bench.path("x").exists());
    assert!(bench.json("audit")["entries"].as_u64().unwrap() > issued, "only the withdrawal");
    let (code, far, told) =
        bench.run(&format!("label coop/L4 --serials 2 --yes {own} --url {}", service.url));
    assert_eq!((code, far.lines().count()), (0, 2), "{told}");
    assert!(service.stop());
}

/// A backup brings back which serials are out; a copy without the seed says that it cannot tell.
#[test]
fn serials_after_a_restore() {
    let bench = Bench::founded();
    bench.issue();
    let first = bench.good("label coop/L1 --serials 3 --yes");
    let entry = bench.json("audit")["entries"].as_u64().unwrap() - 1;
    bench.good("backup safe.tar");
    bench.good("export copy");
    for (name, gone) in [("whole", None), ("without", Some("keys/serials-0.pem"))] {
        bench.good(&format!("restore safe.tar --data {name}"));
        bench.good(&format!("import copy --data {name} --continue"));
        if let Some(file) = gone {
            std::fs::remove_file(bench.path(&format!("{name}/{file}"))).unwrap();
        }
        let (code, out, err) = bench.run(&format!("label --data {name} --reprint {entry}"));
        match gone {
            None => assert_eq!((code, out), (0, first.clone()), "{err}"),
            Some(_) => assert!(code == 2 && out.is_empty() && err.contains("seed of"), "{err}"),
        }
    }
    // Without it new serials are drawn from a new seed, which says that it is not the first.
    bench.good("label --data without coop/L1 --serials 3 --yes");
    let keys = std::fs::read_dir(bench.path("without/keys")).unwrap();
    let names = keys.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().any(|name| name == format!("serials-{}-anew.pem", entry + 1)));
}

/// What the first release issued: drawn from the label key, told again and recognised all the same.
#[test]
fn serials_of_the_first_release() {
    use sha2::{Digest, Sha256};
    let (mut app, _, certifier) = stage();
    let seed = app.home().folder().join("keys/serials-0.pem");
    std::fs::remove_file(&seed).unwrap();
    app.restart();
    // Logged as any statement; no seed is there.
    let old = issue(&app, &certifier, CERTIFIER, 4);
    app.logged(&old);
    let digest = tasdiq::statement::Statement::parse(&old, &app.domain()).unwrap().digest;
    let expected: Vec<String> = (0_u32..4)
        .map(|place| {
            let hash = Sha256::new()
                .chain_update(b"tasdiq-serial-v1\0")
                .chain_update(app.ledger.keys().unwrap().label[0].secret().as_slice())
                .chain_update(digest)
                .chain_update(place.to_be_bytes())
                .finalize();
            Serial::from_random(hash[..5].try_into().unwrap()).to_string()
        })
        .collect();
    let told = app.post_signed(LABELS, &certifier, &old);
    assert_eq!(serials(&told), expected);
    let fresh =
        serials(&app.post_signed(LABELS, &certifier, &issue(&app, &certifier, CERTIFIER, 4)));
    assert!(!seed.exists());
    app.restart();
    assert_eq!(serials(&app.post_signed(LABELS, &certifier, &old)), expected);
    for serial in expected.iter().chain(&fresh) {
        let standing = app.ledger.serial_issued(&lot(), &Serial::parse(serial).unwrap());
        assert!(matches!(standing, SerialStanding::Issued { .. }), "{serial} {standing:?}");
    }
    let other = Serial::parse("5J785DMM").unwrap();
    assert_eq!(app.ledger.serial_issued(&lot(), &other), SerialStanding::NotIssued);
}
