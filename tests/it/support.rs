//! What integration tests share: a ledger in a folder of its own, served on a free port, a client,
//! and parties with keys that sign what the tests submit. Not a test.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tasdiq::ledger::{self, Founding, Home, KeyName, Ledger, OpenOptions};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::photo::Program;
use tasdiq::seal::{RequestTarget, RequestTerms, Signer, SoftKey, seal, sign_request};
use tasdiq::statement::{
    Accreditation, Day, Domain, Draft, KeyChange, KeyEvent, KeyPurpose, Reason, Registration, Role,
    Scope, StatusAction, StatusChange, StatusTarget, Timestamp,
};
use tasdiq::web::{self, App, Settings};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub use crate::world::HOST;
use crate::world::{new_key, party};

/// The cooperative, the certifier and the scheme of [`TestApp::with_parties`].
pub const COOPERATIVE: &str = "coop-tamazirt";
pub const CERTIFIER: &str = "certif-atlas";
pub const GTIN: &str = "06111234567895";

/// A served ledger. Stops when it is dropped.
pub struct TestApp {
    pub ledger: Ledger,
    pub address: SocketAddr,
    pub registrar: Key,
    agent: ureq::Agent,
    stop: Option<oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
    home: Home,
    folder: Option<TempDir>,
}

/// A private key and its name.
pub struct Key {
    pub method: String,
    pub secret: SoftKey,
}

