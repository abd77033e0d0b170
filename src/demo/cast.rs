//! Who plays in the demonstration: every name says that it is fictional; regions and products are
//! those of the catalogue. Not here: what they do (`plan`).

/// A fictional cooperative.
pub(super) struct Cooperative {
    /// Its own name, after `Coopérative fictive`.
    pub name: &'static str,
    /// Region, ISO 3166-2.
    pub region: &'static str,
    /// Product ids of the catalogue; lots alternate between them.
    pub products: [&'static str; 2],
}

/// A fictional certifier.
pub(super) struct Certifier {
    /// Its public name.
    pub name: &'static str,
    /// Schemes and regions of each of its accreditations.
    pub accreditations: &'static [(&'static [&'static str], &'static [&'static str])],
}

const fn coop(
    name: &'static str,
    region: &'static str,
    first: &'static str,
    second: &'static str,
) -> Cooperative {
    Cooperative { name, region, products: [first, second] }
}

pub(super) const COOPERATIVES: [Cooperative; 24] = [
    coop("Tifaouine", "MA-09", "argane", "amande-tafraout"),
    coop("Tamount", "MA-07", "argane", "huile-olive-essaouira-mogador"),
    coop("Zaafrane", "MA-09", "safran-taliouine", "dattes-bouittob-tata"),
    coop("Ayour", "MA-07", "tyout-chiadma", "cumin-rhamna"),
    coop("Al Warda", "MA-08", "rose-kelaat-mgouna", "eau-rose-kelaat-mgouna"),
    coop("Tagante", "MA-05", "miel-euphorbe-tadla-azilal", "huile-olive-dir-beni-mellal"),
    coop("Nakhla", "MA-08", "dattes-majhoul-tafilalet", "dattes-boufeggous"),
    coop("Azir", "MA-02", "romarin-oriental-feuilles", "miel-romarin-oriental"),
    coop("Tawenza", "MA-02", "clementine-berkane", "nefles-zegzel"),
    coop("Jbala", "MA-01", "fromage-chevre-chefchaouen", "miel-arbousier-my-abdessalam"),
    coop("Zitouna", "MA-01", "huile-olive-ouezzane", "figue-quouti-ouezzane"),
    coop("Tiziri", "MA-03", "huile-olive-sefrou", "miel-zendaz-bouiblane"),
    coop("Amal", "MA-03", "figue-nabout-taounate", "amande-aknoul"),
    coop("Assafar", "MA-10", "figue-barbarie-ait-baamrane", "miel-euphorbe-sahara"),
    coop("Tanirt", "MA-05", "grenade-sefri", "agneau-boujaad"),
    coop("Rayhane", "MA-06", "menthe-el-brouj", "piment-zenatya"),
    coop("Anab", "MA-06", "raisin-doukkali", "piment-zenatya"),
    coop("Oulja", "MA-04", "lentille-zaer", "lavandin-oulmes"),
    coop("Tislit", "MA-08", "pomme-midelt", "abricot-midelt"),
    coop("Afoulki", "MA-09", "henne-ait-ouabelli", "henne-foum-zguid"),
    coop("Isli", "MA-02", "huile-olive-isly", "dattes-aziza-bouzid"),
    coop("Louz", "MA-01", "amandes-rif", "figue-barbarie-dellahia"),
    coop("Itran", "MA-07", "capres-safi", "huile-olive-aghmat-aylane"),
    coop("Tafoukt", "MA-07", "pomme-al-haouz", "huile-olive-amizmiz"),
];

const ALL: &[&str] = &["all"];

/// Certifier 1 rotates its key; certifier 4 loses one.
pub(super) const CERTIFIERS: [Certifier; 5] = [
    Certifier {
        name: "Certificateur fictif Atlas",
        accreditations: &[(&["sdoq-ig", "sdoq-ao", "sdoq-la"], ALL)],
    },
    Certifier {
        name: "Certificateur fictif Verdure",
        accreditations: &[(&["bio-maroc"], ALL), (&["eu-organic"], ALL)],
    },
    Certifier {
        name: "Certificateur fictif Équité",
        accreditations: &[(&["fairtrade", "fair-for-life"], ALL)],
    },
    Certifier {
        name: "Certificateur fictif Amana",
        accreditations: &[(&["halal-maroc", "iso-22000"], ALL)],
    },
    Certifier {
        name: "Certificateur fictif Oasis",
        accreditations: &[
            (&["sdoq-ig"], &["MA-08", "MA-09", "MA-10"]),
            (&["terroir-du-maroc"], ALL),
        ],
    },
];

/// The certifier whose first key is retired in good order.
pub(super) const ROTATES: usize = 1;
/// The certifier whose first key falls into foreign hands.
pub(super) const ROBBED: usize = 4;

pub(super) fn cooperative_slug(place: usize) -> String {
    format!("coop-fictive-{:02}", place + 1)
}

pub(super) fn certifier_slug(place: usize) -> String {
    format!("certificateur-fictif-{}", place + 1)
}

/// Which certifier signs this scheme here.
pub(super) fn certifier_for(scheme: &str, cooperative: usize) -> usize {
    let south = COOPERATIVES
        .get(cooperative)
        .is_some_and(|coop| matches!(coop.region, "MA-08" | "MA-09" | "MA-10"));
    match scheme {
        "sdoq-ig" if south && cooperative.is_multiple_of(2) => 4,
        "bio-maroc" | "eu-organic" => 1,
        "fairtrade" | "fair-for-life" => 2,
        "halal-maroc" | "iso-22000" => 3,
        "terroir-du-maroc" => 4,
        _ => 0,
    }
}

/// The edition of a scheme's specification that the demonstration names.
pub(super) fn edition(scheme: &str) -> &'static str {
    match scheme {
        "sdoq-ig" | "sdoq-ao" | "sdoq-la" => "Cahier des charges (exemple)",
        "bio-maroc" => "Loi 39-12",
        "eu-organic" => "(UE) 2018/848",
        "iso-22000" => "2018",
        _ => "Édition d'exemple",
    }
}
