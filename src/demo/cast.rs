//! Who and which lots take part in the demonstration's story of goods, by name: what is told of
//! them stands in the ledger. Every name says that it is fictional.

use crate::names::{Gtin, LotKey, LotNumber, PartySlug};
use crate::statement::Role;

/// Members of the story beside cooperatives and certifiers: slug, name in French and Arabic, role,
/// region.
pub(super) const TRADE: [(&str, &str, &str, Role, &str); 5] = [
    ("export-fictif", "Exportateur fictif Ahlan", "المُصدِّر الخيالي أهلا", Role::Exporter, "MA-09"),
    ("boutique-fictive-1", "Boutique fictive Nour", "الدكان الخيالي نور", Role::Shop, "MA-06"),
    (
        "boutique-fictive-2",
        "Boutique fictive Yasmine",
        "الدكان الخيالي ياسمين",
        Role::Shop,
        "MA-04",
    ),
    ("boutique-fictive-3", "Boutique fictive Zitoun", "الدكان الخيالي زيتون", Role::Shop, "MA-07"),
    ("boutique-fictive-4", "Boutique fictive Bahr", "الدكان الخيالي بحر", Role::Shop, "MA-01"),
];

/// The four shops, in the order in which they are told.
pub(super) const SHOPS: [&str; 4] =
    ["boutique-fictive-1", "boutique-fictive-2", "boutique-fictive-3", "boutique-fictive-4"];

/// Who sells abroad.
pub(super) const EXPORTER: &str = "export-fictif";

/// Harvest argan fruit for one oil.
pub(super) const PICKERS: [&str; 5] =
    ["coop-fictive-13", "coop-fictive-14", "coop-fictive-18", "coop-fictive-19", "coop-fictive-20"];

/// Makes the oil of what they harvest, and packs it.
pub(super) const PRESSER: &str = "coop-fictive-18";

/// Harvests saffron.
pub(super) const SAFFRON: &str = "coop-fictive-15";
/// Keeps bees.
pub(super) const HONEY: &str = "coop-fictive-03";
/// What its bees make: all other lots of the demonstration are of other materials or on their
/// cooperative's word.
pub(super) const HONEY_MATERIAL: &str = "miel-romarin-oriental";
/// Harvests dates.
pub(super) const DATES: &str = "coop-fictive-16";
/// Presses the small oil whose fruit is recalled, which [`RECALLER`] harvested.
pub(super) const SMALL_PRESSER: &str = "coop-fictive-14";
/// See [`SMALL_PRESSER`].
pub(super) const RECALLER: &str = "coop-fictive-19";
/// Asks for more oil than its kernels give.
pub(super) const CLAIMANT: &str = "coop-fictive-17";

/// The prefix of the presser's product numbers and logistic units: of the range that GS1 keeps for
/// demonstrations (952).
pub(super) const PREFIX: &str = "9521800";

/// Sizes in millilitres, how many jars of each, and their lots.
pub(super) const JARS: [(u64, u64, &str); 3] =
    [(250, 300, "JAR250"), (500, 160, "JAR500"), (1_000, 58, "JAR1000")];

/// Materials whose way is told: product and, per campaign, what each party can harvest of it.
pub(super) const CAPACITIES: [(&str, &str, u64); 9] = [
    ("coop-fictive-03", HONEY_MATERIAL, 1_000_000),
    ("coop-fictive-13", "argan-fruit", 4_000_000),
    ("coop-fictive-14", "argan-fruit", 4_000_000),
    ("coop-fictive-15", "saffron-flowers", 400_000),
    ("coop-fictive-16", "dates-received", 2_000_000),
    ("coop-fictive-17", "argan-fruit", 2_000_000),
    ("coop-fictive-18", "argan-fruit", 4_000_000),
    ("coop-fictive-19", "argan-fruit", 4_000_000),
    ("coop-fictive-20", "argan-fruit", 4_000_000),
];

