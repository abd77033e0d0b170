//! A recorded trace as events (`struct event` of `tests/powerloss/recorder.c`).
//! Not what the events leave on a disk (`disk`).

use std::path::{Path, PathBuf};

/// One event, in the order in which it happened. A file is named by its inode after it was opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    Open { inode: u64, is_folder: bool, path: PathBuf },
    Write { inode: u64, offset: usize, bytes: Vec<u8> },
    Truncate { inode: u64, length: usize },
    Allocate { inode: u64, end: usize, mode: u64 },
    Sync { inode: u64 },
    SyncRange { inode: u64 },
    Rename { from: PathBuf, to: PathBuf },
    Link { from: PathBuf, to: PathBuf },
    Unlink { path: PathBuf },
    Mkdir { inode: u64, path: PathBuf },
    Ack { number: u64 },
}

/// Everything recorded, with paths relative to the folder.
pub struct Trace {
    pub events: Vec<Event>,
}

/// Bytes of `struct event`.
const HEADER_BYTES: usize = 40;

const ACK: u32 = 10;

const LINK: u32 = 11;

impl Trace {
    pub fn parse(mut bytes: &[u8], folder: &Path) -> Self {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            let (header, rest) = bytes.split_at(HEADER_BYTES);
            let (text, rest) = rest.split_at(word(header, 4) as usize);
            let (data, rest) = rest.split_at(double(header, 32) as usize);
            events.push(event(header, text, data, folder));
            bytes = rest;
        }
        Self { events }
    }
}

fn event(header: &[u8], text: &[u8], data: &[u8], folder: &Path) -> Event {
    let (inode, a, b) = (double(header, 8), double(header, 16), double(header, 24));
    let relative = |text: &str| Path::new(text).strip_prefix(folder).unwrap().to_path_buf();
    let text = std::str::from_utf8(text).unwrap();
    let path = || relative(text);
    match word(header, 0) {
        1 => Event::Open { inode, is_folder: a == 1, path: path() },
        2 => Event::Write { inode, offset: a as usize, bytes: data.to_vec() },
        3 => Event::Truncate { inode, length: a as usize },
        4 => Event::Allocate { inode, end: a as usize, mode: b },
        5 => Event::Sync { inode },
        6 => Event::SyncRange { inode },
        7 | LINK => {
            let (from, to) = text.split_once('\0').unwrap();
            let (from, to) = (relative(from), relative(to));
            if word(header, 0) == LINK {
                Event::Link { from, to }
            } else {
                Event::Rename { from, to }
            }
        }
        8 => Event::Unlink { path: path() },
        9 => Event::Mkdir { inode, path: path() },
        ACK => {
            let line = std::str::from_utf8(data).unwrap().trim_end();
            Event::Ack { number: line.strip_prefix("acked ").unwrap().parse().unwrap() }
        }
        kind => unreachable!("event of kind {kind}"),
    }
}

/// An acknowledgement in the form of the trace.
pub fn ack_record(number: u64) -> Vec<u8> {
    let line = format!("acked {number}\n");
    let mut record = vec![0; HEADER_BYTES];
    record[..4].copy_from_slice(&ACK.to_ne_bytes());
    record[32..].copy_from_slice(&(line.len() as u64).to_ne_bytes());
    record.extend(line.bytes());
    record
}

fn word(header: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(header[at..at + 4].try_into().unwrap())
}

fn double(header: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(header[at..at + 8].try_into().unwrap())
}
