//! Labels as the command line has them, from a service page by page, or from a ledger opened here.
//! Not here: pictures of them (`label`).

use serde::{Deserialize, Serialize};

use super::source::query_value;
use crate::client::Client;
use crate::ledger::{Ledger, now, open_label};

/// Labels (the form of `/api/v1/labels`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelRows {
    /// The labels.
    pub labels: Vec<LabelRow>,
    /// Certified lots that have none now.
    #[serde(default)]
    pub left_out: usize,
    /// Log index of the label issue that serials are of.
    pub entry: Option<u64>,
    /// Cursor of the next page.
    #[serde(default)]
    pub next: Option<String>,
}

/// One label (the form of `/api/v1/labels`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LabelRow {
    /// `GTIN/LOT` or `party/LOT`.
    pub lot: String,
    /// What the QR code says.
    pub text: String,
    /// The unit's serial, if it has one.
    pub serial: Option<String>,
}

/// A label of every lot that may be labelled, of a ledger that is opened here.
///
/// # Errors
/// The ledger's.
pub fn local_labels(ledger: &Ledger) -> anyhow::Result<LabelRows> {
    let view = ledger.view();
    let mut rows = LabelRows::default();
    for lot in view.register.lots().filter(|lot| !lot.certificates.is_empty()) {
        match open_label(ledger, &lot.record.lot, now()) {
            Ok(label) => rows.labels.push(label_row(&label)),
            Err(error) if error.code() == "label_refused" => rows.left_out += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(rows)
}

/// All labels of a service, page by page.
///
/// # Errors
/// The client's.
pub fn all_labels(client: &Client) -> anyhow::Result<LabelRows> {
    let mut rows: LabelRows = client.get_json("/api/v1/labels")?;
    while let Some(after) = rows.next.take() {
        let path = format!("/api/v1/labels?after={}", query_value(&after));
        let mut page: LabelRows = client.get_json(&path)?;
        rows.labels.append(&mut page.labels);
        rows.left_out += page.left_out;
        rows.next = page.next;
    }
    Ok(rows)
}

/// A label as a row.
pub fn label_row(label: &crate::label::Label) -> LabelRow {
    LabelRow {
        lot: label.key.to_string(),
        text: label.url(),
        serial: label.serial.as_ref().map(|serial| serial.as_str().to_owned()),
    }
}
