//! The rules a statement must keep to enter the log (docs/FORMAT.md, rules 1, 4, 6, 9, 10), judged
//! against the register and the log time. Reads only; the same code judges at intake and in audits.

use std::borrow::Cow;

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::records::{Lot, Party};
use super::refusal::Refusal;
use crate::catalog::Catalog;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::names::AUTHORITY;
use crate::seal::{KeyRecord, KeyStanding, LogPosition, public_key};
use crate::statement::{
    Accreditation, CertificateClaim, Claim, KeyChange, KeyEvent, KeyPurpose, NewKey,
    OperatorCertificate, Registration, Role, RootSuccession, Scope, Statement, Timestamp,
    commitment_text, root_commitment,
};

/// Judges a statement that would be logged at `now`.
///
/// # Errors
/// The first rule broken.
pub fn judge(register: &Register, statement: &Statement, now: Timestamp) -> Result<(), Refusal> {
    let skewed = now.plus_seconds(CLOCK_SKEW_SECONDS);
    not_after("proof.created", statement.proof.created, skewed)?;
    if let Some(index) = id_taken(register, statement) {
        let id = statement.id.clone();
        return Err(match statement.claim {
            Claim::Event(_) => GoodsRefusal::EventExists { id, index }.into(),
            _ => Refusal::IdTaken { id, index },
        });
    }
    let key = signing_key(register, statement, now)?;
    if register.size() == 0 {
        return first_entry(statement);
    }
    let issuer = register.party(&statement.issuer).ok_or_else(|| unknown_party(statement))?;
    let mut case = Case { register, statement, issuer, whose: issuer, key: &key, now };
    case.known_edition()?;
    if register.edition() > 0 {
        case.forms()?;
        case = case.in_whose_name()?;
        case.power()?;
    }
    match &statement.claim {
        Claim::Registration(claim) => case.registration(claim),
        Claim::Accreditation(claim) => case.accreditation(claim),
        Claim::Lot(claim) => case.lot(claim),
        Claim::Certificate(claim) => case.certificate(claim),
        Claim::KeyChange(claim) => case.key_change(claim),
        Claim::StatusChange(claim) => case.status_change(claim),
        Claim::StatusList(claim) => case.status_list(claim),
        Claim::StatusIndex(_) => case.by_authority("index status lists"),
        Claim::LabelIssue(claim) => case.label_issue(claim),
        Claim::Reconfirmation(claim) => case.reconfirmation(claim),
        Claim::ScopeChange(claim) => case.scope_change(claim),
        Claim::RootSuccession(claim) => case.root_succession(claim),
        Claim::Rulebook(claim) => {
            case.by_authority("set the rulebook")?;
            case.rulebook(claim)
        }
        Claim::Agreement(claim) => case.agreement(claim),
        Claim::PrefixGrant(claim) => case.prefix_grant(claim),
        Claim::Capacity(claim) => case.capacity(claim),
        Claim::LabelVoid(claim) => case.label_void(claim),
        Claim::Event(claim) if claim.voids_recall().is_some() => case.recall_voided(claim),
        Claim::Event(claim) if claim.undoes_price().is_some() => case.price_undone(claim),
        Claim::Event(claim) => case.event(claim),
        Claim::OperatorCertificate(claim) => case.operator_certificate(claim),
        Claim::PricePaid(claim) => case.price(claim),
        Claim::CertificateExtract(claim) => case.extract(claim),
        Claim::Mandate(claim) => case.mandate(claim),
    }
}

/// The entry that has the statement's id. From edition 1 on nobody chooses a name that another
/// needs: what squats on the id of a certificate, a lot or a list is in nobody's way.
fn id_taken(register: &Register, statement: &Statement) -> Option<u64> {
    let known = register.index_of_id(&statement.id);
    if register.edition() == 0 {
        return known;
    }
    match &statement.claim {
        Claim::Certificate(CertificateClaim { serial, .. })
        | Claim::OperatorCertificate(OperatorCertificate { serial, .. }) => {
            register.issued(*serial).map(|found| found.mark.index)
        }
        Claim::Lot(claim) => register.lot(&claim.lot).map(|lot| lot.mark.index),
        // Only an event has the name of an event.
        Claim::Event(_) => known.filter(|index| register.is_event(*index)),
        Claim::StatusList(claim) => known.filter(|index| {
            let list = register.facts.lists.get(&(claim.purpose, claim.list));
            list.is_some_and(|list| list.versions.iter().any(|mark| mark.index == *index))
        }),
        _ => known,
    }
}

