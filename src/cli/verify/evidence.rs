//! What a person hands to `tasdiq verify`: files and typed texts, fetched for the reader, which
//! tells what is in them; photos by a process of their own, leaves of proofs from where they lie.
//! Not here: what a content is (`reader`), the verdict (`verify`).

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context;

use super::super::common::documents::read_bytes;
use crate::dossier::is_dossier;
use crate::label::{LabelError, read_code};
use crate::log::{Leaf, ProofFile};
use crate::photo::{AttachedFile, Found, PhotoError, Program, is_pdf, read_codes};
use crate::reader::{Content, Exhibit, is_picture, read_blocks, read_file, read_text};

/// Longest file in which the entry of a proof is sought among those handed in, in bytes.
const LEAF_FILE_MAX: u64 = 1 << 18;

/// How the name of a dossier ends.
const DOSSIER_ENDING: &str = ".tasdiq";

/// How much of a file is read at once.
const BLOCK_BYTES: u64 = 1 << 20;

/// An exhibit and the file it was read from.
pub struct Shown {
    /// The file's name as given; None for a code or document typed as an argument.
    pub file: Option<String>,
    /// The file's name, or the text as typed.
    pub input: String,
    /// What is in it.
    pub exhibit: Exhibit,
    /// Of a code on a paper that carries a dossier: the dossier.
    pub dossier: Option<Rc<Vec<u8>>>,
}

/// What was found, and the dossier of the paper it stands on.
type OnPaper = (Exhibit, Option<Rc<Vec<u8>>>);

/// Where the leaf of a proof file comes from: by its index.
pub type LeafOf<'a> = dyn Fn(u64) -> anyhow::Result<Vec<u8>> + 'a;

/// Reads every input into exhibits, in order, as they are asked for: of a list no more is held than
/// its longest row. `read` is told the bytes that have come from files.
pub fn exhibits<'a>(
    inputs: &'a [String],
    leaf: Option<&'a PathBuf>,
    fetch: &'a LeafOf<'a>,
    read: &'a dyn Fn(u64),
) -> impl Iterator<Item = Shown> + 'a {
    inputs.iter().flat_map(move |input| {
        let path = Path::new(input);
        let typed = input != "-" && !path.exists();
        let found: Box<dyn Iterator<Item = OnPaper>> = if typed {
            Box::new(std::iter::once((typed_text(input), None)))
        } else if path.is_dir() {
            let detail = "it is a folder: name the files in it".to_owned();
            Box::new(std::iter::once((unreadable("input", detail), None)))
        } else {
            of_file(path, read)
        };
        found.map(move |(exhibit, dossier)| Shown {
            file: Some(input.clone()).filter(|_| !typed),
            input: input.clone(),
            exhibit: with_leaf(exhibit, leaf, inputs, fetch),
            dossier,
        })
    })
}

/// What a file holds; a fault of the disk on the way is told where it happened.
fn of_file<'a>(path: &'a Path, read: &'a dyn Fn(u64)) -> Box<dyn Iterator<Item = OnPaper> + 'a> {
    let fault = Rc::new(RefCell::new(None));
    let mut blocks = match Blocks::open(path, Rc::clone(&fault), read) {
        Ok(blocks) => blocks.peekable(),
        Err(error) => {
            let told = unreadable("input", format!("{error:#}"));
            return Box::new(std::iter::once((told, None)));
        }
    };
    if blocks.peek().is_some_and(|block| is_picture(block) || is_pdf(block)) {
        let bytes: Vec<u8> = blocks.flatten().collect();
        let found = match fault.take() {
            Some(why) => vec![(why, None)],
            None => of_picture(&bytes),
        };
        return Box::new(found.into_iter());
    }
    let told = std::iter::once_with(move || fault.take()).flatten();
    // An empty file, or one that ends in a fault, is told by what it came to.
    Box::new(read_blocks(blocks).chain(told).map(|exhibit| (exhibit, None)))
}

/// The blocks of a file as they are read.
struct Blocks<'a> {
    from: Box<dyn Read>,
    path: &'a Path,
    fault: Rc<RefCell<Option<Exhibit>>>,
    read: &'a dyn Fn(u64),
}

impl<'a> Blocks<'a> {
    fn open(
        path: &'a Path,
        fault: Rc<RefCell<Option<Exhibit>>>,
        read: &'a dyn Fn(u64),
    ) -> anyhow::Result<Self> {
        let from: Box<dyn Read> = match path.as_os_str() == "-" {
            true => Box::new(std::io::stdin().lock()),
            false => Box::new(File::open(path).with_context(|| path.display().to_string())?),
        };
        Ok(Self { from, path, fault, read })
    }
}

impl Iterator for Blocks<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut block = Vec::new();
        if let Err(error) = self.from.by_ref().take(BLOCK_BYTES).read_to_end(&mut block) {
            let detail = format!("{}: {error}; it was read so far", self.path.display());
            *self.fault.borrow_mut() = Some(unreadable("input", detail));
            return None;
        }
        (self.read)(u64::try_from(block.len()).unwrap_or_default());
        Some(block).filter(|block| !block.is_empty())
    }
}

