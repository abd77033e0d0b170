//! Where status comes from: the live register, or a pack an inspector carries. Both answer with the
//! same records, so that one verdict rests on one kind of data.

use serde::{Deserialize, Serialize};

use crate::limits::{SEEN_ABROAD_UNUSUAL, SEEN_COUNTRIES_UNUSUAL, SEEN_SESSIONS_UNUSUAL};
use crate::log::Quorum;
use crate::names::{Gtin, LotKey, LotNumber, Serial};
use crate::register::{
    CertificateRecord, CertificateStatus, Inherited, LotRecord, LotTrace, Register,
};
use crate::seal::LogPosition;
use crate::statement::{CustodyModel, Timestamp};

/// Who signed a checkpoint, or why that cannot be told.
pub type Counted = Result<Quorum, String>;

/// Status data with an age and an end.
pub trait StatusData {
    /// When it says it was true.
    fn issued_at(&self) -> Timestamp;
    /// The instant that its age counts from. `witnessed` is when a quorum of witnesses had seen its
    /// checkpoint: who signs a book may write any later date on it.
    fn as_of(&self, witnessed: Option<Timestamp>) -> Timestamp {
        witnessed.map_or(self.issued_at(), |at| at.min(self.issued_at()))
    }
    /// Why it is known not to be the newest there is, if so.
    fn outdated(&self) -> Option<String> {
        None
    }
    /// Entries below this log index are in it.
    fn covers(&self) -> u64;
    /// The checkpoint it reflects, with the cosignatures it came with (a signed note).
    fn checkpoint(&self) -> &str;
    /// Who signed that checkpoint, if they were counted before (by the policy of the same trust
    /// snapshot): checking cosignatures takes longer than judging a label.
    fn counted(&self) -> Option<Counted> {
        None
    }
    /// The certificate logged at an index.
    fn certificate_at(&self, index: u64) -> Option<CertificateRecord>;
    /// The certificate with a serial.
    fn certificate(&self, serial: u64) -> Option<CertificateRecord>;
    /// A lot.
    fn lot(&self, key: &LotKey) -> Option<LotRecord>;
    /// The hold or recall that reaches a lot from one it was made of; None too if it cannot tell.
    fn inherited(&self, _key: &LotKey) -> Option<Inherited> {
        None
    }
    /// Whether it can tell what reaches a lot from those it was made of.
    fn knows_descent(&self) -> bool {
        false
    }
    /// Where a lot's goods come from and went; None: no goods are followed, or it cannot tell.
    fn trace(&self, _key: &LotKey) -> Option<LotTrace> {
        None
    }
    /// Whether the certificate of an operator that one rests on is neither suspended nor withdrawn;
    /// None: it rests on none, or it cannot tell.
    fn operator_certified(&self, _record: &CertificateRecord) -> Option<bool> {
        None
    }
    /// The chain of custody that a certificate claims, and the one that its lot has now; None: no
    /// goods are followed, or it cannot tell.
    fn custody_claim(&self, _record: &CertificateRecord) -> Option<(CustodyModel, CustodyModel)> {
        None
    }
    /// All certificates of a lot.
    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord>;
    /// Whether there are lots of a product; None: it cannot tell.
    fn knows_product(&self, _gtin: &Gtin) -> Option<bool> {
        None
    }
    /// Where a serial of a lot was issued; None: the list of what was issued is not at hand. The
    /// log says how many serials an issue has, not which: the service that drew them can tell.
    fn issue_of(&self, _lot: &LotKey, _serial: &Serial) -> Option<Issue> {
        None
    }
    /// How often a unit was seen lately; None: nobody counts, or it cannot tell.
    fn seen(&self, _lot: &LotKey, _serial: &Serial) -> Option<Seen> {
        None
    }
    /// The first damage met while answering: from then on "not there" means nothing, and no verdict
    /// may pass.
    fn damage(&self) -> Option<String> {
        None
    }
}

/// What a book knows of a serial on a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issue {
    /// Logged here.
    Logged(LogPosition),
    /// Logged here, and given back since because the label was spoilt.
    Void(LogPosition),
    /// By no entry.
    Never,
}

/// The register as a book.
pub struct LiveStatus<'a> {
    /// The register.
    pub register: &'a Register,
    /// The checkpoint it was published under.
    pub checkpoint: &'a str,
    /// The instant it is asked at.
    pub now: Timestamp,
    /// Whether it still follows the log.
    pub standing: Standing,
    /// Who can tell which serials were issued, if anybody is at hand.
    pub serials: Option<&'a dyn SerialIssues>,
    /// Who signed the checkpoint, if they were counted before.
    pub counted: Option<&'a Counted>,
}

