//! The documents of an export beside the log: trust snapshot under the root that is pinned, pack,
//! status lists, DID documents, context, and a page that says what all this is. Only what is named
//! by a signed document is asked for. Not here: the log, files.

use super::ExportError;
use super::folder::ExportFolder;
use crate::browser::check_page;
use crate::client::PACK;
use crate::label::escape_markup;
use crate::log::{NoteKey, entries_of, push_entry, verify_checkpoint};
use crate::seal::{public_key, verify_proof};
use crate::source::{LogSource, PackData, Part};
use crate::statement::{Claim, ListName, Statement};
use crate::trust::{Trust, TrustError};

/// Pages of cosigned checkpoints that are copied: 29 years, one note an hour.
const COSIGNED_PAGES_MAX: u64 = 1_000;

/// Notes on a full page of cosigned checkpoints.
const PAGE_NOTES: usize = 256;

/// Status lists that are copied: of 10^8 serials.
const LISTS_MAX: usize = 200;

/// Whose root an export is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pinned {
    /// The one that was given.
    Given,
    /// The one that the folder has had before.
    Folder,
    /// The source's own, which nobody has compared; the folder has it from now on.
    Nobody,
}

/// The documents of a source that speak of its log: to be fetched before its checkpoint, which then
/// covers them.
pub(super) struct Documents {
    /// The root they are under, and who says so.
    pub root: (String, Pinned),
    /// Whether the folder's own are newer, and stay.
    older: bool,
    trust: Trust,
    trust_bytes: Vec<u8>,
    /// The index of status lists, and those that it names.
    lists: Vec<(Part, Vec<u8>)>,
    pack: Option<PackData>,
}

impl Documents {
    /// Fetches them; None if the source has no trust snapshot, which names all others.
    pub fn fetch(
        source: &dyn LogSource,
        folder: &ExportFolder,
        key: &NoteKey,
        root: Option<&str>,
    ) -> Result<Option<Self>, ExportError> {
        let held = held(folder, root)?;
        let Some(trust_bytes) = source.fetch(&Part::Trust)? else {
            return match (root, &held) {
                (None, None) => Ok(None),
                _ => Err(broken("trust", "there is none, so its root cannot be compared")),
            };
        };
        let (trust, pinned, older) = believed(&trust_bytes, held.as_ref(), root)?;
        if trust.log_key != key.to_string() {
            return Err(broken("trust", "it names another log key than log/vkey"));
        }
        let mut lists = Vec::new();
        let index = Part::StatusIndex;
        if let Some(bytes) = source.fetch(&index)? {
            let names = lists_of(&bytes, &trust)?;
            lists.push((index, bytes));
            for part in names.into_iter().map(Part::StatusList) {
                lists.extend(source.fetch(&part)?.map(|bytes| (part, bytes)));
            }
        }
        let pack = source.pack()?;
        let root = (trust.root.clone(), pinned);
        Ok(Some(Self { root, older, trust, trust_bytes, lists, pack }))
    }

    /// Writes them, and fetches and writes those that say nothing of the log's entries.
    pub fn write(
        &self,
        source: &dyn LogSource,
        folder: &mut ExportFolder,
    ) -> Result<(), ExportError> {
        if !self.older {
            folder.put("index.html", page(&self.trust).as_bytes())?;
            folder.put("check.html", check_page().html.as_bytes())?;
            folder.put("trust", &self.trust_bytes)?;
            for (part, bytes) in &self.lists {
                folder.put(&part.file(), bytes)?;
            }
            if let Some(pack) = &self.pack {
                folder.put_pack(PACK, pack)?;
            }
        }
        let parties = self.trust.parties.iter().map(|it| &it.party);
        let parties = parties.filter(|it| !it.is_authority()).cloned().map(Part::PartyDid);
        let fixed = [Part::Context, Part::AuthorityDid];
        for part in fixed.into_iter().chain(parties) {
            if let Some(bytes) = source.fetch(&part)? {
                folder.put(&part.file(), &bytes)?;
            }
        }
        Ok(())
    }
}

/// The trust snapshot that the folder has, whose root is pinned.
fn held(folder: &ExportFolder, root: Option<&str>) -> Result<Option<Trust>, ExportError> {
    let bytes = match folder.read("trust")? {
        // An export of before the path was the served one.
        None => folder.read("trust.json")?,
        found => found,
    };
    let Some(bytes) = bytes else { return Ok(None) };
    match Trust::open(&bytes, root) {
        Ok(trust) => Ok(Some(trust)),
        // Damaged: it is written again under a root that is known.
        Err(error) if root.is_some() && !matches!(error, TrustError::Root { .. }) => Ok(None),
        Err(error) => {
            let reason = format!("its trust: {error}. Give --root, or choose another folder");
            Err(ExportError::Folder { folder: folder.name(), reason })
        }
    }
}

