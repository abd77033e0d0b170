//! The client of a service far or in this process. What a server sends is bounded before it is
//! believed: in bytes after inflation and in time; it cannot send elsewhere, and its words cannot
//! steer a terminal.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use ureq::http::{Request, Response, header};

use super::agent::{Caller, is_own};
use super::bounds::Bounds;
use super::error::{ClientError, ServerProblem, words};
use super::roots::{distrust, usable};
use crate::limits::{
    ANSWER_BYTES_A_SECOND, ANSWER_GRACE_SECONDS, JSON_COST_MAX, NOTE_BYTES_MAX, REDIRECTS_MAX,
};
use crate::statement::json_cost;

/// Bytes read at a time.
const CHUNK_BYTES: usize = 65_536;

/// A service at an address, or one of this process.
#[derive(Clone)]
pub struct Client {
    base: String,
    way: Way,
}

/// How requests reach a service.
#[derive(Clone)]
enum Way {
    Network(ureq::Agent),
    InProcess(Arc<dyn Answering>),
}

/// Who answers requests in this process.
pub trait Answering: Send + Sync {
    /// The answer to a request.
    ///
    /// # Errors
    /// Why there is none.
    fn answer(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, String>;
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

/// A request under way: what is asked, and until when.
struct Asking {
    url: String,
    bounds: Bounds,
    since: Instant,
}

impl Client {
    /// A client of the service at `base`, e.g. `http://127.0.0.1:8080`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ClientError::Address`]; [`ClientError::Roots`] of an https address, if the roots that were
    /// named cannot be used.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let base = base.trim().trim_end_matches('/');
        let rest = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://"));
        let odd = |c: char| c.is_whitespace() || c.is_control() || "?#\\".contains(c);
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(odd)) {
            return Err(ClientError::Address { text: base.chars().take(60).collect() });
        }
        if base.starts_with("https://") {
            usable()?;
        }
        Ok(Self { base: base.to_owned(), way: Way::Network(Caller::READER.agent(is_own(base))) })
    }

    /// A client of a service of this process: what it asks has paths alone.
    #[must_use]
    pub fn in_process(service: Arc<dyn Answering>) -> Self {
        Self { base: String::new(), way: Way::InProcess(service) }
    }

    /// The address, without trailing slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The bytes at a path (with its leading slash), of at most what such a document can have.
    ///
    /// # Errors
    /// Any but [`ClientError::Address`].
    pub fn get(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let mut bytes = Vec::new();
        self.get_into(path, &mut bytes)?;
        Ok(bytes)
    }

