//! Policies: which checks must pass, and how fresh status data must be.
//! A required check that is absent, stale or not run can never give a pass.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::CheckName;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::statement::Timestamp;

/// Who asks, and so how much must be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Policy {
    /// A shopper or a shop.
    #[default]
    Shop,
    /// An export inspector.
    Customs,
    /// An auditor.
    Audit,
}

impl Policy {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Shop, Self::Customs, Self::Audit];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// How old status data may be, in seconds: a week, two days, one day.
    #[must_use]
    pub fn status_age_seconds_max(self) -> i64 {
        match self {
            Self::Shop => 7 * 86_400,
            Self::Customs => 2 * 86_400,
            Self::Audit => 86_400,
        }
    }

    /// Whether status data of this age, in seconds, may carry a verdict. A clock behind the data by
    /// more than the skew is as useless as old data.
    #[must_use]
    pub fn is_fresh(self, age: i64) -> bool {
        (-CLOCK_SKEW_SECONDS..=self.status_age_seconds_max()).contains(&age)
    }

    /// Whether a check must pass.
    #[must_use]
    pub fn requires(self, check: CheckName) -> bool {
        match check {
            CheckName::StatementProfile
            | CheckName::StatementSignature
            | CheckName::Inclusion
            | CheckName::Checkpoint => self == Self::Audit,
            // A shop takes the service's word for a day, until the lists cover a new certificate.
            CheckName::NonWithdrawal => self != Self::Shop,
            // A shop takes the log's word; an inspector wants outsiders to have seen the same log.
            CheckName::WitnessQuorum => self != Self::Shop,
            // Where the list of what was issued is at hand a serial that is not in it is doubted; a
            // book without the list bars nothing.
            CheckName::SerialIssued => false,
            // Which of these are required follows from the evidence and the lot (`goods`).
            CheckName::InheritedStatus
            | CheckName::Origin
            | CheckName::Custody
            | CheckName::MassBalance => false,
            _ => true,
        }
    }
}

/// The instant that counts for the age of a dossier's status: when a quorum of witnesses saw its
/// checkpoint, else when the log recorded the status index. Each book gives its own instant as
/// [`as_of`](crate::trust::StatusBook::as_of).
pub(super) fn dossier_time(listed_at: Timestamp, witnessed_at: Option<Timestamp>) -> Timestamp {
    witnessed_at.unwrap_or(listed_at)
}
