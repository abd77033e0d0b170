//! The fictional parties of the demonstration. Every name says that it is one.

use std::collections::BTreeMap;
use std::path::Path;

use super::cast;
use crate::ledger::{Home, LedgerError, Unmet};
use crate::names::PartySlug;
use crate::seal::SoftKey;
use crate::statement::{
    Accreditation, Agreement, Capacity, Contact, Custody, Day, Registration, Role, Scope, Timestamp,
};

/// Regions of the demonstration's cooperatives: two cooperatives in each.
pub const REGIONS: [&str; 10] =
    ["MA-01", "MA-02", "MA-03", "MA-04", "MA-05", "MA-06", "MA-07", "MA-08", "MA-09", "MA-10"];

/// Names of cooperatives in French and Arabic, two a region.
const COOPERATIVES: [(&str, &str); 20] = [
    ("Amane", "أمان"),
    ("Tafsut", "تافسوت"),
    ("Izouran", "إيزوران"),
    ("Anaruz", "أناروز"),
    ("Tazrout", "تازروت"),
    ("Asafar", "أسافار"),
    ("Tamazirt", "تامازيرت"),
    ("Imlil", "إمليل"),
    ("Aghbalou", "أغبالو"),
    ("Tiwizi", "تيويزي"),
    ("Azemmour", "أزمور"),
    ("Tagmat", "تاگمات"),
    ("Argan", "أركان"),
    ("Tifaouine", "تيفاوين"),
    ("Afous", "أفوس"),
    ("Tislit", "تيسليت"),
    ("Ajddig", "أجديگ"),
    ("Tudert", "تودرت"),
    ("Anzar", "أنزار"),
    ("Tamunt", "تامونت"),
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
    /// In Arabic; empty where it is given in French alone.
    pub name_ar: String,
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

/// A member to be.
#[derive(Clone)]
struct Plan {
    slug: String,
    name: String,
    name_ar: String,
    role: Role,
    region: Option<String>,
}

fn planned() -> Vec<Plan> {
    let plan = |slug: String, name: String, name_ar: String, role, region: Option<&str>| {
        let region = region.map(str::to_owned);
        Plan { slug, name, name_ar, role, region }
    };
    let cooperatives = COOPERATIVES.iter().enumerate().map(|(place, (name, arabic))| {
        let region = REGIONS.get(place / 2).copied();
        let slug = format!("coop-fictive-{:02}", place + 1);
        let arabic = format!("التعاونية الخيالية {arabic}");
        plan(slug, format!("Coopérative fictive {name}"), arabic, Role::Cooperative, region)
    });
    let trade = cast::TRADE.iter().map(|(slug, name, arabic, role, region)| {
        plan((*slug).to_owned(), (*name).to_owned(), (*arabic).to_owned(), *role, Some(region))
    });
    let none = String::new;
    let certifiers = CERTIFIERS.iter().map(|(slug, name, _)| {
        plan((*slug).to_owned(), (*name).to_owned(), none(), Role::Certifier, None)
    });
    let second = ["certif-atlas", "certif-ombre"];
    let second =
        second.iter().map(|slug| plan(format!("{slug}-2"), none(), none(), Role::Certifier, None));
    cooperatives.chain(trade).chain(certifiers).chain(second).collect()
}

/// Makes every member's key, on all cores: each key file costs a scrypt.
pub fn make_members(folder: &Path, passphrase: &str) -> Result<Members, LedgerError> {
    let plan = planned();
    let share = plan.len().div_ceil(2);
    let make = |part: &[Plan]| -> Result<Vec<Member>, LedgerError> {
        let member = |one: &Plan| {
            let key = Home::make_key(&folder.join(format!("{}.pem", one.slug)), passphrase)?;
            let slug = PartySlug::parse(&one.slug).map_err(|fault| {
                LedgerError::unmet(Unmet::Invalid, fault.code(), fault.to_string())
            })?;
            let Plan { name, name_ar, role, region, .. } = one.clone();
            Ok(Member { slug, name, name_ar, role, region, key })
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
    /// The registration of this party: what it can harvest of what is traced; one cooperative
    /// declares a small capacity of oil, so that a season above it is held.
    pub fn registration(&self, number: usize, today: Day) -> Registration {
        let slug = self.slug.as_str();
        let small = (slug == SMALL_COOPERATIVE).then_some((SMALL_PRODUCT, 1_500_000));
        let told = cast::CAPACITIES.iter().filter(|(party, ..)| *party == slug);
        let told = told.map(|(_, product, quantity)| (*product, *quantity)).chain(small);
        let years = || (0..2).map(|before| today.ymd().0.saturating_sub(before).to_string());
        let capacities = told.flat_map(|(product, quantity)| {
            years().map(move |campaign| Capacity {
                product: product.to_owned(),
                campaign,
                quantity,
            })
        });
        let names = [("fr", &self.name), ("ar", &self.name_ar)];
        let names = names.into_iter().filter(|_| !self.name_ar.is_empty());
        let url = Some(format!("https://{slug}.example/"));
        let presses = slug == cast::PRESSER;
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
            gtin_prefixes: presses.then(|| cast::PREFIX.to_owned()).into_iter().collect(),
            same_name: false,
            // No country gives out such a number.
            contact: Some(Contact { phone: Some("+212000000000".to_owned()), url }),
            names: names.map(|(tag, name)| (tag.to_owned(), name.clone())).collect(),
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
