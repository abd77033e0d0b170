//! Example codes, one for each status a scan can meet, found in the register; and the files for a
//! first try: codes to verify, lots to certify.

use std::cmp::Reverse;
use std::path::Path;

use super::cast::edition;
use super::plan::LotPlan;
use super::story::lot_key;
use crate::ledger::{Ledger, label_of, write_file};
use crate::register::{Certificate, CertificateStatus, Lot, LotStatus, Register};
use crate::seal::KeyStanding;
use crate::statement::{Day, Timestamp};

/// One lot to show a status with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// `valid`, `suspended`, `withdrawn`, `expired`, `not-yet-valid`, `held`, `recalled`,
    /// or `suspect` (logged while the certifier's key was in foreign hands).
    pub status: &'static str,
    /// `GTIN/LOT` or `party/LOT`.
    pub lot: String,
    /// What the QR code on its label says.
    pub url: String,
}

/// The statuses in the order they are shown.
const STATUSES: [&str; 8] =
    ["valid", "suspended", "withdrawn", "recalled", "held", "expired", "not-yet-valid", "suspect"];

/// One lot per status that occurs in the ledger, valid ones first.
#[must_use]
pub fn examples(ledger: &Ledger, now: Timestamp) -> Vec<Example> {
    let view = ledger.view();
    let register = &view.register;
    let find = |status: &'static str| {
        let mut having =
            register.lots().filter(|lot| status_of(register, lot, now) == Some(status)).take(1_000);
        let lot = if status == "valid" {
            // The first of the richest: it shows most.
            having.min_by_key(|lot| Reverse(lot.certificates.len()))?
        } else {
            having.next()?
        };
        let key = &lot.declaration.lot;
        let label = label_of(ledger, key, None, now).ok()?;
        Some(Example { status, lot: key.to_string(), url: label.url() })
    };
    STATUSES.into_iter().filter_map(find).collect()
}

/// The status word a scan of the lot leads with; None without certificate.
fn status_of(register: &Register, lot: &Lot, now: Timestamp) -> Option<&'static str> {
    match lot.status(now) {
        LotStatus::Released => {}
        other => return Some(other.word()),
    }
    let serials = lot.certificates.iter();
    let certificates: Vec<&Certificate> =
        serials.filter_map(|serial| register.certificate(*serial)).map(AsRef::as_ref).collect();
    let issuer = |certificate: &Certificate| register.party(&certificate.issuer).cloned();
    let suspect = |c: &&Certificate| c.key_standing(issuer(c).as_deref()) == KeyStanding::Suspect;
    if certificates.iter().any(suspect) {
        return Some("suspect");
    }
    let status = |c: &Certificate| c.status(issuer(c).as_deref(), now);
    let worst = certificates.iter().map(|c| status(c)).find(|s| *s != CertificateStatus::Valid);
    worst.or_else(|| certificates.last().map(|c| status(c))).map(CertificateStatus::word)
}

/// Writes `examples/codes.csv` and `examples/certificates.csv`.
pub(super) fn write_files(
    folder: &Path,
    ledger: &Ledger,
    lots: &[LotPlan],
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut codes = csv::Writer::from_writer(Vec::new());
    codes.write_record(["status", "lot", "code"])?;
    for example in examples(ledger, now) {
        codes.write_record([example.status, &example.lot, &example.url])?;
    }
    let folder = folder.join("examples");
    write_file(&folder.join("certificates.csv"), &to_certify(lots, now.day())?, 0o644)?;
    write_file(&folder.join("codes.csv"), &codes.into_inner()?, 0o644)?;
    Ok(())
}

/// The lots without certificate as rows for `tasdiq issue`.
fn to_certify(lots: &[LotPlan], today: Day) -> anyhow::Result<Vec<u8>> {
    const SCHEME: &str = "terroir-du-maroc";
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record([
        "lot",
        "scheme",
        "edition",
        "quantity",
        "decision_date",
        "valid_from",
        "valid_until",
    ])?;
    let until = Day::from_days(today.days() + 180).to_string();
    let today = today.to_string();
    for lot in lots.iter().filter(|lot| lot.for_trying) {
        let key = lot_key(lot);
        let quantity = lot.request.quantity.to_string();
        rows.write_record([&key, SCHEME, edition(SCHEME), &quantity, &today, &today, &until])?;
    }
    Ok(rows.into_inner()?)
}
