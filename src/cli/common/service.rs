//! Where a verb gets its ledger from: a service at an address, the service that holds the data
//! folder, or the folder itself. All answer the same questions in the same form.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use ureq::http::{Request, Response};

use super::super::Global;
use super::holder::running_service;
use super::keys::Registered;
use super::label_rows::{LabelRows, all_labels};
use super::requests::SignedCall;
use crate::client::{Answering, Client, ClientError, ServerProblem};
use crate::ledger::{
    CertificateRequest, Home, Ledger, LotRequest, OpenOptions, OperatorRequest, unsigned_trust,
};
use crate::limits::BULK_BYTES_MAX;
use crate::log::{Checkpoint, Note};
use crate::names::LotKey;
use crate::os::now;
use crate::os::percent;
use crate::source::{FolderSource, LogSource, PackData, Part, UrlSource};
use crate::statement::EventId;
use crate::trust::Trust;
use crate::web::InProcess;

/// Rows in one request: half of what a service takes.
pub const CHUNK_ROWS_MAX: usize = 500;

/// One statement a line.
const NDJSON: &str = "application/x-ndjson";

/// How long a service is asked again for a dossier whose status lists lag behind, in seconds.
const PENDING_SECONDS_MAX: u32 = 20;

/// Option of every verb that talks to a ledger.
#[derive(Debug, Clone, clap::Args)]
pub struct At {
    /// Address of a running service; without it the data folder is used.
    #[arg(long, env = "TASDIQ_URL", value_name = "URL")]
    pub url: Option<String>,
}

/// Options of the verbs that only read: a copy of static files will do.
#[derive(Debug, Clone, clap::Args)]
pub struct AtOrCopy {
    #[command(flatten)]
    pub at: At,
    /// A folder of static files, as `export` writes them.
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    pub tiles: Option<PathBuf>,
}

/// A ledger, near or far.
pub enum Source {
    /// A running service; or the data folder, opened here, behind the very routes that one has.
    Service(Client, Option<Arc<InProcess>>),
    /// Static files: they answer for the log, the trust snapshot and the pack.
    Copy(FolderSource),
}

impl Answering for InProcess {
    fn answer(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, String> {
        Self::answer(self, request)
    }
}

/// The log and its documents, from where the options name them: a service, or the data folder.
///
/// # Errors
/// No ledger there, or one that cannot be reached or opened.
pub fn open_log(at: &At, global: &Global) -> anyhow::Result<Box<dyn LogSource>> {
    Ok(match Source::open(at, global)? {
        Source::Service(client, _) => Box::new(UrlSource::new(client)),
        Source::Copy(copy) => Box::new(copy),
    })
}

/// What came of one submitted statement.
pub type Submitted = Result<Accepted, ServerProblem>;

/// A statement that is in the log.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Place in the log.
    pub index: u64,
    /// The statement's id.
    pub id: String,
    /// Whether it was there before.
    pub duplicate: bool,
    /// The whole receipt.
    pub receipt: Value,
}

/// What came of a group that is logged whole or not at all.
pub type SubmittedGroup = Result<Vec<Accepted>, ServerProblem>;

/// What came of one prepared row.
#[derive(Clone, Debug)]
pub enum Answered {
    /// To be signed.
    Unsigned {
        /// The statement without its proof.
        unsigned: Value,
        /// Certificates it would stand beside.
        beside: Vec<u64>,
    },
    /// In the log already, with the same facts.
    Existing {
        /// The statement's id.
        id: String,
        /// Place in the log.
        index: u64,
    },
    /// Refused.
    ServerProblem(ServerProblem),
}

