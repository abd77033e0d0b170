//! What is handed in, split into things that can be judged, each with its place and what stood
//! beside it; what cannot be judged is one too, with the reason.

use super::kind::Kind;
use super::values::spoilt_gtin;
use crate::label::read_code;
use crate::log::Leaf;
use crate::statement::canonicalised;
use crate::verify::Evidence;

/// One thing to be judged, or why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The text of a code.
    Code(String),
    /// A signed statement, or JSON that is none.
    Statement(Vec<u8>),
    /// A leaf of the log, in its exact bytes.
    Leaf(Vec<u8>),
    /// A whole vc+jwt.
    Jwt(String),
    /// A proof file, with its leaf if that was handed in too.
    Proof {
        /// The leaf.
        leaf: Option<Vec<u8>>,
        /// The proof file.
        file: String,
    },
    /// A dossier.
    Dossier(Vec<u8>),
    /// Nothing that can be judged.
    Unreadable {
        /// The stable code.
        code: &'static str,
        /// What was wrong and what to do.
        detail: String,
    },
}

/// One thing to be judged, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// What it is.
    pub content: Content,
    /// The line of a list in which its row begins, as an editor counts, from 1.
    pub line: Option<u64>,
    /// The column of a table, from 1.
    pub column: Option<usize>,
    /// The other cells of its row, under their heads or `column N`.
    pub beside: Vec<(String, String)>,
}

impl From<Content> for Exhibit {
    fn from(content: Content) -> Self {
        Self { content, line: None, column: None, beside: Vec::new() }
    }
}

impl Content {
    /// As evidence; None of a proof without its leaf, and of what cannot be judged.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence<'_>> {
        Some(match self {
            Self::Code(text) => Evidence::Code(text),
            Self::Statement(bytes) => Evidence::Statement(bytes),
            Self::Leaf(bytes) => Evidence::Statement(Leaf::parse(bytes).ok()?.statement),
            Self::Jwt(text) => Evidence::Jwt(text),
            Self::Proof { leaf, file } => Evidence::Proof { leaf: leaf.as_ref()?, file },
            Self::Dossier(bytes) => Evidence::Dossier(bytes),
            Self::Unreadable { .. } => return None,
        })
    }

    pub(super) fn unreadable(code: &'static str, detail: &str) -> Self {
        Self::Unreadable { code, detail: detail.to_owned() }
    }
}

/// What one text is that was typed, scanned or sent as one: never a list.
#[must_use]
pub fn read_text(text: &str) -> Content {
    match Kind::of_text(text) {
        Kind::Dossier(text) => Content::Dossier(text.as_bytes().to_vec()),
        Kind::Jwt(text) => Content::Jwt(text.to_owned()),
        Kind::Json(text) => of_json(text),
        // A text that is another file's content is no code, and is told as such.
        _ => match spoilt_gtin(text.trim()) {
            Some(detail) => Content::Unreadable { code: "gtin_form", detail },
            None => Content::Code(unformulated(text).to_owned()),
        },
    }
}

/// A text that a spreadsheet was kept from changing by a formula around it: `="06111234567895"`.
pub(super) fn unformulated(text: &str) -> &str {
    let inner = text.trim().strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// Whether a text is one code that lines or separators only seem to part: broken over lines by what
/// it was copied from, or what a phone does with it (`WIFI:`, `tel:`), which is no row of a table.
pub(super) fn is_parted_code(text: &str) -> bool {
    let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.take(BROKEN_LINES_MAX + 1).collect();
    match lines.as_slice() {
        [line] => line.contains("://") && is_action(line),
        [first, rest @ ..] if lines.len() <= BROKEN_LINES_MAX => {
            let alone = |line: &&str| read_code(line).is_ok() || line.contains("://");
            let broken = read_code(first).is_err() && !rest.iter().any(alone);
            first.contains("://") && broken && read_code(text).is_ok()
        }
        _ => false,
    }
}

/// Whether a text begins with a scheme that is none of an address.
fn is_action(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| {
        let letters = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
        scheme.len() > 1 && scheme.chars().all(letters) && scheme != "http" && scheme != "https"
    })
}

/// Most lines over which one code may be broken.
const BROKEN_LINES_MAX: usize = 5;

/// What a file holds that is one thing, not many.
pub(super) fn of_kind(kind: Kind<'_>) -> Content {
    match kind {
        Kind::Picture => Content::unreadable("input", "it is a picture"),
        Kind::Foreign(what) => Content::unreadable("input", what),
        Kind::Proof(file) => Content::Proof { leaf: None, file: plain_lines(file) },
        Kind::Dossier(text) => Content::Dossier(text.as_bytes().to_vec()),
        Kind::Jwt(text) => Content::Jwt(text.to_owned()),
        Kind::Json(text) => of_json(text),
        Kind::Text(text) if text.trim().is_empty() => Content::unreadable("input", "it is empty"),
        Kind::Text(_) => {
            Content::unreadable("input", "it is no photo, JSON, proof file or list of codes")
        }
    }
}

/// A text file with the ends of lines that its form asks for.
fn plain_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

pub(super) fn of_json(text: &str) -> Content {
    let exact = text.as_bytes();
    if Leaf::parse(exact).is_ok() {
        return Content::Leaf(exact.to_vec());
    }
    // Only what names all members of a leaf is worth the parsing.
    let leaf = ["\"loggedAt\"", "\"prev\"", "\"statement\""].iter().all(|name| text.contains(name));
    match leaf.then(|| canonicalised(exact)).flatten() {
        Some(leaf) if Leaf::parse(&leaf).is_ok() => Content::Leaf(leaf),
        _ => Content::Statement(exact.to_vec()),
    }
}
