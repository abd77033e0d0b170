//! The accept loop, and the way of one request: its header judged, its body metered, its handler
//! cut when it is over its time, its answer weighed. Stops within seconds, whatever is open.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tracing::warn;

use super::answer::{Answer, Weight};
use super::body::{BodyRoom, Metered};
use super::held::{HeldPlace, inside};
use super::places::DoorPlaces;
use super::refusal::refusal;
use super::seat::{Cut, Phase, Seat};
use super::seats::{Seats, Taken};
use super::stream::Stream;
use crate::limits::{
    ANSWER_FREE_BYTES, ANSWERS_BYTES_MAX, HEADER_BYTES_MAX, QUEUE_SECONDS_MAX, STOP_SECONDS,
};

/// Between two sweeps of all connections.
const SWEEP: Duration = Duration::from_secs(1);

/// Between two looks for a seat, or for the last connection to end.
const LOOK: Duration = Duration::from_millis(20);

/// How long accepting pauses after the system refused a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Between two words about that on standard error.
const TELL: Duration = Duration::from_secs(60);

/// The address at the other end of a request's connection; behind a proxy, the proxy's.
#[derive(Clone, Copy, Debug)]
pub struct Caller(pub IpAddr);

/// What all connections of a service share.
struct House {
    router: TowerToHyperService<Router>,
    seats: Arc<Seats>,
    places: Arc<DoorPlaces>,
    bodies: BodyRoom,
    answers: Arc<Semaphore>,
    told: Box<Told>,
}

/// Who is told what the door itself refuses: status and code.
type Told = dyn Fn(u16, &'static str) + Send + Sync;

/// Serves until `stop` is done, and then some seconds for what is under way. `told` hears status
/// and code of what the door refuses before, or in place of, the router.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    told: impl Fn(u16, &'static str) + Send + Sync + 'static,
) {
    let house = Arc::new(House {
        router: TowerToHyperService::new(router),
        seats: Seats::new(),
        places: Arc::new(DoorPlaces::new()),
        bodies: BodyRoom::new(),
        answers: Arc::new(Semaphore::new(ANSWERS_BYTES_MAX)),
        told: Box::new(told),
    });
    let seats = house.seats.clone();
    let (stopping, stopped) = watch::channel(false);
    let sweeping = seats.clone();
    let sweeper = tokio::spawn(async move {
        let mut sweeps = tokio::time::interval(SWEEP);
        loop {
            sweeps.tick().await;
            sweeping.sweep();
        }
    });
    tokio::select! {
        () = stop => {}
        () = accept(&house, &listener, &stopped) => {}
    }
    drop(listener);
    let _ = stopping.send(true);
    seats.stop();
    let end = Instant::now() + Duration::from_secs(STOP_SECONDS);
    while seats.len() > 0 && Instant::now() < end {
        tokio::time::sleep(LOOK).await;
    }
    sweeper.abort();
    seats.close();
}

