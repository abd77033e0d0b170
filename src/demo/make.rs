//! Makes the demonstration ledger, statement by statement, as an API client would.

use std::collections::BTreeMap;

use super::goods;
use super::lots::{Planned, excess, open_lots, plan};
use super::parties::{CERTIFIERS, Member, make_members};
use super::stage::Stage;
use super::story::{Example, certificates, changes, shown, stolen};
use crate::catalog::Catalog;
use crate::label::Label;
use crate::ledger::{
    Founding, Home, KeyName, Ledger, LedgerError, Unmet, found, keep_status_lists, label_of,
    write_file,
};
use crate::names::{PartySlug, Word};
use crate::os::now;
use crate::seal::Signer;
use crate::statement::{
    Day, Domain, Draft, KeyChange, KeyEvent, KeyPurpose, NewKey, Role, Timestamp,
};

const KEYS_README: &str = "\
NOT FOR USE: keys of fictional parties of the demonstration. The passphrase is the ledger's own
(../keys/passphrase).
";

/// Makes a demonstration ledger in an empty data folder and opens it.
///
/// # Errors
/// A folder that is not empty, or what the ledger refuses.
pub fn make(home: &Home, domain: &Domain, now: Timestamp) -> Result<Ledger, LedgerError> {
    let authority_name = "Autorité fictive de démonstration".to_owned();
    let founding = Founding::newest(domain.clone(), authority_name, true)?;
    let founding = Founding { goods: goods::rules(founding.goods.clone(), now)?, ..founding };
    let ledger = found(home, &founding, now)?;
    let passphrase = home.passphrase()?;
    let key = |name: KeyName| Home::read_key(&home.key(name), &passphrase);
    let (registrar, root) = (key(KeyName::Registrar)?, key(KeyName::Root)?);
    let service = key(KeyName::Service)?;
    let folder = home.folder().join("demo-keys");
    let members = make_members(&folder, &passphrase)?;
    write_file(&folder.join("README"), KEYS_README.as_bytes(), 0o644)?;
    let catalog = Catalog::builtin()?;
    let today = now.day();
    let lots = plan(catalog, today);
    let open = open_lots(catalog, today);
    let demo = Stage { ledger, members, registrar, root, service, domain: domain.clone() };
    demo.people(now)?;
    let excess = excess(catalog, today);
    demo.declare(lots.iter().chain(&open).chain(&excess))?;
    let certified: Vec<Planned> = lots.into_iter().chain(excess).collect();
    demo.certify(&certified, today)?;
    demo.befall(&certified)?;
    goods::tell(&demo, today)?;
    keep_status_lists(&demo.ledger, crate::os::now())?;
    write_examples(home, &demo.ledger, &open, today)?;
    Ok(demo.ledger)
}

/// One lot for each status, with its label.
#[must_use]
pub fn examples(ledger: &Ledger, now: Timestamp) -> Vec<Example> {
    let view = ledger.view();
    let Ok(catalog) = Catalog::builtin() else { return Vec::new() };
    let lots = plan(catalog, now.day());
    let held = excess(catalog, now.day()).map(|lot| ("held", lot.declaration.lot));
    let shown = lots
        .iter()
        .enumerate()
        .filter_map(|(place, lot)| Some((shown(place)?, lot.declaration.lot.clone())))
        .chain(held);
    let label = |(status, lot)| {
        view.register.lot(&lot)?;
        let code = label_of(ledger, &lot, None, now).as_ref().map(Label::url).ok()?;
        Some(Example { status, lot, code })
    };
    shown.filter_map(label).collect()
}

impl Stage {
    /// Registrations, keys, accreditations, agreements from paper: the registrar's work.
    fn people(&self, now: Timestamp) -> Result<(), LedgerError> {
        let authority = PartySlug::authority();
        let real: Vec<&Member> = self.members.values().filter(|m| !m.name.is_empty()).collect();
        let mut drafts = Vec::new();
        for (number, member) in real.iter().enumerate() {
            let draft = self.draft(&authority, "Autorité fictive de démonstration", now);
            drafts.push(member.registration(number + 1, now.day()).draft(&draft));
        }
        for member in &real {
            let change = self.added(member, &member.slug, "key-1");
            drafts.push(change.draft(&self.draft(&authority, "Autorité fictive", now)));
        }
        for (number, (slug, _, schemes)) in CERTIFIERS.iter().enumerate() {
            if let Some(member) = self.members.get(*slug) {
                let accreditation = member.accreditation(schemes, number + 1, now);
                drafts.push(accreditation.draft(&self.draft(&authority, "Autorité fictive", now)));
                let clients = real.iter().filter(|client| client.role == Role::Cooperative);
                for client in clients {
                    let agreement = member.agreement(client, schemes, now.day());
                    drafts.push(agreement.draft(&self.draft(&authority, "Autorité fictive", now)));
                }
            }
        }
        let method = self.method(&authority, KeyName::Registrar.stem());
        let sealed = drafts.iter().map(|draft| self.sealed(draft, &method, &self.registrar));
        self.submit(sealed.collect::<Result<_, _>>()?)
    }

    fn added(&self, member: &Member, party: &PartySlug, name: &str) -> KeyChange {
        KeyChange {
            party: party.clone(),
            verification_method: self.method(party, name),
            event: KeyEvent::Added(NewKey {
                public: member.key.public(),
                purpose: KeyPurpose::Assertion,
                custody: member.custody(),
                schemes: Vec::new(),
                not_after: None,
                parties: Vec::new(),
                cosigner: None,
            }),
        }
    }

