//! Who is who in the demonstration: registers the cast, adds keys, accredits the certifiers; one key
//! is retired in good order, one falls into foreign hands.

use serde_json::Value;

use super::cast::{CERTIFIERS, COOPERATIVES, ROTATES, certifier_slug, cooperative_slug};
use super::keys::DemoKey;
use super::plan::LotPlan;
use super::season;
use super::stage::Stage;
use crate::seal::Signer;
use crate::statement::{
    Accreditation, Day, KeyChange, KeyEvent, KeyPurpose, NewKey, PartySlug, Registration, Role,
    Scope,
};

/// Seconds in a year, for dates of the demonstration.
const YEAR_SECONDS: i64 = 365 * 86_400;

impl Stage<'_> {
    /// Registers everybody; cooperatives with what they can produce.
    pub fn register_all(&self, plan: &[LotPlan]) -> anyhow::Result<()> {
        let mut parties = Vec::new();
        for (place, coop) in COOPERATIVES.iter().enumerate() {
            let name = format!("Coopérative fictive {}", coop.name);
            let mut party = self.party(&cooperative_slug(place), &name, Role::Cooperative)?;
            party.region = Some(coop.region.to_owned());
            party.capacities = season::capacities(plan, place);
            parties.push(party);
        }
        for (place, certifier) in CERTIFIERS.iter().enumerate() {
            parties.push(self.party(&certifier_slug(place), certifier.name, Role::Certifier)?);
        }
        let laboratory = "Laboratoire fictif d'analyses";
        parties.push(self.party("laboratoire-fictif", laboratory, Role::Laboratory)?);
        parties.push(self.party("boutique-fictive", "Boutique fictive Souk", Role::Shop)?);
        let draft = |party: &Registration| {
            let name = format!("register-{}", party.party);
            self.authority_draft(&name, |draft| party.draft(draft))
        };
        self.by_registrar(&parties.iter().map(draft).collect::<Vec<_>>())
    }

    fn party(&self, slug: &str, name: &str, role: Role) -> anyhow::Result<Registration> {
        Ok(Registration {
            party: PartySlug::parse(slug)?,
            name: name.to_owned(),
            registered_id: format!("FICTIF-{}", slug.to_uppercase()),
            registered_on: self.years_ago(3),
            role,
            region: None,
            capacities: Vec::new(),
            successor: None,
        })
    }

    fn years_ago(&self, years: i64) -> Day {
        self.now.plus_seconds(-years * YEAR_SECONDS).day()
    }

    /// Everybody's first key, and what the certifiers may certify.
    pub fn authorise_all(&self) -> anyhow::Result<()> {
        let first = self.keys.iter().filter(|key| key.name == "key-1");
        let mut drafts: Vec<Value> = first.map(|key| self.added(key)).collect();
        for (place, certifier) in CERTIFIERS.iter().enumerate() {
            for (nth, (schemes, regions)) in certifier.accreditations.iter().enumerate() {
                let set = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
                let slug = certifier_slug(place);
                let accreditation = Accreditation {
                    party: PartySlug::parse(&slug)?,
                    name: certifier.name.to_owned(),
                    registered_id: format!("FICTIF-ACCREDITATION-{}-{}", place + 1, nth + 1),
                    registered_on: self.years_ago(3),
                    scope: Scope {
                        schemes: set(schemes),
                        products: set(&[Scope::ALL]),
                        regions: set(regions),
                    },
                    valid_from: self.years_ago(3).start(),
                    valid_until: self.years_ago(-3).end(),
                };
                let name = format!("accredit-{slug}-{}", nth + 1);
                drafts.push(self.authority_draft(&name, |draft| accreditation.draft(draft)));
            }
        }
        self.by_registrar(&drafts)
    }

    /// The statement that adds a key.
    pub fn added(&self, key: &DemoKey) -> Value {
        self.key_change(
            key,
            KeyEvent::Added(NewKey {
                public: key.key.public(),
                purpose: KeyPurpose::Assertion,
                custody: key.custody,
                schemes: Vec::new(),
                not_after: None,
            }),
        )
    }

    /// A statement on a key.
    pub fn key_change(&self, key: &DemoKey, event: KeyEvent) -> Value {
        let word = match event {
            KeyEvent::Added(_) => "add",
            KeyEvent::Retired => "retire",
            KeyEvent::Compromised { .. } => "compromised",
        };
        let name = format!("{word}-{}-{}", key.party, key.name);
        let change =
            KeyChange { party: key.party.clone(), verification_method: self.method(key), event };
        self.authority_draft(&name, |draft| change.draft(draft))
    }

    /// One certifier changes its key in good order.
    pub fn rotate(&self) -> anyhow::Result<()> {
        let slug = certifier_slug(ROTATES);
        let (old, new) = (self.key(&slug, "key-1")?, self.key(&slug, "key-2")?);
        self.by_registrar(&[self.key_change(old, KeyEvent::Retired), self.added(new)])
    }
}
