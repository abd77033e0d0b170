//! Labels as the command line has them, page by page. Not here: pictures of them (`label`).

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::os::percent;

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

/// All labels of a service, page by page.
///
/// # Errors
/// The client's.
pub fn all_labels(client: &Client) -> anyhow::Result<LabelRows> {
    let mut rows: LabelRows = client.get_json("/api/v1/labels")?;
    while let Some(after) = rows.next.take() {
        let path = format!("/api/v1/labels?after={}", percent::value(&after));
        let mut page: LabelRows = client.get_json(&path)?;
        rows.labels.append(&mut page.labels);
        rows.left_out += page.left_out;
        rows.next = page.next;
    }
    Ok(rows)
}