/// The issuer's key, if it may sign statements at `now` (rule 1).
///
/// # Errors
/// Unknown, of another purpose, retired, expired or compromised.
pub fn signing_key<'a>(
    register: &'a Register,
    statement: &Statement,
    now: Timestamp,
) -> Result<Cow<'a, KeyRecord>, Refusal> {
    let name = &statement.proof.verification_method;
    if register.size() > 0 && register.party(&statement.issuer).is_none() {
        return Err(unknown_party(statement));
    }
    if let Claim::RootSuccession(claim) = &statement.claim {
        return next_root(register, statement, claim, now).map(Cow::Owned);
    }
    let key = register.key(name).ok_or_else(|| Refusal::UnknownKey { key: name.clone() })?;
    let named = || name.clone();
    let own_list = matches!(
        statement.claim,
        Claim::StatusList(_) | Claim::StatusIndex(_) | Claim::LabelIssue(_) | Claim::LabelVoid(_)
    );
    match key.purpose {
        KeyPurpose::Assertion | KeyPurpose::Root => {}
        KeyPurpose::Service if own_list => {}
        other => {
            return Err(Refusal::KeyPurpose { key: named(), purpose: other.into() });
        }
    }
    if key.compromised.is_some() {
        return Err(Refusal::KeyCompromised { key: named() });
    }
    if key.retired.is_some() {
        return Err(Refusal::KeyRetired { key: named() });
    }
    match key.standing(now) {
        KeyStanding::InForce => Ok(Cow::Borrowed(key)),
        KeyStanding::Expired => {
            Err(Refusal::KeyExpired { key: named(), until: key.not_after.unwrap_or(now) })
        }
        KeyStanding::NotYet => {
            Err(Refusal::KeyWaits { key: named(), until: key.counts_from.unwrap_or(now) })
        }
        _ => Err(Refusal::UnknownKey { key: named() }),
    }
}

/// The key that a succession brings along: accepted for its hash alone.
fn next_root(
    register: &Register,
    statement: &Statement,
    claim: &RootSuccession,
    now: Timestamp,
) -> Result<KeyRecord, Refusal> {
    same("issuer", statement.issuer.as_str(), AUTHORITY)?;
    let name = &claim.verification_method;
    same("verificationMethod", &statement.proof.verification_method, name)?;
    let hash = root_commitment(&claim.public);
    if register.root_successor() != Some(&hash) {
        let expected = register.root_successor().map_or_else(|| "none".into(), commitment_text);
        return Err(Refusal::SuccessorMismatch { expected, found: commitment_text(&hash) });
    }
    if register.key(name).is_some() {
        return Err(Refusal::KeyExists { key: name.clone() });
    }
    if register.public_keys.contains(&claim.public) {
        return Err(Refusal::KeyReused);
    }
    public_key(&claim.public).map_err(|_| Refusal::KeyUnusable)?;
    let added = LogPosition { index: register.size(), logged_at: now };
    Ok(KeyRecord::root(name.clone(), claim.public, added))
}

/// The first entry registers the authority, signed by the pinned root.
fn first_entry(statement: &Statement) -> Result<(), Refusal> {
    match &statement.claim {
        Claim::Registration(claim)
            if claim.party == statement.issuer && claim.role == Role::Authority =>
        {
            Ok(())
        }
        _ => Err(unknown_party(statement)),
    }
}

/// One statement before the register.
pub(super) struct Case<'a> {
    pub register: &'a Register,
    pub statement: &'a Statement,
    pub issuer: &'a Party,
    /// In whose name it is signed: the issuer's own, unless under a mandate.
    pub whose: &'a Party,
    pub key: &'a KeyRecord,
    pub now: Timestamp,
}

impl<'a> Case<'a> {
    /// A statement whose signature and powers others judge, in a register of some entries alone.
    ///
    /// # Errors
    /// Its signer or the key is not there.
    pub fn of_path(
        register: &'a Register,
        statement: &'a Statement,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let issuer = register.party(&statement.issuer).ok_or_else(|| unknown_party(statement))?;
        let key = register.key(&statement.proof.verification_method);
        let key = key.ok_or_else(|| unknown_party(statement))?;
        Ok(Self { register, statement, issuer, whose: issuer, key, now })
    }
}

