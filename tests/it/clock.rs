//! A clock that jumps: nothing is logged at a time that is not borne out, the reason is told, reads
//! go on, and it heals. The clock is injected; everything else is the service's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use tasdiq::audit::{Pins, audit, audit_at};
use tasdiq::cosign::TimeKeeper;
use tasdiq::ledger::{
    Clock, ClockReading, CosignedFile, HaltKind, Home, Ledger, OpenOptions, SystemClock,
    keep_status_lists,
};
use tasdiq::log::{
    Note, NoteAlgorithm, NoteKey, NoteSignature, PolicyLog, PolicyWitness, WitnessPolicy, cosign,
};
use tasdiq::os::now;
use tasdiq::source::StoreSource;
use tasdiq::statement::Timestamp;

use crate::attended::{TestWitness, keep};
use crate::support::{TestApp, restart};

const DAY: i64 = 86_400;

const YEARS: i64 = 3_650 * DAY;

/// The machine's clocks, the wall clock set by so many seconds.
#[derive(Debug, Default)]
pub struct Jumping(AtomicI64);

impl Jumping {
    fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for Jumping {
    fn read(&self) -> ClockReading {
        let ClockReading { wall, boot } = SystemClock.read();
        ClockReading { wall: wall.plus_seconds(self.0.load(Ordering::SeqCst)), boot }
    }
}

/// Waits until the writer stopped, or goes on.
fn until(ledger: &Ledger, stopped: bool) {
    let start = Instant::now();
    while ledger.view().stopped.is_some() != stopped {
        assert!(start.elapsed() < Duration::from_secs(20), "stopped: {stopped}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn at_clock(clock: &Arc<Jumping>) -> OpenOptions {
    OpenOptions { clock: Some(clock.clone()), ..OpenOptions::default() }
}

/// Told everywhere, nothing logged, everything read.
fn is_told(app: &TestApp, why: &str) {
    let size = app.ledger.view().size;
    let refused = app.submit(&app.registration(900));
    assert_eq!((refused.status, refused.code()), (503, "writes_stopped".to_owned()));
    assert!(refused.text().contains("NOT in the log"), "{}", refused.text());
    assert_eq!(app.get("/healthz").status, 200, "it is alive");
    let ready = app.get("/readyz");
    assert_eq!((ready.status, ready.code()), (503, "writes_stopped".to_owned()));
    for text in [ready.text(), refused.text(), app.get("/api/v1/log/health").text()] {
        assert!(text.contains(why), "{why}: {text}");
    }
    assert!(app.get("/audit").text().contains(why));
    for path in ["/log/checkpoint", "/register", "/api/v1/statements/0"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    // Nothing dated is signed by such a clock either, and the keeper logs nothing by itself.
    assert_eq!(
        app.ledger.service_key(&app.ledger.view().register, now()).err().unwrap().code(),
        "clock"
    );
    assert_eq!(keep_status_lists(&app.ledger, now().plus_seconds(YEARS)).unwrap(), 0);
    assert_eq!(app.ledger.view().size, size);
    // What is in the log already has its receipt all the same.
    let known = app.submit(&app.registration(0));
    assert_eq!(known.status, 200, "{}", known.text());
}

#[test]
fn a_jump_while_running_stops_before_anything_is_logged_and_heals() {
    let clock = Arc::new(Jumping::default());
    let app = TestApp::start_with(&at_clock(&clock));
    app.logged(&app.registration(0));
    for (number, jump, why) in [(1, YEARS, "forward by"), (2, -DAY, "back by"), (3, 310, "forward")]
    {
        clock.set(jump);
        // Nobody submits anything: it is found out all the same.
        until(&app.ledger, true);
        is_told(&app, why);
        clock.set(0);
        until(&app.ledger, false);
        assert_eq!(app.get("/readyz").status, 200);
        let receipt = app.logged(&app.registration(number));
        let at = Timestamp::parse(receipt["loggedAt"].as_str().unwrap()).unwrap();
        assert!((at.seconds() - now().seconds()).abs() < 60, "{at}");
    }
    // A correction of a clock, and a lid that was closed, are no faults.
    clock.set(280);
    app.logged(&app.registration(4));
    clock.set(0);
    let receipt = app.logged(&app.registration(5));
    let at = Timestamp::parse(receipt["loggedAt"].as_str().unwrap()).unwrap();
    assert!(at.seconds() - now().seconds() > 200, "log time never goes back: {at}");
}

#[test]
fn a_statement_races_the_jump_and_is_refused() {
    let clock = Arc::new(Jumping::default());
    let app = TestApp::start_with(&at_clock(&clock));
    for round in 0..5 {
        clock.set(YEARS);
        // At once: the writer has not looked since.
        let refused = app.submit(&app.registration(round));
        assert_eq!(refused.status, 503, "{}", refused.text());
        clock.set(0);
        until(&app.ledger, false);
    }
    let last = app.ledger.view().register.last_at().unwrap();
    assert!(last.seconds() <= now().seconds());
}

#[test]
fn a_wrong_clock_at_start_stops_until_it_is_right_or_the_operator_says_so() {
    let app = TestApp::start();
    app.logged(&app.registration(0));
    let (home, _folder) = app.into_home();
    for (jump, why) in [(YEARS, "days after the last entry"), (-DAY, "before the last entry")] {
        let clock = Arc::new(Jumping::default());
        clock.set(jump);
        let app = TestApp::of(restart(&home, &at_clock(&clock)), &home);
        assert_eq!(app.ledger.view().stopped.as_ref().unwrap().kind, HaltKind::Clock);
        is_told(&app, why);
        // The clock is set right: it goes on by itself.
        clock.set(0);
        until(&app.ledger, false);
        app.logged(&app.registration(jump.unsigned_abs()));
        drop(app);
        // Wrong again, and the operator believes it: for a clock that runs behind, log time waits.
        clock.set(-DAY);
        let told = OpenOptions { accept_clock: true, ..at_clock(&clock) };
        let app = TestApp::of(restart(&home, &told), &home);
        let last = app.ledger.view().register.last_at().unwrap();
        let receipt = app.logged(&app.registration(jump.unsigned_abs() + 1));
        assert_eq!(receipt["loggedAt"], last.to_string(), "it does not go back");
    }
    let report = audit(&StoreSource::open(&home).unwrap(), &pins(&home), &mut |_, _| ()).unwrap();
    assert!(report.fault.is_none() && report.findings.is_empty(), "{report:?}");
}

fn pins(home: &Home) -> Pins {
    Pins::of(&home.config().unwrap()).unwrap()
}

#[test]
fn an_audit_tells_a_log_time_ahead_of_the_readers_clock() {
    let clock = Arc::new(Jumping::default());
    let app = TestApp::start();
    let size = app.ledger.view().size;
    let (home, _folder) = app.into_home();
    clock.set(YEARS);
    let told = OpenOptions { accept_clock: true, ..at_clock(&clock) };
    let app = TestApp::of(restart(&home, &told), &home);
    app.logged(&app.registration(0));
    let (home, _folder2) = app.into_home();
    let source = StoreSource::open(&home).unwrap();
    let report = audit(&source, &pins(&home), &mut |_, _| ()).unwrap();
    // The auditor's clock may be the wrong one: it proves nothing, and is no clean bill.
    assert!(report.fault.is_none(), "{:?}", report.fault);
    let found: Vec<_> = report.findings.iter().map(|f| (f.index, f.code.as_str())).collect();
    assert_eq!(found, [(size, "log_time_ahead")]);
    let later = now().plus_seconds(YEARS);
    let report = audit_at(&source, &pins(&home), later, &mut |_, _| ()).unwrap();
    assert!(report.findings.is_empty());
}

/// Three witnesses of which two are asked for, and what each signs at a time.
struct Witnesses {
    keys: Vec<(SigningKey, NoteKey)>,
}

impl Witnesses {
    fn new() -> Self {
        let key = |number: u8| {
            let secret = SigningKey::from_bytes(&[number; 32]);
            let public = secret.verifying_key().to_bytes();
            let name = format!("w{number}.example");
            (secret, NoteKey::new(&name, NoteAlgorithm::CosignatureV1, public).unwrap())
        };
        Self { keys: (1..=3).map(key).collect() }
    }

    fn policy(&self, log: &NoteKey) -> WitnessPolicy {
        let witness = |(_, key): &(SigningKey, NoteKey)| PolicyWitness {
            name: key.name().to_owned(),
            key: key.clone(),
            url: None,
        };
        let witnesses: Vec<_> = self.keys.iter().map(witness).collect();
        let logs = [PolicyLog { key: log.clone(), url: None }];
        WitnessPolicy::of(&logs, &witnesses, 2).unwrap()
    }

    fn sign(&self, ledger: &Ledger, at: &[(usize, i64)]) -> Vec<NoteSignature> {
        let text = Note::parse(&ledger.view().checkpoint).unwrap().text;
        let line = |(place, off): &(usize, i64)| {
            let (secret, key) = &self.keys[*place];
            let at = now().plus_seconds(YEARS + off);
            cosign(&text, key, at, &|bytes| secret.sign(bytes).to_bytes())
        };
        at.iter().map(line).collect()
    }
}

#[test]
fn a_quorum_bears_the_clock_out_and_one_liar_does_not() {
    let app = TestApp::start();
    let (home, folder) = app.into_home();
    let clock = Arc::new(Jumping::default());
    clock.set(YEARS);
    let ledger = restart(&home, &at_clock(&clock));
    let witnesses = Witnesses::new();
    let policy = witnesses.policy(ledger.log_key());
    let lies = [(0, 0), (0, 5)];
    let view = ledger.view();
    assert!(!ledger.bear_out_clock(&view, &witnesses.sign(&ledger, &lies)), "no policy");
    let history = CosignedFile::open(&folder.path().join("cosigned")).unwrap();
    ledger.set_witnesses(policy, history);
    for (signed, enough) in [
        (&[][..], false),
        (&lies, false),
        // Two, but one saw another time.
        (&[(0, 0), (1, -YEARS)], false),
        (&[(0, 0), (1, 301)], false),
        (&[(0, -299), (2, 299)], true),
    ] {
        assert!(ledger.doubts_clock());
        let lines = witnesses.sign(&ledger, signed);
        assert_eq!(ledger.bear_out_clock(&view, &lines), enough, "{signed:?}");
    }
    until(&ledger, false);
    // A line that nobody signed counts for nothing.
    clock.set(2 * YEARS);
    until(&ledger, true);
    let mut forged = witnesses.sign(&ledger, &[(0, 0), (1, 0)]);
    for line in &mut forged {
        let wanted = u64::try_from(now().plus_seconds(2 * YEARS).seconds()).unwrap();
        line.bytes[..8].copy_from_slice(&wanted.to_be_bytes());
    }
    assert!(!ledger.bear_out_clock(&view, &forged));
}

#[test]
fn real_witnesses_are_asked_before_anything_is_logged() {
    let (home, _folder) = TestApp::start().into_home();
    let clock = Arc::new(Jumping::default());
    clock.set(DAY);
    let told = OpenOptions { accept_clock: true, ..at_clock(&clock) };
    let app = TestApp::of(restart(&home, &told), &home);
    let last = app.logged(&app.registration(0))["loggedAt"].clone();
    drop(app);
    // The clock is right again, and the log a day ahead of it.
    clock.set(0);
    for alive in [false, true] {
        let ledger = restart(&home, &at_clock(&clock));
        assert!(ledger.doubts_clock());
        let mut both = ["w1", "w2"].map(|name| TestWitness::start(name, ledger.log_key()));
        let lines: String = both.iter().map(TestWitness::line).collect();
        let (_history, _keeper) =
            keep(&ledger, &format!("{lines}group all all w1 w2\nquorum all\n"));
        if !alive {
            both[1].stop();
        }
        let _time = TimeKeeper::start(&ledger);
        if alive {
            until(&ledger, false);
            let app = TestApp::of(ledger, &home);
            assert_eq!(app.logged(&app.registration(1))["loggedAt"], last, "it never goes back");
        } else {
            assert!(ledger.doubts_clock(), "one of two is not enough");
        }
    }
}
