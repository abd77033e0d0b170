//! The smallest units things are counted in, and a quantity for people.
//! Not here: quantities as they are written (`statement`).

use strum::{EnumString, IntoStaticStr, VariantNames};

/// The smallest unit of a quantity (UN/ECE Recommendation 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
pub enum BaseUnit {
    /// Mass.
    #[strum(serialize = "GRM")]
    Gram,
    /// Volume.
    #[strum(serialize = "MLT")]
    Millilitre,
    /// Number.
    #[strum(serialize = "H87")]
    Piece,
}

impl BaseUnit {
    /// UN/ECE Recommendation 20 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The unit with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        code.parse().ok()
    }

    /// A quantity for people: `12.5 kg`, `800 L`, `40`.
    #[must_use]
    pub fn display(self, quantity: u64) -> String {
        let (small, large) = match self {
            Self::Gram => ("g", "kg"),
            Self::Millilitre => ("mL", "L"),
            Self::Piece => return quantity.to_string(),
        };
        if quantity < 1_000 {
            return format!("{quantity} {small}");
        }
        let fraction = format!("{:03}", quantity % 1_000);
        match fraction.trim_end_matches('0') {
            "" => format!("{} {large}", quantity / 1_000),
            digits => format!("{}.{digits} {large}", quantity / 1_000),
        }
    }

    /// The smallest unit of a unit that the tables name: kg, g, L, mL or piece.
    pub(super) fn of_table(unit: &str) -> Option<Self> {
        match unit {
            "kg" | "g" => Some(Self::Gram),
            "L" | "mL" => Some(Self::Millilitre),
            "piece" => Some(Self::Piece),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_for_people() {
        assert_eq!(BaseUnit::Millilitre.display(800_000), "800 L");
        assert_eq!(BaseUnit::Gram.display(12_500), "12.5 kg");
        assert_eq!(BaseUnit::Gram.display(999), "999 g");
    }
}
