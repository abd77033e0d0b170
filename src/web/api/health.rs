//! `/api/v1/log/health`: how the log is, as far as it can say so itself: size, age, cosignatures,
//! entries per day, status lists. Not the audit: whoever doubts runs `tasdiq audit` or `monitor`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::BRIEF;
use crate::ledger::WitnessStanding;
use crate::log::Note;
use crate::seal::LogPosition;
use crate::statement::{Day, Timestamp};
use crate::web::App;

/// Days shown.
const DAYS: i64 = 30;

/// Bytes of a cosignature with its time (C2SP tlog-cosignature, type 0x04).
const COSIGNATURE_BYTES: usize = 72;

/// How the log is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The log.
    pub origin: String,
    /// Entries under the checkpoint.
    pub size: u64,
    /// The root, base64.
    pub root: String,
    /// The log's verifier key (C2SP signed-note).
    pub log_key: String,
    /// The pinned root key, as Multikey.
    pub root_key: String,
    /// The newest checkpoint, as signed.
    pub checkpoint: String,
    /// When it was asked.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Log time of the newest entry; its checkpoint was signed then.
    #[schema(value_type = Option<String>)]
    pub newest_entry: Option<Timestamp>,
    /// Seconds since.
    pub checkpoint_age_seconds: Option<u64>,
    /// Why no more entries are accepted, if so.
    pub stopped: Option<String>,
    /// Whether the witnesses that the policy asks for have signed it; null without a policy.
    pub quorum_met: Option<bool>,
    /// Witnesses of the policy, signed or not; without a policy, whoever's line stands under the
    /// checkpoint.
    pub witnesses: Vec<Cosigned>,
    /// Status lists, the newest version of each.
    pub status_lists: Vec<ListHealth>,
    /// Log time of the entry that names the current lists; daily.
    #[schema(value_type = Option<String>)]
    pub status_index_at: Option<Timestamp>,
    /// Entries of each of the last 30 days, oldest first, today last (UTC).
    pub entries_per_day: Vec<DayCount>,
}

/// One witness.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cosigned {
    /// Name of its key.
    pub name: String,
    /// When it last signed, by its own word.
    #[schema(value_type = Option<String>)]
    pub at: Option<Timestamp>,
    /// Seconds since.
    pub lag_seconds: Option<u64>,
    /// Entries beyond the checkpoint it last signed.
    pub lag_entries: Option<u64>,
    /// Why it did not sign last time, if so.
    pub error: Option<String>,
}

/// One status list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListHealth {
    /// E.g. `revocation-0`.
    pub list: String,
    /// The entry that holds the newest version.
    pub entry: Option<u64>,
    /// When it was logged.
    #[schema(value_type = Option<String>)]
    pub logged_at: Option<Timestamp>,
    /// Since when it no longer says what the register says, if so.
    #[schema(value_type = Option<String>)]
    pub stale_since: Option<Timestamp>,
}

/// Entries of one day.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayCount {
    /// The day, UTC.
    #[schema(value_type = String)]
    pub day: Day,
    /// How many.
    pub entries: u64,
}

/// How the log is: size, age, cosignatures, entries per day, status lists.
#[utoipa::path(get, path = "/api/v1/log/health", tag = "log",
    responses((status = 200, description = "How the log is", body = Health)))]
pub async fn health(State(app): State<App>) -> Response {
    ([(header::CACHE_CONTROL, BRIEF)], axum::Json(health_of(&app, app.ledger.now())))
        .into_response()
}

