//! A batch of rows on its way into the log: prepared by the ledger, checked here against what the
//! file asked for (whoever signs must not trust the one who prepares), signed, submitted; prepared
//! again where another was faster to take a number.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::common::cells::{CellFault, told};
use super::super::common::keys::Registered;
use super::super::common::output::progress;
use super::super::common::service::{Answered, CHUNK_ROWS_MAX, Requests, Source};
use super::super::common::words::tr;
use super::columns::What;
use super::operators;
use super::rows::{IssueRow, RowRequest};
use super::same::{first_difference, same_certificate, same_lot};
use crate::catalog::{BaseUnit, Catalog};
use crate::client::ServerProblem;
use crate::ledger::{CertificateRequest, Held, LotRequest, OperatorRequest};
use crate::limits::RESERVATIONS_MAX;
use crate::names::{LotKey, PartySlug};
use crate::seal::{SealError, seal_for_submission};
use crate::statement::{Claim, Credential, Domain, Timestamp, Volume, canonical_bytes};

/// One row and how far it came, as printed.
#[derive(Debug, Serialize)]
pub struct BatchEntry {
    /// Line in the file.
    pub line: u64,
    /// The lot, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lot: String,
    /// Of a certificate of an operator: whom, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub operator: String,
    /// The lot, as the ledger names it.
    #[serde(skip)]
    pub key: Option<LotKey>,
    /// How far it came.
    #[serde(flatten)]
    pub state: RowState,
    /// What holds the lot, or will once it is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Where its declaration stands, of a row that declares and certifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<u64>,
}

/// How far a row came.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum RowState {
    /// Prepared and checked; not signed.
    Ready(Box<Ready>),
    /// To be declared first, by this cooperative; the certificate is judged after that.
    Declarable {
        /// Whose lot it is.
        producer: String,
    },
    /// In the log now.
    Logged {
        /// Place in the log.
        index: u64,
        /// The statement's id.
        id: String,
    },
    /// In the log before.
    Already {
        /// Place in the log.
        index: u64,
        /// The statement's id.
        id: String,
    },
    /// Not signed, or refused.
    Refused {
        /// The stable code.
        code: String,
        /// What was wrong and what to do.
        detail: String,
        /// The same, cell by cell, where cells are at fault.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        faults: Vec<CellFault>,
    },
}

/// What is about to be signed.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// What the ledger prepared.
    #[serde(skip)]
    pub unsigned: Value,
    #[serde(skip)]
    request: RowRequest,
    /// Whose lot it is, or which operator.
    pub cooperative: String,
    /// Scheme or product.
    pub kind: String,
    /// How much.
    #[serde(flatten)]
    pub amount: Amount,
    /// Certificates that the same certifier gave the same lot or operator under the same scheme:
    /// this would be a further one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<u64>,
    /// The certificate whose place it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
}

/// What was prepared, in the words of whoever is asked to agree.
struct Checked {
    cooperative: String,
    kind: String,
    amount: Amount,
    replaces: Option<u64>,
}

/// How much a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Amount {
    /// Of a lot.
    Lot {
        /// Smallest unit.
        quantity: u64,
        /// Unit code.
        unit: String,
    },
    /// Of harvests.
    Volumes {
        /// By material and campaign.
        volumes: Vec<Volume>,
    },
}

impl BatchEntry {
    /// A row that has come so far.
    fn of(line: u64, subject: String, what: What, state: RowState) -> Self {
        let (lot, operator) = match what {
            What::Operators => (String::new(), subject),
            What::Certificates | What::Lots | What::Both => (subject, String::new()),
        };
        Self { line, lot, operator, key: None, state, held: None, declared: None }
    }

    /// A row that cannot be read.
    #[must_use]
    pub fn faulty(line: u64, subject: String, what: What, faults: Vec<CellFault>) -> Self {
        let state = RowState::Refused { code: "row".to_owned(), detail: told(&faults), faults };
        Self::of(line, subject, what, state)
    }

    /// What the row is about, as written.
    #[must_use]
    pub fn subject(&self) -> &str {
        if self.lot.is_empty() { &self.operator } else { &self.lot }
    }
}

/// Rows and who would sign them.
#[derive(Clone, Copy)]
pub struct IssueBatch<'a> {
    /// The ledger.
    pub source: &'a Source,
    /// Its names.
    pub domain: &'a Domain,
    /// Who signs.
    pub issuer: &'a PartySlug,
    /// With which key; None in a dry run.
    pub signer: Option<&'a Registered>,
    /// The instant of signing.
    pub now: Timestamp,
}

