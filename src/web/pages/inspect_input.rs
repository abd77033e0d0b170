//! What an inspector sends: typed codes, lists, photos, signed files, told apart by their content.
//! Not the verdict on them; a file that cannot be read is a fault in words, not an empty result.

use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use tokio::sync::Semaphore;

use crate::limits::INSPECT_CODES_MAX;
use crate::log::{Leaf, ProofFile};
use crate::photo;
use crate::seal::is_jwt;
use crate::verify::{Policy, is_dossier};

/// Longest time a photo may take.
const PHOTO_TIME: Duration = Duration::from_secs(10);

/// Photos decoded at once: each holds up to 200 MB and one processor.
static PHOTOS: Semaphore = Semaphore::const_new(2);

/// Files taken in one form.
const FILES_MAX: usize = 10;

/// One thing to judge.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Code(String),
    Statement(Vec<u8>),
    Proof {
        leaf: Vec<u8>,
        file: String,
    },
    /// A proof file alone; the leaf is in this log.
    ProofAlone(String),
    Dossier(Vec<u8>),
    /// A whole vc+jwt.
    Jwt(String),
}

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub codes: String,
    pub files: Vec<Vec<u8>>,
    pub policy: Policy,
    pub json: bool,
}

/// Why nothing was judged: an HTTP status and a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub status: StatusCode,
    pub code: &'static str,
}

impl Fault {
    pub const TOO_LARGE: Self = fault(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_large");
    pub const BROKEN: Self = fault(StatusCode::BAD_REQUEST, "upload_broken");
}

const fn fault(status: StatusCode, code: &'static str) -> Fault {
    Fault { status, code }
}

impl Sent {
    fn field(&mut self, name: &str, value: &str) {
        match name {
            "codes" => self.codes = value.to_owned(),
            "policy" => self.policy = Policy::named(value).unwrap_or(Policy::Customs),
            "format" => self.json = value == "json",
            _ => {}
        }
    }

    /// Fields of an `application/x-www-form-urlencoded` body.
    pub fn of_pairs(pairs: &[(String, String)]) -> Self {
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        pairs.iter().for_each(|(name, value)| sent.field(name, value));
        sent
    }

    /// Fields and files of a `multipart/form-data` body.
    pub async fn of_parts(mut parts: Multipart) -> Result<Self, Fault> {
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        let broken = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TOO_LARGE,
            _ => Fault::BROKEN,
        };
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(broken)?;
            if name != "file" && name != "photo" {
                sent.field(&name, &String::from_utf8_lossy(&bytes));
            } else if !bytes.is_empty() && sent.files.len() < FILES_MAX {
                sent.files.push(bytes.to_vec());
            }
        }
        Ok(sent)
    }

    /// Everything to judge, in the order it was sent.
    pub async fn inputs(self) -> Result<Vec<Input>, Fault> {
        let mut inputs: Vec<Input> = lines(&self.codes).map(of_line).collect();
        for bytes in self.files {
            inputs.extend(of_file(bytes).await?);
        }
        let inputs = pair(inputs);
        match inputs.len() {
            0 => Err(fault(StatusCode::UNPROCESSABLE_ENTITY, "nothing_to_check")),
            1..=INSPECT_CODES_MAX => Ok(inputs),
            _ => Err(fault(StatusCode::PAYLOAD_TOO_LARGE, "too_many_codes")),
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    let trimmed = text.lines().map(|line| line.trim().trim_matches('"').trim());
    trimmed.filter(|line| !line.is_empty()).map(str::to_owned)
}

fn of_line(line: String) -> Input {
    if is_jwt(&line) { Input::Jwt(line) } else { Input::Code(line) }
}

/// The content says what a file is; its name does not.
async fn of_file(bytes: Vec<u8>) -> Result<Vec<Input>, Fault> {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") {
        return of_photo(bytes).await;
    }
    let unreadable = fault(StatusCode::UNPROCESSABLE_ENTITY, "file_unreadable");
    let Ok(text) = std::str::from_utf8(&bytes) else { return Err(unreadable) };
    let text = text.trim_start_matches('\u{feff}');
    if text.contains('\0') {
        Err(unreadable)
    } else if text.starts_with("c2sp.org/tlog-proof@") {
        Ok(vec![Input::ProofAlone(text.to_owned())])
    } else if is_dossier(text.as_bytes()) {
        Ok(vec![Input::Dossier(text.as_bytes().to_vec())])
    } else if is_jwt(text.trim()) {
        Ok(vec![Input::Jwt(text.trim().to_owned())])
    } else if text.trim_start().starts_with('{') {
        // A leaf is read by its exact bytes; a statement alone may end in a line break.
        let trimmed = text.trim_end().as_bytes().to_vec();
        Ok(vec![Input::Statement(trimmed)])
    } else {
        Ok(of_table(text))
    }
}

