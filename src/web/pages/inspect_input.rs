//! What an inspector sends: typed codes, lists, photos, signed files, told apart by their content.
//! Not the verdict on them; a file that cannot be read is a fault in words, not an empty result.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;

use super::frame::decode;
use crate::door::{self, BodyFault, Lane};
use crate::limits::{FORM_BYTES_MAX, FORM_PARTS_MAX, INSPECT_CODES_MAX, STATEMENT_SENT_BYTES_MAX};
use crate::log::{Leaf, ProofFile};
use crate::photo::{self, Found, PhotoError, Program};
use crate::seal::is_jwt;
use crate::verify::{Policy, is_dossier};

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
    /// A code that a photo seems to show and that could not be read.
    Unread,
}

/// A file that was sent.
#[derive(Clone, Debug)]
enum Sheet {
    /// Its content, which says what it is; its name does not.
    Bytes(Bytes),
    /// What a photo shows.
    Photo(Found),
}

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub codes: String,
    files: Vec<Sheet>,
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
    pub const BUSY: Self = fault(StatusCode::SERVICE_UNAVAILABLE, "too_busy");
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
    pub fn of_form(body: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| Fault::BROKEN)?;
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        for (place, pair) in text.split('&').enumerate() {
            if place >= FORM_PARTS_MAX {
                return Err(Fault::TOO_LARGE);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            sent.field(name, &decode(value));
        }
        Ok(sent)
    }

    /// Fields and files of a `multipart/form-data` body.
    pub async fn of_parts(mut parts: Multipart) -> Result<Self, Fault> {
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        for _ in 0..FORM_PARTS_MAX {
            let Some(part) = parts.next_field().await.map_err(broken)? else { return Ok(sent) };
            let name = part.name().unwrap_or_default().to_owned();
            if name != "file" && name != "photo" {
                sent.field(&name, &String::from_utf8_lossy(&text(part).await?));
                continue;
            }
            let bytes = part.bytes().await.map_err(broken)?;
            if !bytes.is_empty() && sent.files.len() < FILES_MAX {
                sent.files.push(Sheet::Bytes(bytes));
            }
        }
        Err(Fault::TOO_LARGE)
    }

    /// Reads the photos among the files.
    pub async fn with_photos(mut self, program: &Program) -> Result<Self, Fault> {
        for sheet in &mut self.files {
            let Sheet::Bytes(bytes) = sheet else { continue };
            if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") {
                *sheet = Sheet::Photo(of_photo(program, bytes).await?);
            }
        }
        Ok(self)
    }

    /// Everything to judge, in the order it was sent; photos were read before.
    pub fn inputs(self) -> Result<Vec<Input>, Fault> {
        // One more than the limit is enough to know that there are too many.
        let typed = lines(&self.codes).take(INSPECT_CODES_MAX + 1);
        let mut inputs: Vec<Input> = typed.map(of_line).collect();
        for sheet in self.files {
            match sheet {
                Sheet::Bytes(bytes) => inputs.extend(of_file(&bytes)?),
                Sheet::Photo(found) => {
                    inputs.extend(found.codes.into_iter().map(Input::Code));
                    inputs.extend((found.unread > 0).then_some(Input::Unread));
                }
            }
        }
        let inputs = pair(inputs);
        match inputs.len() {
            0 => Err(fault(StatusCode::UNPROCESSABLE_ENTITY, "nothing_to_check")),
            1..=INSPECT_CODES_MAX => Ok(inputs),
            _ => Err(fault(StatusCode::PAYLOAD_TOO_LARGE, "too_many_codes")),
        }
    }
}

/// A field's text, no longer than all codes together may be.
async fn text(mut part: Field<'_>) -> Result<Vec<u8>, Fault> {
    let mut text = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        if text.len().saturating_add(chunk.len()) > FORM_BYTES_MAX {
            return Err(Fault::TOO_LARGE);
        }
        text.extend_from_slice(&chunk);
    }
    Ok(text)
}

/// Why an upload did not arrive whole.
fn broken(error: MultipartError) -> Fault {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if inner.downcast_ref() == Some(&BodyFault::Busy) {
            return Fault::BUSY;
        }
        cause = inner.source();
    }
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TOO_LARGE,
        _ => Fault::BROKEN,
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
fn of_file(bytes: &[u8]) -> Result<Vec<Input>, Fault> {
    let unreadable = fault(StatusCode::UNPROCESSABLE_ENTITY, "file_unreadable");
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(unreadable) };
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
        if text.len() > STATEMENT_SENT_BYTES_MAX {
            return Err(fault(StatusCode::PAYLOAD_TOO_LARGE, "statement_too_large"));
        }
        // A leaf is read by its exact bytes; a statement alone may end in a line break.
        let trimmed = text.trim_end().as_bytes().to_vec();
        Ok(vec![Input::Statement(trimmed)])
    } else {
        Ok(of_table(text))
    }
}

/// What a photo shows, once there is a place for reading it.
async fn of_photo(program: &Program, bytes: &[u8]) -> Result<Found, Fault> {
    let busy = fault(StatusCode::SERVICE_UNAVAILABLE, "photo_busy");
    let _place = door::place(Lane::Photo).await.map_err(|_| busy)?;
    photo::read_codes(program, bytes).await.map_err(|error| match error {
        PhotoError::Busy { .. } => busy,
        error => fault(StatusCode::UNPROCESSABLE_ENTITY, error.code()),
    })
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
