//! The fictional parties of the demonstration. Every name says that it is one.

use std::collections::BTreeMap;
use std::path::Path;

use crate::ledger::{Home, LedgerError, Unmet};
use crate::names::PartySlug;
use crate::seal::SoftKey;
use crate::statement::{
    Accreditation, Agreement, Capacity, Custody, Day, Registration, Role, Scope, Timestamp,
};

/// Regions of the demonstration's cooperatives: two cooperatives in each.
pub const REGIONS: [&str; 10] =
    ["MA-01", "MA-02", "MA-03", "MA-04", "MA-05", "MA-06", "MA-07", "MA-08", "MA-09", "MA-10"];

/// Names of cooperatives, two a region.
const COOPERATIVES: [&str; 20] = [
    "Amane",
    "Tafsut",
    "Izouran",
    "Anaruz",
    "Tazrout",
    "Asafar",
    "Tamazirt",
    "Imlil",
    "Aghbalou",
    "Tiwizi",
    "Azemmour",
    "Tagmat",
    "Argan",
    "Tifaouine",
    "Afous",
    "Tislit",
    "Ajddig",
    "Tudert",
    "Anzar",
    "Tamunt",
];

/// Certifiers: slug, name, schemes.
pub const CERTIFIERS: [(&str, &str, &[&str]); 5] = [
    ("certif-atlas", "Certificateur fictif Atlas", &["sdoq-ig", "sdoq-ao", "sdoq-la"]),
    ("certif-vert", "Certificateur fictif Vert", &["bio-maroc", "eu-organic"]),
    (
        "certif-juste",
        "Certificateur fictif Juste",
        &["fairtrade", "fair-for-life", "biopartenaire"],
    ),
    (
        "certif-qualite",
        "Certificateur fictif Qualité",
        &["terroir-du-maroc", "nm-mark", "halal-maroc"],
    ),
    ("certif-ombre", "Certificateur fictif Ombre", &["terroir-du-maroc"]),
];

/// The cooperative with a small declared capacity, and the product it is for.
pub const SMALL_COOPERATIVE: &str = "coop-fictive-17";
/// See [`SMALL_COOPERATIVE`].
pub const SMALL_PRODUCT: &str = "argane";

/// A party's key and name.
pub struct Member {
    pub slug: PartySlug,
    pub name: String,
    pub role: Role,
    pub region: Option<String>,
    pub key: SoftKey,
}

/// All members, by slug.
pub type Members = BTreeMap<String, Member>;

/// Cooperative `which` (0 or 1) of a region.
pub fn cooperative(region: &str, which: usize) -> Option<String> {
    let place = REGIONS.iter().position(|known| *known == region)?;
    Some(format!("coop-fictive-{:02}", place * 2 + which % 2 + 1))
}

/// Makes every member's key, on all cores: each key file costs a scrypt.
pub fn make_members(folder: &Path, passphrase: &str) -> Result<Members, LedgerError> {
    let mut plan: Vec<(String, String, Role, Option<String>)> = Vec::new();
    for (place, name) in COOPERATIVES.iter().enumerate() {
        let region = REGIONS.get(place / 2).map(|region| (*region).to_owned());
        let slug = format!("coop-fictive-{:02}", place + 1);
        plan.push((slug, format!("Coopérative fictive {name}"), Role::Cooperative, region));
    }
    for (slug, name, _) in CERTIFIERS {
        plan.push((slug.to_owned(), name.to_owned(), Role::Certifier, None));
    }
    for slug in ["certif-atlas", "certif-ombre"] {
        plan.push((format!("{slug}-2"), String::new(), Role::Certifier, None));
    }
    let share = plan.len().div_ceil(2);
    let make =
        |part: &[(String, String, Role, Option<String>)]| -> Result<Vec<Member>, LedgerError> {
            let member = |(slug, name, role, region): &(String, String, Role, Option<String>)| {
                let key = Home::make_key(&folder.join(format!("{slug}.pem")), passphrase)?;
                let slug = PartySlug::parse(slug).map_err(|fault| {
                    LedgerError::unmet(Unmet::Invalid, fault.code(), fault.to_string())
                })?;
                let (name, role, region) = (name.clone(), *role, region.clone());
                Ok(Member { slug, name, role, region, key })
            };
            part.iter().map(member).collect()
        };
    let made: Vec<Result<Vec<Member>, LedgerError>> = std::thread::scope(|scope| {
        let make = &make;
        let parts: Vec<_> =
            plan.chunks(share).map(|part| scope.spawn(move || make(part))).collect();
        parts.into_iter().filter_map(|part| part.join().ok()).collect()
    });
    let mut members = Members::new();
    for part in made {
        members.extend(part?.into_iter().map(|member| (member.slug.to_string(), member)));
    }
    Ok(members)
}

impl Member {
    /// The registration of this party. One cooperative declares a small capacity, so that a season
    /// above it is held.
    pub fn registration(&self, number: usize, today: Day) -> Registration {
        let small = self.slug.as_str() == SMALL_COOPERATIVE;
        let years = (0..2).filter(|_| small).map(|before| today.ymd().0.saturating_sub(before));
        let capacities = years.map(|year| Capacity {
            product: SMALL_PRODUCT.to_owned(),
            campaign: year.to_string(),
            quantity: 1_500_000,
        });
        Registration {
            party: self.slug.clone(),
            name: self.name.clone(),
            registered_id: format!("FICTIF-{number:04}"),
            registered_on: Day::from_days(20_089),
            role: self.role,
            region: self.region.clone(),
            capacities: capacities.collect(),
            successor: None,
            regions: Vec::new(),
            gtin_prefixes: Vec::new(),
            same_name: false,
        }
    }

    /// Who holds the key: small cooperatives let the service hold it.
    pub fn custody(&self) -> Custody {
        if self.role == Role::Cooperative { Custody::Operator } else { Custody::Own }
    }

    /// The agreement of a client with this certifier, for three years from a month ago.
    pub fn agreement(&self, client: &Self, schemes: &[&str], today: Day) -> Agreement {
        let from = Day::from_days(today.days() - 30);
        Agreement {
            client: client.slug.clone(),
            certifier: self.slug.clone(),
            schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
            from,
            until: from.plus_months(36).unwrap_or(from),
            on_paper: true,
        }
    }

    /// The accreditation of a certifier over all products and regions.
    pub fn accreditation(&self, schemes: &[&str], number: usize, now: Timestamp) -> Accreditation {
        let all = || std::iter::once(Scope::ALL.to_owned()).collect();
        Accreditation {
            party: self.slug.clone(),
            name: self.name.clone(),
            registered_id: format!("FICTIF-ACC-{number:02}"),
            registered_on: Day::from_days(20_089),
            scope: Scope {
                schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
                products: all(),
                regions: all(),
            },
            valid_from: now.plus_seconds(-400 * 86_400),
            valid_until: now.plus_seconds(5 * 365 * 86_400),
        }
    }
}
