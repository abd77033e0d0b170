//! What edition 1 asks of every statement, whoever signs it: the edition its members came with, ids
//! from content, texts that hide nothing, names; and facts the ledger knows, compared.
//! Not here: who may do what (`rules_powers`).

use super::refusal::Refusal;
use super::rules::Case;
use crate::names::PartySlug;
use crate::statement::{
    Campaign, CertificateClaim, Claim, LotDeclaration, Registration, Timestamp, is_name,
};

impl Case<'_> {
    /// Whether the rules in force know this statement.
    pub(super) fn known_edition(&self) -> Result<(), Refusal> {
        let known = self.statement.claim.edition() <= self.register.edition();
        if known { Ok(()) } else { Err(self.later_edition()) }
    }

    /// What is of a later edition, and has no rule here.
    pub(super) fn later_edition(&self) -> Refusal {
        let (needs, holds) = (self.statement.claim.edition(), self.register.edition());
        if needs <= holds {
            return super::goods_acts::unsupported(self.statement.claim.kind());
        }
        Refusal::Edition { needs, holds }
    }

    /// Id, texts and names.
    pub(super) fn forms(&self) -> Result<(), Refusal> {
        let statement = self.statement;
        if let Some(expected) = statement.content_id.as_ref().filter(|id| **id != statement.id) {
            return Err(Refusal::IdForm { expected: expected.clone() });
        }
        if let Some(fault) = &statement.text_fault {
            return Err(Refusal::TextForm { fault: fault.clone() });
        }
        name("issuer.name", &statement.issuer_name)?;
        match &statement.claim {
            Claim::Registration(claim) => self.registered_name(claim),
            Claim::Accreditation(claim) => name("registeredName", &claim.name),
            Claim::Lot(claim) => name("name", &claim.name),
            Claim::Certificate(claim) => name("issuedToParty.name", &claim.client_name),
            Claim::OperatorCertificate(claim) => name("issuedToParty.name", &claim.party_name),
            _ => Ok(()),
        }
    }

    fn registered_name(&self, claim: &Registration) -> Result<(), Refusal> {
        name("registeredName", &claim.name)?;
        if claim.same_name {
            return Ok(());
        }
        match self.register.facts.rights.name_of_other(&claim.name, &claim.party) {
            Some(party) => {
                Err(Refusal::NameTaken { name: claim.name.clone(), party: party.to_string() })
            }
            None => Ok(()),
        }
    }

    /// What a lot says, compared with catalogue and register.
    pub(super) fn lot_facts(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        let facts = &claim.facts;
        let product = self.register.catalog().product(&facts.product);
        let product = product.ok_or_else(|| super::rules::unknown("product", &facts.product))?;
        agrees("productCategory.code", &claim.hs_code, "the catalogue", &product.hs6)?;
        self.own_name()?;
        self.own_region(&facts.region)?;
        let (least, most) = product.packs;
        if !(least..=most).contains(&facts.pack_size) {
            return Err(Refusal::PackSize {
                product: product.id.clone(),
                found: facts.pack_size,
                least,
                most,
                unit: product.unit.code(),
            });
        }
        let campaign = campaign(&facts.campaign)?;
        if campaign.fits(claim.packed_on) {
            return Ok(());
        }
        let campaign = facts.campaign.to_string();
        Err(Refusal::CampaignDay { campaign, packed_on: claim.packed_on })
    }

    /// A region of the producer's registration.
    pub(super) fn own_region(&self, region: &str) -> Result<(), Refusal> {
        if self.whose.registration.all_regions().any(|known| known == region) {
            return Ok(());
        }
        let known: Vec<&str> = self.whose.registration.all_regions().collect();
        let expected = if known.is_empty() { "none".to_owned() } else { known.join(" or ") };
        Err(Refusal::FactDiffers {
            member: "region",
            found: region.to_owned(),
            source_of: "the producer's registration (`register cooperative --region` again)",
            expected,
        })
    }

    /// What a certificate says, compared with catalogue and register.
    pub(super) fn certificate_facts(&self, claim: &CertificateClaim) -> Result<(), Refusal> {
        self.own_name()?;
        self.client_name(&claim.client, &claim.client_name)?;
        self.scheme_name(&claim.scheme, &claim.scheme_name)?;
        let (catalog, product) = (self.register.catalog(), &claim.facts.product);
        let hs6 = match self.register.edition() {
            0 | 1 => catalog.product(product).map(|known| known.hs6.as_str()),
            _ => self.register.facts.goods.material(catalog, product).map(|known| known.hs6),
        };
        let hs6 = hs6.unwrap_or_default();
        agrees("hsCode", &claim.facts.hs_code, "the catalogue", hs6)?;
        super::rules::not_after("assessmentDate", claim.assessed_on.start(), self.now)?;
        self.not_before_scope(claim.valid_from, &claim.accreditation)
    }

    pub(super) fn client_name(&self, client: &PartySlug, found: &str) -> Result<(), Refusal> {
        let known = self.register.party(client);
        let known = known.map(|party| party.registration.name.as_str()).unwrap_or_default();
        agrees("issuedToParty.name", found, "the register", known)
    }

    /// The scheme's name, as the catalogue has it in French or English.
    pub(super) fn scheme_name(&self, scheme: &str, found: &str) -> Result<(), Refusal> {
        match self.register.catalog().scheme(scheme) {
            Some(known) if found != known.name_fr => {
                agrees("referenceScheme.name", found, "the catalogue", &known.name_en)
            }
            _ => Ok(()),
        }
    }

    /// No certificate begins before the accreditation that it is issued under.
    pub(super) fn not_before_scope(
        &self,
        valid_from: Timestamp,
        accreditation: &str,
    ) -> Result<(), Refusal> {
        let given = self.issuer.accreditation(accreditation);
        let Some(given) = given else { return Ok(()) };
        let (first, since) = (valid_from.day(), given.valid_from.day());
        if first >= since {
            return Ok(());
        }
        Err(Refusal::FactDiffers {
            member: "validFrom",
            found: first.to_string(),
            source_of: "the accreditation, whose first day no certificate may precede,",
            expected: since.to_string(),
        })
    }

    /// The issuer's name as the register has it.
    pub(super) fn own_name(&self) -> Result<(), Refusal> {
        let known = &self.issuer.registration.name;
        agrees("issuer.name", &self.statement.issuer_name, "the register", known)
    }
}

/// A campaign in its one form.
pub(super) fn campaign(text: &str) -> Result<Campaign, Refusal> {
    Campaign::parse(text).ok_or_else(|| Refusal::CampaignForm { campaign: text.to_owned() })
}

fn name(member: &'static str, text: &str) -> Result<(), Refusal> {
    if is_name(text) { Ok(()) } else { Err(Refusal::NameForm { member }) }
}

pub(super) fn agrees(
    member: &'static str,
    found: &str,
    source_of: &'static str,
    expected: &str,
) -> Result<(), Refusal> {
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.to_owned(), expected.to_owned());
    Err(Refusal::FactDiffers { member, found, source_of, expected })
}