impl IssueBatch<'_> {
    /// Has the ledger prepare the rows and checks every answer against its row.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn prepare(&self, rows: Vec<IssueRow>, what: What) -> anyhow::Result<Vec<BatchEntry>> {
        let mut entries = Vec::with_capacity(rows.len());
        let mut asked = Vec::new();
        for IssueRow { line, subject, request } in rows {
            let key = request.as_ref().ok().and_then(key_of);
            let state = match request {
                Ok(request) => {
                    asked.push((entries.len(), request));
                    refused("unprepared", "the ledger gave no answer")
                }
                Err(faults) => {
                    entries.push(BatchEntry::faulty(line, subject, what, faults));
                    continue;
                }
            };
            entries.push(BatchEntry { key, ..BatchEntry::of(line, subject, what, state) });
        }
        let bar = progress(asked.len(), "preparing");
        for chunk in asked.chunks(CHUNK_ROWS_MAX) {
            let requests: Vec<&RowRequest> = chunk.iter().map(|(_, request)| request).collect();
            let answers = self.ask(&requests, what)?;
            for ((place, request), answer) in chunk.iter().zip(answers) {
                if let Some(entry) = entries.get_mut(*place) {
                    entry.state = self.judge(request, answer);
                }
            }
            bar.inc(u64::try_from(chunk.len()).unwrap_or_default());
        }
        bar.finish_and_clear();
        Ok(entries)
    }

    fn ask(&self, requests: &[&RowRequest], what: What) -> anyhow::Result<Vec<Answered>> {
        let requests = || requests.iter().map(|request| (*request).clone());
        match what {
            What::Certificates => {
                let rows: Vec<CertificateRequest> = requests()
                    .filter_map(|request| match request {
                        RowRequest::Certificate(row, _) => Some(row),
                        _ => None,
                    })
                    .collect();
                self.source.prepare(&Requests::Certificates(&rows), self.signer)
            }
            What::Lots => {
                let rows: Vec<LotRequest> = requests()
                    .filter_map(|request| match request {
                        RowRequest::Lot(row) => Some(row),
                        _ => None,
                    })
                    .collect();
                self.source.prepare(&Requests::Lots(&rows), None)
            }
            What::Operators => {
                let rows: Vec<OperatorRequest> = requests()
                    .filter_map(|request| match request {
                        RowRequest::Operator(row) => Some(row),
                        _ => None,
                    })
                    .collect();
                self.source.prepare(&Requests::Operators(&rows), self.signer)
            }
            What::Both => anyhow::bail!("rows that declare and certify are parted first"),
        }
    }

    fn judge(&self, request: &RowRequest, answer: Answered) -> RowState {
        match answer {
            Answered::Existing { id, index } => RowState::Already { index, id },
            Answered::ServerProblem(problem) => refused(&problem.code, problem.detail),
            Answered::Unsigned { unsigned, beside } => match self.check(request, &unsigned) {
                Ok(Checked { cooperative, kind, amount, replaces }) => {
                    let request = request.clone();
                    let ready =
                        Ready { unsigned, request, cooperative, kind, amount, beside, replaces };
                    RowState::Ready(Box::new(ready))
                }
                Err(detail) => refused("not_as_asked", detail),
            },
        }
    }

    /// Reads what was prepared as the ledger will, and compares it with what was asked.
    fn check(&self, request: &RowRequest, unsigned: &Value) -> Result<Checked, String> {
        let said = Credential::parse(&canonical_bytes(unsigned), None, self.domain);
        let said = said.map_err(|error| error.to_string())?;
        if said.issuer != *self.issuer {
            return Err(format!("prepared for {}, not {}", said.issuer, self.issuer));
        }
        match (request, &said.claim) {
            (RowRequest::Certificate(asked, unit), Claim::Certificate(claim)) => {
                same_certificate(asked, *unit, claim)?;
                let facts = &claim.facts;
                let amount = Amount::lot(facts.quantity, &facts.unit);
                let (cooperative, kind) = (claim.client.to_string(), claim.scheme.to_string());
                Ok(Checked { cooperative, kind, amount, replaces: claim.supersedes() })
            }
            (RowRequest::Lot(asked), Claim::Lot(claim)) => {
                same_lot(asked, claim)?;
                let facts = &claim.facts;
                let amount = Amount::lot(facts.quantity, &facts.unit);
                let (cooperative, kind) = (asked.producer.clone(), facts.product.to_string());
                Ok(Checked { cooperative, kind, amount, replaces: None })
            }
            (RowRequest::Operator(asked), Claim::OperatorCertificate(claim)) => {
                first_difference(&operators::differences(asked, claim))?;
                let amount = Amount::Volumes { volumes: claim.facts.volumes.clone() };
                let (cooperative, kind) = (claim.party.to_string(), claim.scheme.to_string());
                Ok(Checked { cooperative, kind, amount, replaces: None })
            }
            (_, other) => Err(format!("the ledger prepared a {} instead", other.kind())),
        }
    }

    /// Signs what is ready and submits it in requests of 500; a later run takes up what is left.
    /// Gives the digest of what was signed, as [`digest_of`] does.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn sign_and_submit(
        &self,
        entries: &mut [BatchEntry],
        what: What,
        signer: &Registered,
    ) -> anyhow::Result<String> {
        let ready = |entry: &&mut BatchEntry| matches!(entry.state, RowState::Ready(_));
        let mut ready: Vec<&mut BatchEntry> = entries.iter_mut().filter(ready).collect();
        let bar = progress(ready.len(), "signing and submitting");
        let mut digest = Sha256::new();
        for (place, chunk) in ready.chunks_mut(CHUNK_ROWS_MAX).enumerate() {
            // Numbers are kept for 500 rows at a time: those of later rows are asked for again.
            if place > 0 && what.is_numbered() {
                self.renew(chunk, what)?;
            }
            let signed = self.submit(chunk, what, signer)?;
            signed.iter().for_each(|unsigned| update(&mut digest, unsigned));
            bar.inc(u64::try_from(chunk.len()).unwrap_or_default());
        }
        bar.finish_and_clear();
        Ok(hex(digest))
    }

    /// Signs and submits the rows of one request, and again those whose number was taken by
    /// another meanwhile. Gives what was signed last of each row.
    fn submit(
        &self,
        chunk: &mut [&mut BatchEntry],
        what: What,
        signer: &Registered,
    ) -> anyhow::Result<Vec<Value>> {
        let mut signed: Vec<Option<Value>> = vec![None; chunk.len()];
        for round in 1..=ROUNDS_MAX {
            let going: Vec<(usize, Box<Ready>)> = (0..)
                .zip(chunk.iter())
                .filter_map(|(place, entry)| match &entry.state {
                    RowState::Ready(ready) => Some((place, ready.clone())),
                    _ => None,
                })
                .collect();
            let sealed = going.iter().map(|(_, ready)| {
                seal_for_submission(&ready.unsigned, &signer.method, self.now, &*signer.key)
            });
            let sealed = sealed.collect::<Result<Vec<_>, SealError>>()?;
            let answers = self.source.submit(&sealed)?;
            let mut taken = false;
            for ((place, ready), answer) in going.into_iter().zip(answers) {
                if let Some(last) = signed.get_mut(place) {
                    *last = Some(ready.unsigned.clone());
                }
                let Some(entry) = chunk.get_mut(place) else { continue };
                entry.state = match answer {
                    Ok(placed) if placed.duplicate => {
                        RowState::Already { index: placed.index, id: placed.id }
                    }
                    Ok(placed) => RowState::Logged { index: placed.index, id: placed.id },
                    Err(problem) if round < ROUNDS_MAX && is_taken(&problem, what) => {
                        taken = true;
                        RowState::Ready(ready)
                    }
                    Err(problem) => refused(&problem.code, problem.detail),
                };
            }
            if !taken {
                break;
            }
            self.renew(chunk, what)?;
        }
        Ok(signed.into_iter().flatten().collect())
    }

    /// Has what is ready prepared again, for a number of its own. It must say what was shown.
    fn renew(&self, chunk: &mut [&mut BatchEntry], what: What) -> anyhow::Result<()> {
        let mut old: Vec<(&mut &mut BatchEntry, Box<Ready>)> = Vec::with_capacity(chunk.len());
        for entry in chunk.iter_mut() {
            if let RowState::Ready(ready) = &entry.state {
                let ready = ready.clone();
                old.push((entry, ready));
            }
        }
        let requests: Vec<&RowRequest> = old.iter().map(|(_, ready)| &ready.request).collect();
        let answers = self.ask(&requests, what)?;
        for ((entry, shown), answer) in old.into_iter().zip(answers) {
            entry.state = match self.judge(&shown.request, answer) {
                RowState::Ready(ready) if !ready.says_as(&shown) => {
                    refused("not_as_asked", "the ledger prepared another than was shown")
                }
                state => state,
            };
        }
        Ok(())
    }
}