    /// As [`Self::get`], but written to `out` as it comes; the answer is how much that was.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_into(&self, path: &str, out: &mut dyn Write) -> Result<u64, ClientError> {
        let mut asking = self.asking(path);
        let agent = match &self.way {
            Way::Network(agent) => agent,
            Way::InProcess(service) => return asking.near(&**service, "GET", Vec::new(), &[], out),
        };
        for _ in 0..=REDIRECTS_MAX {
            let request = agent.get(&asking.url).config();
            let request = request.timeout_global(Some(asking.left()?)).build();
            let answer = request.call().map_err(|error| asking.unreachable(&error))?;
            match asking.moved(&answer)? {
                Some(place) => asking.url = place,
                None => return asking.body(answer, out),
            }
        }
        let place = asking.url.clone();
        Err(ClientError::Elsewhere { url: format!("{}{path}", self.base), place })
    }

    /// The JSON at a path.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.json(path, &self.get(path)?)
    }

    /// Posts a body; the bytes of the answer. A post is never sent on elsewhere.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Vec<u8>, ClientError> {
        self.post_with(path, kind, body, &[])
    }

    /// Posts a body with further header fields.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn post_with(
        &self,
        path: &str,
        kind: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Result<Vec<u8>, ClientError> {
        self.ask("POST", path, body, &[&[("content-type", kind)], headers].concat())
    }

    /// Any request, with JSON or nothing in its body.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn call(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Result<Vec<u8>, ClientError> {
        let kind: &[_] =
            if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
        self.ask(method, path, body, &[kind, headers].concat())
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Result<Vec<u8>, ClientError> {
        let (asking, mut bytes) = (self.asking(path), Vec::new());
        let agent = match &self.way {
            Way::Network(agent) => agent,
            Way::InProcess(service) => {
                asking.near(&**service, method, body.to_vec(), headers, &mut bytes)?;
                return Ok(bytes);
            }
        };
        let request = Request::builder().method(method).uri(&asking.url);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let (sent, left) = (body.is_empty(), Some(asking.left()?));
        let answer = if sent {
            let request = request.body(()).map_err(|error| asking.unreachable(&error))?;
            agent.run(agent.configure_request(request).timeout_global(left).build())
        } else {
            let request = request.body(body).map_err(|error| asking.unreachable(&error))?;
            agent.run(agent.configure_request(request).timeout_global(left).build())
        };
        let answer = answer.map_err(|error| asking.unreachable(&error))?;
        if let Some(place) = asking.moved(&answer)? {
            return Err(ClientError::Elsewhere { url: asking.url, place });
        }
        asking.body(answer, &mut bytes)?;
        Ok(bytes)
    }

    /// Posts JSON; the JSON of the answer.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, ClientError> {
        let bytes = self.post(path, "application/json", body.to_string().as_bytes())?;
        self.json(path, &bytes)
    }

    /// Reads the JSON of an answer, unless reading it costs more than any answer does.
    ///
    /// # Errors
    /// [`ClientError::Form`].
    pub fn json<T: DeserializeOwned>(&self, path: &str, bytes: &[u8]) -> Result<T, ClientError> {
        if json_cost(bytes) > JSON_COST_MAX {
            return Err(self.form(path, "it holds too many values"));
        }
        serde_json::from_slice(bytes).map_err(|error| self.form(path, error))
    }

    /// An answer from this path that is not understood.
    pub fn form(&self, path: &str, reason: impl ToString) -> ClientError {
        let reason = words(&reason.to_string());
        ClientError::Form { url: format!("{}{path}", self.base), reason }
    }

    fn asking(&self, path: &str) -> Asking {
        let url = format!("{}{path}", self.base);
        Asking { url, bounds: Bounds::of(path), since: Instant::now() }
    }
}

impl Asking {
    /// How long the whole answer may still take.
    fn left(&self) -> Result<Duration, ClientError> {
        let left = Duration::from_secs(self.bounds.seconds).saturating_sub(self.since.elapsed());
        if left.is_zero() { Err(self.slow(0)) } else { Ok(left) }
    }

    /// Asks a service of this process.
    fn near(
        &self,
        service: &dyn Answering,
        method: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
        out: &mut dyn Write,
    ) -> Result<u64, ClientError> {
        let request = Request::builder().method(method).uri(&self.url);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let request = request.body(body).map_err(|error| self.unreachable(&error))?;
        let answer = service.answer(request).map_err(|reason| self.unreachable(&reason))?;
        let (status, body) = (answer.status(), answer.into_body());
        if status.is_success() {
            return self.take(&body[..], self.bounds.bytes, out);
        }
        Err(ClientError::Refused {
            url: self.url.clone(),
            problem: ServerProblem::read(status, &body),
        })
    }

    /// Where a redirect leads: on this host only.
    fn moved(&self, answer: &Response<ureq::Body>) -> Result<Option<String>, ClientError> {
        let moved = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        let place = answer.headers().get(header::LOCATION).filter(|_| moved);
        let Some(place) = place else { return Ok(None) };
        let place = String::from_utf8_lossy(place.as_bytes()).into_owned();
        match on_same_host(&self.url, &place) {
            Some(next) => Ok(Some(next)),
            None => Err(ClientError::Elsewhere { url: self.url.clone(), place: words(&place) }),
        }
    }

    /// Takes the body: all of it, or an error.
    fn body(
        &self,
        mut answer: Response<ureq::Body>,
        out: &mut dyn Write,
    ) -> Result<u64, ClientError> {
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(u64::MAX).reader();
        if status.is_success() {
            return self.take(body, self.bounds.bytes, out);
        }
        let mut problem = Vec::new();
        self.take(body, NOTE_BYTES_MAX, &mut problem)?;
        let problem = ServerProblem::read(status, &problem);
        Err(ClientError::Refused { url: self.url.clone(), problem })
    }