impl Case<'_> {
    /// The latest instant at which a change logged now may take effect.
    pub fn latest(&self) -> Timestamp {
        self.now.plus_seconds(CLOCK_SKEW_SECONDS)
    }

    /// Edition 0 only: later ones have a table of powers, which was asked already.
    pub fn by_authority(&self, act: &'static str) -> Result<(), Refusal> {
        if self.register.edition() > 0 || self.issuer.is_authority() {
            Ok(())
        } else {
            Err(self.not_authorised(act))
        }
    }

    /// As [`Self::by_authority`].
    pub fn by_role(&self, role: Role, act: &'static str) -> Result<(), Refusal> {
        if self.register.edition() > 0 {
            return Ok(());
        }
        if self.issuer.registration.role != role {
            return Err(self.not_authorised(act));
        }
        self.not_barred(self.issuer)
    }

    pub fn not_authorised(&self, act: &'static str) -> Refusal {
        Refusal::NotAuthorised { party: self.statement.issuer.to_string(), act }
    }

    fn registration(&self, claim: &Registration) -> Result<(), Refusal> {
        self.by_authority("register parties")?;
        let old = self.register.party(&claim.party).map(|party| party.registration.role);
        if (claim.role == Role::Authority) != (claim.party == self.statement.issuer)
            || old.is_some_and(|role| role != claim.role)
        {
            return Err(self.not_authorised("give a party another role"));
        }
        self.committed(claim)?;
        if self.register.edition() > 0 {
            self.registered_rights(claim)?;
        }
        for capacity in &claim.capacities {
            self.product(&capacity.product)?;
        }
        claim.region.as_deref().map_or(Ok(()), |region| self.region(region))
    }

    fn accreditation(&self, claim: &Accreditation) -> Result<(), Refusal> {
        self.by_authority("accredit certifiers")?;
        let party = self.register.party(&claim.party);
        let party =
            party.ok_or_else(|| Refusal::UnknownParty { party: claim.party.to_string() })?;
        if party.registration.role != Role::Certifier {
            return Err(Refusal::Mismatch {
                member: "role of the accredited party",
                found: <&str>::from(party.registration.role).to_owned(),
                expected: "certifier".to_owned(),
            });
        }
        self.terms(&claim.scope)
    }

    fn key_change(&self, claim: &KeyChange) -> Result<(), Refusal> {
        let party = self.register.party(&claim.party);
        let party =
            party.ok_or_else(|| Refusal::UnknownParty { party: claim.party.to_string() })?;
        let old = party.key(&claim.verification_method);
        let purpose = match (&claim.event, old) {
            (KeyEvent::Added(key), _) => key.purpose,
            (_, Some(record)) => record.purpose,
            (_, None) => {
                return Err(Refusal::UnknownKey { key: claim.verification_method.clone() });
            }
        };
        self.may_change_key(claim, purpose)?;
        if let (KeyEvent::Compromised { since, .. }, true) =
            (&claim.event, self.register.edition() > 0)
        {
            self.own_report(&claim.party, *since)?;
        }
        let named = || claim.verification_method.clone();
        match (&claim.event, old) {
            (KeyEvent::Added(key), _) if key.purpose == KeyPurpose::Root => {
                Err(self.not_authorised("add a root key other than by succession"))
            }
            (KeyEvent::Added(_), Some(_)) => Err(Refusal::KeyExists { key: named() }),
            (KeyEvent::Added(key), None) => {
                if self.register.edition() > 0 {
                    self.added_key(claim, key)?;
                }
                self.new_key(key)
            }
            (KeyEvent::Compromised { since, .. }, Some(record))
                if record.compromised.is_some_and(|known| *since < known.since) =>
            {
                Ok(())
            }
            (_, Some(record)) if record.compromised.is_some() => {
                Err(Refusal::KeyState { key: named(), state: "compromised" })
            }
            (KeyEvent::Retired, Some(record)) if record.retired.is_some() => {
                Err(Refusal::KeyState { key: named(), state: "retired" })
            }
            (KeyEvent::Compromised { known_at, .. }, _) => {
                not_after("knownAt", *known_at, self.now.plus_seconds(CLOCK_SKEW_SECONDS))
            }
            _ => Ok(()),
        }
    }

    /// Root keys and the authority's own keys are the root's business; label keys may be a
    /// certifier's own; all others are the authority's.
    fn may_change_key(&self, claim: &KeyChange, purpose: KeyPurpose) -> Result<(), Refusal> {
        let own = claim.party == self.statement.issuer;
        if self.register.edition() > 0 {
            return Ok(());
        }
        if own && purpose == KeyPurpose::Label && !self.issuer.is_authority() {
            return Ok(());
        }
        self.by_authority("change keys of other parties")?;
        let needs_root = purpose == KeyPurpose::Root || own;
        if needs_root && self.key.purpose != KeyPurpose::Root {
            return Err(self.not_authorised("change keys of the authority without the root key"));
        }
        Ok(())
    }

    fn new_key(&self, key: &NewKey) -> Result<(), Refusal> {
        public_key(&key.public).map_err(|_| Refusal::KeyUnusable)?;
        if self.register.public_keys.contains(&key.public) {
            return Err(Refusal::KeyReused);
        }
        key.schemes.iter().try_for_each(|scheme| self.scheme(scheme))
    }

    pub fn known_lot(&self, key: &crate::names::LotKey) -> Result<Lot, Refusal> {
        let lot = self.register.lot(key);
        lot.ok_or_else(|| Refusal::LotUnknown { lot: key.to_string() })
    }

    /// The unit code of a product of the catalogue, from edition 2 on of any material.
    pub fn product(&self, id: &str) -> Result<&'static str, Refusal> {
        if self.register.edition() < 2 {
            return known_product(self.register.catalog(), id);
        }
        let known = self.register.facts.goods.material(self.register.catalog, id);
        known.map(|known| known.unit.code()).ok_or_else(|| unknown("material", id))
    }

    /// Whether all terms of a scope are known.
    pub fn terms(&self, scope: &Scope) -> Result<(), Refusal> {
        if self.register.edition() < 2 {
            return known_terms(self.register.catalog(), scope);
        }
        let products = scope.products.iter().filter(|term| *term != Scope::ALL);
        { products }.try_for_each(|id| self.product(id).map(|_| ()))?;
        let others = Scope { products: Default::default(), ..scope.clone() };
        known_terms(self.register.catalog(), &others)
    }

    pub fn scheme(&self, id: &str) -> Result<(), Refusal> {
        known_scheme(self.register.catalog(), id)
    }

    pub fn region(&self, iso: &str) -> Result<(), Refusal> {
        known_region(self.register.catalog(), iso)
    }
}

