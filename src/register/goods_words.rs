//! Where the figures fall short, in the words of a refusal: lots, parties and materials by name,
//! quantities with their unit and their digits in threes. Not here: what falls short (`trace`).

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::names::{NameId, Names};
use crate::catalog::BaseUnit;
use crate::statement::Timestamp;
use crate::trace::{
    Act, EventHandle, Holder, LotHandle, Material, Model, Resting, Short, Unit, Way,
};

/// Who puts figures into words: a register, and the names that the statement brings along.
pub(super) struct Speaker<'a> {
    pub register: &'a Register,
    pub names: &'a Names,
}

/// A quantity with its digits in threes and its unit.
pub(super) fn amount(quantity: u128, unit: &str) -> String {
    let digits = quantity.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    match BaseUnit::of_code(unit) {
        Some(BaseUnit::Gram) => text + " g",
        Some(BaseUnit::Millilitre) => text + " mL",
        _ => text,
    }
}

fn model_word(model: Model) -> &'static str {
    match model {
        Model::IdentityPreserved => "identity preserved",
        Model::Segregated => "segregated",
        Model::ControlledBlending => "controlled blending",
        Model::MassBalance => "mass balance",
    }
}

impl Speaker<'_> {
    fn text(&self, number: u32) -> String {
        self.names.text(NameId(number)).to_string()
    }

    pub fn lot(&self, lot: LotHandle) -> String {
        let row = self.register.lots.row(lot.0);
        row.map_or_else(String::new, |row| self.register.key_of_lot(row).to_string())
    }

    fn holder(&self, holder: Holder) -> String {
        self.text(holder.0)
    }

    /// So much of a lot.
    fn of(&self, lot: LotHandle, quantity: u64) -> String {
        let row = self.register.lots.row(lot.0);
        let unit = row.map(|row| self.names.text(row.unit)).unwrap_or_default();
        amount(quantity.into(), &unit)
    }

    fn unit_of(&self, material: Material) -> &'static str {
        let (facts, id) = (&self.register.facts.goods, self.text(material.0));
        facts.material(self.register.catalog, &id).map_or("", |known| known.unit.code())
    }

    pub fn event(&self, event: EventHandle) -> String {
        match self.register.goods.index_of(event) {
            Some(index) => format!("entry {index}"),
            None => "this event".to_owned(),
        }
    }

    fn unit(&self, unit: Unit) -> String {
        self.text(unit.0)
    }

    fn recipe(&self, act: &Act) -> String {
        let version = self.version();
        match act {
            Act::Transform { way: Way::Book(id), .. } => {
                format!("{}, rulebook {version}", self.text(id.0))
            }
            Act::Transform { way: Way::Split, .. } => "split".to_owned(),
            Act::Transform { way: Way::PackOff, .. } => "pack-off".to_owned(),
            _ => "group".to_owned(),
        }
    }

    fn version(&self) -> u64 {
        self.register.rulebook().map_or(0, |state| state.version)
    }

    /// What goes into a transformation, material by material, of those that give one.
    fn inputs(&self, act: &Act, to: Material) -> String {
        let Act::Transform { way, draws, .. } = act else { return String::new() };
        let mut sums: Vec<(Material, u128)> = Vec::new();
        for draw in draws {
            let Some(view) = self.register.goods.trace.lot_view(draw.lot) else { continue };
            let quantity = u128::from(draw.quantity.get());
            match sums.iter_mut().find(|(material, _)| *material == view.material) {
                Some((_, sum)) => *sum = sum.saturating_add(quantity),
                None => sums.push((view.material, quantity)),
            }
        }
        let book = self.register.goods.trace.book();
        let gives = |from: Material| match way {
            Way::Book(id) => book.recipe(*id).is_some_and(|recipe| {
                recipe.rates.iter().any(|rate| rate.from == from && rate.to == to)
            }),
            _ => true,
        };
        let told = sums
            .into_iter()
            .filter(|(material, _)| gives(*material))
            .map(|(of, sum)| format!("{} of {}", amount(sum, self.unit_of(of)), self.text(of.0)));
        let told: Vec<String> = told.collect();
        if told.is_empty() { "what goes in".to_owned() } else { told.join(" and ") }
    }

    fn through(&self, lot: LotHandle, by: LotHandle) -> String {
        if lot == by { String::new() } else { format!(" through lot {}", self.lot(by)) }
    }

    /// What falls short, in words.
    pub fn refusal(&self, short: Short, act: &Act) -> GoodsRefusal {
        self.of_recipes(&short, act)
            .or_else(|| self.of_stock(&short))
            .or_else(|| self.of_papers(&short))
            .or_else(|| self.of_trade(&short))
            .unwrap_or_else(|| self.of_units(&short))
    }

    fn of_recipes(&self, short: &Short, act: &Act) -> Option<GoodsRefusal> {
        let version = self.version();
        Some(match short {
            Short::YieldExceeded { material, asked, most, together } => {
                let unit = self.unit_of(*material);
                GoodsRefusal::YieldExceeded {
                    asked: amount(*asked, unit),
                    inputs: self.inputs(act, *material),
                    most: amount(*most, unit),
                    recipe: self.recipe(act),
                    together: if *together {
                        ", and other outputs spend of the same ceiling"
                    } else {
                        ""
                    },
                }
            }
            Short::RecipeUnknown { recipe } => {
                GoodsRefusal::RecipeUnknown { recipe: self.text(recipe.0), version }
            }
            Short::RecipeMismatch { material } => {
                let (material, recipe) = (self.text(material.0), self.recipe(act));
                let recipe = recipe.split(',').next().unwrap_or_default().to_owned();
                GoodsRefusal::RecipeMismatch { material, recipe, version }
            }
            Short::RecipeUnbounded { recipe, from, to } => GoodsRefusal::RecipeUnbounded {
                recipe: self.text(recipe.0),
                from: self.text(from.0),
                to: self.text(to.0),
            },
            Short::RecipeCycle { material } => {
                GoodsRefusal::RecipeCycle { material: self.text(material.0) }
            }
            Short::RulebookForm { what } => {
                GoodsRefusal::RulebookForm { what: format!("{what} stands twice or cannot be") }
            }
            _ => return None,
        })
    }

    fn of_stock(&self, short: &Short) -> Option<GoodsRefusal> {
        Some(match *short {
            Short::Insufficient { lot, holder, available, asked } => GoodsRefusal::Insufficient {
                lot: self.lot(lot),
                available: self.of(lot, available),
                asked: self.of(lot, asked),
                holder: self.holder(holder),
            },
            Short::NotHolder { lot, holder } => {
                GoodsRefusal::NotHolder { lot: self.lot(lot), holder: self.holder(holder) }
            }
            Short::NotProducer { lot, producer, available, asked } => GoodsRefusal::NotProducer {
                lot: self.lot(lot),
                producer: self.holder(producer),
                available: self.of(lot, available),
                asked: self.of(lot, asked),
            },
            Short::LotOverfilled { lot, declared, filled, asked } => GoodsRefusal::LotOverfilled {
                lot: self.lot(lot),
                declared: self.of(lot, declared),
                filled: self.of(lot, filled),
                asked: self.of(lot, asked),
            },
            Short::LotClosed { lot } => {
                GoodsRefusal::LotClosed { lot: self.lot(lot), why: self.why_closed(lot) }
            }
            Short::LotTwice { lot } => GoodsRefusal::LotTwice { lot: self.lot(lot) },
            Short::LotUnknown { lot } => {
                let why = ", or its declaration was undone".to_owned();
                GoodsRefusal::LotUnknown { lot: self.lot(lot), why }
            }
            Short::LotHeld { lot, by } => {
                GoodsRefusal::LotHeld { lot: self.lot(lot), through: self.through(lot, by) }
            }
            Short::LotRecalled { lot, by } => {
                GoodsRefusal::LotRecalled { lot: self.lot(lot), through: self.through(lot, by) }
            }
            Short::SampleExceeded { lot, most, asked } => GoodsRefusal::SampleExceeded {
                lot: self.lot(lot),
                most: self.of(lot, most),
                asked: self.of(lot, asked),
            },
            _ => return None,
        })
    }

    fn why_closed(&self, lot: LotHandle) -> &'static str {
        let view = self.register.goods.trace.lot_view(lot);
        match view.map(|view| view.opening) {
            Some(crate::trace::Opening::Derived) => {
                "something was drawn, shipped, labelled or certified of it"
            }
            _ => "it opened with all that it declares",
        }
    }

    fn of_papers(&self, short: &Short) -> Option<GoodsRefusal> {
        Some(match *short {
            Short::QuantityExceeded { lot, filled, asked } => GoodsRefusal::QuantityExceeded {
                lot: self.lot(lot),
                filled: self.of(lot, filled),
                certified: self.of(lot, 0),
                asked: self.of(lot, asked),
            },
            Short::CoverExceeded { lot, scheme, cover, filled, asked } => {
                let unit = self.of(lot, cover);
                GoodsRefusal::CoverExceeded {
                    scheme: self.text(scheme.0),
                    // As of one quantity: the unit stands once.
                    cover: unit.split(' ').next().unwrap_or_default().to_owned(),
                    filled: self.of(lot, filled),
                    asked: self.of(lot, asked),
                }
            }
            Short::BlendNotAllowed { lot, scheme, share, least } => {
                let (lot, scheme) = (self.lot(lot), self.text(scheme.0));
                GoodsRefusal::BlendNotAllowed { lot, scheme, share, least }
            }
            Short::CustodyUpgraded { claimed, derived, share, .. } => {
                let (claimed, derived) = (model_word(claimed), model_word(derived));
                GoodsRefusal::CustodyUpgraded { claimed, derived, share }
            }
            Short::LabelsExceeded { lot, available, labelled, consumed, asked } => {
                let [available, labelled, consumed, asked] =
                    [available, labelled, consumed, asked].map(|part| self.of(lot, part));
                let lot = self.lot(lot);
                GoodsRefusal::LabelsExceeded { lot, available, labelled, consumed, asked }
            }
            Short::Labelled { lot, available, labelled, consumed, asked } => {
                let [available, labelled, consumed, asked] =
                    [available, labelled, consumed, asked].map(|part| self.of(lot, part));
                let lot = self.lot(lot);
                GoodsRefusal::Labelled { lot, available, labelled, consumed, asked }
            }
            Short::NotLabelled { lot, labelled, asked } => GoodsRefusal::NotLabelled {
                lot: self.lot(lot),
                labelled: self.of(lot, labelled),
                asked: self.of(lot, asked),
            },
            _ => return None,
        })
    }

    fn of_trade(&self, short: &Short) -> Option<GoodsRefusal> {
        Some(match short {
            Short::ToSelf => GoodsRefusal::ToSelf,
            Short::NotReceiver { of, receiver } => {
                let event = self.event(*of);
                let reason = match receiver {
                    Some(who) => format!("{event} waits for the word of {}", self.holder(*who)),
                    None => format!("{event} went to somebody who is no party of the ledger"),
                };
                GoodsRefusal::NotReceiver { reason }
            }
            Short::ShipmentState { of, answered } => {
                let state = match answered {
                    Some(by) => format!("was answered already, by {}", self.event(*by)),
                    None => "waits for no such word".to_owned(),
                };
                GoodsRefusal::ShipmentState { event: self.event(*of), state }
            }
            Short::ReceiptSum { lot, sent, sum, .. } => GoodsRefusal::ReceiptSum {
                lot: self.lot(*lot),
                sent: match sent {
                    Some(sent) => format!("{} were sent", self.of(*lot, *sent)),
                    None => "it was not sent".to_owned(),
                },
                sum: self.of(*lot, *sum),
            },
            Short::EventTime { at, earliest } => GoodsRefusal::EventTime {
                at: Timestamp::from_seconds(*at).to_string(),
                earliest: Timestamp::from_seconds(*earliest).to_string(),
                what: "what it rests on happened then",
            },
            Short::CannotVoid { resting } => {
                let event = "it".to_owned();
                GoodsRefusal::CannotVoid { event, resting: self.resting(resting) }
            }
            _ => return None,
        })
    }

    fn resting(&self, resting: &[Resting]) -> String {
        let told = resting.iter().map(|one| match one {
            Resting::Event(event) | Resting::Price(event) => self.event(*event),
            Resting::Certificates(lot) => format!("certificates of lot {}", self.lot(*lot)),
            Resting::Labels(lot) => format!("labels of lot {}", self.lot(*lot)),
            Resting::Itself(_) => "its goods are no longer where it put them, or it is undone \
                                   already or undoes another"
                .to_owned(),
        });
        let told: Vec<String> = told.collect();
        format!("on it rests: {}", told.join(", "))
    }

    fn of_units(&self, short: &Short) -> GoodsRefusal {
        match short {
            Short::SsccInUse { unit, until } => {
                let state = match until {
                    Some(until) => {
                        let until = Timestamp::from_seconds(*until);
                        format!("was in use: it is not filled again before {until}")
                    }
                    None => "is in use".to_owned(),
                };
                GoodsRefusal::SsccInUse { unit: self.unit(*unit), state }
            }
            Short::UnitState { unit } => GoodsRefusal::UnitState { unit: self.unit(*unit) },
            Short::UnitContents { most, .. } => GoodsRefusal::UnitContents { most: *most },
            _ => GoodsRefusal::EventEmpty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(amount(60_707, "MLT"), "60,707 mL");
        assert_eq!(amount(999, "GRM"), "999 g");
        assert_eq!(amount(10_000_000, "H87"), "10,000,000");
    }
}