/// Takes connections, for ever: what the system refuses is tried again.
async fn accept(house: &Arc<House>, listener: &TcpListener, stopped: &watch::Receiver<bool>) {
    let mut told: Option<Instant> = None;
    loop {
        let tcp = match listener.accept().await {
            Ok((tcp, _)) => tcp,
            Err(error) if of_the_caller(&error) => continue,
            Err(error) => {
                if told.is_none_or(|told| told.elapsed() >= TELL) {
                    warn!(%error, "no connection can be taken, which is tried again");
                    told = Some(Instant::now());
                }
                house.seats.close_one();
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let taken = loop {
            match house.seats.take() {
                Some(taken) => break taken,
                None => tokio::time::sleep(LOOK).await,
            }
        };
        // Answers are written whole: waiting to fill a packet only delays them.
        let _ = tcp.set_nodelay(true);
        let seat = taken.seat.clone();
        let task = tokio::spawn(converse(house.clone(), tcp, taken, stopped.clone()));
        let _ = seat.task.set(task.abort_handle());
        if house.seats.is_full() {
            // Those that made room are closed before more come: the files of both count.
            tokio::task::yield_now().await;
        }
    }
}

/// Whether a caller went away before it was taken.
fn of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// One connection, request after request.
async fn converse(
    house: Arc<House>,
    tcp: TcpStream,
    taken: Taken,
    mut stopped: watch::Receiver<bool>,
) {
    let seat = taken.seat.clone();
    let caller = tcp.peer_addr().ok().map(|address| Caller(address.ip()));
    let mut stream = Stream::new(tcp, house.seats.clone(), seat.clone());
    if stream.first_header().await.is_err() {
        return;
    }
    // In boxes, since an idle connection would keep the room of a request under way.
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        let (house, seat) = (house.clone(), seat.clone());
        Box::pin(async move { Ok::<_, Infallible>(house.answer(request, seat).await) })
    });
    let connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = Box::pin(connection);
    tokio::select! {
        // A connection that breaks off is its caller's business.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

impl House {
    /// The answer to one request.
    async fn answer(&self, request: Request<Incoming>, seat: Arc<Seat>) -> Response<Answer> {
        let seats = self.seats.clone();
        seat.forget();
        let whole = request.body().is_end_stream();
        seat.enter(if whole { Phase::Work } else { Phase::Body }, seats.now());
        let host = host_fault(request.version(), request.headers());
        let (mut response, room) = match host {
            Some(fault) => (self.refuse(StatusCode::BAD_REQUEST, "host", fault), None),
            None => {
                let held = HeldPlace::new(self.places.clone());
                let response = self.handled(request, &seat, &held).await;
                let weighed = self.weighed(response).await;
                held.release();
                weighed
            }
        };
        if seat.phase() == Phase::Body {
            // The rest of the body is not read, so the connection ends: a caller that is not told
            // would send its next request into it, and get no answer (RFC 9112 section 9.6).
            response.headers_mut().insert(header::CONNECTION, CLOSE);
        }
        seat.enter(Phase::Answer, seats.now());
        response.extensions_mut().remove::<Weight>();
        response.map(|body| Answer { body, seats, seat, _room: room })
    }

    /// What the router says, or the door in its place.
    async fn handled(
        &self,
        request: Request<Incoming>,
        seat: &Arc<Seat>,
        held: &Arc<HeldPlace>,
    ) -> Response<Body> {
        let request = request.map(|body| {
            if body.is_end_stream() {
                return Body::empty();
            }
            Body::new(Metered {
                room: self.bodies.of(body.size_hint().exact()),
                body,
                held: held.clone(),
                seats: self.seats.clone(),
                seat: seat.clone(),
                waiting: None,
            })
        });
        tokio::select! {
            biased;
            response = inside(held.clone(), self.router.call(request)) => {
                response.unwrap_or_else(|never| match never {})
            }
            cut = seat.cut() => {
                let (status, code, detail) = cut_short(cut);
                self.refuse(status, code, detail)
            }
        }
    }

    fn refuse(&self, status: StatusCode, code: &'static str, detail: &str) -> Response<Body> {
        (self.told)(status.as_u16(), code);
        refusal(status, code, detail)
    }

    /// The answer with room for its bytes.
    async fn weighed(
        &self,
        response: Response<Body>,
    ) -> (Response<Body>, Option<tokio::sync::OwnedSemaphorePermit>) {
        let length = || response.body().size_hint().lower();
        let weight = response.extensions().get().map_or_else(length, |Weight(bytes)| *bytes);
        if weight <= ANSWER_FREE_BYTES {
            return (response, None);
        }
        let most = u32::try_from(ANSWERS_BYTES_MAX).unwrap_or(u32::MAX);
        let permits = u32::try_from(weight).unwrap_or(most).min(most);
        if let Ok(room) = self.answers.clone().try_acquire_many_owned(permits) {
            return (response, Some(room));
        }
        self.seats.make_room(Phase::Answer);
        let patience = Duration::from_secs(QUEUE_SECONDS_MAX);
        let room = self.answers.clone().acquire_many_owned(permits);
        match tokio::time::timeout(patience, room).await {
            Ok(Ok(room)) => (response, Some(room)),
            _ => (self.refuse(StatusCode::SERVICE_UNAVAILABLE, "too_busy", UNSENT), None),
        }
    }
}

const CLOSE: HeaderValue = HeaderValue::from_static("close");

const UNSENT: &str = "too many answers are under way; what was asked may have been done, and a \
    statement that was sent may be in the log: send it again, it is never logged twice";

/// Status, code and words for a request that is cut.
fn cut_short(cut: Cut) -> (StatusCode, &'static str, &'static str) {
    match cut {
        Cut::Slow => (
            StatusCode::REQUEST_TIMEOUT,
            "body_too_slow",
            "the body came too slowly and nothing of it was taken in; /api/v1/limits says how fast \
             it must come",
        ),
        Cut::BodyRoom => (
            StatusCode::SERVICE_UNAVAILABLE,
            "too_busy",
            "too many bytes are in flight and this body took longest; nothing of it was taken in: \
             send it again in a moment",
        ),
        Cut::Long => (
            StatusCode::SERVICE_UNAVAILABLE,
            "took_too_long",
            "the answer took too long; a statement that was sent may be in the log: send it again, \
             it is never logged twice",
        ),
    }
}

/// What is wrong with the host a request names (RFC 9112 section 3.2): one, and a host.
fn host_fault(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => None,
        (None, _) => Some("a request names the host it is meant for: `Host` is missing"),
        (Some(_), Some(_)) => Some("`Host` stands twice; it stands once"),
        (Some(host), None) => {
            let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            let named = host.is_some_and(|host| !host.as_str().contains('@'));
            (!named).then_some("`Host` is no host: it is a name or address, and a port if any")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_and_a_host() {
        let cases: [(&[&str], bool); 8] = [
            (&["ledger.example"], true),
            (&["ledger.example:8443"], true),
            (&["[::1]:80"], true),
            (&[], false),
            (&["a.example", "a.example"], false),
            (&["a.example/path"], false),
            (&["user@a.example"], false),
            (&["a b"], false),
        ];
        for (hosts, good) in cases {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            assert_eq!(host_fault(Version::HTTP_11, &headers).is_none(), good, "{hosts:?}");
        }
        assert_eq!(host_fault(Version::HTTP_10, &HeaderMap::new()), None);
    }
}