/// Who can tell which serials were issued.
pub trait SerialIssues {
    /// Where a serial of a lot was issued; None: it cannot tell.
    fn issue_of(&self, lot: &LotKey, serial: &Serial) -> Option<Issue>;
    /// How often it was seen lately; None: nobody counts.
    fn seen(&self, _lot: &LotKey, _serial: &Serial) -> Option<Seen> {
        None
    }
}

/// How often the code of one unit was seen in the last [`crate::limits::SEEN_DAYS`] days, counted
/// low.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Sessions: one reader on one day counts once.
    pub sessions: u64,
    /// Countries that are known.
    pub countries: u64,
}

impl Seen {
    /// Whether it is more than one jar is seen; it accuses nobody.
    #[must_use]
    pub fn is_unusual(&self) -> bool {
        self.sessions >= SEEN_SESSIONS_UNUSUAL
            || self.sessions >= SEEN_ABROAD_UNUSUAL && self.countries >= SEEN_COUNTRIES_UNUSUAL
    }
}

/// Whether a live register follows the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Its writer takes statements: it is true now.
    #[default]
    Following,
    /// Nothing can be logged here, since the writer is stopped or the keys are missing: it is true
    /// as of the newest instant at which somebody vouched for it.
    Stopped,
    /// As [`Self::Stopped`], and a checkpoint of more entries, or of others, is known.
    Behind,
}

impl StatusData for LiveStatus<'_> {
    fn issued_at(&self) -> Timestamp {
        self.as_of(None)
    }

    fn as_of(&self, witnessed: Option<Timestamp>) -> Timestamp {
        if self.standing == Standing::Following {
            return self.now;
        }
        let listed = self.register.status_index().map(|mark| mark.logged_at);
        let vouched = witnessed.max(listed).or(self.register.last_at());
        vouched.unwrap_or(Timestamp::from_seconds(0))
    }

    fn outdated(&self) -> Option<String> {
        let behind = "this is an old copy: more of the log, or another log, was published";
        (self.standing == Standing::Behind).then(|| behind.to_owned())
    }

    fn covers(&self) -> u64 {
        self.register.size()
    }

    fn checkpoint(&self) -> &str {
        self.checkpoint
    }

    fn counted(&self) -> Option<Counted> {
        self.counted.cloned()
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.register.certificate_at(index).map(|found| found.record)
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.register.certificate(serial).map(|found| found.record)
    }

    fn issue_of(&self, lot: &LotKey, serial: &Serial) -> Option<Issue> {
        let issue = self.serials?.issue_of(lot, serial)?;
        let void = self.register.lot(lot).is_some_and(|lot| lot.labels_void.contains(serial));
        Some(match issue {
            Issue::Logged(mark) if void => Issue::Void(mark),
            issue => issue,
        })
    }

    fn seen(&self, lot: &LotKey, serial: &Serial) -> Option<Seen> {
        self.serials?.seen(lot, serial)
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.register.lot(key).map(|found| found.record)
    }

    fn inherited(&self, key: &LotKey) -> Option<Inherited> {
        self.register.inherited(key, self.now)
    }

    fn knows_descent(&self) -> bool {
        self.register.has_goods()
    }

    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        self.register.lot_trace(key, self.now)
    }

    fn operator_certified(&self, record: &CertificateRecord) -> Option<bool> {
        use CertificateStatus::{Suspended, Withdrawn};
        let operator = self.register.operator_under(record.serial)?;
        let status = self.register.operator_status(operator, self.now);
        Some(!matches!(status, Suspended | Withdrawn))
    }

    fn custody_claim(&self, record: &CertificateRecord) -> Option<(CustodyModel, CustodyModel)> {
        self.register.custody_claim(record.serial)
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        self.register.certificates_of(key).map(|found| found.record).collect()
    }

    fn knows_product(&self, gtin: &Gtin) -> Option<bool> {
        // `!` is the lowest character of a lot number: only the lot `!` does not come after it.
        let lowest = LotKey::Gtin(gtin.clone(), LotNumber::parse("!").ok()?);
        let next = self.register.lots_after(&lowest).next();
        let of_product = |key: &LotKey| matches!(key, LotKey::Gtin(found, _) if found == gtin);
        let next = next.is_some_and(|lot| of_product(&lot.record.lot));
        Some(next || self.register.lot(&lowest).is_some())
    }
}