/// How often a row is signed at most: each time another was faster.
const ROUNDS_MAX: u32 = 8;

/// Whether another took the number of a certificate, or it is kept for another.
fn is_taken(problem: &ServerProblem, what: What) -> bool {
    what.is_numbered() && matches!(problem.code.as_str(), "id_taken" | "serial_reserved")
}

/// Whether the digest of what is shown is that of what will be signed: numbers are kept for so many
/// rows at a time.
#[must_use]
pub fn is_final(entries: &[BatchEntry], what: What) -> bool {
    let ready = entries.iter().filter(|entry| matches!(entry.state, RowState::Ready(_))).count();
    !what.is_numbered() || ready <= RESERVATIONS_MAX
}

impl Amount {
    fn lot(quantity: u64, unit: &str) -> Self {
        Self::Lot { quantity, unit: unit.to_owned() }
    }

    /// Unit codes and quantities.
    fn by_unit(&self) -> Vec<(String, u64)> {
        let catalog = Catalog::builtin().ok();
        let unit_of = |material: &str| {
            let known = catalog.and_then(|catalog| catalog.material(material));
            known.map_or("", |known| known.unit.code()).to_owned()
        };
        match self {
            Self::Lot { quantity, unit } => vec![(unit.clone(), *quantity)],
            Self::Volumes { volumes } => {
                volumes.iter().map(|row| (unit_of(&row.material), row.quantity)).collect()
            }
        }
    }
}

