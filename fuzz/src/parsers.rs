//! Every parser of foreign bytes, each with what must hold whatever the bytes: no panic, one
//! spelling, and two readers that agree. Shared by the fuzz targets and the ordinary tests, which
//! replay the corpus (`tests/it/corpus.rs`). A broken property is a panic.

use std::sync::OnceLock;

use serde_json::Value;
use tasdiq::catalog::{BaseUnit, DayOfYear};
use tasdiq::cli::{RowParties, What, read_rows};
use tasdiq::dossier::dossier_trust;
use tasdiq::label::{Label, one_character_away, read_code};
use tasdiq::limits::PKCS11_URI_BYTES_MAX;
use tasdiq::log::{
    AddCheckpoint, Checkpoint, Hash, Leaf, Note, NoteAlgorithm, NoteKey, ProofFile, TilePath,
    WitnessPolicy, encode_leaf, entries_of, leaf_hash, push_entry, verify_checkpoint,
};
use tasdiq::names::{Gtin, LotKey, LotNumber, PartySlug, Serial, UnitKey};
use tasdiq::pack::{Pack, PackFile};
use tasdiq::pkcs11::TokenUri;
use tasdiq::reader::{Table, read_file, read_list, read_text};
use tasdiq::seal::{Jwt, SealError, decode_key, is_encrypted, is_jwt, parted};
use tasdiq::statement::{
    Commitment, Day, Domain, Offset, Quantity, Signed, Statement, Timestamp, canonical_bytes,
    multikey, parse_document, parse_multikey, parse_strict,
};
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{Evidence, Policy, verify};

/// A parser, by the name of its corpus.
pub type Parser = (&'static str, fn(&[u8]));

/// All of them.
pub const PARSERS: [Parser; 23] = [
    ("bundle", bundle),
    ("checkpoint", checkpoint),
    ("code", code),
    ("cosignature", cosignature),
    ("csv", csv),
    ("reader", reader),
    ("document", document),
    ("dossier", dossier),
    ("jwt", jwt),
    ("key_file", key_file),
    ("leaf", leaf),
    ("names", names),
    ("note", note),
    ("pack", pack),
    ("pack_delta", pack_delta),
    ("policy", policy),
    ("proof_file", proof_file),
    ("statement", statement),
    ("tape", tape),
    ("tile_path", tile_path),
    ("token_uri", token_uri),
    ("trust", trust),
    ("vkey", vkey),
];

/// Doors of a service that take bodies, and the media type of one; the multipart boundary is `b`.
pub const DOORS: [(&str, &str); 8] = [
    ("/inspect", "multipart/form-data; boundary=b"),
    ("/inspect", "application/x-www-form-urlencoded"),
    ("/api/v1/statements", "application/vc"),
    ("/api/v1/statements", "application/json"),
    ("/api/v1/statements", "application/x-ndjson"),
    ("/api/v1/prepare", "application/json"),
    ("/api/v1/verify", "application/json"),
    ("/api/v1/labels", "application/vc"),
];

/// What an input of the corpus `door` is sent to: its first byte says; the rest is the body.
pub fn door_of(data: &[u8]) -> Option<(&'static str, &'static str, &[u8])> {
    let (first, body) = data.split_first()?;
    let (path, kind) = DOORS.get(usize::from(*first) % DOORS.len())?;
    Some((path, kind, body))
}

/// The ledger of release 0.1 that the fixtures hold: what foreign bytes are judged under.
pub const HOST: &str = "ledger.example";
const TRUST: &[u8] = include_bytes!("../../tests/fixtures/releases/0.1/trust.json");
const PACK: &[u8] = include_bytes!("../../tests/fixtures/releases/0.1/daily.pack");

/// Codes of the strict profile: what the bytes break, whatever they say.
const STRICT: [&str; 10] = [
    "duplicate_key",
    "key_not_ascii",
    "not_canonical",
    "not_json",
    "not_nfc",
    "not_utf8",
    "number_not_integer",
    "number_range",
    "too_deep",
    "too_large",
];

fn domain() -> Domain {
    Domain::parse(HOST).expect("a host")
}

/// The trust snapshot of the fixture.
pub fn known_trust() -> &'static Trust {
    static KNOWN: OnceLock<Trust> = OnceLock::new();
    KNOWN.get_or_init(|| Trust::open(TRUST, None).expect("the fixture's trust snapshot"))
}

fn known_pack() -> &'static Pack<'static> {
    static KNOWN: OnceLock<Pack<'static>> = OnceLock::new();
    KNOWN.get_or_init(|| Pack::open(PACK, known_trust()).expect("the fixture's pack"))
}

