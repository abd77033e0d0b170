//! The catalogue: products, certification schemes, regions and materials, from `assets/data`.
//! Facts with their sources; not a price list, and no party of any kind stands in it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::error::CatalogError;
use super::material::{Material, MaterialRow};
use super::unit::BaseUnit;

/// Products, schemes, regions and materials by id.
#[derive(Debug)]
pub struct Catalog {
    products: BTreeMap<String, Product>,
    schemes: BTreeMap<String, Scheme>,
    regions: BTreeMap<String, Region>,
    materials: BTreeMap<String, Material>,
    /// Currencies, and how many decimal places of each its minor unit is.
    currencies: BTreeMap<String, u8>,
    digest: [u8; 32],
}

/// One origin product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Id.
    pub id: String,
    /// Sign under law 25-06: `IG`, `AO`, `LA`.
    pub sign: String,
    /// Name in French.
    pub name_fr: String,
    /// Name in Arabic; empty where the sources give none.
    pub name_ar: String,
    /// Name in English.
    pub name_en: String,
    /// How well the Arabic name is attested, in the source's words; empty without a name.
    pub name_status: String,
    /// Regions, ISO 3166-2; empty where none is given.
    pub regions: Vec<String>,
    /// Kind of product, e.g. `honey`.
    pub product_type: String,
    /// HS 2022 code, six digits.
    pub hs6: String,
    /// Smallest unit.
    pub unit: BaseUnit,
    /// The least and the most that one sales unit holds, in the smallest unit: bounds by kind of
    /// product, wide enough for a sample and for a drum.
    pub packs: (u64, u64),
    /// Recognised, disputed or pending, in the source's words.
    pub status: String,
    /// Remarks of the research, also those cut from the names.
    pub note: String,
}

/// What a scheme stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// Fair trade.
    FairTrade,
    /// Organic farming.
    Organic,
    /// Geographical indication or designation of origin.
    Geographical,
    /// Agricultural label.
    AgriculturalLabel,
    /// Halal.
    Halal,
    /// Quality or food safety.
    Quality,
}

/// One scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Id.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in French.
    pub name_fr: String,
    /// Owner.
    pub owner: String,
    /// What it stands for; empty for registers that certify nothing.
    pub kinds: Vec<SchemeKind>,
}

/// One of the twelve regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-2, e.g. `MA-09`.
    pub iso: String,
    /// Name in French.
    pub name_fr: String,
    /// Name in Arabic.
    pub name_ar: String,
    /// Name in English.
    pub name_en: String,
    /// Code of the HCP without leading zero: `9`, the `r9` of [`Catalog::region_paths`].
    pub hcp_code: String,
}

impl Product {
    /// The name in a language (`fr`, `ar`, `en`), French where it has none in that language.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        named(language, &self.name_fr, &self.name_ar, &self.name_en)
    }
}

impl Scheme {
    /// Whether it certifies something; registers of organisations and numbers do not.
    #[must_use]
    pub fn is_certification(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// Whether it certifies operators, on which certificates of their lots rest: organic, fair
    /// trade, geographical and halal schemes. Of these the cover is kept.
    #[must_use]
    pub fn is_of_operators(&self) -> bool {
        use SchemeKind::{FairTrade, Geographical, Halal, Organic};
        self.kinds.iter().any(|it| matches!(it, FairTrade | Organic | Geographical | Halal))
    }

    /// The name in a language (`fr`, `en`), French otherwise.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        named(language, &self.name_fr, "", &self.name_en)
    }
}

impl Region {
    /// The name in a language (`fr`, `ar`, `en`), French otherwise.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        named(language, &self.name_fr, &self.name_ar, &self.name_en)
    }
}

fn named<'a>(language: &str, fr: &'a str, ar: &'a str, en: &'a str) -> &'a str {
    match language {
        "ar" if !ar.is_empty() => ar,
        "en" if !en.is_empty() => en,
        _ => fr,
    }
}