/// Whether all schemes, products and regions of a scope are in the catalogue.
///
/// # Errors
/// [`Refusal::UnknownTerm`], of the first that is not.
pub fn known_terms(catalog: &Catalog, scope: &Scope) -> Result<(), Refusal> {
    let named = |term: &&String| *term != Scope::ALL;
    scope.schemes.iter().filter(named).try_for_each(|scheme| known_scheme(catalog, scheme))?;
    scope
        .products
        .iter()
        .filter(named)
        .try_for_each(|id| known_product(catalog, id).map(|_| ()))?;
    scope.regions.iter().filter(named).try_for_each(|region| known_region(catalog, region))
}

fn known_product(catalog: &Catalog, id: &str) -> Result<&'static str, Refusal> {
    catalog.product(id).map(|product| product.unit.code()).ok_or_else(|| unknown("product", id))
}

fn known_scheme(catalog: &Catalog, id: &str) -> Result<(), Refusal> {
    let scheme = catalog.scheme(id).filter(|scheme| scheme.is_certification());
    scheme.map(|_| ()).ok_or_else(|| unknown("scheme", id))
}

/// Whether a region is in the catalogue.
///
/// # Errors
/// [`Refusal::UnknownTerm`].
pub fn known_region(catalog: &Catalog, iso: &str) -> Result<(), Refusal> {
    catalog.region(iso).map(|_| ()).ok_or_else(|| unknown("region", iso))
}

pub(super) fn same(member: &'static str, found: &str, expected: &str) -> Result<(), Refusal> {
    if found == expected {
        return Ok(());
    }
    Err(Refusal::Mismatch { member, found: found.to_owned(), expected: expected.to_owned() })
}

pub(super) fn not_after(
    member: &'static str,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    if at <= now { Ok(()) } else { Err(Refusal::Future { member, at, now }) }
}

pub(super) fn unknown(list: &'static str, term: &str) -> Refusal {
    Refusal::UnknownTerm { list, term: term.to_owned() }
}

fn unknown_party(statement: &Statement) -> Refusal {
    Refusal::UnknownParty { party: statement.issuer.to_string() }
}
