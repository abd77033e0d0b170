//! What an inspector sends: typed codes, lists, photos, signed files, split by the reader.
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
use crate::reader::{Content, Exhibit, is_picture, read_file, read_list};
use crate::verify::Policy;

/// Files taken in one form.
const FILES_MAX: usize = 10;

/// One thing to judge.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// What was typed, listed or sent, with its place.
    Exhibit(Exhibit),
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
            if is_picture(bytes) {
                *sheet = Sheet::Photo(of_photo(program, bytes).await?);
            }
        }
        Ok(self)
    }

    /// Everything to judge, in the order it was sent; photos were read before.
    pub fn inputs(self) -> Result<Vec<Input>, Fault> {
        // One more than the limit is enough to know that there are too many.
        const MOST: usize = INSPECT_CODES_MAX + 1;
        let mut inputs: Vec<Input> =
            read_list(&self.codes, MOST).into_iter().map(Input::Exhibit).collect();
        for sheet in self.files {
            match sheet {
                Sheet::Bytes(bytes) => inputs.extend(of_file(&bytes, MOST)?),
                Sheet::Photo(found) => {
                    let codes = found.codes.into_iter().map(Content::Code);
                    inputs.extend(codes.map(|code| Input::Exhibit(code.into())));
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

/// The content says what a file is; its name does not. One that holds nothing to judge is a fault.
fn of_file(bytes: &[u8], most: usize) -> Result<Vec<Input>, Fault> {
    let exhibits = read_file(bytes, most);
    if exhibits.iter().any(|e| matches!(e.content, Content::Unreadable { code: "input", .. })) {
        return Err(fault(StatusCode::UNPROCESSABLE_ENTITY, "file_unreadable"));
    }
    let long = |exhibit: &Exhibit| match &exhibit.content {
        Content::Statement(bytes) | Content::Leaf(bytes) => bytes.len() > STATEMENT_SENT_BYTES_MAX,
        _ => false,
    };
    if exhibits.iter().any(long) {
        return Err(fault(StatusCode::PAYLOAD_TOO_LARGE, "statement_too_large"));
    }
    Ok(exhibits.into_iter().map(Input::Exhibit).collect())
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

/// A leaf sent with the proof file of its index belong together; so do one leaf and one proof file,
/// whatever index that names: whoever sends them says so.
fn pair(mut inputs: Vec<Input>) -> Vec<Input> {
    let leaf_at = |inputs: &[Input], index: u64| {
        inputs.iter().position(|input| match input.content() {
            Some(Content::Leaf(bytes)) => Leaf::parse(bytes).is_ok_and(|leaf| leaf.index == index),
            _ => false,
        })
    };
    let mut paired = Vec::new();
    for place in 0..inputs.len() {
        let found = inputs.get(place).and_then(Input::index);
        if let Some(leaf) = found.and_then(|index| leaf_at(&inputs, index)) {
            paired.push((place, leaf));
        }
    }
    let is_leaf = |input: &Input| matches!(input.content(), Some(Content::Leaf(_)));
    let two = (inputs.len() == 2 && paired.is_empty()).then(|| {
        let proof = inputs.iter().position(|input| input.index().is_some());
        proof.zip(inputs.iter().position(is_leaf))
    });
    paired.extend(two.flatten());
    for (proof, leaf) in &paired {
        let bytes = match inputs.get(*leaf).and_then(Input::content) {
            Some(Content::Leaf(bytes)) => bytes.clone(),
            _ => continue,
        };
        if let Some(Input::Exhibit(Exhibit { content: Content::Proof { leaf, .. }, .. })) =
            inputs.get_mut(*proof)
        {
            *leaf = Some(bytes);
        }
    }
    let of_a_pair = |place: &usize| paired.iter().any(|(_, leaf)| leaf == place);
    let all = inputs.into_iter().enumerate();
    all.filter(|(place, _)| !of_a_pair(place)).map(|(_, input)| input).collect()
}

impl Input {
    pub fn content(&self) -> Option<&Content> {
        match self {
            Self::Exhibit(exhibit) => Some(&exhibit.content),
            Self::Unread => None,
        }
    }

    /// The entry that a proof file without its leaf speaks of.
    pub fn index(&self) -> Option<u64> {
        match self.content() {
            Some(Content::Proof { leaf: None, file }) => {
                ProofFile::parse(file).ok().map(|proof| proof.index)
            }
            _ => None,
        }
    }
}
