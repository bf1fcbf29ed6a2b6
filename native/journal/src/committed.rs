//! The `committed` file: how far a stream is durable. One writer rewrites it in place after every group.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::layout::{u32_at, u64_at};

pub(crate) const FILE_NAME: &str = "committed";
const MAGIC: [u8; 4] = *b"HOGC";
const VERSION: u32 = 1;
const BYTES: usize = 40;

/// Up to where a stream is durable: `end` bytes of the segment that begins with `segment`, and every segment
/// before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Committed {
    pub segment: u64,
    pub end: u64,
    pub sequence: u64,
}

impl Committed {
    fn write(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&VERSION.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.segment.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.end.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.sequence.to_le_bytes());
        let crc = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    fn read(bytes: &[u8; BYTES]) -> Option<Self> {
        let whole = bytes[..4] == MAGIC
            && u32_at(bytes, 4) == VERSION
            && u32_at(bytes, 36) == crc32c::crc32c(&bytes[..36]);
        whole.then(|| Self { segment: u64_at(bytes, 8), end: u64_at(bytes, 16), sequence: u64_at(bytes, 24) })
    }

    /// What a stream's file says; nothing where it is absent, damaged or just being rewritten.
    pub fn load(directory: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(directory.join(FILE_NAME)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // A read can meet the middle of a rewrite; the checksum tells, and the next read is whole.
        for _ in 0..4 {
            let mut bytes = [0; BYTES];
            match file.read_exact_at(&mut bytes, 0) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            }
            if let Some(committed) = Self::read(&bytes) {
                return Ok(Some(committed));
            }
        }
        Ok(None)
    }
}

/// Opens the file for rewriting.
pub(crate) fn open(directory: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).write(true).truncate(false).open(directory.join(FILE_NAME))
}

/// Says that the stream is durable up to `committed`. Visible to readers at once; synced by nobody, because a
/// position that is behind after a power cut is found again by recovery.
pub(crate) fn publish(file: &File, committed: Committed) -> io::Result<()> {
    file.write_all_at(&committed.write(), 0)
}
