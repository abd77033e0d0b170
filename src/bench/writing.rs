//! Measures statements coming in over HTTP: in bulk, one a request, one client alone.

use std::net::SocketAddr;

use super::load::{Load, LoadResult, Until, get, per_second, request};
use super::process::metric;
use super::report::{Budget, Figure, Unit};
use super::scale::Scale;
use super::world::World;

/// Statements in a bulk request.
const BULK_LINES: usize = 500;
/// Connections of the bulk load: enough that one is verified while another is written.
const BULK_CONNECTIONS: usize = 4;
/// Connections of the load with one statement a request.
const SINGLE_CONNECTIONS: usize = 64;

const JSON: &str = "content-type: application/json\r\n";
const NDJSON: &str = "content-type: application/x-ndjson\r\n";
/// What a service counts as refused, by code.
const REFUSED: &str = "tasdiq_statements_total{outcome=\"refused\"";
/// What it counts as accepted.
const ACCEPTED: &str = "tasdiq_statements_total{outcome=\"accepted\"}";
const PATH: &str = "/api/v1/statements";

/// Measures all ways in. Afterwards lots 0.. are declared and lots 0..`scale.certificates`
/// certified.
///
/// # Errors
/// A statement that was refused, or a service that failed.
pub fn measure(address: SocketAddr, world: &World, scale: &Scale) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let lots = world.declarations(0..scale.lots)?;
    let loaded = bulk(address, &lots)?;
    let rate = rate_of(&loaded, lots.len());
    figures.push(
        Figure::new(
            format!("bulk: lots of {} B, {BULK_LINES} a request", mean(&lots)),
            rate,
            Unit::PerSecond,
            "two cores shared with the client: parsing, Ed25519, the one writer, sled",
        )
        .against(Budget::AtLeast(12_000)),
    );
    drop(lots);
    let certificates = world.certificates(0..scale.certificates)?;
    let loaded = bulk(address, &certificates)?;
    figures.push(
        Figure::new(
            format!("bulk: certificates of {} B, {BULK_LINES} a request", mean(&certificates)),
            rate_of(&loaded, certificates.len()),
            Unit::PerSecond,
            "the same; more bytes to parse and to write",
        )
        .against(Budget::AtLeast(8_000)),
    );
    drop(certificates);
    let singles_end = scale.lots.saturating_add(scale.singles);
    let singles = world.declarations(scale.lots..singles_end)?;
    let loaded = one_each(address, &singles, SINGLE_CONNECTIONS)?;
    figures.push(
        Figure::new(
            format!("one a request, {SINGLE_CONNECTIONS} connections"),
            loaded.per_second(1),
            Unit::PerSecond,
            "batches of at most 64, each with its own sync; thread switches",
        )
        .against(Budget::AtLeast(5_000)),
    );
    drop(singles);
    let alone = world.declarations(singles_end..singles_end.saturating_add(scale.alone))?;
    figures.extend(one_client(address, &alone)?);
    Ok(figures)
}

/// One client alone: its median, then its slow answers.
///
/// # Errors
/// As [`measure`].
pub fn one_client(address: SocketAddr, statements: &[Vec<u8>]) -> anyhow::Result<[Figure; 2]> {
    let loaded = one_each(address, statements, 1)?;
    let bound = "sync of the disk, two thread switches";
    let time = |what: &str, percent, most| {
        Figure::time(what, loaded.percentile(percent), bound).against(Budget::Below(most))
    };
    Ok([time("one client, p50", 50, 1_000), time("one client, p99", 99, 5_000)])
}

/// Sends statements in bulk.
///
/// # Errors
/// As [`measure`].
pub fn bulk(address: SocketAddr, statements: &[Vec<u8>]) -> anyhow::Result<LoadResult> {
    let chunks = statements.chunks(BULK_LINES);
    let requests: Vec<_> =
        chunks.map(|lines| request("POST", PATH, NDJSON, &lines.join(&b'\n'))).collect();
    send(address, &requests, BULK_CONNECTIONS, statements.len())
}

fn one_each(
    address: SocketAddr,
    statements: &[Vec<u8>],
    connections: usize,
) -> anyhow::Result<LoadResult> {
    let requests: Vec<_> =
        statements.iter().map(|body| request("POST", PATH, JSON, body)).collect();
    send(address, &requests, connections, statements.len())
}

/// Sends each request once; all statements must come to be in the log.
fn send(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    statements: usize,
) -> anyhow::Result<LoadResult> {
    let before = metric(address, ACCEPTED)?;
    let load = Load { address, connections, depth: 1, until: Until::AllSent };
    let loaded = load.run(requests)?;
    let accepted = metric(address, ACCEPTED)?.saturating_sub(before);
    anyhow::ensure!(
        usize::try_from(accepted)? == statements,
        "of {statements} statements {accepted} were accepted; {}",
        refused(address)?
    );
    Ok(loaded)
}

/// What a service counts of statements that it did not take.
fn refused(address: SocketAddr) -> anyhow::Result<String> {
    let metrics = get(address, "/metrics")?;
    let metrics = String::from_utf8_lossy(&metrics);
    let counted = metrics.lines().filter(|line| line.starts_with(REFUSED));
    Ok(counted.collect::<Vec<_>>().join(", "))
}

/// Statements a second, whatever the number of requests they came in.
#[must_use]
pub fn rate_of(loaded: &LoadResult, statements: usize) -> u64 {
    per_second(u64::try_from(statements).unwrap_or(u64::MAX), loaded.took)
}

/// Bytes of a statement.
#[must_use]
pub fn mean(statements: &[Vec<u8>]) -> usize {
    let bytes: usize = statements.iter().map(Vec::len).sum();
    bytes / statements.len().max(1)
}
