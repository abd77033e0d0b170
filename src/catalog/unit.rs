//! The smallest units things are counted in, and a quantity for people.
//! Not here: quantities as they are written (`statement`).

/// The smallest unit of a quantity (UN/ECE Recommendation 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUnit {
    /// `GRM`.
    Gram,
    /// `MLT`.
    Millilitre,
    /// `H87`.
    Piece,
}

impl BaseUnit {
    /// UN/ECE Recommendation 20 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gram => "GRM",
            Self::Millilitre => "MLT",
            Self::Piece => "H87",
        }
    }

    /// The unit with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Gram, Self::Millilitre, Self::Piece].into_iter().find(|unit| unit.code() == code)
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
