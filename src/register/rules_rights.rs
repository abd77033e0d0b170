//! Rules of edition 1 on what parties may use and need beside keys: the rulebook, agreements,
//! numbers of goods, capacities, label keys and co-signatures, labels.
//! Not here: who may sign such a statement at all (`rules_powers`).

use super::records::{Lot, Party};
use super::refusal::Refusal;
use super::rules::{Case, same};
use super::rules_event::possesses;
use super::rules_forms::campaign;
use super::status::{LotStatus, StatusEvent};
use crate::limits::{
    LABEL_KEY_MONTHS_MAX, LABEL_KEY_PARTIES_MAX, LABEL_VOIDS_SHARE, OWN_REPORT_SECONDS_MAX,
};
use crate::names::PartySlug;
use crate::seal::{KeyStanding, ScopeStanding, verifies};
use crate::statement::{
    Agreement, CapacityStatement, Cosigner, GrantedNumbers, KeyChange, KeyPurpose, LabelIssue,
    LabelVoid, LotDeclaration, NewKey, PrefixGrant, Registration, Role, Rulebook, StatusAction,
    Timestamp,
};

impl Case<'_> {
    pub(super) fn rulebook(&self, claim: &Rulebook) -> Result<(), Refusal> {
        let (next, least) = self
            .register
            .rulebook()
            .map_or((1, 0), |state| (state.version.saturating_add(1), state.edition));
        if claim.version != next || claim.edition < least {
            let Rulebook { version, edition, .. } = *claim;
            return Err(Refusal::RulebookOrder { version, edition, next, least });
        }
        let newest = self.register.newest_edition();
        if claim.edition > newest {
            return Err(Refusal::NewerEdition { edition: claim.edition, newest });
        }
        self.goods_rules(claim)
    }

    pub(super) fn agreement(&self, claim: &Agreement) -> Result<(), Refusal> {
        self.role_of(&claim.certifier, Role::Certifier, "role of the certifier")?;
        self.client_role(&claim.client)?;
        let on_paper = claim.client != self.statement.issuer;
        if claim.on_paper != on_paper {
            let words = |paper| if paper { "true" } else { "left out" };
            return Err(Refusal::Mismatch {
                member: "onPaper",
                found: words(claim.on_paper).to_owned(),
                expected: words(on_paper).to_owned(),
            });
        }
        claim.schemes.iter().try_for_each(|scheme| self.scheme(scheme))
    }

    /// Who can be certified: cooperatives, and from edition 2 on, where operators are, all whom
    /// goods can be with.
    fn client_role(&self, client: &PartySlug) -> Result<(), Refusal> {
        const MEMBER: &str = "role of the client";
        if self.register.edition() < 2 {
            return self.role_of(client, Role::Cooperative, MEMBER);
        }
        self.possessor(client, MEMBER)
    }

    pub(super) fn prefix_grant(&self, claim: &PrefixGrant) -> Result<(), Refusal> {
        self.known_party(&claim.to)?;
        let rights = &self.register.facts.rights;
        let owner = match &claim.numbers {
            GrantedNumbers::Gtin(gtin) => rights.gtin_owner(gtin, self.now),
            GrantedNumbers::Prefix(prefix) => {
                let around = (7..=prefix.len())
                    .find_map(|length| rights.prefixes.get(prefix.get(..length)?));
                around.filter(|record| record.counts_from <= self.now).map(|record| &record.party)
            }
        };
        if owner == Some(&claim.from) {
            return Ok(());
        }
        let numbers = match &claim.numbers {
            GrantedNumbers::Gtin(gtin) => format!("GTIN {gtin}"),
            GrantedNumbers::Prefix(prefix) => format!("prefix {prefix}"),
        };
        let owner = owner.map_or_else(|| "nobody here".to_owned(), ToString::to_string);
        Err(Refusal::GtinOwner { numbers, owner })
    }

    pub(super) fn capacity(&self, claim: &CapacityStatement) -> Result<(), Refusal> {
        self.role_of(&claim.party, Role::Cooperative, "role of the party")?;
        self.product(&claim.capacity.product)?;
        campaign(&claim.capacity.campaign)?;
        if self.issuer.is_authority() {
            return Ok(());
        }
        let (client, certifier) = (&claim.party, &self.statement.issuer);
        let today = self.now.day();
        if self.register.facts.rights.agreed_at_all(client, Some(certifier), today) {
            return Ok(());
        }
        Err(not_asked(client, certifier, None))
    }

    /// Prefixes, regions and campaigns of a registration.
    pub(super) fn registered_rights(&self, claim: &Registration) -> Result<(), Refusal> {
        claim.regions.iter().try_for_each(|region| self.region(region))?;
        claim.capacities.iter().try_for_each(|one| campaign(&one.campaign).map(|_| ()))?;
        for prefix in &claim.gtin_prefixes {
            let taken = self.register.facts.rights.prefix_of_other(prefix, &claim.party);
            if let Some((known, owner)) = taken {
                return Err(Refusal::PrefixTaken {
                    prefix: prefix.clone(),
                    known: known.to_owned(),
                    owner: owner.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Whose GTIN a lot bears, and what that GTIN stands for.
    pub(super) fn lot_number(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        let Some(gtin) = Self::gtin_of(&claim.lot) else { return Ok(()) };
        let (rights, by) = (&self.register.facts.rights, &self.whose.registration.party);
        match rights.gtin_owner(gtin, self.now) {
            Some(owner) if owner == by || rights.granted(owner, by, gtin) => {}
            Some(owner) => {
                let numbers = format!("GTIN {gtin}");
                return Err(Refusal::GtinOwner { numbers, owner: owner.to_string() });
            }
            None if rights.agreed_at_all(by, None, self.now.day()) => {}
            None => {
                return Err(Refusal::NotAsked {
                    client: by.to_string(),
                    certifier: "a certifier, so that a GTIN nobody owns could be used".to_owned(),
                    under: String::new(),
                });
            }
        }
        self.gtin_use(gtin, &claim.facts.product, claim.facts.pack_size)
    }

    /// One GTIN has one product, one unit, one pack size.
    pub(super) fn gtin_use(
        &self,
        gtin: &crate::names::Gtin,
        product: &str,
        pack_size: u64,
    ) -> Result<(), Refusal> {
        let Some(known) = self.register.facts.rights.gtins.get(gtin) else { return Ok(()) };
        // The unit is the product's.
        if *known.product == *product && known.pack_size == pack_size {
            return Ok(());
        }
        let told = |product: &str, size: u64| format!("{size} {} of {product}", known.unit);
        Err(Refusal::GtinMismatch {
            gtin: gtin.to_string(),
            known: told(&known.product, known.pack_size),
            found: told(product, pack_size),
        })
    }

    /// Whether the client let this certifier act for it under the scheme.
    pub(super) fn asked(&self, client: &PartySlug, scheme: &str) -> Result<(), Refusal> {
        let certifier = &self.statement.issuer;
        if self.register.facts.rights.agreed(client, certifier, scheme, self.now.day()) {
            return Ok(());
        }
        Err(not_asked(client, certifier, Some(scheme)))
    }

    /// What a new key must be, and the co-signature under it.
    pub(super) fn added_key(&self, claim: &KeyChange, key: &NewKey) -> Result<(), Refusal> {
        let party = self.known_party(&claim.party)?;
        if let Some(cosigner) = &key.cosigner {
            self.cosigned(party, claim, cosigner)?;
        }
        let scope = |reason: String| Err(Refusal::KeyScope { reason });
        if key.purpose != KeyPurpose::Label {
            let extra = !key.schemes.is_empty() || !key.parties.is_empty();
            return if extra {
                scope("schemes and parties go with label keys".into())
            } else {
                Ok(())
            };
        }
        match party.registration.role {
            Role::Authority => Ok(()),
            Role::Certifier => self.label_key(party, key),
            other => {
                let role: &str = other.into();
                scope(format!("it belongs to a certifier or the authority, not to a {role}"))
            }
        }
    }

    fn label_key(&self, party: &Party, key: &NewKey) -> Result<(), Refusal> {
        let scope = |reason: String| Err(Refusal::KeyScope { reason });
        if key.schemes.is_empty() {
            return scope("a certifier's must name its schemes".into());
        }
        let covers = |scheme: &&String| {
            !party.accreditations.iter().any(|record| {
                matches!(record.at_log(self.place()), ScopeStanding::InForce(scope)
                    if scope.schemes.contains("all") || scope.schemes.contains(*scheme))
            })
        };
        if let Some(outside) = key.schemes.iter().find(covers) {
            return scope(format!("no accreditation in force covers scheme {outside}"));
        }
        if !(1..=LABEL_KEY_PARTIES_MAX).contains(&key.parties.len()) {
            return scope(format!(
                "a certifier's must name the parties whose lots it labels, 1 to \
                 {LABEL_KEY_PARTIES_MAX}"
            ));
        }
        for client in &key.parties {
            self.role_of(client, Role::Cooperative, "role of a party whose lots it labels")?;
        }
        let last = self.now.day().plus_months(LABEL_KEY_MONTHS_MAX);
        match (key.not_after, last) {
            (Some(end), Some(last)) if end > self.now && end <= last.end() => Ok(()),
            _ => scope(format!(
                "a certifier's must end (notAfter) within {LABEL_KEY_MONTHS_MAX} months"
            )),
        }
    }

    fn cosigned(
        &self,
        party: &Party,
        claim: &KeyChange,
        cosigner: &Cosigner,
    ) -> Result<(), Refusal> {
        let refuse =
            |reason| Err(Refusal::Cosigner { key: cosigner.verification_method.clone(), reason });
        let Some(record) = party.key(&cosigner.verification_method) else {
            return refuse("it is no key of the party");
        };
        let may = matches!(record.purpose, KeyPurpose::Assertion | KeyPurpose::Root);
        let usable = record.compromised.is_none() && record.retired.is_none();
        if !may || !usable || record.standing(self.now) != KeyStanding::InForce {
            return refuse("it is no assertion key in force");
        }
        let message = claim.cosigned_bytes(self.register.domain());
        if verifies(&record.public, &message, &cosigner.signature) {
            return Ok(());
        }
        refuse("its signature does not verify")
    }

    /// A party's own report reaches back 90 days.
    pub(super) fn own_report(&self, party: &PartySlug, since: Timestamp) -> Result<(), Refusal> {
        let earliest = self.now.plus_seconds(-OWN_REPORT_SECONDS_MAX);
        let own = *party == self.statement.issuer && !self.issuer.is_authority();
        if own && since < earliest {
            return Err(Refusal::SinceTooEarly { since, earliest });
        }
        Ok(())
    }

    /// Labels only for what is certified, in force or only waiting for its first day, and neither
    /// held nor recalled; counted per lot
    /// over all certificates, against the least certified under any scheme on the label.
    pub(super) fn labels(&self, claim: &LabelIssue, lot: &Lot) -> Result<(), Refusal> {
        let refused = |reason: String| Refusal::LabelRefused { lot: claim.lot.to_string(), reason };
        match lot.status(self.now) {
            LotStatus::Released => {}
            status => return Err(refused(format!("it is {}", status.word()))),
        }
        let (owner, key) = self.label_key_in_force(claim)?;
        if !key.parties.is_empty() && !key.parties.contains(&lot.record.producer) {
            return Err(refused(format!("its label key does not name {}", lot.record.producer)));
        }
        let under = self.register.labels_stand_under(&lot.record.lot, self.now);
        let certified = self.register.certified_in_force(&lot.record.lot, under);
        let on_label = certified.iter().filter(|(scheme, _)| {
            key.schemes.is_empty() || key.schemes.iter().any(|named| **named == ***scheme)
        });
        let Some(certified) = on_label.map(|(_, quantity)| *quantity).min() else {
            let under =
                if key.schemes.is_empty() { "" } else { " under a scheme of its label key" };
            return Err(refused(format!("no certificate{under} is in force")));
        };
        if !owner.is_authority() && owner != self.statement.issuer {
            return Err(refused("its label key is another certifier's".to_owned()));
        }
        if self.register.edition() >= 2 {
            return self.labels_left(claim);
        }
        let pack = lot.pack_size;
        let units = certified.checked_div(pack).unwrap_or_default();
        let (issued, asked) = (lot.labels_issued, u64::from(claim.count));
        if issued.saturating_add(asked) > units {
            let lot = claim.lot.to_string();
            return Err(Refusal::LabelsExceeded { lot, units, issued, asked });
        }
        Ok(())
    }

    fn label_key_in_force(
        &self,
        claim: &LabelIssue,
    ) -> Result<(PartySlug, &crate::seal::KeyRecord), Refusal> {
        let named = || claim.verification_method.clone();
        let found = self.register.key(&claim.verification_method);
        let found = found.filter(|key| key.purpose == KeyPurpose::Label);
        let found = self.register.owner_of_key(&claim.verification_method).zip(found);
        let (owner, key) = found.ok_or_else(|| Refusal::UnknownKey { key: named() })?;
        if key.compromised.is_some() {
            return Err(Refusal::KeyCompromised { key: named() });
        }
        match key.standing(self.now) {
            _ if key.retired.is_some() => Err(Refusal::KeyRetired { key: named() }),
            KeyStanding::InForce => Ok((owner, key)),
            KeyStanding::NotYet => {
                let until = key.counts_from.unwrap_or(self.now);
                Err(Refusal::KeyWaits { key: named(), until })
            }
            _ => {
                Err(Refusal::KeyExpired { key: named(), until: key.not_after.unwrap_or(self.now) })
            }
        }
    }

    /// Spoilt labels: at most one in twenty of the lot, no more than were issued, each once.
    pub(super) fn label_void(&self, claim: &LabelVoid) -> Result<(), Refusal> {
        let lot = self.known_lot(&claim.lot)?;
        let refused =
            |reason: String| Err(Refusal::LabelRefused { lot: claim.lot.to_string(), reason });
        if let Some(twice) = claim.serials.iter().find(|one| lot.labels_void.contains(one)) {
            return refused(format!("serial {} is void already", twice.as_str()));
        }
        let void = lot.labels_void.len().saturating_add(claim.serials.len());
        let most = lot.units().checked_div(LABEL_VOIDS_SHARE).unwrap_or_default();
        if u64::try_from(void).is_ok_and(|void| void <= most) {
            let asked = claim.serials.len() as u64;
            return if asked <= lot.labels_issued {
                if self.register.edition() >= 2 { self.labels_back(claim) } else { Ok(()) }
            } else {
                refused(format!("{} serials are out, {asked} shall be void", lot.labels_issued))
            };
        }
        refused(format!(
            "{void} spoilt labels are more than one in twenty of its {} units",
            lot.units()
        ))
    }

    /// Under one lot and scheme no certificate is taken beside one that the authority or another
    /// party suspended; nor when its certifier withdrew that one, until the authority confirms it:
    /// who was suspended does not get rid of it so.
    pub(super) fn beside_suspended(&self, scheme: &str, lot: &Lot) -> Result<(), Refusal> {
        let known = self.register.certificates_of(&lot.record.lot).map(|found| found.record);
        let mut known = known.filter(|found| *found.scheme == *scheme);
        known.try_for_each(|found| self.not_suspended(found.serial, &found.events))
    }

    /// Whether a certificate stands that the authority or another party suspended.
    pub(super) fn not_suspended(&self, serial: u64, events: &[StatusEvent]) -> Result<(), Refusal> {
        let before = events.iter().filter(|event| !self.is_open_withdrawal(event));
        let before: Vec<_> = before.cloned().collect();
        let laid = super::in_effect(&before, self.now);
        let laid = laid.filter(|event| event.action == StatusAction::Suspend);
        match laid.map(|event| &event.by).filter(|by| **by != self.statement.issuer) {
            Some(by) => Err(Refusal::CertificateSuspended { serial, by: by.to_string() }),
            None => Ok(()),
        }
    }

    /// Whether a change is a withdrawal that the authority neither made nor confirmed.
    fn is_open_withdrawal(&self, event: &StatusEvent) -> bool {
        let settled = self.register.change(event.mark.index).is_some_and(|it| it.settled.is_some());
        event.action == StatusAction::Withdraw && !event.by.is_authority() && !settled
    }

    pub(super) fn known_party(&self, slug: &PartySlug) -> Result<&Party, Refusal> {
        let party = self.register.party(slug).map(AsRef::as_ref);
        party.ok_or_else(|| Refusal::UnknownParty { party: slug.to_string() })
    }

    /// That goods can be with a party.
    pub(super) fn possessor(&self, slug: &PartySlug, member: &'static str) -> Result<(), Refusal> {
        let role = self.known_party(slug)?.registration.role;
        if possesses(role) {
            return Ok(());
        }
        let found: &str = role.into();
        let expected = "one that goods can be with".to_owned();
        Err(Refusal::Mismatch { member, found: found.to_owned(), expected })
    }

    fn role_of(&self, slug: &PartySlug, role: Role, member: &'static str) -> Result<(), Refusal> {
        same(member, self.known_party(slug)?.registration.role.into(), role.into())
    }
}

fn not_asked(client: &PartySlug, certifier: &PartySlug, scheme: Option<&str>) -> Refusal {
    Refusal::NotAsked {
        client: client.to_string(),
        certifier: certifier.to_string(),
        under: scheme.map(|scheme| format!(" under scheme {scheme}")).unwrap_or_default(),
    }
}