async fn of_photo(bytes: Vec<u8>) -> Result<Vec<Input>, Fault> {
    let busy = fault(StatusCode::SERVICE_UNAVAILABLE, "photo_busy");
    let permit = tokio::time::timeout(PHOTO_TIME, PHOTOS.acquire()).await;
    let Ok(Ok(permit)) = permit else { return Err(busy) };
    // The permit goes with the work: a photo that outlasts its reader still counts.
    let work = tokio::task::spawn_blocking(move || {
        let read = photo::read_codes(&bytes);
        drop(permit);
        read
    });
    match tokio::time::timeout(PHOTO_TIME, work).await {
        Err(_) => Err(fault(StatusCode::UNPROCESSABLE_ENTITY, "photo_too_slow")),
        Ok(Err(_)) => Err(fault(StatusCode::UNPROCESSABLE_ENTITY, "photo_unreadable")),
        Ok(Ok(Err(error))) => Err(fault(StatusCode::UNPROCESSABLE_ENTITY, error.code())),
        Ok(Ok(Ok(codes))) => Ok(codes.into_iter().map(Input::Code).collect()),
    }
}

/// Codes of a table: of the column headed `code`, `text`, `label`, `qr` or `url`, else the first.
fn of_table(text: &str) -> Vec<Input> {
    let first = text.lines().next().unwrap_or_default();
    let separators = [b';', b'\t', b','];
    let used = separators.into_iter().find(|separator| first.as_bytes().contains(separator));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(used.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut column = None;
    let mut codes = Vec::new();
    for row in reader.records().flatten() {
        if column.is_none() {
            let heads = ["code", "text", "label", "qr", "url"];
            let headed =
                row.iter().position(|cell| heads.contains(&cell.trim().to_lowercase().as_str()));
            column = Some(headed.unwrap_or(0));
            if headed.is_some() {
                continue;
            }
        }
        let cell = row.get(column.unwrap_or(0)).unwrap_or_default().trim();
        if !cell.is_empty() {
            codes.push(Input::Code(cell.to_owned()));
        }
        // One more than the limit is enough to know that there are too many.
        if codes.len() > INSPECT_CODES_MAX {
            break;
        }
    }
    codes
}

/// A leaf sent with the proof file of its index belong together; of a leaf alone the statement
/// counts.
fn pair(inputs: Vec<Input>) -> Vec<Input> {
    let (mut proofs, rest): (Vec<Input>, Vec<Input>) =
        inputs.into_iter().partition(|input| matches!(input, Input::ProofAlone(_)));
    let mut paired = Vec::with_capacity(rest.len());
    for input in rest {
        let Input::Statement(bytes) = &input else {
            paired.push(input);
            continue;
        };
        let Ok(leaf) = Leaf::parse(bytes) else {
            paired.push(input);
            continue;
        };
        match proofs.iter().position(|proof| proof.index() == Some(leaf.index)) {
            Some(place) => {
                if let Input::ProofAlone(file) = proofs.remove(place) {
                    paired.push(Input::Proof { leaf: bytes.clone(), file });
                }
            }
            None => paired.push(Input::Statement(leaf.statement.to_vec())),
        }
    }
    paired.append(&mut proofs);
    paired
}

impl Input {
    /// The entry a proof file speaks of.
    pub fn index(&self) -> Option<u64> {
        match self {
            Self::ProofAlone(file) => ProofFile::parse(file).ok().map(|proof| proof.index),
            _ => None,
        }
    }
}