/// Who is certified under which schemes for what: the operators of the story.
pub(super) const OPERATORS: [(&str, &[&str], &[&str]); 8] = [
    ("coop-fictive-03", &["sdoq-ig"], &[HONEY_MATERIAL]),
    ("coop-fictive-13", &["bio-maroc", "fairtrade", "sdoq-ig"], &["argan-fruit"]),
    ("coop-fictive-14", &["bio-maroc", "fairtrade", "sdoq-ig"], &["argan-fruit", "argane"]),
    ("coop-fictive-15", &["sdoq-ao"], &["saffron-flowers", "safran-taliouine"]),
    ("coop-fictive-16", &["sdoq-ig"], &["dates-received", "dattes-majhoul-tafilalet"]),
    ("coop-fictive-18", &["bio-maroc", "fairtrade", "sdoq-ig"], &["argan-fruit", "argane"]),
    ("coop-fictive-19", &["bio-maroc", "fairtrade", "sdoq-ig"], &["argan-fruit"]),
    ("coop-fictive-20", &["bio-maroc", "fairtrade", "sdoq-ig"], &["argan-fruit"]),
];

/// A lot of a party's own numbering.
pub(super) fn own(party: &str, number: &str) -> Option<LotKey> {
    Some(LotKey::Party(PartySlug::parse(party).ok()?, LotNumber::parse(number).ok()?))
}

/// The lot of a size of jars, under its product number.
pub(super) fn jars(size: usize) -> Option<LotKey> {
    let (_, _, number) = JARS.get(size)?;
    let body = format!("{PREFIX}{size:05}");
    let gtin = (0..10).find_map(|digit| Gtin::parse(&format!("{body}{digit}")).ok())?;
    Some(LotKey::Gtin(gtin, LotNumber::parse(number).ok()?))
}

/// What the story's page asks for, by name.
#[derive(Clone, Debug)]
pub struct Script {
    /// Ripe fruit, one lot each of five cooperatives.
    pub fruit: Vec<LotKey>,
    /// What they became, step by step: dry fruit, nuts, kernels, oil.
    pub steps: Vec<LotKey>,
    /// The oil in jars, one lot a size.
    pub jars: Vec<LotKey>,
    /// Who sells abroad.
    pub exporter: PartySlug,
    /// Who sells to consumers.
    pub shops: Vec<PartySlug>,
    /// Shorter ways, from the harvest on, the packed lot last: saffron, honey, dates.
    pub beside: Vec<Vec<LotKey>>,
    /// The lot that was recalled, and the packed lot made of it.
    pub recalled: [LotKey; 2],
    /// Kernels and the oil that more was claimed of than they give.
    pub claimed: [LotKey; 2],
}

/// The script; None only if a name of it were none.
#[must_use]
pub fn script() -> Option<Script> {
    let party = |slug: &str| PartySlug::parse(slug).ok();
    let lots = |owner: &str, numbers: &[&str]| -> Option<Vec<LotKey>> {
        numbers.iter().map(|number| own(owner, number)).collect()
    };
    Some(Script {
        fruit: PICKERS.iter().map(|slug| own(slug, "FRUIT")).collect::<Option<_>>()?,
        steps: lots(PRESSER, &["DRY", "NUTS", "KERNELS", "OIL"])?,
        jars: (0..JARS.len()).map(jars).collect::<Option<_>>()?,
        exporter: party(EXPORTER)?,
        shops: SHOPS.iter().map(|slug| party(slug)).collect::<Option<_>>()?,
        beside: vec![
            lots(SAFFRON, &["FLOWERS", "SAFFRON", "SAFFRON2G"])?,
            lots(HONEY, &["HONEY500"])?,
            lots(DATES, &["DATES", "DATES1KG"])?,
        ],
        recalled: [own(RECALLER, "FRUIT2")?, own(SMALL_PRESSER, "JAR250")?],
        claimed: [own(CLAIMANT, "KERNELS")?, own(CLAIMANT, "OIL")?],
    })
}