/// Requests of one kind.
pub enum Requests<'a> {
    /// Certificates.
    Certificates(&'a [CertificateRequest]),
    /// Lots.
    Lots(&'a [LotRequest]),
    /// Certificates of operators.
    Operators(&'a [OperatorRequest]),
}

impl Source {
    /// Opens the ledger a verb works on.
    ///
    /// # Errors
    /// No ledger there, or one that cannot be reached or opened.
    pub fn open(at: &At, global: &Global) -> anyhow::Result<Self> {
        if let Some(url) = &at.url {
            return Ok(Self::Service(Client::new(url)?, None));
        }
        let home = Home::at(&global.data);
        if !home.has_ledger() {
            bail!(
                "no ledger: {} holds none; give --url URL of a service, or --data DIR",
                global.data.display()
            );
        }
        if let Some(client) = running_service(&home) {
            return Ok(Self::Service(client, None));
        }
        let told = std::env::var("TASDIQ_ACCEPT_CLOCK").is_ok_and(|value| value == "true");
        let options = OpenOptions { accept_clock: told, ..OpenOptions::default() };
        let opened = Arc::new(InProcess::new(Ledger::open(&home, &options)?)?);
        Ok(Self::Service(Client::in_process(opened.clone()), Some(opened)))
    }

    /// As [`Self::open`], or the copy that `--tiles` names.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_or_copy(from: &AtOrCopy, global: &Global) -> anyhow::Result<Self> {
        match &from.tiles {
            Some(folder) => Ok(Self::Copy(FolderSource::new(folder))),
            None => Self::open(&from.at, global),
        }
    }

    /// The root that the data folder names, when the ledger is that folder's own: nobody needs to
    /// compare it then.
    #[must_use]
    pub fn own_root(at: &At, global: &Global) -> Option<String> {
        let home = Home::at(&global.data);
        let config = if at.url.is_none() { home.config().ok() } else { None };
        config.map(|config| config.root)
    }

    /// Whether [`Self::open`] has something to open.
    #[must_use]
    pub fn is_given(at: &At, global: &Global) -> bool {
        at.url.is_some() || Home::at(&global.data).has_ledger()
    }

    /// The service, which answers more than a copy does.
    ///
    /// # Errors
    /// It is a copy.
    pub fn service(&self) -> anyhow::Result<&Client> {
        match self {
            Self::Service(client, _) => Ok(client),
            Self::Copy(_) => {
                bail!("a copy of static files only answers for the log, trust and pack")
            }
        }
    }

    /// The signed trust snapshot.
    ///
    /// # Errors
    /// The service's.
    pub fn trust_bytes(&self) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Service(client, _) => Ok(client.get("/trust")?),
            Self::Copy(copy) => Ok(copy.fetch(&Part::Trust)?.context("the copy has no trust")?),
        }
    }

    /// The trust snapshot of the newest state, verified; with `root` also that it is under that
    /// root. It knows a party that was registered a moment ago, before witnesses have seen it.
    ///
    /// # Errors
    /// As [`Self::trust_bytes`], and a snapshot that cannot be believed.
    pub fn trust(&self, root: Option<&str>) -> anyhow::Result<Trust> {
        let bytes = match self {
            Self::Service(client, opened) => match (client.get("/trust?newest=true"), opened) {
                // Who has the folder can mend this.
                (Err(error), Some(opened))
                    if error.code() == "no_key_in_force" && root.is_none() =>
                {
                    return Ok(unsigned_trust(opened.ledger(), now())?);
                }
                (bytes, _) => bytes?,
            },
            Self::Copy(_) => self.trust_bytes()?,
        };
        Trust::open(&bytes, root).context("the trust snapshot cannot be believed")
    }

    /// The signed offline pack; with `since` only what changed since that log size, where that can
    /// be had.
    ///
    /// # Errors
    /// The service's.
    pub fn pack_bytes(&self, since: Option<u64>) -> anyhow::Result<PackData> {
        let pack = match (self, since) {
            (Self::Service(client, _), None) => UrlSource::new(client.clone()).pack()?,
            (Self::Service(client, _), Some(since)) => {
                UrlSource::new(client.clone()).pack_since(since)?
            }
            // Whoever asks for changes gets the whole pack, and sees that it is whole.
            (Self::Copy(copy), _) => copy.pack()?,
        };
        pack.context("there is no pack")
    }

    /// The signed dossier of a certificate. While the status lists lag behind, it is asked for
    /// again for some seconds.
    ///
    /// # Errors
    /// The service's.
    pub fn dossier(&self, serial: u64) -> anyhow::Result<Vec<u8>> {
        self.proven_file(&format!("/certificates/{serial}.tasdiq"))
    }

    /// The signed consignment of a shipment; the same goes for it.
    ///
    /// # Errors
    /// The service's.
    pub fn consignment(&self, id: &EventId) -> anyhow::Result<Vec<u8>> {
        self.proven_file(&format!("/{}.tasdiq", id.path()))
    }

    fn proven_file(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let client = self.service()?;
        for _ in 0..PENDING_SECONDS_MAX {
            match client.get(path) {
                Err(error) if error.code() == "status_pending" => {
                    std::thread::sleep(std::time::Duration::from_secs(1));
                }
                answer => return Ok(answer?),
            }
        }
        Ok(client.get(path)?)
    }

    /// The signed trace dossier of a lot.
    ///
    /// # Errors
    /// The service's.
    pub fn trace_dossier(&self, lot: &LotKey) -> anyhow::Result<Vec<u8>> {
        let path = format!("/api/v1/lots/{}/trace.tasdiq", percent::path(&lot.to_string()));
        Ok(self.service()?.get(&path)?)
    }

    /// Serials and schemes of a lot's certificates.
    ///
    /// # Errors
    /// The service's; no such lot.
    pub fn certificates_of(&self, lot: &LotKey) -> anyhow::Result<Vec<(u64, String)>> {
        #[derive(Deserialize)]
        struct Certificate {
            serial: u64,
            scheme: String,
        }
        #[derive(Deserialize)]
        struct Found {
            certificates: Vec<Certificate>,
        }
        let path = format!("/api/v1/lots/{}", percent::path(&lot.to_string()));
        let found: Found = self.service()?.get_json(&path)?;
        Ok(found.certificates.into_iter().map(|c| (c.serial, c.scheme)).collect())
    }

    /// The leaf at an index.
    ///
    /// # Errors
    /// The service's.
    pub fn leaf(&self, index: u64) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Service(client, _) => match client.get(&format!("/api/v1/statements/{index}")) {
                // Static files have no API; the log is there all the same.
                Err(ClientError::Refused { problem, .. }) if problem.status == 404 => {
                    logged_leaf(&UrlSource::new(client.clone()), index)
                }
                other => Ok(other?),
            },
            Self::Copy(copy) => logged_leaf(copy, index),
        }
    }

    /// Submits signed statements, in order; at most [`CHUNK_ROWS_MAX`] go in one request.
    ///
    /// # Errors
    /// Only what concerns all of them; a refused one is its own row.
    pub fn submit(&self, statements: &[Vec<u8>]) -> anyhow::Result<Vec<Submitted>> {
        let mut done = Vec::with_capacity(statements.len());
        for chunk in chunks(statements) {
            done.extend(submit(self.service()?, chunk)?);
        }
        Ok(done)
    }

    /// Submits signed statements in one request: all are logged, or none. A refusal of theirs names
    /// the line that is to blame.
    ///
    /// # Errors
    /// Nobody answers, or not in the form that is expected.
    pub fn submit_group(&self, statements: &[Vec<u8>]) -> anyhow::Result<SubmittedGroup> {
        const PATH: &str = "/api/v1/statements?atomic=true";
        let client = self.service()?;
        let answer = match client.post(PATH, NDJSON, &statements.join(&b'\n')) {
            Err(ClientError::Refused { problem, .. }) => return Ok(Err(problem)),
            answer => answer?,
        };
        Ok(rows_of(client, PATH, &answer, statements.len())?.into_iter().collect())
    }

    /// Prepares at most [`CHUNK_ROWS_MAX`] rows, in order; what the log would refuse is refused.
    /// Serials are kept for `signer`, who signs the request.
    ///
    /// # Errors
    /// Only what concerns all of them.
    pub fn prepare(
        &self,
        requests: &Requests<'_>,
        signer: Option<&Registered>,
    ) -> anyhow::Result<Vec<Answered>> {
        const PATH: &str = "/api/v1/prepare";
        #[derive(Deserialize)]
        struct Answer {
            prepared: Vec<AnsweredItem>,
        }
        let body = match requests {
            Requests::Certificates(rows) => json!({ "certificates": rows, "check": true }),
            Requests::Lots(rows) => json!({ "lots": rows, "check": true }),
            Requests::Operators(rows) => json!({ "operators": rows, "check": true }),
        };
        let body = body.to_string().into_bytes();
        let signed =
            signer.map(|signer| SignedCall::new(signer, "POST", PATH, &body)).transpose()?;
        let client = self.service()?;
        let bytes = match signed {
            Some(signed) => signed.send(client)?,
            None => client.post(PATH, "application/json", &body)?,
        };
        let answer: Answer =
            serde_json::from_slice(&bytes).map_err(|error| client.form(PATH, error))?;
        Ok(answer.prepared.into_iter().map(Into::into).collect())
    }

    /// The label of a lot; without one, of every lot that may be labelled.
    ///
    /// # Errors
    /// An unknown lot, one without certificate, and `label_refused`.
    pub fn labels(&self, lot: Option<&LotKey>) -> anyhow::Result<LabelRows> {
        let client = self.service()?;
        let Some(key) = lot else { return all_labels(client) };
        let path = format!("/api/v1/labels?lot={}", percent::value(&key.to_string()));
        Ok(client.get_json(&path)?)
    }

    /// Labels as they are printed; those with serials for `signer`, who signs the request.
    ///
    /// # Errors
    /// What the ledger refuses.
    pub fn label_sheets(
        &self,
        order: &[u8],
        signer: Option<&Registered>,
    ) -> anyhow::Result<Vec<u8>> {
        const PATH: &str = "/api/v1/label-sheets";
        let client = self.service()?;
        Ok(match signer {
            Some(signer) => SignedCall::new(signer, "POST", PATH, order)?.send(client)?,
            None => client.post(PATH, "application/json", order)?,
        })
    }

    /// Logs a signed label issue and hands out its labels, to `signer`, whose issue it is.
    ///
    /// # Errors
    /// What the ledger refuses.
    pub fn issue_labels(&self, statement: &[u8], signer: &Registered) -> anyhow::Result<LabelRows> {
        const PATH: &str = "/api/v1/labels";
        let signed = SignedCall::new(signer, "POST", PATH, statement)?;
        let client = self.service()?;
        Ok(client.json(PATH, &signed.send(client)?)?)
    }
}

