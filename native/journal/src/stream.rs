//! A stream's directory: which segments there are and what their headers say.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::layout::{HeaderRead, SEGMENT_HEADER_BYTES, SegmentHeader, segment_first, segment_name};

/// The first sequences of a stream's segments, rising. A directory that does not exist has none.
pub(crate) fn segments(directory: &Path) -> Result<Vec<u64>, Error> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(directory)(error)),
    };
    let mut segments = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io(directory))?.file_name();
        segments.extend(name.to_str().and_then(segment_first));
    }
    segments.sort_unstable();
    Ok(segments)
}

pub(crate) fn path(directory: &Path, segment: u64) -> PathBuf {
    directory.join(segment_name(segment))
}

/// A segment for reading, and its length; nothing where it does not exist.
pub(crate) fn open(directory: &Path, segment: u64) -> Result<Option<(File, u64)>, Error> {
    let path = path(directory, segment);
    match File::open(&path).and_then(|file| file.metadata().map(|metadata| (file, metadata.len()))) {
        Ok(opened) => Ok(Some(opened)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(&path)(error)),
    }
}

/// A segment's header; nothing where it is damaged.
pub(crate) fn header(directory: &Path, segment: u64) -> Result<Option<SegmentHeader>, Error> {
    let Some((file, _)) = open(directory, segment)? else { return Ok(None) };
    let mut bytes = [0; SEGMENT_HEADER_BYTES as usize];
    if file.read_exact_at(&mut bytes, 0).is_err() {
        return Ok(None);
    }
    match SegmentHeader::read(&bytes, segment) {
        HeaderRead::Whole(header) => Ok(Some(header)),
        HeaderRead::Damaged => Ok(None),
        HeaderRead::Newer(version) => Err(Error::Version { path: path(directory, segment), version }),
    }
}

/// How many bytes a stream's segments take. What cannot be seen counts nothing.
pub(crate) fn bytes(directory: &Path) -> u64 {
    let segments = segments(directory).unwrap_or_default();
    segments.into_iter().map(|segment| length(directory, segment)).sum()
}

/// A segment's length; 0 where it does not exist.
pub(crate) fn length(directory: &Path, segment: u64) -> u64 {
    std::fs::metadata(path(directory, segment)).map_or(0, |metadata| metadata.len())
}
