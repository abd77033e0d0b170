//! How much is measured. Not here: the measuring.

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Lots declared in bulk.
    pub lots: u64,
    /// Certificates in bulk; no more than lots.
    pub certificates: u64,
    /// Statements sent one a request.
    pub singles: u64,
    /// Statements sent by one client alone.
    pub alone: u64,
    /// How long each kind of reading is measured.
    pub read_milliseconds: u64,
    /// Verdicts and labels made in process.
    pub parts: usize,
    /// Lots in the synthetic offline pack.
    pub pack_lots: u64,
}

impl Scale {
    /// Some ten seconds.
    pub const QUICK: Self = Self {
        lots: 5_000,
        certificates: 2_500,
        singles: 2_500,
        alone: 300,
        read_milliseconds: 500,
        parts: 500,
        pack_lots: 100_000,
    };

    /// About a minute.
    pub const FULL: Self = Self {
        lots: 60_000,
        certificates: 30_000,
        singles: 20_000,
        alone: 3_000,
        read_milliseconds: 3_000,
        parts: 3_000,
        pack_lots: 1_000_000,
    };
}