/// What a photo or PDF holds, read by a process of its own; what could not be read is told.
fn of_picture(bytes: &[u8]) -> Vec<OnPaper> {
    let read = || -> Result<Found, PhotoError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| PhotoError::Busy { reason: error.to_string() })?;
        runtime.block_on(read_codes(&Program::default(), bytes))
    };
    let Found { codes, unread, attached, pages_left } = match read() {
        Ok(found) => found,
        Err(error) => return vec![(unreadable(error.code(), error.to_string()), None)],
    };
    let mut found = Vec::new();
    // Files of other kinds may be attached to any paper. What is called a dossier is judged as one:
    // one that was cut is told, not passed over.
    let named = |file: &AttachedFile| file.name.to_lowercase().ends_with(DOSSIER_ENDING);
    let dossiers =
        attached.into_iter().filter(|file| named(file) || is_dossier(file.text.as_bytes()));
    let dossiers: Vec<String> = dossiers.map(|file| file.text).collect();
    for text in &dossiers {
        found.push((Content::Dossier(text.clone().into_bytes()).into(), None));
    }
    if is_pdf(bytes) && dossiers.is_empty() {
        eprintln!("no dossier is attached to this PDF: its codes alone are judged");
    }
    if dossiers.len() > 1 {
        let detail =
            format!("{} dossiers are attached: a paper is of one certificate", dossiers.len());
        found.push((unreadable("pdf_dossiers", detail), None));
    }
    let dossier = dossiers.into_iter().next().map(|text| Rc::new(text.into_bytes()));
    found.extend(codes.into_iter().map(|code| (Content::Code(code).into(), dossier.clone())));
    if unread > 0 {
        let detail = format!(
            "it seems to show {unread} more that could not be read: take a photo of each code alone"
        );
        found.push((unreadable("photo_code_unread", detail), None));
    }
    if pages_left > 0 {
        let detail = format!("{pages_left} more pages were not looked at: hand them in apart");
        found.push((unreadable("pdf_pages", detail), None));
    }
    found
}

/// A proof file with the leaf it speaks of.
fn with_leaf(
    exhibit: Exhibit,
    leaf: Option<&PathBuf>,
    inputs: &[String],
    fetch: &LeafOf<'_>,
) -> Exhibit {
    let Content::Proof { leaf: None, file } = exhibit.content else { return exhibit };
    let index = match ProofFile::parse(&file) {
        Ok(proof) => proof.index,
        Err(error) => return unreadable(error.code(), error.to_string()),
    };
    let found = match leaf {
        Some(path) => read_bytes(path).map(|bytes| bytes.trim_ascii().to_vec()),
        None => leaf_among(inputs, index).map_or_else(|| fetch(index), Ok),
    };
    match found {
        Ok(leaf) => Content::Proof { leaf: Some(leaf), file }.into(),
        Err(error) => {
            let detail =
                format!("entry {index} is needed beside its proof: --leaf FILE ({error:#})");
            unreadable("leaf", detail)
        }
    }
}

/// The entry with this index, if it is one of the files handed in.
fn leaf_among(inputs: &[String], index: u64) -> Option<Vec<u8>> {
    let small = |path: &&String| {
        std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LEAF_FILE_MAX)
    };
    let leaf = |path: &String| {
        let found = read_file(&read_bytes(Path::new(path)).ok()?, 1).into_iter().next()?;
        let Content::Leaf(bytes) = found.content else { return None };
        Leaf::parse(&bytes).is_ok_and(|leaf| leaf.index == index).then_some(bytes)
    };
    inputs.iter().filter(small).find_map(leaf)
}

/// A text typed as an argument; what is nothing like a code may be a file's name mistyped.
fn typed_text(text: &str) -> Exhibit {
    match read_text(text) {
        Content::Code(text) if is_file_name(&text) => {
            let detail = format!("there is no file {text:?}; a lot of that name is lot/PARTY/LOT");
            unreadable("input", detail)
        }
        Content::Code(text) => match read_code(&text) {
            Err(error @ (LabelError::NotALabel { .. } | LabelError::Identifier(_))) => {
                unreadable(error.code(), format!("{error}, and there is no such file"))
            }
            _ => Content::Code(text).into(),
        },
        content => content.into(),
    }
}

/// Whether a text that could be a typed lot is a file's name by its ending.
fn is_file_name(text: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        "csv",
        "txt",
        "tsv",
        "json",
        "jwt",
        "tasdiq",
        "tlog-proof",
        "png",
        "jpg",
        "jpeg",
        "pdf",
        "xlsx",
        "heic",
        "svg",
    ];
    let ending = text.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !text.contains("://") && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn unreadable(code: &'static str, detail: String) -> Exhibit {
    Content::Unreadable { code, detail }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().display().to_string();
        let none = |_| anyhow::bail!("no log");
        let read: Vec<Shown> = exhibits(&[name], None, &none, &|_| ()).collect();
        let Content::Unreadable { detail, .. } = &read[0].exhibit.content else { panic!() };
        assert!(read.len() == 1 && detail.contains("folder"), "{detail}");
    }

    #[test]
    fn a_proof_that_cannot_be_read_is_told_before_its_leaf_is_sought() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tlog-proof");
        std::fs::write(&path, "c2sp.org/tlog-proof@v1\nindex x\n\n").unwrap();
        let name = path.display().to_string();
        let sought = |_| panic!("a leaf was sought");
        let read: Vec<Shown> = exhibits(&[name], None, &sought, &|_| ()).collect();
        let Content::Unreadable { code, .. } = &read[0].exhibit.content else { panic!() };
        assert_eq!(*code, "malformed_proof_file");
    }
}
