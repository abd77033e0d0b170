//! What an inspector sends: typed codes, lists, photos, signed files, split by the reader.
//! Not the verdict on them; a file that cannot be read is a fault in words, not an empty result.

use std::error::Error;
use std::sync::Arc;

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

/// Files taken in one form; more are refused.
pub(super) const FILES_MAX: usize = 10;

/// Characters of a file's name that are kept.
const FILE_NAME_MAX: usize = 80;

/// One thing to judge, and the file it came in.
#[derive(Clone, Debug)]
pub(super) struct Input {
    /// The file's name; None for what was typed.
    pub file: Option<Arc<str>>,
    pub what: InputKind,
}

#[derive(Clone, Debug)]
pub(super) enum InputKind {
    /// What was typed, listed or sent, with its place.
    Exhibit(Exhibit),
    /// A code that a photo seems to show and that could not be read.
    Unread,
    /// A file with nothing in it that can be judged.
    InputFault(InputFault),
}

/// A file that was sent.
#[derive(Clone, Debug)]
struct Sheet {
    name: Arc<str>,
    content: SheetContent,
}

#[derive(Clone, Debug)]
enum SheetContent {
    /// Its content, which says what it is; its name does not.
    Bytes(Bytes),
    /// What a photo shows.
    Photo(Found),
    /// Why a photo was not read.
    InputFault(InputFault),
}

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub codes: String,
    files: Vec<Sheet>,
    pub policy: Policy,
    pub form: AnswerForm,
    /// The place of the one thing that is asked about, of all that is sent.
    pub only: Option<usize>,
}

/// How results are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AnswerForm {
    #[default]
    Page,
    Json,
    Csv,
}

/// Why nothing was judged: an HTTP status and a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputFault {
    pub status: StatusCode,
    pub code: &'static str,
    /// What a file is instead, in English; or empty.
    pub detail: String,
}

impl InputFault {
    pub const TOO_LARGE: Self = fault(StatusCode::PAYLOAD_TOO_LARGE, "upload_too_large");
    pub const BROKEN: Self = fault(StatusCode::BAD_REQUEST, "upload_broken");
    pub const BUSY: Self = fault(StatusCode::SERVICE_UNAVAILABLE, "too_busy");
    const TOO_MANY: Self = fault(StatusCode::PAYLOAD_TOO_LARGE, "too_many_files");
}

const fn fault(status: StatusCode, code: &'static str) -> InputFault {
    InputFault { status, code, detail: String::new() }
}

impl Sent {
    fn field(&mut self, name: &str, value: &str) {
        match name.to_ascii_lowercase().as_str() {
            // All fields of this name, however often it comes.
            "codes" if self.codes.is_empty() => self.codes = value.to_owned(),
            "codes" => self.codes = format!("{}\n{value}", self.codes),
            "policy" => self.policy = value.parse().unwrap_or(Policy::Customs),
            "format" => {
                self.form = match value {
                    "json" => AnswerForm::Json,
                    "csv" => AnswerForm::Csv,
                    _ => AnswerForm::Page,
                }
            }
            "only" => self.only = value.parse().ok(),
            _ => {}
        }
    }

