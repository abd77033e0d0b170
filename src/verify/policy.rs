//! Policies: which checks must pass, and how fresh status data must be.
//! A required check that is absent, stale or not run can never give a pass.

use serde::{Deserialize, Serialize};

use super::CheckName;

/// Who asks, and so how much must be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

    /// The policy with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Customs => "customs",
            Self::Audit => "audit",
        }
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

    /// Whether a check must pass.
    #[must_use]
    pub fn requires(self, check: CheckName) -> bool {
        match check {
            CheckName::StatementProfile
            | CheckName::StatementSignature
            | CheckName::Inclusion
            | CheckName::Checkpoint => self == Self::Audit,
            // No witness signs this log yet: a quorum is required once the trust snapshot names
            // one.
            CheckName::WitnessQuorum => false,
            _ => true,
        }
    }
}
