//! A folder as programs see it and as a disk is sure to hold it, folded from a trace.
//! Not which moments are tried (`images`).
//!
//! What counts as durable: the bytes of a file at its last fsync or fdatasync (`sync_file_range`
//! never counts); the names in a folder at the folder's last fsync, and the name of a new file
//! that was fsynced itself (as ext4, XFS and btrfs do).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use super::Event;
use super::images::Random;

const PAGE_BYTES: usize = 4096;

/// Files and folders, by number; folder 0 is the one recorded.
pub struct Disk {
    nodes: Vec<Node>,
    by_inode: HashMap<u64, usize>,
}

enum Node {
    File { durable: Vec<u8>, pending: Vec<Change> },
    Folder { names: Names, durable: Names },
}

type Names = BTreeMap<String, usize>;

/// A change of a file since its last sync.
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
    GrowTo(usize),
}

impl Disk {
    pub fn new() -> Self {
        Self { nodes: vec![Node::folder()], by_inode: HashMap::new() }
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Open { inode, path, is_folder } => self.open(*inode, path, *is_folder),
            Event::Mkdir { inode, path } => self.open(*inode, path, true),
            Event::Write { inode, offset, bytes } => {
                self.change(*inode, Change::Write { offset: *offset, bytes: bytes.clone() });
            }
            Event::Truncate { inode, length } => self.change(*inode, Change::Resize(*length)),
            Event::Allocate { inode, end, mode: 0 } => self.change(*inode, Change::GrowTo(*end)),
            Event::Allocate { mode, .. } => assert_eq!(*mode, 1, "only FALLOC_FL_KEEP_SIZE"),
            Event::Sync { inode } => self.sync(self.by_inode[inode]),
            Event::Rename { from, to } => {
                assert_eq!(from.parent(), to.parent(), "renames across folders are not modelled");
                let (names, old) = self.names_of(from);
                let node = names.remove(&old).unwrap();
                let (names, new) = self.names_of(to);
                names.insert(new, node);
            }
            Event::Link { from, to } => {
                assert_eq!(from.parent(), to.parent(), "links across folders are not modelled");
                let (names, old) = self.names_of(from);
                let node = names[&old];
                let (names, new) = self.names_of(to);
                names.insert(new, node);
            }
            Event::Unlink { path } => {
                let (names, name) = self.names_of(path);
                names.remove(&name);
            }
            Event::SyncRange { .. } | Event::Ack { .. } => {}
        }
    }

    /// Writes what the disk is sure to hold; with `torn`, also some of what it may hold.
    pub fn write(&self, into: &Path, mut torn: Option<&mut Random>) {
        self.write_folder(0, into, &mut torn);
    }

    fn write_folder(&self, folder: usize, into: &Path, torn: &mut Option<&mut Random>) {
        fs::create_dir_all(into).unwrap();
        let Node::Folder { names, durable } = &self.nodes[folder] else { unreachable!() };
        let kept = if torn.as_mut().is_some_and(|random| random.coin()) { names } else { durable };
        for (name, &node) in kept {
            let path = into.join(name);
            match (&self.nodes[node], &mut *torn) {
                (Node::Folder { .. }, torn) => self.write_folder(node, &path, torn),
                (Node::File { durable, .. }, None) => fs::write(path, durable).unwrap(),
                (Node::File { durable, pending }, Some(random)) => {
                    fs::write(path, tear(durable, pending, random)).unwrap();
                }
            }
        }
    }

    fn open(&mut self, inode: u64, path: &Path, is_folder: bool) {
        if path.as_os_str().is_empty() {
            self.by_inode.insert(inode, 0);
            return;
        }
        let next = self.nodes.len();
        let (names, name) = self.names_of(path);
        let node = *names.entry(name).or_insert(next);
        if node == next {
            self.nodes.push(if is_folder { Node::folder() } else { Node::file() });
        }
        self.by_inode.insert(inode, node);
    }

    fn change(&mut self, inode: u64, change: Change) {
        let Node::File { pending, .. } = &mut self.nodes[self.by_inode[&inode]] else {
            unreachable!("a folder is not written to")
        };
        pending.push(change);
    }

    fn sync(&mut self, node: usize) {
        match &mut self.nodes[node] {
            Node::Folder { names, durable } => *durable = names.clone(),
            Node::File { durable, pending } => {
                for change in pending.drain(..) {
                    change.apply(durable);
                }
                self.link(node);
            }
        }
    }

    /// Makes the name of a file durable, unless it has a durable name already.
    fn link(&mut self, node: usize) {
        let has = |names: &Names| names.values().any(|found| *found == node);
        let folders = || self.nodes.iter().filter_map(Node::names);
        if folders().any(|(_, durable)| has(durable)) {
            return;
        }
        for folder in &mut self.nodes {
            if let Node::Folder { names, durable } = folder {
                durable.extend(
                    names.iter().filter(|(_, n)| **n == node).map(|(s, n)| (s.clone(), *n)),
                );
            }
        }
    }

    /// The names of the folder that holds `path`, and its last name.
    fn names_of(&mut self, path: &Path) -> (&mut Names, String) {
        let mut folder = 0;
        for name in path.parent().unwrap() {
            let (names, _) = self.nodes[folder].names().unwrap();
            folder = names[name.to_str().unwrap()];
        }
        let Node::Folder { names, .. } = &mut self.nodes[folder] else { unreachable!() };
        (names, path.file_name().unwrap().to_str().unwrap().to_owned())
    }
}

