//! `tasdiq verify`: codes, photos, statements, proof files and dossiers, judged here, offline or
//! with fresh status data. The exit code is the worst of all inputs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::evidence::{Shown, read_exhibits};
use super::output::{progress, say, say_json};
use super::pack_file::DiskFile;
use super::source::{AtOrCopy, Source};
use super::verdict::{brief, clean, full};
use super::{Global, Outcome};
use crate::label::read_code;
use crate::ledger::now;
use crate::reader::{Content, Exhibit};
use crate::seal::is_jwt;
use crate::statement::{Day, Timestamp};
use crate::verify::{
    CheckResult, DossierError, Evidence, Pack, PackFile, Policy, Report, StatusBook, Trust,
    TrustError, dossier_trust, is_dossier, severity, verify,
};

/// Inputs from which on a progress bar is worth it: near a second of signatures.
const MANY: usize = 200;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq verify --trust trust.json --pack daily.pack 'https://...'\n  \
    tasdiq verify --trust trust.json --pack daily.pack --policy customs codes.csv photo.jpg\n  \
    tasdiq verify --pack daily.pack --root z6Mk... codes.csv\n  \
    tasdiq verify --root z6Mk... jar.tasdiq\n  \
    tasdiq verify --url https://ledger.example --root z6Mk... certificate.signed.json\n  \
    tasdiq verify --tiles ./copy --root z6Mk... 'https://...'\n\n\
    Exit codes: 0 passed, 1 not genuine, 2 usage or unreadable, 3 could not be decided,\n\
    4 genuine but not fit (expired, suspended, withdrawn, held, recalled).\n\
    With several inputs the worst counts: 1, then 2, 3, 4, 0.")]
pub struct Args {
    /// QR texts, photos (PNG, JPEG), signed statements, vc+jwt, proof files, dossiers, lists of
    /// codes; `-` is stdin.
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
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::options::root_key)]
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
    Policy::named(name).ok_or_else(|| "it must be shop, customs or audit".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let day = || Day::parse(text).map(Day::end);
    Timestamp::parse(text)
        .or_else(|_| day())
        .map_err(|_| "it must be written YYYY-MM-DDTHH:MM:SSZ or YYYY-MM-DD".to_owned())
}

/// What one exhibit came to, and where it stood.
pub(super) struct Judged {
    pub file: Option<String>,
    pub line: Option<u64>,
    pub column: Option<usize>,
    pub beside: Vec<(String, String)>,
    pub verdict: Verdict,
}

pub(super) enum Verdict {
    Report(Box<Report>),
    Unreadable {
        subject: String,
        code: &'static str,
        detail: String,
    },
    /// A dossier that carries keys of another root, or none that can be believed.
    Refused {
        subject: String,
        code: &'static str,
        detail: String,
    },
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
    let exhibits = read_exhibits(&args.inputs, args.leaf.as_ref(), &fetch);
    let at = args.at.unwrap_or_else(now);
    let book = data.pack.as_ref().map(|pack| -> &dyn StatusBook { pack });
    let bar = (exhibits.len() > MANY).then(|| progress(exhibits.len(), "verifying"));
    let judge = |exhibit: &Exhibit| {
        if let Some(bar) = &bar {
            bar.inc(1);
        }
        if let Content::Unreadable { code, detail } = &exhibit.content {
            let (subject, detail) = (String::new(), detail.clone());
            return Verdict::Unreadable { subject, code, detail };
        }
        let Some(evidence) = exhibit.content.evidence() else { return Verdict::untrusted() };
        let within;
        let trust = match (&data.trust, evidence) {
            (Some(trust), _) => trust,
            (None, Evidence::Dossier(bytes)) => match dossier_trust(bytes, args.root.as_deref()) {
                Ok(trust) => {
                    within = trust;
                    &within
                }
                Err(error) => return Verdict::of_error(&error),
            },
            (None, _) => return Verdict::untrusted(),
        };
        Verdict::of(verify(evidence, trust, book, at, args.policy))
    };
    let judged = exhibits.into_iter().map(|Shown { file, input, exhibit }| {
        let verdict = judge(&exhibit).about(&input);
        let Exhibit { line, column, beside, .. } = exhibit;
        Judged { file, line, column, beside, verdict }
    });
    let judged: Vec<Judged> = judged.collect();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    match args.csv {
        true => super::verdict_rows::tell(&judged)?,
        false => tell(&judged, global.json)?,
    }
    Ok(worst(&judged))
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
                let verdict = Verdict::Refused { subject, code, detail };
                tell(&[Judged::of(verdict)], global.json)?;
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

/// Whether every input is a dossier: then no other source of trust is needed.
fn only_dossiers(inputs: &[String]) -> bool {
    inputs.iter().all(|input| fs::read(input).is_ok_and(|bytes| is_dossier(&bytes)))
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
    Ok((trust, Some(pack)))
}

fn tell(judged: &[Judged], json: bool) -> anyhow::Result<()> {
    if json {
        let mut values: Vec<Value> = judged.iter().map(Judged::json).collect();
        return match values.pop() {
            Some(only) if values.is_empty() => say_json(&only),
            last => say_json(&values.into_iter().chain(last).collect::<Vec<_>>()),
        };
    }
    for one in worst_first(judged) {
        let place = one.place().filter(|_| judged.len() > 1);
        match &one.verdict {
            Verdict::Report(report) if judged.len() == 1 => say(full(report))?,
            Verdict::Report(report) => match place {
                Some(place) => say(format!("{}  ({place})", brief(report)))?,
                None => say(brief(report))?,
            },
            Verdict::Refused { subject, code, detail } => {
                say(format!("NOT GENUINE {}: {detail} [{code}]", clean(subject)))?;
            }
            Verdict::Unreadable { subject, code, detail } => {
                eprintln!("UNREADABLE  {}: {detail} [{code}]", shortened(&clean(subject)));
            }
        }
    }
    if judged.len() > 1 {
        let count = |code| judged.iter().filter(|one| one.verdict.exit_code() == code).count();
        say(format!(
            "{} inputs: {} passed, {} not genuine, {} unreadable, {} undecided, {} not fit",
            judged.len(),
            count(0),
            count(1),
            count(2),
            count(3),
            count(4)
        ))?;
    }
    Ok(())
}

impl Judged {
    fn of(verdict: Verdict) -> Self {
        Self { file: None, line: None, column: None, beside: Vec::new(), verdict }
    }

