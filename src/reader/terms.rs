//! What people call products, materials, schemes, regions and units: a code of the catalogue by
//! itself or by a name in French, Arabic or English. Another word is refused with what it may have
//! meant; none is guessed. Not here: which of them a rule allows ([`crate::register`]).

use std::sync::OnceLock;

use strum::{IntoStaticStr, VariantArray};

use super::fault::ReadFault;
use crate::catalog::{Catalog, CatalogError};
use crate::statement::folded_name;

/// Candidates that a refusal names, where several are meant by one word.
const CANDIDATES_MAX: usize = 8;

/// The nearest that a refusal names.
const NEAREST: usize = 3;

/// Longest word that is compared, in characters; no name is longer.
const CHARS_MAX: usize = 120;

/// What a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Noun {
    /// An origin product of the catalogue.
    Product,
    /// What a lot may be made of: every product, and what products are made from.
    Material,
    /// A scheme that certifies something.
    Scheme,
    /// One of the twelve regions.
    Region,
    /// A unit that quantities are written in.
    Unit,
}

/// A code with its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The code.
    pub code: &'static str,
    /// Name in French.
    pub fr: &'static str,
    /// Name in Arabic; empty where there is none.
    pub ar: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// What else people write.
    also: &'static [&'static str],
}

/// Units: code, names, and what else people write.
const UNITS: [Term; 6] = [
    unit("g", ["gramme", "غرام", "gram"], &["gr", "grammes", "grams", "GRM", "غ"]),
    unit(
        "kg",
        ["kilogramme", "كيلوغرام", "kilogram"],
        &["kilo", "kilos", "kgs", "kilogrammes", "kilograms", "KGM", "كغ", "كلغ", "كيلو"],
    ),
    unit("t", ["tonne", "طن", "tonne"], &["tonnes", "TNE", "أطنان"]),
    unit(
        "mL",
        ["millilitre", "مليلتر", "millilitre"],
        &["millilitres", "milliliter", "milliliters", "MLT", "مل"],
    ),
    unit(
        "L",
        ["litre", "لتر", "litre"],
        &["litres", "liter", "liters", "ltr", "LTR", "ل", "لترات"],
    ),
    unit(
        "piece",
        ["pièce", "قطعة", "piece"],
        &["pièces", "pieces", "pcs", "pce", "unités", "unité", "units", "H87", "قطع", "وحدة"],
    ),
];

const fn unit(code: &'static str, names: [&'static str; 3], also: &'static [&'static str]) -> Term {
    let [fr, ar, en] = names;
    Term { code, fr, ar, en, also }
}

/// What people call schemes beside the catalogue's names: signs of law 25-06 by their French
/// letters, and in Arabic, for which the catalogue has no column.
const SCHEMES: [(&str, &str, &[&str]); 5] = [
    ("sdoq-ig", "البيان الجغرافي", &["IG", "IGP", "بيان جغرافي"]),
    ("sdoq-ao", "تسمية المنشأ", &["AO", "AOP"]),
    ("sdoq-la", "العلامة الفلاحية", &["علامة فلاحية"]),
    ("halal-maroc", "حلال المغرب", &[]),
    ("bio-maroc", "", &["Logo Bio Maroc"]),
];

/// What people call products and materials beside the catalogue's names.
const GOODS: [(&str, &[&str]); 1] =
    [("argane", &["huile d'argane", "huile d'argan", "زيت أركان", "زيت الأركان"])];

/// All that a noun may name, by code.
///
/// # Errors
/// [`CatalogError`] when a table was broken at build time.
pub fn terms(noun: Noun) -> Result<Vec<Term>, CatalogError> {
    let catalog = Catalog::builtin()?;
    let goods = |code: &str| {
        GOODS.iter().find(|(id, _)| *id == code).map_or(&[] as &[&str], |(_, also)| also)
    };
    Ok(match noun {
        Noun::Product => {
            let term = |it: &'static crate::catalog::Product| Term {
                code: &it.id,
                fr: &it.name_fr,
                ar: &it.name_ar,
                en: &it.name_en,
                also: goods(&it.id),
            };
            catalog.products().map(term).collect()
        }
        Noun::Material => {
            let term = |it: &'static crate::catalog::Material| Term {
                code: &it.id,
                fr: &it.name_fr,
                ar: &it.name_ar,
                en: &it.name_en,
                also: goods(&it.id),
            };
            catalog.materials().map(term).collect()
        }
        Noun::Scheme => {
            let term = |it: &'static crate::catalog::Scheme| {
                let known = SCHEMES.iter().find(|(id, ..)| *id == it.id);
                let (ar, also) = known.map_or(("", &[] as &[&str]), |(_, ar, also)| (*ar, *also));
                Term { code: &it.id, fr: &it.name_fr, ar, en: &it.name_en, also }
            };
            catalog.schemes().filter(|scheme| scheme.is_certification()).map(term).collect()
        }
        Noun::Region => {
            let term = |it: &'static crate::catalog::Region| Term {
                code: &it.iso,
                fr: &it.name_fr,
                ar: &it.name_ar,
                en: &it.name_en,
                also: &[],
            };
            catalog.regions().map(term).collect()
        }
        Noun::Unit => UNITS.to_vec(),
    })
}

