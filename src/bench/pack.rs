//! Measures the offline pack: a synthetic one of any number of lots with one real label, its size,
//! and the command that judges the label. Lots and certificates stand in unrelated orders, which
//! compresses worst; one certificate in a hundred is withdrawn.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::process::{memory_of, memory_peak_until_exit};
use super::report::{Budget, Figure, Unit};
use super::{BenchFolder, World};
use crate::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use crate::ledger::{Home, Ledger, intake, trust_file};
use crate::log::{Checkpoint, Hash, sign_note};
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Word};
use crate::os::now;
use crate::pack::{Pack, PackWriter, PackedLot, Sealing, seal_contents};
use crate::register::{CertificateRecord, GoodsRecord, LotRecord, Register, StatusEvent};
use crate::seal::{LogPosition, Signer};
use crate::statement::{Day, Reason, StatusAction, Timestamp};
use crate::trust::Trust;
use crate::verify::{Evidence, Policy, verify};

/// GTINs the lots are spread over, each of one cooperative.
const GTINS: u64 = 500;
/// Log index of the first synthetic certificate.
const FIRST_INDEX: u64 = 1_000;
/// Runs of the command; the figure is the median.
const RUNS: usize = 21;

/// Measures a pack of `lots` lots in a temporary folder.
///
/// # Errors
/// A verdict that is not good; files that cannot be written.
pub fn measure(lots: u64, parent: &Path) -> anyhow::Result<Vec<Figure>> {
    let folder = BenchFolder::make(parent)?;
    let synthetic = Synthetic::make(lots, &folder.path().join("ledger"))?;
    let start = Instant::now();
    let (file, label) = synthetic.pack()?;
    let making = start.elapsed();
    let (trust, pack) = (folder.path().join("trust.json"), folder.path().join("daily.pack"));
    std::fs::write(&trust, &synthetic.trust)?;
    std::fs::write(&pack, &file)?;
    let size = u64::try_from(file.len())?;
    let mut figures = vec![
        Figure::new(format!("pack of {lots} lots"), size, Unit::Bytes, "32 bytes of digest a lot"),
        Figure::new("  for each lot", size / lots.max(1), Unit::Bytes, "digest, lot number, index")
            .against(Budget::Below(80)),
        Figure::time("  made in", making, "hashing words, deflate, one core"),
    ];
    figures.extend(in_process(&synthetic, &file, &label)?);
    drop(file);
    let run = || command(&trust, &pack, &label, folder.path());
    let mut took = (0..RUNS).map(|_| timed(run()?)).collect::<anyhow::Result<Vec<_>>>()?;
    took.sort_unstable();
    let middle = took.get(RUNS / 2).copied().unwrap_or_default();
    let worst = took.last().copied().unwrap_or_default();
    // One run can end between two looks at it: the largest of all counts.
    let peaks = (0..RUNS).map(|_| memory_peak_until_exit(run()?.spawn()?));
    let peak = peaks.collect::<anyhow::Result<Vec<_>>>()?.into_iter().max().unwrap_or_default();
    let bound = "starting a process, reading trust and directory";
    figures.extend([
        Figure::time(format!("verify by command, median of {RUNS}"), middle, bound)
            .against(Budget::Below(50_000)),
        Figure::time("  the slowest of them", worst, bound),
        Figure::new("  resident memory at its peak", peak, Unit::Bytes, "the program itself")
            .against(Budget::Below(64_000_000)),
    ]);
    Ok(figures)
}

/// Opening and the first verdict, then verdicts with blocks at hand.
fn in_process(synthetic: &Synthetic, file: &[u8], label: &str) -> anyhow::Result<Vec<Figure>> {
    let before = memory_of("self", "VmRSS");
    let start = Instant::now();
    let trust = Trust::open(&synthetic.trust, None)?;
    let pack = Pack::open(file, &trust)?;
    let opening = start.elapsed();
    let judge = || -> anyhow::Result<Duration> {
        let start = Instant::now();
        let report = verify(Evidence::Code(label), &trust, Some(&pack), now(), Policy::Shop);
        let took = start.elapsed();
        ensure!(report.exit_code == 0, "the verdict was {:?}", report.checks);
        Ok(took)
    };
    let first = judge()?;
    let again = judge()?;
    let grown = memory_of("self", "VmRSS").saturating_sub(before);
    let bound = "inflating and hashing three blocks";
    Ok(vec![
        Figure::time("  opening trust and pack", opening, "signatures, hash of the directory"),
        Figure::new("  memory that took", grown, Unit::Bytes, "the directory, some blocks"),
        Figure::time("  first verdict, in process", first, bound).against(Budget::Below(5_000)),
        Figure::time("  the same again", again, "one Ed25519 check").against(Budget::Below(200)),
    ])
}

