//! Founding a ledger: makes its keys and its first entries: the authority registered by the root,
//! then the registrar's, service's, log's and label's keys, then the rulebook with the newest
//! edition. The root signs these and can go offline.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::home::{file, write_file};
use super::intake::intake;
use super::snapshots::Snapshots;
use super::status_lists::authority;
use super::{Config, Home, KeyName, Ledger, LedgerError, ServiceKeys, SubmitError};
use crate::catalog::CatalogError;
use crate::limits::EDITION_MAX;
use crate::names::PartySlug;
use crate::seal::{Signer, SoftKey, seal};
use crate::statement::{
    Custody, Day, Domain, Draft, GoodsRules, KeyChange, KeyEvent, KeyPurpose, NewKey, Registration,
    Role, Rulebook, Timestamp, first_goods_rules,
};
use crate::store::{SledStore, Store};

/// What a new ledger is called.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Public host, with port if any.
    pub domain: Domain,
    /// The authority's name.
    pub authority_name: String,
    /// Whether all parties are fictional.
    pub demo: bool,
    /// The edition of the rules it begins with; 0 for none, as the first release did.
    pub edition: u32,
    /// What its first rulebook says of goods; empty before edition 2.
    pub goods: GoodsRules,
}

impl Founding {
    /// A ledger under the newest rules, its recipes and seasons those that every authority starts
    /// from.
    ///
    /// # Errors
    /// [`CatalogError`] when a table was broken at build time.
    pub fn newest(
        domain: Domain,
        authority_name: String,
        demo: bool,
    ) -> Result<Self, CatalogError> {
        let goods = first_goods_rules()?;
        Ok(Self { domain, authority_name, demo, edition: EDITION_MAX, goods })
    }
}

/// Where the root's two keys are written.
#[derive(Clone, Copy, Debug)]
pub struct RootPlace<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// The passphrase of the two files.
    pub passphrase: &'a str,
}

/// Founds a ledger in an empty data folder and opens it.
///
/// # Errors
/// [`LedgerError::Exists`], and whatever keeps keys or entries from being written.
pub fn found(home: &Home, founding: &Founding, now: Timestamp) -> Result<Ledger, LedgerError> {
    found_with_root(home, founding, now, None)
}

/// As [`found`]; with a place the root's keys are written there and never into the data folder.
///
/// # Errors
/// As [`found`], and a root key that is in that place already.
pub fn found_with_root(
    home: &Home,
    founding: &Founding,
    now: Timestamp,
    root_place: Option<RootPlace<'_>>,
) -> Result<Ledger, LedgerError> {
    if home.has_ledger() {
        return Err(LedgerError::Exists { path: home.folder().display().to_string() });
    }
    if home.store().exists() || home.folder().join("keys").exists() {
        return Err(file(
            home.folder(),
            "it holds a ledger that was not finished; remove it and start again",
        ));
    }
    // Where the root goes elsewhere, that place is tried before anything is written here.
    let away = root_place.map(|place| root_keys(place.folder, place.passphrase)).transpose()?;
    let passphrase = home.passphrase()?;
    let make = |name: KeyName| Home::make_key(&home.key(name), &passphrase);
    let (root, successor) = match away {
        Some(keys) => keys,
        None => root_keys(&home.folder().join("keys"), &passphrase)?,
    };
    let registrar = make(KeyName::Registrar)?;
    let (log, service) = (make(KeyName::Log)?, make(KeyName::Service)?);
    let label = make(KeyName::Label)?;
    let receipt = make(KeyName::Receipt)?;
    let public = [
        (KeyName::Registrar, registrar.public(), KeyPurpose::Assertion, Custody::Own),
        (KeyName::Service, service.public(), KeyPurpose::Service, Custody::Operator),
        (KeyName::Log, log.public(), KeyPurpose::Log, Custody::Operator),
        (KeyName::Label, label.public(), KeyPurpose::Label, Custody::Operator),
        (KeyName::Receipt, receipt.public(), KeyPurpose::Receipt, Custody::Operator),
    ];
    let config = Config::new(&founding.domain, &root.public(), log.public(), founding.demo)
        .map_err(|error| file(home.folder(), error))?;
    let keys = ServiceKeys { log, service: vec![service], label: vec![label] };
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&home.store())?);
    let ledger = Ledger::start(config.clone(), keys, store, Some(home.guard()))?;
    ledger.keep_snapshots(Snapshots::of(home, ledger.log_key()));
    ledger.set_receipt_keys(vec![receipt]);
    ledger.shared.door.attach(home, true)?;
    ledger.shared.documents.attach(home)?;
    ledger.shared.door.seeds().ensure(0)?;
    let sealed = Sealed { founding, root: &root, now };
    sealed.append(&ledger, &sealed.registration(&successor))?;
    for (name, public, purpose, custody) in public {
        sealed.append(&ledger, &sealed.key(name, public, purpose, custody))?;
    }
    let goods = founding.goods.clone();
    let rulebook = Rulebook { goods, ..Rulebook::plain(1, founding.edition) };
    if rulebook.edition > 0 {
        let slug = authority();
        sealed.append(&ledger, &rulebook.draft(&sealed.draft(&slug)))?;
    }
    write_file(&home.folder().join("keys/README"), KEYS_README.as_bytes(), 0o644)?;
    home.write_config(&config)?;
    Ok(ledger)
}