#[derive(Deserialize)]
struct ProductRow {
    id: String,
    sign_law_25_06: String,
    name_fr: String,
    name_ar: String,
    name_ar_status: String,
    name_en: String,
    region_iso: String,
    product_type: String,
    hs6: String,
    unit: String,
    packs: String,
    status: String,
    note: String,
}

#[derive(Deserialize)]
struct SchemeRow {
    id: String,
    name_en: String,
    name_fr: String,
    owner: String,
    kind: String,
}

#[derive(Deserialize)]
struct RegionRow {
    iso_3166_2: String,
    hcp_code: String,
    name_fr: String,
    name_ar: String,
    name_en: String,
}

#[derive(Deserialize)]
struct CurrencyRow {
    code: String,
    digits: u8,
}

impl Catalog {
    /// The catalogue built into this binary.
    ///
    /// # Errors
    /// [`CatalogError`] when a table was broken at build time.
    pub fn builtin() -> Result<&'static Self, CatalogError> {
        static CATALOG: OnceLock<Result<Catalog, CatalogError>> = OnceLock::new();
        CATALOG.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    fn read() -> Result<Self, CatalogError> {
        let tables = [
            include_str!("../../assets/data/products.csv"),
            include_str!("../../assets/data/schemes.csv"),
            include_str!("../../assets/data/regions.csv"),
            include_str!("../../assets/data/materials.csv"),
            include_str!("../../assets/data/currencies.csv"),
        ];
        let [products, schemes, regions, materials, currencies] = tables;
        let digest = tables.iter().fold(Sha256::new(), |hash, table| hash.chain_update(table));
        let products = rows("products", products)?;
        let schemes = rows("schemes", schemes)?;
        let regions = rows("regions", regions)?;
        let materials = rows("materials", materials)?.into_iter().map(|row: MaterialRow| {
            Material::try_from(row).map(|material| (material.id.clone(), material))
        });
        let currencies = rows("currencies", currencies)?;
        let currencies = currencies.into_iter().map(|row: CurrencyRow| (row.code, row.digits));
        let products = products.into_iter().map(|row: ProductRow| {
            Product::try_from(row).map(|product| (product.id.clone(), product))
        });
        let schemes = schemes.into_iter().map(|row: SchemeRow| (row.id.clone(), row.into()));
        let regions =
            regions.into_iter().map(|row: RegionRow| (row.iso_3166_2.clone(), row.into()));
        Ok(Self {
            products: products.collect::<Result<_, _>>()?,
            schemes: schemes.collect(),
            regions: regions.collect(),
            materials: materials.collect::<Result<_, _>>()?,
            currencies: currencies.collect(),
            digest: digest.finalize().into(),
        })
    }

    /// SHA-256 over the tables: what a register was folded with.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The map of the regions as SVG text; the path of a region has the id `r` + its HCP code.
    #[must_use]
    pub fn region_paths() -> &'static str {
        include_str!("../../assets/data/morocco-regions.svg")
    }

    /// All products, by id.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.values()
    }

    /// All schemes, by id; also registers, which [`Scheme::is_certification`] tells apart.
    pub fn schemes(&self) -> impl Iterator<Item = &Scheme> {
        self.schemes.values()
    }

    /// All regions, by code.
    pub fn regions(&self) -> impl Iterator<Item = &Region> {
        self.regions.values()
    }

    /// A product.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.get(id)
    }

    /// A scheme that certifies something.
    #[must_use]
    pub fn scheme(&self, id: &str) -> Option<&Scheme> {
        self.schemes.get(id).filter(|scheme| scheme.is_certification())
    }

    /// All materials, by id: every product, and what products are made from.
    pub fn materials(&self) -> impl Iterator<Item = &Material> {
        self.materials.values()
    }

    /// A material.
    #[must_use]
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.get(id)
    }

    /// How many decimal places of a currency its minor unit is, by its code of ISO 4217; None:
    /// there is no such currency that anybody pays in, or paid in lately.
    #[must_use]
    pub fn currency_digits(&self, code: &str) -> Option<u8> {
        self.currencies.get(code).copied()
    }

    /// A region.
    #[must_use]
    pub fn region(&self, iso: &str) -> Option<&Region> {
        self.regions.get(iso)
    }
}

