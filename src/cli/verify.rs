//! `tasdiq verify`: codes, photos, statements, proof files and dossiers, judged here, offline or
//! with fresh status data. The exit code is the worst of all inputs.

mod answers;
mod evidence;
mod judged;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::ProgressBar;

use super::common::output::progress_bytes;
use super::common::pack_file::DiskFile;
use super::common::service::{AtOrCopy, Source};
use super::common::verdict::clean;
use super::{Global, Outcome};
use crate::dossier::{dossier_trust, is_dossier};
use crate::label::read_code;
use crate::os::now;
use crate::pack::{Pack, PackFile};
use crate::photo::is_pdf;
use crate::reader::{Content, Exhibit};
use crate::seal::is_jwt;
use crate::statement::{Day, Timestamp};
use crate::trust::{StatusData, Trust, TrustError};
use crate::verify::{Evidence, Policy, verify, verify_enclosed};
use answers::{Form, VerdictList};
use evidence::{Shown, exhibits};
use judged::{Judged, JudgedInput, shortened};

/// Bytes of files from which on a progress bar is worth it: thousands of codes.
const MANY_BYTES: u64 = 256 << 10;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq verify --trust trust.json --pack daily.pack 'https://...'\n  \
    tasdiq verify --trust trust.json --pack daily.pack --policy customs codes.csv photo.jpg\n  \
    tasdiq verify --pack daily.pack --root z6Mk... codes.csv\n  \
    tasdiq verify --root z6Mk... jar.tasdiq\n  \
    tasdiq verify --root z6Mk... certificate.pdf\n  \
    tasdiq verify --url https://ledger.example --root z6Mk... certificate.signed.json\n  \
    tasdiq verify --tiles ./copy --root z6Mk... 'https://...'\n\n\
    Of a PDF the attached dossier and every code on its pages are judged, and must be of one\n\
    certificate; what its pages say in words is not read.\n\n\
    Exit codes: 0 passed, 1 not genuine, 2 usage or unreadable, 3 could not be decided,\n\
    4 genuine but not fit (expired, suspended, withdrawn, held, recalled).\n\
    With several inputs the worst counts: 1, then 2, 3, 4, 0.")]
pub struct Args {
    /// QR texts, photos (PNG, JPEG), PDFs, signed statements, vc+jwt, proof files, dossiers, lists
    /// of codes; `-` is stdin.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Trust snapshot (`tasdiq trust`).
    #[arg(long, env = "TASDIQ_TRUST", value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Offline pack (`tasdiq pack`).
    #[arg(long, env = "TASDIQ_PACK", value_name = "FILE")]
    pack: Option<PathBuf>,
    /// Which checks must pass: shop, customs or audit.
    #[arg(long, env = "TASDIQ_POLICY", default_value = "shop", value_parser = policy)]
    policy: Policy,
    /// Judge as of this instant, or the end of this day (UTC); now if left out.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Timestamp>,
    /// Ask no service and open no ledger: files only.
    #[arg(long, conflicts_with_all = ["url", "tiles"])]
    offline: bool,
    /// The root key the trust snapshot must have. What comes from --url or --tiles without it is
    /// never passed.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    /// The log entry that a proof file is about.
    #[arg(long, value_name = "FILE")]
    leaf: Option<PathBuf>,
    /// Answers as a table, the worst first, with the other columns of a list.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    source: AtOrCopy,
}

