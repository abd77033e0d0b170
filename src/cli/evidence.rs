//! What a person hands to `tasdiq verify`: codes as text, lists of codes, photos, signed files,
//! proof files, dossiers; told apart by their content. Not here: the verdict (`verify`).

use std::path::{Path, PathBuf};

use super::documents::read_bytes;
use crate::label::{LabelError, read_code};
use crate::log::ProofFile;
use crate::photo::{Found, PhotoError, Program, read_codes};
use crate::seal::is_jwt;
use crate::verify::is_dossier;

/// One thing to be judged, or why it cannot be.
pub enum Exhibit {
    /// The text of a code.
    Code(String),
    /// A signed statement.
    Statement(Vec<u8>),
    /// A whole vc+jwt.
    Jwt(String),
    /// A leaf with its proof file.
    Proof {
        /// The leaf.
        leaf: Vec<u8>,
        /// The proof file.
        file: String,
    },
    /// A dossier.
    Dossier(Vec<u8>),
    /// Nothing that can be judged.
    Unreadable {
        /// What was given.
        subject: String,
        /// The stable code.
        code: &'static str,
        /// What was wrong and what to do.
        detail: String,
    },
}

/// An exhibit and the file it was read from.
pub struct Shown {
    /// The file's name as given; None for a code or vc+jwt typed as an argument.
    pub file: Option<String>,
    /// What is in it.
    pub exhibit: Exhibit,
}

/// Where the leaf of a proof file comes from: by its index.
pub type LeafOf<'a> = dyn Fn(u64) -> anyhow::Result<Vec<u8>> + 'a;

/// Reads every input into exhibits, in order.
#[must_use]
pub fn read_exhibits(inputs: &[String], leaf: Option<&PathBuf>, fetch: &LeafOf<'_>) -> Vec<Shown> {
    let mut shown = Vec::new();
    for input in inputs {
        let path = Path::new(input);
        let mut exhibits = Vec::new();
        let mut file = Some(input.clone());
        if path.is_dir() {
            let detail = "it is a folder: name the files in it".to_owned();
            exhibits.push(unreadable(input, "input", detail));
        } else if input != "-" && !path.exists() {
            file = None;
            exhibits.push(if is_jwt(input) { Exhibit::Jwt(input.clone()) } else { typed(input) });
        } else {
            match read_bytes(path) {
                Ok(bytes) => read_content(input, &bytes, leaf, fetch, &mut exhibits),
                Err(error) => exhibits.push(unreadable(input, "input", format!("{error:#}"))),
            }
        }
        shown.extend(exhibits.into_iter().map(|exhibit| Shown { file: file.clone(), exhibit }));
    }
    shown
}

fn read_content(
    name: &str,
    bytes: &[u8],
    leaf: Option<&PathBuf>,
    fetch: &LeafOf<'_>,
    exhibits: &mut Vec<Exhibit>,
) {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        match read_photo(bytes) {
            Ok(found) => {
                exhibits.extend(found.codes.into_iter().map(Exhibit::Code));
                if found.unread > 0 {
                    exhibits.push(unreadable(name, "photo_code_unread", unread(found.unread)));
                }
            }
            Err(error) => exhibits.push(unreadable(name, error.code(), error.to_string())),
        }
        return;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let detail = "it is no PNG, JPEG, JSON, proof file or list of codes".to_owned();
        exhibits.push(unreadable(name, "input", detail));
        return;
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with("c2sp.org/tlog-proof@") {
        exhibits.push(proof_of(name, text, leaf, fetch));
    } else if is_dossier(text.as_bytes()) {
        exhibits.push(Exhibit::Dossier(text.as_bytes().to_vec()));
    } else if is_jwt(text.trim()) {
        exhibits.push(Exhibit::Jwt(text.trim().to_owned()));
    } else if text.trim_start().starts_with('{') {
        exhibits.extend(statements_in(text));
    } else {
        match codes_in(text) {
            Ok(codes) if codes.is_empty() => {
                exhibits.push(unreadable(name, "input", "it holds no code".to_owned()));
            }
            Ok(codes) if is_no_list(&codes) => {
                let detail = "it is no photo, JSON, proof file or list of codes".to_owned();
                exhibits.push(unreadable(name, "input", detail));
            }
            Ok(codes) => exhibits.extend(codes.into_iter().map(Exhibit::Code)),
            Err(error) => exhibits.push(unreadable(name, "csv", error.to_string())),
        }
    }
}

/// The codes in a photo, read by a process of its own.
fn read_photo(bytes: &[u8]) -> Result<Found, PhotoError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| PhotoError::Busy { reason: error.to_string() })?;
    runtime.block_on(read_codes(&Program::default(), bytes))
}

/// What is said of codes in a photo beside those that were read.
fn unread(count: usize) -> String {
    format!(
        "the photo seems to show {count} more that could not be read: take one of each code alone"
    )
}

/// One statement, or several on lines of their own.
fn statements_in(text: &str) -> Vec<Exhibit> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let many =
        lines().count() > 1 && lines().all(|line| line.starts_with('{') && line.ends_with('}'));
    if many {
        lines().map(|line| Exhibit::Statement(line.as_bytes().to_vec())).collect()
    } else {
        vec![Exhibit::Statement(text.trim().as_bytes().to_vec())]
    }
}