    /// File and line, and the other cells of the row, as they are printed.
    fn place(&self) -> Option<String> {
        let file = self.file.as_deref().map(clean);
        let line = self.line.map(|line| format!("line {line}"));
        let beside = self.beside.iter().take(BESIDE_SHOWN_MAX);
        let beside = beside.map(|(head, cell)| format!("{}: {}", clean(head), clean(cell)));
        let parts: Vec<String> = file.into_iter().chain(line).chain(beside).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The report, with its place in a list if it stood in one.
    fn json(&self) -> Value {
        let mut value = self.verdict.json();
        if self.line.is_some() {
            let cells = self.beside.iter().map(|(head, cell)| (head.clone(), json!(cell)));
            value["place"] = json!({
                "file": self.file, "line": self.line, "column": self.column,
                "cells": Value::Object(cells.collect()),
            });
        }
        value
    }
}

/// Cells of a row that are printed beside a verdict.
const BESIDE_SHOWN_MAX: usize = 6;

/// The worst verdicts first, in their order.
pub(super) fn worst_first(judged: &[Judged]) -> Vec<&Judged> {
    let mut all: Vec<&Judged> = judged.iter().collect();
    all.sort_by_key(|one| severity(one.verdict.exit_code()));
    all
}

/// The beginning of a long text: the rest says nothing to a reader.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl Verdict {
    fn of(report: Report) -> Self {
        if report.exit_code != 2 {
            return Self::Report(Box::new(report));
        }
        let failed = report.checks.into_iter().find(|check| check.result == CheckResult::Fail);
        let detail = failed.map(|check| check.evidence).unwrap_or_default();
        Self::Unreadable { subject: report.subject, code: "format", detail }
    }

    /// Names what was looked at by its file, where it says nothing of itself.
    fn about(mut self, file: &str) -> Self {
        if let Self::Refused { subject, .. } | Self::Unreadable { subject, .. } = &mut self {
            *subject = match subject.as_str() {
                "" => file.to_owned(),
                own if own == file => return self,
                own => format!("{file}: {own}"),
            };
        }
        self
    }

    /// A dossier whose own trust snapshot cannot be used.
    fn of_error(error: &DossierError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        let subject = String::new();
        match error {
            error if error.is_unreadable() => Self::Unreadable { subject, code, detail },
            _ => Self::Refused { subject, code, detail },
        }
    }

    fn untrusted() -> Self {
        let detail = "whom to trust is not known: give --trust FILE".to_owned();
        Self::Unreadable { subject: String::new(), code: "trust", detail }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Report(report) => report.exit_code,
            Self::Refused { .. } => 1,
            Self::Unreadable { .. } => 2,
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Report(report) => json!(report),
            Self::Refused { subject, code, detail } => {
                json!({ "type": "Refused", "subject": subject, "code": code, "detail": detail,
                    "exitCode": 1 })
            }
            Self::Unreadable { subject, code, detail } => {
                json!({ "type": "Unreadable", "subject": subject, "code": code, "detail": detail,
                    "exitCode": 2 })
            }
        }
    }
}

/// The worst of all: 1, then 2, 3, 4, 0.
fn worst(judged: &[Judged]) -> Outcome {
    match worst_first(judged).first().map(|one| one.verdict.exit_code()) {
        Some(1) => Outcome::Failed,
        Some(2) => Outcome::Unreadable,
        Some(3) => Outcome::Undecided,
        Some(4) => Outcome::Unfit,
        Some(_) => Outcome::Passed,
        // Nothing was judged.
        None => Outcome::Unreadable,
    }
}
