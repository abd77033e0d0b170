//! The verification report: two axes (authenticity, fitness), signals about this very code, and
//! every check with its result, evidence and data age. Codes, no prose for people to translate.
//! Source: ETSI EN 319 102-1 (indications); own sub-indications for what a log adds.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateStatus, LotStatus, LotTrace};
use crate::statement::{LocalNames, ReturnTo, Timestamp};

use super::Policy;
use super::signal::{CodeReading, Signal};
use crate::trust::Seen;

/// What was found about one code or document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Always `VerificationReport`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of this form.
    pub version: u32,
    /// What was looked at: the code's text, a statement's id.
    pub subject: String,
    /// Under which policy.
    pub policy: Policy,
    /// For which instant.
    pub validation_time: Timestamp,
    /// Whether it is genuine.
    pub authenticity: Authenticity,
    /// Whether it is fit; None unless it is genuine as far as checked.
    pub fitness: Option<Fitness>,
    /// Signals about this very code.
    pub item: Vec<Signal>,
    /// How the code was read, where there is something to tell of that.
    #[serde(default, skip_serializing_if = "CodeReading::is_plain")]
    pub reading: CodeReading,
    /// How often this very code was seen lately, where that is more than one unit is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// What is claimed; None when it is not genuine.
    pub claims: Option<Claims>,
    /// Where its goods come from and went; None where no goods are followed, the evidence cannot
    /// tell, or it is not genuine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<LotTrace>,
    /// Every check.
    pub checks: Vec<Check>,
    /// 0 passed, 1 failed, 2 failed because it cannot be read as what it is meant to be,
    /// 3 undecided, 4 genuine but not fit.
    pub exit_code: u8,
    /// The edition of the ledger's rules in force, as the trust snapshot says it; none for the
    /// rules of the first release. Verdicts follow the reader's own version at every edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
}

/// The indication and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authenticity {
    /// The verdict.
    pub indication: Indication,
    /// Why it is not a pass.
    pub sub_indication: Option<SubIndication>,
}

/// ETSI EN 319 102-1 section 5.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Indication {
    /// All required checks passed.
    TotalPassed,
    /// Not enough is known.
    Indeterminate,
    /// A check failed.
    TotalFailed,
}

/// Why it is not a pass; the first seven are ETSI's, the others ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// It has not the form it must have.
    FormatFailure,
    /// A signature is wrong.
    SigCryptoFailure,
    /// What is signed is not what is shown.
    HashFailure,
    /// The key was known to be in foreign hands.
    Revoked,
    /// The signing key is not among the trusted ones.
    NoSigningCertificateFound,
    /// No proof that it was in the log in time.
    NoPoe,
    /// The status is not known now: get fresher data.
    TryLater,
    /// The proof does not lead to the checkpoint.
    LogProofFailure,
    /// The key, accreditation or scope was not in force at log time.
    AuthorityFailure,
    /// The key may have been in foreign hands at log time.
    KeySuspect,
    /// Too few witnesses signed the checkpoint.
    WitnessQuorumMissing,
    /// The status data is older than the policy allows.
    StatusStale,
    /// The trust snapshot or the pack is not genuine.
    TrustFailure,
    /// Nobody compared the root key with one known beforehand.
    RootNotPinned,
    /// The code carries no signature: its lot was looked up, its label was not checked.
    LabelUnsigned,
    /// The serial on the label was never issued.
    SerialNotIssued,
}

/// Whether it is fit, at two dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fitness {
    /// Whether the lot may be sold now under this certificate.
    pub fit: bool,
    /// On the day of packing.
    pub on_packing_date: FitnessAt,
    /// Now.
    pub now: FitnessAt,
    /// `valid`, another certificate status word, `none`, or what else fails where goods are
    /// followed: one of [`FAIR_TRADE_REASONS`]. Derived, never typed in.
    pub fair_trade: String,
}

/// Status words at one instant, and what brought them about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FitnessAt {
    /// The instant.
    pub at: Timestamp,
    /// Status of the certificate.
    pub certificate: CertificateStatus,
    /// Status of the lot.
    pub lot: LotStatus,
    /// Since when, if an event brought it about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PartySlug>,
    /// What the public should know, by language.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub notice: std::collections::BTreeMap<String, String>,
    /// Of recalled goods: what to do with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<ReturnTo>,
    /// Whom to call: of a recalled lot its producer, of a withdrawn certificate who withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactTold>,
    /// The serial of the certificate that stands in this one's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<u64>,
}

