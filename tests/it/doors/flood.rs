//! Everything at once against a service of its own process: half-open connections, large bodies,
//! pictures. Honest callers are answered meanwhile, memory comes back, and a stop is a stop.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use super::{connect, exchange, long, post, request, status};
use crate::cli::Bench;
use crate::program::{Service, TASDIQ, quiet};

/// A service in its own process, with so many open files at most.
struct Flooded {
    service: Service,
    address: SocketAddr,
}

impl Flooded {
    fn start(bench: &Bench, files: u32) -> Self {
        let script = format!("ulimit -n {files} && exec {TASDIQ} serve --listen 127.0.0.1:0");
        let mut command = Command::new("sh");
        quiet(&mut command).args(["-c", &script]).current_dir(bench.path(""));
        let service = Service::of(command.env("TASDIQ_PASSPHRASE", "correct horse"));
        let address = service.url.rsplit('/').next().unwrap().parse().unwrap();
        Self { service, address }
    }

    fn get(&self, path: &str) -> u16 {
        let line = format!("GET {path}");
        status(&exchange(self.address, &request(&line, "host: ledger.example\r\n")))
    }

    /// Memory in use, in megabytes.
    fn megabytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.service.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kilobytes / 1_000
    }

    /// Asks it to stop and gives the seconds it took.
    fn stop(self) -> Duration {
        let start = Instant::now();
        assert!(self.service.stop());
        start.elapsed()
    }
}

fn half_open(address: SocketAddr) -> TcpStream {
    let mut stream = connect(address);
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx: ");
    stream
}

fn one_more_lot(bench: &Bench, name: &str) {
    bench.write(
        "more.csv",
        &format!(
            "lot;product;quantity;pack_size;region;campaign;packed_on\n\
             {name};argane;1 L;250 mL;MA-09;2020;2020-10-30\n"
        ),
    );
    bench.good("issue more.csv --what lots --key coop.pem --issuer coop --yes");
}

/// Connections that never end their header make room for those that come, and no file is wanting
/// for what is written meanwhile.
#[test]
fn half_open_connections_make_room() {
    tasdiq::door::raise_file_limit();
    let bench = Bench::founded();
    let (files, callers) = if long() { (1_024, 1_100) } else { (200, 250) };
    let service = Flooded::start(&bench, files);
    assert_eq!(service.get("/healthz"), 200);
    let before = service.megabytes();
    let held: Vec<TcpStream> = (0..callers).map(|_| half_open(service.address)).collect();
    assert_eq!(service.get("/healthz"), 200);
    let after = service.megabytes();
    assert!(after * 5 <= before * 6, "{before} MB before, {after} MB with all of them held");
    one_more_lot(&bench, "M1");
    assert_eq!(service.get("/readyz"), 200);
    assert_eq!(service.get("/lot/coop/M1"), 200);
    drop(held);
    assert_eq!(service.get("/readyz"), 200);
    assert!(service.stop() < Duration::from_secs(5));
}

#[test]
fn all_at_once_and_a_clean_stop() {
    tasdiq::door::raise_file_limit();
    let bench = Bench::founded();
    bench.issue();
    let label = bench.label("coop/L1");
    let path = label.splitn(4, '/').nth(3).unwrap().to_owned();
    let service = Flooded::start(&bench, if long() { 4_096 } else { 512 });
    let scan = format!("/{path}");
    assert_eq!(service.get(&scan), 200);
    let before = service.megabytes();
    let held: Vec<TcpStream> =
        (0..if long() { 1_100 } else { 150 }).map(|_| half_open(service.address)).collect();
    let junk = |start: &str| format!("{{\"{start}\":[{}0]}}", "{\"\":0},".repeat(2_200_000));
    let bodies = [
        post("/api/v1/statements", "application/x-ndjson", &b"\n".repeat(15_400_000)),
        post("/api/v1/verify", "application/json", junk("statement").as_bytes()),
        post("/api/v1/prepare", "application/json", junk("lots").as_bytes()),
    ];
    let field = super::photos::png(&super::photos::field(3_000, 400));
    let (kind, form) = crate::pages::parts(&[("photo", "a.png", &field)]);
    let picture = post("/inspect", &kind, &form);
    std::thread::scope(|scope| {
        let attackers: Vec<_> = bodies
            .iter()
            .chain([&picture; 4])
            .map(|sent| scope.spawn(|| status(&exchange(service.address, sent))))
            .collect();
        for _ in 0..5 {
            assert_eq!(service.get("/healthz"), 200);
            assert_eq!(service.get(&scan), 200);
        }
        one_more_lot(&bench, "M2");
        assert_eq!(service.get("/lot/coop/M2"), 200);
        for attacker in attackers {
            let answered = attacker.join().unwrap();
            // A body refused early may lose its answer with its connection.
            assert!([0, 413, 422, 503].contains(&answered), "{answered}");
        }
    });
    let after = service.megabytes();
    assert!(after < before + 150, "{before} MB before, {after} MB after");
    // Whatever is open: half a header, half a body, a body nobody reads the answer to.
    let mut half_body = connect(service.address);
    half_body
        .write_all(b"POST /api/v1/verify HTTP/1.1\r\nhost: x\r\ncontent-length: 90000\r\n\r\n{")
        .unwrap();
    let took = service.stop();
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop((held, half_body));
}