/// The code that a word names: a code, or a name in French, Arabic or English, whatever its case,
/// accents and forms of Arabic letters.
///
/// # Errors
/// Why it names none, with the nearest, or the several that it may mean.
pub fn code_of(noun: Noun, text: &str) -> Result<&'static str, ReadFault> {
    match known(noun) {
        Ok(all) => found(all, noun, text),
        Err(error) => Err(ReadFault::new("fault-other", [("what", &error.to_string())])),
    }
}

/// The unit that a word names, as quantities are written with it.
#[must_use]
pub fn unit_named(word: &str) -> Option<&'static str> {
    let word = folded_name(word);
    let units = known(Noun::Unit).ok()?;
    units.iter().find(|unit| unit.names.contains(&word)).map(|unit| unit.term.code)
}

/// A term with its names as they are compared.
struct Known {
    term: Term,
    code: String,
    names: Vec<String>,
}

/// All that a noun may name, folded once: a sheet asks for thousands of words.
fn known(noun: Noun) -> Result<&'static [Known], CatalogError> {
    type Index = OnceLock<Result<Vec<Known>, CatalogError>>;
    static PRODUCTS: Index = OnceLock::new();
    static MATERIALS: Index = OnceLock::new();
    static SCHEME_WORDS: Index = OnceLock::new();
    static REGIONS: Index = OnceLock::new();
    static UNIT_WORDS: Index = OnceLock::new();
    let index = match noun {
        Noun::Product => &PRODUCTS,
        Noun::Material => &MATERIALS,
        Noun::Scheme => &SCHEME_WORDS,
        Noun::Region => &REGIONS,
        Noun::Unit => &UNIT_WORDS,
    };
    let of =
        |term: Term| Known { code: folded_name(term.code), names: term.names().collect(), term };
    let made = index.get_or_init(|| Ok(terms(noun)?.into_iter().map(of).collect()));
    made.as_deref().map_err(Clone::clone)
}

fn found(all: &[Known], noun: Noun, text: &str) -> Result<&'static str, ReadFault> {
    let wanted = folded_name(&text.chars().take(CHARS_MAX).collect::<String>());
    if let Some(one) = all.iter().find(|known| known.code == wanted) {
        return Ok(one.term.code);
    }
    let named: Vec<&Known> = all.iter().filter(|known| known.names.contains(&wanted)).collect();
    if let [one] = named.as_slice() {
        return Ok(one.term.code);
    }
    let shown = |known: &[&Known]| {
        let shown = known.iter().take(CANDIDATES_MAX).map(|known| known.term.shown());
        shown.collect::<Vec<_>>().join(", ")
    };
    let several = if named.is_empty() { holding(all, text) } else { named };
    if several.len() > 1 {
        let more = if several.len() > CANDIDATES_MAX { ", ..." } else { "" };
        let candidates = format!("{}{more}", shown(&several));
        let values = [("value", text), ("candidates", &candidates)];
        return Err(ReadFault::new(noun.several(), values));
    }
    let mut near: Vec<(usize, &Known)> =
        all.iter().map(|known| (known.likeness(&wanted), known)).collect();
    near.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.term.code.cmp(b.term.code)));
    let near: Vec<&Known> = near.into_iter().take(NEAREST).map(|(_, known)| known).collect();
    Err(ReadFault::new(noun.unknown(), [("value", text), ("nearest", &shown(&near))]))
}

impl Noun {
    /// The message for a word that may name several.
    fn several(self) -> &'static str {
        match self {
            Self::Product | Self::Material => "fault-product-several",
            Self::Scheme => "fault-scheme-several",
            Self::Region => "fault-region-several",
            Self::Unit => "fault-unit-several",
        }
    }

    /// The message for a word that names none.
    fn unknown(self) -> &'static str {
        match self {
            Self::Product | Self::Material => "fault-product-unknown",
            Self::Scheme => "fault-scheme-unknown",
            Self::Region => "fault-region-unknown",
            Self::Unit => "fault-unit-unknown",
        }
    }
}

/// Terms of which one name holds all words of a text.
fn holding<'a>(all: &'a [Known], text: &str) -> Vec<&'a Known> {
    let words_of = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).map(folded_name);
        words.filter(|word| word.chars().count() > 1).collect()
    };
    let wanted = words_of(text);
    let holds = |name: &&str| {
        let words = words_of(name);
        !wanted.is_empty() && wanted.iter().all(|word| words.contains(word))
    };
    let names = |term: &Term| [term.fr, term.ar, term.en];
    all.iter().filter(|known| names(&known.term).iter().any(holds)).collect()
}