/// A leaf of the log as its checkpoint says it is.
fn logged_leaf(source: &dyn LogSource, index: u64) -> anyhow::Result<Vec<u8>> {
    let note = source.fetch(&Part::Checkpoint)?.context("there is no checkpoint")?;
    let note = Note::parse(&String::from_utf8_lossy(&note))?;
    Ok(source.entry(index, Checkpoint::parse(&note.text)?.size)?)
}

/// Parts statements into requests by rows and bytes.
fn chunks(statements: &[Vec<u8>]) -> Vec<&[Vec<u8>]> {
    let mut parts = Vec::new();
    let mut rest = statements;
    while !rest.is_empty() {
        let mut bytes = 0_usize;
        let fitting = rest.iter().take(CHUNK_ROWS_MAX).take_while(|statement| {
            bytes = bytes.saturating_add(statement.len()).saturating_add(1);
            bytes <= BULK_BYTES_MAX
        });
        let (part, later) = rest.split_at(fitting.count().max(1));
        parts.push(part);
        rest = later;
    }
    parts
}

fn submit(client: &Client, statements: &[Vec<u8>]) -> anyhow::Result<Vec<Submitted>> {
    const PATH: &str = "/api/v1/statements";
    let answer = client.post(PATH, NDJSON, &statements.join(&b'\n'))?;
    rows_of(client, PATH, &answer, statements.len())
}