impl TryFrom<ProductRow> for Product {
    type Error = CatalogError;

    fn try_from(row: ProductRow) -> Result<Self, CatalogError> {
        let unit = BaseUnit::of_table(&row.unit).ok_or_else(|| CatalogError {
            table: "products",
            reason: format!("{}: unit {:?} is not kg, g, L, mL or piece", row.id, row.unit),
        })?;
        let [(name_fr, fr), (name_ar, ar), (name_en, en)] =
            [&row.name_fr, &row.name_ar, &row.name_en].map(|name| split_remark(name));
        let packs = row
            .packs
            .split_once('-')
            .and_then(|(least, most)| Some((least.parse().ok()?, most.parse().ok()?)));
        let packs = packs.ok_or_else(|| CatalogError {
            table: "products",
            reason: format!("{}: packs {:?} is not LEAST-MOST", row.id, row.packs),
        })?;
        let remarks = [fr, ar, en, &row.note].into_iter().filter(|remark| !remark.is_empty());
        let regions = row.region_iso.split('|').filter(|region| !region.is_empty());
        Ok(Self {
            note: remarks.collect::<Vec<_>>().join("; "),
            regions: regions.map(str::to_owned).collect(),
            name_fr: name_fr.to_owned(),
            name_ar: name_ar.to_owned(),
            name_en: name_en.to_owned(),
            id: row.id,
            sign: row.sign_law_25_06,
            name_status: row.name_ar_status,
            product_type: row.product_type,
            hs6: row.hs6,
            unit,
            packs,
            status: row.status,
        })
    }
}

impl From<SchemeRow> for Scheme {
    fn from(row: SchemeRow) -> Self {
        let kinds = scheme_kinds(&row.id, &row.kind);
        // The table notes how booklets print the sign; people are shown the sign of the law.
        let shown = |name: String| name.replace("; printed IGP", "").replace("; printed AOP", "");
        let (name_en, name_fr) = (shown(row.name_en), shown(row.name_fr));
        Self { id: row.id, name_en, name_fr, owner: row.owner, kinds }
    }
}

impl From<RegionRow> for Region {
    fn from(row: RegionRow) -> Self {
        let RegionRow { iso_3166_2: iso, hcp_code, name_fr, name_ar, name_en } = row;
        let hcp_code = hcp_code.trim_start_matches('0').to_owned();
        Self { iso, name_fr, name_ar, name_en, hcp_code }
    }
}

/// What a scheme stands for, from the table's `kind` and, for the signs of law 25-06, its id.
fn scheme_kinds(id: &str, kind: &str) -> Vec<SchemeKind> {
    match (id, kind) {
        ("sdoq-la", _) => vec![SchemeKind::AgriculturalLabel],
        ("sdoq-ig" | "sdoq-ao", _) => vec![SchemeKind::Geographical],
        (_, "legal identity" | "identification") => Vec::new(),
        _ => {
            let words = [
                ("fair trade", SchemeKind::FairTrade),
                ("organic", SchemeKind::Organic),
                ("halal", SchemeKind::Halal),
                ("quality", SchemeKind::Quality),
                ("food safety", SchemeKind::Quality),
            ];
            let mut kinds: Vec<SchemeKind> = Vec::new();
            for (word, found) in words {
                if kind.contains(word) && !kinds.contains(&found) {
                    kinds.push(found);
                }
            }
            kinds
        }
    }
}

/// A name and the remark of the research in brackets at its end; `Lemta (Fès)` keeps its brackets.
fn split_remark(name: &str) -> (&str, &str) {
    const REMARKS: [&str; 3] = ["French form is a", "suckling lamb", "couscous"];
    let parts = name.strip_suffix(')').and_then(|open| open.rsplit_once(" ("));
    parts
        .filter(|(_, remark)| REMARKS.iter().any(|known| remark.contains(known)))
        .unwrap_or((name, ""))
}

