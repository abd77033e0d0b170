//! Rows of a page that certificates of lots and of operators share: what became of one, and where
//! the log has it. Not here: what either says (`certificate`, `operator`).

use super::scan_facts::PageRow;
use super::told::party_name;
use super::words::Words;
use crate::log::Hash;
use crate::register::{Register, StatusEvent};
use crate::seal::LogPosition;

/// A change of its status.
pub(super) fn event_rows(w: Words, register: &Register, event: &StatusEvent) -> Vec<PageRow> {
    let by = party_name(w, register, &event.by);
    vec![
        PageRow::text(w.t("column-change"), w.spelled("action", event.action)),
        PageRow::text(w.t("column-date"), w.instant(event.effective_from)),
        PageRow::text(w.t("column-reason"), w.spelled("reason", event.reason)),
        PageRow::text(w.t("column-by"), by),
        PageRow::code(w.t("column-entry"), event.mark.index.to_string()),
    ]
}

/// Where the log has a certificate, and what signed it.
pub(super) fn proof_rows(
    w: Words,
    serial: u64,
    mark: LogPosition,
    method: &str,
    digest: &Hash,
) -> Vec<PageRow> {
    vec![
        PageRow::code(w.t("certificate-serial"), serial.to_string()),
        PageRow::code(w.t("column-entry"), mark.index.to_string()),
        PageRow::text(w.t("certificate-logged-at"), w.instant(mark.logged_at)),
        PageRow::code(w.t("certificate-signed-with"), method),
        PageRow::code(w.t("certificate-digest"), digest.hex()),
    ]
}