fn proof_of(name: &str, text: &str, leaf: Option<&PathBuf>, fetch: &LeafOf<'_>) -> Exhibit {
    let index = match ProofFile::parse(text) {
        Ok(proof) => proof.index,
        Err(error) => return unreadable(name, error.code(), error.to_string()),
    };
    let found = match leaf {
        Some(path) => read_bytes(path).map(|bytes| bytes.trim_ascii().to_vec()),
        None => fetch(index),
    };
    match found {
        Ok(leaf) => Exhibit::Proof { leaf, file: text.to_owned() },
        Err(error) => {
            let detail =
                format!("entry {index} is needed beside its proof: --leaf FILE ({error:#})");
            unreadable(name, "leaf", detail)
        }
    }
}

/// Whether most of the texts are nothing like a code and none is an address: another kind of file.
/// A list whose codes are all damaged is a list.
fn is_no_list(texts: &[String]) -> bool {
    let foreign = |text: &&String| {
        matches!(read_code(text), Err(LabelError::NotALabel { .. } | LabelError::Identifier(_)))
    };
    let foreign = texts.iter().filter(foreign).count();
    foreign > texts.len() / 2 && !texts.iter().any(|text| text.contains("://"))
}

/// The codes of a CSV with a `code` column (fields parted by comma, semicolon or tab), or of a text
/// with one a line. In a line of several words the code is the one that is an address.
fn codes_in(text: &str) -> Result<Vec<String>, csv::Error> {
    let first = text.lines().next().unwrap_or_default();
    let held = [b';', b'\t'].into_iter().find(|mark| first.contains(char::from(*mark)));
    let delimiter = held.unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let column = reader.headers()?.iter().position(|name| name.eq_ignore_ascii_case("code"));
    let Some(column) = column else {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        return Ok(lines.map(|line| address_in(line).to_owned()).collect());
    };
    let mut codes = Vec::new();
    for record in reader.records() {
        let code = record?.get(column).unwrap_or_default().to_owned();
        if !code.is_empty() {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// The one address among the words of a line, or the line.
fn address_in(line: &str) -> &str {
    let mut addresses = line.split_whitespace().filter(|word| word.contains("://"));
    match (addresses.next(), addresses.next()) {
        (Some(only), None) => only,
        _ => line,
    }
}

/// A code typed as an argument; what is nothing like one may be a file's name mistyped.
fn typed(text: &str) -> Exhibit {
    match read_code(text) {
        Err(error @ (LabelError::NotALabel { .. } | LabelError::Identifier(_))) => {
            unreadable(text, error.code(), format!("{error}, and there is no such file"))
        }
        _ => Exhibit::Code(text.to_owned()),
    }
}

fn unreadable(subject: &str, code: &'static str, detail: String) -> Exhibit {
    Exhibit::Unreadable { subject: subject.chars().take(400).collect(), code, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        let mut exhibits = Vec::new();
        let fetch = |_| anyhow::bail!("no log");
        read_content("x", text.as_bytes(), None, &fetch, &mut exhibits);
        let kind = |exhibit: &Exhibit| match exhibit {
            Exhibit::Code(_) => "code",
            Exhibit::Statement(_) => "statement",
            Exhibit::Jwt(_) => "jwt",
            Exhibit::Proof { .. } => "proof",
            Exhibit::Dossier(_) => "dossier",
            Exhibit::Unreadable { code, .. } => code,
        };
        exhibits.iter().map(kind).collect()
    }

    #[test]
    fn told_apart_by_content() {
        assert_eq!(kinds("coop/A1\n\ncoop/A2\n"), ["code", "code"]);
        assert_eq!(kinds("n;Code\n1;coop/A1\n2;what is this\n"), ["code", "code"]);
        assert_eq!(kinds("n\tcode\n1\tcoop/A1\n"), ["code"]);
        assert_eq!(kinds("Codes:\n  valid  coop/A1  http://h.example/lot/COOP/A1\n"), ["code"; 2]);
        assert_eq!(kinds("2sp.org/tlog-proof@v1\nindex 7\nabc/def=\n"), ["input"]);
        assert_eq!(kinds("some words\nof a letter\n"), ["input"]);
        assert_eq!(kinds("code\n\"coop/A,1\"\n"), ["code"]);
        assert_eq!(kinds("{\n \"a\": 1\n}\n"), ["statement"]);
        assert_eq!(kinds("{\"type\":\"TasdiqDossier\"}\n"), ["dossier"]);
        assert_eq!(kinds("eyJh.eyJi.c2ln\n"), ["jwt"]);
        assert_ne!(kinds("eyJh..c2ln\n"), ["jwt"]);
        assert_eq!(kinds("{}\n{}\n"), ["statement", "statement"]);
        assert_eq!(kinds("c2sp.org/tlog-proof@v1\nindex x\n\n"), ["malformed_proof_file"]);
        assert_eq!(kinds("\n"), ["input"]);
    }

    #[test]
    fn a_folder_is_told_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().display().to_string();
        let read = read_exhibits(&[name], None, &|_| anyhow::bail!("no log"));
        let [Shown { exhibit: Exhibit::Unreadable { detail, .. }, .. }] = &read[..] else {
            panic!("one exhibit")
        };
        assert!(detail.contains("folder"), "{detail}");
    }
}