/// An answer: status, content type, body.
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}: {}", self.status, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().unwrap().to_owned()
    }

    /// The lines of NDJSON.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl TestApp {
    /// Founds a ledger and serves it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(&folder.path().join("data"));
        let ledger = ledger::found(&home, &founding(), now()).unwrap();
        Self::of(ledger, &home).keeping(folder)
    }

    fn keeping(mut self, folder: TempDir) -> Self {
        self.folder = Some(folder);
        self
    }

    /// A served ledger, opened with these options after it was founded.
    pub fn start_with(options: &OpenOptions) -> Self {
        let (home, folder) = Self::start().into_home();
        Self::of(restart(&home, options), &home).keeping(folder)
    }

    /// Serves the ledger of a folder of [`Self::into_home`].
    pub fn of(ledger: Ledger, home: &Home) -> Self {
        let passphrase = home.passphrase().unwrap();
        let registrar = Key {
            method: format!("did:web:{HOST}#registrar-1"),
            secret: Home::read_key(&home.key(KeyName::Registrar), &passphrase).unwrap(),
        };
        let (address, stop, server) = serve(ledger.clone());
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Self {
            ledger,
            address,
            registrar,
            agent: config.build().new_agent(),
            stop: Some(stop),
            server: Some(server),
            home: home.clone(),
            folder: None,
        }
    }

    /// Stops serving; the folder, if it is this app's, lives as long as the second value.
    pub fn into_home(mut self) -> (Home, TempDir) {
        let folder = self.folder.take().unwrap_or_else(|| tempfile::tempdir().unwrap());
        (self.home.clone(), folder)
    }

    /// A signed registration of a fictional cooperative: the same each time.
    pub fn registration(&self, number: u64) -> Vec<u8> {
        let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        registration(&self.domain(), &self.registrar, number, at)
    }

    /// A served ledger with [`COOPERATIVE`] and [`CERTIFIER`], the latter accredited for all
    /// products
    /// and regions under the scheme `sdoq-ao`. Gives their keys.
    pub fn with_parties() -> (Self, Key, Key) {
        let app = Self::start();
        let cooperative = app.register(COOPERATIVE, Role::Cooperative);
        let certifier = app.register(CERTIFIER, Role::Certifier);
        app.accredit(CERTIFIER, &["sdoq-ao"]);
        (app, cooperative, certifier)
    }

    /// Stops the service, opens the data folder again and serves it on.
    pub fn restart(&mut self) {
        self.stop();
        // The writer's thread ends with the last clone of the ledger, and with it the store's lock.
        let keys = self.ledger.keys().unwrap();
        let copy = |key: &SoftKey| SoftKey::from_secret(&key.secret());
        let keys = ledger::ServiceKeys {
            log: copy(&keys.log),
            service: keys.service.iter().map(copy).collect(),
            label: keys.label.iter().map(copy).collect(),
        };
        let config = self.ledger.config().clone();
        let store = std::sync::Arc::new(tasdiq::store::MemoryStore::new());
        self.ledger = Ledger::start(config, keys, store, None).unwrap();
        let patience = Instant::now() + Duration::from_secs(20);
        self.ledger = loop {
            match Ledger::open(&self.home, &OpenOptions::default()) {
                Ok(ledger) => break ledger,
                Err(error) => assert!(Instant::now() < patience, "{error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let (address, stop, server) = serve(self.ledger.clone());
        (self.address, self.stop, self.server) = (address, Some(stop), Some(server));
    }

    /// The data folder.
    pub fn home(&self) -> &Home {
        &self.home
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            server.join().unwrap();
        }
    }

    pub fn domain(&self) -> Domain {
        Domain::parse(HOST).unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(self.url(path)).call())
    }

    pub fn get_as(&self, path: &str, accept: &str) -> Answer {
        answer(self.agent.get(self.url(path)).header("accept", accept).call())
    }

    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        answer(self.agent.post(self.url(path)).header("content-type", kind).send(body))
    }

    /// Posts with header fields of one's own.
    pub fn post_with(&self, path: &str, headers: &[(&str, String)], body: &[u8]) -> Answer {
        let request = self.agent.post(self.url(path)).header("content-type", "application/json");
        let with = |request: ureq::RequestBuilder<_>, (name, value): &(&str, String)| {
            request.header(*name, value)
        };
        answer(headers.iter().fold(request, with).send(body))
    }

    /// Posts a request that a key signs (RFC 9421), as it must be.
    pub fn post_signed(&self, path: &str, key: &Key, body: &[u8]) -> Answer {
        self.post_with(path, &key.sign_request(path, body, &key.terms()), body)
    }

    /// Asks with header fields of one's own.
    pub fn get_with(&self, path: &str, headers: &[(&str, String)]) -> Answer {
        let request = self.agent.get(self.url(path));
        answer(headers.iter().fold(request, |it, (name, value)| it.header(*name, value)).call())
    }

    /// Asks with a request that a key signs.
    pub fn get_signed(&self, path: &str, key: &Key) -> Answer {
        self.get_with(path, &key.sign_request_of("GET", path, b"", &key.terms()))
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", &serde_json::to_vec(body).unwrap())
    }

    pub fn submit(&self, statement: &[u8]) -> Answer {
        self.post("/api/v1/statements", "application/vc", statement)
    }

    pub fn checkpoint(&self) -> String {
        self.get("/log/checkpoint").text()
    }

    /// Submits what must be logged.
    pub fn logged(&self, statement: &[u8]) -> Value {
        let answer = self.submit(statement);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// Waits until the status lists say what the register says, so that the keeper adds no more.
    pub fn settle(&self) {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.ledger.view();
            let behind = view.register.lists().any(|(_, state)| !state.is_current());
            let newest = view.register.lists().filter_map(|(_, state)| state.versions.last());
            let newest = newest.map(|version| version.index).max();
            let indexed = view.register.status_index().map(|mark| mark.index);
            if !behind && newest <= indexed {
                return;
            }
            assert!(Instant::now() < patience, "status lists do not settle");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The envelope of a statement by the authority.
    pub fn draft<'a>(
        &self,
        domain: &'a Domain,
        id: &str,
        issuer: &'a PartySlug,
        at: Timestamp,
    ) -> Draft<'a> {
        let id = domain.url(id);
        Draft { domain, id, issuer, issuer_name: "Test party", valid_from: at, valid_until: None }
    }

    /// Registers a party and gives it the key `key-1`.
    pub fn register(&self, slug: &str, role: Role) -> Key {
        let domain = self.domain();
        let authority = PartySlug::authority();
        let registration = Registration {
            name: format!("Test {slug}"),
            registered_id: format!("T-{slug}"),
            registered_on: Day::parse("2020-01-01").unwrap(),
            role,
            region: None,
            ..party(slug)
        };
        let draft = self.draft(&domain, &format!("statements/{slug}"), &authority, now());
        self.logged(&self.registrar.sign(&registration.draft(&draft)));
        self.add_key(slug, "key-1")
    }

    /// Adds a fresh signing key to a party.
    pub fn add_key(&self, slug: &str, fragment: &str) -> Key {
        let domain = self.domain();
        let party = PartySlug::parse(slug).unwrap();
        let key = Key::fresh(format!("{}#{fragment}", domain.did(&party)));
        let event = KeyEvent::Added(new_key(key.secret.public(), KeyPurpose::Assertion));
        self.change_key(slug, &key.method, event);
        key
    }

    /// Logs a change of a key.
    pub fn change_key(&self, slug: &str, method: &str, event: KeyEvent) {
        let domain = self.domain();
        let authority = PartySlug::authority();
        let change = KeyChange {
            party: PartySlug::parse(slug).unwrap(),
            verification_method: method.to_owned(),
            event,
        };
        let id = format!("statements/key-{}", self.ledger.view().size);
        let unsigned = change.draft(&self.draft(&domain, &id, &authority, now()));
        self.logged(&self.registrar.sign(&unsigned));
    }

    /// Accredits a certifier for all products and regions, from 2020 to 2040.
    pub fn accredit(&self, slug: &str, schemes: &[&str]) {
        let domain = self.domain();
        let authority = PartySlug::authority();
        let all = || [Scope::ALL.to_owned()].into();
        let accreditation = Accreditation {
            party: PartySlug::parse(slug).unwrap(),
            name: format!("Test {slug}"),
            registered_id: "MA-17065-1".to_owned(),
            registered_on: Day::parse("2020-01-01").unwrap(),
            scope: Scope {
                schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
                products: all(),
                regions: all(),
            },
            valid_from: Timestamp::parse("2020-01-01T00:00:00Z").unwrap(),
            valid_until: Timestamp::parse("2040-01-01T00:00:00Z").unwrap(),
        };
        let id = format!("statements/accreditation-{}", self.ledger.view().size);
        let unsigned = accreditation.draft(&self.draft(&domain, &id, &authority, now()));
        self.logged(&self.registrar.sign(&unsigned));
    }

    /// The unsigned statement for a request to `prepare`.
    pub fn prepared(&self, list: &str, request: Value) -> Value {
        let answer = self.post_json("/api/v1/prepare", &json!({ list: [request] }));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let item = answer.json()["prepared"][0].clone();
        assert!(item["unsigned"].is_object(), "{item}");
        item["unsigned"].clone()
    }

    /// Declares the lot of [`lot_request`].
    pub fn declare(&self, key: &Key, lot: &str) -> Value {
        self.logged(&key.sign(&self.prepared("lots", lot_request(lot))))
    }

    /// Certifies the whole lot.
    pub fn certify(&self, key: &Key, lot: &str) -> Value {
        self.logged(&key.sign(&self.prepared("certificates", certificate_request(lot))))
    }

    /// The same, for the certificate's bytes.
    pub fn certified(&self, key: &Key, lot: &str) -> Vec<u8> {
        let signed = key.sign(&self.prepared("certificates", certificate_request(lot)));
        self.logged(&signed);
        signed
    }

    /// Changes the status of a certificate.
    pub fn change_status(&self, key: &Key, by: &str, serial: u64, action: StatusAction) -> Answer {
        let domain = self.domain();
        let issuer = PartySlug::parse(by).unwrap();
        let change = StatusChange {
            target: StatusTarget::Certificate(serial),
            action,
            reason: Reason::LabResult,
            effective_from: now(),
            notice: Default::default(),
            return_to: None,
            lifts: Vec::new(),
        };
        let id = format!("statements/status-{}", self.ledger.view().size);
        let unsigned = change.draft(&self.draft(&domain, &id, &issuer, now()));
        self.submit(&key.sign(&unsigned))
    }
}