fn command(trust: &Path, pack: &Path, label: &str, folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("where this program is")?);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    command.args(["verify", "--offline", "--trust"]).arg(trust).arg("--pack").arg(pack).arg(label);
    Ok(command)
}

fn timed(mut command: Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    ensure!(status.success(), "the command ended with {status}");
    Ok(took)
}

/// What a synthetic pack is made of: one real lot and certificate, varied.
struct Synthetic {
    lots: u64,
    /// Coprime to `lots`: place in the log of the lot at a place by key.
    stride: u64,
    ledger: Ledger,
    trust: Vec<u8>,
    gtins: Vec<Gtin>,
    lot: LotRecord,
    certificate: CertificateRecord,
    at: Timestamp,
}

impl Synthetic {
    fn make(lots: u64, folder: &Path) -> anyhow::Result<Self> {
        let (world, ledger) = World::found(&Home::at(folder))?;
        let at = now();
        for bytes in [world.declaration(0)?, world.certificate(0)?] {
            let statement = intake(&bytes, &ledger.view().register, at)?;
            let receipts = ledger.append_blocking(vec![statement]);
            receipts.into_iter().try_for_each(|receipt| receipt.map(drop))?;
        }
        let register: Register = ledger.view().register.clone();
        let lot = register.lots().next().context("the lot is not there")?;
        let certificate = register.certificate(0).context("the certificate is not there")?;
        let gtin = |number: u64| {
            let digit = |digit| Gtin::parse(&format!("9521{number:08}{digit}")).ok();
            (0..10).find_map(digit).context("no check digit fits")
        };
        Ok(Self {
            lots,
            stride: (lots / 3 * 2..).find(|n| *n > 0 && coprime(*n, lots)).unwrap_or(1),
            trust: trust_file(&ledger, at)?.to_vec(),
            gtins: (0..GTINS).map(gtin).collect::<anyhow::Result<_>>()?,
            lot: lot.record,
            certificate: certificate.record,
            ledger,
            at,
        })
    }

    /// The signed pack, and the label of the lot in the middle.
    fn pack(&self) -> anyhow::Result<(Vec<u8>, String)> {
        let fault = anyhow::Error::msg::<String>;
        let mut writer = PackWriter::default();
        for place in 0..self.lots {
            let certificates = vec![index_of(self.logged(place))];
            let record = self.lot(place)?;
            let goods = GoodsRecord::default();
            writer.lot(&PackedLot { record, certificates, goods }).map_err(fault)?;
        }
        // The place by key of each place in the log: steps of the stride's inverse.
        let inverse = inverse(self.stride, self.lots);
        let mut place = 0;
        for logged in 0..self.lots {
            writer.certificate(&self.certificate(logged, place)?).map_err(fault)?;
            place = (place + inverse) % self.lots.max(1);
        }
        let contents = writer.finish().map_err(fault)?;
        let domain = self.ledger.config().domain()?;
        let keys = self.ledger.keys()?;
        let view = self.ledger.view();
        let service = self.ledger.service_key(&view.register, self.at)?;
        let label = self.ledger.label_key(&view.register, self.at)?.key;
        let sequence = index_of(self.lots).saturating_add(1);
        let (origin, root) = (domain.origin(), Hash::sha256(b"synthetic"));
        let text = Checkpoint { origin, size: sequence, root }.to_text();
        let sign = |message: &[u8]| keys.log.sign_bytes(message);
        let sealing = Sealing {
            checkpoint: &sign_note(&text, self.ledger.log_key(), &sign),
            trust: &self.trust,
            now: self.at,
            method: service.method(),
            signer: service.key,
        };
        let file = seal_contents(&domain, sequence, &contents, &sealing)?;
        let middle = self.lots / 2;
        let header = Header {
            key_hint: key_hint(&label.public()),
            index: u32::try_from(index_of(self.logged(middle)))?,
            expiry_day: expiry_day_of(self.certificate.valid_until.day()),
            schemes: SchemeBits::GEOGRAPHICAL,
        };
        let sign = |message: &[u8]| label.sign(message);
        let label = Label::sign(domain.host(), self.lot(middle)?.lot, None, header, sign)?;
        Ok((file, label.url()))
    }

