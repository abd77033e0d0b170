//! The documents of an export beside the log: trust snapshot, pack, DID documents, status lists,
//! context, and a page that says what all this is. Not here: the log, files.

use super::ExportError;
use crate::audit::{COSIGNED, LogSource, PACK, STATUS_INDEX};
use crate::statement::{Claim, Domain, Statement};
use crate::verify::Trust;

/// Pages of cosigned checkpoints that are copied: 29 years, one note an hour.
const COSIGNED_PAGES_MAX: u64 = 1_000;

/// A file of an export: its path and bytes.
pub(super) type File = (String, Vec<u8>);

/// The documents a source has; none if it has no trust snapshot.
pub(super) fn documents(source: &dyn LogSource) -> Result<Vec<File>, ExportError> {
    let Some(bytes) = source.document("trust")? else { return Ok(Vec::new()) };
    let broken = |error: &dyn std::fmt::Display| ExportError::Document {
        path: "trust".to_owned(),
        reason: error.to_string(),
    };
    let trust = Trust::open(&bytes, None).map_err(|error| broken(&error))?;
    let domain = trust.domain().map_err(|error| broken(&error))?;
    let mut files = vec![("index.html".to_owned(), page(&trust).into_bytes())];
    files.push(("trust".to_owned(), bytes));
    let mut paths = vec![PACK.to_owned(), "ns/tasdiq/v1".to_owned()];
    paths.push(".well-known/did.json".to_owned());
    let parties = trust.parties.iter().filter(|party| party.party.as_str() != "authority");
    paths.extend(parties.map(|party| format!("parties/{}/did.json", party.party)));
    if let Some(index) = source.document("status")? {
        paths.extend(lists_of(&index, &domain)?);
        files.push((STATUS_INDEX.to_owned(), index));
    }
    // Pages of 256 notes, one an hour: what witnesses saw of the log over time.
    for page in 0..COSIGNED_PAGES_MAX {
        let path = format!("{COSIGNED}{page}");
        let Some(bytes) = source.fetch(&path)? else { break };
        files.push((format!("log/{path}"), bytes));
    }
    for path in paths {
        if let Some(bytes) = source.document(&path)? {
            files.push((path, bytes));
        }
    }
    Ok(files)
}

/// The status lists that an index names.
fn lists_of(index: &[u8], domain: &Domain) -> Result<Vec<String>, ExportError> {
    let broken = |reason: String| ExportError::Document { path: "status".to_owned(), reason };
    let statement = Statement::parse(index, domain).map_err(|error| broken(error.to_string()))?;
    let Claim::StatusIndex(index) = statement.claim else {
        return Err(broken("it is no status index".to_owned()));
    };
    Ok(index.lists.into_iter().map(|current| format!("status/{}", current.list)).collect())
}

/// What a person sees who opens the copy in a browser.
fn page(trust: &Trust) -> String {
    let (host, root, log_key) = (escape(&trust.host), escape(&trust.root), escape(&trust.log_key));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Copy of the ledger of {host}</title>\n\
         <style>body{{font:1rem/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}}\
         pre{{overflow:auto;background:#eee;padding:.5rem}}code{{overflow-wrap:anywhere}}</style>\n\
         </head><body>\n<h1>Copy of the ledger of {host}</h1>\n\
         <p>These files are a whole certification ledger: every signed certificate, every change of \
         status, and the log that proves their order. They are plain files: any web server can host \
         them, and they can be checked without their operator, also when its service is gone.</p>\n\
         <p>Do not trust this page or whoever hosts it. Compare the root key with one you have from \
         the authority; everything else follows from signatures:</p>\n\
         <p>Root key: <code>{root}</code><br>Log key: <code>{log_key}</code></p>\n\
         <h2>How to check it</h2>\n\
         <pre>tasdiq trust  --url ADDRESS --out trust.json --root {root}\n\
         tasdiq audit  --url ADDRESS --trust trust.json\n\
         tasdiq pack   --url ADDRESS --out daily.pack\n\
         tasdiq verify --trust trust.json --pack daily.pack CODE</pre>\n\
         <p>ADDRESS is where this page is. For a folder use <code>--tiles FOLDER</code> instead.</p>\n\
         <h2>How to go on from it</h2>\n\
         <pre>tasdiq import ADDRESS --data NEW --root {root}</pre>\n\
         <p>A successor who has the keys can then continue the same log.</p>\n\
         <h2>What is here</h2>\n<ul>\n\
         <li><a href=\"log/checkpoint\">log/checkpoint</a>, <a href=\"log/vkey\">log/vkey</a>, \
         log/tile/: the log (C2SP tlog-tiles); log/sidecars/: certificates as vc+jwt</li>\n\
         <li><a href=\"trust\">trust</a>, <a href=\"api/v1/packs/latest\">api/v1/packs/latest</a>: \
         whom to believe, and the status of every lot and certificate</li>\n\
         <li><a href=\".well-known/did.json\">.well-known/did.json</a>, parties/: keys (DID \
         documents)</li>\n\
         <li><a href=\"{STATUS_INDEX}\">status/</a>: status lists (W3C Bitstring Status List); \
         <a href=\"ns/tasdiq/v1\">ns/tasdiq/v1</a>: the JSON-LD context</li>\n\
         </ul>\n</body></html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