impl Ready {
    /// Whether it says the same to whoever is asked to agree.
    fn says_as(&self, other: &Self) -> bool {
        let facts = |ready: &Self| {
            let (cooperative, kind) = (ready.cooperative.clone(), ready.kind.clone());
            (cooperative, kind, ready.amount.clone(), ready.replaces)
        };
        facts(self) == facts(other)
    }
}

/// The lot that a row is about.
pub fn key_of(request: &RowRequest) -> Option<LotKey> {
    match request {
        RowRequest::Certificate(row, _) => row.lot.parse().ok(),
        RowRequest::Both(_, row, _) => row.lot.parse().ok(),
        RowRequest::Operator(_) => None,
        RowRequest::Lot(row) => {
            let owner = row.gtin.as_deref().unwrap_or(&row.producer);
            format!("{owner}/{}", row.lot).parse().ok()
        }
    }
}

/// SHA-256 over the canonical bytes of what is ready, without proofs, one a line.
#[must_use]
pub fn digest_of(entries: &[BatchEntry]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        if let RowState::Ready(ready) = &entry.state {
            update(&mut hash, &ready.unsigned);
        }
    }
    hex(hash)
}

fn update(hash: &mut Sha256, unsigned: &Value) {
    hash.update(canonical_bytes(unsigned));
    hash.update(b"\n");
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is about to be signed, for people.
#[must_use]
pub fn summary(entries: &[BatchEntry]) -> Vec<Vec<String>> {
    let ready = || {
        entries.iter().filter_map(|entry| match &entry.state {
            RowState::Ready(ready) => Some(ready),
            _ => None,
        })
    };
    let mut totals: BTreeMap<String, u64> = BTreeMap::new();
    let mut cooperatives: BTreeMap<&str, u64> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for row in ready() {
        for (unit, quantity) in row.amount.by_unit() {
            let total = totals.entry(unit).or_default();
            *total = total.saturating_add(quantity);
        }
        *cooperatives.entry(&row.cooperative).or_default() += 1;
        *kinds.entry(&row.kind).or_default() += 1;
    }
    let amounts = totals.iter().map(|(unit, total)| {
        BaseUnit::of_code(unit).map_or_else(|| total.to_string(), |unit| unit.display(*total))
    });
    let counted = |counts: &BTreeMap<&str, u64>| {
        let words = counts.iter().map(|(name, count)| format!("{name} ({count})"));
        words.collect::<Vec<_>>().join(", ")
    };
    let replacing = ready().filter(|row| row.replaces.is_some()).count();
    let replacing =
        (replacing > 0).then(|| vec![tr("told-sum-replace", &[]), replacing.to_string()]);
    let mut lines = vec![
        vec![tr("told-sum-sign", &[]), ready().count().to_string()],
        vec![tr("told-sum-quantity", &[]), amounts.collect::<Vec<_>>().join(", ")],
        vec![tr("told-sum-cooperatives", &[]), counted(&cooperatives)],
        vec![tr("told-sum-kinds", &[]), counted(&kinds)],
    ];
    lines.extend(replacing);
    lines
}

/// A row that is not signed, or was refused.
pub fn refused(code: &str, detail: impl Into<String>) -> RowState {
    RowState::Refused { code: code.to_owned(), detail: detail.into(), faults: Vec::new() }
}