    /// Fields of an `application/x-www-form-urlencoded` body.
    pub fn of_form(body: &[u8]) -> Result<Self, InputFault> {
        let text = std::str::from_utf8(body).map_err(|_| InputFault::BROKEN)?;
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        for (place, pair) in text.split('&').enumerate() {
            if place >= FORM_PARTS_MAX {
                return Err(InputFault::TOO_LARGE);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            sent.field(name, &decode(value));
        }
        Ok(sent)
    }

    /// Fields and files of a `multipart/form-data` body.
    pub async fn of_parts(mut parts: Multipart) -> Result<Self, InputFault> {
        let mut sent = Self { policy: Policy::Customs, ..Self::default() };
        for _ in 0..FORM_PARTS_MAX {
            let Some(part) = parts.next_field().await.map_err(broken)? else { return Ok(sent) };
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            if file.is_none() && name != "file" && name != "photo" {
                sent.field(&name, &String::from_utf8_lossy(&text(part).await?));
                continue;
            }
            let bytes = part.bytes().await.map_err(broken)?;
            let file = file.unwrap_or_default();
            // A field in which no file was chosen.
            if bytes.is_empty() && file.is_empty() {
                continue;
            }
            if sent.files.len() == FILES_MAX {
                return Err(InputFault::TOO_MANY);
            }
            let name = file.chars().take(FILE_NAME_MAX).collect::<String>().into();
            sent.files.push(Sheet { name, content: SheetContent::Bytes(bytes) });
        }
        Err(InputFault::TOO_LARGE)
    }

    /// Reads the photos among the files.
    pub async fn with_photos(mut self, program: &Program) -> Result<Self, InputFault> {
        for sheet in &mut self.files {
            let SheetContent::Bytes(bytes) = &sheet.content else { continue };
            if is_picture(bytes) {
                sheet.content = match of_photo(program, bytes).await {
                    Ok(found) => SheetContent::Photo(found),
                    Err(fault) if fault.status == StatusCode::SERVICE_UNAVAILABLE => {
                        return Err(fault);
                    }
                    Err(fault) => SheetContent::InputFault(fault),
                };
            }
        }
        Ok(self)
    }

    /// Everything to judge, in the order it was sent; photos were read before.
    pub fn inputs(self) -> Result<Vec<Input>, InputFault> {
        // One more than the limit is enough to know that there are too many.
        const MOST: usize = INSPECT_CODES_MAX + 1;
        let typed = read_list(&self.codes, MOST).into_iter();
        let typed = typed.map(|exhibit| Input { file: None, what: InputKind::Exhibit(exhibit) });
        let mut inputs: Vec<Input> = typed.collect();
        for Sheet { name, content } in self.files {
            let whats: Vec<InputKind> = match content {
                SheetContent::Bytes(bytes) => of_file(&bytes, MOST),
                SheetContent::Photo(found) => {
                    let codes = found.codes.into_iter().map(Content::Code);
                    let codes = codes.map(|code| InputKind::Exhibit(code.into()));
                    codes.chain((found.unread > 0).then_some(InputKind::Unread)).collect()
                }
                SheetContent::InputFault(fault) => vec![InputKind::InputFault(fault)],
            };
            let file = Some(name).filter(|name| !name.is_empty());
            inputs.extend(whats.into_iter().map(|what| Input { file: file.clone(), what }));
        }
        // Where nothing at all can be judged, the form says why.
        if let [Input { what: InputKind::InputFault(fault), .. }] = inputs.as_slice() {
            return Err(fault.clone());
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
async fn text(mut part: Field<'_>) -> Result<Vec<u8>, InputFault> {
    let mut text = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        if text.len().saturating_add(chunk.len()) > FORM_BYTES_MAX {
            return Err(InputFault::TOO_LARGE);
        }
        text.extend_from_slice(&chunk);
    }
    Ok(text)
}

/// Why an upload did not arrive whole.
fn broken(error: MultipartError) -> InputFault {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if inner.downcast_ref() == Some(&BodyFault::Busy) {
            return InputFault::BUSY;
        }
        cause = inner.source();
    }
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => InputFault::TOO_LARGE,
        _ => InputFault::BROKEN,
    }
}

/// The content says what a file is; its name does not. One that holds nothing to judge is a fault.
fn of_file(bytes: &[u8], most: usize) -> Vec<InputKind> {
    let of_exhibit = |exhibit: Exhibit| match &exhibit.content {
        Content::Unreadable { code: "input", detail } => InputKind::InputFault(InputFault {
            detail: detail.clone(),
            ..fault(StatusCode::UNPROCESSABLE_ENTITY, "file_unreadable")
        }),
        Content::Statement(bytes) | Content::Leaf(bytes)
            if bytes.len() > STATEMENT_SENT_BYTES_MAX =>
        {
            InputKind::InputFault(fault(StatusCode::PAYLOAD_TOO_LARGE, "statement_too_large"))
        }
        _ => InputKind::Exhibit(exhibit),
    };
    read_file(bytes, most).into_iter().map(of_exhibit).collect()
}

/// What a photo shows, once there is a place for reading it.
async fn of_photo(program: &Program, bytes: &[u8]) -> Result<Found, InputFault> {
    let busy = |_| fault(StatusCode::SERVICE_UNAVAILABLE, "photo_busy");
    let _place = door::place(Lane::Photo).await.map_err(busy)?;
    photo::read_codes(program, bytes).await.map_err(|error| match error {
        PhotoError::Busy { .. } => fault(StatusCode::SERVICE_UNAVAILABLE, "photo_busy"),
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
        let is_proof = |input: &Input| matches!(input.content(), Some(Content::Proof { .. }));
        let proof = inputs.iter().position(is_proof);
        proof.zip(inputs.iter().position(is_leaf))
    });
    paired.extend(two.flatten());
    for (proof, leaf) in &paired {
        let bytes = match inputs.get(*leaf).and_then(Input::content) {
            Some(Content::Leaf(bytes)) => bytes.clone(),
            _ => continue,
        };
        let proof = inputs.get_mut(*proof).map(|input| &mut input.what);
        if let Some(InputKind::Exhibit(Exhibit { content: Content::Proof { leaf, .. }, .. })) =
            proof
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
        match &self.what {
            InputKind::Exhibit(exhibit) => Some(&exhibit.content),
            InputKind::Unread | InputKind::InputFault(_) => None,
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
