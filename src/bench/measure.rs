//! The measurements, in the order a ledger lives: filled, read, verified, audited, started again.

use std::path::Path;
use std::time::{Duration, Instant};

use super::client::{Connection, load};
use super::report::Figure;
use super::world::World;
use crate::label::{Level, Symbol, X_DIMENSION_UM};
use crate::ledger::{Ledger, OpenOptions, label_of, now, pack_file, trust_file};
use crate::register::Register;
use crate::statement::Catalog;
use crate::verify::{Evidence, Pack, Policy, Replayer, Trust, verify};
use crate::web::{App, Settings, serve};

/// How much to measure.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Lots and certificates submitted in bulk, each.
    pub statements: usize,
    /// Requests of each read.
    pub reads: usize,
}

/// Longest time one measurement may take.
const LIMIT: Duration = Duration::from_secs(30);
/// Lines of one bulk request.
const BULK_LINES: usize = 500;

/// Runs all measurements in `folder`, which must be empty.
///
/// # Errors
/// What keeps the ledger or its service from running.
pub fn run(folder: &Path, options: Options) -> anyhow::Result<Vec<Figure>> {
    let world = World::found(folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?.to_string();
    let app = App::new(world.ledger.clone(), Settings { public_url: format!("http://{address}") });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = runtime.spawn(serve(app, listener, async move {
        let _ = stopped.await;
    }));
    let mut figures = writes(&world, &address, options)?;
    figures.extend(reads(&world, &address, options)?);
    figures.extend(in_process(&world, options)?);
    let _ = stop.send(());
    runtime.block_on(server)??;
    figures.extend(starts(world, options)?);
    Ok(figures)
}

fn more(what: &'static str, value: f64, budget: f64, bound_by: &'static str) -> Figure {
    Figure { what, value, unit: "/s", budget: Some(budget), less_is_better: false, bound_by }
}

fn less(
    what: &'static str,
    value: f64,
    unit: &'static str,
    budget: Option<f64>,
    bound_by: &'static str,
) -> Figure {
    Figure { what, value, unit, budget, less_is_better: true, bound_by }
}

fn post(kind: &str) -> String {
    format!("POST /api/v1/statements HTTP/1.1\r\ncontent-type: {kind}\r\n")
}

fn get(path: &str, accept: &str) -> String {
    format!("GET {path} HTTP/1.1\r\naccept: {accept}\r\n")
}

fn writes(world: &World, address: &str, options: Options) -> anyhow::Result<Vec<Figure>> {
    let n = options.statements;
    let bulk = |bodies: &[Vec<u8>]| -> anyhow::Result<f64> {
        let parts: Vec<Vec<u8>> = bodies.chunks(BULK_LINES).map(|part| part.join(&b'\n')).collect();
        let head = post("application/x-ndjson");
        let request = |at: usize| (head.clone(), parts.get(at).cloned().unwrap_or_default());
        let started = Instant::now();
        load(address, 4, parts.len(), LIMIT, &request)?;
        Ok(bodies.len() as f64 / started.elapsed().as_secs_f64())
    };
    let lots: Vec<Vec<u8>> = (0..n).map(|which| world.lot(which)).collect();
    let lots_rate = bulk(&lots)?;
    let certificates: Vec<Vec<u8>> = (0..n).map(|which| world.certificate(which)).collect();
    let certificates_rate = bulk(&certificates)?;
    let single: Vec<Vec<u8>> = (n..n + n / 2).map(|which| world.lot(which)).collect();
    let head = post("application/vc");
    let request = |at: usize| (head.clone(), single.get(at).cloned().unwrap_or_default());
    let single_rate = load(address, 64, single.len(), LIMIT, &request)?;
    let (p50, p99) = latency(world, address, 2 * n, (n / 20).clamp(50, 1_000))?;
    let cpu = "two cores shared with the client: signatures, then parsing, then the store";
    Ok(vec![
        more("lots of 1.5 kB in bulk, durable", lots_rate, 12_000.0, cpu),
        more("certificates of 3 kB in bulk, durable", certificates_rate, 8_000.0, cpu),
        more(
            "lots one a request, 64 connections",
            single_rate,
            5_000.0,
            "sync of the disk, sockets",
        ),
        less("one submit, one client, p50", p50, "ms", Some(1.0), "one sync of a growing file"),
        less("one submit, one client, p99", p99, "ms", Some(5.0), "one sync of a growing file"),
    ])
}

fn latency(world: &World, address: &str, from: usize, count: usize) -> anyhow::Result<(f64, f64)> {
    let mut connection = Connection::open(address)?;
    let head = post("application/vc");
    let mut times = Vec::with_capacity(count);
    for which in from..from + count {
        let body = world.lot(which);
        let started = Instant::now();
        connection.ask(&head, &body)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    Ok((at(50), at(99)))
}

fn reads(world: &World, address: &str, options: Options) -> anyhow::Result<Vec<Figure>> {
    let lots = options.statements.min(1_000);
    let mut paths = Vec::with_capacity(lots);
    for which in 0..lots {
        let label = label_of(&world.ledger, &world.lot_text(which).parse()?, None, now())?.url();
        paths.push(label.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default());
    }
    let path = |at: usize| paths.get(at % paths.len().max(1)).cloned().unwrap_or_default();
    let rate = |request: &(dyn Fn(usize) -> (String, Vec<u8>) + Sync)| {
        load(address, 16, options.reads, LIMIT, request)
    };
    let json = rate(&|at| (get(&path(at), "application/json"), Vec::new()))?;
    let page = rate(&|at| (get(&path(at), "text/html"), Vec::new()))?;
    let proof = rate(&|at| {
        let index = 20 + at % options.statements;
        (get(&format!("/api/v1/statements/{index}/proof"), "*/*"), Vec::new())
    })?;
    let sockets = "sockets and the client on the same two cores";
    Ok(vec![
        more("scan of 1,000 labels as JSON", json, 80_000.0, sockets),
        more("scan of 1,000 labels as a page", page, 40_000.0, sockets),
        more("inclusion proof file", proof, 60_000.0, sockets),
    ])
}

fn in_process(world: &World, options: Options) -> anyhow::Result<Vec<Figure>> {
    let now = now();
    let trust = Trust::open(&trust_file(&world.ledger, now)?, None)?;
    let pack = Pack::open(&pack_file(&world.ledger, now)?, &trust)?;
    let label = label_of(&world.ledger, &world.lot_text(7).parse()?, None, now)?.url();
    let rounds = 2_000;
    let started = Instant::now();
    for _ in 0..rounds {
        let report = verify(Evidence::Code(&label), &trust, Some(&pack), now, Policy::Shop);
        anyhow::ensure!(report.exit_code == 0, "the label does not pass");
    }
    let verdict_us = started.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
    let started = Instant::now();
    let symbols = 300;
    for _ in 0..symbols {
        let svg = Symbol::new(&label, Level::Medium)?.svg(X_DIMENSION_UM, &[]);
        anyhow::ensure!(svg.starts_with("<svg"), "no drawing");
    }
    let svg_rate = f64::from(symbols) / started.elapsed().as_secs_f64();
    let entries = world.ledger.view().size.min(options.statements as u64 * 2);
    let register = &world.ledger.view().register;
    let empty = Register::new(register.domain().clone(), *register.root(), Catalog::builtin()?);
    let mut replayer = Replayer::new(empty);
    let leaves: Vec<Vec<u8>> =
        (0..entries).map(|index| world.ledger.entry(index)).collect::<Result<_, _>>()?;
    let started = Instant::now();
    for leaf in &leaves {
        replayer.take_bytes(leaf)?;
    }
    let audit_rate = leaves.len() as f64 / started.elapsed().as_secs_f64();
    let raw: usize = leaves.iter().map(Vec::len).sum();
    let per_entry = raw as f64 / leaves.len().max(1) as f64;
    let all = per_entry * world.ledger.view().size as f64;
    let disk = world.ledger.disk_bytes() as f64 / all.max(1.0);
    Ok(vec![
        less(
            "offline verdict of one code, in process",
            verdict_us,
            "us",
            Some(200.0),
            "one signature",
        ),
        more("audit on one core (two share the work)", audit_rate, 20_000.0, "strict signatures"),
        more("labels as SVG", svg_rate, 1_000.0, "the QR encoder, one core"),
        less("disk against entry bytes", disk, "x", Some(2.0), "rewriting of pages"),
    ])
}

fn starts(world: World, options: Options) -> anyhow::Result<Vec<Figure>> {
    let home = world.home.clone();
    let size = world.ledger.view().size;
    drop(world);
    // The writer lets the store go when its last handle is gone.
    std::thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    let ledger = Ledger::open(&home, &OpenOptions::default())?;
    let open_s = started.elapsed().as_secs_f64();
    anyhow::ensure!(ledger.view().size == size, "entries are missing after a start");
    let million = open_s * 1e6 / size.max(1) as f64;
    let _ = options;
    Ok(vec![
        less(
            "start, scaled to 10^6 entries",
            million,
            "s",
            Some(1.0),
            "parsing and folding every entry",
        ),
        less(
            "memory of service and client together",
            memory_mb(),
            "MB",
            None,
            "statements kept by the client",
        ),
    ])
}

/// Resident memory of this process, MB.
fn memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default();
    kb / 1e3
}