    fn take(
        &self,
        mut body: impl Read,
        most: u64,
        out: &mut dyn Write,
    ) -> Result<u64, ClientError> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut taken = 0_u64;
        loop {
            let count = match body.read(&mut chunk) {
                Ok(0) => return Ok(taken),
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    return Err(self.slow(taken));
                }
                Err(error) => return Err(self.unreachable(&error)),
            };
            taken = taken.saturating_add(count as u64);
            if taken > most {
                return Err(ClientError::TooLarge { url: self.url.clone(), most });
            }
            let seconds = self.since.elapsed().as_secs();
            let due = seconds.saturating_mul(ANSWER_BYTES_A_SECOND);
            if seconds >= ANSWER_GRACE_SECONDS && taken < due || seconds > self.bounds.seconds {
                return Err(self.slow(taken));
            }
            let kept = out.write_all(chunk.get(..count).unwrap_or_default());
            kept.map_err(|error| ClientError::Kept {
                url: self.url.clone(),
                reason: error.to_string(),
            })?;
        }
    }

    fn slow(&self, bytes: u64) -> ClientError {
        let seconds = self.since.elapsed().as_secs();
        ClientError::TooSlow { url: self.url.clone(), bytes, seconds }
    }

    fn unreachable(&self, error: &dyn std::fmt::Display) -> ClientError {
        let (url, text) = (self.url.clone(), error.to_string());
        match distrust(&text) {
            Some(reason) => {
                let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned();
                ClientError::Untrusted { url, host, reason: words(&reason) }
            }
            None => ClientError::Unreachable { url, reason: words(&text) },
        }
    }
}

/// The address that a redirect from `url` leads to, if it is of the same scheme, host and port, or
/// the same host by https in place of http.
fn on_same_host(url: &str, place: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    if place.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return None;
    }
    if place.starts_with('/') && !place.starts_with("//") {
        return Some(format!("{scheme}://{host}{place}"));
    }
    let (other, rest) = place.split_once("://")?;
    let there = rest.split(['/', '?', '#']).next()?;
    let upgrade = scheme == "http" && other == "https" && !host.contains(':');
    let same = there.eq_ignore_ascii_case(host) && (other == scheme || upgrade);
    same.then(|| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(Client::new("http://127.0.0.1:8080/").unwrap().base(), "http://127.0.0.1:8080");
        for text in ["", "127.0.0.1:8080", "ftp://host", "https://", "http://a b", "http://a\\b"] {
            assert_eq!(Client::new(text).unwrap_err().code(), "service_address", "{text}");
        }
    }

    #[test]
    fn nobody_there() {
        // Port 1 of this machine: refused at once.
        let error = Client::new("http://127.0.0.1:1").unwrap().get("/trust").unwrap_err();
        assert_eq!(error.code(), "service_unreachable");
    }

    #[test]
    fn redirects_stay_on_the_host() {
        let from = "http://a.example:80/trust";
        for (place, expected) in [
            ("/trust/", Some("http://a.example:80/trust/")),
            ("http://a.example:80/x?y", Some("http://a.example:80/x?y")),
            ("http://A.example:80/x", Some("http://A.example:80/x")),
            ("https://a.example:80/x", None),
            ("//b.example/x", None),
            ("http://b.example/x", None),
            ("http://a.example:81/x", None),
            ("http://a.example:80@b.example/x", None),
            ("http://a.example:80.b.example/x", None),
            ("x", None),
            ("file:///etc/passwd", None),
            ("/a\r\nb", None),
            ("", None),
        ] {
            assert_eq!(on_same_host(from, place).as_deref(), expected, "{place:?}");
        }
        let upgraded = on_same_host("http://a.example/x", "https://a.example/x");
        assert_eq!(upgraded.as_deref(), Some("https://a.example/x"));
        assert_eq!(on_same_host("https://a.example/x", "http://a.example/x"), None);
    }
}