/// Makes the root key and the next one, of which only the hash is told now: a thief of the root
/// cannot replace it.
fn root_keys(folder: &Path, passphrase: &str) -> Result<(SoftKey, SoftKey), LedgerError> {
    let next = folder.join("root-next.pem");
    if next.exists() {
        return Err(file(&next, "it exists already; keys are never overwritten"));
    }
    let root = Home::make_key(&folder.join("root.pem"), passphrase)?;
    Ok((root, Home::make_key(&next, passphrase)?))
}

const KEYS_README: &str = "\
Private keys, encrypted PKCS#8 (OpenSSL reads them). The passphrase stands in the file `passphrase`
unless TASDIQ_PASSPHRASE was set: move it to where the service manager keeps secrets.
root.pem and root-next.pem, if they are here, are not needed by the service: move both offline now.
registrar-1.pem registers parties and accredits certifiers: keep it with the registrar.
serials-0.pem is the seed of the serials on labels: without it none is told again or recognised.
";

/// Statements of the founding, signed by the root.
struct Sealed<'a> {
    founding: &'a Founding,
    root: &'a SoftKey,
    now: Timestamp,
}

impl Sealed<'_> {
    fn draft<'b>(&'b self, issuer: &'b PartySlug) -> Draft<'b> {
        Draft {
            domain: &self.founding.domain,
            id: String::new(),
            issuer,
            issuer_name: &self.founding.authority_name,
            valid_from: self.now,
            valid_until: None,
        }
    }

    fn registration(&self, successor: &SoftKey) -> serde_json::Value {
        use base64::Engine as _;
        let hash = Sha256::digest(successor.public());
        let slug = authority();
        let claim = Registration {
            party: slug.clone(),
            name: self.founding.authority_name.clone(),
            registered_id: self.founding.domain.host().to_owned(),
            registered_on: Day::from_days(self.now.seconds().div_euclid(86_400)),
            role: Role::Authority,
            region: None,
            capacities: Vec::new(),
            successor: Some(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(hash)),
            regions: Vec::new(),
            gtin_prefixes: Vec::new(),
            same_name: false,
            contact: None,
            names: Default::default(),
        };
        claim.draft(&self.draft(&slug))
    }

    fn key(
        &self,
        name: KeyName,
        public: [u8; 32],
        purpose: KeyPurpose,
        custody: Custody,
    ) -> serde_json::Value {
        let slug = authority();
        let did = self.founding.domain.did(&slug);
        let claim = KeyChange {
            party: slug.clone(),
            verification_method: format!("{did}#{}", name.stem()),
            event: KeyEvent::Added(NewKey {
                public,
                purpose,
                custody,
                schemes: Vec::new(),
                not_after: None,
                parties: Vec::new(),
                cosigner: None,
            }),
        };
        claim.draft(&self.draft(&slug))
    }

    fn append(&self, ledger: &Ledger, unsigned: &serde_json::Value) -> Result<(), LedgerError> {
        let method = format!("{}#root", self.founding.domain.did(&authority()));
        let bytes = seal(unsigned, &method, self.now, self.root).map_err(SubmitError::from)?;
        let statement = intake(&bytes, &ledger.view().register, self.now)?;
        let receipts = ledger.append_blocking(vec![statement]);
        receipts.into_iter().try_for_each(|receipt| receipt.map(|_| ()).map_err(LedgerError::from))
    }
}
