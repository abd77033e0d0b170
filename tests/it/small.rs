//! A ledger of a few entries over any store, with fixed keys and the real clock, for audits that
//! are run thousands of times. Not a test.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tasdiq::ledger::{Config, Ledger, LedgerError, Receipt, ServiceKeys, SubmitError, intake};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::seal::{Signer, seal};
use tasdiq::statement::*;
use tasdiq::store::Store;

use crate::world::{self, HOST, key, new_key, oil, slug};

/// The cooperative (key 20) and the certifier (key 10) of this ledger.
const COOPERATIVE: &str = "coop";
const CERTIFIER: &str = "certif";

pub fn domain() -> Domain {
    Domain::parse(HOST).unwrap()
}

/// Root is key 1, log key 5.
pub fn config() -> Config {
    Config::new(&domain(), &key(1).public(), key(5).public(), true).unwrap()
}

pub fn open(store: Arc<dyn Store>, guard: Option<PathBuf>) -> Result<Ledger, LedgerError> {
    let keys = ServiceKeys { log: key(5), service: vec![key(3)], label: vec![key(4)] };
    Ledger::start(config(), keys, store, guard)
}

/// Takes bytes in as the service does.
pub fn take(ledger: &Ledger, bytes: &[u8]) -> Result<Receipt, SubmitError> {
    let statement = intake(bytes, &ledger.view().register, now())?;
    ledger.append_blocking(vec![statement]).pop().unwrap()
}

fn sealed(unsigned: &Value, issuer: &str, name: &str, number: u8) -> Vec<u8> {
    let method = format!("{}#{name}", domain().did(&slug(issuer)));
    seal(unsigned, &method, now(), &key(number)).unwrap()
}

fn draft(
    domain: &Domain,
    issuer: &PartySlug,
    id: &str,
    make: impl Fn(&Draft<'_>) -> Value,
) -> Value {
    let id = domain.url(&format!("statements/{id}"));
    let issuer_name = "Partie fictive";
    make(&Draft { domain, id, issuer, issuer_name, valid_from: now(), valid_until: None })
}

fn party(party: &str, role: Role) -> Vec<u8> {
    let claim = Registration { role, region: None, ..world::party(party) };
    let (name, number) = if role == Role::Authority { ("root", 1) } else { ("registrar-1", 2) };
    let id = format!("register-{party}");
    sealed(
        &draft(&domain(), &slug("authority"), &id, |d| claim.draft(d)),
        "authority",
        name,
        number,
    )
}

fn added(who: &str, name: &str, number: u8, purpose: KeyPurpose) -> Vec<u8> {
    let claim = KeyChange {
        party: slug(who),
        verification_method: format!("{}#{name}", domain().did(&slug(who))),
        event: KeyEvent::Added(new_key(key(number).public(), purpose)),
    };
    let unsigned =
        draft(&domain(), &slug("authority"), &format!("key-{number}"), |d| claim.draft(d));
    match who {
        "authority" => sealed(&unsigned, "authority", "root", 1),
        _ => sealed(&unsigned, "authority", "registrar-1", 2),
    }
}

/// Ten entries: authority, its keys, a cooperative, a certifier, their keys, an accreditation.
pub fn founding() -> Vec<Vec<u8>> {
    let all = || [Scope::ALL.to_owned()].into();
    let year = 365 * 86_400;
    let accreditation = Accreditation {
        party: slug(CERTIFIER),
        name: "Certificateur fictif".to_owned(),
        registered_id: "FICTIF-2".to_owned(),
        registered_on: Day::parse("2026-01-01").unwrap(),
        scope: Scope { schemes: all(), products: all(), regions: all() },
        valid_from: now().plus_seconds(-year),
        valid_until: now().plus_seconds(3 * year),
    };
    let unsigned =
        draft(&domain(), &slug("authority"), "accredit", |draft| accreditation.draft(draft));
    vec![
        party("authority", Role::Authority),
        added("authority", "registrar-1", 2, KeyPurpose::Assertion),
        added("authority", "service-1", 3, KeyPurpose::Service),
        added("authority", "label-1", 4, KeyPurpose::Label),
        added("authority", "log-1", 5, KeyPurpose::Log),
        party(COOPERATIVE, Role::Cooperative),
        party(CERTIFIER, Role::Certifier),
        added(COOPERATIVE, "key-1", 20, KeyPurpose::Assertion),
        added(CERTIFIER, "key-1", 10, KeyPurpose::Assertion),
        sealed(&unsigned, "authority", "registrar-1", 2),
    ]
}

/// Appends the founding entries that are not there yet.
pub fn found(ledger: &Ledger, founding: &[Vec<u8>]) -> Result<(), SubmitError> {
    founding.iter().try_for_each(|bytes| take(ledger, bytes).map(|_| ()))
}

/// The cooperative's lot number `number`, packed on a fixed day.
pub fn lot(number: u32) -> Vec<u8> {
    let claim = LotDeclaration {
        packed_on: Day::parse("2026-03-01").unwrap(),
        ..oil(&format!("{COOPERATIVE}/L{number}"), 1_000)
    };
    sealed(&draft(&domain(), &slug(COOPERATIVE), "", |d| claim.draft(d)), COOPERATIVE, "key-1", 20)
}
