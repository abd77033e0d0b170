//! A ledger to measure on: one cooperative, one certifier, one shop, and as many signed lots and
//! certificates as are asked for. Not the demonstration: all lots are alike. Not here: what becomes
//! of lots (`goods`).

use std::ops::Range;

use anyhow::{Context, anyhow};
use serde_json::Value;

use super::process::cores;
use crate::catalog::Catalog;
use crate::ledger::{Founding, Home, KeyName, Ledger, found, intake};
use crate::limits::EDITION_MAX;
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Word};
use crate::os::now;
use crate::seal::{Signer, SoftKey, parted, seal, seal_for_submission};
use crate::statement::{
    Accreditation, Agreement, CertificateClaim, CertificateFacts, Custody, CustodyModel, Day,
    Domain, Draft, Event, GoodsRules, KeyChange, KeyEvent, KeyPurpose, LaboratoryReport,
    LotDeclaration, LotFacts, LotOrigin, NewKey, Registration, Role, Sampler, Scope, Timestamp,
};

const HOST: &str = "bench.tasdiq.example";
const AUTHORITY_NAME: &str = "Autorité fictive de mesure";
const COOPERATIVE: (&str, &str) = ("coop-fictive-mesure", "Coopérative fictive de mesure");
const CERTIFIER: (&str, &str) = ("certif-fictif-mesure", "Certificateur fictif de mesure");
const SHOP: (&str, &str) = ("boutique-fictive-mesure", "Boutique fictive de mesure");
const SCHEME: &str = "sdoq-ig";
/// What jars are certified under: no scheme that rests on a certificate of their producer.
const JAR_SCHEME: &str = "nm-mark";
const PRODUCT: &str = "argane";
const REGION: &str = "MA-09";
/// A GTIN of the prefix that GS1 keeps for demonstrations.
const GTIN: &str = "9521234567899";

/// The edition with which goods came.
pub const GOODS_EDITION: u32 = 2;

/// Who has goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Declares, makes and sends them.
    Cooperative,
    /// Receives and sells them.
    Shop,
}

impl Party {
    const fn who(self) -> (&'static str, &'static str) {
        match self {
            Self::Cooperative => COOPERATIVE,
            Self::Shop => SHOP,
        }
    }

    /// Its short name.
    ///
    /// # Errors
    /// None in practice: the name's form is fixed.
    pub fn slug(self) -> anyhow::Result<PartySlug> {
        slug(self.who())
    }
}

/// Who signs in the measurement, and for which ledger.
pub struct World {
    domain: Domain,
    cooperative: SoftKey,
    certifier: SoftKey,
    shop: SoftKey,
    accreditation: String,
    today: Day,
    at: Timestamp,
}

impl World {
    /// Founds a ledger in an empty folder under the newest rules and registers the parties.
    ///
    /// # Errors
    /// What the ledger refuses, or a folder that cannot be written.
    pub fn found(home: &Home) -> anyhow::Result<(Self, Ledger)> {
        Self::found_under(home, EDITION_MAX)
    }