/// The same as a value, at `at`.
pub fn health_of(app: &App, at: Timestamp) -> Health {
    let (view, published) = (app.ledger.view(), app.ledger.witnessed_view());
    let config = app.ledger.config();
    let register = &view.register;
    let quorum = app.ledger.witness_policy().and_then(|policy| {
        Note::parse(&published.checkpoint).ok().map(|note| policy.evaluate(&note).met)
    });
    let lists = register.lists().map(|((purpose, list), state)| {
        let newest: Option<LogPosition> = state.versions.last().copied();
        ListHealth {
            list: format!("{}-{list}", purpose.word()),
            entry: newest.map(|mark| mark.index),
            logged_at: newest.map(|mark| mark.logged_at),
            stale_since: state.stale_since,
        }
    });
    let today = at.day().days();
    let days = (0..DAYS).rev().map(|back| Day::from_days(today.saturating_sub(back)));
    Health {
        origin: register.domain().origin(),
        size: view.size,
        root: view.root.to_string(),
        log_key: config.log_key.clone(),
        root_key: config.root.clone(),
        checkpoint: published.checkpoint.to_string(),
        at,
        newest_entry: register.last_at(),
        checkpoint_age_seconds: register.last_at().map(|newest| since(newest, at)),
        stopped: app.stopped(),
        quorum_met: quorum,
        witnesses: match quorum {
            Some(_) => {
                let standing = app.ledger.witness_standing();
                standing.into_iter().map(|witness| stands(witness, view.size, at)).collect()
            }
            None => cosigned(&published.checkpoint, app.ledger.log_key().name(), at),
        },
        status_lists: lists.collect(),
        status_index_at: register.status_index().map(|mark| mark.logged_at),
        entries_per_day: days
            .map(|day| DayCount { day, entries: register.entries_on(day) })
            .collect(),
    }
}

fn since(then: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.seconds().saturating_sub(then.seconds())).unwrap_or_default()
}

/// The cosignature lines of a note, newest of each name; the log's own line is none.
fn cosigned(note: &str, log: &str, now: Timestamp) -> Vec<Cosigned> {
    let signatures = Note::parse(note).map(|note| note.signatures).unwrap_or_default();
    let mut newest = std::collections::BTreeMap::new();
    for line in signatures.into_iter().filter(|line| line.name != log) {
        let time = line.bytes.first_chunk().map(|seconds| u64::from_be_bytes(*seconds));
        let Some(seconds) = time.and_then(|seconds| i64::try_from(seconds).ok()) else { continue };
        if line.bytes.len() == COSIGNATURE_BYTES {
            let at = Timestamp::from_seconds(seconds);
            newest
                .entry(line.name)
                .and_modify(|known: &mut Timestamp| *known = at.max(*known))
                .or_insert(at);
        }
    }
    let lines = newest.into_iter();
    let unknown = |(name, at)| Cosigned {
        name,
        at: Some(at),
        lag_seconds: Some(since(at, now)),
        lag_entries: None,
        error: None,
    };
    lines.map(unknown).collect()
}

/// A witness of the policy, as the service knows it.
fn stands(witness: WitnessStanding, size: u64, now: Timestamp) -> Cosigned {
    Cosigned {
        name: witness.name,
        at: witness.signed_at,
        lag_seconds: witness.signed_at.map(|at| since(at, now)),
        lag_entries: witness.size.map(|signed| size.saturating_sub(signed)),
        error: witness.error,
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::log::{NoteAlgorithm, NoteKey, cosign, sign_note};

    #[test]
    fn witnesses_by_their_newest_line() {
        let private = SigningKey::from_bytes(&[9; 32]);
        let public = private.verifying_key().to_bytes();
        let sign = |bytes: &[u8]| private.sign(bytes).to_bytes();
        let log = NoteKey::new("tasdiq.example/log", NoteAlgorithm::Ed25519, public).unwrap();
        let text = "tasdiq.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let mut note = Note::parse(&sign_note(text, &log, &sign)).unwrap();
        let at = Timestamp::from_seconds(1_000);
        for (name, seconds) in [("w1.example", 900), ("w1.example", 940), ("w2.example", 2_000)] {
            let key = NoteKey::new(name, NoteAlgorithm::CosignatureV1, public).unwrap();
            note.signatures.push(cosign(text, &key, Timestamp::from_seconds(seconds), &sign));
        }
        let found = cosigned(&note.to_string(), "tasdiq.example/log", at);
        let lags: Vec<_> = found.iter().map(|w| (w.name.as_str(), w.lag_seconds)).collect();
        assert_eq!(lags, [("w1.example", Some(60)), ("w2.example", Some(0))]);
    }
}