fn log_key() -> NoteKey {
    NoteKey::parse(&known_trust().log_key).expect("the fixture's log key")
}

/// An hour after the fixture was made.
fn now() -> Timestamp {
    known_trust().issued_at.plus_seconds(3_600)
}

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// The parser that reads in place against the one that builds values: same accept or refuse, same
/// code, same value, same hashes.
pub fn tape(data: &[u8]) {
    let first = Statement::parse(data, &domain());
    let code = first.as_ref().err().map(|fault| fault.code());
    let value = match parse_strict(data) {
        Err(fault) => {
            assert_eq!(code, Some(fault.code()), "only the value reader refuses: {fault}");
            return;
        }
        Ok(value) => value,
    };
    if canonical_bytes(&value) != data {
        assert_eq!(code, Some("not_canonical"));
        return;
    }
    assert!(!code.is_some_and(|code| STRICT.contains(&code)), "only the tape refuses: {code:?}");
    match (&first, Signed::split(value)) {
        (Err(first), Err(second)) => assert_eq!(first.code(), second.code()),
        (Ok(_), Err(second)) => panic!("only the value reader refuses the proof: {second}"),
        (Ok(first), Ok(second)) => {
            assert_eq!(first.digest, second.digest);
            assert_eq!(first.signed_bytes, second.signed_bytes);
            assert_eq!(first.proof, second.proof);
            let document = canonical_bytes(&Value::Object(second.document));
            assert_eq!(first.document_bytes(), document);
        }
        // What the members say is judged by the first alone.
        (Err(first), Ok(_)) => assert!(!first.code().starts_with("proof_"), "{first}"),
    }
}

/// What is meant as a statement, as it is submitted and as it is verified.
pub fn statement(data: &[u8]) {
    tape(data);
    match parted(data) {
        Ok((own, _)) => tape(own),
        Err(fault) => assert!(matches!(fault, SealError::Wrapper { .. })),
    }
    judged(Evidence::Statement(data));
}

/// JSON without a statement's size limit: trust files, packs, dossiers.
pub fn document(data: &[u8]) {
    let Ok(value) = parse_document(data) else { return };
    let canonical = canonical_bytes(&value);
    assert_eq!(parse_document(&canonical).as_ref(), Ok(&value), "it is its own second reading");
    assert_eq!(serde_json::from_slice::<Value>(data).ok().as_ref(), Some(&value));
}

/// A verdict on anything, under every policy, with the pack and without.
fn judged(evidence: Evidence<'_>) {
    for policy in [Policy::Shop, Policy::Customs, Policy::Audit] {
        for book in [Some(known_pack() as &dyn StatusData), None] {
            let report = verify(evidence, known_trust(), book, now(), policy);
            assert!(report.exit_code <= 4);
            assert!(serde_json::to_vec(&report).is_ok());
        }
    }
}

/// The text of a code: a label's address, its base41 token, element strings.
pub fn code(data: &[u8]) {
    let given = text(data);
    if let Ok(label) = Label::parse(given) {
        let again = Label::parse(&label.url()).expect("what it writes it reads");
        assert_eq!(again, label);
        assert_eq!(again.token(), label.token());
    }
    for read in read_code(given).unwrap_or_default() {
        let _ = (read.code.lot_key(), read.code.serial(), read.code.label());
    }
    let _ = read_code(&format!("https://{HOST}{given}"));
    let _ = one_character_away(given, &|_| Vec::new());
    judged(Evidence::Code(given));
}

/// A vc+jwt, whole.
pub fn jwt(data: &[u8]) {
    let given = text(data);
    let read = Jwt::parse(given, &domain());
    assert!(read.is_err() || is_jwt(given));
    judged(Evidence::Jwt(given));
}

/// A dossier.
pub fn dossier(data: &[u8]) {
    let _ = dossier_trust(data, None);
    judged(Evidence::Dossier(data));
}

/// A trust snapshot.
pub fn trust(data: &[u8]) {
    if let Ok(trust) = Trust::open(data, None) {
        assert!(trust.domain().is_ok());
        let _ = (trust.root_key(), trust.label_signers().count());
    }
    let _ = known_trust().renewed(data);
}

/// A whole pack: container, manifest, every block.
pub fn pack(data: &[u8]) {
    let Ok(file) = PackFile::read(data) else { return };
    let _ = file.newest_trust(known_trust());
    let Ok(pack) = file.open(known_trust()) else { return };
    let _ = pack.check();
    for lot in known_trust().parties.iter().map(|party| format!("{}/L1", party.party)) {
        let _ = lot.parse().map(|lot: LotKey| (pack.lot(&lot), pack.certificates_of(&lot)));
    }
    for number in [0, 1, 3, u64::from(u32::MAX), u64::MAX] {
        let _ = (pack.certificate(number), pack.certificate_at(number));
    }
    let _ = pack.damage();
}