fn rows<T: serde::de::DeserializeOwned>(
    table: &'static str,
    text: &str,
) -> Result<Vec<T>, CatalogError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| CatalogError { table, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_what_people_pay_with() {
        let catalog = Catalog::builtin().unwrap();
        let told = ["MAD", "EUR", "JPY", "VND", "TND"].map(|code| catalog.currency_digits(code));
        assert_eq!(told, [2, 2, 0, 0, 3].map(Some));
        // No code, none of money, and gold.
        let none =
            ["QQQ", "mad", "XXX", "XTS", "XAU", ""].map(|code| catalog.currency_digits(code));
        assert_eq!(none, [None; 6]);
        let codes = || catalog.currencies.iter();
        let letters =
            |code: &str| code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase());
        assert!(codes().all(|(code, digits)| letters(code) && matches!(digits, 0 | 2 | 3)));
        assert_eq!(codes().count(), 161);
    }

    #[test]
    fn tables_parse() {
        let catalog = Catalog::builtin().unwrap();
        assert_eq!(catalog.products().count(), 69);
        assert_eq!(catalog.regions().count(), 12);
        assert!(catalog.products().all(|product| product.hs6.len() == 6 || product.hs6.is_empty()));
        let unknown = |p: &Product| p.regions.iter().any(|r| catalog.region(r).is_none());
        assert!(!catalog.products().any(unknown));
        assert_eq!(catalog.product("argane").unwrap().unit, BaseUnit::Millilitre);
        assert_eq!(catalog.schemes().count(), 24);
        for register in ["gs1-morocco", "coop-register"] {
            assert!(catalog.scheme(register).is_none(), "{register}");
        }
        let uncertified = catalog.schemes().filter(|scheme| !scheme.is_certification());
        assert_eq!(uncertified.count(), 2);
        let both = &catalog.scheme("biopartenaire").unwrap().kinds;
        assert_eq!(both, &[SchemeKind::FairTrade, SchemeKind::Organic]);
    }

    #[test]
    fn kinds_of_schemes() {
        let catalog = Catalog::builtin().unwrap();
        let expected = [
            ("sdoq-ig", SchemeKind::Geographical),
            ("sdoq-ao", SchemeKind::Geographical),
            ("sdoq-la", SchemeKind::AgriculturalLabel),
            ("halal-maroc", SchemeKind::Halal),
            ("fairtrade", SchemeKind::FairTrade),
            ("bio-maroc", SchemeKind::Organic),
            ("nm-mark", SchemeKind::Quality),
        ];
        for (id, kind) in expected {
            assert_eq!(catalog.scheme(id).unwrap().kinds, [kind], "{id}");
        }
    }

    #[test]
    fn remarks_leave_the_name_and_stay_in_the_note() {
        let catalog = Catalog::builtin().unwrap();
        let apple = catalog.product("pomme-al-haouz").unwrap();
        assert_eq!(apple.name_fr, "Pomme d'Al Haouz");
        assert!(apple.note.contains("back-translation"));
        assert_eq!(catalog.product("agneau-laiton").unwrap().name_en, "Agneau laiton");
        let lemta = catalog.product("huile-olive-lemta").unwrap();
        assert_eq!(lemta.name_fr, "Huile d'olive de Lemta (Fès)");
        let remarks = |p: &&Product| p.name_fr.contains("translation");
        assert_eq!(catalog.products().find(remarks), None);
    }

    #[test]
    fn a_name_in_the_language_asked_or_in_french() {
        let catalog = Catalog::builtin().unwrap();
        let argan = catalog.product("argane").unwrap();
        assert_eq!((argan.name("en"), argan.name("zgh")), ("Argan oil", argan.name_fr.as_str()));
        let honey = catalog.product("miel-haha").unwrap();
        assert_eq!(honey.name("ar"), "Miel de Haha");
    }

    #[test]
    fn every_region_is_on_the_map() {
        for region in Catalog::builtin().unwrap().regions() {
            let id = format!(r#"id="r{}""#, region.hcp_code);
            assert_eq!(Catalog::region_paths().matches(&id).count(), 1, "{}", region.iso);
        }
    }
}
