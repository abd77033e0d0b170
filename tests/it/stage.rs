//! HTTP servers for tests that say what they are told to: a receiver of webhooks, a service that
//! shows one ledger or another, with some answers changed. Not a test.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tasdiq::ledger::Ledger;
use tasdiq::log::TilePath;
use tasdiq::store::MemoryStore;

use crate::small;

/// What a request is answered with: status and body.
pub type Answer = (u16, Vec<u8>);

/// A request that a [`Server`] got.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// An HTTP server that answers as it is told to, one request a connection.
pub struct Server {
    pub address: SocketAddr,
    stop: Arc<AtomicBool>,
}

impl Server {
    pub fn start(answer: impl Fn(Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                serve_one(stream.unwrap(), &answer);
            }
        });
        Self { address, stop }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

fn serve_one(mut stream: TcpStream, answer: &dyn Fn(Request) -> Answer) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() || line.is_empty() {
        return;
    }
    let mut request = Request {
        path: line.split(' ').nth(1).unwrap_or_default().to_owned(),
        ..Request::default()
    };
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        request.headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = request.headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).unwrap();
    let (status, body) = answer(request);
    let place = if status == 302 { "location: /elsewhere\r\n" } else { "" };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{place}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).ok();
}

/// What a small ledger's service would serve below `/log`.
pub fn of_ledger(ledger: &Ledger, path: &str) -> Answer {
    let found = match path.strip_prefix("/log/").unwrap_or_default() {
        "checkpoint" => Some(ledger.view().checkpoint.as_bytes().to_vec()),
        "vkey" => Some(format!("{}\n", ledger.log_key()).into_bytes()),
        path => TilePath::parse(path).ok().and_then(|path| ledger.tile(&path).unwrap()),
    };
    found.map_or((404, Vec::new()), |body| (200, body))
}

/// A small ledger with a lot of each number; all of them have one founding.
pub fn ledger(founding: &[Vec<u8>], lots: &[u32]) -> Ledger {
    let ledger = small::open(Arc::new(MemoryStore::new()), None).unwrap();
    small::found(&ledger, founding).unwrap();
    lots.iter().for_each(|number| drop(small::take(&ledger, &small::lot(*number)).unwrap()));
    ledger
}

/// A service that shows the ledger it is told to show, with some paths answered otherwise.
pub struct Stage {
    pub shown: Arc<Mutex<Ledger>>,
    pub edits: Arc<Mutex<HashMap<String, Answer>>>,
    pub server: Server,
}

impl Stage {
    pub fn new(first: Ledger) -> Self {
        let shown = Arc::new(Mutex::new(first));
        let edits: Arc<Mutex<HashMap<String, Answer>>> = Arc::default();
        let (of, edited) = (shown.clone(), edits.clone());
        let server = Server::start(move |request| {
            let edit = edited.lock().unwrap().get(&request.path).cloned();
            edit.unwrap_or_else(|| of_ledger(&of.lock().unwrap(), &request.path))
        });
        Self { shown, edits, server }
    }

    pub fn show(&self, other: Ledger) {
        *self.shown.lock().unwrap() = other;
    }

    pub fn edit(&self, path: &str, answer: Answer) {
        self.edits.lock().unwrap().insert(path.to_owned(), answer);
    }
}