/// How the public reaches a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactTold {
    /// Which party.
    pub party: PartySlug,
    /// `+` and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What is claimed, shown only when it is genuine as far as checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// The lot.
    pub lot: LotKey,
    /// Product id.
    pub product: String,
    /// The product's name as declared.
    pub product_name: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub product_names: LocalNames,
    /// The cooperative.
    pub cooperative: PartySlug,
    /// Its name.
    pub cooperative_name: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub cooperative_names: LocalNames,
    /// Region of origin.
    pub region: String,
    /// Declared quantity, smallest unit.
    pub quantity: u64,
    /// Unit code.
    pub unit: String,
    /// Day of packing.
    pub packed_on: crate::statement::Day,
    /// Serial on the label, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The certificate the verdict is about.
    pub certificate: CertificateSummary,
    /// The serial of the certificate that the label names, where another took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<u64>,
    /// All certificates of the lot.
    pub certificates: Vec<CertificateSummary>,
}

/// One certificate in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSummary {
    /// Serial.
    pub serial: u64,
    /// Log index.
    pub index: u64,
    /// Log time.
    pub logged_at: Timestamp,
    /// Scheme id.
    pub scheme: String,
    /// The certifier.
    pub certifier: PartySlug,
    /// Its name.
    pub certifier_name: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub certifier_names: LocalNames,
    /// Certified quantity, smallest unit.
    pub quantity: u64,
    /// First instant.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_until: Timestamp,
    /// Status now.
    pub status: CertificateStatus,
    /// Who holds the signing key: `self` or `operator`.
    pub custody: Option<crate::statement::Custody>,
    /// The serial of the certificate that it renews or corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<u64>,
    /// The serial of the certificate that renews or corrects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<u64>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which.
    pub check: CheckName,
    /// What came of it.
    pub result: CheckResult,
    /// Whether the policy requires it.
    pub required: bool,
    /// The evidence, in technical words.
    pub evidence: String,
    /// How old the data is that it rests on, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_age_seconds: Option<i64>,
}

/// The checks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum CheckName {
    /// It has the form it must have.
    Format,
    /// The trust snapshot is signed under the root.
    TrustSnapshot,
    /// The pack is signed and of this ledger.
    Pack,
    /// The code is of the ledger that is trusted.
    Host,
    /// The label key may speak for the certificate: its owner, schemes and dates; not stolen.
    LabelKey,
    /// The code's signature.
    LabelSignature,
    /// The serial on the label was issued.
    SerialIssued,
    /// The code's last day.
    LabelExpiry,
    /// The code, the certificate and the lot belong together.
    Binding,
    /// The statement keeps to the strict profile.
    StatementProfile,
    /// The certifier's signature.
    StatementSignature,
    /// The certifier's key was in force at log time.
    IssuerKey,
    /// The certifier's accreditation covered it at log time.
    Accreditation,
    /// The statement is in the log.
    Inclusion,
    /// The log signed the checkpoint.
    Checkpoint,
    /// Enough witnesses signed it too.
    WitnessQuorum,
    /// The status data is fresh enough.
    StatusFreshness,
    /// The service signed the dossier's list of contents, and they are all there unchanged.
    Manifest,
    /// What the service states of certificate and lot follows from signed entries.
    Records,
    /// The current status lists, proven to be in the log, do not name the certificate.
    NonWithdrawal,
    /// Status of the certificate now.
    CertificateStatus,
    /// Status of the lot now.
    LotStatus,
    /// What it is made of is neither held nor recalled.
    InheritedStatus,
    /// It comes from lots that were traced from their declaration on.
    Origin,
    /// How it was kept apart follows from what was logged of it.
    Custody,
    /// No more left, became another lot or is certified than there was.
    MassBalance,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum CheckResult {
    /// Good.
    Pass,
    /// Bad.
    Fail,
    /// The evidence is missing.
    Absent,
    /// The evidence is too old.
    Stale,
    /// Not reached.
    NotRun,
}

/// What `fairTrade` says, where goods are followed, of a lot whose certificate is in force and that
/// fails otherwise, in the order in which it is asked.
pub const FAIR_TRADE_REASONS: [&str; 5] = [
    "operator-not-certified",
    "origin-partly",
    "origin-declared",
    "cover-short",
    "inherited-status",
];

/// Exit codes, the worst first.
pub const WORST_FIRST: [u8; 5] = [1, 2, 3, 4, 0];

/// Where an exit code stands among several, see [`WORST_FIRST`].
#[must_use]
pub fn severity(exit_code: u8) -> usize {
    WORST_FIRST.iter().position(|code| *code == exit_code).unwrap_or_default()
}

impl CheckName {
    /// Whether it speaks of fitness, and so never makes a thing not genuine.
    #[must_use]
    pub fn is_fitness(self) -> bool {
        use CheckName::{
            CertificateStatus, Custody, InheritedStatus, LabelExpiry, LotStatus, NonWithdrawal,
        };
        matches!(
            self,
            CertificateStatus | Custody | LotStatus | InheritedStatus | LabelExpiry | NonWithdrawal
        )
    }
}
