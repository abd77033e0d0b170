//! Measures what is read: scans, proofs, verdicts without network, replay, labels.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::limits::beside_checks;
use super::load::{Load, Until, per_second, request};
use super::process::wait_until_free;
use super::report::{Budget, Figure, Unit};
use super::scale::Scale;
use super::world::{World, on_all_cores};
use crate::audit::{Pins, audit};
use crate::catalog::Catalog;
use crate::client::Client;
use crate::label::{Level, Symbol, X_DIMENSION_UM};
use crate::ledger::{Home, Ledger, label_of, pack_file, trust_file};
use crate::os::now;
use crate::pack::Pack;
use crate::register::{Register, Replayer};
use crate::source::{LogSource, StoreSource, UrlSource};
use crate::trust::Trust;
use crate::verify::{Evidence, Indication, Policy, verify};

/// Connections of the reading load.
const CONNECTIONS: usize = 16;
/// Requests a connection sends ahead, so that the client's own work weighs less.
const DEPTH: usize = 16;
/// Labels and proofs asked for again and again.
pub const DIFFERENT: u64 = 256;
/// Connections that scan different labels, one answer awaited at a time.
const DIFFERENT_CONNECTIONS: usize = 64;

const PAGE: &str = "accept: text/html\r\naccept-language: ar\r\n";

/// Measures what is read over HTTP of a log of `size` entries, each kind for so long.
///
/// # Errors
/// A service that failed.
pub fn over_http(
    address: SocketAddr,
    texts: &[String],
    size: u64,
    milliseconds: u64,
) -> anyhow::Result<Vec<Figure>> {
    let json = asked(texts, "accept: application/json\r\n");
    let page = asked(texts, PAGE);
    let zipped = asked(texts, &format!("{PAGE}accept-encoding: gzip\r\n"));
    let proofs: Vec<_> = (0..DIFFERENT)
        .map(|place| place.saturating_mul(size) / DIFFERENT)
        .map(|index| request("GET", &format!("/api/v1/statements/{index}/proof"), "", b""))
        .collect();
    let rows = [
        ("scan as JSON", json, Some(80_000), "kept for a second; HTTP"),
        ("scan page", page, Some(40_000), "kept for a second; 30 kB through the loopback"),
        ("scan page, gzip", zipped, None, "kept for a second; HTTP"),
        ("inclusion proof", proofs, Some(60_000), "HTTP; some 15 hashes to base64"),
    ];
    let until = Until::Elapsed(Duration::from_millis(milliseconds));
    let load = Load { address, connections: CONNECTIONS, depth: DEPTH, until };
    let mut figures = Vec::new();
    for (what, requests, budget, bound) in rows {
        let loaded = load.run(&requests)?;
        let what = format!("{what}, {CONNECTIONS} connections x {DEPTH} ahead");
        let figure = Figure::new(what, loaded.per_second(1), Unit::PerSecond, bound);
        figures.push(match budget {
            Some(least) => figure.against(Budget::AtLeast(least)),
            None => figure,
        });
    }
    Ok(figures)
}

/// Scans each label once, as a whole page: nothing of it is kept from another scan.
///
/// # Errors
/// A service that failed.
pub fn different(address: SocketAddr, texts: &[String]) -> anyhow::Result<Figure> {
    let (connections, depth, until) = (DIFFERENT_CONNECTIONS, 1, Until::AllSent);
    let (requests, load) = (asked(texts, PAGE), Load { address, connections, depth, until });
    let (loaded, limit) = beside_checks(|| load.run(&requests))?;
    let count = texts.len();
    let what = format!("scan page, {count} different labels, {connections} connections");
    let bound = "one Ed25519 check and a page of 30 kB each; the limit is the checks alone";
    let figure = Figure::new(what, loaded.per_second(1), Unit::PerSecond, bound);
    Ok(figure.against(Budget::AtLeast(20_000)).beside(limit))
}

fn asked(texts: &[String], headers: &str) -> Vec<Vec<u8>> {
    let path = |text: &String| format!("/{}", text.splitn(4, '/').nth(3).unwrap_or_default());
    texts.iter().map(|text| request("GET", &path(text), headers, b"")).collect()
}

/// The texts of labels of `count` lots, spread over the first `certified`: all of those if they are
/// fewer.
///
/// # Errors
/// A lot without certificate.
pub fn label_texts(
    ledger: &Ledger,
    world: &World,
    certified: u64,
    count: u64,
) -> anyhow::Result<Vec<String>> {
    let count = count.min(certified);
    on_all_cores(0..count, |place| {
        let number = place.saturating_mul(certified) / count;
        Ok(label_of(ledger, &world.lot(number)?, None, now())?.url())
    })
}