fn policy(name: &str) -> Result<Policy, String> {
    name.parse().map_err(|_| "it must be shop, customs or audit".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let day = || Day::parse(text).map(Day::end);
    Timestamp::parse(text)
        .or_else(|_| day())
        .map_err(|_| "it must be written YYYY-MM-DDTHH:MM:SSZ or YYYY-MM-DD".to_owned())
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let Some(data) = Data::open(args, global)? else { return Ok(Outcome::Failed) };
    let fetch = |index| match &data.source {
        Some(source) => source.leaf(index),
        None => bail!("no service is asked"),
    };
    let at = args.at.unwrap_or_else(now);
    let book = data.pack.as_ref().map(|pack| -> &dyn StatusData { pack });
    let judge = |exhibit: &Exhibit, enclosed: Option<&[u8]>| {
        if let Content::Unreadable { code, detail } = &exhibit.content {
            let (subject, detail) = (String::new(), detail.clone());
            return JudgedInput::Unreadable { subject, code, detail };
        }
        let Some(evidence) = exhibit.content.evidence() else { return JudgedInput::untrusted() };
        let within;
        let carried = match evidence {
            Evidence::Dossier(bytes) => Some(bytes),
            _ => enclosed,
        };
        let trust = match (&data.trust, carried) {
            (Some(trust), _) => trust,
            (None, Some(bytes)) => match dossier_trust(bytes, args.root.as_deref()) {
                Ok(trust) => {
                    within = trust;
                    &within
                }
                Err(error) => return JudgedInput::of_error(&error),
            },
            (None, None) => return JudgedInput::untrusted(),
        };
        match (evidence, enclosed) {
            (Evidence::Code(text), Some(bytes)) => {
                let report = verify_enclosed(text, bytes, trust, book, at, args.policy);
                report.map_or_else(|| JudgedInput::borrowed(text), JudgedInput::of)
            }
            _ => JudgedInput::of(verify(evidence, trust, book, at, args.policy)),
        }
    };
    let bar = read_bytes_bar(&args.inputs);
    let read = |bytes| {
        if let Some(bar) = &bar {
            bar.inc(bytes);
        }
    };
    let mut answers = VerdictList::new(form(args, global));
    let shown = exhibits(&args.inputs, args.leaf.as_ref(), &fetch, &read);
    for Shown { file, input, exhibit, dossier } in shown {
        let dossier = dossier.as_ref().map(|bytes| bytes.as_slice());
        let verdict = judge(&exhibit, dossier).about(&input);
        let Exhibit { line, column, beside, .. } = exhibit;
        answers.put(Judged { file, line, column, beside, verdict })?;
    }
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    answers.finish()
}

fn form(args: &Args, global: &Global) -> Form {
    match (args.csv, global.json) {
        (true, _) => Form::Csv,
        (_, true) => Form::Json,
        _ => Form::Text,
    }
}

/// A bar over the bytes of the files, where they are near a second of signatures.
fn read_bytes_bar(inputs: &[String]) -> Option<ProgressBar> {
    let sizes = inputs.iter().filter_map(|input| Some(fs::metadata(input).ok()?.len()));
    let all = sizes.fold(0, u64::saturating_add);
    (all > MANY_BYTES).then(|| progress_bytes(all, "verifying"))
}

/// What the verdict rests on.
struct Data {
    /// None if every input is a dossier, which carries its own.
    trust: Option<Trust>,
    pack: Option<Pack<'static>>,
    source: Option<Source>,
}

impl Data {
    /// Files where they are given, else the service or data folder. None, which is told, when a
    /// file is there but not genuine.
    fn open(args: &Args, global: &Global) -> anyhow::Result<Option<Self>> {
        let within = args.pack.is_some() && args.root.is_some();
        let asks = !args.offline
            && (args.source.at.url.is_some()
                || args.source.tiles.is_some()
                || (args.trust.is_none() && !within && Source::is_given(&args.source.at, global)));
        let source = if asks { Some(Source::open_or_copy(&args.source, global)?) } else { None };
        let trust_bytes = match (&args.trust, &source) {
            (Some(path), _) => Some(fs::read(path).with_context(|| path.display().to_string())?),
            (None, Some(source)) => Some(source.trust_bytes()?),
            (None, None) if within => None,
            (None, None) if args.pack.is_none() && only_dossiers(&args.inputs) => {
                return Ok(Some(Self { trust: None, pack: None, source: None }));
            }
            (None, None) => bail!(
                "{}whom to trust is not known: give --trust FILE (made by `tasdiq trust \
                 --url URL --out FILE`), --pack FILE with --root z6Mk..., --url URL, or --data DIR",
                missing(&args.inputs)
            ),
        };
        let pack = match (&args.pack, &source) {
            (Some(path), _) => {
                let file = PackFile::read(DiskFile::open(path)?);
                Some(file.with_context(|| path.display().to_string())?)
            }
            (None, Some(source)) => Some(PackFile::read(source.pack_bytes(None)?)?),
            (None, None) => None,
        };
        let from_source = args.trust.is_none() && source.is_some();
        let near = from_source && args.source.tiles.is_none();
        let own = || Source::own_root(&args.source.at, global).filter(|_| near);
        let root = args.root.clone().or_else(own);
        match believed(trust_bytes.as_deref(), pack, root.as_deref()) {
            Ok((trust, pack)) => {
                // What the evidence brings along vouches for nothing: no verdict under it passes.
                let unknown = from_source && root.is_none();
                let trust = if unknown { trust.unpinned() } else { trust };
                Ok(Some(Self { trust: Some(trust), pack, source }))
            }
            Err(error) => {
                let files = [&args.trust, &args.pack].into_iter().flatten();
                let names: Vec<_> = files.map(|path| path.display().to_string()).collect();
                let subject = if names.is_empty() { "trust".to_owned() } else { names.join(", ") };
                if matches!(error, TrustError::Form { .. }) {
                    return Err(anyhow::Error::new(error).context(subject));
                }
                let (code, detail) = (error.code(), error.to_string());
                let mut answers = VerdictList::new(form(args, global));
                answers.put(JudgedInput::Refused { subject, code, detail }.into())?;
                answers.finish()?;
                Ok(None)
            }
        }
    }
}

/// Says which inputs are neither files nor codes, if any: a mistyped name.
fn missing(inputs: &[String]) -> String {
    let strange =
        |input: &&String| !Path::new(input).exists() && !is_jwt(input) && read_code(input).is_err();
    let named = inputs.iter().filter(strange);
    named.map(|input| format!("{} is no file and no code; ", shortened(&clean(input)))).collect()
}

/// Whether every input carries its own source of trust, as a dossier does, or may: a PDF.
fn only_dossiers(inputs: &[String]) -> bool {
    let carries = |bytes: &[u8]| is_dossier(bytes) || is_pdf(bytes);
    inputs.iter().all(|input| fs::read(input).is_ok_and(|bytes| carries(&bytes)))
}

/// The newer of the trust snapshots given and in the pack, and the pack under it.
fn believed(
    trust: Option<&[u8]>,
    pack: Option<PackFile<'static>>,
    root: Option<&str>,
) -> Result<(Trust, Option<Pack<'static>>), TrustError> {
    let within = pack.as_ref().map(PackFile::trust_bytes).unwrap_or_default();
    let trust = Trust::open(trust.unwrap_or(within), root)?;
    let Some(file) = pack else { return Ok((trust, None)) };
    let trust = file.newest_trust(&trust)?;
    let pack = file.open(&trust)?;
    pack.look_through()?;
    Ok((trust, Some(pack)))
}