impl Term {
    /// Its names, folded: whole, without what stands in brackets, and parted by a stroke.
    fn names(&self) -> impl Iterator<Item = String> {
        let names = [self.code, self.fr, self.ar, self.en].into_iter();
        let whole = names.chain(self.also.iter().copied());
        let parts = [self.fr, self.ar, self.en].into_iter().flat_map(|name| {
            let plain = name.split_once('(').map_or(name, |(plain, _)| plain);
            plain.split('/').chain(std::iter::once(plain))
        });
        whole.chain(parts).map(folded_name).filter(|name| !name.is_empty())
    }

    /// For a message: code and French name.
    fn shown(&self) -> String {
        if self.fr.is_empty() || self.fr == self.code {
            return self.code.to_owned();
        }
        format!("{} ({})", self.code, self.fr)
    }
}

impl Known {
    /// How much a folded word is like one of the names, in thousandths (Dice, pairs of letters).
    fn likeness(&self, wanted: &str) -> usize {
        self.names.iter().map(|name| likeness(name, wanted)).max().unwrap_or_default()
    }
}

fn pairs(text: &str) -> Vec<(char, char)> {
    text.chars().take(CHARS_MAX).zip(text.chars().skip(1)).collect()
}

fn likeness(one: &str, other: &str) -> usize {
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len().saturating_add(other.len());
    let both = one.iter().filter(|pair| {
        let place = other.iter().position(|it| it == *pair);
        place.is_some_and(|place| {
            other.swap_remove(place);
            true
        })
    });
    both.count().saturating_mul(2_000).checked_div(all).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_every_name_is_found_or_told_with_its_twins() {
        for noun in Noun::VARIANTS {
            for term in terms(*noun).unwrap() {
                assert_eq!(code_of(*noun, term.code), Ok(term.code));
                for name in [term.fr, term.ar, term.en].into_iter().filter(|it| !it.is_empty()) {
                    for dress in [name.to_owned(), name.to_uppercase(), format!(" {name}.")] {
                        match code_of(*noun, &dress) {
                            Ok(code) => assert_eq!(code, term.code, "{dress}"),
                            Err(fault) => {
                                let told = fault.to_string();
                                assert!(told.contains(term.code), "{dress}: {told}");
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn words_of_three_languages_name_one_thing() {
        for (noun, text, code) in [
            (Noun::Product, "Argane", "argane"),
            (Noun::Product, "HUILE D’ARGANE", "argane"),
            (Noun::Material, "زيت الاركان", "argane"),
            (Noun::Material, "argan oil", "argane"),
            (Noun::Scheme, "IGP", "sdoq-ig"),
            (Noun::Scheme, "appellation d'origine", "sdoq-ao"),
            (Noun::Scheme, "تسمية المنشا", "sdoq-ao"),
            (Noun::Scheme, "Max Havelaar", "fairtrade"),
            (Noun::Region, "souss massa", "MA-09"),
            (Noun::Region, "سوس-ماسه", "MA-09"),
            (Noun::Region, "ma-09", "MA-09"),
            (Noun::Unit, "Litres", "L"),
            (Noun::Unit, "كغ", "kg"),
        ] {
            assert_eq!(code_of(noun, text), Ok(code), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_with_the_nearest_and_what_is_several_with_all() {
        let told = |noun, text: &str| {
            let fault = code_of(noun, text).unwrap_err();
            (fault.id, fault.values[1].1.clone())
        };
        let (id, nearest) = told(Noun::Product, "argann");
        assert_eq!((id, nearest.split(", ").count()), ("fault-product-unknown", 3), "{nearest}");
        assert!(nearest.starts_with("argane (Argane"), "{nearest}");
        let (id, nearest) = told(Noun::Region, "Sous-Masa");
        assert!(id == "fault-region-unknown" && nearest.starts_with("MA-09"), "{nearest}");
        let (id, candidates) = told(Noun::Product, "miel d'euphorbe");
        assert_eq!(id, "fault-product-several");
        for code in ["miel-euphorbe-sahara", "miel-euphorbe-souss-massa", "-tadla-azilal"] {
            assert!(candidates.contains(code), "{candidates}");
        }
        assert_eq!(told(Noun::Scheme, "organic").0, "fault-scheme-several");
        // A place in the brackets of a name is no product.
        assert!(code_of(Noun::Product, "Fès").is_err());
        for odd in ["", " ", "%", "\u{0}", &"x".repeat(10_000)] {
            assert!(code_of(Noun::Material, odd).is_err());
        }
    }
}