/// The answers to `count` lines.
fn rows_of(
    client: &Client,
    path: &str,
    answer: &[u8],
    count: usize,
) -> anyhow::Result<Vec<Submitted>> {
    #[derive(Deserialize)]
    struct Line {
        receipt: Option<Value>,
        problem: Option<ServerProblem>,
    }
    let lines = answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = |line: &[u8]| -> anyhow::Result<Submitted> {
        let line: Line = client.json(path, line)?;
        match (line.receipt, line.problem) {
            (Some(receipt), _) => Ok(Ok(Accepted::of(receipt).map_err(|e| client.form(path, e))?)),
            (None, Some(problem)) => Ok(Err(problem)),
            _ => Err(client.form(path, "a line has neither receipt nor problem").into()),
        }
    };
    let rows = lines.map(read).collect::<anyhow::Result<Vec<_>>>()?;
    if rows.len() != count {
        let reason = format!("{} lines for {count} statements", rows.len());
        return Err(client.form(path, reason).into());
    }
    Ok(rows)
}

impl Accepted {
    fn of(receipt: Value) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Members {
            id: String,
            index: u64,
            #[serde(default)]
            duplicate: bool,
        }
        let Members { id, index, duplicate } = Members::deserialize(&receipt)?;
        Ok(Self { index, id, duplicate, receipt })
    }
}

/// The form of an answer of `POST /api/v1/prepare`.
#[derive(Deserialize)]
struct AnsweredItem {
    unsigned: Option<Value>,
    existing: Option<ExistingItem>,
    problem: Option<ServerProblem>,
    #[serde(default)]
    beside: Vec<u64>,
}

#[derive(Deserialize)]
struct ExistingItem {
    id: String,
    index: u64,
}

impl From<AnsweredItem> for Answered {
    fn from(item: AnsweredItem) -> Self {
        match item {
            AnsweredItem { problem: Some(problem), .. } => Self::ServerProblem(problem),
            AnsweredItem { unsigned: Some(unsigned), beside, .. } => {
                Self::Unsigned { unsigned, beside }
            }
            AnsweredItem { existing: Some(ExistingItem { id, index }), .. } => {
                Self::Existing { id, index }
            }
            _ => Self::ServerProblem(ServerProblem {
                status: 500,
                code: "unprepared".to_owned(),
                detail: "the ledger gave no answer".to_owned(),
                line: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_hold_at_most_500_rows_and_16_mb() {
        let small = vec![vec![b'{'; 4_000]; 1_001];
        let sizes: Vec<usize> = chunks(&small).iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [500, 500, 1]);
        let large = vec![vec![b'{'; 60_000]; 500];
        let sizes: Vec<usize> = chunks(&large).iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [266, 234]);
        assert!(chunks(&[]).is_empty());
    }
}
