//! What the committer asks of a file system, as a trait: tests put one here that fails on purpose.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// A segment being written.
pub trait SegmentFile: Send {
    /// Appends all bytes, or fails with any part of them written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything appended durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the segment back to its first `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// Creates segments.
pub trait Disk: Send {
    /// Creates a segment that must not exist.
    fn create(&self, path: &Path) -> io::Result<Box<dyn SegmentFile>>;
    /// Makes the entries of a directory durable.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;
}

/// The file system of the machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn SegmentFile>> {
        Ok(Box::new(OpenOptions::new().write(true).create_new(true).open(path)?))
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        crate::slot::sync_directory(path)
    }
}

impl SegmentFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}