/// Offline verdict: trust snapshot and pack in memory, no service asked. One core.
///
/// # Errors
/// Files that cannot be made or believed; a verdict that is not good.
pub fn offline(ledger: &Ledger, texts: &[String], scale: &Scale) -> anyhow::Result<Vec<Figure>> {
    let (trust, pack) = (trust_file(ledger, now())?, pack_file(ledger, now())?.bytes);
    let lots = ledger.view().register.lot_count();
    let start = Instant::now();
    let trust = Trust::open(&trust, None)?;
    let opened = Pack::open(pack.clone(), &trust)?;
    let opening = start.elapsed();
    let count = scale.parts;
    let start = Instant::now();
    for text in texts.iter().cycle().take(count) {
        let report = verify(Evidence::Code(text), &trust, Some(&opened), now(), Policy::Shop);
        let indication = report.authenticity.indication;
        ensure!(indication == Indication::TotalPassed, "an offline verdict was {indication:?}");
    }
    let each = start.elapsed() / u32::try_from(count)?;
    let verdict = Figure::time("offline verdict of one QR, in process", each, "one Ed25519 check");
    Ok(vec![
        verdict.against(Budget::Below(200)),
        Figure::time(
            format!("opening trust and pack of {lots} lots, {} kB", pack.len() / 1_000),
            opening,
            "two signatures; blocks are read when asked for",
        ),
    ])
}

/// Replay of the whole log, trusting nothing: leaves, chain, strict form, signatures, rules.
///
/// # Errors
/// The first fault.
pub fn replay(ledger: &Ledger) -> anyhow::Result<(Vec<Figure>, u64)> {
    let view = ledger.view();
    let config = ledger.config();
    let register = Register::new(config.domain()?, config.root_key()?, Catalog::builtin()?);
    let mut replayer = Replayer::new(register);
    let (mut bytes, mut took) = (0_u64, Duration::ZERO);
    for index in 0..view.size {
        let entry = ledger.entry(index)?;
        bytes = bytes.saturating_add(u64::try_from(entry.len())?);
        let start = Instant::now();
        replayer.take_bytes(&entry)?;
        took = took.saturating_add(start.elapsed());
    }
    let rate = per_second(view.size, took);
    let bound = "Ed25519, then parsing";
    Ok((vec![Figure::new("audit replay, one core", rate, Unit::PerSecond, bound)], bytes))
}

/// A whole audit that found no fault.
#[derive(Clone, Copy, Debug)]
pub struct Audited {
    /// Entries a second.
    pub entries: u64,
    /// Signatures checked a second: of entries and of their vc+jwt.
    pub signatures: u64,
}

impl Audited {
    /// The audit of a stopped ledger's folder, on all cores.
    ///
    /// # Errors
    /// A store that cannot be read, or the first fault.
    pub fn of_folder(home: &Home) -> anyhow::Result<Self> {
        wait_until_free(home)?;
        Self::of(&StoreSource::open(home)?, home)
    }

    /// The audit of the ledger's service: both on the same cores.
    ///
    /// # Errors
    /// A service that cannot be read, or the first fault.
    pub fn over_http(home: &Home, address: SocketAddr) -> anyhow::Result<Self> {
        Self::of(&UrlSource::new(Client::new(&format!("http://{address}"))?), home)
    }

    fn of(source: &dyn LogSource, home: &Home) -> anyhow::Result<Self> {
        let pins = Pins::of(&home.config()?)?;
        let start = Instant::now();
        let report = audit(source, &pins, &mut |_, _| ())?;
        let took = start.elapsed();
        ensure!(report.fault.is_none(), "the audit found {:?}", report.fault);
        let signatures = report.entries.saturating_add(report.sidecars);
        let (entries, signatures) =
            (per_second(report.entries, took), per_second(signatures, took));
        Ok(Self { entries, signatures })
    }

    /// Its entries a second, against the budget.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let bound = "Ed25519 and parsing on all cores, folding on one";
        let what = "audit of everything, all cores";
        let figure = Figure::new(what, self.entries, Unit::PerSecond, bound);
        figure.against(Budget::AtLeast(40_000))
    }
}

/// Labels signed and drawn as SVG. One core.
///
/// # Errors
/// A label that cannot be made.
pub fn labels(ledger: &Ledger, world: &World, scale: &Scale) -> anyhow::Result<Vec<Figure>> {
    let key = world.lot(0)?;
    let start = Instant::now();
    let mut bytes = 0_usize;
    for _ in 0..scale.parts {
        let label = label_of(ledger, &key, None, now())?;
        let symbol = Symbol::new(&label.url(), Level::Medium)?;
        bytes = bytes.saturating_add(symbol.svg(X_DIMENSION_UM, &label.human_lines()).len());
    }
    let took = start.elapsed();
    bytes.checked_div(scale.parts).filter(|each| *each > 1_000).context("labels came out empty")?;
    let rate = per_second(u64::try_from(scale.parts)?, took);
    let bound = "choosing the QR code's mask, one core";
    let figure =
        Figure::new("labels signed and drawn as SVG, one core", rate, Unit::PerSecond, bound);
    Ok(vec![figure.against(Budget::AtLeast(1_000))])
}