impl Node {
    fn file() -> Self {
        Self::File { durable: Vec::new(), pending: Vec::new() }
    }

    fn folder() -> Self {
        Self::Folder { names: Names::new(), durable: Names::new() }
    }

    fn names(&self) -> Option<(&Names, &Names)> {
        match self {
            Self::Folder { names, durable } => Some((names, durable)),
            Self::File { .. } => None,
        }
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Resize(length) => file.resize(*length, 0),
            Self::GrowTo(length) => file.resize(file.len().max(*length), 0),
            Self::Write { offset, bytes } => {
                file.resize(file.len().max(offset + bytes.len()), 0);
                file[*offset..offset + bytes.len()].copy_from_slice(bytes);
            }
        }
    }

    /// The bytes that may differ afterwards, in a file that is `length` bytes long.
    fn touched(&self, length: usize) -> std::ops::Range<usize> {
        match self {
            Self::Write { offset, bytes } => *offset..length.min(offset + bytes.len()),
            Self::Resize(to) => *to..length,
            Self::GrowTo(_) => length..length,
        }
    }
}

/// What may be left of a file: each 4 KB page that existed is as it was at the last sync or after
/// any change since; what was added is there up to some byte.
fn tear(durable: &[u8], pending: &[Change], random: &mut Random) -> Vec<u8> {
    let (mut left, mut current) = (durable.to_vec(), durable.to_vec());
    let mut versions: HashMap<usize, u64> = HashMap::new();
    for change in pending {
        change.apply(&mut current);
        let touched = change.touched(durable.len());
        let first = touched.start / PAGE_BYTES;
        for page in first..touched.end.div_ceil(PAGE_BYTES).max(first) {
            let seen = versions.entry(page).or_insert(1);
            *seen += 1;
            if random.below(*seen) == 0 {
                let end = ((page + 1) * PAGE_BYTES).min(durable.len()).min(current.len());
                let bytes = (page * PAGE_BYTES).min(end)..end;
                left[bytes.clone()].copy_from_slice(&current[bytes]);
            }
        }
    }
    if current.len() < durable.len() && random.coin() {
        left.truncate(current.len());
    }
    let added = current.get(durable.len()..).unwrap_or_default();
    let kept = random.below(added.len() as u64 + 1) as usize;
    left.extend_from_slice(&added[..kept]);
    left
}