/// What changed since an earlier pack.
pub fn pack_delta(data: &[u8]) {
    let Ok(file) = PackFile::read(data) else { return };
    let _ = known_pack().updated(&file, known_trust());
}

/// A signed note.
pub fn note(data: &[u8]) {
    let given = text(data);
    let Ok(note) = Note::parse(given) else { return };
    assert_eq!(note.to_string(), given, "a note has one spelling");
    let _ = note.verify(&log_key());
}

/// A checkpoint, signed or not, and a request to a witness.
pub fn checkpoint(data: &[u8]) {
    let given = text(data);
    if let Ok(read) = Checkpoint::parse(given) {
        assert_eq!(read.to_text(), given, "a checkpoint has one spelling");
    }
    let key = log_key();
    let seen = verify_checkpoint(given, &key, key.name());
    let Ok(asked) = AddCheckpoint::parse(given) else { return };
    let _ = asked.origin();
    let _ = asked.judge(&key, None);
    let held = verify_checkpoint(&known_trust().checkpoint, &key, key.name()).ok();
    let _ = asked.judge(&key, held.as_ref());
    let _ = asked.judge(&key, seen.ok().as_ref());
}

/// A cosignature: the first line is a witness's key, the rest a note.
pub fn cosignature(data: &[u8]) {
    let Some((key, given)) = text(data).split_once('\n') else { return };
    let (Ok(key), Ok(note)) = (NoteKey::parse(key), Note::parse(given)) else { return };
    let at = note.cosigned_at(&key);
    if key.algorithm() == NoteAlgorithm::CosignatureV1 {
        assert_eq!(at.is_ok(), note.verify(&key).is_ok());
    }
}

/// A verifier key.
pub fn vkey(data: &[u8]) {
    let given = text(data);
    let Ok(key) = NoteKey::parse(given) else { return };
    assert_eq!(key.to_string(), given, "a verifier key has one spelling");
    assert_eq!(NoteKey::new(key.name(), key.algorithm(), *key.public()).as_ref(), Ok(&key));
}

/// A witness policy.
pub fn policy(data: &[u8]) {
    let Ok(policy) = WitnessPolicy::parse(text(data)) else { return };
    assert_eq!(WitnessPolicy::parse(&policy.to_string()).as_ref(), Ok(&policy));
    let bare = policy.without_addresses();
    assert_eq!(bare.witnesses().count(), policy.witnesses().count());
    let note = Note::parse(&known_trust().checkpoint).expect("the fixture's checkpoint");
    let quorum = policy.evaluate(&note);
    assert!(quorum.met || policy.asks());
}

/// The path of a tile.
pub fn tile_path(data: &[u8]) {
    let given = text(data);
    if let Ok(path) = TilePath::parse(given) {
        assert_eq!(path.to_string(), given, "a tile's path has one spelling");
    }
}

/// A bundle of entries, and each entry in it.
pub fn bundle(data: &[u8]) {
    let Ok(entries) = entries_of(data) else { return };
    let mut again = Vec::new();
    entries.iter().for_each(|entry| push_entry(&mut again, entry).expect("it was one"));
    assert_eq!(again, data);
    entries.iter().for_each(|entry| leaf(entry));
}

/// A leaf of the log and the statement in it.
pub fn leaf(data: &[u8]) {
    let Ok(leaf) = Leaf::parse(data) else { return };
    assert_eq!(encode_leaf(leaf.index, leaf.logged_at, &leaf.prev, leaf.statement), data);
    tape(leaf.statement);
}

/// A proof file, for a leaf that it does not prove.
pub fn proof_file(data: &[u8]) {
    let given = text(data);
    let leaf = b"{}";
    if let Ok(file) = ProofFile::parse(given) {
        let again = ProofFile::parse(&file.to_string()).expect("what it writes it reads");
        assert_eq!(again, file);
        let key = log_key();
        let _ = file.verify(&leaf_hash(leaf), &key, key.name());
    }
    judged(Evidence::Proof { leaf, file: given });
}

/// A private key at rest. What is encrypted asks for work that the file itself sets.
pub fn key_file(data: &[u8]) {
    let given = text(data);
    if !is_encrypted(given) {
        let _ = decode_key(given, b"passphrase");
    }
}

