//! `tasdiq sign`: signs unsigned statements with a key file, offline. Every document is read and
//! checked before the first is signed; a fault in one leaves nothing written.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::common::documents::{Document, read_documents};
use super::common::keys::Passphrase;
use super::common::output::{progress, say, say_json, write_to};
use super::{Global, Outcome};
use crate::names::PartySlug;
use crate::os::now;
use crate::seal::{Signer, parted, seal_for_submission};
use crate::statement::{Domain, Statement, Timestamp, parse_strict, with_content_id};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq sign certificate.json --key mine.pem --issuer me --out certificate.signed.json\n  \
    tasdiq sign drafts/ --key mine.pem --issuer me --out signed/\n  \
    tasdiq sign drafts.ndjson --key mine.pem --issuer me --out signed.ndjson\n\n\
    No network is used. An --out that ends in .ndjson takes all documents, one a line.\n\
    An id that is left out is made from the content, as all but certificates and lots have it.\n\
    A certificate is signed as vc+jwt too and written with it: {\"statement\":...,\"jwt\":...}.")]
pub struct Args {
    /// Unsigned statements: JSON files, NDJSON files, folders of them.
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Key file or PKCS#11 URI.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE")]
    key: PathBuf,
    /// Who signs; must be the issuer in every document.
    #[arg(long, env = "TASDIQ_ISSUER", value_name = "SLUG")]
    issuer: String,
    /// The key's registered name: `did:web:...#key-1`, or only what follows the `#`.
    #[arg(long, default_value = "key-1", value_name = "DID#NAME")]
    method: String,
    /// File or folder to write.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let issuer = PartySlug::parse(&args.issuer)?;
    let documents = read_documents(&args.inputs)?;
    let key = args.passphrase.open(&args.key)?;
    let created = now();
    let bar = progress(documents.len(), "signing");
    let mut sealed = Vec::with_capacity(documents.len());
    for document in &documents {
        let bytes = sign_one(document, &issuer, &args.method, created, &*key)
            .with_context(|| format!("{}: nothing was written", document.place()))?;
        sealed.push(bytes);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let files = write_all(&args.out, &documents, &sealed)?;
    let digest = digest_of(&sealed);
    if global.json {
        say_json(&json!({ "signed": sealed.len(), "sha256": digest, "files": files }))?;
    } else {
        say(format!("{} signed as {issuer}, SHA-256 of all: {digest}", sealed.len()))?;
    }
    Ok(Outcome::Passed)
}

/// SHA-256 over the documents, one a line, in hexadecimal.
fn digest_of(sealed: &[Vec<u8>]) -> String {
    let hash = Sha256::digest(sealed.join(&b'\n'));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sign_one(
    document: &Document,
    issuer: &PartySlug,
    method: &str,
    created: Timestamp,
    key: &dyn Signer,
) -> anyhow::Result<Vec<u8>> {
    let unsigned = parse_strict(&document.bytes)?;
    let did = unsigned["issuer"]["id"].as_str().context("it has no issuer.id")?.to_owned();
    let did = did.as_str();
    let domain = domain_of(did).with_context(|| format!("issuer.id {did} is no did:web"))?;
    if domain.party_of(did).as_ref() != Some(issuer) {
        bail!("its issuer is {did}, not {issuer}");
    }
    // Nobody makes an id of the content by hand.
    let unsigned = match unsigned.get("id") {
        Some(_) => unsigned,
        None => with_content_id(&domain, unsigned),
    };
    let method = match method.split_once('#') {
        Some(_) => method.to_owned(),
        None => format!("{did}#{method}"),
    };
    let sealed = seal_for_submission(&unsigned, &method, created, key)?;
    Statement::parse(parted(&sealed)?.0, &domain)?;
    Ok(sealed)
}

/// The ledger that a party's DID names.
fn domain_of(did: &str) -> Option<Domain> {
    let host = did.strip_prefix("did:web:")?.split(':').next()?;
    Domain::parse(&host.replace("%3A", ":")).ok()
}

/// Writes the signed documents and names the files.
fn write_all(
    out: &Path,
    documents: &[Document],
    sealed: &[Vec<u8>],
) -> anyhow::Result<Vec<PathBuf>> {
    let as_lines = |rows: &[&[u8]]| {
        rows.iter().map(|row| [row, b"\n".as_slice()].concat()).collect::<Vec<_>>().concat()
    };
    let all: Vec<&[u8]> = sealed.iter().map(Vec::as_slice).collect();
    let extension = out.extension().and_then(|text| text.to_str()).unwrap_or_default();
    let one_json = documents.iter().all(|document| document.line.is_none()) && documents.len() == 1;
    if matches!(extension, "ndjson" | "jsonl")
        || (one_json && !out.is_dir() && extension == "json")
        || out.as_os_str() == "-"
    {
        write_to(out, &as_lines(&all))?;
        return Ok(vec![out.to_owned()]);
    }
    if extension == "json" {
        bail!(
            "several documents do not fit one JSON file: let --out be a folder or end in .ndjson"
        );
    }
    let mut files = Vec::new();
    let mut rest = documents.iter().zip(&all).peekable();
    while let Some((document, bytes)) = rest.next() {
        let mut rows = vec![*bytes];
        while let Some((_, more)) = rest.next_if(|(next, _)| next.file == document.file) {
            rows.push(more);
        }
        let stem = document.file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("stdin");
        let kind = if document.line.is_some() { "ndjson" } else { "json" };
        let file = out.join(format!("{stem}.signed.{kind}"));
        if files.contains(&file) {
            bail!("two inputs would both become {}: give them other names", file.display());
        }
        write_to(&file, &as_lines(&rows))?;
        files.push(file);
    }
    Ok(files)
}