/// How test ledgers are founded: under the rules of the first release.
pub fn founding() -> Founding {
    Founding {
        domain: Domain::parse(HOST).unwrap(),
        authority_name: "Test authority".to_owned(),
        demo: true,
        edition: 0,
        goods: Default::default(),
    }
}

/// A fictional cooperative.
pub fn fictional(number: u64) -> Registration {
    let slug = format!("fictional-{number}");
    Registration {
        name: format!("Fictional cooperative {number}"),
        registered_id: format!("T-{number}"),
        registered_on: Day::parse("2020-01-01").unwrap(),
        region: None,
        ..party(&slug)
    }
}

/// A signed registration of a fictional cooperative, valid from `at`.
pub fn registration(domain: &Domain, registrar: &Key, number: u64, at: Timestamp) -> Vec<u8> {
    let claim = fictional(number);
    let authority = PartySlug::authority();
    let draft = Draft {
        domain,
        id: domain.url(&format!("statements/{}", claim.party)),
        issuer: &authority,
        issuer_name: "Authority",
        valid_from: at,
        valid_until: None,
    };
    registrar.sign(&claim.draft(&draft))
}

/// Opens a ledger again, as soon as whoever had it lets go.
pub fn restart(home: &Home, options: &OpenOptions) -> Ledger {
    let start = Instant::now();
    loop {
        match Ledger::open(home, options) {
            Err(error) if error.code() == "store_locked" => {}
            opened => return opened.unwrap(),
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it stays locked");
    }
}

/// A request to declare 25 kg of saffron in packs of 250 g, by [`COOPERATIVE`].
pub fn lot_request(lot: &str) -> Value {
    json!({
        "producer": COOPERATIVE, "gtin": GTIN, "lot": lot, "product": "safran-taliouine",
        "quantity": 25_000, "packSize": 250, "region": "MA-09", "campaign": "2025",
        "packedOn": "2025-11-20",
    })
}

/// A request for a certificate of the lot with this number.
pub fn certificate_request(lot: &str) -> Value {
    json!({
        "issuer": CERTIFIER, "lot": format!("{GTIN}/{lot}"), "scheme": "sdoq-ao",
        "schemeEdition": "2024", "decisionDate": "2025-11-21", "validUntil": "2035-11-20",
    })
}

impl Key {
    /// A new key under this name; nobody has registered it yet.
    pub fn fresh(method: String) -> Self {
        Self { method, secret: SoftKey::from_secret(&tasdiq::os::random().unwrap()) }
    }

    /// The parameters of a request signed now, for five minutes, with a new nonce.
    pub fn terms(&self) -> RequestTerms {
        let nonce = tasdiq::os::random::<16>().unwrap();
        RequestTerms {
            keyid: self.method.clone(),
            created: now(),
            expires: now().plus_seconds(300),
            nonce: nonce.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// The header fields of a `POST` to a path, with a query if it has one.
    pub fn sign_request(
        &self,
        path: &str,
        body: &[u8],
        terms: &RequestTerms,
    ) -> Vec<(&'static str, String)> {
        self.sign_request_of("POST", path, body, terms)
    }

    /// The same of another method.
    pub fn sign_request_of(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        terms: &RequestTerms,
    ) -> Vec<(&'static str, String)> {
        let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
        let target = RequestTarget { method, path, query };
        let signed = sign_request(&target, body, terms, &self.secret).unwrap();
        vec![
            ("content-digest", signed.content_digest),
            ("signature-input", signed.signature_input),
            ("signature", signed.signature),
        ]
    }

    /// Signs a statement now.
    pub fn sign(&self, unsigned: &Value) -> Vec<u8> {
        seal(unsigned, &self.method, now(), &self.secret).unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
    }
}

fn answer(outcome: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = outcome.unwrap();
    let kind = response.headers().get("content-type");
    let kind = kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = response.body_mut().with_config().limit(100_000_000).read_to_vec().unwrap();
    Answer { status: response.status().as_u16(), kind, body }
}

fn serve(ledger: Ledger) -> (SocketAddr, oneshot::Sender<()>, std::thread::JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let settings = settings(format!("http://{address}"));
            let stop = async {
                let _ = stopped.await;
            };
            web::serve(App::new(ledger, settings), listener, stop).await.unwrap();
        });
    });
    (address, stop, server)
}