/// The source's trust snapshot under the root that is pinned; who pins it; whether the folder's own
/// is newer.
fn believed(
    bytes: &[u8],
    held: Option<&Trust>,
    root: Option<&str>,
) -> Result<(Trust, Pinned, bool), ExportError> {
    let whose = if root.is_some() { "the root given" } else { "the root that the folder has" };
    let refuse = |error: TrustError| match error {
        TrustError::Form { .. } => broken("trust", &error.to_string()),
        error => ExportError::Root { whose, reason: error.to_string() },
    };
    let trust = Trust::open(bytes, root).map_err(refuse)?;
    let Some(held) = held else {
        let pinned = if root.is_some() { Pinned::Given } else { Pinned::Nobody };
        return Ok((trust, pinned, false));
    };
    let pinned = if root.is_some() { Pinned::Given } else { Pinned::Folder };
    match held.admits(bytes) {
        Ok(trust) => Ok((trust, pinned, false)),
        Err(TrustError::Rollback { .. }) => Ok((trust, pinned, true)),
        Err(error) => Err(refuse(error)),
    }
}

/// The status lists that an index names, which a service key under the root must have signed.
fn lists_of(index: &[u8], trust: &Trust) -> Result<Vec<ListName>, ExportError> {
    let refuse = |reason: &dyn std::fmt::Display| broken("status", &reason.to_string());
    let domain = trust.domain().map_err(|error| refuse(&error))?;
    let bytes = index.strip_suffix(b"\n").unwrap_or(index);
    let statement = Statement::parse(bytes, &domain).map_err(|error| refuse(&error))?;
    let signer = trust.service_key(&statement.proof.verification_method);
    let public = signer.and_then(|key| public_key(&key.public).ok());
    if public.is_none_or(|key| verify_proof(&statement, &key).is_err()) {
        return Err(refuse(&"no service key under the root has signed it"));
    }
    let Claim::StatusIndex(index) = statement.credential.claim else {
        return Err(refuse(&"it is no status index"));
    };
    if index.lists.len() > LISTS_MAX {
        return Err(refuse(&format!("it names {} lists", index.lists.len())));
    }
    let name = |list: &str| {
        let named = ListName::parse(list);
        named.ok_or_else(|| ExportError::Name { name: list.chars().take(80).collect() })
    };
    index.lists.iter().map(|current| name(&current.list)).collect()
}

/// Copies the pages of cosigned checkpoints, each cut where it goes beyond the checkpoint that is
/// copied. Full pages that are there stand: nothing is ever added to them.
pub(super) fn cosigned(
    source: &dyn LogSource,
    folder: &mut ExportFolder,
    key: &NoteKey,
    size: u64,
) -> Result<(), ExportError> {
    for page in 0..COSIGNED_PAGES_MAX {
        let part = Part::Cosigned(page);
        let (path, file) = (part.to_string(), part.file());
        if folder.read(&file)?.is_some_and(|held| is_full(&held, key, size)) {
            folder.kept += 1;
            continue;
        }
        let Some(bytes) = source.fetch(&part)? else { break };
        let notes = entries_of(&bytes).map_err(|error| broken(&path, &error.to_string()))?;
        let mut cut = Vec::with_capacity(bytes.len());
        for note in notes.into_iter().take_while(|note| is_within(note, key, size)) {
            push_entry(&mut cut, note).map_err(|error| broken(&path, &error.to_string()))?;
        }
        if cut.is_empty() {
            break;
        }
        folder.put(&file, &cut)?;
    }
    Ok(())
}

fn is_full(page: &[u8], key: &NoteKey, size: u64) -> bool {
    let notes = entries_of(page).unwrap_or_default();
    notes.len() == PAGE_NOTES && notes.iter().all(|note| is_within(note, key, size))
}

/// Whether a note is a checkpoint of this log, of at most `size` entries.
fn is_within(note: &[u8], key: &NoteKey, size: u64) -> bool {
    verify_checkpoint(&String::from_utf8_lossy(note), key, key.name())
        .is_ok_and(|checkpoint| checkpoint.size <= size)
}

fn broken(path: &str, reason: &str) -> ExportError {
    ExportError::Document { path: path.to_owned(), reason: reason.to_owned() }
}

/// What a person sees who opens the copy in a browser.
fn page(trust: &Trust) -> String {
    let (host, root, log_key) =
        (escape_markup(&trust.host), escape_markup(&trust.root), escape_markup(&trust.log_key));
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
         <p>Or in a browser, without installing anything: <a href=\"check.html\">check.html</a> \
         checks one code or dossier, step by step.</p>\n\
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
         <li><a href=\"status/index.json\">status/</a>: status lists (W3C Bitstring Status List); \
         <a href=\"ns/tasdiq/v1\">ns/tasdiq/v1</a>: the JSON-LD context</li>\n\
         </ul>\n</body></html>\n"
    )
}