    /// The same under the rules of an edition.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn found_under(home: &Home, edition: u32) -> anyhow::Result<(Self, Ledger)> {
        let domain = Domain::parse(HOST)?;
        let mut founding = Founding::newest(domain.clone(), AUTHORITY_NAME.into(), true)?;
        founding.edition = edition;
        if edition < GOODS_EDITION {
            founding.goods = GoodsRules::default();
        }
        let at = now();
        let ledger = found(home, &founding, at)?;
        let registrar = Home::read_key(&home.key(KeyName::Registrar), &home.passphrase()?)?;
        let mut world = Self {
            accreditation: String::new(),
            domain,
            cooperative: SoftKey::from_secret(&[0x11; 32]),
            certifier: SoftKey::from_secret(&[0x22; 32]),
            shop: SoftKey::from_secret(&[0x33; 32]),
            today: at.day(),
            at,
        };
        let method = world.method(&PartySlug::authority(), KeyName::Registrar.stem());
        for unsigned in world.people()? {
            let bytes = seal(&unsigned, &method, at, &registrar)?;
            let statement = intake(&bytes, &ledger.view().register, at)?;
            ledger.append_blocking(vec![statement]).into_iter().try_for_each(|r| r.map(drop))?;
        }
        let register = &ledger.view().register;
        let party = register.party(&slug(CERTIFIER)?).context("the certifier is not there")?;
        let accredited = party.accreditations.first().context("it is not accredited")?;
        world.accreditation.clone_from(&accredited.id);
        Ok((world, ledger))
    }

    fn people(&self) -> anyhow::Result<Vec<Value>> {
        let authority = PartySlug::authority();
        let draft = || Draft {
            domain: &self.domain,
            id: String::new(),
            issuer: &authority,
            issuer_name: AUTHORITY_NAME,
            valid_from: self.at,
            valid_until: None,
        };
        let mut unsigned = Vec::new();
        let members = [
            (COOPERATIVE, Role::Cooperative, &self.cooperative, Some(REGION)),
            (CERTIFIER, Role::Certifier, &self.certifier, None),
            (SHOP, Role::Shop, &self.shop, None),
        ];
        for (who, role, key, region) in members {
            let registration = Registration {
                party: slug(who)?,
                name: who.1.to_owned(),
                registered_id: format!("FICTIF-{}", who.0),
                registered_on: self.days_ago(900),
                role,
                region: region.map(str::to_owned),
                capacities: Vec::new(),
                successor: None,
                regions: Vec::new(),
                gtin_prefixes: Vec::new(),
                same_name: false,
                contact: None,
                names: Default::default(),
            };
            unsigned.push(registration.draft(&draft()));
            let change = KeyChange {
                party: slug(who)?,
                verification_method: self.method(&slug(who)?, "key-1"),
                event: KeyEvent::Added(NewKey {
                    public: key.public(),
                    purpose: KeyPurpose::Assertion,
                    custody: Custody::Own,
                    schemes: Vec::new(),
                    not_after: None,
                    parties: Vec::new(),
                    cosigner: None,
                }),
            };
            unsigned.push(change.draft(&draft()));
        }
        unsigned.push(self.accreditation()?.draft(&draft()));
        let agreement = Agreement {
            client: slug(COOPERATIVE)?,
            certifier: slug(CERTIFIER)?,
            schemes: [SCHEME, JAR_SCHEME].map(str::to_owned).into(),
            from: self.days_ago(1),
            until: self.days_ago(-365),
            on_paper: true,
        };
        unsigned.push(agreement.draft(&draft()));
        Ok(unsigned)
    }

    fn accreditation(&self) -> anyhow::Result<Accreditation> {
        let only = |item: &str| std::iter::once(item.to_owned()).collect();
        Ok(Accreditation {
            party: slug(CERTIFIER)?,
            name: CERTIFIER.1.to_owned(),
            registered_id: "FICTIF-ACC-MESURE".to_owned(),
            registered_on: self.days_ago(900),
            scope: Scope {
                schemes: [SCHEME, JAR_SCHEME].map(str::to_owned).into(),
                products: only(PRODUCT),
                regions: only(REGION),
            },
            valid_from: self.at.plus_seconds(-400 * 86_400),
            valid_until: self.at.plus_seconds(1_800 * 86_400),
        })
    }

    fn days_ago(&self, days: i64) -> Day {
        Day::from_days(self.today.days().saturating_sub(days))
    }

    fn method(&self, party: &PartySlug, key: &str) -> String {
        format!("{}#{key}", self.domain.did(party))
    }

    /// The lot of a number.
    ///
    /// # Errors
    /// None in practice: the number's form is fixed.
    pub fn lot(&self, number: u64) -> anyhow::Result<LotKey> {
        Ok(LotKey::Gtin(Gtin::parse(GTIN)?, LotNumber::parse(&format!("M{number:06}"))?))
    }

    /// A signed declaration of a lot, about 1.6 kB.
    ///
    /// # Errors
    /// As [`Self::lot`].
    pub fn declaration(&self, number: u64) -> anyhow::Result<Vec<u8>> {
        self.declared(&self.lot(number)?, (120_000, None))
    }

    /// A signed declaration of so much of a lot; one that is made of others was packed today.
    ///
    /// # Errors
    /// As [`Self::lot`].
    pub fn declared(
        &self,
        lot: &LotKey,
        (quantity, origin): (u64, Option<LotOrigin>),
    ) -> anyhow::Result<Vec<u8>> {
        let catalog = Catalog::builtin()?;
        let product = catalog.product(PRODUCT).context("the catalogue misses the product")?;
        let harvest = self.days_ago(30);
        let packed_on = if origin.is_some() { self.today } else { harvest };
        let claim = LotDeclaration {
            lot: lot.clone(),
            name: Word::new(&product.name_fr),
            hs_code: Word::new(&product.hs6),
            packed_on,
            expires_on: Some(self.days_ago(-700)),
            facts: LotFacts {
                product: Word::new(PRODUCT),
                region: Word::new(REGION),
                quantity,
                unit: Word::new(product.unit.code()),
                campaign: Word::new(&harvest.ymd().0.to_string()),
                pack_size: 250,
                origin,
                names: Default::default(),
                mandate: None,
            },
        };
        let issuer = slug(COOPERATIVE)?;
        let unsigned = claim.draft(&self.draft(&issuer, COOPERATIVE.1, packed_on.start()));
        let method = self.method(&issuer, "key-1");
        Ok(seal(&unsigned, &method, self.at, &self.cooperative)?)
    }

    /// A signed certificate for the lot of the same number, near 4 kB.
    ///
    /// # Errors
    /// As [`Self::lot`].
    pub fn certificate(&self, number: u64) -> anyhow::Result<Vec<u8>> {
        Ok(parted(&self.submission(number)?)?.0.to_vec())
    }

    /// The same as it is submitted: with its vc+jwt.
    fn submission(&self, number: u64) -> anyhow::Result<Vec<u8>> {
        self.certified(number, SCHEME, self.days_ago(20))
    }

    /// The certificate of a jar's lot as it is submitted; of one that is made of others, of today.
    ///
    /// # Errors
    /// As [`Self::lot`].
    pub fn jar_certificate(&self, number: u64, is_made: bool) -> anyhow::Result<Vec<u8>> {
        let first = if is_made { self.today } else { self.days_ago(20) };
        self.certified(number, JAR_SCHEME, first)
    }

    fn certified(&self, number: u64, scheme_id: &str, first: Day) -> anyhow::Result<Vec<u8>> {
        let catalog = Catalog::builtin()?;
        let product = catalog.product(PRODUCT).context("the catalogue misses the product")?;
        let scheme = catalog.scheme(scheme_id).context("the catalogue misses the scheme")?;
        let report = LaboratoryReport {
            commitment: "uA5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEccpQ".to_owned(),
            laboratory: "Laboratoire fictif de mesure".to_owned(),
            sampled_by: Sampler::Certifier,
        };
        let claim = CertificateClaim {
            serial: number,
            client: slug(COOPERATIVE)?,
            client_name: Word::new(COOPERATIVE.1),
            scheme: Word::new(scheme_id),
            scheme_name: Word::new(&scheme.name_en),
            lot: self.lot(number)?,
            accreditation: Word::new(&self.accreditation),
            valid_from: first.start(),
            valid_until: self.days_ago(-500).end(),
            assessed_on: first,
            facts: CertificateFacts {
                product: Word::new(PRODUCT),
                hs_code: Word::new(&product.hs6),
                quantity: 120_000,
                unit: Word::new(product.unit.code()),
                decision_date: first,
                scheme_edition: Word::new("édition fictive 2025"),
                custody_model: CustodyModel::Segregated,
                laboratory_reports: vec![report.clone(), report],
                not_covered: vec!["Transport et entreposage après l'expédition".to_owned()],
                supersedes: None,
                operator_certificate: None,
            },
        };
        let issuer = slug(CERTIFIER)?;
        let unsigned = claim.draft(&self.draft(&issuer, CERTIFIER.1, first.start()));
        let method = self.method(&issuer, "key-1");
        Ok(seal_for_submission(&unsigned, &method, self.at, &self.certifier)?)
    }

    /// An event, signed by a party.
    ///
    /// # Errors
    /// None in practice: all of it is of a form that can be signed.
    pub fn event(&self, party: Party, event: Event) -> anyhow::Result<Vec<u8>> {
        let (issuer, key) = (
            party.slug()?,
            match party {
                Party::Cooperative => &self.cooperative,
                Party::Shop => &self.shop,
            },
        );
        let unsigned = event.draft(&self.draft(&issuer, party.who().1, event.at));
        Ok(seal(&unsigned, &self.method(&issuer, "key-1"), self.at, key)?)
    }

    /// The instant at which all of it happens.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    fn draft<'a>(&'a self, issuer: &'a PartySlug, name: &'a str, from: Timestamp) -> Draft<'a> {
        let domain = &self.domain;
        Draft {
            domain,
            id: String::new(),
            issuer,
            issuer_name: name,
            valid_from: from,
            valid_until: None,
        }
    }

    /// Declarations of a range of numbers, signed on all cores.
    ///
    /// # Errors
    /// As [`Self::declaration`].
    pub fn declarations(&self, numbers: Range<u64>) -> anyhow::Result<Vec<Vec<u8>>> {
        on_all_cores(numbers, |number| self.declaration(number))
    }

    /// Certificates of a range of numbers with their vc+jwt, signed on all cores.
    ///
    /// # Errors
    /// As [`Self::certificate`].
    pub fn certificates(&self, numbers: Range<u64>) -> anyhow::Result<Vec<Vec<u8>>> {
        on_all_cores(numbers, |number| self.submission(number))
    }
}

fn slug(who: (&str, &str)) -> anyhow::Result<PartySlug> {
    Ok(PartySlug::parse(who.0)?)
}

/// Makes something of each number, on all cores, in their order.
///
/// # Errors
/// The first that cannot be made.
pub(super) fn on_all_cores<T: Send>(
    numbers: Range<u64>,
    make: impl Fn(u64) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let numbers: Vec<u64> = numbers.collect();
    let share = numbers.len().div_ceil(cores()).max(1);
    std::thread::scope(|scope| {
        let make = &make;
        let work = |part: &[u64]| -> anyhow::Result<Vec<T>> {
            part.iter().map(|number| make(*number)).collect()
        };
        let parts: Vec<_> =
            numbers.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
        let mut all = Vec::with_capacity(numbers.len());
        for part in parts {
            all.extend(part.join().map_err(|_| anyhow!("a thread broke off"))??);
        }
        Ok(all)
    })
}