    /// The place in the log of the lot at a place by key.
    fn logged(&self, place: u64) -> u64 {
        let product = u128::from(place) * u128::from(self.stride) % u128::from(self.lots.max(1));
        u64::try_from(product).unwrap_or_default()
    }

    fn key(&self, place: u64) -> anyhow::Result<LotKey> {
        let share = self.lots.div_ceil(GTINS).max(1);
        let gtin = usize::try_from(place / share).ok().and_then(|at| self.gtins.get(at));
        let gtin = gtin.context("more lots than GTINs hold")?.clone();
        let number = place % share * 40 + mixed(place) % 40;
        Ok(LotKey::Gtin(gtin, LotNumber::parse(&format!("L{number:07}"))?))
    }

    fn lot(&self, place: u64) -> anyhow::Result<LotRecord> {
        let owner = place / self.lots.div_ceil(GTINS).max(1);
        Ok(LotRecord {
            lot: self.key(place)?,
            name: Word::new(&format!("{} {}", self.lot.name, owner % 40)),
            producer: PartySlug::parse(&format!("coop-fictive-{}", owner % 300))?,
            quantity: 1_000 * (mixed(place) % 2_000 + 1),
            packed_on: Day::from_days(self.lot.packed_on.days() - (mixed(place) % 20) as i64),
            ..self.lot.clone()
        })
    }

    fn certificate(&self, logged: u64, place: u64) -> anyhow::Result<CertificateRecord> {
        let index = index_of(logged);
        let days = (mixed(place) % 30) as i64 * 86_400;
        let at = self.certificate.mark.logged_at.plus_seconds((logged / 20) as i64);
        let mark = LogPosition { index, logged_at: at };
        let withdrawn = StatusEvent {
            action: StatusAction::Withdraw,
            reason: Reason::LabResult,
            effective_from: at,
            by: self.certificate.issuer.clone(),
            notice: std::collections::BTreeMap::new(),
            mark,
            ends: None,
            return_to: None,
            voided: None,
        };
        let is_withdrawn = place % 100 == 7 && place != self.lots / 2;
        Ok(CertificateRecord {
            mark: if place == self.lots / 2 {
                LogPosition { index, ..self.certificate.mark }
            } else {
                mark
            },
            serial: logged + 1,
            lot: self.key(place)?,
            quantity: 1_000 * (mixed(place) % 2_000 + 1),
            valid_from: self.certificate.valid_from.plus_seconds(-days),
            valid_until: self.certificate.valid_until.plus_seconds(-days),
            digest: Hash::sha256(&index.to_be_bytes()),
            events: is_withdrawn.then_some(withdrawn).into_iter().collect(),
            ..self.certificate.clone()
        })
    }
}

/// A lot and a certificate take two entries.
fn index_of(logged: u64) -> u64 {
    FIRST_INDEX + 2 * logged
}

/// Spreads bits (the finaliser of SplitMix64).
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn coprime(a: u64, b: u64) -> bool {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// The multiplicative inverse modulo `modulus` (extended Euclid); 0 where there is none.
fn inverse(value: u64, modulus: u64) -> u64 {
    let (mut old, mut new) = (i128::from(modulus), i128::from(value));
    let (mut before, mut after) = (0_i128, 1_i128);
    while new > 0 {
        let times = old / new;
        (old, new) = (new, old - times * new);
        (before, after) = (after, before - times * after);
    }
    u64::try_from(before.rem_euclid(i128::from(modulus.max(1)))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synthetic_pack_has_a_good_label() {
        let folder = tempfile::tempdir().unwrap();
        let synthetic = Synthetic::make(1_200, &folder.path().join("ledger")).unwrap();
        let (file, label) = synthetic.pack().unwrap();
        let trust = Trust::open(&synthetic.trust, None).unwrap();
        let pack = Pack::open(&file[..], &trust).unwrap();
        pack.check().unwrap();
        assert_eq!((pack.lots(), pack.certificates()), (1_200, 1_200));
        let report = verify(Evidence::Code(&label), &trust, Some(&pack), now(), Policy::Shop);
        assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    }

    #[test]
    fn inverses() {
        for (value, modulus) in [(3, 10), (7, 1_000_000), (666_667, 1_000_000), (1, 1)] {
            assert!(coprime(value, modulus));
            assert_eq!(inverse(value, modulus) * value % modulus, 1 % modulus);
        }
    }
}
