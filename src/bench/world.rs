//! The ledger that is measured: one cooperative, one certifier, statements signed beforehand.

use std::path::Path;

use crate::ledger::{
    Founding, Home, KeyName, Ledger, LedgerError, SubmitError, found, intake, now,
};
use crate::seal::{Signer, SoftKey, seal};
use crate::statement::{
    Accreditation, CertificateClaim, CertificateFacts, Custody, CustodyModel, Day, Domain, Draft,
    KeyChange, KeyEvent, KeyPurpose, LotDeclaration, LotFacts, LotKey, LotNumber, NewKey,
    PartySlug, Registration, Role, Scope, Word,
};

/// The ledger and what signs for its parties.
pub struct World {
    pub ledger: Ledger,
    pub home: Home,
    domain: Domain,
    cooperative: PartySlug,
    certifier: PartySlug,
    key: SoftKey,
    certifier_key: SoftKey,
}

impl World {
    /// Founds the ledger and registers its parties.
    pub fn found(folder: &Path) -> Result<Self, LedgerError> {
        let bad = |fault: crate::statement::IdError| LedgerError::Request {
            code: fault.code(),
            reason: fault.to_string(),
        };
        let domain = Domain::parse("bench.example").map_err(bad)?;
        let home = Home::at(folder);
        let founding = Founding {
            domain: domain.clone(),
            authority_name: "Autorité fictive".to_owned(),
            demo: true,
        };
        let ledger = found(&home, &founding, now())?;
        let registrar = Home::read_key(&home.key(KeyName::Registrar), &home.passphrase()?)?;
        let world = Self {
            ledger,
            home,
            cooperative: PartySlug::parse("coop").map_err(bad)?,
            certifier: PartySlug::parse("certifier").map_err(bad)?,
            domain,
            key: SoftKey::from_secret(&[21; 32]),
            certifier_key: SoftKey::from_secret(&[22; 32]),
        };
        world.people(&registrar)?;
        Ok(world)
    }

    fn people(&self, registrar: &SoftKey) -> Result<(), LedgerError> {
        let authority = PartySlug::authority();
        let parties = [
            (&self.cooperative, Role::Cooperative, self.key.public()),
            (&self.certifier, Role::Certifier, self.certifier_key.public()),
        ];
        let mut drafts = Vec::new();
        for (party, role, public) in parties {
            let registration = Registration {
                party: party.clone(),
                name: format!("Partie fictive {party}"),
                registered_id: "FICTIF".to_owned(),
                registered_on: Day::from_days(20_000),
                role,
                region: None,
                capacities: Vec::new(),
                successor: None,
            };
            drafts.push(registration.draft(&self.draft(&format!("party-{party}"), &authority)));
            let change = KeyChange {
                party: party.clone(),
                verification_method: format!("{}#key-1", self.domain.did(party)),
                event: KeyEvent::Added(NewKey {
                    public,
                    purpose: KeyPurpose::Assertion,
                    custody: Custody::Own,
                    schemes: Vec::new(),
                    not_after: None,
                }),
            };
            drafts.push(change.draft(&self.draft(&format!("key-{party}"), &authority)));
        }
        let all = || std::iter::once(Scope::ALL.to_owned()).collect();
        let accreditation = Accreditation {
            party: self.certifier.clone(),
            name: "Certificateur fictif".to_owned(),
            registered_id: "FICTIF".to_owned(),
            registered_on: Day::from_days(20_000),
            scope: Scope { schemes: all(), products: all(), regions: all() },
            valid_from: now().plus_seconds(-86_400),
            valid_until: now().plus_seconds(1_000 * 86_400),
        };
        drafts.push(accreditation.draft(&self.draft("accreditation", &authority)));
        let method = format!("{}#registrar-1", self.domain.did(&authority));
        for draft in drafts {
            let bytes = seal(&draft, &method, now(), registrar).map_err(SubmitError::from)?;
            let statement = intake(&bytes, &self.ledger.view().register, now())?;
            for receipt in self.ledger.append_blocking(vec![statement]) {
                receipt?;
            }
        }
        Ok(())
    }

    fn draft<'a>(&'a self, id: &str, issuer: &'a PartySlug) -> Draft<'a> {
        Draft {
            domain: &self.domain,
            id: self.domain.url(&format!("statements/{id}")),
            issuer,
            issuer_name: "Partie fictive",
            valid_from: now().plus_seconds(-86_400),
            valid_until: None,
        }
    }

    fn lot_key(&self, which: usize) -> Option<LotKey> {
        Some(LotKey::Party(
            self.cooperative.clone(),
            LotNumber::parse(&format!("B{which:07}")).ok()?,
        ))
    }

    /// The lot's text form.
    pub fn lot_text(&self, which: usize) -> String {
        format!("coop/B{which:07}")
    }

    /// A signed declaration of about 1.6 kB.
    pub fn lot(&self, which: usize) -> Vec<u8> {
        let Some(lot) = self.lot_key(which) else { return Vec::new() };
        let day = Day::from_days(now().day().days() - 10);
        let declaration = LotDeclaration {
            lot,
            name: Word::new("Huile d'argane"),
            hs_code: Word::new("151590"),
            packed_on: day,
            expires_on: None,
            facts: LotFacts {
                product: Word::new("argane"),
                region: Word::new("MA-09"),
                quantity: 100_000,
                unit: Word::new("MLT"),
                campaign: Word::new("2026"),
                pack_size: 250,
            },
        };
        let draft = declaration.draft(&self.draft("", &self.cooperative));
        let method = format!("{}#key-1", self.domain.did(&self.cooperative));
        seal(&draft, &method, now(), &self.key).unwrap_or_default()
    }

    /// A signed certificate of a declared lot, about 3 kB.
    pub fn certificate(&self, which: usize) -> Vec<u8> {
        let Some(lot) = self.lot_key(which) else { return Vec::new() };
        let today = now().day();
        let claim = CertificateClaim {
            serial: which as u64,
            client: self.cooperative.clone(),
            client_name: Word::new("Coopérative fictive"),
            scheme: Word::new("bio-maroc"),
            scheme_name: Word::new("Bio Maroc"),
            lot,
            accreditation: Word::new(&self.domain.url("statements/accreditation")),
            valid_from: Day::from_days(today.days() - 1).start(),
            valid_until: Day::from_days(today.days() + 365).end(),
            assessed_on: today,
            facts: CertificateFacts {
                product: Word::new("argane"),
                hs_code: Word::new("151590"),
                quantity: 100_000,
                unit: Word::new("MLT"),
                decision_date: today,
                scheme_edition: Word::new("2024"),
                custody_model: CustodyModel::Segregated,
                laboratory_reports: Vec::new(),
                not_covered: vec!["Transport après expédition, entreposage chez des tiers".into()],
            },
        };
        let draft = claim.draft(&self.draft("", &self.certifier));
        let method = format!("{}#key-1", self.domain.did(&self.certifier));
        seal(&draft, &method, now(), &self.certifier_key).unwrap_or_default()
    }
}