/// The address of a key on a token.
pub fn token_uri(data: &[u8]) {
    let given = text(data);
    let Ok(uri) = TokenUri::parse(given) else { return };
    assert!(TokenUri::looks_like(given));
    let written = uri.to_string();
    // Escapes may make it longer than what is read.
    if written.len() > PKCS11_URI_BYTES_MAX {
        return;
    }
    let again = TokenUri::parse(&written).expect("what it writes it reads");
    for name in ["token", "object", "slot-id", "serial"] {
        assert_eq!(again.attribute(name), uri.attribute(name), "{name}");
    }
    assert_eq!((again.id(), again.module()), (uri.id(), uri.module()));
}

/// Rows of lots, of certificates and of operators.
pub fn csv(data: &[u8]) {
    let issuer = PartySlug::parse("my-coop").expect("a slug");
    let of = RowParties { issuer: &issuer, producer: Some(&issuer), renewal: false };
    for what in [What::Certificates, What::Lots, What::Both, What::Operators] {
        if let Ok(rows) = read_rows(data, what, of) {
            assert!(rows.rows.len() <= data.len());
        }
    }
}

/// Files of any kind: what they are, and what is in them.
pub fn reader(data: &[u8]) {
    let exhibits = read_file(data, 1_000);
    assert!(!exhibits.is_empty() || !data.is_empty());
    let lines = exhibits.iter().filter_map(|exhibit| exhibit.line);
    assert!(lines.clone().zip(lines.skip(1)).all(|(before, after)| before <= after));
    let _ = (read_list(text(data), 1_000), read_text(text(data)));
    for row in Table::of(text(data)) {
        assert!(row.cells.iter().any(|cell| !cell.is_empty()));
    }
}

/// Names of things and instants, each with one spelling.
pub fn names(data: &[u8]) {
    let given = text(data);
    if let Ok(host) = Domain::parse(given) {
        assert_eq!(Domain::parse(host.host()).as_ref(), Ok(&host));
        assert_eq!(host.party_of(&host.did(&PartySlug::authority())), Some(PartySlug::authority()));
    }
    if let Ok(lot) = given.parse::<LotKey>() {
        assert_eq!(lot.to_string().parse().as_ref(), Ok(&lot));
        assert_eq!(LotKey::parse_path(&lot.path()).as_ref(), Ok(&lot));
        let own = domain();
        assert_eq!(own.lot_of(&own.lot_iri(&lot)), Some(lot));
    }
    if let Ok(lot) = LotKey::parse_path(given) {
        assert_eq!(LotKey::parse_path(&lot.path()).as_ref(), Ok(&lot));
    }
    if let Ok(slug) = PartySlug::parse(given) {
        assert_eq!(domain().party_of(&domain().did(&slug)), Some(slug));
    }
    let _ = (Gtin::parse(given), LotNumber::parse(given), Serial::parse(given));
    if let Ok(at) = Timestamp::parse(given) {
        assert_eq!(at.to_string(), given);
        assert_eq!(Timestamp::parse_date_time_stamp(given), Ok(at));
    }
    let _ = Timestamp::parse_date_time_stamp(given);
    if let Ok(day) = Day::parse(given) {
        assert_eq!(day.to_string(), given);
        assert_eq!(Day::from_days(day.days()), day);
    }
    if let Some(key) = parse_multikey(given) {
        assert_eq!(multikey(&key), given, "a Multikey has one spelling");
    }
    if let Ok(hash) = Hash::from_base64(given) {
        assert_eq!(hash.to_string(), given, "a hash has one spelling");
    }
    if let Some(serial) = domain().serial_of(given) {
        assert_eq!(domain().certificate_id(serial), given);
    }
    of_goods(given);
}

/// Names and texts of events, each with one spelling.
fn of_goods(given: &str) {
    let own = domain();
    if let Ok(unit) = UnitKey::parse_path(given) {
        assert_eq!(own.unit_of(&own.unit_iri(&unit)), Some(unit));
    }
    if let Some(event) = own.event_of(given) {
        assert_eq!(own.event_iri(&event), given);
    }
    if let Some(offset) = Offset::parse(given) {
        assert_eq!(offset.to_string(), given);
        assert_eq!(Offset::of_minutes(offset.minutes()), Some(offset));
    }
    if let Some(commitment) = Commitment::parse(given) {
        assert_eq!(commitment.to_string(), given);
    }
    if let Some(day) = DayOfYear::parse(given) {
        assert_eq!(day.to_string(), given);
    }
    if let Ok(quantity) = Quantity::parse(given) {
        let plain = Quantity::parse(&quantity.smallest.to_string()).map(|it| it.smallest);
        assert_eq!(plain, Ok(quantity.smallest), "a plain number is in the smallest unit");
        if let Some(unit) = quantity.unit.filter(|unit| *unit != BaseUnit::Piece) {
            assert_eq!(Quantity::parse(&unit.display(quantity.smallest)), Ok(quantity));
        }
    }
}