    fn declare<'a>(&self, lots: impl Iterator<Item = &'a Planned>) -> Result<(), LedgerError> {
        let mut sealed = Vec::new();
        for lot in lots {
            let Some(member) = self.members.get(&lot.producer) else { continue };
            let draft = Draft {
                domain: &self.domain,
                id: String::new(),
                issuer: &member.slug,
                issuer_name: &member.name,
                valid_from: lot.declaration.packed_on.start(),
                valid_until: None,
            };
            let method = self.method(&member.slug, "key-1");
            sealed.push(self.sealed(&lot.declaration.draft(&draft), &method, &member.key)?);
        }
        self.submit(sealed)
    }

    /// Certificates; half-way the first certifier's key is rotated.
    fn certify(&self, lots: &[Planned], today: Day) -> Result<(), LedgerError> {
        let view = self.ledger.view();
        let accreditation: BTreeMap<&str, Word> = CERTIFIERS
            .iter()
            .filter_map(|(slug, _, _)| {
                let party = view.register.party(&PartySlug::parse(slug).ok()?)?;
                Some((*slug, Word::new(&party.accreditations.first()?.id)))
            })
            .collect();
        let mut serial = 0;
        let half = lots.len() / 2;
        for (part, lots) in [&lots[..half], &lots[half..]].into_iter().enumerate() {
            let mut sealed = Vec::new();
            for (place, lot) in lots.iter().enumerate() {
                let place = place + part * half;
                let client = self.members.get(&lot.producer).map_or("", |m| m.name.as_str());
                let signings = certificates(place, lot, &accreditation, client, today, &mut serial);
                for signing in signings {
                    sealed.push(self.certificate(&signing, part)?);
                }
            }
            self.submit(sealed)?;
            if part == 0 {
                self.replace_key("certif-atlas", KeyEvent::Retired)?;
            }
        }
        Ok(())
    }

    fn certificate(
        &self,
        signing: &super::story::StorySigning,
        part: usize,
    ) -> Result<Vec<u8>, LedgerError> {
        let rotated = part > 0 && signing.certifier == "certif-atlas";
        let (file, key) =
            if rotated { ("certif-atlas-2", "key-2") } else { (signing.certifier, signing.key) };
        let gone = || LedgerError::unmet(Unmet::Invalid, "demo", format!("{file} has no key"));
        let member = self.members.get(signing.certifier).ok_or_else(gone)?;
        let signer = self.members.get(file).ok_or_else(gone)?;
        let draft = Draft {
            domain: &self.domain,
            id: String::new(),
            issuer: &member.slug,
            issuer_name: &member.name,
            valid_from: signing.claim.valid_from,
            valid_until: None,
        };
        let method = self.method(&member.slug, key);
        self.sealed(&signing.claim.draft(&draft), &method, &signer.key)
    }

    /// Ends a certifier's first key and adds its second, which the root signs: it counts at once.
    fn replace_key(&self, slug: &str, event: KeyEvent) -> Result<(), LedgerError> {
        let authority = PartySlug::authority();
        let Some(next) = self.members.get(&format!("{slug}-2")) else { return Ok(()) };
        let party = PartySlug::parse(slug).unwrap_or_else(|_| PartySlug::authority());
        let added = self.added(next, &party, "key-2");
        let verification_method = self.method(&party, "key-1");
        let ended = KeyChange { party, verification_method, event };
        let method = self.method(&authority, KeyName::Root.stem());
        let mut sealed = Vec::new();
        for change in [added, ended] {
            let unsigned = change.draft(&self.draft(&authority, "Autorité fictive", now()));
            sealed.push(self.sealed(&unsigned, &method, &self.root)?);
        }
        self.submit(sealed)
    }

    /// Suspension, withdrawal, recall, and the key that was stolen.
    fn befall(&self, lots: &[Planned]) -> Result<(), LedgerError> {
        let mut sealed = Vec::new();
        for (slug, change) in changes(&self.ledger.view().register, lots, now()) {
            let Some(by) = self.members.get(&slug) else { continue };
            let unsigned = change.draft(&self.draft(&by.slug, &by.name, now()));
            // The certifier's first key is retired by now.
            let next = self.members.get(&format!("{slug}-2"));
            let (signer, key) = next.map_or((by, "key-1"), |next| (next, "key-2"));
            sealed.push(self.sealed(&unsigned, &self.method(&by.slug, key), &signer.key)?);
        }
        self.submit(sealed)?;
        let view = self.ledger.view();
        let mut certificates = view.register.certificates().map(|found| found.record);
        match certificates.find(|found| found.issuer.as_str() == "certif-ombre") {
            Some(found) => self.replace_key("certif-ombre", stolen(found.mark.logged_at, now())),
            None => Ok(()),
        }
    }
}

/// Files a newcomer can try things with.
fn write_examples(
    home: &Home,
    ledger: &Ledger,
    open: &[Planned],
    today: Day,
) -> Result<(), LedgerError> {
    let mut rows =
        String::from("lot,scheme,edition,quantity,decision_date,valid_from,valid_until\n");
    let until = Day::from_days(today.days() + 365);
    for lot in open {
        let (lot, quantity) = (&lot.declaration.lot, lot.declaration.facts.quantity);
        rows.push_str(&format!("{lot},terroir-du-maroc,2025,{quantity},{today},{today},{until}\n"));
    }
    let folder = home.folder().join("examples");
    write_file(&folder.join("certificates.csv"), rows.as_bytes(), 0o644)?;
    let mut codes = String::from("status,lot,code\n");
    for example in examples(ledger, now()) {
        codes.push_str(&format!("{},{},{}\n", example.status, example.lot, example.code));
    }
    write_file(&folder.join("codes.csv"), codes.as_bytes(), 0o644)
}