/// Settings of a service in a test: photos are read by the binary under test.
pub fn settings(public_url: String) -> Settings {
    let photo_reader = Program::at(Path::new(env!("CARGO_BIN_EXE_tasdiq")));
    Settings { public_url, photo_reader, ..Settings::default() }
}

/// The ledger of an app with these entries only, opened from a store of its own.
pub fn restarted(app: &TestApp, leaves: &[Vec<u8>]) -> (Ledger, TempDir) {
    use std::sync::Arc;
    use tasdiq::statement::Statement;
    let folder = tempfile::tempdir().unwrap();
    let copy = |key: &SoftKey| SoftKey::from_secret(&key.secret());
    let own = app.ledger.keys().unwrap();
    let keys = ledger::ServiceKeys {
        log: copy(&own.log),
        service: own.service.iter().map(copy).collect(),
        label: own.label.iter().map(copy).collect(),
    };
    let store = Arc::new(tasdiq::store::MemoryStore::new());
    let again = Ledger::start(app.ledger.config().clone(), keys, store, None).unwrap();
    for leaf in leaves {
        let leaf = tasdiq::log::Leaf::parse(leaf).unwrap();
        let statement = Statement::parse(leaf.statement, &app.domain()).unwrap();
        again.append_blocking(vec![statement]).remove(0).unwrap();
    }
    (again, folder)
}

/// The log and documents of a ledger, as a command that opens it asks for them.
pub fn near(ledger: Ledger) -> tasdiq::source::UrlSource {
    let service = tasdiq::web::InProcess::new(ledger).unwrap();
    tasdiq::source::UrlSource::new(tasdiq::client::Client::in_process(std::sync::Arc::new(service)))
}
