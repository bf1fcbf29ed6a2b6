//! What the journal's tests share: reading files the way an operator's hex editor would, damaging them, and disks
//! that fail on request. Written against the documented layout, not against the crate's own code.

#![allow(dead_code, reason = "each test binary uses its part")]

pub mod model;

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use journal::{Disk, Options, SegmentFile, Writer};

pub const PATIENCE: Duration = Duration::from_secs(30);

/// The `committed` file: segment, end, sequence.
pub fn committed(stream: &Path) -> Option<(u64, u64, u64)> {
    let bytes = std::fs::read(stream.join("committed")).ok().filter(|bytes| bytes.len() == 40)?;
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    Some((number(8), number(16), number(24)))
}

/// A stream's segment files, oldest first.
pub fn segments(stream: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(stream).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "journal")).collect();
    paths.sort();
    paths
}

pub fn flip(path: &Path, offset: u64, mask: u8) {
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset).unwrap();
    byte[0] ^= mask;
    file.write_all_at(&byte, offset).unwrap();
}

pub fn truncate(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

/// Adds bytes to the end of a file.
pub fn lengthen(path: &Path, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let end = file.metadata().unwrap().len();
    file.write_all_at(bytes, end).unwrap();
}

/// A record as it stands in a segment.
pub fn framed(sequence: u64, payload: &[u8]) -> Vec<u8> {
    let mut summed = (payload.len() as u32).to_le_bytes().to_vec();
    summed.extend_from_slice(&sequence.to_le_bytes());
    summed.extend_from_slice(payload);
    let mut bytes = vec![0xFF, 0x4A, 0xFE, 0x0A];
    bytes.extend_from_slice(&crc32c::crc32c(&summed).to_le_bytes());
    bytes.extend_from_slice(&summed);
    bytes
}

/// Records as capture hands them over.
pub fn prefixed<T: AsRef<[u8]>>(payloads: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for payload in payloads {
        bytes.extend_from_slice(&(payload.as_ref().len() as u32).to_le_bytes());
        bytes.extend_from_slice(payload.as_ref());
    }
    bytes
}

pub fn options() -> Options {
    Options { minimum_free_bytes: 0, first_sequence: Some(1), ..Options::default() }
}

/// Appends and waits until the group is settled.
pub fn append<T: AsRef<[u8]>>(writer: &Writer, payloads: &[T]) -> u64 {
    let last = writer.append(&prefixed(payloads)).unwrap();
    assert!(writer.flush(PATIENCE));
    last
}

/// One way a group can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Create,
    /// This many bytes of the next append arrive.
    Append(usize),
    Sync,
    /// A sync that fails, and a cut that fails after it.
    SyncAndCut,
}

/// A disk that does not really sync, to be quick, and fails as planned: one fault for each group.
#[derive(Debug, Default, Clone)]
pub struct TestDisk {
    pub faults: Arc<Mutex<VecDeque<Fault>>>,
}

struct TestFile {
    file: File,
    end: u64,
    cut_fails: bool,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

impl TestDisk {
    pub fn plan(&self, fault: Fault) {
        self.faults.lock().unwrap().push_back(fault);
    }
}

fn take_if(faults: &Mutex<VecDeque<Fault>>, wanted: impl Fn(Fault) -> bool) -> Option<Fault> {
    let mut faults = faults.lock().unwrap();
    if faults.front().copied().is_some_and(wanted) { faults.pop_front() } else { None }
}

impl Disk for TestDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn SegmentFile>> {
        if take_if(&self.faults, |fault| fault == Fault::Create).is_some() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Box::new(TestFile { file, end: 0, cut_fails: false, faults: Arc::clone(&self.faults) }))
    }

    fn sync_directory(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl SegmentFile for TestFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // A header is created with its segment; faults are for groups.
        let fault = (self.end > 0).then(|| take_if(&self.faults, |fault| matches!(fault, Fault::Append(_))));
        if let Some(Some(Fault::Append(arrived))) = fault {
            self.file.write_all_at(&bytes[..arrived.min(bytes.len())], self.end)?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write_all_at(bytes, self.end)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        match take_if(&self.faults, |fault| matches!(fault, Fault::Sync | Fault::SyncAndCut)) {
            None => Ok(()),
            Some(fault) => {
                self.cut_fails = fault == Fault::SyncAndCut;
                Err(io::Error::other("the disk went away"))
            }
        }
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.cut_fails { Err(io::Error::other("still away")) } else { self.file.set_len(length) }
    }
}
