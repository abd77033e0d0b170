//! What a report says about this very code beside the verdict: one word each, for people to read in
//! their language. Not here: why a verdict is no pass (`SubIndication`).

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::label::LeftOut;
use crate::register::LotStatus;

/// A signal. Its word stands in the report's `item` and in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Signal {
    /// Nothing in the code is signed: the lot was looked up, the label was not checked.
    NoLabelSignature,
    /// The code leads to another host than this ledger's; the report names it.
    ForeignHost,
    /// The address begins with `http:`, as no label does.
    PlainHttp,
    /// The code names a product and no lot.
    LotMissing,
    /// Nothing is known of what the code names.
    LotUnknown,
    /// The code may mean one of two lots.
    TwoLots,
    /// A copied label verifies too.
    Copyable,
    /// The label has no serial: copies cannot be told from each other.
    NotSerialised,
    /// The serial on the label was never issued.
    SerialNotIssued,
    /// The label was given back as spoilt.
    LabelVoid,
    /// The code was seen more often lately than one unit is: it may have been copied.
    UnusualScans,
    /// Nothing of the lot can be with anybody: all of it was destroyed, sampled, lost or brought
    /// back.
    LotEnded,
    /// The label's last day is over.
    ExpiredLabel,
    /// The label stands for a kind of scheme that no certificate of its lot in force bears.
    ClaimNotInForce,
    /// The declared volume is above the declared capacity.
    HeldForCapacity,
    /// The certificate that the label names was renewed or corrected; the newer one counts.
    Superseded,
    /// A certificate that those of the lot rest on, of what it was made of or of an operator, is
    /// suspended.
    InputCertificateSuspended,
    /// Such a certificate is withdrawn.
    InputCertificateWithdrawn,
    /// A recall of the lot was taken back: it was of another lot.
    RecallVoided,
    /// The signing key may have been in foreign hands when the certificate was logged.
    SuspectKey,
    /// The certifier is suspended now.
    CertifierSuspended,
    /// The certifier's standing is withdrawn.
    CertifierWithdrawn,
    /// The lot is declared and released; nobody has certified it.
    UncertifiedLotReleased,
    /// The lot is held; nobody has certified it.
    UncertifiedLotHeld,
    /// The lot is recalled; nobody has certified it.
    UncertifiedLotRecalled,
    /// The lot is used up; nobody has certified it.
    UncertifiedLotExhausted,
}

impl Signal {
    /// The signal of a lot that nobody certified.
    #[must_use]
    pub fn of_uncertified(status: LotStatus) -> Self {
        match status {
            LotStatus::Released => Self::UncertifiedLotReleased,
            LotStatus::Held => Self::UncertifiedLotHeld,
            LotStatus::Recalled => Self::UncertifiedLotRecalled,
            LotStatus::Exhausted => Self::UncertifiedLotExhausted,
        }
    }

    /// Whether it tells of a lot that nobody certified.
    #[must_use]
    pub fn is_of_uncertified(self) -> bool {
        matches!(
            self,
            Self::UncertifiedLotReleased
                | Self::UncertifiedLotHeld
                | Self::UncertifiedLotRecalled
                | Self::UncertifiedLotExhausted
        )
    }
}

/// How a code was read: what was left out, and the host it names if that is another's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeReading {
    /// What was left out, or read as something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// The host that the code names where it is not this ledger's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_host: Option<String>,
}

impl CodeReading {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}
