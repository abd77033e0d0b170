//! Limits of what is printed, and of papers that are read back.

/// Labels printed in one request: 95 sheets of 21. Their symbols take 0.6 ms each.
pub const PRINTED_LABELS_MAX: usize = 2_000;

/// Largest request for labels that are printed, in bytes: 2,000 lots and serials of 90 bytes.
pub const PRINT_REQUEST_BYTES_MAX: usize = 400_000;

/// Largest file of labels made, in bytes: 2,000 labels of 38 by 21 mm for a printer of 300 dots an
/// inch, two digits a byte.
pub const PRINTED_BYTES_MAX: usize = 64_000_000;

/// Pages of a PDF looked at: a certificate has two or three.
pub const PDF_PAGES_MAX: usize = 8;

/// Pixels of a page: A4 at 300 dots an inch, 35 MB in colours.
pub const PDF_PAGE_PIXELS_MAX: f32 = 9_000_000.0;

/// Files attached to a PDF.
pub const PDF_ATTACHED_MAX: usize = 4;

/// Levels of a PDF's tree of names.
pub const PDF_TREE_DEPTH_MAX: usize = 8;

/// Largest answer read of a process that reads PDFs, in bytes: two dossiers, their quotes escaped.
pub const PDF_ANSWER_BYTES_MAX: u64 = 12_000_000;
